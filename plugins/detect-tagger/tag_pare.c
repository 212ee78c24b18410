/* What is no name at the ends of what was found, and what is none at all. */
#include "tag_in.h"

#include "dict.h"

#include <math.h>
#include <string.h>

/* Times of the threshold that kana and words in small letters need. */
static const float KANA_DOUBT = 2.0f, SMALL_DOUBT = 5.0f;

/* The same of kana in a line that is written in nothing else, and of those that say a thing twice (ゆらゆら). */
static const float SPACED_DOUBT = 8.0f, TWICE_DOUBT = 3.0f;

/* What a facility in hiragana of so many characters and more needs: they are the readings of ordinary words. */
static const float LONG_DOUBT = 0.8f;
enum { HIRA_LONG = 6 };

/* Where the text of an item begins: 3.クーリングオフ. */
static uint32_t behind_number(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint8_t *type = s->type + SEQ_PAD;
	uint32_t i = from;

	while (i < to && type[i] == SEQ_DIGIT)
		i++;
	return i > from && i + 1 < to && s->cp[i + SEQ_PAD] == '.' && type[i + 1] != SEQ_DIGIT
		   ? i + 1
		   : from;
}

/* Brackets and other marks at the ends belong to nobody; (株) and its like say only what follows. */
static void trim(const struct seq *s, uint32_t *from, uint32_t *to)
{
	const uint32_t *c = s->cp + SEQ_PAD;
	const uint8_t *type = s->type + SEQ_PAD;

	if (*to - *from == 3 && c[*from] == '(' && c[*to - 1] == ')')
		*to = *from;
	if (*to - *from == 1 && tag_is_stock(c + (int)*from - 1))
		*to = *from;
	*from = behind_number(s, *from, *to);
	while (*from < *to && type[*from] == SEQ_MARK)
		++*from;
	while (*from < *to && type[*to - 1] == SEQ_MARK)
		--*to;
}

/* Is it less likely than not that any of characters [from, to) belongs to a name? */
static int is_doubtful(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (t->crf.marginal[i].o < 0.5f)
			return 0;
	return 1;
}

/* The end of a given name, not an honorific: 尊氏 of 足利尊氏. */
static int ends_given(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint16_t *known = t->seq.known;

	return t->seq.cp[SEQ_PAD + to - 1] == 0x6c0f /* 氏 */ && to - from > 2 &&
	       known[to - 2] & KNOWN_GIVEN && known[to - 1] / KNOWN_INSIDE & KNOWN_GIVEN;
}

/* Is all of it in kana, and the longest reading of a name that begins there? */
static int is_reading(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint8_t reading = s->kana[from];

	return (reading & (KANA_SURNAME | KANA_GIVEN)) && (reading & KANA_INSIDE) == to - from;
}

/* A particle behind a reading: かおるが. Names end in some, too: ことは, くにと, いかりや. */
static int is_case(const struct tag *t, uint32_t i)
{
	switch (t->seq.cp[i + SEQ_PAD]) {
	case 0x304c: /* が */
	case 0x3092: /* を */
	case 0x3067: /* で */
	case TAG_OF:
	case 0x3078: /* へ */
		return 1;
	case 0x306f: /* は */
	case 0x3082: /* も */
	case 0x306b: /* に */
	case 0x3068: /* と */
		return !(t->seq.known[i] / KNOWN_INSIDE & KNOWN_NAME);
	default:
		return 0;
	}
}

uint32_t tag_tail_of(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq_word *last = &t->seq.word[t->seq.word_of[to - 1]];
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t n = lexicon_honorific(t->lexicon, &t->seq, from, to);

	if (n && is_reading(&t->seq, from, to - n))
		return n;

	if ((to < t->seq.n && t->crf.marginal[to].o <= 1.0f - t->least) || ends_given(t, from, to))
		return 0;
	if (!n && last->tag >= DICT_PARTICLE_FIRST && last->tag <= DICT_PARTICLE_LAST &&
	    last->from > from && last->to >= to && type[last->from - 1] != SEQ_HIRA)
		n = to - last->from;
	if (!n && is_reading(&t->seq, from, to - 1) && is_case(t, to - 1))
		return 1;
	if (type[to - 1] == SEQ_KATA && n && type[to - n - 1] == SEQ_KATA)
		return 0;
	return n && is_doubtful(t, to - n, to) ? n : 0;
}

/* One kana alone is a part of a word that was not understood. */
static int is_scrap(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t type = t->seq.type[from + SEQ_PAD];

	return to - from == 1 && (type == SEQ_HIRA || type == SEQ_KATA) && is_doubtful(t, from, to);
}

/* Does somebody write all in hiragana, with spaces between? つくえの したに もぐりました */
static int is_spaced_kana(const struct seq *s)
{
	const uint8_t *type = s->type + SEQ_PAD;
	uint32_t from = 0, runs = 0;

	for (uint32_t i = 0; i <= s->n; i++) {
		if (type[i] == SEQ_HIRA)
			continue;
		runs = i < from + 2 ? 0 : runs + 1;
		if (runs > 2)
			return 1;
		if (type[i] != SEQ_SPACE)
			runs = 0;
		from = i + 1;
	}
	return 0;
}

/* ゆらゆら: the same twice. */
static int is_twice(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint32_t *c = s->cp + SEQ_PAD, half = (to - from) / 2;

	return half > 1 && to - from == 2 * half &&
	       memcmp(c + from, c + from + half, half * sizeof *c) == 0;
}

/* Times of the threshold that kana need, when they are all of [from, to). */
static float doubt_of_kana(const struct seq *s, uint32_t from, uint32_t to)
{
	return is_spaced_kana(s) ? SPACED_DOUBT : is_twice(s, from, to) ? TWICE_DOUBT : KANA_DOUBT;
}

/* What a form says of anything: 既往：あり. */
static int is_answer(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint32_t *c = s->cp + SEQ_PAD;

	return to - from == 2 && ((c[from] == 0x3042 && c[from + 1] == 0x308a) /* あり */ ||
				  (c[from] == 0x306a && c[from + 1] == 0x3057) /* なし */);
}

/* Kana that are a word more often than a name, and words in small letters: they want more than the threshold, unless
 * the kana are the reading of a name. */
static int is_word(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq *s = &t->seq;
	const uint8_t *type = s->type + SEQ_PAD;
	uint32_t hira = 0, small = type[from] == SEQ_LOWER;

	for (uint32_t i = from; i < to; i++) {
		hira += type[i] == SEQ_HIRA || type[i] == SEQ_SPACE;
		small &= type[i] != SEQ_KANJI && type[i] != SEQ_HIRA && type[i] != SEQ_KATA;
	}
	if (hira < to - from && !small)
		return 0;
	if (is_answer(s, from, to))
		return tag_most_of(t, from, to) < TAG_SURE;
	if (hira && is_reading(s, from, to) && s->word[s->word_of[from]].from == from)
		return 0;
	if (hira >= HIRA_LONG && to - from == hira && tag_likes_facility(t, from, to))
		return tag_most_of(t, from, to) < LONG_DOUBT;
	if (hira)
		return tag_most_of(t, from, to) <
		       fminf(TAG_SURE, t->least * doubt_of_kana(s, from, to));
	return tag_most_of(t, from, to) < fminf(0.5f, t->least * SMALL_DOUBT);
}

/* Found by little but the doubt that it may be a facility: then it has to end like one. */
static int is_no_facility(const struct tag *t, uint32_t from, uint32_t to)
{
	struct facility_name name = {from, to, facility_end(&t->facility, &t->seq, to)};

	for (uint32_t i = from; i < to; i++)
		if (tag_is_likely(t, i))
			return 0;
	return !name.end || !facility_strip(&t->facility, &t->seq, &name);
}

/* Between marks that make a title of it, not speech: a nickname, honorific and all. */
static int is_quoted(const struct seq *s, uint32_t from, uint32_t to)
{
	static const uint16_t marks[][2] = {{0x300e, 0x300f}, {0x201c, 0x201d}, {'"', '"'}};
	const uint32_t *c = s->cp + SEQ_PAD;

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (c[(int)from - 1] == marks[i][0] && c[to] == marks[i][1])
			return 1;
	return 0;
}

/* Do the large dictionaries have all of it as a person's name? Then its end is no title: 足利尊氏, 持統天皇. */
static int is_person(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint16_t *known = t->seq.known;
	uint32_t more = known[from] & KNOWN_MORE && t->seq.type[from + SEQ_PAD] == SEQ_KANJI;

	for (uint32_t i = from + 1; i < to; i++)
		more &= known[i] / KNOWN_INSIDE / KNOWN_MORE;
	return (int)more;
}

/* The end of a name whose honorific was half taken for it: みっ, not みっち, in front of ちゃん. */
static uint32_t before_called(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = to - 1; i > from && i + 3 > to; i--)
		if (i + lexicon_called(t->lexicon, &t->seq, i) > to)
			return i;
	return to;
}

/* The end of a name in front of what looks like an abbreviation, and is not likely of it: Maria ADL. */
static uint32_t before_loud(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t i = to;

	while (i > from && type[i - 1] == SEQ_UPPER)
		i--;
	if (to - i < 2 || to - i > 3 || i < from + 2 || type[i - 1] != SEQ_SPACE ||
	    type[i - 2] != SEQ_LOWER || tag_most_of(t, i, to) >= 0.5f)
		return to;
	return i - 1;
}

/* The end of a name in front of what somebody did: 三沢来所, マルヤマ カズオ サマ デンワアリ. */
static uint32_t before_act(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t n; (n = lexicon_act(t->lexicon, &t->seq, from, to)) > 0;) {
		/* オサマ is a name */
		if (type[to - 1] == SEQ_KATA && n == 2 && type[to - n - 1] != SEQ_SPACE)
			break;
		to -= n;
		while (to > from && type[to - 1] >= SEQ_MARK)
			to--;
	}
	return to;
}

/* The end of a name behind which it is said how much: 宇都宮230.5ミリ. */
static uint32_t before_measure(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	for (uint32_t i = from; i < to; i++) {
		uint32_t end = i;
		if (type[i] == SEQ_DIGIT && type[(int)i - 1] == SEQ_DIGIT)
			continue;
		while (type[end] == SEQ_DIGIT || (c[end] == '.' && type[end + 1] == SEQ_DIGIT))
			end++;
		if ((end > i || type[(int)i - 1] == SEQ_DIGIT) &&
		    lexicon_measures(t->lexicon, &t->seq, end))
			return i;
	}
	return to;
}

/* 1階, 上の階, or the begin of it: no name, as long as nothing says that it is one (二階 is a family's, too). */
static int is_floor(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	uint32_t end = to, known = 0;

	while (end < t->seq.n && end < to + 2 && (c[end] == 0x306e || c[end] == 0x968e))
		end++; /* の 階 */
	for (; end > from && c[end - 1] != 0x968e; end--)
		;
	if (end < to || end < from + 2)
		return 0;
	for (uint32_t i = from; i + 1 < end; i++)
		known += tag_is_one_of(u"上下隣の地各一二三四五六七八九十最", c[i]) ||
			 t->seq.type[i + SEQ_PAD] == SEQ_DIGIT;
	return known == end - 1 - from && is_doubtful(t, from, to) &&
	       !lexicon_called(t->lexicon, &t->seq, end);
}

/* The end of a surname of two kanji and more in front of a word of relation: 桑名|妻. 夫 ends names. */
static uint32_t before_kin(const struct tag *t, uint32_t from, uint32_t to)
{
	if (to - from < 3 ||
	    (t->seq.surname[from] & ~NAME_AMBIGUOUS) != NAME_BEGIN + (int)(to - from - 1))
		return to;
	return tag_is_one_of(u"妻姉妹兄弟娘嫁孫母父", t->seq.cp[SEQ_PAD + to - 1]) ? to - 1 : to;
}

/* 両先生, 各委員: nobody's surname in front of a title. 新 and 前 are one. */
static int is_prefix(const struct tag *t, uint32_t from, uint32_t to)
{
	uint32_t end;

	return to == from + 1 && tag_is_one_of(u"同両各某諸当現", t->seq.cp[SEQ_PAD + from]) &&
	       lexicon_title(t->lexicon, &t->seq, from, to + 1, &end);
}

/* A post or a word of relation, nobody's name: 里母, 社協, 奥さん. */
static int is_role(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t called = lexicon_called(t->lexicon, &t->seq, to);

	return lexicon_is_role(t->lexicon, &t->seq, from, to) || is_prefix(t, from, to) ||
	       (called && lexicon_is_role(t->lexicon, &t->seq, from, to + called));
}

/* 何 of 何かあったら; 何さん is somebody. */
static int is_pronoun(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq_word *w = &t->seq.word[t->seq.word_of[from]];

	return w->from == from && w->to == to && w->tag >= DICT_PRONOUN &&
	       w->tag <= DICT_PRONOUN_LAST && tag_most_of(t, from, to) < TAG_SURE &&
	       !lexicon_called(t->lexicon, &t->seq, to);
}

void tag_pare(const struct tag *t, uint32_t *from, uint32_t *to)
{
	uint32_t end;

	trim(&t->seq, from, to);
	if (*from == *to)
		return;
	if (is_person(t, *from, *to))
		return;
	*to = before_kin(t, *from, before_loud(t, *from, before_act(t, *from, *to)));
	for (uint32_t n; (n = tag_tail_of(t, *from, *to)) > 0;)
		*to -= n;
	*to = before_measure(t, *from, before_called(t, *from, *to));
	if (*from == *to)
		return;
	*to -= lexicon_title(t->lexicon, &t->seq, *from, *to, &end);
	if (is_scrap(t, *from, *to) || is_word(t, *from, *to) || is_no_facility(t, *from, *to) ||
	    is_floor(t, *from, *to) || is_role(t, *from, *to) || is_pronoun(t, *from, *to))
		*to = *from;
	else if (*to < t->seq.n &&
		 is_quoted(&t->seq, *from, *to + lexicon_called(t->lexicon, &t->seq, *to)))
		*to += lexicon_called(t->lexicon, &t->seq, *to);
}
