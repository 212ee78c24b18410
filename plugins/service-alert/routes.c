/* What is offered below /v1/alerts, and what its requests and replies are made of. */
#include "alert.h"

static const struct hub_member task[] = {
    {.name = "id", .type = HUB_M_INT, .help = HUB_N("number of the task")},
    {.name = "case_no", .type = HUB_M_TEXT, .flags = HUB_M_NULLABLE, .help = HUB_N("the case")},
    {.name = "content",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE | HUB_M_PERSONAL,
     .max = 2000,
     .help = HUB_N("what is to be done, as the asker may read it; null: not at all")},
    {.name = "due", .type = HUB_M_DATE, .flags = HUB_M_NULLABLE, .help = HUB_N("until when")},
    {.name = "repeat",
     .type = HUB_M_WORD,
     .words = alert_repeat_word,
     .help = HUB_N("when the next one comes after it is done")},
    {.name = "account",
     .type = HUB_M_INT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("whose task it is; null: everybody's of the agency")},
    {.name = "agency",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("agency that does it")},
    {.name = "state", .type = HUB_M_TEXT, .help = HUB_N("open or done")},
    {.name = "overdue", .type = HUB_M_BOOL, .help = HUB_N("open, and its day is over")},
    {.name = "made_at", .type = HUB_M_TIME, .help = HUB_N("when it was made")},
    {.name = "done_at",
     .type = HUB_M_TIME,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("when it was done")},
    {.name = "follows",
     .type = HUB_M_INT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("the task of the series before it")},
    {.name = NULL}};

/* The order is that of B_... in task.c. */
#define TASK_BODY(required)                                                      \
	{.name = "content",                                                      \
	 .type = HUB_M_TEXT,                                                     \
	 .flags = (required),                                                    \
	 .min = 1,                                                               \
	 .max = 2000,                                                            \
	 .help = HUB_N("what is to be done")},                                   \
	    {.name = "due",                                                      \
	     .type = HUB_M_DATE,                                                 \
	     .flags = HUB_M_NULLABLE,                                            \
	     .help = HUB_N("until when")},                                       \
	    {.name = "repeat",                                                   \
	     .type = HUB_M_WORD,                                                 \
	     .words = alert_repeat_word,                                         \
	     .help = HUB_N("when the next one comes after it is done")},         \
	    {.name = "account",                                                  \
	     .type = HUB_M_INT,                                                  \
	     .help = HUB_N("whose task it is; the agency is the account's")},    \
	{                                                                        \
		.name = "agency", .type = HUB_M_TEXT, .max = 64,                 \
		.help = HUB_N("instead of an account: everybody of that agency") \
	}

static const struct hub_member task_new[] = {
    TASK_BODY(HUB_M_REQUIRED),
    {.name = "case_no", .type = HUB_M_TEXT, .min = 1, .max = 200, .help = HUB_N("the case")},
    {.name = NULL}};
static const struct hub_member task_changes[] = {TASK_BODY(0), {.name = NULL}};

static const struct hub_member task_query[] = {
    {.name = "case_no",
     .type = HUB_M_TEXT,
     .max = 200,
     .help = HUB_N("tasks of that case; else those of the asker and of its agency")},
    {.name = "done", .type = HUB_M_BOOL, .help = HUB_N("those that are done, too")},
    {.name = NULL}};

static const struct hub_member task_entry[] = {
    {.name = "at", .type = HUB_M_TIME, .help = HUB_N("when")},
    {.name = "account", .type = HUB_M_INT, .help = HUB_N("who")},
    {.name = "what", .type = HUB_M_TEXT, .help = HUB_N("made, changed, done, reopened")},
    {.name = "due", .type = HUB_M_DATE, .flags = HUB_M_NULLABLE, .help = HUB_N("until when")},
    {.name = "to_account",
     .type = HUB_M_INT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("whose task it was then")},
    {.name = "to_agency",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("agency that had it then")},
    {.name = NULL}};

/* The order is that of the columns in ruleset.c. */
#define RULE_BODY(required)                                                                       \
	{.name = "kind",                                                                          \
	 .type = HUB_M_WORD,                                                                      \
	 .flags = (required),                                                                     \
	 .words = alert_kind_word,                                                                \
	 .help = HUB_N("what it watches")},                                                       \
	    {.name = "label",                                                                     \
	     .type = HUB_M_TEXT,                                                                  \
	     .flags = (required),                                                                 \
	     .min = 1,                                                                            \
	     .max = 200,                                                                          \
	     .help = HUB_N("what people read; names of persons do not belong here")},             \
	    {.name = "days",                                                                      \
	     .type = HUB_M_INT,                                                                   \
	     .min = 0,                                                                            \
	     .max = ALERT_DAYS_MOST,                                                              \
	     .help = HUB_N("before what ends, or after what has happened")},                      \
	    {.name = "working_days",                                                              \
	     .type = HUB_M_BOOL,                                                                  \
	     .help = HUB_N("days are counted in working days")},                                  \
	    {.name = "lasting",                                                                   \
	     .type = HUB_M_INT,                                                                   \
	     .min = 0,                                                                            \
	     .max = 10 * ALERT_DAYS_MOST,                                                         \
	     .help = HUB_N("days behind it after which nobody is told any more; 0: no end")},     \
	    {.name = "tell_assignee", .type = HUB_M_BOOL, .help = HUB_N("tell the assignee")},    \
	    {.name = "tell_agency",                                                               \
	     .type = HUB_M_WORD,                                                                  \
	     .words = alert_agency_word,                                                          \
	     .help = HUB_N("tell everybody of the agency in charge")},                            \
	    {.name = "tell_role",                                                                 \
	     .type = HUB_M_TEXT,                                                                  \
	     .max = 64,                                                                           \
	     .help = HUB_N("tell those who hold this role and may see the case; empty: nobody")}, \
	    {.name = "mail", .type = HUB_M_BOOL, .help = HUB_N("also by mail")},                  \
	    {.name = "webhook", .type = HUB_M_BOOL, .help = HUB_N("also by webhook")},            \
	    {.name = "quiet_from",                                                                \
	     .type = HUB_M_TEXT,                                                                  \
	     .max = 5,                                                                            \
	     .help = HUB_N("nothing is sent from this time of day on")},                          \
	    {.name = "quiet_to",                                                                  \
	     .type = HUB_M_TEXT,                                                                  \
	     .max = 5,                                                                            \
	     .help = HUB_N("until this one; both equal: at any time")},                           \
	    {.name = "send_on_working_days",                                                      \
	     .type = HUB_M_BOOL,                                                                  \
	     .help = HUB_N("nothing is sent on other days")},                                     \
	    {.name = "escalate_days",                                                             \
	     .type = HUB_M_INT,                                                                   \
	     .min = 0,                                                                            \
	     .max = ALERT_DAYS_MOST,                                                              \
	     .help = HUB_N("days without an answer after which others are told; 0: never")},      \
	    {.name = "escalate_role",                                                             \
	     .type = HUB_M_TEXT,                                                                  \
	     .max = 64,                                                                           \
	     .help = HUB_N("the role that is told then")},                                        \
	{                                                                                         \
		.name = "active", .type = HUB_M_BOOL, .help = HUB_N("false: it rests")            \
	}

static const struct hub_member rule_new[] = {RULE_BODY(HUB_M_REQUIRED), {.name = NULL}};
static const struct hub_member rule_changes[] = {RULE_BODY(0), {.name = NULL}};
static const struct hub_member rule[] = {
    {.name = "id", .type = HUB_M_INT, .help = HUB_N("number of the rule")},
    RULE_BODY(0),
    {.name = NULL}};

static const struct hub_member alert[] = {
    {.name = "id", .type = HUB_M_INT, .help = HUB_N("number of the alert")},
    {.name = "kind", .type = HUB_M_TEXT, .help = HUB_N("what it tells of")},
    {.name = "label",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("the rule's text; null: the rule is gone")},
    {.name = "case_no",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE | HUB_M_PERSONAL,
     .help = HUB_N("the case")},
    {.name = "about",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("number of a plan or task, an agency, a job, a kind of change")},
    {.name = "day", .type = HUB_M_DATE, .help = HUB_N("the day that matters")},
    {.name = "raised_at", .type = HUB_M_TIME, .help = HUB_N("when it was raised")},
    {.name = "state", .type = HUB_M_TEXT, .help = HUB_N("open, acknowledged or settled")},
    {.name = "snoozed_until",
     .type = HUB_M_DATE,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("put off until then")},
    {.name = "escalated", .type = HUB_M_BOOL, .help = HUB_N("others were told")},
    {.name = "why",
     .type = HUB_M_TEXT,
     .help = HUB_N("why the asker was told: assignee, agency, role, escalation")},
    {.name = NULL}};
static const struct hub_member alert_query[] = {
    {.name = "all",
     .type = HUB_M_BOOL,
     .help = HUB_N("also those put off, acknowledged and settled")},
    {.name = NULL}};
static const struct hub_member count_kind[] = {
    {.name = "kind", .type = HUB_M_TEXT, .help = HUB_N("what it tells of")},
    {.name = "open", .type = HUB_M_INT, .help = HUB_N("how many are open")},
    {.name = NULL}};
static const struct hub_member count[] = {
    {.name = "open", .type = HUB_M_INT, .help = HUB_N("how many are open")},
    {.name = "kinds",
     .type = HUB_M_OBJECT,
     .flags = HUB_M_LIST,
     .most = ALERT_KINDS,
     .of = count_kind,
     .help = HUB_N("by kind")},
    {.name = NULL}};
static const struct hub_member until[] = {{.name = "until",
					   .type = HUB_M_DATE,
					   .flags = HUB_M_REQUIRED,
					   .help = HUB_N("the day it comes back")},
					  {.name = NULL}};

static const char *const delivery_state[] = {"waiting", "sent", "given_up", NULL};
static const struct hub_member delivery_query[] = {
    {.name = "state", .type = HUB_M_WORD, .words = delivery_state, .help = HUB_N("only those")},
    {.name = NULL}};
static const struct hub_member delivery[] = {
    {.name = "id", .type = HUB_M_INT, .help = HUB_N("number of the delivery")},
    {.name = "channel", .type = HUB_M_TEXT, .help = HUB_N("mail or webhook")},
    {.name = "account",
     .type = HUB_M_INT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("to whom; null: a webhook")},
    {.name = "alerts", .type = HUB_M_INT, .help = HUB_N("how many alerts it is about")},
    {.name = "made_at", .type = HUB_M_TIME, .help = HUB_N("when it was made")},
    {.name = "next_at",
     .type = HUB_M_TIME,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("when it is tried")},
    {.name = "tries", .type = HUB_M_INT, .help = HUB_N("how often it was tried")},
    {.name = "state", .type = HUB_M_WORD, .words = delivery_state, .help = HUB_N("where it is")},
    {.name = "sent_at",
     .type = HUB_M_TIME,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("when the other side took it")},
    {.name = "problem",
     .type = HUB_M_TEXT,
     .flags = HUB_M_NULLABLE,
     .help = HUB_N("why the last try failed")},
    {.name = NULL}};

#define LIST (HUB_ROUTE_LIST | HUB_ROUTE_PAGED)
const struct hub_route alert_route[ALERT_ROUTES] = {
    {"GET", "/tasks", "alerts.read", LIST, task_query, NULL, task, HUB_N("tasks"), alert_task_list},
    {"POST", "/tasks", "alerts.write", 0, NULL, task_new, task, HUB_N("make a task"),
     alert_task_add},
    {"GET", "/tasks/{task}", "alerts.read", 0, NULL, NULL, task, HUB_N("a task"), alert_task_get},
    {"PATCH", "/tasks/{task}", "alerts.write", 0, NULL, task_changes, task, HUB_N("change a task"),
     alert_task_change},
    {"POST", "/tasks/{task}/done", "alerts.write", 0, NULL, NULL, task,
     HUB_N("a task is done; one that is repeated comes again"), alert_task_done},
    {"POST", "/tasks/{task}/reopen", "alerts.write", 0, NULL, NULL, task,
     HUB_N("a task is not done after all"), alert_task_reopen},
    {"GET", "/tasks/{task}/history", "alerts.read", LIST, NULL, NULL, task_entry,
     HUB_N("what became of a task"), alert_task_history},
    {"GET", "/rules", "alerts.rules", HUB_ROUTE_LIST, NULL, NULL, rule, HUB_N("rules of alerts"),
     alert_rule_list},
    {"POST", "/rules", "alerts.rules", 0, NULL, rule_new, rule, HUB_N("make a rule"),
     alert_rule_add},
    {"GET", "/rules/{rule}", "alerts.rules", 0, NULL, NULL, rule, HUB_N("a rule"), alert_rule_get},
    {"PATCH", "/rules/{rule}", "alerts.rules", 0, NULL, rule_changes, rule, HUB_N("change a rule"),
     alert_rule_change},
    {"DELETE", "/rules/{rule}", "alerts.rules", 0, NULL, NULL, NULL,
     HUB_N("remove a rule; its alerts are settled"), alert_rule_remove},
    {"GET", "/inbox", "alerts.read", LIST, alert_query, NULL, alert,
     HUB_N("alerts the asker was told of, newest first"), alert_inbox_list},
    {"GET", "/inbox/count", "alerts.read", 0, NULL, NULL, count, HUB_N("how many alerts are open"),
     alert_inbox_count},
    {"POST", "/inbox/{alert}/acknowledge", "alerts.write", 0, NULL, NULL, alert,
     HUB_N("somebody takes care of it"), alert_inbox_ack},
    {"POST", "/inbox/{alert}/snooze", "alerts.write", 0, NULL, until, alert,
     HUB_N("put an alert off until a day"), alert_inbox_snooze},
    {"GET", "/deliveries", "alerts.rules", LIST, delivery_query, NULL, delivery,
     HUB_N("mails and webhook calls, newest first"), alert_queue_list},
    {"POST", "/deliveries/{delivery}/again", "alerts.rules", 0, NULL, NULL, NULL,
     HUB_N("try again what was given up"), alert_queue_again},
};
