#include "intake/excel.h"

enum { MAX_TEXT = 64, MAX_PARTS = 7, KEPT_DIGITS = 15, NARROW = 4 };

/* --- numbers ---------------------------------------------------------------------------------- */

/* A decimal number: digits without leading and trailing zeros, value = 0.DIGITS x 10^exp. */
struct number {
	int negative;
	char digit[MAX_TEXT];
	int n;
	int exp;
	int scientific;
};

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "E+11" at the end of a number; 0 when it is none. */
static int read_exponent(struct hub_str s, size_t at, int *exp)
{
	int64_t n;

	if (at == s.len)
		return 1;
	if ((s.ptr[at] != 'E' && s.ptr[at] != 'e') || at + 2 > s.len)
		return 0;
	at++;
	const int negative = s.ptr[at] == '-';
	at += s.ptr[at] == '+' || negative;
	if (hub_parse_i64(hub_str_from(s, at), 0, 999, &n))
		return 0;
	*exp += negative ? -(int)n : (int)n;
	return 1;
}

/* Plain, with grouping commas, or scientific; 0 when the text is no number. */
static int read_number(struct hub_str s, struct number *out)
{
	size_t i = 0;
	int point = 0, seen = 0;

	*out = (struct number){0};
	if (s.len == 0 || s.len >= MAX_TEXT)
		return 0;
	out->negative = s.ptr[0] == '-';
	i += s.ptr[0] == '-' || s.ptr[0] == '+';
	for (; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c == '.' && !point) {
			point = 1;
			continue;
		}
		if (c == ',' && seen && !point)
			continue;
		if (!is_digit(c))
			break;
		seen = 1;
		if (out->n > 0 || c != '0')
			out->digit[out->n++] = c;
		out->exp += (out->n > 0) - point;
		if (out->n == 0 && !point)
			out->exp = 0;
	}
	/* exp so far counts kept digits before the point, less zeros skipped behind it */
	out->scientific = i < s.len;
	if (!seen || !read_exponent(s, i, &out->exp))
		return 0;
	while (out->n > 0 && out->digit[out->n - 1] == '0')
		out->n--;
	return 1;
}

/* Rounds half up to n digits. */
static void round_to(struct number *x, int n)
{
	if (x->n <= n)
		return;
	int carry = x->digit[n] >= '5';
	x->n = n;
	for (int i = n - 1; i >= 0 && carry; i--) {
		carry = x->digit[i] == '9';
		x->digit[i] = carry ? '0' : (char)(x->digit[i] + 1);
	}
	if (carry) {
		x->digit[0] = '1';
		x->n = 1;
		x->exp++;
	}
	while (x->n > 0 && x->digit[x->n - 1] == '0')
		x->n--;
}

static int equal(const struct number *a, const struct number *b)
{
	return a->n == b->n && memcmp(a->digit, b->digit, (size_t)a->n) == 0 &&
	       (a->n == 0 || (a->exp == b->exp && a->negative == b->negative));
}

static int same_number(const struct number *was, struct hub_str now)
{
	struct number a = *was, b;

	if (!read_number(now, &b))
		return 0;
	if (equal(&a, &b))
		return 1;
	struct number kept = a;
	/* digits behind the fifteenth are gone: cut off, not rounded */
	if (kept.n > KEPT_DIGITS) {
		kept.n = KEPT_DIGITS;
		while (kept.n > 0 && kept.digit[kept.n - 1] == '0')
			kept.n--;
		if (equal(&kept, &b))
			return 1;
	}
	if (!b.scientific || a.exp < 2)
		return 0;
	/* 1.23457E+11 or, in a narrow column, 1.23E+11 and 1E+11 */
	round_to(&a, b.n < 1 ? 1 : b.n);
	return equal(&a, &b);
}

/* --- dates and times -------------------------------------------------------------------------- */

/* A date or time as its era letter and its numbers. */
struct parts {
	char era; /* M T S H R; 0: none */
	int n;
	int date; /* how many of the numbers are of the date */
	int64_t at[MAX_PARTS];
};

static int month_of(struct hub_str s, size_t *len)
{
	static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
					    "jul", "aug", "sep", "oct", "nov", "dec"};
	char low[3];

	if (s.len < 3)
		return 0;
	for (int i = 0; i < 3; i++)
		low[i] = (char)(s.ptr[i] | 0x20);
	*len = 3;
	for (int m = 0; m < 12; m++)
		if (memcmp(low, names[m], 3) == 0)
			return m + 1;
	return 0;
}

static char era_of(struct hub_str s, size_t *len)
{
	static const struct {
		const char *word;
		char era;
	} eras[] = {{"明治", 'M'}, {"大正", 'T'}, {"昭和", 'S'}, {"平成", 'H'}, {"令和", 'R'},
		    {"明", 'M'},   {"大", 'T'},   {"昭", 'S'},   {"平", 'H'},   {"令", 'R'},
		    {"M", 'M'},    {"T", 'T'},    {"S", 'S'},    {"H", 'H'},    {"R", 'R'},
		    {"m", 'M'},    {"t", 'T'},    {"s", 'S'},    {"h", 'H'},    {"r", 'R'}};

	for (size_t i = 0; i < HUB_COUNT(eras); i++) {
		*len = strlen(eras[i].word);
		if (hub_str_starts(s, hub_str_of(eras[i].word)))
			return eras[i].era;
	}
	*len = 0;
	return 0;
}

/* What may stand behind a number: 'd' inside a date, 't' inside a time, 'e' the end of a part, ' '
 * between date and time; 0: nothing of the kind. */
static char separator_of(struct hub_str s, size_t *len)
{
	static const struct {
		const char *word;
		char kind;
	} seps[] = {{"/", 'd'}, {"-", 'd'},  {".", 'd'},  {"年", 'd'}, {"月", 'd'}, {"日", 'e'},
		    {":", 't'}, {"時", 't'}, {"分", 't'}, {"秒", 'e'}, {" ", ' '},  {"T", ' '}};

	for (size_t i = 0; i < HUB_COUNT(seps); i++) {
		*len = strlen(seps[i].word);
		if (hub_str_starts(s, hub_str_of(seps[i].word)))
			return seps[i].kind;
	}
	return 0;
}

/* The next number or English month of s at *at; 0 when there is none. */
static int next_part(struct hub_str s, size_t *at, int64_t *out, int *by_name)
{
	size_t len = 0, end = *at;

	while (end < s.len && is_digit(s.ptr[end]))
		end++;
	*by_name = 0;
	if (end > *at) {
		const int bad = hub_parse_i64(hub_str_cut(s, *at, end), 0, 99999999, out);
		*at = end;
		return !bad;
	}
	*out = month_of(hub_str_from(s, *at), &len);
	*by_name = *out != 0;
	*at += *by_name ? len : 0;
	return *by_name;
}

/* Takes separators; *in_time says what the number before belonged to. 0: not a date. */
static int take_separators(struct hub_str s, size_t *at, struct parts *p, int *in_time)
{
	size_t len;
	char kind;

	while (*at < s.len && (kind = separator_of(hub_str_from(s, *at), &len)) != 0) {
		if (kind == 't')
			*in_time = 1;
		if (kind == 'd' && *in_time)
			return 0;
		if ((kind == 'd' || kind == 'e') && !*in_time)
			p->date = p->n;
		if (kind == ' ' && p->date > 0)
			p->date = p->n;
		*at += len;
	}
	return 1;
}

/* 1 when the whole text is a date, a time, or both. */
static int read_parts(struct hub_str s, struct parts *p)
{
	size_t at = 0, len;
	int in_time = 0, named = -1, by_name;

	*p = (struct parts){0};
	p->era = era_of(s, &len);
	at += len;
	while (at < s.len) {
		if (p->n == MAX_PARTS || !next_part(s, &at, &p->at[p->n], &by_name))
			return 0;
		if (by_name)
			named = p->n;
		p->n++;
		const size_t before = at;
		const int was_date = !in_time && p->date == p->n - 1 && p->n > 1;
		if (!take_separators(s, &at, p, &in_time))
			return 0;
		if (at == s.len && at == before && was_date)
			p->date = p->n;
		if (at < s.len && at == before)
			return 0;
	}
	if (named == 1 && p->date == 2) { /* 2-Jan */
		const int64_t day = p->at[0];
		p->at[0] = p->at[1];
		p->at[1] = day;
	}
	return p->n >= 2;
}

/* Zeros at the end of a time say nothing: 2024/4/1 is 2024/4/1 0:00:00. */
static void drop_zero_time(struct parts *p)
{
	const int least = p->date > 0 ? p->date : 2;

	while (p->n > least && p->at[p->n - 1] == 0)
		p->n--;
}

/* 2024-04 becomes Apr-24; 4-24 would be another thing. */
static int same_short_month(const struct parts *a, const struct parts *b)
{
	return a->n == 2 && b->n == 2 && a->at[0] > 99 && b->at[0] == a->at[1] &&
	       b->at[1] == a->at[0] % 100;
}

/* 1-2 becomes 2024/1/2 in the file when the column shows the year. */
static int year_added(const struct parts *a, const struct parts *b)
{
	return a->n == 2 && b->n == 3 && a->date == 2 && b->at[0] > 1900 && a->at[0] == b->at[1] &&
	       a->at[1] == b->at[2];
}

/* 2024-04 becomes 2024/4/1 */
static int day_added(const struct parts *a, const struct parts *b)
{
	return a->n == 2 && b->n == 3 && a->at[0] > 99 && b->at[2] == 1 && a->at[0] == b->at[0] &&
	       a->at[1] == b->at[1];
}

static int same_date(struct hub_str was, struct hub_str now)
{
	struct parts a, b;

	if (!read_parts(was, &a) || !read_parts(now, &b))
		return 0;
	drop_zero_time(&a);
	drop_zero_time(&b);
	if (a.era != b.era)
		return 0;
	if (same_short_month(&a, &b) || year_added(&a, &b) || day_added(&a, &b))
		return 1;
	if (a.n != b.n || (a.date > 0) != (b.date > 0))
		return 0;
	return memcmp(a.at, b.at, (size_t)a.n * sizeof *a.at) == 0;
}

/* --- text ------------------------------------------------------------------------------------- */

/* Equal but for CR LF and LF. */
static int same_lines(struct hub_str a, struct hub_str b)
{
	size_t i = 0, k = 0;

	while (i < a.len && k < b.len) {
		if (a.ptr[i] == '\r' && i + 1 < a.len && a.ptr[i + 1] == '\n')
			i++;
		if (b.ptr[k] == '\r' && k + 1 < b.len && b.ptr[k + 1] == '\n')
			k++;
		if (a.ptr[i++] != b.ptr[k++])
			return 0;
	}
	return i == a.len && k == b.len;
}

static int same_word(struct hub_str was, struct hub_str now)
{
	static const char *const words[] = {"TRUE", "FALSE"};

	for (size_t w = 0; w < HUB_COUNT(words); w++) {
		size_t i = 0;
		if (!hub_str_is(now, words[w]) || was.len != now.len)
			continue;
		while (i < was.len && (was.ptr[i] & ~0x20) == now.ptr[i])
			i++;
		return i == was.len;
	}
	return 0;
}

int hub_excel_same(struct hub_str was, struct hub_str now)
{
	if (hub_str_eq(was, now) || same_lines(was, now))
		return 1;
	if (hub_excel_formula(was) && now.len == was.len + 1 && now.ptr[0] == '\'')
		return hub_str_eq(was, hub_str_from(now, 1));
	const struct hub_str trimmed = hub_str_trim(was);
	struct number number;
	if (read_number(trimmed, &number)) /* 1.05 is not the fifth of January */
		return same_number(&number, now);
	return same_date(trimmed, now) || same_word(trimmed, now);
}

int hub_excel_error(struct hub_str cell)
{
	static const char *const words[] = {
	    "#N/A",    "#REF!",  "#VALUE!", "#NAME?",    "#DIV/0!",   "#NUM!",     "#NULL!",
	    "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#GETTING_DATA"};
	size_t hashes = 0;

	if (cell.len < 4 || cell.ptr[0] != '#')
		return 0;
	cell = hub_str_trim(cell);
	if (hub_str_among(cell, words, HUB_COUNT(words)))
		return 1;
	while (hashes < cell.len && cell.ptr[hashes] == '#')
		hashes++;
	return hashes == cell.len && hashes >= NARROW;
}

int hub_excel_rounded(struct hub_str cell)
{
	size_t i = 1;

	if (cell.len < 5 || !is_digit(cell.ptr[0]) || (cell.ptr[1] != '.' && cell.ptr[1] != 'E'))
		return 0;
	if (cell.ptr[i] == '.')
		for (i++; i < cell.len && is_digit(cell.ptr[i]);)
			i++;
	if (!hub_str_starts(hub_str_from(cell, i), HUB_STR("E+")))
		return 0;
	for (i += 2; i < cell.len && is_digit(cell.ptr[i]);)
		i++;
	return i == cell.len && is_digit(cell.ptr[i - 1]);
}

/* A telephone number +81-3-... or a negative amount is no formula. */
static int looks_numeric(struct hub_str s)
{
	for (size_t i = 1; i < s.len; i++)
		if (!is_digit(s.ptr[i]) && !strchr("-., ()", s.ptr[i]))
			return 0;
	return s.len > 1;
}

int hub_excel_formula(struct hub_str s)
{
	static const char *const wide[] = {"＝", "＋", "－", "＠"};

	if (s.len == 0)
		return 0;
	if (s.ptr[0] == '+' || s.ptr[0] == '-')
		return !looks_numeric(s);
	if (s.ptr[0] == '=' || s.ptr[0] == '@' || s.ptr[0] == '\t' || s.ptr[0] == '\r')
		return 1;
	for (size_t i = 0; i < HUB_COUNT(wide); i++)
		if (hub_str_starts(s, hub_str_of(wide[i])))
			return 1;
	return 0;
}

struct hub_str hub_excel_kept(struct hub_str cell)
{
	size_t digits = 1;

	while (digits < cell.len && cell.ptr[digits] >= '0' && cell.ptr[digits] <= '9')
		digits++;
	if (cell.len > 1 && cell.ptr[0] == '\'' && digits == cell.len)
		return hub_str_from(cell, 1);
	if (cell.len < 3 || cell.ptr[0] != '=' || cell.ptr[1] != '"' ||
	    cell.ptr[cell.len - 1] != '"' || memchr(cell.ptr + 2, '"', cell.len - 3))
		return cell;
	return hub_str_cut(cell, 2, cell.len - 1);
}
