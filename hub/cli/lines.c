#include "cli/lines.h"

#include "base/io.h"

#include <errno.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, ANSWERS = 64 << 20 };

struct reader {
	const struct hub_line_filter *f;
	struct hub_buf in, out;
	size_t seen;  /* bytes of in that hold no line end */
	int skipping; /* inside a line that was too long, already answered */
	int begun;
};

static int answer(struct reader *r, struct hub_str line, struct hub_err *err)
{
	static const char bom[] = "\xef\xbb\xbf";

	if (!r->begun && hub_str_starts(line, hub_str_of(bom)))
		line = hub_str_from(line, 3);
	r->begun = 1;
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return r->f->answer(r->f->self, line, &r->out, err);
}

/* Answers every complete line and keeps the rest. */
static int complete_lines(struct reader *r, struct hub_err *err)
{
	size_t from = 0;
	int rc;

	for (;;) {
		const size_t at = from > r->seen ? from : r->seen;
		const char *nl =
		    at < r->in.len ? memchr(r->in.ptr + at, '\n', r->in.len - at) : NULL;
		if (!nl)
			break;
		const size_t end = (size_t)(nl - r->in.ptr);
		if (!r->skipping &&
		    (rc = answer(r, (struct hub_str){r->in.ptr + from, end - from}, err)))
			return rc;
		r->skipping = 0;
		from = end + 1;
	}
	if (r->skipping)
		from = r->in.len;
	if (from)
		memmove(r->in.ptr, r->in.ptr + from, r->in.len - from);
	r->in.len -= from;
	r->seen = r->in.len;
	if (r->in.len <= r->f->limit)
		return HUB_OK;
	r->skipping = 1;
	r->in.len = r->seen = 0;
	r->begun = 1;
	return r->f->answer(r->f->self, (struct hub_str){NULL, 0}, &r->out, err);
}

static int send_answers(struct reader *r, struct hub_err *err)
{
	if (!hub_buf_ok(&r->out))
		return hub_fail_mem(err);
	if (r->out.len && hub_write_all(STDOUT_FILENO, r->out.ptr, r->out.len) == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, "stdout");
	hub_buf_reset(&r->out);
	return HUB_OK;
}

static int all_lines(struct reader *r, int fd, struct hub_err *err)
{
	int rc;

	for (;;) {
		char *room = hub_buf_room(&r->in, CHUNK);
		if (!room)
			return hub_fail_mem(err);
		const ssize_t got = hub_read(fd, room, CHUNK);
		if (got == -1)
			return hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, "input");
		if (got == 0)
			break;
		r->in.len += (size_t)got;
		if ((rc = complete_lines(r, err)) || (rc = send_answers(r, err)))
			return rc;
	}
	if (r->in.len && !r->skipping && (rc = answer(r, hub_buf_text(&r->in), err)))
		return rc;
	return send_answers(r, err);
}

int hub_cli_lines(struct hub_cli *cli, const char *path, const struct hub_line_filter *f)
{
	struct reader r = {.f = f};
	int fd, rc;

	if ((rc = hub_open_input(path ? path : "-", &fd, cli->err)))
		return rc;
	hub_buf_init(&r.in, f->limit + 2 * CHUNK);
	hub_buf_init(&r.out, ANSWERS);
	rc = all_lines(&r, fd, cli->err);
	hub_buf_free(&r.in);
	hub_buf_free(&r.out);
	close(fd);
	return rc;
}

json_t *hub_line_json(struct hub_str line, int limit, size_t flags, struct hub_err *err)
{
	json_error_t where;

	if (!line.ptr) {
		hub_fail(err, HUB_REJECT, "too-long", "the line is longer than %d bytes", limit);
		return NULL;
	}
	/* the parser's own message may quote the line: it is not shown */
	json_t *root = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES | flags, &where);
	if (!root)
		hub_fail(err, HUB_REJECT, "bad-json",
			 "the line is not valid JSON, at byte %d (each name may occur once)",
			 where.position);
	return root;
}
