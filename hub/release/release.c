#include "release/release_in.h"

#include "release/deletions.h"
#include "release/sheet.h"
#include "release/stats_give.h"
#include "store/db.h"

#include <assert.h>

enum { BATCH_LIMIT = 256 << 20, ARENA_LIMIT = 512 << 20 };

/* --- batches --------------------------------------------------------------------------------------- */

/* Columns: the row's key for this recipient, then the fields of the profile. */
static int begin_batch(struct hub_releasing *r, const struct hub_profile_entity *e, uint32_t rows,
		       struct hub_err *err)
{
	struct hub_batch *b = r->batch;
	uint32_t at;

	hub_batch_reset(b);
	int bad = hub_batch_column(b, HUB_STR("key"), &at);
	for (uint32_t i = 0; i < e->n && !bad; i++)
		bad = hub_batch_column(b, e->fields[i].field->name, &at);
	if (bad || hub_batch_rows(b, rows))
		return hub_fail_mem(err);
	b->table = e->entity->name;
	b->table_label = e->entity->label;
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_field *f = c ? e->fields[c - 1].field : NULL;
		b->col[c].label = f ? f->label : HUB_STR("キー");
		b->col[c].shown = hub_alloc_array(hub_batch_arena(b), (size_t)rows + 1, 1);
		if (f && f->pclass != HUB_C_OPERATIONAL)
			b->col[c].flags |= HUB_COL_PERSONAL;
		if (!b->col[c].shown)
			return hub_fail_mem(err);
	}
	b->col[0].flags |= HUB_COL_KEY;
	return HUB_OK;
}

static void put_cell(struct hub_col *col, uint32_t at, const struct hub_out_cell *cell)
{
	col->cell[at] = (uint8_t)cell->cell;
	col->text[at] = cell->text;
	col->shown[at] = (uint8_t)cell->shown;
}

/* Hash over a row as it leaves: of the receipt, and into the hash of the whole release. */
static struct hub_hash seal_row(struct hub_releasing *r, const struct hub_batch *b, uint32_t at)
{
	struct hub_hash h = hub_hash128(b->table, (struct hub_hash){0, 0});

	hub_sha_add(r->sha, b->table.ptr, b->table.len + 1);
	for (uint32_t c = 0; c < b->cols; c++) {
		const struct hub_col *col = &b->col[c];
		const unsigned char head[10] = {col->cell[at],
						col->shown[at],
						(unsigned char)(col->text[at].len >> 56),
						(unsigned char)(col->text[at].len >> 48),
						(unsigned char)(col->text[at].len >> 40),
						(unsigned char)(col->text[at].len >> 32),
						(unsigned char)(col->text[at].len >> 24),
						(unsigned char)(col->text[at].len >> 16),
						(unsigned char)(col->text[at].len >> 8),
						(unsigned char)col->text[at].len};
		h = hub_hash128((struct hub_str){(const char *)head, sizeof head}, h);
		h = hub_hash128(col->text[at], h);
		hub_sha_add(r->sha, head, sizeof head);
		hub_sha_add(r->sha, col->text[at].ptr, col->text[at].len);
	}
	return h;
}

/* Which row of the store a row of the batch is, and whom it is about. */
struct origin {
	int64_t row, person; /* person 0: several, or nobody */
	unsigned classes;    /* it shows of that person */
	const struct hub_row_other
	    *other; /* of whom else it shows something; in the batch's arena */
	uint32_t others;
};

/* The receipt: which row went, about whom, what of it. Never a value. */
static int insert_receipt(struct hub_releasing *r, const struct hub_batch *b,
			  const struct origin *o, const char *decision, struct hub_str hash,
			  struct hub_err *err)
{
	int rc = hub_db_run(r->db, err,
			    "INSERT INTO release_item (release_id, entity, row_id, person_id,"
			    " decision, hash, classes) VALUES (?, ?, ?, ?, ?, ?, ?)",
			    "itiizbi", r->out->id, b->table, o->row, o->person, decision, hash,
			    (int64_t)o->classes);

	for (uint32_t i = 0; i < o->others && !rc; i++)
		rc = hub_db_run(r->db, err,
				"INSERT INTO release_other (release_id, entity, row_id, person_id,"
				" classes) VALUES (?, ?, ?, ?, ?)",
				"itiii", r->out->id, b->table, o->row, o->other[i].identity,
				(int64_t)o->other[i].classes);
	return rc;
}

static int write_receipt(struct hub_releasing *r, const struct hub_batch *b, uint32_t at,
			 const struct origin *o, struct hub_err *err)
{
	unsigned open = 0, masked = 0, withheld = 0;
	char decision[64];

	for (uint32_t c = 1; c < b->cols; c++) {
		withheld += b->col[c].shown[at] == HUB_WITHHELD;
		if (b->col[c].cell[at] != HUB_VALUE)
			continue;
		open += b->col[c].shown[at] == HUB_AS_IS;
		masked += b->col[c].shown[at] != HUB_AS_IS;
	}
	snprintf(decision, sizeof decision, "open %u masked %u withheld %u", open, masked,
		 withheld);
	const struct hub_hash h = seal_row(r, b, at);
	return insert_receipt(r, b, o, decision, (struct hub_str){(const char *)&h, sizeof h}, err);
}

static int is_net(const struct hub_releasing *r)
{
	return r->spec->sink && (r->spec->sink->caps & HUB_CAP_NET);
}

/* What goes over a network may have arrived when the call fails or the program dies: receipts are there before, and say so. */
static int announce(struct hub_releasing *r, const struct origin *from, struct hub_err *err)
{
	int rc = hub_db_begin(r->db, err);

	if (rc)
		return rc;
	for (uint32_t i = 0; i < r->batch->rows && !rc; i++)
		rc = insert_receipt(r, r->batch, &from[i], "perhaps", (struct hub_str){NULL, 0},
				    err);
	return hub_db_end(r->db, rc, err);
}

/* The answer has come. */
static int take_announced(struct hub_releasing *r, const struct origin *o, struct hub_err *err)
{
	const int rc = hub_db_run(r->db, err,
				  "DELETE FROM release_item WHERE release_id = ? AND entity = ?"
				  " AND row_id = ?",
				  "iti", r->out->id, r->batch->table, o->row);

	return rc ? rc
		  : hub_db_run(r->db, err,
			       "DELETE FROM release_other WHERE release_id = ? AND entity = ?"
			       " AND row_id = ?",
			       "iti", r->out->id, r->batch->table, o->row);
}

/* Rows of the store into rows of the batch; what shows nothing stays behind. */
static int fill_batch(struct hub_releasing *r, const struct hub_profile_entity *e,
		      struct hub_source_row *rows, uint32_t n, struct origin *from,
		      struct hub_err *err)
{
	struct hub_arena *a = hub_batch_arena(r->batch);
	uint32_t kept = 0;
	int rc = begin_batch(r, e, n, err); /* empties the arena first */
	struct hub_out_cell *cells = hub_alloc_array(a, (size_t)e->n + 1, sizeof *cells);

	if (!rc && !cells)
		rc = hub_fail_mem(err);
	for (uint32_t i = 0; i < n && !rc; i++) {
		int wanted = 1;
		if (r->one_case)
			rc = hub_circle_holds(&r->circle, r->x.people, r->db, e->entity, &rows[i],
					      &wanted, err);
		if (rc || !wanted ||
		    (r->one_case &&
		     (rc = hub_rowctx_kin(&r->x, e, &rows[i], r->circle.client, err))))
			continue;
		rc = hub_rowctx_decide(&r->x, a, e, &rows[i], cells, err);
		r->out->counts.rows++;
		r->out->counts.withheld_rows += (uint64_t)(rc == HUB_OK && !r->x.any);
		if (rc || !r->x.any)
			continue;
		for (uint32_t c = 0; c < e->n; c++)
			r->confirmed[e->entity->index][e->fields[c].field->index] +=
			    cells[c].answer.confirm && cells[c].cell == HUB_VALUE;
		const struct hub_out_cell key = {
		    .cell = HUB_VALUE,
		    .shown = HUB_AS_IS,
		    .text = hub_rowctx_key(&r->x, a, e->entity, rows[i].id)};
		if (!key.text.ptr)
			return hub_fail_mem(err);
		put_cell(&r->batch->col[0], kept, &key);
		for (uint32_t c = 0; c < e->n; c++)
			put_cell(&r->batch->col[c + 1], kept, &cells[c]);
		from[kept].row = rows[i].id;
		from[kept].person = r->x.person;
		from[kept].classes = r->x.classes;
		from[kept].other = r->x.other;
		from[kept++].others = r->x.others;
	}
	if (!rc && hub_batch_rows(r->batch, kept))
		rc = hub_fail_mem(err);
	return rc;
}

static void note_refusal(struct hub_releasing *r, uint32_t row)
{
	struct hub_release_result *out = r->out;
	const struct hub_str why = r->batch->reason[row];
	struct hub_release_refusal f = {.rows = 1};
	uint32_t i = 0;

	(void)snprintf(f.code, sizeof f.code, "%s", r->batch->code[row] ? r->batch->code[row] : "");
	(void)snprintf(f.reason, sizeof f.reason, "%.*s", HUB_FMT(why));
	out->counts.rejected++;
	while (i < out->refusals && (strcmp(out->refusal[i].code, f.code) != 0 ||
				     strcmp(out->refusal[i].reason, f.reason) != 0))
		i++;
	if (i < out->refusals)
		out->refusal[i].rows++;
	else if (i < HUB_RELEASE_REFUSALS)
		out->refusal[out->refusals++] = f;
}

/* --- rows ---------------------------------------------------------------------------------------------- */

/* One batch: new spans of its texts, the sink's rows, their receipts. No transaction is open while the sink
 * works, for it may wait for a network. */
static int release_rows(struct hub_releasing *r, const struct hub_profile_entity *e,
			struct hub_source_row *rows, uint32_t n, struct hub_err *err)
{
	static_assert(HUB_CURSOR_ROWS <= 1000, "an array on the stack");
	struct origin from[HUB_CURSOR_ROWS];
	int rc = hub_db_begin(r->db, err);

	if (rc || (rc = hub_db_end(r->db, fill_batch(r, e, rows, n, from, err), err)) ||
	    r->batch->rows == 0 || (rc = hub_release_may_go_on(r, err)) ||
	    (is_net(r) && (rc = announce(r, from, err))) ||
	    (rc = hub_sink_write(r->sink, r->batch, err)) || (rc = hub_db_begin(r->db, err)))
		return rc;
	for (uint32_t i = 0; i < r->batch->rows && !rc; i++) {
		if (is_net(r) && (rc = take_announced(r, &from[i], err)))
			break;
		if (r->batch->verdict[i] != HUB_ROW_DONE) {
			note_refusal(r, i);
			continue;
		}
		r->out->counts.written++;
		rc = write_receipt(r, r->batch, i, &from[i], err);
	}
	return hub_db_end(r->db, rc, err);
}

static int release_entity(struct hub_releasing *r, const struct hub_profile_entity *e,
			  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(BATCH_LIMIT);
	struct hub_cursor *c;
	struct hub_source_row *rows;
	uint32_t n;
	int rc = page ? hub_cursor_open(r->arena, r->db, e, &c, err) : hub_fail_mem(err);

	while (!rc) {
		if (r->spec->stop && *r->spec->stop) {
			rc = hub_fail(err, HUB_INTERRUPTED, "stopped", "the release was stopped");
			hub_hint(err, "Nothing was written; run it again.");
			return rc;
		}
		hub_arena_reset(page);
		if ((rc = hub_rowctx_forget(&r->x, err)) ||
		    (rc = hub_cursor_next(c, page, &rows, &n, err)) || n == 0)
			return rc;
		rc = release_rows(r, e, rows, n, err);
	}
	return rc;
}

/* --- what the recipient is to delete ----------------------------------------------------------------- */

/* One task as a batch of its own; sent when the release is. */
static int release_deletions_of(struct hub_releasing *r, const struct hub_recall *task,
				struct hub_err *err)
{
	struct hub_deletion *d;
	uint32_t n;
	int rc = hub_deletions_of(r->arena, r->db, r->x.schema, &r->x.to.keys, task, &d, &n, err);

	if (rc || n == 0)
		return rc;
	for (uint32_t i = 0; i < n; i++)
		if (!d[i].key.ptr)
			return hub_fail(err, HUB_INTEGRITY, "keys-lost",
					"recipient \"%.*s\" has had a key that is not in the key "
					"file",
					HUB_FMT(task->recipient));
	if ((rc = hub_deletions_batch(r->batch, task, d, n, err)) ||
	    (rc = hub_sink_write(r->sink, r->batch, err)))
		return rc;
	for (uint32_t i = 0; i < n; i++) {
		if (r->batch->verdict[i] != HUB_ROW_DONE)
			r->out->counts.rejected++;
		(void)seal_row(r, r->batch, i);
	}
	r->out->counts.deletions += n;
	return HUB_OK;
}

/* Before the rows: what is to go first, then what is there. */
static int release_deletions(struct hub_releasing *r, struct hub_err *err)
{
	struct hub_recall *task;
	int32_t due;
	uint32_t n;

	/* a drawing of one case is no feed */
	if (!r->spec->profile->takes_deletions || r->one_case || r->spec->attachment)
		return HUB_OK;
	int rc = hub_recalls_list(r->arena, r->db, r->spec->profile->recipient, 1, &task, &n, err);
	r->sent = rc ? NULL : hub_alloc_array(r->arena, (size_t)n + 1, sizeof *r->sent);
	if (!rc && !r->sent)
		rc = hub_fail_mem(err);
	for (uint32_t i = 0; i < n && !rc; i++) {
		if (hub_day_parse(task[i].due, &due) || due > r->spec->day)
			continue;
		rc = release_deletions_of(r, &task[i], err);
		r->sent[r->n_sent++] = task[i].id;
	}
	return rc;
}

/* --- a sheet ----------------------------------------------------------------------------------------- */

/* A row of a sheet shows something of several rows of the store; shared ones in several rows. */
static int write_parts(struct hub_releasing *r, const struct hub_sheet_page *page,
		       struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < page->parts && !rc; i++) {
		const struct hub_sheet_part *p = &page->part[i];
		if (r->batch->verdict[p->row] == HUB_ROW_DONE)
			rc = hub_db_run(r->db, err,
					"INSERT INTO release_item (release_id, entity, row_id,"
					" person_id, decision, classes)"
					" VALUES (?, ?, ?, ?, ?, nullif(?, -1))"
					" ON CONFLICT DO NOTHING",
					"itiiti", r->out->id, p->entity->name, p->id, p->person,
					r->spec->sheet->name, p->classes);
	}
	return rc;
}

static int write_sheet(struct hub_releasing *r, const struct hub_sheet_page *page,
		       struct hub_err *err)
{
	int rc = hub_sink_write(r->sink, r->batch, err);

	for (uint32_t i = 0; i < page->records && !rc; i++) {
		const int taken = r->batch->verdict[i] == HUB_ROW_DONE;
		r->out->counts.written += (uint64_t)taken;
		r->out->counts.rejected += (uint64_t)!taken;
		(void)seal_row(r, r->batch, i);
	}
	return rc ? rc : write_parts(r, page, err);
}

static int release_sheet(struct hub_releasing *r, struct hub_store *s, struct hub_err *err)
{
	struct hub_sheet_page page;
	int64_t last = 0;
	int rc = HUB_OK;

	do {
		if (r->spec->stop && *r->spec->stop) {
			rc = hub_fail(err, HUB_INTERRUPTED, "stopped", "the release was stopped");
			hub_hint(err, "Nothing was written; run it again.");
			return rc;
		}
		if ((rc = hub_rowctx_forget(&r->x, err)) || (rc = hub_db_begin(r->db, err)))
			return rc;
		rc = hub_sheet_next(&r->x, s, r->spec->sheet, r->batch, &last, &page, err);
		if (!rc && page.records)
			rc = write_sheet(r, &page, err);
		rc = hub_db_end(r->db, rc, err);
	} while (!rc && page.records);
	return rc;
}

/* --- statistics -------------------------------------------------------------------------------------- */

static int write_figures(struct hub_releasing *r, const struct hub_stats *s, struct hub_err *err)
{
	int rc = hub_stats_batch(r->batch, s, r->spec->profile->stats.small, err);

	if (!rc)
		rc = hub_sink_write(r->sink, r->batch, err);
	for (uint32_t i = 0; i < r->batch->rows && !rc; i++) {
		const int taken = r->batch->verdict[i] == HUB_ROW_DONE;
		r->out->counts.written += (uint64_t)taken;
		r->out->counts.rejected += (uint64_t)!taken;
		r->out->counts.figures_hidden +=
		    (uint64_t)hub_str_is(r->batch->col[HUB_STATS_STATE].text[i], "hidden");
		(void)seal_row(r, r->batch, i);
	}
	r->out->counts.figures += r->batch->rows;
	return rc;
}

static int release_figures(struct hub_releasing *r, struct hub_store *s, struct hub_err *err)
{
	const struct hub_release_spec *spec = r->spec;
	const int64_t year =
	    spec->stats_year ? spec->stats_year : hub_stats_year_of(spec->day - 27);
	const struct hub_stats_ask ask = {.profile = spec->profile,
					  .first_year = year,
					  .last_year = year,
					  .range = {HUB_DAY_LAST, HUB_DAY_LAST},
					  .actor = spec->who.name,
					  .today = spec->day,
					  .logged = 1};
	struct hub_stats figures;
	const int rc = hub_stats_give(r->arena, s, &ask, &figures, err);

	return rc ? rc : write_figures(r, &figures, err);
}

static int release_rest(struct hub_releasing *r, struct hub_store *s, struct hub_err *err)
{
	const struct hub_profile *p = r->spec->profile;
	int rc = HUB_OK;

	if (r->spec->attachment)
		return hub_release_blob(r, s, err);
	if (r->spec->sheet)
		return release_sheet(r, s, err);
	for (uint32_t i = 0; i < p->n && !rc; i++)
		rc = release_entity(r, &p->entities[i], err);
	return !rc && p->stats.sets.n ? release_figures(r, s, err) : rc;
}

/* --- the whole ---------------------------------------------------------------------------------------- */

static int approved_how(struct hub_releasing *r, struct hub_err *err)
{
	const struct hub_approvable profile = hub_approvable_of(r->spec->profile);
	int job = 0;
	int rc = hub_approvable_by_names(r->db, &profile, &r->out->by_names, err);

	if (!rc && r->spec->job)
		rc = hub_approvable_by_names(r->db, r->spec->job, &job, err);
	r->out->by_names |= job;
	return rc;
}

/* May it run at all? The releases that may are numbered. */
static int admit(struct hub_releasing *r, struct hub_err *err)
{
	int rc = hub_db_begin(r->db, err);

	if (rc)
		return rc;
	if (!(rc = hub_release_may_run(r->db, err)) && !(rc = hub_release_watch(r, err)) &&
	    !(rc = hub_approval_check(r->db, r->spec->profile, err)) &&
	    !(rc = hub_approval_grounds(r->db, r->spec->grounds, err)) &&
	    (!r->spec->job || !(rc = hub_approvable_check(r->db, r->spec->job, err))) &&
	    (!r->spec->reason.len || !(rc = hub_actor_opens(r->db, &r->spec->who, err))) &&
	    !(rc = approved_how(r, err)))
		rc = hub_release_log_insert(r, err);
	/* what goes over a network is there before the end is recorded */
	if (!rc && is_net(r))
		rc = hub_release_log_begin(r, err);
	return hub_db_end(r->db, rc, err);
}

static int prepare(struct hub_releasing *r, struct hub_store *s, struct hub_err *err)
{
	int rc;

	r->db = hub_store_db(s);
	r->touched = -1;
	r->arena = hub_arena_new(ARENA_LIMIT);
	r->batch = hub_batch_new(BATCH_LIMIT);
	r->sha = hub_sha_new();
	if (!r->arena || !r->batch || !r->sha)
		return hub_fail_mem(err);
	if ((rc = admit(r, err)) || (rc = hub_rowctx_open(&r->x, s, r->spec, &r->out->counts, err)))
		return rc;
	r->x.number = r->out->id;
	r->confirmed = hub_alloc_array(r->arena, r->x.schema->n_entities, sizeof *r->confirmed);
	for (uint32_t i = 0; r->confirmed && i < r->x.schema->n_entities; i++) {
		r->confirmed[i] = hub_alloc_array(
		    r->arena, (size_t)r->x.schema->entities[i].count + 1, sizeof **r->confirmed);
		if (!r->confirmed[i])
			r->confirmed = NULL;
	}
	if (!r->confirmed)
		return hub_fail_mem(err);
	r->out->no_detector = r->x.detect == NULL;
	if ((rc = hub_release_narrow(r, err)))
		return rc;
	return r->spec->attachment ? HUB_OK
				   : hub_instance_open(r->spec->sink, r->spec->sink_conf,
						       HUB_STR(""), &r->sink, err);
}

/* Commits the target; an attachment's file is gone then, whatever came of it. */
static int commit_target(struct hub_releasing *r, struct hub_err *err)
{
	struct hub_out *file = r->file;

	r->file = NULL;
	return file ? hub_out_commit(file, err) : hub_sink_commit(r->sink, err);
}

/* In one transaction: who closes something comes before it, and nothing leaves, or behind it, and sees that it has. */
static int end_done(struct hub_releasing *r, struct hub_err *err)
{
	int rc = hub_db_begin(r->db, err);

	if (rc)
		return rc;
	rc = hub_release_may_go_on(r, err);
	hub_crash_point("release-decided");
	if (!rc)
		rc = hub_release_log_end(r, HUB_RELEASE_DONE, err);
	return hub_db_end(r->db, rc, err);
}

static int end_failed(struct hub_releasing *r, int why)
{
	const enum hub_release_state state =
	    why == HUB_REFUSED ? HUB_RELEASE_REFUSED : HUB_RELEASE_FAILED;
	struct hub_err second; /* the first error is the one to tell */
	const int rc = hub_db_begin(r->db, &second);

	return rc ? rc : hub_db_end(r->db, hub_release_log_end(r, state, &second), &second);
}

/* The log knows of a release before its files appear: nothing leaves without a trace. */
static int finish(struct hub_releasing *r, struct hub_err *err)
{
	uint8_t sum[HUB_SHA256];
	struct hub_sha *sha = r->sha;

	r->sha = NULL;
	if (hub_sha_end(sha, sum))
		return hub_fail(err, HUB_FATAL, "crypto", "SHA-256 failed");
	hub_hex(sum, sizeof sum, r->out->content);
	int rc = end_done(r, err);
	if (!rc)
		rc = r->db->ops->sync(r->db, err);
	hub_crash_point("release-logged");
	if (!rc && !(rc = commit_target(r, err)))
		rc = hub_release_log_sent(r, err);
	return rc ? rc : hub_audit_head(r->db, &r->out->audit, err);
}

static void close_all(struct hub_releasing *r)
{
	if (r->sha)
		hub_sha_end(r->sha, NULL);
	hub_instance_close(r->sink);
	if (r->file)
		hub_out_drop(r->file);
	hub_rowctx_close(&r->x);
	hub_batch_free(r->batch);
	hub_arena_free(r->arena);
}

int hub_release_run(struct hub_store *s, const struct hub_release_spec *spec,
		    struct hub_release_result *out, struct hub_err *err)
{
	struct hub_releasing r = {.spec = spec, .out = out};

	*out = (struct hub_release_result){0};
	struct hub_recalled recalls;
	int rc = prepare(&r, s, err);
	if (!rc)
		rc = hub_recalls_catch_up(r.db, 0, &recalls, err);
	if (!rc)
		rc = release_deletions(&r, err);
	if (!rc)
		rc = release_rest(&r, s, err);
	if (!rc)
		rc = finish(&r, err);
	if (rc && out->id)
		(void)end_failed(&r, rc);
	if (rc == HUB_REFUSED && !out->id)
		hub_release_log_refusal(&r, err);
	close_all(&r);
	return rc;
}
