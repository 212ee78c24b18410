/* GET /v1/search and /v1/search/similar/{case}: the hub finds (desk->find, desk->alike), this says it. */
#include "search.h"

#include <string.h>

static const char *const facet_names[] = {"entity",    "agency", "category",    "age",
					  "household", "town",   "agency_kind", NULL};
enum { Q_WORDS, Q_FROM, Q_TO, Q_CASE, Q_FACETS, Q_FIRST_FACET };

const struct hub_member search_notes_query[] = {
    {HUB_MEMBER("q", TEXT, 0, HUB_N("words: a b both, a OR b, -a without, \"a b\" side by side"),
		.max = 500)},
    {HUB_MEMBER("from", DATE, 0, HUB_N("first day of the record"))},
    {HUB_MEMBER("to", DATE, 0, HUB_N("last day of the record"))},
    {HUB_MEMBER("case", TEXT, 0, HUB_N("number or key of one case"), .max = 100)},
    {HUB_MEMBER("facets", BOOL, 0, HUB_N("count the hits by facet, too"))},
    {HUB_MEMBER("entity", TEXT, 0, HUB_N("kind of record: activity"), .max = 64)},
    {HUB_MEMBER("agency", TEXT, 0, HUB_N("key of who wrote it"), .max = 64)},
    {HUB_MEMBER("category", TEXT, 0, HUB_N("topic of the consultation"), .max = 64)},
    {HUB_MEMBER("age", TEXT, 0, HUB_N("age band of the client: 80代"), .max = 64)},
    {HUB_MEMBER("household", TEXT, 0,
		HUB_N("kind of household, or a pattern: 8050, elderly, children"), .max = 64)},
    {HUB_MEMBER("town", TEXT, 0, HUB_N("town of the client"), .max = 100)},
    {HUB_MEMBER("agency_kind", TEXT, 0, HUB_N("kind of an agency that takes part"), .max = 64)},
    {.name = NULL}};

static const struct hub_member piece[] = {
    {HUB_MEMBER("text", TEXT, HUB_M_PERSONAL, HUB_N("as the asker may read it"), .max = 4000)},
    {HUB_MEMBER("mark", BOOL, 0, HUB_N("one of the words"))},
    {.name = NULL}};
static const struct hub_member hit[] = {
    {HUB_MEMBER("entity", TEXT, 0, HUB_N("kind of record"))},
    {HUB_MEMBER("label", TEXT, 0, HUB_N("its name for people"))},
    {HUB_MEMBER("key", TEXT, 0, HUB_N("key of the record for the asker"))},
    {HUB_MEMBER("case_key", TEXT, HUB_M_NULLABLE, HUB_N("key of its case"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE, HUB_N("number of its case"))},
    {HUB_MEMBER("day", DATE, HUB_M_NULLABLE, HUB_N("its day"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("key of who wrote it"))},
    {HUB_MEMBER("field", TEXT, 0, HUB_N("field of the snippet"))},
    {HUB_MEMBER("snippet", OBJECT, HUB_M_LIST, HUB_N("a piece of the text, marked"), .most = 64,
		.of = piece)},
    {.name = NULL}};
static const struct hub_member facet[] = {
    {HUB_MEMBER("facet", WORD, 0, HUB_N("which one"), .words = facet_names)},
    {HUB_MEMBER("value", TEXT, 0, HUB_N("to ask for it"))},
    {HUB_MEMBER("label", TEXT, 0, HUB_N("its name for people"))},
    {HUB_MEMBER("count", INT, HUB_M_NULLABLE, HUB_N("hits; null: few"))},
    {.name = NULL}};
const struct hub_member search_notes_reply[] = {
    {HUB_MEMBER("total", INT, 0, HUB_N("hits in all"))},
    {HUB_MEMBER("items", OBJECT, HUB_M_LIST, HUB_N("the latest first"), .most = 200, .of = hit)},
    {HUB_MEMBER("facets", OBJECT, HUB_M_LIST, HUB_N("hits by value; only when asked for"),
		.most = 10000, .of = facet)},
    {.name = NULL}};

/* Empty: null. */
static void say(const struct search *s, struct hub_call *c, const char *name, struct hub_str v)
{
	s->desk->text(c, name, v.len ? v : (struct hub_str){NULL, 0});
}

static void say_piece(const struct search *s, struct hub_call *c, struct hub_str text, size_t from,
		      size_t to, int mark)
{
	if (from >= to)
		return;
	s->desk->open(c, NULL, 0);
	s->desk->text(c, "text", (struct hub_str){text.ptr + from, to - from});
	s->desk->truth(c, "mark", mark);
	s->desk->close(c);
}

static void say_hit(const struct search *s, struct hub_call *c, const struct hub_hit *h)
{
	size_t at = 0;

	s->desk->open(c, NULL, 0);
	s->desk->text(c, "entity", h->entity);
	s->desk->text(c, "label", h->entity_label);
	s->desk->text(c, "key", h->key);
	say(s, c, "case_key", h->case_key);
	say(s, c, "case_no", h->case_no);
	say(s, c, "day", h->day);
	say(s, c, "agency", h->agency);
	s->desk->text(c, "field", h->field);
	s->desk->open(c, "snippet", 1);
	for (uint32_t i = 0; i < h->marks; i++) {
		say_piece(s, c, h->snippet, at, h->mark[2 * i], 0);
		say_piece(s, c, h->snippet, h->mark[2 * i], h->mark[2 * i + 1], 1);
		at = h->mark[2 * i + 1];
	}
	say_piece(s, c, h->snippet, at, h->snippet.len, 0);
	s->desk->close(c);
	s->desk->close(c);
}

static void say_facet(const struct search *s, struct hub_call *c, const struct hub_facet_count *f)
{
	const struct hub_val few = {.type = HUB_VAL_NULL};

	s->desk->open(c, NULL, 0);
	s->desk->text(c, "facet", str_of(facet_names[f->facet]));
	s->desk->text(c, "value", f->value);
	s->desk->text(c, "label", f->label);
	if (f->count < 0)
		s->desk->say(c, "count", &few);
	else
		s->desk->number(c, "count", f->count);
	s->desk->close(c);
}

int search_notes(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;
	const struct hub_val *q = c->query;
	const struct hub_hits *hits;
	struct hub_find ask = {.words = search_text(&q[Q_WORDS]),
			       .from = search_text(&q[Q_FROM]),
			       .to = search_text(&q[Q_TO]),
			       .case_no = search_text(&q[Q_CASE]),
			       .after = c->after,
			       .limit = c->limit,
			       .counts = q[Q_FACETS].type == HUB_VAL_BOOL && q[Q_FACETS].i != 0};

	for (uint32_t f = 0; f < HUB_FACETS; f++)
		ask.facet[f] = search_text(&q[Q_FIRST_FACET + f]);
	const int rc = s->desk->find(c, &ask, &hits, err);
	if (rc)
		return rc;
	s->desk->number(c, "total", hits->total);
	s->desk->open(c, "items", 1);
	for (uint32_t i = 0; i < hits->n; i++)
		say_hit(s, c, &hits->hit[i]);
	s->desk->close(c);
	s->desk->open(c, "facets", 1);
	for (uint32_t i = 0; i < hits->facets; i++)
		say_facet(s, c, &hits->facet[i]);
	s->desk->close(c);
	if (hits->next.ptr)
		s->desk->next(c, hits->next);
	return HUB_OK;
}

/* --- similar cases ---------------------------------------------------------------------------------------- */

const struct hub_member search_alike_query[] = {
    {HUB_MEMBER("most", INT, 0, HUB_N("cases; 10"), .min = 1, .max = 50)}, {.name = NULL}};

static const char *const why_words[] = {"theme", "category", "household", "age", "words", NULL};
static const struct hub_member why[] = {
    {HUB_MEMBER("what", WORD, 0, HUB_N("in what they agree"), .words = why_words)},
    {HUB_MEMBER("value", TEXT, HUB_M_NULLABLE, HUB_N("which one"))},
    {HUB_MEMBER("label", TEXT, HUB_M_NULLABLE, HUB_N("its name for people"))},
    {.name = NULL}};
static const struct hub_member kind[] = {
    {HUB_MEMBER("value", TEXT, 0, HUB_N("code of the kind"))},
    {HUB_MEMBER("label", TEXT, 0, HUB_N("its name for people"))},
    {.name = NULL}};
const struct hub_member search_alike_reply[] = {
    {HUB_MEMBER("case_key", TEXT, 0, HUB_N("key of the case"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE, HUB_N("its number, if the asker may read it"))},
    {HUB_MEMBER("score", INT, 0, HUB_N("1 to 1000"))},
    {HUB_MEMBER("why", OBJECT, HUB_M_LIST, HUB_N("in what they agree; never names"), .most = 20,
		.of = why)},
    {HUB_MEMBER("agency_kinds", OBJECT, HUB_M_LIST, HUB_N("kinds of agencies that took part"),
		.most = 50, .of = kind)},
    {.name = NULL}};

static void say_alike(const struct search *s, struct hub_call *c, const struct hub_alike *a)
{
	s->desk->open(c, NULL, 0);
	s->desk->text(c, "case_key", a->case_key);
	say(s, c, "case_no", a->case_no);
	s->desk->number(c, "score", a->score);
	s->desk->open(c, "why", 1);
	for (uint32_t i = 0; i < a->whys; i++) {
		s->desk->open(c, NULL, 0);
		s->desk->text(c, "what", str_of(a->why[i].what));
		say(s, c, "value", a->why[i].value);
		say(s, c, "label", a->why[i].label);
		s->desk->close(c);
	}
	s->desk->close(c);
	s->desk->open(c, "agency_kinds", 1);
	for (uint32_t i = 0; i < a->kinds; i++) {
		s->desk->open(c, NULL, 0);
		s->desk->text(c, "value", a->kind[i].value);
		s->desk->text(c, "label", a->kind[i].label);
		s->desk->close(c);
	}
	s->desk->close(c);
	s->desk->close(c);
}

int search_alike(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;
	const struct hub_alike *list;
	const uint32_t most = c->query[0].type == HUB_VAL_INT ? (uint32_t)c->query[0].i : 10;
	uint32_t n;
	const int rc = s->desk->alike(c, c->var[0], most, &list, &n, err);

	if (rc == HUB_END)
		return s->desk->refuse(c, 404, err, "no-case", "there is no such case");
	for (uint32_t i = 0; !rc && i < n; i++)
		say_alike(s, c, &list[i]);
	return rc;
}

int search_prepare(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct search *s = self;

	return s->desk->find_prepare(c, err);
}
