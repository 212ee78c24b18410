/* Forms in which a reading is written: morae of a nickname, long vowels, Latin letters. Internal to
 * detect-roster. Readings come as characters of either kana, not folded. */
#ifndef DETECT_ROSTER_KANA_H
#define DETECT_ROSTER_KANA_H

#include <stdint.h>

enum kana_roman {
	KANA_SHORT, /* 大野裕子: Ono Yuko */
	KANA_FULL,  /* Oono Yuuko */
	KANA_OH,    /* Ohno */
	KANA_ROMANS,
};

enum { KANA_LONGEST = 32 };

/* Characters of the first `morae` morae (きょう has two); n when there are not so many. */
uint32_t kana_morae(const uint32_t *c, uint32_t n, uint32_t morae);
/* Every long vowel as ー: ゆうこ, ゆーこ; with_e: エイ, too. 1 when something changed. out: n characters. */
int kana_long(const uint32_t *c, uint32_t n, int with_e, uint32_t *out);
/* カ to ガ and back; 0 when there is no such pair. */
uint32_t kana_voice(uint32_t c);
/* What is left when neither long vowels nor ッ are heard: ハトリ, オノ. The length. out: n characters. */
uint32_t kana_clipped(const uint32_t *c, uint32_t n, uint32_t *out);
/* As it may have been heard: without ー, ヴァ as バ. The length. out: n characters. */
uint32_t kana_short(const uint32_t *c, uint32_t n, uint32_t *out);
/* A surname as it is misread: ヤマサキ for ヤマザキ, ハマタ for ハマダ. 1 when there is such a reading. out: n characters. */
int kana_voiced(const uint32_t *c, uint32_t n, uint32_t *out);
/* Hepburn, small letters; the length, 0 when something is no kana or too long. out: 4 n characters. */
uint32_t kana_roman(const uint32_t *c, uint32_t n, enum kana_roman how, uint32_t *out);

#endif
