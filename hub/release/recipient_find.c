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

/* Who comes first keeps its name. */
static int take_name(struct hub_arena *a, struct hub_recipient_names *names, struct hub_str **list,
		     size_t *room, struct hub_str id, struct hub_str name)
{
	const size_t n = hub_map_count(names->at);
	uint64_t at;

	if (!id.len || !name.len || hub_map_get(names->at, id, &at))
		return 0;
	struct hub_str *more = hub_alloc_more(a, *list, n, room, sizeof *more);
	if (!more)
		return -1;
	names->name = *list = more;
	more[n] = hub_arena_str(a, name);
	return more[n].ptr ? hub_map_put(names->at, id, n) : -1;
}

int hub_recipient_names(struct hub_arena *a, struct hub_db *db, struct hub_recipient_names *out,
			struct hub_err *err)
{
	static const char sql[] =
	    "SELECT key, agency_name, NULL, 1 AS way, id FROM cc_agency UNION ALL"
	    " SELECT NULL, NULL, content, 2, id FROM approval WHERE kind = 'profile' AND"
	    " approved_at IS NOT NULL AND ended_at IS NULL ORDER BY way, id";
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct hub_str *list = NULL;
	size_t room = 0;

	*out = (struct hub_recipient_names){.at = hub_map_new(a)};
	int rc = out->at ? hub_db_query(db, &q, err, sql, "") : hub_fail_mem(err);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str canon = hub_db_str(q, 2);
		const int agency = hub_db_int(q, 3) == 1;
		if (take_name(a, out, &list, &room,
			      agency ? hub_db_str(q, 0) : line_of(canon, "recipient"),
			      agency ? hub_db_str(q, 1) : line_of(canon, "name")))
			return hub_fail_mem(err);
	}
	return rc == HUB_END ? HUB_OK : rc;
}

struct hub_str hub_recipient_name(const struct hub_recipient_names *names, struct hub_str id)
{
	uint64_t at;

	return hub_map_get(names->at, id, &at) ? names->name[at] : HUB_STR("");
}
