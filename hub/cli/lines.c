#include "cli/lines.h"

#include "base/io.h"
#include "base/json.h"

#include <errno.h>
#include <pthread.h>
#include <unistd.h>

enum {
	CHUNK = 1 << 18, /* of nothing but line ends, its answers are within their limit */
	SHARE = 1 << 14, /* bytes of lines for which a thread is worth its start */
	ANSWERS = 64 << 20,
	THREADS = 64,
};

/* Lines and the answers to them, done by one thread. */
struct share {
	const struct hub_line_filter *f;
	void *self;
	const struct hub_str *line;
	size_t n;
	struct hub_buf out;
	struct hub_err err;
	pthread_t thread;
	int rc, running;
};

struct reader {
	const struct hub_line_filter *f;
	struct hub_buf in;
	struct hub_buf lines; /* struct hub_str: those in `in` that wait for their answer */
	struct share share[THREADS];
	unsigned shares;
	size_t seen;  /* bytes of in that hold no line end */
	int skipping; /* inside a line that was too long, already answered */
	int begun;
};

/* ---- answers ---- */

static void *answer_share(void *arg)
{
	struct share *s = arg;

	for (size_t i = 0; i < s->n && !s->rc; i++)
		s->rc = s->f->answer(s->self, s->line[i], &s->out, &s->err);
	return NULL;
}

/* As many shares as the lines are worth; the first is this thread's. */
static int open_shares(struct reader *r, size_t bytes, unsigned *out, struct hub_err *err)
{
	const unsigned most = r->f->threads > THREADS ? THREADS : r->f->threads;
	const unsigned want = bytes / SHARE < most ? (unsigned)(bytes / SHARE) : most;
	int rc;

	while (r->shares == 0 || r->shares < want) {
		struct share *s = &r->share[r->shares];
		*s = (struct share){.f = r->f, .self = r->f->self};
		if (r->shares && (rc = r->f->open(r->f->self, &s->self, err)))
			return rc;
		hub_buf_init(&s->out, ANSWERS);
		r->shares++;
	}
	*out = want ? want : 1;
	return HUB_OK;
}

/* Gives each its part of the lines, about equal in bytes and in their order. */
static void deal(struct reader *r, unsigned shares, size_t bytes)
{
	const struct hub_str *line = (const void *)r->lines.ptr;
	const size_t n = r->lines.len / sizeof *line;
	size_t i = 0, given = 0;

	for (unsigned k = 0; k < shares; k++) {
		struct share *s = &r->share[k];
		s->line = line + i;
		for (s->n = 0; i < n && (k + 1 == shares || given < bytes / shares * (k + 1));
		     i++) {
			given += line[i].len;
			s->n++;
		}
	}
}

static int send_answers(struct share *s, struct hub_err *err)
{
	if (s->rc) {
		*err = s->err;
		return s->rc;
	}
	if (!hub_buf_ok(&s->out))
		return hub_fail_mem(err);
	if (s->out.len && hub_write_all(STDOUT_FILENO, s->out.ptr, s->out.len) == -1)
		return hub_fail_sys(err, HUB_RETRY, "cannot-write", errno, "stdout");
	hub_buf_reset(&s->out);
	return HUB_OK;
}

static int answer_lines(struct reader *r, struct hub_err *err)
{
	const struct hub_str *line = (const void *)r->lines.ptr;
	unsigned shares;
	size_t bytes = 0;
	int rc;

	if (!hub_buf_ok(&r->lines))
		return hub_fail_mem(err);
	if (!r->lines.len)
		return HUB_OK;
	for (size_t i = 0; i < r->lines.len / sizeof *line; i++)
		bytes += line[i].len;
	if ((rc = open_shares(r, bytes, &shares, err)))
		return rc;
	deal(r, shares, bytes);
	for (unsigned k = 1; k < shares; k++) {
		struct share *s = &r->share[k];
		s->running = pthread_create(&s->thread, NULL, answer_share, s) == 0;
	}
	for (unsigned k = 0; k < shares; k++) {
		struct share *s = &r->share[k];
		if (k && s->running)
			pthread_join(s->thread, NULL);
		else
			answer_share(s);
	}
	for (unsigned k = 0; k < shares && !rc; k++)
		rc = send_answers(&r->share[k], err);
	hub_buf_reset(&r->lines);
	return rc;
}

/* ---- lines ---- */

static void add_line(struct reader *r, struct hub_str line)
{
	static const char bom[] = "\xef\xbb\xbf";

	if (!r->begun && hub_str_starts(line, hub_str_of(bom)))
		line = hub_str_from(line, 3);
	r->begun = 1;
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	if (line.len > r->f->limit)
		line = (struct hub_str){NULL, 0};
	hub_buf_add(&r->lines, &line, sizeof line);
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
		if (!r->skipping)
			add_line(r, (struct hub_str){r->in.ptr + from, end - from});
		r->skipping = 0;
		from = end + 1;
	}
	if (r->skipping)
		from = r->in.len;
	const int too_long = r->in.len - from > r->f->limit;
	if (too_long)
		hub_buf_add(&r->lines, &(struct hub_str){NULL, 0}, sizeof(struct hub_str));
	if ((rc = answer_lines(r, err)))
		return rc;
	if (too_long) {
		r->skipping = r->begun = 1;
		from = r->in.len;
	}
	if (from)
		memmove(r->in.ptr, r->in.ptr + from, r->in.len - from);
	r->in.len -= from;
	r->seen = r->in.len;
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
		if ((rc = complete_lines(r, err)))
			return rc;
	}
	if (r->in.len && !r->skipping)
		add_line(r, hub_buf_text(&r->in));
	return answer_lines(r, err);
}

int hub_cli_lines(struct hub_cli *cli, const char *path, const struct hub_line_filter *f)
{
	struct reader r = {.f = f};
	int fd, rc;

	if ((rc = hub_open_input(path ? path : "-", &fd, cli->err)))
		return rc;
	hub_buf_init(&r.in, f->limit + 2 * CHUNK);
	hub_buf_init(&r.lines, (CHUNK + 2) * sizeof(struct hub_str));
	rc = all_lines(&r, fd, cli->err);
	hub_buf_free(&r.in);
	hub_buf_free(&r.lines);
	for (unsigned k = 0; k < r.shares; k++) {
		hub_buf_free(&r.share[k].out);
		if (k)
			f->close(r.share[k].self);
	}
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
	json_t *root = hub_json_read(line, JSON_REJECT_DUPLICATES | flags, &where);
	if (!root && errno == ENOMEM)
		hub_fail_mem(err);
	else if (!root)
		hub_fail(err, HUB_REJECT, "bad-json",
			 "the line is not valid JSON, at byte %d (each name may occur once)",
			 where.position);
	return root;
}

static int add_json(const char *p, size_t n, void *out)
{
	hub_buf_add(out, p, n);
	return 0;
}

void hub_line_id(struct hub_buf *out, const json_t *root)
{
	const json_t *id = json_object_get(root, "id");

	hub_buf_puts(out, "{\"id\":");
	if (!id || json_dump_callback(id, add_json, out, JSON_ENCODE_ANY | JSON_COMPACT))
		hub_buf_puts(out, "null");
}

void hub_line_error(struct hub_buf *out, const struct hub_err *err)
{
	hub_buf_puts(out, ",\"error\":{");
	hub_json_field(out, "code", hub_str_of(err->code));
	hub_json_field(out, "message", hub_str_of(err->what));
	if (err->where[0])
		hub_json_field(out, "where", hub_str_of(err->where));
}
