/* Records and texts for modules, through the gate. */
#include "serve/desk.h"

#include "release/outgoing.h"
#include "serve/desk_stats.h"
#include "serve/views.h"

static int windows_of(struct hub_call *c, struct hub_windows **w, struct hub_err *err)
{
	return hub_views_of(hub_call_module(c)->all->view, hub_call_store(c), w, err);
}

int hub_desk_look(struct hub_call *c, const struct hub_look *look, const struct hub_batch **out,
		  struct hub_str *next, struct hub_err *err)
{
	struct hub_window_ask ask = hub_views_ask(c, look);
	struct hub_windows *w;
	const int rc = windows_of(c, &w, err);

	ask.by = hub_call_module(c)->service->area;
	return rc ? rc : hub_window_look(w, hub_call_arena(c), &ask, out, next, err);
}

int hub_desk_sees_case(struct hub_call *c, struct hub_str agency, struct hub_str case_no,
		       struct hub_err *err)
{
	struct hub_windows *w;
	const int rc = windows_of(c, &w, err);

	if (rc)
		return rc;
	return case_no.len ? hub_window_sees(w, agency, case_no, err)
			   : hub_window_takes_part(w, agency, err);
}

int hub_desk_case_number(struct hub_call *c, struct hub_str name, struct hub_str *number,
			 struct hub_err *err)
{
	struct hub_windows *w;
	const int rc = windows_of(c, &w, err);

	return rc ? rc : hub_window_number(w, hub_call_arena(c), c->who.agency, name, number, err);
}

int hub_desk_case_name(struct hub_call *c, struct hub_str number, struct hub_str *name,
		       struct hub_err *err)
{
	struct hub_windows *w;
	const int rc = windows_of(c, &w, err);

	return rc ? rc : hub_window_name(w, hub_call_arena(c), c->who.agency, number, name, err);
}

/* Who types an address learns that it is one of those that go nowhere; whoever tries many is seen. */
static int note_restricted(struct hub_call *c, const struct hub_outgoing *out,
			   const struct hub_held *held, uint32_t n, struct hub_err *err)
{
	int found = 0;

	for (uint32_t i = 0; i < n; i++)
		found |= hub_str_is(held[i].reason, hub_reason_name(HUB_WHY_ADDRESS));
	return found ? hub_call_note(c, "restricted-held", out->case_no, HUB_STR("{}"), err)
		     : HUB_OK;
}

int hub_desk_inspect(struct hub_call *c, const struct hub_outgoing *out,
		     const struct hub_held **held, uint32_t *n, struct hub_str *masked,
		     struct hub_err *err)
{
	const struct hub_window_ask sender = hub_views_ask(c, NULL);
	struct hub_windows *w;
	int rc = windows_of(c, &w, err);

	if (!rc)
		rc = hub_outgoing_inspect(w, hub_call_arena(c), &sender, out, held, n, masked, err);
	return rc ? rc : note_restricted(c, out, *held, *n, err);
}

int hub_desk_unrestricted(struct hub_call *c, struct hub_str case_no, struct hub_err *err)
{
	struct hub_windows *w;
	const int rc = windows_of(c, &w, err);

	return rc ? rc : hub_window_unrestricted(w, case_no, err);
}

/* Without an answer it is not. */
struct hub_str hub_desk_readable(struct hub_call *c, struct hub_str text)
{
	struct hub_windows *w;
	struct hub_err err;
	int yes = 0;

	if (!text.len)
		return text;
	const int rc = windows_of(c, &w, &err);
	if (rc || hub_outgoing_restricted(w, hub_call_arena(c), c->who.agency, text, &yes, &err))
		yes = 1;
	return yes ? HUB_STR("【非提供】") : text;
}

int hub_desk_view_counts(struct hub_call *c, const struct hub_counting *what,
			 const struct hub_batch **out, struct hub_err *err)
{
	const struct hub_desk_counting ask = {
	    .view = hub_views_find(hub_call_module(c)->all->view, c->who.agency, 0),
	    .actor = c->who.login,
	    .today = c->today,
	    .what = what};

	if (!ask.view)
		return hub_fail(err, HUB_REFUSED, "no-view", "agency \"%.*s\" has no view",
				HUB_FMT(c->who.agency));
	return hub_desk_figures(hub_call_arena(c), hub_call_store(c), &ask, out, err);
}
