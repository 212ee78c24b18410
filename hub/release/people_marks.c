/* What tells of people under display restriction besides links: names with a day of birth, addresses, telephones. Of their
 * households, of what rows about others say of them, and of records of the same people that nobody has linked yet. */
#include "release/people_in.h"

#include "release/refuge.h"
#include "store/db.h"
#include "text/fold.h"
#include "text/name.h"
#include "text/phone.h"

#define MARKS_AND(last)                                                                \
	"SELECT name, name_kana, birth_date, address, other_address, next_address, "   \
	"coalesce(addr_town,"                                                          \
	" '') || coalesce(addr_block, '') || coalesce(addr_street, '') || coalesce("   \
	"addr_building, ''), phone, phone_home, phone_mobile, fax, phone_other, " last \
	" FROM cc_person WHERE id = ?"
enum {
	FIRST_ADDRESS = 3,
	IN_PARTS = 6,
	FIRST_PHONE = 7,
	NOTED_PHONES = 11,
	STAYS_IN = 12,
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

static void put_address(struct hub_arena *a, struct marks *m, struct hub_str address)
{
	if (!address.len)
		return;
	const struct hub_str key = hub_fold_width(a, hub_str_trim(address), 0, NULL);
	put_mark(m, key.ptr ? hub_arena_printf(a, "a%.*s", HUB_FMT(key)) : key);
}

static void put_phone(struct hub_arena *a, struct marks *m, struct hub_str phone)
{
	if (phone.len)
		put_mark(m, hub_arena_printf(a, "t%.*s", HUB_FMT(phone)));
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

/* Of a full name, by which somebody may be told whose day of birth nobody says. */
static int is_full(struct hub_str key, size_t least)
{
	return key.len && hub_utf8_count(key) >= least;
}

/* Day of birth and name. Where one of two has no day, the name tells alone: 'N' and 'K' are all full names of those
 * who are hidden, "n...|" and "k...|" of whom no day is known. */
static void put_name(struct hub_arena *a, struct marks *m, struct hub_str key, struct hub_str birth,
		     int is_kana, int hidden)
{
	enum { NAME = 3, KANA = 4 }; /* characters */
	const char dated = is_kana ? 'k' : 'n', alone = is_kana ? 'K' : 'N';
	const int full = is_full(key, is_kana ? KANA : NAME);

	if (!key.ptr)
		put_mark(m, key);
	if (!key.ptr || !key.len)
		return;
	if (birth.len)
		put_mark(m,
			 hub_arena_printf(a, "%c%.*s|%.*s", dated, HUB_FMT(key), HUB_FMT(birth)));
	if (full && hidden == !birth.len)
		put_mark(m, hub_arena_printf(a, "%c%.*s|", dated, HUB_FMT(key)));
	if (full && (hidden || !birth.len))
		put_mark(m, hub_arena_printf(a, "%c%.*s", alone, HUB_FMT(key)));
}

static void put_names(struct hub_arena *a, struct marks *m, struct hub_str name,
		      struct hub_str kana, struct hub_str birth, int hidden)
{
	struct hub_name is;

	if (name.len && hub_name_parse(a, name, &is) == 0 && !(is.flags & HUB_NAME_NOBODY)) {
		put_name(a, m, is.key, birth, 0, hidden);
		/* a name in kana is its reading; of any other no reading comes */
		put_name(a, m, hub_key_kana(a, is.name), birth, 1, hidden);
	}
	if (kana.len)
		put_name(a, m, hub_key_kana(a, kana), birth, 1, hidden);
}

/* The marks of one cc_person row; one without a text is a lack of memory. hidden: of somebody under display restriction. */
static void marks_of(struct hub_arena *a, struct hub_query *q, int hidden, struct marks *m)
{
	m->n = 0;
	put_names(a, m, hub_db_str(q, 0), hub_db_str(q, 1), hub_db_str(q, 2), hidden);
	for (uint32_t i = FIRST_ADDRESS; i <= IN_PARTS; i++)
		if (i != IN_PARTS || !hub_db_str(q, FIRST_ADDRESS).len)
			put_address(a, m, hub_db_str(q, i));
	for (uint32_t i = FIRST_PHONE; i < NOTED_PHONES; i++)
		put_phone(a, m, hub_db_str(q, i));
	noted_phones(a, hub_db_str(q, NOTED_PHONES), m);
	if (hub_db_str(q, STAYS_IN).len)
		put_mark(m, hub_arena_printf(a, "f%.*s", HUB_FMT(hub_db_str(q, STAYS_IN))));
}

/* Where marks are gathered. */
struct gathered {
	struct hub_arena *arena;
	struct hub_map *marks;
	struct hub_map *same_as; /* NULL: whoever asks knows all records of them (recipient.c) */
};

static int keep_marks(const struct marks *m, const struct gathered *to, struct hub_err *err)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (!m->at[i].ptr || hub_map_put(to->marks, m->at[i], 1))
			return hub_fail_mem(err);
	return HUB_OK;
}

/* What others' rows say of a person, and what stands with the household alone. */
static int add_said(struct hub_people *p, int64_t person, const struct gathered *to,
		    struct hub_err *err)
{
	static const char *const said[] = {
	    "SELECT other_address, other_phone FROM cc_relationship WHERE other_person_id = ?",
	    "SELECT h.address, h.phone FROM cc_person m JOIN cc_household h ON h.id ="
	    " m.household_id WHERE m.id = ?",
	    "SELECT h.address, h.phone FROM cc_household_member m JOIN cc_household h ON h.id ="
	    " m.household_id WHERE m.person_id = ? AND (m.member_to IS NULL OR m.member_to >= ?)"};
	char day[16];
	int rc = HUB_OK;

	for (size_t i = 0; i < HUB_COUNT(said) && !rc; i++) {
		HUB_AUTO(query) struct hub_query *q = NULL;
		rc = hub_db_query(p->db, &q, err, said[i], i + 1 < HUB_COUNT(said) ? "i" : "it",
				  person, hub_people_day(p, day));
		while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
			struct marks m = {.n = 0};
			put_address(to->arena, &m, hub_db_str(q, 0));
			put_phone(to->arena, &m, hub_db_str(q, 1));
			rc = keep_marks(&m, to, err);
		}
		rc = rc == HUB_END ? HUB_OK : rc;
	}
	return rc;
}

static int add_marks(struct hub_people *p, int64_t person, const struct gathered *to,
		     struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct marks m;
	int rc = hub_db_query(p->db, &q, err, marks_sql(p), "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		marks_of(to->arena, q, 1, &m);
		rc = keep_marks(&m, to, err);
	}
	return rc == HUB_END ? add_said(p, person, to, err) : rc;
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

/* Do two rows of the same day of birth have a name or a reading in common? Columns: name and reading of each. */
static int same_name(struct hub_arena *a, struct hub_query *q, struct hub_str birth, int *same,
		     struct hub_err *err)
{
	struct marks one = {.n = 0}, other = {.n = 0};

	put_names(a, &one, hub_db_str(q, 2), hub_db_str(q, 3), birth, 1);
	put_names(a, &other, hub_db_str(q, 4), hub_db_str(q, 5), birth, 1);
	*same = 0;
	for (uint32_t i = 0; i < one.n; i++)
		for (uint32_t k = 0; k < other.n; k++) {
			if (!one.at[i].ptr || !other.at[k].ptr)
				return hub_fail_mem(err);
			*same |= hub_str_eq(one.at[i], other.at[k]);
		}
	return HUB_OK;
}

/* Another system brought the same person once more, by name or reading and the day of birth, and nobody has linked it: what
 * it says of where she lives is as secret, until two people have confirmed that this one is clear. */
static int add_same(struct hub_people *p, int64_t person, const struct gathered *to,
		    struct hub_err *err)
{
	static const char sql[] =
	    "SELECT o.id, o.birth_date, o.name, o.name_kana, p.name, p.name_kana FROM cc_person p"
	    " JOIN cc_person o ON o.birth_date = p.birth_date AND o.id <> p.id WHERE p.id = ?";
	const int64_t self = hub_people_identity(p, person);
	HUB_AUTO(query) struct hub_query *q = NULL;
	int same, rc = hub_db_query(p->db, &q, err, sql, "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t who = hub_people_identity(p, hub_db_int(q, 0));
		const struct hub_slice says = hub_pairs_of(&p->says, who);
		if (who == self || (says.n && says.at[0].value & HUB_SAYS_CONFIRMED) ||
		    (rc = same_name(to->arena, q, hub_db_str(q, 1), &same, err)) || !same)
			continue;
		if (hub_map_put(to->same_as, hub_id_key(&who), 1))
			return hub_fail_mem(err);
		rc = add_marks_of(p, who, to, err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int add_everything_of(struct hub_people *p, int64_t identity, const struct gathered *to,
			     struct hub_err *err)
{
	struct hub_slice rows;
	int rc = add_marks_of(p, identity, to, err);

	if (rc || !to->same_as)
		return rc;
	rc = hub_people_rows(p, identity, &rows, err);
	if (!rc && !rows.n)
		rc = add_same(p, identity, to, err);
	for (size_t i = 0; !rc && i < rows.n; i++)
		rc = add_same(p, rows.at[i].value, to, err);
	return rc;
}

static int add_marks_around(struct hub_people *p, int64_t identity, const struct gathered *to,
			    struct hub_err *err)
{
	struct hub_slice homes, people;
	int rc = add_everything_of(p, identity, to, err);

	if (!rc)
		rc = hub_people_homes(p, identity, &homes, err);
	for (size_t i = 0; !rc && i < homes.n; i++) {
		rc = hub_people_inside(p, homes.at[i].value, &people, err);
		for (size_t k = 0; !rc && k < people.n; k++)
			if (people.at[k].value != identity)
				rc = add_everything_of(p, people.at[k].value, to, err);
	}
	return rc;
}

/* When somebody is met of whom nothing else is known. */
static int read_marks(struct hub_people *p, struct hub_err *err)
{
	const struct gathered to = {p->arena, p->marks, p->same_as};
	int rc = HUB_OK;

	for (size_t i = 0; !p->marked && !rc && i < p->says.n; i++)
		if (p->says.at[i].value & HUB_SAYS_PROTECTED)
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
	const struct gathered to = {a, hub_map_new(a), NULL};
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

/* --- who shares them ----------------------------------------------------------------------------------- */

int hub_people_same_as_hidden(struct hub_people *p, int64_t identity, int *yes, struct hub_err *err)
{
	uint64_t v;
	const int rc = p->marked ? HUB_OK : read_marks(p, err);

	*yes = !rc && hub_map_get(p->same_as, hub_id_key(&identity), &v);
	return rc;
}

/* Is one of the marks among those gathered? */
static int any_mark(const struct marks *m, const struct hub_map *of, int *yes, struct hub_err *err)
{
	uint64_t v;

	for (uint32_t i = 0; i < m->n; i++) {
		if (!m->at[i].ptr)
			return hub_fail_mem(err);
		/* many strangers stay in one hospital */
		*yes |= m->at[i].ptr[0] != 'f' && hub_map_get(of, m->at[i], &v);
	}
	return HUB_OK;
}

int hub_people_shares_mark(struct hub_people *p, int64_t person, int *shares, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct marks m;
	int rc = hub_db_query(p->db, &q, err, marks_sql(p), "i", person);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		marks_of(p->facts, q, 0, &m);
		rc = any_mark(&m, p->marks, shares, err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_people_may_hide(struct hub_people *p, struct hub_arena *a, const struct hub_mention *who,
			int *yes, struct hub_err *err)
{
	struct marks m = {.n = 0};
	int rc = common_refuges(p, err);

	*yes = 0;
	if (rc || !hub_map_count(p->marks))
		return rc;
	put_names(a, &m, who->name, who->kana, HUB_STR(""), 0);
	if ((rc = any_mark(&m, p->marks, yes, err)) || *yes)
		return rc;
	const int at = hub_refuge_address(a, p->refuges, who->address),
		  by = hub_refuge_phone(a, p->refuges, who->phone);
	*yes = at > 0 || by > 0;
	return at < 0 || by < 0 ? hub_fail_mem(err) : HUB_OK;
}
