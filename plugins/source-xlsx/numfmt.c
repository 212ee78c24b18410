#include "numfmt.h"

#include "decimal.h"
#include "serial.h"

#include <string.h>

/* ---- reading a format */

struct scan {
	struct hub_str s;
	size_t at;
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static int same_word(struct hub_str s, size_t at, const char *word)
{
	const size_t n = strlen(word);

	if (s.len - at < n)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (lower(s.ptr[at + i]) != word[i])
			return 0;
	return 1;
}

/* The next character that means something: behind quoted text, escaped and padding characters. 0: the
 * end. *at is its place; brackets come as '['. */
static char next_code(struct scan *c, size_t *at)
{
	while (c->at < c->s.len) {
		const char ch = c->s.ptr[c->at];
		*at = c->at++;
		if (ch == '"') {
			while (c->at < c->s.len && c->s.ptr[c->at] != '"')
				c->at++;
			c->at += c->at < c->s.len;
		} else if (ch == '\\' || ch == '_' || ch == '*') {
			c->at += c->at < c->s.len;
		} else if (ch == '[') {
			while (c->at < c->s.len && c->s.ptr[c->at] != ']')
				c->at++;
			c->at += c->at < c->s.len;
			return '[';
		} else {
			return lower(ch);
		}
	}
	return 0;
}

/* [h], [mm], [s]: time that goes on beyond its unit. */
static int is_elapsed(struct hub_str s, size_t at)
{
	const char unit = at + 1 < s.len ? lower(s.ptr[at + 1]) : 0;
	size_t i = at + 1;

	if (unit != 'h' && unit != 'm' && unit != 's')
		return 0;
	while (i < s.len && lower(s.ptr[i]) == unit)
		i++;
	return i < s.len && s.ptr[i] == ']';
}

/* m means minutes behind hours and before seconds. */
static int next_is_second(struct scan c)
{
	size_t at;

	for (char ch; (ch = next_code(&c, &at));)
		if (strchr("ymdhsgeba;", ch))
			return ch == 's';
	return 0;
}

/* Parts of a date that the first section shows; 0: it is none. */
static uint8_t date_parts(struct hub_str code)
{
	struct scan c = {code, 0};
	uint8_t parts = 0;
	size_t at;
	char before = 0;

	for (char ch; (ch = next_code(&c, &at)) && ch != ';';) {
		if (same_word(code, at, "general")) {
			c.at = at + 7;
			continue;
		}
		if (same_word(code, at, "am/pm") || same_word(code, at, "a/p")) {
			c.at = at + (same_word(code, at, "a/p") ? 3 : 5);
			parts |= NUMFMT_HOUR;
			continue;
		}
		if (ch == '[' && is_elapsed(code, at)) {
			parts |= NUMFMT_ELAPSED | NUMFMT_HOUR;
			before = 'h';
		} else if (ch == 'y' || ch == 'g' || ch == 'b') {
			parts |= NUMFMT_YEAR;
		} else if (ch == 'e' && !(c.at < code.len && strchr("+-", code.ptr[c.at]))) {
			parts |= NUMFMT_YEAR;
		} else if (ch == 'd' || ch == 'a') {
			parts |= NUMFMT_DAY;
		} else if (ch == 'h') {
			parts |= NUMFMT_HOUR;
		} else if (ch == 's') {
			parts |= NUMFMT_SECOND;
		} else if (ch == 'm') {
			while (c.at < code.len && lower(code.ptr[c.at]) == 'm')
				c.at++;
			const int minute = before == 'h' || next_is_second(c);
			parts |= minute ? NUMFMT_HOUR : NUMFMT_MONTH;
		}
		if (strchr("ymdhsge", ch))
			before = ch;
	}
	return parts;
}

static int is_general(struct hub_str code)
{
	return code.len == 0 || (code.len == 7 && same_word(code, 0, "general"));
}

struct numfmt numfmt_read(struct hub_str code)
{
	const uint8_t parts = date_parts(code);

	if (is_general(code))
		return (struct numfmt){.kind = NUMFMT_GENERAL};
	if (code.len == 1 && code.ptr[0] == '@')
		return (struct numfmt){.kind = NUMFMT_TEXT};
	return (struct numfmt){
	    .kind = parts ? NUMFMT_DATE : NUMFMT_NUMBER, .parts = parts, .code = code};
}

/* 18.8.30; 14 to 58 as a Japanese Excel has them. */
const char *numfmt_builtin(int64_t id)
{
	static const char *const codes[] = {
	    [1] = "0",
	    [2] = "0.00",
	    [3] = "#,##0",
	    [4] = "#,##0.00",
	    [5] = "\"¥\"#,##0;\"¥\"\\-#,##0",
	    [6] = "\"¥\"#,##0;[Red]\"¥\"\\-#,##0",
	    [7] = "\"¥\"#,##0.00;\"¥\"\\-#,##0.00",
	    [8] = "\"¥\"#,##0.00;[Red]\"¥\"\\-#,##0.00",
	    [9] = "0%",
	    [10] = "0.00%",
	    [11] = "0.00E+00",
	    [12] = "# ?/?",
	    [13] = "# ?\?/?\?",
	    [14] = "yyyy/m/d",
	    [15] = "d-mmm-yy",
	    [16] = "d-mmm",
	    [17] = "mmm-yy",
	    [18] = "h:mm AM/PM",
	    [19] = "h:mm:ss AM/PM",
	    [20] = "h:mm",
	    [21] = "h:mm:ss",
	    [22] = "yyyy/m/d h:mm",
	    [27] = "[$-411]ge.m.d",
	    [28] = "[$-411]ggge\"年\"m\"月\"d\"日\"",
	    [29] = "[$-411]ggge\"年\"m\"月\"d\"日\"",
	    [30] = "m/d/yy",
	    [31] = "yyyy\"年\"m\"月\"d\"日\"",
	    [32] = "h\"時\"mm\"分\"",
	    [33] = "h\"時\"mm\"分\"ss\"秒\"",
	    [34] = "yyyy\"年\"m\"月\"",
	    [35] = "m\"月\"d\"日\"",
	    [36] = "[$-411]ge.m.d",
	    [37] = "#,##0;\\-#,##0",
	    [38] = "#,##0;[Red]\\-#,##0",
	    [39] = "#,##0.00;\\-#,##0.00",
	    [40] = "#,##0.00;[Red]\\-#,##0.00",
	    [41] = "_ * #,##0_ ;_ * \\-#,##0_ ;_ * \"-\"_ ;_ @_ ",
	    [42] = "_ \"¥\"* #,##0_ ;_ \"¥\"* \\-#,##0_ ;_ \"¥\"* \"-\"_ ;_ @_ ",
	    [43] = "_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * \"-\"??_ ;_ @_ ",
	    [44] = "_ \"¥\"* #,##0.00_ ;_ \"¥\"* \\-#,##0.00_ ;_ \"¥\"* \"-\"??_ ;_ @_ ",
	    [45] = "mm:ss",
	    [46] = "[h]:mm:ss",
	    [47] = "mmss.0",
	    [48] = "##0.0E+0",
	    [49] = "@",
	    [50] = "[$-411]ge.m.d",
	    [51] = "[$-411]ggge\"年\"m\"月\"d\"日\"",
	    [52] = "yyyy\"年\"m\"月\"",
	    [53] = "m\"月\"d\"日\"",
	    [54] = "[$-411]ggge\"年\"m\"月\"d\"日\"",
	    [55] = "yyyy\"年\"m\"月\"",
	    [56] = "m\"月\"d\"日\"",
	    [57] = "[$-411]ge.m.d",
	    [58] = "[$-411]ggge\"年\"m\"月\"d\"日\"",
	};

	return id >= 0 && id < (int64_t)(sizeof codes / sizeof *codes) ? codes[id] : NULL;
}

/* ---- sections */

/* The section at *at, without its semicolon; 0: there is none. */
static int next_section(struct hub_str code, size_t *at, struct hub_str *out)
{
	struct scan c = {code, *at};
	const size_t from = *at;
	size_t place = 0;

	if (from > code.len)
		return 0;
	for (char ch; (ch = next_code(&c, &place));)
		if (ch == ';') {
			*out = (struct hub_str){code.ptr + from, place - from};
			*at = place + 1;
			return 1;
		}
	*out = (struct hub_str){code.ptr + from, code.len - from};
	*at = code.len + 1;
	return 1;
}

/* [>=100]: 1 when there is a condition; *holds says whether it is met. */
static int condition(struct hub_str section, double v, int *holds)
{
	for (size_t at = 0; at < section.len; at++) {
		if (section.ptr[at] == '"')
			return 0;
		if (section.ptr[at] != '[' || at + 2 >= section.len ||
		    !strchr("<>=", section.ptr[at + 1]))
			continue;
		const char *p = section.ptr + at + 1;
		const int eq = p[1] == '=', ne = p[0] == '<' && p[1] == '>';
		const size_t from = at + 2 + (size_t)(eq || ne);
		size_t end = from;
		while (end < section.len && section.ptr[end] != ']')
			end++;
		double limit;
		if (decimal_value((struct hub_str){section.ptr + from, end - from}, &limit))
			return 0;
		*holds = ne            ? v != limit
			 : p[0] == '<' ? (eq ? v <= limit : v < limit)
			 : p[0] == '>' ? (eq ? v >= limit : v > limit)
				       : v == limit;
		return 1;
	}
	return 0;
}

/* The section for a value; *sign: a minus is still to be written. */
static struct hub_str pick_section(struct hub_str code, double v, int *sign)
{
	struct hub_str s[4] = {{0}};
	size_t at = 0;
	int n = 0, holds;

	while (n < 4 && next_section(code, &at, &s[n]))
		n++;
	*sign = v < 0;
	if (n > 0 && condition(s[0], v, &holds)) {
		if (holds || n == 1)
			return s[0];
		return n > 2 && condition(s[1], v, &holds) && !holds ? s[2] : s[1];
	}
	if (n > 1 && v < 0) {
		*sign = 0;
		return s[1];
	}
	return n > 2 && v == 0 ? s[2] : s[0];
}

/* ---- numbers */

struct shape {
	unsigned whole, least, part; /* digit places before the point; zeros of them; behind it */
	unsigned thousands;          /* commas at the end: each divides by 1000 */
	int point, group, percent, exponent, fraction, digits;
};

static void read_shape(struct hub_str s, struct shape *f)
{
	struct scan c = {s, 0};
	unsigned commas = 0;
	size_t at;

	*f = (struct shape){0};
	for (char ch; (ch = next_code(&c, &at));) {
		if (ch == '0' || ch == '#' || ch == '?') {
			f->digits = 1;
			f->group |= commas > 0 && !f->point;
			commas = 0;
			if (f->exponent)
				continue;
			f->whole += !f->point;
			f->least += !f->point && (ch == '0' || f->least > 0);
			f->part += (unsigned)f->point;
		} else if (ch == ',' && f->digits) {
			commas++;
		} else if (ch == '.') {
			f->thousands += f->point ? 0 : commas;
			commas = 0;
			f->point = 1;
		} else if (ch == '%') {
			f->percent++;
		} else if (ch == 'e' && c.at < s.len && strchr("+-", s.ptr[c.at])) {
			f->exponent = 1;
		} else if (ch == '/') {
			f->fraction = 1;
		}
	}
	f->thousands += commas;
}

struct out {
	char *p;
	size_t n;
};

static void put(struct out *o, const char *p, size_t n)
{
	if (n > NUMFMT_MOST - o->n)
		n = NUMFMT_MOST - o->n;
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void put_char(struct out *o, char c)
{
	put(o, &c, 1);
}

/* [$¥-411]: the sign between $ and the hyphen. */
static void put_bracket(struct out *o, struct hub_str s, size_t at)
{
	size_t end = at + 2;

	if (at + 1 >= s.len || s.ptr[at + 1] != '$')
		return;
	while (end < s.len && s.ptr[end] != '-' && s.ptr[end] != ']')
		end++;
	put(o, s.ptr + at + 2, end - at - 2);
}

/* Length of the UTF-8 character at p. */
static size_t char_len(struct hub_str s, size_t at)
{
	size_t n = 1;

	while (at + n < s.len && ((unsigned char)s.ptr[at + n] & 0xc0) == 0x80)
		n++;
	return n;
}

/* Text that stands in a format beside its digits. Moves *at behind it; 0: no such thing here. */
static int put_literal(struct out *o, struct hub_str s, size_t *at)
{
	const char ch = s.ptr[*at];

	if (ch == '"') {
		const size_t from = ++*at;
		while (*at < s.len && s.ptr[*at] != '"')
			++*at;
		put(o, s.ptr + from, *at - from);
		*at += *at < s.len;
	} else if (ch == '\\' || ch == '_' || ch == '*') {
		const size_t n = *at + 1 < s.len ? char_len(s, *at + 1) : 0;
		if (ch == '\\')
			put(o, s.ptr + *at + 1, n);
		else if (ch == '_')
			put_char(o, ' ');
		*at += 1 + n;
	} else if (ch == '[') {
		put_bracket(o, s, *at);
		while (*at < s.len && s.ptr[*at] != ']')
			++*at;
		*at += *at < s.len;
	} else {
		return 0;
	}
	return 1;
}

struct number {
	const struct shape *f;
	struct decimal d;           /* rounded to what is shown */
	unsigned whole_at, part_at; /* digit places passed */
	int begun;
};

static void put_whole_digit(struct out *o, const struct number *n, unsigned from_right)
{
	put_char(o, decimal_digit(&n->d, (int)from_right));
	if (n->f->group && from_right > 0 && from_right % 3 == 0)
		put_char(o, ',');
}

/* One place before the point; at the first one all digits that have no place of their own. */
static void put_whole(struct out *o, struct number *n, char place)
{
	const unsigned have = decimal_whole(&n->d), left = n->f->whole - n->whole_at++;

	if (!n->begun) {
		n->begun = 1;
		for (unsigned i = have; i > left; i--)
			put_whole_digit(o, n, i - 1);
	}
	if (have >= left || place == '0')
		put_whole_digit(o, n, left - 1);
	else if (place == '?')
		put_char(o, ' ');
}

static void put_part(struct out *o, struct number *n, char place)
{
	const int at = -1 - (int)n->part_at++;

	if (place == '0' || decimal_last(&n->d) <= at)
		put_char(o, decimal_digit(&n->d, at));
	else if (place == '?')
		put_char(o, ' ');
}

static void put_section(struct out *o, struct hub_str s, struct number *n, const char *general)
{
	int part = 0;

	for (size_t at = 0; at < s.len;) {
		const char ch = s.ptr[at];
		if (put_literal(o, s, &at))
			continue;
		at++;
		if (ch == '@' || same_word(s, at - 1, "general")) {
			put(o, general, strlen(general));
			at += ch == '@' ? 0 : 6;
		} else if (ch == '0' || ch == '#' || ch == '?') {
			if (part)
				put_part(o, n, ch);
			else
				put_whole(o, n, ch);
		} else if (ch == '.') {
			/* ".5" has no place for a whole digit, but may have one to show */
			for (unsigned i = decimal_whole(&n->d); !part && !n->begun && i > 0; i--)
				put_whole_digit(o, n, i - 1);
			part = n->begun = 1;
			put_char(o, '.');
		} else if (ch != ',') {
			put_char(o, ch);
		}
	}
}

static size_t show_number(const struct numfmt *f, struct hub_str stored, double v, char *out)
{
	char general[DECIMAL_GENERAL];
	struct out o = {out, 0};
	struct shape shape;
	int sign;

	const struct hub_str section = pick_section(f->code, v, &sign);
	const size_t plain = decimal_general(stored, general);
	read_shape(section, &shape);
	/* a format that hides the value, or writes it in a form that no reader takes */
	if (section.len == 0 || shape.fraction || shape.exponent) {
		memcpy(out, general, plain);
		return plain;
	}
	struct number n = {.f = &shape};
	decimal_read(&n.d, v < 0 ? -v : v);
	decimal_shift(&n.d, 2 * shape.percent - 3 * (int)shape.thousands);
	if (shape.digits)
		decimal_round(&n.d, (int)shape.part);
	if (sign && (!shape.digits || !decimal_is_zero(&n.d)))
		put_char(&o, '-');
	put_section(&o, section, &n, v < 0 ? general + 1 : general);
	return o.n;
}

/* ---- any cell */

int numfmt_is_plain(struct hub_str stored)
{
	if (stored.len == 0 || stored.len > 15 || (stored.len > 1 && stored.ptr[0] == '0'))
		return 0;
	for (size_t i = 0; i < stored.len; i++)
		if (stored.ptr[i] < '0' || stored.ptr[i] > '9')
			return 0;
	return 1;
}

size_t numfmt_show(const struct numfmt *f, struct hub_str stored, int date1904, char *out,
		   int *is_date)
{
	double v;

	*is_date = 0;
	if (decimal_value(stored, &v))
		return 0;
	if (f->kind == NUMFMT_DATE) {
		const size_t n = serial_show(v, f->parts, date1904, out);
		*is_date = n > 0;
		if (n > 0)
			return n;
	}
	if (f->kind != NUMFMT_NUMBER)
		return decimal_general(stored, out);
	return show_number(f, stored, v, out);
}
