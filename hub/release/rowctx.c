#include "release/rowctx.h"

#include "release/correct.h"
#include "release/subject.h"
#include "release/value.h"
#include "store/db.h"

enum { MOST_PEOPLE = 20000, MOST_CASES = 4000, TEXT_LIMIT = 64 << 20 };

/* A client's roster and what this recipient calls its people. */
struct client {
	struct hub_roster roster;
	struct hub_cast *cast;
};

/* Whom a row is about, and what the gate has said so far. */
struct subject {
	const struct hub_person_facts *const *who;
	uint32_t n;
	int nobodys; /* an agency, a resource: no person's data */
	int own;     /* the recipient's agency wrote the row */
	struct hub_str case_id;
	struct hub_recipient to;
	struct hub_answer answer[HUB_CLASSES][2];
	uint8_t asked[HUB_CLASSES][2];
};

static struct hub_str int_key(const int64_t *v)
{
	return (struct hub_str){(const char *)v, sizeof *v};
}

/* --- whom it is about ------------------------------------------------------------------------------ */

int hub_rowctx_is_about(struct hub_rowctx *x, const struct hub_entity *e,
			const struct hub_source_row *row, int64_t identity, int *yes,
			struct hub_err *err)
{
	const int64_t *ids;
	int64_t one;
	uint32_t n = 0;
	const int rc = hub_subject_ids(x->people, x->db, e, row, &one, &ids, &n, err);

	*yes = 0;
	for (uint32_t i = 0; i < n && !rc; i++)
		*yes |= hub_people_identity(x->people, ids[i]) == identity;
	return rc;
}

static struct hub_str case_text(struct hub_arena *a, int64_t case_id)
{
	return case_id ? hub_arena_printf(a, "%lld", (long long)case_id) : HUB_STR("");
}

/* A row that names no case belongs to the meeting's when it is about its client. */
static int64_t case_of(const struct hub_rowctx *x, const struct hub_entity *e,
		       const struct hub_source_row *row, const struct subject *s)
{
	if (hub_str_is(e->name, "case"))
		return row->id;
	if (row->case_id)
		return row->case_id;
	const struct hub_meeting_facts *m = &x->meeting;
	return m->case_id && s->n == 1 && s->who[0]->identity == m->client ? m->case_id : 0;
}

static int find_subject(struct hub_rowctx *x, struct hub_arena *a, const struct hub_entity *e,
			const struct hub_source_row *row, struct subject *s, struct hub_err *err)
{
	const int64_t *ids;
	int64_t one;
	uint32_t n = 0;
	int rc = hub_subject_ids(x->people, x->db, e, row, &one, &ids, &n, err);

	*s = (struct subject){.nobodys = e->subject == HUB_SUBJECT_NONE,
			      .own = hub_recipient_is(&x->to, row->agency),
			      .to = x->to.gate};
	if (rc)
		return rc;
	const struct hub_person_facts **who = hub_alloc_array(a, (size_t)n + 1, sizeof *who);
	if (!who)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = hub_people_get(x->people, ids[i], &who[i], err);
	s->who = who;
	s->n = n;
	for (uint32_t i = 0; i < n && !rc; i++)
		s->to.barred |= hub_recipient_is_barred(&x->to, x->people, who[i]);
	s->case_id = case_text(a, rc ? 0 : case_of(x, e, row, s));
	return rc || s->case_id.ptr ? rc : hub_fail_mem(err);
}

/* --- asking the gate ---------------------------------------------------------------------------------- */

static struct hub_question question(const struct hub_rowctx *x, const struct subject *s,
				    const struct hub_person_facts *f, enum hub_fclass pclass,
				    int reveals)
{
	return (struct hub_question){.recipient = &s->to,
				     .person = f->id,
				     .category = hub_str_of(hub_fclass_name(pclass)),
				     .purpose = x->spec->profile->purpose,
				     .case_id = s->case_id,
				     .day = x->spec->day,
				     .reveals_address = reveals,
				     .household = f->household,
				     .n_household = f->n_household,
				     .consents = f->consents,
				     .n_consents = f->n_consents,
				     .meeting = hub_meeting_of(&x->meeting),
				     .emergencies = x->emergencies,
				     .n_emergencies = x->n_emergencies,
				     .grounds = x->spec->grounds->row,
				     .n_grounds = x->spec->grounds->n};
}

static struct hub_answer stricter(struct hub_answer a, struct hub_answer b)
{
	struct hub_answer out = b.decision < a.decision ? b : a;

	out.confirm = out.decision == HUB_MASK && (a.confirm || b.confirm);
	return out;
}

/* What is nobody's data needs a recipient that may get anything at all: step 1 of the gate. */
static struct hub_answer ask_nobodys(const struct hub_rowctx *x, const struct subject *s)
{
	const struct hub_household_person it = {HUB_STR("-"), HUB_PROT_CLEAR};
	const struct hub_question q = {.recipient = &s->to,
				       .person = it.id,
				       .category = HUB_STR("operational"),
				       .purpose = x->spec->profile->purpose,
				       .day = x->spec->day,
				       .household = &it,
				       .n_household = 1};
	struct hub_answer a = hub_gate_decide(&q);

	if (a.decision != HUB_WITHHOLD)
		a = (struct hub_answer){.decision = HUB_ALLOW, .reason = HUB_WHY_GROUND};
	return a;
}

/* The strictest answer of everyone the row is about. */
static struct hub_answer ask_all(const struct hub_rowctx *x, const struct subject *s,
				 enum hub_fclass pclass, int reveals)
{
	struct hub_answer a = {.decision = HUB_WITHHOLD, .reason = HUB_WHY_PERSON_UNKNOWN};

	if (s->nobodys)
		return ask_nobodys(x, s);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct hub_question q = question(x, s, s->who[i], pclass, reveals);
		const struct hub_answer one = hub_gate_decide(&q);
		a = i == 0 ? one : stricter(a, one);
	}
	return a;
}

void hub_rowctx_question(const struct hub_rowctx *x, const struct hub_person_facts *f,
			 struct hub_str case_id, struct hub_recipient *to,
			 struct hub_text_question *q, struct hub_answer *whole)
{
	static const struct hub_household_person nobody = {{"-", 1}, HUB_PROT_CLEAR};
	static const struct hub_person_facts none = {
	    .id = {"-", 1}, .household = &nobody, .n_household = 1};
	struct subject s = {.nobodys = f == NULL, .to = x->to.gate, .case_id = case_id};

	if (f)
		s.to.barred |= hub_recipient_is_barred(&x->to, x->people, f);
	*to = s.to;
	*q = (struct hub_text_question){.field = question(x, &s, f ? f : &none, HUB_C_NARRATIVE, 0),
					.reviewed = 1};
	q->field.recipient = to;
	*whole = f ? hub_text_decide(q) : ask_nobodys(x, &s);
}

/* Where nobody confirmed, an unattended job does what its profile says. */
static struct hub_answer settle(const struct hub_rowctx *x, struct hub_answer a)
{
	if (a.confirm && x->spec->reason.len == 0 && x->spec->profile->withhold_unattended)
		a.decision = HUB_WITHHOLD;
	return a;
}

static struct hub_answer ask(const struct hub_rowctx *x, struct subject *s,
			     const struct hub_field *f)
{
	const int reveals = (f->flags & HUB_FF_REVEALS) != 0;
	const struct hub_answer third = {.decision = HUB_MASK, .reason = HUB_WHY_THIRD_PARTY};

	if (!s->asked[f->pclass][reveals]) {
		s->answer[f->pclass][reveals] = settle(x, ask_all(x, s, f->pclass, reveals));
		s->asked[f->pclass][reveals] = 1;
	}
	const struct hub_answer a = s->answer[f->pclass][reveals];
	return f->flags & HUB_FF_THIRD && !s->own ? stricter(a, third) : a;
}

/* --- whom else it shows something of ------------------------------------------------------------------ */

static int add_other(struct hub_rowctx *x, struct hub_arena *a, int64_t identity,
		     struct hub_err *err)
{
	for (uint32_t i = 0; i < x->others; i++)
		if (x->other[i] == identity)
			return HUB_OK;
	if (x->others == x->room) {
		int64_t *more = hub_alloc_array(a, 2 * (size_t)x->room + 8, sizeof *more);
		if (!more)
			return hub_fail_mem(err);
		if (x->others)
			memcpy(more, x->other, x->others * sizeof *more);
		x->other = more;
		x->room = 2 * x->room + 8;
	}
	x->other[x->others++] = identity;
	return HUB_OK;
}

/* People that a text names; somebody who is no person of the store has given no consent to take back. */
static int add_named(struct hub_rowctx *x, struct hub_arena *a, const struct hub_rendered *r,
		     int64_t client, struct hub_err *err)
{
	int64_t identity;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->n_named && !rc; i++)
		if (!hub_parse_i64(r->named[i], 1, INT64_MAX, &identity) && identity != client)
			rc = add_other(x, a, identity, err);
	return rc;
}

/* --- texts ----------------------------------------------------------------------------------------------- */

static int find_client(struct hub_rowctx *x, const struct hub_person_facts *f, struct client **out,
		       struct hub_err *err)
{
	uint64_t v;

	if (hub_map_get(x->rosters, int_key(&f->identity), &v)) {
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
	c->cast = hub_roster_cast(x->cases, &c->roster, f, hub_recipient_key(&x->to),
				  hub_schema_codes(x->schema, HUB_STR("relation")));
	if (!c->cast || hub_map_put(x->rosters, int_key(&f->identity), (uint64_t)(uintptr_t)c))
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

/* Stores what a new scan found. */
static int store_spans(struct hub_rowctx *x, const struct hub_entity *e,
		       const struct hub_source_row *row, struct hub_err *err)
{
	char sql[256];
	uint32_t k = 0;
	int rc = HUB_OK;

	for (uint32_t i = 0; i < e->count && !rc; i++) {
		if (e->fields[i].type != HUB_F_NARRATIVE)
			continue;
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
static int rescan(struct hub_rowctx *x, struct hub_arena *a, const struct hub_entity *e,
		  const struct hub_roster *roster, struct hub_source_row *row, struct hub_err *err)
{
	struct hub_doc *docs = hub_alloc_array(a, e->narratives, sizeof *docs);
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
	int rc = hub_detect_run(x->detect, a, docs, e->narratives, &spans, &count, err);
	for (uint32_t k = 0; k < e->narratives && !rc; k++)
		if (row->text[k].ptr)
			rc = take_spans(a, &docs[k], k, spans, count, &row->spans[k], err);
	if (rc)
		return rc;
	row->scan = hub_arena_str(a, hub_str_of(roster->stamp));
	x->counts->rescanned++;
	return store_spans(x, e, row, err);
}

/* Spans as people corrected them; *seen: somebody has looked at this text as it is. */
static int correct(struct hub_rowctx *x, struct hub_arena *a, const struct hub_field *f,
		   const struct hub_source_row *row, uint32_t k, struct hub_str *spans, int *seen,
		   struct hub_err *err)
{
	const struct hub_spot at = {f->entity, f, row->id};
	struct hub_correction *c;
	uint32_t n;
	int rc;

	*spans = row->spans[k];
	*seen = 0;
	if (!x->corrected)
		return HUB_OK;
	if ((rc = hub_corrections_read(a, x->db, &at, row->text[k], &c, &n, err)))
		return rc;
	*seen = hub_corrections_seen(c, n);
	return hub_corrections_apply(a, c, n, row->spans[k], spans, err);
}

/* Of a text with one subject, whose client is c; reviewed is left to the caller. */
static struct hub_text_question text_question(const struct hub_rowctx *x, const struct subject *s,
					      const struct hub_field *f,
					      const struct hub_source_row *row,
					      const struct client *c)
{
	struct hub_text_question q = {
	    .field = question(x, s, s->who[0], f->pclass, (f->flags & HUB_FF_REVEALS) != 0),
	    .people = c->roster.known,
	    .n_people = c->roster.n_known,
	    .own = s->own,
	    .stale = !hub_str_is(row->scan, c->roster.stamp)};

	q.field.consents = c->roster.consents;
	q.field.n_consents = c->roster.n_consents;
	return q;
}

/* Does not one character of it leave? */
static int is_closed(const struct hub_rowctx *x, const struct hub_view_field *vf,
		     struct hub_answer whole)
{
	return settle(x, whole).decision == HUB_WITHHOLD ||
	       hub_view_of(&x->view, vf->show, whole.decision) == HUB_SHOW_WITHHELD;
}

static int render_text(struct hub_rowctx *x, struct hub_arena *a, const struct subject *s,
		       const struct hub_view_field *vf, const struct hub_source_row *row,
		       uint32_t k, struct client *c, struct hub_out_cell *cell, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct hub_text_question q = text_question(x, s, vf->field, row, c);
	struct hub_rendered r = {0};
	struct hub_str spans;

	hub_buf_init(&out, TEXT_LIMIT);
	int rc = correct(x, a, vf->field, row, k, &spans, &q.reviewed, err);
	if (!rc)
		rc = hub_text_render(a, row->text[k], spans, vf, &q, &x->view, c->cast, &out, &r,
				     err);
	if (rc && rc != HUB_INTEGRITY)
		return rc;
	x->counts->confirm += (uint64_t)r.confirm;
	cell->answer = settle(x, r.whole);
	if (rc || is_closed(x, vf, r.whole))
		return HUB_OK;
	if (x->number) /* whoever finds the text later finds when it left, and to whom */
		hub_buf_printf(&out, "〔提供%lld〕", (long long)x->number);
	cell->text = hub_buf_keep(&out, a);
	cell->cell = HUB_VALUE;
	cell->shown = r.masked + r.withheld ? HUB_MASKED : HUB_AS_IS;
	cell->labels = r.labels;
	cell->n_labels = r.n_labels;
	return cell->text.ptr ? add_named(x, a, &r, s->who[0]->identity, err) : hub_fail_mem(err);
}

/* --- cells ------------------------------------------------------------------------------------------------- */

static enum hub_shown shown_as(enum hub_show show)
{
	static const enum hub_shown as[] = {[HUB_SHOW_WITHHELD] = HUB_WITHHELD,
					    [HUB_SHOW_MASKED] = HUB_MASKED,
					    [HUB_SHOW_PSEUDONYM] = HUB_PSEUDONYM,
					    [HUB_SHOW_GENERALISED] = HUB_GENERALISED,
					    [HUB_SHOW_AS_IS] = HUB_AS_IS};

	return as[show];
}

/* A reference is never shown as the number the store knows it by. */
static int show_ref(struct hub_rowctx *x, struct hub_arena *a, const struct hub_field *f,
		    struct hub_str value, struct hub_out_cell *cell, struct hub_err *err)
{
	int64_t id;

	if (hub_parse_i64(value, INT64_MIN, INT64_MAX, &id))
		return HUB_OK;
	cell->text = hub_rowctx_key(x, a, f->to, id);
	cell->cell = HUB_VALUE;
	cell->shown = HUB_PSEUDONYM;
	return cell->text.ptr ? HUB_OK : hub_fail_mem(err);
}

static int is_date(const struct hub_field *f)
{
	return f->type == HUB_F_DATE || f->type == HUB_F_DATETIME || f->type == HUB_F_MONTH;
}

/* What stands for a masked name is what its bearer is to somebody: that word itself is not masked again
 * where names are shown by their role. */
static int is_mask_word(const struct hub_rowctx *x, const struct hub_field *f)
{
	return f->codes && hub_str_is(f->codes->name, "relation") &&
	       x->view.masked == HUB_SHOW_PSEUDONYM;
}

static int show_value(struct hub_rowctx *x, struct hub_arena *a, struct subject *s,
		      const struct hub_view_field *vf, struct hub_str value,
		      struct hub_out_cell *cell, struct hub_err *err)
{
	const struct hub_answer answer = ask(x, s, vf->field);
	const enum hub_show show = hub_show_value(vf->show, answer.decision);

	*cell = (struct hub_out_cell){
	    .cell = HUB_NULL, .shown = shown_as(show), .text = {"", 0}, .answer = answer};
	x->counts->confirm += (uint64_t)answer.confirm;
	if (show == HUB_SHOW_WITHHELD)
		return HUB_OK;
	if (!value.ptr) {
		cell->shown = HUB_AS_IS; /* there was nothing to hide */
		return HUB_OK;
	}
	/* the row of an agency or a resource is open to everyone: its key would tell which one is meant */
	const int names_it = vf->field->type == HUB_F_REF &&
			     vf->field->to->subject == HUB_SUBJECT_NONE && show != HUB_SHOW_AS_IS;
	if (vf->field->type == HUB_F_REF && !names_it)
		return show_ref(x, a, vf->field, value, cell, err);
	if (show != HUB_SHOW_AS_IS && is_mask_word(x, vf->field)) {
		cell->cell = HUB_VALUE;
		cell->shown = HUB_PSEUDONYM;
		cell->text = value;
		return HUB_OK;
	}
	cell->text = hub_value_show(a, value, vf->field, show, x->spec->day,
				    hub_recipient_key(&x->to), &cell->shown);
	cell->cell = HUB_VALUE;
	if (cell->shown == HUB_AS_IS && is_date(vf->field) &&
	    x->spec->profile->dates == HUB_DATES_WAREKI)
		cell->text = hub_wareki(a, cell->text);
	if (cell->shown == HUB_AS_IS && x->spec->labels && vf->field->codes &&
	    hub_code_labels(a, vf->field, cell->text, &cell->text))
		return hub_fail_mem(err);
	return cell->text.ptr ? HUB_OK : hub_fail_mem(err);
}

static void count_cell(struct hub_release_counts *c, const struct hub_out_cell *cell)
{
	if (cell->shown == HUB_WITHHELD)
		c->withheld++;
	else if (cell->cell == HUB_VALUE && cell->shown == HUB_AS_IS)
		c->as_is++;
	else if (cell->cell == HUB_VALUE)
		c->masked++;
}

/* Which of the entity's texts a narrative field is. */
static uint32_t text_index(const struct hub_field *f)
{
	uint32_t k = 0;

	for (uint32_t i = 0; i < f->index; i++)
		k += f->entity->fields[i].type == HUB_F_NARRATIVE ? 1u : 0u;
	return k;
}

/* *cell stays withheld unless the text may leave. */
static int show_persons_text(struct hub_rowctx *x, struct hub_arena *a, struct subject *s,
			     const struct hub_view_field *vf, struct hub_source_row *row,
			     uint32_t k, struct hub_out_cell *cell, struct hub_err *err)
{
	struct client *c = NULL;
	int rc;

	/* of several people nobody knows whose case it belongs to */
	if (s->n != 1 || !x->detect)
		return HUB_OK;
	if ((rc = find_client(x, s->who[0], &c, err)))
		return rc;
	if (!hub_str_is(row->scan, c->roster.stamp) &&
	    (rc = rescan(x, a, vf->field->entity, &c->roster, row, err)))
		return rc;
	return render_text(x, a, s, vf, row, k, c, cell, err);
}

static int show_text(struct hub_rowctx *x, struct hub_arena *a, struct subject *s,
		     const struct hub_view_field *vf, struct hub_source_row *row,
		     struct hub_out_cell *cell, struct hub_err *err)
{
	const uint32_t k = text_index(vf->field);

	*cell = (struct hub_out_cell){.cell = HUB_NULL, .shown = HUB_AS_IS, .text = {"", 0}};
	if (!row->text[k].ptr)
		return HUB_OK;
	if (s->nobodys) /* a remark about a resource: no case to know its people from */
		return show_value(x, a, s, vf, row->text[k], cell, err);
	*cell = (struct hub_out_cell){
	    .cell = HUB_NULL,
	    .shown = HUB_WITHHELD,
	    .text = {"", 0},
	    .answer = {.reason = s->n == 1 ? HUB_WHY_STALE : HUB_WHY_PERSON_UNKNOWN}};
	const int rc = show_persons_text(x, a, s, vf, row, k, cell, err);
	x->counts->texts++;
	x->counts->texts_withheld += (uint64_t)(cell->shown == HUB_WITHHELD);
	return rc;
}

int hub_rowctx_decide(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		      struct hub_source_row *row, struct hub_out_cell *cells, int *any,
		      int64_t *person, struct hub_err *err)
{
	struct subject s;
	int rc = find_subject(x, a, e->entity, row, &s, err);

	int open = 0, let = 0; /* some cell: as it is; allowed by the gate */

	x->others = x->room = 0;
	*any = 0;
	*person = !rc && s.n == 1 ? s.who[0]->identity : 0;
	for (uint32_t i = 0; i < e->n && !rc; i++) {
		const struct hub_view_field *vf = &e->fields[i];
		rc = vf->field->type == HUB_F_NARRATIVE
			 ? show_text(x, a, &s, vf, row, &cells[i], err)
			 : show_value(x, a, &s, vf, row->value[i], &cells[i], err);
		count_cell(x->counts, &cells[i]);
		*any |= cells[i].cell == HUB_VALUE;
		if (cells[i].cell == HUB_VALUE) {
			open |= cells[i].shown == HUB_AS_IS;
			let |= cells[i].answer.decision == HUB_ALLOW;
		}
	}
	/* of one person the receipt itself says so, but not that a text with some names masked is open */
	for (uint32_t i = 0; i < s.n && !rc && (s.n > 1 ? open || let : !open && let); i++)
		rc = add_other(x, a, s.who[i]->identity, err);
	return rc;
}

int hub_rowctx_whole(struct hub_rowctx *x, const struct hub_entity *e,
		     const struct hub_source_row *row, struct hub_answer *answer, int64_t *person,
		     struct hub_err *err)
{
	const struct hub_entity *of_case = hub_schema_entity(x->schema, HUB_STR("case"));
	const struct hub_source_row client = {.id = row->case_id, .case_id = row->case_id};
	struct subject s;
	int rc = find_subject(x, x->arena, e, row, &s, err);

	if (rc)
		return rc;
	x->others = x->room = 0;
	*person = s.n == 1 ? s.who[0]->identity : 0;
	*answer = ask_all(x, &s, HUB_C_NARRATIVE, 1);
	if (!row->case_id || !of_case)
		return HUB_OK;
	if ((rc = find_subject(x, x->arena, of_case, &client, &s, err)))
		return rc;
	*answer = stricter(*answer, ask_all(x, &s, HUB_C_NARRATIVE, 1));
	return s.n == 1 && s.who[0]->identity != *person
		   ? add_other(x, x->arena, s.who[0]->identity, err)
		   : HUB_OK;
}

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

/* --- what of a row may be seen, without showing it --------------------------------------------------- */

/* The text of field i: spans as they are now, and whether the viewer gets to read it. */
static int see_text(struct hub_rowctx *x, struct hub_arena *a, struct subject *s,
		    const struct hub_view_field *vf, struct hub_source_row *row, uint32_t i,
		    struct hub_row_sight *out, struct hub_err *err)
{
	const uint32_t k = text_index(vf->field);
	struct client *c;
	int rc;

	if (!row->text[k].ptr)
		return HUB_OK;
	if (s->nobodys) {
		out->spans[i] = HUB_STR("[]");
		out->open[i] =
		    hub_show_value(vf->show, ask(x, s, vf->field).decision) == HUB_SHOW_AS_IS;
		return HUB_OK;
	}
	if (s->n != 1 || !x->detect)
		return HUB_OK;
	if ((rc = find_client(x, s->who[0], &c, err)))
		return rc;
	if (!hub_str_is(row->scan, c->roster.stamp) &&
	    (rc = rescan(x, a, vf->field->entity, &c->roster, row, err)))
		return rc;
	struct hub_text_question q = text_question(x, s, vf->field, row, c);
	if ((rc = correct(x, a, vf->field, row, k, &out->spans[i], &q.reviewed, err)))
		return rc == HUB_INTEGRITY ? HUB_OK : rc;
	out->open[i] = !is_closed(x, vf, hub_text_decide(&q));
	return HUB_OK;
}

int hub_rowctx_see(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		   struct hub_source_row *row, struct hub_row_sight *out, struct hub_err *err)
{
	struct subject s;
	int rc = find_subject(x, a, e->entity, row, &s, err);

	*out = (struct hub_row_sight){.person = !rc && s.n == 1 ? s.who[0]->identity : 0,
				      .open = hub_alloc_array(a, e->n + 1, sizeof *out->open),
				      .spans = hub_alloc_array(a, e->n + 1, sizeof *out->spans)};
	if (!rc && (!out->open || !out->spans))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < e->n && !rc; i++) {
		const struct hub_view_field *vf = &e->fields[i];
		if (vf->field->type == HUB_F_NARRATIVE)
			rc = see_text(x, a, &s, vf, row, i, out, err);
		else
			out->open[i] = hub_show_value(vf->show, ask(x, &s, vf->field).decision) ==
				       HUB_SHOW_AS_IS;
	}
	return rc;
}

int hub_rowctx_forget(struct hub_rowctx *x, struct hub_err *err)
{
	/* rosters point into the facts: both go together */
	if (hub_map_count(x->rosters) <= MOST_CASES && hub_people_count(x->people) <= MOST_PEOPLE)
		return HUB_OK;
	const int rc = hub_people_forget(x->people, err);
	return rc ? rc : hub_rowctx_forget_cases(x, 0, err);
}
