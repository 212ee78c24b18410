#include "conf/report.h"

#include "base/buf.h"
#include "base/str.h"

enum { LONGEST_EXCERPT = 2000 };

struct problem {
	struct problem *next;
	struct hub_place place;
	struct hub_err err;
};

struct hidden {
	struct hidden *next;
	struct hub_place place;
};

struct hub_report {
	struct hub_arena *arena;
	struct problem *first;
	struct hidden *hidden;
	size_t count;
};

struct hub_report *hub_report_new(struct hub_arena *a)
{
	struct hub_report *r = hub_alloc0(a, sizeof *r);

	if (r)
		r->arena = a;
	return r;
}

void hub_place_line(struct hub_place p, unsigned *line, unsigned *col)
{
	size_t start = 0;

	*line = 1;
	for (size_t i = 0; i < p.at && i < p.src->text.len; i++)
		if (p.src->text.ptr[i] == '\n') {
			++*line;
			start = i + 1;
		}
	*col = 1 + (unsigned)hub_utf8_count(hub_str_cut(p.src->text, start, p.at));
}

/* Files in the order in which they had their first problem. */
static int goes_before(const struct problem *x, const struct problem *y)
{
	return x->place.src == y->place.src && x->place.at < y->place.at;
}

void hub_report_add(struct hub_report *r, struct hub_place place, const struct hub_err *err)
{
	struct problem *x = hub_alloc0(r->arena, sizeof *x);
	struct problem **at = &r->first;

	r->count++;
	if (!x)
		return;
	*x = (struct problem){.place = place, .err = *err};
	if (place.src) {
		unsigned line, col;
		hub_place_line(place, &line, &col);
		hub_where(&x->err, "%s:%u:%u", place.src->name, line, col);
	}
	/* behind its own file's last problem that is not behind it; else at the end */
	struct problem **end = NULL;
	for (; *at; at = &(*at)->next) {
		if (goes_before(x, *at))
			break;
		if ((*at)->place.src == place.src)
			end = &(*at)->next;
	}
	if (!*at && end)
		at = end;
	x->next = *at;
	*at = x;
}

void hub_report_hide(struct hub_report *r, struct hub_place place)
{
	struct hidden *h = hub_alloc0(r->arena, sizeof *h);

	if (!h)
		return;
	*h = (struct hidden){.next = r->hidden, .place = place};
	r->hidden = h;
}

size_t hub_report_count(const struct hub_report *r)
{
	return r->count;
}

const struct hub_err *hub_report_at(const struct hub_report *r, size_t i)
{
	const struct problem *x = r->first;

	while (x && i-- > 0)
		x = x->next;
	return x ? &x->err : NULL;
}

int hub_report_result(const struct hub_report *r, struct hub_err *err)
{
	if (r->count == 0)
		return HUB_OK;
	hub_fail(err, HUB_CONF, "configuration", "the configuration has %zu problem(s)", r->count);
	hub_hint(err, "Correct what is listed above; nothing was started.");
	return HUB_CONF;
}

/* ---- the excerpt ---- */

/* Takes two columns on a terminal. Coarse, and enough for a caret. */
static int is_wide(int32_t cp)
{
	return (cp >= 0x1100 && cp <= 0x115f) || (cp >= 0x2e80 && cp <= 0xa4cf) ||
	       (cp >= 0xac00 && cp <= 0xd7a3) || (cp >= 0xf900 && cp <= 0xfaff) ||
	       (cp >= 0xfe30 && cp <= 0xfe6f) || (cp >= 0xff01 && cp <= 0xff60) ||
	       (cp >= 0xffe0 && cp <= 0xffe6) || cp >= 0x20000;
}

/* End of the secret that covers byte `at`, or 0. */
static size_t hidden_until(const struct hub_report *r, const struct hub_source *src, size_t at)
{
	for (const struct hidden *h = r->hidden; h; h = h->next)
		if (h->place.src == src && at >= h->place.at && at < h->place.at + h->place.len)
			return h->place.at + h->place.len;
	return 0;
}

struct excerpt {
	struct hub_buf line, caret;
};

/* Adds one character of the line, and under it a caret or as much blank. */
static void add_char(struct excerpt *x, struct hub_str ch, int32_t cp, int marked)
{
	const int wide = cp > 0 && is_wide(cp);

	if (cp == '\t') {
		hub_buf_putc(&x->line, '\t');
		hub_buf_putc(&x->caret, '\t');
		return;
	}
	if (cp < ' ' || cp == 0x7f) /* control, or no UTF-8 */
		hub_buf_puts(&x->line, "?");
	else
		hub_buf_str(&x->line, ch);
	hub_buf_puts(&x->caret, marked ? wide ? "^^" : "^" : wide ? "\xe3\x80\x80" : " ");
}

static void make_excerpt(const struct hub_report *r, struct hub_place p, struct excerpt *x)
{
	const struct hub_str text = p.src->text;
	size_t start = p.at < text.len ? p.at : text.len, at, caret_end = 0;

	while (start > 0 && text.ptr[start - 1] != '\n')
		start--;
	for (at = start; at < text.len && text.ptr[at] != '\n' && text.ptr[at] != '\r';) {
		const size_t from = at, secret = hidden_until(r, p.src, at);
		if (secret) {
			for (int i = 0; i < 3; i++)
				add_char(x, HUB_STR("*"), '*', p.at >= from && p.at < secret);
			at = secret < text.len ? secret : text.len;
			if (p.at >= from && p.at < secret)
				caret_end = x->caret.len;
			if (memchr(text.ptr + from, '\n', at - from))
				break;
			continue;
		}
		const int32_t cp = hub_utf8_next(text, &at);
		const int marked = from >= p.at && from < p.at + (p.len ? p.len : 1);
		add_char(x, hub_str_cut(text, from, at), cp, marked);
		if (marked)
			caret_end = x->caret.len;
	}
	/* at the end of the line, or all of it hidden: one caret, so that there is one */
	if (caret_end)
		x->caret.len = caret_end;
	else
		hub_buf_putc(&x->caret, '^');
}

static void print_excerpt(const struct hub_report *r, const struct problem *p, FILE *out)
{
	struct excerpt x;
	unsigned line, col;

	hub_place_line(p->place, &line, &col);
	hub_buf_init(&x.line, LONGEST_EXCERPT);
	hub_buf_init(&x.caret, LONGEST_EXCERPT);
	make_excerpt(r, p->place, &x);
	if (hub_buf_ok(&x.line) && hub_buf_ok(&x.caret)) {
		fprintf(out, "%5u | %.*s\n", line, HUB_FMT(hub_buf_text(&x.line)));
		fprintf(out, "      | %.*s\n", HUB_FMT(hub_buf_text(&x.caret)));
	}
	hub_buf_free(&x.line);
	hub_buf_free(&x.caret);
}

void hub_report_print(const struct hub_report *r, FILE *out)
{
	for (const struct problem *p = r->first; p; p = p->next) {
		if (p->err.where[0])
			fprintf(out, "%s: ", p->err.where);
		fprintf(out, "%s: %s\n", hub_tr("error"), p->err.what);
		if (p->place.src)
			print_excerpt(r, p, out);
		if (p->err.hint[0])
			fprintf(out, "%s: %s\n", hub_tr("hint"), p->err.hint);
	}
}
