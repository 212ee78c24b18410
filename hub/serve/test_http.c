/* The HTTP frame against a client that writes bytes of its own. */
#include "test_client.h"

#include "serve/http.h"
#include "serve/socket.h"

#include <poll.h>
#include <signal.h>

struct world {
	struct hub_http *http;
	struct client client;
};

static void take_name(void *arg, const char *name, struct hub_str value)
{
	if (strcmp(name, "name") == 0)
		*(struct hub_str *)arg = value;
}

static int echo(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	struct hub_str name = {NULL, 0};

	(void)err;
	hub_http_each_query(q, take_name, &name);
	hub_buf_puts(&r->body, "{");
	hub_json_field(&r->body, "id", q->var[0]);
	hub_json_field(&r->body, "note", q->var[1]);
	hub_json_field(&r->body, "name", name.ptr ? name : HUB_STR("-"));
	hub_json_int(&r->body, "body", (int64_t)q->body.len);
	hub_json_field(&r->body, "peer", q->peer);
	hub_json_field(&r->body, "table", hub_str_of(q->arg));
	hub_buf_puts(&r->body, "}");
	hub_http_set(q, r, "ETag", HUB_STR("\"1\""));
	return HUB_OK;
}

static int refuse(struct hub_http_request *q, struct hub_http_reply *r, struct hub_err *err)
{
	(void)q;
	hub_buf_puts(&r->body, "half a reply");
	hub_hint(err, "-");
	if (hub_str_is(q->var[0], "ours"))
		return hub_fail(err, HUB_FATAL, "secret-place", "the database said something");
	return hub_http_fail(r, 404, err, "no-case", "there is no such case");
}

static int guard(const void *arg, struct hub_http_request *q, struct hub_http_reply *r,
		 struct hub_err *err)
{
	(void)arg;
	if (!q->route->permission || hub_http_header(q, "Authorization").ptr)
		return HUB_OK;
	hub_http_set(q, r, "WWW-Authenticate", HUB_STR("Bearer"));
	return hub_http_fail(r, 401, err, "login-needed", "nobody is signed in");
}

static const struct hub_http_route routes[] = {
    {"GET", "/v1/cases/{id}/notes/{note}", NULL, 0, "echo", echo},
    {"POST", "/v1/cases/{id}/notes/{note}", "write", 8, "echo", echo},
    {"GET", "/v1/broken/{id}", NULL, 0, "refuse", refuse},
    {"POST", "/v1/long/{id}/{note}", NULL, 1 << 20, "echo", echo},
};
static const struct hub_http_table tables[] = {{routes, HUB_COUNT(routes), "one"}};

static int start(struct hub_http_conf *conf, struct world *w)
{
	struct hub_err err = {0};

	assert_int_equal(hub_socket_listen(HUB_STR("127.0.0.1:0"), &conf->fd, &err), HUB_OK);
	w->client.port = hub_socket_port(conf->fd);
	return hub_http_start(conf, &w->http, &err);
}

static int setup(void **state)
{
	static struct world w;
	static struct hub_http_conf conf = {
	    .threads = 2, .timeout = 600, .table = tables, .tables = 1, .guard = guard};

	*state = &w;
	return start(&conf, &w);
}

static int teardown(void **state)
{
	struct world *w = *state;

	hub_http_stop(w->http);
	return 0;
}

static const char *ask(struct world *w, const char *request)
{
	return client_ask(&w->client, request);
}

static void answers(void **state)
{
	static const struct {
		const char *request, *want[3];
	} asks[] = {
	    {"GET /v1/cases/%E5%B1%B1/notes/a%2Fb?name=x+y%21 HTTP/1.1\r\n" TAIL "\r\n",
	     {"HTTP/1.1 200", "{\"id\":\"山\",\"note\":\"a/b\",\"name\":\"x y!\",\"body\":0,",
	      "\"peer\":\"127.0.0.1\",\"table\":\"one\"}"}},
	    {"GET /v1/cases/1/notes/2?name=%ff HTTP/1.1\r\n" TAIL "\r\n",
	     {"HTTP/1.1 200", "\"name\":\"-\"", "ETag: \"1\""}},
	    {"HEAD /v1/cases/1/notes/2 HTTP/1.1\r\n" TAIL "\r\n",
	     {"HTTP/1.1 200", "nosniff", "no-store"}},
	    {"GET /v1/cases/1/notes/2 HTTP/1.1\r\nhost: other\r\n" TAIL "\r\n",
	     {"HTTP/1.1 400", "header-twice", "Host"}},
	    {"POST /v1/cases/1/notes/2 HTTP/1.1\r\nOrigin: http://a\r\nOrigin: http://b\r\n" TAIL
	     "Content-Length: 0\r\n\r\n",
	     {"HTTP/1.1 400", "header-twice", "Origin"}},
	    {"GET /v1/cases/1%00/notes/2 HTTP/1.1\r\n" TAIL "\r\n", {"HTTP/1.1 400", "bad-path"}},
	    {"GET /v1/cases/../notes/%c0%ae HTTP/1.1\r\n" TAIL "\r\n", {"HTTP/1.1 400"}},
	    {"GET /v1/cases//notes/2 HTTP/1.1\r\n" TAIL "\r\n", {"HTTP/1.1 404", "no-route"}},
	    {"GET /v1/cases/1/notes/2/ HTTP/1.1\r\n" TAIL "\r\n", {"HTTP/1.1 404"}},
	    {"PUT /v1/cases/1/notes/2 HTTP/1.1\r\n" TAIL "Content-Length: 0\r\n\r\n",
	     {"HTTP/1.1 405", "Allow: GET, POST", "no-method"}},
	    {"POST /v1/cases/1/notes/2 HTTP/1.1\r\n" TAIL "Content-Length: 2\r\n\r\nab",
	     {"HTTP/1.1 401", "WWW-Authenticate: Bearer", "application/problem+json"}},
	    {"POST /v1/cases/1/notes/2 HTTP/1.1\r\nAuthorization: x\r\n" TAIL
	     "Content-Length: 8\r\n\r\n12345678",
	     {"HTTP/1.1 200", "\"body\":8"}},
	    {"POST /v1/cases/1/notes/2 HTTP/1.1\r\nAuthorization: x\r\n" TAIL
	     "Content-Length: 9\r\n\r\n123456789",
	     {"HTTP/1.1 413", "body-too-large"}},
	    {"POST /v1/cases/1/notes/2 HTTP/1.1\r\nAuthorization: x\r\n" TAIL
	     "Transfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n",
	     {"HTTP/1.1 413", "body-too-large"}},
	    {"GET /v1/broken/1 HTTP/1.1\r\n" TAIL "\r\n",
	     {"HTTP/1.1 404",
	      "\"status\":404,\"code\":\"no-case\",\"title\":\"there is no such case\""}},
	    {"GET /v1/broken/ours HTTP/1.1\r\n" TAIL "\r\n",
	     {"HTTP/1.1 500", "\"code\":\"internal\"", "the log says more"}},
	    {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", {"HTTP/1.1 400"}}, /* no Host */
	};
	struct world *w = *state;

	for (size_t i = 0; i < HUB_COUNT(asks); i++) {
		const char *got = ask(w, asks[i].request);
		for (size_t k = 0; k < HUB_COUNT(asks[i].want) && asks[i].want[k]; k++)
			has(got, asks[i].want[k]);
		assert_null(strstr(got, "half a reply"));
		assert_null(strstr(got, "the database said"));
	}
}

/* Two requests hidden in one: a length that is said twice, in two ways, or wrongly ends the connection. */
static void smuggling(void **state)
{
	static const char *const framing[] = {
	    "Content-Length: 2\r\nContent-Length: 40\r\n",
	    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
	    "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
	    "Content-Length: +2\r\n",
	    "Content-Length: 2, 40\r\n",
	    "Content-Length: 0x2\r\n",
	};
	struct world *w = *state;
	char request[512];

	for (size_t i = 0; i < HUB_COUNT(framing); i++) {
		snprintf(
		    request, sizeof request,
		    "POST /v1/cases/1/notes/2 HTTP/1.1\r\nAuthorization: x\r\nHost: a\r\n%s\r\n"
		    "0\r\n\r\nGET /v1/cases/9/notes/9 HTTP/1.1\r\nHost: a\r\n\r\n",
		    framing[i]);
		const char *got = ask(w, request);
		has(got, "HTTP/1.1 400");
		assert_null(strstr(got, "HTTP/1.1 200"));
	}
}

/* Is somebody let in again? What others held is given back when the server has seen that they are gone. */
static int comes_in(struct world *w)
{
	int in = 0;

	for (int i = 0; i < 10000 && !in; i++) {
		in = strstr(ask(w, "GET /v1/cases/1/notes/2 HTTP/1.1\r\n" TAIL "\r\n"),
			    "HTTP/1.1 200") != NULL;
		poll(NULL, 0, in ? 0 : 20);
	}
	return in;
}

static void slow_client(void **state)
{
	struct hub_http_conf conf = {.threads = 2, .timeout = 1, .table = tables, .tables = 1};
	struct world own = {0}, *w = &own;

	(void)state;
	assert_int_equal(start(&conf, w), HUB_OK);
	/* half a request: the other side hangs up, and we come back here */
	assert_string_equal(ask(w, "GET /v1/cases/1/notes/2 HTTP/1.1\r\nHost"), "");
	assert_true(comes_in(w));
	hub_http_stop(w->http);
}

static int reach(const struct world *w)
{
	const struct sockaddr_in sa = {.sin_family = AF_INET,
				       .sin_port = htons((uint16_t)w->client.port),
				       .sin_addr = {htonl(INADDR_LOOPBACK)}};
	const int s = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(connect(s, (const struct sockaddr *)&sa, sizeof sa), 0);
	return s;
}

/* A byte now and then: never silent for long, and never done. */
static void slow_body(void **state)
{
	static const char head[] =
	    "POST /v1/long/1/2 HTTP/1.1\r\n" TAIL "Content-Length: 100000\r\n\r\n";
	struct hub_http_conf conf = {
	    .threads = 2, .timeout = 600, .body_ms = 10, .table = tables, .tables = 1};
	struct world own = {0}, *w = &own;
	char byte;
	int open = 1;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(start(&conf, w), HUB_OK);
	const int s = reach(w);
	assert_int_equal(hub_write_all(s, head, sizeof head - 1), 0);
	for (int i = 0; i < 10000 && open; i++) {
		open = hub_write_all(s, "x", 1) == 0 &&
		       poll(&(struct pollfd){.fd = s, .events = POLLIN}, 1, 20) == 0;
	}
	assert_false(open);
	assert_true(hub_read(s, &byte, 1) <= 0);
	close(s);
	hub_http_stop(w->http);
}

/* One machine does not get all connections. No clock ends those that are held. */
static void one_address(void **state)
{
	struct hub_http_conf conf = {
	    .threads = 2, .per_address = 8, .timeout = 600, .table = tables, .tables = 1};
	struct world own = {0}, *w = &own;
	int held[8];

	(void)state;
	assert_int_equal(start(&conf, w), HUB_OK);
	for (size_t i = 0; i < HUB_COUNT(held); i++)
		held[i] = reach(w);
	assert_string_equal(ask(w, "GET /v1/cases/1/notes/2 HTTP/1.1\r\n" TAIL "\r\n"), "");
	for (size_t i = 0; i < HUB_COUNT(held); i++)
		close(held[i]);
	assert_true(comes_in(w));
	hub_http_stop(w->http);
}

static void addresses(void **state)
{
	struct hub_err err;
	int fd;

	(void)state;
	assert_int_equal(hub_socket_listen(HUB_STR("localhost"), &fd, &err), HUB_CONF);
	assert_int_equal(hub_socket_listen(HUB_STR("127.0.0.1:65536"), &fd, &err), HUB_CONF);
	assert_int_equal(hub_socket_listen(HUB_STR("192.0.2.1:0"), &fd, &err), HUB_RETRY);
	assert_int_equal(hub_socket_is_local(HUB_STR("127.1.2.3:1")), 1);
	assert_int_equal(hub_socket_is_local(HUB_STR("[::1]:1")), 1);
	assert_int_equal(hub_socket_is_local(HUB_STR(":1")), 0);
	assert_int_equal(hub_socket_is_local(HUB_STR("10.0.0.1:1")), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers),     cmocka_unit_test(smuggling),
	    cmocka_unit_test(slow_client), cmocka_unit_test(slow_body),
	    cmocka_unit_test(one_address), cmocka_unit_test(addresses),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
