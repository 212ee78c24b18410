#include "resume.h"
#include "plain.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int resume_write(struct hub_ctx *ctx, const struct hub_host *host, struct hub_batch *b,
		 const uint64_t *number, uint32_t n, const struct hub_str *tail,
		 struct hub_err *err)
{
	const size_t cap = 8 + 21 * (size_t)n + (tail ? tail->len : 0);
	char *p = host->alloc(ctx, b, cap);
	size_t at = 0;

	if (!p)
		return NO_MEMORY(host, err);
	p[at++] = '1';
	for (uint32_t i = 0; i < n; i++)
		at += (size_t)snprintf(p + at, cap - at, " %" PRIu64, number[i]);
	if (tail && tail->len) {
		p[at++] = ' ';
		memcpy(p + at, tail->ptr, tail->len);
		at += tail->len;
	}
	b->pos = (struct hub_str){p, at};
	return HUB_OK;
}

/* Digits and the blank behind them, if there is one. */
static int take_number(struct hub_str *s, uint64_t *out)
{
	size_t n = 0;

	for (*out = 0; n < s->len && s->ptr[n] >= '0' && s->ptr[n] <= '9'; n++)
		if (__builtin_mul_overflow(*out, 10, out) ||
		    __builtin_add_overflow(*out, (uint64_t)(s->ptr[n] - '0'), out))
			return -1;
	if (n == 0 || (n < s->len && s->ptr[n] != ' '))
		return -1;
	n += n < s->len;
	*s = (struct hub_str){s->ptr + n, s->len - n};
	return 0;
}

int resume_read(const struct hub_host *host, struct hub_str pos, const char *path, uint64_t *number,
		uint32_t n, struct hub_str *tail, struct hub_err *err)
{
	uint64_t version, got[RESUME_NUMBERS];

	if (pos.len == 0)
		return HUB_OK;
	int bad = take_number(&pos, &version) || version != 1;
	for (uint32_t i = 0; i < n && !bad; i++)
		bad = take_number(&pos, &got[i]);
	if (bad || (pos.len && !tail))
		return HUB_FAIL(host, err, HUB_USAGE, "bad-position",
				"the resume position of %s is not one of this plugin", path);
	memcpy(number, got, n * sizeof *number);
	if (tail)
		*tail = pos;
	return HUB_OK;
}
