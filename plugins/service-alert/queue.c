/* What is to be sent. A row is made in the transaction of its alert, tried until it is sent or the tries are used up,
 * and marked after the other side has taken it: a crash in between sends it once more, with the same id. */
#include "alert.h"

enum { A_TICK = 20, WAITING = 1, SENT, GIVEN_UP, LONGEST_WAIT = 3600000, SHORTEST_TRY = 1000 };

int alert_queue_mail(struct alert *a, struct hub_call *c, int64_t account, int64_t at,
		     struct hub_err *err)
{
	struct hub_result t = {0};
	const int rc = SQL(a, c, SQL_MAIL_JOIN, &t, err, v_int(account));

	if (rc || t.changed)
		return rc;
	return SQL(a, c, SQL_QUEUE_INSERT, NULL, err, v_int(account), v_null(), v_int(c->now),
		   v_int(at));
}

int alert_queue_hook(struct alert *a, struct hub_call *c, struct hub_str body, int64_t at,
		     struct hub_err *err)
{
	return SQL(a, c, SQL_QUEUE_INSERT, NULL, err, v_null(), v_text(body), v_int(c->now),
		   v_int(at));
}

struct due {
	int64_t id, account, at, tries;
	struct hub_str body; /* of a webhook; ptr NULL: a mail */
};

/* HUB_IDLE: there is nothing to say any more. */
static int send_mail(struct alert *a, struct hub_call *c, const struct due *d, struct hub_err *err)
{
	const struct hub_colleague *who;
	struct hub_result t = {0};
	int rc = SQL(a, c, SQL_MAIL_COUNT, &t, err, v_int(d->account), v_int(c->today));

	if (rc || r_int(&t, 0, 0) == 0)
		return rc ? rc : HUB_IDLE;
	rc = a->desk->account(c, d->account, &who, err);
	if (rc == HUB_END || (!rc && !who->mail.len))
		return HUB_FAIL(a->host, err, HUB_REJECT, "no-address",
				"the account has no mail address any more");
	const struct mail m = {.to = rc ? (struct hub_str){NULL, 0} : who->mail,
			       .id = d->id,
			       .alerts = r_int(&t, 0, 0),
			       .at = d->at};
	/* nobody waits for the store while a mail server thinks */
	if (rc || (rc = a->desk->keep(c, err)))
		return rc;
	return alert_send_mail(a, &m, err);
}

static int send_one(struct alert *a, struct hub_call *c, const struct due *d, struct hub_err *err)
{
	int64_t wait = a->conf->retry_wait;
	int rc;

	for (int64_t i = 0; i < d->tries && wait < LONGEST_WAIT; i++)
		wait *= 2;
	if (wait > LONGEST_WAIT)
		wait = LONGEST_WAIT;
	if ((rc = SQL(a, c, SQL_QUEUE_TRY, NULL, err, v_int(c->now + wait), v_int(d->id))))
		return rc;
	if (!d->body.ptr)
		return send_mail(a, c, d, err);
	rc = a->desk->keep(c, err);
	return rc ? rc : alert_send_hook(a, d->id, d->body, err);
}

/* What became of it. A failure of the store itself ends the tick; the row is due again later. */
static int settle(struct alert *a, struct hub_call *c, const struct due *d, int sent,
		  const struct hub_err *why, struct hub_err *err)
{
	int rc;

	if (sent == HUB_OK || sent == HUB_IDLE) {
		rc = SQL(a, c, SQL_QUEUE_SENT, NULL, err, v_int(c->now), v_int(d->id));
		return rc ? rc : a->desk->keep(c, err);
	}
	if (sent != HUB_RETRY && sent != HUB_REJECT) {
		*err = *why;
		return sent;
	}
	const int over = sent == HUB_REJECT || d->tries + 1 >= a->conf->retries;
	a->host->log(a->ctx, over ? HUB_LOG_ERROR : HUB_LOG_WARN, "%s %lld: %s: %s",
		     d->body.ptr ? "webhook" : "mail", (long long)d->id, why->code,
		     over ? "given up" : "tried again later");
	rc = SQL(a, c, SQL_QUEUE_FAILED, NULL, err, v_int(over ? GIVEN_UP : WAITING),
		 v_text(s_of(why->code)), v_int(d->id));
	return rc ? rc : a->desk->keep(c, err);
}

int alert_tick_deliver(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	int rc = HUB_OK;

	for (int i = 0; i < A_TICK && !rc && a->host->left_ms(a->ctx) > SHORTEST_TRY; i++) {
		struct hub_result t = {0};
		struct hub_err why = {0};
		rc = SQL(a, c, SQL_QUEUE_NEXT, &t, err, v_int(c->now));
		if (rc || !t.rows)
			return rc;
		const struct due d = {.id = r_int(&t, 0, 0),
				      .account = r_int(&t, 0, 1),
				      .body = r_text(&t, 0, 2),
				      .at = r_int(&t, 0, 4),
				      .tries = r_int(&t, 0, 5)};
		const int sent = send_one(a, c, &d, &why);
		rc = settle(a, c, &d, sent, &why, err);
	}
	return rc;
}

/* --- by the API ---------------------------------------------------------------------------------------- */

int alert_queue_list(void *self, struct hub_call *c, struct hub_err *err)
{
	static const char *const words[] = {"waiting", "sent", "given_up"};
	struct alert *a = self;
	struct hub_result t = {0};
	const struct hub_val *state = &c->query[0];
	int64_t before = INT64_MAX, from = WAITING, to = GIVEN_UP;

	if (c->after.len && alert_number_read(c->after, &before))
		return alert_no_page(a, c, err);
	for (int i = 0; i < 3 && is_there(state); i++)
		if (str_same(state->s, s_of(words[i])))
			from = to = i + 1;
	const int rc = SQL(a, c, SQL_QUEUE_LIST, &t, err, v_int(before), v_int(from), v_int(to),
			   v_int(c->limit));
	for (uint32_t i = 0; i < t.rows && !rc; i++) {
		a->desk->open(c, NULL, 0);
		a->desk->number(c, "id", r_int(&t, i, 0));
		a->desk->text(c, "channel", s_of(r_text(&t, i, 2).ptr ? "webhook" : "mail"));
		a->desk->say(c, "account", &t.val[(size_t)i * t.cols + 1]);
		a->desk->number(c, "alerts", r_int(&t, i, 3));
		a->desk->time(c, "made_at", r_int(&t, i, 4));
		a->desk->time(c, "next_at", r_int(&t, i, 7) == WAITING ? r_int(&t, i, 5) : 0);
		a->desk->number(c, "tries", r_int(&t, i, 6));
		a->desk->text(c, "state", s_of(words[r_int(&t, i, 7) - 1]));
		a->desk->time(c, "sent_at", r_int(&t, i, 8));
		a->desk->text(c, "problem", r_text(&t, i, 9));
		a->desk->close(c);
	}
	if (!rc && t.rows == c->limit)
		alert_next_page(a, c, r_int(&t, t.rows - 1, 0));
	return rc;
}

int alert_queue_again(void *self, struct hub_call *c, struct hub_err *err)
{
	struct alert *a = self;
	struct hub_result t = {0};
	int64_t id = 0;

	if (!alert_number_read(c->var[0], &id)) {
		const int rc = SQL(a, c, SQL_QUEUE_AGAIN, &t, err, v_int(c->now), v_int(id));
		if (rc)
			return rc;
	}
	if (!t.changed)
		return a->desk->refuse(c, 404, err, "no-delivery",
				       "there is no delivery of that number that was given up");
	return a->desk->audit(c, "resend", (struct hub_str){NULL, 0}, "", err);
}
