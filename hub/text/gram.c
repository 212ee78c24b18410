#include "text/gram.h"

#include "text/fold.h"
#include "text/name.h"

#include <unicode/uchar.h>

/* What a character is to the grams; 0: a sign. */
enum { SIGN = 0, RUN, WORD, GAP };

static uint32_t kind_of(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ? WORD : SIGN;
	if ((c >= 0x4e00 && c < 0xa000) || (c >= 0x30a1 && c <= 0x30fa) || c == 0x30fc)
		return RUN;
	if (c == HUB_GRAM_GAP)
		return GAP;
	if (c == 0x3005 || c == 0x3007 || (c >= 0xe000 && c <= 0xf8ff)) /* 々 〇, a site's own */
		return RUN;
	if (!u_isalnum((UChar32)c))
		return SIGN;
	const int syllable = u_hasBinaryProperty((UChar32)c, UCHAR_IDEOGRAPHIC) ||
			     (c >= 0x3041 && c <= 0x31ff) || (c >= 0xac00 && c <= 0xd7ff);
	return syllable ? RUN : WORD;
}

static uint32_t fold_char(uint32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if (c >= 0x3041 && c <= 0x3096)
		return c + 0x60;
	if (c >= 0x3400)
		return hub_name_fold_char(c);
	return (uint32_t)u_foldCase((UChar32)c, U_FOLD_CASE_DEFAULT);
}

/* Selectors of variants, joiners, marks of direction, soft hyphens: not there for a reader. */
static int is_invisible(uint32_t c)
{
	return c == 0xad || (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x2069) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       (c >= 0xe0100 && c <= 0xe01ef);
}

struct out {
	char *text;
	uint32_t *at;
	size_t n;
	uint32_t sign; /* what lies between the last letter and the next: 0 nothing, ' ', a gap */
	uint32_t sign_at;
};

static void put(struct out *o, uint32_t c, uint32_t from)
{
	const size_t len = hub_utf8_put(c, o->text + o->n);

	for (size_t i = 0; o->at && i < len; i++)
		o->at[o->n + i] = from;
	o->n += len;
}

static void put_sign(struct out *o)
{
	if (o->sign == HUB_GRAM_GAP || (o->sign && o->n))
		put(o, o->sign, o->sign_at);
	o->sign = 0;
}

struct hub_str hub_gram_fold(struct hub_arena *a, struct hub_str text, const uint32_t **at)
{
	const uint32_t *from = NULL;
	const struct hub_str wide = hub_fold_width(a, text, 0, at ? &from : NULL);
	/* a letter of two bytes may become one of four */
	struct out o = {.text = wide.ptr ? hub_alloc_array(a, wide.len + 1, 2) : NULL};
	size_t i = 0;

	if (at && o.text)
		o.at = hub_alloc_array(a, (wide.len + 1) * 2, sizeof *o.at);
	if (!o.text || (at && !o.at))
		return (struct hub_str){NULL, 0};
	while (i < wide.len) {
		const uint32_t here = at ? from[i] : 0;
		const int32_t raw = hub_utf8_next(wide, &i);
		const uint32_t c = raw < 0 ? ' ' : fold_char((uint32_t)raw);
		if (is_invisible(c))
			continue;
		const uint32_t kind = kind_of(c);
		if (kind == SIGN || kind == GAP) {
			if (!o.sign)
				o.sign_at = here;
			if (kind == GAP || !o.sign)
				o.sign = kind == GAP ? HUB_GRAM_GAP : ' ';
			continue;
		}
		put_sign(&o);
		put(&o, c, here);
	}
	if (o.sign == HUB_GRAM_GAP)
		put_sign(&o);
	if (at) {
		o.at[o.n] = (uint32_t)text.len;
		*at = o.at;
	}
	return (struct hub_str){o.text, o.n};
}

/* Kind of the character at `at`, which moves behind it; SIGN at the end. */
static uint32_t take(struct hub_str s, size_t *at)
{
	const int32_t c = *at < s.len ? hub_utf8_next(s, at) : ' ';

	return c < 0 ? SIGN : kind_of((uint32_t)c);
}

static void take_word(struct hub_gram_walk *w, size_t from, struct hub_gram *out)
{
	size_t next = w->at;

	while (next < w->text.len && take(w->text, &next) == WORD)
		w->at = next;
	*out = (struct hub_gram){HUB_GRAM_WORD, hub_str_cut(w->text, from, w->at)};
}

int hub_gram_next(struct hub_gram_walk *w, struct hub_gram *out)
{
	while (w->at < w->text.len) {
		const size_t from = w->at;
		const uint32_t before = w->before, kind = take(w->text, &w->at);
		size_t next = w->at;
		const uint32_t behind = take(w->text, &next);

		w->before = kind;
		if (kind == RUN) {
			*out = (struct hub_gram){
			    behind == RUN ? HUB_GRAM_PAIR : HUB_GRAM_LAST,
			    hub_str_cut(w->text, from, behind == RUN ? next : w->at)};
			return 1;
		}
		if (kind == WORD) {
			take_word(w, from, out);
			return 1;
		}
		*out = (struct hub_gram){kind == GAP ? HUB_GRAM_HOLE : HUB_GRAM_SPACE,
					 hub_str_cut(w->text, from, w->at)};
		if (kind == GAP || before == WORD || behind == WORD)
			return 1;
	}
	return 0;
}

int hub_gram_is_open(struct hub_str folded)
{
	struct hub_gram_walk w = {.text = folded};
	struct hub_gram g, last = {0};
	uint32_t before = 0;

	while (hub_gram_next(&w, &g)) {
		before = last.kind;
		last = g;
	}
	return last.kind == HUB_GRAM_LAST && before != HUB_GRAM_PAIR;
}

static uint32_t kind_before(struct hub_str s, size_t at)
{
	size_t from = at;

	if (from == 0)
		return SIGN;
	do
		from--;
	while (from > 0 && ((unsigned char)s.ptr[from] & 0xc0) == 0x80);
	return take(s, &from);
}

size_t hub_gram_find(struct hub_str text, struct hub_str needle, size_t from)
{
	size_t at, end, head = 0;

	if (needle.len == 0)
		return (size_t)-1;
	const uint32_t first = take(needle, &head), last = kind_before(needle, needle.len);
	for (; (at = hub_str_find(text, needle, from)) != (size_t)-1; from = at + 1) {
		end = at + needle.len;
		if ((first != WORD || kind_before(text, at) != WORD) &&
		    (last != WORD || take(text, &end) != WORD))
			return at;
	}
	return at;
}
