#include "release/finder.h"

#include "base/err.h"
#include "release/audit.h"
#include "release/window_in.h"
#include "store/db.h"
#include "store/store.h"

struct hub_finder {
	struct hub_arena *arena;
	struct hub_windows *w;
	const struct hub_themes *themes;
	struct hub_sights *sights;
	struct hub_sight **held; /* like w->view: what the last answer was made of, NULL: nothing */
	struct hub_kin *kin;     /* as long as several views are made; NULL: not read */
	struct hub_made_of of;   /* of kin */
};

int hub_finder_open(struct hub_windows *windows, const struct hub_themes *themes,
		    struct hub_sights *sights, struct hub_finder **out, struct hub_err *err)
{
	struct hub_arena *a = hub_arena_new(0);
	struct hub_finder *f = a ? hub_alloc0(a, sizeof *f) : NULL;
	struct hub_sight **held =
	    f ? hub_alloc_array(a, windows->conf.views + 1, sizeof *held) : NULL;

	if (!held) {
		hub_arena_free(a);
		return hub_fail_mem(err);
	}
	*f = (struct hub_finder){
	    .arena = a, .w = windows, .themes = themes, .sights = sights, .held = held};
	hub_sights_join(sights);
	*out = f;
	return HUB_OK;
}

static void forget_kin(struct hub_finder *f)
{
	hub_kin_free(f->kin);
	f->kin = NULL;
}

void hub_finder_close(struct hub_finder *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->w->conf.views; i++)
		hub_sights_drop(f->sights, f->held[i]);
	forget_kin(f);
	hub_sights_leave(f->sights);
	hub_arena_free(f->arena);
}

/* --- up to date -------------------------------------------------------------------------------------- */

static int count_corrections(struct hub_finder *f, struct hub_made_of *out, struct hub_err *err)
{
	const int rc =
	    hub_db_one(f->w->db, &out->corrections, err, "SELECT count(*) FROM correction", "");

	return rc ? rc
		  : hub_db_one(f->w->db, &out->ended, err, "SELECT count(ended_at) FROM correction",
			       "");
}

static int read_made_of(struct hub_finder *f, struct hub_made_of *out, struct hub_err *err)
{
	*out = (struct hub_made_of){.mark = f->w->mark, .until = f->w->until};
	return count_corrections(f, out, err);
}

/* Facts as they are now; in a transaction when there is none. */
static int be_ready(struct hub_finder *f, const struct hub_window_ask *ask,
		    struct hub_window_view **v, struct hub_made_of *now, struct hub_err *err)
{
	struct hub_db *db = f->w->db;
	const int own = !db->in_txn;
	int rc = own ? db->ops->begin(db, HUB_DB_READ, err) : HUB_OK;

	if (rc)
		return rc;
	f->w->reading = own;
	rc = hub_windows_ready(f->w, ask, v, err);
	if (!rc)
		rc = read_made_of(f, now, err);
	return own ? hub_db_end(db, rc, err) : rc;
}

static int read_kin(struct hub_finder *f, const struct hub_made_of *now, struct hub_err *err)
{
	if (f->kin && memcmp(&f->of, now, sizeof *now) == 0)
		return HUB_OK;
	hub_kin_free(f->kin);
	f->kin = NULL;
	f->of = *now;
	return hub_kin_read(f->w->db, f->w->schema, hub_store_tables(f->w->store), &f->kin, err);
}

/* What was decided while others wrote is decided of who knows what. */
static int look_again(struct hub_finder *f, const struct hub_made_of *then, struct hub_sight *s,
		      struct hub_err *err)
{
	struct hub_made_of now = *then;
	int rc = hub_facts_mark(f->w->db, f->w->keys, &now.mark, err);

	if (!rc)
		rc = count_corrections(f, &now, err);
	if (rc || memcmp(&now, then, sizeof now) == 0)
		return rc;
	if ((rc = read_kin(f, &now, err)))
		return rc;
	return hub_sight_doubt(s, f->kin, err);
}

static int make(struct hub_finder *f, struct hub_rowctx *x, const struct hub_made_of *now,
		const struct hub_sight *before, struct hub_sight **out, struct hub_err *err)
{
	struct hub_sight *made = NULL;
	int rc = read_kin(f, now, err);

	x->reading = 0;
	if (!rc)
		rc = hub_sight_make(x, f->kin, before, &made, err);
	if (!rc && (rc = look_again(f, now, made, err))) {
		hub_sight_free(made);
		made = NULL;
	}
	*out = made;
	return rc;
}

/* The sight of the view for these facts, held. Inside of the caller's transaction it is made of what may yet be taken
 * back, so nobody else gets it, and nobody is waited for. HUB_IDLE: look anew at the facts. */
static int hold(struct hub_finder *f, size_t at, struct hub_rowctx *x,
		const struct hub_made_of *now, struct hub_err *err)
{
	const int alone = f->w->db->in_txn;
	struct hub_sight *made = NULL, *before;
	int rc = hub_sights_get(f->sights, at, now, alone, &f->held[at], &before);

	if (rc != HUB_END)
		return rc;
	rc = make(f, x, now, before, &made, err);
	hub_sights_drop(f->sights, before);
	if (!alone)
		hub_sights_put(f->sights, at, now, made);
	f->held[at] = made;
	return rc;
}

/* The view of who asks with its sight as of now. */
static int look_through(struct hub_finder *f, const struct hub_viewer *who,
			struct hub_window_view **v, struct hub_sight **sight, struct hub_err *err)
{
	const struct hub_window_ask ask = {.agency = who->agency, .actor = who->actor};
	struct hub_made_of now;
	int rc;

	do {
		if ((rc = be_ready(f, &ask, v, &now, err)))
			return rc;
		struct hub_sight **held = &f->held[*v - f->w->view];
		hub_sights_drop(f->sights, *held);
		*held = NULL;
		rc = hold(f, (size_t)(*v - f->w->view), &(*v)->x, &now, err);
		*sight = *held;
	} while (rc == HUB_IDLE);
	return rc;
}

int hub_finder_prepare(struct hub_finder *f, struct hub_err *err)
{
	struct hub_window_view *v;
	struct hub_sight *s;
	int rc = HUB_OK;

	for (size_t i = 0; i < f->w->conf.views && !rc; i++) {
		const struct hub_viewer who = {.agency = f->w->view[i].profile->recipient,
					       .actor = HUB_STR("hub")};
		rc = look_through(f, &who, &v, &s, err);
		if (rc == HUB_REFUSED) /* not approved, or stopped: nobody searches there either */
			rc = HUB_OK;
	}
	forget_kin(f);
	return rc;
}

/* --- answers ------------------------------------------------------------------------------------------- */

/* One of the two questions. */
struct question {
	const struct hub_find *find;
	const struct hub_hits *hits;
	struct hub_str case_no;
	uint32_t most, n;
	const struct hub_alike *alike;
};

static int log_it(struct hub_finder *f, const struct hub_window_view *v,
		  const struct hub_viewer *who, const struct question *q, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	hub_json_field(&b, "recipient", who->agency);
	hub_json_field(&b, "version", hub_str_of(v->profile->hash));
	hub_json_int(&b, "rows", q->find ? q->hits->n : q->n);
	if (q->find && q->find->after.len)
		hub_buf_puts(&b, ",\"further\":true"); /* who goes on and on collects */
	return hub_audit_put(&who->log, f->w->db, who->actor, q->find ? "search" : "search-alike",
			     HUB_STR("view"), &b, err);
}

static int answer(struct hub_finder *f, struct hub_arena *a, struct hub_window_view *v,
		  struct hub_sight *s, struct question *q, struct hub_err *err)
{
	v->spec.labels = 0;
	if (q->find)
		return hub_find_run(s, &v->x, a, q->find, &q->hits, err);
	const uint32_t at = hub_find_case(s, &v->x, a, q->case_no);
	if (at == UINT32_MAX)
		return HUB_END;
	const struct hub_alike_ask ask = {.themes = f->themes, .at = at, .most = q->most};
	return hub_alike_run(s, &v->x, a, &ask, &q->alike, &q->n, err);
}

/* First in a transaction that only reads; when a text has become stale meanwhile, in one that writes. */
static int answer_in_txn(struct hub_finder *f, struct hub_arena *a, const struct hub_viewer *who,
			 struct question *q, struct hub_err *err)
{
	struct hub_db *db = f->w->db;
	const int own = !db->in_txn;
	struct hub_window_view *v;
	struct hub_sight *s;
	int rc = look_through(f, who, &v, &s, err);

	forget_kin(f);
	if (rc)
		return rc;
	rc = HUB_IDLE;
	for (int write = !own; write < 2 && rc == HUB_IDLE; write++) {
		if (own && (rc = db->ops->begin(db, write, err)))
			return rc;
		v->x.reading = own && !write;
		rc = answer(f, a, v, s, q, err);
		if (own)
			rc = hub_db_end(db, rc, err);
	}
	if (rc)
		return rc;
	return log_it(f, v, who, q, err);
}

int hub_finder_find(struct hub_finder *f, struct hub_arena *a, const struct hub_viewer *who,
		    const struct hub_find *ask, const struct hub_hits **out, struct hub_err *err)
{
	struct question q = {.find = ask};
	const int rc = answer_in_txn(f, a, who, &q, err);

	*out = q.hits;
	return rc;
}

int hub_finder_alike(struct hub_finder *f, struct hub_arena *a, const struct hub_viewer *who,
		     struct hub_str case_no, uint32_t most, const struct hub_alike **out,
		     uint32_t *n, struct hub_err *err)
{
	struct question q = {.case_no = case_no, .most = most};
	const int rc = answer_in_txn(f, a, who, &q, err);

	*out = q.alike;
	*n = q.n;
	return rc;
}
