#include "store/fulltext.h"

#include "base/buf.h"
#include "base/map.h"
#include "text/gram.h"

#include <stdio.h>

/* PostgreSQL knows places of a word up to 16383, and 256 of them: a long text goes in by pieces, short ones
 * when it has a gram so often. */
enum {
	PIECE = 4000,
	SHORT_PIECE = 150,
	PLACES = 255,
	PIECES = 4096,
	UTF8_MOST = 4, /* bytes of a character */
	TEXT_LIMIT = 64 << 20,
};

/* What a driver calls it. put, match: id and text. */
struct words {
	const char *make, *drop, *put, *remove, *match, *id;
};

static const struct words sqlite_words = {
    .make = "CREATE VIRTUAL TABLE IF NOT EXISTS text_gram USING fts5(words, tokenize='hub_gram', "
	    "columnsize=0)",
    .drop = "DROP TABLE text_gram",
    .put = "INSERT INTO text_gram (rowid, words) VALUES (?, ?)",
    .remove = "DELETE FROM text_gram WHERE rowid BETWEEN ? AND ?",
    .match = "SELECT rowid FROM text_gram WHERE text_gram MATCH ? ORDER BY rowid",
    .id = "rowid",
};
/* Every search reads the list of what is not in the index yet, so that list is short: texts go into the index some
 * seventy at a time, which costs a third of one by one, and reading it some hundredths of a millisecond. A question in brackets: the planner does not look into it; seeing how frequent a word is, it would rather read
 * every text there is. */
static const struct words pg_words = {
    .make = "CREATE TABLE IF NOT EXISTS text_gram (id INTEGER NOT NULL PRIMARY KEY, words tsvector "
	    "NOT NULL);"
	    "CREATE INDEX IF NOT EXISTS text_gram_words ON text_gram USING gin (words)"
	    " WITH (gin_pending_list_limit = 256)",
    .drop = "DROP TABLE text_gram",
    .put = "INSERT INTO text_gram (id, words) VALUES (?, ?::text::tsvector)",
    .remove = "DELETE FROM text_gram WHERE id BETWEEN ? AND ?",
    .match = "SELECT id FROM text_gram WHERE words @@ (SELECT ?::text::tsquery) ORDER BY id",
    .id = "id",
};

static int is_pg(const struct hub_db *db)
{
	return db->ops->dialect == HUB_POSTGRES;
}

static const struct words *words_of(const struct hub_db *db)
{
	return is_pg(db) ? &pg_words : &sqlite_words;
}

int hub_fulltext_is_made(struct hub_db *db)
{
	int64_t n = 0;

	return hub_db_one(db, &n, NULL, "SELECT count(*) FROM meta WHERE name = 'fulltext'", "") ==
		   HUB_OK &&
	       n > 0;
}

int hub_fulltext_make(struct hub_db *db, struct hub_err *err)
{
	static const char docs[] =
	    "CREATE TABLE IF NOT EXISTS text_doc (id INTEGER PRIMARY KEY, entity TEXT NOT NULL,"
	    " row_id INTEGER NOT NULL, field TEXT NOT NULL, hi INTEGER NOT NULL, lo INTEGER NOT "
	    "NULL)"
	    " STRICT; CREATE INDEX IF NOT EXISTS text_doc_entity ON text_doc (entity, row_id)";
	const int own = !db->in_txn;
	int rc;

	if (hub_fulltext_is_made(db))
		return HUB_OK;
	if (own && (rc = hub_db_begin(db, err)))
		return rc;
	if (own && hub_fulltext_is_made(db)) /* another program was faster */
		return hub_db_end(db, HUB_OK, err);
	rc = db->ops->exec(db, docs, err);
	if (!rc)
		rc = db->ops->exec(db, words_of(db)->make, err);
	if (!rc)
		rc = hub_db_run(db, err, "INSERT INTO meta VALUES ('fulltext', '1')", "");
	if (!rc)
		rc = hub_db_run(
		    db, err, "INSERT INTO counter VALUES ('text', 1) ON CONFLICT DO NOTHING", "");
	return own ? hub_db_end(db, rc, err) : rc;
}

int hub_fulltext_drop(struct hub_db *db, struct hub_err *err)
{
	int rc;

	if (!hub_fulltext_is_made(db))
		return HUB_OK;
	if ((rc = hub_db_begin(db, err)))
		return rc;
	rc = db->ops->exec(db, words_of(db)->drop, err);
	if (!rc)
		rc = db->ops->exec(db, "DROP TABLE text_doc", err);
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM meta WHERE name = 'fulltext'", "");
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM counter WHERE name = 'text'", "");
	return hub_db_end(db, rc, err);
}

/* --- putting in ------------------------------------------------------------------------------------- */

/* 'gram':place of each; grams hold letters, digits, spaces and gaps, none of which needs a backslash. A word longer
 * than a question keeps its place only: nobody finds it, and PostgreSQL refuses one of 2 KB. */
static void put_vector(struct hub_buf *b, struct hub_str folded)
{
	struct hub_gram_walk w = {.text = folded};
	struct hub_gram g;

	for (unsigned place = 1; hub_gram_next(&w, &g); place++)
		if (g.text.len <= (size_t)HUB_TEXT_PHRASE * UTF8_MOST)
			hub_buf_printf(b, "'%.*s':%u ", HUB_FMT(g.text), place);
}

static int put_piece(struct hub_db *db, int64_t id, struct hub_str piece, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, TEXT_LIMIT);
	if (!is_pg(db))
		return hub_db_run(db, err, words_of(db)->put, "it", id, piece);
	put_vector(&b, piece);
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	return hub_db_run(db, err, words_of(db)->put, "it", id, hub_buf_text(&b));
}

/* Offset so many characters behind `at`, or the end. Not within a word: half of it would be found as a whole one. */
static size_t skip(struct hub_str s, size_t at, size_t points)
{
	struct hub_gram_walk w = {.text = s, .at = at};
	struct hub_gram g;

	for (size_t done = 0; done < points && hub_gram_next(&w, &g); at = w.at)
		done += hub_utf8_count(hub_str_cut(s, at, w.at));
	return w.at;
}

static int is_repetitive(struct hub_str folded)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_map *seen = a ? hub_map_new(a) : NULL;
	struct hub_gram_walk w = {.text = folded};
	struct hub_gram g;

	while (seen && hub_gram_next(&w, &g)) {
		uint64_t n = 0;
		(void)hub_map_get(seen, g.text, &n);
		if (n == PLACES || hub_map_put(seen, g.text, n + 1))
			return 1;
	}
	return !seen; /* out of memory: short pieces are right as well */
}

static int put_pieces(struct hub_db *db, int64_t id, struct hub_str folded, struct hub_err *err)
{
	const size_t step =
	    is_pg(db) && folded.len > PLACES && is_repetitive(folded) ? SHORT_PIECE : PIECE;
	size_t from = 0, to = 0;
	int rc = HUB_OK;

	for (int64_t k = 0; !rc && to < folded.len && k < PIECES; k++) {
		const size_t next = skip(folded, from, step);
		to = skip(folded, next, HUB_TEXT_PHRASE);
		rc = put_piece(db, id * PIECES + k, hub_str_cut(folded, from, to), err);
		from = next;
	}
	return rc;
}

static int remove_pieces(struct hub_db *db, int64_t id, struct hub_err *err)
{
	return hub_db_run(db, err, words_of(db)->remove, "ii", id * PIECES,
			  id * PIECES + PIECES - 1);
}

/* Ids only rise: what keeps one for a while never finds another text under it. */
static int new_id(struct hub_db *db, int64_t *id, struct hub_err *err)
{
	const int rc = hub_db_one(db, id, err,
				  "UPDATE counter SET value = value + 1 WHERE name = 'text'"
				  " RETURNING value - 1",
				  "");

	return rc == HUB_END
		   ? hub_fail(err, HUB_INTEGRITY, "text-index", "the text index has no counter")
		   : rc;
}

int hub_fulltext_put(struct hub_db *db, struct hub_text_doc *d, struct hub_str folded,
		     struct hub_err *err)
{
	const int64_t old = d->id;
	int rc = old ? remove_pieces(db, old, err) : new_id(db, &d->id, err);

	if (!rc && old)
		rc = hub_db_run(db, err, "UPDATE text_doc SET hi = ?, lo = ? WHERE id = ?", "iii",
				(int64_t)d->version.hi, (int64_t)d->version.lo, d->id);
	else if (!rc)
		rc = hub_db_run(db, err, "INSERT INTO text_doc VALUES (?, ?, ?, ?, ?, ?)",
				"itit"
				"ii",
				d->id, d->entity, d->row, d->field, (int64_t)d->version.hi,
				(int64_t)d->version.lo);
	return rc || !folded.ptr ? rc : put_pieces(db, d->id, folded, err);
}

int hub_fulltext_remove(struct hub_db *db, int64_t id, struct hub_err *err)
{
	const int rc = remove_pieces(db, id, err);

	return rc ? rc : hub_db_run(db, err, "DELETE FROM text_doc WHERE id = ?", "i", id);
}

/* --- reading ------------------------------------------------------------------------------------------ */

int hub_fulltext_list(struct hub_db *db, struct hub_str entity, int64_t row, struct hub_query **q,
		      struct hub_err *err)
{
	if (row)
		return hub_db_query(db, q, err,
				    "SELECT id, entity, field, row_id, hi, lo FROM text_doc"
				    " WHERE entity = ? AND row_id = ? ORDER BY id",
				    "ti", entity, row);
	return hub_db_walk(db, q, err,
			   "SELECT id, entity, field, row_id, hi, lo FROM text_doc"
			   " WHERE entity = ? ORDER BY row_id, id",
			   "t", entity);
}

int hub_fulltext_read(struct hub_query *q, struct hub_text_doc *d, struct hub_err *err)
{
	const int rc = hub_db_next(q, err);

	if (!rc)
		*d = (struct hub_text_doc){
		    .id = hub_db_int(q, 0),
		    .entity = hub_db_str(q, 1),
		    .field = hub_db_str(q, 2),
		    .row = hub_db_int(q, 3),
		    .version = {(uint64_t)hub_db_int(q, 4), (uint64_t)hub_db_int(q, 5)}};
	return rc;
}

/* 'a' <-> 'b' <-> 'c':* */
static void put_tsquery(struct hub_buf *b, struct hub_str phrase)
{
	struct hub_gram_walk w = {.text = phrase};
	struct hub_gram g;
	const int open = hub_gram_is_open(phrase);
	uint32_t before = 0;

	while (hub_gram_next(&w, &g)) {
		const int end = w.at == phrase.len;
		if (end && g.kind == HUB_GRAM_LAST && before == HUB_GRAM_PAIR)
			break;
		hub_buf_printf(b, "%s'%.*s'%s", before ? " <-> " : "", HUB_FMT(g.text),
			       end && open ? ":*" : "");
		before = g.kind;
	}
}

static int add_id(struct hub_arena *a, int64_t **ids, size_t *n, size_t *cap, int64_t id)
{
	int64_t *more = hub_alloc_more(a, *ids, *n, cap, sizeof *more);

	if (!more)
		return -1;
	*ids = more;
	more[(*n)++] = id;
	return 0;
}

int hub_fulltext_match(struct hub_db *db, struct hub_arena *a, struct hub_str phrase, int64_t **ids,
		       size_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	HUB_AUTO(buf) struct hub_buf ask;
	size_t cap = 0;

	*ids = NULL;
	*n = 0;
	hub_buf_init(&ask, 1 << 16);
	if (is_pg(db)) {
		put_tsquery(&ask, phrase);
	} else { /* folded: no quote is in it */
		hub_buf_printf(&ask, "\"%.*s\"%s", HUB_FMT(phrase),
			       hub_gram_is_open(phrase) ? " *" : "");
	}
	if (!hub_buf_ok(&ask))
		return hub_fail_mem(err);
	int rc = hub_db_query(db, &q, err, words_of(db)->match, "t", hub_buf_text(&ask));
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0) / PIECES;
		if ((*n == 0 || (*ids)[*n - 1] != id) && add_id(a, ids, n, &cap, id))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_fulltext_check(struct hub_db *db, struct hub_buf *out, struct hub_err *err)
{
	char sql[160];
	int64_t n = 0;

	if (!hub_fulltext_is_made(db))
		return HUB_OK;
	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM text_gram g WHERE NOT EXISTS"
		 " (SELECT 1 FROM text_doc d WHERE d.id = g.%s / %d)",
		 words_of(db)->id, PIECES);
	const int rc = hub_db_one(db, &n, err, sql, "");
	if (!rc && n)
		hub_buf_printf(out, "text_gram: %lld\n", (long long)n);
	return rc;
}
