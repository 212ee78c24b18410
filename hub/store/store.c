/* Opening and closing a store; its schema. */
#include "store/writer.h"

#include "base/clock.h"
#include "store/migrations.h"

typedef int open_fn(const char *where, unsigned flags, struct hub_db **out, struct hub_err *err);

/* How a store URL may begin; `skip` bytes of it are not the driver's. */
struct form {
	const char *head;
	size_t skip;
	open_fn *open;
};
static const struct form forms[] = {
    {"sqlite:", 7, hub_db_sqlite_open}, {"postgresql://", 0, hub_db_pg_open},
    {"postgres://", 0, hub_db_pg_open}, {"postgresql:", 11, hub_db_pg_open},
    {"service=", 0, hub_db_pg_open},    {"host=", 0, hub_db_pg_open},
    {"dbname=", 0, hub_db_pg_open},
};

static const struct form *parse_url(const char *url, struct hub_err *err)
{
	const struct hub_str u = hub_str_of(url);

	for (size_t i = 0; i < HUB_COUNT(forms); i++)
		if (hub_str_starts(u, hub_str_of(forms[i].head)) && u.len > forms[i].skip)
			return &forms[i];
	/* the URL may hold a password: not shown */
	hub_fail(err, HUB_USAGE, "store-url", "the store URL is not understood");
	hub_hint(err, "Write sqlite:PATH, for example sqlite:data/tsunagi.db, or "
		      "postgresql://USER@HOST/DATABASE, or service=NAME.");
	return NULL;
}

static int meta_get(struct hub_db *db, const char *name, char *out, size_t size,
		    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	out[0] = '\0';
	int rc = hub_db_query(db, &q, err, "SELECT value FROM meta WHERE name = ?", "z", name);
	if (rc)
		return rc;
	rc = hub_db_next(q, err);
	if (rc == HUB_OK) {
		const struct hub_str s = hub_db_str(q, 0);
		if (s.ptr && s.len < size) {
			memcpy(out, s.ptr, s.len);
			out[s.len] = '\0';
		}
	}
	return rc < 0 ? rc : HUB_OK;
}

static int meta_put(struct hub_db *db, const char *name, const char *value, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO meta (name, value) VALUES (?, ?)"
			  " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			  "zz", name, value);
}

int hub_store_touch(struct hub_db *db, struct hub_err *err)
{
	return hub_db_run(db, err,
			  "INSERT INTO counter (name, value) VALUES ('facts', 1)"
			  " ON CONFLICT (name) DO UPDATE SET value = counter.value + 1",
			  "");
}

static int apply_schema(struct hub_store *s, struct hub_err *err)
{
	int rc = hub_tables_apply(s->db, s->schema, err);

	if (!rc)
		rc = meta_put(s->db, "schema", s->schema->hash, err);
	if (!rc)
		rc = meta_put(s->db, "schema_version", s->schema->version.ptr, err);
	return rc;
}

int hub_store_schema_apply(struct hub_store *s, struct hub_err *err)
{
	int rc = hub_db_begin(s->db, err);

	if (rc)
		return rc;
	rc = hub_db_end(s->db, apply_schema(s, err), err);
	return rc ? rc : s->db->ops->sync(s->db, err);
}

/* First opening gives the store its entity tables; two programs may try at once. */
static int first_schema(struct hub_store *s, struct hub_err *err)
{
	char hash[80];

	int rc = hub_db_begin(s->db, err);
	if (rc)
		return rc;
	rc = meta_get(s->db, "schema", hash, sizeof hash, err);
	if (!rc && !hash[0] && !(rc = apply_schema(s, err)) && hub_now_is_given())
		rc = meta_put(s->db, "clock", "given", err);
	return hub_db_end(s->db, rc, err);
}

/* Whoever sets the date decides which withdrawals and contracts are in force: only in a store that was made for trying out. */
static int check_clock(struct hub_store *s, struct hub_err *err)
{
	char clock[8] = "";
	int rc = HUB_OK;

	if (!hub_now_is_given() || s->flags & (HUB_OPEN_READONLY | HUB_OPEN_DRY) ||
	    (rc = meta_get(s->db, "clock", clock, sizeof clock, err)) || clock[0])
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "clock-given",
		      "TSUNAGI_NOW sets the date, and this store was made by the real clock");
	hub_hint(err, "Unset TSUNAGI_NOW; to try something out, let it make a store of its own.");
	return rc;
}

/* Other labels or spellings of headers in the same tables: there is no difference to look at. */
static int other_words(struct hub_store *s, struct hub_err *err)
{
	const struct hub_change *changes;
	size_t n;

	int rc = hub_tables_diff(s->db, s->arena, s->schema, &changes, &n, err);
	if (!rc && n) {
		rc = hub_fail(err, HUB_CONF, "schema-changed",
			      "the store was made for another version of the common case format");
		hub_hint(
		    err,
		    "Look at the difference and take it over: tsunagi schema apply --store STORE.");
	}
	if (rc || (s->flags & HUB_OPEN_READONLY))
		return rc;
	return hub_store_schema_apply(s, err);
}

static int check_schema(struct hub_store *s, struct hub_err *err)
{
	char hash[80];

	int rc = meta_get(s->db, "schema", hash, sizeof hash, err);
	if (rc)
		return rc;
	if (!hash[0] && !(s->flags & HUB_OPEN_READONLY)) {
		if ((rc = first_schema(s, err)))
			return rc;
		return meta_get(s->db, "schema", hash, sizeof hash, err);
	}
	if ((s->flags & HUB_OPEN_ANY_SCHEMA) || hub_str_is(hub_str_of(hash), s->schema->hash))
		return HUB_OK;
	if (!hash[0]) /* read-only, and another program is making it at this moment */
		return hub_fail(err, HUB_RETRY, "store-unfinished",
				"the store has no tables for cases yet");
	return other_words(s, err);
}

/* A dry run into a store that is not there yet sees an empty one, which is nowhere on the disk. */
static int open_db(struct hub_store *s, const char *url, struct hub_err *err)
{
	struct hub_err why = {0};
	const struct form *f = parse_url(url, err);

	if (!f)
		return HUB_USAGE;
	if (!(s->flags & HUB_OPEN_DRY))
		return f->open(url + f->skip,
			       (s->flags & HUB_OPEN_CREATE ? HUB_DB_CREATE : 0) |
				   (s->flags & HUB_OPEN_READONLY ? HUB_DB_READONLY : 0),
			       &s->db, err);
	s->flags |= HUB_OPEN_READONLY;
	const int rc = f->open(url + f->skip, HUB_DB_READONLY, &s->db, &why);
	if (rc && strcmp(why.code, "store-missing") == 0) {
		s->flags &= ~(unsigned)HUB_OPEN_READONLY;
		return hub_db_sqlite_open("", HUB_DB_SCRATCH, &s->db, err);
	}
	if (rc && err)
		*err = why;
	return rc;
}

int hub_store_open(struct hub_arena *a, const char *url, unsigned flags,
		   const struct hub_schema *schema, struct hub_store **out, struct hub_err *err)
{
	struct hub_store *s = hub_alloc0(a, sizeof *s);
	int rc;

	if (!s)
		return hub_fail_mem(err);
	*s = (struct hub_store){.arena = a, .schema = schema, .flags = flags};
	if ((rc = hub_tables_make(a, schema, &s->tables, err)) || (rc = open_db(s, url, err)))
		return rc;
	rc = hub_store_migrate(s->db, !(s->flags & HUB_OPEN_READONLY), err);
	if (!rc && !(rc = check_schema(s, err)))
		rc = check_clock(s, err);
	if (rc) {
		hub_db_close(s->db);
		return rc;
	}
	*out = s;
	return HUB_OK;
}

void hub_store_close(struct hub_store *s)
{
	if (s) {
		hub_db_close(s->db);
		s->db = NULL;
	}
}

const struct hub_schema *hub_store_schema(const struct hub_store *s)
{
	return s->schema;
}

struct hub_db *hub_store_db(struct hub_store *s)
{
	return s->db;
}

const struct hub_entity_tables *hub_store_tables(const struct hub_store *s)
{
	return s->tables;
}
