/* One look: candidate rows, decided, as a batch. */
#include "base/clock.h"
#include "base/err.h"
#include "base/hash.h"
#include "release/audit.h"
#include "release/handle.h"
#include "release/window_in.h"
#include "store/db.h"

enum { DEFAULT_LIMIT = 50, NEWEST_CASES = 200, PAGE_BYTES = 6 };

struct look {
	struct hub_windows *w;
	struct hub_window_view *v;
	struct hub_arena *a; /* of the caller */
	const struct hub_window_ask *ask;
	const struct hub_profile_entity *e;
	const struct hub_field *date;      /* of from and to; NULL: not asked */
	int64_t match[HUB_WINDOW_MATCHES]; /* place in e; -1: not in the view, so nothing matches */
	const struct hub_field *newest;
	uint32_t *column; /* places in e */
	uint32_t columns;
	int loads; /* behind them LOADED_ON */
	struct hub_batch *b;
	uint32_t limit;
	int64_t case_id, after, last; /* last: id that the last row of the batch goes on from */
	struct hub_circle circle;     /* when a case is named */
	struct hub_out_cell *cells;
	int more;
	struct hub_err *err;
};

/* --- the question -------------------------------------------------------------------------------- */

/* Not a field: when the list that an entry about nobody stands in was last loaded with it. */
#define LOADED_ON "loaded_on"

static int is_loaded_on(const struct look *l, const char *name)
{
	return l->e->entity->subject == HUB_SUBJECT_NONE && strcmp(name, LOADED_ON) == 0;
}

static int64_t place(const struct hub_profile_entity *e, struct hub_str name)
{
	for (uint32_t i = 0; i < e->n; i++)
		if (hub_str_eq(e->fields[i].field->name, name))
			return i;
	return -1;
}

static int unknown_field(const struct look *l, struct hub_str name)
{
	return hub_fail(l->err, HUB_USAGE, "unknown-field", "%.*s has no field \"%.*s\"",
			HUB_FMT(l->e->entity->name), HUB_FMT(name));
}

/* What the schema does not know is a mistake; what the view leaves out is not there. */
static int read_fields(struct look *l)
{
	const char *const *name = l->ask->look->field;

	l->column = hub_alloc_array(l->a, (size_t)l->e->n + 1, sizeof *l->column);
	if (!l->column)
		return hub_fail_mem(l->err);
	for (uint32_t i = 0; i < l->e->n; i++) {
		int wanted = name == NULL;
		for (size_t k = 0; name && name[k]; k++)
			wanted |= hub_str_is(l->e->fields[i].field->name, name[k]);
		if (wanted)
			l->column[l->columns++] = i;
	}
	for (size_t k = 0; name && name[k]; k++)
		if (is_loaded_on(l, name[k]))
			l->loads = 1;
		else if (!hub_schema_field(l->e->entity, hub_str_of(name[k])))
			return unknown_field(l, hub_str_of(name[k]));
	return l->loads ? hub_loads_ready(&l->w->loads, l->w->db, l->e->entity, l->err) : HUB_OK;
}

static int is_day(const struct hub_field *f)
{
	return f->type == HUB_F_DATE || f->type == HUB_F_DATETIME;
}

static int read_filters(struct look *l)
{
	const struct hub_window_ask *ask = l->ask;
	const struct hub_entity *e = l->e->entity;

	for (uint32_t i = 0; i < HUB_WINDOW_MATCHES; i++) {
		if (!ask->match[i].field)
			continue;
		if (!hub_schema_field(e, hub_str_of(ask->match[i].field)))
			return unknown_field(l, hub_str_of(ask->match[i].field));
		l->match[i] = place(l->e, hub_str_of(ask->match[i].field));
	}
	if (!ask->from.len && !ask->to.len)
		return HUB_OK;
	for (uint32_t i = 0; i < e->count && !l->date; i++)
		if (is_day(&e->fields[i]) && e->fields[i].pclass == HUB_C_OPERATIONAL)
			l->date = &e->fields[i];
	if (l->date)
		return HUB_OK;
	return hub_fail(l->err, HUB_USAGE, "no-date", "%.*s has no date to filter by",
			HUB_FMT(e->name));
}

static struct hub_str after_scope(struct look *l)
{
	return hub_arena_printf(l->a, "after:%.*s", HUB_FMT(l->e->entity->name));
}

static int read_place(struct look *l)
{
	const struct hub_look *look = l->ask->look;
	const struct hub_str scope = after_scope(l);

	l->limit = look->limit == 0                ? DEFAULT_LIMIT
		   : look->limit > HUB_WINDOW_MOST ? HUB_WINDOW_MOST
						   : look->limit;
	if (!scope.ptr)
		return hub_fail_mem(l->err);
	if (look->after.len == 0)
		return HUB_OK;
	l->after = hub_window_id(l->w, l->v, scope, look->after);
	return l->after ? HUB_OK
			: hub_fail(l->err, HUB_USAGE, "bad-cursor",
				   "the place where the page before ended cannot be read");
}

static int read_case(struct look *l)
{
	int rc;

	if (l->ask->look->case_no.len == 0)
		return HUB_OK;
	if ((rc = hub_window_case(l->w, l->v, l->ask->look->case_no, 0, &l->case_id, l->err)))
		return rc;
	return hub_circle_of(l->a, l->w->people, l->w->db, l->case_id, &l->circle, l->err);
}

static int read_question(struct look *l)
{
	const struct hub_look *look = l->ask->look;
	const struct hub_entity *e = hub_schema_entity(l->w->schema, hub_str_of(look->entity));
	int rc;

	if (!e)
		return hub_fail(l->err, HUB_USAGE, "unknown-entity", "there is no entity \"%.*s\"",
				HUB_FMT(hub_str_of(look->entity)));
	l->e = hub_window_entity(l->v, e);
	if (!l->e)
		return HUB_END;
	l->v->spec.labels = look->labels != 0;
	if ((rc = read_fields(l)) || (rc = read_filters(l)) || (rc = read_place(l)))
		return rc;
	l->cells = hub_alloc_array(l->a, (size_t)l->e->n + 1, sizeof *l->cells);
	return l->cells ? read_case(l) : hub_fail_mem(l->err);
}

/* --- the batch ----------------------------------------------------------------------------------- */

static int make_column(struct look *l, struct hub_col *c, struct hub_str name, struct hub_str label)
{
	const size_t n = (size_t)l->limit + 1;

	*c = (struct hub_col){.name = name,
			      .label = label,
			      .cell = hub_alloc_array(l->a, n, 1),
			      .shown = hub_alloc_array(l->a, n, 1),
			      .text = hub_alloc_array(l->a, n, sizeof *c->text)};
	return c->cell && c->shown && c->text ? 0 : -1;
}

static int make_fields(struct look *l, struct hub_col *col)
{
	int bad = make_column(l, &col[0], HUB_STR("key"), HUB_STR("キー"));

	col[0].flags = HUB_COL_KEY;
	for (uint32_t i = 0; !bad && i < l->columns; i++) {
		const struct hub_field *f = l->e->fields[l->column[i]].field;
		bad = make_column(l, &col[i + 1], f->name, f->label);
		if (f->pclass != HUB_C_OPERATIONAL)
			col[i + 1].flags = HUB_COL_PERSONAL;
	}
	if (!bad && l->loads)
		bad = make_column(l, &col[l->columns + 1], HUB_STR(LOADED_ON), HUB_STR("取込日"));
	return bad;
}

static int make_batch(struct look *l)
{
	const uint32_t cols = l->columns + 1 + (l->loads != 0);
	struct hub_col *col = hub_alloc_array(l->a, cols, sizeof *col);

	l->b = hub_alloc0(l->a, sizeof *l->b);
	if (!l->b || !col || make_fields(l, col))
		return hub_fail_mem(l->err);
	*l->b = (struct hub_batch){.size = sizeof *l->b,
				   .cols = cols,
				   .col = col,
				   .table = l->e->entity->name,
				   .table_label = l->e->entity->label};
	return HUB_OK;
}

static int put_loaded(struct look *l, int64_t row, uint32_t at)
{
	struct hub_col *to = &l->b->col[l->columns + 1];
	const int64_t loaded = hub_loads_at(&l->w->loads, row);
	char day[11];

	if (!loaded)
		return 0;
	hub_day_text(hub_day_at(loaded), day);
	to->cell[at] = HUB_VALUE;
	to->shown[at] = HUB_AS_IS;
	to->text[at] = hub_arena_str(l->a, hub_str_of(day));
	return to->text[at].ptr ? 0 : -1;
}

static int put_row(struct look *l, const struct hub_source_row *row)
{
	const uint32_t at = l->b->rows++;
	struct hub_col *key = &l->b->col[0];

	key->cell[at] = HUB_VALUE;
	key->text[at] =
	    hub_handle_make(l->a, hub_window_key(l->w, l->v), l->e->entity->name, row->id);
	/* the hub itself looks for the people of an agency, not for its row */
	if (!l->v->profile && hub_str_is(l->e->entity->name, "agency") &&
	    hub_window_agency(l->w, l->a, row->id, &key->text[at], l->err))
		return l->err->rc;
	int bad = !key->text[at].ptr;
	for (uint32_t i = 0; i < l->columns && !bad; i++) {
		const struct hub_out_cell *from = &l->cells[l->column[i]];
		struct hub_col *to = &l->b->col[i + 1];
		to->cell[at] = (uint8_t)from->cell;
		to->shown[at] = (uint8_t)from->shown;
		to->text[at] = hub_arena_str(l->a, from->text);
		bad = !to->text[at].ptr;
	}
	if (!bad && l->loads)
		bad = put_loaded(l, row->id, at);
	return bad ? hub_fail_mem(l->err) : HUB_OK;
}

/* --- one row ------------------------------------------------------------------------------------- */

/* Only what the viewer reads as it is can be asked for: a filter must not tell what is masked. */
static int is_open(const struct look *l, int64_t at)
{
	const struct hub_out_cell *c = at < 0 ? NULL : &l->cells[at];

	return c && c->cell == HUB_VALUE &&
	       (c->shown == HUB_AS_IS || l->e->fields[at].field->type == HUB_F_REF);
}

static int fits(const struct look *l, const struct hub_source_row *row)
{
	for (uint32_t i = 0; i < HUB_WINDOW_MATCHES; i++) {
		const struct hub_window_match *m = &l->ask->match[i];
		if (!m->field)
			continue;
		if (!is_open(l, l->match[i]))
			return 0;
		const int ref = l->e->fields[l->match[i]].field->type == HUB_F_REF;
		if (!hub_str_eq(l->cells[l->match[i]].text, m->value) &&
		    (ref || !hub_str_eq(row->value[l->match[i]], m->value)))
			return 0;
	}
	if (l->newest && !is_open(l, place(l->e, l->newest->name)))
		return 0;
	if (!l->date)
		return 1;
	const int64_t at = place(l->e, l->date->name);
	if (!is_open(l, at))
		return 0;
	const struct hub_str v = row->value[at];
	const struct hub_str day = v.len > 10 ? hub_str_cut(v, 0, 10) : v;
	return (!l->ask->from.len || hub_str_cmp(v, l->ask->from) >= 0) &&
	       (!l->ask->to.len || hub_str_cmp(day, l->ask->to) <= 0);
}

/* *seen: something of it may be seen, and it is one of those asked for. */
static int decide_row(struct look *l, struct hub_source_row *row, int *seen)
{
	int any = 0, holds = 1, rc = HUB_OK;

	*seen = 0;
	if (l->case_id)
		rc = hub_circle_holds(&l->circle, l->w->people, l->w->db, l->e->entity, row, &holds,
				      l->err);
	if (rc || !holds)
		return rc;
	rc = hub_window_decide(l->w, l->v, l->e, row, l->cells, &any, l->err);
	*seen = !rc && any && fits(l, row);
	return rc;
}

/* at: where the next page goes on after this row. HUB_END: the page is full. */
static int take_row(struct look *l, struct hub_source_row *row, int64_t at, int *taken)
{
	int seen;
	int rc = decide_row(l, row, &seen);

	*taken = 0;
	if (rc || !seen)
		return rc;
	*taken = 1;
	if (l->b->rows == l->limit) {
		l->more = 1;
		return HUB_END;
	}
	l->last = at;
	return put_row(l, row);
}

static int take_id(struct look *l, int64_t id, int64_t at, int *taken)
{
	struct hub_source_row row;

	*taken = 0;
	hub_arena_reset(l->w->page);
	const int rc = hub_cursor_row(l->w->page, l->w->db, l->e, id, &row, l->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	return take_row(l, &row, at, taken);
}

/* --- where rows come from ------------------------------------------------------------------------ */

static int look_at_all(struct look *l)
{
	const struct hub_cursor_spec spec = {.date = l->date,
					     .from = l->ask->from,
					     .to = l->ask->to,
					     .after = l->after,
					     .rows = l->limit + 1};
	struct hub_source_row *rows;
	struct hub_cursor *c;
	uint32_t n;
	int taken;
	int rc = hub_cursor_open_at(l->a, l->w->db, l->e, &spec, &c, l->err);

	while (!rc) {
		hub_arena_reset(l->w->page);
		if ((rc = hub_cursor_next(c, l->w->page, &rows, &n, l->err)) || n == 0)
			return rc;
		for (uint32_t i = 0; i < n && !rc; i++)
			rc = take_row(l, &rows[i], rows[i].id, &taken);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int look_at_case(struct look *l)
{
	struct hub_window_rows of;
	int taken;
	int rc = hub_window_case_rows(l->w, l->a, &l->circle, l->e->entity, &of, l->err);

	for (size_t i = 0; !rc && i < of.n; i++)
		if (of.id[i] > l->after)
			rc = take_id(l, of.id[i], of.id[i], &taken);
	return rc == HUB_END ? HUB_OK : rc;
}

/* The first row of the case that may be seen with its day. */
static int newest_of(struct look *l, int64_t case_id)
{
	struct hub_window_rows of;
	int taken = 0;
	int rc = hub_window_newest(l->w, l->a, l->newest, case_id, &of, l->err);

	for (size_t i = 0; !rc && i < of.n && !taken; i++)
		rc = take_id(l, of.id[i], case_id, &taken);
	return rc;
}

/* *upto: the last of the next NEWEST_CASES cases behind after; HUB_END: there are no more. */
static int next_cases(struct look *l, int64_t after, int64_t *upto)
{
	return hub_db_one(l->w->db, upto, l->err,
			  "SELECT max(id) FROM (SELECT id FROM cc_case WHERE id > ? ORDER BY id"
			  " LIMIT ?) AS t HAVING count(*) > 0",
			  "ii", after, (int64_t)NEWEST_CASES);
}

/* Where the newest row may not be seen, one before it may. */
static int newest_between(struct look *l, int64_t after, int64_t upto)
{
	struct hub_newest each;
	int taken;
	int rc = hub_window_newest_each(l->w, l->a, l->newest, after, upto, &each, l->err);

	for (size_t i = 0; !rc && i < each.n; i++) {
		rc = take_id(l, each.row[i].id, each.row[i].case_id, &taken);
		if (!rc && !taken)
			rc = newest_of(l, each.row[i].case_id);
	}
	return rc;
}

static int look_at_newest(struct look *l)
{
	int64_t after = l->after, upto;
	int rc = HUB_OK;

	l->newest = hub_schema_field(l->e->entity, hub_str_of(l->ask->look->newest));
	if (!l->newest || !is_day(l->newest) || !l->e->entity->case_ref)
		return unknown_field(l, hub_str_of(l->ask->look->newest));
	if (l->case_id)
		rc = newest_of(l, l->case_id);
	else
		for (; !rc && !(rc = next_cases(l, after, &upto)); after = upto)
			rc = newest_between(l, after, upto);
	return rc == HUB_END ? HUB_OK : rc;
}

static int look_at_one(struct look *l)
{
	const int64_t id = hub_window_id(l->w, l->v, l->e->entity->name, l->ask->look->key);
	int taken = 0;
	const int rc = id ? take_id(l, id, id, &taken) : HUB_OK;

	return rc ? rc : taken ? HUB_OK : HUB_END;
}

/* --- the whole ----------------------------------------------------------------------------------- */

/* The meeting that was named, for the gate. One in which the agency does not sit does not exist for it. */
static int join_meeting(struct look *l)
{
	struct hub_meeting_facts *m = &l->v->x.meeting;
	const struct hub_str agency = l->v->x.to.gate.id;
	int sits = 0;

	if (!l->ask->meeting.len)
		return HUB_OK;
	const int rc = hub_meeting_read(l->a, l->w->db, l->w->people, l->ask->meeting, m, l->err);
	if (rc)
		return rc == HUB_USAGE ? HUB_END : rc;
	for (uint32_t i = 0; i < m->gate.n_members; i++)
		sits |= hub_str_eq(m->gate.members[i], agency);
	return sits && hub_period_has(m->gate.period, l->w->day) ? HUB_OK : HUB_END;
}

/* Of what was asked, from the beginning. */
static int look_now(void *arg)
{
	struct look *l = arg;
	const struct hub_look *look = l->ask->look;

	*l = (struct look){.w = l->w, .a = l->a, .ask = l->ask, .err = l->err};
	int rc = hub_windows_ready(l->w, l->ask, &l->v, l->err);
	if (rc || (rc = join_meeting(l)) || (rc = read_question(l)) || (rc = make_batch(l)))
		return rc;
	if (look->key.len)
		return look_at_one(l);
	if (look->newest)
		return look_at_newest(l);
	return l->case_id ? look_at_case(l) : look_at_all(l);
}

/* What was looked at, for the log: the number of the case as it is stored, never as it was asked for. The query is
 * over when this returns; one that is open would keep the state it reads, and writing to an old state fails. */
static int name_object(struct look *l, struct hub_str *object)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc;

	*object = HUB_STR("view");
	if (!l->case_id)
		return HUB_OK;
	rc = hub_db_query(l->w->db, &q, l->err, "SELECT case_no FROM cc_case WHERE id = ?", "i",
			  l->case_id);
	if (rc || (rc = hub_db_next(q, l->err)) < 0)
		return rc;
	if (rc == HUB_OK && hub_db_str(q, 0).len)
		*object = hub_arena_printf(l->a, "case %.*s", HUB_FMT(hub_db_str(q, 0)));
	return object->ptr ? HUB_OK : hub_fail_mem(l->err);
}

/* Which rows were asked for, as a word that tells nothing: the same page again is no further reading. */
static int name_page(struct look *l, char out[2 * PAGE_BYTES + 1])
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_window_ask *ask = l->ask;
	uint8_t sha[HUB_SHA256];

	hub_buf_init(&b, 1 << 16);
	hub_buf_printf(&b, "%.*s\n%.*s\n%.*s\n%.*s\n%u", HUB_FMT(ask->look->key),
		       HUB_FMT(ask->look->after), HUB_FMT(ask->from), HUB_FMT(ask->to),
		       ask->look->limit);
	for (size_t i = 0; i < HUB_COUNT(ask->match); i++)
		if (ask->match[i].field)
			hub_buf_printf(&b, "\n%s=%.*s", ask->match[i].field,
				       HUB_FMT(ask->match[i].value));
	if (!hub_buf_ok(&b) || hub_sha256(hub_buf_text(&b), sha))
		return hub_fail_mem(l->err);
	hub_hex(sha, PAGE_BYTES, out);
	return HUB_OK;
}

/* Names of things and counts. */
static int log_look(struct look *l)
{
	HUB_AUTO(buf) struct hub_buf b;
	struct hub_str object;
	char page[2 * PAGE_BYTES + 1];
	int rc;

	hub_audit_begin(&b);
	if ((rc = name_object(l, &object)) || (rc = name_page(l, page)))
		return rc;
	if (l->v->profile) {
		hub_json_field(&b, "recipient", l->ask->agency);
		hub_json_field(&b, "version", hub_str_of(l->v->profile->hash));
	}
	if (l->ask->meeting.len)
		hub_json_field(&b, "meeting", l->ask->meeting);
	hub_json_field(&b, "entity", l->e->entity->name);
	hub_json_int(&b, "rows", l->b->rows);
	hub_json_field(&b, "page", hub_str_of(page));
	if (l->ask->by)
		hub_json_field(&b, "by", hub_str_of(l->ask->by));
	if (l->e->entity->subject == HUB_SUBJECT_NONE)
		hub_buf_puts(&b, ",\"register\":true");
	return hub_audit_put(&l->ask->log, l->w->db, l->ask->actor, "view", object, &b, l->err);
}

int hub_window_look(struct hub_windows *w, struct hub_arena *a, const struct hub_window_ask *ask,
		    const struct hub_batch **out, struct hub_str *next, struct hub_err *err)
{
	struct look l = {.w = w, .a = a, .ask = ask, .err = err};
	int rc = hub_windows_txn(w, look_now, &l, err);

	*out = NULL;
	if (next)
		*next = (struct hub_str){NULL, 0};
	if (l.v && l.v->profile) /* it lies in the arena of this look */
		l.v->x.meeting = (struct hub_meeting_facts){0};
	if (rc)
		return rc;
	/* the hub's own looks are its work, not somebody's reading */
	if (l.v->profile && (rc = log_look(&l)))
		return rc;
	if (next && l.more) {
		*next = hub_handle_make(a, hub_window_key(w, l.v), after_scope(&l), l.last);
		if (!next->ptr)
			return hub_fail_mem(err);
	}
	*out = l.b;
	return HUB_OK;
}

/* --- may it see the case? ------------------------------------------------------------------------ */

static int sees_rows(struct look *l)
{
	const struct hub_profile *p = l->v->profile;
	int rc = hub_circle_of(l->a, l->w->people, l->w->db, l->case_id, &l->circle, l->err);

	for (uint32_t i = 0; i < p->n && !rc; i++) {
		struct hub_window_rows of;
		l->e = &p->entities[i];
		if (!l->e->entity->case_ref)
			continue;
		l->cells = hub_alloc_array(l->a, (size_t)l->e->n + 1, sizeof *l->cells);
		rc = l->cells
			 ? hub_window_case_rows(l->w, l->a, &l->circle, l->e->entity, &of, l->err)
			 : hub_fail_mem(l->err);
		for (size_t k = 0; !rc && k < of.n; k++) {
			struct hub_source_row row;
			int seen = 0;
			hub_arena_reset(l->w->page);
			rc = hub_cursor_row(l->w->page, l->w->db, l->e, of.id[k], &row, l->err);
			if (!rc)
				rc = decide_row(l, &row, &seen);
			if (seen)
				return HUB_OK;
			rc = rc == HUB_END ? HUB_OK : rc;
		}
	}
	return rc ? rc : HUB_END;
}

static int sees_now(void *arg)
{
	struct look *l = arg;
	const struct hub_entity *e = hub_schema_entity(l->w->schema, HUB_STR("case"));
	int rc = hub_windows_ready(l->w, l->ask, &l->v, l->err);

	if (rc || (rc = hub_window_case(l->w, l->v, l->ask->look->case_no, 1, &l->case_id, l->err)))
		return rc == HUB_REFUSED ? HUB_END : rc;
	return hub_window_entity(l->v, e) ? HUB_OK : sees_rows(l);
}

int hub_window_sees(struct hub_windows *w, struct hub_str agency, struct hub_str case_no,
		    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_look what = {.case_no = case_no};
	const struct hub_window_ask ask = {.agency = agency, .look = &what};
	struct look l = {.w = w, .a = a, .ask = &ask, .err = err};

	return a ? hub_windows_txn(w, sees_now, &l, err) : hub_fail_mem(err);
}
