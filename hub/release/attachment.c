#include "release/attachment.h"

#include "release/audit.h"
#include "release/sealed_name.h"
#include "store/counts.h"
#include "store/db.h"

#define OWNER HUB_STR("attachment")

/* Of a case: contents without a row. */
#define WITHOUT_ROW                                                          \
	" FROM blob WHERE owner = 'attachment' AND state = 2 AND NOT EXISTS" \
	" (SELECT 1 FROM cc_attachment a WHERE a.case_id = blob.case_id AND" \
	" a.blob_ref = CAST(blob.id AS TEXT))"

/* --- the case ------------------------------------------------------------------------------------------- */

int hub_attachment_case(struct hub_arena *a, struct hub_store *s, struct hub_str number,
			struct hub_attachment_case *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int n = 0;
	int rc =
	    hub_db_query(hub_store_db(s), &q, err,
			 "SELECT c.id, coalesce(c.case_no, c.key), c.key, y.name FROM cc_case c"
			 " LEFT JOIN system y ON y.id = c.system_id"
			 " WHERE c.case_no = ? OR c.key = ? ORDER BY c.id",
			 "tt", number, number);

	for (; !rc && (rc = hub_db_next(q, err)) == HUB_OK; n++)
		*out = (struct hub_attachment_case){hub_db_int(q, 0), hub_db_dup(a, q, 1),
						    hub_db_dup(a, q, 2), hub_db_dup(a, q, 3)};
	if (rc != HUB_END)
		return rc;
	if (n == 1 && out->key.ptr && out->system.ptr)
		return HUB_OK;
	rc = n == 0  ? hub_fail(err, HUB_USAGE, "unknown-case", "there is no case \"%.*s\"",
				HUB_FMT(number))
	     : n > 1 ? hub_fail(err, HUB_USAGE, "case-unclear", "%d cases have this number", n)
		     : hub_fail(err, HUB_USAGE, "case-without-key",
				"the case has no key in the system it came from");
	hub_hint(err, "Give the number of a case (case_no), or its key in the source.");
	return rc;
}

/* --- its row ------------------------------------------------------------------------------------------------ */

enum { COLUMNS = 9 };

/* One record with one row, as an import would bring it. */
struct record {
	struct hub_arena *a;
	struct hub_chunk chunk;
	struct hub_rows rows;
	struct hub_run run;
	struct hub_counts counts;
	struct hub_err *err;
};

static int fill_rows(struct record *k, const struct hub_entity *e, const struct hub_attachment *w,
		     struct hub_str name, const struct hub_blob *b)
{
	const struct {
		const char *field;
		struct hub_str text;
	} cells[COLUMNS] = {{"case", w->of->key},
			    {"attachment_kind", w->kind},
			    {"file_name", name},
			    {"media_type", w->blob.type},
			    {"bytes", hub_arena_printf(k->a, "%llu", (unsigned long long)b->bytes)},
			    {"sha256", hub_str_of(b->sha)},
			    {"blob_ref", hub_arena_printf(k->a, "%lld", (long long)b->id)},
			    {"taken_on", w->on},
			    {"attachment_note", w->note}};
	const struct hub_field **field = hub_alloc_array(k->a, COLUMNS, sizeof(struct hub_field *));
	struct hub_rows *r = &k->rows;

	r->entity = e;
	r->n = 1;
	r->src = hub_alloc_array(k->a, 1, sizeof *r->src);
	r->col = hub_alloc_array(k->a, COLUMNS, sizeof *r->col);
	r->own_block = hub_alloc_array(k->a, COLUMNS, sizeof *r->own_block);
	r->spans = hub_alloc_array(k->a, COLUMNS, sizeof *r->spans);
	if (!field || !r->src || !r->col || !r->own_block || !r->spans)
		return -1;
	r->field = field;
	for (; r->cols < COLUMNS; r->cols++) {
		struct hub_vec *v = &r->col[r->cols];
		v->cell = hub_alloc_array(k->a, 1, 1);
		v->text = hub_alloc_array(k->a, 1, sizeof *v->text);
		field[r->cols] = hub_schema_field(e, hub_str_of(cells[r->cols].field));
		if (!v->cell || !v->text || !field[r->cols])
			return -1;
		r->own_block[r->cols] = HUB_NO_BLOCK;
		v->cell[0] = cells[r->cols].text.len ? HUB_VALUE : HUB_NULL;
		v->text[0] = cells[r->cols].text;
	}
	return 0;
}

static int fill_chunk(struct record *k, const struct hub_attachment *w, const struct hub_blob *b)
{
	struct hub_chunk *c = &k->chunk;
	struct hub_prov *prov = hub_alloc_array(k->a, 1, sizeof *prov);

	c->arena = k->a;
	c->seq = k->run.next_seq;
	c->n = c->blocks = 1;
	c->rows = &k->rows;
	c->bytes = b->bytes;
	c->prov = prov;
	c->key = hub_alloc_array(k->a, 1, sizeof *c->key);
	c->hash = hub_alloc_array(k->a, 1, sizeof *c->hash);
	c->raw = hub_alloc_array(k->a, 1, sizeof *c->raw);
	c->fate = hub_alloc_array(k->a, 1, 1);
	c->code = hub_alloc_array(k->a, 1, sizeof(char *));
	c->reason = hub_alloc_array(k->a, 1, sizeof *c->reason);
	c->column = hub_alloc_array(k->a, 1, sizeof *c->column);
	if (!prov || !c->key || !c->hash || !c->raw || !c->fate || !c->code || !c->reason ||
	    !c->column)
		return -1;
	prov->row = 1;
	c->key[0] = hub_arena_printf(k->a, "%lld %s", (long long)w->of->id, b->sha);
	c->hash[0] = hub_hash128(c->key[0], (struct hub_hash){0, 0});
	memcpy(c->id, &c->hash[0], sizeof c->id);
	return c->key[0].ptr ? 0 : -1;
}

static int write_chunk(struct record *k, struct hub_store *s, const struct hub_attachment *w,
		       const struct hub_blob *b)
{
	const struct hub_entity *e = hub_schema_entity(hub_store_schema(s), OWNER);
	const struct hub_case_lock lock = {k->a, hub_store_db(s), w->blob.keys, w->of->id};
	struct hub_str name;
	int rc;

	if (!e)
		return hub_fail(k->err, HUB_CONF, "no-attachments",
				"the schema has no attachments");
	if ((rc = hub_name_seal(&lock, hub_str_of(b->sha), w->name, &name, k->err)))
		return rc;
	if (fill_rows(k, e, w, name, b) || fill_chunk(k, w, b))
		return hub_fail_mem(k->err);
	rc = hub_chunk_write(s, &k->run, &k->chunk, &k->counts, k->err);
	if (!rc && k->chunk.fate[0] != HUB_FATE_NEW)
		rc = hub_fail(k->err, HUB_INTEGRITY, "attachment-row",
			      "the row of the attachment could not be written");
	if (rc) {
		hub_run_drop(s, &k->run);
		return rc;
	}
	return hub_run_end(s, &k->run, HUB_RUN_DONE, &k->counts, HUB_STR(""), k->err);
}

/* A run that was cut off half way is taken back: its file is attached anew by whoever wants it. */
static int settle_last(struct hub_store *s, struct hub_str feed, struct hub_str actor,
		       struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf report;
	int64_t run = 0;
	int rc = hub_db_one(hub_store_db(s), &run, err,
			    "SELECT max(r.id) FROM run r JOIN feed f ON f.id = r.feed_id"
			    " WHERE f.name = ? AND r.state IN (1, 3) AND r.kind <> 'undo'",
			    "t", feed);

	hub_buf_init(&report, 1 << 20);
	if (!rc && run)
		rc = hub_run_undo(s, run, actor, &report, err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int add_row(struct hub_arena *a, struct hub_store *s, const struct hub_attachment *w,
		   const struct hub_blob *b, struct hub_attachment_added *out, struct hub_err *err)
{
	const struct hub_str feed = hub_arena_printf(a, "attachments %.*s", HUB_FMT(w->of->system));
	struct record k = {.a = a, .err = err};
	int rc;

	k.counts.entity =
	    hub_alloc_array(a, hub_store_schema(s)->n_entities, sizeof *k.counts.entity);
	if (!feed.ptr || !k.counts.entity)
		return hub_fail_mem(err);
	const struct hub_run_spec spec = {.kind = HUB_STR("attach"),
					  .feed = feed,
					  .system = w->of->system,
					  .input =
					      w->blob.type, /* names of files speak of people */
					  .content = hub_str_of(b->sha),
					  .bytes = b->bytes,
					  .mapping = HUB_STR("attachment 1"),
					  .actor = w->blob.actor,
					  .again = 1};
	if ((rc = settle_last(s, feed, w->blob.actor, err)) ||
	    (rc = hub_run_begin(s, &spec, &k.run, &k.counts, err)))
		return rc;
	out->run = k.run.id;
	return write_chunk(&k, s, w, b);
}

/* --- adding --------------------------------------------------------------------------------------------------- */

/* The row with this content; 0: the case has none. */
static int find_row(struct hub_store *s, int64_t case_id, const char *sha, int64_t *row,
		    struct hub_err *err)
{
	*row = 0;
	const int rc =
	    hub_db_one(hub_store_db(s), row, err,
		       "SELECT a.id FROM cc_attachment a JOIN record r ON r.id = a.record_id"
		       " JOIN blob b ON CAST(b.id AS TEXT) = a.blob_ref AND b.case_id = a.case_id"
		       " WHERE a.case_id = ? AND b.sha256 = ? AND r.state = 0",
		       "iz", case_id, sha);
	return rc == HUB_END ? HUB_OK : rc;
}

static int sweep_case(struct hub_store *s, int64_t case_id, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	rc = hub_db_run(db, err,
			"DELETE FROM blob_piece WHERE blob_id IN (SELECT id" WITHOUT_ROW
			" AND case_id = ?)",
			"i", case_id);
	if (!rc)
		rc = hub_db_run(db, err,
				"DELETE FROM blob WHERE id IN (SELECT id" WITHOUT_ROW
				" AND case_id = ?)",
				"i", case_id);
	return hub_db_end(db, rc, err);
}

static int log_it(struct hub_db *db, const struct hub_attachment *w, const struct hub_blob *b,
		  int64_t run, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf d;
	char object[40];

	hub_audit_begin(&d);
	hub_json_int(&d, "run", run);
	hub_json_field(&d, "type", w->blob.type);
	hub_json_int(&d, "bytes", (int64_t)b->bytes);
	hub_json_field(&d, "sha256", hub_str_of(b->sha));
	snprintf(object, sizeof object, "case %lld", (long long)w->of->id);
	return hub_audit_end(db, w->blob.actor, "attach", hub_str_of(object), &d, err);
}

/* Under the lock of the case. */
static int add(struct hub_arena *a, struct hub_store *s, const struct hub_attachment *w, int fd,
	       struct hub_attachment_added *out, struct hub_err *err)
{
	struct hub_blob_spec spec = w->blob;
	struct hub_blob b;
	int rc;

	spec.case_id = w->of->id;
	spec.owner = OWNER;
	if ((rc = sweep_case(s, w->of->id, err)) ||
	    (rc = find_row(s, w->of->id, w->blob.sha, &out->row, err)))
		return rc;
	out->there = out->row != 0;
	if (out->there)
		return HUB_OK;
	if ((rc = hub_blob_put(s, &spec, fd, &b, err)))
		return rc;
	hub_crash_point("attach-row");
	if ((rc = add_row(a, s, w, &b, out, err)) ||
	    (rc = find_row(s, w->of->id, b.sha, &out->row, err)))
		return rc;
	return log_it(hub_store_db(s), w, &b, out->run, err);
}

int hub_attachment_add(struct hub_store *s, const struct hub_attachment *what, int fd, int dry,
		       struct hub_attachment_added *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(16 << 20);
	int rc;

	*out = (struct hub_attachment_added){0};
	if (!a)
		return hub_fail_mem(err);
	if (dry) {
		rc = find_row(s, what->of->id, what->blob.sha, &out->row, err);
		out->there = out->row != 0;
		return rc;
	}
	if ((rc = hub_blob_lock(s, what->of->id, err)))
		return rc;
	rc = add(a, s, what, fd, out, err);
	hub_blob_unlock(s, what->of->id);
	return rc;
}

/* --- removing ------------------------------------------------------------------------------------------------- */

int hub_attachments_sweep(struct hub_store *s, struct hub_err *err)
{
	int64_t last = 0;
	int rc = HUB_OK;

	while (!rc) {
		rc = hub_db_one(hub_store_db(s), &last, err,
				"SELECT case_id" WITHOUT_ROW
				" AND case_id > ? ORDER BY case_id LIMIT 1",
				"i", last);
		if (rc || hub_blob_lock(s, last, NULL))
			continue;
		rc = sweep_case(s, last, err);
		hub_blob_unlock(s, last);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int gone(struct hub_store *s, int64_t row, struct hub_err *err)
{
	int64_t one;
	const int rc = hub_db_one(hub_store_db(s), &one, err,
				  "SELECT 1 FROM cc_attachment WHERE id = ?", "i", row);

	if (rc == HUB_END)
		return HUB_OK;
	return rc ? rc
		  : hub_fail(err, HUB_REFUSED, "still-referred",
			     "attachment %lld stays: something refers to it", (long long)row);
}

int hub_attachment_remove(struct hub_store *s, int64_t row, struct hub_str actor,
			  struct hub_buf *report, struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	int64_t run = 0;
	char object[40];
	int rc = hub_db_one(db, &run, err,
			    "SELECT r.run_id FROM cc_attachment a JOIN record r ON"
			    " r.id = a.record_id JOIN run u ON u.id = r.run_id"
			    " WHERE a.id = ? AND u.kind = 'attach'",
			    "i", row);

	if (rc == HUB_END) {
		rc = hub_fail(err, HUB_USAGE, "no-such-attachment", "there is no attachment %lld",
			      (long long)row);
		hub_hint(err, "`tsunagi attach list CASE` has their numbers.");
	}
	snprintf(object, sizeof object, "run %lld", (long long)run);
	if (rc || (rc = hub_audit_add(db, actor, "undo", hub_str_of(object), HUB_STR(""), err)) ||
	    (rc = hub_run_undo(s, run, actor, report, err)) || (rc = gone(s, row, err)))
		return rc;
	return hub_attachments_sweep(s, err);
}
