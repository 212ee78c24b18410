#include "text/number.h"

#include "text/chars.h"
#include "text/numeral.h"

enum {
	FRACTION = 6,           /* decimal places kept */
	PLACES = 24 + FRACTION, /* up to 垓 */
	MICRO = 1000000,
};

/* An exact decimal: digit i counts 10^(i - FRACTION). */
struct decimal {
	unsigned char digit[PLACES];
};

/* Adds v * 10^exp / 10^FRACTION. -1: too large. */
static int add(struct decimal *d, uint64_t v, unsigned exp)
{
	unsigned carry = 0;

	for (unsigned i = exp; v || carry; i++, v /= 10) {
		if (i >= PLACES)
			return -1;
		const unsigned sum = d->digit[i] + (unsigned)(v % 10) + carry;
		d->digit[i] = (unsigned char)(sum % 10);
		carry = sum / 10;
	}
	return 0;
}

static void print(const struct decimal *d, int negative, char *out)
{
	int top = PLACES - 1, low = 0;

	while (top > FRACTION && !d->digit[top])
		top--;
	while (low < FRACTION && !d->digit[low])
		low++;
	if (negative)
		*out++ = '-';
	for (int i = top; i >= low; i--) {
		if (i == FRACTION - 1)
			*out++ = '.';
		*out++ = (char)('0' + d->digit[i]);
	}
	*out = '\0';
}

/* 万 億 兆 京 垓 as their powers of ten; 0 for no such unit. */
static unsigned large(int32_t c)
{
	switch (c) {
	case 0x4e07: /* 万 萬 */
	case 0x842c:
		return 4;
	case 0x5104:
		return 8;
	case 0x5146:
		return 12;
	case 0x4eac:
		return 16;
	case 0x5793:
		return 20;
	default:
		return 0;
	}
}

struct reader {
	struct hub_str s;
	size_t at;
	struct decimal total;
	uint64_t section; /* below 万, in millionths */
	uint64_t run;     /* digits just read, in millionths */
	int has_run, any, zeros;
	unsigned limit; /* the last large unit: they must fall */
	const char *reason;
};

static int fail(struct reader *r, const char *reason)
{
	r->reason = reason;
	return -1;
}

/* ASCII digits with commas between groups of three and a fraction. */
static int arabic(struct reader *r)
{
	unsigned since_comma = 0, digits = 0, places = 0;
	int comma = 0, point = 0;
	uint64_t v = 0, unit = MICRO;
	size_t next;

	r->zeros |= r->s.ptr[r->at] == '0' && !r->any;
	for (; r->at < r->s.len; r->at = next) {
		next = r->at;
		const int32_t c = hub_char_plain(hub_utf8_next(r->s, &next));
		if (c == ',' && !point) {
			if (comma ? since_comma != 3 : digits < 1 || digits > 3)
				return fail(r, "bad-comma");
			comma = 1;
			since_comma = 0;
		} else if (c == '.' && !point && digits) {
			point = 1;
		} else if (c >= '0' && c <= '9') {
			if (++digits > 12 || (point && ++places > FRACTION))
				return fail(r, "too-many-digits");
			if (point)
				v += (uint64_t)(c - '0') * (unit /= 10);
			else
				v = v * 10 + (uint64_t)(c - '0') * MICRO;
			since_comma++;
		} else {
			break;
		}
	}
	if (comma && !point && since_comma != 3)
		return fail(r, "bad-comma");
	if (point && !places)
		return fail(r, "not-a-number");
	if (digits - places < 2) /* 0, 0.5 */
		r->zeros = 0;
	r->run = v;
	r->has_run = r->any = 1;
	return 0;
}

/* 十 百 千: the run before it, or one, times the unit. */
static int small_unit(struct reader *r, int unit)
{
	const uint64_t times = unit == 20 || unit == 30 ? MICRO : r->has_run ? r->run : MICRO;

	if (times > (uint64_t)1000000 * MICRO)
		return fail(r, "too-many-digits");
	r->section += times * (uint64_t)unit;
	r->run = 0;
	r->has_run = 0;
	return 0;
}

static int large_unit(struct reader *r, unsigned exp)
{
	const uint64_t v = r->section + (r->has_run ? r->run : 0);

	if (exp >= r->limit || !v)
		return fail(r, "not-a-number");
	if (add(&r->total, v, exp))
		return fail(r, "too-many-digits");
	r->limit = exp;
	r->section = r->run = 0;
	r->has_run = 0;
	return 0;
}

/* The numeric part: mixes ASCII digits and kanji numerals freely. */
static int numeric(struct reader *r)
{
	int positional = 0;

	while (r->at < r->s.len) {
		size_t next = r->at;
		const int32_t c = hub_utf8_next(r->s, &next), p = hub_char_plain(c);
		if (p >= '0' && p <= '9') {
			if (r->has_run)
				return fail(r, "not-a-number");
			if (arabic(r))
				return -1;
			positional = 0;
			continue;
		}
		const unsigned power = large(c);
		const int v = power ? -1 : hub_numeral(c, HUB_IN_NUMBER);
		if (v < 0 && !power)
			break;
		r->at = next;
		if (power ? large_unit(r, power) : v >= 10 ? small_unit(r, v) : 0)
			return -1;
		if (v < 0 || v >= 10) {
			positional = 0;
		} else if (r->has_run && !positional) {
			return fail(r, "not-a-number");
		} else {
			if (r->run > (uint64_t)1000000000 * MICRO)
				return fail(r, "too-many-digits");
			r->zeros |= positional && r->run == 0 && r->section == 0;
			r->run = r->run * 10 + (uint64_t)v * MICRO;
			r->has_run = positional = 1;
		}
		r->any = 1;
	}
	if (!r->any)
		return fail(r, "not-a-number");
	return add(&r->total, r->section + r->run, 0) ? fail(r, "too-many-digits") : 0;
}

static int take(struct reader *r, const char *word)
{
	const struct hub_str w = hub_str_of(word);

	if (!hub_str_starts(hub_str_from(r->s, r->at), w))
		return 0;
	r->at += w.len;
	return 1;
}

static int any_of(struct reader *r, const char *const *words)
{
	for (; *words; words++)
		if (take(r, *words))
			return 1;
	return 0;
}

static void blanks(struct reader *r)
{
	while (take(r, " ") || take(r, "　"))
		;
}

/* Units that a cell may carry; anything else behind a number makes it text. */
static int read_unit(struct reader *r, struct hub_number *out)
{
	static const char *const units[] = {
	    "円",   "人",   "名",   "歳",   "才", "回",   "件",  "日",   "週",   "ヶ月", "ヵ月",
	    "か月", "カ月", "ケ月", "箇月", "年", "時間", "分",  "個",   "世帯", "点",   "％",
	    "%",    "級",   "度",   "枚",   "部", "戸",   "台",  "箇所", "ヶ所", "か所", "kg",
	    "cm",   "ｋｇ", "ｃｍ", "℃",    "h",  "H",    "min", NULL};
	static const char *const about[] = {"程度", "前後", "くらい", "ぐらい",
					    "強",   "弱",   "ほど",   NULL};
	static const char *const ends[] = {"也", "-", "－", "ー", NULL};
	const size_t from = r->at;

	if (any_of(r, units))
		out->unit = hub_str_cut(r->s, from, r->at);
	if (any_of(r, about))
		out->flags |= HUB_NUMBER_ABOUT;
	any_of(r, ends);
	return r->at == r->s.len ? 0 : fail(r, "trailing-text");
}

enum hub_number_rc hub_number_parse(struct hub_str text, struct hub_number *out)
{
	static const char *const minus[] = {"-", "－", "−", "‐", "△", "▲", "マイナス", NULL};
	static const char *const money[] = {"¥", "￥", "\\", NULL};
	static const char *const about[] = {"約", "およそ", NULL};
	struct reader r = {.s = hub_str_trim(text), .limit = PLACES};

	*out = (struct hub_number){.reason = NULL};
	if (!r.s.len)
		return HUB_NUMBER_NULL;
	if (any_of(&r, about))
		out->flags |= HUB_NUMBER_ABOUT;
	any_of(&r, money);
	int negative = any_of(&r, minus);
	any_of(&r, money);
	blanks(&r);
	if (!negative && !take(&r, "+"))
		take(&r, "＋");
	int rc = numeric(&r);
	blanks(&r);
	if (!rc)
		rc = read_unit(&r, out);
	if (rc) {
		out->reason = r.reason;
		return HUB_NUMBER_INVALID;
	}
	print(&r.total, negative, out->text);
	if (r.zeros)
		out->flags |= HUB_NUMBER_ZEROS;
	return HUB_NUMBER_OK;
}

const char *hub_number_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"about", "leading-zeros"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}

enum { NINES = 5, ALIKE = 8 };

/* The digits of a number, as far as they tell whether it is anybody's. */
struct digits {
	size_t n, zeros, nines, alike,
	    steps; /* alike: as the one before; steps: one more than that */
	int32_t last;
};

static void add_digit(struct digits *d, int32_t c)
{
	d->zeros += c == '0';
	d->nines += c == '9';
	d->alike += d->n > 0 && c == d->last;
	d->steps += d->n > 0 && c == (d->last == '9' ? '0' : d->last + 1);
	d->last = c;
	d->n++;
}

/* 1.23457E+14: which of all the numbers that begin so it was is lost. */
static int is_scientific(const struct digits *before, int32_t c, struct hub_str rest)
{
	return before->n > 0 && (c == 'E' || c == 'e') && rest.len > 1 &&
	       (rest.ptr[0] == '+' || rest.ptr[0] == '-');
}

int hub_number_is_nobodys(struct hub_str text)
{
	struct digits d = {0};

	text = hub_str_trim(text);
	if (text.len && text.ptr[0] == '#')
		return 1;
	for (size_t at = 0; at < text.len;) {
		const int32_t c = hub_char_plain(hub_utf8_next(text, &at));
		if (is_scientific(&d, c, hub_str_from(text, at)))
			return 1;
		if (c >= '0' && c <= '9')
			add_digit(&d, c);
	}
	return d.n == d.zeros || (d.n == d.nines && d.n >= NINES) ||
	       (d.n >= ALIKE && (d.alike == d.n - 1 || d.steps == d.n - 1));
}

/* --- one number in another ------------------------------------------------------------------------------- */

static struct hub_str without_zeros(struct hub_str s)
{
	while (s.len > 1 && s.ptr[0] == '0')
		s = hub_str_from(s, 1);
	return s;
}

static int is_part(unsigned char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80;
}

int hub_number_within(struct hub_str value, struct hub_str number)
{
	enum { SHORT = 5 };

	number = without_zeros(number);
	if (!number.len)
		return 0;
	if (hub_str_eq(without_zeros(value), number))
		return 1;
	for (size_t i = 0, end; i < value.len && number.len >= SHORT; i = end + 1) {
		for (end = i; end < value.len && is_part((unsigned char)value.ptr[end]);)
			end++;
		if (hub_str_eq(without_zeros(hub_str_cut(value, i, end)), number))
			return 1;
	}
	return 0;
}
