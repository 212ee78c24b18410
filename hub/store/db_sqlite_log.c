/* SQLite driver: the log of a run goes into the store beside it. What a run commits is written twice, into the log
 * and from there into the store, and the store must be on the disk before the log begins anew. SQLite does that in
 * the commit that fills the log, and everybody waits for the disk. Here a thread with a connection of its own
 * follows the writer, so that little is left when the log is long enough to begin anew; that little the writer
 * does itself, for a log of which something is left never ends while somebody writes.
 *
 * Only time rests on it: without the thread, or when it cannot keep up, the writer does it all. That it failed (a
 * full disk) is no failure of the commit, with SQLite neither: what is in the log is safe there. */
#include "store/db_sqlite.h"

#include <pthread.h>

/* Pages of 8 KiB. */
enum {
	LOG_STEP = 1000,   /* worth a turn of the thread: each waits for the disk twice */
	LOG_ANEW = 4000,   /* long enough to begin anew */
	LOG_LITTLE = 300,  /* what the writer does itself then: about a chunk */
	LOG_LONGEST = 8000 /* from here on it does not leave it to the thread */
};

struct sqlite_log {
	sqlite3 *h; /* the thread's */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t moved; /* asked, busy or stop was set or cleared */
	/* guarded by lock */
	int pages;     /* of the log, with the last commit */
	int in_store;  /* of these, as far as is known */
	unsigned turn; /* how often the log began anew */
	int asked, busy, stop;
};

/* One turn, without the lock. */
static int move_pages(sqlite3 *h, int *in_store)
{
	int pages = 0, moved = 0;
	const int rc =
	    sqlite3_wal_checkpoint_v2(h, "main", SQLITE_CHECKPOINT_PASSIVE, &pages, &moved);

	*in_store = moved > 0 ? moved : 0;
	return rc;
}

static void *follow(void *arg)
{
	struct sqlite_log *l = arg;

	pthread_mutex_lock(&l->lock);
	while (!l->stop) {
		if (!l->asked) {
			pthread_cond_wait(&l->moved, &l->lock);
			continue;
		}
		const unsigned turn = l->turn;
		int n;
		l->asked = 0;
		l->busy = 1;
		pthread_mutex_unlock(&l->lock);
		const int rc = move_pages(l->h, &n);
		pthread_mutex_lock(&l->lock);
		l->busy = 0;
		if (!rc && turn == l->turn)
			l->in_store = n;
		pthread_cond_broadcast(&l->moved);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* Takes note of a commit. 1: the writer is to move what is left. */
static int note(struct sqlite_log *l, int pages)
{
	pthread_mutex_lock(&l->lock);
	if (pages < l->pages) {
		l->in_store = 0;
		l->turn++;
	}
	l->pages = pages;
	while (pages >= LOG_LONGEST && l->busy)
		pthread_cond_wait(&l->moved, &l->lock);
	const int left = pages > l->in_store ? pages - l->in_store : 0;
	const int mine =
	    pages >= LOG_LONGEST || (pages >= LOG_ANEW && left <= LOG_LITTLE && !l->busy);
	if (!mine && left >= (pages >= LOG_ANEW ? 1 : LOG_STEP)) {
		l->asked = 1;
		pthread_cond_broadcast(&l->moved);
	}
	pthread_mutex_unlock(&l->lock);
	return mine;
}

static int committed(void *arg, sqlite3 *h, const char *name, int pages)
{
	struct sqlite_log *l = arg;
	int n;

	(void)name;
	if (note(l, pages) && !move_pages(h, &n)) {
		pthread_mutex_lock(&l->lock);
		l->in_store = n;
		pthread_mutex_unlock(&l->lock);
	}
	return SQLITE_OK;
}

void hub_sqlite_log_follow(struct sqlite *s)
{
	struct sqlite_log *l = s->log || !s->path[0] ? NULL : hub_alloc0(s->db.arena, sizeof *l);

	if (!l)
		return;
	*l = (struct sqlite_log){.lock = PTHREAD_MUTEX_INITIALIZER,
				 .moved = PTHREAD_COND_INITIALIZER};
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	/* asking for anything of the store makes the connection know its log */
	if (sqlite3_open_v2(s->path, &l->h, flags, NULL) ||
	    sqlite3_exec(l->h, "PRAGMA synchronous=NORMAL; PRAGMA schema_version", NULL, NULL,
			 NULL) ||
	    pthread_create(&l->thread, NULL, follow, l)) {
		sqlite3_close_v2(l->h);
		return;
	}
	s->log = l;
	sqlite3_wal_hook(s->h, committed, l);
}

void hub_sqlite_log_free(struct sqlite *s)
{
	struct sqlite_log *l = s->log;

	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->stop = 1;
	pthread_cond_broadcast(&l->moved);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
	sqlite3_close_v2(l->h);
	s->log = NULL;
}
