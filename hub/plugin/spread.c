#include "plugin/spread.h"

#include "base/str.h"

/* Sure enough to be spread; what it is worth elsewhere; so many names of a text are followed. */
enum { SURE = 800, SPREAD = 600, NAMES_MAX = 128 };

enum sort { OTHER, KANJI, HIRA, KATA, LATIN };

struct spread {
	const struct hub_doc *docs;
	struct hub_arena *a;
	struct hub_span *out;
	size_t n, merged, room;
	size_t from, to; /* spans of the text in hand */
	uint32_t names;
};

static enum sort sort_of(int32_t c)
{
	if ((c >= 0x4e00 && c <= 0x9fff) || c == 0x3005 || (c >= 0x3400 && c < 0x4e00) ||
	    (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c < 0x40000))
		return KANJI;
	if (c >= 0x3041 && c <= 0x309f)
		return HIRA;
	if ((c >= 0x30a1 && c <= 0x30ff && c != 0x30fb) || (c >= 0xff66 && c <= 0xff9f))
		return KATA;
	if ((c | 32) >= 'a' && (c | 32) <= 'z')
		return LATIN;
	return c >= 0xff21 && c <= 0xff5a ? LATIN : OTHER;
}

static int32_t char_at(struct hub_str text, size_t at)
{
	return at < text.len ? hub_utf8_next(text, &at) : 0;
}

/* The character that ends right before `at`. */
static int32_t char_before(struct hub_str text, size_t at)
{
	size_t from = at;

	while (from > 0 && at - from < 4 && (from == at || (text.ptr[from] & 0xc0) == 0x80))
		from--;
	return from < at ? hub_utf8_next(text, &from) : 0;
}

/* What may follow a name in its own letters: honorifics, 宅, particles. */
static int may_follow(struct hub_str rest, enum sort sort)
{
	static const char *const kanji[] = {"様", "氏",   "君",   "殿",  "宅",
					    "家", "先生", "夫妻", "親子"};
	static const char *const hira[] = {"さん", "ちゃん", "くん", "さま", "は",
					   "が",   "の",     "を",   "に",   "と",
					   "も",   "へ",     "で",   "から", "より"};
	const char *const *words = sort == KANJI ? kanji : hira;
	const size_t n = sort == KANJI ? HUB_COUNT(kanji) : sort == HIRA ? HUB_COUNT(hira) : 0;

	for (size_t i = 0; i < n; i++)
		if (hub_str_starts(rest, hub_str_of(words[i])))
			return 1;
	return 0;
}

/* [at, end) is no inside of a longer word. */
static int is_apart(struct hub_str text, size_t at, size_t end)
{
	const enum sort first = sort_of(char_at(text, at)), last = sort_of(char_before(text, end));
	const int32_t before = char_before(text, at);

	if (sort_of(before) == first && first != OTHER &&
	    !(first == HIRA && (before == 0x306f || before == 0x306e || before == 0x3068)))
		return 0; /* はのと before hiragana */
	return sort_of(char_at(text, end)) != last || last == OTHER ||
	       may_follow(hub_str_from(text, end), last);
}

/* Letters that are no ordinary word: two kanji, or three kana. */
static int is_spread(const struct hub_span *s, struct hub_str name)
{
	size_t kana = 0, n = 0;

	if (s->type != HUB_SPAN_PERSON || s->confidence < SURE)
		return 0;
	for (size_t at = 0; at < name.len; n++) {
		const enum sort sort = sort_of(hub_utf8_next(name, &at));
		kana += sort == HIRA || sort == KATA || sort == LATIN;
	}
	return n >= (kana == n ? 3u : 2u);
}

static int is_free(const struct spread *x, uint32_t doc, size_t start, size_t end)
{
	for (size_t i = x->from; i < x->to; i++)
		if (x->out[i].start < end && start < x->out[i].end)
			return 0;
	for (size_t i = x->n; i > x->merged && x->out[i - 1].doc == doc; i--) /* added */
		if (x->out[i - 1].start < end && start < x->out[i - 1].end)
			return 0;
	return 1;
}

static int put(struct spread *x, struct hub_span s)
{
	if (x->n == x->room) {
		struct hub_span *more = hub_alloc_array(x->a, x->room * 2, sizeof *more);
		if (!more)
			return -1;
		memcpy(more, x->out, x->n * sizeof *more);
		x->out = more;
		x->room *= 2;
	}
	x->out[x->n++] = s;
	return 0;
}

static int spread_one(struct spread *x, const struct hub_span s)
{
	const struct hub_str text = x->docs[s.doc].text, name = hub_str_cut(text, s.start, s.end);

	if (!is_spread(&s, name))
		return 0;
	/* the same letters were followed from an earlier span */
	for (size_t i = x->from; i < x->to && x->out[i].start < s.start; i++)
		if (x->out[i].confidence >= SURE && x->out[i].type == HUB_SPAN_PERSON &&
		    hub_str_eq(hub_str_cut(text, x->out[i].start, x->out[i].end), name))
			return 0;
	if (x->names++ >= NAMES_MAX)
		return 0;
	for (size_t at = 0; (at = hub_str_find(text, name, at)) < text.len; at += name.len) {
		const size_t end = at + name.len;
		struct hub_span more = s;
		if (!is_free(x, s.doc, at, end) || !is_apart(text, at, end))
			continue;
		more.start = (uint32_t)at;
		more.end = (uint32_t)end;
		more.confidence = SPREAD;
		if (put(x, more))
			return -1;
	}
	return 0;
}

int hub_spans_spread(struct hub_arena *a, const struct hub_doc *docs, const struct hub_span *s,
		     size_t n, struct hub_span **out, size_t *total)
{
	struct spread x = {.docs = docs, .a = a, .n = n, .merged = n, .room = n + 16};

	x.out = hub_alloc_array(a, x.room, sizeof *x.out);
	if (!x.out)
		return -1;
	if (n)
		memcpy(x.out, s, n * sizeof *s);
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || s[i].doc != s[i - 1].doc) {
			x.from = x.to = i;
			x.names = 0;
			while (x.to < n && s[x.to].doc == s[i].doc)
				x.to++;
		}
		if (spread_one(&x, s[i]))
			return -1;
	}
	*out = x.out;
	*total = x.n;
	return 0;
}
