/* What the store knows about people that decides a release: who is who (links), who lives together,
 * protection, consents. One reader per release; asks the store once for each person and keeps the
 * answer until it is emptied. Belongs to one thread, like the store's connection.
 *
 * The four states of protection (design §6):
 *   protected   a protection row says so. Its end date does not lift it, nor a deletion by the feed
 *               alone: that takes a row `clear` with two different names as well
 *   suspected   another record of a protected person or of somebody of that household, which nobody has
 *               linked: the same reading or name and birth date, also in a registry; or not found in a
 *               fresh one, and shares address or phone with them, or the full name where no birth date
 *               is known
 *   clear       found in a registry feed that is fresh, or a row `clear` with two different names, or
 *               the site's own default
 *   unknown     everything else */
#ifndef HUB_RELEASE_PEOPLE_H
#define HUB_RELEASE_PEOPLE_H

#include "release/gate.h"
#include "store/past.h"

struct hub_people;

/* A person with everything the gate asks for. id is the identity (lowest id of the linked persons). */
struct hub_person_facts {
	int64_t identity;
	struct hub_str id;
	const int64_t *rows; /* cc_person ids that are this person */
	uint32_t n_rows;
	const struct hub_household_person *household; /* the person first */
	const int64_t *members;                       /* the same people as identities */
	uint32_t n_household;
	const struct hub_consent *consents; /* of this person */
	uint32_t n_consents;
};

struct hub_people_opt {
	int32_t day;       /* memberships in force on it count */
	int32_t feed_days; /* how old a registry feed may be and still count as fresh */
	int64_t
	    known; /* everything as the hub knew it then (store/past.h; seconds since 1970); 0: now */
	int few;   /* the store is asked for each person, nothing is read of all of them before */
};

/* Reads what is needed of all people (links, protections, households) at once; with opt->few only what no person is
 * found by, which costs the same however many people there are. Both answer the same. */
int hub_people_open(struct hub_store *s, const struct hub_people_opt *opt, struct hub_people **out,
		    struct hub_err *err);
/* As if it had been opened without opt->few: for somebody who is going to ask for nearly everybody. */
int hub_people_all(struct hub_people *p, struct hub_err *err);
void hub_people_close(struct hub_people *p); /* NULL is fine */
static inline void hub_auto_people(struct hub_people **p)
{
	hub_people_close(*p);
}

/* Facts of the person that row `person` of cc_person belongs to; valid until hub_people_forget. */
int hub_people_get(struct hub_people *p, int64_t person, const struct hub_person_facts **out,
		   struct hub_err *err);
/* Identity of a person row; the row itself when it has no link. Where the store could not say, all that is asked later
 * fails; before something is let out that no later question stands behind, hub_people_check() is asked. */
int64_t hub_people_identity(struct hub_people *p, int64_t person);
int hub_people_check(const struct hub_people *p, struct hub_err *err);
/* Everyone who lives in row `household` of cc_household, as identities; in the memory of persons. */
int hub_people_household(struct hub_people *p, int64_t household, const int64_t **members,
			 uint32_t *n, struct hub_err *err);
/* Where the households under display restriction can be found, and those of n persons (rows) from whom the recipient
 * is barred. In the arena, or in p when nobody is barred. */
struct hub_refuges;
int hub_people_refuges(struct hub_people *p, struct hub_arena *a, const int64_t *barred, uint32_t n,
		       const struct hub_refuges **out, struct hub_err *err);
/* Somebody whom a row about another person only names. May it be one of those under display restriction, or of their
 * household, by the full name, the reading, the telephone or the address? */
struct hub_mention {
	struct hub_str name, kana, phone, address;
};
int hub_people_may_hide(struct hub_people *p, struct hub_arena *a, const struct hub_mention *who,
			int *yes, struct hub_err *err);
/* The store, or with opt.known what it was: what else a decision reads is asked of it. Belongs to p. */
struct hub_db *hub_people_db(const struct hub_people *p);
/* What of that time is not kept; NULL without opt.known. */
const struct hub_past *hub_people_past(const struct hub_people *p);
/* The person (row) of a case of that store; 0: nobody. */
int hub_people_of_case(struct hub_people *p, struct hub_db *db, int64_t case_id, int64_t *person,
		       struct hub_err *err);
/* How many persons are remembered; and lets go of all of them: what was handed out is gone. */
size_t hub_people_count(const struct hub_people *p);
int hub_people_forget(struct hub_people *p, struct hub_err *err);

/* Was a registry of residents looked up, and no feed yet that says who is under display restriction? Nobody is clear by it. */
int hub_people_unasked(struct hub_db *db, int *yes, struct hub_err *err);
/* Are there rows of a file of restrictions that nobody could read, or is one not read to its end? Nobody is clear then, but
 * whom two people confirmed. */
int hub_people_unread(struct hub_db *db, int *yes, struct hub_err *err);

/* The site's default for people of whom no registry says anything: HUB_PROT_UNKNOWN or _CLEAR. */
int hub_people_default(struct hub_db *db, enum hub_protection *out, struct hub_err *err);

#endif
