/* The module through its routes, on a desk of our own (test_desk.h). */
#include "test_desk.h"

#include <libical/ical.h>

static struct hub_ctx ctx;

static void set(char *conf, const char *name, struct hub_str text, int64_t number)
{
	const struct hub_opt *o = hub_plugin_get(0)->opts;

	while (strcmp(o->name, name) != 0)
		o++;
	if (o->type == HUB_O_TEXT)
		memcpy(conf + o->offset, &text, sizeof text);
	else
		memcpy(conf + o->offset, &number, sizeof number);
}

static int begin(void **state)
{
	_Alignas(16) static char conf[256];
	struct world *w = calloc(1, sizeof *w);
	const struct hub_plugin *p = hub_plugin_get(0);
	struct hub_err err = {0};

	ctx.w = w;
	w->now = INT64_C(1763600000000);
	w->pushed = json_array();
	w->audited = json_array();
	set(conf, "retention", STR("3 years"), 0);
	set(conf, "domain", STR("city.example.jp"), 0);
	set(conf, "file_max", STR(""), 4096);
	set(conf, "search_depth", STR(""), 10);
	assert_int_equal(sqlite3_open(":memory:", &w->db), SQLITE_OK);
	for (uint32_t i = 0; i < p->service->migrations; i++)
		assert_int_equal(
		    sqlite3_exec(w->db, p->service->migration[i].sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(p->ops->open(&ctx, &host, conf, (struct hub_str){0}, &w->self, &err),
			 HUB_OK);
	w->block[0] = NULL; /* the instance stays */
	w->blocks = 0;
	*state = w;
	return 0;
}

static int end(void **state)
{
	struct world *w = *state;

	hub_plugin_get(0)->ops->close(w->self);
	free(w->self);
	sqlite3_close(w->db);
	json_decref(w->pushed);
	json_decref(w->audited);
	free(w);
	return 0;
}

/* ---- a request ---- */

static void value_of(struct world *w, const struct hub_member *m, json_t *j, struct hub_val *out);

static const struct hub_val *values_of(struct world *w, const struct hub_member *m, json_t *j)
{
	uint32_t n = 0;

	while (m && m[n].name)
		n++;
	struct hub_val *v = keep(w, (n + 1) * sizeof *v);
	for (uint32_t i = 0; i < n; i++) {
		json_t *one = json_object_get(j, m[i].name);
		if (!one)
			assert_false(m[i].flags & HUB_M_REQUIRED);
		else
			value_of(w, &m[i], one, &v[i]);
	}
	return v;
}

static void value_of(struct world *w, const struct hub_member *m, json_t *j, struct hub_val *out)
{
	if (json_is_array(j)) {
		struct hub_val *item = keep(w, (json_array_size(j) + 1) * sizeof *item);
		for (size_t i = 0; i < json_array_size(j); i++)
			value_of(w, m, json_array_get(j, i), &item[i]);
		*out = (struct hub_val){
		    .type = HUB_VAL_LIST, .n = (uint32_t)json_array_size(j), .item = item};
	} else if (json_is_object(j)) {
		*out = (struct hub_val){.type = HUB_VAL_LIST, .item = values_of(w, m->of, j)};
	} else if (json_is_string(j)) {
		*out = (struct hub_val){.type = HUB_VAL_TEXT, .s = STR(json_string_value(j))};
	} else if (json_is_boolean(j)) {
		*out = (struct hub_val){.type = HUB_VAL_BOOL, .i = json_is_true(j)};
	} else {
		*out = (struct hub_val){.type = HUB_VAL_INT, .i = json_integer_value(j)};
	}
}

/* Does a path fit a route's? Its variables go to var. */
static int fits(const char *path, size_t len, const char *pattern, struct hub_str var[4])
{
	size_t i = 0, n = 0;

	for (; *pattern; pattern++) {
		if (*pattern != '{') {
			if (i >= len || path[i++] != *pattern)
				return 0;
			continue;
		}
		pattern = strchr(pattern, '}');
		var[n].ptr = path + i;
		while (i < len && path[i] != '/')
			i++;
		var[n].len = (size_t)(path + i - var[n].ptr);
		n++;
	}
	return i == len;
}

static const struct hub_route *find(const char *method, const char *path, size_t len,
				    struct hub_str var[4])
{
	const struct hub_service *s = hub_plugin_get(0)->service;

	for (uint32_t i = 0; i < s->routes; i++)
		if (strcmp(s->route[i].method, method) == 0 &&
		    fits(path, len, s->route[i].path, var))
			return &s->route[i];
	fail_msg("no route %s %s", method, path);
	return NULL;
}

/* "a=1&b=x" as an object. */
static json_t *query_of(const char *q, const struct hub_member *m, struct hub_call *c)
{
	json_t *o = json_object();
	char name[64], value[200];
	int n;

	for (; q && sscanf(q, "%63[^=]=%199[^&]%n", name, value, &n) == 2; q += n + (q[n] == '&')) {
		if (strcmp(name, "after") == 0) {
			c->after.len = strlen(value);
			c->after.ptr = strdup(value);
		}
		if (strcmp(name, "limit") == 0)
			c->limit = (uint32_t)atoi(value);
		for (const struct hub_member *k = m; k && k->name; k++)
			if (strcmp(k->name, name) == 0)
				json_object_set_new(o, name,
						    k->type == HUB_M_INT ? json_integer(atoi(value))
						    : k->type == HUB_M_BOOL
							? json_boolean(strcmp(value, "true") == 0)
							: json_string(value));
	}
	return o;
}

static void forget(struct world *w)
{
	for (size_t i = 0; i < w->blocks; i++)
		free(w->block[i]);
	w->blocks = 0;
}

/* The reply, the caller's: of a list its items; of a refusal what was said, with "code". */
static json_t *ask(struct world *w, int64_t who, const char *method, const char *path,
		   const char *body)
{
	const struct hub_colleague me = colleague(who);
	const char *q = strchr(path, '?');
	struct hub_str var[4] = {{0}};
	struct hub_call c = {.size = sizeof c,
			     .ctx = &ctx,
			     .who = {me.id, me.login, me.name, me.agency, me.view_only},
			     .var = var,
			     .limit = 50,
			     .now = w->now += 1000};
	json_t *in = body ? json_loads(body, 0, NULL) : json_object();
	struct hub_err err = {0};

	assert_non_null(in);
	w->route = find(method, path, q ? (size_t)(q - path) : strlen(path), var);
	json_t *asked = query_of(q ? q + 1 : NULL, w->route->query, &c);
	c.query = values_of(w, w->route->query, asked);
	c.body = values_of(w, w->route->body, in);
	w->open[0] = w->route->flags & HUB_ROUTE_LIST ? json_array() : json_object();
	json_t *reply = w->open[0];
	w->depth = 1;
	w->status = 200;
	w->next[0] = w->file[0] = '\0';
	sqlite3_exec(w->db, "BEGIN", NULL, NULL, NULL);
	const int rc = w->route->handle(w->self, &c, &err);
	sqlite3_exec(w->db, rc ? "ROLLBACK" : "COMMIT", NULL, NULL, NULL);
	if (rc)
		assert_int_equal(rc, HUB_REFUSED);
	if (rc && json_is_array(reply)) {
		json_decref(reply);
		reply = json_pack("{s:s}", "code", err.code);
	}
	if (!rc)
		assert_int_equal(w->depth, 1);
	free((void *)(uintptr_t)c.after.ptr);
	json_decref(in);
	json_decref(asked);
	forget(w);
	return reply;
}

static void does(struct world *w, int64_t who, const char *method, const char *path,
		 const char *body)
{
	json_decref(ask(w, who, method, path, body));
}

/* The reply as compact JSON of one member ("" : whole), static. */
static const char *asks(struct world *w, int64_t who, const char *method, const char *path,
			const char *body, const char *member)
{
	static char text[8000];
	json_t *r = ask(w, who, method, path, body);
	const json_t *at = member[0] ? json_object_get(r, member) : r;
	char *dump = at ? json_dumps(at, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	snprintf(text, sizeof text, "%s", dump ? dump : "-");
	free(dump);
	json_decref(r);
	return text;
}

#define SAYS(want, ...) assert_string_equal(asks(__VA_ARGS__), (want))

static const char *pushes(struct world *w)
{
	static char text[4000];
	char *dump = json_dumps(w->pushed, JSON_COMPACT);

	snprintf(text, sizeof text, "%s", dump);
	free(dump);
	json_array_clear(w->pushed);
	return text;
}

static int pushed(struct world *w, const char *what)
{
	return strstr(pushes(w), what) != NULL;
}

/* Thread 1: of case K1, ann (owner), bob, cho. */
static void with_thread(struct world *w)
{
	SAYS("1", w, ANN, "POST", "/threads",
	     "{\"kind\":\"group\",\"case_no\":\"K1\",\"title\":\"方針\",\"members\":[2,3]}",
	     "thread");
	assert_int_equal(w->status, 201);
	pushes(w);
}

#define POST "POST", "/threads/1/messages"

/* ---- the tests ---- */

static void names_are_there_once(const struct hub_member *m)
{
	for (uint32_t i = 0; m && m[i].name; i++) {
		for (uint32_t k = 0; k < i; k++)
			assert_string_not_equal(m[i].name, m[k].name);
		names_are_there_once(m[i].of);
	}
}

static void tables(void **state)
{
	const struct hub_service *s = hub_plugin_get(0)->service;

	(void)state;
	for (uint32_t i = 0; i < s->routes; i++) {
		assert_non_null(s->route[i].handle);
		assert_memory_equal(s->route[i].permission, "chat.", 5);
		names_are_there_once(s->route[i].query);
		names_are_there_once(s->route[i].body);
		names_are_there_once(s->route[i].reply);
	}
	for (uint32_t i = 0; i < s->statements; i++)
		assert_non_null(s->statement[i]);
}

static void reading_and_writing(void **state)
{
	struct world *w = *state;

	with_thread(w);
	SAYS("1", w, ANN, POST, "{\"client_id\":\"a-000001\",\"text\":\"会議 @cho どう？\"}",
	     "seq");
	assert_int_equal(w->status, 201);
	assert_string_equal(pushes(w), "[\"mention cho {\\\"thread\\\":1,\\\"seq\\\":1}\","
				       "\"message ann {\\\"thread\\\":1,\\\"seq\\\":1}\","
				       "\"message bob {\\\"thread\\\":1,\\\"seq\\\":1}\","
				       "\"message cho {\\\"thread\\\":1,\\\"seq\\\":1}\"]");
	/* the same again is the same message */
	SAYS("1", w, ANN, POST, "{\"client_id\":\"a-000001\",\"text\":\"会議 @cho どう？\"}",
	     "seq");
	assert_int_equal(w->status, 200);
	assert_string_equal(pushes(w), "[]");
	/* another one under its client_id is neither lost nor taken for it */
	SAYS("\"client-id-used\"", w, ANN, POST,
	     "{\"client_id\":\"a-000001\",\"text\":\"会議は中止\"}", "code");
	assert_int_equal(w->status, 409);
	SAYS("\"client-id-used\"", w, ANN, POST,
	     "{\"client_id\":\"a-000001\",\"text\":\"会議 @cho どう？\",\"reply_to\":1}", "code");
	assert_string_equal(pushes(w), "[]");
	/* a mail address names nobody */
	SAYS("2", w, BOB, POST, "{\"client_id\":\"a-000001\",\"text\":\"x@cho @choo\"}", "seq");
	assert_false(pushed(w, "mention"));
	SAYS("{\"threads\":1,\"messages\":2,\"mentions\":1}", w, CHO, "GET", "/unread", NULL, "");
	SAYS("{\"read\":1,\"unread\":1,\"mentions\":0}", w, CHO, "PUT", "/threads/1/read",
	     "{\"seq\":1}", "");
	assert_true(pushed(w, "read ann {\\\"thread\\\":1,\\\"seq\\\":1}"));
	SAYS("{\"read\":1,\"unread\":1,\"mentions\":0}", w, CHO, "PUT", "/threads/1/read",
	     "{\"seq\":0}", "");
	SAYS("{\"read\":2,\"unread\":0,\"mentions\":0}", w, CHO, "PUT", "/threads/1/read",
	     "{\"seq\":999}", "");
	json_t *page = ask(w, CHO, "GET", "/threads/1/messages?limit=1", NULL);
	assert_int_equal(json_array_size(page), 1);
	assert_string_equal(w->next, "2");
	json_decref(page);
	page = ask(w, CHO, "GET", "/threads/1/messages?limit=1&after=2", NULL);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(page, 0), "seq")), 1);
	assert_string_equal(w->next, "");
	json_decref(page);
	/* everyone reads the case's name as their agency knows it */
	SAYS("\"K1\"", w, BOB, "GET", "/threads/1", NULL, "case_no");
	SAYS("\"h-K1\"", w, CHO, "GET", "/threads/1", NULL, "case_no");
	SAYS("\"no-case\"", w, CHO, "GET", "/threads?case_no=h-K2", NULL, "code");
	/* not a member, not there, no number: all alike */
	SAYS("\"no-thread\"", w, ERI, "GET", "/threads/1", NULL, "code");
	SAYS("\"no-thread\"", w, ANN, "GET", "/threads/9", NULL, "code");
	SAYS("\"no-thread\"", w, ANN, "GET", "/threads/1x", NULL, "code");
	assert_int_equal(w->status, 404);
}

static void held_until_masked_or_confirmed(void **state)
{
	struct world *w = *state;

	with_thread(w);
	SAYS("[{\"part\":\"text\",\"start\":3,\"end\":5,\"type\":\"PERSON\",\"label\":\"【本人】\","
	     "\"reason\":\"no-consent\",\"agency\":\"NPO\",\"confirmable\":true}]",
	     w, ANN, POST, "{\"client_id\":\"h-000001\",\"text\":\"本日、田中さん\"}", "held");
	assert_int_equal(w->status, 409);
	SAYS("[{\"part\":\"text\",\"text\":\"本日、【本人】さん\"}]", w, ANN, POST,
	     "{\"client_id\":\"h-000001\",\"text\":\"本日、田中さん\"}", "masked");
	assert_string_equal(pushes(w), "[]");
	/* nothing of it is there */
	SAYS("[]", w, ANN, "GET", "/threads/1/messages", NULL, "");
	SAYS("\"本日、【本人】さん\"", w, ANN, POST,
	     "{\"client_id\":\"h-000001\",\"text\":\"本日、田中さん\",\"as\":\"masked\"}", "text");
	SAYS("\"本日、【本人】さん\"", w, ANN, POST,
	     "{\"client_id\":\"h-000001\",\"text\":\"本日、田中さん\",\"as\":\"masked\"}", "text");
	assert_int_equal(w->status, 200);
	SAYS("\"client-id-used\"", w, ANN, POST,
	     "{\"client_id\":\"h-000001\",\"text\":\"本日、花子さん\",\"as\":\"masked\"}", "code");
	SAYS("\"LAW\"", w, ANN, POST,
	     "{\"client_id\":\"h-000002\",\"text\":\"田中さん\",\"confirm\":"
	     "{\"ground\":\"LAW\",\"reason\":\"支援会議の招集\"}}",
	     "ground");
	assert_string_equal(json_string_value(json_array_get(w->audited, 0)),
			    "confirm K1 thread 1, message 2, version 1: LAW, 0 files, to WEL NPO");
	sqlite3_stmt *s;
	sqlite3_prepare_v2(w->db, "SELECT account, legal_ground, reason, shown FROM chat_confirm",
			   -1, &s, NULL);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(s, 0), ANN);
	assert_string_equal((const char *)sqlite3_column_text(s, 2), "支援会議の招集");
	assert_string_equal(
	    (const char *)sqlite3_column_text(s, 3),
	    "[{\"part\":\"text\",\"type\":\"PERSON\",\"label\":\"【本人】\",\"reason\":"
	    "\"no-consent\",\"agency\":\"NPO\"},{\"files\":0}]");
	sqlite3_finalize(s);
	/* a no gives way to a law alone, a display restriction to nothing */
	SAYS("\"not-confirmable\"", w, ANN, POST,
	     "{\"client_id\":\"h-000003\",\"text\":\"花子\",\"confirm\":"
	     "{\"ground\":\"SPECIAL\",\"reason\":\"本人のため\"}}",
	     "code");
	SAYS("3", w, ANN, POST,
	     "{\"client_id\":\"h-000003\",\"text\":\"花子\",\"confirm\":"
	     "{\"ground\":\"LAW\",\"reason\":\"通告の義務\"}}",
	     "seq");
	SAYS("\"not-confirmable\"", w, ANN, POST,
	     "{\"client_id\":\"h-000004\",\"text\":\"新宿1-2-3\",\"confirm\":"
	     "{\"ground\":\"LAW\",\"reason\":\"通告の義務\"}}",
	     "code");
	/* titles and changes go the same way */
	SAYS("\"held\"", w, ANN, "PATCH", "/threads/1", "{\"title\":\"田中\"}", "code");
	SAYS("\"held\"", w, ANN, "PATCH", "/threads/1/messages/1", "{\"text\":\"田中\"}", "code");
	SAYS("\"held\"", w, ANN, "POST", "/threads",
	     "{\"kind\":\"direct\",\"title\":\"田中\",\"members\":[3]}", "code");
}

static void changing_and_taking_back(void **state)
{
	struct world *w = *state;

	with_thread(w);
	SAYS("1", w, ANN, POST, "{\"client_id\":\"c-000001\",\"text\":\"一\"}", "seq");
	SAYS("\"二\"", w, ANN, "PATCH", "/threads/1/messages/1", "{\"text\":\"二\"}", "text");
	SAYS("\"not-your-message\"", w, BOB, "PATCH", "/threads/1/messages/1", "{\"text\":\"三\"}",
	     "code");
	SAYS("\"not-your-message\"", w, CHO, "DELETE", "/threads/1/messages/1", NULL, "code");
	SAYS("-", w, ANN, "DELETE", "/threads/1/messages/1", NULL, "text");
	SAYS("\"no-message\"", w, ANN, "PATCH", "/threads/1/messages/1", "{\"text\":\"四\"}",
	     "code");
	json_t *m = ask(w, CHO, "GET", "/threads/1/messages/1", NULL);
	assert_null(json_object_get(m, "text"));
	assert_non_null(json_object_get(m, "deleted_at"));
	json_decref(m);
	json_t *h = ask(w, ANN, "GET", "/threads/1/messages/1/history", NULL);
	assert_int_equal(json_array_size(h), 2);
	assert_string_equal(json_string_value(json_object_get(json_array_get(h, 1), "text")), "二");
	json_decref(h);
	SAYS("\"no-message\"", w, CHO, "GET", "/threads/1/messages/1/history", NULL, "code");
	SAYS("[]", w, CHO, "GET", "/search?q=二", NULL, "");
}

static void who_comes_and_goes(void **state)
{
	struct world *w = *state;

	with_thread(w);
	does(w, ANN, POST, "{\"client_id\":\"w-000001\",\"text\":\"先の話\"}");
	SAYS("2", w, ANN, POST,
	     "{\"client_id\":\"w-000002\",\"text\":\"田中さん\",\"confirm\":"
	     "{\"ground\":\"LAW\",\"reason\":\"会議の招集\"}}",
	     "seq");
	SAYS("\"not-the-owner\"", w, BOB, "POST", "/threads/1/members", "{\"account\":5}", "code");
	SAYS("{\"added\":1,\"held\":0}", w, ANN, "POST", "/threads/1/members", "{\"account\":5}",
	     "");
	SAYS("[]", w, ERI, "GET", "/threads/1/messages", NULL, "");
	SAYS("\"no-message\"", w, ERI, "GET", "/threads/1/messages/1", NULL, "code");
	/* looked into again for the agency, the confirmed name stays away */
	SAYS("{}", w, ANN, "DELETE", "/threads/1/members/5", NULL, "");
	SAYS("\"no-thread\"", w, ERI, "GET", "/threads/1", NULL, "code");
	SAYS("{\"added\":1,\"held\":1}", w, ANN, "POST", "/threads/1/members",
	     "{\"agency\":\"MED\",\"history\":true}", "");
	json_t *page = ask(w, ERI, "GET", "/threads/1/messages", NULL);
	assert_int_equal(json_array_size(page), 1);
	json_decref(page);
	/* consent withdrawn: NPO sees no case, no thread, gets nothing, also later */
	w->blind = "NPO";
	SAYS("\"no-thread\"", w, CHO, "GET", "/threads/1/messages", NULL, "code");
	SAYS("[]", w, CHO, "GET", "/threads", NULL, "");
	SAYS("[]", w, CHO, "GET", "/search?q=話", NULL, "");
	SAYS("{\"threads\":0,\"messages\":0,\"mentions\":0}", w, CHO, "GET", "/unread", NULL, "");
	pushes(w);
	SAYS("3", w, ANN, POST, "{\"client_id\":\"w-000003\",\"text\":\"花子 @cho\"}", "seq");
	assert_false(pushed(w, "cho"));
	SAYS("\"agency-sees-nothing\"", w, ANN, "POST", "/threads/1/members", "{\"account\":4}",
	     "code");
	w->blind = NULL;
	SAYS("\"no-message\"", w, CHO, "GET", "/threads/1/messages/3", NULL, "code");
	SAYS("{}", w, ANN, "POST", "/threads/1/leave", NULL, "");
	json_t *t = ask(w, BOB, "GET", "/threads/1", NULL);
	assert_true(json_is_true(
	    json_object_get(json_array_get(json_object_get(t, "members"), 0), "owner")));
	json_decref(t);
}

static void looking_only(void **state)
{
	struct world *w = *state;

	with_thread(w);
	does(w, ANN, "POST", "/threads/1/members", "{\"account\":4}");
	SAYS("\"view-only\"", w, DAI, POST, "{\"client_id\":\"v-000001\",\"text\":\"x\"}", "code");
	SAYS("\"view-only\"", w, DAI, "POST", "/threads", "{\"kind\":\"group\"}", "code");
	SAYS("{\"read\":0,\"unread\":0,\"mentions\":0}", w, DAI, "PUT", "/threads/1/read",
	     "{\"seq\":1}", "");
	SAYS("true", w, DAI, "PUT", "/threads/1/archived", "{\"archived\":true}", "archived");
	SAYS("[]", w, DAI, "GET", "/threads", NULL, "");
	SAYS("true", w, ANN, "PATCH", "/threads/1", "{\"closed\":true}", "closed");
	SAYS("\"thread-closed\"", w, BOB, POST, "{\"client_id\":\"v-000002\",\"text\":\"x\"}",
	     "code");
}

static void two_go_on_in_their_thread(void **state)
{
	struct world *w = *state;
	const char *body = "{\"kind\":\"direct\",\"members\":[3]}";

	SAYS("1", w, ANN, "POST", "/threads", body, "thread");
	assert_int_equal(w->status, 201);
	SAYS("1", w, ANN, "POST", "/threads", body, "thread");
	assert_int_equal(w->status, 200);
	SAYS("1", w, CHO, "POST", "/threads", "{\"kind\":\"direct\",\"members\":[1]}", "thread");
	SAYS("\"direct-is-two\"", w, ANN, "POST", "/threads",
	     "{\"kind\":\"direct\",\"agencies\":[\"NPO\"]}", "code");
	SAYS("\"direct-thread\"", w, ANN, "POST", "/threads/1/members", "{\"account\":5}", "code");
}

static void search_goes_on_behind_its_depth(void **state)
{
	struct world *w = *state;
	char body[100];

	with_thread(w);
	for (int i = 0; i < 25; i++) {
		snprintf(body, sizeof body, "{\"client_id\":\"s-%06d\",\"text\":\"%s\"}", i,
			 i == 2 ? "50%の支援 ＡＢＣ" : "別の話");
		json_decref(ask(w, ANN, "POST", "/threads/1/messages", body));
	}
	/* 10 messages at a time */
	SAYS("[]", w, CHO, "GET", "/search?q=abc", NULL, "");
	assert_string_equal(w->next, "16");
	SAYS("[]", w, CHO, "GET", "/search?q=abc&after=16", NULL, "");
	json_t *hits = ask(w, CHO, "GET", "/search?q=abc&after=6", NULL);
	assert_int_equal(json_array_size(hits), 1);
	assert_string_equal(w->next, "");
	json_decref(hits);
	SAYS("[]", w, CHO, "GET", "/search?q=5_%&after=6", NULL, "");
	hits = ask(w, CHO, "GET", "/search?q=0%の&after=6", NULL);
	assert_int_equal(json_array_size(hits), 1);
	json_decref(hits);
	SAYS("[]", w, ERI, "GET", "/search?q=別", NULL, "");
}

static void files_need_a_confirmation(void **state)
{
	struct world *w = *state;
	const char *plain =
	    "{\"client_id\":\"f-000001\",\"files\":[{\"name\":\"田中.pdf\",\"type\":"
	    "\"application/pdf\",\"content\":\"aGVsbG8=\"}]}";
	const char *sure = "{\"client_id\":\"f-000001\",\"as\":\"masked\",\"files\":[{\"name\":"
			   "\"田中.pdf\",\"type\":\"application/pdf\",\"content\":\"aGVsbG8=\"}],"
			   "\"confirm\":{\"ground\":\"CONSENT\",\"reason\":\"同意書のとおり\"}}";

	with_thread(w);
	json_t *r = ask(w, ANN, POST, plain);
	assert_int_equal(json_array_size(json_object_get(r, "held")), 2);
	assert_string_equal(json_string_value(json_object_get(r, "code")), "held");
	json_decref(r);
	w->hides = 1;
	SAYS("\"files-refused\"", w, ANN, POST, sure, "code");
	w->hides = 0;
	SAYS("[{\"file\":1,\"name\":\"【本人】.pdf\",\"type\":\"application/pdf\",\"bytes\":5}]", w,
	     ANN, POST, sure, "files");
	does(w, CHO, "GET", "/threads/1/files/1", NULL);
	assert_string_equal(w->file, "hello");
	SAYS("\"no-thread\"", w, ERI, "GET", "/threads/1/files/1", NULL, "code");
	does(w, ANN, "POST", "/threads/1/members", "{\"account\":5,\"history\":true}");
	SAYS("\"no-file\"", w, ERI, "GET", "/threads/1/files/1", NULL, "code");
	does(w, ANN, "DELETE", "/threads/1/messages/1", NULL);
	SAYS("\"no-file\"", w, CHO, "GET", "/threads/1/files/1", NULL, "code");
	SAYS("\"not-base64\"", w, ANN, POST,
	     "{\"client_id\":\"f-000002\",\"files\":[{\"name\":\"a\",\"content\":\"aGVsbG9=\"}],"
	     "\"confirm\":{\"ground\":\"CONSENT\",\"reason\":\"同意書のとおり\"}}",
	     "code");
}

/* ---- polls ---- */

#define TIMES                                                \
	"\"deadline\":1763700000000,\"candidates\":["        \
	"{\"starts\":1764032400000,\"ends\":1764036000000}," \
	"{\"starts\":1764118800000,\"ends\":1764122400000}]"

static icalcomponent *calendar(struct world *w, int64_t who)
{
	json_decref(ask(w, who, "GET", "/threads/1/polls/1/calendar", NULL));
	icalcomponent *c = icalparser_parse_string(w->file);
	assert_non_null(c);
	assert_int_equal(icalcomponent_count_errors(c), 0);
	return c;
}

static void polls(void **state)
{
	struct world *w = *state;

	with_thread(w);
	SAYS("\"held\"", w, ANN, "POST", "/threads/1/polls",
	     "{\"title\":\"田中\",\"client_id\":\"p-000001\",\"meeting\":\"support_meeting\"," TIMES
	     "}",
	     "code");
	SAYS("1", w, ANN, "POST", "/threads/1/polls",
	     "{\"title\":\"第2回\",\"client_id\":\"p-000001\",\"meeting\":\"multilayer_meeting\","
	     "\"place\":\"市役所3階\"," TIMES "}",
	     "poll");
	SAYS("1", w, ANN, "POST", "/threads/1/polls",
	     "{\"title\":\"第2回\",\"client_id\":\"p-000001\",\"meeting\":\"multilayer_meeting\","
	     "\"place\":\"市役所3階\"," TIMES "}",
	     "poll");
	assert_int_equal(w->status, 200);
	SAYS("\"client-id-used\"", w, ANN, "POST", "/threads/1/polls",
	     "{\"title\":\"第3回\",\"client_id\":\"p-000001\",\"meeting\":\"multilayer_meeting\","
	     "\"place\":\"市役所3階\"," TIMES "}",
	     "code");
	SAYS("\"client-id-used\"", w, ANN, POST, "{\"client_id\":\"p-000001\",\"text\":\"第2回\"}",
	     "code");
	const char *answers = "{\"answers\":[{\"candidate\":1,\"answer\":\"no\"},{\"candidate\":2,"
			      "\"answer\":\"yes\"}],\"comment\":\"午後なら\"}";
	does(w, CHO, "PUT", "/threads/1/polls/1/answers", answers);
	does(w, BOB, "PUT", "/threads/1/polls/1/answers", answers);
	json_t *p = ask(w, BOB, "PUT", "/threads/1/polls/1/answers",
			"{\"answers\":[{\"candidate\":2,\"answer\":\"maybe\"}]}");
	json_t *second = json_array_get(json_object_get(p, "candidates"), 1);
	assert_int_equal(json_integer_value(json_object_get(second, "yes")), 1);
	assert_int_equal(json_integer_value(json_object_get(second, "maybe")), 1);
	assert_int_equal(json_array_size(json_object_get(p, "comments")), 2);
	json_decref(p);
	SAYS("\"no-candidate\"", w, BOB, "PUT", "/threads/1/polls/1/answers",
	     "{\"answers\":[{\"candidate\":3,\"answer\":\"yes\"}]}", "code");
	SAYS("\"not-decided\"", w, BOB, "GET", "/threads/1/polls/1/calendar", NULL, "code");
	SAYS("\"not-the-organiser\"", w, BOB, "POST", "/threads/1/polls/1/decide",
	     "{\"candidate\":2}", "code");
	SAYS("\"decided\"", w, ANN, "POST", "/threads/1/polls/1/decide", "{\"candidate\":2}",
	     "state");
	SAYS("\"poll-over\"", w, BOB, "PUT", "/threads/1/polls/1/answers", answers, "code");
	icalcomponent *c = calendar(w, CHO);
	icalcomponent *e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
	assert_int_equal(icalcomponent_get_method(c), ICAL_METHOD_REQUEST);
	assert_string_equal(icalcomponent_get_summary(e), "重層的支援会議（事案 T-1）");
	assert_string_equal(icalcomponent_get_location(e), "市役所3階");
	assert_int_equal(icalcomponent_get_sequence(e), 0);
	assert_null(strstr(w->file, "K1"));
	assert_non_null(strstr(w->file, "DTSTART;TZID=Asia/Tokyo:20251126T100000"));
	char uid[200];
	snprintf(uid, sizeof uid, "%s", icalcomponent_get_uid(e));
	icalcomponent_free(c);
	does(w, ANN, "POST", "/threads/1/polls/1/decide", "{\"candidate\":1}");
	SAYS("\"cancelled\"", w, ANN, "POST", "/threads/1/polls/1/cancel", NULL, "state");
	c = calendar(w, BOB);
	e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
	assert_int_equal(icalcomponent_get_method(c), ICAL_METHOD_CANCEL);
	assert_int_equal(icalcomponent_get_sequence(e), 2);
	assert_string_equal(icalcomponent_get_uid(e), uid);
	icalcomponent_free(c);
	SAYS("\"poll-cancelled\"", w, ANN, "POST", "/threads/1/polls/1/decide", "{\"candidate\":1}",
	     "code");
}

/* The timer tells the organiser once. */
static void a_deadline_is_told_once(void **state)
{
	struct world *w = *state;
	const struct hub_timer *t = hub_plugin_get(0)->service->timer;
	struct hub_err err = {0};

	with_thread(w);
	does(w, ANN, "POST", "/threads/1/polls",
	     "{\"title\":\"x\",\"client_id\":\"p-000001\",\"meeting\":\"meeting\"," TIMES "}");
	pushes(w);
	for (int i = 0; i < 3; i++) {
		struct hub_call c = {
		    .size = sizeof c, .ctx = &ctx, .now = i == 0 ? w->now : INT64_C(1763700000000)};
		assert_int_equal(t->tick(w->self, &c, &err), HUB_OK);
		assert_string_equal(
		    pushes(w), i == 1 ? "[\"poll ann {\\\"thread\\\":1,\\\"poll\\\":1}\"]" : "[]");
	}
	forget(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tables),
	    cmocka_unit_test_setup_teardown(reading_and_writing, begin, end),
	    cmocka_unit_test_setup_teardown(held_until_masked_or_confirmed, begin, end),
	    cmocka_unit_test_setup_teardown(changing_and_taking_back, begin, end),
	    cmocka_unit_test_setup_teardown(who_comes_and_goes, begin, end),
	    cmocka_unit_test_setup_teardown(looking_only, begin, end),
	    cmocka_unit_test_setup_teardown(two_go_on_in_their_thread, begin, end),
	    cmocka_unit_test_setup_teardown(search_goes_on_behind_its_depth, begin, end),
	    cmocka_unit_test_setup_teardown(files_need_a_confirmation, begin, end),
	    cmocka_unit_test_setup_teardown(polls, begin, end),
	    cmocka_unit_test_setup_teardown(a_deadline_is_told_once, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
