/* A linear chain over the characters of a stretch: how likely is each label at each character, all ways
 * to label the rest counted in. */
#ifndef TAGGER_CRF_H
#define TAGGER_CRF_H

#include "model.h"

struct crf {
	float score[SEQ_MAX][LABELS]; /* in: sum of weights; then their exponentials */
	float alpha[SEQ_MAX][LABELS], beta[SEQ_MAX][LABELS], norm[SEQ_MAX], most[SEQ_MAX];
	float marginal[SEQ_MAX][LABELS]; /* out */
	struct model_chain chain;        /* exponentials; 0: never */
};

/* Sets the transitions; before anything else. */
void crf_init(struct crf *c, const struct model_chain *chain);
/* score -> marginal for n characters. allowed: masks of labels per character, NULL for any label. */
void crf_run(struct crf *c, uint32_t n, const uint16_t *allowed);
/* The log of the sum over all ways, after crf_run(). */
double crf_log(const struct crf *c, uint32_t n);

#endif
