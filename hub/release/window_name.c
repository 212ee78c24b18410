/* What an agency calls a case: its number, where the view shows it, or a handle of its own. */
#include "base/err.h"
#include "release/handle.h"
#include "release/window_in.h"
#include "store/db.h"

struct naming {
	struct hub_windows *w;
	struct hub_arena *a;
	struct hub_window_ask ask;
	struct hub_str in, *out;
	struct hub_err *err;
};

/* HUB_END: the agency sees no such case. */
static int find(struct naming *n, int by_number, struct hub_window_view **v, int64_t *id)
{
	int rc = hub_windows_ready(n->w, &n->ask, v, n->err);

	if (!rc)
		rc = hub_window_case(n->w, *v, n->in, by_number, id, n->err);
	return rc;
}

static int number_now(void *arg)
{
	struct naming *n = arg;
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_window_view *v;
	int64_t id;
	int rc = find(n, 0, &v, &id);

	if (!rc)
		rc = hub_db_query(
		    n->w->db, &q, n->err,
		    "SELECT case_no FROM cc_case WHERE id = ? AND case_no IS NOT NULL", "i", id);
	if (!rc)
		rc = hub_db_next(q, n->err);
	if (rc)
		return rc;
	*n->out = hub_arena_str(n->a, hub_db_str(q, 0));
	return n->out->ptr ? HUB_OK : hub_fail_mem(n->err);
}

static int name_now(void *arg)
{
	struct naming *n = arg;
	struct hub_window_view *v;
	int64_t id, shown;
	int rc = find(n, 1, &v, &id);

	if (rc)
		return rc;
	rc = hub_window_case(n->w, v, n->in, 0, &shown, n->err);
	if (rc < 0)
		return rc;
	*n->out = rc == HUB_OK
		      ? hub_arena_str(n->a, n->in)
		      : hub_handle_make(n->a, hub_window_key(n->w, v), HUB_STR("case"), id);
	return n->out->ptr ? HUB_OK : hub_fail_mem(n->err);
}

int hub_window_number(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
		      struct hub_str name, struct hub_str *out, struct hub_err *err)
{
	struct naming n = {
	    .w = w, .a = a, .ask = {.agency = agency}, .in = name, .out = out, .err = err};

	return hub_windows_txn(w, number_now, &n, err);
}

int hub_window_name(struct hub_windows *w, struct hub_arena *a, struct hub_str agency,
		    struct hub_str number, struct hub_str *out, struct hub_err *err)
{
	struct naming n = {
	    .w = w, .a = a, .ask = {.agency = agency}, .in = number, .out = out, .err = err};

	return hub_windows_txn(w, name_now, &n, err);
}

/* --- does it take part at all? ------------------------------------------------------------------- */

static int serves_now(void *arg)
{
	struct naming *n = arg;
	struct hub_window_view *v;
	const int rc = hub_windows_ready(n->w, &n->ask, &v, n->err);

	if (rc)
		return rc == HUB_REFUSED ? HUB_END : rc;
	const struct hub_recipient *r = &v->x.to.gate;
	return r->known && !r->barred && hub_period_has(r->contract, n->w->day) ? HUB_OK : HUB_END;
}

int hub_window_takes_part(struct hub_windows *w, struct hub_str agency, struct hub_err *err)
{
	struct naming n = {.w = w, .ask = {.agency = agency}, .err = err};

	return hub_windows_txn(w, serves_now, &n, err);
}
