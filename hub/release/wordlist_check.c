/* For doctor: the lists beside what they are made of. A damaged list hides texts from those who search, or shows them
 * texts that do not have the word; nobody would notice. */
#include "release/wordlist_in.h"

/* A block that is looked at. */
struct look {
	struct hub_db *db;
	struct hub_words_block block;
	struct hub_words_made made;
	uint8_t *seen; /* of each gram: its list */
	struct hub_bits stale;
	int bad;
};

static int read_stale(struct look *l, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(l->db, &q, err, "SELECT doc FROM text_stale WHERE doc BETWEEN ? AND ?",
			 "ii", l->block.from, l->block.from + l->block.texts - 1);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (hub_bits_set(&l->stale, hub_db_int(q, 0)))
			return hub_fail_mem(err);
	return rc == HUB_END ? HUB_OK : rc;
}

/* The next place in a text that did not change since. */
static uint64_t next_fresh(const struct look *l, struct hub_spot_walk *w)
{
	uint64_t at;

	do
		at = hub_spot_next(w);
	while (at != UINT64_MAX &&
	       hub_bits_get(&l->stale, l->block.from + (int64_t)(at >> PLACE_BITS) - 1));
	return at;
}

static int same(const struct look *l, struct hub_str a, struct hub_str b)
{
	struct hub_spot_walk x = hub_spot_walk(a), y = hub_spot_walk(b);
	uint64_t at;

	while ((at = next_fresh(l, &x)) == next_fresh(l, &y))
		if (at == UINT64_MAX)
			return 1;
	return 0;
}

static struct hub_str list_of(const struct hub_words *g)
{
	return (struct hub_str){(const char *)g->list, g->n};
}

/* Whether a list is the one of its gram, the only one, and where those look who ask for it. */
static int is_right(struct look *l, int64_t bucket, struct hub_str gram, struct hub_str spots)
{
	int64_t own;
	uint64_t at;

	if (!hub_map_get(l->made.at, gram, &at))
		return same(l, spots, HUB_STR(""));
	if (hub_wordlist_bucket(gram, &own) != bucket && own != bucket)
		return 0;
	return !l->seen[at]++ && same(l, spots, list_of(&l->made.gram[at]));
}

static int look_at_rows(struct look *l, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_str gram, spots;
	int rc = hub_db_query(l->db, &q, err,
			      hub_wordlist_is_pg(l->db)
				  ? "SELECT bucket, lists FROM text_spot WHERE block = ?"
				  : "SELECT id / " BLOCKS ", lists FROM text_spot WHERE block = ?",
			      "i", l->block.from / SMALL_TEXTS);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t bucket = hub_db_int(q, 0);
		struct hub_str row = hub_db_str(q, 1);
		while (!l->bad && hub_words_next(&row, &gram, &spots))
			l->bad = !is_right(l, bucket, gram, spots);
		l->bad |= row.len > 0;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int look_at_block(struct hub_db *db, struct hub_words_block b, int *bad, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(LISTS_LIMIT);
	struct look l = {.db = db, .block = b, .stale = {.arena = a}};
	int rc = a ? hub_words_make(db, a, b, &l.made, err) : hub_fail_mem(err);

	if (!rc && !(l.seen = hub_alloc0(a, l.made.n + 1)))
		rc = hub_fail_mem(err);
	if (rc || (rc = read_stale(&l, err)) || (rc = look_at_rows(&l, err)))
		return rc;
	for (size_t i = 0; i < l.made.n && !l.bad; i++)
		l.bad = !l.seen[i] && !same(&l, list_of(&l.made.gram[i]), HUB_STR(""));
	*bad = l.bad;
	return HUB_OK;
}

/* Blocks lie one behind the other from the first text on, and no list is of another one. */
static int look_at_gaps(struct hub_db *db, int64_t *bad, struct hub_err *err)
{
	return hub_db_one(db, bad, err,
			  "SELECT CASE WHEN coalesce(sum(texts), 0) = coalesce(max(block * " SMALL
			  " + texts), 0) AND coalesce(min(block), 0) = 0 AND NOT EXISTS"
			  " (SELECT 1 FROM text_spot s WHERE s.block NOT IN"
			  " (SELECT block FROM text_block)) THEN 0 ELSE 1 END FROM text_block",
			  "");
}

static int look_at_all(struct hub_db *db, struct hub_wordlist_state *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = look_at_gaps(db, &out->bad, err);

	if (!rc)
		rc = hub_db_query(db, &q, err, "SELECT block, texts FROM text_block ORDER BY block",
				  "");
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_words_block b = {hub_db_int(q, 0) * SMALL_TEXTS, hub_db_int(q, 1)};
		int bad = 0;
		rc = look_at_block(db, b, &bad, err);
		out->blocks++;
		out->bad += bad;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_wordlist_check(struct hub_db *db, struct hub_wordlist_state *out, struct hub_err *err)
{
	*out = (struct hub_wordlist_state){0};
	if (!hub_wordlist_is_made(db))
		return HUB_OK;
	const int rc = db->ops->begin(db, HUB_DB_READ, err); /* lists and texts of one moment */
	return rc ? rc : hub_db_end(db, look_at_all(db, out, err), err);
}
