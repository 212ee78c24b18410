#include "release/handle.h"

#include "base/hash.h"

#include <openssl/evp.h>

enum { BLOCK = 16, ZEROS = 8 };

/* The keys that this thread drew last: those of a page of rows are a handful, and drawing one costs more than using it. */
enum { DRAWN = 16, SCOPE = 40 };
struct drawn {
	uint8_t from[HUB_SHA256], own[HUB_SHA256];
	char scope[SCOPE];
};
static _Thread_local struct {
	struct drawn at[DRAWN];
	unsigned next;
} drawn;

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

static int draw(struct hub_str key, struct hub_str scope, uint8_t own[HUB_SHA256])
{
	char text[128];
	const int n = snprintf(text, sizeof text, "handle:%.*s", HUB_FMT(scope));

	return n < 0 || (size_t)n >= sizeof text ||
		       hub_hmac(key, (struct hub_str){text, (size_t)n}, own)
		   ? -1
		   : 0;
}

/* The key of the scope. -1 when the library fails. */
static int key_of(struct hub_str key, struct hub_str scope, uint8_t own[HUB_SHA256])
{
	if (key.len != HUB_SHA256 || !scope.len || scope.len >= SCOPE)
		return draw(key, scope, own);
	for (size_t i = 0; i < DRAWN; i++) {
		const struct drawn *d = &drawn.at[i];
		if (hub_str_is(scope, d->scope) && memcmp(d->from, key.ptr, HUB_SHA256) == 0) {
			memcpy(own, d->own, HUB_SHA256);
			return 0;
		}
	}
	if (draw(key, scope, own))
		return -1;
	struct drawn *d = &drawn.at[drawn.next++ % DRAWN];
	memcpy(d->from, key.ptr, HUB_SHA256);
	memcpy(d->own, own, HUB_SHA256);
	snprintf(d->scope, sizeof d->scope, "%.*s", HUB_FMT(scope));
	return 0;
}

/* One block, there or back. -1 when the library fails. */
static int turn(struct hub_str key, struct hub_str scope, int back, const uint8_t in[BLOCK],
		uint8_t out[BLOCK])
{
	uint8_t own[HUB_SHA256];
	int got = 0, bad = -1;

	if (key_of(key, scope, own))
		return -1;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	if (c && EVP_CipherInit_ex(c, EVP_aes_256_ecb(), NULL, own, NULL, !back) == 1 &&
	    EVP_CIPHER_CTX_set_padding(c, 0) == 1 &&
	    EVP_CipherUpdate(c, out, &got, in, BLOCK) == 1 && got == BLOCK)
		bad = 0;
	EVP_CIPHER_CTX_free(c);
	return bad;
}

struct hub_str hub_handle_make(struct hub_arena *a, struct hub_str key, struct hub_str scope,
			       int64_t id)
{
	uint8_t in[BLOCK] = {0}, out[BLOCK];
	uint32_t bits = 0;
	unsigned have = 0;
	char text[HUB_HANDLE];
	size_t n = 0;

	for (int i = 0; i < 8; i++)
		in[ZEROS + i] = (uint8_t)((uint64_t)id >> (56 - 8 * i));
	if (turn(key, scope, 0, in, out))
		return (struct hub_str){NULL, 0};
	for (int i = 0; i < BLOCK; i++) {
		bits = bits << 8 | out[i];
		for (have += 8; have >= 5; have -= 5)
			text[n++] = letters[bits >> (have - 5) & 31];
	}
	text[n++] = letters[bits << (5 - have) & 31];
	return hub_arena_str(a, (struct hub_str){text, n});
}

/* -1 when it is no text of hub_handle_make. */
static int unpack(struct hub_str handle, uint8_t out[BLOCK])
{
	uint32_t bits = 0;
	unsigned have = 0;
	size_t n = 0;

	if (handle.len != HUB_HANDLE)
		return -1;
	for (size_t i = 0; i < handle.len; i++) {
		const char *at = memchr(letters, handle.ptr[i], sizeof letters - 1);
		if (!at)
			return -1;
		bits = bits << 5 | (uint32_t)(at - letters);
		have += 5;
		if (have >= 8) {
			have -= 8;
			out[n++] = (uint8_t)(bits >> have);
		}
	}
	return (bits & ((1u << have) - 1)) == 0 ? 0 : -1; /* one row, one spelling */
}

int hub_handle_read(struct hub_str key, struct hub_str scope, struct hub_str handle, int64_t *id)
{
	uint8_t in[BLOCK], out[BLOCK];
	uint64_t v = 0;
	unsigned zeros = 0;

	if (unpack(handle, in) || turn(key, scope, 1, in, out))
		return 0;
	for (int i = 0; i < ZEROS; i++)
		zeros |= out[i];
	for (int i = ZEROS; i < BLOCK; i++)
		v = v << 8 | out[i];
	*id = (int64_t)v;
	return zeros == 0 && *id > 0;
}
