/* Learning by FTRL-proximal (McMahan et al. 2013): a gradient step per stretch with a rate of its own for
 * each weight, and an L1 penalty that keeps most weights at exactly zero. */
#include "train.h"

#include "../feature.h"
#include "text/fold.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TABLE_BITS = 23 };
static const uint32_t NONE = UINT32_MAX;

/* One stretch: its features and what it may be labelled as. */
struct item {
	uint32_t n;
	uint32_t *feature; /* n x FEATURES; hashes, then slots */
	uint16_t *allowed; /* n: masks of labels */
};

struct weight {
	float w, z, root; /* value; accumulated gradient; root of the accumulated squares */
};

struct entry {
	uint32_t hash, count; /* count 0: free; later: slot + 1 */
};

struct learn {
	struct hub_arena *a, *scratch;
	struct words *words;
	const struct lexicon *full, *hiding;
	struct seq seq;
	struct crf crf;
	float target[SEQ_MAX][LABELS];
	struct item *item;
	size_t items, room, chars;
	struct entry *table;
	uint32_t used, slots;
	struct weight (*weight)[LABELS]; /* slots */
	uint32_t *hash;                  /* slots */
	struct weight edge[LABELS], transition[LABELS][LABELS];
};

struct learn *learn_new(struct hub_arena *a, struct words *words, const struct lexicon *full,
			const struct lexicon *hiding)
{
	struct learn *l = hub_alloc0(a, sizeof *l);

	if (!l)
		return NULL;
	l->a = a;
	l->words = words;
	l->full = full;
	l->hiding = hiding;
	l->scratch = hub_arena_new(0);
	l->table = hub_alloc_array(a, 1u << TABLE_BITS, sizeof *l->table);
	l->room = 1 << 18;
	l->item = hub_alloc_array(a, l->room, sizeof *l->item);
	return l->scratch && l->table && l->item ? l : NULL;
}

static struct entry *entry_of(struct learn *l, uint32_t hash)
{
	uint32_t i = hash >> (32 - TABLE_BITS);

	while (l->table[i].count && l->table[i].hash != hash)
		i = (i + 1) & ((1u << TABLE_BITS) - 1);
	return &l->table[i];
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

static int add_item(struct learn *l, const struct sample *s, const uint32_t *at)
{
	struct item *item = &l->item[l->items];
	const uint32_t n = l->seq.n;

	if (l->items == l->room)
		return -1;
	item->n = n;
	item->feature = hub_alloc(l->a, (size_t)n * FEATURES * sizeof *item->feature);
	item->allowed = hub_alloc(l->a, n * sizeof *item->allowed);
	if (!item->feature || !item->allowed)
		return -1;
	allow(l, s, at, item->allowed);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t *f = item->feature + (size_t)i * FEATURES;
		feature_list(&l->seq, i, f);
		for (uint32_t k = 0; k < FEATURES; k++) {
			struct entry *e = entry_of(l, f[k]);
			if (!e->count && ++l->used > (1u << TABLE_BITS) / 8 * 7)
				return -1;
			e->hash = f[k];
			e->count++;
		}
	}
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
		words_mark(l->words, &l->seq);
		lexicon_mark(hiding ? l->hiding : l->full, &l->seq);
		if (add_item(l, s, byte_of))
			return -1;
	}
	return 0;
}

/* ---- weights ---- */

static void update(struct weight *w, float g, const struct learn_conf *conf, float l1)
{
	const float root = sqrtf(w->root * w->root + g * g);

	w->z += g - (root - w->root) / conf->rate * w->w;
	w->root = root;
	if (fabsf(w->z) <= l1)
		w->w = 0;
	else
		w->w = -(w->z - copysignf(l1, w->z)) / ((1.0f + root) / conf->rate + conf->l2);
}

/* Features that occur often enough get a slot; the items keep slots instead of hashes. */
static int give_slots(struct learn *l, uint32_t least)
{
	for (uint32_t i = 0; i < 1u << TABLE_BITS; i++) {
		struct entry *e = &l->table[i];
		e->count = e->count >= least ? ++l->slots : e->count ? NONE : 0;
	}
	l->weight = hub_alloc_array(l->a, l->slots + 1, sizeof *l->weight);
	l->hash = hub_alloc_array(l->a, l->slots + 1, sizeof *l->hash);
	if (!l->weight || !l->hash)
		return -1;
	for (size_t k = 0; k < l->items; k++)
		for (size_t i = 0; i < (size_t)l->item[k].n * FEATURES; i++) {
			const struct entry *e = entry_of(l, l->item[k].feature[i]);
			if (e->count != NONE)
				l->hash[e->count - 1] = e->hash;
			l->item[k].feature[i] = e->count == NONE ? NONE : e->count - 1;
		}
	return 0;
}

/* Some kinds of features are left out while a stretch is learned, others every time, so that none becomes
 * the only sign of a name; the rest counts for more, that the sum stays what it is without. */
struct dropping {
	uint64_t kept; /* kinds, as bits */
	float factor;
};

static struct dropping drop(struct rng *r, uint32_t percent)
{
	struct dropping d = {.factor = 100.0f / (float)(100 - percent)};

	for (uint32_t k = 0; k < FEATURES; k++)
		d.kept |= (uint64_t)!rng_chance(r, percent) << k;
	return d;
}

static void score(struct learn *l, const struct item *item, const struct dropping *d)
{
	for (uint32_t i = 0; i < item->n; i++) {
		const uint32_t *f = item->feature + (size_t)i * FEATURES;
		float sum[LABELS] = {0};
		for (uint32_t k = 0; k < FEATURES; k++)
			if (f[k] != NONE && d->kept >> k & 1)
				for (uint32_t y = 0; y < LABELS; y++)
					sum[y] += l->weight[f[k]][y].w;
		for (uint32_t y = 0; y < LABELS; y++)
			l->crf.score[i][y] = sum[y] * d->factor;
	}
}

static int may_follow(uint32_t from, uint32_t to)
{
	return to == 0 || to % 2 == 1 || from == to || from + 1 == to;
}

static struct model_chain chain_of(const struct learn *l)
{
	struct model_chain c;

	for (uint32_t y = 0; y < LABELS; y++) {
		c.edge[y] = may_follow(0, y) ? l->edge[y].w : -1e10f;
		for (uint32_t z = 0; z < LABELS; z++)
			c.transition[y][z] = may_follow(y, z) ? l->transition[y][z].w : -1e10f;
	}
	return c;
}

/* Adds sign x expected counts of edge and transitions of the last crf_run(). */
static void expect(const struct learn *l, uint32_t n, float sign, float edge[LABELS],
		   float between[LABELS][LABELS])
{
	const struct crf *c = &l->crf;

	for (uint32_t y = 0; y < LABELS; y++)
		edge[y] += sign * c->marginal[0][y];
	for (uint32_t i = 1; i < n; i++)
		for (uint32_t z = 0; z < LABELS; z++) {
			const float right = c->score[i][z] * c->beta[i][z] * c->norm[i];
			for (uint32_t y = 0; right > 0 && y < LABELS; y++)
				between[y][z] +=
				    sign * c->alpha[i - 1][y] * c->chain.transition[y][z] * right;
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
	crf_run(&l->crf, item->n, item->allowed);
	const double fit = crf_log(&l->crf, item->n);
	memcpy(l->target, l->crf.marginal, item->n * sizeof l->target[0]);
	expect(l, item->n, -1, edge, between);
	score(l, item, &d);
	crf_run(&l->crf, item->n, NULL);
	const double all = crf_log(&l->crf, item->n);
	expect(l, item->n, 1, edge, between);
	for (uint32_t i = 0; i < item->n; i++) {
		const uint32_t *f = item->feature + (size_t)i * FEATURES;
		for (uint32_t y = 0; y < LABELS; y++) {
			const float g = (l->crf.marginal[i][y] - l->target[i][y]) * d.factor;
			if (fabsf(g) < 1e-3f)
				continue;
			for (uint32_t k = 0; k < FEATURES; k++)
				if (f[k] != NONE && d.kept >> k & 1)
					update(&l->weight[f[k]][y], g, conf, conf->l1);
		}
	}
	for (uint32_t y = 0; y < LABELS; y++) {
		update(&l->edge[y], edge[y], conf, 0);
		for (uint32_t z = 0; z < LABELS; z++)
			update(&l->transition[y][z], between[y][z], conf, 0);
	}
	return all - fit;
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

struct kept {
	uint32_t hash, slot;
	float most;
};

static int by_hash(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	return (a->hash > b->hash) - (a->hash < b->hash);
}

static int by_size(const void *x, const void *y)
{
	const struct kept *a = x, *b = y;

	return a->most != b->most ? (a->most < b->most ? 1 : -1) : by_hash(x, y);
}

static int8_t quantised(float w, float scale)
{
	const float q = rintf(w / scale);

	return (int8_t)(q > 127 ? 127 : q < -127 ? -127 : q);
}

static uint32_t keep(const struct learn *l, const struct learn_conf *conf, float scale,
		     struct kept *kept)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->slots; i++) {
		struct kept k = {.hash = l->hash[i], .slot = i};
		for (uint32_t y = 0; y < LABELS; y++)
			k.most = fmaxf(k.most, fabsf(l->weight[i][y].w));
		if (k.most >= scale / 2)
			kept[n++] = k;
	}
	fprintf(stderr, "%u features with weights\n", n);
	qsort(kept, n, sizeof *kept, by_size);
	n = n < conf->most ? n : conf->most;
	qsort(kept, n, sizeof *kept, by_hash);
	return n;
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

int learn_write(const struct learn *l, const struct learn_conf *conf, const char *path,
		struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf out;
	struct model_head head = {.magic = MODEL_MAGIC, .labels = LABELS, .scale = 1.0f / 24};
	struct kept *kept = hub_alloc_array(l->a, l->slots + 1, sizeof *kept);
	uint32_t *index = hub_alloc_array(l->a, 65537, sizeof *index);

	if (!kept || !index)
		return hub_fail_mem(err);
	hub_buf_init(&out, 64 << 20);
	head.features = keep(l, conf, head.scale, kept);
	head.chain = chain_of(l);
	for (uint32_t i = 0; i < head.features; i++)
		index[(kept[i].hash >> 16) + 1]++;
	for (uint32_t i = 0; i < 65536; i++)
		index[i + 1] += index[i];
	hub_buf_add(&out, &head, sizeof head);
	hub_buf_add(&out, index, 65537 * sizeof *index);
	for (uint32_t i = 0; i < head.features; i++) {
		const uint16_t low = (uint16_t)kept[i].hash;
		hub_buf_add(&out, &low, sizeof low);
	}
	for (uint32_t i = 0; i < head.features; i++)
		for (uint32_t y = 0; y < LABELS; y++) {
			const int8_t w = quantised(l->weight[kept[i].slot][y].w, head.scale);
			hub_buf_add(&out, &w, 1);
		}
	static const char tail[LABELS + MODEL_TAIL];
	hub_buf_add(&out, tail, sizeof tail);
	if (!hub_buf_ok(&out))
		return hub_fail_mem(err);
	const int rc = hub_file_write(path, hub_buf_text(&out), err);
	return rc ? rc : write_id(path, hub_buf_text(&out), err);
}
