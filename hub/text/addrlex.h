/* Numbers and names inside an address text (already NFKC). Offsets are bytes. Internal. */
#ifndef HUB_TEXT_ADDRLEX_H
#define HUB_TEXT_ADDRLEX_H

#include "base/str.h"

/* Code point at `at`, 0 at the end; *next behind it. */
int32_t hub_addr_peek(struct hub_str s, size_t at, size_t *next);
size_t hub_addr_spaces(struct hub_str s, size_t at);
/* Offset behind the literal when it stands at `at`, 0 when not. */
size_t hub_addr_word(struct hub_str s, size_t at, const char *word);
/* Dash of any kind, の ノ 之: what joins two numbers. Offset behind it, 0 when none. */
size_t hub_addr_joint(struct hub_str s, size_t at);

struct hub_addr_num {
	uint32_t value;
	size_t end; /* behind the last digit */
	int arabic; /* digits 0-9, not kanji */
};
/* A run of ASCII digits, or one of kanji numerals (二十三, 一〇三, 壱). 0 when none begins here. */
int hub_addr_number(struct hub_str s, size_t at, struct hub_addr_num *n);
/* 23 -> 二十三; out has room for 24. Numbers above 9999 stay ASCII. */
size_t hub_addr_kanji(uint32_t v, char out[24]);

/* Does `name` of the table stand at `at`, as people write it: ケ ヶ が, ノ の 之, 竜 龍, 北１条 for
 * 北一条, spaces between? Offset behind it, 0 when not. */
size_t hub_addr_match(struct hub_str s, size_t at, struct hub_str name);
/* What the text at `at` begins with, for a quick look: texts that match begin with the same. */
uint32_t hub_addr_first(struct hub_str s, size_t at);

#endif
