#include "release/alike.h"

#include "base/err.h"
#include "release/find.h"
#include "text/gram.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 50, WHYS = 12, GRAMS = 64, ROWS = 200 };

/* What counts how much, of those that the case asked about has anything of. */
enum part { PART_THEME, PART_WORDS, PART_CATEGORY, PART_HOUSEHOLD, PART_AGE, PARTS };
static const double weight[PARTS] = {0.45, 0.2, 0.2, 0.1, 0.05};

struct work {
	struct hub_sight *s;
	struct hub_rowctx *x;
	struct hub_arena *a;
	const struct hub_alike_ask *ask;
	double *words; /* per case: weight of the grams it shares */
	double most;   /* all of the case asked about */
	uint8_t *rows, *cases;
	double (*part)[PARTS]; /* per case */
	struct hub_err *err;
};

/* Cases that have the word of a theme or gram: rows marked, then their cases; returns how many. */
static size_t cases_of(struct work *k)
{
	size_t n = 0;

	memset(k->cases, 0, k->s->n_cases);
	for (size_t i = 0; i < k->s->rows; i++)
		if (k->rows[i] && k->s->row[i].who != UINT32_MAX)
			k->cases[k->s->row[i].who] = 1;
	for (size_t i = 0; i < k->s->n_cases; i++)
		n += k->cases[i];
	return n;
}

/* Rare is telling; what nearly all have says nothing. */
static double idf(const struct hub_sight *s, size_t cases)
{
	return log(((double)s->n_cases + 1) / ((double)cases + 0.5));
}

/* --- themes ---------------------------------------------------------------------------------------------- */

static uint32_t *theme_of(const struct work *k, uint32_t theme)
{
	return k->s->theme + (size_t)theme * (k->s->n_cases + 1);
}

/* Rows of each case that speak of each theme; the last place of a line: how many cases do. Under the sight's lock. */
static int fill_themes(struct work *k)
{
	const struct hub_themes *t = k->ask->themes;
	struct hub_sight *s = k->s;

	uint32_t *count = hub_alloc_array(s->arena, (size_t)t->n * (s->n_cases + 1), sizeof *count);
	if (!count)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < t->n; i++) {
		uint32_t *line = count + (size_t)i * (s->n_cases + 1);
		memset(k->rows, 0, s->rows);
		for (uint32_t w = 0; w < t->theme[i].words; w++) {
			const int rc = hub_find_mark(s, k->x, t->theme[i].word[w], k->rows, k->err);
			if (rc)
				return rc;
		}
		for (size_t r = 0; r < s->rows; r++)
			if (k->rows[r] && s->row[r].who != UINT32_MAX)
				line[s->row[r].who]++;
		line[s->n_cases] = (uint32_t)cases_of(k);
	}
	s->theme = count;
	return HUB_OK;
}

/* Once per sight, for all who share it. */
static int count_themes(struct work *k)
{
	struct hub_sight *s = k->s;
	int rc = HUB_OK;

	if (!k->ask->themes || !k->ask->themes->n)
		return HUB_OK;
	pthread_mutex_lock(&s->lock);
	if (!s->theme)
		rc = fill_themes(k);
	pthread_mutex_unlock(&s->lock);
	return rc;
}

static double theme_weight(const struct work *k, uint32_t theme, size_t at)
{
	const uint32_t *line = theme_of(k, theme);

	return log(1.0 + line[at]) * idf(k->s, line[k->s->n_cases]);
}

/* Cosine of what both speak of. */
static double same_themes(const struct work *k, size_t at)
{
	double both = 0, mine = 0, theirs = 0;

	for (uint32_t i = 0; k->s->theme && i < k->ask->themes->n; i++) {
		const double a = theme_weight(k, i, k->ask->at), b = theme_weight(k, i, at);
		both += a * b;
		mine += a * a;
		theirs += b * b;
	}
	return both > 0 ? both / sqrt(mine * theirs) : 0;
}

/* --- grams ------------------------------------------------------------------------------------------------- */

static int is_kanji(struct hub_str pair)
{
	size_t at = 0;
	int all = 1;

	while (at < pair.len) {
		const int32_t c = hub_utf8_next(pair, &at);
		all &= c >= 0x4e00 && c < 0xa000;
	}
	return all;
}

static int count_grams(struct work *k, struct hub_map *grams, struct hub_str folded)
{
	struct hub_gram_walk w = {.text = folded};
	struct hub_gram g;
	uint64_t n;

	while (hub_gram_next(&w, &g)) {
		if (g.kind != HUB_GRAM_PAIR || !is_kanji(g.text))
			continue;
		n = 0;
		(void)hub_map_get(grams, g.text, &n);
		if (hub_map_put(grams, g.text, n + 1))
			return hub_fail_mem(k->err);
	}
	return HUB_OK;
}

/* Grams of the texts of one row that may be read. */
static int grams_of_row(struct work *k, struct hub_arena *page, const struct hub_seen_row *r,
			struct hub_map *grams)
{
	struct hub_source_row row;
	struct hub_row_sight sight;
	struct hub_str folded;
	int rc = hub_cursor_row(page, k->x->db, r->e, r->id, &row, k->err);

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	rc = hub_rowctx_see(k->x, page, r->e, &row, &sight, k->err);
	for (uint32_t i = 0; i < r->e->n && !rc; i++) {
		const struct hub_field *f = r->e->fields[i].field;
		if (f->type != HUB_F_NARRATIVE || !sight.open[i] || !sight.spans[i].ptr)
			continue;
		rc = hub_sight_fold(page, row.text[hub_sight_text_place(f)], sight.spans[i],
				    &folded, k->err);
		if (!rc && folded.ptr)
			rc = count_grams(k, grams, folded);
	}
	return rc;
}

static int by_count(const void *a, const void *b, void *arg)
{
	const struct hub_map *m = arg;
	const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const uint64_t i = hub_map_value(m, x), j = hub_map_value(m, y);

	return i != j ? (i > j ? -1 : 1) : (x > y) - (x < y);
}

/* Cases that share the commonest grams of the case: not those of two or fewer cases (they find the same people again),
 * nor those of every third one. */
static int share_grams(struct work *k, struct hub_map *grams)
{
	const size_t n = hub_map_count(grams);
	uint32_t *order = hub_alloc_array(k->a, n + 1, sizeof *order);
	unsigned taken = 0;

	if (!order)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	if (n > 1)
		qsort_r(order, n, sizeof *order, by_count, grams);
	for (size_t i = 0; i < n && i < 4 * GRAMS && taken < GRAMS; i++) {
		memset(k->rows, 0, k->s->rows);
		const int rc =
		    hub_find_mark(k->s, k->x, hub_map_key(grams, order[i]), k->rows, k->err);
		if (rc)
			return rc;
		const size_t cases = cases_of(k);
		if (cases < 3 || cases * 3 > k->s->n_cases)
			continue;
		taken++;
		k->most += idf(k->s, cases);
		for (size_t c = 0; c < k->s->n_cases; c++)
			k->words[c] += k->cases[c] ? idf(k->s, cases) : 0;
	}
	return HUB_OK;
}

static int compare_words(struct work *k)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	struct hub_map *grams = hub_map_new(k->a);
	int rc = page && grams ? HUB_OK : hub_fail_mem(k->err), rows = 0;

	for (size_t i = k->s->rows; i > 0 && !rc && rows < ROWS; i--) {
		if (k->s->row[i - 1].who != k->ask->at)
			continue;
		hub_arena_reset(page);
		rc = grams_of_row(k, page, &k->s->row[i - 1], grams);
		rows++;
	}
	return rc ? rc : share_grams(k, grams);
}

/* --- coded fields ------------------------------------------------------------------------------------------ */

static uint32_t shared(const struct hub_seen_values *a, const struct hub_seen_values *b)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->n; i++)
		n += (uint32_t)hub_seen_has(b, a->at[i]);
	return n;
}

static double same_values(const struct hub_seen_values *a, const struct hub_seen_values *b)
{
	const uint32_t both = shared(a, b);

	return both ? (double)both / (a->n + b->n - both) : 0;
}

/* --- the answer ---------------------------------------------------------------------------------------------- */

static const enum hub_facet facet_of[PARTS] = {[PART_CATEGORY] = HUB_FACET_CATEGORY,
					       [PART_HOUSEHOLD] = HUB_FACET_HOUSEHOLD,
					       [PART_AGE] = HUB_FACET_AGE};
static const char *const names[PARTS] = {"theme", "words", "category", "household", "age"};

static double compare(struct work *k, size_t at)
{
	const struct hub_seen_case *me = &k->s->cases[k->ask->at], *you = &k->s->cases[at];
	double *p = k->part[at], sum = 0, all = 0;

	p[PART_THEME] = same_themes(k, at);
	p[PART_WORDS] = k->most > 0 ? k->words[at] / k->most : 0;
	for (int i = PART_CATEGORY; i < PARTS; i++)
		p[i] = same_values(&me->value[facet_of[i]], &you->value[facet_of[i]]);
	for (int i = 0; i < PARTS; i++) {
		const int known = i == PART_THEME   ? k->s->theme != NULL
				  : i == PART_WORDS ? k->most > 0
						    : me->value[facet_of[i]].n > 0;
		sum += known ? weight[i] * p[i] : 0;
		all += known ? weight[i] : 0;
	}
	/* everybody is of some age: that alone is no likeness */
	return all > 0 && sum > weight[PART_AGE] * p[PART_AGE] ? sum / all : 0;
}

/* A value that few cases have is not named as a reason. */
static int is_few(const struct hub_sight *s, enum hub_facet f, uint32_t at)
{
	unsigned n = 0;

	for (size_t i = 0; i < s->n_cases && n < HUB_FIND_FEW; i++)
		n += (unsigned)hub_seen_has(&s->cases[i].value[f], at);
	return n < HUB_FIND_FEW;
}

static void why_values(struct work *k, size_t at, int part, struct hub_alike_why *why, uint32_t *n)
{
	const enum hub_facet f = facet_of[part];
	const struct hub_seen_values *a = &k->s->cases[k->ask->at].value[f];
	const struct hub_seen_values *b = &k->s->cases[at].value[f];

	for (uint32_t i = 0; i < a->n && *n < WHYS; i++)
		if (hub_seen_has(b, a->at[i]) && !is_few(k->s, f, a->at[i]))
			why[(*n)++] = (struct hub_alike_why){
			    names[part], hub_map_key(k->s->word[f], a->at[i]),
			    hub_find_label(k->s, k->x->schema, f, a->at[i])};
}

static void why_themes(struct work *k, size_t at, struct hub_alike_why *why, uint32_t *n)
{
	const struct hub_themes *t = k->ask->themes;

	for (uint32_t i = 0; k->s->theme && i < t->n && *n < WHYS / 2; i++) {
		const uint32_t *line = theme_of(k, i);
		if (line[at] && line[k->ask->at] && line[k->s->n_cases] >= HUB_FIND_FEW)
			why[(*n)++] =
			    (struct hub_alike_why){"theme", t->theme[i].id, t->theme[i].label};
	}
}

static int put_case(struct work *k, size_t at, double score, struct hub_alike *out)
{
	const struct hub_seen_case *c = &k->s->cases[at];
	const struct hub_entity *e = hub_schema_entity(k->x->schema, HUB_STR("case"));
	const struct hub_seen_values *kinds = &c->value[HUB_FACET_KIND];
	struct hub_alike_why *why = hub_alloc_array(k->a, WHYS + 1, sizeof *why);
	struct hub_facet_count *kind = hub_alloc_array(k->a, (size_t)kinds->n + 1, sizeof *kind);

	*out = (struct hub_alike){.case_key = hub_rowctx_key(k->x, k->a, e, c->case_id),
				  .case_no = c->case_no,
				  .score = (int64_t)(score * 1000 + 0.5),
				  .why = why,
				  .kind = kind};
	if (!why || !kind || !out->case_key.ptr)
		return hub_fail_mem(k->err);
	why_themes(k, at, why, &out->whys);
	for (int p = PART_CATEGORY; p < PARTS; p++)
		why_values(k, at, p, why, &out->whys);
	if (k->part[at][PART_WORDS] > 0.2 && out->whys < WHYS)
		why[out->whys++] = (struct hub_alike_why){"words", HUB_STR(""), HUB_STR("")};
	for (uint32_t i = 0; i < kinds->n; i++)
		if (!is_few(k->s, HUB_FACET_KIND, kinds->at[i]))
			kind[out->kinds++] = (struct hub_facet_count){
			    .facet = HUB_FACET_KIND,
			    .value = hub_map_key(k->s->word[HUB_FACET_KIND], kinds->at[i]),
			    .label =
				hub_find_label(k->s, k->x->schema, HUB_FACET_KIND, kinds->at[i])};
	return HUB_OK;
}

static int rank(struct work *k, const struct hub_alike **out, uint32_t *n)
{
	const uint32_t most = k->ask->most == 0 ? 10 : k->ask->most > MOST ? MOST : k->ask->most;
	size_t best[MOST];
	double score[MOST];
	uint32_t kept = 0;
	int rc = HUB_OK;

	for (size_t i = 0; i < k->s->n_cases; i++) {
		const double v = i == k->ask->at || !k->s->cases[i].case_id ? 0 : compare(k, i);
		uint32_t at = kept;
		if (v * 1000 < 1 || (kept == most && v <= score[kept - 1]))
			continue;
		for (at = kept < most ? kept++ : most - 1; at > 0 && score[at - 1] < v; at--) {
			score[at] = score[at - 1];
			best[at] = best[at - 1];
		}
		score[at] = v;
		best[at] = i;
	}
	struct hub_alike *list = hub_alloc_array(k->a, (size_t)kept + 1, sizeof *list);
	if (!list)
		return hub_fail_mem(k->err);
	for (uint32_t i = 0; i < kept && !rc; i++)
		rc = put_case(k, best[i], score[i], &list[i]);
	*out = list;
	*n = kept;
	return rc;
}

int hub_alike_run(struct hub_sight *s, struct hub_rowctx *x, struct hub_arena *a,
		  const struct hub_alike_ask *ask, const struct hub_alike **out, uint32_t *n,
		  struct hub_err *err)
{
	struct work k = {.s = s,
			 .x = x,
			 .a = a,
			 .ask = ask,
			 .words = hub_alloc_array(a, s->n_cases + 1, sizeof *k.words),
			 .rows = hub_alloc_array(a, s->rows + 1, 1),
			 .cases = hub_alloc_array(a, s->n_cases + 1, 1),
			 .part = hub_alloc_array(a, s->n_cases + 1, sizeof *k.part),
			 .err = err};
	int rc = k.words && k.rows && k.cases && k.part ? HUB_OK : hub_fail_mem(err);

	if (rc || (rc = count_themes(&k)) || (rc = compare_words(&k)))
		return rc;
	return rank(&k, out, n);
}
