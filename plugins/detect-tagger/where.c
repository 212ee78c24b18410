#include "where.h"

#include "dict.h"
#include "tag_in.h"

#include <math.h>

/* Times of the threshold, by notes of many hands: at the begin of a sentence, in front of の, the same in katakana (names of
 * abroad stand there in any other text), behind a comma, and behind と when nobody stands in front of that; of a word in
 * katakana that no dictionary has, the same as the last word or behind a comma, and of a surname of one kanji (林, 谷, 角). */
static const float AT_BEGIN = 4.0f, IN_FRONT_OF = 2.0f, KATA_IN_FRONT = 1.5f, KANJI_IN_FRONT = 7.0f,
		   IN_LIST = 2.0f, WITH_THING = 6.0f, STRANGE_KATA = 1.3f, STRANGE_APART = 3.0f,
		   ONE_KANJI = 3.0f;

enum { COMMA = 0x3001, FULL_STOP = 0x3002, WITH = 0x3068 /* と */ };

/* Does something beside it say that it is somebody: 娘にこ, 浜さん, 開発保健師, 樹の母? */
static int is_somebody(const struct seq *s, uint32_t from, uint32_t to)
{
	return s->behind[to - 1] >> 4 == 1 || lexicon_told(s, from) ||
	       s->type[SEQ_PAD + to] == SEQ_UPPER; /* 胡桃OT */
}

/* の, and no number: 稲垣と栗の2人 */
static int is_in_front_of(const struct seq *s, uint32_t to)
{
	return s->cp[SEQ_PAD + to] == TAG_OF && s->type[SEQ_PAD + to + 1] != SEQ_DIGIT &&
	       !tag_is_one_of(u"二三四五", s->cp[SEQ_PAD + to + 1]);
}

/* A word in katakana and nothing else that the small dictionary has not. */
static int is_strange(const struct seq *s, uint32_t from, uint32_t to)
{
	const struct seq_word *w = &s->word[s->word_of[from]];

	return s->type[from + SEQ_PAD] == SEQ_KATA && w->from == from && w->to == to &&
	       w->tag == TAG_UNKNOWN + DICT_NOUN;
}

static int is_one_kanji(const struct seq *s, uint32_t from, uint32_t to)
{
	return to == from + 1 && s->type[from + SEQ_PAD] == SEQ_KANJI && s->surname[from];
}

/* By what stands in front of it. */
static float least_behind(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq *s = &t->seq;

	switch (from > 0 ? s->cp[SEQ_PAD + from - 1] : 0) {
	case FULL_STOP:
		return AT_BEGIN;
	case COMMA: /* a kanji by itself is as often one of several people */
		return to == from + 1 || seq_is_latin(s->type[from + SEQ_PAD]) ||
			       known_whole(s, from) > KNOWN_WORD
			   ? 0
			   : IN_LIST;
	case WITH:
		return from > 1 && t->type[from - 2] == HUB_SPAN_PERSON ? 0 : WITH_THING;
	default:
		return 0;
	}
}

/* By what it is made of. */
static float least_made(const struct seq *s, uint32_t from, uint32_t to)
{
	if (is_one_kanji(s, from, to))
		return ONE_KANJI;
	if (!is_strange(s, from, to))
		return 0;
	const int apart = s->cp[SEQ_PAD + to] == FULL_STOP || s->cp[SEQ_PAD + from - 1] == COMMA;
	return apart && !(known_whole(s, from) & KNOWN_NAME) ? STRANGE_APART : STRANGE_KATA;
}

/* By what it is made of when の stands behind it: プリントの裏, 林の奥. */
static float least_in_front(const struct seq *s, uint32_t from, uint32_t to)
{
	if (s->type[from + SEQ_PAD] == SEQ_KATA && !(known_whole(s, from) & KNOWN_NAME))
		return KATA_IN_FRONT;
	return is_one_kanji(s, from, to) ? KANJI_IN_FRONT : IN_FRONT_OF;
}

float where_least(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq *s = &t->seq;
	const int surname = known_whole(s, from) == KNOWN_NAME && to > from + 1;

	if (is_somebody(s, from, to))
		return 0;
	float times = fmaxf(least_behind(t, from, to), least_made(s, from, to));
	if (is_in_front_of(s, to) && !surname)
		times = fmaxf(times, least_in_front(s, from, to));
	return fminf(times * t->least, 0.9f);
}
