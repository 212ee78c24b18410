#include "seq.h"

#include "jname.h"

#include <string.h>

enum {
	CUT_AFTER = 48,   /* a sentence may end the stretch from this length on */
	WRAP_LEAST = 8,   /* shorter lines are lines of their own, not broken ones */
	SPACED_LEAST = 4, /* fewer kanji with spaces between are words by themselves */
};

static enum seq_type type_of(uint32_t c)
{
	if (c >= 0x3041 && c <= 0x309f)
		return SEQ_HIRA;
	if ((c >= 0x4e00 && c <= 0x9fff) || c == 0x3005 || c == 0x3006 || c == 0x3007)
		return SEQ_KANJI;
	if ((c >= 0x30a1 && c <= 0x30ff && c != 0x30fb) || (c >= 0x31f0 && c <= 0x31ff))
		return SEQ_KATA;
	if (c >= '0' && c <= '9')
		return SEQ_DIGIT;
	if (c >= 'A' && c <= 'Z')
		return SEQ_UPPER;
	if ((c >= 'a' && c <= 'z') || (c >= 0xc0 && c <= 0x24f && c != 0xd7 && c != 0xf7))
		return SEQ_LOWER;
	if (c == ' ' || c == '\t' || c == 0x3000 || c == 0xa0)
		return SEQ_SPACE;
	if ((c >= 0x3400 && c <= 0x4dbf) || (c >= 0xf900 && c <= 0xfaff) ||
	    (c >= 0x20000 && c <= 0x3ffff) ||
	    (c >= 0xe000 && c <= 0xf8ff)) /* gaiji stand in names */
		return SEQ_KANJI;
	return SEQ_MARK;
}

static int is_letter(enum seq_type t)
{
	return t == SEQ_KANJI || t == SEQ_HIRA || t == SEQ_KATA;
}

/* No width, no meaning for us: variation selectors, zero width characters, soft hyphen. */
static int is_hidden(uint32_t c)
{
	return (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0100 && c <= 0xe01ef) ||
	       (c >= 0x200b && c <= 0x200f) || c == 0x2060 || c == 0xfeff || c == 0xad;
}

/* Characters of norm are well-formed; what is not is one byte of no type. */
static uint32_t read_char(struct hub_str norm, size_t *at)
{
	const unsigned char *p = (const unsigned char *)norm.ptr + *at;
	const size_t left = norm.len - *at;
	size_t len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	uint32_t c = *p < 0x80 ? *p : *p & (0x7fu >> len);

	if (*p >= 0x80 && (*p < 0xc2 || len > left)) {
		++*at;
		return 0xfffd;
	}
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			++*at;
			return 0xfffd;
		}
		c = c << 6 | (p[i] & 0x3fu);
	}
	*at += len;
	return c;
}

static uint32_t write_char(char *to, uint32_t c)
{
	if (c < 0x80) {
		to[0] = (char)(c ? c : ' ');
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 63));
		to[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 63));
	to[2] = (char)(0x80 | (c >> 6 & 63));
	to[3] = (char)(0x80 | (c & 63));
	return 4;
}

/* Some hands write 、 and 。 as ， and ．: behind Japanese they are the same. */
static uint32_t fold_mark(const struct seq *s, uint32_t c)
{
	const enum seq_type last = s->n ? s->type[s->n - 1 + SEQ_PAD] : SEQ_EDGE;

	if (c == ',' && (is_letter(last) || last == SEQ_MARK))
		return 0x3001;
	return c == '.' && is_letter(last) ? 0x3002 : c;
}

static void add(struct seq *s, uint32_t c, size_t off, size_t end)
{
	const uint32_t folded = fold_mark(s, jname_fold(c)), i = s->n++;

	s->cp[i + SEQ_PAD] = folded;
	s->type[i + SEQ_PAD] = (uint8_t)type_of(folded);
	s->off[i] = (uint32_t)off;
	s->end[i] = (uint32_t)end;
	s->byte[i + 1] = (uint16_t)(s->byte[i] + write_char(s->text + s->byte[i], folded));
}

/* At a line end: the place where the line goes on when it was only broken there (by a mail program, a
 * form, a converter), else 0. line: its characters so far. */
static size_t goes_on(const struct seq *s, struct hub_str norm, size_t at, uint32_t line)
{
	size_t next;

	if (line < WRAP_LEAST || !is_letter(s->type[s->n - 1 + SEQ_PAD]))
		return 0;
	for (int spaces = 0; at < norm.len && spaces < 4; spaces++, at = next) {
		next = at;
		const enum seq_type t = type_of(read_char(norm, &next));
		if (is_letter(t))
			return at;
		if (t != SEQ_SPACE)
			return 0;
	}
	return 0;
}

static int ends_sentence(uint32_t c)
{
	return c == 0x3002 || c == '!' || c == '?' || c == 0xff0e;
}

/* The stretch is full: gives back what stands behind the last mark, so that no name is cut. */
static void cut_at_mark(struct seq *s, size_t *at)
{
	for (uint32_t i = s->n; i > SEQ_MAX / 2; i--)
		if (s->type[i - 1 + SEQ_PAD] >= SEQ_MARK) {
			*at = i < s->n ? s->off[i] : *at;
			s->n = i;
			return;
		}
}

/* How many spaces stand at *at, which moves behind them. */
static uint32_t skip_spaces(struct hub_str norm, size_t *at)
{
	uint32_t n = 0;

	for (size_t on = *at; on < norm.len && type_of(read_char(norm, &on)) == SEQ_SPACE; n++)
		*at = on;
	return n;
}

static int letter_at(struct hub_str norm, size_t at)
{
	return at < norm.len && is_letter(type_of(read_char(norm, &at)));
}

/* Where letters that stand one by one, with a few spaces between, end (氏 名  栗 山  昭 二); at: fewer than
 * four kanji do, or kana that are spelled. */
static size_t spaced_to(struct hub_str norm, size_t at)
{
	size_t end = at, next = at;
	uint32_t kanji = 0;

	for (uint32_t spaces = 1; spaces > 0 && spaces < 4 && letter_at(norm, next);) {
		size_t letter = next;
		const enum seq_type type = type_of(read_char(norm, &letter));
		next = letter;
		spaces = skip_spaces(norm, &next);
		if (!spaces && letter_at(norm, next))
			break;
		end = letter;
		kanji += type == SEQ_KANJI;
	}
	return kanji < SPACED_LEAST ? at : end;
}

int seq_next(struct seq *s, struct hub_str norm, size_t *at)
{
	uint32_t line = 0, broken = 0;
	size_t spaced = *at; /* letters up to here are spaced out */

	s->n = 0;
	s->byte[0] = 0;
	while (*at < norm.len && s->n < SEQ_MAX) {
		const size_t from = *at;
		const uint32_t c = read_char(norm, at);
		if (c == '\n') {
			const size_t on = goes_on(s, norm, *at, line);
			if (!on && s->n)
				break;
			*at = on ? on : *at;
			broken = on > 0;
			line = 0;
			continue;
		}
		if (is_hidden(c)) {
			if (s->n)
				s->end[s->n - 1] = (uint32_t)*at;
			continue;
		}
		const enum seq_type last = s->n ? s->type[s->n - 1 + SEQ_PAD] : SEQ_EDGE;
		if (from >= spaced && !is_letter(last) && letter_at(norm, from))
			spaced = spaced_to(norm, from);
		if (from < spaced && is_letter(last) && type_of(c) == SEQ_SPACE &&
		    letter_at(norm, *at))
			continue;
		s->broken[s->n] = (uint8_t)broken;
		broken = 0;
		line++;
		add(s, c, from, *at);
		if (s->n >= CUT_AFTER && ends_sentence(c))
			break;
	}
	if (s->n == SEQ_MAX)
		cut_at_mark(s, at);
	s->text[s->byte[s->n]] = '\0';
	for (uint32_t i = 0; i < SEQ_PAD; i++) {
		s->cp[i] = s->cp[s->n + SEQ_PAD + i] = i + 1;
		s->type[i] = s->type[s->n + SEQ_PAD + i] = SEQ_EDGE;
	}
	return s->n > 0;
}
