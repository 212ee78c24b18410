/* A text on its way to others (送信前の確認): what somebody writes who is no record yet, a chat message, a task. The
 * detectors look for people, addresses, numbers, with the roster of the case when there is one, and the gate is asked for
 * each span and each agency that will read it, as it would be for a text of the case.
 *
 * The answer tells the sender nothing that the sender may not know: names of the case's people count as theirs
 * only for who may read them there; everybody else's are a third party's, whether the store knows them or not. */
#ifndef HUB_RELEASE_OUTGOING_H
#define HUB_RELEASE_OUTGOING_H

#include "release/window.h"

/* sender: agency, or hub; its look is not looked at. In a transaction or in none; nothing is written.
 * *held: in order of place; a type of 0 is the whole text. Reasons are the gate's words, or "view" when the profile of
 * a receiver shows less than the gate lets out. *masked: as it may be sent to all of them. In the arena.
 * HUB_REFUSED when releases are stopped. */
int hub_outgoing_inspect(struct hub_windows *w, struct hub_arena *a,
			 const struct hub_window_ask *sender, const struct hub_outgoing *what,
			 const struct hub_held **held, uint32_t *n, struct hub_str *masked,
			 struct hub_err *err);

/* What was sent earlier, for who reads it now: does it say where somebody lives who is under a display restriction, or
 * from whom the agency is barred? An agency without a view is asked for like anybody. */
int hub_outgoing_restricted(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
			    struct hub_str text, int *yes, struct hub_err *err);

#endif
