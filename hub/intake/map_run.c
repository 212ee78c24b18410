/* Runs a compiled mapping over one chunk, one operation and column at a time. */
#include "intake/map.h"

#include "base/err.h"
#include "intake/excel.h"
#include "text/fold.h"

#include <stdio.h>

int hub_mapexec_new(const struct hub_bound *b, const struct hub_batch *batch, struct hub_chunk *c,
		    struct hub_findings *f, struct hub_mapexec **out, struct hub_err *err)
{
	struct hub_arena *a = c->arena;
	struct hub_mapexec *x = hub_alloc0(a, sizeof *x);
	const struct hub_mapping *m = b->m;

	if (!x)
		return hub_fail_mem(err);
	*x = (struct hub_mapexec){
	    .b = b, .m = m, .batch = batch, .chunk = c, .findings = f, .step = HUB_MAP_KEYS};
	x->enc = batch->encoding.len ? hub_enc_of(batch->encoding) : HUB_ENC_UTF8;
	x->reg = hub_alloc_array(a, m->ops + 1, sizeof *x->reg);
	x->col = hub_alloc_array(a, batch->cols + 1, sizeof *x->col);
	x->decoded = hub_alloc0(a, batch->cols + 1);
	x->domain = hub_alloc_array(a, m->info.blocks + 1, sizeof *x->domain);
	x->content = hub_alloc_array(a, c->n + 1, sizeof *x->content);
	if (!x->reg || !x->col || !x->decoded || !x->domain || !x->content)
		return hub_fail_mem(err);
	x->domain[0].rows = c->n;
	x->domain[0].sel = hub_alloc_array(a, c->n + 1, sizeof *x->domain[0].sel);
	if (!x->domain[0].sel)
		return hub_fail_mem(err);
	hub_mapexec_select(x);
	*out = x;
	return HUB_OK;
}

void hub_mapexec_select(struct hub_mapexec *x)
{
	for (uint32_t d = 0; d <= x->m->info.blocks; d++) {
		struct hub_mapdomain *dom = &x->domain[d];
		dom->n = 0;
		for (uint32_t r = 0; r < dom->rows; r++)
			if (x->chunk->fate[dom->record ? dom->record[r] : r] == HUB_FATE_OPEN)
				dom->sel[dom->n++] = r;
	}
}

static int new_vec(struct hub_mapexec *x, uint32_t rows, struct hub_vec *v)
{
	v->cell = hub_alloc0(x->chunk->arena, (size_t)rows + 1);
	v->text = hub_alloc(x->chunk->arena, ((size_t)rows + 1) * sizeof *v->text);
	if (v->cell && v->text)
		return 0;
	x->oom = 1;
	return -1;
}

/* --- decoding --------------------------------------------------------------------------------- */

/* What a byte may mean: not ASCII, a control character, the lead of a character that may be hidden
 * (only told apart in UTF-8). */
enum { B_HIGH = 1, B_CONTROL = 2, B_LEAD = 4 };

static unsigned look_at_byte(unsigned char c, int utf8)
{
	if (c < 0x80)
		return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ? B_CONTROL
										      : 0;
	/* C2: C1 controls, NBSP; E2: zero width, directions; EE, EF, F3, F4: private use, variation
	 * selectors, U+FEFF, U+FFFD */
	return utf8 && (c == 0xc2 || c == 0xe2 || c >= 0xee) ? B_HIGH | B_LEAD : B_HIGH;
}

static unsigned look_at_bytes(const char *p, size_t n, int utf8)
{
	unsigned seen = 0;

	for (size_t i = 0; i < n; i++)
		seen |= look_at_byte((unsigned char)p[i], utf8);
	return seen;
}

/* Only words that hold something to tell apart are looked at by byte. */
static inline unsigned look_at_word(const char *p, int utf8)
{
	const uint64_t ones = UINT64_MAX / 255, highs = ones << 7;
	uint64_t w;

	memcpy(&w, p, sizeof w);
	const uint64_t low = (w - ones * 0x20) & ~w & highs;
	const uint64_t del = w ^ (ones * 0x7f), is_del = (del - ones) & ~del & highs;
	if (low | is_del || (utf8 && w & highs))
		return look_at_bytes(p, sizeof w, utf8);
	return w & highs ? B_HIGH : 0;
}

/* Eight bytes at a time; the last eight overlap those before, for to see a byte twice is no harm. */
static unsigned look_at(struct hub_str s, int utf8)
{
	unsigned seen = 0;

	if (s.len < 8)
		return look_at_bytes(s.ptr, s.len, utf8);
	for (size_t i = 0; i + 8 < s.len; i += 8)
		seen |= look_at_word(s.ptr + i, utf8);
	return seen | look_at_word(s.ptr + s.len - 8, utf8);
}

static void note_hidden(struct hub_mapexec *x, uint32_t col, uint32_t rec, struct hub_str s)
{
	enum hub_hidden kind;
	size_t at = 0, where;
	char detail[16];
	uint32_t cp;

	while (hub_hidden_next(s, &at, &kind, &cp, &where)) {
		const int n = snprintf(detail, sizeof detail, "U+%04X", (unsigned)cp);
		hub_finding_count(x->findings, x->b->name[col], hub_hidden_name(kind),
				  (struct hub_str){detail, (size_t)n}, &x->chunk->prov[rec], 1);
	}
}

/* Kanji and signs (⑴) that CP932 does not have: they are kept, but who gets them in CP932 needs another character. */
static void note_outside(struct hub_mapexec *x, uint32_t col, uint32_t rec, struct hub_str s)
{
	char detail[16];

	for (size_t at = 0; x->findings && at < s.len;) {
		/* what begins below E2 is no kanji, nor one of the signs with a number or word in it */
		if ((unsigned char)s.ptr[at] < 0xe2) {
			at++;
			continue;
		}
		const int32_t cp = hub_utf8_next(s, &at);
		if (cp < 0x2460 || (cp >= 0xe000 && cp <= 0xf8ff) || cp >= 0xe0000 ||
		    (cp >= 0xfe00 && cp <= 0xfe0f) || cp == 0xfeff || cp == 0xfffd ||
		    hub_enc_cp932_has((uint32_t)cp))
			continue;
		const int n = snprintf(detail, sizeof detail, "U+%04X", (unsigned)cp);
		hub_finding_count(x->findings, x->b->name[col], "outside-cp932",
				  (struct hub_str){detail, (size_t)n}, &x->chunk->prov[rec], 1);
	}
}

static void reject_bytes(struct hub_mapexec *x, uint32_t col, uint32_t rec, struct hub_str cell,
			 size_t at)
{
	const struct hub_str reason = hub_arena_printf(
	    x->chunk->arena, hub_tr("byte %zu of the cell (0x%02X) is not %s"), at + 1,
	    at < cell.len ? (unsigned char)cell.ptr[at] : 0, hub_enc_name(x->enc));

	if (!reason.ptr)
		x->oom = 1;
	hub_mapexec_reject(x, rec, "bad-bytes", reason, x->b->name[col]);
}

/* A kanji of level 2 with a half-width kana behind it, as bytes of CP932. */
static int has_odd_pair(struct hub_str cell)
{
	enum { LEVEL_2 = 0xe0, KANA_FIRST = 0xa1, KANA_LAST = 0xdf, LEAD = 0x81 };
	unsigned last = 0;

	for (size_t i = 0; i < cell.len; i++) {
		const unsigned c = (unsigned char)cell.ptr[i];
		const int kana = c >= KANA_FIRST && c <= KANA_LAST;
		if (kana && last >= LEVEL_2)
			return 1;
		last = c;
		i += c >= LEAD && !kana;
	}
	return 0;
}

/* Of a file that was put behind another: what says something as UTF-8 and has, as CP932, what nobody writes. Names of
 * level 2 alone can be read as UTF-8, too: 蜻浦. */
static int is_utf8_after_all(struct hub_str cell)
{
	if (hub_utf8_valid(cell) != cell.len || !has_odd_pair(cell))
		return 0;
	for (size_t at = 0; at < cell.len;) {
		const int32_t cp = hub_utf8_next(cell, &at);
		if ((cp >= 0x3041 && cp <= 0x9fff) || (cp >= 0xff01 && cp <= 0xff9f))
			return 1;
	}
	return 0;
}

/* One cell to UTF-8. Text that is ASCII or UTF-8 already is shared with the batch. */
static void decode_cell(struct hub_mapexec *x, struct hub_fx *room, uint32_t col, uint32_t rec,
			struct hub_vec *v)
{
	const struct hub_str in = x->batch->col[col].text[rec];
	const unsigned seen = look_at(in, x->enc == HUB_ENC_UTF8);
	struct hub_enc_stats stats = {0};
	size_t used = in.len, n = 0;

	v->cell[rec] = HUB_VALUE;
	v->text[rec] = in;
	if (x->enc == HUB_ENC_UTF8) {
		used = seen & B_HIGH ? hub_utf8_valid(in) : in.len;
	} else if (seen & B_HIGH || x->enc == HUB_ENC_ISO2022JP || x->enc >= HUB_ENC_UTF16LE) {
		const size_t bound = hub_decode_bound(x->enc, in.len);
		char *p = bound <= room->left ? room->room : hub_fx_room(room, bound);
		if (!p) {
			x->oom = 1;
			return;
		}
		used = hub_decode(x->enc, in, p, &n, &stats);
		if (p == room->room) { /* the bound is generous: take what was needed */
			room->room += n;
			room->left -= n;
		}
		v->text[rec] = (struct hub_str){p, n};
	}
	if (used != in.len)
		reject_bytes(x, col, rec, in, used);
	else if (x->enc == HUB_ENC_CP932 && seen & B_HIGH && is_utf8_after_all(in))
		hub_mapexec_reject(x, rec, "wrong-encoding",
				   hub_str_of(hub_tr("the record is UTF-8, the file CP932: two "
						     "files were put together")),
				   x->b->name[col]);
	else if (stats.gaiji || seen & (B_CONTROL | B_LEAD))
		note_hidden(x, col, rec, v->text[rec]);
	if (used == in.len && seen & B_HIGH && x->enc != HUB_ENC_CP932)
		note_outside(x, col, rec, v->text[rec]);
}

/* 〃 is no value: what it stands for is in another record, from which this one is apart as soon as it is read. */
int hub_map_ditto(struct hub_str cell)
{
	static const char marks[][12] = {"〃", "同上", "仝", "々", "″", "〃　〃"};

	/* the first byte of all of them */
	if (cell.len < 3 || cell.len > 12 || (unsigned char)cell.ptr[0] < 0xe2)
		return 0;
	cell = hub_str_trim(cell);
	for (size_t i = 0; cell.len && i < HUB_COUNT(marks); i++)
		if (cell.ptr[0] == marks[i][0] && hub_str_is(cell, marks[i]))
			return 1;
	return 0;
}

/* What stands in a cell in place of its value, with its code; NULL: it is one. */
static const char *in_place(struct hub_str cell, const char **code)
{
	*code = "bad-value";
	if (hub_excel_error(cell))
		return HUB_N("the cell holds an error, or what cannot be read");
	*code = "same-as-above";
	if (hub_map_ditto(cell))
		return HUB_N("the cell says that it is the same as the one above: write it out");
	*code = "digits-lost";
	if (hub_excel_rounded(cell))
		return HUB_N("a spreadsheet rounded this number: take it from its source");
	return NULL;
}

int hub_mapexec_decode(struct hub_mapexec *x, uint32_t col, struct hub_err *err)
{
	const char *code;
	const struct hub_mapdomain *dom = &x->domain[0];
	const struct hub_col *in = &x->batch->col[col];
	struct hub_vec *v = &x->col[col];
	struct hub_fx room = {.arena = x->chunk->arena};

	if (x->decoded[col])
		return HUB_OK;
	x->decoded[col] = x->step;
	if (new_vec(x, dom->rows, v))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < dom->n; i++) {
		const uint32_t r = dom->sel[i];
		if ((in->cell[r] != HUB_VALUE && in->cell[r] != HUB_INVALID) ||
		    in->text[r].len == 0)
			v->cell[r] = in->cell[r] == HUB_ABSENT ? HUB_ABSENT : HUB_NULL;
		else
			decode_cell(x, &room, col, r, v);
		if (v->cell[r] == HUB_VALUE)
			v->text[r] = hub_excel_kept(v->text[r]);
		if (v->cell[r] == HUB_VALUE && v->text[r].len == 0)
			v->cell[r] = HUB_NULL;
		/* what the reader could not make a value of does not become one here: #REF! is nobody's name */
		if (v->cell[r] == HUB_VALUE &&
		    (in->cell[r] == HUB_INVALID || in_place(v->text[r], &code)))
			v->cell[r] = HUB_INVALID;
	}
	return x->oom ? hub_fail_mem(err) : HUB_OK;
}

/* --- operations ------------------------------------------------------------------------------- */

static uint32_t batch_column(const struct hub_mapexec *x, uint32_t column)
{
	const uint32_t col = x->b->at[column];

	return col < x->batch->cols ? col : HUB_NO_COLUMN;
}

static int run_column(struct hub_mapexec *x, const struct hub_op *op, struct hub_reg *reg,
		      struct hub_err *err)
{
	const uint32_t col = batch_column(x, op->column);

	if (col == HUB_NO_COLUMN)
		return new_vec(x, x->domain[0].rows, &reg->v) ? hub_fail_mem(err) : HUB_OK;
	const int rc = hub_mapexec_decode(x, col, err);
	reg->v = x->col[col];
	return rc;
}

static void run_constant(const struct hub_op *op, const struct hub_mapdomain *dom,
			 struct hub_reg *reg)
{
	for (uint32_t i = 0; i < dom->n; i++) {
		reg->v.cell[dom->sel[i]] = op->kind == HUB_V_NULL ? HUB_NULL : HUB_VALUE;
		reg->v.text[dom->sel[i]] = op->constant;
	}
}

static void run_spread(const struct hub_mapexec *x, const struct hub_op *op,
		       const struct hub_mapdomain *dom, struct hub_reg *reg)
{
	const struct hub_vec *in = &x->reg[op->in[0]].v;

	for (uint32_t i = 0; i < dom->n; i++) {
		const uint32_t r = dom->sel[i], rec = dom->record[r];
		reg->v.cell[r] = in->cell[rec];
		reg->v.text[r] = in->text[rec];
	}
}

static struct hub_str piece_at(struct hub_str list, size_t from)
{
	size_t end = from;

	while (end < list.len && list.ptr[end] != HUB_LIST_SEP)
		end++;
	return hub_str_cut(list, from, end);
}

/* Lays out the rows of a block's `each`: one per piece, in the order of records and pieces. The
 * pieces are the values of `it`. */
static int open_domain(struct hub_mapexec *x, uint32_t d, struct hub_vec *it, struct hub_err *err)
{
	const struct hub_mapblock *b = &x->m->block[d - 1];
	struct hub_mapdomain *dom = &x->domain[d];
	const struct hub_vec *list;
	uint32_t n = 0;
	int rc = hub_mapexec_run(x, b->each, err);

	if (rc)
		return rc;
	list = &x->reg[b->each].v;
	for (uint32_t i = 0; i < x->domain[0].n; i++) {
		const uint32_t rec = x->domain[0].sel[i];
		if (list->cell[rec] != HUB_VALUE)
			continue;
		for (size_t k = 0; k < list->text[rec].len; k++)
			n += list->text[rec].ptr[k] == HUB_LIST_SEP;
		n++;
	}
	dom->record = hub_alloc_array(x->chunk->arena, (size_t)n + 1, sizeof *dom->record);
	dom->sel = hub_alloc_array(x->chunk->arena, (size_t)n + 1, sizeof *dom->sel);
	if (!dom->record || !dom->sel || new_vec(x, n, it))
		return hub_fail_mem(err);
	for (uint32_t i = 0; i < x->domain[0].n; i++) {
		const uint32_t rec = x->domain[0].sel[i];
		const struct hub_str s = list->text[rec];
		if (list->cell[rec] != HUB_VALUE)
			continue;
		for (size_t from = 0; from <= s.len;) {
			const struct hub_str piece = piece_at(s, from);
			it->cell[dom->rows] = piece.len ? HUB_VALUE : HUB_NULL;
			it->text[dom->rows] = piece;
			dom->sel[dom->rows] = dom->rows;
			dom->record[dom->rows++] = rec;
			from += piece.len + 1;
		}
	}
	dom->n = dom->rows;
	return HUB_OK;
}

static int run_function(struct hub_mapexec *x, uint32_t at, struct hub_err *err)
{
	const struct hub_op *op = &x->m->op[at];
	const struct hub_mapdomain *dom = &x->domain[op->domain];
	const struct hub_reg *in[HUB_EXPR_ARGS];
	struct hub_fx fx = {.arena = x->chunk->arena,
			    .op = op,
			    .n = dom->n,
			    .sel = dom->sel,
			    .in = in,
			    .out = &x->reg[at],
			    .record = dom->record,
			    .chunk = x->chunk,
			    .content = x->content,
			    .findings = x->findings,
			    .column = hub_mapexec_column(x, at)};

	for (uint32_t i = 0; i < op->n_in; i++)
		in[i] = &x->reg[op->in[i]];
	if (op->fn->cell)
		hub_fx_cells(&fx);
	else
		op->fn->column(&fx);
	return fx.oom ? hub_fail_mem(err) : HUB_OK;
}

int hub_mapexec_run(struct hub_mapexec *x, uint32_t at, struct hub_err *err)
{
	const struct hub_op *op = &x->m->op[at];
	struct hub_reg *reg = &x->reg[at];
	int rc;

	if (reg->done)
		return HUB_OK;
	reg->done = x->step;
	if (op->domain && !x->domain[op->domain].record) {
		/* opening a domain computes its `it`; that op is found by its place below */
		struct hub_vec it;
		if ((rc = open_domain(x, op->domain, &it, err)))
			return rc;
		for (uint32_t i = 0; i < x->m->ops; i++) {
			if (x->m->op[i].what == HUB_OP_IT && x->m->op[i].domain == op->domain) {
				x->reg[i].v = it;
				x->reg[i].done = x->step;
			}
		}
	}
	if (op->what == HUB_OP_IT)
		return HUB_OK;
	if (op->what == HUB_OP_COLUMN)
		return run_column(x, op, reg, err);
	for (uint32_t i = 0; i < op->n_in; i++)
		if ((rc = hub_mapexec_run(x, op->in[i], err)))
			return rc;
	if (new_vec(x, x->domain[op->domain].rows, &reg->v))
		return hub_fail_mem(err);
	if (op->what == HUB_OP_CONST)
		run_constant(op, &x->domain[op->domain], reg);
	else if (op->what == HUB_OP_SPREAD)
		run_spread(x, op, &x->domain[op->domain], reg);
	else
		return run_function(x, at, err);
	return HUB_OK;
}

/* --- refusals --------------------------------------------------------------------------------- */

void hub_mapexec_reject(struct hub_mapexec *x, uint32_t rec, const char *code,
			struct hub_str reason, struct hub_str column)
{
	struct hub_chunk *c = x->chunk;

	if (c->fate[rec] != HUB_FATE_OPEN)
		return; /* the first reason counts */
	c->fate[rec] = HUB_FATE_REJECTED;
	c->code[rec] = code;
	c->reason[rec] = reason;
	c->column[rec] = column;
}

uint32_t hub_mapexec_culprit(const struct hub_mapexec *x, uint32_t at, uint32_t r, uint32_t *row)
{
	for (;;) {
		const struct hub_op *op = &x->m->op[at];
		uint32_t down = HUB_NO_OP, below = r;
		if (op->what == HUB_OP_SPREAD)
			below = x->domain[op->domain].record[r];
		for (uint32_t i = 0; i < op->n_in && down == HUB_NO_OP; i++)
			if (x->reg[op->in[i]].v.cell[below] == HUB_INVALID)
				down = op->in[i];
		if (down == HUB_NO_OP) {
			*row = r;
			return at;
		}
		at = down;
		r = below;
	}
}

struct hub_str hub_mapexec_column(const struct hub_mapexec *x, uint32_t at)
{
	const struct hub_op *op = &x->m->op[at];

	if (op->what == HUB_OP_COLUMN) {
		const uint32_t col = batch_column(x, op->column);
		if (col != HUB_NO_COLUMN)
			return x->b->name[col];
		return op->column < x->m->cols ? x->m->col[op->column].name : HUB_STR("");
	}
	if (op->what == HUB_OP_IT)
		return hub_mapexec_column(x, x->m->block[op->domain - 1].each);
	for (uint32_t i = 0; i < op->n_in; i++) {
		const struct hub_str name = hub_mapexec_column(x, op->in[i]);
		if (name.len)
			return name;
	}
	return HUB_STR("");
}

const char *hub_mapexec_why(const struct hub_mapexec *x, uint32_t at, uint32_t r)
{
	const struct hub_reg *reg = &x->reg[at];
	uint32_t low = 0, high = reg->bads;

	while (low < high) {
		const uint32_t mid = (low + high) / 2;
		if (reg->bad[mid].row == r)
			return reg->bad[mid].why;
		if (reg->bad[mid].row < r)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

void hub_mapexec_refuse(struct hub_mapexec *x, uint32_t op, uint32_t r)
{
	const uint32_t d = x->m->op[op].domain;
	const uint32_t rec = d ? x->domain[d].record[r] : r;
	uint32_t row;
	const uint32_t at = hub_mapexec_culprit(x, op, r, &row);
	const struct hub_func *fn = x->m->op[at].fn;
	const int column = x->m->op[at].what == HUB_OP_COLUMN;
	const char *code = "bad-value";
	const char *why = column ? in_place(x->reg[at].v.text[row], &code) : NULL;

	if (!why) {
		code = fn && fn->bad ? fn->bad : "bad-value";
		why = column ? HUB_N("the cell holds an error, or what cannot be read")
			     : hub_mapexec_why(x, at, row);
	}
	hub_mapexec_reject(x, rec, code, hub_str_of(column ? hub_tr(why) : hub_why_text(why)),
			   hub_mapexec_column(x, at));
}
