#include "release/rowctx_in.h"

#include "release/refuge.h"
#include "release/sealed_name.h"
#include "release/value.h"
#include "store/db.h"

enum { MOST_PEOPLE = 20000, MOST_CASES = 4000 };

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

/* What has an address of its own (an agency, a resource) is not hidden because somebody stays there. */
static int is_place(const struct hub_entity *e)
{
	for (uint32_t i = 0; i < e->count; i++)
		if (e->fields[i].type == HUB_F_ADDRESS)
			return 1;
	return 0;
}

/* Is a value where somebody lives who is under display restriction, whoever the row is about? People write it into
 * whatever has room: whom they spoke with, a note behind another number, a number they know somebody by. */
static int is_hidden(const struct hub_rowctx *x, const struct hub_row_subject *s,
		     const struct hub_field *f, struct hub_str value)
{
	if (!value.len || (s->nobodys && is_place(f->entity)))
		return 0;
	switch (f->type) {
	case HUB_F_ADDRESS:
		return hub_refuge_address(s->a, x->refuges, value);
	case HUB_F_PHONE:
		return hub_refuge_phone(s->a, x->refuges, value);
	case HUB_F_TEXT:
	case HUB_F_NAME:
	case HUB_F_KANA:
	case HUB_F_ID:
	case HUB_F_JSON:
		return hub_refuge_stands(s->a, x->refuges, value);
	default: /* nothing anybody writes freely */
		return 0;
	}
}

/* What of a value is shown, in words and in the calendar of the recipient; not where somebody lives under display
 * restriction. What is ●● anyway stays ●●: nothing at all would tell that the address is one of these. */
static int finish_value(struct hub_rowctx *x, struct hub_row_subject *s,
			const struct hub_view_field *vf, struct hub_str value,
			struct hub_out_cell *cell, struct hub_err *err)
{
	const struct hub_answer hides = {.decision = HUB_WITHHOLD, .reason = HUB_WHY_ADDRESS};
	const int hidden = is_hidden(x, s, vf->field, value);
	int other = 0;

	if (hidden < 0)
		return hub_fail_mem(err);
	const int rc = value.len ? hub_row_hides_other(x, s, vf->field, &other, err) : HUB_OK;
	if (rc)
		return rc;
	if (hidden || other) {
		*cell = (struct hub_out_cell){
		    .cell = HUB_NULL, .shown = HUB_WITHHELD, .text = {"", 0}, .answer = hides};
		return HUB_OK;
	}
	if (cell->shown == HUB_AS_IS && is_date(vf->field) &&
	    x->spec->profile->dates == HUB_DATES_WAREKI)
		cell->text = hub_wareki(s->a, cell->text);
	if (cell->shown == HUB_AS_IS && x->spec->labels && vf->field->codes &&
	    hub_code_labels(s->a, vf->field, cell->text, &cell->text))
		return hub_fail_mem(err);
	return cell->text.ptr ? HUB_OK : hub_fail_mem(err);
}

static int show_value(struct hub_rowctx *x, struct hub_row_subject *s,
		      const struct hub_view_field *vf, struct hub_str value,
		      struct hub_out_cell *cell, struct hub_err *err)
{
	const struct hub_answer answer = hub_row_ask(x, s, vf->field);
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
		return show_ref(x, s->a, vf->field, value, cell, err);
	if (show != HUB_SHOW_AS_IS && is_mask_word(x, vf->field)) {
		cell->cell = HUB_VALUE;
		cell->shown = HUB_PSEUDONYM;
		cell->text = value;
		return HUB_OK;
	}
	cell->text = hub_value_show(s->a, value, vf->field, show, x->spec->day,
				    hub_recipient_key(&x->to), &cell->shown);
	cell->cell = HUB_VALUE;
	if (cell->shown == HUB_MASKED)
		return cell->text.ptr ? HUB_OK : hub_fail_mem(err);
	const int rc = finish_value(x, s, vf, value, cell, err);
	return !rc && cell->shown == HUB_AS_IS && value.len && !s->nobodys &&
		       hub_row_value_may_name(vf->field, value)
		   ? hub_row_value_show(x, s, vf, value, cell, err)
		   : rc;
}

/* A field as it is seen in this row. */
struct seen {
	struct hub_field field;
	struct hub_view_field view;
};

/* Systems that number people and not cases have their clients' numbers for both: such a number of a case is seen as that
 * of its client is, for it tells who that is. */
static int see_field(struct hub_rowctx *x, struct hub_row_subject *s, struct hub_str value,
		     struct seen *room, const struct hub_view_field **vf, struct hub_err *err)
{
	int theirs = 0;

	if ((*vf)->field->type != HUB_F_ID || (*vf)->field->pclass != HUB_C_OPERATIONAL ||
	    !value.len)
		return HUB_OK;
	const int rc = hub_row_holds_number(x, s, value, &theirs, err);
	if (rc || !theirs)
		return rc;
	room->field = *(*vf)->field;
	room->field.pclass = HUB_C_IDENTIFIER;
	room->view = **vf;
	room->view.field = &room->field;
	room->view.show = hub_show_stricter(room->view.show, x->view.by_class[HUB_C_IDENTIFIER]);
	*vf = &room->view;
	return HUB_OK;
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

static int show_text(struct hub_rowctx *x, struct hub_row_subject *s,
		     const struct hub_view_field *vf, struct hub_out_cell *cell,
		     struct hub_err *err)
{
	const struct hub_str text = s->source->text[hub_row_text_index(vf->field)];

	*cell = (struct hub_out_cell){.cell = HUB_NULL, .shown = HUB_AS_IS, .text = {"", 0}};
	if (!text.ptr)
		return HUB_OK;
	if (s->nobodys) /* a remark about a resource: no case to know its people from */
		return show_value(x, s, vf, text, cell, err);
	*cell = (struct hub_out_cell){
	    .cell = HUB_NULL,
	    .shown = HUB_WITHHELD,
	    .text = {"", 0},
	    .answer = {.reason = s->n == 1 ? HUB_WHY_STALE : HUB_WHY_PERSON_UNKNOWN}};
	const int rc = hub_row_text_show(x, s, vf, cell, err);
	x->counts->texts++;
	x->counts->texts_withheld += (uint64_t)(cell->shown == HUB_WITHHELD);
	x->counts->unreviewed += (uint64_t)(cell->answer.reason == HUB_WHY_UNREVIEWED);
	return rc;
}

/* Does a cell tell more than that there is something? A text does also with some names in it masked. */
static int shows(const struct hub_out_cell *cell, const struct hub_field *f)
{
	if (cell->cell != HUB_VALUE)
		return 0;
	return cell->shown == HUB_AS_IS ||
	       (cell->answer.decision == HUB_ALLOW &&
		(f->type == HUB_F_NARRATIVE || cell->n_labels || cell->shown == HUB_GENERALISED));
}

/* Names of attached files are sealed in the store. NULL: an entity without such. */
static struct hub_str *sealed_name(const struct hub_entity *e, struct hub_source_row *row,
				   const struct hub_field **f)
{
	if (!hub_str_is(e->name, "attachment") || !(*f = hub_schema_field(e, HUB_STR("file_name"))))
		return NULL;
	return (*f)->type == HUB_F_NARRATIVE ? &row->text[hub_row_text_index(*f)] : NULL;
}

/* Before a text is scanned or shown. */
static int open_name(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		     struct hub_source_row *row, struct hub_err *err)
{
	const struct hub_field *f = NULL;
	struct hub_str *name = sealed_name(e->entity, row, &f);

	if (!name || !name->ptr)
		return HUB_OK;
	const struct hub_case_lock lock = {a, x->db, x->spec->keys, row->case_id};
	return hub_name_open(&lock, row->id, *name, name, err);
}

/* The name of a file says what is in it: it is shown where its field may be, and then without the names that a
 * text would not show. */
static int show_name(struct hub_rowctx *x, struct hub_row_subject *s,
		     const struct hub_view_field *vf, struct hub_out_cell *cell,
		     struct hub_err *err)
{
	const struct hub_str name = s->source->text[hub_row_text_index(vf->field)];
	const int rc = show_value(x, s, vf, name, cell, err);

	return rc || cell->shown != HUB_AS_IS ? rc : show_text(x, s, vf, cell, err);
}

int hub_rowctx_decide(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		      struct hub_source_row *row, struct hub_out_cell *cells, struct hub_err *err)
{
	const struct hub_field *f = NULL;
	struct hub_row_subject s;
	int rc = hub_row_subject(x, a, e->entity, row, &s, err);

	s.source = row;
	x->classes = 0;
	x->room = x->others = 0;
	x->any = 0;
	x->person = !rc && s.n == 1 ? s.who[0]->identity : 0;
	if (!rc)
		rc = open_name(x, a, e, row, err);
	for (uint32_t i = 0; i < e->n && !rc; i++) {
		const struct hub_view_field *vf = &e->fields[i];
		struct seen seen;
		if ((rc = see_field(x, &s, row->value[i], &seen, &vf, err)))
			break;
		rc = vf->field->type != HUB_F_NARRATIVE
			 ? show_value(x, &s, vf, row->value[i], &cells[i], err)
		     : sealed_name(e->entity, row, &f) && vf->field == f
			 ? show_name(x, &s, vf, &cells[i], err)
			 : show_text(x, &s, vf, &cells[i], err);
		count_cell(x->counts, &cells[i]);
		x->any |= cells[i].cell == HUB_VALUE;
		x->classes |= shows(&cells[i], vf->field) ? 1u << vf->field->pclass : 0;
	}
	/* of one person the receipt itself says so */
	for (uint32_t i = 0; i < s.n && s.n > 1 && x->classes && !rc; i++)
		rc = hub_row_add_other(x, a, s.who[i]->identity, x->classes, err);
	return rc;
}

int hub_rowctx_whole(struct hub_rowctx *x, const struct hub_entity *e,
		     const struct hub_source_row *row, struct hub_answer *answer,
		     struct hub_err *err)
{
	const struct hub_entity *of_case = hub_schema_entity(x->schema, HUB_STR("case"));
	const struct hub_source_row client = {.id = row->case_id, .case_id = row->case_id};
	struct hub_row_subject s;
	int rc = hub_row_subject(x, x->arena, e, row, &s, err);

	if (rc)
		return rc;
	x->room = x->others = 0;
	x->classes = 1u << HUB_C_NARRATIVE;
	x->person = s.n == 1 ? s.who[0]->identity : 0;
	*answer = hub_row_ask_all(x, &s, HUB_C_NARRATIVE, 1);
	if (!row->case_id || !of_case)
		return HUB_OK;
	if ((rc = hub_row_subject(x, x->arena, of_case, &client, &s, err)))
		return rc;
	*answer = hub_gate_stricter(*answer, hub_row_ask_all(x, &s, HUB_C_NARRATIVE, 1));
	return s.n == 1 && s.who[0]->identity != x->person
		   ? hub_row_add_other(x, x->arena, s.who[0]->identity, x->classes, err)
		   : HUB_OK;
}

/* --- what of a row may be seen, without showing it --------------------------------------------------- */

static uint8_t is_open(const struct hub_rowctx *x, struct hub_row_subject *s,
		       const struct hub_view_field *vf)
{
	const struct hub_answer a = hub_row_ask(x, s, vf->field);

	return hub_show_value(vf->show, a.decision) == HUB_SHOW_AS_IS;
}

/* The text of field i: spans as they are now, and whether the viewer gets to read it. */
static int see_text(struct hub_rowctx *x, struct hub_row_subject *s,
		    const struct hub_view_field *vf, uint32_t i, struct hub_row_sight *out,
		    struct hub_err *err)
{
	if (!s->source->text[hub_row_text_index(vf->field)].ptr)
		return HUB_OK;
	if (s->nobodys) {
		out->spans[i] = HUB_STR("[]");
		out->open[i] = is_open(x, s, vf);
		return HUB_OK;
	}
	return hub_row_text_see(x, s, vf, &out->spans[i], &out->open[i], err);
}

int hub_rowctx_see(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		   struct hub_source_row *row, struct hub_row_sight *out, struct hub_err *err)
{
	const struct hub_field *f = NULL;
	struct hub_str *name = sealed_name(e->entity, row, &f), sealed = {NULL, 0};
	struct hub_row_subject s;
	int rc = hub_row_subject(x, a, e->entity, row, &s, err);

	*out = (struct hub_row_sight){.person = !rc && s.n == 1 ? s.who[0]->identity : 0,
				      .open = hub_alloc_array(a, e->n + 1, sizeof *out->open),
				      .spans = hub_alloc_array(a, e->n + 1, sizeof *out->spans)};
	s.source = row;
	if (!rc && (!out->open || !out->spans))
		return hub_fail_mem(err);
	if (name)
		sealed = *name;
	if (!rc)
		rc = open_name(x, a, e, row, err);
	for (uint32_t i = 0; i < e->n && !rc; i++) {
		const struct hub_view_field *vf = &e->fields[i];
		struct seen seen;
		if ((rc = see_field(x, &s, row->value[i], &seen, &vf, err)))
			break;
		if (vf->field->type == HUB_F_NARRATIVE)
			rc = see_text(x, &s, vf, i, out, err);
		else
			out->open[i] = is_open(x, &s, vf);
		if (vf->field ==
		    f) /* what may be seen gets into the index, where a name would be readable */
			out->open[i] = 0;
	}
	if (name)
		*name = sealed;
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
