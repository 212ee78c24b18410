/* service-alert - tasks of cases, and alerts by rules: in the app, by mail, by webhook.
 *
 * For the caseworkers of agencies and their coordinator. What it knows of records is what the desk shows a
 * module by itself: operational fields, keys and dates; that is all that the rules need (rule.h). What it says to
 * a person goes through the desk with that person's eyes. Mails and webhooks hold a number and a link.
 *
 * rule.c decides, facts.c and evaluate.c bring it to the tables, queue.c and send.c to the people. Limits: README.md. */
#include "alert.h"
#include "plain.h"

#include "deskday.h"

#include <stdio.h>
#include <string.h>

/* --- what every part needs --------------------------------------------------------------------------- */

int alert_number_read(struct hub_str s, int64_t *out)
{
	int64_t v = 0;

	if (s.len == 0 || s.len > 18)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		v = v * 10 + (s.ptr[i] - '0');
	}
	*out = v;
	return v > 0 ? 0 : -1;
}

int alert_no_page(struct alert *a, struct hub_call *c, struct hub_err *err)
{
	return a->desk->refuse(c, 422, err, "bad-cursor", "after is not from a page before");
}

void alert_next_page(struct alert *a, struct hub_call *c, int64_t last)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", (long long)last);
	a->desk->next(c, s_of(text));
}

void alert_say_day(struct alert *a, struct hub_call *c, const char *name, const struct hub_val *v)
{
	char day[11];

	if (v->type == HUB_VAL_INT)
		desk_day_write((int32_t)v->i, day);
	a->desk->text(c, name, v->type == HUB_VAL_INT ? s_of(day) : (struct hub_str){NULL, 0});
}

void alert_note(char out[40], const char *what, int64_t id)
{
	snprintf(out, 40, "%s %lld", what, (long long)id);
}

/* --- the plugin ---------------------------------------------------------------------------------------- */

static int check(const void *conf, const struct hub_host *host, struct hub_err *err)
{
	const struct alert_conf *f = conf;

	if (f->smtp_url.len && !str_starts(f->smtp_url, "smtp://") &&
	    !str_starts(f->smtp_url, "smtps://"))
		return HUB_FAIL(host, err, HUB_CONF, "not-smtp",
				"smtp_url must begin with smtp:// or smtps://");
	if (f->smtp_url.len && !memchr(f->mail_from.ptr, '@', f->mail_from.len))
		return HUB_FAIL(host, err, HUB_CONF, "no-sender",
				"mail_from, the sender's address, is missing");
	if (f->hook_url.len && !str_starts(f->hook_url, "https://") &&
	    !str_starts(f->hook_url, "http://127.0.0.1:"))
		return HUB_FAIL(host, err, HUB_CONF, "not-https",
				"hook_url must begin with https://");
	if (f->hook_url.len && !f->hook_secret_file.len) {
		HUB_FAIL(host, err, HUB_CONF, "no-secret",
			 "hook_secret_file, the key of the signature, is missing");
		host->hint(err, "A file of one line that only the hub and the receiver know.");
		return err->rc;
	}
	if (f->digest.len && alert_minute_read(f->digest) < 0)
		return HUB_FAIL(host, err, HUB_CONF, "bad-time", "%s is no time of day", "digest");
	return HUB_OK;
}

/* What a path holds: first line of it into out, when there is one. An unreadable file is a mistake of the
 * configuration, not of the first mail. */
static int read_file(struct alert *a, const char *option, struct hub_str path, char *out,
		     struct hub_err *err)
{
	char line[ALERT_SECRET];
	FILE *f = path.len ? fopen(path.ptr, "re") : NULL;
	const size_t n = f ? fread(line, 1, sizeof line - 1, f) : 0;

	if (f)
		fclose(f);
	if (!path.len)
		return HUB_OK;
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	if (!line[0])
		return HUB_FAIL(a->host, err, HUB_CONF, "no-secret",
				"%s names a file that is empty or cannot be read", option);
	if (out)
		memcpy(out, line, strlen(line) + 1);
	return HUB_OK;
}

static int alert_open(struct hub_ctx *ctx, const struct hub_host *host, const void *conf,
		      struct hub_str pos, void **self, struct hub_err *err)
{
	struct alert *a = host->alloc(ctx, NULL, sizeof *a);

	(void)pos;
	if (!a)
		return NO_MEMORY(host, err);
	*a = (struct alert){.ctx = ctx, .host = host, .conf = conf, .desk = host->desk};
	a->digest_minute = a->conf->digest.len ? alert_minute_read(a->conf->digest) : -1;
	const struct alert_conf *f = conf;
	if (read_file(a, "smtp_password_file", f->smtp_password_file, a->smtp_password, err) ||
	    read_file(a, "hook_secret_file", f->hook_secret_file, a->hook_secret, err) ||
	    read_file(a, "smtp_ca_file", f->smtp_ca_file, NULL, err) ||
	    read_file(a, "hook_ca_file", f->hook_ca_file, NULL, err))
		return err->rc ? err->rc : HUB_CONF;
	*self = a;
	return HUB_OK;
}

static void alert_close(void *self)
{
	(void)self;
}

#define AT(member) .offset = offsetof(struct alert_conf, member)
static const char *const tls_words[] = {"starttls", "none", NULL};
static const struct hub_opt options[] = {
    {HUB_OPTION("smtp_url", URL, 0,
		HUB_N("smtp://HOST:587 or smtps://HOST; without it no mail is sent"),
		AT(smtp_url))},
    {HUB_OPTION("smtp_tls", ENUM, 0,
		HUB_N("starttls: required; none: a relay on this machine or in a closed network"),
		.words = tls_words, .dflt = "starttls", AT(smtp_tls))},
    {HUB_OPTION("smtp_user", TEXT, 0, HUB_N("who signs in at the mail server; empty: nobody"),
		.dflt = "", AT(smtp_user))},
    {HUB_OPTION("smtp_password_file", PATH, 0, HUB_N("file that holds the password in one line"),
		AT(smtp_password_file))},
    {HUB_OPTION("smtp_ca_file", PATH, 0, HUB_N("certificates to trust instead of the system's"),
		AT(smtp_ca_file))},
    {HUB_OPTION("mail_from", TEXT, 0, HUB_N("address that mails come from"), .dflt = "",
		AT(mail_from))},
    {HUB_OPTION("link", TEXT, 0, HUB_N("address of the front end, for mails"), .dflt = "",
		AT(link))},
    {HUB_OPTION("mail_wait", MSEC, 0, HUB_N("how long a mail waits for further alerts"),
		.dflt = "1m", .max = 86400000, AT(mail_wait))},
    {HUB_OPTION("digest", TEXT, 0,
		HUB_N("08:30: one mail a day at that time; empty: mails go as alerts come"),
		.dflt = "", AT(digest))},
    {HUB_OPTION("hook_url", URL, 0, HUB_N("https://...: told of each alert, without personal data"),
		AT(hook_url))},
    {HUB_OPTION("hook_secret_file", PATH, 0,
		HUB_N("file that holds the key of the signature in one line"),
		AT(hook_secret_file))},
    {HUB_OPTION("hook_ca_file", PATH, 0, HUB_N("certificates to trust instead of the system's"),
		AT(hook_ca_file))},
    {HUB_OPTION("timeout", MSEC, 0, HUB_N("longest time for one mail or call"), .dflt = "15s",
		.min = 100, .max = 600000, AT(timeout))},
    {HUB_OPTION("retry_wait", MSEC, 0,
		HUB_N("wait before the first retry; doubles with each, up to an hour"),
		.dflt = "1m", .min = 10, .max = 3600000, AT(retry_wait))},
    {HUB_OPTION("retries", INT, 0, HUB_N("how often it is tried before it is given up"),
		.dflt = "12", .min = 1, .max = 100, AT(retries))},
    {.name = NULL},
};

/* A look at one row every two seconds; the work is done when a day begins or something happened. */
static const struct hub_timer timers[] = {
    {.name = "evaluate", .every = 2000, .tick = alert_tick_evaluate},
    {.name = "deliver", .every = 2000, .tick = alert_tick_deliver},
};

#define ID(word)                                                                        \
	{                                                                               \
		HUB_MEMBER(word, INT, HUB_M_REQUIRED, NULL, .min = 1, .max = INT64_MAX) \
	}
static const struct hub_member told_alert[] = {
    ID("alert"),
    {HUB_MEMBER("kind", WORD, HUB_M_REQUIRED, NULL, .words = alert_kind_word)},
    {.name = NULL},
};
static const struct hub_member told_task[] = {ID("task"), {.name = NULL}};
static const struct hub_pushed pushed[] = {
    {"raised", told_alert},    /* an alert holds for the first time, or again */
    {"woken", told_alert},     /* an alert that slept is there again */
    {"escalated", told_alert}, /* an alert that nobody answered goes to more people */
    {"task", told_task},       /* a task was given to you, or changed */
};

static const struct hub_service service = {
    .size = sizeof service,
    .area = "alerts",
    .migration = alert_migration,
    .migrations = ALERT_MIGRATIONS,
    .statement = alert_statement,
    .statements = SQL_COUNT,
    .route = alert_route,
    .routes = ALERT_ROUTES,
    .timer = timers,
    .timers = sizeof timers / sizeof *timers,
    .events = HUB_EVENT_RUN | HUB_EVENT_RUN_FAILED | HUB_EVENT_OVERDUE | HUB_EVENT_ARRIVED |
	      HUB_EVENT_CONSENT | HUB_EVENT_PROTECTION | HUB_EVENT_RESIDENT | HUB_EVENT_TASK,
    .event = alert_event,
    .pushed = pushed,
    .pushes = sizeof pushed / sizeof *pushed,
    .roles = 1 + SQL_ROLES,
};

static const struct hub_ops ops = {.size = sizeof ops, .open = alert_open, .close = alert_close};

static const struct hub_plugin plugin = {
    HUB_PLUGIN_HEAD,
    .kind = HUB_SERVICE,
    .caps = HUB_CAP_NET,
    .name = "alert",
    .version = "0.1.0",
    .license = "MIT",
    .summary = HUB_N("tasks of cases, and alerts by rules: in the app, by mail, by webhook"),
    .opts = options,
    .conf_size = sizeof(struct alert_conf),
    .check = check,
    .ops = &ops,
    .service = &service,
};

const struct hub_plugin *hub_plugin_get(uint32_t index)
{
	return index == 0 ? &plugin : NULL;
}
