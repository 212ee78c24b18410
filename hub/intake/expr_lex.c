#include "intake/expr.h"

static int is_space(struct hub_str s, size_t at, size_t *width)
{
	const char c = s.ptr[at];

	*width = 1;
	if (c == ' ' || c == '\t' || c == '\n' || c == '\r')
		return 1;
	*width = 3;
	return s.len - at >= 3 && memcmp(s.ptr + at, "\xe3\x80\x80", 3) == 0;
}

/* A bare name may hold every character outside ASCII: headers are Japanese. */
static int in_name(struct hub_str s, size_t at, int first)
{
	const unsigned char c = (unsigned char)s.ptr[at];
	size_t width;

	if (c >= 0x80)
		return !is_space(s, at, &width);
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_')
		return 1;
	return !first && c >= '0' && c <= '9';
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Text between `open` and `close`, in which a doubled `close` stands for one. */
static int read_enclosed(struct hub_lexer *l, char close, struct hub_token *out,
			 struct hub_err *err)
{
	const struct hub_str s = l->text;
	char *p = hub_alloc(l->arena, s.len - l->at + 1);
	size_t n = 0;

	if (!p)
		return hub_fail_mem(err);
	for (size_t i = l->at + 1; i < s.len; i++) {
		if (s.ptr[i] == close) {
			if (i + 1 == s.len || s.ptr[i + 1] != close) {
				l->at = i + 1;
				out->text = (struct hub_str){p, n};
				return HUB_OK;
			}
			i++;
		}
		p[n++] = s.ptr[i];
	}
	const int rc = hub_fail(err, HUB_CONF, "unclosed-text", "%c without its closing %c",
				s.ptr[l->at], close);
	hub_hint(err, "Write %c%c for the character itself.", close, close);
	return rc;
}

static int read_sign(struct hub_lexer *l, struct hub_token *out, struct hub_err *err)
{
	static const char *const signs[] = {"??", "==", "!=", "<=", ">=", "(", ")",
					    ",",  "|",  "+",  "<",  ">",  "="};
	const struct hub_str rest = hub_str_from(l->text, l->at);

	for (size_t i = 0; i < HUB_COUNT(signs); i++) {
		const struct hub_str sign = hub_str_of(signs[i]);
		if (hub_str_starts(rest, sign)) {
			out->type = HUB_T_SIGN;
			out->text = sign;
			l->at += sign.len;
			return HUB_OK;
		}
	}
	const int rc = hub_fail(err, HUB_CONF, "bad-character",
				"'%c' means nothing in an expression", rest.ptr[0]);
	hub_hint(err, "A column name with signs or blanks goes into brackets: [NO. 1].");
	return rc;
}

static void skip_space(struct hub_lexer *l)
{
	size_t width;

	while (l->at < l->text.len && is_space(l->text, l->at, &width))
		l->at += width;
}

static size_t span_digits(struct hub_str s, size_t at)
{
	while (at < s.len && is_digit(s.ptr[at]))
		at++;
	return at;
}

static int read_token(struct hub_lexer *l, struct hub_token *out, struct hub_err *err)
{
	const struct hub_str s = l->text;
	const char c = s.ptr[l->at];
	const size_t from = l->at;

	if (c == '\'' || c == '[') {
		out->type = c == '[' ? HUB_T_COLUMN : HUB_T_TEXT;
		return read_enclosed(l, c == '[' ? ']' : c, out, err);
	}
	if (c == '#') {
		l->at = span_digits(s, from + 1);
		out->type = HUB_T_PLACE;
		out->text = hub_str_cut(s, from + 1, l->at);
		if (out->text.len)
			return HUB_OK;
		const int rc =
		    hub_fail(err, HUB_CONF, "bad-character", "# without a column number");
		hub_hint(err, "#3 is the third column.");
		return rc;
	}
	if (is_digit(c) || (c == '-' && from + 1 < s.len && is_digit(s.ptr[from + 1]))) {
		l->at = span_digits(s, from + 1);
		out->type = HUB_T_NUMBER;
		out->text = hub_str_cut(s, from, l->at);
		return HUB_OK;
	}
	if (in_name(s, from, 1)) {
		while (l->at < s.len && in_name(s, l->at, 0))
			l->at++;
		out->type = HUB_T_NAME;
		out->text = hub_str_cut(s, from, l->at);
		return HUB_OK;
	}
	return read_sign(l, out, err);
}

int hub_lexer_next(struct hub_lexer *l, struct hub_token *out, struct hub_err *err)
{
	skip_space(l);
	*out = (struct hub_token){.type = HUB_T_END, .at = (uint32_t)l->at};
	const int rc = l->at < l->text.len ? read_token(l, out, err) : HUB_OK;
	out->end = (uint32_t)l->at;
	return rc;
}
