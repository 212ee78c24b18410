/* What can be wrong with a server, by SQLSTATE (PostgreSQL manual, appendix A). */
#include "store/db_pg.h"

struct cause {
	const char *state; /* whole, or the first characters of it */
	int rc;
	const char *code, *what,
	    *hint; /* what: the store; then the server's text where it is safe */
};

static const struct cause causes[] = {
    {"28P01", HUB_RETRY, "store-auth", HUB_N("%s: the server refuses the user name or password"),
     HUB_N("Check user and password: in the URL, in PGPASSWORD, or better in ~/.pgpass (mode "
	   "0600).")},
    {"28", HUB_RETRY, "store-auth", HUB_N("%s: the server does not let this user in from here"),
     HUB_N("Check the role (CREATE ROLE ... LOGIN) and the server's pg_hba.conf.")},
    {"3D000", HUB_RETRY, "store-database-missing", HUB_N("%s does not exist"),
     HUB_N("Check its name, or make it: createdb --encoding UTF8 --template template0 NAME")},
    {"42501", HUB_RETRY, "store-rights", HUB_N("%s: this user may not do it (%s)"),
     HUB_N("As its owner: GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ... TO ...; the schema "
	   "tsunagi "
	   "and all in it must belong to the user.")},
    {"53100", HUB_RETRY, "disk-full", HUB_N("no space left for %s"),
     HUB_N("Free space on the server, then start the same command again: it goes on where it "
	   "stopped.")},
    {"53300", HUB_RETRY, "store-crowded", HUB_N("%s: the server takes no more connections"),
     HUB_N("Wait, or raise max_connections; a run needs up to three.")},
    {"53", HUB_RETRY, "store-server-memory", HUB_N("%s: the server is short of memory (%s)"),
     HUB_N("Look into the server's log, then start the same command again: it goes on where it "
	   "stopped.")},
    {"57P03", HUB_RETRY, "store-starting", HUB_N("%s: the server is starting up or shutting down"),
     HUB_N("Wait until it is ready, then start the same command again: it goes on where it "
	   "stopped.")},
    {"57P05", HUB_RETRY, "store-lost", HUB_N("%s: the server ended the idle session"),
     HUB_N("Raise idle_session_timeout for this user, then start the same command again: it goes "
	   "on where it "
	   "stopped.")},
    {"25P03", HUB_RETRY, "store-lost",
     HUB_N("%s: the server ended the session, because its transaction stood still too long"),
     HUB_N("Raise idle_in_transaction_session_timeout for this user, then start the same command "
	   "again: it goes on where it "
	   "stopped.")},
    {"57P", HUB_RETRY, "store-lost",
     HUB_N("%s: the server ended the session (it was shut down, "
	   "or an administrator did it)"),
     HUB_N("Wait until it is ready, then start the same command again: it goes on where it "
	   "stopped.")},
    {"57014", HUB_RETRY, "store-timeout",
     HUB_N("%s: the server stopped a statement (statement_timeout, or an administrator did it)"),
     HUB_N("Give the user more time: ALTER ROLE ... SET statement_timeout = 0, then start the same "
	   "command again: it goes on where it "
	   "stopped.")},
    {"55P03", HUB_LOCKED, "store-busy", HUB_N("%s is being written by another program"),
     HUB_N("Wait until the other run has ended, then start again.")},
    {"40", HUB_RETRY, "store-conflict",
     HUB_N("%s: the transaction clashed with another one and was taken back"),
     HUB_N("Nothing was lost. Start the same command again: it goes on where it stopped.")},
    {"25006", HUB_RETRY, "store-readonly", HUB_N("%s can only be read"),
     HUB_N("Is it a standby? Name the primary, or several hosts with "
	   "target_session_attrs=read-write.")},
    {"08", HUB_RETRY, "store-lost", HUB_N("%s: the connection was lost"),
     HUB_N("Check server and network, then start the same command again: it goes on where it "
	   "stopped.")},
    {"58", HUB_RETRY, "store-io", HUB_N("%s: the server cannot read or write its files (%s)"),
     HUB_N("Look into the server's log.")},
    {"XX001", HUB_INTEGRITY, "store-damaged", HUB_N("%s is damaged: %s"),
     HUB_N("Stop writing to it, keep a copy, and restore the last backup.")},
    {"XX002", HUB_INTEGRITY, "store-damaged", HUB_N("%s is damaged: %s"),
     HUB_N("REINDEX DATABASE may be enough; keep a copy first.")},
    {"22021", HUB_FATAL, "store-text",
     HUB_N("%s: a text holds a byte that PostgreSQL does not store (NUL, or not UTF-8)"),
     HUB_N("Take the byte out of the source file.")},
    /* data exceptions quote values: only the class is told */
    {"22", HUB_FATAL, "store-sql", HUB_N("%s: a value does not fit its column"), NULL},
    {"23", HUB_FATAL, "store-sql", HUB_N("%s: a rule of the tables was broken"), NULL},
    {"", HUB_FATAL, "store-sql", HUB_N("%s: %s"), NULL},
};

int hub_pg_fail_state(const char *label, const char *state, const char *detail, struct hub_err *err)
{
	size_t i = 0;

	while (!hub_str_starts(hub_str_of(state), hub_str_of(causes[i].state)))
		i++;
	const int rc = hub_fail(err, causes[i].rc, causes[i].code, causes[i].what, label, detail);
	if (causes[i].hint)
		hub_hint(err, "%s", hub_tr(causes[i].hint));
	return rc;
}

int hub_pg_fail(const struct pg *p, const PGresult *res, struct hub_err *err)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *text = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	const char *table = res ? PQresultErrorField(res, PG_DIAG_TABLE_NAME) : NULL;
	char detail[256];

	/* What libpq says by itself is about the connection. */
	if (!state && !PQerrorMessage(p->c)[0] && PQstatus(p->c) == CONNECTION_OK && !res)
		return hub_fail_mem(err);
	if (!state)
		state = "08006";
	snprintf(detail, sizeof detail, "%s %s%s%s", state, text ? text : "", table ? ", " : "",
		 table ? table : "");
	return hub_pg_fail_state(p->label, state, detail, err);
}

static int is_state(const char *z)
{
	for (int i = 0; i < 5; i++)
		if (!((z[i] >= '0' && z[i] <= '9') || (z[i] >= 'A' && z[i] <= 'Z')))
			return 0;
	return z[5] == '\n' || z[5] == '\0';
}

void hub_pg_state_of(const char *message, char state[6])
{
	state[0] = '\0';
	for (const char *at = message; (at = strstr(at, ":  ")); at += 3)
		if (is_state(at + 3)) {
			memcpy(state, at + 3, 5);
			state[5] = '\0';
		}
}

int hub_pg_check_version(const char *label, int version, struct hub_err *err)
{
	if (version >= HUB_PG_OLDEST)
		return HUB_OK;
	const int rc = hub_fail(err, HUB_CONF, "store-server-old",
				"%s: the server is PostgreSQL %d, version %d or newer is needed",
				label, version / 10000, HUB_PG_OLDEST / 10000);
	hub_hint(err, "Use a newer server.");
	return rc;
}
