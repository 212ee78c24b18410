/* What kin_draw() draws with. There are two: kin_svg.c writes an <svg> element, kin_dot.c a graph for
 * Graphviz; a plugin links one of them. Places are in points, y downwards, from the origin of the part. */
#ifndef PLUGINS_SHARED_KIN_PEN_H
#define PLUGINS_SHARED_KIN_PEN_H

#include "kin.h"

#include <stdio.h>

#define KIN_FONTS "Noto Sans CJK JP,Noto Sans JP,Yu Gothic,Meiryo,sans-serif"
#define KIN_HOME  "#f6f6ee" /* where the household stands */

/* Between the two lines of what is drawn doubled: what Graphviz leaves there. */
enum { KIN_GAP = 4 };

struct kin_pen {
	FILE *out;
	double left, top, height; /* origin of the part; of the whole */
	double x, y;              /* where the line is */
	int more;                 /* the line, or the frame, has begun */
};

/* What a thing is called in a graph: p3 is the fourth person. */
struct kin_node {
	char kind;
	uint32_t n;
};

struct kin_text {
	struct hub_str s;
	double y, size; /* y: of the base line */
	int bold, grey;
};

enum kin_stroke { KIN_SOLID = 0, KIN_THICK, KIN_DASHED, KIN_DOTTED };

void kin_pen_begin(struct kin_pen *p, double width, double height);
void kin_pen_end(struct kin_pen *p);
/* What follows has its origin here. */
void kin_pen_part(struct kin_pen *p, const char *name, double left, double top);

/* Things: they hide the lines below them. Every node that a line ends at is one of them. */
void kin_pen_symbol(struct kin_pen *p, struct kin_node node, const struct kin_person *who, double x,
		    double y, double r);
void kin_pen_circle(struct kin_pen *p, struct kin_node node, double x, double y, double r,
		    int home);
void kin_pen_point(struct kin_pen *p, struct kin_node node, double x, double y); /* not seen */
/* The words of a thing, around x. ground: the colour that keeps lines off them, or NULL. */
void kin_pen_words(struct kin_pen *p, struct kin_node node, double x, const struct kin_text *line,
		   uint32_t n, const char *ground);

/* A line from one thing to another: begin, move, to ..., end. It may have several strokes. */
void kin_pen_line(struct kin_pen *p, struct kin_node a, struct kin_node b, enum kin_stroke stroke);
void kin_pen_move(struct kin_pen *p, double x, double y);
void kin_pen_to(struct kin_pen *p, double x, double y);
void kin_pen_curve(struct kin_pen *p, double cx, double cy, double x, double y);
void kin_pen_end_line(struct kin_pen *p);

/* One frame around several areas: all of them with their border, then all without, so that what lies inside
 * of another one disappears. */
enum kin_frame { KIN_BORDER = 0, KIN_INSIDE, KIN_FRAMED };
void kin_pen_frame(struct kin_pen *p, enum kin_frame now);
void kin_pen_box(struct kin_pen *p, double x, double y, double width, double height);
/* From one level stretch to another. */
void kin_pen_band(struct kin_pen *p, double x0, double y0, double x1, double y1, double half);

#endif
