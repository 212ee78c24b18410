/* The lists of a block in memory: made of the texts in the index. */
#include "release/wordlist_in.h"

#include <string.h>

enum { UTF8_MOST = 4 /* bytes of a character */ };

static struct hub_words *gram_of(struct hub_words_made *m, struct hub_str text)
{
	uint64_t at = m->n;

	if (hub_map_get(m->at, text, &at))
		return &m->gram[at];
	struct hub_words *more = hub_alloc_more(m->arena, m->gram, m->n, &m->cap, sizeof *more);
	if (!more || hub_map_put(m->at, text, at))
		return NULL;
	m->gram = more;
	more[m->n] = (struct hub_words){.text = hub_map_key(m->at, m->n)};
	return &more[m->n++];
}

static int put_number(struct hub_words_made *m, struct hub_words *g, uint64_t v)
{
	do {
		uint8_t *more = hub_alloc_more(m->arena, g->list, g->n, &g->cap, 1);
		if (!more)
			return -1;
		g->list = more;
		more[g->n++] = (uint8_t)(v < 0x80 ? v : v | 0x80);
	} while (v >>= 7);
	return 0;
}

static int add_spot(struct hub_words_made *m, struct hub_str gram, uint64_t text, uint64_t place)
{
	struct hub_words *g = gram_of(m, gram);
	const uint64_t near = place < FAR ? place : FAR;

	if (!g)
		return -1;
	const uint64_t further = text - g->last;
	g->texts += !g->texts || further;
	g->last = text;
	return put_number(m, g, further << NEAR_BITS | near) ||
		       (near == FAR && put_number(m, g, place))
		   ? -1
		   : 0;
}

/* Words longer than a question have their place only, as in PostgreSQL's index. */
static int add_words(struct hub_words_made *m, uint64_t text, uint64_t base, struct hub_str words)
{
	struct hub_gram_walk w = {.text = words};
	struct hub_gram one;

	for (uint64_t place = base + 1; hub_gram_next(&w, &one); place++)
		if (one.text.len <= (size_t)HUB_TEXT_PHRASE * UTF8_MOST &&
		    add_spot(m, one.text, text, place))
			return -1;
	return 0;
}

/* What tsvectorsend() gives: how many; of each its bytes, a zero, how many places, and these, below two bits of
 * weight. */
static int add_vector(struct hub_words_made *m, uint64_t text, uint64_t base, struct hub_str v)
{
	enum { NUMBER = 4, PLACE = 2, PLACE_MASK = 0x3fff };

	if (v.len < NUMBER)
		return -1;
	for (uint64_t n = hub_words_take(&v, NUMBER); n; n--) {
		const size_t len = strnlen(v.ptr, v.len);
		if (v.len - len < 1 + PLACE)
			return -1;
		const struct hub_str gram = hub_str_cut(v, 0, len);
		v = hub_str_from(v, len + 1);
		for (uint64_t places = hub_words_take(&v, PLACE); places; places--)
			if (v.len < PLACE ||
			    add_spot(m, gram, text,
				     base + (hub_words_take(&v, PLACE) & PLACE_MASK)))
				return -1;
	}
	return 0;
}

int hub_words_make(struct hub_db *db, struct hub_arena *a, struct hub_words_block b,
		   struct hub_words_made *m, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const int pg = hub_wordlist_is_pg(db);

	*m = (struct hub_words_made){.arena = a, .at = hub_map_new(a)};
	int rc =
	    !m->at ? hub_fail_mem(err)
		   : hub_db_walk(db, &q, err,
				 pg ? "SELECT id, tsvectorsend(words) FROM text_gram"
				      " WHERE id BETWEEN ? AND ? ORDER BY id"
				    : "SELECT rowid, words FROM text_gram"
				      " WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
				 "ii", b.from * PIECE_COUNT, (b.from + b.texts) * PIECE_COUNT - 1);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const int64_t id = hub_db_int(q, 0);
		const uint64_t text = (uint64_t)(id / PIECE_COUNT - b.from);
		const uint64_t base = (uint64_t)(id % PIECE_COUNT) * STEP;
		if ((pg ? add_vector : add_words)(m, text, base, hub_db_str(q, 1)))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}
