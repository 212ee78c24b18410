/* What the words of a header may mean: the schema's labels, names and aliases, and how headers are built. */
#include "intake/guess_in.h"

enum { NAME_BYTES = 1024 }; /* of a column at most; what is longer is a text */

static uint32_t add_cand(struct guess_cand *out, uint32_t n, uint32_t cap,
			 const struct hub_field *field, int score)
{
	for (uint32_t i = 0; i < n; i++)
		if (out[i].field == field)
			return n;
	if (n < cap)
		out[n++] = (struct guess_cand){field, score};
	return n;
}

static uint32_t add_aliases(const struct hub_schema *s, struct hub_str header, int score,
			    struct guess_cand *out, uint32_t n, uint32_t cap)
{
	for (const struct hub_alias *a = hub_schema_alias(s, header); a; a = hub_alias_next(s, a))
		n = add_cand(out, n, cap, a->field, score);
	return n;
}

/* Without digits at the end, and without what stands in brackets there: 所在地1, 電話番号（代表）. */
static struct hub_str stem_of(struct hub_str s)
{
	static const char *const open[] = {"（", "(", "［", "["};
	size_t end = s.len;

	while (end > 0 && s.ptr[end - 1] >= '0' && s.ptr[end - 1] <= '9')
		end--;
	while (end >= 3 && memcmp(s.ptr + end - 3, "\xef\xbc", 2) == 0 &&
	       (unsigned char)s.ptr[end - 1] >= 0x90 && (unsigned char)s.ptr[end - 1] <= 0x99)
		end -= 3;
	s.len = end;
	if (hub_str_ends(s, HUB_STR("：")) ||
	    hub_str_ends(s, HUB_STR(":"))) /* 所属：, above a table */
		s.len -= s.ptr[s.len - 1] == ':' ? 1 : strlen("：");
	for (size_t i = 0; i < HUB_COUNT(open); i++) {
		const size_t at = hub_str_find(s, hub_str_of(open[i]), 1);
		if (at != (size_t)-1 && at > 0)
			s.len = at;
	}
	return hub_str_trim(s);
}

static size_t last_of(struct hub_str s, char c)
{
	for (size_t i = s.len; i-- > 0;)
		if (s.ptr[i] == c)
			return i;
	return (size_t)-1;
}

/* What stands in brackets behind the stem: 氏名（カナ）, 作成者(組織名). Empty: nothing. */
static struct hub_str bracket_of(struct hub_str s)
{
	static const struct {
		const char *open, *close;
	} pairs[] = {{"（", "）"}, {"(", ")"}, {"［", "］"}, {"[", "]"}};

	for (size_t i = 0; i < HUB_COUNT(pairs); i++) {
		const size_t from = hub_str_find(s, hub_str_of(pairs[i].open), 1);
		const struct hub_str close = hub_str_of(pairs[i].close);
		if (from != (size_t)-1 && hub_str_ends(s, close))
			return hub_str_cut(s, from + strlen(pairs[i].open), s.len - close.len);
	}
	return (struct hub_str){"", 0};
}

/* The last word of the name of a property: https://schema.org/description, geo#long. */
static struct hub_str property_of(struct hub_str s)
{
	size_t at = 0;

	if (!hub_str_starts(s, HUB_STR("http")))
		return (struct hub_str){"", 0};
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == '/' || s.ptr[i] == '#')
			at = i + 1;
	return hub_str_from(s, at);
}

/* 1, １, ①, （２） in front of what a thing is. */
static struct hub_str without_number(struct hub_str s)
{
	size_t at = 0;

	for (size_t next = 0; next < s.len; at = next) {
		const int32_t c = hub_utf8_next(s, &next);
		if (!(c >= '0' && c <= '9') && !(c >= 0xff10 && c <= 0xff19) &&
		    !(c >= 0x2460 && c <= 0x2473) && c != '(' && c != ')' && c != 0xff08 &&
		    c != 0xff09)
			break;
	}
	return hub_str_from(s, at);
}

/* 緊急連絡先氏名, 保護者電話: of somebody else than the person the row is about. */
static struct hub_str of_relative(struct hub_str s)
{
	static const char *const whose[] = {"緊急連絡先", "保護者",      "関係者", "家族",
					    "後見人",     "成年後見人",  "親権者", "連絡先",
					    "身元保証人", "キーパーソン"};
	static const struct {
		const char *what, *field;
	} things[] = {{"氏名", "関係者氏名"},     {"名前", "関係者氏名"},
		      {"名", "関係者氏名"},       {"フリガナ", "関係者フリガナ"},
		      {"カナ", "関係者フリガナ"}, {"続柄", "関係者続柄"},
		      {"関係", "関係者続柄"},     {"電話番号", "関係者電話番号"},
		      {"電話", "関係者電話番号"}, {"連絡先", "関係者電話番号"},
		      {"携帯", "関係者電話番号"}, {"携帯電話", "関係者電話番号"},
		      {"TEL", "関係者電話番号"},  {"住所", "関係者住所"}};

	for (size_t i = 0; i < HUB_COUNT(whose); i++) {
		if (!hub_str_starts(s, hub_str_of(whose[i])))
			continue;
		struct hub_str rest = hub_str_from(s, strlen(whose[i]));
		if (hub_str_eq(without_number(rest),
			       rest)) /* （２）電話 is no stem with a bracket behind it */
			rest = stem_of(rest);
		if (hub_str_starts(rest, HUB_STR("の")) || hub_str_starts(rest, HUB_STR("_")))
			rest = hub_str_from(rest, rest.ptr[0] == '_' ? 1 : 3);
		rest = without_number(rest);
		for (size_t k = 0; k < HUB_COUNT(things); k++)
			if (hub_str_is(rest, things[k].what))
				return hub_str_of(things[k].field);
	}
	return (struct hub_str){"", 0};
}

/* 支援内容2_達成目標: the column of that name in the second row of a table. table: 支援内容; empty: it is
 * none. */
static struct hub_str of_table(struct hub_str s, struct hub_str *table)
{
	const size_t bar = hub_str_find(s, HUB_STR("_"), 1);
	size_t end = bar;

	*table = (struct hub_str){"", 0};
	if (bar == (size_t)-1)
		return *table;
	while (end > 0 && s.ptr[end - 1] >= '0' && s.ptr[end - 1] <= '9')
		end--;
	if (end == 0 || end == bar)
		return *table;
	*table = hub_str_cut(s, 0, end);
	return hub_str_from(s, bar + 1);
}

/* Whose column it is, said in front of what it is: 利用者氏名, 施設の住所. */
static struct hub_str without_owner(struct hub_str s)
{
	static const char *const owners[] = {"支援対象者", "事業所", "利用者", "対象者", "相談者",
					     "施設",       "本人",   "機関",   "拠点",   "店舗",
					     "園",         "団体",   "申請者", "窓口"};

	for (size_t i = 0; i < HUB_COUNT(owners); i++) {
		const struct hub_str owner = hub_str_of(owners[i]);
		if (!hub_str_starts(s, owner) || s.len == owner.len)
			continue;
		s = hub_str_from(s, owner.len);
		if (hub_str_starts(s, HUB_STR("の")) || hub_str_starts(s, HUB_STR("－")))
			s = hub_str_from(s, 3);
		else if (hub_str_starts(s, HUB_STR("_")) || hub_str_starts(s, HUB_STR("-")))
			s = hub_str_from(s, 1);
		return s;
	}
	return s;
}

/* ご住所, お電話番号: on what people fill in themselves. */
static struct hub_str without_politeness(struct hub_str s)
{
	static const char *const polite[] = {"ご", "お", "御"};

	for (size_t i = 0; i < HUB_COUNT(polite); i++)
		if (hub_str_starts(s, hub_str_of(polite[i])))
			return hub_str_from(s, strlen(polite[i]));
	return s;
}

/* Offices write the same word in other ways: 利用者CD, 障がい種別, 受付年月日, ケースNo. Each is tried on its
 * own, then all together. */
static const struct {
	const char *seen, *schema;
} spellings[] = {
    {"障がい", "障害"},   {"障碍", "障害"},    {"子供", "子ども"},     {"こども", "子ども"},
    {"年月日", "日"},     {"ご本人", "本人"},  {"CD", "コード"},       {"ＣＤ", "コード"},
    {"コード", "番号"},   {"No.", "番号"},     {"№", "番号"},          {"No", "番号"},
    {"NO", "番号"},       {"Ｎｏ", "番号"},    {"ＮＯ", "番号"},       {"ID", "番号"},
    {"ＩＤ", "番号"},     {"TEL", "電話番号"}, {"ＴＥＬ", "電話番号"}, {"℡", "電話番号"},
    {"電話", "電話番号"}, {"ヨミ", "カナ"},    {"よみ", "カナ"},       {"対応職員", "担当者"},
    {"職員名", "担当者"}, {"年令", "年齢"},    {"月額", ""},           {"の有無", ""},
    {"状況", ""},         {"欄", ""}};

static struct hub_str respell(struct hub_arena *a, struct hub_str s, size_t i)
{
	const struct hub_str seen = hub_str_of(spellings[i].seen);
	const size_t at = hub_str_find(s, seen, 0);

	if (at == (size_t)-1 || (at == 0 && seen.len == s.len))
		return s;
	return hub_arena_printf(a, "%.*s%s%.*s", (int)at, s.ptr, spellings[i].schema,
				HUB_FMT(hub_str_from(s, at + seen.len)));
}

static uint32_t add_spellings(const struct hub_schema *s, struct hub_str header,
			      struct guess_cand *out, uint32_t n, uint32_t cap)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	struct hub_str all = header;

	for (size_t i = 0; a && !n && i < HUB_COUNT(spellings); i++) {
		const struct hub_str one = respell(a, header, i);
		if (!one.ptr || hub_str_eq(one, header))
			continue;
		n = add_aliases(s, one, 80, out, n, cap);
		all = respell(a, all, i);
	}
	return n || !all.ptr ? n : add_aliases(s, all, 75, out, n, cap);
}

/* 訪問回数 is no プラン回数: how often, how many, how old says nothing without its beginning. */
static uint32_t keep_counts(struct guess_cand *out, uint32_t from, uint32_t n, struct hub_str word)
{
	uint32_t kept = from;

	for (uint32_t i = from; i < n; i++) {
		const struct hub_field *f = out[i].field;
		if (f->type != HUB_F_INT || f->label.len == word.len ||
		    !hub_str_ends(f->label, word))
			out[kept++] = out[i];
	}
	return kept;
}

/* The longest word of the schema that the header ends with; Japanese says last what a thing is. */
static uint32_t add_endings(const struct hub_schema *s, struct hub_str header,
			    struct guess_cand *out, uint32_t n, uint32_t cap)
{
	for (size_t at = 1; at < header.len; at++) {
		if (((unsigned char)header.ptr[at] & 0xc0) == 0x80)
			continue;
		const struct hub_str rest = hub_str_from(header, at);
		if (hub_utf8_count(rest) < 2)
			break;
		const uint32_t before = n, found = add_aliases(s, rest, 60, out, n, cap);
		n = keep_counts(out, before, found, rest);
		if (found > before)
			break;
	}
	return n;
}

static uint32_t add_table(const struct hub_schema *s, struct hub_str header, struct guess_cand *out,
			  uint32_t n, uint32_t cap)
{
	struct hub_str table;
	const struct hub_str rest = of_table(header, &table);

	for (const struct hub_alias *a = table.len ? hub_schema_alias(s, rest) : NULL; a;
	     a = hub_alias_next(s, a))
		if (hub_str_ends(a->field->entity->label, table))
			n = add_cand(out, n, cap, a->field, 90);
	return n;
}

/* 法人住所（市区町村）, 設置者_名称: of who runs a facility, not of the facility itself. */
static int of_owner(struct hub_str s)
{
	static const char *const whose[] = {"法人",     "設置者",   "設置主体", "運営法人",
					    "運営主体", "経営主体", "申請者",   "開設者"};

	for (size_t i = 0; i < HUB_COUNT(whose); i++)
		if (hub_str_starts(s, hub_str_of(whose[i])))
			return 1;
	return 0;
}

static int is_name(struct hub_str s)
{
	return hub_str_ends(s, HUB_STR("名称")) || hub_str_ends(s, HUB_STR("名"));
}

/* Takes out what would say of the facility what is said of its owner. Words that the schema has as they stand
 * stay. */
static uint32_t keep_owners(struct guess_cand *out, uint32_t n)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < n; i++) {
		const struct hub_field *f = out[i].field;
		if (out[i].score >= 90 || hub_str_starts(f->name, HUB_STR("corporate_")) ||
		    !(hub_str_is(f->entity->name, "resource") ||
		      hub_str_is(f->entity->name, "agency")))
			out[kept++] = out[i];
	}
	return kept;
}

/* 支援_担当: the word for something else that both together happen to be is no surer than 担当 alone, unless the group
 * says whose it is. */
static uint32_t add_below_group(const struct hub_schema *s, struct hub_str name,
				struct guess_cand *out, uint32_t n, uint32_t cap)
{
	for (const struct hub_alias *a = hub_schema_alias(s, name); a; a = hub_alias_next(s, a))
		if (!hub_guess_is_of_self(a->field))
			n = add_cand(out, n, cap, a->field, out[0].score);
	return n;
}

/* 同意の有無: of what can be said with yes or no, whether it is there is what it says. */
static uint32_t add_presence(const struct hub_schema *s, struct hub_str header,
			     struct guess_cand *out, uint32_t n, uint32_t cap)
{
	if (!hub_str_ends(header, HUB_STR("有無")))
		return n;
	header.len -= strlen("有無");
	if (hub_str_ends(header, HUB_STR("の")))
		header.len -= strlen("の");
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
	const struct hub_str whole =
	    a ? hub_arena_printf(a, "%.*sの有無", HUB_FMT(header)) : HUB_STR("");
	if ((n = add_aliases(s, whole, 90, out, n, cap)))
		return n;
	for (const struct hub_alias *al = hub_schema_alias(s, header); al;
	     al = hub_alias_next(s, al))
		if (al->field->type == HUB_F_BOOL)
			n = add_cand(out, n, cap, al->field, 85);
	return n;
}

static struct hub_str behind_dot(struct hub_str header)
{
	const size_t dot = last_of(header, '.');

	return dot == (size_t)-1 || dot == 0 ? HUB_STR("") : hub_str_from(header, dot + 1);
}

static uint32_t candidates(const struct hub_schema *s, struct hub_str header,
			   struct guess_cand *out, uint32_t cap)
{
	const struct hub_str stem = stem_of(header), inside = bracket_of(header);
	const struct hub_str relative = of_relative(header), property = property_of(header);
	uint32_t n = add_table(s, header, out, 0, cap);

	if (n)
		return n;
	if (relative.len)
		n = add_aliases(s, relative, 90, out, n, cap);
	n = add_aliases(s, header, 90, out, n, cap);
	n = n ? n : add_presence(s, header, out, n, cap);
	if (property.len)
		n = add_aliases(s, property, 80, out, n, cap);
	/* what is in brackets often says what the column is, and the stem of what */
	if (inside.len && hub_utf8_count(inside) >= 2)
		n = add_aliases(s, inside, 85, out, n, cap);
	if (!hub_str_eq(stem, header))
		n = add_aliases(s, stem, 80, out, n, cap);
	const struct hub_str plain = without_owner(stem);
	if (!hub_str_eq(plain, stem))
		n = add_aliases(s, plain, 80, out, n, cap);
	/* a header of two rows is one name joined by _ */
	const size_t bar = last_of(header, '_');
	if (n && bar != (size_t)-1 && !relative.len && hub_str_eq(plain, stem))
		n = add_below_group(s, hub_str_from(header, bar + 1), out, n, cap);
	if (!n && bar != (size_t)-1)
		n = add_aliases(s, hub_str_from(header, bar + 1), 80, out, n, cap);
	if (!n && bar != (size_t)-1)
		n = add_aliases(s, hub_str_cut(header, 0, bar), 85, out, n, cap);
	if (!n)
		n = add_spellings(s, stem, out, n, cap);
	if (!n && !hub_str_eq(plain, stem))
		n = add_spellings(s, plain, out, n, cap);
	const struct hub_str polite = without_politeness(stem);
	if (!n && !hub_str_eq(polite, stem)) {
		n = add_aliases(s, polite, 85, out, n, cap);
		n = n ? n : add_spellings(s, polite, out, n, cap);
	}
	if (!n) /* 経過.支援日時: of a table in the record */
		n = add_aliases(s, behind_dot(header), 85, out, n, cap);
	return n ? n : add_endings(s, stem, out, n, cap);
}

/* 利用者基本情報_番号, 支援記録_日付: a group of columns is named by what it is about, and says that it is a group. */
static struct hub_str of_group(struct hub_arena *a, struct hub_str header)
{
	static const char *const says[] = {"基本情報", "情報", "記録", "データ", "欄"};
	const size_t bar = hub_str_find(header, HUB_STR("_"), 1);
	struct hub_str group = hub_str_cut(header, 0, bar == (size_t)-1 ? 0 : bar);

	for (size_t i = 0; i < HUB_COUNT(says) && group.len; i++) {
		if (!hub_str_ends(group, hub_str_of(says[i])))
			continue;
		group.len -= strlen(says[i]);
		if (hub_str_ends(group, HUB_STR("の")))
			group.len -= strlen("の");
		return group.len ? hub_arena_printf(a, "%.*s%.*s", HUB_FMT(group),
						    HUB_FMT(hub_str_from(header, bar)))
				 : hub_str_from(header, bar + 1);
	}
	return header;
}

uint32_t hub_guess_candidates(const struct hub_schema *s, struct hub_str header,
			      struct guess_cand *out, uint32_t cap)
{
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	if (header.len > NAME_BYTES) /* each of its endings would be looked up */
		return 0;
	if (hub_str_starts(header, HUB_STR("properties/"))) /* of a place in GeoJSON */
		header = hub_str_from(header, strlen("properties/"));
	if (a && !hub_schema_alias(s, header))
		header = of_group(a, header);
	uint32_t n = candidates(s, header, out, cap);

	if (!of_owner(header))
		return n;
	n = keep_owners(out, n);
	return n || !is_name(header) ? n : add_aliases(s, HUB_STR("法人の名称"), 85, out, n, cap);
}

/* 住所1, 住所2: the same word with another number or bracket behind it. */
int hub_guess_same_stem(struct hub_str a, struct hub_str b)
{
	return !hub_str_eq(stem_of(b), b) && hub_str_eq(stem_of(a), stem_of(b));
}
