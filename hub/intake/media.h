/* What a file that is to be attached really is, by its content: images and PDF, and nothing behind them.
 *
 * Refused (HUB_REJECT): what is none of the kinds below, an ending of another kind, a broken file, something
 * else behind the end (a file that is two things at once), PDF that is encrypted, runs programs or carries
 * files. The walk is light: it follows the structure of the container, it does not decode pixels. Memory is
 * one window of 64 KiB, whatever the size. */
#ifndef HUB_INTAKE_MEDIA_H
#define HUB_INTAKE_MEDIA_H

#include "base/err.h"
#include "base/str.h"

struct hub_media {
	const char *type; /* "image/jpeg"; static */
	/* It says where, when or by whom it was made in a way that release/strip.h cannot take out. */
	int telltale;
};

/* fd: a regular file of `size` bytes, read with pread. name: for its ending; without one only the content
 * counts. The messages name no file. */
int hub_media_check(int fd, uint64_t size, struct hub_str name, struct hub_media *out,
		    struct hub_err *err);

#endif
