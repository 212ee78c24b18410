#include "crf.h"

#include <math.h>

static float exponent(float x)
{
	return x < -1e8f ? 0.0f : expf(x);
}

void crf_init(struct crf *c, const struct model_chain *chain)
{
	c->edge_o = exponent(chain->edge[LABEL_O]);
	c->o_o = exponent(chain->transition[LABEL_O][LABEL_O]);
	for (uint32_t k = 0; k < 4; k++) {
		const uint32_t b = 1 + 2 * k, i = b + 1;
		c->edge[k] = exponent(chain->edge[b]);
		c->stay[k] = exponent(chain->transition[i][i]);
		c->go[k] = exponent(chain->transition[b][i]);
		c->end_begin[k] = exponent(chain->transition[b][LABEL_O]);
		c->end_inside[k] = exponent(chain->transition[i][LABEL_O]);
		for (uint32_t y = 0; y < LABELS; y++)
			c->begin[y][k] = exponent(chain->transition[y][b]);
	}
}

/* What reaches each label from the row before. An I follows its own B or I only. */
static void step(const struct crf *c, const struct crf_row *from, struct crf_row *to)
{
	crf4 begin = from->o * c->begin[0];

	for (int k = 0; k < 4; k++)
		begin +=
		    from->begin[k] * c->begin[1 + 2 * k] + from->inside[k] * c->begin[2 + 2 * k];
	to->begin = begin;
	to->inside = from->begin * c->go + from->inside * c->stay;
	to->o =
	    from->o * c->o_o + crf_sum4(from->begin * c->end_begin + from->inside * c->end_inside);
}

/* The same from behind; to: the row behind. */
static void step_back(const struct crf *c, const struct crf_row *to, struct crf_row *from)
{
	crf4 begin, inside;

	for (int k = 0; k < 4; k++) {
		begin[k] = crf_sum4(to->begin * c->begin[1 + 2 * k]);
		inside[k] = crf_sum4(to->begin * c->begin[2 + 2 * k]);
	}
	from->begin = begin + to->o * c->end_begin + to->inside * c->go;
	from->inside = inside + to->o * c->end_inside + to->inside * c->stay;
	from->o = to->o * c->o_o + crf_sum4(to->begin * c->begin[0]);
}

static void multiply(struct crf_row *to, const struct crf_row *by)
{
	to->begin *= by->begin;
	to->inside *= by->inside;
	to->o *= by->o;
}

static void forward(struct crf *c, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct crf_row *a = &c->alpha[i];
		if (i)
			step(c, a - 1, a);
		else
			*a = (struct crf_row){.begin = c->edge, .o = c->edge_o};
		multiply(a, &c->weight[i]);
		const float sum = crf_sum4(a->begin + a->inside) + a->o;
		a->norm = sum > 1e-30f ? 1.0f / sum : 1e30f;
		a->begin *= a->norm;
		a->inside *= a->norm;
		a->o *= a->norm;
	}
}

void crf_run(struct crf *c, uint32_t n)
{
	static const struct crf_row ones = {{1, 1, 1, 1}, {1, 1, 1, 1}, 1, 1};
	struct crf_row behind;

	forward(c, n);
	for (uint32_t i = n; i-- > 0;) {
		struct crf_row *b = &c->beta[i], *m = &c->marginal[i];
		if (i + 1 == n) {
			*b = ones;
		} else {
			behind = b[1];
			multiply(&behind, &c->weight[i + 1]);
			step_back(c, &behind, b);
			const float norm = c->alpha[i + 1].norm;
			b->begin *= norm;
			b->inside *= norm;
			b->o *= norm;
		}
		*m = c->alpha[i];
		multiply(m, b);
	}
}
