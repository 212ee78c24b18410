/* Search for modules, through the gate. */
#include "serve/desk.h"

/* Fails closed, like desk_view.c. */
static int closed(struct hub_err *err)
{
	return hub_fail(err, HUB_REFUSED, "not-served",
			"this hub serves no records to modules yet");
}

int hub_desk_find(struct hub_call *c, const struct hub_find *ask, const struct hub_hits **out,
		  struct hub_err *err)
{
	(void)c;
	(void)ask;
	(void)out;
	return closed(err);
}

int hub_desk_alike(struct hub_call *c, struct hub_str case_no, uint32_t most,
		   const struct hub_alike **out, uint32_t *n, struct hub_err *err)
{
	(void)c;
	(void)case_no;
	(void)most;
	(void)out;
	(void)n;
	return closed(err);
}

/* Nothing is searched, so nothing is waited for. */
int hub_desk_find_prepare(struct hub_call *c, struct hub_err *err)
{
	(void)c;
	(void)err;
	return HUB_OK;
}
