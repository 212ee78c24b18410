/* Records and texts for modules, through the gate. */
#include "serve/desk.h"

/* Fails closed: what is not served here yet is refused. */
static int closed(struct hub_err *err)
{
	return hub_fail(err, HUB_REFUSED, "not-served",
			"this hub serves no records to modules yet");
}

int hub_desk_look(struct hub_call *c, const struct hub_look *look, const struct hub_batch **out,
		  struct hub_str *next, struct hub_err *err)
{
	(void)c;
	(void)look;
	(void)out;
	(void)next;
	return closed(err);
}

int hub_desk_sees_case(struct hub_call *c, struct hub_str agency, struct hub_str case_no,
		       struct hub_err *err)
{
	(void)c;
	(void)agency;
	(void)case_no;
	return closed(err);
}

int hub_desk_inspect(struct hub_call *c, const struct hub_outgoing *out,
		     const struct hub_held **held, uint32_t *n, struct hub_str *masked,
		     struct hub_err *err)
{
	(void)c;
	(void)out;
	(void)held;
	(void)n;
	(void)masked;
	return closed(err);
}

int hub_desk_view_counts(struct hub_call *c, const struct hub_counting *what,
			 const struct hub_batch **out, struct hub_err *err)
{
	(void)c;
	(void)what;
	(void)out;
	return closed(err);
}

int hub_desk_unrestricted(struct hub_call *c, struct hub_str case_no, struct hub_err *err)
{
	(void)c;
	(void)case_no;
	return closed(err);
}
