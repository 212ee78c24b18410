#include "kin_svg.h"
#include "plain.h"

#include <math.h>
#include <string.h>

enum { SIZE = 19, CIRCLE = 52, NOTE_ROOM = 76, LEGEND = 64 };

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

/* One line of text around x; a long one is set smaller, down to 7. */
static void put_line(FILE *out, double x, double y, double size, double room, const char *more,
		     struct hub_str s)
{
	const double w = width_of(s);

	if (w * size > room)
		size = room / w < 7 ? 7 : room / w;
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\"%s>", x, y, size, more);
	kin_put_text(out, s);
	fputs("</text>\n", out);
}

/* --- people ------------------------------------------------------------------------------------------ */

static void put_shape(FILE *out, enum kin_sex sex, double x, double y, double r, const char *style)
{
	if (sex == KIN_MALE)
		fprintf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"%s/>\n",
			x - r, y - r, 2 * r, 2 * r, style);
	else if (sex == KIN_FEMALE)
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"%s/>\n", x, y, r, style);
	else
		fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ\"%s/>\n", x,
			y - r, x + r, y, x, y + r, x - r, y, style);
}

/* The cross reaches the border of the shape. */
static void put_symbol(FILE *out, const struct kin_person *p, double x, double y)
{
	const double d = p->sex == KIN_MALE     ? SIZE
			 : p->sex == KIN_FEMALE ? SIZE * 0.707
						: SIZE * 0.5;

	put_shape(out, p->sex, x, y, SIZE, " fill=\"#fff\"");
	if (p->client)
		put_shape(out, p->sex, x, y, SIZE - 5, " fill=\"none\"");
	if (p->dead)
		fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1fM%.1f %.1fL%.1f %.1f\"/>\n", x - d,
			y - d, x + d, y + d, x - d, y + d, x + d, y - d);
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
static void put_label(FILE *out, const struct kin_person *p)
{
	const struct hub_str none = {"", 0}, first = p->name.len ? p->name : p->word;
	const struct hub_str word = p->name.len && p->word.len < 60 ? p->word : none;
	const struct hub_str birth = p->birth.len < 60 ? p->birth : none;
	char note[160];

	snprintf(note, sizeof note, "%.*s%s%.*s%s", (int)word.len, word.ptr ? word.ptr : "",
		 word.len && birth.len ? " " : "", (int)birth.len, birth.ptr ? birth.ptr : "",
		 birth_tail(birth));
	fputs("<g class=\"halo\">\n", out);
	put_line(out, p->x, p->y + SIZE + 16, 12, 118, p->client ? " font-weight=\"bold\"" : "",
		 first.len ? first : str_of("―"));
	if (note[0])
		put_line(out, p->x, p->y + SIZE + 30, 10, 118, "", str_of(note));
	fputs("</g>\n", out);
}

/* --- lines ------------------------------------------------------------------------------------------- */

static void put_slash(FILE *out, double x, double y)
{
	fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x - 5, y + 9, x + 5, y - 9);
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
static double put_couple(FILE *out, const struct kin *k, const struct kin_union *u, double *at)
{
	const struct kin_person *a = &k->person[u->a], *b = &k->person[u->b];
	const struct kin_person *left = a->x < b->x ? a : b, *right = left == a ? b : a;
	const int near = are_neighbours(k, a, b);
	const double y = near ? a->y : left->y + SIZE + 44;
	const double x = near ? (left->x + right->x) / 2 : right->x - 26;
	const char *dash = u->dashed ? " stroke-dasharray=\"5 4\"" : "";

	if (near)
		fprintf(out, "<path d=\"M%.1f %.1fH%.1f\"%s/>\n", left->x + SIZE, y,
			right->x - SIZE, dash);
	else
		fprintf(out, "<path d=\"M%.1f %.1fV%.1fH%.1fV%.1f\" fill=\"none\"%s/>\n",
			left->x + 10, left->y + SIZE, y, right->x - 10, right->y + SIZE, dash);
	if (u->ended || u->apart)
		put_slash(out, x + (u->n ? 16 : 0), y);
	if (u->ended)
		put_slash(out, x + (u->n ? 22 : 6), y);
	*at = y;
	return x;
}

/* One child that stands nearly below: the line goes straight down. */
static double straight(const struct kin *k, const struct kin_union *u, double x)
{
	const double c = k->person[k->child[u->first].person].x;

	return fabs(c - x) < 14 ? c : x;
}

static void put_union(FILE *out, const struct kin *k, const struct kin_union *u)
{
	double y = 0, x = u->mid;

	if (u->a != KIN_NONE && u->b != KIN_NONE)
		x = put_couple(out, k, u, &y);
	else if (u->a != KIN_NONE)
		y = k->person[u->a].y + SIZE;
	if (u->n == 0)
		return;
	if (u->n == 1)
		x = straight(k, u, x);
	const double row = k->person[k->child[u->first].person].y;
	const double bus = row - (u->a == KIN_NONE ? 40 : 176 - u->bus);
	double lo = x, hi = x;
	for (uint32_t i = 0; i < u->n; i++) {
		const struct kin_person *c = &k->person[k->child[u->first + i].person];
		lo = c->x < lo ? c->x : lo;
		hi = c->x > hi ? c->x : hi;
		fprintf(out, "<path d=\"M%.1f %.1fV%.1f\"%s/>\n", c->x, bus, c->y - SIZE,
			k->child[u->first + i].dashed ? " stroke-dasharray=\"5 4\"" : "");
	}
	if (u->a != KIN_NONE)
		fprintf(out, "<path d=\"M%.1f %.1fV%.1f\"/>\n", x, y, bus);
	if (hi - lo > 0.5)
		fprintf(out, "<path d=\"M%.1f %.1fH%.1f\"/>\n", lo, bus, hi);
}

/* Kin whose way to the client is not known. */
static void put_loose(FILE *out, const struct kin *k)
{
	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_tie *t = &k->tie[i];
		const struct kin_person *a = &k->person[t->a], *b = &k->person[t->b];
		if (t->kind != KIN_LOOSE || !a->drawn || !b->drawn)
			continue;
		if (a->generation == b->generation)
			fprintf(out,
				"<path d=\"M%.1f %.1fQ%.1f %.1f %.1f %.1f\" fill=\"none\" "
				"stroke=\"#888\" "
				"stroke-dasharray=\"1 4\"/>\n",
				a->x, a->y - SIZE, (a->x + b->x) / 2, a->y - SIZE - 40, b->x,
				b->y - SIZE);
		else
			fprintf(out,
				"<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#888\" "
				"stroke-dasharray=\"1 4\"/>\n",
				a->x, a->y, b->x, b->y);
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

/* One frame around everyone: each shape once with its border, then once without, so that what lies inside
 * of another one disappears. */
static void put_household_layer(FILE *out, const struct kin *k)
{
	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *p = &k->person[i];
		if (!p->drawn || !p->together)
			continue;
		const struct kin_person *next = next_in_row(k, p);
		const double w = next && next->together ? next->x - p->x : 0;
		fprintf(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"92\" rx=\"18\"/>\n",
			p->x - 61, p->y - SIZE - 14, w + 122);
	}
	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_person *a = &k->person[k->tie[i].a], *b = &k->person[k->tie[i].b];
		if (k->tie[i].kind == KIN_PARENT && a->drawn && b->drawn && a->together &&
		    b->together)
			fprintf(out, "<path d=\"M%.1f %.1fH%.1fL%.1f %.1fH%.1fZ\"/>\n", b->x - 40,
				b->y + 20, b->x + 40, a->x + 40, a->y, a->x - 40);
	}
}

static void put_household(FILE *out, const struct kin *k)
{
	uint32_t together = 0;

	for (uint32_t i = 0; i < k->people; i++)
		together += k->person[i].drawn && k->person[i].together ? 1u : 0u;
	if (together < 2)
		return;
	fputs("<g fill=\"#f6f6ee\" stroke=\"#555\" stroke-width=\"3\" stroke-dasharray=\"7 5\">\n",
	      out);
	put_household_layer(out, k);
	fputs("</g>\n<g fill=\"#f6f6ee\" stroke=\"none\">\n", out);
	put_household_layer(out, k);
	fputs("</g>\n", out);
}

static void put_legend(FILE *out, double y)
{
	static const struct {
		struct kin_person p;
		const char *word;
	} symbols[] = {{{.sex = KIN_MALE}, "男性"},
		       {{.sex = KIN_FEMALE}, "女性"},
		       {{.sex = KIN_UNKNOWN}, "不明"},
		       {{.sex = KIN_FEMALE, .client = 1}, "本人（二重）"},
		       {{.sex = KIN_MALE, .dead = 1}, "死亡"}};
	double x = 18;

	fprintf(out, "<g transform=\"translate(0 %.1f)\">\n<g transform=\"scale(0.55)\">\n", y);
	for (uint32_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++)
		put_symbol(out, &symbols[i].p, 36 + i * 172.0, 24);
	fputs("</g>\n<g text-anchor=\"start\">\n", out);
	for (uint32_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++, x += 94.6)
		put_line(out, x + 17, 17, 10, 80, "", str_of(symbols[i].word));
	put_line(out, 10, 40, 10, 620, "",
		 str_of("横線 実線: 婚姻　破線: 内縁・未届　／: 別居　／／: 離婚　縦の破線: "
			"養子・継子・里子　"
			"点線: 間柄のみ　破線の枠: 同居"));
	fputs("</g>\n</g>\n", out);
}

static void put_genogram(FILE *out, const struct kin *k)
{
	put_household(out, k);
	for (uint32_t i = 0; i < k->unions; i++)
		put_union(out, k, &k->un[i]);
	put_loose(out, k);
	for (uint32_t i = 0; i < k->people; i++)
		if (k->person[i].drawn) {
			put_symbol(out, &k->person[i], k->person[i].x, k->person[i].y);
			put_label(out, &k->person[i]);
		}
}

/* --- ecomap ------------------------------------------------------------------------------------------- */

static double ecomap_radius(const struct kin *k)
{
	const double around = k->links * (2.0 * CIRCLE + 24) / 6.2832;

	return around < 190 ? 190 : around;
}

/* Along the line from (x0,y0) to (x1,y1). */
static void put_tie_line(FILE *out, enum kin_strength s, double x0, double y0, double x1, double y1)
{
	const double len = hypot(x1 - x0, y1 - y0), ux = (x1 - x0) / len, uy = (y1 - y0) / len;
	static const char *const style[] = {"", " stroke-width=\"5\"", " stroke-dasharray=\"4 5\"",
					    "", ""};

	if (s == KIN_BROKEN) {
		const double mx = (x0 + x1) / 2, my = (y0 + y1) / 2;
		fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1fM%.1f %.1fL%.1f %.1f\"/>\n", x0, y0,
			mx - 5 * ux, my - 5 * uy, mx + 5 * ux, my + 5 * uy, x1, y1);
		for (int side = -1; side <= 1; side += 2)
			fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
				mx + side * 5 * ux - 9 * uy, my + side * 5 * uy + 9 * ux,
				mx + side * 5 * ux + 9 * uy, my + side * 5 * uy - 9 * ux);
		return;
	}
	fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\"%s/>\n", x0, y0, x1, y1, style[s]);
	for (double at = 8; s == KIN_STRESS && at < len - 4; at += 9)
		fprintf(out, "<path d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x0 + at * ux - 6 * uy,
			y0 + at * uy + 6 * ux, x0 + at * ux + 6 * uy, y0 + at * uy - 6 * ux);
}

/* Up to three lines of what fits into a circle. */
static void put_in_circle(FILE *out, double x, double y, const struct kin_link *l)
{
	const double all = width_of(l->label), per = all <= 7.2 ? 7.2 : all / ceil(all / 7.2) + 0.6;
	struct hub_str line[3] = {{"", 0}};
	size_t from = 0;
	uint32_t n = 0;
	double w = 0;

	for (size_t i = 0, c; i < l->label.len && n < 3; i += c) {
		c = character((const unsigned char *)l->label.ptr + i, l->label.len - i);
		c = c ? c : 1;
		w += c > 2 ? 1 : 0.55;
		const int last = i + c >= l->label.len;
		if (w + (last ? 0 : 1) > per || last) {
			line[n++] = (struct hub_str){l->label.ptr + from, i + c - from};
			from = i + c;
			w = 0;
		}
	}
	const int note = l->note.len > 0;
	const double top = y + 4 - ((double)n + note - 1) * 7;
	for (uint32_t i = 0; i < n; i++)
		put_line(out, x, top + i * 14.0, 11.5, 2 * CIRCLE - 14, "", line[i]);
	if (note)
		put_line(out, x, top + n * 14.0, 9, 2 * CIRCLE - 22, " fill=\"#555\"", l->note);
}

/* The household in the middle: the client's symbol, and how the others are called. */
static void put_center(FILE *out, const struct kin *k, double x, double y)
{
	const struct kin_person *client = kin_client(k);
	uint32_t n = 0;

	fprintf(out,
		"<circle cx=\"%.1f\" cy=\"%.1f\" r=\"78\" fill=\"#f6f6ee\" stroke-dasharray=\"7 "
		"5\"/>\n",
		x, y);
	put_symbol(out, client, x, y - 32);
	put_line(out, x, y + 4, 12, 140, " font-weight=\"bold\"",
		 client->name.len ? client->name : client->word);
	for (uint32_t i = 0; i < k->people && n < 4; i++) {
		const struct kin_person *p = &k->person[i];
		if (p->client || !p->together)
			continue;
		put_line(out, x, y + 20 + 13.0 * n++, 10, 120, "",
			 p->word.len   ? p->word
			 : p->name.len ? p->name
				       : str_of("―"));
	}
}

static void put_ecomap(FILE *out, const struct kin *k, double x, double y)
{
	const double r = ecomap_radius(k);

	for (uint32_t i = 0; i < k->links; i++) {
		const double angle = -1.5708 + 6.28319 * i / k->links, ux = cos(angle),
			     uy = sin(angle);
		put_tie_line(out, k->link[i].strength, x + 78 * ux, y + 78 * uy,
			     x + (r - CIRCLE) * ux, y + (r - CIRCLE) * uy);
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"#fff\"/>\n",
			x + r * ux, y + r * uy, CIRCLE);
		put_in_circle(out, x + r * ux, y + r * uy, &k->link[i]);
	}
	put_center(out, k, x, y);
}

static void put_ecomap_legend(FILE *out, double y)
{
	static const struct {
		enum kin_strength s;
		const char *word;
	} lines[] = {{KIN_STRONG, "強い"},
		     {KIN_NORMAL, "普通"},
		     {KIN_WEAK, "弱い"},
		     {KIN_STRESS, "ストレス"},
		     {KIN_BROKEN, "断絶"}};

	fputs("<g text-anchor=\"start\">\n", out);
	for (uint32_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		put_tie_line(out, lines[i].s, 10 + i * 112.0, y, 56 + i * 112.0, y);
		put_line(out, 62 + i * 112.0, y + 4, 10, 50, "", str_of(lines[i].word));
	}
	fputs("</g>\n", out);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

void kin_svg(const struct kin *k, int what, FILE *out)
{
	const int tree = (what & KIN_GENOGRAM) && k->width > 0,
		  eco = (what & KIN_ECOMAP) && kin_client(k);
	const double r = ecomap_radius(k) + CIRCLE + 12, tall = tree ? k->height + LEGEND : 0;
	double width = tree ? k->width : 0;

	width = eco && 2 * r > width ? 2 * r : width;
	width = width < 640 ? 640 : width;
	const double height = 30 + tall + (eco ? 2 * r + 50 : 0);
	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"width=\"%.0f\" height=\"%.0f\" "
		"font-family=\"Noto Sans CJK JP,Noto Sans JP,Yu Gothic,Meiryo,sans-serif\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
		width, height, width, height);
	fputs("<g stroke=\"#111\" stroke-width=\"1.6\" "
	      "text-anchor=\"middle\">\n<style>text{stroke:none}.halo "
	      "text{paint-order:stroke;stroke:#fff;stroke-width:4}</style>\n",
	      out);
	if (!tree && !eco)
		put_line(out, width / 2, 20, 13, width, "", str_of("提供できる情報がありません"));
	if (tree) {
		put_line(out, width / 2, 20, 14, width, " font-weight=\"bold\"",
			 str_of("ジェノグラム"));
		fprintf(out, "<g transform=\"translate(%.1f 30)\">\n", (width - k->width) / 2);
		put_genogram(out, k);
		fputs("</g>\n", out);
		put_legend(out, 30 + k->height);
	}
	if (eco) {
		put_line(out, width / 2, tall + 20 + (tree ? 10 : 0), 14, width,
			 " font-weight=\"bold\"", str_of("エコマップ"));
		put_ecomap(out, k, width / 2, tall + 40 + r);
		put_ecomap_legend(out, height - 16);
	}
	fputs("</g>\n</svg>\n", out);
}
