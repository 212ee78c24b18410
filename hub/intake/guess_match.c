/* What the columns of a file mean: the words of the header against the schema's names, labels and
 * aliases, with the contents as witness. */
#include "intake/guess_in.h"

#include "base/err.h"

/* A choice, a day, a time: cells that fit it say more than a word that may mean a text, too. */
static int is_typed(const struct hub_field *f)
{
	return f->type == HUB_F_CODE || f->type == HUB_F_CODES || f->type == HUB_F_DATE ||
	       f->type == HUB_F_DATETIME || f->type == HUB_F_TIME;
}

/* --- columns to fields ------------------------------------------------------------------------ */

struct guess_col *hub_guess_filler_of(const struct hub_guess *g, const struct hub_field *f)
{
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].field == f)
			return &g->col[i];
	return NULL;
}

void hub_guess_decide(struct guess_col *c, const struct hub_field *f, int confidence,
		      const char *reason)
{
	c->field = f;
	c->confidence = confidence;
	c->reason = reason;
}

void hub_guess_mean(struct guess_col *c, const struct hub_field *f, int confidence,
		    const char *reason)
{
	c->means = f;
	c->confidence = confidence;
	c->reason = reason;
}

/* 住所1, 住所2: one field in pieces. */
static int continues(const struct hub_guess *g, struct guess_col *c, const struct hub_field *f)
{
	const struct guess_col *first = hub_guess_filler_of(g, f);

	if (!first || first->part_of != GUESS_NO_PART || !hub_guess_same_stem(first->name, c->name))
		return 0;
	if (f->type != HUB_F_ADDRESS && f->type != HUB_F_TEXT && f->type != HUB_F_NARRATIVE)
		return 0;
	hub_guess_decide(c, f, first->confidence - 10,
			 hub_tr("continues the column of the same name"));
	c->part_of = (uint32_t)(first - g->col);
	return 1;
}

/* A text of which all cells are choices of one list, where the schema has a field for these. */
static const struct hub_field *rather_choices(const struct hub_guess *g, const struct guess_col *c,
					      const struct hub_field *f)
{
	if (f->type != HUB_F_NARRATIVE || c->tried < GUESS_FEW || c->many_lines)
		return f;
	for (uint32_t k = 0; k < f->entity->count; k++) {
		const struct hub_field *o = &f->entity->fields[k];
		for (uint32_t i = 0; o->type == HUB_F_CODES && i < c->lists; i++)
			if (c->list[i] == o->codes && !hub_guess_filler_of(g, o) &&
			    (uint64_t)c->part_hits[i] * 100 >= c->tried * 80)
				return o;
	}
	return f;
}

/* 次回予定 with days in its cells is 次回予定日, where the schema has both. */
static const struct hub_field *rather_day(const struct hub_guess *g, const struct guess_col *c,
					  const struct hub_field *f)
{
	if (f->type != HUB_F_NARRATIVE || c->tried < GUESS_FEW ||
	    hub_guess_share(c, LOOK_DATE) < 80)
		return f;
	const struct hub_str day = hub_arena_printf(g->arena, "%.*s日", HUB_FMT(c->name));
	for (const struct hub_alias *a = day.ptr ? hub_schema_alias(g->schema, day) : NULL; a;
	     a = hub_alias_next(g->schema, a))
		if (a->field->entity == f->entity && a->field->type == HUB_F_DATE &&
		    !hub_guess_filler_of(g, a->field))
			return a->field;
	return f;
}

/* How much speaks of records of that kind; one without the day that it must have is hardly one. */
static uint32_t record_hits(const struct hub_guess *g, const struct guess_words *words,
			    const struct hub_entity *e)
{
	const uint32_t hits = hub_guess_hits(g, words, e);
	int needs_day = 0;

	for (uint32_t f = 0; f < e->count; f++) {
		if (e->fields[f].type != HUB_F_DATE || !(e->fields[f].flags & HUB_FF_REQUIRED))
			continue;
		needs_day = 1;
		for (uint32_t i = 0; i < g->cols; i++)
			for (uint32_t k = 0; k < words[i].n; k++)
				if (words[i].cand[k].field == &e->fields[f] &&
				    words[i].cand[k].score >= 80)
					return hits;
	}
	return needs_day ? hits / 2 : hits;
}

/* 相談内容 and behind it 支援内容: two words for one text of a record are what was asked and what was done. */
static const struct hub_field *response_to(const struct hub_guess *g, const struct guess_col *c,
					   const struct hub_field *asked)
{
	const struct hub_field *f = hub_schema_field(asked->entity, HUB_STR("response"));

	return f && asked->type == HUB_F_NARRATIVE && hub_guess_filler_of(g, asked) < c &&
		       !hub_guess_filler_of(g, f)
		   ? f
		   : NULL;
}

/* ｼﾒｲ over names in kanji: old systems write all their headers in kana, and the cells say what is meant. */
static const struct hub_field *as_written(const struct guess_col *c, const struct hub_field *f)
{
	const struct hub_str tail = HUB_STR("_kana");
	const int fit = f->type == HUB_F_KANA ? hub_guess_fit(c, f) : -1;

	if (fit < 0 || fit >= 50 || !hub_str_ends(f->name, tail))
		return f;
	const struct hub_field *plain =
	    hub_schema_field(f->entity, hub_str_cut(f->name, 0, f->name.len - tail.len));
	return plain ? plain : f;
}

/* What the words of all columns are matched with. */
struct matching {
	struct hub_guess *g;
	const struct guess_words *words;
	enum guess_group group;
};

/* What a header may mean, as far as the cells do not speak against it. */
struct meaning {
	const struct hub_field *best;
	int score, fit;
	uint32_t hits;                 /* headers that speak of the same record */
	const struct hub_field *again; /* filled by another column already */
	int again_score;
	const struct hub_field *unlike; /* the word says one thing, the cells another */
};

/* A word may mean a choice, a day or a text; the cells decide. */
static int is_better(const struct meaning *m, const struct hub_field *f, int score, int fit,
		     uint32_t hits)
{
	const int typed = is_typed(f) && fit >= 80,
		  surer = typed - (m->best && is_typed(m->best) && m->fit >= 80);

	return score > m->score ||
	       (score == m->score && (surer > 0 || (surer == 0 && hits > m->hits)));
}

/* 1: it goes on with what another column says, nothing else is asked of it. */
static int read_words(const struct matching *x, struct guess_col *c, const struct guess_words *w,
		      struct meaning *m)
{
	for (uint32_t k = 0; k < w->n; k++) {
		const struct hub_field *f = as_written(c, w->cand[k].field);
		const int fit = hub_guess_fit(c, f), score = w->cand[k].score;
		if (!hub_guess_in_group(x->group, f->entity) || f->type == HUB_F_REF ||
		    f->type == HUB_F_JSON)
			continue;
		if (hub_guess_filler_of(x->g, f)) {
			if (score >= m->score && continues(x->g, c, f))
				return 1;
			if (!m->again || score > m->again_score) {
				m->again = f;
				m->again_score = score;
			}
			continue;
		}
		if (fit >= 0 && fit < 50) {
			if (score >= 85 && !m->unlike)
				m->unlike = f;
			continue;
		}
		/* half a word, and the few cells there are speak against it */
		if (fit < 0 && c->tried && score < 80)
			continue;
		const uint32_t hits = record_hits(x->g, x->words, f->entity);
		if (is_better(m, f, score, fit, hits)) {
			m->best = f;
			m->score = score;
			m->fit = fit;
			m->hits = hits;
		}
	}
	/* nothing else speaks of a record of its own: two words for one field rather */
	if (m->again && m->best && m->again_score == m->score && m->hits < 2 &&
	    record_hits(x->g, x->words, m->again->entity) > 1)
		m->score = 0;
	return 0;
}

/* The number of the household is the household's as well as the person's. */
static void also_of_household(const struct matching *x, struct guess_col *c,
			      const struct guess_words *w, const struct hub_field *best)
{
	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].field != best && hub_str_eq(w->cand[k].field->name, best->name) &&
		    hub_str_is(best->name, "household_no") &&
		    hub_guess_in_group(x->group, w->cand[k].field->entity))
			c->also = w->cand[k].field;
}

static void match_words(const struct matching *x, struct guess_col *c, const struct guess_words *w)
{
	struct meaning m = {0};

	if (read_words(x, c, w, &m))
		return;
	if (m.again && m.again_score > m.score) {
		const struct hub_field *done = response_to(x->g, c, m.again);
		if (done)
			hub_guess_decide(c, done, 70,
					 hub_tr("what was done, beside what was asked"));
		else
			hub_guess_mean(c, m.again, m.again_score,
				       hub_tr("another column fills it already"));
		return;
	}
	if (!m.best && m.unlike)
		hub_guess_mean(c, m.unlike, 50,
			       hub_tr("the header says so, but the cells are something else"));
	if (!m.best)
		return;
	if (hub_str_is(m.best->entity->name, "consent")) {
		hub_guess_mean(c, m.best, m.score,
			       hub_tr("a consent names its recipient: say which"));
		return;
	}
	const struct hub_field *best = rather_day(x->g, c, rather_choices(x->g, c, m.best));
	hub_guess_decide(c, best, m.score,
			 m.fit < 0       ? c->tried ? hub_tr("header; the few cells do not fit")
						    : hub_tr("header; the column is empty")
			       : m.score >= 80 ? hub_tr("header, and the cells fit")
					 : hub_tr("end of the header, and the cells fit"));
	if (m.fit >= 0 && m.fit < 100)
		c->confidence -= (100 - m.fit) / 2;
	also_of_household(x, c, w, best);
}

struct guess_col *hub_guess_filler(const struct hub_guess *g, const char *entity, const char *field)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(entity));
	const struct hub_field *f = e ? hub_schema_field(e, hub_str_of(field)) : NULL;

	return f ? hub_guess_filler_of(g, f) : NULL;
}

/* 12-digit numbers: individual numbers all have the right check digit, others one in eleven. */
static void judge_numbers(struct guess_col *c)
{
	if (c->tried < 5 || hub_guess_share(c, LOOK_TWELVE) < 80)
		return;
	if (c->look[LOOK_MYNUMBER] * 100 > c->look[LOOK_TWELVE] * 60)
		c->drop = 1;
	else
		c->keep_numbers = 1;
}

/* What the rows of a table in the records are: that of which most of its columns speak. */
static const struct hub_entity *entity_of_table(const struct hub_guess *g,
						const struct guess_words *words)
{
	const struct hub_entity *best = NULL;
	int most = 0;

	for (uint32_t e = 0; e < g->schema->n_entities; e++) {
		const struct hub_entity *one = &g->schema->entities[e];
		int sum = 0;
		for (uint32_t i = 0; i < g->cols; i++)
			for (uint32_t k = 0; hub_guess_in_table(g, &g->col[i]) && k < words[i].n;
			     k++)
				if (words[i].cand[k].field->entity == one && !one->identified) {
					sum += words[i].cand[k].score;
					break;
				}
		if (sum > most) {
			most = sum;
			best = one;
		}
	}
	return best;
}

/* A column of the table tells of its rows, any other of the record: they fill no entity together. */
static void part_table(const struct hub_guess *g, struct guess_words *words)
{
	const struct hub_entity *inside = g->table.len ? entity_of_table(g, words) : NULL;

	for (uint32_t i = 0; inside && i < g->cols; i++) {
		struct guess_words *w = &words[i];
		const int in = hub_guess_in_table(g, &g->col[i]);
		uint32_t kept = 0;
		for (uint32_t k = 0; k < w->n; k++)
			if ((w->cand[k].field->entity == inside) == in)
				w->cand[kept++] = w->cand[k];
		w->n = kept;
	}
}

/* "type": "Feature" and "Point" of GeoJSON say nothing of the place. */
static int is_geometry(const struct hub_guess *g, const struct guess_col *c)
{
	if (!hub_str_is(c->name, "type") && !hub_str_is(c->name, "geometry/type"))
		return 0;
	for (uint32_t i = 0; i < g->cols; i++)
		if (hub_str_starts(g->col[i].name, HUB_STR("geometry/")))
			return 1;
	return 0;
}

/* The mark of a choice is no code of a list, no number and no text: yes or no at most. */
static void keep_yes_or_no(struct guess_col *c, struct guess_words *w)
{
	uint32_t kept = 0;

	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].field->type == HUB_F_BOOL ||
		    hub_str_is(w->cand[k].field->entity->name, "consent"))
			w->cand[kept++] = w->cand[k];
	if (w->n && !kept)
		c->reason = hub_tr("one choice of several, and none that the list knows");
	w->n = kept;
}

/* Which fields every header may mean. */
static void find_candidates(struct hub_guess *g, struct guess_words *words)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		judge_numbers(&g->col[i]);
		if (hub_guess_share(&g->col[i], LOOK_INSIDE) > 50) {
			g->col[i].reason = hub_tr(
			    "a table of its own in each record: it needs a mapping of its own");
			continue;
		}
		const int inner = i + g->inner >= g->cols;
		if (g->has_header && !inner && !is_geometry(g, &g->col[i]) &&
		    !g->col[i].forbidden && !g->col[i].drop && !g->col[i].dropped)
			words[i].n = hub_guess_candidates(g->schema, g->col[i].name, words[i].cand,
							  GUESS_CANDS);
		if (g->has_header && hub_guess_is_option(g, i))
			keep_yes_or_no(&g->col[i], &words[i]);
	}
	for (uint32_t i = 0; i < g->cols && g->has_header; i++) {
		const struct hub_str day = hub_guess_ymd(g, i);
		if (day.len == 0)
			continue;
		words[i].n = hub_guess_candidates(g->schema, day, words[i].cand, GUESS_CANDS);
		words[i - 1].n = words[i - 2].n = 0;
	}
}

/* Surer words first, so that 住所 takes its field before 旧住所 can. */
static void match_headers(struct hub_guess *g, const struct guess_words *words,
			  enum guess_group group)
{
	const struct matching x = {g, words, group};

	for (int score = 90; score >= 60; score -= 5)
		for (uint32_t i = 0; i < g->cols; i++)
			if (!g->col[i].field && !g->col[i].means && words[i].n &&
			    words[i].cand[0].score == score)
				match_words(&x, &g->col[i], &words[i]);
}

int hub_guess_match(struct hub_guess *g, struct hub_err *err)
{
	struct guess_words *words = hub_alloc_array(g->arena, (size_t)g->cols + 1, sizeof *words);

	if (!words)
		return hub_fail_mem(err);
	find_candidates(g, words);
	if (g->has_header && hub_guess_refuse_beside(g, words, err))
		return err->rc;
	part_table(g, words);
	hub_guess_part_names(g, words);
	if ((g->restricted = hub_guess_is_restricted(g, words)))
		return hub_guess_restrict(g, words, err);
	hub_guess_part_relative(g, words);
	hub_guess_part_visitor(g, words);
	const int people = hub_guess_about_people(g);
	const int contacts = hub_guess_about_contacts(g);
	const enum guess_group group = people     ? GUESS_PEOPLE
				       : contacts ? GUESS_AGENCIES
						  : hub_guess_group(g, words);
	hub_guess_part_others(g, words); /* what the file is about they say as well */
	const struct hub_entity *main = hub_guess_main(g, words, group);
	g->certified = group == GUESS_CERTIFIED;
	if (hub_guess_places(g, main, err))
		return err->rc;
	if (people)
		hub_guess_people(g);
	if (contacts)
		hub_guess_contacts(g);
	match_headers(g, words, group);
	for (uint32_t i = 0; i < g->cols && !contacts; i++)
		if (!g->col[i].field && !g->col[i].means && !g->col[i].forbidden &&
		    !g->col[i].drop && !g->col[i].dropped)
			hub_guess_looks(g, &g->col[i], main);
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].others && hub_guess_in_group(group, g->col[i].others->entity) &&
		    !g->col[i].field && !g->col[i].means)
			hub_guess_mean(&g->col[i], g->col[i].others, 50,
				       hub_tr("the header speaks of somebody else"));
	hub_guess_list_name(g, main);
	hub_guess_beside(g);
	hub_guess_staff(g, main);
	hub_guess_times(g);
	hub_guess_phones(g);
	int rc = hub_guess_clock(g, err);
	if (rc || (rc = hub_guess_years(g, err)) || (rc = hub_guess_spans(g, err)) ||
	    (rc = hub_guess_rubies(g, err)) || (rc = hub_guess_options(g, err)))
		return rc;
	if ((rc = hub_guess_key(g, err)))
		return rc;
	return g->certified ? hub_guess_certify(g, err) : HUB_OK;
}
