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

int model_read(struct model *m, struct hub_str bytes)
{
	const struct model_head *h = (const void *)bytes.ptr;
	const size_t index = sizeof *h, row = index + 65537 * sizeof(uint32_t);

	if (bytes.len < row || memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0 ||
	    h->labels != LABELS || h->signs > bytes.len || h->rows > bytes.len)
		return -1;
	const size_t key = row + h->signs * sizeof(uint32_t);
	const size_t weight = key + h->signs * sizeof(uint16_t);
	const size_t known = weight + ((size_t)h->rows + MODEL_SPARE) * WEIGHTS;
	if (h->known > bytes.len || bytes.len < known + h->known * sizeof(uint16_t))
		return -1;
	memset(m->seen, 0, sizeof m->seen);
	m->head = h;
	m->index = (const void *)(bytes.ptr + index);
	m->row = (const void *)(bytes.ptr + row);
	m->key = (const void *)(bytes.ptr + key);
	m->weight = (const void *)(bytes.ptr + weight);
	m->known = (struct known){(const void *)(bytes.ptr + known), h->known};
	if (!has_free(&m->known))
		return -1;
	if (m->index[0] != 0 || m->index[65536] != h->signs)
		return -1;
	for (uint32_t hi = 0; hi < 65536; hi++) {
		if (m->index[hi] > m->index[hi + 1] || m->index[hi + 1] > h->signs)
			return -1;
		for (uint32_t i = m->index[hi]; i < m->index[hi + 1]; i++) {
			const uint32_t bit = (hi << 16 | m->key[i]) >> (32 - MODEL_SEEN_BITS);
			if ((m->row[i] >> MODEL_SLOT_BITS) + MODEL_SLOT_BITS >
			    h->rows + MODEL_SPARE)
				return -1;
			m->seen[bit >> 6] |= (uint64_t)1 << (bit & 63);
		}
	}
	return 0;
}
