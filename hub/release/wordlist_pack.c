/* The lists: made of the texts in the index, a block at a time. */
#include "release/wordlist_in.h"

#include "base/buf.h"

#include <stdlib.h>

#define VERSION "3"

/* Texts of a block from which on a gram has a row of its own: small blocks have few of these, and so few rows. */
enum { OFTEN = 128, ROWS = 256 };
/* Characters of all texts of a large block, at most; a note has a few hundred. */
enum { LARGE_MOST = 4 << 20 };

/* text_block: blocks that have lists, without a gap from 0 on: large ones, and behind them less than a large one of small
 * ones. text_spot: of all grams of the block in a bucket, one behind the other, length, gram, length, and the list; a row
 * per gram would be mostly what PostgreSQL needs for a row, but one that many texts have is not read by those who ask for
 * another. text_stale: texts put in again or taken out; they are looked at one by one until their block is made anew. It
 * is written with the text, so that whoever makes lists of the old text leaves it there. */
static const char tables[] = "CREATE TABLE text_block (block INTEGER NOT NULL PRIMARY KEY,"
			     " texts INTEGER NOT NULL) STRICT;"
			     "CREATE TABLE text_stale (doc INTEGER NOT NULL) STRICT;"
			     "CREATE INDEX text_stale_doc ON text_stale (doc);"
			     "CREATE INDEX text_spot_block ON text_spot (block)";
/* Lists do not become shorter by packing them once more, and one of a few KB is read sooner in one piece. */
static const char spots_in_pg[] =
    "CREATE TABLE text_spot (bucket INTEGER NOT NULL, block INTEGER NOT NULL, lists BLOB NOT NULL,"
    " PRIMARY KEY (bucket, block)) STRICT;"
    "ALTER TABLE text_spot ALTER lists SET STORAGE EXTERNAL;"
    "ALTER TABLE text_spot SET (toast_tuple_target = 8160)";
/* Those of a bucket lie side by side: a question reads a hundred pages where it were five hundred. */
static const char spots_in_sqlite[] =
    "CREATE TABLE text_spot (id INTEGER PRIMARY KEY, block INTEGER NOT NULL, lists BLOB NOT NULL)"
    " STRICT";

/* --- putting in ------------------------------------------------------------------------------------------ */

int hub_wordlist_is_made(struct hub_db *db)
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

	if (hub_wordlist_is_made(db))
		return HUB_OK;
	if (own && (rc = hub_db_begin(db, err)))
		return rc;
	rc = hub_wordlist_is_made(db) ? HUB_OK
				      : make(db, err); /* another program may have been faster */
	return own ? hub_db_end(db, rc, err) : rc;
}

int hub_wordlist_remake(struct hub_db *db, struct hub_err *err)
{
	int rc = hub_fulltext_is_made(db) ? hub_db_begin(db, err) : HUB_END;

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	rc = hub_db_end(db, make(db, err), err);
	return rc ? rc : hub_wordlist_pack(db, err);
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

/* First text and texts of a block that is to be made: the next one, once all its ids are given out (they are so one behind
 * the other), a large one as soon as it can be, unless its texts are so long that making it would take too much time and
 * memory at once; one of whose texts one in 64 changed, or with any that is gone: of that nothing stays. */
#define DUE(id, characters)                                                                      \
	"WITH b AS (SELECT coalesce(max(block * " SMALL " + texts), 0) AS n FROM text_block),"   \
	" c AS (SELECT n, n - n % " LARGE " AS large,"                                           \
	" (SELECT value FROM counter WHERE name = 'text') AS ids FROM b),"                       \
	" e AS (SELECT n, large, ids, CASE WHEN ids < large + " LARGE " THEN 0"                  \
	" WHEN (SELECT coalesce(sum(" characters "), 0) FROM text_gram WHERE " id                \
	" BETWEEN large * " PIECES " AND (large + " LARGE ") * " PIECES " - 1) > ? THEN 0"       \
	" ELSE 1 END AS whole FROM c)"                                                           \
	" SELECT large, " LARGE " FROM e WHERE whole = 1"                                        \
	" UNION ALL SELECT n, " SMALL " FROM e WHERE whole = 0 AND ids >= n + " SMALL            \
	" UNION ALL SELECT s.doc - s.doc % s.texts, s.texts FROM (SELECT doc,"                   \
	" CASE WHEN EXISTS (SELECT 1 FROM text_block t WHERE t.texts = " LARGE                   \
	" AND t.block = (doc - doc % " LARGE ") / " SMALL ") THEN " LARGE " ELSE " SMALL         \
	" END AS texts FROM e, text_stale WHERE doc < n) s LEFT JOIN text_doc d ON d.id = s.doc" \
	" GROUP BY s.doc - s.doc % s.texts, s.texts"                                             \
	" HAVING count(*) >= s.texts / 64 OR count(d.id) < count(*) LIMIT 1"
static const char due_in_sqlite[] = DUE("rowid", "length(words)");
static const char due_in_pg[] = DUE("id", "pg_column_size(words) / 8");

static int by_bucket(const void *a, const void *b)
{
	const struct hub_words *x = a, *y = b;

	return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

static void put_be(struct hub_buf *b, uint64_t v, int bytes)
{
	while (bytes--)
		hub_buf_putc(b, (char)(v >> 8 * bytes));
}

static void put_list(struct hub_buf *b, const struct hub_words *g)
{
	put_be(b, g->text.len, LEN_BYTES);
	hub_buf_str(b, g->text);
	put_be(b, g->n, COUNT_BYTES);
	hub_buf_add(b, g->list, g->n);
}

/* Rows of the lists of the grams from *next on, which moves behind them. */
static int write_rows(struct hub_db *db, int64_t block, const struct hub_words_made *m,
		      size_t *next, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(LISTS_LIMIT);
	HUB_AUTO(buf) struct hub_buf row;
	const int pg = hub_wordlist_is_pg(db);
	int64_t id[ROWS];
	struct hub_str lists[ROWS];
	const struct hub_dbcol col[] = {{HUB_COL_INT, .num = id},
					{HUB_COL_SAME_INT, .num = &block},
					{HUB_COL_BLOB, .text = lists}};
	struct hub_db_rows in = {pg ? "text_spot (bucket, block, lists)"
				    : "text_spot (id, block, lists)",
				 HUB_COUNT(col), .col = col};

	hub_buf_init(&row, LISTS_LIMIT);
	while (page && in.n < ROWS && *next < m->n) {
		const int64_t bucket = m->gram[*next].bucket;
		hub_buf_reset(&row);
		for (; *next < m->n && m->gram[*next].bucket == bucket; ++*next)
			put_list(&row, &m->gram[*next]);
		id[in.n] = pg ? bucket : bucket * BLOCK_COUNT + block;
		lists[in.n] = hub_buf_keep(&row, page);
		if (!lists[in.n++].ptr)
			return hub_fail_mem(err);
	}
	return page ? db->ops->insert(db, &in, err) : hub_fail_mem(err);
}

static int write_lists(struct hub_db *db, int64_t block, struct hub_words_made *m,
		       struct hub_err *err)
{
	int rc = HUB_OK;

	for (size_t i = 0; i < m->n; i++) {
		int64_t own;
		const int64_t shared = hub_wordlist_bucket(m->gram[i].text, &own);
		m->gram[i].bucket = m->gram[i].texts < OFTEN ? shared : own;
	}
	if (m->n > 1)
		qsort(m->gram, m->n, sizeof *m->gram, by_bucket);
	for (size_t next = 0; !rc && next < m->n;)
		rc = write_rows(db, block, m, &next, err);
	return rc;
}

/* What is no longer stale is so before the texts are read: who puts one in meanwhile leaves another mark. */
static int pack_block(struct hub_db *db, struct hub_words_block b, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(LISTS_LIMIT);
	struct hub_words_made m;
	const int64_t block = b.from / SMALL_TEXTS, last = block + b.texts / SMALL_TEXTS - 1;
	int rc = a ? HUB_OK : hub_fail_mem(err);

	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM text_stale WHERE doc BETWEEN ? AND ?", "ii",
				b.from, b.from + b.texts - 1);
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM text_spot WHERE block BETWEEN ? AND ?", "ii",
				block, last);
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM text_block WHERE block BETWEEN ? AND ?", "ii",
				block, last);
	if (!rc)
		rc = hub_db_run(db, err, "INSERT INTO text_block VALUES (?, ?)", "ii", block,
				b.texts);
	if (!rc)
		rc = hub_words_make(db, a, b, &m, err);
	return rc ? rc : write_lists(db, block, &m, err);
}

static int next_due(struct hub_db *db, int64_t most, struct hub_words_block *b, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err, hub_wordlist_is_pg(db) ? due_in_pg : due_in_sqlite, "i",
			      most);

	if (!rc && !(rc = hub_db_next(q, err)))
		*b = (struct hub_words_block){hub_db_int(q, 0), hub_db_int(q, 1)};
	return rc;
}

/* END: none is due. In SQLite one writes at a time; who gets no turn leaves it to the next one. In PostgreSQL who writes
 * texts does so meanwhile. */
static int pack_next(struct hub_db *db, int64_t most, struct hub_err *err)
{
	struct hub_words_block b;
	int rc = next_due(db, most, &b, err);

	if (rc)
		return rc;
	if (db->ops->begin(db, HUB_DB_LOG, NULL))
		return HUB_END;
	rc = next_due(db, most, &b, err); /* another program may have been faster */
	if (!rc)
		rc = pack_block(db, b, err);
	return hub_db_end(db, rc == HUB_END ? HUB_OK : rc, err);
}

static int pack_due(struct hub_db *db, int64_t most, struct hub_err *err)
{
	int rc;

	while ((rc = pack_next(db, most, err)) == HUB_OK) {
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_words_pack(struct hub_db *db, int64_t most, struct hub_err *err)
{
	struct hub_words_block b;
	int64_t got = 0;

	if (db->in_txn)
		return HUB_OK;
	if (!hub_wordlist_is_pg(db))
		return pack_due(db, most, err);
	int rc = next_due(db, most, &b, err);
	if (!rc)
		rc = hub_db_one(db, &got, err,
				"SELECT pg_try_advisory_lock(hashtextextended('tsunagi words', 0))",
				"");
	if (rc || !got)
		return rc == HUB_END ? HUB_OK : rc;
	rc = pack_due(db, most, err);
	(void)hub_db_run(db, NULL,
			 "SELECT pg_advisory_unlock(hashtextextended('tsunagi words', 0))", "");
	return rc;
}

int hub_wordlist_pack(struct hub_db *db, struct hub_err *err)
{
	return hub_words_pack(db, LARGE_MOST, err);
}
