/* A source writes a refusal for whom it likes: 福祉課, ＷＥＬ, すべて. It is a no to whoever may be meant, and a withdrawal ends
 * what was given before within its scope, whoever wrote it down. A consent opens to the recipient that
 * it names exactly, and to no other. */
#include "release/recipient.h"
#include "release/statement_in.h"
#include "text/fold.h"

struct ids {
	const struct hub_str *at;
	size_t n;
};

struct hub_meant *hub_meant_new(struct hub_arena *a, struct hub_db *db)
{
	struct hub_meant *m = hub_alloc(a, sizeof *m);

	if (!m)
		return NULL;
	*m = (struct hub_meant){a, db, hub_map_new(a), NULL};
	return m->typed ? m : NULL;
}

static int is_all(struct hub_arena *a, struct hub_str typed)
{
	static const char *const words[] = {"*", "all", "すべて", "全て", "全部"};
	const struct hub_str s = hub_key_typed(a, typed);

	return hub_str_among(s, words, HUB_COUNT(words));
}

static int find_meant(struct hub_meant *m, struct hub_str typed, const struct ids **out,
		      struct hub_err *err)
{
	static const struct hub_str all = {"*", 1};
	struct ids *ids;
	uint64_t v;
	int rc = HUB_OK;

	if (hub_map_get(m->typed, typed, &v)) {
		*out = (const struct ids *)(uintptr_t)v;
		return HUB_OK;
	}
	*out = ids = hub_alloc0(m->arena, sizeof *ids);
	if (!ids)
		return hub_fail_mem(err);
	if (is_all(m->arena, typed))
		*ids = (struct ids){&all, 1};
	else
		rc = hub_recipient_meant(m->arena, m->db, typed, &ids->at, &ids->n, err);
	if (!rc && hub_map_put(m->typed, typed, (uint64_t)(uintptr_t)ids))
		return hub_fail_mem(err);
	return rc;
}

int hub_meant_ids(struct hub_meant *m, struct hub_str typed, const struct hub_str **ids, size_t *n,
		  struct hub_err *err)
{
	const struct ids *found = NULL;
	const int rc = find_meant(m, typed, &found, err);

	*ids = rc ? NULL : found->at;
	*n = rc ? 0 : found->n;
	return rc;
}

static int add_copy(struct hub_arena *a, struct hub_statements *s, size_t *cap, uint32_t of,
		    struct hub_str recipient)
{
	struct hub_statement *more = hub_alloc_more(a, s->at, s->n, cap, sizeof *more);

	if (!more)
		return -1;
	s->at = more;
	s->at[s->n] = s->at[of];
	s->at[s->n++].recipient = recipient;
	return 0;
}

/* Was the consent there when it was taken back? What was said here later than that was: a person knew of it. */
static int is_before(const struct hub_statement *given, const struct hub_statement *withdrawn)
{
	return !hub_statement_is_after(given, withdrawn) &&
	       !(given->entry && given->run > withdrawn->run &&
		 !hub_statement_is_later(withdrawn, given));
}

/* The most specific statement decides: a broad withdrawal would leave narrower consents standing. */
static int end_narrower(struct hub_arena *a, struct hub_statements *s, size_t *cap, uint32_t at)
{
	const struct hub_statement w = s->at[at];
	const uint32_t n = s->n;

	for (uint32_t i = 0; i < n; i++) {
		const struct hub_statement g = s->at[i];
		if (!hub_str_is(g.status, "given") || !is_before(&g, &w) ||
		    !hub_scope_has(w.recipient, g.recipient) ||
		    !hub_scope_has(w.category, g.category) || !hub_scope_has(w.purpose, g.purpose))
			continue;
		if (add_copy(a, s, cap, at, g.recipient))
			return -1;
		s->at[s->n - 1].category = g.category;
		s->at[s->n - 1].purpose = g.purpose;
	}
	return 0;
}

static int is_same(const struct hub_statement *x, const struct hub_statement *y)
{
	return hub_str_eq(x->recipient, y->recipient) && hub_str_eq(x->category, y->category) &&
	       hub_str_eq(x->purpose, y->purpose);
}

/* A no of before, until a consent that a source brings begins after it. */
static void drop_lifted(struct hub_statements *s)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < s->n; i++) {
		int lifted = 0;
		for (uint32_t k = 0; s->at[i].gone && k < s->n && !lifted; k++)
			lifted = !s->at[k].entry && hub_str_is(s->at[k].status, "given") &&
				 !s->at[k].gone && is_same(&s->at[k], &s->at[i]) &&
				 hub_statement_is_after(&s->at[k], &s->at[i]);
		if (!lifted)
			s->at[kept++] = s->at[i];
	}
	s->n = kept;
}

/* A consent with the day on which it was taken back is a withdrawal as well. */
static int split_taken_back(struct hub_arena *a, struct hub_statements *s, size_t *cap)
{
	const uint32_t n = s->n;

	for (uint32_t i = 0; i < n; i++) {
		if (!hub_str_is(s->at[i].status, "given") || !s->at[i].withdrawn_on.len)
			continue;
		if (add_copy(a, s, cap, i, s->at[i].recipient))
			return -1;
		s->at[s->n - 1].status = HUB_STR("withdrawn");
	}
	return 0;
}

int hub_statements_meant(struct hub_arena *a, struct hub_meant *m, struct hub_statements *s,
			 size_t *cap, struct hub_err *err)
{
	if (split_taken_back(a, s, cap))
		return hub_fail_mem(err);
	const uint32_t n = s->n;
	const struct ids *ids;

	for (uint32_t i = 0; i < n; i++) {
		if (s->at[i].entry || hub_str_is(s->at[i].status, "given") ||
		    !s->at[i].recipient.len)
			continue;
		const int rc = find_meant(m, s->at[i].recipient, &ids, err);
		if (rc)
			return rc;
		for (size_t k = 1; k < ids->n; k++)
			if (add_copy(a, s, cap, i, ids->at[k]))
				return hub_fail_mem(err);
		if (ids->n)
			s->at[i].recipient = ids->at[0];
	}
	drop_lifted(s);
	const uint32_t all = s->n;
	for (uint32_t i = 0; i < all; i++)
		if (hub_str_is(s->at[i].status, "withdrawn") && end_narrower(a, s, cap, i))
			return hub_fail_mem(err);
	return HUB_OK;
}
