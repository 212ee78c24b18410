#include "release/sight.h"

#include "base/clock.h"
#include "base/hash.h"
#include "release/wordlist.h"
#include "text/gram.h"

#include <stdlib.h>

enum {
	ARENA_LIMIT = 1 << 30,
	PAGE_LIMIT = 256 << 20,
	TEXT_LIMIT = 64 << 20,
	FOLD_VERSION = 1,
	MOST_CASES = 4000
};

/* --- growing lists ----------------------------------------------------------------------------------- */

int hub_sight_grow(struct hub_arena *a, void *list, size_t n, size_t size)
{
	void **at = list;

	if (n & (n - 1)) /* room doubles when n is a power of two */
		return 0;
	void *more = hub_alloc_array(a, n ? 2 * n : 1, size);
	if (!more)
		return -1;
	if (n)
		memcpy(more, *at, n * size);
	*at = more;
	return 0;
}

uint32_t hub_sight_case(struct hub_sight *s, int64_t identity)
{
	uint64_t at;

	if (hub_map_get(s->who, hub_id_key(&identity), &at))
		return (uint32_t)at;
	if (hub_sight_grow(s->arena, &s->cases, s->n_cases, sizeof *s->cases) ||
	    hub_map_put(s->who, hub_id_key(&identity), s->n_cases))
		return UINT32_MAX;
	s->cases[s->n_cases] = (struct hub_seen_case){.identity = identity};
	return (uint32_t)s->n_cases++;
}

uint32_t hub_sight_word(struct hub_sight *s, enum hub_facet f, struct hub_str word)
{
	uint64_t at;

	if (hub_map_get(s->word[f], word, &at))
		return (uint32_t)at;
	at = hub_map_count(s->word[f]);
	return hub_map_put(s->word[f], word, at) ? UINT32_MAX : (uint32_t)at;
}

int hub_sight_forget(struct hub_rowctx *x, struct hub_err *err)
{
	/* people that others look at, too, stay */
	return x->shared ? hub_rowctx_forget_cases(x, MOST_CASES, err) : hub_rowctx_forget(x, err);
}

/* --- the index --------------------------------------------------------------------------------------- */

/* One entity being walked; docs: what the index knows of it, by row. */
struct walk {
	struct hub_sight *s;
	struct hub_rowctx *x;
	const struct hub_profile_entity *e; /* of the view */
	struct hub_profile_entity own;      /* its texts, and what a hit is filtered by */
	const struct hub_field *date, *agency;
	struct hub_text_doc *doc;
	size_t docs, at; /* at: first doc of this row or a later one */
	int outer, txn;  /* the caller's transaction is open; ours is */
	struct hub_err *err;
};

/* Of one row, or (0) of all. */
static int read_docs(struct walk *w, int64_t row)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_text_doc d;

	w->doc = NULL;
	w->docs = w->at = 0;
	int rc = hub_fulltext_list(w->x->db, w->own.entity->name, row, &q, w->err);

	while (!rc && (rc = hub_fulltext_read(q, &d, w->err)) == HUB_OK) {
		const struct hub_field *f = hub_schema_field(w->own.entity, d.field);
		d.field = f ? f->name : HUB_STR("");
		d.entity = w->own.entity->name;
		if (hub_sight_grow(w->s->arena, &w->doc, w->docs, sizeof *w->doc))
			return hub_fail_mem(w->err);
		w->doc[w->docs++] = d;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* The doc of a text of the row, or NULL. */
static struct hub_text_doc *find_doc(struct walk *w, int64_t row, struct hub_str field)
{
	while (w->at < w->docs && w->doc[w->at].row < row)
		w->at++;
	for (size_t i = w->at; i < w->docs && w->doc[i].row == row; i++)
		if (hub_str_eq(w->doc[i].field, field))
			return &w->doc[i];
	return NULL;
}

int hub_sight_fold(struct hub_arena *a, struct hub_str text, struct hub_str spans,
		   struct hub_str *out, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_mark *marks;
	uint32_t n;

	hub_buf_init(&b, TEXT_LIMIT);
	*out = (struct hub_str){NULL, 0};
	const int rc = hub_marks_read(a, spans, text, &marks, &n, err);
	if (rc)
		return rc == HUB_INTEGRITY ? HUB_OK : rc;
	struct hub_patch *cut = hub_alloc_array(a, (size_t)n + 1, sizeof *cut);
	if (!cut)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n; i++)
		cut[i] = (struct hub_patch){.start = marks[i].start,
					    .end = marks[i].end,
					    .show = HUB_SHOW_WITHHELD,
					    .label = HUB_STR(HUB_GRAM_CUT)};
	(void)hub_patch_text(&b, text, cut, n);
	*out = hub_buf_ok(&b) ? hub_gram_fold(a, hub_buf_text(&b), NULL) : *out;
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* What a page of rows brings is one transaction, begun when there is something to write. */
static int begin_page(struct walk *w)
{
	const int rc = w->txn || w->x->db->in_txn ? HUB_OK : hub_db_begin(w->x->db, w->err);

	w->txn |= !rc && !w->outer;
	return rc;
}

static int end_page(struct walk *w, int rc)
{
	const int open = w->txn;

	w->txn = 0;
	return open ? hub_db_end(w->x->db, rc, w->err) : rc;
}

static int put_text(struct walk *w, struct hub_arena *a, struct hub_text_doc *d,
		    struct hub_str text, struct hub_str spans)
{
	struct hub_str folded = {NULL, 0};
	int rc = spans.ptr ? hub_sight_fold(a, text, spans, &folded, w->err) : HUB_OK;

	if (rc || (rc = begin_page(w)))
		return rc;
	w->s->put++;
	return hub_wordlist_put(w->x->db, d, folded, w->err);
}

static struct hub_hash version_of(struct hub_str text, struct hub_str spans)
{
	const struct hub_hash seed = {FOLD_VERSION, spans.ptr != NULL};

	return hub_hash128(text, hub_hash128(spans, seed));
}

uint32_t hub_sight_text_place(const struct hub_field *f)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < f->index; i++)
		k += f->entity->fields[i].type == HUB_F_NARRATIVE;
	return k;
}

static int add_text(struct walk *w, int64_t doc, uint32_t field)
{
	struct hub_sight *s = w->s;

	if (hub_sight_grow(s->arena, &s->text, s->texts, sizeof *s->text))
		return hub_fail_mem(w->err);
	s->text[s->texts++] = (struct hub_seen_text){doc, (uint32_t)s->rows, field};
	return HUB_OK;
}

/* Brings the index up to the row, and takes down which of its texts may be read. */
static int walk_texts(struct walk *w, struct hub_arena *a, const struct hub_source_row *row,
		      const struct hub_row_sight *sight, int *any)
{
	for (uint32_t i = 0; i < w->own.n; i++) {
		const struct hub_field *f = w->own.fields[i].field;
		const struct hub_str text = f->type == HUB_F_NARRATIVE
						? row->text[hub_sight_text_place(f)]
						: (struct hub_str){NULL, 0};
		struct hub_text_doc *d = find_doc(w, row->id, f->name);
		struct hub_text_doc fresh = {
		    .entity = f->entity->name, .field = f->name, .row = row->id};
		int rc = HUB_OK;
		if (f->type != HUB_F_NARRATIVE || !text.ptr)
			continue;
		const struct hub_hash v = version_of(text, sight->spans[i]);
		if (d && d->version.hi == v.hi && d->version.lo == v.lo) {
			fresh.id = d->id;
		} else {
			fresh.id = d ? d->id : 0;
			fresh.version = v;
			rc = put_text(w, a, &fresh, text, sight->spans[i]);
		}
		if (d)
			d->row = -1; /* still there */
		if (!rc && sight->open[i]) {
			rc = add_text(w, fresh.id, i);
			*any = 1;
		}
		if (rc)
			return rc;
	}
	return HUB_OK;
}

static int64_t place(const struct hub_profile_entity *e, const struct hub_field *f)
{
	for (uint32_t i = 0; f && i < e->n; i++)
		if (e->fields[i].field == f)
			return i;
	return -1;
}

/* Texts the index still has and no row does. */
static int remove_rest(struct walk *w)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < w->docs && !rc; i++) {
		const struct hub_field *f = hub_schema_field(w->own.entity, w->doc[i].field);
		/* a field that this view leaves out is another view's to look after */
		if (w->doc[i].row < 0 || (f && place(&w->own, f) < 0) || (rc = begin_page(w)))
			continue;
		rc = hub_wordlist_remove(w->x->db, w->doc[i].id, w->err);
		w->s->removed++;
	}
	return end_page(w, rc);
}

/* --- rows ------------------------------------------------------------------------------------------------ */

static int32_t day_of(struct hub_str s)
{
	int64_t y, m = 1, d = 1;

	if (s.len < 4 || hub_parse_i64(hub_str_cut(s, 0, 4), 1, 9999, &y) ||
	    (s.len >= 7 && hub_parse_i64(hub_str_cut(s, 5, 7), 1, 12, &m)) ||
	    (s.len >= 10 && hub_parse_i64(hub_str_cut(s, 8, 10), 1, 31, &d)))
		return INT32_MIN;
	return (int32_t)hub_days_of(y, (unsigned)m, (unsigned)d);
}

static int take_agency(struct walk *w, struct hub_arena *a, const struct hub_source_row *row,
		       uint32_t *out)
{
	const struct hub_str key = hub_rowctx_key(w->x, a, w->agency->to, row->agency);

	*out = key.ptr ? hub_sight_word(w->s, HUB_FACET_AGENCY, key) : UINT32_MAX;
	return *out == UINT32_MAX ? hub_fail_mem(w->err) : HUB_OK;
}

static int walk_row(struct walk *w, struct hub_arena *a, struct hub_source_row *row)
{
	const int64_t date = place(&w->own, w->date), agency = place(&w->own, w->agency);
	struct hub_sight *s = w->s;
	struct hub_row_sight sight;
	int any = 0;

	s->decided++;
	int rc = hub_rowctx_see(w->x, a, &w->own, row, &sight, w->err);

	if (rc || (rc = walk_texts(w, a, row, &sight, &any)) || !any)
		return rc;
	if (hub_sight_grow(s->arena, &s->row, s->rows, sizeof *s->row))
		return hub_fail_mem(w->err);
	struct hub_seen_row *r = &s->row[s->rows];
	*r = (struct hub_seen_row){.e = w->e,
				   .id = row->id,
				   .case_id = hub_str_is(w->e->entity->name, "case") ? row->id
										     : row->case_id,
				   .day = INT32_MIN,
				   .who = UINT32_MAX,
				   .agency = UINT32_MAX};
	if (date >= 0 && sight.open[date] && row->value[date].ptr)
		r->day = day_of(row->value[date]);
	if (agency >= 0 && sight.open[agency] && row->agency &&
	    (rc = take_agency(w, a, row, &r->agency)))
		return rc;
	if (hub_sight_word(s, HUB_FACET_ENTITY, w->e->entity->name) == UINT32_MAX)
		return hub_fail_mem(w->err);
	if (sight.person && (r->who = hub_sight_case(s, sight.person)) == UINT32_MAX)
		return hub_fail_mem(w->err);
	s->rows++;
	return HUB_OK;
}

/* The day a row is found under: its first date of the work. */
static const struct hub_field *date_of(const struct hub_entity *e)
{
	for (uint32_t i = 0; i < e->count; i++)
		if ((e->fields[i].type == HUB_F_DATE || e->fields[i].type == HUB_F_DATETIME) &&
		    e->fields[i].pclass == HUB_C_OPERATIONAL)
			return &e->fields[i];
	return NULL;
}

static const struct hub_field *agency_of(const struct hub_entity *e)
{
	const struct hub_field *f = hub_schema_field(e, HUB_STR("agency"));

	if (!f)
		f = hub_schema_field(e, HUB_STR("received_agency"));
	return f && f->type == HUB_F_REF ? f : NULL;
}

/* Of the view's fields: texts, the date, the agency. */
static int begin_walk(struct walk *w, const struct hub_profile_entity *e)
{
	struct hub_view_field *f = hub_alloc_array(w->s->arena, (size_t)e->n + 1, sizeof *f);
	uint32_t texts = 0;

	if (!f)
		return hub_fail_mem(w->err);
	w->e = e;
	w->own = (struct hub_profile_entity){.entity = e->entity, .fields = f};
	w->date = date_of(e->entity);
	w->agency = agency_of(e->entity);
	for (uint32_t i = 0; i < e->n; i++) {
		const struct hub_field *is = e->fields[i].field;
		texts += is->type == HUB_F_NARRATIVE;
		if (is->type == HUB_F_NARRATIVE || is == w->date || is == w->agency)
			f[w->own.n++] = e->fields[i];
	}
	return texts ? HUB_OK : HUB_END;
}

static int walk_all(struct walk *w, struct hub_arena *page)
{
	struct hub_source_row *rows;
	struct hub_cursor *c;
	uint32_t n = 1;
	int rc = read_docs(w, 0);

	if (!rc)
		rc = hub_cursor_open(w->s->arena, w->x->db, &w->own, &c, w->err);
	while (!rc && n > 0) {
		hub_arena_reset(page);
		rc = hub_cursor_next(c, page, &rows, &n, w->err);
		for (uint32_t i = 0; i < n && !rc; i++)
			rc = walk_row(w, page, &rows[i]);
		rc = end_page(w, rc);
		if (!rc)
			rc = hub_sight_forget(w->x, w->err);
	}
	return rc ? rc : remove_rest(w);
}

/* One row anew; of one that is gone its texts leave the index. */
static int walk_one(struct walk *w, struct hub_arena *page, int64_t id)
{
	struct hub_source_row row;
	int rc = read_docs(w, id);

	hub_arena_reset(page);
	if (!rc)
		rc = hub_cursor_row(page, w->x->db, &w->own, id, &row, w->err);
	if (!rc)
		rc = walk_row(w, page, &row);
	if (rc && rc != HUB_END)
		return end_page(w, rc);
	rc = remove_rest(w);
	return rc ? rc : hub_sight_forget(w->x, w->err);
}

/* Rows in the order of their ids, as walk_all() meets them; those that are gone in between. */
static int walk_changed(struct walk *w, struct hub_arena *page, struct hub_since *since)
{
	const struct hub_seen_ids *was = &since->from->ids[w->e - since->from->profile->entities];
	size_t n, k = 0;
	const int64_t *id = hub_kin_rows(since->kin, w->e->entity, &n);
	int rc = HUB_OK;

	for (size_t i = 0; i < n && !rc; i++) {
		for (; k < was->n && was->id[k] < id[i] && !rc; k++)
			rc = walk_one(w, page, was->id[k]);
		k += k < was->n && was->id[k] == id[i];
		if (!rc)
			rc = hub_since_same(since, w->e->entity, id[i])
				 ? hub_since_take(since, w->e, id[i], w->err)
				 : walk_one(w, page, id[i]);
	}
	for (; k < was->n && !rc; k++)
		rc = walk_one(w, page, was->id[k]);
	return rc;
}

static int walk_entity(struct walk *w, struct hub_arena *page, const struct hub_profile_entity *e,
		       struct hub_since *since)
{
	const int rc = begin_walk(w, e);

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	return since->from ? walk_changed(w, page, since) : walk_all(w, page);
}

static int by_doc(const void *a, const void *b)
{
	const struct hub_seen_text *x = a, *y = b;

	return (x->doc > y->doc) - (x->doc < y->doc);
}

static struct hub_sight *new_sight(struct hub_rowctx *x)
{
	struct hub_arena *a = hub_arena_new(ARENA_LIMIT);
	struct hub_sight *s = a ? hub_alloc0(a, sizeof *s) : NULL;
	int bad = !s;

	if (!bad) {
		*s = (struct hub_sight){
		    .arena = a, .profile = x->spec->profile, .who = hub_map_new(a)};
		bad = !s->who || !(s->groups = hub_map_new(a));
	}
	for (uint32_t f = 0; f < HUB_FACETS && !bad; f++)
		bad = !(s->word[f] = hub_map_new(a));
	if (bad) {
		hub_arena_free(a);
		return NULL;
	}
	pthread_mutex_init(&s->lock, NULL);
	return s;
}

static int make(struct walk *w, struct hub_since *since)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(PAGE_LIMIT);
	const struct hub_profile *p = w->x->spec->profile;
	struct hub_sight *s = w->s;
	int rc = page ? hub_wordlist_make(w->x->db, w->err) : hub_fail_mem(w->err);

	if (!rc)
		rc = hub_since_begin(since, w->x, w->err);
	if (!rc && !since->from) /* everybody is going to be asked for */
		rc = hub_people_all(w->x->people, w->err);
	for (uint32_t i = 0; i < p->n && !rc; i++)
		rc = walk_entity(w, page, &p->entities[i], since);
	if (rc || (rc = hub_wordlist_pack(w->x->db, w->err)) ||
	    (rc = hub_since_texts(since, w->err)) ||
	    (rc = hub_sight_cases(s, since, w->x, w->err)) || (rc = hub_sight_order(s, w->err)))
		return rc;
	if (s->texts > 1)
		qsort(s->text, s->texts, sizeof *s->text, by_doc);
	return HUB_OK;
}

int hub_sight_make(struct hub_rowctx *x, const struct hub_kin *kin, const struct hub_sight *before,
		   struct hub_sight **out, struct hub_err *err)
{
	struct hub_sight *s = new_sight(x);
	struct walk w = {.s = s, .x = x, .outer = x->db->in_txn, .err = err};
	struct hub_since since = {.s = s, .kin = kin, .from = before};
	const int rc = s ? make(&w, &since) : hub_fail_mem(err);

	if (rc)
		hub_sight_free(s);
	else
		*out = s;
	return rc;
}

void hub_sight_free(struct hub_sight *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	hub_arena_free(s->arena);
}
