#include "serve/desk.h"
#include "base/json.h"
#include "serve/member.h"

#include "serve/events.h"

#include <ctype.h>

enum { PUSH_KEY = 40 };
enum { ROWS_MOST = 10000, ACTION_BYTES = 100, DETAIL_BYTES = 4096 };

static const char *area_of(const struct hub_call *c)
{
	return hub_call_module(c)->service->area;
}

/* --- statements ------------------------------------------------------------------------------- */

static int bind(struct hub_query *q, const struct hub_val *args, uint32_t n)
{
	int rc = 0;

	for (uint32_t i = 0; i < n && !rc; i++) {
		struct hub_dbval v = {.type = HUB_DB_NULL};
		if (args[i].type == HUB_VAL_INT || args[i].type == HUB_VAL_BOOL)
			v = (struct hub_dbval){.type = HUB_DB_INT, .i = args[i].i};
		else if (args[i].type == HUB_VAL_TEXT)
			v = (struct hub_dbval){.type = HUB_DB_TEXT, .s = args[i].s};
		rc = q->ops->bind(q, i, &v);
	}
	return rc;
}

static struct hub_val value_of(struct hub_arena *a, const struct hub_dbval *v)
{
	if (v->type == HUB_DB_NULL)
		return (struct hub_val){.type = HUB_VAL_NULL};
	if (v->type == HUB_DB_INT)
		return (struct hub_val){.type = HUB_VAL_INT, .i = v->i};
	return (struct hub_val){.type = HUB_VAL_TEXT, .s = hub_arena_str(a, v->s)};
}

static int read_row(struct hub_arena *a, struct hub_query *q, struct hub_val *row, uint32_t cols,
		    struct hub_err *err)
{
	for (uint32_t k = 0; k < cols; k++) {
		const struct hub_dbval v = hub_db_val(q, k);
		row[k] = value_of(a, &v);
		if (row[k].type == HUB_VAL_TEXT && !row[k].s.ptr)
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

static int read_rows(struct hub_arena *a, struct hub_query *q, struct hub_result *out,
		     struct hub_err *err)
{
	struct hub_val *val = NULL;
	size_t room = 0;
	int rc;

	while ((rc = hub_db_next(q, err)) == HUB_OK) {
		out->cols = q->ops->columns(q);
		if (out->rows == ROWS_MOST)
			return hub_fail(err, HUB_FATAL, "too-many-rows",
					"a statement of a module gives more than %d rows",
					ROWS_MOST);
		val = hub_alloc_more(a, val, out->rows, &room, out->cols * sizeof *val);
		if (!val)
			return hub_fail_mem(err);
		if ((rc = read_row(a, q, val + (size_t)out->rows * out->cols, out->cols, err)))
			return rc;
		out->rows++;
	}
	out->val = val;
	return rc == HUB_END ? HUB_OK : rc;
}

static int desk_sql(struct hub_call *c, uint32_t statement, const struct hub_val *args, uint32_t n,
		    struct hub_result *result, struct hub_err *err)
{
	const struct hub_service *s = hub_call_module(c)->service;
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_db *db = hub_call_db(c);
	struct hub_result none, *out = result ? result : &none;
	int rc;

	*out = (struct hub_result){0};
	if (statement >= s->statements)
		return hub_fail(err, HUB_FATAL, "no-statement", "area %s has no statement %u",
				s->area, statement);
	if ((rc = hub_call_begin(c, err)) ||
	    (rc = db->ops->prepare(db, s->statement[statement], &q, err)))
		return rc;
	if (bind(q, args, n))
		return hub_fail(err, HUB_FATAL, "store-bind", "a value does not fit its statement");
	rc = read_rows(hub_call_arena(c), q, out, err);
	if (!rc)
		out->changed = db->ops->changes(db);
	return rc;
}

/* --- the reply -------------------------------------------------------------------------------- */

static int desk_refuse(struct hub_call *c, int status, struct hub_err *err, const char *code,
		       const char *fmt, ...) __attribute__((format(printf, 5, 6)));

static int desk_refuse(struct hub_call *c, int status, struct hub_err *err, const char *code,
		       const char *fmt, ...)
{
	char what[sizeof err->what];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, hub_tr(fmt), ap);
	va_end(ap);
	return hub_call_refuse(c, status, err, code, "%s", what);
}

/* --- telling others --------------------------------------------------------------------------- */

static int is_word(const char *name)
{
	size_t n = 0;

	for (; name[n]; n++)
		if (!(name[n] >= 'a' && name[n] <= 'z') && name[n] != '_' && name[n] != '-' &&
		    name[n] != '.' && !(name[n] >= '0' && name[n] <= '9'))
			return 0;
	return n > 0 && n < ACTION_BYTES - HUB_AREA_BYTES;
}

static int own_name(const struct hub_call *c, const char *name, char out[ACTION_BYTES],
		    struct hub_err *err)
{
	if (!is_word(name))
		return hub_fail(err, HUB_FATAL, "bad-name",
				"area %s: a name of lower-case letters is wanted", area_of(c));
	snprintf(out, ACTION_BYTES, "%s.%s", area_of(c), name);
	return HUB_OK;
}

/* Keys, codes, days, times: nothing that a sentence or a name could be. */
static int is_key(const char *s)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (!isalnum((unsigned char)s[n]) && !strchr("_.:+-", s[n]))
			return 0;
	return n > 0 && n <= PUSH_KEY;
}

/* What is pushed says where to look, never what is to be seen: a text in it is a key, whatever was declared. */
static int is_keys(struct hub_str data)
{
	json_t *o = hub_json_read(data, JSON_REJECT_DUPLICATES, NULL), *v;
	const char *key;
	int fine = o != NULL; /* what could not be read is none */

	json_object_foreach(o, key, v)
	{
		fine &=
		    !json_is_string(v) || (strlen(json_string_value(v)) == json_string_length(v) &&
					   is_key(json_string_value(v)));
	}
	json_decref(o);
	return fine;
}

static const struct hub_pushed *find_pushed(const struct hub_service *s, const char *name)
{
	for (uint32_t i = 0; i < s->pushes; i++)
		if (strcmp(s->pushed[i].name, name) == 0)
			return &s->pushed[i];
	return NULL;
}

static int check_push(struct hub_call *c, const char *name, struct hub_str data,
		      struct hub_err *err)
{
	const struct hub_pushed *p = find_pushed(hub_call_module(c)->service, name);
	struct hub_err why;

	if (!p)
		return hub_fail(err, HUB_FATAL, "push-undeclared",
				"area %s: event %s is not declared", area_of(c), name);
	if (hub_members_fit(hub_call_arena(c), p->data, data, &why))
		return hub_fail(err, HUB_FATAL, "push-undeclared",
				"area %s: event %s is not as declared: %s", area_of(c), name,
				why.what);
	return is_keys(data) ? HUB_OK
			     : hub_fail(err, HUB_FATAL, "push-too-much",
					"area %s: event %s may hold numbers, keys and days only",
					area_of(c), name);
}

static int desk_push(struct hub_call *c, const int64_t *account, uint32_t n, const char *name,
		     struct hub_str data, struct hub_err *err)
{
	char event[ACTION_BYTES];
	int rc = own_name(c, name, event, err);

	if (rc || (rc = check_push(c, name, data, err)))
		return rc;
	return hub_call_push(c, account, n, event, data, err);
}

static int desk_audit(struct hub_call *c, const char *verb, struct hub_str case_no,
		      const char *note, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	char action[ACTION_BYTES];
	const int rc = own_name(c, verb, action, err);

	hub_buf_init(&b, DETAIL_BYTES);
	if (rc)
		return rc;
	hub_buf_putc(&b, '{');
	if (note && note[0])
		hub_json_field(&b, "note", hub_str_of(note));
	if (c->who.agency.len)
		hub_json_field(&b, "agency", c->who.agency);
	hub_buf_putc(&b, '}');
	if (!hub_buf_ok(&b))
		return hub_fail_mem(err);
	return hub_call_audit(c, action, case_no, hub_buf_text(&b), err);
}

static int desk_tell(struct hub_call *c, const struct hub_event *event, struct hub_err *err)
{
	struct hub_event e = *event;
	const int rc = hub_call_begin(c, err);

	if (!e.at)
		e.at = c->now;
	return rc ? rc : hub_event_add(hub_call_db(c), &e, area_of(c), err);
}

static int desk_working_day(struct hub_call *c, int32_t day)
{
	return hub_is_working_day(hub_call_module(c)->all->holidays, day);
}

const struct hub_desk hub_desk = {
    .size = sizeof(struct hub_desk),
    .alloc = hub_call_alloc,
    .say = hub_call_say,
    .text = hub_call_text,
    .number = hub_call_number,
    .truth = hub_call_truth,
    .time = hub_call_time,
    .open = hub_call_open,
    .close = hub_call_close,
    .next = hub_call_next,
    .version = hub_call_version,
    .file = hub_call_file,
    .refuse = desk_refuse,
    .status = hub_call_status,
    .sql = desk_sql,
    .look = hub_desk_look,
    .sees_case = hub_desk_sees_case,
    .inspect = hub_desk_inspect,
    .accounts = hub_desk_accounts,
    .account = hub_desk_account,
    .push = desk_push,
    .audit = desk_audit,
    .tell = desk_tell,
    .file_put = hub_desk_file_put,
    .file_get = hub_desk_file_get,
    .working_day = desk_working_day,
    .keep = hub_module_keep,
    .counts = hub_desk_view_counts,
    .unrestricted = hub_desk_unrestricted,
    .readable = hub_desk_readable,
    .role = hub_desk_role,
    .find = hub_desk_find,
    .alike = hub_desk_alike,
    .find_prepare = hub_desk_find_prepare,
    .case_number = hub_desk_case_number,
    .case_name = hub_desk_case_name,
};
