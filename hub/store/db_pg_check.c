/* For `tsunagi doctor`: every table is read whole, once by its pages and once through its first index,
 * on one state of the store. Reading finds damaged pages (all of them when the cluster was made with
 * --data-checksums); different counts are an index that lost rows. */
#include "store/db_pg.h"

static int count(struct pg *p, const char *set, const char *table, int64_t *n, struct hub_err *err)
{
	char sql[160];

	const int rc = hub_pg_exec(p, set, NULL, err);
	if (rc)
		return rc;
	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	return hub_db_one(&p->db, n, err, sql, "");
}

static int check_table(struct pg *p, const char *table, struct hub_buf *out, struct hub_err *err)
{
	static const char pages[] =
	    "SET LOCAL enable_seqscan = on; SET LOCAL enable_indexscan = off;"
	    "SET LOCAL enable_indexonlyscan = off; SET LOCAL enable_bitmapscan = off";
	static const char index[] =
	    "SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = on;"
	    "SET LOCAL enable_indexonlyscan = on";
	int64_t by_page = 0, by_index = 0;

	int rc = count(p, pages, table, &by_page, err);
	if (!rc)
		rc = count(p, index, table, &by_index, err);
	if (!rc && by_page != by_index)
		hub_buf_printf(out, "%s: %lld/%lld\n", table, (long long)by_page,
			       (long long)by_index);
	return rc;
}

static int each_table(struct pg *p, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char table[80];

	int rc = hub_db_query(&p->db, &q, err,
			      "SELECT relname FROM pg_class WHERE relkind = 'r'"
			      " AND relnamespace = to_regnamespace('tsunagi') ORDER BY relname",
			      "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str s = hub_db_str(q, 0);
		snprintf(table, sizeof table, "\"%.*s\"", HUB_FMT(s));
		rc = check_table(p, table, out, err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int invalid_indexes(struct pg *p, struct hub_buf *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(&p->db, &q, err,
			      "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid ="
			      " i.indexrelid WHERE c.relnamespace = to_regnamespace('tsunagi')"
			      " AND NOT (i.indisvalid AND i.indisready)",
			      "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str s = hub_db_str(q, 0);
		hub_buf_printf(out, "%.*s\n", HUB_FMT(s));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_pg_check(struct hub_db *db, struct hub_buf *out, struct hub_err *err)
{
	struct pg *p = hub_pg_of(db);
	int rc = db->ops->begin(db, HUB_DB_READ, err);

	if (rc)
		return rc;
	rc = invalid_indexes(p, out, err);
	if (!rc)
		rc = each_table(p, out, err);
	db->ops->rollback(db);
	return rc;
}
