#include "intake/choice.h"

#include "text/chars.h"

enum { LABEL_MAX = 240, AHEAD = 8 }; /* bytes of a label, separators within it */

/* --- one choice ------------------------------------------------------------------------------- */

/* Bytes of the number in front and of the sign behind it; 0: there is none. */
static size_t number_length(struct hub_str s)
{
	static const char *const marks[] = {".", "．", ":", "：", ")", "）", "、", " ", "　"};
	size_t at = 0, digits = 0;
	int32_t c;

	if (s.len == 0)
		return 0;
	c = hub_utf8_next(s, &at);
	if (c >= 0x2460 && c <= 0x2473) /* ① to ⑳ */
		return at;
	if (c != '(' && c != 0xff08)
		at = 0;
	for (size_t next = at; next < s.len && digits < 3; at = next, digits++) {
		c = hub_char_plain(hub_utf8_next(s, &next));
		if (c < '0' || c > '9')
			break;
	}
	for (size_t i = 0; digits && digits < 3 && i < HUB_COUNT(marks); i++)
		if (hub_str_starts(hub_str_from(s, at), hub_str_of(marks[i])))
			return at + strlen(marks[i]);
	return 0;
}

const struct hub_code *hub_choice_find(const struct hub_codes *list, struct hub_str text)
{
	const struct hub_code *code = hub_code_find(list, text);
	const size_t number = code ? 0 : number_length(text);
	const struct hub_str label = hub_str_trim(hub_str_from(text, number));
	size_t at = 0;

	if (number == 0 || label.len == 0)
		return code;
	const int32_t first = hub_char_plain(hub_utf8_next(label, &at));
	return first >= '0' && first <= '9' ? NULL : hub_code_find(list, label);
}

/* --- several in one cell ---------------------------------------------------------------------- */

/* Length of the separator character at s[at], 0 when there is none. */
static size_t separator_at(struct hub_str seps, struct hub_str s, size_t at)
{
	for (size_t i = 0; i < seps.len;) {
		const size_t from = i;
		(void)hub_utf8_next(seps, &i);
		if (seps.ptr[from] == s.ptr[at] &&
		    hub_str_starts(hub_str_from(s, at), hub_str_cut(seps, from, i)))
			return i - from;
	}
	return 0;
}

int hub_choice_piece(struct hub_str seps, struct hub_str *rest, struct hub_str *piece)
{
	while (rest->len) {
		size_t at = 0, width = 0;
		while (at < rest->len && (width = separator_at(seps, *rest, at)) == 0)
			at++;
		*piece = hub_str_trim(hub_str_cut(*rest, 0, at));
		*rest = hub_str_from(*rest, at + width);
		if (piece->len)
			return 1;
	}
	return 0;
}

int hub_choice_next(const struct hub_codes *list, struct hub_str seps, struct hub_str *rest,
		    const struct hub_code **code)
{
	struct hub_str after[AHEAD], piece, left = *rest;
	const char *start = NULL;
	uint32_t n = 0;

	*code = NULL;
	while (n < AHEAD && hub_choice_piece(seps, &left, &piece)) {
		start = start ? start : piece.ptr;
		const struct hub_str label = {start, (size_t)(piece.ptr + piece.len - start)};
		if (n && label.len > LABEL_MAX)
			break;
		after[n++] = left;
		const struct hub_code *found = hub_choice_find(list, label);
		if (found) {
			*code = found;
			*rest = left;
		}
	}
	if (n && !*code)
		*rest = after[0];
	return n > 0;
}
