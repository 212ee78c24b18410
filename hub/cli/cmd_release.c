/* tsunagi release: who may release what (approval by two people), the general stop, bars, the log of
 * releases. */
#include "cli/compare.h"
#include "cli/jobs.h"
#include "cli/page.h"
#include "cli/release_cli.h"
#include "conf/report.h"

#include "release/release.h"
#include "serve/principal.h"
#include "store/db.h"

/* --- versions ------------------------------------------------------------------------------------------ */

/* What is to be proposed or approved: a profile, a job of a configuration (two operands), a table of grounds (none). */
struct subject {
	struct hub_profile profile;
	struct hub_grounds grounds;
	struct hub_site site;
	struct hub_approvable version;
};

static int load_job(struct hub_release_cli *r, struct subject *s)
{
	const struct hub_job *job;
	const struct hub_site_want want = {.only = r->second};
	int rc = hub_site_open(r->cli, r->operand, &want, &s->site);

	if (s->site.report)
		hub_report_print(s->site.report, stderr);
	if (rc || (rc = hub_jobs_find(&s->site.jobs, hub_str_of(r->second), &job, r->cli->err)))
		return rc;
	s->version = s->site.ready[job - s->site.jobs.job].version;
	if (s->version.hash)
		return HUB_OK;
	rc = hub_fail(r->cli->err, HUB_USAGE, "no-release-job", "job \"%s\" is no release job",
		      r->second);
	hub_hint(r->cli->err, "Only what leaves is approved.");
	return rc;
}

static int no_operand(struct hub_release_cli *r)
{
	const int rc =
	    hub_fail(r->cli->err, HUB_USAGE, "usage", "release: this is no complete command");

	hub_hint(r->cli->err, "`tsunagi release --help` shows examples.");
	return rc;
}

static int load(struct hub_release_cli *r, struct subject *s)
{
	int rc;

	if (r->second)
		return load_job(r, s);
	if (!r->operand) {
		if (!r->grounds)
			return no_operand(r);
		rc = hub_out_grounds(r->cli, r->grounds, &s->grounds);
		s->version = hub_approvable_grounds(&s->grounds);
		return rc;
	}
	if ((rc = hub_out_profile(r->cli, r->operand, r->schema, &s->profile)))
		return rc;
	s->version = hub_approvable_of(&s->profile);
	return HUB_OK;
}

/* What the version on the table changes against the one approved last. */
static int print_changes(struct hub_release_cli *r, const struct subject *s)
{
	const struct hub_profile *p = &s->profile;
	const struct hub_str word = hub_out_word(r->schema, "purpose", p->purpose);
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_str before;

	hub_buf_init(&b, 4 << 20);
	int rc = hub_approvable_last(r->cli->arena, r->db, &s->version, &before, r->cli->err);
	if (!rc && !r->operand && !before.len) {
		struct hub_grounds shipped; /* which holds until then */
		rc = hub_out_grounds(r->cli, NULL, &shipped);
		before = shipped.canon;
	}
	if (rc)
		return rc;
	if (!r->operand)
		printf(hub_tr("table of grounds, version %.12s\n"), s->version.hash);
	else if (r->second)
		printf(hub_tr("job %.*s, version %.12s\n"), HUB_FMT(s->version.name),
		       s->version.hash);
	else
		printf(hub_tr("%.*s: to %.*s, purpose %.*s, version %.12s\n"), HUB_FMT(p->name),
		       HUB_FMT(p->recipient_name), HUB_FMT(word.len ? word : p->purpose), p->hash);
	const unsigned n = r->second || !r->operand ? hub_job_changes(s->version.canon, before, &b)
						    : hub_profile_changes(p, before, r->schema, &b);
	if (n == 0)
		hub_buf_printf(&b, "%s\n", hub_tr("no change against the approved version"));
	return hub_cli_put(r->cli, NULL, &b);
}

/* Shows the change, then makes the step. */
static int step(struct hub_release_cli *r,
		int (*make)(struct hub_db *, const struct hub_approvable *,
			    const struct hub_actor *, struct hub_err *),
		const char *done)
{
	struct subject s = {0};
	int rc = load(r, &s);

	if (!rc && !(rc = print_changes(r, &s)) &&
	    !(rc = make(r->db, &s.version, &r->who, r->cli->err)))
		puts(hub_tr(done));
	hub_conf_free(s.site.conf);
	return rc;
}

static int propose(struct hub_release_cli *r)
{
	return step(r, hub_approvable_propose,
		    HUB_N("proposed; somebody else approves it with `tsunagi release approve`"));
}

static int approve(struct hub_release_cli *r)
{
	return step(r, hub_approvable_approve, HUB_N("approved"));
}

/* Whether two people are known by accounts, or only by names that one could have used. */
static const char *known_by(struct hub_str how)
{
	return !how.len                     ? ""
	       : hub_str_is(how, "account") ? hub_tr("accounts")
					    : hub_tr("login names");
}

static int list(struct hub_release_cli *r)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	int rc = hub_db_query(
	    r->db, &q, r->cli->err,
	    "SELECT name, substr(hash, 1, 12), author, at, approver,"
	    " approved_at, ended_at, kind, CASE WHEN approver IS NULL THEN ''"
	    " WHEN author_account IS NULL OR approver_account IS NULL THEN 'login-name'"
	    " ELSE 'account' END FROM approval ORDER BY kind DESC, name, id",
	    "");

	if (rc)
		return rc;
	hub_table_col(t, "profile", HUB_N("profile"), 0);
	hub_table_col(t, "version", HUB_N("version"), 0);
	hub_table_col(t, "author", HUB_N("proposed by"), 0);
	hub_table_col(t, "proposed_at", HUB_N("time"), 0);
	hub_table_col(t, "approver", HUB_N("approved by"), 0);
	hub_table_col(t, "approved_at", HUB_N("time"), 0);
	hub_table_col(t, "ended_at", HUB_N("ended"), 0);
	hub_table_col(t, "kind", HUB_N("kind"), 0);
	hub_table_col(t, "known_by", HUB_N("both known by"), 0);
	while ((rc = hub_db_next(q, r->cli->err)) == HUB_OK) {
		for (uint32_t i = 0; i < 3; i++)
			hub_table_str(t, hub_db_str(q, i));
		hub_table_time(t, hub_db_int(q, 3));
		hub_table_str(t, hub_db_str(q, 4));
		hub_table_time(t, hub_db_int(q, 5));
		hub_table_time(t, hub_db_int(q, 6));
		hub_table_code(t, hub_db_str(q, 7),
			       hub_str_of(hub_str_is(hub_db_str(q, 7), "job") ? hub_tr("job")
									      : hub_tr("profile")));
		hub_table_puts(t, known_by(hub_db_str(q, 8)));
	}
	return rc == HUB_END ? hub_out_table(r->cli, t, r->format) : rc;
}

/* --- what left ------------------------------------------------------------------------------------------- */

static const char *state_word(int64_t state)
{
	return state == HUB_RELEASE_DONE      ? hub_tr("done")
	       : state == HUB_RELEASE_FAILED  ? hub_tr("failed")
	       : state == HUB_RELEASE_REFUSED ? hub_tr("withheld")
					      : hub_tr("not finished");
}

static int show_log(struct hub_release_cli *r)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	int rc = hub_db_query(r->db, &q, r->cli->err,
			      "SELECT id, at, profile, recipient, purpose, actor, state, rows,"
			      " target, substr(content, 1, 12) FROM release ORDER BY id",
			      "");

	if (rc)
		return rc;
	hub_table_col(t, "release", HUB_N("release"), 1);
	hub_table_col(t, "at", HUB_N("time"), 0);
	hub_table_col(t, "profile", HUB_N("profile"), 0);
	hub_table_col(t, "recipient", HUB_N("recipient"), 0);
	hub_table_col(t, "purpose", HUB_N("purpose"), 0);
	hub_table_col(t, "actor", HUB_N("who"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "rows", HUB_N("rows"), 1);
	hub_table_col(t, "target", HUB_N("target"), 0);
	hub_table_col(t, "content", HUB_N("content"), 0);
	while ((rc = hub_db_next(q, r->cli->err)) == HUB_OK) {
		hub_table_id(t, hub_db_int(q, 0));
		hub_table_time(t, hub_db_int(q, 1));
		hub_table_str(t, hub_db_str(q, 2));
		if ((rc = hub_out_recipient(r->cli, t, &r->names, hub_db_str(q, 3))))
			return rc;
		hub_out_code(t, r->schema, "purpose", hub_db_str(q, 4));
		hub_table_str(t, hub_db_str(q, 5));
		hub_table_puts(t, state_word(hub_db_int(q, 6)));
		hub_table_int(t, hub_db_int(q, 7));
		hub_table_str(t, hub_db_str(q, 8));
		hub_table_str(t, hub_db_str(q, 9));
	}
	return rc == HUB_END ? hub_out_table(r->cli, t, r->format) : rc;
}

/* "open 3 masked 1 withheld 0" in the words of the reader. */
static struct hub_str cells(struct hub_arena *a, struct hub_str stored)
{
	static const struct {
		const char *word, *text;
	} words[] = {{"open", HUB_N("as it is")},
		     {"masked", HUB_N("masked")},
		     {"withheld", HUB_N("not at all")}};
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_str piece;

	hub_buf_init(&out, 256);
	if (!hub_tr_is_ja())
		return stored;
	while (hub_str_next(&stored, ' ', &piece)) {
		for (size_t i = 0; i < HUB_COUNT(words); i++)
			if (hub_str_is(piece, words[i].word))
				piece = hub_str_of(hub_tr(words[i].text));
		hub_buf_puts(&out, out.len ? " " : "");
		hub_buf_str(&out, piece);
	}
	return hub_buf_keep(&out, a);
}

/* Which rows went, about whom, how much of them: ids and counts, no values. */
static int items(struct hub_release_cli *r)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_table *t = a ? hub_table_new(r->cli->arena, HUB_STR("")) : NULL;
	int64_t id = 0;
	int rc = hub_cli_id(r->cli, r->operand, &id);

	if (rc || (rc = hub_db_walk(r->db, &q, r->cli->err,
				    "SELECT entity, row_id, person_id, decision FROM"
				    " release_item WHERE release_id = ? ORDER BY entity, row_id",
				    "i", id)))
		return rc;
	hub_table_endless(t, a);
	hub_table_col(t, "entity", HUB_N("entity"), 0);
	hub_table_col(t, "row", HUB_N("row"), 1);
	hub_table_col(t, "person", HUB_N("person"), 1);
	hub_table_col(t, "decision", HUB_N("cells"), 0);
	while ((rc = hub_db_next(q, r->cli->err)) == HUB_OK) {
		const struct hub_entity *e = hub_schema_entity(r->schema, hub_db_str(q, 0));
		hub_table_code(t, hub_db_str(q, 0), e ? hub_page_entity(e) : HUB_STR(""));
		hub_table_id(t, hub_db_int(q, 1));
		hub_table_id(t, hub_db_int(q, 2));
		hub_table_code(t, hub_db_str(q, 3), cells(a, hub_db_str(q, 3)));
		if ((rc = hub_out_rows(r->cli, t, r->format)))
			return rc;
	}
	return rc == HUB_END ? hub_out_table(r->cli, t, r->format) : rc;
}

/* --- stop, bars, default -------------------------------------------------------------------------------------- */

static int stop(struct hub_release_cli *r)
{
	const int rc =
	    hub_release_stop(r->db, &r->who, hub_str_of(r->reason ? r->reason : ""), r->cli->err);

	if (!rc)
		puts(hub_tr("all releases are stopped; another person may resume them"));
	return rc;
}

static int resume(struct hub_release_cli *r)
{
	const int rc =
	    hub_release_resume(r->db, &r->who, hub_str_of(r->reason ? r->reason : ""), r->cli->err);

	if (!rc)
		puts(hub_tr("releases go on"));
	return rc;
}

static int compare(struct hub_release_cli *r)
{
	const struct hub_compare_ask ask = {.case_no = r->operand,
					    .profile = r->profile,
					    .profiles = (uint32_t)r->profiles,
					    .store_url = r->store,
					    .html = r->html,
					    .reveal = r->reveal};

	return hub_compare_show(r->cli, r->opened, &ask);
}

/* --- the command ------------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	int least, most; /* operands */
	int writes;
	int (*run)(struct hub_release_cli *);
	const char *permission; /* of the account that signs in */
} subs[] = {{"propose", 0, 2, 1, propose, "releases.propose"},
	    {"approve", 0, 2, 1, approve, "releases.approve"},
	    {"list", 0, 0, 0, list, NULL},
	    {"log", 0, 0, 0, show_log, NULL},
	    {"items", 1, 1, 0, items, NULL},
	    {"stop", 0, 0, 1, stop, "releases.stop"},
	    {"resume", 0, 0, 1, resume, "releases.resume"},
	    {"bar", 1, 1, 1, hub_release_bar, "releases.bar"},
	    {"unbar", 1, 1, 1, hub_release_unbar, "releases.unbar"},
	    {"protection", 1, 1, 1, hub_release_protection, "releases.protection"},
	    {"compare", 1, 1, 1, compare, NULL},
	    {"keys", 0, 2, 1, hub_release_keys, NULL},
	    {"recalls", 0, 2, 1, hub_release_recalls, NULL},
	    {"emergency", 0, 2, 1, hub_release_emergency, "releases.emergency"},
	    {"grounds", 0, 0, 0, hub_release_grounds, NULL}};

static int run_sub(struct hub_cli *cli, struct hub_release_cli *r, int n, char **argv)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	size_t i = 0;
	int rc;

	while (n > 0 && i < HUB_COUNT(subs) && strcmp(subs[i].name, argv[0]) != 0)
		i++;
	if (n > 0 && i == HUB_COUNT(subs)) {
		rc = hub_fail(cli->err, HUB_USAGE, "unknown-word", "release does not know \"%s\"",
			      argv[0]);
		hub_hint(cli->err, "`tsunagi release --help` lists what it does.");
		return rc;
	}
	if (n == 0 || n < 1 + subs[i].least || n > 1 + subs[i].most)
		return no_operand(r);
	r->operand = n > 1 ? argv[1] : NULL;
	r->second = n > 2 ? argv[2] : NULL;
	if ((rc = hub_work_open(cli, r->local, r->store, subs[i].writes ? 0 : HUB_OPEN_READONLY,
				&store)))
		return rc;
	r->schema = hub_store_schema(store);
	r->opened = store;
	r->db = hub_store_db(store);
	r->sign.keys = hub_work_keys(cli, r->keys, r->store);
	rc = hub_sign_in(cli, r->db, &r->sign,
			 subs[i].permission ? subs[i].permission : HUB_MAY_SIGNED, &r->who);
	if (!rc)
		rc = hub_recipient_names(cli->arena, r->db, &r->names, cli->err);
	return rc ? rc : subs[i].run(r);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct hub_release_cli r = {.cli = cli};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&r.store),
	    {"reason", "TEXT", &r.reason, NULL, HUB_N("why, for the audit log")},
	    {"person", "PERSON", &r.person, NULL,
	     HUB_N("bar, protection, emergency: the person it is about")},
	    {"ground", "ID", &r.ground, NULL, HUB_N("emergency: ground of the table of grounds")},
	    {"hours", "N", &r.hours, NULL, HUB_N("emergency: how long, 1 to 72 (24)")},
	    {"grounds", "FILE", &r.grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    {"profile", "NAME", r.profile, &r.profiles,
	     HUB_N("compare: one for each recipient (several times)")},
	    {"html", "FILE", &r.html, NULL,
	     HUB_N("compare: HTML page to write (default: a table)")},
	    {"reveal", "REASON", &r.reveal, NULL,
	     HUB_N("compare: why what is stored is shown, for the audit log")},
	    {"keys", "FILE", &r.keys, NULL,
	     HUB_N("secret keys of recipients (default: TSUNAGI_KEYS, beside an SQLite store)")},
	    HUB_SIGN_IN_ARGS(r.sign),
	    {"format", "FORM", &r.format, NULL, HUB_N("lists: table, csv, jsonl, html")},
	    HUB_ARG_SCHEMA(&r.local),
	    {0}};
	int n;
	const int rc = hub_cli_args(cli, &hub_cmd_release, args, argc, argv, &n);

	return rc ? rc : run_sub(cli, &r, n, argv);
}

const struct hub_cmd hub_cmd_release = {
    .name = "release",
    .summary = HUB_N("approve profiles, stop all releases, see what left"),
    .usage = "propose|approve|list|log|items|stop|resume|bar|unbar|protection|compare|keys|recalls "
	     "[OPERAND]",
    .help = HUB_N(
	"Who acts is TSUNAGI_ACTOR, or the login name. In a store with accounts that is enough to\n"
	"stop, to bar and to protect; whatever opens needs --account or --token. Author and\n"
	"approver differ.\n"
	"  tsunagi release propose PROFILE        shows what changes, in words\n"
	"  tsunagi release approve PROFILE        by somebody else; ends the version before\n"
	"  tsunagi release propose CONFIG JOB     the same for a release job; approve CONFIG JOB\n"
	"  tsunagi release propose --grounds FILE the same for a site's own table of grounds\n"
	"  tsunagi release list                   versions and who approved them\n"
	"  tsunagi release log                    releases made\n"
	"  tsunagi release items N                rows of release N: ids and counts, no values\n"
	"  tsunagi release approve PROFILE --account tanaka    signed in\n"
	"  tsunagi release stop --reason TEXT     one person stops everything\n"
	"  tsunagi release resume --reason TEXT   another one lets it go on\n"
	"  tsunagi release bar RECIPIENT          it gets nothing (a perpetrator's side)\n"
	"  tsunagi release unbar RECIPIENT        by somebody else\n"
	"  tsunagi release protection unknown     people of whom no registry says anything\n"
	"  tsunagi release protection clear       the same; takes two people\n"
	"  tsunagi release recalls                what recipients hold after a withdrawal\n"
	"  tsunagi release recalls show N         its rows, by the recipient's own keys\n"
	"  tsunagi release recalls done N         the recipient has deleted it (--reason: how)\n"
	"  tsunagi release keys list              which keys recipients have, never the keys\n"
	"  tsunagi release keys rotate RECIPIENT  new pseudonyms from the next release on\n"
	"  tsunagi release protection protect --person P --reason TEXT\n"
	"                                         display restriction by hand; one person\n"
	"  tsunagi release protection clear --person P --reason TEXT\n"
	"                                         lifts it; takes two people, and no feed says "
	"otherwise\n"
	"  tsunagi release emergency ask RECIPIENT --person P --ground ID --reason TEXT\n"
	"  tsunagi release emergency confirm N    by somebody else; opens it for --hours\n"
	"  tsunagi release emergency end N        ends it; `emergency list` shows them\n"
	"  tsunagi release grounds                the table of grounds, with what is not verified\n"
	"  tsunagi release compare CASE --profile A --profile B --html page.html [--reveal "
	"REASON]\n"
	"                                         one case as each recipient would see it\n"),
    .run = run,
};
