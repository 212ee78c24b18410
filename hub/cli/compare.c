#include "cli/compare.h"

#include "base/clock.h"
#include "base/io.h"
#include "cli/page.h"
#include "cli/reveal.h"
#include "release/audit.h"
#include "release/compare.h"

enum { PAGE = 64 << 20 };

/* Everything of one page. */
struct page {
	struct hub_cli *cli;
	const struct hub_compare_ask *ask;
	struct hub_profile *profile;
	struct hub_release_spec *spec;
	struct hub_compare_row *row;
	uint32_t rows;
};

static struct hub_str as_shown(const struct page *p, const struct hub_field *f,
			       const struct hub_compare_cell *c)
{
	if (c->left_out)
		return hub_str_of(hub_tr("(not in the profile)"));
	return c->out.shown == HUB_WITHHELD ? hub_str_of(hub_tr("(withheld)"))
					    : hub_page_value(p->cli->arena, f, c->out.text);
}

/* Why a cell is shown as it is, in words; NULL where there is nothing to say. */
static const char *why(const struct hub_field *f, const struct hub_compare_cell *c)
{
	if (c->left_out || (c->out.shown == HUB_AS_IS && f->type != HUB_F_NARRATIVE))
		return NULL;
	if (c->out.shown != HUB_AS_IS && c->out.answer.decision == HUB_ALLOW && !c->out.n_labels)
		return hub_tr("the profile shows less than the gate would let out");
	return hub_tr(hub_reason_text(c->out.answer.reason));
}

/* A text with what stands in place of spans marked; brackets of its author are none. */
static void put_text(struct hub_buf *b, const struct hub_out_cell *c)
{
	size_t at = 0;

	for (uint32_t i = 0; i < c->n_labels; i++) {
		const struct hub_patch *p = &c->labels[i];
		hub_html_str(b, hub_str_cut(c->text, at, p->from));
		hub_buf_puts(b, "<span class=\"mask\">");
		hub_html_str(b, hub_str_cut(c->text, p->from, p->to));
		hub_buf_puts(b, "</span>");
		at = p->to;
	}
	hub_html_str(b, hub_str_from(c->text, at));
}

static void put_cell(const struct page *p, struct hub_buf *b, const struct hub_field *f,
		     const struct hub_compare_cell *c)
{
	const int text = f->type == HUB_F_NARRATIVE && c->out.shown != HUB_WITHHELD;
	const int whole = c->left_out || (c->out.shown != HUB_AS_IS && !text);
	const char *reason = why(f, c);

	hub_buf_puts(b, "<td class=\"note\">");
	if (whole)
		hub_buf_puts(b, "<span class=\"mask\">");
	if (whole || !text)
		hub_html_str(b, as_shown(p, f, c));
	else
		put_text(b, &c->out);
	if (whole)
		hub_buf_puts(b, "</span>");
	if (reason) {
		hub_buf_puts(b, "<p>→ ");
		hub_html_str(b, hub_str_of(reason));
		hub_buf_puts(b, "</p>");
	}
	hub_buf_puts(b, "</td>");
}

static void put_head(struct hub_buf *b, const struct page *p)
{
	char day[26];

	hub_time_jst(hub_now(), day);
	hub_buf_puts(b, "<p>");
	hub_html_str(b, hub_str_of(day));
	hub_buf_puts(b, "</p>\n<p>");
	hub_html_str(b, hub_str_of(hub_tr("A preview by the rules of a release: nothing has left. "
					  "Handle this page like the record itself.")));
	hub_buf_puts(b, "</p>\n<p><span class=\"mask\">【　】 ●●</span> ");
	hub_html_str(b, hub_str_of(hub_tr("stands in place of personal information")));
	hub_buf_puts(b, "</p>\n<table><thead><tr><th>");
	hub_html_str(b, hub_str_of(hub_tr("field")));
	if (p->ask->reveal) {
		hub_buf_puts(b, "</th><th>");
		hub_html_str(b, hub_str_of(hub_tr("as stored")));
	}
	for (uint32_t i = 0; i < p->ask->profiles; i++) {
		hub_buf_puts(b, "</th><th>");
		hub_html_str(b, p->profile[i].recipient_name);
		hub_buf_puts(b, "<br>");
		hub_html_str(b, p->profile[i].name);
	}
	hub_buf_puts(b, "</th></tr></thead><tbody>\n");
}

/* Which row of its entity a cell is of, told by the fields beginning again. */
static uint32_t nth_row(const struct page *p, uint32_t at, uint32_t nth)
{
	const struct hub_field *f = p->row[at].field, *last = at ? p->row[at - 1].field : NULL;

	if (!last || last->entity != f->entity)
		return 1;
	return f <= last ? nth + 1 : nth;
}

static int write_page(const struct page *p)
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_str title = hub_arena_printf(
	    p->cli->arena, hub_tr("case %s as each recipient sees it"), p->ask->case_no);

	hub_buf_init(&b, PAGE);
	hub_html_begin(&b, title);
	put_head(&b, p);
	uint32_t nth = 0;
	for (uint32_t i = 0; i < p->rows; i++) {
		const struct hub_compare_row *r = &p->row[i];
		hub_buf_puts(&b, "<tr><th>");
		hub_html_str(&b, hub_page_entity(r->field->entity));
		nth = nth_row(p, i, nth);
		if (nth > 1) /* another record of the same person, the next entry */
			hub_buf_printf(&b, " %u", nth);
		hub_buf_puts(&b, "<br>");
		hub_html_str(&b, hub_page_field(r->field));
		hub_buf_puts(&b, "</th>");
		if (p->ask->reveal) {
			hub_buf_puts(&b, "<td class=\"note\">");
			hub_html_str(&b, hub_page_value(p->cli->arena, r->field, r->stored));
			hub_buf_puts(&b, "</td>");
		}
		for (uint32_t k = 0; k < p->ask->profiles; k++)
			put_cell(p, &b, r->field, &r->cell[k]);
		hub_buf_puts(&b, "</tr>\n");
	}
	hub_buf_puts(&b, "</tbody></table>\n");
	hub_html_end(&b);
	return hub_cli_put(p->cli, p->ask->html, &b);
}

static int print_table(const struct page *p)
{
	struct hub_table *t = hub_table_new(p->cli->arena, HUB_STR(""));

	hub_table_col(t, "field", HUB_N("field"), 0);
	hub_table_col(t, "stored", HUB_N("as stored"), 0);
	for (uint32_t i = 0; i < p->ask->profiles; i++)
		hub_table_col(t, p->profile[i].name.ptr, p->profile[i].recipient_name.ptr, 0);
	for (uint32_t i = 0; i < p->rows; i++) {
		const struct hub_compare_row *r = &p->row[i];
		hub_table_str(t, hub_page_field(r->field));
		hub_table_str(t, hub_page_value(p->cli->arena, r->field, r->stored));
		for (uint32_t k = 0; k < p->ask->profiles; k++)
			hub_table_str(t, as_shown(p, r->field, &r->cell[k]));
	}
	return hub_out_table(p->cli, t, NULL);
}

static int load(struct page *p, const struct hub_schema *schema, struct hub_grounds *grounds)
{
	struct hub_cli *cli = p->cli;
	const char *keys = hub_work_keys(cli, NULL, p->ask->store_url);
	struct hub_plugins *plugins;
	int rc;

	p->profile = hub_alloc_array(cli->arena, p->ask->profiles, sizeof *p->profile);
	p->spec = hub_alloc_array(cli->arena, p->ask->profiles, sizeof *p->spec);
	if (!p->profile || !p->spec)
		return hub_fail_mem(cli->err);
	if ((rc = hub_out_grounds(cli, NULL, grounds)) || (rc = hub_work_plugins(cli, &plugins)))
		return rc;
	for (uint32_t i = 0; i < p->ask->profiles && !rc; i++) {
		rc = hub_out_profile(cli, p->ask->profile[i], schema, &p->profile[i]);
		p->spec[i] = (struct hub_release_spec){.profile = &p->profile[i],
						       .grounds = grounds,
						       .plugins = plugins,
						       .keys = hub_str_of(keys),
						       .day = hub_today(),
						       .feed_days = HUB_OUT_FEED_DAYS};
	}
	return rc;
}

static int refuse(struct hub_cli *cli, const struct hub_compare_ask *ask)
{
	int rc;

	if (ask->profiles == 0) {
		rc = hub_fail(cli->err, HUB_USAGE, "profile-missing", "which profile is not said");
		hub_hint(cli->err, "Give --profile NAME, once for each recipient.");
		return rc;
	}
	if (ask->reveal || ask->html)
		return HUB_OK;
	rc = hub_fail(cli->err, HUB_USAGE, "reveal-missing",
		      "a terminal shows what is stored only with a reason");
	hub_hint(cli->err, "Give --reveal REASON, which goes to the audit log, or --html FILE.");
	return rc;
}

/* The log knows of the look before there is anything to see. */
static int write_audit(const struct page *p, struct hub_store *store, struct hub_str object)
{
	HUB_AUTO(buf) struct hub_buf b;

	hub_audit_begin(&b);
	for (uint32_t i = 0; i < p->ask->profiles; i++)
		hub_json_field(&b, p->profile[i].name.ptr, hub_str_of(p->profile[i].hash));
	hub_json_int(&b, "cells", p->rows);
	return hub_audit_end(hub_store_db(store), hub_work_actor(p->cli), "compare", object, &b,
			     p->cli->err);
}

int hub_compare_show(struct hub_cli *cli, struct hub_store *store,
		     const struct hub_compare_ask *ask)
{
	struct page p = {.cli = cli, .ask = ask};
	struct hub_grounds grounds;
	const struct hub_str object = hub_arena_printf(cli->arena, "case %s", ask->case_no);
	int rc = object.ptr ? refuse(cli, ask) : hub_fail_mem(cli->err);

	/* logged once it is known that the operand is the number of a case, and not a name */
	if (rc || (rc = load(&p, hub_store_schema(store), &grounds)) ||
	    (rc = hub_compare_case(store, cli->arena, p.spec, ask->profiles,
				   hub_str_of(ask->case_no), &p.row, &p.rows, cli->err)) ||
	    (rc = write_audit(&p, store, object)))
		return rc;
	if ((rc = hub_reveal(cli, store, ask->reveal, object)))
		return rc;
	return ask->html ? write_page(&p) : print_table(&p);
}
