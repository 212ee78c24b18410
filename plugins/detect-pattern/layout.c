#include "layout.h"

/* ①090-1234-5678: the fold made 1 of the circle. */
static void part_circles(struct jtext *t, struct hub_str text)
{
	static const char circle[] = "\xe2\x91"; /* ① to ⑳, ⑴ to ⒇ */
	const char *p = text.ptr, *const end = text.ptr + text.len;

	while ((p = memchr(p, circle[0], (size_t)(end - p))) && memcmp(p, circle, 2) != 0)
		p++;
	if (!p)
		return;
	for (uint32_t i = 0; i < t->n; i++)
		if (t->cls[i] == JT_DIGIT && text.ptr[t->at[t->off[i]]] == circle[0]) {
			t->cp[i] = LAYOUT_CIRCLE;
			t->cls[i] = JT_OTHER;
			t->ch[i] = 0;
		}
}

/* Does a single letter of Japanese stand between two spaces? A cheap look. */
static int may_be_spread(const struct jtext *t)
{
	const uint8_t *p = t->cls, *const end = t->cls + t->n;

	while ((p = memchr(p, JT_SPACE, (size_t)(end - p)))) {
		/* behind the end stand others; 330 さ 12-34 is no spread word */
		if (p[2] == JT_SPACE && p[1] >= JT_KANJI && p[1] <= JT_KATA &&
		    (p[4] == JT_SPACE || p[4] == JT_OTHER))
			return 1;
		p++;
	}
	return 0;
}

static int may_stand_alone(const struct jtext *t, uint32_t i)
{
	return (t->cls[i] >= JT_KANJI && t->cls[i] <= JT_LATIN) || jt_is_dash(t->cp[i]);
}

/* How many characters from i on stand alone, with one space between; *words of them are none of a number. */
static uint32_t count_spread(const struct jtext *t, uint32_t i, uint32_t *words)
{
	uint32_t n = 0;

	*words = 0;
	for (; i < t->n && may_stand_alone(t, i); i += 2, n++) {
		const uint32_t next = jt_at(t, i + 1);
		if (next && next != ' ' && next != '\n' && next != '\t')
			break;
		*words += t->cls[i] >= JT_KANJI && t->cls[i] <= JT_KATA ? 1 : 0;
		if (next != ' ')
			return n + 1;
	}
	return n;
}

static void close_up(struct jtext *t)
{
	enum { LEAST = 3 };
	uint32_t to = 0, words, left = 0; /* spaces of a spread word that are still to go */

	for (uint32_t i = 0; i < t->n; i++) {
		const uint32_t before = i ? t->cp[i - 1] : '\n';
		if (!left && (before == ' ' || before == '\n' || before == '\t')) {
			const uint32_t n = count_spread(t, i, &words);
			left = n >= LEAST && words > 1 ? n - 1 : 0;
		}
		if (left && t->cp[i] == ' ') {
			left--;
			continue;
		}
		t->cp[to] = t->cp[i];
		t->off[to] = t->off[i];
		t->cls[to] = t->cls[i];
		t->ch[to++] = t->ch[i];
	}
	t->off[to] = t->off[t->n];
	memset(t->cp + to, 0, (t->n - to) * sizeof *t->cp);
	memset(t->cls + to, 0, t->n - to);
	memset(t->ch + to, 0, (t->n - to) * sizeof *t->ch);
	t->n = to;
}

static int is_typed_for_digit(uint32_t c)
{
	return c == 'O' || c == 'o' || c == 'l' || c == 'I';
}

static int is_unit_of_date(uint32_t c)
{
	return c == 0x5e74 || c == 0x6708 || c == 0x65e5; /* 年 月 日 */
}

/* 昭和2O年l0月: letters that a machine read for digits, in front of the unit of a date at to. */
static void read_again(struct jtext *t, uint32_t to)
{
	enum { MOST = 4 };
	uint32_t from = to, digits = 0;

	while (from > 0 && (jt_is_digit(t->cp[from - 1]) || is_typed_for_digit(t->cp[from - 1])))
		digits += jt_is_digit(t->cp[--from]) ? 1 : 0;
	const uint32_t before = jt_at(t, from - 1);
	const int era =
	    before < 0x80 && jt_is_char(t, from - 1, "MTSHR") && jt_cls(t, from - 2) != JT_LATIN;
	if (to - from > MOST || (jt_cls(t, from - 1) == JT_LATIN && !era) ||
	    (!digits && !is_unit_of_date(before)))
		return;
	for (; from < to; from++) {
		const uint32_t c = t->cp[from];
		if (jt_is_digit(c))
			continue;
		t->cp[from] = c == 'l' || c == 'I' ? '1' : '0';
		t->cls[from] = JT_DIGIT;
		t->ch[from] = (uint16_t)(jwords_kind(t->cp[from]) % (1u << JWORDS_KIND_BITS));
	}
}

/* Few texts have Latin letters, and fewer a unit behind them. */
static void undo_letters(struct jtext *t)
{
	const uint8_t *p = t->cls, *const end = t->cls + t->n;

	while ((p = memchr(p, JT_LATIN, (size_t)(end - p)))) {
		while (*p == JT_LATIN || *p == JT_DIGIT)
			p++; /* others stand behind the end */
		const uint32_t i = (uint32_t)(p - t->cls);
		if (is_unit_of_date(t->cp[i]))
			read_again(t, i);
	}
}

void layout_undo(struct jtext *t, struct hub_str text)
{
	if (!t->n) /* nor has the text a place then */
		return;
	part_circles(t, text);
	undo_letters(t);
	if (may_be_spread(t))
		close_up(t);
}
