/* One chunk, from fates to the commit. Nothing in the chunk or in the run's memory changes before the
 * transaction is through. */
#include "store/counts.h"
#include "store/writer.h"

#include "base/clock.h"

/* --- classify --------------------------------------------------------------------------------- */

static int classify(struct hub_store *s, int64_t feed, struct hub_chunk *c, struct hub_err *err)
{
	struct hub_arena *a = c->arena;
	uint32_t *pick = hub_alloc_array(a, c->n + 1, sizeof *pick);
	struct hub_db_known in = {.arena = a,
				  .feed = feed,
				  .pick = pick,
				  .key = c->key,
				  .id = hub_alloc_array(a, c->n + 1, sizeof *in.id),
				  .hash = hub_alloc_array(a, c->n + 1, sizeof *in.hash),
				  .state = hub_alloc_array(a, c->n + 1, 1),
				  .refs = hub_alloc_array(a, c->n + 1, sizeof *in.refs)};

	if (!pick || !in.id || !in.hash || !in.state || !in.refs)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < c->n; i++)
		if (c->fate[i] == HUB_FATE_OPEN)
			pick[in.n++] = i;
	const int rc = s->db->ops->known(s->db, &in, err);
	for (uint32_t n = 0; !rc && n < in.n; n++) {
		const uint32_t i = pick[n];
		c->refs[i] = in.refs[i];
		if (in.id[i] && in.state[i] == HUB_RECORD_LIVE &&
		    memcmp(&in.hash[i], &c->hash[i], sizeof in.hash[i]) == 0) {
			c->record_id[i] = in.id[i];
			c->fate[i] = HUB_FATE_SAME;
		}
	}
	return rc;
}

int hub_chunk_classify(struct hub_store *s, const struct hub_run *run, struct hub_chunk *c,
		       struct hub_err *err)
{
	const struct hub_writer *w = run->state;

	/* In a feed without records everything is new: nothing to ask. */
	if (w->fresh)
		return HUB_OK;
	c->record_id = hub_alloc_array(c->arena, c->n, sizeof *c->record_id);
	c->refs = hub_alloc_array(c->arena, c->n, sizeof *c->refs);
	if (!c->record_id || !c->refs)
		return hub_fail_mem(err);
	int rc = s->db->ops->begin(s->db, HUB_DB_READ, err);
	if (rc)
		return rc;
	rc = classify(s, run->feed, c, err);
	s->db->ops->rollback(s->db);
	return rc;
}

/* --- fates ------------------------------------------------------------------------------------ */

static int make_work(struct hub_work *k)
{
	const struct hub_chunk *c = k->c;
	struct hub_arena *a = k->a;
	const uint32_t n = c->n + 1;

	k->fate = hub_alloc_array(a, n, 1);
	k->how = hub_alloc_array(a, n, 1);
	k->existed = hub_alloc_array(a, n, 1);
	k->old_state = hub_alloc_array(a, n, 1);
	k->code = hub_alloc_array(a, n, sizeof(char *));
	k->reason = hub_alloc_array(a, n, sizeof *k->reason);
	k->refs = hub_alloc_array(a, n, sizeof *k->refs);
	k->id = hub_alloc_array(a, n, sizeof *k->id);
	k->row = hub_alloc_array(a, n, sizeof *k->row);
	k->line = hub_alloc_array(a, n, sizeof *k->line);
	k->byte = hub_alloc_array(a, n, sizeof *k->byte);
	k->old_hash = hub_alloc_array(a, n, sizeof *k->old_hash);
	k->twin = hub_alloc_array(a, n, sizeof *k->twin);
	k->earlier = hub_alloc_array(a, n, sizeof *k->earlier);
	k->count = hub_alloc_array(a, k->s->schema->n_entities + 1, sizeof *k->count);
	if (!k->fate || !k->how || !k->existed || !k->old_state || !k->code || !k->reason ||
	    !k->refs || !k->id || !k->row || !k->line || !k->byte || !k->old_hash || !k->twin ||
	    !k->earlier || !k->count)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < c->n; i++) {
		k->fate[i] = c->fate[i];
		k->code[i] = c->code[i];
		k->reason[i] = c->reason[i];
		k->row[i] = (int64_t)c->prov[i].row;
		k->line[i] = (int64_t)c->prov[i].line;
		k->byte[i] = (int64_t)c->prov[i].byte;
		if (c->fate[i] == HUB_FATE_SAME && c->record_id)
			k->id[i] = c->record_id[i];
	}
	return HUB_OK;
}

static int same_hash(const struct hub_hash *a, const struct hub_hash *b)
{
	return a->hi == b->hi && a->lo == b->lo;
}

/* A key that was decided before in this run: equal content counts as repeated, other is refused. */
static int repeat(struct hub_work *k, uint32_t i, int equal, int64_t row, int64_t line)
{
	k->how[i] = HUB_HOW_NONE;
	k->id[i] = 0;
	k->fate[i] = equal ? HUB_FATE_REPEATED : HUB_FATE_REJECTED;
	if (equal)
		return HUB_OK;
	k->code[i] = "key-repeated";
	if (line)
		k->reason[i] = hub_arena_printf(
		    k->a, hub_tr("same key as row %lld (line %lld), with other content"),
		    (long long)row, (long long)line);
	else if (row)
		k->reason[i] = hub_arena_printf(
		    k->a, hub_tr("same key as row %lld, with other content"), (long long)row);
	else
		k->reason[i] = hub_arena_str(
		    k->a, hub_str_of(hub_tr("same key as an earlier row, with other content")));
	return k->reason[i].ptr ? HUB_OK : hub_fail_mem(k->err);
}

static int is_candidate(const struct hub_work *k, uint32_t i)
{
	return k->fate[i] == HUB_FATE_OPEN || k->fate[i] == HUB_FATE_SAME;
}

/* Keys met twice within the chunk. */
static int dedupe(struct hub_work *k)
{
	const struct hub_chunk *c = k->c;
	size_t size = 64;
	int rc = HUB_OK;

	while (size < (size_t)c->n * 2)
		size *= 2;
	uint32_t *slot = hub_alloc_array(k->a, size, sizeof *slot);
	if (!slot)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; !rc && i < c->n; i++) {
		if (!is_candidate(k, i))
			continue;
		size_t at = hub_hash64(c->key[i]) & (size - 1);
		while (slot[at] && !hub_str_eq(c->key[slot[at] - 1], c->key[i]))
			at = (at + 1) & (size - 1);
		if (!slot[at]) {
			slot[at] = i + 1;
			continue;
		}
		const uint32_t first = slot[at] - 1;
		k->twin[i] = first + 1;
		rc = repeat(k, i, same_hash(&c->hash[first], &c->hash[i]), k->row[first],
			    k->line[first]);
	}
	return rc;
}

/* Content a record has by now, for a repeat of an unchanged one. */
static int current_hash(struct hub_work *k, uint32_t i, struct hub_hash *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t id, row, line;
	int rc;

	if (k->w->spec.dry && (rc = hub_dry_hash(k, k->c->key[i], out, &id, &row, &line)))
		return rc < 0 ? rc : HUB_OK;
	rc = hub_db_query(k->db, &q, k->err, "SELECT hash FROM record WHERE id = ?", "i", k->id[i]);
	if (!rc)
		rc = hub_db_next(q, k->err);
	const struct hub_str s = rc ? (struct hub_str){NULL, 0} : hub_db_str(q, 0);
	*out = (struct hub_hash){0, 0};
	if (s.len == sizeof *out)
		memcpy(out, s.ptr, s.len);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Its key was decided by an earlier chunk, with the content in k->old_hash. */
static int repeat_earlier(struct hub_work *k, uint32_t i)
{
	struct hub_earlier *e = &k->earlier[i];
	struct hub_hash h;
	int64_t id;

	e->decided = 1;
	if (!k->w->spec.dry || hub_dry_hash(k, k->c->key[i], &h, &id, &e->row, &e->line) <= 0)
		hub_run_place(k->s, k->w, k->id[i], &e->row, &e->line);
	return repeat(k, i, same_hash(&k->old_hash[i], &k->c->hash[i]), e->row, e->line);
}

/* Repeats within the chunk of a record that is a repeat itself: what counts is what was decided. */
static int judge_twins(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		const uint32_t first = k->twin[i] ? k->twin[i] - 1 : 0;
		const struct hub_earlier *e = &k->earlier[first];

		if (k->twin[i] && e->decided)
			rc = repeat(k, i, same_hash(&k->old_hash[first], &k->c->hash[i]), e->row,
				    e->line);
	}
	return rc;
}

/* Unchanged records: a second one of the same key, or one that must be heard about a shared row. */
static int check_same(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < k->c->n; i++) {
		if (k->fate[i] != HUB_FATE_SAME || !hub_bits_get(&k->w->decided, k->id[i]))
			continue;
		rc = current_hash(k, i, &k->old_hash[i]);
		if (!rc)
			rc = repeat_earlier(k, i);
	}
	return rc;
}

static int judge_record(struct hub_work *k, uint32_t i)
{
	const int equal = same_hash(&k->old_hash[i], &k->c->hash[i]);

	if (!k->existed[i]) {
		k->how[i] = HUB_HOW_NEW;
		k->fate[i] = HUB_FATE_NEW;
		return HUB_OK;
	}
	if (hub_bits_get(&k->w->decided, k->id[i]))
		return repeat_earlier(k, i);
	if (equal && k->old_state[i] == HUB_RECORD_LIVE) {
		k->how[i] = HUB_HOW_VOTE;
		k->fate[i] = HUB_FATE_SAME;
		return HUB_OK;
	}
	k->how[i] = HUB_HOW_CHANGED;
	k->fate[i] = HUB_FATE_CHANGED;
	return HUB_OK;
}

/* New, changed or the same: asks the store and inserts what is new. */
static int decide(struct hub_work *k)
{
	static const int64_t most = ((int64_t)1 << 32) - 1;
	uint32_t *pick = hub_alloc_array(k->a, k->c->n + 1, sizeof *pick);
	uint32_t n = 0;

	if (!pick)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < k->c->n; i++)
		if (k->fate[i] == HUB_FATE_OPEN)
			pick[n++] = i;
	if (k->next_record + n > most)
		return hub_fail(k->err, HUB_FATAL, "store-full",
				"the store holds as many records as it can");
	int rc = k->w->spec.dry ? hub_dry_records(k, pick, n) : hub_records_write(k, pick, n);
	for (uint32_t i = 0; !rc && i < n; i++)
		rc = judge_record(k, pick[i]);
	return rc ? rc : judge_twins(k);
}

/* --- rejects, ledger, numbers ----------------------------------------------------------------- */

static int write_reject(struct hub_work *k, uint32_t i)
{
	const struct hub_chunk *c = k->c;
	/* a registry has no reject file: place and reason are enough to ask its keeper */
	const int lean = k->w->spec.lookup;
	const struct hub_str none = {NULL, 0};

	return hub_db_run(
	    k->db, k->err,
	    "INSERT INTO reject (run_id, row, line, byte, len, part, key, code, col, reason,"
	    " raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "iiiiiitzttb", k->w->run, k->row[i], k->line[i], k->byte[i], (int64_t)c->prov[i].len,
	    (int64_t)c->prov[i].part, lean || !c->key[i].len ? none : c->key[i],
	    k->code[i] ? k->code[i] : "invalid", c->column[i].len ? c->column[i] : none,
	    k->reason[i], lean ? none : c->raw[i]);
}

static int write_rejects(struct hub_work *k)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; !rc && i < k->c->n; i++)
		if (k->fate[i] == HUB_FATE_REJECTED)
			rc = write_reject(k, i);
	return rc;
}

/* A rejected row of a known record: the record has not vanished. */
static int kept_id(struct hub_work *k, uint32_t i, int64_t *id)
{
	*id = 0;
	if (k->fate[i] != HUB_FATE_REJECTED || !k->c->key[i].len || k->w->fresh || !k->w->spec.full)
		return HUB_OK;
	const int rc =
	    hub_db_one(k->db, id, k->err, "SELECT id FROM record WHERE feed_id = ? AND key = ?",
		       "it", k->w->feed, k->c->key[i]);
	return rc == HUB_END ? HUB_OK : rc;
}

static int list_seen(struct hub_work *k, struct hub_buf *out)
{
	int64_t last = 0, kept;

	hub_buf_reset(out);
	for (uint32_t i = 0; i < k->c->n; i++) {
		const uint8_t f = k->fate[i];
		const int rc = kept_id(k, i, &kept);

		if (rc)
			return rc;
		if (f == HUB_FATE_NEW || f == HUB_FATE_CHANGED || f == HUB_FATE_SAME)
			hub_ids_put(out, &last, k->id[i],
				    f == HUB_FATE_NEW    ? HUB_SEEN_NEW
				    : f == HUB_FATE_SAME ? HUB_SEEN_SAME
							 : HUB_SEEN_CHANGED);
		else if (kept)
			hub_ids_put(out, &last, kept, HUB_SEEN_KEPT);
		else
			hub_ids_none(out);
	}
	return hub_buf_ok(out) ? HUB_OK : hub_fail_mem(k->err);
}

static int write_ledger(struct hub_work *k, uint8_t hash[HUB_SHA256])
{
	const struct hub_chunk *c = k->c;
	struct hub_writer *w = k->w;
	const struct hub_ledger_entry e = {.run = w->run,
					   .seq = (int64_t)c->seq,
					   .byte = (int64_t)c->byte,
					   .bytes = (int64_t)c->bytes,
					   .rows = c->n,
					   .first_row = c->n ? k->row[0] : 0,
					   .at = hub_now(),
					   .chunk_id = {(const char *)c->id, sizeof c->id},
					   .pos = c->pos,
					   .seen = hub_buf_text(&w->seen),
					   .shared = hub_buf_text(&w->touched)};

	if (hub_ledger_hash(w->chain, &e, hash))
		return hub_fail_mem(k->err);
	return hub_db_run(
	    k->db, k->err,
	    "INSERT INTO chunk (run_id, seq, chunk_id, byte, bytes, rows, first_row, pos,"
	    " seen, shared, at, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "iibiiiibbbib", e.run, e.seq, e.chunk_id, e.byte, e.bytes, e.rows, e.first_row, e.pos,
	    e.seen, e.shared, e.at, (struct hub_str){(const char *)hash, HUB_SHA256});
}

static void add_counts(const struct hub_work *k, struct hub_counts *counts)
{
	for (uint32_t i = 0; i < k->c->n; i++) {
		counts->fate[k->fate[i]]++;
		counts->read += k->fate[i] != HUB_FATE_HEADER;
	}
	counts->left_by_mapping += k->left;
	for (uint32_t e = 0; e < k->s->schema->n_entities; e++) {
		struct hub_entity_count *to = &counts->entity[e];
		const struct hub_entity_count *n = &k->count[e];
		to->produced += n->produced;
		to->inserted += n->inserted;
		to->updated += n->updated;
		to->same += n->same;
		to->repeated += n->repeated;
		to->removed += n->removed;
	}
}

/* Whether a record that repeats a key, or is unchanged, was looked up before that was known, and so was not mapped,
 * depends on how chunks follow each other: what it has to say does not count. */
static int ask_findings(struct hub_work *k, struct hub_counts *counts, struct hub_str *json)
{
	uint8_t *heard = hub_alloc_array(k->a, k->c->n + 1, 1);

	if (!k->c->findings)
		return HUB_OK;
	if (!heard)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < k->c->n; i++) {
		const uint8_t f = k->fate[i];
		heard[i] = f == HUB_FATE_NEW || f == HUB_FATE_CHANGED ||
			   (f == HUB_FATE_REJECTED &&
			    (!k->code[i] || strcmp(k->code[i], "key-repeated") != 0));
	}
	return k->c->findings(k->c->findings_arg, heard, counts, json, k->err);
}

static int write_counts(struct hub_work *k, const struct hub_counts *counts,
			struct hub_str findings)
{
	struct hub_writer *w = k->w;

	hub_buf_reset(&w->json);
	hub_counts_json(counts, k->s->schema, &w->json);
	if (!hub_buf_ok(&w->json))
		return hub_fail_mem(k->err);
	const int rc =
	    hub_db_run(k->db, k->err,
		       "UPDATE run SET counts = ?, findings = coalesce(?, findings) WHERE id = ?",
		       "tti", hub_buf_text(&w->json), findings, w->run);
	return rc ? rc : hub_store_touch(k->db, k->err);
}

/* --- the chunk -------------------------------------------------------------------------------- */

static int counters(struct hub_work *k, int write)
{
	struct hub_writer *w = k->w;
	int rc;

	if (w->spec.dry) {
		if (write) {
			w->dry_record = k->next_record;
			w->dry_shared = k->next_shared;
		}
		k->next_record = w->dry_record;
		k->next_shared = w->dry_shared;
		return HUB_OK;
	}
	if (write) {
		rc = hub_db_run(k->db, k->err, "UPDATE counter SET value = ? WHERE name = 'record'",
				"i", k->next_record);
		return rc ? rc
			  : hub_db_run(k->db, k->err,
				       "UPDATE counter SET value = ? WHERE name = 'shared'", "i",
				       k->next_shared);
	}
	rc = hub_db_one(k->db, &k->next_record, k->err,
			"SELECT value FROM counter WHERE name = 'record'", "");
	return rc ? rc
		  : hub_db_one(k->db, &k->next_shared, k->err,
			       "SELECT value FROM counter WHERE name = 'shared'", "");
}

static int write_rows(struct hub_work *k)
{
	int rc;

	if ((rc = hub_shared_resolve(k)) || (rc = hub_shared_refs(k)) || (rc = decide(k)))
		return rc;
	hub_blocks_number(k);
	hub_crash_point("after-records");
	if ((rc = hub_shared_vote(k)) || k->again || k->redo_from)
		return rc;
	if ((rc = hub_shared_write(k)) || (rc = hub_owned_write(k)))
		return rc;
	hub_crash_point("after-entities");
	return HUB_OK;
}

static int write_books(struct hub_work *k, struct hub_counts *counts, uint8_t hash[HUB_SHA256])
{
	struct hub_str findings = {NULL, 0};
	int rc;

	if ((rc = hub_history_flush(k)) || (rc = list_seen(k, &k->w->seen)) ||
	    (rc = hub_shared_ledger(k, &k->w->touched)))
		return rc;
	add_counts(k, counts);
	if ((rc = hub_unsettled_write(k, counts)) || (rc = ask_findings(k, counts, &findings)))
		return rc;
	if (k->w->spec.dry)
		return (rc = hub_dry_write(k)) ? rc : counters(k, 1);
	if ((rc = write_rejects(k)) || (rc = write_ledger(k, hash)) || (rc = counters(k, 1)) ||
	    (rc = write_counts(k, counts, findings)))
		return rc;
	hub_crash_point("before-commit");
	return HUB_OK;
}

/* Someone else wrote: what the cache knows may be old. */
static void check_cache(struct hub_work *k)
{
	const int64_t v = k->db->ops->version(k->db);

	if (v != k->w->version) {
		memset(k->w->cache, 0, HUB_CACHE_SLOTS * sizeof *k->w->cache);
		hub_keys_doubt(k->w);
	}
	k->w->version = v;
}

static int write_chunk(struct hub_work *k, struct hub_counts *counts, uint8_t hash[HUB_SHA256])
{
	int rc;

	hub_history_forget(k->w);
	check_cache(k);
	if ((rc = make_work(k)) || (rc = counters(k, 0)) || (rc = hub_owned_limit(k)) ||
	    (rc = dedupe(k)) || (rc = check_same(k)) || (rc = hub_blocks_make(k)) ||
	    (rc = write_rows(k)))
		return rc;
	return k->again || k->redo_from ? HUB_OK : write_books(k, counts, hash);
}

/* The transaction is through: now chunk and run may know. */
static void take_over(struct hub_work *k, const uint8_t hash[HUB_SHA256])
{
	struct hub_writer *w = k->w;

	for (uint32_t i = 0; i < k->c->n; i++) {
		k->c->fate[i] = k->fate[i];
		k->c->code[i] = k->code[i];
		k->c->reason[i] = k->reason[i];
		if (k->fate[i] == HUB_FATE_NEW || k->fate[i] == HUB_FATE_CHANGED ||
		    k->fate[i] == HUB_FATE_SAME)
			(void)hub_bits_set(&w->decided, k->id[i]);
	}
	struct hub_str seen = hub_buf_text(&w->seen);
	int64_t last = 0, id;
	unsigned kind;
	while (hub_ids_next(&seen, &last, &id, &kind) > 0)
		if (id != HUB_IDS_NONE && kind == HUB_SEEN_KEPT)
			(void)hub_bits_set(&w->kept, id);
	hub_shared_commit(k);
	(void)hub_unsettled_commit(k);
	memcpy(w->chain, hash, HUB_SHA256);
	w->next_seq = k->c->seq + 1;
}

static int end_chunk(struct hub_work *k, int rc)
{
	struct hub_db *db = k->db;

	const int whole = !rc && !k->again && !k->redo_from;

	if (whole && !k->w->spec.dry)
		return hub_db_end(db, HUB_OK, k->err);
	db->ops->rollback(db);
	return rc;
}

/* Records that must be heard: open again, for the caller to map. */
static int open_again(struct hub_work *k)
{
	for (uint32_t i = 0; i < k->c->n; i++)
		if (k->c->fate[i] == HUB_FATE_SAME && k->fate[i] == HUB_FATE_OPEN)
			k->c->fate[i] = HUB_FATE_OPEN;
	return HUB_IDLE;
}

/* What the vote refused before the place from which the chunk is written again. */
static void keep_refused(struct hub_work *k)
{
	for (uint32_t i = 0; i < k->redo_from; i++)
		if (k->fate[i] == HUB_FATE_REJECTED && k->c->fate[i] == HUB_FATE_OPEN &&
		    !k->twin[i]) {
			k->c->fate[i] = HUB_FATE_REJECTED;
			k->c->code[i] = k->code[i];
			k->c->reason[i] = k->reason[i];
		}
}

/* One transaction. HUB_IDLE: rolled back, to be mapped again; HUB_END: rolled back, to be written again. */
static int try_chunk(struct hub_work *k, struct hub_counts *counts)
{
	const size_t bytes = k->s->schema->n_entities * sizeof *counts->entity;
	struct hub_counts total = *counts;
	uint8_t hash[HUB_SHA256] = {0};
	int rc;

	if ((rc = k->db->ops->begin(k->db, k->w->spec.dry ? HUB_DB_READ : HUB_DB_WRITE, k->err)))
		return rc;
	/* counts are the caller's: added to only for good */
	total.entity = hub_alloc_array(k->a, k->s->schema->n_entities + 1, sizeof *total.entity);
	if (!total.entity)
		return end_chunk(k, hub_fail_mem(k->err));
	memcpy(total.entity, counts->entity, bytes);
	if ((rc = end_chunk(k, write_chunk(k, &total, hash))))
		return rc;
	if (k->redo_from) {
		keep_refused(k);
		return HUB_END;
	}
	if (k->again)
		return open_again(k);
	hub_crash_point("after-commit");
	memcpy(counts->entity, total.entity, bytes);
	total.entity = counts->entity;
	*counts = total;
	take_over(k, hash);
	return HUB_OK;
}

enum { MAX_CLASHES = 5 };

int hub_chunk_write(struct hub_store *s, struct hub_run *run, struct hub_chunk *c,
		    struct hub_counts *counts, struct hub_err *err)
{
	struct hub_writer *w = run->state;
	int rc, clashes = 0;

	if (c->seq != w->next_seq)
		return hub_fail(err, HUB_FATAL, "internal", "chunk %llu comes where %llu is due",
				(unsigned long long)c->seq, (unsigned long long)w->next_seq);
	/* a chunk that is written again may hold reasons of the first time */
	if (w->work_seq != c->seq)
		hub_arena_reset(w->work);
	w->work_seq = c->seq;
	do {
		struct hub_work k = {.s = s, .db = s->db, .w = w, .c = c, .a = w->work, .err = err};
		rc = try_chunk(&k, counts);
		/* another transaction's fault, and nothing of ours is left of it */
		if (rc == HUB_RETRY && err && strcmp(err->code, "store-conflict") == 0 &&
		    ++clashes <= MAX_CLASHES)
			rc = HUB_END;
	} while (rc == HUB_END);
	return rc;
}
