/* Half-width kana and voiced marks; shared by fold.c and fold_kana.c only. */
#ifndef HUB_TEXT_KANA_TABLE_H
#define HUB_TEXT_KANA_TABLE_H

#include <stdint.h>

/* U+FF61 - U+FF9F as full-width characters; the last two are the voiced marks as U+309B, U+309C. */
extern const uint16_t hub_half_kana[63];

/* Katakana or hiragana joined with a voiced (mark 1) or semi-voiced (mark 2) sound mark; 0 when
 * there is no such character. */
uint32_t hub_kana_voiced(uint32_t kana, int mark);

static inline int is_half_kana(uint32_t cp)
{
	return cp >= 0xff61 && cp <= 0xff9f;
}

#endif
