/* One case: which agency does what, until when, and the last contact of each. */
#include "progress.h"

#include <stdlib.h>
#include <string.h>

/* An agency that takes part, by name; those that the view has no name for are one. */
struct part {
	struct hub_str name;
	uint32_t actions, contacts;
	int32_t last;
};
struct parts {
	struct gathered *g;
	struct part *at;
	uint32_t n, room;
};

static struct hub_str named(const struct gathered *g, const struct deskrow *row, const char *ref,
			    const char *text)
{
	const struct hub_str name = progress_agency(g, deskrow_text(row, ref));

	return name.ptr ? name : deskrow_text(row, text);
}

static struct part *part_of(struct parts *p, struct hub_str name)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (str_same(p->at[i].name, name))
			return &p->at[i];
	struct part *more =
	    desk_grow(p->g->p->desk, p->g->call, p->at, p->n, &p->room, sizeof *more);
	if (!more)
		return NULL;
	p->at = more;
	p->at[p->n] = (struct part){.name = name, .last = DESKROW_NO_DAY};
	return &p->at[p->n++];
}

static struct hub_str or_null(struct hub_str s)
{
	return s.len ? s : (struct hub_str){NULL, 0};
}

/* --- rows, said as they come ------------------------------------------------------------------------------ */

static int on_action(const struct deskrow *row)
{
	struct parts *p = row->arg;
	const struct gathered *g = p->g;
	const struct hub_desk *d = g->p->desk;
	const struct hub_str name = named(g, row, "action_agency", "action_org");
	const int32_t from = deskrow_day(row, "action_from"), to = deskrow_day(row, "action_to");
	const int32_t today = g->call->today;
	struct part *part = part_of(p, name);

	if (!part)
		return progress_no_memory(g);
	part->actions++;
	d->open(g->call, NULL, 0);
	d->text(g->call, "agency", or_null(name));
	d->text(g->call, "content", or_null(deskrow_text(row, "action_content")));
	d->text(g->call, "frequency", or_null(deskrow_text(row, "frequency")));
	desk_say_day(d, g->call, "from", from);
	desk_say_day(d, g->call, "to", to);
	d->text(g->call, "state",
		str_of(from != DESKROW_NO_DAY && from > today ? "planned"
		       : to != DESKROW_NO_DAY && to < today   ? "over"
							      : "active"));
	d->close(g->call);
	return HUB_OK;
}

static int on_contact(const struct deskrow *row)
{
	struct parts *p = row->arg;
	const int32_t on = deskrow_day(row, "activity_on");
	struct part *part = part_of(p, named(p->g, row, "agency", "org_name"));

	if (!part)
		return progress_no_memory(p->g);
	part->contacts++;
	if (on != DESKROW_NO_DAY && on > part->last)
		part->last = on;
	return HUB_OK;
}

static int on_task(const struct deskrow *row)
{
	struct parts *p = row->arg;
	const struct gathered *g = p->g;
	const struct hub_desk *d = g->p->desk;
	const int32_t due = deskrow_day(row, "due_on");

	if (deskrow_is(row, "task_state", "done") || deskrow_is(row, "task_state", "dropped"))
		return HUB_OK;
	d->open(g->call, NULL, 0);
	d->text(g->call, "title", or_null(deskrow_text(row, "task_title")));
	d->text(g->call, "kind", or_null(deskrow_text(row, "task_kind")));
	d->text(g->call, "agency", or_null(progress_agency(g, deskrow_text(row, "agency"))));
	desk_say_day(d, g->call, "due", due);
	d->truth(g->call, "late", due != DESKROW_NO_DAY && due < g->call->today);
	d->close(g->call);
	return HUB_OK;
}

static int look(struct parts *p, const char *entity, const char *const *fields,
		int (*each)(const struct deskrow *))
{
	const struct desklook l = {
	    .desk = p->g->p->desk,
	    .call = p->g->call,
	    .look = {.entity = entity, .field = fields, .case_no = p->g->call->var[0]},
	    .arg = p,
	};

	return desklook_each(&l, each, p->g->err);
}

/* --- the reply ------------------------------------------------------------------------------------------- */

static void say_head(const struct gathered *g, const struct pcase *p)
{
	const struct hub_desk *d = g->p->desk;
	struct hub_call *c = g->call;

	d->text(c, "key", p->key);
	d->text(c, "case_no", or_null(p->no));
	d->text(c, "state", or_null(p->state));
	d->text(c, "urgency", or_null(p->urgency));
	d->text(c, "agency", or_null(p->agency));
	desk_say_day(d, c, "opened_on", p->opened);
	desk_say_day(d, c, "closed_on", p->closed);
	desk_say_day(d, c, "last_contact", p->contact);
	desk_say_day(d, c, "next_due", p->next_due);
	progress_say_late(g->p, c, p->late);
	if (!p->has_plan) {
		d->text(c, "plan", (struct hub_str){NULL, 0});
		return;
	}
	d->open(c, "plan", 0);
	d->text(c, "plan_no", or_null(p->plan_no));
	desk_say_day(d, c, "from", p->plan_from);
	desk_say_day(d, c, "to", p->plan_to);
	desk_say_day(d, c, "next_evaluation", p->monitoring);
	desk_say_day(d, c, "evaluated_on", p->evaluated);
	d->close(c);
}

int progress_case(void *self, struct hub_call *c, struct hub_err *err)
{
	static const char *const of_action[] = {
	    "action_agency", "action_org", "action_content", "frequency", "action_from",
	    "action_to",     NULL};
	static const char *const of_activity[] = {"agency", "org_name", "activity_on", NULL};
	static const char *const of_task[] = {"task_title", "task_kind",  "agency",
					      "due_on",     "task_state", NULL};
	struct gathered g = {.p = self, .call = c, .err = err, .silent = 30};
	struct parts p = {.g = &g};
	const struct hub_desk *d = g.p->desk;
	int rc = progress_gather(&g, c->var[0]);

	if (rc)
		return rc;
	if (!g.n)
		return d->refuse(c, 404, err, "no-case", "there is no such case");
	say_head(&g, &g.at[0]);
	d->open(c, "actions", 1);
	rc = look(&p, "plan_action", of_action, on_action);
	d->close(c);
	if (rc || (rc = look(&p, "activity", of_activity, on_contact)))
		return rc;
	d->open(c, "agencies", 1);
	for (uint32_t i = 0; i < p.n; i++) {
		d->open(c, NULL, 0);
		d->text(c, "agency", or_null(p.at[i].name));
		d->number(c, "actions", p.at[i].actions);
		d->number(c, "contacts", p.at[i].contacts);
		desk_say_day(d, c, "last_contact", p.at[i].last);
		d->close(c);
	}
	d->close(c);
	d->open(c, "tasks", 1);
	rc = look(&p, "task", of_task, on_task);
	d->close(c);
	return rc;
}
