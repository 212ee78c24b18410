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

/* --- boxes of a form: □男　☑女　□他 ------------------------------------------------------------ */

enum box { BOX_NONE = 0, BOX_EMPTY, BOX_MARKED };

static enum box box_at(struct hub_str s, size_t at, size_t *len)
{
	static const char *const empty[] = {"□", "☐", "◻", "▢", "⬜"};
	static const char *const marked[] = {"☑", "■", "☒", "✓", "✔", "✅", "🗹", "◼"};
	const struct hub_str rest = hub_str_from(s, at);

	for (size_t i = 0; i < HUB_COUNT(empty); i++)
		if (hub_str_starts(rest, hub_str_of(empty[i]))) {
			*len = strlen(empty[i]);
			return BOX_EMPTY;
		}
	for (size_t i = 0; i < HUB_COUNT(marked); i++)
		if (hub_str_starts(rest, hub_str_of(marked[i]))) {
			*len = strlen(marked[i]);
			return BOX_MARKED;
		}
	return BOX_NONE;
}

/* Where the next box is; s.len: there is none. */
static size_t next_box(struct hub_str s, size_t at, enum box *box, size_t *len)
{
	/* all of them begin with E2 or F0: other bytes, which are most, are not compared with each */
	for (*box = BOX_NONE; at < s.len; at++)
		if ((unsigned char)s.ptr[at] >= 0xe2 && (*box = box_at(s, at, len)) != BOX_NONE)
			return at;
	return s.len;
}

/* その他（　　）、: without the room that was left blank, and without what parts it from the next. */
static struct hub_str bare_label(struct hub_str s)
{
	static const char *const behind[] = {"、", "，", ",", "・", "／", "/", "；", ";"};

	s = hub_str_trim(s);
	for (size_t i = 0; i < HUB_COUNT(behind); i++)
		if (hub_str_ends(s, hub_str_of(behind[i])))
			s.len -= strlen(behind[i]);
	const size_t open = hub_str_find(s, HUB_STR("（"), 1),
		     half = hub_str_find(s, HUB_STR("("), 1);
	const size_t cut = open < half ? open : half;
	const struct hub_str inside =
	    cut < s.len ? hub_str_from(s, cut + (cut == open ? 3 : 1)) : HUB_STR("x");
	if (hub_str_is(hub_str_trim(inside), "）") || hub_str_is(hub_str_trim(inside), ")"))
		s.len = cut;
	return hub_str_trim(s);
}

/* A cell with the boxes of a form (□男　☑女　□他): cuts the next choice that is marked off *rest; 0 when nothing is
 * left. Marked: ☑ ■ ☒ ✓ ✔ ✅, レ in front of a label beside empty boxes. */
static int next_marked(struct hub_str *rest, struct hub_str *label)
{
	enum box box, next;
	size_t len = 0, more = 0;

	/* レ男　□女: a tick that was typed, in place of the box or on it */
	*rest = hub_str_trim(*rest);
	if (hub_str_starts(*rest, HUB_STR("レ"))) {
		const size_t end = next_box(*rest, 3, &next, &more);
		*label = bare_label(hub_str_cut(*rest, 3, end));
		*rest = hub_str_from(*rest, end);
		if (label->len)
			return 1;
	}
	for (size_t at = next_box(*rest, 0, &box, &len); at < rest->len;) {
		const size_t end = next_box(*rest, at + len, &next, &more);
		*label = bare_label(hub_str_cut(*rest, at + len, end));
		if (box == BOX_MARKED && label->len) {
			*rest = hub_str_from(*rest, end);
			return 1;
		}
		at = end;
		box = next;
		len = more;
	}
	return 0;
}

/* --- numbers of a form, one of them in a circle: ①男　2 女, 1.有 ②無 -------------------------- */

static int parts_options(int32_t c)
{
	return c == ' ' || c == '/' || c == ',' || c == 0x3000 || c == 0x30fb || c == 0xff0f ||
	       c == 0x3001 || c == 0xff0c || c == '\n';
}

/* The number that stands at s[at]; -1: none does. A plain one stands at the begin or behind what parts options.
 * *end: behind it; *circled: it is in a circle, or has one in front (○2). */
static int number_at(struct hub_str s, size_t at, int32_t before, size_t *end, int *circled)
{
	size_t next = at;
	int32_t c = hub_utf8_next(s, &next);
	int number = -1;

	*circled = c >= 0x2460 && c <= 0x2473; /* ① to ⑳ */
	if (*circled) {
		*end = next;
		return c - 0x2460 + 1;
	}
	if (!parts_options(before))
		return -1;
	if ((*circled = c == 0x25cb || c == 0x25ef || c == 0x3007)) /* ○ ◯ 〇 */
		at = next;
	for (next = at; next < s.len && number < 100; at = next) {
		c = hub_char_plain(hub_utf8_next(s, &next));
		if (c < '0' || c > '9')
			break;
		number = (number < 0 ? 0 : number * 10) + (int)(c - '0');
	}
	*end = at;
	return number;
}

/* Cuts the next option off *rest: its number, -1 when there is none. */
static int next_option(struct hub_str *rest, struct hub_str *label, int *circled)
{
	int32_t before = ' ';
	size_t at = 0, from = 0, end;
	int more, number;

	*rest = hub_str_trim(*rest);
	number = rest->len ? number_at(*rest, 0, before, &from, circled) : -1;
	if (number < 0)
		return -1;
	for (at = from; at < rest->len; before = hub_utf8_next(*rest, &at))
		if (at > from && number_at(*rest, at, before, &end, &more) >= 0)
			break;
	const struct hub_str text = hub_str_cut(*rest, from, at);
	/* 2 in "1 男 2 女" is followed by a space, in "1.男" by a point */
	size_t sign = 0;
	const int32_t c = text.len ? hub_char_plain(hub_utf8_next(text, &sign)) : 0;
	*label = bare_label(c == '.' || c == ':' || c == ')' ? hub_str_from(text, sign) : text);
	*rest = hub_str_from(*rest, at);
	return number;
}

/* Two options at least, numbered one after the other, some in a circle and some not: those in a circle are meant. */
static int is_circled(struct hub_str text)
{
	struct hub_str label;
	int marked = 0, n = 0, last = 0, circled, number;

	while ((number = next_option(&text, &label, &circled)) >= 0) {
		if (label.len == 0 || (n ? number != last + 1 : number > 1))
			return 0;
		last = number;
		marked += circled;
		n++;
	}
	return text.len == 0 && marked > 0 && marked < n;
}

static int next_circled(struct hub_str *rest, struct hub_str *label)
{
	int circled;

	while (next_option(rest, label, &circled) >= 0)
		if (circled)
			return 1;
	return 0;
}

/* --- those that are marked -------------------------------------------------------------------- */

int hub_choice_has_boxes(struct hub_str text)
{
	enum box box;
	size_t len;

	return next_box(text, 0, &box, &len) < text.len || is_circled(text);
}

int hub_choice_boxes(const struct hub_codes *list, struct hub_str text,
		     const struct hub_code **code, int max, int *detail)
{
	int (*const next)(struct hub_str *, struct hub_str *) =
	    is_circled(text) ? next_circled : next_marked;
	struct hub_str label;
	int n = 0;

	*detail = 0;
	while (next(&text, &label)) {
		const struct hub_code *found = hub_choice_find(list, label);
		const size_t wide = hub_str_find(label, HUB_STR("（"), 1),
			     half = hub_str_find(label, HUB_STR("("), 1),
			     open = wide < half ? wide : half;
		if (!found && open < label.len) {
			found = hub_choice_find(list, hub_str_trim(hub_str_cut(label, 0, open)));
			*detail |= found != NULL;
		}
		if (!found || n == max)
			return -1;
		code[n++] = found;
	}
	return n;
}

/* --- several in one cell ---------------------------------------------------------------------- */

/* Length of the separator character at s[at], 0 when there is none. */
static size_t separator_at(struct hub_str seps, struct hub_str s, size_t at)
{
	/* most bytes are of none of them */
	if (!seps.len || !memchr(seps.ptr, s.ptr[at], seps.len))
		return 0;
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
