/* A release (提供): the rows of a profile, decided by the gate cell by cell, written by one sink, with a
 * receipt per row and an entry in the audit log. The only way out of the store. */
#ifndef HUB_RELEASE_RELEASE_H
#define HUB_RELEASE_RELEASE_H

#include "plugin/load.h"
#include "release/actor.h"
#include "release/approval.h"
#include "release/audit.h"
#include "release/grounds.h"
#include "release/profile.h"
#include "store/store.h"

#include <signal.h>

struct hub_sheet;

enum hub_release_state {
	HUB_RELEASE_ACTIVE = 1,
	HUB_RELEASE_DONE,
	HUB_RELEASE_FAILED, /* nothing was committed by the sink; over a network, what has receipts has arrived, and of
			     * several files those before the one that failed */
	HUB_RELEASE_REFUSED, /* the same; the gate, or a general stop, was the reason */
};

struct hub_release_spec {
	const struct hub_profile *profile;
	const struct hub_grounds *grounds;
	const struct hub_plugins *plugins; /* detectors, for texts that must be scanned again */
	const struct hub_plugin *sink;
	const void *sink_conf;
	const struct hub_approvable *job; /* of an unattended release; NULL: a person runs it */
	struct hub_str keys;              /* file of the recipients' keys (release/keyring.h) */
	struct hub_str target;            /* what the receipt says it was written to */
	struct hub_actor who;
	struct hub_str
	    reason; /* why masked data go out without consent; empty: nobody confirmed. In a store with
				* accounts only somebody signed in may */
	struct hub_str
	    meeting; /* number of the meeting it is for, and then of its case only; empty: none */
	int labels; /* for people: codes as their labels, but in what describes people and their relations */
	struct hub_str case_no; /* only what belongs to this case; empty: everything */
	int32_t day;
	int32_t feed_days; /* age at which a registry feed is stale */
	const struct hub_sheet
	    *sheet; /* release/sheet.h: its records, in its layout, and nothing else */
	int64_t
	    attachment; /* row of cc_attachment: its content, into the file `target`, and nothing else;
			     * then there is no sink. 0: none */
	int64_t stats_year; /* 年度 of the profile's statistics; 0: that of last month */
	const volatile sig_atomic_t *stop; /* may be NULL */
};

struct hub_release_counts {
	uint64_t rows;                             /* read from the store */
	uint64_t written;                          /* taken by the sink */
	uint64_t withheld_rows;                    /* not one cell might be shown */
	uint64_t rejected;                         /* the sink could not write them */
	uint64_t as_is, masked, withheld, confirm; /* cells */
	uint64_t deletions;                        /* rows the recipient is asked to delete */
	uint64_t texts, rescanned, texts_withheld, unreviewed; /* the last: of those withheld */
	uint64_t figures, figures_hidden;                      /* of statistics */
};

/* Why the sink did not take rows; it names fields, no values. */
struct hub_release_refusal {
	char code[32], reason[160]; /* reason: cut at its end if need be */
	uint64_t rows;
};

enum { HUB_RELEASE_REFUSALS = 8 };

struct hub_release_result {
	int64_t id;
	struct hub_release_counts counts;
	struct hub_release_refusal refusal[HUB_RELEASE_REFUSALS];
	uint32_t refusals;
	char content[65]; /* SHA-256 over all cells as they were shown */
	struct hub_audit_state audit;
	int no_detector; /* nothing looks into texts here: none left */
	int by_names;    /* approved under login names, not by two accounts */
};

/* Refuses (HUB_REFUSED) when releases are stopped or the profile's version is not approved. On failure
 * nothing is left under the target's name, and the log says so. */
int hub_release_run(struct hub_store *s, const struct hub_release_spec *spec,
		    struct hub_release_result *out, struct hub_err *err);

#endif
