/* tsunagi resident: what the resident registry says differently (異動), and who lives with whom. */
#include "cli/out.h"
#include "cli/reveal.h"
#include "cli/work.h"
#include "release/consent_record.h"
#include "store/link.h"
#include "store/resident.h"

struct options {
	const char *store, *format, *local, *reveal, *reason;
	int all;
};

static const char *state_word(const struct hub_resident_event *e)
{
	if (e->reversed_by)
		return hub_tr("taken back");
	return e->done_at ? hub_tr("done") : hub_tr("open");
}

static int add_event(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		     const struct hub_resident_event *e, struct hub_table *t)
{
	struct hub_str name;
	const int rc = hub_reveal_person(cli, store, e->person, "name", o->reveal, &name);

	hub_table_id(t, e->id);
	hub_table_id(t, e->run);
	hub_table_puts(t, hub_resident_word(e->kind));
	hub_table_str(t, e->reverses ? hub_arena_printf(cli->arena, hub_tr("takes back %lld"),
							(long long)e->reverses)
				     : HUB_STR(""));
	hub_table_str(t, e->happened_on);
	hub_table_id(t, e->person);
	hub_table_str(t, name);
	hub_table_int(t, e->cases);
	hub_table_puts(t, state_word(e));
	hub_table_str(t, e->done_by);
	return rc;
}

static int list(struct hub_cli *cli, struct hub_store *store, const struct options *o)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	struct hub_resident_event e;
	int rc;

	hub_table_col(t, "event", HUB_N("event"), 1);
	hub_table_col(t, "run", HUB_N("run"), 1);
	hub_table_col(t, "kind", HUB_N("what happened"), 0);
	hub_table_col(t, "reverses", HUB_N("takes back"), 0);
	hub_table_col(t, "on", HUB_N("day"), 0);
	hub_table_col(t, "person", HUB_N("person"), 1);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "tasks", HUB_N("tasks"), 1);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "by", HUB_N("by"), 0);
	rc = hub_reveal(cli, store, o->reveal, HUB_STR("resident list"));
	if (!rc)
		rc = hub_residents_list(store, !o->all, &q, cli->err);
	while (!rc && (rc = hub_resident_read(q, &e, cli->err)) == HUB_OK)
		rc = add_event(cli, store, o, &e, t);
	return rc == HUB_END ? hub_out_table(cli, t, o->format) : rc;
}

/* --- who lives with whom ------------------------------------------------------------------------------ */

static int add_mates(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		     int64_t person, struct hub_table *t)
{
	struct hub_housemate *mate;
	uint32_t n;
	int rc = hub_housemates(cli->arena, hub_store_db(store), person, &mate, &n, cli->err);

	for (uint32_t i = 0; i < n && !rc; i++) {
		struct hub_str name;
		rc = hub_reveal_person(cli, store, mate[i].person, "name", o->reveal, &name);
		hub_table_id(t, mate[i].person);
		hub_table_str(t, name);
		hub_table_str(t, mate[i].word);
		hub_table_puts(t, mate[i].word.len == 0 ? ""
				  : mate[i].sure        ? hub_tr("yes")
							: hub_tr("usually"));
		hub_table_str(t, mate[i].written);
	}
	return rc;
}

static int household(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		     const char *who)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_table *t = hub_table_new(cli->arena, HUB_STR(""));
	struct hub_db *db = hub_store_db(store);
	int64_t person;
	int rc;

	hub_table_col(t, "person", HUB_N("person"), 1);
	hub_table_col(t, "name", HUB_N("name"), 0);
	hub_table_col(t, "relation", HUB_N("to the client"), 0);
	hub_table_col(t, "sure", HUB_N("certain"), 0);
	hub_table_col(t, "written", HUB_N("to the head of household"), 0);
	if ((rc = hub_person_find(db, hub_str_of(who), &person, cli->err)) ||
	    (rc = hub_reveal(cli, store, o->reveal,
			     hub_arena_printf(cli->arena, "person %lld", (long long)person))) ||
	    (rc = hub_db_query(db, &q, cli->err,
			       "SELECT id FROM cc_person WHERE id = ? UNION SELECT o.person_id"
			       " FROM person_identity m JOIN person_identity o"
			       " ON o.identity = m.identity WHERE m.person_id = ? ORDER BY 1",
			       "ii", person, person)))
		return rc;
	while (!rc && (rc = hub_db_next(q, cli->err)) == HUB_OK)
		rc = add_mates(cli, store, o, hub_db_int(q, 0), t);
	return rc == HUB_END ? hub_out_table(cli, t, o->format) : rc;
}

static int done(struct hub_cli *cli, struct hub_store *store, const struct options *o,
		const char *event)
{
	int64_t id;
	int rc;

	if (!o->reason) {
		rc = hub_fail(cli->err, HUB_USAGE, "reason-missing", "why is not said");
		hub_hint(cli->err, "Give --reason \"...\": it stays with the event.");
		return rc;
	}
	if (hub_parse_i64(hub_str_of(event), 1, INT64_MAX, &id))
		return hub_fail(cli->err, HUB_USAGE, "no-event", "\"%s\" is no number of an event",
				event);
	rc = hub_resident_done(store, id, hub_work_actor(cli), hub_str_of(o->reason), cli->err);
	if (!rc)
		printf(hub_tr("event %lld is done\n"), (long long)id);
	return rc;
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct options o = {0};
	const struct hub_arg args[] = {
	    HUB_ARG_STORE(&o.store),
	    {"all", NULL, NULL, &o.all, HUB_N("also what is done")},
	    {"reason", "TEXT", &o.reason, NULL, HUB_N("what was done about it, for done")},
	    HUB_ARG_REVEAL(&o.reveal),
	    HUB_ARG_FORMAT(&o.format),
	    HUB_ARG_SCHEMA(&o.local),
	    HUB_ARG_END,
	};
	HUB_AUTO(store) struct hub_store *store = NULL;
	int n, rc;

	if ((rc = hub_cli_args(cli, &hub_cmd_resident, args, argc, argv, &n)) ||
	    (rc = hub_work_open(cli, o.local, o.store, o.reason ? 0 : hub_reveal_flags(o.reveal),
				&store)))
		return rc;
	if (n == 0 || (n == 1 && strcmp(argv[0], "list") == 0))
		return list(cli, store, &o);
	if (n == 2 && strcmp(argv[0], "household") == 0)
		return household(cli, store, &o, argv[1]);
	if (n == 2 && strcmp(argv[0], "done") == 0)
		return done(cli, store, &o, argv[1]);
	rc = hub_fail(cli->err, HUB_USAGE, "bad-word",
		      "resident wants list, household and a person, or done and an event");
	hub_hint(cli->err, "`tsunagi resident --help` shows examples.");
	return rc;
}

const struct hub_cmd hub_cmd_resident = {
    .name = "resident",
    .summary = HUB_N("what has changed in the resident registry, and who lives with whom"),
    .usage = "[list] | household PERSON | done EVENT",
    .help =
	HUB_N("Each dump of the registry is compared with the one before: deaths, moves, names,\n"
	      "households, and what was taken back. An event raises a task in every open case it\n"
	      "concerns; no case is changed. Relations are told from the client's side.\n"
	      "examples:\n"
	      "  tsunagi resident --store sqlite:tsunagi.db\n"
	      "  tsunagi resident household 2026-0000101 --reveal \"home visit\"\n"
	      "  tsunagi resident done 3 --reason \"plan reviewed\"\n"),
    .run = run,
};
