/* Rows of the mapping seen as rows of tables: which column goes where, what value it has. */
#include "store/writer.h"

uint32_t hub_rows_from(const struct hub_rows *rows, uint32_t src)
{
	uint32_t lo = 0, hi = rows->n;

	while (lo < hi) {
		const uint32_t mid = lo + (hi - lo) / 2;
		if (rows->src[mid] < src)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void aim(struct hub_block *b, uint32_t pcol, uint32_t col, enum hub_from from)
{
	if (pcol != HUB_NO_COL)
		b->target[b->targets++] = (struct hub_target){pcol, col, from};
}

static int make_targets(struct hub_work *k, struct hub_block *b)
{
	const struct hub_rows *rows = b->rows;
	const struct hub_entity_table *t = b->t;

	b->target = hub_alloc_array(k->a, (size_t)rows->cols * 2 + 2, sizeof *b->target);
	if (!b->target)
		return -1;
	for (uint32_t c = 0; c < rows->cols; c++) {
		const struct hub_field *f = rows->field[c];
		const uint32_t p = t->of_field[f->index];

		aim(b, p, c,
		    f->type == HUB_F_REF           ? HUB_FROM_REF
		    : t->col[p].type == HUB_DB_INT ? HUB_FROM_INT
						   : HUB_FROM_TEXT);
		if (rows->spans && rows->spans[c].cell)
			aim(b, t->spans_of[f->index], c, HUB_FROM_SPANS);
	}
	if (rows->scan)
		aim(b, t->scan, 0, HUB_FROM_SCAN);
	if (rows->match)
		aim(b, t->match, 0, HUB_FROM_MATCH);
	return 0;
}

/* " name!" could not be read, " name-" no such column in this record; NULL when there is none. */
static int make_states(struct hub_work *k, struct hub_block *b)
{
	const struct hub_rows *rows = b->rows;

	b->state = hub_alloc_array(k->a, rows->n, sizeof *b->state);
	if (!b->state)
		return -1;
	for (uint32_t c = 0; c < rows->cols; c++)
		for (uint32_t r = 0; r < rows->n; r++) {
			const uint8_t cell = rows->col[c].cell[r];
			const int own =
			    rows->field[c]->type == HUB_F_REF && rows->own_block[c] != HUB_NO_BLOCK;
			if (own || cell == HUB_VALUE || cell == HUB_NULL)
				continue;
			struct hub_str *s = &b->state[r];
			*s = hub_arena_printf(k->a, "%.*s %s%c", HUB_FMT(*s),
					      rows->field[c]->name.ptr,
					      cell == HUB_INVALID ? '!' : '-');
			if (!s->ptr)
				return -1;
		}
	return 0;
}

static int make_refs(struct hub_work *k, struct hub_block *b)
{
	const struct hub_rows *rows = b->rows;

	b->ref = hub_alloc_array(k->a, rows->cols, sizeof *b->ref);
	b->to = hub_alloc_array(k->a, rows->cols, sizeof *b->to);
	if (!b->ref || !b->to)
		return -1;
	for (uint32_t c = 0; c < rows->cols; c++) {
		if (rows->field[c]->type != HUB_F_REF)
			continue;
		if (!(b->ref[c] = hub_alloc_array(k->a, rows->n, sizeof **b->ref)))
			return -1;
		if (rows->own_block[c] == HUB_NO_BLOCK &&
		    !(b->to[c] = hub_alloc_array(k->a, rows->n, sizeof **b->to)))
			return -1;
	}
	return 0;
}

int hub_blocks_make(struct hub_work *k)
{
	const struct hub_chunk *c = k->c;

	k->block = hub_alloc_array(k->a, c->blocks, sizeof *k->block);
	for (uint32_t i = 0; k->block && i < c->blocks; i++) {
		struct hub_block *b = &k->block[i];
		const struct hub_rows *rows = &c->rows[i];

		b->rows = rows;
		b->t = hub_tables_of(k->s->tables, rows->entity);
		b->id = hub_alloc_array(k->a, rows->n, sizeof *b->id);
		b->record = hub_alloc_array(k->a, rows->n, sizeof *b->record);
		if (rows->entity->identified && rows->key.cell)
			b->slot = hub_alloc_array(k->a, rows->n, sizeof *b->slot);
		else
			b->slot = NULL;
		if (!b->id || !b->record || make_targets(k, b) || make_states(k, b) ||
		    make_refs(k, b))
			return hub_fail_mem(k->err);
	}
	return k->block ? HUB_OK : hub_fail_mem(k->err);
}

static struct hub_block *block_of(struct hub_work *k, uint32_t number)
{
	for (uint32_t i = 0; i < k->c->blocks; i++)
		if (k->block[i].rows->block == number)
			return &k->block[i];
	return NULL;
}

/* Rows of a record count on over the blocks of one entity, in their order. */
static void number_rows(struct hub_work *k, struct hub_block *b, uint32_t before)
{
	const struct hub_rows *rows = b->rows;
	uint32_t src = UINT32_MAX;
	int64_t place = 0;

	for (uint32_t r = 0; r < rows->n; r++) {
		if (rows->src[r] != src) {
			src = rows->src[r];
			place = 0;
			for (uint32_t i = 0; i < before; i++) {
				const struct hub_block *o = &k->block[i];
				if (o->rows->entity != rows->entity)
					continue;
				for (uint32_t at = hub_rows_from(o->rows, src);
				     at < o->rows->n && o->rows->src[at] == src; at++)
					place += !(o->slot && o->slot[at]);
			}
		}
		b->record[r] = k->id[src];
		if (b->slot && b->slot[r])
			b->id[r] = hub_slot_id(b->slot[r]);
		else
			b->id[r] = k->id[src] * HUB_ROWS_PER_RECORD + place++;
	}
}

static void link_own(struct hub_work *k, struct hub_block *b, uint32_t c)
{
	const struct hub_rows *rows = b->rows;
	const struct hub_block *o = block_of(k, rows->own_block[c]);
	uint32_t at = 0;

	for (uint32_t r = 0; o && r < rows->n; r++) {
		while (at < o->rows->n && o->rows->src[at] < rows->src[r])
			at++;
		if (at < o->rows->n && o->rows->src[at] == rows->src[r])
			b->ref[c][r] = o->id[at];
	}
}

void hub_blocks_number(struct hub_work *k)
{
	for (uint32_t i = 0; i < k->c->blocks; i++)
		number_rows(k, &k->block[i], i);
	for (uint32_t i = 0; i < k->c->blocks; i++) {
		struct hub_block *b = &k->block[i];
		for (uint32_t c = 0; c < b->rows->cols; c++) {
			if (b->rows->field[c]->type != HUB_F_REF)
				continue;
			if (b->rows->own_block[c] != HUB_NO_BLOCK)
				link_own(k, b, c);
			else
				for (uint32_t r = 0; r < b->rows->n; r++)
					b->ref[c][r] = b->to[c][r] ? hub_slot_id(b->to[c][r]) : 0;
		}
	}
}

enum { MAX_COLS = 2000 }; /* SQLite's own limit of columns in a table */

uint32_t hub_blocks_columns(const struct hub_work *k, const struct hub_entity_table *t, int keyed,
			    uint32_t *list)
{
	uint8_t used[MAX_COLS] = {0};
	uint32_t n = 0;

	for (uint32_t i = 0; i < k->c->blocks; i++) {
		const struct hub_block *b = &k->block[i];
		for (uint32_t x = 0; b->t == t && x < b->targets; x++)
			used[b->target[x].pcol] = 1;
	}
	used[0] = used[t->state] = 1;
	if (keyed)
		used[t->system] = used[t->key] = 1;
	for (uint32_t c = 0; c < t->cols; c++)
		if (used[c])
			list[n++] = c;
	return n;
}

const char *hub_columns_text(struct hub_work *k, const struct hub_entity_table *t,
			     const uint32_t *list, uint32_t n)
{
	HUB_AUTO(buf) struct hub_buf q;

	hub_buf_init(&q, (size_t)1 << 16);
	hub_buf_printf(&q, "%s (id", t->name.ptr);
	for (uint32_t i = 0; i < n; i++)
		hub_buf_printf(&q, ", \"%s\"", t->col[list[i]].name.ptr);
	hub_buf_putc(&q, ')');
	return hub_buf_ok(&q) ? hub_arena_cstr(k->a, hub_buf_text(&q)) : NULL;
}

static const struct hub_dbval null_value = {HUB_DB_NULL, 0, {NULL, 0}};

static struct hub_dbval text_value(struct hub_str s)
{
	return s.ptr ? (struct hub_dbval){HUB_DB_TEXT, 0, s} : null_value;
}

static struct hub_dbval int_value(int64_t i)
{
	return (struct hub_dbval){HUB_DB_INT, i, {NULL, 0}};
}

struct hub_dbval hub_block_value(const struct hub_block *b, const struct hub_target *t, uint32_t r,
				 enum hub_cell *state)
{
	const struct hub_rows *rows = b->rows;
	int64_t n;

	*state = HUB_VALUE;
	switch (t->from) {
	case HUB_FROM_SCAN:
		return text_value(rows->scan[r]);
	case HUB_FROM_MATCH:
		return rows->match[r] ? int_value((int64_t)rows->match[r]) : null_value;
	case HUB_FROM_SPANS:
		/* no spans of a text that is not there leave what is stored, like the text itself */
		*state = rows->col[t->col].cell[r] == HUB_ABSENT ? HUB_ABSENT : HUB_VALUE;
		return rows->spans[t->col].cell[r] == HUB_VALUE
			   ? text_value(rows->spans[t->col].text[r])
			   : null_value;
	case HUB_FROM_REF:
		if (rows->own_block[t->col] == HUB_NO_BLOCK)
			*state = rows->col[t->col].cell[r];
		return b->ref[t->col][r] ? int_value(b->ref[t->col][r]) : null_value;
	case HUB_FROM_INT:
		*state = rows->col[t->col].cell[r];
		if (*state == HUB_VALUE &&
		    !hub_parse_i64(rows->col[t->col].text[r], INT64_MIN, INT64_MAX, &n))
			return int_value(n);
		return null_value;
	case HUB_FROM_TEXT:
		*state = rows->col[t->col].cell[r];
		return *state == HUB_VALUE ? text_value(rows->col[t->col].text[r]) : null_value;
	}
	return null_value;
}

int hub_dbval_same(const struct hub_dbval *a, const struct hub_dbval *b)
{
	if (a->type != b->type)
		return 0;
	switch (a->type) {
	case HUB_DB_NULL:
		return 1;
	case HUB_DB_INT:
		return a->i == b->i;
	default:
		return hub_str_eq(a->s, b->s);
	}
}

struct hub_hash hub_dbval_hash(const struct hub_dbval *v, struct hub_hash seed)
{
	const char type = (char)v->type;

	if (v->type == HUB_DB_INT)
		seed = hub_hash128((struct hub_str){(const char *)&v->i, sizeof v->i}, seed);
	else if (v->type != HUB_DB_NULL)
		seed = hub_hash128(v->s, seed);
	return hub_hash128((struct hub_str){&type, 1}, seed);
}

struct hub_hash hub_row_hash(const struct hub_entity_table *t, const struct hub_dbval *val)
{
	struct hub_hash h = {0, 0};

	for (uint32_t i = 0; i < t->cols; i++)
		if (t->col[i].kind != HUB_P_SPANS && t->col[i].kind != HUB_P_SCAN)
			h = hub_dbval_hash(&val[i], h);
	return h;
}
