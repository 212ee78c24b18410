/* Who is in a thread, who reads it now, and telling them. */
#include "chat.h"

#include <stdio.h>

int chat_sees(const struct ask *a, struct hub_str agency, struct hub_str case_no)
{
	return a->desk->sees_case(a->call, agency, case_no, a->err);
}

/* Adds to a list of agencies that may see the case; those that may not are left out. */
static int receive(const struct ask *a, const struct thread *t, struct hub_str agency,
		   struct receivers *to, struct hub_str *list, struct hub_str *blind,
		   uint32_t *blinds)
{
	for (uint32_t i = 0; i < to->agencies; i++)
		if (str_same(list[i], agency))
			return HUB_OK;
	for (uint32_t i = 0; i < *blinds; i++)
		if (str_same(blind[i], agency))
			return HUB_END;
	const int rc = chat_sees(a, agency, t->case_no);
	if (rc == HUB_OK)
		list[to->agencies++] = agency;
	else if (rc == HUB_END)
		blind[(*blinds)++] = agency;
	return rc;
}

int receivers_of(const struct ask *a, const struct thread *t, struct receivers *to)
{
	struct hub_result r = {0};
	int rc = chat_sql(a, S_MEMBERS, &r, "i", t->id);

	*to = (struct receivers){0};
	if (rc || r.rows == 0)
		return rc;
	struct hub_str *list = a->desk->alloc(a->call, r.rows * sizeof *list);
	struct hub_str *blind = a->desk->alloc(a->call, r.rows * sizeof *blind);
	int64_t *account = a->desk->alloc(a->call, r.rows * sizeof *account);
	uint32_t blinds = 0;

	if (!list || !blind || !account)
		return chat_no_memory(a);
	for (uint32_t i = 0; i < r.rows; i++) {
		rc = receive(a, t, text_at(&r, i, 1), to, list, blind, &blinds);
		if (rc < 0)
			return rc;
		if (rc == HUB_OK)
			account[to->accounts++] = int_at(&r, i, 0);
	}
	to->agency = list;
	to->account = account;
	return HUB_OK;
}

int chat_push(const struct ask *a, const int64_t *account, uint32_t n, const char *name,
	      int64_t thread, const char *what, int64_t number)
{
	char json[96];
	const int len = snprintf(json, sizeof json, "{\"thread\":%lld,\"%s\":%lld}",
				 (long long)thread, what, (long long)number);

	return n == 0 ? HUB_OK
		      : a->desk->push(a->call, account, n, name,
				      (struct hub_str){json, (size_t)len}, a->err);
}

int say_person(const struct ask *a, int64_t account, struct hub_str agency)
{
	const struct hub_colleague *c = NULL;
	const int rc = a->desk->account(a->call, account, &c, a->err);

	if (rc < 0)
		return rc;
	a->desk->number(a->call, "account", account);
	a->desk->text(a->call, "name", rc == HUB_OK ? c->name : (struct hub_str){0});
	a->desk->text(a->call, "agency", agency);
	return HUB_OK;
}

int say_members(const struct ask *a, const struct thread *t)
{
	const struct hub_desk *d = a->desk;
	struct hub_result r = {0};
	int rc = chat_sql(a, S_MEMBERS, &r, "i", t->id);

	if (rc)
		return rc;
	d->open(a->call, "members", 1);
	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		const struct hub_colleague *c = NULL;
		d->open(a->call, NULL, 0);
		rc = say_person(a, int_at(&r, i, 0), text_at(&r, i, 1));
		if (!rc && d->account(a->call, int_at(&r, i, 0), &c, a->err) == HUB_OK)
			d->text(a->call, "login", c->login);
		d->truth(a->call, "owner", int_at(&r, i, 2) != 0);
		d->number(a->call, "read", int_at(&r, i, 4));
		d->close(a->call);
	}
	d->close(a->call);
	return rc;
}

int member_add(const struct ask *a, int64_t thread, const struct hub_colleague *who, int owner,
	       int64_t from_seq)
{
	return chat_sql(a, S_MEMBER_ADD, NULL, "iitiiii", thread, who->id, who->agency,
			(int64_t)owner, from_seq, from_seq, a->call->now);
}

static int is_member(const struct ask *a, const struct thread *t, const struct hub_colleague *who,
		     int *yes)
{
	struct hub_result r = {0};
	const int rc = chat_sql(a, S_MEMBERS, &r, "i", t->id);

	*yes = 0;
	for (uint32_t i = 0; i < r.rows && !rc; i++)
		*yes |= int_at(&r, i, 0) == who->id && str_same(text_at(&r, i, 1), who->agency);
	return rc;
}

/* What was written before reaches the agency too, where nothing of it is held from it. Files cannot be
 * looked into, so their messages stay away. */
static int open_history(const struct ask *a, const struct thread *t, struct hub_str agency,
			int64_t *held)
{
	struct hub_result r = {0};
	int rc = chat_sql(a, S_TO_OPEN, &r, "it", t->id, agency);

	if (!rc && r.rows > 500)
		return a->desk->refuse(a->call, 409, a->err, "too-much-history",
				       "more than 500 messages would have to be looked into again");
	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		rc = outgoing_clean(a, text_at(&r, i, 1), t->case_no, &agency, 1);
		if (rc == HUB_OK)
			rc = outgoing_clean(a, text_at(&r, i, 2), t->case_no, &agency, 1);
		if (rc == HUB_OK)
			rc = chat_sql(a, S_REACH, NULL, "iit", t->id, int_at(&r, i, 0), agency);
		else if (rc == HUB_END) {
			(*held)++;
			rc = HUB_OK;
		}
	}
	return rc;
}

/* HUB_REFUSED when the agency may not come in: it sees nothing of the case, or not the title. */
static int agency_may_enter(const struct ask *a, const struct thread *t, struct hub_str agency)
{
	int rc = chat_sees(a, agency, t->case_no);

	if (rc == HUB_END)
		return a->desk->refuse(a->call, 409, a->err, "agency-sees-nothing",
				       "this agency may not see anything of the case");
	if (!rc)
		rc = outgoing_clean(a, t->title, t->case_no, &agency, 1);
	if (rc == HUB_END)
		return a->desk->refuse(a->call, 409, a->err, "title-held",
				       "the title holds something that this agency may not see");
	return rc;
}

/* Whom a body names: an account, or everyone of an agency. */
static int named(const struct ask *a, const struct hub_val *account, const struct hub_val *agency,
		 const struct hub_colleague **who, uint32_t *n)
{
	int rc = HUB_END;

	*n = 0;
	if (given(account) == given(agency))
		return a->desk->refuse(a->call, 422, a->err, "who-is-meant",
				       "name either an account or an agency");
	if (given(account)) {
		rc = a->desk->account(a->call, account->i, who, a->err);
		*n = 1;
	} else {
		rc = a->desk->accounts(a->call, agency->s, who, n, a->err);
	}
	if (rc == HUB_END || (rc == HUB_OK && *n == 0))
		return a->desk->refuse(a->call, 404, a->err, "no-account",
				       "there is no such account");
	return rc;
}

int member_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int history = given(&call->body[2]) && call->body[2].i;
	const struct hub_colleague *who = NULL;
	struct thread t;
	uint32_t n = 0;
	int64_t added = 0, held = 0;
	int there, rc = thread_open_to_write(&a, &t);

	if (!rc && t.kind == DIRECT)
		return a.desk->refuse(call, 409, err, "direct-thread",
				      "a thread of two stays one; begin a new one");
	if (!rc)
		rc = thread_owned(&a, &t);
	if (!rc)
		rc = named(&a, &call->body[0], &call->body[1], &who, &n);
	for (uint32_t i = 0; i < n && !rc; i++) {
		rc = is_member(&a, &t, &who[i], &there);
		if (rc || there)
			continue;
		if (added == 0 || !str_same(who[i].agency, who[i - 1].agency))
			rc = agency_may_enter(&a, &t, who[i].agency);
		if (!rc && history && added == 0)
			rc = open_history(&a, &t, who[i].agency, &held);
		if (!rc)
			rc = member_add(&a, t.id, &who[i], 0, history ? 0 : t.last_seq);
		if (!rc)
			rc = chat_push(&a, &who[i].id, 1, "thread", t.id, "seq", t.last_seq);
		added++;
	}
	if (!rc && history)
		rc = a.desk->audit(call, "open_history", t.case_no,
				   held ? "to a new member, some messages held" : "to a new member",
				   err);
	if (rc)
		return rc;
	a.desk->number(call, "added", added);
	a.desk->number(call, "held", held);
	return HUB_OK;
}

static int member_end(const struct ask *a, const struct thread *t, int64_t account)
{
	struct hub_result r = {0};
	int rc = chat_sql(a, S_MEMBER_END, &r, "iii", a->call->now, t->id, account);

	if (!rc && r.changed == 0)
		return a->desk->refuse(a->call, 404, a->err, "no-member",
				       "there is no such member");
	if (!rc)
		rc = chat_sql(a, S_OWNERS, &r, "i", t->id);
	if (!rc && int_at(&r, 0, 0) == 0)
		rc = chat_sql(a, S_OWNER_NEXT, NULL, "ii", t->id, t->id);
	return rc ? rc : chat_push(a, &account, 1, "thread", t->id, "seq", 0);
}

int member_delete(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	int rc = chat_may_write(&a);

	if (!rc)
		rc = thread_open(&a, &t);
	if (!rc)
		rc = thread_owned(&a, &t);
	return rc ? rc : member_end(&a, &t, chat_number(call->var[1]));
}

int leave_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	const int rc = thread_open(&a, &t);

	return rc ? rc : member_end(&a, &t, call->who.account);
}
