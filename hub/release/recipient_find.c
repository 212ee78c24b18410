/* Which recipient somebody means: a bar or a withdrawal under a name that nobody has stops nothing. */
#include "release/recipient.h"
#include "text/fold.h"

/* A line of the approved version of a profile. */
static struct hub_str line_of(struct hub_str canon, const char *name)
{
	struct hub_str line, key;

	while (hub_str_next(&canon, '\n', &line) && line.len) {
		hub_str_next(&line, ' ', &key);
		if (hub_str_is(key, name))
			return line;
	}
	return HUB_STR("");
}

struct finding {
	struct hub_arena *a;
	struct hub_str typed, folded;
	struct hub_str *at; /* of the best rank */
	size_t n, cap;
	int rank; /* 3 as it is typed, 2 in another width or case, 1 by its name */
};

static int look_at(struct finding *f, struct hub_str id, struct hub_str name)
{
	const struct hub_str one = hub_key_typed(f->a, id), other = hub_key_typed(f->a, name);
	const int rank = hub_str_eq(id, f->typed)                   ? 3
			 : hub_str_eq(one, f->folded)               ? 2
			 : name.len && hub_str_eq(other, f->folded) ? 1
								    : 0;

	if (!one.ptr || !other.ptr)
		return -1;
	if (!id.len || !rank || rank < f->rank)
		return 0;
	f->n = rank > f->rank ? 0 : f->n;
	f->rank = rank;
	for (size_t i = 0; i < f->n; i++)
		if (hub_str_eq(f->at[i], id))
			return 0;
	struct hub_str *at = hub_alloc_more(f->a, f->at, f->n, &f->cap, sizeof *at);
	if (!at)
		return -1;
	f->at = at;
	f->at[f->n] = hub_arena_str(f->a, id);
	return f->at[f->n++].ptr ? 0 : -1;
}

int hub_recipient_meant(struct hub_arena *a, struct hub_db *db, struct hub_str typed,
			const struct hub_str **ids, size_t *n, struct hub_err *err)
{
	static const char sql[] =
	    "SELECT key, agency_name, NULL FROM cc_agency UNION SELECT recipient, NULL, NULL FROM"
	    " release UNION SELECT NULL, NULL, content FROM approval WHERE kind = 'profile' AND"
	    " approved_at IS NOT NULL AND ended_at IS NULL";
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct finding f = {.a = a, .typed = typed, .folded = hub_key_typed(a, typed)};
	int rc = f.folded.ptr ? hub_db_query(db, &q, err, sql, "") : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str canon = hub_db_str(q, 2);
		if (look_at(&f, canon.len ? line_of(canon, "recipient") : hub_db_str(q, 0),
			    canon.len ? line_of(canon, "name") : hub_db_str(q, 1)))
			return hub_fail_mem(err);
	}
	*ids = f.at;
	*n = f.n;
	return rc == HUB_END ? HUB_OK : rc;
}

int hub_recipient_find(struct hub_arena *a, struct hub_db *db, struct hub_str typed,
		       struct hub_str *id, int *known, struct hub_err *err)
{
	const struct hub_str *ids;
	size_t n;
	const int rc = hub_recipient_meant(a, db, typed, &ids, &n, err);

	*known = !rc && n == 1;
	*id = *known ? ids[0] : typed;
	return rc;
}
