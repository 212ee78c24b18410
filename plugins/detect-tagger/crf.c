#include "crf.h"

#include <math.h>

static float exponent(float x)
{
	return x < -1e8f ? 0.0f : expf(x);
}

void crf_init(struct crf *c, const struct model_chain *chain)
{
	for (uint32_t y = 0; y < LABELS; y++) {
		c->chain.edge[y] = exponent(chain->edge[y]);
		for (uint32_t z = 0; z < LABELS; z++)
			c->chain.transition[y][z] = exponent(chain->transition[y][z]);
	}
}

/* Exponentials relative to the largest, so that none overflows; returns the largest. */
static float exponentials(float *v, unsigned allowed)
{
	float most = -1e30f;

	for (uint32_t y = 0; y < LABELS; y++)
		most = allowed >> y & 1 && v[y] > most ? v[y] : most;
	for (uint32_t y = 0; y < LABELS; y++)
		v[y] = allowed >> y & 1 ? expf(v[y] - most) : 0.0f;
	return most;
}

/* An I follows its own B or I only: two terms instead of nine. */
static void step(const struct crf *c, const float *from, float *to)
{
	for (uint32_t z = 0; z < LABELS; z = z ? z + 2 : 1) {
		float sum = 0;
		for (uint32_t y = 0; y < LABELS; y++)
			sum += from[y] * c->chain.transition[y][z];
		to[z] = sum;
	}
	for (uint32_t z = 2; z < LABELS; z += 2)
		to[z] = from[z - 1] * c->chain.transition[z - 1][z] +
			from[z] * c->chain.transition[z][z];
}

static void step_back(const struct crf *c, const float *behind, float *to)
{
	for (uint32_t y = 0; y < LABELS; y++) {
		const uint32_t inside = y == 0 ? 0 : (y + 1) / 2 * 2;
		float sum = c->chain.transition[y][0] * behind[0];
		for (uint32_t z = 1; z < LABELS; z += 2)
			sum += c->chain.transition[y][z] * behind[z];
		if (inside)
			sum += c->chain.transition[y][inside] * behind[inside];
		to[y] = sum;
	}
}

void crf_run(struct crf *c, uint32_t n, const uint16_t *allowed)
{
	float row[LABELS];

	for (uint32_t i = 0; i < n; i++) {
		float *a = c->alpha[i], sum = 0;
		c->most[i] = exponentials(c->score[i], allowed ? allowed[i] : 0xffffu);
		if (i)
			step(c, c->alpha[i - 1], a);
		for (uint32_t y = 0; y < LABELS; y++)
			sum += a[y] = (i ? a[y] : c->chain.edge[y]) * c->score[i][y];
		c->norm[i] = sum > 1e-30f ? 1.0f / sum : 1e30f;
		for (uint32_t y = 0; y < LABELS; y++)
			a[y] *= c->norm[i];
	}
	for (uint32_t i = n; i-- > 0;) {
		if (i + 1 == n) {
			for (uint32_t y = 0; y < LABELS; y++)
				c->beta[i][y] = 1.0f;
		} else {
			for (uint32_t y = 0; y < LABELS; y++)
				row[y] = c->score[i + 1][y] * c->beta[i + 1][y] * c->norm[i + 1];
			step_back(c, row, c->beta[i]);
		}
		for (uint32_t y = 0; y < LABELS; y++)
			c->marginal[i][y] = c->alpha[i][y] * c->beta[i][y];
	}
}

double crf_log(const struct crf *c, uint32_t n)
{
	double sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sum += c->most[i] - log(c->norm[i]);
	return sum;
}
