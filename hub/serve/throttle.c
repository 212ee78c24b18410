#include "serve/throttle.h"

#include "base/clock.h"

#include <pthread.h>

/* --- requests ----------------------------------------------------------------------------------- */

enum { BUCKETS = 8192, WAYS = 4, LEAST_BURST = 10 };

/* level: requests that may come now, in thousandths. */
struct bucket {
	uint64_t who; /* 0: free */
	int64_t level, at;
};

struct hub_buckets {
	pthread_mutex_t lock; /* guards bucket */
	uint64_t salt;        /* so that nobody can choose who shares a place with whom */
	struct bucket bucket[BUCKETS];
};

struct hub_buckets *hub_buckets_new(struct hub_arena *a)
{
	struct hub_buckets *b = hub_alloc0(a, sizeof *b);

	if (!b || hub_random(&b->salt, sizeof b->salt))
		return NULL;
	pthread_mutex_init(&b->lock, NULL);
	return b;
}

void hub_buckets_free(struct hub_buckets *b)
{
	if (b)
		pthread_mutex_destroy(&b->lock);
}

/* Its own, a free one, or that of whoever has been quiet the longest. */
static struct bucket *place(struct hub_buckets *b, uint64_t who)
{
	struct bucket *set = &b->bucket[who % (BUCKETS / WAYS) * WAYS], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].who == who)
			return &set[i];
		if (set[i].at < oldest->at)
			oldest = &set[i];
	}
	*oldest = (struct bucket){.who = who, .at = INT64_MIN};
	return oldest;
}

unsigned hub_buckets_take(struct hub_buckets *b, struct hub_str who, int64_t per_minute,
			  int64_t ticks)
{
	const int64_t burst =
	    (per_minute / 10 > LEAST_BURST ? per_minute / 10 : LEAST_BURST) * 1000;
	unsigned wait = 0;

	if (!per_minute)
		return 0;
	const uint64_t key = hub_hash128(who, (struct hub_hash){b->salt, 0}).lo | 1;
	pthread_mutex_lock(&b->lock);
	struct bucket *k = place(b, key);
	if (k->at == INT64_MIN || ticks - k->at >= 600000)
		k->level = burst;
	else if ((k->level += (ticks - k->at) * per_minute / 60) > burst)
		k->level = burst;
	k->at = ticks;
	if (k->level >= 1000)
		k->level -= 1000;
	else
		wait = (unsigned)((1000 - k->level) * 60 / per_minute / 1000) + 1;
	pthread_mutex_unlock(&b->lock);
	return wait;
}

/* --- wrong passwords ---------------------------------------------------------------------------- */

enum { SLOTS = 1 << 18, FIRST_WAIT = 30, LONGEST_WAIT = 3600, FORGET = 86400, DOUBLINGS = 7 };

/* A key of the store's own, drawn once: whoever does not know it cannot find two logins of one slot. */
static int read_salt(struct hub_db *db, char salt[65], struct hub_err *err)
{
	static const char sql[] = "SELECT value FROM meta WHERE name = 'login_salt'";
	uint8_t bytes[32];

	for (int turn = 0; turn < 2; turn++) {
		HUB_AUTO(query) struct hub_query *q = NULL;
		int rc = hub_db_query(db, &q, err, sql, "");
		if (rc || (rc = hub_db_next(q, err)) < 0)
			return rc;
		if (rc == HUB_OK) {
			snprintf(salt, 65, "%.*s", HUB_FMT(hub_db_str(q, 0)));
			return HUB_OK;
		}
		if (hub_random(bytes, sizeof bytes))
			return hub_fail(err, HUB_FATAL, "no-random",
					"the system gives no random numbers");
		hub_hex(bytes, sizeof bytes, salt);
		if ((rc = hub_db_run(db, err,
				     "INSERT INTO meta (name, value) VALUES ('login_salt', ?)"
				     " ON CONFLICT (name) DO NOTHING",
				     "z", salt)))
			return rc;
	}
	return HUB_OK;
}

/* kind: 'l' a login, 'a' an address. */
static int slot_of(struct hub_db *db, char kind, struct hub_str what, int64_t *slot,
		   struct hub_err *err)
{
	char salt[65];
	uint8_t mac[HUB_SHA256];
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 4096);
	const int rc = read_salt(db, salt, err);
	hub_buf_putc(&b, kind);
	hub_buf_str(&b, what);
	if (rc)
		return rc;
	if (!hub_buf_ok(&b) || hub_hmac(hub_str_of(salt), hub_buf_text(&b), mac))
		return hub_fail_mem(err);
	*slot = (mac[0] | mac[1] << 8 | mac[2] << 16) % SLOTS;
	return HUB_OK;
}

/* Wrong ones so far, and seconds to wait because of them. */
static int read_slot(struct hub_db *db, int64_t slot, int64_t allowed, int64_t *failures,
		     int64_t *wait, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT failures, last_at FROM login_slot WHERE slot = ?", "i", slot);

	*failures = *wait = 0;
	if (rc || (rc = hub_db_next(q, err)) != HUB_OK)
		return rc == HUB_END ? HUB_OK : rc;
	const int64_t past = hub_now() - hub_db_int(q, 1);
	if (past > FORGET)
		return HUB_OK;
	*failures = hub_db_int(q, 0);
	if (*failures < allowed)
		return HUB_OK;
	const int64_t over = *failures - allowed;
	int64_t length = FIRST_WAIT << (over < DOUBLINGS ? over : DOUBLINGS);
	if (length > LONGEST_WAIT)
		length = LONGEST_WAIT;
	*wait = past < length ? length - past : 0;
	return HUB_OK;
}

static int64_t longer(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

int hub_login_wait(struct hub_db *db, struct hub_str login, struct hub_str address, int64_t *wait,
		   struct hub_err *err)
{
	int64_t slot, failures, of_login = 0, of_address = 0;
	int rc;

	if ((rc = slot_of(db, 'l', login, &slot, err)) ||
	    (rc = read_slot(db, slot, HUB_LOGIN_FREE, &failures, &of_login, err)) ||
	    (rc = slot_of(db, 'a', address, &slot, err)) ||
	    (rc = read_slot(db, slot, HUB_ADDRESS_FREE, &failures, &of_address, err)))
		return rc;
	*wait = longer(of_login, of_address);
	return HUB_OK;
}

static int count_one(struct hub_db *db, int64_t slot, int64_t allowed, int64_t *wait,
		     struct hub_err *err)
{
	int64_t failures;
	int rc = read_slot(db, slot, allowed, &failures, wait, err);

	if (rc ||
	    (rc = hub_db_run(db, err,
			     "INSERT INTO login_slot (slot, failures, last_at) VALUES (?, ?, ?)"
			     " ON CONFLICT (slot) DO UPDATE SET failures = excluded.failures,"
			     " last_at = excluded.last_at",
			     "iii", slot, failures + 1, hub_now())))
		return rc;
	return read_slot(db, slot, allowed, &failures, wait, err);
}

int hub_login_wrong(struct hub_db *db, struct hub_str login, struct hub_str address, int64_t *wait,
		    struct hub_err *err)
{
	int64_t of_login, of_address, slot;
	int rc;

	if ((rc = slot_of(db, 'l', login, &slot, err)) ||
	    (rc = count_one(db, slot, HUB_LOGIN_FREE, &of_login, err)) ||
	    (rc = slot_of(db, 'a', address, &slot, err)) ||
	    (rc = count_one(db, slot, HUB_ADDRESS_FREE, &of_address, err)))
		return rc;
	*wait = longer(of_login, of_address);
	return HUB_OK;
}

int hub_login_forget(struct hub_db *db, struct hub_str login, struct hub_err *err)
{
	int64_t slot;
	const int rc = slot_of(db, 'l', login, &slot, err);

	return rc ? rc : hub_db_run(db, err, "DELETE FROM login_slot WHERE slot = ?", "i", slot);
}
