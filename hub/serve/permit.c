#include "serve/principal.h"

static const struct hub_str star = {"*", 1};

/* The part before the first dot, and the part behind the last one. */
static struct hub_str head_of(struct hub_str s)
{
	const size_t dot = hub_str_find(s, HUB_STR("."), 0);

	return dot == (size_t)-1 ? s : hub_str_cut(s, 0, dot);
}

static struct hub_str tail_of(struct hub_str s)
{
	size_t at = s.len;

	while (at > 0 && s.ptr[at - 1] != '.')
		at--;
	return hub_str_from(s, at);
}

int hub_permission_fits(struct hub_str pattern, struct hub_str permission)
{
	if (hub_str_eq(pattern, star) || hub_str_eq(pattern, permission))
		return 1;
	if (!hub_str_eq(head_of(pattern), star) && !hub_str_eq(tail_of(pattern), star))
		return 0;
	if (hub_str_find(permission, HUB_STR("."), 0) == (size_t)-1)
		return 0;
	if (hub_str_eq(tail_of(pattern), star)) /* "chat.*": all before the star has to be there */
		return hub_str_starts(permission, hub_str_cut(pattern, 0, pattern.len - 1));
	return hub_str_ends(permission, hub_str_from(pattern, 1)); /* "*.read" */
}

int hub_permission_covers(struct hub_str by, struct hub_str pattern)
{
	if (hub_str_eq(by, star) || hub_str_eq(by, pattern))
		return 1;
	/* a pattern is covered by a wider one of the same side, a plain name by what fits it */
	if (hub_str_eq(head_of(pattern), star))
		return hub_str_eq(head_of(by), star) &&
		       hub_str_ends(hub_str_from(pattern, 1), hub_str_from(by, 1));
	if (hub_str_eq(tail_of(pattern), star))
		return hub_str_eq(tail_of(by), star) &&
		       hub_str_starts(pattern, hub_str_cut(by, 0, by.len - 1));
	return hub_permission_fits(by, pattern);
}

int hub_permission_is_pattern(struct hub_str s)
{
	struct hub_str rest = s, piece;
	unsigned pieces = 0, stars = 0;

	if (hub_str_eq(s, star))
		return 1;
	while (hub_str_next(&rest, '.', &piece)) {
		pieces++;
		if (hub_str_eq(piece, star)) {
			stars++;
			continue;
		}
		if (!piece.len)
			return 0;
		for (size_t i = 0; i < piece.len; i++) {
			const char c = piece.ptr[i];
			if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
			      c == '-'))
				return 0;
		}
	}
	if (pieces < 2 || stars > 1)
		return 0;
	return stars == 0 || hub_str_eq(head_of(s), star) || hub_str_eq(tail_of(s), star);
}

int hub_principal_may(const struct hub_principal *p, const char *permission)
{
	const struct hub_str want = hub_str_of(permission);

	if (!permission)
		return 1;
	if (!p)
		return 0;
	if (hub_str_is(want, HUB_MAY_LOCKED))
		return 1;
	if (p->locked)
		return 0;
	if (hub_str_is(want, HUB_MAY_SETUP))
		return 1;
	if (p->must_change)
		return 0;
	if (!want.len)
		return 1;
	if (p->view_only && !hub_str_eq(tail_of(want), HUB_STR("read")))
		return 0;
	for (uint32_t i = 0; i < p->n_may; i++)
		if (hub_permission_fits(p->may[i], want))
			return 1;
	return 0;
}
