/* The count sheet of a run that is over, as the store has it, with the head of the audit log on it. */
#ifndef HUB_RELEASE_RUN_SHEET_H
#define HUB_RELEASE_RUN_SHEET_H

#include "intake/report.h"

struct hub_run_sheet {
	int64_t run; /* 0: the last one; then which it is */
	enum hub_report_form form;
	int agrees; /* told: its counts add up */
};

/* HUB_USAGE when there is no such run. */
int hub_run_sheet_write(struct hub_arena *a, struct hub_store *s, struct hub_run_sheet *sheet,
			struct hub_buf *out, struct hub_err *err);

#endif
