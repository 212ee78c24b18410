#include "serve/scribe.h"

#include "release/audit.h"

#include <pthread.h>

enum { MOST = 200 }; /* reads in one transaction */

/* One caller, on its stack. */
struct waiting {
	struct waiting *next;
	struct hub_str actor;
	const struct hub_note *notes;
	int done, rc;
	struct hub_err err;
};

/* lock guards everything. Whoever finds nobody writing writes for all who wait. */
struct hub_scribe {
	struct hub_pool *pool;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct waiting *first, **end;
	int writing;
};

int hub_scribe_new(struct hub_arena *a, struct hub_pool *pool, struct hub_scribe **out,
		   struct hub_err *err)
{
	struct hub_scribe *s = hub_alloc0(a, sizeof *s);

	if (!s)
		return hub_fail_mem(err);
	s->pool = pool;
	s->end = &s->first;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->changed, NULL);
	*out = s;
	return HUB_OK;
}

void hub_scribe_free(struct hub_scribe *s)
{
	if (!s)
		return;
	pthread_cond_destroy(&s->changed);
	pthread_mutex_destroy(&s->lock);
}

static int write_one(struct hub_db *db, const struct waiting *w, struct hub_err *err)
{
	int rc = HUB_OK;

	for (const struct hub_note *n = w->notes; n && !rc; n = n->next)
		rc = hub_audit_add(db, w->actor, n->action, n->object, n->detail, err);
	return rc;
}

/* The first `n` of a list in one transaction. */
static int write_some(struct hub_db *db, struct waiting *w, size_t n, struct hub_err *err)
{
	int rc = db->ops->begin(db, HUB_DB_LOG, err);

	if (rc)
		return rc;
	for (; w && n > 0 && !rc; w = w->next, n--)
		rc = write_one(db, w, err);
	return hub_db_end(db, rc, err);
}

static void set_result(struct waiting *w, size_t n, int rc, const struct hub_err *err)
{
	for (; w && n > 0; w = w->next, n--) {
		w->rc = rc;
		w->err = *err;
	}
}

/* Without the lock. When it fails for all together, each is tried by itself: one entry that cannot be written is not
 * the fault of the others. */
static void write_list(struct hub_scribe *s, struct waiting *list, size_t n)
{
	struct hub_err err = {0};
	struct hub_store *store;
	int rc = hub_pool_take(s->pool, &store, &err);

	if (rc) {
		set_result(list, n, rc, &err);
		return;
	}
	struct hub_db *db = hub_store_db(store);
	rc = write_some(db, list, n, &err);
	set_result(list, n, rc, &err);
	for (struct waiting *w = list; n > 1 && rc && rc != HUB_LOCKED && rc != HUB_RETRY && w;
	     w = w->next)
		w->rc = write_some(db, w, 1, &w->err);
	hub_pool_give(s->pool, store, rc);
}

/* With the lock: the next ones, as a list of their own. */
static struct waiting *take_some(struct hub_scribe *s, size_t *n)
{
	struct waiting *list = s->first, **at = &s->first;

	for (*n = 0; *at && *n < MOST; ++*n)
		at = &(*at)->next;
	s->first = *at;
	if (!s->first)
		s->end = &s->first;
	*at = NULL;
	return list;
}

static void write_for_all(struct hub_scribe *s)
{
	size_t n;
	struct waiting *list = take_some(s, &n), *next;

	s->writing = 1;
	pthread_mutex_unlock(&s->lock);
	write_list(s, list, n);
	pthread_mutex_lock(&s->lock);
	s->writing = 0;
	for (struct waiting *w = list; w; w = next) {
		next = w->next; /* it is gone as soon as it is done */
		w->done = 1;
	}
	pthread_cond_broadcast(&s->changed);
}

int hub_scribe_write(struct hub_scribe *s, struct hub_str actor, const struct hub_note *notes,
		     struct hub_err *err)
{
	struct waiting mine = {.actor = actor, .notes = notes};

	pthread_mutex_lock(&s->lock);
	*s->end = &mine;
	s->end = &mine.next;
	while (!mine.done) {
		if (s->writing)
			pthread_cond_wait(&s->changed, &s->lock);
		else
			write_for_all(s);
	}
	pthread_mutex_unlock(&s->lock);
	if (mine.rc && err)
		*err = mine.err;
	return mine.rc;
}
