/* Dates of birth: a date with a word for birth, an age or a sex beside it, or in a line of a household. Other
 * dates stay. */
#include "jname.h"
#include "jnum.h"
#include "layout.h"
#include "said_date.h"
#include "scan.h"

enum { NOW_FROM = 2015, NOW_TO = 2040 }; /* years in which a text of ours can speak of an age */

/* Goes over what may stand between a date and 生まれ: spaces, brackets, a weekday, は に で と の. */
static uint32_t skip_behind(const struct jtext *t, uint32_t i)
{
	for (int k = 0; k < 4; k++) {
		const uint32_t c = jt_at(t, i);
		if (c == '(' && jt_cls(t, i + 1) == JT_KANJI && jt_at(t, i + 2) == ')')
			i += 3; /* (火) */
		else if (c == ' ' || c == '(' || c == ')' || c == 0x3001 || c == 0x306b ||
			 c == 0x306e || c == 0x30fb || c == '\t' || c == ',' || c == '|' ||
			 (c == '\n' && k == 0))
			i++;
		else
			break;
	}
	return i;
}

static int is_born(const struct jtext *t, uint32_t i)
{
	const uint32_t n = jt_is_any(t, i, W_BORN);

	if (n == 1 && jt_cls(t, i + 1) == JT_KANJI)
		return jt_is_any(t, i + 1, W_SEX) > 0;
	return n > jt_is_any(t, i, W_NO_BORN);
}

/* 男児出生, 第二子を出産, 長女 誕生 */
static int child_born(const struct jtext *t, uint32_t i)
{
	const uint32_t sex = jt_is_any(t, i, W_SEX), kin = jt_is_any(t, i, W_RELATION);
	const uint32_t child = sex > kin ? sex : kin;

	if (child < 2)
		return 0;
	i += child + (jt_at(t, i + child) == ' ' || jt_is(t, i + child, "が"));
	return jt_is_any(t, i, W_BORN) > 1 && is_born(t, i);
}

/* 3月8日で89(歳) */
static int turns_older(const struct jtext *t, uint32_t i)
{
	enum { OLDEST = 115, TEN = 10 };
	uint32_t v;
	const uint32_t n = jt_at(t, i) == 0x3067 || jt_at(t, i) == 0x306b ? jnum_small(t, i + 1, &v)
									  : 0; /* で に */
	const uint32_t unit = jt_is_any(t, i + 1 + n, W_AGE), next = i + 2 + n;

	if (n && v < TEN && jt_at(t, next - 1) == 0x3064) /* 四つ */
		return jt_cls(t, next) == JT_OTHER || jt_is(t, next, "になる") ||
		       jt_is(t, next, "になった");
	return n && v && v <= OLDEST &&
	       (unit ? jt_cls(t, i + 1 + n + unit) != JT_KANJI
		     : jt_at(t, i + 1 + n) == ')' || jt_is(t, i + 1 + n, "になる") ||
			   jt_is(t, i + 1 + n, "になった") || jt_is(t, i + 1 + n, "なる") ||
			   jt_is(t, i + 1 + n, "なった"));
}

/* 2,846g, 3012 g behind a date: what only a newborn weighs. */
static uint32_t skip_weight(const struct jtext *t, uint32_t i)
{
	uint32_t digits = 0, at = i;

	for (; jt_is_digit(jt_at(t, at)) || (jt_at(t, at) == ',' && digits == 1); at++)
		digits += jt_is_digit(t->cp[at]) ? 1 : 0;
	at += jt_at(t, at) == ' ';
	return (digits == 3 || digits == 4) && jt_at(t, at) == 'g' && !is_alnum(jt_at(t, at + 1))
		   ? at + 1
		   : i;
}

/* 昭和50年の元日生まれ: where the name of the day ends; end when there is none. */
static uint32_t feast_end(const struct jtext *t, uint32_t end)
{
	enum { FEAST = 7 };

	if (jt_at(t, end) != 0x306e || jt_at(t, end - 1) != 0x5e74) /* の 年 */
		return end;
	for (uint32_t i = end + 2;
	     i < end + FEAST && jt_cls(t, i - 1) >= JT_KANJI && jt_cls(t, i - 1) <= JT_KATA &&
	     !jt_is_char(t, i - 1, "でにをはが");
	     i++)
		if (jt_is(t, i, "生まれ") && is_born(t, i))
			return i;
	return end;
}

/* 生まれ right behind the date, or at the end of its sentence: …に、秋田の農家に生まれる。 */
static int born_behind(const struct jtext *t, uint32_t end, int full)
{
	enum { FAR = 24, NEAR = 14 };
	uint32_t i = skip_behind(t, end);

	if (is_born(t, i) || child_born(t, i) || turns_older(t, end) ||
	    (i > end && skip_weight(t, i) > i) ||
	    (jt_at(t, end) == '(' && jt_is_any(t, end + 1, W_BIRTH_LABEL) > 2)) /* (生年月日) */
		return 1;
	if (jt_at(t, end) == 0x304c) /* が本人の誕生日 */
		for (i = end + 1;
		     i < end + NEAR && jt_cls(t, i) >= JT_KANJI && jt_cls(t, i) <= JT_KATA; i++)
			if (jt_is(t, i, "誕生日") && jt_at(t, i - 1) == 0x306e)
				return 1;
	if (feast_end(t, end) > end)
		return 1;
	if (jt_at(t, end) != 0x306b && (!full || jt_at(t, end) != 0x3001)) /* に 、 */
		return 0;
	for (; i < end + (full ? FAR : NEAR) && i < t->n; i++) {
		i = skip_weight(t, i);
		if (jt_at(t, i) == 0x3002 || jt_at(t, i) == '\n' ||
		    (jt_is_digit(jt_at(t, i)) && jt_cls(t, i + 1) == JT_KANJI)) /* no age */
			return 0;
		if (jt_is_any(t, i, W_BORN) > 1 && is_born(t, i))
			return 1;
	}
	return 0;
}

/* (86歳), 満86才, (86): an age that fits the year; of a child it is said to be one. */
static int age_fits(const struct jtext *t, uint32_t i, uint32_t year)
{
	enum { GROWN = 2010 };
	uint32_t v, n;

	if (jt_at(t, i) == '(' && year < GROWN && (n = jnum_small(t, i + 1, &v)) == 2 &&
	    jt_at(t, i + 3) == ')' && year + v >= NOW_FROM && year + v <= NOW_TO)
		return 1;
	i = skip_behind(t, i);
	const int gap = jt_cls(t, i - 1) == JT_SPACE || jt_at(t, i - 1) == '\t';
	i += jt_at(t, i) == 0x6e80; /* 満 */
	n = jnum_small(t, i, &v);
	const uint32_t next = jt_at(t, i + n);
	const int bare =
	    gap && n == 2 && year < GROWN && (!next || next == ' ' || next == '\t' || next == '\n');
	return n && (bare || jt_is_any(t, i + n, W_AGE)) && year && year + v >= NOW_FROM &&
	       year + v <= NOW_TO;
}

/* 86歳 S15.3.3, 年齢86(S15.3.3): the same before the date. */
static int age_before(const struct jtext *t, uint32_t i, uint32_t year)
{
	uint32_t k = i, v;

	while (k > 0 && i - k < 4 && jt_cls(t, k - 1) != JT_KANJI && !jt_is_digit(t->cp[k - 1]))
		k--;
	const uint32_t unit = jt_ends_any(t, k, W_AGE), end = k - unit;
	for (k = end; k > 0 && end - k < 3 &&
		      (jt_is_digit(t->cp[k - 1]) || jt_ends_any(t, k, W_KANJI_NUMBER));)
		k--;
	return k < end && jnum_small(t, k, &v) == end - k && (unit || jt_ends(t, k, "年齢")) &&
	       year + v >= NOW_FROM && year + v <= NOW_TO;
}

/* Parts the cells of a line of a household: 父:太郎, 夫・太郎, |長女|花子| */
static int parts_cells(uint32_t c)
{
	return c == ' ' || c == ':' || c == '(' || c == ')' || c == '/' || c == ',' || c == '|' ||
	       c == '\t' || c == 0x30fb;
}

/* No line of a household goes on over it to the left. */
static int ends_line(uint32_t c)
{
	return c == 0 || c == '\n' || c == '-' || c == 0x3001 || c == 0x3002 ||
	       c == LAYOUT_CIRCLE || jt_is_digit(c);
}

/* Who stands in front of i as the first of a line or in a cell of it, and no sentence between: *n his word; i when nobody
 * does. */
static uint32_t relative_before(const struct jtext *t, uint32_t i, uint32_t *n)
{
	enum { FAR = 14, KANA = 4 };
	uint32_t kana = 0;

	for (uint32_t k = i; k-- > 0 && i - k < FAR && !ends_line(t->cp[k]);) {
		if (jt_cls(t, k) == JT_HIRA && (jname_is_particle(t->cp[k]) || ++kana > KANA))
			break;
		const uint32_t before = jt_at(t, k - 1);
		if (!ends_line(before) && !parts_cells(before))
			continue;
		*n = jt_is_any(t, k, W_RELATION);
		if (!*n)
			*n = jt_is(t, k, "世帯主");
		if (*n && (parts_cells(jt_at(t, k + *n)) || k + *n == i))
			return k;
	}
	return i;
}

/* 長女 真央 H21.3.3 小6: a line of a household table. The date ends there, nothing happened on it. */
static int in_household(const struct jtext *t, uint32_t i, const struct jdate *d)
{
	const uint32_t next = jt_at(t, d->end);
	uint32_t n;

	if (!d->y || d->y >= NOW_FROM + 10 ||
	    !(next == 0 || next == '\n' || next == 0x3001 || parts_cells(next) ||
	      jt_is_any(t, d->end, W_RELATION)))
		return 0;
	const uint32_t k = relative_before(t, i, &n);
	/* 父 R8.4.1 入院: without a name between it is an event */
	return k < i && (i - (k + n) > 3 || d->y < 1989 ||
			 ((t->cp[i - 1] == '(' || t->cp[i - 1] == ':') && d->y < NOW_FROM));
}

/* 生年月日をお願いします。はい、…: asked for shortly before. */
static int was_asked(const struct jtext *t, uint32_t i)
{
	int answer = 0;

	for (uint32_t k = i; k-- > 0 && i - k < 30 && !jt_is_digit(t->cp[k]);) {
		answer |= jt_is_any(t, k, W_ASKED) > 0;
		if (answer && jt_is_any(t, k, W_BIRTH_LABEL) > 2)
			return 1;
	}
	return 0;
}

/* 220905 behind a label: year, month and day of somebody; 3220905 or 3-220905 with the number of the era before it. */
static int six_digits(const struct scan *s, uint32_t i, struct jdate *d)
{
	const int named = s->t.cp[i] >= '1' && s->t.cp[i] <= '5';
	const int dashed = named && s->digits == 1 && jt_is_dash(jt_at(&s->t, i + 1));
	uint32_t v[3], n = 0;

	if ((s->digits != 6 && !(named && s->digits == 7) && !dashed) ||
	    !has_label(&s->t, i, W_BIRTH_LABEL))
		return 0;
	i += dashed ? 2 : s->digits == 7;
	while (jt_is_digit(jt_at(&s->t, i + n)))
		n++;
	if (n != 6)
		return 0;
	for (uint32_t k = 0; k < 3; k++)
		v[k] = (s->t.cp[i + 2 * k] - '0') * 10 + (s->t.cp[i + 2 * k + 1] - '0');
	*d = (struct jdate){.y = 1900 + v[0], .m = v[1], .d = v[2], .end = i + 6};
	return v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31;
}

/* 生年月日 13582: a sheet's day, that nobody formatted. */
static int serial_day(const struct scan *s, uint32_t i, struct jdate *d)
{
	enum { TODAY = 55000 };
	uint32_t v = 0, label;

	if (s->digits != 5 || !label_before(&s->t, i, W_BIRTH_LABEL, &label) ||
	    jt_ends_any(&s->t, label, W_BIRTH_LABEL) < 3)
		return 0;
	for (d->end = i; d->end < i + 5; d->end++)
		v = v * 10 + (s->t.cp[d->end] - '0');
	return v < TODAY;
}

/* A character of an era's name, or its letter. */
static int is_era(const struct jtext *t, uint32_t i)
{
	const uint32_t c = jt_at(t, i);

	return jt_is_any(t, i, W_ERA) || c == 0x6cbb || c == 0x6b63 || c == 0x548c || c == 0x6210 ||
	       (c == 0x65e5 && jt_at(t, i + 1) == 0x30fb); /* 治 正 和 成, ㊐・ */
}

/* 明・大・昭・平 12年3月8日, □大正 ■昭和: where the eras to choose from begin, of which none or a wrong one may be marked,
 * with whatever sign; i when there are none. */
static uint32_t era_choice(const struct jtext *t, uint32_t i)
{
	uint32_t from = i, n = 0;

	for (uint32_t k = i; k > 0 && i - k < 24; k--) {
		const enum jt_class c = jt_cls(t, k - 1);
		if (is_era(t, k - 1)) {
			n++;
			from = k - 1;
		} else if (c != JT_OTHER && c != JT_SPACE && t->cp[k - 1] != 0x65e5) { /* ㊐ */
			break;
		}
	}
	while (from > 0 && (t->cp[from - 1] == '(' || t->cp[from - 1] == '\n'))
		from--;
	return n > 1 ? from : i;
}

/* M・T・S・H 31年8月4日: what a form lets choose from goes back so far for a birth only. */
static int is_choice_of_birth(const struct jtext *t, uint32_t choice, uint32_t i)
{
	uint32_t old = 0;

	for (uint32_t k = choice; k < i; k++) {
		if (jt_cls(t, k) == JT_LATIN && jt_cls(t, k + 1) == JT_LATIN) /* TSH 2.31 */
			return 0;
		old |= jt_is_char(t, k, "明大MT") ? 1 : 0;
	}
	return old != 0;
}

/* A label of a birth stands before i, a line end between or not. */
static int has_birth_label(const struct jtext *t, uint32_t i)
{
	uint32_t label;

	i -= jt_at(t, i - 1) == '\n';
	return label_before(t, i, W_BIRTH_LABEL, &label) &&
	       !(jt_at(t, i - 1) == 0x3001 && jt_ends(t, label, "に生まれ")) && /* 、 */
	       !jt_ends_any(t, label, W_NO_BIRTH_LABEL) &&
	       (jt_at(t, label) != ')' ||
		jt_ends_any(t, label, W_BIRTH_LABEL) > 1); /* (S22.9.5生)R7.4.1没 */
}

/* 1947-09-05（S22.9.5）: the same day once more; 昭和22年9月、1947年9月: as much of it as was said, right behind. */
static int is_again(const struct scan *s, uint32_t i, const struct jdate *d, int full)
{
	enum { NEAR = 8 };
	const struct jtext *t = &s->t;
	struct jdate was = {.y = 0};

	for (uint32_t k = s->n; k > 0 && s->n - k < 4; k--) {
		const struct found *f = &s->found[k - 1];
		if (f->type != HUB_SPAN_BIRTHDATE)
			continue;
		if (full ? jdate_read(t, f->from, &was) && was.d == d->d
			 : f->to <= i && i - f->to <= NEAR && is_one_sentence(t, f->to, i) &&
			       jdate_read_part(t, f->from, &was))
			if (was.y == d->y &&
			    (was.m == d->m || (!d->m && jt_cls(t, d->end) != JT_KANJI)))
				return 1;
	}
	return 0;
}

/* きょうだい①H21.4.30: the first that is counted of a family. */
static int is_counted(const struct jtext *t, uint32_t i)
{
	return jt_at(t, i - 1) == LAYOUT_CIRCLE &&
	       (jt_ends_any(t, i - 1, W_RELATION) || jt_ends_any(t, i - 1, W_GROUP));
}

/* 石橋 茂 before i: a surname and what may be given. A day as long ago as that leaves little else, whatever the name. */
static int full_name_before(const struct jtext *t, uint32_t i, uint32_t year)
{
	enum { MOST = 3, LONG_AGO = 1990 };
	uint32_t given = i, from;

	while (given > 0 && i - given < MOST && jname_is_kanji(t, given - 1))
		given--;
	if (given == i)
		while (given > 0 && i - given <= MOST && jt_cls(t, given - 1) >= JT_HIRA &&
		       jt_cls(t, given - 1) <= JT_KATA)
			given--;
	if (given == i || jt_at(t, given - 1) != ' ')
		return 0;
	for (from = given - 1; from > 0 && given - from <= MOST && jname_is_kanji(t, from - 1);) {
		const uint32_t n = given - 1 - --from;
		if (jname_surname(t->cp + from, n) && (n > 1 || !jname_is_kanji(t, from - 1)))
			return 1; /* words may stand before it: 本人石橋 茂 */
	}
	return year && year < LONG_AGO && given - 1 - from > 1;
}

/* 沖野ユイ before i, with nothing between its two parts: a surname that begins a word, and what may be given. */
static int solid_name_before(const struct jtext *t, uint32_t i)
{
	enum { MOST = 7, GIVEN = 3 };
	uint32_t from = i;

	while (from > 0 && i - from < MOST && jt_cls(t, from - 1) >= JT_KANJI &&
	       jt_cls(t, from - 1) <= JT_KATA)
		from--;
	const uint32_t n = jname_surname_prefix(t->cp + from, i - from);
	return n > 1 && i - from > n && i - from - n <= GIVEN &&
	       !jname_is_particle(jt_at(t, i - 1));
}

/* 海 H26.2.18, きょうだい：陸2010.7.7、海2014.2.18: one short word from the begin of a line or a list to i. */
static int is_first_word(const struct jtext *t, uint32_t i)
{
	enum { MOST = 3 };
	uint32_t from = i;

	while (from > 0 && i - from <= MOST && jt_cls(t, from - 1) >= JT_KANJI &&
	       jt_cls(t, from - 1) <= JT_KATA)
		from--;
	const uint32_t before = jt_at(t, from - 1);
	return from < i && i - from <= MOST && !jname_is_particle(t->cp[i - 1]) &&
	       (!before || before == '\n' || before == ':' || before == 0x3001);
}

/* Whose name or title ends at i, or in front of the bracket, cell or line end there: 結城 希空（のあ）⏎, 石橋様, 妹：*/
static int is_behind_person(const struct jtext *t, uint32_t i, uint32_t year)
{
	enum { MOST = 10 };
	uint32_t k = i - (jt_at(t, i - 1) == '\n' || parts_cells(jt_at(t, i - 1)));

	if (jt_at(t, k - 1) == ')') {
		while (k > 0 && i - k < MOST && t->cp[k - 1] != '(')
			k--;
		k -= jt_at(t, k - 1) == '(';
	}
	return jt_ends_any(t, k, W_HONORIFIC) || jt_ends_any(t, k, W_RELATION) ||
	       jt_ends(t, k, "子") || full_name_before(t, k, year) || solid_name_before(t, k) ||
	       (jt_at(t, i - 1) != '(' && is_first_word(t, k));
}

/* H28.6.21、姉 H25.3.3: the next one of a family follows with a date of his own. */
static int next_of_family(const struct jtext *t, uint32_t i)
{
	struct jdate next;
	uint32_t k = i;

	while (k < i + 2 && (parts_cells(jt_at(t, k)) || jt_at(t, k) == 0x3001))
		k++;
	const uint32_t who = k > i ? jt_is_any(t, k, W_RELATION) : 0;
	return who && jdate_read(t, k + who + (parts_cells(jt_at(t, k + who)) ? 1 : 0), &next);
}

/* H24.8.8、H27.1.30; きょうだい①H21.4.30 ②H24.9.9: right behind a birth, nothing but signs between. */
static int is_one_more(const struct scan *s, uint32_t i)
{
	enum { NEAR = 3 };
	const struct found *f = s->n ? &s->found[s->n - 1] : NULL;

	if (!f || f->type != HUB_SPAN_BIRTHDATE || f->to >= i || i - f->to > NEAR)
		return 0;
	for (uint32_t k = f->to; k < i; k++)
		if (jt_cls(&s->t, k) >= JT_KANJI && jt_cls(&s->t, k) <= JT_LATIN)
			return 0;
	return 1;
}

/* 没2019, 没年不詳, -2026.2.11 死去: behind the day stands when somebody died, so that it is when he was born. */
static int dies_behind(const struct jtext *t, uint32_t i)
{
	enum { NEAR = 8 };
	static const char *const words[] = {"没", "死去", "死亡", "逝去", "享年", NULL};
	const uint32_t c = jt_at(t, i);
	struct jdate d;

	for (const char *const *w = words; *w; w++) {
		const uint32_t at = i + jt_is(t, i, *w);
		if (at > i)
			return jt_at(t, at) == 0x5e74 || jdate_read(t, at, &d) || /* 年 */
			       jdate_read_short(t, at, &d) ||
			       (jnum_small(t, at, &d.y) == 4 && !jt_is_digit(jt_at(t, at + 4)));
	}
	if ((!jt_is_dash(c) && c != '~' && c != 0x301c) || !jdate_read(t, i + 1, &d)) /* 〜 */
		return 0;
	for (i = d.end; i < d.end + NEAR && is_one_sentence(t, d.end, i); i++)
		for (const char *const *w = words; *w; w++)
			if (jt_is(t, i, *w))
				return 1;
	return 0;
}

/* What follows or stands before says what happened on the day: H19.2.14交付, S60.4.1に入社, 初診日 S60.4.1, S60.4.1〜 */
static int is_event(const struct jtext *t, uint32_t i, const struct jdate *d)
{
	/* 大正9年5月5日〜平成18年 is a life, and 死亡届 大正9.5.5 says whose */
	enum { LIVED = 1950 };
	const uint32_t next = jt_at(t, d->end);
	uint32_t before = i, end = d->end;

	while (jt_at(t, end) == ' ' || jt_at(t, end) == '\t' || jt_at(t, end) == '(')
		end++;
	if (dies_behind(t, end))
		return 0;
	while (before > 0 &&
	       (parts_cells(t->cp[before - 1]) || t->cp[before - 1] == LAYOUT_CIRCLE ||
		t->cp[before - 1] == 0x306f)) /* は */
		before--;
	if (jt_is_any(t, end, W_EVENT) || (d->y >= LIVED && jt_ends_any(t, before, W_EVENT)) ||
	    ((next == '-' || next == '~' || next == 0x301c) && d->y >= LIVED) ||
	    jt_ends(t, i, "~") || jt_ends(t, i, "〜"))
		return 1;
	/* 付け, 現在, but not 確認; に */
	return (jt_cls(t, d->end) == JT_KANJI && !jt_is(t, d->end, "確認") &&
		!jt_is(t, d->end, "判明") && !jt_is_any(t, d->end, W_SEX) &&
		!jt_is_any(t, d->end, W_RELATION)) ||
	       next == 0x306b;
}

/* A day with its year that is no event is somebody's birth when records do not go back so far, later when somebody
 * stands before it and no sentence goes on behind. */
static int is_nothing_else(const struct scan *s, uint32_t i, const struct jdate *d)
{
	enum { RECORDS = 2000 };
	const struct jtext *t = &s->t;
	const uint32_t next = jt_at(t, d->end);

	if (!d->y || d->y >= NOW_FROM + 10 || is_event(t, i, d))
		return 0;
	if ((d->y < RECORDS && next != 0x306e) || /* の */

	    (jt_at(t, i - 1) == 'B' && !is_alnum(jt_at(t, i - 2))) || /* BH27.8.30 */
	    is_one_more(s, i) || next_of_family(t, d->end))
		return 1;
	return (!next || next == '\n' || next == 0x3001 || next == 0x3002 || next == 0x306f ||
		parts_cells(next)) && /* 、 。 は */
	       is_behind_person(t, i, d->y);
}

/* The year behind 09/05/1947. */
static uint32_t year_behind(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	while (jt_at(t, i) == '/' && jt_is_digit(jt_at(t, i + 1 + n)))
		n++;
	return n == 4 ? i + 5 : i;
}

/* 昭和22年で、9月5日: the day behind the year of a birth. */
static int is_rest(const struct scan *s, uint32_t i)
{
	enum { NEAR = 3 };
	const struct found *f = s->n ? &s->found[s->n - 1] : NULL;

	return f && f->type == HUB_SPAN_BIRTHDATE && f->to < i && i - f->to <= NEAR &&
	       jt_at(&s->t, f->to - 1) == 0x5e74; /* 年 */
}

/* 誕生日が母と同じ9月5日: said earlier in the sentence, and no other number between. 生年月日を確認した。昭和30年4月5日: of a day
 * long ago, with all of it, further off and in the sentence before. */
static int said_of_birth(const struct jtext *t, uint32_t i, const struct jdate *d, int full)
{
	enum { FAR = 12, FURTHER = 30, LEAST = 3 };
	const int long_ago = full && d->y < NOW_FROM;
	/* 生年月日を聞くと平成30年4月5日とのこと, not 生年月日を聞き令和8年4月1日に再訪 */
	const int answer = full && d->y < NOW_FROM + 10 && jt_at(t, d->end) != 0x306b &&
			   jt_cls(t, d->end) != JT_KANJI;

	for (uint32_t k = i; k-- > 0 && i - k <= (long_ago ? FURTHER : FAR) &&
			     (long_ago || (t->cp[k] != 0x3002 && t->cp[k] != '\n')) &&
			     !jt_is_digit(t->cp[k]);) {
		const uint32_t n = jt_is_any(t, k, W_BIRTH_LABEL), next = jt_at(t, k + n);
		if (n >= LEAST && jt_is_any(t, k, W_NO_BORN) <= n)
			return ((long_ago || answer) && n > LEAST) || next == 0x304c ||
			       next == 0x306f ||                          /* が は */
			       (next == 0x3067 && jt_ends(t, k, "早")) || /* で */
			       (jt_is(t, k, "誕生日") && jt_at(t, d->end) != 0x306b);
	}
	return 0;
}

/* 誕生日は母が1/7で私が3/2: a day behind that of somebody else, with who it is between. */
static int is_next_day(const struct scan *s, uint32_t i)
{
	enum { NEAR = 8 };
	const struct jtext *t = &s->t;
	const struct found *f = s->n ? &s->found[s->n - 1] : NULL;
	const uint32_t who = i - (jt_at(t, i - 1) == 0x304c || jt_at(t, i - 1) == 0x306f ||
				  parts_cells(jt_at(t, i - 1))); /* が は */
	struct jdate was;

	return f && f->type == HUB_SPAN_BIRTHDATE && f->to < i && i - f->to <= NEAR &&
	       is_one_sentence(t, f->to, i) && jdate_read_day(t, f->from, &was) &&
	       was.end == f->to &&
	       (jt_ends_any(t, who, W_RELATION) || jt_ends_any(t, who, W_HONORIFIC) ||
		jt_ends(t, who, "私"));
}

/* 8/8じゃなくて8/18, 昭和30年4月5日→6日: right behind a birth that is taken back. */
static int is_instead(const struct scan *s, uint32_t i)
{
	enum { NEAR = 8 };
	const struct jtext *t = &s->t;
	const struct found *f = s->n ? &s->found[s->n - 1] : NULL;

	if (!f || f->type != HUB_SPAN_BIRTHDATE || f->to >= i || i - f->to > NEAR)
		return 0;
	return jt_at(t, f->to) == 0x2192 || jt_is(t, f->to, "じゃな") ||
	       jt_is(t, f->to, "ではな") || jt_is(t, f->to, "でなく"); /* → */
}

/* 23/09/1947, which no month begins. */
static int day_first(const struct jtext *t, uint32_t i, struct jdate *d)
{
	const uint32_t n = jnum_small(t, i, &d->d);

	if (n != 2 || d->d < 13 || d->d > 31 || jt_at(t, i + 2) != '/')
		return 0;
	const uint32_t m = jnum_small(t, i + 3, &d->m);
	d->y = 0;
	d->end = i + 3 + m;
	return m && d->m >= 1 && d->m <= 12 && year_behind(t, d->end) > d->end;
}

/* S12生, 昭35.12の生まれ, 79年生まれ, 長男(平21): what is a year only where somebody is born. */
static int born_in_year(const struct scan *s, uint32_t i, struct jdate *d)
{
	const struct jtext *t = &s->t;

	if (s->digits == 2 && jt_at(t, i + 2) == 0x5e74) { /* 年 */
		const uint32_t n = jnum_small(t, i + 3, &d->m);
		const int month = n && d->m <= 12 && jt_at(t, i + 3 + n) == 0x6708;
		d->end = i + 3 + (month ? n + 1 : 0);
		return (month || jt_is_any(t, d->end, W_BORN) > 1) && is_born(t, d->end);
	}
	if (s->digits || (!jt_is_digit(jt_at(t, i + 1)) && !jt_is_digit(jt_at(t, i + 2))) ||
	    !jdate_read_short(t, i, d))
		return 0;
	uint32_t who = i - 1; /* 長男57歳( */
	who -= jt_ends_any(t, who, W_AGE);
	while (jt_is_digit(jt_at(t, who - 1)))
		who--;
	return is_born(t, skip_behind(t, d->end)) ||
	       (jt_cls(t, d->end) != JT_KANJI && !is_alnum(jt_at(t, d->end)) &&
		has_birth_label(t, i)) ||
	       (d->y < NOW_FROM && jt_at(t, i - 1) == '(' && jt_at(t, d->end) == ')' &&
		jt_ends_any(t, who, W_RELATION));
}

/* おふくろは明治四十五年七月: year and month that nobody but the old have something to do with. */
static int is_of_the_old(const struct jtext *t, const struct jdate *d)
{
	enum { LIVED = 1945 };
	const uint32_t next = jt_at(t, d->end);

	return d->y && d->y < LIVED && d->m && !d->d &&
	       (!next || next == '\n' || next == 0x3002 || next == 0x3001 || next == 0x300d ||
		parts_cells(next)); /* 。 、 」 */
}

static int is_part_gap(uint32_t c)
{
	return c == '|' || c == ',' || c == '\t' || c == ' ' || c == '"';
}

/* The begin of the next cell behind i, the unit of a date or a stroke of a table between; i when none begins. */
static uint32_t next_part(const struct jtext *t, uint32_t i)
{
	enum { MOST = 7 };
	uint32_t k = i, cells = 0, units = 0;

	for (; k < i + MOST; k++) {
		const uint32_t c = jt_at(t, k);
		cells += c == '|' || c == ',' || c == '\t';
		units += c == 0x5e74 || c == 0x6708; /* 年 月 */
		if (!is_part_gap(c) && c != 0x5e74 && c != 0x6708)
			break;
	}
	return cells || !units ? k : i; /* 11 4 2 */
}

/* 生年月日,S,41,07,07, |昭和|41|年|7|月|7|日|: a date whose parts have cells of their own, behind its label. */
static int find_split(struct scan *s, uint32_t i)
{
	enum { PARTS = 3 };
	const struct jtext *t = &s->t;
	uint32_t part[PARTS], end[PARTS], v[PARTS], at = i;

	uint32_t label = i;
	while (label > 0 && (is_part_gap(t->cp[label - 1]) || t->cp[label - 1] == ':'))
		label--;
	const int labelled = label < i && jt_ends_any(t, label, W_BIRTH_LABEL) > 2,
		  era = is_era(t, i) && !s->digits;
	if (!labelled && !era)
		return 0;
	if (era) {
		at += jt_is_any(t, i, W_ERA);
		at += is_era(t, at) ? 1 : 0;
		at = next_part(t, at);
	}
	for (uint32_t k = 0; k < PARTS; k++) {
		const uint32_t n = jnum_small(t, at, &v[k]);
		part[k] = at;
		end[k] = at + n;
		at = next_part(t, end[k]);
		if (!n || (k + 1 < PARTS && at == end[k]))
			return 0;
	}
	const int day_first = end[2] - part[2] == 4 && v[0] <= 31; /* 02 04 1936 */
	if (!v[1] || v[1] > 12 || !v[2] || (v[2] > 31 && !day_first))
		return 0;
	if (!labelled && (t->cp[end[0]] != ' ' || !is_born(t, skip_behind(t, end[2]))))
		return 0;
	part[0] = era && jt_cls(t, part[0] - 1) == JT_LATIN ? i : part[0]; /* S13 9 8生 */
	for (uint32_t k = 0; k < PARTS; k++)
		scan_add(s, part[k], end[k], HUB_SPAN_BIRTHDATE, LIKELY);
	return 1;
}

/* 1936-04-02T00:00:00, 令和2年1月6日 3時12分: the hour of a birth belongs to it. */
static uint32_t hour_behind(const struct jtext *t, uint32_t i)
{
	const uint32_t from = i + (jt_at(t, i) == 'T' || jt_at(t, i) == ' ');
	uint32_t to = from, digits = 0, v;
	const uint32_t n = jnum_small(t, from, &v);

	if (from == i || !n || n > 2 || v > 24 || jt_cls(t, from) != JT_DIGIT)
		return i;
	for (; jt_is_digit(jt_at(t, to)) || jt_is_char(t, to, ":時分秒"); to++)
		digits += jt_is_digit(t->cp[to]) ? 1 : 0;
	return digits > 2 ? to : i;
}

/* 私は昭和三十九年の、おふくろは大正十四年です、孫？ 平成二十六年じゃ: who it is, and no sentence of what happened. */
static int is_told_of(const struct jtext *t, uint32_t i, const struct jdate *d)
{
	static const char *const who[] = {"私", "わたし", "あたし", "僕",   "ぼく",
					  "俺", "おれ",   "わし",   "うち", NULL};
	static const char *const end[] = {"の、", "です", "だ", "じゃ", "や", "」", "。", NULL};
	const uint32_t at = i - 1 - (jt_at(t, i - 1) == ' '), c = jt_at(t, at);
	int told = 0, ends = d->end == t->n;

	/* 上が2016年5月5日、下が */
	if (c == 0x304c && jt_is_char(t, at - 1, "上下") && d->y && d->y < NOW_TO)
		return jt_at(t, d->end) == 0x3001 || jt_cls(t, d->end) == JT_HIRA || ends;
	if ((c != 0x306f && c != '?') || !d->y || d->y >= NOW_FROM) /* は */
		return 0;
	for (const char *const *w = who; *w; w++)
		told |= jt_ends(t, at, *w) > 0;
	for (const char *const *w = end; *w; w++)
		ends |= jt_is(t, d->end, *w) > 0;
	return ends && (told || jt_ends_any(t, at, W_RELATION));
}

static void find_birth(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	struct jdate d = {.y = 0};
	uint32_t label;
	int full, part = 0;

	if (six_digits(s, i, &d) || serial_day(s, i, &d)) {
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, LIKELY);
		return;
	}
	if (i < s->date_end)
		return;
	if (s->digits && !jdate_may(t, i, s->digits)) {
		if (is_part_gap(jt_at(t, i + s->digits)))
			(void)find_split(s, i);
		return;
	}
	if (find_split(s, i) || jt_is_digit(jt_at(t, i - 1)) ||
	    (jt_cls(t, i - 1) == JT_LATIN && !jt_ends_any(t, i, W_BIRTH_LABEL) &&
	     jt_at(t, i - 1) != 'B') ||
	    (jt_at(t, i - 1) == '.' && jt_is_digit(jt_at(t, i - 2))) ||
	    ((jt_cls(t, i) == JT_KANJI) && jnum_small(t, i - 1, &label) && i > 0))
		return;
	if (!(full = jdate_read(t, i, &d)) && !(part = jdate_read_part(t, i, &d)) &&
	    !jdate_read_day(t, i, &d) && !(s->digits && day_first(t, i, &d))) {
		if (born_in_year(s, i, &d))
			scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, LIKELY);
		return;
	}
	const uint32_t next = jt_at(t, d.end);
	if (full && next != '.' && next != '/' && !jt_is_dash(next) && !jt_is_digit(next))
		s->date_end = d.end; /* its month and day are no date of their own */
	const uint32_t choice = era_choice(t, i);
	const int said = has_birth_label(t, i) || (choice < i && has_birth_label(t, choice));
	if (!full && !part)
		d.end = year_behind(t, d.end);
	if (part && !d.m && jt_ends(t, i, "年から")) /* 1947年から1949年生まれ: many people */
		return;
	if (said || (choice < i && is_choice_of_birth(t, choice, i)) ||
	    (full ? was_asked(t, i) : !part && is_rest(s, i)) || said_of_birth(t, i, &d, full) ||
	    is_instead(s, i) || ((full || part) && is_again(s, i, &d, full)) ||
	    (!full && !part && is_next_day(s, i)) || born_behind(t, d.end, full)) {
		const uint32_t mark = jt_at(t, i - 1); /* '55.4.1 */
		const int short_year = part && (mark == '\'' || mark == 0x2019);
		const uint32_t feast = part ? feast_end(t, d.end) : d.end,
			       end = feast > d.end + 2 ? feast : d.end; /* not の早 */
		scan_add(s, i - (uint32_t)short_year, said && full ? hour_behind(t, end) : end,
			 HUB_SPAN_BIRTHDATE,
			 full   ? SURE
			 : part ? LIKELY
				: FAIR);
	} else if ((part && is_of_the_old(t, &d)) || is_told_of(t, i, &d) ||
		   (part && d.m && next != 0x306b &&
		    age_before(t, i, d.y))) /* 二歳、令和五年八月 */
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, LIKELY);
	else if (full && (age_fits(t, d.end, d.y) || age_before(t, i, d.y) ||
			  in_household(t, i, &d) || is_counted(t, i) || is_nothing_else(s, i, &d)))
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, LIKELY);
}

/* 今月8日が誕生日, 誕生日は来週の火曜(4日): a day whose month is not said. */
static void find_day_of_now(struct scan *s, uint32_t i)
{
	enum { LAST = 31 };
	const struct jtext *t = &s->t;
	struct jdate d = {.y = 0};

	i += jt_is_any(t, i, W_NOW);
	i += jt_at(t, i) == '(';
	const uint32_t n = jnum_small(t, i, &d.d);
	d.end = i + n + 1;
	if (n && n <= 2 && d.d && d.d <= LAST && jt_at(t, i + n) == 0x65e5 && /* 日 */
	    (said_of_birth(t, i, &d, 0) || born_behind(t, d.end, 0) || has_birth_label(t, i)))
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, FAIR);
}

/* September 5, 1947 and 05 SEP 1947, where a birth is spoken of. */
static void find_month(struct scan *s, uint32_t i)
{
	enum { LONG_AGO = 2000 };
	const struct jtext *t = &s->t;
	uint32_t from = i, to = i + jt_is_any(t, i, W_MONTH), label, v, n;

	if (is_alnum(jt_at(t, i - 1)) || is_alnum(jt_at(t, to)))
		return;
	if (jt_at(t, i - 1) == ' ' || jt_at(t, i - 1) == '-' || jt_at(t, i - 1) == '/')
		for (from = i - 1; from > 0 && i - from < 3 && jt_is_digit(t->cp[from - 1]);)
			from--;
	from += from + 1 == i;
	for (int k = 0; k < 2; k++) { /* day and year, or year */
		while (jt_at(t, to) == ' ' || jt_at(t, to) == ',' || jt_at(t, to) == '.' ||
		       jt_at(t, to) == '-' || jt_at(t, to) == '/')
			to++;
		n = jnum_small(t, to, &v);
		to += n;
		if (v > 31)
			break;
	}
	if (v < 1868 || v > 2100)
		return;
	if (v < LONG_AGO || label_before(t, from, W_BIRTH_LABEL, &label) || born_behind(t, to, 0))
		scan_add(s, from, to, HUB_SPAN_BIRTHDATE, LIKELY);
}

/* しょうわさんじゅうねんごがつみっか: as it is said, which nobody does of the date of a visit in a note. */
static void find_said_birth(struct scan *s, uint32_t i)
{
	struct jdate d;
	uint32_t label;

	/* 昭和さんじゅうねん; 昭和30年 and 昭和の30年 are the other rule's */
	const uint32_t at = i + (jt_at(&s->t, i + 2) == 0x306e ? 3 : 2);
	if (jt_cls(&s->t, i) == JT_KANJI && jt_cls(&s->t, at) != JT_HIRA &&
	    jt_cls(&s->t, at) != JT_KATA)
		return;
	const int full = said_date_read(&s->t, i, &d);

	if (i < s->date_end || (!full && !d.end && !said_day_read(&s->t, i, &d)))
		return;
	if (full)
		s->date_end = d.end;
	const uint32_t year = full ? i : said_year_before(&s->t, i);
	const int said = label_before(&s->t, i, W_BIRTH_LABEL, &label) &&
			 !jt_ends_any(&s->t, label, W_NO_BIRTH_LABEL);
	if (said || year < i || was_asked(&s->t, i) || born_behind(&s->t, d.end, full) ||
	    (full && d.y < NOW_FROM))
		scan_add(s, year, d.end, HUB_SPAN_BIRTHDATE, said ? SURE : LIKELY);
}

static const char *const said_birth_examples[] = {
    "生年月日は[しょうわじゅうねんさんがつとおか]です",
    "[しょうわさんじゅうねんごがつみっか]うまれ",
    "[シヨウワ30ネン5ガツ3ニチ]ウマレ",
    "[へいせいがんねんじゅうにがつにじゅうよっか]、女性",
    "[しょうわ三十年五月三日]生まれ、[しょうわごじゅうねん]生まれ",
    "[昭和さんじゅうねんごがつみっか]生まれ、誕生日は[ごがつみっか]です",
    "[昭和の30年5月3日]、平成になって、ごがつみっかに来所",
    "[しょうわじゅうにねんの、さんがつようか]、[いちきゅうさんななねん、さんがつようか]生まれ",
    "しょうわの歌を歌う、れいわ8ねん4がつ1にちに来所",
    "本：[さんじゅうねんの、しがつ、いつか]。昭和の。れいわごねんのしがつついたちに来所",
    "[いちきゅうろくはち、の、じゅうにがつ、みっか]、[にせんはちねんごがつ]生まれ、にせん円",
    "さんじゅうねん働いた",
    NULL};
static const char *const birth_examples[] = {
    "生年月日：[昭和22年9月5日]",
    "[S22.9.5]生",
    "長男[H15]生、次男 [平18]生、[S12.3]生まれ、H15生徒総会",
    "生年月日 明・大・昭・[平 22年 9月 5日]、生年月日は\n(昭和)\n[22年9月5日]、生年月日\t[17415]",
    "79歳 [昭和22年9月5日]、年齢79([S22.9.5])、85歳 令和8年4月1日に入所",
    "母[S40.1.1]父[S38.12.31]、次男([H20.8.15]・高2)、父(H21.8.1死亡)",
    "生まれは[昭和22年]で、[9月5日]、誕生日が母と同じ[9月5日]、[23/09/"
    "1947](DOB)、[2018年5月3日]に2850gで出生",
    "世帯主 [S22.9.5] 78\nR6.4.1 12",
    "氏名　生年月日\n真央　[H30.5.3]\n結衣　[R2.8.19]",
    "78歳([9月5日]で79)、9月5日で終了、3日で10(回)",
    "[1947/09/05]生まれ",
    "[昭和二十二年九月五日]生まれ",
    "[昭和22年(1947年)9月5日]生",
    "[1947（昭和22）年9月5日]生まれ",
    "[昭和22年9月]生まれ",
    "[大正元年]の生まれ",
    "誕生日は[9月5日]",
    "8日に来所、3日で10個、[平成30年12月2日] "
    "男児出生、[令和5年7月12日]に長女が誕生。5日 "
    "男性来所、4月1日 長女来所、生年月日欄に[36-3-15]とだけ",
    "生年月日は[昭和33ねん1がつ5にち]です、[昭和25の12の8]の生まれ、ぼくのたんじょうびは["
    "6がつ21にち]、"
    "6がつ21にちに遠足、令和7の1の8に来所",
    "生年月日 [S220905]",
    "[22年9月5日]生まれ",
    "[昭和22年9月5日]、高知の漁師町に生まれる。",
    "[昭和22年9月5日]（79歳）",
    "[S22.9.5](79)、H31.4.1(12)、R1.5.1(10)、[S23.9.5](3)",
    "生年月日／[1947/9/5]、誕：[9/5]、生年月日…[S22・9・5]",
    "男 [S22.9.5]",
    "続柄 氏名\n長女 真央 [H21.3.3]\n",
    "父:[S40.1.1]、|長女|真央|[H21.3.3]|学生|",
    "長男：拓也（[H21.3.3]）、世帯主 森脇拓也 [S40.1.1] 無職",
    "生年月日 [220905]（下2桁）",
    "生年月日：[3300503]、生年月日 [昭和参拾年五月参日]",
    "生年月日 [3-300503]、番号 [3-300503]",
    "[昭和卅年五月三日]生まれ、[昭和30\n年5月3日]生まれ",
    "生まれはですね、[昭和22年の9月5日]です",
    "生年月日は[昭和の22年9月5日]、昭和の22年間、[昭和の二十二年九月]生まれ、昭和の一時期",
    "生まれた日、[一九四一年の二月七日]、[昭和十六年]ですね",
    "生まれは[昭和二十二年九月]、西暦では[1947年9月]です。1947年9月に来所",
    "生年 [昭和22年]、生まれたのは[昭和22年9月]、生まれ年：[1947年]、厚生年金 昭和60年から",
    "[Ｓ２２，９，５]生、born [1947-09-05]",
    "生年月日 [1947-09-05]（[S22.9.5]）、R6.4.1入所、D.O.B. [05/09/1947]",
    "2031年5月6日に訪問",
    "昭和20年代の生まれ、築79年、R5の生産、担当(H21)",
    "[昭35.12]の生まれ、[79年]生まれの父、長男([平21])、次男57([S43])、父(H21死亡)、妻([S18.1.30]"
    "生)R7.10.2没",
    "生年月日（誤[S30.4.5]、正[S30.4.6]）、生年月日を聞くと[平成27年4月5日]"
    "とのこと、生年月日を聞き令和2年4月1日に再訪",
    "[石橋]様([S33.11.2])宅、[石橋]様(H20.4.1退所)、[石橋]様(R8.4.1)",
    "石橋\t[S33/11/2]\t[090 1111 2222]、R8.4.1 [090-1111-2222]",
    "きょうだい①[H21.4.30] ②[H24.9.9]　③[R2.1.17]",
    "①H21.4.30 ②H24.9.9",
    "次女は六歳、[2018年の、11月、3日]、B型(H20.4.1)",
    "石橋 茂（[S33.11.2]）、本人石橋 ふみ（[2012.4.9]）、比志 一（[S31/1/8]）、更新 "
    "済（H20.4.1）、石橋 "
    "茂（R8.4.1）",
    "（うみ）B[H26.4.9]、A H25.4.9、B2 H24.4.9",
    "生年月日をうかがうと「[昭和三十年四月五日]」と答え、生年月日を確認し、令和8年4月1日に再訪",
    "生年月日は、昭和で、[昭和、えーと、30年の4月の、たしか5日]です。[昭和22年9月5日]（生年月日）",
    "生年月日 □大正 ■昭和 □[平成　9年10月3日]、生年月日：明・㊐昭・[平 22年8月19日]",
    "きょうだい：陸[2010.7.7]、海[2014.2.18]、前回(R2.11.8)、更新 R2.11.8",
    "おふくろは[明治四十五年七月]、大正十二年九月の震災、昭和47年5月15日の復帰の日",
    "対象児 結城 希空（のあ）\n[2016.4.22]、蓮[H28.6.21]、姉 [H25.3.3]、S60.4.1入社、H19.2.14交付",
    "誕生日間違えてました、[8/8]じゃなくて[8/18]、[9/22]に2,846gの女児誕生、妻 [12/MAY/1990]",
    "生年 [S27.11] まで、M・T・S・[H 31年8月4日]、[昭和2O年l0月3日]生",
    "CRP 0.35 TSH 2.31",
    "[11月23日]が本人の誕生日、来週[4月8日]で四つ。[8月31]で18なる、4月8日で四つ作る",
    "生まれ年は[昭和46]、いや、生まれ年は[昭和46]、戸籍で[昭46.12.3]確認、上が["
    "二〇一六年の五月五日]、下が二歳、[令和五年の八月]、",
    "二歳、令和五年の八月に手術、[昭和50年の元日]生まれ、[昭和43年の小正月]生まれ、[昭和11年]"
    "の早生まれ",
    "昭和55年の法律で生まれた制度",
    "私は[昭和39年]です、父は昭和41年に家を出た、[66年7月]生、死亡届 [大正14.1.3]",
    "[’55.4.1]生、生年月日 ['49.1.7]、出生日時 [令和2年1月6日 "
    "3時12分]、生年月日:\t昭和\t[11]\t年\t[4]"
    "\t月\t[2]\t日、<生年月日>[1936-04-02T00:00:00]</生年月日>、生年月日 [02] [04] [1936]、[S13] "
    "[9] [8]生、生年月日 [1936·04·02]",
    "父[1948-04-04]没2019、[大9・5・5]没年不詳、[1949.1.7]-2026.2.11（77歳で没）、S62.9.5没、1992-"
    "04-04~2019-01-01",
    "誕生日は母が[1/7]で私が[3/2]、母の日は5/"
    "10。早生まれで[1月17日]、1947年から1949年生まれ、結婚は昭和48年5月3日、"
    "[昭和24年1月7日]に生まれ、1968年4月に就職",
    "生年月日 | 昭和 | [41] | 年 | [7] | 月 | [7] | 日、生年月日,S,[41],[07],[07]",
    "令和8年4月1日生活保護開始",
    "令和8年4月1日（85歳時）に転倒",
    "父 R8.4.1 入院",
    "令和8年9月5日 女性から電話",
    NULL};

enum { DIGITS = 1u << JT_DIGIT };

static const char *const month_examples[] = {"DOB [September 5, 1947]",
					     "生年月日：[05 SEP 1947]、born [5 Sep. 1947]",
					     "May 5, 2031 に来所、Mar 1、March", NULL};

static const char *const now_examples[] = {
    "今月[8日]が誕生日で49歳、今月[14日]で17になる、七十二歳の誕生日が来週の火曜（[4日]）",
    "今月8日が面接、今月14日で10回になる、火曜（4日）に来所", NULL};

const struct rule rules_birth[] = {
    {"birth date", {W_ERA, W_KANJI_NUMBER}, DIGITS, find_birth, birth_examples},
    {"birth date that is said",
     {W_SAID_ERA, W_SAID_MONTH},
     0,
     find_said_birth,
     said_birth_examples},
    {"birthday of this month", {W_NOW}, 0, find_day_of_now, now_examples},
    {"birth date in English", {W_MONTH}, 0, find_month, month_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
