#include "base/arena.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BLOCK = 16 * 1024, MAX_BLOCK = 4 * 1024 * 1024, ALIGN = 16 };

struct block {
	struct block *next;
	size_t size, used;
};

struct hub_arena {
	struct block *head; /* current block; older ones behind it */
	size_t total, limit, next_size;
	int failed;
};

#define HEADER ((sizeof(struct block) + ALIGN - 1) / ALIGN * ALIGN)

/* The one global of the hub that threads share and change: the test's order which allocation fails. */
static atomic_ulong fault_at, fault_count;

unsigned long hub_fault_arm(unsigned long k)
{
	const unsigned long seen = atomic_exchange(&fault_count, 0);

	atomic_store(&fault_at, k);
	return seen;
}

static int fault_now(void)
{
	const unsigned long n = atomic_fetch_add(&fault_count, 1) + 1;

	return n == atomic_load(&fault_at);
}

void hub_heap_setup(void)
{
	enum { LARGE = 256 << 10 };

	(void)mallopt(M_MMAP_THRESHOLD, LARGE);
}

void *hub_heap_get(size_t n)
{
	return fault_now() ? NULL : malloc(n ? n : 1);
}

void *hub_heap_grow(void *p, size_t old, size_t n)
{
	(void)old;
	return fault_now() ? NULL : realloc(p, n ? n : 1);
}

void hub_heap_put(void *p)
{
	free(p);
}

struct hub_arena *hub_arena_new(size_t limit)
{
	struct hub_arena *a = hub_heap_get(sizeof *a);

	if (!a)
		return NULL;
	*a = (struct hub_arena){.limit = limit ? limit : (size_t)256 << 20,
				.next_size = FIRST_BLOCK};
	return a;
}

void hub_arena_free(struct hub_arena *a)
{
	if (!a)
		return;
	for (struct block *b = a->head, *next; b; b = next) {
		next = b->next;
		hub_heap_put(b);
	}
	hub_heap_put(a);
}

void hub_arena_reset(struct hub_arena *a)
{
	struct block *only = a->head && !a->head->next ? a->head : NULL;
	size_t used = 0;

	/* Several blocks become one that would have held it all: a batch arena then settles at one block,
	 * and neither allocates nor touches new pages. */
	for (struct block *b = a->head, *next; b && !only; b = next) {
		next = b->next;
		used += b->used;
		hub_heap_put(b);
	}
	if (used)
		a->next_size = used + used / 8;
	if (only)
		only->used = 0;
	a->head = only;
	a->total = only ? only->size : 0;
	a->failed = 0;
}

size_t hub_arena_used(const struct hub_arena *a)
{
	return a->total;
}

int hub_arena_failed(const struct hub_arena *a)
{
	return a->failed;
}

void hub_arena_fail(struct hub_arena *a)
{
	a->failed = 1;
}

static struct block *add_block(struct hub_arena *a, size_t n)
{
	size_t size = a->next_size, total;

	if (size < n)
		size = n;
	if (hub_size_add(a->total, size, &total) || total > a->limit) {
		size = n;
		if (hub_size_add(a->total, size, &total) || total > a->limit)
			return NULL;
	}
	struct block *b = hub_heap_get(HEADER + size);
	if (!b)
		return NULL;
	*b = (struct block){.next = a->head, .size = size};
	a->head = b;
	a->total = total;
	a->next_size = a->next_size < MAX_BLOCK / 2 ? a->next_size * 2 : MAX_BLOCK;
	return b;
}

void *hub_alloc(struct hub_arena *a, size_t n)
{
	if (n > SIZE_MAX - HEADER - ALIGN) {
		a->failed = 1;
		return NULL;
	}
	n = (n + ALIGN - 1) / ALIGN * ALIGN;

	struct block *b = a->head;
	if (!b || b->size - b->used < n) {
		b = add_block(a, n);
		if (!b) {
			a->failed = 1;
			return NULL;
		}
	}
	void *p = (char *)b + HEADER + b->used;
	b->used += n;
	return p;
}

void *hub_alloc0(struct hub_arena *a, size_t n)
{
	void *p = hub_alloc(a, n);

	if (p)
		memset(p, 0, n);
	return p;
}

void *hub_alloc_array(struct hub_arena *a, size_t count, size_t size)
{
	size_t n;

	if (hub_size_mul(count, size, &n)) {
		a->failed = 1;
		return NULL;
	}
	return hub_alloc0(a, n);
}

void *hub_alloc_more(struct hub_arena *a, void *list, size_t n, size_t *cap, size_t size)
{
	enum { FIRST = 16 };

	if (n < *cap)
		return list;
	const size_t more = *cap > SIZE_MAX / 2 ? SIZE_MAX : *cap ? *cap * 2 : FIRST;
	void *grown = hub_alloc_array(a, more, size);
	if (!grown)
		return NULL;
	if (n)
		memcpy(grown, list, n * size);
	*cap = more;
	return grown;
}

struct hub_str hub_arena_str(struct hub_arena *a, struct hub_str s)
{
	char *p = hub_alloc(a, s.len + 1);

	if (!p)
		return (struct hub_str){NULL, 0};
	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return (struct hub_str){p, s.len};
}

char *hub_arena_cstr(struct hub_arena *a, struct hub_str s)
{
	char *p = hub_alloc(a, s.len + 1);

	if (!p)
		return NULL;
	if (s.len)
		memcpy(p, s.ptr, s.len);
	p[s.len] = '\0';
	return p;
}

struct hub_str hub_arena_vprintf(struct hub_arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	const int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		return (struct hub_str){NULL, 0};

	char *p = hub_alloc(a, (size_t)n + 1);
	if (!p)
		return (struct hub_str){NULL, 0};
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct hub_str){p, (size_t)n};
}

struct hub_str hub_arena_printf(struct hub_arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const struct hub_str s = hub_arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}
