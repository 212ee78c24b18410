#include "serve/blame.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

enum state { FREE = 0, BUSY, FAULT, LATE };

struct slot {
	_Atomic int state;
	_Atomic int64_t until;
	char area[HUB_AREA_BYTES];
};

struct unfit {
	char area[HUB_AREA_BYTES], why[HUB_WHY_BYTES];
};

struct hub_blame {
	struct slot slot[HUB_CALLS_MOST];
	_Atomic size_t unfits; /* that are whole */
	struct unfit unfit[HUB_MODULES_SHOWN];
};

/* The call of this thread; a handler of signals can reach nothing else. */
static _Thread_local struct slot *own;

static void path_of(const char *folder, char *out, size_t size)
{
	snprintf(out, size, "%s/modules.calls", folder);
}

int hub_blame_open(const char *folder, struct hub_blame **out, struct hub_err *err)
{
	char path[4200];

	path_of(folder, path, sizeof path);
	const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1 || ftruncate(fd, 0) || ftruncate(fd, sizeof **out)) {
		const int rc = hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, path);
		if (fd != -1)
			close(fd);
		return rc;
	}
	void *p = mmap(NULL, sizeof **out, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, path);
	*out = p;
	return HUB_OK;
}

static void on_fault(int number)
{
	if (own)
		atomic_store(&own->state, FAULT);
	signal(number, SIG_DFL);
	raise(number);
}

void hub_blame_catch(void)
{
	static const int faults[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
	const struct sigaction act = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};

	for (size_t i = 0; i < HUB_COUNT(faults); i++)
		sigaction(faults[i], &act, NULL);
}

void hub_blame_enter(struct hub_blame *b, const char *area, int64_t until)
{
	for (size_t i = 0; b && i < HUB_CALLS_MOST; i++) {
		int expected = FREE;
		struct slot *s = &b->slot[i];
		if (!atomic_compare_exchange_strong(&s->state, &expected, BUSY))
			continue;
		snprintf(s->area, sizeof s->area, "%s", area);
		atomic_store(&s->until, until);
		own = s;
		return;
	}
}

void hub_blame_leave(void)
{
	if (!own)
		return;
	atomic_store(&own->until, 0);
	atomic_store(&own->state, FREE);
	own = NULL;
}

void hub_blame_extend(int64_t until)
{
	if (own)
		atomic_store(&own->until, until);
}

const char *hub_blame_late(struct hub_blame *b, int64_t ticks)
{
	for (size_t i = 0; i < HUB_CALLS_MOST; i++) {
		struct slot *s = &b->slot[i];
		int expected = BUSY;
		const int64_t until = atomic_load(&s->until);
		if (until && until < ticks &&
		    atomic_compare_exchange_strong(&s->state, &expected, LATE))
			return s->area;
	}
	return NULL;
}

void hub_blame_unfit(struct hub_blame *b, const char *area, const struct hub_err *why)
{
	const size_t n = b ? atomic_load(&b->unfits) : HUB_MODULES_SHOWN;

	if (n >= HUB_MODULES_SHOWN)
		return;
	snprintf(b->unfit[n].area, sizeof b->unfit[n].area, "%s", area);
	snprintf(b->unfit[n].why, sizeof b->unfit[n].why, "%s", why->what);
	atomic_store(&b->unfits, n + 1);
}

/* 0 when it is not there, or not whole. */
static int read_all(const char *folder, struct hub_blame *b)
{
	char path[4200];

	path_of(folder, path, sizeof path);
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	const ssize_t n = fd == -1 ? -1 : read(fd, b, sizeof *b);
	if (fd != -1)
		close(fd);
	return n == (ssize_t)sizeof *b;
}

int hub_blame_unfit_read(const char *folder, size_t i, char area[HUB_AREA_BYTES],
			 char why[HUB_WHY_BYTES])
{
	struct hub_blame b = {0};

	if (!read_all(folder, &b) || i >= b.unfits || i >= HUB_MODULES_SHOWN)
		return 0;
	snprintf(area, HUB_AREA_BYTES, "%.*s", HUB_AREA_BYTES - 1, b.unfit[i].area);
	snprintf(why, HUB_WHY_BYTES, "%.*s", HUB_WHY_BYTES - 1, b.unfit[i].why);
	return 1;
}

void hub_blame_forget(const char *folder)
{
	char path[4200];

	path_of(folder, path, sizeof path);
	(void)unlink(path); /* a process that lives keeps what it has open */
}

int hub_blame_read(const char *folder, char area[HUB_AREA_BYTES], int *hung)
{
	const struct slot *worst = NULL;
	struct hub_blame b = {0};
	const int there = read_all(folder, &b);

	/* who was only inside may have fallen with the others, but is all we know when nobody was noted */
	for (size_t i = 0; there && i < HUB_CALLS_MOST; i++)
		if (b.slot[i].state != FREE && (!worst || b.slot[i].state > worst->state))
			worst = &b.slot[i];
	if (!worst)
		return 0;
	snprintf(area, HUB_AREA_BYTES, "%.*s", HUB_AREA_BYTES - 1, worst->area);
	*hung = worst->state == LATE;
	return 1;
}
