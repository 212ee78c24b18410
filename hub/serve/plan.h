/* A job configuration as the daemon needs it: schedules and blackouts read, holidays loaded. */
#ifndef HUB_SERVE_PLAN_H
#define HUB_SERVE_PLAN_H

#include "conf/job.h"
#include "serve/schedule.h"

struct hub_plan_job {
	const struct hub_job *job;
	int scheduled; /* schedule.cron is set; its blackouts always are */
	struct hub_schedule schedule;
	int expects; /* something new by these times */
	struct hub_cron by;
};

struct hub_plan {
	const struct hub_jobs *jobs;
	const struct hub_holidays *holidays;
	const char *state;        /* folder */
	struct hub_plan_job *job; /* jobs->count */
};

/* home: folder that holds schemas/. All problems go to the report; HUB_CONF when there is any. */
int hub_plan_take(struct hub_arena *a, const char *home, const char *conf_path,
		  const struct hub_jobs *jobs, struct hub_plan *out, struct hub_report *r,
		  struct hub_err *err);

#endif
