/* What the columns of a file mean: the words of the header against the schema's names, labels and
 * aliases, then the contents as witness. */
#include "intake/guess_in.h"

#include "base/err.h"

#include <stdio.h>

enum { FEW = 3 };

/* --- the contents as witness ------------------------------------------------------------------ */

int hub_guess_share(const struct guess_col *c, enum guess_look look)
{
	const uint64_t tried = look == LOOK_ADDRESS && c->tried > ADDRESSES ? ADDRESSES : c->tried;

	return tried ? (int)(100 * (uint64_t)c->look[look] / tried) : 0;
}

/* Too few cells contradict no word of a header. */
static int witness(const struct guess_col *c, int fit)
{
	return c->tried < FEW && fit < 50 ? -1 : fit;
}

/* Percent of the cells that fit a field; 100 for a free text, -1 when there is nothing to see. */
static int fit_of(const struct guess_col *c, const struct hub_field *f)
{
	static const struct {
		enum hub_ftype type;
		enum guess_look look;
	} looks[] = {{HUB_F_DATE, LOOK_DATE},   {HUB_F_DATETIME, LOOK_DATE},
		     {HUB_F_TIME, LOOK_TIME},   {HUB_F_MONTH, LOOK_DATE},
		     {HUB_F_INT, LOOK_INT},     {HUB_F_YEN, LOOK_INT},
		     {HUB_F_PHONE, LOOK_PHONE}, {HUB_F_POSTAL, LOOK_POSTAL},
		     {HUB_F_KANA, LOOK_KANA},   {HUB_F_BOOL, LOOK_BOOL}};

	/* one or two cells of a few may be the broken ones */
	if (c->tried == 0)
		return -1;
	if (c->expr.len) /* 年, 月, 日: the cells of this one are a part */
		return f->type == HUB_F_DATE ? 100 : 0;
	if (hub_guess_share(c, LOOK_MARK) > 50 && f->type != HUB_F_BOOL && !f->codes)
		return 0; /* ○ under 健康 is no text about it */
	if (hub_str_is(f->name, "duration_min") && c->look[LOOK_HOURS])
		return 100; /* 30分, 1時間15分, 0:20 */
	if (f->type == HUB_F_INT && c->units > GUESS_UNITS)
		return c->tried < FEW ? -1 : 0;
	if (f->type == HUB_F_NAME &&
	    hub_guess_share(c, LOOK_ORG) > 60) /* 株式会社 is nobody's name */
		return witness(c, 0);
	if (f->type == HUB_F_NARRATIVE &&
	    hub_guess_share(c, LOOK_ADDRESS) > 80) /* 住所/本文: no text about anybody */
		return witness(c, 0);
	if (f->type == HUB_F_NARRATIVE && c->max_chars <= 4 &&
	    hub_guess_share(c, LOOK_INT) > 90) /* 15, 45: no minutes of a meeting */
		return witness(c, 0);
	for (size_t i = 0; i < HUB_COUNT(looks); i++)
		if (looks[i].type == f->type)
			return witness(c, hub_guess_share(c, looks[i].look) +
					      (f->type == HUB_F_DATE
						   ? hub_guess_share(c, LOOK_SERIAL) +
							 hub_guess_share(c, LOOK_NO_YEAR)
						   : 0));
	for (uint32_t i = 0; i < c->lists; i++)
		if (f->codes && c->list[i] == f->codes)
			return witness(c,
				       (int)(100 *
					     (uint64_t)(f->type == HUB_F_CODE ? c->list_hits[i]
									      : c->part_hits[i]) /
					     c->tried));
	return 100;
}

/* A choice, a day, a time: cells that fit it say more than a word that may mean a text, too. */
static int is_typed(const struct hub_field *f)
{
	return f->type == HUB_F_CODE || f->type == HUB_F_CODES || f->type == HUB_F_DATE ||
	       f->type == HUB_F_DATETIME || f->type == HUB_F_TIME;
}

/* --- which entities the file is about --------------------------------------------------------- */

/* What kinds of files there are, and the entities that such a file may fill. */
enum { PEOPLE = 0, RESOURCES = 2, CERTIFIED = 3, AGENCIES = 5 };
static const char *const groups[][20] = {
    {"person", "household", "household_member", "relationship", "case", "intake", "assessment",
     "screening", "plan", "plan_action", "meeting", "evaluation", "activity", "task", "protection",
     "certification", "consent", NULL},
    {"residence", "person", "household", "household_member", "protection", NULL},
    {"resource", NULL},
    {"certification", "person", NULL},
    {"staff", "appointment", "agency", NULL},
    {"agency", NULL},
    {"scheme", NULL},
    {"workload", NULL},
};

static int in_group(size_t group, const struct hub_entity *e)
{
	for (const char *const *name = groups[group]; *name; name++)
		if (hub_str_is(e->name, *name))
			return 1;
	return 0;
}

/* How much a word says about the kind of file. The end of a header says little; a name says more, and
 * most of all whether it names people or organisations. */
static int word_score(const struct guess_col *c, const struct hub_field *f, int score)
{
	if (score < 80)
		return 20;
	if (!(f->flags & HUB_FF_REQUIRED))
		return score;
	if (f->type == HUB_F_NAME && hub_str_is(f->entity->name, "person"))
		return hub_guess_share(c, LOOK_ORG) > 40 ? 10 : score + 60;
	if (hub_str_is(f->entity->name, "resource") || hub_str_is(f->entity->name, "agency"))
		return hub_guess_share(c, LOOK_ORG) > 40 ? score + 60 : score;
	return score + 15;
}

/* Sum of the best candidates of each column within the group; places on a map are social resources. */
static int group_score(const struct hub_guess *g, const struct guess_words *words, size_t group)
{
	int sum = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		int best = 0;
		for (uint32_t k = 0; k < words[i].n; k++) {
			const struct hub_field *f = words[i].cand[k].field;
			if (!in_group(group, f->entity) || fit_of(&g->col[i], f) == 0)
				continue;
			const int score = word_score(&g->col[i], f, words[i].cand[k].score);
			best = score > best ? score : best;
		}
		sum += best;
		if ((hub_guess_share(&g->col[i], LOOK_LATITUDE) > 80 ||
		     hub_guess_share(&g->col[i], LOOK_LAT_LON) > 80) &&
		    group == RESOURCES)
			sum += 100;
	}
	return sum;
}

static uint32_t entity_hits(const struct hub_guess *g, const struct guess_words *words,
			    const struct hub_entity *e)
{
	uint32_t hits = 0;

	for (uint32_t i = 0; e && i < g->cols; i++)
		for (uint32_t k = 0; k < words[i].n; k++) {
			if (words[i].cand[k].field->entity != e || words[i].cand[k].score < 80)
				continue;
			hits++;
			break;
		}
	return hits;
}

static int has_word(const struct hub_guess *g, const struct guess_words *words, const char *field)
{
	for (uint32_t i = 0; i < g->cols; i++)
		for (uint32_t k = 0; k < words[i].n; k++)
			if (words[i].cand[k].score >= 75 &&
			    hub_str_is(words[i].cand[k].field->name, field))
				return 1;
	return 0;
}

/* Certifications, of people whom the municipality knows by its own number. With a number of its own for its clients
 * it is the ledger of an office, which happens to note their certification. */
static int is_certified(const struct hub_guess *g, const struct guess_words *words)
{
	const int all = group_score(g, words, PEOPLE);

	return (has_word(g, words, "atena_no") || has_word(g, words, "ltc_insured_no")) &&
	       !has_word(g, words, "client_no") && !has_word(g, words, "case_no") &&
	       entity_hits(g, words, hub_schema_entity(g->schema, HUB_STR("certification"))) >= 4 &&
	       group_score(g, words, CERTIFIED) * 5 >= all * 4;
}

/* People with the organisation they work for and their post there: nobody's clients, but an address book. */
static int is_address_book(const struct hub_guess *g, const struct guess_words *words)
{
	static const char *const posts[] = {"役職", "役職名", "部課名", "部署", "部署名"};
	int firm = 0, post = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		firm |= hub_str_is(g->col[i].name, "会社名") || hub_str_is(g->col[i].name, "会社");
		for (size_t k = 0; k < HUB_COUNT(posts); k++)
			post |= hub_str_is(g->col[i].name, posts[k]);
	}
	return firm && post && !has_word(g, words, "birth_date");
}

static size_t pick_group(const struct hub_guess *g, const struct guess_words *words)
{
	size_t best = RESOURCES; /* a list of whatever */
	int most = group_score(g, words, RESOURCES);

	for (size_t i = 0; i < HUB_COUNT(groups); i++) {
		const int score = group_score(g, words, i);
		if (score > most) {
			most = score;
			best = i;
		}
	}
	if (best == PEOPLE && is_address_book(g, words))
		return AGENCIES;
	return best == PEOPLE && is_certified(g, words) ? CERTIFIED : best;
}

/* --- columns to fields ------------------------------------------------------------------------ */

static struct guess_col *taken_by(const struct hub_guess *g, const struct hub_field *f)
{
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].field == f)
			return &g->col[i];
	return NULL;
}

static void decide(struct guess_col *c, const struct hub_field *f, int confidence,
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
	const struct guess_col *first = taken_by(g, f);

	if (!first || first->part_of != GUESS_NO_PART || !hub_guess_same_stem(first->name, c->name))
		return 0;
	if (f->type != HUB_F_ADDRESS && f->type != HUB_F_TEXT && f->type != HUB_F_NARRATIVE)
		return 0;
	decide(c, f, first->confidence - 10, hub_tr("continues the column of the same name"));
	c->part_of = (uint32_t)(first - g->col);
	return 1;
}

/* A text of which all cells are choices of one list, where the schema has a field for these. */
static const struct hub_field *rather_choices(const struct hub_guess *g, const struct guess_col *c,
					      const struct hub_field *f)
{
	if (f->type != HUB_F_NARRATIVE || c->tried < FEW || c->many_lines)
		return f;
	for (uint32_t k = 0; k < f->entity->count; k++) {
		const struct hub_field *o = &f->entity->fields[k];
		for (uint32_t i = 0; o->type == HUB_F_CODES && i < c->lists; i++)
			if (c->list[i] == o->codes && !taken_by(g, o) &&
			    (uint64_t)c->part_hits[i] * 100 >= c->tried * 80)
				return o;
	}
	return f;
}

/* 次回予定 with days in its cells is 次回予定日, where the schema has both. */
static const struct hub_field *rather_day(const struct hub_guess *g, const struct guess_col *c,
					  const struct hub_field *f)
{
	if (f->type != HUB_F_NARRATIVE || c->tried < FEW || hub_guess_share(c, LOOK_DATE) < 80)
		return f;
	const struct hub_str day = hub_arena_printf(g->arena, "%.*s日", HUB_FMT(c->name));
	for (const struct hub_alias *a = day.ptr ? hub_schema_alias(g->schema, day) : NULL; a;
	     a = hub_alias_next(g->schema, a))
		if (a->field->entity == f->entity && a->field->type == HUB_F_DATE &&
		    !taken_by(g, a->field))
			return a->field;
	return f;
}

/* How much speaks of records of that kind; one without the day that it must have is hardly one. */
static uint32_t record_hits(const struct hub_guess *g, const struct guess_words *words,
			    const struct hub_entity *e)
{
	const uint32_t hits = entity_hits(g, words, e);
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

	return f && asked->type == HUB_F_NARRATIVE && taken_by(g, asked) < c && !taken_by(g, f)
		   ? f
		   : NULL;
}

/* ｼﾒｲ over names in kanji: old systems write all their headers in kana, and the cells say what is meant. */
static const struct hub_field *as_written(const struct guess_col *c, const struct hub_field *f)
{
	const struct hub_str tail = HUB_STR("_kana");
	const int fit = f->type == HUB_F_KANA ? fit_of(c, f) : -1;

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
	size_t group;
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
		const int fit = fit_of(c, f), score = w->cand[k].score;
		if (!in_group(x->group, f->entity) || f->type == HUB_F_REF || f->type == HUB_F_JSON)
			continue;
		if (taken_by(x->g, f)) {
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
		    in_group(x->group, w->cand[k].field->entity))
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
			decide(c, done, 70, hub_tr("what was done, beside what was asked"));
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
	decide(c, best, m.score,
	       m.fit < 0       ? c->tried ? hub_tr("header; the few cells do not fit")
					  : hub_tr("header; the column is empty")
		     : m.score >= 80 ? hub_tr("header, and the cells fit")
			       : hub_tr("end of the header, and the cells fit"));
	if (m.fit >= 0 && m.fit < 100)
		c->confidence -= (100 - m.fit) / 2;
	also_of_household(x, c, w, best);
}

/* A column whose header says nothing: what its cells are like, for fields still free. */
static void match_looks(struct hub_guess *g, struct guess_col *c, const struct hub_entity *main)
{
	static const struct {
		enum guess_look look;
		int share;
		const char *field; /* NULL: by type */
		enum hub_ftype type;
		const char *reason;
	} looks[] = {
	    {LOOK_URL, 80, "url", 0, HUB_N("the cells are web addresses")},
	    {LOOK_EMAIL, 80, "email", 0, HUB_N("the cells are mail addresses")},
	    {LOOK_LATITUDE, 90, "latitude", 0, HUB_N("the cells are degrees of latitude in Japan")},
	    {LOOK_LONGITUDE, 90, "longitude", 0,
	     HUB_N("the cells are degrees of longitude in Japan")},
	    {LOOK_PHONE, 90, NULL, HUB_F_PHONE, HUB_N("the cells are telephone numbers")},
	    {LOOK_POSTAL, 95, NULL, HUB_F_POSTAL, HUB_N("the cells are postal codes")},
	    {LOOK_ADDRESS, 70, NULL, HUB_F_ADDRESS, HUB_N("the cells are addresses")},
	    {LOOK_KANA, 98, NULL, HUB_F_KANA, HUB_N("the cells are readings in kana")},
	};

	if (c->tried < 3)
		return;
	for (size_t i = 0; i < HUB_COUNT(looks); i++) {
		if (hub_guess_share(c, looks[i].look) < looks[i].share ||
		    (looks[i].look == LOOK_PHONE &&
		     hub_guess_share(c, LOOK_LATITUDE) + hub_guess_share(c, LOOK_LONGITUDE) > 20) ||
		    (looks[i].look == LOOK_POSTAL && c->max_chars < 7)) /* some other number */
			continue;
		for (uint32_t k = 0; k < main->count; k++) {
			const struct hub_field *f = &main->fields[k];
			if ((looks[i].field ? !hub_str_is(f->name, looks[i].field)
					    : f->type != looks[i].type) ||
			    taken_by(g, f) || (c->others && hub_guess_is_of_self(f)))
				continue;
			decide(c, f, 40, hub_tr(looks[i].reason));
			return;
		}
	}
}

static const struct hub_entity *main_entity(const struct hub_guess *g,
					    const struct guess_words *words, size_t group)
{
	const struct hub_entity *best = hub_schema_entity(g->schema, hub_str_of(groups[group][0]));
	uint32_t most = 0;

	for (const char *const *name = groups[group]; *name; name++) {
		const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(*name));
		const uint32_t hits = e ? entity_hits(g, words, e) : 0;
		if (hits > most) {
			most = hits;
			best = e;
		}
	}
	return best;
}

/* A log names whom it is about: 利用者名 is the name of the person as well, else there would be none. */
static void share_name(struct hub_guess *g)
{
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct hub_field *name = person ? hub_schema_field(person, HUB_STR("name")) : NULL;

	if (!name || taken_by(g, name))
		return;
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].field && hub_str_is(g->col[i].field->name, "subject_name") &&
		    !g->col[i].also) {
			g->col[i].also = name;
			return;
		}
}

struct guess_col *hub_guess_filler(const struct hub_guess *g, const char *entity, const char *field)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(entity));
	const struct hub_field *f = e ? hub_schema_field(e, hub_str_of(field)) : NULL;

	return f ? taken_by(g, f) : NULL;
}

/* A log gives every entry a number; whose it is comes again and again. Then it is not the number of a case,
 * else each entry would be a case of its own. */
static void number_of_entries(struct hub_guess *g)
{
	struct guess_col *no = hub_guess_filler(g, "case", "case_no"), *who;

	if (!no || no->unique.broken || no->filled != g->rows || g->rows < FEW ||
	    !hub_guess_filler(g, "activity", "activity_on"))
		return;
	who = hub_guess_filler(g, "person", "client_no");
	if (!who || !who->unique.broken)
		return;
	hub_guess_mean(no, no->field, no->confidence, hub_tr("another one in each record"));
	no->field = NULL;
}

/* 対応内容 where nothing else says what happened: the text of the record itself. */
static void only_text(struct hub_guess *g)
{
	struct guess_col *c = hub_guess_filler(g, "activity", "response");
	const struct hub_field *body =
	    c ? hub_schema_field(c->field->entity, HUB_STR("body")) : NULL;

	if (body && !taken_by(g, body) && hub_str_find(c->name, HUB_STR("内容"), 0) != (size_t)-1)
		c->field = body;
}

/* 記録日 where no other day stands beside the text is the day of the entry; 作成日時 and 登録日 are stamps of a machine. */
static void only_day(struct hub_guess *g)
{
	static const char *const written[] = {"記録", "記入", "記載"};
	struct guess_col *c = hub_guess_filler(g, "activity", "recorded_on");
	const struct hub_field *day =
	    c ? hub_schema_field(c->field->entity, HUB_STR("activity_on")) : NULL;

	if (!day || taken_by(g, day) || !hub_guess_filler(g, "activity", "body"))
		return;
	for (size_t i = 0; i < HUB_COUNT(written); i++)
		if (hub_str_starts(c->name, hub_str_of(written[i])))
			decide(c, day, 70, hub_tr("no other column says when it was"));
}

/* A list of things needs their name: the first column of differing words, if no header says so. */
static void match_name(struct hub_guess *g, const struct hub_entity *main)
{
	const struct hub_field *name = NULL;

	for (uint32_t k = 0; k < main->count && !name; k++)
		if (main->fields[k].flags & HUB_FF_REQUIRED &&
		    hub_str_ends(main->fields[k].name,
				 HUB_STR("name")) && /* who received it has one, too */
		    (main->fields[k].type == HUB_F_TEXT || main->fields[k].type == HUB_F_NAME))
			name = &main->fields[k];
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct hub_field *whose = person ? hub_schema_field(person, HUB_STR("name")) : NULL;
	if (!name || taken_by(g, name) || (name->type == HUB_F_NAME && whose && taken_by(g, whose)))
		return;
	for (int pass = 0; pass < 3; pass++) {
		for (uint32_t i = 0; i < g->cols; i++) {
			struct guess_col *c = &g->col[i];
			const int whom = name->type == HUB_F_NAME && /* 対象者 alone */
					 hub_guess_whose(c->name) == WHOSE_CLIENT;
			const int says = whom ||
					 hub_str_find(c->name, HUB_STR("名"), 0) != (size_t)-1 ||
					 hub_str_find(c->name, HUB_STR("ame"), 0) != (size_t)-1;
			if (c->field || c->means || c->forbidden || c->drop || c->dropped ||
			    c->tried == 0 || hub_guess_share(c, LOOK_INT) > 20 ||
			    hub_guess_share(c, LOOK_URL) > 20 ||
			    hub_guess_share(c, LOOK_ADDRESS) > 20 ||
			    hub_guess_share(c, LOOK_DATE) > 20 || c->max_chars > 200 ||
			    (pass == 0 && !says) ||
			    /* 更新者, 対応中, the name of a town: nobody's to be supported */
			    (g->has_header && name->type == HUB_F_NAME &&
			     (hub_guess_share(c, says ? LOOK_NAME : LOOK_FULL_NAME) < 60 ||
			      c->tried < FEW || (!whom && hub_str_ends(c->name, HUB_STR("者"))))) ||
			    (pass == 1 && hub_guess_share(c, LOOK_ORG) < 40))
				continue;
			decide(c, name, says ? 40 : 20,
			       hub_tr("a name is needed, and this one may be it"));
			return;
		}
	}
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
static void match_headers(struct hub_guess *g, const struct guess_words *words, size_t group)
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
	if ((g->restricted = hub_guess_is_restricted(g, words)))
		return hub_guess_restrict(g, words, err);
	hub_guess_part_relative(g, words);
	hub_guess_part_visitor(g, words);
	const int people = hub_guess_about_people(g);
	const int contacts = hub_guess_about_contacts(g);
	const size_t group = people ? PEOPLE : contacts ? AGENCIES : pick_group(g, words);
	hub_guess_part_others(g, words); /* what the file is about they say as well */
	const struct hub_entity *main = main_entity(g, words, group);
	g->certified = group == CERTIFIED;
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
			match_looks(g, &g->col[i], main);
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].others && in_group(group, g->col[i].others->entity) &&
		    !g->col[i].field && !g->col[i].means)
			hub_guess_mean(&g->col[i], g->col[i].others, 50,
				       hub_tr("the header speaks of somebody else"));
	match_name(g, main);
	share_name(g);
	number_of_entries(g);
	only_text(g);
	only_day(g);
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
