/* The layer that checks what comes in and what goes out, over a real server and a real store. */
#include "test_client.h"
#include "test_store.h"

#include "conf/report.h"
#include "serve/call.h"
#include "serve/push.h"
#include "serve/socket.h"

#include <jansson.h>

static const char *const colours[] = {"red", "blue", NULL};
static const struct hub_member part[] = {
    {.name = "name", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .max = 5},
    {.name = "sizes", .type = HUB_M_INT, .flags = HUB_M_LIST, .min = 1, .max = 9, .most = 2},
    {.name = NULL},
};
static const struct hub_member body[] = {
    {.name = "title", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .min = 1, .max = 10},
    {.name = "colour", .type = HUB_M_WORD, .words = colours},
    {.name = "due", .type = HUB_M_DATE, .flags = HUB_M_NULLABLE},
    {.name = "at", .type = HUB_M_TIME},
    {.name = "parts", .type = HUB_M_OBJECT, .flags = HUB_M_LIST, .of = part, .most = 3},
    {.name = "any", .type = HUB_M_JSON, .max = 40},
    {.name = NULL},
};
static const struct hub_member query[] = {
    {.name = "colour", .type = HUB_M_WORD, .flags = HUB_M_LIST, .words = colours, .most = 2},
    {.name = "count", .type = HUB_M_INT, .min = 1, .max = 5},
    {.name = NULL},
};
static const struct hub_member reply[] = {
    {.name = "title", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED},
    {.name = "secret", .type = HUB_M_TEXT, .flags = HUB_M_PERSONAL | HUB_M_NULLABLE},
    {.name = "colour", .type = HUB_M_WORD, .words = colours},
    {.name = "due", .type = HUB_M_DATE, .flags = HUB_M_NULLABLE},
    {.name = "at", .type = HUB_M_TIME},
    {.name = "parts", .type = HUB_M_OBJECT, .flags = HUB_M_LIST, .of = part},
    {.name = "any", .type = HUB_M_JSON},
    {.name = "count", .type = HUB_M_INT},
    {.name = NULL},
};
static const struct hub_member small[] = {
    {.name = "count", .type = HUB_M_INT, .flags = HUB_M_REQUIRED},
    {.name = NULL},
};

/* What came in goes out again. */
static int post_thing(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_val *in = c->body;

	(void)self;
	if (in[0].s.len == 5 && memcmp(in[0].s.ptr, "never", 5) == 0) {
		hub_call_text(c, "title", in[0].s);
		return hub_call_refuse(c, 409, err, "no-never", "not that one");
	}
	hub_call_status(c, 201);
	for (size_t i = 0; i < 6; i++)
		hub_call_say(c, body[i].name, &in[i]);
	return HUB_OK;
}

/* Counts in a table of the store, also when it fails afterwards. */
static int post_count(void *self, struct hub_call *c, struct hub_err *err)
{
	struct hub_db *db = hub_call_db(c);
	int64_t n = 0;
	int rc;

	(void)self;
	if ((rc = hub_db_run(db, err, "CREATE TABLE IF NOT EXISTS t_count (n INTEGER)", "")) ||
	    (rc = hub_db_one(db, &n, err, "SELECT count(*) FROM t_count", "")) ||
	    (rc = hub_call_version(c, n, err)) ||
	    (rc = hub_db_run(db, err, "INSERT INTO t_count VALUES (1)", "")) ||
	    (rc = hub_call_version(c, n + 1, err)))
		return rc;
	if (hub_str_is(c->var[0], "fail"))
		return hub_fail(err, HUB_FATAL, "on-purpose", "told to fail");
	hub_call_number(c, "count", n + 1);
	return HUB_OK;
}

static int get_count(void *self, struct hub_call *c, struct hub_err *err)
{
	int64_t n = 0;
	int rc = hub_db_one(hub_call_db(c), &n, err, "SELECT count(*) FROM t_count", "");

	if (rc || (rc = hub_call_version(c, n, err)))
		return rc;
	if (*(const int *)self) /* since it was written this reader may not see it any more */
		n = 0;
	hub_call_number(c, "count", n);
	return HUB_OK;
}

static int get_things(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)self;
	(void)err;
	for (uint32_t i = 0; i < c->query[0].n && i < c->limit; i++) {
		hub_call_open(c, NULL, 0);
		hub_call_text(c, "title", c->query[0].item[i].s);
		hub_call_number(c, "count", c->query[1].i);
		hub_call_close(c);
	}
	hub_call_next(c, c->after.len ? (struct hub_str){NULL, 0} : HUB_STR("2"));
	return HUB_OK;
}

static int get_wrong(void *self, struct hub_call *c, struct hub_err *err)
{
	(void)self;
	(void)err;
	hub_call_text(c, "title", HUB_STR("a"));
	if (hub_str_is(c->var[0], "undeclared"))
		hub_call_text(c, "address", HUB_STR("somewhere"));
	else if (hub_str_is(c->var[0], "missing"))
		hub_call_open(c, "parts", 1), hub_call_open(c, NULL, 0), hub_call_close(c),
		    hub_call_close(c);
	else if (hub_str_is(c->var[0], "word"))
		hub_call_text(c, "colour", HUB_STR("green"));
	else if (hub_str_is(c->var[0], "null"))
		hub_call_text(c, "any", (struct hub_str){NULL, 0});
	else if (hub_str_is(c->var[0], "open"))
		hub_call_open(c, "parts", 1);
	else if (hub_str_is(c->var[0], "twice"))
		hub_call_text(c, "title", HUB_STR("b"));
	return HUB_OK;
}

static const struct hub_route routes[] = {
    {"POST", "/things", "t.write", 0, NULL, body, reply, "make", post_thing},
    {"GET", "/things", "t.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, query, NULL, reply, "list",
     get_things},
    {"POST", "/counts/{how}", "t.write", 0, NULL, NULL, small, "count", post_count},
    {"GET", "/counts", "t.read", 0, NULL, NULL, small, "counted", get_count},
    {"GET", "/wrong/{how}", "", 0, NULL, NULL, reply, "says what it may not", get_wrong},
};

struct world {
	struct test_store store;
	struct hub_arena *arena;
	const struct hub_schema *schema;
	struct hub_pool *pool;
	struct hub_api *api;
	struct hub_http_table table[8];
	struct hub_http_conf conf;
	struct hub_http *http;
	struct client client;
	int hidden;
};

static int setup(void **state)
{
	static struct world w;
	struct hub_err err = {0};

	*state = &w;
	w.arena = hub_arena_new(0);
	if (test_store_make(&w.store) ||
	    hub_schema_load(w.arena, "schemas/common-case.cfg", NULL, &w.schema,
			    hub_report_new(w.arena), &err) ||
	    hub_pool_new(w.store.url, w.schema, 4, &w.pool, &err) ||
	    hub_api_new(w.arena, w.pool, NULL, &w.api, &err))
		return -1;
	const struct hub_api_table t = {
	    .base = "/v1/t", .tag = "t", .route = routes, .n = HUB_COUNT(routes), .arg = &w.hidden};
	struct hub_api_table described = hub_openapi_table;
	described.arg = w.api;
	if (hub_api_add(w.api, &t, &err) || hub_api_add(w.api, &described, &err))
		return -1;
	w.conf = (struct hub_http_conf){.threads = 2, .timeout = 600, .table = w.table, .both = 1};
	w.conf.tables = hub_api_tables(w.api, w.table, HUB_COUNT(w.table));
	if (hub_socket_listen(HUB_STR("127.0.0.1:0"), &w.conf.fd, &err))
		return -1;
	w.client.port = hub_socket_port(w.conf.fd);
	return hub_http_start(&w.conf, &w.http, &err);
}

static int teardown(void **state)
{
	struct world *w = *state;

	hub_http_stop(w->http);
	hub_pool_free(w->pool);
	hub_arena_free(w->arena);
	return test_store_remove(&w->store);
}

static const char *ask(struct world *w, const char *line, const char *headers, const char *json)
{
	char request[8192];

	snprintf(request, sizeof request,
		 "%s HTTP/1.1\r\n" TAIL "%sContent-Type: application/json; charset=utf-8\r\n"
		 "Content-Length: %zu\r\n\r\n%s",
		 line, headers, strlen(json), json);
	return client_ask(&w->client, request);
}

static void bodies(void **state)
{
	static const struct {
		const char *json, *want[3];
	} asks[] = {
	    {"{\"title\":\"山田\",\"colour\":\"red\",\"due\":null,\"at\":\"2026-04-01T00:00:00."
	     "25Z\","
	     "\"parts\":[{\"name\":\"x\",\"sizes\":[1,9]}],\"any\":{\"a\":[1,null]}}",
	     {"HTTP/1.1 201",
	      "{\"title\":\"山田\",\"colour\":\"red\",\"due\":null,"
	      "\"at\":\"2026-04-01T09:00:00.250+09:00\",\"parts\":[{\"name\":\"x\",\"sizes\":[1,9]}"
	      "],"
	      "\"any\":{\"a\":[1,null]}}",
	      "no-store"}},
	    {"{\"title\":\"a\"}", {"HTTP/1.1 201", "{\"title\":\"a\"}"}},
	    {"{}", {"HTTP/1.1 422", "member-missing", "\"member\":\"title\""}},
	    {"{\"title\":\"\"}", {"HTTP/1.1 422", "too short", "From 1 to 10"}},
	    {"{\"title\":\"一二三四五六七八九十一\"}", {"HTTP/1.1 422", "too long"}},
	    {"{\"title\":\"a\\u0007\"}", {"HTTP/1.1 422", "control"}},
	    {"{\"title\":\"a\\u0000\"}", {"HTTP/1.1 400", "bad-json"}},
	    {"{\"title\":\"a\",\"titel\":1}",
	     {"HTTP/1.1 422", "unknown-member", "Did you mean \\\"title\\\"?"}},
	    {"{\"title\":\"a\",\"title\":\"b\"}", {"HTTP/1.1 400", "bad-json"}},
	    {"{\"title\":\"a\",\"colour\":\"green\"}", {"HTTP/1.1 422", "\"member\":\"colour\""}},
	    {"{\"title\":\"a\",\"due\":\"2026-02-30\"}", {"HTTP/1.1 422", "\"member\":\"due\""}},
	    {"{\"title\":\"a\",\"at\":\"2026-02-03\"}", {"HTTP/1.1 422", "\"member\":\"at\""}},
	    {"{\"title\":null}", {"HTTP/1.1 422", "null"}},
	    {"{\"title\":1}", {"HTTP/1.1 422", "wants a text"}},
	    {"{\"title\":\"a\",\"parts\":[{\"name\":\"a\"},{\"name\":\"abcdef\"}]}",
	     {"HTTP/1.1 422", "\"member\":\"parts[1].name\""}},
	    {"{\"title\":\"a\",\"parts\":[{\"name\":\"a\",\"sizes\":[1,10]}]}",
	     {"HTTP/1.1 422", "\"member\":\"parts[0].sizes[1]\"", "From 1 to 9"}},
	    {"{\"title\":\"a\",\"parts\":[{\"name\":\"a\",\"sizes\":[1,2,3]}]}",
	     {"HTTP/1.1 422", "At most 2"}},
	    {"{\"title\":\"a\",\"parts\":{}}", {"HTTP/1.1 422", "wants a list"}},
	    {"{\"title\":\"a\",\"any\":\"123456789012345678901234567890123456789\"}",
	     {"HTTP/1.1 422", "\"member\":\"any\""}},
	    {"{\"any\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
	     {"HTTP/1.1 400", "json-too-deep"}},
	    {"[]", {"HTTP/1.1 400", "JSON object"}},
	    {"{\"title\":", {"HTTP/1.1 400", "line 1"}},
	    {"{\"title\":\"never\"}",
	     {"HTTP/1.1 409", "\"code\":\"no-never\"", "\"title\":\"never\"}"}},
	};
	struct world *w = *state;

	for (size_t i = 0; i < HUB_COUNT(asks); i++) {
		const char *got = ask(w, "POST /v1/t/things", "", asks[i].json);
		for (size_t k = 0; k < HUB_COUNT(asks[i].want) && asks[i].want[k]; k++)
			has(got, asks[i].want[k]);
	}
	has(client_ask(&w->client, "POST /v1/t/things HTTP/1.1\r\n" TAIL
				   "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}"),
	    "HTTP/1.1 415");
	has(ask(w, "POST /v1/t/counts/x", "", "{}"), "HTTP/1.1 413");
}

static void queries(void **state)
{
	static const struct {
		const char *line, *want[2];
	} asks[] = {
	    {"GET /v1/t/things?colour=red&colour=blue&count=5",
	     {"{\"items\":[{\"title\":\"red\",\"count\":5},{\"title\":\"blue\",\"count\":5}],"
	      "\"next\":\"2\"}"}},
	    {"GET /v1/t/things?colour=red&colour=blue&count=5&limit=1&after=2",
	     {"{\"items\":[{\"title\":\"red\",\"count\":5}]}"}},
	    {"GET /v1/t/things", {"{\"items\":[],\"next\":\"2\"}"}},
	    {"GET /v1/t/things?color=red", {"HTTP/1.1 400", "Did you mean \\\"colour\\\"?"}},
	    {"GET /v1/t/things?count=6", {"HTTP/1.1 422", "From 1 to 5"}},
	    {"GET /v1/t/things?count=1&count=2", {"HTTP/1.1 422", "twice"}},
	    {"GET /v1/t/things?colour=red&colour=red&colour=red", {"HTTP/1.1 422", "At most 2"}},
	    {"GET /v1/t/things?colour=%ff", {"HTTP/1.1 422", "UTF-8"}},
	    {"GET /v1/t/things?limit=201", {"HTTP/1.1 400", "1 to 200"}},
	    {"GET /v1/t/things?limit=2&limit=2", {"HTTP/1.1 400", "twice"}},
	    {"GET /v1/t/things?limit=%zz", {"HTTP/1.1 400", "\"member\":\"limit\""}},
	    {"GET /v1/t/things?after=%ff", {"HTTP/1.1 400", "\"member\":\"after\""}},
	    {"GET /v1/t/things?after=2&limit=200", {"{\"items\":[]}"}},
	    {"GET /v1/t/counts?after=2", {"HTTP/1.1 400", "unknown-member"}},
	    {"GET /v1/t/wrong/x?a=1", {"HTTP/1.1 400", "unknown-member"}},
	};
	struct world *w = *state;

	for (size_t i = 0; i < HUB_COUNT(asks); i++) {
		const char *got = ask(w, asks[i].line, "", "");
		for (size_t k = 0; k < HUB_COUNT(asks[i].want) && asks[i].want[k]; k++)
			has(got, asks[i].want[k]);
	}
}

/* What is not declared never leaves: neither the member nor what was said before it. */
static void replies(void **state)
{
	static const char *const wrong[] = {"undeclared", "missing", "word",
					    "null",       "open",    "twice"};
	struct world *w = *state;
	char line[80];

	has(ask(w, "GET /v1/t/wrong/not", "", ""), "{\"title\":\"a\"}");
	for (size_t i = 0; i < HUB_COUNT(wrong); i++) {
		snprintf(line, sizeof line, "GET /v1/t/wrong/%s", wrong[i]);
		const char *got = ask(w, line, "", "");
		has(got, "HTTP/1.1 500");
		has(got, "\"code\":\"internal\"");
		assert_null(strstr(got, "somewhere"));
		assert_null(strstr(got, "green"));
	}
}

static void tag_of(const char *got, char out[100])
{
	const char *head = strstr(got, "ETag: \"");

	assert_non_null(head);
	snprintf(out, 100, "%.*s", (int)strcspn(head + 7, "\""), head + 7);
}

static void versions(void **state)
{
	struct world *w = *state;
	char tag[100], seen[200];

	const char *got = ask(w, "POST /v1/t/counts/x", "", "");
	has(got, "{\"count\":1}");
	has(got, "ETag: \"1\"");
	has(ask(w, "POST /v1/t/counts/fail", "", ""), "HTTP/1.1 500"); /* leaves nothing */
	has(ask(w, "POST /v1/t/counts/x", "If-Match: \"0\"\r\n", ""), "HTTP/1.1 412");
	has(ask(w, "POST /v1/t/counts/x", "If-Match: \"7\", \"1\"\r\n", ""), "{\"count\":2}");
	got = ask(w, "GET /v1/t/counts", "", "");
	has(got, "{\"count\":2}");
	has(got, "Cache-Control: private, no-cache"); /* no personal member */
	tag_of(got, tag);
	assert_memory_equal(tag, "2-", 2);
	snprintf(seen, sizeof seen, "If-None-Match: \"x\", W/\"%s\"\r\n", tag);
	got = ask(w, "GET /v1/t/counts", seen, "");
	has(got, "HTTP/1.1 304");
	assert_null(strstr(got, "count"));
	has(ask(w, "GET /v1/t/counts", "If-None-Match: \"1\", \"2\"\r\n", ""), "{\"count\":2}");
	w->hidden = 1;
	has(ask(w, "GET /v1/t/counts", seen, ""), "{\"count\":0}");
	w->hidden = 0;
	snprintf(seen, sizeof seen, "If-Match: \"%s\"\r\n", tag); /* as it was read */
	has(ask(w, "POST /v1/t/counts/x", seen, ""), "{\"count\":3}");
	has(ask(w, "POST /v1/t/counts/x", seen, ""), "HTTP/1.1 412");
	has(ask(w, "POST /v1/t/things", seen, "{\"title\":\"a\"}"), "\"code\":\"no-version\"");
}

/* What has no version has a tag as well: of its words. */
static void tags(void **state)
{
	struct world *w = *state;
	char tag[100], seen[200];

	tag_of(ask(w, "GET /v1/t/things?colour=red", "", ""), tag);
	assert_int_equal(strlen(tag), 32);
	snprintf(seen, sizeof seen, "If-None-Match: \"%s\"\r\n", tag);
	has(ask(w, "GET /v1/t/things?colour=red", seen, ""), "HTTP/1.1 304");
	has(ask(w, "GET /v1/t/things?colour=blue", seen, ""), "\"title\":\"blue\"");
	has(ask(w, "GET /v1/t/things?colour=blue", "If-None-Match: *\r\n", ""), "HTTP/1.1 304");
	has(ask(w, "GET /v1/t/things?limit=x", seen, ""), "HTTP/1.1 400");
	assert_null(strstr(ask(w, "GET /v1/t/wrong/word", seen, ""), "ETag"));
}

static const json_t *at(const json_t *o, const char *const *path)
{
	for (; *path; path++)
		o = json_object_get(o, *path);
	return o;
}
#define AT(o, ...) at((o), (const char *const[]){__VA_ARGS__, NULL})

static void description(void **state)
{
	struct world *w = *state;
	const char *got = strstr(ask(w, "GET /v1/openapi.json", "", ""), "\r\n\r\n");

	json_t *doc = json_loads(got + 4, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(doc);
	for (size_t i = 0; i < HUB_COUNT(routes); i++) {
		char path[80], method[8] = "";
		snprintf(path, sizeof path, "/v1/t%s", routes[i].path);
		for (size_t k = 0; routes[i].method[k]; k++)
			method[k] = (char)(routes[i].method[k] | 0x20);
		const json_t *op = AT(doc, "paths", path, method);
		assert_string_equal(json_string_value(AT(op, "x-permission")),
				    routes[i].permission);
	}
	assert_int_equal(
	    json_integer_value(AT(doc, "components", "schemas", "post_v1_t_things_body",
				  "properties", "parts", "maxItems")),
	    3);
	assert_true(json_is_true(AT(doc, "components", "schemas", "post_v1_t_things_reply",
				    "properties", "secret", "x-personal")));
	json_decref(doc);
}

static void tables(void **state)
{
	static const struct hub_member twice[] = {
	    {.name = "a", .type = HUB_M_INT}, {.name = "a", .type = HUB_M_INT}, {.name = NULL}};
	static const struct hub_member wordless[] = {{.name = "a", .type = HUB_M_WORD},
						     {.name = NULL}};
	static const struct hub_member deep[] = {{.name = "a", .type = HUB_M_OBJECT, .of = deep},
						 {.name = NULL}};
	static const struct hub_member *const bad[] = {twice, wordless, deep};
	struct world *w = *state;
	struct hub_err err;

	for (size_t i = 0; i < HUB_COUNT(bad); i++) {
		const struct hub_route r = {"GET", "/x", "", 0, NULL, NULL, bad[i], "x", get_wrong};
		const struct hub_api_table t = {.base = "/v1/x", .tag = "x", .route = &r, .n = 1};
		assert_int_equal(hub_api_add(w->api, &t, &err), HUB_CONF);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bodies),   cmocka_unit_test(queries), cmocka_unit_test(replies),
	    cmocka_unit_test(versions), cmocka_unit_test(tags),    cmocka_unit_test(description),
	    cmocka_unit_test(tables),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
