#include "serve/plan.h"

#include "base/clock.h"
#include "serve/cidr.h"
#include "serve/roles.h"
#include "serve/socket.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

/* A list of texts into spans. */
static int take_blackouts(struct hub_arena *a, const config_setting_t *list,
			  const struct hub_blackout **out, size_t *n, struct hub_report *r)
{
	struct hub_blackout *b = hub_alloc_array(a, hub_conf_count(list) + 1, sizeof *b);
	int rc = HUB_OK;

	if (!b)
		return HUB_FATAL;
	*out = b;
	*n = 0;
	for (unsigned i = 0; i < hub_conf_count(list); i++) {
		const config_setting_t *s = hub_conf_child(list, i);
		struct hub_err err;
		if (hub_blackout_parse(hub_conf_text(s), &b[*n], &err) == HUB_OK) {
			++*n;
			continue;
		}
		hub_report_add(r, hub_conf_value_place(s), &err);
		rc = HUB_CONF;
	}
	return rc;
}

/* The times of a setting; *set: there are any. */
static int take_times(struct hub_str text, const config_setting_t *at,
		      const struct hub_holidays *holidays, struct hub_cron *out, int *set,
		      struct hub_report *r)
{
	struct hub_err err = {0};
	size_t from, len;

	if (!text.len)
		return HUB_OK;
	int rc = hub_cron_parse(text, out, &from, &len, &err);
	if (!rc && hub_cron_next(out, holidays, hub_now()) == HUB_NEVER_DUE) {
		from = 0;
		len = text.len;
		rc = hub_fail(&err, HUB_CONF, "schedule", "there is no such day");
	}
	if (rc)
		hub_report_add(r, hub_conf_inside(at, from, len), &err);
	*set = rc == HUB_OK;
	return rc;
}

static int take_schedule(struct hub_plan_job *p, struct hub_report *r)
{
	const struct hub_trigger *t = &p->job->trigger;
	const struct hub_holidays *h = p->schedule.holidays;
	const int rc = take_times(t->schedule, config_setting_get_member(p->job->at, "schedule"), h,
				  &p->schedule.cron, &p->scheduled, r);
	const int by = t->expect.by.len
			   ? take_times(t->expect.by, config_setting_get_member(t->expect_at, "by"),
					h, &p->by, &p->expects, r)
			   : HUB_OK;

	return rc ? rc : by;
}

/* What could never start would be looked for day by day, without an end. */
static int check_blackouts(const struct hub_plan_job *p, const config_setting_t *site,
			   struct hub_report *r)
{
	struct hub_err err;

	if (!hub_schedule_is_dark(&p->schedule, hub_now()))
		return HUB_OK;
	hub_fail(&err, HUB_CONF, "blackout-endless",
		 "the blackouts leave job %.*s no time in the next ten years",
		 HUB_FMT(p->job->name));
	hub_hint(&err, "Leave some time, or take the job out.");
	hub_report_add(
	    r, hub_conf_place(p->job->trigger.blackout ? p->job->trigger.blackout : site), &err);
	return HUB_CONF;
}

static int unfit(const struct hub_job *j, const char *key, struct hub_err *err,
		 struct hub_report *r)
{
	hub_report_add(r, hub_conf_place(config_setting_get_member(j->at, key)), err);
	return HUB_CONF;
}

/* A watched folder is the job's only reason to run, and no other job's. */
static int check_watch(const struct hub_jobs *jobs, size_t i, struct hub_report *r)
{
	const struct hub_job *j = &jobs->job[i];
	const struct hub_str folder = j->trigger.watch.folder;
	struct hub_err err;

	if (!folder.len)
		return HUB_OK;
	if (j->trigger.schedule.len) {
		hub_fail(&err, HUB_CONF, "option-unused",
			 "job %.*s watches a folder and has a schedule", HUB_FMT(j->name));
		hub_hint(&err, "Remove one of them; a blackout keeps a watched folder waiting.");
		return unfit(j, "schedule", &err, r);
	}
	for (size_t k = 0; k < i; k++) {
		if (!hub_str_eq(jobs->job[k].trigger.watch.folder, folder))
			continue;
		hub_fail(&err, HUB_CONF, "folder-twice", "job %.*s watches this folder already",
			 HUB_FMT(jobs->job[k].name));
		hub_hint(&err, "Give each job a folder of its own.");
		return unfit(j, "watch", &err, r);
	}
	return HUB_OK;
}

static const char *holidays_path(struct hub_arena *a, const char *home, const struct hub_jobs *jobs)
{
	if (jobs->serving.holidays.len)
		return jobs->serving.holidays.ptr;
	return hub_arena_printf(a, "%s/schemas/holidays.csv", home).ptr;
}

/* What the file says, what systemd made for us, or a folder beside the file. */
static const char *state_path(struct hub_arena *a, const char *conf_path,
			      const struct hub_jobs *jobs)
{
	const char *made = getenv("STATE_DIRECTORY"), *slash = strrchr(conf_path, '/');

	if (jobs->serving.state.len)
		return jobs->serving.state.ptr;
	if (made && made[0])
		return hub_arena_cstr(a, hub_str_of(made));
	return hub_arena_printf(a, "%.*sstate", slash ? (int)(slash + 1 - conf_path) : 0, conf_path)
	    .ptr;
}

/* Passwords and records do not travel in the open. */
static int check_door(const struct hub_serving *s, struct hub_report *r)
{
	const config_setting_t *at;
	struct hub_err e = {0};

	if (!s->listen.len)
		return HUB_OK;
	at = config_setting_get_member(s->at, "listen");
	if (hub_socket_check(s->listen, &e)) {
		hub_report_add(r, hub_conf_value_place(at), &e);
		return HUB_CONF;
	}
	if (s->tls.cert.len || hub_conf_count(s->access.proxies) || hub_socket_is_local(s->listen))
		return HUB_OK;
	hub_fail(&e, HUB_CONF, "tls-missing",
		 "this address can be reached from outside without TLS");
	hub_hint(&e,
		 "Set tls = { cert, key }, name the proxy that speaks TLS in access.proxies, or "
		 "listen on 127.0.0.1.");
	hub_report_add(r, hub_conf_value_place(at), &e);
	return HUB_CONF;
}

/* A fault in there would keep the web process from starting, after a reload as well. */
static int check_roles(struct hub_arena *a, const char *home, const struct hub_serving *s,
		       struct hub_report *r)
{
	struct hub_roles roles;
	struct hub_err e = {0};

	const int rc = hub_roles_open(a, r, home, s->access.roles, &roles, &e);
	if (!rc || rc == HUB_CONF || rc == HUB_FATAL)
		return rc;
	hub_report_add(r, s->at ? hub_conf_place(s->at) : (struct hub_place){0}, &e);
	return HUB_CONF;
}

/* The files are there and can be read, and proxies are networks. */
static int check_access(const struct hub_serving *s, struct hub_report *r)
{
	const struct hub_str files[] = {s->tls.cert, s->tls.key, s->tls.client_ca, s->access.roles};
	static const char *const names[] = {"cert", "key", "client_ca", "roles"};
	int rc = check_door(s, r);

	for (size_t i = 0; i < HUB_COUNT(files); i++) {
		struct hub_err e = {0};
		if (!files[i].len || access(files[i].ptr, R_OK) == 0)
			continue;
		hub_fail_sys(&e, HUB_CONF, "cannot-open", errno, files[i].ptr);
		hub_report_add(r,
			       hub_conf_value_place(config_setting_get_member(
				   i < 3 ? s->tls.at : s->access.at, names[i])),
			       &e);
		rc = HUB_CONF;
	}
	for (unsigned i = 0; i < hub_conf_count(s->access.proxies); i++) {
		const config_setting_t *one = hub_conf_child(s->access.proxies, i);
		struct hub_cidr net;
		struct hub_err e = {0};
		if (hub_cidr_parse(hub_conf_text(one), &net) == 0)
			continue;
		hub_fail(&e, HUB_CONF, "bad-network", "\"%.*s\" is not a network",
			 HUB_FMT(hub_conf_text(one)));
		hub_hint(&e, "Write 10.1.0.0/16, 2001:db8::/32 or one address.");
		hub_report_add(r, hub_conf_value_place(one), &e);
		rc = HUB_CONF;
	}
	return rc;
}

int hub_plan_take(struct hub_arena *a, const char *home, const char *conf_path,
		  const struct hub_jobs *jobs, struct hub_plan *out, struct hub_report *r,
		  struct hub_err *err)
{
	const struct hub_blackout *site;
	const char *path = holidays_path(a, home, jobs);
	size_t n;

	*out = (struct hub_plan){.jobs = jobs, .state = state_path(a, conf_path, jobs)};
	if (!path || !out->state ||
	    !(out->job = hub_alloc_array(a, jobs->count + 1, sizeof *out->job)))
		return hub_fail_mem(err);
	int rc = hub_holidays_load(a, path, &out->holidays, err);
	if (rc) {
		hub_report_add(
		    r, jobs->serving.at ? hub_conf_place(jobs->serving.at) : (struct hub_place){0},
		    err);
		rc = HUB_CONF;
	}
	const int door = check_access(&jobs->serving, r);
	const int roles =
	    jobs->serving.listen.len && !door ? check_roles(a, home, &jobs->serving, r) : HUB_OK;
	if (roles == HUB_FATAL)
		return hub_fail_mem(err);
	rc = rc ? rc : door ? door : roles;
	const int blacked = take_blackouts(a, jobs->serving.blackout, &site, &n, r);
	if (blacked == HUB_FATAL)
		return hub_fail_mem(err);
	rc = rc ? rc : blacked;
	for (size_t i = 0; i < jobs->count; i++) {
		struct hub_plan_job *p = &out->job[i];
		p->job = &jobs->job[i];
		p->schedule = (struct hub_schedule){.holidays = out->holidays,
						    .blackout = site,
						    .blackouts = n,
						    .catch_up = (int)p->job->trigger.catch_up};
		const int own = take_blackouts(a, p->job->trigger.blackout, &p->schedule.more,
					       &p->schedule.mores, r);
		if (own == HUB_FATAL)
			return hub_fail_mem(err);
		const int dark = check_blackouts(p, jobs->serving.blackout, r);
		const int when = dark ? dark : take_schedule(p, r);
		const int where = check_watch(jobs, i, r);
		rc = rc ? rc : own ? own : when ? when : where;
	}
	return rc;
}
