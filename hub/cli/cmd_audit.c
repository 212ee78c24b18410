/* tsunagi audit: the log of what left, and whether it is whole. */
#include "cli/out.h"

#include "release/audit.h"
#include "store/db.h"

static int verify(struct hub_cli *cli, struct hub_db *db, const char *head)
{
	struct hub_audit_state a;
	const int rc = hub_audit_verify(db, hub_str_of(head ? head : ""), &a, cli->err);

	if (rc)
		return rc;
	printf(hub_tr("%lld rows, the chain is whole\n"), (long long)a.rows);
	printf("%s  %lld %s\n", hub_tr("audit head"), (long long)a.seq, a.head);
	if (a.known)
		printf(hub_tr("the head given is row %lld\n"), (long long)a.known);
	return HUB_OK;
}

static int show_head(struct hub_cli *cli, struct hub_db *db)
{
	struct hub_audit_state a;
	const int rc = hub_audit_head(db, &a, cli->err);

	if (!rc)
		printf("%lld %s\n", (long long)a.seq, a.head);
	return rc;
}

static int list(struct hub_cli *cli, struct hub_db *db, const char *format)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	int rc = t ? hub_db_query(db, &q, cli->err,
				  "SELECT seq, at, actor, action, object, detail FROM audit"
				  " ORDER BY seq",
				  "")
		   : hub_fail_mem(cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "seq", hub_tr("row"), 1);
	hub_table_col(t, "at", hub_tr("time"), 0);
	hub_table_col(t, "actor", hub_tr("who"), 0);
	hub_table_col(t, "action", hub_tr("action"), 0);
	hub_table_col(t, "object", hub_tr("object"), 0);
	hub_table_col(t, "detail", hub_tr("details"), 0);
	while ((rc = hub_db_next(q, cli->err)) == HUB_OK) {
		hub_table_int(t, hub_db_int(q, 0));
		hub_out_time(t, hub_db_int(q, 1));
		for (uint32_t i = 2; i < 6; i++)
			hub_table_str(t, hub_db_str(q, i));
	}
	return rc == HUB_END ? hub_out_table(cli, t, format) : rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *url = NULL, *local = NULL, *head = NULL, *format = NULL;
	const struct hub_arg args[] = {
	    {"store", "URL", &url, NULL,
	     HUB_N("sqlite:PATH or postgresql://... (default: TSUNAGI_STORE)")},
	    {"head", "HASH", &head, NULL,
	     HUB_N("verify: a head from a printout must be in the log")},
	    {"format", "FORM", &format, NULL, HUB_N("list: table, csv, jsonl, html")},
	    {"schema", "FILE", &local, NULL, HUB_N("the site's own fields and codes")},
	    {0}};
	const struct hub_schema *schema;
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_audit, args, argc, argv, &n)))
		return rc;
	const char *what = n == 1 ? argv[0] : "";
	const int known = strcmp(what, "verify") == 0 ? 1
			  : strcmp(what, "head") == 0 ? 2
			  : strcmp(what, "list") == 0 ? 3
						      : 0;
	if (!known) {
		rc = hub_fail(cli->err, HUB_USAGE, "usage", "audit wants verify, head or list");
		hub_hint(cli->err, "`tsunagi audit --help` shows examples.");
		return rc;
	}
	if ((rc = hub_work_schema(cli, local, &schema)) ||
	    (rc = hub_work_store(cli, url, HUB_OPEN_READONLY, schema, &store)))
		return rc;
	struct hub_db *db = hub_store_db(store);
	return known == 1   ? verify(cli, db, head)
	       : known == 2 ? show_head(cli, db)
			    : list(cli, db, format);
}

const struct hub_cmd hub_cmd_audit = {
    .name = "audit",
    .summary = HUB_N("the log of releases: verify its chain, show it"),
    .usage = "verify|head|list --store URL",
    .help = HUB_N("  tsunagi audit verify --store sqlite:tsunagi.db\n"
		  "  tsunagi audit verify --head HASH     the head printed in an earlier report\n"
		  "  tsunagi audit list --format csv\n"
		  "exit: 0 whole, 11 a row was altered or is missing\n"),
    .run = run,
};
