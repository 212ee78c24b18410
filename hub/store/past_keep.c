/* What of before-images a decision about people reads. */
#include "store/past_in.h"
#include "store/read.h"
#include "store/writer.h"

#include <stdio.h>

const struct hub_past_table hub_past_table[] = {
    {"", {"feed_id", "run_id", "state"}},
    {"person", {"record_id",    "system_id",   "household_id",  "household_no", "name_kana",
		"birth_date",   "address",     "other_address", "next_address", "addr_town",
		"addr_block",   "addr_street", "addr_building", "phone",        "phone_home",
		"phone_mobile", "fax",         "phone_other",   "death_on",     "name"}},
    {"household_member", {"record_id", "person_id", "household_id", "member_to"}},
    {"relationship",
     {"record_id", "person_id", "other_person_id", "living", "other_address", "other_phone"}},
    {"household", {"record_id", "address", "phone"}},
    {"residence", {"record_id", "person_id", "resident_state"}},
    {"protection",
     {"record_id", "person_id", "protection_state", "deleted", "decided_by", "decided_second"}},
    {"consent",
     {"record_id", "person_id", "recipient", "category", "purpose", "consent_status", "valid_from",
      "valid_to", "withdrawn_on", "state", "given_by"}},
    {"case", {"record_id", "person_id"}},
    {"meeting",
     {"record_id", "meeting_no", "case_id", "meeting_kind", "members", "valid_from", "valid_to"}},
    {"agency", {"record_id", "key", "contract_from", "contract_to", "agency_state"}},
};
const uint32_t hub_past_tables = HUB_COUNT(hub_past_table);

static int has_column(const struct hub_entity_table *t, const char *column)
{
	for (uint32_t c = 0; c < t->cols; c++)
		if (hub_str_is(t->col[c].name, column))
			return 1;
	return 0;
}

static int has_columns(const struct hub_store *s, const struct hub_past_table *t)
{
	const struct hub_entity *e = hub_schema_entity(s->schema, hub_str_of(t->entity));
	const struct hub_entity_table *of = e ? hub_tables_of(s->tables, e) : NULL;

	for (uint32_t c = 0; of && t->col[c]; c++)
		if (!has_column(of, t->col[c]))
			return 0;
	return of || !t->entity[0];
}

int hub_past_find(const struct hub_store *s, struct hub_str entity)
{
	for (uint32_t i = 0; i < hub_past_tables; i++)
		if (hub_str_is(entity, hub_past_table[i].entity))
			return has_columns(s, &hub_past_table[i]) ? (int)i : -1;
	return -1;
}

uint32_t hub_past_columns(const struct hub_past_table *t)
{
	uint32_t n = 0;

	while (t->col[n])
		n++;
	return n;
}

const char *hub_past_select(struct hub_arena *a, const struct hub_past_table *t)
{
	struct hub_str sql = HUB_STR("SELECT id");

	for (uint32_t c = 0; t->col[c] && sql.ptr; c++)
		sql = hub_arena_printf(a, "%.*s, %s", HUB_FMT(sql), t->col[c]);
	if (sql.ptr)
		sql = hub_arena_printf(a, "%.*s FROM %s%s", HUB_FMT(sql),
				       t->entity[0] ? "cc_" : "record", t->entity);
	return sql.ptr;
}

/* Is an image's name that of the column, now or before the schema renamed it? */
static int is_column(const struct hub_entity_table *t, const char *column, struct hub_str name)
{
	if (hub_str_is(name, column))
		return 1;
	for (uint32_t c = 0; t && c < t->cols; c++)
		if (t->col[c].kind == HUB_P_FIELD && t->col[c].field->was.len &&
		    hub_str_is(t->col[c].name, column))
			return hub_str_eq(t->col[c].field->was, name);
	return 0;
}

int hub_past_image(struct hub_arena *a, struct hub_store *s, const struct hub_past_table *t,
		   struct hub_str image, struct hub_dbval *out)
{
	const struct hub_entity *e = hub_schema_entity(s->schema, hub_str_of(t->entity));
	const struct hub_entity_table *of = e ? hub_tables_of(s->tables, e) : NULL;
	struct hub_str name;
	struct hub_dbval v;
	int more;

	for (uint32_t c = 0; t->col[c]; c++)
		out[c] = (struct hub_dbval){HUB_DB_NULL, 0, {NULL, 0}};
	while ((more = hub_image_next(&image, &name, &v)) > 0)
		for (uint32_t c = 0; t->col[c]; c++) {
			if (!is_column(of, t->col[c], name))
				continue;
			out[c] = v;
			if (v.s.ptr && !(out[c].s = hub_arena_str(a, v.s)).ptr)
				return -1;
		}
	return more;
}

/* --- of a lookup --------------------------------------------------------------------------------------- */

static int same_value(const struct hub_dbval *x, const struct hub_dbval *y)
{
	return x->type == y->type && x->i == y->i && hub_str_eq(x->s, y->s);
}

/* Has anything changed that a decision reads? A record that is there again had ended. */
static int differs(struct hub_store *s, const struct hub_past_table *t, const char *select,
		   int64_t row, const struct hub_dbval *was, int *yes, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[400];
	int rc;

	*yes = 1;
	snprintf(sql, sizeof sql, "%s WHERE id = ?", select);
	if ((rc = hub_db_query(s->db, &q, err, sql, "i", row)) || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	*yes = 0;
	for (uint32_t c = 0; t->col[c]; c++) {
		const struct hub_dbval now = hub_db_val(q, 1 + c);
		*yes |= !same_value(&was[c], &now);
	}
	return HUB_OK;
}

struct image {
	int64_t id; /* of the row of history */
	struct hub_str kept;
};

/* kept.ptr NULL: nothing of it is asked for. */
static int keep_one(struct hub_store *s, struct hub_arena *a, struct hub_query *q,
		    const char *const *select, struct image *out, struct hub_err *err)
{
	const int at = hub_past_find(s, hub_db_str(q, 1));
	struct hub_dbval was[HUB_PAST_COLS];
	HUB_AUTO(buf) struct hub_buf b;
	int yes;

	hub_buf_init(&b, 16 << 20);
	*out = (struct image){hub_db_int(q, 0), {NULL, 0}};
	if (at < 0)
		return HUB_OK;
	const struct hub_past_table *t = &hub_past_table[at];
	if (hub_db_int(q, 3) == HUB_OP_INSERT) {
		out->kept = HUB_STR("");
		return HUB_OK;
	}
	if (hub_past_image(a, s, t, hub_db_str(q, 4), was))
		return hub_fail_mem(err);
	const int rc = differs(s, t, select[at], hub_db_int(q, 2), was, &yes, err);
	if (rc || (at == 0 && was[2].i == HUB_RECORD_LIVE) || !yes)
		return rc;
	for (uint32_t c = 0; t->col[c]; c++)
		hub_image_put(&b, hub_str_of(t->col[c]), &was[c]);
	out->kept = hub_arena_str(a, hub_buf_text(&b));
	return hub_buf_ok(&b) && out->kept.ptr ? HUB_OK : hub_fail_mem(err);
}

static int keep_images(struct hub_store *s, struct hub_arena *a, int64_t run,
		       const char *const *select, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct image *list = NULL;
	size_t i = 0, cap = 0;
	int rc = hub_db_query(s->db, &q, err,
			      "SELECT id, entity, row_id, op, before FROM history WHERE run_id = ?"
			      " ORDER BY id",
			      "i", run);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		list = hub_alloc_more(a, list, i, &cap, sizeof *list);
		rc = list ? keep_one(s, a, q, select, &list[i++], err) : hub_fail_mem(err);
	}
	if (rc && rc != HUB_END)
		return rc;
	rc = HUB_OK;
	for (size_t k = 0; k < i && !rc; k++)
		rc = list[k].kept.ptr
			 ? hub_db_run(s->db, err, "UPDATE history SET before = ? WHERE id = ?",
				      "bi", list[k].kept, list[k].id)
			 : hub_db_run(s->db, err, "DELETE FROM history WHERE id = ?", "i",
				      list[k].id);
	return rc;
}

int hub_past_keep(struct hub_store *s, int64_t run, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new((size_t)1 << 30);
	const char **select = a ? hub_alloc_array(a, hub_past_tables, sizeof *select) : NULL;
	int rc;

	if (!select)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < hub_past_tables; i++)
		if (!(select[i] = hub_past_select(a, &hub_past_table[i])))
			return hub_fail_mem(err);
	if ((rc = keep_images(s, a, run, select, err)))
		return rc;
	/* what earlier lookups changed was forgotten */
	return hub_db_run(s->db, err,
			  "INSERT INTO meta (name, value) VALUES ('lookups_kept_since', ?)"
			  " ON CONFLICT (name) DO NOTHING",
			  "t", hub_arena_printf(a, "%lld", (long long)run));
}
