/* GET /v1/openapi.json: OpenAPI 3.1, made from the tables that serve the requests, so that the two cannot differ. */
#include "serve/calling.h"

#include <ctype.h>

enum { NAME_MOST = 160 };

struct document {
	const struct hub_api *api;
	struct hub_buf *out;
};

static void put_members(struct document *d, const struct hub_member *m);

/* --- schemas ---------------------------------------------------------------------------------- */

static void put_words(struct hub_buf *b, const struct hub_member *m)
{
	hub_json_key(b, "enum");
	hub_buf_putc(b, '[');
	for (size_t i = 0; m->words[i]; i++) {
		if (i)
			hub_buf_putc(b, ',');
		hub_json_str(b, hub_str_of(m->words[i]));
	}
	if (m->flags & HUB_M_NULLABLE)
		hub_buf_puts(b, ",null");
	hub_buf_putc(b, ']');
}

static void put_type(struct hub_buf *b, const struct hub_member *m, const char *type)
{
	hub_json_key(b, "type");
	hub_buf_printf(b, m->flags & HUB_M_NULLABLE ? "[\"%s\",\"null\"]" : "\"%s\"", type);
}

static void put_scalar(struct document *d, const struct hub_member *m)
{
	struct hub_buf *b = d->out;

	switch (m->type) {
	case HUB_M_INT:
		put_type(b, m, "integer");
		hub_json_field(b, "format", HUB_STR("int64"));
		if (m->min || m->max) {
			hub_json_int(b, "minimum", m->min);
			hub_json_int(b, "maximum", m->max);
		}
		break;
	case HUB_M_BOOL:
		put_type(b, m, "boolean");
		break;
	case HUB_M_DATE:
	case HUB_M_TIME:
		put_type(b, m, "string");
		hub_json_field(b, "format",
			       m->type == HUB_M_DATE ? HUB_STR("date") : HUB_STR("date-time"));
		break;
	case HUB_M_WORD:
		put_type(b, m, "string");
		put_words(b, m);
		break;
	case HUB_M_OBJECT:
		put_members(d, m->of);
		break;
	case HUB_M_JSON:
		break; /* anything */
	default:
		put_type(b, m, "string");
		if (m->min)
			hub_json_int(b, "minLength", m->min);
		hub_json_int(b, "maxLength", hub_member_longest(m));
	}
}

static void put_help(struct hub_buf *b, const struct hub_member *m)
{
	if (m->help && m->help[0])
		hub_json_field(b, "description", hub_str_of(hub_tr(m->help)));
	if (m->flags & HUB_M_PERSONAL) {
		hub_json_key(b, "x-personal");
		hub_buf_puts(b, "true");
	}
}

static void put_schema(struct document *d, const struct hub_member *m)
{
	struct hub_buf *b = d->out;

	hub_buf_putc(b, '{');
	if (m->flags & HUB_M_LIST) {
		put_type(b, m, "array");
		hub_json_int(b, "maxItems", hub_member_most(m));
		hub_json_key(b, "items");
		hub_buf_putc(b, '{');
		struct hub_member one = *m;
		one.flags &= ~(uint32_t)HUB_M_NULLABLE;
		put_scalar(d, &one);
		hub_buf_putc(b, '}');
	} else {
		put_scalar(d, m);
	}
	put_help(b, m);
	hub_buf_putc(b, '}');
}

/* The keywords of an object, without its brackets. */
static void put_members(struct document *d, const struct hub_member *m)
{
	struct hub_buf *b = d->out;
	int any = 0;

	hub_json_field(b, "type", HUB_STR("object"));
	hub_json_key(b, "properties");
	hub_buf_putc(b, '{');
	for (size_t i = 0; m[i].name; i++) {
		hub_json_key(b, m[i].name);
		put_schema(d, &m[i]);
		any |= (m[i].flags & HUB_M_REQUIRED) != 0;
	}
	hub_buf_putc(b, '}');
	if (any) {
		hub_json_key(b, "required");
		hub_buf_putc(b, '[');
		for (size_t i = 0; m[i].name; i++) {
			if (!(m[i].flags & HUB_M_REQUIRED))
				continue;
			if (hub_buf_last(b) != '[')
				hub_buf_putc(b, ',');
			hub_json_str(b, hub_str_of(m[i].name));
		}
		hub_buf_putc(b, ']');
	}
	hub_json_key(b, "additionalProperties");
	hub_buf_puts(b, "false");
}

/* --- operations ------------------------------------------------------------------------------- */

/* "get_v1_chat_threads_thread" */
static void operation_name(const struct hub_http_route *r, char out[NAME_MOST])
{
	size_t n = 0;

	for (const char *c = r->method; *c && n < NAME_MOST - 1; c++)
		out[n++] = (char)tolower((unsigned char)*c);
	for (const char *c = r->path; *c && n < NAME_MOST - 1; c++) {
		if (isalnum((unsigned char)*c))
			out[n++] = *c;
		else if (out[n - 1] != '_' && c[1])
			out[n++] = '_';
	}
	if (n && out[n - 1] == '_')
		n--;
	out[n] = '\0';
}

static void begin_parameter(struct document *d, int *any, const char *name, const char *in)
{
	hub_buf_puts(d->out, (*any)++ ? ",{" : "{");
	hub_json_field(d->out, "name", hub_str_of(name));
	hub_json_field(d->out, "in", hub_str_of(in));
}

static void put_path_parameters(struct document *d, const char *path, int *any)
{
	struct hub_str rest = hub_str_of(path), piece;
	char name[80];

	while (hub_str_next(&rest, '/', &piece)) {
		if (!hub_str_starts(piece, HUB_STR("{")))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)piece.len - 2, piece.ptr + 1);
		begin_parameter(d, any, name, "path");
		hub_buf_puts(d->out, ",\"required\":true,\"schema\":{\"type\":\"string\"}}");
	}
}

static void put_parameters(struct document *d, const struct hub_http_route *http,
			   const struct hub_route *route)
{
	struct hub_buf *b = d->out;
	int any = 0;

	hub_json_key(b, "parameters");
	hub_buf_putc(b, '[');
	put_path_parameters(d, http->path, &any);
	for (const struct hub_member *m = route->query; m && m->name; m++) {
		begin_parameter(d, &any, m->name, "query");
		hub_buf_printf(b, ",\"required\":%s,\"schema\":",
			       m->flags & HUB_M_REQUIRED ? "true" : "false");
		put_schema(d, m);
		hub_buf_putc(b, '}');
	}
	if (route->flags & HUB_ROUTE_PAGED) {
		begin_parameter(d, &any, "after", "query");
		hub_buf_puts(b, ",\"schema\":{\"type\":\"string\",\"maxLength\":500}}");
		begin_parameter(d, &any, "limit", "query");
		hub_buf_printf(b,
			       ",\"schema\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":%d,"
			       "\"default\":%d}}",
			       HUB_PAGE_MOST, HUB_PAGE);
	}
	hub_buf_putc(b, ']');
}

static void put_ref(struct hub_buf *b, const char *operation, const char *what)
{
	hub_buf_printf(b, "{\"$ref\":\"#/components/schemas/%s_%s\"}", operation, what);
}

static void put_reply(struct document *d, const struct hub_route *route, const char *operation)
{
	struct hub_buf *b = d->out;

	if (route->flags & HUB_ROUTE_RAW) {
		hub_buf_puts(b, "\"200\":{\"description\":\"\",\"content\":{\"*/*\":{}}}");
		return;
	}
	if (!route->reply) {
		hub_buf_puts(b, "\"204\":{\"description\":\"\"}");
		return;
	}
	hub_buf_puts(
	    b, "\"2XX\":{\"description\":\"\",\"content\":{\"application/json\":{\"schema\":");
	put_ref(b, operation, "reply");
	hub_buf_puts(b, "}}}");
}

static void put_body(struct document *d, const struct hub_route *route, const char *operation)
{
	struct hub_buf *b = d->out;

	if (!route->body)
		return;
	hub_buf_puts(b, ",\"requestBody\":{\"required\":true,\"content\":{");
	if (route->flags & HUB_ROUTE_BYTES) {
		hub_buf_puts(b, "\"*/*\":{}}}");
		return;
	}
	hub_buf_puts(b, "\"application/json\":{\"schema\":");
	put_ref(b, operation, "body");
	hub_buf_puts(b, "}}}");
}

static void put_operation(struct document *d, const struct hub_api_set *set, size_t i)
{
	const struct hub_http_route *http = &set->http[i];
	const struct hub_route *route = &set->pub.route[i];
	struct hub_buf *b = d->out;
	char name[NAME_MOST];

	operation_name(http, name);
	hub_buf_putc(b, '"');
	for (const char *c = http->method; *c; c++)
		hub_buf_putc(b, (char)tolower((unsigned char)*c));
	hub_buf_puts(b, "\":{");
	hub_json_field(b, "operationId", hub_str_of(name));
	hub_json_field(b, "summary", hub_str_of(hub_tr(http->summary)));
	hub_json_key(b, "tags");
	hub_buf_printf(b, "[\"%s\"]", set->pub.tag);
	if (http->permission)
		hub_json_field(b, "x-permission", hub_str_of(http->permission));
	else
		hub_buf_puts(b, ",\"security\":[]");
	put_parameters(d, http, route);
	put_body(d, route, name);
	hub_buf_puts(b, ",\"responses\":{");
	put_reply(d, route, name);
	if (strcmp(http->method, "GET") == 0)
		hub_buf_puts(b, ",\"304\":{\"description\":\"If-None-Match\"}");
	hub_buf_puts(b, ",\"default\":{\"$ref\":\"#/components/responses/problem\"}}}");
}

/* --- the document ----------------------------------------------------------------------------- */

/* Has an operation of this path been put before? */
static int is_put(const struct document *d, const struct hub_api_set *set, size_t route)
{
	const char *path = set->http[route].path;

	for (const struct hub_api_set *s = d->api->first;; s = s->next) {
		for (size_t i = 0; i < (s == set ? route : s->pub.n); i++)
			if (strcmp(s->http[i].path, path) == 0)
				return 1;
		if (s == set)
			return 0;
	}
}

static void put_path(struct document *d, const struct hub_api_set *set, size_t route)
{
	const char *path = set->http[route].path;
	int any = 0;

	hub_json_key(d->out, path);
	hub_buf_putc(d->out, '{');
	for (const struct hub_api_set *s = set; s; s = s->next)
		for (size_t i = 0; i < s->pub.n; i++) {
			if (strcmp(s->http[i].path, path) != 0)
				continue;
			if (any++)
				hub_buf_putc(d->out, ',');
			put_operation(d, s, i);
		}
	hub_buf_putc(d->out, '}');
}

static void put_component(struct document *d, const char *operation, const char *what,
			  const struct hub_route *route)
{
	const struct hub_member *m = strcmp(what, "body") == 0 ? route->body : route->reply;
	const int list = m == route->reply && (route->flags & HUB_ROUTE_LIST);
	struct hub_buf *b = d->out;
	char name[NAME_MOST + 8];

	if (!m)
		return;
	snprintf(name, sizeof name, "%s_%s", operation, what);
	hub_json_key(b, name);
	hub_buf_putc(b, '{');
	if (list)
		hub_buf_puts(b, "\"type\":\"object\",\"required\":[\"items\"],\"properties\":{"
				"\"items\":{\"type\":\"array\",\"items\":{");
	put_members(d, m);
	if (list) {
		hub_buf_puts(b, "}}");
		if (route->flags & HUB_ROUTE_PAGED)
			hub_buf_puts(b, ",\"next\":{\"type\":\"string\"}");
		hub_buf_putc(b, '}');
	}
	hub_buf_putc(b, '}');
}

static void put_components(struct document *d)
{
	static const char fixed[] =
	    ",\"securitySchemes\":{"
	    "\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"tsunagi\"},"
	    "\"token\":{\"type\":\"http\",\"scheme\":\"bearer\"}},"
	    "\"responses\":{\"problem\":{\"description\":\"RFC 9457\",\"content\":{"
	    "\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/"
	    "problem\"}}}}}"
	    "}";
	static const char problem[] =
	    "\"problem\":{\"type\":\"object\",\"required\":[\"type\",\"status\",\"code\",\"title\"]"
	    ","
	    "\"properties\":{\"type\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
	    "\"code\":{\"type\":\"string\"},\"title\":{\"type\":\"string\"},"
	    "\"detail\":{\"type\":\"string\"},\"member\":{\"type\":\"string\"}}}";
	struct hub_buf *b = d->out;
	char name[NAME_MOST];

	hub_buf_puts(b, ",\"components\":{\"schemas\":{");
	hub_buf_puts(b, problem);
	for (const struct hub_api_set *set = d->api->first; set; set = set->next)
		for (size_t i = 0; i < set->pub.n; i++) {
			const struct hub_route *route = &set->pub.route[i];
			operation_name(&set->http[i], name);
			if (!(route->flags & HUB_ROUTE_BYTES))
				put_component(d, name, "body", route);
			if (!(route->flags & HUB_ROUTE_RAW))
				put_component(d, name, "reply", route);
		}
	hub_buf_putc(b, '}');
	hub_buf_puts(b, fixed);
}

/* It tells what can be asked, not what is known: open to everybody, like the program's source. */
static int get_document(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_api *api = self;
	struct hub_buf *out = &hub_call_reply(c)->body;
	struct document d = {.api = api, .out = out};

	hub_call_header(c, "Cache-Control", HUB_STR("no-cache"));
	hub_buf_puts(out, "{\"openapi\":\"3.1.0\",\"info\":{");
	hub_json_field(out, "title", HUB_STR("Tsunagi"));
	hub_json_field(out, "version", HUB_STR("1"));
	hub_buf_puts(out, "},\"security\":[{\"session\":[]},{\"token\":[]}],\"paths\":{");
	for (const struct hub_api_set *set = api->first; set; set = set->next)
		for (size_t i = 0; i < set->pub.n; i++)
			if (!is_put(&d, set, i))
				put_path(&d, set, i);
	hub_buf_putc(out, '}');
	put_components(&d);
	hub_buf_puts(out, "}\n");
	return hub_buf_ok(out) ? HUB_OK : hub_fail_mem(err);
}

static const struct hub_route routes[] = {
    {"GET", "/v1/openapi.json", NULL, HUB_ROUTE_RAW, NULL, NULL, NULL, HUB_N("this description"),
     get_document},
};
const struct hub_api_table hub_openapi_table = {
    .base = "", .tag = "description", .route = routes, .n = HUB_COUNT(routes), .bare = 1};
