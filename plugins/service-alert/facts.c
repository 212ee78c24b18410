/* The facts of today: what the desk shows a module by itself (operational fields, keys, dates), brought into one
 * shape. Cases that are closed have none. */
#include "alert.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 1000, FACTS_MOST = 2000000, NO_DAY = INT32_MIN };

struct about_case {
	struct hub_str no, agency, staff, person;
	int32_t opened, contact, evaluated;
};

struct reading {
	struct alert *a;
	struct hub_call *call;
	struct hub_err *err;
	struct fact *fact;
	uint32_t n, room;
	struct about_case *known; /* open ones, sorted by no */
	uint32_t cases, case_room;
};

/* One row of what the desk gave. */
struct row {
	struct reading *r;
	const struct hub_batch *b;
	uint32_t at;
};

static int no_memory(const struct reading *r)
{
	return HUB_FAIL(r->a->host, r->err, HUB_FATAL, "out-of-memory", "out of memory");
}

/* Room for one more of an array; the old one stays until the call is over. NULL: out of memory. */
static void *grow(struct reading *r, void *old, uint32_t n, uint32_t *room, size_t size)
{
	if (n < *room)
		return old;
	const uint32_t more = *room ? 2 * *room : 256;
	void *p = more > FACTS_MOST ? NULL : r->a->desk->alloc(r->call, more * size);

	if (p && n)
		memcpy(p, old, n * size);
	if (p)
		*room = more;
	return p;
}

static struct hub_str cell(const struct row *row, const char *name)
{
	const struct hub_batch *b = row->b;
	const struct hub_str want = {name, strlen(name)};

	for (uint32_t c = 0; c < b->cols; c++)
		if (alert_same(b->col[c].name, want))
			return b->col[c].cell[row->at] == HUB_VALUE ? b->col[c].text[row->at]
								    : (struct hub_str){"", 0};
	return (struct hub_str){"", 0};
}

static int says(const struct row *row, const char *name, const char *value)
{
	return alert_same(cell(row, name), (struct hub_str){value, strlen(value)});
}

/* A day known to the day; NO_DAY otherwise. */
static int32_t day_of(const struct row *row, const char *name)
{
	struct hub_str s = cell(row, name);
	int32_t day;

	if (s.len > 10)
		s.len = 10; /* a time after it */
	return alert_day_read(s, &day) ? NO_DAY : day;
}

/* Calls each for every row of an entity. */
static int look(struct reading *r, const char *entity, const char *newest,
		const char *const *fields, int (*each)(const struct row *))
{
	struct hub_look l = {.entity = entity, .field = fields, .limit = PAGE, .newest = newest};
	const struct hub_batch *b;
	int rc;

	do {
		struct hub_str next = {NULL, 0};
		if ((rc = r->a->desk->look(r->call, &l, &b, &next, r->err)))
			return rc == HUB_END ? HUB_OK : rc;
		for (uint32_t i = 0; i < b->rows && !rc; i++)
			rc = each(&(struct row){r, b, i});
		l.after = next;
	} while (!rc && l.after.ptr);
	return rc;
}

static int by_no(const void *x, const void *y)
{
	const struct about_case *a = x, *b = y;
	const size_t n = a->no.len < b->no.len ? a->no.len : b->no.len;
	const int c = n ? memcmp(a->no.ptr, b->no.ptr, n) : 0;

	return c ? c : (a->no.len > b->no.len) - (a->no.len < b->no.len);
}

/* The open case of a row; NULL: it belongs to none. */
static struct about_case *case_of(const struct row *row)
{
	const struct about_case key = {.no = cell(row, "case")};

	return row->r->cases && key.no.len
		   ? bsearch(&key, row->r->known, row->r->cases, sizeof key, by_no)
		   : NULL;
}

/* A name for what a fact is about: what it is made of stays out of the tables. */
static struct hub_str subject_of(struct reading *r, const struct hub_str *part, size_t parts)
{
	static const char hex[] = "0123456789abcdef";
	uint8_t hash[SHA256_DIGEST_LENGTH];
	char *out = r->a->desk->alloc(r->call, 32);
	size_t n = 0, at = 0;

	for (size_t i = 0; i < parts; i++)
		n += part[i].len + 1;
	char *all = r->a->desk->alloc(r->call, n + 1);
	if (!out || !all)
		return (struct hub_str){NULL, 0};
	for (size_t i = 0; i < parts; i++) {
		if (part[i].len)
			memcpy(all + at, part[i].ptr, part[i].len);
		at += part[i].len + 1;
	}
	SHA256((const uint8_t *)all, n, hash);
	for (size_t i = 0; i < 16; i++) {
		out[2 * i] = hex[hash[i] >> 4];
		out[2 * i + 1] = hex[hash[i] & 15];
	}
	return (struct hub_str){out, 32};
}

static int add(struct reading *r, const struct fact *f)
{
	if (f->day == NO_DAY)
		return HUB_OK;
	struct fact *p = grow(r, r->fact, r->n, &r->room, sizeof *p);
	if (!p || !f->subject.ptr)
		return no_memory(r);
	r->fact = p;
	r->fact[r->n++] = *f;
	return HUB_OK;
}

static int add_of_case(const struct row *row, const struct about_case *c, uint32_t kind,
		       int32_t day, struct hub_str about)
{
	return add(row->r, &(struct fact){.kind = kind,
					  .subject = c->no,
					  .day = day,
					  .case_no = c->no,
					  .agency = c->agency,
					  .staff = c->staff,
					  .about = about});
}

/* --- entities -------------------------------------------------------------------------------------- */

static int on_case(const struct row *row)
{
	struct reading *r = row->r;
	const struct about_case c = {.no = cell(row, "case_no"),
				     .agency = cell(row, "agency"),
				     .staff = cell(row, "staff"),
				     .person = cell(row, "person"),
				     .opened = day_of(row, "opened_on"),
				     .contact = NO_DAY,
				     .evaluated = NO_DAY};
	const int32_t closed = day_of(row, "closed_on");

	if (!c.no.len || says(row, "case_state", "closed") ||
	    (closed != NO_DAY && closed <= r->call->today))
		return HUB_OK;
	struct about_case *p = grow(r, r->known, r->cases, &r->case_room, sizeof *p);
	if (!p)
		return no_memory(r);
	r->known = p;
	r->known[r->cases++] = c;
	return HUB_OK;
}

/* The newest one of each case. A next step that is followed by any later contact is done. */
static int on_activity(const struct row *row)
{
	struct about_case *c = case_of(row);

	if (!c)
		return HUB_OK;
	c->contact = day_of(row, "activity_on");
	return add_of_case(row, c, ALERT_NEXT_ACTION, day_of(row, "next_due"),
			   (struct hub_str){"", 0});
}

static int on_evaluation(const struct row *row)
{
	struct about_case *c = case_of(row);

	if (c)
		c->evaluated = day_of(row, "evaluated_on");
	return HUB_OK;
}

/* The newest plan of each case. An evaluation in the month before its day has come early. */
static int on_plan(const struct row *row)
{
	const struct about_case *c = case_of(row);

	if (!c)
		return HUB_OK;
	const struct hub_str no = cell(row, "plan_no");
	const int32_t due = day_of(row, "next_monitoring_on");
	const int rc = add_of_case(row, c, ALERT_PLAN_ENDING, day_of(row, "plan_to"), no);
	if (rc || (due != NO_DAY && c->evaluated != NO_DAY && c->evaluated >= due - 31))
		return rc;
	return add_of_case(row, c, ALERT_EVALUATION_DUE, due, no);
}

static int on_consent(const struct row *row)
{
	const struct about_case *c = case_of(row);

	if (!c || !says(row, "consent_status", "given") || cell(row, "withdrawn_on").len)
		return HUB_OK;
	const struct hub_str part[] = {c->no, cell(row, "person"), cell(row, "recipient"),
				       cell(row, "category"), cell(row, "purpose")};
	return add(row->r, &(struct fact){.kind = ALERT_CONSENT_ENDING,
					  .subject = subject_of(row->r, part, 5),
					  .day = day_of(row, "valid_to"),
					  .case_no = c->no,
					  .agency = c->agency,
					  .staff = c->staff,
					  .about = part[2]});
}

static int on_agency(const struct row *row)
{
	const struct hub_str key = cell(row, "key");

	if (!key.len || says(row, "agency_state", "ended"))
		return HUB_OK;
	return add(row->r, &(struct fact){.kind = ALERT_CONTRACT_ENDING,
					  .subject = key,
					  .day = day_of(row, "contract_to"),
					  .agency = key,
					  .about = key});
}

/* A certification belongs to a person, and concerns each open case of it. */
static int on_certification(const struct row *row)
{
	static const char *const field[] = {"care_valid_to", "cert_valid_to"};
	const struct hub_str person = cell(row, "person");
	int rc = HUB_OK;

	for (uint32_t i = 0; i < row->r->cases && person.len && !rc; i++) {
		const struct about_case *c = &row->r->known[i];
		if (!alert_same(c->person, person))
			continue;
		for (size_t k = 0; k < 2 && !rc; k++) {
			const struct hub_str part[] = {c->no, person, {field[k], strlen(field[k])}};
			rc = add(row->r, &(struct fact){.kind = ALERT_CERTIFICATION_ENDING,
							.subject = subject_of(row->r, part, 3),
							.day = day_of(row, field[k]),
							.case_no = c->no,
							.agency = c->agency,
							.staff = c->staff});
		}
	}
	return rc;
}

static int no_contact(struct reading *r)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->cases && !rc; i++) {
		const struct about_case *c = &r->known[i];
		rc = add_of_case(&(struct row){.r = r}, c, ALERT_NO_CONTACT,
				 c->contact != NO_DAY ? c->contact : c->opened,
				 (struct hub_str){"", 0});
	}
	return rc;
}

/* --- the service's own ----------------------------------------------------------------------------- */

static int own_tasks(struct reading *r)
{
	struct hub_result t = {0};
	int64_t after = 0;
	int rc = HUB_OK;

	do {
		if ((rc = SQL(r->a, r->call, SQL_TASKS_DUE, &t, r->err, v_int(r->call->today),
			      v_int(after))))
			return rc;
		for (uint32_t i = 0; i < t.rows && !rc; i++) {
			char key[24], *kept = r->a->desk->alloc(r->call, sizeof key);
			after = r_int(&t, i, 0);
			const int n = snprintf(key, sizeof key, "%lld", (long long)after);
			if (!kept)
				return no_memory(r);
			memcpy(kept, key, (size_t)n);
			rc = add(r, &(struct fact){.kind = ALERT_TASK_OVERDUE,
						   .subject = {kept, (size_t)n},
						   .day = (int32_t)r_int(&t, i, 2),
						   .case_no = r_text(&t, i, 1),
						   .account = r_int(&t, i, 3),
						   .agency = r_text(&t, i, 4),
						   .about = {kept, (size_t)n}});
		}
	} while (!rc && t.rows);
	return rc;
}

static int own_events(struct reading *r)
{
	struct hub_result t = {0};
	int64_t after = 0;
	int rc = HUB_OK;

	do {
		if ((rc = SQL(r->a, r->call, SQL_EVENTS, &t, r->err, v_int(after))))
			return rc;
		for (uint32_t i = 0; i < t.rows && !rc; i++) {
			const struct about_case key = {.no = r_text(&t, i, 4)};
			const struct about_case *c =
			    r->cases && key.no.len
				? bsearch(&key, r->known, r->cases, sizeof key, by_no)
				: NULL;
			after = r_int(&t, i, 0);
			if (key.no.len && !c)
				continue;
			rc = add(r, &(struct fact){.kind = alert_kind_of(r_text(&t, i, 1)),
						   .subject = r_text(&t, i, 2),
						   .day = (int32_t)r_int(&t, i, 3),
						   .case_no = key.no,
						   .about = r_text(&t, i, 5),
						   .agency = c ? c->agency : key.agency,
						   .staff = c ? c->staff : key.staff});
		}
	} while (!rc && t.rows);
	return rc;
}

int alert_facts_read(struct alert *a, struct hub_call *c, struct fact **out, uint32_t *n,
		     struct hub_err *err)
{
	static const char *const of_case[] = {"case_no", "case_state", "opened_on", "closed_on",
					      "agency",  "staff",      "person",    NULL};
	static const char *const of_activity[] = {"case", "activity_on", "next_due", NULL};
	static const char *const of_evaluation[] = {"case", "evaluated_on", NULL};
	static const char *const of_plan[] = {"case", "plan_no", "plan_to", "next_monitoring_on",
					      NULL};
	static const char *const of_consent[] = {"case",     "person",       "recipient",
						 "category", "purpose",      "consent_status",
						 "valid_to", "withdrawn_on", NULL};
	static const char *const of_agency[] = {"agency_state", "contract_to", NULL};
	static const char *const of_certification[] = {"person", "care_valid_to", "cert_valid_to",
						       NULL};
	struct reading r = {.a = a, .call = c, .err = err};
	int rc = look(&r, "case", NULL, of_case, on_case);

	if (!rc && r.cases)
		qsort(r.known, r.cases, sizeof *r.known, by_no);
	if (rc || (rc = look(&r, "activity", "activity_on", of_activity, on_activity)) ||
	    (rc = look(&r, "evaluation", "evaluated_on", of_evaluation, on_evaluation)) ||
	    (rc = look(&r, "plan", "plan_to", of_plan, on_plan)) ||
	    (rc = look(&r, "consent", NULL, of_consent, on_consent)) ||
	    (rc = look(&r, "agency", NULL, of_agency, on_agency)) ||
	    (rc = look(&r, "certification", NULL, of_certification, on_certification)) ||
	    (rc = no_contact(&r)) || (rc = own_tasks(&r)) || (rc = own_events(&r)))
		return rc;
	*out = r.fact;
	*n = r.n;
	return HUB_OK;
}
