#include "intake/layout.h"

#include "base/err.h"
#include "base/json.h"
#include "store/db.h"

void hub_layout_init(struct hub_layout *l)
{
	*l = (struct hub_layout){
	    .encoding = HUB_ENC_UTF8, .delimiter = HUB_STR(","), .quote = '"', .named = 1};
}

static int is_true(struct hub_str v)
{
	return hub_str_is(v, "true") || hub_str_is(v, "yes") || hub_str_is(v, "1");
}

void hub_layout_option(struct hub_layout *l, struct hub_str name, struct hub_str value)
{
	if (hub_str_is(name, "delimiter"))
		l->delimiter =
		    hub_str_is(value, "tab") || hub_str_is(value, "\\t") ? HUB_STR("\t") : value;
	else if (hub_str_is(name, "quote"))
		l->quote = value.len == 1 ? (unsigned char)value.ptr[0] : 0;
	else if (hub_str_is(name, "trim"))
		l->trim = is_true(value);
	else if (hub_str_is(name, "header"))
		l->named = !hub_str_is(value, "0");
}

/* --- store ------------------------------------------------------------------------------------ */

static void write_json(struct hub_buf *b, const struct hub_layout *l)
{
	hub_buf_putc(b, '{');
	hub_json_field(b, "encoding", hub_str_of(hub_enc_name(l->encoding)));
	hub_json_field(b, "delimiter", l->delimiter);
	hub_json_int(b, "quote", l->quote);
	hub_json_int(b, "trim", l->trim);
	hub_json_int(b, "named", l->named);
	hub_json_field(b, "mapping", l->mapping);
	hub_json_key(b, "header");
	hub_buf_putc(b, '[');
	for (uint32_t i = 0; i < l->n; i++) {
		if (i)
			hub_buf_putc(b, ',');
		hub_json_str(b, l->header[i]);
	}
	hub_buf_puts(b, "]}");
}

int hub_layout_save(struct hub_store *s, int64_t run, const struct hub_layout *l,
		    struct hub_err *err)
{
	struct hub_db *db = hub_store_db(s);
	HUB_AUTO(buf) struct hub_buf b;
	int rc;

	hub_buf_init(&b, 4 << 20);
	write_json(&b, l);
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	if ((rc = hub_db_begin(db, err)))
		return rc;
	rc = hub_db_run(db, err,
			"INSERT INTO layout (run_id, layout) VALUES (?, ?)"
			" ON CONFLICT (run_id) DO UPDATE SET layout = excluded.layout",
			"it", run, hub_buf_text(&b));
	return hub_db_end(db, rc, err);
}

static struct hub_str text_of(struct hub_arena *a, const json_t *v)
{
	return hub_arena_str(a, (struct hub_str){json_string_value(v) ? json_string_value(v) : "",
						 json_string_length(v)});
}

static int read_json(struct hub_arena *a, const json_t *j, struct hub_layout *l)
{
	const json_t *names = json_object_get(j, "header");
	const json_t *enc = json_object_get(j, "encoding");
	struct hub_str *header = hub_alloc_array(a, json_array_size(names) + 1, sizeof *header);

	hub_layout_init(l);
	if (!header || !json_string_value(enc))
		return -1;
	l->encoding = hub_enc_of(hub_str_of(json_string_value(enc)));
	l->delimiter = text_of(a, json_object_get(j, "delimiter"));
	l->quote = (int)hub_json_number(j, "quote");
	l->trim = (int)hub_json_number(j, "trim");
	l->named = (int)hub_json_number(j, "named");
	l->mapping = text_of(a, json_object_get(j, "mapping"));
	l->n = (uint32_t)json_array_size(names);
	l->header = header;
	for (uint32_t i = 0; i < l->n; i++) {
		header[i] = text_of(a, json_array_get(names, i));
		if (!header[i].ptr)
			return -1;
	}
	return l->delimiter.len && l->encoding ? 0 : -1;
}

int hub_layout_load(struct hub_arena *a, struct hub_store *s, int64_t run, struct hub_layout *out,
		    struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	json_error_t e;
	int rc = hub_db_query(hub_store_db(s), &q, err,
			      "SELECT layout FROM layout WHERE run_id = ?", "i", run);

	if (rc || (rc = hub_db_next(q, err)))
		return rc;
	const struct hub_str text = hub_db_str(q, 0);
	json_t *j = hub_json_read(text, 0, &e);
	if (!j && errno == ENOMEM)
		return hub_fail_mem(err);
	const int bad = !j || read_json(a, j, out);
	json_decref(j);
	return bad ? hub_fail(err, HUB_INTEGRITY, "run-layout",
			      "the stored layout of run %lld cannot be read", (long long)run)
		   : HUB_OK;
}

/* --- records ---------------------------------------------------------------------------------- */

static int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Offset of the closing quote of a cell that opens at `at`: one that stands before a delimiter or the
 * end. (size_t)-1 when there is none. */
static size_t closing_quote(const struct hub_layout *l, struct hub_str raw, size_t at)
{
	for (size_t i = at + 1; i < raw.len; i++) {
		if ((unsigned char)raw.ptr[i] != l->quote)
			continue;
		size_t k = i + 1;
		while (l->trim && k < raw.len && is_blank(raw.ptr[k]))
			k++;
		if (k == raw.len || hub_str_starts(hub_str_from(raw, k), l->delimiter))
			return i;
		if ((unsigned char)raw.ptr[i + 1] == l->quote)
			i++;
	}
	return (size_t)-1;
}

static struct hub_str without_doubles(struct hub_arena *a, struct hub_str s, char quote)
{
	size_t n = 0;

	if (!memchr(s.ptr, quote, s.len))
		return s;
	char *p = hub_alloc(a, s.len + 1);
	for (size_t i = 0; p && i < s.len; i++) {
		p[n++] = s.ptr[i];
		if (s.ptr[i] == quote && i + 1 < s.len && s.ptr[i + 1] == quote)
			i++;
	}
	return (struct hub_str){p, n};
}

/* One piece from *at on; moves *at behind its delimiter, behind the end after the last piece. */
static struct hub_piece next_piece(struct hub_arena *a, const struct hub_layout *l,
				   struct hub_str raw, size_t *at)
{
	size_t from = *at, close = (size_t)-1;

	while (l->trim && from < raw.len && is_blank(raw.ptr[from]))
		from++;
	if (l->quote && from < raw.len && (unsigned char)raw.ptr[from] == l->quote)
		close = closing_quote(l, raw, from);
	const size_t search = close == (size_t)-1 ? from : close + 1;
	size_t end = hub_str_find(raw, l->delimiter, search);
	*at = end == (size_t)-1 ? raw.len + 1 : end + l->delimiter.len;
	if (close != (size_t)-1)
		return (struct hub_piece){
		    without_doubles(a, hub_str_cut(raw, from + 1, close), (char)l->quote), 1};
	if (end == (size_t)-1)
		end = raw.len;
	while (l->trim && end > from && is_blank(raw.ptr[end - 1]))
		end--;
	return (struct hub_piece){hub_str_cut(raw, from, end), 0};
}

struct hub_piece *hub_layout_split(struct hub_arena *a, const struct hub_layout *l,
				   struct hub_str raw, uint32_t *n)
{
	size_t cap = l->n + 1;
	uint32_t made = 0;
	struct hub_piece *out = hub_alloc_array(a, cap, sizeof *out);

	for (size_t at = 0; out && at <= raw.len && raw.ptr; made++) {
		if (!(out = hub_alloc_more(a, out, made, &cap, sizeof *out)))
			return NULL;
		out[made] = next_piece(a, l, raw, &at);
		if (!out[made].text.ptr)
			return NULL;
	}
	*n = made;
	return out;
}

void hub_layout_cell(struct hub_buf *out, struct hub_str delimiter, struct hub_str cell, int quoted)
{
	quoted |= hub_str_find(cell, delimiter, 0) != (size_t)-1;
	for (size_t i = 0; i < cell.len && !quoted; i++)
		quoted = cell.ptr[i] == '"' || cell.ptr[i] == '\n' || cell.ptr[i] == '\r';
	if (!quoted) {
		hub_buf_str(out, cell);
		return;
	}
	hub_buf_putc(out, '"');
	for (size_t i = 0; i < cell.len; i++) {
		if (cell.ptr[i] == '"')
			hub_buf_putc(out, '"');
		hub_buf_putc(out, cell.ptr[i]);
	}
	hub_buf_putc(out, '"');
}
