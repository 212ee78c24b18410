#include "saved.h"
#include "plain.h"

enum { CHUNK = 1 << 16, RECORD_MOST = 16 << 20 };

static int on_record(void *arg, struct hub_err *err)
{
	struct saved *s = arg;
	const size_t from = (size_t)(s->jrec.began - s->at), to = (size_t)(s->jrec.ended - s->at);

	s->records++;
	return s->record(s->arg, (struct hub_str){s->buf + from, to - from}, err);
}

/* A list of records, or a page that holds one. */
static struct hub_str place_of_records(struct input *in)
{
	const struct hub_str head = input_peek(in, NULL, 0, 64);
	size_t i = head.len >= 3 && memcmp(head.ptr, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < head.len && strchr(" \t\r\n", head.ptr[i]))
		i++;
	return i < head.len && head.ptr[i] == '[' ? str_of("") : str_of("/records");
}

int saved_open(struct saved *s, struct hub_ctx *ctx, const struct hub_host *host,
	       struct hub_str path, struct hub_err *err)
{
	int rc;

	*s = (struct saved){.ctx = ctx, .host = host, .cap = 2 * CHUNK};
	s->buf = host->alloc(ctx, NULL, s->cap);
	if (!s->buf)
		return NO_MEMORY(host, err);
	sheet_init(&s->none, ctx, host, RECORD_MOST);
	if ((rc = input_open(&s->in, ctx, host, path, err)))
		return rc;
	rc = jrec_init(&s->jrec, &s->none, s->in.path, place_of_records(&s->in), JREC_DEPTH, err);
	if (rc) {
		input_close(&s->in);
		return rc;
	}
	s->jrec.record = on_record;
	s->jrec.arg = s;
	return HUB_OK;
}

void saved_close(struct saved *s)
{
	jrec_close(&s->jrec);
	input_close(&s->in);
}

static int make_room(struct saved *s, struct hub_err *err)
{
	if (s->cap - s->len >= CHUNK)
		return HUB_OK;
	if (s->cap >= RECORD_MOST)
		return HUB_FAIL(s->host, err, HUB_REJECT, "too-long",
				"%s, line %llu: a record longer than %d bytes", s->in.path,
				(unsigned long long)s->jrec.began_line, RECORD_MOST);
	char *more = s->host->alloc(s->ctx, NULL, 2 * s->cap);
	if (!more)
		return NO_MEMORY(s->host, err);
	memcpy(more, s->buf, s->len);
	s->buf = more;
	s->cap *= 2;
	return HUB_OK;
}

/* What no record needs any more. */
static void forget(struct saved *s)
{
	const uint64_t keep = s->jrec.in_record ? s->jrec.began : s->at + s->len;
	const size_t n = (size_t)(keep - s->at);

	memmove(s->buf, s->buf + n, s->len - n);
	s->len -= n;
	s->at = keep;
}

static int finish(struct saved *s, struct hub_err *err)
{
	int rc = jrec_finish(&s->jrec, err);

	s->ended = 1;
	if (!rc && s->records == 0 && s->jrec.found == 0)
		rc = HUB_FAIL(s->host, err, HUB_REJECT, "no-records", "%s holds no list of records",
			      s->in.path);
	return rc ? rc : input_unchanged(&s->in, err);
}

int saved_read(struct saved *s, struct hub_err *err)
{
	size_t n;
	int rc = make_room(s, err);

	if (rc || (rc = input_read(&s->in, s->buf + s->len, CHUNK, &n, err)))
		return rc;
	if (n == 0)
		return finish(s, err);
	char *from = s->buf + s->len;
	s->len += n;
	if (s->at == 0 && s->len == n && n >= 3 && memcmp(from, "\xef\xbb\xbf", 3) == 0) {
		if ((rc = jrec_restart(&s->jrec, 3, 1, err)))
			return rc;
		from += 3;
		n -= 3;
	}
	if ((rc = jrec_feed(&s->jrec, from, n, err)))
		return rc;
	forget(s);
	return HUB_OK;
}
