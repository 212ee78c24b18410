#include "release/review.h"

#include "base/hash.h"
#include "plugin/detect.h"
#include "release/cursor.h"
#include "release/sealed_name.h"
#include "release/subject.h"
#include "store/db.h"

#include <stdlib.h>

enum { ARENA_LIMIT = 512 << 20, TEXT_LIMIT = 64 << 20, MOST_CASES = 4000, NEW_MARKS = 512 };

/* A decision and the words it was about: proposed wherever they stand in the same case. */
struct wish {
	struct hub_correction c;
	struct hub_spot at;
	struct hub_str words;
	int old;       /* of a text that has changed since */
	uint32_t next; /* of the same person, index + 1 */
};

struct hub_review {
	struct hub_db *db;
	struct hub_str keys; /* file of the keys: names of files are sealed */
	const struct hub_schema *schema;
	struct hub_people *people;
	struct hub_detect *standard, *strict;
	char version[65];
	struct hub_arena *arena; /* wishes */
	struct hub_arena *cases; /* rosters; emptied together with people's facts */
	struct hub_map *rosters; /* identity -> struct hub_roster * */
	struct hub_arena *rows, *text;
	struct wish *wish;
	uint32_t wishes;
	struct hub_map *wishes_of; /* identity -> index + 1 of the first wish */
};

const char *hub_review_state_name(enum hub_review_state state)
{
	static const char *const names[] = {[HUB_REVIEW_FOUND] = HUB_N("found"),
					    [HUB_REVIEW_DECIDED] = HUB_N("decided"),
					    [HUB_REVIEW_DOUBTFUL] = HUB_N("doubtful"),
					    [HUB_REVIEW_ADD] = HUB_N("add"),
					    [HUB_REVIEW_REMOVE] = HUB_N("remove")};

	return state > 0 && state < HUB_COUNT(names) ? names[state] : "?";
}

int hub_review_needs(const struct hub_review_text *t)
{
	if (t->seen)
		return 0;
	return t->doubtful || t->proposed || t->guarded;
}

/* --- whose text ------------------------------------------------------------------------------------- */

/* The one person a row is about; *out NULL when there is none, or several. */
static int find_client(struct hub_review *r, const struct hub_entity *e,
		       const struct hub_source_row *row, const struct hub_person_facts **out,
		       struct hub_err *err)
{
	struct hub_subjects who;
	const int rc = hub_subjects_read(r->people, r->db, e, row, &who, err);

	*out = NULL;
	return rc || who.n != 1 ? rc : hub_people_get(r->people, who.id[0], out, err);
}

static int find_roster(struct hub_review *r, const struct hub_person_facts *f,
		       const struct hub_roster **out, struct hub_err *err)
{
	uint64_t v;

	if (hub_map_get(r->rosters, hub_id_key(&f->identity), &v)) {
		*out = (const struct hub_roster *)(uintptr_t)v;
		return HUB_OK;
	}
	struct hub_roster *ro = hub_alloc0(r->cases, sizeof *ro);
	if (!ro)
		return hub_fail_mem(err);
	const int rc =
	    hub_roster_read(r->cases, r->people, r->db, f, hub_str_of(r->version), ro, err);
	*out = ro;
	if (!rc && hub_map_put(r->rosters, hub_id_key(&f->identity), (uint64_t)(uintptr_t)ro))
		return hub_fail_mem(err);
	return rc;
}

static int forget(struct hub_review *r, struct hub_err *err)
{
	int rc;

	if (hub_map_count(r->rosters) <= MOST_CASES)
		return HUB_OK;
	if ((rc = hub_people_forget(r->people, err)))
		return rc;
	hub_arena_reset(r->cases);
	r->rosters = hub_map_new(r->cases);
	return r->rosters ? HUB_OK : hub_fail_mem(err);
}

/* --- marks ------------------------------------------------------------------------------------------ */

/* Spans of one text by one setting, in their stored form. */
static int scan(struct hub_review *r, struct hub_detect *with, const struct hub_review_text *t,
		struct hub_str *json, struct hub_err *err)
{
	struct hub_doc doc = {
	    .text = t->text, .roster = t->roster->person, .persons = t->roster->n};
	const struct hub_span *spans;
	HUB_AUTO(buf) struct hub_buf b;
	size_t n;
	hub_buf_init(&b, TEXT_LIMIT);
	const int rc = hub_detect_run(with, r->text, &doc, 1, &spans, &n, err);
	if (rc)
		return rc;
	hub_spans_json(&doc, spans, n, &b);
	*json = hub_buf_keep(&b, r->text);
	return json->ptr ? HUB_OK : hub_fail_mem(err);
}

static struct hub_review_mark mark_of(const struct hub_mark *m, enum hub_review_state state)
{
	return (struct hub_review_mark){m->start,  m->end,        m->type, m->person,
					m->origin, m->confidence, state};
}

/* A mark that is masked covers all of [start, end). */
static int is_covered(const struct hub_review_text *t, uint32_t start, uint32_t end)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (t->mark[i].start <= start && end <= t->mark[i].end &&
		    t->mark[i].state != HUB_REVIEW_DOUBTFUL)
			return 1;
	return 0;
}

static int is_removed(const struct hub_review_text *t, uint32_t start, uint32_t end)
{
	for (uint32_t i = 0; i < t->said.n; i++)
		if (t->said.row[i].action == HUB_CORRECT_REMOVE && t->said.row[i].start <= start &&
		    end <= t->said.row[i].end)
			return 1;
	return 0;
}

/* What only the strict setting finds. */
static void add_doubtful(struct hub_review_text *t, const struct hub_mark *m, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		if (m[i].type == HUB_SPAN_ORG || is_covered(t, m[i].start, m[i].end) ||
		    is_removed(t, m[i].start, m[i].end))
			continue;
		t->mark[t->n++] = mark_of(&m[i], HUB_REVIEW_DOUBTFUL);
		t->doubtful++;
	}
}

static void propose_remove(struct hub_review_text *t, const struct wish *w)
{
	for (uint32_t i = 0; i < t->n; i++) {
		struct hub_review_mark *m = &t->mark[i];
		if (m->state != HUB_REVIEW_FOUND || !hub_str_eq(m->person, w->c.person) ||
		    !hub_str_eq(hub_words_of(t->text, m->start, m->end), w->words))
			continue;
		m->state = HUB_REVIEW_REMOVE;
		t->proposed++;
	}
}

/* The same words, where nothing is masked. What was doubtful there is no more. */
static void propose_add(struct hub_review_text *t, const struct wish *w, uint32_t room)
{
	const uint32_t length = (uint32_t)hub_utf8_count(w->words);
	size_t at = 0;

	if (length < 2)
		return; /* one character stands in too many words */
	while (t->n < room && (at = hub_str_find(t->text, w->words, at)) < t->text.len) {
		const uint32_t start = (uint32_t)hub_utf8_count(hub_str_cut(t->text, 0, at)),
			       end = start + length;
		at += w->words.len;
		if (is_covered(t, start, end) || is_removed(t, start, end))
			continue;
		for (uint32_t i = t->n; i > 0; i--)
			if (t->mark[i - 1].state == HUB_REVIEW_DOUBTFUL &&
			    t->mark[i - 1].start >= start && t->mark[i - 1].end <= end) {
				t->mark[i - 1] = t->mark[--t->n];
				t->doubtful--;
			}
		t->mark[t->n++] = (struct hub_review_mark){
		    start, end, w->c.type, w->c.person, HUB_STR("review"), 0, HUB_REVIEW_ADD};
		t->proposed++;
	}
}

static void propose(const struct hub_review *r, struct hub_review_text *t, uint32_t room)
{
	uint64_t first;

	if (!hub_map_get(r->wishes_of, hub_id_key(&t->client), &first))
		return;
	for (uint32_t i = (uint32_t)first; i; i = r->wish[i - 1].next) {
		const struct wish *w = &r->wish[i - 1];
		if (!w->old && w->at.row == t->at.row && w->at.field == t->at.field)
			continue;
		if (w->c.action == HUB_CORRECT_REMOVE)
			propose_remove(t, w);
		else
			propose_add(t, w, room);
	}
}

static int by_place(const void *x, const void *y)
{
	const struct hub_review_mark *a = x, *b = y;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end > b->end) - (a->end < b->end);
}

/* Everything about one text. spans: as stored. */
static int read_marks(struct hub_review *r, struct hub_review_text *t, struct hub_str spans,
		      struct hub_err *err)
{
	const struct hub_mark *found, *strict;
	struct hub_str base, all;
	uint32_t n, m;
	int rc;

	if ((t->stale || !spans.ptr) && (rc = scan(r, r->standard, t, &spans, err)))
		return rc;
	if ((rc = hub_corrections_read(r->text, r->db, &t->at, t->text, &t->said, err)) ||
	    (rc = hub_corrections_apply(r->text, &t->said, spans, &base, err)) ||
	    (rc = hub_marks_read(r->text, base, t->text, &found, &n, err)) ||
	    (rc = scan(r, r->strict, t, &all, err)) ||
	    (rc = hub_marks_read(r->text, all, t->text, &strict, &m, err)))
		return rc;
	t->mark = hub_alloc_array(r->text, (size_t)n + m + NEW_MARKS, sizeof *t->mark);
	if (!t->mark)
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < n; i++)
		t->mark[t->n++] =
		    mark_of(&found[i], hub_str_is(found[i].origin, "review") ? HUB_REVIEW_DECIDED
									     : HUB_REVIEW_FOUND);
	add_doubtful(t, strict, m);
	propose(r, t, n + m + NEW_MARKS);
	t->seen = hub_corrections_seen(&t->said);
	qsort(t->mark, t->n, sizeof *t->mark, by_place);
	return HUB_OK;
}

static int make_text(struct hub_review *r, const struct hub_field *f, uint32_t k,
		     const struct hub_source_row *row, const struct hub_person_facts *client,
		     struct hub_review_text *t, struct hub_err *err)
{
	int rc;

	hub_arena_reset(r->text);
	*t = (struct hub_review_text){.at = {f->entity, f, row->id},
				      .id = hub_arena_printf(r->text, "%.*s:%lld:%.*s",
							     HUB_FMT(f->entity->name),
							     (long long)row->id, HUB_FMT(f->name)),
				      .text = row->text[k],
				      .client = client->identity};
	if (!t->id.ptr)
		return hub_fail_mem(err);
	if ((rc = find_roster(r, client, &t->roster, err)))
		return rc;
	for (uint32_t i = 0; i < client->n_household; i++)
		t->guarded |= client->household[i].protection != HUB_PROT_CLEAR;
	t->stale = !hub_str_is(row->scan, t->roster->stamp);
	return read_marks(r, t, row->spans[k], err);
}

/* --- one, and all ------------------------------------------------------------------------------------- */

static int has_texts(const struct hub_entity *e)
{
	return e->narratives > 0 && e->subject != HUB_SUBJECT_NONE &&
	       e->subject != HUB_SUBJECT_MEMBERS;
}

static const struct hub_field *narrative(const struct hub_entity *e, uint32_t k)
{
	for (uint32_t i = 0; i < e->count; i++)
		if (e->fields[i].type == HUB_F_NARRATIVE && k-- == 0)
			return &e->fields[i];
	return NULL;
}

/* activity:345:body -> where; -1 when it is none. *k: which narrative; *version: what stands behind it (empty: nothing). */
static int read_id(const struct hub_review *r, struct hub_str id, struct hub_spot *at, uint32_t *k,
		   struct hub_str *version)
{
	struct hub_str part[3] = {{"", 0}, {"", 0}, {"", 0}}, rest = id;

	for (uint32_t i = 0; i < 3; i++)
		if (!hub_str_next(&rest, ':', &part[i]))
			return -1;
	*version = rest;
	at->entity = hub_schema_entity(r->schema, part[0]);
	if (!at->entity || !has_texts(at->entity) || hub_parse_i64(part[1], 1, INT64_MAX, &at->row))
		return -1;
	for (*k = 0; (at->field = narrative(at->entity, *k)); (*k)++)
		if (hub_str_eq(at->field->name, part[2]))
			return 0;
	return -1;
}

static int no_such_text(struct hub_str id, struct hub_err *err)
{
	const int rc = hub_fail(err, HUB_USAGE, "no-such-text",
				"there is no text \"%.*s\" of one person", HUB_FMT(id));

	hub_hint(err, "`tsunagi review list --all` lists them: activity:345:body.");
	return rc;
}

/* The name of a file, opened as a release opens it. Without its key it stays what it is, and is no text for anybody. */
static int open_text(struct hub_review *r, const struct hub_source_row *row, uint32_t k,
		     struct hub_err *err)
{
	const struct hub_case_lock lock = {r->rows, r->db, r->keys, row->case_id};
	struct hub_str name;

	if (!row->text[k].ptr || !hub_name_is_sealed(row->text[k]))
		return HUB_OK;
	const int rc = hub_name_open(&lock, row->id, row->text[k], &name, err);
	if (rc == HUB_OK)
		row->text[k] = name;
	else if (rc != HUB_FATAL)
		*err = (struct hub_err){0};
	return rc == HUB_FATAL ? rc : HUB_OK;
}

int hub_review_version(struct hub_str text, char out[HUB_REVIEW_VERSION])
{
	uint8_t sha[HUB_SHA256];

	if (hub_sha256(text, sha))
		return -1;
	hub_hex(sha, (HUB_REVIEW_VERSION - 1) / 2, out);
	return 0;
}

static int check_version(struct hub_str text, struct hub_str version, struct hub_err *err)
{
	char is[HUB_REVIEW_VERSION];

	if (!version.len)
		return HUB_OK;
	if (hub_review_version(text, is))
		return hub_fail_mem(err);
	if (hub_str_is(version, is))
		return HUB_OK;
	const int rc =
	    hub_fail(err, HUB_REJECT, "text-changed", "the text is not the one that was shown");
	hub_hint(err, "Nothing was decided. Look at it again: tsunagi review show.");
	return rc;
}

int hub_review_get(struct hub_review *r, struct hub_str id, struct hub_review_text *out,
		   struct hub_err *err)
{
	const struct hub_person_facts *client;
	struct hub_source_row row;
	struct hub_str version;
	struct hub_spot at;
	uint32_t k;
	int rc;

	if (read_id(r, id, &at, &k, &version))
		return no_such_text(id, err);
	const struct hub_profile_entity e = {.entity = at.entity};
	hub_arena_reset(r->rows);
	if ((rc = hub_cursor_row(r->rows, r->db, &e, at.row, &row, err)) < 0)
		return rc;
	if (rc == HUB_END)
		return no_such_text(id, err);
	if ((rc = open_text(r, &row, k, err)))
		return rc;
	if (!row.text[k].ptr || hub_name_is_sealed(row.text[k]))
		return no_such_text(id, err);
	if ((rc = check_version(row.text[k], version, err)))
		return rc;
	if ((rc = find_client(r, at.entity, &row, &client, err)))
		return rc;
	return client ? make_text(r, at.field, k, &row, client, out, err) : no_such_text(id, err);
}

struct walk {
	int (*each)(void *self, const struct hub_review_text *t, struct hub_err *err);
	void *self;
	int64_t person; /* identity; 0: all */
};

static int walk_row(struct hub_review *r, const struct walk *w, const struct hub_entity *e,
		    const struct hub_source_row *row, struct hub_err *err)
{
	const struct hub_person_facts *client;
	struct hub_review_text t;
	int rc = HUB_OK;

	for (uint32_t k = 0; k < e->narratives && !rc; k++) {
		if ((rc = open_text(r, row, k, err)))
			return rc;
		if (!row->text[k].ptr || row->text[k].len == 0 || hub_name_is_sealed(row->text[k]))
			continue;
		if ((rc = find_client(r, e, row, &client, err)) || !client ||
		    (w->person && client->identity != w->person))
			return rc;
		rc = make_text(r, narrative(e, k), k, row, client, &t, err);
		if (!rc)
			rc = w->each(w->self, &t, err);
	}
	return rc;
}

static int walk_entity(struct hub_review *r, const struct walk *w, const struct hub_entity *e,
		       struct hub_err *err)
{
	const struct hub_profile_entity pe = {.entity = e};
	struct hub_source_row *rows;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(1 << 20);
	struct hub_cursor *c;
	uint32_t n = 1;
	int rc = a ? hub_cursor_open(a, r->db, &pe, &c, err) : hub_fail_mem(err);

	while (!rc && n) {
		hub_arena_reset(r->rows);
		rc = hub_cursor_next(c, r->rows, &rows, &n, err);
		for (uint32_t i = 0; i < n && !rc; i++)
			rc = walk_row(r, w, e, &rows[i], err);
		if (!rc)
			rc = forget(r, err);
	}
	return rc;
}

int hub_review_walk(struct hub_review *r, int64_t person,
		    int (*each)(void *self, const struct hub_review_text *t, struct hub_err *err),
		    void *self, struct hub_err *err)
{
	const struct walk w = {each, self, person ? hub_people_identity(r->people, person) : 0};
	int rc = HUB_OK;

	for (uint32_t i = 0; i < r->schema->n_entities && !rc; i++)
		if (has_texts(&r->schema->entities[i]))
			rc = walk_entity(r, &w, &r->schema->entities[i], err);
	return rc;
}

/* --- opening ------------------------------------------------------------------------------------------- */

/* The words a decision was about, in its text as it is or as it was then. */
static int add_wish(struct hub_review *r, struct wish *w, struct hub_str hash, struct hub_err *err)
{
	const struct hub_profile_entity e = {.entity = w->at.entity};
	const struct hub_person_facts *client;
	struct hub_source_row row;
	uint8_t sha[HUB_SHA256];
	uint64_t first = 0;
	uint32_t k = 0;

	hub_arena_reset(r->rows);
	int rc = hub_cursor_row(r->rows, r->db, &e, w->at.row, &row, err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	while (narrative(w->at.entity, k) != w->at.field)
		k++;
	if ((rc = open_text(r, &row, k, err)))
		return rc;
	if (!row.text[k].ptr || hub_sha256(row.text[k], sha))
		return HUB_OK;
	w->old = hash.len != sizeof sha || memcmp(hash.ptr, sha, sizeof sha) != 0;
	rc = w->old ? hub_correction_words(r->arena, r->db, &w->at, hash, w->c.start, w->c.end,
					   &w->words, err)
		    : HUB_OK;
	if (rc || (w->old && !w->words.len))
		return rc;
	if ((rc = find_client(r, w->at.entity, &row, &client, err)) || !client)
		return rc;
	if (!w->old)
		w->words = hub_arena_str(r->arena, hub_words_of(row.text[k], w->c.start, w->c.end));
	(void)hub_map_get(r->wishes_of, hub_id_key(&client->identity), &first);
	w->next = (uint32_t)first;
	if (!w->words.ptr || hub_map_put(r->wishes_of, hub_id_key(&client->identity), ++r->wishes))
		return hub_fail_mem(err);
	return HUB_OK;
}

static int read_wishes(struct hub_review *r, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	size_t cap = 0;
	int rc = hub_db_query(r->db, &q, err,
			      "SELECT id, action, start, stop, type, person, entity, row_id, field,"
			      " text_hash FROM correction WHERE ended_at IS NULL"
			      " AND action <> 'reviewed' ORDER BY id",
			      "");

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		r->wish = hub_alloc_more(r->arena, r->wish, r->wishes, &cap, sizeof *r->wish);
		if (!r->wish)
			return hub_fail_mem(err);
		struct wish *w = &r->wish[r->wishes];
		*w =
		    (struct wish){.c = {.id = hub_db_int(q, 0),
					.action = hub_correct_of(hub_db_str(q, 1)),
					.start = (uint32_t)hub_db_int(q, 2),
					.end = (uint32_t)hub_db_int(q, 3),
					.type = (enum hub_span_type)hub_span_type(hub_db_str(q, 4)),
					.person = hub_db_dup(r->arena, q, 5)},
				  .at = {.entity = hub_schema_entity(r->schema, hub_db_str(q, 6)),
					 .row = hub_db_int(q, 7)}};
		if (!w->c.person.ptr)
			w->c.person = HUB_STR("");
		if (!w->at.entity)
			continue;
		w->at.field = hub_schema_field(w->at.entity, hub_db_str(q, 8));
		if (w->at.field && w->at.field->type == HUB_F_NARRATIVE)
			rc = add_wish(r, w, hub_db_str(q, 9), err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int open_detectors(struct hub_review *r, const struct hub_plugins *plugins,
			  struct hub_err *err)
{
	uint32_t detectors = 0;
	int rc = hub_plugins_open(plugins, HUB_DETECTOR, &detectors, err);

	if (rc)
		return rc;
	if (!detectors)
		return hub_fail(err, HUB_CONF, "no-detector", "no detector plugin is installed");
	if ((rc = hub_detect_version(plugins, HUB_STR(""), r->version, err)) ||
	    (rc = hub_detect_open_as(plugins, NULL, HUB_STR(""), hub_str_of(r->version),
				     &r->standard, err)))
		return rc;
	return hub_detect_open_as(plugins, "strict", HUB_STR(""), hub_str_of(r->version),
				  &r->strict, err);
}

static int open_all(struct hub_review *r, struct hub_store *s, const struct hub_plugins *plugins,
		    int32_t day, int32_t feed_days, struct hub_err *err)
{
	const struct hub_people_opt opt = {.day = day, .feed_days = feed_days};
	int rc;

	r->db = hub_store_db(s);
	r->schema = hub_store_schema(s);
	r->cases = hub_arena_new(ARENA_LIMIT);
	r->rows = hub_arena_new(ARENA_LIMIT);
	r->text = hub_arena_new(ARENA_LIMIT);
	r->rosters = r->cases ? hub_map_new(r->cases) : NULL;
	r->wishes_of = hub_map_new(r->arena);
	if (!r->rosters || !r->wishes_of || !r->rows || !r->text)
		return hub_fail_mem(err);
	if ((rc = open_detectors(r, plugins, err)) ||
	    (rc = hub_people_open(s, &opt, &r->people, err)))
		return rc;
	return read_wishes(r, err);
}

int hub_review_open(struct hub_store *s, const struct hub_plugins *plugins, struct hub_str keys,
		    int32_t day, int32_t feed_days, struct hub_review **out, struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(ARENA_LIMIT);
	struct hub_review *r = a ? hub_alloc0(a, sizeof *r) : NULL;

	if (!r) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	r->arena = a;
	r->keys = keys;
	const int rc = open_all(r, s, plugins, day, feed_days, err);
	if (rc)
		hub_review_close(r);
	else
		*out = r;
	return rc;
}

void hub_review_close(struct hub_review *r)
{
	if (!r)
		return;
	hub_detect_close(r->strict);
	hub_detect_close(r->standard);
	hub_people_close(r->people);
	hub_arena_free(r->text);
	hub_arena_free(r->rows);
	hub_arena_free(r->cases);
	hub_arena_free(r->arena);
}
