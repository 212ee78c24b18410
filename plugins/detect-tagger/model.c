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

static void add_sign(struct model *m, uint32_t hash, uint32_t use)
{
	const uint32_t bit = hash >> (32 - MODEL_SEEN_BITS);
	uint32_t i = model_place(hash), k = 0;

	while (m->bucket[i].use[k / 4][k % 4]) {
		k = (k + 1) % MODEL_BUCKET;
		i = (i + !k) & ((1u << MODEL_BUCKET_BITS) - 1);
	}
	m->bucket[i].hash[k / 4][k % 4] = hash;
	m->bucket[i].use[k / 4][k % 4] = use;
	m->seen[bit >> 6] |= (uint64_t)1 << (bit & 63);
}

/* Where the parts of the file begin. */
struct parts {
	const uint8_t *count;
	const uint16_t *lower, *slots;
};

/* Each part when its bytes are there. */
static int find_parts(struct model *m, struct hub_str bytes, struct parts *p)
{
	const struct model_head *h = (const void *)bytes.ptr;

	if (bytes.len < sizeof *h || memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0 ||
	    h->labels != LABELS || h->signs > MODEL_SIGNS / 4 * 3 || h->uses > MODEL_USES ||
	    h->rows > MODEL_ROWS || h->known > bytes.len)
		return -1;
	const size_t count_at = sizeof *h + (size_t)h->rows * WEIGHTS;
	const size_t lower_at = count_at + MODEL_UPPER;
	const size_t slots_at = lower_at + h->signs * sizeof(uint16_t);
	const size_t row_at = slots_at + h->signs * sizeof(uint16_t);
	const size_t known_at = row_at + h->uses * sizeof(uint16_t);
	if (bytes.len < known_at + h->known * sizeof(uint16_t))
		return -1;
	m->head = h;
	m->weight = (const void *)(bytes.ptr + sizeof *h);
	m->row = (const void *)(bytes.ptr + row_at);
	m->known = (struct known){(const void *)(bytes.ptr + known_at), h->known};
	p->count = (const void *)(bytes.ptr + count_at);
	p->lower = (const void *)(bytes.ptr + lower_at);
	p->slots = (const void *)(bytes.ptr + slots_at);
	return 0;
}

/* The signs, each once: their lower halves ascend. */
static int read_signs(struct model *m, const struct parts *p)
{
	const struct model_head *h = m->head;
	uint32_t sign = 0, uses = 0;

	for (uint32_t upper = 0; upper < MODEL_UPPER; upper++)
		for (uint32_t k = 0; k < p->count[upper]; k++, sign++) {
			if (sign == h->signs || !p->slots[sign] ||
			    p->slots[sign] >> MODEL_SLOT_BITS || uses >= h->uses ||
			    (k && p->lower[sign] <= p->lower[sign - 1]))
				return -1;
			add_sign(m, upper << 16 | p->lower[sign],
				 uses << MODEL_SLOT_BITS | p->slots[sign]);
			uses += (uint32_t)__builtin_popcount(p->slots[sign]);
		}
	return sign == h->signs && uses == h->uses ? 0 : -1;
}

int model_read(struct model *m, struct hub_str bytes)
{
	struct parts p;

	if (find_parts(m, bytes, &p) || !has_free(&m->known))
		return -1;
	for (uint32_t i = 0; i < m->head->uses; i++)
		if (m->row[i] >= m->head->rows)
			return -1;
	memset(m->seen, 0, sizeof m->seen);
	memset(m->bucket, 0, sizeof m->bucket);
	return read_signs(m, &p);
}
