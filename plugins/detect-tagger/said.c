#include "said.h"

#include "dict.h"
#include "tag_in.h"

#include <uchar.h>

enum { QUOTE_LONGEST = 20, CALLED_LONGEST = 8, PET_LONGEST = 3 };

/* The end of the one kana, with what belongs to it (しょ, たー), that begins at i; i when there is more, or none. */
static uint32_t kana_at(const struct tag *t, uint32_t i)
{
	static const uint16_t small[] = {0x3041, 0x3043, 0x3045, 0x3047, 0x3049,
					 0x3063, 0x3083, 0x3085, 0x3087};
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t to = i + 1;

	if (type[i] != SEQ_HIRA && type[i] != SEQ_KATA)
		return i;
	for (size_t k = 0; k < sizeof small / sizeof *small; k++)
		if (t->seq.cp[SEQ_PAD + to] % 0x60 == small[k] % 0x60 && type[to] == type[i])
			to++;
	return type[to] == SEQ_HIRA || type[to] == SEQ_KATA ? i : to;
}

static int is_speller(uint32_t c)
{
	return c == TAG_DOT || c == '-' || c == ' ' || c == 0x3001;
}

/* What stands behind a name that was said: an honorific, です, と. */
static int is_said(const struct tag *t, uint32_t i)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD + i;

	return lexicon_called(t->lexicon, &t->seq, i) || c[0] == 0x3068 /* と */ ||
	       (c[0] == 0x3067 && c[1] == 0x3059) /* です */;
}

/* イ・ロ・ハ and ア・イ・ウ count things. */
static int is_counting(const uint32_t *c)
{
	const uint32_t a = c[0] % 0x60, b = c[2] % 0x60;

	return (a == 0x3042 % 0x60 && b == 0x3044 % 0x60) ||
	       (a == 0x3044 % 0x60 && b == 0x308d % 0x60) || a == b;
}

/* た・か・は・し: kana one by one between the same marks; the last may have an honorific glued to it. */
static void find_spelled(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t from = 0, to, n; from + 2 < t->seq.n; from = to > from ? to : from + 1) {
		to = from;
		if (type[(int)from - 1] == SEQ_HIRA || type[(int)from - 1] == SEQ_KATA)
			continue;
		for (n = 0; is_speller(c[kana_at(t, to)]) && kana_at(t, to) > to &&
			    (n == 0 || c[kana_at(t, to)] == c[from + 1]);
		     n++)
			to = kana_at(t, to) + 1;
		const int said = n && is_said(t, to + 1) && to + 1 < t->seq.n;
		if (n && (said || (kana_at(t, to) > to && c[to] != 0x3068)))
			n++, to++;
		else if (n)
			to--;
		/* わ、た、し is said in tears */
		const uint32_t least = c[from + 1] != TAG_DOT ? 4 : said ? 2 : 3;
		if (n >= least && !is_counting(c + from))
			tag_paint(t, from, to, HUB_SPAN_PERSON);
	}
}

/* 「いわてアートサポートセンター」: what is quoted and ends with a facility that was found is its name from the first
 * character on, when it says nothing. */
static void find_quoted(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	for (uint32_t to = 1, from; to < t->seq.n; to++) {
		if ((c[to] != 0x300d && c[to] != 0x300f) || t->type[to - 1] != HUB_SPAN_FACILITY)
			continue;
		for (from = to; from > 0 && to - from < QUOTE_LONGEST &&
				t->seq.type[from - 1 + SEQ_PAD] < SEQ_MARK;)
			from--;
		if (from > 0 && (c[from - 1] == 0x300c || c[from - 1] == 0x300e))
			tag_paint(t, from, to, HUB_SPAN_FACILITY);
	}
}

/* と呼ば, と呼ん, と読, と名乗 behind a quote. */
static int is_called_so(const uint32_t *c)
{
	return c[0] == 0x3068 &&
	       (c[1] == 0x8aad || (c[1] == 0x547c && (c[2] == 0x3070 || c[2] == 0x3093)) ||
		(c[1] == 0x540d && c[2] == 0x4e57));
}

/* Characters of the word of a list that stands at c; 0: none. */
static uint32_t listed_at(const char16_t *const *list, size_t words, const uint32_t *c)
{
	for (size_t i = 0; i < words; i++) {
		uint32_t n = 0;
		while (list[i][n] && c[n] == list[i][n])
			n++;
		if (!list[i][n])
			return n;
	}
	return 0;
}

/* Behind a name that somebody goes by: という名で, という愛称 */
static int is_so_named(const uint32_t *c)
{
	static const char16_t *const ends[] = {u"名", u"愛称", u"通称", u"あだ名", u"呼び名"};

	return c[0] == 0x3068 && c[1] == 0x3044 && c[2] == 0x3046 &&
	       listed_at(ends, sizeof ends / sizeof *ends, c + 3) > 0;
}

/* Is it a word of a dictionary, and no name? */
static int is_listed_word(const struct seq *s, uint32_t from, uint32_t to)
{
	const struct seq_word *w = &s->word[s->word_of[from]];

	if (s->type[from + SEQ_PAD] == SEQ_KATA && to - from <= PET_LONGEST)
		return 0; /* pet names are words */
	return known_whole(s, from) == KNOWN_WORD ||
	       (w->from == from && w->to == to && w->tag < TAG_UNKNOWN &&
		(w->tag <= DICT_NOUN_ADJECTIVE || w->tag > DICT_COUNTRY));
}

/* 「まーくん」と呼ばれている: kana in quotes that somebody is called, and no word of the dictionaries. */
static void find_called(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t from = 1, to; from < t->seq.n; from++) {
		if (c[from - 1] != 0x300c && c[from - 1] != 0x300e)
			continue;
		for (to = from; type[to] == SEQ_HIRA || type[to] == SEQ_KATA; to++)
			;
		if (to < from + 2 || to > from + CALLED_LONGEST ||
		    (c[to] != 0x300d && c[to] != 0x300f) || !is_called_so(c + to + 1) ||
		    is_listed_word(&t->seq, from, to))
			continue;
		to -= lexicon_honorific(t->lexicon, &t->seq, from, to);
		if (!lexicon_is_role(t->lexicon, &t->seq, from, to))
			tag_widen(t, from, to, HUB_SPAN_PERSON);
	}
}

/* いちごという名で: kana that somebody or something is named by, no longer than a name. */
static void find_so_named(struct tag *t)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t to = 2, from; to < t->seq.n; to++) {
		if (!is_so_named(t->seq.cp + SEQ_PAD + to) ||
		    (type[to - 1] != SEQ_HIRA && type[to - 1] != SEQ_KATA))
			continue;
		for (from = to; from > 0 && type[from - 1] == SEQ_KATA;)
			from--;
		if (from == to)
			from = t->seq.word[t->seq.word_of[to - 1]].from;
		if (to - from >= 2 && to - from <= CALLED_LONGEST &&
		    !lexicon_is_role(t->lexicon, &t->seq, from, to))
			tag_widen(t, from, to, HUB_SPAN_PERSON);
	}
}

/* ことね：「別に」, そら「別に」: kana at the begin of a line in front of what was said; without a colon they have to be a
 * name's reading. */
static void find_speaker(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const uint8_t reading = t->seq.kana[0];
	uint32_t to = 0;

	while (type[to] == SEQ_HIRA || type[to] == SEQ_KATA)
		to++;
	const int colon = c[to] == ':';
	if (to < 2 || to > CALLED_LONGEST || c[to + (uint32_t)colon] != 0x300c ||
	    known_whole(&t->seq, 0) == KNOWN_WORD || lexicon_is_role(t->lexicon, &t->seq, 0, to))
		return;
	if (colon || ((reading & KANA_INSIDE) == to && reading & (KANA_GIVEN | KANA_SURNAME)))
		tag_widen(t, 0, to, HUB_SPAN_PERSON);
}

/* Does a name, or one with an honorific, end in front of i? */
static int is_behind_name(const struct tag *t, uint32_t i)
{
	const uint32_t called = lexicon_honorific(t->lexicon, &t->seq, i < 5 ? 0 : i - 5, i);

	return i > called && t->type[i - called - 1] == HUB_SPAN_PERSON;
}

/* 李 雨桐(り うとん), 石動さん(いするぎ), 百々さん(どどと読む): kana in brackets behind a name, in two parts, found in part or
 * hiragana that is no word of the dictionaries, are how it is read. */
static void find_reading(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t from = 2, to; from < t->seq.n; from++) {
		uint32_t found = 0, gaps = 0;
		if (c[from - 1] != '(' || !is_behind_name(t, from - 1))
			continue;
		for (to = from; (type[to] == SEQ_HIRA || type[to] == SEQ_KATA ||
				 (to > from && (type[to] == SEQ_SPACE || c[to] == TAG_DOT))) &&
				!is_called_so(c + to);
		     to++) {
			found += t->type[to] == HUB_SPAN_PERSON;
			gaps += type[to] == SEQ_SPACE && type[to + 1] == type[to - 1];
		}
		const int so = to > from && is_called_so(c + to);
		if ((so || (to > from + 1 && c[to] == ')')) && to - from <= QUOTE_LONGEST &&
		    (so || found || gaps ||
		     (type[from] == SEQ_HIRA && !is_listed_word(&t->seq, from, to))) &&
		    !lexicon_is_role(t->lexicon, &t->seq, from, to))
			tag_widen(t, from, to, HUB_SPAN_PERSON);
	}
}

/* Are the n kana in front of ちゃん what says who somebody is to others, or what animals are called by? */
static int is_kin_called(const uint32_t *c, uint32_t n)
{
	static const char16_t *const kin[] = {u"ばあ", u"じい", u"ばー", u"じー", u"かあ",
					      u"とう", u"ねえ", u"にい", u"ねー", u"にー",
					      u"おっ", u"おば", u"おじ", u"あん", u"ぼっ",
					      u"ばっ", u"じっ", u"あか", u"わん", u"にゃん"};
	const uint32_t polite = n > 2 && c[0] == 0x304a; /* お of おにいちゃん */

	return listed_at(kin, sizeof kin / sizeof *kin, c + polite) == n - polite;
}

/* Does what a pet name is said with stand at i: ちゃん, not ちゃんとする; くん behind っ, where no verb has it (あっくん); 兄
 * and 姉 behind katakana (タカ兄)? */
static int is_pet_end(const struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	const uint8_t *type = s->type + SEQ_PAD + i;

	if (c[0] == 0x3061 && c[1] == 0x3083 && c[2] == 0x3093)
		return c[3] != 0x3068 || type[4] != SEQ_HIRA;
	if (c[0] == 0x304f && c[1] == 0x3093)
		return c[-1] == 0x3063 || c[-1] == 0x30c3;
	return (c[0] == 0x5144 || c[0] == 0x59c9) && type[-1] == SEQ_KATA && type[1] != SEQ_KANJI;
}

/* みっちゃんは: two or three kana by themselves in front of ちゃん, and what somebody is told of by behind it. */
static void find_pet(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = 2; i < t->seq.n; i++) {
		uint32_t from = i;
		if (!is_pet_end(&t->seq, i))
			continue;
		while (from > 0 && (type[from - 1] == SEQ_HIRA || type[from - 1] == SEQ_KATA))
			from--;
		if (i - from >= 2 && i - from <= PET_LONGEST && !t->type[from] &&
		    !is_kin_called(c + from, i - from))
			tag_widen(t, from, i, HUB_SPAN_PERSON);
	}
}

/* Is くん of a boy's name, not of a verb: 築くんの, 築くん。, but 築くんだ, 築くんです? c: what stands behind it. */
static int is_boy(uint32_t c)
{
	return !tag_is_one_of(u"でだじやな?", c);
}

/* 妹さんの和様 */
static int is_of_somebody(const struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;

	return i > 2 && c[-1] == TAG_OF && c[-2] == 0x3093 && c[-3] == 0x3055; /* さん */
}

/* Is what looks like an honorific behind the kanji a part of the dictionary's words: 同様, 行くんです, 来たんだ, 諸氏? */
static int is_other_word(const struct tag *t, uint32_t i, uint32_t called)
{
	const struct seq *s = &t->seq;
	const struct seq_word *w = &s->word[s->word_of[i]];
	const struct seq_word *next = &s->word[s->word_of[i + 1]];
	const uint32_t tag = w->tag % TAG_UNKNOWN;

	if ((tag >= DICT_PERSON && tag <= DICT_GIVEN) || lexicon_told(s, i) || is_of_somebody(s, i))
		return 0;
	if (w->from < i || w->to > i + 1)
		return s->cp[SEQ_PAD + i + 1] != 0x304f /* く */ ||
		       !is_boy(s->cp[SEQ_PAD + i + 1 + called]);
	return tag >= DICT_VERB_FIRST && tag <= DICT_VERB_LAST && next->to < i + 1 + called;
}

/* 結ちゃん, 和様: a kanji by itself in front of an honorific, as long as it is nobody in every text (お客様, 皆さん). */
static void find_one_called(struct tag *t)
{
	static const char16_t people[] =
	    u"皆奥神王仏殿嫁婿客店隣犬猫鬼鳥虫魚蛇君僕私俺何医主人者誰赤嬢坊";
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = 0, n; i + 1 < t->seq.n; i++) {
		if (type[i] != SEQ_KANJI || type[(int)i - 1] == SEQ_KANJI || t->type[i] ||
		    c[(int)i - 1] == 0x304a || c[(int)i - 1] == 0x3054 /* お ご */ ||
		    !(n = lexicon_called(t->lexicon, &t->seq, i + 1)) || is_other_word(t, i, n))
			continue;
		if (!tag_is_one_of(people, c[i]) && !lexicon_is_role(t->lexicon, &t->seq, i, i + 1))
			tag_paint(t, i, i + 1, HUB_SPAN_PERSON);
	}
}

void said_find(struct tag *t)
{
	find_one_called(t);
	find_pet(t);
	find_reading(t);
	find_so_named(t);
	find_speaker(t);
	find_spelled(t);
	find_quoted(t);
	find_called(t);
}
