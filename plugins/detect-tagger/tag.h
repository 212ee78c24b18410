/* From a text to what is masked in it. Used by the detector and, so that what is measured is what
 * runs, by the trainer's `predict`. */
#ifndef TAGGER_TAG_H
#define TAGGER_TAG_H

#include "crf.h"
#include "facility.h"
#include "lexicon.h"
#include "words.h"

typedef int16_t tag_words8 __attribute__((vector_size(16)));

enum { TAG_EXPONENTIALS = 512, TAG_BEGINS = 8192 };

/* All that one thread needs to tag; about 350 KB beside the model and the dictionary. */
struct tag {
	struct model model;
	struct words *words;
	const struct lexicon *lexicon;
	float least; /* probability of any name from which a character is masked */
	struct seq seq;
	struct signs signs;
	tag_words8 cell[CELLS];              /* sums of weights of labels 1.. */
	float exponential[TAG_EXPONENTIALS]; /* exp(-i * scale) */
	struct crf crf;
	struct facility facility;
	uint64_t begins[TAG_BEGINS / 64]; /* about.c: what words of its lists begin with */
	/* what each character is reported as, an enum hub_span_type or 0; does a span begin there? */
	uint8_t type[SEQ_MAX], head[SEQ_MAX];
	uint8_t about[SEQ_MAX]; /* enum about */
};

struct tag_span {
	uint32_t from, to;   /* bytes of norm */
	uint32_t type;       /* enum hub_span_type */
	uint32_t confidence; /* 0..1000 */
};

/* model, words, lexicon and least are set; the rest is made ready. */
void tag_init(struct tag *t);
/* Calls found() for each span in order; stops and returns what it returns when not 0. */
int tag_text(struct tag *t, struct hub_str norm, int (*found)(void *, const struct tag_span *),
	     void *self);

/* Marks the characters [from, to) of the sequence as one name of this type. */
void tag_paint(struct tag *t, uint32_t from, uint32_t to, uint32_t type);
/* The same for a run of which a part is marked: its ends are left as they are. */
void tag_widen(struct tag *t, uint32_t from, uint32_t to, uint32_t type);

#endif
