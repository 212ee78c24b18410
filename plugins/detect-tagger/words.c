#include "words.h"

#include "dict.h"
#include "hash.h"

#include <string.h>

enum {
	NODES = 16384,
	SPARE = SEQ_MAX + 1, /* nodes kept back, so that every place can still be reached */
	MATCHES = 8192,
	WAYS = 512, /* words that begin at one place */
	NONE = 0,   /* no node */
	BEGIN = 1,  /* the node in front of the first word */
};

/* A word as part of the cheapest way to its end. Of words that end at one place and look the same to
 * what follows, only the cheapest is kept. */
struct node {
	int32_t cost; /* of the whole way */
	uint16_t right, from, to, before, next;
	uint8_t tag;
};

/* A word that might begin at the current place. */
struct way {
	const struct dict_token *token;
	uint16_t to;
	uint8_t unknown;
};

/* A word of the dictionary that stands in the stretch. */
struct match {
	const struct dict_token *token;
	uint32_t n;
	uint16_t to;
};

struct words {
	struct dict dict;
	uint32_t hide;
	struct node node[NODES + SPARE];
	uint32_t nodes;
	uint16_t ending[SEQ_MAX + 1]; /* latest node first */
	struct match match[MATCHES];
	uint32_t matches;
	uint16_t match_from[SEQ_MAX + 1]; /* by the character they begin at */
	struct way way[WAYS];
	uint32_t ways;
	/* nodes that end at the current place */
	uint32_t ends;
	uint16_t end_node[NODES], end_right[NODES];
	int32_t end_cost[NODES];
	/* cheapest of them for a word's left index, valid where stamp is the current place */
	uint32_t *stamp, place;
	struct best {
		int32_t cost;
		uint16_t node;
	} * best;
};

int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err)
{
	struct words *w = host->alloc(ctx, NULL, sizeof *w);
	int rc;

	if (!w)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	if ((rc = dict_open(ctx, host, dictionary, &w->dict, err)))
		return rc;
	w->stamp = host->alloc(ctx, NULL, w->dict.lefts * sizeof *w->stamp);
	w->best = host->alloc(ctx, NULL, w->dict.lefts * sizeof *w->best);
	if (!w->stamp || !w->best) {
		dict_close(&w->dict);
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	}
	*out = w;
	return HUB_OK;
}

void words_close(struct words *w)
{
	dict_close(&w->dict);
}

/* ---- which words may begin here ---- */

static void add_ways(struct words *w, const struct dict_token *t, uint32_t n, uint32_t to,
		     uint8_t unknown)
{
	for (uint32_t i = 0; i < n && w->ways < WAYS; i++)
		if (t[i].left < w->dict.lefts && t[i].right < w->dict.rights)
			w->way[w->ways++] = (struct way){t + i, (uint16_t)to, unknown};
}

/* Part of speech -> bit of seq.entry. */
static uint8_t entry_of(uint32_t tag)
{
	switch (tag) {
	case DICT_SURNAME:
		return ENTRY_SURNAME;
	case DICT_GIVEN:
		return ENTRY_GIVEN;
	case DICT_PLACE:
	case DICT_COUNTRY:
		return ENTRY_PLACE;
	case DICT_NOUN_VERBAL:
	case DICT_NOUN:
	case DICT_NOUN_ADJECTIVE:
		return ENTRY_NOUN;
	default:
		return 0;
	}
}

static int is_hidden(const struct words *w, const struct seq *s, uint32_t from, uint32_t to)
{
	return w->hide && hash_end(hash_bytes(s->text + s->byte[from],
					      (size_t)(s->byte[to] - s->byte[from]))) %
				  1000 <
			      w->hide;
}

static void mark_entries(const struct words *w, struct seq *s, const struct dict_token *t,
			 uint32_t n, uint32_t from, uint32_t to)
{
	uint8_t bits = 0;

	while (n-- > 0)
		bits |= entry_of(t[n].tag);
	if (!bits || (is_hidden(w, s, from, to) && !(bits &= ENTRY_NOUN)))
		return;
	s->entry[from] |= bits;
	for (uint32_t i = from + 1; i < to; i++)
		s->entry[i] |= (uint8_t)(bits * ENTRY_INSIDE);
}

/* The words of the dictionary that begin at each character. All of them before any is used: the waits
 * for memory overlap. */
static void find_known(struct words *w, const struct seq *s)
{
	w->matches = 0;
	for (uint32_t from = 0; from < s->n; from++) {
		uint32_t i = from;
		uint32_t state = dict_first(&w->dict, s->cp[i + SEQ_PAD], s->text + s->byte[i],
					    (uint32_t)(s->byte[i + 1] - s->byte[i]));
		w->match_from[from] = (uint16_t)w->matches;
		while (state && w->matches < MATCHES) {
			struct match *m = &w->match[w->matches];
			m->token = dict_tokens(&w->dict.words, state, &m->n);
			if (m->token) {
				__builtin_prefetch(m->token);
				m->to = (uint16_t)(i + 1);
				w->matches++;
			}
			if (++i >= s->n)
				break;
			state = dict_walk(&w->dict.words, state, s->text + s->byte[i],
					  (uint32_t)(s->byte[i + 1] - s->byte[i]));
		}
	}
	w->match_from[s->n] = (uint16_t)w->matches;
}

static void add_known(struct words *w, struct seq *s, uint32_t from)
{
	for (uint32_t k = w->match_from[from]; k < w->match_from[from + 1]; k++) {
		const struct match *m = &w->match[k];
		add_ways(w, m->token, m->n, m->to, 0);
		if (m->to > from + 1)
			mark_entries(w, s, m->token, m->n, from, m->to);
	}
}

static uint32_t class_at(const struct words *w, const struct seq *s, uint32_t i)
{
	return dict_class(&w->dict, s->cp[i + SEQ_PAD]);
}

/* Words the dictionary does not have: the run of characters of one class, and its first few. */
static void add_unknown(struct words *w, const struct seq *s, uint32_t i)
{
	const uint32_t class = class_at(w, s, i), main = class >> DICT_MAIN_SHIFT & 255;
	const uint32_t length = class >> DICT_LENGTH_SHIFT & 15, had = w->ways;
	const struct dict_token *t = w->dict.unknown_of[main % DICT_CLASSES].token;
	const uint32_t n = w->dict.unknown_of[main % DICT_CLASSES].n;
	uint32_t run = 0, to = i + 1;

	if (class >> DICT_GROUP_SHIFT & 1) {
		uint32_t same = class;
		for (; to < s->n && same & class_at(w, s, to) & DICT_KINDS; to++)
			same = class_at(w, s, to);
		if (to - i - 1 <= DICT_LONGEST_RUN)
			add_ways(w, t, n, to, 1);
		run = to;
	}
	for (uint32_t k = 1; k <= length && i + k <= s->n; k++) {
		if (i + k != run)
			add_ways(w, t, n, i + k, 1);
		if (i + k == s->n || !(class & class_at(w, s, i + k) & DICT_KINDS))
			break;
	}
	if (w->ways == had)
		add_ways(w, t, n, i + 1, 1);
}

/* ---- the cheapest way through ---- */

static void take_ends(struct words *w, uint32_t at)
{
	w->ends = 0;
	for (uint16_t k = w->ending[at]; k != NONE; k = w->node[k].next) {
		w->end_node[w->ends] = k;
		w->end_right[w->ends] = w->node[k].right;
		w->end_cost[w->ends++] = w->node[k].cost;
	}
	w->place++;
}

static struct best cheapest(struct words *w, uint32_t left)
{
	const int16_t *row = w->dict.matrix + (size_t)left * w->dict.rights;
	struct best b = {INT32_MAX, NONE};

	if (w->stamp[left] == w->place)
		return w->best[left];
	for (uint32_t k = 0; k < w->ends; k++) {
		const int32_t cost = w->end_cost[k] + row[w->end_right[k]];
		if (cost < b.cost)
			b = (struct best){cost, w->end_node[k]};
	}
	w->stamp[left] = w->place;
	w->best[left] = b;
	return b;
}

static void add_node(struct words *w, uint32_t to, struct node node)
{
	uint16_t *link = &w->ending[to];

	while (*link != NONE && w->node[*link].right != node.right)
		link = &w->node[*link].next;
	uint32_t k = *link;
	if (k != NONE) {
		if (w->node[k].cost < node.cost)
			return;
		*link = w->node[k].next;
	} else if (w->nodes < NODES || w->ending[to] == NONE) {
		k = w->nodes++;
	} else {
		return;
	}
	node.next = w->ending[to];
	w->node[k] = node;
	w->ending[to] = (uint16_t)k;
}

static void connect(struct words *w, uint32_t from)
{
	while (w->ways > 0) {
		const struct way *way = &w->way[--w->ways];
		const struct best b = cheapest(w, way->token->left);
		add_node(w, way->to,
			 (struct node){
			     .cost = b.cost + way->token->cost,
			     .right = way->token->right,
			     .from = (uint16_t)from,
			     .to = way->to,
			     .before = b.node,
			     .tag = (uint8_t)(way->token->tag + (way->unknown ? TAG_UNKNOWN : 0))});
	}
}

static void build(struct words *w, struct seq *s)
{
	const uint32_t space = dict_class(&w->dict, ' ') & DICT_KINDS;

	memset(w->ending, 0, sizeof w->ending);
	memset(s->entry, 0, s->n);
	find_known(w, s);
	w->node[BEGIN] = (struct node){0};
	w->nodes = BEGIN + 1;
	w->ending[0] = BEGIN;
	for (uint32_t at = 0; at < s->n; at++) {
		uint32_t i = at;
		if (w->ending[at] == NONE)
			continue;
		for (uint32_t same = space; i < s->n && same & class_at(w, s, i) & DICT_KINDS; i++)
			same = class_at(w, s, i);
		if (i == s->n)
			continue;
		take_ends(w, at);
		add_known(w, s, i);
		if (!w->ways || class_at(w, s, i) >> DICT_ALWAYS_SHIFT)
			add_unknown(w, s, i);
		connect(w, i);
	}
}

/* ---- words of the stretch ---- */

static void add_word(struct seq *s, uint32_t from, uint32_t to, uint8_t tag)
{
	struct seq_word *w = &s->word[s->words];

	*w = (struct seq_word){.from = (uint16_t)from, .to = (uint16_t)to, .tag = tag};
	w->hash = hash_bytes(s->text + s->byte[from], (size_t)(s->byte[to] - s->byte[from]));
	for (uint32_t i = from; i < to; i++)
		s->word_of[i] = (uint16_t)s->words;
	s->words++;
}

/* Spaces belong to no word of the dictionary: they become words of tag 0, any number of them alike. */
static void add_gap(struct seq *s, uint32_t from, uint32_t to)
{
	add_word(s, from, to, 0);
	s->word[s->words - 1].hash = hash_bytes(" ", 1);
}

void words_mark(struct words *w, struct seq *s, uint32_t hide)
{
	uint16_t path[SEQ_MAX];
	uint32_t steps = 0, done = 0, end = s->n;

	w->hide = hide;
	build(w, s);
	while (w->ending[end] == NONE)
		end--;
	take_ends(w, end);
	for (uint16_t k = cheapest(w, 0).node; k != BEGIN; k = w->node[k].before)
		path[steps++] = k;
	s->words = 0;
	while (steps > 0) {
		const struct node *n = &w->node[path[--steps]];
		if (done < n->from)
			add_gap(s, done, n->from);
		add_word(s, n->from, n->to, n->tag);
		done = n->to;
	}
	if (done < s->n)
		add_gap(s, done, s->n);
}
