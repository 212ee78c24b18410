/* What media.c and media_pdf.c share. Not for others. */
#ifndef HUB_INTAKE_MEDIA_IN_H
#define HUB_INTAKE_MEDIA_IN_H

#include "intake/media.h"

/* A window on the file that moves. */
struct hub_window {
	int fd;
	uint64_t size;
	int failed; /* errno of a read that failed */
	uint64_t at;
	size_t len;
	unsigned char buf[1 << 16];
};

/* n bytes at a place, n at most the window's size; NULL behind the end, or when reading failed. Valid until
 * the next call. */
const unsigned char *hub_window_at(struct hub_window *l, uint64_t at, size_t n);
/* As many as the window has from a place on, at least one; NULL at the end. */
const unsigned char *hub_window_from(struct hub_window *l, uint64_t at, size_t *n);

int hub_media_broken(struct hub_err *err);
int hub_media_pdf(struct hub_window *l, int *telltale, struct hub_err *err);

#endif
