#include "intake/lookup.h"

#include "intake/map.h"
#include "intake/people.h"
#include "plugin/batch.h"
#include "plugin/host.h"
#include "store/db.h"
#include "text/number.h"

/* Ways to know a person, and to know a household. */
enum way { WAY_ATENA = 0, WAY_INSURED, WAY_PERSON, WAY_HOUSEHOLD, WAY_STORED };

struct hub_lookup {
	struct hub_map *known; /* way + text */
	struct hub_arena *arena;
};

/* The operations of a mapping that tell who a record is about. */
struct probe {
	uint32_t atena, insured, name, birth, household;
};

/* Also what a registry said about them before: a name may have changed since. */
static const char persons[] =
    "SELECT DISTINCT coalesce(p.atena_no, ''), coalesce(p.ltc_insured_no, ''),"
    " coalesce(p.name, ''), coalesce(p.birth_date, ''), coalesce(run.lookup, 0)"
    " FROM cc_person p LEFT JOIN record r ON r.id = p.record_id"
    " LEFT JOIN run ON run.id = r.run_id WHERE p.id IN"
    " (SELECT c.person_id FROM cc_case c UNION"
    "  SELECT other.person_id FROM cc_case c"
    "  JOIN person_identity mine ON mine.person_id = c.person_id"
    "  JOIN person_identity other ON other.identity = mine.identity)"
    " ORDER BY 1, 2, 3, 4, 5";

/* Who lives with them, as the store knows it, and they themselves: for a feed that says nothing of
 * households (支援措置). A registry's rows count here: what it has brought makes the same file another
 * run, for somebody new in a household may have been protected for long. */
static const char mates[] =
    "WITH linked(id) AS (SELECT c.person_id FROM cc_case c UNION"
    "  SELECT other.person_id FROM cc_case c"
    "  JOIN person_identity mine ON mine.person_id = c.person_id"
    "  JOIN person_identity other ON other.identity = mine.identity)"
    "SELECT DISTINCT coalesce(p.atena_no, ''), coalesce(p.ltc_insured_no, ''),"
    " coalesce(p.name, ''), coalesce(p.birth_date, ''), 0 FROM cc_person p"
    " WHERE p.id IN (SELECT id FROM linked) OR p.household_id IN"
    " (SELECT household_id FROM cc_person WHERE id IN (SELECT id FROM linked))"
    " ORDER BY 1, 2, 3, 4";

/* Whom a registry has brought before. Who has left the household of a client since is still one of those
 * that its case speaks of, and must not stay in that household here; but those who live with them now
 * are nobody's business. Where they live now is known here, and so must be whether anybody may say so. */
static const char stored[] =
    "SELECT DISTINCT p.atena_no FROM cc_person p JOIN record r ON r.id = p.record_id"
    " JOIN run ON run.id = r.run_id WHERE run.lookup = 1 AND p.atena_no IS NOT NULL"
    " ORDER BY 1";

/* A number that a spreadsheet took the zeros of is the same number. */
static struct hub_str key_of(char *to, size_t cap, enum way way, struct hub_str text)
{
	while ((way == WAY_ATENA || way == WAY_STORED) && text.len > 1 && text.ptr[0] == '0')
		text = hub_str_from(text, 1);
	if (text.len + 1 > cap)
		text.len = cap - 1;
	to[0] = (char)('0' + way);
	memcpy(to + 1, text.ptr, text.len);
	return (struct hub_str){to, text.len + 1};
}

/* A number that says who: 不明 or 0000000000 would fetch everybody else without one. */
static int says_who(enum way way, struct hub_str text)
{
	return text.len > 0 && (way == WAY_PERSON || !hub_number_is_nobodys(text));
}

static int learn(struct hub_lookup *l, enum way way, struct hub_str text)
{
	char key[256];

	return says_who(way, text) ? hub_map_put(l->known, key_of(key, sizeof key, way, text), 1)
				   : 0;
}

static int knows(const struct hub_lookup *l, enum way way, struct hub_str text)
{
	char key[256];
	uint64_t one;

	return says_who(way, text) &&
	       hub_map_get(l->known, key_of(key, sizeof key, way, text), &one);
}

static struct hub_str match_text(char out[8], uint64_t match)
{
	memcpy(out, &match, sizeof match);
	return (struct hub_str){out, match ? sizeof match : 0};
}

static int learn_person(struct hub_lookup *l, struct hub_arena *tmp, struct hub_query *q,
			struct hub_sha *sha)
{
	char bits[8];

	hub_arena_reset(tmp);
	/* a registry's own rows do not make its file another run */
	for (uint32_t c = 0; c < 4 && !hub_db_int(q, 4); c++) {
		const struct hub_str s = hub_db_str(q, c);
		hub_sha_add(sha, s.ptr, s.len);
		hub_sha_add(sha, "", 1);
	}
	const uint64_t match = hub_person_match(tmp, hub_db_str(q, 2), hub_db_str(q, 3));
	return learn(l, WAY_ATENA, hub_db_str(q, 0)) | learn(l, WAY_INSURED, hub_db_str(q, 1)) |
	       learn(l, WAY_PERSON, match_text(bits, match));
}

static int learn_all(struct hub_lookup *l, struct hub_store *s, const char *sql,
		     struct hub_arena *tmp, struct hub_sha *sha, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(s), &q, err, sql, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (learn_person(l, tmp, q, sha))
			rc = hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* sha: NULL when they do not make the same file another run. */
static int learn_stored(struct hub_lookup *l, struct hub_store *s, struct hub_sha *sha,
			struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(s), &q, err, stored, "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str atena = hub_db_str(q, 0);
		if (sha) {
			hub_sha_add(sha, atena.ptr, atena.len);
			hub_sha_add(sha, "", 1);
		}
		if (learn(l, WAY_STORED, atena))
			rc = hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* --- records ---------------------------------------------------------------------------------- */

static uint32_t op_of(const struct hub_mapblock *b, const char *field)
{
	for (uint32_t i = 0; i < b->n; i++)
		if (hub_str_is(b->field[i].field->name, field))
			return b->field[i].op;
	return HUB_NO_OP;
}

/* The first block of persons: whom the record is about. */
static struct probe probe_of(const struct hub_mapping *m)
{
	struct probe p = {HUB_NO_OP, HUB_NO_OP, HUB_NO_OP, HUB_NO_OP, HUB_NO_OP};

	for (uint32_t i = 0; i < m->info.blocks; i++) {
		const struct hub_mapblock *b = &m->block[i];
		if (!hub_str_is(b->entity->name, "person") || b->domain != 0)
			continue;
		p = (struct probe){op_of(b, "atena_no"), op_of(b, "ltc_insured_no"),
				   op_of(b, "name"), op_of(b, "birth_date"),
				   op_of(b, "household_no")};
		break;
	}
	for (uint32_t i = 0; i < m->info.blocks && p.household == HUB_NO_OP; i++)
		if (hub_str_is(m->block[i].entity->name, "household") && m->block[i].domain == 0)
			p.household = op_of(&m->block[i], "household_no");
	return p;
}

static int says_protection(const struct hub_mapping *m)
{
	for (uint32_t i = 0; i < m->info.blocks; i++)
		if (hub_str_is(m->block[i].entity->name, "protection"))
			return 1;
	return 0;
}

int hub_lookup_load(struct hub_arena *a, struct hub_store *s, const struct hub_bound *b,
		    struct hub_lookup **out, char *hash, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct hub_lookup *l = hub_alloc0(a, sizeof *l);
	struct hub_sha *sha = hub_sha_new();
	uint8_t sum[HUB_SHA256];
	int rc = HUB_OK;

	if (l) {
		l->arena = a;
		l->known = hub_map_new(a);
	}
	if (!tmp || !l || !l->known || !sha)
		rc = hub_fail_mem(err);
	if (!rc)
		rc = learn_all(l, s, persons, tmp, sha, err);
	if (!rc && says_protection(b->m))
		rc = learn_stored(l, s, sha, err);
	if (!rc)
		rc = probe_of(b->m).household == HUB_NO_OP ? learn_all(l, s, mates, tmp, sha, err)
							   : learn_stored(l, s, NULL, err);
	if (sha && hub_sha_end(sha, rc ? NULL : sum) && !rc)
		rc = hub_fail(err, HUB_FATAL, "crypto", "SHA-256 failed");
	if (rc)
		return rc;
	hub_hex(sum, sizeof sum, hash);
	*out = l;
	return HUB_OK;
}

static int run_probe(struct hub_mapexec *x, const struct probe *p, struct hub_err *err)
{
	const uint32_t ops[] = {p->atena, p->insured, p->name, p->birth, p->household};
	int rc = HUB_OK;

	hub_mapexec_select(x);
	for (size_t i = 0; i < HUB_COUNT(ops) && !rc; i++)
		if (ops[i] != HUB_NO_OP)
			rc = hub_mapexec_run(x, ops[i], err);
	return rc;
}

static struct hub_str value(const struct hub_mapexec *x, uint32_t op, uint32_t r)
{
	if (op == HUB_NO_OP || x->reg[op].v.cell[r] != HUB_VALUE)
		return (struct hub_str){NULL, 0};
	return x->reg[op].v.text[r];
}

static int is_known(const struct hub_lookup *l, const struct hub_mapexec *x, const struct probe *p,
		    uint32_t r)
{
	char bits[8];
	const struct hub_str name = value(x, p->name, r), birth = value(x, p->birth, r);

	if (knows(l, WAY_ATENA, value(x, p->atena, r)) ||
	    knows(l, WAY_INSURED, value(x, p->insured, r)))
		return 1;
	return name.len && birth.len &&
	       knows(l, WAY_PERSON,
		     match_text(bits, hub_person_match(x->chunk->arena, name, birth)));
}

/* Whom a restriction is about must be told: 1.0E+06, as a spreadsheet leaves it, is nobody, and no stranger either. */
static int is_no_number(const struct hub_mapexec *x, uint32_t op, uint32_t r)
{
	const struct hub_str s = value(x, op, r);

	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return 1;
	return s.len > 0 && hub_number_is_nobodys(s);
}

int hub_lookup_filter(const struct hub_lookup *l, const struct hub_bound *b, struct hub_chunk *c,
		      struct hub_err *err)
{
	struct hub_mapexec *x = c->mapped;
	const struct probe p = probe_of(b->m);
	const int restricts = says_protection(b->m);
	const int rc = run_probe(x, &p, err);

	for (uint32_t r = 0; r < c->n && !rc; r++) {
		if (c->fate[r] != HUB_FATE_OPEN || is_known(l, x, &p, r) ||
		    knows(l, WAY_HOUSEHOLD, value(x, p.household, r)) ||
		    knows(l, WAY_STORED, value(x, p.atena, r)))
			continue;
		if (restricts && is_no_number(x, p.atena, r)) {
			hub_mapexec_reject(x, r, "bad-number",
					   hub_str_of(hub_tr("no number of a person")),
					   hub_mapexec_column(x, p.atena));
			continue;
		}
		c->fate[r] = HUB_FATE_OUTSIDE;
		c->raw[r] = (struct hub_str){NULL, 0};
	}
	return rc;
}

/* --- the first pass --------------------------------------------------------------------------- */

static int pass_batch(struct hub_lookup *l, const struct hub_bound *b, const struct probe *p,
		      struct hub_batch *batch, struct hub_arena *tmp, struct hub_err *err)
{
	struct hub_chunk c = {.arena = tmp, .n = batch->rows, .prov = batch->prov};
	int rc = hub_map_keys(b, batch, &c, NULL, err);

	if (!rc)
		rc = run_probe(c.mapped, p, err);
	for (uint32_t r = 0; r < c.n && !rc; r++)
		if (c.fate[r] == HUB_FATE_OPEN && is_known(l, c.mapped, p, r) &&
		    learn(l, WAY_HOUSEHOLD, value(c.mapped, p->household, r)))
			rc = hub_fail_mem(err);
	return rc;
}

int hub_lookup_pass(struct hub_lookup *l, const struct hub_bound *b, struct hub_instance *source,
		    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	HUB_AUTO(batch) struct hub_batch *batch = hub_batch_new(0);
	const struct probe p = probe_of(b->m);
	int rc = tmp && batch ? HUB_OK : hub_fail_mem(err);

	if (p.household == HUB_NO_OP)
		return rc;
	while (!rc && (rc = hub_source_next(source, batch, err)) == HUB_OK) {
		rc = pass_batch(l, b, &p, batch, tmp, err);
		hub_batch_reset(batch);
		hub_arena_reset(tmp);
	}
	return rc == HUB_END ? HUB_OK : rc;
}
