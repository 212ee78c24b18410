#include "split.h"

#include <endian.h>
#include <string.h>

enum meaning { PLAIN = 0, DELIMITER, LINE_END, QUOTE, NUL };

/* From this width on a line with half of the delimiters of a record is taken for (the start of) one. */
enum { WIDTH_SURE = 8 };
/* From this one on, a line that is broken itself is one when it has all of them. */
enum { WIDTH_LIKELY = 4 };

/* What reading a field came to. */
enum step { STEP_NEXT = 8, STEP_END, STEP_MORE, STEP_BAD };

struct cursor {
	const struct split_dialect *d;
	const struct split_text *t;
	const char *p, *end;
	struct split_record *r;
};

void split_dialect_init(struct split_dialect *d, struct hub_str delimiter, int quote,
			struct hub_str comment)
{
	*d = (struct split_dialect){.quote = quote, .below = '\r' + 1};
	memcpy(d->delimiter, delimiter.ptr, delimiter.len);
	d->delimiter_len = (uint32_t)delimiter.len;
	if (comment.len > 0)
		memcpy(d->comment, comment.ptr, comment.len);
	d->comment_len = (uint32_t)comment.len;

	d->meaning['\0'] = NUL;
	d->meaning['\n'] = d->meaning['\r'] = LINE_END;
	if (quote >= 0)
		d->meaning[quote] = QUOTE;
	const uint8_t first = (uint8_t)delimiter.ptr[0];
	d->meaning[first] = DELIMITER;
	if (quote >= d->below)
		d->below = (uint8_t)(quote + 1);
	if (first >= 0x80)
		d->below = 0;
	else if (first >= d->below)
		d->below = (uint8_t)(first + 1);
}

/* The next byte with a meaning, or end. Eight bytes at a time: for ',' and '"' all bytes with a
 * meaning are < 0x2D, which in Japanese text hardly anything else is. */
static const char *next_meaning(const struct split_dialect *d, const char *p, const char *end)
{
	const uint64_t ones = UINT64_MAX / 255, highs = ones << 7;
	const uint64_t below = ones * d->below;
	uint64_t w, hit;

	for (; d->below && end - p >= 8; p++) {
		memcpy(&w, p, 8);
		w = le64toh(w);
		/* borrows only reach higher bytes: the lowest hit is exact */
		hit = (w - below) & ~w & highs;
		if (!hit) {
			p += 7;
			continue;
		}
		p += __builtin_ctzll(hit) >> 3;
		if (d->meaning[(uint8_t)*p] != PLAIN)
			return p;
	}
	while (p < end && d->meaning[(uint8_t)*p] == PLAIN)
		p++;
	return p;
}

static int fault(struct cursor *c, enum split_fault what, const char *at)
{
	c->r->fault = what;
	c->r->fault_at = (size_t)(at - c->t->base);
	return STEP_BAD;
}

static int add_field(struct cursor *c, const char *from, const char *to, int cell, int doubled)
{
	struct split_record *r = c->r;

	if (r->n == r->cap)
		return fault(c, SPLIT_TOO_MANY, from);
	if ((uint64_t)(to - from) > c->d->limit)
		return fault(c, SPLIT_TOO_LONG, from);
	r->field[r->n++] =
	    (struct split_field){from, (uint32_t)(to - from), (uint8_t)cell, (uint8_t)doubled};
	return 0;
}

static int is_blank(const struct split_dialect *d, char ch)
{
	return (ch == ' ' || ch == '\t') && d->meaning[(uint8_t)ch] == PLAIN;
}

static int add_plain(struct cursor *c, const char *from, const char *to)
{
	if (c->d->trim)
		while (to > from && is_blank(c->d, to[-1]))
			to--;
	return add_field(c, from, to, to > from ? HUB_VALUE : HUB_NULL, 0);
}

/* Bytes of the line end at p (LF, CR LF, CR), 0 when the CR is text, -1 when the text is too short
 * to tell. A single CR at the very end is a line end that lost its LF. */
static int line_end(const struct cursor *c, const char *p)
{
	if (*p == '\n')
		return 1;
	if (p + 1 == c->end)
		return c->t->last ? 1 : -1;
	if (p[1] == '\n')
		return 2;
	return c->d->cr_ends ? 1 : 0;
}

/* Bytes of the delimiter at p, 0 when it only begins alike, -1 when the text is too short. */
static int delimiter(const struct cursor *c, const char *p)
{
	const size_t n = c->d->delimiter_len;

	if (n == 1)
		return 1;
	if ((size_t)(c->end - p) < n)
		return c->t->last ? 0 : -1;
	return memcmp(p, c->d->delimiter, n) == 0 ? (int)n : 0;
}

/* What ends a field at p: moves behind it. 0 when nothing does. */
static int field_end(struct cursor *c, const char *p)
{
	int n = 0;

	switch (c->d->meaning[(uint8_t)*p]) {
	case DELIMITER:
		n = delimiter(c, p);
		if (n > 0) {
			c->p = p + n;
			return STEP_NEXT;
		}
		break;
	case LINE_END:
		n = line_end(c, p);
		if (n > 0) {
			c->r->stop = (size_t)(p - c->t->base);
			c->p = p + n;
			return STEP_END;
		}
		break;
	default:
		break;
	}
	return n < 0 ? STEP_MORE : 0;
}

static int end_of_text(struct cursor *c)
{
	if (!c->t->last)
		return STEP_MORE;
	c->p = c->end;
	c->r->stop = (size_t)(c->end - c->t->base);
	return STEP_END;
}

static int plain_field(struct cursor *c, const char *start)
{
	const int strict = !c->d->tolerant;

	for (const char *p = start;; p++) {
		p = next_meaning(c->d, p, c->end);
		if (p == c->end) {
			const int s = end_of_text(c);
			return s == STEP_END && add_plain(c, start, p) ? STEP_BAD : s;
		}
		const uint8_t m = c->d->meaning[(uint8_t)*p];
		if (m == QUOTE && strict)
			return fault(c, SPLIT_QUOTE_IN_TEXT, p);
		if (m == NUL && strict)
			return fault(c, SPLIT_NUL, p);
		const int s = field_end(c, p);
		if (s == STEP_NEXT || s == STEP_END)
			return add_plain(c, start, p) ? STEP_BAD : s;
		if (s == STEP_MORE)
			return s;
	}
}

/* The text after a quoted field says whether its quote really closed it. */
static int after_quote(struct cursor *c, const char *p)
{
	if (c->d->trim)
		while (p < c->end && is_blank(c->d, *p))
			p++;
	return p == c->end ? end_of_text(c) : field_end(c, p);
}

static int unclosed(struct cursor *c, const char *open)
{
	if (!c->t->last)
		return STEP_MORE;
	/* tolerant: a quote that opens in the last line closes with it */
	if (!c->d->tolerant || memchr(open, '\n', (size_t)(c->end - open)))
		return fault(c, SPLIT_UNCLOSED, open);
	c->p = c->end;
	c->r->stop = (size_t)(c->end - c->t->base);
	return add_field(c, open + 1, c->end, HUB_VALUE, 1) ? STEP_BAD : STEP_END;
}

static int quoted_field(struct cursor *c, const char *open)
{
	int doubled = 0;

	c->r->quoted++;
	c->r->quote_at = (size_t)(open - c->t->base);
	for (const char *q = open + 1;; q++) {
		q = memchr(q, c->d->quote, (size_t)(c->end - q));
		if (!q)
			return unclosed(c, open);
		if (q + 1 < c->end && q[1] == open[0]) {
			doubled = 1;
			q++;
			continue;
		}
		const int s = after_quote(c, q + 1);
		if (s == STEP_MORE)
			return s;
		if (s == 0 && c->d->tolerant) {
			doubled = 1;
			continue;
		}
		const size_t n = (size_t)(q - open - 1);
		if (s == 0)
			return fault(
			    c, memchr(open, '\n', n + 1) ? SPLIT_UNCLOSED : SPLIT_TEXT_AFTER_QUOTE,
			    q + 1);
		if (!c->d->tolerant && memchr(open + 1, 0, n))
			return fault(c, SPLIT_NUL, open);
		return add_field(c, open + 1, q, HUB_VALUE, doubled) ? STEP_BAD : s;
	}
}

static int next_field(struct cursor *c)
{
	const char *p = c->p;

	if (c->d->trim)
		while (p < c->end && is_blank(c->d, *p))
			p++;
	if (p < c->end && c->d->meaning[(uint8_t)*p] == QUOTE)
		return quoted_field(c, p);
	return plain_field(c, p);
}

int split_record(const struct split_dialect *d, const struct split_text *t, size_t at,
		 struct split_record *r)
{
	struct cursor c = {.d = d, .t = t, .p = t->base + at, .end = t->base + t->len, .r = r};
	int s;

	r->n = r->quoted = 0;
	r->start = r->stop = at;
	r->end = t->len;
	r->fault = SPLIT_FINE;
	r->fault_at = r->quote_at = at;
	while ((s = next_field(&c)) == STEP_NEXT)
		;
	if (s == STEP_END) {
		r->end = (size_t)(c.p - t->base);
		return SPLIT_OK;
	}
	if (s == STEP_BAD)
		return SPLIT_BAD;
	if (!t->full)
		return SPLIT_MORE;
	/* nothing more fits into memory: longer than what is accepted */
	r->fault = SPLIT_TOO_LONG;
	return SPLIT_BAD;
}

int split_is_blank(const struct split_record *r)
{
	return r->n == 1 && r->stop == r->start;
}

size_t split_comment(const struct split_dialect *d, const struct split_text *t, size_t at,
		     int *more)
{
	*more = 0;
	if (d->comment_len == 0)
		return 0;
	if (t->len - at < d->comment_len) {
		*more = !t->last && memcmp(t->base + at, d->comment, t->len - at) == 0;
		return 0;
	}
	if (memcmp(t->base + at, d->comment, d->comment_len) != 0)
		return 0;
	const size_t next = split_next_line(d, t, at);
	*more = next == t->len && !t->last;
	return next - at;
}

size_t split_next_line(const struct split_dialect *d, const struct split_text *t, size_t at)
{
	const char *p = t->base + at, *end = t->base + t->len;

	if (!d->cr_ends) {
		p = memchr(p, '\n', t->len - at);
		return p ? (size_t)(p + 1 - t->base) : t->len;
	}
	while (p < end && *p != '\n' && *p != '\r')
		p++;
	if (p < end)
		p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
	return (size_t)(p - t->base);
}

uint64_t split_lines(const struct split_dialect *d, const struct split_text *t, size_t from,
		     size_t to)
{
	const char *p = t->base + from, *end = t->base + to;
	uint64_t n = 0;

	if (!d->cr_ends) {
		while ((p = memchr(p, '\n', (size_t)(end - p)))) {
			n++;
			p++;
		}
		return n;
	}
	for (; p < end; p++)
		n += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
	return n;
}

/* Delimiters of one physical line, those inside quotes too; an estimate when one is many bytes. */
static uint32_t delimiters(const struct split_dialect *d, const struct split_text *t, size_t at)
{
	const size_t end = split_next_line(d, t, at);
	uint32_t n = 0;

	for (; at < end; at++)
		n += t->base[at] == d->delimiter[0];
	return n;
}

/* Does a record begin at this line? Yes when it reads as one of the right width; and, in a wide
 * file, when it is near enough to one to be refused on its own rather than with its neighbour. */
static int is_footing(const struct split_dialect *d, const struct split_text *t, size_t at,
		      uint32_t width, struct split_record *r)
{
	const int rc = split_record(d, t, at, r);

	if (rc == SPLIT_MORE || (rc == SPLIT_OK && r->n == width))
		return rc;
	if (width >= WIDTH_SURE)
		return 2 * delimiters(d, t, at) + 2 >= width ? SPLIT_OK : SPLIT_BAD;
	if (rc == SPLIT_BAD && width >= WIDTH_LIKELY)
		return delimiters(d, t, at) + 1 == width ? SPLIT_OK : SPLIT_BAD;
	return rc == SPLIT_OK && width == 0 && !split_is_blank(r) ? SPLIT_OK : SPLIT_BAD;
}

int split_footing(const struct split_dialect *d, const struct split_text *t, size_t at, size_t stop,
		  uint32_t width, struct split_record *r, size_t *found)
{
	for (; at < stop; at = split_next_line(d, t, at)) {
		const int rc = is_footing(d, t, at, width, r);
		if (rc == SPLIT_BAD)
			continue;
		*found = at;
		return rc;
	}
	*found = stop;
	return stop < t->len || t->last || t->full ? SPLIT_OK : SPLIT_MORE;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Letters, and every byte of characters that are several. */
static int is_letter(char c)
{
	return (uint8_t)c >= '@';
}

/* Runs of digits and of letters count as one each: A2024-001 looks like A2024-12. */
static char shape_at(const char *p, const char *end, size_t *n)
{
	int (*const kind)(char) = is_digit(*p) ? is_digit : is_letter;

	*n = 1;
	while (kind(*p) && p + *n < end && kind(p[*n]))
		++*n;
	return is_digit(*p) ? '0' : is_letter(*p) ? 'a' : *p;
}

/* Do two lines begin with cells that look alike, as the numbers of two records do? */
static int begin_alike(const struct split_dialect *d, const char *a, const char *b, const char *end)
{
	size_t na, nb;
	int cells = 0;

	for (; a < end && b < end && *a != d->delimiter[0]; a += na, b += nb, cells++)
		if (shape_at(a, end, &na) != shape_at(b, end, &nb))
			return 0;
	return cells > 0 && a < end && b < end && *a == *b;
}

int split_swallows(const struct split_dialect *d, const struct split_text *t, size_t start,
		   size_t end, uint32_t width, struct split_record *r)
{
	const struct split_text inside = {.base = t->base, .len = end, .last = 1};
	size_t at = split_next_line(d, &inside, start);
	int lines = 0;

	if (width < WIDTH_LIKELY || at >= end)
		return 0;
	/* the last physical line is the tail of the record itself */
	for (size_t next;; at = next, lines++) {
		next = split_next_line(d, &inside, at);
		if (next >= end)
			break;
		if (split_record(d, &inside, at, r) != SPLIT_OK || r->n != width || r->end != next)
			return 0;
	}
	if (lines > 0 && width >= WIDTH_SURE)
		return 1;
	return delimiters(d, &inside, start) + 1 == width &&
	       delimiters(d, &inside, at) + 1 == width &&
	       begin_alike(d, t->base + start, t->base + at, t->base + end);
}

size_t split_undouble(const struct split_dialect *d, const struct split_field *f, char *out)
{
	const char *p = f->ptr, *end = p + f->len;
	char *to = out;

	while (p < end) {
		const char *q = memchr(p, d->quote, (size_t)(end - p));
		const char *stop = q ? q + 1 : end;
		memcpy(to, p, (size_t)(stop - p));
		to += stop - p;
		p = stop;
		if (q && p < end && *p == *q)
			p++;
	}
	return (size_t)(to - out);
}

int split_is_old_mac(const struct split_dialect *d, const struct split_text *t,
		     struct split_record *r)
{
	struct split_dialect mac = *d;
	uint32_t width = 0, records = 0;

	if (memchr(t->base, '\n', t->len) || !memchr(t->base, '\r', t->len))
		return 0;
	mac.cr_ends = 1;
	for (size_t at = 0; at < t->len; at = r->end) {
		if (split_record(&mac, t, at, r) != SPLIT_OK)
			break;
		if (split_is_blank(r))
			continue;
		if (records == 0)
			width = r->n;
		if (r->n != width)
			return 0;
		records++;
	}
	return width > 1 && records > 1;
}
