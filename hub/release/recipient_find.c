/* Which recipient somebody means: a bar or a withdrawal under a name that nobody has stops nothing. */
#include "release/recipient.h"
#include "text/fold.h"

/* Without width, case and blanks around it. */
static struct hub_str folded_of(struct hub_arena *a, struct hub_str name)
{
	const struct hub_str bare = hub_key_strip(a, name);
	const struct hub_str wide = bare.ptr ? hub_fold_width(a, bare, 0, NULL) : bare;
	const struct hub_str s = hub_str_trim(wide);
	char *out = wide.ptr ? hub_alloc(a, s.len + 1) : NULL;

	for (size_t i = 0; out && i < s.len; i++)
		out[i] =
		    (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] - 'A' + 'a' : s.ptr[i]);
	return (struct hub_str){out, s.len};
}

/* Of the approved version of a profile. */
static struct hub_str recipient_of(struct hub_str canon)
{
	struct hub_str line, key;

	while (hub_str_next(&canon, '\n', &line) && line.len) {
		hub_str_next(&line, ' ', &key);
		if (hub_str_is(key, "recipient"))
			return line;
	}
	return HUB_STR("");
}

struct finding {
	struct hub_arena *a;
	struct hub_str typed, folded;
	struct hub_str best;
	int rank, several; /* 3 as it is typed, 2 in another width or case, 1 by its name */
};

static int look_at(struct finding *f, struct hub_str id, struct hub_str name)
{
	const struct hub_str one = folded_of(f->a, id), other = folded_of(f->a, name);
	const int rank = hub_str_eq(id, f->typed)                   ? 3
			 : hub_str_eq(one, f->folded)               ? 2
			 : name.len && hub_str_eq(other, f->folded) ? 1
								    : 0;

	if (!one.ptr || !other.ptr)
		return -1;
	if (!id.len || !rank || rank < f->rank)
		return 0;
	f->several = rank == f->rank && (f->several || !hub_str_eq(id, f->best));
	f->rank = rank;
	f->best = hub_arena_str(f->a, id);
	return f->best.ptr ? 0 : -1;
}

int hub_recipient_find(struct hub_arena *a, struct hub_db *db, struct hub_str typed,
		       struct hub_str *id, int *known, struct hub_err *err)
{
	static const char sql[] =
	    "SELECT key, agency_name, NULL FROM cc_agency UNION SELECT recipient, NULL, NULL FROM"
	    " release UNION SELECT NULL, NULL, content FROM approval WHERE kind = 'profile' AND"
	    " approved_at IS NOT NULL AND ended_at IS NULL";
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct finding f = {.a = a, .typed = typed, .folded = folded_of(a, typed)};
	int rc = f.folded.ptr ? hub_db_query(db, &q, err, sql, "") : hub_fail_mem(err);

	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK) {
		const struct hub_str canon = hub_db_str(q, 2);
		if (look_at(&f, canon.len ? recipient_of(canon) : hub_db_str(q, 0),
			    hub_db_str(q, 1)))
			return hub_fail_mem(err);
	}
	*known = f.rank && !f.several;
	*id = *known ? f.best : typed;
	return rc == HUB_END ? HUB_OK : rc;
}
