/* The two steps of a chunk: keys and hashes, then rows. */
#include "intake/map.h"

#include "base/err.h"
#include "intake/total.h"
#include "intake/zeros.h"
#include "text/fold.h"

/* --- step 1 ----------------------------------------------------------------------------------- */

static int new_chunk(struct hub_chunk *c, const struct hub_batch *b, struct hub_err *err)
{
	const size_t n = (size_t)b->rows + 1;

	c->n = b->rows;
	c->prov = b->prov;
	c->key = hub_alloc_array(c->arena, n, sizeof *c->key);
	c->hash = hub_alloc_array(c->arena, n, sizeof *c->hash);
	c->raw = hub_alloc_array(c->arena, n, sizeof *c->raw);
	c->fate = hub_alloc_array(c->arena, n, sizeof *c->fate);
	c->code = hub_alloc_array(c->arena, n, sizeof *c->code);
	c->reason = hub_alloc_array(c->arena, n, sizeof *c->reason);
	c->column = hub_alloc_array(c->arena, n, sizeof *c->column);
	c->rows = NULL;
	c->blocks = 0;
	if (!c->key || !c->hash || !c->raw || !c->fate || !c->code || !c->reason || !c->column)
		return hub_fail_mem(err);
	return HUB_OK;
}

/* Nothing but separators: what Excel leaves below a table, where somebody once had typed something. */
static int is_blank(const struct hub_batch *b, uint32_t r)
{
	for (uint32_t c = 0; c < b->cols; c++)
		if (b->col[c].cell[r] >= HUB_VALUE && b->col[c].text[r].len)
			return 0;
	return b->cols > 1;
}

/* What the reader said about its records. A dropped one is no data: a blank line, a title. */
static void take_verdicts(struct hub_chunk *c, const struct hub_batch *b)
{
	for (uint32_t r = 0; r < b->rows; r++) {
		const uint8_t v = b->verdict ? b->verdict[r] : HUB_ROW_PENDING;
		c->raw[r] = b->raw ? b->raw[r] : (struct hub_str){0};
		if (v == HUB_ROW_DROP || (v == HUB_ROW_PENDING && is_blank(b, r)))
			c->fate[r] = HUB_FATE_HEADER;
		if (v != HUB_ROW_REJECT)
			continue;
		c->fate[r] = HUB_FATE_REJECTED;
		c->code[r] = b->code[r] ? b->code[r] : "unreadable";
		c->reason[r] = b->reason[r];
	}
}

/* A file that should have no header has one after all: each cell of its first record is the name of its column. */
static int names_columns(const struct hub_bound *m, const struct hub_batch *b, enum hub_enc enc,
			 struct hub_arena *a)
{
	uint32_t same = 0;
	size_t used;

	if (!m->m->by_place || b->rows == 0 || b->prov[0].row != 1)
		return 0;
	for (uint32_t c = 0; c < b->cols && c < m->width; c++) {
		if (b->col[c].cell[0] != HUB_VALUE || b->col[c].text[0].len == 0)
			continue;
		const struct hub_str text =
		    hub_decode_arena(a, enc, b->col[c].text[0], &used, NULL);
		if (!text.ptr || m->col_of[c] == HUB_NO_COLUMN ||
		    !hub_str_eq(hub_str_trim(text), m->m->col[m->col_of[c]].name))
			return 0;
		same++;
	}
	return same > 1;
}

/* The cell, as the source gives it, is the name of its column or, of a header of several rows, a part of it. */
static int names_itself(const struct hub_col *col, struct hub_str cell)
{
	const struct hub_str name = col->name;

	if (hub_str_starts(cell,
			   HUB_STR("\xef\xbb\xbf"))) /* of a file that was put behind another */
		cell = hub_str_from(cell, 3);
	if (cell.len >= name.len || !cell.len)
		return hub_str_eq(cell, name);
	return (name.ptr[cell.len] == '_' && hub_str_starts(name, cell)) ||
	       (name.ptr[name.len - cell.len - 1] == '_' && hub_str_ends(name, cell));
}

/* The header again: of files put together, or of a list that was printed by pages. */
static int is_header(const struct hub_mapexec *x, uint32_t r)
{
	uint32_t same = 0;

	for (uint32_t c = 0; c < x->batch->cols && !x->m->by_place; c++) {
		const struct hub_col *col = &x->batch->col[c];
		if (col->cell[r] != HUB_VALUE || !col->text[r].len)
			continue;
		if (!names_itself(col, col->text[r]))
			return 0;
		same++;
	}
	return same > 1;
}

/* Over the raw cells: what is equal need not be decoded, let alone mapped. */
static void hash_records(struct hub_mapexec *x)
{
	const struct hub_batch *b = x->batch;
	struct hub_chunk *c = x->chunk;

	for (uint32_t r = 0; r < c->n; r++) {
		struct hub_hash h = {0, 0};
		for (uint32_t col = 0; col < b->cols; col++) {
			const uint8_t cell = b->col[col].cell[r];
			if (cell == HUB_VALUE || cell == HUB_INVALID)
				h = hub_hash128(b->col[col].text[r], h);
			h.lo = (h.lo ^ cell) * 0x9e3779b97f4a7c15u;
		}
		x->content[r] = h;
		c->hash[r] = (struct hub_hash){h.hi ^ x->m->seed.hi, h.lo ^ x->m->seed.lo};
	}
}

static int apply_scope(struct hub_mapexec *x, struct hub_err *err)
{
	const uint32_t op = x->m->scope;

	if (op == HUB_NO_OP)
		return HUB_OK;
	const int rc = hub_mapexec_run(x, op, err);
	if (rc)
		return rc;
	const struct hub_vec *v = &x->reg[op].v;
	for (uint32_t i = 0; i < x->domain[0].n; i++) {
		const uint32_t r = x->domain[0].sel[i];
		if (x->chunk->fate[r] != HUB_FATE_OPEN)
			continue;
		if (v->cell[r] == HUB_INVALID) {
			hub_mapexec_refuse(x, op, r);
		} else if (v->cell[r] != HUB_VALUE || v->text[r].ptr[0] != '1') {
			x->chunk->fate[r] = HUB_FATE_OUTSIDE;
			x->chunk->raw[r] = (struct hub_str){0};
		}
	}
	hub_mapexec_select(x);
	return HUB_OK;
}

/* Two keys that look the same would be two people. */
static int hides_something(struct hub_str key)
{
	enum hub_hidden kind;
	size_t at = 0, where;
	uint32_t cp;

	while (hub_hidden_next(key, &at, &kind, &cp, &where))
		if (kind == HUB_HIDDEN_ZERO_WIDTH || kind == HUB_HIDDEN_CONTROL ||
		    kind == HUB_HIDDEN_BIDI || kind == HUB_HIDDEN_SOFT_HYPHEN)
			return 1;
	return 0;
}

static void refuse_hidden(struct hub_mapexec *x, uint32_t rec, uint32_t op)
{
	hub_mapexec_reject(
	    x, rec, "hidden-in-key",
	    hub_str_of(hub_tr("the key holds a character that nobody sees: type it anew")),
	    hub_mapexec_column(x, op));
}

static int take_keys(struct hub_mapexec *x, struct hub_err *err)
{
	const uint32_t op = x->m->key;
	const int rc = hub_mapexec_run(x, op, err);

	if (rc)
		return rc;
	const struct hub_vec *v = &x->reg[op].v;
	for (uint32_t i = 0; i < x->domain[0].n; i++) {
		const uint32_t r = x->domain[0].sel[i];
		if (x->chunk->fate[r] != HUB_FATE_OPEN)
			continue; /* its bytes could not be decoded */
		if (is_header(x, r))
			hub_mapexec_reject(
			    x, r, "header-line",
			    hub_str_of(hub_tr("the names of the columns again, no record")),
			    hub_mapexec_column(x, op));
		else if (v->cell[r] == HUB_INVALID)
			hub_mapexec_refuse(x, op, r);
		else if (v->cell[r] != HUB_VALUE)
			hub_mapexec_reject(x, r, "no-key",
					   hub_str_of(hub_tr("the record has no key")),
					   hub_mapexec_column(x, op));
		else if (hub_is_total(v->text[r]))
			hub_mapexec_reject(x, r, "total-line",
					   hub_str_of(hub_tr("a total, no record")),
					   hub_mapexec_column(x, op));
		else if (hides_something(v->text[r]))
			refuse_hidden(x, r, op);
		else
			x->chunk->key[r] = v->text[r];
	}
	hub_mapexec_select(x);
	return HUB_OK;
}

/* What both looks at a batch begin with: which of its rows are records at all. */
static int begin(const struct hub_bound *m, struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_mapexec **x, struct hub_err *err)
{
	const enum hub_enc enc = b->encoding.len ? hub_enc_of(b->encoding) : HUB_ENC_UTF8;
	int rc;

	if (enc == HUB_ENC_NONE)
		return hub_fail(
		    err, HUB_FATAL, "unknown-encoding",
		    "the source hands out cells in an encoding that the hub does not know");
	if ((rc = new_chunk(c, b, err)) || (rc = hub_map_scrub(m, b, c, f, enc, err)))
		return rc;
	take_verdicts(c, b);
	if (names_columns(m, b, enc, c->arena))
		c->fate[0] = HUB_FATE_HEADER;
	return hub_mapexec_new(m, b, c, f, x, err);
}

int hub_map_known(const struct hub_bound *m, struct hub_batch *b, struct hub_chunk *c,
		  uint8_t *known, struct hub_err *err)
{
	const uint32_t op = m->m->known_by;
	struct hub_mapexec *x;
	int rc;

	if ((rc = begin(m, b, c, NULL, &x, err)) ||
	    (op != HUB_NO_OP && (rc = hub_mapexec_run(x, op, err))))
		return rc;
	for (uint32_t r = 0; r < c->n; r++)
		known[r] = op != HUB_NO_OP && c->fate[r] == HUB_FATE_OPEN &&
			   x->reg[op].v.cell[r] == HUB_VALUE && x->reg[op].v.text[r].ptr[0] == '1';
	return HUB_OK;
}

int hub_map_keys(const struct hub_bound *m, struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err)
{
	struct hub_mapexec *x;
	int rc = begin(m, b, c, f, &x, err);

	if (rc)
		return rc;
	c->mapped = x;
	hash_records(x);
	if ((rc = apply_scope(x, err)) || (rc = take_keys(x, err)))
		return rc;
	for (uint32_t r = 0; m->m->info.mode == HUB_FEED_LOOKUP && r < c->n; r++)
		c->raw[r] = (struct hub_str){0}; /* a registry is looked up, not copied */
	return HUB_OK;
}

/* --- step 2 ----------------------------------------------------------------------------------- */

static int decode_all(struct hub_mapexec *x, struct hub_err *err)
{
	int rc = HUB_OK;

	for (uint32_t col = 0; rc == HUB_OK && col < x->batch->cols; col++)
		rc = hub_mapexec_decode(x, col, err);
	hub_mapexec_select(x);
	return rc;
}

static int run_block(struct hub_mapexec *x, const struct hub_mapblock *b, struct hub_err *err)
{
	const uint32_t ops[] = {b->when, b->each, b->key};
	int rc = HUB_OK;

	for (size_t i = 0; rc == HUB_OK && i < HUB_COUNT(ops); i++)
		if (ops[i] != HUB_NO_OP)
			rc = hub_mapexec_run(x, ops[i], err);
	for (uint32_t i = 0; rc == HUB_OK && i < b->n; i++)
		if (b->field[i].op != HUB_NO_OP)
			rc = hub_mapexec_run(x, b->field[i].op, err);
	return rc;
}

static uint32_t record_of(const struct hub_mapexec *x, const struct hub_mapblock *b, uint32_t r)
{
	return b->domain ? x->domain[b->domain].record[r] : r;
}

static enum hub_cell cell_of(const struct hub_mapexec *x, uint32_t op, uint32_t r)
{
	return op == HUB_NO_OP ? HUB_ABSENT : (enum hub_cell)x->reg[op].v.cell[r];
}

/* Does the block apply to this row's record? Refuses the record when that cannot be told. */
static int applies(struct hub_mapexec *x, const struct hub_mapblock *b, uint32_t r)
{
	const uint32_t rec = record_of(x, b, r);

	if (b->when == HUB_NO_OP)
		return 1;
	const struct hub_vec *v = &x->reg[b->when].v;
	if (v->cell[rec] == HUB_INVALID)
		hub_mapexec_refuse(x, b->when, rec);
	return v->cell[rec] == HUB_VALUE && v->text[rec].ptr[0] == '1';
}

/* A row needs something of its own, unless nothing in the block can be. */
static int has_content(const struct hub_mapexec *x, const struct hub_mapblock *b, uint32_t r)
{
	if (b->bare || cell_of(x, b->key, r) >= HUB_VALUE)
		return 1;
	for (uint32_t i = 0; i < b->n; i++)
		if (!b->field[i].fixed && b->field[i].field->type != HUB_F_REF &&
		    cell_of(x, b->field[i].op, r) >= HUB_VALUE)
			return 1;
	return 0;
}

/* A number that names a row of the entity, of this block or of another record. */
static void check_key(struct hub_mapexec *x, uint32_t rec, uint32_t op, uint32_t r,
		      const struct hub_entity *e)
{
	const struct hub_str key = x->reg[op].v.text[r];

	if (hides_something(key))
		refuse_hidden(x, rec, op);
	else if (e && x->b->zeros && hub_zeros_lost(&x->b->zeros[e->index], key))
		hub_mapexec_reject(
		    x, rec, "zeros-lost",
		    hub_str_of(hub_tr("the number has fewer digits than all before: a spreadsheet "
				      "took the zeros in front. Export the file anew")),
		    hub_mapexec_column(x, op));
}

/* 1 when row r of the block is fine; else its record is rejected. */
static int check_row(struct hub_mapexec *x, const struct hub_mapblock *b, uint32_t r)
{
	const uint32_t rec = record_of(x, b, r);

	if (cell_of(x, b->key, r) == HUB_INVALID) {
		hub_mapexec_refuse(x, b->key, r);
	} else if (b->key != HUB_NO_OP && cell_of(x, b->key, r) != HUB_VALUE) {
		hub_mapexec_reject(x, rec, "no-key",
				   hub_str_of(hub_tr("the row has no key of its own")),
				   hub_mapexec_column(x, b->key));
	} else if (b->key != HUB_NO_OP) {
		check_key(x, rec, b->key, r, b->entity);
	}
	for (uint32_t i = 0; i < b->n; i++) {
		const struct hub_mapfield *f = &b->field[i];
		const enum hub_cell cell = cell_of(x, f->op, r);
		if (f->op == HUB_NO_OP)
			continue;
		if (cell == HUB_INVALID && f->policy == HUB_MP_REJECT)
			hub_mapexec_refuse(x, f->op, r);
		else if (cell == HUB_VALUE && f->field->type == HUB_F_REF)
			check_key(x, rec, f->op, r, f->field->to);
		else if (cell < HUB_VALUE && f->required)
			hub_mapexec_reject(
			    x, rec, "missing",
			    hub_str_of(hub_tr("a value that must be there is missing")),
			    hub_mapexec_column(x, f->op));
	}
	return x->chunk->fate[rec] == HUB_FATE_OPEN;
}

/* live[r]: 1 when row r of the block is to be made. All blocks are checked before any is built, for
 * a refused record leaves no row in any of them. */
static uint8_t *check_block(struct hub_mapexec *x, const struct hub_mapblock *b)
{
	const struct hub_mapdomain *dom = &x->domain[b->domain];
	uint8_t *live = hub_alloc0(x->chunk->arena, (size_t)dom->rows + 1);

	for (uint32_t i = 0; live && i < dom->n; i++) {
		const uint32_t r = dom->sel[i];
		live[r] = applies(x, b, r) && has_content(x, b, r) && check_row(x, b, r);
	}
	/* an `each` that cannot be read makes no piece that could say so */
	for (uint32_t i = 0; b->each != HUB_NO_OP && i < x->domain[0].n; i++)
		if (x->reg[b->each].v.cell[x->domain[0].sel[i]] == HUB_INVALID)
			hub_mapexec_refuse(x, b->each, x->domain[0].sel[i]);
	return live;
}

static int gather(struct hub_mapexec *x, uint32_t op, const uint32_t *row, uint32_t n,
		  struct hub_vec *out)
{
	out->cell = hub_alloc0(x->chunk->arena, (size_t)n + 1);
	out->text = hub_alloc(x->chunk->arena, ((size_t)n + 1) * sizeof *out->text);
	if (!out->cell || !out->text)
		return -1;
	const struct hub_vec *v = op == HUB_NO_OP ? NULL : &x->reg[op].v;
	for (uint32_t i = 0; v && i < n; i++) {
		out->cell[i] = v->cell[row[i]];
		out->text[i] = out->cell[i] >= HUB_VALUE ? v->text[row[i]] : HUB_STR("");
	}
	return 0;
}

/* What a field without a value, or with one that could not be read, has to say. */
static void note_field(struct hub_mapexec *x, const struct hub_mapblock *b,
		       const struct hub_mapfield *f, const struct hub_rows *rows,
		       const struct hub_vec *v, const uint32_t *row)
{
	const int needed = (f->field->flags & HUB_FF_REQUIRED) != 0;

	if (f->op == HUB_NO_OP)
		return;
	const struct hub_str column = hub_mapexec_column(x, f->op);
	for (uint32_t i = 0; i < rows->n; i++) {
		const uint32_t rec = record_of(x, b, row[i]);
		if (v->cell[i] == HUB_INVALID) {
			uint32_t at;
			const uint32_t op = hub_mapexec_culprit(x, f->op, row[i], &at);
			const struct hub_func *fn = x->m->op[op].fn;
			hub_finding_add(x->findings, hub_mapexec_column(x, op),
					fn && fn->bad ? fn->bad : "bad-value",
					&x->chunk->prov[rec]);
		} else if (v->cell[i] != HUB_VALUE && needed) {
			hub_finding_add(x->findings, column, "required-empty",
					&x->chunk->prov[rec]);
		}
	}
}

static int build_fields(struct hub_mapexec *x, const struct hub_mapblock *b, struct hub_rows *rows,
			const uint32_t *row)
{
	struct hub_arena *a = x->chunk->arena;
	const struct hub_field **field = hub_alloc_array(a, (size_t)b->n + 1, sizeof *field);

	rows->cols = b->n;
	rows->field = field;
	rows->col = hub_alloc_array(a, (size_t)b->n + 1, sizeof *rows->col);
	rows->spans = hub_alloc_array(a, (size_t)b->n + 1, sizeof *rows->spans);
	rows->own_block = hub_alloc_array(a, (size_t)b->n + 1, sizeof *rows->own_block);
	if (!field || !rows->col || !rows->spans || !rows->own_block)
		return -1;
	for (uint32_t i = 0; i < b->n; i++) {
		const struct hub_mapfield *f = &b->field[i];
		field[i] = f->field;
		rows->own_block[i] = f->own_block;
		if (gather(x, f->op, row, rows->n, &rows->col[i]))
			return -1;
		note_field(x, b, f, rows, &rows->col[i], row);
	}
	return 0;
}

static int build_block(struct hub_mapexec *x, uint32_t at, const uint8_t *live,
		       struct hub_rows *rows)
{
	const struct hub_mapblock *b = &x->m->block[at];
	const struct hub_mapdomain *dom = &x->domain[b->domain];
	struct hub_arena *a = x->chunk->arena;
	uint32_t *row = hub_alloc_array(a, (size_t)dom->n + 1, sizeof *row);

	*rows = (struct hub_rows){.entity = b->entity, .block = at, .shared = b->shared};
	rows->src = hub_alloc_array(a, (size_t)dom->n + 1, sizeof *rows->src);
	if (!row || !rows->src)
		return -1;
	for (uint32_t i = 0; i < dom->n; i++) {
		const uint32_t r = dom->sel[i], rec = record_of(x, b, r);
		if (!live[r] || x->chunk->fate[rec] != HUB_FATE_OPEN)
			continue;
		row[rows->n] = r;
		rows->src[rows->n++] = rec;
	}
	if (b->key != HUB_NO_OP && gather(x, b->key, row, rows->n, &rows->key))
		return -1;
	if (b->latest != HUB_NO_COLUMN &&
	    gather(x, b->field[b->latest].op, row, rows->n, &rows->latest))
		return -1;
	return build_fields(x, b, rows, row);
}

/* Rows that were made for other records: what the step before made, for all of them, stays. */
static void forget_rows(struct hub_mapexec *x)
{
	for (uint32_t i = 0; i < x->m->ops; i++)
		if (x->reg[i].done == HUB_MAP_ROWS)
			x->reg[i] = (struct hub_reg){0};
	for (uint32_t col = 0; col < x->batch->cols; col++)
		if (x->decoded[col] == HUB_MAP_ROWS)
			x->decoded[col] = 0;
	for (uint32_t d = 1; d <= x->m->info.blocks; d++)
		x->domain[d] = (struct hub_mapdomain){0};
}

int hub_map_rows(const struct hub_bound *m, const struct hub_batch *b, struct hub_chunk *c,
		 struct hub_findings *f, struct hub_err *err)
{
	struct hub_mapexec *x = c->mapped;
	const uint32_t blocks = m->m->info.blocks;
	const uint8_t **live = hub_alloc_array(c->arena, (size_t)blocks + 1, sizeof *live);
	int rc;

	(void)b;
	c->rows = hub_alloc_array(c->arena, (size_t)blocks + 1, sizeof *c->rows);
	if (!live || !c->rows)
		return hub_fail_mem(err);
	x->findings = f;
	x->step = HUB_MAP_ROWS;
	forget_rows(x);
	hub_mapexec_select(x);
	if ((rc = decode_all(x, err)))
		return rc;
	for (uint32_t i = 0; i < blocks; i++)
		if ((rc = run_block(x, &m->m->block[i], err)))
			return rc;
	for (uint32_t i = 0; i < blocks; i++)
		if (!(live[i] = check_block(x, &m->m->block[i])))
			return hub_fail_mem(err);
	for (uint32_t i = 0; i < blocks; i++)
		if (build_block(x, i, live[i], &c->rows[i]))
			return hub_fail_mem(err);
	c->blocks = blocks;
	return HUB_OK;
}
