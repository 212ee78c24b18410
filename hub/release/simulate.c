#include "release/simulate.h"

#include "base/clock.h"
#include "release/emergency.h"
#include "release/meeting.h"
#include "release/recipient.h"
#include "release/text.h"
#include "store/db.h"

enum { MOST_PROFILES = 64, DAY = 86400 };

/* A profile that was approved for the agency at the moment. */
struct approved {
	struct hub_str name, purpose;
	struct hub_recipient to;
	struct hub_view view;
	int withhold_unattended;
};

struct simulation {
	struct hub_arena *a;
	struct hub_db *db;
	const struct hub_simulate_ask *ask;
	const struct hub_schema *schema;
	struct hub_people *people;
	const struct hub_person_facts *who;
	struct hub_meeting_facts meeting;
	const struct hub_emergency *emergencies; /* of the recipient that is asked about */
	uint32_t n_emergencies;
	struct approved profile[MOST_PROFILES];
	uint32_t profiles;
	struct hub_simulated *out;
	uint32_t n;
};

/* "2026-04-01.." of a canon. */
static struct hub_period period_of(struct hub_str text)
{
	const size_t dots = hub_str_find(text, HUB_STR(".."), 0);
	struct hub_period p = HUB_ALWAYS;

	if (dots == (size_t)-1)
		return HUB_NEVER;
	if (dots && hub_day_parse(hub_str_cut(text, 0, dots), &p.from))
		return HUB_NEVER;
	if (text.len > dots + 2 && hub_day_parse(hub_str_from(text, dots + 2), &p.to))
		return HUB_NEVER;
	return p;
}

/* "class.contact masked" of a canon. */
static void read_class(struct hub_str name, struct hub_str show, struct hub_view *v)
{
	for (int c = 1; c < HUB_CLASSES; c++)
		for (int s = HUB_SHOW_WITHHELD; s <= HUB_SHOW_AS_IS; s++)
			if (hub_str_is(name, hub_fclass_name((enum hub_fclass)c)) &&
			    hub_str_is(show, hub_show_name((enum hub_show)s)))
				v->by_class[c] = (enum hub_show)s;
}

/* What the approved version says of recipient, contract and purpose, and how it shows each class. */
static void read_canon(struct hub_str canon, struct approved *p)
{
	const struct hub_str class = HUB_STR("class.");
	struct hub_str line, key;

	p->view.masked = HUB_SHOW_MASKED;
	while (hub_str_next(&canon, '\n', &line) && line.len) {
		hub_str_next(&line, ' ', &key);
		if (hub_str_is(key, "recipient"))
			p->to.id = line;
		else if (hub_str_is(key, "contract"))
			p->to.contract = period_of(line);
		else if (hub_str_is(key, "purpose"))
			p->purpose = line;
		else if (hub_str_is(key, "masked") && hub_str_is(line, "role"))
			p->view.masked = HUB_SHOW_PSEUDONYM;
		else if (hub_str_is(key, "unattended"))
			p->withhold_unattended = hub_str_is(line, "withhold");
		else if (hub_str_starts(key, class))
			read_class(hub_str_from(key, class.len), line, &p->view);
	}
	p->to.known = 1;
}

static int read_profiles(struct simulation *m, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(m->db, &q, err,
			      "SELECT name, content FROM approval WHERE kind = 'profile'"
			      " AND approved_at IS NOT NULL AND ended_at IS NULL ORDER BY name, id",
			      "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK && m->profiles < MOST_PROFILES) {
		struct approved *p = &m->profile[m->profiles];
		*p = (struct approved){.name = hub_db_dup(m->a, q, 0)};
		const struct hub_str canon = hub_db_dup(m->a, q, 1);
		if (!p->name.ptr || !canon.ptr)
			return hub_fail_mem(err);
		read_canon(canon, p);
		m->profiles += (uint32_t)(hub_str_is(m->ask->agency, "*") ||
					  hub_str_eq(p->to.id, m->ask->agency));
	}
	if (rc < 0 || m->profiles)
		return rc < 0 ? rc : HUB_OK;
	struct approved *none = &m->profile[m->profiles++];
	*none = (struct approved){.purpose = HUB_STR("support"), .to = {.id = m->ask->agency}};
	return HUB_OK;
}

/* Which pairs of class and address flag the schema has at all. */
static void mark_classes(const struct hub_schema *s, uint8_t seen[HUB_CLASSES][2])
{
	for (uint32_t e = 0; e < s->n_entities; e++)
		for (uint32_t i = 0; i < s->entities[e].count; i++) {
			const struct hub_field *f = &s->entities[e].fields[i];
			seen[f->pclass][(f->flags & HUB_FF_REVEALS) != 0] = 1;
		}
}

static struct hub_answer ask_gate(const struct simulation *m, const struct approved *p,
				  const struct hub_recipient *to, enum hub_fclass pclass,
				  int reveals)
{
	const struct hub_person_facts *f = m->who;
	const int of_meeting = m->meeting.case_id && m->meeting.client == f->identity;
	const struct hub_question q = {.recipient = to,
				       .person = f->id,
				       .category = hub_str_of(hub_fclass_name(pclass)),
				       .purpose = p->purpose,
				       .case_id =
					   of_meeting ? m->meeting.gate.case_id : HUB_STR(""),
				       .day = m->ask->day,
				       .reveals_address = reveals,
				       .household = f->household,
				       .n_household = f->n_household,
				       .consents = f->consents,
				       .n_consents = f->n_consents,
				       .meeting = hub_meeting_of(&m->meeting),
				       .emergencies = m->emergencies,
				       .n_emergencies = m->n_emergencies,
				       .grounds = m->ask->grounds->row,
				       .n_grounds = m->ask->grounds->n};
	const struct hub_text_question text = {.field = q}; /* that nobody has looked at */

	return pclass == HUB_C_NARRATIVE ? hub_text_decide(&text) : hub_gate_decide(&q);
}

/* Of a class of fields: what the gate lets pass, as the profile shows it. */
static enum hub_show shown(const struct approved *p, enum hub_fclass pclass, struct hub_answer a)
{
	if (a.confirm && p->withhold_unattended)
		return HUB_SHOW_WITHHELD;
	return pclass == HUB_C_NARRATIVE
		   ? hub_view_of(&p->view, p->view.by_class[pclass], a.decision)
		   : hub_show_value(p->view.by_class[pclass], a.decision);
}

static int simulate_profile(struct simulation *m, const struct approved *p,
			    uint8_t seen[HUB_CLASSES][2], struct hub_err *err)
{
	struct hub_recipient_facts to;
	const int64_t begin = hub_day_start(m->ask->day);
	const int today = begin <= hub_now() && hub_now() < begin + DAY;
	const struct hub_emergency_when when = {today ? hub_now() : begin,
						today ? hub_now() : begin + DAY - 1};
	int rc = hub_recipient_known(m->a, m->db, &p->to, &to, err);

	if (rc || (rc = hub_emergencies_read(m->a, m->db, m->people, p->to.id, &when,
					     &m->emergencies, &m->n_emergencies, err)))
		return rc;
	to.gate.barred |= hub_recipient_is_barred(&to, m->people, m->who);
	for (int c = 1; c < HUB_CLASSES; c++)
		for (int reveals = 0; reveals < 2; reveals++) {
			const enum hub_fclass pclass = (enum hub_fclass)c;
			if (!seen[c][reveals])
				continue;
			const struct hub_answer a = ask_gate(m, p, &to.gate, pclass, reveals);
			m->out[m->n++] = (struct hub_simulated){.profile = p->name,
								.recipient = p->to.id,
								.purpose = p->purpose,
								.pclass = pclass,
								.reveals = reveals,
								.answer = a,
								.show = shown(p, pclass, a)};
		}
	return HUB_OK;
}

static int simulate_all(struct simulation *m, struct hub_err *err)
{
	uint8_t seen[HUB_CLASSES][2] = {{0}};
	int rc;

	if ((rc = hub_people_get(m->people, m->ask->person, &m->who, err)) ||
	    (rc = hub_meeting_read(m->a, m->db, m->people, m->ask->meeting, &m->meeting, err)) ||
	    (rc = read_profiles(m, err)))
		return rc;
	m->out = hub_alloc_array(m->a, m->profiles * 2 * (size_t)HUB_CLASSES, sizeof *m->out);
	if (!m->out)
		return hub_fail_mem(err);
	mark_classes(m->schema, seen);
	for (uint32_t i = 0; i < m->profiles && !rc; i++)
		rc = simulate_profile(m, &m->profile[i], seen, err);
	return rc;
}

/* The past goes with the people. */
static int take_gaps(struct hub_arena *a, const struct hub_past *past, struct hub_simulation *out,
		     struct hub_err *err)
{
	const uint32_t n = past ? past->n_gaps : 0;
	struct hub_past_gap *gap = hub_alloc_array(a, (size_t)n + 1, sizeof *gap);

	if (!gap)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n; i++) {
		gap[i] = past->gap[i];
		if (!(gap[i].feed = hub_arena_str(a, past->gap[i].feed)).ptr)
			return hub_fail_mem(err);
	}
	out->gap = gap;
	out->n_gaps = n;
	return HUB_OK;
}

const char *hub_simulate_gap(struct hub_arena *a, const struct hub_past_gap *g)
{
	static const char *const words[] = {
	    [HUB_PAST_UNDONE] = HUB_N("not kept: run %lld of %.*s was in force then and was taken "
				      "back later; here it counts as if it had never been"),
	    [HUB_PAST_REGISTRY] = HUB_N("not kept: what run %lld (or an earlier one since then) "
					"changed in the registry %.*s; its households and display "
					"restrictions are those of afterwards")};

	return hub_arena_printf(a, hub_tr(words[g->kind]), (long long)g->run, HUB_FMT(g->feed)).ptr;
}

int hub_simulate(struct hub_arena *a, struct hub_store *s, const struct hub_simulate_ask *ask,
		 struct hub_simulation *out, struct hub_err *err)
{
	HUB_AUTO(people) struct hub_people *people = NULL;
	const struct hub_people_opt opt = {
	    .day = ask->day, .feed_days = ask->feed_days, .known = ask->known};
	struct simulation *m = hub_alloc0(a, sizeof *m);
	int rc;

	*out = (struct hub_simulation){0};
	if (!m)
		return hub_fail_mem(err);
	if ((rc = hub_people_open(s, &opt, &people, err)))
		return rc;
	m->a = a;
	m->db = hub_people_db(people);
	m->ask = ask;
	m->schema = hub_store_schema(s);
	m->people = people;
	if ((rc = simulate_all(m, err)) || (rc = take_gaps(a, hub_people_past(people), out, err)))
		return rc;
	out->row = m->out;
	out->n = m->n;
	return HUB_OK;
}
