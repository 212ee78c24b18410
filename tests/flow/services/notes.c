/* A module for the tests: notes that people write for each other. It uses all of the desk, and misbehaves on
 * demand. -DFOREIGN: one of its statements names a table of the core. -DNEWER: a second migration. -DCHANGED: the
 * first one is another. -DBROKEN: a statement names a column that is not there. */
#include <hub/plugin.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct notes {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct hub_desk *desk;
	const struct hub_str *greeting;
};

enum { ADD, LIST, ONE, CHANGE, TICK, HEARD, COUNT, KEPT, FOREIGN_ONE };

#ifdef CHANGED
#define INDEX_ON "text"
#else
#define INDEX_ON "writer"
#endif
#define FIRST                                                                                      \
	"CREATE TABLE notes_note (id INTEGER PRIMARY KEY, writer INTEGER NOT NULL, text TEXT NOT " \
	"NULL,"                                                                                    \
	" version INTEGER NOT NULL) STRICT; CREATE TABLE notes_tick (at INTEGER NOT NULL) STRICT;" \
	" CREATE TABLE notes_heard (type INTEGER NOT NULL, run INTEGER NOT NULL, entity TEXT, "    \
	"case_no TEXT) STRICT;"                                                                    \
	" CREATE INDEX notes_note_writer ON notes_note (" INDEX_ON ")"

static const struct hub_migration migrations[] = {
    {1, FIRST},
#ifdef NEWER
    {2, "ALTER TABLE notes_note ADD COLUMN more TEXT"},
#endif
};
static const char *const statements[] = {
    [ADD] = "INSERT INTO notes_note (writer, text, version) VALUES (?, ?, 1) RETURNING id",
    [LIST] = "SELECT id, text FROM notes_note WHERE id > ? ORDER BY id LIMIT ?",
    [ONE] = "SELECT id, text, version FROM notes_note WHERE id = ?",
    [CHANGE] = "UPDATE notes_note SET text = ?, version = version + 1 WHERE id = ?",
    [TICK] = "INSERT INTO notes_tick (at) VALUES (?)",
    [HEARD] = "INSERT INTO notes_heard (type, run, entity, case_no) VALUES (?, ?, ?, ?)",
    [COUNT] = "SELECT (SELECT count(*) FROM notes_tick), (SELECT count(*) FROM notes_heard)",
    [KEPT] = "WITH last(id) AS (SELECT max(id) FROM notes_note) SELECT n.id FROM notes_note n, "
	     "last l WHERE n.id = l.id",
#ifdef FOREIGN
    [FOREIGN_ONE] = "SELECT n.id FROM notes_note n, cc_case c",
#endif
#ifdef BROKEN
    [FOREIGN_ONE] = "SELECT n.nothing FROM notes_note n",
#endif
};

static const struct hub_val *text(struct hub_val *v, struct hub_str s)
{
	*v = (struct hub_val){.type = HUB_VAL_TEXT, .s = s};
	return v;
}
static struct hub_val number(int64_t i)
{
	return (struct hub_val){.type = HUB_VAL_INT, .i = i};
}

static int post_note(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_val args[2] = {number(c->who.account)};
	struct hub_result r;
	char data[40];
	int64_t to[100];
	uint32_t people = 0;
	int rc;

	text(&args[1], c->body[0].s);
	if ((rc = n->desk->sql(c, ADD, args, 2, &r, err)))
		return rc;
	for (uint32_t i = 0; i < c->body[1].n; i++)
		to[people++] = c->body[1].item[i].i;
	snprintf(data, sizeof data, "{\"id\":%lld}", (long long)r.val[0].i);
	const struct hub_event told = {.type = HUB_EVENT_TASK, .case_no = {"C-1", 3}};
	if ((rc = n->desk->push(c, to, people, "new", (struct hub_str){data, strlen(data)}, err)) ||
	    (rc = n->desk->audit(c, "written", (struct hub_str){"", 0}, "a note", err)) ||
	    (rc = n->desk->tell(c, &told, err)))
		return rc;
	if (c->body[2].i) /* everything above is forgotten with it */
		return n->desk->refuse(c, 409, err, "on-purpose", "refused after all");
	n->desk->status(c, 201);
	n->desk->number(c, "id", r.val[0].i);
	return n->desk->version(c, 1, err);
}

static int get_notes(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_str last = {NULL, 0};
	char *next = n->desk->alloc(c, 24);
	struct hub_val args[2] = {number(c->after.len ? atoll(c->after.ptr) : 0), number(c->limit)};
	struct hub_result r;
	const int rc = n->desk->sql(c, LIST, args, 2, &r, err);

	for (uint32_t i = 0; !rc && i < r.rows; i++) {
		n->desk->open(c, NULL, 0);
		n->desk->say(c, "id", &r.val[i * 2]);
		n->desk->say(c, "text", &r.val[i * 2 + 1]);
		n->desk->close(c);
	}
	if (!rc && r.rows == c->limit)
		last = (struct hub_str){
		    next, (size_t)snprintf(next, 24, "%lld", (long long)r.val[(r.rows - 1) * 2].i)};
	n->desk->next(c, last);
	return rc;
}

/* The row of {note}, its version compared. */
static int find(const struct notes *n, struct hub_call *c, struct hub_result *r,
		struct hub_err *err)
{
	struct hub_val id = number(atoll(c->var[0].ptr));
	const int rc = n->desk->sql(c, ONE, &id, 1, r, err);

	if (rc || r->rows)
		return rc ? rc : n->desk->version(c, r->val[2].i, err);
	return n->desk->refuse(c, 404, err, "no-note", "there is no such note");
}

static int get_note(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_result r;
	const int rc = find(n, c, &r, err);

	if (rc)
		return rc < 0 ? rc : HUB_OK;
	n->desk->say(c, "id", &r.val[0]);
	n->desk->say(c, "text", &r.val[1]);
	n->desk->text(c, "greeting", *n->greeting);
	return HUB_OK;
}

static int put_note(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_val args[2];
	struct hub_result r;
	int rc = find(n, c, &r, err);

	if (rc)
		return rc;
	text(&args[0], c->body[0].s);
	args[1] = r.val[0];
	return n->desk->sql(c, CHANGE, args, 2, NULL, err);
}

static int get_counts(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_result r;
	const int rc = n->desk->sql(c, COUNT, NULL, 0, &r, err);

	if (rc)
		return rc;
	n->desk->say(c, "ticks", &r.val[0]);
	n->desk->say(c, "events", &r.val[1]);
	return HUB_OK;
}

static int get_people(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	const struct hub_colleague *who;
	uint32_t people = 0;
	const int rc = n->desk->accounts(c, c->who.agency, &who, &people, err);

	for (uint32_t i = 0; rc == HUB_OK && i < people; i++) {
		n->desk->open(c, NULL, 0);
		n->desk->number(c, "id", who[i].id);
		n->desk->text(c, "login", who[i].login);
		n->desk->close(c);
	}
	return rc < 0 ? rc : HUB_OK;
}

static int post_file(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	const struct hub_file f = {c->body[0].s, {"text/plain", 10}, c->body[1].s};
	int64_t id = 0;
	const int rc = n->desk->file_put(c, (struct hub_str){"", 0}, &f, &id, err);

	n->desk->number(c, "id", id);
	return rc;
}

static int get_file(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_file f;
	const int rc = n->desk->file_get(c, atoll(c->var[0].ptr), &f, err);

	if (!rc)
		n->desk->file(c, &f);
	return rc;
}

/* Never returns; the file says that it has begun. */
static int get_stuck(void *self, struct hub_call *c, struct hub_err *err)
{
	const char *sign = getenv("NOTES_STUCK");
	FILE *f = sign ? fopen(sign, "w") : NULL;

	(void)self;
	(void)c;
	(void)err;
	if (f)
		fclose(f);
	for (;;)
		pause();
}

static int post_bad(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	const struct hub_str how = c->body[0].s;
	struct hub_val args[2] = {number(0)};

	text(&args[1], how);
	(void)n->desk->sql(c, ADD, args, 2, NULL, err); /* must leave nothing */
	if (memcmp(how.ptr, "crash", 5) == 0)
		*(volatile int *)8 = 1;
	if (memcmp(how.ptr, "exit", 4) == 0)
		_exit(7);
	while (memcmp(how.ptr, "hang", 4) == 0)
		pause();
	if (memcmp(how.ptr, "memberrr", 8) == 0)
		n->desk->text(c, "address", (struct hub_str){"Oaza 1-2-3", 10});
	if (memcmp(how.ptr, "push", 4) == 0) {
		const int64_t to[] = {1, 2, 3};
		(void)n->desk->push(c, to, 3, "new", (struct hub_str){"{\"id\":77}", 9}, err);
		return n->desk->push(c, to, 3, "new",
				     (struct hub_str){"{\"id\":77,\"who\":\"Hanako Sato\"}", 29},
				     err);
	}
	if (memcmp(how.ptr, "member-of-event", 15) == 0 ||
	    memcmp(how.ptr, "type-of-event", 13) == 0 ||
	    memcmp(how.ptr, "event-unknown", 13) == 0) {
		const int64_t to[] = {1};
		const char *data = how.ptr[0] == 'm'   ? "{\"id\":7,\"town\":1}"
				   : how.ptr[0] == 't' ? "{\"id\":\"7\"}"
						       : "{\"id\":7}";
		return n->desk->push(c, to, 1, how.ptr[0] == 'e' ? "other" : "new",
				     (struct hub_str){data, strlen(data)}, err);
	}
	if (memcmp(how.ptr, "statement", 9) == 0)
		return n->desk->sql(c, 99, NULL, 0, NULL, err);
	return HUB_OK;
}

static int tick(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct notes *n = self;
	const struct hub_val now = number(c->now);

	return n->desk->sql(c, TICK, &now, 1, NULL, err);
}

static int event(void *self, struct hub_call *c, const struct hub_event *e, struct hub_err *err)
{
	const struct notes *n = self;
	struct hub_val args[4] = {number(e->type), number(e->run)};

	text(&args[2], e->entity);
	text(&args[3], e->case_no);
	if (e->case_no.len == 7 && memcmp(e->case_no.ptr, "CASE-X!", 7) == 0)
		return HUB_FAIL(n->host, err, HUB_FATAL, "on-purpose", "an event that cannot be");
	return n->desk->sql(c, HEARD, args, 4, NULL, err);
}

static const struct hub_member note_body[] = {
    {.name = "text", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .min = 1, .max = 200},
    {.name = "to", .type = HUB_M_INT, .flags = HUB_M_LIST},
    {.name = "refuse", .type = HUB_M_BOOL},
    {.name = NULL},
};
static const struct hub_member change_body[] = {
    {.name = "text", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .min = 1, .max = 200},
    {.name = NULL}};
static const struct hub_member id_reply[] = {
    {.name = "id", .type = HUB_M_INT, .flags = HUB_M_REQUIRED}, {.name = NULL}};
static const struct hub_member note_reply[] = {
    {.name = "id", .type = HUB_M_INT, .flags = HUB_M_REQUIRED},
    {.name = "text", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED | HUB_M_PERSONAL},
    {.name = "greeting", .type = HUB_M_TEXT},
    {.name = NULL},
};
static const struct hub_member count_reply[] = {
    {.name = "ticks", .type = HUB_M_INT}, {.name = "events", .type = HUB_M_INT}, {.name = NULL}};
static const struct hub_member person_reply[] = {
    {.name = "id", .type = HUB_M_INT}, {.name = "login", .type = HUB_M_TEXT}, {.name = NULL}};
static const struct hub_member file_body[] = {
    {.name = "name", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED},
    {.name = "content", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .max = 100000},
    {.name = NULL},
};
static const struct hub_member bad_body[] = {
    {.name = "how", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .min = 9}, {.name = NULL}};

static const struct hub_route routes[] = {
    {"POST", "/notes", "notes.write", 0, NULL, note_body, id_reply, "write a note", post_note},
    {"GET", "/notes", "notes.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, NULL, NULL, note_reply,
     "notes", get_notes},
    {"GET", "/notes/{note}", "notes.read", 0, NULL, NULL, note_reply, "one note", get_note},
    {"PUT", "/notes/{note}", "notes.write", 0, NULL, change_body, NULL, "change a note", put_note},
    {"GET", "/counts", "", 0, NULL, NULL, count_reply, "what happened by itself", get_counts},
    {"GET", "/people", "notes.read", HUB_ROUTE_LIST, NULL, NULL, person_reply, "colleagues",
     get_people},
    {"POST", "/files", "notes.write", 0, NULL, file_body, id_reply, "keep a file", post_file},
    {"GET", "/files/{file}", "notes.read", HUB_ROUTE_RAW, NULL, NULL, NULL, "a file", get_file},
    {"GET", "/stuck", "", 0, NULL, NULL, count_reply, "never returns", get_stuck},
    {"POST", "/bad", "notes.write", 0, NULL, bad_body, note_reply, "misbehave", post_bad},
};
static const struct hub_timer timers[] = {{.name = "tick", .every = 1000, .tick = tick}};
static const struct hub_pushed pushed[] = {
    {"new", (const struct hub_member[]){{.name = "id", .type = HUB_M_INT, .flags = HUB_M_REQUIRED},
					{.name = "who", .type = HUB_M_TEXT},
					{.name = NULL}}}};
static const struct hub_service service = {.size = sizeof service,
					   .area = "notes",
					   .migration = migrations,
					   .migrations = sizeof migrations / sizeof *migrations,
					   .statement = statements,
					   .statements = sizeof statements / sizeof *statements,
					   .route = routes,
					   .routes = sizeof routes / sizeof *routes,
					   .timer = timers,
					   .timers = 1,
					   .events = HUB_EVENT_RUN | HUB_EVENT_TASK |
						     HUB_EVENT_PROTECTION,
					   .event = event,
					   .pushed = pushed,
					   .pushes = 1};

static int notes_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	struct notes *n = host->alloc(ctx, NULL, sizeof *n);

	(void)pos;
	if (!n)
		return HUB_FAIL(host, err, HUB_FATAL, "out-of-memory", "out of memory");
	*n = (struct notes){ctx, host, host->desk, conf};
	*self = n;
	return HUB_OK;
}
static void notes_close(void *self)
{
	(void)self;
}

static const struct hub_opt opts[] = {
    {.name = "greeting", .type = HUB_O_TEXT, .dflt = "hello", .help = "what a note says first"},
    {.name = NULL}};
static const struct hub_ops ops = {.size = sizeof ops, .open = notes_open, .close = notes_close};
static const struct hub_plugin plugin = {HUB_PLUGIN_HEAD,  .kind = HUB_SERVICE,
					 .name = "notes",  .version = "1",
					 .license = "MIT", .summary = "notes of the tests",
					 .opts = opts,     .conf_size = sizeof(struct hub_str),
					 .ops = &ops,      .service = &service};
const struct hub_plugin *hub_plugin_get(uint32_t i)
{
	return i == 0 ? &plugin : NULL;
}
