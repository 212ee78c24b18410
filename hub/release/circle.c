#include "release/circle.h"

#include "release/subject.h"
#include "store/db.h"

enum { MOST_AROUND = 300, STEPS = 5 };

struct walk {
	struct hub_arena *a;
	struct hub_people *people;
	struct hub_db *db;
	struct hub_circle *c;
	struct hub_err *err;
};

static struct hub_str id_key(const int64_t *id)
{
	return (struct hub_str){(const char *)id, sizeof *id};
}

static int is_in(const struct hub_circle *c, int64_t identity)
{
	uint64_t v;

	return hub_map_get(c->people, id_key(&identity), &v);
}

/* Through whom is nobody else found: 民生委員 or a care manager knows many families. */
static int is_kin(struct hub_str relation)
{
	static const char *const others[] = {
	    "housemate",    "friend",     "neighbour", "landlord", "employer",
	    "teacher",      "minsei",     "doctor",    "guardian", "lawyer",
	    "care_manager", "counsellor", "official",  "police",   "community",
	    "other",        "unknown",    "head",      ""};

	return !hub_str_among(relation, others, HUB_COUNT(others));
}

static int add(struct walk *w, int64_t person, uint64_t kin)
{
	const int64_t identity = hub_people_identity(w->people, person);
	uint64_t was = 0;

	if (!person || hub_map_count(w->c->people) >= MOST_AROUND)
		return HUB_OK;
	(void)hub_map_get(w->c->people, id_key(&identity), &was);
	return hub_map_put(w->c->people, id_key(&identity), was | kin) ? hub_fail_mem(w->err)
								       : HUB_OK;
}

static int add_thing(struct walk *w, const char *entity, int64_t id)
{
	const struct hub_str key = hub_arena_printf(w->a, "%s %lld", entity, (long long)id);

	return !id || (key.ptr && !hub_map_put(w->c->things, key, 1)) ? HUB_OK
								      : hub_fail_mem(w->err);
}

/* Whom the relations of one person row name, and who names it. Of kin both, of others only what the client's
 * own relations say. */
static int read_relations(struct walk *w, int64_t row, int is_client)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(w->db, &q, w->err,
			 "SELECT person_id, other_person_id, other_agency_id, other_resource_id,"
			 " coalesce(relation_code, '') FROM cc_relationship"
			 " WHERE person_id = ? OR other_person_id = ? ORDER BY id",
			 "ii", row, row);

	while (!rc && (rc = hub_db_next(q, w->err)) == HUB_OK) {
		const int kin = is_kin(hub_db_str(q, 4));
		const int own = hub_db_int(q, 0) == row && is_client;
		if (!kin && !own)
			continue;
		if ((rc = add(w, hub_db_int(q, 0), (uint64_t)kin)) ||
		    (rc = add(w, hub_db_int(q, 1), (uint64_t)kin)) || !own)
			continue;
		if (!(rc = add_thing(w, "agency", hub_db_int(q, 2))))
			rc = add_thing(w, "resource", hub_db_int(q, 3));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int expand(struct walk *w, int64_t identity)
{
	const struct hub_person_facts *f;
	int rc = hub_people_get(w->people, identity, &f, w->err);

	for (uint32_t i = 0; !rc && i < f->n_rows; i++)
		rc = read_relations(w, f->rows[i], identity == w->c->client);
	return rc;
}

/* Step by step: what a round adds, the next one expands. */
static int walk(struct walk *w)
{
	const struct hub_person_facts *client;
	size_t from = 0;
	int rc = hub_people_get(w->people, w->c->client, &client, w->err);

	if (!rc)
		rc = add(w, w->c->client, 1);
	for (uint32_t i = 0; !rc && i < client->n_household; i++)
		rc = add(w, client->members[i], 1);
	for (int step = 0; step < STEPS && !rc; step++) {
		const size_t to = hub_map_count(w->c->people);
		for (; from < to && !rc; from++) {
			int64_t identity;
			memcpy(&identity, hub_map_key(w->c->people, from).ptr, sizeof identity);
			if (hub_map_value(w->c->people, from))
				rc = expand(w, identity);
		}
	}
	return rc;
}

/* Two systems may know a case of the same client by this number, but not two clients: whose papers it would be, nobody said. */
static int find_case(struct walk *w, struct hub_str case_no, int64_t *id)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int64_t client = 0;
	int n = 0;
	int rc = hub_db_query(w->db, &q, w->err,
			      "SELECT id, person_id FROM cc_case WHERE (case_no = ? OR key = ?)"
			      " AND person_id IS NOT NULL ORDER BY id",
			      "tt", case_no, case_no);

	while (!rc && (rc = hub_db_next(q, w->err)) == HUB_OK) {
		const int64_t whose = hub_people_identity(w->people, hub_db_int(q, 1));
		if (n && whose == client)
			continue;
		if (!n++) {
			*id = hub_db_int(q, 0);
			client = whose;
		}
	}
	if (rc != HUB_END || n == 1)
		return rc == HUB_END ? HUB_OK : rc;
	rc = n ? hub_fail(w->err, HUB_USAGE, "case-unclear", "%d cases have this number", n)
	       : hub_fail(w->err, HUB_USAGE, "unknown-case",
			  "there is no case \"%.*s\" with a client", HUB_FMT(case_no));
	hub_hint(w->err, "Give the number of a case (case_no), or its key in the source.");
	return rc;
}

static int read_case(struct walk *w, int64_t id)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(w->db, &q, w->err,
			      "SELECT person_id, agency_id FROM cc_case WHERE id = ?", "i", id);

	if (rc || (rc = hub_db_next(q, w->err)))
		return rc;
	w->c->case_id = id;
	if (hub_db_int(q, 0))
		w->c->client = hub_people_identity(w->people, hub_db_int(q, 0));
	return add_thing(w, "agency", hub_db_int(q, 1));
}

int hub_circle_of(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		  int64_t case_id, struct hub_circle *out, struct hub_err *err)
{
	struct walk w = {.a = a, .people = people, .db = db, .c = out, .err = err};

	*out = (struct hub_circle){.people = hub_map_new(a), .things = hub_map_new(a)};
	if (!out->people || !out->things)
		return hub_fail_mem(err);
	const int rc = read_case(&w, case_id);
	return rc || !out->client ? rc : walk(&w);
}

int hub_circle_open(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		    struct hub_str case_no, struct hub_circle *out, struct hub_err *err)
{
	struct walk w = {.db = db, .people = people, .err = err};
	int64_t id = 0;
	const int rc = find_case(&w, case_no, &id);

	return rc ? rc : hub_circle_of(a, people, db, id, out, err);
}

/* Of everyone around it is who they are that counts, of the client also what happened. */
static int is_of_people(const struct hub_entity *e)
{
	return hub_str_is(e->name, "person") || hub_str_is(e->name, "household_member") ||
	       hub_str_is(e->name, "relationship");
}

static int holds_thing(const struct hub_circle *c, const struct hub_entity *e, int64_t id)
{
	char key[96];
	uint64_t v;
	const int n = snprintf(key, sizeof key, "%.*s %lld", HUB_FMT(e->name), (long long)id);

	return n > 0 && (size_t)n < sizeof key &&
	       hub_map_get(c->things, (struct hub_str){key, (size_t)n}, &v);
}

int hub_circle_holds(const struct hub_circle *c, struct hub_people *people, struct hub_db *db,
		     const struct hub_entity *e, const struct hub_source_row *row, int *yes,
		     struct hub_err *err)
{
	struct hub_subjects who;

	*yes = 0;
	if (hub_str_is(e->name, "case") || (e->case_ref && row->case_id)) {
		*yes = (hub_str_is(e->name, "case") ? row->id : row->case_id) == c->case_id;
		return HUB_OK;
	}
	if (e->subject == HUB_SUBJECT_NONE) {
		*yes = holds_thing(c, e, row->id);
		return HUB_OK;
	}
	const int rc = hub_subjects_read(people, db, e, row, &who, err);
	for (uint32_t i = 0; i < who.n && !rc; i++) {
		const int64_t one = hub_people_identity(people, who.id[i]);
		*yes |= is_of_people(e) ? is_in(c, one) : one == c->client;
	}
	return rc;
}
