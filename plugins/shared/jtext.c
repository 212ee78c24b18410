#include "jtext.h"

#include <string.h>

enum { POOL_MIN = 64 << 10 };

void *jpool_get(struct jpool *p, size_t n)
{
	if (n > SIZE_MAX / 4)
		return NULL;
	n = (n + 15) & ~(size_t)15;
	if (p->cap - p->used < n) {
		const size_t cap = n > p->cap ? n * 2 : p->cap * 2;
		const size_t want = cap < POOL_MIN ? POOL_MIN : cap;
		char *block = p->host->alloc(p->ctx, NULL, want);
		if (!block)
			return NULL;
		p->block = block; /* the old one dies with the call */
		p->cap = want;
		p->used = 0;
	}
	void *r = p->block + p->used;
	p->used += n;
	return r;
}

void jpool_reset(struct jpool *p)
{
	p->used = 0;
}

enum jt_class jt_class_of(uint32_t c)
{
	if (c < 0x80) {
		if (c >= '0' && c <= '9')
			return JT_DIGIT;
		if ((c | 32) >= 'a' && (c | 32) <= 'z')
			return JT_LATIN;
		return c == ' ' || c == '\t' ? JT_SPACE : JT_OTHER;
	}
	if (c >= 0x3041 && c <= 0x309f)
		return JT_HIRA;
	if (c >= 0x4e00 && c <= 0x9fff)
		return JT_KANJI;
	if (c >= 0x30a1 && c <= 0x30ff)
		return c == 0x30fb ? JT_OTHER : JT_KATA;
	if (c == 0x3005 || c == 0x3006 || (c >= 0x3400 && c < 0x4e00) ||
	    (c >= 0xe000 && c <= 0xfaff) || (c >= 0x20000 && c < 0x40000))
		return JT_KANJI; /* also characters of the private use area: names written in gaiji */
	if (c == 0x3000 || c == 0xa0)
		return JT_SPACE;
	if (c >= 0xc0 && c < 0x250 && c != 0xd7 && c != 0xf7)
		return JT_LATIN;
	return JT_OTHER;
}

/* What takes no room: it never stands between two characters of a name. */
static int is_hidden(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       c == 0xad || c == 0x2060 || (c >= 0xe0100 && c <= 0xe01ef) ||
	       (c >= 0x202a && c <= 0x202e);
}

/* Reads one character of UTF-8; a broken byte stands for itself. */
static uint32_t next_char(const unsigned char *p, size_t left, size_t *len)
{
	const uint32_t c = p[0];
	const size_t want = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc2 ? 2 : 1;

	*len = 1;
	if (want == 1 || want > left)
		return c < 0x80 ? c : 0xfffd;
	uint32_t v = c & (0xffu >> (want + 1));
	for (size_t i = 1; i < want; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0xfffd;
		v = v << 6 | (p[i] & 0x3fu);
	}
	*len = want;
	return v;
}

int jt_read_str(struct jtext *t, struct hub_str s, struct jpool *pool)
{
	const size_t room = s.len + JT_PAD + 1;
	char *mem = s.len < UINT32_MAX / 2 ? jpool_get(pool, room * 9) : NULL;

	if (!mem)
		return -1;
	t->norm = s;
	t->at = NULL;
	t->n = 0;
	t->cp = (uint32_t *)(void *)mem;
	t->off = t->cp + room;
	t->cls = (uint8_t *)(t->off + room);
	for (size_t i = 0, len; i < s.len; i += len) {
		const uint32_t c = next_char((const unsigned char *)s.ptr + i, s.len - i, &len);
		if (c >= 0xad && is_hidden(c))
			continue;
		t->cp[t->n] = c;
		t->off[t->n] = (uint32_t)i;
		t->cls[t->n++] = (uint8_t)jt_class_of(c);
	}
	t->off[t->n] = (uint32_t)s.len;
	memset(t->cp + t->n, 0, JT_PAD * sizeof *t->cp);
	memset(t->cls + t->n, 0, JT_PAD);
	return 0;
}

int jt_read(struct jtext *t, const struct hub_doc *doc, struct jpool *pool)
{
	const int rc = jt_read_str(t, doc->norm, pool);

	t->at = doc->at;
	return rc;
}

void jt_span(const struct jtext *t, uint32_t from, uint32_t to, struct hub_span *out)
{
	uint32_t k = t->off[to];

	out->start = t->at[t->off[from]];
	while (k < t->norm.len && t->at[k] == t->at[k - 1])
		k++;
	out->end = t->at[k];
}

uint32_t jt_run_start(const struct jtext *t, uint32_t i)
{
	while (i > 0 && t->cls[i - 1] == t->cls[i])
		i--;
	return i;
}

uint32_t jt_run_end(const struct jtext *t, uint32_t i)
{
	const uint8_t c = t->cls[i];

	while (i < t->n && t->cls[i] == c)
		i++;
	return i;
}
