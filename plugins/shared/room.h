/* Memory with a limit that is known when it is made: address space is reserved for all of it, pages are
 * taken as they are used, and what lies in it never moves. For what outlives a batch and is too large
 * for an instance (the strings of a workbook), or is used again for every batch. */
#ifndef PLUGINS_SHARED_ROOM_H
#define PLUGINS_SHARED_ROOM_H

#include <hub/plugin.h>

struct room {
	char *p;
	size_t len, cap;
};

/* 0, or -1 when out of memory. The bytes read as zero. */
int room_open(struct room *r, size_t cap);
void room_close(struct room *r);
/* Place for n more bytes, NULL when the limit is reached. n == 0 is fine. */
char *room_add(struct room *r, size_t n);
/* Appends; 0, or -1 at the limit. */
int room_put(struct room *r, const void *p, size_t n);

#endif
