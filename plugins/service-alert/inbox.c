/* Alerts of those who were told. An alert about a case that the reader's agency may not see today is not there. */
#include "alert.h"

#include "deskday.h"

#include <stdio.h>

enum col {
	C_ID,
	C_KIND,
	C_LABEL,
	C_CASE,
	C_ABOUT,
	C_DAY,
	C_RAISED_AT,
	C_STATE,
	C_SNOOZED,
	C_ESCALATED,
	C_WHY
};
enum { OPEN = 1, SETTLED = 3, LONGEST_SNOOZE = 60 };

/* HUB_OK, HUB_END when it may not. */
static int may_see(struct alert *a, struct hub_call *c, struct hub_str case_no, struct hub_err *err)
{
	return case_no.len ? a->desk->sees_case(c, c->who.agency, case_no, err) : HUB_OK;
}

static void say_alert(struct alert *a, struct hub_call *c, const struct hub_result *t, uint32_t i)
{
	static const char *const states[] = {"open", "acknowledged", "settled"};
	static const char *const whys[] = {"assignee", "agency", "role", "escalation"};
	const struct hub_desk *d = a->desk;
	const struct hub_val *row = &t->val[(size_t)i * t->cols];
	const int64_t snoozed = row[C_SNOOZED].i;

	d->number(c, "id", row[C_ID].i);
	d->text(c, "kind", row[C_KIND].s);
	d->text(c, "label", row[C_LABEL].s);
	d->text(c, "case_no", row[C_CASE].s);
	d->text(c, "about", row[C_ABOUT].s);
	alert_say_day(a, c, "day", &row[C_DAY]);
	d->time(c, "raised_at", row[C_RAISED_AT].i);
	d->text(c, "state", s_of(states[row[C_STATE].i - 1]));
	alert_say_day(a, c, "snoozed_until",
		      &(struct hub_val){.type = snoozed > c->today ? HUB_VAL_INT : HUB_VAL_NULL,
					.i = snoozed});
	d->truth(c, "escalated", row[C_ESCALATED].i != 0);
	d->text(c, "why", s_of(whys[row[C_WHY].i - 1]));
}

int alert_inbox_list(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int64_t before = INT64_MAX;
	const int all = is_there(&c->query[0]) && c->query[0].i;

	if (c->after.len && alert_number_read(c->after, &before))
		return alert_no_page(a, c, err);
	int rc =
	    SQL(a, c, SQL_ALERTS_MINE, &t, err, v_int(c->who.account), v_int(all ? SETTLED : OPEN),
		v_int(all ? INT32_MAX : c->today), v_int(before), v_int(c->limit));
	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		rc = may_see(a, c, r_text(&t, i, C_CASE), err);
		if (rc == HUB_OK) {
			a->desk->open(c, NULL, 0);
			say_alert(a, c, &t, i);
			a->desk->close(c);
		}
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	if (!rc && t.rows == c->limit)
		alert_next_page(a, c, r_int(&t, t.rows - 1, C_ID));
	return rc;
}

int alert_inbox_count(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int64_t total = 0, of[ALERT_KINDS] = {0};
	int rc = SQL(a, c, SQL_ALERTS_COUNT, &t, err, v_int(c->who.account), v_int(c->today));

	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		const uint32_t kind = alert_kind_of(r_text(&t, i, 0));
		rc = may_see(a, c, r_text(&t, i, 1), err);
		if (rc == HUB_OK && kind < ALERT_KINDS) {
			of[kind] += r_int(&t, i, 2);
			total += r_int(&t, i, 2);
		}
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	if (rc)
		return rc;
	a->desk->number(c, "open", total);
	a->desk->open(c, "kinds", 1);
	for (uint32_t k = 0; k < ALERT_KINDS; k++) {
		if (!of[k])
			continue;
		a->desk->open(c, NULL, 0);
		a->desk->text(c, "kind", s_of(alert_kind_word[k]));
		a->desk->number(c, "open", of[k]);
		a->desk->close(c);
	}
	a->desk->close(c);
	return HUB_OK;
}

/* The alert of the path, if the asker was told of it and may see its case. */
static int find(struct alert *a, struct hub_call *c, struct hub_result *t, struct hub_err *err)
{
	int64_t id;

	if (!alert_number_read(c->var[0], &id)) {
		int rc = SQL(a, c, SQL_ALERT_MINE, t, err, v_int(c->who.account), v_int(id));
		if (!rc && t->rows && (rc = may_see(a, c, r_text(t, 0, C_CASE), err)) == HUB_OK)
			return HUB_OK;
		if (rc && rc != HUB_END)
			return rc;
	}
	return a->desk->refuse(c, 404, err, "no-alert", "there is no such alert");
}

static int say_again(struct alert *a, struct hub_call *c, int64_t id, struct hub_err *err)
{
	struct hub_result t = {0};
	const int rc = SQL(a, c, SQL_ALERT_MINE, &t, err, v_int(c->who.account), v_int(id));

	if (!rc && t.rows)
		say_alert(a, c, &t, 0);
	return rc;
}

int alert_inbox_ack(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int rc = find(a, c, &t, err);

	if (rc)
		return rc;
	const int64_t id = r_int(&t, 0, C_ID);
	char note[40];
	alert_note(note, "alert", id);
	if ((rc = SQL(a, c, SQL_ALERT_ACK, NULL, err, v_int(c->now), v_int(c->who.account),
		      v_int(id))) ||
	    (rc = a->desk->audit(c, "acknowledge", r_text(&t, 0, C_CASE), note, err)))
		return rc;
	return say_again(a, c, id, err);
}

int alert_inbox_snooze(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int32_t until = 0;
	int rc = find(a, c, &t, err);

	if (rc)
		return rc;
	if (desk_day_read(c->body[0].s, &until) || until <= c->today ||
	    until > c->today + LONGEST_SNOOZE)
		return a->desk->refuse(
		    c, 422, err, "bad-day",
		    "until must be a day from tomorrow on, at most %d days ahead", LONGEST_SNOOZE);
	const int64_t id = r_int(&t, 0, C_ID);
	char note[40];
	alert_note(note, "alert", id);
	if ((rc = SQL(a, c, SQL_ALERT_SNOOZE, NULL, err, v_int(until), v_int(id))) ||
	    (rc = a->desk->audit(c, "snooze", r_text(&t, 0, C_CASE), note, err)))
		return rc;
	return say_again(a, c, id, err);
}
