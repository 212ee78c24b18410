/* Files of a case (attachments; what a module such as chat keeps): in the store, encrypted, in pieces, so that
 * memory does not grow with the file.
 *
 * AES-256-GCM, one key per case, so that disposing of a case can destroy its key and with it every copy in
 * every backup. Case keys stand in the store wrapped by the site's key, which is in the key file outside of it
 * (release/keyring.h, recipient "(site)"). Each piece is bound to its file, its place and whether it is the
 * last one: exchanged, missing or added pieces are found, as is any changed byte. The SHA-256 is of the plain
 * content.
 *
 * Nothing here asks the gate: who hands content to somebody else goes through release/attachment.h. */
#ifndef HUB_RELEASE_BLOB_H
#define HUB_RELEASE_BLOB_H

#include "base/hash.h"
#include "store/store.h"

enum { HUB_BLOB_PIECE = 256 << 10, HUB_BLOB_HEX = 2 * HUB_SHA256 + 1 };

struct hub_blob_spec {
	struct hub_str keys; /* file of the keys; empty: not known, an error */
	int64_t case_id;
	struct hub_str owner; /* who keeps it: "attachment", name of a module */
	struct hub_str type;
	int telltale;   /* intake/media.h */
	uint64_t limit; /* bytes */
	const char
	    *sha; /* hex, what the content must be (it was looked at before); NULL: anything */
	struct hub_str actor;
};

struct hub_blob {
	int64_t id, case_id;
	struct hub_str type;
	int telltale;
	uint64_t bytes;
	char sha[HUB_BLOB_HEX];
	int there; /* put: the case had this content already, and this is it */
};

/* Nobody else may put files into the case meanwhile; HUB_LOCKED: somebody does. */
int hub_blob_lock(struct hub_store *s, int64_t case_id, struct hub_err *err);
void hub_blob_unlock(struct hub_store *s, int64_t case_id);

/* Reads fd to its end. Under the lock of the case; what an interrupted put left there is removed. Commits
 * piece by piece; the file is there when the call returns HUB_OK and not before. */
int hub_blob_put(struct hub_store *s, const struct hub_blob_spec *spec, int fd,
		 struct hub_blob *out, struct hub_err *err);
/* type lives in the arena. HUB_USAGE: there is none. */
int hub_blob_info(struct hub_arena *a, struct hub_store *s, int64_t id, struct hub_blob *out,
		  struct hub_err *err);
/* Hands out the content from its beginning, piece by piece. What was handed out counts only when the call
 * returns HUB_OK: the hash of the whole is known at the end. */
typedef int (*hub_blob_take)(void *to, struct hub_str piece, struct hub_err *err);
int hub_blob_get(struct hub_store *s, struct hub_str keys, int64_t id, hub_blob_take take, void *to,
		 struct hub_err *err);
/* In the caller's transaction. */
int hub_blob_remove(struct hub_store *s, int64_t id, struct hub_err *err);

#endif
