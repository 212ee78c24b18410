/* PostgreSQL driver: finding the server, and whether it is one to work with. Everything libpq can do
 * (TLS, service files, password files, several hosts, environment) is left to libpq. */
#include "store/db_pg.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>

enum { CONNECT_MS = 10000 };

/* --- the URL ---------------------------------------------------------------------------------- */

static const char *option(const PQconninfoOption *all, const char *name)
{
	for (; all && all->keyword; all++)
		if (strcmp(all->keyword, name) == 0 && all->val && all->val[0])
			return all->val;
	return NULL;
}

static int bad_url(struct hub_err *err)
{
	/* libpq's text about it could quote a part of the password */
	const int rc = hub_fail(err, HUB_USAGE, "store-url", "the store URL is not understood");

	hub_hint(err, "Write postgresql://USER@HOST:PORT/DATABASE or service=NAME; in a URL, write "
		      "@ : / %% of a password as %%40 %%3A %%2F %%25.");
	return rc;
}

static int check_ports(const char *list)
{
	struct hub_str rest = hub_str_of(list), one;
	int64_t port;

	while (hub_str_next(&rest, ',', &one))
		if (one.len && hub_parse_i64(one, 1, 65535, &port))
			return -1;
	return 0;
}

/* --- connecting ------------------------------------------------------------------------------- */

static int host_unknown(const char *label, const char *host, struct hub_err *err)
{
	struct addrinfo *found = NULL;

	if (!host || host[0] == '/' || host[0] == '@' || strchr(host, ','))
		return HUB_OK;
	if (getaddrinfo(host, NULL, NULL, &found) == 0) {
		freeaddrinfo(found);
		return HUB_OK;
	}
	const int rc = hub_fail(err, HUB_RETRY, "store-host-unknown", "%s: there is no host \"%s\"",
				label, host);
	hub_hint(err, "Check the host's name in the store URL, and the name service.");
	return rc;
}

/* First line of libpq's text, behind "connection to server at ... failed: ". */
static void reason_of(const char *text, char *out, size_t size)
{
	const char *at = strstr(text, "failed: ");
	size_t n = 0;

	for (at = at ? at + 8 : text; at[n] && at[n] != '\n' && n + 1 < size; n++)
		out[n] = at[n];
	out[n] = '\0';
}

static int unreachable(const struct pg *p, const char *host, struct hub_err *err)
{
	char state[6], why[200];
	int rc;

	hub_pg_state_of(PQerrorMessage(p->c), state);
	if (!state[0] && PQconnectionNeedsPassword(p->c))
		memcpy(state, "28P01", sizeof state);
	if (state[0])
		return hub_pg_fail_state(p->label, state, state, err);
	if ((rc = host_unknown(p->label, host, err)))
		return rc;
	reason_of(PQerrorMessage(p->c), why, sizeof why);
	if (strstr(why, "SSL") || strstr(why, "certificate")) {
		rc = hub_fail(err, HUB_RETRY, "store-tls", "%s: no TLS connection: %s", p->label,
			      why);
		hub_hint(err, "Check sslmode, sslrootcert, sslcert of the store URL, and the "
			      "server's certificate.");
		return rc;
	}
	rc = hub_fail(err, HUB_RETRY, "store-unreachable", "%s: no server answers: %s", p->label,
		      why);
	hub_hint(err, "Is it running, and are host and port right? Try: pg_isready -h HOST -p "
		      "PORT");
	return rc;
}

static int timed_out(const struct pg *p, int ms, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_RETRY, "store-unreachable", "%s: no answer within %d s",
				p->label, ms / 1000);

	hub_hint(err, "Check host, port and firewall; connect_timeout of the store URL waits "
		      "longer.");
	return rc;
}

/* PQconnectdb would do, but only so can the server be asked for its SQLSTATE, which does not change with
 * its language. */
static int wait_connected(struct pg *p, const char *host, int limit_ms, struct hub_err *err)
{
	const int64_t end = hub_ticks_ms() + limit_ms;
	PostgresPollingStatusType want = PGRES_POLLING_WRITING;

	while (PQstatus(p->c) != CONNECTION_BAD && want != PGRES_POLLING_OK) {
		struct pollfd f = {.fd = PQsocket(p->c),
				   .events = want == PGRES_POLLING_READING ? POLLIN : POLLOUT};
		const int64_t left = end - hub_ticks_ms();
		const int got = left > 0 ? poll(&f, 1, (int)left) : 0;

		if (got == 0)
			return timed_out(p, limit_ms, err);
		if (got == -1 && errno != EINTR)
			return hub_fail_sys(err, HUB_FATAL, "internal", errno, "poll");
		if (got > 0)
			want = PQconnectPoll(p->c);
		if (want == PGRES_POLLING_FAILED)
			break;
	}
	return PQstatus(p->c) == CONNECTION_OK ? HUB_OK : unreachable(p, host, err);
}

static void no_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static int connect_to(struct pg *p, const char *info, const PQconninfoOption *opts,
		      struct hub_err *err)
{
	static const char *const key[] = {"dbname", "fallback_application_name", "client_encoding",
					  NULL};
	const char *const val[] = {info, "tsunagi", "UTF8", NULL};
	const char *wait = option(opts, "connect_timeout");
	int64_t s = CONNECT_MS / 1000;

	if (wait)
		(void)hub_parse_i64(hub_str_of(wait), 2, 3600, &s);
	p->c = PQconnectStartParams(key, val, 1);
	if (!p->c)
		return hub_fail_mem(err);
	(void)PQsetErrorVerbosity(p->c, PQERRORS_SQLSTATE);
	(void)PQsetNoticeProcessor(p->c, no_notice, NULL);
	return wait_connected(p, option(opts, "host"), (int)s * 1000, err);
}

/* --- is it one for us ------------------------------------------------------------------------- */

struct facts {
	int schema, core, tables, standby, readonly;
};

static int read_facts(struct pg *p, struct facts *f, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;

	int rc = hub_db_query(
	    &p->db, &q, err,
	    "SELECT to_regnamespace('tsunagi') IS NOT NULL,"
	    " to_regclass('tsunagi.migration') IS NOT NULL,"
	    " (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('tsunagi')),"
	    " pg_is_in_recovery(), current_setting('transaction_read_only') = 'on'",
	    "");
	if (!rc)
		rc = hub_db_next(q, err);
	if (!rc)
		*f = (struct facts){(int)hub_db_int(q, 0), (int)hub_db_int(q, 1),
				    (int)hub_db_int(q, 2), (int)hub_db_int(q, 3),
				    (int)hub_db_int(q, 4)};
	return rc;
}

static int check_encoding(const struct pg *p, struct hub_err *err)
{
	const char *name = PQparameterStatus(p->c, "server_encoding");

	if (name && strcmp(name, "UTF8") == 0)
		return HUB_OK;
	const int rc =
	    hub_fail(err, HUB_CONF, "store-encoding", "%s holds its texts as %s, UTF8 is needed",
		     p->label, name ? name : "?");
	hub_hint(err, "Make a database for it: createdb --encoding UTF8 --template template0 NAME");
	return rc;
}

static int make_schema(struct pg *p, struct hub_err *err)
{
	int rc = hub_db_begin(&p->db, err);

	if (rc)
		return rc;
	return hub_db_end(&p->db, hub_pg_exec(p, "CREATE SCHEMA IF NOT EXISTS tsunagi", NULL, err),
			  err);
}

static int claim(struct pg *p, unsigned flags, struct hub_err *err)
{
	struct facts f;
	int rc = read_facts(p, &f, err);

	if (rc)
		return rc;
	if (!(flags & HUB_DB_READONLY) && (f.standby || f.readonly))
		return hub_pg_fail_state(p->label, "25006", "", err);
	if (f.tables && !f.core) {
		rc = hub_fail(err, HUB_CONF, "not-a-store",
			      "%s: its schema tsunagi is not one of Tsunagi", p->label);
		hub_hint(err, "Name another database, or rename that schema.");
		return rc;
	}
	if (f.core || (flags & HUB_DB_CREATE))
		return f.schema ? HUB_OK : make_schema(p, err);
	rc = hub_fail(err, HUB_RETRY, "store-missing", "%s holds no store yet", p->label);
	hub_hint(err, "Check the store URL; a first import makes the store.");
	return rc;
}

/* Names are ours alone: search_path. A writer waits as long as with SQLite (BUSY_MS) unless somebody
 * chose another time. What must survive
 * a power cut asks for sync(). Plans are made for each call: tables grow by orders of magnitude while
 * the statements of a first load stay the same. */
static int setup(struct pg *p, unsigned flags, struct hub_err *err)
{
	static const char all[] =
	    "SET search_path = tsunagi; SET synchronous_commit = off; SET jit = off;"
	    "SET plan_cache_mode = force_custom_plan;"
	    "SELECT set_config('lock_timeout', '10s', false) WHERE current_setting('lock_timeout')"
	    " = '0'";
	int rc;

	if ((rc = hub_pg_check_version(p->label, PQserverVersion(p->c), err)) ||
	    (rc = check_encoding(p, err)) || (rc = hub_pg_exec(p, all, NULL, err)) ||
	    (rc = claim(p, flags, err)))
		return rc;
	/* a statement under way notices when we are gone */
	if (PQserverVersion(p->c) >= 140000)
		rc = hub_pg_exec(p, "SET client_connection_check_interval = '1s'", NULL, err);
	if (!rc && (flags & HUB_DB_READONLY))
		rc = hub_pg_exec(p, "SET default_transaction_read_only = on", NULL, err);
	return rc;
}

static struct pg *make(const PQconninfoOption *opts)
{
	struct hub_arena *a = hub_arena_new((size_t)16 << 20);
	struct pg *p = a ? hub_alloc0(a, sizeof *p) : NULL;
	const char *db = option(opts, "dbname"), *host = option(opts, "host");
	const char *port = option(opts, "port"), *service = option(opts, "service");

	if (!p)
		goto fail;
	p->db.ops = &hub_pg_ops;
	p->db.arena = a;
	hub_buf_init(&p->out, (size_t)512 << 20);
	p->cache = hub_map_new(a);
	p->label = (service && !db ? hub_arena_printf(a, "service \"%s\"", service)
				   : hub_arena_printf(a, "database \"%s\" (%s%s%s)", db ? db : "",
						      host ? host : "localhost", port ? ":" : "",
						      port ? port : ""))
		       .ptr;
	if (p->cache && p->label)
		return p;
fail:
	hub_arena_free(a);
	return NULL;
}

int hub_db_pg_open(const char *info, unsigned flags, struct hub_db **out, struct hub_err *err)
{
	PQconninfoOption *opts = PQconninfoParse(info, NULL);

	if (!opts)
		return bad_url(err);
	const char *port = option(opts, "port");
	struct pg *p = port && check_ports(port) ? NULL : make(opts);
	int rc = p                           ? connect_to(p, info, opts, err)
		 : port && check_ports(port) ? bad_url(err)
					     : hub_fail_mem(err);
	PQconninfoFree(opts);
	if (!rc)
		rc = setup(p, flags, err);
	if (rc) {
		if (p)
			hub_db_close(&p->db);
		return rc;
	}
	*out = &p->db;
	return HUB_OK;
}
