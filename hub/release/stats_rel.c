#include "release/stats_rel.h"

#include "base/err.h"
#include "base/map.h"

#include <stdlib.h>

enum { KEY_LIMIT = 1 << 16, CONDS_MAX = 80, COND_LIMIT = 4096 };

/* --- what a cell counts ----------------------------------------------------------------------------------- */

static void put_slot(struct hub_buf *b, const struct hub_stat *m, uint32_t slot)
{
	hub_buf_printf(b, "%.*s.%.*s", HUB_FMT(m->slot[slot].entity->name),
		       HUB_FMT(m->slot[slot].field->name));
}

static int by_text(const void *x, const void *y)
{
	return hub_str_cmp(*(const struct hub_str *)x, *(const struct hub_str *)y);
}

/* "!entity.field=a|b", values in order. */
static struct hub_str cond_text(struct hub_arena *a, const struct hub_stat *m,
				const struct hub_stat_cond *c)
{
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_str *v = hub_alloc_array(a, c->n + 1u, sizeof *v);

	if (!v)
		return (struct hub_str){NULL, 0};
	memcpy(v, c->values, c->n * sizeof *v);
	qsort(v, c->n, sizeof *v, by_text);
	hub_buf_init(&b, COND_LIMIT);
	hub_buf_puts(&b, c->unless ? "!" : "");
	put_slot(&b, m, c->slot);
	for (uint32_t i = 0; i < c->n; i++)
		hub_buf_printf(&b, "%s%.*s", i ? "|" : "=", HUB_FMT(v[i]));
	return hub_buf_ok(&b) ? hub_arena_str(a, hub_buf_text(&b)) : (struct hub_str){NULL, 0};
}

void hub_stats_key(struct hub_buf *b, const struct hub_stat *m, uint32_t without,
		   struct hub_str extra)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_str cond[CONDS_MAX];
	uint32_t n = 0;

	b->failed |= a == NULL || m->conds >= CONDS_MAX;
	for (uint32_t i = 0; i < m->conds && !b->failed; i++) {
		if (i == without)
			continue;
		cond[n] = cond_text(a, m, &m->cond[i]);
		b->failed |= cond[n++].ptr == NULL;
	}
	if (b->failed)
		return;
	if (extra.len)
		cond[n++] = extra;
	qsort(cond, n, sizeof *cond, by_text);
	hub_buf_printf(b, "%.*s %s ", HUB_FMT(m->entity->name), m->stock ? "at" : "on");
	put_slot(b, m, 0);
	for (uint32_t i = m->until; i < m->until + m->untils; i++) {
		hub_buf_putc(b, '-');
		put_slot(b, m, i);
	}
	for (uint32_t i = m->distinct; i < m->distinct + m->distincts; i++) {
		hub_buf_putc(b, '/');
		put_slot(b, m, i);
	}
	for (uint32_t i = 0; i < n; i++)
		if (i == 0 || !hub_str_eq(cond[i], cond[i - 1]))
			hub_buf_printf(b, " %.*s", HUB_FMT(cond[i]));
}

/* The condition on a field with one answer that a category narrows; UINT32_MAX: none. */
static uint32_t narrowed(const struct hub_stat *m, const struct hub_stat_by *by,
			 struct hub_str code)
{
	for (uint32_t i = 0; i < m->conds; i++) {
		const struct hub_stat_cond *c = &m->cond[i];
		if (c->unless || m->slot[c->slot].field != m->slot[by->slot].field ||
		    m->slot[c->slot].entity != m->slot[by->slot].entity)
			continue;
		for (uint32_t k = 0; k < c->n; k++)
			if (hub_str_eq(c->values[k], code) || hub_str_is(c->values[k], "*"))
				return i;
	}
	return UINT32_MAX;
}

static int is_own_each(const struct hub_stat *m, const struct hub_stat_by *by)
{
	return m->each && m->slot[by->slot].field == m->slot[m->each_slot].field;
}

void hub_stats_cell_key(struct hub_buf *b, const struct hub_stat_cell *c)
{
	const struct hub_stat *m = c->measure;
	HUB_AUTO(buf) struct hub_buf extra;

	hub_buf_init(&extra, COND_LIMIT);
	if (m->each && (!c->by || !is_own_each(m, c->by))) {
		hub_buf_puts(b, "each ");
		put_slot(b, m, m->each_slot);
		hub_buf_putc(b, ' ');
	}
	if (!c->by) {
		hub_stats_key(b, m, UINT32_MAX, HUB_STR(""));
		return;
	}
	/* a unit of several rows is where its first row is: not what a condition would count */
	if (m->distincts && !c->by->several)
		hub_buf_puts(b, "first ");
	for (uint32_t i = 0; i < c->by->slots; i++) {
		hub_buf_puts(&extra, i ? "," : "");
		put_slot(&extra, m, c->by->slot + i);
	}
	if (c->by->bands && c->cat->label.ptr != NULL && !hub_str_is(c->cat->code, "-"))
		hub_buf_printf(&extra, "=%lld..%lld", (long long)c->cat->from,
			       (long long)c->cat->to);
	else
		hub_buf_printf(&extra, "=%.*s", HUB_FMT(c->cat->code));
	b->failed |= !hub_buf_ok(&extra);
	hub_stats_key(b, m, c->by->bands ? UINT32_MAX : narrowed(m, c->by, c->cat->code),
		      hub_buf_text(&extra));
}

/* --- relations ------------------------------------------------------------------------------------------------ */

struct finding {
	struct hub_arena *a;
	const struct hub_stats *s;
	struct hub_rels *out;
	struct hub_rel *rel;
	uint32_t room;
	struct hub_map *cells; /* key -> cell */
	struct hub_buf key;
};

/* Cells with equal keys count the same. */
static int find_same(struct finding *f)
{
	for (uint32_t i = 0; i < f->s->cells; i++) {
		uint64_t first = i;
		hub_buf_reset(&f->key);
		hub_stats_cell_key(&f->key, &f->s->cell[i]);
		if (!hub_buf_ok(&f->key))
			return -1;
		if (!hub_map_get(f->cells, hub_buf_text(&f->key), &first) &&
		    hub_map_put(f->cells, hub_buf_text(&f->key), i))
			return -1;
		f->out->same[i] = (uint32_t)first;
	}
	return 0;
}

static int add_rel(struct finding *f, enum hub_rel_kind kind, uint32_t whole, const uint32_t *part,
		   uint32_t parts)
{
	uint32_t *copy = hub_alloc_array(f->a, parts + 1u, sizeof *copy);

	if (!copy || f->out->n == f->room)
		return -1;
	memcpy(copy, part, parts * sizeof *copy);
	f->rel[f->out->n++] = (struct hub_rel){kind, whole, parts, copy};
	return 0;
}

/* Every breakdown beside its total. */
static int add_breakdowns(struct finding *f, uint32_t *part)
{
	const uint32_t *same = f->out->same;
	uint32_t total = 0;
	int bad = 0;

	for (uint32_t i = 0; i < f->s->cells && !bad;) {
		const struct hub_stat_by *by = f->s->cell[i].by;
		if (!by) {
			total = i++;
			continue;
		}
		for (uint32_t k = 0; k < by->n; k++)
			part[k] = same[i + k];
		bad =
		    add_rel(f, by->several ? HUB_REL_COVER : HUB_REL_SUM, same[total], part, by->n);
		i += by->n;
	}
	return bad;
}

/* A condition with several codes of a field with one answer: the sum of what the codes count alone, when
 * other tables show those. */
static int add_conditions(struct finding *f, uint32_t cell, uint32_t *part)
{
	const struct hub_stat *m = f->s->cell[cell].measure;

	for (uint32_t i = 0; i < m->conds; i++) {
		const struct hub_stat_cond *c = &m->cond[i];
		uint32_t n = 0;
		if (c->unless || c->n < 2 || m->distincts || m->each ||
		    m->slot[c->slot].field->type == HUB_F_CODES)
			continue;
		for (uint32_t k = 0; k < c->n; k++) {
			char extra[256];
			uint64_t at;
			snprintf(extra, sizeof extra, "%.*s.%.*s=%.*s",
				 HUB_FMT(m->slot[c->slot].entity->name),
				 HUB_FMT(m->slot[c->slot].field->name), HUB_FMT(c->values[k]));
			hub_buf_reset(&f->key);
			hub_stats_key(&f->key, m, i, hub_str_of(extra));
			if (!hub_buf_ok(&f->key))
				return -1;
			if (hub_map_get(f->cells, hub_buf_text(&f->key), &at))
				part[n++] = f->out->same[at];
		}
		if (n == c->n && add_rel(f, HUB_REL_SUM, f->out->same[cell], part, n))
			return -1;
	}
	return 0;
}

/* Units are not more than the rows they are made of. */
static int add_distinct(struct finding *f, uint32_t cell)
{
	struct hub_stat plain = *f->s->cell[cell].measure;
	uint64_t at;
	uint32_t part = f->out->same[cell];

	if (!plain.distincts)
		return 0;
	plain.distincts = 0;
	hub_buf_reset(&f->key);
	hub_stats_key(&f->key, &plain, UINT32_MAX, HUB_STR(""));
	if (!hub_buf_ok(&f->key))
		return -1;
	return hub_map_get(f->cells, hub_buf_text(&f->key), &at)
		   ? add_rel(f, HUB_REL_WITHIN, f->out->same[at], &part, 1)
		   : 0;
}

/* Breakdowns by bands of the same thing: a wider band is the sum of the narrower ones inside it. */
static int add_bands(struct finding *f, uint32_t cell, uint32_t *part)
{
	const struct hub_stats *s = f->s;
	const struct hub_stat_cell *wide = &s->cell[cell];
	int bad = 0;

	if (!wide->by || !wide->by->bands || hub_str_is(wide->cat->code, "-"))
		return 0;
	for (uint32_t i = 0; i < s->cells && !bad;) {
		const struct hub_stat_cell *c = &s->cell[i];
		uint32_t n = 0;
		if (!c->by || c->by == wide->by || !c->by->bands ||
		    !hub_stats_same_bands(c, wide)) {
			i += c->by ? c->by->n : 1;
			continue;
		}
		for (uint32_t k = 0; k + 1 < c->by->n; k++)
			if (wide->cat->from <= c->by->cat[k].from &&
			    c->by->cat[k].to <= wide->cat->to)
				part[n++] = f->out->same[i + k];
		if (n > 1 && hub_stats_tiles(wide->cat, c->by) > 0)
			bad = add_rel(f, HUB_REL_SUM, f->out->same[cell], part, n);
		i += c->by->n;
	}
	return bad;
}

int hub_stats_same_bands(const struct hub_stat_cell *x, const struct hub_stat_cell *y)
{
	HUB_AUTO(buf) struct hub_buf a;
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&a, KEY_LIMIT);
	hub_buf_init(&b, KEY_LIMIT);
	hub_stats_key(&a, x->measure, UINT32_MAX, HUB_STR(""));
	hub_stats_key(&b, y->measure, UINT32_MAX, HUB_STR(""));
	if (!hub_str_eq(hub_buf_text(&a), hub_buf_text(&b)) || x->by->slots != y->by->slots)
		return 0;
	for (uint32_t i = 0; i < x->by->slots; i++)
		if (x->measure->slot[x->by->slot + i].field !=
		    y->measure->slot[y->by->slot + i].field)
			return 0;
	return 1;
}

int hub_stats_tiles(const struct hub_stat_category *wide, const struct hub_stat_by *by)
{
	int64_t covered = 0;

	for (uint32_t i = 0; i + 1 < by->n; i++) {
		const struct hub_stat_category *c = &by->cat[i];
		if (wide->from <= c->from && c->to <= wide->to)
			covered += c->to - c->from + 1;
	}
	return covered == wide->to - wide->from + 1;
}

static int find_all(struct finding *f)
{
	uint32_t *part = hub_alloc_array(f->a, f->s->cells + 1u, sizeof *part);
	int bad = !part || find_same(f) || add_breakdowns(f, part);

	for (uint32_t i = 0; i < f->s->cells && !bad; i++)
		bad = f->s->cell[i].by ? add_bands(f, i, part)
				       : add_conditions(f, i, part) || add_distinct(f, i);
	return bad;
}

int hub_stats_relations(struct hub_arena *a, const struct hub_stats *s, struct hub_rels *out,
			struct hub_err *err)
{
	struct finding f = {.a = a, .s = s, .out = out, .room = 4 * s->cells + 16};

	*out = (struct hub_rels){.cells = s->cells,
				 .same = hub_alloc_array(a, s->cells + 1u, sizeof *out->same)};
	f.rel = hub_alloc_array(a, f.room, sizeof *f.rel);
	f.cells = hub_map_new(a);
	out->rel = f.rel;
	if (!out->same || !f.rel || !f.cells)
		return hub_fail_mem(err);
	hub_buf_init(&f.key, KEY_LIMIT);
	const int bad = find_all(&f);
	hub_buf_free(&f.key);
	return bad ? hub_fail_mem(err) : HUB_OK;
}
