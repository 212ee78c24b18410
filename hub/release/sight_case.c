/* What a viewer may know of the cases it finds texts of: topics, age band, household, town, the names it may read.
 * Everything here went through the gate as in a release; what is masked there is not known here. */
#include "release/sight.h"

#include "release/value.h"
#include "text/address.h"
#include "text/fold.h"
#include "text/name.h"

enum { PAGE_LIMIT = 256 << 20, MOST_FIELDS = 6 };

/* A row of an entity as it is shown, with the fields named in `wanted`. */
struct shown {
	int64_t person, id;
	const struct hub_out_cell *cell[MOST_FIELDS]; /* NULL: not in the view, or nothing to see */
};

struct build {
	struct hub_sight *s;
	const struct hub_since *since;
	struct hub_rowctx *x;
	struct hub_map *age; /* identity -> lower end of the band + 1, of whose age may be known */
	struct hub_err *err;
};

struct wanted {
	const char *entity;
	const char *field[MOST_FIELDS];
	int (*take)(struct build *b, struct hub_arena *page, const struct shown *row);
};

/* Text of a cell that is shown as it is; empty otherwise. */
static struct hub_str open_text(const struct hub_out_cell *c)
{
	return c && c->cell == HUB_VALUE && c->shown == HUB_AS_IS ? c->text : HUB_STR("");
}

static struct hub_seen_case *find_case(const struct build *b, int64_t identity)
{
	uint64_t at;

	return identity && hub_map_get(b->s->who, hub_id_key(&identity), &at) ? &b->s->cases[at]
									      : NULL;
}

static int add_value(struct build *b, struct hub_seen_case *c, enum hub_facet f,
		     struct hub_str word)
{
	struct hub_seen_values *v = &c->value[f];
	const uint32_t at = hub_sight_word(b->s, f, word);

	for (uint32_t i = 0; i < v->n; i++)
		if (v->at[i] == at)
			return HUB_OK;
	uint32_t *more = hub_alloc_array(b->s->arena, (size_t)v->n + 1, sizeof *more);
	if (at == UINT32_MAX || !more)
		return hub_fail_mem(b->err);
	if (v->n)
		memcpy(more, v->at, v->n * sizeof *more);
	more[v->n++] = at;
	v->at = more;
	return HUB_OK;
}

/* --- rows ------------------------------------------------------------------------------------------------ */

static int take_case(struct build *b, struct hub_arena *page, const struct shown *row)
{
	const uint32_t at = row->person ? hub_sight_case(b->s, row->person) : 0;
	const struct hub_str no = open_text(row->cell[0]);

	(void)page;
	if (!row->person)
		return HUB_OK;
	if (at == UINT32_MAX)
		return hub_fail_mem(b->err);
	struct hub_seen_case *c = &b->s->cases[at];
	c->case_id = row->id;
	c->case_no = hub_arena_str(b->s->arena, no);
	return c->case_no.ptr ? HUB_OK : hub_fail_mem(b->err);
}

/* ["01","12"], or 12 */
static int take_codes(struct build *b, struct hub_seen_case *c, enum hub_facet f,
		      struct hub_str text)
{
	struct hub_str piece;
	int rc = HUB_OK;

	if (text.len == 0)
		return HUB_OK;
	if (text.ptr[0] != '[')
		return add_value(b, c, f, text);
	for (int quoted = 0; !rc && hub_str_next(&text, '"', &piece); quoted = !quoted)
		if (quoted)
			rc = add_value(b, c, f, piece);
	return rc;
}

static int take_intake(struct build *b, struct hub_arena *page, const struct shown *row)
{
	struct hub_seen_case *c = find_case(b, row->person);
	int rc = HUB_OK;

	(void)page;
	for (uint32_t i = 0; c && i < 2 && !rc; i++)
		rc = take_codes(b, c, HUB_FACET_CATEGORY, open_text(row->cell[i]));
	return rc;
}

static int add_name(struct build *b, struct hub_str *names, struct hub_str key)
{
	if (!key.ptr)
		return hub_fail_mem(b->err);
	if (key.len == 0)
		return HUB_OK;
	*names = hub_arena_printf(b->s->arena, "%.*s\n%.*s", HUB_FMT(*names), HUB_FMT(key));
	return names->ptr ? HUB_OK : hub_fail_mem(b->err);
}

static int take_age(struct build *b, struct hub_arena *page, const struct shown *row)
{
	const struct hub_out_cell *birth = row->cell[0];
	struct hub_seen_case *c = find_case(b, row->person);
	struct hub_str band = HUB_STR("");
	int64_t from = 0;

	if (birth && birth->cell == HUB_VALUE && birth->shown == HUB_GENERALISED)
		band = birth->text;
	else if (open_text(birth).len)
		band = hub_age_band(page, open_text(birth), b->x->spec->day);
	if (!band.ptr)
		return hub_fail_mem(b->err);
	if (!band.len || !row->person)
		return HUB_OK;
	if (!hub_str_is(band, "10歳未満") &&
	    (band.len < 2 || hub_parse_i64(hub_str_cut(band, 0, 2), 10, 99, &from)))
		return HUB_OK;
	if (hub_map_put(b->age, hub_id_key(&row->person), (uint64_t)from + 1))
		return hub_fail_mem(b->err);
	return c ? add_value(b, c, HUB_FACET_AGE, band) : HUB_OK;
}

static int take_town(struct build *b, struct hub_arena *page, const struct shown *row,
		     struct hub_seen_case *c)
{
	const struct hub_str address = open_text(row->cell[2]);
	struct hub_str town = open_text(row->cell[1]);
	struct hub_address parsed;

	if (!town.len && address.len &&
	    hub_address_parse(page, address, NULL, &parsed) == HUB_ADDRESS_OK)
		town = parsed.town;
	return town.len ? add_value(b, c, HUB_FACET_TOWN, town) : HUB_OK;
}

static int take_person(struct build *b, struct hub_arena *page, const struct shown *row)
{
	struct hub_seen_case *c = find_case(b, row->person);
	int rc = take_age(b, page, row);

	if (rc || !c || (rc = take_town(b, page, row, c)))
		return rc;
	rc = add_name(b, &c->name, hub_name_key(page, open_text(row->cell[3]), NULL));
	return rc ? rc : add_name(b, &c->kana, hub_key_kana(page, open_text(row->cell[4])));
}

static int take_household(struct build *b, struct hub_arena *page, const struct shown *row)
{
	const struct hub_str kind = open_text(row->cell[0]);
	const int64_t *members;
	uint32_t n;

	(void)page;
	if (!kind.len)
		return HUB_OK;
	int rc = hub_people_household(b->x->people, row->id, &members, &n, b->err);
	for (uint32_t i = 0; i < n && !rc; i++) {
		struct hub_seen_case *c = find_case(b, members[i]);
		if (c)
			rc = add_value(b, c, HUB_FACET_HOUSEHOLD, kind);
	}
	return rc;
}

static int take_kinds(struct build *b, struct hub_arena *page, const struct shown *row)
{
	struct hub_seen_case *c = find_case(b, row->person);

	(void)page;
	return c ? take_codes(b, c, HUB_FACET_KIND, open_text(row->cell[0])) : HUB_OK;
}

/* Only of agencies that wrote something that may be read. */
static int take_agency(struct build *b, struct hub_arena *page, const struct shown *row)
{
	const struct hub_entity *e = hub_schema_entity(b->x->schema, HUB_STR("agency"));
	const struct hub_str key = hub_rowctx_key(b->x, page, e, row->id);
	uint64_t at;

	if (!key.ptr)
		return hub_fail_mem(b->err);
	if (!hub_map_get(b->s->word[HUB_FACET_AGENCY], key, &at))
		return HUB_OK;
	struct hub_seen_agency *to = &b->s->agency[at];
	to->name = hub_arena_str(b->s->arena, open_text(row->cell[0]));
	to->kind = hub_arena_str(b->s->arena, open_text(row->cell[1]));
	return to->name.ptr && to->kind.ptr ? HUB_OK : hub_fail_mem(b->err);
}

static const struct wanted wanted[] = {
    {"case", {"case_no"}, take_case},
    {"intake", {"consult_topics", "consult_topic_main"}, take_intake},
    {"person", {"birth_date", "addr_town", "address", "name", "name_kana"}, take_person},
    {"household", {"household_kind"}, take_household},
    {"activity", {"involved_org_types"}, take_kinds},
    {"relationship", {"agency_type"}, take_kinds},
    {"agency", {"agency_name", "agency_type"}, take_agency},
};

/* --- reading ------------------------------------------------------------------------------------------------ */

/* The view's entity with the wanted fields only; n 0 when it has none of them. */
static int pick(struct build *b, const struct wanted *want, struct hub_profile_entity *out)
{
	const struct hub_profile *p = b->s->profile;
	struct hub_view_field *f = hub_alloc_array(b->s->arena, MOST_FIELDS, sizeof *f);

	*out = (struct hub_profile_entity){.fields = f};
	for (uint32_t i = 0; f && i < p->n; i++) {
		const struct hub_profile_entity *e = &p->entities[i];
		if (!hub_str_is(e->entity->name, want->entity))
			continue;
		out->entity = e->entity;
		for (uint32_t k = 0; k < e->n; k++)
			for (uint32_t m = 0; m < MOST_FIELDS && want->field[m]; m++)
				if (hub_str_is(e->fields[k].field->name, want->field[m]))
					f[out->n++] = e->fields[k];
	}
	return f ? HUB_OK : hub_fail_mem(b->err);
}

static int take_row(struct build *b, struct hub_arena *page, const struct wanted *want,
		    const struct hub_profile_entity *e, struct hub_source_row *row)
{
	struct hub_out_cell cells[MOST_FIELDS];
	struct shown shown = {.id = row->id};
	const int rc = hub_rowctx_decide(b->x, page, e, row, cells, b->err);

	if (rc || !b->x->any)
		return rc;
	shown.person = b->x->person;
	for (uint32_t i = 0; i < e->n; i++)
		for (uint32_t m = 0; m < MOST_FIELDS && want->field[m]; m++)
			if (hub_str_is(e->fields[i].field->name, want->field[m]))
				shown.cell[m] = &cells[i];
	return want->take(b, page, &shown);
}

static int take_all(struct build *b, struct hub_arena *page, const struct wanted *want,
		    const struct hub_profile_entity *e)
{
	struct hub_source_row *rows;
	struct hub_cursor *c;
	uint32_t n = 1;
	int rc = hub_cursor_open(b->s->arena, b->x->db, e, &c, b->err);

	while (!rc && n > 0) {
		hub_arena_reset(page);
		rc = hub_cursor_next(c, page, &rows, &n, b->err);
		for (uint32_t i = 0; i < n && !rc; i++)
			rc = take_row(b, page, want, e, &rows[i]);
		if (!rc)
			rc = hub_sight_forget(b->x, b->err);
	}
	return rc;
}

static int take_changed(struct build *b, struct hub_arena *page, const struct wanted *want,
			const struct hub_profile_entity *e)
{
	size_t n;
	const int64_t *id = hub_kin_rows(b->since->kin, e->entity, &n);
	struct hub_source_row row;
	int rc = HUB_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		if (hub_since_same(b->since, e->entity, id[i]))
			continue;
		hub_arena_reset(page);
		rc = hub_cursor_row(page, b->x->db, e, id[i], &row, b->err);
		if (!rc)
			rc = take_row(b, page, want, e, &row);
		if (rc == HUB_END) /* its record has ended */
			rc = HUB_OK;
		if (!rc)
			rc = hub_sight_forget(b->x, b->err);
	}
	return rc;
}

/* Agencies are few, and each may be new to this sight. */
static int take_entity(struct build *b, struct hub_arena *page, const struct wanted *want)
{
	struct hub_profile_entity e;
	const int rc = pick(b, want, &e);

	if (rc || !e.entity || e.n == 0)
		return rc;
	return b->since->from && e.entity->subject != HUB_SUBJECT_NONE
		   ? take_changed(b, page, want, &e)
		   : take_all(b, page, want, &e);
}

/* --- households ------------------------------------------------------------------------------------------ */

/* What the ages of a household say: bits of bands (1 << tens). */
static const char *pattern_of(unsigned bands, uint32_t people)
{
	const unsigned old = bands >> 7, middle = bands >> 4 & 7, young = bands & 3;

	if (old && (bands & 1 << 4 || bands & 1 << 5 || (bands >> 8 && middle)))
		return "8050";
	if (people > 1 && !(bands & 0x3f))
		return "elderly";
	return young ? "children" : NULL;
}

static int find_patterns(struct build *b)
{
	const struct hub_entity *person = hub_schema_entity(b->x->schema, HUB_STR("person"));
	int rc = HUB_OK;

	for (size_t i = 0; i < b->s->n_cases && !rc; i++) {
		struct hub_seen_case *c = &b->s->cases[i];
		const struct hub_person_facts *f;
		unsigned bands = 0;
		uint32_t people = 0;
		if (hub_since_same(b->since, person, c->identity))
			continue;
		if ((rc = hub_people_get(b->x->people, c->identity, &f, b->err)))
			return rc;
		for (uint32_t k = 0; k < f->n_household; k++) {
			uint64_t age;
			if (!hub_map_get(b->age, hub_id_key(&f->members[k]), &age))
				continue;
			bands |= 1u << (age - 1) / 10;
			people++;
		}
		const char *word = people ? pattern_of(bands, people) : NULL;
		if (word)
			rc = add_value(b, c, HUB_FACET_HOUSEHOLD, hub_str_of(word));
		if (!rc && i % 1000 == 999)
			rc = hub_sight_forget(b->x, b->err);
	}
	return rc;
}

/* Who wrote of a case took part in it. */
static int kinds_of_rows(struct build *b)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < b->s->rows && !rc; i++) {
		const struct hub_seen_row *r = &b->s->row[i];
		if (r->who == UINT32_MAX || r->agency == UINT32_MAX)
			continue;
		const struct hub_str kind = b->s->agency[r->agency].kind;
		if (kind.len)
			rc = add_value(b, &b->s->cases[r->who], HUB_FACET_KIND, kind);
	}
	return rc;
}

int hub_sight_cases(struct hub_sight *s, const struct hub_since *since, struct hub_rowctx *x,
		    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(PAGE_LIMIT);
	struct build b = {.s = s, .since = since, .x = x, .age = hub_map_new(s->arena), .err = err};
	int rc;

	s->agencies = hub_map_count(s->word[HUB_FACET_AGENCY]);
	s->agency = hub_alloc_array(s->arena, s->agencies + 1, sizeof *s->agency);
	rc = page && b.age && s->agency ? hub_since_cases(since, err) : hub_fail_mem(err);
	for (size_t i = 0; i < HUB_COUNT(wanted) && !rc; i++)
		rc = take_entity(&b, page, &wanted[i]);
	if (!rc)
		rc = kinds_of_rows(&b);
	return rc ? rc : find_patterns(&b);
}
