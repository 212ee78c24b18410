/* What of a text is the name of a house where somebody stays, and what is only its kind. */
#include "release/refuge_in.h"

#include "text/addrlex.h"
#include "text/fold.h"

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

int hub_refuge_is_name(struct hub_str s)
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

int hub_refuge_is_house(struct hub_str s)
{
	static const char *const ends[] = {"寮",     "荘",     "苑",         "園",      "舎",
					   "館",     "院",     "里",         "の家",    "ホーム",
					   "ハウス", "ホテル", "シェルター", "センター"};

	for (size_t i = 0; i < HUB_COUNT(ends); i++)
		if (hub_str_ends(s, hub_str_of(ends[i])))
			return 1;
	return 0;
}

int hub_refuge_has_house(struct hub_str s)
{
	unsigned kata = 0, hira = 0;
	size_t next;

	for (size_t at = 0; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		kata += (c >= 0x30a1 && c <= 0x30fa && c != 0x30ce) || (c >= 'A' && c <= 'z');
		hira += c >= 0x3041 && c <= 0x3096;
	}
	return hub_refuge_is_house(s) || (kata > 1 && !hira && !hub_str_ends(s, HUB_STR("団地")) &&
					  !hub_str_ends(s, HUB_STR("住宅")));
}

struct hub_str hub_refuge_key(struct hub_arena *a, struct hub_str plain)
{
	const struct hub_str s = hub_kana_convert(a, plain, HUB_KANA_TO_KATA);
	char *out = s.ptr ? hub_alloc(a, s.len + 1) : NULL;
	size_t n = 0, next;

	for (size_t at = 0; out && at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		if (hub_refuge_is_mark(c) || c == 0x30ce /* ノ */)
			continue;
		memcpy(out + n, s.ptr + at, next - at);
		n += next - at;
	}
	return (struct hub_str){out, n};
}
