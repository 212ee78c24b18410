#include "cli/staff_diff.h"

#include "cli/work.h"
#include "intake/input.h"
#include "plugin/batch.h"
#include "store/staff.h"

/* The appointments of the file, by the records they stand in. */
struct list {
	struct hub_staff_post *post;
	size_t n, cap;
	uint64_t rejected;
};

struct diff {
	struct hub_cli *cli;
	struct list file;
	struct hub_staff_post *store;
	uint32_t stored;
	uint8_t *seen; /* of the stored ones: in the file, too */
	struct hub_table *t;
};

/* --- the file ----------------------------------------------------------------------------------------- */

static const struct hub_rows *rows_of(const struct hub_chunk *c, const char *entity)
{
	for (uint32_t b = 0; b < c->blocks; b++)
		if (hub_str_is(c->rows[b].entity->name, entity))
			return &c->rows[b];
	return NULL;
}

/* A field of the row that an entity has from a record. */
static struct hub_str cell(struct hub_arena *a, const struct hub_rows *rows, uint32_t record,
			   const char *field)
{
	for (uint32_t r = 0; rows && r < rows->n; r++)
		for (uint32_t c = 0; rows->src[r] == record && c < rows->cols; c++)
			if (hub_str_is(rows->field[c]->name, field) && rows->col[c].cell &&
			    rows->col[c].cell[r] == HUB_VALUE)
				return hub_arena_str(a, rows->col[c].text[r]);
	return (struct hub_str){"", 0};
}

static int take_chunk(struct diff *d, const struct hub_chunk *c)
{
	const struct hub_rows *staff = rows_of(c, "staff"), *agency = rows_of(c, "agency"),
			      *post = rows_of(c, "appointment");
	struct hub_arena *a = d->cli->arena;

	for (uint32_t r = 0; r < c->n; r++) {
		d->file.rejected += c->fate[r] == HUB_FATE_REJECTED;
		if (c->fate[r] != HUB_FATE_OPEN)
			continue;
		struct hub_staff_post *grown =
		    hub_alloc_more(a, d->file.post, d->file.n, &d->file.cap, sizeof *grown);
		if (!grown)
			return -1;
		d->file.post = grown;
		d->file.post[d->file.n++] =
		    (struct hub_staff_post){.staff_no = cell(a, staff, r, "staff_no"),
					    .name = cell(a, staff, r, "staff_name"),
					    .agency = cell(a, agency, r, "agency_name"),
					    .department = cell(a, post, r, "department"),
					    .position = cell(a, post, r, "position"),
					    .from = cell(a, post, r, "valid_from"),
					    .to = cell(a, post, r, "valid_to")};
	}
	return 0;
}

static int read_batches(struct diff *d, const struct hub_intake *in, struct hub_instance *source,
			struct hub_batch *batch)
{
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	HUB_AUTO(buf) struct hub_buf drift;
	struct hub_bound *bound = NULL;
	struct hub_err *err = d->cli->err;
	struct hub_str *name;
	int rc;

	hub_buf_init(&drift, 1 << 20);
	if (!scratch)
		return hub_fail_mem(err);
	while ((rc = hub_source_next(source, batch, err)) == HUB_OK) {
		struct hub_chunk c = {.arena = scratch, .n = batch->rows, .prov = batch->prov};
		if (!bound && ((rc = hub_input_names(d->cli->arena, batch, &name, err)) ||
			       (rc = hub_mapping_bind(d->cli->arena, in->mapping, name, batch->cols,
						      &bound, &drift, err)))) {
			fwrite(drift.ptr, 1, drift.len, stderr);
			return rc;
		}
		if ((rc = hub_map_keys(bound, batch, &c, NULL, err)) ||
		    (rc = hub_map_rows(bound, batch, &c, NULL, err)))
			return rc;
		if (take_chunk(d, &c))
			return hub_fail_mem(err);
		hub_batch_reset(batch);
		hub_arena_reset(scratch);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_file(struct diff *d, const struct hub_schema *schema, const char *mapping,
		     const char *path)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *batch = hub_batch_new(0);
	struct hub_intake in = {.schema = schema, .path = path};
	struct hub_plugins *plugins;
	struct hub_mapping *m;
	int rc;

	if (!batch)
		return hub_fail_mem(d->cli->err);
	if ((rc = hub_work_plugins(d->cli, &plugins)) ||
	    (rc = hub_work_mapping(d->cli, mapping, schema, &m)))
		return rc;
	in.plugins = plugins;
	in.mapping = m;
	if ((rc = hub_input_open(d->cli->arena, &in, (struct hub_str){NULL, 0}, &source,
				 d->cli->err)))
		return rc;
	return read_batches(d, &in, source, batch);
}

/* --- differences -------------------------------------------------------------------------------------- */

static struct hub_str place_of(struct hub_arena *a, const struct hub_staff_post *p)
{
	return hub_arena_printf(a, "%.*s %.*s %.*s", HUB_FMT(p->agency), HUB_FMT(p->department),
				HUB_FMT(p->position));
}

static void add(struct diff *d, const char *what, const struct hub_staff_post *p, struct hub_str on,
		const struct hub_staff_post *from, const struct hub_staff_post *to)
{
	hub_table_puts(d->t, hub_tr(what));
	hub_table_str(d->t, p->staff_no);
	hub_table_str(d->t, p->name);
	hub_table_str(d->t, on);
	hub_table_str(d->t, from ? place_of(d->cli->arena, from) : HUB_STR(""));
	hub_table_str(d->t, to ? place_of(d->cli->arena, to) : HUB_STR(""));
}

/* The appointment of that day, and the last one before it. */
static void find(struct diff *d, const struct hub_staff_post *p, int64_t *same, int64_t *before)
{
	*same = *before = -1;
	for (uint32_t i = 0; i < d->stored; i++) {
		const struct hub_staff_post *s = &d->store[i];
		if (!hub_str_eq(s->staff_no, p->staff_no))
			continue;
		const int order = hub_str_cmp(s->from, p->from);
		if (order == 0)
			*same = i;
		else if (order < 0)
			*before = i;
	}
}

static int same_post(const struct hub_staff_post *a, const struct hub_staff_post *b)
{
	return hub_str_eq(a->agency, b->agency) && hub_str_eq(a->department, b->department) &&
	       hub_str_eq(a->position, b->position) && hub_str_eq(a->name, b->name);
}

static void compare(struct diff *d, const struct hub_staff_post *p)
{
	int64_t same, before;

	find(d, p, &same, &before);
	if (same < 0) {
		add(d, before < 0 ? HUB_N("comes") : HUB_N("moves"), p, p->from,
		    before < 0 ? NULL : &d->store[before], p);
		if (p->to.len)
			add(d, HUB_N("leaves"), p, p->to, p, NULL);
		return;
	}
	const struct hub_staff_post *s = &d->store[same];
	d->seen[same] = 1;
	if (!same_post(s, p))
		add(d, HUB_N("changes"), p, p->from, s, p);
	if (!hub_str_eq(s->to, p->to))
		add(d, p->to.len ? HUB_N("leaves") : HUB_N("stays"), p, p->to.len ? p->to : s->to,
		    s, NULL);
}

static void compare_all(struct diff *d)
{
	for (uint32_t i = 0; i < d->file.n; i++)
		compare(d, &d->file.post[i]);
	for (uint32_t i = 0; i < d->stored; i++)
		if (!d->seen[i] && d->store[i].listed)
			add(d, HUB_N("is not in the list"), &d->store[i], d->store[i].from,
			    &d->store[i], NULL);
}

int hub_staff_diff(struct hub_cli *cli, struct hub_store *store, const char *mapping,
		   const char *path, struct hub_table **out)
{
	struct diff d = {.cli = cli, .t = hub_table_new(cli->arena, (struct hub_str){NULL, 0})};
	int rc;

	if (!d.t)
		return hub_fail_mem(cli->err);
	hub_table_col(d.t, "what", HUB_N("difference"), 0);
	hub_table_col(d.t, "staff_no", HUB_N("staff no."), 0);
	hub_table_col(d.t, "name", HUB_N("name"), 0);
	hub_table_col(d.t, "on", HUB_N("day"), 0);
	hub_table_col(d.t, "from", HUB_N("from"), 0);
	hub_table_col(d.t, "to", HUB_N("to"), 0);
	if ((rc = read_file(&d, hub_store_schema(store), mapping, path)) ||
	    (rc = hub_staff_posts(cli->arena, store, &d.store, &d.stored, cli->err)))
		return rc;
	d.seen = hub_alloc0(cli->arena, (size_t)d.stored + 1);
	if (!d.seen)
		return hub_fail_mem(cli->err);
	compare_all(&d);
	if (d.file.rejected)
		fprintf(stderr,
			hub_tr("%llu rows of the file cannot be read; an import rejects them.\n"),
			(unsigned long long)d.file.rejected);
	*out = d.t;
	return HUB_OK;
}
