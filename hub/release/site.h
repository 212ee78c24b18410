/* What a site decides about its releases beside profiles: recipients that get nothing, and how people
 * count of whom no registry says anything. Everything goes to the audit log; what loosens takes two
 * (release/actor.h). */
#ifndef HUB_RELEASE_SITE_H
#define HUB_RELEASE_SITE_H

#include "release/actor.h"
#include "release/gate.h"
#include "store/store.h"

/* person: row of cc_person, 0: about nobody. Takes one person. */
int hub_site_bar(struct hub_db *db, struct hub_str recipient, int64_t person,
		 const struct hub_actor *who, struct hub_str reason, struct hub_err *err);
/* Lifts the bars of a recipient (of that person). HUB_REFUSED for who set one of them. */
int hub_site_unbar(struct hub_db *db, struct hub_str recipient, int64_t person,
		   const struct hub_actor *who, struct hub_str reason, struct hub_err *err);

/* HUB_PROT_UNKNOWN takes effect at once. HUB_PROT_CLEAR waits (*pending 1) until a second person asks
 * for the same. */
int hub_site_default(struct hub_db *db, enum hub_protection state, const struct hub_actor *who,
		     struct hub_str reason, int *pending, struct hub_err *err);

/* One person more under display restriction, whatever the feeds say. Takes one. */
int hub_site_protect(struct hub_db *db, int64_t person, const struct hub_actor *who,
		     struct hub_str reason, struct hub_err *err);
/* Before one person takes a run back: whom the run has put under display restriction stays so, by hand, and whoever is
 * linked to them; whom it linked to somebody under it, too. *n: how many rows of people. Lifting it takes two. */
int hub_site_keep_protected(struct hub_store *s, int64_t run, int32_t day,
			    const struct hub_actor *who, int64_t *n, struct hub_err *err);
/* Before one person says that rows a and b of cc_person are two people: if their household is under display restriction
 * (*yes), both stay so, by hand. */
int hub_site_keep_apart(struct hub_store *s, int64_t a, int64_t b, int32_t day,
			const struct hub_actor *who, int *yes, struct hub_err *err);
/* Before one person says that rows a and b are one: if one of them is suspected to be somebody under display restriction and
 * the other is not (*yes), it is under it, by hand. */
int hub_site_keep_suspected(struct hub_store *s, int64_t a, int64_t b, int32_t day,
			    const struct hub_actor *who, int *yes, struct hub_err *err);
/* Ends that, and says that the person is clear as far as feeds do not say otherwise (release/people.h). Waits
 * (*pending 1) until a second person asks for the same. */
int hub_site_clear(struct hub_db *db, int64_t person, const struct hub_actor *who,
		   struct hub_str reason, int *pending, struct hub_err *err);

#endif
