/* The pen that writes SVG. */
#include "kin_draw.h"
#include "kin_pen.h"

void kin_pen_begin(struct kin_pen *p, double width, double height)
{
	fprintf(p->out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"width=\"%.0f\" height=\"%.0f\" font-family=\"" KIN_FONTS "\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n"
		"<g stroke=\"#111\" stroke-width=\"1.6\" text-anchor=\"middle\">\n"
		"<style>text{stroke:none}"
		".halo text{paint-order:stroke;stroke:#fff;stroke-width:4}</style>\n<g>\n",
		width, height, width, height);
}

void kin_pen_end(struct kin_pen *p)
{
	fputs("</g>\n</g>\n</svg>\n", p->out);
}

void kin_pen_part(struct kin_pen *p, const char *name, double left, double top)
{
	fprintf(p->out, "</g>\n<g class=\"%s\" transform=\"translate(%.1f %.1f)\">\n", name, left,
		top);
}

/* --- things ------------------------------------------------------------------------------------------- */

static void put_shape(FILE *out, enum kin_sex sex, double x, double y, double r, const char *fill)
{
	if (sex == KIN_MALE)
		fprintf(out,
			"<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
			"fill=\"%s\"/>\n",
			x - r, y - r, 2 * r, 2 * r, fill);
	else if (sex == KIN_FEMALE)
		fprintf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>\n", x, y, r,
			fill);
	else
		fprintf(out,
			"<path d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ\" fill=\"%s\"/>\n", x,
			y - r, x + r, y, x, y + r, x - r, y, fill);
}

void kin_pen_symbol(struct kin_pen *p, struct kin_node node, const struct kin_person *who, double x,
		    double y, double r)
{
	(void)node;
	put_shape(p->out, who->sex, x, y, r, "#fff");
	if (who->client)
		put_shape(p->out, who->sex, x, y, r - KIN_GAP, "none");
}

void kin_pen_circle(struct kin_pen *p, struct kin_node node, double x, double y, double r, int home)
{
	(void)node;
	fprintf(p->out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>\n", x, y, r,
		home ? KIN_HOME "\" stroke-dasharray=\"7 5" : "#fff");
}

void kin_pen_point(struct kin_pen *p, struct kin_node node, double x, double y)
{
	(void)p;
	(void)node;
	(void)x;
	(void)y;
}

void kin_pen_words(struct kin_pen *p, struct kin_node node, double x, const struct kin_text *line,
		   uint32_t n, const char *ground)
{
	(void)node;
	if (ground)
		fputs("<g class=\"halo\">\n", p->out);
	for (uint32_t i = 0; i < n; i++) {
		fprintf(p->out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"%.1f\"%s%s>", x, line[i].y,
			line[i].size, line[i].bold ? " font-weight=\"bold\"" : "",
			line[i].grey ? " fill=\"#555\"" : "");
		kin_put_text(p->out, line[i].s);
		fputs("</text>\n", p->out);
	}
	if (ground)
		fputs("</g>\n", p->out);
}

/* --- lines -------------------------------------------------------------------------------------------- */

void kin_pen_line(struct kin_pen *p, struct kin_node a, struct kin_node b, enum kin_stroke stroke)
{
	static const char *const style[] = {[KIN_SOLID] = "",
					    [KIN_THICK] = " stroke-width=\"5\"",
					    [KIN_DASHED] = " stroke-dasharray=\"5 4\"",
					    [KIN_DOTTED] =
						" stroke=\"#888\" stroke-dasharray=\"1 4\""};

	(void)a;
	(void)b;
	fprintf(p->out, "<path fill=\"none\"%s d=\"", style[stroke]);
}

void kin_pen_move(struct kin_pen *p, double x, double y)
{
	fprintf(p->out, "M%.1f %.1f", x, y);
}

void kin_pen_to(struct kin_pen *p, double x, double y)
{
	fprintf(p->out, "L%.1f %.1f", x, y);
}

void kin_pen_curve(struct kin_pen *p, double cx, double cy, double x, double y)
{
	fprintf(p->out, "Q%.1f %.1f %.1f %.1f", cx, cy, x, y);
}

void kin_pen_end_line(struct kin_pen *p)
{
	fputs("\"/>\n", p->out);
}

/* --- household ---------------------------------------------------------------------------------------- */

void kin_pen_frame(struct kin_pen *p, enum kin_frame now)
{
	static const char *const group[] = {
	    [KIN_BORDER] = "<g fill=\"" KIN_HOME "\" stroke=\"#555\" stroke-width=\"3\" "
			   "stroke-dasharray=\"7 5\">\n",
	    [KIN_INSIDE] = "</g>\n<g fill=\"" KIN_HOME "\" stroke=\"none\">\n",
	    [KIN_FRAMED] = "</g>\n"};

	fputs(group[now], p->out);
}

void kin_pen_box(struct kin_pen *p, double x, double y, double width, double height)
{
	fprintf(p->out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"18\"/>\n",
		x, y, width, height);
}

void kin_pen_band(struct kin_pen *p, double x0, double y0, double x1, double y1, double half)
{
	fprintf(p->out, "<path d=\"M%.1f %.1fH%.1fL%.1f %.1fH%.1fZ\"/>\n", x0 - half, y0, x0 + half,
		x1 + half, y1, x1 - half);
}
