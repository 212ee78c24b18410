/* Facilities by their kind of name, and organisations. */
#include "jname.h"
#include "jnum.h"
#include "jplace.h"
#include "jtown.h"
#include "scan.h"

uint32_t kana_name_before(const struct jtext *t, uint32_t i)
{
	return jt_ends_any(t, i, W_KANA_NAME);
}

static int is_joined(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_KANJI || jt_cls(t, i) == JT_KATA || jname_is_kanji(t, i);
}

int is_generic(const struct jtext *t, uint32_t from, uint32_t to)
{
	static const enum jwords_list lists[] = {W_SERVICE, W_GENERIC, W_FACILITY_END,
						 W_FACILITY_LOOSE_END};

	return to - from >= JWORDS_MADE ||
	       jt_made_of(t, from, to, lists, sizeof lists / sizeof *lists);
}

/* Kana that are no name of a facility, whatever stands behind: ある, また, この. */
static int is_kana_filler(const struct jtext *t, uint32_t from, uint32_t to)
{
	return jname_is_particle(t->cp[from]) || jt_ends_any(t, to, W_NO_KANA_NAME) > 0;
}

/* はるさんは before デイ: somebody who goes there. おばあちゃんの is part of a name. */
static int is_somebody(const struct jtext *t, uint32_t run, uint32_t i)
{
	const uint32_t end = i - 1;

	if (!jname_is_particle(t->cp[end]) || t->cp[end] == 0x306e) /* の */
		return 0;
	for (uint32_t k = run + 1; k < end; k++)
		if (k + jname_honorific(t, k) == end)
			return 1;
	return 0;
}

/* Where kana that end at i begin to be a name: a known word, else behind the last particle. */
static uint32_t kana_start(const struct jtext *t, uint32_t i)
{
	uint32_t run = i;

	while (run > 0 && jt_cls(t, run - 1) == JT_HIRA && i - run < 16)
		run--;
	const uint32_t name = kana_name_before(t, i), kind = jt_ends_any(t, i, W_SERVICE);
	if (name || kind > 1) /* こども of 母からこども家庭センターへ */
		return i - (name > kind ? name : kind);
	for (uint32_t k = run; k + 2 < i; k++) /* いまだ内科 */
		if ((k == run || jname_is_particle(t->cp[k - 1])) &&
		    jname_reading(t->cp + k, i - k) & JN_SURNAME && !is_somebody(t, run, i))
			return k;
	if (run == i || jt_ends_any(t, i, W_NO_KANA_NAME) || is_somebody(t, run, i))
		return i;
	const enum jt_class left = jt_cls(t, run - 1);
	const int open = left == JT_OTHER || left == JT_SPACE;
	if (open && i - run >= 2 && i - run <= 6 &&
	    !(jt_at(t, run - 1) == ')' && jname_is_particle(t->cp[run])))
		return run;
	for (uint32_t k = i - run > 2 ? i - 2 : run; k > run && k + 7 > i; k--)
		if (jname_is_particle(t->cp[k - 1]) && !is_kana_filler(t, k, i))
			return k;
	return i;
}

/* 森の in front of a name, when 森 stands for itself, and 日の of a town: with の, 0 when there is none. */
static uint32_t nature_before(const struct jtext *t, uint32_t i)
{
	if (i < 2 || t->cp[i - 1] != 0x306e) /* の */
		return 0;
	uint32_t n = jt_ends_any(t, i - 1, W_KANA_NAME);
	if (n)
		return n + 1;
	n = jt_ends_any(t, i - 1, W_NATURE);
	if (n && !jname_is_kanji(t, i - 2 - n))
		return n + 1;
	for (uint32_t a = 1; a < 4 && a < i && jname_is_kanji(t, i - 1 - a); a++)
		for (uint32_t b = 1; b < 4; b++)
			if (jtown_is(t, i - 1 - a, i + b))
				return a + 1;
	return 0;
}

/* The が of 鳴海が原 ends before i. In 妹が丘の上病院に it is a particle. */
static int is_ga_of_place(const struct jtext *t, uint32_t i)
{
	return jt_at(t, i - 1) == 0x304c && jt_cls(t, i - 2) == JT_KANJI &&
	       jt_is_char(t, i, "丘原浜谷崎岡島森台峰根沢野瀬池塚音鼻") &&
	       !jname_relation_before(t, i - 1) && !jname_common(t, i - 1);
}

/* Left end of the name in front of a suffix at i; i when there is none. */
static uint32_t facility_start(const struct jtext *t, uint32_t i)
{
	uint32_t from = i;

	while (from > 0 && i - from < 24) {
		const enum jt_class c = jt_cls(t, from - 1);
		const uint32_t nature = nature_before(t, from);
		if (nature) {
			from -= nature;
			continue;
		}
		if (c == JT_KANJI || c == JT_KATA || c == JT_LATIN || jname_is_kanji(t, from - 1) ||
		    (c == JT_DIGIT && jt_at(t, from - 2) == 0x7b2c) || /* 第2 */
		    is_ga_of_place(t, from)) {
			from--;
			continue;
		}
		const uint32_t k = c == JT_HIRA ? kana_start(t, from) : from;
		if (k == from)
			break;
		from = k;
		if (jt_cls(t, k - 1) == JT_HIRA && !nature_before(t, k))
			break;
	}
	return from;
}

/* Words that stand before a name without belonging to it. */
static uint32_t facility_trim(const struct jtext *t, uint32_t from, uint32_t to)
{
	uint32_t n;

	while (from < to && (n = jt_is_any(t, from, W_FACILITY_LEAD)) && from + n <= to)
		from += n;
	return from;
}

uint32_t facility_begin(const struct jtext *t, uint32_t i)
{
	return facility_trim(t, facility_start(t, i), i);
}

/* The suffix at i is none: part of a longer word, or of one that no name is made with. */
static int is_no_facility(const struct jtext *t, uint32_t i, uint32_t n, int strong)
{
	/* 院 of 病院: the longer word has been looked at */
	if (jt_ends_any(t, i + n, W_FACILITY_END) > n ||
	    jt_ends_any(t, i + n, W_FACILITY_LOOSE_END) > n ||
	    jt_ends_any(t, i + n, W_NO_FACILITY) > n || jt_is_any(t, i, W_NO_FACILITY_AT))
		return 1;
	return !strong && is_joined(t, i + n) && !jname_relation(t, i + n) &&
	       !jname_title(t, i + n) && !jt_is_any(t, i + n, W_FACILITY_BEHIND);
}

/* 高等部 of a school that ends at i: its end. */
static uint32_t school_part(const struct jtext *t, uint32_t i)
{
	static const char *const parts[] = {"高等部", "中学部", "小学部", "幼稚部",
					    "分校",   "本校",   "分教室"};
	uint32_t n = 0;

	for (uint32_t k = 0; !n && jt_is(t, i - 1, "校") && k < sizeof parts / sizeof *parts; k++)
		n = jt_is(t, i, parts[k]);
	return i + n;
}

/* Whose a shop is, or what it is called: うえだ酒店, 上田酒店, ひょうたん屋; not しずかな旅館, とうふ屋, パソコン教室. */
static int is_own_name(const struct jtext *t, uint32_t from, uint32_t i)
{
	const uint32_t word = jt_ends_any(t, i, W_COINED), kana = kana_name_before(t, i);

	if (jname_surname(t->cp + from, i - from) == JN_SURNAME)
		return !jt_is_char(t, i, "家");
	if (jt_cls(t, i - 1) != JT_HIRA)
		return 0;
	if (word == i - from || kana == i - from || jname_reading(t->cp + from, i - from))
		return 1;
	return !jt_is_char(t, i, "屋家湯") && !jt_is_char(t, i - 1, "いなのたるう");
}

static void find_facility(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t strong = jt_is_any(t, i, W_FACILITY_END);
	const uint32_t loose = jt_is_any(t, i, W_FACILITY_LOOSE_END);
	const uint32_t coined = jt_is_any(t, i, W_FACILITY_COINED_END);
	const uint32_t known = strong > loose ? strong : loose, n = known > coined ? known : coined;
	uint32_t begin;

	if (is_no_facility(t, i, n, strong > 0))
		return;
	const uint32_t start = facility_start(t, i), from = facility_trim(t, start, i);
	if (from == i || is_generic(t, from, i) || is_generic(t, start, i) ||
	    is_generic(t, from, i + n))
		return; /* 母子生活支援施設 begins with no mother */
	const uint32_t city = jplace_city_in(t, from, i, &begin);
	if ((city == i || (city && is_generic(t, city, i))) && !jt_is_any(t, i, W_FACILITY_OWN))
		return; /* of the city, and no more is said: …市立病院, …市地域包括支援センター */
	if (!strong && (i - from < 2 || jtown_is(t, from, i)) && jt_is(t, i, "の"))
		return;
	if (!strong && (i - from < 2 || (n > known && !is_own_name(t, from, i))))
		return;
	scan_add(s, from, school_part(t, i + n), HUB_SPAN_FACILITY, strong ? LIKELY : FAIR);
}

/* ---- the kind in front ---- */

uint32_t quote_end(const struct jtext *t, uint32_t i)
{
	uint32_t to = i + 1;

	if (!jt_is_any(t, i, W_QUOTE))
		return i;
	while (to < t->n && to < i + 21 && !jt_is_any(t, to, W_UNQUOTE) && t->cp[to] != '\n')
		to++;
	return to > i + 2 && jt_is_any(t, to, W_UNQUOTE) ? to : i;
}

static const char in_name[] = "もとかや"; /* particles that names begin and end with */

uint32_t without_particle(const struct jtext *t, uint32_t i, uint32_t end, int closed)
{
	const uint32_t c = t->cp[end - 1];

	const uint32_t n = jt_ends_any(t, end, W_PARTICLE);

	/* には, でも; しろくまで is left to the next line */
	if (n > 1 && n + 2 < end - i && jt_is_char(t, end - 1, "はもの"))
		return end - n;
	if (jname_is_particle(c) && end > i + 1)
		return closed && jt_is_char(t, end - 1, in_name) ? end : end - 1;
	return n < end - i ? end - n : end;
}

/* What a name in kana may end with: ほっこり家, and behind の: ねこの手. */
static int is_end_of_kana(const struct jtext *t, uint32_t i, int of)
{
	static const char house[] = "家屋庵堂館舎房亭荘庭苑村塾";
	static const char things[] =
	    "手木家庭里丘森園郷風空星花実種杜輪声樹谷泉舟窓扉音色雲月虹灯鳥舎館庵";

	return jt_is_char(t, i, of ? things : house);
}

/* The end of kana names that go on in other characters: まいペース, ほっこり家, ねこの手; end when they do not. */
static uint32_t kana_more(const struct jtext *t, uint32_t i, uint32_t end)
{
	const int of = jt_at(t, end - 1) == 0x306e; /* の */

	if (end < i + 2 || (jname_is_particle(t->cp[i]) && end < i + 3))
		return end;
	if (jt_cls(t, end) == JT_KATA && jt_cls(t, end + 1) == JT_KATA &&
	    without_particle(t, i, end, 0) == end)
		return jt_run_end(t, end);
	const enum jt_class behind = jt_cls(t, end + 1);
	if (jt_cls(t, end) != JT_KANJI || behind == JT_KANJI || !is_end_of_kana(t, end, of) ||
	    (behind == JT_HIRA && !jname_is_particle(jt_at(t, end + 1)))) /* の空き */
		return end;
	return of ? (end > i + 2 ? end + 1 : end)
		  : (without_particle(t, i, end, 0) == end ? end + 1 : end);
}

int is_said(const struct jtext *t, uint32_t to)
{
	static const char *const ends[] = {
	    "たい",   "かった", "たら",   "ない",   "ます",   "てる",   "すぎ",   "ません",
	    "いや",   "いやや", "しい",   "こわい", "きらい", "つらい", "くらい", "やすい",
	    "たかい", "ちかい", "とおい", "ひろい", "せまい", "さむい", "あつい", "おそい"};

	for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
		if (jt_ends(t, to, ends[k]))
			return 1;
	return 0;
}

/* Kana behind a kind: デイサービスほのぼのを. A name that begins like a particle (もくれん) is believed when another
 * one stands behind it, or nothing. */
static uint32_t kana_end(const struct jtext *t, uint32_t i)
{
	const uint32_t end = jt_run_end(t, i), c = jt_at(t, i);
	const int closed = jt_cls(t, end) == JT_OTHER || jt_cls(t, end) == JT_SPACE;
	uint32_t to = end;

	if (jt_cls(t, i) != JT_HIRA ||
	    (jt_is_any(t, i, W_NO_KANA_HERE) && !jt_is_any(t, i, W_KANA_NAME)))
		return i;
	while (jname_is_kanji(t, to) && to < end + 3) /* つむぎの家 */
		to++;
	if (to > end && end > i + 1 && !jname_is_particle(c) &&
	    (jt_ends_any(t, to, W_FACILITY_LOOSE_END) || jt_ends_any(t, to, W_FACILITY_END)))
		return to;
	if ((to = kana_more(t, i, end)) > end)
		return to;
	to = without_particle(t, i, end, closed);
	if (jname_is_particle(c) &&
	    (to < i + 3 || !jt_is_char(t, i, in_name) || jt_ends_any(t, to, W_NO_KANA_NAME)))
		return i;
	if (to == end && !closed && !jt_is_any(t, end, W_NO_NAME_HERE))
		return i;
	return to >= i + 2 && to <= i + 8 ? to : i;
}

/* End of a name in kanji, katakana or letters, or in kana, at i. */
static uint32_t name_end(const struct jtext *t, uint32_t i)
{
	const uint32_t kana = kana_end(t, i);
	uint32_t to = i + jt_is_any(t, i, W_KANA_NAME);

	if (kana > to)
		return kana;
	while (to < i + 16 &&
	       (is_joined(t, to) || jt_cls(t, to) == JT_LATIN || jt_at(t, to) == 0x30fb))
		to++;
	if (jt_at(t, to) == 0x306e && to > i && jt_is_any(t, to, W_FACILITY_LOOSE_END)) /* 虹の家 */
		to += jt_is_any(t, to, W_FACILITY_LOOSE_END);
	return to;
}

int is_one_kanji(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_KANJI &&
	       jt_is_char(t, i,
			  "宙凪颯結絆縁和心光空海虹風花桜梅楓樹森杜泉月星暁曙昴碧翠蒼陽輝望希夢愛恵"
			  "幸笑楽悠遥優燈灯雅凛彩麗奏響歩翔寿福蘭葵茜椿楠柊榎桐蓮菫藤菊萩桂杏苺雫渚"
			  "潮汐澪波峰嶺環縁庵匠巧粋亀鶴鷹隼鳩燕蛍") &&
	       (jname_is_particle(jt_at(t, i + 1)) || jt_cls(t, i + 1) == JT_OTHER ||
		jt_cls(t, i + 1) == JT_SPACE);
}

/* 訪看|刈谷、: behind the short form of a service, a surname and no more is who comes from there, not what it is called. */
int is_who(const struct jtext *t, uint32_t kind, uint32_t at, uint32_t to)
{
	enum { SHORT = 4 };

	return at - kind <= SHORT && jt_cls(t, at) == JT_KANJI &&
	       (jname_surname(t->cp + at, to - at) ||
		(to - at == 2 && jname_family(t->cp + at, 2) >= 1 && !jtown_is(t, at, to)));
}

/* The name behind a kind, in 「 」 or bare. */
static void find_named(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jt_is_any(t, i, W_FACILITY_KIND);
	uint32_t at = i + n, to, from = i, k;

	if (jname_title(t, i) > n) /* 施設|長渋谷 */
		return;
	if (jt_at(t, at) == ' ' || jt_is(t, at, "の「"))
		at++;
	if ((to = quote_end(t, at)) > at) {
		scan_add(s, at + 1, to, HUB_SPAN_FACILITY, LIKELY);
		return;
	}
	to = name_end(t, at);
	if (n > 3 && is_one_kanji(t, at))
		to = at + 1;
	else if (to < at + 2)
		return;
	if (is_generic(t, at, to) || jname_title(t, at) || jname_relation(t, at) ||
	    jt_is_any(t, at, W_NO_NAME_HERE) || jt_is_any(t, at, W_SHOP_AFTER) > 2 ||
	    (jt_cls(t, at) == JT_HIRA && is_said(t, to)))
		return;
	while ((k = jt_ends_any(t, from, W_SERVICE)) > 1 ||
	       (k = jt_ends_any(t, from, W_GENERIC)) > 1) /* こども of こども相談ルーム */
		from -= k;
	if (from == i && is_who(t, i, at, to))
		from = at;
	const int ends = jt_is_any(t, at, W_KANA_NAME) || jt_ends_any(t, to, W_FACILITY_END) ||
			 jt_ends_any(t, to, W_FACILITY_LOOSE_END);
	const int spaced = at > i + n, told = jname_is_particle(jt_at(t, to));
	if (spaced && !ends && !told)
		return;
	const int known = jtown_is(t, at, to) || jname_surname(t->cp + at, to - at) ||
			  (n > 3 && to < at + 5 && (told || jt_cls(t, to) == JT_OTHER));
	if (ends || known || jt_cls(t, at) == JT_KATA || jt_cls(t, at) == JT_HIRA ||
	    jt_is(t, i, "ハローワーク"))
		scan_add(s, from, to, HUB_SPAN_FACILITY, ends ? LIKELY : FAIR);
}

/* 「陽だまり」に通所: a quoted name that people go to. */
static void find_quoted(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t to = quote_end(t, i);
	uint32_t k = i + 1;

	for (; k < to && (is_joined(t, k) || jt_cls(t, k) == JT_LATIN || jt_cls(t, k) == JT_HIRA);)
		k++;
	if (k == to && to > i && to - i <= 13 && jt_is_any(t, to + 1, W_USES))
		scan_add(s, i + 1, to, HUB_SPAN_FACILITY, FAIR);
}

/* もしもし、ひだまりの大庭です: where somebody calls from, in kana, and a surname. */
static void find_caller(struct scan *s, uint32_t i)
{
	static const char *const no_place[] = {"わたし", "わたくし", "となり", "おとなり",
					       "むかい", "うしろ",   "いつも", "さきほど",
					       "きのう", "さっき"};
	enum { LEAST = 3, MOST = 10, SURNAME = 3 };
	const struct jtext *t = &s->t;
	uint32_t from = i + jt_is_any(t, i, W_CALL), of, n = SURNAME;

	while (jt_at(t, from) == ' ' || jt_at(t, from) == 0x3001 || jt_at(t, from) == 0x3002)
		from++;
	const enum jt_class kana = jt_cls(t, from);
	for (of = from; jt_cls(t, of) == kana && jt_at(t, of) != 0x306e;)
		of++;
	if ((kana != JT_HIRA && kana != JT_KATA) || of < from + LEAST || of > from + MOST ||
	    jt_at(t, of) != 0x306e || jname_relation(t, from)) /* の */
		return;
	for (size_t k = 0; k < sizeof no_place / sizeof *no_place; k++)
		if (jt_is(t, from, no_place[k]) == of - from)
			return;
	while (n && !(jname_surname(t->cp + of + 1, n) &&
		      (jt_is(t, of + 1 + n, "です") || jt_is(t, of + 1 + n, "と申") ||
		       jt_is(t, of + 1 + n, "でござ") || jt_is(t, of + 1 + n, "といい"))))
		n--;
	if (n)
		scan_add(s, from, of, HUB_SPAN_FACILITY, FAIR);
}

/* 緑東小3年, 日の丘中の担任: a school in short. */
static void find_school(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i, to = i + 1 + (jt_at(t, i + 1) == 0x6821), n; /* 校 */
	const uint32_t year = to + (jt_at(t, to) == 0x306e);            /* の */

	if (!jt_is_any(t, to, W_SCHOOL_BEHIND) &&
	    !(jnum_small(t, year, &n) && n < 7 && jt_is(t, year + 1, "年")))
		return;
	from = facility_trim(t, facility_start(t, i), i);
	if (i - from < 1 || i - from > 8 || is_generic(t, from, i) ||
	    jt_ends_any(t, i, W_NO_SCHOOL) || jname_relation_before(t, i))
		return;
	scan_add(s, from, to, HUB_SPAN_FACILITY, i - from > 1 ? LIKELY : FAIR);
}

/* ---- organisations ---- */

static int in_org(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return c == JT_KANJI || c == JT_KATA || c == JT_LATIN || jt_at(t, i) == 0x30fb;
}

static void find_org(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jt_is_any(t, i, W_COMPANY),
		       company = n && n < 5 && jt_at(t, i) != 0x533b;
	uint32_t to = i + n, from = i;

	if (!n)
		return;
	const uint32_t kana = jt_run_end(t, to);
	if (jt_is_any(t, to, W_KANA_NAME))
		to += jt_is_any(t, to, W_KANA_NAME);
	else if (jt_cls(t, to) == JT_HIRA && in_org(t, kana) && kana < to + 7 &&
		 !jname_is_particle(t->cp[to]) && !jname_is_particle(t->cp[kana - 1]))
		to = kana;
	while (to < i + n + 20 && in_org(t, to))
		to++;
	while (company && from > 0 && i - from < 16 && in_org(t, from - 1))
		from--;
	if (jt_at(t, from - 1) == '.' || jt_at(t, from - 1) == '@')
		from = i;
	if (to > i + n)
		scan_add(s, i, to, HUB_SPAN_ORG, LIKELY);
	else if (from < i)
		scan_add(s, from, i + n, HUB_SPAN_ORG, LIKELY);
}

static void find_council(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jt_is(t, i, "社会福祉協議会");
	uint32_t from = i;

	if (!n)
		return;
	while (from > 0 && i - from < 12 && jname_is_kanji(t, from - 1))
		from--;
	if (from < i)
		scan_add(s, from, i + n, HUB_SPAN_ORG, LIKELY);
}

static const char *const facility_examples[] = {
    "[大平病院]に転院",
    "[すずかけ台病院]の外来",
    "妹は[こもれび保育園]に在園",
    "[町立日の出小学校]の校長",
    "[森のこども園]に入る",
    "[第2たけのこ作業所]の所長",
    "[南雲内科クリニック]を受診",
    "地域包括支援センターに相談",
    "保健センターの健診",
    "児童相談所が介入",
    "[北陵中学校]を卒業",
    "来春高校を卒業、赤い屋根の家",
    "[県立桜台特別支援学校高等部]2年、高等部に進む",
    "総合病院を紹介",
    "デイサービスを休む",
    "[はる]さんはデイ、[おひさまデイ]へ",
    "ミドルステイ利用中、ケアプラン更新、保育園入園",
    "近所の病院を受診した",
    "ある病院、また別の大学",
    "小学校を卒業",
    "[もみの木苑]に入所",
    "[うえの酒店]の主人、[ふくろう屋]で、[竹風亭]の[くさのみ農園]へ",
    "あかるい食堂、おおきな書店、とうふ屋、料亭",
    "救急病院へ運ばれる",
    "公園で遊ぶ",
    "衆議院議員",
    "特別支援学校の説明会",
    "老人ホームを見に行く",
    "母子生活支援施設に入所、母からこども家庭センターの話、日中は虐待防止センター",
    NULL};
static const char *const named_examples[] = {
    "[養護老人ホーム長寿荘]の面会",
    "就労継続支援A型「[ファクトリー虹]」で働く",
    "[デイサービスさざんか]を週1回",
    "[グループホームほのぼの]を利用",
    "[訪問看護ステーションこだま]から報告",
    "[訪問看護ステーション颯]に指示書、[デイサービス凪]、見学",
    "訪問看護ステーション等に照会",
    "[地域活動支援センターまるカフェ]へ",
    "[小規模多機能ぽっかり庵]の泊まり",
    "[ファミサポたぬきの手]に登録",
    "デイサービスについてメモ、デイサービスがカフェになる",
    "グループホームほかの人、グループホームからの声",
    "[まちの保健室こころね]にも、[スナック蘭]で働く、スナック菓子を食べる、[グループホームすずらん]"
    "の空き状況",
    "[保健室ほっとり]で休む、保健室で休む",
    "[グループホームつむぎの家]へ",
    "グループホームなどを紹介",
    "デイサービスから帰る",
    "デイサービスでは入浴のみ",
    "事業所の「[とまり木]」へ",
    "事業所へ電話",
    "[ハローワーク金沢]の窓口",
    "施設入所に反対",
    "訪問看護指示書を依頼、居宅療養管理指導",
    "施設長渋谷より、訪看[半田]に報告",
    NULL};
static const char *const quoted_examples[] = {"「[陽だまり]」に通所している", "「頑張る」と話す",
					      NULL};
static const char *const caller_examples[] = {
    "もしもし、[ひだまり]の大庭です", "お世話になっております。[コスモス]の[佐々木]と申します",
    "もしもし、となりの大庭です、もしもし、わたしの林です", NULL};
static const char *const school_examples[] = {"[緑東小]3年の妹", "[光陵中]の担任", "入院中の本人",
					      "在宅中心", NULL};
static const char *const org_examples[] = {"[株式会社あかつき物流]の", "[北陸重機株式会社]を退職",
					   "株式会社で働く", "[社会福祉法人五葉会]", NULL};
static const char *const council_examples[] = {"[金沢市社会福祉協議会]の", "社会福祉協議会に依頼",
					       NULL};

const struct rule rules_facility[] = {
    {"facility",
     {W_FACILITY_END, W_FACILITY_LOOSE_END, W_FACILITY_COINED_END},
     0,
     find_facility,
     facility_examples},
    {"named facility", {W_FACILITY_KIND}, 0, find_named, named_examples},
    {"quoted facility", {W_QUOTE}, 0, find_quoted, quoted_examples},
    {"who calls", {W_CALL}, 0, find_caller, caller_examples},
    {"school in short", {W_SCHOOL}, 0, find_school, school_examples},
    {"organisation", {W_COMPANY}, 0, find_org, org_examples},
    {"council", {W_COUNCIL}, 0, find_council, council_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
