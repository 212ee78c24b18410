/* What an older sight of the same view knows still: all of it about groups (release/kin.h) of which nothing has changed,
 * as long as what counts for everybody is the same. */
#include "release/people_in.h"
#include "release/sight.h"

#include <stdlib.h>

static void mix(struct hub_hash *h, const void *bytes, size_t n)
{
	*h = hub_hash128((struct hub_str){bytes, n}, *h);
}

static void mix_text(struct hub_hash *h, struct hub_str s)
{
	mix(h, &s.len, sizeof s.len);
	mix(h, s.ptr, s.len);
}

/* The recipient, and where those live from whom it is barred. */
static void mix_recipient(struct hub_hash *h, const struct hub_since *w, const struct hub_rowctx *x)
{
	const struct hub_recipient_facts *to = &x->to;
	const struct hub_entity *person = hub_schema_entity(x->schema, HUB_STR("person"));
	const int64_t is[] = {to->gate.known, to->gate.barred, to->n_agencies, to->n_barred_from,
			      to->key_number};

	mix_text(h, to->gate.id);
	mix(h, &to->gate.contract, sizeof to->gate.contract);
	mix(h, is, sizeof is);
	mix(h, to->key, sizeof to->key);
	if (to->n_agencies)
		mix(h, to->agencies, to->n_agencies * sizeof *to->agencies);
	for (uint32_t i = 0; i < to->n_barred_from; i++) {
		const uint32_t g = hub_kin_group(w->kin, person, to->barred_from[i]);
		const struct hub_hash sum =
		    g == UINT32_MAX ? (struct hub_hash){0, 0} : hub_kin_sum(w->kin, g);
		mix(h, &to->barred_from[i], sizeof to->barred_from[i]);
		mix(h, &sum, sizeof sum);
	}
}

/* Marks of protected households make others suspected, wherever they live. */
static void mix_marks(struct hub_hash *h, const struct hub_people *p)
{
	const struct hub_hash seed = {1, 2};
	struct hub_hash all = {0, 0};

	for (size_t i = 0; i < hub_map_count(p->marks); i++)
		all = hub_hash_add(all, hub_hash128(hub_map_key(p->marks, i), seed));
	for (size_t i = 0; i < hub_map_count(p->same_as); i++)
		all = hub_hash_add(all, hub_hash128(hub_map_key(p->same_as, i), seed));
	mix(h, &all, sizeof all);
	for (size_t i = 0; i < p->fresh.n; i++)
		mix(h, &p->fresh.at[i], sizeof p->fresh.at[i]);
}

static struct hub_hash ground_of(const struct hub_since *w, const struct hub_rowctx *x)
{
	const struct hub_hash agencies = hub_kin_agencies(w->kin);
	const int64_t is[] = {x->spec->day, x->spec->feed_days, x->people->dflt,
			      x->people->opt.day};
	struct hub_hash h = {0, 0};

	mix_text(&h, hub_str_of(x->spec->profile->hash));
	mix_text(&h, hub_str_of(x->version));
	mix(&h, is, sizeof is);
	mix(&h, &agencies, sizeof agencies);
	mix_recipient(&h, w, x);
	mix_marks(&h, x->people);
	return h;
}

/* --- groups ------------------------------------------------------------------------------------------ */

/* Sums of the groups as this view has them: with the emergencies of its agency. */
static struct hub_hash *sums_of(const struct hub_since *w, const struct hub_rowctx *x)
{
	const uint32_t n = hub_kin_groups(w->kin);
	const struct hub_entity *person = hub_schema_entity(x->schema, HUB_STR("person"));
	struct hub_hash *sum = hub_alloc_array(w->s->arena, (size_t)n + 1, sizeof *sum);
	int64_t identity;

	for (uint32_t i = 0; sum && i < n; i++)
		sum[i] = hub_kin_sum(w->kin, i);
	for (uint32_t i = 0; sum && i < x->n_emergencies; i++) {
		const struct hub_str who = x->emergencies[i].person;
		const struct hub_hash seed = {3, 4};
		if (hub_parse_i64(who, INT64_MIN, INT64_MAX, &identity))
			continue;
		const uint32_t g = hub_kin_group(w->kin, person, identity);
		if (g != UINT32_MAX)
			sum[g] = hub_hash_add(sum[g], hub_hash128(who, seed));
	}
	return sum;
}

static int was_there(const struct hub_sight *from, struct hub_str sum)
{
	uint64_t how;

	return from && hub_map_get(from->groups, sum, &how) &&
	       (how == HUB_SEEN_TRUSTED || !from->doubtful);
}

static int compare_groups(struct hub_since *w, const struct hub_hash *sum)
{
	const uint32_t n = hub_kin_groups(w->kin);

	w->same = hub_alloc_array(w->s->arena, (size_t)n + 1, 1);
	if (!w->same)
		return -1;
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_str key = {(const char *)&sum[i], sizeof sum[i]};
		if (!hub_kin_is_group(w->kin, i))
			continue;
		w->same[i] = (uint8_t)was_there(w->from, key);
		if (hub_map_put(w->s->groups, key,
				w->same[i] ? HUB_SEEN_TRUSTED : HUB_SEEN_DECIDED))
			return -1;
	}
	return 0;
}

/* The rows of the entities with texts, for the next one; *rows: how many, *changed: of groups that are not the same. */
static int keep_ids(struct hub_since *w, size_t *rows, size_t *changed)
{
	const struct hub_profile *p = w->s->profile;

	*rows = *changed = 0;
	w->s->ids = hub_alloc_array(w->s->arena, (size_t)p->n + 1, sizeof *w->s->ids);
	for (uint32_t e = 0; w->s->ids && e < p->n; e++) {
		const struct hub_entity *of = p->entities[e].entity;
		size_t n;
		const int64_t *id = hub_kin_rows(w->kin, of, &n);
		int64_t *kept = hub_alloc_array(w->s->arena, n + 1, sizeof *kept);
		if (!kept)
			return -1;
		for (size_t i = 0; i < n; i++) {
			kept[i] = id[i];
			*changed += !hub_since_same(w, of, id[i]);
		}
		w->s->ids[e] = (struct hub_seen_ids){kept, n};
		*rows += n;
	}
	return w->s->ids ? 0 : -1;
}

/* Words keep their places: rows and cases that are taken over name them by it. */
static int take_words(struct hub_since *w)
{
	for (uint32_t f = 0; f < HUB_FACETS; f++)
		for (size_t i = 0; i < hub_map_count(w->from->word[f]); i++)
			if (hub_map_put(w->s->word[f], hub_map_key(w->from->word[f], i), i))
				return -1;
	w->moved = hub_alloc_array(w->s->arena, w->from->rows + 1, sizeof *w->moved);
	for (size_t i = 0; w->moved && i < w->from->rows; i++)
		w->moved[i] = UINT32_MAX;
	return w->moved ? 0 : -1;
}

int hub_since_begin(struct hub_since *w, struct hub_rowctx *x, struct hub_err *err)
{
	size_t rows, changed;

	w->s->ground = ground_of(w, x);
	if (w->from && memcmp(&w->from->ground, &w->s->ground, sizeof w->s->ground) != 0)
		w->from = NULL;
	const struct hub_hash *sum = sums_of(w, x);
	if (!sum || compare_groups(w, sum) || keep_ids(w, &rows, &changed))
		return hub_fail_mem(err);
	if (changed > rows / 2) /* page by page is quicker than row by row */
		w->from = NULL;
	return w->from && take_words(w) ? hub_fail_mem(err) : HUB_OK;
}

int hub_since_same(const struct hub_since *w, const struct hub_entity *e, int64_t row)
{
	const uint32_t g = w->from ? hub_kin_group(w->kin, e, row) : UINT32_MAX;

	return g != UINT32_MAX && w->same[g];
}

/* --- taking over --------------------------------------------------------------------------------------- */

int hub_since_take(struct hub_since *w, const struct hub_profile_entity *e, int64_t row,
		   struct hub_err *err)
{
	const struct hub_sight *from = w->from;

	for (; w->at < from->rows && from->row[w->at].e < e; w->at++)
		;
	for (; w->at < from->rows && from->row[w->at].e == e && from->row[w->at].id < row; w->at++)
		;
	if (w->at == from->rows || from->row[w->at].e != e || from->row[w->at].id != row)
		return HUB_OK; /* it shows nothing of it */
	if (hub_sight_grow(w->s->arena, &w->s->row, w->s->rows, sizeof *w->s->row))
		return hub_fail_mem(err);
	struct hub_seen_row r = from->row[w->at];
	if (r.who != UINT32_MAX &&
	    (r.who = hub_sight_case(w->s, from->cases[r.who].identity)) == UINT32_MAX)
		return hub_fail_mem(err);
	w->moved[w->at] = (uint32_t)w->s->rows;
	w->s->row[w->s->rows++] = r;
	return HUB_OK;
}

int hub_since_texts(struct hub_since *w, struct hub_err *err)
{
	struct hub_sight *s = w->s;

	for (size_t i = 0; w->from && i < w->from->texts; i++) {
		struct hub_seen_text t = w->from->text[i];
		if (w->moved[t.row] == UINT32_MAX)
			continue;
		t.row = w->moved[t.row];
		if (hub_sight_grow(s->arena, &s->text, s->texts, sizeof *s->text))
			return hub_fail_mem(err);
		s->text[s->texts++] = t;
	}
	return HUB_OK;
}

static int take_values(struct hub_sight *s, const struct hub_seen_values *from,
		       struct hub_seen_values *to)
{
	*to = (struct hub_seen_values){
	    hub_alloc_array(s->arena, (size_t)from->n + 1, sizeof *to->at), from->n};
	if (!to->at)
		return -1;
	if (from->n)
		memcpy(to->at, from->at, from->n * sizeof *to->at);
	return 0;
}

static int take_case(struct hub_sight *s, const struct hub_seen_case *from)
{
	const uint32_t at = hub_sight_case(s, from->identity);
	struct hub_seen_case *to = at == UINT32_MAX ? NULL : &s->cases[at];

	if (!to)
		return -1;
	to->case_id = from->case_id;
	to->case_no = hub_arena_str(s->arena, from->case_no);
	to->name = hub_arena_str(s->arena, from->name);
	to->kana = hub_arena_str(s->arena, from->kana);
	for (uint32_t f = 0; f < HUB_FACETS; f++)
		if (take_values(s, &from->value[f], &to->value[f]))
			return -1;
	return hub_arena_failed(s->arena) ? -1 : 0;
}

int hub_since_cases(const struct hub_since *w, struct hub_err *err)
{
	const struct hub_entity *person = hub_kin_person(w->kin);

	for (size_t i = 0; w->from && i < w->from->n_cases; i++)
		if (hub_since_same(w, person, w->from->cases[i].identity) &&
		    take_case(w->s, &w->from->cases[i]))
			return hub_fail_mem(err);
	return HUB_OK;
}

/* --- behind the making --------------------------------------------------------------------------------- */

static int by_identity(const void *a, const void *b)
{
	const struct hub_seen_case *x = a, *y = b;

	return (x->identity > y->identity) - (x->identity < y->identity);
}

int hub_sight_order(struct hub_sight *s, struct hub_err *err)
{
	int64_t *of = hub_alloc_array(s->arena, s->n_cases + 1, sizeof *of);
	uint64_t at;

	if (!of)
		return hub_fail_mem(err);
	for (size_t i = 0; i < s->n_cases; i++)
		of[i] = s->cases[i].identity;
	if (s->n_cases > 1)
		qsort(s->cases, s->n_cases, sizeof *s->cases, by_identity);
	for (size_t i = 0; i < s->n_cases; i++)
		if (hub_map_put(s->who, hub_id_key(&s->cases[i].identity), i))
			return hub_fail_mem(err);
	for (size_t i = 0; i < s->rows; i++)
		if (s->row[i].who != UINT32_MAX &&
		    hub_map_get(s->who, hub_id_key(&of[s->row[i].who]), &at))
			s->row[i].who = (uint32_t)at;
	return HUB_OK;
}

int hub_sight_doubt(struct hub_sight *s, const struct hub_kin *kin, struct hub_err *err)
{
	uint64_t how;

	s->doubtful = 1;
	for (uint32_t i = 0; i < hub_kin_groups(kin); i++) {
		const struct hub_hash sum = hub_kin_sum(kin, i);
		const struct hub_str key = {(const char *)&sum, sizeof sum};
		if (hub_kin_is_group(kin, i) && hub_map_get(s->groups, key, &how) &&
		    hub_map_put(s->groups, key, HUB_SEEN_TRUSTED))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}
