#include "jwords_in.h"

#include "jwords_table.h"

int jwords_begins(uint32_t c)
{
	return c < 0x10000 && jw_begins[c / 8] >> c % 8 & 1;
}

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

/* The words that may stand at i: of two characters and more, and of one. */
static uint32_t buckets_at(const struct jtext *t, uint32_t i, uint32_t bucket[2])
{
	uint32_t n = 0;

	if (i >= t->n || !jwords_begins(t->cp[i]))
		return 0;
	if (i + 1 < t->n)
		bucket[n++] = jwords_bucket(t->cp[i], t->cp[i + 1]);
	bucket[n++] = jwords_bucket(t->cp[i], 0);
	return n;
}

struct jwords_set jwords_at(const struct jtext *t, uint32_t i)
{
	struct jwords_set all = {{0, 0}};
	uint32_t bucket[2];

	for (uint32_t b = buckets_at(t, i, bucket); b > 0; b--)
		for (uint32_t k = jw_at[bucket[b - 1]]; k < jw_at[bucket[b - 1] + 1]; k++) {
			const struct jword *x = &jw_words[k];
			if (!stands(x, t->cp + i, t->n - i))
				continue;
			all.bits[0] |= x->lists.bits[0];
			all.bits[1] |= x->lists.bits[1];
		}
	return all;
}

uint64_t jt_lengths(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	uint64_t lengths = 0;
	uint32_t bucket[2];

	for (uint32_t b = buckets_at(t, i, bucket); b > 0; b--)
		for (uint32_t k = jw_at[bucket[b - 1]]; k < jw_at[bucket[b - 1] + 1]; k++) {
			const struct jword *x = &jw_words[k];
			if (jwords_set_has(&x->lists, list) && stands(x, t->cp + i, t->n - i))
				lengths |= (uint64_t)1 << x->len;
		}
	return lengths;
}

uint32_t jt_is_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	const uint64_t lengths = jt_lengths(t, i, list);

	return lengths ? 63 - (uint32_t)__builtin_clzll(lengths) : 0;
}

uint32_t jt_ends_any(const struct jtext *t, uint32_t i, enum jwords_list list)
{
	uint32_t best = 0;

	if (i > t->n || i == 0)
		return 0;
	for (uint32_t two = i > 1; !best; two--) {
		const uint32_t b = jwords_bucket(t->cp[i - 1], two ? t->cp[i - 2] : 0);
		for (uint32_t k = jw_before[b]; k < jw_before[b + 1]; k++) {
			const struct jword *x = &jw_words[jw_order[k]];
			if (x->len > best && x->len <= i && jwords_set_has(&x->lists, list) &&
			    stands(x, t->cp + i - x->len, x->len))
				best = x->len;
		}
		if (!two)
			break;
	}
	return best;
}
