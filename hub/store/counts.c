#include "store/counts.h"

#include "base/err.h"
#include "base/json.h"

struct number {
	const char *name;
	size_t at;
};

#define FATE(n) (offsetof(struct hub_counts, fate) + (n) * sizeof(uint64_t))

static const struct number run_numbers[] = {
    {"read", offsetof(struct hub_counts, read)},
    {"new", FATE(HUB_FATE_NEW)},
    {"changed", FATE(HUB_FATE_CHANGED)},
    {"same", FATE(HUB_FATE_SAME)},
    {"repeated", FATE(HUB_FATE_REPEATED)},
    {"rejected", FATE(HUB_FATE_REJECTED)},
    {"outside", FATE(HUB_FATE_OUTSIDE)},
    {"header", FATE(HUB_FATE_HEADER)},
    {"vanished", offsetof(struct hub_counts, vanished)},
    {"left_by_mapping", offsetof(struct hub_counts, left_by_mapping)},
    {"unsettled", offsetof(struct hub_counts, unsettled)},
    {"gaiji", offsetof(struct hub_counts, gaiji)},
    {"banned_columns", offsetof(struct hub_counts, banned_columns)},
    {"banned_numbers", offsetof(struct hub_counts, banned_numbers)},
};

static const struct number entity_numbers[] = {
    {"produced", offsetof(struct hub_entity_count, produced)},
    {"inserted", offsetof(struct hub_entity_count, inserted)},
    {"updated", offsetof(struct hub_entity_count, updated)},
    {"same", offsetof(struct hub_entity_count, same)},
    {"repeated", offsetof(struct hub_entity_count, repeated)},
    {"removed", offsetof(struct hub_entity_count, removed)},
};

static uint64_t get(const void *base, const struct number *n)
{
	uint64_t v;

	memcpy(&v, (const char *)base + n->at, sizeof v);
	return v;
}

static void write_numbers(const void *base, const struct number *n, size_t count,
			  struct hub_buf *out)
{
	for (size_t i = 0; i < count; i++)
		hub_json_int(out, n[i].name, (int64_t)get(base, &n[i]));
}

static void read_numbers(json_t *o, const struct number *n, size_t count, void *base)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t v = (uint64_t)hub_json_number(o, n[i].name);
		memcpy((char *)base + n[i].at, &v, sizeof v);
	}
}

void hub_counts_json(const struct hub_counts *c, const struct hub_schema *s, struct hub_buf *out)
{
	hub_buf_putc(out, '{');
	write_numbers(c, run_numbers, HUB_COUNT(run_numbers), out);
	hub_json_key(out, "entity");
	hub_buf_putc(out, '{');
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity_count *e = &c->entity[i];
		if (!e->produced && !e->removed)
			continue;
		hub_json_key(out, s->entities[i].name.ptr);
		hub_buf_putc(out, '{');
		write_numbers(e, entity_numbers, HUB_COUNT(entity_numbers), out);
		hub_buf_putc(out, '}');
	}
	hub_buf_puts(out, "}}");
}

int hub_counts_read(struct hub_str json, const struct hub_schema *s, struct hub_counts *c,
		    struct hub_err *err)
{
	json_error_t e;

	if (!json.len)
		return HUB_OK;
	json_t *o = hub_json_read(json, 0, &e);
	if (!o)
		return errno == ENOMEM ? hub_fail_mem(err)
				       : hub_fail(err, HUB_INTEGRITY, "run-counts",
						  "the stored counts of a run cannot be read");
	read_numbers(o, run_numbers, HUB_COUNT(run_numbers), c);
	json_t *all = json_object_get(o, "entity");
	for (uint32_t i = 0; i < s->n_entities; i++)
		read_numbers(json_object_get(all, s->entities[i].name.ptr), entity_numbers,
			     HUB_COUNT(entity_numbers), &c->entity[i]);
	json_decref(o);
	return HUB_OK;
}

int hub_counts_ok(const struct hub_counts *c, const struct hub_schema *s)
{
	uint64_t sum = 0;

	for (int f = HUB_FATE_NEW; f < HUB_FATE_HEADER; f++)
		sum += c->fate[f];
	if (sum != c->read)
		return 0;
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity_count *e = &c->entity[i];
		if (e->produced != e->inserted + e->updated + e->same + e->repeated)
			return 0;
	}
	return 1;
}
