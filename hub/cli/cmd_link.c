/* tsunagi link: which persons of different systems are one, and what only a person can decide. */
#include "base/clock.h"
#include "cli/feed.h"
#include "cli/out.h"
#include "cli/reveal.h"
#include "cli/work.h"
#include "release/audit.h"
#include "release/site.h"
#include "store/db.h"
#include "store/link.h"

struct options {
	const char *store, *format, *local, *reveal, *reason;
	int all;
};

/* "c12": a candidate; "l12": a link. */
struct target {
	int candidate;
	int64_t id;
};

static const char *state_word(int candidate, int state)
{
	static const char *const words[2][4] = {
	    {"", HUB_N("in force"), HUB_N("taken back"), ""},
	    {"", HUB_N("open"), HUB_N("two people"), HUB_N("accepted")}};

	return state > 0 && state < 4 ? hub_tr(words[candidate != 0][state]) : "?";
}

static int add_link(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		    int candidates, const struct hub_link *l, struct hub_table *t)
{
	const int64_t person[] = {l->a, l->b};

	hub_table_str(
	    t, hub_arena_printf(cli->arena, "%c%lld", candidates ? 'c' : 'l', (long long)l->id));
	hub_table_puts(t, state_word(candidates, l->state));
	hub_table_str(t, l->rule);
	for (int i = 0; i < 2; i++) {
		struct hub_str name;
		const int rc = hub_reveal_person(cli, store, person[i], "name", o->reveal, &name);
		if (rc)
			return rc;
		hub_table_str(t, hub_arena_printf(cli->arena, "%lld", (long long)person[i]));
		hub_table_str(t, name);
	}
	hub_table_str(t, l->actor);
	return HUB_OK;
}

static int add_links(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		     int candidates, struct hub_table *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_link l;
	int rc = hub_links_list(store, candidates, o->all ? 0 : HUB_LINK_FORCE, &q, cli->err);

	while (!rc && (rc = hub_link_read(q, &l, cli->err)) == HUB_OK)
		rc = add_link(cli, store, o, candidates, &l, t);
	return rc == HUB_END ? HUB_OK : rc;
}

static int list(struct hub_cli *cli, struct hub_store *store, const struct options *o)
{
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	int rc;

	if ((rc = hub_reveal(cli, store, o->reveal, HUB_STR("link list"))))
		return rc;
	hub_table_col(t, "id", HUB_N("id"), 0);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "rule", HUB_N("rule"), 0);
	hub_table_col(t, "a", HUB_N("person"), 1);
	hub_table_col(t, "a_name", HUB_N("name"), 0);
	hub_table_col(t, "b", HUB_N("person"), 1);
	hub_table_col(t, "b_name", HUB_N("name"), 0);
	hub_table_col(t, "by", HUB_N("by"), 0);
	rc = add_links(cli, store, o, 1, t);
	if (!rc && o->all)
		rc = add_links(cli, store, o, 0, t);
	return rc ? rc : hub_out_table(cli, t, o->format);
}

static int find(struct hub_cli *cli, struct hub_store *store, struct target at,
		struct hub_link *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_links_list(store, at.candidate, 0, &q, cli->err);

	while (!rc && (rc = hub_link_read(q, out, cli->err)) == HUB_OK)
		if (out->id == at.id)
			return HUB_OK;
	if (rc != HUB_END)
		return rc;
	rc = hub_fail(cli->err, HUB_USAGE, "no-such-link", "there is no %s %c%lld",
		      at.candidate ? hub_tr("candidate") : hub_tr("link"), at.candidate ? 'c' : 'l',
		      (long long)at.id);
	hub_hint(cli->err, "`tsunagi link list --all` lists all of them.");
	return rc;
}

/* Both persons, field by field: whether they agree is said even where the values are not. */
static int show(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		struct target at)
{
	static const char *const fields[] = {
	    "name",        "name_kana", "birth_date",   "sex",   "atena_no",    "ltc_insured_no",
	    "postal_code", "address",   "household_no", "phone", "phone_mobile"};
	const struct hub_entity *e = hub_schema_entity(hub_store_schema(store), HUB_STR("person"));
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	struct hub_link l;
	int rc;

	if ((rc = find(cli, store, at, &l)) ||
	    (rc = hub_reveal(cli, store, o->reveal,
			     hub_arena_printf(cli->arena, "link %c%lld", at.candidate ? 'c' : 'l',
					      (long long)at.id))))
		return rc;
	hub_table_col(t, "field", HUB_N("field"), 0);
	hub_table_col(t, "a", HUB_N("first person"), 0);
	hub_table_col(t, "b", HUB_N("second person"), 0);
	hub_table_col(t, "agree", HUB_N("agree"), 0);
	for (size_t i = 0; i < HUB_COUNT(fields) && !rc; i++) {
		const struct hub_field *f = hub_schema_field(e, hub_str_of(fields[i]));
		struct hub_str a, b, shown_a, shown_b;
		if (!f)
			continue;
		if ((rc = hub_reveal_person(cli, store, l.a, fields[i], "compare", &a)) ||
		    (rc = hub_reveal_person(cli, store, l.b, fields[i], "compare", &b)))
			return rc;
		shown_a = hub_reveal_text(cli->arena, f, a, o->reveal);
		shown_b = hub_reveal_text(cli->arena, f, b, o->reveal);
		hub_table_str(t, hub_tr_is_ja() ? f->label : f->name);
		hub_table_str(t, shown_a);
		hub_table_str(t, shown_b);
		hub_table_puts(t, !a.len || !b.len   ? "-"
				  : hub_str_eq(a, b) ? hub_tr("same")
						     : hub_tr("differs"));
	}
	return hub_out_table(cli, t, o->format);
}

/* Who two records are decides what a bar or a consent reaches: on the log before it is done. */
static int log_it(struct hub_cli *cli, struct hub_store *store, const char *what, struct target at)
{
	char action[32], object[32];

	snprintf(action, sizeof action, "link-%s", what);
	snprintf(object, sizeof object, "link %c%lld", at.candidate ? 'c' : 'l', (long long)at.id);
	return hub_audit_add(hub_store_db(store), hub_work_actor(cli), action, hub_str_of(object),
			     HUB_STR(""), cli->err);
}

/* One person takes a link back or makes one, but lifts no display restriction by it, nor the suspicion of one. */
static int keep_protected(struct hub_cli *cli, struct hub_store *store, const struct hub_link *l,
			  int accept)
{
	const struct hub_actor who = hub_actor_named(hub_work_actor(cli));
	int yes = 0;
	const int rc = (accept ? hub_site_keep_suspected : hub_site_keep_apart)(
	    store, l->a, l->b, hub_today(), &who, &yes, cli->err);

	if (!rc && yes)
		printf(
		    hub_tr(
			"persons %lld and %lld stay under display restriction; two people lift it "
			"(`tsunagi release protection clear`)\n"),
		    (long long)l->a, (long long)l->b);
	return rc;
}

static int decide(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		  const char *what, struct target at)
{
	const struct hub_str actor = hub_work_actor(cli);
	const struct hub_str reason = hub_str_of(o->reason);
	const int accept = strcmp(what, "accept") == 0;
	struct hub_link l;
	int rc;

	if (!o->reason) {
		rc = hub_fail(cli->err, HUB_USAGE, "reason-missing", "why is not said");
		hub_hint(cli->err, "Give --reason \"...\": it stays with the link.");
		return rc;
	}
	if ((strcmp(what, "undo") == 0) == at.candidate) {
		rc = hub_fail(cli->err, HUB_USAGE, "bad-link",
			      "accept and reject want a candidate (c12), undo wants a link (l12)");
		hub_hint(cli->err, "`tsunagi link list --all` lists all of them.");
		return rc;
	}
	if ((rc = find(cli, store, at, &l)) || (rc = log_it(cli, store, what, at)) ||
	    (l.state == HUB_LINK_FORCE && (accept || !at.candidate) &&
	     (rc = keep_protected(cli, store, &l, accept))))
		return rc;
	rc = at.candidate ? hub_link_decide(store, at.id, accept, actor, reason, cli->err)
			  : hub_link_end(store, at.id, actor, reason, cli->err);
	if (rc)
		return rc;
	printf(hub_tr("persons %lld and %lld: %s\n"), (long long)l.a, (long long)l.b,
	       !at.candidate ? hub_tr("link taken back")
	       : accept      ? hub_tr("linked")
			     : hub_tr("not linked, and not proposed again"));
	return accept ? hub_feed_late(cli, store) : HUB_OK; /* what one has withdrawn, both have */
}

static int read_target(struct hub_cli *cli, const char *text, struct target *out)
{
	const struct hub_str s = hub_str_of(text);

	out->candidate = text[0] == 'c';
	if ((text[0] == 'c' || text[0] == 'l') &&
	    !hub_parse_i64(hub_str_from(s, 1), 1, INT64_MAX, &out->id))
		return HUB_OK;
	const int rc = hub_fail(cli->err, HUB_USAGE, "bad-link",
				"\"%s\" is no id of a candidate (c12) or a link (l12)", text);
	hub_hint(cli->err, "`tsunagi link list --all` lists all of them.");
	return rc;
}

static int act(struct hub_cli *cli, struct hub_store *store, const struct options *o, int n,
	       char **argv)
{
	static const char *const words[] = {"show", "accept", "reject", "undo"};
	struct target at;
	int rc;

	if (n == 0 || (n == 1 && strcmp(argv[0], "list") == 0))
		return list(cli, store, o);
	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		if (n != 2 || strcmp(argv[0], words[i]) != 0)
			continue;
		if ((rc = read_target(cli, argv[1], &at)))
			return rc;
		return i == 0 ? show(cli, store, o, at) : decide(cli, store, o, argv[0], at);
	}
	rc = hub_fail(cli->err, HUB_USAGE, "bad-link",
		      "link wants list, or show, accept, reject, undo and an id");
	hub_hint(cli->err, "`tsunagi link --help` shows examples.");
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&o.store),
	    {"all", NULL, NULL, &o.all, HUB_N("also links in force and what is decided")},
	    {"reason", "TEXT", &o.reason, NULL, HUB_N("why, for accept, reject and undo")},
	    HUB_ARG_REVEAL(&o.reveal),
	    HUB_ARG_FORMAT(&o.format),
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_link, args, argc, argv, &n)) ||
	    (rc = hub_work_open(cli, o.local, o.store, o.reason ? 0 : hub_reveal_flags(o.reveal),
				&store)))
		return rc;
	return act(cli, store, &o, n, argv);
}

const struct hub_cmd hub_cmd_link = {
    .name = "link",
    .summary = HUB_N("persons of different systems that are one"),
    .usage = "[list] | show ID | accept ID | reject ID | undo ID",
    .help = HUB_N("Equal numbers, or name and full birth date, link by themselves; what is weaker\n"
		  "waits here for a person. Every link can be taken back.\n"
		  "examples:\n"
		  "  tsunagi link list --store sqlite:tsunagi.db\n"
		  "  tsunagi link show c12 --reveal \"review of 2026-11\"\n"
		  "  tsunagi link accept c12 --reason \"same person, asked at the counter\"\n"
		  "  tsunagi link undo l7 --reason \"twins\"\n"),
    .run = run,
};
