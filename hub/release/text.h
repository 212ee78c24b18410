/* A text has many subjects (design §6): it is decided as a field of its case's person, then every span
 * asks the gate for its own person and class, and the stricter result shows. Pure. */
#ifndef HUB_RELEASE_TEXT_H
#define HUB_RELEASE_TEXT_H

#include "release/gate.h"
#include "release/view.h"

/* Personal information found in a text, as stored beside it:
 * [[start, end, "PERSON", person id or null, confidence 0..1000, origin], ...]; offsets in code points,
 * end exclusive. */
struct hub_mark {
	uint32_t start, end;
	enum hub_span_type type;
	struct hub_str person; /* empty: not known who */
	uint32_t confidence;   /* 0: not said */
	struct hub_str origin; /* who found it; empty: not said */
};

/* Reads the JSON. text bounds the offsets. Anything unexpected fails: a text whose spans cannot be read
 * must not leave. Strings live in the arena. */
int hub_marks_read(struct hub_arena *a, struct hub_str json, struct hub_str text,
		   const struct hub_mark **out, uint32_t *n, struct hub_err *err);
/* Somebody of whom the case knows more than a name: a person of the store, with everyone of the
 * household and the state of protection. Anyone else is a third party. */
struct hub_text_person {
	struct hub_str id;
	const struct hub_household_person *household;
	uint32_t n_household;
	int barred; /* the recipient gets nothing that is about this person */
	int hides; /* no person of the store: a line names somebody who may be under display restriction */
};

struct hub_text_question {
	struct hub_question field; /* the text as a field of its case's person */
	const struct hub_text_person *people;
	uint32_t n_people;
	const struct hub_refuges *refuges; /* where protected people live; NULL: nobody is */
	int own;                           /* the recipient is the author's agency */
	int reviewed;                      /* a person has looked at the spans */
	int stale; /* names, addresses, phones of the case changed since it was scanned */
};

/* The text as a whole. WITHHOLD: not one character of it. MASK: every span masked, the rest shows. */
struct hub_answer hub_text_decide(const struct hub_text_question *q);
/* One span of a text whose answer is `whole`. */
struct hub_answer hub_text_decide_mark(const struct hub_text_question *q, struct hub_answer whole,
				       const struct hub_mark *mark);
/* Privacy class that a span counts as. */
enum hub_fclass hub_span_class(enum hub_span_type type);

#endif
