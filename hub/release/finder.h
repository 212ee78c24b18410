/* Search for a viewer: sights (release/sight.h) of the views, made anew when what decides has changed, and questions
 * to them. Each question is on the audit log before its answer is handed out: who, which view,
 * how many; never the words. */
#ifndef HUB_RELEASE_FINDER_H
#define HUB_RELEASE_FINDER_H

#include "release/alike.h"
#include "release/find.h"
#include "release/sights.h"
#include "release/window.h"

struct hub_finder;

/* windows, themes (may be NULL) and sights must outlive it; same thread. Finders of windows with the same views share
 * the sights. An answer lives until the next question, too. */
int hub_finder_open(struct hub_windows *windows, const struct hub_themes *themes,
		    struct hub_sights *sights, struct hub_finder **out, struct hub_err *err);
void hub_finder_close(struct hub_finder *f); /* NULL is fine */

struct hub_viewer {
	struct hub_str agency, actor;
	struct hub_audit_to log;
};

/* Answers live in the arena. In the caller's transaction, which must be able to write, or in its own.
 * HUB_REFUSED: no-view, releases-stopped. */
int hub_finder_find(struct hub_finder *f, struct hub_arena *a, const struct hub_viewer *who,
		    const struct hub_find *q, const struct hub_hits **out, struct hub_err *err);
/* HUB_END: no such case. */
int hub_finder_alike(struct hub_finder *f, struct hub_arena *a, const struct hub_viewer *who,
		     struct hub_str case_no, uint32_t most, const struct hub_alike **out,
		     uint32_t *n, struct hub_err *err);
/* Makes the sights that are not up to date, and with them the text index. */
int hub_finder_prepare(struct hub_finder *f, struct hub_err *err);

#endif
