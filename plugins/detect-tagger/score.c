/* The probability of each label at each character: weights of the signs that the model has, added up, and the chain. */
#include "about.h"
#include "tag_in.h"

#include <math.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

void tag_init(struct tag *t)
{
	crf_init(&t->crf, &t->model.head->chain);
	facility_init(&t->facility);
	about_init(t);
	for (int i = 0; i < TAG_EXPONENTIALS; i++)
		t->exponential[i] = expf(-(float)i * t->model.head->scale);
}

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
static void add_sign(struct tag *t, const struct sign *sign, uint32_t use)
{
	const uint16_t *row = t->model.row + (use >> MODEL_SLOT_BITS);
	const int8_t *cell = feature_cell[sign->kind];

	for (uint32_t slots = use & ((1u << MODEL_SLOT_BITS) - 1); slots; slots &= slots - 1)
		t->cell[sign->cell + cell[__builtin_ctz(slots)]] +=
		    read_row(t->model.weight + *row++ * WEIGHTS);
}

enum { AT_ONCE = 32 }; /* signs */

/* Each lookup waits for memory twice, for the sign and the rows it uses: both are asked for all of some signs first, so
 * that the waits overlap. */
static void add_signs(struct tag *t, const struct sign *sign, uint32_t n)
{
	const struct model *m = &t->model;
	uint32_t use[AT_ONCE];

	for (uint32_t k = 0; k < n; k++)
		__builtin_prefetch(&m->bucket[model_place(sign[k].hash)]);
	for (uint32_t k = 0; k < n; k++) {
		use[k] = model_use(m, sign[k].hash);
		__builtin_prefetch(m->row + (use[k] >> MODEL_SLOT_BITS));
	}
	for (uint32_t k = 0; k < n; k++)
		add_sign(t, &sign[k], use[k]);
}

/* A third of the signs of a text are not in the model: they are sorted out first, without a branch. */
static void weigh(struct tag *t)
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
	for (uint32_t k = 0; k < n; k += AT_ONCE)
		add_signs(t, sign + k, n - k < AT_ONCE ? n - k : AT_ONCE);
}

/* Weight of a label as exponential, relative to the largest of its character. */
static inline float weight_of(const struct tag *t, int less)
{
	return less < TAG_EXPONENTIALS ? t->exponential[less] : 0.0f;
}

void tag_score(struct tag *t)
{
	weigh(t);
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
