#include "margin.h"

#include "words.h"

enum {
	FAR = INT32_MAX / 4, /* no way at all; sums of it are above NO_WAY */
	NO_WAY = FAR / 2,
	AS_CHEAP = 1000,
};

/* What a word is read as. A given name is a name, too. */
enum reading { READ_NAME, READ_GIVEN, READ_PLACE, READ_OTHER, READINGS };

/* The cheapest ways through the stretch, by what they have at a character. */
struct margin {
	int32_t cover[READINGS]; /* a word so read covers it */
	int32_t name;            /* a name begins with it */
	int32_t cut;             /* a word does */
};

static enum reading reading_of(uint32_t tag)
{
	switch (tag % TAG_UNKNOWN) {
	case DICT_PERSON:
	case DICT_SURNAME:
		return READ_NAME;
	case DICT_GIVEN:
		return READ_GIVEN;
	case DICT_PROPER:
	case DICT_ORGANIZATION:
	case DICT_PLACE:
		return READ_PLACE;
	default:
		return READ_OTHER;
	}
}

static int32_t lower(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* 0: no such reading, or one that costs much more than the other; MARGIN_MOST: there is no other. */
static uint8_t steps(int32_t cost, int32_t other)
{
	static const int32_t edge[] = {8000, 6000, 4000,  2500,  1500,
				       500,  -500, -1500, -3000, -5000};
	uint32_t k = 0;

	if (cost > NO_WAY)
		return 0;
	for (uint32_t i = 0; i < MARGIN_MOST - 1; i++)
		k += cost - other < edge[i];
	return (uint8_t)(other > NO_WAY ? MARGIN_MOST : k);
}

/* What a way through the stretch costs, and what it has. */
static void note(struct margin *m, const struct way *way, uint32_t from, int32_t cost)
{
	const enum reading r = reading_of(way->tag);

	m[from].cut = lower(m[from].cut, cost);
	if (r == READ_NAME || r == READ_GIVEN)
		m[from].name = lower(m[from].name, cost);
	for (uint32_t i = from; i < way->to; i++)
		m[i].cover[r] = lower(m[i].cover[r], cost);
}

/* The ways that begin where a place leads, and what stands behind the nodes that end there. */
static void go_back(struct words *w, struct margin *m, uint32_t at)
{
	const uint32_t from = w->start[at].at;
	const struct start *st = &w->start[from];
	int32_t behind[LEFTS_MOST];

	for (uint32_t k = st->left; k < st[1].left; k++)
		behind[k - st->left] = FAR;
	for (uint32_t k = st->way; k < st[1].way; k++) {
		const struct way *way = &w->way[k];
		if (way->node == NONE)
			continue;
		const int32_t cost = way->cost + w->node[way->node].behind;
		behind[way->left] = lower(behind[way->left], cost);
		note(m, way, from, w->reach[st->left + way->left].cost + cost);
	}
	for (uint16_t k = w->ending[at]; k != NONE; k = w->node[k].next) {
		struct node *n = &w->node[k];
		n->behind = FAR;
		for (uint32_t x = st->left; x < st[1].left; x++)
			n->behind = lower(n->behind, lattice_join(w, n->right, w->left[x]) +
							 behind[x - st->left]);
	}
}

void margin_mark(struct words *w, struct seq *s, uint32_t end, int32_t cost)
{
	struct margin m[SEQ_MAX];

	for (uint32_t i = 0; i < s->n; i++)
		m[i] = (struct margin){{FAR, FAR, FAR, FAR}, FAR, FAR};
	for (uint16_t k = w->ending[end]; k != NONE; k = w->node[k].next)
		w->node[k].behind = lattice_join(w, w->node[k].right, 0);
	for (uint32_t at = end; at-- > 0;)
		if (w->ending[at] != NONE)
			go_back(w, m, at);
	for (uint32_t i = 0; i < s->n; i++) {
		const int32_t *cover = m[i].cover;
		const int32_t given = cover[READ_GIVEN], place = cover[READ_PLACE],
			      other = cover[READ_OTHER], name = lower(cover[READ_NAME], given);
		const uint8_t near = steps(name, lower(other, place));
		const int starts = near > 0 && m[i].name - name < AS_CHEAP;
		s->name[i] = (uint8_t)(near * 2 + starts);
		s->given[i] = given > NO_WAY ? 0 : given > name ? GIVEN_DEARER : GIVEN_CHEAPEST;
		s->place[i] = steps(place, lower(other, name));
		s->cut[i] = steps(m[i].cut, cost);
	}
}
