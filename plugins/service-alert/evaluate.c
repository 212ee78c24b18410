/* Rules against facts, when a day begins and when something happened; and who is told. */
#include "alert.h"
#include "plain.h"

#include "deskday.h"

#include <stdio.h>
#include <string.h>

/* STEPS: at most so many in one transaction, for everybody who wants to write waits for its end */
enum { PEOPLE_MOST = 500, STEPS = 20, OF_ASSIGNEE = 1, OF_AGENCY, OF_ROLE, OF_ESCALATION };

struct evaluation {
	struct alert *a;
	struct hub_call *call;
	struct hub_err *err;
	const struct rule_row *rule; /* active ones */
	uint32_t rules, steps;
	struct calendar calendar;
};

/* Who is told about one alert, each once. */
struct people {
	const struct hub_colleague *who[PEOPLE_MOST];
	uint8_t why[PEOPLE_MOST];
	uint32_t n;
};

static int working(void *arg, int32_t day)
{
	const struct alert *const a = ((const void *const *)arg)[0];
	struct hub_call *const c = ((void *const *)arg)[1];

	return a->desk->working_day(c, day);
}

struct calendar alert_calendar(struct alert *a, struct hub_call *c)
{
	void **pair = a->desk->working_day ? a->desk->alloc(c, 2 * sizeof *pair) : NULL;

	if (!pair)
		return (struct calendar){NULL, NULL};
	pair[0] = a;
	pair[1] = c;
	return (struct calendar){working, pair};
}

/* --- whom -------------------------------------------------------------------------------------------- */

static void add_person(struct people *p, const struct hub_colleague *who, uint8_t why)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->who[i]->id == who->id)
			return;
	if (p->n == PEOPLE_MOST)
		return;
	p->why[p->n] = why;
	p->who[p->n++] = who;
}

/* An agency that may see nothing of the case hears nothing of it. */
static int may_hear(const struct evaluation *e, const struct fact *f, struct hub_str agency)
{
	return !f->case_no.len ||
	       e->a->desk->sees_case(e->call, agency, f->case_no, e->err) == HUB_OK;
}

static int holds_role(const struct hub_colleague *who, struct hub_str role)
{
	for (uint32_t i = 0; i < who->roles; i++)
		if (str_same(who->role[i], role))
			return 1;
	return 0;
}

static int add_role(const struct evaluation *e, const struct fact *f, struct hub_str role,
		    uint8_t why, struct people *p)
{
	const struct hub_colleague *all;
	uint32_t n;
	int rc = role.len
		     ? e->a->desk->accounts(e->call, (struct hub_str){NULL, 0}, &all, &n, e->err)
		     : HUB_END;

	for (uint32_t i = 0; !rc && i < n; i++)
		if (holds_role(&all[i], role) && may_hear(e, f, all[i].agency))
			add_person(p, &all[i], why);
	return rc == HUB_END ? HUB_OK : rc;
}

/* The assignee of the task or of the case; the agency when there is none, or always. */
static int add_responsible(const struct evaluation *e, const struct fact *f,
			   const struct rule_row *r, struct people *p)
{
	const struct hub_colleague *of;
	uint32_t n = 0;
	int rc = HUB_OK;

	if (r->tell_assignee && f->account) {
		rc = e->a->desk->account(e->call, f->account, &of, e->err);
		if (!rc && may_hear(e, f, of->agency))
			add_person(p, of, OF_ASSIGNEE);
	}
	if (rc == HUB_END)
		rc = HUB_OK;
	if (rc || !f->agency.len || !may_hear(e, f, f->agency))
		return rc;
	if ((rc = e->a->desk->accounts(e->call, f->agency, &of, &n, e->err)))
		return rc == HUB_END ? HUB_OK : rc;
	for (uint32_t i = 0; i < n && r->tell_assignee && f->staff.len; i++)
		if (str_same(of[i].staff, f->staff))
			add_person(p, &of[i], OF_ASSIGNEE);
	const uint32_t assigned = p->n;
	for (uint32_t i = 0; i < n; i++)
		if (r->tell_agency == 2 || (r->tell_agency == 1 && !assigned))
			add_person(p, &of[i], OF_AGENCY);
	return HUB_OK;
}

/* --- telling them ------------------------------------------------------------------------------------ */

static int tell_hook(const struct evaluation *e, const struct alert_step *s, int64_t id,
		     const char *what, int64_t at)
{
	char *body = e->a->desk->alloc(e->call, 256), day[11];

	if (!body)
		return NO_MEMORY(e->a->host, e->err);
	desk_day_write(s->fact->day, day);
	const int n = snprintf(body, 256,
			       "{\"event\":\"%s\",\"alert\":%lld,\"rule\":%lld,\"kind\":\"%s\","
			       "\"day\":\"%s\"}",
			       what, (long long)id, (long long)s->rule->id,
			       alert_kind_word[s->rule->kind], day);
	return alert_queue_hook(e->a, e->call, (struct hub_str){body, (size_t)n}, at, e->err);
}

static int tell(const struct evaluation *e, const struct alert_step *s, const struct rule_row *r,
		int64_t id, const char *what, const struct people *p)
{
	const int64_t at = alert_send_at(&r->sending, e->call->now, &e->calendar);
	int64_t mail_at = at + e->a->conf->mail_wait, *account;
	char data[80];
	int rc = HUB_OK;

	if (e->a->digest_minute >= 0)
		mail_at =
		    alert_digest_at(&r->sending, e->a->digest_minute, e->call->now, &e->calendar);
	account = e->a->desk->alloc(e->call, (p->n + 1) * sizeof *account);
	if (!account)
		return NO_MEMORY(e->a->host, e->err);
	for (uint32_t i = 0; i < p->n && !rc; i++) {
		account[i] = p->who[i]->id;
		rc = SQL(e->a, e->call, SQL_TOLD_INSERT, NULL, e->err, v_int(account[i]), v_int(id),
			 v_int(p->why[i]));
		if (!rc && r->mail && e->a->conf->smtp_url.len && p->who[i]->mail.len)
			rc = alert_queue_mail(e->a, e->call, account[i], mail_at, e->err);
	}
	if (!rc && r->hook && s->act != ALERT_TELL && e->a->conf->hook_url.len)
		rc = tell_hook(e, s, id, what, at);
	if (rc || !p->n)
		return rc;
	const int n = snprintf(data, sizeof data, "{\"alert\":%lld,\"kind\":\"%s\"}", (long long)id,
			       alert_kind_word[s->rule->kind]);
	return e->a->desk->push(e->call, account, p->n, what, (struct hub_str){data, (size_t)n},
				e->err);
}

/* --- steps ------------------------------------------------------------------------------------------- */

/* A new one, or one that was settled and holds again. *fresh: somebody is to be told. */
static int put_alert(const struct evaluation *e, const struct alert_step *s, int64_t *id,
		     int *fresh)
{
	const struct fact *f = s->fact;
	struct hub_result t = {0};
	int rc =
	    SQL(e->a, e->call, SQL_ALERT_INSERT, &t, e->err, v_int(s->rule->id),
		v_text(s_of(alert_kind_word[f->kind])), v_text(f->subject), v_int(f->day),
		v_said(f->case_no), v_said(f->about), v_int(e->call->today), v_int(e->call->now));

	*fresh = !rc && t.rows == 1;
	if (*fresh)
		*id = r_int(&t, 0, 0);
	if (rc || *fresh)
		return rc;
	rc = SQL(e->a, e->call, SQL_ALERT_FIND, &t, e->err, v_int(s->rule->id), v_text(f->subject),
		 v_int(f->day));
	return rc || !t.rows
		   ? rc
		   : SQL(e->a, e->call, SQL_ALERT_REOPEN, NULL, e->err, v_int(r_int(&t, 0, 0)));
}

static int take_step(const struct evaluation *e, const struct alert_step *s)
{
	struct people *p = e->a->desk->alloc(e->call, sizeof *p);
	const struct rule_row *r = NULL;
	int64_t id = s->standing ? s->standing->id : 0;
	int fresh = 1, rc = HUB_OK;

	if (!p)
		return NO_MEMORY(e->a->host, e->err);
	if (s->act == ALERT_SETTLE)
		return SQL(e->a, e->call, SQL_ALERT_SETTLE, NULL, e->err, v_int(e->call->now),
			   v_int(id));
	for (uint32_t i = 0; i < e->rules; i++)
		if (e->rule[i].r.id == s->rule->id)
			r = &e->rule[i];
	if (s->act == ALERT_RAISE || s->act == ALERT_TELL) {
		if ((s->act == ALERT_RAISE && (rc = put_alert(e, s, &id, &fresh))) || !fresh ||
		    (rc = add_responsible(e, s->fact, r, p)) ||
		    (rc = add_role(e, s->fact, r->tell_role, OF_ROLE, p)))
			return rc;
		return tell(e, s, r, id, "raised", p);
	}
	if (s->act == ALERT_WAKE) {
		rc = SQL(e->a, e->call, SQL_ALERT_WOKEN, NULL, e->err, v_int(id));
		if (!rc)
			rc = add_responsible(e, s->fact, r, p);
		return rc ? rc : tell(e, s, r, id, "woken", p);
	}
	/* with nobody to hear it, it is tried again with the next day */
	if ((rc = add_role(e, s->fact, r->escalate_role, OF_ESCALATION, p)) || !p->n ||
	    (rc = SQL(e->a, e->call, SQL_ALERT_ESCALATED, NULL, e->err, v_int(id))))
		return rc;
	return tell(e, s, r, id, "escalated", p);
}

/* Each step is whole by itself: what is done again after a crash finds it done. */
static int take_next(void *arg, const struct alert_step *s)
{
	struct evaluation *e = arg;
	const int rc = take_step(e, s);

	return rc || ++e->steps % STEPS ? rc : e->a->desk->keep(e->call, e->err);
}

/* --- once a day, and when something happened ----------------------------------------------------------- */

static int read_standing(struct evaluation *e, struct alert_world *w)
{
	struct hub_result t = {0};
	int64_t after = 0;
	int rc;

	do {
		if ((rc = SQL(e->a, e->call, SQL_ALERTS_STANDING, &t, e->err, v_int(after))))
			return rc;
		struct standing *all =
		    e->a->desk->alloc(e->call, (w->standings + t.rows + 1) * sizeof *all);
		if (!all)
			return NO_MEMORY(e->a->host, e->err);
		if (w->standings)
			memcpy(all, w->standing, w->standings * sizeof *all);
		w->standing = all;
		for (uint32_t i = 0; i < t.rows; i++)
			w->standing[w->standings++] =
			    (struct standing){.id = after = r_int(&t, i, 0),
					      .rule = r_int(&t, i, 1),
					      .subject = r_text(&t, i, 2),
					      .day = (int32_t)r_int(&t, i, 3),
					      .raised = (int32_t)r_int(&t, i, 4),
					      .snoozed_until = (int32_t)r_int(&t, i, 5),
					      .answered = r_int(&t, i, 6) == 2,
					      .escalated = r_int(&t, i, 7) != 0,
					      .untold = r_int(&t, i, 8) == 0};
	} while (t.rows);
	return HUB_OK;
}

static int evaluate(struct evaluation *e)
{
	struct alert_world w = {.today = e->call->today, .calendar = e->calendar};
	struct rule_row *row;
	struct rule *rule;
	int rc = alert_rules_read(e->a, e->call, &row, &e->rules, e->err);

	/* all records are looked at outside of a transaction */
	if (!rc)
		rc = e->a->desk->keep(e->call, e->err);
	if (rc || (rc = alert_facts_read(e->a, e->call, &w.fact, &w.facts, e->err)) ||
	    (rc = read_standing(e, &w)))
		return rc;
	rule = e->a->desk->alloc(e->call, (e->rules + 1) * sizeof *rule);
	if (!rule)
		return NO_MEMORY(e->a->host, e->err);
	for (uint32_t i = 0; i < e->rules; i++)
		rule[i] = row[i].r;
	e->rule = row;
	w.rule = rule;
	w.rules = e->rules;
	return alert_plan(&w, take_next, e);
}

int alert_tick_evaluate(void *self, struct hub_call *c, struct hub_err *err)
{
	struct evaluation e = {.a = self, .call = c, .err = err};
	struct hub_result t = {0};
	int rc = SQL0(e.a, c, SQL_STATE_GET, &t, err);

	if (rc || !t.rows || (r_int(&t, 0, 0) == c->today && r_int(&t, 0, 1) == r_int(&t, 0, 2)))
		return rc;
	const int64_t seen = r_int(&t, 0, 1);
	e.calendar = alert_calendar(e.a, c);
	if ((rc = SQL(e.a, c, SQL_EVENT_FORGET, NULL, err, v_int(c->today - ALERT_DAYS_MOST),
		      v_text(s_of(alert_kind_word[ALERT_SYNC_FAILED])),
		      v_text(s_of(alert_kind_word[ALERT_SYNC_OVERDUE])))) ||
	    (rc = evaluate(&e)))
		return rc;
	return SQL(e.a, c, SQL_STATE_DONE, NULL, err, v_int(c->today), v_int(seen));
}

/* About a job, not a case: true until another event says that it is over. */
static int is_of_job(uint32_t kind)
{
	return kind == ALERT_SYNC_FAILED || kind == ALERT_SYNC_OVERDUE;
}

/* What the event is about, within its kind: a death in a case is not a moving. */
static int event_subject(struct alert *a, struct hub_call *c, const struct hub_event *ev,
			 uint32_t kind, struct hub_str *out, struct hub_err *err)
{
	*out = is_of_job(kind) ? ev->name : ev->case_no;
	if (kind != ALERT_RESIDENT || !ev->case_no.len || !ev->name.len)
		return HUB_OK;
	const size_t n = ev->case_no.len + 1 + ev->name.len;
	char *both = a->desk->alloc(c, n);
	if (!both)
		return NO_MEMORY(a->host, err);
	memcpy(both, ev->case_no.ptr, ev->case_no.len);
	both[ev->case_no.len] = '/';
	memcpy(both + ev->case_no.len + 1, ev->name.ptr, ev->name.len);
	*out = (struct hub_str){both, n};
	return HUB_OK;
}

static int keep_event(struct alert *a, struct hub_call *c, const struct hub_event *ev,
		      uint32_t kind, struct hub_err *err)
{
	const struct hub_str word = s_of(alert_kind_word[kind]);
	const int32_t day = (int32_t)((ev->at / 1000 + 9 * 3600) / 86400);
	struct hub_result t = {0};
	struct hub_str subject;
	int rc = event_subject(a, c, ev, kind, &subject, err);

	if (rc || !subject.len)
		return rc;
	/* one failure after another is one fact, until a run goes well */
	if (is_of_job(kind) &&
	    ((rc = SQL(a, c, SQL_EVENT_FIND, &t, err, v_text(word), v_text(subject))) || t.rows))
		return rc;
	return SQL(a, c, SQL_EVENT_INSERT, NULL, err, v_text(word), v_text(subject), v_int(day),
		   v_said(ev->case_no), v_said(ev->name));
}

static int forget_job(struct alert *a, struct hub_call *c, const struct hub_event *ev,
		      uint32_t kind, struct hub_err *err)
{
	return ev->name.len ? SQL(a, c, SQL_EVENT_CLEAR, NULL, err,
				  v_text(s_of(alert_kind_word[kind])), v_text(ev->name))
			    : HUB_OK;
}

/* What an event says becomes a fact of its day; the next tick looks at it. */
int alert_event(void *self, struct hub_call *c, const struct hub_event *ev, struct hub_err *err)
{
	struct alert *a = self;
	int rc = HUB_OK;

	if (ev->type == HUB_EVENT_RUN)
		rc = forget_job(a, c, ev, ALERT_SYNC_FAILED, err);
	else if (ev->type == HUB_EVENT_ARRIVED)
		rc = forget_job(a, c, ev, ALERT_SYNC_OVERDUE, err);
	else if (ev->type == HUB_EVENT_RESIDENT)
		rc = keep_event(a, c, ev, ALERT_RESIDENT, err);
	else if (ev->type == HUB_EVENT_PROTECTION)
		rc = keep_event(a, c, ev, ALERT_PROTECTION, err);
	else if (ev->type == HUB_EVENT_RUN_FAILED)
		rc = keep_event(a, c, ev, ALERT_SYNC_FAILED, err);
	else if (ev->type == HUB_EVENT_OVERDUE)
		rc = keep_event(a, c, ev, ALERT_SYNC_OVERDUE, err);
	return rc ? rc : SQL0(a, c, SQL_STATE_DIRTY, NULL, err);
}
