#include "cli/check_day.h"

#include "base/clock.h"
#include "base/io.h"
#include "base/map.h"
#include "cli/out.h"
#include "release/approval.h"
#include "release/consents.h"
#include "release/recipient.h"
#include "serve/accounts.h"
#include "serve/factor.h"
#include "serve/service.h"
#include "serve/tokens.h"
#include "serve/views.h"
#include "store/db.h"
#include "store/staff.h"

#include <unistd.h>

enum { PEM_MAX = 1 << 20 };

struct looking {
	struct hub_cli *cli;
	const struct hub_site *site;
	struct hub_store *store; /* NULL: there is none yet */
	struct hub_db *db;
	struct hub_table *found;
	int32_t day, today;
	struct hub_roles roles; /* of the site */
};

static void found(struct looking *l, const char *what, struct hub_str name, struct hub_str message)
{
	hub_table_puts(l->found, what);
	hub_table_str(l->found, name);
	hub_table_str(l->found, message);
}

static void found_text(struct looking *l, const char *what, struct hub_str name, const char *text)
{
	found(l, what, name, hub_str_of(text));
}

/* --- the site --------------------------------------------------------------------------------- */

static void look_at_holidays(struct looking *l)
{
	int64_t y;
	unsigned m, d;

	hub_days_to(l->day, &y, &m, &d);
	if (!hub_holidays_cover(l->site->plan.holidays, y))
		found(l, "holidays", hub_arena_printf(l->cli->arena, "%lld", (long long)y),
		      hub_str_of(hub_tr("the list of holidays does not cover this year; the rules "
					"of the law count")));
}

static void look_at_grounds(struct looking *l)
{
	const struct hub_grounds *g = &l->site->grounds;

	for (uint32_t i = 0; i < g->n; i++)
		if (g->row[i].active && !hub_period_has(g->row[i].valid, l->day))
			found_text(l, "ground", g->row[i].id, hub_tr("not in force on that day"));
}

static void look_at_certificate(struct looking *l, struct hub_str path)
{
	char first[11], last[11];
	int64_t from, to;
	struct hub_str pem;

	if (!path.len)
		return;
	if (hub_file_read(l->cli->arena, path.ptr, PEM_MAX, &pem, l->cli->err) ||
	    hub_certificate_days(pem, &from, &to, l->cli->err)) {
		found_text(l, "certificate", path, l->cli->err->what);
		*l->cli->err = (struct hub_err){0};
		return;
	}
	if (from <= l->day && l->day <= to)
		return;
	hub_day_text(from, first);
	hub_day_text(to, last);
	found(l, "certificate", path,
	      hub_arena_printf(l->cli->arena, hub_tr("valid from %s to %s"), first, last));
}

static void look_at_tls(struct looking *l)
{
	const struct hub_tls_conf *tls = &l->site->jobs.serving.tls;

	look_at_certificate(l, tls->cert);
	look_at_certificate(l, tls->client_ca);
}

/* --- release jobs ----------------------------------------------------------------------------- */

static int look_at_recipient(struct looking *l, const struct hub_profile *p)
{
	const struct hub_recipient base = {.id = p->recipient, .known = 1, .contract = p->contract};
	struct hub_recipient_facts facts;
	int64_t agencies = 0;
	int rc;

	if ((rc = hub_recipient_known(l->cli->arena, l->db, &base, &facts, l->cli->err)) ||
	    (rc = hub_db_one(l->db, &agencies, l->cli->err, "SELECT count(*) FROM cc_agency", "")))
		return rc;
	if (!hub_period_has(facts.gate.contract, l->day))
		found_text(l, "contract", p->recipient,
			   hub_tr("its contract is not in force on that day"));
	if (facts.gate.barred)
		found_text(l, "recipient", p->recipient, hub_tr("it is barred from everything"));
	if (agencies && !facts.n_agencies)
		found_text(l, "recipient", p->recipient,
			   hub_tr("the register of agencies does not know it"));
	return HUB_OK;
}

/* A refusal is a finding; another failure is ours. */
static int refused(struct looking *l, const char *what, struct hub_str name, int rc)
{
	if (rc != HUB_REFUSED)
		return rc;
	found_text(l, what, name, l->cli->err->what);
	*l->cli->err = (struct hub_err){0};
	return HUB_OK;
}

static int look_at_release(struct looking *l, const struct hub_ready *r)
{
	int rc;

	if (!r->profile.recipient.len) {
		found_text(l, "profile", r->profile.name, hub_tr("it names no recipient"));
		return HUB_OK;
	}
	if (!l->store) {
		if (!hub_period_has(r->profile.contract, l->day))
			found_text(l, "contract", r->profile.recipient,
				   hub_tr("its contract is not in force on that day"));
		return HUB_OK;
	}
	if ((rc = look_at_recipient(l, &r->profile)))
		return rc;
	if ((rc = refused(l, "approval", r->profile.name,
			  hub_approval_check(l->db, &r->profile, l->cli->err))) ||
	    !r->version.hash)
		return rc;
	return refused(l, "approval", r->version.name,
		       hub_approvable_check(l->db, &r->version, l->cli->err));
}

static int look_at_jobs(struct looking *l)
{
	int rc = HUB_OK;
	int any = 0;

	for (size_t i = 0; i < l->site->jobs.count && !rc; i++) {
		if (l->site->jobs.job[i].kind != HUB_JOB_RELEASE)
			continue;
		any = 1;
		rc = look_at_release(l, &l->site->ready[i]);
	}
	if (!rc && any && l->store)
		rc = refused(l, "release", HUB_STR(""), hub_release_may_run(l->db, l->cli->err));
	return rc;
}

/* --- views ------------------------------------------------------------------------------------ */

/* An agency without its view sees nothing by HTTP. */
static int look_at_view(struct looking *l, const struct hub_profile *p)
{
	const int rc = look_at_recipient(l, p);

	return rc ? rc : refused(l, "approval", p->name, hub_approval_check(l->db, p, l->cli->err));
}

static int look_at_views(struct looking *l)
{
	const struct hub_views_conf conf = {
	    .home = l->cli->home, .jobs = &l->site->jobs, .schema = l->site->schema};
	struct hub_report *report = hub_report_new(l->cli->arena);
	const struct hub_profile *p;
	size_t n;
	int rc;

	if (!report)
		return hub_fail_mem(l->cli->err);
	rc = hub_views_profiles(l->cli->arena, &conf, report, &p, &n, l->cli->err);
	hub_report_print(report, stderr);
	if (!rc)
		rc = hub_report_result(report, l->cli->err);
	for (size_t i = 0; !rc && i < n; i++)
		rc = look_at_view(l, &p[i]);
	return rc;
}

/* --- people ----------------------------------------------------------------------------------- */

/* Adds to n what one person has given today and has not on that day, by recipient. */
static int count_lapsing(struct looking *l, struct hub_arena *a, int64_t person, struct hub_map *n)
{
	struct hub_person_facts f = {.id = HUB_STR("1"), .rows = &person, .n_rows = 1};
	const int rc = hub_consents_read(a, l->db, NULL, &f, l->today, l->cli->err);

	for (uint32_t i = 0; !rc && i < f.n_consents; i++) {
		const struct hub_consent *c = &f.consents[i];
		uint64_t before = 0;
		if (c->status != HUB_CONSENT_GIVEN || !hub_period_has(c->period, l->today) ||
		    hub_period_has(c->period, l->day))
			continue;
		hub_map_get(n, c->recipient, &before);
		if (hub_map_put(n, c->recipient, before + 1))
			return hub_fail_mem(l->cli->err);
	}
	return rc;
}

static int look_at_consents(struct looking *l)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_map *n = hub_map_new(l->cli->arena);
	int rc;

	if (!a || !n)
		return hub_fail_mem(l->cli->err);
	rc = hub_db_query(
	    l->db, &q, l->cli->err,
	    "SELECT person_id FROM cc_consent WHERE person_id IS NOT NULL UNION SELECT "
	    "person_id FROM consent_entry",
	    "");
	while (!rc && (rc = hub_db_next(q, l->cli->err)) == HUB_OK) {
		hub_arena_reset(a);
		rc = count_lapsing(l, a, hub_db_int(q, 0), n);
	}
	for (size_t i = 0; rc == HUB_END && i < hub_map_count(n); i++)
		found(
		    l, "consent", hub_map_key(n, i),
		    hub_arena_printf(l->cli->arena,
				     hub_tr("%llu consents of today are not in force on that day"),
				     (unsigned long long)hub_map_value(n, i)));
	return rc == HUB_END ? HUB_OK : rc;
}

/* Who has open work and is not there for it: staff that moved or left, agencies without a contract. */
static int look_at_staff(struct looking *l)
{
	static const struct {
		enum hub_staff_why why;
		const char *text;
	} kinds[] = {
	    {HUB_STAFF_LEFT, HUB_N("%llu open cases and tasks of staff who have left")},
	    {HUB_STAFF_MOVED, HUB_N("%llu open cases and tasks of staff who have moved")},
	    {HUB_STAFF_CONTRACT, HUB_N("%llu open cases and tasks of agencies without a contract")},
	};
	struct hub_staff_open *open;
	char day[11];
	uint32_t n;

	hub_day_text(l->day, day);
	const int rc =
	    hub_staff_open(l->cli->arena, l->store, hub_str_of(day), &open, &n, l->cli->err);
	for (size_t k = 0; !rc && k < HUB_COUNT(kinds); k++) {
		unsigned long long count = 0;
		for (uint32_t i = 0; i < n; i++)
			count += open[i].why == kinds[k].why;
		if (count)
			found(l, "staff", HUB_STR(""),
			      hub_arena_printf(l->cli->arena, hub_tr(kinds[k].text), count));
	}
	return rc;
}

/* --- accounts --------------------------------------------------------------------------------- */

/* A role that counts today and does not on that day: it is none of the site's any more, it ends, or the contract of its
 * agency does. */
static int look_at_role(struct looking *l, const struct hub_membership *m, struct hub_str today,
			struct hub_str day)
{
	if (!hub_membership_is_on(m, today))
		return HUB_OK;
	const int before = hub_agency_is_on(l->db, m->agency, today, l->cli->err);
	if (before <= 0)
		return before;
	if (!hub_roles_find(&l->roles, m->role)) {
		found(l, "role", m->login,
		      hub_arena_printf(l->cli->arena,
				       hub_tr("it holds the role %.*s, which is not among the "
					      "roles; give it another one, or add it"),
				       HUB_FMT(m->role)));
		return HUB_OK;
	}
	if (!hub_membership_is_on(m, day)) {
		found(l, "role", m->login,
		      hub_arena_printf(l->cli->arena, hub_tr("the role %.*s ends on %.*s"),
				       HUB_FMT(m->role), HUB_FMT(m->to)));
		return HUB_OK;
	}
	const int then = hub_agency_is_on(l->db, m->agency, day, l->cli->err);
	if (then < 0)
		return then;
	if (!then)
		found(l, "role", m->login,
		      hub_arena_printf(l->cli->arena,
				       hub_tr("the contract of %.*s is not in force on that day"),
				       HUB_FMT(m->agency)));
	return HUB_OK;
}

static int look_at_roles(struct looking *l, struct hub_str today, struct hub_str day)
{
	struct hub_membership *m;
	uint32_t n;
	int rc = hub_membership_list(l->cli->arena, l->db, 0, &m, &n, l->cli->err);

	for (uint32_t i = 0; !rc && i < n; i++)
		rc = look_at_role(l, &m[i], today, day);
	return rc;
}

static int look_at_tokens(struct looking *l, struct hub_str today, struct hub_str day)
{
	struct hub_token *t;
	uint32_t n;
	const int rc = hub_token_list(l->cli->arena, l->db, &t, &n, l->cli->err);

	for (uint32_t i = 0; !rc && i < n; i++)
		if (!t[i].ended_at && hub_str_cmp(today, t[i].to) <= 0 &&
		    hub_str_cmp(t[i].to, day) < 0)
			found(l, "token", t[i].name,
			      hub_arena_printf(l->cli->arena, hub_tr("the token %.*s ends on %.*s"),
					       HUB_FMT(t[i].prefix), HUB_FMT(t[i].to)));
	return rc;
}

static int look_at_accounts(struct looking *l)
{
	char day[11], today[11];
	int rc;

	hub_day_text(l->day, day);
	hub_day_text(l->today, today);
	rc = look_at_roles(l, hub_str_of(today), hub_str_of(day));
	return rc ? rc : look_at_tokens(l, hub_str_of(today), hub_str_of(day));
}

/* --- roles that modules name ------------------------------------------------------------------- */

/* One that nobody can hold any more: whom a rule tells is then nobody. */
static int look_at_named(struct looking *l, const struct hub_service *s)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_arena *a = l->cli->arena;
	int64_t applied = 0;
	int rc;

	if (s->roles == 0 || s->roles > s->statements)
		return HUB_OK;
	rc = hub_db_one(l->db, &applied, l->cli->err,
			"SELECT count(*) FROM service_migration WHERE area = ?", "z", s->area);
	if (rc || applied < (int64_t)s->migrations) /* its tables are not there yet */
		return rc;
	rc = hub_db_query(l->db, &q, l->cli->err, s->statement[s->roles - 1], "");
	while (!rc && (rc = hub_db_next(q, l->cli->err)) == HUB_OK) {
		const struct hub_str role = hub_db_text(a, q, 1);
		if (!hub_roles_find(&l->roles, role))
			found(l, s->area, hub_db_text(a, q, 0),
			      hub_arena_printf(a,
					       hub_tr("it tells the role %.*s, which is not among "
						      "the roles; name another one, or add it"),
					       HUB_FMT(role)));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int look_at_modules(struct looking *l)
{
	struct hub_modules *m = hub_alloc0(l->cli->arena, sizeof *m);
	int rc;

	if (!m)
		return hub_fail_mem(l->cli->err);
	rc = hub_modules_take(l->cli->arena, l->site->plugins, l->site->jobs.services, NULL, m,
			      l->site->report, l->cli->err);
	for (size_t i = 0; i < m->n && !rc; i++)
		rc = look_at_named(l, m->module[i].service);
	hub_modules_close(m);
	return rc;
}

/* What names a role of the site, and so needs to know them. */
static int look_at_all_roles(struct looking *l)
{
	const struct hub_str own = l->site->jobs.serving.access.roles;
	int rc = hub_work_roles(l->cli, own.len ? own.ptr : NULL, &l->roles);

	if (!rc)
		rc = look_at_modules(l);
	return rc ? rc : look_at_accounts(l);
}

/* --- all of it -------------------------------------------------------------------------------- */

static int open_store(struct looking *l)
{
	const char *url = l->site->store_url;
	const int rc = hub_work_store(l->cli, url, HUB_OPEN_DRY, l->site->schema, &l->store);

	if (!rc)
		l->db = hub_store_db(l->store);
	return rc;
}

static int look(struct looking *l)
{
	int rc;

	look_at_holidays(l);
	look_at_grounds(l);
	look_at_tls(l);
	if ((rc = look_at_jobs(l)) || !l->store)
		return rc;
	if ((rc = look_at_views(l)) || (rc = look_at_consents(l)) || (rc = look_at_staff(l)))
		return rc;
	return look_at_all_roles(l);
}

static int begin(struct looking *l)
{
	if (!(l->found = hub_table_new(l->cli->arena, (struct hub_str){NULL, 0})))
		return hub_fail_mem(l->cli->err);
	hub_table_col(l->found, "what", HUB_N("what"), 0);
	hub_table_col(l->found, "name", HUB_N("which"), 0);
	hub_table_col(l->found, "message", HUB_N("message"), 0);
	return open_store(l);
}

int hub_check_now(struct hub_cli *cli, const struct hub_site *site, const char *format)
{
	struct looking l = {.cli = cli, .site = site, .day = hub_today(), .today = hub_today()};
	int rc = begin(&l);

	if (rc && hub_work_store_waits(cli->err)) {
		*cli->err = (struct hub_err){0};
		return HUB_OK;
	}
	if (rc || !l.store)
		return rc;
	rc = look_at_all_roles(&l);
	hub_store_close(l.store);
	const size_t n = hub_table_rows(l.found);
	if (rc || n == 0 || (rc = hub_out_table(cli, l.found, format)))
		return rc;
	return hub_fail(cli->err, HUB_CONF, "fails-now", "%zu things fail", n);
}

int hub_check_day(struct hub_cli *cli, const struct hub_site *site, const char *day,
		  const char *format)
{
	struct looking l = {.cli = cli, .site = site, .today = hub_today()};
	int rc;

	if ((rc = hub_cli_day(cli, "on", day, &l.day)) || (rc = begin(&l)))
		return rc;
	rc = look(&l);
	hub_store_close(l.store);
	if (rc)
		return rc;
	const size_t n = hub_table_rows(l.found);
	if (n == 0) {
		printf(hub_tr("%s: nothing fails as things stand now\n"), day);
		return HUB_OK;
	}
	if ((rc = hub_out_table(cli, l.found, format)))
		return rc;
	return hub_fail(cli->err, HUB_CONF, "fails-on-day", "%zu things fail on %s", n, day);
}
