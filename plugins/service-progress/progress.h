/* The parts of service-progress. Everything is computed from what the asker may see now; nothing is kept. */
#ifndef SERVICE_PROGRESS_H
#define SERVICE_PROGRESS_H

#include "deskrow.h"

#include <stddef.h>

struct progress {
	const struct hub_host *host;
	const struct hub_desk *desk;
};

/* Why a case wants attention. */
enum late {
	LATE_NEXT_STEP = 1, /* the day of the next step is over, and no contact since */
	LATE_TASK = 2,
	LATE_EVALUATION = 4,
	LATE_PLAN = 8,    /* it is over */
	LATE_CONTACT = 16 /* none for `silent` days */
};
extern const char *const progress_late_word[]; /* by bit; NULL-ended */

struct pcase {
	struct hub_str key, no, state, urgency, agency;
	int32_t opened, closed, contact, next_due;
	struct hub_str plan_no;
	int32_t plan_from, plan_to, monitoring, evaluated;
	uint32_t has_plan, tasks, late; /* tasks: open ones; late: mask of enum late */
};

struct gathered {
	struct progress *p;
	struct hub_call *call;
	struct hub_err *err;
	struct pcase *at;
	uint32_t n, room;
	struct hub_str (*agency)[2]; /* key and name, sorted by key */
	uint32_t agencies, agency_room;
	int32_t silent;
};

/* Cases with their newest contact, plan, evaluation, and open tasks; of one case, or all that the asker sees. */
int progress_gather(struct gathered *g, struct hub_str case_no);
/* Name of an agency by the key that a row says; the key itself stays inside: ptr NULL when it is not known. */
struct hub_str progress_agency(const struct gathered *g, struct hub_str key);
int progress_no_memory(const struct gathered *g);
void progress_say_late(const struct progress *p, struct hub_call *c, uint32_t late);

/* The cases that want attention first, the longest silent first; closed ones last. For qsort. */
int progress_order(const void *x, const void *y);
/* What is late on a day. */
uint32_t progress_late(const struct pcase *c, int32_t today, int32_t silent, int task_late);

int progress_board(void *self, struct hub_call *c, struct hub_err *err);
int progress_case(void *self, struct hub_call *c, struct hub_err *err);

#endif
