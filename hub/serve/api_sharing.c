/* /v1/cases/{case}/sharing: what agencies would see of the client on a day, class by class, and why: the gate's own
 * answers, as `tsunagi consent simulate` prints them. For cases that the caller sees. */
#include "base/clock.h"
#include "release/people.h"
#include "release/simulate.h"
#include "serve/views.h"

enum { FEED_DAYS = 7, NAME_MOST = 64, ROWS_MOST = 10000 };

static const char *const decisions[] = {"as_is", "masked", "withheld", NULL};

static const struct hub_member query[] = {
    {HUB_MEMBER("as", TEXT, 0,
		HUB_N("the agency; all that have an approved profile when it is not said"),
		.max = NAME_MOST)},
    {HUB_MEMBER("on", DATE, 0, HUB_N("the day; today when it is not said"))},
    {HUB_MEMBER("known", DATE, 0,
		HUB_N("what the hub knew at the end of that day; now when it is not said"))},
    {HUB_MEMBER("meeting", TEXT, 0, HUB_N("number of the meeting that it is for"),
		.max = NAME_MOST)},
    {.name = NULL},
};
static const struct hub_member row[] = {
    {HUB_MEMBER("recipient", TEXT, HUB_M_REQUIRED, HUB_N("who would see it"))},
    {HUB_MEMBER("profile", TEXT, HUB_M_REQUIRED, HUB_N("its file; empty when it had none"))},
    {HUB_MEMBER("purpose", TEXT, HUB_M_REQUIRED, HUB_N("its code"))},
    {HUB_MEMBER("class", TEXT, HUB_M_REQUIRED, HUB_N("privacy class of the fields"))},
    {HUB_MEMBER("reveals_address", BOOL, HUB_M_REQUIRED,
		HUB_N("those of them that reveal an address"))},
    {HUB_MEMBER("decision", WORD, HUB_M_REQUIRED, HUB_N("how they are shown"), .words = decisions)},
    {HUB_MEMBER("confirm", BOOL, HUB_M_REQUIRED, HUB_N("somebody has to confirm it first"))},
    {HUB_MEMBER("reason", TEXT, HUB_M_REQUIRED, HUB_N("why, stable"))},
    {HUB_MEMBER("meaning", TEXT, HUB_M_REQUIRED, HUB_N("why, for people"))},
    {.name = NULL},
};
static const struct hub_member reply[] = {
    {HUB_MEMBER("items", OBJECT, HUB_M_REQUIRED | HUB_M_LIST,
		HUB_N("a line for each class of each recipient"), .of = row, .most = ROWS_MOST)},
    {HUB_MEMBER("not_kept", TEXT, HUB_M_REQUIRED | HUB_M_LIST,
		HUB_N("with known: what of that time is not kept; the answers are without it"))},
    {.name = NULL},
};

static void say_row(struct hub_call *c, const struct hub_simulated *s)
{
	const enum hub_decision d = s->answer.decision;

	hub_call_open(c, NULL, 0);
	hub_call_text(c, "recipient", s->recipient);
	hub_call_text(c, "profile", s->profile.ptr ? s->profile : HUB_STR(""));
	hub_call_text(c, "purpose", s->purpose);
	hub_call_text(c, "class", hub_str_of(hub_fclass_name(s->pclass)));
	hub_call_truth(c, "reveals_address", s->reveals);
	hub_call_text(c, "decision",
		      hub_str_of(decisions[d == HUB_ALLOW  ? 0
					   : d == HUB_MASK ? 1
							   : 2]));
	hub_call_truth(c, "confirm", s->answer.confirm);
	hub_call_text(c, "reason", hub_str_of(hub_reason_name(s->answer.reason)));
	hub_call_text(c, "meaning", hub_str_of(hub_tr(hub_reason_text(s->answer.reason))));
	hub_call_close(c);
}

static int say_all(struct hub_call *c, const struct hub_simulation *m, struct hub_err *err)
{
	hub_call_open(c, "items", 1);
	for (uint32_t i = 0; i < m->n; i++)
		say_row(c, &m->row[i]);
	hub_call_close(c);
	hub_call_open(c, "not_kept", 1);
	for (uint32_t i = 0; i < m->n_gaps; i++) {
		const char *line = hub_simulate_gap(hub_call_arena(c), &m->gap[i]);
		if (!line)
			return hub_fail_mem(err);
		hub_call_text(c, NULL, hub_str_of(line));
	}
	hub_call_close(c);
	return HUB_OK;
}

/* The client of a case that the caller sees. number: of the case, for the log. */
static int find_client(struct hub_views *v, struct hub_call *c, int64_t *person,
		       struct hub_str *number, struct hub_err *err)
{
	struct hub_windows *w;
	int rc = hub_views_of(v, hub_call_store(c), &w, err);

	if (!rc)
		rc = hub_window_number(w, hub_call_arena(c), c->who.agency, c->var[0], number, err);
	if (!rc)
		rc = hub_db_one(hub_call_db(c), person, err,
				"SELECT coalesce(max(person_id), 0) FROM cc_case WHERE case_no = ?",
				"t", *number);
	return rc || !*person ? hub_views_refuse(c, rc ? rc : HUB_END, err) : HUB_OK;
}

static int get_sharing(void *self, struct hub_call *c, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf detail;
	struct hub_simulate_ask ask = {.agency = hub_val_text(&c->query[0]),
				       .meeting = hub_val_text(&c->query[3]),
				       .day = c->today,
				       .feed_days = FEED_DAYS,
				       .grounds = hub_views_grounds(self)};
	struct hub_simulation m;
	struct hub_str number;
	int32_t known;
	int rc;

	hub_buf_init(&detail, 1 << 10);
	if ((rc = find_client(self, c, &ask.person, &number, err)))
		return rc;
	if (!ask.agency.len)
		ask.agency = HUB_STR("*");
	if (c->query[1].type == HUB_VAL_TEXT) /* a day already, by the description */
		hub_day_parse(c->query[1].s, &ask.day);
	if (c->query[2].type == HUB_VAL_TEXT && hub_day_parse(c->query[2].s, &known) == 0)
		ask.known = hub_day_start((int64_t)known + 1) - 1; /* its last second */
	rc = hub_simulate(hub_call_arena(c), hub_call_store(c), &ask, &m, err);
	if (rc)
		return hub_views_refuse(c, rc, err);
	if ((rc = say_all(c, &m, err)))
		return rc;
	hub_buf_putc(&detail, '{');
	hub_json_field(&detail, "as", ask.agency);
	hub_buf_putc(&detail, '}');
	return hub_call_audit(c, "consent-simulate", number, hub_buf_text(&detail), err);
}

static const struct hub_route routes[] = {
    {"GET", "/cases/{case}/sharing", "consents.read", 0, query, NULL, reply,
     HUB_N("what agencies would see of the client on a day, and why"), get_sharing},
};

const struct hub_api_table hub_sharing_table = {
    .base = "/v1", .tag = "records", .route = routes, .n = HUB_COUNT(routes), .records = 1};
