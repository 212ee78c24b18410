#include "text/name.h"

#include "text/chars.h"
#include "text/name_variants.h"

#define GETA 0x3013u /* 〓: stands for a character that cannot be read */

static uint32_t find_small(uint16_t c)
{
	size_t lo = 0, hi = HUB_COUNT(name_variants);

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (name_variants[mid][0] < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < HUB_COUNT(name_variants) && name_variants[lo][0] == c ? name_variants[lo][1]
									  : c;
}

static uint32_t find_wide(uint32_t c)
{
	size_t lo = 0, hi = HUB_COUNT(name_variants_wide);

	while (lo < hi) {
		const size_t mid = lo + (hi - lo) / 2;
		if (name_variants_wide[mid][0] < c)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < HUB_COUNT(name_variants_wide) && name_variants_wide[lo][0] == c
		   ? name_variants_wide[lo][1]
		   : c;
}

uint32_t hub_name_fold_char(uint32_t c)
{
	if (c < 0x3400)
		return c;
	const uint32_t f = c < 0x10000 ? find_small((uint16_t)c) : c;

	return f == c ? find_wide(c) : f;
}

/* IVS, standardised variants, directions, joiners: nothing to see. */
static int is_invisible(int32_t c)
{
	return (c >= 0xe0100 && c <= 0xe01ef) || (c >= 0xfe00 && c <= 0xfe0f) || c == 0xfeff ||
	       (c >= 0x200b && c <= 0x200f) || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069) || c == 0xad;
}

/* Signs that stand for a character nobody could enter, and private-use codes. */
static int is_placeholder(int32_t c)
{
	static const uint16_t signs[] = {'*',    '?',    0x25a0, 0x25a1, 0x25c6, 0x25c7, 0x25cf,
					 0x25cb, 0x25ef, 0x3013, 0xfffd, 0x203b, 0x2605};

	for (size_t i = 0; i < HUB_COUNT(signs); i++)
		if (signs[i] == c)
			return 1;
	return (c >= 0xe000 && c <= 0xf8ff) || (c >= 0xf0000 && c <= 0x10ffff);
}

/* Half-width katakana to full; *at moves over a voiced mark that belongs to it. */
static uint32_t full_kana(int32_t c, struct hub_str s, size_t *at)
{
	static const uint16_t full[] = {
	    0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5, 0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7,
	    0x30c3, 0x30fc, 0x30a2, 0x30a4, 0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af,
	    0x30b1, 0x30b3, 0x30b5, 0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4,
	    0x30c6, 0x30c8, 0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5,
	    0x30d8, 0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8,
	    0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3, 0x309b, 0x309c};

	if (c < 0xff65 || c > 0xff9f)
		return (uint32_t)c;
	const uint32_t k = full[c - 0xff65];
	size_t next = *at;
	const int32_t mark = next < s.len ? hub_utf8_next(s, &next) : 0;
	const int voiced = (k >= 0x30ab && k <= 0x30c8) || (k >= 0x30cf && k <= 0x30db);
	if (mark == 0xff9e && (voiced || k == 0x30a6)) {
		*at = next;
		return k == 0x30a6 ? 0x30f4 : k + 1;
	}
	if (mark == 0xff9f && k >= 0x30cf && k <= 0x30db) {
		*at = next;
		return k + 2;
	}
	return k;
}

static uint32_t key_char(int32_t c, struct hub_str s, size_t *at)
{
	c = c >= 0xff01 && c <= 0xff5e ? c - 0xfee0 : c;
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a' + 'A');
	if (c == 0x30f6 || c == 0x30b1) /* ヶ ケ */
		return 0x30b1;
	return hub_name_fold_char(full_kana(c, s, at));
}

size_t hub_name_key(struct hub_str s, char *out, size_t room, int *unreadable)
{
	size_t at = 0, n = 0;
	uint32_t last = 0;

	while (at < s.len) {
		const int32_t c = hub_utf8_next(s, &at);
		if (c < 0 || is_invisible(c) || hub_char_is_space(c) || c == 0x30fb || c == 0xff65)
			continue;
		uint32_t k = key_char(c, s, &at);
		if (is_placeholder((int32_t)k)) {
			k = GETA;
			if (unreadable)
				*unreadable = 1;
		}
		if (k == 0x3005 && last) /* 佐々木 = 佐佐木 */
			k = last;
		if (n + 5 > room)
			return (size_t)-1;
		n += hub_utf8_put(k, out + n);
		last = k;
	}
	out[n] = '\0';
	return n;
}

/* ---- what stands around a name ---- */

static int32_t close_of(int32_t open)
{
	switch (open) {
	case '(':
		return ')';
	case 0xff08: /* （ */
		return 0xff09;
	case '[':
		return ']';
	case 0xff3b: /* ［ */
		return 0xff3d;
	case 0x3014: /* 〔 */
		return 0x3015;
	case 0x3010: /* 【 */
		return 0x3011;
	case '<':
		return '>';
	case 0x3008: /* 〈 */
		return 0x3009;
	default:
		return 0;
	}
}

static int all_latin(const char *z)
{
	int letters = 0;

	for (; *z; z++) {
		if ((unsigned char)*z >= 0x80)
			return 0;
		letters |= (*z >= 'A' && *z <= 'Z') || (*z >= 'a' && *z <= 'z');
	}
	return letters;
}

static struct hub_str without_head(struct hub_str s, const char *const *heads, int *found)
{
	for (; *heads; heads++) {
		const struct hub_str h = hub_str_of(*heads);
		if (!hub_str_starts(s, h))
			continue;
		*found = 1;
		s = hub_str_trim(hub_str_from(s, h.len));
		while (s.len && (s.ptr[0] == ':' || hub_str_starts(s, HUB_STR("："))))
			s = hub_str_trim(hub_str_from(s, s.ptr[0] == ':' ? 1 : 3));
		return s;
	}
	return s;
}

/* A bracket was found: former name, alias or note. `middle`: the name goes on behind it, the
 * style of the register, 氏［旧氏］名. */
static void take_bracket(struct hub_name *n, struct hub_str inner, int middle)
{
	static const char *const formers[] = {"旧姓", "旧氏", "旧名", "旧", NULL};
	static const char *const aliases[] = {"通称名", "通称", "通名", NULL};
	int former = 0, alias = 0;

	inner = hub_str_trim(inner);
	if (hub_str_is(inner, "外字")) {
		n->flags |= HUB_NAME_UNREADABLE;
		return;
	}
	const struct hub_str f = without_head(inner, formers, &former);
	const struct hub_str a = without_head(inner, aliases, &alias);
	if (former || (middle && !alias)) {
		n->former = f;
		n->flags |= HUB_NAME_FORMER;
	} else if (alias || all_latin(n->name)) {
		n->alias = a;
		n->flags |= HUB_NAME_ALIAS;
	} else {
		n->flags |= HUB_NAME_NOTE;
	}
}

/* Offset behind the bracket that closes with `close`, 0 when it stays open. */
static size_t bracket_end(struct hub_str s, size_t at, int32_t close, struct hub_str *inner)
{
	const size_t from = at;

	while (close && at < s.len) {
		const size_t end = at;
		if (hub_utf8_next(s, &at) == close) {
			*inner = hub_str_cut(s, from, end);
			return at;
		}
	}
	return 0;
}

/* Copies the text into name[] without what is in brackets. -1: too long. */
static int strip_brackets(struct hub_str s, struct hub_name *n)
{
	size_t at = 0, len = 0;

	while (at < s.len) {
		const size_t start = at;
		struct hub_str inner, piece;
		const int32_t close = close_of(hub_utf8_next(s, &at));
		const size_t behind = bracket_end(s, at, close, &inner);
		if (behind) {
			at = behind;
			n->name[len] = '\0';
			take_bracket(n, inner, len && hub_str_trim(hub_str_from(s, at)).len);
			if (!hub_str_is(hub_str_trim(inner), "外字"))
				continue;
			piece = HUB_STR("〓");
		} else {
			piece = hub_str_cut(s, start, at);
		}
		if (len + piece.len >= sizeof n->name)
			return -1;
		memcpy(n->name + len, piece.ptr, piece.len);
		len += piece.len;
	}
	n->name[len] = '\0';
	return 0;
}

/* Takes 様, さん and the like off the end when enough of a name is left. */
static struct hub_str without_honorific(struct hub_str s, unsigned *flags)
{
	static const struct {
		const char *text;
		unsigned least; /* characters that must be left */
	} tails[] = {{"さん", 1}, {"さま", 1}, {"様", 1},     {"殿", 2},  {"氏", 2},
		     {"君", 3},   {"くん", 2}, {"ちゃん", 2}, {"先生", 1}};

	for (size_t i = 0; i < HUB_COUNT(tails); i++) {
		const struct hub_str t = hub_str_of(tails[i].text);
		if (!hub_str_ends(s, t))
			continue;
		const struct hub_str left = hub_str_trim((struct hub_str){s.ptr, s.len - t.len});
		if (hub_utf8_count(left) < tails[i].least)
			continue;
		*flags |= HUB_NAME_HONORIFIC;
		return left;
	}
	return s;
}

static int is_kanji_or_kana(int32_t c)
{
	return (c >= 0x3040 && c <= 0x9fff) || c >= 0xf900;
}

/* Family and given name when exactly one separator stands between. */
static void split(struct hub_name *n)
{
	const struct hub_str s = hub_str_of(n->name);
	size_t at = 0, cut = 0, cut_end = 0;
	int parts = 1, katakana = 1, dot = 0;

	while (at < s.len) {
		const size_t start = at;
		const int32_t c = hub_utf8_next(s, &at);
		const int is_dot = c == 0x30fb || c == 0xff65;
		if (hub_char_is_space(c) || is_dot) {
			dot |= is_dot;
			if (cut_end != start) {
				parts++;
				if (!cut)
					cut = start;
			}
			if (parts == 2)
				cut_end = at;
		} else {
			katakana &= (c >= 0x30a0 && c <= 0x30ff) || (c >= 0xff66 && c <= 0xff9f);
			if (!is_kanji_or_kana(c) && hub_char_plain(c) < 0x80)
				n->flags |= HUB_NAME_FOREIGN;
		}
	}
	if (katakana && dot) { /* ジョン・スミス: which is which is not said */
		n->flags |= HUB_NAME_FOREIGN;
		return;
	}
	if (parts < 2 || (parts > 2 && !(n->flags & HUB_NAME_FOREIGN)))
		return;
	n->family = (struct hub_str){s.ptr, cut};
	n->given = hub_str_trim(hub_str_from(s, cut_end));
}

int hub_name_parse(struct hub_str text, struct hub_name *n)
{
	int unreadable = 0;

	memset(n, 0, sizeof *n);
	text = hub_str_trim(text);
	if (!text.len)
		return 1;
	if (strip_brackets(text, n)) {
		n->reason = "too-long";
		return -1;
	}
	struct hub_str s = hub_str_trim(hub_str_of(n->name));
	s = hub_str_trim(without_honorific(s, &n->flags));
	memmove(n->name, s.ptr, s.len);
	n->name[s.len] = '\0';
	if (hub_name_key(hub_str_of(n->name), n->key, sizeof n->key, &unreadable) == (size_t)-1) {
		n->reason = "too-long";
		return -1;
	}
	if (!n->key[0]) {
		n->reason = "no-name";
		return -1;
	}
	if (unreadable)
		n->flags |= HUB_NAME_UNREADABLE;
	split(n);
	return 0;
}

const char *hub_name_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"unreadable", "honorific", "note",
					    "alias",      "former",    "foreign"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}
