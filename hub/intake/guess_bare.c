/* What only the cells tell: a place in one cell, the columns of a file without a header, and those whose header says
 * nothing. */
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

/* --- a header that says nothing ----------------------------------------------------------------------- */

void hub_guess_looks(struct hub_guess *g, struct guess_col *c, const struct hub_entity *main)
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
			    hub_guess_filler_of(g, f) || (c->others && hub_guess_is_of_self(f)))
				continue;
			hub_guess_decide(c, f, 40, hub_tr(looks[i].reason));
			return;
		}
	}
}

/* The field for the names of such things; NULL: there is none, or it is filled. */
static const struct hub_field *missing_name(const struct hub_guess *g,
					    const struct hub_entity *main)
{
	const struct hub_field *whose = field_of(g, "person", "name"), *name = NULL;

	for (uint32_t k = 0; k < main->count && !name; k++)
		if (main->fields[k].flags & HUB_FF_REQUIRED &&
		    hub_str_ends(main->fields[k].name,
				 HUB_STR("name")) && /* who received it has one, too */
		    (main->fields[k].type == HUB_F_TEXT || main->fields[k].type == HUB_F_NAME))
			name = &main->fields[k];
	if (!name || hub_guess_filler_of(g, name))
		return NULL;
	return name->type == HUB_F_NAME && whose && hub_guess_filler_of(g, whose) ? NULL : name;
}

/* Short words, and none that are something else. */
static int is_spare(const struct guess_col *c)
{
	static const enum guess_look others[] = {LOOK_INT, LOOK_URL, LOOK_ADDRESS, LOOK_DATE};

	if (c->field || c->means || c->forbidden || c->drop || c->dropped || c->tried == 0 ||
	    c->max_chars > 200)
		return 0;
	for (size_t i = 0; i < HUB_COUNT(others); i++)
		if (hub_guess_share(c, others[i]) > 20)
			return 0;
	return 1;
}

static int says_name(const struct guess_col *c)
{
	return hub_str_find(c->name, HUB_STR("名"), 0) != (size_t)-1 ||
	       hub_str_find(c->name, HUB_STR("ame"), 0) != (size_t)-1;
}

/* Not 更新者, 対応中, the name of a town: nobody's to be supported. whom: the header is 対象者 alone. */
static int names_people(const struct guess_col *c, int says, int whom)
{
	return hub_guess_share(c, says ? LOOK_NAME : LOOK_FULL_NAME) >= 60 &&
	       c->tried >= GUESS_FEW && (whom || !hub_str_ends(c->name, HUB_STR("者")));
}

/* What the header says counts most, then names of organisations, then whatever comes first. */
void hub_guess_list_name(struct hub_guess *g, const struct hub_entity *main)
{
	enum { BY_HEADER, BY_ORG, FIRST, PASSES };
	const struct hub_field *name = missing_name(g, main);

	for (int pass = 0; name && pass < PASSES; pass++)
		for (uint32_t i = 0; i < g->cols; i++) {
			struct guess_col *c = &g->col[i];
			const int people = name->type == HUB_F_NAME,
				  whom = people && hub_guess_whose(c->name) == WHOSE_CLIENT,
				  says = whom || says_name(c);
			if (!is_spare(c) || (pass == BY_HEADER && !says) ||
			    (pass == BY_ORG && hub_guess_share(c, LOOK_ORG) < 40) ||
			    (people && g->has_header && !names_people(c, says, whom)))
				continue;
			hub_guess_decide(c, name, says ? 40 : 20,
					 hub_tr("a name is needed, and this one may be it"));
			return;
		}
}
