/* Small things that every part uses. */
#include "chat.h"
#include "plain.h"

int chat_no_memory(const struct ask *a)
{
	return NO_MEMORY(a->chat->host, a->err);
}

int64_t chat_number(struct hub_str s)
{
	int64_t v = 0;

	if (s.len == 0 || s.len > 15)
		return -1;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return -1;
		v = v * 10 + (s.ptr[i] - '0');
	}
	return v;
}

static int no_page(const struct ask *a)
{
	return a->desk->refuse(a->call, 400, a->err, "bad-cursor",
			       "after is not from a page before");
}

int chat_place(const struct ask *a, int64_t *at)
{
	const struct hub_str after = a->call->after;

	if (after.len)
		*at = chat_number(after);
	return after.len && *at < 0 ? no_page(a) : HUB_OK;
}

int chat_places(const struct ask *a, int64_t *at, int64_t *id)
{
	const struct hub_str after = a->call->after;
	const char *dot = after.len ? memchr(after.ptr, '.', after.len) : NULL;
	const size_t n = dot ? (size_t)(dot - after.ptr) : 0;

	if (dot) {
		*at = chat_number((struct hub_str){after.ptr, n});
		*id = chat_number((struct hub_str){dot + 1, after.len - n - 1});
	}
	return after.len && (!dot || *at < 0 || *id < 0) ? no_page(a) : HUB_OK;
}

/* Bytes of the blank at p: ASCII or U+3000. */
static size_t blank(const char *p, size_t left)
{
	if (*p == ' ' || (*p >= '\t' && *p <= '\r'))
		return 1;
	return left >= 3 && memcmp(p, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

struct hub_str chat_trim(struct hub_str s)
{
	for (size_t n; s.len && (n = blank(s.ptr, s.len)) > 0; s.ptr += n, s.len -= n)
		;
	while (s.len) {
		const size_t back = s.len >= 3 && blank(s.ptr + s.len - 3, 3) == 3 ? 3 : 1;

		if (blank(s.ptr + s.len - back, back) != back)
			break;
		s.len -= back;
	}
	return s;
}

struct hub_str chat_readable(const struct ask *a, struct hub_str text)
{
	return a->desk->readable(a->call, text);
}

struct hub_str chat_fold(const struct ask *a, struct hub_str text)
{
	const struct hub_host *h = a->chat->host;
	struct hub_str wide, out = {0};

	if (h->fold(a->call->ctx, NULL, HUB_FOLD_WIDTH, text, &wide) ||
	    h->fold(a->call->ctx, NULL, HUB_FOLD_KANA, wide, &out))
		return (struct hub_str){0};
	char *copy = a->desk->alloc(a->call, out.len + 1);
	if (!copy)
		return (struct hub_str){0};
	for (size_t i = 0; i < out.len; i++)
		copy[i] =
		    (char)(out.ptr[i] >= 'A' && out.ptr[i] <= 'Z' ? out.ptr[i] + 32 : out.ptr[i]);
	return (struct hub_str){copy, out.len};
}

int chat_may_write(const struct ask *a)
{
	if (a->call->who.account == 0)
		return a->desk->refuse(a->call, 403, a->err, "no-person",
				       "only a person can take part");
	if (!a->call->who.view_only)
		return HUB_OK;
	return a->desk->refuse(a->call, 403, a->err, "view-only", "this account may only look");
}
