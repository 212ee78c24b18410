#include "release/people_in.h"

#include "release/consents.h"
#include "release/refuge.h"
#include "text/fold.h"
#include "text/phone.h"

enum { PRELOAD_LIMIT = 512 << 20, FACTS_LIMIT = 512 << 20 };

/* What the protection rows of one identity say. */
enum { SAYS_PROTECTED = 1, SAYS_SUSPECTED = 2, SAYS_UNKNOWN = 4, CONFIRMED = 8 };

/* --- protection, as rows say ----------------------------------------------------------------------- */

/* Two different people have signed that somebody is not protected. */
static int is_confirmed(struct hub_str a, struct hub_str b)
{
	a = hub_str_trim(a);
	b = hub_str_trim(b);
	return a.len > 0 && b.len > 0 && !hub_str_eq(a, b);
}

static int64_t mask_of(struct hub_str state, int64_t deleted, int confirmed)
{
	if (hub_str_is(state, "clear"))
		return confirmed ? CONFIRMED : 0;
	if (hub_str_is(state, "suspected"))
		return SAYS_SUSPECTED;
	if (hub_str_is(state, "unknown"))
		return SAYS_UNKNOWN;
	/* protected, or a row of the 支援措置 whose state cannot be read; what the feed deleted still
	 * protects until two people have said otherwise */
	return SAYS_PROTECTED | (deleted ? 0 : (int64_t)1 << 8);
}

/* What feeds say, and what was decided here beside them: protected by one person, clear by two. */
static int read_protections(struct hub_people *p, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_pairs rows = {0};
	int rc = hub_db_query(p->db, &q, err,
			      "SELECT person_id, protection_state, deleted, decided_by,"
			      " decided_second FROM cc_protection WHERE person_id IS NOT NULL"
			      " UNION ALL SELECT person_id, CASE what WHEN 'clear' THEN 'clear'"
			      " ELSE 'protected' END, 0, actor, second FROM protection_act"
			      " WHERE ended_at IS NULL",
			      "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int confirmed = is_confirmed(hub_db_str(q, 3), hub_db_str(q, 4));
		if (hub_pairs_add(p->arena, &rows, hub_people_identity(p, hub_db_int(q, 0)),
				  mask_of(hub_db_str(q, 1), hub_db_int(q, 2), confirmed)))
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
		/* a row in force is not lifted by a signature on another one */
		if (mask & (int64_t)1 << 8)
			mask = SAYS_PROTECTED;
		else if (mask & CONFIRMED)
			mask = CONFIRMED;
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

/* --- suspected: marks that a person shares with a protected household ---------------------------------- */

#define MARKS_AND(last)                                                                           \
	"SELECT name_kana, birth_date, address, other_address, next_address, coalesce(addr_town," \
	" '') || coalesce(addr_block, '') || coalesce(addr_street, '') || coalesce("              \
	"addr_building, ''), phone, phone_home, phone_mobile, fax, phone_other, " last            \
	" FROM cc_person WHERE id = ?"
enum {
	FIRST_ADDRESS = 2,
	IN_PARTS = 5,
	FIRST_PHONE = 6,
	NOTED_PHONES = 10,
	STAYS_IN = 11,
	MARKS = 32
};

/* Answers about the past show no text in which a facility could stand. */
static const char *marks_sql(const struct hub_people *p)
{
	return p->past ? MARKS_AND("NULL") : MARKS_AND("facility");
}

struct marks {
	struct hub_str at[MARKS];
	uint32_t n;
};

static void put_mark(struct marks *m, struct hub_str mark)
{
	if (m->n < MARKS)
		m->at[m->n++] = mark;
}

/* Telephones of a remark: 090-…（夜のみ）、0467-… */
static void noted_phones(struct hub_arena *a, struct hub_str text, struct marks *m)
{
	enum { WHOLE = 10 }; /* digits; 110 is nobody's */
	const struct hub_str s = text.len ? hub_fold_width(a, text, 0, NULL) : HUB_STR("");
	struct hub_phone phone;

	if (!s.ptr)
		put_mark(m, s);
	for (size_t at = 0, end; s.ptr && at < s.len; at = end + 1) {
		for (end = at; end < s.len && s.ptr[end] && strchr("0123456789-() ", s.ptr[end]);)
			end++;
		if (hub_phone_parse(hub_str_cut(s, at, end), &phone) == HUB_PHONE_OK &&
		    strlen(phone.digits) >= WHOLE)
			put_mark(m, hub_arena_printf(a, "t%s", phone.digits));
	}
}

/* The marks of one cc_person row; one without a text is a lack of memory. */
static void marks_of(struct hub_arena *a, struct hub_query *q, struct marks *m)
{
	const struct hub_str kana = hub_db_str(q, 0), birth = hub_db_str(q, 1);

	m->n = 0;
	if (kana.len && birth.len) {
		const struct hub_str key = hub_key_kana(a, kana);
		put_mark(m, hub_arena_printf(a, "k%.*s|%.*s", HUB_FMT(key), HUB_FMT(birth)));
	}
	for (uint32_t i = FIRST_ADDRESS; i <= IN_PARTS; i++) {
		const struct hub_str address = hub_db_str(q, i);
		if (!address.len || (i == IN_PARTS && hub_db_str(q, FIRST_ADDRESS).len))
			continue;
		const struct hub_str key = hub_fold_width(a, hub_str_trim(address), 0, NULL);
		put_mark(m, hub_arena_printf(a, "a%.*s", HUB_FMT(key)));
	}
	for (uint32_t i = FIRST_PHONE; i < NOTED_PHONES; i++) {
		const struct hub_str phone = hub_db_str(q, i);
		if (phone.len)
			put_mark(m, hub_arena_printf(a, "t%.*s", HUB_FMT(phone)));
	}
	noted_phones(a, hub_db_str(q, NOTED_PHONES), m);
	if (hub_db_str(q, STAYS_IN).len)
		put_mark(m, hub_arena_printf(a, "f%.*s", HUB_FMT(hub_db_str(q, STAYS_IN))));
}

/* Where marks are gathered. */
struct gathered {
	struct hub_arena *arena;
	struct hub_map *marks;
};

static int add_marks(struct hub_people *p, int64_t person, const struct gathered *to,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct marks m;
	int rc = hub_db_query(p->db, &q, err, marks_sql(p), "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		marks_of(to->arena, q, &m);
		for (uint32_t i = 0; i < m.n; i++)
			if (!m.at[i].ptr || hub_map_put(to->marks, m.at[i], 1))
				return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* All rows of an identity. */
static int add_marks_of(struct hub_people *p, int64_t identity, const struct gathered *to,
			struct hub_err *err)
{
	struct hub_slice rows;
	int rc = hub_people_rows(p, identity, &rows, err);

	if (!rc && !rows.n)
		return add_marks(p, identity, to, err);
	for (size_t i = 0; i < rows.n && !rc; i++)
		rc = add_marks(p, rows.at[i].value, to, err);
	return rc;
}

static int add_marks_around(struct hub_people *p, int64_t identity, const struct gathered *to,
			    struct hub_err *err)
{
	struct hub_slice homes, people;
	int rc = add_marks_of(p, identity, to, err);

	if (!rc)
		rc = hub_people_homes(p, identity, &homes, err);
	for (size_t i = 0; !rc && i < homes.n; i++) {
		rc = hub_people_inside(p, homes.at[i].value, &people, err);
		for (size_t k = 0; !rc && k < people.n; k++)
			rc = add_marks_of(p, people.at[k].value, to, err);
	}
	return rc;
}

/* When somebody is met of whom nothing else is known. */
static int read_marks(struct hub_people *p, struct hub_err *err)
{
	const struct gathered to = {p->arena, p->marks};
	int rc = HUB_OK;

	for (size_t i = 0; !p->marked && !rc && i < p->says.n; i++)
		if (p->says.at[i].value & SAYS_PROTECTED)
			rc = add_marks_around(p, p->says.at[i].key, &to, err);
	p->marked = !rc;
	return rc;
}

/* Those of protected households, which everybody shares. */
static int common_refuges(struct hub_people *p, struct hub_err *err)
{
	const int rc = p->marked ? HUB_OK : read_marks(p, err);

	if (!rc && !p->refuges && !(p->refuges = hub_refuges_new(p->arena, p->marks)))
		return hub_fail_mem(err);
	return rc;
}

int hub_people_refuges(struct hub_people *p, struct hub_arena *a, const int64_t *barred, uint32_t n,
		       const struct hub_refuges **out, struct hub_err *err)
{
	int rc = common_refuges(p, err);

	*out = p->refuges;
	if (rc || !n)
		return rc;
	const struct gathered to = {a, hub_map_new(a)};
	const size_t common = hub_map_count(p->marks);
	for (size_t i = 0; to.marks && i < common; i++)
		if (hub_map_put(to.marks, hub_map_key(p->marks, i), 1))
			return hub_fail_mem(err);
	for (uint32_t i = 0; to.marks && i < n && !rc; i++)
		rc = add_marks_around(p, hub_people_identity(p, barred[i]), &to, err);
	if (rc)
		return rc;
	*out = to.marks ? hub_refuges_new(a, to.marks) : NULL;
	return *out ? HUB_OK : hub_fail_mem(err);
}

static int shares_mark(struct hub_people *p, int64_t person, int *shares, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct marks m;
	uint64_t v;
	int rc = hub_db_query(p->db, &q, err, marks_sql(p), "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		marks_of(p->facts, q, &m);
		for (uint32_t i = 0; i < m.n; i++) {
			if (!m.at[i].ptr)
				return hub_fail_mem(err);
			/* many strangers stay in one hospital */
			*shares |= m.at[i].ptr[0] != 'f' && hub_map_get(p->marks, m.at[i], &v);
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
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
	int listed = 0, shares = 0;
	const int64_t *rows;
	uint32_t n;
	int rc = hub_people_listed(p, identity, &listed, err);

	if (listed)
		*out = HUB_PROT_CLEAR;
	if (rc || listed || (rc = read_marks(p, err)) || !hub_map_count(p->marks) ||
	    (rc = rows_of(p, identity, &rows, &n, err)))
		return rc;
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = shares_mark(p, rows[i], &shares, err);
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
	if (says & SAYS_PROTECTED)
		*out = HUB_PROT_PROTECTED;
	else if (says & CONFIRMED)
		*out = HUB_PROT_CLEAR;
	else if (says & SAYS_SUSPECTED)
		*out = HUB_PROT_SUSPECTED;
	else if (says & SAYS_UNKNOWN)
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
	    (rc = hub_consents_read(p->facts, p->db, f->id, f->rows, f->n_rows, p->opt.day,
				    &f->consents, &f->n_consents, err)))
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
	rc = p->facts && p->marks ? fresh_maps(p, err) : hub_fail_mem(err);
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
