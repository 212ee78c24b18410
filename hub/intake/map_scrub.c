/* What must not exist is taken out at the door: banned columns are blanked, and 12-digit runs whose
 * check digit is that of an individual number (個人番号) become ●. Done in the batch itself, in its own
 * encoding, so that nothing behind this place can see them: not keys, hashes, rejects, extras. */
#include "intake/map.h"

#include "base/err.h"
#include "text/postal.h"

enum { NUMBER = 12, STRIDE = 7 };

enum { PART_ASCII = 1, PART_LEAD, PART_LAST };

/* How full-width digits and the black circle are written in an encoding. */
struct digits {
	unsigned char lead[2], lead_len, first; /* full-width 0 is lead + first */
	struct hub_str mark;
	uint8_t part[256]; /* which byte of a digit it may be */
};

static void digits_init(struct digits *d, enum hub_enc enc)
{
	switch (enc) {
	case HUB_ENC_CP932:
		*d = (struct digits){{0x82}, 1, 0x4f, HUB_STR("\x81\x9c"), {0}};
		break;
	case HUB_ENC_EUCJP:
		*d = (struct digits){{0xa3}, 1, 0xb0, HUB_STR("\xa1\xfc"), {0}};
		break;
	default:
		*d = (struct digits){{0xef, 0xbc}, 2, 0x90, HUB_STR("\xe2\x97\x8f"), {0}};
	}
	for (unsigned i = 0; i < d->lead_len; i++)
		d->part[d->lead[i]] = PART_LEAD;
	for (unsigned c = 0; c < 10; c++) {
		d->part[d->first + c] = PART_LAST;
		d->part['0' + c] = PART_ASCII;
	}
}

/* Width of the digit at s[i] and its value; 0 when there is none. */
static inline size_t digit_at(const struct digits *d, struct hub_str s, size_t i, char *digit)
{
	const unsigned char *p = (const unsigned char *)s.ptr + i;
	const size_t w = (size_t)d->lead_len + 1;

	if (i >= s.len)
		return 0;
	if (d->part[p[0]] == PART_ASCII) {
		*digit = (char)p[0];
		return 1;
	}
	if (p[0] != d->lead[0] || s.len - i < w || (d->lead_len > 1 && p[1] != d->lead[1]) ||
	    (unsigned)(p[w - 1] - d->first) > 9)
		return 0;
	*digit = (char)('0' + p[w - 1] - d->first);
	return w;
}

/* Beginning of the digit that byte i of s is a part of; s.len when it is none. */
static size_t digit_around(const struct digits *d, struct hub_str s, size_t i)
{
	char c;

	for (size_t back = 0; back <= d->lead_len && back <= i; back++)
		if (digit_at(d, s, i - back, &c) > back)
			return i - back;
	return s.len;
}

/* Width of what may stand between the groups of four: blank or hyphen, half or full width. */
static size_t gap_at(enum hub_enc enc, struct hub_str s, size_t i)
{
	static const char cp932[][4] = {"\x81\x40", "\x81\x7c", "\x81\x5b", "\x81\x5d", ""};
	static const char eucjp[][4] = {"\xa1\xa1", "\xa1\xdd", "\xa1\xbc", "\xa1\xbe", ""};
	static const char utf8[][4] = {"　", "－", "ー", "‐", "−", ""};

	if (i >= s.len)
		return 0;
	if (s.ptr[i] == ' ' || s.ptr[i] == '-')
		return 1;
	if ((unsigned char)s.ptr[i] < 0x80)
		return 0;
	const size_t w = enc == HUB_ENC_CP932 || enc == HUB_ENC_EUCJP ? 2 : 3;
	const char(*gap)[4] = enc == HUB_ENC_CP932 ? cp932 : enc == HUB_ENC_EUCJP ? eucjp : utf8;
	for (; (*gap)[0] && s.len - i >= w; gap++)
		if ((*gap)[0] == s.ptr[i] && memcmp(*gap, s.ptr + i, w) == 0)
			return w;
	return 0;
}

/* Digits from s[i] on, at most cap; *end is behind them. */
static size_t run_of_digits(const struct digits *d, struct hub_str s, size_t i, char *out,
			    size_t cap, size_t *end)
{
	size_t n = 0, w;
	char c;

	while (n < cap && (w = digit_at(d, s, i, &c)) > 0) {
		out[n++] = c;
		i += w;
	}
	*end = i;
	return n;
}

/* Beginning of the run of digits that the digit at `at` is in, not before `from`. */
static size_t run_start(const struct digits *d, struct hub_str s, size_t at, size_t from)
{
	while (at > from) {
		/* a digit of ASCII is a part of nothing else in any of the encodings, and most bytes are of none */
		const uint8_t part = d->part[(unsigned char)s.ptr[at - 1]];
		const size_t before = part == PART_ASCII ? at - 1
				      : part             ? digit_around(d, s, at - 1)
							 : at;
		if (before >= at || before < from)
			break;
		at = before;
	}
	return at;
}

/* Beginning of the group of four before the one at `at`, or `at`: 1234 5678 9012, as the card prints
 * it. */
static size_t group_before(const struct digits *d, enum hub_enc enc, struct hub_str s, size_t at,
			   size_t from)
{
	char run[5];
	size_t end;

	for (size_t w = 1; w <= 3 && at >= from + w + 4; w++) {
		if (gap_at(enc, s, at - w) != w)
			continue;
		const size_t last = digit_around(d, s, at - w - 1);
		if (last >= at || last < from)
			continue;
		const size_t start = run_start(d, s, last, from);
		if (run_of_digits(d, s, start, run, 5, &end) == 4)
			return start;
	}
	return at;
}

/* The number that the digit at `at` is a part of: its start, its end and its digits. Only 12 digits in
 * a row, or three groups of four, are one. Otherwise *end is where to go on looking. */
static int number_around(const struct digits *d, enum hub_enc enc, struct hub_str s, size_t at,
			 size_t from, size_t *start, size_t *end)
{
	char run[NUMBER + 1], c;
	size_t gap, next;

	at = run_start(d, s, at, from);
	size_t n = run_of_digits(d, s, at, run, NUMBER + 1, end);
	if (n == 4) {
		*start = group_before(d, enc, s, at, from);
		at = *start == at ? at : group_before(d, enc, s, *start, from);
		n = run_of_digits(d, s, at, run, 5, &next);
		for (*end = next; n % 4 == 0 && n < NUMBER; n += 4, *end = next) {
			gap = gap_at(enc, s, *end);
			if (!gap || run_of_digits(d, s, *end + gap, run + n, 5, &next) != 4)
				break;
		}
	}
	*start = at;
	if (n > NUMBER)
		while ((gap = digit_at(d, s, *end, &c)) > 0)
			*end += gap;
	if (n != NUMBER)
		return 0;
	gap = gap_at(enc, s, *end);
	return !(gap && digit_at(d, s, *end + gap, &c)) &&
	       hub_mynumber_ok((struct hub_str){run, NUMBER});
}

/* May byte i be a part of a digit? Told by the bytes beside it: in CP932 hiragana have the same lead. */
static int may_be_digit(const struct digits *d, struct hub_str s, size_t i)
{
	const unsigned char *p = (const unsigned char *)s.ptr + i;

	switch (d->part[*p]) {
	case PART_ASCII:
		return 1;
	case PART_LEAD:
		return d->lead_len > 1 || (i + 1 < s.len && d->part[p[1]] == PART_LAST);
	case PART_LAST:
		return i > 0 && p[-1] == d->lead[d->lead_len - 1];
	default:
		return 0;
	}
}

/* First individual number at or after `from`: its start, or s.len. Of the 14 bytes of the shortest form
 * in groups two gaps are no digits, never seven apart: looking at every seventh byte is enough. */
static size_t find_number(const struct digits *d, enum hub_enc enc, struct hub_str s, size_t from,
			  size_t *end)
{
	for (size_t i = from + STRIDE - 1; i < s.len;) {
		const size_t at = may_be_digit(d, s, i) ? digit_around(d, s, i) : s.len;
		size_t start;
		if (at == s.len) {
			i += STRIDE;
			continue;
		}
		if (number_around(d, enc, s, at, from, &start, end))
			return start;
		i = *end + STRIDE - 1;
	}
	return s.len;
}

/* The text with ● for each digit of an individual number; the same text when it has none. */
static struct hub_str without_numbers(struct hub_arena *a, const struct digits *d, enum hub_enc enc,
				      struct hub_str s, uint32_t *found)
{
	struct hub_buf out;
	size_t from = 0, end = 0, at = find_number(d, enc, s, 0, &end);

	if (at == s.len)
		return s;
	hub_buf_init(&out, s.len * 3 + 64);
	while (at < s.len) {
		hub_buf_add(&out, s.ptr + from, at - from);
		for (int k = 0; k < NUMBER; k++)
			hub_buf_str(&out, d->mark);
		++*found;
		from = end;
		at = find_number(d, enc, s, from, &end);
	}
	hub_buf_add(&out, s.ptr + from, s.len - from);
	const struct hub_str clean =
	    hub_buf_ok(&out) ? hub_arena_str(a, hub_buf_text(&out)) : (struct hub_str){0};
	hub_buf_free(&out);
	return clean;
}

/* --- records ---------------------------------------------------------------------------------- */

struct scrub {
	const struct hub_bound *b;
	struct hub_batch *batch;
	struct hub_chunk *chunk;
	struct hub_findings *findings;
	enum hub_enc enc;
	struct digits digits;
	char delimiter;
	int oom;
};

static const struct hub_mapcol *column_of(const struct scrub *s, uint32_t col)
{
	const uint32_t at = col < s->b->width ? s->b->col_of[col] : HUB_NO_COLUMN;

	return at < s->b->m->cols ? &s->b->m->col[at] : NULL;
}

static int is_banned(const struct scrub *s, uint32_t col)
{
	const struct hub_mapcol *c = column_of(s, col);

	return c && c->banned;
}

/* Blanks banned columns; 1 if any had something in it. */
static void blank_banned(struct scrub *s)
{
	for (uint32_t col = 0; col < s->batch->cols; col++) {
		struct hub_col *c = &s->batch->col[col];
		if (!is_banned(s, col))
			continue;
		for (uint32_t r = 0; r < s->batch->rows; r++) {
			if (c->cell[r] != HUB_ABSENT && c->text[r].len)
				hub_finding_add(s->findings, s->b->name[col], "banned-column",
						&s->batch->prov[r]);
			c->cell[r] = HUB_ABSENT;
			c->text[r] = (struct hub_str){"", 0};
		}
	}
}

/* Takes individual numbers out of the cells of a record; how many there were. */
static uint32_t scrub_cells(struct scrub *s, uint32_t r)
{
	uint32_t all = 0;

	for (uint32_t col = 0; col < s->batch->cols; col++) {
		const struct hub_mapcol *mc = column_of(s, col);
		struct hub_col *c = &s->batch->col[col];
		uint32_t n = 0;
		if (c->cell[r] == HUB_ABSENT || c->text[r].len < NUMBER || (mc && mc->keep_numbers))
			continue;
		c->text[r] = without_numbers(s->chunk->arena, &s->digits, s->enc, c->text[r], &n);
		if (!c->text[r].ptr)
			s->oom = 1;
		if (n)
			hub_finding_count(s->findings, s->b->name[col], "mynumber-removed",
					  (struct hub_str){0}, &s->batch->prov[r], n);
		all += n;
	}
	return all;
}

static void write_cell(struct hub_buf *out, struct hub_str text, char delimiter)
{
	int quote = 0;

	for (size_t i = 0; i < text.len && !quote; i++)
		quote = text.ptr[i] == delimiter || text.ptr[i] == '"' || text.ptr[i] == '\n' ||
			text.ptr[i] == '\r';
	if (!quote) {
		hub_buf_str(out, text);
		return;
	}
	hub_buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			hub_buf_putc(out, '"');
		hub_buf_putc(out, text.ptr[i]);
	}
	hub_buf_putc(out, '"');
}

/* The record's bytes anew, from the cells that are left. */
static void rewrite_raw(struct scrub *s, uint32_t r, struct hub_buf *out)
{
	hub_buf_reset(out);
	for (uint32_t col = 0; col < s->batch->cols; col++) {
		const struct hub_col *c = &s->batch->col[col];
		if (col)
			hub_buf_putc(out, s->delimiter);
		if (c->cell[r] != HUB_ABSENT)
			write_cell(out, c->text[r], s->delimiter);
	}
	s->batch->raw[r] = hub_arena_str(s->chunk->arena, hub_buf_text(out));
	if (!hub_buf_ok(out) || !s->batch->raw[r].ptr)
		s->oom = 1;
}

static void scrub_record(struct scrub *s, uint32_t r, struct hub_buf *out)
{
	struct hub_str *raw = s->batch->raw ? &s->batch->raw[r] : NULL;
	const int broken = s->batch->verdict && s->batch->verdict[r] == HUB_ROW_REJECT;
	uint32_t n = 0;
	size_t end;

	if (broken && s->b->any_banned) {
		/* which piece is the banned column cannot be told: place and length only */
		if (raw)
			*raw = (struct hub_str){0};
		for (uint32_t col = 0; col < s->batch->cols; col++)
			s->batch->col[col].cell[r] = HUB_ABSENT;
		return;
	}
	if (broken) {
		if (raw && raw->ptr)
			*raw = without_numbers(s->chunk->arena, &s->digits, s->enc, *raw, &n);
		if (n)
			hub_finding_count(s->findings, HUB_STR(""), "mynumber-removed",
					  (struct hub_str){0}, &s->batch->prov[r], n);
		(void)scrub_cells(s, r);
		return;
	}
	if (raw && raw->ptr && !s->b->any_banned &&
	    find_number(&s->digits, s->enc, *raw, 0, &end) == raw->len)
		return; /* nearly always */
	if ((scrub_cells(s, r) || s->b->any_banned) && raw && raw->ptr)
		rewrite_raw(s, r, out);
}

/* The delimiter that the mapping's source has; a record written anew should look like the others. */
static char delimiter_of(const struct hub_mapping *m)
{
	for (uint32_t i = 0; i < m->info.source.options; i++)
		if (hub_str_is(m->info.source.option_name[i], "delimiter"))
			return hub_str_is(m->info.source.option_value[i], "tab") ? '\t'
			       : m->info.source.option_value[i].len == 1
				   ? m->info.source.option_value[i].ptr[0]
				   : ',';
	return ',';
}

int hub_map_scrub(const struct hub_bound *b, struct hub_batch *batch, struct hub_chunk *c,
		  struct hub_findings *f, enum hub_enc enc, struct hub_err *err)
{
	struct scrub s = {.b = b,
			  .batch = batch,
			  .chunk = c,
			  .findings = f,
			  .enc = enc,
			  .delimiter = delimiter_of(b->m)};
	struct hub_buf out;

	digits_init(&s.digits, enc);
	hub_buf_init(&out, (size_t)1 << 30);
	if (b->any_banned)
		blank_banned(&s);
	for (uint32_t r = 0; r < batch->rows && !s.oom; r++)
		scrub_record(&s, r, &out);
	hub_buf_free(&out);
	return s.oom ? hub_fail_mem(err) : HUB_OK;
}
