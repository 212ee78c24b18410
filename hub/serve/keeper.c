#include "serve/keeper.h"

#include "base/clock.h"

#include <pthread.h>
#include <time.h>

enum { STEP_MS = 1000 };

struct hub_keeper {
	const struct hub_keeper_conf *conf;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int stopping; /* under lock */
};

static int count_alive(struct hub_db *db, const struct hub_keeper_conf *conf, int64_t session,
		       int64_t token, int64_t *n)
{
	char today[11];

	hub_day_jst(hub_now(), today);
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

/* 1: it is time to end. */
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

static void *keep(void *arg)
{
	struct hub_keeper *k = arg;

	hub_tr_thread(k->conf->ja);
	while (!rest(k))
		hub_push_beat(k->conf->push, hub_ticks_ms());
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
	if (pthread_create(&k->thread, NULL, keep, k))
		return hub_fail(err, HUB_RETRY, "no-thread", "no further thread can be started");
	*out = k;
	return HUB_OK;
}

void hub_keeper_stop(struct hub_keeper *k)
{
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	k->stopping = 1;
	pthread_cond_signal(&k->changed);
	pthread_mutex_unlock(&k->lock);
	pthread_join(k->thread, NULL);
}
