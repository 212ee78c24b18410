#include "release/consents.h"

#include "text/date.h"

/* " valid_to!" in state: the cell held something that is no date. */
static int unread(struct hub_str state, const char *field)
{
	char word[64];
	const int n = snprintf(word, sizeof word, " %s!", field);

	return n > 0 && (size_t)n < sizeof word &&
	       hub_str_find(state, (struct hub_str){word, (size_t)n}, 0) != (size_t)-1;
}

static enum hub_consent_status status_of(struct hub_str word)
{
	static const struct {
		const char *word;
		enum hub_consent_status status;
	} words[] = {{"given", HUB_CONSENT_GIVEN},
		     {"refused", HUB_CONSENT_REFUSED},
		     {"withdrawn", HUB_CONSENT_WITHDRAWN},
		     {"not_asked", HUB_CONSENT_NOT_ASKED},
		     {"expired", HUB_CONSENT_EXPIRED}};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_is(word, words[i].word))
			return words[i].status;
	return HUB_CONSENT_NOT_ASKED;
}

/* A date that is vague narrows a consent and widens everything else; one that cannot be read makes a
 * consent void and everything else boundless. */
static struct hub_period period_of(const struct hub_consent_row *row, int gives)
{
	struct hub_period p = HUB_ALWAYS;
	int32_t first, last;
	int bad = unread(row->state, "valid_from") || unread(row->state, "valid_to") ||
		  unread(row->state, "withdrawn_on");

	if (row->from.len) {
		if (hub_date_days(row->from, &first, &last))
			p.from = gives ? last : first;
		else
			bad = 1;
	}
	if (row->to.len) {
		if (hub_date_days(row->to, &first, &last))
			p.to = gives ? first : last;
		else
			bad = 1;
	}
	if (!bad)
		return p;
	return gives ? HUB_NEVER : HUB_ALWAYS;
}

uint32_t hub_consent_of(const struct hub_consent_row *row, struct hub_str person,
			struct hub_consent out[2])
{
	const enum hub_consent_status status = status_of(row->status);
	int32_t first, last;

	out[0] = (struct hub_consent){.person = person,
				      .recipient = row->recipient,
				      .category = row->category,
				      .purpose = row->purpose,
				      .status = status,
				      .period = period_of(row, status == HUB_CONSENT_GIVEN)};
	if (status != HUB_CONSENT_GIVEN && status != HUB_CONSENT_WITHDRAWN)
		return 1;
	/* without a day of its own a withdrawal stands from where the consent began */
	const int dated = row->withdrawn_on.len && hub_date_days(row->withdrawn_on, &first, &last);
	if (status == HUB_CONSENT_WITHDRAWN) {
		if (dated)
			out[0].period.from = first;
		return 1;
	}
	if (row->withdrawn_on.len == 0)
		return 1;
	out[1] = out[0];
	out[1].status = HUB_CONSENT_WITHDRAWN;
	out[1].period = (struct hub_period){dated ? first : HUB_DAY_FIRST, HUB_DAY_LAST};
	return 2;
}

static uint32_t consents_of(const struct hub_statement *s, struct hub_str person,
			    struct hub_consent out[2])
{
	const struct hub_consent_row row = {s->recipient, s->category, s->purpose,      s->status,
					    s->from,      s->to,       s->withdrawn_on, s->state};

	return s->replaced ? 0 : hub_consent_of(&row, person, out);
}

int hub_statement_in_force(const struct hub_statement *s, int32_t day)
{
	struct hub_consent part[2];
	const uint32_t n = consents_of(s, HUB_STR("-"), part);

	for (uint32_t i = 0; i < n; i++) {
		struct hub_period p = part[i].period;
		if (part[i].status == HUB_CONSENT_WITHDRAWN)
			p.to = HUB_DAY_LAST;
		if (part[i].status != HUB_CONSENT_EXPIRED && hub_period_has(p, day))
			return 1;
	}
	return 0;
}

int hub_consents_read(struct hub_arena *a, struct hub_db *db, struct hub_meant *m,
		      struct hub_person_facts *f, int32_t day, struct hub_err *err)
{
	struct hub_statements s;
	const int rc = hub_statements_read(a, db, m, f->rows, f->n_rows, &s, err);

	f->n_consents = 0;
	if (rc)
		return rc;
	struct hub_consent *c = hub_alloc_array(a, 2 * (size_t)s.n + 1, sizeof *c);
	if (!c)
		return hub_fail_mem(err);
	hub_statements_settle(&s, day);
	for (uint32_t i = 0; i < s.n; i++)
		f->n_consents += consents_of(&s.at[i], f->id, &c[f->n_consents]);
	f->consents = c;
	return HUB_OK;
}
