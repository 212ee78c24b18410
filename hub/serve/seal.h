/* Small texts that the store keeps and must not be able to read: AES-256-GCM. */
#ifndef HUB_SERVE_SEAL_H
#define HUB_SERVE_SEAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"

/* about: what it is of, so that it opens nowhere else ("draft/12/note"). In the arena. */
int hub_text_seal(struct hub_arena *a, const uint8_t key[HUB_SHA256], struct hub_str about,
		  struct hub_str text, struct hub_str *sealed, struct hub_err *err);
/* HUB_INTEGRITY: another key, another `about`, or altered. */
int hub_text_unseal(struct hub_arena *a, const uint8_t key[HUB_SHA256], struct hub_str about,
		    struct hub_str sealed, struct hub_str *text, struct hub_err *err);

#endif
