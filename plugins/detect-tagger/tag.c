#include "tag.h"

#include <math.h>

/* Part of the threshold that is enough to mask what is most likely an organisation as a person. */
static const float ORG_DOUBT = 0.3f;

void tag_init(struct tag *t)
{
	crf_init(&t->crf, &t->model.head->chain);
}

/* Most of the time goes into waiting for weights that are in no cache: each step asks for the memory of
 * the next one, for all features of the character at once. */
static void score_char(const struct tag *t, uint32_t i, float *score)
{
	const struct model *m = &t->model;
	uint32_t feature[FEATURES], at[FEATURES];
	int32_t sum[LABELS] = {0};
	const uint32_t n = feature_list(&t->seq, i, feature);
	uint32_t found = 0;

	for (uint32_t k = 0; k < n; k++)
		__builtin_prefetch(&m->index[feature[k] >> 16]);
	for (uint32_t k = 0; k < n; k++)
		__builtin_prefetch(&m->key[m->index[feature[k] >> 16]]);
	for (uint32_t k = 0; k < n; k++) {
		at[found] = model_find(m, feature[k]);
		if (at[found] != MODEL_NONE)
			__builtin_prefetch(m->weight + (size_t)at[found++] * LABELS);
	}
	for (uint32_t k = 0; k < found; k++) {
		const int8_t *w = m->weight + (size_t)at[k] * LABELS;
		for (uint32_t y = 0; y < LABELS; y++)
			sum[y] += w[y];
	}
	for (uint32_t y = 0; y < LABELS; y++)
		score[y] = (float)sum[y] * m->head->scale;
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

	if (last->tag == TAG_COUNTRY)
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

static int report(const struct tag *t, uint32_t from, uint32_t to,
		  int (*found)(void *, const struct tag_span *), void *self)
{
	float confidence;
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
		if (words_mark(t->words, &t->seq))
			return TAG_FAILED;
		lexicon_mark(t->lexicon, &t->seq);
		for (uint32_t i = 0; i < t->seq.n; i++)
			score_char(t, i, t->crf.score[i]);
		crf_run(&t->crf, t->seq.n, NULL);
		rc = spans_of(t, found, self);
	}
	return rc;
}
