/* service-chat - threads between the people of agencies: of a case or free, of two or of many; read marks,
 * mentions, files, search; date polls for meetings, with an iCalendar file. For caseworkers' front ends.
 *
 * A message with personal data that a receiver may not see is held back until the sender masks it or confirms
 * it on a legal ground (outgoing.c). Who reads what: chat.h.
 *
 * Limits: files cannot be looked into, so they need a confirmation and stay out of cases that hide somebody; a
 * thread is a conversation and no record: what counts belongs into 支援経過. */
#include "chat.h"
#include "plain.h"

static int chat_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		     struct hub_str pos, void **self, struct hub_err *err)
{
	(void)pos;
	struct chat *c = host->alloc(ctx, NULL, sizeof *c);

	if (!c)
		return NO_MEMORY(host, err);
	if (host->desk &&
	    (host->desk->size < sizeof *host->desk || !host->desk->case_number ||
	     !host->desk->case_name || !host->desk->unrestricted || !host->desk->readable))
		return HUB_FAIL(host, err, HUB_FATAL, "hub-too-old",
				"this hub does not name cases for modules");
	*c = (struct chat){.host = host, .desk = host->desk, .conf = conf};
	*self = c;
	return HUB_OK;
}

static void chat_close(void *self)
{
	(void)self; /* its memory is the host's, and it opened nothing */
}

#define AT(member) .offset = offsetof(struct chat_conf, member)
static const struct hub_opt options[] = {
    {HUB_OPTION("retention", TEXT, 0,
		HUB_N("how long messages are kept here, as front ends show it"), AT(retention))},
    {HUB_OPTION("domain", TEXT, 0,
		HUB_N("right half of the UID in calendar files: the site's domain"), AT(domain),
		.dflt = "tsunagi.invalid")},
    {HUB_OPTION("file_max", SIZE, 0, HUB_N("largest file of a message"), AT(file_max), .dflt = "5M",
		.min = 1024, .max = 10 << 20)},
    {HUB_OPTION("search_depth", INT, 0,
		HUB_N("messages that one search looks through; the next page goes on behind them"),
		AT(search_depth), .dflt = "20000", .min = 10, .max = 1000000)},
    {.name = NULL},
};

static const struct hub_ops ops = {
    .size = sizeof(struct hub_ops),
    .open = chat_open,
    .close = chat_close,
};

static const struct hub_timer timers[] = {
    {.name = "poll_deadlines", .every = 60000, .tick = polls_tick},
};

#define NUMBER(word, least)                                                                 \
	{                                                                                   \
		HUB_MEMBER(word, INT, HUB_M_REQUIRED, NULL, .min = least, .max = INT64_MAX) \
	}
static const struct hub_member told_place[] = {
    NUMBER("thread", 1), NUMBER("seq", 0), {.name = NULL}};
static const struct hub_member told_poll[] = {
    NUMBER("thread", 1), NUMBER("poll", 1), {.name = NULL}};
static const struct hub_pushed pushed[] = {
    {"thread", told_place},  /* a thread is new for you, or has changed */
    {"message", told_place}, /* a message was written or changed */
    {"mention", told_place}, /* a message names you */
    {"read", told_place},    /* somebody has read up to there */
    {"poll", told_poll},     /* a date poll was made, answered or decided */
};

static const struct hub_service service = {
    .size = sizeof(struct hub_service),
    .area = "chat",
    .migration = chat_migrations,
    .migrations = CHAT_MIGRATIONS,
    .statement = chat_statements,
    .statements = STATEMENTS,
    .route = chat_routes,
    .routes = CHAT_ROUTES,
    .timer = timers,
    .timers = sizeof timers / sizeof timers[0],
    .events = HUB_EVENT_CONSENT,
    .event = chat_event,
    .pushed = pushed,
    .pushes = sizeof pushed / sizeof *pushed,
};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SERVICE,
    .caps = HUB_CAP_PARALLEL,
    .name = "chat",
    .version = "1.0",
    .license = "MIT",
    .summary = HUB_N("threads between agencies, date polls; personal data is held back"),
    .opts = options,
    .conf_size = sizeof(struct chat_conf),
    .ops = &ops,
    .service = &service,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
