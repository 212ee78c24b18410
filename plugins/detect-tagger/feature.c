#include "feature.h"

#include "hash.h"

/* Where a character stands in its word. */
static uint32_t place_in(const struct seq_word *w, uint32_t i)
{
	return w->to - w->from == 1 ? 0 : i == w->from ? 1 : i + 1u == w->to ? 3 : 2;
}

struct list {
	uint32_t *out, n, kind;
};

/* One feature of up to three values; its number is its place in the order of calls. */
static inline void put(struct list *l, uint32_t a, uint32_t b, uint32_t c)
{
	const uint32_t h = hash_mix(hash_mix(hash_mix(++l->kind * 0x51ed2701u, a), b), c);

	l->out[l->n++] = hash_end(h);
}

static void put_chars(struct list *l, const uint32_t *c, const uint8_t *t)
{
	for (int k = -3; k <= 3; k++)
		put(l, c[k], 0, 0);
	for (int k = -2; k <= 1; k++)
		put(l, c[k], c[k + 1], 0);
	for (int k = -3; k <= 1; k++)
		put(l, c[k], c[k + 1], c[k + 2]);
	put(l, c[-1], c[1], 0);
	put(l, t[-1] * 16u + t[0], t[1], 0);
	put(l, t[-2] * 16u + t[-1], t[0] * 16u + t[1], t[2]);
}

/* The run of characters of one type around i, and what stands at its ends. */
static void put_run(struct list *l, const struct seq *s, uint32_t i)
{
	const uint8_t *t = s->type + SEQ_PAD;
	const uint32_t *c = s->cp + SEQ_PAD;
	int64_t from = i, to = (int64_t)i + 1;

	while (i - from < 8 && t[from - 1] == t[i])
		from--;
	while (to - i <= 8 && t[to] == t[i])
		to++;
	const uint32_t len = (uint32_t)(to - from), shape = t[i] * 32u + (len > 15 ? 15 : len);
	const uint32_t in = (uint32_t)(i - from), place = shape * 16 + (in > 7 ? 7 : in);
	put(l, place, 0, 0);
	put(l, shape, c[from - 1], in == 0);
	put(l, shape, c[to], to == i + 1);
	put(l, place, t[from - 1], t[to]);
	put(l, t[i], c[from - 1], c[to]);
}

static void put_words(struct list *l, const struct seq *s, uint32_t i)
{
	static const struct seq_word edge = {.tag = 255, .hash = 7};
	const uint32_t k = s->word_of[i];
	const struct seq_word *w = &s->word[k], *p = k ? w - 1 : &edge, *pp = k > 1 ? w - 2 : &edge,
			      *n = k + 1 < s->words ? w + 1 : &edge,
			      *nn = k + 2 < s->words ? w + 2 : &edge;
	const uint32_t at = place_in(w, i), len = w->to - w->from, tag = w->tag * 4u + at;

	put(l, w->hash, at, 0);
	put(l, p->hash, at, 0);
	put(l, n->hash, at, 0);
	put(l, w->hash, n->hash, at);
	put(l, p->hash, w->hash, at);
	put(l, tag, len, 0);
	put(l, tag, p->tag, 0);
	put(l, tag, n->tag, 0);
	put(l, tag, p->tag, n->tag);
	put(l, tag, p->tag, pp->tag);
	put(l, tag, n->tag, nn->tag);
	put(l, tag, n->hash, 0);
	put(l, tag, p->hash, 0);
	put(l, tag, n->tag, nn->hash);
}

static void put_lists(struct list *l, const struct seq *s, uint32_t i)
{
	const struct seq_word *w = &s->word[s->word_of[i]];
	const uint32_t tag = w->tag * 4u + place_in(w, i);
	const uint8_t *t = s->type + SEQ_PAD;

	put(l, s->surname[i], i ? s->surname[i - 1] : 0u, t[i + 1]);
	put(l, s->kana[i], i ? s->kana[i - 1] : 0u, t[i + 1]);
	put(l, s->surname[i] | s->kana[i] * 256u, s->behind[i], 0);
	put(l, s->surname[i] | s->kana[i] * 256u, s->before[i], 0);
	put(l, s->behind[i], t[i], 0);
	put(l, s->before[i], t[i], 0);
	put(l, s->behind[i], tag, 0);
	put(l, s->before[i], tag, 0);
	put(l, s->before[i], s->behind[i], t[i]);
	put(l, s->broken[i], i + 1 < s->n ? s->broken[i + 1] : 0u, t[i]);
}

void feature_list(const struct seq *s, uint32_t i, uint32_t out[FEATURES])
{
	struct list l = {.out = out};

	put_chars(&l, s->cp + SEQ_PAD + i, s->type + SEQ_PAD + i);
	put_run(&l, s, i);
	put_words(&l, s, i);
	put_lists(&l, s, i);
}
