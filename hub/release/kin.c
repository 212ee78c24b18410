#include "release/kin.h"

#include "base/map.h"

enum { ARENA_LIMIT = 1 << 30, SQL_LIMIT = 64 << 10 };

/* Nodes beside rows of entities: a household that is only a number. */
enum { BY_NUMBER = -1 };

struct ids {
	int64_t *id;
	size_t n, cap;
};

struct hub_kin {
	struct hub_arena *arena;
	struct hub_map *node; /* struct place -> node, of rows that are there or spoken of */
	uint32_t *up;         /* of a node: another one of its group, at the end itself */
	struct hub_hash *sum; /* of a node; once all is read, of its group at the root */
	size_t nodes, cap;
	struct ids *of; /* by entity */
	struct hub_hash agencies;
	const struct hub_entity_tables *tables;
	const struct hub_entity *person;
};

struct place {
	int64_t entity, id; /* no gaps: compared as bytes */
};

/* --- nodes ------------------------------------------------------------------------------------------- */

static int make_room(struct hub_kin *k)
{
	const size_t cap = k->cap ? 2 * k->cap : 1024;
	uint32_t *up = hub_alloc_array(k->arena, cap, sizeof *up);
	struct hub_hash *sum = hub_alloc_array(k->arena, cap, sizeof *sum);

	if (!up || !sum)
		return -1;
	if (k->nodes) {
		memcpy(up, k->up, k->nodes * sizeof *up);
		memcpy(sum, k->sum, k->nodes * sizeof *sum);
	}
	k->up = up;
	k->sum = sum;
	k->cap = cap;
	return 0;
}

/* UINT32_MAX: out of memory. */
static uint32_t node_of(struct hub_kin *k, int64_t entity, int64_t id)
{
	const struct place p = {entity, id};
	const struct hub_str key = {(const char *)&p, sizeof p};
	uint64_t at;

	if (hub_map_get(k->node, key, &at))
		return (uint32_t)at;
	if ((k->nodes == k->cap && make_room(k)) || hub_map_put(k->node, key, k->nodes))
		return UINT32_MAX;
	k->up[k->nodes] = (uint32_t)k->nodes;
	k->sum[k->nodes] = (struct hub_hash){0, 0};
	return (uint32_t)k->nodes++;
}

static uint32_t root_of(struct hub_kin *k, uint32_t at)
{
	while (k->up[at] != at) {
		k->up[at] = k->up[k->up[at]];
		at = k->up[at];
	}
	return at;
}

static int tie(struct hub_kin *k, uint32_t node, int64_t entity, int64_t id)
{
	const uint32_t other = node_of(k, entity, id);

	if (other == UINT32_MAX)
		return -1;
	k->up[root_of(k, other)] = root_of(k, node);
	return 0;
}

static void say(struct hub_kin *k, uint32_t node, struct hub_hash h)
{
	k->sum[node] = hub_hash_add(k->sum[node], h);
}

/* --- rows -------------------------------------------------------------------------------------------- */

static int counts(const struct hub_pcol *c)
{
	return c->kind != HUB_P_SPANS && c->kind != HUB_P_SCAN;
}

static const char *build_sql(struct hub_arena *a, const struct hub_entity_table *t)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, SQL_LIMIT);
	hub_buf_puts(&b, "SELECT c.id, r.feed_id, r.run_id, r.state");
	for (uint32_t i = 0; i < t->cols; i++)
		if (counts(&t->col[i]))
			hub_buf_printf(&b, ", c.%.*s", HUB_FMT(t->col[i].name));
	hub_buf_printf(&b, " FROM %.*s c LEFT JOIN record r ON r.id = c.record_id ORDER BY c.id",
		       HUB_FMT(t->name));
	return hub_buf_keep(&b, a).ptr;
}

static struct hub_hash hash_value(const struct hub_dbval *v, uint32_t at, struct hub_hash seed)
{
	const struct hub_str s = v->type == HUB_DB_NULL ? HUB_STR("")
				 : v->type == HUB_DB_INT
				     ? (struct hub_str){(const char *)&v->i, sizeof v->i}
				     : v->s;

	seed.hi += at + 1;
	seed.lo += (uint64_t)v->type;
	return hub_hash128(s, seed);
}

static int add_id(struct hub_kin *k, struct ids *l, int64_t id)
{
	int64_t *more = hub_alloc_more(k->arena, l->id, l->n, &l->cap, sizeof *more);

	if (!more)
		return -1;
	l->id = more;
	l->id[l->n++] = id;
	return 0;
}

/* What the row speaks of, and a household that its person shares by a number only. */
static int tie_value(struct hub_kin *k, const struct hub_pcol *c, uint32_t node, int64_t system,
		     const struct hub_dbval *v)
{
	const struct hub_field *f = c->kind == HUB_P_FIELD ? c->field : NULL;

	if (!f || v->type == HUB_DB_NULL)
		return 0;
	if (f->type == HUB_F_REF)
		return f->to->subject == HUB_SUBJECT_NONE ? 0 : tie(k, node, f->to->index, v->i);
	if (f->entity != k->person || !hub_str_is(f->name, "household_no"))
		return 0;
	const struct hub_hash seed = {(uint64_t)system, 0};
	return tie(k, node, BY_NUMBER, (int64_t)hub_hash128(v->s, seed).lo);
}

static int take_row(struct hub_kin *k, const struct hub_entity_table *t, struct hub_query *q)
{
	const struct hub_entity *e = t->entity;
	const int64_t id = hub_db_int(q, 0);
	struct hub_hash h = {e->index, (uint64_t)id};
	const int alone = e->subject == HUB_SUBJECT_NONE;
	const uint32_t node = node_of(k, e->index, id);
	int64_t system = 0;
	uint32_t at = 0;

	if (node == UINT32_MAX || add_id(k, &k->of[e->index], id))
		return -1;
	for (; at < 4; at++) {
		const struct hub_dbval v = hub_db_val(q, at);
		h = hash_value(&v, at, h);
	}
	for (uint32_t i = 0; i < t->cols; i++) {
		if (!counts(&t->col[i]))
			continue;
		const struct hub_dbval v = hub_db_val(q, at);
		h = hash_value(&v, at++, h);
		if (i == t->system)
			system = v.i;
		if (!alone && tie_value(k, &t->col[i], node, system, &v))
			return -1;
	}
	say(k, node, h);
	if (hub_str_is(e->name, "agency"))
		k->agencies = hub_hash_add(k->agencies, h);
	return 0;
}

static int read_entity(struct hub_kin *k, struct hub_db *db, const struct hub_entity_table *t,
		       struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const char *sql = build_sql(k->arena, t);
	int rc = sql ? hub_db_walk(db, &q, err, sql, "") : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (take_row(k, t, q))
			return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- what is recorded beside them -------------------------------------------------------------------- */

/* Columns: person; another row that it is tied to, or null; all else that counts. entity: of that row. */
static const struct {
	const char *entity, *sql;
} beside[] = {
    {"person", "SELECT person_id, identity FROM person_identity"},
    {"household", "SELECT person_id, household_id, kind, value, run_id FROM former"},
    {NULL, "SELECT c.person_id, NULL, c.id, c.recipient, c.category, c.purpose, c.status,"
	   " c.valid_from, c.valid_to, c.given_by, r.undone_by FROM consent_entry c"
	   " LEFT JOIN run r ON r.id = c.run_id"},
    {NULL, "SELECT person_id, NULL, id, what, actor, second, second_at, ended_at FROM "
	   "protection_act"},
};

static int take_beside(struct hub_kin *k, struct hub_query *q, const struct hub_entity *other,
		       uint32_t kind)
{
	const struct hub_dbval to = hub_db_val(q, 1);
	const uint32_t node = node_of(k, k->person->index, hub_db_int(q, 0));
	struct hub_hash h = {UINT32_MAX, kind};

	if (node == UINT32_MAX)
		return -1;
	for (uint32_t i = 0; i < q->ops->columns(q); i++) {
		const struct hub_dbval v = hub_db_val(q, i);
		h = hash_value(&v, i, h);
	}
	say(k, node, h);
	return other && to.type != HUB_DB_NULL ? tie(k, node, other->index, to.i) : 0;
}

static int read_beside(struct hub_kin *k, struct hub_db *db, const struct hub_schema *schema,
		       uint32_t kind, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const char *name = beside[kind].entity;
	const struct hub_entity *other = name ? hub_schema_entity(schema, hub_str_of(name)) : NULL;
	int rc = hub_db_walk(db, &q, err, beside[kind].sql, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (take_beside(k, q, other, kind))
			return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

static int read_corrections(struct hub_kin *k, struct hub_db *db, const struct hub_schema *schema,
			    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_walk(db, &q, err, "SELECT entity, row_id, id, ended_at FROM correction", "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_entity *e = hub_schema_entity(schema, hub_db_str(q, 0));
		const struct hub_dbval ended = hub_db_val(q, 3);
		const struct hub_hash h = {UINT32_MAX - 1, (uint64_t)hub_db_int(q, 2)};
		const uint32_t node = e ? node_of(k, e->index, hub_db_int(q, 1)) : 0;
		if (node == UINT32_MAX)
			return hub_fail_mem(err);
		if (e)
			say(k, node, hash_value(&ended, 0, h));
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- all --------------------------------------------------------------------------------------------- */

static int read_all(struct hub_kin *k, struct hub_db *db, const struct hub_schema *schema,
		    struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < k->tables->n && !rc; i++)
		rc = read_entity(k, db, &k->tables->table[i], err);
	for (uint32_t i = 0; i < HUB_COUNT(beside) && !rc; i++)
		rc = read_beside(k, db, schema, i, err);
	return rc ? rc : read_corrections(k, db, schema, err);
}

/* Each node then leads to its root in one step. */
static void close_groups(struct hub_kin *k)
{
	for (uint32_t i = 0; i < k->nodes; i++) {
		const uint32_t root = root_of(k, i);
		if (root != i)
			k->sum[root] = hub_hash_add(k->sum[root], k->sum[i]);
	}
	for (uint32_t i = 0; i < k->nodes; i++)
		k->up[i] = root_of(k, i);
}

int hub_kin_read(struct hub_db *db, const struct hub_schema *schema,
		 const struct hub_entity_tables *tables, struct hub_kin **out, struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(ARENA_LIMIT);
	struct hub_kin *k = a ? hub_alloc0(a, sizeof *k) : NULL;
	const int own = !db->in_txn;

	if (!k || !(k->of = hub_alloc_array(a, tables->n + 1, sizeof *k->of)) ||
	    !(k->node = hub_map_new(a))) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	k->arena = a;
	k->tables = tables;
	k->person = hub_schema_entity(schema, HUB_STR("person"));
	int rc = own ? db->ops->begin(db, HUB_DB_READ, err) : HUB_OK;
	if (!rc)
		rc = read_all(k, db, schema, err);
	if (own && db->in_txn)
		rc = hub_db_end(db, rc, err);
	if (rc) {
		hub_kin_free(k);
		return rc;
	}
	close_groups(k);
	*out = k;
	return HUB_OK;
}

void hub_kin_free(struct hub_kin *k)
{
	if (k)
		hub_arena_free(k->arena);
}

uint32_t hub_kin_groups(const struct hub_kin *k)
{
	return (uint32_t)k->nodes;
}

uint32_t hub_kin_group(const struct hub_kin *k, const struct hub_entity *e, int64_t row)
{
	const struct place p = {e->index, row};
	uint64_t at;

	return hub_map_get(k->node, (struct hub_str){(const char *)&p, sizeof p}, &at) ? k->up[at]
										       : UINT32_MAX;
}

int hub_kin_is_group(const struct hub_kin *k, uint32_t group)
{
	return k->up[group] == group;
}

struct hub_hash hub_kin_sum(const struct hub_kin *k, uint32_t group)
{
	return k->sum[group];
}

struct hub_hash hub_kin_agencies(const struct hub_kin *k)
{
	return k->agencies;
}

const struct hub_entity *hub_kin_person(const struct hub_kin *k)
{
	return k->person;
}

const int64_t *hub_kin_rows(const struct hub_kin *k, const struct hub_entity *e, size_t *n)
{
	*n = k->of[e->index].n;
	return k->of[e->index].id;
}
