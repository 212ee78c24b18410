#include "base/hash.h"

#include "base/arena.h"
#include "base/str.h"

#include <endian.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>
#include <sys/random.h>

static inline uint64_t load8(const unsigned char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

/* The first n bytes, at most eight; those that are not there count as zero. By loads that may overlap: most texts of a
 * record are short, and copies of n bytes were a quarter of the work of all hashes. */
static inline uint64_t load(const unsigned char *p, size_t n)
{
	uint32_t low, high;

	if (n >= 8)
		return load8(p);
	if (n >= 4) {
		memcpy(&low, p, sizeof low);
		memcpy(&high, p + n - 4, sizeof high);
		return le32toh(low) | (uint64_t)le32toh(high) << 8 * (n - 4);
	}
	if (n == 0) /* p may be NULL then */
		return 0;
	return p[0] | (uint64_t)p[n / 2] << 8 * (n / 2) | (uint64_t)p[n - 1] << 8 * (n - 1);
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	const __uint128_t m = (__uint128_t)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

/* Two independent multiply-fold lanes over 16-byte steps; odd constants are fractions of primes. */
struct hub_hash hub_hash128(struct hub_str s, struct hub_hash seed)
{
	const uint64_t k0 = 0x9e3779b97f4a7c15u, k1 = 0xbf58476d1ce4e5b9u, k2 = 0x94d049bb133111ebu,
		       k3 = 0xd6e8feb86659fd93u;
	const unsigned char *p = (const unsigned char *)s.ptr;
	uint64_t a = seed.hi ^ k0, b = seed.lo ^ k1;
	size_t n = s.len;

	for (; n >= 16; p += 16, n -= 16) {
		const uint64_t x = load8(p), y = load8(p + 8);
		a = mix(a ^ x ^ k2, y ^ k3 ^ (a >> 7)) + b;
		b = mix(b ^ y ^ k0, x ^ k1 ^ (b >> 9)) ^ a;
	}
	const uint64_t x = load(p, n), y = n > 8 ? load(p + 8, n - 8) : 0;
	a = mix(a ^ x ^ k2, y ^ k3 ^ (uint64_t)s.len) + b;
	b = mix(b ^ y ^ k0, x ^ k1 ^ (uint64_t)s.len << 32) ^ a;
	a = mix(a ^ k1, b ^ k2);
	b = mix(b ^ k3, a ^ k0 ^ (uint64_t)s.len);
	return (struct hub_hash){a, b};
}

uint64_t hub_hash64(struct hub_str s)
{
	return hub_hash128(s, (struct hub_hash){0, 0}).hi;
}

struct hub_sha {
	EVP_MD_CTX *ctx;
	int failed;
};

struct hub_sha *hub_sha_new(void)
{
	struct hub_sha *s = hub_heap_get(sizeof *s);

	if (!s)
		return NULL;
	s->failed = 0;
	s->ctx = EVP_MD_CTX_new();
	if (!s->ctx || EVP_DigestInit_ex(s->ctx, EVP_sha256(), NULL) != 1) {
		EVP_MD_CTX_free(s->ctx);
		hub_heap_put(s);
		return NULL;
	}
	return s;
}

void hub_sha_add(struct hub_sha *s, const void *p, size_t n)
{
	if (EVP_DigestUpdate(s->ctx, p, n) != 1)
		s->failed = 1;
}

int hub_sha_end(struct hub_sha *s, uint8_t out[HUB_SHA256])
{
	int rc = s->failed ? -1 : 0;

	if (out && EVP_DigestFinal_ex(s->ctx, out, NULL) != 1)
		rc = -1;
	EVP_MD_CTX_free(s->ctx);
	hub_heap_put(s);
	return rc;
}

int hub_sha256(struct hub_str s, uint8_t out[HUB_SHA256])
{
	return EVP_Digest(s.len ? s.ptr : "", s.len, out, NULL, EVP_sha256(), NULL) == 1 ? 0 : -1;
}

int hub_hmac(struct hub_str key, struct hub_str text, uint8_t out[HUB_SHA256])
{
	unsigned n = HUB_SHA256;

	return HMAC(EVP_sha256(), key.ptr, (int)key.len, (const unsigned char *)text.ptr, text.len,
		    out, &n)
		   ? 0
		   : -1;
}

void hub_hex(const uint8_t *p, size_t n, char *out)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
	out[2 * n] = '\0';
}

int hub_unhex(struct hub_str hex, uint8_t *out)
{
	for (size_t i = 0; i + 1 < hex.len; i += 2) {
		const char high = hex.ptr[i], low = hex.ptr[i + 1];
		const int h = hub_hex_digit(high), l = hub_hex_digit(low);
		if (h < 0 || l < 0 || (high >= 'A' && high <= 'F') || (low >= 'A' && low <= 'F'))
			return -1;
		out[i / 2] = (uint8_t)(h << 4 | l);
	}
	return hex.len % 2 ? -1 : 0;
}

int hub_random(void *p, size_t n)
{
	return getrandom(p, n, 0) == (ssize_t)n ? 0 : -1;
}
