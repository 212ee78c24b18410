#include "text/addrlex.h"

#include "text/chars.h"
#include "text/name.h"
#include "text/numeral.h"

int32_t hub_addr_peek(struct hub_str s, size_t at, size_t *next)
{
	*next = at;
	return at < s.len ? hub_utf8_next(s, next) : 0;
}

size_t hub_addr_spaces(struct hub_str s, size_t at)
{
	while (at < s.len && s.ptr[at] == ' ')
		at++;
	return at;
}

size_t hub_addr_word(struct hub_str s, size_t at, const char *word)
{
	const struct hub_str w = hub_str_of(word);

	return at <= s.len && hub_str_starts(hub_str_from(s, at), w) ? at + w.len : 0;
}

size_t hub_addr_joint(struct hub_str s, size_t at)
{
	size_t next;
	const int32_t c = hub_addr_peek(s, at, &next);

	/* の ノ 之 丿 */
	return hub_char_is_dash(c) || c == 0x306e || c == 0x30ce || c == 0x4e4b || c == 0x4e3f
		   ? next
		   : 0;
}

static int numeral(int32_t c)
{
	return hub_numeral(c, HUB_IN_ADDRESS);
}

static int kanji_number(struct hub_str s, size_t at, struct hub_addr_num *n)
{
	uint32_t total = 0, digit = 0;
	int any = 0, pending = 0;
	size_t next;

	for (;; at = next) {
		const int v = numeral(hub_addr_peek(s, at, &next));
		if (v < 0 || total > 99999 || digit > 99999)
			break;
		any = 1;
		pending = v < 10;
		if (v < 10) {
			digit = digit * 10 + (uint32_t)v;
		} else {
			total += (digit ? digit : 1) * (uint32_t)v;
			digit = 0;
		}
	}
	n->value = total + (pending ? digit : 0);
	n->end = at;
	n->arabic = 0;
	return any;
}

int hub_addr_number(struct hub_str s, size_t at, struct hub_addr_num *n)
{
	if (at >= s.len || s.ptr[at] < '0' || s.ptr[at] > '9')
		return kanji_number(s, at, n);
	n->value = 0;
	n->arabic = 1;
	for (; at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9'; at++)
		if (n->value < 100000000)
			n->value = n->value * 10 + (uint32_t)(s.ptr[at] - '0');
	n->end = at;
	return 1;
}

size_t hub_addr_kanji(uint32_t v, char out[24])
{
	static const char *const digits[] = {"〇", "一", "二", "三", "四",
					     "五", "六", "七", "八", "九"};
	static const struct {
		uint32_t value;
		const char *name;
	} units[] = {{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}};
	size_t n = 0;

	for (size_t i = 0; i < HUB_COUNT(units); i++) {
		const uint32_t d = v / units[i].value % 10;
		if (!d && !(v == 0 && units[i].value == 1))
			continue;
		if (d != 1 || !units[i].name[0]) {
			memcpy(out + n, digits[d], 3);
			n += 3;
		}
		memcpy(out + n, units[i].name, strlen(units[i].name));
		n += strlen(units[i].name);
	}
	return n;
}

/* One character for all that are written for each other in place names. */
static uint32_t place_char(int32_t c)
{
	switch (c) {
	case 0x30f6: /* ヶ が ガ 箇 ヵ -> ケ */
	case 0x304c:
	case 0x30ac:
	case 0x7b87:
	case 0x30f5:
	case 0x3051:
		return 0x30b1;
	case 0x306e: /* の 之 乃 -> ノ */
	case 0x4e4b:
	case 0x4e43:
		return 0x30ce;
	case 0x30c3: /* ッ つ っ -> ツ */
	case 0x3064:
	case 0x3063:
		return 0x30c4;
	case 0x4e01: /* 丁 -> 町: 七番丁, 七番町 */
		return 0x753a;
	case 0x5dff: /* 巿 (four strokes) -> 市 */
		return 0x5e02;
	default:
		return hub_name_fold_char((uint32_t)c);
	}
}

uint32_t hub_addr_first(struct hub_str s, size_t at)
{
	enum { NUMBER = 1 };
	size_t next;
	const int32_t c = hub_addr_peek(s, at, &next);

	return (c >= '0' && c <= '9') || numeral(c) >= 0 ? NUMBER : place_char(c);
}

static int same_char(int32_t a, int32_t b)
{
	return a == b || place_char(a) == place_char(b);
}

/* One step of a name that is no numeral. 1 done, 0 the texts differ. */
static int match_char(struct hub_str s, size_t *at, int32_t want, int after_number, int last)
{
	size_t next;
	const int32_t c = hub_addr_peek(s, *at, &next);

	if (same_char(c, want)) {
		*at = next;
		return 1;
	}
	if (!after_number || want != 0x6761) /* 北１西２, 月寒東３-１８: 条 is left out */
		return 0;
	const size_t joint = last ? hub_addr_joint(s, *at) : 0;
	*at = joint ? joint : *at;
	return 1;
}

size_t hub_addr_match(struct hub_str s, size_t at, struct hub_str name)
{
	size_t i = 0, next;
	int after_number = 0;

	while (i < name.len) {
		struct hub_addr_num want, got;
		const int32_t w = hub_addr_peek(name, i, &next);
		at = i ? hub_addr_spaces(s, at) : at;
		if (numeral(w) < 0) {
			if (!match_char(s, &at, w, after_number, next == name.len))
				return 0;
			i = next;
			after_number = 0;
			continue;
		}
		/* by value: 十 may be written 10, and is not the 十 of 十二 */
		if (!hub_addr_number(s, at, &got) || !hub_addr_number(name, i, &want) ||
		    want.value != got.value)
			return 0;
		i = want.end;
		at = got.end;
		after_number = 1;
	}
	return at;
}
