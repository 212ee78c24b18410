/* Inner part of people*.c: who is who and who lives with whom, read of everybody at once (a release asks for most of
 * them) or asked of the store person by person (a window asks for few, and starts anew with each change of the facts). */
#ifndef HUB_RELEASE_PEOPLE_IN_H
#define HUB_RELEASE_PEOPLE_IN_H

#include "base/map.h"
#include "release/people.h"

/* A number and what belongs to it, in one growing, then sorted list. */
struct hub_pair {
	int64_t key, value;
};
struct hub_pairs {
	struct hub_pair *at;
	size_t n, cap;
};

/* The pairs of one key, by rising value. */
struct hub_slice {
	const struct hub_pair *at;
	size_t n;
};

enum { HUB_PEOPLE_CASES = 64 };

/* What the protection rows of one identity say. */
enum {
	HUB_SAYS_PROTECTED = 1,
	HUB_SAYS_SUSPECTED = 2,
	HUB_SAYS_UNKNOWN = 4,
	HUB_SAYS_CONFIRMED = 8 /* clear, by two people */
};

struct hub_people {
	struct hub_db *db;
	struct hub_past *past; /* whose the db is, with opt.known */
	struct hub_people_opt opt;
	struct hub_arena *arena;   /* what was read at the start */
	struct hub_arena *facts;   /* persons asked for */
	struct hub_pairs links;    /* person -> identity; of everybody, unless opt.few */
	struct hub_pairs group;    /* identity -> person; as links */
	struct hub_pairs lives;    /* identity -> household; as links */
	struct hub_pairs home;     /* household -> identity; as links */
	struct hub_pairs registry; /* identity -> 1: in a fresh registry; as links */
	struct hub_pairs
	    fresh; /* a feed that is fresh -> run before which it counts; with opt.few */
	struct hub_pairs says; /* identity -> mask of HUB_SAYS_ */
	/* Names, addresses, phones of protected households; identities of other records of the same people, which nobody
	 * has linked. */
	struct hub_map *marks, *same_as;
	struct hub_meant *meant;     /* recipients of refusals */
	int marked;                  /* both are read */
	struct hub_refuges *refuges; /* of the marks; when asked for */
	struct hub_map *known;       /* identity -> struct hub_person_facts * */
	struct hub_map *states;      /* identity -> enum hub_protection + 1 */
	/* opt.few, what has been asked: person -> identity, the others -> struct hub_slice * */
	struct hub_map *who, *same, *homes, *inside;
	/* persons of cases that were asked for, by the end of their id */
	struct hub_case_person {
		const struct hub_db *db;
		int64_t id, person;
	} cases[HUB_PEOPLE_CASES];
	int failed; /* the store did not answer hub_people_identity() */
	enum hub_protection dflt;
};

/* 0, or -1 when memory is out. */
int hub_pairs_add(struct hub_arena *a, struct hub_pairs *l, int64_t key, int64_t value);
/* Sorted, each pair once. */
void hub_pairs_sort(struct hub_pairs *l);
struct hub_slice hub_pairs_of(const struct hub_pairs *l, int64_t key);

/* Reads the lists of everybody, or with opt.few what asking needs. */
int hub_people_read_lists(struct hub_people *p, struct hub_err *err);
int hub_people_fresh_lists(struct hub_people *p);
/* Rows that are the identity, empty when it is one row without a link; its households; who lives in one. */
int hub_people_rows(struct hub_people *p, int64_t identity, struct hub_slice *out,
		    struct hub_err *err);
int hub_people_homes(struct hub_people *p, int64_t identity, struct hub_slice *out,
		     struct hub_err *err);
int hub_people_inside(struct hub_people *p, int64_t home, struct hub_slice *out,
		      struct hub_err *err);
/* Everyone in row `household` of cc_household. */
int hub_people_in_household(struct hub_people *p, int64_t household, struct hub_slice *out,
			    struct hub_err *err);
/* opt.day as the store writes it. */
struct hub_str hub_people_day(const struct hub_people *p, char day[16]);
/* Is it another record of somebody of a protected household? p->marks are read then. */
int hub_people_same_as_hidden(struct hub_people *p, int64_t identity, int *yes,
			      struct hub_err *err);
/* *shares is set when a row of cc_person shares a mark with a protected household. */
int hub_people_shares_mark(struct hub_people *p, int64_t person, int *shares, struct hub_err *err);
int hub_people_listed(struct hub_people *p, int64_t identity, int *yes, struct hub_err *err);

#endif
