/* Rules x facts x day -> what becomes of the alerts. Pure functions: no clock, no table, no desk.
 *
 * A fact is a day that matters about something (a plan ends, a case was last contacted). Every rule has the same shape:
 * its condition holds from `days` before (or after) that day, until `lasting` days behind it. So an alert is known by
 * (rule, subject, day): a plan that is prolonged has another day, its old alert is settled and a new one will come
 * in its time; the same one is never raised twice. */
#ifndef SERVICE_ALERT_RULE_H
#define SERVICE_ALERT_RULE_H

#include "plain.h"
#include <hub/plugin.h>

enum alert_kind {
	ALERT_NEXT_ACTION = 0, /* the day of the next step that was noted last is over */
	ALERT_NO_CONTACT,      /* day of the last contact, or of the opening */
	ALERT_PLAN_ENDING,
	ALERT_EVALUATION_DUE,
	ALERT_CONSENT_ENDING,
	ALERT_CONTRACT_ENDING,
	ALERT_CERTIFICATION_ENDING,
	ALERT_TASK_OVERDUE,
	ALERT_RESIDENT,     /* the registry says that somebody moved or died */
	ALERT_PROTECTION,   /* newly set */
	ALERT_SYNC_FAILED,  /* a job's last run */
	ALERT_SYNC_OVERDUE, /* a job got nothing new in its time */
	ALERT_KINDS,
};
/* ALERT_KINDS words and NULL, in the order above. */
extern const char *const alert_kind_word[];
/* ALERT_KINDS when it is none of them. */
uint32_t alert_kind_of(struct hub_str word);

enum { ALERT_DAYS_MOST = 1000 };

struct rule {
	int64_t id;
	uint32_t kind;
	int32_t days;          /* before what ends, after what has happened */
	int32_t lasting;       /* days behind the day of the fact; 0: as long as it is so */
	int32_t escalate_days; /* without an answer; 0: never */
	uint32_t working;      /* days and escalate_days are counted in working days */
};

struct fact {
	uint32_t kind;
	struct hub_str subject; /* what it is about, within the kind: equal texts, the same thing */
	int32_t day;
	struct hub_str case_no, agency, staff; /* empty: none */
	struct hub_str about; /* for people: a job, an agency, a number of a plan */
	int64_t account;      /* whose task it is; 0: nobody's */
};

/* An alert that was raised and not settled. */
struct standing {
	int64_t id, rule;
	struct hub_str subject;
	int32_t day, raised;   /* raised: the day it was */
	int32_t snoozed_until; /* 0: it is not */
	uint32_t answered;     /* acknowledged by somebody */
	uint32_t escalated;
	uint32_t untold; /* nobody could be told yet */
};

enum alert_act {
	ALERT_RAISE = 1,
	ALERT_SETTLE,   /* the condition is gone */
	ALERT_WAKE,     /* put off until today */
	ALERT_ESCALATE, /* nobody has answered */
	ALERT_TELL,     /* there was nobody to tell when it was raised */
};
struct alert_step {
	enum alert_act act;
	const struct rule *rule;
	const struct fact *fact;         /* all but SETTLE */
	const struct standing *standing; /* all but RAISE */
};

struct calendar {
	int (*working)(void *arg, int32_t day);
	void *arg;
};
struct alert_world {
	const struct rule *rule; /* those that are active */
	uint32_t rules;
	struct fact *fact; /* sorted by the call */
	uint32_t facts;
	struct standing *standing; /* sorted by the call */
	uint32_t standings;
	struct calendar calendar;
	int32_t today;
};

/* Calls step for all that is to be done today; its first value that is not 0 ends it and is returned. When two facts have
 * kind and subject in common the later day counts (a consent that was renewed). */
int alert_plan(struct alert_world *w, int (*step)(void *arg, const struct alert_step *), void *arg);

/* When something may be sent: not in quiet hours, and on working days only if that is so. Minutes of the day in Japan,
 * from may be after to (21:00 to 08:00); equal: no quiet hours. Milliseconds since 1970. */
struct sending {
	int32_t quiet_from, quiet_to;
	uint32_t working;
};
int64_t alert_send_at(const struct sending *s, int64_t now, const struct calendar *c);
/* The next time it is that minute of the day, and may be sent. */
int64_t alert_digest_at(const struct sending *s, int32_t minute, int64_t now,
			const struct calendar *c);

/* The day after `day` on which a task with this word comes again; INT32_MIN: no such word. once: 0. */
enum alert_repeat {
	ALERT_ONCE = 0,
	ALERT_DAILY,
	ALERT_WORKING_DAY,
	ALERT_WEEKLY,
	ALERT_BIWEEKLY,
	ALERT_MONTHLY,
	ALERT_MONTH_END,
	ALERT_YEARLY,
};
extern const char *const alert_repeat_word[]; /* NULL-ended */
/* anchor: the day of the month that the series began with (31: the last one of shorter months). */
int32_t alert_next_due(uint32_t repeat, int32_t day, int32_t anchor, const struct calendar *c);

#endif
