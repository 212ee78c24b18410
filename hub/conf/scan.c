#include "conf/scan.h"

#include "base/io.h"
#include "base/str.h"

#include <strings.h>

enum {
	MAX_FILE = 16 << 20, /* one file, and all of them together */
	MAX_DEPTH = 64,      /* of groups and lists */
	MAX_INCLUDES = 8,    /* inside one another: more is a circle */
};

struct cursor {
	struct hub_scan *s;
	struct hub_source *src;
	size_t at;
	int includes, depth;
};

static int read_source(struct hub_scan *s, const char *path, struct hub_place from, int includes,
		       int depth, struct hub_conf_node *group);
static int value(struct cursor *c, struct hub_conf_node *n, int in_array);

/* ---- characters ---- */

static char peek(const struct cursor *c)
{
	return c->at < c->src->text.len ? c->src->text.ptr[c->at] : '\0';
}

static int at_end(const struct cursor *c)
{
	return c->at >= c->src->text.len;
}

static int is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static int is_letter(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

static int is_name(char ch)
{
	return is_letter(ch) || is_digit(ch) || ch == '_' || ch == '-' || ch == '*';
}

static int is_blank(char ch)
{
	return ch == ' ' || (ch >= '\t' && ch <= '\r');
}

static int starts(const struct cursor *c, struct hub_str head)
{
	return hub_str_starts(hub_str_from(c->src->text, c->at), head);
}

static struct hub_place place(const struct cursor *c, size_t from, size_t to)
{
	return (struct hub_place){c->src, from, to - from};
}

/* Reports; the caller gives the setting up. */
static int bad(struct cursor *c, size_t from, size_t to, const struct hub_err *e)
{
	hub_report_add(c->s->report, place(c, from, to), e);
	return HUB_REJECT;
}

static size_t line_end(const struct cursor *c, size_t from)
{
	while (from < c->src->text.len && c->src->text.ptr[from] != '\n')
		from++;
	return from;
}

static void skip_line(struct cursor *c)
{
	c->at = line_end(c, c->at);
}

/* White space and comments. */
static void skip(struct cursor *c)
{
	while (!at_end(c)) {
		const size_t from = c->at;
		if (is_blank(peek(c))) {
			c->at++;
		} else if (peek(c) == '#' || starts(c, HUB_STR("//"))) {
			skip_line(c);
		} else if (starts(c, HUB_STR("/*"))) {
			const size_t end = hub_str_find(c->src->text, HUB_STR("*/"), from + 2);
			if (end == (size_t)-1) {
				struct hub_err e;
				hub_fail(&e, HUB_CONF, "unclosed-comment",
					 "the comment has no end");
				hub_hint(&e, "Close it with */.");
				bad(c, from, from + 2, &e);
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

	if (count < *cap)
		return HUB_OK;
	const size_t more = *cap ? *cap * 2 : 256;
	void *q = hub_alloc_array(a, more, size);
	if (!q)
		return HUB_FATAL;
	if (count)
		memcpy(q, *p, count * size);
	*p = q;
	*cap = more;
	return HUB_OK;
}

static int emit(struct cursor *c, struct hub_str token, size_t from)
{
	struct hub_scan *s = c->s;

	hub_buf_str(&s->out, token);
	hub_buf_putc(&s->out, '\n');
	if (!hub_buf_ok(&s->out) ||
	    grow(s->arena, &s->lines, s->nlines, &s->cap_lines, sizeof *s->lines))
		return HUB_FATAL;
	s->lines[s->nlines++] = place(c, from, c->at);
	return HUB_OK;
}

static struct hub_conf_node *add_node(struct hub_scan *s, struct hub_place p)
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
static void hide_in_url(struct cursor *c, size_t from, size_t to)
{
	const struct hub_str text = hub_str_cut(c->src->text, 0, to);
	const size_t scheme = hub_str_find(text, HUB_STR("://"), from);

	if (scheme == (size_t)-1)
		return;
	for (size_t i = to; i > scheme + 3; i--)
		if (text.ptr[i - 1] == '@') {
			hub_report_hide(c->s->report, place(c, scheme + 3, i - 1));
			return;
		}
}

/* One piece "..."; c->at is on the quote. */
static int piece(struct cursor *c)
{
	const size_t from = c->at, end = line_end(c, c->at);
	struct hub_err e;

	for (c->at++; c->at < end && peek(c) != '"'; c->at++) {
		if (peek(c) != '\\')
			continue;
		c->at++;
		const char ch = c->at < end ? peek(c) : '\0';
		if (ch == '\0' || ch == '\r')
			break;
		if (!strchr("\\fnrtx\"", ch)) {
			hub_fail(&e, HUB_CONF, "unknown-escape", "\\%s begins no escape",
				 is_letter(ch) ? (char[]){ch, '\0'} : "");
			hub_hint(&e, "Escapes are \\\\ \\\" \\f \\n \\r \\t \\xNN; a backslash "
				     "itself is written \\\\.");
			bad(c, c->at - 1, c->at + 1, &e);
		}
	}
	if (c->at >= end) {
		hub_fail(&e, HUB_CONF, "unclosed-quote",
			 "the quoted text does not end on its line");
		hub_hint(&e,
			 "Close it with \". A long text is written as several quoted pieces, one "
			 "behind the other.");
		return bad(c, from, from + 1, &e);
	}
	c->at++;
	hide_in_url(c, from, c->at);
	return emit(c, hub_str_cut(c->src->text, from, c->at), from);
}

static int text(struct cursor *c)
{
	size_t end;
	int rc;

	do {
		if ((rc = piece(c)))
			return rc;
		end = c->at;
		skip(c);
	} while (peek(c) == '"');
	c->at = end;
	return HUB_OK;
}

static int hex_digit(char ch)
{
	return is_digit(ch)             ? ch - '0'
	       : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10
	       : ch >= 'A' && ch <= 'F' ? ch - 'A' + 10
					: -1;
}

/* 0 fine, -1 not an integer, -2 too large. */
static int read_integer(struct hub_str t, int64_t *out)
{
	if (hub_str_ends(t, HUB_STR("L")))
		t.len--;
	if (hub_str_ends(t, HUB_STR("L")))
		t.len--;
	if (!hub_str_starts(t, HUB_STR("0x")) && !hub_str_starts(t, HUB_STR("0X")))
		return hub_parse_i64(t, INT64_MIN, INT64_MAX, out);
	uint64_t v = 0;
	for (size_t i = 2; i < t.len; i++) {
		const int d = hex_digit(t.ptr[i]);
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

static int number(struct cursor *c, int in_array)
{
	const size_t from = c->at;
	struct hub_err e;
	int64_t v = 0;
	char out[32];

	while (is_name(peek(c)) || peek(c) == '.' || peek(c) == '+')
		c->at++;
	const struct hub_str t = hub_str_cut(c->src->text, from, c->at);
	const int no_int = read_integer(t, &v);
	if (no_int == -1 && is_float(t))
		return emit(c, t, from);
	if (no_int == -1) {
		hub_fail(&e, HUB_CONF, "not-a-number", "this is not a number");
		hub_hint(&e, "Text stands in quotes.");
		return bad(c, from, c->at, &e);
	}
	if (no_int == -2) {
		hub_fail(&e, HUB_CONF, "integer-range", "the number is larger than 63 bits");
		hub_hint(&e, "Numbers go up to %lld; a long code stands in quotes.",
			 (long long)INT64_MAX);
		return bad(c, from, c->at, &e);
	}
	if (leading_zero(t)) {
		hub_fail(&e, HUB_CONF, "leading-zero", "the number would lose its leading zero");
		hub_hint(&e, "A code stands in quotes.");
		return bad(c, from, c->at, &e);
	}
	/* libconfig cuts a number over 31 bits without L silently, and wants one type in an array */
	const int wide =
	    in_array || v < INT32_MIN || v > INT32_MAX || hub_str_ends(t, HUB_STR("L"));
	const int n = snprintf(out, sizeof out, "%lld%s", (long long)v, wide ? "L" : "");
	return emit(c, (struct hub_str){out, (size_t)n}, from);
}

static int is_word(struct hub_str t, const char *word)
{
	return t.len == strlen(word) && strncasecmp(t.ptr, word, t.len) == 0;
}

/* true, false; anything else is text that lacks its quotes, or no value at all. */
static int word(struct cursor *c)
{
	const size_t from = c->at;
	struct hub_err e;

	while (is_name(peek(c)) || (unsigned char)peek(c) >= 0x80 || peek(c) == '.' ||
	       peek(c) == '/')
		c->at++;
	const struct hub_str t = hub_str_cut(c->src->text, from, c->at);
	if (is_word(t, "true") || is_word(t, "false"))
		return emit(c, t, from);
	if (t.len) {
		hub_fail(&e, HUB_CONF, "missing-quotes", "text stands in quotes");
		hub_hint(&e, "Put it between two \".");
	} else {
		hub_fail(&e, HUB_CONF, "missing-value", "a value is missing here");
		hub_hint(&e, "A value is \"text\", a number, true, false, { group }, ( list ) or [ "
			     "array ].");
	}
	return bad(c, from, c->at, &e);
}

static int scalar(struct cursor *c, int in_array)
{
	const char ch = peek(c);

	if (ch == '"')
		return text(c);
	if (is_digit(ch) || ch == '-' || ch == '+' || ch == '.')
		return number(c, in_array);
	return word(c);
}

static int not_closed(struct cursor *c, size_t open, char end)
{
	struct hub_err e;

	hub_fail(&e, HUB_CONF, "unclosed-bracket", "%c is missing for what begins here", end);
	hub_hint(&e, "Every { ( [ needs its } ) ].");
	return bad(c, open, open + 1, &e);
}

/* Elements of a list or array; c->at is behind the bracket. */
static int elements(struct cursor *c, size_t open, char end)
{
	const int in_array = end == ']';
	size_t comma = 0;
	int rc;

	for (;;) {
		skip(c);
		if (at_end(c) || peek(c) == '}' || peek(c) == ';')
			return not_closed(c, open, end);
		if (peek(c) == end)
			break; /* also behind a comma, as newer libconfigs have it */
		if (comma && (rc = emit(c, HUB_STR(","), comma)))
			return rc;
		struct hub_conf_node *n = add_node(c->s, place(c, c->at, c->at));
		if (!n)
			return HUB_FATAL;
		const size_t from = c->at;
		if ((rc = value(c, n, in_array)))
			return rc;
		n->name = n->value = place(c, from, c->at);
		skip(c);
		if (peek(c) == end)
			break;
		if (peek(c) != ',')
			return not_closed(c, open, end);
		comma = c->at++;
	}
	c->at++;
	return emit(c, (struct hub_str){&end, 1}, c->at - 1);
}

/* ---- settings ---- */

static int full_width(const struct cursor *c, struct hub_err *e)
{
	size_t at = c->at;
	const int32_t cp = hub_utf8_next(c->src->text, &at);

	if (cp == 0x3000 || (cp >= 0xff01 && cp <= 0xff5e) || cp == 0x201c || cp == 0x201d) {
		hub_fail(e, HUB_CONF, "full-width",
			 "a full-width character stands outside of quotes");
		hub_hint(e, "Use the half-width one; full-width characters are text, in quotes.");
		return 1;
	}
	return 0;
}

static int name(struct cursor *c, struct hub_str *out)
{
	const size_t from = c->at;
	struct hub_err e;

	if (is_letter(peek(c)) || peek(c) == '*') {
		while (is_name(peek(c)))
			c->at++;
		*out = hub_str_cut(c->src->text, from, c->at);
		return HUB_OK;
	}
	while (!at_end(c) && !is_blank(peek(c)) && !strchr("=:;,{}()[]\"", peek(c)))
		c->at++;
	if (c->at == from)
		c->at++;
	const size_t end = c->at;
	c->at = from;
	if (!full_width(c, &e)) {
		hub_fail(&e, HUB_CONF, "setting-name", "the name of a setting is expected here");
		hub_hint(&e, "A name begins with a letter A-Z and holds letters, digits, - and _.");
	}
	c->at = end;
	return bad(c, from, end, &e);
}

static int is_sensitive(struct hub_str n)
{
	static const char *const words[] = {"pass", "secret", "token", "credential"};

	for (size_t w = 0; w < HUB_COUNT(words); w++)
		for (size_t i = 0; i + strlen(words[w]) <= n.len; i++)
			if (strncasecmp(n.ptr + i, words[w], strlen(words[w])) == 0)
				return 1;
	return 0;
}

static const struct hub_conf_node *same_name(const struct hub_conf_node *group, struct hub_str n)
{
	for (const struct hub_conf_node *x = group->last; x; x = x->before)
		if (hub_str_eq(hub_str_cut(x->name.src->text, x->name.at, x->name.at + x->name.len),
			       n))
			return x;
	return NULL;
}

static int repeated(struct cursor *c, const struct hub_conf_node *first, size_t from,
		    struct hub_str n)
{
	struct hub_err e;
	unsigned line, col;

	hub_place_line(first->name, &line, &col);
	hub_fail(&e, HUB_CONF, "repeated", "\"%.*s\" is already set", HUB_FMT(n));
	hub_hint(&e, "It stands in %s:%u, too; remove one of them.", first->name.src->name, line);
	return bad(c, from, from + n.len, &e);
}

/* = or : between name and value. Without it what follows is still read. */
static void equals(struct cursor *c, struct hub_str n)
{
	const size_t end = c->at;
	struct hub_err e;

	skip(c);
	if (peek(c) == '=' || peek(c) == ':') {
		c->at++;
		return;
	}
	if (at_end(c) || !full_width(c, &e)) {
		hub_fail(&e, HUB_CONF, "missing-equals", "= or : is missing behind \"%.*s\"",
			 HUB_FMT(n));
		hub_hint(&e, "Write name = value; or name: { ... };");
	}
	const size_t at = line_end(c, end) < c->at ? end : c->at;
	bad(c, at, at + 1, &e);
}

/* One name = value; */
static int setting(struct cursor *c, struct hub_conf_node *group)
{
	const size_t from = c->at;
	struct hub_str n;
	int rc;

	if ((rc = name(c, &n)))
		return rc;
	const struct hub_conf_node *first = same_name(group, n);
	if (first)
		repeated(c, first, from, n);
	if ((rc = emit(c, n, from)))
		return rc;
	struct hub_conf_node *node = add_node(c->s, place(c, from, c->at));
	if (!node)
		return HUB_FATAL;
	equals(c, n);
	if ((rc = emit(c, HUB_STR("="), c->at)))
		return rc;
	skip(c);
	const size_t start = c->at;
	if (is_sensitive(n))
		hub_report_hide(c->s->report, place(c, start, line_end(c, start)));
	if ((rc = value(c, node, 0)))
		return rc;
	node->value = place(c, start, c->at);
	if (first)
		return HUB_REJECT; /* reported; read only to find its end */
	node->before = group->last;
	group->last = node;
	skip(c);
	if (peek(c) == ';' || peek(c) == ',')
		c->at++;
	return emit(c, HUB_STR(";"), c->at);
}

/* @include "file" */
static int include(struct cursor *c, struct hub_conf_node *group)
{
	const struct hub_str word_ = HUB_STR("@include");
	const size_t from = c->at;
	struct hub_err e;

	if (starts(c, word_)) {
		c->at += word_.len;
		skip(c);
	}
	const size_t quote = c->at, end = line_end(c, quote);
	size_t close = quote + 1;
	while (close < end && c->src->text.ptr[close] != '"')
		close++;
	if (peek(c) != '"' || close >= end) {
		hub_fail(&e, HUB_CONF, "include", "this is no @include");
		hub_hint(&e, "Write @include \"file.cfg\" on a line of its own.");
		skip_line(c);
		return bad(c, from, from + 1, &e);
	}
	c->at = close + 1;
	const struct hub_str file = hub_str_cut(c->src->text, quote + 1, close);
	if (c->includes == MAX_INCLUDES) {
		hub_fail(&e, HUB_CONF, "include", "files include one another too deeply");
		hub_hint(&e, "Does a file include itself?");
		return bad(c, quote, c->at, &e);
	}
	const char *slash = file.len && file.ptr[0] == '/' ? NULL : strrchr(c->src->name, '/');
	const struct hub_str path =
	    hub_arena_printf(c->s->arena, "%.*s%.*s", slash ? (int)(slash + 1 - c->src->name) : 0,
			     c->src->name, HUB_FMT(file));
	if (!path.ptr)
		return HUB_FATAL;
	return read_source(c->s, path.ptr, place(c, quote, c->at), c->includes + 1, c->depth,
			   group);
}

/* Moves over a quoted text or a comment; 0 if there is none here. */
static int skip_opaque(struct cursor *c)
{
	const size_t from = c->at;

	if (peek(c) == '"') {
		const size_t end = line_end(c, from);
		for (c->at++; c->at < end && peek(c) != '"'; c->at++)
			if (peek(c) == '\\' && c->at + 1 < end)
				c->at++;
		if (c->at < end)
			c->at++;
	} else if (peek(c) == '#' || starts(c, HUB_STR("//"))) {
		skip_line(c);
	} else if (starts(c, HUB_STR("/*"))) {
		const size_t end = hub_str_find(c->src->text, HUB_STR("*/"), from + 2);
		c->at = end == (size_t)-1 ? c->src->text.len : end + 2;
	}
	return c->at > from;
}

/* Where reading goes on behind a broken setting: behind its end of line or semicolon, brackets
 * that it opened being closed. If they are not, behind the line of the fault. */
static void find_footing(struct cursor *c, size_t start)
{
	const size_t fault = c->at;
	char want[MAX_DEPTH]; /* the brackets that are still to come */
	int open = 0;

	for (c->at = start; !at_end(c);) {
		if (skip_opaque(c))
			continue;
		const char ch = peek(c);
		if (open == 0 && (ch == '\n' || ch == '}'))
			return;
		c->at++;
		if (open == 0 && ch == ';')
			return;
		if (ch == '{' || ch == '(' || ch == '[') {
			if (open == MAX_DEPTH)
				break;
			want[open++] = ch == '{' ? '}' : ch == '(' ? ')' : ']';
		} else if (ch == '}' || ch == ')' || ch == ']') {
			if (open > 0 && want[--open] != ch) {
				open = 1;
				break;
			}
		}
	}
	if (open)
		c->at = line_end(c, fault);
}

/* Settings up to a closing bracket or the end of the file. */
static int settings(struct cursor *c, struct hub_conf_node *group)
{
	struct hub_scan *s = c->s;

	for (;;) {
		skip(c);
		const char ch = peek(c);
		if (at_end(c) || ch == '}')
			return HUB_OK;
		const size_t start = c->at, len = s->out.len, nlines = s->nlines, count = s->count;
		const int rc = ch == '@' ? include(c, group) : setting(c, group);
		if (rc == HUB_FATAL)
			return rc;
		if (!rc)
			continue;
		group->torn = 1;
		if (ch == '@')
			continue;
		s->out.len = len;
		s->nlines = nlines;
		s->count = count;
		find_footing(c, start);
	}
}

static int group_value(struct cursor *c, struct hub_conf_node *n)
{
	const size_t open = c->at++;
	int rc;

	if ((rc = emit(c, HUB_STR("{"), open)) || (rc = settings(c, n)))
		return rc;
	if (at_end(c)) {
		not_closed(c, open, '}'); /* what was read of it is still worth checking */
		n->torn = 1;
	} else {
		c->at++;
	}
	return emit(c, HUB_STR("}"), c->at);
}

static int same_types(struct cursor *c, size_t first)
{
	struct hub_scan *s = c->s;
	struct hub_err e;
	char kind = '\0';

	for (size_t i = first; i < s->count; i++) {
		const struct hub_place p = s->nodes[i]->value;
		const char ch = p.src->text.ptr[p.at];
		const struct hub_str t = hub_str_cut(p.src->text, p.at, p.at + p.len);
		int64_t v;
		const char k = ch == '"'             ? '"'
			       : is_letter(ch)       ? 'b'
			       : read_integer(t, &v) ? 'f'
						     : 'i';
		if (kind && k != kind) {
			hub_fail(&e, HUB_CONF, "mixed-array",
				 "an array holds values of one type only");
			hub_hint(&e, "Use ( ) instead of [ ], or make them all of one type.");
			return bad(c, p.at, p.at + p.len, &e);
		}
		kind = k;
	}
	return HUB_OK;
}

static int list_value(struct cursor *c, char end)
{
	const size_t open = c->at++, first = c->s->count;
	const char bracket = c->src->text.ptr[open];
	int rc;

	if ((rc = emit(c, (struct hub_str){&bracket, 1}, open)) || (rc = elements(c, open, end)))
		return rc;
	return end == ']' ? same_types(c, first) : HUB_OK;
}

static int value(struct cursor *c, struct hub_conf_node *n, int in_array)
{
	const char ch = peek(c);
	int rc;

	if (in_array || (ch != '{' && ch != '(' && ch != '['))
		return scalar(c, in_array);
	if (++c->depth > MAX_DEPTH) {
		struct hub_err e;
		hub_fail(&e, HUB_CONF, "too-deep", "more than %d levels of groups and lists",
			 MAX_DEPTH);
		c->depth--;
		return bad(c, c->at, c->at + 1, &e);
	}
	if (ch == '{')
		rc = group_value(c, n);
	else
		rc = list_value(c, ch == '(' ? ')' : ']');
	c->depth--;
	return rc;
}

/* ---- files ---- */

/* Bytes no configuration has. */
static int check_bytes(struct cursor *c)
{
	const struct hub_str t = c->src->text;
	const size_t valid = hub_utf8_valid(t);
	const char *nul = t.len ? memchr(t.ptr, '\0', t.len) : NULL;
	struct hub_err e;

	if (valid != t.len) {
		hub_fail(&e, HUB_CONF, "not-utf8", "the file is not UTF-8");
		hub_hint(&e, "Save it as UTF-8 (in Notepad: Save as, Encoding UTF-8).");
		return bad(c, valid, valid + 1, &e);
	}
	if (nul) {
		hub_fail(&e, HUB_CONF, "nul-byte", "the file holds a NUL byte");
		hub_hint(&e, "Is it a configuration, saved as UTF-8 text?");
		return bad(c, (size_t)(nul - t.ptr), (size_t)(nul - t.ptr) + 1, &e);
	}
	return HUB_OK;
}

/* All settings of a file whose text is there. */
static int read_text(struct cursor *c, struct hub_conf_node *group)
{
	struct hub_err e;
	int rc;

	if (hub_str_starts(c->src->text, HUB_STR("\xef\xbb\xbf")))
		c->src->text = hub_str_from(c->src->text, 3);
	if ((rc = check_bytes(c)))
		return rc;
	while (!(rc = settings(c, group)) && !at_end(c)) {
		hub_fail(&e, HUB_CONF, "stray-bracket", "nothing is open that this } could close");
		hub_hint(&e, "Remove it, or look for the { that is missing.");
		bad(c, c->at, c->at + 1, &e);
		c->at++;
		skip(c);
		if (peek(c) == ';' || peek(c) == ',')
			c->at++;
	}
	return rc;
}

static struct hub_source *new_source(struct hub_scan *s, const char *name)
{
	struct hub_source *src = hub_alloc0(s->arena, sizeof *src);
	const char *copy = hub_arena_cstr(s->arena, hub_str_of(name));

	if (!src || !copy)
		return NULL;
	src->name = copy;
	return src;
}

/* from: the @include that asks; src NULL for the first file. */
static int read_source(struct hub_scan *s, const char *path, struct hub_place from, int includes,
		       int depth, struct hub_conf_node *group)
{
	struct hub_source *src = new_source(s, path);
	struct cursor c = {s, src, 0, includes, depth};
	struct hub_err e = {0};

	if (!src)
		return HUB_FATAL;
	if (hub_file_read(s->arena, path, MAX_FILE, &src->text, &e)) {
		hub_report_add(s->report, from, &e);
		return HUB_REJECT;
	}
	return read_text(&c, group);
}

static struct hub_conf_node *begin(struct hub_scan *s, struct hub_arena *a, struct hub_report *r)
{
	*s = (struct hub_scan){.arena = a, .report = r};
	hub_buf_init(&s->out, 2 * (size_t)MAX_FILE);
	return add_node(s, (struct hub_place){0});
}

int hub_scan_file(struct hub_scan *s, struct hub_arena *a, struct hub_report *r, const char *path)
{
	struct hub_conf_node *root = begin(s, a, r);

	return root ? read_source(s, path, (struct hub_place){0}, 0, 0, root) : HUB_FATAL;
}

int hub_scan_text(struct hub_scan *s, struct hub_arena *a, struct hub_report *r, const char *name,
		  struct hub_str text)
{
	struct hub_conf_node *root = begin(s, a, r);
	struct hub_source *src = new_source(s, name);
	struct cursor c = {s, src, 0, 0, 0};

	if (!root || !src)
		return HUB_FATAL;
	src->text = text;
	return read_text(&c, root);
}

void hub_scan_free(struct hub_scan *s)
{
	hub_buf_free(&s->out);
}
