#include "release/gate.h"

#include "base/str.h"

static const struct {
	const char *name, *text;
} whys[HUB_WHYS] = {
    [HUB_WHY_MALFORMED] = {"malformed-request", HUB_N("the question is incomplete")},
    [HUB_WHY_RECIPIENT_UNKNOWN] = {"recipient-unknown", HUB_N("the recipient is not registered")},
    [HUB_WHY_NO_CONTRACT] = {"recipient-no-contract",
			     HUB_N("the recipient's contract is not in force on that day")},
    [HUB_WHY_BARRED] = {"recipient-barred", HUB_N("nothing goes to this recipient")},
    [HUB_WHY_PERSON_UNKNOWN] = {"person-unknown", HUB_N("the person is not registered")},
    [HUB_WHY_ADDRESS] = {"address-restricted", HUB_N("display restriction")},
    [HUB_WHY_GROUND] = {"legal-ground", HUB_N("a statutory meeting shares it without consent")},
    [HUB_WHY_EMERGENCY] = {"emergency", HUB_N("two people have opened it in an emergency")},
    [HUB_WHY_GIVEN] = {"consent-given", HUB_N("the person has consented")},
    [HUB_WHY_WITHDRAWN] = {"consent-withdrawn", HUB_N("the person has withdrawn the consent")},
    [HUB_WHY_REFUSED] = {"consent-refused", HUB_N("the person has refused")},
    [HUB_WHY_NOT_ASKED] = {"consent-not-asked", HUB_N("the person has not been asked")},
    [HUB_WHY_NO_CONSENT] = {"no-consent", HUB_N("no consent covers this; confirm before sharing")},
    [HUB_WHY_STALE] = {"text-stale",
		       HUB_N("the text must be scanned for personal information again")},
    [HUB_WHY_UNREVIEWED] = {"text-unreviewed", HUB_N("nobody has reviewed the text")},
    [HUB_WHY_THIRD_PARTY] = {"third-party",
			     HUB_N("about somebody else than the people of the case")},
};

const char *hub_reason_name(enum hub_reason r)
{
	return r < HUB_WHYS ? whys[r].name : whys[HUB_WHY_MALFORMED].name;
}

const char *hub_reason_text(enum hub_reason r)
{
	return r < HUB_WHYS ? whys[r].text : whys[HUB_WHY_MALFORMED].text;
}

const char *hub_decision_name(enum hub_decision d)
{
	return d == HUB_ALLOW ? "allow" : d == HUB_MASK ? "mask" : "withhold";
}

static int is_any(struct hub_str s)
{
	return hub_str_is(s, "*");
}

/* A question names one recipient, one person, one class, one purpose. */
static int is_named(struct hub_str s)
{
	return s.len > 0 && !is_any(s);
}

static int is_member(const struct hub_question *q)
{
	for (uint32_t i = 0; i < q->n_household; i++)
		if (hub_str_eq(q->household[i].id, q->person))
			return 1;
	return 0;
}

struct hub_answer hub_gate_stricter(struct hub_answer a, struct hub_answer b)
{
	struct hub_answer out = b.decision < a.decision ? b : a;

	out.confirm = out.decision == HUB_MASK && (a.confirm || b.confirm);
	return out;
}

int hub_gate_is_clear(const struct hub_question *q)
{
	for (uint32_t i = 0; i < q->n_household; i++)
		if (q->household[i].protection != HUB_PROT_CLEAR)
			return 0;
	return 1;
}

static int is_one_of(struct hub_str s, const struct hub_str *list, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (hub_str_eq(s, list[i]))
			return s.len > 0;
	return 0;
}

/* Step 3. A row acts only through a meeting: a ground that somebody has to judge is no ground here. */
static int has_ground(const struct hub_question *q)
{
	const struct hub_meeting *m = q->meeting;

	if (!m || !is_one_of(q->recipient->id, m->members, m->n_members) ||
	    !hub_period_has(m->period, q->day) || !hub_str_eq(m->case_id, q->case_id))
		return 0;
	for (uint32_t i = 0; i < q->n_grounds; i++) {
		const struct hub_ground *g = &q->grounds[i];
		if (g->active && !g->needs_consent && hub_period_has(g->valid, q->day) &&
		    hub_str_eq(g->purpose, q->purpose) && is_one_of(m->kind, g->kinds, g->n_kinds))
			return 1;
	}
	return 0;
}

static int has_emergency(const struct hub_question *q)
{
	for (uint32_t i = 0; i < q->n_emergencies; i++)
		if (hub_str_eq(q->emergencies[i].recipient, q->recipient->id) &&
		    hub_str_eq(q->emergencies[i].person, q->person))
			return 1;
	return 0;
}

/* -1 no match, 0 matches as one of many, 1 matches by name */
static int match_dimension(struct hub_str pattern, struct hub_str value, int gives)
{
	if (is_any(pattern))
		return 0;
	if (pattern.len == 0)
		return gives ? -1 : 0;
	return hub_str_eq(pattern, value) ? 1 : -1;
}

/* Number of dimensions named, 0..3; -1 when the consent says nothing about the question. */
static int match_consent(const struct hub_consent *c, const struct hub_question *q)
{
	const int gives = c->status == HUB_CONSENT_GIVEN;
	struct hub_period p = c->period;

	if (c->status == HUB_CONSENT_WITHDRAWN)
		p.to = HUB_DAY_LAST;
	if (c->status == HUB_CONSENT_EXPIRED || !hub_period_has(p, q->day) ||
	    !hub_str_eq(c->person, q->person))
		return -1;
	const int recipient = match_dimension(c->recipient, q->recipient->id, gives);
	const int category = match_dimension(c->category, q->category, gives);
	const int purpose = match_dimension(c->purpose, q->purpose, gives);
	if (recipient < 0 || category < 0 || purpose < 0)
		return -1;
	return recipient + category + purpose;
}

/* Step 4. Among the most specific consents the strongest no decides. */
static enum hub_reason weigh_consents(const struct hub_question *q)
{
	static const enum hub_reason why[] = {
	    [HUB_CONSENT_NOT_ASKED] = HUB_WHY_NOT_ASKED,
	    [HUB_CONSENT_REFUSED] = HUB_WHY_REFUSED,
	    [HUB_CONSENT_WITHDRAWN] = HUB_WHY_WITHDRAWN,
	    [HUB_CONSENT_GIVEN] = HUB_WHY_GIVEN,
	};
	/* GIVEN < NOT_ASKED < REFUSED < WITHDRAWN */
	static const int strength[] = {[HUB_CONSENT_GIVEN] = 0,
				       [HUB_CONSENT_NOT_ASKED] = 1,
				       [HUB_CONSENT_REFUSED] = 2,
				       [HUB_CONSENT_WITHDRAWN] = 3};
	int best = -1;
	enum hub_consent_status status = HUB_CONSENT_GIVEN;

	for (uint32_t i = 0; i < q->n_consents; i++) {
		const struct hub_consent *c = &q->consents[i];
		const int named = match_consent(c, q);
		if (named < best || named < 0)
			continue;
		if (named > best || strength[c->status] > strength[status])
			status = c->status;
		best = named;
	}
	return best < 0 ? HUB_WHY_NO_CONSENT : why[status];
}

static struct hub_answer withhold(enum hub_reason why)
{
	return (struct hub_answer){.decision = HUB_WITHHOLD, .reason = why};
}

struct hub_answer hub_gate_decide(const struct hub_question *q)
{
	const struct hub_recipient *r = q->recipient;

	if (!r || !is_named(r->id) || !is_named(q->person) || !is_named(q->category) ||
	    !is_named(q->purpose))
		return withhold(HUB_WHY_MALFORMED);

	if (!r->known)
		return withhold(HUB_WHY_RECIPIENT_UNKNOWN);
	if (!hub_period_has(r->contract, q->day))
		return withhold(HUB_WHY_NO_CONTRACT);
	if (r->barred)
		return withhold(HUB_WHY_BARRED);

	if (!is_member(q))
		return withhold(HUB_WHY_PERSON_UNKNOWN);
	if (q->reveals_address && !hub_gate_is_clear(q))
		return withhold(HUB_WHY_ADDRESS);

	if (has_ground(q))
		return (struct hub_answer){.decision = HUB_ALLOW, .reason = HUB_WHY_GROUND};

	if (has_emergency(q))
		return (struct hub_answer){.decision = HUB_ALLOW, .reason = HUB_WHY_EMERGENCY};

	const enum hub_reason why = weigh_consents(q);
	return (struct hub_answer){
	    .decision = why == HUB_WHY_GIVEN ? HUB_ALLOW : HUB_MASK,
	    .reason = why,
	    .confirm = why == HUB_WHY_NO_CONSENT,
	};
}
