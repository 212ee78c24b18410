/* A text as one recipient sees it, from the spans stored beside it. Pure but for the cast, which
 * remembers whom it has named. What stands around a span stays: honorifics and particles read on. */
#ifndef HUB_RELEASE_RENDER_H
#define HUB_RELEASE_RENDER_H

#include "base/buf.h"
#include "release/cast.h"
#include "release/text.h"

/* What to show in place of a span; label is only looked at when it is not as is. */
struct hub_patch {
	uint32_t start, end; /* code points */
	enum hub_show show;
	struct hub_str label;     /* with its brackets */
	struct hub_str who;       /* neighbours with the same who become one; empty: never */
	size_t from, to;          /* set when applied: bytes of out where the label stands */
	struct hub_answer answer; /* of the gate, for the span */
};

/* Applies patches in any order: overlapping ones become one over all of them, the strictest shows
 * (of equally strict ones the one over a person, else the longer). Patches as is change nothing.
 * Patches must lie inside the text, as hub_marks_read() has checked. Returns how many labels stand in
 * out: patches[0] up to there are those, in order of place. */
uint32_t hub_patch_text(struct hub_buf *out, struct hub_str text, struct hub_patch *patches,
			uint32_t n);

struct hub_named {
	struct hub_str person;
	enum hub_fclass pclass; /* of the span */
};

/* What is counted for the log of a release. */
struct hub_rendered {
	struct hub_answer whole;
	uint32_t spans, masked, withheld; /* withheld: spans shown as 【非提供】 */
	int confirm;
	const struct hub_patch *labels; /* in out, in order of place; in the arena */
	uint32_t n_labels;
	const struct hub_named *named; /* people of the roster whose spans show as they are */
	uint32_t n_named;
};

/* A text and whom it goes to. */
struct hub_rendering {
	struct hub_arena *a; /* labels and what is found out of a text lie in it */
	struct hub_str text;
	const struct hub_text_question *q;
	const struct hub_view *view;
	struct hub_cast *cast;
};

/* One patch for each mark of a text of which the gate has said r->whole: decided, labelled, counted in r.
 * most: what the text as a whole may show. NULL: out of memory. */
struct hub_patch *hub_text_patches(const struct hub_rendering *t, const struct hub_mark *marks,
				   uint32_t n, enum hub_show most, struct hub_rendered *r);

/* Decides and renders one text; show is what the profile says of its field. Nothing is added to out when the whole
 * text is withheld (by the gate, by the profile, or because its spans are broken: then rc < 0). */
int hub_text_render(const struct hub_rendering *t, struct hub_str marks_json, enum hub_show show,
		    struct hub_buf *out, struct hub_rendered *result, struct hub_err *err);

#endif
