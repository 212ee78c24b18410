/* A guess for people: as a table, as a page. */
#include "intake/guess_in.h"

static const char *reason_of(const struct guess_col *c)
{
	if (c->forbidden || c->drop)
		return hub_tr("must not come in: dropped at entry");
	if (c->dropped && !c->field)
		return hub_tr("not needed: dropped at entry");
	if (c->reason)
		return c->reason;
	return c->tried ? hub_tr("nothing in the common case format fits")
			: hub_tr("nothing fits, and the column is empty");
}

struct hub_table *hub_guess_table(const struct hub_guess *g, struct hub_arena *a)
{
	struct hub_table *t = hub_table_new(a, HUB_STR(""));

	if (!t)
		return NULL;
	hub_table_col(t, "no", HUB_N("no."), 1);
	hub_table_col(t, "column", HUB_N("column"), 0);
	hub_table_col(t, "field", HUB_N("field"), 0);
	hub_table_col(t, "label", HUB_N("label"), 0);
	hub_table_col(t, "confidence", HUB_N("confidence %"), 1);
	hub_table_col(t, "filled", HUB_N("filled"), 1);
	hub_table_col(t, "reason", HUB_N("reason"), 0);
	for (uint32_t i = 0; i < g->cols; i++) {
		/* the table's own columns first, then what stands above it */
		const struct guess_col *c = &g->col[(i + g->around) % g->cols];
		hub_table_int(t, i + 1);
		hub_table_str(t, c->name);
		const struct hub_field *f = c->field ? c->field : c->means;
		if (f) {
			hub_table_str(t, hub_arena_printf(a, "%.*s.%.*s", HUB_FMT(f->entity->name),
							  HUB_FMT(f->name)));
			hub_table_str(t, f->label);
			hub_table_int(t, c->confidence);
		} else {
			hub_table_puts(t, "");
			hub_table_puts(t, "");
			hub_table_puts(t, "");
		}
		hub_table_int(t, (int64_t)c->filled);
		hub_table_puts(t, reason_of(c));
	}
	return t;
}

void hub_guess_html(const struct hub_guess *g, struct hub_buf *out)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_guess_result *r = &g->result;
	struct hub_table *t = a ? hub_guess_table(g, a) : NULL;

	if (!t) {
		out->failed = 1;
		return;
	}
	hub_html_begin(out, hub_arena_printf(a, "%s: %.*s", hub_tr("first mapping of a file"),
					     HUB_FMT(g->file)));
	if (r->delimited) {
		hub_buf_printf(out, "<p>%s: %.*s, %s: ", hub_tr("encoding"), HUB_FMT(r->encoding),
			       hub_tr("delimiter"));
		hub_html_str(out, r->delimiter);
	} else {
		hub_buf_printf(out, "<p>%s: %.*s", hub_tr("read by source"), HUB_FMT(r->source));
	}
	if (r->header_line)
		hub_buf_printf(out, ", %s: %llu", hub_tr("line of the header"),
			       (unsigned long long)r->header_line);
	hub_buf_printf(out, ", %s: %llu, %s: %llu</p>\n<p>%s: <code>", hub_tr("records"),
		       (unsigned long long)r->records, hub_tr("rejected in a trial"),
		       (unsigned long long)r->rejected, hub_tr("key of a record"));
	hub_html_str(out, r->key);
	hub_buf_puts(out, "</code></p>\n");
	if (hub_table_print(t, HUB_TABLE_HTML, out))
		out->failed = 1;
	hub_buf_printf(out, "<h2>%s</h2>\n<pre>", hub_tr("mapping file"));
	hub_html_str(out, g->mapping);
	hub_buf_puts(out, "</pre>\n");
	hub_html_end(out);
}
