/* The trained model, read in place: nothing is built when it is opened but a table that finds a sign at one look.
 *
 * File, little-endian: struct model_head; uint32_t hash[signs], ascending; uint16_t slots[signs], as bits: which slots of the
 * sign have weights; int8_t weight[rows + MODEL_SPARE][WEIGHTS], a row for each of those bits, in order; uint16_t known[known]
 * (known.h). The last rows mean nothing, so that a row number can be trusted when it is less than rows.
 */
#ifndef TAGGER_MODEL_H
#define TAGGER_MODEL_H

#include "feature.h"
#include "known.h"

#define MODEL_MAGIC "TSUTAG5"

enum {
	MODEL_SPARE = 16,
	MODEL_SLOT_BITS = 14,
	MODEL_SEEN_BITS = 20,
	MODEL_BUCKET = 8,
	MODEL_BUCKET_BITS = 14,
	MODEL_SIGNS = MODEL_BUCKET << MODEL_BUCKET_BITS,
	MODEL_ROWS = 1 << (32 - MODEL_SLOT_BITS)
};

/* Weights between labels; below -1e9: never. */
struct model_chain {
	float edge[LABELS];               /* at the begin */
	float transition[LABELS][LABELS]; /* from, to */
};

struct model_head {
	char magic[8];
	uint32_t signs, rows, labels, known;
	float scale; /* weight = int8 * scale */
	struct model_chain chain;
};

typedef uint32_t model_words4 __attribute__((vector_size(16)));

struct model {
	const struct model_head *head;
	const int8_t *weight;
	struct known known;
	/* a bit for the upper MODEL_SEEN_BITS of each hash: many signs of a text are not in the model, and
	 * this is enough to know */
	uint64_t seen[(1u << MODEL_SEEN_BITS) / 64];
	/* buckets from the one on that the upper bits of a sign's hash name; the first that is not full ends a
	 * search */
	struct model_bucket {
		model_words4 hash[MODEL_BUCKET / 4], row[MODEL_BUCKET / 4]; /* row 0: free */
	} bucket[1u << MODEL_BUCKET_BITS];
};

/* -1 when the bytes are no model of this format; they must be 4-byte aligned and outlive m. */
int model_read(struct model *m, struct hub_str bytes);
/* The model that is built into this program. */
struct hub_str model_builtin(void);

static inline uint32_t model_may_know(const struct model *m, uint32_t hash)
{
	const uint32_t bit = hash >> (32 - MODEL_SEEN_BITS);

	return (uint32_t)(m->seen[bit >> 6] >> (bit & 63)) & 1;
}

static inline uint32_t model_place(uint32_t hash)
{
	return hash >> (32 - MODEL_BUCKET_BITS);
}

/* The row beside the hash; 0 when the bucket does not have it. */
static inline uint32_t model_in(const struct model_bucket *b, uint32_t hash)
{
	model_words4 row = {0};

	for (int k = 0; k < MODEL_BUCKET / 4; k++)
		row |= b->row[k] & (model_words4)(b->hash[k] == hash);
	return (row[0] | row[1]) | (row[2] | row[3]);
}

/* The sign's entry of row; 0 when the model does not have it. */
static inline uint32_t model_row(const struct model *m, uint32_t hash)
{
	uint32_t i = model_place(hash), row;

	while (!(row = model_in(&m->bucket[i], hash)) && m->bucket[i].row[MODEL_BUCKET / 4 - 1][3])
		i = (i + 1) & ((1u << MODEL_BUCKET_BITS) - 1);
	return row;
}

#endif
