/* Who is who: rows of cc_person from different systems that are one person. A link is a statement about
 * two rows; what follows from all links in force is in person_identity (identity of a group: its
 * lowest person id). Links are taken back, never deleted; one that a person took back is not made
 * again by a rule. */
#ifndef HUB_STORE_LINK_H
#define HUB_STORE_LINK_H

#include "store/store.h"

enum hub_link_state {
	HUB_LINK_FORCE = 1,    /* link in force; candidate waiting for a decision */
	HUB_LINK_ENDED = 2,    /* link taken back; candidate refused */
	HUB_LINK_ACCEPTED = 3, /* candidate that became a link */
};

struct hub_link {
	int64_t id, a, b;    /* person rows, a < b */
	struct hub_str rule; /* atena, insured, name-birth; kana-birth, ...; hand */
	int state;           /* enum hub_link_state */
	struct hub_str actor;
};

struct hub_link_counts {
	uint64_t links, candidates;
};

/* After a run that brought persons (called by hub_run_end, in its transaction): same 宛名番号 or insured
 * number, or same name key and full birth date -> link; same reading and birth date, or a number that
 * agrees while birth dates do not -> candidate for a person to decide. */
int hub_links_find(struct hub_store *s, int64_t run, struct hub_link_counts *n,
		   struct hub_err *err);
/* Of the links that the run made, those that would join, by way of a third row, two that the rules keep apart become
 * candidates: how many. Within hub_links_find. */
int hub_links_part(struct hub_store *s, int64_t run, uint64_t *parted, struct hub_err *err);
struct hub_db;
/* Computes person_identity anew, in whatever database has both tables. In the caller's transaction. */
int hub_links_close(struct hub_db *db, struct hub_err *err);
/* The same of the store, which has changed then. */
int hub_links_settle(struct hub_store *s, struct hub_err *err);

/* By a person. Each is one transaction. */
int hub_link_add(struct hub_store *s, int64_t a, int64_t b, struct hub_str actor,
		 struct hub_str reason, struct hub_err *err);
/* hub_site_keep_apart (release/site.h) goes before it, or one person lifts a restriction. */
int hub_link_end(struct hub_store *s, int64_t link, struct hub_str actor, struct hub_str reason,
		 struct hub_err *err);
int hub_link_decide(struct hub_store *s, int64_t candidate, int accept, struct hub_str actor,
		    struct hub_str reason, struct hub_err *err);

/* Lists links (or candidates) in a state, 0 = all: read rows with hub_link_read until HUB_END; give the
 * query back with hub_db_done. Strings live until the next row. */
struct hub_query;
int hub_links_list(struct hub_store *s, int candidates, int state, struct hub_query **q,
		   struct hub_err *err);
int hub_link_read(struct hub_query *q, struct hub_link *out, struct hub_err *err);

/* Identity of a person row: the row itself when nothing links it. */
int hub_person_identity(struct hub_store *s, int64_t person, int64_t *identity,
			struct hub_err *err);

#endif
