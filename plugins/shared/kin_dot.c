/* The pen that writes a graph for Graphviz, every node pinned and every edge with its way, so that
 * `neato -n2` has nothing to lay out. People, unions, links are nodes; p3 and the like say nothing of who
 * they are. Names stand in labels like HTML, where a backslash and a character reference are the only other
 * things that are not taken as they are. */
#include "kin_draw.h"
#include "kin_pen.h"

#include <string.h>

/* Graphviz counts y upwards. */
static double up(const struct kin_pen *p, double y)
{
	return p->height - p->top - y;
}

static double across(const struct kin_pen *p, double x)
{
	return p->left + x;
}

static void put_node(FILE *out, struct kin_node node)
{
	fprintf(out, "%c%u", node.kind, node.n);
}

void kin_pen_begin(struct kin_pen *p, double width, double height)
{
	p->height = height;
	fputs("// neato -n2 -Tsvg draws this graph: its places are given\ngraph kin {\n"
	      "\tgraph [layout=neato, outputorder=edgesfirst, charset=\"UTF-8\", "
	      "bgcolor=\"#ffffff\"];\n"
	      "\tnode [label=\"\", fixedsize=true, style=filled, fillcolor=\"#ffffff\", "
	      "color=\"#111111\", penwidth=1.6, fontcolor=\"#111111\", fontname=\"" KIN_FONTS
	      "\"];\n"
	      "\tedge [color=\"#111111\", penwidth=1.6];\n",
	      p->out);
	/* as wide and as high as the whole */
	kin_pen_point(p, (struct kin_node){'z', 0}, 0, 0);
	kin_pen_point(p, (struct kin_node){'z', 1}, width, height);
}

void kin_pen_end(struct kin_pen *p)
{
	fputs("}\n", p->out);
}

void kin_pen_part(struct kin_pen *p, const char *name, double left, double top)
{
	p->left = left;
	p->top = top;
	fprintf(p->out, "\t// %s\n", name);
}

/* --- things ------------------------------------------------------------------------------------------- */

/* size: across, of the innermost line; more: further attributes. */
static void put_thing(struct kin_pen *p, struct kin_node node, const char *shape, double x,
		      double y, double size, const char *more)
{
	fputc('\t', p->out);
	put_node(p->out, node);
	fprintf(p->out, " [shape=%s, width=%.4f, height=%.4f, pos=\"%.1f,%.1f!\"%s];\n", shape,
		size / 72, size / 72, across(p, x), up(p, y), more);
}

/* The cross of the dead is a line, and lines lie below what is filled: neither the symbol is, nor the
 * household of the ecomap that it stands in. */
void kin_pen_symbol(struct kin_pen *p, struct kin_node node, const struct kin_person *who, double x,
		    double y, double r)
{
	static const char *const shapes[] = {"diamond", "square", "circle"};
	const double inner = who->client ? r - KIN_GAP : r;
	char more[64];

	snprintf(more, sizeof more, "%s%s", who->client ? ", peripheries=2" : "",
		 who->dead ? ", style=\"\"" : "");
	put_thing(p, node, shapes[who->sex], x, y, 2 * inner, more);
}

void kin_pen_circle(struct kin_pen *p, struct kin_node node, double x, double y, double r, int home)
{
	put_thing(p, node, "circle", x, y, 2 * r, home ? ", style=dashed" : "");
}

void kin_pen_point(struct kin_pen *p, struct kin_node node, double x, double y)
{
	put_thing(p, node, "none", x, y, 0, ", style=\"\"");
}

/* A backslash begins a reference (\N) also in a label like HTML; line ends and tabs would join words. Nothing
 * at all would be an error of syntax there. */
static void put_label(FILE *out, struct hub_str s)
{
	int some = 0;

	for (size_t i = 0, n; i < s.len; i += n) {
		for (n = 0; i + n < s.len && !memchr("\\\n\t\r", s.ptr[i + n], 4);)
			n++;
		kin_put_text(out, (struct hub_str){s.ptr + i, n});
		some |= n > 0;
		const char c = i + n < s.len ? s.ptr[i + n++] : '\r';
		if (c == '\r')
			continue; /* of a line end, or there is no more */
		fputs(c == '\\' ? "\\\\" : "&#160;", out);
		some = 1;
	}
	if (!some)
		fputs("&#160;", out);
}

/* Graphviz sets lines 1.2 of their size apart: the block stands where its base lines are on average. */
void kin_pen_words(struct kin_pen *p, struct kin_node node, double x, const struct kin_text *line,
		   uint32_t n, const char *ground)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += line[i].y - 0.35 * line[i].size;
	fputc('\t', p->out);
	put_node(p->out, node);
	fprintf(p->out,
		" [xlp=\"%.1f,%.1f\", xlabel=<<TABLE BORDER=\"0\" CELLBORDER=\"0\" "
		"CELLSPACING=\"0\" CELLPADDING=\"1\"",
		across(p, x), up(p, sum / n));
	if (ground)
		fprintf(p->out, " BGCOLOR=\"%s\"", ground);
	fputc('>', p->out);
	for (uint32_t i = 0; i < n; i++) {
		fprintf(p->out, "<TR><TD><FONT POINT-SIZE=\"%.1f\"%s>%s", line[i].size,
			line[i].grey ? " COLOR=\"#555555\"" : "", line[i].bold ? "<B>" : "");
		put_label(p->out, line[i].s);
		fprintf(p->out, "%s</FONT></TD></TR>", line[i].bold ? "</B>" : "");
	}
	fputs("</TABLE>>];\n", p->out);
}

/* --- lines: as cubic curves, each stroke after a semicolon ------------------------------------------------ */

void kin_pen_line(struct kin_pen *p, struct kin_node a, struct kin_node b, enum kin_stroke stroke)
{
	static const char *const style[] = {[KIN_SOLID] = "",
					    [KIN_THICK] = "penwidth=5, ",
					    [KIN_DASHED] = "style=dashed, ",
					    [KIN_DOTTED] = "style=dotted, color=\"#888888\", "};

	fputc('\t', p->out);
	put_node(p->out, a);
	fputs(" -- ", p->out);
	put_node(p->out, b);
	fprintf(p->out, " [%spos=\"", style[stroke]);
	p->more = 0;
}

void kin_pen_move(struct kin_pen *p, double x, double y)
{
	p->x = across(p, x);
	p->y = up(p, y);
	fprintf(p->out, "%s%.1f,%.1f", p->more ? "; " : "", p->x, p->y);
	p->more = 1;
}

static void put_curve(struct kin_pen *p, double ax, double ay, double bx, double by, double x,
		      double y)
{
	fprintf(p->out, " %.1f,%.1f %.1f,%.1f %.1f,%.1f", ax, ay, bx, by, x, y);
	p->x = x;
	p->y = y;
}

void kin_pen_to(struct kin_pen *p, double x, double y)
{
	const double ex = across(p, x), ey = up(p, y);

	put_curve(p, p->x, p->y, ex, ey, ex, ey);
}

/* A curve with one point of control, as one with two. */
void kin_pen_curve(struct kin_pen *p, double cx, double cy, double x, double y)
{
	const double px = across(p, cx), py = up(p, cy), ex = across(p, x), ey = up(p, y);

	put_curve(p, p->x + (px - p->x) * 2 / 3, p->y + (py - p->y) * 2 / 3, ex + (px - ex) * 2 / 3,
		  ey + (py - ey) * 2 / 3, ex, ey);
}

void kin_pen_end_line(struct kin_pen *p)
{
	fputs("\"];\n", p->out);
}

/* --- household: in the language of xdot, where there are areas of any form ---------------------------------- */

#define XDOT_HOME "C 7 -" KIN_HOME " "

void kin_pen_frame(struct kin_pen *p, enum kin_frame now)
{
	static const char *const words[] = {
	    [KIN_BORDER] =
		"\tgraph [_background=\"" XDOT_HOME "c 7 -#555555 S 22 -dashed,setlinewidth(3) ",
	    [KIN_INSIDE] = "c 7 -" KIN_HOME " S 21 -solid,setlinewidth(0) ",
	    [KIN_FRAMED] = "\"];\n"};

	fputs(words[now], p->out);
}

/* Straight sides are curves too; a round corner bends 0.55 of the way to where its sides would meet. */
void kin_pen_box(struct kin_pen *p, double x, double y, double width, double height)
{
	const double r = 18, bend = 0.45 * r, w = across(p, x), n = up(p, y), e = w + width,
		     s = n - height;
	const double way[25][2] = {
	    {w, n - r},    {w, n - bend}, {w + bend, n}, {w + r, n},    {w + r, n},
	    {e - r, n},    {e - r, n},    {e - bend, n}, {e, n - bend}, {e, n - r},
	    {e, n - r},    {e, s + r},    {e, s + r},    {e, s + bend}, {e - bend, s},
	    {e - r, s},    {e - r, s},    {w + r, s},    {w + r, s},    {w + bend, s},
	    {w, s + bend}, {w, s + r},    {w, s + r},    {w, n - r},    {w, n - r}};

	fputs("b 25 ", p->out);
	for (int i = 0; i < 25; i++)
		fprintf(p->out, "%.1f %.1f ", way[i][0], way[i][1]);
}

void kin_pen_band(struct kin_pen *p, double x0, double y0, double x1, double y1, double half)
{
	fprintf(p->out, "P 4 %.1f %.1f %.1f %.1f %.1f %.1f %.1f %.1f ", across(p, x0 - half),
		up(p, y0), across(p, x0 + half), up(p, y0), across(p, x1 + half), up(p, y1),
		across(p, x1 - half), up(p, y1));
}
