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

	if (i >= t->n || !jtown_has(t, i))
		return 0;
	jtown_hash_add(&s, t->cp[i]);
	if (t->cls[i + 1] == JT_DIGIT) /* of use with its number only */
		return is_known(s) ? 1u << 1 : 0;
	if (!jtown_has(t, i + 1))
		return 0;
	jtown_hash_add(&s, t->cp[i + 1]);
	/* the table of heads is small; that of whole towns is not near when it is asked */
	for (uint32_t n = 2; n > 3 || jtown_is_head(s); n++) {
		if (is_known(s))
			lengths |= 1u << n;
		if (n == JTOWN_MAX || !jtown_has(t, i + n))
			break;
		jtown_hash_add(&s, t->cp[i + n]);
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
