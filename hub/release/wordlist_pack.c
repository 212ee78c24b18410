/* The lists: made of the texts in the index, a block at a time. */
#include "release/wordlist_in.h"

#include "base/buf.h"
#include "base/map.h"

#include <stdlib.h>

#define VERSION "2"

enum { OFTEN_TEXTS = 64, UTF8_MOST = 4 /* bytes of a character */, LISTS_LIMIT = 1 << 30 };

/* text_block: blocks that have lists, without a gap from 0 on. text_spot: of all grams of the block in a bucket, one behind
 * the other, length, gram, length, and the list; a row per gram would be mostly what PostgreSQL needs for a row, but one
 * that many texts have is not read by those who ask for another. text_stale: texts put in again or taken out; they are
 * looked at one by one until their block is made anew. It is written with the text, so that whoever makes lists of the old
 * text leaves it there. */
static const char tables[] = "CREATE TABLE text_block (block INTEGER NOT NULL PRIMARY KEY) STRICT;"
			     "CREATE TABLE text_stale (doc INTEGER NOT NULL) STRICT;"
			     "CREATE INDEX text_stale_doc ON text_stale (doc);"
			     "CREATE INDEX text_spot_block ON text_spot (block)";
static const char spots_in_pg[] =
    "CREATE TABLE text_spot (bucket INTEGER NOT NULL, block INTEGER NOT NULL, lists BLOB NOT NULL,"
    " PRIMARY KEY (bucket, block)) STRICT";
/* Those of a bucket lie side by side: a question reads a hundred pages where it were five hundred. */
static const char spots_in_sqlite[] =
    "CREATE TABLE text_spot (id INTEGER PRIMARY KEY, block INTEGER NOT NULL, lists BLOB NOT NULL)"
    " STRICT";

/* --- putting in ------------------------------------------------------------------------------------------ */

static int is_made(struct hub_db *db)
{
	int64_t n = 0;

	return hub_db_one(db, &n, NULL,
			  "SELECT count(*) FROM meta WHERE name = 'fulltext'"
			  " OR (name = 'wordlist' AND value = '" VERSION "')",
			  "") == HUB_OK &&
	       n == 2;
}

/* Ids of an index that was dropped begin anew: no list of it may stay, and none of another form. text_list was the first
 * one's: a program of then that still runs fails, it does not add to these. */
static int make(struct hub_db *db, struct hub_err *err)
{
	int rc = db->ops->exec(db,
			       "DROP TABLE IF EXISTS text_block; DROP TABLE IF EXISTS text_list;"
			       "DROP TABLE IF EXISTS text_spot; DROP TABLE IF EXISTS text_stale",
			       err);

	if (!rc)
		rc = hub_fulltext_make(db, err);
	if (!rc)
		rc = db->ops->exec(db, hub_wordlist_is_pg(db) ? spots_in_pg : spots_in_sqlite, err);
	if (!rc)
		rc = db->ops->exec(db, tables, err);
	return rc ? rc
		  : hub_db_run(db, err,
			       "INSERT INTO meta VALUES ('wordlist', '" VERSION "')"
			       " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
			       "");
}

int hub_wordlist_make(struct hub_db *db, struct hub_err *err)
{
	const int own = !db->in_txn;
	int rc;

	if (is_made(db))
		return HUB_OK;
	if (own && (rc = db->ops->begin(db, HUB_DB_WRITE, err)))
		return rc;
	rc = is_made(db) ? HUB_OK : make(db, err); /* another program may have been faster */
	return own ? hub_db_end(db, rc, err) : rc;
}

static int mark_stale(struct hub_db *db, int64_t id, struct hub_err *err)
{
	return hub_db_run(db, err, "INSERT INTO text_stale VALUES (?)", "i", id);
}

int hub_wordlist_put(struct hub_db *db, struct hub_text_doc *d, struct hub_str folded,
		     struct hub_err *err)
{
	const int rc = d->id ? mark_stale(db, d->id, err) : HUB_OK;

	return rc ? rc : hub_fulltext_put(db, d, folded, err);
}

int hub_wordlist_remove(struct hub_db *db, int64_t id, struct hub_err *err)
{
	const int rc = mark_stale(db, id, err);

	return rc ? rc : hub_fulltext_remove(db, id, err);
}

/* The next block, once all its ids are given out (they are so one behind the other); one with many texts that changed,
 * or with any that is gone: of that nothing stays. */
static const char due[] =
    "WITH b AS (SELECT coalesce(max(block) + 1, 0) AS n FROM text_block)"
    " SELECT n FROM b WHERE n < (SELECT value FROM counter WHERE name = 'text') / " BLOCK
    " UNION ALL SELECT s.doc / " BLOCK " FROM b, text_stale s"
    " LEFT JOIN text_doc d ON d.id = s.doc WHERE s.doc / " BLOCK " < n"
    " GROUP BY s.doc / " BLOCK " HAVING count(*) >= " STALE " OR count(d.id) < count(*) LIMIT 1";

/* PostgreSQL. One statement, so that stale marks and texts are of one moment; what is counted is done first. */
static const char pack_in_pg[] =
    "WITH gone AS (DELETE FROM text_spot WHERE block = ? RETURNING 1),"
    " seen AS (DELETE FROM text_stale WHERE doc BETWEEN ? AND ?),"
    " made AS (INSERT INTO text_block VALUES (?) ON CONFLICT DO NOTHING)"
    " INSERT INTO text_spot SELECT CASE WHEN texts < " OFTEN " THEN " SHARED " ELSE " OWN " END, ?,"
    " string_agg(int2send(octet_length(gram)::smallint) || convert_to(gram, 'UTF8')"
    " || int4send(octet_length(list)) || list, '')"
    " FROM (SELECT w.lexeme AS gram, count(*) AS texts, string_agg("
    "CASE WHEN cardinality(w.positions) = 1"
    " THEN g.mark || substring(int4send(g.base + w.positions[1]) FROM 2)"
    " ELSE (SELECT string_agg(g.mark || substring(int4send(g.base + p) FROM 2), '')"
    " FROM unnest(w.positions) p) END, '') AS list"
    " FROM (SELECT count(*) FROM gone) o,"
    " (SELECT words, (id / " PIECES " % " BLOCK " * " TEXT_STEP ")::int AS base,"
    " CASE WHEN id % " PIECES " = 0 THEN ''::bytea"
    " ELSE substring(int4send((" PIECE_MARK " + id % " PIECES ")::int) FROM 2) END AS mark"
    " FROM text_gram WHERE id BETWEEN ? * " PIECES " AND ? * " PIECES " + " PIECES " - 1"
    " OFFSET 0) g, unnest(g.words) w GROUP BY w.lexeme) l GROUP BY 1";

/* One gram of the texts of a block, as SQLite's lists are made. */
struct gram {
	int64_t bucket, last; /* last: the text before */
	uint32_t texts;
	uint8_t (*spot)[SPOT_BYTES];
	size_t n, cap;
	struct hub_str text;
};
struct maker {
	struct hub_arena *arena;
	struct hub_map *at; /* gram: place of it below */
	struct gram *gram;
	size_t n, cap;
};

static struct gram *gram_of(struct maker *m, struct hub_str text)
{
	uint64_t at = m->n;

	if (hub_map_get(m->at, text, &at))
		return &m->gram[at];
	struct gram *more = hub_alloc_more(m->arena, m->gram, m->n, &m->cap, sizeof *more);
	if (!more || hub_map_put(m->at, text, at))
		return NULL;
	m->gram = more;
	more[m->n] = (struct gram){.text = hub_map_key(m->at, m->n), .last = -1};
	return &more[m->n++];
}

static int add_spot(struct maker *m, struct gram *g, uint64_t v)
{
	uint8_t(*more)[SPOT_BYTES] = hub_alloc_more(m->arena, g->spot, g->n, &g->cap, SPOT_BYTES);

	if (!more)
		return -1;
	g->spot = more;
	for (int i = 0; i < SPOT_BYTES; i++)
		more[g->n][i] = (uint8_t)(v >> 8 * (SPOT_BYTES - 1 - i));
	g->n++;
	return 0;
}

/* Words longer than a question have their place only, as in PostgreSQL's index. */
static int add_text(struct maker *m, int64_t id, struct hub_str text)
{
	const int64_t doc = id / PIECE_COUNT % BLOCK_DOCS, piece = id % PIECE_COUNT;
	struct hub_gram_walk w = {.text = text};
	struct hub_gram one;

	for (uint64_t place = 1; hub_gram_next(&w, &one); place++) {
		if (one.text.len > (size_t)HUB_TEXT_PHRASE * UTF8_MOST)
			continue;
		struct gram *g = gram_of(m, one.text);
		if (!g || (piece && add_spot(m, g, (uint64_t)(MARK + piece))) ||
		    add_spot(m, g, (uint64_t)doc * STEP + place))
			return -1;
		g->texts += g->last != doc;
		g->last = doc;
	}
	return 0;
}

static int by_bucket(const void *a, const void *b)
{
	const struct gram *x = a, *y = b;

	return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

static void put_number(struct hub_buf *b, uint64_t v, int bytes)
{
	while (bytes--)
		hub_buf_putc(b, (char)(v >> 8 * bytes));
}

static void put_list(struct hub_buf *b, const struct gram *g)
{
	put_number(b, g->text.len, LEN_BYTES);
	hub_buf_str(b, g->text);
	put_number(b, g->n * SPOT_BYTES, COUNT_BYTES);
	hub_buf_add(b, g->spot, g->n * SPOT_BYTES);
}

static int write_lists(struct hub_db *db, int64_t block, struct maker *m, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf row;
	int rc = HUB_OK;

	hub_buf_init(&row, LISTS_LIMIT);
	for (size_t i = 0; i < m->n; i++) {
		int64_t own;
		const int64_t shared = hub_wordlist_bucket(m->gram[i].text, &own);
		m->gram[i].bucket = m->gram[i].texts < OFTEN_TEXTS ? shared : own;
	}
	if (m->n > 1)
		qsort(m->gram, m->n, sizeof *m->gram, by_bucket);
	for (size_t i = 0, next; !rc && i < m->n; i = next) {
		hub_buf_reset(&row);
		for (next = i; next < m->n && m->gram[next].bucket == m->gram[i].bucket; next++)
			put_list(&row, &m->gram[next]);
		rc = hub_buf_ok(&row)
			 ? hub_db_run(db, err, "INSERT INTO text_spot VALUES (?, ?, ?)", "iib",
				      m->gram[i].bucket * BLOCK_COUNT + block, block,
				      hub_buf_text(&row))
			 : hub_fail_mem(err);
	}
	return rc;
}

static int make_lists(struct hub_db *db, int64_t block, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(LISTS_LIMIT);
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct maker m = {.arena = a, .at = a ? hub_map_new(a) : NULL};
	const int64_t from = block * BLOCK_DOCS * PIECE_COUNT;
	int rc = m.at
		     ? hub_db_walk(db, &q, err,
				   "SELECT rowid, words FROM text_gram WHERE rowid BETWEEN ? AND ?",
				   "ii", from, from + (int64_t)BLOCK_DOCS * PIECE_COUNT - 1)
		     : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_text(&m, hub_db_int(q, 0), hub_db_str(q, 1)))
			return hub_fail_mem(err);
	return rc == HUB_END ? write_lists(db, block, &m, err) : rc;
}

static int pack_block(struct hub_db *db, int64_t block, struct hub_err *err)
{
	const int64_t from = block * BLOCK_DOCS, to = from + BLOCK_DOCS - 1;
	int rc;

	if (hub_wordlist_is_pg(db))
		return hub_db_run(db, err, pack_in_pg, "iiiiiii", block, from, to, block, block,
				  from, to);
	rc = hub_db_run(db, err, "DELETE FROM text_spot WHERE block = ?", "i", block);
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM text_stale WHERE doc BETWEEN ? AND ?", "ii",
				from, to);
	if (!rc)
		rc = hub_db_run(db, err, "INSERT INTO text_block VALUES (?) ON CONFLICT DO NOTHING",
				"i", block);
	return rc ? rc : make_lists(db, block, err);
}

/* END: none is due. In SQLite one writes at a time, so stale marks and texts are of one moment; who gets no turn leaves
 * it to the next one. */
static int pack_next(struct hub_db *db, struct hub_err *err)
{
	const int pg = hub_wordlist_is_pg(db);
	int64_t block = 0;
	int rc = hub_db_one(db, &block, err, due, "");

	if (rc || pg)
		return rc ? rc : pack_block(db, block, err);
	if (db->ops->begin(db, HUB_DB_WRITE, NULL))
		return HUB_END;
	rc = hub_db_one(db, &block, err, due, ""); /* another program may have been faster */
	if (!rc)
		rc = pack_block(db, block, err);
	return hub_db_end(db, rc == HUB_END ? HUB_OK : rc, err);
}

static int pack_due(struct hub_db *db, struct hub_err *err)
{
	int rc;

	while ((rc = pack_next(db, err)) == HUB_OK) {
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_wordlist_pack(struct hub_db *db, struct hub_err *err)
{
	int64_t block, got = 0;

	if (db->in_txn)
		return HUB_OK;
	if (!hub_wordlist_is_pg(db))
		return pack_due(db, err);
	int rc = hub_db_one(db, &block, err, due, "");
	if (!rc)
		rc = hub_db_one(db, &got, err,
				"SELECT pg_try_advisory_lock(hashtextextended('tsunagi words', 0))",
				"");
	if (rc || !got)
		return rc == HUB_END ? HUB_OK : rc;
	rc = pack_due(db, err);
	(void)hub_db_run(db, NULL,
			 "SELECT pg_advisory_unlock(hashtextextended('tsunagi words', 0))", "");
	return rc;
}
