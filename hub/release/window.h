/* Records for a viewer (閲覧): rows of one entity as an agency may see them now, decided cell by cell by the same
 * code that releases them (release/rowctx.h). A row of which nothing may be seen does not exist: it is not found, not
 * counted, and leaves no gap. What decides (consents, protection, bars, emergencies, links, approval, the general stop)
 * is looked at anew before each answer; texts that are stale are scanned again first. Each read is on the audit log
 * before it is handed out: who, which view, what, how many rows; no values.
 *
 * A view is a profile in its approved version; the agency is its recipient. One with the purpose "meeting" counts in
 * meetings only. The hub itself (timers, events) gets
 * operational fields, dates and keys, no texts and no names.
 *
 * Keys of rows and places in lists are handles (release/handle.h). One struct hub_windows belongs to one connection and
 * one thread. */
#ifndef HUB_RELEASE_WINDOW_H
#define HUB_RELEASE_WINDOW_H

#include "plugin/load.h"
#include "release/audit.h"
#include "release/grounds.h"
#include "release/profile.h"
#include "store/store.h"

struct hub_windows;

/* Everything must outlive the windows. */
struct hub_windows_conf {
	const struct hub_profile *view; /* one per agency; of two for the same the first counts */
	size_t views;
	const struct hub_grounds *grounds;
	const struct hub_plugins *plugins; /* detectors; without one no text is shown */
	struct hub_str keys;               /* file of the recipients' keys */
	int32_t feed_days;
};

/* May write once: keys, and outside of a transaction indexes. */
int hub_windows_open(struct hub_store *s, const struct hub_windows_conf *conf,
		     struct hub_windows **out, struct hub_err *err);
void hub_windows_close(struct hub_windows *w); /* NULL is fine */

/* A value that a field must have, as the viewer sees it: what is not shown as it is equals nothing. */
struct hub_window_match {
	const char *field; /* NULL: not asked */
	struct hub_str value;
};

enum { HUB_WINDOW_MOST = 200, HUB_WINDOW_MATCHES = 4 };

struct hub_window_ask {
	struct hub_str agency, actor;
	struct hub_audit_to log; /* of the actor's entries */
	const char *by; /* the module that looks for the actor; NULL: the rows are its reply */
	int hub;        /* nobody asks, it is the hub itself; agency is not looked at */
	/* case_no: number of a case whose number the viewer may read, or its handle */
	const struct hub_look *look;
	/* Number of a meeting (cc_meeting.meeting_no) in which the agency sits and which is in session today: the view
	 * is the agency's profile with the purpose "meeting", and the gate knows of the meeting. Empty: none. */
	struct hub_str meeting;
	struct hub_str from, to; /* ISO days, of the entity's first operational date; empty: open */
	struct hub_window_match match[HUB_WINDOW_MATCHES];
};

/* Columns as in a release: key, then the fields of the view. In the caller's transaction, which must be able to
 * write, or in its own. The batch, *next (ptr NULL: no more; may be NULL) live in the arena.
 * HUB_END: no such row, case, or nothing of that entity in the view. HUB_REFUSED: no-view, releases-stopped.
 * HUB_USAGE: unknown-entity, unknown-field, bad-cursor. */
int hub_window_look(struct hub_windows *w, struct hub_arena *a, const struct hub_window_ask *ask,
		    const struct hub_batch **out, struct hub_str *next, struct hub_err *err);

/* Each agency calls a case by a name of its own: its number, where its view shows it, or a handle. The number of
 * what it calls it, and back. HUB_END: it sees no such case. Not audited. */
int hub_window_number(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
		      struct hub_str name, struct hub_str *out, struct hub_err *err);
int hub_window_name(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
		    struct hub_str number, struct hub_str *out, struct hub_err *err);
/* Does the agency take part at all: a view, its contract in force, not barred? HUB_OK, HUB_END. */
int hub_window_takes_part(struct hub_windows *w, struct hub_str agency, struct hub_err *err);

/* Is nobody who lives with the client of the case with this number under a display restriction, as far as known?
 * HUB_OK; HUB_END, also when there is no such case. */
int hub_window_unrestricted(struct hub_windows *w, struct hub_str case_no, struct hub_err *err);
/* May the agency see anything of the case with this number now? HUB_OK, HUB_END. Not audited. */
int hub_window_sees(struct hub_windows *w, struct hub_str agency, struct hub_str case_no,
		    struct hub_err *err);

#endif
