#include "jtown.h"

#include "jtown_table.h"

static int is_known(struct jtown_hash s)
{
	const uint32_t mark = jtown_mark(s);

	for (uint32_t k = jtown_slot(s); jtown_marks[k]; k = (k + 1) & (JTOWN_SLOTS - 1))
		if (jtown_marks[k] == mark)
			return 1;
	return 0;
}

uint32_t jtown_lengths(const struct jtext *t, uint32_t i)
{
	struct jtown_hash s = {0};
	uint32_t lengths = 0;

	for (uint32_t n = 1; n <= JTOWN_MAX && i + n <= t->n; n++) {
		const enum jt_class c = jt_cls(t, i + n - 1);
		if (c != JT_KANJI && c != JT_HIRA && c != JT_KATA)
			break;
		jtown_hash_add(&s, t->cp[i + n - 1]);
		if (n == 1 && jt_cls(t, i + 1) != JT_DIGIT)
			continue; /* of use with its number only */
		if (n == 2 && !(jtown_pairs[jtown_pair(s) / 8] >> jtown_pair(s) % 8 & 1))
			break;
		if (is_known(s))
			lengths |= 1u << n;
	}
	return lengths;
}

int jtown_is(const struct jtext *t, uint32_t from, uint32_t to)
{
	struct jtown_hash s = {0};

	if (to <= from || to - from > JTOWN_MAX)
		return 0;
	for (uint32_t i = from; i < to; i++)
		jtown_hash_add(&s, t->cp[i]);
	return is_known(s);
}
