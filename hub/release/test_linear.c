/* Bounds of hidden cells of small tables with margins, beside trying every filling. */
#include "release/linear.h"

#include "test.h"

enum { N = 3, CELLS = N * N };

struct table {
	int cell[CELLS], hidden[CELLS];
	int row[N], col[N]; /* what the hidden cells of a line add up to */
	int lo[CELLS], hi[CELLS];
};

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void make(struct table *t, uint32_t *seed)
{
	*t = (struct table){0};
	for (int i = 0; i < CELLS; i++) {
		t->cell[i] = (int)(next(seed) % 5);
		t->hidden[i] = next(seed) % 3 != 0;
		t->row[i / N] += t->hidden[i] ? t->cell[i] : 0;
		t->col[i % N] += t->hidden[i] ? t->cell[i] : 0;
		t->lo[i] = 1000;
		t->hi[i] = -1;
	}
}

/* Every filling of the hidden cells from i on that keeps the margins. */
static int fill(struct table *t, int i, int *value)
{
	int found = 0;

	if (i == CELLS) {
		for (int k = 0; k < N; k++)
			if (t->row[k] || t->col[k])
				return 0;
		for (int k = 0; k < CELLS; k++) {
			t->lo[k] = value[k] < t->lo[k] ? value[k] : t->lo[k];
			t->hi[k] = value[k] > t->hi[k] ? value[k] : t->hi[k];
		}
		return 1;
	}
	if (!t->hidden[i])
		return fill(t, i + 1, value);
	const int row = t->row[i / N], col = t->col[i % N], most = row < col ? row : col;
	for (int v = 0; v <= most; v++) {
		value[i] = v;
		t->row[i / N] = row - v;
		t->col[i % N] = col - v;
		found |= fill(t, i + 1, value);
	}
	t->row[i / N] = row;
	t->col[i % N] = col;
	return found;
}

static int solve(const struct table *t, struct hub_linear_ask *ask, uint32_t *var)
{
	struct hub_linear_term term[2 * N][N];
	struct hub_linear_row row[2 * N];
	double lo[CELLS] = {0}, hi[CELLS];
	struct hub_linear l = {.row = row, .lo = lo, .hi = hi};

	for (int k = 0; k < 2 * N; k++)
		row[k] = (struct hub_linear_row){term[k], 0, 0, k < N ? t->row[k] : t->col[k - N]};
	for (int i = 0; i < CELLS; i++) {
		if (!t->hidden[i])
			continue;
		const struct hub_linear_term one = {l.vars, 1};
		term[i / N][row[i / N].terms++] = one;
		term[N + i % N][row[N + i % N].terms++] = one;
		ask[l.vars] = (struct hub_linear_ask){.var = l.vars, .apart = 1e6};
		hi[l.vars] = HUB_LINEAR_NO_LIMIT;
		var[i] = l.vars++;
	}
	l.rows = 2 * N;
	return hub_linear_bounds(&l, ask, l.vars);
}

static void bounds_are_those_of_all_fillings(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int n = 0; n < 300; n++) {
		struct hub_linear_ask ask[CELLS];
		uint32_t var[CELLS] = {0};
		int value[CELLS] = {0};
		struct table t;
		make(&t, &seed);
		assert_int_equal(solve(&t, ask, var), HUB_OK);
		assert_true(fill(&t, 0, value));
		for (int i = 0; i < CELLS; i++) {
			if (!t.hidden[i])
				continue;
			assert_float_equal(ask[var[i]].seen_lo, t.lo[i], 1e-6);
			assert_float_equal(ask[var[i]].seen_hi, t.hi[i], 1e-6);
		}
	}
}

static void inequalities_and_contradictions(void **state)
{
	const struct hub_linear_term both[] = {{0, 1}, {1, 1}}, first[] = {{0, 1}};
	struct hub_linear_row row[] = {{both, 2, 1, 5}, {first, 1, 0, 2}};
	const double lo[] = {0, 1}, hi[] = {HUB_LINEAR_NO_LIMIT, HUB_LINEAR_NO_LIMIT};
	const struct hub_linear l = {2, 2, row, lo, hi};
	struct hub_linear_ask ask = {.var = 1, .apart = 100};

	(void)state;
	assert_int_equal(hub_linear_bounds(&l, &ask, 1), HUB_OK);
	assert_float_equal(ask.seen_lo, 1, 1e-6);
	assert_float_equal(ask.seen_hi, 3, 1e-6);
	row[1].rhs = 9;
	assert_int_equal(hub_linear_bounds(&l, &ask, 1), HUB_END);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bounds_are_those_of_all_fillings),
	    cmocka_unit_test(inequalities_and_contradictions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
