/* How the sheets of a workbook are laid out: the row of their header, and whether they are alike. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

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
	const int header = hub_guess_header(g, line, n);
	g->has_header = header >= 0;
	g->result.header_line = header >= 0 ? b->prov[header].line : 0;
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

int hub_guess_sheet(struct hub_guess *g, struct hub_err *err)
{
	struct hub_err unlike = {0};
	int several;

	g->enc = HUB_ENC_UTF8;
	g->delimiter = ',';
	g->result.encoding = hub_str_of(hub_enc_name(g->enc));
	g->result.delimiter = HUB_STR(",");
	set(g, "header", HUB_STR("0"));
	const int rc = read_sheets(g, 0, &several, err);
	if (rc)
		return rc;
	g->set[0].value =
	    hub_arena_printf(g->arena, "%llu", (unsigned long long)g->result.header_line);
	if (!g->has_header || !hub_option_find(g->source, HUB_STR("sheets")))
		return HUB_OK;
	/* a sheet a month or a person: when all of them have this header, all are meant */
	set(g, "sheets", HUB_STR("all"));
	if (read_sheets(g, 1, &several, &unlike) || !several)
		g->sets--;
	return HUB_OK;
}
