#include "facility.h"

#include "dict.h"
#include "hash.h"
#include "jname.h"
#include "words.h"

#include <string.h>

/* More parts of speech of pos-id.def. */
enum {
	TAG_LETTER = 3,
	TAG_PREFIX_FIRST = 27,
	TAG_PREFIX = 30, /* of a noun; the last of them */
	TAG_NUMBER = 48,
	TAG_SUFFIX = 51,
	TAG_SUFFIX_SEEMS = 54,
	TAG_SUFFIX_PERSON = 55,
	TAG_SUFFIX_LAST = 58,
};

enum { END_LONGEST = 11, NAME_LONGEST = 40, DOT = 0x30fb };

static const char ends[] =
    /* traffic */
    "駅 駅前 駅北口 駅南口 駅東口 駅西口 空港 飛行場 港 埠頭 岸壁 桟橋 運河 橋 大橋 鉄橋 トンネル "
    "道路 自動車道 "
    "バイパス 街道 国道 県道 府道 交差点 線 本線 新線 支線 地下鉄 インターチェンジ ジャンクション "
    "IC JCT "
    "パーキングエリア サービスエリア 停留所 バス停 ターミナル ステーション "
    /* sport, culture, leisure */
    "球場 競馬場 競輪場 競技場 競艇場 スタジアム アリーナ ドーム サーキット スピードウェイ "
    "オートレース場 ジム "
    "プール 体育館 武道館 国技館 劇場 ホール シアター 映画館 美術館 博物館 資料館 記念館 水族館 "
    "動物園 植物園 "
    "図書館 公民館 会館 文化会館 市民会館 音楽館 未来館 館 公園 庭園 広場 遊園地 スキー場 ゴルフ場 "
    "キャンプ場 "
    "カントリークラブ ゴルフクラブ ガーデン パーク パラダイス ミュージアム プラザ スクエア "
    "ギャラリー 会議場 "
    "展示場 "
    /* graves, castles, worship */
    "墓地 霊園 墳 古墳 古墳群 遺跡 城 城跡 宮殿 神殿 王宮 離宮 砦 要塞 神社 神宮 天満宮 東照宮 "
    "八幡宮 大社 本宮 "
    "寺 寺院 聖堂 大聖堂 教会 修道院 モスク "
    /* schools and science */
    "大学 大学校 短期大学 高校 高等学校 中学校 小学校 学校 女学校 師範学校 専門学校 学園 学院 "
    "幼稚園 保育園 保育所 "
    "こども園 学舎 校舎 キャンパス 研究所 研究センター センター 天文台 観測所 教習所 "
    /* health and care */
    "病院 医院 クリニック 診療所 療養所 医療センター 薬局 ホーム 老人ホーム ハウス 児童館 苑 "
    /* work */
    "工場 製作所 製錬所 鉄工所 鐵工所 造船所 工廠 発電所 変電所 原発 ダム 浄水場 処理場 蒸溜所 "
    "醸造所 鉱業所 撮影所 "
    "スタジオ 放送局 放送所 中継局 支局 支店 支社 支部 本店 本社 本部 営業所 営業部 出張所 事務所 "
    "事業所 作業所 "
    "百貨店 市場 商店街 ショッピングセンター モール 牧場 農場 農園 訓練場 練兵場 基地 駐屯地 "
    "試験場 詰所 "
    /* houses */
    "ホテル 旅館 ユースホステル ヒュッテ ビル ビルディング タワー マンション アパート ハイツ "
    "コーポ 荘 団地 寮 "
    "住宅 屋敷 別邸 ロッジ ペンション 民宿 ひろば ヒルズ ブリッジ 鉄道 信号場 操車場 車庫 灯台 "
    "滑走路 船着場 "
    "議事堂 公会堂 講堂 会堂 礼拝堂 チャペル 僧院 裁判所 法廷 警察署 消防署 交番 駐在所 派出所 "
    "鎮守府 "
    "商店 書店 食堂 レストラン カフェ ショップ ショールーム 酒場 横丁 道場 グラウンド フィールド "
    "シネマ "
    "座 校 宮 店 園 邸 分校 分院 号館 塾 乳児院 工房 授産所 斎場 火葬場 葬祭場 "
    "通り 倶楽部 コンプレックス コンベンション マルシェ 屋台村 役場 通用門 跡地 "
    "宿舎 庁舎 郵便局 刑務所 拘置所 少年院 大使館 公使館 領事館 公邸 官邸 奉行所 藩邸 休憩所";

/* What stands in front of a facility without naming it. */
static const char plain[] = "全 両 各 当 本 同 現 新 他 隣 前 総 旧 居 公立 国立 市立 県立 都立 "
			    "町立 村立 私立 府立 道立 国公立 市営 県営 "
			    "都営 国営 町営 村営 民間 公営 公共 有料 老舗 高速 国際 国内 国外 海外 "
			    "日本 地方 地域 地元 中央 中心 市街 市内 "
			    "県内 構内 近隣 最寄り 最寄 海岸 山 繭 総合 共同 複合 附属 付属 新設 "
			    "既存 仮設 大型 小型 巨大 小 大 新制 上記 "
			    "下記 別表 主要 一般 普通 専門 特別 同じ 自 自社 名 "
			    "在来 幹線 鉄道 歩道 旅客 貨物 地下鉄 駅 老人 グループ ケア デイ "
			    "サービス 訪問 看護 介護 相談 支援 養護 精神 福祉 "
			    "保健 医療 救急 整骨 接骨 児童 子育て 子ども こども 子供 母子 高齢 "
			    "高齢者 障害 障がい 者 発達 包括 基幹 生活 就労 "
			    "就業 教育 研修 訓練 試験 実験 大学 動物 温水 屋内 屋外 野外 多目的 "
			    "コンサート イベント ライブ ショッピング ホーム "
			    "セキュリティ 水産 製紙 パルプ 自動車 電気 機械 食品 建設 料理 中華 "
			    "喫茶 居酒 ラーメン 寿司 飲食 チェーン 加盟 "
			    "代理 販売 小売 直営 事務 研究 開発 技術 生産 物流 配送 流通 情報 管理 "
			    "放送 通信 原子力 火力 水力 風力 文化 芸術 "
			    "歴史 民俗 科学 スポーツ 運動 音楽 映画 重警備 集配 右派 左派 教団 "
			    "ゴミ ごみ オレンジ 認知症 日中 空き 幽霊 メンタル 心療 猫 保護 "
			    "工場 店 施設 館 分 本部 支部 第 母 父 長男 "
			    "長女 次男 次女 県 市 町 村 区 都 府 国 A B C X";

/* How the owner in front of a facility ends, whose name is another one: ...銀行 本店. Two characters each. */
static const char owners[] = "銀行 信金 金庫 農協 会社 法人";

/* ---- words ---- */

static int has(const struct facility_set *set, uint32_t hash)
{
	uint32_t i = hash % FACILITY_SLOTS;

	while (set->slot[i] && set->slot[i] != hash)
		i = (i + 1) % FACILITY_SLOTS;
	return set->slot[i] != 0;
}

static void add(struct facility_set *set, uint32_t hash)
{
	uint32_t i = hash % FACILITY_SLOTS;

	while (set->slot[i] && set->slot[i] != hash)
		i = (i + 1) % FACILITY_SLOTS;
	set->slot[i] = hash;
}

/* Of a list of words with a space between them. */
static size_t next_word(const char **list, const char **word)
{
	*word = *list;
	const size_t len = strcspn(*list, " ");
	*list += len + ((*list)[len] == ' ');
	return len;
}

static void add_words(struct facility_set *set, const char *list)
{
	const char *word;

	while (*list) {
		const size_t len = next_word(&list, &word);
		add(set, hash_bytes(word, len));
	}
}

static void add_ends(struct facility *f, const char *list)
{
	const char *word;

	while (*list) {
		size_t at = next_word(&list, &word);
		uint32_t h = 0;
		while (at > 0) {
			const size_t to = at;
			while ((word[--at] & 0xc0) == 0x80)
				;
			uint32_t c = (unsigned char)word[at];
			if (to - at == 3) /* the list has no others than those and ASCII */
				c = (c & 15u) << 12 | ((uint32_t)word[at + 1] & 63) << 6 |
				    ((uint32_t)word[at + 2] & 63);
			c = jname_fold(c);
			if (!h)
				f->last[c % FACILITY_SLOTS / 64] |= (uint64_t)1 << (c & 63);
			h = hash_mix(h, c);
		}
		add(&f->end, h);
	}
}

void facility_init(struct facility *f)
{
	memset(f, 0, sizeof *f);
	add_ends(f, ends);
	add_words(&f->plain, plain);
	add_words(&f->owner, owners);
}

/* ---- what a facility ends with ---- */

static int is_latin(uint8_t type)
{
	return type == SEQ_UPPER || type == SEQ_LOWER;
}

uint32_t facility_end(const struct facility *f, const struct seq *s, uint32_t to)
{
	const uint32_t *c = s->cp + SEQ_PAD;
	const uint8_t *type = s->type + SEQ_PAD;
	uint32_t h = 0, best = 0;

	if (!to || !(f->last[c[to - 1] % FACILITY_SLOTS / 64] >> (c[to - 1] & 63) & 1))
		return 0;
	for (uint32_t n = 1; n <= END_LONGEST && n <= to; n++) {
		h = hash_mix(h, c[to - n]);
		if (has(&f->end, h))
			best = n;
	}
	if (is_latin(type[to - 1]) && best < to && is_latin(type[to - best - 1]))
		return 0;
	return best;
}

/* ---- what stands in front of it ---- */

static uint32_t tag_of(const struct seq_word *w)
{
	return w->tag % TAG_UNKNOWN;
}

/* A noun that may be a part of a name, a prefix, a letter. */
static int is_part(const struct seq_word *w)
{
	const uint32_t tag = tag_of(w);

	return tag == TAG_LETTER || (tag >= TAG_PREFIX_FIRST && tag <= TAG_PREFIX) ||
	       tag == DICT_NOUN_VERBAL || tag == DICT_NOUN ||
	       (tag >= DICT_NOUN_ADJECTIVE && tag <= TAG_NUMBER) ||
	       (tag >= TAG_SUFFIX && tag <= TAG_SUFFIX_LAST && tag != TAG_SUFFIX_SEEMS &&
		tag != TAG_SUFFIX_PERSON);
}

static int is_proper(const struct seq_word *w)
{
	return tag_of(w) > DICT_NOUN_ADJECTIVE && tag_of(w) <= DICT_COUNTRY;
}

int facility_joins(const struct seq *s, uint32_t i)
{
	const uint32_t c = s->cp[i + SEQ_PAD];
	const uint8_t *type = s->type + SEQ_PAD;

	return (c == DOT || c == '=') && type[(int)i - 1] == SEQ_KATA && type[i + 1] == SEQ_KATA;
}

static int is_all(const struct seq *s, const struct seq_word *w, enum seq_type type)
{
	for (uint32_t i = w->from; i < w->to; i++)
		if (s->type[i + SEQ_PAD] != type)
			return 0;
	return 1;
}

static int has_mark(const struct seq *s, const struct seq_word *w)
{
	for (uint32_t i = w->from; i < w->to; i++)
		if (s->type[i + SEQ_PAD] >= SEQ_MARK && !facility_joins(s, i))
			return 1;
	return 0;
}

static int is_owner(const struct facility *f, const struct seq *s, const struct seq_word *w)
{
	return w->to > w->from + 1 &&
	       has(&f->owner, hash_bytes(s->text + s->byte[w->to - 2],
					 (size_t)(s->byte[w->to] - s->byte[w->to - 2])));
}

static int goes_on(const struct facility *f, const struct seq *s, const struct seq_word *w,
		   const uint8_t *found)
{
	uint32_t known = 0;

	if (w->to == w->from + 1 && facility_joins(s, w->from))
		return 1; /* a word by itself */
	if (is_owner(f, s, w) || has_mark(s, w))
		return 0;
	for (uint32_t i = w->from; i < w->to; i++)
		known += found[i] != 0;
	if (known == (uint32_t)w->to - w->from)
		return 1;
	return is_part(w) && (is_proper(w) || !is_all(s, w, SEQ_HIRA));
}

int facility_find(const struct facility *f, const struct seq *s, uint32_t k, const uint8_t *found,
		  struct facility_name *out)
{
	const struct seq_word *last = &s->word[k];
	const uint32_t to = last->to, end = facility_end(f, s, to);
	uint32_t from = last->from;

	/* 高橋 is no bridge, 戦線 no railway */
	if (!end || (end == 1 && to - from > 1 &&
		     (is_proper(last) || (is_part(last) && last->tag < TAG_UNKNOWN))))
		return 0;
	while (k > 0 && to - s->word[k - 1].from <= NAME_LONGEST &&
	       goes_on(f, s, &s->word[k - 1], found))
		from = s->word[--k].from;
	while (from < to && s->type[from + SEQ_PAD] >= SEQ_MARK)
		from++;
	*out = (struct facility_name){from, to, end};
	return from + end < to;
}

int facility_strip(const struct facility *f, const struct seq *s, struct facility_name *name)
{
	uint32_t prefix = name->from;

	while (name->from + name->end < name->to) {
		const struct seq_word *w = &s->word[s->word_of[name->from]];
		if (!has(&f->plain, w->hash) && tag_of(w) != TAG_NUMBER) {
			name->from = prefix;
			return 1;
		}
		prefix = tag_of(w) == TAG_PREFIX ? name->from : w->to;
		name->from = w->to;
	}
	return 0;
}
