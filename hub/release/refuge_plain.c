/* Every spelling of an address becomes one, so that it can be looked for. */
#include "release/refuge_in.h"

#include "base/buf.h"
#include "text/addrlex.h"
#include "text/chars.h"
#include "text/fold.h"

int hub_refuge_is_mark(int32_t c)
{
	if (c < 0x80)
		return !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
	return (c >= 0xa0 && c < 0xc0) || (c >= 0x2000 && c < 0x2c00) ||
	       (c >= 0x3000 && c <= 0x3030 && c != 0x3002 && !(c >= 0x3005 && c <= 0x3007)) ||
	       c == 0x30fb || (c >= 0xfe30 && c <= 0xfe6f);
}

size_t hub_refuge_join_at(struct hub_str s, size_t at)
{
	static const char *const joins[] = {
	    "丁目",     "丁",     "番地", "番",   "号室",     "号",     "の",   "ノ",  "之",
	    "ちょうめ", "ばんち", "ばん", "ごう", "チョウメ", "バンチ", "バン", "ゴウ"};
	size_t next;

	if (at >= s.len)
		return 0;
	for (size_t i = 0; i < HUB_COUNT(joins); i++)
		if (hub_str_starts(hub_str_from(s, at), hub_str_of(joins[i])))
			return strlen(joins[i]);
	const int32_t c = hub_addr_peek(s, at, &next);
	if (hub_char_is_dash(c) || hub_refuge_is_mark(c))
		return next - at;
	/* 3一5: typed for a dash */
	return hub_str_starts(hub_str_from(s, at), HUB_STR("一")) && is_digit(s, at + 3) ? 3 : 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* 三 of 三の五 and 五 of 3の五, not of 三田 and 五人: a number in kanji where one of an address may stand; 二〇三, which
 * is a room, anywhere. */
static int kanji_number(struct hub_str s, size_t at, int joined, struct hub_addr_num *n)
{
	enum { ROOM = 9 }; /* bytes of three digits */
	size_t next;

	if (is_digit(s, at) || !hub_addr_number(s, at, n))
		return 0;
	return hub_refuge_join_at(s, n->end) || (n->end - at >= ROOM && n->value > 100) ||
	       (joined && !is_kanji(hub_addr_peek(s, n->end, &next)));
}

/* One character, in the spelling that stands for all in which place names are written: 薮 藪, が ケ ヶ. */
static void put_char(struct hub_buf *b, struct hub_str s, size_t *at)
{
	size_t next;
	char out[4];
	const uint32_t c = (uint32_t)hub_addr_peek(s, *at, &next), same = hub_addr_first(s, *at);

	if (c < 0x80 || same < 0x80) /* a numeral that is none of an address */
		hub_buf_str(b, hub_str_cut(s, *at, next));
	else
		hub_buf_add(b, out, hub_utf8_put(same, out));
	*at = next;
}

struct hub_str hub_refuge_fold(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str bare = hub_key_strip(a, hub_str_trim(text));

	return bare.ptr ? hub_fold_width(a, bare, 0, NULL) : bare;
}

struct hub_str hub_refuge_plain(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str s = hub_refuge_fold(a, text);
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 2 * s.len + 1);
	for (size_t at = 0, n; s.ptr && at < s.len;) {
		const int behind = b.len && b.ptr[b.len - 1] >= '0' && b.ptr[b.len - 1] <= '9';
		const size_t from = at;
		struct hub_addr_num number;
		while (behind && at < s.len && (n = hub_refuge_join_at(s, at)))
			at += n;
		const int kanji = kanji_number(s, at, at > from, &number);
		if (at > from && (kanji || is_digit(s, at)))
			hub_buf_putc(&b, '-');
		if (kanji) {
			hub_buf_printf(&b, "%u", (unsigned)number.value);
			at = number.end;
		} else if (at == from && is_blank(s.ptr[at])) {
			at++;
		} else if (at == from) {
			put_char(&b, s, &at);
		}
	}
	return s.ptr ? hub_buf_keep(&b, a) : s;
}

struct hub_str hub_refuge_without(struct hub_str s, const char *end)
{
	const struct hub_str e = hub_str_of(end);

	return hub_str_ends(s, e) ? hub_str_cut(s, 0, s.len - e.len) : s;
}

struct hub_str hub_refuge_town(struct hub_str plain)
{
	return hub_refuge_without(hub_refuge_without(plain, "ノ"), "町");
}

int hub_refuge_next_number(struct hub_str s, size_t *from, size_t *to)
{
	while (*from < s.len && !is_digit(s, *from))
		++*from;
	for (*to = *from; is_digit(s, *to) || (*to > *from && *to < s.len && s.ptr[*to] == '-' &&
					       is_digit(s, *to + 1));)
		++*to;
	return *from < s.len;
}

size_t hub_refuge_part_end(struct hub_str number, size_t at)
{
	while (at < number.len && number.ptr[at] == '-')
		at++;
	while (is_digit(number, at))
		at++;
	return at;
}
