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

/* Words of a run [from, to) that begin at i may be so long. */
static uint32_t longest_at(const struct seq *s, uint32_t i, uint32_t to)
{
	const uint32_t longest = known_longest((enum seq_type)s->type[i + SEQ_PAD]);

	return to - i < longest ? to - i : longest;
}

/* Hashes of all that begins at i and is to be looked for; their places are fetched meanwhile. */
static uint64_t *hash_words(const struct known *k, const uint32_t *c, uint32_t most, uint64_t *out)
{
	uint64_t grown = known_add(0, c[0]);

	for (uint32_t n = KNOWN_SHORTEST; n <= most; n++) {
		grown = known_add(grown, c[n - 1]);
		*out = known_end(grown);
		__builtin_prefetch(&k->slot[known_place(*out++, k->slots)]);
	}
	return out;
}

/* The longest word of each list that begins at i, in the run [from, to); hash: as hash_words() made them. The lengths
 * of all that are words, as bits. */
static uint32_t mark_words(const struct known *k, struct seq *s, uint32_t i, uint32_t from,
			   uint32_t to, const uint64_t *hash, uint32_t hide)
{
	const uint32_t most = longest_at(s, i, to);
	const int kata = s->type[i + SEQ_PAD] == SEQ_KATA;
	uint32_t longest[KNOWN_LISTS] = {0}, words = 0, common = 0;

	for (uint32_t n = KNOWN_SHORTEST; n <= most; n++, hash++) {
		uint32_t lists = look(k, *hash);
		if (kata && lists & KNOWN_COMMON) {
			lists -= KNOWN_COMMON;
			common = n == to - from;
		}
		if (hide && (*hash >> 16) % 1000 < hide)
			lists &= KNOWN_WORD;
		words |= (lists & KNOWN_WORD) << n;
		for (uint32_t b = 0; lists >> b; b++)
			if (lists >> b & 1)
				longest[b] = n;
	}
	for (uint32_t n = from; common && n < to; n++)
		s->known[n] |= KNOWN_USUAL;
	for (uint32_t b = 0; b < KNOWN_LISTS; b++) {
		const uint32_t whole = longest[b] == to - from ? KNOWN_WHOLE : 0;
		for (uint32_t n = 0; n < longest[b]; n++)
			s->known[i + n] |= (uint16_t)((whole + (n ? KNOWN_INSIDE : 1)) << b);
	}
	return words;
}

/* Katakana or another run of one type, [from, to). */
static void mark_run(const struct known *k, struct seq *s, uint32_t from, uint32_t to,
		     uint32_t hide)
{
	uint64_t hash[SEQ_MAX * KNOWN_LONGEST], *out = hash;
	uint8_t reached[SEQ_MAX + 1] = {0}; /* words end there, one behind the other */

	for (uint32_t i = from; i + KNOWN_SHORTEST <= to; i++)
		out = hash_words(k, s->cp + SEQ_PAD + i, longest_at(s, i, to), out);
	const uint64_t *in = hash;
	reached[from] = 1;
	for (uint32_t i = from; i + KNOWN_SHORTEST <= to; i++) {
		const uint32_t most = longest_at(s, i, to);
		const uint32_t words = mark_words(k, s, i, from, to, in, hide);
		in += most - KNOWN_SHORTEST + 1;
		for (uint32_t n = KNOWN_PIECE; reached[i] && n <= most; n++)
			reached[i + n] |= words >> n & 1;
	}
	if (s->type[from + SEQ_PAD] == SEQ_KATA && reached[to] && !known_whole(s, from))
		for (uint32_t i = from; i < to; i++)
			s->known[i] |= KNOWN_MADE;
}

/* A word in Latin letters. */
static void mark_latin(const struct known *k, struct seq *s, uint32_t from, uint32_t to,
		       uint32_t hide)
{
	uint64_t h = 0;

	if (to - from < KNOWN_LATIN)
		return;
	for (uint32_t i = from; i < to; i++) {
		const uint32_t c = s->cp[i + SEQ_PAD];
		h = known_add(h, c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
	h = known_end(h);
	uint32_t lists = look(k, h);
	if (hide && (h >> 16) % 1000 < hide)
		lists &= KNOWN_WORD;
	for (uint32_t i = from; i < to; i++)
		s->known[i] = (uint16_t)(lists * (KNOWN_WHOLE + (i > from ? KNOWN_INSIDE : 1u)));
}

void known_mark(const struct known *k, struct seq *s, uint32_t hide)
{
	const uint8_t *type = s->type + SEQ_PAD;

	memset(s->known, 0, s->n * sizeof s->known[0]);
	for (uint32_t from = 0, to; k->slots && from < s->n; from = to) {
		const int latin = seq_is_latin(type[from]);
		for (to = from + 1;
		     to < s->n && (type[to] == type[from] || (latin && seq_is_latin(type[to])));)
			to++;
		if (latin)
			mark_latin(k, s, from, to, hide);
		else if (type[from] == SEQ_KANJI || type[from] == SEQ_HIRA ||
			 type[from] == SEQ_KATA)
			mark_run(k, s, from, to, hide);
	}
}
