#include "release/deletions.h"

#include "release/rowctx.h"

/* Columns of a row of hub_recall_rows. */
enum { ENTITY, ROW, IDENTITY, KEY_NUMBER, RELEASE };

int hub_deletions_of(struct hub_arena *a, struct hub_db *db, const struct hub_schema *schema,
		     const struct hub_keyring *keys, const struct hub_recall *recall,
		     struct hub_deletion **out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_deletion *list = hub_alloc_array(a, (size_t)recall->rows + 1, sizeof *list);
	int rc = list ? hub_recall_rows(db, recall, &q, err) : hub_fail_mem(err);

	*n = 0;
	*out = list;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK && *n < (uint32_t)recall->rows) {
		struct hub_deletion *d = &list[*n];
		const struct hub_key *key =
		    hub_keyring_find(keys, recall->recipient, hub_db_int(q, KEY_NUMBER));
		*d = (struct hub_deletion){.entity =
					       hub_schema_entity(schema, hub_db_str(q, ENTITY)),
					   .release = hub_db_int(q, RELEASE)};
		if (!d->entity) /* the site has given up the entity since */
			continue;
		if (key)
			d->key = hub_rowctx_old_key(a, key, d->entity, hub_db_int(q, ROW),
						    hub_db_int(q, IDENTITY));
		if (key && !d->key.ptr)
			return hub_fail_mem(err);
		(*n)++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int add_column(struct hub_batch *b, const char *name, const char *label, uint32_t rows)
{
	uint32_t at;

	if (hub_batch_column(b, hub_str_of(name), &at))
		return -1;
	b->col[at].label = hub_str_of(label);
	b->col[at].shown = hub_alloc_array(hub_batch_arena(b), (size_t)rows + 1, 1); /* as is */
	return b->col[at].shown ? 0 : -1;
}

static void put(struct hub_batch *b, uint32_t col, uint32_t row, struct hub_str text)
{
	b->col[col].cell[row] = text.ptr ? HUB_VALUE : HUB_NULL;
	b->col[col].text[row] = text;
}

int hub_deletions_batch(struct hub_batch *b, const struct hub_recall *recall,
			const struct hub_deletion *d, uint32_t n, struct hub_err *err)
{
	const struct hub_str category = recall->category
					    ? hub_str_of(hub_fclass_name(recall->category))
					    : (struct hub_str){NULL, 0};
	struct hub_arena *a = hub_batch_arena(b);

	hub_batch_reset(b);
	if (add_column(b, "key", "キー", n) || add_column(b, "table", "表", n) ||
	    add_column(b, "release", "提供番号", n) || add_column(b, "category", "区分", n) ||
	    hub_batch_rows(b, n))
		return hub_fail_mem(err);
	b->table = HUB_STR("deletion");
	b->table_label = HUB_STR("削除依頼");
	b->col[0].flags |= HUB_COL_KEY;
	for (uint32_t i = 0; i < n; i++) {
		const struct hub_str release = hub_arena_printf(a, "%lld", (long long)d[i].release);
		if (!release.ptr)
			return hub_fail_mem(err);
		put(b, 0, i, d[i].key);
		put(b, 1, i, d[i].entity->name);
		put(b, 2, i, release);
		put(b, 3, i, category);
	}
	return HUB_OK;
}
