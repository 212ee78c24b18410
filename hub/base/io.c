#include "base/io.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t hub_read(int fd, void *p, size_t n)
{
	for (;;) {
		const ssize_t got = read(fd, p, n);
		if (got != -1 || errno != EINTR)
			return got;
	}
}

int hub_write_all(int fd, const void *p, size_t n)
{
	const char *at = p;

	while (n > 0) {
		const ssize_t put = write(fd, at, n);
		if (put == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		at += put;
		n -= (size_t)put;
	}
	return 0;
}

int hub_open_input(const char *path, int *fd, struct hub_err *err)
{
	struct stat st;

	if (strcmp(path, "-") == 0) {
		*fd = dup(STDIN_FILENO);
		return *fd == -1 ? hub_fail_sys(err, HUB_RETRY, "cannot-open", errno, "stdin")
				 : HUB_OK;
	}
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	if (*fd == -1) {
		const int rc = hub_fail_sys(
		    err, HUB_RETRY, errno == ENOENT ? "file-missing" : "cannot-open", errno, path);
		hub_hint(err, "Check the path and that the user of the hub may read the file.");
		return rc;
	}
	if (fstat(*fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(*fd);
		*fd = -1;
		const int rc =
		    hub_fail(err, HUB_RETRY, "is-directory", "%s is a directory, not a file", path);
		hub_hint(err,
			 "Name the file itself; several files may be given one after another.");
		return rc;
	}
	return HUB_OK;
}

int hub_file_read(struct hub_arena *a, const char *path, size_t limit, struct hub_str *out,
		  struct hub_err *err)
{
	int fd, rc;

	if ((rc = hub_open_input(path, &fd, err)))
		return rc;

	HUB_AUTO(buf) struct hub_buf b;
	hub_buf_init(&b, limit);
	for (;;) {
		char piece[65536];
		const ssize_t n = hub_read(fd, piece, sizeof piece);
		if (n == -1) {
			rc = hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, path);
			break;
		}
		if (n == 0)
			break;
		const int fits = (size_t)n <= limit - b.len;
		hub_buf_add(&b, piece, (size_t)n);
		if (!hub_buf_ok(&b)) {
			rc = fits ? hub_fail_mem(err)
				  : hub_fail(err, HUB_REJECT, "too-large",
					     "%s is larger than %zu bytes", path, limit);
			break;
		}
	}
	close(fd);
	if (rc)
		return rc;
	*out = hub_arena_str(a, hub_buf_text(&b));
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* Folder of a path, with the final slash; "./" when there is none. */
static struct hub_str folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (struct hub_str){path, (size_t)(slash - path) + 1} : HUB_STR("./");
}

static int sync_folder(const char *path)
{
	char dir[4096];
	const struct hub_str f = folder_of(path);

	if (f.len >= sizeof dir)
		return -1;
	memcpy(dir, f.ptr, f.len);
	dir[f.len] = '\0';
	const int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return -1;
	const int rc = fsync(fd);
	close(fd);
	return rc;
}

struct hub_out {
	int fd;
	char path[4096], temp[4096 + 16];
};

/* A full disk, a lost drive: the reader of the message can do something about it. */
static int write_failed(const struct hub_out *o, int why, struct hub_err *err)
{
	const int rc = hub_fail_sys(err, HUB_RETRY, why == ENOSPC ? "disk-full" : "cannot-write",
				    why, o->path);

	hub_hint(err,
		 "Make room on the disk or choose another place, then run the same command again.");
	return rc;
}

/* The rename at the end would put a file in the place of a device (/dev/null). */
static int refuse_others(const char *path, struct hub_err *err)
{
	struct stat st;

	if (stat(path, &st) || S_ISREG(st.st_mode))
		return HUB_OK;
	const int rc = hub_fail(err, HUB_CONF, "not-a-file", "%s is not a regular file", path);
	hub_hint(err, "Name a file that does not exist yet or may be replaced.");
	return rc;
}

int hub_out_open(const char *path, struct hub_out **out, struct hub_err *err)
{
	const int other = refuse_others(path, err);
	struct hub_out *o = other ? NULL : hub_heap_get(sizeof *o);

	if (!o)
		return other ? other : hub_fail_mem(err);
	if (snprintf(o->path, sizeof o->path, "%s", path) >= (int)sizeof o->path) {
		hub_heap_put(o);
		return hub_fail(err, HUB_USAGE, "path-too-long", "the path is too long");
	}
	/* what ends so is no file for whoever watches the folder, nor when a kill has left it */
	snprintf(o->temp, sizeof o->temp, "%s.XXXXXX.part", path);
	o->fd = mkostemps(o->temp, sizeof ".part" - 1, O_CLOEXEC); /* 0600 */
	if (o->fd == -1) {
		const int rc = write_failed(o, errno, err);
		hub_heap_put(o);
		return rc;
	}
	*out = o;
	return HUB_OK;
}

int hub_out_add(struct hub_out *o, struct hub_str piece, struct hub_err *err)
{
	return hub_write_all(o->fd, piece.ptr, piece.len) ? write_failed(o, errno, err) : HUB_OK;
}

void hub_out_drop(struct hub_out *o)
{
	if (o->fd != -1)
		close(o->fd);
	unlink(o->temp);
	hub_heap_put(o);
}

int hub_out_commit(struct hub_out *o, struct hub_err *err)
{
	int bad = fsync(o->fd);
	int why = errno;

	if (close(o->fd) && !bad) {
		bad = 1;
		why = errno;
	}
	o->fd = -1;
	if (!bad && rename(o->temp, o->path)) {
		bad = 1;
		why = errno;
	}
	if (bad) {
		const int rc = write_failed(o, why, err);
		hub_out_drop(o);
		return rc;
	}
	const int rc = sync_folder(o->path)
			   ? hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, o->path)
			   : HUB_OK;
	hub_heap_put(o);
	return rc;
}

int hub_file_write(const char *path, struct hub_str content, struct hub_err *err)
{
	struct hub_out *o;
	int rc = hub_out_open(path, &o, err);

	if (rc)
		return rc;
	if ((rc = hub_out_add(o, content, err))) {
		hub_out_drop(o);
		return rc;
	}
	return hub_out_commit(o, err);
}

static void stamp_of(const struct stat *st, struct hub_file_stamp *out)
{
	*out = (struct hub_file_stamp){.bytes = (uint64_t)st->st_size,
				       .device = st->st_dev,
				       .inode = st->st_ino,
				       .written_ns =
					   st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec};
}

int hub_file_same(const char *path, const struct hub_file_stamp *stamp, struct hub_err *err)
{
	struct hub_file_stamp now;
	struct stat st;

	if (!stat(path, &st)) {
		stamp_of(&st, &now);
		if (now.bytes == stamp->bytes && now.device == stamp->device &&
		    now.inode == stamp->inode && now.written_ns == stamp->written_ns)
			return HUB_OK;
	}
	hub_fail(err, HUB_RETRY, "changed-while-reading", "%s was changed while it was read", path);
	hub_hint(err, "Wait until the other program has finished writing, then run the same "
		      "command again.");
	return err->rc;
}

int hub_file_hash(const char *path, const volatile sig_atomic_t *stop, uint8_t sha[HUB_SHA256],
		  struct hub_file_stamp *stamp, struct hub_err *err)
{
	enum { PIECE = 1 << 18 };
	struct stat st;
	int fd, rc;

	/* before it is opened: a pipe would wait for somebody who writes */
	if (strcmp(path, "-") == 0 ||
	    (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))) {
		rc = hub_fail(err, HUB_RETRY, "not-a-file", "%s is a pipe or a device, not a file",
			      path);
		hub_hint(err,
			 "It is read more than once: write what comes from it to a file first.");
		return rc;
	}
	if ((rc = hub_open_input(path, &fd, err)))
		return rc;
	struct hub_sha *s = hub_sha_new();
	char *piece = hub_heap_get(PIECE);
	if (!s || !piece)
		rc = hub_fail_mem(err);
	else if (fstat(fd, &st))
		rc = hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, path);
	else
		stamp_of(&st, stamp);
	stamp->bytes = 0; /* as many as are read */
	while (!rc) {
		if (stop && *stop) {
			rc = hub_fail(err, HUB_INTERRUPTED, "interrupted",
				      "stopped before the first record of %s", path);
			break;
		}
		const ssize_t n = hub_read(fd, piece, PIECE);
		if (n == -1)
			rc = hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, path);
		if (n <= 0)
			break;
		hub_sha_add(s, piece, (size_t)n);
		stamp->bytes += (uint64_t)n;
	}
	close(fd);
	hub_heap_put(piece);
	if (s && hub_sha_end(s, rc ? NULL : sha) && !rc)
		rc = hub_fail(err, HUB_FATAL, "crypto", "SHA-256 failed");
	return rc;
}

int hub_mkdirs(const char *path, struct hub_err *err)
{
	char dir[4096];
	const size_t n = strlen(path);

	if (n >= sizeof dir)
		return hub_fail(err, HUB_USAGE, "path-too-long", "the path is too long");
	memcpy(dir, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (dir[i] != '/' && dir[i] != '\0')
			continue;
		const char c = dir[i];
		dir[i] = '\0';
		if (mkdir(dir, 0700) && errno != EEXIST)
			return hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, dir);
		dir[i] = c;
	}
	return HUB_OK;
}
