#include "release/rowctx_in.h"

#include "release/correct.h"
#include "release/refuge.h"
#include "store/db.h"

enum { TEXT_LIMIT = 64 << 20 };

/* A client's roster and what this recipient calls its people. */
struct client {
	struct hub_roster roster;
	struct hub_cast *cast;
	const struct hub_refuges *refuges; /* of everybody, and of whom its lines name */
};

/* --- whom else it shows something of ------------------------------------------------------------------ */

int hub_row_add_other(struct hub_rowctx *x, struct hub_arena *a, int64_t identity, unsigned classes,
		      struct hub_err *err)
{
	for (uint32_t i = 0; i < x->others; i++)
		if (x->other[i].identity == identity) {
			x->other[i].classes |= classes;
			return HUB_OK;
		}
	struct hub_row_other *more = hub_alloc_more(a, x->other, x->others, &x->room, sizeof *more);
	if (!more)
		return hub_fail_mem(err);
	x->other = more;
	x->other[x->others++] = (struct hub_row_other){identity, classes};
	return HUB_OK;
}

/* People that a text of one subject names; somebody who is no person of the store has given no consent to take back. */
static int add_named(struct hub_rowctx *x, const struct hub_row_subject *s,
		     const struct hub_rendered *r, struct hub_err *err)
{
	int64_t identity;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->n_named && !rc; i++) {
		const unsigned bit = 1u << r->named[i].pclass;
		if (hub_parse_i64(r->named[i].person, 1, INT64_MAX, &identity))
			continue;
		if (identity == s->who[0]->identity)
			x->classes |= bit;
		else
			rc = hub_row_add_other(x, s->a, identity, bit, err);
	}
	return rc;
}

/* --- texts ----------------------------------------------------------------------------------------------- */

static int find_client(struct hub_rowctx *x, const struct hub_person_facts *f, struct client **out,
		       struct hub_err *err)
{
	uint64_t v;

	if (hub_map_get(x->rosters, hub_id_key(&f->identity), &v)) {
		*out = (struct client *)(uintptr_t)v;
		return HUB_OK;
	}
	struct client *c = hub_alloc0(x->cases, sizeof *c);
	if (!c)
		return hub_fail_mem(err);
	const int rc =
	    hub_roster_read(x->cases, x->people, x->db, f, hub_str_of(x->version), &c->roster, err);
	if (rc)
		return rc;
	hub_recipient_bar(&x->to, x->people, c->roster.known, c->roster.n_known);
	c->cast = hub_roster_cast(x->cases, &c->roster, f, hub_recipient_key(&x->to),
				  hub_schema_codes(x->schema, HUB_STR("relation")));
	c->refuges =
	    c->roster.told ? hub_refuges_and(x->cases, c->roster.told, x->refuges) : x->refuges;
	if (!c->cast || (c->roster.told && !c->refuges) ||
	    hub_map_put(x->rosters, hub_id_key(&f->identity), (uint64_t)(uintptr_t)c))
		return hub_fail_mem(err);
	*out = c;
	return HUB_OK;
}

/* Spans of the k-th text of a row, from what the detectors found in all of them. */
static int take_spans(struct hub_arena *a, const struct hub_doc *doc, uint32_t k,
		      const struct hub_span *spans, size_t count, struct hub_str *json,
		      struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	size_t from = 0, to;

	while (from < count && spans[from].doc < k)
		from++;
	for (to = from; to < count && spans[to].doc == k; to++)
		;
	hub_buf_init(&b, TEXT_LIMIT);
	hub_spans_json(doc, to > from ? spans + from : NULL, to - from, &b);
	*json = hub_buf_keep(&b, a);
	return json->ptr ? HUB_OK : hub_fail_mem(err);
}

/* Stores what a new scan found. A field without a text has no spans to write; one of them takes the stamp all the same
 * when no field has one. */
static int store_spans(struct hub_rowctx *x, const struct hub_entity *e,
		       const struct hub_source_row *row, struct hub_err *err)
{
	char sql[256];
	uint32_t k = 0, left = e->narratives, written = 0;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < e->count && !rc; i++) {
		if (e->fields[i].type != HUB_F_NARRATIVE)
			continue;
		left--;
		if (!row->text[k].ptr && (written || left)) {
			k++;
			continue;
		}
		written++;
		const int n =
		    snprintf(sql, sizeof sql, "UPDATE cc_%s SET %s = ?, scan = ? WHERE id = ?",
			     e->name.ptr, e->fields[i].spans.ptr);
		if (n < 0 || (size_t)n >= sizeof sql)
			return hub_fail(err, HUB_FATAL, "internal", "a column name is too long");
		rc = hub_db_run(x->db, err, sql, "tti", row->spans[k++], row->scan, row->id);
	}
	return rc;
}

/* All texts of a row, once more with the roster as it is now. */
static int rescan(struct hub_rowctx *x, const struct hub_row_subject *s, const struct hub_entity *e,
		  const struct hub_roster *roster, struct hub_err *err)
{
	struct hub_doc *docs = hub_alloc_array(s->a, e->narratives, sizeof *docs);
	struct hub_source_row *row = s->source;
	const struct hub_span *spans;
	size_t count;

	if (x->reading)
		return HUB_IDLE;
	if (!docs)
		return hub_fail_mem(err);
	for (uint32_t k = 0; k < e->narratives; k++)
		docs[k] = (struct hub_doc){.text = row->text[k].ptr ? row->text[k] : HUB_STR(""),
					   .roster = roster->person,
					   .persons = roster->n};
	int rc = hub_detect_run(x->detect, s->a, docs, e->narratives, &spans, &count, err);
	for (uint32_t k = 0; k < e->narratives && !rc; k++)
		if (row->text[k].ptr)
			rc = take_spans(s->a, &docs[k], k, spans, count, &row->spans[k], err);
	if (rc)
		return rc;
	row->scan = hub_arena_str(s->a, hub_str_of(roster->stamp));
	x->counts->rescanned++;
	return store_spans(x, e, row, err);
}

/* Spans as people corrected them; *seen: somebody has looked at this text as it is. */
static int correct(struct hub_rowctx *x, const struct hub_row_subject *s, const struct hub_field *f,
		   struct hub_str *spans, int *seen, struct hub_err *err)
{
	const struct hub_spot at = {f->entity, f, s->row};
	const uint32_t k = hub_row_text_index(f);
	struct hub_corrections said;
	int rc;

	*spans = s->source->spans[k];
	*seen = 0;
	if (!x->corrected)
		return HUB_OK;
	if ((rc = hub_corrections_read(s->a, x->db, &at, s->source->text[k], &said, err)))
		return rc;
	*seen = hub_corrections_seen(&said);
	return hub_corrections_apply(s->a, &said, *spans, spans, err);
}

/* Of a text with one subject, whose client is c; reviewed is left to the caller. */
static struct hub_text_question text_question(const struct hub_rowctx *x,
					      const struct hub_row_subject *s,
					      const struct hub_field *f, struct hub_str scan,
					      const struct client *c)
{
	struct hub_text_question q = {
	    .field = hub_row_question(x, s, s->who[0], f->pclass, (f->flags & HUB_FF_REVEALS) != 0),
	    .people = c->roster.known,
	    .n_people = c->roster.n_known,
	    .refuges = c->refuges,
	    .own = s->own,
	    .stale = c->roster.full || !hub_str_is(scan, c->roster.stamp)};

	q.field.consents = c->roster.consents;
	q.field.n_consents = c->roster.n_consents;
	return q;
}

/* Does not one character of it leave? */
static int is_closed(const struct hub_rowctx *x, const struct hub_view_field *vf,
		     struct hub_answer whole)
{
	return hub_row_settle(x, whole).decision == HUB_WITHHOLD ||
	       hub_view_of(&x->view, vf->show, whole.decision) == HUB_SHOW_WITHHELD;
}

/* What of a text is shown, and whom it names. */
static int take_rendered(struct hub_rowctx *x, const struct hub_row_subject *s,
			 const struct hub_rendered *r, const struct hub_buf *out,
			 struct hub_out_cell *cell, struct hub_err *err)
{
	cell->text = hub_buf_keep(out, s->a);
	cell->shown = r->masked + r->withheld ? HUB_MASKED : HUB_AS_IS;
	cell->labels = r->labels;
	cell->n_labels = r->n_labels;
	return cell->text.ptr ? add_named(x, s, r, err) : hub_fail_mem(err);
}

static int render_text(struct hub_rowctx *x, const struct hub_row_subject *s,
		       const struct hub_view_field *vf, struct client *c, struct hub_out_cell *cell,
		       struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_text_question q = text_question(x, s, vf->field, s->source->scan, c);
	const struct hub_str text = s->source->text[hub_row_text_index(vf->field)];
	const struct hub_rendering t = {s->a, text, &q, &x->view, c->cast};
	struct hub_rendered r = {0};
	struct hub_str spans;

	hub_buf_init(&out, TEXT_LIMIT);
	int rc = correct(x, s, vf->field, &spans, &q.reviewed, err);
	if (!rc)
		rc = hub_text_render(&t, spans, vf->show, &out, &r, err);
	if (rc && rc != HUB_INTEGRITY)
		return rc;
	x->counts->confirm += (uint64_t)r.confirm;
	cell->answer = hub_row_settle(x, r.whole);
	if (rc || is_closed(x, vf, r.whole))
		return HUB_OK;
	if (x->number) /* whoever finds the text later finds when it left, and to whom */
		hub_buf_printf(&out, "〔提供%lld〕", (long long)x->number);
	cell->cell = HUB_VALUE;
	return take_rendered(x, s, &r, &out, cell, err);
}

uint32_t hub_row_text_index(const struct hub_field *f)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < f->index; i++)
		k += f->entity->fields[i].type == HUB_F_NARRATIVE ? 1u : 0u;
	return k;
}

/* The client of a text, which is scanned with the roster as it is now. NULL: of several people nobody knows whose
 * case it belongs to, and without a detector no text is shown. */
static int fresh_client(struct hub_rowctx *x, const struct hub_row_subject *s,
			const struct hub_entity *e, struct client **out, struct hub_err *err)
{
	int rc;

	*out = NULL;
	if (s->n != 1 || !x->detect)
		return HUB_OK;
	if ((rc = find_client(x, s->who[0], out, err)))
		return rc;
	return hub_str_is(s->source->scan, (*out)->roster.stamp)
		   ? HUB_OK
		   : rescan(x, s, e, &(*out)->roster, err);
}

int hub_row_text_show(struct hub_rowctx *x, const struct hub_row_subject *s,
		      const struct hub_view_field *vf, struct hub_out_cell *cell,
		      struct hub_err *err)
{
	struct client *c;
	const int rc = fresh_client(x, s, vf->field->entity, &c, err);

	return rc || !c ? rc : render_text(x, s, vf, c, cell, err);
}

/* --- short fields ------------------------------------------------------------------------------------------ */

/* Nobody writes into a part of an address by hand whose house it is, but behind the building (田中方). */
static int is_address_part(const struct hub_field *f)
{
	return hub_str_starts(f->name, HUB_STR("area_")) ||
	       (hub_str_starts(f->name, HUB_STR("addr_")) && !hub_str_is(f->name, "addr_building"));
}

/* Where a note begins behind a name: 山田太郎（長男 次郎 090-…）; the length of s when there is none. */
static size_t note_at(struct hub_str s)
{
	static const char *const marks[] = {"(", "（", "[", "［", "【", "、", "，", ",", "/", "／"};
	size_t first = s.len;

	for (size_t i = 0; i < HUB_COUNT(marks); i++) {
		const size_t at = hub_str_find(s, hub_str_of(marks[i]), 0);
		first = at < first ? at : first;
	}
	return first;
}

/* A name alone is whom the row is about. With a note behind it, anybody may stand there. */
int hub_row_value_may_name(const struct hub_field *f, struct hub_str value)
{
	if (f->flags & HUB_FF_THIRD)
		return f->type != HUB_F_REF;
	if (f->type == HUB_F_NAME || f->type == HUB_F_KANA)
		return note_at(value) < value.len;
	return f->type == HUB_F_TEXT && !is_address_part(f);
}

/* What a field is there to say of somebody whom the case does not know: staff and offices in 担当, a school or a
 * telephone in fields of these. */
static int is_meant(const struct hub_field *f, const struct hub_span *s, struct hub_str value)
{
	if (f->type == HUB_F_NAME || f->type == HUB_F_KANA)
		return s->type == HUB_SPAN_PERSON && s->start < note_at(value);
	const int reveals = (f->flags & HUB_FF_REVEALS) != 0, work = f->pclass == HUB_C_OPERATIONAL;

	switch (s->type) {
	case HUB_SPAN_PERSON:
		return work;
	case HUB_SPAN_ORG:
	case HUB_SPAN_FACILITY:
		return work || reveals;
	case HUB_SPAN_BIRTHDATE:
		return hub_str_starts(f->name, HUB_STR("birth"));
	case HUB_SPAN_IDNUMBER:
		return 0;
	default:
		return reveals;
	}
}

/* Spans of a short field about other people than those it is meant for; ptr NULL: none. Staff are nobody known here: a daughter's name
 * that somebody once wrote in their place is still hers. */
static int find_others(struct hub_rowctx *x, struct hub_arena *a, const struct hub_field *f,
		       const struct hub_roster *roster, struct hub_str value, struct hub_str *json,
		       struct hub_err *err)
{
	const int third = (f->flags & HUB_FF_THIRD) != 0;
	struct hub_doc doc = {.text = value,
			      .roster = roster->person,
			      .persons = third ? roster->in_store : roster->outside};
	const struct hub_span *found;
	size_t n, left = 0;
	const int rc = hub_detect_run(x->detect, a, &doc, 1, &found, &n, err);
	struct hub_span *spans = rc ? NULL : hub_alloc_array(a, n + 1, sizeof *spans);

	if (rc || !spans)
		return rc ? rc : hub_fail_mem(err);
	for (size_t i = 0; i < n; i++)
		if (found[i].person >= 0 || !(third || is_meant(f, &found[i], value)))
			spans[left++] = found[i];
	*json = (struct hub_str){NULL, 0};
	return left ? take_spans(a, &doc, 0, spans, left, json, err) : HUB_OK;
}

/* Of a short field whose spans are found. One about somebody else is read by whoever wrote it, unless barred from whom
 * it names: then nothing of it. */
static int render_value(struct hub_rowctx *x, const struct hub_row_subject *s,
			const struct hub_view_field *vf, const struct hub_rendering *t,
			struct hub_str marks, struct hub_out_cell *cell, struct hub_err *err)
{
	const int third = (vf->field->flags & HUB_FF_THIRD) != 0;
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_rendered r = {0};

	hub_buf_init(&out, TEXT_LIMIT);
	const int rc = hub_text_render(t, marks, vf->show, &out, &r, err);
	if (rc)
		return rc;
	if (r.whole.decision == HUB_WITHHOLD || (third && r.withheld)) {
		*cell = (struct hub_out_cell){
		    .cell = HUB_NULL,
		    .shown = HUB_WITHHELD,
		    .text = {"", 0},
		    .answer = {.reason = third ? HUB_WHY_BARRED : r.whole.reason}};
		return HUB_OK;
	}
	if (third)
		return HUB_OK;
	x->counts->confirm += (uint64_t)r.confirm;
	return take_rendered(x, s, &r, &out, cell, err);
}

int hub_row_value_show(struct hub_rowctx *x, const struct hub_row_subject *s,
		       const struct hub_view_field *vf, struct hub_str value,
		       struct hub_out_cell *cell, struct hub_err *err)
{
	struct hub_str marks;
	struct client *c;
	int rc;

	const int blind = s->n != 1 || !x->detect; /* of nobody known, or with nobody who looks */
	if (!blind && (rc = find_client(x, s->who[0], &c, err)))
		return rc;
	if (blind || c->roster.full) { /* as a text */
		cell->text = HUB_STR("●●");
		cell->shown = HUB_MASKED;
		return HUB_OK;
	}
	if ((rc = find_others(x, s->a, vf->field, &c->roster, value, &marks, err)) || !marks.ptr)
		return rc;
	struct hub_text_question q = text_question(x, s, vf->field, HUB_STR(""), c);
	q.stale = 0;
	q.reviewed = 1; /* the gate lets the field out: it asks for more of texts only */
	const struct hub_rendering t = {s->a, value, &q, &x->view, c->cast};
	return render_value(x, s, vf, &t, marks, cell, err);
}

/* As a release does with what it has rendered (render.c): not open when, outside of its spans, a text says where
 * somebody lives under display restriction. */
static int look_last(struct hub_arena *a, const struct hub_refuges *refuges, struct hub_str text,
		     struct hub_str spans, uint8_t *open, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf rest;
	const struct hub_mark *marks;
	uint32_t n;
	int stands = hub_refuge_stands(a, refuges, text);

	hub_buf_init(&rest, TEXT_LIMIT);
	if (stands <= 0)
		return stands ? hub_fail_mem(err) : HUB_OK;
	if (hub_marks_read(a, spans, text, &marks, &n, err)) {
		*open = 0;
		return HUB_OK;
	}
	struct hub_patch *p = hub_alloc_array(a, (size_t)n + 1, sizeof *p);
	if (!p)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n; i++)
		p[i] = (struct hub_patch){.start = marks[i].start,
					  .end = marks[i].end,
					  .show = HUB_SHOW_WITHHELD,
					  .label = HUB_STR("●")};
	(void)hub_patch_text(&rest, text, p, n);
	stands = hub_buf_ok(&rest) ? hub_refuge_stands(a, refuges, hub_buf_text(&rest)) : -1;
	*open = stands == 0;
	return stands < 0 ? hub_fail_mem(err) : HUB_OK;
}

int hub_row_text_see(struct hub_rowctx *x, const struct hub_row_subject *s,
		     const struct hub_view_field *vf, struct hub_str *spans, uint8_t *open,
		     struct hub_err *err)
{
	struct client *c;
	int rc = fresh_client(x, s, vf->field->entity, &c, err);

	if (rc || !c)
		return rc;
	struct hub_text_question q = text_question(x, s, vf->field, s->source->scan, c);
	if ((rc = correct(x, s, vf->field, spans, &q.reviewed, err)))
		return rc == HUB_INTEGRITY ? HUB_OK : rc;
	const struct hub_str text = s->source->text[hub_row_text_index(vf->field)];
	*open = !is_closed(x, vf, hub_text_decide(&q));
	return *open ? look_last(s->a, c->refuges, text, *spans, open, err) : HUB_OK;
}

/* --- the people of a case ------------------------------------------------------------------------------- */

static const struct hub_person *of_roster(const struct hub_roster *r, struct hub_str id)
{
	for (uint32_t i = 0; i < r->n; i++)
		if (hub_str_eq(r->person[i].id, id))
			return &r->person[i];
	return NULL;
}

int hub_rowctx_kin(struct hub_rowctx *x, const struct hub_profile_entity *e,
		   struct hub_source_row *row, int64_t client, struct hub_err *err)
{
	const struct hub_person_facts *who, *me;
	struct client *c;
	uint32_t at = 0;
	int rc;

	while (at < e->n && !hub_str_is(e->fields[at].field->name, "relation_code"))
		at++;
	if (!hub_str_is(e->entity->name, "household_member") || at == e->n || row->value[at].len ||
	    !row->person || !client)
		return HUB_OK;
	if ((rc = hub_people_get(x->people, client, &me, err)) ||
	    (rc = find_client(x, me, &c, err)) ||
	    (rc = hub_people_get(x->people, row->person, &who, err)))
		return rc;
	const struct hub_person *p = of_roster(&c->roster, who->id);
	const struct hub_code *code =
	    p && p->relation.len ? hub_code_find(e->fields[at].field->codes, p->relation) : NULL;
	if (code && who->identity != me->identity)
		row->value[at] = code->code;
	return HUB_OK;
}

int hub_rowctx_forget_cases(struct hub_rowctx *x, size_t most, struct hub_err *err)
{
	if (most && hub_map_count(x->rosters) <= most)
		return HUB_OK;
	hub_arena_reset(x->cases);
	x->rosters = hub_map_new(x->cases);
	return x->rosters ? HUB_OK : hub_fail_mem(err);
}
