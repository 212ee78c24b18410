/* Numbers that identify a person: individual numbers, insurance, certificates, accounts of banks, cases. */
#include "jname.h"
#include "jnum.h"
#include "scan.h"

#include <string.h>

/* Letters and digits of a number behind a word that also stands for other things; some words further off. */
enum { OF_A_THING = 5, FAR_OF_A_LABEL = 4, FAR_OF_A_THING = 7 };

/* Letters, digits and hyphens from i on; *n of them are letters and digits, *digits digits. A space goes on
 * when digits stand on both sides and the second ones count nothing. */
static uint32_t id_end(const struct jtext *t, uint32_t i, uint32_t *n, uint32_t *digits)
{
	uint32_t end = i, k;

	*n = *digits = 0;
	for (;; i++) {
		const uint32_t c = jt_at(t, i);
		if (is_alnum(c)) {
			(*n)++;
			*digits += jt_is_digit(c) ? 1u : 0u;
			end = i + 1;
			continue;
		}
		if (jt_is_dash(c) && jt_cls(t, i + 1) == JT_KANJI && jt_is_dash(jt_at(t, i + 2)) &&
		    jt_is_digit(jt_at(t, i + 3))) { /* R7-西-0112 */
			i += 2;
			continue;
		}
		const int wide = c == ' ' && jt_is_dash(jt_at(t, i + 1)) && jt_at(t, i + 2) == ' ';
		if (end != i || !jt_is_digit(jt_at(t, i + (wide ? 3 : 1))))
			return end;
		if (wide) { /* 10070 - 98765431 */
			i += 2;
		} else if (c == ' ' && jt_is_digit(jt_at(t, i - 1))) {
			struct jdate date;
			for (k = i + 1; jt_is_digit(jt_at(t, k));)
				k++;
			if (jdate_read(t, i + 1, &date)) /* 0776531182 2031-09-08 */
				return end;
			/* 1 2 3 4 5 6 7, 5001 765432 1, not 1234 5 */
			if (counts_things(t, k) ||
			    (k - i < 3 && *digits < 10 && jt_is_digit(jt_at(t, i - 2))))
				return end;
		} else if (c == 0x306e) { /* 1234の567890, not 123の5人 */
			for (k = i + 1; jt_is_digit(jt_at(t, k));)
				k++;
			const enum jt_class next = jt_cls(t, k);
			const uint32_t least = /* 1180の42。 says no more of the 42 */
			    *digits < 7 ? 3u + (next != JT_OTHER && k < t->n) : 2u;
			if (*digits < 4 || k - i < least || counts_things(t, k))
				return end;
		} else if (c == 0x3001 || c == 0x2192) { /* 8、3、1、7, 8→3→1→7 */
			if (jt_is_digit(jt_at(t, i - 2)) || jt_is_digit(jt_at(t, i + 2)) ||
			    !*digits)
				return end;
		} else if (!jt_is_dash(c) &&
			   !((c == '/' || c == '*' || c == '=' || c == '_' || c == 0x30fb ||
			      c == 0xb7 || c == 0x2022 || c == '~' || c == 0x301c) &&
			     *digits)) {
			return end;
		}
		end = i + 1;
	}
}

/* The number of at least `least` letters and digits at i; its end, i when there is none. Kanji and spoken
 * digits as well. */
static uint32_t id_value(const struct jtext *t, uint32_t i, uint32_t least)
{
	uint32_t n, digits;
	struct jdate date;
	struct jdigits g;

	if (jt_is_digit(jt_at(t, i + 1 + (jt_at(t, i + 1) == ' '))) && jt_cls(t, i) == JT_HIRA)
		return i; /* に 100000 is no two */
	if (!is_alnum(jt_at(t, i))) {
		const uint32_t n_plain = jdigits_read(t, i, JD_PHONE | JD_KANJI, &g);
		const uint32_t plain_end = n_plain ? g.end[n_plain - 1] : i;
		const uint32_t said = jdigits_read(t, i, JD_SPOKEN | JD_KANJI, &g);
		if (said < 4 || said < n_plain ||
		    (n_plain >= 4 && counts_things(t, g.end[said - 1])))
			return n_plain >= least && n_plain >= 4 && !counts_things(t, plain_end)
				   ? plain_end
				   : i;
		return g.n >= least && !counts_things(t, g.end[g.n - 1]) ? g.end[g.n - 1] : i;
	}
	const uint32_t end = id_end(t, i, &n, &digits);
	if (n < least || n > 24 || digits < 2 || digits + 5 < n ||
	    (jdate_read(t, i, &date) && (n != 8 || digits != 8 || least > 3 || end != i + 8)))
		return i;
	return counts_things(t, end) ? i : end;
}

/* Kanji of a place or a kana before the digits: 金01-112233, 茨-12, さ12. */
static uint32_t region(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);
	uint32_t n = (c == JT_HIRA && !jname_is_particle(t->cp[i])) || c == JT_KATA;

	while (n < 4 && jt_cls(t, i + n) == JT_KANJI)
		n++;
	if (n > 1 && jt_is_digit(jt_at(t, i + n + 1))) /* 石川B12345, 宮城い88310 */
		n += jt_cls(t, i + n) == JT_LATIN ||
		     (jt_cls(t, i + n) == JT_HIRA && !jname_is_particle(t->cp[i + n]));
	n += n &&
	     (jt_is_dash(jt_at(t, i + n)) || jt_at(t, i + n) == 0x30fb || jt_at(t, i + n) == ' ');
	return jt_is_digit(jt_at(t, i + n)) ? n : 0;
}

/* What stands behind these n kanji: 記号茅1 may be as short as that. at: nothing does. */
static uint32_t region_value(const struct jtext *t, uint32_t at, uint32_t n, uint32_t least)
{
	const uint32_t end = id_value(t, at + n, least);

	if (end > at + n)
		return end;
	return least == 2 && !jt_is_digit(jt_at(t, at + n + 1)) && !counts_things(t, at + n + 1)
		   ? at + n + 1
		   : at;
}

/* 受給者証番号を控える：8765432: the number of a label that some words part from it; of one that says number (a long enough
 * one) also the answer in the next sentence. at when there is none. */
static uint32_t value_near(const struct jtext *t, uint32_t at, int label)
{
	enum { FAR = 12, FURTHER = 24 };
	uint32_t least = label ? FAR_OF_A_LABEL : FAR_OF_A_THING;

	for (uint32_t k = at; k < at + (label ? FURTHER : FAR) && k < t->n; k++) {
		if (t->cp[k] == 0x3002 || t->cp[k] == '\n' || k == at + FAR) {
			if (!label)
				break;
			least = OF_A_THING;
		}
		if (id_value(t, k, least) > k)
			return k;
		if (jt_is_digit(t->cp[k]) && jt_is(t, k + 1, "桁")) /* 暗証4桁0712 */
			k++;
		else if (jt_is_digit(t->cp[k]) || jt_is_any(t, k, W_NUMBER_WORD))
			break; /* another label says for itself */
	}
	return at;
}

/* 1234567から1234568に変更, 正1234568: another one of the same make right behind. */
static void add_corrected(struct scan *s, uint32_t from, uint32_t to)
{
	enum { NEAR = 6 };
	const struct jtext *t = &s->t;
	uint32_t k = to;

	while (from < to && !is_alnum(t->cp[from])) /* 誤 */
		from++;
	const uint32_t n = to - from;
	while (k < to + NEAR && k < t->n && t->cp[k] != '\n' && !is_alnum(t->cp[k]))
		k++;
	if (n < OF_A_THING || id_value(t, k, OF_A_THING) != k + n)
		return;
	for (uint32_t i = 0; i < n; i++)
		if (jt_is_digit(jt_at(t, from + i)) != jt_is_digit(jt_at(t, k + i)))
			return;
	scan_add(s, k, k + n, HUB_SPAN_IDNUMBER, LIKELY);
}

/* 0419と0733, 0419、0733: others of as many digits right behind. */
static void add_others(struct scan *s, uint32_t from, uint32_t to)
{
	enum { LEAST = 3 };
	const struct jtext *t = &s->t;
	const uint32_t n = to - from;

	if (n < LEAST)
		return;
	for (;;) {
		const uint32_t c = jt_at(t, to), at = to + 1;
		if (c != 0x3068 && c != 0x3084 && c != 0x3001 && c != 0x30fb &&
		    c != ',') /* と や 、 ・ */
			return;
		for (uint32_t k = 0; k < n; k++)
			if (!jt_is_digit(jt_at(t, from + k)) || !jt_is_digit(jt_at(t, at + k)))
				return;
		if (id_value(t, at, LEAST) != at + n)
			return;
		scan_add(s, at, at + n, HUB_SPAN_IDNUMBER, LIKELY);
		to = at + n;
	}
}

static void add_labelled(struct scan *s, uint32_t i, uint32_t word, uint32_t least)
{
	const struct jtext *t = &s->t;
	uint32_t at = skip_joints(t, i + word), end = id_value(t, at, least), n;

	if (end == at && (n = region(t, at))) {
		/* 手帳 長野 12345: a place of its own, not that of an insurer: 国保(金 07-1234) */
		const int insurer = jt_is(t, i, "記号") || jt_is(t, i, "国保");
		if (jt_at(t, at + n - 1) == ' ' && !insurer) {
			at += n;
			n = 0;
		}
		end = region_value(t, at, n, least);
	}
	if (end == at && least > 2) { /* 記号 says it of many things */
		at = value_near(t, at, least < OF_A_THING);
		end = id_value(t, at, least);
	}
	/* 記号12-34 番号567(枝番01) */
	for (int k = 0; k < 3 && end > at; k++) {
		scan_add(s, at, end, HUB_SPAN_IDNUMBER, STRONG);
		add_corrected(s, at, end);
		add_others(s, at, end);
		uint32_t more = end;
		more += jt_at(t, more) == 0x756a && jt_at(t, more + 1) != 0x53f7; /* 番 */
		while (more < end + 2 && (jt_at(t, more) == ' ' || jt_at(t, more) == 0x3067 ||
					  jt_at(t, more) == 0x3001 || jt_at(t, more) == '(' ||
					  jt_at(t, more) == 0x30fb))
			more++;
		n = jt_is_any(t, more, W_NUMBER_WORD);
		if (!n && jt_at(t, more) == 0x756a && jt_is_digit(jt_at(t, more + 1)))
			n = 1; /* 記12 番34 */
		if (!n)
			return;
		at = skip_joints(t, more + n);
		end = id_value(t, at, 2);
	}
}

static int is_said_digit(const struct jtext *t, uint32_t i)
{
	return is_alnum(jt_at(t, i)) || jt_is_any(t, i, W_KANJI_DIGIT);
}

/* 1098765432(被保険者番号) */
static void label_behind(struct scan *s, uint32_t i, uint32_t word)
{
	enum { MOST = 16 };
	const struct jtext *t = &s->t;
	uint32_t from = i - 1;

	uint32_t close = i + word;
	while (close < i + MOST && jt_cls(t, close) >= JT_KANJI && jt_cls(t, close) <= JT_KATA)
		close++;
	if (!word || !((jt_at(t, i - 1) == '(' && jt_at(t, close) == ')') ||
		       jt_at(t, i - 1) == 0x306e || jt_at(t, i - 1) == 0x304c)) /* の が */
		return;
	while (from > 0 && (is_said_digit(t, from - 1) || jt_is_dash(t->cp[from - 1]) ||
			    ((jt_at(t, from - 1) == 0x306e || jt_at(t, from - 1) == ' ') &&
			     jt_is_digit(jt_at(t, from)) && jt_is_digit(jt_at(t, from - 2)))))
		from--;
	if (i - 1 - from >= 4 && (jt_is_digit(t->cp[i - 2]) || jt_is_any(t, i - 2, W_KANJI_DIGIT)))
		scan_add(s, from, i - 1, HUB_SPAN_IDNUMBER, STRONG);
}

/* The number behind a label. Behind a thing (通帳, 保険証) it must be longer. */
static void find_labelled(struct scan *s, uint32_t i)
{
	const uint32_t label = jt_is_any(&s->t, i, W_ID_LABEL),
		       thing = jt_is_any(&s->t, i, W_ID_THING);

	/* (普通預金口座) is one */
	uint32_t words = label > thing ? label : thing, more;
	if (jt_cls(&s->t, i) == JT_LATIN &&
	    (jt_cls(&s->t, i - 1) == JT_LATIN || jt_cls(&s->t, i + words) == JT_LATIN))
		return; /* PASSPORT */
	if (jt_ends(&s->t, i, "請求") || jt_ends(&s->t, i, "分類"))
		return; /* 請求記号 of a book */
	while ((more = jt_is_any(&s->t, i + words, W_ID_THING)))
		words += more;
	label_behind(s, i, words);
	const uint32_t at = skip_joints(&s->t, i + words);
	if (label >= thing)
		add_labelled(s, i, label,
			     label < 3 && !jt_is(&s->t, i, "暗証") ? 2 : 3); /* 記号, 枝番 */
	else if (jt_at(&s->t, at) == 0x8a18 && jt_is_digit(jt_at(&s->t, at + 1))) /* 記12 番34 */
		add_labelled(s, at, 1, 2);
	else
		add_labelled(s, i, thing, OF_A_THING);
}

/* 台帳番号, ハローワーク番号, 個人コード, 受給者No: the word that ends at i says whose number it is, and not that of an office
 * or a thing. *from gets its begin. How long the number must be at least; 0 when it is none. */
static uint32_t is_number_of(const struct jtext *t, uint32_t i, uint32_t *from)
{
	enum { LEAST = 3 };

	const uint32_t word = jt_ends_any(t, i, W_NUMBER_WORD);
	uint32_t end = i - word;

	end -=
	    jt_at(t, end - 1) == ' ' && jt_is_char(t, end - 2, "籍簿帳票証者生児員"); /* 学籍 No. */
	uint32_t k = end;

	while (k > 0 && end - k < 12 && jt_cls(t, k - 1) == jt_cls(t, end - 1))
		k--;
	*from = k;
	if (!word || end - k < 2 || jt_ends_any(t, end, W_PUBLIC_NUMBER))
		return 0;
	if (jt_cls(t, k) == JT_KANJI || jt_ends_any(t, end, W_ID_THING))
		return jt_ends(t, end, "出席") ? LEAST - 1 : LEAST; /* 出席番号17 */
	return jt_cls(t, k) == JT_KATA ? FAR_OF_A_THING : 0;
}

/* 番号は7654321 with an account or a card named before in the same sentence. */
static void find_number_of(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t word = jt_is_any(t, i, W_NUMBER_WORD);
	uint32_t at = i + word, from;
	const uint32_t least = is_number_of(t, at, &from);

	if (least) {
		label_behind(s, from, at - from);
		add_labelled(s, i, word, least);
		return;
	}
	if (jt_ends_any(t, at, W_ID_LABEL) || jt_ends_any(t, at, W_NO_PHONE_LABEL) ||
	    jt_ends_any(t, at, W_PHONE_LABEL) || jt_ends_any(t, i, W_PUBLIC_NUMBER) ||
	    (jt_at(t, i - 1) == 0x306e && jt_ends_any(t, i - 1, W_PUBLIC_NUMBER))) /* の */
		return;
	const uint32_t first = skip_joints(t, at), place = region(t, first);
	at = first + place; /* 番号相国1234567 */
	/* 受療証 番号331 */
	const uint32_t enough = jt_ends_any(t, i - (jt_at(t, i - 1) == ' '), W_ID_THING) ? 3 : 4;
	if (id_value(t, at, enough) == at)
		at = value_near(t, first, 1);
	const uint32_t end = id_value(t, at, enough);
	if (end == at)
		return;
	if (jt_cls(t, at) == JT_LATIN && jt_cls(t, i) == JT_KANJI && at <= i + word + 1 &&
	    jt_is_dash(jt_at(t, at + 1))) { /* (番号K-0217) */
		scan_add(s, at, end, HUB_SPAN_IDNUMBER, LIKELY);
		return;
	}
	for (uint32_t k = i; k-- > 0 && i - k < 30 && t->cp[k] != 0x3002 && t->cp[k] != '\n';)
		if (jt_is_any(t, k, W_ID_THING) || jt_is_any(t, k, W_ID_NEAR)) {
			scan_add(s, at == first + place ? first : at, end, HUB_SPAN_IDNUMBER,
				 LIKELY);
			add_corrected(s, at, end);
			return;
		}
}

/* The cell of a column that is headed by such a label. */
static void find_in_column(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at;

	const uint32_t head = heading_end(t, i);
	if (!head)
		return;
	const uint32_t label = jt_ends_any(t, head, W_ID_LABEL),
		       thing = jt_ends_any(t, head, W_ID_THING);
	if (!label && !thing && !is_number_of(t, head, &at))
		return;
	at = id_value(t, i, label >= thing ? 3 : OF_A_THING);
	if (at > i)
		scan_add(s, i, at, HUB_SPAN_IDNUMBER, STRONG);
}

/* A word of the list stands in the same sentence, at most so far before i. */
static int said_before(const struct jtext *t, uint32_t i, enum jwords_list list, uint32_t most)
{
	for (uint32_t k = i; k-- > 0 && i - k < most && t->cp[k] != 0x3002 && t->cp[k] != '\n';)
		if (jt_is_any(t, k, list))
			return 1;
	return 0;
}

/* May stand between the groups of a number that is written with signs or line ends. */
static int is_gap(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == ']' || c == 0x30fb || jnum_is_mark(c) ||
	       jt_is_dash(c);
}

/* R6-0317, H30-1187, R6-J-018, R6虐0317, R6虐-0317 at i: the year of an era and the number of a case in it; its end, i when it is none. */
static uint32_t year_case(const struct jtext *t, uint32_t i)
{
	enum { LEAST = 3, MOST = 5, KIND = 2, HEISEI = 31, SHOWA_FROM = 40, SHOWA = 64 };
	const uint32_t c = jt_at(t, i);
	uint32_t v, at, n = 0;

	if ((c != 'R' && c != 'H' && c != 'S') || is_alnum(jt_at(t, i - 1)) ||
	    jt_is_dash(jt_at(t, i - 1)) || !(at = jnum_small(t, i + 1, &v)) || !v ||
	    (c == 'S' ? v < SHOWA_FROM || v > SHOWA : v > HEISEI) || jt_cls(t, i + 1) != JT_DIGIT)
		return i;
	at += i + 1;
	const uint32_t kind = at;
	if (jt_is_dash(jt_at(t, at))) {
		at++;
		if (!jt_is_digit(jt_at(t, at)) && jt_is_dash(jt_at(t, at + 1)))
			at += 2; /* the letter of a kind or an office */
	} else {                 /* R7虐0417, not R7年 */
		while (at < kind + KIND && jt_cls(t, at) == JT_KANJI)
			at++;
		if (at == kind || t->cp[kind] == 0x5e74)
			return i;
		at += jt_is_dash(jt_at(t, at)) ? 1 : 0;
	}
	while (jt_is_digit(jt_at(t, at + n)))
		n++;
	const uint32_t next = jt_at(t, at + n);
	/* 手帳 R7-88 is no month */
	const int of_thing = n == 2 && t->cp[at] > '1' && jt_is_dash(jt_at(t, at - 1)) &&
			     jt_ends_any(t, i - (jt_at(t, i - 1) == ' '), W_ID_THING);
	return (n < LEAST && !of_thing) || n > MOST || is_alnum(next) || jt_is_dash(next) ||
		       next == '.' || counts_things(t, at + n)
		   ? i
		   : at + n;
}

/* 福第56号, 児相第118号: what an office counts its letters by, not a certificate's or a case's number. label: where 第 is. */
static int is_letter(const struct jtext *t, uint32_t label)
{
	return jt_cls(t, label - 1) == JT_KANJI && !jt_ends_any(t, label, W_PREF) &&
	       !said_before(t, label, W_ID_THING, 16) && !jt_ends(t, label, "受付") &&
	       !jt_ends(t, label, "受理");
}

/* 第4567号, 45678号: the number of a certificate or a case, unless a law, a letter or an issue is counted so. */
static void thing_number(struct scan *s, uint32_t i, uint32_t least)
{
	const struct jtext *t = &s->t;
	const uint32_t end = id_value(t, i, least);

	if (end == i || jt_at(t, end) != 0x53f7 || jt_at(t, end + 1) == 0x5ba4 || /* 号 室 */
	    jt_at(t, i - 1) == 0x306e) /* 330の1234号 */
		return;
	const uint32_t label = i - jt_ends_any(t, i, W_ORDINAL);
	if (!is_letter(t, label) && !has_label(t, label, W_PUBLIC_NUMBER) &&
	    !jt_is_any(t, end + 1, W_PUBLIC_NUMBER) && !jt_is(t, end + 1, "通知"))
		scan_add(s, i, end, HUB_SPAN_IDNUMBER, LIKELY);
}

/* A run of digits without a label of its own. */
static void find_unlabelled(struct scan *s, uint32_t i)
{
	enum { CERTIFICATE = 4 };
	const struct jtext *t = &s->t;

	const uint32_t next = jt_at(t, i + s->digits);
	/* what parts cells is no letter of Japanese */
	if (jt_at(t, i - 1) <= '|' && (s->digits > 2 || jt_is_dash(next) || is_alnum(next)))
		find_in_column(s, i);
	if (s->digits < CERTIFICATE)
		return;
	if (!is_alnum(jt_at(t, i - 1)) && jt_at(t, i - 1) != '-')
		thing_number(s, i, CERTIFICATE);
}

/* 下4桁をもう一度。はい、1212です: what was asked for, four digits and no year or sum. */
static void find_answer(struct scan *s, uint32_t i)
{
	enum { FAR = 20, DIGITS = 4 };
	const struct jtext *t = &s->t;
	uint32_t at = i, end;

	while (at < i + FAR && at < t->n && !jt_is_digit(t->cp[at]))
		at++;
	for (end = at; jt_is_digit(jt_at(t, end));)
		end++;
	if (end - at == DIGITS && !counts_things(t, end) && !is_alnum(jt_at(t, end)) &&
	    jt_at(t, end) != ',' && jt_at(t, end) != '.' && !jt_is_dash(jt_at(t, end)))
		scan_add(s, at, end, HUB_SPAN_PHONE, FAIR);
}

/* 下4桁は1212, 最後の4けたが 一二一二 */
static void find_last_digits(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t at = skip_joints(t, i + jt_is_any(t, i, W_LAST_DIGITS));
	struct jdigits g;
	const uint32_t n = jdigits_read(t, at, JD_SPOKEN | JD_KANJI, &g);

	if (n > 2 && n < 7 && !counts_things(t, g.end[n - 1]))
		scan_add(s, at, g.end[n - 1], HUB_SPAN_PHONE, FAIR);
	else if (n == 0)
		find_answer(s, at);
}

/* 090から始まって2036で終わる, 患者410番さん: digits in front of the word that says what they are. */
static void find_ended(struct scan *s, uint32_t i)
{
	enum { LEAST = 3, MOST = 4 };
	const struct jtext *t = &s->t;
	uint32_t from = i;

	while (from > 0 && jt_is_digit(t->cp[from - 1]))
		from--;
	if (i - from < LEAST || i - from > MOST || is_alnum(jt_at(t, from - 1)) ||
	    jt_is_dash(jt_at(t, from - 1)))
		return;
	if (jt_at(t, i) == 0x756a) /* 番 */
		scan_add(s, from, i, HUB_SPAN_IDNUMBER, FAIR);
	else if (i - from == MOST && said_before(t, from, W_PHONE_LABEL, 24))
		scan_add(s, from, i, HUB_SPAN_PHONE, FAIR);
}

/* Digit k is に し ご or く, which are said for other things. */
static int is_one_kana(const struct jtext *t, const struct jdigits *g, uint32_t k)
{
	const uint32_t c = jt_at(t, g->end[k] - 1), hira = jt_is_kata(c) ? c - 0x60 : c;
	const char d = g->d[k];

	return (hira == 0x306b && d == '2') || (hira == 0x3057 && d == '4') ||
	       (hira == 0x3054 && d == '5') || (hira == 0x304f && d == '9');
}

/* よんよんなないち、にーまるはちはち, 二二一七三三〇八: as many digits as nobody says of anything else, unless he counts. */
static void find_said_number(struct scan *s, uint32_t i)
{
	enum { BEGUN = 3, FOUR = 4, LOCAL = 6, LEAST = 7 };
	const struct jtext *t = &s->t;
	const int kana = jt_cls(t, i) == JT_HIRA || jt_cls(t, i) == JT_KATA;
	struct jdigits g;
	uint32_t clear = 1, counting = 0, kinds = 0, words = 0;

	if ((!kana && (!jt_is_any(t, i, W_KANJI_DIGIT) || jt_ends_any(t, i, W_KANJI_DIGIT))) ||
	    (s->n && s->found[s->n - 1].to > i) ||
	    jdigits_read(t, i, kana ? JD_SPOKEN : JD_KANJI | JD_PHONE, &g) <
		(kana ? BEGUN : LOCAL) ||
	    counts_things(t, g.end[g.n - 1]))
		return;
	for (uint32_t k = 1; k < g.n; k++) { /* に and し are particles, too */
		clear += g.first[k] || g.end[k] - g.end[k - 1] > 1;
		counting += g.d[k] == g.d[k - 1] + 1;
		kinds |= 1u << (g.d[k] - '0');
	}
	for (uint32_t k = 0; k < g.n; k++)
		words += !is_one_kana(t, &g, k);
	words += g.groups == g.n && g.n > FOUR; /* よん、なな、いち、に、… */
	words += g.n >= FOUR && g.d[0] == '0' && words + 1 == g.n; /* れいごーななに */
	/* 二二の四一八三 */
	const int local = g.groups == 2 && g.n >= LOCAL && g.first[g.n - 4] &&
			  (jt_at(t, g.end[g.n - 5]) == 0x306e || has_label(t, i, W_PHONE_LABEL));
	if (g.n < LEAST && !local && (!kana || words < g.n))
		return;
	if (g.n == BEGUN && (g.d[0] != '0' || g.d[2] != '0')) /* ゼロハチゼロ */
		return;
	struct jdigits more; /* ご、よん: one of a single kana in front */
	const int one = jt_at(t, i - 1) == 0x3001 && i > 1 &&
			jdigits_read(t, i - 2, JD_SPOKEN, &more) == g.n + 1;
	const int counted = counting * 4 >= g.n * 3 && (kana || g.d[1] != '0');
	if ((!kana || clear * 2 > g.n) && !counted &&
	    __builtin_popcount(kinds) > (g.n < LEAST ? 1 : 2)) /* いち、に、いち、に */
		scan_add(s, one ? i - 2 : i, g.end[g.n - 1],
			 g.d[0] == '0' ? HUB_SPAN_PHONE : HUB_SPAN_IDNUMBER, FAIR);
}

/* 右に25、左に8: how a lock is turned, where one is spoken of. */
static void find_dial(struct scan *s, uint32_t i)
{
	enum { NEAR = 16, MOST = 6, GAP = 4 };
	const struct jtext *t = &s->t;
	uint32_t from[MOST], to[MOST], n = 0, at = i, key = 0;

	while (n < MOST && jt_is_any(t, at, W_DIAL)) {
		for (at++; jt_is_char(t, at, "にへ:回 ") || jt_is(t, at, "まわり");)
			at++;
		from[n] = at;
		while (jt_is_digit(jt_at(t, at)))
			at++;
		to[n] = at;
		if (at == from[n] || at > from[n] + 2 || jt_at(t, at) == '.' || jt_at(t, at) == '/')
			return;
		for (const uint32_t end = at + GAP; at < end && !jt_is_any(t, at, W_DIAL) &&
						    jt_is_char(t, at, "、, でにまで回して→-");)
			at++;
		n++;
	}
	for (uint32_t k = i; k-- > 0 && i - k < NEAR && !key && is_one_sentence(t, k, i);)
		key = jt_is_any(t, k, W_KEY);
	for (uint32_t k = 0; key && n > 1 && k < n; k++)
		scan_add(s, from[k], to[k], HUB_SPAN_IDNUMBER, FAIR);
}

/* The groups of twelve digits as an individual number is written: 12, 4-4-4. */
static int is_usual(const struct jdigits *g)
{
	for (uint32_t k = 1; k < 12; k++)
		if (g->first[k] && k % 4)
			return 0;
	return g->first[4] == g->first[8];
}

/* Twelve digits are an individual number until shown otherwise; thirteen are a public 法人番号. Other groups than
 * the usual ones, and those with strokes between, must have the right check digit. */
static void find_mynumber(struct scan *s, uint32_t i)
{
	enum { NEAR = 24 };
	const struct jtext *t = &s->t;
	const int kanji = jt_cls(t, i) == JT_KANJI || jt_cls(t, i) == JT_OTHER;
	struct jdigits g;

	if (s->digits && s->digits < 12 && !is_gap(jt_at(t, i + s->digits)))
		return;
	if (jt_is_digit(jt_at(t, i - 1)) || jt_at(t, i - 1) == '.' ||
	    (jt_is_dash(jt_at(t, i - 1)) && jt_is_digit(jt_at(t, i - 2))) ||
	    jdigits_read(t, i, JD_BREAK | JD_MARK | JD_KANJI, &g) < 12 || /* however written */
	    (jdigits_read(t, i, JD_BREAK | (kanji ? JD_KANJI : JD_PLAIN), &g) < 12 &&
	     jdigits_read(t, i, JD_MARK, &g) < 12))
		return;
	if (g.n > 12 && !g.first[12])
		return;
	const int right = jnum_is_mynumber(g.d),
		  usual = is_usual(&g) || (g.how == JD_MARK && g.groups == g.n);
	const uint32_t unit = jt_at(t, g.end[11]);
	const int sure =
	    right || said_before(t, i, W_ID_LABEL, NEAR) || said_before(t, i, W_ID_THING, NEAR);
	uint32_t at;
	if (!sure && stands_before(t, i, W_MONEY, &at) && jt_ends_any(t, at, W_MONEY) > 1)
		return; /* 歩数 4107 5225 6833 */
	if ((!right && !usual) || (g.how == JD_MARK && (!sure || !usual)) ||
	    jt_is_any(t, g.end[11], W_COUNTER) || unit == '.' || is_alnum(unit))
		return;
	/* 978-4-..., and what somebody calculates */
	if ((g.n == 13 && jt_is_dash(jt_at(t, g.end[11])) && memcmp(g.d, "97", 2) == 0) ||
	    jt_is_char(t, g.end[11], "÷×=+"))
		return;
	if (g.n > 12 && usual && g.first[12] && g.first[4] && jt_is_dash(jt_at(t, g.end[11])))
		return; /* a card's 4-4-4-4 */
	scan_add(s, i, g.end[11], HUB_SPAN_IDNUMBER, right ? SURE : FAIR);
}

/* The same without a label, unless one says that it is of no person. */
static void find_year_case(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t end = year_case(t, i);
	uint32_t label = i;

	if (end == i)
		return;
	while (label > 0 && jt_ends_any(t, label, W_NUMBER_WORD))
		label -= jt_ends_any(t, label, W_NUMBER_WORD);
	label -= jt_ends(t, label, "第");
	if (!jt_ends_any(t, label, W_PUBLIC_NUMBER) && !has_label(t, label, W_PUBLIC_NUMBER))
		scan_add(s, i, end, HUB_SPAN_IDNUMBER, LIKELY);
}

/* 令和8年(家)第1234号 of a court, 8福祉第56号 is only a letter's. */
static void find_court_case(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t open = i, at = i + 1, from, n = 0;

	if (jt_at(t, i - 1) != ')') {
		thing_number(s, i + 1, 3);
		return;
	}
	for (open--; open > 0 && i - open < 6 && t->cp[open] != '(';)
		open--;
	for (from = open;
	     from > 0 && open - from < 6 && t->cp[from - 1] != ' ' &&
	     (jt_is_any(t, from - 1, W_ERA) || jt_is_digit(t->cp[from - 1]) ||
	      t->cp[from - 1] == 0x5e74 || t->cp[from - 1] == 0x548c || t->cp[from - 1] == 0x5143);)
		from--;
	while (jt_is_digit(jt_at(t, at + n)))
		n++;
	if (jt_at(t, open) == '(' && from < open && n && jt_at(t, at + n) == 0x53f7) /* 号 */
		scan_add(s, from, at + n + 1, HUB_SPAN_IDNUMBER, LIKELY);
	else
		thing_number(s, i + 1, 3);
}

static int two_letters(const struct jtext *t, uint32_t i)
{
	return jt_cls(t, i) == JT_LATIN && jt_cls(t, i + 1) == JT_LATIN &&
	       !is_alnum(jt_at(t, i - 1)) && !is_alnum(jt_at(t, i + 2));
}

/* TK 7654321, AB 87654321 CD: the letters of a passport or a card. */
static void card_spread(const struct jtext *t, struct found *f)
{
	enum { LEAST = 7, LETTERS = 3 };

	if (jt_at(t, f->from - 1) != ' ' || f->to - f->from < LEAST ||
	    !two_letters(t, f->from - LETTERS) || jt_ends_any(t, f->from - 1, W_ID_LABEL) ||
	    jt_ends_any(t, f->from - 1, W_ID_THING))
		return;
	f->from -= LETTERS;
	f->to += jt_at(t, f->to) == ' ' && two_letters(t, f->to + 1) ? LETTERS : 0;
}

/* The end of -B behind 4418, one letter or two that no word goes on behind; i when there is none. */
static uint32_t letters_behind(const struct jtext *t, uint32_t i)
{
	enum { MOST = 2 };
	uint32_t n = 0;

	while (jt_cls(t, i + 1 + n) == JT_LATIN)
		n++;
	return jt_is_dash(jt_at(t, i)) && n && n <= MOST && !is_alnum(jt_at(t, i + 1 + n)) &&
		       !jt_is_dash(jt_at(t, i + 1 + n))
		   ? i + 1 + n
		   : i;
}

static int is_key_sign(uint32_t c)
{
	return c == '#' || c == '*';
}

/* 療育手帳 A第9876号: the letter of a kind in front of 第 */
static uint32_t letter_before(const struct jtext *t, uint32_t from)
{
	return jt_at(t, from) == 0x7b2c && jt_cls(t, from - 1) == JT_LATIN &&
		       !is_alnum(jt_at(t, from - 2))
		   ? from - 1
		   : from;
}

/* Behind 号 of a number that ends at i, and what 第0532号-2 counts on with; i when no 号 follows. */
static uint32_t ordinal_end(const struct jtext *t, uint32_t i)
{
	if (jt_at(t, i) != 0x53f7 || jt_is_any(t, i, W_ROOM) > 1) /* 号 号室 */
		return i;
	i++;
	if (jt_is_dash(jt_at(t, i)) && jt_is_digit(jt_at(t, i + 1)))
		for (i++; jt_is_digit(jt_at(t, i));)
			i++;
	return i;
}

/* 44局の3210番: 1 when 番 belongs to it. */
static uint32_t by_exchange(const struct jtext *t, const struct found *f)
{
	if (jt_at(t, f->to) != 0x756a || jt_at(t, f->to + 1) == 0x53f7) /* 番号 */
		return 0;
	for (uint32_t i = f->from; i < f->to; i++)
		if (t->cp[i] == JNUM_EXCHANGE)
			return 1;
	return 0;
}

/* 第12345号, 第6-02281: what says number belongs to it, as does -B behind it, and # and * around it. */
void id_spread(struct scan *s)
{
	const struct jtext *t = &s->t;

	for (uint32_t k = 0; k < s->n; k++) {
		struct found *f = &s->found[k];
		if (f->type == HUB_SPAN_PHONE)
			f->to += by_exchange(t, f);
		if (f->type != HUB_SPAN_IDNUMBER)
			continue;
		card_spread(t, f);
		f->from -=
		    jt_at(t, f->from - 1) == 0x7b2c || is_key_sign(jt_at(t, f->from - 1)); /* 第 */
		f->from = letter_before(t, f->from);
		f->to = letters_behind(t, f->to);
		f->to += is_key_sign(jt_at(t, f->to)) ? 1 : 0;
		f->to = ordinal_end(t, f->to);
	}
}

/* Digits of a number that is written up to i, with hyphens or gaps. */
static uint32_t digits_before(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	for (; i > 0 && (jt_is_digit(t->cp[i - 1]) || jt_is_dash(t->cp[i - 1]) ||
			 t->cp[i - 1] == ' ' || t->cp[i - 1] == 0x3001 || t->cp[i - 1] == '(');
	     i--)
		n += jt_is_digit(t->cp[i - 1]) ? 1 : 0;
	return n;
}

/* 4111-1111-1111-1111 有効期限12/27: the month and year until which a card is good */
static void find_until(struct scan *s, uint32_t i)
{
	enum { CARD = 14, SHORTEST = 4, LONGEST = 7 };
	const struct jtext *t = &s->t;
	const uint32_t from = skip_joints(t, i + jt_is_any(t, i, W_VALID_UNTIL));
	uint32_t to = from;

	while (jt_is_digit(jt_at(t, to)) || (to > from && jt_at(t, to) == '/'))
		to++;
	if (to >= from + SHORTEST && to <= from + LONGEST && digits_before(t, i) >= CARD)
		scan_add(s, from, to, HUB_SPAN_IDNUMBER, LIKELY);
}

enum { DIGITS = 1u << JT_DIGIT, LATIN = 1u << JT_LATIN };

static const char *const id_examples[] = {
    "被保険者番号[1098765432]",
    "マイナンバー[2345-6789-0123]",
    "基礎年金番号は[9876-543210]だった",
    "基礎年金番号 [1234の567890]、受付番号[1234]の5人目",
    "[1234の567890]が基礎年金番号",
    "基礎年金番号は[一二三四の五六七八九〇]",
    "受付番号[一二三四]、三人で来所",
    "[12345-6-7890123]（ゆうちょ）、ゆうちょの[12340の12345671]",
    "記号[12340]番、番号[12345671]",
    "保険証の記号が[1234]で番号が[56]",
    "[7654321]（普通預金口座）",
    "ゆうちょ 記号[10070]番号[98765431]",
    "普通 [7654321] 名義は母",
    "免許証番号 [第305812345670号]",
    "在留カード[CD87654321EF]",
    "旅券番号：[TR7654321]",
    "療育手帳 石川県[第45678号]",
    "療育手帳(愛の手帳)[第4567号]",
    "相談受付番号[R6-0456]を引き継ぐ",
    "ID:[A456789]の方、身分証のIDを確認",
    "ケース番号[H30-0456]を参照",
    "宛名番号は[〇〇三四五六七八九]",
    "国保 記号[茅1] 番号[234567]",
    "記号・番号：[12-34・5678]",
    "ゆうちょ [10070 - 98765431]",
    "後期高齢[12345678]、負担1割",
    "手帳 B1 茅[第789号]、身障手帳2級 [18820号]、手帳 長野 [18820]、受給者証 1203号室",
    "パスワードは[hana1211]、PINは[1728]、PASS [kt1728]、暗号キー [7b21c09e44d1f]、PINK "
    "[12345]、受給券 [80220012]",
    "受給者証番号、えー、[いち、なな、ゼロ、さん、よん、ご]です",
    "[0098765432]（被保険者番号）",
    "手帳3級、受給者証を更新、請求記号 "
    "410.7、ケースNo.[410],[722],[583]の3件、番号は[はちはちよんよん、ろくろくにいに]",
    "手帳 番号 [石川B12345]、チャリの番号[宮城い88310]、記号[金沢 12] 番号[0041772]、国保（[金沢 "
    "07・331204]）",
    "学籍 No.[3-2-17]、受信番号:[0776532282] 2026-09-08 14:22、くじの番号 1234567",
    "口座に8万円を入金",
    "保険証1枚、診察券2枚を預かる",
    "保険証は令和8年8月1日から",
    "普通の暮らし",
    "手帳番号[第204417号]、手帳番号は[第0482913号]、療手[第50823号]、受給者証 第2号様式",
    "ケース番号[0419]と[0733]で呼ぶ、受付番号[1234]、2026年",
    "個人番号：[1234=5678=9012]、[1234＊5678＊9018]、[1234、5678、9018]、[1234…5678…9018]",
    "口座番号は[1 2 3 4 5 6 7]、保険証番号 [1234] 5人分",
    "国保 記号[さ12]番号[3456]、記号と12桁の番号",
    "介保番号：[0098765432]、雇保番号[5001-765432-1]、宛名[0012345678]、受給者[7654321]",
    "国民健康保険 [12-3456]、後期 [01234567]、後期 2031/4/1から、公費番号[7654321]",
    "共済 記号番号 [公立長野・12345]、精神2級 [第12345号]、療育A1 [第12345号]、精神科に5年",
    "足銀 本店 普 [1234567]、(普)[1234567]、普段12345円、受給者12345人",
    "「受給者証番号をお願いします」「はい、[8765432]です」、受付番号を確認。1230に来所",
    "口座番号は[1234567]から[1234568]に変更",
    "口座番号（[一二三四五六七]）、[一二三四-五六七八九〇]（基礎年金番号）、療育手帳 "
    "[A第9876号]（B1）",
    "被保険者番号（[誤1234567]、正[1234568]）、被保険者番号 [1234567] "
    "12人、手帳の番号を読むと[12345]、受付番号 [12345]、150日",
    "受給者証番号を控える：[8765432]、【被保険者番号】[1234]、被保険者番号の欄は[二三四五六七]"
    "、被保険者番号を5人に",
    "[12 345 678]（国保被保険者番号）、介護保険を申請、5月に認定。介護保険の控え "
    "[12345]、受給者証を5月に更新",
    "手帳B2 番号[4418-B] "
    "次回、国保の番号[茅野4471820]、暗証は[#0447*]、キーBOXは[8・3・1・7]、ボックス "
    "[0-4-1-2]、鍵番号 [K4120]、ボックス 12個、番号錠は[7→1→9]",
    "特定疾病療養受療証 番号[331]、被保険者番号 [ゼロがよっつ、ハチハチサンイチゼロヨン]",
    "国保 記号 [茅-12]・番号 [4567]、保険証：記[1234] 番[5678]、保険証 1番5階",
    NULL};
static const char *const unlabelled_examples[] = {
    "[12340-56789011]に振込、[10070-1-5678901]",
    "写しを受領。長野県[第18820号]、長野県第118号告示、さくら銀行([0999]) 北支店([118])",
    "八十二 福島支店 [1234567]、三菱UFJ銀行 [001-7654321]、みずほの[7654321]へ振り込む",
    "予算12345-67890、銀行に7654321円、銀行へ [1200000] を、銀行で2031-04-01",
    "〒[123-4567890]、型番10070-56789012",
    "年金\t[1234-567890]\t厚生、雇用保険は [5001-765432-1]",
    "年金 2031-040100円",
    "基年番[4312-556781]、二番[1234567]",
    "文書2031-123456",
    "紙に[0012345]とだけ、[1002345678]を控えた",
    "〒[0600001]、0.0012345、[1234567]、事業所番号 0270100999",
    "写真_20310401104512、203104011045123、1000000000円",
    NULL};
static const char *const last_examples[] = {"下4桁は[1212]、末尾[0348]から着信、最後の4けたは["
					    "一二一二]、最後の4桁が[いち、に、いち、に]です",
					    "下4桁をもう一度。はい、[1212]です、頭が[〇八〇]",
					    "末尾3日分、下4桁が読めない、2026年に1500円", NULL};
static const char *const said_examples[] = {
    "カードの裏は[よんよんなないち、にーまるはちはち、いちさんななろく]です",
    "Aさん「[二二一七三三〇八]」、一二三四五六七八九、二〇二六年",
    "いち、に、いち、に、いち、に、いち、にと行進",
    "[れいごーななに]、局番は、TEL[二二 六一三七]、基礎年金番号[四一八八‐二七〇〇三三]",
    "保育園は[サンロクの、ヨンヨンイチニ]です",
    "家はね、[ご、よん、さん、の、よんごーの、ななはちいちに]",
    "読みます、[ニーニーハチ、ナナマルイチヨン]",
    "いち、に、さん、し、ご、ろく、しち、はちと数える",
    "朝にさんにんのいちにちの予定",
    NULL};
static const char *const mynumber_examples[] = {
    "[234567890122]と書かれた紙",
    "[2345 6789 0123]",
    "[２３４５６７８９０１２３]",
    "[二三四五六七八九〇一二三]",
    "[2345-6789-\n0123]",
    "マイナンバー、[1234、5678、9012]。歩数1234、[5678]、[9012]",
    "[1234/5678/9018]、[1234.5678.9018]",
    "個人番号\t[5322\t8100\t7744]、歩数 4107 5225 6833、"
    "電卓で410722583314÷2",
    "2345678901234",
    "[23456789012]",
    "総額234567890123円",
    NULL};
static const char *const year_case_examples[] = {
    "[TR7654321]、[CD87654321EF]、JIS7654321、パスポートはベトナムの[C7654321]",
    "旅券 [TK 7654321]、在留カード [AB 87654321 CD]、ID [7654321]、型番C7654321",
    "出席番号[17]、整理番号17、支給決定番号[R7補-0447]、母子手帳 [R7-88]、母子手帳 R7-10",
    "No.[R6-033]、プラン[R6-J-018]を承認、旧番号[H30-1187]、支援措置[第R6-0317号]",
    "議案R6-012、文書番号R6-0317、R6-7年度、[R6-012-3]、型番S10-1234、会議（R6-0401版）",
    NULL};
static const char *const number_of_examples[] = {
    "通帳を見せてもらい、番号は[1122334]と控えた。", "番号は7でした。",
    "学童に登録（番号[K-0217]）", "社保の番号は、ちょっと待って、[1180の42]。", NULL};
static const char *const column_examples[] = {
    "被保険者番号\t[0001234567]\t要介護度\t3",
    "受給者番号(自立支援) [8765432]、ケース番号[R7-西-0112]、離職票に[5001-765432-1]、在留カード "
    "[CD 1234 5678 EF]",
    "氏名\t手帳番号\t等級\n-\t[123456]\t2\n-\t[654321]\t1",
    "\"口座番号\",\"種別\"\n\"[7654321]\",\"普通\"",
    "事業所番号\t金額\n0270100999\t12345\n",
    NULL};
static const char *const ended_examples[] = {
    "番号は[090]から始まって[2036]で終わる、患者[410]番さん、10で終わる、3番さん、2031で終わる年度",
    NULL};
static const char *const dial_examples[] = {
    "金庫 右に[25]、左に[8]、ダイヤル式ポスト右[3]左[7]、キーBOX "
    "右[4]左[18]、金庫は右[41]左[07]右[22]",
    "視力 右0.7左1.2、握力 右14 左11.5、血圧 右132/74 左140/80、鍵は右に3個", NULL};
static const char *const until_examples[] = {
    "暗証は孫の誕生日で[0712]にした、暗証の4桁[1961]を忘れた、暗証は4桁です。4月に来所、"
    "通用口の番号 [C1580Z]、カード番号：[4111-1111-1111-1111] 有効期限[12/27]、受給者証 "
    "有効期限12/27、期限8/31",
    NULL};
static const char *const court_examples[] = {"[令和8年(家)第1234号]の審判", "(別表)第3号", NULL};

const struct rule rules_id[] = {
    {"labelled number", {W_ID_LABEL, W_ID_THING}, 0, find_labelled, id_examples},
    {"number of a thing", {W_NUMBER_WORD}, 0, find_number_of, number_of_examples},
    {"number in a column", {W_NONE}, LATIN, find_in_column, column_examples},
    {"individual number", {W_KANJI_DIGIT}, DIGITS, find_mynumber, mynumber_examples},
    {"case of a year", {W_NONE}, LATIN, find_year_case, year_case_examples},
    {"number without a label", {W_NONE}, DIGITS, find_unlabelled, unlabelled_examples},
    {"last digits", {W_LAST_DIGITS}, 0, find_last_digits, last_examples},
    {"dial of a lock", {W_DIAL}, 0, find_dial, dial_examples},
    {"digits at the end", {W_DIGITS_END}, 0, find_ended, ended_examples},
    {"said number", {W_PHONE_START}, 0, find_said_number, said_examples},
    {"until when a card is good", {W_VALID_UNTIL}, 0, find_until, until_examples},
    {"court case", {W_ORDINAL}, 0, find_court_case, court_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
