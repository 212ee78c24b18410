/* Second factors: one-time codes (TOTP) with recovery codes, and certificates of an agency's devices. */
#ifndef HUB_SERVE_FACTOR_H
#define HUB_SERVE_FACTOR_H

#include "serve/accounts.h"

enum { HUB_RECOVERY_CODES = 8 };

/* What its person gets to see, once. In the arena. */
struct hub_enrolment {
	struct hub_str key; /* base32, for typing */
	struct hub_str uri; /* otpauth://totp/..., for a QR code */
	struct hub_str recovery[HUB_RECOVERY_CODES];
};

/* Whose it is, and where: the store, and the file of secret keys of which one seals it there. */
struct hub_factor_of {
	struct hub_arena *arena; /* what is read and drawn lives in it */
	struct hub_db *db;
	const char *keys; /* NULL: a site without one, HUB_CONF */
	const struct hub_account *account;
};

/* Draws a new key and new recovery codes in place of older ones. */
int hub_factor_enrol(const struct hub_factor_of *of, struct hub_str actor,
		     struct hub_enrolment *out, struct hub_err *err);
int hub_factor_remove(struct hub_db *db, const struct hub_account *of, struct hub_str actor,
		      struct hub_err *err);

/* A code that fits but is not used up yet. */
struct hub_factor_hit {
	int64_t step;             /* of a one-time code; 0: none */
	uint8_t hash[HUB_SHA256]; /* of a recovery code, when step is 0 */
};
/* 1: it fits, 0: not. code: six digits or a recovery code. */
int hub_factor_check(const struct hub_factor_of *of, struct hub_str code,
		     struct hub_factor_hit *hit, struct hub_err *err);
/* HUB_REFUSED "code-used": somebody was faster with the same code. In the caller's transaction. */
int hub_factor_use(struct hub_db *db, const struct hub_account *of,
		   const struct hub_factor_hit *hit, struct hub_err *err);

struct hub_device {
	int64_t id, ended_at;
	struct hub_str fingerprint, agency, name; /* SHA-256 of the certificate, hex */
};
/* Of a certificate in PEM form: SHA-256 of it as it travels (DER), in hex. HUB_USAGE "no-certificate". */
int hub_device_fingerprint(struct hub_arena *a, struct hub_str pem, struct hub_str *out,
			   struct hub_err *err);
/* The days in Japan on which all certificates of a PEM text are valid from their first to their last minute, first and last
 * (since 1970). HUB_USAGE "no-certificate". */
int hub_certificate_days(struct hub_str pem, int64_t *from, int64_t *to, struct hub_err *err);
int hub_device_add(struct hub_db *db, const struct hub_device *of, struct hub_str actor,
		   struct hub_err *err);
int hub_device_list(struct hub_arena *a, struct hub_db *db, struct hub_device **out, uint32_t *n,
		    struct hub_err *err);
int hub_device_end(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_err *err);
/* 1: a device of this agency. */
int hub_device_is_of(struct hub_db *db, struct hub_str fingerprint, struct hub_str agency,
		     struct hub_err *err);

#endif
