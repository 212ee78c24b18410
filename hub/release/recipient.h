/* A recipient as the hub knows it on a day: profile, register of agencies, bars, its secret key. */
#ifndef HUB_RELEASE_RECIPIENT_H
#define HUB_RELEASE_RECIPIENT_H

#include "release/gate.h"
#include "release/keyring.h"
#include "release/people.h"
#include "release/profile.h"
#include "release/text.h"
#include "store/db.h"

struct hub_recipient_facts {
	struct hub_recipient gate; /* barred: from everything */
	const int64_t *agencies;   /* cc_agency rows that are this recipient */
	uint32_t n_agencies;
	const int64_t *barred_from; /* cc_person rows about whom it gets nothing */
	uint32_t n_barred_from;
	uint8_t key[HUB_KEY_BYTES]; /* of pseudonyms; never leaves the hub */
	int64_t key_number;
	struct hub_keyring keys; /* all of the file, old ones as well */
};

/* An approved profile makes its recipient known. Its contract and that of the register both count; an
 * agency that the register calls ended or stopped has none. keys: file of the keys; one is drawn for a new
 * recipient. HUB_INTEGRITY (keys-lost) when it has had one that is not in the file. */
int hub_recipient_read(struct hub_arena *a, struct hub_db *db, const struct hub_profile *profile,
		       struct hub_str keys, struct hub_recipient_facts *out, struct hub_err *err);
/* The store remembers by what it can tell that the key is this one again (keys-other). In the caller's transaction. */
int hub_recipient_keep_key(struct hub_arena *a, struct hub_db *db,
			   const struct hub_recipient_facts *r, struct hub_err *err);
/* Highest number of a key that a release to the recipient was made with. */
int hub_recipient_last_key(struct hub_db *db, struct hub_str recipient, int64_t *number,
			   struct hub_err *err);

/* base: id, whether an approved profile makes it known, its contract. What the register of agencies says
 * is added, and the bars in force. Without a key. */
int hub_recipient_known(struct hub_arena *a, struct hub_db *db, const struct hub_recipient *base,
			struct hub_recipient_facts *out, struct hub_err *err);

/* The recipient that somebody typed, in whatever width and case, or by the name of its agency: of an approved profile, of
 * the register of agencies, of an earlier release. *known 0: nobody is called so, or several are; *id is as typed then. */
int hub_recipient_find(struct hub_arena *a, struct hub_db *db, struct hub_str typed,
		       struct hub_str *id, int *known, struct hub_err *err);

/* All that may be meant. */
int hub_recipient_meant(struct hub_arena *a, struct hub_db *db, struct hub_str typed,
			const struct hub_str **ids, size_t *n, struct hub_err *err);
/* What recipients are called: by the register of agencies, else by their approved profile. */
struct hub_recipient_names {
	struct hub_map *at; /* id -> index */
	const struct hub_str *name;
};
/* Of all. In the arena. */
int hub_recipient_names(struct hub_arena *a, struct hub_db *db, struct hub_recipient_names *out,
			struct hub_err *err);
/* Empty: none is known. */
struct hub_str hub_recipient_name(const struct hub_recipient_names *names, struct hub_str id);

static inline struct hub_str hub_recipient_key(const struct hub_recipient_facts *r)
{
	return (struct hub_str){(const char *)r->key, HUB_KEY_BYTES};
}

/* Is the agency row the recipient itself? */
int hub_recipient_is(const struct hub_recipient_facts *r, int64_t agency);

/* Is it barred from what is about a person? A bar on one counts for everyone who lives with it. */
int hub_recipient_is_barred(const struct hub_recipient_facts *r, struct hub_people *people,
			    const struct hub_person_facts *f);
/* The same of people that a text speaks of: sets what they are barred for. */
void hub_recipient_bar(const struct hub_recipient_facts *r, struct hub_people *people,
		       struct hub_text_person *p, uint32_t n);

#endif
