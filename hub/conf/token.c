#include "conf/token.h"

#include "base/str.h"

#include <strings.h>

/* ---- characters ---- */

char hub_cur_peek(const struct hub_cur *c)
{
	return c->at < c->src->text.len ? c->src->text.ptr[c->at] : '\0';
}

int hub_cur_end(const struct hub_cur *c)
{
	return c->at >= c->src->text.len;
}

static int is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

int hub_cur_is_letter(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

int hub_cur_is_name(char ch)
{
	return hub_cur_is_letter(ch) || is_digit(ch) || ch == '_' || ch == '-' || ch == '*';
}

int hub_cur_is_blank(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

int hub_cur_starts(const struct hub_cur *c, struct hub_str head)
{
	return hub_str_starts(hub_str_from(c->src->text, c->at), head);
}

struct hub_place hub_cur_place(const struct hub_cur *c, size_t from, size_t to)
{
	return (struct hub_place){c->src, from, to - from};
}

/* Reports; the caller gives the setting up. */
int hub_cur_bad(struct hub_cur *c, size_t from, size_t to, const struct hub_err *e)
{
	hub_report_add(c->s->report, hub_cur_place(c, from, to), e);
	return HUB_REJECT;
}

size_t hub_cur_line_end(const struct hub_cur *c, size_t from)
{
	while (from < c->src->text.len && c->src->text.ptr[from] != '\n')
		from++;
	return from;
}

void hub_cur_skip_line(struct hub_cur *c)
{
	c->at = hub_cur_line_end(c, c->at);
}

/* White space and comments. */
void hub_cur_skip(struct hub_cur *c)
{
	while (!hub_cur_end(c)) {
		const size_t from = c->at;
		if (hub_cur_is_blank(hub_cur_peek(c))) {
			c->at++;
		} else if (hub_cur_peek(c) == '#' || hub_cur_starts(c, HUB_STR("//"))) {
			hub_cur_skip_line(c);
		} else if (hub_cur_starts(c, HUB_STR("/*"))) {
			const size_t end = hub_str_find(c->src->text, HUB_STR("*/"), from + 2);
			if (end == (size_t)-1) {
				struct hub_err e;
				hub_fail(&e, HUB_CONF, "unclosed-comment",
					 "the comment has no end");
				hub_hint(&e, "Close it with */.");
				hub_cur_bad(c, from, from + 2, &e);
			}
			c->at = end == (size_t)-1 ? c->src->text.len : end + 2;
		} else {
			return;
		}
	}
}

/* ---- what libconfig gets ---- */

static int grow(struct hub_arena *a, void *array, size_t count, size_t *cap, size_t size)
{
	void **p = array;
	void *q = hub_alloc_more(a, *p, count, cap, size);

	if (q)
		*p = q;
	return q ? HUB_OK : HUB_FATAL;
}

int hub_cur_emit(struct hub_cur *c, struct hub_str token, size_t from)
{
	struct hub_scan *s = c->s;

	hub_buf_str(&s->out, token);
	hub_buf_putc(&s->out, '\n');
	if (!hub_buf_ok(&s->out) ||
	    grow(s->arena, &s->lines, s->nlines, &s->cap_lines, sizeof *s->lines))
		return HUB_FATAL;
	s->lines[s->nlines++] = hub_cur_place(c, from, c->at);
	return HUB_OK;
}

struct hub_conf_node *hub_scan_node(struct hub_scan *s, struct hub_place p)
{
	struct hub_conf_node *n = hub_alloc0(s->arena, sizeof *n);

	if (!n || grow(s->arena, &s->nodes, s->count, &s->cap, sizeof *s->nodes))
		return NULL;
	*n = (struct hub_conf_node){.name = p, .value = p};
	s->nodes[s->count++] = n;
	return n;
}

/* ---- values ---- */

/* user:password of a URL, and what stands behind the ? of it */
static void hide_in_url(struct hub_cur *c, size_t from, size_t to)
{
	const struct hub_str text = hub_str_cut(c->src->text, 0, to);
	const size_t scheme = hub_str_find(text, HUB_STR("://"), from);

	if (scheme == (size_t)-1)
		return;
	for (size_t i = to; i > scheme + 3; i--)
		if (text.ptr[i - 1] == '@') {
			hub_report_hide(c->s->report, hub_cur_place(c, scheme + 3, i - 1));
			return;
		}
}

/* One piece "..."; c->at is on the quote. */
static int piece(struct hub_cur *c)
{
	const size_t from = c->at, end = hub_cur_line_end(c, c->at);
	struct hub_err e;

	for (c->at++; c->at < end && hub_cur_peek(c) != '"'; c->at++) {
		if (hub_cur_peek(c) != '\\')
			continue;
		c->at++;
		const char ch = c->at < end ? hub_cur_peek(c) : '\0';
		if (ch == '\0' || ch == '\r')
			break;
		if (!strchr("\\fnrtx\"", ch)) {
			hub_fail(&e, HUB_CONF, "unknown-escape", "\\%s begins no escape",
				 hub_cur_is_letter(ch) ? (char[]){ch, '\0'} : "");
			hub_hint(&e, "Escapes are \\\\ \\\" \\f \\n \\r \\t \\xNN; a backslash "
				     "itself is written \\\\.");
			hub_cur_bad(c, c->at - 1, c->at + 1, &e);
		}
	}
	if (c->at >= end) {
		hub_fail(&e, HUB_CONF, "unclosed-quote",
			 "the quoted text does not end on its line");
		hub_hint(&e,
			 "Close it with \". A long text is written as several quoted pieces, one "
			 "behind the other.");
		return hub_cur_bad(c, from, from + 1, &e);
	}
	c->at++;
	hide_in_url(c, from, c->at);
	return hub_cur_emit(c, hub_str_cut(c->src->text, from, c->at), from);
}

static int text(struct hub_cur *c)
{
	size_t end;
	int rc;

	do {
		if ((rc = piece(c)))
			return rc;
		end = c->at;
		hub_cur_skip(c);
	} while (hub_cur_peek(c) == '"');
	c->at = end;
	return HUB_OK;
}

/* 0 fine, -1 not an integer, -2 too large. */
int hub_cur_integer(struct hub_str t, int64_t *out)
{
	if (hub_str_ends(t, HUB_STR("L")))
		t.len--;
	if (hub_str_ends(t, HUB_STR("L")))
		t.len--;
	if (!hub_str_starts(t, HUB_STR("0x")) && !hub_str_starts(t, HUB_STR("0X")))
		return hub_parse_i64(t, INT64_MIN, INT64_MAX, out);
	uint64_t v = 0;
	for (size_t i = 2; i < t.len; i++) {
		const int d = hub_hex_digit(t.ptr[i]);
		if (d < 0)
			return -1;
		if (v >> 59)
			return -2;
		v = v << 4 | (unsigned)d;
	}
	*out = (int64_t)v;
	return t.len > 2 ? 0 : -1;
}

/* [-+]digits[.digits][e[-+]digits], at least one digit before the exponent. */
static int is_float(struct hub_str t)
{
	size_t i = 0, digits = 0;

	if (i < t.len && (t.ptr[i] == '-' || t.ptr[i] == '+'))
		i++;
	for (; i < t.len && is_digit(t.ptr[i]); i++)
		digits++;
	if (i < t.len && t.ptr[i] == '.')
		for (i++; i < t.len && is_digit(t.ptr[i]); i++)
			digits++;
	if (i < t.len && (t.ptr[i] == 'e' || t.ptr[i] == 'E')) {
		i++;
		if (i < t.len && (t.ptr[i] == '-' || t.ptr[i] == '+'))
			i++;
		if (i == t.len)
			return 0;
		while (i < t.len && is_digit(t.ptr[i]))
			i++;
	}
	return digits > 0 && i == t.len;
}

/* A code such as 012345 would lose its zero. */
static int leading_zero(struct hub_str t)
{
	const size_t sign = t.len && (t.ptr[0] == '-' || t.ptr[0] == '+');

	return t.len > sign + 1 && t.ptr[sign] == '0' && is_digit(t.ptr[sign + 1]);
}

static int number(struct hub_cur *c, int in_array)
{
	const size_t from = c->at;
	struct hub_err e;
	int64_t v = 0;
	char out[32];

	while (hub_cur_is_name(hub_cur_peek(c)) || hub_cur_peek(c) == '.' || hub_cur_peek(c) == '+')
		c->at++;
	const struct hub_str t = hub_str_cut(c->src->text, from, c->at);
	const int no_int = hub_cur_integer(t, &v);
	if (no_int == -1 && is_float(t))
		return hub_cur_emit(c, t, from);
	if (no_int == -1) {
		hub_fail(&e, HUB_CONF, "not-a-number", "this is not a number");
		hub_hint(&e, "Text stands in quotes.");
		return hub_cur_bad(c, from, c->at, &e);
	}
	if (no_int == -2) {
		hub_fail(&e, HUB_CONF, "integer-range", "the number is larger than 63 bits");
		hub_hint(&e, "Numbers go up to %lld; a long code stands in quotes.",
			 (long long)INT64_MAX);
		return hub_cur_bad(c, from, c->at, &e);
	}
	if (leading_zero(t)) {
		hub_fail(&e, HUB_CONF, "leading-zero", "the number would lose its leading zero");
		hub_hint(&e, "A code stands in quotes.");
		return hub_cur_bad(c, from, c->at, &e);
	}
	/* libconfig cuts a number over 31 bits without L silently, and wants one type in an array */
	const int wide =
	    in_array || v < INT32_MIN || v > INT32_MAX || hub_str_ends(t, HUB_STR("L"));
	const int n = snprintf(out, sizeof out, "%lld%s", (long long)v, wide ? "L" : "");
	return hub_cur_emit(c, (struct hub_str){out, (size_t)n}, from);
}

static int is_word(struct hub_str t, const char *word)
{
	return t.len == strlen(word) && strncasecmp(t.ptr, word, t.len) == 0;
}

/* true, false; anything else is text that lacks its quotes, or no value at all. */
static int word(struct hub_cur *c)
{
	const size_t from = c->at;
	struct hub_err e;

	while (hub_cur_is_name(hub_cur_peek(c)) || (unsigned char)hub_cur_peek(c) >= 0x80 ||
	       hub_cur_peek(c) == '.' || hub_cur_peek(c) == '/')
		c->at++;
	const struct hub_str t = hub_str_cut(c->src->text, from, c->at);
	if (is_word(t, "true") || is_word(t, "false"))
		return hub_cur_emit(c, t, from);
	if (t.len) {
		hub_fail(&e, HUB_CONF, "missing-quotes", "text stands in quotes");
		hub_hint(&e, "Put it between two \".");
	} else {
		hub_fail(&e, HUB_CONF, "missing-value", "a value is missing here");
		hub_hint(&e, "A value is \"text\", a number, true, false, { group }, ( list ) or [ "
			     "array ].");
	}
	return hub_cur_bad(c, from, c->at, &e);
}

int hub_cur_scalar(struct hub_cur *c, int in_array)
{
	const char ch = hub_cur_peek(c);

	if (ch == '"')
		return text(c);
	if (is_digit(ch) || ch == '-' || ch == '+' || ch == '.')
		return number(c, in_array);
	return word(c);
}
