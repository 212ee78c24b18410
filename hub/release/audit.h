/* The audit log (操作ログ): who let what out, when, to whom, on which ground; never a value. A chain of
 * rows in which each hash covers the row and the hash before it, so that a change anywhere is found and
 * named. Its head is printed in every report: whoever keeps a printout can prove later that nothing
 * before it was changed, also when somebody recomputes the whole chain. */
#ifndef HUB_RELEASE_AUDIT_H
#define HUB_RELEASE_AUDIT_H

#include "base/buf.h"
#include "store/db.h"

enum { HUB_AUDIT_HEX = 2 * HUB_SHA256 + 1 };

/* Appends one row, in the caller's transaction or in one of its own. object: what it is about (profile,
 * release number, run). detail: a JSON object with names of things and counts, or empty. */
int hub_audit_add(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, struct hub_str detail, struct hub_err *err);
/* The same with a detail that is written member by member (hub_json_field): begin opens the object, end closes it, sees
 * that memory held out, and adds the row. detail is HUB_AUTO(buf). */
void hub_audit_begin(struct hub_buf *detail);
int hub_audit_end(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, struct hub_buf *detail, struct hub_err *err);

/* Where entries of reads go, when they are not to be written at once: whoever set it sees to it that they are in the log
 * before what was read leaves. put NULL: hub_audit_end(). */
struct hub_audit_to {
	int (*put)(void *arg, const char *action, struct hub_str object, struct hub_str detail,
		   struct hub_err *err);
	void *arg;
};
int hub_audit_put(const struct hub_audit_to *to, struct hub_db *db, struct hub_str actor,
		  const char *action, struct hub_str object, struct hub_buf *detail,
		  struct hub_err *err);

/* HUB_REFUSED (clock-behind) when the log has seen a later time than the clock says, in a store that keeps real time: what a
 * withdrawal, an emergency or a contract says would be asked for a day that is over. Until two people have said that the
 * log had seen a time that never was (hub_audit_clock_right). */
int hub_audit_clock(struct hub_db *db, struct hub_err *err);
int hub_audit_clock_right(struct hub_db *db, struct hub_err *err);

struct hub_audit_state {
	int64_t rows;             /* checked */
	int64_t seq;              /* of the last one */
	char head[HUB_AUDIT_HEX]; /* its hash; empty for an empty log */
	int64_t known;            /* row that has the head asked for; 0: none */
};

/* HUB_INTEGRITY (audit-silent) when the store has releases, consents, bars or other acts of which the log says nothing
 * (audit_told.c). */
int hub_audit_told(struct hub_db *db, struct hub_err *err);

/* Walks the chain, and asks that. HUB_INTEGRITY names the first row that does not fit (altered, missing, or the last
 * ones gone). head: a hash from a printout that must be in the chain; empty: not asked. */
int hub_audit_verify(struct hub_db *db, struct hub_str head, struct hub_audit_state *out,
		     struct hub_err *err);
/* Only the last row, without walking. */
int hub_audit_head(struct hub_db *db, struct hub_audit_state *out, struct hub_err *err);

#endif
