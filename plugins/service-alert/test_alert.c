/* The module on a desk of the test: its own statements in SQLite, records from a table here, a clock that jumps.
 * What a person sees, who is told, once each; tasks; what waits in the queue. */
#include "alert.h"
#include "base/buf.h"
#include "deskday.h"
#include "test.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR INT64_C(3600000)

/* --- the world ---------------------------------------------------------------------------------------- */

struct record { /* "name=value" words of a row */
	const char *entity, *cells;
};
static struct record records[32];
static uint32_t n_records;
/* Of the transaction that is open: nobody else can write meanwhile. raises_most: of all of them. */
static int writing;
static unsigned raises, raises_most;
static const char *hidden_from; /* an agency that may see no case */

static const struct hub_str roles_c[] = {{"coordinator", 11}}, roles_w[] = {{"caseworker", 10}};
static const struct hub_colleague people[] = {
    {1, {"ann", 3}, {"", 0}, {"WEL", 3}, {"S1", 2}, {"ann@test", 8}, 0, roles_w, 1},
    {2, {"bob", 3}, {"", 0}, {"WEL", 3}, {"S2", 2}, {"bob@test", 8}, 0, roles_w, 1},
    {3, {"cho", 3}, {"", 0}, {"COM", 3}, {"S3", 2}, {"", 0}, 0, roles_c, 1},
};

struct hub_ctx {
	int unused;
};
static struct hub_ctx ctx;
static struct hub_arena *arena;
static sqlite3 *db;
static struct hub_buf said;
static char next_page[32], pushed[4096];
static int refused;

static void *desk_alloc(struct hub_call *c, size_t n)
{
	(void)c;
	return hub_alloc0(arena, n);
}

static int desk_sql(struct hub_call *c, uint32_t statement, const struct hub_val *args, uint32_t n,
		    struct hub_result *out, struct hub_err *err)
{
	struct hub_result none, *r = out ? out : &none;
	struct hub_val *val = hub_alloc_array(arena, 20000, sizeof *val);
	sqlite3_stmt *s;
	int rc;

	(void)c;
	(void)err;
	writing = 1;
	raises += statement == SQL_ALERT_INSERT;
	raises_most = raises > raises_most ? raises : raises_most;
	assert_int_equal(sqlite3_prepare_v2(db, alert_statement[statement], -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_bind_parameter_count(s), (int)n);
	for (uint32_t i = 0; i < n; i++)
		if (args[i].type == HUB_VAL_TEXT)
			sqlite3_bind_text(s, (int)i + 1, args[i].s.ptr, (int)args[i].s.len,
					  SQLITE_TRANSIENT);
		else if (args[i].type == HUB_VAL_INT)
			sqlite3_bind_int64(s, (int)i + 1, args[i].i);
	*r = (struct hub_result){.cols = (uint32_t)sqlite3_column_count(s), .val = val};
	while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
		for (int k = 0; k < (int)r->cols; k++, val++)
			if (sqlite3_column_type(s, k) == SQLITE_TEXT)
				*val = v_text(hub_arena_str(
				    arena, hub_str_of((const char *)sqlite3_column_text(s, k))));
			else
				*val = sqlite3_column_type(s, k) == SQLITE_NULL
					   ? v_null()
					   : v_int(sqlite3_column_int64(s, k));
		r->rows++;
	}
	if (rc != SQLITE_DONE)
		fail_msg("%s: %s", alert_statement[statement], sqlite3_errmsg(db));
	r->changed = sqlite3_changes(db);
	sqlite3_finalize(s);
	return HUB_OK;
}

/* The batch of an entity: one column per field asked for, and the key. */
static int desk_look(struct hub_call *c, const struct hub_look *l, const struct hub_batch **out,
		     struct hub_str *next, struct hub_err *err)
{
	struct hub_batch *b = hub_alloc0(arena, sizeof *b);
	struct hub_col *col = hub_alloc_array(arena, 16, sizeof *col);

	(void)err;
	assert_true(c->who.account || !writing);
	*next = (struct hub_str){NULL, 0};
	b->col = col;
	for (uint32_t k = 0; k == 0 || l->field[k - 1]; k++, b->cols++)
		col[k] = (struct hub_col){.name = hub_str_of(k ? l->field[k - 1] : "key"),
					  .cell = hub_alloc_array(arena, 32, 1),
					  .text = hub_alloc_array(arena, 32, sizeof *col->text)};
	for (uint32_t i = 0; i < n_records; i++) {
		if (strcmp(records[i].entity, l->entity) != 0)
			continue;
		for (uint32_t k = 0; k < b->cols; k++) {
			struct hub_str rest = hub_str_of(records[i].cells), word, name;
			while (hub_str_next(&rest, ' ', &word))
				if (hub_str_next(&word, '=', &name) &&
				    hub_str_eq(name, col[k].name)) {
					col[k].cell[b->rows] = HUB_VALUE;
					col[k].text[b->rows] = word;
				}
		}
		b->rows++;
	}
	*out = b;
	return b->rows ? HUB_OK : HUB_END;
}

static int desk_sees(struct hub_call *c, struct hub_str agency, struct hub_str no,
		     struct hub_err *e)
{
	(void)c;
	(void)e;
	return no.len && !(hidden_from && hub_str_is(agency, hidden_from)) ? HUB_OK : HUB_END;
}

static int desk_inspect(struct hub_call *c, const struct hub_outgoing *o, const struct hub_held **h,
			uint32_t *n, struct hub_str *masked, struct hub_err *err)
{
	(void)c;
	(void)o;
	(void)err;
	*h = NULL;
	*n = 0;
	*masked = HUB_STR("MASKED");
	return HUB_OK;
}

static int desk_accounts(struct hub_call *c, struct hub_str agency,
			 const struct hub_colleague **out, uint32_t *n, struct hub_err *err)
{
	(void)c;
	(void)err;
	*out = hub_str_is(agency, "COM") ? &people[2] : people;
	*n = !agency.ptr                 ? 3u
	     : hub_str_is(agency, "WEL") ? 2u
	     : hub_str_is(agency, "COM") ? 1u
					 : 0u;
	return *n ? HUB_OK : HUB_END;
}

static int desk_account(struct hub_call *c, int64_t id, const struct hub_colleague **out,
			struct hub_err *err)
{
	(void)c;
	(void)err;
	if (id < 1 || id > 3)
		return HUB_END;
	*out = &people[id - 1];
	return HUB_OK;
}

static int desk_push(struct hub_call *c, const int64_t *account, uint32_t n, const char *name,
		     struct hub_str data, struct hub_err *err)
{
	const size_t at = strlen(pushed);

	(void)c;
	(void)data;
	(void)err;
	for (uint32_t i = 0; i < n; i++)
		snprintf(pushed + strlen(pushed), sizeof pushed - at - 40, "%s>%lld ", name,
			 (long long)account[i]);
	return HUB_OK;
}

static int desk_audit(struct hub_call *c, const char *verb, struct hub_str no, const char *note,
		      struct hub_err *err)
{
	(void)c;
	(void)verb;
	(void)no;
	(void)note;
	(void)err;
	return HUB_OK;
}

static int desk_tell(struct hub_call *c, const struct hub_event *e, struct hub_err *err)
{
	(void)c;
	(void)e;
	(void)err;
	return HUB_OK;
}

static int desk_working(struct hub_call *c, int32_t d)
{
	(void)c;
	return (d + 3) % 7 < 5;
}

static void desk_text(struct hub_call *c, const char *name, struct hub_str s)
{
	(void)c;
	hub_buf_printf(&said, "%s=%.*s ", name, s.ptr ? (int)s.len : 1, s.ptr ? s.ptr : "-");
}

static void desk_number(struct hub_call *c, const char *name, int64_t n)
{
	(void)c;
	hub_buf_printf(&said, "%s=%lld ", name, (long long)n);
}

static void desk_truth(struct hub_call *c, const char *name, int b)
{
	desk_number(c, name, b);
}

static void desk_say(struct hub_call *c, const char *name, const struct hub_val *v)
{
	if (v->type == HUB_VAL_INT)
		desk_number(c, name, v->i);
	else
		desk_text(c, name, (struct hub_str){NULL, 0});
}

static void desk_open(struct hub_call *c, const char *name, int list)
{
	(void)c;
	hub_buf_printf(&said, "%s%c", name ? name : "", list ? '[' : '{');
}

static void desk_close(struct hub_call *c)
{
	(void)c;
	hub_buf_puts(&said, "}\n");
}

static void desk_next(struct hub_call *c, struct hub_str after)
{
	(void)c;
	snprintf(next_page, sizeof next_page, "%.*s", HUB_FMT(after));
}

static int desk_version(struct hub_call *c, int64_t v, struct hub_err *err)
{
	(void)c;
	(void)v;
	(void)err;
	return HUB_OK;
}

static void desk_status(struct hub_call *c, int status)
{
	(void)c;
	(void)status;
}

static int __attribute__((format(printf, 5, 6)))
desk_refuse(struct hub_call *c, int status, struct hub_err *err, const char *code, const char *fmt,
	    ...)
{
	(void)c;
	(void)fmt;
	(void)code;
	err->rc = HUB_REFUSED;
	refused = status;
	return HUB_REFUSED;
}

static struct hub_str desk_readable(struct hub_call *c, struct hub_str text)
{
	(void)c;
	return text;
}

static int desk_role(struct hub_call *c, struct hub_str name, struct hub_err *err)
{
	(void)c;
	(void)name;
	(void)err;
	return HUB_OK;
}

static int desk_keep(struct hub_call *c, struct hub_err *err)
{
	(void)c;
	(void)err;
	writing = 0;
	raises = 0;
	return HUB_OK;
}

static const struct hub_desk desk = {
    .size = sizeof desk,
    .alloc = desk_alloc,
    .say = desk_say,
    .text = desk_text,
    .number = desk_number,
    .truth = desk_truth,
    .time = desk_number,
    .open = desk_open,
    .close = desk_close,
    .next = desk_next,
    .version = desk_version,
    .refuse = desk_refuse,
    .status = desk_status,
    .sql = desk_sql,
    .look = desk_look,
    .sees_case = desk_sees,
    .inspect = desk_inspect,
    .accounts = desk_accounts,
    .account = desk_account,
    .push = desk_push,
    .audit = desk_audit,
    .tell = desk_tell,
    .working_day = desk_working,
    .keep = desk_keep,
    .readable = desk_readable,
    .role = desk_role,
};

static void *host_alloc(struct hub_ctx *x, struct hub_batch *b, size_t n)
{
	(void)x;
	(void)b;
	return hub_alloc0(arena, n);
}

static int __attribute__((format(printf, 6, 7)))
host_fail(struct hub_err *err, int rc, const char *code, const char *file, int line,
	  const char *fmt, ...)
{
	(void)file;
	(void)fmt;
	fail_msg("%s at line %d", code, line);
	err->rc = rc;
	return rc;
}

static const struct hub_host host = {
    .size = sizeof host, .alloc = host_alloc, .fail = host_fail, .desk = &desk};

/* --- calls ----------------------------------------------------------------------------------------------- */

static struct alert_conf conf = {
    .smtp_url = {"smtp://x", 8}, .hook_url = {"https://x", 9}, .mail_wait = 60000, .retries = 3};
static struct alert *module;
static int64_t now;

static void open_module(void)
{
	struct hub_err err = {0};
	void *self;

	assert_int_equal(
	    hub_plugin_get(0)->ops->open(&ctx, &host, &conf, (struct hub_str){0}, &self, &err),
	    HUB_OK);
	module = self;
}

static int setup(void **state)
{
	const struct hub_plugin *p = hub_plugin_get(0);

	(void)state;
	arena = hub_arena_new(0);
	hub_buf_init(&said, 1 << 20);
	n_records = 0;
	hidden_from = NULL;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	for (uint32_t i = 0; i < p->service->migrations; i++)
		assert_int_equal(sqlite3_exec(db, p->service->migration[i].sql, NULL, NULL, NULL),
				 SQLITE_OK);
	open_module();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sqlite3_close(db);
	hub_buf_free(&said);
	hub_arena_free(arena);
	return 0;
}

static void set_day(const char *day)
{
	int32_t d;

	assert_int_equal(desk_day_read(hub_str_of(day), &d), 0);
	now = ((int64_t)d * 24 - 9 + 10) * HOUR; /* ten in the morning */
}

static struct hub_call call_as(int64_t account, const char *path, const struct hub_val *query,
			       const struct hub_val *body)
{
	static struct hub_str var[1];
	static const struct hub_val none[8];

	var[0] = hub_str_of(path ? path : "");
	hub_buf_reset(&said);
	pushed[0] = next_page[0] = '\0';
	refused = 0;
	return (struct hub_call){
	    .ctx = &ctx,
	    .who = {.account = account,
		    .agency = account ? people[account - 1].agency : (struct hub_str){"", 0}},
	    .var = var,
	    .query = query ? query : none,
	    .body = body ? body : none,
	    .limit = 50,
	    .now = now,
	    .today = (int32_t)((now / 1000 + 9 * 3600) / 86400)};
}

static const char *run(int (*handle)(void *, struct hub_call *, struct hub_err *), int64_t account,
		       const char *path, const struct hub_val *query, const struct hub_val *body)
{
	struct hub_call c = call_as(account, path, query, body);
	struct hub_err err = {0};
	const int rc = handle(module, &c, &err);

	assert_true(rc == HUB_OK || refused);
	desk_keep(&c, &err);
	hub_buf_putc(&said, '\0');
	return said.ptr;
}

static void tick(void)
{
	run(alert_tick_evaluate, 0, NULL, NULL, NULL);
}

static int64_t count(const char *sql)
{
	sqlite3_stmt *s;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	const int64_t n = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return n;
}

static void one_case(const char *contact)
{
	static char activity[100];

	n_records = 0;
	snprintf(activity, sizeof activity, "key=a1 case=h1 activity_on=%s", contact);
	records[n_records++] = (struct record){"staff", "key=hs staff_no=S1"};
	records[n_records++] =
	    (struct record){"case", "key=h1 case_no=C1 case_state=open agency=WEL staff=hs "
				    "opened_on=2026-01-05 person=hp"};
	records[n_records++] =
	    (struct record){"case", "key=h2 case_no=C2 case_state=closed agency=WEL "
				    "opened_on=2020-01-05"};
	records[n_records++] = (struct record){"activity", activity};
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in: %s", part, text);
}

static void lacks(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("\"%s\" in: %s", part, text);
}

/* --- tests ----------------------------------------------------------------------------------------------- */

static void raised_told_answered(void **state)
{
	static const struct hub_val all[] = {{.type = HUB_VAL_BOOL, .i = 1}};

	(void)state;
	one_case("2026-03-02");
	set_day("2026-03-31");
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 0);
	set_day("2026-04-01");
	tick();
	has(pushed, "raised>1 "); /* the assignee alone */
	lacks(pushed, ">2");
	has(run(alert_inbox_list, 1, NULL, NULL, NULL), "kind=no_contact");
	has(said.ptr, "case_no=C1 ");
	has(said.ptr, "day=2026-03-02 ");
	has(said.ptr, "why=assignee");
	assert_string_equal(run(alert_inbox_list, 2, NULL, NULL, NULL), "");
	has(run(alert_inbox_count, 1, NULL, NULL, NULL), "open=1 ");
	assert_int_equal(count("SELECT count(*) FROM alerts_queue WHERE account = 1"), 1);
	assert_int_equal(count("SELECT count(*) FROM alerts_queue WHERE body IS NOT NULL"), 1);

	run(alert_inbox_ack, 2, "1", NULL, NULL); /* not told: not there */
	assert_int_equal(refused, 404);
	has(run(alert_inbox_ack, 1, "1", NULL, NULL), "state=acknowledged");
	assert_string_equal(run(alert_inbox_list, 1, NULL, NULL, NULL), "");
	has(run(alert_inbox_list, 1, NULL, all, NULL), "state=acknowledged");
	set_day("2026-05-20");
	tick();
	assert_string_equal(pushed, ""); /* answered: nobody else hears of it */
	one_case("2026-05-19");
	set_day("2026-05-21");
	tick();
	has(run(alert_inbox_list, 1, NULL, all, NULL), "state=settled");
	hidden_from = "WEL";
	assert_string_equal(run(alert_inbox_list, 1, NULL, all, NULL), "");
	has(run(alert_inbox_count, 1, NULL, NULL, NULL), "open=0 ");
}

static void put_off_and_passed_on(void **state)
{
	static const struct hub_val until[] = {{.type = HUB_VAL_TEXT, .s = {"2026-04-06", 10}}};
	static const struct hub_val late[] = {{.type = HUB_VAL_TEXT, .s = {"2026-08-06", 10}}};

	(void)state;
	one_case("2026-03-02");
	set_day("2026-04-01");
	tick();
	run(alert_inbox_snooze, 1, "1", NULL, late);
	assert_int_equal(refused, 422);
	has(run(alert_inbox_snooze, 1, "1", NULL, until), "snoozed_until=2026-04-06");
	assert_string_equal(run(alert_inbox_list, 1, NULL, NULL, NULL), "");
	set_day("2026-04-06");
	tick();
	has(pushed, "woken>1 ");
	has(run(alert_inbox_list, 1, NULL, NULL, NULL), "state=open");
	set_day("2026-04-10");
	tick();
	assert_string_equal(pushed, "");
	hidden_from = "COM"; /* the coordinator may not see the case */
	set_day("2026-04-11");
	tick();
	assert_string_equal(pushed, "");
	hidden_from = NULL;
	assert_int_equal(
	    sqlite3_exec(db, "UPDATE alerts_alert SET escalated = 0", NULL, NULL, NULL), SQLITE_OK);
	set_day("2026-04-12");
	tick();
	has(pushed, "escalated>3 ");
	has(run(alert_inbox_list, 3, NULL, NULL, NULL), "why=escalation");
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 1);
}

static void event(uint32_t type, const char *name, const char *case_no)
{
	struct hub_call c = call_as(0, NULL, NULL, NULL);
	struct hub_err err = {0};
	const struct hub_event e = {
	    .type = type, .name = hub_str_of(name), .case_no = hub_str_of(case_no), .at = now};

	assert_int_equal(alert_event(module, &c, &e, &err), HUB_OK);
}

/* Nobody may see the case on the day: who may later hears of it then, and the webhook is not called twice. */
static void told_later(void **state)
{
	(void)state;
	one_case("2026-03-02");
	hidden_from = "WEL";
	set_day("2026-04-01");
	tick();
	assert_string_equal(pushed, "");
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 1);
	hidden_from = NULL;
	set_day("2026-04-02");
	tick();
	has(pushed, "raised>1 ");
	set_day("2026-04-03");
	tick();
	assert_string_equal(pushed, "");
	assert_int_equal(count("SELECT count(*) FROM alerts_queue WHERE body IS NOT NULL"), 1);
}

static void what_happens(void **state)
{
	(void)state;
	one_case("2026-04-01");
	set_day("2026-04-02");
	event(HUB_EVENT_RESIDENT, "moved_out", "C1");
	event(HUB_EVENT_RESIDENT, "moved_out", "C1");
	event(HUB_EVENT_RESIDENT, "death", "C1");
	event(HUB_EVENT_RESIDENT, "death", "C2"); /* a closed case */
	event(HUB_EVENT_RUN_FAILED, "night", "");
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 3);
	has(run(alert_inbox_list, 1, NULL, NULL, NULL), "about=moved_out");
	set_day("2026-04-03");
	event(HUB_EVENT_RUN_FAILED, "night", ""); /* still broken: the same alert */
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 3);
	event(HUB_EVENT_RUN, "night", "");
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'sync_failed'"
			       " AND state = 3"),
			 1);
	for (int i = 0; i < 3; i++) { /* broken, well, broken: one more alert for the day */
		event(i % 2 ? HUB_EVENT_RUN : HUB_EVENT_RUN_FAILED, "night", "");
		tick();
	}
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'sync_failed'"), 2);
	assert_int_equal(count("SELECT max(state) FROM alerts_alert WHERE kind = 'sync_failed'"
			       " AND id = (SELECT max(id) FROM alerts_alert)"),
			 1);
	event(HUB_EVENT_OVERDUE, "night", "");
	event(HUB_EVENT_RUN, "night", ""); /* a run that went well brought nothing new */
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'sync_overdue'"
			       " AND state = 1"),
			 1);
	event(HUB_EVENT_ARRIVED, "night", "");
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'sync_overdue'"
			       " AND state = 3"),
			 1);
	set_day("2026-05-10");
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'resident_change'"
			       " AND state < 3"),
			 0);
}

enum { CONTENT, DUE, REPEAT, ACCOUNT, AGENCY, CASE, MEMBERS };

static void tasks(void **state)
{
	struct hub_val b[MEMBERS] = {{0}}, due[MEMBERS] = {{0}};

	(void)state;
	one_case("2026-04-01");
	set_day("2026-04-01");
	b[CONTENT] = v_text(HUB_STR("call Taro"));
	b[REPEAT] = v_text(HUB_STR("monthly"));
	run(alert_task_add, 1, NULL, NULL, b);
	assert_int_equal(refused, 422); /* repeated without a day */
	b[DUE] = v_text(HUB_STR("2026-01-31"));
	b[ACCOUNT] = v_int(3);
	b[CASE] = v_text(HUB_STR("C1"));
	hidden_from = "COM";
	run(alert_task_add, 1, NULL, NULL, b);
	assert_int_equal(refused, 422); /* who shall do it may not see the case */
	hidden_from = NULL;
	has(run(alert_task_add, 1, NULL, NULL, b), "content=call Taro");
	has(pushed, "task>3");
	has(run(alert_task_get, 3, "1", NULL, NULL), "content=MASKED");
	has(run(alert_task_list, 3, NULL, NULL, NULL), "overdue=1");
	has(run(alert_task_list, 2, NULL, (const struct hub_val[]){v_text(HUB_STR("C1")), {0}},
		NULL),
	    "content=call Taro"); /* a colleague of the author */
	tick();
	has(pushed, "raised>3");
	run(alert_task_change, 3, "1", NULL, b);
	assert_int_equal(refused, 403); /* the text is the author's */
	due[DUE] = v_text(HUB_STR("2026-02-28"));
	has(run(alert_task_change, 3, "1", NULL, due), "due=2026-02-28");
	has(run(alert_task_done, 3, "1", NULL, NULL), "state=done");
	run(alert_task_done, 3, "1", NULL, NULL);
	assert_int_equal(count("SELECT count(*) FROM alerts_task"), 2);
	has(run(alert_task_get, 1, "2", NULL, NULL), "due=2026-04-28");
	has(said.ptr, "follows=1");
	run(alert_task_reopen, 1, "1", NULL, NULL);
	run(alert_task_done, 1, "1", NULL, NULL);
	assert_int_equal(count("SELECT count(*) FROM alerts_task"), 2);
	has(run(alert_task_history, 1, "1", NULL, NULL), "what=reopened");
	assert_int_equal(count("SELECT count(*) FROM alerts_task_log WHERE task = 1"), 5);
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE kind = 'task_overdue'"
			       " AND state < 3"),
			 0);
	hidden_from = "WEL";
	run(alert_task_get, 1, "1", NULL, NULL);
	assert_int_equal(refused, 404);
}

/* A town in which much is to be told at once: whoever wants to write comes in between. */
static void many_at_once(void **state)
{
	(void)state;
	set_day("2026-04-01");
	n_records = 0;
	for (int i = 0; i < 30; i++)
		records[n_records++] = (struct record){
		    "case", hub_arena_printf(arena,
					     "key=h%d case_no=C%d case_state=open agency=WEL"
					     " opened_on=2026-01-05",
					     i, i)
				.ptr};
	raises_most = 0;
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 30);
	assert_in_range(raises_most, 1, 20);
	tick();
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 30);
}

/* A year of days with a tick each: what stands in the tables is what the days say. */
static void a_year_of_ticks(void **state)
{
	char day[11];
	int32_t d, contact;

	(void)state;
	set_day("2026-04-01");
	d = contact = (int32_t)((now / 1000 + 9 * 3600) / 86400);
	for (int i = 0; i < 365; i++, d++, now += 24 * HOUR) {
		if (i % 47 == 46)
			contact = d;
		desk_day_write(contact, day);
		one_case(day);
		tick();
		assert_int_equal(count("SELECT count(*) FROM alerts_alert WHERE state < 3"),
				 d - contact >= 30);
		hub_arena_reset(arena);
		open_module();
	}
	assert_int_equal(count("SELECT count(*) FROM alerts_alert"), 8);
	assert_int_equal(count("SELECT count(*) FROM alerts_told WHERE account = 1"), 8);
	assert_int_equal(count("SELECT count(*) FROM alerts_queue WHERE body LIKE '%raised%'"), 8);
	/* mails that were not sent yet take further alerts along */
	assert_int_equal(count("SELECT alerts FROM alerts_queue WHERE account = 1"), 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(raised_told_answered, setup, teardown),
	    cmocka_unit_test_setup_teardown(put_off_and_passed_on, setup, teardown),
	    cmocka_unit_test_setup_teardown(told_later, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_happens, setup, teardown),
	    cmocka_unit_test_setup_teardown(tasks, setup, teardown),
	    cmocka_unit_test_setup_teardown(many_at_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_year_of_ticks, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
