#include "release/text.h"

#include "base/err.h"
#include "base/json.h"
#include "base/str.h"
#include "plugin/detect.h"

static const struct {
	enum hub_fclass pclass;
	int reveals; /* an address, or where the person can be found */
} spans[] = {
    [HUB_SPAN_PERSON] = {HUB_C_IDENTIFIER, 0}, [HUB_SPAN_ADDRESS] = {HUB_C_CONTACT, 1},
    [HUB_SPAN_PHONE] = {HUB_C_CONTACT, 1},     [HUB_SPAN_EMAIL] = {HUB_C_CONTACT, 1},
    [HUB_SPAN_BIRTHDATE] = {HUB_C_QUASI, 0},   [HUB_SPAN_IDNUMBER] = {HUB_C_IDENTIFIER, 0},
    [HUB_SPAN_FACILITY] = {HUB_C_QUASI, 1},    [HUB_SPAN_ORG] = {HUB_C_OPERATIONAL, 1},
};

enum hub_fclass hub_span_class(enum hub_span_type type)
{
	return spans[type].pclass;
}

static struct hub_answer withhold(enum hub_reason why)
{
	return (struct hub_answer){.decision = HUB_WITHHOLD, .reason = why};
}

struct hub_answer hub_text_decide(const struct hub_text_question *q)
{
	const struct hub_answer a = hub_gate_decide(&q->field);

	if (a.decision == HUB_WITHHOLD)
		return a;
	if (q->stale)
		return withhold(HUB_WHY_STALE);
	/* relatives who live elsewhere count when a span is theirs */
	if (!q->reviewed && !hub_gate_is_clear(&q->field))
		return withhold(HUB_WHY_UNREVIEWED);
	return a;
}

static const struct hub_text_person *find_person(const struct hub_text_question *q,
						 struct hub_str id)
{
	for (uint32_t i = 0; id.len && i < q->n_people; i++)
		if (hub_str_eq(q->people[i].id, id))
			return &q->people[i];
	return NULL;
}

struct hub_answer hub_text_decide_mark(const struct hub_text_question *q, struct hub_answer whole,
				       const struct hub_mark *mark)
{
	const struct hub_text_person *p = find_person(q, mark->person);
	struct hub_question ask = q->field;

	if (whole.decision == HUB_WITHHOLD)
		return whole;
	if (spans[mark->type].reveals && !hub_gate_is_clear(&q->field))
		return withhold(HUB_WHY_ADDRESS);
	if (mark->type ==
	    HUB_SPAN_ORG) /* an organisation is nobody; it may only reveal a district */
		return (struct hub_answer){.decision = HUB_ALLOW, .reason = whole.reason};
	if (p && p->hides && spans[mark->type].reveals)
		return withhold(HUB_WHY_ADDRESS);
	if (p && p->hides) /* of the name no more is known than of anybody's */
		p = NULL;
	if (p && p->barred)
		return withhold(HUB_WHY_BARRED);
	if (!p && q->own)
		return whole;
	if (!p)
		return hub_gate_stricter(whole, (struct hub_answer){.decision = HUB_MASK,
								    .reason = HUB_WHY_THIRD_PARTY});
	ask.person = p->id;
	ask.household = p->household;
	ask.n_household = p->n_household;
	ask.category = hub_str_of(hub_fclass_name(spans[mark->type].pclass));
	ask.reveals_address = spans[mark->type].reveals;
	return hub_gate_stricter(whole, hub_gate_decide(&ask));
}

/* --- spans as stored ----------------------------------------------------------------------------- */

static int broken(struct hub_err *err, const char *what)
{
	return hub_fail(err, HUB_INTEGRITY, "spans-broken", "spans of a text: %s", hub_tr(what));
}

static int read_offset(const json_t *v, uint32_t max, uint32_t *out)
{
	const json_int_t i = json_integer_value(v);

	if (!json_is_integer(v) || i < 0 || i > (json_int_t)max)
		return -1;
	*out = (uint32_t)i;
	return 0;
}

static int read_type(const json_t *v, enum hub_span_type *out)
{
	const struct hub_str s = {json_string_value(v), json_string_length(v)};
	const uint32_t type = json_is_string(v) ? hub_span_type(s) : 0;

	*out = (enum hub_span_type)type;
	return type > 0 && type < HUB_COUNT(spans) ? 0 : -1;
}

/* Ids are texts or, of the store, integers. */
static int read_person(struct hub_arena *a, const json_t *v, struct hub_str *out)
{
	*out = (struct hub_str){"", 0};
	if (!v || json_is_null(v))
		return 0;
	if (json_is_integer(v))
		*out = hub_arena_printf(a, "%lld", (long long)json_integer_value(v));
	else if (json_is_string(v))
		*out =
		    hub_arena_str(a, (struct hub_str){json_string_value(v), json_string_length(v)});
	else
		return -1;
	return out->ptr ? 0 : -1;
}

/* How sure, and who found it: for people, nothing is decided by them. */
static int read_origin(struct hub_arena *a, const json_t *item, struct hub_mark *m)
{
	const json_t *sure = json_array_get(item, 4), *origin = json_array_get(item, 5);
	const json_int_t v = json_integer_value(sure);

	m->confidence = v > 0 && v <= 1000 ? (uint32_t)v : 0;
	m->origin = hub_arena_str(
	    a, (struct hub_str){json_is_string(origin) ? json_string_value(origin) : "",
				json_string_length(origin)});
	return m->origin.ptr ? 0 : -1;
}

static int read_marks(struct hub_arena *a, const json_t *list, uint32_t points,
		      struct hub_mark *marks, struct hub_err *err)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		struct hub_mark *m = &marks[i];

		if (!json_is_array(item) || json_array_size(item) < 3)
			return broken(err, HUB_N("a span is not [start, end, type, ...]"));
		if (read_offset(json_array_get(item, 0), points, &m->start) ||
		    read_offset(json_array_get(item, 1), points, &m->end) || m->start >= m->end)
			return broken(err, HUB_N("a place outside the text"));
		if (read_type(json_array_get(item, 2), &m->type))
			return broken(err, HUB_N("an unknown type"));
		if (read_person(a, json_array_get(item, 3), &m->person))
			return broken(err, HUB_N("a person that is no id"));
		if (read_origin(a, item, m))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

int hub_marks_read(struct hub_arena *a, struct hub_str json, struct hub_str text,
		   const struct hub_mark **out, uint32_t *n, struct hub_err *err)
{
	json_error_t where;

	*out = NULL;
	*n = 0;
	if (hub_utf8_valid(text) != text.len)
		return broken(err, HUB_N("the text is no UTF-8"));
	json_t *list = hub_json_read(json, 0, &where);
	if (!list && errno == ENOMEM)
		return hub_fail_mem(err);
	if (!json_is_array(list)) {
		json_decref(list);
		return broken(err, HUB_N("not a JSON array"));
	}
	const size_t count = json_array_size(list);
	struct hub_mark *marks = hub_alloc_array(a, count ? count : 1, sizeof *marks);
	const int rc = marks ? read_marks(a, list, (uint32_t)hub_utf8_count(text), marks, err)
			     : hub_fail_mem(err);
	json_decref(list);
	if (rc)
		return rc;
	*out = marks;
	*n = (uint32_t)count;
	return HUB_OK;
}
