#include "cli/reveal.h"

#include "cli/work.h"
#include "release/audit.h"
#include "store/read.h"

int hub_reveal(struct hub_cli *cli, struct hub_store *store, const char *reason,
	       struct hub_str object)
{
	HUB_AUTO(buf) struct hub_buf detail;

	hub_audit_begin(&detail);
	if (!reason)
		return HUB_OK;
	if (!*reason)
		return hub_fail(cli->err, HUB_USAGE, "reveal-reason",
				"--reveal wants a reason in words");
	hub_json_field(&detail, "reason", hub_str_of(reason));
	return hub_audit_end(hub_store_db(store), hub_work_actor(cli), "reveal", object, &detail,
			     cli->err);
}

unsigned hub_reveal_flags(const char *reason)
{
	return reason ? 0 : HUB_OPEN_READONLY;
}

struct hub_str hub_reveal_text(struct hub_arena *a, const struct hub_field *f, struct hub_str value,
			       const char *reason)
{
	size_t at = 0;

	if (reason || !value.len)
		return value;
	if (f->pclass == HUB_C_OPERATIONAL && f->type != HUB_F_NAME)
		return value;
	int64_t year;
	if (f->type == HUB_F_DATE && value.len >= 4 &&
	    hub_parse_i64(hub_str_cut(value, 0, 4), 1, 9999, &year) == 0)
		return hub_arena_printf(a, "%.*s-**-**", 4, value.ptr);
	if (f->type != HUB_F_NAME && f->type != HUB_F_KANA)
		return HUB_STR("●●●");
	hub_utf8_next(value, &at);
	return hub_arena_printf(a, "%.*s●●●", (int)at, value.ptr);
}

int hub_reveal_person(struct hub_cli *cli, struct hub_store *store, int64_t id, const char *field,
		      const char *reason, struct hub_str *out)
{
	const struct hub_entity *e = hub_schema_entity(hub_store_schema(store), HUB_STR("person"));
	const struct hub_field *f = e ? hub_schema_field(e, hub_str_of(field)) : NULL;
	const struct hub_entity_table *t = e ? hub_tables_of(hub_store_tables(store), e) : NULL;
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0); /* of the row: lists have many */
	struct hub_dbval *val;

	*out = (struct hub_str){NULL, 0};
	if (!f || !t || t->of_field[f->index] == HUB_NO_COL)
		return HUB_OK;
	const int rc = a ? hub_row_get(store, a, t, id, &val, cli->err) : hub_fail_mem(cli->err);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	const struct hub_dbval *v = &val[t->of_field[f->index]];
	if (v->type != HUB_DB_INT && v->type != HUB_DB_TEXT)
		return HUB_OK;
	const struct hub_str text =
	    v->type == HUB_DB_INT ? hub_arena_printf(a, "%lld", (long long)v->i) : v->s;
	*out = hub_arena_str(cli->arena, hub_reveal_text(a, f, text, reason));
	return out->ptr ? HUB_OK : hub_fail_mem(cli->err);
}
