/* service-progress - progress of support (支援進捗): per case which agency does what, until when, and the last contact;
 * and a board of all cases for whoever coordinates.
 *
 * It keeps nothing and decides nothing about sharing: every row comes from the desk with the asker's eyes, so counts are
 * counts of what the asker sees, and what an agency may not see does not exist here. A board looks at each case the
 * asker sees: a few hundred at a time are what it is for. */
#include "plain.h"
#include "progress.h"

#include <string.h>

#define TEXT(n, flag, words)                                                      \
	{                                                                         \
		.name = (n), .type = HUB_M_TEXT, .flags = (flag), .help = (words) \
	}
#define DAY(n, words)                                                                     \
	{                                                                                 \
		.name = (n), .type = HUB_M_DATE, .flags = HUB_M_NULLABLE, .help = (words) \
	}
#define COUNT(n, words)                                         \
	{                                                       \
		.name = (n), .type = HUB_M_INT, .help = (words) \
	}
#define LISTED(n, what, words)                                                          \
	{                                                                               \
		.name = (n), .type = HUB_M_OBJECT, .flags = HUB_M_LIST, .most = 100000, \
		.of = (what), .help = (words)                                           \
	}
#define LATE                                                                                      \
	{                                                                                         \
		.name = "late", .type = HUB_M_WORD, .flags = HUB_M_LIST, .most = 8,               \
		.words = progress_late_word,                                                      \
		.help =                                                                           \
		    HUB_N("why it wants attention: next step, task, evaluation or plan over its " \
			  "day, no contact")                                                      \
	}

static const struct hub_member board_case[] = {
    TEXT("key", 0, HUB_N("key of the case for the asker's agency")),
    TEXT("case_no", HUB_M_NULLABLE, HUB_N("number of the case")),
    TEXT("urgency", HUB_M_NULLABLE, HUB_N("code of its urgency")),
    TEXT("agency", HUB_M_NULLABLE, HUB_N("agency in charge")),
    DAY("last_contact", HUB_N("newest record of support")),
    DAY("next_due", HUB_N("next step as it was noted last")),
    DAY("plan_to", HUB_N("end of the plan")),
    DAY("next_evaluation", HUB_N("next evaluation of the plan")),
    COUNT("open_tasks", HUB_N("tasks that are not done")),
    LATE,
    {.name = NULL}};
static const struct hub_member board_column[] = {
    TEXT("state", 0, HUB_N("code of the state of its cases; empty: none is known")),
    COUNT("count", HUB_N("cases that the asker sees")),
    COUNT("late", HUB_N("those of them that want attention")),
    LISTED("cases", board_case, HUB_N("those that want attention first, the longest silent first")),
    {.name = NULL}};
static const struct hub_member board[] = {COUNT("cases", HUB_N("cases that the asker sees")),
					  LISTED("columns", board_column, HUB_N("by state")),
					  {.name = NULL}};
static const struct hub_member board_query[] = {
    {.name = "silent",
     .type = HUB_M_INT,
     .min = 1,
     .max = 1000,
     .help = HUB_N("days without contact that want attention (30)")},
    {.name = "limit",
     .type = HUB_M_INT,
     .min = 0,
     .max = 500,
     .help = HUB_N("cases of a column (50)")},
    {.name = "late", .type = HUB_M_BOOL, .help = HUB_N("only cases that want attention")},
    {.name = NULL}};

static const struct hub_member plan[] = {
    TEXT("plan_no", HUB_M_NULLABLE, HUB_N("number of the plan")),
    DAY("from", HUB_N("its beginning")),
    DAY("to", HUB_N("its end")),
    DAY("next_evaluation", HUB_N("next evaluation of the plan")),
    DAY("evaluated_on", HUB_N("last evaluation")),
    {.name = NULL}};
static const struct hub_member action[] = {
    TEXT("agency", HUB_M_NULLABLE, HUB_N("agency that does it")),
    TEXT("content", HUB_M_NULLABLE | HUB_M_PERSONAL,
	 HUB_N("what it does, as the asker may read it")),
    TEXT("frequency", HUB_M_NULLABLE, HUB_N("how often")),
    DAY("from", HUB_N("its beginning")),
    DAY("to", HUB_N("its end")),
    TEXT("state", 0, HUB_N("planned, active or over")),
    {.name = NULL}};
static const struct hub_member agency[] = {
    TEXT("agency", HUB_M_NULLABLE, HUB_N("an agency that takes part; null: not shown")),
    COUNT("actions", HUB_N("what it does by the plan")),
    COUNT("contacts", HUB_N("its records of support")),
    DAY("last_contact", HUB_N("newest record of support")),
    {.name = NULL}};
static const struct hub_member task[] = {
    TEXT("title", HUB_M_NULLABLE | HUB_M_PERSONAL,
	 HUB_N("what is to be done, as the asker may read it")),
    TEXT("kind", HUB_M_NULLABLE, HUB_N("code of its kind")),
    TEXT("agency", HUB_M_NULLABLE, HUB_N("agency that does it")),
    DAY("due", HUB_N("until when")),
    {.name = "late", .type = HUB_M_BOOL, .help = HUB_N("its day is over")},
    {.name = NULL}};
static const struct hub_member one[] = {
    TEXT("key", 0, HUB_N("key of the case for the asker's agency")),
    TEXT("case_no", HUB_M_NULLABLE, HUB_N("number of the case")),
    TEXT("state", HUB_M_NULLABLE, HUB_N("code of its state")),
    TEXT("urgency", HUB_M_NULLABLE, HUB_N("code of its urgency")),
    TEXT("agency", HUB_M_NULLABLE, HUB_N("agency in charge")),
    DAY("opened_on", HUB_N("its beginning")),
    DAY("closed_on", HUB_N("its end")),
    DAY("last_contact", HUB_N("newest record of support")),
    DAY("next_due", HUB_N("next step as it was noted last")),
    LATE,
    {.name = "plan",
     .type = HUB_M_OBJECT,
     .flags = HUB_M_NULLABLE,
     .of = plan,
     .help = HUB_N("the newest plan; most cases have none")},
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
