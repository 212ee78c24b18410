#include "head.h"

#include "dict.h"
#include "tag_in.h"

enum { HEAD_SHORTEST = 2, HEAD_LONGEST = 8, GIVEN_MOST = 3, ONCE = 67 /* 昨日, 本日 */ };

/* A word of the dictionary that names nobody, or the end of one: 福祉, 配達, 員. */
static int is_common(const struct seq_word *w)
{
	return w->tag == DICT_NOUN || w->tag == DICT_NOUN_VERBAL || w->tag == DICT_NOUN_ADJECTIVE ||
	       w->tag == DICT_SUFFIX || w->tag == ONCE;
}

/* Does a name of the large dictionaries or of our list begin at `from` and go as far as k? 大豆生田 */
static int is_in_name(const struct seq *s, uint32_t from, uint32_t k)
{
	const uint32_t surname = s->surname[from] & NAME_INSIDE;
	uint32_t n = from;

	if (surname != NAME_INSIDE && surname > k - from)
		return 1;
	for (uint32_t bit = 1; n < k && s->known[n] & (KNOWN_NAME * bit); bit = KNOWN_INSIDE)
		n++;
	return n == k;
}

/* Nouns and nothing else, in words of their own, one of them of two characters and more. */
static int are_nouns(const struct seq *s, uint32_t from, uint32_t k)
{
	uint32_t longest = 0;

	for (uint32_t i = from; i < k;) {
		const struct seq_word *w = &s->word[s->word_of[i]];
		if (w->from != i || w->to > k || !is_common(w))
			return 0;
		if (w->to - i > longest)
			longest = w->to - i;
		i = w->to;
	}
	return longest >= HEAD_SHORTEST;
}

/* Is [k, to) somebody's: a surname of our list, and a given name that may stand behind it? */
static int is_surname(const struct seq *s, uint32_t k, uint32_t to)
{
	const uint32_t n = (s->surname[k] & NAME_INSIDE) - NAME_BEGIN;

	return s->surname[k] && n < NAME_INSIDE - NAME_BEGIN && k + n <= to &&
	       to - k - n <= GIVEN_MOST;
}

static int is_of_one_type(const struct seq *s, uint32_t from, uint32_t k)
{
	const uint8_t *type = s->type + SEQ_PAD;

	for (uint32_t i = from; i < k; i++)
		if (type[i] != type[from])
			return 0;
	return type[from] == SEQ_KANJI || type[from] == SEQ_KATA;
}

/* A post or a relation is one whatever stands behind it; other nouns in front of a surname. */
static int is_head(const struct tag *t, uint32_t from, uint32_t k, uint32_t to)
{
	const struct seq *s = &t->seq;
	const uint8_t type = s->type[from + SEQ_PAD], next = s->type[k + SEQ_PAD];

	if (!is_of_one_type(s, from, k) || next == SEQ_HIRA || next >= SEQ_DIGIT ||
	    (type == SEQ_KATA && next == SEQ_KATA))
		return 0;
	if (lexicon_is_role(t->lexicon, s, from, k))
		return !is_in_name(s, from, k + 1); /* 祖父江 */
	if (next != SEQ_KANJI || !is_surname(s, k, to) || s->word[s->word_of[k]].from != k)
		return 0;
	return type == SEQ_KATA ? known_whole(s, from) == KNOWN_WORD
				: are_nouns(s, from, k) && !is_in_name(s, from, k);
}

uint32_t head_of(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t n = HEAD_LONGEST; n >= HEAD_SHORTEST; n--)
		if (from + n < to && is_head(t, from, from + n, to))
			return n;
	return 0;
}
