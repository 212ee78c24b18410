#include "block.h"
#include "plain.h"

#include "cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { QUERY_BYTES = 12288, TRIES = 6, MARK = 33 };

/* What is to be done with a row. */
enum fate { NOT_THERE = 0, SAME, CHANGED, SETTLED };

struct row {
	enum fate fate;
	char id[24], revision[24];
};

void block_reject(struct hub_batch *b, uint32_t r, const char *code, const char *reason)
{
	b->verdict[r] = HUB_ROW_REJECT;
	b->code[r] = code;
	b->reason[r] = (struct hub_str){reason, strlen(reason)};
}

static const char *value_of(const json_t *record, const char *code)
{
	const char *v = json_string_value(json_object_get(json_object_get(record, code), "value"));

	return v ? v : "";
}

/* --- fingerprints --------------------------------------------------------------------------------- */

/* Tells whether values are what they were; two 64-bit FNV-1a sums with different beginnings. */
struct mark {
	uint64_t a, b;
};

/* A text ends with the number of the release that brought it, 〔提供12〕: with another number it is the same text, and
 * not worth a revision and a notice each night. */
static size_t without_number(const char *p, size_t n)
{
	static const char head[] = "〔提供", tail[] = "〕";
	const size_t h = sizeof head - 1, t = sizeof tail - 1;
	size_t i = n >= t && memcmp(p + n - t, tail, t) == 0 ? n - t : 0;
	const size_t end = i;

	while (i > 0 && p[i - 1] >= '0' && p[i - 1] <= '9')
		i--;
	return i < end && i >= h && memcmp(p + i - h, head, h) == 0 ? i - h : n;
}

static void mark_add(struct mark *m, const char *p, size_t n)
{
	n = without_number(p, n);
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\r') /* kintone may write line ends in its own way */
			continue;
		m->a = (m->a ^ (unsigned char)p[i]) * 1099511628211u;
		m->b = (m->b ^ (unsigned char)p[i]) * 1099511628211u;
	}
	m->a = (m->a ^ 0xff) * 1099511628211u;
	m->b = (m->b ^ 0xfe) * 1099511628211u;
}

static void mark_text(const struct mark *m, char out[MARK])
{
	snprintf(out, MARK, "%016" PRIx64 "%016" PRIx64, m->a, m->b);
}

static const struct mark mark_begin = {14695981039346656037u, 7809847782465536322u};

static struct hub_str text_of(const struct hub_col *col, uint32_t r)
{
	return cell_has_text(col, r) ? col->text[r] : (struct hub_str){"", 0};
}

static void mark_row(const struct block *k, const struct hub_batch *b, uint32_t r, char out[MARK])
{
	struct mark m = mark_begin;

	for (uint32_t f = 0; f < k->fields; f++) {
		const struct hub_str t = text_of(&b->col[k->field[f].col], r);
		mark_add(&m, t.ptr, t.len);
	}
	mark_text(&m, out);
}

static void mark_record(const struct block *k, const json_t *record, char out[MARK])
{
	struct mark m = mark_begin;

	for (uint32_t f = 0; f < k->fields; f++) {
		const char *v = value_of(record, k->field[f].code);
		mark_add(&m, v, strlen(v));
	}
	mark_text(&m, out);
}

/* --- looking up ------------------------------------------------------------------------------------- */

static int records_path(const struct block *k, char *path, size_t room)
{
	char space[40] = "";

	if (k->space)
		snprintf(space, sizeof space, "/guest/%lld", (long long)k->space);
	return snprintf(path, room, "/k%s/v1/records.json", space);
}

/* 'key in ("a","b")', of the rows that are pending; 0 when there are none. Keys are ours: letters and digits. */
static int key_query(const struct block *k, const struct hub_batch *b, uint32_t from, uint32_t to,
		     char *query, size_t room)
{
	int n = snprintf(query, room, "%s in (", k->key_field), some = 0;

	for (uint32_t r = from; r < to; r++) {
		if (b->verdict[r] != HUB_ROW_PENDING || (size_t)n >= room)
			continue;
		n += snprintf(query + n, room - (size_t)n, "%s\"%.*s\"", some ? "," : "",
			      (int)b->col[0].text[r].len, b->col[0].text[r].ptr);
		some = 1;
	}
	if ((size_t)n < room)
		n += snprintf(query + n, room - (size_t)n, ") limit 500");
	return some && (size_t)n < room;
}

static int fetch(struct block *k, const char *query, json_t **page, struct hub_err *err)
{
	char path[QUERY_BYTES + 256];
	int n = records_path(k, path, sizeof path);
	char *safe = rest_escape(&k->rest, (struct hub_str){query, strlen(query)});

	n += snprintf(path + n, sizeof path - (size_t)n, "?app=%lld&query=%s", (long long)k->app,
		      safe ? safe : "");
	curl_free(safe);
	return safe && (size_t)n < sizeof path ? rest_get(&k->rest, path, page, err)
					       : NO_MEMORY(k->rest.host, err);
}

static void judge(const struct block *k, struct hub_batch *b, uint32_t r, const json_t *record,
		  struct row *row)
{
	char now[MARK], ours[MARK];
	const char *last = value_of(record, k->mark_field);

	if (row->fate != NOT_THERE) {
		row->fate = SETTLED;
		block_reject(b, r, "key-twice", "the app has two records with this key");
		return;
	}
	mark_record(k, record, now);
	mark_row(k, b, r, ours);
	snprintf(row->id, sizeof row->id, "%s", value_of(record, "$id"));
	snprintf(row->revision, sizeof row->revision, "%s", value_of(record, "$revision"));
	row->fate = CHANGED;
	if (strcmp(now, ours) == 0 && strcmp(last, ours) == 0)
		row->fate = SAME;
	else if (strcmp(now, ours) != 0 && strcmp(last, now) != 0) {
		row->fate = SETTLED;
		block_reject(b, r, "changed-there",
			     "somebody has changed this record in kintone: it was left as it is");
	}
}

static int look_up(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		   struct row *row, struct hub_err *err)
{
	char query[QUERY_BYTES];
	json_t *page = NULL, *record;
	size_t i;

	memset(row, 0, BLOCK_ROWS * sizeof *row);
	if (!key_query(k, b, from, to, query, sizeof query))
		return HUB_OK;
	const int rc = fetch(k, query, &page, err);
	json_array_foreach(json_object_get(page, "records"), i, record)
	{
		const char *key = value_of(record, k->key_field);
		for (uint32_t r = from; r < to; r++)
			if (b->verdict[r] == HUB_ROW_PENDING &&
			    strlen(key) == b->col[0].text[r].len &&
			    memcmp(key, b->col[0].text[r].ptr, b->col[0].text[r].len) == 0)
				judge(k, b, r, record, &row[r - from]);
	}
	json_decref(page);
	for (uint32_t r = from; r < to && !rc; r++)
		if (b->verdict[r] == HUB_ROW_PENDING && row[r - from].fate == SAME)
			b->verdict[r] = HUB_ROW_DONE;
	return rc;
}

/* The same key twice in a block would become two records. */
static void find_twins(const struct block *k, struct hub_batch *b, uint32_t from, uint32_t to)
{
	for (uint32_t r = from; r < to; r++)
		for (uint32_t q = from; q < r; q++) {
			const struct hub_str x = b->col[0].text[r], y = b->col[0].text[q];
			char mine[MARK], its[MARK];
			if (b->verdict[r] != HUB_ROW_PENDING || x.len != y.len ||
			    memcmp(x.ptr, y.ptr, x.len) != 0)
				continue;
			mark_row(k, b, r, mine);
			mark_row(k, b, q, its);
			if (strcmp(mine, its) == 0)
				b->verdict[r] = HUB_ROW_DONE;
			else
				block_reject(b, r, "same-key",
					     "another row of this release has the same key and "
					     "other values");
		}
}

/* --- sending ------------------------------------------------------------------------------------------ */

static int set_value(json_t *record, const char *code, struct hub_str t)
{
	return json_object_set_new(record, code,
				   json_pack("{s:s%}", "value", t.ptr ? t.ptr : "", t.len));
}

static json_t *record_of(const struct block *k, const struct hub_batch *b, uint32_t r)
{
	char mark[MARK];
	json_t *record = json_object();
	int bad = !record;

	mark_row(k, b, r, mark);
	for (uint32_t f = 0; f < k->fields && !bad; f++)
		bad = set_value(record, k->field[f].code, text_of(&b->col[k->field[f].col], r));
	bad = bad || set_value(record, k->key_field, b->col[0].text[r]) ||
	      set_value(record, k->mark_field, (struct hub_str){mark, MARK - 1});
	if (!bad)
		return record;
	json_decref(record);
	return NULL;
}

/* {"app":7,"records":[...]} of the pending rows of one fate; at[i]: the row of the i-th record. */
static char *body_of(const struct block *k, const struct hub_batch *b, uint32_t from, uint32_t to,
		     const struct row *row, enum fate fate, uint32_t *at, uint32_t *n)
{
	json_t *list = json_array();

	*n = 0;
	for (uint32_t r = from; r < to && list; r++) {
		if (b->verdict[r] != HUB_ROW_PENDING || row[r - from].fate != fate)
			continue;
		json_t *one = record_of(k, b, r);
		if (one && fate == CHANGED)
			one = json_pack("{s:s,s:s,s:o}", "id", row[r - from].id, "revision",
					row[r - from].revision, "record", one);
		if (!one || json_array_append_new(list, one)) {
			json_decref(list);
			return NULL;
		}
		at[(*n)++] = r;
	}
	json_t *all =
	    list ? json_pack("{s:I,s:o}", "app", (json_int_t)k->app, "records", list) : NULL;
	char *text = all ? json_dumps(all, JSON_COMPACT) : NULL;
	json_decref(all);
	return text;
}

static void drop_text(char *text)
{
	json_free_t release;

	json_get_alloc_funcs(NULL, &release);
	release(text);
}

int block_save(const struct block *k, struct hub_batch *b, uint32_t from, uint32_t to, FILE *file,
	       struct hub_err *err)
{
	const struct row row[BLOCK_ROWS] = {{NOT_THERE, "", ""}};
	uint32_t at[BLOCK_ROWS], n;

	find_twins(k, b, from, to);
	char *body = body_of(k, b, from, to, row, NOT_THERE, at, &n);
	if (!body)
		return NO_MEMORY(k->rest.host, err);
	if (n)
		fprintf(file, "%s\n", body);
	drop_text(body);
	for (uint32_t i = 0; i < n; i++)
		b->verdict[at[i]] = HUB_ROW_DONE;
	return HUB_OK;
}

/* "...: hoho" of records[3].hoho.value; the field's code is no value. */
static const char *refused_field(const struct block *k, struct hub_batch *b, const char *where)
{
	static const char what[] = "kintone does not take a value of this record";
	const char *from = strstr(where, "].");
	const char *to = from ? strrchr(from, '.') : NULL;
	const size_t n = to && to > from + 1 ? (size_t)(to - from) - 2 : 0;
	char *p = n ? k->rest.host->alloc(k->rest.ctx, b, sizeof what + 2 + n) : NULL;

	if (!p)
		return what;
	(void)snprintf(p, sizeof what + 2 + n, "%s: %.*s", what, (int)n, from + 2);
	return p;
}

/* A refusal names the records it means: "records[3].内容.value". Those rows are rejected; 0 when it names none. */
static uint32_t blame(const struct block *k, struct hub_batch *b, const json_t *answer,
		      const uint32_t *at, uint32_t n)
{
	static const char head[] = "records[";
	const json_t *v;
	const char *where;
	uint32_t blamed = 0;

	json_object_foreach((json_t *)(uintptr_t)json_object_get(answer, "errors"), where, v)
	{
		uint32_t i = 0;
		(void)v;
		if (strncmp(where, head, sizeof head - 1) != 0)
			continue;
		for (const char *p = where + sizeof head - 1; *p >= '0' && *p <= '9' && i < n; p++)
			i = i * 10 + (uint32_t)(*p - '0');
		if (i >= n)
			continue;
		block_reject(b, at[i], "field-refused", refused_field(k, b, where));
		blamed++;
	}
	return blamed;
}

/* HUB_OK: something was settled, or the block has to be looked up again. */
static int send_rows(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		     const struct row *row, enum fate fate, struct hub_err *err)
{
	uint32_t at[BLOCK_ROWS], n;
	char path[256], *body = body_of(k, b, from, to, row, fate, at, &n);
	json_t *answer = NULL;
	long status = 0;

	if (!body)
		return NO_MEMORY(k->rest.host, err);
	(void)records_path(k, path, sizeof path);
	int rc = n ? rest_send(&k->rest, fate == CHANGED ? "PUT" : "POST", path, body, &status,
			       &answer, err)
		   : HUB_OK;
	drop_text(body);
	if (!rc && status == 200) {
		for (uint32_t i = 0; i < n; i++)
			b->verdict[at[i]] = HUB_ROW_DONE;
		k->rest.host->count(k->rest.ctx, fate == CHANGED ? "updated" : "added", n);
	} else if (!rc && n && status != 409 && blame(k, b, answer, at, n) == 0)
		rc = rest_refused(&k->rest, status, err);
	json_decref(answer);
	return rc;
}

static int is_pending(const struct hub_batch *b, uint32_t from, uint32_t to)
{
	for (uint32_t r = from; r < to; r++)
		if (b->verdict[r] == HUB_ROW_PENDING)
			return 1;
	return 0;
}

/* --- the app's fields --------------------------------------------------------------------------------- */

static int has_field(struct block *k, const json_t *fields, const char *code, struct hub_err *err)
{
	if (json_object_get(fields, code))
		return HUB_OK;
	HUB_FAIL(k->rest.host, err, HUB_CONF, "no-such-field",
		 "app %lld of kintone has no field with the code \"%s\"", (long long)k->app, code);
	k->rest.host->hint(err, "Field codes are in the settings of the app's form; correct the "
				"options fields, key_field, mark_field.");
	return err->rc;
}

static int check_fields(struct block *k, const json_t *fields, struct hub_err *err)
{
	int rc = has_field(k, fields, k->key_field, err);

	if (!rc)
		rc = has_field(k, fields, k->mark_field, err);
	for (uint32_t f = 0; f < k->fields && !rc; f++)
		rc = has_field(k, fields, k->field[f].code, err);
	const char *unique =
	    json_string_value(json_object_get(json_object_get(fields, k->key_field), "unique"));
	if (rc || (unique && strcmp(unique, "true") == 0))
		return rc;
	HUB_FAIL(k->rest.host, err, HUB_CONF, "key-not-unique",
		 "the field \"%s\" of app %lld takes the same value twice", k->key_field,
		 (long long)k->app);
	k->rest.host->hint(err, "Set \"Prohibit duplicate values\" for it in the app's form.");
	return err->rc;
}

/* kintone leaves out a field that an app does not have and says that all is well. Asked before anything is
 * written; who may not ask is not stopped. */
static int ask_fields(struct block *k, struct hub_err *err)
{
	char path[256], *end;
	json_t *page = NULL;
	struct hub_err none;

	if (k->checked)
		return HUB_OK;
	(void)records_path(k, path, sizeof path);
	end = strstr(path, "/records.json");
	(void)snprintf(end, sizeof path - (size_t)(end - path), "/app/form/fields.json?app=%lld",
		       (long long)k->app);
	int rc = rest_get(&k->rest, path, &page, &none);
	if (rc == HUB_RETRY)
		*err = none;
	else if (rc)
		rc = HUB_OK;
	const json_t *fields = json_object_get(page, "properties");
	if (!rc && json_object_size(fields))
		rc = check_fields(k, fields, err);
	json_decref(page);
	k->checked = !rc;
	return rc;
}

int block_write(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		struct hub_err *err)
{
	struct row row[BLOCK_ROWS];
	int rc = ask_fields(k, err);

	if (rc)
		return rc;
	find_twins(k, b, from, to);
	for (int i = 0; i < TRIES && is_pending(b, from, to); i++) {
		if ((rc = look_up(k, b, from, to, row, err)))
			return rc;
		rc = send_rows(k, b, from, to, row, NOT_THERE, err);
		if (!rc)
			rc = send_rows(k, b, from, to, row, CHANGED, err);
		if (rc && rc != HUB_RETRY) /* RETRY: nobody knows what arrived: look */
			return rc;
	}
	if (!is_pending(b, from, to))
		return HUB_OK;
	return rc ? rc
		  : HUB_FAIL(k->rest.host, err, HUB_RETRY, "always-changing",
			     "records of the app were changed each time they were written");
}

/* --- taking back --------------------------------------------------------------------------------------- */

static int delete_found(struct block *k, const json_t *page, struct hub_err *err)
{
	char path[8192];
	const json_t *record;
	json_t *answer = NULL;
	size_t i;
	long status;
	int n = records_path(k, path, sizeof path);

	n += snprintf(path + n, sizeof path - (size_t)n, "?app=%lld", (long long)k->app);
	json_array_foreach(json_object_get(page, "records"), i, record) n += snprintf(
	    path + n, sizeof path - (size_t)n, "&ids%%5B%zu%%5D=%s", i, value_of(record, "$id"));
	if ((size_t)n >= sizeof path)
		return NO_MEMORY(k->rest.host, err);
	int rc = rest_send(&k->rest, "DELETE", path, "", &status, &answer, err);
	if (!rc && status != 200 && status != 404)
		rc = rest_refused(&k->rest, status, err);
	json_decref(answer);
	return rc;
}

int block_remove(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		 struct hub_err *err)
{
	char query[QUERY_BYTES];
	int rc = HUB_OK;

	for (int i = 0; i < TRIES && key_query(k, b, from, to, query, sizeof query); i++) {
		json_t *page = NULL;
		if ((rc = fetch(k, query, &page, err)))
			return rc;
		const size_t found = json_array_size(json_object_get(page, "records"));
		if (found && found <= BLOCK_ROWS)
			rc = delete_found(k, page, err);
		json_decref(page);
		if (rc && rc != HUB_RETRY)
			return rc;
		for (uint32_t r = from; r < to && found == 0; r++)
			b->verdict[r] = HUB_ROW_DONE;
	}
	if (!is_pending(b, from, to))
		return HUB_OK;
	return rc ? rc
		  : HUB_FAIL(k->rest.host, err, HUB_RETRY, "not-removed",
			     "records of the app could not be taken out");
}
