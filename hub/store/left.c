/* What a changed mapping does not make any more ("left by mapping").
 *
 * A record whose key expression changed comes in under its new key as a new one: the old one, known by its
 * raw bytes, is ended, so that nothing is there twice. Shared rows of which no record speaks any more lose
 * their values and stay as what others may refer to: a key. Both with history, so that undo brings them back.
 * Rows that a record owns are settled with the record (changed.c). */
#include "store/read.h"
#include "store/writer.h"

#include <stdlib.h>

static int note_row(struct hub_writer *w, int64_t id, struct hub_err *err)
{
	if (hub_bits_get(&w->left_row, id - HUB_SHARED_BASE))
		return HUB_OK;
	struct hub_left *more =
	    hub_alloc_more(w->arena, w->left_rows, w->left_n, &w->left_cap, sizeof *more);
	if (!more)
		return hub_fail_mem(err);
	w->left_rows = more;
	more[w->left_n++] = (struct hub_left){id, 0};
	return hub_bits_set(&w->left_row, id - HUB_SHARED_BASE) ? hub_fail_mem(err) : HUB_OK;
}

int hub_left_note(struct hub_writer *w, struct hub_str refs, struct hub_err *err)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;
	int rc = HUB_OK;

	while (w->remapped && !rc && hub_ids_next(&refs, &last, &id, &kind) > 0)
		rc = note_row(w, id, err);
	return rc;
}

static int note_image(struct hub_store *s, struct hub_writer *w, struct hub_str image,
		      struct hub_err *err)
{
	struct hub_str name, refs = {NULL, 0};
	struct hub_dbval v;
	int64_t run = 0, other = 0;

	while (hub_image_next(&image, &name, &v) > 0) {
		if (hub_str_is(name, "refs"))
			refs = v.s;
		if (hub_str_is(name, "run_id"))
			run = v.i;
	}
	if (!refs.ptr)
		return HUB_OK;
	const int rc = hub_db_one(s->db, &other, err,
				  "SELECT CASE WHEN mapping = ? THEN 0 ELSE 1 END FROM run"
				  " WHERE id = ?",
				  "ti", w->spec.mapping, run);
	if (rc < 0)
		return rc;
	return other ? hub_left_note(w, refs, err) : HUB_OK;
}

int hub_left_resume(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	if (!w->remapped)
		return HUB_OK;
	int rc = hub_db_query(s->db, &q, err,
			      "SELECT before FROM history WHERE run_id = ? AND entity = ''", "i",
			      w->run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		rc = note_image(s, w, hub_db_str(q, 0), err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- records under a new key ------------------------------------------------------------------ */

struct old {
	struct hub_hash raw;
	int64_t id;
	int found; /* the run brought the same bytes under another key */
};

struct olds {
	struct old *one;
	size_t n, cap;
};

static int by_raw(const void *a, const void *b)
{
	const struct old *x = a, *y = b;

	if (x->raw.hi != y->raw.hi)
		return x->raw.hi < y->raw.hi ? -1 : 1;
	return (x->raw.lo > y->raw.lo) - (x->raw.lo < y->raw.lo);
}

static int add_old(struct hub_writer *w, struct olds *list, int64_t id, struct hub_str raw)
{
	struct old *more = hub_alloc_more(w->arena, list->one, list->n, &list->cap, sizeof *more);

	if (!more)
		return -1;
	list->one = more;
	more[list->n++] = (struct old){hub_hash128(raw, (struct hub_hash){0, 0}), id, 0};
	return 0;
}

/* Records of the feed that the run has not met. */
static int list_unmet(struct hub_store *s, struct hub_writer *w, struct olds *list,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(s->db, &q, err,
			      "SELECT id, raw FROM record WHERE feed_id = ? AND state = 0"
			      " AND raw IS NOT NULL ORDER BY id",
			      "i", w->feed);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);

		if (!hub_bits_get(&w->decided, id) && !hub_bits_get(&w->kept, id) &&
		    add_old(w, list, id, hub_db_str(q, 1)))
			return hub_fail_mem(err);
	}
	if (list->n)
		qsort(list->one, list->n, sizeof *list->one, by_raw);
	return rc == HUB_END ? HUB_OK : rc;
}

static void find_raw(struct olds *list, const struct hub_hash *raw)
{
	const struct old want = {*raw, 0, 0};
	struct old *at = bsearch(&want, list->one, list->n, sizeof want, by_raw);

	if (!at)
		return;
	while (at > list->one && by_raw(at - 1, &want) == 0)
		at--;
	for (; at < list->one + list->n && by_raw(at, &want) == 0; at++)
		at->found = 1;
}

/* What the run brought: from the store, or from the memory of a dry run. */
static int find_brought(struct hub_store *s, struct hub_writer *w, struct olds *list,
			struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_hash raw;
	int rc = HUB_OK;

	for (uint64_t i = 0; w->spec.dry && !(rc = hub_dry_raw(w, i, &raw, err)); i++)
		find_raw(list, &raw);
	if (!w->spec.dry)
		rc = hub_db_query(s->db, &q, err,
				  "SELECT raw FROM record WHERE feed_id = ? AND run_id = ?"
				  " AND raw IS NOT NULL",
				  "ii", w->feed, w->run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		raw = hub_hash128(hub_db_str(q, 0), (struct hub_hash){0, 0});
		find_raw(list, &raw);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int end_records(struct hub_work *k, struct hub_counts *counts)
{
	struct olds list = {0};

	int rc = list_unmet(k->s, k->w, &list, k->err);
	if (!rc && list.n)
		rc = find_brought(k->s, k->w, &list, k->err);
	for (size_t i = 0; !rc && i < list.n; i++) {
		if (!list.one[i].found)
			continue;
		if (hub_bits_set(&k->w->left, list.one[i].id))
			return hub_fail_mem(k->err);
		rc = hub_owned_remove(k, list.one[i].id, counts->entity, &counts->left_by_mapping);
		if (!rc)
			rc = hub_history_end(k, list.one[i].id);
	}
	return rc ? rc : hub_history_flush(k);
}

/* --- shared rows that nobody speaks of -------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
	const struct hub_left *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static void hear(struct hub_writer *w, struct hub_str refs, int64_t record)
{
	int64_t last = HUB_SHARED_BASE, id;
	unsigned kind;

	while (hub_ids_next(&refs, &last, &id, &kind) > 0) {
		const struct hub_left want = {id, 0};
		struct hub_left *at =
		    hub_bits_get(&w->left_row, id - HUB_SHARED_BASE)
			? bsearch(&want, w->left_rows, w->left_n, sizeof want, by_id)
			: NULL;
		if (at)
			at->speaker = record;
	}
}

/* In a dry run the store still has the old words of the records that the run decided. */
static int find_speakers(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	qsort(w->left_rows, w->left_n, sizeof *w->left_rows, by_id);
	for (size_t i = 0; w->spec.dry && i < w->left_n; i++)
		w->left_rows[i].speaker =
		    hub_bits_get(&w->shared, w->left_rows[i].id - HUB_SHARED_BASE);
	int rc = hub_db_query(
	    s->db, &q, err, "SELECT id, refs FROM record WHERE state = 0 AND refs IS NOT NULL", "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);

		if (!w->spec.dry || (!hub_bits_get(&w->decided, id) && !hub_bits_get(&w->left, id)))
			hear(w, hub_db_str(q, 1), id);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int write_row(struct hub_work *k, const struct hub_entity_table *t, int64_t id,
		     const struct hub_dbval *was, const struct hub_dbval *now)
{
	HUB_AUTO(buf) struct hub_buf image;
	const struct hub_hash before = hub_row_hash(t, was), after = hub_row_hash(t, now);

	hub_buf_init(&image, (size_t)128 << 20);
	for (uint32_t c = 0; c < t->cols; c++)
		hub_image_put(&image, t->col[c].name, &was[c]);
	if (!hub_buf_ok(&image))
		return hub_fail_mem(k->err);
	const struct hub_past_line line = {.entity = t->entity->name,
					   .row = id,
					   .record = was[0].i,
					   .op = HUB_OP_UPDATE,
					   .before = hub_buf_text(&image),
					   .hash_before = &before,
					   .hash_after = &after};
	const int rc = hub_history_add(k, &line);
	return rc ? rc : hub_row_write(k, t, 0, id, now);
}

/* One row of an entity. Nobody speaks of it: only its key stays. Who described it has ended: whoever
 * speaks of it now stands for it. */
static int settle_row(struct hub_work *k, const struct hub_entity_table *t,
		      const struct hub_left *l, const struct hub_dbval *was,
		      struct hub_counts *counts)
{
	struct hub_dbval *now = hub_alloc_array(k->w->tmp, t->cols, sizeof *now);

	if (!now)
		return hub_fail_mem(k->err);
	if (was[0].type == HUB_DB_NULL)
		return HUB_OK;
	if (!l->speaker) {
		counts->left_by_mapping++;
		counts->entity[t->entity->index].removed++;
		now[t->system] = was[t->system];
		now[t->key] = was[t->key];
	} else {
		if (!hub_bits_get(&k->w->left, was[0].i))
			return HUB_OK;
		memcpy(now, was, t->cols * sizeof *now);
		now[0].i = l->speaker;
	}
	return k->w->spec.dry ? HUB_OK : write_row(k, t, l->id, was, now);
}

static int settle_rows(struct hub_work *k, const struct hub_entity_table *t,
		       struct hub_counts *counts)
{
	int rc = HUB_OK;

	for (size_t i = 0; !rc && i < k->w->left_n; i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;

		hub_arena_reset(k->w->tmp);
		struct hub_dbval *was = hub_alloc_array(k->w->tmp, t->cols, sizeof *was);
		if (!was)
			return hub_fail_mem(k->err);
		rc = hub_db_query(k->db, &q, k->err, t->get, "i", k->w->left_rows[i].id);
		if (!rc)
			rc = hub_db_next(q, k->err);
		for (uint32_t c = 0; !rc && c < t->cols; c++)
			was[c] = hub_db_val(q, c);
		if (!rc)
			rc = settle_row(k, t, &k->w->left_rows[i], was, counts);
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return rc;
}

int hub_left_settle(struct hub_store *s, struct hub_writer *w, struct hub_counts *counts,
		    struct hub_err *err)
{
	struct hub_work k = {.s = s, .db = s->db, .w = w, .a = w->tmp, .err = err};

	if (!w->remapped)
		return HUB_OK;
	int rc = end_records(&k, counts);
	if (rc || !w->left_n)
		return rc;
	rc = find_speakers(s, w, err);
	for (uint32_t i = 0; !rc && i < s->tables->n; i++)
		if (s->tables->table[i].find)
			rc = settle_rows(&k, &s->tables->table[i], counts);
	return rc;
}
