/* Who can be written to: accounts whose agency may come in. */
#include "chat.h"

#include <stdio.h>

/* What is known of agencies so far. */
struct sight {
	struct hub_str agency;
	int rc; /* of chat_sees */
};

/* Each agency is asked about once. */
static int may_come(const struct ask *a, struct sight *known, uint32_t *n, struct hub_str agency,
		    struct hub_str case_no)
{
	for (uint32_t i = 0; i < *n; i++)
		if (str_same(known[i].agency, agency))
			return known[i].rc;
	const int rc = chat_sees(a, agency, case_no);
	known[(*n)++] = (struct sight){agency, rc};
	return rc;
}

static int has(struct hub_str text, struct hub_str part)
{
	return part.len == 0 || (text.len && memmem(text.ptr, text.len, part.ptr, part.len));
}

/* HUB_OK: it is meant by the question, HUB_END: it is not. */
static int is_meant(const struct ask *a, const struct hub_colleague *p, struct hub_str q)
{
	const struct hub_val *agency = &a->call->query[1];

	if (p->id == a->call->who.account || (given(agency) && !str_same(p->agency, agency->s)))
		return HUB_END;
	if (!q.len)
		return HUB_OK;
	const struct hub_str name = chat_fold(a, p->name), login = chat_fold(a, p->login);
	if (!name.ptr || !login.ptr)
		return chat_no_memory(a);
	return has(name, q) || has(login, q) ? HUB_OK : HUB_END;
}

static void say(const struct ask *a, const struct hub_colleague *p)
{
	const struct hub_desk *d = a->desk;

	d->open(a->call, NULL, 0);
	d->number(a->call, "account", p->id);
	d->text(a->call, "name", p->name);
	d->text(a->call, "login", p->login);
	d->text(a->call, "agency", p->agency);
	d->truth(a->call, "view_only", p->view_only != 0);
	d->close(a->call);
}

static void say_next(const struct ask *a, uint32_t at)
{
	char next[16];
	const int n = snprintf(next, sizeof next, "%u", at);

	a->desk->next(a->call, (struct hub_str){next, (size_t)n});
}

/* A page ends before the place of the first one that did not fit. */
static int say_page(const struct ask *a, const struct hub_colleague *p, uint32_t n,
		    struct hub_str q, struct hub_str case_no)
{
	struct sight *known = a->desk->alloc(a->call, ((size_t)n + 1) * sizeof *known);
	int64_t from = 0;
	uint32_t agencies = 0, said = 0;
	int rc = chat_place(a, &from);

	if (rc || !known)
		return rc ? rc : chat_no_memory(a);
	for (uint32_t i = from < n ? (uint32_t)from : n; i < n; i++) {
		rc = is_meant(a, &p[i], q);
		if (rc == HUB_OK)
			rc = may_come(a, known, &agencies, p[i].agency, case_no);
		if (rc < 0)
			return rc;
		if (rc == HUB_END)
			continue;
		if (said++ == a->call->limit) {
			say_next(a, i);
			break;
		}
		say(a, &p[i]);
	}
	return HUB_OK;
}

int people_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const struct hub_val *query = call->query;
	const struct hub_colleague *p = NULL;
	struct hub_str case_no = str_of(""), q = {0};
	uint32_t n = 0;
	int rc = given(&query[2]) ? case_called(&a, query[2].s, &case_no) : HUB_OK;

	if (rc)
		return rc;
	if (given(&query[0]) && !(q = chat_fold(&a, chat_trim(query[0].s))).ptr)
		return chat_no_memory(&a);
	rc = a.desk->accounts(call, (struct hub_str){0}, &p, &n, err);
	return rc == HUB_END ? HUB_OK : rc ? rc : say_page(&a, p, n, q, case_no);
}
