#include "intake/reject.h"

#include "base/err.h"
#include "base/io.h"
#include "intake/excel.h"
#include "store/db.h"

#include <unistd.h>

enum { FLUSH = 1 << 18 };

void hub_reject_id(const struct hub_reject_row *r, struct hub_str content, char out[HUB_REJECT_ID])
{
	const int64_t about[] = {r->id, r->run, r->row, r->line};
	const struct hub_hash h =
	    hub_hash128(content, hub_hash128((struct hub_str){(const char *)about, sizeof about},
					     (struct hub_hash){0, 0}));

	snprintf(out, HUB_REJECT_ID, "r%lld_%lld_%04x", (long long)r->run, (long long)r->id,
		 (unsigned)(h.lo & 0xffff));
}

int hub_reject_id_read(struct hub_str text, int64_t *run, int64_t *id)
{
	struct hub_str part;

	if (text.len < 2 || text.ptr[0] != 'r')
		return -1;
	text = hub_str_from(text, 1);
	return hub_str_next(&text, '_', &part) && !hub_parse_i64(part, 1, INT64_MAX, run) &&
		       hub_str_next(&text, '_', &part) && !hub_parse_i64(part, 1, INT64_MAX, id) &&
		       text.len == 4
		   ? 0
		   : -1;
}

int hub_reject_run_of(struct hub_str text, int64_t *run)
{
	int64_t id;

	for (size_t at = 0; (at = hub_str_find(text, HUB_STR("\n"), at)) != (size_t)-1; at++) {
		size_t from = at + 1, end;
		from += from < text.len && text.ptr[from] == '"';
		for (end = from; end < text.len && end - from < HUB_REJECT_ID; end++)
			if (strchr(",;\t\"\r\n|", text.ptr[end]))
				break;
		if (hub_reject_id_read(hub_str_cut(text, from, end), run, &id) == 0)
			return 0;
	}
	return -1;
}

/* --- the file --------------------------------------------------------------------------------- */

struct writer {
	struct hub_layout layout;
	struct hub_str content; /* of the run's input */
	struct hub_buf buf;
	struct hub_arena *a; /* of one record */
	struct hub_out *out;
	uint64_t n;
};

/* Text of ours, in the encoding of the file; what it does not have becomes a question mark. */
static void lost_sign(void *arg, uint32_t cp, size_t at, struct hub_buf *out)
{
	(void)arg;
	(void)cp;
	(void)at;
	hub_buf_putc(out, '?');
}

static struct hub_str encoded(struct writer *w, struct hub_str utf8)
{
	static const struct hub_enc_report report = {NULL, lost_sign, NULL};
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 24);
	hub_encode(w->layout.encoding, utf8, &b, NULL, &report);
	const struct hub_str out = hub_buf_ok(&b) && utf8.ptr
				       ? hub_arena_str(w->a, hub_buf_text(&b))
				       : (struct hub_str){NULL, 0};
	if (!out.ptr)
		w->buf.failed = 1; /* out of memory: no cell may be missing */
	return out;
}

static void put(struct writer *w, struct hub_str utf8, int first)
{
	if (!first)
		hub_buf_str(&w->buf, w->layout.delimiter);
	hub_layout_cell(&w->buf, w->layout.delimiter, encoded(w, utf8), 0);
}

static void put_header(struct writer *w)
{
	static const char *const own[HUB_REJECT_COLUMNS] = {"_id", "_code", "_reason", "_place"};

	if (w->layout.encoding == HUB_ENC_UTF8)
		hub_buf_puts(&w->buf, "\xef\xbb\xbf");
	for (int i = 0; i < HUB_REJECT_COLUMNS; i++)
		put(w, hub_str_of(own[i]), i == 0);
	for (uint32_t i = 0; i < w->layout.n; i++)
		put(w, w->layout.header[i], 0);
	hub_buf_puts(&w->buf, "\r\n");
}

struct hub_str hub_reject_cell(struct hub_arena *a, const struct hub_layout *l,
			       struct hub_str bytes, int *hex)
{
	size_t used;
	const struct hub_str text = hub_decode_arena(a, l->encoding, bytes, &used, NULL);

	*hex = text.ptr && used != bytes.len;
	if (!*hex)
		return text;
	char *p = hub_alloc(a, bytes.len * 2 + 3);
	if (!p)
		return (struct hub_str){NULL, 0};
	p[0] = '[';
	hub_hex((const uint8_t *)bytes.ptr, bytes.len, p + 1);
	for (size_t i = 1; i <= bytes.len * 2; i++)
		if (p[i] >= 'a')
			p[i] = (char)(p[i] - 'a' + 'A');
	p[bytes.len * 2 + 1] = ']';
	return (struct hub_str){p, bytes.len * 2 + 2};
}

/* The source's own bytes, unless they cannot be shown. */
static int put_cell(struct writer *w, const struct hub_piece *p)
{
	int hex;
	const struct hub_str text = hub_reject_cell(w->a, &w->layout, p->text, &hex);
	const struct hub_str bytes = hex ? text : p->text;

	if (!text.ptr)
		return -1;
	hub_buf_str(&w->buf, w->layout.delimiter);
	if (!hub_excel_formula(text)) {
		hub_layout_cell(&w->buf, w->layout.delimiter, bytes, p->quoted && !bytes.len);
		return 0;
	}
	char *safe = hub_alloc(w->a, bytes.len + 1);
	if (!safe)
		return -1;
	safe[0] = '\'';
	memcpy(safe + 1, bytes.ptr, bytes.len);
	hub_layout_cell(&w->buf, w->layout.delimiter, (struct hub_str){safe, bytes.len + 1}, 0);
	return 0;
}

/* A line that could not be split may have taken the next one with it. Only what is kept as it stood in the
 * file says how many lines it had. */
static int64_t last_line(const struct hub_reject_row *r)
{
	const int64_t line_end = r->len - (int64_t)r->raw.len; /* CR LF at most */
	int64_t n = r->line;

	if (!r->column.len && r->raw.ptr && line_end >= 0 && line_end <= 2)
		for (size_t i = 0; i < r->raw.len; i++)
			n += r->raw.ptr[i] == '\n';
	return n;
}

static struct hub_str place_of(struct writer *w, const struct hub_reject_row *r)
{
	const int64_t last = last_line(r);
	struct hub_str s = last > r->line
			       ? hub_arena_printf(w->a, hub_tr("lines %lld to %lld"),
						  (long long)r->line, (long long)last)
			       : hub_arena_printf(w->a, hub_tr("line %lld"), (long long)r->line);

	if (r->part)
		s = hub_arena_printf(w->a, hub_tr("sheet %lld, %.*s"), (long long)r->part,
				     HUB_FMT(s));
	if (!r->raw.ptr)
		s = hub_arena_printf(w->a, hub_tr("%.*s, %lld bytes, not kept"), HUB_FMT(s),
				     (long long)r->len);
	return s;
}

static int put_record(struct writer *w, const struct hub_reject_row *r)
{
	char id[HUB_REJECT_ID];
	uint32_t n = 0;

	hub_arena_reset(w->a);
	hub_reject_id(r, w->content, id);
	put(w, hub_str_of(id), 1);
	put(w, r->code, 0);
	const struct hub_str why = r->reason.ptr ? r->reason : HUB_STR("");
	put(w,
	    r->column.len ? hub_arena_printf(w->a, "%.*s: %.*s", HUB_FMT(r->column), HUB_FMT(why))
			  : why,
	    0);
	put(w, place_of(w, r), 0);
	const struct hub_piece *piece = hub_layout_split(w->a, &w->layout, r->raw, &n);
	for (uint32_t i = 0; piece && i < n; i++)
		if (put_cell(w, &piece[i]))
			return -1;
	for (; piece && n < w->layout.n; n++)
		hub_buf_str(&w->buf, w->layout.delimiter);
	hub_buf_puts(&w->buf, "\r\n");
	w->n++;
	return piece && hub_buf_ok(&w->buf) ? 0 : -1;
}

static int flush(struct writer *w, size_t least, struct hub_err *err)
{
	if (w->buf.len < least)
		return HUB_OK;
	const int rc = hub_out_add(w->out, hub_buf_text(&w->buf), err);
	hub_buf_reset(&w->buf);
	return rc;
}

static int write_rows(struct writer *w, struct hub_store *s, int64_t run, const char *path,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_reject_row r;
	int rc = hub_rejects_list(s, run, HUB_REJECT_OPEN, &q, err);

	while (!rc && (rc = hub_reject_read(q, &r, err)) == HUB_OK) {
		if (!w->out) {
			if ((rc = hub_out_open(path, &w->out, err)))
				return rc;
			put_header(w);
		}
		rc = put_record(w, &r) ? hub_fail_mem(err) : flush(w, FLUSH, err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int content_of(struct hub_arena *a, struct hub_store *s, int64_t run, struct hub_str *out,
		      struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(s), &q, err,
			      "SELECT coalesce(content, '') FROM run WHERE id = ?", "i", run);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		*out = hub_db_dup(a, q, 0);
	return rc;
}

int hub_reject_file(struct hub_store *s, int64_t run, const char *path, uint64_t *n,
		    struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct writer w = {.a = tmp};
	int rc;

	*n = 0;
	if (!a || !tmp)
		return hub_fail_mem(err);
	rc = hub_layout_load(a, s, run, &w.layout, err);
	if (!rc)
		rc = content_of(a, s, run, &w.content, err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	hub_buf_init(&w.buf, (size_t)1 << 30);
	rc = write_rows(&w, s, run, path, err);
	if (!rc && w.out)
		rc = flush(&w, 0, err);
	hub_buf_free(&w.buf);
	if (w.out && rc)
		hub_out_drop(w.out);
	else if (w.out)
		rc = hub_out_commit(w.out, err);
	*n = rc ? 0 : w.n;
	return rc;
}

/* Name of the input without what a reject file adds: a reload's own rejects stand beside the file it
 * came from, under one name. */
static struct hub_str base_name(const char *input)
{
	struct hub_str base = hub_str_of(input);
	const size_t at = hub_str_find(base, HUB_STR(".rejects"), 0);

	if (at != (size_t)-1 && hub_str_ends(base, HUB_STR(".csv")))
		base.len = at;
	return base;
}

static struct hub_str plain_path(struct hub_arena *a, const char *input)
{
	return hub_arena_printf(a, "%.*s.rejects.csv", HUB_FMT(base_name(input)));
}

static struct hub_str numbered_path(struct hub_arena *a, const char *input, int64_t run)
{
	return hub_arena_printf(a, "%.*s.rejects-%lld.csv", HUB_FMT(base_name(input)),
				(long long)run);
}

struct hub_str hub_reject_path(struct hub_arena *a, const char *input, int64_t run)
{
	const struct hub_str plain = plain_path(a, input);

	if (!plain.ptr || access(plain.ptr, F_OK) != 0)
		return plain;
	return numbered_path(a, input, run);
}

int hub_reject_is_there(struct hub_arena *a, const char *input, int64_t run)
{
	const struct hub_str plain = plain_path(a, input), numbered = numbered_path(a, input, run);
	char head[1 << 14]; /* header and the first _id */
	int64_t whose = 0;
	int fd;

	if (!plain.ptr || !numbered.ptr || access(numbered.ptr, F_OK) == 0)
		return 1;
	if (hub_open_input(plain.ptr, &fd, NULL))
		return 0;
	const ssize_t n = hub_read(fd, head, sizeof head);
	close(fd);
	return n > 0 && hub_reject_run_of((struct hub_str){head, (size_t)n}, &whose) == 0 &&
	       whose == run;
}
