#include "intake/reader.h"

#include "base/err.h"
#include "intake/input.h"

enum { POS_LIMIT = 1 << 16 };

/* Behind a piece of a batch there is no position of the source's own. "+64 P": P, and 64 records from there on. One of
 * the source's own that begins like that is written "+0 P". */
static const char mark = '+';

static struct hub_str pos_behind(struct hub_arena *a, struct hub_str pos, uint64_t rows)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, POS_LIMIT);
	if (rows || (pos.len && pos.ptr[0] == mark))
		hub_buf_printf(&b, "%c%llu ", mark, (unsigned long long)rows);
	hub_buf_str(&b, pos);
	return hub_buf_keep(&b, a);
}

static int read_pos(struct hub_str text, struct hub_str *pos, uint64_t *rows, struct hub_err *err)
{
	struct hub_str number;
	int64_t n;

	*pos = text;
	*rows = 0;
	if (!text.len || text.ptr[0] != mark)
		return HUB_OK;
	*pos = hub_str_from(text, 1);
	if (!hub_str_next(pos, ' ', &number) || hub_parse_i64(number, 0, UINT32_MAX, &n))
		return hub_fail(err, HUB_INTEGRITY, "bad-position",
				"the position of the interrupted run cannot be read");
	*rows = (uint64_t)n;
	return HUB_OK;
}

static int keep_from(struct hub_reader *r, struct hub_str pos, struct hub_err *err)
{
	hub_buf_reset(&r->from);
	hub_buf_str(&r->from, pos);
	return hub_buf_ok(&r->from) ? HUB_OK : hub_fail_mem(err);
}

int hub_reader_open(struct hub_reader *r, struct hub_arena *a, const struct hub_intake *in,
		    struct hub_str pos, struct hub_err *err)
{
	struct hub_str at;

	*r = (struct hub_reader){.live = !in->path};
	hub_buf_init(&r->from, POS_LIMIT);
	int rc = read_pos(pos, &at, &r->skip, err);
	if (!rc && !(r->held = hub_batch_new(0)))
		rc = hub_fail_mem(err);
	if (!rc)
		rc = keep_from(r, at, err);
	if (!rc)
		rc = hub_input_open(a, in, at, &r->source, err);
	if (rc)
		hub_reader_close(r);
	return rc;
}

void hub_reader_close(struct hub_reader *r)
{
	if (r->source)
		hub_instance_close(r->source);
	hub_batch_free(r->held);
	hub_buf_free(&r->from);
	*r = (struct hub_reader){0};
}

/* Another batch of the source, without what was handed on before. */
static int fill(struct hub_reader *r, struct hub_err *err)
{
	for (;;) {
		if (r->held->rows && keep_from(r, r->held->pos, err))
			return HUB_FATAL;
		r->at = 0;
		hub_batch_reset(r->held);
		const int rc = hub_source_next(r->source, r->held, err);
		if (rc == HUB_END && r->skip)
			return hub_fail(err, HUB_REJECT, "bad-position",
					"the input is shorter than the interrupted run has read");
		if (rc < 0 || rc == HUB_END || !r->held->rows)
			return rc;
		if (r->held->rows > r->skip) {
			r->at = (uint32_t)r->skip;
			r->skip = 0;
			return rc;
		}
		r->skip -= r->held->rows;
	}
}

static int hand_on_whole(struct hub_reader *r, struct hub_batch **out, struct hub_err *err)
{
	struct hub_batch *b = r->held;

	r->held = *out;
	*out = b;
	r->at = 0;
	hub_batch_reset(r->held);
	if (b->rows && keep_from(r, b->pos, err))
		return HUB_FATAL;
	b->pos = pos_behind(hub_batch_arena(b), b->pos, 0);
	return b->pos.ptr ? HUB_OK : hub_fail_mem(err);
}

static int hand_on_piece(struct hub_reader *r, uint32_t n, struct hub_batch *out,
			 struct hub_err *err)
{
	const struct hub_batch *b = r->held;
	struct hub_arena *a = hub_batch_arena(out);

	hub_batch_reset(out);
	if (hub_batch_copy(out, b, r->at, n))
		return hub_fail_mem(err);
	r->at += n;
	out->pos = r->at == b->rows ? pos_behind(a, b->pos, 0)
				    : pos_behind(a, hub_buf_text(&r->from), r->at);
	return out->pos.ptr ? HUB_OK : hub_fail_mem(err);
}

/* Behind a piece one can go on only if the source tells where it is. What is asked for anew may have other records than
 * the first time, so that there is no counting of them. */
static int may_cut(const struct hub_reader *r)
{
	return !r->live && r->held->pos.len;
}

int hub_reader_next(struct hub_reader *r, uint32_t most, struct hub_batch **out,
		    struct hub_err *err)
{
	int rc = HUB_OK;

	if (r->at == r->held->rows)
		rc = fill(r, err);
	if (rc < 0)
		return rc;
	const uint32_t left = r->held->rows - r->at;
	const uint32_t n = most && left > most && may_cut(r) ? most : left;
	if (r->at || n < left)
		return hand_on_piece(r, n, *out, err);
	const int bad = hand_on_whole(r, out, err);
	return bad ? bad : rc;
}

/* A chunk of changed records keeps others from writing for as long as it takes; one of unchanged ones costs little,
 * and less the longer it is. So chunks grow as long as few records changed, and are short again as soon as
 * many did. */
uint32_t hub_reader_length(uint32_t most, uint32_t turn, const struct hub_chunk *c)
{
	enum { MANY = 4 /* quarter of a turn */, LONGEST = 1 << 16 };
	uint32_t open = 0;

	for (uint32_t i = 0; i < c->n; i++)
		open += c->fate[i] == HUB_FATE_OPEN;
	if (open > turn / MANY)
		return turn;
	return most < LONGEST ? most * 2 : most;
}

void hub_reader_note(const struct hub_reader *r, struct hub_arena *a, struct hub_findings *f)
{
	const char *name;
	int64_t n;

	for (size_t i = 0; r->source && hub_instance_metric(r->source, i, &name, &n); i++) {
		const char *code = hub_arena_cstr(a, hub_str_of(name));
		if (code && n > 0)
			hub_finding_count(f, HUB_STR(""), code, (struct hub_str){0}, NULL,
					  (uint64_t)n);
	}
}
