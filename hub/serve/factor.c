#include "serve/factor.h"

#include "base/clock.h"
#include "release/audit.h"
#include "release/keyring.h"
#include "serve/seal.h"
#include "serve/totp.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <time.h>

enum { PEM_MOST = 1 << 20 };

/* Its key lies beside those of the recipients, none of whom has this name. */
static const struct hub_str key_name = {"@accounts", 9};

/* make: it is drawn when it is not there. */
static int read_key(struct hub_arena *a, const char *keys, int make, uint8_t key[HUB_KEY_BYTES],
		    struct hub_err *err)
{
	struct hub_keyring ring;
	int rc;

	if (!keys) {
		rc =
		    hub_fail(err, HUB_CONF, "keys-missing", "the file of secret keys is not known");
		hub_hint(err, "Set keys = \"...\" in the configuration, or TSUNAGI_KEYS.");
		return rc;
	}
	if ((rc = hub_keyring_read(a, keys, &ring, err)))
		return rc;
	if (make && !hub_keyring_find(&ring, key_name, 0) &&
	    (rc = hub_keyring_first(a, keys, key_name, NULL, &ring, err)))
		return rc;
	const struct hub_key *k = hub_keyring_find(&ring, key_name, 0);
	if (!k) {
		rc = hub_fail(err, HUB_INTEGRITY, "keys-lost",
			      "second factors were sealed with a key that is not in the key file");
		hub_where(err, "%s", keys);
		hub_hint(err,
			 "Take the key file back from a backup, or register the factors anew.");
		return rc;
	}
	memcpy(key, k->bytes, HUB_KEY_BYTES);
	return HUB_OK;
}

static struct hub_str about(struct hub_arena *a, const struct hub_account *of)
{
	return hub_arena_printf(a, "totp/%lld", (long long)of->id);
}

/* --- recovery codes --------------------------------------------------------------------------- */

/* 16 of 32 letters: 80 bits, so that a plain hash is enough. */
static int draw_recovery(struct hub_arena *a, struct hub_str *out, struct hub_err *err)
{
	uint8_t bytes[10];

	if (hub_random(bytes, sizeof bytes))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random numbers");
	const struct hub_str t = hub_base32(a, (struct hub_str){(const char *)bytes, sizeof bytes});
	if (!t.ptr)
		return hub_fail_mem(err);
	*out = hub_arena_printf(a, "%.4s-%.4s-%.4s-%.4s", t.ptr, t.ptr + 4, t.ptr + 8, t.ptr + 12);
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* Small letters, missing or other hyphens make no difference. */
static int hash_recovery(int64_t account, struct hub_str code, uint8_t out[HUB_SHA256])
{
	char text[64];
	size_t n = (size_t)snprintf(text, sizeof text, "%lld:", (long long)account);

	for (size_t i = 0; i < code.len; i++) {
		const char c = code.ptr[i];
		if (c == '-' || c == ' ')
			continue;
		if (n == sizeof text)
			return -1;
		text[n++] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
	}
	return hub_sha256((struct hub_str){text, n}, out);
}

static int put_recovery(const struct hub_factor_of *of, struct hub_enrolment *out,
			struct hub_err *err)
{
	const int64_t account = of->account->id;
	int rc =
	    hub_db_run(of->db, err, "DELETE FROM recovery_code WHERE account_id = ?", "i", account);

	for (size_t i = 0; !rc && i < HUB_RECOVERY_CODES; i++) {
		uint8_t hash[HUB_SHA256];
		if ((rc = draw_recovery(of->arena, &out->recovery[i], err)))
			return rc;
		if (hash_recovery(account, out->recovery[i], hash))
			return hub_fail_mem(err);
		rc = hub_db_run(of->db, err,
				"INSERT INTO recovery_code (account_id, hash) VALUES (?, ?)", "ib",
				account, (struct hub_str){(const char *)hash, sizeof hash});
	}
	return rc;
}

/* --- one-time codes --------------------------------------------------------------------------- */

static int put_key(const struct hub_factor_of *of, struct hub_str sealed, struct hub_str actor,
		   struct hub_enrolment *out, struct hub_err *err)
{
	/* codes of a former key are nothing to the new one, nor is its last step */
	int rc = hub_db_run(of->db, err, "UPDATE account SET totp = ?, totp_step = 0 WHERE id = ?",
			    "bi", sealed, of->account->id);

	if (!rc)
		rc = put_recovery(of, out, err);
	return rc ? rc
		  : hub_audit_add(of->db, actor, "factor-add", of->account->login,
				  HUB_STR("{\"kind\":\"totp\"}"), err);
}

int hub_factor_enrol(const struct hub_factor_of *of, struct hub_str actor,
		     struct hub_enrolment *out, struct hub_err *err)
{
	struct hub_arena *a = of->arena;
	uint8_t key[HUB_KEY_BYTES], secret[HUB_TOTP_KEY];
	const struct hub_str plain = {(const char *)secret, sizeof secret};
	struct hub_str sealed;
	int rc = read_key(a, of->keys, 1, key, err);

	if (rc)
		return rc;
	if (hub_random(secret, sizeof secret))
		return hub_fail(err, HUB_FATAL, "no-random", "the system gives no random numbers");
	if ((rc = hub_text_seal(a, key, about(a, of->account), plain, &sealed, err)))
		return rc;
	out->key = hub_base32(a, plain);
	out->uri = hub_arena_printf(a, "otpauth://totp/Tsunagi:%.*s?secret=%.*s&issuer=Tsunagi",
				    HUB_FMT(of->account->login), HUB_FMT(out->key));
	if (!out->uri.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_db_begin(of->db, err)))
		return rc;
	return hub_db_end(of->db, put_key(of, sealed, actor, out, err), err);
}

int hub_factor_remove(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		      struct hub_err *err)
{
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	rc = hub_db_run(db, err, "UPDATE account SET totp = NULL WHERE id = ?", "i", of->id);
	if (!rc)
		rc = hub_db_run(db, err, "DELETE FROM recovery_code WHERE account_id = ?", "i",
				of->id);
	if (!rc)
		rc = hub_audit_add(db, actor, "factor-remove", of->login,
				   HUB_STR("{\"kind\":\"totp\"}"), err);
	return hub_db_end(db, rc, err);
}

static int check_totp(const struct hub_factor_of *of, struct hub_str code, int64_t *step,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	uint8_t key[HUB_KEY_BYTES];
	struct hub_str secret;
	int rc = hub_db_query(of->db, &q, err, "SELECT totp, totp_step FROM account WHERE id = ?",
			      "i", of->account->id);

	*step = 0;
	if (rc || (rc = hub_db_next(q, err)))
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_str sealed = hub_db_str(q, 0);
	if (!sealed.ptr)
		return HUB_OK;
	if ((rc = read_key(of->arena, of->keys, 0, key, err)) ||
	    (rc = hub_text_unseal(of->arena, key, about(of->arena, of->account), sealed, &secret,
				  err)))
		return rc;
	*step = hub_totp_match(secret, code, hub_now(), hub_db_int(q, 1));
	return HUB_OK;
}

int hub_factor_check(const struct hub_factor_of *of, struct hub_str code,
		     struct hub_factor_hit *hit, struct hub_err *err)
{
	int64_t there = 0;
	int rc = HUB_OK;

	*hit = (struct hub_factor_hit){0};
	if (code.len == HUB_TOTP_DIGITS) {
		rc = check_totp(of, code, &hit->step, err);
		return rc ? rc : hit->step > 0;
	}
	if (hash_recovery(of->account->id, code, hit->hash))
		return 0;
	rc = hub_db_one(of->db, &there, err,
			"SELECT count(*) FROM recovery_code WHERE account_id = ? AND hash = ?"
			" AND used_at IS NULL",
			"ib", of->account->id,
			(struct hub_str){(const char *)hit->hash, HUB_SHA256});
	return rc ? rc : there > 0;
}

int hub_factor_use(struct hub_db *db, const struct hub_account *of,
		   const struct hub_factor_hit *hit, struct hub_err *err)
{
	const int rc =
	    hit->step
		? hub_db_run(db, err,
			     "UPDATE account SET totp_step = ? WHERE id = ? AND totp_step < ?",
			     "iii", hit->step, of->id, hit->step)
		: hub_db_run(db, err,
			     "UPDATE recovery_code SET used_at = ? WHERE account_id = ? AND"
			     " hash = ? AND used_at IS NULL",
			     "iib", hub_now(), of->id,
			     (struct hub_str){(const char *)hit->hash, HUB_SHA256});

	if (rc || db->ops->changes(db) == 1)
		return rc;
	return hub_fail(err, HUB_REFUSED, "code-used", "this code was used already");
}

/* --- devices ---------------------------------------------------------------------------------- */

int hub_device_fingerprint(struct hub_arena *a, struct hub_str pem, struct hub_str *out,
			   struct hub_err *err)
{
	uint8_t sha[HUB_SHA256];
	char hex[2 * HUB_SHA256 + 1];
	unsigned len = 0;
	BIO *bio = pem.len <= PEM_MOST ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
	X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
	const int fine = x && X509_digest(x, EVP_sha256(), sha, &len) == 1 && len == sizeof sha;

	X509_free(x);
	BIO_free(bio);
	if (!fine)
		return hub_fail(err, HUB_USAGE, "no-certificate",
				"this is not a certificate in PEM form");
	hub_hex(sha, sizeof sha, hex);
	*out = hub_arena_str(a, hub_str_of(hex));
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* Seconds since 1970; 0: it is no time. */
static int64_t instant_of(const ASN1_TIME *t)
{
	struct tm tm;

	return ASN1_TIME_to_tm(t, &tm) == 1 ? timegm(&tm) : 0;
}

int hub_certificate_days(struct hub_str pem, int64_t *from, int64_t *to, struct hub_err *err)
{
	BIO *bio = pem.len <= PEM_MOST ? BIO_new_mem_buf(pem.ptr, (int)pem.len) : NULL;
	int64_t begins = INT64_MIN, ends = INT64_MAX;
	X509 *x;

	while (bio && (x = PEM_read_bio_X509(bio, NULL, NULL, NULL))) {
		const int64_t b = instant_of(X509_get0_notBefore(x)),
			      e = instant_of(X509_get0_notAfter(x));
		begins = b > begins ? b : begins;
		ends = e < ends ? e : ends;
		X509_free(x);
	}
	BIO_free(bio);
	ERR_clear_error(); /* behind the last one there is none */
	if (ends == INT64_MAX)
		return hub_fail(err, HUB_USAGE, "no-certificate",
				"this is not a certificate in PEM form");
	*from = hub_day_at(begins - 1) + 1;
	*to = hub_day_at(ends) - 1;
	return HUB_OK;
}

static int insert_device(struct hub_db *db, const struct hub_device *of, struct hub_str actor,
			 struct hub_err *err)
{
	int64_t there = 0;
	int rc = hub_db_one(db, &there, err, "SELECT count(*) FROM device WHERE fingerprint = ?",
			    "t", of->fingerprint);

	if (!rc && there)
		return hub_fail(err, HUB_USAGE, "device-there",
				"this certificate belongs to a device already");
	if (!rc)
		rc = hub_db_run(db, err,
				"INSERT INTO device (fingerprint, agency, name, made_at, made_by)"
				" VALUES (?, ?, ?, ?, ?)",
				"tttit", of->fingerprint, of->agency, of->name, hub_now(), actor);
	return rc ? rc : hub_audit_add(db, actor, "device-add", of->fingerprint, HUB_STR(""), err);
}

int hub_device_add(struct hub_db *db, const struct hub_device *of, struct hub_str actor,
		   struct hub_err *err)
{
	int rc = hub_account_agency(db, of->agency, err);

	if (!of->name.len)
		return hub_fail(err, HUB_USAGE, "name-missing",
				"the name of the device is missing");
	if (rc || (rc = hub_db_begin(db, err)))
		return rc;
	return hub_db_end(db, insert_device(db, of, actor, err), err);
}

int hub_device_list(struct hub_arena *a, struct hub_db *db, struct hub_device **out, uint32_t *n,
		    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(db, &q, err,
			      "SELECT id, coalesce(ended_at, 0), fingerprint, agency, name"
			      " FROM device ORDER BY id",
			      "");

	*out = NULL;
	*n = 0;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		*out = hub_alloc_more(a, *out, *n, &cap, sizeof **out);
		if (!*out)
			return hub_fail_mem(err);
		(*out)[(*n)++] = (struct hub_device){.id = hub_db_int(q, 0),
						     .ended_at = hub_db_int(q, 1),
						     .fingerprint = hub_db_dup(a, q, 2),
						     .agency = hub_db_dup(a, q, 3),
						     .name = hub_db_dup(a, q, 4)};
	}
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_device_end(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_err *err)
{
	char number[24];
	int rc = hub_db_begin(db, err);

	if (rc)
		return rc;
	snprintf(number, sizeof number, "%lld", (long long)id);
	rc = hub_db_run(db, err,
			"UPDATE device SET ended_at = ?, ended_by = ? WHERE id = ? AND"
			" ended_at IS NULL",
			"iti", hub_now(), actor, id);
	if (!rc && db->ops->changes(db) != 1)
		rc = hub_fail(err, HUB_USAGE, "no-device", "there is no device number %lld",
			      (long long)id);
	if (!rc)
		rc = hub_audit_add(db, actor, "device-end", hub_str_of(number), HUB_STR(""), err);
	return hub_db_end(db, rc, err);
}

int hub_device_is_of(struct hub_db *db, struct hub_str fingerprint, struct hub_str agency,
		     struct hub_err *err)
{
	int64_t n = 0;
	const int rc = hub_db_one(db, &n, err,
				  "SELECT count(*) FROM device WHERE fingerprint = ? AND agency = ?"
				  " AND ended_at IS NULL",
				  "tt", fingerprint, agency);

	return rc ? rc : n > 0;
}
