#include "release/refuge.h"

#include "base/buf.h"
#include "text/address.h"
#include "text/addrlex.h"
#include "text/chars.h"
#include "text/fold.h"
#include "text/numeral.h"

struct place {
	struct hub_str city; /* with its prefecture; empty: of no municipality that is known */
	struct hub_str town, block; /* of a known one */
	struct hub_str plain;       /* as written, folded: of the others */
};

/* A number that tells the place when it stands behind certain characters: the end of the town, a building. */
struct sign {
	struct hub_str before; /* empty: it tells it alone */
	uint32_t next;         /* of the same number, index + 1 */
	int kana;              /* behind any town in kana: nobody lists how towns are read */
};

struct hub_refuges {
	const struct hub_map *marks;
	struct place *place;
	size_t n;
	struct sign *sign;
	uint32_t signs;
	size_t room;
	struct hub_map *numbers; /* as plain_of() has them -> index + 1 of the first sign */
	struct hub_str *name;    /* plain: of facilities */
	size_t names, name_room;
	const struct hub_refuges *more; /* looked through as well */
};

enum {
	TOWN_END = 2 /* characters */,
	KANA_TOWN = 3,
	ALONE = 5 /* digits */,
	PHONE_LEAST = 10,
	PHONE_MOST = 11
};

static int is_digit(struct hub_str s, size_t at)
{
	return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* Brackets, commas, arrows, blanks: no letter, digit or kana. The end of a sentence (。) is none. */
static int is_mark(int32_t c)
{
	if (c < 0x80)
		return !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
	return (c >= 0xa0 && c < 0xc0) || (c >= 0x2000 && c < 0x2c00) ||
	       (c >= 0x3000 && c <= 0x3030 && c != 0x3002 && !(c >= 0x3005 && c <= 0x3007)) ||
	       c == 0x30fb || (c >= 0xfe30 && c <= 0xfe6f);
}

/* Bytes of what may stand between two numbers of an address. */
static size_t join_at(struct hub_str s, size_t at)
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
	if (hub_char_is_dash(c) || is_mark(c))
		return next - at;
	/* 3一5: typed for a dash */
	return hub_str_starts(hub_str_from(s, at), HUB_STR("一")) && is_digit(s, at + 3) ? 3 : 0;
}

static int is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static int is_kana(int32_t c)
{
	return (c >= 0x3041 && c <= 0x3096) || (c >= 0x30a1 && c <= 0x30fc);
}

static int is_kanji(int32_t c)
{
	return c >= 0x3400 && c <= 0x9fff;
}

/* 三 of 三の五 and 五 of 3の五, not of 三田 and 五人: a number in kanji where one of an address may stand; 二〇三, which
 * is a room, anywhere. */
static int kanji_number(struct hub_str s, size_t at, int joined, struct hub_addr_num *n)
{
	enum { ROOM = 9 }; /* bytes of three digits */
	size_t next;

	if (is_digit(s, at) || !hub_addr_number(s, at, n))
		return 0;
	return join_at(s, n->end) || (n->end - at >= ROOM && n->value > 100) ||
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

static struct hub_str folded_of(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str bare = hub_key_strip(a, hub_str_trim(text));

	return bare.ptr ? hub_fold_width(a, bare, 0, NULL) : bare;
}

/* Width, blanks, numerals and what joins numbers: "5丁目2番301号", "５－２－３０１" and "五の二の三〇一" are
 * "5-2-301". */
static struct hub_str plain_of(struct hub_arena *a, struct hub_str text)
{
	const struct hub_str s = folded_of(a, text);
	HUB_AUTO(buf) struct hub_buf b;

	hub_buf_init(&b, 2 * s.len + 1);
	for (size_t at = 0, n; s.ptr && at < s.len;) {
		const int behind = b.len && b.ptr[b.len - 1] >= '0' && b.ptr[b.len - 1] <= '9';
		const size_t from = at;
		struct hub_addr_num number;
		while (behind && at < s.len && (n = join_at(s, at)))
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

static struct hub_str without(struct hub_str s, const char *end)
{
	const struct hub_str e = hub_str_of(end);

	return hub_str_ends(s, e) ? hub_str_cut(s, 0, s.len - e.len) : s;
}

/* 大藪 of 大藪町, which many leave out, and of 大藪町の. Of a plain text. */
static struct hub_str short_town(struct hub_str plain)
{
	return without(without(plain, "ノ"), "町");
}

/* --- numbers that tell a place --------------------------------------------------------------------------- */

/* The next "5-2-301" of a plain text from *from on: [*from, *to). 0: no more. */
static int next_number(struct hub_str s, size_t *from, size_t *to)
{
	while (*from < s.len && !is_digit(s, *from))
		++*from;
	for (*to = *from; is_digit(s, *to) || (*to > *from && *to < s.len && s.ptr[*to] == '-' &&
					       is_digit(s, *to + 1));)
		++*to;
	return *from < s.len;
}

/* How long the number is up to the end of its next part, from the end of one; its whole length at last. */
static size_t part_end(struct hub_str number, size_t at)
{
	while (at < number.len && number.ptr[at] == '-')
		at++;
	while (is_digit(number, at))
		at++;
	return at;
}

/* The last n characters, fewer when there are no more. */
static struct hub_str last_of(struct hub_str s, uint32_t n)
{
	size_t at = s.len;

	while (at > 0 && n) {
		at--;
		n -= ((unsigned char)s.ptr[at] & 0xc0) != 0x80;
	}
	return hub_str_from(s, at);
}

static int add_sign(struct hub_arena *a, struct hub_refuges *h, struct hub_str before, int kana,
		    struct hub_str number)
{
	uint64_t first = 0;

	struct sign *more = hub_alloc_more(a, h->sign, h->signs, &h->room, sizeof *more);
	if (!more)
		return -1;
	h->sign = more;
	(void)hub_map_get(h->numbers, number, &first);
	h->sign[h->signs++] = (struct sign){before, (uint32_t)first, kana};
	return hub_map_put(h->numbers, number, h->signs);
}

/* 小和田9999-1 by 和田 and 9999-1; two numbers behind a town in kana; a number that is long enough by itself. */
static int add_block(struct hub_arena *a, struct hub_refuges *h, struct hub_str before,
		     struct hub_str number)
{
	const struct hub_str less = short_town(before);
	const int named = hub_utf8_count(before) >= TOWN_END;
	const struct hub_str town =
	    last_of(hub_utf8_count(less) >= TOWN_END ? less : before, TOWN_END);
	size_t end = part_end(number, 0);

	if (named && end == number.len && add_sign(a, h, town, 0, number))
		return -1;
	while (end < number.len) {
		const int two = memchr(number.ptr, '-', end) == NULL;
		end = part_end(number, end);
		const struct hub_str part = hub_str_cut(number, 0, end);
		if (named && (add_sign(a, h, town, 0, part) || add_sign(a, h, town, 1, part)))
			return -1;
		if (two && end > ALONE && add_sign(a, h, HUB_STR(""), 0, part))
			return -1;
	}
	return 0;
}

/* A building by its name and the number of the room; what is no name tells nothing. */
static int add_building(struct hub_arena *a, struct hub_refuges *h, struct hub_str name,
			struct hub_str number)
{
	static const char *const any[] = {"アパート", "マンション", "ハイツ",   "コーポ",
					  "団地",     "市営住宅",   "県営住宅", "住宅"};

	for (size_t i = 0; i < HUB_COUNT(any); i++)
		if (hub_str_is(name, any[i]))
			return 0;
	return hub_utf8_count(name) >= TOWN_END ? add_sign(a, h, name, 0, number) : 0;
}

static int add_signs(struct hub_arena *a, struct hub_refuges *h, struct hub_str plain)
{
	size_t from = 0, to, behind = 0;

	for (int block = 1; next_number(plain, &from, &to); block = 0, from = behind = to) {
		const struct hub_str before = hub_str_cut(plain, behind, from),
				     number = hub_str_cut(plain, from, to);
		if (block ? add_block(a, h, before, number) : add_building(a, h, before, number))
			return -1;
	}
	return 0;
}

/* Does a town in kana end before a number, and no word of counting begin behind it (およそ2-3人)? */
static int kana_around(struct hub_str before, struct hub_str behind)
{
	size_t next, n = 0;

	for (struct hub_str one; n < KANA_TOWN && before.len; n++, before.len -= one.len) {
		one = last_of(before, 1);
		if (!is_kana(hub_addr_peek(one, 0, &next)))
			return 0;
	}
	return n == KANA_TOWN && !is_kanji(hub_addr_peek(behind, 0, &next));
}

static int32_t last_char(struct hub_str s)
{
	size_t next;

	return s.len ? hub_addr_peek(last_of(s, 1), 0, &next) : 0;
}

/* 共恵 of 共恵「, of 共恵：, 共恵地区ノ and 共恵(トモエ): what a number stands behind. */
static struct hub_str lead_of(struct hub_str s)
{
	enum { READING = 40 /* bytes */ };

	for (size_t was = s.len + 1; s.len < was;) {
		was = s.len;
		if (hub_str_ends(s, HUB_STR(")"))) {
			size_t at = s.len;
			while (at > 0 && s.len - at < READING && s.ptr[at - 1] != '(')
				at--;
			if (at > 0 && s.ptr[at - 1] == '(')
				s.len = at - 1;
		}
		if (s.len && is_mark(last_char(s)))
			s.len -= last_of(s, 1).len;
		s = without(without(s, "ノ"), "地区");
	}
	return s;
}

/* 5-2, 若松町: behind the number, or a character later (小和田 is known by 和田). */
static int stands_behind(struct hub_str town, struct hub_str behind)
{
	size_t at = 0, next = 0;

	while (at < behind.len && is_mark(hub_addr_peek(behind, at, &next)))
		at = next;
	const struct hub_str s = hub_str_from(behind, at);
	(void)hub_addr_peek(s, 0, &next);
	return town.len && (hub_str_starts(s, town) || hub_str_starts(hub_str_from(s, next), town));
}

static int number_tells(const struct hub_refuges *h, struct hub_str plain, size_t from, size_t to,
			int only_kana)
{
	const struct hub_str number = hub_str_cut(plain, from, to);
	const struct hub_str before = lead_of(hub_str_cut(plain, 0, from)),
			     behind = hub_str_from(plain, to);
	const struct hub_str less = short_town(before);

	for (size_t end = part_end(number, 0), last = 0; end > last;
	     last = end, end = part_end(number, end)) {
		uint64_t i;
		const struct hub_str part = hub_str_cut(number, 0, end);
		if (!hub_map_get(h->numbers, part, &i))
			continue;
		const int two = memchr(part.ptr, '-', part.len) != NULL;
		for (; i; i = h->sign[i - 1].next) {
			const struct sign *s = &h->sign[i - 1];
			if (s->kana ? kana_around(before, behind)
				    : !only_kana && (hub_str_ends(before, s->before) ||
						     hub_str_ends(less, s->before) ||
						     (two && stands_behind(s->before, behind))))
				return 1;
		}
	}
	return 0;
}

/* Does a number of a text tell a place? only_kana: behind a town in kana. */
static int any_tells(const struct hub_refuges *h, struct hub_str plain, int only_kana)
{
	size_t from = 0, to;

	/* a comma may have joined another number to its front */
	for (; next_number(plain, &from, &to); from = to)
		for (size_t at = from; at < to; at = part_end(hub_str_cut(plain, 0, to), at) + 1)
			if (number_tells(h, plain, at, to, only_kana))
				return 1;
	return 0;
}

/* 0-9, in kanji as well; -1 none. */
static int digit_at(struct hub_str s, size_t at, size_t *next)
{
	const int32_t c = hub_addr_peek(s, at, next);
	const int v = c >= '0' && c <= '9' ? c - '0' : hub_numeral(c, HUB_IN_DATE);

	return v < 10 ? v : -1;
}

/* A phone number among digits, whatever stands between them; from abroad (+81 90-…) and in a cell of a table it has no
 * zero in front. */
static int phone_stands(const struct hub_refuges *h, struct hub_str folded)
{
	char key[2 + PHONE_MOST] = "t0";
	size_t n = 0, next;
	uint64_t v;

	for (size_t at = 0; at < folded.len; at = next) {
		const int digit = digit_at(folded, at, &next);
		if (digit < 0) {
			if (!join_at(folded, at))
				n = 0;
			continue;
		}
		if (n == PHONE_MOST - 1)
			memmove(key + 2, key + 3, --n);
		key[2 + n++] = (char)('0' + digit);
		for (size_t len = PHONE_LEAST - 1; len <= n; len++) {
			char one[2 + PHONE_MOST] = "t0";
			memcpy(one + 2, key + 2 + n - len, len);
			if (hub_map_get(h->marks, (struct hub_str){one, 2 + len}, &v))
				return 1;
		}
	}
	return 0;
}

/* Of a plain text: in one kana, without の and marks: ひまわり寮, 「ヒマワリ」の寮. */
static struct hub_str name_key(struct hub_arena *a, struct hub_str plain)
{
	const struct hub_str s = hub_kana_convert(a, plain, HUB_KANA_TO_KATA);
	char *out = s.ptr ? hub_alloc(a, s.len + 1) : NULL;
	size_t n = 0, next;

	for (size_t at = 0; out && at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		if (is_mark(c) || c == 0x30ce /* ノ */)
			continue;
		memcpy(out + n, s.ptr + at, next - at);
		n += next - at;
	}
	return (struct hub_str){out, n};
}

/* -1: out of memory. */
static int any_name(struct hub_arena *a, const struct hub_refuges *h, struct hub_str plain)
{
	const struct hub_str s = h->names ? name_key(a, plain) : plain;

	for (size_t i = 0; s.ptr && i < h->names; i++)
		if (hub_str_find(s, h->name[i], 0) != (size_t)-1)
			return 1;
	return s.ptr ? 0 : -1;
}

static int find_facility(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	if (!h->names || !text.len)
		return 0;
	const struct hub_str plain = plain_of(a, text);
	return plain.ptr ? any_name(a, h, plain) : -1;
}

static int find_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	if (!text.len || !hub_map_count(h->marks))
		return 0;
	const struct hub_str plain = plain_of(a, text), folded = folded_of(a, text);
	if (!plain.ptr || !folded.ptr)
		return -1;
	const int named = any_name(a, h, plain);
	return named || any_tells(h, plain, 0) || phone_stands(h, folded) ? (named < 0 ? -1 : 1)
									  : 0;
}

/* --- facilities ------------------------------------------------------------------------------------------ */

/* Words that say what kind of place it is, and of whom; a name has something besides. */
static const char *const kinds[] = {
    "特別養護老人", "養護老人", "グループ", "ケア",       "ハウス", "ホーム",   "センター",
    "シェルター",   "ホテル",   "ビジネス", "カフェ",     "ネット", "アパート", "マンション",
    "クリニック",   "サービス", "デイ",     "ショート",   "ステイ", "母子",     "児童",
    "女性",         "婦人",     "男性",     "女子",       "男子",   "老人",     "高齢者",
    "障害者",       "障がい者", "介護",     "看護",       "医療",   "社会",     "福祉",
    "保健",         "保護",     "養護",     "養育",       "相談",   "支援",     "生活",
    "自立",         "一時",     "緊急",     "避難",       "援助",   "民間",     "公的",
    "行政",         "県外",     "県内",     "市外",       "市内",   "町内",     "海外",
    "国外",         "他県",     "他市",     "県立",       "市立",   "町立",     "国立",
    "公立",         "私立",     "市営",     "県営",       "公営",   "住宅",     "団地",
    "施設",         "病院",     "医院",     "診療所",     "病棟",   "事業所",   "入院",
    "入所",         "退院",     "転院",     "通院",       "通所",   "宿泊",     "旅館",
    "寮",           "荘",       "苑",       "園",         "舎",     "館",       "院",
    "所",           "里",       "老健",     "特養",       "有料",   "実家",     "自宅",
    "知人",         "友人",     "友達",     "親戚",       "親族",   "親類",     "両親",
    "兄弟",         "姉妹",     "祖父母",   "祖父",       "祖母",   "叔父",     "叔母",
    "伯父",         "伯母",     "息子",     "父",         "母",     "兄",       "姉",
    "弟",           "妹",       "夫",       "妻",         "娘",     "会社",     "職場",
    "車中",         "不明",     "未定",     "予定",       "非公開", "秘匿",     "検討",
    "調整",         "確認",     "別紙",     "参照",       "その他", "同上",     "なし",
    "です",         "宅",       "方",       "家",         "中",     "先",       "内",
    "外",           "の",       "ノ",       "へ",         "に",     "で",       "県",
    "市",           "町",       "村",       "区",         "・",     "メゾン",   "ハイツ",
    "コーポ",       "ハイム",   "ビル",     "レジデンス", "第",     "棟",       "号室",
    "号",           "階",       "様",
};

static size_t kind_at(struct hub_str s, size_t at)
{
	size_t longest = 0;

	for (size_t i = 0; i < HUB_COUNT(kinds); i++)
		if (strlen(kinds[i]) > longest &&
		    hub_str_starts(hub_str_from(s, at), hub_str_of(kinds[i])))
			longest = strlen(kinds[i]);
	return longest;
}

/* ひまわり寮, not 母の実家, 市立病院 or 第2病棟. Of a folded text. */
static int is_name(struct hub_str s)
{
	enum { LEAST = 4, BESIDES = 2 /* characters */ };
	unsigned besides = 0;
	size_t next;

	for (size_t at = 0; at < s.len; at = next) {
		const size_t kind = kind_at(s, at);
		const int32_t c = hub_addr_peek(s, at, &next);
		if (kind)
			next = at + kind;
		else
			besides += is_kana(c) || is_kanji(c) || (c >= 'A' && c <= 'z') ||
				   (c >= 0xc0 && c <= 0x24f);
	}
	return besides >= BESIDES && hub_utf8_count(s) >= LEAST &&
	       hub_str_find(s, HUB_STR("法人"), 0) == (size_t)-1;
}

static int add_name(struct hub_arena *a, struct hub_refuges *h, struct hub_str name)
{
	if (!is_name(name))
		return 0;
	struct hub_str *more = hub_alloc_more(a, h->name, h->names, &h->name_room, sizeof *more);
	if (!more)
		return -1;
	h->name = more;
	const struct hub_str plain = plain_of(a, name);
	h->name[h->names] = plain.ptr ? name_key(a, plain) : plain;
	return h->name[h->names++].ptr ? 0 : -1;
}

/* Of "社会福祉法人青空会 ひまわり寮(2階)" the name; what whole says of the kind may be left out. */
static int add_names(struct hub_arena *a, struct hub_refuges *h, struct hub_str text)
{
	const struct hub_str s = folded_of(a, text);

	if (!s.ptr)
		return -1;
	for (size_t at = 0, end; at < s.len; at = end + 1) {
		for (end = at; end < s.len && !strchr(" \t\r\n(),./0123456789", s.ptr[end]);)
			end++;
		if (add_name(a, h, hub_str_cut(s, at, end)))
			return -1;
	}
	return 0;
}

static int ends_like_a_house(struct hub_str s)
{
	static const char *const ends[] = {"寮",     "荘",     "苑",         "園",      "舎",
					   "館",     "院",     "里",         "の家",    "ホーム",
					   "ハウス", "ホテル", "シェルター", "センター"};

	for (size_t i = 0; i < HUB_COUNT(ends); i++)
		if (hub_str_ends(s, hub_str_of(ends[i])))
			return 1;
	return 0;
}

/* A refuge that is known by its name: 市内のシェルターかすみ荘. A town, or a city, is nobody's. */
static int add_refuge(struct hub_arena *a, struct hub_refuges *h, struct hub_str address)
{
	const struct hub_str s = hub_str_trim(address);

	return ends_like_a_house(s) ? add_names(a, h, s) : 0;
}

/* メゾン共恵, かすみ荘; not a remark (日中不在), nor what is as wide as a town (本村団地). */
static int names_a_house(struct hub_str s)
{
	unsigned kata = 0, hira = 0;
	size_t next;

	for (size_t at = 0; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		kata += (c >= 0x30a1 && c <= 0x30fa && c != 0x30ce) || (c >= 'A' && c <= 'z');
		hira += c >= 0x3041 && c <= 0x3096;
	}
	return ends_like_a_house(s) || (kata > 1 && !hira && !hub_str_ends(s, HUB_STR("団地")) &&
					!hub_str_ends(s, HUB_STR("住宅")));
}

/* The building of a plain address, behind its number: who knows the house finds the door. */
static int add_houses(struct hub_arena *a, struct hub_refuges *h, struct hub_str plain)
{
	size_t from = 0, to = 0, behind = 0;

	for (int block = 1; next_number(plain, &from, &to) || behind < plain.len;
	     block = 0, from = behind = to) {
		const struct hub_str name = hub_str_cut(plain, behind, from);
		if (!block && names_a_house(name) && add_name(a, h, name))
			return -1;
		if (from >= plain.len)
			break;
	}
	return 0;
}

/* --- places ---------------------------------------------------------------------------------------------- */

static int has_number(struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_digit(s, i))
			return 1;
	return 0;
}

static int add_place(struct hub_arena *a, struct place *p, struct hub_str address)
{
	struct hub_address is;

	*p = (struct place){.plain = plain_of(a, address)};
	if (hub_address_parse(a, address, NULL, &is) == HUB_ADDRESS_OK && is.city.len &&
	    is.town.len && is.block.len) {
		p->city = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(is.pref), HUB_FMT(is.city));
		p->town = short_town(plain_of(a, is.town));
		p->block = is.block;
		if (!p->city.ptr || !p->town.ptr)
			return -1;
	}
	return p->plain.ptr ? 0 : -1;
}

struct hub_refuges *hub_refuges_new(struct hub_arena *a, const struct hub_map *marks)
{
	const size_t n = hub_map_count(marks);
	struct hub_refuges *h = hub_alloc0(a, sizeof *h);

	if (!h || !(h->place = hub_alloc_array(a, n + 1, sizeof *h->place)) ||
	    !(h->numbers = hub_map_new(a)))
		return NULL;
	h->marks = marks;
	for (size_t i = 0; i < n; i++) {
		const struct hub_str key = hub_map_key(marks, i), text = hub_str_from(key, 1);
		if (text.len && key.ptr[0] == 'f' && add_names(a, h, text))
			return NULL;
		if (!text.len || key.ptr[0] != 'a')
			continue;
		struct place *p = &h->place[h->n];
		if (add_place(a, p, text) || add_signs(a, h, p->plain))
			return NULL;
		if (!has_number(p->plain) ? add_refuge(a, h, text) : add_houses(a, h, p->plain))
			return NULL;
		h->n += (size_t)has_number(p->plain);
	}
	return h;
}

/* Does one number begin with the other, up to where a part ends? 5-2 and 5-2-301, not 5-2 and 5-20. */
static int same_block(struct hub_str x, struct hub_str y)
{
	const struct hub_str less = x.len < y.len ? x : y, more = x.len < y.len ? y : x;

	return less.len && hub_str_starts(more, less) && !is_digit(more, less.len);
}

/* One stands in the other, and not in the middle of a number. */
static int stands_in(struct hub_str part, struct hub_str whole)
{
	for (size_t at = 0; (at = hub_str_find(whole, part, at)) != (size_t)-1; at++)
		if (!(at && is_digit(part, 0) && is_digit(whole, at - 1)) &&
		    !(is_digit(part, part.len - 1) && is_digit(whole, at + part.len)))
			return 1;
	return 0;
}

static int find_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	struct hub_str plain = {NULL, 0}, home = {NULL, 0}, town = home;
	struct hub_address is = {0};
	int parsed = 0;

	if (!(h->n || h->names) || !text.len)
		return 0;
	if (!(plain = plain_of(a, text)).ptr)
		return -1;
	const int named = any_name(a, h, plain);
	if (named || any_tells(h, plain, 1))
		return named < 0 ? -1 : 1;
	for (size_t i = 0; i < h->n; i++) {
		const struct place *p = &h->place[i];
		if (has_number(plain) && plain.len >= 6 &&
		    (stands_in(plain, p->plain) || stands_in(p->plain, plain)))
			return 1;
		if (!p->city.len)
			continue;
		if (!hub_str_eq(home, p->city)) { /* read once for the places of one city */
			const struct hub_address_opt opt = {.home = home = p->city};
			parsed = hub_address_parse(a, text, &opt, &is) == HUB_ADDRESS_OK;
			town = short_town(plain_of(a, is.town));
			if (!town.ptr)
				return -1;
		}
		if (parsed && is.city.len && hub_str_ends(p->city, is.city) &&
		    hub_str_eq(town, p->town) && same_block(is.block, p->block))
			return 1;
	}
	return 0;
}

static int find_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	enum { SAID = 10 }; /* kana of ゼロキュウゼロの… */
	char key[24] = "t";
	size_t n = 1, kana = 0, next;
	uint64_t v;

	if (!text.len)
		return 0;
	const struct hub_str s = folded_of(a, text);
	if (!s.ptr)
		return -1;
	if (phone_stands(h, s)) /* 0467-99-1212 内線3, or one of two */
		return 1;
	for (size_t at = 0; at < s.len && n < sizeof key; at = next) {
		const int digit = digit_at(s, at, &next);
		if (digit >= 0)
			key[n++] = (char)('0' + digit);
		kana += (size_t)is_kana(hub_addr_peek(s, at, &next));
	}
	if (n > 6)
		return hub_map_get(h->marks, (struct hub_str){key, n}, &v);
	/* in words: which one it is cannot be told */
	return n == 1 && kana >= SAID && hub_map_count(h->marks) > 0;
}

/* --- all that are looked through ------------------------------------------------------------------------- */

struct hub_refuges *hub_refuges_and(struct hub_arena *a, const struct hub_refuges *h,
				    const struct hub_refuges *more)
{
	struct hub_refuges *both = hub_alloc(a, sizeof *both);

	if (both) {
		*both = *h;
		both->more = more;
	}
	return both;
}

typedef int finder(struct hub_arena *, const struct hub_refuges *, struct hub_str);

static int find(finder *one, struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	int found = 0;

	for (; h && !found; h = h->more)
		found = one(a, h, text);
	return found;
}

int hub_refuge_facility(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_facility, a, h, text);
}

int hub_refuge_stands(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_stands, a, h, text);
}

int hub_refuge_address(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_address, a, h, text);
}

int hub_refuge_phone(struct hub_arena *a, const struct hub_refuges *h, struct hub_str text)
{
	return find(find_phone, a, h, text);
}
