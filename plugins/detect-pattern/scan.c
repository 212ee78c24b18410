#include "scan.h"

#include "jnum.h"

#include <string.h>

void scan_add(struct scan *s, uint32_t from, uint32_t to, uint32_t type, uint32_t confidence)
{
	if (s->failed || from >= to)
		return;
	if (s->n == s->cap) {
		const uint32_t cap = s->cap ? s->cap * 2 : 64;
		struct found *more = jpool_get(s->pool, cap * sizeof *more);
		if (!more) {
			s->failed = 1;
			return;
		}
		if (s->n)
			memcpy(more, s->found, s->n * sizeof *more);
		s->found = more;
		s->cap = cap;
	}
	s->found[s->n++] = (struct found){
	    .from = from, .to = to, .type = (uint16_t)type, .confidence = (uint16_t)confidence};
}

void scan_add_person(struct scan *s, uint32_t from, uint32_t to, uint32_t given,
		     uint32_t confidence)
{
	const uint32_t back = s->n > 64 ? s->n - 64 : 0;

	if (from >= to)
		return;
	for (uint32_t i = s->n; i > back; i--) {
		struct found *f = &s->found[i - 1];
		if (f->from != from || f->to != to || f->type != HUB_SPAN_PERSON)
			continue;
		if (f->confidence < confidence)
			f->confidence = (uint16_t)confidence;
		if (!f->given)
			f->given = given;
		return;
	}
	scan_add(s, from, to, HUB_SPAN_PERSON, confidence);
	if (!s->failed)
		s->found[s->n - 1].given = given;
}

/* The length of (自宅), (自立支援): a bracket without a number, that ends at i; 0 when none does. */
static uint32_t bracket_before(const struct jtext *t, uint32_t i)
{
	enum { MOST = 12 };
	uint32_t k = i - 1;

	if (jt_at(t, k) != ')')
		return 0;
	while (k > 0 && i - k < MOST && t->cp[k] != '(' && !jt_is_digit(t->cp[k]))
		k--;
	return jt_at(t, k) == '(' ? i - k : 0;
}

int stands_before(const struct jtext *t, uint32_t i, enum jwords_list labels, uint32_t *at)
{
	uint32_t n;

	for (int k = 0; k < 5; k++, i -= n) {
		*at = i;
		if (jt_ends_any(t, i, labels))
			return 1;
		const uint32_t said = jt_ends_any(t, i, W_FILLER);
		n = jt_ends_any(t, i, W_LABEL_JOINT);
		n = said > n && said > 1 ? said : n; /* えーと */
		if (!n)
			break;
		if (jt_at(t, i - 1) == ')' && !jt_ends_any(t, i - 1, labels)) {
			const uint32_t bracket = bracket_before(t, i);
			n = bracket > n ? bracket : n;
		}
	}
	return 0;
}

static int is_separator(uint32_t c)
{
	return c == '\t' || c == ',' || c == ';' || c == '|' || c == ' ';
}

/* The begin of the line that at stands in. */
static const char *line_start(const char *text, const char *at)
{
	const char *end = memrchr(text, '\n', (size_t)(at - text));

	return end ? end + 1 : text;
}

/* Behind the first separator in [from, to), of which several spaces are one; NULL when there is none. */
static const char *next_cell(const char *from, const char *to, char sep)
{
	if (!(from = memchr(from, sep, (size_t)(to - from))))
		return NULL;
	for (from++; sep == ' ' && from < to && *from == ' ';)
		from++;
	return from;
}

static uint32_t count_cells(const char *from, const char *to, char sep)
{
	uint32_t n = 0;

	for (; (from = next_cell(from, to, sep)); n++)
		;
	return n;
}

/* What parts the cells of the row in which a cell begins at i; 0 when it is none. */
static char separator_at(const struct jtext *t, uint32_t i)
{
	uint32_t sep = jt_at(t, i - 1);

	if (sep == '\n') /* the first cell */
		while (i < t->n && t->cp[i] != '\n' && !is_separator(sep))
			sep = t->cp[i++];
	return is_separator(sep) ? (char)sep : 0;
}

uint32_t heading_end(const struct jtext *t, uint32_t i)
{
	enum {
		FAR = 12000,
		WORDS = 100
	}; /* bytes: of a table; of a row whose cells only spaces part */
	uint32_t cell = i - (jt_at(t, i - 1) == '"');
	const char sep = separator_at(t, cell), *const text = t->norm.ptr;
	const char *const at = text + t->off[cell], *const row = line_start(text, at);

	if (!sep || row == text || (sep == ' ' && at - row > WORDS))
		return 0;
	const char *end = memchr(at, '\n', (size_t)(text + t->norm.len - at));
	const uint32_t all = count_cells(row, end ? end : text + t->norm.len, sep);
	const char *head = row;
	while (head > text && row - head < FAR) {
		const char *const up = line_start(text, head - 1);
		if (count_cells(up, head - 1, sep) != all)
			break;
		head = up;
	}
	if (head == row)
		return 0; /* no line like it stands above */
	for (uint32_t left = count_cells(row, at, sep); left; left--)
		head = next_cell(head, row, sep);
	while (*head != sep && *head != '\n')
		head++;
	while (cell > 0 && text + t->off[cell] > head)
		cell--;
	return cell - (jt_at(t, cell - 1) == '"');
}

int label_before(const struct jtext *t, uint32_t i, enum jwords_list labels, uint32_t *at)
{
	if (stands_before(t, i, labels, at))
		return 1;
	const uint32_t head = i && t->cp[i - 1] <= '|' ? heading_end(t, i) : 0;
	return head && stands_before(t, head, labels, at);
}

int has_label(const struct jtext *t, uint32_t i, enum jwords_list labels)
{
	uint32_t at;

	return label_before(t, i, labels, &at);
}

int is_alnum(uint32_t c)
{
	return jt_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

int ends_digits(const struct jtext *t, uint32_t i)
{
	const enum jt_class c = jt_cls(t, i);

	return i >= t->n || c == JT_LATIN ||
	       (c == JT_KANJI && t->cp[i] != JNUM_EXCHANGE && !jt_is_any(t, i, W_KANJI_DIGIT));
}

int counts_things(const struct jtext *t, uint32_t i)
{
	i += jt_at(t, i) == ' ';
	return jt_is_any(t, i, W_COUNTER) > jt_is_any(t, i, W_NO_COUNTER) || jt_at(t, i) == '%' ||
	       (jt_at(t, i) == '/' && jt_is_digit(jt_at(t, i + 1)));
}

uint32_t skip_joints(const struct jtext *t, uint32_t at)
{
	uint32_t n;

	for (int k = 0; k < 6 && !jt_is_digit(jt_at(t, at)); k++, at += n) {
		if (jt_is(t, at, "はち") && !jt_is_char(t, at + 2, "ゃゅょ"))
			break; /* 番号は、はちいち */
		n = jt_is_any(t, at, W_ID_JOINT);
		if (!n)
			n = jt_is_any(t, at, W_PREF);
		if (!n)
			n = jt_is_any(t, at, W_FILLER);
		if (jt_at(t, at) == '(') { /* 受給者番号(自立支援)1234567 */
			uint32_t to = at + 1;
			while (to < at + 12 && jt_cls(t, to) >= JT_KANJI &&
			       jt_cls(t, to) <= JT_KATA)
				to++;
			uint32_t digits = at + 1; /* 受給者番号(一二三四) says it itself */
			while (jt_is_any(t, digits, W_KANJI_DIGIT) || jt_is_dash(jt_at(t, digits)))
				digits++;
			n = jt_at(t, to) == ')' && digits < to ? to + 1 - at : n;
		}
		if (!n)
			break;
	}
	return at;
}

int is_one_sentence(const struct jtext *t, uint32_t from, uint32_t to)
{
	while (from < to && t->cp[from] != 0x3002 && t->cp[from] != '\n')
		from++;
	return from == to;
}
