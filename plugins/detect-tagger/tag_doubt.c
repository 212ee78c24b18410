/* How much a character wants before it is taken for one of a name, by what the dictionaries say of its word. */
#include "tag_in.h"

#include "about.h"
#include "dict.h"

#include <math.h>

/* Times of the threshold that is enough for a run of characters that stands in the large dictionaries as a name, and for
 * one that is an ordinary noun, too, and that one needs which stands there as a word only; and for a name of one kanji,
 * which the large ones do not have. */
static const float NAME_KATA = 0.4f, NOUN_KATA = 1.0f, USUAL_KATA = 1.5f, NAME_KANJI = 0.5f,
		   WORD_KATA = 3.0f, WORD_KANJI = 5.0f, ONE_KANJI = 0.7f;

/* The same of a word in Latin letters that none of them has: names from abroad are such, more than words. */
static const float STRANGE_LATIN = 0.3f;

/* The same of words of an English phrase, of a run of katakana that several words make, and of one kanji that is a word
 * of every text or the begin of one. */
static const float WORD_LATIN = 5.0f, MADE_KATA = 8.0f, EVERY_KANJI = 5.0f;

/* The same of what is said every day in this work, and of what stands like a medicine or an illness. */
static const float OF_WORK = 10.0f, OF_THING = 9.5f;

/* The same of abbreviations in capitals and of a kanji behind what is done. */
static const float OF_PART = 5.0f;

/* The same of hiragana that are of a facility rather than of a person: what is said behind its kind (ホテルみたい). */
static const float HIRA_FACILITY = 3.0f;

/* 今は, 夏は, 男）: surnames or parts of names, and words of every other text. */
static int is_every_word(uint32_t c)
{
	return tag_is_one_of(u"今春夏秋冬金東西南北男女生宅皆計他等備階", c);
}

static int is_alone(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD + i;

	return type[-1] != SEQ_KANJI && type[1] != SEQ_KANJI;
}

/* 歩 of 歩く, 豊 of 豊か: the dictionary's word goes on in kana, and is no name. */
static int is_inflected(const struct tag *t, uint32_t i)
{
	const struct seq_word *w = &t->seq.word[t->seq.word_of[i]];
	const uint8_t *type = t->seq.type + SEQ_PAD;

	return type[(int)i - 1] != SEQ_KANJI && type[i + 1] == SEQ_HIRA && w->from == i &&
	       w->to > i + 1 && w->tag < DICT_SURNAME;
}

/* A name of one kanji by the dictionary, and a particle behind it. */
static int is_one_kanji(const struct tag *t, uint32_t i)
{
	const struct seq *s = &t->seq;
	const uint8_t *type = s->type + SEQ_PAD + i;

	if (type[-1] == SEQ_KANJI || type[1] != SEQ_HIRA ||
	    !(s->entry[i] & (ENTRY_SURNAME | ENTRY_GIVEN)))
		return 0;
	const uint32_t tag = s->word[s->word_of[i + 1]].tag;
	return tag >= DICT_PARTICLE_FIRST && tag <= DICT_PARTICLE_LAST;
}

/* Does it part two words of one name: a space, or a dot between katakana? */
static int is_gap(const struct tag *t, uint32_t i)
{
	return t->seq.type[i + SEQ_PAD] == SEQ_SPACE || facility_joins(&t->seq, i);
}

/* Is the character beside the run that i is in, or behind a gap beside it, most likely of a name? */
static int is_beside_name(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t from = i, to = i + 1;

	while (from > 0 && (type[from - 1] == type[i] || are_of_word(type[i], type[from - 1])))
		from--;
	while (to < t->seq.n && (type[to] == type[i] || are_of_word(type[i], type[to])))
		to++;
	from -= from > 0 && is_gap(t, from - 1);
	to += to < t->seq.n && is_gap(t, to);
	return (from > 0 && t->crf.marginal[from - 1].o < 0.5f) ||
	       (to < t->seq.n && t->crf.marginal[to].o < 0.5f);
}

/* Times of the threshold that a word needs which no dictionary has. Short ones in Latin letters are abbreviations. */
static float doubt_of_strange(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t from = i, to = i;

	if (!seq_is_latin(type[i]))
		return 1.0f;
	while (from > 0 && seq_is_latin(type[from - 1]))
		from--;
	while (seq_is_latin(type[to]))
		to++;
	if (type[(int)from - 1] == SEQ_DIGIT || type[to] == SEQ_DIGIT)
		return WORD_LATIN; /* 15AAAA */
	return to - from < TAG_LATIN_LEAST ? 1.0f : STRANGE_LATIN;
}

/* The words in Latin letters, one behind the other, that i stands in: is one of them an English word and no name?
 * University of Tokyo Press, World War, but not Grace Young. */
static int is_in_phrase(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	while (i > 0 && (seq_is_latin(type[i - 1]) || c[i - 1] == ' ' || c[i - 1] == '-'))
		i--;
	for (; seq_is_latin(type[i]) || c[i] == ' ' || c[i] == '-'; i++)
		if (known_whole(&t->seq, i) == KNOWN_WORD)
			return 1;
	return 0;
}

/* Times of the threshold that a run of katakana or kanji needs which the large dictionaries have: as a word and no
 * name, or as a name, too; or which they have not. */
static float doubt_of(const struct tag *t, uint32_t i)
{
	const uint32_t lists = known_whole(&t->seq, i);
	const uint8_t type = t->seq.type[i + SEQ_PAD];

	if (type == SEQ_KANJI &&
	    ((is_every_word(t->seq.cp[i + SEQ_PAD]) && is_alone(t, i)) || is_inflected(t, i)))
		return EVERY_KANJI;
	if (type == SEQ_KANJI && is_one_kanji(t, i))
		return ONE_KANJI;
	const enum about what = t->about[i];
	if (what > ABOUT_NOUN && (type != SEQ_KATA || what == ABOUT_WORK || !is_beside_name(t, i)))
		return what == ABOUT_WORK ? OF_WORK : what == ABOUT_THING ? OF_THING : OF_PART;
	if (t->seq.known[i] & KNOWN_MADE)
		return fminf(MADE_KATA, TAG_SURE / t->least);
	if (seq_is_latin(type) && lists && is_in_phrase(t, i))
		return WORD_LATIN;
	if (!lists || seq_is_latin(type))
		return doubt_of_strange(t, i);
	if (type == SEQ_HIRA)
		return 1.0f;
	if (lists != KNOWN_WORD)
		return type == SEQ_KANJI ? NAME_KANJI
		       : what == ABOUT_NOUN && !is_beside_name(t, i)
			   ? (t->seq.known[i] & KNOWN_USUAL ? USUAL_KATA : NOUN_KATA)
			   : NAME_KATA;
	if (is_beside_name(t, i))
		return 1.0f;
	return fminf(type == SEQ_KATA ? WORD_KATA : WORD_KANJI, TAG_SURE / t->least);
}

int tag_is_likely(const struct tag *t, uint32_t i)
{
	const float p = 1.0f - t->crf.marginal[i].o;
	const int of_facility =
	    t->seq.type[i + SEQ_PAD] == SEQ_HIRA && tag_likes_facility(t, i, i + 1);

	return p >= t->least * TAG_LEAST_OF_ALL &&
	       p >= t->least * (of_facility ? HIRA_FACILITY : 1.0f) * doubt_of(t, i);
}
