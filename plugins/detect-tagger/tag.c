#include "tag.h"

#include "dict.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Types in the order of the labels. */
enum { PERSON, LOCATION, FACILITY, ORG };
static const uint32_t span_types[] = {HUB_SPAN_PERSON, HUB_SPAN_ADDRESS, HUB_SPAN_FACILITY,
				      HUB_SPAN_ORG};

/* Part of the threshold that is enough to mask what is most likely an organisation as a person. */
static const float ORG_DOUBT = 0.3f;

/* The same of what may be a facility: their names are of words that stand in every text, and few are sure. */
static const float FACILITY_DOUBT = 0.35f;

void tag_init(struct tag *t)
{
	crf_init(&t->crf, &t->model.head->chain);
	for (int i = 0; i < TAG_EXPONENTIALS; i++)
		t->exponential[i] = expf(-(float)i * t->model.head->scale);
}

/* ---- scores ---- */

static inline tag_words8 read_row(const int8_t *row)
{
#ifdef __SSE2__ /* what compilers make of the other way is three times as long */
	const __m128i w = _mm_loadl_epi64((const void *)row);
	return (tag_words8)_mm_srai_epi16(_mm_unpacklo_epi8(w, w), 8);
#else
	typedef int8_t bytes8 __attribute__((vector_size(8)));
	bytes8 w;
	memcpy(&w, row, sizeof w);
	return __builtin_convertvector(w, tag_words8);
#endif
}

/* Adds the weights the model has for a sign to their cells. */
static void add_sign(struct tag *t, const struct sign *sign, uint32_t row)
{
	const int8_t *weight = t->model.weight + (size_t)(row >> MODEL_SLOT_BITS) * WEIGHTS;
	const int8_t *cell = feature_cell[sign->kind];

	for (uint32_t slots = row & ((1u << MODEL_SLOT_BITS) - 1); slots; slots &= slots - 1) {
		t->cell[sign->cell + cell[__builtin_ctz(slots)]] += read_row(weight);
		weight += WEIGHTS;
	}
}

enum { BLOCK = 64 };

/* Each lookup waits for memory three times, for the index, the keys and the weights: done step by step for
 * some dozens of signs at once, the waits overlap. */
static void add_block(struct tag *t, const struct sign *sign, uint32_t n)
{
	const struct model *m = &t->model;
	uint32_t row[BLOCK];

	for (uint32_t k = 0; k < n; k++) {
		const uint32_t from = m->index[sign[k].hash >> 16];
		__builtin_prefetch(&m->key[from]);
		__builtin_prefetch(&m->row[from]);
	}
	for (uint32_t k = 0; k < n; k++) {
		row[k] = model_row(m, sign[k].hash);
		__builtin_prefetch(m->weight + (size_t)(row[k] >> MODEL_SLOT_BITS) * WEIGHTS);
	}
	for (uint32_t k = 0; k < n; k++)
		add_sign(t, &sign[k], row[k]);
}

/* Most signs of a text are not in the model: they are sorted out first, without a branch. */
static void score(struct tag *t)
{
	const struct model *m = &t->model;
	struct sign *sign = t->signs.sign;
	uint32_t n = 0;

	feature_signs(&t->seq, &t->signs);
	memset(t->cell, 0, (CELL_CHAR + t->seq.n + SEQ_PAD) * sizeof t->cell[0]);
	memset(t->cell + CELL_WORD - 2 * CELLS_WORD, 0,
	       (t->seq.words + 4) * CELLS_WORD * sizeof t->cell[0]);
	memset(t->cell + CELL_RUN, 0, t->signs.runs * CELLS_RUN * sizeof t->cell[0]);
	for (uint32_t k = 0; k < t->signs.n; k++) {
		sign[n] = sign[k];
		n += model_may_know(m, sign[k].hash);
	}
	for (uint32_t k = 0; k < n; k += BLOCK)
		add_block(t, sign + k, n - k < BLOCK ? n - k : BLOCK);
}

/* ---- probabilities ---- */

/* Weight of a label as exponential, relative to the largest of its character. */
static inline float weight_of(const struct tag *t, int less)
{
	return less < TAG_EXPONENTIALS ? t->exponential[less] : 0.0f;
}

static void probabilities(struct tag *t)
{
	for (uint32_t i = 0; i < t->seq.n; i++) {
		struct crf_row *w = &t->crf.weight[i];
		const uint16_t *cell = t->signs.cell[i];
		tag_words8 sum = t->cell[cell[0]];
		int most = 0;
		for (int k = 1; k < CELLS_OF_CHAR; k++)
			sum += t->cell[cell[k]];
		for (int y = 0; y < WEIGHTS; y++)
			most = sum[y] > most ? sum[y] : most;
		w->o = weight_of(t, most);
		for (int k = 0; k < 4; k++) {
			w->begin[k] = weight_of(t, most - sum[2 * k]);
			w->inside[k] = weight_of(t, most - sum[2 * k + 1]);
		}
	}
	crf_run(&t->crf, t->seq.n);
}

/* ---- from probabilities to spans ---- */

/* A new name begins at this character, whatever its type. */
static int begins(const struct crf_row *m)
{
	return crf_sum4(m->begin) > (1.0f - m->o) * 0.5f;
}

/* Parts of the country and of the world; ended by a 0 each. */
static const uint16_t regions[][4] = {
    {0x95a2, 0x6771},         /* 関東 */
    {0x95a2, 0x897f},         /* 関西 */
    {0x8fd1, 0x757f},         /* 近畿 */
    {0x6771, 0x5317},         /* 東北 */
    {0x5317, 0x9678},         /* 北陸 */
    {0x6771, 0x6d77},         /* 東海 */
    {0x7532, 0x4fe1, 0x8d8a}, /* 甲信越 */
    {0x5c71, 0x9670},         /* 山陰 */
    {0x5c71, 0x967d},         /* 山陽 */
    {0x56db, 0x56fd},         /* 四国 */
    {0x4e5d, 0x5dde},         /* 九州 */
    {0x9996, 0x90fd},         /* 首都 */
    {0x6b27, 0x5dde},         /* 欧州 */
    {0x6b27, 0x7c73},         /* 欧米 */
    {0x5168, 0x56fd},         /* 全国 */
};

static int is_region(const uint32_t *c, uint32_t n)
{
	for (size_t i = 0; i < sizeof regions / sizeof *regions; i++) {
		uint32_t k = 0;
		while (k < n && k < 4 && regions[i][k] == c[k])
			k++;
		if (k == n && regions[i][k] == 0)
			return 1;
	}
	return 0;
}

/* What makes a part of a place, or its people, of its name: 県内, 南部, 地方, 人. */
static int is_part(uint32_t c)
{
	static const uint16_t parts[] = {0x5185, 0x5074, 0x9593, 0x90e8, 0x6771, 0x897f, 0x5357,
					 0x5317, 0x4e2d, 0x8fd1, 0x6d77, 0x6c96, 0x570f, 0x57df,
					 0x5730, 0x65b9, 0x4eba, 0x5175, 0x8ecd, 0x8a9e, 0x7cfb};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i] == c)
			return 1;
	return 0;
}

/* Countries, regions, prefectures and cities stay readable, and so do parts of them. */
static int is_wide(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint32_t *c = s->cp + SEQ_PAD;

	while (to > from && !is_region(c + from, to - from) && is_part(c[to - 1]))
		to--;
	if (to == from || is_region(c + from, to - from))
		return 1;
	const struct seq_word *last = &s->word[s->word_of[to - 1]];
	if (last->tag == DICT_COUNTRY)
		return last->from == from;
	if (to - from < 2)
		return 0;
	switch (c[to - 1]) {
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
	float doubt = 0, all = 0;
	crf4 sum = {0};
	uint32_t best = PERSON;

	for (uint32_t i = from; i < to; i++) {
		const struct crf_row *m = &t->crf.marginal[i];
		const crf4 type = m->begin + m->inside;
		doubt = fmaxf(doubt, type[PERSON] + type[FACILITY]);
		all += 1.0f - m->o;
		sum += type;
	}
	if (doubt >= t->least * ORG_DOUBT) {
		if (sum[FACILITY] > sum[best])
			best = FACILITY;
		if (sum[LOCATION] > sum[best])
			best = LOCATION;
	} else {
		best = sum[ORG] > sum[LOCATION] ? ORG : LOCATION;
	}
	if (best == ORG && lexicon_is_building(t->lexicon, &t->seq, from, to))
		best = FACILITY; /* a school or a home is where somebody is, whoever runs it */
	*confidence = all / (float)(to - from);
	if (best == LOCATION && doubt < t->least && is_wide(&t->seq, from, to))
		return 0;
	return span_types[best];
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

/* Is it less likely than not that any of characters [from, to) belongs to a name? */
static int is_doubtful(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (t->crf.marginal[i].o < 0.5f)
			return 0;
	return 1;
}

/* Length of what is no name at the end of [from, to): an honorific, a title, a particle. Kana behind the
 * same kana may be the end of a name (セバスチャン, わっか), and so may be what another name follows. */
static uint32_t tail_of(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq_word *last = &t->seq.word[t->seq.word_of[to - 1]];
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t n = lexicon_honorific(t->lexicon, &t->seq, from, to);

	if (to < t->seq.n && t->crf.marginal[to].o <= 1.0f - t->least)
		return 0;
	if (!n && last->tag >= DICT_PARTICLE_FIRST && last->tag <= DICT_PARTICLE_LAST &&
	    last->from > from && last->to >= to && type[last->from - 1] != SEQ_HIRA)
		n = to - last->from;
	if (type[to - 1] == SEQ_KATA && n && type[to - n - 1] == SEQ_KATA)
		return 0;
	return n && is_doubtful(t, to - n, to) ? n : 0;
}

/* One kana alone is a part of a word that was not understood. */
static int is_scrap(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t type = t->seq.type[from + SEQ_PAD];

	return to - from == 1 && (type == SEQ_HIRA || type == SEQ_KATA) && is_doubtful(t, from, to);
}

/* Found by little but the doubt that it may be a facility, and nothing but katakana and letters: サービスコード,
 * the pdf of a file's name. */
static int is_foreign_word(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		const uint8_t type = t->seq.type[i + SEQ_PAD];
		if (type == SEQ_KANJI || type == SEQ_HIRA ||
		    1.0f - t->crf.marginal[i].o >= t->least)
			return 0;
	}
	return 1;
}

static int report(const struct tag *t, uint32_t from, uint32_t to,
		  int (*found)(void *, const struct tag_span *), void *self)
{
	float confidence;
	uint32_t end;

	trim(&t->seq, &from, &to);
	if (from == to)
		return 0;
	for (uint32_t n; (n = tail_of(t, from, to)) > 0;)
		to -= n;
	to -= lexicon_title(t->lexicon, &t->seq, from, to, &end);
	if (is_scrap(t, from, to) || is_foreign_word(t, from, to) ||
	    lexicon_is_role(t->lexicon, &t->seq, from, to))
		return 0;
	const uint32_t type = type_of(t, from, to, &confidence);
	const struct tag_span span = {.from = t->seq.off[from],
				      .to = t->seq.end[to - 1],
				      .type = type,
				      .confidence = (uint32_t)(confidence * 1000.0f)};

	return type ? found(self, &span) : 0;
}

/* Is a character masked? */
static int is_named(const struct tag *t, uint32_t i)
{
	const struct crf_row *m = &t->crf.marginal[i];

	return 1.0f - m->o >= t->least ||
	       m->begin[FACILITY] + m->inside[FACILITY] >= t->least * FACILITY_DOUBT;
}

static int spans_of(const struct tag *t, int (*found)(void *, const struct tag_span *), void *self)
{
	int rc = 0;

	for (uint32_t i = 0; i < t->seq.n && !rc; i++) {
		if (!is_named(t, i) || t->seq.type[i + SEQ_PAD] == SEQ_SPACE)
			continue;
		uint32_t to = i + 1;
		while (to < t->seq.n && is_named(t, to) && !begins(&t->crf.marginal[to]))
			to++;
		uint32_t next = to, end;
		while (to > i + 1 && t->seq.type[to - 1 + SEQ_PAD] == SEQ_SPACE)
			to--;
		if (lexicon_title(t->lexicon, &t->seq, i, to, &end) && end > next)
			next = end; /* the rest of a title is nobody, either */
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
		words_mark(t->words, &t->seq, 0);
		lexicon_mark(t->lexicon, &t->seq);
		known_mark(&t->model.known, &t->seq, 0);
		score(t);
		probabilities(t);
		rc = spans_of(t, found, self);
	}
	return rc;
}
