/* SQLite driver: who writes next. There is one write lock, and SQLite's way to wait for it is to look again after
 * sleeps that grow to 100 ms: a run that begins its next chunk right after the last one would win each time, and a
 * person's write would wait for the whole import. So whoever waits says so, by a shared lock on a byte of the file
 * beside the store, and looks every millisecond; a run looks at that byte before each chunk and lets others go
 * first, but no longer than its last chunk took, so that nobody keeps it out. */
#include "store/db_sqlite.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

enum {
	BUSY_MS = 10000,
	QUICK = 50,   /* looks, at a millisecond each; then at two */
	YIELD_MS = 20 /* a bulk writer gives at least so much */
};
static const int64_t waiting_byte = INT64_MAX - 1; /* feeds and cases have the numbers below */

static void sleep_us(int64_t us)
{
	const struct timespec t = {us / 1000000, us % 1000000 * 1000};

	nanosleep(&t, NULL);
}

int hub_sqlite_lock_file(struct sqlite *s)
{
	if (s->lock_fd == -1)
		s->lock_fd = open(s->lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return s->lock_fd == -1 ? -1 : 0;
}

/* type: F_RDLCK or F_UNLCK. Not to have the lock costs patience, nothing else. */
static void say_waiting(struct sqlite *s, short type)
{
	struct flock f = {
	    .l_type = type, .l_whence = SEEK_SET, .l_start = waiting_byte, .l_len = 1};

	if (s->path[0] && hub_sqlite_lock_file(s) == 0)
		(void)fcntl(s->lock_fd, F_OFD_SETLK, &f);
}

static int somebody_waits(const struct sqlite *s)
{
	struct flock f = {
	    .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = waiting_byte, .l_len = 1};

	return s->lock_fd != -1 && fcntl(s->lock_fd, F_OFD_GETLK, &f) == 0 && f.l_type != F_UNLCK;
}

int hub_sqlite_busy(void *arg, int times)
{
	struct sqlite *s = arg;
	const int64_t now = hub_ticks_ms();

	if (times == 0)
		s->wait_until = now + BUSY_MS;
	if (now >= s->wait_until)
		return 0;
	if (!s->waits && !s->bulk)
		say_waiting(s, F_RDLCK);
	s->waits = 1;
	sleep_us(times < QUICK ? 1000 : 2000);
	return 1;
}

void hub_sqlite_waited(struct sqlite *s)
{
	if (!s->waits)
		return;
	s->waits = 0;
	say_waiting(s, F_UNLCK);
}

void hub_sqlite_yield(const struct sqlite *s)
{
	const int64_t most = s->held > YIELD_MS ? s->held : YIELD_MS;
	const int64_t end = hub_ticks_ms() + most;

	while (somebody_waits(s) && hub_ticks_ms() < end)
		sleep_us(500);
}
