#include "text/name.h"

#include "text/chars.h"
#include "text/fold.h"
#include "text/name_variants.h"

#define GETA 0x3013u /* 〓: stands for a character that cannot be read */

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
	if (c >= 0x10000)
		return find_wide(c);
	const uint32_t f = name_pages[name_page_of[c >> 8]][c & 255];

	return f == 0 ? c : f == 0xffff ? find_wide(c) : f;
}

/* Signs that stand for a character nobody could enter, and private-use codes. */
static int is_placeholder(int32_t c)
{
	static const uint16_t signs[] = {'*',    '?',    0x25a0, 0x25a1, 0x25c6, 0x25c7, 0x25cf,
					 0x25cb, 0x25ef, 0x3013, 0xfffd, 0x203b, 0x2605};

	for (size_t i = 0; i < HUB_COUNT(signs); i++)
		if (signs[i] == c)
			return 1;
	return hub_hidden_of((uint32_t)c) == HUB_HIDDEN_GAIJI;
}

static uint32_t key_char(uint32_t c)
{
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 'A';
	if (c == 0x30f6) /* ヶ = ケ */
		return 0x30b1;
	return is_placeholder((int32_t)c) ? GETA : hub_name_fold_char(c);
}

struct hub_str hub_name_key(struct hub_arena *a, struct hub_str name, int *unreadable)
{
	const struct hub_str none = {NULL, 0};
	struct hub_str s = hub_key_strip(a, name);
	if (s.ptr)
		s = hub_fold_width(a, s, 0, NULL);
	/* at worst a one-byte '?' becomes the three bytes of 〓 */
	char *out = s.ptr ? hub_alloc_array(a, s.len + 1, 3) : NULL;
	if (!out)
		return none;

	size_t at = 0, n = 0;
	uint32_t last = 0;
	while (at < s.len) {
		const int32_t c = hub_utf8_next(s, &at);
		if (c < 0 || hub_char_is_space(c) || c == 0x30fb)
			continue;
		uint32_t k = key_char((uint32_t)c);
		if (k == 0x3005 && last) /* 佐々木 = 佐佐木 */
			k = last;
		if (k == GETA && unreadable)
			*unreadable = 1;
		n += hub_utf8_put(k, out + n);
		last = k;
	}
	return (struct hub_str){out, n};
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

static int is_letter(int32_t c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int all_latin(struct hub_str s)
{
	int letters = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t c = hub_char_plain(hub_utf8_next(s, &at));
		if (c >= 0x80)
			return 0;
		letters |= is_letter(c);
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

/* n->name gets the text without what is in brackets. -1: out of memory. */
static int strip_brackets(struct hub_arena *a, struct hub_str s, struct hub_name *n)
{
	const struct hub_str geta = HUB_STR("〓");
	char *out = hub_alloc(a, s.len + 1);

	if (!out)
		return -1;
	n->name = (struct hub_str){out, 0};
	for (size_t at = 0; at < s.len;) {
		const size_t start = at;
		struct hub_str inner, piece;
		const int32_t close = close_of(hub_utf8_next(s, &at));
		const size_t behind = bracket_end(s, at, close, &inner);
		piece = hub_str_cut(s, start, at);
		if (behind) {
			at = behind;
			const int more = hub_str_trim(hub_str_from(s, at)).len > 0;
			take_bracket(n, inner, n->name.len && more);
			if (!hub_str_is(hub_str_trim(inner), "外字"))
				continue;
			piece = geta;
		}
		memcpy(out + n->name.len, piece.ptr, piece.len);
		n->name.len += piece.len;
	}
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

/* Family and given name when exactly one separator stands between. */
static void split(struct hub_name *n)
{
	const struct hub_str s = n->name;
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
			if (is_letter(hub_char_plain(c)))
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

/* By its key, in which no spaces are left. */
static int is_nobody(struct hub_str key)
{
	static const char *const words[] = {
	    "不明",     "不詳",     "未詳",   "氏名不明", "氏名不詳", "氏名未詳", "名前不明",
	    "匿名",     "匿名希望", "匿名者", "無記名",   "名無し",   "なし",     "ナシ",
	    "無し",     "無",       "同上",   "非公開",   "非開示",   "秘匿",     "未定",
	    "未確認",   "未聴取",   "未記入", "未入力",   "未登録",   "未命名",   "命名前",
	    "記載なし", "記入なし", "確認中", "該当なし", "フメイ",   "フショウ", "トクメイ"};

	/* every name is asked: the first character tells most of them apart */
	for (size_t i = 0; key.len > 2 && i < HUB_COUNT(words); i++)
		if (memcmp(key.ptr, words[i], 3) == 0 && hub_str_is(key, words[i]))
			return 1;
	return 0;
}

int hub_name_parse(struct hub_arena *a, struct hub_str text, struct hub_name *n)
{
	int unreadable = 0;

	*n = (struct hub_name){.flags = 0};
	text = hub_str_trim(text);
	if (!text.len)
		return 1;
	n->reason = "out-of-memory";
	if (strip_brackets(a, text, n))
		return -1;
	n->name = hub_str_trim(without_honorific(hub_str_trim(n->name), &n->flags));
	n->key = hub_name_key(a, n->name, &unreadable);
	if (!n->key.ptr)
		return -1;
	n->reason = n->key.len ? NULL : "no-name";
	if (n->reason)
		return -1;
	if (unreadable)
		n->flags |= HUB_NAME_UNREADABLE;
	if (is_nobody(n->key))
		n->flags |= HUB_NAME_NOBODY;
	split(n);
	return 0;
}

const char *hub_name_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"unreadable", "honorific", "note",  "alias",
					    "former",     "foreign",   "nobody"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}
