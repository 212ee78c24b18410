#include "tag_in.h"

#include "about.h"
#include "dict.h"
#include "said.h"

#include <math.h>
#include <string.h>

/* Types in the order of the labels. */
enum { PERSON, LOCATION, FACILITY, ORG };
static const uint32_t span_types[] = {HUB_SPAN_PERSON, HUB_SPAN_ADDRESS, HUB_SPAN_FACILITY,
				      HUB_SPAN_ORG};

/* Part of the threshold that is enough to mask what is most likely an organisation as a person. */
static const float ORG_DOUBT = 0.3f;

/* The same of what may be a facility: their names are of words that stand in every text, and few are sure. */
static const float FACILITY_DOUBT = 0.45f;

/* The same of a run of kanji or katakana that is a word and no name: it says what there is, and not which (学習塾). */
static const float WORD_FACILITY = 3.0f;

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

static const float LEAST_OF_ALL = 0.3f;

/* All but sure: more than this is asked of no word for being in a dictionary, whatever the threshold. */
static const float SURE = 0.9f;

/* More than this is a name, whatever it is made of. */
static const float CERTAIN = 0.97f;

/* Times of the threshold that kana and words in small letters need. */
static const float KANA_DOUBT = 2.0f, SMALL_DOUBT = 5.0f;

/* The same of hiragana that are of a facility rather than of a person: what is said behind its kind (ホテルみたい). */
static const float HIRA_FACILITY = 3.0f;

/* The same of kana in a line that is written in nothing else, and of those that say a thing twice (ゆらゆら). */
static const float SPACED_DOUBT = 8.0f, TWICE_DOUBT = 3.0f;

/* What a facility in hiragana of so many characters and more needs: they are the readings of ordinary words. */
static const float LONG_DOUBT = 0.8f;
enum { HIRA_LONG = 6 };

enum { LATIN_LEAST = 4 };

/* A new name begins at this character, whatever its type. */
static int begins(const struct crf_row *m)
{
	return crf_sum4(m->begin) > (1.0f - m->o) * 0.5f;
}

/* Parts of the country and of the world; ended by a 0 each. */
static const uint16_t regions[][4] = {
    {0x95a2, 0x6771},         /* 関東 */
    {0x95a2, 0x897f},         /* 関西 */
    {0x8fd1, 0x757f},         /* 近畿 */
    {0x6771, 0x5317},         /* 東北 */
    {0x5317, 0x9678},         /* 北陸 */
    {0x6771, 0x6d77},         /* 東海 */
    {0x7532, 0x4fe1, 0x8d8a}, /* 甲信越 */
    {0x5c71, 0x9670},         /* 山陰 */
    {0x5c71, 0x967d},         /* 山陽 */
    {0x56db, 0x56fd},         /* 四国 */
    {0x4e5d, 0x5dde},         /* 九州 */
    {0x9996, 0x90fd},         /* 首都 */
    {0x6b27, 0x5dde},         /* 欧州 */
    {0x6b27, 0x7c73},         /* 欧米 */
    {0x5168, 0x56fd},         /* 全国 */
};

static int is_region(const uint32_t *c, uint32_t n)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		uint32_t k = 0;
		while (k < n && k < 4 && regions[i][k] == c[k])
			k++;
		if (k == n && regions[i][k] == 0)
			return 1;
	}
	return 0;
}

/* Prefectures without their end: 青森の出 */
static int is_prefecture(const uint32_t *c, uint32_t n)
{
	static const char16_t names[] =
	    u"青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 "
	    u"富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 "
	    u"和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 "
	    u"大分 宮崎 鹿児島 沖縄 ";

	for (const char16_t *w = names; *w; w++) {
		uint32_t k = 0;
		while (k < n && *w != ' ' && *w == c[k])
			k++, w++;
		if (k == n && *w == ' ')
			return 1;
		while (*w != ' ')
			w++;
	}
	return 0;
}

/* What makes a part of a place, or its people, of its name: 県内, 南部, 地方, 人. */
static int is_part(uint32_t c)
{
	static const uint16_t parts[] = {0x5185, 0x5074, 0x9593, 0x90e8, 0x6771, 0x897f, 0x5357,
					 0x5317, 0x4e2d, 0x8fd1, 0x6d77, 0x6c96, 0x570f, 0x57df,
					 0x5730, 0x65b9, 0x4eba, 0x5175, 0x8ecd, 0x8a9e, 0x7cfb};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i] == c)
			return 1;
	return 0;
}

/* What belongs to a country, and is no place in it: ドイツ音楽, イギリス王室. */
static int is_of_country(const struct seq *s, uint32_t from, uint32_t to)
{
	const struct seq_word *w = &s->word[s->word_of[from]];

	if (w->tag != DICT_COUNTRY || w->from != from)
		return 0;
	for (w++; w < s->word + s->words && w->from < to; w++)
		if (w->tag != DICT_NOUN && w->tag != DICT_NOUN_VERBAL && w->tag != DICT_SUFFIX)
			return 0;
	return 1;
}

/* Countries, regions, prefectures and cities stay readable, and so do parts of them. */
static int is_wide(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint32_t *c = s->cp + SEQ_PAD;

	while (to > from && !is_region(c + from, to - from) && is_part(c[to - 1]))
		to--;
	if (to > from + 1 && s->type[to - 1 + SEQ_PAD] == SEQ_DIGIT &&
	    s->word[s->word_of[to - 2]].tag == DICT_COUNTRY)
		to--; /* ウガンダ③ */
	if (to == from || is_region(c + from, to - from))
		return 1;
	const struct seq_word *last = &s->word[s->word_of[to - 1]];
	if (last->tag == DICT_COUNTRY)
		return last->from == from;
	if (is_of_country(s, from, to) || is_prefecture(c + from, to - from))
		return 1;
	if (to - from < 2)
		return 0;
	switch (c[to - 1]) {
	case 0x770c: /* 県 */
	case 0x90fd: /* 都 */
	case 0x5e9c: /* 府 */
	case 0x9053: /* 道 */
	case 0x5e02: /* 市 */
	case 0x533a: /* 区 */
	case 0x90e1: /* 郡 */
		return 1;
	default:
		return 0;
	}
}

/* A country whose people, language or the like are told of: 日本人, ベトナム語, ブラジル国籍. */
static int is_people(const struct seq *s, uint32_t from, uint32_t to)
{
	static const uint16_t behind[] = {0x4eba, 0x8a9e, 0x7c4d, 0x56fd, 0x88fd, 0x7cfb};
	const struct seq_word *w = &s->word[s->word_of[from]];

	if (w->from != from ||
	    !(w->to == to ? w->tag == DICT_COUNTRY : w->to == to + 1 && w->tag == DICT_NOUN))
		return 0;
	for (size_t i = 0; i < sizeof behind / sizeof *behind; i++)
		if (s->cp[SEQ_PAD + to] == behind[i])
			return 1;
	return 0;
}

enum { STOCK = 0x682a /* 株 */ };

/* (株) at c */
static int is_stock(const uint32_t *c)
{
	return c[0] == '(' && c[1] == STOCK && c[2] == ')';
}

/* ㈱みなと運輸, みなと運輸(株): a firm, as long as nobody is called so. */
static int is_firm(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	return (is_stock(c + (int)from - 3) || is_stock(c + (int)from - 1) || is_stock(c + to)) &&
	       !lexicon_called(t->lexicon, &t->seq, to);
}

/* The type of characters [from, to): the likeliest. An organisation is not masked by default: it is one
 * only when the doubt that it is something else is small. */
static uint32_t type_of(const struct tag *t, uint32_t from, uint32_t to)
{
	float doubt = 0;
	crf4 sum = {0};
	uint32_t best = PERSON;

	for (uint32_t i = from; i < to; i++) {
		const struct crf_row *m = &t->crf.marginal[i];
		const crf4 type = m->begin + m->inside;
		doubt = fmaxf(doubt, type[PERSON] + type[FACILITY]);
		sum += type;
	}
	if (doubt >= t->least * ORG_DOUBT) {
		if (sum[FACILITY] > sum[best])
			best = FACILITY;
		if (sum[LOCATION] > sum[best])
			best = LOCATION;
	} else {
		best = sum[ORG] > sum[LOCATION] ? ORG : LOCATION;
	}
	if (best == ORG && lexicon_is_building(t->lexicon, &t->seq, from, to))
		best = FACILITY; /* a school or a home is where somebody is, whoever runs it */
	const uint32_t end = facility_end(&t->facility, &t->seq, to);
	if (best == PERSON && end > 1 && from + end < to)
		best = FACILITY; /* 柳沢第三工場 */
	if (best == PERSON && is_firm(t, from, to))
		best = ORG;
	if (best == LOCATION &&
	    ((doubt < t->least && is_wide(&t->seq, from, to)) || is_people(&t->seq, from, to)))
		return 0;
	return span_types[best];
}

/* Brackets and other marks at the ends belong to nobody; (株) and its like say only what follows. */
static void trim(const struct seq *s, uint32_t *from, uint32_t *to)
{
	const uint32_t *c = s->cp + SEQ_PAD;
	const uint8_t *type = s->type + SEQ_PAD;

	if (*to - *from == 3 && c[*from] == '(' && c[*to - 1] == ')')
		*to = *from;
	if (*to - *from == 1 && is_stock(c + (int)*from - 1))
		*to = *from;
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

float tag_most_of(const struct tag *t, uint32_t from, uint32_t to)
{
	float most = 0;

	for (uint32_t i = from; i < to; i++)
		most = fmaxf(most, 1.0f - t->crf.marginal[i].o);
	return most;
}

/* A facility rather than a person, by what is likely of all characters. */
static int likes_facility(const struct tag *t, uint32_t from, uint32_t to)
{
	float sum = 0;

	for (uint32_t i = from; i < to; i++) {
		const struct crf_row *m = &t->crf.marginal[i];
		sum +=
		    m->begin[FACILITY] + m->inside[FACILITY] - m->begin[PERSON] - m->inside[PERSON];
	}
	return sum > 0;
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
		return tag_most_of(t, from, to) < SURE;
	if (hira && is_reading(s, from, to) && s->word[s->word_of[from]].from == from)
		return 0;
	if (hira >= HIRA_LONG && to - from == hira && likes_facility(t, from, to))
		return tag_most_of(t, from, to) < LONG_DOUBT;
	if (hira)
		return tag_most_of(t, from, to) <
		       fminf(SURE, t->least * doubt_of_kana(s, from, to));
	return tag_most_of(t, from, to) < fminf(0.5f, t->least * SMALL_DOUBT);
}

/* A whole run of hiragana that is one particle, の aside: what is said between two names. */
static int is_between(const struct tag *t, uint32_t i)
{
	const struct seq_word *w = &t->seq.word[t->seq.word_of[i]];
	const uint8_t *type = t->seq.type + SEQ_PAD;

	return type[i] == SEQ_HIRA && w->tag >= DICT_PARTICLE_FIRST &&
	       w->tag <= DICT_PARTICLE_LAST && w->tag != DICT_PARTICLE_OF &&
	       type[w->from - 1] != SEQ_HIRA && type[w->to] != SEQ_HIRA;
}

/* 今は, 夏は, 男）: surnames or parts of names, and words of every other text. */
static int is_every_word(uint32_t c)
{
	static const uint16_t words[] = {0x4eca, 0x6625, 0x590f, 0x79cb, 0x51ac, /* 今春夏秋冬 */
					 0x91d1, 0x6771, 0x897f, 0x5357, 0x5317, /* 金東西南北 */
					 0x7537, 0x5973, 0x751f, 0x5b85, 0x7686, /* 男女生宅皆 */
					 0x8a08, 0x4ed6, 0x7b49, 0x5099, 0x968e}; /* 計他等備階 */

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i] == c)
			return 1;
	return 0;
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
	return to - from < LATIN_LEAST ? 1.0f : STRANGE_LATIN;
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
		return fminf(MADE_KATA, SURE / t->least);
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
	return fminf(type == SEQ_KATA ? WORD_KATA : WORD_KANJI, SURE / t->least);
}

/* Is it likely enough that the character belongs to any name? */
static int is_likely(const struct tag *t, uint32_t i)
{
	const float p = 1.0f - t->crf.marginal[i].o;
	const int of_facility = t->seq.type[i + SEQ_PAD] == SEQ_HIRA && likes_facility(t, i, i + 1);

	return p >= t->least * LEAST_OF_ALL &&
	       p >= t->least * (of_facility ? HIRA_FACILITY : 1.0f) * doubt_of(t, i);
}

/* Found by little but the doubt that it may be a facility: then it has to end like one. */
static int is_no_facility(const struct tag *t, uint32_t from, uint32_t to)
{
	struct facility_name name = {from, to, facility_end(&t->facility, &t->seq, to)};

	for (uint32_t i = from; i < to; i++)
		if (is_likely(t, i))
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
	static const uint16_t before[] = {0x4e0a, 0x4e0b, 0x96a3, 0x306e, 0x5730, 0x5404,
					  0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d,
					  0x4e03, 0x516b, 0x4e5d, 0x5341, 0x6700};
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	uint32_t end = to, known = 0;

	while (end < t->seq.n && end < to + 2 && (c[end] == 0x306e || c[end] == 0x968e))
		end++; /* の 階 */
	for (; end > from && c[end - 1] != 0x968e; end--)
		;
	if (end < to || end < from + 2)
		return 0;
	for (uint32_t i = from; i + 1 < end; i++)
		for (size_t k = 0; k < sizeof before / sizeof *before; k++)
			known += c[i] == before[k];
	for (uint32_t i = from; i + 1 < end; i++)
		known += t->seq.type[i + SEQ_PAD] == SEQ_DIGIT;
	return known == end - 1 - from && is_doubtful(t, from, to) &&
	       !lexicon_called(t->lexicon, &t->seq, end);
}

/* The end of a surname of two kanji and more in front of a word of relation: 桑名|妻. 夫 ends names. */
static uint32_t before_kin(const struct tag *t, uint32_t from, uint32_t to)
{
	static const uint16_t kin[] = {0x59bb, 0x59c9, 0x59b9, 0x5144, 0x5f1f,
				       0x5a18, 0x5ac1, 0x5b6b, 0x6bcd, 0x7236};

	if (to - from < 3 ||
	    (t->seq.surname[from] & ~NAME_AMBIGUOUS) != NAME_BEGIN + (int)(to - from - 1))
		return to;
	for (size_t i = 0; i < sizeof kin / sizeof *kin; i++)
		if (t->seq.cp[SEQ_PAD + to - 1] == kin[i])
			return to - 1;
	return to;
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

/* Without what is no name at its ends; *from == *to when nothing is left. */
static void pare(const struct tag *t, uint32_t *from, uint32_t *to)
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
	    is_floor(t, *from, *to) || is_role(t, *from, *to))
		*to = *from;
	else if (*to < t->seq.n &&
		 is_quoted(&t->seq, *from, *to + lexicon_called(t->lexicon, &t->seq, *to)))
		*to += lexicon_called(t->lexicon, &t->seq, *to);
}

void tag_paint(struct tag *t, uint32_t from, uint32_t to, uint32_t type)
{
	memset(t->type + from, (int)type, to - from);
	memset(t->head + from, 0, to - from);
	t->head[from] = 1;
	if (to < t->seq.n)
		t->head[to] = 1;
}

void tag_widen(struct tag *t, uint32_t from, uint32_t to, uint32_t type)
{
	for (uint32_t i = from; i < to; i++) {
		t->head[i] = i == from ? t->head[i] || !i || t->type[i - 1] != type : 0;
		t->type[i] = (uint8_t)type;
	}
}

/* Two or three capitals and nothing else: GH, SC. */
static int is_abbreviated(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t to = i;

	while (i > 0 && type[i - 1] == SEQ_UPPER)
		i--;
	while (type[to] == SEQ_UPPER)
		to++;
	return to - i < LATIN_LEAST && !seq_is_latin(type[to]) && !seq_is_latin(type[(int)i - 1]);
}

/* Is a facility at least so likely that what ends like one is taken for it? */
static int is_maybe_facility(const struct tag *t, uint32_t i)
{
	const struct crf_row *m = &t->crf.marginal[i];
	const int word =
	    t->seq.type[i + SEQ_PAD] != SEQ_HIRA && known_whole(&t->seq, i) == KNOWN_WORD;

	return m->begin[FACILITY] + m->inside[FACILITY] >=
	       t->least * (word ? WORD_FACILITY : FACILITY_DOUBT);
}

/* Is a character masked? */
static int is_named(const struct tag *t, uint32_t i)
{
	const struct crf_row *m = &t->crf.marginal[i];

	if (is_between(t, i))
		return m->o < 0.5f;
	/* a facility whose name is of English words or an abbreviation is told by more than the doubt */
	return is_likely(t, i) || (!(seq_is_latin(t->seq.type[i + SEQ_PAD]) &&
				     (known_whole(&t->seq, i) || is_abbreviated(t, i))) &&
				   is_maybe_facility(t, i) && about(t, i) != ABOUT_WORK);
}

/* を, の or へ behind the name of a facility in kana: none ends so. */
static uint32_t particle_behind(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t c = t->seq.cp[SEQ_PAD + to - 1];

	return to - from > 2 && (c == 0x3092 || c == TAG_OF || c == 0x3078) &&
	       (to == t->seq.n || !is_named(t, to));
}

/* Where a word of relation or of the work in katakana stands between spaces of [from, to), or at its begin in front of one:
 * ホンニン ハシモト キミエ チョウジョ サトミ. to: nowhere; else its begin, and *end where it ends. */
static uint32_t find_kin(const struct tag *t, uint32_t from, uint32_t to, uint32_t *end)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = from; i < to; i = *end + 1) {
		for (*end = i; *end < to && type[*end] != SEQ_SPACE;)
			++*end;
		if ((i > from || *end < to) && (lexicon_is_kin(t->lexicon, &t->seq, i, *end) ||
						(type[i] == SEQ_KATA && about(t, i) == ABOUT_WORK)))
			return i;
	}
	return to;
}

static void find_names(struct tag *t)
{
	memset(t->type, 0, t->seq.n);
	memset(t->head, 0, t->seq.n);
	for (uint32_t i = 0; i < t->seq.n; i++) {
		if (!is_named(t, i) || t->seq.type[i + SEQ_PAD] == SEQ_SPACE)
			continue;
		uint32_t to = i + 1;
		while (to < t->seq.n && is_named(t, to) && !begins(&t->crf.marginal[to]))
			to++;
		uint32_t next = to, end, from = i;
		const uint32_t kin = find_kin(t, i, to, &end);
		if (kin < to) {
			to = kin;
			next = end;
		}
		while (to > i + 1 && t->seq.type[to - 1 + SEQ_PAD] == SEQ_SPACE)
			to--;
		if (lexicon_title(t->lexicon, &t->seq, i, to, &end) && end > next)
			next = end; /* the rest of a title is nobody, either */
		if (from < to)
			pare(t, &from, &to);
		uint32_t type = from < to ? type_of(t, from, to) : 0;
		if (type == HUB_SPAN_PERSON &&
		    about_unnamed(&t->seq, from, to, tag_most_of(t, from, to) >= CERTAIN))
			type = 0;
		if (type == HUB_SPAN_FACILITY)
			to -= particle_behind(t, from, to);
		if (type)
			tag_paint(t, from, to, type);
		i = (next > i ? next : i + 1) - 1;
	}
}

/* ---- reporting ---- */

static int report(struct tag *t, int (*found)(void *, const struct tag_span *), void *self)
{
	int rc = 0;

	for (uint32_t from = 0, to; from < t->seq.n && !rc; from = to) {
		float sum = 0;
		for (to = from;
		     to < t->seq.n && t->type[to] == t->type[from] && (to == from || !t->head[to]);
		     to++)
			sum += 1.0f - t->crf.marginal[to].o;
		if (!t->type[from])
			continue;
		sum = fmaxf(sum / (float)(to - from), t->least);
		rc = found(self, &(struct tag_span){.from = t->seq.off[from],
						    .to = t->seq.end[to - 1],
						    .type = t->type[from],
						    .confidence = (uint32_t)(sum * 1000.0f)});
	}
	return rc;
}

int tag_text(struct tag *t, struct hub_str norm, int (*found)(void *, const struct tag_span *),
	     void *self)
{
	size_t at = 0;
	int rc = 0;

	while (!rc && seq_next(&t->seq, norm, &at)) {
		words_mark(t->words, &t->seq, 0);
		lexicon_mark(t->lexicon, &t->seq);
		known_mark(&t->model.known, &t->seq, 0);
		tag_score(t);
		about_mark(t, t->least * LEAST_OF_ALL);
		find_names(t);
		tag_find_whole(t);
		said_find(t);
		rc = report(t, found, self);
	}
	return rc;
}
