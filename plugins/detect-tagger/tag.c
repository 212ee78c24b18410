#include "tag.h"

#include "dict.h"

#include <math.h>
#include <string.h>

/* Part of the threshold that is enough to mask what is most likely an organisation as a person. */
static const float ORG_DOUBT = 0.3f;

void tag_init(struct tag *t)
{
	crf_init(&t->crf, &t->model.head->chain);
}

/* Sixteen weights at once; those behind LABELS belong to the next row and are not used. */
typedef int8_t bytes16 __attribute__((vector_size(16)));
typedef int16_t words16 __attribute__((vector_size(32)));

enum { BLOCK = 8 }; /* characters scored side by side */

/* Scores characters [at, at + n). Each lookup waits for memory three times, for the index, the keys and
 * the weights: done step by step for some hundred features at once, the waits overlap. */
static void score_block(struct tag *t, uint32_t at, uint32_t n)
{
	const struct model *m = &t->model;
	uint32_t hash[BLOCK * FEATURES], row[BLOCK * FEATURES];

	for (uint32_t i = 0; i < n; i++) {
		feature_list(&t->seq, at + i, hash + i * FEATURES);
		for (uint32_t k = i * FEATURES; k < (i + 1) * FEATURES; k++)
			__builtin_prefetch(&m->index[hash[k] >> 16]);
	}
	for (uint32_t k = 0; k < n * FEATURES; k++) {
		row[k] = m->index[hash[k] >> 16];
		__builtin_prefetch(&m->key[row[k]]);
	}
	for (uint32_t k = 0; k < n * FEATURES; k++) {
		row[k] = model_row(m, hash[k], row[k]);
		__builtin_prefetch(m->weight + (size_t)row[k] * LABELS);
	}
	for (uint32_t i = 0; i < n; i++) {
		words16 sum = {0};
		for (uint32_t k = i * FEATURES; k < (i + 1) * FEATURES; k++) {
			bytes16 w;
			memcpy(&w, m->weight + (size_t)row[k] * LABELS, sizeof w);
			sum += __builtin_convertvector(w, words16);
		}
		for (uint32_t y = 0; y < LABELS; y++)
			t->crf.score[at + i][y] = (float)sum[y] * m->head->scale;
	}
}

/* ---- from probabilities to spans ---- */

static float of_type(const float *m, uint32_t label)
{
	return m[label] + m[label + 1];
}

/* A new name begins at this character, whatever its type. */
static int begins(const float *m)
{
	const float b = m[LABEL_PERSON] + m[LABEL_LOCATION] + m[LABEL_FACILITY] + m[LABEL_ORG];

	return b > (1.0f - m[LABEL_O]) * 0.5f;
}

/* Countries, prefectures and cities stay readable. */
static int is_wide(const struct seq *s, uint32_t from, uint32_t to)
{
	const struct seq_word *last = &s->word[s->word_of[to - 1]];

	if (last->tag == DICT_COUNTRY)
		return last->from == from;
	if (to - from < 2)
		return 0;
	switch (s->cp[to - 1 + SEQ_PAD]) {
	case 0x770c: /* 県 */
	case 0x90fd: /* 都 */
	case 0x5e9c: /* 府 */
	case 0x9053: /* 道 */
	case 0x5e02: /* 市 */
	case 0x533a: /* 区 */
	case 0x90e1: /* 郡 */
		return 1;
	default:
		return 0;
	}
}

/* The type of characters [from, to): the likeliest. An organisation is not masked by default: it is one
 * only when the doubt that it is something else is small. */
static uint32_t type_of(const struct tag *t, uint32_t from, uint32_t to, float *confidence)
{
	float sum[LABELS] = {0}, doubt = 0, all = 0;
	uint32_t best = LABEL_PERSON;

	for (uint32_t i = from; i < to; i++) {
		const float *m = t->crf.marginal[i];
		const float private = of_type(m, LABEL_PERSON) + of_type(m, LABEL_FACILITY);
		doubt = fmaxf(doubt, private);
		all += 1.0f - m[LABEL_O];
		for (uint32_t y = LABEL_PERSON; y < LABELS; y += 2)
			sum[y] += of_type(m, y);
	}
	if (doubt >= t->least * ORG_DOUBT) {
		if (sum[LABEL_FACILITY] > sum[best])
			best = LABEL_FACILITY;
		if (sum[LABEL_LOCATION] > sum[best])
			best = LABEL_LOCATION;
	} else {
		best = sum[LABEL_ORG] > sum[LABEL_LOCATION] ? LABEL_ORG : LABEL_LOCATION;
	}
	*confidence = all / (float)(to - from);
	if (best == LABEL_LOCATION && doubt < t->least * ORG_DOUBT && is_wide(&t->seq, from, to))
		return 0;
	return best == LABEL_PERSON     ? HUB_SPAN_PERSON
	       : best == LABEL_LOCATION ? HUB_SPAN_ADDRESS
	       : best == LABEL_FACILITY ? HUB_SPAN_FACILITY
					: HUB_SPAN_ORG;
}

/* Brackets and other marks at the ends belong to nobody; (株) and its like say only what follows. */
static void trim(const struct seq *s, uint32_t *from, uint32_t *to)
{
	const uint32_t *c = s->cp + SEQ_PAD;
	const uint8_t *type = s->type + SEQ_PAD;

	if (*to - *from == 3 && c[*from] == '(' && c[*to - 1] == ')')
		*to = *from;
	while (*from < *to && type[*from] == SEQ_MARK)
		++*from;
	while (*from < *to && type[*to - 1] == SEQ_MARK)
		--*to;
}

static int report(const struct tag *t, uint32_t from, uint32_t to,
		  int (*found)(void *, const struct tag_span *), void *self)
{
	float confidence;

	trim(&t->seq, &from, &to);
	if (from == to || lexicon_is_role(t->lexicon, &t->seq, from, to))
		return 0;
	const uint32_t type = type_of(t, from, to, &confidence);
	const struct tag_span span = {.from = t->seq.off[from],
				      .to = t->seq.end[to - 1],
				      .type = type,
				      .confidence = (uint32_t)(confidence * 1000.0f)};

	return type ? found(self, &span) : 0;
}

static int spans_of(const struct tag *t, int (*found)(void *, const struct tag_span *), void *self)
{
	const float most = 1.0f - t->least;
	int rc = 0;

	for (uint32_t i = 0; i < t->seq.n && !rc; i++) {
		if (t->crf.marginal[i][LABEL_O] > most || t->seq.type[i + SEQ_PAD] == SEQ_SPACE)
			continue;
		uint32_t to = i + 1;
		while (to < t->seq.n && t->crf.marginal[to][LABEL_O] <= most &&
		       !begins(t->crf.marginal[to]))
			to++;
		const uint32_t next = to;
		while (to > i + 1 && t->seq.type[to - 1 + SEQ_PAD] == SEQ_SPACE)
			to--;
		rc = report(t, i, to, found, self);
		i = next - 1;
	}
	return rc;
}

int tag_text(struct tag *t, struct hub_str norm, int (*found)(void *, const struct tag_span *),
	     void *self)
{
	size_t at = 0;
	int rc = 0;

	while (!rc && seq_next(&t->seq, norm, &at)) {
		words_mark(t->words, &t->seq);
		lexicon_mark(t->lexicon, &t->seq);
		for (uint32_t i = 0; i < t->seq.n; i += BLOCK)
			score_block(t, i, t->seq.n - i < BLOCK ? t->seq.n - i : BLOCK);
		crf_run(&t->crf, t->seq.n, NULL);
		rc = spans_of(t, found, self);
	}
	return rc;
}
