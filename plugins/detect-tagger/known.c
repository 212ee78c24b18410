#include "known.h"

#include <string.h>

/* The lists that have the word; some slots are free, so that each search ends. */
static uint32_t look(const struct known *k, uint64_t h)
{
	const uint32_t mark = h & KNOWN_MARK;

	for (uint32_t i = known_place(h, k->slots); k->slot[i]; i = i + 1 < k->slots ? i + 1 : 0)
		if ((k->slot[i] & KNOWN_MARK) == mark)
			return k->slot[i] & (KNOWN_INSIDE - 1u);
	return 0;
}

/* The longest word of each list that begins at i, in the run [from, to). */
static void mark_words(const struct known *k, struct seq *s, uint32_t i, uint32_t from, uint32_t to,
		       uint32_t hide)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	const uint32_t most = to - i < KNOWN_LONGEST ? to - i : KNOWN_LONGEST;
	uint32_t longest[KNOWN_LISTS] = {0};
	uint64_t grown = 0;

	for (uint32_t n = 1; n <= most; n++) {
		grown = known_add(grown, c[n - 1]);
		if (n < KNOWN_SHORTEST)
			continue;
		const uint64_t h = known_end(grown);
		uint32_t lists = look(k, h);
		if (hide && (h >> 16) % 1000 < hide)
			lists &= KNOWN_WORD;
		for (uint32_t b = 0; b < KNOWN_LISTS; b++)
			if (lists >> b & 1)
				longest[b] = n;
	}
	for (uint32_t b = 0; b < KNOWN_LISTS; b++) {
		const uint32_t whole = longest[b] == to - from ? KNOWN_WHOLE : 0;
		for (uint32_t n = 0; n < longest[b]; n++)
			s->known[i + n] |= (uint16_t)((whole + (n ? KNOWN_INSIDE : 1)) << b);
	}
}

void known_mark(const struct known *k, struct seq *s, uint32_t hide)
{
	const uint8_t *type = s->type + SEQ_PAD;

	memset(s->known, 0, s->n * sizeof s->known[0]);
	for (uint32_t from = 0, to; k->slots && from < s->n; from = to) {
		for (to = from + 1; to < s->n && type[to] == type[from];)
			to++;
		if (type[from] != SEQ_KANJI && type[from] != SEQ_HIRA && type[from] != SEQ_KATA)
			continue;
		for (uint32_t i = from; i + KNOWN_SHORTEST <= to; i++)
			mark_words(k, s, i, from, to, hide);
	}
}
