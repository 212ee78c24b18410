/* Which type a name is of: people, places and facilities are masked, what is wide or an organisation is not. */
#include "tag_in.h"

#include "dict.h"

#include <math.h>

static const uint32_t span_types[] = {HUB_SPAN_PERSON, HUB_SPAN_ADDRESS, HUB_SPAN_FACILITY,
				      HUB_SPAN_ORG};

/* Part of the threshold that is enough to mask what is most likely an organisation as a person. */
static const float ORG_DOUBT = 0.3f;

/* Is it one of the words, each of which ends in a space? */
static int is_one_of(const char16_t *words, const uint32_t *c, uint32_t n)
{
	for (const char16_t *w = words; *w; w++) {
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

/* Parts of the country and of the world. */
static int is_region(const uint32_t *c, uint32_t n)
{
	return is_one_of(
	    u"関東 関西 近畿 東北 北陸 東海 甲信越 山陰 山陽 四国 九州 首都 欧州 欧米 全国 ", c, n);
}

/* Prefectures without their end: 青森の出 */
static int is_prefecture(const uint32_t *c, uint32_t n)
{
	return is_one_of(u"青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 東京 神奈川 新潟 "
			 u"富山 石川 福井 山梨 長野 岐阜 静岡 愛知 三重 滋賀 京都 大阪 兵庫 奈良 "
			 u"和歌山 鳥取 島根 岡山 広島 山口 徳島 香川 愛媛 高知 福岡 佐賀 長崎 熊本 "
			 u"大分 宮崎 鹿児島 沖縄 ",
			 c, n);
}

/* What makes a part of a place, or its people, of its name: 県内, 南部, 地方, 人. */
static int is_part(uint32_t c)
{
	return tag_is_one_of(u"内側間部東西南北中近海沖圏域地方人兵軍語系", c);
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
	return tag_is_one_of(u"県都府道市区郡", c[to - 1]);
}

/* A country whose people, language or the like are told of: 日本人, ベトナム語, ブラジル国籍. */
static int is_people(const struct seq *s, uint32_t from, uint32_t to)
{
	const struct seq_word *w = &s->word[s->word_of[from]];

	if (w->from != from ||
	    !(w->to == to ? w->tag == DICT_COUNTRY : w->to == to + 1 && w->tag == DICT_NOUN))
		return 0;
	return tag_is_one_of(u"人語籍国製系", s->cp[SEQ_PAD + to]);
}

/* ㈱みなと運輸, みなと運輸(株): a firm, as long as nobody is called so. */
static int is_firm(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	return (tag_is_stock(c + (int)from - 3) || tag_is_stock(c + (int)from - 1) ||
		tag_is_stock(c + to)) &&
	       !lexicon_called(t->lexicon, &t->seq, to);
}

uint32_t tag_type_of(const struct tag *t, uint32_t from, uint32_t to)
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
