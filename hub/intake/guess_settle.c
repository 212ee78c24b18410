/* What is decided when it is known what every column means: the columns that have no record to go into, and those
 * that go into another one because of what stands beside them. */
#include "intake/guess_in.h"

const struct guess_col *hub_guess_column_of(const struct hub_guess *g, const struct hub_entity *e,
					    const char *field)
{
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		if ((c->field && c->field->entity == e && hub_str_is(c->field->name, field)) ||
		    (c->also && c->also->entity == e && hub_str_is(c->also->name, field)))
			return c;
	}
	return NULL;
}

const struct guess_col *hub_guess_names_rows(const struct hub_guess *g, const struct hub_entity *e)
{
	static const struct {
		const char *entity, *field;
	} keys[] = {{"person", "client_no"},       {"person", "atena_no"}, {"case", "case_no"},
		    {"household", "household_no"}, {"staff", "staff_no"},  {"staff", "staff_name"},
		    {"agency", "agency_name"}};
	const struct guess_col *c = NULL;

	for (size_t i = 0; i < HUB_COUNT(keys) && !c; i++)
		if (hub_str_is(e->name, keys[i].entity))
			c = hub_guess_column_of(g, e, keys[i].field);
	/* one case a person, where cases have no numbers of their own */
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	return c || !person || !hub_str_is(e->name, "case")
		   ? c
		   : hub_guess_column_of(g, person, "client_no");
}

int hub_guess_fills(const struct guess_col *c, const struct hub_entity *e)
{
	return (c->field && c->field->entity == e) || (c->also && c->also->entity == e);
}

int hub_guess_is_filled(const struct hub_guess *g, const struct hub_field *f)
{
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].field == f || g->col[i].also == f)
			return 1;
	return 0;
}

uint32_t hub_guess_filled_of(const struct hub_guess *g, const struct hub_entity *e)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < g->cols; i++)
		n += hub_guess_fills(&g->col[i], e) != 0;
	return n;
}

/* --- a resident registry ---------------------------------------------------------------------- */

const struct guess_col *hub_guess_registry(const struct hub_guess *g, const char *field)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, HUB_STR("residence"));

	return e ? hub_guess_column_of(g, e, field) : NULL;
}

static const struct guess_col *registry_number(const struct hub_guess *g)
{
	const struct hub_entity *p = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct guess_col *number = hub_guess_registry(g, "atena_no");

	return number || !p ? number : hub_guess_column_of(g, p, "atena_no");
}

/* People and who lives with whom, by the numbers of the municipality, and nothing about any case: an extract of the
 * registry without its states is one, too. Taken for records of ours it would bring the whole town into the store. */
static int is_extract(const struct hub_guess *g)
{
	static const char *const about[] = {"person", "household", "household_member", "residence"};
	int household = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		const struct hub_field *f = g->col[i].field;
		if (!f)
			continue;
		if (!hub_str_among(f->entity->name, about, HUB_COUNT(about)) ||
		    hub_str_is(f->name, "client_no"))
			return 0;
		household |= hub_str_is(f->name, "household_no");
	}
	return household;
}

int hub_guess_is_registry(const struct hub_guess *g)
{
	return registry_number(g) && (hub_guess_registry(g, "resident_state") ||
				      hub_guess_registry(g, "is_latest") || is_extract(g));
}

/* The number of the person names the latest row. */
static void set_registry_key(struct hub_guess *g)
{
	const struct guess_col *c = registry_number(g);

	if (c && hub_guess_registry(g, "is_latest"))
		g->result.key = hub_guess_number(g, c->ref);
}

/* --- columns without a record ------------------------------------------------------------------ */

static int is_one_of(const struct guess_col *c, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (hub_str_is(c->field->name, names[i]))
			return 1;
	return 0;
}

/* 備考 behind the text of an entry is part of it; in a list of people it is about the person. */
static void place_note(struct hub_guess *g, struct guess_col *c)
{
	static const char *const texts[][2] = {{"activity", "body"}, {"intake", "consult_detail"}};
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	struct guess_col *text = NULL;

	for (size_t i = 0; i < HUB_COUNT(texts) && !text; i++)
		text = hub_guess_filler(g, texts[i][0], texts[i][1]);
	if (text && text->part_of == GUESS_NO_PART) {
		c->field = text->field;
		c->part_of = (uint32_t)(text - g->col);
		c->note = 1;
		c->reason = hub_tr("goes behind the text of the record");
	} else if (!text && person && hub_guess_filled_of(g, person) &&
		   !hub_guess_column_of(g, person, "memo")) {
		c->field = hub_schema_field(person, HUB_STR("memo"));
		c->reason = hub_tr("header, and the cells fit");
	}
}

/* A text without a day beside the day that somebody came is what was asked then, no entry of a log. */
static void place_text(struct hub_guess *g)
{
	const struct hub_entity *intake = hub_schema_entity(g->schema, HUB_STR("intake"));
	struct guess_col *text = hub_guess_filler(g, "activity", "body");

	if (text && intake && text->part_of == GUESS_NO_PART && !text->also &&
	    !hub_guess_filler(g, "activity", "activity_on") &&
	    hub_guess_column_of(g, intake, "received_on") &&
	    !hub_guess_column_of(g, intake, "consult_detail"))
		text->field = hub_schema_field(intake, HUB_STR("consult_detail"));
}

/* 特記事項, メモ beside each entry of a log are of the entry: of the case or the client the last one would be left. */
static void place_remarks(struct hub_guess *g)
{
	static const char *const kept_once[][2] = {{"case", "remarks"}, {"person", "memo"}};
	const struct hub_entity *activity = hub_schema_entity(g->schema, HUB_STR("activity"));
	const struct guess_col *day = hub_guess_filler(g, "activity", "activity_on");

	if (!activity || hub_guess_filler(g, "intake", "received_on") ||
	    !(hub_guess_filler(g, "activity", "body") || (day && day->confidence >= 80)))
		return;
	for (size_t i = 0; i < HUB_COUNT(kept_once); i++) {
		struct guess_col *c = hub_guess_filler(g, kept_once[i][0], kept_once[i][1]);
		if (c && hub_guess_filler(g, "activity", "body"))
			place_note(g, c);
		else if (c)
			c->field = hub_schema_field(activity, HUB_STR("body"));
	}
}

/* Who made a record makes none of it, nor of which organisation they are, nor does the day it was entered or a note; nor 最終訪問日, of which the end alone
 * is known. */
static int makes_none(const struct guess_col *c)
{
	static const char *const others[] = {
	    "plan_author", "assessor",           "staff_name",    "recorded_by", "recorded_on",
	    "member_note", "plan_note",          "relation_note", "age",         "subject_name",
	    "decided_on",  "next_monitoring_on", "org_name"};

	return is_one_of(c, others, HUB_COUNT(others)) ||
	       (hub_str_is(c->field->name, "activity_on") && c->confidence < 80 && !c->expr.len);
}

/* Where nothing else speaks of a record, a name is that of who works on the case. */
static void drop_lone(struct hub_guess *g)
{
	static const char *const names[] = {"plan_author", "assessor", "staff_name", "recorded_by"};
	const struct hub_entity *e = hub_schema_entity(g->schema, HUB_STR("case"));
	const struct hub_field *staff = e ? hub_schema_field(e, HUB_STR("staff_name")) : NULL;

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		uint32_t more = 0;
		if (!c->field || c->field->entity->identified || !makes_none(c))
			continue;
		for (uint32_t k = 0; k < g->cols; k++)
			more += g->col[k].field && g->col[k].field->entity == c->field->entity &&
				!makes_none(&g->col[k]);
		if (more)
			continue;
		const int works = is_one_of(c, names, HUB_COUNT(names)) &&
				  hub_str_starts(c->name, HUB_STR("担当"));
		const int note = hub_str_ends(c->field->name, HUB_STR("_note"));
		if (c->also && c->also->entity->identified) { /* of a person it says the name */
			c->field = c->also;
			c->also = NULL;
			continue;
		}
		c->means = works ? NULL : c->field;
		c->field = works && staff && hub_guess_filled_of(g, e) &&
				   !hub_guess_column_of(g, e, "staff_name")
			       ? staff
			       : NULL;
		c->reason = c->field ? hub_tr("header, and the cells fit")
				     : hub_tr("nothing else speaks of such a record");
		if (note)
			place_note(g, c);
	}
}

/* 連絡先 above 電話 and 住所 is where to reach the person, unless somebody else is named beside it. */
static void place_contact(struct hub_guess *g)
{
	static const char *const named[] = {"other_name", "other_kana", "relation"};
	const struct hub_entity *rel = hub_schema_entity(g->schema, HUB_STR("relationship")),
				*person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct hub_str other = HUB_STR("other_");

	for (size_t i = 0; rel && i < HUB_COUNT(named); i++)
		if (hub_guess_column_of(g, rel, named[i]))
			return;
	for (uint32_t i = 0; rel && person && i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->field || c->field->entity != rel ||
		    !hub_str_starts(c->field->name, other) ||
		    !hub_str_starts(c->name, HUB_STR("連絡先")))
			continue;
		const struct hub_field *own =
		    hub_schema_field(person, hub_str_from(c->field->name, other.len));
		if (own && own->type == c->field->type && hub_guess_filled_of(g, person) &&
		    !hub_guess_is_filled(g, own))
			c->field = own;
	}
}

/* Fields of a household without its number have nothing to hang on. */
static void drop_orphans(struct hub_guess *g)
{
	const struct hub_entity *h = hub_schema_entity(g->schema, HUB_STR("household"));

	if (!h || hub_guess_names_rows(g, h))
		return;
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->field || c->field->entity != h)
			continue;
		c->means = c->field;
		c->field = NULL;
		c->reason = hub_tr("the household has no number");
	}
}

/* A log has a line for each entry: what it says of the client beside it (whom to call, a certification) would be there once
 * for each of them; where no client is named, of nobody. */
static void drop_repeated(struct hub_guess *g)
{
	static const char *const once[] = {"certification", "household_member", "relationship"};
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct guess_col *who = person ? hub_guess_names_rows(g, person) : NULL;

	if (!who && person)
		who = hub_guess_column_of(g, person, "name");
	if ((who && !who->unique.broken) || g->certified || g->table.len ||
	    !(hub_guess_filler(g, "activity", "body") ||
	      hub_guess_filler(g, "activity", "activity_on")))
		return;
	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!c->field || !hub_str_among(c->field->entity->name, once, HUB_COUNT(once)))
			continue;
		hub_guess_mean(c, c->field, 50,
			       hub_tr("in a log it would come in once more with each entry"));
		c->field = NULL;
	}
}

void hub_guess_settle(struct hub_guess *g)
{
	drop_orphans(g);
	place_contact(g);
	place_text(g);
	drop_lone(g);
	place_remarks(g);
	drop_repeated(g);
	if (hub_guess_is_registry(g))
		set_registry_key(g);
}

/* --- before keys and dates are looked for ------------------------------------------------------------- */

/* A log names whom it is about: 利用者名 is the name of the person as well, else there would be none. */
static void share_name(struct hub_guess *g)
{
	const struct hub_entity *person = hub_schema_entity(g->schema, HUB_STR("person"));
	const struct hub_field *name = person ? hub_schema_field(person, HUB_STR("name")) : NULL;

	if (!name || hub_guess_filler_of(g, name))
		return;
	for (uint32_t i = 0; i < g->cols; i++)
		if (g->col[i].field && hub_str_is(g->col[i].field->name, "subject_name") &&
		    !g->col[i].also) {
			g->col[i].also = name;
			return;
		}
}

/* A log gives every entry a number; whose it is comes again and again. Then it is not the number of a case,
 * else each entry would be a case of its own. */
static void number_of_entries(struct hub_guess *g)
{
	struct guess_col *no = hub_guess_filler(g, "case", "case_no"), *who;

	if (!no || no->unique.broken || no->filled != g->rows || g->rows < GUESS_FEW ||
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

	if (body && !hub_guess_filler_of(g, body) &&
	    hub_str_find(c->name, HUB_STR("内容"), 0) != (size_t)-1)
		c->field = body;
}

/* 記録日 where no other day stands beside the text is the day of the entry; 作成日時 and 登録日 are stamps of a machine. */
static void only_day(struct hub_guess *g)
{
	static const char *const written[] = {"記録", "記入", "記載"};
	struct guess_col *c = hub_guess_filler(g, "activity", "recorded_on");
	const struct hub_field *day =
	    c ? hub_schema_field(c->field->entity, HUB_STR("activity_on")) : NULL;

	if (!day || hub_guess_filler_of(g, day) || !hub_guess_filler(g, "activity", "body"))
		return;
	for (size_t i = 0; i < HUB_COUNT(written); i++)
		if (hub_str_starts(c->name, hub_str_of(written[i])))
			hub_guess_decide(c, day, 70, hub_tr("no other column says when it was"));
}

void hub_guess_beside(struct hub_guess *g)
{
	share_name(g);
	number_of_entries(g);
	only_text(g);
	only_day(g);
}
