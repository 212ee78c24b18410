#include "intake/reload.h"

#include "base/io.h"
#include "intake/excel.h"
#include "plugin/batch.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "store/db.h"
#include "store/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PEEK = 1 << 20, FLUSH = 1 << 18 };

static const struct hub_str own_columns[HUB_REJECT_COLUMNS] = {
    {"_id", 3}, {"_code", 5}, {"_reason", 7}, {"_place", 6}};

struct reading {
	struct hub_reload *r;
	struct hub_arena *a;   /* of the caller: what outlives the reading */
	struct hub_arena *tmp; /* of one record */
	struct hub_store *store;
	const char *path;
	enum hub_enc enc; /* of the file as it came back */
	struct hub_str delimiter;
	enum hub_enc as; /* of the CSV in memory */
	int lost;        /* a character that `as` does not have */
	struct hub_str content;
	struct hub_bits seen;
	struct hub_buf buf;
	struct hub_prov *place;
	size_t cap;
	const struct hub_batch *batch;
	uint32_t row; /* of the batch */
};

/* --- what kind of file it is ------------------------------------------------------------------ */

static int not_ours(const char *path, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REJECT, "not-a-reject-file",
				"%s is not a reject file of this program", path);

	hub_hint(err, "It begins with the columns _id, _code, _reason, _place; `tsunagi report RUN "
		      "--rejects FILE` writes it again.");
	return rc;
}

static int peek(struct reading *x, struct hub_str *out, struct hub_err *err)
{
	int fd, rc = hub_open_input(x->path, &fd, err);

	if (rc)
		return rc;
	char *p = hub_alloc(x->a, PEEK);
	const ssize_t n = p ? hub_read(fd, p, PEEK) : -1;
	close(fd);
	if (n == -1)
		return p ? hub_fail_sys(err, HUB_RETRY, "cannot-read", errno, x->path)
			 : hub_fail_mem(err);
	*out = (struct hub_str){p, (size_t)n};
	return HUB_OK;
}

static int decodes(enum hub_enc enc, struct hub_str text, int whole)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_enc_stats stats = {0};
	size_t used;

	return a && hub_decode_arena(a, enc, text, &used, &stats).ptr &&
	       (used == text.len || (!whole && stats.cut));
}

/* Encoding and delimiter of the file, which a spreadsheet may have changed. */
static int look_at(struct reading *x, struct hub_err *err)
{
	struct hub_str text, head;
	size_t bom = 0;
	int rc = peek(x, &text, err);

	if (rc)
		return rc;
	const int whole = text.len < PEEK;
	x->enc = hub_enc_detect(text, whole, &bom);
	head = hub_str_from(text, bom);
	const size_t skip = head.len && head.ptr[0] == '"' ? 5 : 3;
	if (x->enc == HUB_ENC_UTF16LE || x->enc == HUB_ENC_UTF16BE || head.len <= skip ||
	    hub_str_find(hub_str_cut(head, 0, skip), HUB_STR("_id"), 0) == (size_t)-1)
		return not_ours(x->path, err);
	x->delimiter = hub_arena_str(x->a, hub_str_cut(head, skip, skip + 1));
	if (hub_reject_run_of(text, &x->r->run)) {
		x->r->run = 0;
		return HUB_OK; /* a header alone */
	}
	rc = hub_layout_load(x->a, x->store, x->r->run, &x->r->layout, err);
	if (rc == HUB_END) {
		rc = hub_fail(err, HUB_REJECT, "unknown-reject",
			      "the store has no run %lld with rejects", (long long)x->r->run);
		hub_hint(err, "The file belongs to another store: check --store.");
		return rc;
	}
	if (!rc && bom == 0 && decodes(x->r->layout.encoding, text, whole))
		x->enc = x->r->layout.encoding;
	return rc;
}

static int open_file(struct reading *x, const struct hub_plugins *plugins,
		     struct hub_instance **out, struct hub_err *err)
{
	const struct hub_str name[] = {HUB_STR("path"), HUB_STR("encoding"), HUB_STR("delimiter"),
				       HUB_STR("tolerant")};
	const struct hub_str value[] = {hub_str_of(x->path), hub_str_of(hub_enc_name(x->enc)),
					x->delimiter, HUB_STR("true")};
	const struct hub_plugin *plugin;
	struct hub_options opt;
	int rc;

	if ((rc = hub_plugins_able(plugins, HUB_SOURCE, HUB_CAP_DELIMITED, &plugin, err)) ||
	    (rc = hub_options_init(&opt, x->a, plugin, err)))
		return rc;
	for (size_t i = 0; i < HUB_COUNT(name); i++)
		if ((rc = hub_options_set(&opt, name[i], value[i], err)))
			return rc;
	if ((rc = hub_options_finish(&opt, err)))
		return rc;
	return hub_instance_open(plugin, opt.conf, (struct hub_str){NULL, 0}, out, err);
}

/* --- columns ---------------------------------------------------------------------------------- */

static struct hub_str decoded(struct reading *x, struct hub_str bytes, int *bad)
{
	size_t used;
	const struct hub_str s = hub_decode_arena(x->tmp, x->enc, bytes, &used, NULL);

	*bad |= !s.ptr || used != bytes.len;
	return s;
}

static struct hub_str want_column(const struct reading *x, uint32_t i)
{
	return i < HUB_REJECT_COLUMNS ? own_columns[i]
				      : x->r->layout.header[i - HUB_REJECT_COLUMNS];
}

static int wrong_column(const struct reading *x, uint32_t i, struct hub_err *err)
{
	const uint32_t want = HUB_REJECT_COLUMNS + x->r->layout.n;
	int rc;

	if (i < want)
		rc =
		    hub_fail(err, HUB_REJECT, "reject-columns",
			     "column %u of %s is not \"%.*s\", as it was when the file was written",
			     i + 1, x->path, HUB_FMT(want_column(x, i)));
	else
		rc = hub_fail(err, HUB_REJECT, "reject-columns",
			      "column %u of %s was not there when the file was written", i + 1,
			      x->path);
	hub_hint(err, "Columns must stay as they were: correct cells only, add, remove and move no "
		      "columns.");
	return rc;
}

/* Every column in its place; a spreadsheet may have added empty ones at the end. */
static int check_columns(struct reading *x, const struct hub_batch *b, struct hub_err *err)
{
	const uint32_t want = HUB_REJECT_COLUMNS + x->r->layout.n;

	for (uint32_t i = 0; i < (b->cols > want ? b->cols : want); i++) {
		int bad = 0;
		const struct hub_str name =
		    i < b->cols ? decoded(x, b->col[i].name, &bad) : (struct hub_str){NULL, 0};
		if (i >= want ? name.len > 0 && hub_parse_i64(name, 1, 100000, &(int64_t){0})
			      : i >= b->cols || bad || !hub_str_eq(name, want_column(x, i)))
			return wrong_column(x, i, err);
	}
	return HUB_OK;
}

/* --- records ---------------------------------------------------------------------------------- */

static void where(const struct reading *x, struct hub_err *err)
{
	hub_where(err, "%s:%llu", x->path, (unsigned long long)x->batch->prov[x->row].line);
}

static int refuse_id(const struct reading *x, const char *code, const char *what,
		     struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_REJECT, code, "%s", hub_tr(what));

	where(x, err);
	hub_hint(err, "Nothing was loaded. Put the column _id back as it was, or leave the record "
		      "out.");
	return rc;
}

/* Where an _id is none or stands twice, somebody may have parted what one reject holds. */
static int refuse_more(const struct reading *x, const char *code, const char *what,
		       struct hub_err *err)
{
	const int rc = refuse_id(x, code, what, err);

	hub_hint(err,
		 "Nothing was loaded. Put the column _id back as it was. When one reject holds "
		 "several records, leave one of them here, and put the others under the header of "
		 "the original into a file of their own, for `tsunagi import`.");
	return rc;
}

/* The cell as the person left it; empty when the record has no such column. */
static struct hub_str cell_at(struct reading *x, uint32_t col, int *bad)
{
	const struct hub_batch *b = x->batch;

	if (col >= b->cols || b->col[col].cell[x->row] < HUB_VALUE)
		return HUB_STR("");
	return decoded(x, b->col[col].text[x->row], bad);
}

static int find_reject(struct reading *x, struct hub_reject_row *row, struct hub_err *err)
{
	char want[HUB_REJECT_ID];
	int64_t run, id;
	int bad = 0;
	const struct hub_str text = hub_str_trim(cell_at(x, 0, &bad));

	if (bad || hub_reject_id_read(text, &run, &id))
		return refuse_more(x, "unknown-reject", HUB_N("the _id is none of this program"),
				   err);
	if (run != x->r->run)
		return refuse_id(x, "several-runs",
				 HUB_N("the file holds rejects of several runs; reload them one "
				       "file after another"),
				 err);
	const int rc = hub_reject_get(x->store, x->tmp, id, row, err);
	if (rc < 0)
		return rc;
	hub_reject_id(row, x->content, want);
	if (rc == HUB_END || row->run != run || !hub_str_is(text, want))
		return refuse_id(x, "unknown-reject", HUB_N("this store has no reject of that _id"),
				 err);
	if (row->state == HUB_REJECT_CLOSED)
		return refuse_id(x, "unknown-reject",
				 HUB_N("the run of this reject was taken back"), err);
	if (hub_bits_get(&x->seen, id))
		return refuse_more(x, "reject-twice", HUB_N("the same _id stands here twice"), err);
	return hub_bits_set(&x->seen, id) ? hub_fail_mem(err) : HUB_OK;
}

static int is_banned(const struct reading *x, uint32_t col)
{
	return col < x->r->layout.n &&
	       hub_schema_banned(hub_store_schema(x->store), x->r->layout.header[col]) != NULL;
}

static void put_cell(struct reading *x, const struct hub_str *edit, const struct hub_piece *was)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, (size_t)1 << 30);
	if (!edit && was && x->as == x->r->layout.encoding)
		hub_buf_str(&b, was->text);
	else if (!edit && was) { /* undecodable bytes stay what they are, to be refused again */
		int hex;
		const struct hub_str text = hub_reject_cell(x->tmp, &x->r->layout, was->text, &hex);
		hub_buf_str(&b, hex ? was->text : text);
	} else if (edit) {
		struct hub_str s = *edit;
		if (s.len > 1 && s.ptr[0] == '\'' && hub_excel_formula(hub_str_from(s, 1)))
			s = hub_str_from(s, 1);
		x->lost |= hub_encode(x->as, s, &b, NULL, NULL) > 0;
	}
	hub_layout_cell(&x->buf, HUB_STR(","), hub_buf_text(&b), was && was->quoted && !b.len);
	if (!hub_buf_ok(&b))
		x->buf.failed = 1;
}

/* Compares a record with the stored one and, when it was corrected, adds it to the CSV. 1: corrected,
 * 0: as it was, -1: out of memory, -2: cells that cannot be read. */
static int take_cells(struct reading *x, const struct hub_reject_row *row)
{
	const uint32_t width = x->r->layout.n, edits = x->batch->cols - HUB_REJECT_COLUMNS;
	uint32_t n;
	const struct hub_piece *was = hub_layout_split(x->tmp, &x->r->layout, row->raw, &n);
	const uint32_t all = n > edits ? n : edits > width ? edits : width;
	struct hub_str *edit = hub_alloc_array(x->tmp, (size_t)all + 1, sizeof *edit);
	uint8_t *touched = hub_alloc0(x->tmp, (size_t)all + 1);
	int bad = 0, any;
	uint32_t last = width;

	if (!was || !edit || !touched)
		return -1;
	any = cell_at(x, 1, &bad).len == 0; /* _code emptied: "it is right as it stands" */
	for (uint32_t i = 0; i < all; i++) {
		int hex = 0;
		const struct hub_str old =
		    i < n ? hub_reject_cell(x->tmp, &x->r->layout, was[i].text, &hex) : HUB_STR("");
		edit[i] = cell_at(x, i + HUB_REJECT_COLUMNS, &bad);
		if (!old.ptr || !edit[i].ptr)
			return bad ? -2 : -1;
		touched[i] = !is_banned(x, i) && !hub_excel_same(old, edit[i]);
		any |= touched[i];
		if (i >= width && edit[i].len)
			last = i + 1;
	}
	if (bad)
		return -2;
	for (uint32_t i = 0; any && i < last; i++) {
		if (i)
			hub_buf_putc(&x->buf, ',');
		put_cell(x, touched[i] ? &edit[i] : NULL, i < n ? &was[i] : NULL);
	}
	if (any)
		hub_buf_puts(&x->buf, "\r\n");
	return any;
}

static int remember(struct reading *x, const struct hub_reject_row *row)
{
	struct hub_reload *r = x->r;

	size_t room = x->cap;
	struct hub_prov *place = hub_alloc_more(x->a, x->place, r->n, &room, sizeof *place);
	int64_t *ids = hub_alloc_more(x->a, r->ids, r->n, &x->cap, sizeof *ids);

	if (!place || !ids)
		return -1;
	x->place = place;
	r->ids = ids;
	x->place[r->n] = (struct hub_prov){.row = (uint64_t)row->row,
					   .line = (uint64_t)row->line,
					   .byte = (uint64_t)row->byte,
					   .len = (uint32_t)row->len,
					   .part = (uint32_t)row->part};
	r->ids[r->n++] = row->id;
	return 0;
}

static int flush(struct reading *x, size_t least, struct hub_err *err)
{
	if (!hub_buf_ok(&x->buf))
		return hub_fail_mem(err);
	if (x->buf.len < least)
		return HUB_OK;
	if (hub_write_all(x->r->fd, x->buf.ptr, x->buf.len))
		return hub_fail_sys(err, HUB_FATAL, "out-of-memory", errno, "memfd");
	hub_buf_reset(&x->buf);
	return HUB_OK;
}

static int take_record(struct reading *x, struct hub_err *err)
{
	struct hub_reject_row row;
	int rc;

	hub_arena_reset(x->tmp);
	if ((rc = find_reject(x, &row, err)))
		return rc;
	x->r->records++;
	if (row.state != HUB_REJECT_OPEN) {
		x->r->done++;
		return HUB_OK;
	}
	const int corrected = take_cells(x, &row);
	if (corrected == -2)
		return refuse_id(x, "bad-bytes", HUB_N("a cell of this record cannot be decoded"),
				 err);
	if (corrected == 0)
		x->r->untouched++;
	if (corrected < 0 || (corrected && remember(x, &row)))
		return hub_fail_mem(err);
	return flush(x, FLUSH, err);
}

static int take_batch(struct reading *x, struct hub_err *err)
{
	const struct hub_batch *b = x->batch;
	int rc = HUB_OK;

	for (x->row = 0; x->row < b->rows && !rc; x->row++) {
		if (b->verdict[x->row] == HUB_ROW_DROP)
			continue;
		if (b->verdict[x->row] == HUB_ROW_REJECT)
			return refuse_id(x, "reject-unreadable",
					 HUB_N("the record cannot be read as CSV"), err);
		rc = take_record(x, err);
	}
	return rc;
}

/* --- the CSV in memory ------------------------------------------------------------------------ */

static int begin_csv(struct reading *x, struct hub_err *err)
{
	struct hub_reload *r = x->r;

	hub_reload_close(r);
	r->records = r->untouched = r->done = 0;
	r->n = 0;
	x->lost = 0;
	x->seen = (struct hub_bits){.arena = x->a};
	hub_buf_reset(&x->buf);
	r->fd = memfd_create("reload", MFD_CLOEXEC);
	if (r->fd == -1)
		return hub_fail_sys(err, HUB_FATAL, "out-of-memory", errno, "memfd");
	snprintf(r->path, sizeof r->path, "/proc/self/fd/%d", r->fd);
	for (uint32_t i = 0; r->layout.named && i < r->layout.n; i++) {
		if (i)
			hub_buf_putc(&x->buf, ',');
		put_cell(x, &r->layout.header[i], NULL);
	}
	if (r->layout.named)
		hub_buf_puts(&x->buf, "\r\n");
	return HUB_OK;
}

static int read_all(struct reading *x, const struct hub_plugins *plugins, struct hub_err *err)
{
	HUB_AUTO(instance) struct hub_instance *source = NULL;
	HUB_AUTO(batch) struct hub_batch *b = hub_batch_new(0);
	int checked = 0;
	int rc = b ? begin_csv(x, err) : hub_fail_mem(err);

	if (!rc)
		rc = open_file(x, plugins, &source, err);
	while (!rc && (rc = hub_source_next(source, b, err)) == HUB_OK) {
		hub_arena_reset(x->tmp);
		if (!checked && (rc = check_columns(x, b, err)))
			return rc;
		checked = 1;
		x->batch = b;
		rc = take_batch(x, err);
		hub_batch_reset(b);
	}
	return rc == HUB_END ? flush(x, 0, err) : rc;
}

static void option(struct hub_reload *r, const char *name, struct hub_str value)
{
	r->option_name[r->options] = hub_str_of(name);
	r->option_value[r->options++] = value;
}

static void describe(struct reading *x)
{
	struct hub_reload *r = x->r;

	option(r, "encoding", hub_str_of(hub_enc_name(x->as)));
	option(r, "header", r->layout.named ? HUB_STR("1") : HUB_STR("0"));
	option(r, "trim", r->layout.trim ? HUB_STR("true") : HUB_STR("false"));
	r->part = (struct hub_intake_part){.place = x->place, .n = r->n, .named = r->layout.named};
}

static int read_content(struct reading *x, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(hub_store_db(x->store), &q, err,
			      "SELECT coalesce(content, '') FROM run WHERE id = ?", "i", x->r->run);

	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		x->content = hub_db_dup(x->a, q, 0);
	return rc < 0 ? rc : HUB_OK;
}

int hub_reload_read(struct hub_arena *a, struct hub_store *s, const struct hub_plugins *plugins,
		    const char *path, struct hub_reload *out, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *tmp = hub_arena_new(0);
	struct reading x = {.r = out, .a = a, .tmp = tmp, .store = s, .path = path};
	int rc;

	out->fd = -1;
	hub_buf_init(&x.buf, (size_t)1 << 30);
	if (!tmp)
		return hub_fail_mem(err);
	if ((rc = look_at(&x, err)) || out->run == 0)
		return rc;
	x.as = out->layout.encoding;
	if ((rc = read_content(&x, err)))
		return rc;
	rc = read_all(&x, plugins, err);
	if (!rc && x.lost) { /* a person typed what the source's encoding does not have */
		x.as = HUB_ENC_UTF8;
		rc = read_all(&x, plugins, err);
	}
	hub_buf_free(&x.buf);
	describe(&x);
	return rc;
}

void hub_reload_close(struct hub_reload *r)
{
	if (r->fd > 0)
		close(r->fd);
	r->fd = -1;
}

void hub_reload_input(const struct hub_reload *r, struct hub_intake *in)
{
	in->path = r->path;
	in->part = &r->part;
	in->option_name = r->option_name;
	in->option_value = r->option_value;
	in->options = r->options;
	in->spec.solves = (struct hub_solves){r->run, r->ids, r->n};
}
