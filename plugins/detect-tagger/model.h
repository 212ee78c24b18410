/* The trained model, read in place: nothing is built when it is opened.
 *
 * File, little-endian: struct model_head; uint32_t index[65537]; uint16_t key[features]; int8_t
 * weight[features][LABELS]. A feature is found by its hash: the upper 16 bits choose the range
 * index[hi]..index[hi + 1], where key holds the lower 16 bits in ascending order. */
#ifndef TAGGER_MODEL_H
#define TAGGER_MODEL_H

#include "feature.h"

#define MODEL_MAGIC "TSUTAG1"

/* Weights between labels; below -1e9: never. */
struct model_chain {
	float edge[LABELS];               /* at the begin */
	float transition[LABELS][LABELS]; /* from, to */
};

struct model_head {
	char magic[8];
	uint32_t features, labels;
	float scale; /* weight = int8 * scale */
	struct model_chain chain;
};

struct model {
	const struct model_head *head;
	const uint32_t *index;
	const uint16_t *key;
	const int8_t *weight;
};

/* -1 when the bytes are no model of this format; they must be 4-byte aligned and outlive m. */
int model_read(struct model *m, struct hub_str bytes);
/* The model that is built into this program. */
struct hub_str model_builtin(void);

#define MODEL_NONE UINT32_MAX /* a feature the model does not have */

/* Place of a feature's weights, MODEL_NONE when the model has none. */
static inline uint32_t model_find(const struct model *m, uint32_t hash)
{
	const uint16_t low = (uint16_t)hash;

	for (uint32_t i = m->index[hash >> 16], end = m->index[(hash >> 16) + 1]; i < end; i++)
		if (m->key[i] >= low)
			return m->key[i] == low ? i : MODEL_NONE;
	return MODEL_NONE;
}

#endif
