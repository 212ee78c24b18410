/* LD_PRELOAD library: the time of day is what a test says, for all processes that map the file TEST_CLOCK (three numbers of
 * eight bytes): seconds since 1970; a process; how often that one asked. Durations are true, but nobody waits for long by a
 * condition: who does something each second does it at each turn of the test's clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_NS = 5000000 };

static int64_t *face(void)
{
	static int64_t *mapped;
	const char *path = getenv("TEST_CLOCK");

	if (!mapped && path) {
		const int fd = open(path, O_RDWR | O_CLOEXEC);
		void *p = fd == -1 ? MAP_FAILED
				   : mmap(NULL, 24, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		if (fd == -1 || p == MAP_FAILED)
			abort();
		close(fd);
		mapped = p;
	}
	return mapped;
}

int clock_gettime(clockid_t which, struct timespec *ts)
{
	static int (*real)(clockid_t, struct timespec *);
	int64_t *f = which == CLOCK_REALTIME ? face() : NULL;

	if (f) {
		*ts = (struct timespec){.tv_sec = __atomic_load_n(&f[0], __ATOMIC_SEQ_CST)};
		if (__atomic_load_n(&f[1], __ATOMIC_SEQ_CST) == getpid())
			__atomic_add_fetch(&f[2], 1, __ATOMIC_SEQ_CST);
		return 0;
	}
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	return real(which, ts);
}

int pthread_cond_timedwait(pthread_cond_t *c, pthread_mutex_t *m, const struct timespec *until)
{
	static int (*real)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);
	struct timespec soon;

	(void)until;
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "pthread_cond_clockwait");
	clock_gettime(CLOCK_MONOTONIC, &soon);
	soon.tv_nsec += WAIT_NS;
	if (soon.tv_nsec >= 1000000000) {
		soon.tv_nsec -= 1000000000;
		soon.tv_sec++;
	}
	return real(c, m, CLOCK_MONOTONIC, &soon);
}
