/* Searches that people keep: a name and what was asked, per account. The words may be a name: nobody but the account
 * gets them. */
#include "search.h"

const struct hub_member search_saved_body[] = {
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED, HUB_N("what the asker calls it"), .min = 1,
		.max = 100)},
    {HUB_MEMBER("query", TEXT, HUB_M_REQUIRED,
		HUB_N("what stands behind ? in the request to repeat"), .min = 1, .max = 1000)},
    {.name = NULL}};
const struct hub_member search_saved_reply[] = {
    {HUB_MEMBER("id", INT, 0, HUB_N("to delete it"))},
    {HUB_MEMBER("name", TEXT, HUB_M_PERSONAL, HUB_N("what the asker calls it"))},
    {HUB_MEMBER("query", TEXT, HUB_M_PERSONAL,
		HUB_N("what stands behind ? in the request to repeat"))},
    {HUB_MEMBER("at", TIME, 0, HUB_N("when it was saved"))},
    {.name = NULL}};

static struct hub_val number(int64_t i)
{
	return (struct hub_val){.type = HUB_VAL_INT, .i = i};
}

int search_saved(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;
	const struct hub_val who = number(c->who.account);
	struct hub_result r;
	const int rc = s->desk->sql(c, SEARCH_LIST, &who, 1, &r, err);

	for (uint32_t i = 0; !rc && i < r.rows; i++) {
		const struct hub_val *v = r.val + (size_t)i * r.cols;
		s->desk->open(c, NULL, 0);
		s->desk->number(c, "id", v[0].i);
		s->desk->text(c, "name", v[1].s);
		s->desk->text(c, "query", v[2].s);
		s->desk->time(c, "at", v[3].i);
		s->desk->close(c);
	}
	return rc;
}

int search_save(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;
	const struct hub_val who = number(c->who.account);
	const struct hub_val args[] = {who, c->body[0], c->body[1], number(c->now)};
	struct hub_result r;
	int rc = s->desk->sql(c, SEARCH_COUNT, &who, 1, &r, err);

	if (rc)
		return rc;
	if (r.rows && r.val[0].i >= SEARCH_MOST_SAVED)
		return s->desk->refuse(c, 409, err, "too-many-saved",
				       "there are %d saved searches already", SEARCH_MOST_SAVED);
	rc = s->desk->sql(c, SEARCH_ADD, args, 4, NULL, err);
	if (!rc)
		s->desk->status(c, 201);
	return rc;
}

static int read_id(struct hub_str s, int64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9' || i > 17)
			return -1;
		*out = *out * 10 + (s.ptr[i] - '0');
	}
	return s.len ? 0 : -1;
}

int search_forget(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;
	struct hub_result r = {0};
	int64_t id;

	if (!read_id(c->var[0], &id)) {
		const struct hub_val args[] = {number(id), number(c->who.account)};
		const int rc = s->desk->sql(c, SEARCH_REMOVE, args, 2, &r, err);
		if (rc)
			return rc;
	}
	if (r.changed)
		return HUB_OK;
	return s->desk->refuse(c, 404, err, "no-saved", "there is no such saved search");
}
