/* Names of people, where what stands around them leaves little doubt. What only a statistical tagger can
 * tell is left to it. Honorifics, titles and words of relation stay outside. */
#include "jname.h"
#include "jset.h"
#include "jwords.h"
#include "scan.h"

#include <string.h>

enum { NAME_MAX_KANJI = 8 };

/* ---- kanji ---- */

static int is_word(const struct jtext *t, uint32_t from, uint32_t to, enum jwords_list words)
{
	return jt_is_any(t, from, words) == to - from;
}

/* What [from, to) is in a name. */
enum form { NO_NAME = 0, SURNAME, SURNAME_WORD, GIVEN_NAME, FULL_NAME };

/* How good a given name the kanji make; words that only look so are none. */
static uint32_t given_score(const struct jtext *t, uint32_t from, uint32_t to)
{
	if (to - from > 3 || is_word(t, from, to, W_NO_GIVEN))
		return 0;
	return jname_given(t->cp + from, to - from);
}

/* *given gets the place where the given name begins. */
static enum form form_of(const struct jtext *t, uint32_t from, uint32_t to, uint32_t *given)
{
	const uint32_t n = to > from ? to - from : 0, *c = t->cp + from;

	*given = 0;
	if (n == 0)
		return NO_NAME;
	const unsigned whole = jname_surname(c, n);
	if (whole)
		return whole & JN_WORD ? SURNAME_WORD : SURNAME;
	for (uint32_t k = n > 3 ? 3 : n - 1; k > 0; k--) {
		const unsigned f = jname_surname(c, k);
		const uint32_t least = k == 1 ? 6 : f & JN_WORD ? 5 : 4;
		if (f && given_score(t, from + k, to) >= least) {
			*given = from + k;
			return FULL_NAME;
		}
	}
	if (n >= 2 && given_score(t, from, to) >= 5) {
		*given = from;
		return GIVEN_NAME;
	}
	return NO_NAME;
}

/* A name in kanji that ends right before i. */
struct name {
	uint32_t from, given, confidence; /* confidence 0: none */
};

/* Takes a surname in front of a given name, with a space or without: 石川 武, 大山ハル. */
static void take_surname(const struct jtext *t, struct name *n)
{
	const uint32_t gap = jt_ends_any(t, n->from, W_NAME_GAP), edge = n->from - gap;
	uint32_t k = 1;

	if (!jname_is_kanji(t, edge - 1) || edge == 0)
		return;
	for (uint32_t len = 4; len > 0; len--) {
		if (len > edge)
			continue;
		const uint32_t from = edge - len;
		for (k = 0; k < len && jname_is_kanji(t, from + k);)
			k++;
		if (k < len)
			continue;
		const int bounded = !jname_is_kanji(t, from - 1) || jname_before(t, from);
		const unsigned f = jname_surname(t->cp + from, len);
		if (!bounded || !(f || (gap && len <= 2 && jname_family(t->cp + from, len) >= 3)))
			continue;
		if (!f && jname_common(t, edge))
			continue;
		n->given = n->from;
		n->from = from;
		n->confidence = n->confidence > STRONG ? n->confidence : STRONG;
		return;
	}
}

/* The part of the run [start, i) that is a name. certain: only what the tables know. */
static struct name pick_kanji(const struct jtext *t, uint32_t start, uint32_t i, int certain)
{
	struct name best = {.from = i};
	const uint32_t common = jname_common(t, i);
	uint32_t given;

	if (common >= i - start || jname_relation_before(t, i) >= i - start)
		return best;
	for (uint32_t from = start; from < i; from++) {
		const enum form f =
		    i - from <= NAME_MAX_KANJI ? form_of(t, from, i, &given) : NO_NAME;
		const int known = from == start || jname_before(t, from);
		if (f == NO_NAME || (f == SURNAME_WORD && i - from == 1 && !known))
			continue;
		if (known)
			return (struct name){from, given, SURE};
		if (best.from == i && (f != GIVEN_NAME || i - from > 2))
			best = (struct name){from, given, LIKELY};
	}
	if (common)
		return (struct name){.from = i};
	if (best.from < i) {
		if (!certain && i - start <= 4)
			best = (struct name){start, 0, LIKELY};
		return best;
	}
	if (certain)
		return best;
	for (uint32_t n; start < i && (n = jname_before_at(t, start)) && start + n < i;)
		start += n;
	const uint32_t n = i - start;
	if (n == 1 ? jname_family(t->cp + start, 1) >= 3 || jname_given(t->cp + start, 1) >= 5
		   : n <= 5)
		best = (struct name){start, 0, n == 1 ? FAIR : LIKELY};
	return best;
}

static struct name kanji_before(const struct jtext *t, uint32_t i, int certain)
{
	uint32_t start = i;

	while (start > 0 && i - start < 16 && jname_is_kanji(t, start - 1))
		start--;
	/* トシ子, とし江 */
	if (i - start == 1 && jt_ends_any(t, i, W_GIVEN_END) && start >= 2) {
		const enum jt_class c = jt_cls(t, start - 1);
		const uint32_t run =
		    c == JT_KATA || c == JT_HIRA ? jt_run_start(t, start - 1) : start;
		uint32_t from = start;
		if (c == JT_KATA && start - run <= 3)
			from = run;
		else if (c == JT_HIRA && start - run >= 1 &&
			 (start - run <= 2 || jname_is_particle(t->cp[start - 3])))
			from = start - run == 1 ? start : start - 2;
		if (from < start && !(c == JT_HIRA && jname_is_particle(t->cp[start - 1]))) {
			struct name n = {from, from, LIKELY};
			take_surname(t, &n);
			return n;
		}
	}
	struct name n = pick_kanji(t, start, i, certain);
	if (n.confidence && (n.from == start || n.given == n.from) && n.from > 0)
		if (jt_at(t, n.from - 1) == ' ' || jt_at(t, n.from - 1) == 0x30fb)
			take_surname(t, &n);
	return n;
}

/* ---- kana and letters ---- */

static struct name kata_before(const struct jtext *t, uint32_t i)
{
	struct name none = {.from = i}, n = none;
	uint32_t from = jt_run_start(t, i - 1);
	const unsigned reading = jname_reading(t->cp + from, i - from);

	if (i - from < 2 || i - from > 10 || (!reading && jname_common(t, i)))
		return none;
	n = (struct name){from, reading & JN_GIVEN ? from : 0, reading ? SURE : LIKELY};
	/* マリア・サントス, タナカ ヒロシ */
	for (int k = 0; k < 3; k++) {
		const uint32_t gap = jt_ends_any(t, n.from, W_NAME_GAP);
		if (!gap || jt_cls(t, n.from - 2) != JT_KATA)
			break;
		from = jt_run_start(t, n.from - 2);
		const uint32_t len = n.from - gap - from;
		if (len > 10 || (jt_ends(t, n.from, " ") && !jname_reading(t->cp + from, len)))
			break;
		n.from = from;
	}
	if (n.from == jt_run_start(t, i - 1))
		take_surname(t, &n);
	return n;
}

/* Kana that end names of their own: おかあさん is nobody's name. */
static int is_kana_word(const struct jtext *t, uint32_t i, uint32_t run)
{
	const uint32_t n = jt_ends_any(t, i, W_KANA_WORD);

	return n > 0 && (n == run || jname_is_particle(jt_at(t, i - n - 1)) || n >= 3);
}

static struct name hira_before(const struct jtext *t, uint32_t i, int familiar)
{
	const uint32_t run = jt_run_start(t, i - 1), len = i - run;
	struct name n = {.from = i};

	if (is_kana_word(t, i, len))
		return n;
	for (uint32_t k = len < 6 ? len : 6; k >= 2 && !n.confidence; k--) {
		const uint32_t from = i - k;
		if (jname_reading(t->cp + from, k) &&
		    (from == run || jname_is_particle(t->cp[from - 1])))
			n = (struct name){from, from, STRONG};
	}
	if (!n.confidence) { /* a pet name or a rare one: what stands behind the last particle */
		uint32_t from = run;
		for (uint32_t k = i - 1; k > run; k--)
			if (jname_is_particle(t->cp[k - 1]) && i - k >= 2) {
				from = k;
				break;
			}
		const uint32_t k = i - from;
		const int bounded =
		    from > run || (jt_cls(t, run - 1) != JT_KANJI && jt_cls(t, run - 1) != JT_KATA);
		if (k >= 2 && k <= (familiar ? 5 : 4) && bounded)
			n = (struct name){from, from, familiar ? LIKELY : FAIR};
	}
	if (n.confidence)
		take_surname(t, &n);
	/* たなか ひろし */
	if (n.confidence && jt_at(t, n.from - 1) == ' ' && jt_cls(t, n.from - 2) == JT_HIRA) {
		const uint32_t from = jt_run_start(t, n.from - 2);
		if (jname_reading(t->cp + from, n.from - 1 - from) & JN_SURNAME)
			n.from = from;
	}
	return n;
}

static struct name latin_before(const struct jtext *t, uint32_t i)
{
	uint32_t from = i;

	for (int k = 0; k < 4; k++) {
		const uint32_t run = jt_run_start(t, from - 1);
		if (from - run < 2)
			break;
		from = run;
		if (jt_at(t, from - 1) != ' ' || jt_cls(t, from - 2) != JT_LATIN)
			break;
		from--;
	}
	while (from < i && jt_at(t, from) == ' ')
		from++;
	if (i - from < 3 || jt_ends_any(t, i, W_NO_LATIN))
		return (struct name){.from = i};
	return (struct name){from, 0, LIKELY};
}

static struct name name_before(const struct jtext *t, uint32_t i, int certain, int familiar)
{
	const struct name none = {.from = i};

	if (i == 0)
		return none;
	switch (jt_cls(t, i - 1)) {
	case JT_KANJI:
		return kanji_before(t, i, certain);
	case JT_KATA:
		return kata_before(t, i);
	case JT_HIRA:
		return hira_before(t, i, familiar);
	case JT_LATIN:
		return latin_before(t, i);
	default:
		return none;
	}
}

/* ---- rules ---- */

static void add(struct scan *s, struct name n, uint32_t to, uint32_t most)
{
	if (n.confidence && n.from < to)
		scan_add_person(s, n.from, to, n.given, n.confidence < most ? n.confidence : most);
}

static void find_honorific(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jname_honorific(t, i);
	const int close = jt_is_any(t, i, W_FAMILIAR) > 0;
	uint32_t at = i;

	if (!n || i == 0)
		return;
	const enum jt_class left = jt_cls(t, i - 1);
	if (jt_is_any(t, i, W_IN_WORD) && left == JT_HIRA)
		return;
	if (jt_at(t, i - 1) == ')') { /* 高橋（旧姓：大西）さん */
		for (at = i - 1; at > 0 && i - at < 20 && t->cp[at] != '(';)
			at--;
		if (jt_at(t, at) != '(')
			return;
	} else if (jt_at(t, i - 1) == ' ') {
		at--;
	}
	struct name found = name_before(t, at, at != i, close);
	/* 氏, 君, 殿 and 嬢 are parts of many words */
	const int loose = n == 1 && jt_at(t, i) != 0x69d8; /* 様 */
	if (loose && (left == JT_HIRA || found.confidence <= FAIR))
		return;
	if (close && jt_is(t, i, "ちゃんと") && found.confidence < STRONG &&
	    (at - found.from > 3 || jt_cls(t, found.from - 1) == JT_HIRA))
		return;
	add(s, found, at, SURE);
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
		const enum form f =
		    i - from <= NAME_MAX_KANJI ? form_of(t, from, i, &given) : NO_NAME;
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
			take_surname(t, &n);
		add(s, n, i, STRONG);
		return;
	}
	/* 小野寺 健先生 and the like: the given name alone stands before the title */
	if (form_of(t, start, i, &given) == GIVEN_NAME && jt_at(t, start - 1) == ' ') {
		struct name n = {start, start, 0};
		take_surname(t, &n);
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
	if (jname_group(&s->t, i))
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

/* Given name in hiragana behind a surname: 服部とめ, 水野 かおりより. Its end, or i. */
static uint32_t hira_given(const struct jtext *t, uint32_t i, int spaced)
{
	const uint32_t end = jt_run_end(t, i);

	for (uint32_t k = end - i < 6 ? end - i : 6; k >= 2; k--) {
		const uint32_t to = i + k;
		if (!(jname_reading(t->cp + i, k) & JN_GIVEN) && !(spaced && to == end && k <= 4))
			continue;
		if (to < end && !jname_is_particle(t->cp[to]) && !jname_honorific(t, to) &&
		    !jt_is(t, to, "より") && !jt_is(t, to, "から") && !jt_is(t, to, "です"))
			continue;
		if (k == 2 && !spaced && (to < end || is_word(t, i, to, W_NO_HIRA_GIVEN)))
			continue;
		return to;
	}
	return i;
}

/* 田中 太郎, 水野 かおり, 大山 ハル: the end of the given name behind the space, or i. */
static uint32_t spaced_given(const struct jtext *t, uint32_t i)
{
	uint32_t to = i;

	switch (jt_cls(t, i)) {
	case JT_KANJI:
		while (to < i + 4 && jname_is_kanji(t, to))
			to++;
		for (; to > i; to--)
			if (given_score(t, i, to) >= (to - i == 1 ? 4u : 3u) && ends_name(t, to))
				return to;
		return i;
	case JT_HIRA:
		return hira_given(t, i, 1);
	case JT_KATA:
		to = jt_run_end(t, i);
		return to - i >= 2 && to - i <= 5 && (jname_reading(t->cp + i, to - i) & JN_GIVEN)
			   ? to
			   : i;
	default:
		return i;
	}
}

static void find_pair(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t end = i, given, n;

	while (end < i + 16 && jname_is_kanji(t, end))
		end++;
	while (i < end && (n = jname_before_at(t, i)) && i + n < end)
		i += n;
	for (uint32_t k = end - i < 3 ? end - i : 3; k > 0; k--) {
		const unsigned f = jname_surname(t->cp + i, k);
		if (!f)
			continue;
		const uint32_t at = i + k;
		uint32_t to;
		if (at < end) { /* more kanji: a given name, whole or before a title */
			for (to = end - at > 3 ? at + 3 : end; to > at; to--) {
				const uint32_t least = k == 1 ? 8 : f & JN_WORD ? 6 : 5;
				const uint32_t score = given_score(t, at, to);
				if (score < least + (to - at == 1 ? 1 : 0) ||
				    (to - at == 1 && f & JN_WORD))
					continue;
				if (to < end && !ends_name(t, to))
					continue;
				scan_add_person(s, i, to, at, score >= least + 2 ? STRONG : LIKELY);
				return;
			}
			continue;
		}
		if (jt_at(t, at) == ' ' && (to = spaced_given(t, at + 1)) > at + 1) {
			scan_add_person(s, i, to, at + 1, f & JN_WORD ? LIKELY : STRONG);
			return;
		}
		given = at;
		if (jt_cls(t, at) == JT_KATA) {
			to = jt_run_end(t, at);
			if (to - at >= 2 && to - at <= 5 &&
			    (jname_reading(t->cp + at, to - at) & JN_GIVEN))
				scan_add_person(s, i, to, given, LIKELY);
			return;
		}
		if (jt_cls(t, at) == JT_HIRA && k >= 2 && (to = hira_given(t, at, 0)) > at)
			scan_add_person(s, i, to, given, FAIR);
		return;
	}
}

/* タナカ ヒロシ, コバヤシミツコ */
static void find_kata_pair(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t end = jt_run_end(t, i);
	uint32_t to;

	if (jt_at(t, end) == ' ' && jt_cls(t, end + 1) == JT_KATA) {
		to = jt_run_end(t, end + 1);
		if ((jname_reading(t->cp + i, end - i) & JN_SURNAME) &&
		    (jname_reading(t->cp + end + 1, to - end - 1) & JN_GIVEN))
			scan_add_person(s, i, to, end + 1, STRONG);
		return;
	}
	for (uint32_t k = i + 2; k + 2 <= end && end - i <= 11; k++)
		if ((jname_reading(t->cp + i, k - i) & JN_SURNAME) && end - k >= 2 &&
		    end - i >= 5 && (jname_reading(t->cp + k, end - k) & JN_GIVEN)) {
			scan_add_person(s, i, end, k, LIKELY);
			return;
		}
}

/* A surname that is no other word, alone in its run: 浅野に電話する. */
static void find_surname(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t end = i, n;

	while (end < i + 8 && jname_is_kanji(t, end))
		end++;
	while (i < end && (n = jname_before_at(t, i)) && i + n < end)
		i += n;
	for (uint32_t k = end - i < 3 ? end - i : 3; k >= 2; k--) {
		if (jname_surname(t->cp + i, k) != JN_SURNAME)
			continue;
		if (jt_is_any(t, i + k, W_ACT))
			scan_add_person(s, i, i + k, 0, LIKELY);
		else if (i + k == end && (jt_cls(t, end) != JT_KATA))
			scan_add_person(s, i, i + k, 0, FAIR);
		return;
	}
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
	const uint32_t n = jt_is_any(t, at, W_NO_NAME_VALUE);

	return n >= 2 || n == to - at || jname_common(t, to) || jname_relation_before(t, to);
}

/* 担当：佐藤 */
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
	const enum form f = form_of(t, at, given ? given - 1 : to, &h);
	uint32_t confidence = f != NO_NAME ? STRONG : FAIR;
	if (f == NO_NAME && to - at > 1 && jname_family(t->cp + at, 2) >= 1)
		confidence = LIKELY;
	if (f != NO_NAME || jt_cls(t, at) != JT_KANJI || to - at <= 5)
		scan_add_person(s, at, to, given ? given : h, confidence);
}

/* 旧姓大西, 本名健太郎: what follows at once is a name when it looks like one. */
static void name_at_once(struct scan *s, uint32_t at)
{
	const struct jtext *t = &s->t;
	uint32_t to = at, given = 0;

	while (to < at + 6 && jname_is_kanji(t, to))
		to++;
	if (to > at) {
		if (form_of(t, at, to, &given) != NO_NAME)
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

/* 孫は蓮。 母はトシ子、 長男・健太 */
static void find_relation(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = jname_relation(t, i),
		       joint = n ? jt_is_any(t, i + n, W_RELATION_JOINT) : 0;
	const uint32_t at = i + n + joint;
	uint32_t to = at, given;

	if (!n || jt_is(t, i, "本人") || jt_is(t, i, "夫婦"))
		return;
	const int bare = joint == 0;
	while (to < at + 5 && jname_is_kanji(t, to))
		to++;
	const uint32_t kanji = to - at;
	if (kanji && jt_cls(t, to) != JT_KATA) {
		const enum form f = form_of(t, at, to, &given);
		const int stop = to == t->n || jt_is_any(t, to, W_NAME_AFTER);
		const uint32_t score = given_score(t, at, to);
		if (jname_common(t, to) >= kanji || jname_relation_before(t, to) >= kanji)
			return;
		if (f == FULL_NAME && kanji >= 3)
			scan_add_person(s, at, to, given, LIKELY);
		else if (kanji >= 2 && score >= 7 &&
			 (stop || (bare && jname_is_particle(jt_at(t, to)))))
			scan_add_person(s, at, to, at, FAIR);
		else if (kanji == 1 && score >= 2 && stop && !bare)
			scan_add_person(s, at, to, at, FAIR);
		return;
	}
	if (jt_cls(t, at) == JT_KATA) {
		to = jt_run_end(t, at);
		to += jt_is_any(t, to, W_GIVEN_END);
		const unsigned r = jname_reading(t->cp + at, to - at);
		if (to - at <= 5 && to - at >= 2 && ends_name(t, to) &&
		    ((r & JN_GIVEN) || jt_cls(t, to - 1) == JT_KANJI))
			scan_add_person(s, at, to, at, LIKELY);
		return;
	}
	if (jt_cls(t, at) != JT_HIRA || bare)
		return;
	const uint32_t end = jt_run_end(t, at);
	for (uint32_t k = end - at < 5 ? end - at : 5; k >= 2; k--)
		if ((jname_reading(t->cp + at, k) & JN_GIVEN) &&
		    (jt_is_any(t, at + k, W_NAME_AFTER) || at + k == t->n) &&
		    (k > 2 || at + k == end)) {
			scan_add_person(s, at, at + k, at, k > 2 ? LIKELY : FAIR);
			return;
		}
}

/* 莉子（小4）, 翔太（8歳） */
static void find_aged(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + 1, n = jt_is_any(t, at, W_SCHOOL_YEAR), v = 0;

	while (v < 3 && jt_is_digit(jt_at(t, at + n + v)))
		v++;
	const uint32_t end = at + n + v;
	if (!(v && n) && !(v && jt_is_any(t, end, W_AGE)) && !(n == 2 && jt_at(t, end) == ')'))
		return;
	struct name found = {.from = i};
	if (i > 0 && jname_is_kanji(t, i - 1))
		found = kanji_before(t, i, 1);
	else if (i > 0 && jt_cls(t, i - 1) == JT_KATA &&
		 jname_reading(t->cp + jt_run_start(t, i - 1), i - jt_run_start(t, i - 1)))
		found = kata_before(t, i);
	else if (i > 0 && jt_cls(t, i - 1) == JT_HIRA)
		found = hira_before(t, i, 0);
	if (found.confidence >= LIKELY)
		add(s, found, i, STRONG);
}

/* 堀と申します, 山田と名乗る男性 */
static void find_called(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const int strong = jt_is(t, i, "と申し") || jt_is(t, i, "と名乗");
	uint32_t given;

	if (!jt_is_any(t, i, W_CALLED) || i == 0 || !jname_is_kanji(t, i - 1)) {
		return;
	}
	uint32_t start = i;
	while (start > 0 && i - start < 8 && jname_is_kanji(t, start - 1))
		start--;
	const enum form f = form_of(t, start, i, &given);
	struct name n = {start, given, strong ? STRONG : FAIR};
	if (jt_at(t, start - 1) == ' ')
		take_surname(t, &n);
	if (f != NO_NAME || n.from < start)
		if (!(f == SURNAME_WORD && !strong && n.from == start))
			add(s, n, i, STRONG);
}

/* ---- after all rules ---- */

static void spread_lists(struct scan *s)
{
	const struct jtext *t = &s->t;

	for (uint32_t k = 0; k < s->n; k++) { /* grows: chains are followed */
		const struct found f = s->found[k];
		if (f.type != HUB_SPAN_PERSON || f.confidence < FAIR)
			continue;
		uint32_t i = f.to, from = f.from, n;
		i += jname_honorific(t, i) + jname_title(t, i);
		if (jt_at(t, i) == 0x3001 || jt_at(t, i) == 0x30fb ||
		    jt_at(t, i) == 0x3068) { /* 、・と */
			for (n = 0; n < 4 && jname_is_kanji(t, i + 1 + n);)
				n++;
			if (n && n <= 3 && jname_surname(t->cp + i + 1, n) &&
			    (n > 1 || jt_at(t, i) == 0x30fb) && ends_name(t, i + 1 + n))
				scan_add_person(s, i + 1, i + 1 + n, 0, n > 1 ? LIKELY : FAIR);
		}
		if (from >= 2 && (jt_at(t, from - 1) == 0x3001 || jt_at(t, from - 1) == 0x30fb)) {
			for (n = 0; n < 4 && from >= 2 + n && jname_is_kanji(t, from - 2 - n);)
				n++;
			if (n && n <= 3 && jname_surname(t->cp + from - 1 - n, n) &&
			    (n > 1 || jt_at(t, from - 1) == 0x30fb))
				scan_add_person(s, from - 1 - n, from - 1, 0,
						n > 1 ? LIKELY : FAIR);
		}
	}
}

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

	spread_lists(s);
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
		const struct jset_item *it = jset_next(&set, t->cp + i, t->n - i, NULL);
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

static const char *const honorific_examples[] = {"[鈴木]さんの次女の[ゆうな]ちゃん",
						 "担任の[小野寺]先生",
						 "[岡]さんとこの[しげ]さん",
						 "[フサ]さんは食べない",
						 "[陳 美玲]さんと夫の[石川 武]さん",
						 "[高橋](旧姓:[大西])さん",
						 "[マリア・サントス]さん",
						 "伯父の[勅使河原]氏",
						 "[けん]ちゃんと遊ぶ",
						 "妹[美咲]さん",
						 "[渡邉]様",
						 "[田中 太郎]くん",
						 "[トシ子]さんが",
						 "お父さんとお母さん",
						 "皆さんとみなさん",
						 "相談者さん、患者さん、業者さん",
						 "お客様、利用者様、奥様",
						 "看護師さんとヘルパーさん",
						 "たくさん食べる",
						 "ちゃんとする",
						 "赤ちゃんとおばあちゃん",
						 "様子を見る",
						 "部長さん",
						 "諸君",
						 "大家さん",
						 NULL};
static const char *const title_examples[] = {"[清水]ヘルパーによると",
					     "[吉田]社労士に依頼",
					     "[安藤]課長決裁",
					     "児童相談所の[南]福祉司",
					     "総務課長に報告",
					     "担当係長が来た",
					     "元課長",
					     "副会長",
					     "主任相談員",
					     NULL};
static const char *const group_examples[] = {"[二宮]夫妻が",   "[柳]さん宅", "[桐山]ケースは終了",
					     "[橘]きょうだい", "実家に帰る", "農家を継ぐ",
					     "自宅で過ごす",   NULL};
static const char *const pair_examples[] = {"[山田太郎]と話す",
					    "申立人[福島 正]、相手方[福島 洋子]",
					    "[水野 かおり]より",
					    "[大山ハル]は",
					    "[服部とめ]。",
					    "山口県に住む",
					    "[田中町]の",
					    "林道を歩く",
					    NULL};
static const char *const kata_examples[] = {"[タナカ ヒロシ](カナ氏名)", "名義は[ｺﾊﾞﾔｼ ﾐﾂｺ]",
					    "デイ サービス", "リハビリ", NULL};
static const char *const surname_examples[] = {
    "[浅野]に電話する", "[佐藤]より報告", "本日、[安藤]が訪問", "平野を歩く", "千葉から来た", NULL};
static const char *const label_examples[] = {
    "氏名：[服部とめ]　住所", "本名[健太郎]", "担当：[佐藤]", "氏名：不明",
    "担当：生活福祉課",       "相談者：母",   "名前は忘れた", NULL};
static const char *const relation_examples[] = {"孫は[蓮]。",
						"母は[トシ子]、妹は[さつき]といい",
						"長男の健康が心配",
						"娘の将来、息子の進学",
						"母の実家",
						"妻の希望。",
						NULL};
static const char *const aged_examples[] = {"[莉子](小4)の保護", "[翔太](8歳)",  "長男(8歳)",
					    "本人(45歳)",        "利用者(80歳)", NULL};
static const char *const called_examples[] = {"[堀]と申します", "父は[堀 源蔵]といいまして",
					      "本人と名乗る", "森という所", NULL};

enum { KANJI = 1u << JT_KANJI, KATA = 1u << JT_KATA };

const struct rule rules_person[] = {
    {"honorific", {W_HONORIFIC}, 0, find_honorific, honorific_examples},
    {"title", {W_TITLE}, 0, find_title, title_examples},
    {"group", {W_GROUP}, 0, find_group, group_examples},
    {"surname and given name", {W_NONE}, KANJI, find_pair, pair_examples},
    {"name in katakana", {W_NONE}, KATA, find_kata_pair, kata_examples},
    {"surname alone", {W_NONE}, KANJI, find_surname, surname_examples},
    {"label", {W_NAME_LABEL, W_OPEN_LABEL}, 0, find_label, label_examples},
    {"relation", {W_RELATION}, 0, find_relation, relation_examples},
    {"age", {W_BRACKET}, 0, find_aged, aged_examples},
    {"called", {W_CALLED}, 0, find_called, called_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
