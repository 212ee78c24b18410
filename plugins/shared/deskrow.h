/* Rows that a service looks at: cells by name, days, all pages of an entity. */
#ifndef PLUGINS_DESKROW_H
#define PLUGINS_DESKROW_H

#include "deskday.h"
#include "plain.h"

enum { DESKROW_NO_DAY = INT32_MIN };

struct deskrow {
	const struct hub_batch *batch;
	uint32_t at;
	void *arg; /* the caller's */
};

/* What is asked, once per page. */
struct desklook {
	const struct hub_desk *desk;
	struct hub_call *call;
	struct hub_look look; /* after and limit are the call's */
	void *arg;
	uint32_t most; /* rows; 0: all of them */
};

/* Calls each for every row that may be seen; a value other than 0 ends it and is returned. An entity that the view
 * does not have has no rows. */
int desklook_each(const struct desklook *l, int (*each)(const struct deskrow *),
		  struct hub_err *err);

/* The cell as it is shown; empty when it is not there or withheld. */
struct hub_str deskrow_text(const struct deskrow *row, const char *name);
/* The same, but empty unless it is shown as it is: for codes and numbers. */
struct hub_str deskrow_plain(const struct deskrow *row, const char *name);
/* 1 when the cell is that value, as it is. */
int deskrow_is(const struct deskrow *row, const char *name, const char *value);
/* A day known to the day; DESKROW_NO_DAY otherwise. */
int32_t deskrow_day(const struct deskrow *row, const char *name);

/* Says a day as text, or null for DESKROW_NO_DAY. */
void desk_say_day(const struct hub_desk *d, struct hub_call *c, const char *name, int32_t day);

/* Room for one more in an array of n of these; the old one stays until the call is over. NULL: no memory, or more
 * than a million. */
void *desk_grow(const struct hub_desk *d, struct hub_call *c, void *old, uint32_t n, uint32_t *room,
		size_t size);

int desk_order(struct hub_str a, struct hub_str b); /* as memcmp */

#endif
