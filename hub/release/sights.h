/* Sights (release/sight.h) that several connections share: of each view the newest one. When facts have changed, the
 * first who asks makes the next; the others wait for it. A sight is held by whoever uses it, and goes when it is not the
 * newest any more and nobody holds it. Any thread. */
#ifndef HUB_RELEASE_SIGHTS_H
#define HUB_RELEASE_SIGHTS_H

#include "release/facts_mark.h"
#include "release/sight.h"

/* What a sight was made of: the facts, until when they are so by the clock, and which texts were looked at by people. */
struct hub_made_of {
	struct hub_facts_mark mark;
	int64_t corrections, ended, until; /* no gaps: compared as bytes */
};

struct hub_sights;

/* In the arena. For so many views. */
int hub_sights_new(struct hub_arena *a, size_t views, struct hub_sights **out, struct hub_err *err);
/* Who asks says so before and afterwards; with the last one the sights go. */
void hub_sights_join(struct hub_sights *s);
void hub_sights_leave(struct hub_sights *s);

/* HUB_OK: *out is held. HUB_END: the caller makes it, and says so (hub_sights_put) in any case; *before is the newest one
 * there is, held as well, or NULL. HUB_IDLE: another one made
 * one meanwhile; the caller looks anew at what the facts are. alone: never waits; what the caller then makes is its own,
 * and is not put. */
int hub_sights_get(struct hub_sights *s, size_t view, const struct hub_made_of *of, int alone,
		   struct hub_sight **out, struct hub_sight **before);
/* made NULL: it failed. The caller holds it. */
void hub_sights_put(struct hub_sights *s, size_t view, const struct hub_made_of *of,
		    struct hub_sight *made);
/* Lets go of one that is held, or of one that was never put. NULL is fine. */
void hub_sights_drop(struct hub_sights *s, struct hub_sight *held);
/* How many were put so far, and for how many rows of texts it was decided anew what is seen of them. */
uint64_t hub_sights_made(struct hub_sights *s);
uint64_t hub_sights_decided(struct hub_sights *s);

#endif
