/* Learning by FTRL-proximal (McMahan et al. 2013): a gradient step per stretch with a rate of its own for
 * each weight, and an L1 penalty that keeps most weights at exactly zero. */
#include "train.h"

#include "../feature.h"
#include "../model.h"
#include "text/fold.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TABLE_BITS = 25, PAIRS_MOST = SEQ_MAX * 256 };
static const uint32_t NONE = UINT32_MAX;

/* One stretch: its features and what it may be labelled as. */
struct item {
	uint32_t n;
	uint32_t *start;   /* n + 1: where a character's features begin */
	uint32_t *feature; /* places in table, then weights; NONE: too rare */
	uint16_t *allowed; /* n: masks of labels */
};

struct weight {
	float z, root; /* accumulated gradient; root of the accumulated squares */
};

/* Values of a feature's weights, apart from what is only needed to change them: they are read ten times as
 * often. The last ones are 0. */
enum { ROOM = 12 };
typedef float values __attribute__((vector_size(16)));
struct row {
	values v[ROOM / 4];
};

/* A feature: a sign at a place towards the character. */
struct entry {
	uint32_t hash, count; /* count 0: free; later: number of the weights + 1 */
	uint8_t kind, slot;
};

struct learn {
	struct hub_arena *a, *scratch;
	struct words *words;
	const struct lexicon *full, *hiding;
	const struct known *known;
	struct seq seq;
	struct crf crf;
	struct crf_row target[SEQ_MAX];
	float most[SEQ_MAX]; /* what was taken off the scores of a character */
	struct item *item;
	size_t items, room, chars;
	struct entry *table;
	uint32_t used, slots;
	struct weight (*weight)[LABELS];
	struct row *row;      /* their values */
	struct entry **entry; /* what the weights are of */
	uint8_t *column;      /* its kind and slot as one number */
	struct signs signs;
	uint16_t readers[CELLS + 1], reader[SEQ_MAX * CELLS_OF_CHAR]; /* characters of a cell */
	struct pair {
		uint32_t character, feature;
	} pair[PAIRS_MOST]; /* of the stretch at hand */
	uint32_t pairs;
	struct row sum[SEQ_MAX]; /* of the stretch at hand */
	struct weight edge[LABELS], transition[LABELS][LABELS];
	struct model_chain value; /* of these */
};

struct learn *learn_new(struct hub_arena *a, struct words *words, const struct lexicon *full,
			const struct lexicon *hiding, const struct known *known)
{
	struct learn *l = hub_alloc0(a, sizeof *l);

	if (!l)
		return NULL;
	l->a = a;
	l->words = words;
	l->full = full;
	l->hiding = hiding;
	l->known = known;
	l->scratch = hub_arena_new(0);
	l->table = hub_alloc_array(a, 1u << TABLE_BITS, sizeof *l->table);
	l->room = 1 << 18;
	l->item = hub_alloc_array(a, l->room, sizeof *l->item);
	return l->scratch && l->table && l->item ? l : NULL;
}

/* Where a feature is in the table, or will be. */
static uint32_t find(const struct learn *l, uint32_t hash, uint8_t slot)
{
	uint32_t i = (hash ^ slot * 0x9e3779b1u) >> (32 - TABLE_BITS);

	while (l->table[i].count && (l->table[i].hash != hash || l->table[i].slot != slot))
		i = (i + 1) & ((1u << TABLE_BITS) - 1);
	return i;
}

/* ---- samples ---- */

static uint16_t labels_of(uint32_t may, int begin)
{
	uint16_t mask = 0;

	if (may == MAY_ANY)
		return (1u << LABELS) - 1;
	for (uint32_t k = 0; k < 4; k++)
		if (may >> k & 1)
			mask |= (uint16_t)(1u << (LABEL_PERSON + 2 * k + !begin));
	return mask;
}

/* Marks were made on the text as written; at[] leads from the folded text back to it. */
static void allow(const struct learn *l, const struct sample *s, const uint32_t *at, uint16_t *to)
{
	int64_t last = -1;

	for (uint32_t i = 0; i < l->seq.n; i++) {
		const uint32_t byte = at[l->seq.off[i]];
		int64_t in = -1;
		for (uint32_t k = 0; k < s->marks && in < 0; k++)
			if (byte >= s->mark[k].from && byte < s->mark[k].to)
				in = k;
		to[i] = in < 0 ? 1u : labels_of(s->mark[in].may, in != last);
		last = in;
	}
}

static int add_feature(struct learn *l, const struct sign *sign, uint8_t slot, uint32_t character)
{
	const uint32_t i = find(l, sign->hash, slot);
	struct entry *e = &l->table[i];

	if ((!e->count && ++l->used > (1u << TABLE_BITS) / 8 * 7) || l->pairs == PAIRS_MOST)
		return -1;
	*e = (struct entry){sign->hash, e->count + 1, sign->kind, slot};
	l->pair[l->pairs++] = (struct pair){character, i};
	return 0;
}

/* Which characters read a cell: reader[readers[cell]..readers[cell + 1]). */
static void find_readers(struct learn *l)
{
	uint16_t fill[CELLS + 1];

	memset(l->readers, 0, sizeof l->readers);
	for (uint32_t i = 0; i < l->seq.n; i++)
		for (uint32_t k = 0; k < CELLS_OF_CHAR; k++)
			l->readers[l->signs.cell[i][k] + 1]++;
	for (uint32_t c = 0; c < CELLS; c++)
		l->readers[c + 1] = (uint16_t)(l->readers[c + 1] + l->readers[c]);
	memcpy(fill, l->readers, sizeof fill);
	for (uint32_t i = 0; i < l->seq.n; i++)
		for (uint32_t k = 0; k < CELLS_OF_CHAR; k++)
			l->reader[fill[l->signs.cell[i][k]]++] = (uint16_t)i;
}

static int add_features(struct learn *l)
{
	feature_signs(&l->seq, &l->signs);
	find_readers(l);
	l->pairs = 0;
	for (uint32_t i = 0; i < l->signs.n; i++) {
		const struct sign *sign = &l->signs.sign[i];
		for (uint8_t slot = 0; slot < feature_slots[sign->kind]; slot++) {
			const int cell = sign->cell + feature_cell[sign->kind][slot];
			for (uint32_t k = l->readers[cell]; k < l->readers[cell + 1]; k++)
				if (add_feature(l, sign, slot, l->reader[k]))
					return -1;
		}
	}
	return 0;
}

static int add_item(struct learn *l, const struct sample *s, const uint32_t *at)
{
	struct item *item = &l->item[l->items];
	const uint32_t n = l->seq.n;
	uint32_t fill[SEQ_MAX + 1];

	if (l->items == l->room || add_features(l))
		return -1;
	item->n = n;
	item->start = hub_alloc0(l->a, (n + 1) * sizeof *item->start);
	item->feature = hub_alloc(l->a, l->pairs * sizeof *item->feature);
	item->allowed = hub_alloc(l->a, n * sizeof *item->allowed);
	if (!item->start || !item->feature || !item->allowed)
		return -1;
	allow(l, s, at, item->allowed);
	for (uint32_t k = 0; k < l->pairs; k++)
		item->start[l->pair[k].character + 1]++;
	for (uint32_t i = 0; i < n; i++)
		item->start[i + 1] += item->start[i];
	memcpy(fill, item->start, sizeof fill[0] * (n + 1));
	for (uint32_t k = 0; k < l->pairs; k++)
		item->feature[fill[l->pair[k].character]++] = l->pair[k].feature;
	l->items++;
	l->chars += n;
	return 0;
}

int learn_add(struct learn *l, const struct sample *s, int hiding)
{
	const uint32_t *byte_of;
	size_t at = 0;

	hub_arena_reset(l->scratch);
	const struct hub_str norm =
	    hub_fold_width(l->scratch, hub_buf_text(&s->text), HUB_FOLD_LF, &byte_of);
	if (!norm.ptr)
		return s->text.len ? -1 : 0;
	while (seq_next(&l->seq, norm, &at)) {
		words_mark(l->words, &l->seq, hiding ? HIDDEN_PER_1000 : 0);
		lexicon_mark(hiding ? l->hiding : l->full, &l->seq);
		known_mark(l->known, &l->seq, hiding ? HIDDEN_PER_1000 : 0);
		if (add_item(l, s, byte_of))
			return -1;
	}
	return 0;
}

/* ---- weights ---- */

static void update(struct weight *w, float *value, float g, const struct learn_conf *conf, float l1)
{
	const float root = sqrtf(w->root * w->root + g * g);

	w->z += g - (root - w->root) / conf->rate * *value;
	w->root = root;
	if (fabsf(w->z) <= l1)
		*value = 0;
	else
		*value = -(w->z - copysignf(l1, w->z)) / ((1.0f + root) / conf->rate + conf->l2);
}

/* Features that occur often enough get weights. */
static int give_slots(struct learn *l, uint32_t least)
{
	uint32_t first[SIGN_KINDS] = {0};

	for (uint32_t k = 1; k < SIGN_KINDS; k++)
		first[k] = first[k - 1] + feature_slots[k - 1];
	for (uint32_t i = 0; i < 1u << TABLE_BITS; i++) {
		struct entry *e = &l->table[i];
		e->count = e->count >= least ? ++l->slots : e->count ? NONE : 0;
	}
	l->weight = hub_alloc_array(l->a, l->slots + 1, sizeof *l->weight);
	l->row = hub_alloc_array(l->a, l->slots + 1, sizeof *l->row);
	l->entry = hub_alloc_array(l->a, l->slots + 1, sizeof(struct entry *));
	l->column = hub_alloc_array(l->a, l->slots + 1, sizeof *l->column);
	if (!l->weight || !l->row || !l->entry || !l->column)
		return -1;
	for (uint32_t i = 0; i < 1u << TABLE_BITS; i++) {
		struct entry *e = &l->table[i];
		if (!e->count || e->count == NONE)
			continue;
		l->entry[e->count - 1] = e;
		l->column[e->count - 1] = (uint8_t)(first[e->kind] + e->slot);
	}
	for (size_t k = 0; k < l->items; k++) {
		const struct item *item = &l->item[k];
		for (uint32_t i = 0; i < item->start[item->n]; i++) {
			const uint32_t count = l->table[item->feature[i]].count;
			item->feature[i] = count == NONE ? NONE : count - 1;
		}
	}
	return 0;
}

/* Some kinds of features are left out while a stretch is learned, others every time, so that none becomes
 * the only sign of a name; the rest counts for more, that the sum stays what it is without. */
struct dropping {
	uint8_t left_out[FEATURE_SLOTS]; /* by column */
	float factor;
};

static struct dropping drop(struct rng *r, uint32_t percent)
{
	struct dropping d = {.factor = 100.0f / (float)(100 - percent)};

	for (uint32_t k = 0; k < FEATURE_SLOTS; k++)
		d.left_out[k] = (uint8_t)rng_chance(r, percent);
	return d;
}

static int counts(const struct learn *l, const struct dropping *d, uint32_t feature)
{
	return feature != NONE && !d->left_out[l->column[feature]];
}

static void score(struct learn *l, const struct item *item, const struct dropping *d)
{
	for (uint32_t i = 0; i < item->n; i++) {
		struct row sum = {0};
		for (uint32_t k = item->start[i]; k < item->start[i + 1]; k++)
			if (counts(l, d, item->feature[k]))
				for (uint32_t y = 0; y < ROOM / 4; y++)
					sum.v[y] += l->row[item->feature[k]].v[y];
		for (uint32_t y = 0; y < ROOM / 4; y++)
			l->sum[i].v[y] = sum.v[y] * d->factor;
	}
}

/* Probabilities of all labels, or of those allowed only: scores become exponentials, relative to the
 * largest. */
static void run(struct learn *l, const struct item *item, const uint16_t *allowed)
{
	for (uint32_t i = 0; i < item->n; i++) {
		const float *sum = (const float *)&l->sum[i];
		const uint32_t mask = allowed ? allowed[i] : 0xffffu;
		float most = -1e30f;
		for (uint32_t y = 0; y < LABELS; y++)
			most = mask >> y & 1 && sum[y] > most ? sum[y] : most;
		for (uint32_t y = 0; y < LABELS; y++)
			crf_set(&l->crf.weight[i], y, mask >> y & 1 ? expf(sum[y] - most) : 0.0f);
		l->most[i] = most;
	}
	crf_run(&l->crf, item->n);
}

/* The log of the sum over all ways, after crf_run(). */
static double log_sum(const struct learn *l, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += l->most[i] - log(l->crf.alpha[i].norm);
	return sum;
}

static int may_follow(uint32_t from, uint32_t to)
{
	return to == 0 || to % 2 == 1 || from == to || from + 1 == to;
}

static struct model_chain chain_of(const struct learn *l)
{
	struct model_chain c;

	for (uint32_t y = 0; y < LABELS; y++) {
		c.edge[y] = may_follow(0, y) ? l->value.edge[y] : -1e10f;
		for (uint32_t z = 0; z < LABELS; z++)
			c.transition[y][z] = may_follow(y, z) ? l->value.transition[y][z] : -1e10f;
	}
	return c;
}

/* Adds sign x expected counts of edge and transitions of the last crf_run(). */
static void expect(const struct learn *l, const struct model_chain *chain, uint32_t n, float sign,
		   float edge[LABELS], float between[LABELS][LABELS])
{
	const struct crf *c = &l->crf;
	float t[LABELS][LABELS];

	for (uint32_t y = 0; y < LABELS; y++) {
		edge[y] += sign * crf_get(&c->marginal[0], y);
		for (uint32_t z = 0; z < LABELS; z++)
			t[y][z] =
			    chain->transition[y][z] < -1e8f ? 0.0f : expf(chain->transition[y][z]);
	}
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t z = 0; z < LABELS; z++) {
			const float right =
			    crf_get(&c->weight[i], z) * crf_get(&c->beta[i], z) * c->alpha[i].norm;
			for (uint32_t y = 0; right > 0 && y < LABELS; y++)
				between[y][z] +=
				    sign * crf_get(&c->alpha[i - 1], y) * t[y][z] * right;
		}
}

static double learn_item(struct learn *l, const struct item *item, const struct learn_conf *conf,
			 struct rng *r)
{
	const struct dropping d = drop(r, conf->drop);
	float edge[LABELS] = {0}, between[LABELS][LABELS] = {{0}};

	const struct model_chain chain = chain_of(l);

	crf_init(&l->crf, &chain);
	score(l, item, &d);
	run(l, item, item->allowed);
	const double fit = log_sum(l, item->n);
	memcpy(l->target, l->crf.marginal, item->n * sizeof l->target[0]);
	expect(l, &chain, item->n, -1, edge, between);
	run(l, item, NULL);
	const double all = log_sum(l, item->n);
	expect(l, &chain, item->n, 1, edge, between);
	for (uint32_t i = 0; i < item->n; i++) {
		for (uint32_t y = 0; y < LABELS; y++) {
			const float g =
			    (crf_get(&l->crf.marginal[i], y) - crf_get(&l->target[i], y)) *
			    d.factor;
			if (fabsf(g) < 1e-3f)
				continue;
			for (uint32_t k = item->start[i]; k < item->start[i + 1]; k++) {
				const uint32_t f = item->feature[k];
				if (counts(l, &d, f))
					update(&l->weight[f][y], (float *)&l->row[f] + y, g, conf,
					       conf->l1);
			}
		}
	}
	for (uint32_t y = 0; y < LABELS; y++) {
		update(&l->edge[y], &l->value.edge[y], edge[y], conf, 0);
		for (uint32_t z = 0; z < LABELS; z++)
			update(&l->transition[y][z], &l->value.transition[y][z], between[y][z],
			       conf, 0);
	}
	return all - fit;
}

/* Only differences matter: in the model, O weighs nothing. */
static float against_o(const struct learn *l, uint32_t weights, uint32_t y)
{
	const float *v = (const float *)&l->row[weights];

	return v[y] - v[LABEL_O];
}

/* A feature that is kept, or may be. */
struct kept {
	const struct entry *entry;
	uint32_t weights;
	float most;
};

static int by_sign(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	if (a->entry->hash != b->entry->hash)
		return a->entry->hash < b->entry->hash ? -1 : 1;
	return (int)a->entry->slot - (int)b->entry->slot;
}

static int by_size(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	return a->most != b->most ? (a->most < b->most ? 1 : -1) : by_sign(x, y);
}

/* The features with a weight of this size and more, the largest first. */
static uint32_t find_kept(const struct learn *l, float least, struct kept *kept)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->slots; i++) {
		struct kept k = {.entry = l->entry[i], .weights = i};
		for (uint32_t y = 1; y < LABELS; y++)
			k.most = fmaxf(k.most, fabsf(against_o(l, i, y)));
		if (k.most >= least)
			kept[n++] = k;
	}
	qsort(kept, n, sizeof *kept, by_size);
	return n;
}

/* Leaves the other features out of all stretches. */
static void leave_out(struct learn *l, const uint8_t *stays)
{
	for (size_t k = 0; k < l->items; k++) {
		struct item *item = &l->item[k];
		uint32_t from = 0, to = 0;
		for (uint32_t i = 0; i < item->n; i++) {
			for (; from < item->start[i + 1]; from++)
				if (item->feature[from] != NONE && stays[item->feature[from]])
					item->feature[to++] = item->feature[from];
			item->start[i + 1] = to;
		}
	}
	for (uint32_t i = 0; i < l->slots; i++)
		if (!stays[i])
			l->row[i] = (struct row){0};
}

/* Only the features with the largest weights stay: what is learned from here on makes up for the others. */
static int keep_largest(struct learn *l, uint32_t most)
{
	struct kept *kept = hub_alloc_array(l->a, l->slots + 1, sizeof *kept);
	uint8_t *stays = hub_alloc0(l->a, l->slots + 1);

	if (!kept || !stays)
		return -1;
	const uint32_t n = find_kept(l, FLT_MIN, kept);
	fprintf(stderr, "%u features with weights\n", n);
	for (uint32_t i = 0; i < n && i < most; i++)
		stays[kept[i].weights] = 1;
	leave_out(l, stays);
	return 0;
}

int learn_run(struct learn *l, const struct learn_conf *conf, struct rng *r)
{
	uint32_t *order = hub_alloc_array(l->a, l->items + 1, sizeof *order);

	if (!order || give_slots(l, conf->least))
		return -1;
	fprintf(stderr, "%zu stretches, %zu characters, %u features\n", l->items, l->chars,
		l->slots);
	for (uint32_t i = 0; i < l->items; i++)
		order[i] = i;
	for (uint32_t e = 0; e < conf->epochs; e++) {
		double loss = 0;
		if (e == conf->all && keep_largest(l, conf->most))
			return -1;
		for (uint32_t i = (uint32_t)l->items; i > 1; i--) {
			const uint32_t k = rng_below(r, i), x = order[i - 1];
			order[i - 1] = order[k];
			order[k] = x;
		}
		for (uint32_t i = 0; i < l->items; i++)
			loss += learn_item(l, &l->item[order[i]], conf, r);
		fprintf(stderr, "epoch %u: loss %.0f\n", e + 1, loss);
	}
	return 0;
}

/* ---- writing ---- */

static int8_t quantised(float w, float scale)
{
	const float q = rintf(w / scale);

	return (int8_t)(q > 127 ? 127 : q < -127 ? -127 : q);
}

/* A short hash of the model, beside it, becomes part of the detector's version: a text that was scanned
 * with another model is scanned again. */
static int write_id(const char *path, struct hub_str model, struct hub_err *err)
{
	const struct hub_hash h = hub_hash128(model, (struct hub_hash){0, 0});
	const char *slash = strrchr(path, '/');
	char name[4096], text[512];

	if (snprintf(name, sizeof name, "%.*smodel_id.h", slash ? (int)(slash + 1 - path) : 0,
		     path) >= (int)sizeof name)
		return hub_fail(err, HUB_USAGE, "usage", "the path of the model is too long");
	snprintf(text, sizeof text,
		 "/* Made by `make model` with the model. */\n#ifndef TAGGER_MODEL_ID\n"
		 "#define TAGGER_MODEL_ID \"%08x\"\n#endif\n",
		 (unsigned)(h.lo & 0xffffffffu));
	return hub_file_write(name, hub_str_of(text), err);
}

/* The parts of the file. */
struct parts {
	uint64_t *row, *used; /* of each feature; each once */
	uint8_t *count;       /* MODEL_UPPER */
	struct hub_buf lower, slots, rows;
};

static int by_value(const void *x, const void *y)
{
	const uint64_t *a = x, *b = y;

	return (*a > *b) - (*a < *b);
}

/* The rows of all features: few are of their own. How many differ. */
static uint32_t find_rows(const struct learn *l, const struct kept *kept, uint32_t n, float scale,
			  struct parts *p)
{
	uint32_t rows = 0;

	for (uint32_t i = 0; i < n; i++) {
		int8_t w[WEIGHTS];
		for (uint32_t y = 1; y < LABELS; y++)
			w[y - 1] = quantised(against_o(l, kept[i].weights, y), scale);
		memcpy(&p->row[i], w, sizeof w);
		p->used[i] = p->row[i];
	}
	qsort(p->used, n, sizeof *p->used, by_value);
	for (uint32_t i = 0; i < n; i++)
		if (!rows || p->used[i] != p->used[rows - 1])
			p->used[rows++] = p->used[i];
	return rows;
}

/* A sign, the features [from, to) of which are kept. -1 when there are too many like it. */
static int add_sign(const struct kept *kept, uint32_t from, uint32_t to, struct model_head *head,
		    struct parts *p)
{
	const uint32_t hash = kept[from].entry->hash;
	const uint16_t lower = hash & 0xffff;
	uint16_t slots = 0;

	for (uint32_t i = from; i < to; i++) {
		const uint64_t *found =
		    bsearch(&p->row[i], p->used, head->rows, sizeof *p->used, by_value);
		const uint16_t row = (uint16_t)(found - p->used);
		slots |= (uint16_t)(1u << kept[i].entry->slot);
		hub_buf_add(&p->rows, &row, sizeof row);
	}
	hub_buf_add(&p->lower, &lower, sizeof lower);
	hub_buf_add(&p->slots, &slots, sizeof slots);
	head->signs++;
	head->uses += to - from;
	return ++p->count[hash >> 16] ? 0 : -1;
}

static int fill_parts(const struct learn *l, struct model_head *head, struct parts *p)
{
	struct kept *kept = hub_alloc_array(l->a, l->slots + 1, sizeof *kept);

	if (!kept)
		return -1;
	const uint32_t all = find_kept(l, head->scale / 2, kept);
	qsort(kept, all, sizeof *kept, by_sign);
	p->row = hub_alloc_array(l->a, all + 1, sizeof *p->row);
	p->used = hub_alloc_array(l->a, all + 1, sizeof *p->used);
	p->count = hub_alloc0(l->a, MODEL_UPPER);
	if (!p->row || !p->used || !p->count)
		return -1;
	head->rows = find_rows(l, kept, all, head->scale, p);
	for (uint32_t from = 0, to; from < all; from = to) {
		to = from + 1;
		while (to < all && kept[to].entry->hash == kept[from].entry->hash)
			to++;
		if (add_sign(kept, from, to, head, p))
			return -1;
	}
	fprintf(stderr, "%u signs, %u rows\n", head->signs, head->rows);
	return head->rows <= MODEL_ROWS && head->uses <= MODEL_USES ? 0 : -1;
}

int learn_write(const struct learn *l, const char *path, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct model_head head = {.magic = MODEL_MAGIC,
				  .labels = LABELS,
				  .scale = 1.0f / 24,
				  .known = l->known->slots,
				  .chain = chain_of(l)};
	struct parts p;

	hub_buf_init(&out, 64 << 20);
	hub_buf_init(&p.lower, 64 << 20);
	hub_buf_init(&p.slots, 64 << 20);
	hub_buf_init(&p.rows, 64 << 20);
	int ok = !fill_parts(l, &head, &p);
	if (ok) {
		hub_buf_add(&out, &head, sizeof head);
		hub_buf_add(&out, p.used, head.rows * sizeof *p.used);
		hub_buf_add(&out, p.count, MODEL_UPPER);
		hub_buf_str(&out, hub_buf_text(&p.lower));
		hub_buf_str(&out, hub_buf_text(&p.slots));
		hub_buf_str(&out, hub_buf_text(&p.rows));
		hub_buf_add(&out, l->known->slot, l->known->slots * sizeof *l->known->slot);
		ok = hub_buf_ok(&p.lower) && hub_buf_ok(&p.slots) && hub_buf_ok(&p.rows);
	}
	hub_buf_free(&p.lower);
	hub_buf_free(&p.slots);
	hub_buf_free(&p.rows);
	if (!ok || !hub_buf_ok(&out))
		return hub_fail_mem(err);
	const int rc = hub_file_write(path, hub_buf_text(&out), err);
	return rc ? rc : write_id(path, hub_buf_text(&out), err);
}
