#include "name.h"

#include "jname.h"
#include "jwords.h"

/* ---- kanji ---- */

static int is_word(const struct jtext *t, uint32_t from, uint32_t to, enum jwords_list words)
{
	return jt_is_any(t, from, words) == to - from;
}

/* How good a given name the kanji make; words that only look so are none. */
static uint32_t given_score(const struct jtext *t, uint32_t from, uint32_t to)
{
	if (to - from > 3 || is_word(t, from, to, W_NO_GIVEN))
		return 0;
	return jname_given(t->cp + from, to - from);
}

enum name_form name_form_of(const struct jtext *t, uint32_t from, uint32_t to, uint32_t *given)
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

void name_take_surname(const struct jtext *t, struct name *n)
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
		const enum name_form f =
		    i - from <= NAME_MAX_KANJI ? name_form_of(t, from, i, &given) : NO_NAME;
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
	/* ミチ代, たつ江 */
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
			name_take_surname(t, &n);
			return n;
		}
	}
	struct name n = pick_kanji(t, start, i, certain);
	if (n.confidence && (n.from == start || n.given == n.from) && n.from > 0)
		if (jt_at(t, n.from - 1) == ' ' || jt_at(t, n.from - 1) == 0x30fb)
			name_take_surname(t, &n);
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
	/* ローザ・メンデス, ヤマベ タカシ */
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
		name_take_surname(t, &n);
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
		/* none stands behind a comma: 、にったさん */
		const uint32_t first = run > 0 && jt_cls(t, run - 1) == JT_OTHER ? run + 1 : run;
		for (uint32_t k = i - 1; k > first; k--)
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
		name_take_surname(t, &n);
	/* やまべ たかし */
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

struct name name_before(const struct jtext *t, uint32_t i, int certain, int familiar)
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
