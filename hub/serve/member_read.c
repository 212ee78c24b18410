/* Values of a query and of a JSON body. jansson reads the JSON; what it holds is copied into the arena. */
#include "serve/member.h"

#include "base/json.h"
#include "conf/near.h"

/* One request being read. at: the place of the value in it, for messages: "members[2].name". */
struct reading {
	struct hub_arena *arena;
	struct hub_http_reply *r;
	struct hub_err *err;
	char at[200];
	size_t len;
};

/* Goes down to a member or an element; returns where at ended before. */
static size_t descend(struct reading *d, const char *fmt, const char *name, size_t i)
{
	const size_t before = d->len;
	char step[80];

	const int n = name ? snprintf(step, sizeof step, fmt, before ? "." : "", name)
			   : snprintf(step, sizeof step, "[%zu]", i);
	if (n > 0 && (size_t)n < sizeof step && d->len + (size_t)n < sizeof d->at) {
		memcpy(d->at + d->len, step, (size_t)n + 1);
		d->len += (size_t)n;
	}
	return before;
}

static size_t enter_member(struct reading *d, const char *name)
{
	return descend(d, "%s%s", name, 0);
}

static size_t enter_element(struct reading *d, size_t i)
{
	return descend(d, NULL, NULL, i);
}

static void ascend(struct reading *d, size_t before)
{
	d->at[d->len = before] = '\0';
}

/* why: untranslated, behind the member's place. */
static int misfit(struct reading *d, const char *code, const char *why)
{
	const struct hub_str at = hub_arena_str(d->arena, hub_str_of(d->at));

	d->r->member = at.ptr;
	return hub_http_fail(d->r, 422, d->err, code, "%s %s", d->at, hub_tr(why));
}

static int unknown(struct reading *d, const struct hub_member *m, const char *name)
{
	struct hub_near near = {.name = hub_str_of(name)};

	for (size_t i = 0; m && m[i].name; i++)
		hub_near_add(&near, hub_str_of(m[i].name));
	/* a name of ours may stand in a message, one of the other side only when it is short */
	const size_t before = enter_member(d, strlen(name) <= 60 ? name : "...");
	const int rc = misfit(d, "unknown-member", HUB_N("is not known here"));
	ascend(d, before);
	hub_near_hint(&near, d->err);
	return rc;
}

static int out_of_range(struct reading *d, const struct hub_member *m)
{
	const int rc = misfit(d, "bad-value", HUB_N("is too small or too large"));

	hub_hint(d->err, "From %lld to %lld.", (long long)m->min, (long long)m->max);
	return rc;
}

static int take_int(struct reading *d, const struct hub_member *m, int64_t i, struct hub_val *out)
{
	*out = (struct hub_val){.type = HUB_VAL_INT, .i = i};
	return (m->min || m->max) && (i < m->min || i > m->max) ? out_of_range(d, m) : HUB_OK;
}

/* Texts, and what is written as one. */
static int take_text(struct reading *d, const struct hub_member *m, struct hub_str s,
		     struct hub_val *out)
{
	if (m->type == HUB_M_TIME) {
		out->type = HUB_VAL_INT;
		return hub_instant_parse(s, &out->i) == 0
			   ? HUB_OK
			   : misfit(d, "bad-value",
				    HUB_N("wants a time such as 2026-04-01T09:00:00+09:00"));
	}
	const char *why = hub_member_misfit(m, s);
	if (why) {
		const int rc = misfit(d, "bad-value", why);
		if (m->type == HUB_M_TEXT)
			hub_hint(d->err, "From %lld to %lld characters.", (long long)m->min,
				 (long long)hub_member_longest(m));
		return rc;
	}
	*out = (struct hub_val){.type = HUB_VAL_TEXT, .s = hub_arena_str(d->arena, s)};
	return out->s.ptr ? HUB_OK : hub_fail_mem(d->err);
}

/* --- body ------------------------------------------------------------------------------------- */

static int take_object(struct reading *d, const struct hub_member *m, const json_t *o,
		       struct hub_val *out);

static int take_json(struct reading *d, const struct hub_member *m, const json_t *j,
		     struct hub_val *out)
{
	char *text = json_dumps(j, JSON_COMPACT | JSON_ENCODE_ANY);
	int rc;

	if (!text)
		return hub_fail_mem(d->err);
	rc = take_text(d, m, hub_str_of(text), out);
	free(text); /* jansson's: lib owns the allocator */
	return rc;
}

static int take_one(struct reading *d, const struct hub_member *m, const json_t *j,
		    struct hub_val *out)
{
	switch (m->type) {
	case HUB_M_INT:
		return json_is_integer(j) ? take_int(d, m, json_integer_value(j), out)
					  : misfit(d, "bad-value", HUB_N("wants a whole number"));
	case HUB_M_BOOL:
		*out = (struct hub_val){.type = HUB_VAL_BOOL, .i = json_is_true(j)};
		return json_is_boolean(j) ? HUB_OK
					  : misfit(d, "bad-value", HUB_N("wants true or false"));
	case HUB_M_OBJECT:
		return json_is_object(j) ? take_object(d, m->of, j, out)
					 : misfit(d, "bad-value", HUB_N("wants an object"));
	case HUB_M_JSON:
		return take_json(d, m, j, out);
	default:
		return json_is_string(j)
			   ? take_text(
				 d, m,
				 (struct hub_str){json_string_value(j), json_string_length(j)}, out)
			   : misfit(d, "bad-value", HUB_N("wants a text"));
	}
}

static struct hub_val *new_list(struct reading *d, size_t n, struct hub_val *out)
{
	struct hub_val *item = hub_alloc_array(d->arena, n + 1, sizeof *item);

	*out = (struct hub_val){.type = HUB_VAL_LIST, .n = (uint32_t)n, .item = item};
	if (!item)
		(void)hub_fail_mem(d->err);
	return item;
}

static int too_many(struct reading *d, const struct hub_member *m)
{
	const int rc = misfit(d, "bad-value", HUB_N("has too many elements"));

	hub_hint(d->err, "At most %u.", hub_member_most(m));
	return rc;
}

static int take_list(struct reading *d, const struct hub_member *m, const json_t *j,
		     struct hub_val *out)
{
	const size_t n = json_array_size(j);
	int rc = HUB_OK;

	if (!json_is_array(j))
		return misfit(d, "bad-value", HUB_N("wants a list"));
	if (n > hub_member_most(m))
		return too_many(d, m);
	struct hub_val *item = new_list(d, n, out);
	if (!item)
		return HUB_FATAL;
	for (size_t i = 0; i < n && !rc; i++) {
		const size_t before = enter_element(d, i);
		rc = take_one(d, m, json_array_get(j, i), &item[i]);
		ascend(d, before);
	}
	return rc;
}

static int take_member(struct reading *d, const struct hub_member *m, const json_t *j,
		       struct hub_val *out)
{
	if (!j)
		return m->flags & HUB_M_REQUIRED ? misfit(d, "member-missing", HUB_N("is missing"))
						 : HUB_OK;
	/* null may be a value of JSON itself */
	if (json_is_null(j) && m->type != HUB_M_JSON) {
		out->type = HUB_VAL_NULL;
		return m->flags & HUB_M_NULLABLE
			   ? HUB_OK
			   : misfit(d, "bad-value", HUB_N("must not be null"));
	}
	return m->flags & HUB_M_LIST ? take_list(d, m, j, out) : take_one(d, m, j, out);
}

static const struct hub_member *member_named(const struct hub_member *m, const char *name)
{
	for (; m && m->name; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

static int take_object(struct reading *d, const struct hub_member *m, const json_t *o,
		       struct hub_val *out)
{
	const size_t n = hub_members_count(m);
	struct hub_val *item = new_list(d, n, out);
	const char *name;
	json_t *unused;
	int rc = HUB_OK;

	if (!item)
		return HUB_FATAL;
	json_object_foreach((json_t *)(uintptr_t)o, name, unused)
	{
		if (!member_named(m, name))
			return unknown(d, m, name);
	}
	for (size_t i = 0; i < n && !rc; i++) {
		const size_t before = enter_member(d, m[i].name);
		rc = take_member(d, &m[i], json_object_get(o, m[i].name), &item[i]);
		ascend(d, before);
	}
	return rc;
}

/* How deep brackets go, before a reader that calls itself sees them. */
static int too_deep(struct hub_str s)
{
	int depth = 0, text = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		if (text)
			text = c == '\\' ? (i++, 1) : c != '"';
		else if (c == '"')
			text = 1;
		else if ((c == '{' || c == '[') && ++depth > HUB_JSON_DEEP)
			return 1;
		else if (c == '}' || c == ']')
			depth--;
	}
	return 0;
}

static int is_json(struct hub_str type)
{
	const size_t end = hub_str_find(type, HUB_STR(";"), 0);

	if (end != (size_t)-1)
		type.len = end;
	return hub_str_is(hub_str_trim(type), "application/json");
}

int hub_members_read_body(const struct hub_http_request *q, struct hub_http_reply *r,
			  const struct hub_member *m, const struct hub_val **out,
			  struct hub_err *err)
{
	struct reading d = {.arena = q->arena, .r = r, .err = err};
	struct hub_val *all = hub_alloc0(q->arena, sizeof *all);
	json_error_t why;
	int rc;

	if (!all)
		return hub_fail_mem(err);
	/* also keeps out forms of other sites, which cannot send this type without being asked first */
	if (!is_json(hub_http_header(q, "Content-Type")))
		return hub_http_fail(r, 415, err, "not-json",
				     "the body must be sent as application/json");
	if (too_deep(q->body))
		return hub_http_fail(
		    r, 400, err, "json-too-deep",
		    "the body is not usable: more than %d brackets inside each other",
		    HUB_JSON_DEEP);
	json_t *root = hub_json_read(q->body, JSON_REJECT_DUPLICATES, &why);
	if (!root && errno == ENOMEM)
		return hub_fail_mem(err);
	if (!root)
		return hub_http_fail(r, 400, err, "bad-json",
				     "the body is not usable JSON: line %d, column %d", why.line,
				     why.column);
	rc = json_is_object(root)
		 ? take_object(&d, m, root, all)
		 : hub_http_fail(r, 400, err, "bad-json", "the body must be a JSON object");
	json_decref(root);
	*out = all->item;
	return rc;
}

int hub_members_fit(struct hub_arena *a, const struct hub_member *m, struct hub_str json,
		    struct hub_err *err)
{
	struct hub_http_reply r = {0};
	struct reading d = {.arena = a, .r = &r, .err = err};
	struct hub_val all = {0};
	json_t *root =
	    json.len && !too_deep(json) ? hub_json_read(json, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const int rc = json_is_object(root) ? take_object(&d, m, root, &all)
					    : hub_fail(err, HUB_REJECT, "bad-json",
						       "the data must be a JSON object");

	json_decref(root);
	return rc ? HUB_REJECT : HUB_OK;
}

/* --- query ------------------------------------------------------------------------------------ */

struct asked {
	struct reading d;
	const struct hub_member *m;
	size_t own; /* how many of them are not those of every page */
	struct hub_val *val;
	struct hub_val **list; /* of the members that are lists: room for `most` */
	int rc;
};

static int take_scalar(struct reading *d, const struct hub_member *m, struct hub_str s,
		       struct hub_val *out)
{
	int64_t i;

	switch (m->type) {
	case HUB_M_INT:
		return hub_parse_i64(s, INT64_MIN, INT64_MAX, &i) == 0
			   ? take_int(d, m, i, out)
			   : misfit(d, "bad-value", HUB_N("wants a whole number"));
	case HUB_M_BOOL:
		*out = (struct hub_val){.type = HUB_VAL_BOOL, .i = hub_str_is(s, "true")};
		return out->i || hub_str_is(s, "false")
			   ? HUB_OK
			   : misfit(d, "bad-value", HUB_N("wants true or false"));
	default:
		return take_text(d, m, s, out);
	}
}

static int take_element(struct asked *a, size_t i, struct hub_str s)
{
	const struct hub_member *m = &a->m[i];
	struct hub_val *v = &a->val[i];

	if (!a->list[i] &&
	    !(a->list[i] = hub_alloc_array(a->d.arena, hub_member_most(m), sizeof **a->list)))
		return hub_fail_mem(a->d.err);
	if (v->n == hub_member_most(m))
		return too_many(&a->d, m);
	v->type = HUB_VAL_LIST;
	v->item = a->list[i];
	return take_scalar(&a->d, m, s, &a->list[i][v->n++]);
}

static void take_asked(void *arg, const char *name, struct hub_str value)
{
	struct asked *a = arg;
	const struct hub_member *m = member_named(a->m, name);
	const size_t i = m ? (size_t)(m - a->m) : 0;

	if (a->rc)
		return;
	if (!m) {
		a->rc = unknown(&a->d, a->m, name);
		a->d.r->status = 400;
		return;
	}
	const size_t before = enter_member(&a->d, name);
	if (!value.ptr)
		a->rc = misfit(&a->d, "bad-value", HUB_N("is not valid UTF-8"));
	else if (m->flags & HUB_M_LIST)
		a->rc = take_element(a, i, value);
	else if (a->val[i].type)
		a->rc = misfit(&a->d, "bad-value", HUB_N("is there twice"));
	else
		a->rc = take_scalar(&a->d, m, value, &a->val[i]);
	if (a->rc && i >= a->own)
		a->d.r->status = 400;
	ascend(&a->d, before);
}

/* Both after each other. */
static const struct hub_member *join(struct hub_arena *arena, const struct hub_member *m, size_t n,
				     const struct hub_member *also, size_t more)
{
	struct hub_member *all = hub_alloc_array(arena, n + more + 1, sizeof *all);

	if (all && n)
		memcpy(all, m, n * sizeof *all);
	if (all && more)
		memcpy(all + n, also, more * sizeof *all);
	return all;
}

int hub_members_read_query(const struct hub_http_request *q, struct hub_http_reply *r,
			   const struct hub_member *own, const struct hub_member *also,
			   const struct hub_val **out, struct hub_err *err)
{
	const size_t few = hub_members_count(own), n = few + hub_members_count(also);
	const struct hub_member *m = join(q->arena, own, few, also, n - few);
	struct asked a = {.d = {.arena = q->arena, .r = r, .err = err}, .m = m, .own = few};

	a.val = hub_alloc_array(q->arena, n + 1, sizeof *a.val);
	a.list = hub_alloc_array(q->arena, n + 1, sizeof *a.list);
	if (!m || !a.val || !a.list)
		return hub_fail_mem(err);
	hub_http_each_query(q, take_asked, &a);
	for (size_t i = 0; i < n && !a.rc; i++)
		if ((m[i].flags & HUB_M_REQUIRED) && !a.val[i].type) {
			enter_member(&a.d, m[i].name);
			a.rc = misfit(&a.d, "member-missing", HUB_N("is missing"));
		}
	*out = a.val;
	return a.rc;
}
