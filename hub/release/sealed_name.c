#include "release/sealed_name.h"

#define MARK HUB_STR("sealed:")

/* A name belongs to one file of one case: put beside another file it does not open. */
static struct hub_str bound_to(const struct hub_case_lock *l, struct hub_str sha256)
{
	return hub_arena_printf(l->a, "tsunagi name of file %.*s of case %lld", HUB_FMT(sha256),
				(long long)l->case_id);
}

/* Of the content that stands in the row now; empty: there is no such row. */
static int hash_of(const struct hub_case_lock *l, int64_t id, struct hub_str *out,
		   struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(
	    l->db, &q, err, "SELECT coalesce(sha256, '') FROM cc_attachment WHERE id = ?", "i", id);

	*out = HUB_STR("");
	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	*out = hub_arena_str(l->a, hub_db_str(q, 0));
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_name_seal(const struct hub_case_lock *l, struct hub_str sha256, struct hub_str name,
		  struct hub_str *out, struct hub_err *err)
{
	const size_t n = name.len + HUB_SEAL_MORE;
	const struct hub_str aad = bound_to(l, sha256);
	uint8_t *sealed = hub_alloc(l->a, n), key[HUB_KEY_BYTES];
	char *text = hub_alloc(l->a, MARK.len + 2 * n + 1);
	int rc = hub_case_key(l, 0, key, err);

	if (rc)
		return rc;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	if (!c || !sealed || !text || !aad.ptr)
		rc = hub_fail_mem(err);
	else if (hub_seal(c, key, aad, name, sealed))
		rc = hub_fail(err, HUB_FATAL, "crypto", "encryption failed");
	EVP_CIPHER_CTX_free(c);
	if (rc)
		return rc;
	memcpy(text, MARK.ptr, MARK.len);
	hub_hex(sealed, n, text + MARK.len);
	*out = (struct hub_str){text, MARK.len + 2 * n};
	return HUB_OK;
}

/* The bytes of a sealed name; ptr NULL: it is none. */
static struct hub_str bytes_of(struct hub_arena *a, struct hub_str hex, struct hub_err *err)
{
	uint8_t *p = hub_alloc(a, hex.len / 2 + 1);

	if (p && !hub_unhex(hex, p))
		return (struct hub_str){(const char *)p, hex.len / 2};
	if (p)
		hub_fail(err, HUB_INTEGRITY, "name-damaged", "the name of a file was changed");
	else
		hub_fail_mem(err);
	return (struct hub_str){NULL, 0};
}

int hub_name_is_sealed(struct hub_str stored)
{
	return hub_str_starts(stored, MARK);
}

int hub_name_open(const struct hub_case_lock *l, int64_t attachment, struct hub_str stored,
		  struct hub_str *out, struct hub_err *err)
{
	struct hub_str sha256;
	uint8_t *name = hub_alloc(l->a, stored.len + 1), key[HUB_KEY_BYTES];
	size_t len = 0;

	*out = stored;
	if (!hub_name_is_sealed(stored))
		return HUB_OK;
	const struct hub_str sealed = bytes_of(l->a, hub_str_from(stored, MARK.len), err);
	if (!sealed.ptr)
		return err->rc;
	int rc = hub_case_key(l, 0, key, err);
	if (rc == HUB_REFUSED && strcmp(err->code, "key-destroyed") == 0) {
		*err = (struct hub_err){0};
		*out = (struct hub_str){NULL, 0};
		return HUB_OK;
	}
	if (rc || (rc = hash_of(l, attachment, &sha256, err)))
		return rc;
	const struct hub_str aad = bound_to(l, sha256);
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	if (!c || !name || !aad.ptr)
		rc = hub_fail_mem(err);
	else if (hub_unseal(c, key, aad, sealed, name, &len))
		rc = hub_fail(err, HUB_INTEGRITY, "name-damaged", "the name of a file was changed");
	EVP_CIPHER_CTX_free(c);
	*out = (struct hub_str){(const char *)name, len};
	return rc;
}
