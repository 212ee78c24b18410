/* Postal codes, 個人番号 and 法人番号: fixed shapes and check digits. Pure. */
#ifndef HUB_TEXT_POSTAL_H
#define HUB_TEXT_POSTAL_H

#include "base/str.h"

struct hub_postal {
	char code[9];       /* NNN-NNNN */
	int zero_restored;  /* 6 digits: the leading zero was lost */
	const char *reason; /* stable code when invalid */
};

/* 0 fine, 1 empty, -1 invalid. 〒, any width, any hyphen. */
int hub_postal_parse(struct hub_str text, struct hub_postal *out);

/* 12 digits with a right check digit (総務省令第85号 第5条); spaces and hyphens may stand between.
 * The caller keeps nothing of the text. */
int hub_mynumber_ok(struct hub_str text);
/* 13 digits with a right check digit (法人番号の指定等に関する省令 第2条). Public, no My Number. */
int hub_corporate_ok(struct hub_str text);

#endif
