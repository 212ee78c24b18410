/* The expressions of a mapping as a tree: 携帯 ?? 電話 | phone. Reading only; what the names mean is
 * decided by the compiler (map.h). docs/mapping.md is the language for people.
 *
 * Loosest to tightest: or | and | not | == != < <= > >= in | pipe | ?? | + | one value.
 * So `a ?? b + c | trim == 'x'` is ((a ?? (b + c)) | trim) == 'x'. */
#ifndef HUB_INTAKE_EXPR_H
#define HUB_INTAKE_EXPR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum hub_node_type {
	HUB_N_COLUMN = 1, /* text: name as written */
	HUB_N_PLACE,      /* num: column by position, from 1 */
	HUB_N_TEXT,       /* text: literal */
	HUB_N_NUMBER,     /* text: literal of digits */
	HUB_N_TRUE,
	HUB_N_FALSE,
	HUB_N_NULL,
	HUB_N_IT,   /* the piece at hand of an `each` */
	HUB_N_CALL, /* text: function or operator; sub: arguments, a piped value first */
};

struct hub_node {
	enum hub_node_type type;
	uint32_t at, end; /* bytes of the expression, end exclusive */
	struct hub_str text;
	struct hub_str arg; /* name of a named argument: min = '2000-01-01' */
	uint32_t num;
	uint32_t n; /* arguments */
	struct hub_node **sub;
};

enum { HUB_EXPR_MAX = 4096, HUB_EXPR_DEPTH = 40, HUB_EXPR_ARGS = 256 };

/* Reads one expression. Failure fills err (code, what, hint) and *at with the byte it happened at. */
int hub_expr_parse(struct hub_arena *a, struct hub_str text, struct hub_node **out, uint32_t *at,
		   struct hub_err *err);

/* Tokens; for the parser and its tests. */
enum hub_token_type {
	HUB_T_END = 0,
	HUB_T_NAME,   /* bare name: column, function, keyword */
	HUB_T_COLUMN, /* [any text]; ]] stands for ] */
	HUB_T_PLACE,  /* #3 */
	HUB_T_TEXT,   /* 'text'; '' stands for ' */
	HUB_T_NUMBER,
	HUB_T_SIGN, /* text: one of ( ) , | + = ?? == != < <= > >= */
};

struct hub_token {
	enum hub_token_type type;
	uint32_t at, end;
	struct hub_str text;
};

struct hub_lexer {
	struct hub_arena *arena;
	struct hub_str text;
	size_t at;
};

int hub_lexer_next(struct hub_lexer *l, struct hub_token *out, struct hub_err *err);

#endif
