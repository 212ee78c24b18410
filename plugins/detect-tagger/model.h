/* The trained model, read in place: nothing is built when it is opened but a table that finds a sign at one look.
 *
 * File, little-endian: struct model_head; int8_t weight[rows][WEIGHTS], each row of weights that there is, once; uint8_t
 * count[MODEL_UPPER], the signs of each upper half of a hash; of all signs, by their hashes: uint16_t lower[signs], the
 * lower half; uint16_t slots[signs], as bits: which slots of the sign have weights; uint16_t row[uses], a row for each of
 * those bits; uint16_t known[known] (known.h).
 */
#ifndef TAGGER_MODEL_H
#define TAGGER_MODEL_H

#include "feature.h"
#include "known.h"

#define MODEL_MAGIC "TSUTAG6"

enum {
	MODEL_UPPER = 1 << 16,
	MODEL_SLOT_BITS = 14,
	MODEL_SEEN_BITS = 20,
	MODEL_BUCKET = 8,
	MODEL_BUCKET_BITS = 15,
	MODEL_SIGNS = MODEL_BUCKET << MODEL_BUCKET_BITS,
	MODEL_ROWS = 1 << 16,
	MODEL_USES = 1 << (32 - MODEL_SLOT_BITS)
};

/* Weights between labels; below -1e9: never. */
struct model_chain {
	float edge[LABELS];               /* at the begin */
	float transition[LABELS][LABELS]; /* from, to */
};

struct model_head {
	char magic[8];
	uint32_t signs, uses, rows, labels, known;
	float scale; /* weight = int8 * scale */
	struct model_chain chain;
};

typedef uint32_t model_words4 __attribute__((vector_size(16)));

struct model {
	const struct model_head *head;
	const int8_t *weight;
	const uint16_t *row;
	struct known known;
	/* a bit for the upper MODEL_SEEN_BITS of each hash: many signs of a text are not in the model, and
	 * this is enough to know */
	uint64_t seen[(1u << MODEL_SEEN_BITS) / 64];
	/* buckets from the one on that the upper bits of a sign's hash name; the first that is not full ends a
	 * search */
	struct model_bucket {
		/* the first use of a row by the sign, and its slots; 0: free */
		model_words4 hash[MODEL_BUCKET / 4], use[MODEL_BUCKET / 4];
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

/* The use beside the hash; 0 when the bucket does not have it. */
static inline uint32_t model_in(const struct model_bucket *b, uint32_t hash)
{
	model_words4 use = {0};

	for (int k = 0; k < MODEL_BUCKET / 4; k++)
		use |= b->use[k] & (model_words4)(b->hash[k] == hash);
	return (use[0] | use[1]) | (use[2] | use[3]);
}

/* The sign's entry of use; 0 when the model does not have it. */
static inline uint32_t model_use(const struct model *m, uint32_t hash)
{
	uint32_t i = model_place(hash), use;

	while (!(use = model_in(&m->bucket[i], hash)) && m->bucket[i].use[MODEL_BUCKET / 4 - 1][3])
		i = (i + 1) & ((1u << MODEL_BUCKET_BITS) - 1);
	return use;
}

#endif
