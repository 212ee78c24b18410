/* Takes out of a picture what it says beside the picture: where and when it was taken, by which camera, edited
 * by whom, what was in front of a crop (thumbnails), further pictures behind its end. For JPEG and PNG, piece by
 * piece; JPEG keeps the way it is turned. Other kinds go through as they are (intake/media.h: telltale). */
#ifndef HUB_RELEASE_STRIP_H
#define HUB_RELEASE_STRIP_H

#include "base/arena.h"
#include "base/buf.h"

struct hub_strip;

/* type: as intake/media.h names it. Lives in the arena. NULL: out of memory. */
struct hub_strip *hub_strip_new(struct hub_arena *a, struct hub_str type);
/* Appends to out what of the piece is to leave. */
void hub_strip_add(struct hub_strip *s, struct hub_str piece, struct hub_buf *out);
/* After the last piece: 0 when the picture ended as it should. */
int hub_strip_end(const struct hub_strip *s);

#endif
