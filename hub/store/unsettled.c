/* A shared row says what some record said about it. When that record comes to speak of another row, or sets back the
 * value that `latest(...)` goes by, what others say would stand; but those before it in the file are unchanged and
 * were not asked. Such a row is unsettled: records behind in this run, and all in the feed's next one, are heard about
 * it although they are unchanged, so that it ends as if the file had come alone. A changed mapping asks everyone. */
#include "store/slot.h"

/* Which record a shared row has its values from: the number does not tell of which entity it is. */
static const char *ask_described(struct hub_writer *w, const struct hub_entity_tables *tables)
{
	struct hub_str all = {NULL, 0};

	for (uint32_t t = 0; t < tables->n; t++)
		if (tables->table[t].entity->identified)
			all = hub_arena_printf(w->arena, "%.*s%sSELECT id, record_id FROM %s",
					       HUB_FMT(all), all.len ? " UNION ALL " : "",
					       tables->table[t].name.ptr);
	return hub_arena_printf(w->arena, "SELECT record_id FROM (%.*s) a WHERE id = ?",
				HUB_FMT(all))
	    .ptr;
}

int hub_unsettled_load(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (!(w->described = ask_described(w, s->tables)))
		return hub_fail_mem(err);
	int rc = hub_db_query(s->db, &q, err,
			      "SELECT u.row_id, u.run_id FROM unsettled u JOIN run r ON"
			      " r.id = u.run_id WHERE r.feed_id = ? AND u.settled_run IS NULL",
			      "i", w->feed);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (hub_bits_set(hub_db_int(q, 1) == w->run ? &w->unsettled_now : &w->unsettled,
				 hub_db_int(q, 0) - HUB_SHARED_BASE))
			rc = hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int by_this_chunk(const struct hub_work *k, int64_t row)
{
	for (size_t i = 0; i < k->unsettled_n; i++)
		if (k->unsettled[i] == row)
			return 1;
	return 0;
}

int hub_unsettled_has(const struct hub_work *k, int64_t row)
{
	return hub_bits_get(&k->w->unsettled, row - HUB_SHARED_BASE) ||
	       hub_bits_get(&k->w->unsettled_now, row - HUB_SHARED_BASE) || by_this_chunk(k, row);
}

int hub_unsettled_add(struct hub_work *k, int64_t row)
{
	if (k->w->remapped || hub_bits_get(&k->w->unsettled_now, row - HUB_SHARED_BASE) ||
	    by_this_chunk(k, row))
		return HUB_OK;
	int64_t *more =
	    hub_alloc_more(k->a, k->unsettled, k->unsettled_n, &k->unsettled_cap, sizeof *more);
	if (!more)
		return hub_fail_mem(k->err);
	k->unsettled = more;
	k->unsettled[k->unsettled_n++] = row;
	return HUB_OK;
}

static int speaks_of(struct hub_str refs, int64_t row)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;

	while (hub_ids_next(&refs, &last, &id, &kind) > 0)
		if (id == row)
			return 1;
	return 0;
}

/* The record that a shared row has its values from; *record 0: none. */
static int described_by(struct hub_work *k, int64_t row, int64_t *record)
{
	*record = 0;
	const int rc = hub_db_one(k->db, record, k->err, k->w->described, "i", row);
	return rc == HUB_END ? HUB_OK : rc;
}

/* What stands is of this record, from before the run: what the run changed it has decided anew. */
static int stands_by(struct hub_work *k, int64_t row, int64_t who, int *yes)
{
	const struct hub_slot *s = hub_slot_with_id(k, row);
	int64_t record = 0;
	int rc = HUB_OK;

	const int hot = (s && s->hot) || hub_bits_get(&k->w->hot, row - HUB_SHARED_BASE);
	if (!hot)
		rc = described_by(k, row, &record);
	*yes = !hot && record == who;
	return rc;
}

/* The record spoke of the rows of before; now it speaks of those of refs. */
static int leave(struct hub_work *k, int64_t record, struct hub_str before, struct hub_str refs)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;
	int rc = HUB_OK, yes;

	while (!rc && hub_ids_next(&before, &last, &id, &kind) > 0)
		if (!speaks_of(refs, id) && !(rc = stands_by(k, id, record, &yes)) && yes)
			rc = hub_unsettled_add(k, id);
	return rc;
}

int hub_unsettled_left(struct hub_work *k, uint32_t i)
{
	return k->c->refs ? leave(k, k->id[i], k->c->refs[i], k->refs[i]) : HUB_OK;
}

int hub_unsettled_ended(struct hub_work *k, int64_t record, struct hub_counts *counts)
{
	struct hub_str refs = {NULL, 0}, none = {NULL, 0};

	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc =
	    hub_db_query(k->db, &q, k->err, "SELECT refs FROM record WHERE id = ?", "i", record);
	if (rc || (rc = hub_db_next(q, k->err)))
		return rc == HUB_END ? HUB_OK : rc;
	k->unsettled_n = 0;
	refs = hub_db_str(q, 0);
	if ((rc = leave(k, record, refs, none)) || (rc = hub_unsettled_write(k, counts)))
		return rc;
	return hub_unsettled_commit(k) ? hub_fail_mem(k->err) : HUB_OK;
}

int hub_unsettled_write(struct hub_work *k, struct hub_counts *counts)
{
	int rc = HUB_OK;

	counts->unsettled += k->unsettled_n;
	for (size_t i = 0; !rc && !k->w->spec.dry && i < k->unsettled_n; i++)
		rc = hub_db_run(k->db, k->err,
				"INSERT INTO unsettled (row_id, run_id) VALUES (?, ?)"
				" ON CONFLICT DO NOTHING",
				"ii", k->unsettled[i], k->w->run);
	return rc;
}

int hub_unsettled_commit(struct hub_work *k)
{
	int bad = 0;

	for (size_t i = 0; i < k->unsettled_n; i++)
		bad |= hub_bits_set(&k->w->unsettled_now, k->unsettled[i] - HUB_SHARED_BASE);
	return bad;
}

int hub_unsettled_settle(struct hub_store *s, const struct hub_writer *w, struct hub_err *err)
{
	return hub_db_run(s->db, err,
			  "UPDATE unsettled SET settled_run = ? WHERE settled_run IS NULL AND"
			  " run_id <> ? AND run_id IN (SELECT id FROM run WHERE feed_id = ?)",
			  "iii", w->run, w->run, w->feed);
}
