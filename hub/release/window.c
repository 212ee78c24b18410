#include "release/window.h"

#include "base/clock.h"
#include "plugin/detect.h"
#include "release/handle.h"
#include "release/value.h"
#include "release/window_in.h"
#include "store/read.h"

enum {
	ARENA_LIMIT = 64 << 20,
	PAGE_LIMIT = 256 << 20,
	MOST_PEOPLE = 20000,
	MOST_CASES = 500,
};

/* --- opening ----------------------------------------------------------------------------------- */

/* What the hub itself may know of rows: when, what state, which agency, of which case. */
static int is_own(const struct hub_field *f)
{
	const int date = f->type == HUB_F_DATE || f->type == HUB_F_DATETIME;

	if (f->type == HUB_F_NARRATIVE || f->type == HUB_F_NAME || f->type == HUB_F_KANA)
		return 0;
	/* a birth date is nobody's term */
	return f->pclass == HUB_C_OPERATIONAL || f->type == HUB_F_REF ||
	       (date && !hub_str_starts(f->name, HUB_STR("birth")));
}

static int make_own(struct hub_windows *w)
{
	struct hub_profile_entity *own =
	    hub_alloc_array(w->arena, w->schema->n_entities, sizeof *own);

	for (uint32_t i = 0; own && i < w->schema->n_entities; i++) {
		const struct hub_entity *e = &w->schema->entities[i];
		struct hub_view_field *f = hub_alloc_array(w->arena, e->count + 1, sizeof *f);
		if (!f)
			return -1;
		own[i] = (struct hub_profile_entity){.entity = e, .fields = f};
		for (uint32_t k = 0; k < e->count; k++)
			if (is_own(&e->fields[k]))
				f[own[i].n++] =
				    (struct hub_view_field){&e->fields[k], HUB_SHOW_AS_IS};
	}
	w->view[w->conf.views].own = own;
	return own ? 0 : -1;
}

static int read_site_key(struct hub_windows *w, struct hub_err *err)
{
	const struct hub_str name = HUB_STR("@hub");
	struct hub_keyring ring;
	int rc = hub_keyring_read(w->arena, w->keys, &ring, err);

	if (!rc && !hub_keyring_find(&ring, name, 0))
		rc = hub_keyring_first(w->arena, w->keys, name, NULL, &ring, err);
	const struct hub_key *key = rc ? NULL : hub_keyring_find(&ring, name, 0);
	if (key)
		memcpy(w->site_key, key->bytes, sizeof w->site_key);
	return rc || key ? rc : hub_fail_mem(err);
}

static int open_detectors(struct hub_windows *w, struct hub_err *err)
{
	const struct hub_plugins *p = w->conf.plugins;
	uint32_t detectors = 0;
	int rc;

	if ((rc = hub_plugins_open(p, HUB_DETECTOR, &detectors, err)) ||
	    (rc = hub_detect_version(p, HUB_STR(""), w->version, err)) || !detectors)
		return rc;
	return hub_detect_open_as(p, NULL, HUB_STR(""), hub_str_of(w->version), &w->detect, err);
}

static void close_facts(struct hub_windows *w)
{
	for (size_t i = 0; w->view && i <= w->conf.views; i++) {
		if (w->view[i].is_open)
			hub_rowctx_close(&w->view[i].x);
		w->view[i].is_open = 0;
	}
	hub_people_close(w->people);
	w->people = NULL;
	memset(w->agency, 0, sizeof w->agency);
}

static int open_view(struct hub_windows *w, struct hub_window_view *v, struct hub_err *err)
{
	const struct hub_rowctx_shared shared = {w->people, w->detect, w->version};

	v->spec = (struct hub_release_spec){.profile = v->profile,
					    .grounds = w->conf.grounds,
					    .plugins = w->conf.plugins,
					    .keys = w->conf.keys,
					    .day = w->day,
					    .feed_days = w->conf.feed_days};
	v->counts = (struct hub_release_counts){0};
	const int rc = hub_rowctx_open_shared(&v->x, w->store, &v->spec, &shared, &v->counts, err);
	if (rc) {
		hub_rowctx_close(&v->x);
		return rc;
	}
	v->x.handles = 1;
	v->is_open = 1;
	return HUB_OK;
}

static int read_facts(struct hub_windows *w, struct hub_err *err)
{
	const int32_t day = hub_today();
	const struct hub_people_opt opt = {.day = day, .feed_days = w->conf.feed_days, .few = 1};
	struct hub_facts_mark now;
	int rc = hub_facts_mark(w->db, w->keys, &now, err);

	if (rc)
		return rc;
	const int full = w->people && hub_people_count(w->people) > MOST_PEOPLE;
	if (w->people && !full && hub_now() < w->until && memcmp(&now, &w->mark, sizeof now) == 0)
		return HUB_OK;
	close_facts(w);
	w->day = day;
	w->mark = now;
	if ((rc = hub_facts_until(w->db, w->conf.feed_days, &w->until, err)))
		return rc;
	return hub_people_open(w->store, &opt, &w->people, err);
}

/* Indexes by person, case and household, once a run has ended: a first load is quicker without them, and on an empty store they
 * would be made before it. Whoever opens inside of a call has them made by a later look. */
static int make_indexes(struct hub_windows *w, struct hub_err *err)
{
	int64_t run;

	if (w->indexed || w->db->in_txn)
		return HUB_OK;
	int rc = hub_db_one(w->db, &run, err,
			    "SELECT id FROM run WHERE ended_at IS NOT NULL LIMIT 1", "");
	if (!rc)
		rc = hub_store_index(w->store, err);
	w->indexed = !rc;
	return rc == HUB_END || rc == HUB_LOCKED ? HUB_OK : rc;
}

/* Keys of new recipients are drawn here, once, so that later looks only read. */
static int open_all(struct hub_windows *w, struct hub_err *err)
{
	int rc;

	if ((rc = make_indexes(w, err)) || (rc = read_site_key(w, err)) ||
	    (rc = open_detectors(w, err)) || (rc = read_facts(w, err)))
		return rc;
	for (size_t i = 0; i < w->conf.views && !rc; i++)
		rc = open_view(w, &w->view[i], err);
	return rc;
}

int hub_windows_open(struct hub_store *s, const struct hub_windows_conf *conf,
		     struct hub_windows **out, struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(ARENA_LIMIT);
	struct hub_windows *w = a ? hub_alloc0(a, sizeof *w) : NULL;

	if (!w) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	*w = (struct hub_windows){.arena = a,
				  .page = hub_arena_new(PAGE_LIMIT),
				  .store = s,
				  .db = hub_store_db(s),
				  .schema = hub_store_schema(s),
				  .conf = *conf,
				  .keys = hub_arena_cstr(a, conf->keys),
				  .view = hub_alloc_array(a, conf->views + 1, sizeof *w->view)};
	for (size_t i = 0; w->view && i < conf->views; i++)
		w->view[i].profile = &conf->view[i];
	int rc = w->page && w->keys && w->view && !make_own(w) ? HUB_OK : hub_fail_mem(err);
	if (!rc)
		rc = open_all(w, err);
	if (rc)
		hub_windows_close(w);
	else
		*out = w;
	return rc;
}

void hub_windows_close(struct hub_windows *w)
{
	if (!w)
		return;
	close_facts(w);
	hub_detect_close(w->detect);
	hub_loads_free(&w->loads);
	hub_arena_free(w->page);
	hub_arena_free(w->arena);
}

/* Nothing leaves when somebody was not known for sure. */
static int checked(struct hub_windows *w, int rc, struct hub_err *err)
{
	const int sure = !rc && w->people ? hub_people_check(w->people, err) : HUB_OK;

	return rc ? rc : sure;
}

int hub_windows_txn(struct hub_windows *w, int (*work)(void *arg), void *arg, struct hub_err *err)
{
	int rc = make_indexes(w, err);

	w->reading = 0;
	if (rc || w->db->in_txn)
		return rc ? rc : checked(w, work(arg), err);
	rc = HUB_IDLE;
	for (int write = 0; write < 2 && rc == HUB_IDLE; write++) {
		w->reading = !write;
		if ((rc = w->db->ops->begin(w->db, write, err)))
			return rc;
		rc = hub_db_end(w->db, checked(w, work(arg), err), err);
	}
	return rc;
}

/* --- before each look --------------------------------------------------------------------------- */

static int no_view(struct hub_str agency, struct hub_err *err)
{
	const int rc =
	    hub_fail(err, HUB_REFUSED, "no-view", "agency \"%.*s\" has no view", HUB_FMT(agency));

	hub_hint(err, "A profile for it must be named in serve: { views = [...] } and be approved: "
		      "tsunagi release approve NAME.");
	return rc;
}

static struct hub_window_view *find_view(struct hub_windows *w, struct hub_str agency, int meeting)
{
	for (size_t i = 0; i < w->conf.views; i++)
		if (hub_profile_is_view(w->view[i].profile, agency, meeting))
			return &w->view[i];
	return NULL;
}

int hub_windows_ready(struct hub_windows *w, const struct hub_window_ask *ask,
		      struct hub_window_view **out, struct hub_err *err)
{
	const struct hub_str agency = ask->agency;
	struct hub_window_view *v =
	    ask->hub ? &w->view[w->conf.views] : find_view(w, agency, ask->meeting.len > 0);
	int rc;

	*out = v;
	if (!v)
		return no_view(agency, err);
	if ((rc = read_facts(w, err)) || !v->profile)
		return rc;
	if ((rc = hub_release_may_run(w->db, err)))
		return rc;
	if ((rc = hub_approval_check(w->db, v->profile, err)))
		return rc == HUB_REFUSED ? no_view(agency, err) : rc;
	if (!v->is_open && (rc = open_view(w, v, err)))
		return rc;
	v->x.reading = w->reading;
	return hub_rowctx_forget_cases(&v->x, MOST_CASES, err);
}

struct hub_str hub_window_key(const struct hub_windows *w, const struct hub_window_view *v)
{
	return v->profile ? hub_recipient_key(&v->x.to)
			  : (struct hub_str){(const char *)w->site_key, sizeof w->site_key};
}

const struct hub_profile_entity *hub_window_entity(const struct hub_window_view *v,
						   const struct hub_entity *e)
{
	if (!v->profile)
		return &v->own[e->index];
	for (uint32_t i = 0; i < v->profile->n; i++)
		if (v->profile->entities[i].entity == e)
			return &v->profile->entities[i];
	return NULL;
}

int64_t hub_window_id(const struct hub_windows *w, const struct hub_window_view *v,
		      struct hub_str scope, struct hub_str handle)
{
	int64_t id;

	if (hub_handle_read(hub_window_key(w, v), scope, handle, &id))
		return id;
	for (uint32_t i = 0; v->profile && i < v->x.to.keys.n; i++) {
		const struct hub_key *k = &v->x.to.keys.key[i];
		const struct hub_str bytes = {(const char *)k->bytes, HUB_KEY_BYTES};
		if (hub_str_eq(k->recipient, v->profile->recipient) &&
		    hub_handle_read(bytes, scope, handle, &id))
			return id;
	}
	return 0;
}

/* The id by which profiles and accounts know an agency; *out stays when it has none. */
int hub_window_agency(struct hub_windows *w, struct hub_arena *a, int64_t id, struct hub_str *out,
		      struct hub_err *err)
{
	struct hub_agency_key *kept = &w->agency[(uint64_t)id % HUB_WINDOW_AGENCIES];
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc = HUB_OK;

	if (kept->id == id) {
		*out = hub_arena_str(a, (struct hub_str){kept->key, kept->len});
		return out->ptr ? HUB_OK : hub_fail_mem(err);
	}
	rc = hub_db_query(w->db, &q, err, "SELECT key FROM cc_agency WHERE id = ?", "i", id);
	if (!rc && (rc = hub_db_next(q, err)) == HUB_OK && hub_db_str(q, 0).len) {
		const struct hub_str key = hub_db_str(q, 0);
		*out = hub_arena_str(a, key);
		if (key.len <= sizeof kept->key) {
			*kept = (struct hub_agency_key){.id = id, .len = key.len};
			memcpy(kept->key, key.ptr, key.len);
		}
	}
	if (rc == HUB_END)
		rc = HUB_OK;
	return rc || out->ptr ? rc : hub_fail_mem(err);
}

/* --- cells -------------------------------------------------------------------------------------- */

/* The hub's own: as stored, references as handles, agencies by their ids. */
static int own_cell(struct hub_windows *w, const struct hub_window_view *v,
		    const struct hub_field *f, struct hub_str value, struct hub_out_cell *cell,
		    struct hub_err *err)
{
	int64_t id = 0;

	*cell = (struct hub_out_cell){.cell = HUB_NULL, .shown = HUB_AS_IS, .text = {"", 0}};
	if (!value.ptr)
		return HUB_OK;
	cell->cell = HUB_VALUE;
	cell->text = value;
	if (f->type == HUB_F_REF && !hub_parse_i64(value, INT64_MIN, INT64_MAX, &id))
		cell->text = hub_handle_make(w->page, hub_window_key(w, v), f->to->name, id);
	if (f->type == HUB_F_REF && id && hub_str_is(f->to->name, "agency"))
		return hub_window_agency(w, w->page, id, &cell->text, err);
	if (f->type != HUB_F_REF && v->spec.labels && f->codes &&
	    hub_code_labels(w->page, f, cell->text, &cell->text))
		return hub_fail_mem(err);
	return cell->text.ptr ? HUB_OK : hub_fail_mem(err);
}

int hub_window_decide(struct hub_windows *w, struct hub_window_view *v,
		      const struct hub_profile_entity *e, struct hub_source_row *row,
		      struct hub_out_cell *cells, int *any, struct hub_err *err)
{
	int rc = HUB_OK;

	*any = 1;
	if (v->profile) {
		rc = hub_rowctx_decide(&v->x, w->page, e, row, cells, err);
		*any = v->x.any;
		return rc;
	}
	for (uint32_t i = 0; i < e->n && !rc; i++)
		rc = own_cell(w, v, e->fields[i].field, row->value[i], &cells[i], err);
	return rc;
}
