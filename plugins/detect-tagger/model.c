#include "model.h"

#include <string.h>

/* A search in the table ends at a free slot. */
static int has_free(const struct known *k)
{
	for (uint32_t i = 0; i < k->slots; i++)
		if (!k->slot[i])
			return 1;
	return k->slots == 0;
}

static void add_sign(struct model *m, uint32_t hash, uint32_t row)
{
	const uint32_t bit = hash >> (32 - MODEL_SEEN_BITS);
	uint32_t i = model_place(hash), k = 0;

	while (m->bucket[i].row[k / 4][k % 4]) {
		k = (k + 1) % MODEL_BUCKET;
		i = (i + !k) & ((1u << MODEL_BUCKET_BITS) - 1);
	}
	m->bucket[i].hash[k / 4][k % 4] = hash;
	m->bucket[i].row[k / 4][k % 4] = row;
	m->seen[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

int model_read(struct model *m, struct hub_str bytes)
{
	const struct model_head *h = (const void *)bytes.ptr;
	const size_t hash_at = sizeof *h;

	if (bytes.len < hash_at || memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0 ||
	    h->labels != LABELS || h->signs > MODEL_SIGNS / 4 * 3 || h->rows > MODEL_ROWS ||
	    h->known > bytes.len)
		return -1;
	const size_t slots_at = hash_at + h->signs * sizeof(uint32_t);
	const size_t weight_at = slots_at + h->signs * sizeof(uint16_t);
	const size_t known_at = weight_at + ((size_t)h->rows + MODEL_SPARE) * WEIGHTS;
	if (bytes.len < known_at + h->known * sizeof(uint16_t))
		return -1;
	const uint32_t *hash = (const void *)(bytes.ptr + hash_at);
	const uint16_t *slots = (const void *)(bytes.ptr + slots_at);
	uint32_t rows = 0;
	memset(m->seen, 0, sizeof m->seen);
	memset(m->bucket, 0, sizeof m->bucket);
	m->head = h;
	m->weight = (const void *)(bytes.ptr + weight_at);
	m->known = (struct known){(const void *)(bytes.ptr + known_at), h->known};
	if (!has_free(&m->known))
		return -1;
	for (uint32_t i = 0; i < h->signs; i++) {
		if (!slots[i] || slots[i] >> MODEL_SLOT_BITS || rows >= h->rows)
			return -1;
		add_sign(m, hash[i], rows << MODEL_SLOT_BITS | slots[i]);
		rows += (uint32_t)__builtin_popcount(slots[i]);
	}
	return rows == h->rows ? 0 : -1;
}
