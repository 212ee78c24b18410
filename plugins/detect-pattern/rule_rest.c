/* What is left of a text when all other rules are done: numbers with no label that anybody thought of. Here the burden
 * of proof is turned around: digits are somebody's number unless their shape or what stands beside them shows a date, a
 * time, an amount, a measure, a count, or the number of a thing or of a paper. */
#include "jnum.h"
#include "scan.h"

#include <string.h>

enum { GROUPS = 6, YEAR = 4, LOCAL = 4 };

/* A run of groups of digits and letters with signs between: 26-7713, K2024-0583, 417 7230 9945. */
struct token {
	uint32_t from, to, digits, letters, groups;
	uint32_t at[GROUPS], len[GROUPS]; /* of each group, in characters */
	uint32_t joint[GROUPS];           /* what stands before it */
};

/* Three digits at i that a sum may go on with; 885-2231 of the next cell does not. */
static int is_thousand(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0, behind = 0;

	while (jt_is_digit(jt_at(t, i + n)))
		n++;
	while (jt_is_dash(jt_at(t, i + n)) && jt_is_digit(jt_at(t, i + n + 1 + behind)))
		behind++;
	return n == 3 && behind != LOCAL;
}

/* Goes over what joins two groups at i; i when nothing does. */
static uint32_t skip_joint(const struct jtext *t, uint32_t i)
{
	const uint32_t c = jt_at(t, i);

	if (jt_is_dash(c))
		return i + 1 + (jt_at(t, i + 1) == '\n');
	if (c == 0x2192 && jt_is_digit(jt_at(t, i + 1)) && !jt_is_digit(jt_at(t, i + 2)) &&
	    !jt_is_digit(jt_at(t, i - 2))) /* 2→6 */
		return i + 1;
	if (c == '.' || c == '/' || c == '_' || c == '=' || c == '*' || c == 0x30fb || c == 0xb7 ||
	    c == 0x2022 || c == 0x306e || c == 0x30ce ||
	    (c == ',' && is_thousand(t, i + 1))) /* ・ の ノ */
		return i + 1;
	if (c == JNUM_EXCHANGE)
		return i + 1 + (jt_at(t, i + 1) == 0x306e);
	if (c == ' ' && (jt_is_dash(jt_at(t, i + 1)) || jt_at(t, i + 1) == 0x306e) &&
	    jt_at(t, i + 2) == ' ') /* の */
		return i + 3;
	return i;
}

/* The group at i behind a space: four digits that may go on with the three or four before, and the last ones of a card. */
static int goes_on(const struct jtext *t, const struct token *k, uint32_t i)
{
	enum { LETTERS = 2, CARD = 4 };
	uint32_t n = 0;

	while (jt_is_digit(jt_at(t, i + n)))
		n++;
	if (n == LOCAL && k->groups == 1 && k->len[0] == 2 && !k->letters &&
	    jt_ends_any(t, k->from - (jt_at(t, k->from - 1) == ' '), W_PHONE_LABEL))
		return 1; /* TEL22 6137 */
	return (n == LOCAL || (n && n < LOCAL && k->groups == CARD && k->letters)) &&
	       (!k->letters || (k->letters <= LETTERS && k->len[0] == LOCAL)) &&
	       k->len[k->groups - 1] >= 3 && k->len[k->groups - 1] <= LOCAL &&
	       !is_alnum(jt_at(t, i + n));
}

/* Where the letters begin that stand right before the digit at i, with one stroke between: NR-B12345. */
static uint32_t letters_before(const struct jtext *t, uint32_t i)
{
	enum { MOST = 12 };
	uint32_t from = i, strokes = 0;

	while (i - from < MOST &&
	       (jt_cls(t, from - 1) == JT_LATIN ||
		(jt_is_dash(jt_at(t, from - 1)) && jt_cls(t, from - 2) == JT_LATIN && !strokes++)))
		from--;
	return from < i && jt_ends_any(t, i, W_PHONE_LABEL) ? i : from; /* TEL26-7713 */
}

/* Reads the token whose first digit stands at i. spaces: one space may stand between groups. */
static void read_token(const struct jtext *t, uint32_t i, int spaces, struct token *k)
{
	uint32_t next = letters_before(t, i);

	*k = (struct token){.from = next};
	for (;;) {
		const uint32_t at = next;
		while (is_alnum(jt_at(t, next))) {
			*(jt_is_digit(t->cp[next]) ? &k->digits : &k->letters) += 1;
			next++;
		}
		k->at[k->groups] = at;
		k->len[k->groups++] = next - at;
		k->to = next;
		if (k->groups == GROUPS)
			return;
		const uint32_t gap = jt_at(t, next);
		uint32_t to = skip_joint(t, next);
		if (to == next && spaces && gap == ' ' && goes_on(t, k, next + 1))
			to++;
		/* a letter goes on behind a stroke, の only between digits */
		if (to == next || !(jt_is_dash(gap) && to == next + 1 ? is_alnum(jt_at(t, to))
								      : jt_is_digit(jt_at(t, to))))
			return;
		k->joint[k->groups] = gap;
		next = to;
	}
}

static uint32_t value(const struct jtext *t, uint32_t at, uint32_t n)
{
	uint32_t v = 0;

	for (uint32_t k = 0; k < n; k++)
		v = v * 10 + (t->cp[at + k] - '0');
	return v;
}

static int is_year(const struct jtext *t, const struct token *k, uint32_t g)
{
	enum { FIRST = 1868, LAST = 2100 };
	const uint32_t v = k->len[g] == YEAR ? value(t, k->at[g], YEAR) : 0;

	return v >= FIRST && v <= LAST;
}

/* 1030, 0915 */
static int is_clock(const struct jtext *t, uint32_t at)
{
	const uint32_t v = value(t, at, 4);

	return v < 2400 && v % 100 < 60;
}

/* 2031-04, 2031/4/1, 2031-0401, 1999-2003, 01/04/2031, 4-2031, not 33-2046 */
static int is_date(const struct jtext *t, const struct token *k)
{
	enum { MONTHS = 12, LAST_DAY = 1231 };
	uint32_t years = 0;

	for (uint32_t g = 0; g < k->groups; g++) {
		const uint32_t v = value(t, k->at[g], k->len[g]);
		if (is_year(t, k, g))
			years++;
		else if (k->groups == 2 && g == 1 ? v > LAST_DAY : k->len[g] > 2)
			return 0;
		else if (k->groups == 2 && g == 0 && v > MONTHS)
			return 0;
	}
	return years > 0;
}

/* All groups are joined by c. */
static int is_joined_by(const struct token *k, uint32_t c)
{
	for (uint32_t g = 1; g < k->groups; g++)
		if (k->joint[g] != c)
			return 0;
	return k->groups > 1;
}

static uint32_t longest(const struct token *k)
{
	uint32_t most = 0;

	for (uint32_t g = 0; g < k->groups; g++)
		most = k->len[g] > most ? k->len[g] : most;
	return most;
}

/* 120-180-150, 8.4.12: what is measured again and again. */
static int is_series(const struct jtext *t, const struct token *k)
{
	enum { ROUND = 5 };

	for (uint32_t g = 0; g < k->groups; g++)
		if (value(t, k->at[g], k->len[g]) % ROUND)
			return is_joined_by(k, '.');
	return 1;
}

/* 36.5-78-132: one of them is measured to a tenth. */
static int has_decimal(const struct token *k)
{
	for (uint32_t g = 1; g < k->groups; g++)
		if (k->joint[g] == '.' && k->len[g] == 1 &&
		    (g + 1 == k->groups || k->joint[g + 1] != '.'))
			return 1;
	return 0;
}

/* 1,250,000, 65,230-15,200: thousands. */
static int has_thousands(const struct token *k)
{
	for (uint32_t g = 1; g < k->groups; g++)
		if (k->joint[g] == ',' && k->len[g] >= 3 && k->len[g - 1] <= 3)
			return 1;
	return 0;
}

/* Groups of digits whose shape is that of something else: 36.52, 18/30, 3-2-14, 0930-1630. */
static int is_shape(const struct jtext *t, const struct token *k)
{
	/* 978-4-..., a book */
	if (k->groups == 5 && k->len[0] == 3 && jt_is(t, k->at[0], "97") && k->len[4] == 1)
		return 1;
	enum { SHORT = 3, FEW = 6, DECIMAL = 2, HOST = 4 };

	uint32_t label;
	if (longest(k) <= SHORT && k->groups == SHORT &&
	    stands_before(t, k->from, W_MEASURE, &label)) /* 血糖 155-132-134 */
		return 1;
	if (longest(k) <= SHORT && (k->digits <= FEW || has_decimal(k) || is_series(t, k)))
		return k->digits <= HOST + 3 || k->groups != HOST || longest(k) < SHORT ||
		       !is_joined_by(k, '.'); /* 203.0.113.47 is no series */
	if (is_joined_by(k, '.') && k->groups == DECIMAL)
		return k->len[1] < LOCAL || k->len[0] > LOCAL || k->len[0] < 2;
	if (is_date(t, k))
		return 1;
	return k->groups == 2 && k->len[0] == 4 && k->len[1] == 4 && is_clock(t, k->at[0]) &&
	       is_clock(t, k->at[1]);
}

/* オートロックは呼出+3104: pressed one behind the other at a door. */
static int is_pressed(const struct jtext *t, uint32_t i)
{
	enum { FAR = 16 };

	for (uint32_t k = i; k-- > 0 && i - k < FAR && is_one_sentence(t, k, i);)
		if (jt_is_any(t, k, W_ID_LABEL))
			return 1;
	return 0;
}

/* What a run of digits shows by itself: a year, a time, a day, the round sum that somebody pays. */
static int is_plain_sum(const struct jtext *t, const struct token *k)
{
	enum { LONG = 7, BARE = 9, PUBLIC = 13, STAMP = 12 };
	const uint32_t n = k->digits, at = k->from;
	struct jdate date;

	/* #7119, ISO 9001 */
	const int short_code = (jt_at(t, at - 1) == '#' && !is_pressed(t, at - 1)) ||
			       (jt_at(t, at - 1) == ' ' && jt_cls(t, at - 2) == JT_LATIN);
	/* タイムカード0617番 */
	const int called = t->cp[at] == '0' && jt_at(t, k->to) == 0x756a;
	if (n < LOCAL ||
	    (n == LOCAL && ((is_clock(t, at) && !called) || is_year(t, k, 0) || short_code)))
		return 1;
	if (t->cp[at] == '0') /* no sum begins with it */
		return 0;
	if (n == PUBLIC || (n == 8 && jdate_read(t, at, &date)))
		return 1;
	if (n >= STAMP && is_year(t, &(struct token){.at = {at}, .len = {YEAR}}, 0))
		return 1; /* 20310401104512 */
	const uint32_t zeros = n == LOCAL ? 1 : n < LONG ? 2 : 3;
	return n < BARE && value(t, at + n - zeros, zeros) == 0;
}

/* BT36.8-P88-BP142, D3-e3s8i1: letters and what was measured by turns, none of it longer than three digits. */
static int is_vitals(const struct jtext *t, const struct token *k)
{
	enum { LONG = 3 };
	uint32_t run = 0, pairs = 0;

	for (uint32_t i = k->from; i < k->to; i++) {
		run = jt_is_digit(t->cp[i]) ? run + 1 : 0;
		pairs += run == 1 && jt_cls(t, i - 1) == JT_LATIN;
		if (run > LONG)
			return 0;
	}
	return pairs > 1;
}

/* Letters in it: R6.5.14, 12345ml, NR-B12345 of a product, KB5031455 of a maker of software. */
static int is_lettered(const struct jtext *t, const struct token *k)
{
	enum { PREFIX = 2, LEAST = 5, UNIT = 6 };
	uint32_t i = k->from, before = 0;
	struct jdate date;

	for (; !jt_is_digit(t->cp[i]); i++)
		before += is_alnum(t->cp[i]) ? 1 : 0;
	return before > PREFIX || k->digits < LEAST || (!before && k->digits <= UNIT) ||
	       jt_is(t, k->from, "KB") || jt_is(t, k->from, "0x") || is_vitals(t, k) ||
	       jdate_read(t, k->from, &date);
}

/* ?id=, &case_no=: what it is in an address of a page is a record's number. i: where = is. */
static int is_key_of(const struct jtext *t, uint32_t i)
{
	static const char *const keys[] = {"id", "ID", "Id", "no", "No", "num", "user", NULL};

	for (const char *const *k = keys; *k; k++)
		if (jt_ends(t, i, *k))
			return 1;
	return 0;
}

/* What stands right before or behind makes a file, a page, a sum or a size of it. */
static int is_part(const struct jtext *t, const struct token *k)
{
	const uint32_t before = jt_at(t, k->from - 1), next = jt_at(t, k->to);
	const int in_page = (before == '/' || (before == '=' && !is_key_of(t, k->from - 1))) &&
			    (jt_cls(t, k->from - 2) == JT_LATIN || jt_at(t, k->from - 2) == '/');
	const int of_a_law = jt_ends(t, k->from, "第") && k->joint[1] == 0x306e; /* の */

	/* 36217中34880, 41組072258番 of a lottery */
	const int of_all = before == 0x4e2d && jt_is_digit(jt_at(t, k->from - 2));
	const int drawn = before == 0x7d44 && next == 0x756a;
	return in_page || of_a_law || of_all || drawn || next == 0xf7 ||
	       /* ÷ */ (before == ':' && jt_is_digit(jt_at(t, k->from - 2))) || before == 0xa5 ||
	       before == 0xd7 || next == 0xd7 || /* ¥ × */
	       (before && before < 0x80 && strchr("&?%@_+\\", (int)before) &&
		!(before == '+' && is_pressed(t, k->from - 1))) ||
	       (next && next < 0x80 && strchr("@_%+", (int)next)) ||
	       (next == '.' && is_alnum(jt_at(t, k->to + 1)));
}

enum said { NOTHING, SOMEBODYS, OF_A_THING };

/* 番号 stands in [from, to). */
static int names_number(const struct jtext *t, uint32_t from, uint32_t to)
{
	while (from < to && !jt_is_any(t, from, W_NUMBER_WORD))
		from++;
	return from < to;
}

/* A number of one group, shorter than any sum of a household is long, that begins with no zero. */
static int may_be_sum(const struct jtext *t, uint32_t i, uint32_t groups)
{
	enum { LONG = 10 };
	uint32_t n = 0;

	while (n < LONG && jt_is_digit(jt_at(t, i + n)))
		n++;
	return groups == 1 && n < LONG && !(n > LOCAL && t->cp[i] == '0');
}

/* What the label before i, or the heading that ends there, says of a number; of several groups none is a sum, and behind
 * 事務局 stands its telephone. */
static enum said label_says(const struct jtext *t, uint32_t i, const struct token *k)
{
	enum { MANY = 4, LONG = 10 };
	const int abroad = k->groups >= MANY && k->digits >= LONG; /* 韓国 82-10-4455-7788 */
	uint32_t at;

	if (stands_before(t, i, W_ID_THING, &at) || stands_before(t, i, W_ID_LABEL, &at))
		return SOMEBODYS;
	/* 保険者番号は, not 電話番号は */
	if (stands_before(t, i, W_PHONE_LABEL, &at) &&
	    !(names_number(t, at - 3, i) && jt_ends_any(t, at - 3, W_PUBLIC_NUMBER) &&
	      !jt_ends_any(t, at - 1, W_PHONE_LABEL)))
		return SOMEBODYS;
	if (stands_before(t, i, W_PUBLIC_NUMBER, &at) &&
	    (k->groups == 1 || names_number(t, at, i) ||
	     (!abroad && !jt_is_char(t, at - 1, "局所設校関体口店行"))))
		return OF_A_THING;
	if (may_be_sum(t, i, k->groups) && stands_before(t, i, W_MONEY, &at) &&
	    !jt_ends(t, at, "契約") && !names_number(t, at, i))
		return OF_A_THING;
	if (!stands_before(t, i, W_NUMBER_WORD, &at))
		return NOTHING;
	at -= jt_ends_any(t, at, W_NUMBER_WORD);
	at -= jt_at(t, at - 1) == 0x306e; /* くじの番号 */
	return jt_ends_any(t, at, W_PUBLIC_NUMBER) ? OF_A_THING : NOTHING;
}

/* R7福高第1182, 社援発0331第1182: a letter of the office and the year or day before it. */
static int is_dated_letter(const struct jtext *t, uint32_t i)
{
	enum { MOST = 4 };
	uint32_t from = i - 1;

	if (!jt_ends(t, i, "第"))
		return 0;
	while (i - from <= MOST && jt_cls(t, from - 1) == JT_KANJI)
		from--;
	return jt_is_digit(jt_at(t, from - 1));
}

/* The number of a thing, a paper or a sum by the word before it, the column, or the word behind. */
static int is_labelled_else(const struct jtext *t, const struct token *k)
{
	enum said said = label_says(t, k->from, k);

	if (said == NOTHING && jt_at(t, k->from - 1) <= '|') {
		const uint32_t head = heading_end(t, k->from);
		said = head ? label_says(t, head, k) : NOTHING;
	}
	if (said != NOTHING)
		return said == OF_A_THING;
	const uint32_t behind = k->to + (jt_at(t, k->to) == 0x53f7); /* 号 */
	return jt_is_any(t, behind, W_PUBLIC_NUMBER) || jt_is(t, behind, "通知") ||
	       (behind > k->to && is_dated_letter(t, k->from));
}

/* A kanji right behind a run of digits counts, unless it is one of a number: 12345号, 417723様 */
static int is_counted(const struct jtext *t, const struct token *k)
{
	const uint32_t next = jt_at(t, k->to);

	if (next == ' ' && jt_cls(t, k->to + 2) == JT_KANJI) /* 3-0417 日高 */
		return 0;
	if (counts_things(t, k->to))
		return 1;
	if (k->digits > LOCAL && t->cp[k->from] == '0') /* 0051203解約 */
		return 0;
	return k->groups == 1 && !k->letters && jt_cls(t, k->to) == JT_KANJI && next != 0x53f7 &&
	       next != 0x756a && !jt_is_any(t, k->to, W_HONORIFIC); /* 号 番 */
}

/* 令7(フ)417, R7(家)1184: the number of a case of a court, which a day of the week (8/4(月)10時) is not. */
static int is_case(const struct jtext *t, const struct token *k)
{
	uint32_t open = k->from - 2;

	if (k->groups > 1 || k->letters || k->digits < 2)
		return 0;
	if (jt_at(t, k->from - 1) == '(') /* さくら銀行 北支店(118) */
		return k->digits == 3 && jt_at(t, k->to) == ')' && jt_ends(t, k->from - 1, "支店");
	if (jt_at(t, k->from - 1) != ')')
		return 0;
	while (open + 4 > k->from && jt_cls(t, open) >= JT_KANJI && jt_cls(t, open) <= JT_KATA)
		open--;
	return jt_at(t, open) == '(' && open + 2 < k->from &&
	       (jt_is_digit(jt_at(t, open - 1)) || jt_at(t, open - 1) == 0x5e74) && /* 年 */
	       !jt_is_char(t, open + 1, "月火水木金土日祝") && !counts_things(t, k->to);
}

/* 4k7Rq2: small letters and digits in turns, as in a word that opens something. */
static int is_key(const struct jtext *t, const struct token *k)
{
	enum { LEAST = 6, TURNS = 3 };
	uint32_t turns = 0, small = 0;

	if (k->groups > 1 || k->to - k->from < LEAST)
		return 0;
	for (uint32_t i = k->from; i < k->to; i++) {
		small += t->cp[i] >= 'a' && t->cp[i] <= 'z' ? 1 : 0;
		turns += i > k->from && jt_cls(t, i) != jt_cls(t, i - 1);
	}
	return turns >= TURNS && small > 0;
}

/* 2084押すと, #1042で開く: what somebody types to get in. */
static int opens(const struct jtext *t, const struct token *k)
{
	enum { MOST = 8 };
	const uint32_t c = jt_at(t, k->to);
	const int key = k->groups == 1 || (longest(k) == 1 && k->groups == k->digits); /* 2→6→1→7 */

	return k->digits >= LOCAL && k->digits <= MOST && !k->letters && key &&
	       jt_is_any(t, k->to + (c == '#' || c == '*' || c == ' '), W_OPENS);
}

/* の番号 883-104: groups that are said to be a number are no score of a game. */
static int is_called_number(const struct jtext *t, const struct token *k)
{
	enum { LEAST = 5 };
	uint32_t at, dashes = 1;

	for (uint32_t g = 1; g < k->groups; g++)
		dashes &= jt_is_dash(k->joint[g]) ? 1 : 0;
	return k->groups > 1 && dashes && k->digits >= LEAST && !is_date(t, k) &&
	       stands_before(t, k->from, W_NUMBER_WORD, &at);
}

/* 歩数 4107 5225, 支払 4/10 7225 5/10 8333: sums one behind the other, and the word for them in front of the first. */
static int in_series(const struct jtext *t, const struct token *k)
{
	enum { FAR = 40 };
	uint32_t i = k->from, at, spaces = 0;

	for (uint32_t g = 1; g < k->groups; g++)
		if (k->joint[g] != ' ')
			return 0;
	while (i > 0 && k->from - i < FAR &&
	       (jt_is_digit(t->cp[i - 1]) || t->cp[i - 1] == ' ' || t->cp[i - 1] == '/'))
		spaces += t->cp[--i] == ' ';
	return !k->letters && t->cp[k->from] != '0' && k->digits <= k->groups * 6 &&
	       (spaces > 1 || k->groups > 1) && jt_is_digit(jt_at(t, i + (jt_at(t, i) == ' '))) &&
	       stands_before(t, i, W_MONEY, &at) && jt_ends_any(t, at, W_MONEY) > 1;
}

static int is_shown(const struct jtext *t, const struct token *k)
{
	if (is_case(t, k) || (is_key(t, k) && !is_part(t, k)) || opens(t, k))
		return 0;
	if (has_thousands(k) || is_joined_by(k, '/'))
		return 1;
	if (is_called_number(t, k))
		return is_part(t, k) || is_labelled_else(t, k);
	if (k->letters ? is_lettered(t, k) : k->groups > 1 ? is_shape(t, k) : is_plain_sum(t, k))
		return 1;
	return is_part(t, k) || is_counted(t, k) || in_series(t, k) || is_labelled_else(t, k);
}

/* Groups that end in four digits are mostly a telephone without its area code. */
static uint32_t type_of(const struct jtext *t, const struct token *k)
{
	return !jt_ends_any(t, k->from, W_ORDINAL) && k->groups > 1 && !k->letters &&
		       k->len[k->groups - 1] == LOCAL && k->digits <= 8
		   ? HUB_SPAN_PHONE
		   : HUB_SPAN_IDNUMBER;
}

/* The characters of what was found, other than of names that are not masked; NULL: no memory. */
static uint8_t *mark_found(struct scan *s)
{
	uint8_t *dark = jpool_get(s->pool, s->t.n);

	if (!dark)
		return NULL;
	memset(dark, 0, s->t.n);
	for (uint32_t i = 0; i < s->n; i++)
		if (s->found[i].type != HUB_SPAN_ORG && s->found[i].confidence >= WEAK)
			memset(dark + s->found[i].from, 1, s->found[i].to - s->found[i].from);
	return dark;
}

/* All its digits and letters were found. */
static int is_dark(const struct jtext *t, const uint8_t *dark, const struct token *k)
{
	uint32_t i = k->from;

	while (i < k->to && (dark[i] || !is_alnum(t->cp[i])))
		i++;
	return i == k->to;
}

/* 3317 0056: the end of a telephone, not two times or years. */
static int is_pair(const struct jtext *t, const struct token *k)
{
	return k->groups == 2 && !k->letters && k->len[0] == LOCAL && k->len[1] == LOCAL &&
	       t->cp[k->at[1]] == '0' && !is_clock(t, k->at[0]) && !is_year(t, k, 0);
}

/* 9.01235E+10, 1.23457E+11: what a sheet makes of a telephone or of any long number; where it ends, i when it is none. */
static uint32_t power_end(const struct jtext *t, uint32_t i)
{
	enum { LEAST = 8 };
	uint32_t to = i, n;

	while (jt_is_digit(jt_at(t, to)) || (jt_at(t, to) == '.' && to > i))
		to++;
	if (to == i || (jt_at(t, to) | 32) != 'e' || jt_at(t, to + 1) != '+')
		return i;
	const uint32_t digits = jnum_small(t, to + 2, &n);
	return digits == 2 && n >= LEAST && n < 20 ? to + 2 + digits : i;
}

/* The token at i. One that begins with a date ends with it: S8.1.1/885-2231 */
static void read_longest(const struct jtext *t, uint32_t i, struct token *k)
{
	uint32_t spaces = 0;
	struct jdate date;

	read_token(t, i, 1, k);
	if (k->groups > 3 && jdate_read(t, k->from, &date) && date.end < k->to) {
		*k = (struct token){.from = k->from, .to = date.end}; /* without digits */
		return;
	}
	for (uint32_t g = 1; g < k->groups; g++)
		spaces += k->joint[g] == ' ' && k->at[g] == k->at[g - 1] + k->len[g - 1] + 1;
	uint32_t label;
	const int called = k->groups == 2 && !is_clock(t, k->at[1]) &&
			   stands_before(t, k->from, W_PHONE_LABEL, &label);
	if (spaces && k->groups < 3 && t->cp[k->from] != '0' && !called &&
	    !is_pair(t, k)) /* two columns */
		read_token(t, i, 0, k);
}

/* A cheap look: the end of a short number that stands alone, as nearly all do; 0 for any other. */
static uint32_t short_end(const struct jtext *t, uint32_t i)
{
	const uint32_t before = jt_at(t, i - 1);
	uint32_t end = i + 1;

	while (jt_cls(t, end) == JT_DIGIT)
		end++;
	return end - i < LOCAL && jt_cls(t, end) >= JT_KANJI && jt_cls(t, end) <= JT_KATA &&
		       skip_joint(t, end) == end && before != ')' && jt_cls(t, i - 1) != JT_LATIN &&
		       !jt_is_dash(before)
		   ? end
		   : 0;
}

void rest_find(struct scan *s)
{
	const struct jtext *t = &s->t;
	const uint8_t *p;
	uint8_t *dark = NULL;
	struct token k;

	for (uint32_t i = 0; i < t->n && (p = memchr(t->cls + i, JT_DIGIT, t->n - i)); i = k.to) {
		if ((k.to = short_end(t, (uint32_t)(p - t->cls))))
			continue;
		read_longest(t, (uint32_t)(p - t->cls), &k);
		const uint32_t power = jt_at(t, k.to) == '+' ? power_end(t, k.from) : k.from;
		if (power > k.from)
			k.to = power;
		else if (is_shown(t, &k))
			continue;
		if (!dark && !(dark = mark_found(s))) {
			s->failed = 1;
			return;
		}
		if (!is_dark(t, dark, &k))
			scan_add(s, k.from, k.to, type_of(t, &k), FAIR);
	}
}

static const char *const rest_examples[] = {
    "裏に「[26-7713] 田所」と、[74-1128]、[73局の4402番]、[417-72-31094-5]、[25-0317]、[0417-723]",
    "宛番 [417723] 石橋、[0473]、[7731]、控えは[1234567]、[K-25-1190]と[K2024-0583]、札 [417 7230 "
    "9945]",
    "[331-\n2047]、受付 [第25-0317]、令7(フ)[417]、8/4(月)10時、3(三)120円",
    "8/4、2031-04、2031-0401、1999-2003、4-2031、2025年、1030、0915-1015、10:20-10:50、20310401",
    "血圧 132/78、148-86、18/30、36.52、1,672、65,230-15,200、3-2-14、120-180-150、8-6-6-4",
    "残 85461、家賃\t費用\n4月\t85461、5月 "
    "21340、12000、8050、12345単位、42,118km、1400kcal、30w1,320g",
    "型番NR-B12345、KB5031455、JIS T 9201、#7119、議案123456、第123456号議案、a/12345.html、¥85461",
    "7,[885-2231],独居、[S8.1.1],[0000118402],[885-2231]、第1182号通知",
    "オートロックは[205]+呼出+[3104]、前年比+3104、ピンポンは[2084]を押す、[1042]"
    "で開く、1030で開始、[2→6→1→7]で開く、要介護1→2→3",
    "事務局 [71-2299] まで、時代の番号 [4471820]、年金 [5120883104]、[0051203]解約、の番号 "
    "[883-104]",
    "続き[3317 0056]、8:30 1030 1115、Suica [JE80 4471 8209 3551 7]、[203.0.113.47]、3.14.15.92",
    "[35.3281], [139.34921]、36.5-78-132/80-98、R7福高第1182号、/case?id=[447182]、?page=447182",
    "ゆうちょ[17710 の 41772311]、3 の 5、",
    "個人番号\t[1.23457E+11]、TEL [7.77E+08]、1.5E+06、BT36.8-P88-BP142/80-SAT96、0x80070005、ISBN "
    "978-4-532-28100-7",
    "オートロックは[203]→[#3104]、単位 36217中34881、41組072258番、÷ 123456÷2、支払 4/10 7225 5/10 "
    "8333",
    "保険者番号は152025、TAIS 00500-000081、くじの番号 4107",
    "血糖 155-132-134、尿量 310-280-190、番号 [155-132-134]、電話 914 1510、TEL [22 6137]",
    "SpO2 97、E3V5M6、解除は[4k7Rq2]、iPhone15、ver1.2.3",
    NULL};

/* Tried nowhere: rest_find() goes over the whole text. */
const struct rule rules_rest[] = {
    {"what is left", {W_NONE}, 0, NULL, rest_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
