#include "release/rowctx_in.h"

#include "release/subject.h"
#include "store/db.h"
#include "text/number.h"

#include <stdio.h>

/* --- whom it is about ------------------------------------------------------------------------------ */

int hub_rowctx_is_about(struct hub_rowctx *x, const struct hub_entity *e,
			const struct hub_source_row *row, int64_t identity, int *yes,
			struct hub_err *err)
{
	struct hub_subjects who;
	const int rc = hub_subjects_read(x->people, x->db, e, row, &who, err);

	*yes = 0;
	for (uint32_t i = 0; i < who.n && !rc; i++)
		*yes |= hub_people_identity(x->people, who.id[i]) == identity;
	return rc;
}

static struct hub_str case_text(struct hub_arena *a, int64_t case_id)
{
	return case_id ? hub_arena_printf(a, "%lld", (long long)case_id) : HUB_STR("");
}

/* A row that names no case belongs to the meeting's when it is about its client. */
static int64_t case_of(const struct hub_rowctx *x, const struct hub_entity *e,
		       const struct hub_source_row *row, const struct hub_row_subject *s)
{
	if (hub_str_is(e->name, "case"))
		return row->id;
	if (row->case_id)
		return row->case_id;
	const struct hub_meeting_facts *m = &x->meeting;
	return m->case_id && s->n == 1 && s->who[0]->identity == m->client ? m->case_id : 0;
}

/* --- whom else it names ------------------------------------------------------------------------------ */

static int is_their_contact(const struct hub_field *f)
{
	return f->flags & HUB_FF_THIRD && (f->type == HUB_F_ADDRESS || f->type == HUB_F_PHONE);
}

/* Somebody else's columns of a row: id of the person, name, reading, telephone, address. 0: the entity says of nobody
 * else where they can be reached. */
static int columns_of_other(const struct hub_entity *e, char *sql, size_t size)
{
	static const enum hub_ftype types[] = {HUB_F_REF, HUB_F_NAME, HUB_F_KANA, HUB_F_PHONE,
					       HUB_F_ADDRESS};
	size_t len = (size_t)snprintf(sql, size, "SELECT ");
	int contacts = 0;

	for (size_t t = 0; t < HUB_COUNT(types); t++) {
		const char *column = "NULL";
		for (uint32_t i = 0; i < e->count; i++)
			if (e->fields[i].flags & HUB_FF_THIRD && e->fields[i].type == types[t]) {
				column = e->fields[i].column.ptr;
				contacts |= is_their_contact(&e->fields[i]);
			}
		len += (size_t)snprintf(sql + len, len < size ? size - len : 0, "%s%s",
					t ? ", " : "", column);
	}
	len += (size_t)snprintf(sql + len, len < size ? size - len : 0, " FROM cc_%s WHERE id = ?",
				e->name.ptr);
	return contacts && len < size;
}

int hub_person_hides(const struct hub_person_facts *f)
{
	for (uint32_t i = 0; i < f->n_household; i++)
		if (f->household[i].protection == HUB_PROT_PROTECTED ||
		    f->household[i].protection == HUB_PROT_SUSPECTED)
			return 1;
	return 0;
}

static int ask_other(struct hub_rowctx *x, struct hub_arena *a, const struct hub_entity *e,
		     int64_t id, int *yes, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_person_facts *f;
	char sql[512];
	int rc;

	if (!columns_of_other(e, sql, sizeof sql))
		return HUB_OK;
	if ((rc = hub_db_query(x->db, &q, err, sql, "i", id)) || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	const int64_t person = hub_db_int(q, 0);
	if (person) {
		rc = hub_people_get(x->people, person, &f, err);
		*yes = !rc && hub_person_hides(f);
		return rc;
	}
	const struct hub_mention who = {hub_db_str(q, 1), hub_db_str(q, 2), hub_db_str(q, 3),
					hub_db_str(q, 4)};
	return hub_people_may_hide(x->people, a, &who, yes, err);
}

int hub_row_hides_other(struct hub_rowctx *x, struct hub_row_subject *s, const struct hub_field *f,
			int *yes, struct hub_err *err)
{
	*yes = 0;
	if (!is_their_contact(f))
		return HUB_OK;
	const int rc =
	    s->asked_other ? HUB_OK : ask_other(x, s->a, f->entity, s->row, &s->hides_other, err);
	s->asked_other = !rc;
	*yes = s->hides_other;
	return rc;
}

/* --- numbers that are theirs ---------------------------------------------------------------------------- */

/* The numbers that a person is known by. */
static uint32_t select_numbers(const struct hub_entity *person, char *sql, size_t size)
{
	size_t len = (size_t)snprintf(sql, size, "SELECT ");
	uint32_t n = 0;

	for (uint32_t i = 0; i < person->count; i++) {
		const struct hub_field *f = &person->fields[i];
		if (f->type == HUB_F_ID && f->pclass == HUB_C_IDENTIFIER &&
		    !(f->flags & HUB_FF_LOCAL))
			len += (size_t)snprintf(sql + len, len < size ? size - len : 0, "%s%s",
						n++ ? ", " : "", f->column.ptr);
	}
	len += (size_t)snprintf(sql + len, len < size ? size - len : 0,
				" FROM cc_person WHERE id = ?");
	return len < size ? n : 0;
}

int hub_row_holds_number(struct hub_rowctx *x, const struct hub_row_subject *s,
			 struct hub_str value, int *yes, struct hub_err *err)
{
	const struct hub_entity *person = hub_schema_entity(x->schema, HUB_STR("person"));
	char sql[1024];
	const uint32_t numbers = person ? select_numbers(person, sql, sizeof sql) : 0;

	for (uint32_t w = 0; w < s->n && numbers; w++)
		for (uint32_t r = 0; r < s->who[w]->n_rows; r++) {
			HUB_AUTO(query) struct hub_query *q = NULL;
			int rc = hub_db_query(x->db, &q, err, sql, "i", s->who[w]->rows[r]);
			if (rc || ((rc = hub_db_next(q, err)) && rc != HUB_END))
				return rc;
			for (uint32_t i = 0; rc == HUB_OK && i < numbers; i++)
				*yes |= hub_number_within(value, hub_db_str(q, i));
		}
	return HUB_OK;
}

/* --- the row ---------------------------------------------------------------------------------------------- */

int hub_row_subject(struct hub_rowctx *x, struct hub_arena *a, const struct hub_entity *e,
		    const struct hub_source_row *row, struct hub_row_subject *s,
		    struct hub_err *err)
{
	struct hub_subjects of;
	int rc = hub_subjects_read(x->people, x->db, e, row, &of, err);

	*s = (struct hub_row_subject){.a = a,
				      .row = row->id,
				      .nobodys = e->subject == HUB_SUBJECT_NONE,
				      .own = hub_recipient_is(&x->to, row->agency),
				      .to = x->to.gate};
	if (rc)
		return rc;
	if (s->nobodys && !hub_recipient_is(&x->to, row->id)) {
		int shut = 0;
		rc = hub_row_known_by_shut(x, e, row->id, &shut, err);
		s->to.barred |= shut;
	}
	const struct hub_person_facts **who = hub_alloc_array(a, (size_t)of.n + 1, sizeof *who);
	if (!who)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < of.n && !rc; i++)
		rc = hub_people_get(x->people, of.id[i], &who[i], err);
	s->who = who;
	s->n = of.n;
	for (uint32_t i = 0; i < s->n && !rc; i++)
		s->to.barred |= hub_recipient_is_barred(&x->to, x->people, who[i]);
	s->case_id = case_text(a, rc ? 0 : case_of(x, e, row, s));
	return rc || s->case_id.ptr ? rc : hub_fail_mem(err);
}

/* --- asking the gate ---------------------------------------------------------------------------------- */

struct hub_question hub_row_question(const struct hub_rowctx *x, const struct hub_row_subject *s,
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

/* What is nobody's data needs a recipient that may get anything at all: step 1 of the gate. */
static struct hub_answer ask_nobodys(const struct hub_rowctx *x, const struct hub_row_subject *s)
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

struct hub_answer hub_row_ask_all(const struct hub_rowctx *x, const struct hub_row_subject *s,
				  enum hub_fclass pclass, int reveals)
{
	struct hub_answer a = {.decision = HUB_WITHHOLD, .reason = HUB_WHY_PERSON_UNKNOWN};

	if (s->nobodys)
		return ask_nobodys(x, s);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct hub_question q = hub_row_question(x, s, s->who[i], pclass, reveals);
		const struct hub_answer one = hub_gate_decide(&q);
		a = i == 0 ? one : hub_gate_stricter(a, one);
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
	struct hub_row_subject s = {.nobodys = f == NULL, .to = x->to.gate, .case_id = case_id};

	if (f)
		s.to.barred |= hub_recipient_is_barred(&x->to, x->people, f);
	*to = s.to;
	*q = (struct hub_text_question){
	    .field = hub_row_question(x, &s, f ? f : &none, HUB_C_NARRATIVE, 0),
	    .refuges = x->refuges,
	    .reviewed = 1};
	q->field.recipient = to;
	*whole = f ? hub_text_decide(q) : ask_nobodys(x, &s);
}

struct hub_answer hub_row_settle(const struct hub_rowctx *x, struct hub_answer a)
{
	if (a.confirm && x->spec->reason.len == 0 && x->spec->profile->withhold_unattended)
		a.decision = HUB_WITHHOLD;
	return a;
}

struct hub_answer hub_row_ask(const struct hub_rowctx *x, struct hub_row_subject *s,
			      const struct hub_field *f)
{
	const int reveals = (f->flags & HUB_FF_REVEALS) != 0;
	const struct hub_answer third = {.decision = HUB_MASK, .reason = HUB_WHY_THIRD_PARTY};

	if (!s->asked[f->pclass][reveals]) {
		s->answer[f->pclass][reveals] =
		    hub_row_settle(x, hub_row_ask_all(x, s, f->pclass, reveals));
		s->asked[f->pclass][reveals] = 1;
	}
	const struct hub_answer a = s->answer[f->pclass][reveals];
	return f->flags & HUB_FF_THIRD && !s->own ? hub_gate_stricter(a, third) : a;
}
