#include "conf/scan.h"

#include "base/io.h"
#include "base/str.h"
#include "conf/token.h"

#include <strings.h>

enum {
	MAX_FILE = 16 << 20, /* one file, and all of them together */
	MAX_DEPTH = 64,      /* of groups and lists */
	MAX_INCLUDES = 8,    /* inside one another: more is a circle */
};

static int read_source(struct hub_scan *s, const char *path, struct hub_place from, int includes,
		       int depth, struct hub_conf_node *group);
static int value(struct hub_cur *c, struct hub_conf_node *n, int in_array);

static int not_closed(struct hub_cur *c, size_t open, char end)
{
	struct hub_err e;

	hub_fail(&e, HUB_CONF, "unclosed-bracket", "%c is missing for what begins here", end);
	hub_hint(&e, "Every { ( [ needs its } ) ].");
	return hub_cur_bad(c, open, open + 1, &e);
}

/* Elements of a list or array; c->at is behind the bracket. */
static int elements(struct hub_cur *c, size_t open, char end)
{
	const int in_array = end == ']';
	size_t comma = 0;
	int rc;

	for (;;) {
		hub_cur_skip(c);
		if (hub_cur_end(c) || hub_cur_peek(c) == '}' || hub_cur_peek(c) == ';')
			return not_closed(c, open, end);
		if (hub_cur_peek(c) == end)
			break; /* also behind a comma, as newer libconfigs have it */
		if (comma && (rc = hub_cur_emit(c, HUB_STR(","), comma)))
			return rc;
		struct hub_conf_node *n = hub_scan_node(c->s, hub_cur_place(c, c->at, c->at));
		if (!n)
			return HUB_FATAL;
		const size_t from = c->at;
		if ((rc = value(c, n, in_array)))
			return rc;
		n->name = n->value = hub_cur_place(c, from, c->at);
		hub_cur_skip(c);
		if (hub_cur_peek(c) == end)
			break;
		if (hub_cur_peek(c) != ',')
			return not_closed(c, open, end);
		comma = c->at++;
	}
	c->at++;
	return hub_cur_emit(c, (struct hub_str){&end, 1}, c->at - 1);
}

/* ---- settings ---- */

static int full_width(const struct hub_cur *c, struct hub_err *e)
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

static int name(struct hub_cur *c, struct hub_str *out)
{
	const size_t from = c->at;
	struct hub_err e;

	if (hub_cur_is_letter(hub_cur_peek(c)) || hub_cur_peek(c) == '*') {
		while (hub_cur_is_name(hub_cur_peek(c)))
			c->at++;
		*out = hub_str_cut(c->src->text, from, c->at);
		return HUB_OK;
	}
	while (!hub_cur_end(c) && !hub_cur_is_blank(hub_cur_peek(c)) &&
	       !strchr("=:;,{}()[]\"", hub_cur_peek(c)))
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
	return hub_cur_bad(c, from, end, &e);
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

static int repeated(struct hub_cur *c, const struct hub_conf_node *first, size_t from,
		    struct hub_str n)
{
	struct hub_err e;
	unsigned line, col;

	hub_place_line(first->name, &line, &col);
	hub_fail(&e, HUB_CONF, "repeated", "\"%.*s\" is already set", HUB_FMT(n));
	hub_hint(&e, "It stands in %s:%u, too; remove one of them.", first->name.src->name, line);
	return hub_cur_bad(c, from, from + n.len, &e);
}

/* = or : between name and value. Without it what follows is still read. */
static void equals(struct hub_cur *c, struct hub_str n)
{
	const size_t end = c->at;
	struct hub_err e;

	hub_cur_skip(c);
	if (hub_cur_peek(c) == '=' || hub_cur_peek(c) == ':') {
		c->at++;
		return;
	}
	if (hub_cur_end(c) || !full_width(c, &e)) {
		hub_fail(&e, HUB_CONF, "missing-equals", "= or : is missing behind \"%.*s\"",
			 HUB_FMT(n));
		hub_hint(&e, "Write name = value; or name: { ... };");
	}
	const size_t at = hub_cur_line_end(c, end) < c->at ? end : c->at;
	hub_cur_bad(c, at, at + 1, &e);
}

/* One name = value; */
static int setting(struct hub_cur *c, struct hub_conf_node *group)
{
	const size_t from = c->at;
	struct hub_str n;
	int rc;

	if ((rc = name(c, &n)))
		return rc;
	const struct hub_conf_node *first = same_name(group, n);
	if (first)
		repeated(c, first, from, n);
	if ((rc = hub_cur_emit(c, n, from)))
		return rc;
	struct hub_conf_node *node = hub_scan_node(c->s, hub_cur_place(c, from, c->at));
	if (!node)
		return HUB_FATAL;
	equals(c, n);
	if ((rc = hub_cur_emit(c, HUB_STR("="), c->at)))
		return rc;
	hub_cur_skip(c);
	const size_t start = c->at;
	if (is_sensitive(n))
		hub_report_hide(c->s->report, hub_cur_place(c, start, hub_cur_line_end(c, start)));
	if ((rc = value(c, node, 0)))
		return rc;
	node->value = hub_cur_place(c, start, c->at);
	if (first)
		return HUB_REJECT; /* reported; read only to find its end */
	node->before = group->last;
	group->last = node;
	hub_cur_skip(c);
	if (hub_cur_peek(c) == ';' || hub_cur_peek(c) == ',')
		c->at++;
	return hub_cur_emit(c, HUB_STR(";"), c->at);
}

/* @include "file" */
static int include(struct hub_cur *c, struct hub_conf_node *group)
{
	const struct hub_str word_ = HUB_STR("@include");
	const size_t from = c->at;
	struct hub_err e;

	if (hub_cur_starts(c, word_)) {
		c->at += word_.len;
		hub_cur_skip(c);
	}
	const size_t quote = c->at, end = hub_cur_line_end(c, quote);
	size_t close = quote + 1;
	while (close < end && c->src->text.ptr[close] != '"')
		close++;
	if (hub_cur_peek(c) != '"' || close >= end) {
		hub_fail(&e, HUB_CONF, "include", "this is no @include");
		hub_hint(&e, "Write @include \"file.cfg\" on a line of its own.");
		hub_cur_skip_line(c);
		return hub_cur_bad(c, from, from + 1, &e);
	}
	c->at = close + 1;
	const struct hub_str file = hub_str_cut(c->src->text, quote + 1, close);
	if (c->includes == MAX_INCLUDES) {
		hub_fail(&e, HUB_CONF, "include", "files include one another too deeply");
		hub_hint(&e, "Does a file include itself?");
		return hub_cur_bad(c, quote, c->at, &e);
	}
	const char *slash = file.len && file.ptr[0] == '/' ? NULL : strrchr(c->src->name, '/');
	const struct hub_str path =
	    hub_arena_printf(c->s->arena, "%.*s%.*s", slash ? (int)(slash + 1 - c->src->name) : 0,
			     c->src->name, HUB_FMT(file));
	if (!path.ptr)
		return HUB_FATAL;
	return read_source(c->s, path.ptr, hub_cur_place(c, quote, c->at), c->includes + 1,
			   c->depth, group);
}

/* Moves over a quoted text or a comment; 0 if there is none here. */
static int skip_opaque(struct hub_cur *c)
{
	const size_t from = c->at;

	if (hub_cur_peek(c) == '"') {
		const size_t end = hub_cur_line_end(c, from);
		for (c->at++; c->at < end && hub_cur_peek(c) != '"'; c->at++)
			if (hub_cur_peek(c) == '\\' && c->at + 1 < end)
				c->at++;
		if (c->at < end)
			c->at++;
	} else if (hub_cur_peek(c) == '#' || hub_cur_starts(c, HUB_STR("//"))) {
		hub_cur_skip_line(c);
	} else if (hub_cur_starts(c, HUB_STR("/*"))) {
		const size_t end = hub_str_find(c->src->text, HUB_STR("*/"), from + 2);
		c->at = end == (size_t)-1 ? c->src->text.len : end + 2;
	}
	return c->at > from;
}

/* Where reading goes on behind a broken setting: behind its end of line or semicolon, brackets
 * that it opened being closed. If they are not, behind the line of the fault. */
static void find_footing(struct hub_cur *c, size_t start)
{
	const size_t fault = c->at;
	char want[MAX_DEPTH]; /* the brackets that are still to come */
	int open = 0;

	for (c->at = start; !hub_cur_end(c);) {
		if (skip_opaque(c))
			continue;
		const char ch = hub_cur_peek(c);
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
		c->at = hub_cur_line_end(c, fault);
}

/* Settings up to a closing bracket or the end of the file. */
static int settings(struct hub_cur *c, struct hub_conf_node *group)
{
	struct hub_scan *s = c->s;

	for (;;) {
		hub_cur_skip(c);
		const char ch = hub_cur_peek(c);
		if (hub_cur_end(c) || ch == '}')
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

static int group_value(struct hub_cur *c, struct hub_conf_node *n)
{
	const size_t open = c->at++;
	int rc;

	if ((rc = hub_cur_emit(c, HUB_STR("{"), open)) || (rc = settings(c, n)))
		return rc;
	if (hub_cur_end(c)) {
		not_closed(c, open, '}'); /* what was read of it is still worth checking */
		n->torn = 1;
	} else {
		c->at++;
	}
	return hub_cur_emit(c, HUB_STR("}"), c->at);
}

static int same_types(struct hub_cur *c, size_t first)
{
	struct hub_scan *s = c->s;
	struct hub_err e;
	char kind = '\0';

	for (size_t i = first; i < s->count; i++) {
		const struct hub_place p = s->nodes[i]->value;
		const char ch = p.src->text.ptr[p.at];
		const struct hub_str t = hub_str_cut(p.src->text, p.at, p.at + p.len);
		int64_t v;
		const char k = ch == '"'                ? '"'
			       : hub_cur_is_letter(ch)  ? 'b'
			       : hub_cur_integer(t, &v) ? 'f'
							: 'i';
		if (kind && k != kind) {
			hub_fail(&e, HUB_CONF, "mixed-array",
				 "an array holds values of one type only");
			hub_hint(&e, "Use ( ) instead of [ ], or make them all of one type.");
			return hub_cur_bad(c, p.at, p.at + p.len, &e);
		}
		kind = k;
	}
	return HUB_OK;
}

static int list_value(struct hub_cur *c, char end)
{
	const size_t open = c->at++, first = c->s->count;
	const char bracket = c->src->text.ptr[open];
	int rc;

	if ((rc = hub_cur_emit(c, (struct hub_str){&bracket, 1}, open)) ||
	    (rc = elements(c, open, end)))
		return rc;
	return end == ']' ? same_types(c, first) : HUB_OK;
}

static int value(struct hub_cur *c, struct hub_conf_node *n, int in_array)
{
	const char ch = hub_cur_peek(c);
	int rc;

	if (in_array || (ch != '{' && ch != '(' && ch != '['))
		return hub_cur_scalar(c, in_array);
	if (++c->depth > MAX_DEPTH) {
		struct hub_err e;
		hub_fail(&e, HUB_CONF, "too-deep", "more than %d levels of groups and lists",
			 MAX_DEPTH);
		c->depth--;
		return hub_cur_bad(c, c->at, c->at + 1, &e);
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
static int check_bytes(struct hub_cur *c)
{
	const struct hub_str t = c->src->text;
	const size_t valid = hub_utf8_valid(t);
	const char *nul = t.len ? memchr(t.ptr, '\0', t.len) : NULL;
	struct hub_err e;

	if (valid != t.len) {
		hub_fail(&e, HUB_CONF, "not-utf8", "the file is not UTF-8");
		hub_hint(&e, "Save it as UTF-8 (in Notepad: Save as, Encoding UTF-8).");
		return hub_cur_bad(c, valid, valid + 1, &e);
	}
	if (nul) {
		hub_fail(&e, HUB_CONF, "nul-byte", "the file holds a NUL byte");
		hub_hint(&e, "Is it a configuration, saved as UTF-8 text?");
		return hub_cur_bad(c, (size_t)(nul - t.ptr), (size_t)(nul - t.ptr) + 1, &e);
	}
	return HUB_OK;
}

/* All settings of a file whose text is there. */
static int read_text(struct hub_cur *c, struct hub_conf_node *group)
{
	struct hub_err e;
	int rc;

	if (hub_str_starts(c->src->text, HUB_STR("\xef\xbb\xbf")))
		c->src->text = hub_str_from(c->src->text, 3);
	if ((rc = check_bytes(c)))
		return rc;
	while (!(rc = settings(c, group)) && !hub_cur_end(c)) {
		hub_fail(&e, HUB_CONF, "stray-bracket", "nothing is open that this } could close");
		hub_hint(&e, "Remove it, or look for the { that is missing.");
		hub_cur_bad(c, c->at, c->at + 1, &e);
		c->at++;
		hub_cur_skip(c);
		if (hub_cur_peek(c) == ';' || hub_cur_peek(c) == ',')
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
	struct hub_cur c = {s, src, 0, includes, depth};
	struct hub_err e = {0};

	if (!src)
		return HUB_FATAL;
	const int rc = hub_file_read(s->arena, path, MAX_FILE, &src->text, &e);
	if (rc) {
		hub_report_add(s->report, from, &e);
		return rc == HUB_FATAL ? rc : HUB_REJECT;
	}
	return read_text(&c, group);
}

static struct hub_conf_node *begin(struct hub_scan *s, struct hub_arena *a, struct hub_report *r)
{
	*s = (struct hub_scan){.arena = a, .report = r};
	hub_buf_init(&s->out, 2 * (size_t)MAX_FILE);
	return hub_scan_node(s, (struct hub_place){0});
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
	struct hub_cur c = {s, src, 0, 0, 0};

	if (!root || !src)
		return HUB_FATAL;
	src->text = text;
	return read_text(&c, root);
}

void hub_scan_free(struct hub_scan *s)
{
	hub_buf_free(&s->out);
}
