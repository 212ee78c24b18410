#include "conf/near.h"

#include <stdio.h>

enum { FAR = 4, MOST = 40 };

/* Code points; 0 when there are too many. */
static unsigned points(struct hub_str s, int32_t *out)
{
	unsigned n = 0;

	for (size_t at = 0; at < s.len; n++) {
		if (n == MOST)
			return 0;
		out[n] = hub_utf8_next(s, &at);
	}
	return n;
}

/* Signs to be changed, put in or left out. A short name is near only if half of it is the same. */
static unsigned distance(struct hub_str known, struct hub_str name)
{
	int32_t a[MOST], b[MOST];
	unsigned row[MOST + 1];
	const unsigned n = points(known, a), m = points(name, b);

	for (unsigned k = 0; k <= m; k++)
		row[k] = k;
	for (unsigned i = 1; i <= n; i++) {
		unsigned diagonal = row[0];
		row[0] = i;
		for (unsigned k = 1; k <= m; k++) {
			const unsigned up = row[k];
			unsigned best = diagonal + (a[i - 1] != b[k - 1]);
			if (up + 1 < best)
				best = up + 1;
			if (row[k - 1] + 1 < best)
				best = row[k - 1] + 1;
			row[k] = best;
			diagonal = up;
		}
	}
	return n && m && 2 * row[m] <= (n > m ? n : m) ? row[m] : FAR;
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

void hub_near_hint(const struct hub_near *n, struct hub_err *err)
{
	if (n->best.len)
		hub_hint(err, "Did you mean \"%.*s\"?", HUB_FMT(n->best));
}
