/* Names of attached files speak of people: in the store they stand sealed with the key of their case, as their
 * content does (release/blob.h), so that a copy of the store shows none, and destroying the key takes them along. */
#ifndef HUB_RELEASE_SEALED_NAME_H
#define HUB_RELEASE_SEALED_NAME_H

#include "release/blob_key.h"

/* What stands in attachment.file_name; bound to the case and to the content, whose SHA-256 is given in
 * hexadecimal. The case must have its key. */
int hub_name_seal(const struct hub_case_lock *l, struct hub_str sha256, struct hub_str name,
		  struct hub_str *out, struct hub_err *err);
int hub_name_is_sealed(struct hub_str stored);
/* The way back; attachment: id of the row. A name that came by an import is not sealed, and stays. ptr NULL: the case was disposed of.
 * HUB_INTEGRITY: keys-lost, key-wrong as of hub_case_key(), name-damaged. */
int hub_name_open(const struct hub_case_lock *l, int64_t attachment, struct hub_str stored,
		  struct hub_str *out, struct hub_err *err);

#endif
