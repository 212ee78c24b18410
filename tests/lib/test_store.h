/* A store of its own for every test, on the driver that TEST_STORE names: sqlite (also when it is not
 * set), or postgresql, for which TEST_PG is the connection string of a database that tests may use as
 * they like (tests/run.sh starts a server and runs the programs that include this file on both). */
#ifndef TESTS_LIB_TEST_STORE_H
#define TESTS_LIB_TEST_STORE_H

#include "test.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct test_store {
	char dir[64], path[80], url[256]; /* path: of the SQLite file */
};

static inline int on_postgresql(void)
{
	return hub_str_is(hub_str_of(getenv("TEST_STORE")), "postgresql");
}

/* For tests of what only one driver has. */
#define ONLY_POSTGRESQL()             \
	do {                          \
		if (!on_postgresql()) \
			skip();       \
	} while (0)
#define ONLY_SQLITE()                \
	do {                         \
		if (on_postgresql()) \
			skip();      \
	} while (0)

static inline int pg_do(const char *sql)
{
	PGconn *c = PQconnectdb(getenv("TEST_PG"));
	PGresult *r = PQexec(c, sql);
	const int bad = PQresultStatus(r) != PGRES_COMMAND_OK;

	if (bad)
		fprintf(stderr, "TEST_PG: %s\n", PQerrorMessage(c));
	PQclear(r);
	PQfinish(c);
	return bad ? -1 : 0;
}

static inline int drop_store(void)
{
	return pg_do("SET client_min_messages = error; DROP SCHEMA IF EXISTS tsunagi CASCADE");
}

/* As after its first opening. Making all tables anew takes half a second, this a fiftieth of it. */
static inline int empty_store(void)
{
	return pg_do(
	    "DO $$ DECLARE t record; BEGIN"
	    " IF to_regclass('tsunagi.counter') IS NULL THEN RETURN; END IF;"
	    " FOR t IN SELECT relname, relkind FROM pg_class WHERE relkind IN ('r', 'S') AND"
	    " relnamespace = 'tsunagi'::regnamespace AND relname NOT IN ('meta', 'migration',"
	    " 'counter') LOOP EXECUTE format(CASE t.relkind WHEN 'r' THEN 'DELETE FROM tsunagi.%I'"
	    " ELSE 'ALTER SEQUENCE tsunagi.%I RESTART' END, t.relname); END LOOP;"
	    " DELETE FROM tsunagi.meta WHERE name NOT IN ('schema', 'schema_version');"
	    " INSERT INTO tsunagi.meta (name, value) VALUES ('clock', 'given');"
	    " DELETE FROM tsunagi.migration WHERE number > 900;"
	    " UPDATE tsunagi.counter SET value = CASE name WHEN 'sync' THEN 0 ELSE 1 END; END $$");
}

/* An empty place for a store. */
static inline int test_store_make(struct test_store *t)
{
	snprintf(t->dir, sizeof t->dir, "/tmp/test_store_XXXXXX");
	if (!mkdtemp(t->dir))
		return -1;
	snprintf(t->path, sizeof t->path, "%s/t.db", t->dir);
	if (!on_postgresql()) {
		snprintf(t->url, sizeof t->url, "sqlite:%s", t->path);
		return 0;
	}
	snprintf(t->url, sizeof t->url, "postgresql:%s", getenv("TEST_PG"));
	return empty_store();
}

/* Not 0 when anything else was left in the folder. */
static inline int test_store_remove(const struct test_store *t)
{
	static const char *const tails[] = {"", "-wal", "-shm", "-lock", ".keys", ".keys.lock"};
	char name[160];

	for (size_t i = 0; i < HUB_COUNT(tails); i++) {
		snprintf(name, sizeof name, "%s%s", t->path, tails[i]);
		unlink(name);
	}
	return rmdir(t->dir);
}

#endif
