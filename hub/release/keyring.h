/* The secret keys of recipients, one each, from which their pseudonyms are made (keyed hash): two
 * recipients cannot join what they got, and nobody can try out names without the key (規則31条: no
 * regularity that allows restoring). They live in a file of their own, outside the store, so that a copy
 * of the store alone opens no pseudonym.
 *
 * One key a line: recipient TAB number TAB day TAB 64 hex digits. The highest number is in use, the
 * others are kept: deletions of what left under an older key name it as the recipient knows it. */
#ifndef HUB_RELEASE_KEYRING_H
#define HUB_RELEASE_KEYRING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { HUB_KEY_BYTES = 32 };

struct hub_key {
	struct hub_str recipient, day; /* day: when it was drawn, in Japan */
	int64_t number;
	uint8_t bytes[HUB_KEY_BYTES];
};

struct hub_keyring {
	const struct hub_key *key;
	uint32_t n;
};

/* A file that is not there yet is an empty ring. HUB_REFUSED (keys-exposed) when anybody but the owner
 * could read or change it, or it belongs to somebody else. In the arena. */
int hub_keyring_read(struct hub_arena *a, const char *path, struct hub_keyring *out,
		     struct hub_err *err);
/* number 0: the one in use. NULL: there is none. */
const struct hub_key *hub_keyring_find(const struct hub_keyring *ring, struct hub_str recipient,
				       int64_t number);
/* Adds the first key of a recipient; bytes NULL: drawn. Another process may have added one by now: then that one
 * stays. Other processes wait meanwhile. The file is complete on the disk afterwards; *ring is read anew. */
int hub_keyring_first(struct hub_arena *a, const char *path, struct hub_str recipient,
		      const uint8_t *bytes, struct hub_keyring *ring, struct hub_err *err);
/* The same with one more key, of the next number after `above` and those that are there. */
int hub_keyring_next(struct hub_arena *a, const char *path, struct hub_str recipient, int64_t above,
		     struct hub_keyring *ring, struct hub_err *err);

#endif
