/* Facilities by their kind of name, and organisations. */
#include "jname.h"
#include "jplace.h"
#include "jwords.h"
#include "scan.h"

uint32_t kana_name_before(const struct jtext *t, uint32_t i)
{
	return jt_ends_any(t, i, W_KANA_NAME);
}

int is_generic(const struct jtext *t, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from;
	uint64_t reach = 1; /* bit k: [from, from + k) is generic */

	if (n >= 40)
		return 1;
	for (uint32_t k = 0; k < n; k++) {
		if (!(reach >> k & 1))
			continue;
		uint64_t lengths = jt_lengths(t, from + k, W_GENERIC) |
				   (jt_lengths(t, from + k, W_FACILITY_END) & ~(uint64_t)3) |
				   (jt_lengths(t, from + k, W_FACILITY_LOOSE_END) & ~(uint64_t)3);
		if (jt_cls(t, from + k) == JT_DIGIT)
			lengths |= 2;
		reach |= lengths << k;
	}
	return (int)(reach >> n & 1);
}

/* Where kana that end at i begin to be a name: a known word, else behind the last particle. */
static uint32_t kana_start(const struct jtext *t, uint32_t i)
{
	uint32_t run = i;

	while (run > 0 && jt_cls(t, run - 1) == JT_HIRA && i - run < 16)
		run--;
	const uint32_t word = kana_name_before(t, i);
	if (word)
		return i - word;
	if (run == i)
		return i;
	if (jt_cls(t, run - 1) != JT_KANJI && jt_cls(t, run - 1) != JT_KATA)
		return i - run >= 2 && i - run <= 6 && !jname_is_particle(t->cp[run]) ? run : i;
	for (uint32_t k = i - 2; k > run && k + 7 > i; k--)
		if (jname_is_particle(t->cp[k - 1]))
			return k;
	return i;
}

/* Left end of the name in front of a suffix at i; i when there is none. */
static uint32_t facility_start(const struct jtext *t, uint32_t i)
{
	uint32_t from = i;

	while (from > 0 && i - from < 24) {
		const enum jt_class c = jt_cls(t, from - 1);
		if (c == JT_KANJI || c == JT_KATA || c == JT_LATIN || jname_is_kanji(t, from - 1)) {
			from--;
			continue;
		}
		if (jt_at(t, from - 1) == 0x306e && from < i && jt_cls(t, from) == JT_KANJI &&
		    from - 1 > 0 && jt_cls(t, from - 2) == JT_KATA)
			break;
		if (c == JT_HIRA) {
			const uint32_t k = kana_start(t, from);
			if (k == from)
				break;
			from = k;
			continue;
		}
		break;
	}
	return from;
}

/* Words that stand before a name without belonging to it. */
static uint32_t facility_trim(const struct jtext *t, uint32_t from, uint32_t to)
{
	uint32_t n;

	while (from < to && (n = jt_is_any(t, from, W_FACILITY_LEAD)) && from + n < to)
		from += n;
	return from;
}

static void find_facility(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t strong = jt_is_any(t, i, W_FACILITY_END);
	const uint32_t loose = jt_is_any(t, i, W_FACILITY_LOOSE_END);
	const uint32_t n = strong > loose ? strong : loose;

	if (jt_is(t, i, "院長") || jt_is(t, i, "園長") || jt_is(t, i, "園児") ||
	    jt_is(t, i, "院内"))
		return;
	/* 院 of 病院: the longer word has been looked at */
	if (jt_ends_any(t, i + n, W_FACILITY_END) > n ||
	    jt_ends_any(t, i + n, W_FACILITY_LOOSE_END) > n)
		return;
	if (!strong && (jt_cls(t, i + n) == JT_KANJI || jt_cls(t, i + n) == JT_KATA) &&
	    !jname_relation(t, i + n) && !jname_title(t, i + n))
		return;
	uint32_t from = facility_trim(t, facility_start(t, i), i), begin;
	if (from == i || is_generic(t, from, i))
		return;
	const uint32_t city = jplace_city_in(t, from, i, &begin);
	if (city == i || (city && is_generic(t, city, i)))
		return; /* 桑名市立病院, 桑名市地域包括支援センター: no more than the city */
	if (!strong && i - from < 2)
		return;
	scan_add(s, from, i + n, HUB_SPAN_FACILITY, strong ? LIKELY : FAIR);
}

/* The name behind a kind, in 「 」 or bare. */
static void find_named(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jt_is_any(t, i, W_FACILITY_KIND);
	uint32_t at = i + n, to;

	if (!n)
		return;
	if (jt_at(t, at) == ' ' || jt_is(t, at, "の「"))
		at++;
	if (jt_at(t, at) == 0x300c || jt_at(t, at) == 0x300e) { /* 「 『 */
		for (to = ++at;
		     to < t->n && to < at + 20 && t->cp[to] != 0x300d && t->cp[to] != 0x300f;)
			to++;
		if (to < t->n && to > at + 1 && to < at + 20 && t->cp[to] != '\n')
			scan_add(s, at, to, HUB_SPAN_FACILITY, LIKELY);
		return;
	}
	if (jt_at(t, i + n) == ' ')
		return;
	uint32_t word = jt_is_any(t, at, W_KANA_NAME);
	to = at + word;
	while (to < at + 14 &&
	       (jt_cls(t, to) == JT_KANJI || jt_cls(t, to) == JT_KATA || jname_is_kanji(t, to)))
		to++;
	if (to == at || is_generic(t, at, to) || jt_is_any(t, at, W_FACILITY_AFTER))
		return;
	const uint32_t run = to - at - word;
	if (!word && run < 2)
		return;
	const int ends =
	    word || jt_ends_any(t, to, W_FACILITY_END) || jt_ends_any(t, to, W_FACILITY_LOOSE_END);
	if (ends || jt_cls(t, at) == JT_KATA || jt_is(t, i, "ハローワーク"))
		scan_add(s, i, to, HUB_SPAN_FACILITY, ends ? LIKELY : FAIR);
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
	to += jt_is_any(t, to, W_KANA_NAME);
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

static const char *const facility_examples[] = {"[山手病院]に入院",
						"[みどりヶ丘病院]に通院",
						"孫は[ひまわり保育園]に通う",
						"[市立あけぼの小学校]の教諭",
						"地域包括支援センターに相談",
						"保健センターの健診",
						"児童相談所が一時保護",
						"[東陽中学校]に通う",
						"総合病院を紹介",
						"デイサービスに通う",
						"近くの病院を受診した",
						"小学校に入学",
						"[さくら苑]に入所",
						"救急病院へ搬送",
						"公園で過ごす",
						"特別支援学校を見学",
						"老人ホームを探す",
						NULL};
static const char *const named_examples[] = {"[特別養護老人ホーム白鳥苑]を訪問",
					     "就労継続支援B型「[ワークスさくら]」を利用",
					     "[デイサービスひまわり]を週2回",
					     "グループホームを見学した",
					     "施設「[あおぞら]」へ",
					     "事業所から連絡",
					     "[ハローワーク桑名]に通う",
					     "施設入所を希望",
					     NULL};
static const char *const org_examples[] = {"[株式会社つばさ介護サービス]の",
					   "[丸山工業株式会社]に勤務", "株式会社に就職",
					   "[社会福祉法人白鳥会]", NULL};
static const char *const council_examples[] = {"[桑名市社会福祉協議会]の", "社会福祉協議会へ",
					       NULL};

const struct rule rules_facility[] = {
    {"facility", {W_FACILITY_END, W_FACILITY_LOOSE_END}, 0, find_facility, facility_examples},
    {"named facility", {W_FACILITY_KIND}, 0, find_named, named_examples},
    {"organisation", {W_COMPANY}, 0, find_org, org_examples},
    {"council", {W_COUNCIL}, 0, find_council, council_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
