/* Two kinds: hub_hash64/128 is fast and decides "same content" inside one store (128 bits: 10^7
 * records collide with a chance of 10^-25); SHA-256 is for what leaves it or must resist intent. */
#ifndef HUB_BASE_HASH_H
#define HUB_BASE_HASH_H

#include <hub/plugin.h>

struct hub_hash {
	uint64_t hi, lo;
};

uint64_t hub_hash64(struct hub_str s);
struct hub_hash hub_hash128(struct hub_str s, struct hub_hash seed);

enum { HUB_SHA256 = 32 };
struct hub_sha; /* running SHA-256 */
struct hub_sha *hub_sha_new(void);
void hub_sha_add(struct hub_sha *s, const void *p, size_t n);
/* Finishes and frees; out may be NULL to give up. Returns 0, or -1 when the library failed. */
int hub_sha_end(struct hub_sha *s, uint8_t out[HUB_SHA256]);
int hub_sha256(struct hub_str s, uint8_t out[HUB_SHA256]);
/* HMAC-SHA-256: pseudonyms, one key per recipient. */
int hub_hmac(struct hub_str key, struct hub_str text, uint8_t out[HUB_SHA256]);
/* out has room for 2 * n + 1. Lower case. */
void hub_hex(const uint8_t *p, size_t n, char *out);
/* The way back, of what hub_hex() writes and nothing else: out has room for half of it. 0, or -1. */
int hub_unhex(struct hub_str hex, uint8_t *out);
/* Fills with random bytes of the kernel; -1 when it cannot. */
int hub_random(void *p, size_t n);

#endif
