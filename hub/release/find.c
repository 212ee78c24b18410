#include "release/find.h"

#include "base/clock.h"
#include "base/err.h"
#include "conf/near.h"
#include "release/find_in.h"
#include "release/wordlist.h"

#include <stdlib.h>

/* A question being answered. */
struct ask {
	struct hub_sight *s;
	struct hub_rowctx *x;
	struct hub_arena *a;
	const struct hub_find *q;
	struct hub_find_words words;
	int32_t from, to;
	uint32_t want[HUB_FACETS]; /* place of the value; UINT32_MAX: any */
	uint32_t who;              /* UINT32_MAX: any */
	uint8_t *in, *group;       /* per row */
	uint32_t *found;
	size_t n;
	struct hub_err *err;
};

/* --- rows with a word ------------------------------------------------------------------------------------ */

int hub_find_mark(struct hub_sight *s, struct hub_rowctx *x, struct hub_str phrase, uint8_t *in,
		  struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 30);
	struct hub_docs found;
	const int rc = a ? hub_wordlist_find(x->db, a, phrase, &found, err) : hub_fail_mem(err);

	for (size_t i = 0; !rc && i < s->texts; i++)
		if (hub_docs_has(&found, s->text[i].doc))
			in[s->text[i].row] = 1;
	return rc;
}

static int has_name(const struct hub_seen_case *c, const struct hub_find_term *t)
{
	return (t->name.len && hub_str_find(c->name, t->name, 0) != (size_t)-1) ||
	       (t->kana.len && hub_str_find(c->kana, t->kana, 0) != (size_t)-1);
}

static int mark_term(struct ask *k, const struct hub_find_term *t, uint8_t *in)
{
	struct hub_sight *s = k->s;

	for (size_t i = 0; i < s->rows; i++)
		if (s->row[i].who != UINT32_MAX && has_name(&s->cases[s->row[i].who], t))
			in[i] = 1;
	return hub_find_mark(s, k->x, t->folded, in, k->err);
}

static int mark_words(struct ask *k)
{
	const struct hub_find_words *w = &k->words;
	const size_t rows = k->s->rows;

	memset(k->in, 1, rows);
	for (uint32_t g = 0; g <= w->groups; g++) { /* the last round: what must not be there */
		const uint32_t is = g < w->groups ? g : UINT32_MAX;
		memset(k->group, 0, rows);
		for (uint32_t i = 0; i < w->n; i++) {
			const int rc =
			    w->term[i].group == is ? mark_term(k, &w->term[i], k->group) : HUB_OK;
			if (rc)
				return rc;
		}
		for (size_t i = 0; i < rows; i++)
			k->in[i] &= g < w->groups ? k->group[i] : !k->group[i];
	}
	return HUB_OK;
}

/* --- filters --------------------------------------------------------------------------------------------- */

/* What the API calls them, and the list that their codes are of (NULL: none). */
static const struct {
	const char *name, *list;
} facets[HUB_FACETS] = {[HUB_FACET_ENTITY] = {"entity", NULL},
			[HUB_FACET_AGENCY] = {"agency", NULL},
			[HUB_FACET_CATEGORY] = {"category", "consult_topic"},
			[HUB_FACET_AGE] = {"age", NULL},
			[HUB_FACET_HOUSEHOLD] = {"household", "household_kind"},
			[HUB_FACET_TOWN] = {"town", NULL},
			[HUB_FACET_KIND] = {"agency_kind", "agency_type"}};

/* Of households, beside the codes. */
static const struct {
	const char *word, *label;
} patterns[] = {{"8050", "8050（高齢の親と中高年の子）"},
		{"elderly", "高齢者のみ（60代以上）"},
		{"children", "子どものいる世帯"}};

static const struct hub_codes *codes_of(const struct hub_schema *schema, enum hub_facet f)
{
	return facets[f].list ? hub_schema_codes(schema, hub_str_of(facets[f].list)) : NULL;
}

/* Everything that a closed facet may be asked for, whether or not anybody has it. */
static void add_known(const struct ask *k, uint32_t f, struct hub_near *to)
{
	const struct hub_codes *list = codes_of(k->x->schema, (enum hub_facet)f);

	for (uint32_t i = 0; list && i < list->count; i++)
		hub_near_add(to, list->items[i].code);
	for (size_t i = 0; f == HUB_FACET_HOUSEHOLD && i < HUB_COUNT(patterns); i++)
		hub_near_add(to, hub_str_of(patterns[i].word));
	for (uint32_t i = 0; f == HUB_FACET_ENTITY && i < k->s->profile->n; i++)
		hub_near_add(to, k->s->profile->entities[i].entity->name);
	for (size_t i = 0; f == HUB_FACET_AGENCY && i < hub_map_count(k->s->word[f]); i++)
		hub_near_add(to, hub_map_key(k->s->word[f], i));
}

/* Without a hit somebody would believe that there is nothing, and it was a slip of the pen. An agency of which the asker
 * may read nothing is as unknown as one that is not there. */
static int refuse_value(const struct ask *k, uint32_t f)
{
	const struct hub_str value = k->q->facet[f];
	struct hub_near near = {.name = value};
	const int rc = hub_fail(k->err, HUB_USAGE, "unknown-value", "%s: there is no \"%.*s\"",
				facets[f].name, HUB_FMT(value));

	add_known(k, f, &near);
	if (near.best.len)
		hub_near_hint(&near, k->err);
	else if (near.n)
		hub_hint(k->err, "There are: %s.", near.all);
	return rc;
}

static int is_pattern(struct hub_str value)
{
	for (size_t i = 0; i < HUB_COUNT(patterns); i++)
		if (hub_str_is(value, patterns[i].word))
			return 1;
	return 0;
}

/* A value, a code by its label, too, as a place; one that none of the rows has: UINT32_MAX - 1, no row. */
static int read_facet(struct ask *k, uint32_t f)
{
	const struct hub_str value = k->q->facet[f];
	const struct hub_codes *list = codes_of(k->x->schema, (enum hub_facet)f);
	const struct hub_code *code = list ? hub_code_find(list, value) : NULL;
	uint64_t at;

	k->want[f] = value.len ? UINT32_MAX - 1 : UINT32_MAX;
	if (!value.len)
		return HUB_OK;
	if (hub_map_get(k->s->word[f], value, &at) ||
	    (code && hub_map_get(k->s->word[f], code->code, &at))) {
		k->want[f] = (uint32_t)at;
		return HUB_OK;
	}
	if (code || f == HUB_FACET_AGE || f == HUB_FACET_TOWN ||
	    (f == HUB_FACET_HOUSEHOLD && is_pattern(value)) ||
	    (f == HUB_FACET_ENTITY && hub_schema_entity(k->x->schema, value)))
		return HUB_OK;
	return refuse_value(k, f);
}

static int read_day(struct ask *k, struct hub_str s, int32_t open, int32_t *out)
{
	int64_t y, m, d;

	*out = open;
	if (s.len == 0)
		return HUB_OK;
	if (s.len != 10 || hub_parse_i64(hub_str_cut(s, 0, 4), 1, 9999, &y) ||
	    hub_parse_i64(hub_str_cut(s, 5, 7), 1, 12, &m) ||
	    hub_parse_i64(hub_str_cut(s, 8, 10), 1, 31, &d))
		return hub_fail(k->err, HUB_USAGE, "bad-day",
				"a period wants days like 2024-07-31");
	*out = (int32_t)hub_days_of(y, (unsigned)m, (unsigned)d);
	return HUB_OK;
}

uint32_t hub_find_case(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		       struct hub_str case_no)
{
	const struct hub_entity *e = hub_schema_entity(x->schema, HUB_STR("case"));

	for (size_t i = 0; e && i < s->n_cases; i++) {
		const struct hub_seen_case *c = &s->cases[i];
		if (c->case_no.len && hub_str_eq(c->case_no, case_no))
			return (uint32_t)i;
	}
	for (size_t i = 0; e && i < s->n_cases; i++) {
		const int64_t id = s->cases[i].case_id;
		if (id && hub_str_eq(hub_rowctx_key(x, a, e, id), case_no))
			return (uint32_t)i;
	}
	return UINT32_MAX;
}

static int read_filters(struct ask *k)
{
	const struct hub_find *q = k->q;
	int rc = read_day(k, q->from, INT32_MIN, &k->from);

	if (rc || (rc = read_day(k, q->to, INT32_MAX, &k->to)))
		return rc;
	for (uint32_t f = 0; f < HUB_FACETS && !rc; f++)
		rc = read_facet(k, f);
	if (rc)
		return rc;
	k->who = UINT32_MAX;
	if (q->case_no.len) {
		k->who = hub_find_case(k->s, k->x, k->a, q->case_no);
		if (k->who == UINT32_MAX)
			k->who = UINT32_MAX - 1;
	}
	return HUB_OK;
}

/* Does the row have the value of the facet? entity: by place of its word. */
static int is_of(const struct hub_sight *s, const struct hub_seen_row *r, uint32_t f, uint32_t at)
{
	if (f == HUB_FACET_ENTITY)
		return at < hub_map_count(s->word[f]) &&
		       hub_str_eq(hub_map_key(s->word[f], at), r->e->entity->name);
	if (f == HUB_FACET_AGENCY)
		return r->agency == at;
	return r->who != UINT32_MAX && hub_seen_has(&s->cases[r->who].value[f], at);
}

static int fits(const struct ask *k, const struct hub_seen_row *r)
{
	if (k->who != UINT32_MAX && r->who != k->who)
		return 0;
	if ((k->from != INT32_MIN || k->to != INT32_MAX) &&
	    (r->day == INT32_MIN || r->day < k->from || r->day > k->to))
		return 0;
	for (uint32_t f = 0; f < HUB_FACETS; f++)
		if (k->want[f] != UINT32_MAX && !is_of(k->s, r, f, k->want[f]))
			return 0;
	return 1;
}

/* --- order and pages ------------------------------------------------------------------------------------- */

/* The latest day first; the same order on every store. */
static int newer(const void *a, const void *b, void *arg)
{
	const struct hub_sight *s = arg;
	const struct hub_seen_row *x = &s->row[*(const uint32_t *)a];
	const struct hub_seen_row *y = &s->row[*(const uint32_t *)b];

	if (x->day != y->day)
		return x->day > y->day ? -1 : 1;
	return x > y ? -1 : x < y;
}

static int collect(struct ask *k)
{
	const size_t rows = k->s->rows;
	int rc;

	k->in = hub_alloc_array(k->a, rows + 1, 1);
	k->group = hub_alloc_array(k->a, rows + 1, 1);
	k->found = hub_alloc_array(k->a, rows + 1, sizeof *k->found);
	if (!k->in || !k->group || !k->found)
		return hub_fail_mem(k->err);
	if ((rc = mark_words(k)))
		return rc;
	for (size_t i = 0; i < rows; i++)
		if (k->in[i] && fits(k, &k->s->row[i]))
			k->found[k->n++] = (uint32_t)i;
	if (k->n > 1)
		qsort_r(k->found, k->n, sizeof *k->found, newer, k->s);
	return HUB_OK;
}

static int put_day(struct hub_arena *a, int32_t day, struct hub_str *out)
{
	int64_t y;
	unsigned m, d;

	*out = HUB_STR("");
	if (day == INT32_MIN)
		return 0;
	hub_days_to(day, &y, &m, &d);
	*out = hub_arena_printf(a, "%04d-%02u-%02u", (int)y, m, d);
	return out->ptr ? 0 : -1;
}

static int put_hit(struct ask *k, const struct hub_seen_row *r, struct hub_hit *out)
{
	const struct hub_seen_case *c = r->who == UINT32_MAX ? NULL : &k->s->cases[r->who];
	const struct hub_entity *of_case = hub_schema_entity(k->x->schema, HUB_STR("case"));
	const struct hub_entity *e = r->e->entity;

	*out = (struct hub_hit){.entity = e->name,
				.entity_label = e->label,
				.key = hub_rowctx_key(k->x, k->a, e, r->id),
				.case_key = HUB_STR(""),
				.case_no = c ? c->case_no : HUB_STR(""),
				.agency = HUB_STR("")};
	if (c && c->case_id)
		out->case_key = hub_rowctx_key(k->x, k->a, of_case, c->case_id);
	if (!out->case_no.ptr)
		out->case_no = HUB_STR("");
	if (r->agency != UINT32_MAX)
		out->agency = hub_map_key(k->s->word[HUB_FACET_AGENCY], r->agency);
	if (!out->key.ptr || !out->case_key.ptr || put_day(k->a, r->day, &out->day))
		return hub_fail_mem(k->err);
	return hub_find_snippet(k->x, k->a, r, &k->words, out, k->err);
}

static int put_page(struct ask *k, struct hub_hits *out)
{
	const uint32_t limit = k->q->limit == 0              ? 50
			       : k->q->limit > HUB_FIND_MOST ? HUB_FIND_MOST
							     : k->q->limit;
	int64_t from = 0;
	int rc = HUB_OK;

	if (k->q->after.len && hub_parse_i64(k->q->after, 0, UINT32_MAX, &from))
		return hub_fail(k->err, HUB_USAGE, "bad-cursor",
				"the place where the page before ended cannot be read");
	struct hub_hit *hit = hub_alloc_array(k->a, (size_t)limit + 1, sizeof *hit);
	if (!hit)
		return hub_fail_mem(k->err);
	for (size_t i = (size_t)from; i < k->n && out->n < limit && !rc; i++)
		rc = put_hit(k, &k->s->row[k->found[i]], &hit[out->n++]);
	out->hit = hit;
	out->total = (int64_t)k->n;
	if (!rc && (size_t)from + out->n < k->n) {
		out->next = hub_arena_printf(k->a, "%lld", (long long)from + out->n);
		return out->next.ptr ? HUB_OK : hub_fail_mem(k->err);
	}
	return rc;
}

/* --- facets ---------------------------------------------------------------------------------------------- */

struct hub_str hub_find_label(const struct hub_sight *s, const struct hub_schema *schema,
			      enum hub_facet f, uint32_t at)
{
	const struct hub_str word = hub_map_key(s->word[f], at);

	if (f == HUB_FACET_AGENCY)
		return at < s->agencies && s->agency[at].name.len ? s->agency[at].name : word;
	if (f == HUB_FACET_ENTITY) {
		const struct hub_entity *e = hub_schema_entity(schema, word);
		return e ? e->label : word;
	}
	for (size_t i = 0; f == HUB_FACET_HOUSEHOLD && i < HUB_COUNT(patterns); i++)
		if (hub_str_is(word, patterns[i].word))
			return hub_str_of(patterns[i].label);
	const struct hub_codes *list = codes_of(schema, f);
	const struct hub_code *code = list ? hub_code_find(list, word) : NULL;
	return code ? code->label : word;
}

static void count_row(const struct ask *k, const struct hub_seen_row *r, uint32_t f, int64_t *count)
{
	uint64_t at;

	if (f == HUB_FACET_ENTITY) {
		if (hub_map_get(k->s->word[f], r->e->entity->name, &at))
			count[at]++;
	} else if (f == HUB_FACET_AGENCY) {
		if (r->agency != UINT32_MAX)
			count[r->agency]++;
	} else if (r->who != UINT32_MAX) {
		const struct hub_seen_values *v = &k->s->cases[r->who].value[f];
		for (uint32_t i = 0; i < v->n; i++)
			count[v->at[i]]++;
	}
}

static int is_less(const struct hub_map *word, const int64_t *count, size_t a, size_t b)
{
	return count[a] != count[b] ? count[a] < count[b]
				    : hub_str_cmp(hub_map_key(word, a), hub_map_key(word, b)) < 0;
}

/* Few are not counted; if that is one alone, neither is the smallest of the others: always the same one, in whatever order
 * the words were met, or two answers would tell. */
static void hide_few(const struct hub_map *word, int64_t *count, size_t n)
{
	size_t hidden = 0, least = n;

	for (size_t i = 0; i < n; i++) {
		if (count[i] > 0 && count[i] < HUB_FIND_FEW) {
			count[i] = -1;
			hidden++;
		} else if (count[i] > 0 && (least == n || is_less(word, count, i, least))) {
			least = i;
		}
	}
	if (hidden == 1 && least < n)
		count[least] = -1;
}

static int more_of(const void *a, const void *b)
{
	const struct hub_facet_count *x = a, *y = b;

	if (x->facet != y->facet)
		return x->facet < y->facet ? -1 : 1;
	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return hub_str_cmp(x->value, y->value);
}

static int put_facet(struct ask *k, uint32_t f, struct hub_facet_count *out, uint32_t *n)
{
	const size_t words = hub_map_count(k->s->word[f]);
	int64_t *count = hub_alloc_array(k->a, words + 1, sizeof *count);

	if (!count)
		return hub_fail_mem(k->err);
	for (size_t i = 0; i < k->n; i++)
		count_row(k, &k->s->row[k->found[i]], f, count);
	hide_few(k->s->word[f], count, words);
	for (uint32_t i = 0; i < words; i++)
		if (count[i])
			out[(*n)++] = (struct hub_facet_count){
			    .facet = f,
			    .value = hub_map_key(k->s->word[f], i),
			    .label = hub_find_label(k->s, k->x->schema, (enum hub_facet)f, i),
			    .count = count[i]};
	return HUB_OK;
}

static int put_facets(struct ask *k, struct hub_hits *out)
{
	size_t all = 0;
	int rc = HUB_OK;

	for (uint32_t f = 0; f < HUB_FACETS; f++)
		all += hub_map_count(k->s->word[f]);
	struct hub_facet_count *list = hub_alloc_array(k->a, all + 1, sizeof *list);
	if (!list)
		return hub_fail_mem(k->err);
	for (uint32_t f = 0; f < HUB_FACETS && !rc; f++)
		rc = put_facet(k, f, list, &out->facets);
	if (out->facets > 1)
		qsort(list, out->facets, sizeof *list, more_of);
	out->facet = list;
	return rc;
}

int hub_find_run(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		 const struct hub_find *q, const struct hub_hits **out, struct hub_err *err)
{
	struct hub_hits *hits = hub_alloc0(a, sizeof *hits);
	struct ask k = {.s = s, .x = x, .a = a, .q = q, .err = err};
	int rc = hits ? hub_find_words_read(a, q->words, &k.words, err) : hub_fail_mem(err);

	if (rc || (rc = read_filters(&k)) || (rc = collect(&k)) || (rc = put_page(&k, hits)) ||
	    (q->counts && (rc = put_facets(&k, hits))))
		return rc;
	*out = hits;
	return HUB_OK;
}
