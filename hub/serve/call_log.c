/* What a call leaves behind: entries in the audit log, pushes, ended sessions. */
#include "serve/calling.h"

#include "release/audit.h"
#include "serve/push.h"

static struct hub_leaving *leave_later(struct hub_calling *x)
{
	struct hub_leaving *l = hub_alloc0(x->arena, sizeof *l);

	if (!l)
		return NULL;
	*x->leaving_end = l;
	x->leaving_end = &l->next;
	return l;
}

static int note_later(struct hub_calling *x, const struct hub_note *what, struct hub_err *err)
{
	struct hub_note *n = hub_alloc0(x->arena, sizeof *n);

	if (!n)
		return hub_fail_mem(err);
	*n = (struct hub_note){.action = hub_arena_cstr(x->arena, hub_str_of(what->action)),
			       .object = hub_arena_str(x->arena, what->object),
			       .detail = hub_arena_str(x->arena, what->detail),
			       .always = what->always};
	*x->notes_end = n;
	x->notes_end = &n->next;
	return hub_arena_failed(x->arena) ? hub_fail_mem(err) : HUB_OK;
}

int hub_call_note(struct hub_call *c, const char *action, struct hub_str object,
		  struct hub_str detail, struct hub_err *err)
{
	const struct hub_note note = {
	    .action = action, .object = object, .detail = detail, .always = 1};
	struct hub_calling *x = hub_calling_of(c);

	return x->set->api->scribe ? note_later(x, &note, err)
				   : hub_call_audit(c, action, object, detail, err);
}

static int log_look(void *arg, const char *action, struct hub_str object, struct hub_str detail,
		    struct hub_err *err)
{
	const struct hub_note look = {
	    .action = action, .object = object, .detail = detail, .always = 1};

	return note_later(arg, &look, err);
}

struct hub_audit_to hub_call_log(const struct hub_call *c)
{
	struct hub_calling *x = hub_calling_of(c);
	struct hub_audit_to to = {.arg = x};

	if (!x->writes && x->set->api->scribe)
		to.put = log_look;
	return to;
}

int hub_call_end_session(struct hub_call *c, int64_t session, struct hub_err *err)
{
	struct hub_leaving *l = leave_later(hub_calling_of(c));

	if (!l)
		return hub_fail_mem(err);
	l->session = session;
	return HUB_OK;
}

int hub_call_audit(struct hub_call *c, const char *action, struct hub_str object,
		   struct hub_str detail, struct hub_err *err)
{
	struct hub_calling *x = hub_calling_of(c);
	const struct hub_note note = {.action = action, .object = object, .detail = detail};

	if (!x->writes && x->set->api->scribe)
		return note_later(x, &note, err);
	const char *copy = hub_arena_cstr(x->arena, hub_str_of(action));
	struct hub_leaving *l = copy ? leave_later(x) : NULL;

	if (!l)
		return hub_fail_mem(err);
	l->action = copy;
	l->object = hub_arena_str(x->arena, object);
	l->detail = hub_arena_str(x->arena, detail);
	return hub_arena_failed(x->arena) ? hub_fail_mem(err) : HUB_OK;
}

int hub_call_push(struct hub_call *c, const int64_t *account, uint32_t n, const char *event,
		  struct hub_str data, struct hub_err *err)
{
	struct hub_calling *x = hub_calling_of(c);
	int64_t *copy = hub_alloc_array(x->arena, (size_t)n + 1, sizeof *copy);
	struct hub_leaving *l = copy ? leave_later(x) : NULL;

	if (!l)
		return hub_fail_mem(err);
	if (n)
		memcpy(copy, account, n * sizeof *copy);
	l->account = copy;
	l->n = n;
	l->event = hub_arena_str(x->arena, hub_str_of(event));
	l->detail = hub_arena_str(x->arena, data);
	return hub_arena_failed(x->arena) ? hub_fail_mem(err) : HUB_OK;
}

int hub_calling_write_audit(struct hub_calling *x, struct hub_err *err)
{
	const struct hub_str actor = x->principal ? x->principal->login : HUB_STR("hub");
	int rc = HUB_OK;

	for (const struct hub_leaving *l = x->leaving; l && !rc; l = l->next)
		if (l->action)
			rc = hub_audit_add(hub_store_db(x->store), actor, l->action, l->object,
					   l->detail, err);
	return rc;
}

void hub_calling_send_pushes(const struct hub_calling *x)
{
	struct hub_push *push = x->set->api->push;

	for (const struct hub_leaving *l = x->leaving; l && push; l = l->next) {
		if (l->session)
			hub_push_end_session(push, l->session);
		else if (!l->action)
			hub_push_send(push, l->account, l->n, l->event, l->detail);
	}
}

/* What nobody but its owner can ask for (his session) is no permission, and nobody else's business. */
static int is_somebodys(const struct hub_route *route)
{
	return route->permission && strchr(route->permission, '.') &&
	       hub_members_personal(route->reply);
}

int hub_calling_note_read(struct hub_calling *x, struct hub_err *err)
{
	static const struct hub_str nothing = {"{\"items\":[]", 11};
	const struct hub_str said = hub_buf_text(&x->r->body);

	if (x->writes || x->notes || !x->set->api->scribe || !is_somebodys(x->route) || !said.len ||
	    hub_str_starts(said, nothing))
		return HUB_OK;
	HUB_AUTO(buf) struct hub_buf b;
	hub_buf_init(&b, 1 << 12);
	hub_buf_puts(&b, "{");
	hub_json_field(&b, "route", hub_str_of(x->q->route->path));
	if (x->call.who.agency.len)
		hub_json_field(&b, "agency", x->call.who.agency);
	hub_buf_puts(&b, "}");
	const struct hub_str action = hub_arena_printf(x->arena, "%s.read", x->set->pub.tag);
	if (!hub_buf_ok(&b) || !action.ptr)
		return hub_fail_mem(err);
	const struct hub_note note = {
	    .action = action.ptr, .object = HUB_STR(""), .detail = hub_buf_text(&b)};
	return note_later(x, &note, err);
}

int hub_calling_write_notes(struct hub_calling *x, int rc, struct hub_err *err)
{
	struct hub_note **at = &x->notes;
	struct hub_err why;

	while (*at) {
		if (rc && !(*at)->always)
			*at = (*at)->next;
		else
			at = &(*at)->next;
	}
	if (!x->notes)
		return rc;
	const struct hub_str actor = x->principal ? x->principal->login : HUB_STR("hub");
	const int bad = hub_scribe_write(x->set->api->scribe, actor, x->notes, &why);
	if (!bad || rc)
		return rc;
	*err = why;
	hub_buf_reset(&x->r->body);
	x->r->status = 0;
	return bad;
}
