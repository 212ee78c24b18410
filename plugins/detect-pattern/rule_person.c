/* Names of people, where what stands around them leaves little doubt. What only a statistical tagger can
 * tell is left to it. Honorifics, titles and words of relation stay outside. */
#include "jname.h"
#include "jset.h"
#include "name.h"

#include <string.h>

/* ---- rules ---- */

/* 15時篠塚さん: the hour is none of the name. */
static int is_time(const struct jtext *t, uint32_t i)
{
	const uint32_t c = jt_at(t, i);

	return jt_is_digit(jt_at(t, i - 1)) &&
	       (c == 0x6642 || c == 0x5206 || c == 0x65e5 || c == 0x6708); /* 時分日月 */
}

static void add(struct scan *s, struct name n, uint32_t to, uint32_t most)
{
	n.from += is_time(&s->t, n.from) ? 1 : 0;
	if (n.confidence && n.from < to)
		scan_add_person(s, n.from, to, n.given, n.confidence < most ? n.confidence : most);
}

/* Kanji that read as a surname of one character but mean something before a title. */
static int is_office(uint32_t c)
{
	static const char kanji[] = "元前現新各当両他主副同本女男名総全市県区町村課係部";
	char buf[4];

	if (c < 0x4e00 || c > 0x9fff)
		return 1;
	buf[0] = (char)(0xe0 | c >> 12);
	buf[1] = (char)(0x80 | (c >> 6 & 63));
	buf[2] = (char)(0x80 | (c & 63));
	buf[3] = '\0';
	return strstr(kanji, buf) != NULL;
}

static void find_honorific(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jname_honorific(t, i);
	const int close = jt_is_any(t, i, W_FAMILIAR) > 0;
	uint32_t at = i;

	if (!n || i == 0 || jname_called_word(t, i + n))
		return;
	const enum jt_class left = jt_cls(t, i - 1);
	if (jt_is_any(t, i, W_IN_WORD) && left == JT_HIRA)
		return;
	if (jt_at(t, i - 1) == ')') { /* 谷口（旧姓：三好）さん */
		for (at = i - 1; at > 0 && i - at < 20 && t->cp[at] != '(';)
			at--;
		if (jt_at(t, at) != '(')
			return;
	} else if (jt_at(t, i - 1) == ' ') {
		at--;
	}
	struct name found = name_before(t, at, at != i, close);
	if (jt_is_any(t, i, W_OF_VERB) && found.confidence < STRONG)
		return;
	if (jt_is(t, i, "先生") && at - found.from == 1 && is_office(t->cp[found.from]))
		return;
	/* 氏, 君, 殿 and 嬢 are parts of many words */
	const int loose = n == 1 && jt_at(t, i) != 0x69d8; /* 様 */
	if (loose && (left == JT_HIRA || found.confidence <= FAIR))
		return;
	if (close && jt_is(t, i, "ちゃんと") && found.confidence < STRONG &&
	    (at - found.from > 3 || jt_cls(t, found.from - 1) == JT_HIRA))
		return;
	add(s, found, at, SURE);
}

static void with_title(struct scan *s, uint32_t i, int group)
{
	const struct jtext *t = &s->t;
	uint32_t given;

	if (i == 0)
		return;
	if (jt_cls(t, i - 1) == JT_KATA) {
		const uint32_t from = jt_run_start(t, i - 1);
		if (jname_reading(t->cp + from, i - from) & JN_SURNAME)
			scan_add_person(s, from, i, 0, LIKELY);
		return;
	}
	if (!jname_is_kanji(t, i - 1))
		return;
	uint32_t start = i;
	while (start > 0 && i - start < 12 && jname_is_kanji(t, start - 1))
		start--;
	for (uint32_t from = start; from < i; from++) {
		const int known = from == start || jname_before(t, from);
		const enum name_form f =
		    i - from <= NAME_MAX_KANJI ? name_form_of(t, from, i, &given) : NO_NAME;
		if (f == NO_NAME || f == GIVEN_NAME)
			continue;
		struct name n = {from, given, f == SURNAME_WORD && group ? LIKELY : STRONG};
		if (i - from == 1) {
			const enum jt_class c = jt_cls(t, from - 1);
			if (!known || is_office(t->cp[from]) || c == JT_KATA || c == JT_DIGIT ||
			    (group && !jt_is_any(t, i, W_GROUP_OF_ONE)))
				continue;
			n.confidence = LIKELY;
		} else if (!known && f == SURNAME_WORD) {
			continue;
		}
		if (from == start && jt_at(t, from - 1) == ' ' && !given)
			name_take_surname(t, &n);
		add(s, n, i, STRONG);
		return;
	}
	/* 久我 登先生 and the like: the given name alone stands before the title */
	if (name_form_of(t, start, i, &given) == GIVEN_NAME && jt_at(t, start - 1) == ' ') {
		struct name n = {start, start, 0};
		name_take_surname(t, &n);
		add(s, n, i, STRONG);
	}
}

static void find_title(struct scan *s, uint32_t i)
{
	if (jname_title(&s->t, i))
		with_title(s, i, 0);
}

static void find_group(struct scan *s, uint32_t i)
{
	if (jname_group(&s->t, i) && jname_group(&s->t, i - 1) < 2) /* 家 of 一家 */
		with_title(s, i, 1);
}

/* Behind a name nothing goes on that would make another word of it. */
static int ends_name(const struct jtext *t, uint32_t i)
{
	if (jname_is_kanji(t, i))
		return jname_title(t, i) || jname_honorific(t, i) || jname_group(t, i) ||
		       jname_relation(t, i);
	return jt_cls(t, i) != JT_KATA;
}

/* ---- labels ---- */

/* One part of a written name at i: its end. */
static uint32_t part_end(const struct jtext *t, uint32_t i)
{
	uint32_t to = i;

	while (to - i < 12 && (jname_is_kanji(t, to) || jt_cls(t, to) == JT_HIRA ||
			       jt_cls(t, to) == JT_KATA || jt_cls(t, to) == JT_LATIN))
		to++;
	return to;
}

/* End of what looks like a written name at i; *given gets its second part, 0 when there is none. */
static uint32_t value_end(const struct jtext *t, uint32_t i, uint32_t *given)
{
	const uint32_t first = part_end(t, i);

	*given = 0;
	if (first == i || (jt_at(t, first) != ' ' && jt_at(t, first) != 0x30fb))
		return first;
	const uint32_t second = part_end(t, first + 1), n = second - first - 1;
	if (n == 0 || n > 5 || jt_at(t, second) == ':' || jt_is_any(t, first + 1, W_NAME_LABEL) ||
	    jt_is_any(t, first + 1, W_HOME_LABEL))
		return first;
	if (jt_cls(t, first + 1) == JT_KANJI && jname_given(t->cp + first + 1, n) < 2)
		return first;
	*given = first + 1;
	return second;
}

/* What people write where a name should be: 不明, 母, 生活福祉課. */
static int is_no_value(const struct jtext *t, uint32_t at, uint32_t to)
{
	const uint32_t n = jt_is_any(t, at, W_NO_NAME_VALUE), c = jt_at(t, at);

	/* 相談員：お名前は。 ご住所を */
	if ((c == 0x304a || c == 0x3054) && to > at + 2 && jt_cls(t, at + 1) == JT_KANJI)
		return 1;
	return n >= 2 || n == to - at || jname_common(t, to) || jname_relation_before(t, to);
}

/* 本人：膝が痛い, 本人：バスで来た: a word, and a particle behind it, are what somebody says. */
static int is_speech(const struct jtext *t, uint32_t at, uint32_t to)
{
	const enum jt_class first = jt_cls(t, at);
	uint32_t i = at;

	while (i < to && jt_cls(t, i) != JT_HIRA)
		i++;
	return i > at && i < to && (first == JT_KATA || jname_is_particle(t->cp[i]));
}

/* 担当：三好 */
static void name_at_colon(struct scan *s, uint32_t at)
{
	const struct jtext *t = &s->t;
	uint32_t given, h, to = value_end(t, at, &given);

	if (to <= at || jt_cls(t, at) == JT_LATIN)
		return;
	while (to > at + 1 &&
	       ((h = jt_ends_any(t, to, W_HONORIFIC)) || (h = jt_ends_any(t, to, W_TITLE))) &&
	       to - h > at)
		to -= h;
	given = given < to ? given : 0;
	if (to - at > 10 || is_no_value(t, at, to))
		return;
	const enum name_form f = name_form_of(t, at, given ? given - 1 : to, &h);
	uint32_t confidence = f != NO_NAME ? STRONG : FAIR;
	if (f == NO_NAME && to - at > 1 && jname_family(t->cp + at, 2) >= 1)
		confidence = LIKELY;
	/* 相談員：はい、そうです: kana behind a speaker are what is said, unless they are read as a name */
	if (f == NO_NAME && jt_cls(t, at) == JT_HIRA && !jname_reading(t->cp + at, to - at))
		return;
	if (f == NO_NAME && confidence == FAIR && is_speech(t, at, to))
		return;
	if (f != NO_NAME || jt_cls(t, at) != JT_KANJI || to - at <= 5)
		scan_add_person(s, at, to, given ? given : h, confidence);
}

/* 旧姓三好, 本名伸一: what follows at once is a name when it looks like one. */
static void name_at_once(struct scan *s, uint32_t at)
{
	const struct jtext *t = &s->t;
	uint32_t to = at, given = 0;

	while (to < at + 6 && jname_is_kanji(t, to))
		to++;
	if (to > at) {
		if (name_form_of(t, at, to, &given) != NO_NAME)
			scan_add_person(s, at, to, given, LIKELY);
	} else if (jt_cls(t, at) == JT_KATA) {
		to = jt_run_end(t, at);
		if (jt_at(t, to) == ' ' && jt_cls(t, to + 1) == JT_KATA)
			to = jt_run_end(t, to + 1);
		if (to - at >= 2 && !jname_common(t, to))
			scan_add_person(s, at, to, 0, LIKELY);
	}
}

static void find_label(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t open = jt_is_any(t, i, W_OPEN_LABEL), n = jt_is_any(t, i, W_NAME_LABEL);
	uint32_t at = i + n;
	int colon = 0;

	if (jt_at(t, at) == ')')
		at++;
	for (; n && (jt_at(t, at) == ':' || jt_at(t, at) == ' '); at++)
		colon |= jt_at(t, at) == ':';
	if (colon)
		name_at_colon(s, at);
	else if (open)
		name_at_once(s, i + open);
}

/* 仲間内ではゆうゆうという愛称: kana that people call somebody, behind a particle when other kana stand before. */
static void find_nickname(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	static const char *const words[] = {"という愛称",         "というあだ名", "という呼び名",
					    "というニックネーム", "の愛称で",     "とも読"};
	const enum jt_class c = jt_cls(t, i - 1);
	uint32_t from = i, said = 0;

	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++)
		said |= jt_is(t, i, words[k]);
	if (!said || (c != JT_HIRA && c != JT_KATA))
		return;
	while (from > 0 && i - from < 6 && jt_cls(t, from - 1) == c &&
	       (c != JT_HIRA || i - from < 2 || !jt_is_char(t, from - 1, "はがをにも")))
		from--;
	if (i - from >= 2 && !jname_common(t, i))
		scan_add_person(s, from, i, from, FAIR);
}

/* 谷口と申します, 三好と名乗る人 */
static void find_called(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const int strong = jt_is(t, i, "と申し") || jt_is(t, i, "と名乗");
	uint32_t given;

	if (i == 0 || !jt_is_any(t, i, W_CALLED))
		return;
	if (!jname_is_kanji(t, i - 1)) {
		find_nickname(s, i);
		return;
	}
	uint32_t start = i;
	while (start > 0 && i - start < 8 && jname_is_kanji(t, start - 1))
		start--;
	const enum name_form f = name_form_of(t, start, i, &given);
	struct name n = {start, given, strong ? STRONG : FAIR};
	if (jt_at(t, start - 1) == ' ')
		name_take_surname(t, &n);
	if (f != NO_NAME || n.from < start)
		if (!(f == SURNAME_WORD && !strong && n.from == start))
			add(s, n, i, STRONG);
}

/* A given name in kana that is no other word. */
static int is_kana_given(const struct jtext *t, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from, first = jt_at(t, from);

	return n >= 2 && n <= 4 && jname_reading(t->cp + from, n) & JN_GIVEN &&
	       (!jname_is_particle(first) || first == 0x306a /* な */) &&
	       jt_is_any(t, from, W_NO_KIN) != n && jt_is_any(t, from, W_NO_HIRA_GIVEN) != n;
}

/* 下の子がりくで, 娘はゆいなです: who that is, in kana in front of what ends a clause. */
static void find_told(struct scan *s, uint32_t from, uint32_t run)
{
	static const char *const ends[] = {"です", "って", "で"};
	const struct jtext *t = &s->t;

	for (uint32_t to = from + 2; to < run && to <= from + 4; to++)
		for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
			if (!jt_is(t, to, ends[k]) || (k == 2 && to + 1 < run) ||
			    !is_kana_given(t, from, to))
				continue;
			scan_add_person(s, from, to, from, FAIR);
			return;
		}
}

/* 妻ふみ在宅: a given name in kana between a word of relation and a word in kanji, as terse notes have it. */
static void find_kin(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jt_is_any(t, i, W_RELATION), from = i + n;
	const uint32_t to = jt_cls(t, from) == JT_HIRA ? jt_run_end(t, from) : from;

	if (n && (jt_at(t, from) == 0x304c || jt_at(t, from) == 0x306f)) /* が は */
		find_told(s, from + 1, to);
	if (n && jt_cls(t, to) == JT_KANJI && is_kana_given(t, from, to))
		scan_add_person(s, from, to, from, FAIR);
}

/* めぐみと話す: the same at the begin of a sentence, and what is done with somebody. */
static void find_company(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t from = i > 0 && jt_cls(t, i - 1) == JT_HIRA ? jt_run_start(t, i - 1) : i;
	const enum jt_class before = jt_cls(t, from - 1);

	if ((from == 0 || before == JT_OTHER || before == JT_SPACE) && is_kana_given(t, from, i))
		scan_add_person(s, from, i, from, FAIR);
}

/* ---- after all rules ---- */

static int add_form(const struct scan *s, struct jset *set, uint32_t from, uint32_t to)
{
	const uint32_t n = to - from;

	if (n < 2 || jt_cls(&s->t, from) == JT_HIRA)
		return 0;
	if (jt_cls(&s->t, from) == JT_KATA && n < 3)
		return 0;
	return jset_add(set, s->t.cp + from, n, 0, -1);
}

void person_spread(struct scan *s)
{
	const struct jtext *t = &s->t;
	struct jset set;

	jset_init(&set, s->pool);
	for (uint32_t k = 0; k < s->n; k++) {
		const struct found *f = &s->found[k];
		if (f->type != HUB_SPAN_PERSON || f->confidence < LIKELY)
			continue;
		uint32_t family = f->given > f->from ? f->given : f->from;
		if (family > f->from && jt_cls(t, family - 1) == JT_SPACE)
			family--;
		if (add_form(s, &set, f->from, f->to) ||
		    (family > f->from && add_form(s, &set, f->from, family)) ||
		    (f->given > f->from && add_form(s, &set, f->given, f->to)))
			s->failed = 1;
	}
	if (!set.n || s->failed)
		return;
	if (jset_build(&set)) {
		s->failed = 1;
		return;
	}
	for (uint32_t i = 0; i < t->n; i++) {
		const struct jset_item *it =
		    jset_may(&set, t->cp + i) ? jset_next(&set, t->cp + i, t->n - i, NULL) : NULL;
		if (!it)
			continue;
		const uint32_t to = i + it->len;
		const enum jt_class c = jt_cls(t, i);
		if ((jt_cls(t, i - 1) != c || jname_before(t, i)) &&
		    (c == JT_KANJI ? ends_name(t, to) : jt_cls(t, to) != c))
			scan_add_person(s, i, to, 0, LIKELY);
		i = to - 1;
	}
}

static const char *const honorific_examples[] = {"[谷口]さんの孫の[あかね]ちゃん",
						 "内科の[三好]先生",
						 "[原]さんのところの[たつ]さん",
						 "[ウメ]さんは眠っている",
						 "[黄 麗華]さんと夫の[大浦 誠]さん",
						 "[谷口](旧姓:[三好])さん",
						 "[ローザ・メンデス]さん",
						 "叔母の[伊集院]氏",
						 "[まこ]ちゃんが笑う",
						 "弟[直人]さん",
						 "[齊藤]様",
						 "[大浦 誠]くん",
						 "[ミチ代]さんが",
						 "お父さんとお母さん",
						 "皆さんとみなさん",
						 "相談者さん、患者さん、業者さん",
						 "お客様、利用者様、奥様",
						 "看護師さんとヘルパーさん",
						 "たくさんある",
						 "ちゃんとする",
						 "15時[篠塚]さん不穏、9日[三好]さん来所",
						 "赤ちゃんとおばあちゃん",
						 "様子を見る",
						 "部長さん",
						 "諸君",
						 "大家さん",
						 "その様に伝え、王様と宮殿の話",
						 "ご馳走様でした。社協さんと訪看さん",
						 "していただくんです。[みお]くんでした",
						 "[王]さん、さかさまと[いさか]さま",
						 "新先生と両先生",
						 NULL};
static const char *const title_examples[] = {"[谷口]ヘルパーが気づく",
					     "[三好]税理士を紹介",
					     "[大浦]部長に回覧",
					     "福祉事務所の[原]ケースワーカー",
					     "総務課長に報告",
					     "担当係長が来た",
					     "元課長",
					     "副会長",
					     "主任相談員",
					     NULL};
static const char *const group_examples[] = {
    "[谷口]夫妻が",   "[原]さん宅",       "[三好]ケースを引き継ぐ",
    "[原]きょうだい", "[広瀬]一家が越す", "実家に帰る",
    "農家を継ぐ",     "自宅で過ごす",     NULL};
static const char *const label_examples[] = {
    "氏名：[大浦まき]　住所",     "本名[伸一郎]",       "担当：[三好]",   "氏名：不明",
    "担当：生活福祉課",           "相談者：母",         "名前は忘れた",   "相談員：お名前は。",
    "本人：膝がな、バスで来た。", "本人：バスで来た。", "担当：[ミチ代]", NULL};
static const char *const called_examples[] = {
    "[谷口]と申します",
    "[大浦 誠]と名乗る人",
    "本人と名乗る",
    "森という所",
    "職場では[なべっち]の愛称で通る",
    "仲間内では[ゆうゆう]というあだ名、[カナグスク]とも読む",
    "みんなの愛称は決まらない",
    NULL};

static const char *const kin_examples[] = {"妻[ふみ]在宅、弟[けん]同居。",
					   "下の子が[りく]で、上の子は[ゆいな]です",
					   "母はそうです、姉がもうで、兄はいいって",
					   "母また入院、夫まだ飲酒、娘すぐ退院、兄よく来る", NULL};
static const char *const company_examples[] = {"[めぐみ]と話す。[さち]に電話、[まこと]は欠席",
					       "みんなと話す。あすに電話。まちと話す。",
					       "いのちと話す会", NULL};

const struct rule rules_person[] = {
    {"honorific", {W_HONORIFIC}, 0, find_honorific, honorific_examples},
    {"title", {W_TITLE}, 0, find_title, title_examples},
    {"group", {W_GROUP}, 0, find_group, group_examples},
    {"label", {W_NAME_LABEL, W_OPEN_LABEL}, 0, find_label, label_examples},
    {"called", {W_CALLED}, 0, find_called, called_examples},
    {"kin", {W_RELATION}, 0, find_kin, kin_examples},
    {"company", {W_COMPANY_OF}, 0, find_company, company_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
