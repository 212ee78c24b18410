/* How the sheets of a workbook are laid out: the row of their header, and whether they are alike. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

enum { TABLES = 6 };

static void set(struct hub_guess *g, const char *name, struct hub_str value)
{
	g->set[g->sets].name = name;
	g->set[g->sets++].value = value;
}

static uint32_t filled(const struct hub_batch *b, uint32_t r)
{
	uint32_t n = 0;

	for (uint32_t c = 0; c < b->cols; c++)
		n += b->col[c].cell[r] == HUB_VALUE && b->col[c].text[r].len > 0;
	return n;
}

/* The cells of a row from its first to its last that has something. */
static int line_of(struct hub_guess *g, const struct hub_batch *b, uint32_t r,
		   struct guess_line *out)
{
	struct hub_str *cell = hub_alloc_array(g->arena, (size_t)b->cols + 1, sizeof *cell);

	if (!cell)
		return -1;
	for (uint32_t c = 0, end = 0; c < b->cols; c++) {
		const int there = b->col[c].cell[r] >= HUB_VALUE;
		const struct hub_str s = there ? hub_str_trim(b->col[c].text[r]) : HUB_STR("");
		if (s.len == 0 && end == 0)
			continue;
		cell[end++] = hub_arena_str(g->arena, s);
		if (s.len)
			out->n = end;
	}
	out->cell = cell;
	return 0;
}

static int has(const struct hub_batch *b, uint32_t c, uint32_t r)
{
	return b->col[c].cell[r] == HUB_VALUE && b->col[c].text[r].len > 0;
}

static int has_digits(struct hub_str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++)
		n += s.ptr[i] >= '0' && s.ptr[i] <= '9';
	return n * 3 > s.len;
}

/* Two rows of one header: a cell of the upper one spans several of the lower one, others span both rows.
 * Merged cells have their text in the first of them only. */
static int two_rows(const struct hub_batch *b, uint32_t r)
{
	uint32_t both = 0, below = 0, above = 0;

	if (r + 2 >= b->rows || b->prov[r + 1].line != b->prov[r].line + 1)
		return 0;
	for (uint32_t c = 0; c < b->cols; c++) {
		const int top = has(b, c, r), bottom = has(b, c, r + 1);
		if ((top && has_digits(b->col[c].text[r])) ||
		    (bottom && has_digits(b->col[c].text[r + 1])))
			return 0;
		both += top && bottom;
		below += !top && bottom && c > 0 && (both || above);
		above += top && !bottom;
	}
	return both && below && above;
}

/* Sheets have no width: a row counts as wide as the data with half of the cells that rows have here. */
static int find_header(struct hub_guess *g, const struct hub_batch *b, struct hub_err *err)
{
	struct guess_line line[GUESS_HEADER_WITHIN] = {{0}};
	const uint32_t n = b->rows < GUESS_HEADER_WITHIN ? b->rows : GUESS_HEADER_WITHIN;
	uint32_t widest = 0;

	for (uint32_t r = 0; r < b->rows; r++)
		widest = filled(b, r) > widest ? filled(b, r) : widest;
	for (uint32_t r = 0; r < n; r++) {
		if (line_of(g, b, r, &line[r]))
			return hub_fail_mem(err);
		line[r].fits = filled(b, r) * 2 > widest;
	}
	int header = hub_guess_header(g, line, n);
	g->header_rows = 1;
	for (int at = header - 1; at <= header && header >= 0; at++)
		if (at >= 0 && two_rows(b, (uint32_t)at)) {
			header = at;
			g->header_rows = 2;
			break;
		}
	g->has_header = header >= 0;
	g->result.header_line = header >= 0 ? b->prov[header].line : 0;
	g->header_merit = header >= 0 ? hub_guess_named(g, &line[header]) : 0;
	if (g->header_rows == 2)
		g->header_merit += hub_guess_named(g, &line[header + 1]);
	g->header_below = b->rows - (uint32_t)(header + 1);
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

/* A document begins with small tables of labels; its list is the one with the most words that are known. */
static int pick_table(struct hub_guess *g, struct hub_err *err)
{
	uint32_t best = 0, most = 0;
	int several, rc = HUB_OK;

	set(g, "tables", HUB_STR("1"));
	for (uint32_t t = 1; t <= TABLES; t++) {
		struct hub_err none = {0};
		g->set[1].value = hub_arena_printf(g->arena, "%u", t);
		g->header_merit = g->header_below = 0;
		if (read_sheets(g, 0, &several, &none))
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
	return rc;
}

int hub_guess_sheet(struct hub_guess *g, struct hub_err *err)
{
	struct hub_err unlike = {0};
	int several;

	g->enc = HUB_ENC_UTF8;
	g->delimiter = ',';
	g->result.encoding = hub_str_of(hub_enc_name(g->enc));
	g->result.delimiter = HUB_STR(",");
	set(g, "header", HUB_STR("0"));
	const int rc = hub_option_find(g->source, HUB_STR("tables"))
			   ? pick_table(g, err)
			   : read_sheets(g, 0, &several, err);
	if (rc)
		return rc;
	g->set[0].value =
	    hub_arena_printf(g->arena, "%llu", (unsigned long long)g->result.header_line);
	if (g->header_rows > 1 && hub_option_find(g->source, HUB_STR("header_rows")))
		set(g, "header_rows", HUB_STR("2"));
	if (!g->has_header || !hub_option_find(g->source, HUB_STR("sheets")))
		return HUB_OK;
	/* a sheet a month or a person: when all of them have this header, all are meant */
	set(g, "sheets", HUB_STR("all"));
	if (read_sheets(g, 1, &several, &unlike) || !several)
		g->sets--;
	return HUB_OK;
}
