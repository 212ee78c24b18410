/* 異動: what a dump of the resident registry says differently than the one before, about people the store
 * knows: death, moving out, another address, name or household, and each of them taken back. A registry
 * is looked up and not copied: what its rows were before a run is kept until the run ends, compared here, and
 * forgotten but for names, addresses and households, which older texts speak of (table former), and for what
 * a past decision reads (store/past.h). An event changes nothing of a case: it raises a task in each case it concerns. */
#ifndef HUB_STORE_RESIDENT_H
#define HUB_STORE_RESIDENT_H

#include "store/db.h"
#include "store/store.h"

/* At the end of a lookup run, in its transaction. */
int hub_residents_settle(struct hub_store *s, int64_t run, struct hub_err *err);

struct hub_resident_event {
	int64_t id, run, person, reverses, reversed_by, done_at;
	struct hub_str kind, happened_on, done_by;
	int64_t cases; /* in which it raised a task */
};
/* Newest last. open: only those nobody has dealt with. Read until HUB_END, give back with hub_db_done. */
int hub_residents_list(struct hub_store *s, int open, struct hub_query **q, struct hub_err *err);
int hub_resident_read(struct hub_query *q, struct hub_resident_event *out, struct hub_err *err);
/* Label of a kind of event, for people: "死亡". */
const char *hub_resident_word(struct hub_str kind);
/* Somebody has dealt with it. HUB_USAGE: there is no such event, or it is done. */
int hub_resident_done(struct hub_store *s, int64_t event, struct hub_str actor, struct hub_str note,
		      struct hub_err *err);

/* The other people of a person's household as that person sees them (text/kin.h), by 続柄 of the registry
 * or as a form says. word empty: cannot be told. In the arena. */
struct hub_housemate {
	int64_t person;
	struct hub_str written; /* 続柄 as the registry has it */
	struct hub_str word;
	int sure;
};
int hub_housemates(struct hub_arena *a, struct hub_db *db, int64_t person,
		   struct hub_housemate **out, uint32_t *n, struct hub_err *err);

#endif
