#include "serve/keeper.h"

#include "base/clock.h"
#include "serve/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

enum { STEP_MS = 1000 };

struct hub_keeper {
	const struct hub_keeper_conf *conf;
	pthread_t beat, rounds;
	int threads; /* that were started */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int stopping; /* under lock */
};

static int count_alive(struct hub_db *db, const struct hub_keeper_conf *conf, int64_t session,
		       int64_t token, int64_t *n)
{
	char today[11];

	hub_day_text(hub_today(), today);
	if (session)
		return hub_db_one(db, n, NULL,
				  "SELECT count(*) FROM session s"
				  " JOIN account a ON a.id = s.account_id"
				  " JOIN membership m ON m.id = s.membership_id"
				  " WHERE s.id = ? AND s.ends_at > ? AND s.seen_at > ? AND"
				  " s.locked = 0 AND a.state = ? AND m.ended_at IS NULL",
				  "iiii", session, hub_now(), hub_now() - conf->times->lock,
				  (int64_t)HUB_ACCOUNT_OPEN);
	return hub_db_one(
	    db, n, NULL,
	    "SELECT count(*) FROM token WHERE id = ? AND ended_at IS NULL AND valid_to >= ?", "iz",
	    token, today);
}

int hub_keeper_is_alive(void *arg, int64_t session, int64_t token)
{
	const struct hub_keeper_conf *conf = arg;
	struct hub_store *store;
	int64_t n = 0;

	if (hub_pool_take(conf->pool, &store, NULL))
		return 1; /* the store is away for a moment: nothing is pushed then either */
	const int rc = count_alive(hub_store_db(store), conf, session, token, &n);
	hub_pool_give(conf->pool, store, rc);
	return rc || n > 0;
}

/* A second, or less at the end. 1: it is time to end. */
static int rest(struct hub_keeper *k)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += STEP_MS / 1000;
	pthread_mutex_lock(&k->lock);
	while (!k->stopping && pthread_cond_timedwait(&k->changed, &k->lock, &until) == 0)
		;
	const int end = k->stopping;
	pthread_mutex_unlock(&k->lock);
	return end;
}

/* The process ends by it: nothing else takes a thread out of a module. The daemon starts the next one. */
static void look_for_late(struct hub_blame *blame)
{
	const char *area = blame ? hub_blame_late(blame, hub_ticks_ms()) : NULL;

	if (!area)
		return;
	HUB_AUTO(buf) struct hub_buf b;
	hub_log_begin(&b, HUB_LOG_ERROR, "module-hangs");
	hub_json_field(&b, "area", hub_str_of(area));
	hub_log_end(&b);
	abort();
}

static void *beat(void *arg)
{
	struct hub_keeper *k = arg;

	hub_tr_thread(k->conf->ja);
	while (!rest(k)) {
		hub_push_beat(k->conf->push, hub_ticks_ms());
		look_for_late(k->conf->modules->blame);
	}
	return NULL;
}

/* One round with a connection that is kept as long as all goes well: the lock of the rounds is its. */
static void go_rounds(struct hub_keeper *k)
{
	struct hub_rounds r = {
	    .api = k->conf->api, .modules = k->conf->modules, .state = k->conf->state};
	struct hub_err err = {0};
	int rc = hub_pool_take(k->conf->pool, &r.store, &err);

	while (!rc && !rest(k)) {
		rc = hub_rounds_step(&r, hub_now_ms(), &err);
		if (rc == HUB_LOCKED)
			rc = HUB_OK; /* another process, or a writer: later */
	}
	if (rc)
		hub_log_error("rounds-failed", (struct hub_str){NULL, 0}, &err);
	if (!r.store)
		return;
	hub_rounds_end(&r);
	hub_pool_give(k->conf->pool, r.store, rc);
}

static void *rounds(void *arg)
{
	struct hub_keeper *k = arg;

	hub_tr_thread(k->conf->ja);
	while (!rest(k))
		go_rounds(k);
	return NULL;
}

int hub_keeper_start(struct hub_arena *a, const struct hub_keeper_conf *conf,
		     struct hub_keeper **out, struct hub_err *err)
{
	struct hub_keeper *k = hub_alloc0(a, sizeof *k);
	pthread_condattr_t attr;

	if (!k)
		return hub_fail_mem(err);
	k->conf = conf;
	pthread_mutex_init(&k->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&k->changed, &attr);
	pthread_condattr_destroy(&attr);
	*out = k;
	k->threads += pthread_create(&k->beat, NULL, beat, k) == 0;
	if (k->threads && conf->modules->n) /* without modules there is nothing to go for */
		k->threads += pthread_create(&k->rounds, NULL, rounds, k) == 0;
	if (k->threads == 1 + (conf->modules->n > 0))
		return HUB_OK;
	return hub_fail(err, HUB_RETRY, "no-thread", "no further thread can be started");
}

void hub_keeper_stop(struct hub_keeper *k)
{
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->stopping = 1;
	pthread_cond_broadcast(&k->changed);
	pthread_mutex_unlock(&k->lock);
	if (k->threads > 0)
		pthread_join(k->beat, NULL);
	if (k->threads > 1)
		pthread_join(k->rounds, NULL);
}
