/* service-search - what caseworkers look for: words in the records they may read, cases like theirs, resources
 * (社会資源) and schemes (制度). The hub decides what exists for the asker and finds it; here are routes and words.
 *
 * Limits: terms of at most 100 characters, 32 of them; a page has at most 200 hits; similar cases at most 50. */
#include "plain.h"
#include "search.h"

#include <stddef.h>

struct search_conf {
	int64_t stale_months;
};

static const struct hub_route routes[] = {
    {"GET", "/", "search.read", HUB_ROUTE_PAGED, search_notes_query, NULL, search_notes_reply,
     HUB_N("words in the records that the asker may read"), search_notes},
    {"GET", "/similar/{case}", "search.read", HUB_ROUTE_LIST, search_alike_query, NULL,
     search_alike_reply, HUB_N("cases about the same, and why; never by names"), search_alike},
    {"GET", "/resources", "search.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, search_resources_query,
     NULL, search_resources_reply, HUB_N("resources of the community, the nearest first"),
     search_resources},
    {"GET", "/schemes", "search.read", HUB_ROUTE_LIST | HUB_ROUTE_PAGED, search_schemes_query, NULL,
     search_schemes_reply, HUB_N("schemes of support"), search_schemes},
    {"GET", "/saved", "search.read", HUB_ROUTE_LIST, NULL, NULL, search_saved_reply,
     HUB_N("searches that the asker keeps"), search_saved},
    {"POST", "/saved", "search.read", 0, NULL, search_saved_body, NULL, HUB_N("keeps a search"),
     search_save},
    {"DELETE", "/saved/{id}", "search.read", 0, NULL, NULL, NULL, HUB_N("forgets a saved search"),
     search_forget},
};

static const struct hub_migration migrations[] = {
    {1, "CREATE TABLE search_saved (id INTEGER PRIMARY KEY, account INTEGER NOT NULL,"
	" name TEXT NOT NULL, query TEXT NOT NULL, at INTEGER NOT NULL);"
	"CREATE INDEX search_saved_account ON search_saved (account)"},
};

static const char *const statements[] = {
    [SEARCH_LIST] = "SELECT id, name, query, at FROM search_saved WHERE account = ? ORDER BY id",
    [SEARCH_ADD] = "INSERT INTO search_saved (account, name, query, at) VALUES (?, ?, ?, ?)",
    [SEARCH_REMOVE] = "DELETE FROM search_saved WHERE id = ? AND account = ?",
    [SEARCH_COUNT] = "SELECT count(*) FROM search_saved WHERE account = ?",
};

static const struct hub_timer timers[] = {
    {.name = "index", .every = 60000, .tick = search_prepare},
};

static int search_start(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
			struct hub_str pos, void **self, struct hub_err *err)
{
	const struct search_conf *f = conf;
	struct search *s = host->alloc(ctx, NULL, sizeof *s);

	(void)pos;
	if (!s)
		return NO_MEMORY(host, err);
	*s = (struct search){.host = host, .desk = host->desk, .stale_months = f->stale_months};
	*self = s;
	return HUB_OK;
}

static void search_stop(void *self)
{
	(void)self;
}

static const struct hub_opt options[] = {
    {HUB_OPTION("stale_months", INT, 0,
		HUB_N("resources and schemes confirmed longer ago are marked as stale; 0: none"),
		.dflt = "12", .max = 1200, .offset = offsetof(struct search_conf, stale_months))},
    {.name = NULL}};

static const struct hub_service service = {
    .size = sizeof service,
    .area = "search",
    .migration = migrations,
    .migrations = sizeof migrations / sizeof *migrations,
    .statement = statements,
    .statements = sizeof statements / sizeof *statements,
    .route = routes,
    .routes = sizeof routes / sizeof *routes,
    .timer = timers,
    .timers = sizeof timers / sizeof *timers,
};

static const struct hub_ops ops = {.size = sizeof ops, .open = search_start, .close = search_stop};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,  .kind = HUB_SERVICE,
    .name = "search", .version = "0.1.0",
    .license = "MIT", .summary = HUB_N("search over records, similar cases, resources, schemes"),
    .opts = options,  .conf_size = sizeof(struct search_conf),
    .ops = &ops,      .service = &service,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
