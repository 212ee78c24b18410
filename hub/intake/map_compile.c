#include "intake/map.h"

#include "base/clock.h"

#include <stdio.h>

/* Where and why an expression failed: the first error of each one is shown. */
struct fault {
	struct hub_err err;
	uint32_t at;
};

static int compile(struct hub_mapc *c, const struct hub_node *n, const struct hub_field *want,
		   uint32_t *out, struct fault *f);

static int fault_at(struct fault *f, uint32_t at)
{
	f->at = at;
	return HUB_CONF;
}

/* --- operations, each only once --------------------------------------------------------------- */

static int add_op(struct hub_mapc *c, const struct hub_op *op, struct hub_str key, uint32_t *out,
		  struct fault *f)
{
	struct hub_mapping *m = c->m;
	uint64_t known;

	if (hub_map_get(m->find_op, key, &known)) {
		*out = (uint32_t)known;
		return HUB_OK;
	}
	struct hub_op *all = hub_alloc_more(m->arena, m->op, m->ops, &m->op_cap, sizeof *all);
	if (!all)
		return hub_fail_mem(&f->err);
	m->op = all;
	if (hub_map_put(m->find_op, key, m->ops))
		return hub_fail_mem(&f->err);
	m->op[m->ops] = *op;
	*out = m->ops++;
	return HUB_OK;
}

static struct hub_str node_text(const struct hub_mapc *c, const struct hub_node *n)
{
	return hub_str_cut(c->expr, n->at, n->end);
}

static int add_const(struct hub_mapc *c, struct hub_str text, enum hub_value kind,
		     const struct hub_codes *codes, uint32_t *out, struct fault *f)
{
	const struct hub_op op = {.what = HUB_OP_CONST,
				  .kind = kind,
				  .constant = text,
				  .text = text,
				  .codes = codes,
				  .fixed = 1};
	const struct hub_str list = codes ? codes->name : HUB_STR("");
	const struct hub_str key = hub_arena_printf(c->arena, "const %d %.*s %.*s", (int)kind,
						    HUB_FMT(list), HUB_FMT(text));

	return key.ptr ? add_op(c, &op, key, out, f) : hub_fail_mem(&f->err);
}

/* --- columns ---------------------------------------------------------------------------------- */

uint32_t hub_mapcol_find(const struct hub_mapping *m, struct hub_str name, int *several)
{
	char fold[512];
	uint32_t found = HUB_NO_COLUMN, n = 0;

	for (uint32_t i = 0; i < m->cols; i++) {
		if (hub_str_eq(m->col[i].name, name)) {
			found = i;
			n++;
		}
	}
	const struct hub_str folded = {fold, n ? 0 : hub_schema_fold(name, 1, fold, sizeof fold)};
	for (uint32_t i = 0; n == 0 && folded.len && i < m->cols; i++)
		if (hub_str_eq(m->col[i].folded, folded))
			found = found == HUB_NO_COLUMN ? i : (n = 2, found);
	*several = n > 1;
	return n > 1 ? HUB_NO_COLUMN : found;
}

static int unknown_column(struct hub_mapc *c, const struct hub_node *n, struct fault *f)
{
	static const char *const wide[] = {"｜", "＋", "（", "＝", "’", "，"};
	struct hub_near near = {.name = n->text};

	for (uint32_t i = 0; i < c->m->cols; i++)
		hub_near_add(&near, c->m->col[i].name);
	(void)hub_fail(&f->err, HUB_CONF, "unknown-column", "the header has no column \"%.*s\"",
		       HUB_FMT(n->text));
	if (near.best.len) {
		hub_near_hint(&near, &f->err);
		return fault_at(f, n->at);
	}
	for (size_t i = 0; i < HUB_COUNT(wide); i++) {
		if (hub_str_find(n->text, hub_str_of(wide[i]), 0) == (size_t)-1)
			continue;
		hub_hint(&f->err, "Signs between names must be half-width: %s is part of a name.",
			 wide[i]);
		return fault_at(f, n->at);
	}
	if (hub_func_find(n->text))
		hub_hint(&f->err, "A function needs brackets here: %.*s(...).", HUB_FMT(n->text));
	else if (c->m->cols == 0)
		hub_hint(&f->err, "The mapping names no columns; write #1 for the first one.");
	return fault_at(f, n->at);
}

static int compile_column(struct hub_mapc *c, const struct hub_node *n, uint32_t *out,
			  struct fault *f)
{
	struct hub_mapping *m = c->m;
	int several = 0;
	uint32_t col = n->num - 1;

	if (n->type == HUB_N_PLACE) {
		if (m->cols && col >= m->cols) {
			(void)hub_fail(&f->err, HUB_CONF, "unknown-column",
				       "#%u is behind the last of %u columns", n->num, m->cols);
			return fault_at(f, n->at);
		}
	} else {
		col = hub_mapcol_find(m, n->text, &several);
		if (several) {
			(void)hub_fail(&f->err, HUB_CONF, "unknown-column",
				       "several columns are named \"%.*s\"", HUB_FMT(n->text));
			hub_hint(&f->err, "Name it by its place: #3 is the third column.");
			return fault_at(f, n->at);
		}
		if (col == HUB_NO_COLUMN)
			return unknown_column(c, n, f);
	}
	if (m->cols && m->col[col].banned) {
		(void)hub_fail(&f->err, HUB_CONF, "banned-column",
			       "column \"%.*s\" must not come in", HUB_FMT(m->col[col].name));
		hub_hint(&f->err, "Its values are dropped at entry, whatever a mapping says.");
		return fault_at(f, n->at);
	}
	if (m->cols)
		m->col[col].used = 1;
	if (col + 1 > m->width)
		m->width = col + 1;
	const struct hub_op op = {
	    .what = HUB_OP_COLUMN, .kind = HUB_V_TEXT, .column = col, .text = node_text(c, n)};
	const struct hub_str key = hub_arena_printf(m->arena, "column %u", col);
	return key.ptr ? add_op(c, &op, key, out, f) : hub_fail_mem(&f->err);
}

/* --- literals --------------------------------------------------------------------------------- */

/* A text where a code is wanted must be one of the list. */
static int compile_text(struct hub_mapc *c, const struct hub_node *n, const struct hub_field *want,
			uint32_t *out, struct fault *f)
{
	if (!want || want->type != HUB_F_CODE || !want->codes)
		return add_const(c, n->text, n->type == HUB_N_NUMBER ? HUB_V_INT : HUB_V_TEXT, NULL,
				 out, f);
	for (uint32_t i = 0; i < want->codes->count; i++)
		if (hub_str_eq(want->codes->items[i].code, n->text))
			return add_const(c, n->text, HUB_V_CODE, want->codes, out, f);
	(void)hub_fail(&f->err, HUB_CONF, "unknown-code", "code list \"%.*s\" has no code \"%.*s\"",
		       HUB_FMT(want->codes->name), HUB_FMT(n->text));
	const struct hub_code *meant = hub_code_find(want->codes, n->text);
	if (meant)
		hub_hint(&f->err, "Did you mean \"%.*s\"?", HUB_FMT(meant->code));
	else
		hub_hint(&f->err, "`tsunagi schema --as md` lists the codes.");
	return fault_at(f, n->at);
}

static int compile_it(struct hub_mapc *c, const struct hub_node *n, uint32_t *out, struct fault *f)
{
	if (c->domain == 0) {
		(void)hub_fail(&f->err, HUB_CONF, "no-each", "`it` without each in this block");
		hub_hint(&f->err, "Add each = \"column | split(';')\" to the block.");
		return fault_at(f, n->at);
	}
	const struct hub_op op = {
	    .what = HUB_OP_IT, .kind = HUB_V_TEXT, .domain = c->domain, .text = HUB_STR("it")};
	const struct hub_str key = hub_arena_printf(c->arena, "it %u", c->domain);
	return key.ptr ? add_op(c, &op, key, out, f) : hub_fail_mem(&f->err);
}

/* --- calls ------------------------------------------------------------------------------------ */

struct call {
	const struct hub_func *fn;
	const struct hub_node *node;
	uint32_t in[HUB_EXPR_ARGS], n_in;
	uint8_t in_arg[HUB_EXPR_ARGS];
	struct hub_fparam param[HUB_EXPR_ARGS];
	uint32_t params, given; /* given: mask of arguments */
};

static int is_literal(const struct hub_node *n)
{
	return n->type == HUB_N_TEXT || n->type == HUB_N_NUMBER;
}

static int find_word(struct hub_str word, const char *words, int64_t *index)
{
	struct hub_str rest = hub_str_of(words), one;

	for (*index = 0; hub_str_next(&rest, ' ', &one); ++*index)
		if (hub_str_eq(one, word))
			return 1;
	return 0;
}

static int read_day(struct hub_str s, int64_t *days)
{
	int64_t y, m, d, back;
	unsigned bm, bd;

	if (s.len != 10 || s.ptr[4] != '-' || s.ptr[7] != '-' ||
	    hub_parse_i64(hub_str_cut(s, 0, 4), 1, 9999, &y) ||
	    hub_parse_i64(hub_str_cut(s, 5, 7), 1, 12, &m) ||
	    hub_parse_i64(hub_str_cut(s, 8, 10), 1, 31, &d))
		return 0;
	*days = hub_days_of(y, (unsigned)m, (unsigned)d);
	hub_days_to(*days, &back, &bm, &bd);
	return back == y && (int64_t)bm == m && (int64_t)bd == d;
}

static int read_list(struct hub_mapc *c, struct hub_fparam *p, struct fault *f)
{
	struct hub_near near = {.name = p->text};

	p->codes = hub_schema_codes(c->m->schema, p->text);
	if (p->codes)
		return HUB_OK;
	(void)hub_fail(&f->err, HUB_CONF, "unknown-list", "there is no code list \"%.*s\"",
		       HUB_FMT(p->text));
	for (uint32_t i = 0; i < c->m->schema->n_lists; i++)
		hub_near_add(&near, c->m->schema->lists[i].name);
	hub_near_hint(&near, &f->err);
	return HUB_CONF;
}

static int read_table(struct hub_mapc *c, struct hub_fparam *p, struct fault *f)
{
	struct hub_near near = {.name = p->text};

	for (uint32_t i = 0; i < c->m->tables; i++) {
		if (hub_str_eq(c->m->table[i].name, p->text)) {
			p->table = &c->m->table[i];
			return HUB_OK;
		}
		hub_near_add(&near, c->m->table[i].name);
	}
	(void)hub_fail(&f->err, HUB_CONF, "unknown-table", "the mapping has no table \"%.*s\"",
		       HUB_FMT(p->text));
	hub_near_hint(&near, &f->err);
	return HUB_CONF;
}

static int bad_argument(const struct call *k, const struct hub_farg *a, const char *want,
			struct fault *f)
{
	struct hub_buf usage;

	(void)hub_fail(&f->err, HUB_CONF, "bad-argument", "%s: %s must be %s", k->fn->name, a->name,
		       want);
	hub_buf_init(&usage, 4096);
	hub_func_usage(k->fn, &usage);
	hub_buf_putc(&usage, '\0');
	if (hub_buf_ok(&usage))
		hub_hint(&f->err, "Use: %s", usage.ptr);
	hub_buf_free(&usage);
	return HUB_CONF;
}

/* A constant argument: read and checked now, so that no row can fail on it. */
static int read_constant(struct hub_mapc *c, struct call *k, uint32_t arg, const struct hub_node *n,
			 struct fault *f)
{
	const struct hub_farg *a = &k->fn->arg[arg];
	struct hub_fparam *p = &k->param[k->params];

	if (k->params == HUB_FUNC_PARAMS && strcmp(k->fn->name, "in") != 0)
		return bad_argument(k, a, hub_tr("one of at most 64"), f);
	if (!is_literal(n))
		return bad_argument(k, a, hub_tr("a text in '...' or a number"), f);
	*p = (struct hub_fparam){.arg = arg, .text = n->text};
	switch ((enum hub_farg_type)a->type) {
	case HUB_A_INT:
		if (n->type != HUB_N_NUMBER ||
		    hub_parse_i64(n->text, INT64_MIN, INT64_MAX, &p->num))
			return bad_argument(k, a, hub_tr("a number"), f);
		break;
	case HUB_A_DATE:
		if (!read_day(n->text, &p->num))
			return bad_argument(k, a, hub_tr("a day like '2024-04-01'"), f);
		break;
	case HUB_A_WORD:
		if (!find_word(n->text, a->words, &p->num))
			return bad_argument(k, a, a->words, f);
		break;
	case HUB_A_CODES:
		if (read_list(c, p, f))
			return HUB_CONF;
		break;
	case HUB_A_TABLE:
		if (read_table(c, p, f))
			return HUB_CONF;
		break;
	case HUB_A_TEXT:
	case HUB_A_VALUE:
		break;
	}
	k->params++;
	return HUB_OK;
}

static int wrong_kind(const struct call *k, uint32_t kinds, enum hub_value got, struct fault *f)
{
	static const char *const converts[HUB_VALUES] = {
	    [HUB_V_DATE] = "date", [HUB_V_DATETIME] = "datetime", [HUB_V_TIME] = "time",
	    [HUB_V_INT] = "int",   [HUB_V_BOOL] = "bool",         [HUB_V_LIST] = "split(';')"};
	const char *add = NULL, *want = NULL;

	for (unsigned v = HUB_VALUES; v-- > 0;) {
		if (!(kinds & HUB_V_MASK(v)))
			continue;
		want = hub_value_name((enum hub_value)v);
		add = converts[v] ? converts[v] : add;
	}
	(void)hub_fail(&f->err, HUB_CONF, "type-mismatch", "%s takes %s, and this is %s",
		       k->fn->name, kinds == HUB_V_SCALAR ? hub_tr("a single value") : want,
		       hub_value_name(got));
	if (got == HUB_V_LIST)
		hub_hint(&f->err, "Add | join('、') or | first behind it.");
	else if (add)
		hub_hint(&f->err, "Add | %s behind it.", add);
	return HUB_CONF;
}

static int add_value(struct hub_mapc *c, struct call *k, uint32_t arg, const struct hub_node *n,
		     const struct hub_field *want, struct fault *f)
{
	const struct hub_farg *a = &k->fn->arg[arg];
	uint32_t op;
	/* what a branch of if or ?? may be is what the whole is for */
	const int passes = k->fn->result == HUB_V_SAME && a->kinds == HUB_V_SCALAR;
	const int rc = compile(c, n, passes ? want : NULL, &op, f);

	if (rc)
		return rc;
	const enum hub_value kind = c->m->op[op].kind;
	if (kind != HUB_V_NULL && !(a->kinds & HUB_V_MASK(kind))) {
		f->at = n->at;
		return wrong_kind(k, a->kinds, kind, f);
	}
	k->in_arg[k->n_in] = (uint8_t)arg;
	k->in[k->n_in++] = op;
	return HUB_OK;
}

/* Which argument of the function the next one in the call is; HUB_FUNC_ARGS when there is none. */
static uint32_t pick_arg(const struct hub_func *fn, const struct hub_node *n, uint32_t *next)
{
	uint32_t i;

	if (n->arg.len) {
		for (i = 0; i < HUB_FUNC_ARGS && fn->arg[i].name; i++)
			if (hub_str_is(n->arg, fn->arg[i].name))
				return i;
		return HUB_FUNC_ARGS;
	}
	for (i = *next; i < HUB_FUNC_ARGS && fn->arg[i].name; i++) {
		if (fn->arg[i].flags & HUB_AF_NAMED)
			continue;
		*next = fn->arg[i].flags & HUB_AF_REPEAT ? i : i + 1;
		return i;
	}
	return HUB_FUNC_ARGS;
}

static int read_args(struct hub_mapc *c, struct call *k, const struct hub_field *want,
		     struct fault *f)
{
	uint32_t next = 0;

	for (uint32_t i = 0; i < k->node->n; i++) {
		const struct hub_node *n = k->node->sub[i];
		const uint32_t arg = pick_arg(k->fn, n, &next);
		f->at = n->at;
		if (arg == HUB_FUNC_ARGS)
			return bad_argument(k, &(struct hub_farg){.name = hub_tr("an argument")},
					    hub_tr("one that the function has"), f);
		k->given |= 1u << arg;
		const int rc = k->fn->arg[arg].type == HUB_A_VALUE
				   ? add_value(c, k, arg, n, want, f)
				   : read_constant(c, k, arg, n, f);
		if (rc)
			return rc;
	}
	f->at = k->node->at;
	for (uint32_t i = 0; i < HUB_FUNC_ARGS && k->fn->arg[i].name; i++)
		if (!(k->fn->arg[i].flags & HUB_AF_OPTIONAL) && !(k->given & 1u << i))
			return bad_argument(k, &k->fn->arg[i], hub_tr("given"), f);
	return HUB_OK;
}

/* The kind of a call whose kind is that of its values. Different kinds make a text. */
static void unify(struct hub_mapc *c, const struct call *k, struct hub_op *op)
{
	op->kind = HUB_V_NULL;
	op->codes = NULL;
	for (uint32_t i = 0; i < k->n_in; i++) {
		const struct hub_op *in = &c->m->op[k->in[i]];
		if (k->fn->arg[k->in_arg[i]].kinds != HUB_V_SCALAR || in->kind == HUB_V_NULL)
			continue;
		if (op->kind == HUB_V_NULL) {
			op->kind = in->kind;
			op->codes = in->codes;
		} else if (op->kind != in->kind || op->codes != in->codes) {
			op->kind = HUB_V_TEXT;
			op->codes = NULL;
		}
	}
}

uint32_t hub_map_spread(struct hub_mapc *c, uint32_t op)
{
	struct fault f = {0};
	uint32_t out = HUB_NO_OP;

	if (c->domain == 0 || op == HUB_NO_OP || c->m->op[op].domain == c->domain)
		return op;
	uint32_t *in = hub_alloc(c->arena, sizeof *in);
	const struct hub_str key = hub_arena_printf(c->arena, "spread %u %u", c->domain, op);
	if (!in || !key.ptr)
		return HUB_NO_OP;
	*in = op;
	struct hub_op spread = c->m->op[op];
	spread.what = HUB_OP_SPREAD;
	spread.fn = NULL;
	spread.domain = c->domain;
	spread.in = in;
	spread.n_in = 1;
	spread.params = 0;
	return add_op(c, &spread, key, &out, &f) ? HUB_NO_OP : out;
}

/* Brings all inputs to the domain of the call: that of the pieces as soon as one of them is. */
static int align_domains(struct hub_mapc *c, struct call *k, struct hub_op *op, struct fault *f)
{
	for (uint32_t i = 0; i < k->n_in; i++)
		if (c->m->op[k->in[i]].domain)
			op->domain = c->domain;
	for (uint32_t i = 0; op->domain && i < k->n_in; i++) {
		k->in[i] = hub_map_spread(c, k->in[i]);
		if (k->in[i] == HUB_NO_OP)
			return hub_fail_mem(&f->err);
	}
	return HUB_OK;
}

/* Canonical text of a call: equal texts are one operation. */
static struct hub_str call_key(struct hub_mapc *c, const struct call *k, const struct hub_op *op)
{
	struct hub_buf b;

	hub_buf_init(&b, 64 * 1024);
	hub_buf_printf(&b, "%s %u", k->fn->name, op->domain);
	for (uint32_t i = 0; i < k->n_in; i++)
		hub_buf_printf(&b, " %u", k->in[i]);
	for (uint32_t i = 0; i < k->params; i++)
		hub_buf_printf(&b, " %u=%zu:%.*s", k->param[i].arg, k->param[i].text.len,
			       HUB_FMT(k->param[i].text));
	const struct hub_str key = hub_buf_keep(&b, c->arena);
	hub_buf_free(&b);
	return key;
}

static int finish_call(struct hub_mapc *c, struct call *k, uint32_t *out, struct fault *f)
{
	struct hub_arena *a = c->arena;
	struct hub_op op = {.fn = k->fn,
			    .kind = k->fn->result,
			    .n_in = k->n_in,
			    .params = k->params,
			    .text = node_text(c, k->node),
			    .fixed = k->n_in > 0};
	int rc = align_domains(c, k, &op, f);

	if (rc)
		return rc;
	uint32_t *in = hub_alloc_array(a, k->n_in + 1, sizeof *in);
	struct hub_fparam *param = hub_alloc_array(a, k->params + 1, sizeof *param);
	const struct hub_str key = call_key(c, k, &op);
	if (!in || !param || !key.ptr)
		return hub_fail_mem(&f->err);
	memcpy(in, k->in, k->n_in * sizeof *in);
	memcpy(param, k->param, k->params * sizeof *param);
	op.in = in;
	op.param = param;
	for (uint32_t i = 0; i < k->n_in; i++)
		op.fixed = op.fixed && c->m->op[k->in[i]].fixed;
	if (k->fn->result == HUB_V_SAME)
		unify(c, k, &op);
	for (uint32_t i = 0; i < k->params; i++)
		if (param[i].codes)
			op.codes = param[i].codes;
	if (k->fn->prepare && (rc = k->fn->prepare(a, c->m->schema, &op, &f->err)))
		return rc;
	return add_op(c, &op, key, out, f);
}

static int unknown_function(const struct hub_node *n, struct fault *f)
{
	struct hub_near near = {.name = n->text};
	const struct hub_func *fn;

	for (size_t i = 0; (fn = hub_func_at(i)); i++)
		if (!(fn->flags & HUB_FUNC_OPERATOR))
			hub_near_add(&near, hub_str_of(fn->name));
	(void)hub_fail(&f->err, HUB_CONF, "unknown-function", "there is no function \"%.*s\"",
		       HUB_FMT(n->text));
	if (near.best.len)
		hub_hint(&f->err, "Did you mean \"%.*s\"? `tsunagi functions` lists them all.",
			 HUB_FMT(near.best));
	else
		hub_hint(&f->err, "`tsunagi functions` lists them all.");
	return fault_at(f, n->at);
}

static int compile_call(struct hub_mapc *c, const struct hub_node *n, const struct hub_field *want,
			uint32_t *out, struct fault *f)
{
	const struct hub_func *fn = hub_func_find(n->text);

	if (!fn)
		return unknown_function(n, f);
	/* on the heap of the mapping: calls nest */
	struct call *k = hub_alloc0(c->arena, sizeof *k);
	if (!k)
		return hub_fail_mem(&f->err);
	k->fn = fn;
	k->node = n;
	const int rc = read_args(c, k, want, f);
	return rc ? rc : finish_call(c, k, out, f);
}

static int compile(struct hub_mapc *c, const struct hub_node *n, const struct hub_field *want,
		   uint32_t *out, struct fault *f)
{
	f->at = n->at;
	switch (n->type) {
	case HUB_N_COLUMN:
	case HUB_N_PLACE:
		return compile_column(c, n, out, f);
	case HUB_N_TEXT:
	case HUB_N_NUMBER:
		return compile_text(c, n, want, out, f);
	case HUB_N_TRUE:
		return add_const(c, HUB_STR("1"), HUB_V_BOOL, NULL, out, f);
	case HUB_N_FALSE:
		return add_const(c, HUB_STR("0"), HUB_V_BOOL, NULL, out, f);
	case HUB_N_NULL:
		return add_const(c, HUB_STR(""), HUB_V_NULL, NULL, out, f);
	case HUB_N_IT:
		return compile_it(c, n, out, f);
	case HUB_N_CALL:
		break;
	}
	return compile_call(c, n, want, out, f);
}

uint32_t hub_map_compile(struct hub_mapc *c, const config_setting_t *s,
			 const struct hub_field *field, enum hub_value kind)
{
	struct fault f = {0};
	struct hub_node *node = NULL;
	uint32_t op = HUB_NO_OP;

	c->expr = hub_mapc_text(c, s);
	if (c->expr.len == 0)
		return HUB_NO_OP;
	int rc = hub_expr_parse(c->arena, c->expr, &node, &f.at, &f.err);
	if (rc == HUB_OK)
		rc = compile(c, node, field, &op, &f);
	if (rc == HUB_OK) {
		f.at = 0;
		rc = field ? hub_map_check_field(&c->m->op[op], field, &f.err)
			   : hub_map_check_kind(&c->m->op[op], kind, &f.err);
	}
	if (rc == HUB_OK)
		return op;
	hub_report_add(c->report, hub_conf_inside(s, f.at, f.at < c->expr.len ? 1 : 0), &f.err);
	return HUB_NO_OP;
}
