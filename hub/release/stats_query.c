/* One query per measure, read once and counted here: months, bands and units are not the database's
 * business, so that both stores count alike. */
#include "release/stats_query.h"

#include "base/err.h"

enum { SQL_LIMIT = 64 << 10, FIXED = 1 };

/* Alias of the joined row of an entity: c the counted row, p its person, k its case, eN another of the
 * case's rows. */
static void put_alias(struct hub_buf *b, const struct hub_stat *m, const struct hub_entity *e)
{
	if (e == m->entity)
		hub_buf_putc(b, 'c');
	else if (hub_str_is(e->name, "person"))
		hub_buf_putc(b, 'p');
	else if (hub_str_is(e->name, "case"))
		hub_buf_putc(b, 'k');
	else
		hub_buf_printf(b, "e%u", e->index);
}

static int uses(const struct hub_stat *m, const struct hub_entity *e, uint32_t before)
{
	for (uint32_t i = 0; i < before; i++)
		if (m->slot[i].entity == e)
			return 1;
	return 0;
}

/* Id of the row's case, of its person. */
static void put_case(struct hub_buf *b, const struct hub_stat *m)
{
	const struct hub_field *f = m->entity->case_ref;

	if (f)
		hub_buf_printf(b, "c.%.*s", HUB_FMT(f->column));
	else
		hub_buf_puts(b, "c.id");
}

static void put_person(struct hub_buf *b, const struct hub_stat *m)
{
	const struct hub_entity *e = m->entity;
	const int has_case = e->case_ref && !hub_str_is(e->name, "case");

	if (e->subject == HUB_SUBJECT_SELF)
		hub_buf_puts(b, "c.id");
	else if (e->subject == HUB_SUBJECT_REF && has_case)
		hub_buf_printf(b, "coalesce(c.%.*s, k.person_id)", HUB_FMT(e->subject_ref->column));
	else if (e->subject == HUB_SUBJECT_REF)
		hub_buf_printf(b, "c.%.*s", HUB_FMT(e->subject_ref->column));
	else
		hub_buf_puts(b, hub_str_is(e->name, "case") ? "c.person_id" : "k.person_id");
}

static void put_joins(struct hub_buf *b, const struct hub_stat *m, const struct hub_schema *schema)
{
	const struct hub_entity *person = hub_schema_entity(schema, HUB_STR("person")),
				*of_case = hub_schema_entity(schema, HUB_STR("case"));

	if (m->entity->case_ref && m->entity != of_case) {
		hub_buf_puts(b, " LEFT JOIN cc_case k ON k.id = ");
		put_case(b, m);
	}
	if (m->entity != person && uses(m, person, m->slots)) {
		hub_buf_puts(b, " LEFT JOIN cc_person p ON p.id = ");
		put_person(b, m);
	}
	for (uint32_t i = 0; i < m->slots; i++) {
		const struct hub_entity *e = m->slot[i].entity;
		if (e == m->entity || e == person || e == of_case || uses(m, e, i))
			continue;
		hub_buf_printf(
		    b,
		    " LEFT JOIN cc_%.*s e%u ON e%u.id = (SELECT max(z.id) FROM cc_%.*s z"
		    " JOIN record y ON y.id = z.record_id AND y.state = 0 WHERE z.%.*s = ",
		    HUB_FMT(e->name), e->index, e->index, HUB_FMT(e->name),
		    HUB_FMT(e->case_ref->column));
		put_case(b, m);
		hub_buf_putc(b, ')');
	}
}

const char *hub_stats_sql(struct hub_arena *a, const struct hub_stat *m,
			  const struct hub_schema *schema)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, SQL_LIMIT);
	hub_buf_puts(&b, "SELECT c.id");
	for (uint32_t i = 0; i < m->slots; i++) {
		hub_buf_puts(&b, ", ");
		put_alias(&b, m, m->slot[i].entity);
		hub_buf_printf(&b, ".%.*s", HUB_FMT(m->slot[i].field->column));
	}
	hub_buf_printf(&b, " FROM cc_%.*s c JOIN record r ON r.id = c.record_id AND r.state = 0",
		       HUB_FMT(m->entity->name));
	put_joins(&b, m, schema);
	hub_buf_puts(&b, " ORDER BY c.id");
	return hub_buf_ok(&b) ? hub_arena_cstr(a, hub_buf_text(&b)) : NULL;
}

/* --- the values of one row ----------------------------------------------------------------------------- */

/* The text of slot i; numbers become text. len 0: nothing there. */
static struct hub_str text_of(struct hub_query *q, uint32_t slot, char room[24])
{
	const struct hub_dbval v = hub_db_val(q, slot + FIXED);

	if (v.type != HUB_DB_INT)
		return v.type == HUB_DB_NULL ? HUB_STR("") : v.s;
	return (struct hub_str){room, (size_t)snprintf(room, 24, "%lld", (long long)v.i)};
}

/* Days that an ISO date at its precision, or FROM/TO, covers; -1: none. */
static int days_of(struct hub_str s, struct hub_period *out)
{
	const size_t slash = hub_str_find(s, HUB_STR("/"), 0);
	struct hub_period last;
	int64_t y, m = 0;

	if (slash != (size_t)-1) {
		if (days_of(hub_str_cut(s, 0, slash), out) ||
		    days_of(hub_str_from(s, slash + 1), &last))
			return -1;
		out->to = last.to;
		return out->from <= out->to ? 0 : -1;
	}
	if (s.len >= 10) {
		const int rc = hub_day_parse(
		    s.len > 10 && s.ptr[10] == 'T' ? s : hub_str_cut(s, 0, 10), &out->from);
		out->to = out->from;
		return rc;
	}
	if ((s.len != 4 && s.len != 7) || hub_parse_i64(hub_str_cut(s, 0, 4), 1, 9998, &y) ||
	    (s.len == 7 && (s.ptr[4] != '-' || hub_parse_i64(hub_str_from(s, 5), 1, 12, &m))))
		return -1;
	out->from = (int32_t)hub_days_of(y, m ? (unsigned)m : 1, 1);
	out->to =
	    (int32_t)(m && m < 12 ? hub_days_of(y, (unsigned)m + 1, 1) : hub_days_of(y + 1, 1, 1)) -
	    1;
	return 0;
}

/* Whole years between two days. */
static int64_t age_at(int32_t birth, int32_t day)
{
	int64_t y1, y2;
	unsigned m1, m2, d1, d2;

	hub_days_to(birth, &y1, &m1, &d1);
	hub_days_to(day, &y2, &m2, &d2);
	return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

/* Calls hit for every text of a JSON array of texts, as the store writes them; codes have no escapes. */
static void each_code(struct hub_str json, void (*hit)(void *, struct hub_str), void *with)
{
	size_t at = 0, end;

	while ((at = hub_str_find(json, HUB_STR("\""), at)) != (size_t)-1 &&
	       (end = hub_str_find(json, HUB_STR("\""), at + 1)) != (size_t)-1) {
		hit(with, hub_str_cut(json, at + 1, end));
		at = end + 1;
	}
}

/* --- conditions ------------------------------------------------------------------------------------------ */

struct looking {
	const struct hub_stat_cond *cond;
	int found;
};

static void look(void *with, struct hub_str code)
{
	struct looking *l = with;

	for (uint32_t i = 0; i < l->cond->n; i++)
		l->found |=
		    hub_str_eq(l->cond->values[i], code) || hub_str_is(l->cond->values[i], "*");
}

static int holds(const struct hub_stat *m, struct hub_query *q)
{
	for (uint32_t i = 0; i < m->conds; i++) {
		struct looking l = {.cond = &m->cond[i]};
		char room[24];
		const struct hub_str v = text_of(q, m->cond[i].slot, room);
		if (m->slot[m->cond[i].slot].field->type == HUB_F_CODES)
			each_code(v, look, &l);
		else if (v.len)
			look(&l, v);
		if (l.found == m->cond[i].unless)
			return 0;
	}
	return 1;
}

/* --- categories -------------------------------------------------------------------------------------------- */

static uint32_t category_of_code(const struct hub_stat_by *by, struct hub_str code)
{
	for (uint32_t i = 0; i + 1 < by->n; i++)
		if (hub_str_eq(by->cat[i].code, code))
			return i;
	return by->n - 1;
}

static uint32_t category_of_number(const struct hub_stat_by *by, int64_t v)
{
	for (uint32_t i = 0; i + 1 < by->n; i++)
		if (by->cat[i].from <= v && v <= by->cat[i].to)
			return i;
	return by->n - 1;
}

/* A number, or a day of birth: the age on the day that counts. */
static uint32_t band_of(const struct tally_row *r, const struct hub_stat_by *by, int32_t day)
{
	for (uint32_t i = by->slot; i < by->slot + by->slots; i++) {
		char room[24];
		const struct hub_str v = text_of(r->q, i, room);
		struct hub_period born;
		int64_t n;
		if (r->m->slot[i].field->type == HUB_F_DATE) {
			if (days_of(v, &born) == 0)
				return category_of_number(by, age_at(born.from, day));
		} else if (hub_parse_i64(v, INT64_MIN, INT64_MAX, &n) == 0) {
			return category_of_number(by, n);
		}
	}
	return by->n - 1;
}

struct marking {
	const struct hub_stat_by *by;
	uint8_t *marks;
	int any;
};

static void mark(void *with, struct hub_str code)
{
	struct marking *m = with;

	m->marks[category_of_code(m->by, code)] = 1;
	m->any = 1;
}

/* Sets marks[category] for what the row says. */
static void categories(const struct tally_row *r, const struct hub_stat_by *by, int32_t day,
		       uint8_t *marks)
{
	struct marking m = {.by = by, .marks = marks};

	memset(marks, 0, by->n);
	if (by->bands) {
		marks[band_of(r, by, day)] = 1;
		return;
	}
	for (uint32_t i = by->slot; i < by->slot + by->slots && !m.any; i++) {
		char room[24];
		const struct hub_str v = text_of(r->q, i, room);
		if (r->m->slot[i].field->type == HUB_F_CODES)
			each_code(v, mark, &m);
		else if (v.len)
			mark(&m, v);
	}
	if (!m.any)
		marks[by->n - 1] = 1;
}

/* --- counting ----------------------------------------------------------------------------------------------- */

/* 1 the first time this unit is counted in the period in this place; -1 without memory. */
static int first_time(struct tally *t, const struct tally_row *r, uint32_t period, uint32_t place)
{
	const struct hub_stat *m = r->m;
	uint64_t seen;

	if (m->distincts == 0)
		return 1;
	hub_buf_reset(&t->key);
	hub_buf_printf(&t->key, "%u,%u", period, place);
	for (uint32_t i = m->distinct; i < m->distinct + m->distincts; i++) {
		char room[24];
		const struct hub_str v = text_of(r->q, i, room);
		hub_buf_printf(&t->key, "|%zu:", v.len);
		hub_buf_str(&t->key, v);
	}
	if (!hub_buf_ok(&t->key))
		return -1;
	if (hub_map_get(t->units, hub_buf_text(&t->key), &seen))
		return 0;
	return hub_map_put(t->units, hub_buf_text(&t->key), 1) ? -1 : 1;
}

static int add(struct tally *t, const struct tally_row *r, uint32_t period, uint32_t cell,
	       int64_t n)
{
	const int first = first_time(t, r, period, cell);

	if (first > 0)
		t->out->count[hub_stats_at(t->out, cell, period)] += n;
	return first < 0;
}

struct counting {
	int64_t n;
};

static void count_one(void *with, struct hub_str code)
{
	(void)code;
	((struct counting *)with)->n++;
}

/* How many units the row is. */
static int64_t weight(const struct tally_row *r)
{
	struct counting c = {0};
	char room[24];

	if (!r->m->each)
		return 1;
	each_code(text_of(r->q, r->m->each_slot, room), count_one, &c);
	return c.n;
}

/* Total and breakdowns of one row in one period. A unit of several rows is in the category of its first. */
static int add_row(struct tally *t, const struct tally_row *r, uint32_t period, int32_t day)
{
	uint8_t *marks = t->marks;
	const int64_t n = weight(r);
	uint32_t cell = r->first_cell;
	const int first = first_time(t, r, period, UINT32_MAX);
	int bad = first < 0 || add(t, r, period, cell++, n);

	for (uint32_t i = 0; i < r->m->n_by && !bad; i++) {
		const struct hub_stat_by *by = &r->m->by[i];
		const int own_marks =
		    r->m->each && r->m->slot[by->slot].field == r->m->slot[r->m->each_slot].field;
		categories(r, by, day, marks);
		for (uint32_t c = 0; c < by->n && !bad; c++)
			if (marks[c] && n > 0 && (by->several || first > 0))
				bad = add(t, r, period, cell + c, own_marks ? 1 : n);
		cell += by->n;
	}
	return bad;
}

/* In which periods does the row count? A day known only roughly must lie in one month; what is asked
 * about and lies in none is told as undated. */
static int in_period(const struct hub_stat_period *p, struct hub_period days)
{
	int64_t y1, y2;
	unsigned m1, m2, d;

	hub_days_to(days.from, &y1, &m1, &d);
	hub_days_to(days.to, &y2, &m2, &d);
	return y1 == y2 && m1 == m2 && p->days.from <= days.from && days.to <= p->days.to;
}

static int add_event(struct tally *t, const struct tally_row *r, uint32_t measure)
{
	char room[24];
	struct hub_period days;
	int in = 0, near = 0, bad = 0;

	if (days_of(text_of(r->q, 0, room), &days)) {
		t->out->undated[measure]++;
		return 0;
	}
	for (uint32_t p = 0; p < t->out->periods && !bad; p++) {
		const struct hub_stat_period *period = &t->out->period[p];
		near |= days.from <= period->days.to && period->days.from <= days.to;
		if (!in_period(period, days))
			continue;
		in = 1;
		bad = add_row(t, r, p, days.from);
	}
	t->out->undated[measure] += near && !in;
	return bad;
}

/* There at the end of a period: begun by then, not ended by then. */
static int add_stock(struct tally *t, const struct tally_row *r, uint32_t measure)
{
	const struct hub_stat *m = r->m;
	struct hub_period begun, ended = {.from = HUB_DAY_LAST};
	char room[24];
	int bad = 0;

	if (days_of(text_of(r->q, 0, room), &begun)) {
		t->out->undated[measure]++;
		return 0;
	}
	for (uint32_t i = m->until; i < m->until + m->untils && ended.from == HUB_DAY_LAST; i++)
		if (days_of(text_of(r->q, i, room), &ended))
			ended.from = HUB_DAY_LAST;
	for (uint32_t p = 0; p < t->out->periods && !bad; p++) {
		const int32_t end = t->out->period[p].days.to;
		if (begun.from <= end && ended.from > end)
			bad = add_row(t, r, p, end);
	}
	return bad;
}

int hub_stats_tally(struct tally *t, struct hub_db *db, const struct hub_stat *m, const char *sql,
		    uint32_t measure, uint32_t first_cell, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct tally_row r = {.m = m, .first_cell = first_cell};
	int rc = hub_db_walk(db, &q, err, sql, "");

	r.q = q;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		if (!holds(m, q))
			continue;
		if (m->stock ? add_stock(t, &r, measure) : add_event(t, &r, measure))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}
