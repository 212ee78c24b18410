#include "jwords.h"

#include "jwords_list.h"

#include <string.h>

enum { WORD_MAX = 24, BMP = 0x10000 };

struct word {
	uint32_t sym; /* index into syms: len characters */
	uint32_t len;
	struct jwords_set lists;
	uint32_t next_at, next_before; /* index + 1 */
};

struct jwords {
	struct word *word;
	uint32_t words;
	uint32_t *syms, used;
	uint32_t *at, *before; /* buckets by the first two characters, and by the last two */
	uint32_t mask;
	uint8_t *begins; /* by character */
};

static uint32_t hash(uint32_t a, uint32_t b)
{
	const uint32_t h = a * 0x9e3779b1u ^ b * 0x85ebca6bu;

	return h ^ h >> 16;
}

static uint32_t *bucket_at(const struct jwords *w, const uint32_t *sym, uint32_t len)
{
	return &w->at[hash(sym[0], len > 1 ? sym[1] : 0) & w->mask];
}

static uint32_t *bucket_before(const struct jwords *w, const uint32_t *end, uint32_t len)
{
	return &w->before[hash(end[-1], len > 1 ? end[-2] : 0) & w->mask];
}

/* The next word of a list as characters; returns the place behind it, NULL after the last. */
static const char *next_word(const char *p, uint32_t *sym, uint32_t *len)
{
	*len = 0;
	while (*p == ' ')
		p++;
	if (!*p)
		return NULL;
	if (strncmp(p, "SP", 2) == 0 || strncmp(p, "LF", 2) == 0) {
		sym[(*len)++] = *p == 'S' ? ' ' : '\n';
		return p + 2;
	}
	while (*p && *p != ' ') {
		const unsigned char *u = (const unsigned char *)p;
		const uint32_t n = u[0] < 0x80 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
		uint32_t c = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));
		for (uint32_t i = 1; i < n; i++)
			c = c << 6 | (u[i] & 0x3fu);
		if (*len < WORD_MAX)
			sym[(*len)++] = c;
		p += n;
	}
	return p;
}

static struct word *find(const struct jwords *w, const uint32_t *sym, uint32_t len)
{
	for (uint32_t k = *bucket_at(w, sym, len); k; k = w->word[k - 1].next_at) {
		struct word *x = &w->word[k - 1];
		if (x->len == len && memcmp(w->syms + x->sym, sym, len * sizeof *sym) == 0)
			return x;
	}
	return NULL;
}

static void add(struct jwords *w, const uint32_t *sym, uint32_t len, uint32_t list)
{
	struct word *x = find(w, sym, len);

	if (!x) {
		x = &w->word[w->words++];
		x->sym = w->used;
		x->len = len;
		memcpy(w->syms + w->used, sym, len * sizeof *sym);
		w->used += len;
		uint32_t *b = bucket_at(w, sym, len);
		x->next_at = *b;
		*b = w->words;
		b = bucket_before(w, sym + len, len);
		x->next_before = *b;
		*b = w->words;
		if (sym[0] < BMP)
			w->begins[sym[0]] = 1;
	}
	jwords_set_add(&x->lists, list);
}

struct jwords *jwords_new(struct hub_ctx *ctx, const struct hub_host *host)
{
	uint32_t sym[WORD_MAX], len, words = 0, size = 64;
	size_t syms = 0;

	for (uint32_t l = 0; l < W_LISTS; l++)
		for (const char *p = jwords_lists[l]; (p = next_word(p, sym, &len)); syms += len)
			words++;
	while (size < words * 2)
		size *= 2;
	struct jwords *w = host->alloc(ctx, NULL, sizeof *w);
	if (!w)
		return NULL;
	w->word = host->alloc(ctx, NULL, words * sizeof *w->word);
	w->syms = host->alloc(ctx, NULL, syms * sizeof *w->syms);
	w->at = host->alloc(ctx, NULL, size * sizeof *w->at);
	w->before = host->alloc(ctx, NULL, size * sizeof *w->before);
	w->begins = host->alloc(ctx, NULL, BMP);
	if (!w->word || !w->syms || !w->at || !w->before || !w->begins)
		return NULL;
	w->mask = size - 1;
	for (uint32_t l = 0; l < W_LISTS; l++)
		for (const char *p = jwords_lists[l]; (p = next_word(p, sym, &len));)
			add(w, sym, len, l);
	return w;
}

int jwords_begins(const struct jwords *w, uint32_t c)
{
	return c < BMP && w->begins[c];
}

static int stands(const struct jwords *w, const struct word *x, const uint32_t *text, uint32_t left)
{
	return x->len <= left && memcmp(w->syms + x->sym, text, x->len * sizeof *text) == 0;
}

struct jwords_set jwords_at(const struct jtext *t, uint32_t i)
{
	const struct jwords *w = t->words;
	struct jwords_set all = {{0, 0}};

	for (uint32_t len = i + 1 < t->n ? 2 : 1; len > 0; len--)
		for (uint32_t k = *bucket_at(w, t->cp + i, len); k; k = w->word[k - 1].next_at) {
			const struct word *x = &w->word[k - 1];
			if ((x->len > 1) != (len > 1) || !stands(w, x, t->cp + i, t->n - i))
				continue;
			all.bits[0] |= x->lists.bits[0];
			all.bits[1] |= x->lists.bits[1];
		}
	return all;
}

uint32_t jt_is_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const struct jwords *w = t->words;
	uint32_t best = 0;

	if (i >= t->n || !jwords_begins(w, t->cp[i]))
		return 0;
	for (uint32_t len = i + 1 < t->n ? 2 : 1; len > 0 && !best; len--)
		for (uint32_t k = *bucket_at(w, t->cp + i, len); k; k = w->word[k - 1].next_at) {
			const struct word *x = &w->word[k - 1];
			if (x->len > best && (x->len > 1) == (len > 1) &&
			    jwords_set_has(&x->lists, list) && stands(w, x, t->cp + i, t->n - i))
				best = x->len;
		}
	return best;
}

uint64_t jt_lengths(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const struct jwords *w = t->words;
	uint64_t lengths = 0;

	if (i >= t->n || !jwords_begins(w, t->cp[i]))
		return 0;
	for (uint32_t len = i + 1 < t->n ? 2 : 1; len > 0; len--)
		for (uint32_t k = *bucket_at(w, t->cp + i, len); k; k = w->word[k - 1].next_at) {
			const struct word *x = &w->word[k - 1];
			if ((x->len > 1) == (len > 1) && jwords_set_has(&x->lists, list) &&
			    stands(w, x, t->cp + i, t->n - i))
				lengths |= (uint64_t)1 << x->len;
		}
	return lengths;
}

uint32_t jt_ends_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const struct jwords *w = t->words;
	uint32_t best = 0;

	if (i > t->n || i == 0)
		return 0;
	for (uint32_t len = i > 1 ? 2 : 1; len > 0 && !best; len--)
		for (uint32_t k = *bucket_before(w, t->cp + i, len); k;
		     k = w->word[k - 1].next_before) {
			const struct word *x = &w->word[k - 1];
			if (x->len > best && x->len <= i && (x->len > 1) == (len > 1) &&
			    jwords_set_has(&x->lists, list) &&
			    stands(w, x, t->cp + i - x->len, x->len))
				best = x->len;
		}
	return best;
}
