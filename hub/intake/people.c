#include "intake/people.h"

#include "text/name.h"

/* A name without a gap between family and given name is whole when it is this long: family names of
 * four characters are rare (勅使河原), of three they are not (佐々木). */
enum { WHOLE_NAME = 4, FULL_DATE = 10 };

uint64_t hub_person_match(struct hub_arena *a, struct hub_str name, struct hub_str birth_date)
{
	struct hub_name n;

	if (birth_date.len != FULL_DATE || memchr(birth_date.ptr, '/', FULL_DATE) ||
	    hub_name_parse(a, name, &n) || n.flags & (HUB_NAME_UNREADABLE | HUB_NAME_NOBODY))
		return 0;
	if (!n.given.len && hub_utf8_count(n.key) < WHOLE_NAME)
		return 0;
	const size_t len = n.key.len + 1 + birth_date.len;
	char *both = hub_alloc(a, len);
	if (!both)
		return 0;
	memcpy(both, n.key.ptr, n.key.len);
	both[n.key.len] = '\n';
	memcpy(both + n.key.len + 1, birth_date.ptr, birth_date.len);
	return hub_hash64((struct hub_str){both, len});
}

static const struct hub_vec *column(const struct hub_rows *b, const char *name)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (hub_str_is(b->field[c]->name, name))
			return &b->col[c];
	return NULL;
}

int hub_people_match(struct hub_chunk *c)
{
	for (uint32_t i = 0; i < c->blocks; i++) {
		struct hub_rows *b = &c->rows[i];
		const struct hub_vec *name = column(b, "name"), *birth = column(b, "birth_date");
		if (!hub_str_is(b->entity->name, "person") || !name || !birth)
			continue;
		if (!(b->match = hub_alloc_array(c->arena, (size_t)b->n + 1, sizeof *b->match)))
			return -1;
		for (uint32_t r = 0; r < b->n; r++)
			if (name->cell[r] == HUB_VALUE && birth->cell[r] == HUB_VALUE)
				b->match[r] =
				    hub_person_match(c->arena, name->text[r], birth->text[r]);
	}
	return 0;
}
