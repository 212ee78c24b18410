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

/* First and last day that a date may mean (2026-04: the whole month); 0: it is no date. */
static int days_of(struct hub_str text, int32_t *first, int32_t *last)
{
	struct hub_date d;

	if (hub_date_parse(text, NULL, &d) != HUB_DATE_OK || d.precision == HUB_DATE_UNKNOWN)
		return 0;
	*first = d.from;
	*last = d.to;
	return 1;
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
		if (days_of(row->from, &first, &last))
			p.from = gives ? last : first;
		else
			bad = 1;
	}
	if (row->to.len) {
		if (days_of(row->to, &first, &last))
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
	const int dated = row->withdrawn_on.len && days_of(row->withdrawn_on, &first, &last);
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

static int count_rows(struct hub_db *db, const int64_t *rows, uint32_t n_rows, uint32_t *n,
		      struct hub_err *err)
{
	for (uint32_t i = 0; i < n_rows; i++) {
		int64_t here = 0;
		const int rc =
		    hub_db_one(db, &here, err,
			       "SELECT count(*) FROM cc_consent WHERE person_id = ?", "i", rows[i]);
		if (rc)
			return rc;
		*n += (uint32_t)here;
	}
	return HUB_OK;
}

static int read_of(struct hub_arena *a, struct hub_db *db, struct hub_str id, int64_t person,
		   struct hub_consent *out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    db, &q, err,
	    "SELECT recipient, category, purpose, consent_status, valid_from, valid_to,"
	    " withdrawn_on, c.state FROM cc_consent c LEFT JOIN record r ON r.id = c.record_id"
	    " WHERE person_id = ? AND coalesce(r.state, 0) = 0 ORDER BY c.id",
	    "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_str text[8];
		for (uint32_t i = 0; i < 8; i++) {
			text[i] = hub_db_dup(a, q, i);
			if (hub_db_str(q, i).ptr && !text[i].ptr)
				return hub_fail_mem(err);
		}
		const struct hub_consent_row row = {text[0], text[1], text[2], text[3],
						    text[4], text[5], text[6], text[7]};
		*n += hub_consent_of(&row, id, &out[*n]);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_consents_read(struct hub_arena *a, struct hub_db *db, struct hub_str id,
		      const int64_t *rows, uint32_t n_rows, const struct hub_consent **out,
		      uint32_t *n, struct hub_err *err)
{
	uint32_t most = 0;
	int rc = count_rows(db, rows, n_rows, &most, err);

	*n = 0;
	if (rc)
		return rc;
	struct hub_consent *c = hub_alloc_array(a, 2 * (size_t)most + 1, sizeof *c);
	if (!c)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n_rows && !rc; i++)
		rc = read_of(a, db, id, rows[i], c, n, err);
	*out = c;
	return rc;
}
