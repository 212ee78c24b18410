/* Personal names: kept as written, and folded into a key for search and matching. Only the key may
 * lose information; two names with one key are candidates, never proof of one person. */
#ifndef HUB_TEXT_NAME_H
#define HUB_TEXT_NAME_H

#include "base/str.h"

enum { HUB_NAME_KEY = 256 };

enum hub_name_flag {
	HUB_NAME_UNREADABLE = 1, /* ● ■ 〓 or a gaiji code: some character is not known */
	HUB_NAME_HONORIFIC = 2,  /* 様 さん ... was taken off */
	HUB_NAME_NOTE = 4,       /* other text in brackets was taken off */
	HUB_NAME_ALIAS = 8,      /* 通称 in alias */
	HUB_NAME_FORMER = 16,    /* 旧姓, 旧氏 in former */
	HUB_NAME_FOREIGN = 32,   /* Latin letters, or katakana parts joined by a dot */
};

struct hub_name {
	char name[HUB_NAME_KEY]; /* as written, without honorifics and brackets */
	char key[HUB_NAME_KEY];  /* variants folded, spaces out; 〓 for what cannot be read */
	struct hub_str family;   /* parts of name[]; empty when there is no separator */
	struct hub_str given;
	struct hub_str alias, former; /* parts of the text that was given in */
	unsigned flags;
	const char *reason;
};

/* 0 fine, 1 empty, -1 no name (see reason). */
int hub_name_parse(struct hub_str text, struct hub_name *out);
/* The character that stands for c among its variants (髙 -> 高, 邊 -> 辺); c itself if none. */
uint32_t hub_name_fold_char(uint32_t c);
/* Key of a text that is a name already: same folding, nothing taken off. Returns its length,
 * (size_t)-1 when it does not fit. */
size_t hub_name_key(struct hub_str name, char *out, size_t room, int *unreadable);
const char *hub_name_finding(unsigned flags, unsigned n);

#endif
