#include "base/table.h"

#include "base/clock.h"
#include "base/err.h"

enum { MAX_COLUMNS = 24 };

struct cell {
	struct hub_str text, word; /* word: instead, for people; empty: the text */
	struct hub_str plain; /* instead of a text that would steer the terminal; empty: the text */
	int64_t number;
	uint8_t is_number, is_name; /* a number that names something is copied into commands */
};

struct row {
	struct row *next;
	struct cell cell[];
};

struct hub_table {
	struct hub_arena *arena;
	struct hub_str title;
	uint32_t cols, at; /* at: cells set in the last row */
	struct {
		const char *name, *title;
		int right;
	} col[MAX_COLUMNS];
	struct row *first, *last;
	size_t rows;
	int failed, told; /* told: rows were printed already, and forgotten */
};

int hub_table_form(struct hub_str word)
{
	static const char *const words[] = {"table", "csv", "jsonl", "html"};

	for (int i = 0; i < (int)HUB_COUNT(words); i++)
		if (hub_str_is(word, words[i]))
			return i;
	return -1;
}

struct hub_table *hub_table_new(struct hub_arena *a, struct hub_str title)
{
	struct hub_table *t = hub_alloc0(a, sizeof *t);

	if (!t)
		return NULL;
	t->arena = a;
	t->title = title;
	return t;
}

void hub_table_col(struct hub_table *t, const char *name, const char *title, int right)
{
	if (!t)
		return;
	if (t->cols == MAX_COLUMNS || t->rows) {
		t->failed = 1;
		return;
	}
	t->col[t->cols].name = name;
	t->col[t->cols].title = title;
	t->col[t->cols++].right = right;
}

static struct cell *next_cell(struct hub_table *t)
{
	if (!t || t->failed || t->cols == 0)
		return NULL;
	if (!t->last || t->at == t->cols) {
		struct row *r = hub_alloc0(t->arena, sizeof *r + t->cols * sizeof r->cell[0]);
		if (!r) {
			t->failed = 1;
			return NULL;
		}
		if (t->last)
			t->last->next = r;
		else
			t->first = r;
		t->last = r;
		t->rows++;
		t->at = 0;
	}
	return &t->last->cell[t->at++];
}

/* Only where it differs. */
static int make_plain(struct hub_table *t, struct cell *c)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, c->text.len * 3 + 1);
	hub_buf_plain(&b, c->text);
	if (hub_buf_ok(&b) && hub_str_eq(hub_buf_text(&b), c->text))
		return 0;
	c->plain = hub_buf_keep(&b, t->arena);
	return c->plain.ptr ? 0 : -1;
}

void hub_table_str(struct hub_table *t, struct hub_str text)
{
	struct cell *c = next_cell(t);

	if (!c)
		return;
	c->text = hub_arena_str(t->arena, text);
	if (!c->text.ptr || make_plain(t, c))
		t->failed = 1;
}

void hub_table_code(struct hub_table *t, struct hub_str code, struct hub_str word)
{
	hub_table_str(t, code);
	if (!t || t->failed || !t->last || !word.len)
		return;
	struct cell *c = &t->last->cell[t->at - 1];
	c->word = hub_arena_str(t->arena, word);
	if (!c->word.ptr)
		t->failed = 1;
}

void hub_table_puts(struct hub_table *t, const char *text)
{
	hub_table_str(t, hub_str_of(text));
}

void hub_table_word(struct hub_table *t, const char *word)
{
	hub_table_code(t, hub_str_of(word), hub_str_of(hub_tr(word)));
}

void hub_table_time(struct hub_table *t, int64_t seconds)
{
	char text[26] = "";

	if (seconds)
		hub_time_jst(seconds, text);
	hub_table_puts(t, text);
}

static void put_number(struct hub_table *t, int64_t n, uint8_t is_name)
{
	struct cell *c = next_cell(t);

	if (!c)
		return;
	c->number = n;
	c->is_number = 1;
	c->is_name = is_name;
	c->text = hub_arena_printf(t->arena, "%lld", (long long)n);
	if (!c->text.ptr)
		t->failed = 1;
}

void hub_table_int(struct hub_table *t, int64_t n)
{
	put_number(t, n, 0);
}

void hub_table_id(struct hub_table *t, int64_t n)
{
	put_number(t, n, 1);
}

size_t hub_table_rows(const struct hub_table *t)
{
	return t ? t->rows : 0;
}

void hub_table_endless(struct hub_table *t, struct hub_arena *cells)
{
	if (t)
		t->arena = cells;
}

void hub_table_forget(struct hub_table *t)
{
	hub_arena_reset(t->arena);
	t->first = t->last = NULL;
	t->rows = 0;
	t->told = 1;
}

/* Columns a text takes on a terminal: East Asian wide characters take two. */
static size_t text_width(struct hub_str s)
{
	size_t at = 0, w = 0;

	while (at < s.len) {
		const int32_t c = hub_utf8_next(s, &at);
		const int wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
				 (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
				 (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
				 (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
				 c >= 0x20000;
		const int none = (c >= 0x300 && c <= 0x36f) || c == 0x3099 || c == 0x309a ||
				 (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef);
		w += none ? 0 : wide ? 2 : 1;
	}
	return w;
}

/* The word of a code, a number with thousands apart: as people read it. */
static struct hub_str shown(const struct cell *c, char *buf, size_t size)
{
	if (c->word.len)
		return c->word;
	if (c->plain.len)
		return c->plain;
	if (!c->is_number || c->is_name || c->text.len < 4)
		return c->text;
	size_t n = 0;
	for (size_t i = 0; i < c->text.len && n + 2 < size; i++) {
		const size_t left = c->text.len - i;
		if (i > 0 && left % 3 == 0 && c->text.ptr[i - 1] != '-')
			buf[n++] = ',';
		buf[n++] = c->text.ptr[i];
	}
	return (struct hub_str){buf, n};
}

static void pad(struct hub_buf *out, size_t n)
{
	while (n-- > 0)
		hub_buf_putc(out, ' ');
}

static void text_cell(struct hub_buf *out, struct hub_str s, size_t width, int right, int last)
{
	const size_t w = text_width(s), fill = width > w ? width - w : 0;

	if (right)
		pad(out, fill);
	for (struct hub_str line; hub_str_next(&s, '\n', &line);) {
		hub_buf_str(out, line);
		if (s.ptr)
			hub_buf_putc(out, ' ');
	}
	if (!right && !last)
		pad(out, fill);
	hub_buf_puts(out, last ? "\n" : "  ");
}

static struct hub_str title_of(const struct hub_table *t, uint32_t c)
{
	return hub_str_of(hub_tr(t->col[c].title));
}

/* No line begins with these. */
static int is_closing(struct hub_str s)
{
	static const char *const signs[] = {"。", "、", "）", "」", "ー"};

	for (size_t i = 0; i < HUB_COUNT(signs); i++)
		if (hub_str_starts(s, hub_str_of(signs[i])))
			return 1;
	return 0;
}

/* Takes off what fits into the width, up to a line end or, where there is one, a blank; a character at least. */
static struct hub_str next_piece(struct hub_str *rest, size_t width)
{
	size_t at = 0, before = 0, blank = 0, next = 0;

	while (next < rest->len) {
		const int32_t c = hub_utf8_next(*rest, &next);
		if (c == '\n' || (at > 0 && text_width(hub_str_cut(*rest, 0, next)) > width))
			break;
		before = at;
		at = next;
		blank = c == ' ' ? at : blank;
	}
	const int line_end = at < rest->len && rest->ptr[at] == '\n';
	if (at < rest->len && blank && !line_end)
		at = blank;
	else if (before > 0 && is_closing(hub_str_from(*rest, at)))
		at = before;
	const struct hub_str out = hub_str_cut(*rest, 0, at);
	*rest = hub_str_from(*rest, at + (line_end ? 1 : 0));
	return out;
}

/* One row, in as many lines as its cells need. */
static void print_row(const struct hub_table *t, const struct row *r, const size_t *width, int fold,
		      struct hub_buf *out)
{
	struct hub_str rest[MAX_COLUMNS];
	char buf[MAX_COLUMNS][40];
	int more = 1;

	for (uint32_t c = 0; c < t->cols; c++)
		rest[c] = r ? shown(&r->cell[c], buf[c], sizeof *buf) : title_of(t, c);
	while (more) {
		more = 0;
		for (uint32_t c = 0; c < t->cols; c++) {
			const struct hub_str s = fold ? next_piece(&rest[c], width[c]) : rest[c];
			text_cell(out, s, width[c], t->col[c].right, c + 1 == t->cols);
			more |= fold && rest[c].len > 0;
		}
	}
}

/* The longest part that is not broken: a word in ASCII (person.birth_date is copied), a number. */
static size_t longest_word(struct hub_str s)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < s.len; i++) {
		n = s.ptr[i] > ' ' && s.ptr[i] <= '~' ? n + 1 : 0;
		most = n > most ? n : most;
	}
	return most;
}

/* Makes columns narrower until all fit, first those of numbers, whose titles alone are wide, then the widest; none less
 * than it needs. 0: they cannot. */
static int make_fit(const struct hub_table *t, size_t fit, size_t *width, const size_t *least)
{
	size_t total = 2 * (size_t)t->cols - 2;

	for (uint32_t c = 0; c < t->cols; c++)
		total += width[c];
	for (; total > fit; total--) {
		uint32_t widest = t->cols;
		for (uint32_t c = 0; c < t->cols; c++)
			if (width[c] > least[c] &&
			    (widest == t->cols || t->col[c].right > t->col[widest].right ||
			     (t->col[c].right == t->col[widest].right && width[c] > width[widest])))
				widest = c;
		if (widest == t->cols)
			return 0;
		width[widest]--;
	}
	return 1;
}

/* A line for each cell, its title in front: what has more columns than a terminal. */
static void print_records(const struct hub_table *t, struct hub_buf *out)
{
	size_t widest = 0;
	char buf[40];

	for (uint32_t c = 0; c < t->cols; c++) {
		const size_t w = text_width(title_of(t, c));
		widest = w > widest ? w : widest;
	}
	for (const struct row *r = t->first; r; r = r->next) {
		for (uint32_t c = 0; c < t->cols; c++) {
			text_cell(out, title_of(t, c), widest, 0, 0);
			text_cell(out, shown(&r->cell[c], buf, sizeof buf), 0, 0, 1);
		}
		if (r->next)
			hub_buf_putc(out, '\n');
	}
}

static void print_text(const struct hub_table *t, size_t fit, struct hub_buf *out)
{
	enum { LEAST = 10, LEAST_NUMBER = 4 };
	size_t width[MAX_COLUMNS], least[MAX_COLUMNS];
	char buf[40];

	for (uint32_t c = 0; c < t->cols; c++) {
		width[c] = text_width(title_of(t, c));
		least[c] = t->col[c].right ? LEAST_NUMBER : LEAST;
		for (const struct row *r = t->first; r; r = r->next) {
			const struct hub_str s = shown(&r->cell[c], buf, sizeof buf);
			const size_t w = text_width(s), word = longest_word(s);
			width[c] = w > width[c] ? w : width[c];
			least[c] = word > least[c] ? word : least[c];
		}
	}
	if (t->title.len) {
		hub_buf_str(out, t->title);
		hub_buf_putc(out, '\n');
	}
	if (fit && t->cols && !make_fit(t, fit, width, least)) {
		print_records(t, out);
		return;
	}
	print_row(t, NULL, width, fit != 0, out);
	for (const struct row *r = t->first; r; r = r->next)
		print_row(t, r, width, fit != 0, out);
}

static void csv_cell(struct hub_buf *out, struct hub_str s, int last)
{
	hub_buf_putc(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"')
			hub_buf_putc(out, '"');
		hub_buf_putc(out, s.ptr[i]);
	}
	hub_buf_puts(out, last ? "\"\r\n" : "\",");
}

static void print_csv(const struct hub_table *t, struct hub_buf *out)
{
	for (uint32_t c = 0; c < t->cols && !t->told; c++)
		csv_cell(out, hub_str_of(hub_tr(t->col[c].title)), c + 1 == t->cols);
	for (const struct row *r = t->first; r; r = r->next)
		for (uint32_t c = 0; c < t->cols; c++)
			csv_cell(out, r->cell[c].text, c + 1 == t->cols);
}

static void print_jsonl(const struct hub_table *t, struct hub_buf *out)
{
	for (const struct row *r = t->first; r; r = r->next) {
		hub_buf_putc(out, '{');
		for (uint32_t c = 0; c < t->cols; c++) {
			if (r->cell[c].is_number)
				hub_json_int(out, t->col[c].name, r->cell[c].number);
			else
				hub_json_field(out, t->col[c].name, r->cell[c].text);
		}
		hub_buf_puts(out, "}\n");
	}
}

void hub_md_str(struct hub_buf *b, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '|')
			hub_buf_putc(b, '\\');
		hub_buf_putc(b, s.ptr[i]);
	}
}

void hub_html_str(struct hub_buf *b, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (c == '&')
			hub_buf_puts(b, "&amp;");
		else if (c == '<')
			hub_buf_puts(b, "&lt;");
		else if (c == '>')
			hub_buf_puts(b, "&gt;");
		else if (c == '"')
			hub_buf_puts(b, "&quot;");
		else
			hub_buf_putc(b, c);
	}
}

static void print_html(const struct hub_table *t, struct hub_buf *out)
{
	char buf[40];

	if (t->title.len) {
		hub_buf_puts(out, "<h2>");
		hub_html_str(out, t->title);
		hub_buf_puts(out, "</h2>\n");
	}
	hub_buf_puts(out, "<table><thead><tr>");
	for (uint32_t c = 0; c < t->cols; c++) {
		hub_buf_puts(out, t->col[c].right ? "<th class=\"n\">" : "<th>");
		hub_html_str(out, hub_str_of(hub_tr(t->col[c].title)));
		hub_buf_puts(out, "</th>");
	}
	hub_buf_puts(out, "</tr></thead><tbody>\n");
	for (const struct row *r = t->first; r; r = r->next) {
		hub_buf_puts(out, "<tr>");
		for (uint32_t c = 0; c < t->cols; c++) {
			hub_buf_puts(out, t->col[c].right ? "<td class=\"n\">" : "<td>");
			hub_html_str(out, shown(&r->cell[c], buf, sizeof buf));
			hub_buf_puts(out, "</td>");
		}
		hub_buf_puts(out, "</tr>\n");
	}
	hub_buf_puts(out, "</tbody></table>\n");
}

int hub_table_show(const struct hub_table *t, enum hub_table_form form, size_t fit,
		   struct hub_buf *out)
{
	if (!t || t->failed || hub_arena_failed(t->arena)) /* a cell's text may be missing */
		return -1;
	if (t->told && !t->rows)
		return 0;
	switch (form) {
	case HUB_TABLE_TEXT:
		print_text(t, fit, out);
		break;
	case HUB_TABLE_CSV:
		print_csv(t, out);
		break;
	case HUB_TABLE_JSONL:
		print_jsonl(t, out);
		break;
	case HUB_TABLE_HTML:
		print_html(t, out);
		break;
	}
	return hub_buf_ok(out) ? 0 : -1;
}

int hub_table_print(const struct hub_table *t, enum hub_table_form form, struct hub_buf *out)
{
	return hub_table_show(t, form, 0, out);
}

void hub_html_begin(struct hub_buf *b, struct hub_str title)
{
	hub_buf_puts(b, "<!doctype html>\n<html lang=\"");
	hub_buf_puts(b, hub_tr_is_ja() ? "ja" : "en");
	hub_buf_puts(b,
		     "\"><head><meta charset=\"utf-8\">\n<meta name=\"viewport\" "
		     "content=\"width=device-width\">\n"
		     "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		     "style-src 'unsafe-inline'\">\n<title>");
	hub_html_str(b, title);
	hub_buf_puts(
	    b, "</title>\n<style>\n@page { size: A4; margin: 14mm }\n"
	       "body { font: 14px/1.6 \"Noto Sans CJK JP\", \"Hiragino Sans\", \"Yu Gothic\", "
	       "Meiryo, sans-serif; "
	       "color: #1a1a1a; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }\n"
	       "h1 { font-size: 1.5rem; border-bottom: 3px solid #2a6f6f; padding-bottom: .3rem }\n"
	       "h2 { font-size: 1.1rem; margin-top: 2rem }\n"
	       "table { border-collapse: collapse; width: 100% }\n"
	       "th, td { border: 1px solid #bbb; padding: .25rem .6rem; text-align: left; "
	       "vertical-align: top }\n"
	       "td { overflow-wrap: anywhere } tbody > tr > "
	       ":first-child:not(.n) { min-width: 7em }\n"
	       "th { background: #eef4f4 }\n.n { text-align: right; font-variant-numeric: "
	       "tabular-nums }\n"
	       ".bad { color: #a40000; font-weight: bold } .good { color: #1d6b1d }\n"
	       ".mask { background: #ffe9a8; border-radius: 3px; padding: 0 .15em }\n"
	       ".note { white-space: pre-wrap } td p { margin: .1rem 0 0; font-size: .85em "
	       "}\n.sign { margin-top: 2rem } .sign th { width: 6em "
	       "} .sign td { height: 3rem }\n"
	       /* on a phone a wide table moves by itself, instead of one character a line */
	       "@media screen and (max-width: 40rem) { table { display: block; overflow-x: auto } "
	       "th, td { min-width: 5em } th.n, td.n { min-width: 3em } }\n"
	       "@media print { body { margin: 0; max-width: none } h2 { break-after: avoid } tr { "
	       "break-inside: avoid } }\n"
	       "</style></head><body>\n<h1>");
	hub_html_str(b, title);
	hub_buf_puts(b, "</h1>\n");
}

void hub_html_end(struct hub_buf *b)
{
	hub_buf_puts(b, "</body></html>\n");
}
