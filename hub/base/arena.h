/* Memory with a clear end: a batch, a call, a generation of the configuration.
 * The only place in the hub that calls malloc is arena.c, so that every allocation can be made to
 * fail once (hub_fault_arm) and every growing thing has a limit given where it is made.
 * An arena belongs to one thread at a time. */
#ifndef HUB_BASE_ARENA_H
#define HUB_BASE_ARENA_H

#include <hub/plugin.h>
#include <stdarg.h>

#define HUB_AUTO(type) __attribute__((cleanup(hub_auto_##type)))

struct hub_arena;

/* limit: bytes the arena may hold in all; 0 = 256 MiB. NULL when out of memory. */
struct hub_arena *hub_arena_new(size_t limit);
void hub_arena_free(struct hub_arena *a); /* NULL is fine */
/* Forgets everything allocated; keeps the first block for reuse. */
void hub_arena_reset(struct hub_arena *a);
size_t hub_arena_used(const struct hub_arena *a);
/* Whether something asked of it since it was made or reset could not be had, or was marked so: what was built
 * from it is then not whole. A report asks once, at its end, instead of after each cell. */
int hub_arena_failed(const struct hub_arena *a);
void hub_arena_fail(struct hub_arena *a);

/* 16-byte aligned. NULL when out of memory or over the limit. */
void *hub_alloc(struct hub_arena *a, size_t n);  /* not cleared */
void *hub_alloc0(struct hub_arena *a, size_t n); /* zeroed */
/* count x size, overflow checked, zeroed. */
void *hub_alloc_array(struct hub_arena *a, size_t count, size_t size);

/* A list of n things of that size with room for one more: the list itself, or when *cap is reached a copy with more of
 * it. NULL when out of memory; the list is then as it was. */
void *hub_alloc_more(struct hub_arena *a, void *list, size_t n, size_t *cap, size_t size);

/* Copies; .ptr is NULL when out of memory. The copy is followed by a NUL byte. */
struct hub_str hub_arena_str(struct hub_arena *a, struct hub_str s);
char *hub_arena_cstr(struct hub_arena *a, struct hub_str s);
struct hub_str hub_arena_printf(struct hub_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct hub_str hub_arena_vprintf(struct hub_arena *a, const char *fmt, va_list ap);

/* Heap blocks for things that live on their own (buffers, arenas). */
void *hub_heap_get(size_t n);
/* Once, before anything is allocated: large blocks go back to the system when they are freed. Left to itself
 * the C library learns from the first large block to keep all of its size. */
void hub_heap_setup(void);
void *hub_heap_grow(void *p, size_t old, size_t n); /* keeps p when it fails */
void hub_heap_put(void *p);

/* Fault injection for tests: allocation number k from now on fails (1 = the next); 0 disarms.
 * Returns how many allocations were made since the last call. */
unsigned long hub_fault_arm(unsigned long k);

static inline void hub_auto_arena(struct hub_arena **a)
{
	hub_arena_free(*a);
}

static inline int hub_size_mul(size_t a, size_t b, size_t *out)
{
	return __builtin_mul_overflow(a, b, out);
}

static inline int hub_size_add(size_t a, size_t b, size_t *out)
{
	return __builtin_add_overflow(a, b, out);
}

#endif
