/* Lists of people under display restriction (支援措置): nobody's cases, however much 区分, 開始日 and 備考 look like
 * them. They are looked up by the number of the registry, and of a row nothing else counts than that it is there. */
#include "intake/guess_in.h"

#include "base/err.h"

enum { MOST_COLUMNS = 14, FEW_COLUMNS = 6, MOSTLY = 80 };

static int has_any(struct hub_str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hub_str_find(s, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return 0;
}
#define HAS_ANY(s, words) has_any(s, words, HUB_COUNT(words))

/* What only such a list has columns of. */
static int says_restricted(struct hub_str header)
{
	static const char *const words[] = {"支援措置", "仮支援",   "併せて支援", "表示制限",
					    "閲覧制限", "交付制限", "発行制限",   "発行抑止",
					    "交付抑止", "加害者"};

	return HAS_ANY(header, words);
}

/* 措置区分, 区分 over ＤＶ and ストーカー; numbers may be of any list. */
static int says_class(const struct guess_col *c)
{
	static const char *const words[] = {"措置", "区分", "種別", "種類", "理由", "事由"};

	if (!HAS_ANY(c->name, words) || hub_guess_share(c, LOOK_INT) > 100 - MOSTLY)
		return 0;
	for (uint32_t i = 0; i < c->lists; i++)
		if (hub_str_is(c->list[i]->name, "protection_class") && c->tried)
			return 100 * (uint64_t)c->list_hits[i] / c->tried >= MOSTLY;
	return 0;
}

static int is_day(const struct guess_col *c)
{
	return hub_guess_share(c, LOOK_DATE) > 50;
}

static int may_mean(const struct guess_words *w, const char *field)
{
	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].score >= 80 && hub_str_is(w->cand[k].field->name, field))
			return 1;
	return 0;
}

/* Clients have a number of their own, and somebody writes what was done for them. */
static int is_of_cases(const struct guess_words *w)
{
	if (may_mean(w, "client_no") || may_mean(w, "case_no"))
		return 1;
	for (uint32_t k = 0; k < w->n; k++)
		if (w->cand[k].score >= 80 && w->cand[k].field->type == HUB_F_NARRATIVE &&
		    !hub_str_is(w->cand[k].field->name, "remarks") &&
		    !hub_str_is(w->cand[k].field->name, "protection_note"))
			return !may_mean(w, "remarks");
	return 0;
}

int hub_guess_is_restricted(const struct hub_guess *g, const struct guess_words *words)
{
	uint32_t said = 0, days = 0, classes = 0, numbers = 0;

	if (!g->has_header || g->cols > MOST_COLUMNS)
		return 0;
	for (uint32_t i = 0; i < g->cols; i++) {
		if (is_of_cases(&words[i]))
			return 0;
		said += (uint32_t)says_restricted(g->col[i].name);
		classes += (uint32_t)says_class(&g->col[i]);
		numbers += (uint32_t)may_mean(&words[i], "atena_no");
		days += is_day(&g->col[i]) && !may_mean(&words[i], "birth_date");
	}
	return (said > 1 && (days || classes)) || (said && days) ||
	       (classes && numbers && g->cols <= FEW_COLUMNS);
}

static int is_free(const struct hub_guess *g, const struct hub_field *f)
{
	return f && !hub_guess_is_filled(g, f);
}

/* Which field of the restriction a column tells; NULL: none that is wanted. */
static const struct hub_field *field_for(const struct hub_guess *g, const struct guess_col *c,
					 const struct guess_words *w, const struct hub_entity *e)
{
	static const char *const ends[] = {"終", "満了", "期限", "まで", "至", "解除", "失効"};
	const struct hub_field *from = hub_schema_field(e, HUB_STR("protect_from")),
			       *to = hub_schema_field(e, HUB_STR("protect_to")),
			       *class = hub_schema_field(e, HUB_STR("protect_class"));

	for (uint32_t k = 0; k < w->n; k++) {
		const struct hub_field *f = w->cand[k].field;
		if (f->entity == e && w->cand[k].score >= 80 && is_free(g, f) &&
		    (f->type == HUB_F_DATE ? is_day(c) : f != class) &&
		    !hub_str_is(f->name, "protect_role"))
			return f;
	}
	if (is_day(c) && !may_mean(w, "birth_date"))
		return HAS_ANY(c->name, ends) ? (is_free(g, to) ? to : NULL)
		       : is_free(g, from)     ? from
					      : NULL;
	return is_free(g, class) && (may_mean(w, "protect_class") || says_class(c)) ? class : NULL;
}

/* The number in the registry names the person, and the restriction keeps it for who is linked later. */
static struct guess_col *take_number(struct hub_guess *g, const struct guess_words *words,
				     const struct hub_entity *person, const struct hub_entity *e)
{
	for (uint32_t i = 0; i < g->cols; i++)
		if (may_mean(&words[i], "atena_no")) {
			g->col[i].field = hub_schema_field(person, HUB_STR("atena_no"));
			g->col[i].also = hub_schema_field(e, HUB_STR("atena_no"));
			g->col[i].confidence = 90;
			g->col[i].reason = hub_tr("header, and the cells fit");
			return &g->col[i];
		}
	return NULL;
}

static int no_number(const struct hub_guess *g, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_REJECT, "restricted-without-number",
		     "%s looks like a list of people under display restriction "
		     "(支援措置), and no column is their number in the registry (宛名番号)",
		     g->path);

	hub_hint(err, "Export it with the 宛名番号, under that header. One person is restricted by "
		      "`tsunagi release protection protect --person P --reason TEXT`.");
	return rc;
}

/* A person has one row for each restriction, and gets more. */
static struct hub_str key_of(struct hub_guess *g, const struct guess_col *number)
{
	static const char *const more[] = {"hist_no", "protect_from"};
	struct hub_str key = hub_arena_printf(g->arena, "(%.*s | width)", HUB_FMT(number->ref));

	for (size_t i = 0; i < HUB_COUNT(more) && key.ptr; i++) {
		const struct guess_col *c = hub_guess_filler(g, "protection", more[i]);
		if (c)
			key = hub_arena_printf(g->arena, "%.*s + '-' + (%.*s | width)",
					       HUB_FMT(key), HUB_FMT(c->ref));
	}
	return key;
}

int hub_guess_restrict(struct hub_guess *g, const struct guess_words *words, struct hub_err *err)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, HUB_STR("protection")),
				*person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct guess_col *number = e && person ? take_number(g, words, person, e) : NULL;

	if (!number)
		return no_number(g, err);
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		const struct hub_field *f = c->field || c->forbidden || c->drop || c->dropped
						? NULL
						: field_for(g, c, &words[i], e);
		if (!f) {
			if (!c->field && !c->forbidden && !c->drop && !c->dropped)
				c->reason = hub_tr("not needed to restrict anybody: forgotten");
			continue;
		}
		c->field = f;
		c->confidence = 80;
		c->reason = hub_tr("a list of people under display restriction");
		c->lenient = f->type == HUB_F_CODE;
	}
	g->result.key = key_of(g, number);
	return g->result.key.ptr ? HUB_OK : hub_fail_mem(err);
}
