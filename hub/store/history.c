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

int hub_history_add(struct hub_work *k, struct hub_str entity, int64_t row, int64_t record,
		    enum hub_history_op op, struct hub_str before,
		    const struct hub_hash *hash_before, const struct hub_hash *hash_after)
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
	    "itiiibbb", k->w->run, entity, row, record, (int64_t)op, before,
	    hash_bytes(hash_before), hash_bytes(hash_after));
}

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

/* A record as it is, as an image; *run: who wrote it. refs live as long as q. */
static int read_record(struct hub_work *k, int64_t id, struct hub_query **q, struct hub_buf *image)
{
	static const char get[] =
	    "SELECT hash, run_id, row, line, byte, state, refs, raw FROM record WHERE id = ?";
	static const char *const name[] = {"hash", "run_id", "row",  "line",
					   "byte", "state",  "refs", "raw"};

	int rc = hub_db_query(k->db, q, k->err, get, "i", id);
	if (!rc)
		rc = hub_db_next(*q, k->err);
	if (rc)
		return rc == HUB_END ? hub_fail(k->err, HUB_INTEGRITY, "store-damaged",
						"record %lld is in the index but not in the table",
						(long long)id)
				     : rc;
	for (uint32_t c = 0; c < HUB_COUNT(name); c++) {
		const struct hub_dbval v = hub_db_val(*q, c);
		hub_image_put(image, hub_str_of(name[c]), &v);
	}
	return hub_buf_ok(image) ? HUB_OK : hub_fail_mem(k->err);
}

enum { RUN_ID = 1, REFS = 6 }; /* columns of read_record */

static int keep_record(struct hub_work *k, uint32_t i, int *mapping_changed)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf image;
	int same = 1;

	hub_buf_init(&image, (size_t)128 << 20);
	int rc = read_record(k, k->id[i], &q, &image);
	if (!rc)
		rc = same_mapping(k, hub_db_int(q, RUN_ID), &same);
	*mapping_changed = !same;
	if (!rc && !same)
		rc = hub_left_note(k->w, hub_db_str(q, REFS), k->err);
	if (!rc)
		rc = hub_history_add(k, HUB_STR(""), k->id[i], k->id[i], HUB_OP_UPDATE,
				     hub_buf_text(&image), &k->old_hash[i], &k->c->hash[i]);
	return rc;
}

int hub_history_end(struct hub_work *k, int64_t record)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf image;

	hub_buf_init(&image, (size_t)128 << 20);
	int rc = read_record(k, record, &q, &image);
	if (!rc)
		rc = hub_left_note(k->w, hub_db_str(q, REFS), k->err);
	if (!rc)
		rc = hub_history_add(k, HUB_STR(""), record, record, HUB_OP_DELETE,
				     hub_buf_text(&image), NULL, NULL);
	if (rc || k->w->spec.dry)
		return rc;
	return hub_db_run(k->db, k->err, "UPDATE record SET state = ? WHERE id = ?", "ii",
			  (int64_t)HUB_RECORD_ENDED, record);
}

int hub_history_record(struct hub_work *k, uint32_t i, int *mapping_changed)
{
	const struct hub_writer *w = k->w;
	int rc = keep_record(k, i, mapping_changed);

	if (rc || w->spec.dry)
		return rc;
	const struct hub_str raw = w->spec.lookup ? (struct hub_str){NULL, 0} : k->c->raw[i];
	return hub_db_run(
	    k->db, k->err,
	    "UPDATE record SET hash = ?, run_id = ?, row = ?, line = ?, byte = ?, state = 0,"
	    " refs = ?, raw = ? WHERE id = ?",
	    "biiiibbi", hash_bytes(&k->c->hash[i]), w->run, k->row[i], k->line[i], k->byte[i],
	    k->refs[i], raw, k->id[i]);
}
