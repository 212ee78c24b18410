/* Shops, lodgings, classes, meeting places and homes whose kind stands in front of a coined name: カットハウスまりも,
 * 理容マツバラ, ゲームプラザ銀河, デイとんぼ池. The kinds are known, and many of the words that names are coined of; where
 * other kana end to be a name is told by the particles behind them. */
#include "jname.h"
#include "jtown.h"
#include "scan.h"

enum {
	NAME_MOST = 14,
	KANA_MOST = 8,
	NO = 0x306e /* の */,
	WO = 0x3092 /* を */,
	KA = 0x304b /* か */
};

static int is_joined(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_KANJI || jt_cls(t, i) == JT_KATA ||
	       (jt_at(t, i) == 0x30fb && jt_cls(t, i - 1) == JT_KATA &&
		jt_cls(t, i + 1) == JT_KATA); /* ・ */
}

/* No word in kana goes on at i. */
static int is_bound(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) != JT_HIRA || jname_is_particle(t->cp[i]) ||
	       jt_is_any(t, i, W_NO_KANA_HERE) || jt_is_any(t, i, W_HONORIFIC);
}

/* まるはち, まるとみ: shops are called so after their mark. */
static uint32_t marked_shop(const struct jtext *t, uint32_t i)
{
	const uint32_t to = i + 4;

	return jt_is(t, i, "まる") && jt_run_end(t, i) >= to &&
		       (t->cp[i + 2] == KA || !jname_is_particle(t->cp[i + 2])) && is_bound(t, to)
		   ? 4
		   : 0;
}

/* Characters of a word at i that names are coined of, 0 when none ends there. ころころ and the like are such words, too. */
static uint32_t coined_at(const struct jtext *t, uint32_t i)
{
	uint64_t lengths = jt_lengths(t, i, W_COINED) | jt_lengths(t, i, W_KANA_NAME);

	for (uint32_t n; lengths; lengths &= ~((uint64_t)1 << n)) {
		n = 63 - (uint32_t)__builtin_clzll(lengths);
		if (is_bound(t, i + n) || jt_is_any(t, i + n, W_COINED))
			return n;
	}
	if (jt_cls(t, i) == JT_HIRA && jt_run_end(t, i) >= i + 4 && t->cp[i] == t->cp[i + 2] &&
	    t->cp[i + 1] == t->cp[i + 3] && is_bound(t, i + 4))
		return 4;
	return marked_shop(t, i);
}

/* におった, ではたらく: kana at i that go on behind a name. */
static int goes_on(const struct jtext *t, uint32_t i)
{
	static const char *const words[] = {
	    "にお", "にい", "にある", "にあっ", "にかよ", "にき", "にく", "にと",  "では", "でも",
	    "でお", "でく", "でた",   "でか",   "での",   "でし", "でや", "には",  "にも", "のひと",
	    "のお", "へい", "がある", "がい",   "はい",   "はた", "はや", "まで",  "から", "より",
	    "です", "だっ", "って",   "という", "だけ",   "しか", "さえ", "ばかり"};

	if (t->cp[i] == WO)
		return 1;
	for (size_t k = 0; k < sizeof words / sizeof *words; k++)
		if (jt_is(t, i, words[k]))
			return 1;
	return 0;
}

/* Kana that nobody knows: the end of what may be a name, i when it is none. */
static uint32_t unknown_kana(const struct jtext *t, uint32_t i)
{
	const uint32_t end = jt_run_end(t, i);
	const int closed = jt_cls(t, end) == JT_OTHER || jt_cls(t, end) == JT_SPACE;
	uint32_t to = i + 2;

	const int like_particle = jname_is_particle(jt_at(t, i));

	if (jt_cls(t, i) != JT_HIRA || (like_particle && !jt_is_char(t, i, "もとかや")) ||
	    jt_is_any(t, i, W_NO_KANA_HERE))
		return i;
	while (to < end && !goes_on(t, to))
		to++;
	if (to >= end)
		to = without_particle(t, i, end, closed);
	if (to < i + 2 || to > i + KANA_MOST || is_said(t, to) ||
	    (jt_ends_any(t, to, W_NO_KANA_NAME) && !jt_ends(t, to, "まる")))
		return i;
	if (like_particle) /* とさかの, not もいい, とてもの, かえる */
		return to < end && to > i + 2 && !jt_is_char(t, to - 1, "ているたうくすもだ") ? to
											      : i;
	const int house = jt_is_char(t, to, "家屋庵堂館舎房亭荘庭苑村塾池軒路");
	const int told = jt_is_any(t, to, W_NO_NAME_HERE) || jt_is_any(t, to, W_SHOP_AFTER);
	return to < end || closed || house || told || jt_ends_any(t, to, W_FACILITY_LOOSE_END) ? to
											       : i;
}

/* の手 of まごの手, の湯 of 福の湯, のお宿 behind a name at i: its length. */
static uint32_t thing_of(const struct jtext *t, uint32_t i)
{
	static const char things[] =
	    "手木家庭里丘森園郷風空星花実種杜輪声樹谷泉舟窓扉音色雲月虹灯鳥舎館庵湯間蔵宿都城";

	if (jt_at(t, i) != NO || jt_is_char(t, i - 1, "前後隣横裏奥上下中先他別間側"))
		return 0;
	const uint32_t word = coined_at(t, i + 1), n = 1 + jt_is(t, i + 1, "お");
	if (word)
		return word + 1;
	return jt_is_char(t, i + n, things) && !is_joined(t, i + n + 1) && is_bound(t, i + n + 1)
		   ? n + 1
		   : 0;
}

/* り of 海鳴り */
static uint32_t okurigana(const struct jtext *t, uint32_t i)
{
	return jt_is_char(t, i, "りきけみめち") && jt_cls(t, i - 1) == JT_KANJI &&
	       jt_cls(t, i - 2) == JT_KANJI && is_bound(t, i + 1);
}

/* End of a coined name at i: kana, kanji and katakana in turn. *known: a word of it is one that names are made of. */
static uint32_t coined_end(const struct jtext *t, uint32_t i, int *known)
{
	uint32_t to = i, n;

	*known = 0;
	while (to < i + NAME_MOST) {
		if (to > i && jt_is_any(t, to, W_SHOP_AFTER))
			break;
		if ((n = coined_at(t, to)) || (to > i && (n = thing_of(t, to)))) {
			const uint32_t more = to == i ? unknown_kana(t, i) - i : 0;
			*known = 1;
			n = more > n ? more : n; /* たびがらす */
		} else if (is_joined(t, to)) {
			if (to > i && jt_is_any(t, to, W_NO_NAME_HERE))
				break;
			/* なないろ舎体験 */
			for (n = 1; is_joined(t, to + n) && to + n < i + NAME_MOST &&
				    (to + n < i + 2 || jt_is_any(t, to + n, W_NO_NAME_HERE) < 2);)
				n++;
			*known |=
			    jtown_is(t, i, to + n) || jname_surname(t->cp + i, to + n - i) > 0;
		} else {
			n = to == i ? unknown_kana(t, to) - to : okurigana(t, to);
		}
		if (!n)
			break;
		to += n;
	}
	return to;
}

/* What stands at [at, to) is a word for something else. */
static int is_no_name(const struct jtext *t, uint32_t at, uint32_t to)
{
	const uint32_t after = jt_is_any(t, at, W_SHOP_AFTER);
	const uint32_t other = jt_is_any(t, at, W_NO_NAME_HERE),
		       stop = after > other ? after : other;

	if (coined_at(t, at) > stop)
		return 0;
	/* 前 and 前夜, not 前田屋敷 */
	if (is_generic(t, at, to) || stop > 1 || (stop && to < at + 3) ||
	    jt_is_any(t, at, W_NO_KANA_HERE) || jname_title(t, at) || jname_relation(t, at) ||
	    jname_honorific(t, at))
		return 1;
	return jt_is_any(t, at, W_SHOP) >= to - at || jt_is_any(t, at, W_WARE) >= to - at ||
	       jt_is_any(t, at, W_FACILITY_KIND) >= to - at ||
	       jt_is_char(t, to - 1, "店員人会代費用者中日前士師");
}

static int is_house(const struct jtext *t, uint32_t to)
{
	return jt_is_char(t, to - 1, "屋堂亭庵軒舎館荘苑") || jt_ends(t, to, "まる");
}

/* A name behind what is sold or done must say more than one behind a house: 海坊主, かもめ屋, やまもと. long_kind: it is
 * none of the short words that sentences are made of (手打ちうどん, プラモ教室). */
static int is_of_ware(const struct jtext *t, uint32_t at, uint32_t to, int known, int long_kind)
{
	const int family = (jname_reading(t->cp + at, to - at) & JN_SURNAME) > 0;

	if (t->cp[at - 1] == NO) /* 弁当のふた */
		return to > at + 2 && (is_house(t, to) || family || marked_shop(t, at));
	/* 水道停止予告: kanji behind kanji are one word more often than a name */
	if (jt_cls(t, at - 1) == JT_KANJI && jt_cls(t, at) == JT_KANJI)
		return known || family || is_house(t, to);
	return known || family || (to > at + 2 && (long_kind || jt_cls(t, at) == JT_KANJI));
}

static void find_shop(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t shop = jt_is_any(t, i, W_SHOP), kind = jt_is_any(t, i, W_FACILITY_KIND);
	const uint32_t house = shop > kind ? shop : kind, ware = jt_is_any(t, i, W_WARE);
	const uint32_t n = house >= ware ? house : ware, quoted = quote_end(t, i + n);
	uint32_t at = i + n;
	int known = 0;

	if (jname_title(t, i) > n) /* 歯科|衛生士 */
		return;
	if (quoted > at && n == house) {
		scan_add(s, at + 1, quoted, HUB_SPAN_FACILITY, LIKELY);
		return;
	}
	/* バー of ナンバー; デイサービスセンター */
	if ((n < 3 && n > house && jt_cls(t, i) == JT_KATA && jt_cls(t, i - 1) == JT_KATA) ||
	    (jt_cls(t, at) == JT_KATA && jt_cls(t, at - 1) == JT_KATA))
		return;
	at += n > house && jt_at(t, at) == NO;
	const int one = n > 2 && is_one_kanji(t, at) && !thing_of(t, at + 1);
	const uint32_t to = one ? at + 1 : coined_end(t, at, &known);
	if (to == at || (to == at + 1 && !is_one_kanji(t, at)) || is_no_name(t, at, to))
		return;
	/* 訪看浅利NS */
	if (jname_surname(t->cp + at, to - at) && (jname_title(t, to) || jname_honorific(t, to)))
		return;
	uint32_t from = facility_begin(t, i);
	if (from + 1 == i && jt_is_char(t, from, "後前中内外方側"))
		from = i; /* その後 */
	if (from == i && n == kind && is_who(t, i, at, to))
		from = at;
	if (n == house || is_of_ware(t, at, to, known, n > 2 || from < i))
		scan_add(s, from, to, HUB_SPAN_FACILITY, known || is_house(t, to) ? LIKELY : FAIR);
}

static const char *const examples[] = {"[カットハウスちぐさ]におったと",
				       "[スーパーまるとみ]のレジ",
				       "[フリースペースどんぐりころころ]で週2",
				       "[こども食堂にんじん]利用",
				       "[デイとんぼ池]を休む",
				       "[DSやすらぎ苑]は週2",
				       "[理容カシワギ]の主人",
				       "[ゲームプラザ北極]。一緒に",
				       "[ホテル夕鳴り]を確保",
				       "[コミュニティホール茜]　出席",
				       "[惣菜のたつまる]で",
				       "[弁当のつばめ屋]には、弁当のふたが",
				       "[カラオケ喫茶つぐみのお宿]で倒れた",
				       "[プラモ教室ねじまき]だけは",
				       "[焼き鳥とさか]の裏、[ゲストハウスたびがらす]に",
				       "[ラーメン海坊主]、ラーメン好き",
				       "スーパーで買い物、スーパーにいく、スーパーまで",
				       "デイで入浴、デイいやや、デイたのしかった",
				       "美容室こわい、カフェを開く、カフェ運営、カフェみたいな所",
				       "工房で働く、工房見学、工房やすみたい",
				       "こども食堂に行く、食堂のおばさん",
				       "薬局めぐり、居場所さがし、フリースペースあり",
				       "ナンバー松本33",
				       "水道停止予告、電気工事予定",
				       NULL};

const struct rule rules_shop[] = {
    {"shop", {W_SHOP, W_WARE, W_FACILITY_KIND}, 0, find_shop, examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
