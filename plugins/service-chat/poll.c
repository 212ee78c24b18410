/* Date polls for 支援会議 and 重層的支援会議. A poll is an entry of its thread (its title is the entry's text), so is
 * each comment: both are looked into, reach agencies and are read like messages. */
#include "chat.h"

#include <stdio.h>

enum { POLL_OPEN = 0, POLL_DECIDED, POLL_CANCELLED };

struct poll {
	int64_t id, seq, deadline, organiser, state, decided, sequence, version, created_at,
	    changed_at;
	struct hub_str meeting, place, title, agency;
};

static void fill(struct poll *p, const struct hub_result *r, uint32_t row)
{
	*p = (struct poll){
	    .id = int_at(r, row, 0),
	    .seq = int_at(r, row, 1),
	    .meeting = text_at(r, row, 2),
	    .place = text_at(r, row, 3),
	    .deadline = int_at(r, row, 4),
	    .organiser = int_at(r, row, 5),
	    .state = int_at(r, row, 6),
	    .decided = int_at(r, row, 7),
	    .sequence = int_at(r, row, 8),
	    .version = int_at(r, row, 9),
	    .created_at = int_at(r, row, 10),
	    .changed_at = int_at(r, row, 11),
	    .title = text_at(r, row, 12),
	    .agency = text_at(r, row, 13),
	};
}

static int poll_find(const struct ask *a, const struct thread *t, int64_t id, struct poll *p)
{
	struct hub_result r = {0};
	const int rc = chat_sql(a, S_POLL, &r, "itii", t->id, a->call->who.agency, t->from_seq, id);

	if (!rc && r.rows == 0)
		return a->desk->refuse(a->call, 404, a->err, "no-poll", "there is no such poll");
	if (!rc)
		fill(p, &r, 0);
	return rc;
}

/* ---- what is said of one ---- */

/* Candidate n: how many can, might, cannot; who said what. */
static int say_answers(const struct ask *a, const struct hub_result *r, int64_t n)
{
	const struct hub_desk *d = a->desk;
	int64_t count[3] = {0};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->rows; i++)
		if (int_at(r, i, 0) == n && int_at(r, i, 3) >= 0 && int_at(r, i, 3) < 3)
			count[int_at(r, i, 3)]++;
	d->number(a->call, "yes", count[2]);
	d->number(a->call, "maybe", count[1]);
	d->number(a->call, "no", count[0]);
	d->open(a->call, "answers", 1);
	for (uint32_t i = 0; i < r->rows && !rc; i++) {
		if (int_at(r, i, 0) != n)
			continue;
		d->open(a->call, NULL, 0);
		rc = say_person(a, int_at(r, i, 1), text_at(r, i, 2));
		d->text(a->call, "answer", str_of(chat_answers[int_at(r, i, 3)]));
		d->close(a->call);
	}
	d->close(a->call);
	return rc;
}

static int say_candidates(const struct ask *a, const struct poll *p)
{
	struct hub_result choices = {0}, answers = {0};
	int rc = chat_sql(a, S_CHOICES, &choices, "i", p->id);

	if (!rc)
		rc = chat_sql(a, S_ANSWERS, &answers, "i", p->id);
	if (rc)
		return rc;
	a->desk->open(a->call, "candidates", 1);
	for (uint32_t i = 0; i < choices.rows && !rc; i++) {
		a->desk->open(a->call, NULL, 0);
		a->desk->number(a->call, "candidate", int_at(&choices, i, 0));
		a->desk->time(a->call, "starts", int_at(&choices, i, 1));
		a->desk->time(a->call, "ends", int_at(&choices, i, 2));
		rc = say_answers(a, &answers, int_at(&choices, i, 0));
		a->desk->close(a->call);
	}
	a->desk->close(a->call);
	return rc;
}

static int say_comments(const struct ask *a, const struct thread *t, const struct poll *p)
{
	struct hub_result r = {0};
	int rc =
	    chat_sql(a, S_COMMENTS, &r, "iiti", t->id, p->id, a->call->who.agency, t->from_seq);

	if (rc)
		return rc;
	a->desk->open(a->call, "comments", 1);
	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		a->desk->open(a->call, NULL, 0);
		rc = say_person(a, int_at(&r, i, 0), text_at(&r, i, 1));
		a->desk->text(a->call, "text", chat_readable(a, text_at(&r, i, 2)));
		a->desk->time(a->call, "at", int_at(&r, i, 3));
		a->desk->close(a->call);
	}
	a->desk->close(a->call);
	return rc;
}

/* The members of `poll_short` (routes.c). */
static void say_short(const struct ask *a, const struct thread *t, const struct poll *p)
{
	const struct hub_desk *d = a->desk;

	d->number(a->call, "poll", p->id);
	d->number(a->call, "thread", t->id);
	d->number(a->call, "seq", p->seq);
	d->text(a->call, "title", chat_readable(a, p->title));
	d->text(a->call, "meeting", p->meeting);
	d->text(a->call, "place", chat_readable(a, p->place));
	d->number(a->call, "organiser", p->organiser);
	d->time(a->call, "deadline", p->deadline);
	d->text(a->call, "state", str_of(chat_poll_states[p->state]));
	if (p->decided)
		d->number(a->call, "decided", p->decided);
	d->number(a->call, "sequence", p->sequence);
	d->number(a->call, "version", p->version);
}

static int say_poll(const struct ask *a, const struct thread *t, int64_t id)
{
	struct poll p;
	int rc = poll_find(a, t, id, &p);

	if (rc)
		return rc;
	say_short(a, t, &p);
	rc = say_candidates(a, &p);
	return rc ? rc : say_comments(a, t, &p);
}

/* Opens the thread and the poll of the path. */
static int poll_open(const struct ask *a, int to_write, struct thread *t, struct poll *p)
{
	const int rc = to_write ? thread_open_to_write(a, t) : thread_open(a, t);

	return rc ? rc : poll_find(a, t, chat_number(a->call->var[1]), p);
}

int poll_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	struct poll p;
	int rc = poll_open(&a, 0, &t, &p);

	return rc ? rc : say_poll(&a, &t, p.id);
}

int polls_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	int64_t before = INT64_MAX;
	const int64_t want = call->limit;
	struct hub_result r = {0};
	struct thread t;
	struct poll p = {0};
	int rc = thread_open(&a, &t);

	if (!rc)
		rc = chat_place(&a, &before);
	if (!rc)
		rc = chat_sql(&a, S_POLLS, &r, "itiii", t.id, call->who.agency, t.from_seq, before,
			      want + 1);
	for (uint32_t i = 0; i < r.rows && i < want && !rc; i++) {
		fill(&p, &r, i);
		a.desk->open(call, NULL, 0);
		say_short(&a, &t, &p);
		a.desk->close(call);
	}
	if (!rc && r.rows > want) {
		char next[24];
		const int n = snprintf(next, sizeof next, "%lld", (long long)p.id);
		a.desk->next(call, (struct hub_str){next, (size_t)n});
	}
	return rc;
}

/* ---- a new one ---- */

enum { B_TITLE, B_CLIENT, B_MEETING, B_PLACE, B_DEADLINE, B_CANDIDATES, B_AS, B_CONFIRM, MEMBERS };

static int check_times(const struct ask *a)
{
	const struct hub_val *body = a->call->body;
	const struct hub_val *c = &body[B_CANDIDATES];

	if (body[B_DEADLINE].i <= a->call->now)
		return a->desk->refuse(a->call, 422, a->err, "deadline-over",
				       "the deadline is over");
	if (c->n == 0)
		return a->desk->refuse(a->call, 422, a->err, "no-candidate",
				       "a poll needs a candidate");
	for (uint32_t i = 0; i < c->n; i++)
		if (c->item[i].item[1].i <= c->item[i].item[0].i)
			return a->desk->refuse(a->call, 422, a->err, "candidate-ends",
					       "candidate %u ends before it starts", i + 1);
	return HUB_OK;
}

static int poll_make(const struct ask *a, const struct thread *t, int64_t request, int64_t *seq)
{
	const struct hub_val *body = a->call->body;
	struct part part[] = {{"title", body[B_TITLE].s},
			      {"place", given(&body[B_PLACE]) ? body[B_PLACE].s : str_of("")}};
	const struct hub_val *c = &body[B_CANDIDATES];
	struct receivers to;
	struct sending s = {
	    .case_no = t->case_no, .to = &to, .as = &body[B_AS], .confirm = &body[B_CONFIRM]};
	struct hub_result r = {0};
	int rc = check_times(a);

	if (!rc)
		rc = receivers_of(a, t, &to);
	if (!rc)
		rc = outgoing_check(a, part, 2, &s);
	const struct entry e = {.kind = POLL,
				.request = request,
				.client_id = body[B_CLIENT].s,
				.text = part[0].text,
				.sending = &s};
	if (!rc)
		rc = entry_add(a, t, &e, seq);
	if (!rc)
		rc = chat_sql(a, S_POLL_ADD, &r, "iittiiii", t->id, *seq, body[B_MEETING].s,
			      part[1].text, body[B_DEADLINE].i, a->call->who.account, a->call->now,
			      a->call->now);
	for (uint32_t i = 0; i < c->n && !rc; i++)
		rc = chat_sql(a, S_CHOICE_ADD, NULL, "iiii", int_at(&r, 0, 0), (int64_t)i + 1,
			      c->item[i].item[0].i, c->item[i].item[1].i);
	if (!rc)
		rc = chat_push(a, to.account, to.accounts, "poll", t->id, "poll", int_at(&r, 0, 0));
	return rc;
}

/* The poll that an entry is. */
static int say_poll_of(const struct ask *a, const struct thread *t, int64_t seq)
{
	struct hub_result r = {0};
	const int rc =
	    chat_sql(a, S_MESSAGE, &r, "itii", t->id, a->call->who.agency, t->from_seq, seq);

	if (!rc && (r.rows == 0 || int_at(&r, 0, 12) == 0))
		return a->desk->refuse(a->call, 409, a->err, "client-id-used",
				       "something else was sent with this client_id");
	return rc ? rc : say_poll(a, t, int_at(&r, 0, 12));
}

int poll_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int64_t request = entry_request(&a, POLL, MEMBERS, B_AS);
	struct thread t;
	int64_t seq = 0;
	const int rc = entry_post(&a, &t, call->body[B_CLIENT].s, request, poll_make, &seq);

	return rc ? rc : say_poll_of(&a, &t, seq);
}

/* ---- answers ---- */

static int comment(const struct ask *a, const struct thread *t, const struct poll *p,
		   const struct hub_val *body)
{
	struct part part = {"comment", chat_trim(body[1].s)};
	struct receivers to;
	struct sending s = {.case_no = t->case_no, .to = &to, .as = &body[2], .confirm = &body[3]};
	char id[64];
	int64_t seq = 0;
	int rc = receivers_of(a, t, &to);

	if (!rc)
		rc = outgoing_check(a, &part, 1, &s);
	const int n = snprintf(id, sizeof id, "comment:%lld:%lld:%lld", (long long)p->id,
			       (long long)a->call->now, (long long)t->last_seq);
	const struct entry e = {.kind = COMMENT,
				.reply_to = p->seq,
				.client_id = {id, (size_t)n},
				.text = part.text,
				.sending = &s};
	if (!rc)
		rc = entry_add(a, t, &e, &seq);
	return rc ? rc : chat_sql(a, S_COMMENT, NULL, "iii", p->id, a->call->who.account, seq);
}

static int64_t answer_of(struct hub_str word)
{
	int64_t n = 0;

	while (chat_answers[n] && !str_same(word, str_of(chat_answers[n])))
		n++;
	return n;
}

int answers_put(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const struct hub_val *answers = &call->body[0];
	struct hub_result r = {0};
	struct receivers to;
	struct thread t;
	struct poll p;
	int rc = poll_open(&a, 1, &t, &p);

	if (!rc && (p.state != POLL_OPEN || call->now > p.deadline))
		return a.desk->refuse(call, 409, err, "poll-over",
				      "the poll takes no more answers");
	if (!rc)
		rc = chat_sql(&a, S_CHOICES, &r, "i", p.id);
	for (uint32_t i = 0; i < answers->n && !rc; i++) {
		const struct hub_val *one = answers->item[i].item;
		if (one[0].i < 1 || one[0].i > r.rows)
			return a.desk->refuse(call, 422, err, "no-candidate",
					      "there is no such candidate");
		rc = chat_sql(&a, S_ANSWER, NULL, "iiitii", p.id, one[0].i, call->who.account,
			      call->who.agency, answer_of(one[1].s), call->now);
	}
	if (!rc && given(&call->body[1]) && chat_trim(call->body[1].s).len)
		rc = comment(&a, &t, &p, call->body);
	if (!rc)
		rc = receivers_of(&a, &t, &to);
	if (!rc)
		rc = chat_push(&a, to.account, to.accounts, "poll", t.id, "poll", p.id);
	return rc ? rc : say_poll(&a, &t, p.id);
}

/* ---- deciding, cancelling ---- */

/* Only the organiser; every change is a new SEQUENCE of the same UID. */
static int settle(const struct ask *a, const struct thread *t, const struct poll *p, int64_t state,
		  int64_t decided)
{
	struct receivers to;
	int rc = a->desk->version(a->call, p->version, a->err);

	if (!rc)
		rc = chat_sql(a, S_POLL_SET, NULL, "iiii", state, decided, a->call->now, p->id);
	if (!rc)
		rc = receivers_of(a, t, &to);
	if (!rc)
		rc = chat_push(a, to.account, to.accounts, "poll", t->id, "poll", p->id);
	return rc ? rc : say_poll(a, t, p->id);
}

static int poll_own(const struct ask *a, struct thread *t, struct poll *p)
{
	const int rc = poll_open(a, 1, t, p);

	if (!rc && p->organiser != a->call->who.account)
		return a->desk->refuse(a->call, 403, a->err, "not-the-organiser",
				       "only the organiser of the poll may do this");
	if (!rc && p->state == POLL_CANCELLED)
		return a->desk->refuse(a->call, 409, a->err, "poll-cancelled",
				       "the poll was cancelled");
	return rc;
}

int decide_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	struct thread t;
	struct poll p;
	int rc = poll_own(&a, &t, &p);

	if (!rc)
		rc = chat_sql(&a, S_CHOICES, &r, "i", p.id);
	if (!rc && (call->body[0].i < 1 || call->body[0].i > r.rows))
		return a.desk->refuse(call, 422, err, "no-candidate", "there is no such candidate");
	if (!rc && p.state == POLL_DECIDED && p.decided == call->body[0].i)
		return say_poll(&a, &t, p.id); /* the same again changes nothing */
	return rc ? rc : settle(&a, &t, &p, POLL_DECIDED, call->body[0].i);
}

int cancel_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	struct poll p;
	const int rc = poll_own(&a, &t, &p);

	return rc ? rc : settle(&a, &t, &p, POLL_CANCELLED, p.decided);
}

/* ---- calendar ---- */

/* Whom the invitation goes to: members that have a mail address. */
static int attendees(const struct ask *a, const struct thread *t, const struct poll *p,
		     struct meeting *m)
{
	struct receivers to;
	int rc = receivers_of(a, t, &to);
	struct hub_str *mail =
	    rc ? NULL : a->desk->alloc(a->call, (to.accounts + 1) * sizeof *mail);

	if (rc)
		return rc;
	if (!mail)
		return chat_no_memory(a);
	m->attendee = mail;
	for (uint32_t i = 0; i < to.accounts; i++) {
		const struct hub_colleague *c = NULL;
		rc = a->desk->account(a->call, to.account[i], &c, a->err);
		if (rc < 0)
			return rc;
		if (rc == HUB_OK && c->id == p->organiser)
			m->organiser_mail = c->mail;
		else if (rc == HUB_OK && c->mail.len)
			mail[m->attendees++] = c->mail;
	}
	return HUB_OK;
}

static struct hub_str meeting_name(struct hub_str word)
{
	size_t i = 0;

	while (chat_meetings[i] && !str_same(word, str_of(chat_meetings[i])))
		i++;
	return str_of(chat_meeting_names[chat_meetings[i] ? i : i - 1]);
}

int calendar_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	struct hub_file f = {.name = {"meeting.ics", 11}};
	struct thread t;
	struct poll p;
	int rc = poll_open(&a, 0, &t, &p);

	if (!rc && p.decided == 0)
		return a.desk->refuse(call, 409, err, "not-decided", "no date is decided yet");
	if (!rc)
		rc = chat_sql(&a, S_CHOICES, &r, "i", p.id);
	if (rc)
		return rc;
	struct meeting m = {
	    .thread = t.id,
	    .poll = p.id,
	    .created_at = p.created_at,
	    .changed_at = p.changed_at,
	    .sequence = p.sequence - 1, /* the first decision is 0 */
	    .starts = int_at(&r, (uint32_t)p.decided - 1, 1),
	    .ends = int_at(&r, (uint32_t)p.decided - 1, 2),
	    .cancelled = p.state == POLL_CANCELLED,
	    .kind = meeting_name(p.meeting),
	    .place = chat_readable(&a, p.place),
	    .domain = a.chat->conf->domain,
	    .organiser_agency = p.agency,
	};
	rc = attendees(&a, &t, &p, &m);
	if (!rc)
		rc = calendar_write(&a, &m, &f.content);
	if (rc)
		return rc;
	f.type = str_of(m.cancelled ? "text/calendar;charset=utf-8;method=CANCEL"
				    : "text/calendar;charset=utf-8;method=REQUEST");
	a.desk->file(call, &f);
	return HUB_OK;
}

/* Tells organisers, once, that a deadline is over. */
int polls_tick(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	int rc = chat_sql(&a, S_POLLS_DUE, &r, "i", call->now);

	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		const int64_t organiser = int_at(&r, i, 2);
		rc = chat_push(&a, &organiser, 1, "poll", int_at(&r, i, 1), "poll",
			       int_at(&r, i, 0));
		if (!rc)
			rc = chat_sql(&a, S_POLL_TOLD, NULL, "i", int_at(&r, i, 0));
	}
	return rc;
}
