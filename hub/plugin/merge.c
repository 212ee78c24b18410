#include "plugin/merge.h"

#include "base/str.h"

#include <stdlib.h>

/* What a detector says of a name of the roster that stands there from end to end. */
enum { WHOLE_NAME = 990, SURE = 900, LIKELY = 800 };

struct merge {
	const struct hub_doc *docs;
	struct hub_span *in, *out;
	size_t i, n, kept; /* in[0..i) has been read */
};

static int by_place(const void *x, const void *y)
{
	const struct hub_span *a = x, *b = y;

	if (a->doc != b->doc)
		return a->doc < b->doc ? -1 : 1;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->end < b->end) - (a->end > b->end);
}

enum { FEW = 32 };

static void insert_sort(struct hub_span *s, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct hub_span one = s[i];
		size_t k = i;
		for (; k > 0 && by_place(&s[k - 1], &one) > 0; k--)
			s[k] = s[k - 1];
		s[k] = one;
	}
}

void hub_spans_sort(struct hub_span *s, size_t n)
{
	size_t sorted = 1;

	while (sorted < n && s[sorted - 1].doc <= s[sorted].doc)
		sorted++;
	if (sorted < n) {
		qsort(s, n, sizeof *s, by_place);
		return;
	}
	for (size_t i = 0, next; i < n; i = next) {
		for (next = i + 1; next < n && s[next].doc == s[i].doc;)
			next++;
		if (next - i <= FEW)
			insert_sort(s + i, next - i);
		else
			qsort(s + i, next - i, sizeof *s, by_place);
	}
}

/* The same for spans of several detectors one behind the other: by document first, into other memory. Returns where
 * they are, NULL without memory. */
static struct hub_span *sort_all(struct hub_arena *a, struct hub_span *s, size_t n)
{
	uint32_t last = 0;

	for (size_t i = 0; i < n; i++)
		last = s[i].doc > last ? s[i].doc : last;
	size_t *at = hub_alloc_array(a, (size_t)last + 2, sizeof *at);
	struct hub_span *to = hub_alloc(a, (n + 1) * sizeof *to);
	if (!at || !to)
		return NULL;
	for (size_t i = 0; i < n; i++)
		at[s[i].doc + 1]++;
	for (size_t d = 0; d <= last; d++)
		at[d + 1] += at[d];
	for (size_t i = 0; i < n; i++)
		to[at[s[i].doc]++] = s[i];
	hub_spans_sort(to, n);
	return to;
}

/* 中村1-2-3, ともえ1の8の10: the begin of an address is its town, whoever is called so, too. */
static int is_town(const struct hub_span *a, const struct hub_span *address)
{
	return a->type == HUB_SPAN_PERSON && address->type == HUB_SPAN_ADDRESS &&
	       a->start == address->start && a->end < address->end && address->confidence >= LIKELY;
}

/* A person of the roster beats a type of its own; then an address its town; then confidence; then length. */
static int surer(const struct hub_span *a, const struct hub_span *b)
{
	if ((a->person >= 0) != (b->person >= 0))
		return a->person >= 0;
	if (is_town(a, b) || is_town(b, a))
		return is_town(b, a);
	if (a->confidence != b->confidence)
		return a->confidence > b->confidence;
	return a->end - a->start > b->end - b->start;
}

static int is_number(uint32_t type)
{
	return type == HUB_SPAN_PHONE || type == HUB_SPAN_EMAIL || type == HUB_SPAN_BIRTHDATE ||
	       type == HUB_SPAN_IDNUMBER;
}

/* Which of two overlapping spans keeps its ends while the other is cut; NULL: they become one. */
static const struct hub_span *keeper(const struct hub_span *a, const struct hub_span *b)
{
	if (a->type == b->type)
		return NULL;
	if (a->type == HUB_SPAN_ORG || b->type == HUB_SPAN_ORG)
		return a->type == HUB_SPAN_ORG ? b : a;
	if (is_number(a->type) != is_number(b->type))
		return is_number(a->type) ? a : b;
	return NULL;
}

/* Characters of a span that are no sign; *kana: those of them that are hiragana. */
static size_t letters_of(const struct merge *m, const struct hub_span *s, size_t *kana)
{
	const struct hub_str text = hub_str_cut(m->docs[s->doc].text, s->start, s->end);
	size_t letters = 0, hiragana = 0;

	*kana = 0;
	for (size_t at = 0; at < text.len;) {
		const int32_t c = hub_utf8_next(text, &at);
		if (c < 0)
			return letters + 2;
		const int sign = (c < 0x80 && !((c | 32) >= 'a' && (c | 32) <= 'z') &&
				  !(c >= '0' && c <= '9')) ||
				 (c >= 0x2000 && c < 0x2070) || (c >= 0x3000 && c < 0x3005) ||
				 (c >= 0x3008 && c < 0x3020) || (c >= 0xff01 && c < 0xff10) ||
				 (c >= 0xff1a && c < 0xff21);
		letters += !sign;
		hiragana += c >= 0x3041 && c < 0x3097;
	}
	*kana = hiragana;
	return letters;
}

/* What is left of a cut span says nothing when it is a sign or a single kana. */
static int says_something(const struct merge *m, const struct hub_span *s)
{
	size_t kana;
	const size_t letters = letters_of(m, s, &kana);

	return letters > 1 || letters > kana;
}

/* 山田浩, 山田法律事務所, where the roster knows 山田 or 山田 花子: what goes on before or behind a name makes it
 * somebody else's. all: the name and what overlaps it. */
static int is_another(const struct merge *m, const struct hub_span *known,
		      const struct hub_span *all)
{
	struct hub_span before = *all, behind = *all;

	if (known->person < 0 || known->type != HUB_SPAN_PERSON)
		return 0;
	before.end = known->start;
	behind.start = known->end;
	return says_something(m, &before) || says_something(m, &behind);
}

/* The roster has the whole name, and more than one character goes on before or behind it: 髙橋花子来所. One may make
 * it another name: 早瀬恵, 早瀬恵子. */
static int is_whole(const struct merge *m, const struct hub_span *name,
		    const struct hub_span *other)
{
	struct hub_span before = *other, behind = *other;
	size_t kana;

	if (name->person < 0 || name->type != HUB_SPAN_PERSON || name->confidence < WHOLE_NAME ||
	    other->person >= 0 || is_number(other->type))
		return 0;
	before.end = name->start > other->start ? name->start : other->start;
	behind.start = name->end < other->end ? name->end : other->end;
	return letters_of(m, &before, &kana) != 1 && letters_of(m, &behind, &kana) != 1;
}

/* More than one character, none of them a sign, and no ・ at the end, behind which a name goes on. */
static int is_word(const struct merge *m, const struct hub_span *s)
{
	const struct hub_str text = hub_str_cut(m->docs[s->doc].text, s->start, s->end);
	const size_t chars = hub_utf8_count(text);
	size_t kana;

	return chars > 1 && letters_of(m, s, &kana) == chars && !hub_str_ends(text, HUB_STR("・"));
}

/* 店員依光氏, of which 依光 is sure to be a name: what stands in front was taken for the rest of it by a guess. Not so
 * 四至|本氏, which is one name as likely. */
static int is_end_of(const struct merge *m, const struct hub_span *name,
		     const struct hub_span *guess)
{
	struct hub_span front = *guess;

	front.end = name->start;
	return name->type == HUB_SPAN_PERSON && name->confidence >= SURE && name->person < 0 &&
	       guess->type == HUB_SPAN_PERSON && guess->confidence <= LIKELY && guess->person < 0 &&
	       name->start > guess->start && name->end == guess->end && is_word(m, &front) &&
	       is_word(m, name);
}

/* Two overlapping spans as one; b begins no sooner. */
static struct hub_span join(const struct merge *m, const struct hub_span *a,
			    const struct hub_span *b)
{
	const struct hub_span *known = surer(b, a) ? b : a, *other = known == a ? b : a;
	struct hub_span one = *known;

	one.start = a->start;
	one.end = a->end > b->end ? a->end : b->end;
	if (is_another(m, known, &one)) {
		one.person = -1;
		/* what may say where somebody lives is decided as that */
		if (other->type == HUB_SPAN_ADDRESS || other->type == HUB_SPAN_FACILITY)
			one.type = other->type;
	}
	return one;
}

/* Puts a rest back among those that are still to be read; the slot before is free. */
static void read_again(struct merge *m, struct hub_span rest)
{
	size_t k = --m->i;

	for (; k + 1 < m->n && by_place(&m->in[k + 1], &rest) < 0; k++)
		m->in[k] = m->in[k + 1];
	m->in[k] = rest;
}

/* s overlaps the last span: one of them is cut. */
static void cut(struct merge *m, const struct hub_span *s, int last_stays)
{
	struct hub_span *last = &m->out[m->kept - 1], rest;

	if (last_stays) {
		rest = *s;
		rest.start = last->end;
	} else {
		rest = *last;
		rest.start = s->end;
		last->end = s->start;
		if (last->start >= last->end || !says_something(m, last))
			m->kept--;
		m->out[m->kept++] = *s;
	}
	if (rest.start < rest.end && says_something(m, &rest))
		read_again(m, rest);
}

int hub_spans_merge(struct hub_arena *a, const struct hub_doc *docs, struct hub_span *s, size_t n,
		    struct hub_span **out, size_t *kept)
{
	/* a span that is cut in its middle makes one more; the one that cuts it cuts no other there */
	struct merge m = {.docs = docs,
			  .in = sort_all(a, s, n),
			  .n = n,
			  .out = hub_alloc_array(a, n * 2 + 1, sizeof *s)};

	if (!m.in || !m.out)
		return -1;
	while (m.i < m.n) {
		const struct hub_span next = m.in[m.i++];
		struct hub_span *last = m.kept ? &m.out[m.kept - 1] : NULL;
		if (!last || last->doc != next.doc || next.start >= last->end) {
			m.out[m.kept++] = next;
			continue;
		}
		if (is_end_of(&m, &next, last)) {
			*last = next;
			continue;
		}
		const struct hub_span *stays = is_whole(&m, last, &next)   ? last
					       : is_whole(&m, &next, last) ? &next
									   : keeper(last, &next);
		if (stays) {
			cut(&m, &next, stays == last);
			continue;
		}
		*last = join(&m, last, &next);
	}
	*out = m.out;
	*kept = m.kept;
	return 0;
}
