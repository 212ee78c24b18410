#include "jescape.h"

#include <string.h>

static void alone(struct jrec_escapes *e, uint64_t at)
{
	if (e->n < JREC_BAD)
		e->at[e->n] = at;
	e->n++;
}

static unsigned hex(char c)
{
	return c <= '9' ? (unsigned)(c - '0') & 15 : ((unsigned)c & 7) + 9;
}

/* A whole \uXXXX that ends before `end`. */
static void unit(struct jrec_escapes *e, uint64_t end)
{
	const unsigned v = e->value;

	if (v >= 0xdc00 && v <= 0xdfff) {
		if (!e->high)
			alone(e, end);
		e->high = 0;
		return;
	}
	if (e->high)
		alone(e, end);
	e->high = v >= 0xd800 && v <= 0xdbff ? end : 0;
}

void jescape_scan(struct jrec_escapes *e, const char *p, size_t n, uint64_t at)
{
	size_t i = 0;

	while (i < n) {
		if (e->state == 0) {
			const char *slash = p[i] == '\\' ? p + i : memchr(p + i, '\\', n - i);
			if (e->high && slash != p + i) {
				alone(e, e->high);
				e->high = 0;
			}
			if (!slash)
				return;
			i = (size_t)(slash - p) + 1;
			e->state = 1;
		} else if (e->state == 1) {
			if (p[i] != 'u' && e->high) {
				alone(e, e->high);
				e->high = 0;
			}
			e->state = p[i] == 'u' ? 2 : 0;
			e->value = 0;
			i++;
		} else {
			e->value = e->value << 4 | hex(p[i++]);
			if (++e->state == 6) {
				e->state = 0;
				unit(e, at + i);
			}
		}
	}
}

int jescape_between(struct jrec_escapes *e, uint64_t from, uint64_t to)
{
	uint32_t left = 0, hit = 0;

	for (uint32_t i = 0; i < e->n && i < JREC_BAD; i++) {
		hit |= e->at[i] > from && e->at[i] <= to;
		if (e->at[i] > to)
			e->at[left++] = e->at[i];
	}
	e->n = left;
	return (int)hit;
}
