/* What an agency would see of a person on a day, class by class, and why: the gate's own answers to the
 * questions a release would ask it. Nothing is released, nothing is written. */
#ifndef HUB_RELEASE_SIMULATE_H
#define HUB_RELEASE_SIMULATE_H

#include "release/grounds.h"
#include "release/view.h"
#include "store/past.h"

struct hub_simulate_ask {
	int64_t person;         /* cc_person row */
	struct hub_str agency;  /* "*": every one that has an approved profile */
	struct hub_str meeting; /* its number; empty: none */
	int32_t day, feed_days;
	int64_t known; /* everything as the hub knew it then; 0: now */
	const struct hub_grounds *grounds;
};

/* One class of fields through one approved profile of the agency. profile empty: it has none. */
struct hub_simulated {
	struct hub_str profile, recipient, purpose;
	enum hub_fclass pclass;
	int reveals; /* the fields of the class that reveal an address */
	struct hub_answer answer;
	enum hub_show
	    show; /* the answer through the profile; of single fields it may say otherwise */
};

struct hub_simulation {
	const struct hub_simulated *row;
	uint32_t n;
	const struct hub_past_gap
	    *gap; /* what of that time is not kept: the answer is without it */
	uint32_t n_gaps;
};

/* In the arena. */
int hub_simulate(struct hub_arena *a, struct hub_store *s, const struct hub_simulate_ask *ask,
		 struct hub_simulation *out, struct hub_err *err);
/* A gap in words, for people: a line without its end. In the arena; NULL: out of memory. */
const char *hub_simulate_gap(struct hub_arena *a, const struct hub_past_gap *g);

#endif
