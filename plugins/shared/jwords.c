#include "jwords_in.h"

#include "jwords_table.h"

static int stands(const struct jword *x, const uint32_t *text, uint32_t left)
{
	const uint16_t *sym = jw_syms + x->sym;

	if (x->len > left)
		return 0;
	for (uint32_t k = 0; k < x->len; k++)
		if (sym[k] != text[k])
			return 0;
	return 1;
}

void jwords_filter_make(struct jwords_filter *f, const struct jwords_set *lists)
{
	memset(f, 0, sizeof *f);
	f->lists = *lists;
	for (uint32_t k = 1; k < sizeof jwords_chars / sizeof *jwords_chars; k++)
		if (jwords_set_meets(&jwords_chars[k].alone, lists))
			f->behind[k] = UINT32_MAX;
	for (uint32_t b = 0; b < JWORDS_BUCKETS; b++)
		for (uint32_t k = jw_at[b]; k < jw_at[b + 1]; k++) {
			const uint16_t *sym = jw_syms + jw_words[k].sym;
			const uint32_t first = jwords_kind(sym[0]) % (1u << JWORDS_KIND_BITS);
			if (!jwords_set_meets(&jw_words[k].lists, lists))
				continue;
			f->behind[first] |= 1u << sym[1] % 32;
			f->pairs[b / 8] |= (uint8_t)(1u << b % 8);
		}
}

struct jwords_set jwords_filter_at(const struct jwords_filter *f, const struct jtext *t, uint32_t i)
{
	const struct jwords_char *c = &jwords_chars[t->ch[i]];
	struct jwords_set all = c->alone;

	if (jwords_set_meets(&c->first, &f->lists)) {
		/* behind the end stands a 0, which begins nothing */
		const uint32_t b = jwords_bucket(t->cp[i], t->cp[i + 1]);
		for (uint32_t k = f->pairs[b / 8] >> b % 8 & 1 ? jw_at[b] : jw_at[b + 1];
		     k < jw_at[b + 1]; k++) {
			const struct jword *x = &jw_words[k];
			if (stands(x, t->cp + i, t->n - i))
				jwords_set_join(&all, &x->lists);
		}
	}
	for (uint32_t k = 0; k < JWORDS_SET; k++)
		all.bits[k] &= f->lists.bits[k];
	return all;
}

uint64_t jwords_lengths(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const uint32_t b = jwords_bucket(t->cp[i], t->cp[i + 1]);
	uint64_t lengths = 0;

	for (uint32_t k = jw_at[b]; k < jw_at[b + 1]; k++) {
		const struct jword *x = &jw_words[k];
		if (jwords_set_has(&x->lists, list) && stands(x, t->cp + i, t->n - i))
			lengths |= (uint64_t)1 << x->len;
	}
	return lengths;
}

uint32_t jwords_ends(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	uint32_t best = 0;

	if (i < 2)
		return 0;
	const uint32_t b = jwords_bucket(t->cp[i - 1], t->cp[i - 2]);
	for (uint32_t k = jw_before[b]; k < jw_before[b + 1]; k++) {
		const struct jword *x = &jw_words[jw_order[k]];
		if (x->len > best && x->len <= i && jwords_set_has(&x->lists, list) &&
		    stands(x, t->cp + i - x->len, x->len))
			best = x->len;
	}
	return best;
}

int jt_made_of(const struct jtext *t, uint32_t from, uint32_t to, const enum jwords_list *lists,
	       uint32_t n)
{
	uint64_t reach = 1; /* bit k: [from, from + k) is made of them */

	if (to - from >= JWORDS_MADE)
		return 0;
	for (uint32_t k = 0; k < to - from; k++) {
		uint64_t lengths = jt_cls(t, from + k) == JT_DIGIT ? 2 : 0;
		for (uint32_t l = 0; l < n; l++)
			lengths |= jt_lengths(t, from + k, lists[l]);
		reach |= reach >> k & 1 ? lengths << k : 0;
	}
	return (int)(reach >> (to - from) & 1);
}
