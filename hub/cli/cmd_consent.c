/* tsunagi consent: what a person has said about sharing, and what an agency sees because of it. */
#include "base/clock.h"
#include "cli/out.h"
#include "release/consent_record.h"
#include "release/consents.h"
#include "release/people.h"
#include "release/recipient.h"
#include "release/simulate.h"
#include "store/db.h"

struct consent_cli {
	struct hub_cli *cli;
	const char *store, *local, *as, *on, *until, *category, *purpose, *by, *form, *reason;
	const char *known, *meeting, *grounds, *format;
	int dry;
	const struct hub_schema *schema;
	struct hub_store *opened;
	struct hub_db *db;
	struct hub_grounds table;
	struct hub_recipient_names names;
	int64_t person;
	int32_t day;    /* --on, else today */
	int64_t moment; /* --known as the end of that day; 0: now */
	char day_text[11];
};

static struct hub_str or_any(const char *text)
{
	return hub_str_of(text ? text : "*");
}

/* --- options --------------------------------------------------------------------------------------- */

/* The code of a list, by code or label; NULL stays NULL. */
static int take_code(struct consent_cli *c, const char *option, const char *list, const char **text)
{
	const struct hub_codes *codes = hub_schema_codes(c->schema, hub_str_of(list));
	const struct hub_code *code =
	    codes && *text ? hub_code_find(codes, hub_str_of(*text)) : NULL;
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	if (!*text)
		return HUB_OK;
	if (code) {
		*text = hub_arena_cstr(c->cli->arena, code->code);
		return *text ? HUB_OK : hub_fail_mem(c->cli->err);
	}
	for (uint32_t i = 0; codes && i < codes->count; i++)
		hub_buf_printf(&b, "%s%.*s", i ? ", " : "", HUB_FMT(codes->items[i].code));
	hub_buf_putc(&b, '\0');
	return hub_cli_bad_value(c->cli, option, *text, hub_buf_ok(&b) ? b.ptr : "");
}

static int take_options(struct consent_cli *c)
{
	int32_t known = 0, until = 0;
	int rc;

	c->day = hub_today();
	if ((rc = hub_cli_day(c->cli, "on", c->on, &c->day)) ||
	    (rc = hub_cli_day(c->cli, "until", c->until, &until)) ||
	    (rc = hub_cli_day(c->cli, "known", c->known, &known)) ||
	    (rc = take_code(c, "category", "consent_category", &c->category)) ||
	    (rc = take_code(c, "purpose", "purpose", &c->purpose)) ||
	    (rc = take_code(c, "by", "given_by", &c->by)))
		return rc;
	if (c->until && until < c->day)
		return hub_fail(c->cli->err, HUB_USAGE, "option-value",
				"--until lies before the first day");
	hub_day_text(c->day, c->day_text);
	if (c->known) /* the last second of that day in Japan */
		c->moment = hub_day_start((int64_t)known + 1) - 1;
	return HUB_OK;
}

static int need(struct consent_cli *c, const char *value, const char *option, const char *why)
{
	if (value && *value)
		return HUB_OK;
	const int rc =
	    hub_fail(c->cli->err, HUB_USAGE, "option-missing", "--%s is missing", option);
	hub_hint(c->cli->err, "%s", hub_tr(why));
	return rc;
}

/* --- what an agency would see ------------------------------------------------------------------------ */

static int simulate(struct consent_cli *c, struct hub_simulation *out)
{
	const struct hub_simulate_ask ask = {.person = c->person,
					     .agency = hub_str_of(c->as),
					     .meeting = hub_str_of(c->meeting ? c->meeting : ""),
					     .day = c->day,
					     .feed_days = HUB_OUT_FEED_DAYS,
					     .known = c->moment,
					     .grounds = &c->table};

	return hub_simulate(c->cli->arena, c->opened, &ask, out, c->cli->err);
}

static void put_show(struct hub_table *t, enum hub_show show)
{
	static const char *const ways[] = {[HUB_SHOW_WITHHELD] = HUB_N("not at all"),
					   [HUB_SHOW_MASKED] = HUB_N("masked"),
					   [HUB_SHOW_PSEUDONYM] = HUB_N("under a pseudonym"),
					   [HUB_SHOW_GENERALISED] = HUB_N("generalised"),
					   [HUB_SHOW_AS_IS] = HUB_N("as it is")};

	hub_table_puts(t, hub_tr(ways[show]));
}

static void begin_rows(struct hub_table *t)
{
	hub_table_col(t, "recipient", HUB_N("recipient"), 0);
	hub_table_col(t, "profile", HUB_N("profile"), 0);
	hub_table_col(t, "purpose", HUB_N("purpose"), 0);
	hub_table_col(t, "category", HUB_N("category"), 0);
	hub_table_col(t, "fields", HUB_N("fields"), 0);
}

static int put_row(const struct consent_cli *c, struct hub_table *t, const struct hub_simulated *s)
{
	const int rc = hub_out_recipient(c->cli, t, &c->names, s->recipient);

	hub_table_str(t, s->profile);
	hub_out_code(t, c->schema, "purpose", s->purpose);
	hub_out_code(t, c->schema, "consent_category", hub_str_of(hub_fclass_name(s->pclass)));
	hub_table_puts(
	    t, hub_tr(s->reveals ? HUB_N("those that reveal an address") : HUB_N("ordinary")));
	return rc;
}

/* Beside the rows, whatever their form. */
static int say_gaps(struct consent_cli *c, const struct hub_past_gap *gap, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		const char *line = hub_simulate_gap(c->cli->arena, &gap[i]);
		if (!line)
			return hub_fail_mem(c->cli->err);
		fprintf(stderr, "%s\n", line);
	}
	return HUB_OK;
}

/* Without an approved profile it is asked as if there were. */
static int has_profile(const struct hub_simulation *m)
{
	return m->n && m->row[0].profile.len;
}

/* A mistyped name is recorded like any other, and stops nothing. */
static void say_unknown(const struct consent_cli *c, const struct hub_simulation *m)
{
	if (has_profile(m))
		return;
	fprintf(
	    stderr,
	    hub_tr("no approved profile is for %s, so nothing goes there: check that its name is "
		   "right\n"),
	    c->as);
}

static int run_simulate(struct consent_cli *c)
{
	struct hub_table *t = hub_table_new(c->cli->arena, HUB_STR(""));
	struct hub_simulation m;
	int rc = need(c, c->as, "as", HUB_N("Name the agency, or * for every recipient."));

	if (rc || (rc = simulate(c, &m)))
		return rc;
	begin_rows(t);
	hub_table_col(t, "decision", HUB_N("is shown"), 0);
	hub_table_col(t, "confirm", HUB_N("confirm"), 0);
	hub_table_col(t, "reason", HUB_N("reason"), 0);
	hub_table_col(t, "why", HUB_N("meaning"), 0);
	for (uint32_t i = 0; i < m.n; i++) {
		const struct hub_answer a = m.row[i].answer;
		if ((rc = put_row(c, t, &m.row[i])))
			return rc;
		put_show(t, m.row[i].show);
		hub_table_puts(t, hub_tr(a.confirm ? HUB_N("yes") : HUB_N("no")));
		hub_table_puts(t, hub_reason_name(a.reason));
		hub_table_puts(t, hub_tr(hub_reason_text(a.reason)));
	}
	if ((rc = hub_out_table(c->cli, t, c->format)))
		return rc;
	if (!c->format)
		printf(hub_tr("on %s, by what was known %s\n"), c->day_text,
		       c->known ? c->known : hub_tr("now"));
	say_unknown(c, &m);
	return say_gaps(c, m.gap, m.n_gaps);
}

/* What a recorded statement changes, class by class. */
static int print_effect(struct consent_cli *c, const struct hub_simulation *was,
			const struct hub_simulation *is)
{
	const struct hub_simulated *before = was->row, *after = is->row;
	const uint32_t n = was->n < is->n ? was->n : is->n;
	struct hub_table *t = hub_table_new(c->cli->arena, HUB_STR(""));
	uint32_t changes = 0;

	begin_rows(t);
	hub_table_col(t, "before", HUB_N("before"), 0);
	hub_table_col(t, "after", HUB_N("after"), 0);
	hub_table_col(t, "why", HUB_N("why"), 0);
	for (uint32_t i = 0; i < n; i++) {
		if (before[i].answer.decision == after[i].answer.decision &&
		    before[i].answer.reason == after[i].answer.reason)
			continue;
		changes++;
		const int rc = put_row(c, t, &after[i]);
		if (rc)
			return rc;
		put_show(t, before[i].show);
		put_show(t, after[i].show);
		hub_table_puts(t, hub_tr(hub_reason_text(after[i].answer.reason)));
	}
	if (changes)
		return hub_out_table(c->cli, t, c->format);
	if (has_profile(is))
		puts(hub_tr("nothing that an approved profile shows changes on that day"));
	return HUB_OK;
}

/* --- recording ---------------------------------------------------------------------------------------- */

static int record_in(struct consent_cli *c, const struct hub_consent_spec *spec,
		     struct hub_consent_recorded *done, struct hub_simulation seen[2])
{
	int rc;

	if ((rc = simulate(c, &seen[0])) ||
	    (rc = hub_consent_record(c->opened, spec, done, c->cli->err)))
		return rc;
	return simulate(c, &seen[1]);
}

static int record(struct consent_cli *c, enum hub_consent_act act)
{
	const struct hub_consent_spec spec = {.act = act,
					      .person = c->person,
					      .recipient = or_any(c->as),
					      .category = or_any(c->category),
					      .purpose = or_any(c->purpose),
					      .from = hub_str_of(c->day_text),
					      .to = hub_str_of(c->until ? c->until : ""),
					      .given_by =
						  hub_str_of(c->by                   ? c->by
							     : act == HUB_ACT_EXPIRE ? ""
										     : "self"),
					      .form = hub_str_of(c->form ? c->form : ""),
					      .actor = hub_work_actor(c->cli),
					      .reason = hub_str_of(c->reason ? c->reason : "")};
	struct hub_simulation seen[2];
	struct hub_consent_recorded done;
	int rc;

	if ((rc = need(c, c->as, "as", HUB_N("Name the agency, or * for every recipient."))) ||
	    (rc =
		 need(c, c->reason, "reason", HUB_N("Why it is recorded stays with the entry."))) ||
	    (rc = hub_db_begin(c->db, c->cli->err)))
		return rc;
	rc = record_in(c, &spec, &done, seen);
	if (!rc && c->dry)
		c->db->ops->rollback(c->db);
	else
		rc = hub_db_end(c->db, rc, c->cli->err);
	if (rc || (rc = print_effect(c, &seen[0], &seen[1])))
		return rc;
	say_unknown(c, &seen[1]);
	if (done.recalls)
		printf(
		    hub_tr("%lld recipients hold something already: `tsunagi release recalls`\n"),
		    (long long)done.recalls);
	if (c->dry)
		puts(hub_tr("dry run: nothing was written"));
	else
		printf(hub_tr("recorded as run %lld; `tsunagi undo %lld` takes it back\n"),
		       (long long)done.run, (long long)done.run);
	return HUB_OK;
}

static int run_grant(struct consent_cli *c)
{
	return record(c, HUB_ACT_GRANT);
}

static int run_withdraw(struct consent_cli *c)
{
	return record(c, HUB_ACT_WITHDRAW);
}

static int run_expire(struct consent_cli *c)
{
	return record(c, HUB_ACT_EXPIRE);
}

/* --- what was said -------------------------------------------------------------------------------------- */

static int read_statements(struct consent_cli *c, struct hub_statements *out)
{
	HUB_AUTO(people) struct hub_people *people = NULL;
	const struct hub_people_opt opt = {
	    .day = c->day, .feed_days = HUB_OUT_FEED_DAYS, .known = c->moment};
	struct hub_meant *meant = hub_meant_new(c->cli->arena, c->db);
	const struct hub_person_facts *f;
	int rc = meant ? HUB_OK : hub_fail_mem(c->cli->err);

	if (rc || (rc = hub_people_open(c->opened, &opt, &people, c->cli->err)) ||
	    (rc = hub_people_get(people, c->person, &f, c->cli->err)) ||
	    (rc = hub_statements_read(c->cli->arena, hub_people_db(people), meant, f->rows,
				      f->n_rows, out, c->cli->err)))
		return rc;
	hub_statements_settle(out, c->day);
	const struct hub_past *past = hub_people_past(people);
	return past ? say_gaps(c, past->gap, past->n_gaps) : HUB_OK;
}

static const char *standing(const struct consent_cli *c, const struct hub_statement *s)
{
	return s->replaced                         ? HUB_N("replaced")
	       : hub_statement_in_force(s, c->day) ? HUB_N("in force")
						   : HUB_N("not in force");
}

static int run_show(struct consent_cli *c)
{
	static const char *const names[] = {"recipient", "category",  "purpose",  "status", "from",
					    "to",        "withdrawn", "given_by", "form"};
	static const char *const titles[] = {
	    HUB_N("recipient"),    HUB_N("category"), HUB_N("purpose"),
	    HUB_N("status"),       HUB_N("from"),     HUB_N("to"),
	    HUB_N("withdrawn on"), HUB_N("given by"), HUB_N("form")};
	struct hub_table *t = hub_table_new(c->cli->arena, HUB_STR(""));
	struct hub_statements all;
	int rc = read_statements(c, &all);

	if (rc)
		return rc;
	hub_table_col(t, "run", HUB_N("run"), 1);
	hub_table_col(t, "at", HUB_N("recorded"), 0);
	hub_table_col(t, "actor", HUB_N("who"), 0);
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		hub_table_col(t, names[i], hub_tr(titles[i]), 0);
	hub_table_col(t, "standing", HUB_N("on the day"), 0);
	hub_table_col(t, "reason", HUB_N("why"), 0);
	for (uint32_t i = 0; i < all.n; i++) {
		const struct hub_statement *s = &all.at[i];
		hub_table_id(t, s->run);
		hub_table_time(t, s->at);
		hub_table_str(t, s->actor);
		if ((rc = hub_out_recipient(c->cli, t, &c->names, s->recipient)))
			return rc;
		hub_out_code(t, c->schema, "consent_category", s->category);
		hub_out_code(t, c->schema, "purpose", s->purpose);
		hub_out_code(t, c->schema, "consent_status", s->status);
		hub_table_str(t, s->from);
		hub_table_str(t, s->to);
		hub_table_str(t, s->withdrawn_on);
		hub_out_code(t, c->schema, "given_by", s->given_by);
		hub_table_str(t, s->form);
		hub_table_puts(t, hub_tr(standing(c, s)));
		if (s->entry)
			hub_table_str(t, s->reason);
		else
			hub_table_puts(t, s->gone ? hub_tr("(no longer in the source)")
						  : hub_tr("(brought by a source)"));
	}
	return hub_out_table(c->cli, t, c->format);
}

/* --- the command ------------------------------------------------------------------------------------------ */

static const struct {
	const char *name;
	int writes;
	int (*run)(struct consent_cli *);
} subs[] = {{"show", 0, run_show},
	    {"grant", 1, run_grant},
	    {"withdraw", 1, run_withdraw},
	    {"expire", 1, run_expire},
	    {"simulate", 0, run_simulate}};

/* What was typed for the recipient, as it is known here. */
static int find_recipient(struct consent_cli *c)
{
	struct hub_str id;
	int known;

	if (!c->as || strcmp(c->as, "*") == 0)
		return HUB_OK;
	const int rc =
	    hub_recipient_find(c->cli->arena, c->db, hub_str_of(c->as), &id, &known, c->cli->err);
	if (!rc && known && !(c->as = hub_arena_cstr(c->cli->arena, id)))
		return hub_fail_mem(c->cli->err);
	return rc;
}

static int run_sub(struct consent_cli *c, int n, char **argv)
{
	HUB_AUTO(store) struct hub_store *store = NULL;
	size_t i = 0;
	int rc;

	while (n == 2 && i < HUB_COUNT(subs) && strcmp(subs[i].name, argv[0]) != 0)
		i++;
	if (n != 2 || i == HUB_COUNT(subs)) {
		rc = hub_fail(
		    c->cli->err, HUB_USAGE, "usage",
		    "consent wants show, grant, withdraw, expire or simulate, and a person");
		hub_hint(c->cli->err, "`tsunagi consent --help` shows examples.");
		return rc;
	}
	if ((rc = hub_work_schema(c->cli, c->local, &c->schema)) || (rc = take_options(c)) ||
	    (rc = hub_out_grounds(c->cli, c->grounds, &c->table)) ||
	    (rc = hub_work_store(c->cli, c->store, subs[i].writes ? 0 : HUB_OPEN_READONLY,
				 c->schema, &store)))
		return rc;
	c->opened = store;
	c->db = hub_store_db(store);
	if ((rc = hub_person_find(c->db, hub_str_of(argv[1]), &c->person, c->cli->err)) ||
	    (rc = find_recipient(c)) ||
	    (rc = hub_recipient_names(c->cli->arena, c->db, &c->names, c->cli->err)))
		return rc;
	return subs[i].run(c);
}

static int run(struct hub_cli *cli, int argc, char **argv)
{
	struct consent_cli c = {.cli = cli};
	const struct hub_arg args[] = {
	    {"as", "AGENCY", &c.as, NULL, HUB_N("recipient the statement is about; * for all")},
	    {"on", "DATE", &c.on, NULL,
	     HUB_N("day of the question; first day of what is recorded (today)")},
	    {"until", "DATE", &c.until, NULL, HUB_N("grant: last day")},
	    {"category", "CLASS", &c.category, NULL,
	     HUB_N("identifier, contact, quasi, sensitive, narrative, operational (default: all)")},
	    {"purpose", "PURPOSE", &c.purpose, NULL,
	     HUB_N("support, meeting, plan_meeting, handover ... (default: all)")},
	    {"by", "WHO", &c.by, NULL,
	     HUB_N("who said it: self, representative, family, other (self)")},
	    {"form", "TEXT", &c.form, NULL, HUB_N("where the signed form is")},
	    {"reason", "TEXT", &c.reason, NULL, HUB_N("why it is recorded")},
	    {"dry-run", NULL, NULL, &c.dry, HUB_N("say what would change, write nothing")},
	    {"known", "DATE", &c.known, NULL,
	     HUB_N("show, simulate: what the hub knew at the end of that day")},
	    {"meeting", "NO", &c.meeting, NULL, HUB_N("number of the meeting it is for")},
	    {"grounds", "FILE", &c.grounds, NULL, HUB_N("the site's own table of legal grounds")},
	    HUB_ARG_FORMAT(&c.format),
	    HUB_ARG_STORE(&c.store),
	    HUB_ARG_SCHEMA(&c.local),
	    {0}};
	int n;
	const int rc = hub_cli_args(cli, &hub_cmd_consent, args, argc, argv, &n);

	return rc ? rc : run_sub(&c, n, argv);
}

const struct hub_cmd hub_cmd_consent = {
    .name = "consent",
    .summary = HUB_N("what a person has said about sharing, and what follows from it"),
    .usage = "show|grant|withdraw|expire|simulate PERSON [--as AGENCY] [--on DATE]",
    .help = HUB_N(
	"PERSON is the number of a row of persons, its key in the system it came from, or a case\n"
	"number. An entry takes the place of what was known before about exactly the same "
	"recipient,\n"
	"category and purpose, from its first day on; nothing is overwritten. Each entry is a "
	"run.\n"
	"  tsunagi consent show 2024-0000001\n"
	"  tsunagi consent grant 2024-0000001 --as SWC --category narrative --until 2027-03-31 \\\n"
	"      --form \"同意書 R8-12\" --reason \"signed at the counter\"\n"
	"  tsunagi consent withdraw 2024-0000001 --as WEL --reason \"by telephone\" --dry-run\n"
	"  tsunagi consent expire 2024-0000001 --as WEL --on 2026-07-01 --reason \"form "
	"outdated\"\n"
	"  tsunagi consent simulate 2024-0000001 --as WEL --on 2026-06-01\n"
	"  tsunagi consent simulate 2024-0000001 --as WEL --on 2026-06-01 --known 2026-06-01\n"
	"                                         what holds for that day, and what was known "
	"then\n"),
    .run = run,
};
