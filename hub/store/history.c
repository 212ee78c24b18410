/* Before-images: what a row was before a run changed it. Enough to take the run back and to explain. */
#include "store/writer.h"

/* Column: length of name (1 byte), name, type (1 byte), length of value (8 bytes), value. */
void hub_image_put(struct hub_buf *out, struct hub_str name, const struct hub_dbval *v)
{
	struct hub_str bytes = v->s;

	if (v->type == HUB_DB_NULL)
		return;
	if (v->type == HUB_DB_INT)
		bytes = (struct hub_str){(const char *)&v->i, sizeof v->i};
	const uint64_t n = bytes.len;
	hub_buf_putc(out, (char)name.len);
	hub_buf_str(out, name);
	hub_buf_putc(out, (char)v->type);
	hub_buf_add(out, &n, sizeof n);
	hub_buf_str(out, bytes);
}

static int take(struct hub_str *s, size_t n, struct hub_str *part)
{
	if (s->len < n)
		return -1;
	*part = (struct hub_str){s->ptr, n};
	*s = hub_str_from(*s, n);
	return 0;
}

int hub_image_next(struct hub_str *image, struct hub_str *name, struct hub_dbval *v)
{
	struct hub_str part;
	uint64_t n;

	if (!image->len)
		return 0;
	if (take(image, 1, &part) || take(image, (unsigned char)part.ptr[0], name) ||
	    take(image, 1, &part))
		return -1;
	*v = (struct hub_dbval){(enum hub_dbtype)part.ptr[0], 0, {NULL, 0}};
	if (take(image, sizeof n, &part))
		return -1;
	memcpy(&n, part.ptr, sizeof n);
	if (take(image, n, &v->s))
		return -1;
	if (v->type != HUB_DB_INT)
		return 1;
	if (v->s.len != sizeof v->i)
		return -1;
	memcpy(&v->i, v->s.ptr, sizeof v->i);
	v->s = (struct hub_str){NULL, 0};
	return 1;
}

static struct hub_str hash_bytes(const struct hub_hash *h)
{
	return h ? (struct hub_str){(const char *)h, sizeof *h} : (struct hub_str){NULL, 0};
}

int hub_history_add(struct hub_work *k, const struct hub_past_line *l)
{
	/* of a registry, which is looked up and not copied, it stays until the run ends (resident.c, past_keep.c) */
	if (k->w->spec.dry)
		return HUB_OK;
	return hub_db_run(
	    k->db, k->err,
	    "INSERT INTO history (run_id, entity, row_id, record_id, op, before, hash_before,"
	    " hash_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT (run_id, entity, row_id)"
	    " DO UPDATE SET hash_after = excluded.hash_after",
	    "itiiibbb", k->w->run, l->entity, l->row, l->record, (int64_t)l->op, l->before,
	    hash_bytes(l->hash_before), hash_bytes(l->hash_after));
}

/* --- lines that wait -------------------------------------------------------------------------- */

enum { LINES = 512, IMAGES = 1 << 20 /* bytes */ };

int hub_history_open(struct hub_writer *w)
{
	struct hub_past_lines *p = &w->past;
	struct hub_arena *a = w->arena;

	hub_buf_init(&p->images, (size_t)256 << 20);
	p->from = hub_alloc_array(a, LINES + 1, sizeof *p->from);
	p->entity = hub_alloc_array(a, LINES, sizeof *p->entity);
	p->before = hub_alloc_array(a, LINES, sizeof *p->before);
	p->hash_before = hub_alloc_array(a, LINES, sizeof *p->hash_before);
	p->hash_after = hub_alloc_array(a, LINES, sizeof *p->hash_after);
	p->row = hub_alloc_array(a, LINES, sizeof *p->row);
	p->record = hub_alloc_array(a, LINES, sizeof *p->record);
	p->op = hub_alloc_array(a, LINES, sizeof *p->op);
	p->hash = hub_alloc_array(a, (size_t)2 * LINES, sizeof *p->hash);
	return p->from && p->entity && p->before && p->hash_before && p->hash_after && p->row &&
		       p->record && p->op && p->hash
		   ? 0
		   : -1;
}

static struct hub_str keep_hash(struct hub_hash *to, const struct hub_hash *h)
{
	if (!h)
		return hash_bytes(NULL);
	*to = *h;
	return hash_bytes(to);
}

int hub_history_note(struct hub_work *k, const struct hub_past_line *l)
{
	struct hub_past_lines *p = &k->w->past;
	const uint32_t i = p->n;

	if (k->w->spec.dry)
		return HUB_OK;
	p->entity[i] = l->entity;
	p->row[i] = l->row;
	p->record[i] = l->record;
	p->op[i] = l->op;
	p->hash_before[i] = keep_hash(&p->hash[2 * (size_t)i], l->hash_before);
	p->hash_after[i] = keep_hash(&p->hash[2 * (size_t)i + 1], l->hash_after);
	p->from[i] = p->images.len;
	hub_buf_str(&p->images, l->before);
	p->from[++p->n] = p->images.len;
	return p->n == LINES || p->images.len >= IMAGES ? hub_history_flush(k) : HUB_OK;
}

void hub_history_forget(struct hub_writer *w)
{
	w->past.n = 0;
	hub_buf_reset(&w->past.images);
}

int hub_history_flush(struct hub_work *k)
{
	struct hub_past_lines *p = &k->w->past;
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_SAME_INT, .num = &k->w->run},
	    {.kind = HUB_COL_TEXT, .text = p->entity},
	    {.kind = HUB_COL_INT, .num = p->row},
	    {.kind = HUB_COL_INT, .num = p->record},
	    {.kind = HUB_COL_INT, .num = p->op},
	    {.kind = HUB_COL_BLOB, .text = p->before},
	    {.kind = HUB_COL_BLOB, .text = p->hash_before},
	    {.kind = HUB_COL_BLOB, .text = p->hash_after},
	};
	const struct hub_db_rows in = {.into = "history (run_id, entity, row_id, record_id, op,"
					       " before, hash_before, hash_after)",
				       .cols = HUB_COUNT(col),
				       .n = p->n,
				       .col = col};

	if (!p->n)
		return HUB_OK;
	if (!hub_buf_ok(&p->images))
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < p->n; i++) {
		const size_t len = p->from[i + 1] - p->from[i];
		p->before[i] = (struct hub_str){len ? p->images.ptr + p->from[i] : NULL, len};
	}
	const int rc = k->db->ops->insert(k->db, &in, k->err);
	hub_history_forget(k->w);
	return rc;
}

/* --- records ---------------------------------------------------------------------------------- */

/* Neighbours were mostly written by the same run. */
static int same_mapping(struct hub_work *k, int64_t run, int *same)
{
	struct hub_writer *w = k->w;
	int64_t eq = 0;
	int rc = HUB_OK;

	if (w->judged != run)
		rc = hub_db_one(k->db, &eq, k->err, "SELECT mapping = ? FROM run WHERE id = ?",
				"ti", w->spec.mapping, run);
	if (rc < 0)
		return rc;
	if (w->judged != run)
		w->judged_same = (int)eq;
	w->judged = run;
	*same = w->judged_same;
	return HUB_OK;
}

/* The columns of a record that its image holds, behind its id. */
static const char *const image_names[] = {"hash", "run_id", "row",  "line",
					  "byte", "state",  "refs", "raw"};
enum { RUN_ID = 2, REFS = 7 }; /* columns of read_records */

/* Records as they are, in no order; those that are not there are left out. */
static int read_records(struct hub_work *k, const int64_t *id, uint32_t n, struct hub_query **q)
{
	HUB_AUTO(buf) struct hub_buf sql;
	int bad = 0;

	hub_buf_init(&sql, 8192);
	hub_buf_puts(&sql, "SELECT id");
	for (size_t i = 0; i < HUB_COUNT(image_names); i++)
		hub_buf_printf(&sql, ", %s", image_names[i]);
	hub_buf_puts(&sql, " FROM record WHERE id IN (?");
	for (uint32_t i = 1; i < HUB_RANGES; i++)
		hub_buf_puts(&sql, ", ?");
	hub_buf_add(&sql, ")", 2);
	if (!hub_buf_ok(&sql))
		return hub_fail_mem(k->err);
	const int rc = k->db->ops->prepare(k->db, sql.ptr, q, k->err);
	for (uint32_t i = 0; !rc && i < HUB_RANGES; i++) {
		const struct hub_dbval v = {HUB_DB_INT, i < n ? id[i] : -1, {NULL, 0}};
		bad |= (*q)->ops->bind(*q, i, &v);
	}
	return bad ? hub_fail(k->err, HUB_FATAL, "store-bind", "a value does not fit its statement")
		   : rc;
}

/* One of them, as an image. */
static int put_image(struct hub_work *k, struct hub_query *q, struct hub_buf *image)
{
	hub_buf_reset(image);
	for (uint32_t c = 0; c < HUB_COUNT(image_names); c++) {
		const struct hub_dbval v = hub_db_val(q, c + 1);
		hub_image_put(image, hub_str_of(image_names[c]), &v);
	}
	return hub_buf_ok(image) ? HUB_OK : hub_fail_mem(k->err);
}

static int not_there(struct hub_work *k, int64_t id)
{
	return hub_fail(k->err, HUB_INTEGRITY, "store-damaged",
			"record %lld is in the index but not in the table", (long long)id);
}

/* The record at place i of the chunk, which q stands at. */
static int keep_record(struct hub_work *k, uint32_t i, struct hub_query *q, struct hub_buf *image,
		       int *mapping_changed)
{
	int same = 1;

	int rc = put_image(k, q, image);
	if (!rc)
		rc = same_mapping(k, hub_db_int(q, RUN_ID), &same);
	*mapping_changed = !same;
	if (!rc && !same)
		rc = hub_left_note(k->w, hub_db_str(q, REFS), k->err);
	const struct hub_past_line line = {.entity = HUB_STR(""),
					   .row = k->id[i],
					   .record = k->id[i],
					   .op = HUB_OP_UPDATE,
					   .before = hub_buf_text(image),
					   .hash_before = &k->old_hash[i],
					   .hash_after = &k->c->hash[i]};
	return rc ? rc : hub_history_note(k, &line);
}

static int keep_records(struct hub_work *k, const uint32_t *at, uint32_t n, int *mapping_changed)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf image;
	int64_t id[HUB_RANGES];
	uint32_t met = 0;

	hub_buf_init(&image, (size_t)128 << 20);
	for (uint32_t i = 0; i < n; i++)
		id[i] = k->id[at[i]];
	int rc = read_records(k, id, n, &q);
	while (!rc && (rc = hub_db_next(q, k->err)) == HUB_OK) {
		uint32_t i = 0;

		while (i < n && id[i] != hub_db_int(q, 0))
			i++;
		if (i == n)
			continue;
		id[i] = 0;
		met++;
		rc = keep_record(k, at[i], q, &image, &mapping_changed[i]);
	}
	for (uint32_t i = 0; rc == HUB_END && met < n && i < n; i++)
		if (id[i])
			return not_there(k, id[i]);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_history_end(struct hub_work *k, int64_t record)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf image;

	hub_buf_init(&image, (size_t)128 << 20);
	int rc = read_records(k, &record, 1, &q);
	if (!rc)
		rc = hub_db_next(q, k->err);
	if (rc == HUB_END)
		return not_there(k, record);
	if (!rc)
		rc = put_image(k, q, &image);
	if (!rc)
		rc = hub_left_note(k->w, hub_db_str(q, REFS), k->err);
	const struct hub_past_line line = {.entity = HUB_STR(""),
					   .row = record,
					   .record = record,
					   .op = HUB_OP_DELETE,
					   .before = hub_buf_text(&image)};
	if (!rc)
		rc = hub_history_add(k, &line);
	if (rc || k->w->spec.dry)
		return rc;
	return hub_db_run(k->db, k->err, "UPDATE record SET state = ? WHERE id = ?", "ii",
			  (int64_t)HUB_RECORD_ENDED, record);
}

int hub_history_records(struct hub_work *k, const uint32_t *at, uint32_t n, int *mapping_changed)
{
	static const int64_t live = HUB_RECORD_LIVE;
	const struct hub_writer *w = k->w;
	const int rc = keep_records(k, at, n, mapping_changed);

	if (rc || w->spec.dry)
		return rc;
	struct hub_str *hash = hub_alloc_array(w->tmp, k->c->n, sizeof *hash);
	struct hub_str *none = hub_alloc_array(w->tmp, k->c->n, sizeof *none);
	if (!hash || !none)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++)
		hash[at[i]] = hash_bytes(&k->c->hash[at[i]]);
	const struct hub_dbcol col[] = {
	    {.kind = HUB_COL_INT, .num = k->id},
	    {.kind = HUB_COL_BLOB, .text = hash},
	    {.kind = HUB_COL_SAME_INT, .num = &w->run},
	    {.kind = HUB_COL_INT, .num = k->row},
	    {.kind = HUB_COL_INT, .num = k->line},
	    {.kind = HUB_COL_INT, .num = k->byte},
	    {.kind = HUB_COL_SAME_INT, .num = &live},
	    {.kind = HUB_COL_BLOB, .text = k->refs},
	    {.kind = HUB_COL_BLOB, .text = w->spec.lookup ? none : k->c->raw},
	};
	const struct hub_db_rows in = {
	    .into = "record (id, hash, run_id, row, line, byte, state, refs, raw)",
	    .cols = HUB_COUNT(col),
	    .n = n,
	    .col = col,
	    .pick = at};
	return k->db->ops->update(k->db, &in, k->err);
}
