/* Threads: of a case or free, of two or of many. */
#include "chat.h"

#include <stdio.h>

static void fill(struct thread *t, const struct hub_result *r, uint32_t row)
{
	*t = (struct thread){
	    .id = int_at(r, row, 0),
	    .case_no = text_at(r, row, 1),
	    .title = text_at(r, row, 2),
	    .kind = int_at(r, row, 3),
	    .state = int_at(r, row, 4),
	    .last_seq = int_at(r, row, 5),
	    .last_at = int_at(r, row, 6),
	    .version = int_at(r, row, 7),
	    .created_at = int_at(r, row, 8),
	    .from_seq = int_at(r, row, 9),
	    .read_seq = int_at(r, row, 10),
	    .owner = int_at(r, row, 11),
	    .archived = int_at(r, row, 12),
	};
}

static int thread_find(const struct ask *a, int64_t id, struct thread *t)
{
	const struct hub_who *who = &a->call->who;
	struct hub_result r = {0};
	int rc = chat_sql(a, S_THREAD_OF, &r, "iti", who->account, who->agency, id);

	if (!rc && r.rows == 0)
		return HUB_END;
	if (!rc) {
		fill(t, &r, 0);
		rc = chat_sees(a, who->agency, t->case_no);
	}
	return rc;
}

int thread_open(const struct ask *a, struct thread *t)
{
	const int rc = thread_find(a, chat_number(a->call->var[0]), t);

	if (rc == HUB_END) /* not there, not a member, not any more: all the same */
		return a->desk->refuse(a->call, 404, a->err, "no-thread",
				       "there is no such thread");
	return rc;
}

int thread_open_to_write(const struct ask *a, struct thread *t)
{
	int rc = chat_may_write(a);

	if (!rc)
		rc = thread_open(a, t);
	if (!rc && t->state == CLOSED)
		return a->desk->refuse(a->call, 409, a->err, "thread-closed",
				       "the thread is closed");
	return rc;
}

int thread_owned(const struct ask *a, const struct thread *t)
{
	return t->owner ? HUB_OK
			: a->desk->refuse(a->call, 403, a->err, "not-the-owner",
					  "only the owner of the thread may do this");
}

int chat_unread(const struct ask *a, int64_t thread, int64_t *messages, int64_t *mentions)
{
	const struct hub_who *who = &a->call->who;
	struct hub_result r = {0};
	const int rc = chat_sql(a, S_UNREAD, &r, "itii", who->account, who->agency, thread, thread);

	*messages = !rc && r.rows ? int_at(&r, 0, 1) : 0;
	*mentions = !rc && r.rows ? int_at(&r, 0, 2) : 0;
	return rc;
}

int case_called(const struct ask *a, struct hub_str name, struct hub_str *number)
{
	const int rc = a->desk->case_number(a->call, name, number, a->err);

	if (rc == HUB_END)
		return a->desk->refuse(a->call, 404, a->err, "no-case", "there is no such case");
	return rc;
}

/* The members of `summary` (routes.c). */
static int say_thread(const struct ask *a, const struct thread *t)
{
	const struct hub_desk *d = a->desk;
	int64_t messages, mentions;
	struct hub_str name = {0};
	int rc = chat_unread(a, t->id, &messages, &mentions);

	if (!rc && t->case_no.len)
		rc = d->case_name(a->call, t->case_no, &name, a->err);
	if (rc)
		return rc;
	d->number(a->call, "thread", t->id);
	d->text(a->call, "kind", str_of(chat_kinds[t->kind - 1]));
	d->text(a->call, "case_no", name);
	d->text(a->call, "title", chat_readable(a, t->title));
	d->truth(a->call, "closed", t->state == CLOSED);
	d->truth(a->call, "archived", t->archived != 0);
	d->time(a->call, "created_at", t->created_at);
	d->time(a->call, "last_at", t->last_at);
	d->number(a->call, "last", t->last_seq);
	d->number(a->call, "read", t->read_seq);
	d->number(a->call, "unread", messages);
	d->number(a->call, "mentions", mentions);
	d->number(a->call, "version", t->version);
	return HUB_OK;
}

static int say_all(const struct ask *a, const struct thread *t)
{
	int rc = say_thread(a, t);

	if (!rc)
		rc = say_members(a, t);
	if (!rc && a->chat->conf->retention.len)
		a->desk->text(a->call, "retention", a->chat->conf->retention);
	return rc;
}

int thread_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	const int rc = thread_open(&a, &t);

	return rc ? rc : say_all(&a, &t);
}

int threads_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_str case_no = str_of("");
	const int64_t archived = given(&call->query[1]) ? call->query[1].i : 0;
	const int64_t want = call->limit;
	struct hub_result r = {0};
	struct thread t = {0};
	int64_t at = INT64_MAX, id = INT64_MAX; /* a page ends at "time.id" of its last thread */
	int rc = chat_places(&a, &at, &id);

	if (!rc && given(&call->query[0]))
		rc = case_called(&a, call->query[0].s, &case_no);
	if (!rc)
		rc = chat_sql(&a, S_THREADS, &r, "itittiiii", call->who.account, call->who.agency,
			      archived, case_no, case_no, at, at, id, want + 1);
	for (uint32_t i = 0; i < r.rows && i < want && !rc; i++) {
		fill(&t, &r, i);
		rc = chat_sees(&a, call->who.agency, t.case_no);
		if (rc == HUB_END) {
			rc = HUB_OK;
			continue;
		}
		a.desk->open(call, NULL, 0);
		rc = rc ? rc : say_thread(&a, &t);
		a.desk->close(call);
	}
	if (!rc && r.rows > want) {
		char next[48];
		const int n =
		    snprintf(next, sizeof next, "%lld.%lld", (long long)t.last_at, (long long)t.id);
		a.desk->next(call, (struct hub_str){next, (size_t)n});
	}
	return rc;
}

/* ---- a new one ---- */

enum { B_KIND, B_CASE, B_TITLE, B_AS, B_MEMBERS, B_AGENCIES };
enum { MOST_MEMBERS = 500 };

struct people {
	struct hub_colleague *who;
	uint32_t n;
};

static int people_add(const struct ask *a, struct people *p, const struct hub_colleague *c)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (p->who[i].id == c->id)
			return HUB_OK;
	if (p->n == MOST_MEMBERS)
		return a->desk->refuse(a->call, 422, a->err, "too-many-members",
				       "a thread has at most %d members", MOST_MEMBERS);
	p->who[p->n++] = *c;
	return HUB_OK;
}

/* Everyone the body names, the asker first. */
static int people_of(const struct ask *a, struct people *p)
{
	const struct hub_val *members = &a->call->body[B_MEMBERS];
	const struct hub_val *agencies = &a->call->body[B_AGENCIES];
	const struct hub_colleague *c = NULL;
	const struct hub_who *who = &a->call->who;
	uint32_t n = 0;

	p->who = a->desk->alloc(a->call, MOST_MEMBERS * sizeof *p->who);
	if (!p->who)
		return chat_no_memory(a);
	p->who[p->n++] = (struct hub_colleague){
	    .id = who->account, .login = who->login, .name = who->name, .agency = who->agency};
	for (uint32_t i = 0; given(members) && i < members->n; i++) {
		int rc = a->desk->account(a->call, members->item[i].i, &c, a->err);
		if (rc == HUB_END)
			return a->desk->refuse(a->call, 404, a->err, "no-account",
					       "there is no such account");
		if (rc || (rc = people_add(a, p, c)))
			return rc;
	}
	for (uint32_t i = 0; given(agencies) && i < agencies->n; i++) {
		int rc = a->desk->accounts(a->call, agencies->item[i].s, &c, &n, a->err);
		if (rc == HUB_END || (rc == HUB_OK && n == 0))
			return a->desk->refuse(a->call, 404, a->err, "no-account",
					       "there is no such account");
		for (uint32_t k = 0; k < n && !rc; k++)
			rc = people_add(a, p, &c[k]);
		if (rc)
			return rc;
	}
	return HUB_OK;
}

/* All agencies of the people must see the case. */
static int agencies_of(const struct ask *a, const struct people *p, struct hub_str case_no,
		       struct receivers *to)
{
	struct hub_str *list = a->desk->alloc(a->call, p->n * sizeof *list);

	if (!list)
		return chat_no_memory(a);
	*to = (struct receivers){.agency = list};
	for (uint32_t i = 0; i < p->n; i++) {
		uint32_t k = 0;
		while (k < to->agencies && !str_same(list[k], p->who[i].agency))
			k++;
		if (k < to->agencies)
			continue;
		const int rc = chat_sees(a, p->who[i].agency, case_no);
		if (rc == HUB_END)
			return a->desk->refuse(a->call, 409, a->err, "agency-sees-nothing",
					       "this agency may not see anything of the case");
		if (rc)
			return rc;
		list[to->agencies++] = p->who[i].agency;
	}
	return HUB_OK;
}

/* Two people who have a thread already go on in it. HUB_END: they have none. */
static int direct_known(const struct ask *a, const struct people *p, struct hub_str case_no,
			struct thread *t)
{
	struct hub_result r = {0};
	const int rc = chat_sql(a, S_DIRECT, &r, "titit", case_no, p->who[0].id, p->who[0].agency,
				p->who[1].id, p->who[1].agency);

	if (rc || r.rows == 0)
		return rc ? rc : HUB_END;
	return thread_find(a, int_at(&r, 0, 0), t);
}

static int thread_make(const struct ask *a, const struct people *p, struct hub_str case_no,
		       struct hub_str title, int64_t kind, struct thread *t)
{
	const int64_t now = a->call->now;
	struct hub_result r = {0};
	int rc =
	    chat_sql(a, S_THREAD_ADD, &r, "ttiiii", case_no, title, kind, p->who[0].id, now, now);

	for (uint32_t i = 0; i < p->n && !rc; i++) {
		rc = member_add(a, int_at(&r, 0, 0), &p->who[i], i == 0, 0);
		if (!rc && i > 0)
			rc = chat_push(a, &p->who[i].id, 1, "thread", int_at(&r, 0, 0), "seq", 0);
	}
	return rc ? rc : thread_find(a, int_at(&r, 0, 0), t);
}

int thread_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int direct = str_same(call->body[B_KIND].s, str_of("direct"));
	const struct hub_val none = {0};
	struct hub_str case_no = str_of("");
	struct part part = {"title", given(&call->body[B_TITLE]) ? chat_trim(call->body[B_TITLE].s)
								 : str_of("")};
	struct receivers to;
	struct people p = {0};
	struct thread t;
	int rc = chat_may_write(&a);

	if (!rc && given(&call->body[B_CASE]))
		rc = case_called(&a, call->body[B_CASE].s, &case_no);
	if (!rc)
		rc = people_of(&a, &p);
	if (!rc && direct && p.n != 2)
		return a.desk->refuse(call, 422, err, "direct-is-two",
				      "a direct thread has one other member");
	if (!rc)
		rc = agencies_of(&a, &p, case_no, &to);
	if (!rc && direct && (rc = direct_known(&a, &p, case_no, &t)) != HUB_END)
		return rc ? rc : say_all(&a, &t);
	if (rc == HUB_END)
		rc = HUB_OK;
	struct sending s = {
	    .case_no = case_no, .to = &to, .as = &call->body[B_AS], .confirm = &none};
	if (!rc)
		rc = outgoing_check(&a, &part, 1, &s);
	if (!rc)
		rc = thread_make(&a, &p, case_no, part.text, direct ? DIRECT : GROUP, &t);
	if (!rc)
		a.desk->status(call, 201);
	return rc ? rc : say_all(&a, &t);
}

int thread_patch(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const struct hub_val *title = &call->body[0], *as = &call->body[1],
			     *closed = &call->body[2];
	const struct hub_val none = {0};
	struct receivers to;
	struct thread t;
	int rc = chat_may_write(&a);

	if (!rc)
		rc = thread_open(&a, &t);
	if (!rc)
		rc = thread_owned(&a, &t);
	if (!rc)
		rc = a.desk->version(call, t.version, err);
	if (!rc)
		rc = receivers_of(&a, &t, &to);
	struct part part = {"title", rc || !given(title) ? str_of("") : chat_trim(title->s)};
	struct sending s = {.case_no = t.case_no, .to = &to, .as = as, .confirm = &none};
	if (!rc && given(title))
		rc = outgoing_check(&a, &part, 1, &s);
	if (!rc)
		rc = chat_sql(&a, S_THREAD_SET, NULL, "tii", given(title) ? part.text : t.title,
			      given(closed) ? closed->i : t.state, t.id);
	if (!rc)
		rc = chat_push(&a, to.account, to.accounts, "thread", t.id, "seq", t.last_seq);
	if (!rc)
		rc = thread_open(&a, &t);
	return rc ? rc : say_all(&a, &t);
}

/* Puts the thread away, for the asker alone. */
int archived_put(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	int rc = thread_open(&a, &t);

	if (!rc)
		rc = chat_sql(&a, S_ARCHIVE, NULL, "iii", call->body[0].i, t.id, call->who.account);
	if (!rc)
		rc = thread_open(&a, &t);
	return rc ? rc : say_all(&a, &t);
}

/* A consent was given or withdrawn: who has a thread of the case open asks again. */
int chat_event(void *self, struct hub_call *call, const struct hub_event *event,
	       struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	int rc = HUB_OK;

	if (event->type != HUB_EVENT_CONSENT || event->case_no.len == 0)
		return HUB_OK;
	rc = chat_sql(&a, S_CASE_MEMBERS, &r, "t", event->case_no);
	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		const int64_t account = int_at(&r, i, 0);
		rc = chat_push(&a, &account, 1, "thread", int_at(&r, i, 1), "seq", 0);
	}
	return rc;
}
