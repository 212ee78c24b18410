#include "jrec.h"
#include "plain.h"

#include "jcapture.h"
#include "jescape.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 1024 };

int jrec_no_memory(const struct jrec *j, struct hub_err *err)
{
	return NO_MEMORY(j->host, err);
}

/* Inside a callback: remembers the failure, stops yajl. */
int jrec_stop(struct jrec *j, int rc)
{
	j->rc = rc;
	return 0;
}

int jtext_put(struct jrec *j, struct jrec_text *t, struct hub_str s)
{
	if (t->cap - t->len < s.len) {
		size_t cap = t->cap ? t->cap : 256;
		while (cap - t->len < s.len)
			cap *= 2;
		char *p = j->host->alloc(j->ctx, NULL, cap);
		if (!p)
			return -1;
		if (t->len)
			memcpy(p, t->p, t->len);
		t->p = p;
		t->cap = cap;
	}
	if (s.len)
		memcpy(t->p + t->len, s.ptr, s.len);
	t->len += s.len;
	return 0;
}

struct hub_str jtext_of(const struct jrec_text *t)
{
	return (struct hub_str){t->p ? t->p : "", t->len};
}

/* --- places ----------------------------------------------------------------------------------- */

static uint64_t here(const struct jrec *j)
{
	return j->fed + yajl_get_bytes_consumed(j->yajl);
}

/* Line of a place that is not before the last one asked for and in the bytes being fed. */
static uint64_t line_at(struct jrec *j, uint64_t place)
{
	const char *p = j->base + (j->counted - j->fed), *end = j->base + (place - j->fed);

	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		j->line++;
		p++;
	}
	j->counted = place;
	return j->line;
}

/* --- where a value stands --------------------------------------------------------------------- */

struct step {
	uint32_t node;   /* in a record; JPATH_NONE: nobody wants it */
	int32_t matched; /* outside */
	int record;      /* the value is one */
};

static int token_matches(struct hub_str pattern, struct hub_str token)
{
	const int any = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '*';
	const size_t n = pattern.len - (size_t)any;

	return token.len >= n && (any || token.len == n) &&
	       (n == 0 || memcmp(pattern.ptr, token.ptr, n) == 0);
}

static int put_path(struct jrec *j, const struct jrec_frame *f, struct hub_str token)
{
	j->path.len = f->path;
	if (jtext_put(j, &j->path, (struct hub_str){"/", 1}))
		return -1;
	for (size_t i = 0; i < token.len; i++) {
		const char *esc = token.ptr[i] == '~' ? "~0" : token.ptr[i] == '/' ? "~1" : NULL;
		if (jtext_put(j, &j->path,
			      esc ? (struct hub_str){esc, 2} : (struct hub_str){token.ptr + i, 1}))
			return -1;
	}
	return 0;
}

/* Takes the place of the value that begins: the key or index in the innermost container. */
static int step(struct jrec *j, struct step *s)
{
	struct jrec_frame *f = j->depth ? &j->frame[j->depth - 1] : NULL;
	char digits[24];
	struct hub_str token = {NULL, 0};

	*s = (struct step){.node = JPATH_NONE, .matched = -1};
	if (f && f->array) {
		const int n = snprintf(digits, sizeof digits, "%" PRIu64, f->index++);
		token = (struct hub_str){digits, (size_t)n};
	} else if (f) {
		token = jtext_of(&j->key);
	}
	if (j->in_record) {
		if (f->node == JPATH_NONE)
			return 0;
		s->node = j->discover ? jtree_add(&j->tree, f->node, token)
				      : jtree_find(&j->tree, f->node, f->last, token);
		if (s->node != JPATH_NONE)
			f->last = s->node;
		return j->discover && s->node == JPATH_NONE ? -1 : 0;
	}
	if (f && put_path(j, f, token))
		return -1;
	if (!f)
		s->matched = 0;
	else if (f->matched >= 0 && f->matched < j->tokens &&
		 token_matches(j->token[f->matched], token))
		s->matched = f->matched + 1;
	s->record = f && f->list;
	return 0;
}

/* --- cells ------------------------------------------------------------------------------------ */

static struct jrec_above *above_at(struct jrec *j, struct hub_str path)
{
	for (uint32_t i = 0; i < j->n_above; i++)
		if (j->above[i].path.len == path.len &&
		    memcmp(j->above[i].path.ptr, path.ptr, path.len) == 0)
			return &j->above[i];
	return NULL;
}

/* A plain value. text.ptr NULL: null. */
static int put_cell(struct jrec *j, uint32_t node, struct hub_str text)
{
	struct jnode *n = &j->tree.node[node];

	if (j->discover) {
		if (text.ptr || n->seen == JNODE_NOTHING)
			n->seen = text.ptr ? JNODE_VALUE : JNODE_NULL;
		return 1;
	}
	if (n->col == SHEET_NONE)
		return 1;
	if (sheet_is_set(j->sheet, n->col)) {
		sheet_bad(j->sheet, "duplicate-member", n->col);
		return 1;
	}
	if (!text.ptr) {
		sheet_null(j->sheet, n->col);
		return 1;
	}
	const int rc = sheet_put(j->sheet, n->col, text, j->err);
	return rc ? jrec_stop(j, rc) : 1;
}

/* What "*" stood for on the way here, joined by '/'. */
static int put_in(struct jrec *j)
{
	struct hub_str path = jtext_of(&j->path), token;
	int rc = HUB_OK, any = 0;

	j->lines.len = 0;
	if (jtext_put(j, &j->lines, path)) /* room for a token */
		return jrec_no_memory(j, j->err);
	for (int32_t i = 0; i < j->tokens && jpath_next(&path, j->lines.p, &token) && !rc; i++) {
		const struct hub_str p = j->token[i];
		if (p.len == 0 || p.ptr[p.len - 1] != '*')
			continue;
		if (any++)
			rc = sheet_put(j->sheet, j->in_col, (struct hub_str){"/", 1}, j->err);
		if (!rc)
			rc = sheet_put(j->sheet, j->in_col, token, j->err);
	}
	return rc;
}

static int begin_record(struct jrec *j, uint64_t began)
{
	int rc = HUB_OK;

	j->in_record = 1;
	j->began = began;
	j->began_line = line_at(j, began);
	if (j->discover)
		return 1;
	sheet_drop(j->sheet);
	if (j->in_col != SHEET_NONE)
		rc = put_in(j);
	for (uint32_t i = 0; i < j->n_above && !rc; i++) {
		if (j->above[i].state == HUB_VALUE)
			rc = sheet_put(j->sheet, j->above[i].col, jtext_of(&j->above[i].value),
				       j->err);
		else if (j->above[i].state == HUB_NULL)
			sheet_null(j->sheet, j->above[i].col);
	}
	return rc ? jrec_stop(j, rc) : 1;
}

static int end_record(struct jrec *j)
{
	j->in_record = 0;
	j->ended = here(j);
	if (j->discover)
		return 1;
	if (j->esc.n && jescape_between(&j->esc, j->began, j->ended))
		sheet_bad(j->sheet, "half-character", SHEET_NONE);
	const int rc = j->record(j->arg, j->err);
	return rc ? jrec_stop(j, rc) : 1;
}

/* --- yajl's events ---------------------------------------------------------------------------- */

static int scalar(struct jrec *j, int string, struct hub_str text)
{
	struct step s;

	j->last_event = here(j);
	if (j->cap.depth)
		return jcapture_scalar(j, string, text);
	if (step(j, &s))
		return jrec_stop(j, jrec_no_memory(j, j->err));
	j->values += j->depth == 0;
	if (j->in_record)
		return s.node == JPATH_NONE ? 1 : put_cell(j, s.node, text);
	if (s.record || s.matched == j->tokens)
		return begin_record(j, j->last_event - (j->last_event > j->fed)) &&
		       put_cell(j, 0, text) && end_record(j);
	struct jrec_above *a = above_at(j, jtext_of(&j->path));
	if (!a)
		return 1;
	a->value.len = 0;
	a->state = text.ptr ? HUB_VALUE : HUB_NULL;
	return text.ptr && jtext_put(j, &a->value, text) ? jrec_stop(j, jrec_no_memory(j, j->err))
							 : 1;
}

static int push(struct jrec *j, struct jrec_frame frame)
{
	if (j->depth == j->depth_limit) {
		HUB_FAIL(j->host, j->err, HUB_REJECT, "too-deep",
			 "%s: line %llu: nested deeper than %u", j->name,
			 (unsigned long long)line_at(j, here(j)), j->depth_limit);
		j->host->hint(j->err, "Records are not nested so deep: look at what the file is.");
		return jrec_stop(j, HUB_REJECT);
	}
	frame.path = j->path.len;
	j->frame[j->depth++] = frame;
	return 1;
}

/* Inside a record: a container that is one cell, or one to look into. */
static int open_inside(struct jrec *j, uint32_t node, int array)
{
	const struct jnode *n = node == JPATH_NONE ? NULL : &j->tree.node[node];

	if (n && j->discover && array)
		j->tree.node[node].seen = JNODE_VALUE;
	if (n && !j->discover && n->col != SHEET_NONE && (array || !n->inner)) {
		if (sheet_is_set(j->sheet, n->col))
			sheet_bad(j->sheet, "duplicate-member", n->col);
		j->cap.col = n->col;
		return push(j, (struct jrec_frame){.node = JPATH_NONE, .array = (uint8_t)array}) &&
		       jcapture_open(j, array);
	}
	const int skip = !n || (j->discover && array);
	return push(j, (struct jrec_frame){.node = skip ? JPATH_NONE : node,
					   .last = skip ? 0 : node,
					   .array = (uint8_t)array});
}

static int open_container(struct jrec *j, int array)
{
	struct jrec_frame f = {.node = JPATH_NONE, .array = (uint8_t)array};
	struct step s;

	j->last_event = here(j);
	if (j->cap.depth)
		return push(j, f) && jcapture_open(j, array);
	if (step(j, &s))
		return jrec_stop(j, jrec_no_memory(j, j->err));
	if (j->in_record)
		return open_inside(j, s.node, array);
	f.matched = s.matched;
	f.list = s.matched == j->tokens && array;
	j->found += f.list;
	if (s.record || (s.matched == j->tokens && !array)) {
		f.node = 0;
		return begin_record(j, j->last_event - 1) && push(j, f);
	}
	return push(j, f);
}

static int close_container(struct jrec *j, int array)
{
	j->last_event = here(j);
	const struct jrec_frame *f = &j->frame[--j->depth];
	j->path.len = f->path;
	j->values += j->depth == 0;
	if (j->cap.depth && !jcapture_close(j, array))
		return 0;
	return j->in_record && f->node == 0 ? end_record(j) : 1;
}

static int on_null(void *p)
{
	return scalar(p, 0, (struct hub_str){NULL, 0});
}

static int on_boolean(void *p, int value)
{
	return scalar(p, 0, value ? (struct hub_str){"true", 4} : (struct hub_str){"false", 5});
}

static int on_number(void *p, const char *s, size_t n)
{
	return scalar(p, 0, (struct hub_str){s, n});
}

static int on_string(void *p, const unsigned char *s, size_t n)
{
	return scalar(p, 1, (struct hub_str){n ? (const char *)s : "", n});
}

static int on_key(void *p, const unsigned char *s, size_t n)
{
	struct jrec *j = p;
	const struct hub_str key = {n ? (const char *)s : "", n};

	j->last_event = here(j);
	if (j->cap.depth)
		return jcapture_key(j, key);
	j->key.len = 0;
	return jtext_put(j, &j->key, key) ? jrec_stop(j, jrec_no_memory(j, j->err)) : 1;
}

static int on_start_map(void *p)
{
	return open_container(p, 0);
}

static int on_end_map(void *p)
{
	return close_container(p, 0);
}

static int on_start_array(void *p)
{
	return open_container(p, 1);
}

static int on_end_array(void *p)
{
	return close_container(p, 1);
}

static const yajl_callbacks callbacks = {
    .yajl_null = on_null,
    .yajl_boolean = on_boolean,
    .yajl_number = on_number,
    .yajl_string = on_string,
    .yajl_start_map = on_start_map,
    .yajl_map_key = on_key,
    .yajl_end_map = on_end_map,
    .yajl_start_array = on_start_array,
    .yajl_end_array = on_end_array,
};

/* --- outside ---------------------------------------------------------------------------------- */

int jrec_init(struct jrec *j, struct sheet *sheet, const char *name, struct hub_str records,
	      int64_t depth_limit, struct hub_err *err)
{
	*j = (struct jrec){.ctx = sheet->ctx,
			   .host = sheet->host,
			   .sheet = sheet,
			   .name = name,
			   .in_col = SHEET_NONE,
			   .depth_limit = (uint32_t)depth_limit};
	j->frame = j->host->alloc(j->ctx, NULL, JREC_DEPTH * sizeof *j->frame);
	char *buf = j->host->alloc(j->ctx, NULL, records.len + 1);
	if (!j->frame || !buf || jtree_init(&j->tree, j->ctx, j->host))
		return jrec_no_memory(j, err);
	while (j->tokens < JREC_TOKENS && jpath_next(&records, buf, &j->token[j->tokens]))
		buf += j->token[j->tokens++].len;
	return jrec_restart(j, 0, 1, err);
}

void jrec_close(struct jrec *j)
{
	if (j->yajl)
		yajl_free(j->yajl);
	j->yajl = NULL;
}

int jrec_restart(struct jrec *j, uint64_t at, uint64_t line, struct hub_err *err)
{
	jrec_close(j);
	j->yajl = yajl_alloc(&callbacks, NULL, j);
	if (!j->yajl)
		return jrec_no_memory(j, err);
	yajl_config(j->yajl, yajl_allow_multiple_values, 1);
	j->depth = j->in_record = 0;
	j->cap.depth = 0;
	j->path.len = 0;
	j->rc = HUB_OK;
	j->fed = j->counted = j->last_event = at;
	j->line = line;
	j->values = 0;
	j->esc.n = 0;
	j->esc.state = 0;
	j->esc.high = 0;
	for (uint32_t i = 0; i < j->n_above; i++)
		j->above[i].state = HUB_ABSENT;
	return HUB_OK;
}

int jrec_column(struct jrec *j, struct hub_str name, struct hub_str path, struct hub_err *err)
{
	const uint32_t col = sheet_column(j->sheet, name);
	char *buf = j->host->alloc(j->ctx, NULL, path.len + 1);
	struct hub_str token;
	uint32_t node = 0;

	if (col == SHEET_NONE || !buf)
		return jrec_no_memory(j, err);
	if (str_is(path, "@in")) {
		j->in_col = col;
		return HUB_OK;
	}
	if (path.len > 0 && path.ptr[0] == '@') {
		if (j->n_above == JREC_ABOVE)
			return HUB_FAIL(j->host, err, HUB_CONF, "too-many-columns",
					"more than %d columns from outside the records",
					JREC_ABOVE);
		memcpy(buf, path.ptr + 1, path.len - 1);
		j->above[j->n_above++] =
		    (struct jrec_above){.col = col, .path = {buf, path.len - 1}};
		return HUB_OK;
	}
	while (node != JPATH_NONE && jpath_next(&path, buf, &token))
		node = jtree_add(&j->tree, node, token);
	if (node == JPATH_NONE)
		return jrec_no_memory(j, err);
	j->tree.node[node].col = col;
	return HUB_OK;
}

/* A name that is not taken: the path without escapes, else with them. */
static int add_discovered(struct jrec *j, uint32_t node, struct hub_err *err)
{
	char name[NAME_BYTES];
	size_t n = 0;

	for (int escape = 0; escape < 2; escape++) {
		uint32_t same = 0;
		n = node ? jtree_name(&j->tree, node, escape, name, sizeof name)
			 : (size_t)snprintf(name, sizeof name, "value");
		while (same < j->sheet->cols && (j->sheet->name[same].len != n ||
						 memcmp(j->sheet->name[same].ptr, name, n) != 0))
			same++;
		if (same == j->sheet->cols)
			break;
	}
	j->tree.node[node].col = sheet_column(j->sheet, (struct hub_str){name, n});
	return j->tree.node[node].col == SHEET_NONE ? jrec_no_memory(j, err) : HUB_OK;
}

int jrec_discover(struct jrec *j, int on, struct hub_err *err)
{
	int rc = HUB_OK;

	j->discover = on;
	for (uint32_t i = 0; !on && i < j->tree.n && !rc; i++) {
		const struct jnode *n = &j->tree.node[i];
		if (n->seen == JNODE_VALUE || (n->seen == JNODE_NULL && !n->inner))
			rc = add_discovered(j, i, err);
	}
	return rc;
}

static int refuse(struct jrec *j, const char *p, size_t n, struct hub_err *err)
{
	unsigned char *text = yajl_get_error(j->yajl, 0, (const unsigned char *)p, n);
	const uint64_t at = here(j);
	size_t len = text ? strcspn((const char *)text, "\n") : 0;

	HUB_FAIL(j->host, err, HUB_REJECT, "bad-json", "%s: line %llu, byte %llu: %.*s", j->name,
		 (unsigned long long)line_at(j, at < j->fed + n ? at : j->fed + n),
		 (unsigned long long)at, (int)len, text ? (const char *)text : "");
	if (text && strstr((const char *)text, "UTF8"))
		j->host->hint(err, "JSON is UTF-8: save it as UTF-8 and try again.");
	else
		j->host->hint(
		    err,
		    "Look at that place, and ask for the file again if the export wrote it so.");
	if (text)
		yajl_free_error(j->yajl, text);
	return HUB_REJECT;
}

int jrec_feed(struct jrec *j, const char *p, size_t n, struct hub_err *err)
{
	j->base = p;
	j->err = err;
	j->rc = HUB_OK;
	jescape_scan(&j->esc, p, n, j->fed);
	if (j->esc.n > JREC_BAD)
		return HUB_FAIL(j->host, err, HUB_REJECT, "half-character",
				"%s: hundreds of escapes stand for half a character", j->name);
	const yajl_status status = yajl_parse(j->yajl, (const unsigned char *)p, n);
	if (j->rc)
		return j->rc;
	if (status != yajl_status_ok)
		return refuse(j, p, n, err);
	line_at(j, j->fed + n);
	j->fed += n;
	if (j->fed - j->last_event > j->sheet->limit + (1 << 20))
		return HUB_FAIL(j->host, err, HUB_REJECT, "too-long",
				"%s: line %llu: a text longer than %zu bytes", j->name,
				(unsigned long long)j->line, j->sheet->limit);
	return HUB_OK;
}

int jrec_finish(struct jrec *j, struct hub_err *err)
{
	j->base = "";
	j->err = err;
	j->rc = HUB_OK;
	const yajl_status status = yajl_complete_parse(j->yajl);
	if (j->rc)
		return j->rc;
	if (status != yajl_status_ok || j->depth) {
		HUB_FAIL(j->host, err, HUB_REJECT, "bad-json",
			 "%s ends in the middle of a value (line %llu)", j->name,
			 (unsigned long long)j->line);
		j->host->hint(err, "The file is cut off: get it again.");
		return HUB_REJECT;
	}
	return HUB_OK;
}
