/* Cases, their records, registers: what the view of the caller's agency shows. */
#include "release/approval.h"
#include "serve/views.h"

enum { TEXT_MOST = 1 << 20, FIELDS_MOST = 400, NAME_MOST = 64 };

/* --- members ------------------------------------------------------------------------------------- */

static const char *const shown_words[] = {"as_is",       "masked",   "pseudonym",
					  "generalised", "withheld", NULL};

static const struct hub_member field_members[] = {
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED, HUB_N("of the field"))},
    {HUB_MEMBER("label", TEXT, HUB_M_REQUIRED, HUB_N("for people, in Japanese"))},
    {HUB_MEMBER("value", TEXT, HUB_M_REQUIRED | HUB_M_NULLABLE | HUB_M_PERSONAL,
		HUB_N("as this agency may read it; null: empty, or withheld"), .max = TEXT_MOST)},
    {HUB_MEMBER("shown", WORD, HUB_M_REQUIRED, HUB_N("what became of it"), .words = shown_words)},
    {.name = NULL},
};
static const struct hub_member record_members[] = {
    {HUB_MEMBER("key", TEXT, HUB_M_REQUIRED,
		HUB_N("the record's name for this agency; another one for every other"))},
    {HUB_MEMBER("entity", TEXT, HUB_M_REQUIRED, HUB_N("what it is"))},
    {HUB_MEMBER("fields", OBJECT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("all that the view has"),
		.of = field_members, .most = FIELDS_MOST)},
    {.name = NULL},
};

#define LABELS                                                                \
	{                                                                     \
		HUB_MEMBER("labels", BOOL, 0, HUB_N("codes as their labels")) \
	}
#define MEETING                                                                                    \
	{                                                                                          \
		HUB_MEMBER("meeting", TEXT, 0, HUB_N("number of the meeting in which it is read"), \
			   .max = NAME_MOST)                                                       \
	}
#define PERIOD                                                                       \
	{HUB_MEMBER("from", DATE, 0, HUB_N("first day, of the record's own date"))}, \
	    {HUB_MEMBER("to", DATE, 0, HUB_N("last day"))}, LABELS, MEETING
enum { Q_FROM, Q_TO, Q_LABELS, Q_MEETING, Q_FIRST };

static const struct hub_member case_query[] = {
    PERIOD,
    {HUB_MEMBER("state", TEXT, 0, HUB_N("code of its state"), .max = NAME_MOST)},
    {HUB_MEMBER("agency", TEXT, 0, HUB_N("key of the agency in charge"), .max = NAME_MOST)},
    {.name = NULL},
};
static const struct hub_member record_query[] = {PERIOD, {.name = NULL}};
static const struct hub_member one_query[] = {LABELS, MEETING, {.name = NULL}};

static const struct hub_member entity_members[] = {
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED, HUB_N("of the entity"))},
    {HUB_MEMBER("label", TEXT, HUB_M_REQUIRED, HUB_N("for people"))},
    {HUB_MEMBER("fields", TEXT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("names of its fields"),
		.most = FIELDS_MOST)},
    {.name = NULL},
};
static const struct hub_member view_members[] = {
    {HUB_MEMBER("agency", TEXT, HUB_M_REQUIRED, HUB_N("whose view"))},
    {HUB_MEMBER("profile", TEXT, HUB_M_REQUIRED, HUB_N("its file"))},
    {HUB_MEMBER("title", TEXT, HUB_M_REQUIRED, HUB_N("for people"))},
    {HUB_MEMBER("purpose", TEXT, HUB_M_REQUIRED, HUB_N("its code"))},
    {HUB_MEMBER("approved", BOOL, HUB_M_REQUIRED, HUB_N("only then it shows anything"))},
    {HUB_MEMBER("entities", OBJECT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("what it may show"),
		.of = entity_members, .most = FIELDS_MOST)},
    {.name = NULL},
};

/* --- replies ------------------------------------------------------------------------------------- */

static void say_row(struct hub_call *c, const struct hub_batch *b, uint32_t row)
{
	hub_call_text(c, "key", b->col[0].text[row]);
	hub_call_text(c, "entity", b->table);
	hub_call_open(c, "fields", 1);
	for (uint32_t i = 1; i < b->cols; i++) {
		const struct hub_col *col = &b->col[i];
		const int there = col->cell[row] == HUB_VALUE;
		hub_call_open(c, NULL, 0);
		hub_call_text(c, "name", col->name);
		hub_call_text(c, "label", col->label);
		hub_call_text(c, "value", there ? col->text[row] : (struct hub_str){NULL, 0});
		hub_call_text(c, "shown", hub_str_of(shown_words[col->shown[row]]));
		hub_call_close(c);
	}
	hub_call_close(c);
}

static int look(void *self, struct hub_call *c, const struct hub_window_ask *ask,
		const struct hub_batch **b, struct hub_str *next, struct hub_err *err)
{
	struct hub_windows *w;
	int rc = hub_views_of(self, hub_call_store(c), &w, err);

	if (!rc)
		rc = hub_window_look(w, hub_call_arena(c), ask, b, next, err);
	return rc ? hub_views_refuse(c, rc, err) : HUB_OK;
}

static int say_list(void *self, struct hub_call *c, const struct hub_window_ask *ask,
		    struct hub_err *err)
{
	const struct hub_batch *b;
	struct hub_str next;
	const int rc = look(self, c, ask, &b, &next, err);

	for (uint32_t i = 0; !rc && i < b->rows; i++) {
		hub_call_open(c, NULL, 0);
		say_row(c, b, i);
		hub_call_close(c);
	}
	if (!rc && next.ptr)
		hub_call_next(c, next);
	return rc;
}

static int say_one(void *self, struct hub_call *c, const struct hub_look *what, struct hub_err *err)
{
	struct hub_window_ask ask = hub_views_ask(c, what);
	const struct hub_batch *b;

	ask.meeting = hub_val_text(&c->query[1]); /* of one_query */
	const int rc = look(self, c, &ask, &b, NULL, err);

	if (rc)
		return rc;
	if (b->rows == 0)
		return hub_views_refuse(c, HUB_END, err);
	say_row(c, b, 0);
	return HUB_OK;
}

static struct hub_look page_of(const struct hub_call *c, const char *entity)
{
	return (struct hub_look){.entity = entity,
				 .after = c->after,
				 .limit = c->limit,
				 .labels = c->query[Q_LABELS].i != 0};
}

static struct hub_window_ask in_period(const struct hub_call *c, const struct hub_look *what)
{
	struct hub_window_ask ask = hub_views_ask(c, what);

	ask.from = c->query[Q_FROM].s;
	ask.to = c->query[Q_TO].s;
	ask.meeting = hub_val_text(&c->query[Q_MEETING]);
	return ask;
}

/* --- handlers ------------------------------------------------------------------------------------ */

static int get_cases(void *self, struct hub_call *c, struct hub_err *err)
{
	static const char *const fields[] = {"case_state", "agency"};
	const struct hub_look what = page_of(c, "case");
	struct hub_window_ask ask = in_period(c, &what);

	for (size_t i = 0; i < HUB_COUNT(fields); i++)
		if (c->query[Q_FIRST + i].type == HUB_VAL_TEXT)
			ask.match[i] =
			    (struct hub_window_match){fields[i], c->query[Q_FIRST + i].s};
	return say_list(self, c, &ask, err);
}

static int get_case(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_look what = {
	    .entity = "case", .case_no = c->var[0], .labels = c->query[0].i != 0};

	return say_one(self, c, &what, err);
}

static int get_case_records(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_look what = page_of(c, hub_arena_cstr(hub_call_arena(c), c->var[1]));

	if (!what.entity)
		return hub_fail_mem(err);
	what.case_no = c->var[0];
	const struct hub_window_ask ask = in_period(c, &what);
	return say_list(self, c, &ask, err);
}

static int get_record(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_look what = {.entity = hub_arena_cstr(hub_call_arena(c), c->var[0]),
				      .key = c->var[1],
				      .labels = c->query[0].i != 0};

	return what.entity ? say_one(self, c, &what, err) : hub_fail_mem(err);
}

static int list_of(void *self, struct hub_call *c, const char *entity, struct hub_err *err)
{
	const struct hub_look what = page_of(c, entity);
	const struct hub_window_ask ask = in_period(c, &what);

	return say_list(self, c, &ask, err);
}

static int get_resources(void *self, struct hub_call *c, struct hub_err *err)
{
	return list_of(self, c, "resource", err);
}

static int get_schemes(void *self, struct hub_call *c, struct hub_err *err)
{
	return list_of(self, c, "scheme", err);
}

static int get_agencies(void *self, struct hub_call *c, struct hub_err *err)
{
	return list_of(self, c, "agency", err);
}

static void say_entity(struct hub_call *c, const struct hub_profile_entity *e)
{
	hub_call_open(c, NULL, 0);
	hub_call_text(c, "name", e->entity->name);
	hub_call_text(c, "label", e->entity->label);
	hub_call_open(c, "fields", 1);
	for (uint32_t i = 0; i < e->n; i++)
		hub_call_text(c, NULL, e->fields[i].field->name);
	hub_call_close(c);
	hub_call_close(c);
}

static void say_view(struct hub_call *c, const struct hub_profile *p)
{
	struct hub_err no;

	hub_call_open(c, NULL, 0);
	hub_call_text(c, "agency", p->recipient);
	hub_call_text(c, "profile", p->name);
	hub_call_text(c, "title", p->title);
	hub_call_text(c, "purpose", p->purpose);
	hub_call_truth(c, "approved", hub_approval_check(hub_call_db(c), p, &no) == HUB_OK);
	hub_call_open(c, "entities", 1);
	for (uint32_t i = 0; i < p->n; i++)
		say_entity(c, &p->entities[i]);
	hub_call_close(c);
	hub_call_close(c);
}

static int get_views(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)err;
	for (int meeting = 0; meeting < 2; meeting++) {
		const struct hub_profile *p = hub_views_find(self, c->who.agency, meeting);
		if (p)
			say_view(c, p);
	}
	return HUB_OK;
}

enum { LIST = HUB_ROUTE_LIST | HUB_ROUTE_PAGED };

static const struct hub_route routes[] = {
    {"GET", "/cases", "cases.read", LIST, case_query, NULL, record_members,
     HUB_N("cases that the agency may see anything of"), get_cases},
    {"GET", "/cases/{case}", "cases.read", 0, one_query, NULL, record_members,
     HUB_N("a case, by its number or its key"), get_case},
    {"GET", "/cases/{case}/records/{entity}", "cases.read", LIST, record_query, NULL,
     record_members, HUB_N("records of a case: activity, plan, assessment, meeting, task ..."),
     get_case_records},
    {"GET", "/records/{entity}/{key}", "cases.read", 0, one_query, NULL, record_members,
     HUB_N("one record, by its key"), get_record},
    {"GET", "/resources", "resources.read", LIST, record_query, NULL, record_members,
     HUB_N("social resources"), get_resources},
    {"GET", "/schemes", "resources.read", LIST, record_query, NULL, record_members,
     HUB_N("schemes of support"), get_schemes},
    {"GET", "/agencies", "resources.read", LIST, record_query, NULL, record_members,
     HUB_N("agencies that work together"), get_agencies},
    {"GET", "/me/views", HUB_MAY_SIGNED, HUB_ROUTE_LIST, NULL, NULL, view_members,
     HUB_N("through which profile the agency of the caller sees records"), get_views},
};

const struct hub_api_table hub_records_table = {
    .base = "/v1", .tag = "records", .route = routes, .n = HUB_COUNT(routes), .records = 1};
