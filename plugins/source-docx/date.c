/* A date at the beginning of a line, as people write logs: R6.10.1, 令和6年10月1日（火）, 2024/10/1, 10/1. Whether it
 * is one that exists is the mapping's business. */
#include "docx.h"

#include <string.h>

struct scan {
	struct hub_str s;
	size_t at;
};

static int skip(struct scan *c, const char *text)
{
	const size_t n = strlen(text);

	if (c->s.len - c->at < n || memcmp(c->s.ptr + c->at, text, n) != 0)
		return 0;
	c->at += n;
	return 1;
}

static int skip_any(struct scan *c, const char *const *words)
{
	for (; *words; words++)
		if (skip(c, *words))
			return 1;
	return 0;
}

/* Half and full width digits (U+FF10 to U+FF19); how many. */
static unsigned skip_digits(struct scan *c)
{
	unsigned n = 0;

	for (;; n++) {
		const char *p = c->s.ptr + c->at;
		const size_t left = c->s.len - c->at;
		if (left >= 1 && p[0] >= '0' && p[0] <= '9')
			c->at++;
		else if (left >= 3 && memcmp(p, "\xef\xbc", 2) == 0 && (uint8_t)p[2] >= 0x90 &&
			 (uint8_t)p[2] <= 0x99)
			c->at += 3;
		else
			return n;
	}
}

static const char *const between[] = {".", "/", "-", "．", "／", "－", "・", "、", NULL};

/* 10月1日, 10/1: digits, a separator, digits. */
static int skip_month_day(struct scan *c, int *words)
{
	const unsigned month = skip_digits(c);

	*words = skip(c, "月");
	if (month < 1 || month > 2 || (!*words && !skip_any(c, between)))
		return 0;
	const unsigned day = skip_digits(c);
	*words |= skip(c, "日");
	return day >= 1 && day <= 2;
}

/* R6. 令和6年 2024/ */
static int skip_year(struct scan *c)
{
	static const char *const eras[] = {"令和", "平成", "昭和", "R",  "H",  "S", "r",
					   "h",    "s",    "Ｒ",   "Ｈ", "Ｓ", NULL};
	const int era = skip_any(c, eras);

	if (era)
		(void)(skip(c, ".") || skip(c, "．") || skip(c, " "));
	const unsigned n = era && skip(c, "元") ? 1 : skip_digits(c);
	if (era ? n < 1 || n > 2 : n != 4)
		return 0;
	return skip(c, "年") || skip_any(c, between);
}

/* （火）, (火) */
static void skip_weekday(struct scan *c)
{
	static const char *const days[] = {"日", "月", "火", "水", "木", "金", "土", NULL};
	struct scan w = *c;

	(void)skip(&w, " ");
	if ((skip(&w, "（") || skip(&w, "(")) && skip_any(&w, days) &&
	    (skip(&w, "）") || skip(&w, ")")))
		c->at = w.at;
}

size_t date_head(struct hub_str s, size_t *rest)
{
	static const char *const ends[] = {" ", "\t", "　", "\n", "：", ":", "（", "(", NULL};
	struct scan c = {s, 0};
	int words;

	if (skip_year(&c)) {
		if (!skip_month_day(&c, &words))
			return 0;
		const size_t date = c.at;
		skip_weekday(&c);
		*rest = c.at;
		return date;
	}
	c.at = 0;
	if (!skip_month_day(&c, &words))
		return 0;
	/* 3/4 may be anything: a blank must follow, and 1-2 名 is no date */
	const size_t date = c.at;
	skip_weekday(&c);
	*rest = c.at;
	return words || *rest > date || c.at == s.len || skip_any(&c, ends) ? date : 0;
}
