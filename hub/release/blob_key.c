#include "release/blob_key.h"

#include "base/clock.h"

#define SITE HUB_STR("(site)")

/* --- AES-256-GCM ---------------------------------------------------------------------------------------- */

int hub_seal(EVP_CIPHER_CTX *c, const uint8_t *key, struct hub_str aad, struct hub_str plain,
	     uint8_t *out)
{
	int n, last;

	if (hub_random(out, HUB_SEAL_NONCE) ||
	    EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, out) != 1 ||
	    EVP_EncryptUpdate(c, NULL, &n, (const uint8_t *)aad.ptr, (int)aad.len) != 1 ||
	    EVP_EncryptUpdate(c, out + HUB_SEAL_NONCE, &n, (const uint8_t *)plain.ptr,
			      (int)plain.len) != 1 ||
	    EVP_EncryptFinal_ex(c, out + HUB_SEAL_NONCE + n, &last) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, HUB_SEAL_TAG,
				out + HUB_SEAL_NONCE + plain.len) != 1)
		return -1;
	return 0;
}

int hub_unseal(EVP_CIPHER_CTX *c, const uint8_t *key, struct hub_str aad, struct hub_str sealed,
	       uint8_t *out, size_t *len)
{
	const uint8_t *p = (const uint8_t *)sealed.ptr;
	uint8_t tag[HUB_SEAL_TAG];
	int n, last;

	if (sealed.len < HUB_SEAL_MORE)
		return -1;
	*len = sealed.len - HUB_SEAL_MORE;
	memcpy(tag, p + HUB_SEAL_NONCE + *len, sizeof tag);
	if (EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, p) != 1 ||
	    EVP_DecryptUpdate(c, NULL, &n, (const uint8_t *)aad.ptr, (int)aad.len) != 1 ||
	    EVP_DecryptUpdate(c, out, &n, p + HUB_SEAL_NONCE, (int)*len) != 1 ||
	    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, HUB_SEAL_TAG, tag) != 1 ||
	    EVP_DecryptFinal_ex(c, out + n, &last) != 1)
		return -1;
	return 0;
}

/* --- keys of cases ---------------------------------------------------------------------------------------- */

struct wrapped {
	struct hub_str bytes;
	int64_t site_key; /* 0: the case has no key yet */
};

static int read_wrapped(const struct hub_case_lock *l, struct wrapped *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(l->db, &q, err, "SELECT wrapped, site_key FROM case_key WHERE case_id = ?",
			 "i", l->case_id);

	*out = (struct wrapped){{NULL, 0}, 0};
	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	out->site_key = hub_db_int(q, 1);
	out->bytes = hub_db_dup(l->a, q, 0);
	return HUB_OK;
}

static struct hub_str bound_to(const struct hub_case_lock *l)
{
	return hub_arena_printf(l->a, "tsunagi key of case %lld", (long long)l->case_id);
}

/* The site's key: by number, 0 the one in use. */
static int site_key(const struct hub_case_lock *l, int64_t number, const struct hub_key **out,
		    struct hub_err *err)
{
	const char *path = l->keys.ptr;
	struct hub_keyring ring;
	int64_t used = 0;
	int rc = hub_keyring_read(l->a, path, &ring, err);

	if (rc)
		return rc;
	if (!number && !hub_keyring_find(&ring, SITE, 0)) {
		rc = hub_db_one(l->db, &used, err,
				"SELECT coalesce(max(site_key), 0) FROM case_key", "");
		if (!rc && !used)
			rc = hub_keyring_first(l->a, path, SITE, NULL, &ring, err);
		if (rc)
			return rc;
	}
	*out = hub_keyring_find(&ring, SITE, number);
	if (*out)
		return HUB_OK;
	rc = hub_fail(err, HUB_INTEGRITY, "keys-lost",
		      "attachments were stored with a key that is not in the key file");
	hub_where(err, "%s", path);
	hub_hint(err, "Take the key file back from a backup: nothing else opens them.");
	return rc;
}

static int unwrap(const struct hub_case_lock *l, EVP_CIPHER_CTX *c, const struct hub_key *site,
		  struct hub_str wrapped, uint8_t *key, struct hub_err *err)
{
	uint8_t plain[HUB_KEY_BYTES + HUB_SEAL_MORE];
	const struct hub_str aad = bound_to(l);
	size_t len = 0;

	if (!aad.ptr)
		return hub_fail_mem(err);
	if (wrapped.len != sizeof plain || hub_unseal(c, site->bytes, aad, wrapped, plain, &len)) {
		const int rc = hub_fail(err, HUB_INTEGRITY, "key-wrong",
					"the key file does not open the attachments of this case");
		hub_hint(err, "It is the file of another store, or one of the two was changed: "
			      "take both back from backups of the same day.");
		return rc;
	}
	memcpy(key, plain, HUB_KEY_BYTES);
	return HUB_OK;
}

static int make_key(const struct hub_case_lock *l, EVP_CIPHER_CTX *c, const struct hub_key *site,
		    uint8_t *key, struct hub_err *err)
{
	uint8_t sealed[HUB_KEY_BYTES + HUB_SEAL_MORE];
	const struct hub_str aad = bound_to(l);

	if (!aad.ptr)
		return hub_fail_mem(err);
	if (hub_random(key, HUB_KEY_BYTES) ||
	    hub_seal(c, site->bytes, aad, (struct hub_str){(const char *)key, HUB_KEY_BYTES},
		     sealed))
		return hub_fail(err, HUB_FATAL, "crypto", "encryption failed");
	return hub_db_run(l->db, err,
			  "INSERT INTO case_key (case_id, wrapped, site_key, at)"
			  " VALUES (?, ?, ?, ?)",
			  "ibii", l->case_id, (struct hub_str){(const char *)sealed, sizeof sealed},
			  site->number, hub_now());
}

int hub_case_key(const struct hub_case_lock *l, int make, uint8_t key[HUB_KEY_BYTES],
		 struct hub_err *err)
{
	const struct hub_key *site;
	struct wrapped w;
	int rc;

	if (!l->keys.len) {
		rc =
		    hub_fail(err, HUB_USAGE, "keys-missing", "which file has the keys is not said");
		hub_hint(err, "Give --keys FILE, or set TSUNAGI_KEYS.");
		return rc;
	}
	if ((rc = read_wrapped(l, &w, err)))
		return rc;
	if (w.site_key && !w.bytes.ptr)
		return hub_fail(err, HUB_REFUSED, "key-destroyed",
				"the case was disposed of: the key of its attachments is gone");
	if (!w.site_key && !make)
		return hub_fail(err, HUB_INTEGRITY, "keys-lost", "the case has no key");
	if ((rc = site_key(l, w.site_key, &site, err)))
		return rc;
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	if (!c)
		return hub_fail_mem(err);
	rc = w.site_key ? unwrap(l, c, site, w.bytes, key, err) : make_key(l, c, site, key, err);
	EVP_CIPHER_CTX_free(c);
	return rc;
}
