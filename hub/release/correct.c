#include "release/correct.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "plugin/detect.h"
#include "release/audit.h"
#include "store/read.h"
#include "store/schema.h"

enum { SPANS_LIMIT = 64 << 20 };

static const char *const names[] = {
    [HUB_CORRECT_ADD] = HUB_N("add"),
    [HUB_CORRECT_REMOVE] = HUB_N("remove"),
    [HUB_CORRECT_RETYPE] = HUB_N("retype"),
    [HUB_CORRECT_SEEN] = HUB_N("reviewed"),
};

const char *hub_correct_name(enum hub_correct action)
{
	return action > 0 && action < HUB_COUNT(names) ? names[action] : "?";
}

enum hub_correct hub_correct_of(struct hub_str name)
{
	for (uint32_t i = 1; i < HUB_COUNT(names); i++)
		if (hub_str_is(name, names[i]))
			return (enum hub_correct)i;
	return (enum hub_correct)0;
}

/* --- reading --------------------------------------------------------------------------------------- */

static int read_one(struct hub_arena *a, struct hub_query *q, struct hub_correction *c)
{
	*c = (struct hub_correction){.id = hub_db_int(q, 0),
				     .action = hub_correct_of(hub_db_str(q, 1)),
				     .start = (uint32_t)hub_db_int(q, 2),
				     .end = (uint32_t)hub_db_int(q, 3),
				     .type = (enum hub_span_type)hub_span_type(hub_db_str(q, 4)),
				     .person = hub_db_dup(a, q, 5),
				     .who = hub_db_dup(a, q, 6),
				     .why = hub_db_dup(a, q, 7),
				     .at = hub_db_int(q, 8)};
	if (!c->person.ptr)
		c->person = HUB_STR("");
	return c->action ? 0 : -1;
}

static size_t byte_of(struct hub_str text, uint32_t cp)
{
	size_t at = 0;

	for (; cp && at < text.len; cp--)
		(void)hub_utf8_next(text, &at);
	return at;
}

struct hub_str hub_words_of(struct hub_str text, uint32_t start, uint32_t end)
{
	const size_t from = byte_of(text, start);

	return hub_str_cut(text, from, from + byte_of(hub_str_from(text, from), end - start));
}

/* *is 1: that is the text a decision was about. */
static int is_text(struct hub_str text, struct hub_str sha, int *is)
{
	uint8_t bytes[HUB_SHA256];

	*is = 0;
	if (hub_sha256(text, bytes))
		return -1;
	*is = sha.len == sizeof bytes && memcmp(sha.ptr, bytes, sizeof bytes) == 0;
	return 0;
}

int hub_correction_words(struct hub_arena *a, struct hub_db *db, const struct hub_spot *at,
			 struct hub_str sha, uint32_t start, uint32_t end, struct hub_str *words,
			 struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = hub_db_query(db, &q, err,
			      "SELECT before FROM history WHERE entity = ? AND row_id = ?"
			      " AND before IS NOT NULL ORDER BY id DESC",
			      "ti", at->entity->name, at->row);

	*words = HUB_STR("");
	while (!rc && !words->len && (rc = hub_db_next(q, err)) == HUB_OK) {
		struct hub_str image = hub_db_str(q, 0), name;
		struct hub_dbval v;
		int is = 0;
		while (!is && hub_image_next(&image, &name, &v) > 0)
			if (v.type == HUB_DB_TEXT && hub_str_eq(name, at->field->name) &&
			    is_text(v.s, sha, &is))
				return hub_fail_mem(err);
		if (is && !(*words = hub_arena_str(a, hub_words_of(v.s, start, end))).ptr)
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

struct reading {
	struct hub_arena *a;
	struct hub_db *db;
	const struct hub_spot *at;
	struct hub_str text;
	struct hub_corrections out;
	size_t room;
};

static int put(struct reading *r, const struct hub_correction *c, struct hub_err *err)
{
	struct hub_corrections *o = &r->out;
	struct hub_correction *more = hub_alloc_more(r->a, o->row, o->n, &r->room, sizeof *more);

	if (!more)
		return hub_fail_mem(err);
	o->row = more;
	o->row[o->n++] = *c;
	return HUB_OK;
}

/* What was added to the text as it was before: on the same words, wherever they stand now. */
static int carry_over(struct reading *r, struct hub_correction c, struct hub_str sha,
		      struct hub_err *err)
{
	struct hub_str words;
	size_t from = 0;
	int rc = hub_correction_words(r->a, r->db, r->at, sha, c.start, c.end, &words, err);

	while (!rc && words.len && (from = hub_str_find(r->text, words, from)) < r->text.len) {
		c.start = (uint32_t)hub_utf8_count(hub_str_cut(r->text, 0, from));
		c.end = c.start + (uint32_t)hub_utf8_count(words);
		from += words.len;
		rc = put(r, &c, err);
	}
	return rc;
}

int hub_corrections_read(struct hub_arena *a, struct hub_db *db, const struct hub_spot *at,
			 struct hub_str text, struct hub_corrections *out, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct reading r = {.a = a, .db = db, .at = at, .text = text};

	int rc = hub_db_query(db, &q, err,
			      "SELECT id, action, start, stop, type, person, who, why, at,"
			      " text_hash FROM correction WHERE entity = ? AND row_id = ?"
			      " AND field = ? AND ended_at IS NULL ORDER BY id",
			      "tit", at->entity->name, at->row, at->field->name);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str sha = hub_db_str(q, 9);
		struct hub_correction c;
		int is;
		if (read_one(a, q, &c))
			return hub_fail(err, HUB_INTEGRITY, "correction-broken",
					"correction %lld: unknown action",
					(long long)hub_db_int(q, 0));
		if (is_text(text, sha, &is))
			return hub_fail_mem(err);
		if (is)
			rc = put(&r, &c, err);
		else if (c.action == HUB_CORRECT_ADD)
			rc = carry_over(&r, c, sha, err);
	}
	*out = r.out;
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_corrections_seen(const struct hub_corrections *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (c->row[i].action == HUB_CORRECT_SEEN)
			return 1;
	return 0;
}

/* --- laying them over what was found ---------------------------------------------------------------- */

/* Does this span of [start, end, type, person, ...] give way to the correction? */
static int gives_way(const json_t *span, const struct hub_correction *c)
{
	const json_int_t start = json_integer_value(json_array_get(span, 0)),
			 end = json_integer_value(json_array_get(span, 1));
	const json_t *person = json_array_get(span, 3), *origin = json_array_get(span, 5);
	const struct hub_str who = {json_string_value(person), json_string_length(person)};

	if (start < (json_int_t)c->start || end > (json_int_t)c->end)
		return 0;
	if (c->action != HUB_CORRECT_REMOVE || !json_is_string(person))
		return 1;
	const char *by = json_string_value(origin);
	return hub_str_eq(who, c->person) || (by && strcmp(by, "review") == 0);
}

static int lay_over(json_t *spans, const struct hub_correction *c)
{
	if (c->action == HUB_CORRECT_SEEN)
		return 0;
	for (size_t i = json_array_size(spans); i > 0; i--)
		if (gives_way(json_array_get(spans, i - 1), c) && json_array_remove(spans, i - 1))
			return -1;
	if (c->action == HUB_CORRECT_REMOVE)
		return 0;
	json_t *person = c->person.len ? json_stringn(c->person.ptr, c->person.len) : json_null();
	json_t *one = person ? json_pack("[iisois]", (int)c->start, (int)c->end,
					 hub_span_name(c->type), person, 1000, "review")
			     : NULL;
	return one ? json_array_append_new(spans, one) : -1;
}

static int put_json(const char *p, size_t n, void *out)
{
	hub_buf_add(out, p, n);
	return 0;
}

int hub_corrections_apply(struct hub_arena *a, const struct hub_corrections *c,
			  struct hub_str spans, struct hub_str *out, struct hub_err *err)
{
	json_error_t where;
	int bad = 0;

	*out = spans;
	if (c->n == 0)
		return HUB_OK;
	json_t *list = hub_json_read(spans, 0, &where);
	if (!list && errno == ENOMEM)
		return hub_fail_mem(err);
	if (!json_is_array(list)) { /* told by who reads them */
		json_decref(list);
		return HUB_OK;
	}
	for (uint32_t i = 0; i < c->n && !bad; i++)
		bad = lay_over(list, &c->row[i]);
	HUB_AUTO(buf) struct hub_buf text;
	hub_buf_init(&text, SPANS_LIMIT);
	bad = bad || json_dump_callback(list, put_json, &text, JSON_COMPACT);
	json_decref(list);
	*out = bad ? (struct hub_str){NULL, 0} : hub_buf_keep(&text, a);
	return out->ptr ? HUB_OK : hub_fail_mem(err);
}

/* --- deciding ---------------------------------------------------------------------------------------- */

static int log_it(struct hub_db *db, struct hub_str actor, const char *action,
		  struct hub_str object, const struct hub_correction *c, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 1 << 16);
	hub_buf_printf(&b, "{\"correction\":%lld", (long long)c->id);
	if (c->end)
		hub_buf_printf(&b, ",\"start\":%u,\"end\":%u", c->start, c->end);
	if (c->type)
		hub_buf_printf(&b, ",\"type\":\"%s\"", hub_span_name(c->type));
	if (c->why.len) {
		hub_buf_puts(&b, ",\"reason\":");
		hub_json_str(&b, c->why);
	}
	hub_buf_putc(&b, '}');
	return hub_buf_ok(&b) ? hub_audit_add(db, actor, action, object, hub_buf_text(&b), err)
			      : hub_fail_mem(err);
}

static int insert(struct hub_db *db, const struct hub_spot *at, struct hub_str sha,
		  struct hub_correction *c, struct hub_str actor, struct hub_err *err)
{
	const struct hub_str none = {NULL, 0};
	const int place = c->action != HUB_CORRECT_SEEN;
	const int typed = c->action == HUB_CORRECT_ADD || c->action == HUB_CORRECT_RETYPE;
	int rc;

	if ((rc = hub_db_one(db, &c->id, err, "SELECT coalesce(max(id), 0) + 1 FROM correction",
			     "")))
		return rc;
	/* the last word on a place, and on the whole text, is the one in force */
	rc = hub_db_run(db, err,
			"UPDATE correction SET ended_at = ?, ended_by = ? WHERE entity = ?"
			" AND row_id = ? AND field = ? AND ended_at IS NULL AND text_hash = ?"
			" AND coalesce(start, -1) = ? AND coalesce(stop, -1) = ?",
			"ittitbii", hub_now(), actor, at->entity->name, at->row, at->field->name,
			sha, place ? (int64_t)c->start : -1, place ? (int64_t)c->end : -1);
	if (rc)
		return rc;
	const struct hub_dbval start = {.type = place ? HUB_DB_INT : HUB_DB_NULL, .i = c->start},
			       end = {.type = place ? HUB_DB_INT : HUB_DB_NULL, .i = c->end};
	return hub_db_run(
	    db, err,
	    "INSERT INTO correction (id, entity, row_id, field, action, start, stop,"
	    " type, person, text_hash, who, why, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?)",
	    "ititzvvztbtti", c->id, at->entity->name, at->row, at->field->name,
	    hub_correct_name(c->action), &start, &end, typed ? hub_span_name(c->type) : NULL,
	    c->person.len ? c->person : none, sha, actor, c->why.len ? c->why : none, hub_now());
}

/* *yes 1: the same person has decided the same, and it is in force. */
static int is_said(struct hub_db *db, const struct hub_spot *at, struct hub_str sha,
		   const struct hub_correction *c, struct hub_str actor, int *yes,
		   struct hub_err *err)
{
	const int place = c->action != HUB_CORRECT_SEEN;
	const int typed = c->action == HUB_CORRECT_ADD || c->action == HUB_CORRECT_RETYPE;
	int64_t n = 0;
	const int rc = hub_db_one(
	    db, &n, err,
	    "SELECT count(*) FROM correction WHERE entity = ? AND row_id = ? AND field = ?"
	    " AND ended_at IS NULL AND text_hash = ? AND action = ? AND coalesce(start, -1) = ?"
	    " AND coalesce(stop, -1) = ? AND coalesce(type, '') = ? AND coalesce(person, '') = ?"
	    " AND who = ?",
	    "titbziiztt", at->entity->name, at->row, at->field->name, sha,
	    hub_correct_name(c->action), place ? (int64_t)c->start : -1,
	    place ? (int64_t)c->end : -1, typed ? hub_span_name(c->type) : "",
	    c->person.ptr ? c->person : HUB_STR(""), actor);

	*yes = n > 0;
	return rc;
}

static int add(struct hub_db *db, const struct hub_spot *at, struct hub_str text,
	       const struct hub_correction *c, struct hub_str actor, struct hub_err *err)
{
	struct hub_correction one = *c;
	uint8_t bytes[HUB_SHA256];
	char action[32], object[160];
	int said = 0;

	if (hub_sha256(text, bytes))
		return hub_fail_mem(err);
	const struct hub_str sha = {(const char *)bytes, sizeof bytes};
	int rc = is_said(db, at, sha, c, actor, &said, err);
	if (rc || said)
		return rc ? rc : HUB_END;
	rc = insert(db, at, sha, &one, actor, err);
	snprintf(action, sizeof action, "text-%s", hub_correct_name(c->action));
	snprintf(object, sizeof object, "%.*s:%lld:%.*s", HUB_FMT(at->entity->name),
		 (long long)at->row, HUB_FMT(at->field->name));
	return rc ? rc : log_it(db, actor, action, hub_str_of(object), &one, err);
}

int hub_correction_add(struct hub_db *db, const struct hub_spot *at, struct hub_str text,
		       const struct hub_correction *c, struct hub_str actor, struct hub_err *err)
{
	if (db->in_txn)
		return add(db, at, text, c, actor, err);
	int rc = hub_db_begin(db, err);
	if (rc)
		return rc;
	rc = add(db, at, text, c, actor, err);
	const int ended = hub_db_end(db, rc == HUB_END ? HUB_OK : rc, err);
	return ended ? ended : rc;
}

static int end(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str why,
	       struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	const struct hub_correction c = {.id = id, .why = why};
	char object[160];
	int rc = hub_db_query(db, &q, err,
			      "SELECT entity, row_id, field FROM correction"
			      " WHERE id = ? AND ended_at IS NULL",
			      "i", id);

	if (rc || (rc = hub_db_next(q, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return hub_fail(err, HUB_USAGE, "no-such-correction",
				"no correction %lld is in force", (long long)id);
	snprintf(object, sizeof object, "%.*s:%lld:%.*s", HUB_FMT(hub_db_str(q, 0)),
		 (long long)hub_db_int(q, 1), HUB_FMT(hub_db_str(q, 2)));
	if ((rc = hub_db_run(db, err,
			     "UPDATE correction SET ended_at = ?, ended_by = ? WHERE id = ?", "iti",
			     hub_now(), actor, id)))
		return rc;
	return log_it(db, actor, "text-undo", hub_str_of(object), &c, err);
}

int hub_correction_end(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str why,
		       struct hub_err *err)
{
	const int rc = hub_db_begin(db, err);

	return rc ? rc : hub_db_end(db, end(db, id, actor, why, err), err);
}
