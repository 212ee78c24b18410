#include "conf/near.h"

#include <stdio.h>

/* As hub_str_distance, but a short name is near only if most of it is the same. */
enum { FAR = 4 };
static unsigned distance(struct hub_str known, struct hub_str name)
{
	const unsigned d = hub_str_distance(known, name);

	return 2 * d <= known.len ? d : FAR;
}

int hub_is_near(struct hub_str known, struct hub_str name)
{
	return distance(known, name) < FAR;
}

void hub_near_add(struct hub_near *n, struct hub_str known)
{
	const unsigned d = distance(known, n->name);

	if (d < FAR && (!n->best.len || d < n->distance)) {
		n->best = known;
		n->distance = d;
	}
	if (n->used + known.len + 3 < sizeof n->all)
		n->used += (size_t)snprintf(n->all + n->used, sizeof n->all - n->used, "%s%.*s",
					    n->used ? ", " : "", HUB_FMT(known));
	n->n++;
}
