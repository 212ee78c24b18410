/* The parts of service-alert, in one instance. */
#ifndef SERVICE_ALERT_H
#define SERVICE_ALERT_H

#include "rule.h"

#include <stddef.h>

enum alert_tls { ALERT_STARTTLS = 0, ALERT_PLAIN };
enum { ALERT_SECRET = 512 };

struct alert_conf {
	struct hub_str smtp_url, smtp_user, smtp_password_file, smtp_ca_file, mail_from, link;
	struct hub_str hook_url, hook_secret_file, hook_ca_file, digest;
	int64_t smtp_tls, mail_wait, timeout, retry_wait, retries;
};

struct alert {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct hub_desk *desk;
	const struct alert_conf *conf;
	int32_t digest_minute; /* -1: mails go as they come */
	char smtp_password[ALERT_SECRET], hook_secret[ALERT_SECRET];
};

/* The statements, by their place in alert_statement[] (tables.c). */
enum alert_sql {
	SQL_TASK_INSERT,
	SQL_TASK_GET,
	SQL_TASKS_OF_CASE,
	SQL_TASKS_MINE,
	SQL_TASK_UPDATE,
	SQL_TASK_STATE,
	SQL_TASK_LOG,
	SQL_TASK_HISTORY,
	SQL_TASKS_DUE,
	SQL_RULES,
	SQL_RULE_GET,
	SQL_RULE_INSERT,
	SQL_RULE_UPDATE,
	SQL_RULE_DELETE,
	SQL_ALERT_INSERT,
	SQL_ALERT_FIND,
	SQL_ALERT_REOPEN,
	SQL_ALERTS_STANDING,
	SQL_ALERT_SETTLE,
	SQL_ALERT_SETTLE_RULE,
	SQL_ALERT_ESCALATED,
	SQL_ALERT_WOKEN,
	SQL_ALERTS_MINE,
	SQL_ALERT_MINE,
	SQL_ALERTS_COUNT,
	SQL_ALERT_ACK,
	SQL_ALERT_SNOOZE,
	SQL_TOLD_INSERT,
	SQL_STATE_GET,
	SQL_STATE_DIRTY,
	SQL_STATE_DONE,
	SQL_EVENT_INSERT,
	SQL_EVENT_FIND,
	SQL_EVENT_CLEAR,
	SQL_EVENT_FORGET,
	SQL_EVENTS,
	SQL_MAIL_JOIN,
	SQL_QUEUE_INSERT,
	SQL_QUEUE_NEXT,
	SQL_QUEUE_TRY,
	SQL_QUEUE_SENT,
	SQL_QUEUE_FAILED,
	SQL_QUEUE_LIST,
	SQL_QUEUE_AGAIN,
	SQL_MAIL_COUNT,
	SQL_ROLES,
	SQL_COUNT
};
extern const char *const alert_statement[];
enum { ALERT_MIGRATIONS = 3, ALERT_ROUTES = 18 };
extern const struct hub_migration alert_migration[];
extern const struct hub_route alert_route[];

/* --- values for statements and out of them ---------------------------------------- */

static inline struct hub_val v_int(int64_t i)
{
	return (struct hub_val){.type = HUB_VAL_INT, .i = i};
}
static inline struct hub_val v_text(struct hub_str s)
{
	return s.ptr ? (struct hub_val){.type = HUB_VAL_TEXT, .s = s}
		     : (struct hub_val){.type = HUB_VAL_NULL};
}
static inline struct hub_val v_null(void)
{
	return (struct hub_val){.type = HUB_VAL_NULL};
}
/* 0, an empty text: nothing. */
static inline struct hub_val v_some(int64_t i)
{
	return i ? v_int(i) : v_null();
}
static inline struct hub_val v_said(struct hub_str s)
{
	return s.len ? v_text(s) : v_null();
}
static inline int64_t r_int(const struct hub_result *r, uint32_t row, uint32_t col)
{
	return r->val[(size_t)row * r->cols + col].i;
}
static inline struct hub_str r_text(const struct hub_result *r, uint32_t row, uint32_t col)
{
	return r->val[(size_t)row * r->cols + col].s;
}
static inline int is_there(const struct hub_val *v)
{
	return v->type != HUB_VAL_NONE && v->type != HUB_VAL_NULL;
}
#define SQL(a, c, which, res, err, ...)                                                         \
	((a)->desk->sql(                                                                        \
	    (c), (which), (const struct hub_val[]){__VA_ARGS__},                                \
	    (uint32_t)(sizeof((const struct hub_val[]){__VA_ARGS__}) / sizeof(struct hub_val)), \
	    (res), (err)))

/* A statement without arguments. */
#define SQL0(a, c, which, res, err) ((a)->desk->sql((c), (which), NULL, 0, (res), (err)))
static inline struct hub_str s_of(const char *z)
{
	return (struct hub_str){z, __builtin_strlen(z)};
}

/* A number from 1 on, as a path or a cursor has it; -1: it is none. */
int alert_number_read(struct hub_str s, int64_t *out);
int alert_no_page(struct alert *a, struct hub_call *c, struct hub_err *err);
void alert_next_page(struct alert *a, struct hub_call *c, int64_t last);
/* "21:00" as minutes of the day; -1: it is none. */
int32_t alert_minute_read(struct hub_str s);
extern const char *const alert_agency_word[]; /* of rule_row.tell_agency; NULL-ended */
/* "rule 12", for the audit log. */
void alert_note(char out[40], const char *what, int64_t id);
/* A day as text, or null. */
void alert_say_day(struct alert *a, struct hub_call *c, const char *name, const struct hub_val *v);

/* --- parts ----------------------------------------------------------------------------------------------- */

/* task.c */
int alert_task_list(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_add(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_get(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_change(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_done(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_reopen(void *self, struct hub_call *c, struct hub_err *err);
int alert_task_history(void *self, struct hub_call *c, struct hub_err *err);

/* ruleset.c: rules in their table and by the API */
struct rule_row {
	struct rule r;
	struct hub_str tell_role, escalate_role;
	uint32_t tell_assignee,
	    tell_agency; /* tell_agency: 1 when there is no assignee, 2 always */
	uint32_t mail, hook;
	struct sending sending;
};
int alert_rules_read(struct alert *a, struct hub_call *c, struct rule_row **out, uint32_t *n,
		     struct hub_err *err);
int alert_rule_list(void *self, struct hub_call *c, struct hub_err *err);
int alert_rule_add(void *self, struct hub_call *c, struct hub_err *err);
int alert_rule_get(void *self, struct hub_call *c, struct hub_err *err);
int alert_rule_change(void *self, struct hub_call *c, struct hub_err *err);
int alert_rule_remove(void *self, struct hub_call *c, struct hub_err *err);

/* inbox.c: alerts of those who were told */
int alert_inbox_list(void *self, struct hub_call *c, struct hub_err *err);
int alert_inbox_count(void *self, struct hub_call *c, struct hub_err *err);
int alert_inbox_ack(void *self, struct hub_call *c, struct hub_err *err);
int alert_inbox_snooze(void *self, struct hub_call *c, struct hub_err *err);

/* facts.c: all facts of today, by the desk's eyes */
int alert_facts_read(struct alert *a, struct hub_call *c, struct fact **out, uint32_t *n,
		     struct hub_err *err);

/* evaluate.c */
int alert_tick_evaluate(void *self, struct hub_call *c, struct hub_err *err);
int alert_event(void *self, struct hub_call *c, const struct hub_event *e, struct hub_err *err);
struct calendar alert_calendar(struct alert *a, struct hub_call *c);

/* queue.c: what is to be sent, each at least once, marked when it was */
/* A mail to that account, or one more alert in the one that waits; not before `at`. */
int alert_queue_mail(struct alert *a, struct hub_call *c, int64_t account, int64_t at,
		     struct hub_err *err);
int alert_queue_hook(struct alert *a, struct hub_call *c, struct hub_str body, int64_t at,
		     struct hub_err *err);
int alert_tick_deliver(void *self, struct hub_call *c, struct hub_err *err);
int alert_queue_list(void *self, struct hub_call *c, struct hub_err *err);
int alert_queue_again(void *self, struct hub_call *c, struct hub_err *err);

/* send.c: the network. HUB_RETRY: later; HUB_REJECT: never. */
struct mail {
	struct hub_str to;
	int64_t id, alerts, at; /* id: names the mail, the same when it is sent again */
};
int alert_send_mail(struct alert *a, const struct mail *m, struct hub_err *err);
int alert_send_hook(struct alert *a, int64_t id, struct hub_str body, struct hub_err *err);

#endif
