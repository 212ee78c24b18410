#include "jpath.h"
#include "plain.h"

#include <string.h>

enum { FIRST = 64, MOST_NODES = 1 << 17, MOST_DEPTH = 256 };

int jtree_init(struct jtree *t, struct hub_ctx *ctx, const struct hub_host *host)
{
	*t = (struct jtree){.ctx = ctx, .host = host, .n = 1, .cap = FIRST, .slots = 4 * FIRST};
	t->node = host->alloc(ctx, NULL, FIRST * sizeof *t->node);
	t->slot = host->alloc(ctx, NULL, t->slots * sizeof *t->slot);
	if (!t->node || !t->slot)
		return -1;
	t->node[0] = (struct jnode){.parent = JPATH_NONE, .col = SHEET_NONE};
	return 0;
}

static uint32_t hash(uint32_t parent, struct hub_str token)
{
	uint64_t h = 0xcbf29ce484222325u ^ parent;

	for (size_t i = 0; i < token.len; i++)
		h = (h ^ (unsigned char)token.ptr[i]) * 0x100000001b3u;
	h *= 0x9e3779b97f4a7c15u;
	return (uint32_t)(h >> 32);
}

/* The slot of a child, filled or free. */
static uint32_t *slot_of(const struct jtree *t, uint32_t parent, struct hub_str token)
{
	uint32_t i = hash(parent, token) & (t->slots - 1);

	for (; t->slot[i]; i = (i + 1) & (t->slots - 1)) {
		const struct jnode *n = &t->node[t->slot[i] - 1];
		if (n->parent == parent && str_same(n->token, token))
			break;
	}
	return &t->slot[i];
}

uint32_t jtree_find(struct jtree *t, uint32_t parent, uint32_t hint, struct hub_str token)
{
	const uint32_t next = t->node[hint].next;

	if (next && t->node[next].parent == parent && str_same(t->node[next].token, token))
		return next;
	const uint32_t found = *slot_of(t, parent, token);
	if (!found)
		return JPATH_NONE;
	t->node[hint].next = found - 1;
	return found - 1;
}

static int grow(struct jtree *t)
{
	struct jtree bigger = *t;

	bigger.cap = t->cap * 2;
	bigger.slots = bigger.cap * 4;
	bigger.node = t->host->alloc(t->ctx, NULL, bigger.cap * sizeof *bigger.node);
	bigger.slot = t->host->alloc(t->ctx, NULL, bigger.slots * sizeof *bigger.slot);
	if (!bigger.node || !bigger.slot)
		return -1;
	memcpy(bigger.node, t->node, t->n * sizeof *bigger.node);
	for (uint32_t i = 1; i < t->n; i++)
		*slot_of(&bigger, bigger.node[i].parent, bigger.node[i].token) = i + 1;
	*t = bigger;
	return 0;
}

uint32_t jtree_add(struct jtree *t, uint32_t parent, struct hub_str token)
{
	const uint32_t found = *slot_of(t, parent, token);

	if (found)
		return found - 1;
	if (t->n == MOST_NODES || (t->n == t->cap && grow(t)))
		return JPATH_NONE;
	const struct hub_str copy = str_keep(t->host, t->ctx, NULL, token);
	if (!copy.ptr)
		return JPATH_NONE;
	t->node[t->n] = (struct jnode){.parent = parent, .col = SHEET_NONE, .token = copy};
	*slot_of(t, parent, token) = t->n + 1;
	t->node[parent].inner = 1;
	return t->n++;
}

int jpath_next(struct hub_str *path, char *buf, struct hub_str *token)
{
	size_t i = 1, n = 0;

	if (path->len == 0)
		return 0;
	for (; i < path->len && path->ptr[i] != '/'; i++) {
		const int escaped = path->ptr[i] == '~' && i + 1 < path->len;
		if (escaped && path->ptr[i + 1] == '1')
			buf[n++] = '/';
		else if (escaped && path->ptr[i + 1] == '0')
			buf[n++] = '~';
		else
			buf[n++] = path->ptr[i];
		i += escaped && (path->ptr[i + 1] == '0' || path->ptr[i + 1] == '1');
	}
	*token = (struct hub_str){buf, n};
	*path = (struct hub_str){path->ptr + i, path->len - i};
	return 1;
}

static size_t put_token(struct hub_str token, int escape, char *out, size_t at, size_t cap)
{
	for (size_t i = 0; i < token.len; i++) {
		const int special = escape && (token.ptr[i] == '~' || token.ptr[i] == '/');
		if (at + 2 > cap)
			return 0;
		out[at++] = special ? '~' : token.ptr[i];
		if (special)
			out[at++] = token.ptr[i] == '/' ? '1' : '0';
	}
	return at;
}

size_t jtree_name(const struct jtree *t, uint32_t node, int escape, char *out, size_t cap)
{
	uint32_t up[MOST_DEPTH];
	size_t depth = 0, at = 0;

	for (uint32_t n = node; n != 0; n = t->node[n].parent) {
		if (depth == MOST_DEPTH)
			return 0;
		up[depth++] = n;
	}
	while (depth-- > 0) {
		const size_t before = at;
		at = put_token(t->node[up[depth]].token, escape, out, at, cap);
		if ((at == 0 && before) || at + 1 > cap)
			return 0;
		if (depth)
			out[at++] = '/';
	}
	return at;
}
