/* service-progress - progress of support (支援進捗): per case which agency does what, until when, and the last contact;
 * and a board of all cases for whoever coordinates.
 *
 * It keeps nothing and decides nothing about sharing: every row comes from the desk with the asker's eyes, so counts are
 * counts of what the asker sees, and what an agency may not see does not exist here. A board looks at each case the
 * asker sees: a few hundred at a time are what it is for. */
#include "plain.h"
#include "progress.h"

#include <string.h>

#define LISTED(n, what, words)                                                             \
	{                                                                                  \
		HUB_MEMBER((n), OBJECT, HUB_M_LIST, (words), .most = 100000, .of = (what)) \
	}
#define LATE                                                                                      \
	{                                                                                         \
		HUB_MEMBER(                                                                       \
		    "late", WORD, HUB_M_LIST,                                                     \
		    HUB_N("why it wants attention: next step, task, evaluation or plan over its " \
			  "day, no contact"),                                                     \
		    .most = 8, .words = progress_late_word)                                       \
	}

static const struct hub_member board_case[] = {
    {HUB_MEMBER("key", TEXT, 0, HUB_N("key of the case for the asker's agency"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE, HUB_N("number of the case"))},
    {HUB_MEMBER("urgency", TEXT, HUB_M_NULLABLE, HUB_N("code of its urgency"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("agency in charge"))},
    {HUB_MEMBER("last_contact", DATE, HUB_M_NULLABLE, HUB_N("newest record of support"))},
    {HUB_MEMBER("next_due", DATE, HUB_M_NULLABLE, HUB_N("next step as it was noted last"))},
    {HUB_MEMBER("plan_to", DATE, HUB_M_NULLABLE, HUB_N("end of the plan"))},
    {HUB_MEMBER("next_evaluation", DATE, HUB_M_NULLABLE, HUB_N("next evaluation of the plan"))},
    {HUB_MEMBER("open_tasks", INT, 0, HUB_N("tasks that are not done"))},
    LATE,
    {.name = NULL}};
static const struct hub_member board_column[] = {
    {HUB_MEMBER("state", TEXT, 0, HUB_N("code of the state of its cases; empty: none is known"))},
    {HUB_MEMBER("count", INT, 0, HUB_N("cases that the asker sees"))},
    {HUB_MEMBER("late", INT, 0, HUB_N("those of them that want attention"))},
    LISTED("cases", board_case, HUB_N("those that want attention first, the longest silent first")),
    {.name = NULL}};
static const struct hub_member board[] = {
    {HUB_MEMBER("cases", INT, 0, HUB_N("cases that the asker sees"))},
    LISTED("columns", board_column, HUB_N("by state")),
    {.name = NULL}};
static const struct hub_member board_query[] = {
    {HUB_MEMBER("silent", INT, 0, HUB_N("days without contact that want attention (30)"), .min = 1,
		.max = 1000)},
    {HUB_MEMBER("limit", INT, 0, HUB_N("cases of a column (50)"), .min = 0, .max = 500)},
    {HUB_MEMBER("late", BOOL, 0, HUB_N("only cases that want attention"))},
    {.name = NULL}};

static const struct hub_member plan[] = {
    {HUB_MEMBER("plan_no", TEXT, HUB_M_NULLABLE, HUB_N("number of the plan"))},
    {HUB_MEMBER("from", DATE, HUB_M_NULLABLE, HUB_N("its beginning"))},
    {HUB_MEMBER("to", DATE, HUB_M_NULLABLE, HUB_N("its end"))},
    {HUB_MEMBER("next_evaluation", DATE, HUB_M_NULLABLE, HUB_N("next evaluation of the plan"))},
    {HUB_MEMBER("evaluated_on", DATE, HUB_M_NULLABLE, HUB_N("last evaluation"))},
    {.name = NULL}};
static const struct hub_member action[] = {
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("agency that does it"))},
    {HUB_MEMBER("content", TEXT, HUB_M_NULLABLE | HUB_M_PERSONAL,
		HUB_N("what it does, as the asker may read it"))},
    {HUB_MEMBER("frequency", TEXT, HUB_M_NULLABLE, HUB_N("how often"))},
    {HUB_MEMBER("from", DATE, HUB_M_NULLABLE, HUB_N("its beginning"))},
    {HUB_MEMBER("to", DATE, HUB_M_NULLABLE, HUB_N("its end"))},
    {HUB_MEMBER("state", TEXT, 0, HUB_N("planned, active or over"))},
    {.name = NULL}};
static const struct hub_member agency[] = {
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE,
		HUB_N("an agency that takes part; null: not shown"))},
    {HUB_MEMBER("actions", INT, 0, HUB_N("what it does by the plan"))},
    {HUB_MEMBER("contacts", INT, 0, HUB_N("its records of support"))},
    {HUB_MEMBER("last_contact", DATE, HUB_M_NULLABLE, HUB_N("newest record of support"))},
    {.name = NULL}};
static const struct hub_member task[] = {
    {HUB_MEMBER("title", TEXT, HUB_M_NULLABLE | HUB_M_PERSONAL,
		HUB_N("what is to be done, as the asker may read it"))},
    {HUB_MEMBER("kind", TEXT, HUB_M_NULLABLE, HUB_N("code of its kind"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("agency that does it"))},
    {HUB_MEMBER("due", DATE, HUB_M_NULLABLE, HUB_N("until when"))},
    {HUB_MEMBER("late", BOOL, 0, HUB_N("its day is over"))},
    {.name = NULL}};
static const struct hub_member one[] = {
    {HUB_MEMBER("key", TEXT, 0, HUB_N("key of the case for the asker's agency"))},
    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE, HUB_N("number of the case"))},
    {HUB_MEMBER("state", TEXT, HUB_M_NULLABLE, HUB_N("code of its state"))},
    {HUB_MEMBER("urgency", TEXT, HUB_M_NULLABLE, HUB_N("code of its urgency"))},
    {HUB_MEMBER("agency", TEXT, HUB_M_NULLABLE, HUB_N("agency in charge"))},
    {HUB_MEMBER("opened_on", DATE, HUB_M_NULLABLE, HUB_N("its beginning"))},
    {HUB_MEMBER("closed_on", DATE, HUB_M_NULLABLE, HUB_N("its end"))},
    {HUB_MEMBER("last_contact", DATE, HUB_M_NULLABLE, HUB_N("newest record of support"))},
    {HUB_MEMBER("next_due", DATE, HUB_M_NULLABLE, HUB_N("next step as it was noted last"))},
    LATE,
    {HUB_MEMBER("plan", OBJECT, HUB_M_NULLABLE, HUB_N("the newest plan; most cases have none"),
		.of = plan)},
    LISTED("actions", action, HUB_N("which agency does what, until when")),
    LISTED("agencies", agency, HUB_N("who takes part")),
    LISTED("tasks", task, HUB_N("tasks that are not done")),
    {.name = NULL}};

static const struct hub_route routes[] = {
    {"GET", "/board", "progress.read", 0, board_query, NULL, board,
     HUB_N("all cases that the asker sees, by state"), progress_board},
    {"GET", "/cases/{case}", "progress.read", 0, NULL, NULL, one,
     HUB_N("which agency does what in a case, until when, and the last contact"), progress_case},
};

static int progress_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
			 struct hub_str pos, void **self, struct hub_err *err)
{
	struct progress *p = host->alloc(ctx, NULL, sizeof *p);

	(void)conf;
	(void)pos;
	if (!p)
		return NO_MEMORY(host, err);
	*p = (struct progress){.host = host, .desk = host->desk};
	*self = p;
	return HUB_OK;
}

static void progress_close(void *self)
{
	(void)self;
}

static const struct hub_opt options[] = {{.name = NULL}};

static const struct hub_service service = {
    .size = sizeof service,
    .area = "progress",
    .route = routes,
    .routes = sizeof routes / sizeof *routes,
};

static const struct hub_ops ops = {
    .size = sizeof ops, .open = progress_open, .close = progress_close};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,     .kind = HUB_SERVICE,
    .name = "progress",  .version = "0.1.0",
    .license = "MIT",    .summary = HUB_N("progress of support, of a case and as a board"),
    .opts = options,     .ops = &ops,
    .service = &service,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
