/* What only the cells tell: a place in one cell, and the columns of a file without a header. */
#include "intake/guess_in.h"

#include "base/err.h"

static const struct hub_field *field_of(const struct hub_guess *g, const char *entity,
					const char *name)
{
	const struct hub_entity *e = hub_schema_entity(g->schema, hub_str_of(entity));

	return e ? hub_schema_field(e, hub_str_of(name)) : NULL;
}

static int is_free(const struct guess_col *c)
{
	return !c->field && !c->means && !c->forbidden && !c->drop && !c->dropped && c->tried >= 3;
}

static int mostly(const struct guess_col *c, enum guess_look look, unsigned percent)
{
	return (uint64_t)c->look[look] * 100 >= c->tried * percent && c->tried > 0;
}

static int give(struct hub_guess *g, struct guess_col *c, const struct hub_field *f, int confidence,
		const char *reason)
{
	if (!f || hub_guess_is_filled(g, f))
		return 0;
	c->field = f;
	c->confidence = confidence;
	c->reason = reason;
	return 1;
}

/* --- latitude and longitude in one cell ----------------------------------------------------------------- */

int hub_guess_places(struct hub_guess *g, const struct hub_entity *main, struct hub_err *err)
{
	/* the first number with decimals that may be one; behind a sign when the longitude stands before it */
	static const char lat_first[] = "[2-4][0-9][.][0-9]+",
			  lat_second[] = "[^0-9.]([2-4][0-9][.][0-9]+)",
			  lon[] = "1[2-5][0-9][.][0-9]+";
	const struct hub_field *y = hub_schema_field(main, HUB_STR("latitude")),
			       *x = hub_schema_field(main, HUB_STR("longitude"));

	for (uint32_t i = 0; i < g->cols && x && y && !hub_guess_is_filled(g, x); i++) {
		struct guess_col *c = &g->col[i];
		const int first = mostly(c, LOOK_LAT_LON, 90);
		if (!is_free(c) || (!first && !mostly(c, LOOK_LON_LAT, 90)) ||
		    !give(g, c, y, 60, hub_tr("the cells are places: latitude and longitude")))
			continue;
		c->also = x;
		c->expr = hub_arena_printf(g->arena, "%.*s | match('%s')", HUB_FMT(c->ref),
					   first ? lat_first : lat_second);
		c->also_expr =
		    hub_arena_printf(g->arena, "%.*s | match('%s')", HUB_FMT(c->ref), lon);
		if (!c->expr.ptr || !c->also_expr.ptr)
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

/* --- no header -------------------------------------------------------------------------------------------- */

static int is_sex(const struct guess_col *c)
{
	return c->lists > 0 && c->tried >= 3 && c->look[LOOK_INT] == 0 &&
	       (uint64_t)c->list_hits[0] * 100 >= c->tried * 90;
}

static int is_birth(const struct guess_col *c)
{
	return mostly(c, LOOK_DATE, 90) && mostly(c, LOOK_LONG_AGO, 60);
}

/* Digits and nothing else, another one in each record. */
static int is_number(const struct hub_guess *g, const struct guess_col *c)
{
	return mostly(c, LOOK_INT, 98) && c->units == 1 && c->unit[0].len == 0 &&
	       !c->unique.broken && c->filled == g->rows && c->max_chars >= 3 &&
	       c->max_chars <= 10 && !mostly(c, LOOK_PHONE, 50);
}

/* Which column holds the names of organisations; that with its reading beside it of several. */
static struct guess_col *organisations(const struct hub_guess *g)
{
	struct guess_col *best = NULL;
	unsigned most = 0;

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		const int read = i + 1 < g->cols && mostly(&g->col[i + 1], LOOK_KANA, 95);
		const unsigned share =
		    c->tried ? (unsigned)(c->look[LOOK_ORG] * 100 / c->tried) + 50u * (unsigned)read
			     : 0;
		if (!is_free(c) || c->max_chars > 60 || c->look[LOOK_ORG] * 100 < c->tried * 50 ||
		    mostly(c, LOOK_ADDRESS, 30) || mostly(c, LOOK_URL, 30) || share <= most)
			continue;
		most = share;
		best = c;
	}
	return best;
}

static int is_full_name(const struct guess_col *c)
{
	return mostly(c, LOOK_FULL_NAME, 80) && !mostly(c, LOOK_KANA, 50) &&
	       !mostly(c, LOOK_ORG, 30);
}

int hub_guess_about_people(const struct hub_guess *g)
{
	int sex = 0, birth = 0, kana = 0, name = 0;

	for (uint32_t i = 0; i < g->cols && !g->has_header; i++) {
		sex |= is_sex(&g->col[i]);
		birth |= is_birth(&g->col[i]);
		kana |= mostly(&g->col[i], LOOK_KANA, 95);
		name |= is_full_name(&g->col[i]) && g->col[i].tried >= 3;
	}
	return sex + birth + kana + name >= 2 && (sex + birth || !organisations(g));
}

static int is_of_person(const struct guess_col *c)
{
	return mostly(c, LOOK_EMAIL, 90) || mostly(c, LOOK_MOBILE, 90) ||
	       (mostly(c, LOOK_NAME, 80) && !mostly(c, LOOK_ORG, 30) && !mostly(c, LOOK_DATE, 30));
}

/* An organisation in each row, and more of the person there than a list of facilities says of its manager. */
int hub_guess_about_contacts(const struct hub_guess *g)
{
	const struct guess_col *org = g->has_header ? NULL : organisations(g);
	int person = 0, kana = 0;

	if (!org || hub_guess_about_people(g))
		return 0;
	for (uint32_t i = 0; i < g->cols; i++) {
		const struct guess_col *c = &g->col[i];
		const int read = mostly(c, LOOK_KANA, 95);
		kana += read;
		person += c != org && c->tried > 1 && !read && is_of_person(c);
	}
	return person + (kana > 1 ? kana - 1 : 0) >= 3;
}

/* What is the organisation's; what is the person's own, a mobile number, an address of mail, has no field. */
void hub_guess_contacts(struct hub_guess *g)
{
	static const struct {
		enum guess_look look;
		const char *field;
	} looks[] = {{LOOK_POSTAL, "postal_code"},
		     {LOOK_ADDRESS, "address"},
		     {LOOK_PHONE, "phone"},
		     {LOOK_PHONE, "fax"}};
	const char *why = hub_tr("no header: from the cells");
	struct guess_col *org = organisations(g);

	for (uint32_t i = 0; i < g->cols; i++)
		if (is_of_person(&g->col[i]) || mostly(&g->col[i], LOOK_KANA, 95))
			g->col[i].reason = hub_tr("of somebody at the agency, who is no client");
	if (org + 1 < g->col + g->cols && mostly(org + 1, LOOK_KANA, 95))
		give(g, org + 1, field_of(g, "agency", "agency_kana"), 40, why);
	give(g, org, field_of(g, "agency", "agency_name"), 40, why);
	for (size_t k = 0; k < HUB_COUNT(looks); k++)
		for (uint32_t i = 0; i < g->cols; i++)
			if (!g->col[i].field && mostly(&g->col[i], looks[k].look, 70) &&
			    !mostly(&g->col[i], LOOK_MOBILE, 50) && g->col[i].max_chars > 6 &&
			    give(g, &g->col[i], field_of(g, "agency", looks[k].field), 40, why))
				break;
}

void hub_guess_people(struct hub_guess *g)
{
	const char *why = hub_tr("no header: from the cells");
	struct guess_col *day = NULL, *text = NULL;

	for (uint32_t i = 0; i < g->cols; i++) {
		struct guess_col *c = &g->col[i];
		if (!is_free(c))
			continue;
		if (is_full_name(c))
			give(g, c, field_of(g, "person", "name"), 40, why);
		else if (mostly(c, LOOK_MOBILE, 70))
			give(g, c, field_of(g, "person", "phone_mobile"), 40, why);
		else if (is_sex(c))
			give(g, c, field_of(g, "person", "sex"), 40, why);
		else if (is_birth(c))
			give(g, c, field_of(g, "person", "birth_date"), 40, why);
		else if (is_number(g, c))
			give(g, c, field_of(g, "person", "client_no"), 30, why);
		else if (!day && mostly(c, LOOK_DATE, 90))
			day = c;
		else if (c->max_chars >= 15 && !mostly(c, LOOK_ADDRESS, 30) &&
			 !mostly(c, LOOK_URL, 30) && (!text || c->max_chars > text->max_chars))
			text = c;
	}
	/* a day and what was written on it: a log */
	if (day && text && give(g, day, field_of(g, "activity", "activity_on"), 30, why))
		give(g, text, field_of(g, "activity", "body"), 30, why);
}
