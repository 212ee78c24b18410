/* LD_PRELOAD library: makes the Nth call of one kind fail, once or from then on, or kills the process
 * there. Nothing of the program is compiled for it: what is tested is what runs.
 *
 *   TSUNAGI_FAULT=KIND:N[:HOW]  KIND of the table below, N from 1; HOW what happens:
 *     EIO, ENOSPC, EMFILE ...   the call fails with this error (default: the one of its kind)
 *     intr                      the call was interrupted (EINTR); the program must ask again
 *     full                      from N on every call of the kind fails with ENOSPC
 *     short                     half of the bytes are moved; the program must go on with the rest
 *     kill                      SIGKILL before the call
 *   TSUNAGI_FAULT_LOG=FILE      at the end: "KIND CALLS" for each kind; FILE.by says, at once, where the
 *                               call came from
 *   TSUNAGI_FAULT_WAYS=FILE     "KIND N WAY" for each Nth call that came another way, by its callers,
 *                               than all before it; WAY is the same in every run
 *   TSUNAGI_GROWS=N:FILE        FILE, so named, grows by a byte before it is opened the Nth time
 *   TSUNAGI_CLOCK=SEED          the wall clock jumps, back and forth, at every reading
 *
 * Calls go to the kernel directly, memory to the names that glibc keeps for this. */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);

/* Memory by who asks: the program and its plugins; libconfig, whose version 1.5 does not look whether
 * it got any; all other libraries. */
enum kind {
	ALLOC,
	LIB,
	CONFIG,
	OPEN,
	READ,
	WRITE,
	SYNC,
	RENAME,
	TRUNCATE,
	UNLINK,
	STAT,
	MAP,
	LOCK,
	KINDS
};

static const struct {
	const char *name;
	int error;
} kinds[KINDS] = {
    [ALLOC] = {"alloc", ENOMEM}, [LIB] = {"lib", ENOMEM},    [CONFIG] = {"config", ENOMEM},
    [OPEN] = {"open", EMFILE},   [READ] = {"read", EIO},     [WRITE] = {"write", ENOSPC},
    [SYNC] = {"sync", EIO},      [RENAME] = {"rename", EIO}, [TRUNCATE] = {"truncate", EIO},
    [UNLINK] = {"unlink", EIO},  [STAT] = {"stat", EIO},     [MAP] = {"map", ENOMEM},
    [LOCK] = {"lock", ENOLCK},
};

static const struct {
	const char *name;
	int error;
} errors[] = {{"EIO", EIO},       {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"EACCES", EACCES},
	      {"ENOMEM", ENOMEM}, {"EROFS", EROFS},   {"EDQUOT", EDQUOT}, {"intr", EINTR}};

enum how { FAIL_ONCE, FAIL_ON, SHORT, KILL };

/* Set before main, then only read. */
static enum kind want = KINDS;
static unsigned long want_at, clock_seed;
static enum how how;
static int error;
static const char *log_path;
static const char *grows; /* file */
static unsigned long grows_at;

static struct {
	uintptr_t from, to;
} config_lib, program;

static atomic_ulong count[KINDS];
static atomic_int fired;

enum {
	DEPTH = 8,     /* callers that tell two ways apart */
	WAYS = 1 << 18 /* slots */
};
static int ways_fd = -1;
static atomic_ulong ways[WAYS]; /* seen; 0: free */
static _Thread_local int looking;

static void read_how(const char *z)
{
	error = kinds[want].error;
	if (strcmp(z, "full") == 0) {
		how = FAIL_ON;
		error = ENOSPC;
	} else if (strcmp(z, "short") == 0) {
		how = SHORT;
	} else if (strcmp(z, "kill") == 0) {
		how = KILL;
	}
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strcmp(z, errors[i].name) == 0)
			error = errors[i].error;
}

/* Decimal; moves *z behind it. */
static unsigned long number(const char **z)
{
	unsigned long n = 0;

	for (; **z >= '0' && **z <= '9'; (*z)++)
		n = n * 10 + (unsigned long)(**z - '0');
	return n;
}

/* Where the code of the program and of libconfig lies. */
static int look(struct dl_phdr_info *info, size_t size, void *arg)
{
	const char *slash = strrchr(info->dlpi_name, '/');

	(void)size;
	(void)arg;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const uintptr_t at = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
		if (info->dlpi_phdr[i].p_type != PT_LOAD || !(info->dlpi_phdr[i].p_flags & PF_X))
			continue;
		if (!info->dlpi_name[0]) {
			program.from = at;
			program.to = at + info->dlpi_phdr[i].p_memsz;
		} else if (slash && strncmp(slash, "/libconfig.so", 13) == 0) {
			config_lib.from = at;
			config_lib.to = at + info->dlpi_phdr[i].p_memsz;
		}
	}
	return 0;
}

static enum kind memory_of(const void *caller)
{
	const uintptr_t at = (uintptr_t)caller;

	if (at >= program.from && at < program.to)
		return ALLOC;
	return at >= config_lib.from && at < config_lib.to ? CONFIG : LIB;
}

__attribute__((constructor)) static void begin(void)
{
	const char *z = getenv("TSUNAGI_FAULT"), *jump = getenv("TSUNAGI_CLOCK");
	const char *ways_path = getenv("TSUNAGI_FAULT_WAYS");

	log_path = getenv("TSUNAGI_FAULT_LOG");
	grows = getenv("TSUNAGI_GROWS");
	grows_at = grows ? number(&grows) : 0;
	grows += grows != NULL; /* the colon */
	dl_iterate_phdr(look, NULL);
	clock_seed = jump ? 1 + number(&jump) : 0;
	if (ways_path) { /* the first backtrace loads a library */
		void *from[1];
		looking = 1;
		(void)backtrace(from, 1);
		looking = 0;
		ways_fd = (int)syscall(SYS_openat, AT_FDCWD, ways_path,
				       O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	}
	for (int k = 0; k < KINDS; k++) /* what the loader did does not count */
		atomic_store(&count[k], 0);
	for (int k = 0; z && k < KINDS; k++) {
		const size_t n = strlen(kinds[k].name);
		if (strncmp(z, kinds[k].name, n) != 0 || z[n] != ':')
			continue;
		z += n + 1;
		want_at = number(&z);
		want = (enum kind)k;
		read_how(*z == ':' ? z + 1 : "");
		return;
	}
}

static void put_file(const char *path, const char *text, int n)
{
	const long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1)
		return;
	(void)!syscall(SYS_write, fd, text, n);
	(void)syscall(SYS_close, fd);
}

__attribute__((destructor)) static void end(void)
{
	char text[1024];
	int n = 0;

	for (int k = 0; k < KINDS; k++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s %lu\n", kinds[k].name,
			      atomic_load(&count[k]));
	if (log_path)
		put_file(log_path, text, n);
}

/* Who asked, said while the process may still die of it: libraries and places, innermost first. */
static void note(void)
{
	void *from[24];
	char text[4096], name[512];
	int n = 0;

	if (atomic_exchange(&fired, 1) || !log_path)
		return;
	const int depth = backtrace(from, 24);
	for (int i = 2; i < depth; i++) {
		Dl_info info = {0};
		if (!dladdr(from[i], &info) || !info.dli_fname || n > 3800)
			continue;
		const char *slash = strrchr(info.dli_fname, '/');
		n += snprintf(text + n, 140, "%.60s +0x%lx %.40s\n",
			      slash ? slash + 1 : info.dli_fname,
			      (unsigned long)((char *)from[i] - (char *)info.dli_fbase),
			      info.dli_sname ? info.dli_sname : "");
	}
	snprintf(name, sizeof name, "%s.by", log_path);
	put_file(name, text, n);
}

/* By libraries and places in them, for addresses differ from run to run. Never 0. */
static unsigned long way_here(enum kind k)
{
	void *from[DEPTH];
	const int depth = backtrace(from, DEPTH);
	unsigned long h = (unsigned long)k + 1;

	for (int i = 0; i < depth; i++) {
		Dl_info info = {0};
		const uintptr_t base = dladdr(from[i], &info) ? (uintptr_t)info.dli_fbase : 0;
		h = (h ^ ((uintptr_t)from[i] - base)) * 0x9e3779b97f4a7c15UL;
		h ^= h >> 29;
	}
	return h + (h == 0);
}

static int is_new(unsigned long way)
{
	for (unsigned long at = way % WAYS, i = 0; i < WAYS; at = (at + 1) % WAYS, i++) {
		unsigned long was = 0;
		if (atomic_compare_exchange_strong(&ways[at], &was, way))
			return 1;
		if (was == way)
			return 0;
	}
	return 1;
}

static void note_way(enum kind k, unsigned long n)
{
	const int error_before = errno;
	char text[96];

	if (ways_fd == -1 || looking)
		return;
	looking = 1; /* looking back may ask for memory */
	const unsigned long way = way_here(k);
	if (is_new(way))
		(void)!syscall(SYS_write, ways_fd, text,
			       snprintf(text, sizeof text, "%s %lu %lx\n", kinds[k].name, n, way));
	errno = error_before;
	looking = 0;
}

/* 1: this call fails (errno is set) or, with SHORT, is cut. */
static int hits(enum kind k)
{
	const unsigned long n = atomic_fetch_add(&count[k], 1) + 1;

	note_way(k, n);
	if (k != want || !want_at || n < want_at || (n > want_at && how != FAIL_ON))
		return 0;
	if (how == KILL)
		syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
	note();
	errno = error;
	return 1;
}

#define FROM     __builtin_return_address(0)
#define FAILS(k) (hits(k) && how != SHORT)
#define EXPORT   __attribute__((visibility("default")))

/* --- memory ----------------------------------------------------------------------------------- */

EXPORT void *malloc(size_t n)
{
	return FAILS(memory_of(FROM)) ? NULL : __libc_malloc(n);
}

EXPORT void *calloc(size_t n, size_t size)
{
	return FAILS(memory_of(FROM)) ? NULL : __libc_calloc(n, size);
}

EXPORT void *realloc(void *p, size_t n)
{
	return FAILS(memory_of(FROM)) ? NULL : __libc_realloc(p, n);
}

/* Here, so that it counts for its caller and not for libc. */
EXPORT char *strdup(const char *z)
{
	const size_t n = strlen(z) + 1;
	char *p = FAILS(memory_of(FROM)) ? NULL : __libc_malloc(n);

	return p ? memcpy(p, z, n) : NULL;
}

/* The name under which old headers call it. */
EXPORT char *__strdup(const char *z)
{
	const size_t n = strlen(z) + 1;
	char *p = FAILS(memory_of(FROM)) ? NULL : __libc_malloc(n);

	return p ? memcpy(p, z, n) : NULL;
}

static void *map(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	if (fd != -1 && FAILS(MAP))
		return MAP_FAILED;
	return (void *)(uintptr_t)syscall(SYS_mmap, at, n, prot, flags, fd, offset);
}

EXPORT void *mmap(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	return map(at, n, prot, flags, fd, offset);
}

EXPORT void *mmap64(void *at, size_t n, int prot, int flags, int fd, off_t offset)
{
	return map(at, n, prot, flags, fd, offset);
}

/* --- files ------------------------------------------------------------------------------------ */

static void grow(const char *path)
{
	static atomic_ulong opened;

	if (!grows || strcmp(path, grows) != 0 || atomic_fetch_add(&opened, 1) + 1 != grows_at)
		return;
	const long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND);
	syscall(SYS_write, fd, "\n", 1UL);
	syscall(SYS_close, fd);
}

static int open_at(int dir, const char *path, int flags, mode_t mode)
{
	if (FAILS(OPEN))
		return -1;
	grow(path);
	return (int)syscall(SYS_openat, dir, path, flags, mode);
}

static mode_t mode_of(int flags, va_list ap)
{
	return flags & (O_CREAT | __O_TMPFILE) ? (mode_t)va_arg(ap, unsigned) : 0;
}

EXPORT int open(const char *path, int flags, ...)
{
	va_list ap;

	va_start(ap, flags);
	const mode_t mode = mode_of(flags, ap);
	va_end(ap);
	return open_at(AT_FDCWD, path, flags, mode);
}

EXPORT int open64(const char *path, int flags, ...)
{
	va_list ap;

	va_start(ap, flags);
	const mode_t mode = mode_of(flags, ap);
	va_end(ap);
	return open_at(AT_FDCWD, path, flags, mode);
}

EXPORT int mkostemp(char *name, int flags)
{
	const unsigned long n = atomic_load(&count[OPEN]);
	const size_t len = strlen(name);

	(void)snprintf(name + len - 6, 7, "%06lx", ((unsigned long)getpid() * 64 + n) & 0xffffff);
	return open_at(AT_FDCWD, name, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
}

/* 0: go on with *n bytes; -1: fail. */
static int moves(enum kind k, size_t *n)
{
	if (!hits(k))
		return 0;
	if (how == SHORT && *n > 1)
		*n /= 2;
	return how == SHORT ? 0 : -1;
}

EXPORT ssize_t read(int fd, void *p, size_t n)
{
	return moves(READ, &n) ? -1 : syscall(SYS_read, fd, p, n);
}

EXPORT ssize_t pread(int fd, void *p, size_t n, off_t at)
{
	return moves(READ, &n) ? -1 : syscall(SYS_pread64, fd, p, n, at);
}

EXPORT ssize_t pread64(int fd, void *p, size_t n, off_t at)
{
	return moves(READ, &n) ? -1 : syscall(SYS_pread64, fd, p, n, at);
}

EXPORT ssize_t write(int fd, const void *p, size_t n)
{
	return moves(WRITE, &n) ? -1 : syscall(SYS_write, fd, p, n);
}

EXPORT ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return moves(WRITE, &n) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

EXPORT ssize_t pwrite64(int fd, const void *p, size_t n, off_t at)
{
	return moves(WRITE, &n) ? -1 : syscall(SYS_pwrite64, fd, p, n, at);
}

EXPORT int fsync(int fd)
{
	return FAILS(SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

EXPORT int fdatasync(int fd)
{
	return FAILS(SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

EXPORT int rename(const char *from, const char *to)
{
	return FAILS(RENAME) ? -1 : (int)syscall(SYS_rename, from, to);
}

EXPORT int ftruncate(int fd, off_t n)
{
	return FAILS(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

EXPORT int ftruncate64(int fd, off_t n)
{
	return FAILS(TRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

EXPORT int unlink(const char *path)
{
	return FAILS(UNLINK) ? -1 : (int)syscall(SYS_unlink, path);
}

EXPORT int mkdir(const char *path, mode_t mode)
{
	return FAILS(OPEN) ? -1 : (int)syscall(SYS_mkdir, path, mode);
}

EXPORT int fstat(int fd, struct stat *st)
{
	return FAILS(STAT) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

EXPORT int stat(const char *path, struct stat *st)
{
	return FAILS(STAT) ? -1 : (int)syscall(SYS_stat, path, st);
}

EXPORT int fstat64(int fd, struct stat64 *st)
{
	return FAILS(STAT) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

EXPORT int stat64(const char *path, struct stat64 *st)
{
	return FAILS(STAT) ? -1 : (int)syscall(SYS_stat, path, st);
}

/* --- locks and time --------------------------------------------------------------------------- */

static int control(int fd, int op, void *arg)
{
	if ((op == F_OFD_SETLK || op == F_SETLK) && FAILS(LOCK))
		return -1;
	return (int)syscall(SYS_fcntl, fd, op, arg);
}

EXPORT int fcntl(int fd, int op, ...)
{
	va_list ap;

	va_start(ap, op);
	void *arg = va_arg(ap, void *);
	va_end(ap);
	return control(fd, op, arg);
}

EXPORT int fcntl64(int fd, int op, ...)
{
	va_list ap;

	va_start(ap, op);
	void *arg = va_arg(ap, void *);
	va_end(ap);
	return control(fd, op, arg);
}

/* Up to some 20 years either way, another place at each reading. */
EXPORT int clock_gettime(clockid_t id, struct timespec *ts)
{
	static atomic_ulong turn;
	const int rc = (int)syscall(SYS_clock_gettime, id, ts);

	if (!rc && clock_seed && id == CLOCK_REALTIME) {
		uint64_t x = (atomic_fetch_add(&turn, 1) + clock_seed) * 0x9e3779b97f4a7c15u;
		x ^= x >> 29;
		ts->tv_sec += (time_t)(x % 1300000000) - 650000000;
	}
	return rc;
}
