/* Functions that look at several columns or at the state of a cell. */
#include "intake/func_list.h"

#include "base/clock.h"
#include "text/date.h"

#include <stdio.h>

static const struct hub_str yes = {"1", 1}, no = {"0", 1};

static int state(const struct hub_fx *x, uint32_t arg, uint32_t r)
{
	return x->in[arg]->v.cell[r];
}

static struct hub_str text(const struct hub_fx *x, uint32_t arg, uint32_t r)
{
	return x->in[arg]->v.text[r];
}

static void copy(struct hub_fx *x, uint32_t arg, uint32_t r)
{
	hub_fx_set(x, r, (enum hub_cell)state(x, arg, r), text(x, arg, r));
}

/* Unless all arguments are values: the result is the first one that cannot be read, else nothing. */
static int all_values(struct hub_fx *x, uint32_t r)
{
	int missing = 0;

	for (uint32_t i = 0; i < x->op->n_in; i++) {
		if (state(x, i, r) == HUB_INVALID) {
			copy(x, i, r);
			return 0;
		}
		missing |= state(x, i, r) != HUB_VALUE;
	}
	if (missing)
		hub_fx_set(x, r, HUB_NULL, (struct hub_str){0});
	return !missing;
}

/* Unless an argument cannot be read, which then is the result. */
static int none_invalid(struct hub_fx *x, uint32_t r)
{
	for (uint32_t i = 0; i < x->op->n_in; i++) {
		if (state(x, i, r) == HUB_INVALID) {
			copy(x, i, r);
			return 0;
		}
	}
	return 1;
}

void hub_fn_first_present(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		copy(x, state(x, 0, r) == HUB_VALUE || state(x, 0, r) == HUB_INVALID ? 0 : 1, r);
	}
}

void hub_fn_present(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (none_invalid(x, r))
			hub_fx_set(x, r, HUB_VALUE, state(x, 0, r) == HUB_VALUE ? yes : no);
	}
}

void hub_fn_if(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (state(x, 0, r) != HUB_VALUE)
			copy(x, 0, r);
		else if (hub_str_eq(text(x, 0, r), yes))
			copy(x, 1, r);
		else if (x->op->n_in > 2)
			copy(x, 2, r);
		else
			hub_fx_set(x, r, HUB_NULL, (struct hub_str){0});
	}
}

/* The values of row r one behind the other, with sep (0: nothing) between them. */
static void glue(struct hub_fx *x, uint32_t r, char sep)
{
	size_t len = 0, n = 0;

	for (uint32_t i = 0; i < x->op->n_in; i++)
		if (state(x, i, r) == HUB_VALUE)
			len += text(x, i, r).len + 1;
	if (len == 0) {
		hub_fx_set(x, r, HUB_NULL, (struct hub_str){0});
		return;
	}
	char *p = hub_fx_room(x, len);
	if (!p)
		return;
	for (uint32_t i = 0; i < x->op->n_in; i++) {
		if (state(x, i, r) != HUB_VALUE)
			continue;
		const struct hub_str s = text(x, i, r);
		if (sep && n)
			p[n++] = sep;
		if (s.len)
			memcpy(p + n, s.ptr, s.len);
		n += s.len;
	}
	hub_fx_set(x, r, HUB_VALUE, (struct hub_str){p, n});
}

void hub_fn_plus(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (all_values(x, x->sel[i]))
			glue(x, x->sel[i], 0);
}

void hub_fn_concat(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (none_invalid(x, x->sel[i]))
			glue(x, x->sel[i], 0);
}

void hub_fn_list(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		if (none_invalid(x, x->sel[i]))
			glue(x, x->sel[i], HUB_LIST_SEP);
}

/* --- comparisons ------------------------------------------------------------------------------ */

static struct hub_str or_empty(const struct hub_fx *x, uint32_t arg, uint32_t r)
{
	return state(x, arg, r) == HUB_VALUE ? text(x, arg, r) : (struct hub_str){"", 0};
}

static void compare_text(struct hub_fx *x, int equal)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (!none_invalid(x, r))
			continue;
		const int same = hub_str_eq(or_empty(x, 0, r), or_empty(x, 1, r));
		hub_fx_set(x, r, HUB_VALUE, same == equal ? yes : no);
	}
}

void hub_fn_equal(struct hub_fx *x)
{
	compare_text(x, 1);
}

void hub_fn_unequal(struct hub_fx *x)
{
	compare_text(x, 0);
}

void hub_fn_in(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (!none_invalid(x, r))
			continue;
		int found = 0;
		for (uint32_t k = 0; k < x->op->params && !found; k++)
			found = hub_str_eq(or_empty(x, 0, r), x->op->param[k].text);
		hub_fx_set(x, r, HUB_VALUE, found ? yes : no);
	}
}

/* Normal forms of dates and times sort like what they mean; numbers do not. */
static int order(const struct hub_fx *x, uint32_t r)
{
	const struct hub_str a = text(x, 0, r), b = text(x, 1, r);
	int64_t m, n;

	if (hub_parse_i64(a, INT64_MIN, INT64_MAX, &m) == 0 &&
	    hub_parse_i64(b, INT64_MIN, INT64_MAX, &n) == 0)
		return (m > n) - (m < n);
	return hub_str_cmp(a, b);
}

/* accept: bit 0 less, bit 1 equal, bit 2 greater. */
static void compare_order(struct hub_fx *x, unsigned accept)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (!all_values(x, r))
			continue;
		const int d = order(x, r);
		const unsigned bit = d < 0 ? 1 : d == 0 ? 2 : 4;
		hub_fx_set(x, r, HUB_VALUE, accept & bit ? yes : no);
	}
}

void hub_fn_less(struct hub_fx *x)
{
	compare_order(x, 1);
}

void hub_fn_less_equal(struct hub_fx *x)
{
	compare_order(x, 3);
}

void hub_fn_greater(struct hub_fx *x)
{
	compare_order(x, 4);
}

void hub_fn_greater_equal(struct hub_fx *x)
{
	compare_order(x, 6);
}

/* Three-valued: a missing answer decides nothing unless the other side does. */
static void connect(struct hub_fx *x, struct hub_str decisive, struct hub_str other)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		const int a = state(x, 0, r) == HUB_VALUE, b = state(x, 1, r) == HUB_VALUE;
		if ((a && hub_str_eq(text(x, 0, r), decisive)) ||
		    (b && hub_str_eq(text(x, 1, r), decisive)))
			hub_fx_set(x, r, HUB_VALUE, decisive);
		else if (all_values(x, r))
			hub_fx_set(x, r, HUB_VALUE, other);
	}
}

void hub_fn_and(struct hub_fx *x)
{
	connect(x, no, yes);
}

void hub_fn_or(struct hub_fx *x)
{
	connect(x, yes, no);
}

void hub_fn_not(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (all_values(x, r))
			hub_fx_set(x, r, HUB_VALUE, hub_str_eq(text(x, 0, r), yes) ? no : yes);
	}
}

/* --- dates of two columns --------------------------------------------------------------------- */

void hub_fn_at(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (!none_invalid(x, r))
			continue;
		/* without a time of day, or with a day that is not known exactly: the date alone */
		if (state(x, 0, r) != HUB_VALUE || state(x, 1, r) != HUB_VALUE ||
		    text(x, 0, r).len != 10) {
			copy(x, 0, r);
			continue;
		}
		const struct hub_str d = text(x, 0, r), t = text(x, 1, r);
		char *p = hub_fx_room(x, 19);
		if (!p)
			return;
		memcpy(p, d.ptr, 10);
		p[10] = 'T';
		memcpy(p + 11, t.ptr, t.len);
		if (t.len == 5)
			memcpy(p + 16, ":00", 3);
		hub_fx_set(x, r, HUB_VALUE, (struct hub_str){p, 19});
	}
}

static int full_date(struct hub_str s, int64_t *y, unsigned *m, unsigned *d)
{
	struct hub_date date;

	if (hub_date_parse(s, NULL, &date) != HUB_DATE_OK || date.precision != HUB_DATE_DAY ||
	    date.from != date.to)
		return 0;
	hub_days_to(date.from, y, m, d);
	return 1;
}

void hub_fn_age_on(struct hub_fx *x)
{
	int64_t y0, y1;
	unsigned m0, m1, d0, d1;

	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		if (!all_values(x, r))
			continue;
		if (!full_date(text(x, 0, r), &y0, &m0, &d0) ||
		    !full_date(text(x, 1, r), &y1, &m1, &d1)) {
			hub_fx_set(x, r, HUB_NULL, (struct hub_str){0});
			continue;
		}
		/* 年齢計算ニ関スル法律: a year older at the end of the day before the birthday; what
		 * offices write is the age that begins on the birthday */
		const int64_t age = y1 - y0 - (m1 < m0 || (m1 == m0 && d1 < d0));
		if (age < 0) {
			hub_fx_bad(x, r, text(x, 0, r), "out-of-range");
			continue;
		}
		char *p = hub_fx_room(x, 8);
		if (!p)
			return;
		const int n = snprintf(p, 8, "%d", (int)age);
		hub_fx_set(x, r, HUB_VALUE, (struct hub_str){p, (size_t)n});
	}
}

/* --- pieces ----------------------------------------------------------------------------------- */

static size_t piece_end(struct hub_str s, size_t from)
{
	while (from < s.len && s.ptr[from] != HUB_LIST_SEP)
		from++;
	return from;
}

enum hub_cell hub_fn_join(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str between = hub_op_param(c->op, "between")->text;
	size_t seps = 0, n = 0;

	for (size_t i = 0; i < in.len; i++)
		seps += in.ptr[i] == HUB_LIST_SEP;
	char *p = hub_fx_room(c->x, in.len - seps + seps * between.len);
	if (!p)
		return HUB_NULL;
	for (size_t i = 0; i < in.len; i++) {
		if (in.ptr[i] != HUB_LIST_SEP) {
			p[n++] = in.ptr[i];
			continue;
		}
		if (between.len)
			memcpy(p + n, between.ptr, between.len);
		n += between.len;
	}
	*out = (struct hub_str){p, n};
	return n ? HUB_VALUE : HUB_NULL;
}

static enum hub_cell piece(struct hub_str in, int64_t number, struct hub_str *out)
{
	for (size_t at = 0; at <= in.len; number--) {
		const size_t end = piece_end(in, at);
		if (number == 1) {
			*out = hub_str_cut(in, at, end);
			return out->len ? HUB_VALUE : HUB_NULL;
		}
		at = end + 1;
	}
	return HUB_NULL;
}

enum hub_cell hub_fn_first(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	(void)c;
	return piece(in, 1, out);
}

enum hub_cell hub_fn_last(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	size_t from = in.len;

	(void)c;
	while (from > 0 && in.ptr[from - 1] != HUB_LIST_SEP)
		from--;
	*out = hub_str_from(in, from);
	return out->len ? HUB_VALUE : HUB_NULL;
}

enum hub_cell hub_fn_nth(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	return piece(in, hub_op_param(c->op, "number")->num, out);
}

enum hub_cell hub_fn_null_if(struct hub_fcall *c, struct hub_str in, struct hub_str *out)
{
	const struct hub_str s = hub_str_trim(in);

	for (uint32_t i = 0; i < c->op->params; i++)
		if (hub_str_eq(s, c->op->param[i].text))
			return HUB_NULL;
	*out = in;
	return in.len ? HUB_VALUE : HUB_NULL;
}

/* --- where the record stands ------------------------------------------------------------------ */

static void give_number(struct hub_fx *x, uint32_t r, uint64_t v)
{
	char *p = hub_fx_room(x, 24);

	if (!p)
		return;
	const int n = snprintf(p, 24, "%llu", (unsigned long long)v);
	hub_fx_set(x, r, HUB_VALUE, (struct hub_str){p, (size_t)n});
}

static const struct hub_prov *place(const struct hub_fx *x, uint32_t r)
{
	return &x->chunk->prov[x->record ? x->record[r] : r];
}

void hub_fn_row(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		give_number(x, x->sel[i], place(x, x->sel[i])->row);
}

void hub_fn_part(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++)
		give_number(x, x->sel[i], place(x, x->sel[i])->part);
}

void hub_fn_file(struct hub_fx *x)
{
	const struct hub_str name = x->chunk->input;

	for (uint32_t i = 0; i < x->n; i++)
		hub_fx_set(x, x->sel[i], name.len ? HUB_VALUE : HUB_NULL, name);
}

void hub_fn_hash(struct hub_fx *x)
{
	for (uint32_t i = 0; i < x->n; i++) {
		const uint32_t r = x->sel[i];
		const struct hub_hash h = x->content[x->record ? x->record[r] : r];
		char *p = hub_fx_room(x, 33);
		if (!p)
			return;
		(void)snprintf(p, 33, "%016llx%016llx", (unsigned long long)h.hi,
			       (unsigned long long)h.lo);
		hub_fx_set(x, r, HUB_VALUE, (struct hub_str){p, 32});
	}
}
