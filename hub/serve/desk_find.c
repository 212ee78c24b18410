/* Search for modules, through the gate: release/finder.h, one for each connection. */
#include "serve/desk.h"
#include "serve/views.h"

static int finder_of(struct hub_call *c, struct hub_finder **out, struct hub_err *err)
{
	return hub_views_finder(hub_call_module(c)->all->view, hub_call_store(c), out, err);
}

static struct hub_viewer viewer_of(const struct hub_call *c)
{
	return (struct hub_viewer){
	    .agency = c->who.agency, .actor = c->who.login, .log = hub_call_log(c)};
}

int hub_desk_find(struct hub_call *c, const struct hub_find *ask, const struct hub_hits **out,
		  struct hub_err *err)
{
	const struct hub_viewer who = viewer_of(c);
	struct hub_finder *f;
	int rc = finder_of(c, &f, err);

	if (!rc)
		rc = hub_finder_find(f, hub_call_arena(c), &who, ask, out, err);
	return rc ? hub_views_refuse(c, rc, err) : HUB_OK;
}

int hub_desk_alike(struct hub_call *c, struct hub_str case_no, uint32_t most,
		   const struct hub_alike **out, uint32_t *n, struct hub_err *err)
{
	const struct hub_viewer who = viewer_of(c);
	struct hub_finder *f;
	int rc = finder_of(c, &f, err);

	if (!rc)
		rc = hub_finder_alike(f, hub_call_arena(c), &who, case_no, most, out, n, err);
	return rc == HUB_OK || rc == HUB_END ? rc : hub_views_refuse(c, rc, err);
}

/* Outside of the call's transaction: the index is written in many short ones. */
int hub_desk_find_prepare(struct hub_call *c, struct hub_err *err)
{
	struct hub_finder *f;
	int rc = finder_of(c, &f, err);

	if (!rc)
		rc = hub_call_keep(c, err);
	return rc ? rc : hub_finder_prepare(f, err);
}
