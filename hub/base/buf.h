/* A growing byte buffer with a limit. Adding never returns an error: the first failure sticks, and
 * hub_buf_ok() is asked once at the end. */
#ifndef HUB_BASE_BUF_H
#define HUB_BASE_BUF_H

#include "base/arena.h"
#include "base/str.h"

struct hub_buf {
	char *ptr;
	size_t len, cap, limit;
	int failed; /* over the limit or out of memory */
};

void hub_buf_init(struct hub_buf *b, size_t limit);
void hub_buf_free(struct hub_buf *b);
static inline void hub_auto_buf(struct hub_buf *b)
{
	hub_buf_free(b);
}
void hub_buf_reset(struct hub_buf *b); /* empty, keeps the memory, clears the failure */
/* Makes room for n more bytes; NULL when it cannot. The caller then adds to b->len itself. */
char *hub_buf_room(struct hub_buf *b, size_t n);
void hub_buf_add(struct hub_buf *b, const void *p, size_t n);
void hub_buf_printf(struct hub_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline void hub_buf_str(struct hub_buf *b, struct hub_str s)
{
	hub_buf_add(b, s.ptr, s.len);
}
static inline void hub_buf_puts(struct hub_buf *b, const char *z)
{
	hub_buf_add(b, z, strlen(z));
}
static inline void hub_buf_putc(struct hub_buf *b, char c)
{
	hub_buf_add(b, &c, 1);
}
static inline int hub_buf_ok(const struct hub_buf *b)
{
	return !b->failed;
}
static inline struct hub_str hub_buf_text(const struct hub_buf *b)
{
	return (struct hub_str){b->ptr, b->len};
}

/* The last byte; 0 when there is none. */
static inline char hub_buf_last(const struct hub_buf *b)
{
	return (char)(b->len ? b->ptr[b->len - 1] : 0);
}

/* A copy in the arena; .ptr is NULL, and the arena has failed, when the buffer is not whole or memory is out. */
struct hub_str hub_buf_keep(const struct hub_buf *b, struct hub_arena *a);

/* A name from outside (of a file, of who acts) for a screen: nothing in it steers a terminal. Line ends stay. */
void hub_buf_plain(struct hub_buf *b, struct hub_str s);

/* JSON into a buffer. Strings must be valid UTF-8; control characters, quote and backslash are
 * escaped, everything else stays as it is. */
void hub_json_str(struct hub_buf *b, struct hub_str s);
/* ,"name": (the comma unless the last byte opens an object or array) */
void hub_json_key(struct hub_buf *b, const char *name);
void hub_json_field(struct hub_buf *b, const char *name, struct hub_str value);
void hub_json_int(struct hub_buf *b, const char *name, int64_t value);

#endif
