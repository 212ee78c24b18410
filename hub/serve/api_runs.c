/* Runs, what they rejected, and the audit log: counts and names of things, no records. */
#include "release/audit.h"
#include "release/run_sheet.h"
#include "serve/views.h"
#include "store/counts.h"

enum { JSON_MOST = 1 << 20, TEXT_MOST = 4000 };

static const char *const states[] = {"unknown", "active", "done", "interrupted",
				     "stopped", "undone", NULL};

static const struct hub_member reject_members[] = {
    {HUB_MEMBER("code", TEXT, HUB_M_REQUIRED, HUB_N("why, stable"))},
    {HUB_MEMBER("count", INT, HUB_M_REQUIRED, HUB_N("how many"))},
    {HUB_MEMBER("open", INT, HUB_M_REQUIRED, HUB_N("not repaired yet"))},
    {.name = NULL},
};
static const struct hub_member run_members[] = {
    {HUB_MEMBER("run", INT, HUB_M_REQUIRED, HUB_N("its number"))},
    {HUB_MEMBER("kind", TEXT, HUB_M_REQUIRED, HUB_N("import, reload, undo, consent ..."))},
    {HUB_MEMBER("feed", TEXT, HUB_M_REQUIRED | HUB_M_NULLABLE, HUB_N("mapping and job"))},
    {HUB_MEMBER("state", WORD, HUB_M_REQUIRED, HUB_N("how far it is"), .words = states)},
    {HUB_MEMBER("begun", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE, HUB_N("when it began"))},
    {HUB_MEMBER("ended", TIME, HUB_M_REQUIRED | HUB_M_NULLABLE, HUB_N("when it ended"))},
    {HUB_MEMBER("counts", JSON, 0, HUB_N("as in its report: read, accepted, rejected, by entity"),
		.max = JSON_MOST)},
    {HUB_MEMBER("rejects", OBJECT, HUB_M_LIST, HUB_N("by reason"), .of = reject_members,
		.most = 1000)},
    {.name = NULL},
};
static const struct hub_member audit_members[] = {
    {HUB_MEMBER("seq", INT, HUB_M_REQUIRED, HUB_N("its place"))},
    {HUB_MEMBER("at", TIME, HUB_M_REQUIRED, HUB_N("when"))},
    {HUB_MEMBER("actor", TEXT, HUB_M_REQUIRED, HUB_N("who"), .max = TEXT_MOST)},
    {HUB_MEMBER("action", TEXT, HUB_M_REQUIRED, HUB_N("did what"), .max = TEXT_MOST)},
    {HUB_MEMBER("object", TEXT, HUB_M_REQUIRED, HUB_N("with what"), .max = TEXT_MOST)},
    {HUB_MEMBER("detail", JSON, 0, HUB_N("names and counts"), .max = JSON_MOST)},
    {.name = NULL},
};
static const struct hub_member audit_query[] = {
    {HUB_MEMBER("action", TEXT, 0, HUB_N("only such entries"), .max = 64)},
    {.name = NULL},
};

static int64_t ms(int64_t seconds)
{
	return seconds * 1000;
}

static void say_json(struct hub_call *c, const char *name, struct hub_str json)
{
	const struct hub_val v = {.type = HUB_VAL_TEXT, .s = json};

	if (json.len)
		hub_call_say(c, name, &v);
}

/* --- runs ---------------------------------------------------------------------------------------- */

#define RUN                                                                                      \
	"SELECT r.id, r.kind, f.name, r.state, r.begun_at, r.ended_at, r.counts FROM run r LEFT" \
	" JOIN feed f ON f.id = r.feed_id"

static void say_run(struct hub_call *c, struct hub_query *q)
{
	const int64_t state = hub_db_int(q, 3);

	hub_call_number(c, "run", hub_db_int(q, 0));
	hub_call_text(c, "kind", hub_db_str(q, 1));
	hub_call_text(c, "feed", hub_db_str(q, 2));
	hub_call_text(c, "state", hub_str_of(states[state > 0 && state < 6 ? state : 0]));
	hub_call_time(c, "begun", ms(hub_db_int(q, 4)));
	hub_call_time(c, "ended", ms(hub_db_int(q, 5)));
	say_json(c, "counts", hub_db_str(q, 6));
}

static int get_runs(void *self, struct hub_call *c, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_page page;
	int rc = hub_page_begin(&page, c, INT64_MAX, err);

	(void)self;
	if (!rc)
		rc = hub_db_query(hub_call_db(c), &q, err,
				  RUN " WHERE r.id < ? ORDER BY r.id DESC LIMIT ?", "ii", page.from,
				  (int64_t)c->limit + 1);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if (!hub_page_next(&page, c, hub_db_int(q, 0)))
			return HUB_OK;
		hub_call_open(c, NULL, 0);
		say_run(c, q);
		hub_call_close(c);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int say_rejects(struct hub_call *c, int64_t run, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_call_db(c), &q, err,
			      "SELECT code, count(*), count(CASE WHEN status = 0 THEN 1 END)"
			      " FROM reject WHERE run_id = ? GROUP BY code ORDER BY code",
			      "i", run);

	hub_call_open(c, "rejects", 1);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		hub_call_open(c, NULL, 0);
		hub_call_text(c, "code", hub_db_str(q, 0));
		hub_call_number(c, "count", hub_db_int(q, 1));
		hub_call_number(c, "open", hub_db_int(q, 2));
		hub_call_close(c);
	}
	hub_call_close(c);
	return rc == HUB_END ? HUB_OK : rc;
}

static int get_run(void *self, struct hub_call *c, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t run;
	int rc;

	(void)self;
	if (hub_parse_i64(c->var[0], 1, INT64_MAX, &run))
		return hub_views_refuse(c, HUB_END, err);
	rc = hub_db_query(hub_call_db(c), &q, err, RUN " WHERE r.id = ?", "i", run);
	if (rc || (rc = hub_db_next(q, err)))
		return hub_views_refuse(c, rc, err);
	say_run(c, q);
	return say_rejects(c, run, err);
}

/* --- its report, as the command prints it -------------------------------------------------------- */

static const char *const forms[] = {"text", "csv", "html", NULL}; /* enum hub_report_form */
static const char *const types[] = {"text/plain; charset=utf-8", "text/csv; charset=utf-8",
				    "text/html; charset=utf-8"};
static const struct hub_member report_query[] = {
    {HUB_MEMBER("as", WORD, 0, HUB_N("in which form; text"), .words = forms)},
    {.name = NULL},
};

static int get_report(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_http_reply *r = hub_call_reply(c);
	const int form = c->query[0].type == HUB_VAL_TEXT ? hub_report_form(c->query[0].s) : 0;
	struct hub_run_sheet sheet = {.form = (enum hub_report_form)form};

	(void)self;
	if (hub_parse_i64(c->var[0], 1, INT64_MAX, &sheet.run))
		return hub_views_refuse(c, HUB_END, err);
	const int rc =
	    hub_run_sheet_write(hub_call_arena(c), hub_call_store(c), &sheet, &r->body, err);
	if (rc)
		return rc == HUB_USAGE ? hub_views_refuse(c, HUB_END, err) : rc;
	r->type = types[form];
	return hub_call_audit(c, "report-read", c->var[0], HUB_STR("{}"), err);
}

/* --- the log -------------------------------------------------------------------------------------- */

static int get_audit(void *self, struct hub_call *c, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str action =
	    c->query[0].type == HUB_VAL_TEXT ? c->query[0].s : HUB_STR("");
	struct hub_page page;
	int rc = hub_page_begin(&page, c, INT64_MAX, err);

	(void)self;
	if (!rc)
		rc = hub_db_query(hub_call_db(c), &q, err,
				  "SELECT seq, at, actor, action, object, detail FROM audit WHERE"
				  " seq < ? AND (? = '' OR action = ?) ORDER BY seq DESC LIMIT ?",
				  "itti", page.from, action, action, (int64_t)c->limit + 1);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if (!hub_page_next(&page, c, hub_db_int(q, 0)))
			break;
		hub_call_open(c, NULL, 0);
		hub_call_number(c, "seq", page.from);
		hub_call_time(c, "at", ms(hub_db_int(q, 1)));
		hub_call_text(c, "actor", hub_db_str(q, 2));
		hub_call_text(c, "action", hub_db_str(q, 3));
		hub_call_text(c, "object", hub_db_str(q, 4));
		say_json(c, "detail", hub_db_str(q, 5));
		hub_call_close(c);
	}
	if (rc < 0)
		return rc;
	return hub_call_audit(c, "audit-read", action, HUB_STR("{}"), err);
}

static const struct hub_route routes[] = {
    {"GET", "/runs", "runs.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, NULL, NULL, run_members,
     HUB_N("runs, the newest first"), get_runs},
    {"GET", "/runs/{run}", "runs.read", 0, NULL, NULL, run_members,
     HUB_N("a run, with its rejects by reason"), get_run},
    {"GET", "/runs/{run}/report", "runs.read", HUB_ROUTE_RAW, report_query, NULL, NULL,
     HUB_N("its count sheet, for the person who signs"), get_report},
    {"GET", "/audit", "audit.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, audit_query, NULL,
     audit_members, HUB_N("the audit log, the newest first"), get_audit},
};

const struct hub_api_table hub_site_table = {
    .base = "/v1", .tag = "runs", .route = routes, .n = HUB_COUNT(routes)};
