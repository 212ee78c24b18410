/* What is offered below /v1/alerts, and what its requests and replies are made of. */
#include "alert.h"

static const struct hub_member task[] = {
    {HUB_MEMBER("id", INT, 0, HUB_N("number of the task"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE, HUB_N("the case"))},
    {HUB_MEMBER("content", TEXT, HUB_M_NULLABLE | HUB_M_PERSONAL,
		HUB_N("what is to be done, as the asker may read it; null: not at all"),
		.max = 2000)},
    {HUB_MEMBER("due", DATE, HUB_M_NULLABLE, HUB_N("until when"))},
    {HUB_MEMBER("repeat", WORD, 0, HUB_N("when the next one comes after it is done"),
		.words = alert_repeat_word)},
    {HUB_MEMBER("account", INT, HUB_M_NULLABLE,
		HUB_N("whose task it is; null: everybody's of the agency"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("agency that does it"))},
    {HUB_MEMBER("state", TEXT, 0, HUB_N("open or done"))},
    {HUB_MEMBER("overdue", BOOL, 0, HUB_N("open, and its day is over"))},
    {HUB_MEMBER("made_at", TIME, 0, HUB_N("when it was made"))},
    {HUB_MEMBER("done_at", TIME, HUB_M_NULLABLE, HUB_N("when it was done"))},
    {HUB_MEMBER("follows", INT, HUB_M_NULLABLE, HUB_N("the task of the series before it"))},
    {.name = NULL}};

/* The order is that of B_... in task.c. */
#define TASK_BODY(required)                                                                     \
	{HUB_MEMBER("content", TEXT, required, HUB_N("what is to be done"), .min = 1,           \
		    .max = 2000)},                                                              \
	    {HUB_MEMBER("due", DATE, HUB_M_NULLABLE, HUB_N("until when"))},                     \
	    {HUB_MEMBER("repeat", WORD, 0, HUB_N("when the next one comes after it is done"),   \
			.words = alert_repeat_word)},                                           \
	    {HUB_MEMBER("account", INT, 0,                                                      \
			HUB_N("whose task it is; the agency is the account's"))},               \
	{                                                                                       \
		HUB_MEMBER("agency", TEXT, 0,                                                   \
			   HUB_N("instead of an account: everybody of that agency"), .max = 64) \
	}

static const struct hub_member task_new[] = {
    TASK_BODY(HUB_M_REQUIRED),
    {HUB_MEMBER("case_no", TEXT, 0, HUB_N("the case"), .min = 1, .max = 200)},
    {.name = NULL}};
static const struct hub_member task_changes[] = {TASK_BODY(0), {.name = NULL}};

static const struct hub_member task_query[] = {
    {HUB_MEMBER("case_no", TEXT, 0,
		HUB_N("tasks of that case; else those of the asker and of its agency"),
		.max = 200)},
    {HUB_MEMBER("done", BOOL, 0, HUB_N("those that are done, too"))},
    {.name = NULL}};

static const struct hub_member task_entry[] = {
    {HUB_MEMBER("at", TIME, 0, HUB_N("when"))},
    {HUB_MEMBER("account", INT, 0, HUB_N("who"))},
    {HUB_MEMBER("what", TEXT, 0, HUB_N("made, changed, done, reopened"))},
    {HUB_MEMBER("due", DATE, HUB_M_NULLABLE, HUB_N("until when"))},
    {HUB_MEMBER("to_account", INT, HUB_M_NULLABLE, HUB_N("whose task it was then"))},
    {HUB_MEMBER("to_agency", TEXT, HUB_M_NULLABLE, HUB_N("agency that had it then"))},
    {.name = NULL}};

/* The order is that of the columns in ruleset.c. */
#define RULE_BODY(required)                                                                        \
	{HUB_MEMBER("kind", WORD, required, HUB_N("what it watches"), .words = alert_kind_word)},  \
	    {HUB_MEMBER("label", TEXT, required,                                                   \
			HUB_N("what people read; names of persons do not belong here"), .min = 1,  \
			.max = 200)},                                                              \
	    {HUB_MEMBER("days", INT, 0, HUB_N("before what ends, or after what has happened"),     \
			.min = 0, .max = ALERT_DAYS_MOST)},                                        \
	    {HUB_MEMBER("working_days", BOOL, 0, HUB_N("days are counted in working days"))},      \
	    {HUB_MEMBER("lasting", INT, 0,                                                         \
			HUB_N("days behind it after which nobody is told any more; 0: no end"),    \
			.min = 0, .max = 10 * ALERT_DAYS_MOST)},                                   \
	    {HUB_MEMBER("tell_assignee", BOOL, 0, HUB_N("tell the assignee"))},                    \
	    {HUB_MEMBER("tell_agency", WORD, 0, HUB_N("tell everybody of the agency in charge"),   \
			.words = alert_agency_word)},                                              \
	    {HUB_MEMBER(                                                                           \
		"tell_role", TEXT, 0,                                                              \
		HUB_N("tell those who hold this role and may see the case; empty: nobody"),        \
		.max = 64)},                                                                       \
	    {HUB_MEMBER("mail", BOOL, 0, HUB_N("also by mail"))},                                  \
	    {HUB_MEMBER("webhook", BOOL, 0, HUB_N("also by webhook"))},                            \
	    {HUB_MEMBER("quiet_from", TEXT, 0, HUB_N("nothing is sent from this time of day on"),  \
			.max = 5)},                                                                \
	    {HUB_MEMBER("quiet_to", TEXT, 0, HUB_N("until this one; both equal: at any time"),     \
			.max = 5)},                                                                \
	    {HUB_MEMBER("send_on_working_days", BOOL, 0, HUB_N("nothing is sent on other days"))}, \
	    {HUB_MEMBER("escalate_days", INT, 0,                                                   \
			HUB_N("days without an answer after which others are told; 0: never"),     \
			.min = 0, .max = ALERT_DAYS_MOST)},                                        \
	    {HUB_MEMBER("escalate_role", TEXT, 0, HUB_N("the role that is told then"),             \
			.max = 64)},                                                               \
	{                                                                                          \
		HUB_MEMBER("active", BOOL, 0, HUB_N("false: it rests"))                            \
	}

static const struct hub_member rule_new[] = {RULE_BODY(HUB_M_REQUIRED), {.name = NULL}};
static const struct hub_member rule_changes[] = {RULE_BODY(0), {.name = NULL}};
static const struct hub_member rule[] = {
    {HUB_MEMBER("id", INT, 0, HUB_N("number of the rule"))}, RULE_BODY(0), {.name = NULL}};

static const struct hub_member alert[] = {
    {HUB_MEMBER("id", INT, 0, HUB_N("number of the alert"))},
    {HUB_MEMBER("kind", TEXT, 0, HUB_N("what it tells of"))},
    {HUB_MEMBER("label", TEXT, HUB_M_NULLABLE, HUB_N("the rule's text; null: the rule is gone"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE | HUB_M_PERSONAL, HUB_N("the case"))},
    {HUB_MEMBER("about", TEXT, HUB_M_NULLABLE,
		HUB_N("number of a plan or task, an agency, a job, a kind of change"))},
    {HUB_MEMBER("day", DATE, 0, HUB_N("the day that matters"))},
    {HUB_MEMBER("raised_at", TIME, 0, HUB_N("when it was raised"))},
    {HUB_MEMBER("state", TEXT, 0, HUB_N("open, acknowledged or settled"))},
    {HUB_MEMBER("snoozed_until", DATE, HUB_M_NULLABLE, HUB_N("put off until then"))},
    {HUB_MEMBER("escalated", BOOL, 0, HUB_N("others were told"))},
    {HUB_MEMBER("why", TEXT, 0,
		HUB_N("why the asker was told: assignee, agency, role, escalation"))},
    {.name = NULL}};
static const struct hub_member alert_query[] = {
    {HUB_MEMBER("all", BOOL, 0, HUB_N("also those put off, acknowledged and settled"))},
    {.name = NULL}};
static const struct hub_member count_kind[] = {
    {HUB_MEMBER("kind", TEXT, 0, HUB_N("what it tells of"))},
    {HUB_MEMBER("open", INT, 0, HUB_N("how many are open"))},
    {.name = NULL}};
static const struct hub_member count[] = {{HUB_MEMBER("open", INT, 0, HUB_N("how many are open"))},
					  {HUB_MEMBER("kinds", OBJECT, HUB_M_LIST, HUB_N("by kind"),
						      .most = ALERT_KINDS, .of = count_kind)},
					  {.name = NULL}};
static const struct hub_member until[] = {
    {HUB_MEMBER("until", DATE, HUB_M_REQUIRED, HUB_N("the day it comes back"))}, {.name = NULL}};

static const char *const delivery_state[] = {"waiting", "sent", "given_up", NULL};
static const struct hub_member delivery_query[] = {
    {HUB_MEMBER("state", WORD, 0, HUB_N("only those"), .words = delivery_state)}, {.name = NULL}};
static const struct hub_member delivery[] = {
    {HUB_MEMBER("id", INT, 0, HUB_N("number of the delivery"))},
    {HUB_MEMBER("channel", TEXT, 0, HUB_N("mail or webhook"))},
    {HUB_MEMBER("account", INT, HUB_M_NULLABLE, HUB_N("to whom; null: a webhook"))},
    {HUB_MEMBER("alerts", INT, 0, HUB_N("how many alerts it is about"))},
    {HUB_MEMBER("made_at", TIME, 0, HUB_N("when it was made"))},
    {HUB_MEMBER("next_at", TIME, HUB_M_NULLABLE, HUB_N("when it is tried"))},
    {HUB_MEMBER("tries", INT, 0, HUB_N("how often it was tried"))},
    {HUB_MEMBER("state", WORD, 0, HUB_N("where it is"), .words = delivery_state)},
    {HUB_MEMBER("sent_at", TIME, HUB_M_NULLABLE, HUB_N("when the other side took it"))},
    {HUB_MEMBER("problem", TEXT, HUB_M_NULLABLE, HUB_N("why the last try failed"))},
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
