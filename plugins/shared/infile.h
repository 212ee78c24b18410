/* The bytes of a file or of standard input, window by window. What the reader has not used of a
 * window (the record at its end) is kept and opens the next one. The end mark of DOS
 * (0x1A, also many of them up to the end of a sector, also with a line end behind) is no text. */
#ifndef PLUGINS_SHARED_INFILE_H
#define PLUGINS_SHARED_INFILE_H

#include <hub/plugin.h>
#include <sys/stat.h>

struct input {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const char *path;
	int fd, regular, eof;
	struct stat was; /* as it was opened */
	uint64_t end;    /* where the end mark of DOS stands in it; UINT64_MAX: nowhere */
	char *kept;
	size_t kept_len, kept_cap;
	uint64_t at; /* place in the file of the first byte of the next window */
};

struct window {
	char *base; /* memory of the batch, or of a window before it in the same call */
	size_t len, cap;
	uint64_t at; /* place of base[0] in the file */
	int last;    /* the file ends here */
};

int input_open(struct input *in, struct hub_ctx *ctx, const struct hub_host *host,
	       struct hub_str path, struct hub_err *err);
void input_close(struct input *in);
/* The next window, about `want` bytes and more than what was kept. From a pipe it holds what has
 * arrived, so that another program can talk to us line by line. w: zeroed, or of the same call. */
int input_fill(struct input *in, struct hub_batch *b, size_t want, struct window *w,
	       struct hub_err *err);
/* The window was used up to `used`. */
int input_keep(struct input *in, const struct window *w, size_t used, struct hub_err *err);
/* For readers that keep nothing: up to n bytes into buf, *got 0 at the end of the file. From a pipe
 * what has arrived. */
int input_read(struct input *in, char *buf, size_t n, size_t *got, struct hub_err *err);
/* Continues at another place; regular files only. */
int input_seek(struct input *in, uint64_t at, struct hub_err *err);
/* Up to n bytes from `at` on without moving; .len is 0 where that is not possible. */
struct hub_str input_peek(struct input *in, struct hub_batch *b, uint64_t at, size_t n);
/* Fails when the file is not the one, or not as long, as when it was opened. */
int input_unchanged(const struct input *in, struct hub_err *err);
/* Behind the last record: HUB_END, unless nothing of the file counts. */
static inline int input_ended(const struct input *in, struct hub_err *err)
{
	const int rc = input_unchanged(in, err);

	return rc ? rc : HUB_END;
}

#endif
