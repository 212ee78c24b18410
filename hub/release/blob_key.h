/* Keys of cases, and encrypting with them. For blob.c. */
#ifndef HUB_RELEASE_BLOB_KEY_H
#define HUB_RELEASE_BLOB_KEY_H

#include "base/hash.h"
#include "release/keyring.h"
#include "store/db.h"

#include <openssl/evp.h>

enum { HUB_SEAL_NONCE = 12, HUB_SEAL_TAG = 16, HUB_SEAL_MORE = HUB_SEAL_NONCE + HUB_SEAL_TAG };

/* A case as far as its key is asked for. */
struct hub_case_lock {
	struct hub_arena *a;
	struct hub_db *db;
	struct hub_str keys; /* file of the keys; empty: nobody has said which */
	int64_t case_id;
};

/* The key of a case; drawn and wrapped when `make` is set and it has none. HUB_INTEGRITY: keys-lost when the
 * key file does not have the site's key it was wrapped with, key-wrong when that one does not open it;
 * HUB_REFUSED (keys-exposed) as in keyring.h, (key-destroyed) when the case was disposed of. */
int hub_case_key(const struct hub_case_lock *l, int make, uint8_t key[HUB_KEY_BYTES],
		 struct hub_err *err);

/* plain -> nonce, text, tag; out has room for HUB_SEAL_MORE bytes more. aad: what it is bound to. 0, or -1
 * when the library failed. */
int hub_seal(EVP_CIPHER_CTX *c, const uint8_t *key, struct hub_str aad, struct hub_str plain,
	     uint8_t *out);
/* The way back; out has room for sealed.len. -1: it is not what was sealed. */
int hub_unseal(EVP_CIPHER_CTX *c, const uint8_t *key, struct hub_str aad, struct hub_str sealed,
	       uint8_t *out, size_t *len);

#endif
