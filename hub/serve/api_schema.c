/* /v1/schema: the common case format of this site, as `tsunagi schema --as` prints it. Open to whoever is signed in. */
#include "serve/web.h"
#include "store/schema_out.h"

static void put_sql(const struct hub_schema *s, struct hub_buf *out)
{
	hub_schema_sql(s, HUB_SQLITE, out);
}

static void put_csv(const struct hub_schema *s, struct hub_buf *out)
{
	hub_schema_csv(s, NULL, out);
}

static const char *const words[] = {"json", "xsd", "sql", "md", "csv-headers", NULL};
static const struct {
	void (*put)(const struct hub_schema *, struct hub_buf *);
	const char *type;
} forms[] = {{hub_schema_json, "application/schema+json"},
	     {hub_schema_xsd, "application/xml"},
	     {put_sql, "application/sql"},
	     {hub_schema_md, "text/markdown; charset=utf-8"},
	     {put_csv, "text/csv; charset=utf-8"}};

static int get_schema(void *self, struct hub_call *c, struct hub_err *err)
{
	const struct hub_web *w = self;
	struct hub_http_reply *r = hub_call_reply(c);
	size_t i = 0;

	(void)err;
	while (c->query[0].type == HUB_VAL_TEXT && words[i + 1] &&
	       !hub_str_is(c->query[0].s, words[i]))
		i++;
	r->type = forms[i].type;
	forms[i].put(w->schema, &r->body);
	return HUB_OK;
}

static const struct hub_member query[] = {
    {HUB_MEMBER("as", WORD, 0, HUB_N("in which form; json"), .words = words)},
    {.name = NULL},
};
static const struct hub_route routes[] = {
    {"GET", "/schema", HUB_MAY_SIGNED, HUB_ROUTE_RAW, query, NULL, NULL,
     HUB_N("the common case format: entities, fields, codes"), get_schema},
};

const struct hub_api_table hub_schema_table = {
    .base = "/v1", .tag = "schema", .route = routes, .n = HUB_COUNT(routes), .bare = 1};
