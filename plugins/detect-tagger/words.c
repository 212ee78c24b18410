#include "words.h"
#include "plain.h"

#include "hash.h"
#include "lattice.h"
#include "margin.h"

#include <string.h>

int words_open(struct hub_ctx *ctx, const struct hub_host *host, struct hub_str dictionary,
	       struct words **out, struct hub_err *err)
{
	struct words *w = host->alloc(ctx, NULL, sizeof *w);
	int rc;

	if (!w)
		return NO_MEMORY(host, err);
	if ((rc = dict_open(ctx, host, dictionary, &w->dict, err)))
		return rc;
	*out = w;
	return HUB_OK;
}

void words_close(struct words *w)
{
	dict_close(&w->dict);
}

/* ---- which words may begin here ---- */

/* The number of a left index in the lefts of the place at hand; LEFTS_MOST when there are too many. */
static uint32_t left_of(struct words *w, uint32_t first, uint16_t left)
{
	uint32_t k = first;

	while (k < w->lefts && w->left[k] != left)
		k++;
	if (k == w->lefts && k - first < LEFTS_MOST)
		w->left[w->lefts++] = left;
	return k - first;
}

static void add_ways(struct words *w, const struct start *st, const struct dict_token *t,
		     uint32_t n, uint32_t to, uint8_t unknown)
{
	for (; n > 0; n--, t++) {
		if (t->left >= w->dict.lefts || t->right >= w->dict.rights || w->ways == WAYS)
			continue;
		const uint32_t left = left_of(w, st->left, t->left);
		if (left < LEFTS_MOST)
			w->way[w->ways++] = (struct way){.cost = t->cost,
							 .right = t->right,
							 .to = (uint16_t)to,
							 .left = (uint8_t)left,
							 .tag = (uint8_t)(t->tag + unknown)};
	}
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
	const uint32_t *c = s->cp + SEQ_PAD;

	w->matches = 0;
	for (uint32_t from = 0; from < s->n; from++) {
		uint32_t i = from;
		uint32_t state = dict_first(&w->dict, s->cp[i + SEQ_PAD], s->text + s->byte[i],
					    (uint32_t)(s->byte[i + 1] - s->byte[i]));
		w->start[from].match = w->matches;
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
			const char *bytes = s->text + s->byte[i];
			const uint32_t len = (uint32_t)(s->byte[i + 1] - s->byte[i]);
			state = i == from + 1
				    ? dict_second(&w->dict, state, c[from], c[i], bytes, len)
				    : dict_walk(&w->dict.words, state, bytes, len);
		}
	}
	w->start[s->n].match = w->matches;
}

/* A kanji between others than kanji; many names are one. */
static int is_alone(const struct seq *s, uint32_t i)
{
	const uint8_t *type = s->type + SEQ_PAD + i;

	return type[0] == SEQ_KANJI && type[-1] != SEQ_KANJI && type[1] != SEQ_KANJI;
}

static void add_known(struct words *w, struct seq *s, uint32_t from)
{
	const struct start *st = &w->start[from];

	for (uint32_t k = st->match; k < st[1].match; k++) {
		const struct match *m = &w->match[k];
		add_ways(w, st, m->token, m->n, m->to, 0);
		if (m->to > from + 1 || is_alone(s, from))
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
	const struct start *st = &w->start[i];
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
			add_ways(w, st, t, n, to, TAG_UNKNOWN);
		run = to;
	}
	for (uint32_t k = 1; k <= length && i + k <= s->n; k++) {
		if (i + k != run)
			add_ways(w, st, t, n, i + k, TAG_UNKNOWN);
		if (i + k == s->n || !(class & class_at(w, s, i + k) & DICT_KINDS))
			break;
	}
	if (w->ways == had)
		add_ways(w, st, t, n, i + 1, TAG_UNKNOWN);
}

/* All that may begin anywhere, before the cheapest is looked for. */
static void find_ways(struct words *w, struct seq *s)
{
	const uint32_t space = dict_class(&w->dict, ' ') & DICT_KINDS;

	find_known(w, s);
	w->ways = w->lefts = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		struct start *st = &w->start[i];
		st->way = w->ways;
		st->left = w->lefts;
		add_known(w, s, i);
		if (w->ways == st->way || class_at(w, s, i) >> DICT_ALWAYS_SHIFT)
			add_unknown(w, s, i);
	}
	w->start[s->n].way = w->ways;
	w->start[s->n].left = w->lefts;
	w->start[s->n].at = (uint16_t)s->n;
	w->start[s->n + 1] = w->start[s->n];
	for (uint32_t i = s->n; i-- > 0;) {
		const uint32_t class = class_at(w, s, i);
		const int more = i + 1 < s->n && class & class_at(w, s, i + 1) & DICT_KINDS;
		w->start[i].at = !(class & space) ? (uint16_t)i
				 : more           ? w->start[i + 1].at
						  : (uint16_t)(i + 1);
	}
}

/* ---- the cheapest path ---- */

static void take_ends(struct words *w, uint32_t at)
{
	w->ends = 0;
	for (uint16_t k = w->ending[at]; k != NONE; k = w->node[k].next) {
		w->end_node[w->ends] = k;
		w->end_right[w->ends] = w->node[k].right;
		w->end_cost[w->ends++] = w->node[k].cost;
	}
}

static struct best cheapest(const struct words *w, uint32_t left)
{
	const int16_t *row = w->dict.matrix + (size_t)left * w->dict.rights;
	struct best b = {INT32_MAX, NONE};

	for (uint32_t k = 0; k < w->ends; k++) {
		const int32_t cost = w->end_cost[k] + row[w->end_right[k]];
		if (cost < b.cost)
			b = (struct best){cost, w->end_node[k]};
	}
	return b;
}

/* The node that it is a part of now: itself, or a cheaper one. */
static uint16_t add_node(struct words *w, const struct node *node)
{
	uint16_t *link = &w->ending[node->to];

	while (*link != NONE && w->node[*link].right != node->right)
		link = &w->node[*link].next;
	uint32_t k = *link;
	if (k != NONE) {
		if (w->node[k].cost < node->cost)
			return (uint16_t)k;
		*link = w->node[k].next;
	} else if (w->nodes < NODES || w->ending[node->to] == NONE) {
		k = w->nodes++;
	} else {
		return NONE;
	}
	w->node[k] = *node;
	w->node[k].next = w->ending[node->to];
	w->ending[node->to] = (uint16_t)k;
	return (uint16_t)k;
}

static void connect(struct words *w, uint32_t from)
{
	const struct start *st = &w->start[from];

	for (uint32_t k = st->left; k < st[1].left; k++)
		w->reach[k] = cheapest(w, w->left[k]);
	for (uint32_t k = st[1].way; k-- > st->way;) {
		struct way *way = &w->way[k];
		const struct best *reach = &w->reach[st->left + way->left];
		const struct node n = {.cost = reach->cost + way->cost,
				       .right = way->right,
				       .from = (uint16_t)from,
				       .to = way->to,
				       .before = reach->node,
				       .tag = way->tag};
		way->node = add_node(w, &n);
	}
}

static void build(struct words *w, struct seq *s)
{
	memset(w->ending, 0, (s->n + 1) * sizeof w->ending[0]);
	memset(s->entry, 0, s->n);
	find_ways(w, s);
	w->node[BEGIN] = (struct node){0};
	w->nodes = BEGIN + 1;
	w->ending[0] = BEGIN;
	for (uint32_t at = 0; at < s->n; at++)
		if (w->ending[at] != NONE && w->start[at].at < s->n) {
			take_ends(w, at);
			connect(w, w->start[at].at);
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
	const struct best best = cheapest(w, 0);
	margin_mark(w, s, end, best.cost);
	for (uint16_t k = best.node; k != BEGIN; k = w->node[k].before)
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
