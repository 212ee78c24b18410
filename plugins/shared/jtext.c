#include "jtext.h"

#include "jchar.h"
#include "jwords.h"

#include <endian.h>
#include <string.h>

enum { POOL_MIN = 64 << 10 };

int jpool_init(struct jpool *p, const struct hub_host *host, struct hub_ctx *ctx)
{
	*p = (struct jpool){.host = host, .ctx = ctx, .block = host->alloc(ctx, NULL, POOL_MIN)};
	p->cap = p->block ? POOL_MIN : 0;
	return p->block ? 0 : -1;
}

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

enum jt_class jt_class_of(uint32_t c)
{
	return jchar_class(c);
}

/* Reads one character at p[0..4): the two kinds that texts are made of, three bytes of UTF-8 and ASCII, by one load. */
static inline uint32_t next_of_four(const unsigned char *p, size_t *len)
{
	uint32_t w;

	memcpy(&w, p, sizeof w);
	w = le32toh(w);
	if ((w & 0xc0c0f0) == 0x8080e0) {
		*len = 3;
		return (w & 0xf) << 12 | (w >> 2 & 0xfc0) | (w >> 16 & 0x3f);
	}
	if (w & 0x80)
		return next_char(p, 4, len);
	*len = 1;
	return w & 0x7f;
}

/* Characters as they are read. */
struct put {
	uint32_t *cp, *off;
	uint16_t *ch;
	uint8_t *cls;
};

/* Takes in character c of byte `at` as number n; returns how many there are. */
static inline uint32_t put_char(const struct put *p, uint32_t n, uint32_t c, size_t at)
{
	const uint32_t kind = jwords_kind(c);

	p->cp[n] = c;
	p->off[n] = (uint32_t)at;
	p->ch[n] = kind & ((1u << JWORDS_KIND_BITS) - 1);
	p->cls[n] = (uint8_t)(kind >> JWORDS_KIND_BITS);
	return n + (kind < (uint32_t)JT_HIDDEN << JWORDS_KIND_BITS);
}

int jt_read_str(struct jtext *t, struct hub_str s, struct jpool *pool)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	const size_t room = s.len + JT_PAD + 1;
	uint32_t *cp = s.len < UINT32_MAX / 2 ? jpool_get(pool, room * 11) : NULL, n = 0;
	size_t i = 0, len;

	if (!cp)
		return -1;
	const struct put to = {cp, cp + room, (uint16_t *)(cp + 2 * room),
			       (uint8_t *)((uint16_t *)(cp + 2 * room) + room)};
	for (; i + 4 <= s.len; i += len)
		n = put_char(&to, n, next_of_four(p + i, &len), i);
	for (; i < s.len; i += len)
		n = put_char(&to, n, next_char(p + i, s.len - i, &len), i);
	to.off[n] = (uint32_t)s.len;
	memset(to.cp + n, 0, JT_PAD * sizeof *to.cp);
	memset(to.ch + n, 0, JT_PAD * sizeof *to.ch);
	memset(to.cls + n, 0, JT_PAD);
	*t = (struct jtext){
	    .norm = s, .n = n, .cp = to.cp, .off = to.off, .cls = to.cls, .ch = to.ch};
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
