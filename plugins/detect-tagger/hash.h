/* Hashes of features: 32 bits, of which the model keeps all. */
#ifndef TAGGER_HASH_H
#define TAGGER_HASH_H

#include <stddef.h>
#include <stdint.h>

/* Takes one more value into a hash under construction. */
static inline uint32_t hash_mix(uint32_t h, uint32_t v)
{
	h = (h ^ v) * 0x9e3779b1u;
	return h ^ h >> 15;
}

static inline uint32_t hash_end(uint32_t h)
{
	h *= 0x85ebca6bu;
	return h ^ h >> 16;
}

static inline uint32_t hash_bytes(const char *p, size_t n)
{
	uint32_t h = (uint32_t)n;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x01000193u;
	return h ^ h >> 15;
}

#endif
