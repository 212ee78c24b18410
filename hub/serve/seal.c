#include "serve/seal.h"

#include "base/str.h"
#include "release/blob_key.h"

int hub_text_seal(struct hub_arena *a, const uint8_t key[HUB_SHA256], struct hub_str about,
		  struct hub_str text, struct hub_str *sealed, struct hub_err *err)
{
	char *out = hub_alloc(a, text.len + HUB_SEAL_MORE);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	const int rc = !out || !c ? -2 : hub_seal(c, key, about, text, (uint8_t *)out);

	EVP_CIPHER_CTX_free(c);
	if (rc)
		return rc == -2 ? hub_fail_mem(err)
				: hub_fail(err, HUB_FATAL, "crypto", "encryption failed");
	*sealed = (struct hub_str){out, text.len + HUB_SEAL_MORE};
	return HUB_OK;
}

int hub_text_unseal(struct hub_arena *a, const uint8_t key[HUB_SHA256], struct hub_str about,
		    struct hub_str sealed, struct hub_str *text, struct hub_err *err)
{
	char *out = hub_alloc(a, sealed.len + 1);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	size_t len = 0;
	const int rc = !out || !c ? -2 : hub_unseal(c, key, about, sealed, (uint8_t *)out, &len);

	EVP_CIPHER_CTX_free(c);
	if (rc)
		return rc == -2
			   ? hub_fail_mem(err)
			   : hub_fail(err, HUB_INTEGRITY, "sealed",
				      "a sealed text cannot be opened: another key, or altered");
	*text = (struct hub_str){out, len};
	return HUB_OK;
}
