#include "serve/crew.h"

#include "base/clock.h"

#include <pthread.h>

struct worker {
	pthread_t thread;
	struct hub_crew *crew;
	int64_t since; /* ticks: its job has begun; 0: it has none */
};

/* lock guards everything but thread, crew and n. */
struct hub_crew {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct hub_crew_job *first, **end;
	int stopping;
	int64_t moved; /* ticks: last begun, ended, or put where none waited */
	unsigned n;
	struct worker *worker;
};

static void *work(void *arg)
{
	struct worker *w = arg;
	struct hub_crew *c = w->crew;

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
		c->moved = w->since = hub_ticks_ms();
		pthread_mutex_unlock(&c->lock);
		job->work(job->arg);
		pthread_mutex_lock(&c->lock);
		c->moved = hub_ticks_ms();
		w->since = 0;
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

int hub_crew_start(struct hub_arena *a, unsigned threads, struct hub_crew **out,
		   struct hub_err *err)
{
	struct hub_crew *c = hub_alloc0(a, sizeof *c);

	if (!c || !(c->worker = hub_alloc_array(a, threads, sizeof *c->worker)))
		return hub_fail_mem(err);
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->more, NULL);
	c->end = &c->first;
	for (unsigned i = 0; i < threads; i++)
		c->worker[i] = (struct worker){.crew = c};
	while (c->n < threads &&
	       pthread_create(&c->worker[c->n].thread, NULL, work, &c->worker[c->n]) == 0)
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

/* Under lock. */
static unsigned count_late(const struct hub_crew *c, int64_t ticks, int64_t ms)
{
	unsigned late = 0;

	for (unsigned i = 0; i < c->n; i++)
		late += c->worker[i].since && ticks - c->worker[i].since > ms;
	return late;
}

unsigned hub_crew_late(struct hub_crew *c, int64_t ticks, int64_t ms)
{
	pthread_mutex_lock(&c->lock);
	const unsigned late = count_late(c, ticks, ms);
	pthread_mutex_unlock(&c->lock);
	return late;
}

int hub_crew_is_stuck(struct hub_crew *c, int64_t ticks, int64_t ms)
{
	pthread_mutex_lock(&c->lock);
	const int stuck =
	    (c->first && ticks - c->moved > ms) || count_late(c, ticks, ms) * 2 > c->n;
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
		pthread_join(c->worker[i].thread, NULL);
	c->n = 0;
}
