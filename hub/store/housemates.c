#include "store/resident.h"

#include "text/kin.h"

enum { MOST = 200 };

struct house {
	struct hub_kin_member member[MOST];
	int64_t person[MOST];
	uint32_t n, self;
};

static int read_house(struct hub_arena *a, struct hub_db *db, int64_t household, int64_t person,
		      struct house *h, struct hub_err *err)
{
	HUB_AUTO(query) struct hub_query *q = NULL;
	int rc =
	    hub_db_query(db, &q, err,
			 "SELECT p.id, m.relation, p.sex, p.birth_date FROM cc_household_member m"
			 " JOIN cc_person p ON p.id = m.person_id WHERE m.household_id = ?"
			 " ORDER BY m.order_in_household, m.id",
			 "i", household);

	h->n = 0;
	h->self = MOST;
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK && h->n < MOST) {
		struct hub_kin_member *m = &h->member[h->n];
		m->relation = hub_db_dup(a, q, 1);
		m->sex = hub_db_dup(a, q, 2);
		m->birth_date = hub_db_dup(a, q, 3);
		h->person[h->n] = hub_db_int(q, 0);
		if (h->person[h->n] == person)
			h->self = h->n;
		h->n++;
	}
	return rc == HUB_END ? HUB_OK : rc;
}

static int add_house(struct hub_arena *a, const struct house *h, struct hub_housemate *out,
		     uint32_t *n)
{
	for (uint32_t i = 0; i < h->n && h->self < h->n; i++) {
		const struct hub_kin k = hub_kin_between(a, h->member, h->n, h->self, i);
		uint32_t at = 0;
		if (i == h->self || *n == MOST)
			continue;
		if (!k.word.ptr)
			return -1;
		while (at < *n && out[at].person != h->person[i])
			at++;
		if (at == *n)
			out[(*n)++] = (struct hub_housemate){.person = h->person[i]};
		if (out[at].word.len == 0)
			out[at] = (struct hub_housemate){h->person[i], h->member[i].relation,
							 k.word, k.sure};
	}
	return 0;
}

static int keep(struct hub_arena *a, const struct hub_housemate *mate, uint32_t n,
		struct hub_housemate **out, struct hub_err *err)
{
	*out = hub_alloc_array(a, n + 1u, sizeof **out);
	for (uint32_t i = 0; *out && i < n; i++) {
		(*out)[i] = mate[i];
		(*out)[i].written = hub_arena_str(a, mate[i].written);
		(*out)[i].word = hub_arena_str(a, mate[i].word);
	}
	return hub_arena_failed(a) ? hub_fail_mem(err) : HUB_OK;
}

/* The room that the largest house takes is wanted for a moment only: who asks may keep what many people are told. */
int hub_housemates(struct hub_arena *a, struct hub_db *db, int64_t person,
		   struct hub_housemate **out, uint32_t *n, struct hub_err *err)
{
	HUB_AUTO(arena) struct hub_arena *own = hub_arena_new(0);
	HUB_AUTO(query) struct hub_query *q = NULL;
	struct house *h = own ? hub_alloc(own, sizeof *h) : NULL;
	struct hub_housemate *mate = own ? hub_alloc_array(own, MOST, sizeof *mate) : NULL;

	*n = 0;
	if (!h || !mate)
		return hub_fail_mem(err);
	int rc = hub_db_query(db, &q, err,
			      "SELECT DISTINCT household_id FROM cc_household_member"
			      " WHERE person_id = ? AND household_id IS NOT NULL ORDER BY 1",
			      "i", person);
	while (!rc && (rc = hub_db_next(q, err)) == HUB_OK)
		if (!(rc = read_house(own, db, hub_db_int(q, 0), person, h, err)) &&
		    add_house(own, h, mate, n))
			rc = hub_fail_mem(err);
	return rc == HUB_END ? keep(a, mate, *n, out, err) : rc;
}
