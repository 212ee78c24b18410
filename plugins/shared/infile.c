#include "infile.h"
#include "plain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

static int fail_sys(const struct input *in, struct hub_err *err, const char *code, int errnum)
{
	char text[128];

	return HUB_FAIL(in->host, err, HUB_RETRY, code, "%s: %s", in->path,
			strerror_r(errnum, text, sizeof text));
}

static ssize_t read_some(int fd, void *p, size_t n)
{
	for (;;) {
		const ssize_t got = read(fd, p, n);
		if (got != -1 || errno != EINTR)
			return got;
	}
}

static int refuse(struct input *in, struct hub_err *err)
{
	if (in->fd != -1)
		close(in->fd);
	in->fd = -1;
	return err->rc;
}

/* How much of what ends a file is text. In UTF-16 the byte may be half of a character. */
static size_t without_mark(const char *p, size_t n)
{
	size_t text = n;

	for (size_t i = n; i > 0 && strchr("\x1a\r\n", p[i - 1]) && p[i - 1]; i--)
		text = p[i - 1] == '\x1a' ? i - 1 : text;
	return text < n && memchr(p, 0, n) ? n : text;
}

static uint64_t place_of_mark(const struct input *in)
{
	enum { SECTOR = 512 };
	char tail[SECTOR];
	const off_t from = in->was.st_size > SECTOR ? in->was.st_size - SECTOR : 0;
	const ssize_t got = in->regular ? pread(in->fd, tail, sizeof tail, from) : 0;
	const size_t n = got > 0 ? (size_t)got : 0, text = without_mark(tail, n);

	return text < n ? (uint64_t)from + text : UINT64_MAX;
}

int input_open(struct input *in, struct hub_ctx *ctx, const struct hub_host *host,
	       struct hub_str path, struct hub_err *err)
{
	*in = (struct input){.ctx = ctx, .host = host, .fd = -1};
	const char *name = str_keep(host, ctx, NULL, path).ptr;
	if (!name)
		return NO_MEMORY(host, err);
	in->path = name;

	if (strcmp(name, "-") == 0) {
		in->path = "stdin";
		in->fd = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	} else {
		in->fd = open(name, O_RDONLY | O_CLOEXEC);
	}
	if (in->fd == -1) {
		fail_sys(in, err, errno == ENOENT ? "file-missing" : "cannot-open", errno);
		host->hint(err, "Check the path and that the user of the hub may read the file.");
		return refuse(in, err);
	}
	if (fstat(in->fd, &in->was) == -1) {
		fail_sys(in, err, "cannot-open", errno);
		return refuse(in, err);
	}
	if (S_ISDIR(in->was.st_mode)) {
		HUB_FAIL(host, err, HUB_RETRY, "is-directory", "%s is a directory, not a file",
			 in->path);
		host->hint(err,
			   "Name the file itself; several files may be given one after another.");
		return refuse(in, err);
	}
	in->regular = S_ISREG(in->was.st_mode);
	if (in->regular) /* stdin may be a file that somebody has read from before us */
		in->at = (uint64_t)lseek(in->fd, 0, SEEK_CUR);
	in->end = place_of_mark(in);
	return HUB_OK;
}

void input_close(struct input *in)
{
	if (in->fd != -1)
		close(in->fd);
	in->fd = -1;
}

/* 1 when a read would return at once. */
static int ready(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

/* Reads from the file at `at`, not over its end mark. */
static ssize_t read_at(const struct input *in, uint64_t at, char *p, size_t n)
{
	const uint64_t room = at < in->end ? in->end - at : 0;

	return read_some(in->fd, p, n < room ? n : (size_t)room);
}

int input_fill(struct input *in, struct hub_batch *b, size_t want, struct window *w,
	       struct hub_err *err)
{
	if (want < in->kept_len + in->kept_len / 4)
		want = in->kept_len + in->kept_len / 4;
	if (want > w->cap) {
		w->base = in->host->alloc(in->ctx, b, want);
		w->cap = w->base ? want : 0;
	}
	if (!w->base)
		return NO_MEMORY(in->host, err);

	if (in->kept_len > 0)
		memcpy(w->base, in->kept, in->kept_len);
	w->len = in->kept_len;
	w->at = in->at;
	while (!in->eof && w->len < want) {
		if (!in->regular && w->len > in->kept_len && !ready(in->fd))
			break;
		const ssize_t n = read_at(in, w->at + w->len, w->base + w->len, want - w->len);
		if (n == -1)
			return fail_sys(in, err, "cannot-read", errno);
		in->eof = n == 0;
		w->len += (size_t)n;
	}
	if (in->eof && !in->regular)
		w->len = without_mark(w->base, w->len);
	w->last = in->eof;
	return input_unchanged(in, err); /* nothing of a changed file is handed out */
}

int input_keep(struct input *in, const struct window *w, size_t used, struct hub_err *err)
{
	const size_t rest = w->len - used;

	if (rest > in->kept_cap) {
		const size_t cap = rest + rest / 2;
		char *more = in->host->alloc(in->ctx, NULL, cap);
		if (!more)
			return NO_MEMORY(in->host, err);
		in->kept = more;
		in->kept_cap = cap;
	}
	if (rest > 0)
		memcpy(in->kept, w->base + used, rest);
	in->kept_len = rest;
	in->at = w->at + used;
	return HUB_OK;
}

int input_read(struct input *in, char *buf, size_t n, size_t *got, struct hub_err *err)
{
	*got = 0;
	while (!in->eof && *got < n) {
		if (!in->regular && *got > 0 && !ready(in->fd))
			break;
		const ssize_t some = read_at(in, in->at + *got, buf + *got, n - *got);
		if (some == -1)
			return fail_sys(in, err, "cannot-read", errno);
		in->eof = some == 0;
		*got += (size_t)some;
	}
	in->at += *got;
	return input_unchanged(in, err);
}

int input_seek(struct input *in, uint64_t at, struct hub_err *err)
{
	if (!in->regular)
		return HUB_FAIL(in->host, err, HUB_USAGE, "cannot-seek",
				"%s is not a file: reading cannot be resumed in it", in->path);
	if (lseek(in->fd, (off_t)at, SEEK_SET) == -1)
		return fail_sys(in, err, "cannot-read", errno);
	in->at = at;
	in->kept_len = 0;
	in->eof = 0;
	return HUB_OK;
}

struct hub_str input_peek(struct input *in, struct hub_batch *b, uint64_t at, size_t n)
{
	char *p = in->regular ? in->host->alloc(in->ctx, b, n) : NULL;
	const ssize_t got = p ? pread(in->fd, p, n, (off_t)at) : 0;

	return (struct hub_str){p, got > 0 ? (size_t)got : 0};
}

int input_unchanged(const struct input *in, struct hub_err *err)
{
	struct stat now, named;

	if (!in->regular)
		return HUB_OK;
	int same = fstat(in->fd, &now) == 0 && now.st_size == in->was.st_size &&
		   now.st_mtim.tv_sec == in->was.st_mtim.tv_sec &&
		   now.st_mtim.tv_nsec == in->was.st_mtim.tv_nsec;
	if (same && strcmp(in->path, "stdin") != 0)
		same = stat(in->path, &named) == 0 && named.st_ino == in->was.st_ino &&
		       named.st_dev == in->was.st_dev;
	if (same)
		return HUB_OK;
	HUB_FAIL(in->host, err, HUB_RETRY, "changed-while-reading",
		 "%s was changed while it was read", in->path);
	in->host->hint(err, "Wait until the other program has finished writing, then run the same "
			    "command again.");
	return err->rc;
}
