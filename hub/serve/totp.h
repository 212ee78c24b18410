/* One-time codes from a shared key and the time: RFC 6238 with HMAC-SHA-1, 30 seconds, as every authenticator has
 * it. Pure functions. */
#ifndef HUB_SERVE_TOTP_H
#define HUB_SERVE_TOTP_H

#include "base/arena.h"
#include "base/str.h"

enum { HUB_TOTP_KEY = 20, HUB_TOTP_STEP = 30, HUB_TOTP_DIGITS = 6 };

/* HOTP of RFC 4226 for a counter; digits 6 to 8; out has room for digits + 1. 0, or -1 without the library. */
int hub_totp_code(struct hub_str key, int64_t counter, unsigned digits, char *out);
/* The counter whose code this is, one step early or late at most, above `last` (accepted before). 0: none. */
int64_t hub_totp_match(struct hub_str key, struct hub_str code, int64_t now, int64_t last);
/* RFC 4648 without padding. .ptr NULL: out of memory. */
struct hub_str hub_base32(struct hub_arena *a, struct hub_str bytes);

#endif
