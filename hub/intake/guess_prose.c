/* Minutes and letters: documents whose text stands outside of their tables. A document is one record then; to read its
 * small table of decisions alone would lose all that was said. */
#include "intake/guess_in.h"

#include "base/err.h"
#include "plugin/option.h"

enum { LINES = 3, TIMES_TABLES = 2 };

/* Characters of the first batch's cells: of lines, and of tables. */
struct written {
	uint64_t lines, in_lines, in_tables;
};

static int count(struct hub_guess *g, struct written *w)
{
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	struct hub_guess as = *g;

	as.set[0].name = "layout";
	as.set[0].value = HUB_STR("cells");
	as.sets = 1;
	if (hub_guess_read(&as, b, hub_guess_try(g)))
		return -1;
	for (uint32_t r = 0; r < b->rows && b->cols > 4; r++) {
		const uint64_t chars =
		    b->col[4].cell[r] == HUB_VALUE ? hub_utf8_count(b->col[4].text[r]) : 0;
		const int outside = hub_str_is(b->col[0].text[r], "0");
		w->lines += outside && chars ? 1u : 0u;
		*(outside ? &w->in_lines : &w->in_tables) += chars;
	}
	return 0;
}

const char *hub_guess_day_label(size_t i)
{
	static const char *const when[] = {"日時",   "開催日時", "実施日時", "日付",
					   "開催日", "実施日",   "面談日",   "訪問日"};

	return i < HUB_COUNT(when) ? when[i] : NULL;
}

int hub_guess_prose(struct hub_guess *g)
{
	struct written w = {0};

	if (!hub_option_find(g->source, HUB_STR("labels")) || count(g, &w) || w.lines < LINES ||
	    w.in_lines < w.in_tables * TIMES_TABLES)
		return 0;
	g->set[0].name = "layout";
	g->set[0].value = HUB_STR("text");
	g->sets = 1;
	g->header_rows = 1;
	g->has_header = 1;
	g->result.header_line = 0;
	g->prose = 1;
	return 1;
}
