/* Attachments of a case: files in the store (release/blob.h), each with a row of the entity `attachment`, which
 * is brought by a run like any other row: listed by `tsunagi runs`, taken back by `tsunagi undo`. */
#ifndef HUB_RELEASE_ATTACHMENT_H
#define HUB_RELEASE_ATTACHMENT_H

#include "release/blob.h"

enum { HUB_ATTACHMENT_MOST = 64 << 20 }; /* bytes */

struct hub_attachment_case {
	int64_t id;                     /* row of cc_case */
	struct hub_str no, key, system; /* number; key in its system */
};

/* number: that of the case, or its key. HUB_USAGE: there is none, several, or one without a key. */
int hub_attachment_case(struct hub_arena *a, struct hub_store *s, struct hub_str number,
			struct hub_attachment_case *out, struct hub_err *err);

struct hub_attachment {
	const struct hub_attachment_case *of;
	struct hub_str name, kind, note, on; /* kind: a code; note, on (ISO) may be empty */
	struct hub_blob_spec blob;           /* case_id and owner are set here; sha must be given */
	uint64_t bytes;
};

struct hub_attachment_added {
	int64_t row, run;
	int there; /* the case had the same content already: nothing was done */
};

/* fd: at its beginning. dry: says what it would do. */
int hub_attachment_add(struct hub_store *s, const struct hub_attachment *what, int fd, int dry,
		       struct hub_attachment_added *out, struct hub_err *err);
/* Takes back the run that brought it; report as of `tsunagi undo`. HUB_REFUSED: something refers to it. */
int hub_attachment_remove(struct hub_store *s, int64_t row, struct hub_str actor,
			  struct hub_buf *report, struct hub_err *err);
/* Removes contents whose rows are gone (an undo); cases somebody attaches to are left alone. */
int hub_attachments_sweep(struct hub_store *s, struct hub_err *err);

#endif
