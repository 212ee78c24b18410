#include "serve/views.h"

#include "release/conf_read.h"

#include <pthread.h>
#include <unistd.h>

enum { CONNECTIONS = 16, FEED_DAYS = 7 };

struct seat {
	struct hub_store *store; /* NULL: free */
	struct hub_windows *windows;
	struct hub_finder *finder; /* NULL: nobody has searched yet */
};

/* lock guards which seat is whose; the windows belong to who holds the connection. */
struct hub_views {
	struct hub_windows_conf conf;
	struct hub_themes themes;
	struct hub_sights *sights; /* of all connections */
	pthread_mutex_t lock;
	struct seat seat[CONNECTIONS];
};

/* --- at the start ------------------------------------------------------------------------------ */

/* A name of config/profiles, or a path from the folder of the configuration. */
static const char *profile_path(struct hub_arena *a, const struct hub_views_conf *conf,
				struct hub_str name)
{
	if (hub_str_ends(name, HUB_STR(".cfg")))
		return hub_conf_path(conf->jobs->serving.views, name, a);
	return hub_arena_printf(a, "%s/config/profiles/%.*s.cfg", conf->home, HUB_FMT(name)).ptr;
}

static int read_profile(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_str name,
			struct hub_report *r, struct hub_profile *out, struct hub_err *err)
{
	const char *path = profile_path(a, conf, name);
	struct hub_err e;

	if (!path)
		return hub_fail_mem(err);
	if (access(path, R_OK) == 0)
		return hub_profile_load(a, r, path, conf->schema, out, err);
	hub_fail(&e, HUB_CONF, "profile-missing", "there is no profile \"%.*s\"", HUB_FMT(name));
	hub_report_add(r, hub_conf_place(conf->jobs->serving.views), &e);
	return HUB_OK;
}

int hub_views_profiles(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_report *r,
		       const struct hub_profile **out, size_t *profiles, struct hub_err *err)
{
	const struct hub_str *name;
	uint32_t n = 0;
	int rc = hub_read_words(a, conf->jobs->serving.views, &name, &n, r);
	struct hub_profile *p = rc ? NULL : hub_alloc_array(a, (size_t)n + 1, sizeof *p);

	if (rc || !p)
		return rc ? rc : hub_fail_mem(err);
	for (uint32_t i = 0; i < n && !rc; i++)
		rc = read_profile(a, conf, name[i], r, &p[i], err);
	*out = p;
	*profiles = n;
	return rc;
}

/* A site may do without: then cases are alike by everything else. */
static int read_themes(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_report *r,
		       struct hub_views *v, struct hub_err *err)
{
	const char *path = hub_arena_printf(a, "%s/schemas/themes.cfg", conf->home).ptr;

	if (!path)
		return hub_fail_mem(err);
	return access(path, R_OK) == 0 ? hub_themes_load(a, r, path, &v->themes, err) : HUB_OK;
}

static int read_rest(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_report *r,
		     struct hub_views *v, struct hub_err *err)
{
	const char *keys = hub_jobs_keys(a, conf->jobs);
	const char *path = hub_arena_printf(a, "%s/schemas/grounds.cfg", conf->home).ptr;
	struct hub_grounds *grounds = hub_alloc0(a, sizeof *grounds);
	struct hub_plugins *plugins = hub_plugins_new(a);

	if (!path || !grounds || !plugins)
		return hub_fail_mem(err);
	v->conf.grounds = grounds;
	v->conf.plugins = plugins;
	v->conf.keys = hub_str_of(keys ? keys : "");
	v->conf.feed_days = FEED_DAYS;
	int rc = hub_grounds_load(a, r, path, grounds, err);
	if (!rc)
		rc = read_themes(a, conf, r, v, err);
	if (rc || !conf->plugins || (rc = hub_plugins_load(plugins, conf->plugins, err)))
		return rc;
	return hub_plugins_open(plugins, HUB_DETECTOR, NULL, err); /* threads ask for them */
}

static void forget(void *arg, struct hub_store *s)
{
	struct hub_views *v = arg;

	pthread_mutex_lock(&v->lock);
	for (size_t i = 0; i < CONNECTIONS; i++)
		if (v->seat[i].store == s) {
			hub_finder_close(v->seat[i].finder);
			hub_windows_close(v->seat[i].windows);
			v->seat[i] = (struct seat){0};
		}
	pthread_mutex_unlock(&v->lock);
}

static int read_all(struct hub_arena *a, const struct hub_views_conf *conf, struct hub_report *r,
		    struct hub_views *v, struct hub_err *err)
{
	const int rc = hub_views_profiles(a, conf, r, &v->conf.view, &v->conf.views, err);

	return rc ? rc : read_rest(a, conf, r, v, err);
}

int hub_views_check(struct hub_arena *a, const struct hub_views_conf *conf,
		    struct hub_report *report, struct hub_err *err)
{
	struct hub_views *v = hub_alloc0(a, sizeof *v);

	return v ? read_all(a, conf, report, v, err) : hub_fail_mem(err);
}

int hub_views_open(struct hub_arena *a, const struct hub_views_conf *conf,
		   struct hub_report *report, struct hub_views **out, struct hub_err *err)
{
	struct hub_views *v = hub_alloc0(a, sizeof *v);
	int rc;

	if (!v)
		return hub_fail_mem(err);
	pthread_mutex_init(&v->lock, NULL);
	if ((rc = read_all(a, conf, report, v, err)))
		return rc;
	if ((rc = hub_sights_new(a, v->conf.views, &v->sights, err)))
		return rc;
	hub_pool_tell(conf->pool, forget, v);
	*out = v;
	return hub_report_result(report, err);
}

/* --- in a call --------------------------------------------------------------------------------- */

/* NULL: there are more connections than seats. */
static struct seat *seat_of(struct hub_views *v, struct hub_store *s)
{
	struct seat *mine = NULL;

	pthread_mutex_lock(&v->lock);
	for (size_t i = 0; i < CONNECTIONS && (!mine || mine->store != s); i++)
		if (v->seat[i].store == s || (!mine && !v->seat[i].store))
			mine = &v->seat[i];
	if (mine)
		mine->store = s;
	pthread_mutex_unlock(&v->lock);
	return mine;
}

int hub_views_of(struct hub_views *v, struct hub_store *s, struct hub_windows **out,
		 struct hub_err *err)
{
	struct seat *mine = seat_of(v, s);

	if (!mine)
		return hub_fail(err, HUB_FATAL, "internal", "more connections than views");
	const int rc = mine->windows ? HUB_OK : hub_windows_open(s, &v->conf, &mine->windows, err);
	*out = mine->windows;
	return rc;
}

int hub_views_finder(struct hub_views *v, struct hub_store *s, struct hub_finder **out,
		     struct hub_err *err)
{
	struct hub_windows *w = NULL;
	int rc = hub_views_of(v, s, &w, err);

	if (rc)
		return rc;
	struct seat *mine = seat_of(v, s);
	if (!mine->finder)
		rc = hub_finder_open(w, &v->themes, v->sights, &mine->finder, err);
	*out = mine->finder;
	return rc;
}

const struct hub_profile *hub_views_find(const struct hub_views *v, struct hub_str agency,
					 int meeting)
{
	for (size_t i = 0; i < v->conf.views; i++)
		if (agency.len && hub_profile_is_view(&v->conf.view[i], agency, meeting))
			return &v->conf.view[i];
	return NULL;
}

const struct hub_grounds *hub_views_grounds(const struct hub_views *v)
{
	return v->conf.grounds;
}

struct hub_window_ask hub_views_ask(const struct hub_call *c, const struct hub_look *look)
{
	return (struct hub_window_ask){.agency = c->who.agency,
				       .actor = c->who.login,
				       .log = hub_call_log(c),
				       .hub = hub_call_request(c) == NULL,
				       .look = look};
}

int hub_views_refuse(struct hub_call *c, int rc, struct hub_err *err)
{
	if (rc == HUB_END ||
	    (rc == HUB_USAGE && hub_str_is(hub_str_of(err->code), "unknown-entity")))
		return hub_call_refuse(c, 404, err, "not-found", "there is nothing of that name");
	if (rc == HUB_REFUSED)
		hub_call_status(c, 403);
	else if (rc == HUB_USAGE)
		hub_call_status(c, 400);
	return rc;
}
