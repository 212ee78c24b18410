/* Beginning and resuming a run; run_end.c ends it. */
#include "store/counts.h"
#include "store/read.h"
#include "store/writer.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { DEFAULT_VANISH_LIMIT = 10 };

/* The feed's last run that counts: not undone, not an undo, not a reload that is through (what it
 * brought belongs to the input before). */
struct last_run {
	int64_t id, state;
	int same_content, same_mapping;
};

static int keep(struct hub_arena *a, struct hub_str *s)
{
	*s = s->ptr ? hub_arena_str(a, *s) : HUB_STR("");
	return s->ptr ? 0 : -1;
}

static struct hub_writer *make_writer(const struct hub_run_spec *spec,
				      const struct hub_schema *schema)
{
	struct hub_arena *a = hub_arena_new((size_t)512 << 20);
	struct hub_writer *w = a ? hub_alloc0(a, sizeof *w) : NULL;

	if (!w) {
		hub_arena_free(a);
		return NULL;
	}
	w->arena = a;
	w->spec = *spec;
	w->dry_records.fd = w->dry_slots.fd = -1;
	struct hub_run_spec *p = &w->spec;
	w->decided.arena = w->kept.arena = w->shared.arena = w->hot.arena = w->made.arena =
	    w->unsettled.arena = w->unsettled_now.arena = w->left.arena = w->left_row.arena = a;
	w->cache = hub_alloc_array(a, HUB_CACHE_SLOTS, sizeof *w->cache);
	w->spaces = schema ? schema->n_entities : 0;
	w->space = hub_alloc_array(a, w->spaces + 1, 1);
	w->owns = hub_alloc_array(a, w->spaces + 1, 1);
	hub_buf_init(&w->seen, (size_t)64 << 20);
	hub_buf_init(&w->touched, (size_t)64 << 20);
	hub_buf_init(&w->json, (size_t)4 << 20);
	if (!p->system.len)
		p->system = p->feed;
	if (!p->kind.len)
		p->kind = HUB_STR("import");
	if (p->vanish_limit == 0)
		p->vanish_limit = DEFAULT_VANISH_LIMIT;
	w->tmp = hub_arena_new((size_t)256 << 20);
	w->work = hub_arena_new(0);
	if (w->tmp && w->work && w->cache && w->space && w->owns && !hub_history_open(w) &&
	    !hub_random(&w->seed, sizeof w->seed) && !keep(a, &p->kind) && !keep(a, &p->feed) &&
	    !keep(a, &p->system) && !keep(a, &p->input) && !keep(a, &p->content) &&
	    !keep(a, &p->mapping) && !keep(a, &p->actor))
		return w;
	hub_arena_free(w->tmp);
	hub_arena_free(w->work);
	hub_arena_free(a);
	return NULL;
}

void hub_writer_free(struct hub_store *s, struct hub_writer *w)
{
	if (!w)
		return;
	if (w->locked)
		s->db->ops->unlock(s->db, w->feed);
	hub_scratch_close(&w->dry_records);
	hub_scratch_close(&w->dry_slots);
	hub_keys_free(w);
	hub_buf_free(&w->seen);
	hub_buf_free(&w->touched);
	hub_buf_free(&w->json);
	hub_buf_free(&w->past.images);
	hub_arena_free(w->tmp);
	hub_arena_free(w->work);
	hub_arena_free(w->arena);
}

static int find_name(struct hub_db *db, const char *sql, struct hub_str name, int64_t *id,
		     struct hub_err *err)
{
	*id = 0;
	const int rc = hub_db_one(db, id, err, sql, "t", name);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_feed_make(struct hub_db *db, struct hub_str feed, struct hub_str system,
		  struct hub_err *err)
{
	int rc = hub_db_run(db, err,
			    "INSERT INTO system (id, name) SELECT coalesce(max(id), 0) + 1, ? FROM"
			    " system WHERE 1 = 1 ON CONFLICT (name) DO NOTHING",
			    "t", system);
	if (!rc)
		rc = hub_db_run(db, err,
				"INSERT INTO feed (id, name, system_id)"
				" SELECT (SELECT coalesce(max(id), 0) + 1 FROM feed), ?, id"
				" FROM system WHERE name = ? ON CONFLICT (name) DO NOTHING",
				"tt", feed, system);
	hub_crash_point("in-feed");
	return rc;
}

static int find_feed(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	static const char system[] = "SELECT id FROM system WHERE name = ?";
	static const char feed[] = "SELECT id FROM feed WHERE name = ?";
	int rc = find_name(s->db, system, w->spec.system, &w->system, err);

	if (!rc)
		rc = find_name(s->db, feed, w->spec.feed, &w->feed, err);
	if (rc || w->spec.dry || (w->system && w->feed))
		return rc;
	if ((rc = hub_db_begin(s->db, err)))
		return rc;
	rc = hub_feed_make(s->db, w->spec.feed, w->spec.system, err);
	if (!rc)
		rc = find_name(s->db, system, w->spec.system, &w->system, err);
	if (!rc)
		rc = find_name(s->db, feed, w->spec.feed, &w->feed, err);
	return hub_db_end(s->db, rc, err);
}

int hub_feed_turn(struct hub_store *s, struct hub_str feed, uint32_t *records, struct hub_err *err)
{
	int64_t one;

	*records = 0;
	if (!s->db->ops->turn)
		return HUB_OK;
	const int rc =
	    hub_db_one(s->db, &one, err,
		       "SELECT 1 FROM record WHERE feed_id = (SELECT id FROM feed WHERE name = ?)"
		       " LIMIT 1",
		       "t", feed);
	if (!rc)
		*records = s->db->ops->turn;
	return rc < 0 ? rc : HUB_OK;
}

static int take_lock(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	int64_t run = 0, pid = 0;

	const int rc = s->db->ops->lock(s->db, w->feed, err);
	w->locked = rc == HUB_OK;
	if (rc != HUB_LOCKED)
		return rc;
	(void)hub_db_one(s->db, &run, NULL,
			 "SELECT max(id) FROM run WHERE feed_id = ? AND state = 1", "i", w->feed);
	(void)hub_db_one(s->db, &pid, NULL, "SELECT pid FROM run WHERE id = ?", "i", run);
	hub_fail(err, HUB_LOCKED, "locked", "run %lld (process %lld) is working on \"%.*s\"",
		 (long long)run, (long long)pid, HUB_FMT(w->spec.feed));
	hub_hint(err, "Wait until the other run has ended, then start again.");
	return HUB_LOCKED;
}

static int read_last(struct hub_store *s, const struct hub_writer *w, struct last_run *l,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	*l = (struct last_run){0};
	int rc = hub_db_query(s->db, &q, err,
			      "SELECT id, state, content = ?, mapping = ? AND schema = ? FROM run"
			      " WHERE feed_id = ? AND state <> 5 AND kind <> 'undo'"
			      " AND NOT (kind = 'reload' AND state = 2)"
			      " ORDER BY id DESC LIMIT 1",
			      "ttzi", w->spec.content, w->spec.mapping, s->schema->hash, w->feed);
	if (rc)
		return rc;
	rc = hub_db_next(q, err);
	if (rc == HUB_OK)
		*l = (struct last_run){hub_db_int(q, 0), hub_db_int(q, 1), (int)hub_db_int(q, 2),
				       (int)hub_db_int(q, 3)};
	return rc < 0 ? rc : HUB_OK;
}

static int refuse_undo(struct hub_store *s, const struct hub_writer *w, struct hub_err *err)
{
	int64_t half = 0;

	int rc =
	    hub_db_one(s->db, &half, err,
		       "SELECT undoes FROM run WHERE feed_id = ? AND kind = 'undo' AND state = 1",
		       "i", w->feed);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	rc = hub_fail(err, HUB_REFUSED, "undo-unfinished", "the undo of run %lld was interrupted",
		      (long long)half);
	hub_hint(err, "Finish it first: tsunagi undo %lld", (long long)half);
	return rc;
}

/* What becomes of the feed's last run: go on with it (*resume), nothing to do, or a new one. */
static int judge(struct hub_store *s, struct hub_writer *w, const struct last_run *l,
		 struct hub_run *run, int64_t *resume, struct hub_err *err)
{
	const int unfinished = l->state == HUB_RUN_ACTIVE || l->state == HUB_RUN_INTERRUPTED;
	int rc;

	*resume = 0;
	if ((rc = refuse_undo(s, w, err)) || !l->id)
		return rc;
	if (l->state == HUB_RUN_DONE) {
		run->unchanged = l->same_content && l->same_mapping && !w->spec.again;
		run->same_as = run->unchanged ? l->id : 0;
		return HUB_OK;
	}
	if (l->same_content && l->same_mapping) {
		*resume = l->id;
		return HUB_OK;
	}
	/* A stopped run is over when something was changed; a newer full dump makes up for an older one,
	 * and so does looking up again. */
	if (!unfinished || w->spec.lookup || (w->spec.full && !l->same_content))
		return HUB_OK;
	if (l->same_content)
		rc = hub_fail(err, HUB_REFUSED, "other-mapping",
			      "run %lld was interrupted and began with another mapping",
			      (long long)l->id);
	else
		rc = hub_fail(err, HUB_REFUSED, "run-unfinished",
			      "run %lld of \"%.*s\" was interrupted in another file",
			      (long long)l->id, HUB_FMT(w->spec.feed));
	hub_hint(err,
		 "Finish it with the mapping and the file it began with, or take it back: tsunagi "
		 "undo %lld",
		 (long long)l->id);
	return rc;
}

/* The chain begins with what the run is a run of. */
static int chain_start(struct hub_writer *w, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	hub_buf_printf(&b, "%lld %lld %.*s %.*s", (long long)w->run, (long long)w->feed,
		       HUB_FMT(w->spec.content), HUB_FMT(w->spec.mapping));
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), w->chain))
		return hub_fail_mem(err);
	return HUB_OK;
}

static int mark_seen(struct hub_writer *w, struct hub_str seen)
{
	int64_t last = 0, id;
	unsigned kind;
	int more, bad = 0;

	while ((more = hub_ids_next(&seen, &last, &id, &kind)) > 0)
		if (id != HUB_IDS_NONE)
			bad |= hub_bits_set(kind == HUB_SEEN_KEPT ? &w->kept : &w->decided, id);
	return more | bad;
}

static int mark_shared(struct hub_writer *w, struct hub_str touched)
{
	int64_t last = 0, id;
	unsigned kind;
	int more, bad = 0;

	while ((more = hub_ids_next(&touched, &last, &id, &kind)) > 0) {
		bad |= hub_bits_set(&w->shared, id);
		if (kind == HUB_TOUCH_NEW)
			bad |= hub_bits_set(&w->made, id);
		if (kind == HUB_TOUCH_CHANGED)
			bad |= hub_bits_set(&w->hot, id);
	}
	return more | bad;
}

static int broken_at(int64_t run, int64_t seq, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_INTEGRITY, "ledger-broken",
				"the ledger of run %lld does not fit at chunk %lld", (long long)run,
				(long long)seq);

	hub_hint(err, "The store was changed from outside: restore the last backup.");
	return rc;
}

static int read_entry(struct hub_query *q, struct hub_writer *w, struct hub_err *err)
{
	struct hub_ledger_entry e = {.run = w->run,
				     .seq = hub_db_int(q, 0),
				     .chunk_id = hub_db_str(q, 1),
				     .byte = hub_db_int(q, 2),
				     .bytes = hub_db_int(q, 3),
				     .rows = hub_db_int(q, 4),
				     .first_row = hub_db_int(q, 5),
				     .pos = hub_db_str(q, 6),
				     .seen = hub_db_str(q, 7),
				     .shared = hub_db_str(q, 8),
				     .at = hub_db_int(q, 10)};
	const struct hub_str hash = hub_db_str(q, 9);
	uint8_t want[HUB_SHA256];
	int fits = 0;

	/* an entry of before has a hash without its time, which no entry of today can have */
	for (int old = 0; !fits && old < 2; old++) {
		e.at = old ? HUB_LEDGER_UNTIMED : e.at;
		if (hub_ledger_hash(w->chain, &e, want))
			return hub_fail_mem(err);
		fits = hash.len == HUB_SHA256 && memcmp(hash.ptr, want, HUB_SHA256) == 0;
	}
	if (!fits || e.seq != (int64_t)w->next_seq)
		return broken_at(w->run, (int64_t)w->next_seq, err);
	memcpy(w->chain, want, HUB_SHA256);
	w->next_seq = (uint64_t)e.seq + 1;
	return mark_seen(w, e.seen) || mark_shared(w, e.shared) ? hub_fail_mem(err) : HUB_OK;
}

/* Reads the ledger of the part before, checks its chain, and remembers what was decided. */
static int resume_ledger(struct hub_store *s, struct hub_writer *w, struct hub_str *pos,
			 struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(
	    s->db, &q, err,
	    "SELECT seq, chunk_id, byte, bytes, rows, first_row, pos, seen, shared, hash, at"
	    " FROM chunk WHERE run_id = ? ORDER BY seq",
	    "i", w->run);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if ((rc = read_entry(q, w, err)))
			return rc;
		*pos = hub_db_str(q, 6);
		if (!pos->len)
			continue;
		/* positions are short, and runs are resumed seldom: old ones stay in the arena */
		*pos = hub_arena_str(w->arena, *pos);
		if (!pos->ptr)
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_start(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(
	    s->db, &q, err, "SELECT feed_id, content, mapping FROM run WHERE id = ?", "i", w->run);
	if (!rc)
		rc = hub_db_next(q, err);
	if (rc == HUB_END)
		return hub_fail(err, HUB_USAGE, "no-such-run", "there is no run %lld",
				(long long)w->run);
	if (rc)
		return rc;
	w->feed = hub_db_int(q, 0);
	w->spec.content = hub_db_str(q, 1);
	w->spec.mapping = hub_db_str(q, 2);
	w->next_seq = 1;
	return chain_start(w, err);
}

/* All chunks are marked as taken back, or none, unless they are being taken back now. */
static int check_undone(struct hub_db *db, int64_t run, struct hub_err *err)
{
	int64_t seq;
	const int rc =
	    hub_db_one(db, &seq, err,
		       "SELECT c.seq FROM chunk c JOIN run r ON r.id = c.run_id WHERE c.run_id = ?"
		       " AND c.undone <> CASE r.state WHEN 5 THEN 1 ELSE 0 END AND NOT EXISTS"
		       " (SELECT 1 FROM run u WHERE u.undoes = c.run_id AND u.state = 1)"
		       " ORDER BY c.seq LIMIT 1",
		       "i", run);

	return rc == HUB_END ? HUB_OK : rc ? rc : broken_at(run, seq, err);
}

int hub_ledger_verify(struct hub_store *s, int64_t run, struct hub_err *err)
{
	struct hub_str pos;
	struct hub_writer *w = make_writer(&(struct hub_run_spec){0}, s->schema);

	if (!w)
		return hub_fail_mem(err);
	w->run = run;
	int rc = read_start(s, w, err);
	if (!rc)
		rc = resume_ledger(s, w, &pos, err);
	if (!rc)
		rc = check_undone(s->db, run, err);
	if (!rc)
		rc = hub_run_seal_check(s->db, run, err);
	hub_writer_free(s, w);
	return rc;
}

static int resume(struct hub_store *s, struct hub_writer *w, struct hub_run *run,
		  struct hub_counts *counts, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	run->resumed = 1;
	int rc = resume_ledger(s, w, &run->pos, err);
	if (!rc)
		rc = hub_db_query(s->db, &q, err, "SELECT counts, findings FROM run WHERE id = ?",
				  "i", w->run);
	if (!rc)
		rc = hub_db_next(q, err);
	if (rc)
		return rc;
	run->findings = hub_db_dup(w->arena, q, 1);
	return hub_counts_read(hub_db_str(q, 0), s->schema, counts, err);
}

enum hub_run_state hub_run_state_now(int64_t state, int64_t pid)
{
	const int gone = pid <= 0 || (kill((pid_t)pid, 0) == -1 && errno == ESRCH);

	return state == HUB_RUN_ACTIVE && gone ? HUB_RUN_INTERRUPTED : (enum hub_run_state)state;
}

static int insert_run(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	const struct hub_run_spec *p = &w->spec;

	int rc = hub_db_begin(s->db, err);
	if (rc)
		return rc;
	rc =
	    hub_db_run(s->db, err,
		       "INSERT INTO run (id, kind, feed_id, system_id, input, content, bytes,"
		       " mapping, schema, actor, state, lookup, \"full\", pid, begun_at,"
		       " restricts) VALUES (" HUB_NEXT_ID(
			   "run") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?)",
		       "tiittitztiiiii", p->kind, w->feed, w->system, p->input, p->content,
		       (int64_t)p->bytes, p->mapping, s->schema->hash, p->actor, (int64_t)p->lookup,
		       (int64_t)p->full, (int64_t)getpid(), hub_now(), (int64_t)p->restricts);
	if (!rc)
		rc = hub_db_one(s->db, &w->run, err, "SELECT max(id) FROM run", "");
	return hub_db_end(s->db, rc, err);
}

static int is_fresh(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	int64_t one;

	const int rc = hub_db_one(s->db, &one, err,
				  "SELECT 1 FROM record WHERE feed_id = ? LIMIT 1", "i", w->feed);
	w->fresh = rc == HUB_END;
	return rc < 0 ? rc : HUB_OK;
}

/* Whether the feed's last whole run had another mapping: then rows may be left by it (left.c). */
static int is_remapped(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	int64_t other = 0;

	const int rc = hub_db_one(s->db, &other, err,
				  "SELECT CASE WHEN mapping = ? THEN 0 ELSE 1 END FROM run"
				  " WHERE feed_id = ? AND state = 2 AND kind = 'import' AND id <> ?"
				  " ORDER BY id DESC LIMIT 1",
				  "tii", w->spec.mapping, w->feed, w->run);
	w->remapped = other && !w->spec.lookup;
	return rc < 0 ? rc : HUB_OK;
}

/* Workers, who only read, ask by key in a feed that has records; what a mapping left is found by id. */
static int load(struct hub_store *s, struct hub_writer *w, struct hub_err *err)
{
	const int rc = hub_db_load(s->db, w->fresh, err);

	return rc || w->fresh ? rc : hub_db_key(s->db, NULL, err);
}

static int start(struct hub_store *s, struct hub_writer *w, struct hub_run *run,
		 struct hub_counts *counts, struct hub_err *err)
{
	struct last_run last;
	int64_t old;
	int rc;

	if ((rc = find_feed(s, w, err)) || (!w->spec.dry && (rc = take_lock(s, w, err))) ||
	    (rc = read_last(s, w, &last, err)) || (rc = judge(s, w, &last, run, &old, err)) ||
	    run->unchanged || (rc = is_fresh(s, w, err)))
		return rc;
	w->next_seq = 1;
	w->run = old;
	if ((rc = is_remapped(s, w, err)) || (!old && !w->spec.dry && (rc = insert_run(s, w, err))))
		return rc;
	if ((rc = chain_start(w, err)))
		return rc;
	if (old && ((rc = resume(s, w, run, counts, err)) || (rc = hub_left_resume(s, w, err))))
		return rc;
	if ((rc = hub_unsettled_load(s, w, err)))
		return rc;
	if (old && !w->spec.dry)
		rc = hub_db_run(s->db, err,
				"UPDATE run SET state = 1, pid = ?, seal = NULL WHERE id = ?", "ii",
				(int64_t)getpid(), old);
	if (!rc)
		rc = w->spec.dry ? hub_dry_open(s, w, err) : load(s, w, err);
	return rc;
}

int hub_run_begin(struct hub_store *s, const struct hub_run_spec *spec, struct hub_run *run,
		  struct hub_counts *counts, struct hub_err *err)
{
	struct hub_writer *w = make_writer(spec, s->schema);

	if (!w)
		return hub_fail_mem(err);
	const int rc = start(s, w, run, counts, err);
	if (rc || run->unchanged) {
		hub_writer_free(s, w);
		return rc;
	}
	run->id = w->run;
	run->feed = w->feed;
	run->system = w->system;
	run->next_seq = w->next_seq;
	run->fresh = w->fresh;
	run->state = w;
	return HUB_OK;
}

/* --- place of a record in this run ------------------------------------------------------------ */

enum { MAX_SEARCHES = 200 }; /* each may read the whole ledger of the run */

static int search_entry(struct hub_str seen, int64_t record, int64_t *index)
{
	int64_t last = 0, id;
	unsigned kind;

	for (*index = 0; hub_ids_next(&seen, &last, &id, &kind) > 0; (*index)++)
		if (id == record && kind != HUB_SEEN_KEPT)
			return 1;
	return 0;
}

void hub_run_place(struct hub_store *s, struct hub_writer *w, int64_t record, int64_t *row,
		   int64_t *line)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(query) struct hub_query *in = NULL;

	*row = *line = 0;
	if (hub_db_query(s->db, &q, NULL,
			 "SELECT row, line FROM record WHERE id = ? AND run_id = ?", "ii", record,
			 w->run) == HUB_OK &&
	    hub_db_next(q, NULL) == HUB_OK) {
		*row = hub_db_int(q, 0);
		*line = hub_db_int(q, 1);
		return;
	}
	if (w->searches++ >= MAX_SEARCHES ||
	    hub_db_query(s->db, &in, NULL, "SELECT first_row, seen FROM chunk WHERE run_id = ?",
			 "i", w->run))
		return;
	for (int64_t index; hub_db_next(in, NULL) == HUB_OK;)
		if (search_entry(hub_db_str(in, 1), record, &index)) {
			*row = hub_db_int(in, 0) + index;
			return;
		}
}
