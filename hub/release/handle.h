/* Names of rows for people outside (ハンドル): the number of a row under the recipient's key, so that the hub finds
 * the row and nobody else learns anything. The same row has the same handle for the same recipient as long as
 * its key is the same, another one for every other recipient, and a handle that was made up or belongs to another
 * recipient or entity is none: one block of AES-256 over eight zero bytes and the number, under a key drawn from the
 * recipient's and the entity's name; a guess is right once in 2^64. */
#ifndef HUB_RELEASE_HANDLE_H
#define HUB_RELEASE_HANDLE_H

#include "base/arena.h"
#include "base/str.h"

enum { HUB_HANDLE = 26 };

/* 26 small letters and digits 2 to 7. In the arena; ptr NULL: out of memory. key: HUB_KEY_BYTES. */
struct hub_str hub_handle_make(struct hub_arena *a, struct hub_str key, struct hub_str scope,
			       int64_t id);
/* 1, or 0 when it is none of that key and scope. */
int hub_handle_read(struct hub_str key, struct hub_str scope, struct hub_str handle, int64_t *id);

#endif
