#include "cli/sheet_out.h"

#include "base/err.h"
#include "intake/layout.h"
#include "store/db.h"

struct cutter {
	struct hub_arena *arena;
	struct hub_store *store;
	int64_t run; /* whose layout this is */
	struct hub_layout layout;
	uint32_t *at; /* column of the sheet -> piece of a record; UINT32_MAX: it has none */
};

/* --- cells of a record --------------------------------------------------------------------------------------- */

static int take_layout(const struct hub_sheet *sheet, struct cutter *c, int64_t run,
		       struct hub_err *err)
{
	int rc = hub_layout_load(c->arena, c->store, run, &c->layout, err);

	if (rc == HUB_END)
		return hub_fail(err, HUB_INTEGRITY, "run-layout",
				"the stored layout of run %lld cannot be read", (long long)run);
	if (rc)
		return rc;
	for (uint32_t i = 0; i < sheet->cols; i++) {
		c->at[i] = UINT32_MAX;
		for (uint32_t k = 0; k < c->layout.n; k++)
			if (hub_str_eq(c->layout.header[k], sheet->col[i].name))
				c->at[i] = k;
	}
	c->run = run;
	return HUB_OK;
}

static int cut(const struct hub_sheet *sheet, struct hub_arena *a, int64_t run, struct hub_str raw,
	       uint8_t *cell, struct hub_str *text, struct hub_err *err)
{
	struct cutter *c = sheet->with;
	uint32_t n = 0;
	int rc;

	if (c->run != run && (rc = take_layout(sheet, c, run, err)))
		return rc;
	const struct hub_piece *piece = hub_layout_split(a, &c->layout, raw, &n);
	if (!piece)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < sheet->cols; i++) {
		size_t used;
		cell[i] = HUB_NULL;
		text[i] = HUB_STR("");
		if (c->at[i] >= n)
			continue;
		const struct hub_piece *p = &piece[c->at[i]];
		if (p->text.len == 0 && !p->quoted)
			continue;
		text[i] = hub_decode_arena(a, c->layout.encoding, p->text, &used, NULL);
		if (!text[i].ptr)
			return hub_fail_mem(err);
		cell[i] = HUB_VALUE;
	}
	return HUB_OK;
}

/* --- columns -------------------------------------------------------------------------------------------------- */

static int load(struct hub_cli *cli, const char *name, const struct hub_schema *schema,
		struct hub_mapping **out)
{
	return hub_work_mapping(cli, name, schema, out);
}

/* The run that brought the newest records of the feed. */
static int last_run(struct hub_cli *cli, struct hub_store *store, struct hub_str feed, int64_t *run)
{
	int rc = hub_db_one(hub_store_db(store), run, cli->err,
			    "SELECT coalesce(max(r.run_id), 0) FROM record r JOIN feed f ON f.id ="
			    " r.feed_id WHERE f.name = ? AND r.state = 0",
			    "t", feed);

	if (rc || *run)
		return rc;
	rc = hub_fail(cli->err, HUB_USAGE, "no-records", "the store has no records of mapping %.*s",
		      HUB_FMT(feed));
	hub_hint(cli->err, "Only what was imported with a mapping goes out in its layout.");
	return rc;
}

int hub_sheet_out(struct hub_cli *cli, const char *mapping, const struct hub_schema *schema,
		  struct hub_store *store, struct hub_sheet *out)
{
	struct cutter *c = hub_alloc0(cli->arena, sizeof *c);
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_mapping *m;
	struct hub_bound *bound;
	int64_t run = 0;
	int rc = load(cli, mapping, schema, &m);

	hub_buf_init(&drift, 1 << 20);
	if (rc || !c)
		return rc ? rc : hub_fail_mem(cli->err);
	const struct hub_mapping_info *info = hub_mapping_info(m);
	*c = (struct cutter){.arena = cli->arena, .store = store};
	if ((rc = last_run(cli, store, info->name, &run)) ||
	    (rc = hub_layout_load(cli->arena, store, run, &c->layout, cli->err)) ||
	    (rc = hub_mapping_bind(cli->arena, m, c->layout.header, c->layout.n, &bound, &drift,
				   cli->err)))
		return rc;
	struct hub_sheet_col *col = hub_alloc_array(cli->arena, c->layout.n + 1u, sizeof *col);
	c->at = hub_alloc_array(cli->arena, c->layout.n + 1u, sizeof *c->at);
	if (!col || !c->at)
		return hub_fail_mem(cli->err);
	for (uint32_t i = 0; i < c->layout.n && !rc; i++) {
		col[i].name = c->layout.header[i];
		rc = hub_mapping_uses(cli->arena, bound, i, &col[i].field, &col[i].n, cli->err);
	}
	*out = (struct hub_sheet){.name = info->name,
				  .title = info->title,
				  .feed = info->name,
				  .col = col,
				  .cols = c->layout.n,
				  .cut = cut,
				  .with = c};
	return rc;
}

int hub_sheet_out_options(struct hub_cli *cli, const char *mapping, const struct hub_schema *schema,
			  struct hub_options *sink)
{
	struct hub_mapping *m;
	int rc = load(cli, mapping, schema, &m);

	if (rc)
		return rc;
	const struct hub_mapping_plugin *source = &hub_mapping_info(m)->source;
	static const char *const shared[] = {"layout", "cells", "expect", "sheets", "header_row"};
	for (uint32_t i = 0; i < source->options && !rc; i++)
		for (size_t k = 0; k < HUB_COUNT(shared) && !rc; k++)
			if (hub_str_is(source->option_name[i], shared[k]) &&
			    hub_option_find(sink->plugin, source->option_name[i]))
				rc = hub_options_set(sink, source->option_name[i],
						     source->option_value[i], cli->err);
	return rc;
}
