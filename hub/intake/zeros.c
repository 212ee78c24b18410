#include "intake/zeros.h"

#include "base/err.h"
#include "intake/map.h"
#include "store/writer.h"

#include <stdio.h>

enum { ENOUGH = 20, LOOKED_AT = 100 };

static size_t digits_of(struct hub_str key)
{
	size_t n = 0;

	while (n < key.len && key.ptr[n] >= '0' && key.ptr[n] <= '9')
		n++;
	return n;
}

void hub_zeros_see(struct hub_zeros *z, struct hub_str key)
{
	const size_t n = digits_of(key);

	z->mixed |= n == 0 || (z->seen && n != z->length);
	z->zero |= n && key.ptr[0] == '0';
	z->length = n;
	z->seen++;
}

int hub_zeros_lost(const struct hub_zeros *z, struct hub_str key)
{
	const size_t n = digits_of(key);

	return z->seen >= ENOUGH && z->zero && !z->mixed && n && n < z->length && key.ptr[0] != '0';
}

/* From both ends of the index: what is shorter or longer than the others is at one of them, as a rule. */
static int look_at(struct hub_store *s, int64_t system, const struct hub_entity *e,
		   const char *order, struct hub_zeros *z, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	char sql[256];

	snprintf(sql, sizeof sql,
		 "SELECT key FROM cc_%.*s WHERE system_id = ? AND key IS NOT NULL"
		 " ORDER BY key%s LIMIT %d",
		 HUB_FMT(e->name), order, LOOKED_AT);
	int rc = hub_db_walk(s->db, &q, err, sql, "i", system);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		hub_zeros_see(z, hub_db_str(q, 0));
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_zeros_load(struct hub_arena *a, struct hub_store *s, int64_t system, struct hub_bound *b,
		   struct hub_err *err)
{
	const struct hub_schema *schema = b->m->schema;

	if (!(b->zeros = hub_alloc0(a, (schema->n_entities + 1) * sizeof *b->zeros)))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < schema->n_entities; i++) {
		const struct hub_entity *e = &schema->entities[i];
		struct hub_zeros *z = &b->zeros[i];
		int rc;
		if (e->identified && ((rc = look_at(s, system, e, "", z, err)) ||
				      (rc = look_at(s, system, e, " DESC", z, err))))
			return rc;
	}
	return HUB_OK;
}
