#include "release/roster.h"

#include "base/hash.h"
#include "plugin/detect.h"
#include "store/db.h"
#include "store/read.h"
#include "store/resident.h"

enum { MOST_PEOPLE = 512, MOST_OTHER = 256 };

struct build {
	struct hub_arena *a;
	struct hub_people *people;
	struct hub_db *db;
	struct hub_person *person; /* MOST_PEOPLE */
	struct hub_roster *out;
	struct hub_map *seen; /* ids in the roster */
	struct hub_text_person *known;
	struct hub_map *told; /* where those live by what a line says; NULL: nobody so far */
	struct hub_err *err;
};

/* Further strings of one person while they are collected. */
struct other {
	struct hub_str *s;
	uint32_t n;
	size_t room;
};

static int is_staff(struct hub_str id)
{
	return id.len > 0 && id.ptr[0] == 's';
}

/* A new entry; NULL when the id is there already or the roster is full. */
static struct hub_person *new_person(struct build *b, struct hub_str id, struct hub_str relation)
{
	uint64_t v;

	if (!id.ptr || hub_map_get(b->seen, id, &v))
		return NULL;
	b->out->full |= b->out->n == MOST_PEOPLE;
	if (b->out->full || hub_map_put(b->seen, id, b->out->n))
		return NULL;
	struct hub_person *p = &b->person[b->out->n++];
	*p = (struct hub_person){.id = id, .relation = relation};
	return p;
}

/* One more string, copied; nothing when it is there or empty. */
static int put_other(struct build *b, struct hub_str value, struct other *o)
{
	if (!value.len || o->n == MOST_OTHER)
		return HUB_OK;
	for (uint32_t i = 0; i < o->n; i++)
		if (hub_str_eq(o->s[i], value))
			return HUB_OK;
	struct hub_str *more = hub_alloc_more(b->a, o->s, o->n, &o->room, sizeof *more);
	if (!more || !(more[o->n] = hub_arena_str(b->a, value)).ptr)
		return hub_fail_mem(b->err);
	o->s = more;
	o->n++;
	return HUB_OK;
}

/* Everything a cc_person row says that may stand in a text; the first ones have a place of their own. */
static const char person_columns[] =
    "name, name_kana, address, phone, birth_date, family_name, given_name,"
    " family_kana, given_kana, name_roman, name_foreign_kanji, former_family_name,"
    " former_family_name_kana, alias_name, alias_name_kana, nicknames, phone_home,"
    " phone_mobile, prev_address, next_address, other_address, client_no, atena_no,"
    " household_no, ltc_insured_no";
enum { PERSON_COLUMNS = 25 };

/* First value goes to its own place, further ones (another row, another spelling) to the others. */
static int read_names(struct build *b, int64_t row, struct hub_person *p, struct other *o)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_str *const places[] = {&p->name, &p->name_kana, &p->address, &p->phone,
					  &p->birth_date};
	char sql[sizeof person_columns + 40];

	snprintf(sql, sizeof sql, "SELECT %s FROM cc_person WHERE id = ?", person_columns);
	int rc = hub_db_query(b->db, &q, b->err, sql, "i", row);
	if (rc || (rc = hub_db_next(q, b->err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	for (uint32_t i = 0; i < PERSON_COLUMNS && !rc; i++) {
		const struct hub_str v = hub_db_str(q, i);
		if (i < HUB_COUNT(places) && places[i]->len == 0)
			*places[i] = hub_db_dup(b->a, q, i);
		else if (i >= HUB_COUNT(places) || !hub_str_eq(*places[i], v))
			rc = put_other(b, v, o);
	}
	return rc;
}

/* Strings that a statement finds for a row. */
static int read_others(struct build *b, const char *sql, uint32_t columns, int64_t row,
		       struct other *o)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err, sql, "i", row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK)
		for (uint32_t i = 0; i < columns && !rc; i++)
			rc = put_other(b, hub_db_str(q, i), o);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Is `name` one of `columns`, which commas part? */
static int is_among(const char *columns, struct hub_str name)
{
	for (const char *at = columns; *at;) {
		const struct hub_str one = {at, strcspn(at, ",")};
		if (hub_str_eq(one, name))
			return 1;
		at += one.len + strspn(at + one.len, ", ");
	}
	return 0;
}

/* What a row said before a file changed it: the texts of that time do still. */
static int read_changed(struct build *b, const char *entity, const char *columns, int64_t row,
			struct other *o)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err,
			      "SELECT before FROM history WHERE entity = ? AND row_id = ?"
			      " AND before IS NOT NULL ORDER BY id DESC",
			      "zi", entity, row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK) {
		struct hub_str image = hub_db_str(q, 0), name;
		struct hub_dbval v;
		while (!rc && hub_image_next(&image, &name, &v) > 0)
			if (v.type == HUB_DB_TEXT && is_among(columns, name))
				rc = put_other(b, v.s, o);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* What the registry called the person before: older texts do still. */
static int read_former(struct build *b, int64_t row, struct other *o)
{
	const int rc =
	    read_others(b,
			"SELECT value FROM former WHERE person_id = ? AND kind <> 'household'"
			" ORDER BY run_id, value",
			1, row, o);

	return rc ? rc : read_changed(b, "person", person_columns, row, o);
}

/* A person of the store, by any of its rows. */
static int add_known(struct build *b, int64_t person, struct hub_str relation)
{
	const struct hub_person_facts *f;
	struct other o = {NULL, 0, 0};
	int rc = hub_people_get(b->people, person, &f, b->err);

	if (rc)
		return rc;
	struct hub_person *p = new_person(b, f->id, relation);
	if (!p)
		return HUB_OK;
	for (uint32_t i = 0; i < f->n_rows && !rc; i++)
		if (!(rc = read_names(b, f->rows[i], p, &o)))
			rc = read_others(b,
					 "SELECT ltc_insured_no, public_exp_no, cert_no FROM"
					 " cc_certification WHERE person_id = ? ORDER BY id",
					 3, f->rows[i], &o);
	/* last: what is so now is what there is always room for */
	for (uint32_t i = 0; i < f->n_rows && !rc; i++)
		rc = read_former(b, f->rows[i], &o);
	p->other = o.s;
	p->others = o.n;
	b->known[b->out->n_known++] = (struct hub_text_person){
	    .id = f->id, .household = f->household, .n_household = f->n_household};
	b->out->n_consents += f->n_consents;
	return rc;
}

/* Somebody whom only a line names, and who may be one of those under display restriction. */
static int add_hidden(struct build *b, const struct hub_person *p)
{
	const struct hub_mention who = {p->name, p->name_kana, p->phone, p->address};
	int yes;
	const int rc = hub_people_may_hide(b->people, b->a, &who, &yes, b->err);

	if (rc || !yes)
		return rc;
	b->known[b->out->n_known++] = (struct hub_text_person){.id = p->id, .hides = 1};
	const struct hub_str at = hub_arena_printf(b->a, "a%.*s", HUB_FMT(p->address)),
			     by = hub_arena_printf(b->a, "t%.*s", HUB_FMT(p->phone));
	if (!b->told && !(b->told = hub_map_new(b->a)))
		return hub_fail_mem(b->err);
	return !at.ptr || !by.ptr || (at.len > 1 && hub_map_put(b->told, at, 1)) ||
		       (by.len > 1 && hub_map_put(b->told, by, 1))
		   ? hub_fail_mem(b->err)
		   : HUB_OK;
}

/* People that the client's relations name: persons of the store, or only a name. */
static int read_relations(struct build *b, int64_t row)
{
	static const char names[] = "other_name, other_kana, other_phone, other_address";
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err,
			      "SELECT id, other_person_id, relation_code, relation, other_name,"
			      " other_kana, other_phone, other_address FROM cc_relationship"
			      " WHERE person_id = ? ORDER BY id",
			      "i", row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK) {
		struct hub_str v[6];
		for (uint32_t i = 0; i < 6; i++)
			v[i] = hub_db_dup(b->a, q, i + 2);
		const struct hub_str relation = v[0].len ? v[0] : v[1];
		const int64_t id = hub_db_int(q, 0), other = hub_db_int(q, 1);
		if (other) {
			rc = add_known(b, other, relation);
			continue;
		}
		if (v[2].len == 0 && v[3].len == 0)
			continue;
		struct hub_person *p =
		    new_person(b, hub_arena_printf(b->a, "r%lld", (long long)id), relation);
		if (p) {
			struct other o = {NULL, 0, 0};
			p->name = v[2];
			p->name_kana = v[3];
			p->phone = v[4];
			p->address = v[5];
			if (!(rc = add_hidden(b, p)))
				rc = read_changed(b, "relationship", names, id, &o);
			p->other = o.s;
			p->others = o.n;
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Who came in the client's place. */
static int read_visitors(struct build *b, int64_t row)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err,
			      "SELECT id, visitor_name, visitor_phone FROM cc_intake WHERE"
			      " person_id = ? AND visitor_name IS NOT NULL ORDER BY id",
			      "i", row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK) {
		struct hub_person *p = new_person(
		    b, hub_arena_printf(b->a, "v%lld", (long long)hub_db_int(q, 0)), HUB_STR(""));
		if (p) {
			p->name = hub_db_dup(b->a, q, 1);
			p->phone = hub_db_dup(b->a, q, 2);
			rc = add_hidden(b, p);
		}
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* Relation of one row of a member as a form says it. */
static int relation_on_form(struct build *b, int64_t member, struct hub_str *relation)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err,
			      "SELECT relation_code FROM cc_household_member WHERE person_id = ?"
			      " AND relation_code IS NOT NULL ORDER BY id",
			      "i", member);

	if (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK)
		*relation = hub_db_dup(b->a, q, 0);
	return rc == HUB_END ? HUB_OK : rc;
}

/* Whom one row of the client lives with, by the registry. */
struct mates {
	struct hub_housemate *one;
	uint32_t n;
};

static int read_mates(struct build *b, struct hub_arena *a, const struct hub_person_facts *client,
		      const struct mates **out)
{
	struct mates *m = hub_alloc_array(a, client->n_rows + 1u, sizeof *m);
	int rc = m ? HUB_OK : hub_fail_mem(b->err);

	for (uint32_t i = 0; i < client->n_rows && !rc; i++)
		rc = hub_housemates(a, b->db, client->rows[i], &m[i].one, &m[i].n, b->err);
	*out = m;
	return rc;
}

/* Else what the registry says: its 続柄 count from the 世帯主, and are turned to the client's side. */
static struct hub_str relation_in_registry(const struct mates *m, int64_t member)
{
	for (uint32_t i = 0; i < m->n; i++)
		if (m->one[i].person == member)
			return m->one[i].word;
	return HUB_STR("");
}

/* Relation of a household member as seen from the client, if the store knows it. */
static int read_member(struct build *b, int64_t member, const struct hub_person_facts *client,
		       const struct mates *mates)
{
	const struct hub_person_facts *f;
	struct hub_str relation = {"", 0};
	int rc = hub_people_get(b->people, member, &f, b->err);

	if (rc)
		return rc;
	for (uint32_t k = 0; k < f->n_rows && relation.len == 0 && !rc; k++)
		rc = relation_on_form(b, f->rows[k], &relation);
	for (uint32_t k = 0; k < f->n_rows; k++)
		for (uint32_t c = 0; c < client->n_rows && relation.len == 0; c++)
			relation = relation_in_registry(&mates[c], f->rows[k]);
	/* somebody else of the household is not 本人, whatever that row says */
	return rc ? rc
		  : add_known(b, member,
			      hub_str_is(relation, "self") ? HUB_STR("")
							   : hub_arena_str(b->a, relation));
}

static int read_members(struct build *b, const struct hub_person_facts *client)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct mates *mates = NULL;
	int rc = a ? HUB_OK : hub_fail_mem(b->err);

	if (!rc && client->n_household > 1)
		rc = read_mates(b, a, client, &mates);
	for (uint32_t i = 1; i < client->n_household && !rc; i++)
		rc = read_member(b, client->members[i], client, mates);
	return rc;
}

/* Who shared a household with the client and does not any more. */
static int read_former_mates(struct build *b, int64_t row)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    b->db, &q, b->err,
	    /* households by an index each: a list of homes made PostgreSQL read all people for each client */
	    "SELECT o.id FROM cc_person m JOIN cc_person o ON o.household_id = m.household_id"
	    " WHERE m.id = ? UNION"
	    " SELECT o.id FROM former m JOIN cc_person o ON o.household_id = m.household_id"
	    " WHERE m.person_id = ? UNION"
	    " SELECT o.person_id FROM cc_person m JOIN former o ON o.household_id = m.household_id"
	    " WHERE m.id = ? UNION"
	    " SELECT o.person_id FROM former m JOIN former o ON o.household_id = m.household_id"
	    " WHERE m.person_id = ? ORDER BY 1",
	    "iiii", row, row, row, row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK)
		rc = add_known(b, hub_db_int(q, 0), HUB_STR(""));
	return rc == HUB_END ? HUB_OK : rc;
}

/* Staff are known by their names in the case's records. */
static int read_staff(struct build *b, const char *sql, int64_t row)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(b->db, &q, b->err, sql, "i", row);

	while (!rc && (rc = hub_db_next(q, b->err)) == HUB_OK) {
		const struct hub_str name = hub_db_dup(b->a, q, 0);
		if (name.len == 0)
			continue;
		struct hub_person *p = new_person(
		    b, hub_arena_printf(b->a, "s%016llx", (unsigned long long)hub_hash64(name)),
		    HUB_STR("職員"));
		if (p)
			p->name = name;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int merge_consents(struct build *b)
{
	struct hub_consent *all =
	    hub_alloc_array(b->a, (size_t)b->out->n_consents + 1, sizeof *all);
	uint32_t n = 0;

	if (!all)
		return hub_fail_mem(b->err);
	for (uint32_t i = 0; i < b->out->n_known; i++) {
		const struct hub_person_facts *f;
		int64_t identity;
		if (hub_parse_i64(b->known[i].id, INT64_MIN, INT64_MAX, &identity))
			continue;
		const int rc = hub_people_get(b->people, identity, &f, b->err);
		if (rc)
			return rc;
		if (f->n_consents)
			memcpy(all + n, f->consents, f->n_consents * sizeof *all);
		n += f->n_consents;
	}
	b->out->consents = all;
	return HUB_OK;
}

/* People of the store, whom the gate knows, before those whom only a line names: a visitor may be the mother. */
static void order(const struct hub_person *from, struct hub_roster *r, struct hub_person *to)
{
	static const char kinds[] = "0rvs";
	uint32_t n = 0;

	for (const char *k = kinds; *k; k++) {
		for (uint32_t i = 0; i < r->n; i++) {
			const char c = from[i].id.ptr[0];
			if (*k == '0' ? !strchr(kinds + 1, c) : c == *k)
				to[n++] = from[i];
		}
		r->in_store = *k == '0' ? n : r->in_store;
		r->outside = *k == 'v' ? n : r->outside;
	}
}

int hub_roster_read(struct hub_arena *a, struct hub_people *people, struct hub_db *db,
		    const struct hub_person_facts *client, struct hub_str version,
		    struct hub_roster *out, struct hub_err *err)
{
	static const char *const staff[] = {
	    "SELECT DISTINCT staff_name FROM cc_activity WHERE person_id = ? ORDER BY 1",
	    "SELECT DISTINCT staff_name FROM cc_case WHERE person_id = ? ORDER BY 1"};
	HUB_AUTO(arena) struct hub_arena *scratch = hub_arena_new(0);
	struct build b = {.a = a, .people = people, .db = db, .out = out, .err = err};
	int rc;

	*out = (struct hub_roster){0};
	if (!scratch)
		return hub_fail_mem(err);
	b.person = hub_alloc_array(scratch, MOST_PEOPLE, sizeof *b.person);
	b.seen = hub_map_new(scratch);
	b.known = hub_alloc_array(scratch, MOST_PEOPLE, sizeof *b.known);
	if (!b.person || !b.seen || !b.known)
		return hub_fail_mem(err);
	rc = add_known(&b, client->identity, HUB_STR("self"));
	for (uint32_t i = 0; i < client->n_rows && !rc; i++)
		if (!(rc = read_relations(&b, client->rows[i])))
			rc = read_visitors(&b, client->rows[i]);
	if (!rc)
		rc = read_members(&b, client);
	for (uint32_t i = 0; i < client->n_rows && !rc; i++)
		rc = read_former_mates(&b, client->rows[i]);
	for (uint32_t i = 0; i < client->n_rows && !rc; i++)
		for (size_t k = 0; k < HUB_COUNT(staff) && !rc; k++)
			rc = read_staff(&b, staff[k], client->rows[i]);
	if (rc || (rc = merge_consents(&b)))
		return rc;
	/* a case is remembered as long as its people are: by as much as they are, not by the most there may be */
	struct hub_person *person = hub_alloc_array(a, (size_t)out->n + 1, sizeof *person);
	struct hub_text_person *known = hub_alloc_array(a, (size_t)out->n_known + 1, sizeof *known);
	if (!person || !known)
		return hub_fail_mem(err);
	if (b.told && !(out->told = hub_refuges_new(a, b.told)))
		return hub_fail_mem(err);
	order(b.person, out, person);
	memcpy(known, b.known, out->n_known * sizeof *known);
	out->person = person;
	out->known = known;
	hub_roster_stamp(version, out->person, out->n, out->stamp);
	return HUB_OK;
}

struct hub_cast *hub_roster_cast(struct hub_arena *a, const struct hub_roster *r,
				 const struct hub_person_facts *client, struct hub_str key,
				 const struct hub_codes *relations)
{
	struct hub_cast *c = hub_cast_new(a, key, client->id, relations);

	for (uint32_t i = 0; c && i < r->n; i++) {
		const struct hub_person *p = &r->person[i];
		const int bad = is_staff(p->id) ? hub_cast_add_staff(c, p->id)
						: hub_cast_add(c, p->id, p->relation);
		if (bad)
			return NULL;
	}
	return c;
}
