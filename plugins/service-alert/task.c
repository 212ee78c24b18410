/* Tasks. Who sees the case sees that there is one, until when and whose; its text is for the author's agency, and for
 * the assignee's as the gate let it go there when it was written. */
#include "alert.h"

#include "deskday.h"

#include <stdio.h>

/* Columns of a task (tables.c), and members of a body (routes.c). */
enum col {
	C_ID,
	C_CASE,
	C_CONTENT,
	C_DUE,
	C_REPEAT,
	C_ANCHOR,
	C_ACCOUNT,
	C_AGENCY,
	C_AUTHOR,
	C_AUTHOR_AGENCY,
	C_STATE,
	C_AT,
	C_DONE_AT,
	C_FOLLOWS,
	C_VERSION,
	C_GIVEN
};
enum { B_CONTENT, B_DUE, B_REPEAT, B_ACCOUNT, B_AGENCY, B_CASE };
enum { OPEN = 1, DONE = 2 };

/* What is written of a task. */
struct draft {
	struct hub_str case_no, content, agency, given; /* given: ptr NULL, as content */
	struct hub_val due, account;
	int64_t repeat, anchor;
};

/* --- reading --------------------------------------------------------------------------------------- */

static const struct hub_val *row_of(const struct hub_result *t, uint32_t i)
{
	return &t->val[(size_t)i * t->cols];
}

static int is_ours(const struct hub_call *c, const struct hub_val *row)
{
	return str_same(row[C_AUTHOR_AGENCY].s, c->who.agency);
}

static int is_for_us(const struct hub_call *c, const struct hub_val *row)
{
	return row[C_ACCOUNT].i == c->who.account || str_same(row[C_AGENCY].s, c->who.agency);
}

static int sees(struct alert *a, struct hub_call *c, const struct hub_val *row, struct hub_err *err)
{
	if (row[C_CASE].s.len)
		return a->desk->sees_case(c, c->who.agency, row[C_CASE].s, err);
	return is_ours(c, row) || is_for_us(c, row) ? HUB_OK : HUB_END;
}

/* The text as the asker may read it; ptr NULL: not at all. */
static struct hub_str readable(const struct hub_call *c, const struct hub_val *row)
{
	if (is_ours(c, row))
		return row[C_CONTENT].s;
	return is_for_us(c, row) ? row[C_GIVEN].s : (struct hub_str){NULL, 0};
}

static void say_task(struct alert *a, struct hub_call *c, const struct hub_val *row)
{
	const struct hub_desk *d = a->desk;

	d->number(c, "id", row[C_ID].i);
	d->text(c, "case_no", row[C_CASE].s);
	const struct hub_str content = readable(c, row);
	d->text(c, "content", content.ptr ? d->readable(c, content) : content);
	alert_say_day(a, c, "due", &row[C_DUE]);
	d->text(c, "repeat", s_of(alert_repeat_word[row[C_REPEAT].i]));
	d->say(c, "account", &row[C_ACCOUNT]);
	d->text(c, "agency", row[C_AGENCY].s);
	d->text(c, "state", s_of(row[C_STATE].i == OPEN ? "open" : "done"));
	d->truth(c, "overdue",
		 row[C_STATE].i == OPEN && is_there(&row[C_DUE]) && row[C_DUE].i < c->today);
	d->time(c, "made_at", row[C_AT].i);
	d->time(c, "done_at", row[C_DONE_AT].i);
	d->say(c, "follows", &row[C_FOLLOWS]);
}

int alert_task_list(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	const struct hub_str case_no = c->query[0].s;
	const int64_t upto = is_there(&c->query[1]) && c->query[1].i ? DONE : OPEN;
	int64_t after = 0;
	int rc;

	if (c->after.len && alert_number_read(c->after, &after))
		return alert_no_page(a, c, err);
	if (is_there(&c->query[0])) {
		rc = a->desk->sees_case(c, c->who.agency, case_no, err);
		if (rc == HUB_END)
			return a->desk->refuse(c, 404, err, "no-case", "there is no such case");
		if (!rc)
			rc = SQL(a, c, SQL_TASKS_OF_CASE, &t, err, v_text(case_no), v_int(after),
				 v_int(upto), v_int(c->limit));
	} else {
		rc =
		    SQL(a, c, SQL_TASKS_MINE, &t, err, v_int(c->who.account), v_text(c->who.agency),
			v_int(c->who.account), v_int(after), v_int(upto), v_int(c->limit));
	}
	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		rc = sees(a, c, row_of(&t, i), err);
		if (rc == HUB_END) {
			rc = HUB_OK;
			continue;
		}
		if (rc)
			break;
		a->desk->open(c, NULL, 0);
		say_task(a, c, row_of(&t, i));
		a->desk->close(c);
	}
	if (!rc && t.rows == c->limit)
		alert_next_page(a, c, r_int(&t, t.rows - 1, C_ID));
	return rc;
}

/* The task of the path, if the asker may know of it. change: also if it may change it. */
static int find(struct alert *a, struct hub_call *c, int change, struct hub_result *t,
		struct hub_err *err)
{
	int64_t id;

	if (!alert_number_read(c->var[0], &id)) {
		int rc = SQL(a, c, SQL_TASK_GET, t, err, v_int(id));
		if (!rc && t->rows)
			rc = sees(a, c, row_of(t, 0), err);
		if (rc && rc != HUB_END)
			return rc;
		if (t->rows && !rc && change && !is_ours(c, row_of(t, 0)) &&
		    !is_for_us(c, row_of(t, 0)))
			return a->desk->refuse(c, 403, err, "not-yours",
					       "the task belongs to another agency");
		if (t->rows && !rc)
			return HUB_OK;
	}
	return a->desk->refuse(c, 404, err, "no-task", "there is no such task");
}

int alert_task_get(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int rc = find(a, c, 0, &t, err);

	if (rc || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc == HUB_END ? HUB_OK : rc;
	say_task(a, c, row_of(&t, 0));
	return HUB_OK;
}

int alert_task_history(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int64_t after = 0;
	int rc = find(a, c, 0, &t, err);

	if (!rc && c->after.len && alert_number_read(c->after, &after))
		return alert_no_page(a, c, err);
	if (!rc)
		rc = SQL(a, c, SQL_TASK_HISTORY, &t, err, v_int(r_int(&t, 0, C_ID)), v_int(after),
			 v_int(c->limit));
	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		const struct hub_val *row = row_of(&t, i);
		a->desk->open(c, NULL, 0);
		a->desk->time(c, "at", row[1].i);
		a->desk->number(c, "account", row[2].i);
		a->desk->text(c, "what", row[3].s);
		alert_say_day(a, c, "due", &row[4]);
		a->desk->say(c, "to_account", &row[5]);
		a->desk->text(c, "to_agency", row[6].s);
		a->desk->close(c);
	}
	if (!rc && t.rows == c->limit)
		alert_next_page(a, c, r_int(&t, t.rows - 1, 0));
	return rc;
}

/* --- writing --------------------------------------------------------------------------------------- */

/* Whom it is for: an account (its agency with it), an agency, or the author. Whoever it is must see the case. */
static int assign(struct alert *a, struct hub_call *c, struct draft *d, struct hub_err *err)
{
	const struct hub_val *account = &c->body[B_ACCOUNT], *agency = &c->body[B_AGENCY];
	const struct hub_colleague *who;
	int rc;

	if (is_there(account)) {
		rc = a->desk->account(c, account->i, &who, err);
		if (rc == HUB_END)
			return a->desk->refuse(c, 422, err, "no-account",
					       "there is no such account");
		if (rc)
			return rc;
		d->account = *account;
		d->agency = who->agency;
	} else if (is_there(agency)) {
		d->account = v_null();
		d->agency = agency->s;
	}
	if (!d->case_no.len || str_same(d->agency, c->who.agency))
		return HUB_OK;
	rc = a->desk->sees_case(c, d->agency, d->case_no, err);
	return rc == HUB_END ? a->desk->refuse(c, 422, err, "not-seen",
					       "the assignee's agency may not see the case")
			     : rc;
}

/* What of the text goes to the assignee's agency: what the writer's may send there. */
static int give(struct alert *a, struct hub_call *c, const struct hub_str *author_agency,
		struct draft *d, struct hub_err *err)
{
	const int ours = str_same(*author_agency, c->who.agency);
	const struct hub_outgoing o = {.text = ours || !d->given.ptr ? d->content : d->given,
				       .case_no = d->case_no,
				       .agency = &d->agency,
				       .agencies = 1};
	const struct hub_held *held;
	uint32_t n;

	if (str_same(d->agency, *author_agency)) {
		d->given = (struct hub_str){NULL, 0};
		return HUB_OK;
	}
	if (!ours && str_same(d->agency, c->who.agency))
		return HUB_OK; /* it stays where it is */
	return a->desk->inspect(c, &o, &held, &n, &d->given, err);
}

/* Takes what the body says over what is there. */
static int take(struct alert *a, struct hub_call *c, const struct hub_str *author_agency,
		struct draft *d, struct hub_err *err)
{
	const struct hub_val *b = c->body;
	int32_t day, y = 0;

	if (is_there(&b[B_CONTENT]))
		d->content = b[B_CONTENT].s;
	if (b[B_DUE].type == HUB_VAL_NULL)
		d->due = v_null();
	if (is_there(&b[B_DUE]) && !desk_day_read(b[B_DUE].s, &day)) {
		d->due = v_int(day);
		for (size_t i = 8; i < 10; i++)
			y = y * 10 + (b[B_DUE].s.ptr[i] - '0');
		d->anchor = y;
	}
	for (uint32_t i = 0; is_there(&b[B_REPEAT]) && alert_repeat_word[i]; i++)
		if (str_same(b[B_REPEAT].s, s_of(alert_repeat_word[i])))
			d->repeat = i;
	if (d->repeat != ALERT_ONCE && !is_there(&d->due))
		return a->desk->refuse(c, 422, err, "no-due",
				       "a task that is repeated must have a day it is due");
	const int rc = assign(a, c, d, err);
	return rc ? rc : give(a, c, author_agency, d, err);
}

static int log_task(struct alert *a, struct hub_call *c, int64_t id, const char *verb,
		    const struct draft *d, struct hub_err *err)
{
	return SQL(a, c, SQL_TASK_LOG, NULL, err, v_int(id), v_int(c->now), v_int(c->who.account),
		   v_text(s_of(verb)), d->due, d->account, v_said(d->agency));
}

static int insert(struct alert *a, struct hub_call *c, const struct draft *d,
		  const struct hub_val *author, int64_t follows, int64_t *id, struct hub_err *err)
{
	struct hub_result t = {0};
	const int rc =
	    SQL(a, c, SQL_TASK_INSERT, &t, err, v_said(d->case_no), v_text(d->content), d->due,
		v_int(d->repeat), v_int(d->anchor), d->account, v_said(d->agency), author[0],
		author[1], v_text(d->given), v_int(c->now), v_some(follows));

	*id = !rc && t.rows ? r_int(&t, 0, 0) : 0;
	return rc || !*id ? rc : log_task(a, c, *id, "made", d, err);
}

/* Rules look at it, other modules hear of it, and the one who has it now. */
static int announce(struct alert *a, struct hub_call *c, int64_t id, const char *verb,
		    const struct draft *d, struct hub_err *err)
{
	const struct hub_event ev = {.type = HUB_EVENT_TASK, .case_no = d->case_no, .at = c->now};
	char data[64], note[40], name[24];
	int rc = SQL0(a, c, SQL_STATE_DIRTY, NULL, err);

	alert_note(note, "task", id);
	snprintf(name, sizeof name, "task-%s", verb);
	if (rc || (rc = a->desk->audit(c, name, d->case_no, note, err)) ||
	    (rc = a->desk->tell(c, &ev, err)) || !is_there(&d->account) ||
	    d->account.i == c->who.account)
		return rc;
	snprintf(data, sizeof data, "{\"task\":%lld}", (long long)id);
	return a->desk->push(c, &d->account.i, 1, "task", s_of(data), err);
}

static int say_again(struct alert *a, struct hub_call *c, int64_t id, struct hub_err *err)
{
	struct hub_result t = {0};
	int rc = SQL(a, c, SQL_TASK_GET, &t, err, v_int(id));

	if (rc || !t.rows || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc;
	say_task(a, c, row_of(&t, 0));
	return HUB_OK;
}

int alert_task_add(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct draft d = {.case_no = c->body[B_CASE].s,
			  .agency = c->who.agency,
			  .due = v_null(),
			  .account = v_int(c->who.account),
			  .anchor = 1};
	const struct hub_val author[2] = {v_int(c->who.account), v_text(c->who.agency)};
	int64_t id;
	int rc = d.case_no.len ? a->desk->sees_case(c, c->who.agency, d.case_no, err) : HUB_OK;

	if (rc == HUB_END)
		return a->desk->refuse(c, 404, err, "no-case", "there is no such case");
	if (rc || (rc = take(a, c, &c->who.agency, &d, err)) ||
	    (rc = insert(a, c, &d, author, 0, &id, err)) ||
	    (rc = announce(a, c, id, "made", &d, err)))
		return rc;
	a->desk->status(c, 201);
	return say_again(a, c, id, err);
}

static struct draft draft_of(const struct hub_val *row)
{
	return (struct draft){.case_no = row[C_CASE].s,
			      .content = row[C_CONTENT].s,
			      .agency = row[C_AGENCY].s,
			      .given = row[C_GIVEN].s,
			      .due = row[C_DUE],
			      .account = row[C_ACCOUNT],
			      .repeat = row[C_REPEAT].i,
			      .anchor = row[C_ANCHOR].i};
}

int alert_task_change(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0}, u = {0};
	int rc = find(a, c, 1, &t, err);

	if (rc || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc;
	const struct hub_val *row = row_of(&t, 0);
	struct draft d = draft_of(row);
	if (is_there(&c->body[B_CONTENT]) && !is_ours(c, row))
		return a->desk->refuse(c, 403, err, "not-yours",
				       "the text of a task belongs to its author's agency");
	if ((rc = take(a, c, &row[C_AUTHOR_AGENCY].s, &d, err)) ||
	    (rc = SQL(a, c, SQL_TASK_UPDATE, &u, err, v_text(d.content), d.due, v_int(d.repeat),
		      v_int(d.anchor), d.account, v_said(d.agency), v_text(d.given), row[C_ID],
		      row[C_VERSION])) ||
	    (rc = log_task(a, c, row[C_ID].i, "changed", &d, err)) ||
	    (rc = announce(a, c, row[C_ID].i, "changed", &d, err)))
		return rc;
	return say_again(a, c, row[C_ID].i, err);
}

/* The next one of a series: due on the first day of it that is not over, once for each. */
static int follow(struct alert *a, struct hub_call *c, const struct hub_val *row,
		  struct hub_err *err)
{
	const struct calendar cal = alert_calendar(a, c);
	struct draft d = draft_of(row);
	int32_t due = (int32_t)row[C_DUE].i;
	int64_t id;

	do {
		due = alert_next_due((uint32_t)d.repeat, due, (int32_t)d.anchor, &cal);
	} while (due != INT32_MIN && due < c->today);
	d.due = v_int(due);
	return due == INT32_MIN ? HUB_OK : insert(a, c, &d, &row[C_AUTHOR], row[C_ID].i, &id, err);
}

static int set_state(void *self, struct hub_call *c, int64_t state, struct hub_err *err)
{
	const char *verb = state == DONE ? "done" : "reopened";
	struct alert *a = self;
	struct hub_result t = {0}, u = {0};
	int rc = find(a, c, 1, &t, err);

	if (rc || (rc = a->desk->version(c, r_int(&t, 0, C_VERSION), err)))
		return rc;
	const struct hub_val *row = row_of(&t, 0);
	const struct draft d = draft_of(row);
	rc = SQL(a, c, SQL_TASK_STATE, &u, err, v_int(state),
		 state == DONE ? v_int(c->now) : v_null(), row[C_ID], v_int(state));
	if (!rc && u.changed) { /* a second press of the button does nothing */
		rc = log_task(a, c, row[C_ID].i, verb, &d, err);
		if (!rc && state == DONE && d.repeat != ALERT_ONCE)
			rc = follow(a, c, row, err);
		if (!rc)
			rc = announce(a, c, row[C_ID].i, verb, &d, err);
	}
	return rc ? rc : say_again(a, c, row[C_ID].i, err);
}

int alert_task_done(void *self, struct hub_call *c, struct hub_err *err)
{
	return set_state(self, c, DONE, err);
}

int alert_task_reopen(void *self, struct hub_call *c, struct hub_err *err)
{
	return set_state(self, c, OPEN, err);
}
