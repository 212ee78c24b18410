#include "store/ledger.h"

#include "base/str.h"

enum {
	PAGE_BITS = HUB_BITS_PAGE,
	PAGE_IDS = 1 << PAGE_BITS,
	PAGE_WORDS = PAGE_IDS / 64,
	MAX_VARINT = 10
};

static int reach(struct hub_bits *b, size_t page)
{
	size_t n = b->pages ? b->pages : 64;

	while (n <= page)
		n *= 2;
	struct hub_bits_page *p = hub_alloc_array(b->arena, n, sizeof *p);
	if (!p)
		return -1;
	if (b->pages)
		memcpy(p, b->page, b->pages * sizeof *p);
	b->page = p;
	b->pages = n;
	return 0;
}

static uint64_t *new_words(struct hub_bits *b)
{
	uint64_t *w = b->spare;

	if (!w)
		return hub_alloc_array(b->arena, PAGE_WORDS, sizeof *w);
	b->spare = (uint64_t *)(uintptr_t)w[0];
	memset(w, 0, PAGE_WORDS * sizeof *w);
	return w;
}

/* A page with all its ids needs no words: those become the next page's. */
static void give_words(struct hub_bits *b, struct hub_bits_page *p)
{
	p->word[0] = (uint64_t)(uintptr_t)b->spare;
	b->spare = p->word;
	p->word = NULL;
}

int hub_bits_set(struct hub_bits *b, int64_t id)
{
	const size_t page = (size_t)id >> PAGE_BITS, bit = (size_t)id & (PAGE_IDS - 1);
	const uint64_t one = (uint64_t)1 << (bit % 64);

	if (id < 0 || (page >= b->pages && reach(b, page)))
		return -1;
	struct hub_bits_page *p = &b->page[page];
	if (p->ids == PAGE_IDS)
		return 0;
	if (!p->word && !(p->word = new_words(b)))
		return -1;
	if (p->word[bit / 64] & one)
		return 0;
	p->word[bit / 64] |= one;
	if (++p->ids == PAGE_IDS)
		give_words(b, p);
	return 0;
}

static void put_varint(struct hub_buf *out, uint64_t v)
{
	while (v >= 0x80) {
		hub_buf_putc(out, (char)(v | 0x80));
		v >>= 7;
	}
	hub_buf_putc(out, (char)v);
}

static int take_varint(struct hub_str *s, uint64_t *v)
{
	*v = 0;
	for (unsigned i = 0; i < MAX_VARINT && i < s->len; i++) {
		const uint64_t b = (unsigned char)s->ptr[i];
		*v |= (b & 0x7f) << (7 * i);
		if (b < 0x80) {
			*s = hub_str_from(*s, i + 1);
			return 0;
		}
	}
	return -1;
}

/* 0 is "none"; others are zigzag(id - last - 1) * 4 + kind + 1. */
void hub_ids_put(struct hub_buf *out, int64_t *last, int64_t id, unsigned kind)
{
	const int64_t d = id - *last - 1;
	const uint64_t zigzag = ((uint64_t)d << 1) ^ (uint64_t)(d >> 63);

	put_varint(out, (zigzag << 2 | (kind & 3)) + 1);
	*last = id;
}

void hub_ids_none(struct hub_buf *out)
{
	hub_buf_putc(out, 0);
}

int hub_ids_next(struct hub_str *list, int64_t *last, int64_t *id, unsigned *kind)
{
	uint64_t v;

	if (!list->len)
		return 0;
	if (take_varint(list, &v))
		return -1;
	if (!v) {
		*id = HUB_IDS_NONE;
		*kind = 0;
		return 1;
	}
	v--;
	*kind = v & 3;
	v >>= 2;
	*id = *last + 1 + (int64_t)((v >> 1) ^ (~(v & 1) + 1));
	*last = *id;
	return 1;
}

static void add_part(struct hub_sha *s, struct hub_str part)
{
	const uint64_t n = part.len;

	hub_sha_add(s, &n, sizeof n);
	hub_sha_add(s, part.ptr, part.len);
}

int hub_ledger_hash(const uint8_t before[HUB_SHA256], const struct hub_ledger_entry *e,
		    uint8_t out[HUB_SHA256])
{
	const int64_t numbers[] = {e->run, e->seq, e->byte, e->bytes, e->rows, e->first_row, e->at};
	struct hub_sha *s = hub_sha_new();

	if (!s)
		return -1;
	hub_sha_add(s, before, HUB_SHA256);
	hub_sha_add(s, numbers,
		    sizeof numbers - (e->at == HUB_LEDGER_UNTIMED ? sizeof *numbers : 0));
	add_part(s, e->chunk_id);
	add_part(s, e->pos);
	add_part(s, e->seen);
	add_part(s, e->shared);
	return hub_sha_end(s, out);
}
