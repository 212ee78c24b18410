/* The facts of today: what the desk shows a module by itself (operational fields, keys, dates), brought into one
 * shape. Cases that are closed have none. */
#include "alert.h"
#include "deskrow.h"
#include "plain.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct about_case {
	struct hub_str key, no, agency, staff, person; /* key: what rows of other entities say */
	int32_t opened, contact, evaluated;
};
struct known_staff {
	struct hub_str key, no;
};

struct reading {
	struct alert *a;
	struct hub_call *call;
	struct hub_err *err;
	struct fact *fact;
	uint32_t n, room;
	struct about_case *known; /* open ones, sorted by key */
	uint32_t cases, case_room;
	struct known_staff *staff; /* sorted by key */
	uint32_t staffs, staff_room;
};

static int no_memory(const struct reading *r)
{
	return NO_MEMORY(r->a->host, r->err);
}

static int look(struct reading *r, const char *entity, const char *newest,
		const char *const *fields, int (*each)(const struct deskrow *))
{
	const struct desklook l = {
	    .desk = r->a->desk,
	    .call = r->call,
	    .look = {.entity = entity, .field = fields, .newest = newest},
	    .arg = r,
	};

	const int rc = desklook_each(&l, each, r->err);

	/* nothing to commit, but a large store takes its time */
	return rc ? rc : r->a->desk->keep(r->call, r->err);
}

static int by_key(const void *x, const void *y)
{
	const struct about_case *a = x, *b = y;

	return desk_order(a->key, b->key);
}

static int by_staff(const void *x, const void *y)
{
	const struct known_staff *a = x, *b = y;

	return desk_order(a->key, b->key);
}

static struct about_case *case_of(const struct deskrow *row)
{
	const struct reading *r = row->arg;
	const struct about_case key = {.key = deskrow_text(row, "case")};

	return r->cases && key.key.len ? bsearch(&key, r->known, r->cases, sizeof key, by_key)
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
	if (f->day == DESKROW_NO_DAY)
		return HUB_OK;
	struct fact *p = desk_grow(r->a->desk, r->call, r->fact, r->n, &r->room, sizeof *p);
	if (!p || !f->subject.ptr)
		return no_memory(r);
	r->fact = p;
	r->fact[r->n++] = *f;
	return HUB_OK;
}

static int add_of_case(struct reading *r, const struct about_case *c, uint32_t kind, int32_t day,
		       struct hub_str about)
{
	return add(r, &(struct fact){.kind = kind,
				     .subject = c->no,
				     .day = day,
				     .case_no = c->no,
				     .agency = c->agency,
				     .staff = c->staff,
				     .about = about});
}

/* --- entities -------------------------------------------------------------------------------------- */

static int on_staff(const struct deskrow *row)
{
	struct reading *r = row->arg;
	struct known_staff *p =
	    desk_grow(r->a->desk, r->call, r->staff, r->staffs, &r->staff_room, sizeof *p);

	if (!p)
		return no_memory(r);
	r->staff = p;
	r->staff[r->staffs++] =
	    (struct known_staff){deskrow_text(row, "key"), deskrow_text(row, "staff_no")};
	return HUB_OK;
}

static struct hub_str staff_no(const struct reading *r, struct hub_str key)
{
	const struct known_staff want = {.key = key}, *s = r->staffs && key.len
							       ? bsearch(&want, r->staff, r->staffs,
									 sizeof want, by_staff)
							       : NULL;

	return s ? s->no : (struct hub_str){"", 0};
}

static int on_case(const struct deskrow *row)
{
	struct reading *r = row->arg;
	const struct about_case c = {.key = deskrow_text(row, "key"),
				     .no = deskrow_text(row, "case_no"),
				     .agency = deskrow_text(row, "agency"),
				     .staff = staff_no(r, deskrow_text(row, "staff")),
				     .person = deskrow_text(row, "person"),
				     .opened = deskrow_day(row, "opened_on"),
				     .contact = DESKROW_NO_DAY,
				     .evaluated = DESKROW_NO_DAY};
	const int32_t closed = deskrow_day(row, "closed_on");

	if (!c.no.len || deskrow_is(row, "case_state", "closed") ||
	    (closed != DESKROW_NO_DAY && closed <= r->call->today))
		return HUB_OK;
	struct about_case *p =
	    desk_grow(r->a->desk, r->call, r->known, r->cases, &r->case_room, sizeof *p);
	if (!p)
		return no_memory(r);
	r->known = p;
	r->known[r->cases++] = c;
	return HUB_OK;
}

/* The newest one of each case. A next step that is followed by any later contact is done. */
static int on_activity(const struct deskrow *row)
{
	struct about_case *c = case_of(row);

	if (!c)
		return HUB_OK;
	c->contact = deskrow_day(row, "activity_on");
	return add_of_case(row->arg, c, ALERT_NEXT_ACTION, deskrow_day(row, "next_due"),
			   (struct hub_str){"", 0});
}

static int on_evaluation(const struct deskrow *row)
{
	struct about_case *c = case_of(row);

	if (c)
		c->evaluated = deskrow_day(row, "evaluated_on");
	return HUB_OK;
}

/* The newest plan of each case. An evaluation in the month before its day has come early. */
static int on_plan(const struct deskrow *row)
{
	const struct about_case *c = case_of(row);

	if (!c)
		return HUB_OK;
	const struct hub_str no = deskrow_text(row, "plan_no");
	const int32_t due = deskrow_day(row, "next_monitoring_on");
	const int rc = add_of_case(row->arg, c, ALERT_PLAN_ENDING, deskrow_day(row, "plan_to"), no);
	if (rc ||
	    (due != DESKROW_NO_DAY && c->evaluated != DESKROW_NO_DAY && c->evaluated >= due - 31))
		return rc;
	return add_of_case(row->arg, c, ALERT_EVALUATION_DUE, due, no);
}

static int on_consent(const struct deskrow *row)
{
	const struct about_case *c = case_of(row);

	if (!c || !deskrow_is(row, "consent_status", "given") ||
	    deskrow_text(row, "withdrawn_on").len)
		return HUB_OK;
	const struct hub_str part[] = {c->no, deskrow_text(row, "person"),
				       deskrow_text(row, "recipient"),
				       deskrow_text(row, "category"), deskrow_text(row, "purpose")};
	return add(row->arg, &(struct fact){.kind = ALERT_CONSENT_ENDING,
					    .subject = subject_of(row->arg, part, 5),
					    .day = deskrow_day(row, "valid_to"),
					    .case_no = c->no,
					    .agency = c->agency,
					    .staff = c->staff,
					    .about = part[2]});
}

static int on_agency(const struct deskrow *row)
{
	const struct hub_str key = deskrow_text(row, "key"); /* its id: see hub_look */

	if (!key.len || deskrow_is(row, "agency_state", "ended"))
		return HUB_OK;
	return add(row->arg, &(struct fact){.kind = ALERT_CONTRACT_ENDING,
					    .subject = key,
					    .day = deskrow_day(row, "contract_to"),
					    .agency = key,
					    .about = key});
}

/* A certification belongs to a person, and concerns each open case of it. */
static int on_certification(const struct deskrow *row)
{
	static const char *const field[] = {"care_valid_to", "cert_valid_to"};
	struct reading *r = row->arg;
	const struct hub_str person = deskrow_text(row, "person");
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->cases && person.len && !rc; i++) {
		const struct about_case *c = &r->known[i];
		if (!str_same(c->person, person))
			continue;
		for (size_t k = 0; k < 2 && !rc; k++) {
			const struct hub_str part[] = {c->no, person, {field[k], strlen(field[k])}};
			rc = add(row->arg, &(struct fact){.kind = ALERT_CERTIFICATION_ENDING,
							  .subject = subject_of(row->arg, part, 3),
							  .day = deskrow_day(row, field[k]),
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
		rc = add_of_case(r, c, ALERT_NO_CONTACT,
				 c->contact != DESKROW_NO_DAY ? c->contact : c->opened,
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

static const struct about_case *by_number(const struct reading *r, struct hub_str no)
{
	for (uint32_t i = 0; i < r->cases; i++)
		if (str_same(r->known[i].no, no))
			return &r->known[i];
	return NULL;
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
			const struct about_case *c = key.no.len ? by_number(r, key.no) : NULL;
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
	static const char *const of_staff[] = {"staff_no", NULL};
	struct reading r = {.a = a, .call = c, .err = err};
	int rc = look(&r, "staff", NULL, of_staff, on_staff);

	if (!rc && r.staffs)
		qsort(r.staff, r.staffs, sizeof *r.staff, by_staff);
	if (!rc)
		rc = look(&r, "case", NULL, of_case, on_case);
	if (!rc && r.cases)
		qsort(r.known, r.cases, sizeof *r.known, by_key);
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
