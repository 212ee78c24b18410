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

/* -1 when the row is none. */
static int add_sign(struct model *m, uint32_t hash, uint32_t row)
{
	const uint32_t bit = hash >> (32 - MODEL_SEEN_BITS), rows = m->head->rows + MODEL_SPARE;
	uint32_t i = model_place(hash);

	if (!row || (row >> MODEL_SLOT_BITS) + MODEL_SLOT_BITS > rows)
		return -1;
	while (m->sign[i].row)
		i = (i + 1) & ((1u << MODEL_TABLE_BITS) - 1);
	m->sign[i] = (struct model_sign){hash, row};
	m->seen[bit >> 6] |= (uint64_t)1 << (bit & 63);
	return 0;
}

int model_read(struct model *m, struct hub_str bytes)
{
	const struct model_head *h = (const void *)bytes.ptr;
	const size_t at = sizeof *h, row_at = at + 65537 * sizeof(uint32_t);

	if (bytes.len < row_at || memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0 ||
	    h->labels != LABELS || h->signs > (1u << MODEL_TABLE_BITS) / 4 * 3 ||
	    h->rows > bytes.len)
		return -1;
	const size_t key_at = row_at + h->signs * sizeof(uint32_t);
	const size_t weight_at = key_at + h->signs * sizeof(uint16_t);
	const size_t known_at = weight_at + ((size_t)h->rows + MODEL_SPARE) * WEIGHTS;
	if (h->known > bytes.len || bytes.len < known_at + h->known * sizeof(uint16_t))
		return -1;
	const uint32_t *index = (const void *)(bytes.ptr + at),
		       *row = (const void *)(bytes.ptr + row_at);
	const uint16_t *key = (const void *)(bytes.ptr + key_at);
	memset(m->seen, 0, sizeof m->seen);
	memset(m->sign, 0, sizeof m->sign);
	m->head = h;
	m->weight = (const void *)(bytes.ptr + weight_at);
	m->known = (struct known){(const void *)(bytes.ptr + known_at), h->known};
	if (!has_free(&m->known) || index[0] != 0 || index[65536] != h->signs)
		return -1;
	for (uint32_t hi = 0; hi < 65536; hi++) {
		if (index[hi] > index[hi + 1] || index[hi + 1] > h->signs)
			return -1;
		for (uint32_t i = index[hi]; i < index[hi + 1]; i++)
			if (add_sign(m, hi << 16 | key[i], row[i]))
				return -1;
	}
	return 0;
}
