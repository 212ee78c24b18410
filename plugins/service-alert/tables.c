/* Tables and statements. Days are days since 1970 in Japan, times milliseconds. */
#include "alert.h"

/* state of a task: 1 open, 2 done. given: its text as the assignee's agency may read it, when that is another one.
 * anchor: the day of the month that a series began with. */
static const char tables[] =
    "CREATE TABLE alerts_task (id INTEGER PRIMARY KEY, case_no TEXT, content TEXT NOT NULL,"
    " due INTEGER, repeat INTEGER NOT NULL, anchor INTEGER NOT NULL, account INTEGER, agency TEXT,"
    " author INTEGER NOT NULL, author_agency TEXT NOT NULL, state INTEGER NOT NULL,"
    " at INTEGER NOT NULL, done_at INTEGER, follows INTEGER, version INTEGER NOT NULL,"
    " given TEXT) STRICT;"
    "CREATE INDEX alerts_task_case ON alerts_task (case_no, id);"
    "CREATE INDEX alerts_task_due ON alerts_task (state, due);"
    "CREATE UNIQUE INDEX alerts_task_follows ON alerts_task (follows);"
    "CREATE TABLE alerts_task_log (id INTEGER PRIMARY KEY, task INTEGER NOT NULL,"
    " at INTEGER NOT NULL, account INTEGER NOT NULL, verb TEXT NOT NULL, due INTEGER,"
    " to_account INTEGER, to_agency TEXT) STRICT;"
    "CREATE INDEX alerts_task_log_task ON alerts_task_log (task, id);"
    "CREATE TABLE alerts_rule (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, label TEXT NOT NULL,"
    " days INTEGER NOT NULL, working INTEGER NOT NULL, lasting INTEGER NOT NULL,"
    " tell_assignee INTEGER NOT NULL, tell_agency INTEGER NOT NULL, tell_role TEXT NOT NULL,"
    " mail INTEGER NOT NULL, webhook INTEGER NOT NULL, quiet_from INTEGER NOT NULL,"
    " quiet_to INTEGER NOT NULL, working_only INTEGER NOT NULL, escalate_days INTEGER NOT NULL,"
    " escalate_role TEXT NOT NULL, active INTEGER NOT NULL, version INTEGER NOT NULL) STRICT;"
    /* state: 1 open, 2 acknowledged, 3 settled */
    "CREATE TABLE alerts_alert (id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, kind TEXT NOT NULL,"
    " subject TEXT NOT NULL, day INTEGER NOT NULL, case_no TEXT, about TEXT, raised INTEGER NOT "
    "NULL,"
    " raised_at INTEGER NOT NULL, state INTEGER NOT NULL, snoozed_until INTEGER NOT NULL,"
    " escalated INTEGER NOT NULL, answered_at INTEGER, answered_by INTEGER, settled_at INTEGER)"
    " STRICT;"
    "CREATE UNIQUE INDEX alerts_alert_once ON alerts_alert (rule, subject, day);"
    "CREATE INDEX alerts_alert_state ON alerts_alert (state, id);"
    /* why: 1 assignee, 2 agency, 3 role, 4 escalation */
    "CREATE TABLE alerts_told (account INTEGER NOT NULL, alert INTEGER NOT NULL,"
    " why INTEGER NOT NULL, PRIMARY KEY (account, alert)) STRICT;"
    "CREATE INDEX alerts_told_alert ON alerts_told (alert);"
    "CREATE TABLE alerts_event (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,"
    " day INTEGER NOT NULL, case_no TEXT, about TEXT) STRICT;"
    "CREATE UNIQUE INDEX alerts_event_once ON alerts_event (kind, subject, day);"
    /* seq counts what happened, seen what was evaluated */
    "CREATE TABLE alerts_state (one INTEGER PRIMARY KEY, day INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, seen INTEGER NOT NULL) STRICT;"
    /* state: 1 waiting, 2 sent, 3 given up. A mail has an account, a webhook a body. */
    "CREATE TABLE alerts_queue (id INTEGER PRIMARY KEY, account INTEGER, body TEXT,"
    " alerts INTEGER NOT NULL, at INTEGER NOT NULL, next_at INTEGER NOT NULL,"
    " tries INTEGER NOT NULL, state INTEGER NOT NULL, sent_at INTEGER, problem TEXT) STRICT;"
    "CREATE INDEX alerts_queue_next ON alerts_queue (state, next_at);";

/* What a municipality starts with; every line is changed by the API. Quiet from 19:00 to 08:00, working days. */
#define RULE(kind, label, days, working, lasting, assignee, agency, role, escalate)              \
	"INSERT INTO alerts_rule (kind, label, days, working, lasting, tell_assignee,"           \
	" tell_agency, tell_role, mail, webhook, quiet_from, quiet_to, working_only,"            \
	" escalate_days, escalate_role, active, version) VALUES ('" kind "', '" label "', " days \
	", " working ", " lasting ", " assignee ", " agency ", '" role                           \
	"', 1, 1, 1140, 480, 1, " escalate ", 'coordinator', 1, 1);"
static const char defaults[] =
    RULE("next_action", "次回予定日を過ぎました", "1", "1", "180", "1", "1", "", "5") //
    RULE("no_contact", "30 日間、支援の記録がありません", "30", "0", "0", "1", "1", "", "10") RULE(
	"plan_ending", "プラン期間がまもなく終わります", "30", "0", "90", "1", "1", "", "14")
	RULE("evaluation_due", "評価（モニタリング）の時期です", "14", "0", "90", "1", "1", "",
	     "14") RULE("consent_ending", "同意の期限が近づいています", "30", "0", "60", "1", "1",
			"", "14") RULE("contract_ending", "委託期間がまもなく終わります", "60", "0",
				       "60", "0", "0", "coordinator", "0")
	    RULE("certification_ending", "認定・手帳の有効期限が近づいています", "60", "0",
		 "60", "1", "1", "", "0") RULE("task_overdue", "タスクの期限を過ぎました", "1", "1",
					       "0", "1", "1", "", "5")
		RULE("resident_change", "住民異動がありました", "0", "0", "30", "1", "1", "",
		     "5") RULE("protection_set", "表示制限が設定されました", "0", "0", "30", "1",
			       "1", "coordinator", "1")
		    RULE("sync_failed", "連携（取込）が失敗しました", "0", "0", "0", "0", "0",
			 "it_officer",
			 "2") "INSERT INTO alerts_state (one, day, seq, seen) VALUES (1, 0, 1, 0);";

static const char overdue[] = RULE("sync_overdue", "届くはずのデータが届いていません", "0", "0",
				   "0", "0", "0", "it_officer", "2");

const struct hub_migration alert_migration[ALERT_MIGRATIONS] = {
    {1, tables}, {2, defaults}, {3, overdue}};

#define TASK                                                                         \
	"SELECT id, case_no, content, due, repeat, anchor, account, agency, author," \
	" author_agency, state, at, done_at, follows, version, given FROM alerts_task "
#define RULES                                                                           \
	"SELECT id, kind, label, days, working, lasting, tell_assignee, tell_agency,"   \
	" tell_role, mail, webhook, quiet_from, quiet_to, working_only, escalate_days," \
	" escalate_role, active, version FROM alerts_rule "
#define ALERT                                                                            \
	"SELECT a.id, a.kind, r.label, a.case_no, a.about, a.day, a.raised_at, a.state," \
	" a.snoozed_until, a.escalated, t.why FROM alerts_told t"                        \
	" JOIN alerts_alert a ON a.id = t.alert LEFT JOIN alerts_rule r ON r.id = a.rule"

const char *const alert_statement[] = {
    [SQL_TASK_INSERT] =
	"INSERT INTO alerts_task (case_no, content, due, repeat, anchor, account, agency, author,"
	" author_agency, given, state, at, follows, version)"
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, 1)"
	" ON CONFLICT (follows) DO NOTHING RETURNING id",
    [SQL_TASK_GET] = TASK "WHERE id = ?",
    [SQL_TASKS_OF_CASE] = TASK "WHERE case_no = ? AND id > ? AND state <= ? ORDER BY id LIMIT ?",
    /* account, its agency twice: assigned to me, to my agency, or made by me */
    [SQL_TASKS_MINE] =
	TASK "WHERE (account = ? OR (account IS NULL AND agency = ?) OR author = ?) AND id > ?"
	     " AND state <= ? ORDER BY id LIMIT ?",
    [SQL_TASK_UPDATE] =
	"UPDATE alerts_task SET content = ?, due = ?, repeat = ?, anchor = ?, account = ?,"
	" agency = ?, given = ?, version = version + 1 WHERE id = ? AND version = ?",
    [SQL_TASK_STATE] =
	"UPDATE alerts_task SET state = ?, done_at = ?, version = version + 1 WHERE id = ?"
	" AND state <> ?",
    [SQL_TASK_LOG] =
	"INSERT INTO alerts_task_log (task, at, account, verb, due, to_account, to_agency)"
	" VALUES (?, ?, ?, ?, ?, ?, ?)",
    [SQL_TASK_HISTORY] =
	"SELECT id, at, account, verb, due, to_account, to_agency FROM alerts_task_log"
	" WHERE task = ? AND id > ? ORDER BY id LIMIT ?",
    [SQL_TASKS_DUE] = "SELECT id, case_no, due, account, agency FROM alerts_task WHERE state = 1"
		      " AND due <= ? AND id > ? ORDER BY id LIMIT 1000",
    [SQL_RULES] = RULES "ORDER BY id",
    [SQL_RULE_GET] = RULES "WHERE id = ?",
    [SQL_RULE_INSERT] =
	"INSERT INTO alerts_rule (kind, label, days, working, lasting, tell_assignee, tell_agency,"
	" tell_role, mail, webhook, quiet_from, quiet_to, working_only, escalate_days,"
	" escalate_role, active, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
	"1)"
	" RETURNING id",
    [SQL_RULE_UPDATE] =
	"UPDATE alerts_rule SET kind = ?, label = ?, days = ?, working = ?, lasting = ?,"
	" tell_assignee = ?, tell_agency = ?, tell_role = ?, mail = ?, webhook = ?, quiet_from = ?,"
	" quiet_to = ?, working_only = ?, escalate_days = ?, escalate_role = ?, active = ?,"
	" version = version + 1 WHERE id = ?",
    [SQL_ROLES] = "SELECT label, tell_role FROM alerts_rule WHERE active = 1 AND tell_role <> ''"
		  " UNION ALL SELECT label, escalate_role FROM alerts_rule WHERE active = 1"
		  " AND escalate_days > 0 AND escalate_role <> ''",
    [SQL_RULE_DELETE] = "DELETE FROM alerts_rule WHERE id = ?",
    [SQL_ALERT_INSERT] =
	"INSERT INTO alerts_alert (rule, kind, subject, day, case_no, about, raised, raised_at,"
	" state, snoozed_until, escalated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0)"
	" ON CONFLICT (rule, subject, day) DO NOTHING RETURNING id",
    [SQL_ALERT_FIND] = "SELECT id, state FROM alerts_alert WHERE rule = ? AND subject = ?"
		       " AND day = ?",
    /* the condition is back: shown again, nobody is told twice; what was answered stays answered */
    [SQL_ALERT_REOPEN] =
	"UPDATE alerts_alert SET settled_at = NULL, state = CASE WHEN answered_at IS NULL THEN 1"
	" ELSE 2 END WHERE id = ? AND state = 3",
    [SQL_ALERTS_STANDING] =
	"SELECT id, rule, subject, day, raised, snoozed_until, state, escalated,"
	" (SELECT count(*) FROM alerts_told WHERE alert = alerts_alert.id) FROM alerts_alert"
	" WHERE state < 3 AND id > ? ORDER BY id LIMIT 5000",
    [SQL_ALERT_SETTLE] = "UPDATE alerts_alert SET state = 3, settled_at = ? WHERE id = ?",
    [SQL_ALERT_SETTLE_RULE] =
	"UPDATE alerts_alert SET state = 3, settled_at = ? WHERE rule = ? AND state < 3",
    [SQL_ALERT_ESCALATED] = "UPDATE alerts_alert SET escalated = 1, snoozed_until = 0 WHERE id = ?",
    [SQL_ALERT_WOKEN] = "UPDATE alerts_alert SET snoozed_until = 0 WHERE id = ?",
    /* newest first */
    [SQL_ALERTS_MINE] = ALERT " WHERE t.account = ? AND a.state <= ? AND a.snoozed_until <= ?"
			      " AND a.id < ? ORDER BY a.id DESC LIMIT ?",
    [SQL_ALERT_MINE] = ALERT " WHERE t.account = ? AND a.id = ?",
    [SQL_ALERTS_COUNT] =
	"SELECT a.kind, a.case_no, count(*) FROM alerts_told t JOIN alerts_alert a"
	" ON a.id = t.alert WHERE t.account = ? AND a.state = 1 AND a.snoozed_until <= ?"
	" GROUP BY a.kind, a.case_no ORDER BY a.kind, a.case_no",
    [SQL_ALERT_ACK] =
	"UPDATE alerts_alert SET state = 2, answered_at = ?, answered_by = ?, snoozed_until = 0"
	" WHERE id = ? AND state = 1",
    [SQL_ALERT_SNOOZE] = "UPDATE alerts_alert SET snoozed_until = ? WHERE id = ? AND state = 1",
    [SQL_TOLD_INSERT] = "INSERT INTO alerts_told (account, alert, why) VALUES (?, ?, ?)"
			" ON CONFLICT (account, alert) DO NOTHING",
    [SQL_STATE_GET] = "SELECT day, seq, seen FROM alerts_state WHERE one = 1",
    [SQL_STATE_DIRTY] = "UPDATE alerts_state SET seq = seq + 1 WHERE one = 1",
    [SQL_STATE_DONE] = "UPDATE alerts_state SET day = ?, seen = ? WHERE one = 1",
    [SQL_EVENT_INSERT] =
	"INSERT INTO alerts_event (kind, subject, day, case_no, about) VALUES (?, ?, ?, ?, ?)"
	" ON CONFLICT (kind, subject, day) DO NOTHING",
    [SQL_EVENT_FIND] = "SELECT id FROM alerts_event WHERE kind = ? AND subject = ?",
    [SQL_EVENT_CLEAR] = "DELETE FROM alerts_event WHERE kind = ? AND about = ?",
    /* kinds: those whose facts last until they are cleared */
    [SQL_EVENT_FORGET] = "DELETE FROM alerts_event WHERE day < ? AND kind NOT IN (?, ?)",
    [SQL_EVENTS] = "SELECT id, kind, subject, day, case_no, about FROM alerts_event WHERE id > ?"
		   " ORDER BY id LIMIT 5000",
    [SQL_MAIL_JOIN] = "UPDATE alerts_queue SET alerts = alerts + 1 WHERE account = ? AND state = 1"
		      " AND tries = 0",
    [SQL_QUEUE_INSERT] = "INSERT INTO alerts_queue (account, body, alerts, at, next_at, tries,"
			 " state) VALUES (?, ?, 1, ?, ?, 0, 1)",
    [SQL_QUEUE_NEXT] = "SELECT id, account, body, alerts, at, tries FROM alerts_queue"
		       " WHERE state = 1 AND next_at <= ? ORDER BY next_at, id LIMIT 1",
    [SQL_QUEUE_TRY] = "UPDATE alerts_queue SET tries = tries + 1, next_at = ? WHERE id = ?",
    [SQL_QUEUE_SENT] =
	"UPDATE alerts_queue SET state = 2, sent_at = ?, problem = NULL WHERE id = ?",
    [SQL_QUEUE_FAILED] = "UPDATE alerts_queue SET state = ?, problem = ? WHERE id = ?",
    [SQL_QUEUE_LIST] =
	"SELECT id, account, body, alerts, at, next_at, tries, state, sent_at, problem"
	" FROM alerts_queue WHERE id < ? AND state >= ? AND state <= ? ORDER BY id DESC LIMIT ?",
    [SQL_QUEUE_AGAIN] = "UPDATE alerts_queue SET state = 1, tries = 0, next_at = ? WHERE id = ?"
			" AND state = 3",
    /* what a mail counts is what is open when it leaves */
    [SQL_MAIL_COUNT] = "SELECT count(*) FROM alerts_told t JOIN alerts_alert a ON a.id = t.alert"
		       " WHERE t.account = ? AND a.state = 1 AND a.snoozed_until <= ?",
};
