#include "release/sights.h"

#include "base/err.h"

#include <pthread.h>

struct newest {
	struct hub_sight *sight; /* NULL: none yet; held by this list */
	struct hub_made_of of;
	int making; /* somebody is at the next one */
};

/* lock guards all of it, and sight->holders. */
struct hub_sights {
	pthread_mutex_t lock;
	pthread_cond_t made;
	struct newest *of;
	size_t views;
	unsigned members;
	uint64_t count, decided;
};

int hub_sights_new(struct hub_arena *a, size_t views, struct hub_sights **out, struct hub_err *err)
{
	struct hub_sights *s = hub_alloc0(a, sizeof *s);

	if (!s || !(s->of = hub_alloc_array(a, views + 1, sizeof *s->of)))
		return hub_fail_mem(err);
	s->views = views;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->made, NULL);
	*out = s;
	return HUB_OK;
}

/* Under lock. */
static void let_go(struct hub_sight *held)
{
	if (held && (held->holders == 0 || --held->holders == 0))
		hub_sight_free(held);
}

void hub_sights_join(struct hub_sights *s)
{
	pthread_mutex_lock(&s->lock);
	s->members++;
	pthread_mutex_unlock(&s->lock);
}

void hub_sights_leave(struct hub_sights *s)
{
	pthread_mutex_lock(&s->lock);
	s->members--;
	for (size_t i = 0; i < s->views && !s->members; i++) {
		let_go(s->of[i].sight);
		s->of[i].sight = NULL;
	}
	pthread_mutex_unlock(&s->lock);
}

int hub_sights_get(struct hub_sights *s, size_t view, const struct hub_made_of *of, int alone,
		   struct hub_sight **out, struct hub_sight **before)
{
	struct newest *n = &s->of[view];
	int rc = HUB_END;

	*before = NULL;
	pthread_mutex_lock(&s->lock);
	if (n->sight && memcmp(&n->of, of, sizeof *of) == 0) {
		n->sight->holders++;
		*out = n->sight;
		rc = HUB_OK;
	} else if (!alone && n->making) {
		while (n->making)
			pthread_cond_wait(&s->made, &s->lock);
		rc = HUB_IDLE;
	} else {
		n->making |= !alone;
		*before = n->sight;
		if (n->sight)
			n->sight->holders++;
	}
	pthread_mutex_unlock(&s->lock);
	return rc;
}

void hub_sights_put(struct hub_sights *s, size_t view, const struct hub_made_of *of,
		    struct hub_sight *made)
{
	struct newest *n = &s->of[view];

	pthread_mutex_lock(&s->lock);
	n->making = 0;
	if (made) {
		let_go(n->sight);
		made->holders = 2; /* the list, and who made it */
		*n = (struct newest){.sight = made, .of = *of};
		s->count++;
		s->decided += made->decided;
	}
	pthread_cond_broadcast(&s->made);
	pthread_mutex_unlock(&s->lock);
}

void hub_sights_drop(struct hub_sights *s, struct hub_sight *held)
{
	pthread_mutex_lock(&s->lock);
	let_go(held);
	pthread_mutex_unlock(&s->lock);
}

uint64_t hub_sights_made(struct hub_sights *s)
{
	pthread_mutex_lock(&s->lock);
	const uint64_t n = s->count;
	pthread_mutex_unlock(&s->lock);
	return n;
}

uint64_t hub_sights_decided(struct hub_sights *s)
{
	pthread_mutex_lock(&s->lock);
	const uint64_t n = s->decided;
	pthread_mutex_unlock(&s->lock);
	return n;
}
