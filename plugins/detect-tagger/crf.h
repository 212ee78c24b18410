/* A linear chain over the characters of a stretch: how likely is each label at each character, all ways
 * to label the rest counted in. Labels are O and, four abreast, B and I of each type. */
#ifndef TAGGER_CRF_H
#define TAGGER_CRF_H

#include "model.h"

typedef float crf4 __attribute__((vector_size(16)));

/* One number per label. */
struct crf_row {
	crf4 begin, inside;
	float o, norm; /* norm: what the row was multiplied with, where that matters */
};

struct crf {
	struct crf_row weight[SEQ_MAX]; /* in: exponentials; 0: never */
	struct crf_row alpha[SEQ_MAX], beta[SEQ_MAX];
	struct crf_row marginal[SEQ_MAX]; /* out */
	/* exponentials of the transitions */
	crf4 edge, begin[9];        /* at the begin; to B, from label 0..8 */
	crf4 stay, go;              /* I to its own I; B to its I */
	crf4 end_begin, end_inside; /* to O from B and from I */
	float edge_o, o_o;
};

/* Sets the transitions; before anything else. */
void crf_init(struct crf *c, const struct model_chain *chain);
/* weight -> marginal for n characters. */
void crf_run(struct crf *c, uint32_t n);

static inline float crf_sum4(crf4 v)
{
	return (v[0] + v[1]) + (v[2] + v[3]);
}

static inline float crf_get(const struct crf_row *r, uint32_t label)
{
	return label == LABEL_O ? r->o
	       : label % 2 == 1 ? r->begin[(label - 1) / 2]
				: r->inside[(label - 1) / 2];
}

static inline void crf_set(struct crf_row *r, uint32_t label, float v)
{
	if (label == LABEL_O)
		r->o = v;
	else if (label % 2 == 1)
		r->begin[(label - 1) / 2] = v;
	else
		r->inside[(label - 1) / 2] = v;
}

#endif
