/* The trained model, read in place: nothing is built when it is opened.
 *
 * File, little-endian: struct model_head; uint32_t index[65537]; uint16_t key[features]; int8_t
 * weight[features + 1][LABELS], the last row all zero; 16 bytes that may be read but mean nothing. A
 * feature is found by its hash: the upper 16 bits choose the range index[hi]..index[hi + 1], where key
 * holds the lower 16 bits in ascending order. */
#ifndef TAGGER_MODEL_H
#define TAGGER_MODEL_H

#include "feature.h"

#define MODEL_MAGIC "TSUTAG2"

enum { MODEL_TAIL = 16 };

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

/* Lowest of four 16-bit lanes that is zero, times 16; 64 when none is. */
static inline uint32_t model_zero_lane(uint64_t x)
{
	const uint64_t t = (x - 0x0001000100010001u) & ~x & 0x8000800080008000u;

	return t ? (uint32_t)__builtin_ctzll(t) & ~15u : 64;
}

/* Row of a feature's weights; the row of zeros when the model does not have it. Most features of a text
 * are not there, and which are cannot be foreseen: so no branch depends on it, but for the few ranges of
 * more than eight keys. from: m->index[hash >> 16]. */
static inline uint32_t model_row(const struct model *m, uint32_t hash, uint32_t from)
{
	const uint32_t n = m->index[(hash >> 16) + 1] - from;
	const uint64_t low = (hash & 0xffffu) * 0x0001000100010001u;
	uint64_t a, b;

	__builtin_memcpy(&a, m->key + from, sizeof a);
	__builtin_memcpy(&b, m->key + from + 4, sizeof b);
	const uint32_t x = model_zero_lane(a ^ low), y = model_zero_lane(b ^ low);
	const uint32_t lane = (x < 64 ? x : 64 + y) / 16;
	uint32_t row = lane < (n < 8 ? n : 8) ? from + lane : m->head->features;
	if (__builtin_expect(n > 8, 0))
		for (uint32_t i = 8; i < n; i++)
			if (m->key[from + i] == (uint16_t)hash)
				row = from + i;
	return row;
}

#endif
