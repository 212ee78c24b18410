/* Inner parts of refuges: how a place is spelled (refuge_plain.c), and what is the name of a house (refuge_name.c). */
#ifndef HUB_RELEASE_REFUGE_IN_H
#define HUB_RELEASE_REFUGE_IN_H

#include "base/arena.h"

static inline int is_digit(struct hub_str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}
static inline int is_kana(int32_t c)
{
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fc);
}
static inline int is_kanji(int32_t c)
{
	return c >= 0x3400 && c <= 0x9fff;
}
/* Brackets, commas, arrows, blanks: no letter, digit or kana. The end of a sentence (。) is none. */
int hub_refuge_is_mark(int32_t c);
/* Bytes of what may stand between two numbers of an address. */
size_t hub_refuge_join_at(struct hub_str s, size_t at);

/* In the arena; ptr NULL: out of memory. */
struct hub_str hub_refuge_fold(struct hub_arena *a, struct hub_str text);
/* Width, blanks, numerals and what joins numbers: "5丁目2番301号", "５－２－３０１" and "五の二の三〇一" are
 * "5-2-301". */
struct hub_str hub_refuge_plain(struct hub_arena *a, struct hub_str text);

/* Of a plain text: */

struct hub_str hub_refuge_without(struct hub_str s, const char *end);
/* 大藪 of 大藪町, which many leave out, and of 大藪町の. */
struct hub_str hub_refuge_town(struct hub_str plain);
/* The next "5-2-301" from *from on: [*from, *to). 0: no more. */
int hub_refuge_next_number(struct hub_str s, size_t *from, size_t *to);
/* How long the number is up to the end of its next part, from the end of one; its whole length at last. */
size_t hub_refuge_part_end(struct hub_str number, size_t at);
/* In one kana, without の and marks: ひまわり寮, 「ヒマワリ」の寮. */
struct hub_str hub_refuge_key(struct hub_arena *a, struct hub_str plain);

/* ひまわり寮, not 母の実家, 市立病院 or 第2病棟. Of a folded text. */
int hub_refuge_is_name(struct hub_str s);
/* It ends as a house does where people stay: かすみ荘. */
int hub_refuge_is_house(struct hub_str s);
/* メゾン共恵, かすみ荘; not a remark (日中不在), nor what is as wide as a town (本村団地). */
int hub_refuge_has_house(struct hub_str s);

#endif
