#include "serve/crew.h"

#include "base/clock.h"

#include <pthread.h>

/* lock guards everything but thread and n. */
struct hub_crew {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct hub_crew_job *first, **end;
	int stopping;
	int64_t moved; /* ticks: last begun, ended, or put where none waited */
	unsigned n;
	pthread_t *thread;
};

static void *work(void *arg)
{
	struct hub_crew *c = arg;

	pthread_mutex_lock(&c->lock);
	for (;;) {
		while (!c->first && !c->stopping)
			pthread_cond_wait(&c->more, &c->lock);
		struct hub_crew_job *job = c->first;
		if (!job)
			break;
		c->first = job->next;
		if (!c->first)
			c->end = &c->first;
		c->moved = hub_ticks_ms();
		pthread_mutex_unlock(&c->lock);
		job->work(job->arg);
		pthread_mutex_lock(&c->lock);
		c->moved = hub_ticks_ms();
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

int hub_crew_start(struct hub_arena *a, unsigned threads, struct hub_crew **out,
		   struct hub_err *err)
{
	struct hub_crew *c = hub_alloc0(a, sizeof *c);

	if (!c || !(c->thread = hub_alloc_array(a, threads, sizeof *c->thread)))
		return hub_fail_mem(err);
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	c->end = &c->first;
	while (c->n < threads && pthread_create(&c->thread[c->n], NULL, work, c) == 0)
		c->n++;
	if (c->n < threads) {
		hub_crew_stop(c);
		return hub_fail(err, HUB_RETRY, "no-thread", "no further thread can be started");
	}
	*out = c;
	return HUB_OK;
}

int hub_crew_put(struct hub_crew *c, struct hub_crew_job *job)
{
	pthread_mutex_lock(&c->lock);
	const int taken = !c->stopping;
	if (taken) {
		if (!c->first)
			c->moved = hub_ticks_ms();
		job->next = NULL;
		*c->end = job;
		c->end = &job->next;
		pthread_cond_signal(&c->more);
	}
	pthread_mutex_unlock(&c->lock);
	return taken ? 0 : -1;
}

int hub_crew_is_stuck(struct hub_crew *c, int64_t ticks, int64_t ms)
{
	pthread_mutex_lock(&c->lock);
	const int stuck = c->first && ticks - c->moved > ms;
	pthread_mutex_unlock(&c->lock);
	return stuck;
}

void hub_crew_stop(struct hub_crew *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->stopping = 1;
	pthread_cond_broadcast(&c->more);
	pthread_mutex_unlock(&c->lock);
	for (unsigned i = 0; i < c->n; i++)
		pthread_join(c->thread[i], NULL);
	c->n = 0;
}
