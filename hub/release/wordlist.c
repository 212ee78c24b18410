#include "release/wordlist.h"

#include "text/gram.h"

/* Numbers as the statements below have them: texts of a block, stale ones for which it is made anew, ids of text_gram for
 * one text (store/fulltext.c). */
#define BLOCK  "1024"
#define STALE  "16"
#define PIECES "4096"
#define BUCKET "ascii(gram) % 1024"

enum { BLOCK_DOCS = 1024, LEN_BYTES = 2, COUNT_BYTES = 4, PLACE_BYTES = 2, DOC_BYTES = 8 };

/* text_block: blocks that have lists, without a gap from 0 on. text_list: of all grams of the block whose first characters
 * share a bucket, one behind the other, length, gram, count, and the texts as two bytes each; a row per gram would be
 * mostly what PostgreSQL needs for a row. text_stale: texts put in again or taken out; they are looked at one by
 * one until their block is made anew. It is written with the text, so that whoever makes lists of the old text
 * leaves it there. */
static const char tables[] =
    "CREATE TABLE text_block (block INTEGER NOT NULL PRIMARY KEY) STRICT;"
    "CREATE TABLE text_list (bucket INTEGER NOT NULL, block INTEGER NOT NULL, grams BLOB NOT NULL,"
    " PRIMARY KEY (bucket, block)) STRICT; CREATE INDEX text_list_block ON text_list (block);"
    "CREATE TABLE text_stale (doc INTEGER NOT NULL) STRICT;"
    "CREATE INDEX text_stale_doc ON text_stale (doc)";

static int is_pg(const struct hub_db *db)
{
	return db->ops->dialect == HUB_POSTGRES;
}

/* --- putting in ------------------------------------------------------------------------------------------ */

static int is_made(struct hub_db *db)
{
	int64_t n = 0;

	return hub_db_one(db, &n, NULL,
			  "SELECT count(*) FROM meta WHERE name IN ('fulltext', 'wordlist')",
			  "") == HUB_OK &&
	       n == 2;
}

/* Ids of an index that was dropped begin anew: no list of it may stay. */
static int make(struct hub_db *db, struct hub_err *err)
{
	int rc = db->ops->exec(db, "DROP TABLE IF EXISTS text_block, text_list, text_stale", err);

	if (!rc)
		rc = hub_fulltext_make(db, err);
	if (!rc)
		rc = db->ops->exec(db, tables, err);
	return rc ? rc
		  : hub_db_run(db, err,
			       "INSERT INTO meta VALUES ('wordlist', '1') ON CONFLICT DO NOTHING",
			       "");
}

int hub_wordlist_make(struct hub_db *db, struct hub_err *err)
{
	const int own = !db->in_txn;
	int rc;

	if (!is_pg(db))
		return hub_fulltext_make(db, err);
	if (is_made(db))
		return HUB_OK;
	if (own && (rc = db->ops->begin(db, HUB_DB_WRITE, err)))
		return rc;
	rc = is_made(db) ? HUB_OK : make(db, err); /* another program may have been faster */
	return own ? hub_db_end(db, rc, err) : rc;
}

static int mark_stale(struct hub_db *db, int64_t id, struct hub_err *err)
{
	return is_pg(db) ? hub_db_run(db, err, "INSERT INTO text_stale VALUES (?)", "i", id)
			 : HUB_OK;
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
    " (SELECT n FROM b WHERE n < (SELECT value FROM counter WHERE name = 'text') / " BLOCK ")"
    " UNION ALL (SELECT s.doc / " BLOCK " FROM text_stale s, b WHERE s.doc / " BLOCK " < n"
    " GROUP BY s.doc / " BLOCK " HAVING count(*) >= " STALE
    " OR bool_or(NOT EXISTS (SELECT 1 FROM text_doc d WHERE d.id = s.doc))) LIMIT 1";

/* One statement, so that stale marks and texts are of one moment; what is counted is done first. */
static const char pack[] =
    "WITH gone AS (DELETE FROM text_list WHERE block = ? RETURNING 1),"
    " seen AS (DELETE FROM text_stale WHERE doc BETWEEN ? AND ?),"
    " made AS (INSERT INTO text_block VALUES (?) ON CONFLICT DO NOTHING)"
    " INSERT INTO text_list SELECT " BUCKET ", ?, string_agg(int2send(octet_length(gram)::smallint)"
    " || convert_to(gram, 'UTF8') || int4send(n) || docs, '')"
    " FROM (SELECT w.lexeme AS gram, count(*)::int AS n,"
    " string_agg(int2send((g.id / " PIECES " % " BLOCK ")::smallint), '') AS docs"
    " FROM (SELECT count(*) FROM gone) o, text_gram g, unnest(g.words) w"
    " WHERE g.id BETWEEN ? * " PIECES " AND ? * " PIECES " + " PIECES " - 1"
    " GROUP BY w.lexeme) l GROUP BY 1";

static int pack_due(struct hub_db *db, struct hub_err *err)
{
	int64_t block = 0;
	int rc;

	while ((rc = hub_db_one(db, &block, err, due, "")) == HUB_OK) {
		const int64_t from = block * BLOCK_DOCS, to = from + BLOCK_DOCS - 1;
		rc = hub_db_run(db, err, pack, "iiiiiii", block, from, to, block, block, from, to);
		if (rc)
			return rc;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_wordlist_pack(struct hub_db *db, struct hub_err *err)
{
	int64_t block, got = 0;

	if (!is_pg(db) || db->in_txn)
		return HUB_OK;
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

/* --- finding --------------------------------------------------------------------------------------------- */

/* What a row of the answer is. */
enum kind { LISTED, IS_STALE, LOOKED_AT };

struct asked {
	struct hub_str gram;
	int open; /* with whatever begins with it */
};

/* The range has no end that the planner knows, so that it expects few rows; IS TRUE keeps it from the index and OFFSET
 * from the whole table: those that are not in a list are looked at, and no others. */
static const char find[] =
    "SELECT 0, block, grams FROM text_list"
    " WHERE bucket = (SELECT " BUCKET " FROM (SELECT ?::text AS gram) q)"
    " UNION ALL SELECT 1, 0, string_agg(int8send(doc), '') FROM text_stale"
    " UNION ALL SELECT 2, 0, string_agg(int8send(id / " PIECES "), '') FROM text_gram"
    " WHERE id BETWEEN (SELECT coalesce(max(block) + 1, 0) FROM text_block) * " BLOCK " * " PIECES
    " AND (SELECT max(id) FROM text_gram) AND (words @@ (SELECT ?::text::tsquery)) IS TRUE"
    " UNION ALL SELECT 2, 0, string_agg(int8send(s.doc), '') FROM text_stale s, LATERAL"
    " (SELECT words FROM text_gram WHERE id BETWEEN s.doc * " PIECES " AND s.doc * " PIECES
    " + " PIECES " - 1 OFFSET 0) g WHERE (g.words @@ (SELECT ?::text::tsquery)) IS TRUE";

/* The number of so many bytes at the head of s, the highest first; s moves behind it. */
static uint64_t take(struct hub_str *s, size_t bytes)
{
	uint64_t v = 0;

	for (size_t i = 0; i < bytes; i++)
		v = v << 8 | (uint8_t)s->ptr[i];
	*s = hub_str_from(*s, bytes);
	return v;
}

static int add_docs(struct hub_bits *to, struct hub_str ids)
{
	while (ids.len >= DOC_BYTES)
		if (hub_bits_set(to, (int64_t)take(&ids, DOC_BYTES)))
			return -1;
	return 0;
}

/* Up to so many bytes of the head of s, which moves behind them. */
static struct hub_str part(struct hub_str *s, uint64_t bytes)
{
	const size_t n = bytes < s->len ? (size_t)bytes : s->len;
	const struct hub_str head = hub_str_cut(*s, 0, n);

	*s = hub_str_from(*s, n);
	return head;
}

static int next_gram(struct hub_str *grams, struct hub_str *gram, struct hub_str *docs)
{
	if (grams->len < LEN_BYTES)
		return 0;
	*gram = part(grams, take(grams, LEN_BYTES));
	if (grams->len < COUNT_BYTES)
		return 0;
	*docs = part(grams, take(grams, COUNT_BYTES) * PLACE_BYTES);
	return 1;
}

/* A bucket of the block that begins with the text `from`: of the gram, or of all that begin with it. */
static int add_listed(struct hub_bits *to, struct hub_str grams, const struct asked *k,
		      int64_t from)
{
	struct hub_str gram, docs;

	while (next_gram(&grams, &gram, &docs)) {
		if (!(k->open ? hub_str_starts(gram, k->gram) : hub_str_eq(gram, k->gram)))
			continue;
		while (docs.len >= PLACE_BYTES)
			if (hub_bits_set(to, from + (int64_t)take(&docs, PLACE_BYTES)))
				return -1;
	}
	return 0;
}

static int find_listed(struct hub_db *db, struct hub_arena *a, const struct asked *k,
		       struct hub_docs *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_str ask =
	    hub_arena_printf(a, "'%.*s'%s", HUB_FMT(k->gram), k->open ? ":*" : "");

	if (!ask.ptr)
		return hub_fail_mem(err);
	int rc = hub_db_query(db, &q, err, find, "ttt", k->gram, ask, ask);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const enum kind is = (enum kind)hub_db_int(q, 0);
		const int64_t from = hub_db_int(q, 1) * BLOCK_DOCS;
		const struct hub_str s = hub_db_str(q, 2);
		if (is == LISTED     ? add_listed(&out->named, s, k, from)
		    : is == IS_STALE ? add_docs(&out->stale, s)
				     : add_docs(&out->named, s) || add_docs(&out->seen, s))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

/* The only gram that the phrase asks for; 0: there are more. The last character of a run says nothing behind a
 * pair. */
static int is_one_gram(struct hub_str phrase, struct hub_gram *g)
{
	struct hub_gram_walk w = {.text = phrase};
	struct hub_gram more;

	if (!hub_gram_next(&w, g))
		return 0;
	if (g->kind == HUB_GRAM_PAIR)
		return hub_gram_next(&w, &more) && more.kind == HUB_GRAM_LAST && w.at == phrase.len;
	return w.at == phrase.len;
}

int hub_wordlist_find(struct hub_db *db, struct hub_arena *a, struct hub_str phrase,
		      struct hub_docs *out, struct hub_err *err)
{
	struct hub_gram g;
	int64_t *ids;
	size_t n;

	*out = (struct hub_docs){{.arena = a}, {.arena = a}, {.arena = a}};
	if (is_pg(db) && is_one_gram(phrase, &g))
		return find_listed(db, a, &(struct asked){g.text, hub_gram_is_open(phrase)}, out,
				   err);
	const int rc = hub_fulltext_match(db, a, phrase, &ids, &n, err);
	for (size_t i = 0; !rc && i < n; i++)
		if (hub_bits_set(&out->named, ids[i]))
			return hub_fail_mem(err);
	return rc;
}
