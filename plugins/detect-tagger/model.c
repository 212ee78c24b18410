#include "model.h"

#include <string.h>

int model_read(struct model *m, struct hub_str bytes)
{
	const struct model_head *h = (const void *)bytes.ptr;
	const size_t index = sizeof *h, keys = index + 65537 * sizeof(uint32_t);

	if (bytes.len < keys || memcmp(h->magic, MODEL_MAGIC, sizeof h->magic) != 0 ||
	    h->labels != LABELS)
		return -1;
	const size_t n = h->features, weights = keys + n * sizeof(uint16_t);
	if (n > bytes.len || bytes.len < weights + (n + 1) * LABELS + MODEL_TAIL)
		return -1;
	*m = (struct model){.head = h,
			    .index = (const void *)(bytes.ptr + index),
			    .key = (const void *)(bytes.ptr + keys),
			    .weight = (const void *)(bytes.ptr + weights)};
	for (uint32_t i = 0; i < 65536; i++)
		if (m->index[i] > m->index[i + 1])
			return -1;
	return m->index[65536] == n ? 0 : -1;
}
