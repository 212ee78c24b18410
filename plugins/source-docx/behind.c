#include "behind.h"

#include "label.h"

#include <string.h>

enum { LABEL_WITHIN = 64 };

/* Bytes of a colon at the beginning of s, half or full width. */
static size_t colon(struct hub_str s)
{
	if (s.len > 0 && s.ptr[0] == ':')
		return 1;
	return s.len >= 3 && memcmp(s.ptr, "：", 3) == 0 ? 3 : 0;
}

/* Bytes of the blanks at the beginning of s; *wide: more than one, or a tab, as between two things of a line. */
size_t behind_blanks(struct hub_str s, int *wide)
{
	size_t n = 0, many = 0;

	while (n < s.len) {
		const size_t one = (unsigned char)s.ptr[n] == 0xe3 ? 3 : 1;
		if (s.len - n < one || label_trim((struct hub_str){s.ptr + n, one}).len > 0)
			break;
		many += s.ptr[n] == '\t' ? 2 : 1;
		n += one;
	}
	*wide = many > 1;
	return n;
}

/* 【氏名】, ■氏名: what forms put around a label. *closed: something behind it says that it ends here. */
struct hub_str behind_bare(struct hub_str s, int *closed)
{
	static const char *const before[] = {"【", "〔", "［", "[", "＜", "<",
					     "■",  "●",  "◆",  "○", "・"};
	static const char *const after[] = {"】", "〕", "］", "]", "＞", ">"};

	*closed = 0;
	s = label_trim(s);
	for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
		const size_t n = strlen(before[i]);
		if (s.len > n && memcmp(s.ptr, before[i], n) == 0) {
			s = (struct hub_str){s.ptr + n, s.len - n};
			break;
		}
	}
	for (size_t i = 0; i < sizeof after / sizeof *after && !*closed; i++) {
		const size_t n = strlen(after[i]);
		*closed = s.len > n && memcmp(s.ptr + s.len - n, after[i], n) == 0;
		s.len -= *closed ? n : 0;
	}
	return s;
}

/* ケースＮｏ．０１２: nothing has to part a number from its sign. */
static int ends_itself(struct hub_str label)
{
	static const char *const ends[] = {"．", ".", "№", "＃", "#"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		const size_t n = strlen(ends[i]);
		if (label.len > n && memcmp(label.ptr + label.len - n, ends[i], n) == 0)
			return 1;
	}
	return 0;
}

/* The text behind a label in the same cell or line: "氏名：甲野", "【氏名】甲野", or on the lines below the label; in
 * a line of text a blank will do: "氏名　甲野". ptr NULL: the text does not begin with the label. A label alone: rest
 * of length 0. */
struct hub_str behind(struct hub_str text, struct hub_str label, int blank_will_do)
{
	int wide, closed;

	label = behind_bare(label, &closed);
	const int itself = ends_itself(label);
	for (size_t i = 0; i <= text.len; i++) {
		const struct hub_str rest = {text.ptr + i, text.len - i};
		const size_t n = colon(rest);
		const int blank = blank_will_do && (behind_blanks(rest, &wide) > 0 || itself);
		const struct hub_str head = behind_bare((struct hub_str){text.ptr, i}, &closed);
		if ((n > 0 || rest.len == 0 || rest.ptr[0] == '\n' || blank || closed) &&
		    label_same(head, label))
			return (struct hub_str){rest.ptr + n, rest.len - n};
		if (i > label.len * 2 + LABEL_WITHIN)
			break;
	}
	return (struct hub_str){NULL, 0};
}

/* Soon enough to be what ends a label. */
int behind_has_colon(struct hub_str s)
{
	for (size_t i = 0; i < s.len && i < LABEL_WITHIN; i++)
		if (colon((struct hub_str){s.ptr + i, s.len - i}))
			return 1;
	return 0;
}

int behind_names_number(struct hub_str s)
{
	static const char *const signs[] = {"No", "Ｎｏ", "NO", "ＮＯ", "№", "番号"};
	int wide;
	size_t n = 0;

	while (n < s.len && n < LABEL_WITHIN &&
	       !behind_blanks((struct hub_str){s.ptr + n, s.len - n}, &wide))
		n++;
	for (size_t i = 0; i < sizeof signs / sizeof *signs && n > 0; i++) {
		const char *at = memmem(s.ptr, n, signs[i], strlen(signs[i]));
		if (at && at > s.ptr) /* a number of nothing is a part of the value: No.5ビル */
			return 1;
	}
	return 0;
}
