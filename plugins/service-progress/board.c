/* The board: all cases that the asker sees, by state, those that want attention first. */
#include "progress.h"

#include <stdlib.h>
#include <string.h>

enum { SILENT = 30, SHOWN = 50, STATES_MOST = 12 };

struct column {
	struct hub_str state;
	uint32_t n, late;
};

static void say_case(const struct gathered *g, const struct pcase *p)
{
	const struct hub_desk *d = g->p->desk;
	struct hub_call *c = g->call;

	d->open(c, NULL, 0);
	d->text(c, "key", p->key);
	d->text(c, "case_no", p->no.len ? p->no : (struct hub_str){NULL, 0});
	d->text(c, "urgency", p->urgency.len ? p->urgency : (struct hub_str){NULL, 0});
	d->text(c, "agency", p->agency.len ? p->agency : (struct hub_str){NULL, 0});
	desk_say_day(d, c, "last_contact", p->contact);
	desk_say_day(d, c, "next_due", p->next_due);
	desk_say_day(d, c, "plan_to", p->plan_to);
	desk_say_day(d, c, "next_evaluation", p->monitoring);
	d->number(c, "open_tasks", p->tasks);
	progress_say_late(g->p, c, p->late);
	d->close(c);
}

/* Columns in the order of work; what a site has beside them follows. */
static uint32_t columns(const struct gathered *g, struct column out[STATES_MOST])
{
	static const char *const first[] = {"open", "watch", "suspended", "closed"};
	uint32_t n = sizeof first / sizeof *first;

	for (uint32_t i = 0; i < n; i++)
		out[i] = (struct column){.state = str_of(first[i])};
	for (uint32_t i = 0; i < g->n; i++) {
		uint32_t k = 0;
		while (k < n && !str_same(out[k].state, g->at[i].state))
			k++;
		if (k == n && n < STATES_MOST)
			out[n++] = (struct column){.state = g->at[i].state};
		if (k == STATES_MOST)
			continue;
		out[k].n++;
		out[k].late += g->at[i].late != 0;
	}
	return n;
}

static void say_column(const struct gathered *g, const struct column *col, int64_t most, int late)
{
	const struct hub_desk *d = g->p->desk;

	d->open(g->call, NULL, 0);
	d->text(g->call, "state", col->state);
	d->number(g->call, "count", col->n);
	d->number(g->call, "late", col->late);
	d->open(g->call, "cases", 1);
	for (uint32_t i = 0; i < g->n && most > 0; i++)
		if (str_same(g->at[i].state, col->state) && (!late || g->at[i].late)) {
			say_case(g, &g->at[i]);
			most--;
		}
	d->close(g->call);
	d->close(g->call);
}

static int64_t said(const struct hub_call *c, uint32_t i, int64_t otherwise)
{
	return c->query[i].type == HUB_VAL_NONE || c->query[i].type == HUB_VAL_NULL ? otherwise
										    : c->query[i].i;
}

int progress_board(void *self, struct hub_call *c, struct hub_err *err)
{
	struct gathered g = {
	    .p = self, .call = c, .err = err, .silent = (int32_t)said(c, 0, SILENT)};
	struct column col[STATES_MOST];
	const int rc = progress_gather(&g, (struct hub_str){NULL, 0});

	if (rc)
		return rc;
	if (g.n)
		qsort(g.at, g.n, sizeof *g.at, progress_order);
	const uint32_t n = columns(&g, col);
	g.p->desk->number(c, "cases", g.n);
	g.p->desk->open(c, "columns", 1);
	for (uint32_t i = 0; i < n; i++)
		say_column(&g, &col[i], said(c, 1, SHOWN), said(c, 2, 0) != 0);
	g.p->desk->close(c);
	return HUB_OK;
}
