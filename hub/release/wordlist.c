#include "release/wordlist.h"

#include "base/buf.h"
#include "text/gram.h"

#include <stdlib.h>

/* Numbers as the statements below have them: texts of a block, stale ones for which it is made anew, ids of text_gram for
 * one text (store/fulltext.c), texts of a block from which on a gram has a row of its own. */
#define BLOCK  "1024"
#define STALE  "16"
#define PIECES "4096"
#define OFTEN  "64"
/* Rows of the grams with the same first character, as good as, begin with SHARED; OWN is that of a gram alone. */
#define SHARED "ascii(gram) % 1024 * 1024"
#define OWN    SHARED " + 1 + ascii(substr(gram, 2)) % 1023"

enum { LEN_BYTES = 2, COUNT_BYTES = 4, SPOT_BYTES = 3, DOC_BYTES = 8 };
enum { BLOCK_DOCS = 1024, FIRST = 1024, SECOND = 1023 };

/* What a list of a gram is made of, three bytes each: a text and a place in it, of which a piece has not much more than
 * four thousand; in another piece than the first one, behind the mark of that piece. */
#define PIECE_MARK "8388608"
#define TEXT_STEP  "8192"
enum { MARK = 8388608, STEP = 8192, PIECE_COUNT = 4096, PLACE_BITS = 15 };

/* Texts in the newest block from which on a phrase is asked of the lists: one of fewer is found sooner in the index. */
enum { FREQUENT = 8 };

#define VERSION "2"

/* text_block: blocks that have lists, without a gap from 0 on. text_spot: of all grams of the block in a bucket, one behind
 * the other, length, gram, length, and the list; a row per gram would be mostly what PostgreSQL needs for a row, but one
 * that many texts have is not read by those who ask for another. text_stale: texts put in again or taken out; they are
 * looked at one by one until their block is made anew. It is written with the text, so that whoever makes lists of the old
 * text leaves it there. */
static const char tables[] =
    "CREATE TABLE text_block (block INTEGER NOT NULL PRIMARY KEY) STRICT;"
    "CREATE TABLE text_spot (bucket INTEGER NOT NULL, block INTEGER NOT NULL, lists BLOB NOT NULL,"
    " PRIMARY KEY (bucket, block)) STRICT; CREATE INDEX text_spot_block ON text_spot (block);"
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
			  "SELECT count(*) FROM meta WHERE name = 'fulltext'"
			  " OR (name = 'wordlist' AND value = '" VERSION "')",
			  "") == HUB_OK &&
	       n == 2;
}

/* Ids of an index that was dropped begin anew: no list of it may stay, and none of another form. text_list was the first
 * one's: a program of then that still runs fails, it does not add to these. */
static int make(struct hub_db *db, struct hub_err *err)
{
	int rc = db->ops->exec(
	    db, "DROP TABLE IF EXISTS text_block, text_list, text_spot, text_stale", err);

	if (!rc)
		rc = hub_fulltext_make(db, err);
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

/* Grams that stand one behind the other. */
struct asked {
	struct hub_str *gram;
	size_t n;
	int open;               /* the last one: with whatever begins with it */
	struct hub_str buckets; /* of all but an open one, as an array of PostgreSQL */
	int64_t from, to;       /* those of an open one */
	struct hub_str query;   /* as a tsquery */
};

/* Lists of one block: of which gram of the question, and where it stands. */
struct list {
	size_t gram;
	struct hub_str spots;
};
struct lists {
	struct hub_arena *arena; /* of this block only */
	struct list *list;
	size_t n, cap;
	int64_t block;
};

/* Where something stands in a block: text, piece and place in one number; rising. */
struct spots {
	uint64_t *at;
	size_t n;
};

static const char sample[] = "SELECT lists FROM text_spot WHERE bucket = ANY (?::text::bigint[])"
			     " AND block = (SELECT max(block) FROM text_spot)";

/* The range has no end that the planner knows, so that it expects few rows; IS TRUE keeps it from the index and OFFSET
 * from the whole table: those that are not in a list are looked at, and no others. */
static const char find[] =
    "SELECT 0, block, lists FROM text_spot WHERE bucket = ANY (?::text::bigint[])"
    " UNION ALL SELECT 0, block, lists FROM text_spot WHERE bucket BETWEEN ? AND ?"
    " UNION ALL SELECT 1, 0, string_agg(int8send(doc), '') FROM text_stale"
    " UNION ALL SELECT 2, 0, string_agg(int8send(id / " PIECES "), '') FROM text_gram"
    " WHERE id BETWEEN (SELECT coalesce(max(block) + 1, 0) FROM text_block) * " BLOCK " * " PIECES
    " AND (SELECT max(id) FROM text_gram) AND (words @@ (SELECT ?::text::tsquery)) IS TRUE"
    " UNION ALL SELECT 2, 0, string_agg(int8send(s.doc), '') FROM text_stale s, LATERAL"
    " (SELECT words FROM text_gram WHERE id BETWEEN s.doc * " PIECES " AND s.doc * " PIECES
    " + " PIECES " - 1 OFFSET 0) g WHERE (g.words @@ (SELECT ?::text::tsquery)) IS TRUE"
    " ORDER BY 2";

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

static int next_list(struct hub_str *lists, struct hub_str *gram, struct hub_str *spots)
{
	if (lists->len < LEN_BYTES)
		return 0;
	*gram = part(lists, take(lists, LEN_BYTES));
	if (lists->len < COUNT_BYTES)
		return 0;
	*spots = part(lists, take(lists, COUNT_BYTES));
	return 1;
}

static int is_asked(const struct asked *k, size_t i, struct hub_str gram)
{
	return k->open && i + 1 == k->n ? hub_str_starts(gram, k->gram[i])
					: hub_str_eq(gram, k->gram[i]);
}

/* Keeps the lists of a row that are asked for; the row is gone with the next one. */
static int add_lists(struct lists *to, const struct asked *k, struct hub_str row)
{
	struct hub_str gram, spots;

	while (next_list(&row, &gram, &spots)) {
		struct hub_str kept = {NULL, 0};
		for (size_t i = 0; i < k->n; i++) {
			if (!is_asked(k, i, gram))
				continue;
			struct list *more =
			    hub_alloc_more(to->arena, to->list, to->n, &to->cap, sizeof *more);
			if (!kept.ptr)
				kept = hub_arena_str(to->arena, spots);
			if (!more || !kept.ptr)
				return -1;
			to->list = more;
			more[to->n++] = (struct list){i, kept};
		}
	}
	return 0;
}

static size_t list_bytes(const struct lists *l, size_t gram)
{
	size_t bytes = 0;

	for (size_t i = 0; i < l->n; i++)
		bytes += l->list[i].gram == gram ? l->list[i].spots.len : 0;
	return bytes;
}

/* Which of the first n grams has the shortest lists. */
static size_t rarest(const struct lists *l, size_t n, size_t *bytes)
{
	size_t best = 0;

	*bytes = list_bytes(l, 0);
	for (size_t i = 1; i < n && *bytes; i++) {
		const size_t b = list_bytes(l, i);
		if (b < *bytes) {
			*bytes = b;
			best = i;
		}
	}
	return best;
}

static int by_place(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Where the phrase begins if this gram of it is right; texts count from 1, so that something comes before the first place
 * of the first one. No place is so far up in a piece that one of the next piece could become it. */
static void read_list(struct hub_str list, size_t gram, struct spots *to)
{
	const uint8_t *b = (const uint8_t *)list.ptr;
	uint64_t piece = 0;

	for (size_t i = 0; i + SPOT_BYTES <= list.len; i += SPOT_BYTES) {
		const uint64_t v = (uint64_t)b[i] << 16 | (uint64_t)b[i + 1] << 8 | b[i + 2];
		if (v >= MARK) {
			piece = v - MARK;
			continue;
		}
		const uint64_t at = (v / STEP + 1) * PIECE_COUNT + piece;
		to->at[to->n++] = (at << PLACE_BITS) + v % STEP - gram;
		piece = 0;
	}
}

/* All lists of a gram, of which an open one has several; PostgreSQL gives no order to the texts of one either. */
static int read_spots(const struct lists *l, size_t gram, struct spots *out)
{
	*out = (struct spots){
	    hub_alloc(l->arena, (list_bytes(l, gram) / SPOT_BYTES + 1) * sizeof *out->at), 0};
	if (!out->at)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].gram == gram)
			read_list(l->list[i].spots, gram, out);
	return 0;
}

static void sort(struct spots *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (s->at[i - 1] > s->at[i]) {
			qsort(s->at, s->n, sizeof *s->at, by_place);
			return;
		}
}

/* Keeps those that are in both. */
static void keep_common(struct spots *s, struct spots *other)
{
	size_t n = 0, k = 0;

	sort(s);
	sort(other);
	for (size_t i = 0; i < s->n; i++) {
		while (k < other->n && other->at[k] < s->at[i])
			k++;
		if (k < other->n && other->at[k] == s->at[i])
			s->at[n++] = s->at[i];
	}
	s->n = n;
}

/* Names the texts of the block whose grams stand as asked, the rarest first, and forgets its lists. */
static int end_block(struct lists *l, const struct asked *k, struct hub_bits *named)
{
	size_t bytes;
	const size_t first = rarest(l, k->n, &bytes);
	struct spots found = {0}, more;

	if (bytes && read_spots(l, first, &found))
		return -1;
	for (size_t i = 0; i < k->n && found.n; i++) {
		if (i == first)
			continue;
		if (read_spots(l, i, &more))
			return -1;
		keep_common(&found, &more);
	}
	for (size_t i = 0; i < found.n; i++) {
		const int64_t text = (int64_t)(found.at[i] >> PLACE_BITS) / PIECE_COUNT - 1;
		if (hub_bits_set(named, l->block * BLOCK_DOCS + text))
			return -1;
	}
	hub_arena_reset(l->arena);
	*l = (struct lists){.arena = l->arena};
	return 0;
}

static int add_row(struct hub_query *q, struct lists *l, const struct asked *k,
		   struct hub_docs *out)
{
	const enum kind is = (enum kind)hub_db_int(q, 0);
	const struct hub_str s = hub_db_str(q, 2);

	if (is == IS_STALE)
		return add_docs(&out->stale, s);
	if (is == LOOKED_AT)
		return add_docs(&out->named, s) || add_docs(&out->seen, s);
	if (l->block != hub_db_int(q, 1) && end_block(l, k, &out->named))
		return -1;
	l->block = hub_db_int(q, 1);
	return add_lists(l, k, s);
}

static int find_listed(struct hub_db *db, const struct asked *k, struct hub_docs *out,
		       struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct lists l = {.arena = page};
	int rc = page ? hub_db_query(db, &q, err, find, "tiitt", k->buckets, k->from, k->to,
				     k->query, k->query)
		      : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_row(q, &l, k, out))
			return hub_fail_mem(err);
	if (rc == HUB_END)
		rc = end_block(&l, k, &out->named) ? hub_fail_mem(err) : HUB_OK;
	return rc;
}

/* Whether each closed gram of it is in so many texts of the newest block: then the index would have to look at many rows. */
static int is_frequent(struct hub_db *db, const struct asked *k, int *yes, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct lists l = {.arena = page};
	size_t bytes;
	int rc = page ? hub_db_query(db, &q, err, sample, "t", k->buckets) : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_lists(&l, k, hub_db_str(q, 0)))
			return hub_fail_mem(err);
	if (rc != HUB_END)
		return rc;
	(void)rarest(&l, k->n - (size_t)k->open, &bytes);
	*yes = bytes >= (size_t)FREQUENT * SPOT_BYTES;
	return HUB_OK;
}

/* SHARED of a gram; *own: OWN. */
static int64_t bucket_of(struct hub_str gram, int64_t *own)
{
	size_t at = 0;
	const int64_t shared = hub_utf8_next(gram, &at) % FIRST * FIRST;

	*own = shared + 1 + (at < gram.len ? hub_utf8_next(gram, &at) % SECOND : 0);
	return shared;
}

/* The grams of the phrase, and what the statements take of them. The last character of a run says nothing behind a
 * pair. */
static int read_asked(struct hub_arena *a, struct hub_str phrase, struct asked *k)
{
	struct hub_gram_walk w = {.text = phrase};
	HUB_AUTO(buf) struct hub_buf buckets, query;
	struct hub_gram g;
	uint32_t before = 0;

	hub_buf_init(&buckets, 1 << 16);
	hub_buf_init(&query, 1 << 16);
	*k = (struct asked){.gram = hub_alloc_array(a, phrase.len + 1, sizeof *k->gram),
			    .open = hub_gram_is_open(phrase),
			    .to = -1};
	while (k->gram && hub_gram_next(&w, &g)) {
		const int end = w.at == phrase.len;
		if (end && g.kind == HUB_GRAM_LAST && before == HUB_GRAM_PAIR)
			break;
		int64_t own;
		const int64_t shared = bucket_of(g.text, &own);
		k->gram[k->n++] = g.text;
		hub_buf_printf(&query, "%s'%.*s'", before ? " <-> " : "", HUB_FMT(g.text));
		if (end && k->open) {
			k->from = shared;
			k->to = shared + SECOND;
		} else {
			hub_buf_printf(&buckets, "%c%lld,%lld", before ? ',' : '{',
				       (long long)shared, (long long)own);
		}
		before = g.kind;
	}
	hub_buf_puts(&buckets, buckets.len ? "}" : "{}");
	if (k->open)
		hub_buf_puts(&query, ":*");
	k->buckets = hub_buf_keep(&buckets, a);
	k->query = hub_buf_keep(&query, a);
	return k->gram && k->buckets.ptr && k->query.ptr ? 0 : -1;
}

static int find_by_index(struct hub_db *db, struct hub_arena *a, struct hub_str phrase,
			 struct hub_docs *out, struct hub_err *err)
{
	int64_t *ids;
	size_t n;
	const int rc = hub_fulltext_match(db, a, phrase, &ids, &n, err);

	for (size_t i = 0; !rc && i < n; i++)
		if (hub_bits_set(&out->named, ids[i]))
			return hub_fail_mem(err);
	return rc;
}

int hub_wordlist_find(struct hub_db *db, struct hub_arena *a, struct hub_str phrase,
		      struct hub_docs *out, struct hub_err *err)
{
	struct asked k;
	int frequent = 1, rc = HUB_OK;

	*out = (struct hub_docs){{.arena = a}, {.arena = a}, {.arena = a}};
	if (!is_pg(db))
		return find_by_index(db, a, phrase, out, err);
	if (read_asked(a, phrase, &k))
		return hub_fail_mem(err);
	if (k.n > 1)
		rc = is_frequent(db, &k, &frequent, err);
	if (rc)
		return rc;
	return frequent ? find_listed(db, &k, out, err) : find_by_index(db, a, phrase, out, err);
}
