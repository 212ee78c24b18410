#include "room.h"

#include <string.h>
#include <sys/mman.h>

int room_open(struct room *r, size_t cap)
{
	void *p = mmap(NULL, cap + 1, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return -1;
	*r = (struct room){.p = p, .cap = cap};
	return 0;
}

void room_close(struct room *r)
{
	if (r->p)
		munmap(r->p, r->cap + 1);
	*r = (struct room){0};
}

char *room_add(struct room *r, size_t n)
{
	if (n > r->cap - r->len)
		return NULL;
	char *at = r->p + r->len;
	r->len += n;
	return at;
}

int room_put(struct room *r, const void *p, size_t n)
{
	char *to = room_add(r, n);

	if (!to)
		return -1;
	if (n > 0)
		memcpy(to, p, n);
	return 0;
}
