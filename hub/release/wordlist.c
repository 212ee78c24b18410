/* Texts with a phrase: of the lists, of those that are in none, or of the index. */
#include "release/wordlist_in.h"

#include "base/buf.h"

#include <stdlib.h>

/* What a row of the answer is: lists of a block; texts that changed or came since, as PostgreSQL gives and looks at them,
 * or one by one. */
enum { FOUND_LIMIT = 1 << 30 };
/* Bytes of its shortest list in the newest large block, two or three a text, from which on a phrase is asked of the lists:
 * one of fewer texts is found sooner in the index. */
enum { FREQUENT = 64 };
enum kind { LISTED, ARE_STALE, LOOKED_AT, IS_STALE, TO_LOOK_AT };

/* A gram, and where in the phrase it stands, or must not stand. */
struct term {
	struct hub_str gram;
	size_t place;
	enum hub_gram_kind kind;
	int open; /* or whatever begins with it */
	int without;
};

/* Grams that stand one behind the other. */
struct asked {
	struct hub_str phrase;
	struct term *term;
	size_t n;
	int open;             /* the last one is */
	int64_t from, to;     /* rows of an open one */
	struct hub_str query; /* as a tsquery */
};

/* Of which block and term of the question, and where it stands. */
struct list {
	int64_t block;
	size_t term;
	struct hub_str spots;
};
struct lists {
	struct hub_arena *arena;
	struct list *list;
	size_t n, cap;
};

/* Where something stands in a block: text and place in one number; rising. */
struct spots {
	uint64_t *at;
	size_t n;
};

/* What the drivers do in their own way; rows are asked for as an array of their buckets. */
struct statements {
	const char *sample, *find;
	char array[2];
	const char *find_args;
};

/* Of what the lists are made to guess from: the newest large block. */
#define SAMPLE "(SELECT block FROM text_block ORDER BY texts DESC, block DESC LIMIT 1)"
/* The first text that is in no list yet, as an id of text_gram. */
#define NEWEST                            \
	"coalesce((SELECT block * " SMALL \
	" + texts FROM text_block ORDER BY block DESC LIMIT 1), 0) * " PIECES

/* Its index would read its lists from their beginnings for the last texts, so they are looked at here. */
static const struct statements in_sqlite = {
    "SELECT s.lists FROM json_each(?) b CROSS JOIN text_spot s"
    " WHERE s.id = b.value * " BLOCKS " + " SAMPLE,
    "SELECT 0, s.block, s.lists FROM json_each(?) b CROSS JOIN text_spot s"
    " WHERE s.id BETWEEN b.value * " BLOCKS " AND b.value * " BLOCKS " + " BLOCKS " - 1"
    " UNION ALL SELECT 0, block, lists FROM text_spot"
    " WHERE id BETWEEN ? * " BLOCKS " AND ? * " BLOCKS " + " BLOCKS " - 1"
    " UNION ALL SELECT 3, doc, NULL FROM text_stale"
    " UNION ALL SELECT 4, rowid / " PIECES ", words FROM text_gram WHERE rowid >= " NEWEST
    " UNION ALL SELECT 4, s.doc, g.words FROM (SELECT DISTINCT doc FROM text_stale) s, text_gram g"
    " WHERE g.rowid BETWEEN s.doc * " PIECES " AND s.doc * " PIECES " + " PIECES " - 1",
    "[]", "tii"};

/* The range has no end that the planner knows, so that it expects few rows; IS TRUE keeps it from the index and OFFSET
 * from the whole table: those that are not in a list are looked at, and no others. */
static const struct statements in_pg = {
    "SELECT s.lists FROM unnest(?::text::bigint[]) b JOIN text_spot s"
    " ON s.bucket = b AND s.block = " SAMPLE,
    "SELECT 0, block, lists FROM text_spot WHERE bucket = ANY (?::text::bigint[])"
    " UNION ALL SELECT 0, block, lists FROM text_spot WHERE bucket BETWEEN ? AND ?"
    " UNION ALL SELECT 1, 0, string_agg(int8send(doc), '') FROM text_stale"
    " UNION ALL SELECT 2, 0, string_agg(int8send(id / " PIECES "), '') FROM text_gram"
    " WHERE id BETWEEN " NEWEST
    " AND (SELECT max(id) FROM text_gram) AND (words @@ (SELECT ?::text::tsquery)) IS TRUE"
    " UNION ALL SELECT 2, 0, string_agg(int8send(s.doc), '') FROM text_stale s, LATERAL"
    " (SELECT words FROM text_gram WHERE id BETWEEN s.doc * " PIECES " AND s.doc * " PIECES
    " + " PIECES " - 1 OFFSET 0) g WHERE (g.words @@ (SELECT ?::text::tsquery)) IS TRUE",
    "{}", "tiitt"};

static const struct statements *statements_of(const struct hub_db *db)
{
	return hub_wordlist_is_pg(db) ? &in_pg : &in_sqlite;
}

static int add_docs(struct hub_bits *to, struct hub_str ids)
{
	while (ids.len >= DOC_BYTES)
		if (hub_bits_set(to, (int64_t)hub_words_take(&ids, DOC_BYTES)))
			return -1;
	return 0;
}

static int is_asked(const struct term *t, struct hub_str gram)
{
	return t->open ? hub_str_starts(gram, t->gram) : hub_str_eq(gram, t->gram);
}

/* Keeps the lists of a row that are asked for; the row is gone with the next one. */
static int add_lists(struct lists *to, const struct asked *k, int64_t block, struct hub_str row)
{
	struct hub_str gram, spots;

	while (hub_words_next(&row, &gram, &spots)) {
		struct hub_str kept = {NULL, 0};
		for (size_t i = 0; i < k->n; i++) {
			if (!is_asked(&k->term[i], gram))
				continue;
			struct list *more =
			    hub_alloc_more(to->arena, to->list, to->n, &to->cap, sizeof *more);
			if (!kept.ptr)
				kept = hub_arena_str(to->arena, spots);
			if (!more || !kept.ptr)
				return -1;
			to->list = more;
			more[to->n++] = (struct list){block, i, kept};
		}
	}
	return 0;
}

static size_t list_bytes(const struct lists *l, size_t term)
{
	size_t bytes = 0;

	for (size_t i = 0; i < l->n; i++)
		bytes += l->list[i].term == term ? l->list[i].spots.len : 0;
	return bytes;
}

/* The term with the shortest lists of those that must be there; all: an open one, too. */
static size_t rarest(const struct lists *l, const struct asked *k, int all, size_t *bytes)
{
	size_t best = k->n;

	for (size_t i = 0; i < k->n; i++) {
		if (k->term[i].without || (k->term[i].open && !all))
			continue;
		const size_t b = list_bytes(l, i);
		if (best == k->n || b < *bytes) {
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

/* Where the phrase begins if the gram of this place is right. */
static void read_list(struct hub_str list, size_t place, struct spots *to)
{
	struct hub_spot_walk w = hub_spot_walk(list);
	uint64_t at;

	while ((at = hub_spot_next(&w)) != UINT64_MAX)
		to->at[to->n++] = at - place;
}

static void sort(struct spots *s)
{
	for (size_t i = 1; i < s->n; i++)
		if (s->at[i - 1] > s->at[i]) {
			qsort(s->at, s->n, sizeof *s->at, by_place);
			return;
		}
}

/* All lists of a term in a block, of which an open one has several. */
static int read_spots(struct hub_arena *a, const struct lists *l, size_t term, size_t place,
		      struct spots *out)
{
	*out = (struct spots){hub_alloc(a, (list_bytes(l, term) + 1) * sizeof *out->at), 0};
	if (!out->at)
		return -1;
	for (size_t i = 0; i < l->n; i++)
		if (l->list[i].term == term)
			read_list(l->list[i].spots, place, out);
	sort(out);
	return 0;
}

/* Keeps those that are in the other one as well, or are not. */
static void keep(struct spots *s, const struct spots *other, int without)
{
	size_t n = 0, k = 0;

	for (size_t i = 0; i < s->n; i++) {
		while (k < other->n && other->at[k] < s->at[i])
			k++;
		if ((k < other->n && other->at[k] == s->at[i]) != without)
			s->at[n++] = s->at[i];
	}
	s->n = n;
}

/* The only list of a term in a block; NULL: there are several, or none. */
static const struct hub_str *only_list(const struct lists *l, size_t term)
{
	const struct hub_str *only = NULL;

	for (size_t i = 0; i < l->n; i++) {
		if (l->list[i].term != term)
			continue;
		if (only)
			return NULL;
		only = &l->list[i].spots;
	}
	return only;
}

/* The same of such a list, which is not copied for it: it may be a hundred times as long. */
static void keep_listed(struct spots *s, struct hub_str list, size_t place, int without)
{
	struct hub_spot_walk w = hub_spot_walk(list);
	uint64_t at = 0;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		const uint64_t want = s->at[i] + place;
		while (at < want)
			at = hub_spot_next(&w);
		if ((at == want) != without)
			s->at[n++] = s->at[i];
	}
	s->n = n;
}

/* Where the phrase begins in a block: the rarest of its grams first. */
static int match(struct hub_arena *a, const struct lists *l, const struct asked *k,
		 struct spots *found)
{
	size_t bytes = 0;
	const size_t first = rarest(l, k, 1, &bytes);
	struct spots other;

	*found = (struct spots){0};
	if (bytes && read_spots(a, l, first, k->term[first].place, found))
		return -1;
	for (size_t i = 0; i < k->n && found->n; i++) {
		const struct term *t = &k->term[i];
		const struct hub_str *only = i == first ? NULL : only_list(l, i);
		if (i == first)
			continue;
		if (only)
			keep_listed(found, *only, t->place, t->without);
		else if (read_spots(a, l, i, t->place, &other))
			return -1;
		else
			keep(found, &other, t->without);
	}
	return 0;
}

static int by_block(const void *a, const void *b)
{
	const struct list *x = a, *y = b;

	return (x->block > y->block) - (x->block < y->block);
}

/* Names the texts whose grams stand as asked, block by block. */
static int match_all(struct lists *l, const struct asked *k, struct hub_bits *named)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	struct spots found;

	if (!page)
		return -1;
	if (l->n > 1)
		qsort(l->list, l->n, sizeof *l->list, by_block);
	for (size_t i = 0; i < l->n;) {
		struct lists of = {.list = l->list + i};
		while (i < l->n && l->list[i].block == of.list->block)
			i++;
		of.n = (size_t)(l->list + i - of.list);
		if (match(page, &of, k, &found))
			return -1;
		for (size_t f = 0; f < found.n; f++) {
			const int64_t text = (int64_t)(found.at[f] >> PLACE_BITS) - 1;
			if (hub_bits_set(named, of.list->block * SMALL_TEXTS + text))
				return -1;
		}
		hub_arena_reset(page);
	}
	return 0;
}

static int look_at(const struct asked *k, int64_t doc, struct hub_str text, struct hub_docs *out)
{
	if (hub_gram_find(text, k->phrase, 0) == (size_t)-1)
		return 0;
	return hub_bits_set(&out->named, doc) || hub_bits_set(&out->seen, doc);
}

static int add_row(struct hub_query *q, struct lists *l, const struct asked *k,
		   struct hub_docs *out)
{
	const enum kind is = (enum kind)hub_db_int(q, 0);
	const int64_t number = hub_db_int(q, 1);
	const struct hub_str s = hub_db_str(q, 2);

	switch (is) {
	case ARE_STALE:
		return add_docs(&out->stale, s);
	case LOOKED_AT:
		return add_docs(&out->named, s) || add_docs(&out->seen, s);
	case IS_STALE:
		return hub_bits_set(&out->stale, number);
	case TO_LOOK_AT:
		return look_at(k, number, s, out);
	case LISTED:
		break;
	}
	return add_lists(l, k, number, s);
}

/* Their rows, as an array. */
static struct hub_str buckets_of(struct hub_arena *a, const struct asked *k, const char *array)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	for (size_t i = 0; i < k->n; i++) {
		int64_t own;
		const int64_t shared = hub_wordlist_bucket(k->term[i].gram, &own);
		if (!k->term[i].open)
			hub_buf_printf(&b, "%c%lld,%lld", b.len ? ',' : array[0], (long long)shared,
				       (long long)own);
	}
	if (!b.len)
		hub_buf_putc(&b, array[0]);
	hub_buf_putc(&b, array[1]);
	return hub_buf_keep(&b, a);
}

static int find_listed(struct hub_db *db, struct hub_arena *a, const struct asked *k,
		       struct hub_docs *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(FOUND_LIMIT);
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct statements *s = statements_of(db);
	const struct hub_str buckets = buckets_of(a, k, s->array);
	struct lists l = {.arena = page};
	int rc = page && buckets.ptr ? hub_db_query(db, &q, err, s->find, s->find_args, buckets,
						    k->from, k->to, k->query, k->query)
				     : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_row(q, &l, k, out))
			return hub_fail_mem(err);
	if (rc == HUB_END)
		rc = match_all(&l, k, &out->named) ? hub_fail_mem(err) : HUB_OK;
	return rc;
}

/* A pair between two others need not be read where few runs end with its first character: the pair before it says which
 * character stands there, the gram behind it which one comes next, and that nothing lies between them, that no run ends
 * there. Of サービス in half of all texts that saves one list in two. */
static int may_be_left_out(const struct asked *k, size_t i)
{
	return i > 0 && i + 1 < k->n && k->term[i - 1].kind == HUB_GRAM_PAIR &&
	       k->term[i].kind == HUB_GRAM_PAIR;
}

/* How such a pair is left out: this must not stand in its place. Its kind stays that of the pair. */
static struct term end_instead(const struct term *pair)
{
	struct term t = *pair;
	size_t first = 0;

	(void)hub_utf8_next(t.gram, &first);
	t.gram = hub_str_cut(t.gram, 0, first);
	t.without = 1;
	return t;
}

/* Leaves out what saves most, and of what is left again; all: the pairs, and behind them the ends of those that may be
 * left out. */
static void leave_out(struct asked *k, const struct asked *all, const struct lists *l)
{
	for (;;) {
		size_t best = k->n, instead = 0, most = 0, end = k->n;
		for (size_t i = 0; i < k->n; i++) {
			if (!may_be_left_out(k, i))
				continue;
			const size_t pair = list_bytes(l, i), ends = list_bytes(l, end++);
			if (k->term[i - 1].without || k->term[i].without ||
			    k->term[i + 1].without || ends + most >= pair)
				continue;
			best = i;
			instead = end - 1;
			most = pair - ends;
		}
		if (best == k->n)
			return;
		k->term[best] = all->term[instead];
	}
}

/* Whether each closed gram of it is in so many texts of a block: then the index would have to look at many rows.
 * Says also which of them are left out. */
static int is_frequent(struct hub_db *db, struct hub_arena *a, struct asked *k, int *yes,
		       struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *page = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct statements *s = statements_of(db);
	struct asked all = {.term = hub_alloc_array(a, 2 * k->n, sizeof *all.term), .n = k->n};
	struct lists l = {.arena = page};
	size_t bytes = 0;

	if (!page || !all.term)
		return hub_fail_mem(err);
	memcpy(all.term, k->term, k->n * sizeof *k->term);
	for (size_t i = 0; i < k->n; i++)
		if (may_be_left_out(k, i))
			all.term[all.n++] = end_instead(&k->term[i]);
	const struct hub_str buckets = buckets_of(a, &all, s->array);
	int rc =
	    buckets.ptr ? hub_db_query(db, &q, err, s->sample, "t", buckets) : hub_fail_mem(err);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (add_lists(&l, &all, 0, hub_db_str(q, 0)))
			return hub_fail_mem(err);
	if (rc != HUB_END)
		return rc;
	(void)rarest(&l, k, 0, &bytes);
	*yes = bytes >= FREQUENT;
	leave_out(k, &all, &l);
	return HUB_OK;
}

/* The grams of the phrase, and what the statements take of them. The last character of a run says nothing behind a
 * pair. */
static int read_asked(struct hub_arena *a, struct hub_str phrase, struct asked *k)
{
	struct hub_gram_walk w = {.text = phrase};
	HUB_AUTO(buf) struct hub_buf query;
	struct hub_gram g;
	uint32_t before = 0;

	hub_buf_init(&query, 1 << 16);
	*k = (struct asked){.phrase = phrase,
			    .term = hub_alloc_array(a, phrase.len + 1, sizeof *k->term),
			    .open = hub_gram_is_open(phrase),
			    .to = -1};
	while (k->term && hub_gram_next(&w, &g)) {
		const int end = w.at == phrase.len;
		if (end && g.kind == HUB_GRAM_LAST && before == HUB_GRAM_PAIR)
			break;
		struct term *t = &k->term[k->n];
		*t = (struct term){g.text, k->n, g.kind, end && k->open, 0};
		k->n++;
		hub_buf_printf(&query, "%s'%.*s'%s", before ? " <-> " : "", HUB_FMT(g.text),
			       t->open ? ":*" : "");
		if (t->open) {
			int64_t own;
			k->from = hub_wordlist_bucket(g.text, &own);
			k->to = k->from + SECOND;
		}
		before = g.kind;
	}
	k->query = hub_buf_keep(&query, a);
	return k->term && k->query.ptr ? 0 : -1;
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

/* The statements on the lists have one plan, whatever is asked; to make it anew takes PostgreSQL a fifth of the answer. */
static int keep_plans(struct hub_db *db, int on, struct hub_err *err)
{
	if (!hub_wordlist_is_pg(db))
		return HUB_OK;
	return db->ops->exec(db,
			     on ? "SET plan_cache_mode = force_generic_plan"
				: "SET plan_cache_mode = force_custom_plan", /* as db_pg_open.c */
			     err);
}

/* *frequent: *out is what the lists say; else nothing is said. */
static int find_in_lists(struct hub_db *db, struct hub_arena *a, struct asked *k, int *frequent,
			 struct hub_docs *out, struct hub_err *err)
{
	int rc = keep_plans(db, 1, err);

	if (rc)
		return rc;
	*frequent = 1;
	if (k->n > 1)
		rc = is_frequent(db, a, k, frequent, err);
	if (!rc && *frequent)
		rc = find_listed(db, a, k, out, err);
	const int ended = keep_plans(db, 0, rc ? NULL : err);
	return rc ? rc : ended;
}

int hub_wordlist_find(struct hub_db *db, struct hub_arena *a, struct hub_str phrase,
		      struct hub_docs *out, struct hub_err *err)
{
	struct asked k;
	int frequent = 0, rc = HUB_OK;

	*out = (struct hub_docs){{.arena = a}, {.arena = a}, {.arena = a}};
	if (read_asked(a, phrase, &k))
		return hub_fail_mem(err);
	if (k.n > 1 ||
	    hub_wordlist_is_pg(db)) /* SQLite: one list of its own index is read as fast */
		rc = find_in_lists(db, a, &k, &frequent, out, err);
	return rc || frequent ? rc : find_by_index(db, a, phrase, out, err);
}
