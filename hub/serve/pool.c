#include "serve/pool.h"

#include <pthread.h>

enum { POOL_MAX = 16 };

struct slot {
	struct hub_arena *arena;
	struct hub_store *store; /* NULL: not open */
	int taken;
};

/* lock guards slot[].taken; what a slot holds belongs to whoever took it. */
struct hub_pool {
	const char *url;
	const struct hub_schema *schema;
	struct hub_arena *arena;
	pthread_mutex_t lock;
	pthread_cond_t given;
	unsigned most;
	void (*closing)(void *arg, struct hub_store *s);
	void *arg;
	struct slot slot[POOL_MAX];
};

int hub_pool_new(const char *url, const struct hub_schema *schema, unsigned most,
		 struct hub_pool **out, struct hub_err *err)
{
	struct hub_arena *arena = hub_arena_new(0);
	struct hub_pool *p = arena ? hub_alloc0(arena, sizeof *p) : NULL;

	if (!p) {
		hub_arena_free(arena);
		return hub_fail_mem(err);
	}
	*p = (struct hub_pool){.schema = schema, .arena = arena};
	p->most = most < POOL_MAX ? most : POOL_MAX;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->given, NULL);
	if (url && !(p->url = hub_arena_cstr(arena, hub_str_of(url)))) {
		hub_pool_free(p);
		return hub_fail_mem(err);
	}
	*out = p;
	return HUB_OK;
}

void hub_pool_tell(struct hub_pool *p, void (*closing)(void *arg, struct hub_store *s), void *arg)
{
	p->closing = closing;
	p->arg = arg;
}

static void close_slot(const struct hub_pool *p, struct slot *s)
{
	if (p->closing)
		p->closing(p->arg, s->store);
	hub_store_close(s->store);
	hub_arena_free(s->arena);
	*s = (struct slot){.taken = s->taken};
}

void hub_pool_free(struct hub_pool *p)
{
	if (!p)
		return;
	for (unsigned i = 0; i < p->most; i++)
		if (p->slot[i].store)
			close_slot(p, &p->slot[i]);
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
	hub_arena_free(p->arena);
}

/* An open one rather than another. */
static struct slot *free_slot(struct hub_pool *p)
{
	struct slot *found = NULL;

	for (unsigned i = 0; i < p->most; i++) {
		struct slot *s = &p->slot[i];
		if (!s->taken && (!found || (s->store && !found->store)))
			found = s;
	}
	return found;
}

static int open_slot(const struct hub_pool *p, struct slot *s, struct hub_err *err)
{
	if (!(s->arena = hub_arena_new(0)))
		return hub_fail_mem(err);
	const int rc = hub_store_open(s->arena, p->url, HUB_OPEN_CREATE, p->schema, &s->store, err);
	if (rc) {
		hub_arena_free(s->arena);
		s->arena = NULL;
		s->store = NULL;
	}
	return rc;
}

static void release(struct hub_pool *p, struct slot *s)
{
	pthread_mutex_lock(&p->lock);
	s->taken = 0;
	pthread_cond_signal(&p->given);
	pthread_mutex_unlock(&p->lock);
}

int hub_pool_take(struct hub_pool *p, struct hub_store **out, struct hub_err *err)
{
	struct slot *s;

	if (!p->url)
		return hub_fail(err, HUB_RETRY, "store-missing",
				"the configuration names no store");
	pthread_mutex_lock(&p->lock);
	while (!(s = free_slot(p)))
		pthread_cond_wait(&p->given, &p->lock);
	s->taken = 1;
	pthread_mutex_unlock(&p->lock);
	const int rc = s->store ? HUB_OK : open_slot(p, s, err);
	if (rc) {
		release(p, s);
		return rc;
	}
	*out = s->store;
	return HUB_OK;
}

void hub_pool_give(struct hub_pool *p, struct hub_store *store, int rc)
{
	if (!store)
		return;
	for (unsigned i = 0; i < p->most; i++) {
		struct slot *s = &p->slot[i];
		if (s->store != store)
			continue;
		if (rc == HUB_RETRY || rc == HUB_FATAL)
			close_slot(p, s);
		release(p, s);
		return;
	}
}
