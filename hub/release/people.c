#include "release/people_in.h"

#include "release/consents.h"
#include "text/fold.h"

enum { PRELOAD_LIMIT = 512 << 20, FACTS_LIMIT = 512 << 20 };

/* --- protection, as rows say ----------------------------------------------------------------------- */

/* Two different people have signed that somebody is not protected. */
static int is_confirmed(struct hub_arena *a, struct hub_str first, struct hub_str second)
{
	first = hub_key_typed(a, first);
	second = hub_key_typed(a, second);
	return first.len > 0 && second.len > 0 && !hub_str_eq(first, second);
}

/* Beside HUB_SAYS_: a measure in force; one of which those two people did not know who lifted what there was; what they said. */
enum { IN_FORCE = 1 << 8, NOT_LIFTED = 1 << 9, LIFTED = 1 << 10 };

/* by_act: said here, not by a row of a feed. */
static int64_t mask_of(struct hub_str state, int64_t deleted, int confirmed, int by_act, int lifted)
{
	if (hub_str_is(state, "clear"))
		return !confirmed ? 0 : by_act ? LIFTED : HUB_SAYS_CONFIRMED;
	if (hub_str_is(state, "suspected"))
		return HUB_SAYS_SUSPECTED;
	if (hub_str_is(state, "unknown"))
		return HUB_SAYS_UNKNOWN;
	/* protected, or a row of the 支援措置 whose state cannot be read; what the feed deleted still
	 * protects until two people have said otherwise */
	return HUB_SAYS_PROTECTED | (deleted ? 0 : IN_FORCE) | (lifted ? 0 : NOT_LIFTED);
}

/* Of row x: did two people lift it? */
#define IS_LIFTED                                                                           \
	"CASE WHEN EXISTS (SELECT 1 FROM protection_lifted l JOIN protection_act a ON"      \
	" a.id = l.act_id WHERE l.row_id = x.id AND a.ended_at IS NULL AND a.second IS NOT" \
	" NULL) THEN 1 ELSE 0 END"
#define SAID                                                                                     \
	"SELECT person_id, protection_state, deleted, decided_by, decided_second, 0, " IS_LIFTED \
	" FROM cc_protection x WHERE person_id IS NOT NULL UNION ALL SELECT person_id, CASE"     \
	" what WHEN 'clear' THEN 'clear' ELSE 'protected' END, 0, actor, second, 1, 0 FROM"      \
	" protection_act WHERE ended_at IS NULL"
/* Whoever has the number is meant: a spreadsheet took its zeros, so that no record of a resident has what the feed said. */
#define BY_NUMBER                                                                               \
	"WITH p AS MATERIALIZED (SELECT id, ltrim(atena_no, '0') AS no FROM cc_person WHERE"    \
	" atena_no IS NOT NULL), x AS MATERIALIZED (SELECT c.*, ltrim(c.atena_no, '0') AS no"   \
	" FROM cc_protection c WHERE c.atena_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM"      \
	" cc_residence r WHERE r.person_id = c.person_id)) " SAID                               \
	" UNION ALL SELECT p.id, x.protection_state, x.deleted, x.decided_by, x.decided_second" \
	", 0, " IS_LIFTED " FROM x JOIN p ON p.no = x.no"                                       \
	" WHERE p.id <> coalesce(x.person_id, 0) AND x.no <> ''"

/* What feeds say, and what was decided here beside them: protected by one person, clear by two. */
static int read_protections(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_pairs rows = {0};
	/* of the past no numbers are kept */
	int rc = hub_db_query(p->db, &q, err, p->past ? SAID : BY_NUMBER, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int confirmed = is_confirmed(p->facts, hub_db_str(q, 3), hub_db_str(q, 4));
		if (hub_pairs_add(p->arena, &rows, hub_people_identity(p, hub_db_int(q, 0)),
				  mask_of(hub_db_str(q, 1), hub_db_int(q, 2), confirmed,
					  hub_db_int(q, 5) != 0, hub_db_int(q, 6) != 0)))
			return hub_fail_mem(err);
	}
	if (rc != HUB_END)
		return rc;
	hub_pairs_sort(&rows);
	for (size_t i = 0; i < rows.n;) {
		const int64_t identity = rows.at[i].key;
		int64_t mask = 0;
		for (; i < rows.n && rows.at[i].key == identity; i++)
			mask |= rows.at[i].value;
		/* nobody's signature on another row lifts one in force; nor one that they did not know of */
		const int confirmed =
		    mask & HUB_SAYS_CONFIRMED || (mask & LIFTED && !(mask & NOT_LIFTED));
		mask = mask & IN_FORCE ? HUB_SAYS_PROTECTED
		       : confirmed     ? HUB_SAYS_CONFIRMED
				       : mask & ~(int64_t)(NOT_LIFTED | LIFTED);
		if (hub_pairs_add(p->arena, &p->says, identity, mask))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

int hub_people_default(struct hub_db *db, enum hub_protection *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT value FROM meta WHERE name = 'protection_default'", "");

	*out = HUB_PROT_UNKNOWN;
	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_OK && hub_str_is(hub_db_str(q, 0), "clear"))
		*out = HUB_PROT_CLEAR;
	return HUB_OK;
}

/* --- one person ------------------------------------------------------------------------------------------- */

static int rows_of(struct hub_people *p, int64_t identity, const int64_t **rows, uint32_t *n,
		   struct hub_err *err)
{
	struct hub_slice s;
	const int rc = hub_people_rows(p, identity, &s, err);
	int64_t *list = rc ? NULL : hub_alloc_array(p->facts, s.n + 1, sizeof *list);

	if (rc || !list)
		return rc ? rc : hub_fail_mem(err);
	for (size_t i = 0; i < s.n; i++)
		list[i] = s.at[i].value;
	if (s.n == 0)
		list[0] = identity;
	*rows = list;
	*n = s.n ? (uint32_t)s.n : 1;
	return HUB_OK;
}

/* Nothing is said of the identity: what registries and the people around protected ones say. */
static int find_unsaid(struct hub_people *p, int64_t identity, enum hub_protection *out,
		       struct hub_err *err)
{
	int listed = 0, shares = 0, same = 0;
	const int64_t *rows;
	uint32_t n;
	int rc = hub_people_same_as_hidden(p, identity, &same, err);

	if (!rc && !same)
		rc = hub_people_listed(p, identity, &listed, err);
	if (listed)
		*out = HUB_PROT_CLEAR;
	if (same)
		*out = HUB_PROT_SUSPECTED;
	if (rc || listed || same || !hub_map_count(p->marks) ||
	    (rc = rows_of(p, identity, &rows, &n, err)))
		return rc;
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = hub_people_shares_mark(p, rows[i], &shares, err);
	if (shares)
		*out = HUB_PROT_SUSPECTED;
	return rc;
}

static int find_state(struct hub_people *p, int64_t identity, enum hub_protection *out,
		      struct hub_err *err)
{
	const struct hub_slice s = hub_pairs_of(&p->says, identity);
	const int64_t says = s.n ? s.at[0].value : 0;

	*out = p->dflt;
	if (says & HUB_SAYS_PROTECTED)
		*out = HUB_PROT_PROTECTED;
	else if (says & HUB_SAYS_CONFIRMED)
		*out = HUB_PROT_CLEAR;
	else if (says & HUB_SAYS_SUSPECTED)
		*out = HUB_PROT_SUSPECTED;
	else if (says & HUB_SAYS_UNKNOWN)
		*out = HUB_PROT_UNKNOWN;
	else
		return find_unsaid(p, identity, out, err);
	return HUB_OK;
}

static int state_of(struct hub_people *p, int64_t identity, enum hub_protection *out,
		    struct hub_err *err)
{
	uint64_t v;

	if (hub_map_get(p->states, hub_id_key(&identity), &v)) {
		*out = (enum hub_protection)v;
		return HUB_OK;
	}
	const int rc = find_state(p, identity, out, err);
	if (!rc && hub_map_put(p->states, hub_id_key(&identity), (uint64_t)*out))
		return hub_fail_mem(err);
	return rc;
}

static struct hub_str id_text(struct hub_people *p, int64_t identity)
{
	return hub_arena_printf(p->facts, "%lld", (long long)identity);
}

/* Everyone of every household of the person, as keys of the map. */
static int gather(struct hub_people *p, int64_t identity, struct hub_map *seen, struct hub_err *err)
{
	struct hub_slice homes, people;
	uint64_t v;
	int rc = hub_people_homes(p, identity, &homes, err);

	for (size_t i = 0; i < homes.n && !rc; i++) {
		rc = hub_people_inside(p, homes.at[i].value, &people, err);
		for (size_t k = 0; !rc && k < people.n; k++) {
			const struct hub_str key = hub_id_key(&people.at[k].value);
			if (!hub_map_get(seen, key, &v) && hub_map_put(seen, key, 1))
				rc = hub_fail_mem(err);
		}
	}
	return rc;
}

/* The person first. */
static int fill_household(struct hub_people *p, struct hub_person_facts *f, struct hub_err *err)
{
	struct hub_map *seen = hub_map_new(p->facts);
	int rc;

	if (!seen || hub_map_put(seen, hub_id_key(&f->identity), 1))
		return hub_fail_mem(err);
	if ((rc = gather(p, f->identity, seen, err)))
		return rc;
	const size_t n = hub_map_count(seen);
	struct hub_household_person *people = hub_alloc_array(p->facts, n, sizeof *people);
	int64_t *members = hub_alloc_array(p->facts, n, sizeof *members);
	if (!people || !members)
		return hub_fail_mem(err);
	for (size_t i = 0; i < n; i++) {
		memcpy(&members[i], hub_map_key(seen, i).ptr, sizeof members[i]);
		people[i].id = id_text(p, members[i]);
		if ((rc = state_of(p, members[i], &people[i].protection, err)))
			return rc;
		if (!people[i].id.ptr)
			return hub_fail_mem(err);
	}
	f->household = people;
	f->members = members;
	f->n_household = (uint32_t)n;
	return HUB_OK;
}

int hub_people_get(struct hub_people *p, int64_t person, const struct hub_person_facts **out,
		   struct hub_err *err)
{
	const int64_t identity = hub_people_identity(p, person);
	uint64_t v;
	int rc;

	if (hub_map_get(p->known, hub_id_key(&identity), &v)) {
		*out = (const struct hub_person_facts *)(uintptr_t)v;
		return HUB_OK;
	}
	struct hub_person_facts *f = hub_alloc0(p->facts, sizeof *f);
	if (!f)
		return hub_fail_mem(err);
	f->identity = identity;
	f->id = id_text(p, identity);
	if (!f->id.ptr)
		return hub_fail_mem(err);
	if ((rc = rows_of(p, identity, &f->rows, &f->n_rows, err)) ||
	    (rc = fill_household(p, f, err)) ||
	    (rc = hub_consents_read(p->facts, p->db, p->meant, f, p->opt.day, err)))
		return rc;
	if ((rc = hub_people_check(p, err)))
		return rc;
	if (hub_map_put(p->known, hub_id_key(&identity), (uint64_t)(uintptr_t)f))
		return hub_fail_mem(err);
	*out = f;
	return HUB_OK;
}

int hub_people_household(struct hub_people *p, int64_t household, const int64_t **members,
			 uint32_t *n, struct hub_err *err)
{
	struct hub_slice s;
	const int rc = hub_people_in_household(p, household, &s, err);
	int64_t *list = rc ? NULL : hub_alloc_array(p->facts, s.n + 1, sizeof *list);

	if (rc || !list)
		return rc ? rc : hub_fail_mem(err);
	for (size_t i = 0; i < s.n; i++)
		list[i] = s.at[i].value;
	*members = list;
	*n = (uint32_t)s.n;
	return HUB_OK;
}

static int fresh_maps(struct hub_people *p, struct hub_err *err)
{
	p->known = hub_map_new(p->facts);
	p->states = hub_map_new(p->facts);
	return p->known && p->states && !hub_people_fresh_lists(p) ? HUB_OK : hub_fail_mem(err);
}

size_t hub_people_count(const struct hub_people *p)
{
	return hub_map_count(p->known);
}

int hub_people_forget(struct hub_people *p, struct hub_err *err)
{
	hub_arena_reset(p->facts);
	memset(p->cases, 0, sizeof p->cases);
	return fresh_maps(p, err);
}

int hub_people_of_case(struct hub_people *p, struct hub_db *db, int64_t case_id, int64_t *person,
		       struct hub_err *err)
{
	struct hub_case_person *kept = &p->cases[(uint64_t)case_id % HUB_PEOPLE_CASES];

	*person = 0;
	if (!case_id)
		return HUB_OK;
	if (kept->db != db || kept->id != case_id) {
		int64_t found = 0;
		const int rc = hub_db_one(
		    db, &found, err, "SELECT person_id FROM cc_case WHERE id = ?", "i", case_id);
		if (rc && rc != HUB_END)
			return rc;
		*kept = (struct hub_case_person){db, case_id, found};
	}
	*person = kept->person;
	return HUB_OK;
}

int hub_people_all(struct hub_people *p, struct hub_err *err)
{
	if (!p->opt.few)
		return HUB_OK;
	p->opt.few = 0;
	const int rc = hub_people_read_lists(p, err);
	if (!rc)
		return HUB_OK;
	/* half of them are worth nothing; the store is asked for each person, as before */
	p->links.n = p->group.n = p->lives.n = p->home.n = p->registry.n = 0;
	p->opt.few = 1;
	return rc;
}

int hub_people_open(struct hub_store *s, const struct hub_people_opt *opt, struct hub_people **out,
		    struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(PRELOAD_LIMIT);
	struct hub_people *p = a ? hub_alloc0(a, sizeof *p) : NULL;
	int rc;

	if (!p) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	p->arena = a;
	p->db = hub_store_db(s);
	p->opt = *opt;
	p->facts = hub_arena_new(FACTS_LIMIT);
	p->marks = hub_map_new(a);
	p->same_as = hub_map_new(a);
	p->meant = hub_meant_new(a, hub_store_db(s));
	rc =
	    p->facts && p->marks && p->same_as && p->meant ? fresh_maps(p, err) : hub_fail_mem(err);
	if (!rc && opt->known && !(rc = hub_past_open(s, opt->known, &p->past, err)))
		p->db = p->past->db;
	if (rc || (rc = hub_people_default(p->db, &p->dflt, err)) ||
	    (rc = hub_people_read_lists(p, err)) || (rc = read_protections(p, err)) ||
	    (rc = hub_people_check(p, err))) {
		hub_people_close(p);
		return rc;
	}
	*out = p;
	return HUB_OK;
}

void hub_people_close(struct hub_people *p)
{
	if (!p)
		return;
	hub_past_close(p->past);
	hub_arena_free(p->facts);
	hub_arena_free(p->arena);
}

struct hub_db *hub_people_db(const struct hub_people *p)
{
	return p->db;
}

const struct hub_past *hub_people_past(const struct hub_people *p)
{
	return p->past;
}
