/* How the sheets of a workbook are laid out: the row of their header, and whether they are alike. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"
#include "text/date.h"

enum { TABLES = 6, PARTS = 60, NEXT_WITHIN = 3000 };

/* An option of the source. */
static void set(struct hub_guess *g, const char *name, struct hub_str value)
{
	g->set[g->sets].name = name;
	g->set[g->sets++].value = value;
}

void hub_guess_header_rows(struct hub_guess *g)
{
	static const char *const digits[] = {"0", "1", "2", "3"};

	if (g->header_rows > 1 && hub_option_find(g->source, HUB_STR("header_rows")))
		set(g, "header_rows", hub_str_of(digits[g->header_rows & 3]));
}

static uint32_t filled(const struct hub_batch *b, uint32_t r)
{
	uint32_t n = 0;

	for (uint32_t c = 0; c < b->cols; c++)
		n += b->col[c].cell[r] == HUB_VALUE && b->col[c].text[r].len > 0;
	return n;
}

static int has(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return b->col[c].cell[r] == HUB_VALUE && b->col[c].text[r].len > 0;
}

/* The first column that any of the rows has something in: a table need not begin in A. */
static uint32_t first_column(const struct hub_batch *b, uint32_t rows)
{
	for (uint32_t c = 0; c < b->cols; c++)
		for (uint32_t r = 0; r < rows; r++)
			if (has(b, c, r))
				return c;
	return 0;
}

/* The cells of a row from that column to its last that has something. */
static int line_of(struct hub_guess *g, const struct hub_batch *b, uint32_t r, uint32_t first,
		   struct guess_line *out)
{
	struct hub_str *cell = hub_alloc_array(g->arena, (size_t)b->cols + 1, sizeof *cell);

	if (!cell)
		return -1;
	for (uint32_t c = first; c < b->cols; c++) {
		const int there = b->col[c].cell[r] >= HUB_VALUE;
		const struct hub_str s = there ? hub_str_trim(b->col[c].text[r]) : HUB_STR("");
		cell[c - first] = hub_arena_str(g->arena, s);
		if (s.len)
			out->n = c - first + 1;
	}
	out->cell = cell;
	out->at = b->prov[r].line;
	return 0;
}

static int is_lone(const struct hub_batch *b, uint32_t r)
{
	return filled(b, r) == 1;
}

static struct hub_str first_text(const struct hub_batch *b, uint32_t r)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (has(b, c, r))
			return hub_str_trim(b->col[c].text[r]);
	return HUB_STR("");
}

/* The first row of the next table below, with its title: other names of columns behind a gap. Empty: there is
 * none, or its text comes in the table above as well. */
static int find_next(struct hub_guess *g, const struct hub_batch *b, uint32_t from)
{
	g->until = HUB_STR("");
	for (uint32_t r = from + 1; r < b->rows && r < NEXT_WITHIN; r++) {
		struct guess_line line = {0};
		const uint32_t n = filled(b, r);
		const int gap = b->prov[r].line > b->prov[r - 1].line + 1 || is_lone(b, r - 1);
		if (n < 3 || !gap)
			continue;
		if (line_of(g, b, r, 0, &line))
			return -1;
		if (hub_guess_named(g, &line) < 3 || hub_guess_named(g, &line) * 3 < n * 2)
			continue;
		const int titled = is_lone(b, r - 1) && b->prov[r - 1].line + 1 == b->prov[r].line;
		const struct hub_str text = first_text(b, titled ? r - 1 : r);
		for (uint32_t k = from; k < r - (uint32_t)titled; k++)
			if (hub_str_eq(first_text(b, k), text))
				return 0;
		g->until = hub_arena_str(g->arena, text);
		return g->until.ptr ? 0 : -1;
	}
	return 0;
}

static int text_above(struct hub_guess *g, const struct hub_batch *b, uint32_t header)
{
	HUB_AUTO(buf) struct hub_buf text;

	hub_buf_init(&text, 1 << 20);
	for (uint32_t r = 0; r < header; r++)
		for (uint32_t c = 0; c < b->cols; c++)
			if (has(b, c, r))
				hub_buf_printf(&text, "%.*s\n", HUB_FMT(b->col[c].text[r]));
	g->title = hub_buf_keep(&text, g->arena);
	return g->title.ptr ? 0 : -1;
}

/* The first rows, from the first column on that has something. */
static int first_lines(struct hub_guess *g, const struct hub_batch *b, struct guess_line *line,
		       uint32_t *n)
{
	*n = b->rows < GUESS_HEADER_WITHIN ? b->rows : GUESS_HEADER_WITHIN;
	const uint32_t first = first_column(b, *n);

	for (uint32_t r = 0; r < *n; r++)
		if (line_of(g, b, r, first, &line[r]))
			return -1;
	return 0;
}

/* Sheets have no width: a row counts as wide as the data with half of the cells that rows have here. */
static int find_header(struct hub_guess *g, const struct hub_batch *b, struct hub_err *err)
{
	struct guess_line line[GUESS_HEADER_WITHIN] = {{0}};
	uint32_t widest = 0, n;

	for (uint32_t r = 0; r < b->rows; r++)
		widest = filled(b, r) > widest ? filled(b, r) : widest;
	if (first_lines(g, b, line, &n))
		return hub_fail_mem(err);
	for (uint32_t r = 0; r < n; r++)
		line[r].fits = filled(b, r) * 2 > widest;
	int header = hub_guess_header(g, line, n, &g->header_rows);
	if (header >= 0 && !hub_option_find(g->source, HUB_STR("header_rows"))) {
		header += (int)g->header_rows - 1; /* the last of them says most */
		g->header_rows = 1;
	}
	g->has_header = header >= 0;
	g->result.header_line = header >= 0 ? b->prov[header].line : 0;
	g->head = header < 0 ? (struct guess_line){0} : line[(uint32_t)header + g->header_rows - 1];
	g->header_merit = 0;
	for (uint32_t r = 0; header >= 0 && r < g->header_rows; r++)
		g->header_merit += hub_guess_named(g, &line[(uint32_t)header + r]);
	g->header_below = b->rows - (uint32_t)(header + 1);
	if (header >= 0 && text_above(g, b, (uint32_t)header))
		return hub_fail_mem(err);
	if (header >= 0 && find_next(g, b, (uint32_t)header + g->header_rows))
		return hub_fail_mem(err);
	return HUB_OK;
}

/* Reads the workbook as it is set. all: to the end, and says whether rows of several sheets came; else the
 * first rows decide where the header is. */
static int read_sheets(struct hub_guess *g, int all, int *several, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	int rc = hub_guess_open(g, &source, err);

	if (rc)
		return rc;
	if (!b)
		return hub_fail_mem(err);
	hub_instance_verbose(source, HUB_LOG_ERROR);
	*several = 0;
	while ((rc = hub_source_next(source, b, err)) == HUB_OK) {
		if (!all)
			return find_header(g, b, err);
		for (uint32_t r = 0; r < b->rows; r++)
			*several |= b->prov[r].part > 1;
		hub_batch_reset(b);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- several sheets or tables --------------------------------------------------------------------- */

static int same_head(const struct guess_line *a, const struct guess_line *b)
{
	if (a->n != b->n || a->n == 0)
		return 0;
	for (uint32_t i = 0; i < a->n; i++)
		if (!hub_str_eq(a->cell[i], b->cell[i]))
			return 0;
	return 1;
}

/* The parts (sheets, tables) from the one that was picked on that have its header in its place: 1,2,4. The
 * option is the last that was set. */
static int find_parts(struct hub_guess *g, uint32_t first, uint32_t most, struct hub_err *err)
{
	const struct hub_guess as = *g;
	struct hub_str list = hub_arena_printf(g->arena, "%u", first);
	int several = 0;

	for (uint32_t k = first + 1; k <= most && list.ptr; k++) {
		g->set[as.sets - 1].value = hub_arena_printf(g->arena, "%u", k);
		g->set[0].value = HUB_STR("0");
		if (read_sheets(g, 0, &several, hub_guess_try(g)))
			break;
		if (g->result.header_line == as.result.header_line && same_head(&g->head, &as.head))
			list = hub_arena_printf(g->arena, "%.*s,%u", HUB_FMT(list), k);
		g->sets = as.sets;
	}
	g->header_rows = as.header_rows;
	g->has_header = as.has_header;
	g->until = as.until;
	g->result.header_line = as.result.header_line;
	g->head = as.head;
	g->set[0].value = as.set[0].value;
	g->set[as.sets - 1].value = list;
	return list.ptr ? HUB_OK : hub_fail_mem(err);
}

/* A document begins with small tables of labels; its list is the one with the most words that are known. */
static int pick_table(struct hub_guess *g, struct hub_err *err)
{
	uint32_t best = 0, most = 0;
	int several, rc = HUB_OK;

	set(g, "tables", HUB_STR("1"));
	for (uint32_t t = 1; t <= TABLES; t++) {
		g->set[1].value = hub_arena_printf(g->arena, "%u", t);
		g->header_merit = g->header_below = 0;
		if (read_sheets(g, 0, &several, hub_guess_try(g)))
			break;
		const uint32_t merit =
		    g->header_merit * 4 + (g->header_below > 3 ? 3 : g->header_below);
		if (g->has_header && merit > most) {
			most = merit;
			best = t;
		}
	}
	g->set[1].value = hub_arena_printf(g->arena, "%u", best ? best : 1);
	if (!best)
		g->sets--;
	rc = read_sheets(g, 0, &several, err);
	return rc || !best ? rc : find_parts(g, best, PARTS, err);
}

/* A workbook may begin with a cover, a list of choices, totals: its list is the sheet with the most words that
 * are known. The first one, unless another has clearly more. */
static int pick_sheet(struct hub_guess *g, uint32_t *sheet, struct hub_err *err)
{
	const uint32_t sets = g->sets;
	uint32_t most = 0;
	int several = 0;

	for (uint32_t k = 1; k <= TABLES && hub_option_find(g->source, HUB_STR("sheets")); k++) {
		struct hub_err *tried = hub_guess_try(g);
		set(g, "sheets", hub_arena_printf(g->arena, "%u", k));
		g->header_merit = 0;
		const int rc = read_sheets(g, 0, &several, tried);
		g->sets = sets;
		if (strcmp(tried->code, "no-sheet") == 0)
			break;
		if (rc == HUB_OK && g->has_header && g->header_merit > most + 1) {
			most = g->header_merit;
			*sheet = k;
		}
	}
	g->sheet = hub_arena_printf(g->arena, "%u", *sheet);
	set(g, "sheets", g->sheet);
	const int rc = read_sheets(g, 0, &several, err);
	g->sets = sets;
	return rc;
}

/* --- merged cells ----------------------------------------------------------------------------------- */

/* Whether filling them gives cells the text of the one above: one day for several entries. */
static int fills_down(const struct hub_batch *first, const struct hub_batch *fill)
{
	for (uint32_t r = 1; r < first->rows && r < fill->rows; r++)
		for (uint32_t c = 0; c < first->cols && c < fill->cols; c++)
			if (!has(first, c, r) && has(fill, c, r) && has(fill, c, r - 1) &&
			    hub_str_eq(fill->col[c].text[r], fill->col[c].text[r - 1]))
				return 1;
	return 0;
}

static int read_some(struct hub_guess *g, struct hub_batch *b, struct hub_err *err)
{
	const int rc = hub_guess_read(g, b, err);

	return rc == HUB_END ? HUB_OK : rc;
}

int hub_guess_sheet_across(struct hub_guess *g, struct hub_str sheet, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct guess_line line[GUESS_HEADER_WITHIN] = {{0}};
	const uint32_t sets = g->sets;
	uint32_t n = 0;

	if (!b)
		return hub_fail_mem(err);
	set(g, "header", HUB_STR("0"));
	set(g, "sheets", sheet);
	const int rc = read_some(g, b, hub_guess_try(g));
	g->sets = sets;
	if (rc || first_lines(g, b, line, &n))
		return rc ? HUB_OK : hub_fail_mem(err);
	return hub_guess_refuse_across(g, line, n, err);
}

static int find_merged(struct hub_guess *g, struct hub_err *err)
{
	HUB_AUTO(batch) struct hub_batch *first = hub_batch_new(0), *fill = hub_batch_new(0);
	int rc;

	if (!first || !fill)
		return hub_fail_mem(err);
	if (!g->has_header || !hub_option_find(g->source, HUB_STR("merged")))
		return HUB_OK;
	if ((rc = read_some(g, first, err)))
		return rc;
	set(g, "merged", HUB_STR("fill"));
	if (read_some(g, fill, hub_guess_try(g)) || !fills_down(first, fill))
		g->sets--;
	return HUB_OK;
}

static int find_sheets(struct hub_guess *g, struct hub_err *err)
{
	int several = 0;

	set(g, "header", HUB_STR("0"));
	uint32_t sheet = 1;
	int rc = hub_option_find(g->source, HUB_STR("tables")) ? pick_table(g, err)
							       : pick_sheet(g, &sheet, err);
	if (rc || (g->sheet.len && (rc = hub_guess_sheet_across(g, g->sheet, err))))
		return rc;
	g->set[0].value =
	    hub_arena_printf(g->arena, "%llu", (unsigned long long)g->result.header_line);
	hub_guess_header_rows(g);
	if (!g->has_header || !hub_option_find(g->source, HUB_STR("sheets")))
		return HUB_OK;
	/* a sheet a month or a person: when all of them have this header, all are meant */
	set(g, "sheets", HUB_STR("all"));
	if (sheet == 1 && read_sheets(g, 1, &several, hub_guess_try(g)) == HUB_OK) {
		g->sets -= !several;
		return HUB_OK;
	}
	return find_parts(g, sheet, PARTS, err);
}

static int says(const struct hub_guess *g, const char *const *fields, size_t n_fields)
{
	struct guess_cand cand[16];

	for (uint32_t i = 0; i < g->head.n; i++) {
		const uint32_t n =
		    hub_guess_candidates(g->schema, g->head.cell[i], cand, HUB_COUNT(cand));
		for (uint32_t k = 0; k < n && cand[k].score >= 80; k++)
			for (size_t f = 0; f < n_fields; f++)
				if (hub_str_is(cand[k].field->name, fields[f]))
					return 1;
	}
	return 0;
}

static int is_day(struct hub_str s)
{
	struct hub_date d;

	return hub_date_parse(s, NULL, &d) == HUB_DATE_OK && d.precision == HUB_DATE_DAY;
}

/* Are four of five names of sheets what the test says? They stand in the first column. */
static int are_all(struct hub_guess *g, int (*test)(struct hub_str), struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_str last = {NULL, 0};
	uint32_t sheets = 0, fit = 0;
	int rc = hub_guess_open(g, &source, err);

	if (rc || !b)
		return rc ? rc : hub_fail_mem(err);
	hub_instance_verbose(source, HUB_LOG_ERROR);
	while ((rc = hub_source_next(source, b, err)) == HUB_OK) {
		for (uint32_t r = 0; r < b->rows; r++) {
			const struct hub_str name = b->col[0].text[r];
			if (last.ptr && hub_str_eq(name, last))
				continue;
			last = hub_arena_str(g->arena, name);
			sheets++;
			fit += test(name) != 0;
		}
		hub_batch_reset(b);
	}
	return rc != HUB_END ? rc : sheets >= 2 && fit * 5 >= sheets * 4;
}

/* The names of the sheets as a column of this name, when they are what the test says. */
static int name_sheets(struct hub_guess *g, const char *column, int (*test)(struct hub_str),
		       int *named, struct hub_err *err)
{
	set(g, "sheet_column", hub_str_of(column));
	const int rc = are_all(g, test, err);

	if (rc < 0)
		return rc;
	*named = rc;
	g->around += (uint32_t)rc;
	g->sets -= !rc;
	return HUB_OK;
}

/* A log with a sheet a person, or a list with a sheet a day, whom or which only the name of the sheet tells. */
static int use_names(struct hub_guess *g, struct hub_err *err)
{
	static const char *const whose[] = {"name", "subject_name", "client_no", "atena_no",
					    "case_no"};
	static const char *const day[] = {"activity_on", "received_on", "opened_on"};
	int sheets = 0, days = 0;

	for (uint32_t i = 0; i < g->sets; i++)
		sheets |= strcmp(g->set[i].name, "sheets") == 0;
	if (!sheets || g->around || !g->has_header || g->sets == GUESS_SETS ||
	    !hub_option_find(g->source, HUB_STR("sheet_column")))
		return HUB_OK;
	const int says_whose = says(g, whose, HUB_COUNT(whose)),
		  says_day = says(g, day, HUB_COUNT(day));
	if (says_day && !says_whose)
		return name_sheets(g, "氏名", hub_guess_is_full_name, &g->result.sheets_named, err);
	return says_whose && !says_day ? name_sheets(g, "日付", is_day, &days, err) : HUB_OK;
}

int hub_guess_sheet(struct hub_guess *g, struct hub_err *err)
{
	int form, rc;

	g->enc = HUB_ENC_UTF8;
	g->delimiter = ',';
	g->result.encoding = hub_str_of(hub_enc_name(g->enc));
	g->result.delimiter = HUB_STR(",");
	rc = hub_guess_boxes(g, &form, err);
	if (rc || form)
		return rc;
	rc = find_sheets(g, err);
	if ((rc == HUB_DRIFT || (!rc && !g->has_header)) && hub_guess_log(g))
		rc = HUB_OK;
	else if ((!rc || rc == HUB_DRIFT) && hub_guess_prose(g))
		rc = HUB_OK;
	if (!rc && g->until.len && hub_option_find(g->source, HUB_STR("until")))
		set(g, "until", g->until);
	if (rc || (rc = hub_guess_around(g, err)) || (rc = use_names(g, err)))
		return rc;
	return find_merged(g, err);
}

/* --- sheets that are not read --------------------------------------------------------------------- */

static struct hub_str value_of(const struct hub_guess *g, const char *name)
{
	for (uint32_t i = 0; i < g->sets; i++)
		if (strcmp(g->set[i].name, name) == 0)
			return g->set[i].value;
	return HUB_STR("");
}

/* list: "2" or "1,2,4" */
static int is_in(struct hub_str list, uint32_t part)
{
	struct hub_str piece;
	int64_t n;

	while (hub_str_next(&list, ',', &piece))
		if (!hub_parse_i64(piece, 1, UINT32_MAX, &n) && n == part)
			return 1;
	return 0;
}

/* By number: a sheet may be called like the person it is about. */
void hub_guess_sheets_left(struct hub_guess *g)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_err *tried = hub_guess_try(g);
	struct hub_str chosen = value_of(g, "sheets"), left = HUB_STR("");
	struct hub_guess as = *g;
	uint32_t last = 0;

	if (!hub_option_find(g->source, HUB_STR("sheets")) || hub_str_is(chosen, "all"))
		return;
	as.sets = 0;
	as.told = 1;
	set(&as, "header", HUB_STR("0"));
	set(&as, "sheets", HUB_STR("all"));
	if (!b)
		hub_fail_mem(tried);
	if (!b || hub_guess_open(&as, &source, tried))
		return;
	hub_instance_verbose(source, HUB_LOG_ERROR);
	for (; hub_source_next(source, b, tried) == HUB_OK; hub_batch_reset(b))
		for (uint32_t r = 0; r < b->rows; r++) {
			const uint32_t part = (uint32_t)b->prov[r].part;
			if (part == last || !filled(b, r))
				continue;
			last = part;
			if (!chosen.len) /* the first one is read where none is said */
				chosen = hub_arena_printf(g->arena, "%u", part);
			else if (!is_in(chosen, part))
				left = hub_arena_printf(g->arena, "%.*s%s%u", HUB_FMT(left),
							left.len ? ", " : "", part);
		}
	g->result.sheets_left = left;
}
