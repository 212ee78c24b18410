#include "jset.h"

#include <stdlib.h>
#include <string.h>

void jset_init(struct jset *s, struct jpool *pool)
{
	*s = (struct jset){.pool = pool};
}

static int same(const struct jset_item *a, const uint32_t *sym, uint32_t len)
{
	return a->len == len && memcmp(a->sym, sym, len * sizeof *sym) == 0;
}

int jset_add(struct jset *s, const uint32_t *sym, uint32_t len, uint16_t kind, int32_t person)
{
	if (len == 0 || len > UINT16_MAX)
		return 0;
	for (uint32_t i = s->n; i > 0 && s->item[i - 1].person == person; i--)
		if (s->item[i - 1].kind == kind && same(&s->item[i - 1], sym, len))
			return 0;
	if (s->n == s->cap) {
		const uint32_t cap = s->cap ? s->cap * 2 : 64;
		struct jset_item *more = jpool_get(s->pool, cap * sizeof *more);
		if (!more)
			return -1;
		if (s->n)
			memcpy(more, s->item, s->n * sizeof *more);
		s->item = more;
		s->cap = cap;
	}
	s->item[s->n++] =
	    (struct jset_item){.sym = sym, .len = (uint16_t)len, .kind = kind, .person = person};
	s->singles |= len == 1;
	s->first[sym[0] / 64 % 16] |= (uint64_t)1 << sym[0] % 64;
	return 0;
}

/* Shorter ones first: each is put in front of its bucket. Equal ones in reverse order. */
static int by_length(const void *x, const void *y)
{
	const struct jset_item *a = x, *b = y;

	if (a->len != b->len)
		return a->len < b->len ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind > b->kind ? -1 : 1;
	return (a->person < b->person) - (a->person > b->person);
}

int jset_build(struct jset *s)
{
	uint32_t size = 64;

	while (size < s->n * 4 && size < 1u << 24)
		size *= 2;
	s->bucket = jpool_get(s->pool, size * sizeof *s->bucket);
	if (!s->bucket)
		return -1;
	memset(s->bucket, 0, size * sizeof *s->bucket);
	s->mask = size - 1;
	if (s->n)
		qsort(s->item, s->n, sizeof *s->item, by_length);
	for (uint32_t i = 0; i < s->n; i++) {
		struct jset_item *it = &s->item[i];
		uint32_t *b =
		    &s->bucket[jset_hash(it->sym[0], it->len > 1 ? it->sym[1] : 0) & s->mask];
		it->next = *b;
		*b = i + 1;
	}
	return 0;
}

const struct jset_item *jset_next(const struct jset *s, const uint32_t *sym, uint32_t left,
				  const struct jset_item *prev)
{
	uint32_t i;
	int single = 0;

	if (prev) {
		i = prev->next;
		single = prev->len == 1;
	} else {
		i = left > 1 ? s->bucket[jset_hash(sym[0], sym[1]) & s->mask] : 0;
	}
	for (;;) {
		for (; i; i = s->item[i - 1].next) {
			const struct jset_item *it = &s->item[i - 1];
			if (it->len <= left && (it->len == 1) == single &&
			    memcmp(it->sym, sym, it->len * sizeof *sym) == 0)
				return it;
		}
		if (single || !s->singles || left == 0)
			return NULL;
		single = 1;
		i = s->bucket[jset_hash(sym[0], 0) & s->mask];
	}
}
