/* tsunagi doctor: is the store whole? Database pages and indexes, the ledger's chain of every run, the
 * counts, the audit chain, the lists of words. Reads only, unless these are to be made anew. */
#include "cli/work.h"
#include "release/audit.h"
#include "release/blob.h"
#include "release/wordlist.h"
#include "store/counts.h"
#include "store/fulltext.h"
#include "store/read.h"

struct checkup {
	struct hub_cli *cli;
	struct hub_store *store;
	struct hub_db *db;
	struct hub_str keys;
	int damaged, words; /* words: lists, which can be made anew */
};

static void tell(int bad, const char *what, struct hub_str detail)
{
	printf("%-8s %s", bad ? hub_tr("DAMAGED") : hub_tr("ok"), hub_tr(what));
	if (detail.len)
		printf(": %.*s", HUB_FMT(detail));
	putchar('\n');
}

static void say(struct checkup *c, int bad, const char *what, struct hub_str detail)
{
	tell(bad, what, detail);
	c->damaged |= bad;
}

/* Takes a failure of a check into the report; other failures end the checkup. */
static int judge(struct checkup *c, int rc, const char *what)
{
	if (rc != HUB_INTEGRITY)
		return rc;
	say(c, 1, what, hub_str_of(c->cli->err->what));
	*c->cli->err = (struct hub_err){0};
	return HUB_OK;
}

static int pages(struct checkup *c)
{
	static const char what[] = HUB_N("pages and indexes");
	HUB_AUTO(buf) struct hub_buf found;

	hub_buf_init(&found, 1 << 20);
	int rc = c->db->ops->check(c->db, &found, c->cli->err);
	if (!rc)
		rc = hub_fulltext_check(c->db, &found, c->cli->err);
	struct hub_str rest = hub_buf_text(&found), line;
	int bad = 0;
	while (!rc && hub_str_next(&rest, '\n', &line))
		if (line.len) {
			say(c, 1, what, line);
			bad = 1;
		}
	if (!rc && !bad)
		say(c, 0, what, HUB_STR(""));
	return judge(c, rc, what);
}

/* The counts of one run add up, and say what its ledger says. */
static int run_counts(struct checkup *c, int64_t run, struct hub_str json)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_schema *schema = hub_store_schema(c->store);
	struct hub_counts n = {0};
	int64_t rows = 0;
	int rc;

	if (!a || !(n.entity = hub_alloc_array(a, schema->n_entities, sizeof *n.entity)))
		return hub_fail_mem(c->cli->err);
	if ((rc = hub_counts_read(json, schema, &n, c->cli->err)) ||
	    (rc = hub_db_one(c->db, &rows, c->cli->err,
			     "SELECT count(*) FROM reject WHERE run_id = ?", "i", run)))
		return rc;
	if (hub_counts_ok(&n, schema) && (uint64_t)rows == n.fate[HUB_FATE_REJECTED])
		return HUB_OK;
	return hub_fail(c->cli->err, HUB_INTEGRITY, "counts",
			"the counts of run %lld do not add up", (long long)run);
}

static int runs(struct checkup *c)
{
	static const char what[] = HUB_N("ledger and counts");
	HUB_AUTO(query) struct hub_query *q = NULL;
	long long checked = 0;
	int rc =
	    hub_db_query(c->db, &q, c->cli->err,
			 "SELECT id, state, counts FROM run WHERE kind <> 'undo' ORDER BY id", "");

	while (!rc && (rc = hub_db_next(q, c->cli->err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		checked++;
		if ((rc = judge(c, hub_ledger_verify(c->store, id, c->cli->err), what)))
			return rc;
		if (hub_db_int(q, 1) == HUB_RUN_DONE &&
		    (rc = judge(c, run_counts(c, id, hub_db_str(q, 2)), what)))
			return rc;
	}
	if (rc == HUB_END)
		say(c, 0, what,
		    hub_arena_printf(c->cli->arena, hub_tr("%lld runs looked at"), checked));
	return rc == HUB_END ? HUB_OK : rc;
}

/* Rows that hang on a record that is not there. */
static int orphans(struct checkup *c)
{
	const struct hub_entity_tables *tables = hub_store_tables(c->store);
	int64_t all = 0;

	for (uint32_t i = 0; i < tables->n; i++) {
		const struct hub_str sql = hub_arena_printf(
		    c->cli->arena,
		    "SELECT count(*) FROM %.*s t WHERE t.record_id IS NOT NULL AND NOT EXISTS"
		    " (SELECT 1 FROM record r WHERE r.id = t.record_id)",
		    HUB_FMT(tables->table[i].name));
		int64_t n = 0;
		const int rc = sql.ptr ? hub_db_one(c->db, &n, c->cli->err, sql.ptr, "")
				       : hub_fail_mem(c->cli->err);
		if (rc)
			return rc;
		all += n;
	}
	say(c, all != 0, HUB_N("rows and their records"),
	    all ? hub_arena_printf(c->cli->arena, hub_tr("%lld rows without a record"),
				   (long long)all)
		: HUB_STR(""));
	return HUB_OK;
}

static int audit(struct checkup *c)
{
	static const char what[] = HUB_N("audit log");
	struct hub_audit_state st = {0};
	const int rc = hub_audit_verify(c->db, HUB_STR(""), &st, c->cli->err);

	if (!rc)
		say(c, 0, what,
		    hub_arena_printf(c->cli->arena, hub_tr("%lld entries"), (long long)st.rows));
	return judge(c, rc, what);
}

static int look_only(void *to, struct hub_str piece, struct hub_err *err)
{
	(void)to;
	(void)piece;
	(void)err;
	return HUB_OK;
}

/* Every attachment is opened and its hash compared; rows without their content are named, unless the case was
 * disposed of. */
static int attachments(struct checkup *c)
{
	static const char what[] = HUB_N("attachments");
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t n = 0, lost = 0;
	int bad = 0;
	int rc = hub_db_one(c->db, &lost, c->cli->err,
			    "SELECT count(*) FROM cc_attachment a LEFT JOIN (SELECT DISTINCT"
			    " CAST(id AS TEXT) AS ref FROM blob WHERE state = 2) b ON b.ref ="
			    " a.blob_ref WHERE a.blob_ref IS NOT NULL AND b.ref IS NULL AND NOT"
			    " EXISTS (SELECT 1 FROM case_key k WHERE k.case_id = a.case_id"
			    " AND k.wrapped IS NULL)",
			    "");

	if (!rc && lost)
		say(c, 1, what,
		    hub_arena_printf(c->cli->arena, hub_tr("%lld rows without their content"),
				     (long long)lost));
	if (!rc)
		rc = hub_db_query(c->db, &q, c->cli->err,
				  "SELECT id FROM blob WHERE state = 2 ORDER BY id", "");
	for (; !rc && (rc = hub_db_next(q, c->cli->err)) == HUB_OK; n++) {
		const int one =
		    hub_blob_get(c->store, c->keys, hub_db_int(q, 0), look_only, NULL, c->cli->err);
		bad |= one == HUB_INTEGRITY;
		if ((rc = judge(c, one, what)))
			return rc;
	}
	if (rc == HUB_END && !bad && !lost)
		say(c, 0, what,
		    hub_arena_printf(c->cli->arena, hub_tr("%lld opened"), (long long)n));
	return rc == HUB_END ? HUB_OK : rc;
}

/* They are derived, so the store is whole without them; but until they are made anew some search in vain. */
static int words(struct checkup *c)
{
	static const char what[] = HUB_N("lists of words");
	struct hub_wordlist_state st;
	const int rc = hub_wordlist_check(c->db, &st, c->cli->err);

	if (rc)
		return judge(c, rc, what);
	tell(st.bad > 0, what,
	     st.bad ? hub_arena_printf(c->cli->arena,
				       hub_tr("%lld of %lld say something else than the texts"),
				       (long long)st.bad, (long long)st.blocks)
		    : hub_arena_printf(c->cli->arena, hub_tr("%lld compared with the texts"),
				       (long long)st.blocks));
	c->words = st.bad > 0;
	return HUB_OK;
}

/* A plugin that is refused and a detector that cannot work damage nothing, but the reader of a report must know
 * of them. */
static int detectors(struct checkup *c)
{
	struct hub_plugins *plugins;
	int rc, missing = 0;

	if ((rc = hub_work_plugins(c->cli, &plugins)) ||
	    (rc = hub_plugins_open(plugins, 0, NULL, c->cli->err)) ||
	    (rc = hub_work_detectors(c->cli, plugins, &missing)))
		return rc;
	if (!missing)
		say(c, 0, HUB_N("detectors"), HUB_STR(""));
	else
		printf("%-8s %s\n", hub_tr("MISSING"), hub_tr("detectors: some find nothing here"));
	return HUB_OK;
}

/* What is to be done; the store first. */
static int conclude(const struct checkup *c)
{
	struct hub_err *err = c->cli->err;
	int rc = HUB_OK;

	if (c->damaged) {
		rc = hub_fail(err, HUB_INTEGRITY, "store-damaged", "the store is damaged");
		hub_hint(err, "Stop all runs, keep a copy of the store as it is, and restore the "
			      "last backup.");
	} else if (c->words) {
		rc = hub_fail(err, HUB_INTEGRITY, "words-damaged",
			      "the lists that are searched are damaged");
		hub_hint(err, "Make them anew by `tsunagi doctor --remake-words`; no record is "
			      "lost.");
	}
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	const char *url = NULL, *local = NULL, *keys = NULL;
	int remake = 0;
	const struct hub_arg args[] = {
	    {"keys", "FILE", &keys, NULL,
	     HUB_N("secret keys of recipients (default: TSUNAGI_KEYS, beside an SQLite store)")},
	    {"remake-words", NULL, NULL, &remake,
	     HUB_N("first make the lists of words anew, which search looks into")},
	    HUB_ARG_STORE(&url),
	    HUB_ARG_SCHEMA(&local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_doctor, args, argc, argv, &n)))
		return rc;
	if ((rc = hub_work_open(cli, local, url,
				(remake ? 0 : HUB_OPEN_READONLY) | HUB_OPEN_ANY_SCHEMA, &store)) ||
	    (remake && (rc = hub_wordlist_remake(hub_store_db(store), cli->err))))
		return rc;
	struct checkup c = {.cli = cli,
			    .store = store,
			    .db = hub_store_db(store),
			    .keys = hub_str_of(hub_work_keys(cli, keys, url))};
	if ((rc = pages(&c)) || (rc = runs(&c)) || (rc = orphans(&c)) || (rc = audit(&c)) ||
	    (rc = attachments(&c)) || (rc = words(&c)) || (rc = detectors(&c)))
		return rc;
	return conclude(&c);
}

const struct hub_cmd hub_cmd_doctor = {
    .name = "doctor",
    .summary =
	HUB_N("is the store whole? pages, indexes, ledger, counts, audit log, lists of words"),
    .usage = "--store URL [--remake-words]",
    .help = HUB_N("Writes nothing, unless the lists of words are to be made anew.\n"
		  "example:\n  tsunagi doctor --store sqlite:tsunagi.db\n"
		  "exit: 0 whole, 11 damaged\n"),
    .run = run,
};
