/* What an agency would see of a person on a day, class by class, and why: the gate's own answers to the
 * questions a release would ask it. Nothing is released, nothing is written. */
#ifndef HUB_RELEASE_SIMULATE_H
#define HUB_RELEASE_SIMULATE_H

#include "release/grounds.h"
#include "release/view.h"
#include "store/store.h"

struct hub_simulate_ask {
	int64_t person;         /* cc_person row */
	struct hub_str agency;  /* "*": every one that has an approved profile */
	struct hub_str meeting; /* its number; empty: none */
	int32_t day, feed_days;
	int64_t known; /* consents, bars and approvals as the hub knew them then; 0: now */
	const struct hub_grounds *grounds;
};

/* One class of fields through one approved profile of the agency. profile empty: it has none. */
struct hub_simulated {
	struct hub_str profile, recipient, purpose;
	enum hub_fclass pclass;
	int reveals; /* the fields of the class that reveal an address */
	struct hub_answer answer;
};

/* In the arena. Households, links and protection are those that hold now: registries keep no past. */
int hub_simulate(struct hub_arena *a, struct hub_store *s, const struct hub_simulate_ask *ask,
		 const struct hub_simulated **out, uint32_t *n, struct hub_err *err);

#endif
