/* Passwords: kept as Argon2id in its encoded form, which names its own parameters. Nothing here keeps a
 * password longer than the call. */
#ifndef HUB_SERVE_PASSWORD_H
#define HUB_SERVE_PASSWORD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { HUB_PASSWORD_LEAST = 12, HUB_PASSWORD_MOST = 256 /* characters; bytes */ };

/* Rules of NIST SP 800-63B: length, and not what everybody tries first; no rule about kinds of characters and no
 * expiry. words: login, name, agency ... that must not be the password or most of it. HUB_REJECT. */
int hub_password_check(struct hub_arena *a, struct hub_str password, const struct hub_str *words,
		       size_t n, struct hub_err *err);
/* In the arena. Full-width letters and the like count as what they mean (NFKC). */
int hub_password_hash(struct hub_arena *a, struct hub_str password, struct hub_str *encoded,
		      struct hub_err *err);
/* 1: it is the one. encoded empty: an unknown account, for which the same work is done. */
int hub_password_is(struct hub_arena *a, struct hub_str encoded, struct hub_str password);
/* Was it made with weaker parameters than those of now? */
int hub_password_is_old(struct hub_str encoded);
/* Easy to read aloud and to type: 20 letters and digits in groups, 96 bits. In the arena. */
int hub_password_draw(struct hub_arena *a, struct hub_str *out, struct hub_err *err);

#endif
