/* Addresses smaller than a city. */
#include "jname.h"
#include "jplace.h"
#include "jwords.h"
#include "scan.h"

#include <string.h>

/* ---- addresses ---- */

static int is_town_char(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_KANJI || jt_cls(t, i) == JT_KATA || jname_is_kanji(t, i);
}

/* Where the town in front of a block begins: behind the last municipality, else where its run begins.
 * i when there is none. *sure: a municipality or 字 stands in front. */
static uint32_t town_start(const struct jtext *t, uint32_t i, int *sure)
{
	uint32_t from = i, begin;

	*sure = 0;
	if (jt_at(t, from - 1) == ' ')
		from--;
	const uint32_t edge = from;
	while (from > 0 && edge - from < 24 &&
	       (is_town_char(t, from - 1) || (jt_cls(t, from - 1) == JT_HIRA && edge - from < 8)))
		from--;
	const uint32_t city = jplace_city_in(t, from, edge, &begin);
	if (city && city < edge) {
		*sure = 1;
		return city;
	}
	if (city == edge && city) { /* 桑名市1-2: the town is missing */
		*sure = 1;
		return i;
	}
	for (from = edge; from > 0 && edge - from < 12 && is_town_char(t, from - 1);)
		from--;
	for (uint32_t n; from < edge && (n = jname_before_at(t, from)) && from + n < edge;)
		from += n;
	for (uint32_t k = from; k < edge; k++)
		if (jt_at(t, k) == 0x5b57 || (jt_at(t, k) == 0x753a && k > from)) /* 字 町 */
			*sure = 1;
	return from < edge ? from : i;
}

static int is_dateish(const struct jtext *t, uint32_t i, const struct jblock *b)
{
	return (b->value[0] > 1867 && b->value[0] < 2100 && b->n > 1) ||
	       jt_at(t, b->end) == 0x5e74 || jt_at(t, b->end) == 0x6708 ||
	       jt_at(t, b->end) == 0x65e5 || jt_at(t, b->end) == '/' || jt_at(t, b->end) == ':' ||
	       jt_at(t, b->end) == '.' || jt_at(t, i - 1) == '/' || jt_at(t, b->end) == 0x5186 ||
	       jt_at(t, b->end) == '%' || (!b->units && b->n > 1 && b->value[1] > 999);
}

static int has_label(const struct jtext *t, uint32_t i)
{
	while (i > 0 && (jt_at(t, i - 1) == ':' || jt_at(t, i - 1) == ' ' ||
			 jt_at(t, i - 1) == 0x306f || jt_at(t, i - 1) == '('))
		i--;
	return jt_ends_any(t, i, W_HOME_LABEL) > 0;
}

static void find_block(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	struct jblock b;
	int sure, chome;

	if (jt_is_digit(jt_at(t, i - 1)) ||
	    (jt_is_dash(jt_at(t, i - 1)) && jt_is_digit(jt_at(t, i - 2))))
		return;
	if (!jblock_read(t, i, &b) || is_dateish(t, i, &b))
		return;
	const uint32_t from = town_start(t, i, &sure);
	chome = b.end > i && jt_ends(t, b.end_of[0], "丁目");
	for (uint32_t k = 0; k < b.n; k++)
		chome |= jt_ends(t, b.end_of[k], "番地") > 0;
	const int label = has_label(t, from);
	if (from == i && !sure && !label && !chome)
		return;
	if (!sure && !label && jt_ends_any(t, i, W_NO_TOWN))
		return;
	uint32_t conf = 0;
	if (sure || label)
		conf = STRONG;
	else if (chome)
		conf = LIKELY;
	else if (b.n >= 3 && !b.units && i - from >= 2)
		conf = LIKELY;
	else if (b.n == 2 && !b.units && i - from >= 2)
		conf = HINT;
	else if (b.n >= 2 && b.units >= 2)
		conf = FAIR;
	if (b.n == 1 && !chome && !(sure && jt_cls(t, b.end - 1) == JT_KANJI))
		return;
	if (conf)
		scan_add(s, from, jplace_building(t, b.end), HUB_SPAN_ADDRESS, conf);
}

/* 桑名市大字和泉字山下, 員弁郡東員町山田 and a boundary: no numbers, but smaller than a city. */
static void find_town(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	int level;
	uint32_t end, to;

	uint32_t from = i > 16 ? i - 16 : 0;
	for (; from < i; from++)
		if (jt_cls(t, from) != JT_OTHER && jplace_city(t, from, &level) == i + 1)
			break;
	end = i + 1;
	if (from == i || level < 2 || jt_is_any(t, end, W_NO_TOWN_AFTER))
		return;
	if (jt_at(t, end) == ' ')
		end++;
	for (to = end; to < end + 12 && jname_is_kanji(t, to);)
		to++;
	if (to - end < 2 || jt_cls(t, to) == JT_DIGIT || jt_cls(t, to) == JT_KATA)
		return;
	const int marked = jt_is(t, end, "大字") || jt_ends(t, to, "町") ||
			   jt_ends(t, to, "丁目") || jt_is(t, end, "字");
	const int label = has_label(t, from);
	const uint32_t next = jt_at(t, to);
	const int bounded = next == 0 || next == '\n' || next == 0x3002 || next == 0x3001 ||
			    jt_is(t, to, "の") || jt_is(t, to, "に") || jt_is(t, to, "で") ||
			    jt_is(t, to, "から");
	if (marked || label)
		scan_add(s, end, to, HUB_SPAN_ADDRESS, STRONG);
	else if (bounded)
		scan_add(s, end, to, HUB_SPAN_ADDRESS, FAIR);
}

/* コーポ和泉201号室, 市営住宅3号棟405: a building with its room. */
static void find_room(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t word = jplace_building_word(t, i);
	uint32_t from = i;

	if (!word)
		return;
	while (from > 0 && i - from < 10 &&
	       (is_town_char(t, from - 1) || jt_cls(t, from - 1) == JT_LATIN))
		from--;
	from -= kana_name_before(t, from);
	const uint32_t to = jplace_building(t, i);
	if (to > i + word && (jt_ends(t, to, "号室") || jt_ends(t, to, "号") ||
			      jt_is_digit(t->cp[to - 1]) || jt_ends(t, to, "室")))
		scan_add(s, from, to, HUB_SPAN_ADDRESS, LIKELY);
}

static const char *const block_examples[] = {"三重県桑名市[和泉三丁目12番地5]　に転居",
					     "名古屋市中村区[名駅南1丁目2番3号]に住む",
					     "横浜市中区[本町1-2-3 コーポ本町201号室]から",
					     "住所は[西別所1-20]です",
					     "大阪市北区[中之島１－２－３]",
					     "札幌市中央区[北1条西2丁目3番地]",
					     "[和泉町3-12-5]の借家",
					     "世田谷区[太子堂三丁目四番五号]",
					     "要介護1-2の利用者",
					     "令和6-7年度",
					     "2024-7-31に訪問",
					     "支援は1-2-3の順に行う",
					     "週2-3回、1日3-4回",
					     NULL};
static const char *const town_examples[] = {
    "桑名市[多度町小山]の畑", "桑名市役所に行く",   "桑名市在住", "桑名市内で働く",
    "[桑名市社会福祉協議会]", "住所：桑名市[和泉]", NULL};
static const char *const room_examples[] = {"[コーポ和泉201号室]の隣",
					    "[ひかりハイツ203号]へ訪問",
					    "荘厳な建物",
					    "住宅3件を見学",
					    "ビル5階建て",
					    NULL};

enum { DIGITS = 1u << JT_DIGIT };

const struct rule rules_place[] = {
    {"block", {W_KANJI_NUMBER}, DIGITS, find_block, block_examples},
    {"town", {W_CITY_END}, 0, find_town, town_examples},
    {"room", {W_BUILDING}, 0, find_room, room_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
