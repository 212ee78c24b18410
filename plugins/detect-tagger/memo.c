#include "memo.h"

#include "hash.h"

#include <string.h>

const struct memo_text *memo_find(struct memo *m, struct hub_str norm)
{
	m->open = NULL;
	if (!norm.len || norm.len > MEMO_LONGEST)
		return NULL;
	struct memo_text *t = &m->text[hash_end(hash_bytes(norm.ptr, norm.len)) % MEMO_TEXTS];
	if (t->len == norm.len && memcmp(t->text, norm.ptr, norm.len) == 0)
		return t;
	t->len = (uint16_t)norm.len;
	t->spans = 0;
	memcpy(t->text, norm.ptr, norm.len);
	m->open = t;
	return NULL;
}

void memo_add(struct memo *m, const struct tag_span *s)
{
	struct memo_text *t = m->open;

	if (!t)
		return;
	if (t->spans < MEMO_SPANS) {
		t->span[t->spans++] = *s;
		return;
	}
	memo_drop(m); /* too many: it is read again each time */
}

void memo_drop(struct memo *m)
{
	if (m->open)
		m->open->len = 0;
	m->open = NULL;
}
