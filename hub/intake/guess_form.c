/* How a delimited file is written: encoding, delimiter, title rows, header. Looks at its beginning. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "base/io.h"
#include "plugin/choose.h"
#include "plugin/option.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

enum { SAMPLE = 4 << 20, RECORDS = 300 };

struct record {
	size_t at, end;
	uint32_t cells;
};

struct form {
	struct hub_str text; /* UTF-8 */
	struct record rec[RECORDS];
	uint32_t n;
};

static int read_sample(struct hub_guess *g, struct hub_str *out, int *whole, struct hub_err *err)
{
	char *p = hub_alloc(g->arena, SAMPLE);
	size_t n = 0;
	int fd, rc = hub_open_input(g->path, &fd, err);

	if (rc)
		return rc;
	if (!p) {
		close(fd);
		return hub_fail_mem(err);
	}
	*whole = 0;
	while (n < SAMPLE) {
		const ssize_t got = hub_read(fd, p + n, SAMPLE - n);
		if (got == -1) {
			close(fd);
			return hub_fail(err, HUB_RETRY, "cannot-read", "%s cannot be read",
					g->path);
		}
		if (got == 0) {
			*whole = 1;
			break;
		}
		n += (size_t)got;
	}
	close(fd);
	*out = (struct hub_str){p, n};
	return HUB_OK;
}

/* Cuts text into records at line ends outside quotes; counts cells. The last one, which may be cut
 * off, is left out unless the text is whole. */
static void cut_records(struct form *f, char delimiter, int whole)
{
	const struct hub_str s = f->text;
	size_t at = 0;

	f->n = 0;
	while (at < s.len && f->n < RECORDS) {
		struct record r = {.at = at, .cells = 1};
		int quoted = 0, fresh = 1;
		size_t i = at;
		for (; i < s.len && (quoted || (s.ptr[i] != '\n' && s.ptr[i] != '\r')); i++) {
			if (quoted && s.ptr[i] == '"' && i + 1 < s.len && s.ptr[i + 1] == '"')
				i++; /* a quote inside */
			else if (s.ptr[i] == '"' && (quoted || fresh))
				quoted = !quoted;
			fresh = 0;
			if (!quoted && s.ptr[i] == delimiter) {
				r.cells++;
				fresh = 1;
			}
		}
		if (i == s.len && !whole)
			return;
		r.end = i;
		while (i < s.len && (s.ptr[i] == '\n' || s.ptr[i] == '\r')) {
			i++;
			if (s.ptr[i - 1] == '\n' || i == s.len || s.ptr[i] != '\n')
				break;
		}
		at = i;
		if (r.end > r.at)
			f->rec[f->n++] = r;
	}
}

/* The most frequent number of cells, two or more, and how many records have it. */
static uint32_t usual_width(const struct form *f, uint32_t *count)
{
	uint32_t best = 1;

	*count = 0;
	for (uint32_t i = 0; i < f->n; i++) {
		uint32_t same = 0;
		for (uint32_t k = 0; k < f->n; k++)
			same += f->rec[k].cells == f->rec[i].cells;
		if (f->rec[i].cells > 1 &&
		    (same > *count || (same == *count && f->rec[i].cells > best))) {
			best = f->rec[i].cells;
			*count = same;
		}
	}
	return best;
}

static uint32_t pick_delimiter(struct hub_guess *g, struct form *f, int whole)
{
	static const char candidates[] = {',', '\t', ';', '|'};
	uint32_t width = 1, most = 0;

	g->delimiter = ',';
	for (size_t i = 0; i < HUB_COUNT(candidates); i++) {
		uint32_t count;
		cut_records(f, candidates[i], whole);
		const uint32_t w = usual_width(f, &count);
		if (count > most) {
			most = count;
			width = w;
			g->delimiter = candidates[i];
		}
	}
	cut_records(f, g->delimiter, whole);
	return width;
}

/* Text of the next cell of a record, quotes taken off; doubled ones inside stay. */
static int next_cell(struct hub_str record, char delimiter, size_t *at, struct hub_str *cell)
{
	if (*at > record.len)
		return 0;
	const size_t from = *at;
	size_t i = from;
	int quoted = i < record.len && record.ptr[i] == '"';
	for (i += (size_t)quoted; i < record.len && (quoted || record.ptr[i] != delimiter); i++)
		if (record.ptr[i] == '"')
			quoted = !quoted;
	*at = i + 1;
	*cell = hub_str_trim(hub_str_cut(record, from, i));
	if (cell->len >= 2 && cell->ptr[0] == '"' && cell->ptr[cell->len - 1] == '"')
		*cell = hub_str_trim(hub_str_cut(*cell, 1, cell->len - 1));
	return 1;
}

/* *header: index among the records, or -1. */
static int find_header(struct hub_guess *g, const struct form *f, uint32_t width, int *header,
		       struct hub_err *err)
{
	struct guess_line line[GUESS_HEADER_WITHIN] = {{0}};
	const uint32_t n = f->n < GUESS_HEADER_WITHIN ? f->n : GUESS_HEADER_WITHIN;

	for (uint32_t i = 0; i < n; i++) {
		const struct hub_str record = hub_str_cut(f->text, f->rec[i].at, f->rec[i].end);
		struct hub_str *cell = hub_alloc_array(g->arena, f->rec[i].cells + 1, sizeof *cell);
		size_t at = 0;
		if (!cell)
			return hub_fail_mem(err);
		while (line[i].n < f->rec[i].cells &&
		       next_cell(record, g->delimiter, &at, &cell[line[i].n]))
			line[i].n++;
		line[i].cell = cell;
		line[i].at = i;
		line[i].fits = f->rec[i].cells == width;
	}
	*header = hub_guess_header(g, line, n, &g->header_rows);
	return hub_guess_refuse_across(g, line, n, err);
}

static int cells_of(struct hub_guess *g, const struct form *f, uint32_t i, struct guess_line *line)
{
	const struct hub_str record = hub_str_cut(f->text, f->rec[i].at, f->rec[i].end);
	struct hub_str *cell = hub_alloc_array(g->arena, f->rec[i].cells + 1, sizeof *cell);
	size_t at = 0;

	*line = (struct guess_line){.cell = cell, .at = i};
	while (cell && line->n < f->rec[i].cells &&
	       next_cell(record, g->delimiter, &at, &cell[line->n]))
		line->n++;
	return cell ? 0 : -1;
}

/* Above the header. -1: out of memory. */
static int find_whose(struct hub_guess *g, const struct form *f, uint32_t header)
{
	struct guess_line line;

	for (uint32_t i = 0; i < header && !g->result.whose_above; i++) {
		if (cells_of(g, f, i, &line))
			return -1;
		g->result.whose_above = hub_guess_whose_above(g, &line);
	}
	return 0;
}

/* Names of other columns below a gap or a title: what a sheet with two tables becomes as CSV. */
static int find_next(struct hub_guess *g, const struct form *f, uint32_t header, uint32_t *next)
{
	struct guess_line line;
	uint32_t gap = 0; /* first of the lines with one text or none before this one */

	*next = 0;
	for (uint32_t i = header + g->header_rows; i < f->n && !*next; i++) {
		if (cells_of(g, f, i, &line))
			return -1;
		const uint32_t n = hub_guess_said(&line), named = hub_guess_named(g, &line);
		if (n <= 1)
			gap = gap ? gap : i;
		else if (gap && n >= 3 && named >= 3 && named * 3 >= n * 2)
			*next = gap;
		else
			gap = 0;
	}
	return 0;
}

/* What the source itself refuses: packed, of another program, in an encoding that it does not read. */
static int ask_source(struct hub_guess *g, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	int rc = b ? HUB_OK : hub_fail_mem(err);

	g->result.encoding = HUB_STR("auto");
	g->result.delimiter = HUB_STR(",");
	if (rc || (rc = hub_guess_open(g, &source, err)))
		return rc;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	rc = hub_source_next(source, b, err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* The first lines are what a mail begins with: From: ..., Date: ... */
static int is_mail(struct hub_str raw)
{
	static const char *const heads[] = {
	    "From:",     "To:",         "Date:",        "Subject:",      "MIME-Version:",
	    "Received:", "Message-ID:", "Return-Path:", "Delivered-To:", "Content-Type:"};
	enum { LINES = 40, ENOUGH = 3 };
	struct hub_str line;
	int found = 0;

	for (int i = 0; i < LINES && found < ENOUGH && hub_str_next(&raw, '\n', &line); i++) {
		if (hub_str_trim(line).len == 0)
			break;
		for (size_t k = 0; k < HUB_COUNT(heads); k++)
			found += hub_str_starts(line, hub_str_of(heads[k]));
	}
	return found >= ENOUGH;
}

static int not_delimited(const struct hub_guess *g, struct hub_str raw, struct hub_err *err)
{
	static const struct {
		struct hub_str head;
		const char *what, *hint;
	} known[] = {{{"<?xml", 5}, "XML", NULL},
		     {{"{\\rtf", 5}, "RTF", NULL},
		     {{"{", 1}, "JSON", NULL},
		     {{"[{", 2}, "JSON", NULL},
		     {{"BEGIN:VC", 8}, "iCalendar/vCard", NULL},
		     {{"[Script Info]", 13},
		      HUB_N("subtitles (.ass)"),
		      HUB_N("Save the subtitles as .srt or .vtt: those are read.")}};

	if (raw.len == 0) {
		(void)hub_fail(err, HUB_REJECT, "empty-file", "%s is empty", g->path);
		return 1;
	}
	for (size_t i = 0; i < HUB_COUNT(known); i++) {
		if (!hub_str_starts(raw, known[i].head))
			continue;
		(void)hub_fail(err, HUB_REJECT, "not-csv", "%s is no delimited text but %s",
			       g->path, hub_tr(known[i].what));
		hub_hint(err, "%s",
			 known[i].hint
			     ? hub_tr(known[i].hint)
			     : hub_tr("Save the data as CSV or as a workbook of Excel, or write "
				      "a mapping for it."));
		return 1;
	}
	if (is_mail(raw)) {
		(void)hub_fail(err, HUB_REJECT, "mail", "%s is a mail, not a table", g->path);
		hub_hint(err,
			 "Save a table that is attached to it as a file of its own. The mail "
			 "itself can be kept with its case, printed as PDF: `tsunagi attach`.");
		return 1;
	}
	return 0;
}

/* Bytes of its lines, if all of them, two and more, are as long as each other; else 0. */
static size_t line_length(struct hub_str raw)
{
	enum { LINES = 2, SHORT = 20 };
	size_t length = 0, lines = 0, from = 0;

	for (size_t i = 0; i < raw.len; i++) {
		if (raw.ptr[i] != '\n')
			continue;
		const size_t n = i - from - (i > from && raw.ptr[i - 1] == '\r');
		if (n < SHORT || (lines && n != length))
			return 0;
		length = n;
		lines++;
		from = i + 1;
	}
	return lines >= LINES ? length : 0;
}

static int is_ascii(struct hub_str raw)
{
	size_t i = 0;

	while (i < raw.len && (unsigned char)raw.ptr[i] < 0x80)
		i++;
	return i == raw.len;
}

static uint32_t lines_before(struct hub_str s, size_t at)
{
	uint32_t n = 0;

	for (size_t i = 0; i < at; i++)
		n += s.ptr[i] == '\n' ||
		     (s.ptr[i] == '\r' && (i + 1 == s.len || s.ptr[i + 1] != '\n'));
	return n;
}

/* A source of another kind finds out by itself how its file is written. */
static int named_by_source(struct hub_guess *g, struct hub_err *err)
{
	g->enc = HUB_ENC_UTF8;
	g->delimiter = ',';
	g->has_header = 1;
	g->result.encoding = hub_str_of(hub_enc_name(g->enc));
	g->result.delimiter = HUB_STR(",");
	return hub_guess_tables(g, err);
}

int hub_guess_form(struct hub_guess *g, struct hub_err *err)
{
	struct form *f = hub_alloc0(g->arena, sizeof *f);
	struct hub_str raw;
	size_t bom = 0, used;
	int whole, rc = hub_source_choose(g->plugins, g->path, &g->source, err);

	if (rc)
		return rc;
	g->result.source = hub_str_of(g->source->name);
	g->delimited = hub_option_find(g->source, HUB_STR("delimiter")) != NULL;
	g->result.delimited = (int)g->delimited;
	if (!g->delimited)
		return hub_option_find(g->source, HUB_STR("header")) ? hub_guess_sheet(g, err)
								     : named_by_source(g, err);
	if ((rc = ask_source(g, err)) || (rc = read_sample(g, &raw, &whole, err)))
		return rc;
	if (!f)
		return hub_fail_mem(err);
	if (not_delimited(g, raw, err))
		return HUB_REJECT;
	g->ascii = is_ascii(raw);
	g->enc = hub_enc_detect(raw, whole, &bom);
	f->text = hub_decode_arena(g->arena, g->enc, hub_str_from(raw, bom), &used, NULL);
	if (!f->text.ptr)
		return hub_fail_mem(err);
	const uint32_t width = pick_delimiter(g, f, whole && used + bom == raw.len);
	g->line_length = width == 1 ? line_length(raw) : 0;
	int header;
	if ((rc = find_header(g, f, width, &header, err)))
		return rc;
	g->has_header = header >= 0;
	hub_guess_header_rows(g);
	uint32_t first = header >= 0 ? (uint32_t)header : 0;
	while (header < 0 && first + 1 < f->n && f->rec[first].cells != width)
		first++; /* title rows above data without a header */
	g->skip = f->n ? lines_before(f->text, f->rec[first].at) : 0;
	g->result.encoding = hub_str_of(hub_enc_name(g->enc));
	g->result.delimiter = g->delimiter == '\t'
				  ? HUB_STR("tab")
				  : hub_arena_str(g->arena, (struct hub_str){&g->delimiter, 1});
	g->result.header_line = g->has_header ? g->skip + 1 : 0;
	g->title = g->has_header ? hub_str_cut(f->text, 0, f->rec[first].at) : HUB_STR("");
	uint32_t next = 0;
	if (g->has_header && (find_whose(g, f, first) || find_next(g, f, first, &next)))
		return hub_fail_mem(err);
	g->next_line = next ? lines_before(f->text, f->rec[next].at) + 1 : 0;
	return HUB_OK;
}
