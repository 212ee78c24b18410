#include "intake/expr.h"

struct parser {
	struct hub_arena *arena;
	struct hub_lexer lex;
	struct hub_token tok; /* the one at hand */
	struct hub_err *err;
	uint32_t *at;
	unsigned depth;
};

static int parse_any(struct parser *p, struct hub_node **out);

static int fail_at(struct parser *p, uint32_t at, const char *found)
{
	*p->at = at;
	return hub_fail(p->err, HUB_CONF, "bad-expression", "%s", found);
}

static int advance(struct parser *p)
{
	const int rc = hub_lexer_next(&p->lex, &p->tok, p->err);

	if (rc)
		*p->at = p->tok.at;
	return rc;
}

static int is_sign(const struct parser *p, const char *sign)
{
	return p->tok.type == HUB_T_SIGN && hub_str_is(p->tok.text, sign);
}

static int is_word(const struct parser *p, const char *word)
{
	return p->tok.type == HUB_T_NAME && hub_str_is(p->tok.text, word);
}

static struct hub_node *new_node(struct parser *p, enum hub_node_type type)
{
	struct hub_node *n = hub_alloc0(p->arena, sizeof *n);

	if (!n) {
		(void)hub_fail_mem(p->err);
		return NULL;
	}
	n->type = type;
	n->at = p->tok.at;
	n->end = p->tok.end;
	n->text = p->tok.text;
	return n;
}

/* name(a, b): one call with its arguments in a row. */
static int new_call(struct parser *p, struct hub_str name, struct hub_node *const *sub, uint32_t n,
		    struct hub_node **out)
{
	struct hub_node *call = new_node(p, HUB_N_CALL);
	struct hub_node **copy = hub_alloc_array(p->arena, n ? n : 1, sizeof(struct hub_node *));

	if (!call || !copy)
		return hub_fail_mem(p->err);
	for (uint32_t i = 0; i < n; i++)
		copy[i] = sub[i];
	call->text = name;
	call->sub = copy;
	call->n = n;
	if (n) {
		call->at = sub[0]->at;
		call->end = sub[n - 1]->end;
	}
	*out = call;
	return HUB_OK;
}

static int binary(struct parser *p, struct hub_str name, struct hub_node *left,
		  struct hub_node *right, struct hub_node **out)
{
	struct hub_node *const both[] = {left, right};

	return new_call(p, name, both, 2, out);
}

/* One argument: [name =] expression. */
static int parse_arg(struct parser *p, struct hub_node **out)
{
	struct hub_str name = {0};

	if (p->tok.type == HUB_T_NAME) {
		const struct parser before = *p;
		name = p->tok.text;
		int rc = advance(p);
		if (rc)
			return rc;
		if (is_sign(p, "=")) {
			if ((rc = advance(p)))
				return rc;
		} else {
			*p = before;
			name = (struct hub_str){0};
		}
	}
	const int rc = parse_any(p, out);
	if (rc == HUB_OK && name.len)
		(*out)->arg = name;
	return rc;
}

/* Behind "(": arguments up to the closing bracket. */
static int parse_args(struct parser *p, struct hub_node **sub, uint32_t *n, uint32_t *end)
{
	int rc;

	while (!is_sign(p, ")")) {
		if (*n == HUB_EXPR_ARGS)
			return fail_at(p, p->tok.at, hub_tr("too many arguments"));
		if ((rc = parse_arg(p, &sub[*n])))
			return rc;
		++*n;
		if (is_sign(p, ")"))
			break;
		if (!is_sign(p, ","))
			return fail_at(p, p->tok.at, hub_tr("expected , or ) here"));
		if ((rc = advance(p)))
			return rc;
	}
	*end = p->tok.end;
	return advance(p);
}

/* A call by name: `name(...)`; with `piped` its first argument stands before the bar and the
 * brackets may be left out. */
static int parse_call(struct parser *p, const struct hub_token *name, struct hub_node *piped,
		      struct hub_node **out)
{
	struct hub_node *sub[HUB_EXPR_ARGS + 1];
	uint32_t n = 0, end = name->end;
	const uint32_t at = piped ? piped->at : name->at;
	int rc;

	if (piped)
		sub[n++] = piped;
	if (is_sign(p, "(")) {
		if ((rc = advance(p)) || (rc = parse_args(p, sub, &n, &end)))
			return rc;
	}
	if ((rc = new_call(p, name->text, sub, n, out)))
		return rc;
	(*out)->at = at;
	(*out)->end = end;
	return HUB_OK;
}

static int parse_name(struct parser *p, struct hub_node **out)
{
	static const struct {
		const char *word;
		enum hub_node_type type;
	} words[] = {
	    {"true", HUB_N_TRUE}, {"false", HUB_N_FALSE}, {"null", HUB_N_NULL}, {"it", HUB_N_IT}};
	enum hub_node_type type = HUB_N_COLUMN;

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (is_word(p, words[i].word))
			type = words[i].type;
	*out = new_node(p, type);
	if (!*out)
		return HUB_FATAL;
	const struct hub_token name = p->tok;
	const int rc = advance(p);
	if (rc || type != HUB_N_COLUMN || !is_sign(p, "("))
		return rc;
	return parse_call(p, &name, NULL, out);
}

static int parse_place(struct parser *p, struct hub_node **out)
{
	int64_t num;

	*out = new_node(p, HUB_N_PLACE);
	if (!*out)
		return HUB_FATAL;
	if (hub_parse_i64(p->tok.text, 1, 100000, &num))
		return fail_at(p, p->tok.at, hub_tr("columns are counted from #1"));
	(*out)->num = (uint32_t)num;
	return advance(p);
}

static int parse_one(struct parser *p, struct hub_node **out)
{
	int rc;

	switch (p->tok.type) {
	case HUB_T_NAME:
		return parse_name(p, out);
	case HUB_T_PLACE:
		return parse_place(p, out);
	case HUB_T_COLUMN:
	case HUB_T_TEXT:
	case HUB_T_NUMBER:
		*out = new_node(p, p->tok.type == HUB_T_COLUMN ? HUB_N_COLUMN
				   : p->tok.type == HUB_T_TEXT ? HUB_N_TEXT
							       : HUB_N_NUMBER);
		return *out ? advance(p) : HUB_FATAL;
	case HUB_T_SIGN:
	case HUB_T_END:
		break;
	}
	if (!is_sign(p, "("))
		return fail_at(p, p->tok.at,
			       p->tok.type == HUB_T_END
				   ? hub_tr("a value is missing at the end")
				   : hub_tr("a value is missing before this sign"));
	if ((rc = advance(p)) || (rc = parse_any(p, out)))
		return rc;
	if (!is_sign(p, ")"))
		return fail_at(p, p->tok.at, hub_tr("expected ) here"));
	return advance(p);
}

static int parse_sum(struct parser *p, struct hub_node **out)
{
	int rc = parse_one(p, out);

	while (rc == HUB_OK && is_sign(p, "+")) {
		struct hub_node *right;
		if ((rc = advance(p)) || (rc = parse_one(p, &right)))
			return rc;
		rc = binary(p, HUB_STR("+"), *out, right, out);
	}
	return rc;
}

static int parse_first_present(struct parser *p, struct hub_node **out)
{
	int rc = parse_sum(p, out);

	while (rc == HUB_OK && is_sign(p, "??")) {
		struct hub_node *right;
		if ((rc = advance(p)) || (rc = parse_sum(p, &right)))
			return rc;
		rc = binary(p, HUB_STR("??"), *out, right, out);
	}
	return rc;
}

static int parse_pipe(struct parser *p, struct hub_node **out)
{
	int rc = parse_first_present(p, out);

	while (rc == HUB_OK && is_sign(p, "|")) {
		if ((rc = advance(p)))
			return rc;
		if (p->tok.type != HUB_T_NAME)
			return fail_at(p, p->tok.at,
				       hub_tr("the name of a function must follow |"));
		const struct hub_token name = p->tok;
		if ((rc = advance(p)))
			return rc;
		rc = parse_call(p, &name, *out, out);
	}
	if (rc || !(is_sign(p, "??") || is_sign(p, "+")))
		return rc;
	rc = fail_at(p, p->tok.at, hub_tr("?? and + are read before the bar"));
	hub_hint(p->err, "Put brackets around what belongs together: (a | date) ?? b.");
	return rc;
}

/* value in ('a', 'b') */
static int parse_in(struct parser *p, struct hub_node **out)
{
	struct hub_node *sub[HUB_EXPR_ARGS + 1];
	uint32_t n = 1, end;
	int rc = advance(p);

	if (rc)
		return rc;
	if (!is_sign(p, "("))
		return fail_at(p, p->tok.at, hub_tr("a list in brackets must follow in"));
	sub[0] = *out;
	if ((rc = advance(p)) || (rc = parse_args(p, sub, &n, &end)) ||
	    (rc = new_call(p, HUB_STR("in"), sub, n, out)))
		return rc;
	(*out)->end = end;
	return HUB_OK;
}

static int parse_comparison(struct parser *p, struct hub_node **out)
{
	static const char *const signs[] = {"==", "!=", "<=", ">=", "<", ">"};
	int rc = parse_pipe(p, out);

	if (rc)
		return rc;
	if (is_word(p, "in"))
		return parse_in(p, out);
	if (is_sign(p, "="))
		return fail_at(p, p->tok.at, hub_tr("a comparison is written =="));
	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		struct hub_node *right;
		if (!is_sign(p, signs[i]))
			continue;
		if ((rc = advance(p)) || (rc = parse_pipe(p, &right)))
			return rc;
		return binary(p, hub_str_of(signs[i]), *out, right, out);
	}
	return HUB_OK;
}

static int parse_not(struct parser *p, struct hub_node **out)
{
	struct hub_node *inner;
	const uint32_t at = p->tok.at;

	if (!is_word(p, "not"))
		return parse_comparison(p, out);
	if (++p->depth > HUB_EXPR_DEPTH)
		return fail_at(p, p->tok.at, hub_tr("nested too deeply"));
	int rc = advance(p);
	if (rc || (rc = parse_not(p, &inner)) || (rc = new_call(p, HUB_STR("not"), &inner, 1, out)))
		return rc;
	(*out)->at = at;
	p->depth--;
	return HUB_OK;
}

static int parse_chain(struct parser *p, const char *word,
		       int (*next)(struct parser *, struct hub_node **), struct hub_node **out)
{
	int rc = next(p, out);

	while (rc == HUB_OK && is_word(p, word)) {
		struct hub_node *right;
		if ((rc = advance(p)) || (rc = next(p, &right)))
			return rc;
		rc = binary(p, hub_str_of(word), *out, right, out);
	}
	return rc;
}

static int parse_and(struct parser *p, struct hub_node **out)
{
	return parse_chain(p, "and", parse_not, out);
}

static int parse_any(struct parser *p, struct hub_node **out)
{
	if (++p->depth > HUB_EXPR_DEPTH)
		return fail_at(p, p->tok.at, hub_tr("nested too deeply"));
	const int rc = parse_chain(p, "or", parse_and, out);
	p->depth--;
	return rc;
}

int hub_expr_parse(struct hub_arena *a, struct hub_str text, struct hub_node **out, uint32_t *at,
		   struct hub_err *err)
{
	struct parser p = {.arena = a, .lex = {.arena = a, .text = text}, .err = err, .at = at};
	int rc;

	*at = 0;
	if (text.len > HUB_EXPR_MAX)
		return fail_at(&p, 0, hub_tr("the expression is too long"));
	if (hub_utf8_valid(text) != text.len)
		return fail_at(&p, (uint32_t)hub_utf8_valid(text),
			       hub_tr("the expression is not UTF-8"));
	if ((rc = advance(&p)) || (rc = parse_any(&p, out)))
		return rc;
	if (p.tok.type != HUB_T_END)
		return fail_at(&p, p.tok.at, hub_tr("a sign is missing before this"));
	return HUB_OK;
}
