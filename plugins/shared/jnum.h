/* Numbers as people write and say them: runs of digits with what stands between (090-1234-5678,
 * 〇九〇の…, ゼロキュウゼロの…), small numbers, dates in every spelling. Shared by the detect-* plugins. */
#ifndef SHARED_JNUM_H
#define SHARED_JNUM_H

#include "jtext.h"

enum { JDIGITS_MAX = 32 };

enum jdigits_how {
	JD_PLAIN = 0,  /* 0-9, hyphens and single spaces between */
	JD_PHONE = 1,  /* also brackets, dots, ・, の */
	JD_KANJI = 2,  /* also 〇一二 */
	JD_BREAK = 8,  /* also a line end or ・ */
	JD_MARK = 16,  /* also what jnum_is_mark() says */
	JD_SPOKEN = 4, /* also ゼロ イチ with の 、 and the small words of speech between */
	JD_ALIKE = 32, /* also letters that look like a digit: O and o, l and I, Z, S, B */
};

struct jdigits {
	char d[JDIGITS_MAX + 1];
	uint32_t n;
	uint32_t end[JDIGITS_MAX];  /* character behind digit k */
	uint8_t first[JDIGITS_MAX]; /* something stands before digit k */
	uint32_t groups;
	unsigned how; /* as it was read */
};

enum { JNUM_EXCHANGE = 0x5c40 /* 局: 44局の3210番 */ };

/* What some hands put between the groups of a number instead of a hyphen: 090/1234/5678, ＊ ＝ ： → */
static inline int jnum_is_mark(uint32_t c)
{
	return c == '/' || c == '_' || c == '.' || c == ',' || c == '*' || c == '=' || c == ':' ||
	       c == '|' || c == '\'' || c == 0x2019 || c == 0xb7 || c == 0x2192 || c == 0x3001 ||
	       c == 0x2022 || c == 0x25a1; /* • □ */
}

/* Letters that are read or typed for a digit. */
static inline int jnum_looks_digit(uint32_t c)
{
	return c == 'O' || c == 'o' || c == 'l' || c == 'I' || c == 'Z' || c == 'S' || c == 'B';
}

/* Reads as many digits as there are from i on, at most JDIGITS_MAX. 0 when there is none. */
uint32_t jdigits_read(const struct jtext *t, uint32_t i, unsigned how, struct jdigits *out);

/* 0-9 or kanji numerals (十 and 百 too) up to 9999; returns the characters taken, 0 for none. */
uint32_t jnum_small(const struct jtext *t, uint32_t i, uint32_t *value);

struct jdate {
	uint32_t y, m, d; /* y 0: no year */
	uint32_t end;
};

/* Goes over what people say between the parts of a date: の 、 えーと, たしか; a line end, too. */
uint32_t jnum_skip_speech(const struct jtext *t, uint32_t i);

/* A cheap look: 0 when none of the following finds a date that begins with the digit at i. n: digits there. */
int jdate_may(const struct jtext *t, uint32_t i, uint32_t n);
/* A date with year, month and day that begins at i: ISO, slashes, dots, 年月日, eras by name or letter,
 * eight digits. 1, or 0 when there is none. Impossible months and days are none. */
int jdate_read(const struct jtext *t, uint32_t i, struct jdate *out);
/* 5月3日, 5/3 */
int jdate_read_day(const struct jtext *t, uint32_t i, struct jdate *out);
/* What is only a date where a birth is spoken of: 昭和30年, 昭和30年4月 (m, d 0: not said), 55年4月1日. */
int jdate_read_part(const struct jtext *t, uint32_t i, struct jdate *out);

/* S12, 平15, H15.3: an era and its year with no 年, where 生 follows. */
int jdate_read_short(const struct jtext *t, uint32_t i, struct jdate *out);

/* 12 digits with the check digit of an individual number (総務省令第85号 第5条). */
int jnum_is_mynumber(const char *d);
/* How many of the first n digits are a Japanese telephone number; 0 when none is. */
uint32_t jnum_phone_length(const struct jdigits *g);

#endif
