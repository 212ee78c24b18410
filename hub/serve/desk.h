/* What modules may ask for (struct hub_desk), in the order of hub/plugin.h: the reply is serve/call.h, what follows is
 * here. Everything they hand out lives in the arena of the call. */
#ifndef HUB_SERVE_DESK_H
#define HUB_SERVE_DESK_H

#include "serve/service.h"

/* serve/desk_view.c: records and texts, through the gate. */
int hub_desk_look(struct hub_call *c, const struct hub_look *look, const struct hub_batch **out,
		  struct hub_str *next, struct hub_err *err);
int hub_desk_sees_case(struct hub_call *c, struct hub_str agency, struct hub_str case_no,
		       struct hub_err *err);
int hub_desk_inspect(struct hub_call *c, const struct hub_outgoing *out,
		     const struct hub_held **held, uint32_t *n, struct hub_str *masked,
		     struct hub_err *err);
int hub_desk_view_counts(struct hub_call *c, const struct hub_counting *what,
			 const struct hub_batch **out, struct hub_err *err);
int hub_desk_unrestricted(struct hub_call *c, struct hub_str case_no, struct hub_err *err);
struct hub_str hub_desk_readable(struct hub_call *c, struct hub_str text);
int hub_desk_case_number(struct hub_call *c, struct hub_str name, struct hub_str *number,
			 struct hub_err *err);
int hub_desk_case_name(struct hub_call *c, struct hub_str number, struct hub_str *name,
		       struct hub_err *err);

/* serve/desk_find.c: search */
int hub_desk_find(struct hub_call *c, const struct hub_find *ask, const struct hub_hits **out,
		  struct hub_err *err);
int hub_desk_alike(struct hub_call *c, struct hub_str case_no, uint32_t most,
		   const struct hub_alike **out, uint32_t *n, struct hub_err *err);
int hub_desk_find_prepare(struct hub_call *c, struct hub_err *err);

/* serve/desk_people.c */
int hub_desk_accounts(struct hub_call *c, struct hub_str agency, const struct hub_colleague **out,
		      uint32_t *n, struct hub_err *err);
int hub_desk_account(struct hub_call *c, int64_t id, const struct hub_colleague **out,
		     struct hub_err *err);
int hub_desk_role(struct hub_call *c, struct hub_str name, struct hub_err *err);

/* serve/desk_file.c */
int hub_desk_file_put(struct hub_call *c, struct hub_str case_no, const struct hub_file *f,
		      int64_t *id, struct hub_err *err);
int hub_desk_file_get(struct hub_call *c, int64_t id, struct hub_file *out, struct hub_err *err);

#endif
