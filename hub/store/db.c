/* What is the same for every driver: binding by letters, one-value queries, end of a transaction. */
#include "store/db.h"

#include "base/buf.h"

static int bind_all(struct hub_query *q, const char *args, va_list ap, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t at = 0; !rc && args[at]; at++) {
		struct hub_dbval v = {HUB_DB_NULL, 0, {NULL, 0}};

		switch (args[at]) {
		case 'i':
			v.type = HUB_DB_INT;
			v.i = va_arg(ap, int64_t);
			break;
		case 't':
		case 'b':
			v.s = va_arg(ap, struct hub_str);
			v.type = !v.s.ptr          ? HUB_DB_NULL
				 : args[at] == 't' ? HUB_DB_TEXT
						   : HUB_DB_BLOB;
			break;
		case 'z':
			v.s = hub_str_of(va_arg(ap, const char *));
			v.type = v.s.ptr ? HUB_DB_TEXT : HUB_DB_NULL;
			break;
		case 'v':
			v = *va_arg(ap, const struct hub_dbval *);
			break;
		case 'n':
			break;
		default:
			return hub_fail(err, HUB_FATAL, "internal", "bind letter \"%c\"", args[at]);
		}
		rc = q->ops->bind(q, at, &v);
	}
	return rc ? hub_fail(err, HUB_FATAL, "store-bind", "a value does not fit its statement")
		  : HUB_OK;
}

static int start(struct hub_db *db, struct hub_query **q, struct hub_err *err, const char *sql,
		 const char *args, va_list ap)
{
	struct hub_query *st = NULL;

	int rc = db->ops->prepare(db, sql, &st, err);
	if (rc)
		return rc;
	rc = bind_all(st, args, ap, err);
	if (rc) {
		hub_db_done(st);
		return rc;
	}
	*q = st;
	return HUB_OK;
}

int hub_db_query(struct hub_db *db, struct hub_query **q, struct hub_err *err, const char *sql,
		 const char *args, ...)
{
	va_list ap;

	va_start(ap, args);
	const int rc = start(db, q, err, sql, args, ap);
	va_end(ap);
	return rc;
}

int hub_db_walk(struct hub_db *db, struct hub_query **q, struct hub_err *err, const char *sql,
		const char *args, ...)
{
	va_list ap;

	va_start(ap, args);
	const int rc = start(db, q, err, sql, args, ap);
	va_end(ap);
	if (!rc)
		(*q)->walk = 1;
	return rc;
}

int hub_db_run(struct hub_db *db, struct hub_err *err, const char *sql, const char *args, ...)
{
	struct hub_query *q = NULL;
	va_list ap;

	va_start(ap, args);
	int rc = start(db, &q, err, sql, args, ap);
	va_end(ap);
	if (rc)
		return rc;
	while ((rc = hub_db_next(q, err)) == HUB_OK)
		;
	hub_db_done(q);
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_db_one(struct hub_db *db, int64_t *out, struct hub_err *err, const char *sql,
	       const char *args, ...)
{
	struct hub_query *q = NULL;
	va_list ap;

	va_start(ap, args);
	int rc = start(db, &q, err, sql, args, ap);
	va_end(ap);
	if (rc)
		return rc;
	rc = hub_db_next(q, err);
	if (!rc)
		*out = hub_db_int(q, 0);
	hub_db_done(q);
	return rc;
}

int hub_db_update_text(const struct hub_db_rows *in, const char *x, struct hub_buf *out,
		       struct hub_err *err)
{
	struct hub_str names = hub_str_of(in->into), table, name;

	(void)hub_str_next(&names, '(', &table);
	table = hub_str_trim(table);
	if (hub_str_ends(names, HUB_STR(")")))
		names.len--;
	hub_buf_printf(out, "UPDATE %.*s SET", HUB_FMT(table));
	for (uint32_t c = 0; hub_str_next(&names, ',', &name); c++) {
		name = hub_str_trim(name);
		if (c)
			hub_buf_printf(out, "%s %.*s = x.c%u", c > 1 ? "," : "", HUB_FMT(name), c);
	}
	hub_buf_printf(out, " FROM %s WHERE %.*s.id = x.c0", x, HUB_FMT(table));
	hub_buf_putc(out, '\0');
	return hub_buf_ok(out) ? HUB_OK : hub_fail_mem(err);
}

int hub_db_have(struct hub_db *db, struct hub_arena *a, struct hub_have **out, size_t *n,
		struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t room = 0;
	int rc = hub_db_query(db, &q, err, db->ops->have, "");

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_have *more = hub_alloc_more(a, *out, *n, &room, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		*out = more;
		more[(*n)++] = (struct hub_have){hub_db_dup(a, q, 0), hub_db_dup(a, q, 1)};
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_db_end(struct hub_db *db, int rc, struct hub_err *err)
{
	if (!rc)
		rc = db->ops->commit(db, err);
	if (rc)
		db->ops->rollback(db);
	return rc;
}
