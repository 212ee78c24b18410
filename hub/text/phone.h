/* Telephone numbers of the Japanese numbering plan: any spelling -> digits, hyphens at the right
 * places, E.164. Pure, no allocation. A cell may hold notes and several numbers: the caller keeps
 * the text, for "夜のみ" and "かけないで" matter. */
#ifndef HUB_TEXT_PHONE_H
#define HUB_TEXT_PHONE_H

#include "base/str.h"

enum hub_phone_rc { HUB_PHONE_OK = 0, HUB_PHONE_NULL = 1, HUB_PHONE_INVALID = -1 };

enum hub_phone_type {
	HUB_PHONE_NONE = 0,
	HUB_PHONE_FIXED,
	HUB_PHONE_MOBILE, /* 060 070 080 090 */
	HUB_PHONE_VOIP,   /* 050 */
	HUB_PHONE_M2M,    /* 020 */
	HUB_PHONE_FREE,   /* 0120 0800 */
	HUB_PHONE_NAVI,   /* 0570, 0180, 0990: charged to the caller at other rates */
	HUB_PHONE_SHORT,  /* 110 119 188 189 #8000 ... */
	HUB_PHONE_FOREIGN,
};

enum hub_phone_flag {
	HUB_PHONE_ZERO = 1,     /* the leading zero was lost and is restored */
	HUB_PHONE_NOTE = 2,     /* other text stood beside the number */
	HUB_PHONE_NO_CALL = 4,  /* the text asks not to call */
	HUB_PHONE_EXTENSION = 8 /* 内線 in ext */
};

struct hub_phone {
	enum hub_phone_type type;
	unsigned flags;
	char digits[20];   /* 0312345678; +1... of a foreign number without the + */
	char national[24]; /* 03-1234-5678; empty for foreign numbers */
	char e164[20];     /* +81312345678; empty for short numbers */
	char ext[8];
	const char *reason; /* stable code, static */
};

/* Several different numbers: HUB_PHONE_INVALID with reason "several-numbers", the first one filled
 * in. Otherwise an invalid number leaves everything but reason empty. */
enum hub_phone_rc hub_phone_parse(struct hub_str text, struct hub_phone *out);
const char *hub_phone_type_name(enum hub_phone_type t);
const char *hub_phone_finding(unsigned flags, unsigned n); /* n-th flag set, NULL behind the last */

#endif
