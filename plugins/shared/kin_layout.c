/* Places of a family map: generations are rows, couples stand side by side, children below the middle of
 * their parents. Order: blocks of couples are exchanged while that makes the lines shorter; places:
 * least squares within an order (pool adjacent violators), back and forth until they rest. */
#include "kin.h"

#include <math.h>
#include <string.h>

enum { STEP = 128, ROW = 176, SWEEPS = 60, SWAPS = 8, LEVELS = 9, BLOCKS_TRIED = 40 };

struct block {
	uint32_t member[KIN_PEOPLE > 64 ? 64 : KIN_PEOPLE];
	uint32_t n;
	int generation;
	double want, x; /* of its first member */
};

struct plan {
	struct kin *k;
	struct block *block;
	uint32_t blocks;
	uint32_t *of;    /* person -> block */
	int top, bottom; /* generations there are */
};

/* --- generations ------------------------------------------------------------------------------------ */

static int spread(struct kin *k, const struct kin_tie *t, int seen[])
{
	const int d = t->kind == KIN_PARENT ? -1 : 0;

	if (seen[t->a] == seen[t->b])
		return 0;
	const uint32_t from = seen[t->a] ? t->a : t->b, to = seen[t->a] ? t->b : t->a;
	k->person[to].generation = k->person[from].generation + (from == t->a ? d : -d);
	seen[to] = 1;
	return 1;
}

/* From the client on, along the lines; then those of whom only the kind of relation is known. */
static void find_generations(struct kin *k)
{
	int seen[KIN_PEOPLE] = {0};
	const struct kin_person *client = kin_client(k);

	if (!client)
		return;
	seen[client - k->person] = 1;
	for (int loose = 0; loose < 2; loose++) {
		for (int more = 1; more;) {
			more = 0;
			for (uint32_t i = 0; i < k->ties; i++)
				if (k->tie[i].kind != KIN_LOOSE && k->tie[i].kind != KIN_NO_KIN)
					more |= spread(k, &k->tie[i], seen);
		}
		for (uint32_t i = 0; i < k->ties && !loose; i++) {
			struct kin_tie *t = &k->tie[i];
			if (t->kind != KIN_LOOSE || !seen[t->a])
				continue;
			if (seen[t->b]) {
				t->kind = KIN_NO_KIN; /* the lines say it better */
				continue;
			}
			k->person[t->b].generation = k->person[t->a].generation + t->generation;
			seen[t->b] = 1;
		}
	}
	for (uint32_t i = 0; i < k->people; i++)
		k->person[i].drawn = seen[i];
}

/* --- unions ------------------------------------------------------------------------------------------- */

static struct kin_union *find_union(struct kin *k, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < k->unions; i++) {
		struct kin_union *u = &k->un[i];
		if ((u->a == a && u->b == b) || (u->a == b && u->b == a))
			return u;
	}
	if (k->unions == KIN_UNIONS)
		return NULL;
	k->un[k->unions] = (struct kin_union){.a = a, .b = b};
	return &k->un[k->unions++];
}

/* The (up to two) parents of a child, by birth or not. */
static uint32_t parents_of(const struct kin *k, uint32_t child, int dashed, uint32_t out[2])
{
	uint32_t n = 0;

	out[0] = out[1] = KIN_NONE;
	for (uint32_t i = 0; i < k->ties && n < 2; i++) {
		const struct kin_tie *t = &k->tie[i];
		if (t->kind == KIN_PARENT && t->a == child && t->dashed == dashed &&
		    k->person[t->b].drawn)
			out[n++] = t->b;
	}
	return n;
}

/* Brothers and sisters have the client's parents, or share a line that hangs on nobody. */
static void add_siblings(struct kin *k)
{
	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_tie *t = &k->tie[i];
		uint32_t mine[2], its[2];
		if (t->kind != KIN_SIBLING || !k->person[t->b].drawn ||
		    parents_of(k, t->b, 0, its) > 0)
			continue;
		const uint32_t n = parents_of(k, t->a, 0, mine);
		for (uint32_t p = 0; p < n && k->ties < KIN_TIES; p++)
			k->tie[k->ties++] =
			    (struct kin_tie){.a = t->b, .b = mine[p], .kind = KIN_PARENT};
	}
}

static int add_child(struct kin *k, uint32_t child, uint32_t a, uint32_t b, int dashed, uint32_t at)
{
	struct kin_union *u = find_union(k, a, b);

	if (!u || u != &k->un[at] || k->children == KIN_TIES)
		return 0;
	if (u->n++ == 0)
		u->first = k->children;
	k->child[k->children++] = (struct kin_child){child, dashed};
	return 1;
}

/* All unions first, then the children of each side by side. */
static void find_unions(struct kin *k)
{
	uint32_t p[2];

	for (uint32_t i = 0; i < k->ties; i++) {
		const struct kin_tie *t = &k->tie[i];
		if (t->kind != KIN_COUPLE || !k->person[t->a].drawn || !k->person[t->b].drawn)
			continue;
		struct kin_union *u = find_union(k, t->a, t->b);
		if (u) {
			u->dashed = t->dashed;
			u->ended = t->ended;
			u->apart = t->apart;
		}
	}
	add_siblings(k);
	for (uint32_t c = 0; c < k->people; c++)
		for (int dashed = 0; dashed < 2; dashed++)
			if (parents_of(k, c, dashed, p) > 0)
				(void)find_union(k, p[0], p[1]);
	for (uint32_t i = 0; i < k->ties; i++)
		if (k->tie[i].kind == KIN_SIBLING && parents_of(k, k->tie[i].a, 0, p) == 0)
			(void)find_union(k, KIN_NONE, KIN_NONE);
	for (uint32_t u = 0; u < k->unions; u++) {
		for (uint32_t c = 0; c < k->people; c++)
			for (int dashed = 0; dashed < 2; dashed++)
				if (parents_of(k, c, dashed, p) > 0)
					(void)add_child(k, c, p[0], p[1], dashed, u);
		if (k->un[u].a != KIN_NONE)
			continue;
		const uint32_t client = (uint32_t)(kin_client(k) - k->person);
		(void)add_child(k, client, KIN_NONE, KIN_NONE, 0, u);
		for (uint32_t i = 0; i < k->ties; i++)
			if (k->tie[i].kind == KIN_SIBLING && k->tie[i].a == client)
				(void)add_child(k, k->tie[i].b, KIN_NONE, KIN_NONE, 0, u);
	}
}

/* --- blocks ------------------------------------------------------------------------------------------- */

static int is_couple(const struct kin *k, const struct kin_union *u)
{
	return u->a != KIN_NONE && u->b != KIN_NONE &&
	       k->person[u->a].generation == k->person[u->b].generation;
}

static uint32_t partner(const struct kin_union *u, uint32_t p)
{
	return u->a == p ? u->b : u->b == p ? u->a : KIN_NONE;
}

/* Partners who are not in a block yet: the ended ones outwards of the one that lasts. */
static uint32_t open_partners(const struct plan *p, uint32_t who, uint32_t out[8])
{
	uint32_t n = 0;

	for (int ended = 1; ended >= 0; ended--)
		for (uint32_t u = 0; u < p->k->unions && n < 8; u++) {
			const struct kin_union *un = &p->k->un[u];
			const uint32_t other = partner(un, who);
			if (is_couple(p->k, un) && other != KIN_NONE && un->ended == ended &&
			    p->of[other] == KIN_NONE)
				out[n++] = other;
		}
	return n;
}

static void add_member(struct plan *p, struct block *b, uint32_t who, int left)
{
	if (b->n == sizeof b->member / sizeof b->member[0])
		return;
	p->of[who] = (uint32_t)(b - p->block);
	if (left)
		memmove(b->member + 1, b->member, b->n * sizeof b->member[0]);
	b->member[left ? 0 : b->n] = who;
	b->n++;
}

/* Somebody with all partners, and theirs: former ones to the left, the present one to the right. */
static void make_block(struct plan *p, uint32_t who)
{
	struct block *b = &p->block[p->blocks++];
	uint32_t list[8];

	*b = (struct block){.generation = p->k->person[who].generation};
	add_member(p, b, who, 0);
	const uint32_t n = open_partners(p, who, list);
	for (uint32_t i = n; i-- > 0;) {
		const int male_first = n == 1 && p->k->person[list[i]].sex == KIN_MALE;
		add_member(p, b, list[i], n > 1 ? i + 1 < n : male_first);
	}
	for (int left = 0; left < 2; left++)
		for (uint32_t end = left ? b->member[0] : b->member[b->n - 1],
			      more = open_partners(p, end, list);
		     more > 0 && b->n < 60; more = open_partners(p, end, list)) {
			add_member(p, b, list[0], left);
			end = list[0];
		}
}

static void make_blocks(struct plan *p)
{
	struct kin *k = p->k;

	for (uint32_t i = 0; i < k->people; i++)
		p->of[i] = KIN_NONE;
	/* who has most partners stands in the middle of them */
	for (uint32_t most = 8; most-- > 0;)
		for (uint32_t i = 0; i < k->people; i++) {
			uint32_t list[8];
			if (k->person[i].drawn && p->of[i] == KIN_NONE &&
			    open_partners(p, i, list) >= most)
				make_block(p, i);
		}
}

/* --- places -------------------------------------------------------------------------------------------- */

static double middle(const struct kin *k, const struct kin_union *u)
{
	if (u->a != KIN_NONE && u->b != KIN_NONE)
		return (k->person[u->a].x + k->person[u->b].x) / 2;
	return u->a != KIN_NONE ? k->person[u->a].x : u->mid;
}

static double middle_of_children(const struct kin *k, const struct kin_union *u)
{
	double lo = 1e9, hi = -1e9;

	for (uint32_t i = 0; i < u->n; i++) {
		const double x = k->person[k->child[u->first + i].person].x;
		lo = x < lo ? x : lo;
		hi = x > hi ? x : hi;
	}
	return (lo + hi) / 2;
}

static void place_members(struct plan *p, const struct block *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		p->k->person[b->member[i]].x = b->x + i * (double)STEP;
}

/* Where a block would like to be: its children below it, itself below its parents. */
static void find_wishes(struct plan *p)
{
	const struct kin *k = p->k;
	double shift[KIN_PEOPLE] = {0};
	uint32_t n[KIN_PEOPLE] = {0};

	for (uint32_t i = 0; i < k->unions; i++) {
		struct kin_union *u = &k->un[i];
		if (u->n == 0)
			continue;
		if (u->a == KIN_NONE)
			u->mid = middle_of_children(k, u);
		const double d = middle(k, u) - middle_of_children(k, u);
		for (uint32_t c = 0; c < u->n; c++) {
			const uint32_t b = p->of[k->child[u->first + c].person];
			shift[b] += d;
			n[b]++;
		}
		if (u->a == KIN_NONE)
			continue;
		shift[p->of[u->a]] -= d;
		n[p->of[u->a]]++;
	}
	for (uint32_t i = 0; i < p->blocks; i++)
		p->block[i].want = p->block[i].x + (n[i] ? 0.5 * shift[i] / n[i] : 0);
}

/* Blocks of one generation keep their order and their distance, as near to their wishes as that allows. */
static void settle_generation(struct plan *p, int generation)
{
	double sum[KIN_PEOPLE], offset = 0;
	uint32_t count[KIN_PEOPLE], member[KIN_PEOPLE], n = 0, pools = 0;
	double place[KIN_PEOPLE];

	for (uint32_t i = 0; i < p->blocks; i++) {
		const struct block *b = &p->block[i];
		if (b->generation != generation)
			continue;
		member[n] = i;
		place[n] = offset;
		sum[pools] = b->want - offset;
		count[pools++] = 1;
		while (pools > 1 &&
		       sum[pools - 2] / count[pools - 2] > sum[pools - 1] / count[pools - 1]) {
			sum[pools - 2] += sum[pools - 1];
			count[pools - 2] += count[pools - 1];
			pools--;
		}
		offset += b->n * (double)STEP;
		n++;
	}
	for (uint32_t pool = 0, i = 0; pool < pools; pool++)
		for (uint32_t c = 0; c < count[pool]; c++, i++) {
			struct block *b = &p->block[member[i]];
			b->x = place[i] + sum[pool] / count[pool];
			place_members(p, b);
		}
}

static void settle(struct plan *p, int rounds)
{
	for (int round = 0; round < rounds; round++) {
		find_wishes(p);
		for (int g = p->top; g <= p->bottom; g++)
			settle_generation(p, g);
	}
}

static double cost(struct plan *p)
{
	const struct kin *k = p->k;
	double all = 0;

	for (uint32_t i = 0; i < p->blocks; i++) {
		p->block[i].x = 0;
		p->block[i].want = 0;
	}
	for (int g = p->top; g <= p->bottom; g++)
		settle_generation(p, g);
	settle(p, 12);
	for (uint32_t i = 0; i < k->unions; i++) {
		const struct kin_union *u = &k->un[i];
		for (uint32_t c = 0; c < u->n; c++) {
			const double x = k->person[k->child[u->first + c].person].x;
			all += fabs(x - middle(k, u));
			/* the elder one to the left: in the order of the rows */
			if (c > 0 && x < k->person[k->child[u->first + c - 1].person].x)
				all += STEP / 2.0;
		}
		if (u->b != KIN_NONE)
			all += 2 * fabs(k->person[u->a].x - k->person[u->b].x);
	}
	return all;
}

static void swap_blocks(struct plan *p, uint32_t a, uint32_t b)
{
	const struct block keep = p->block[a];

	p->block[a] = p->block[b];
	p->block[b] = keep;
	for (uint32_t i = 0; i < 2; i++) {
		const struct block *one = &p->block[i ? a : b];
		for (uint32_t m = 0; m < one->n; m++)
			p->of[one->member[m]] = i ? a : b;
	}
}

static void turn(struct block *b)
{
	for (uint32_t i = 0; i < b->n / 2; i++) {
		const uint32_t keep = b->member[i];
		b->member[i] = b->member[b->n - 1 - i];
		b->member[b->n - 1 - i] = keep;
	}
}

/* Tries every exchange of two blocks of a generation, and turning each, while it gets better. A large family
 * is left in the order in which it came. */
static void find_order(struct plan *p)
{
	double best = cost(p);

	for (int round = 0, better = 1; round < SWAPS && better && p->blocks <= BLOCKS_TRIED;
	     round++) {
		better = 0;
		for (uint32_t i = 0; i < p->blocks; i++)
			for (uint32_t j = i; j < p->blocks; j++) {
				struct block *a = &p->block[i], *b = &p->block[j];
				if (a->generation != b->generation || (i == j && a->n < 2))
					continue;
				if (i == j)
					turn(a);
				else
					swap_blocks(p, i, j);
				const double now = cost(p) + (i == j ? 1 : 0);
				if (now < best - 1) {
					best = now;
					better = 1;
				} else if (i == j)
					turn(a);
				else
					swap_blocks(p, i, j);
			}
	}
	(void)cost(p);
	settle(p, SWEEPS);
}

/* The elder one first, where both years are known; else in the order of the rows. */
static void sort_children(struct kin *k, const struct kin_union *u)
{
	for (uint32_t i = 1; i < u->n; i++)
		for (uint32_t j = u->first + i; j > u->first; j--) {
			const struct kin_child one = k->child[j - 1], two = k->child[j];
			const struct hub_str a = k->person[one.person].birth,
					     b = k->person[two.person].birth;
			if (a.len != 4 || b.len != 4 || memcmp(a.ptr, b.ptr, 4) <= 0)
				break;
			k->child[j - 1] = two;
			k->child[j] = one;
		}
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static void finish(struct plan *plan)
{
	struct kin *k = plan->k;
	double lo = 1e9, hi = -1e9;

	for (uint32_t i = 0; i < k->people; i++) {
		const struct kin_person *p = &k->person[i];
		if (!p->drawn)
			continue;
		lo = p->x < lo ? p->x : lo;
		hi = p->x > hi ? p->x : hi;
	}
	for (uint32_t i = 0; i < k->people; i++) {
		k->person[i].x += STEP / 2.0 - lo;
		k->person[i].y = (k->person[i].generation - plan->top) * (double)ROW + 50;
	}
	k->width = hi - lo + STEP;
	k->height = (plan->bottom - plan->top) * (double)ROW + 118;
	/* lines of children that cross the same stretch have heights of their own */
	for (uint32_t i = 0; i < k->unions; i++) {
		struct kin_union *u = &k->un[i];
		u->mid = u->a == KIN_NONE ? middle_of_children(k, u) : middle(k, u);
		u->bus = ROW - 44 - (i % 4) * 7.0;
	}
}

void kin_layout(struct kin *k)
{
	struct plan p = {.k = k};
	struct room room;

	k->width = k->height = 0;
	if (!kin_client(k) || room_open(&room, KIN_PEOPLE * (sizeof *p.block + sizeof *p.of)))
		return;
	p.block = (struct block *)(void *)room_add(&room, KIN_PEOPLE * sizeof *p.block);
	p.of = (uint32_t *)(void *)room_add(&room, KIN_PEOPLE * sizeof *p.of);
	find_generations(k);
	find_unions(k);
	for (uint32_t i = 0; i < k->unions; i++)
		sort_children(k, &k->un[i]);
	make_blocks(&p);
	p.top = LEVELS;
	p.bottom = -LEVELS;
	for (uint32_t i = 0; i < p.blocks; i++) {
		p.top = p.block[i].generation < p.top ? p.block[i].generation : p.top;
		p.bottom = p.block[i].generation > p.bottom ? p.block[i].generation : p.bottom;
	}
	find_order(&p);
	finish(&p);
	room_close(&room);
}
