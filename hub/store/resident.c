#include "store/resident_in.h"

#include "base/clock.h"
#include "store/past.h"
#include "store/read.h"
#include "store/writer.h"

#include <stdlib.h>

/* Fields of cc_person that older texts may speak of, and how they are kept. The order is that of the
 * statement that reads them. */
static const struct {
	const char *field, *former;
} kept[] = {
    {"name", "name"},
    {"name_kana", "kana"},
    {"family_name", "name"},
    {"given_name", "name"},
    {"family_kana", "kana"},
    {"given_kana", "kana"},
    {"former_family_name", "name"},
    {"alias_name", "name"},
    {"alias_name_kana", "kana"},
    {"name_roman", "name"},
    {"name_foreign_kanji", "name"},
    {"address", "address"},
};
enum { NAMES = 11, ADDRESS = 11, KEPT = 12 };

/* One person before the run, as far as the run changed it. */
struct hub_was {
	int64_t person, household;
	struct hub_str field[KEPT], death_on, state, relation;
	uint8_t has_person, has_state, has_relation;
};

struct now {
	int64_t household;
	struct hub_str field[KEPT], death_on, state, relation, moved_on, left_on;
};

static const struct hub_resident_kind kinds[] = {
    {"death", "state", "死亡", "同意は死亡の日までで切れている。プラン・予定・終結を見直す",
     "世帯の状況と支援の役割を見直す"},
    {"moved_out", "state", "転出", "支援の引継ぎと同意を見直す。転出先は提供しない",
     "世帯の状況を見直す"},
    {"removed", "state", "消除", "住民記録から消えた理由を確かめる", "世帯の状況を見直す"},
    {"returned", "state", "再び住民", "住民の状態を確かめる", "世帯の状況を見直す"},
    {"name", "name", "氏名の変更", "旧い氏名は本文の検出のために残る", "関係者の氏名を確かめる"},
    {"address", "address", "住所の変更", "住所・学区・担当を見直す", "世帯の状況を見直す"},
    {"split", "household", "世帯分離", "世帯の範囲と同意の及ぶ人を見直す", "世帯の範囲を見直す"},
    {"merge", "household", "世帯合併", "世帯の範囲と同意の及ぶ人を見直す", "世帯の範囲を見直す"},
    {"household", "household", "世帯変更", "世帯の範囲と同意の及ぶ人を見直す",
     "世帯の範囲を見直す"},
    {"joined", "household", "世帯に加わった人", "世帯の範囲を見直す",
     "世帯の範囲と、関係を確かめる"},
    {"relation", "relation", "続柄・世帯主の変更", "続柄を確かめる", "続柄を確かめる"},
};

const struct hub_resident_kind *hub_resident_kind(struct hub_str name)
{
	for (size_t i = 0; i < HUB_COUNT(kinds); i++)
		if (hub_str_is(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

const char *hub_resident_word(struct hub_str kind)
{
	const struct hub_resident_kind *k = hub_resident_kind(kind);

	return k ? k->word : "";
}

/* --- what the rows were ------------------------------------------------------------------------------- */

static struct hub_was *before_of(struct hub_residents *t, int64_t person)
{
	uint64_t at;

	if (hub_map_get(t->was, hub_id_key(&person), &at))
		return &t->list[at];
	struct hub_was *more = hub_alloc_more(t->a, t->list, t->n, &t->cap, sizeof *more);
	if (!more || hub_map_put(t->was, hub_id_key(&person), t->n))
		return NULL;
	t->list = more;
	t->list[t->n] = (struct hub_was){.person = person};
	return &t->list[t->n++];
}

static int64_t image_int(struct hub_str image, const char *column)
{
	struct hub_str name;
	struct hub_dbval v;

	while (hub_image_next(&image, &name, &v) > 0)
		if (hub_str_is(name, column))
			return v.i;
	return 0;
}

static struct hub_str image_text(struct hub_residents *t, struct hub_str image, const char *column)
{
	struct hub_str name;
	struct hub_dbval v;

	while (hub_image_next(&image, &name, &v) > 0)
		if (hub_str_is(name, column) && v.s.ptr)
			return hub_arena_str(t->a, v.s);
	return (struct hub_str){"", 0};
}

static int take_image(struct hub_residents *t, struct hub_str entity, int64_t row,
		      struct hub_str image)
{
	const int is_person = hub_str_is(entity, "person");
	const int64_t person = is_person ? row : image_int(image, "person_id");
	struct hub_was *b = person ? before_of(t, person) : NULL;

	if (!person)
		return 0;
	if (!b)
		return -1;
	if (is_person) {
		b->has_person = 1;
		b->household = image_int(image, "household_id");
		b->death_on = image_text(t, image, "death_on");
		for (size_t i = 0; i < KEPT; i++)
			b->field[i] = image_text(t, image, kept[i].field);
	} else if (hub_str_is(entity, "residence")) {
		b->has_state = 1;
		b->state = image_text(t, image, "resident_state");
	} else {
		b->has_relation = 1;
		b->relation = image_text(t, image, "relation");
	}
	return 0;
}

static int read_before(struct hub_residents *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(t->db, &q, t->err,
			 "SELECT entity, row_id, before FROM history WHERE run_id = ? AND op < 3"
			 " AND entity IN ('person', 'residence', 'household_member')"
			 " ORDER BY id",
			 "i", t->run);

	while (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK)
		if (take_image(t, hub_db_str(q, 0), hub_db_int(q, 1), hub_db_str(q, 2)))
			rc = hub_fail_mem(t->err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_now(struct hub_residents *t, int64_t person, struct now *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(query) struct hub_query *r = NULL;
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT name, name_kana, family_name, given_name, family_kana,"
			      " given_kana, former_family_name, alias_name, alias_name_kana,"
			      " name_roman, name_foreign_kanji, address, death_on, household_id"
			      " FROM cc_person WHERE id = ?",
			      "i", person);

	*out = (struct now){0};
	if (rc || (rc = hub_db_next(q, t->err)))
		return rc;
	for (uint32_t i = 0; i < KEPT; i++)
		out->field[i] = hub_db_dup(t->one, q, i);
	out->death_on = hub_db_dup(t->one, q, KEPT);
	out->household = hub_db_int(q, KEPT + 1);
	if ((rc = hub_db_query(t->db, &r, t->err,
			       "SELECT r.resident_state, r.move_on, coalesce(r.moveout_on,"
			       " r.removed_on, r.move_on), m.relation FROM cc_person p"
			       " LEFT JOIN cc_residence r ON r.person_id = p.id"
			       " LEFT JOIN cc_household_member m ON m.person_id = p.id"
			       " WHERE p.id = ? ORDER BY r.id DESC, m.id DESC",
			       "i", person)) ||
	    (rc = hub_db_next(r, t->err)))
		return rc;
	out->state = hub_db_dup(t->one, r, 0);
	out->moved_on = hub_db_dup(t->one, r, 1);
	out->left_on = hub_db_dup(t->one, r, 2);
	out->relation = hub_db_dup(t->one, r, 3);
	return HUB_OK;
}

/* --- events ------------------------------------------------------------------------------------------- */

/* The last event of the same area that still stands, if what it changed is now as it was before it. */
static int find_reversed(struct hub_residents *t, struct hub_happened *e, struct hub_str now)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT id, kind, before FROM resident_event WHERE person_id = ?"
			      " AND area = ? AND reverses IS NULL AND reversed_by IS NULL"
			      " ORDER BY id DESC LIMIT 1",
			      "iz", e->person, e->kind->area);

	if (rc || (rc = hub_db_next(q, t->err)))
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_resident_kind *k = hub_resident_kind(hub_db_str(q, 1));
	if (k && hub_str_eq(hub_db_str(q, 2), now)) {
		e->kind = k;
		e->reverses = hub_db_int(q, 0);
	}
	return HUB_OK;
}

/* before: what comes back when it is taken back, a word or a hash, no value; now: what it has become, in the same
 * form. */
static int add_event(struct hub_residents *t, int64_t person, const char *kind, struct hub_str on,
		     struct hub_str before, struct hub_str now)
{
	struct hub_happened e = {.person = person,
				 .kind = hub_resident_kind(hub_str_of(kind)),
				 .on = on.len ? on : (struct hub_str){NULL, 0}};
	int rc = find_reversed(t, &e, now);

	const struct hub_dbval reverses = {
	    e.reverses ? HUB_DB_INT : HUB_DB_NULL, e.reverses, {NULL, 0}};
	if (rc ||
	    (rc = hub_db_run(t->db, t->err,
			     "INSERT INTO resident_event (run_id, person_id, kind, area,"
			     " happened_on, before, reverses, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			     "iizzttvi", t->run, person, e.kind->name, e.kind->area, e.on, before,
			     &reverses, hub_now())) ||
	    (rc = hub_db_one(t->db, &e.id, t->err, "SELECT max(id) FROM resident_event", "")))
		return rc;
	if (e.reverses && (rc = hub_db_run(t->db, t->err,
					   "UPDATE resident_event SET reversed_by = ? WHERE id = ?",
					   "ii", e.id, e.reverses)))
		return rc;
	return hub_resident_tasks(t, &e);
}

/* --- one person --------------------------------------------------------------------------------------- */

static struct hub_str hash_of(struct hub_residents *t, const struct hub_str *field, uint32_t n)
{
	struct hub_hash h = {0, 0};

	for (uint32_t i = 0; i < n; i++)
		h = hub_hash128(field[i], h);
	return hub_arena_printf(t->one, "%016llx", (unsigned long long)h.lo);
}

static int keep(struct hub_residents *t, int64_t person, const char *kind, struct hub_str value,
		int64_t household)
{
	const struct hub_dbval home = {household ? HUB_DB_INT : HUB_DB_NULL, household, {NULL, 0}};

	return hub_db_run(t->db, t->err,
			  "INSERT INTO former (person_id, kind, value, household_id, run_id)"
			  " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
			  "iztvi", person, kind, value, &home, t->run);
}

/* Old names and addresses stand in old texts. */
static int keep_former(struct hub_residents *t, const struct hub_was *b, const struct now *now)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < KEPT && !rc; i++)
		if (b->field[i].len && !hub_str_eq(b->field[i], now->field[i]))
			rc = keep(t, b->person, kept[i].former, b->field[i], 0);
	if (!rc && b->household && b->household != now->household)
		rc = keep(t, b->person, "household",
			  hub_arena_printf(t->one, "%lld", (long long)b->household), b->household);
	return rc;
}

static int fields_differ(const struct hub_was *b, const struct now *now, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (!hub_str_eq(b->field[i], now->field[i]))
			return 1;
	return 0;
}

/* A registry without 住民状態 tells the dead by their date. */
static struct hub_str state_of(struct hub_str state, struct hub_str death_on)
{
	if (state.len)
		return state;
	return death_on.len ? HUB_STR("dead") : HUB_STR("resident");
}

static int tell_state(struct hub_residents *t, const struct hub_was *b, const struct now *now)
{
	const struct hub_str death = b->has_person ? b->death_on : now->death_on;
	const struct hub_str was = state_of(b->has_state ? b->state : now->state, death),
			     is = state_of(now->state, now->death_on);

	if (hub_str_eq(was, is))
		return HUB_OK;
	if (hub_str_is(is, "dead"))
		return add_event(t, b->person, "death",
				 now->death_on.len ? now->death_on : now->moved_on, was, is);
	if (hub_str_is(is, "moved_out"))
		return add_event(t, b->person, "moved_out", now->left_on, was, is);
	if (hub_str_is(is, "resident"))
		return add_event(t, b->person, "returned", now->moved_on, was, is);
	return add_event(t, b->person, "removed", now->left_on, was, is);
}

/* Others of a household, by how they came to be there. */
struct home {
	uint32_t stayed, came, fresh; /* fresh: the store did not know them before this run */
};

static int by_id(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int is_fresh(const struct hub_residents *t, int64_t person)
{
	return t->n_fresh && bsearch(&person, t->fresh, t->n_fresh, sizeof person, by_id);
}

static int has_come(const struct hub_residents *t, int64_t person, int64_t household)
{
	uint64_t at;

	return hub_map_get(t->was, hub_id_key(&person), &at) && t->list[at].has_person &&
	       t->list[at].household != household;
}

static int look_home(struct hub_residents *t, int64_t household, int64_t person, struct home *out)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT id FROM cc_person WHERE household_id = ? AND id <> ?", "ii",
			      household, person);

	*out = (struct home){0};
	while (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		if (is_fresh(t, id))
			out->fresh++;
		else if (has_come(t, id, household))
			out->came++;
		else
			out->stayed++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int tell_household(struct hub_residents *t, const struct hub_was *b, const struct now *now)
{
	const char *kind = "household";
	struct home old, new;
	int rc = look_home(t, now->household, b->person, &new);

	if (!rc)
		rc = look_home(t, b->household, b->person, &old);
	if (rc)
		return rc;
	const int met = new.stayed + new.fresh > 0, parted = old.stayed > 0;
	if (parted && !met)
		kind = "split";
	else if (met && !parted)
		kind = "merge";
	return add_event(t, b->person, kind, now->moved_on,
			 hub_arena_printf(t->one, "%lld", (long long)b->household),
			 hub_arena_printf(t->one, "%lld", (long long)now->household));
}

static int tell_person(struct hub_residents *t, const struct hub_was *b)
{
	struct now now;
	int rc = read_now(t, b->person, &now);

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	if ((rc = tell_state(t, b, &now)))
		return rc;
	const int moved = b->has_person && b->household && b->household != now.household;
	if (b->has_person && (rc = keep_former(t, b, &now)))
		return rc;
	if (b->has_person && fields_differ(b, &now, 0, NAMES) &&
	    (rc = add_event(t, b->person, "name", now.moved_on, hash_of(t, b->field, NAMES),
			    hash_of(t, now.field, NAMES))))
		return rc;
	if (b->has_person && fields_differ(b, &now, ADDRESS, KEPT) &&
	    (rc = add_event(t, b->person, "address", now.moved_on,
			    hash_of(t, b->field + ADDRESS, 1), hash_of(t, now.field + ADDRESS, 1))))
		return rc;
	if (moved && (rc = tell_household(t, b, &now)))
		return rc;
	if (!moved && b->has_relation && !hub_str_eq(b->relation, now.relation))
		rc = add_event(t, b->person, "relation", now.moved_on, hash_of(t, &b->relation, 1),
			       hash_of(t, &now.relation, 1));
	return rc;
}

/* People the run brought: where others lived before it and live still, somebody has joined them. */
static int tell_joined(struct hub_residents *t, int64_t person)
{
	struct home home;
	struct now now;
	int rc = read_now(t, person, &now);

	if (rc || !now.household)
		return rc == HUB_END ? HUB_OK : rc;
	if ((rc = look_home(t, now.household, person, &home)) || !home.stayed)
		return rc;
	return add_event(t, person, "joined", now.moved_on, HUB_STR(""), HUB_STR("joined"));
}

static int read_fresh(struct hub_residents *t)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(t->db, &q, t->err,
			      "SELECT p.id FROM cc_person p JOIN record r ON r.id = p.record_id"
			      " WHERE r.run_id = ? AND NOT EXISTS (SELECT 1 FROM history h"
			      " WHERE h.run_id = r.run_id AND h.entity = '' AND h.row_id = r.id)"
			      " AND NOT EXISTS (SELECT 1 FROM history h WHERE h.run_id = r.run_id"
			      " AND h.entity = 'person' AND h.row_id = p.id) ORDER BY p.id",
			      "i", t->run);

	while (!rc && (rc = hub_db_next(q, t->err)) == HUB_OK) {
		t->fresh = hub_alloc_more(t->a, t->fresh, t->n_fresh, &cap, sizeof *t->fresh);
		if (!t->fresh)
			return hub_fail_mem(t->err);
		t->fresh[t->n_fresh++] = hub_db_int(q, 0);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* A schema without the registry's fields has no events. */
static int has_fields(const struct hub_store *s)
{
	static const struct {
		const char *entity, *field;
	} needed[] = {{"person", "death_on"},          {"person", "household"},
		      {"residence", "resident_state"}, {"household_member", "relation"},
		      {"task", "task_title"},          {"protection", "protection_state"}};

	for (size_t i = 0; i < HUB_COUNT(needed); i++) {
		const struct hub_entity *e =
		    hub_schema_entity(s->schema, hub_str_of(needed[i].entity));
		if (!e || !hub_schema_field(e, hub_str_of(needed[i].field)))
			return 0;
	}
	return 1;
}

int hub_residents_settle(struct hub_store *s, int64_t run, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new((size_t)1 << 30);
	HUB_AUTO(arena) struct hub_arena *one = hub_arena_new(0);
	struct hub_residents t = {.db = s->db,
				  .a = a,
				  .one = one,
				  .run = run,
				  .was = a ? hub_map_new(a) : NULL,
				  .err = err};
	int rc = t.was && one ? HUB_OK : hub_fail_mem(err);

	if (!rc && has_fields(s)) {
		if (!(rc = read_before(&t)))
			rc = read_fresh(&t);
		/* each of them is asked for with household, cases and former events */
		if (!rc && (t.n || t.n_fresh))
			rc = hub_tables_index(s->db, s->schema, err);
		for (size_t i = 0; i < t.n && !rc; i++, hub_arena_reset(one))
			rc = tell_person(&t, &t.list[i]);
		for (size_t i = 0; i < t.n_fresh && !rc; i++, hub_arena_reset(one))
			rc = tell_joined(&t, t.fresh[i]);
	}
	return rc ? rc : hub_past_keep(s, run, err);
}
