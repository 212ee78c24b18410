/* Mail addresses and telephone numbers, as they are written and as they are said. */
#include "jname.h"
#include "jnum.h"
#include "layout.h"
#include "scan.h"

#include <string.h>

/* ---- mail ---- */

static int in_local(uint32_t c)
{
	return is_alnum(c) || (c && c < 0x80 && strchr(".!\"#$%&'*+-/=?^_`{|}~", (int)c) != NULL);
}

/* The sign with what may stand around it: @, " @ ", [at], " (at) ". */
static uint32_t sign_at(const struct jtext *t, uint32_t i, uint32_t *from)
{
	const uint32_t n = jt_is_any(t, i, W_MAIL);

	*from = i - ((jt_at(t, i - 1) == ' ' || jt_at(t, i - 1) == '\n') && i > 1 &&
		     is_alnum(t->cp[i - 2]));
	return i + n + (jt_at(t, i + n) == ' ' && is_alnum(jt_at(t, i + n + 1)));
}

/* Length of a dot between two parts of a domain: ., [dot], " dot ", a line end behind it; 0: none stands here. */
static uint32_t dot_at(const struct jtext *t, uint32_t i, int first)
{
	uint32_t at = i + (jt_at(t, i) == ' ');
	const uint32_t n = jt_is_any(t, at, W_MAIL_DOT);

	if (!n && jt_at(t, i) == ',' && jt_is_any(t, i + 1, W_MAIL_TOP))
		return 1;
	at += n;
	at += jt_at(t, at) == ' ' || (first && jt_at(t, at) == '\n');
	return n && is_alnum(jt_at(t, at)) && (jt_at(t, i) != ' ' || jt_at(t, i + 1) != '.')
		   ? at - i
		   : 0;
}

/* The end of a domain at i; *dots gets its dots, *told those that are words. */
static uint32_t domain_end(const struct jtext *t, uint32_t i, uint32_t *dots, uint32_t *told)
{
	uint32_t to = i, n;

	for (*dots = *told = 0;; to += n) {
		n = is_alnum(jt_at(t, to)) || jt_at(t, to) == '-' ? 1 : dot_at(t, to, !*dots);
		if (!n)
			break;
		*dots += !is_alnum(t->cp[to]) && t->cp[to] != '-';
		*told += !is_alnum(t->cp[to]) && t->cp[to] != '-' && t->cp[to] != '.';
	}
	while (to > i && !is_alnum(t->cp[to - 1]))
		to--;
	return to;
}

/* Where the part in front of the sign at end begins; end: nothing is. */
static uint32_t local_start(const struct jtext *t, uint32_t end)
{
	uint32_t from = end;

	while (from > 0 && in_local(t->cp[from - 1]))
		from--;
	while (from < end && !is_alnum(t->cp[from]))
		from++;
	return from;
}

static int in_native(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return c == JT_KANJI || c == JT_HIRA || c == JT_KATA;
}

/* はなこ@example.jp, hanako@例え.jp: an address of which one side is in Japanese letters. */
static void find_native_mail(struct scan *s, uint32_t from, uint32_t end, uint32_t at)
{
	enum { LEAST = 2, MOST = 20 };
	const struct jtext *t = &s->t;
	uint32_t to = at, dots, told;

	if (from == end)
		while (from > 0 && end - from < MOST && in_native(t, from - 1) &&
		       jt_cls(t, from - 1) == jt_cls(t, end - 1))
			from--;
	while (to < at + MOST && in_native(t, to))
		to++;
	if (to > at && (jt_at(t, to) != '.' || !is_alnum(jt_at(t, to + 1))))
		return;
	to = domain_end(t, to, &dots, &told);
	if (dots && end - from >= LEAST && !jname_is_particle(t->cp[end - 1]))
		scan_add(s, from, to, HUB_SPAN_EMAIL, LIKELY);
}

/* @sora_1211, sora1211@: a name with a digit or a stroke in it on one side of the sign, and no host. */
static int find_at_name(struct scan *s, uint32_t i)
{
	enum { LEAST = 5 };
	const struct jtext *t = &s->t;
	uint32_t from = i, to = i + 1, letters = 0, others = 0;

	while (from > 0 && (is_alnum(t->cp[from - 1]) || jt_at(t, from - 1) == '_' ||
			    jt_at(t, from - 1) == '.' || jt_at(t, from - 1) == '-'))
		from--;
	while (is_alnum(jt_at(t, to)) || jt_at(t, to) == '_')
		to++;
	if (to - from <= LEAST || (from < i && to > i + 1) || jt_at(t, to) == '.')
		return 0;
	for (uint32_t k = from; k < to; k++) {
		letters += jt_cls(t, k) == JT_LATIN;
		others += jt_is_digit(t->cp[k]) || t->cp[k] == '_' ? 1u : 0u;
	}
	if (!letters || !others)
		return 0;
	scan_add(s, from, to, from < i ? HUB_SPAN_EMAIL : HUB_SPAN_IDNUMBER, LIKELY);
	return 1;
}

/* @の前がhanako12: the part in front of the sign told apart; i: behind the sign. */
static void find_told_local(struct scan *s, uint32_t i)
{
	const uint32_t at = i + jt_is(&s->t, i, "の前") + 1;
	uint32_t to = at;

	if (at == i + 1 ||
	    (jt_at(&s->t, at - 1) != 0x306f && jt_at(&s->t, at - 1) != 0x304c)) /* は が */
		return;
	while (in_local(jt_at(&s->t, to)))
		to++;
	scan_add(s, at, to, HUB_SPAN_EMAIL, LIKELY);
}

static void find_mail(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t end, dots, told, at = sign_at(t, i, &end);
	uint32_t from = local_start(t, end);
	/* メアド：hanako 12 @ example.jp, a line end in it too */
	const int gap = jt_at(t, from - 1) == ' ' || jt_at(t, from - 1) == '\n';
	const uint32_t wide = gap ? local_start(t, from - 1) : from;

	if (wide < from && has_label(t, wide, W_MAIL_LABEL))
		from = wide;
	find_told_local(s, at);
	at += jt_at(t, at) == '\n' && is_alnum(jt_at(t, at + 1));
	const uint32_t to = domain_end(t, at, &dots, &told);
	if (from < end && to > at && (jt_at(t, end) != '\n' || dots) &&
	    (dots || has_label(t, from, W_MAIL_LABEL) || jt_is_any(t, at, W_MAIL_HOST) == to - at))
		scan_add(s, from, to, HUB_SPAN_EMAIL, SURE);
	else if (jt_at(t, i) == '@' && !find_at_name(s, i) && end > 0)
		find_native_mail(s, from, end, at);
}

/* hanako at example dot com */
static void find_worded_mail(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t dots, told;

	if (jt_at(t, i - 1) != ' ' || jt_at(t, i + 2) != ' ')
		return;
	const uint32_t from = local_start(t, i - 1), to = domain_end(t, i + 3, &dots, &told);
	if (from + 1 < i && told && jt_ends_any(t, to, W_MAIL_TOP))
		scan_add(s, from, to, HUB_SPAN_EMAIL, STRONG);
}

/* One word of an address that is read out at i or before it: letters, digits, katakana, its signs. */
static int said_in_mail(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return c == JT_KATA || c == JT_LATIN || c == JT_DIGIT || jt_at(t, i) == ' ' ||
	       jt_at(t, i) == 0x3001 || jt_at(t, i) == 0x30fb ||
	       (c != JT_HIRA && in_local(jt_at(t, i)));
}

/* ヤマダ、アンダーバー、ハナ、アットマーク、エグザンプル、ドット、ジェーピー */
static void find_said_mail(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i, to = i + jt_is_any(t, i, W_MAIL_SAID), dot = 0, n;
	const uint32_t host = to;

	if (jt_cls(t, i) == JT_LATIN) {
		find_worded_mail(s, i);
		return;
	}
	while (from > 0 && i - from < 60 &&
	       ((n = jt_ends_any(t, from, W_MAIL_DOT)) || said_in_mail(t, from - 1)))
		from -= n ? n : 1;
	if (jt_is(t, from + 1, "アンダーバー")) /* さくら アンダーバー */
		while (from > 0 && i - from < 60 && jt_cls(t, from - 1) == JT_HIRA)
			from--;
	from += jt_is_any(t, from, W_MAIL_LABEL); /* アドレスhana どっと o */
	while (from < i && !is_alnum(t->cp[from]) && jt_cls(t, from) != JT_KATA &&
	       jt_cls(t, from) != JT_HIRA)
		from++;
	for (; (n = jt_is_any(t, to, W_MAIL_DOT)) || said_in_mail(t, to); to += n ? n : 1)
		dot |= n;
	while (to > i && !is_alnum(t->cp[to - 1]) && jt_cls(t, to - 1) != JT_KATA)
		to--;
	n = host + (jt_cls(t, host) == JT_SPACE || jt_at(t, host) == 0x3001); /* 、 */
	if ((dot || jt_is_any(t, n, W_MAIL_HOST)) && from < i)
		scan_add(s, from, to, HUB_SPAN_EMAIL, STRONG);
}

/* ---- telephone ---- */

/* Behind a number: 内線123, (内)12, ext.5. The end of its digits; i when there is none. */
static uint32_t extension(const struct jtext *t, uint32_t i)
{
	uint32_t at = i, n = 0;

	for (int k = 0;
	     k < 3 && (jt_at(t, at) == ' ' || jt_at(t, at) == '(' || jt_at(t, at) == ',' ||
		       jt_at(t, at) == 0x3001 || jt_at(t, at) == '/');
	     k++)
		at++;
	const uint32_t word = jt_is_any(t, at, W_EXTENSION);
	if (!word)
		return i;
	for (at += word; jt_at(t, at) == ':' || jt_at(t, at) == ' ' || jt_at(t, at) == '.' ||
			 jt_at(t, at) == ')' || jt_at(t, at) == 0x306f || jt_at(t, at) == 0x3060 ||
			 jt_at(t, at) == 0x3068;) /* は だと */
		at++;
	while ((jt_is_digit(jt_at(t, at + n)) || jt_is_any(t, at + n, W_KANJI_DIGIT)) && n < 6)
		n++;
	/* PHS070-1111-2222 is none */
	return n && !jt_is_dash(jt_at(t, at + n)) ? at + n : i;
}

/* An extension alone. */
static void find_extension(struct scan *s, uint32_t i)
{
	const uint32_t word = jt_is_any(&s->t, i, W_EXTENSION), end = extension(&s->t, i);
	uint32_t from = end;

	if (jt_is(&s->t, i, "内線")) { /* 内線はゴーゴーイチニ */
		struct jdigits g;
		const uint32_t at = skip_joints(&s->t, i + word);
		const uint32_t n = jdigits_read(&s->t, at, JD_SPOKEN, &g);
		if (n > 1 && n < 7 && !jt_is_digit(jt_at(&s->t, at)))
			scan_add(s, at, g.end[n - 1], HUB_SPAN_PHONE, FAIR);
	}
	while (from > i + word &&
	       (jt_is_digit(s->t.cp[from - 1]) || jt_ends_any(&s->t, from, W_KANJI_DIGIT)))
		from--;
	/* 福祉課 内2214, not 市内120件 */
	const enum jt_class before = jt_cls(&s->t, i - 1);
	const int bare = from == i + 1 && end > from + 2 && !counts_things(&s->t, end) &&
			 (before == JT_OTHER || before == JT_SPACE);
	if ((bare || jt_is(&s->t, i, "内線") || jt_is(&s->t, i, "PHS") ||
	     (jt_is(&s->t, i, "内)") && jt_at(&s->t, i - 1) == '(')) &&
	    end > from + 1)
		scan_add(s, from, end, HUB_SPAN_PHONE, FAIR);
}

/* (0594)23-9876: the bracket belongs to the number when it closes behind the area code. */
static int is_area_bracket(const struct jtext *t, uint32_t i)
{
	uint32_t k = i + 1;

	while (jt_is_digit(jt_at(t, k)) && k < i + 7)
		k++;
	return jt_at(t, k) == ')' && k > i + 2;
}

/* How the number at i wants to be read. */
static unsigned how_written(const struct jtext *t, uint32_t i)
{
	if (jt_cls(t, i) == JT_HIRA || jt_cls(t, i) == JT_KATA)
		return JD_SPOKEN | JD_KANJI;
	if (jt_cls(t, i) == JT_LATIN)
		return JD_PHONE | JD_ALIKE;
	return jt_is_digit(t->cp[i]) || t->cp[i] == '(' || t->cp[i] == '+' ? JD_PHONE
									   : JD_PHONE | JD_KANJI;
}

/* 81-90-1234-5678: the plus is gone. */
static int lost_plus(const struct jdigits *g)
{
	return g->n == 12 && g->groups == 4 && g->first[2] && g->first[4] && g->first[8] &&
	       memcmp(g->d, "81", 2) == 0 && g->d[2] >= '7' && g->d[3] == '0';
}

/* +84 90 123 4567, 010-84-90-123-4567: of another country; a sum has no groups of its own. lead: the length of
 * what stands before the country. */
static int find_foreign_phone(struct scan *s, uint32_t i, uint32_t lead)
{
	enum { LEAST = 9, LEAST_SOLID = 11, MOST = 17, CODE = 3 };
	const struct jtext *t = &s->t;
	struct jdigits g;
	uint32_t code = 1;

	if (is_alnum(jt_at(t, i - 1)) || jdigits_read(t, i + lead, JD_PHONE, &g) < LEAST ||
	    g.n > MOST || g.d[0] == '0' || jt_is_any(t, g.end[g.n - 1], W_COUNTER))
		return 0;
	while (code < g.n && !g.first[code])
		code++;
	if (g.groups < 3 && lead ? g.n < LEAST_SOLID : g.groups < 3 || code > CODE)
		return 0;
	scan_add(s, i, g.end[g.n - 1], HUB_SPAN_PHONE, LIKELY);
	return 1;
}

static uint32_t read_phone(const struct jtext *t, uint32_t i, unsigned how, struct jdigits *g)
{
	const int plus = t->cp[i] == '+';
	const uint32_t from = plus || t->cp[i] == '(' ? i + 1 : i;

	if (!jdigits_read(t, from, how, g))
		return 0;
	if (plus ? memcmp(g->d, "81", 2) != 0 : g->d[0] != '0' && !lost_plus(g))
		return 0;
	return jnum_phone_length(g);
}

/* 045/211/1111, O9O-l234-5678: what else is written with strokes or letters, a date or a word, has other groups. */
static uint32_t read_odd(const struct jtext *t, uint32_t i, unsigned how, struct jdigits *g)
{
	const uint32_t n = read_phone(t, i, how, g);
	uint32_t groups = 0;

	for (uint32_t k = 0; k < n; k++)
		groups += g->first[k];
	if (groups == 3) /* 0120-444-333 ends otherwise */
		return g->first[n - 4] || (n == 10 && g->first[4] && g->first[7]) ? n : 0;
	/* 0 4 6 7 - 8 2 - l l l l, O9OI2345678 */
	return how & JD_ALIKE && (groups == n || (groups == 1 && n == 11)) ? n : 0;
}

/* Between a number and the end of another one: ・ / 、または、同じく */
static uint32_t also_at(const struct jtext *t, uint32_t i)
{
	static const char *const words[] = {"または", "又は", "もしくは", "同じく",
					    "および", "及び", "と",       NULL};
	const uint32_t c = jt_at(t, i);
	uint32_t n = c == ' ' || c == 0x30fb || c == 0x3001 || c == '/' || c == ',' || c == '~' ||
		     c == 0x301c || c == 0x2192; /* → */

	for (const char *const *w = words; *w && !n && c > 0x3001; w++)
		n = jt_is(t, i, *w);
	return n;
}

/* Stands for a digit that is not shown, or between such. */
static int is_hider(uint32_t c)
{
	return jt_is_dash(c) || c == 'X' || c == 'x' || c == '*' || c == '?' || c == '.' ||
	       c == '#' || c == 0x25cb || c == 0x25cf || c == 0x25ef || c == 0x00d7 ||
	       c == 0x3007; /* ○ ● ◯ × 〇 */
}

/* 0467-82-1111・1112, 0467-82-1111または-1112, 0467-82-1111～4: the end of a second line's last digits. */
static uint32_t second_line(const struct jtext *t, uint32_t i)
{
	uint32_t from = i, joined = 0, range = 0, n;

	for (int k = 0; k < 4 && (n = also_at(t, from)); k++, from += n) {
		joined |= t->cp[from] != ' ';
		range |= t->cp[from] == '~' || t->cp[from] == 0x301c;
	}
	if (!joined)
		return i;
	from += jt_is_dash(jt_at(t, from)) ? 1 : 0;
	uint32_t to = from;
	while (jt_is_digit(jt_at(t, to)) && to < from + 4)
		to++;
	if (to < from + (range ? 1 : 4))
		return i;
	return jt_is_digit(jt_at(t, to)) || jt_is_dash(jt_at(t, to)) || jt_at(t, to) == '/' ||
		       jt_is_any(t, to, W_COUNTER)
		   ? i
		   : to;
}

/* 090-XXXX-5678, 090…5678, 090-1234-56××: digits of a mobile telephone are hidden. */
static int find_hidden(struct scan *s, uint32_t i)
{
	enum { MOST = 10, REST = 8 };
	const struct jtext *t = &s->t;
	uint32_t at = i + 3, n = 0, hidden = 0, digits = 0;

	if (s->digits != 3 || t->cp[i] != '0' || t->cp[i + 2] != '0' || t->cp[i + 1] < '5')
		return 0;
	for (; at < i + 3 + MOST && (is_hider(jt_at(t, at)) || jt_is_digit(jt_at(t, at))); at++)
		*(jt_is_digit(t->cp[at]) ? &digits : &hidden) += jt_is_dash(t->cp[at]) ? 0 : 1;
	if (hidden && digits > 1 && digits + hidden == REST && !is_alnum(jt_at(t, i - 1))) {
		scan_add(s, i, at, HUB_SPAN_PHONE, LIKELY); /* 090-1234-56×× */
		return 1;
	}
	for (; at > i + 3 && jt_is_digit(t->cp[at - 1]);)
		at--;
	while (jt_is_digit(jt_at(t, at + n)))
		n++;
	if (!hidden || n != 4 || is_alnum(jt_at(t, i - 1)) || jt_is_any(t, at + n, W_COUNTER))
		return 0;
	scan_add(s, i, at + n, HUB_SPAN_PHONE, LIKELY);
	return 1;
}

/* 4980-11**-****-2206: four groups of a card, of which digits are hidden. */
static int find_hidden_card(struct scan *s, uint32_t i)
{
	enum { GROUP = 4, GROUPS = 4, LEAST = 4 };
	const struct jtext *t = &s->t;
	uint32_t at = i, hidden = 0;

	if (s->digits != GROUP || is_alnum(jt_at(t, i - 1)))
		return 0;
	for (uint32_t k = 0; k < GROUP * GROUPS; k++, at++) {
		at += k && k % GROUP == 0 && (jt_is_dash(jt_at(t, at)) || jt_at(t, at) == ' ');
		const uint32_t c = jt_at(t, at);
		if (!jt_is_digit(c) && (!is_hider(c) || jt_is_dash(c) || c == '.'))
			return 0;
		hidden += !jt_is_digit(c);
	}
	if (hidden < LEAST)
		return 0;
	scan_add(s, i, at, HUB_SPAN_IDNUMBER, LIKELY);
	return 1;
}

/* 080-1111-22, 08011112, 携帯は080まで: the begin of one that was not told to its end. */
static int find_started(struct scan *s, uint32_t i, const struct jdigits *g)
{
	enum { SECOND = 7, LEAST = 8, FULL = 11 }; /* 080-1111 is a postal code, too */
	const struct jtext *t = &s->t;
	const int first = g->n >= 3 && s->digits == 3 && has_label(t, i, W_PHONE_LABEL);

	/* 080の5 なんとか */
	const int said = g->n > 3 && g->first[3] && jt_at(t, g->end[2]) == 0x306e; /* の */
	if ((g->n < LEAST && !first && !said) || (g->n == 3 && jt_at(t, g->end[2]) == 0x306f) ||
	    g->n >= FULL || g->d[0] != '0' || g->d[1] < '5' || g->d[2] != '0' ||
	    (g->groups > 1 &&
	     (!g->first[3] || g->groups > (g->n > SECOND && g->first[SECOND] ? 3 : 2))))
		return 0;
	const uint32_t end = g->end[g->n - 1], next = jt_at(t, end);
	if (is_alnum(jt_at(t, i - 1)) || is_alnum(next) || next == '.' || next == ',' ||
	    jt_is_any(t, end, W_COUNTER) || has_label(t, i, W_NO_PHONE_LABEL))
		return 0;
	scan_add(s, i, end, HUB_SPAN_PHONE, LIKELY);
	return 1;
}

enum { LAST = 4, TAILS = 10000 };

/* The four digits at i as a number; TAILS when they are not four. */
static uint32_t last_digits(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	for (uint32_t k = i; k < i + LAST; k++) {
		if (!jt_is_digit(t->cp[k]))
			return TAILS;
		n = n * 10 + t->cp[k] - '0';
	}
	return n;
}

/* Notes the telephones that were found since the last time. */
static int note_tails(struct scan *s)
{
	if (!s->tail) {
		if (!(s->tail = jpool_get(s->pool, TAILS * sizeof *s->tail)))
			return -1;
		memset(s->tail, 0, TAILS * sizeof *s->tail);
	}
	for (; s->tailed < s->n; s->tailed++) {
		const struct found *f = &s->found[s->tailed];
		if (f->type != HUB_SPAN_PHONE || f->to - f->from <= LAST)
			continue;
		const uint32_t tail = last_digits(&s->t, f->to - LAST);
		if (tail < TAILS && (!s->tail[tail] || f->to < s->tail[tail]))
			s->tail[tail] = f->to;
	}
	return 0;
}

/* 2222ですね: the last four digits of a telephone that was told before. */
static int is_echo(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t before = jt_at(t, i - 1), next = jt_at(t, i + LAST);

	if (!s->n || s->digits != LAST || is_alnum(before) || jt_is_dash(before) ||
	    jt_is_dash(next) || before == '.' || before == ',' || next == '.' || next == ',' ||
	    next == '/' || is_alnum(next) || counts_things(t, i + LAST))
		return 0;
	if (note_tails(s)) {
		s->failed = 1;
		return 0;
	}
	const uint32_t tail = last_digits(t, i), end = tail < TAILS ? s->tail[tail] : 0;
	return end && end <= i;
}

/* 09011112222: eleven digits that are nothing else, whatever stands before them. */
static int is_mobile(const struct scan *s, uint32_t i)
{
	enum { DIGITS = 11 };
	const uint32_t *const c = s->t.cp + i;

	return s->digits == DIGITS && c[0] == '0' && c[2] == '0' && c[1] != '0' && c[1] != '1';
}

/* 0776-5○-2281, 0776−5З−2281: a sign that nobody could read, in what is said to be a telephone. */
static int find_unread(struct scan *s, uint32_t i)
{
	enum { SHORTEST = 10, LONGEST = 11, UNREAD = 4, CODES = 5 };
	const struct jtext *t = &s->t;
	uint32_t at = i, digits = 0, unread = 0, dashes = 0;

	if (t->cp[i] != '0' || s->digits > CODES || !jt_is_dash(jt_at(t, i + s->digits)))
		return 0;
	for (;; at++) {
		const uint32_t c = jt_at(t, at);
		if (jt_is_digit(c))
			digits++;
		else if (jt_is_dash(c))
			dashes++;
		else if (c != '.' &&
			 (is_hider(c) || (c >= 0x370 && c < 0x530))) /* Greek, Cyrillic */
			unread++;
		else
			break;
	}
	if (dashes != 2 || !unread || unread > UNREAD || digits + unread < SHORTEST ||
	    digits + unread > LONGEST || is_alnum(jt_at(t, i - 1)) ||
	    !has_label(t, i, W_PHONE_LABEL))
		return 0;
	scan_add(s, i, at, HUB_SPAN_PHONE, LIKELY);
	return 1;
}

/* 090411822579月8日: a mobile telephone, and a day or an hour right behind it. */
static int find_run_on(struct scan *s, uint32_t i)
{
	enum { MOBILE = 11 };
	const struct jtext *t = &s->t;
	const uint32_t next = jt_at(t, i + s->digits);

	if (s->digits <= MOBILE || s->digits > MOBILE + 2 || t->cp[i] != '0' ||
	    t->cp[i + 1] < '7' || t->cp[i + 2] != '0' ||
	    (next != 0x6708 && next != 0x6642 && next != ':' && next != '/')) /* 月 時 */
		return 0;
	scan_add(s, i, i + MOBILE, HUB_SPAN_PHONE, LIKELY);
	return 1;
}

/* 18:05090-4118-2257: how many digits of the run at i are the minutes of an hour, with a telephone right behind; 0 none. */
static uint32_t minutes_before(const struct scan *s, uint32_t i)
{
	enum { MINUTES = 2 };
	const struct jtext *t = &s->t;

	return s->digits > MINUTES + 2 && jt_at(t, i - 1) == ':' && jt_is_digit(jt_at(t, i - 2)) &&
		       t->cp[i] < '6' && t->cp[i + MINUTES] == '0' && t->cp[i + MINUTES + 1] != '0'
		   ? MINUTES
		   : 0;
}

static void find_number(struct scan *s, uint32_t i, uint32_t minutes)
{
	const struct jtext *t = &s->t;
	const unsigned how = how_written(t, i);
	struct jdigits g;

	if (is_echo(s, i))
		scan_add(s, i, i + s->digits, HUB_SPAN_PHONE, LIKELY);

	if (s->digits && s->digits < 4 && ends_digits(t, i + s->digits) &&
	    !(t->cp[i] == '0' && jnum_looks_digit(jt_at(t, i + s->digits))))
		return;
	if ((jt_is_digit(jt_at(t, i - 1)) && !minutes) ||
	    (how & JD_ALIKE && is_alnum(jt_at(t, i - 1))) ||
	    (how & JD_KANJI && jt_ends_any(t, i, W_KANJI_DIGIT)) ||
	    (jt_cls(t, i - 1) == JT_LATIN && jt_is_digit(t->cp[i]) &&
	     jt_cls(t, i - 2) == JT_LATIN && !jt_ends_any(t, i, W_PHONE_LABEL) && !is_mobile(s, i)))
		return;
	/* 186-0467-82-1111 shows one's own number, 184- hides it */
	if (jt_is_dash(jt_at(t, i - 1)) && jt_is_digit(jt_at(t, i - 2)) &&
	    !jt_ends(t, i - 1, "186") && !jt_ends(t, i - 1, "184"))
		return;
	if (t->cp[i] == '(' && !is_area_bracket(t, i))
		return;
	uint32_t n = how & JD_ALIKE ? read_odd(t, i, how, &g) : read_phone(t, i, how, &g);
	struct jdigits odd;
	if (!n && how == JD_PHONE && t->cp[i] == '0' &&
	    (read_odd(t, i, JD_MARK, &odd) || read_odd(t, i, JD_PHONE | JD_ALIKE, &odd))) {
		g = odd;
		n = jnum_phone_length(&g);
	}
	if (!n &&
	    (find_hidden(s, i) || find_hidden_card(s, i) || find_unread(s, i) || find_run_on(s, i)))
		return;
	if (jt_is(t, i, "010-") && find_foreign_phone(s, i, 4))
		return;
	if (!n && t->cp[i] == '+') {
		find_foreign_phone(s, i, 1);
		return;
	}
	if (!n && how == JD_PHONE && t->cp[i] != '(' &&
	    (jt_is(t, i, "00")
		 ? find_foreign_phone(s, i, 2)
		 : g.groups > 2 && has_label(t, i, W_PHONE_LABEL) && find_foreign_phone(s, i, 0)))
		return;
	if (!n && !(how & (JD_SPOKEN | JD_ALIKE))) {
		/* 090の、えーと、1234の5678: read out in digits */
		if (t->cp[i] == '(' || (how == JD_PHONE && t->cp[i] != '0') || g.n > 9 ||
		    !(n = read_phone(t, i, JD_SPOKEN | JD_KANJI, &odd))) {
			find_started(s, i, &g);
			return;
		}
		g = odd;
	}
	uint32_t groups = 0;
	for (uint32_t k = 0; k < n; k++)
		groups += g.first[k];
	if (!n || has_label(t, i, W_NO_PHONE_LABEL))
		return;
	/* 080の1111の22、あ、2233: what was said twice */
	const uint32_t last = g.how & JD_SPOKEN && g.n > n + 1 && g.n <= n + 4 ? g.n : n;
	uint32_t to = second_line(t, g.end[last - 1]);
	const uint32_t inner = extension(t, to);
	to = inner > to ? second_line(t, inner) : to;
	scan_add(s, i, to, HUB_SPAN_PHONE, groups > 1 || n == 11 ? SURE : STRONG);
}

static void find_phone(struct scan *s, uint32_t i)
{
	const uint32_t minutes = minutes_before(s, i), digits = s->digits;

	s->digits -= minutes;
	find_number(s, i + minutes, minutes);
	s->digits = digits;
}

enum { DIGITS = 1u << JT_DIGIT };

static const char *const mail_examples[] = {
    "返信は[mori.k+2@example.co.jp]あて。",
    "@home の時間",
    "[ｘｙｚ＠ｅｘａｍｐｌｅ．ｊｐ]へ",
    "[aoki @ example.com]です",
    "[s-kondo(at)example.org]",
    "携帯メール:[taro.docomo@ezweb]",
    "[hana121@docomo]のメール。次はhana@work",
    "[hana(at)example(dot)com]、[hana{at}example{dot}com]、[hana (at) example (dot) com]",
    "[hana(@)example.com]、[hana■example.com]",
    "\"[hana.m\"@example.com]に、[hana@example.\ncom]",
    "終了。hana@\nmemo、a.b",
    "[hana.m\n@example.com]、[hana@example,com]、予定\n@example",
    "@の前が[hana12]で、メアド：[hana 12 @ example.jp]、メール hana 12 本",
    "連絡は([@hana_1211])へ、Gmailの[hana1211@]に、@homeの時間、@10時",
    "[はなこ@example.jp]、[hanako@例え.jp]、[hana_at_example.com]、受信許可で@example.jp、会議@"
    "本庁",
    NULL};
static const char *const said_mail_examples[] = {
    "アドレスは[サクラ、ハイフン、ゼロイチ、アットマーク、エグザンプル、ドット、コム]です",
    "[mika アットマーク example ドット jp]",
    "[mika.s at example dot co dot jp]に送る",
    "[mikaあっとまーくexampleどっとcom]",
    "アドレス[mika どっと o あっと example どっと com]",
    "「[みか アンダーバー 0619 アット "
    "ドコモ]」、「[ミカ、アンダーバー、0619、アット、ドコモ]」、アットホームな所",
    "look at the dot here, at home",
    "あっとおどろく、アットマークが打てない",
    NULL};
static const char *const phone_examples[] = {
    "連絡は[080-9999-1212]へ",
    "[０８０－９９９９－１２１２]",
    "TEL[0765(44)3210]",
    "固定は[(06)6123-4567]。",
    "[田村]氏（[070-1111-2222]）から",
    "(携帯:[090 3333 4444])",
    "[+81-80-9999-1212]",
    "[+81 (0)80 9999 1212]",
    "[0081-80-9999-1212]",
    "[0661234567]へ折り返す",
    "[080-9999-\n1212]",
    "[〇八〇の九九九九の一二一二]でした",
    "[ゼロハチゼロの、えーと、キューキューキュウキュウの、イチニーイチニー]です",
    "[ぜろはちぜろ、きゅうきゅうきゅうきゅう、いちにいちに]になります",
    "[まるろくの、ろくいちにーさんの、よんごーろくなな]に電話",
    "[080の、はい、9999の1212]ですね",
    "[06-6123-4567 内線21]",
    "[06-6123-4567（内線 21]）",
    "℡[44-3210]",
    "下4桁は[1212]",
    "[080|1111|2222]、[080·1111·2222]、[080’1111’2222]、自宅[045/211/2222]、[0120/444/"
    "333]、[070_3333_4444]",
    "[090＊1111＊2222]、[090＝1111＝2222]、[090：1111：2222]、[090→1111→2222]",
    "09:30、10:00:1234、1*2*3、比率は1:2:3",
    "[九〇-一一一一-二二二二]に電話、携帯は[九〇一一一一二二二二]",
    "八〇-九〇歳の一二三四名",
    "電話[44局の3210番]、[0765局44の3210番]、郵便局の3階",
    "[O9O-1111-2222]、[o90-1111-2222]、携帯 "
    "[090-l234-5678]、[O9O1234I234]、[03-I234-5678]、[0l20-444-333]",
    "O2 3L、O2-3-4、CO2 [1234-5678]、型番O9-12、0lot-1234",
    "[010-84-90-123-4567]で国際、010-84-9",
    "[090の次が1111、最後が2222]です、[０７６５、次が44、その後3210]",
    "はい、[090です、それで1234の、5678]になります、[0765のあと44のあと3210]",
    "[81-90-1111-2222]、[+84 90 123 4567]、[+639171234567]、Viber [+63 917-123-4567]",
    "収支は+123 456円、+12.5、+1000000000円、前年比+10 +20",
    "☎ [23-9876]、市外局番なしで[23-9876]",
    "[44-3210]に電話してほしい",
    "[0765-44-3210・3211]、[0765-44-3210～3212]",
    "[0765-44-3210 / 3211]、[0765-44-3210、3211]の2回線",
    "携帯：[９０－１２３４－５６７８]",
    "携帯番号\t[9012345678]",
    "本人携帯 [9012345678]、妻 [8098765432]",
    "[8012345678]",
    "[8012345678]（携帯）、番号が[44-3210]だけ読めた",
    "携帯（妻） [8012345678]、緊急連絡先 長男 [9012345678]",
    "電話：[312345678]、FAX [467-82-1111]",
    "[090〜1234〜5678]",
    "携帯代 9012345678円、伝票番号 9012345678",
    "コード [9012345678]、9012345678件",
    "[0765(44)3210内304]",
    "[0765-44-3210または-3211]、[080-1111-2222、同じく3333]、[0765-44-3210～2]、[0765-44-3210 内線 "
    "21、2122]",
    "[080-1111-22]まで聞き取れた、番号の頭は[08011112]、"
    "[080の1111の22、あ、2233]です",
    "変わらず、[44局の3210番]です、娘は[八三一の五五〇三]、12の3456円",
    "第330の1234号、長男宅 "
    "[23-9876]、隣の[田村]さん（[23-9876]）、[23-9876]（市内）、協力員①[23-9876]②[090-1111-2222]",
    "電話番号を教えてください。\n本：[23-9876]です",
    "[090-1111-2222]です。[2222]ですね、2222円、3333",
    "石橋([23-9876])、[26・7741](民生委員)、市外局番同じで[26の8809]",
    "定員([23-9876])、前のは[080の5]なんとか、090、080は携帯、050はIP、携帯は[090]まで",
    "様子 [23-9876]、市営住宅 23-987",
    "[090-1111-2222→3333]に変更",
    "局番同じで[44-3211]がFAX、家電は[44の3211]、電話で12-3456円",
    "[090-XXXX-5678]、[080…5678]、[070-****-5678]、[090-○○○○-5678]、090-5678円、090×1234円",
    "[090-44?\?-5678]、[090-1234-56××]、カード[4980-11**-****-2206]、期間2025.4.1-2026.3.31",
    "携帯は[090]まで、SIM[09011112222]、TEL [0 4 6 3 - 7 l - 2 2 9 9]、携帯 [O9O 22Z6 ll83]",
    "番号は[ゼロキューゼロ、イチイチロクナナ、あっ違う、イチイチロクハチ、サンニイゼロゴー]です",
    "[184-090-1111-2222]、PHS[070-5512-3344]、お母さんのは最後が[1179]",
    "[080-1111] 帯広",
    "[0086-139-1044-7722]、[010-86-13910447722]、TEL [81-45-812-6714]、電話 2031-04-01 10:30",
    "TEL [045一812一6714]、[045 ( 812 ) 6714]、[045•812•6714]",
    "[ぜろはちぜろの、いちにいさんよんの、ごおろくななはち]",
    "期間は01/02/2031 10:30から、2031/0401/1200まで",
    "[3-1212]を電話で伝える、2031-0512に連絡",
    "TEL [0776-5○-2281]、TEL "
    "[0776−5З−2281]、18:05[090-4118-2257]着信、携帯[09041182257]9月8日、12:30-13:30",
    "期間は2031-04-01から2031-04-30まで",
    "貸付は200000円、残りは0円",
    "法人番号7777777777777",
    "事業所番号 0270100999 の届出",
    "ゼロからの出発",
    "1-2-3の順",
    NULL};
static const char *const extension_examples[] = {"障害福祉課(内線[2345])", "障害福祉課(内)[2345]",
						 "内線だと[三一四]です、内線は[ゴーゴーイチニ]です",
						 "PHS[7731]、PHSで連絡、内線電話を置く", NULL};

const struct rule rules_contact[] = {
    {"mail", {W_MAIL}, 0, find_mail, mail_examples},
    {"mail that is said", {W_MAIL_SAID}, 0, find_said_mail, said_mail_examples},
    {"phone", {W_PHONE_START}, DIGITS, find_phone, phone_examples},
    {"extension", {W_EXTENSION}, 0, find_extension, extension_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
