#include "store/scratch.h"

#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUF = 64 << 10 };

/* Where SQLite puts its own: beside the first store of the process (db_sqlite_open.c), while that is there. */
static const char *folder(void)
{
	const char *const dir[] = {getenv("SQLITE_TMPDIR"), getenv("TMPDIR"), "/var/tmp"};

	for (size_t i = 0; i < HUB_COUNT(dir); i++)
		if (dir[i] && *dir[i] && access(dir[i], W_OK | X_OK) == 0)
			return dir[i];
	return "/tmp";
}

static int fail(int sys, struct hub_err *err)
{
	if (sys != ENOSPC && sys != EFBIG && sys != EDQUOT)
		return hub_fail_sys(err, HUB_RETRY, "scratch-io", sys, folder());
	const int rc = hub_fail(err, HUB_RETRY, "disk-full",
				"no space left for temporary files in %s", folder());
	hub_hint(err,
		 "Free space, then start the same command again: it goes on where it stopped.");
	return rc;
}

/* Some file systems know no files without a name. */
static int named(const char *dir)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof path, "%s/tsunagi-XXXXXX", dir) >= sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	const int fd = mkostemp(path, O_CLOEXEC);
	if (fd != -1)
		unlink(path);
	return fd;
}

int hub_scratch_open(struct hub_scratch *s, struct hub_err *err)
{
	const char *dir = folder();

	if (s->fd != -1)
		return HUB_OK;
	*s = (struct hub_scratch){.fd = -1, .buf = hub_heap_get(BUF)};
	if (!s->buf)
		return hub_fail_mem(err);
	s->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd == -1 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
		s->fd = named(dir);
	if (s->fd != -1)
		return HUB_OK;
	const int sys = errno;
	hub_scratch_close(s);
	return fail(sys, err);
}

void hub_scratch_close(struct hub_scratch *s)
{
	if (s->fd != -1)
		close(s->fd);
	hub_heap_put(s->buf);
	*s = (struct hub_scratch){.fd = -1};
}

static int flush(struct hub_scratch *s, struct hub_err *err)
{
	if (s->held && hub_write_all(s->fd, s->buf, s->held))
		return fail(errno, err);
	s->written += s->held;
	s->held = 0;
	return HUB_OK;
}

int hub_scratch_add(struct hub_scratch *s, const void *p, size_t n, struct hub_err *err)
{
	for (size_t part; n; n -= part, p = (const char *)p + part) {
		const int rc = s->held == BUF ? flush(s, err) : HUB_OK;
		if (rc)
			return rc;
		part = n < BUF - s->held ? n : BUF - s->held;
		memcpy(s->buf + s->held, p, part);
		s->held += part;
	}
	return HUB_OK;
}

int hub_scratch_settle(struct hub_scratch *s, struct hub_err *err)
{
	const int rc = flush(s, err);

	hub_heap_put(s->buf);
	s->buf = NULL;
	return rc;
}

int hub_scratch_read(const struct hub_scratch *s, uint64_t at, void *p, size_t n,
		     struct hub_err *err)
{
	char *to = p;

	while (n && at < s->written) {
		const size_t part = n < s->written - at ? n : (size_t)(s->written - at);
		const ssize_t got = pread(s->fd, to, part, (off_t)at);

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return fail(got ? errno : EIO, err);
		at += (uint64_t)got;
		to += got;
		n -= (size_t)got;
	}
	if (n)
		memcpy(to, s->buf + (at - s->written), n);
	return HUB_OK;
}
