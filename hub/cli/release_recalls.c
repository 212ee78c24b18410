/* tsunagi release recalls: what recipients hold about people who have withdrawn, until it is settled. */
#include "cli/page.h"
#include "cli/release_cli.h"
#include "release/deletions.h"

static const char *state_word(const struct hub_recall *c)
{
	return c->state == HUB_RECALL_DONE   ? HUB_N("done")
	       : c->state == HUB_RECALL_SENT ? HUB_N("sent")
	       : c->rows == 0                ? HUB_N("nothing left")
					     : HUB_N("open");
}

static int list(struct hub_release_cli *r)
{
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	struct hub_recall *c;
	uint32_t n;
	int rc = hub_recalls_list(r->cli->arena, r->db, HUB_STR(""), 0, &c, &n, r->cli->err);

	if (rc)
		return rc;
	hub_table_col(t, "recall", HUB_N("recall"), 1);
	hub_table_col(t, "recipient", HUB_N("recipient"), 0);
	hub_table_col(t, "person", HUB_N("person"), 1);
	hub_table_col(t, "category", HUB_N("category"), 0);
	hub_table_col(t, "purpose", HUB_N("purpose"), 0);
	hub_table_col(t, "run", HUB_N("run"), 1);
	hub_table_col(t, "due", HUB_N("from"), 0);
	hub_table_col(t, "rows", HUB_N("rows"), 1);
	hub_table_col(t, "first", HUB_N("first release"), 1);
	hub_table_col(t, "last", HUB_N("last release"), 1);
	hub_table_col(t, "state", HUB_N("state"), 0);
	hub_table_col(t, "sent_with", HUB_N("sent with release"), 1);
	hub_table_col(t, "ended_by", HUB_N("who"), 0);
	hub_table_col(t, "note", HUB_N("why"), 0);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_id(t, c[i].id);
		if ((rc = hub_out_recipient(r->cli, t, &r->names, c[i].recipient)))
			return rc;
		hub_table_str(t, hub_arena_printf(r->cli->arena, "%lld", (long long)c[i].person));
		hub_out_code(t, r->schema, "consent_category",
			     hub_str_of(c[i].category ? hub_fclass_name(c[i].category) : "*"));
		hub_out_code(t, r->schema, "purpose", c[i].purpose);
		hub_table_id(t, c[i].run);
		hub_table_str(t, c[i].due);
		hub_table_int(t, c[i].rows);
		hub_table_id(t, c[i].first);
		hub_table_id(t, c[i].last);
		hub_table_puts(t, hub_tr(state_word(&c[i])));
		hub_table_str(t, c[i].sent_with ? hub_arena_printf(r->cli->arena, "%lld",
								   (long long)c[i].sent_with)
						: HUB_STR(""));
		hub_table_str(t, c[i].ended_by);
		hub_table_str(t, c[i].note);
	}
	return hub_out_table(r->cli, t, r->format);
}

static int find(struct hub_release_cli *r, const struct hub_recall **out)
{
	struct hub_recall *c;
	int64_t id = 0;
	uint32_t n;
	int rc = hub_cli_id(r->cli, r->second, &id);

	if (rc ||
	    (rc = hub_recalls_list(r->cli->arena, r->db, HUB_STR(""), 0, &c, &n, r->cli->err)))
		return rc;
	for (uint32_t i = 0; i < n; i++)
		if (c[i].id == id) {
			*out = &c[i];
			return HUB_OK;
		}
	rc = hub_fail(r->cli->err, HUB_USAGE, "no-such-recall", "there is no open recall %lld",
		      (long long)id);
	hub_hint(r->cli->err, "`tsunagi release recalls` lists them.");
	return rc;
}

/* What to ask the recipient to delete: keys only, no values. */
static int show(struct hub_release_cli *r)
{
	const char *path = hub_work_keys(r->cli, r->keys, r->store);
	struct hub_table *t = hub_table_new(r->cli->arena, HUB_STR(""));
	struct hub_keyring keys = {NULL, 0};
	const struct hub_recall *c;
	struct hub_deletion *d;
	uint32_t n;
	int rc = find(r, &c);

	if (rc || (path && (rc = hub_keyring_read(r->cli->arena, path, &keys, r->cli->err))) ||
	    (rc = hub_deletions_of(r->cli->arena, r->db, r->schema, &keys, c, &d, &n, r->cli->err)))
		return rc;
	hub_table_col(t, "entity", HUB_N("entity"), 0);
	hub_table_col(t, "key", HUB_N("key"), 0);
	hub_table_col(t, "release", HUB_N("release"), 1);
	for (uint32_t i = 0; i < n; i++) {
		hub_table_code(t, d[i].entity->name, hub_page_entity(d[i].entity));
		hub_table_str(t, d[i].key.ptr ? d[i].key : hub_str_of(hub_tr("(key lost)")));
		hub_table_id(t, d[i].release);
	}
	return hub_out_table(r->cli, t, r->format);
}

static int done(struct hub_release_cli *r)
{
	const struct hub_recall *c;
	int rc;

	if ((rc = hub_release_reason(r)) || (rc = find(r, &c)) ||
	    (rc = hub_recall_done(r->db, c->id, r->who.name, hub_str_of(r->reason), r->cli->err)))
		return rc;
	puts(hub_tr("settled"));
	return HUB_OK;
}

int hub_release_recalls(struct hub_release_cli *r)
{
	if (!r->operand || (!r->second && strcmp(r->operand, "list") == 0))
		return list(r);
	if (r->second && strcmp(r->operand, "show") == 0)
		return show(r);
	if (r->second && strcmp(r->operand, "done") == 0)
		return done(r);
	const int rc = hub_fail(r->cli->err, HUB_USAGE, "usage",
				"release recalls wants list, or show or done and a number");
	hub_hint(r->cli->err, "`tsunagi release --help` shows examples.");
	return rc;
}
