#include "plain.h"
#include "progress.h"

#include <stdlib.h>
#include <string.h>

enum { EARLY_EVALUATION = 31 };

const char *const progress_late_word[] = {"next_step", "task",    "evaluation",
					  "plan",      "contact", NULL};

int progress_no_memory(const struct gathered *g)
{
	return NO_MEMORY(g->p->host, g->err);
}

void progress_say_late(const struct progress *p, struct hub_call *c, uint32_t late)
{
	p->desk->open(c, "late", 1);
	for (uint32_t i = 0; progress_late_word[i]; i++)
		if (late & 1u << i)
			p->desk->text(c, NULL, str_of(progress_late_word[i]));
	p->desk->close(c);
}

uint32_t progress_late(const struct pcase *c, int32_t today, int32_t silent, int task_late)
{
	const int32_t contact = c->contact != DESKROW_NO_DAY ? c->contact : c->opened;
	uint32_t late = task_late ? LATE_TASK : 0;

	if (str_same(c->state, str_of("closed")) ||
	    (c->closed != DESKROW_NO_DAY && c->closed <= today))
		return 0;
	if (c->next_due != DESKROW_NO_DAY && c->next_due < today)
		late |= LATE_NEXT_STEP;
	if (c->monitoring != DESKROW_NO_DAY && c->monitoring < today &&
	    (c->evaluated == DESKROW_NO_DAY || c->evaluated < c->monitoring - EARLY_EVALUATION))
		late |= LATE_EVALUATION;
	if (c->plan_to != DESKROW_NO_DAY && c->plan_to < today)
		late |= LATE_PLAN;
	if (contact != DESKROW_NO_DAY && today - contact >= silent)
		late |= LATE_CONTACT;
	return late;
}

int progress_order(const void *x, const void *y)
{
	const struct pcase *a = x, *b = y;
	const int32_t ca = a->contact != DESKROW_NO_DAY ? a->contact : a->opened;
	const int32_t cb = b->contact != DESKROW_NO_DAY ? b->contact : b->opened;
	const int late = !!b->late - !!a->late;

	if (late)
		return late;
	return ca != cb ? (ca > cb) - (ca < cb) : desk_order(a->no, b->no);
}

/* --- rows --------------------------------------------------------------------------------------------- */

static int by_key(const void *x, const void *y)
{
	const struct pcase *a = x, *b = y;

	return desk_order(a->key, b->key);
}

static struct pcase *case_of(const struct deskrow *row)
{
	const struct gathered *g = row->arg;
	const struct pcase key = {.key = deskrow_text(row, "case")};

	return g->n && key.key.len ? bsearch(&key, g->at, g->n, sizeof key, by_key) : NULL;
}

static int on_agency(const struct deskrow *row)
{
	struct gathered *g = row->arg;
	struct hub_str(*p)[2] =
	    desk_grow(g->p->desk, g->call, g->agency, g->agencies, &g->agency_room, sizeof *p);

	if (!p)
		return progress_no_memory(g);
	g->agency = p;
	p[g->agencies][0] = deskrow_text(row, "key");
	p[g->agencies++][1] = deskrow_text(row, "agency_name");
	return HUB_OK;
}

static int by_agency(const void *x, const void *y)
{
	const struct hub_str *a = x, *b = y;

	return desk_order(a[0], b[0]);
}

struct hub_str progress_agency(const struct gathered *g, struct hub_str key)
{
	const struct hub_str want[2] = {key, {NULL, 0}};
	const struct hub_str(*p)[2] =
	    g->agencies && key.len ? bsearch(want, g->agency, g->agencies, sizeof want, by_agency)
				   : NULL;

	return p && (*p)[1].len ? (*p)[1] : (struct hub_str){NULL, 0};
}

static int on_case(const struct deskrow *row)
{
	struct gathered *g = row->arg;
	struct pcase *p = desk_grow(g->p->desk, g->call, g->at, g->n, &g->room, sizeof *p);
	struct hub_str name = progress_agency(g, deskrow_text(row, "agency"));

	if (!p)
		return progress_no_memory(g);
	if (!name.ptr && deskrow_text(row, "agency_name").len)
		name = deskrow_text(row, "agency_name");
	g->at = p;
	g->at[g->n++] = (struct pcase){.key = deskrow_text(row, "key"),
				       .no = deskrow_plain(row, "case_no"),
				       .state = deskrow_plain(row, "case_state"),
				       .urgency = deskrow_plain(row, "urgency"),
				       .agency = name,
				       .opened = deskrow_day(row, "opened_on"),
				       .closed = deskrow_day(row, "closed_on"),
				       .contact = DESKROW_NO_DAY,
				       .next_due = DESKROW_NO_DAY,
				       .plan_from = DESKROW_NO_DAY,
				       .plan_to = DESKROW_NO_DAY,
				       .monitoring = DESKROW_NO_DAY,
				       .evaluated = DESKROW_NO_DAY};
	return HUB_OK;
}

static int on_activity(const struct deskrow *row)
{
	struct pcase *c = case_of(row);

	if (c) {
		c->contact = deskrow_day(row, "activity_on");
		c->next_due = deskrow_day(row, "next_due");
	}
	return HUB_OK;
}

static int on_plan(const struct deskrow *row)
{
	struct pcase *c = case_of(row);

	if (c) {
		c->has_plan = 1;
		c->plan_no = deskrow_plain(row, "plan_no");
		c->plan_from = deskrow_day(row, "plan_from");
		c->plan_to = deskrow_day(row, "plan_to");
		c->monitoring = deskrow_day(row, "next_monitoring_on");
	}
	return HUB_OK;
}

static int on_evaluation(const struct deskrow *row)
{
	struct pcase *c = case_of(row);

	if (c)
		c->evaluated = deskrow_day(row, "evaluated_on");
	return HUB_OK;
}

static int on_task(const struct deskrow *row)
{
	const struct gathered *g = row->arg;
	struct pcase *c = case_of(row);
	const int32_t due = deskrow_day(row, "due_on");

	if (!c || deskrow_is(row, "task_state", "done") || deskrow_is(row, "task_state", "dropped"))
		return HUB_OK;
	c->tasks++;
	if (due != DESKROW_NO_DAY && due < g->call->today)
		c->late |= LATE_TASK;
	return HUB_OK;
}

static int look(struct gathered *g, const char *entity, const char *newest, struct hub_str case_no,
		const char *const *fields, int (*each)(const struct deskrow *))
{
	const struct desklook l = {
	    .desk = g->p->desk,
	    .call = g->call,
	    .look = {.entity = entity, .field = fields, .newest = newest, .case_no = case_no},
	    .arg = g,
	};

	return desklook_each(&l, each, g->err);
}

int progress_gather(struct gathered *g, struct hub_str case_no)
{
	static const char *const of_agency[] = {"agency_name", NULL};
	static const char *const of_case[] = {"case_no",   "case_state", "urgency",     "opened_on",
					      "closed_on", "agency",     "agency_name", NULL};
	static const char *const of_activity[] = {"case", "activity_on", "next_due", NULL};
	static const char *const of_plan[] = {
	    "case", "plan_no", "plan_from", "plan_to", "next_monitoring_on", NULL};
	static const char *const of_evaluation[] = {"case", "evaluated_on", NULL};
	static const char *const of_task[] = {"case", "due_on", "task_state", NULL};
	const struct hub_str all = {NULL, 0};
	int rc = look(g, "agency", NULL, all, of_agency, on_agency);

	if (rc)
		return rc;
	if (g->agencies)
		qsort(g->agency, g->agencies, sizeof *g->agency, by_agency);
	if ((rc = look(g, "case", NULL, case_no, of_case, on_case)) || !g->n)
		return rc;
	qsort(g->at, g->n, sizeof *g->at, by_key);
	if ((rc = look(g, "activity", "activity_on", case_no, of_activity, on_activity)) ||
	    (rc = look(g, "plan", "plan_to", case_no, of_plan, on_plan)) ||
	    (rc = look(g, "evaluation", "evaluated_on", case_no, of_evaluation, on_evaluation)) ||
	    (rc = look(g, "task", NULL, case_no, of_task, on_task)))
		return rc;
	for (uint32_t i = 0; i < g->n; i++)
		g->at[i].late = progress_late(&g->at[i], g->call->today, g->silent,
					      (g->at[i].late & LATE_TASK) != 0);
	return HUB_OK;
}
