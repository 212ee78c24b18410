#include "kin_draw.h"
#include "kin_pen.h"
#include "plain.h"

#include <math.h>
#include <string.h>

enum { SIZE = 19, CIRCLE = 52, HOME = 78, LEGEND = 64 };

/* --- text ------------------------------------------------------------------------------------------- */

/* Bytes of the character at p, 0 when it is no UTF-8 that XML can hold. */
static size_t character(const unsigned char *p, size_t n)
{
	const size_t len = p[0] < 0x80   ? 1
			   : p[0] < 0xC2 ? 0
			   : p[0] < 0xE0 ? 2
			   : p[0] < 0xF0 ? 3
			   : p[0] < 0xF5 ? 4
					 : 0;

	if (len == 0 || len > n || (p[0] < 0x20 && p[0] != '\n' && p[0] != '\t' && p[0] != '\r'))
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	const int surrogate = p[0] == 0xED && p[1] >= 0xA0;
	const int no_char = p[0] == 0xEF && p[1] == 0xBF && p[2] >= 0xBE;
	return surrogate || no_char ? 0 : len;
}

void kin_put_text(FILE *out, struct hub_str s)
{
	for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
		n = character((const unsigned char *)s.ptr + i, s.len - i);
		if (n == 0)
			fputs("\xEF\xBF\xBD", out);
		else if (s.ptr[i] == '\r')
			continue; /* of a line end */
		else if (s.ptr[i] == '<')
			fputs("&lt;", out);
		else if (s.ptr[i] == '>')
			fputs("&gt;", out);
		else if (s.ptr[i] == '&')
			fputs("&amp;", out);
		else
			fwrite(s.ptr + i, 1, n, out);
	}
}

/* Width in units of a full-width character. */
static double width_of(struct hub_str s)
{
	double w = 0;

	for (size_t i = 0, n; i < s.len; i += n ? n : 1) {
		n = character((const unsigned char *)s.ptr + i, s.len - i);
		w += n > 2 ? 1 : 0.55;
	}
	return w;
}

/* One line of text; a long one is set smaller, down to 7. */
static struct kin_text fit(struct hub_str s, double y, double size, double room)
{
	const double w = width_of(s);

	if (w * size > room)
		size = room / w < 7 ? 7 : room / w;
	return (struct kin_text){.s = s, .y = y, .size = size};
}

/* Words that belong to nothing. */
static void put_words(struct kin_pen *p, uint32_t n, double x, double y, double size, double room,
		      int bold, const char *words)
{
	const struct kin_node node = {'t', n};
	struct kin_text line = fit(str_of(words), y, size, room);

	line.bold = bold;
	kin_pen_point(p, node, x, y);
	kin_pen_words(p, node, x, &line, 1, NULL);
}

/* --- people ------------------------------------------------------------------------------------------ */

static struct kin_node person(const struct kin *k, const struct kin_person *p)
{
	return (struct kin_node){'p', (uint32_t)(p - k->person)};
}

/* From the middle to the border, along (ux, uy) of length 1. */
static double border(enum kin_sex sex, double ux, double uy)
{
	ux = fabs(ux);
	uy = fabs(uy);
	return sex == KIN_FEMALE ? 1 : sex == KIN_MALE ? 1 / fmax(ux, uy) : 1 / (ux + uy);
}

/* The cross reaches the border of the shape. */
static void put_symbol(struct kin_pen *p, struct kin_node node, const struct kin_person *who,
		       double x, double y, double r)
{
	const double d = r * border(who->sex, M_SQRT1_2, M_SQRT1_2) * M_SQRT1_2;

	kin_pen_symbol(p, node, who, x, y, r);
	if (!who->dead)
		return;
	kin_pen_line(p, node, node, KIN_SOLID);
	for (int side = -1; side <= 1; side += 2) {
		kin_pen_move(p, x - d, y - side * d);
		kin_pen_to(p, x + d, y + side * d);
	}
	kin_pen_end_line(p);
}

/* "1980" and "昭和55年" are years of birth; "40代" is an age. */
static const char *birth_tail(struct hub_str birth)
{
	static const char year[] = "年";
	const size_t n = birth.len;

	if (n > 3 && memcmp(birth.ptr + n - 3, year, 3) == 0)
		return "生";
	return n && birth.ptr[n - 1] >= '0' && birth.ptr[n - 1] <= '9' ? "年生" : "";
}

/* What may be shown first, the rest below: name or word; word, year of birth. */
static void put_label(struct kin_pen *pen, const struct kin *k, const struct kin_person *p,
		      const char *ground)
{
	const struct hub_str none = {"", 0}, first = p->name.len ? p->name : p->word;
	const struct hub_str word = p->name.len && p->word.len < 60 ? p->word : none;
	const struct hub_str birth = p->birth.len < 60 ? p->birth : none;
	struct kin_text line[2];
	char note[160];

	snprintf(note, sizeof note, "%.*s%s%.*s%s", (int)word.len, word.ptr ? word.ptr : "",
		 word.len && birth.len ? " " : "", (int)birth.len, birth.ptr ? birth.ptr : "",
		 birth_tail(birth));
	line[0] = fit(first.len ? first : str_of("―"), p->y + SIZE + 16, 12, 118);
	line[0].bold = p->client;
	line[1] = fit(str_of(note), p->y + SIZE + 30, 10, 118);
	kin_pen_words(pen, person(k, p), p->x, line, note[0] ? 2 : 1, ground);
}

/* --- lines ------------------------------------------------------------------------------------------- */

/* Of a couple: one slash, or two. */
static void put_slashes(struct kin_pen *p, struct kin_node a, struct kin_node b, uint32_t n,
			double x, double y)
{
	kin_pen_line(p, a, b, KIN_SOLID);
	for (uint32_t i = 0; i < n; i++) {
		kin_pen_move(p, x + i * 6 - 5, y + 9);
		kin_pen_to(p, x + i * 6 + 5, y - 9);
	}
	kin_pen_end_line(p);
}

/* Is nobody between the two? */
static int are_neighbours(const struct kin *k, const struct kin_person *a,
			  const struct kin_person *b)
{
	const double lo = a->x < b->x ? a->x : b->x, hi = a->x < b->x ? b->x : a->x;

	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *p = &k->person[i];
		if (p->drawn && p->generation == a->generation && p->x > lo + 1 && p->x < hi - 1)
			return 0;
	}
	return a->generation == b->generation;
}

/* Partners side by side: a line between them; others: below those who stand between. */
static double put_couple(struct kin_pen *p, const struct kin *k, const struct kin_union *u,
			 double *at)
{
	const struct kin_person *a = &k->person[u->a], *b = &k->person[u->b];
	const struct kin_person *left = a->x < b->x ? a : b, *right = left == a ? b : a;
	const int near = are_neighbours(k, a, b);
	const double y = near ? a->y : left->y + SIZE + 44;
	const double x = near ? (left->x + right->x) / 2 : right->x - 26;

	kin_pen_line(p, person(k, left), person(k, right), u->dashed ? KIN_DASHED : KIN_SOLID);
	if (near) {
		kin_pen_move(p, left->x + SIZE, y);
		kin_pen_to(p, right->x - SIZE, y);
	} else {
		kin_pen_move(p, left->x + 10, left->y + SIZE);
		kin_pen_to(p, left->x + 10, y);
		kin_pen_to(p, right->x - 10, y);
		kin_pen_to(p, right->x - 10, right->y + SIZE);
	}
	kin_pen_end_line(p);
	if (u->ended || u->apart)
		put_slashes(p, person(k, left), person(k, right), u->ended ? 2 : 1,
			    x + (u->n ? 16 : 0), y);
	*at = y;
	return x;
}

/* One child that stands nearly below: the line goes straight down. */
static double straight(const struct kin *k, const struct kin_union *u, double x)
{
	const double c = k->person[k->child[u->first].person].x;

	return fabs(c - x) < 14 ? c : x;
}

/* From the parents down to the height where the ways to their children part, and on to each of them. */
static void put_union(struct kin_pen *p, const struct kin *k, const struct kin_union *u)
{
	const struct kin_node node = {'u', (uint32_t)(u - k->un)};
	double y = 0, x = u->mid;

	if (u->a != KIN_NONE && u->b != KIN_NONE)
		x = put_couple(p, k, u, &y);
	else if (u->a != KIN_NONE)
		y = k->person[u->a].y + SIZE;
	if (u->n == 0)
		return;
	if (u->n == 1)
		x = straight(k, u, x);
	const double row = k->person[k->child[u->first].person].y;
	const double bus = row - (u->a == KIN_NONE ? 40 : 176 - u->bus);
	kin_pen_point(p, node, x, bus);
	if (u->a != KIN_NONE) {
		kin_pen_line(p, person(k, &k->person[u->a]), node, KIN_SOLID);
		kin_pen_move(p, x, y);
		kin_pen_to(p, x, bus);
		kin_pen_end_line(p);
	}
	for (uint32_t i = 0; i < u->n; i++) {
		const struct kin_child *child = &k->child[u->first + i];
		const struct kin_person *c = &k->person[child->person];
		kin_pen_line(p, node, person(k, c), child->dashed ? KIN_DASHED : KIN_SOLID);
		kin_pen_move(p, x, bus);
		if (fabs(c->x - x) > 0.5)
			kin_pen_to(p, c->x, bus);
		kin_pen_to(p, c->x, c->y - SIZE);
		kin_pen_end_line(p);
	}
}

/* Kin whose way to the client is not known. */
static void put_loose(struct kin_pen *p, const struct kin *k)
{
	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_tie *t = &k->tie[i];
		const struct kin_person *a = &k->person[t->a], *b = &k->person[t->b];
		if (t->kind != KIN_LOOSE || !a->drawn || !b->drawn)
			continue;
		kin_pen_line(p, person(k, a), person(k, b), KIN_DOTTED);
		if (a->generation == b->generation) {
			kin_pen_move(p, a->x, a->y - SIZE);
			kin_pen_curve(p, (a->x + b->x) / 2, a->y - SIZE - 40, b->x, b->y - SIZE);
		} else {
			const double len = hypot(b->x - a->x, b->y - a->y),
				     ux = (b->x - a->x) / len, uy = (b->y - a->y) / len,
				     from = SIZE * border(a->sex, ux, uy),
				     to = SIZE * border(b->sex, ux, uy);
			kin_pen_move(p, a->x + from * ux, a->y + from * uy);
			kin_pen_to(p, b->x - to * ux, b->y - to * uy);
		}
		kin_pen_end_line(p);
	}
}

/* --- those who live together ------------------------------------------------------------------------- */

static const struct kin_person *next_in_row(const struct kin *k, const struct kin_person *p)
{
	const struct kin_person *best = NULL;

	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *q = &k->person[i];
		if (q->drawn && q->generation == p->generation && q->x > p->x + 1 &&
		    (!best || q->x < best->x))
			best = q;
	}
	return best;
}

static void put_areas(struct kin_pen *pen, const struct kin *k)
{
	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *p = &k->person[i];
		if (!p->drawn || !p->together)
			continue;
		const struct kin_person *next = next_in_row(k, p);
		const double w = next && next->together ? next->x - p->x : 0;
		kin_pen_box(pen, p->x - 61, p->y - SIZE - 14, w + 122, 92);
	}
	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_person *a = &k->person[k->tie[i].a], *b = &k->person[k->tie[i].b];
		if (k->tie[i].kind == KIN_PARENT && a->drawn && b->drawn && a->together &&
		    b->together)
			kin_pen_band(pen, b->x, b->y + 20, a->x, a->y, 40);
	}
}

/* Nobody else: no frame. */
static int put_household(struct kin_pen *p, const struct kin *k)
{
	uint32_t together = 0;

	for (uint32_t i = 0; i < k->people; i++)
		together += k->person[i].drawn && k->person[i].together ? 1u : 0u;
	if (together < 2)
		return 0;
	kin_pen_frame(p, KIN_BORDER);
	put_areas(p, k);
	kin_pen_frame(p, KIN_INSIDE);
	put_areas(p, k);
	kin_pen_frame(p, KIN_FRAMED);
	return 1;
}

static void put_legend(struct kin_pen *p, double y)
{
	static const struct {
		struct kin_person p;
		const char *word;
	} symbols[] = {{{.sex = KIN_MALE}, "男性"},
		       {{.sex = KIN_FEMALE}, "女性"},
		       {{.sex = KIN_UNKNOWN}, "不明"},
		       {{.sex = KIN_FEMALE, .client = 1}, "本人（二重）"},
		       {{.sex = KIN_MALE, .dead = 1}, "死亡"}};
	double x = 20;

	kin_pen_part(p, "legend", 0, y);
	for (uint32_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++, x += 94.6) {
		put_symbol(p, (struct kin_node){'s', i}, &symbols[i].p, x, 13, SIZE * 0.55);
		put_words(p, i, x + 15 + width_of(str_of(symbols[i].word)) * 5, 17, 10, 80, 0,
			  symbols[i].word);
	}
	put_words(p, 10, 320, 40, 10, 620, 0,
		  "横線 実線: 婚姻　破線: 内縁・未届　／: 別居　／／: 離婚　縦の破線: "
		  "養子・継子・里子　"
		  "点線: 間柄のみ　破線の枠: 同居");
}

static void put_genogram(struct kin_pen *p, const struct kin *k)
{
	const int framed = put_household(p, k);

	for (uint32_t i = 0; i < k->unions; i++)
		put_union(p, k, &k->un[i]);
	put_loose(p, k);
	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *who = &k->person[i];
		if (!who->drawn)
			continue;
		put_symbol(p, person(k, who), who, who->x, who->y, SIZE);
		put_label(p, k, who, framed && who->together ? KIN_HOME : "#ffffff");
	}
}

/* --- ecomap ------------------------------------------------------------------------------------------- */

static double ecomap_radius(const struct kin *k)
{
	const double around = k->links * (2.0 * CIRCLE + 24) / 6.2832;

	return around < 190 ? 190 : around;
}

/* Along the line from (x0,y0) to (x1,y1). */
static void put_tie_line(struct kin_pen *p, struct kin_node a, struct kin_node b,
			 enum kin_strength s, double x0, double y0, double x1, double y1)
{
	const double len = hypot(x1 - x0, y1 - y0), ux = (x1 - x0) / len, uy = (y1 - y0) / len;

	kin_pen_line(p, a, b, s == KIN_STRONG ? KIN_THICK : s == KIN_WEAK ? KIN_DASHED : KIN_SOLID);
	kin_pen_move(p, x0, y0);
	for (int side = -1; side <= 1 && s == KIN_BROKEN; side += 2) {
		const double mx = (x0 + x1) / 2 + side * 5 * ux, my = (y0 + y1) / 2 + side * 5 * uy;
		if (side < 0)
			kin_pen_to(p, mx, my);
		kin_pen_move(p, mx - 9 * uy, my + 9 * ux);
		kin_pen_to(p, mx + 9 * uy, my - 9 * ux);
		if (side > 0)
			kin_pen_move(p, mx, my);
	}
	kin_pen_to(p, x1, y1);
	for (double at = 8; s == KIN_STRESS && at < len - 4; at += 9) {
		kin_pen_move(p, x0 + at * ux - 6 * uy, y0 + at * uy + 6 * ux);
		kin_pen_to(p, x0 + at * ux + 6 * uy, y0 + at * uy - 6 * ux);
	}
	kin_pen_end_line(p);
}

/* Up to three lines of what fits into a circle. */
static void put_in_circle(struct kin_pen *p, struct kin_node node, double x, double y,
			  const struct kin_link *l)
{
	const double all = width_of(l->label), per = all <= 7.2 ? 7.2 : all / ceil(all / 7.2) + 0.6;
	struct kin_text line[4];
	size_t from = 0;
	uint32_t n = 0;
	double w = 0;

	for (size_t i = 0, c; i < l->label.len && n < 3; i += c) {
		c = character((const unsigned char *)l->label.ptr + i, l->label.len - i);
		c = c ? c : 1;
		w += c > 2 ? 1 : 0.55;
		const int last = i + c >= l->label.len;
		if (w + (last ? 0 : 1) > per || last) {
			line[n++].s = (struct hub_str){l->label.ptr + from, i + c - from};
			from = i + c;
			w = 0;
		}
	}
	const int note = l->note.len > 0;
	const double top = y + 4 - ((double)n + note - 1) * 7;
	for (uint32_t i = 0; i < n; i++)
		line[i] = fit(line[i].s, top + i * 14.0, 11.5, 2 * CIRCLE - 14);
	if (note) {
		line[n] = fit(l->note, top + n * 14.0, 9, 2 * CIRCLE - 22);
		line[n++].grey = 1;
	}
	kin_pen_words(p, node, x, line, n, NULL);
}

/* The household in the middle: the client's symbol, and how the others are called. */
static void put_center(struct kin_pen *pen, struct kin_node home, const struct kin *k, double x,
		       double y)
{
	const struct kin_person *client = kin_client(k);
	struct kin_text line[5];
	uint32_t n = 1;

	kin_pen_circle(pen, home, x, y, HOME, 1);
	put_symbol(pen, (struct kin_node){'c', 0}, client, x, y - 32, SIZE);
	line[0] = fit(client->name.len ? client->name : client->word, y + 4, 12, 140);
	line[0].bold = 1;
	for (uint32_t i = 0; i < k->people && n < 5; i++) {
		const struct kin_person *p = &k->person[i];
		if (p->client || !p->together)
			continue;
		line[n] = fit(p->word.len   ? p->word
			      : p->name.len ? p->name
					    : str_of("―"),
			      y + 7 + 13.0 * n, 10, 120);
		n++;
	}
	kin_pen_words(pen, home, x, line, n, NULL);
}

static void put_ecomap(struct kin_pen *p, const struct kin *k, double x, double y)
{
	const struct kin_node home = {'h', 0};
	const double r = ecomap_radius(k);

	for (uint32_t i = 0; i < k->links; i++) {
		const struct kin_node node = {'e', i};
		const double angle = -1.5708 + 6.28319 * i / k->links, ux = cos(angle),
			     uy = sin(angle);
		put_tie_line(p, home, node, k->link[i].strength, x + HOME * ux, y + HOME * uy,
			     x + (r - CIRCLE) * ux, y + (r - CIRCLE) * uy);
		kin_pen_circle(p, node, x + r * ux, y + r * uy, CIRCLE, 0);
		put_in_circle(p, node, x + r * ux, y + r * uy, &k->link[i]);
	}
	put_center(p, home, k, x, y);
}

static void put_ecomap_legend(struct kin_pen *p)
{
	static const struct {
		enum kin_strength s;
		const char *word;
	} lines[] = {{KIN_STRONG, "強い"},
		     {KIN_NORMAL, "普通"},
		     {KIN_WEAK, "弱い"},
		     {KIN_STRESS, "ストレス"},
		     {KIN_BROKEN, "断絶"}};

	for (uint32_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const struct kin_node a = {'l', i}, b = {'r', i};
		const double x = 10 + i * 112.0;
		kin_pen_point(p, a, x, 0);
		kin_pen_point(p, b, x + 46, 0);
		put_tie_line(p, a, b, lines[i].s, x, 0, x + 46, 0);
		put_words(p, 20 + i, x + 52 + width_of(str_of(lines[i].word)) * 5, 4, 10, 50, 0,
			  lines[i].word);
	}
}

/* --- the whole ------------------------------------------------------------------------------------------ */

void kin_draw(const struct kin *k, int what, FILE *out)
{
	const int tree = (what & KIN_GENOGRAM) && k->width > 0,
		  eco = (what & KIN_ECOMAP) && kin_client(k);
	const double r = ecomap_radius(k) + CIRCLE + 12, tall = tree ? k->height + LEGEND : 0;
	struct kin_pen p = {.out = out};
	double width = tree ? k->width : 0;

	width = eco && 2 * r > width ? 2 * r : width;
	width = width < 640 ? 640 : width;
	const double height = 30 + tall + (eco ? 2 * r + 50 : 0);
	kin_pen_begin(&p, width, height);
	if (!tree && !eco)
		put_words(&p, 30, width / 2, 20, 13, width, 0, "提供できる情報がありません");
	if (tree) {
		put_words(&p, 31, width / 2, 20, 14, width, 1, "ジェノグラム");
		kin_pen_part(&p, "genogram", (width - k->width) / 2, 30);
		put_genogram(&p, k);
		put_legend(&p, 30 + k->height);
	}
	if (eco) {
		kin_pen_part(&p, "ecomap", 0, tall);
		put_words(&p, 32, width / 2, 20 + (tree ? 10 : 0), 14, width, 1, "エコマップ");
		put_ecomap(&p, k, width / 2, 40 + r);
		kin_pen_part(&p, "legend", 0, height - 16);
		put_ecomap_legend(&p);
	}
	kin_pen_end(&p);
}
