#include "lexicon.h"

#include "hash.h"
#include "jname.h"
#include "jname_table.h"

#include <string.h>

enum { CHAINS = 512, CUES = 1024, CUE_LONGEST = 9, KNOWN_BITS = 18, READING_LONGEST = 9 };

/* Words around names, by class. Class 1 to 15: feature values, so the order is part of the model. */
enum {
	BEHIND_LAST = 8,
	TITLE_FIRST = 3,
	TITLE_LAST = 4,
	GROUP = 5,
	RELATION = 9,
	LABEL = 10,
	ROLE = 11,
	BUILDING = 13,
	GENERIC =
	    15, /* institutions, posts and relatives that every town has; says nothing to the model */
	MEASURE = 16,    /* the same: what a number in front of it counts */
	ACT = 17,        /* the same: what somebody did, behind a name in terse notes */
	KIN = 18,        /* the same: words of relation in katakana */
	SHORT_TITLE = 19 /* the same: titles of few letters */
};
static const char *const cues[] = {
    [1] = "さん サン さま 様 殿 どの 氏",
    [2] = "ちゃん チャン くん クン 君 たん ちん っち",
    [3] = "先生 医師 Dr 教授 看護師 保健師 助産師 薬剤師 弁護士 司法書士 社労士 行政書士 栄養士 "
	  "歯科医 主治医",
    [4] = "CW SW PSW MSW CM ケアマネ ケアマネジャー ケアマネージャー 相談員 支援員 指導員 保育士 "
	  "ヘルパー ワーカー 介護士 社会福祉士 精神保健福祉士 カウンセラー 専門員 支援専門員 "
	  "コーディネーター "
	  "民生委員 児童委員 保護司 後見人 保佐人 職員 担当 リーダー 教諭 担任 校長 教頭 園長 "
	  "施設長 所長 センター長 "
	  "理事長 社長 会長 部長 課長 係長 主任 主事 主査 主幹 班長 室長 院長 師長 次長 店長 議員 "
	  "市長 知事 町長 "
	  "大臣 選手 監督 容疑者 被告 記者 首相 大統領 投手 代表 委員 福祉司 心理司 心理士 心理師 "
	  "療法士 理学療法士 作業療法士 言語聴覚士 議長 書記 世話人 管理者 調査員 訪問員 協力員 "
	  "養護教諭 "
	  "栄養教諭 刑事 巡査 警部 住職 牧師 コーチ",
    [5] = "夫妻 夫婦 一家 家 宅 方 姓 兄弟 姉妹 親子 母 父 両親 ファミリー",
    [6] = "の母 の父 の長男 の長女 の次男 の次女 の妻 の夫 の息子 の娘 の姉 の妹 の兄 の弟 の祖母 "
	  "の祖父 の両親 "
	  "の家族 の自宅 の携帯 の件",
    [7] = "と申 と名乗 と呼 という といい という名 です。 (本人 (母 (父 (妻 (夫 (長 (次 ( 、( 歳 "
	  "才 生まれ 生",
    [8] = "ら たち 達 両名 本人",
    [9] = "母 父 夫 妻 長男 長女 次男 次女 三男 三女 四男 祖母 祖父 兄 姉 弟 妹 叔父 叔母 伯父 "
	  "伯母 従兄 従姉 従弟 "
	  "従妹 甥 姪 孫 義母 義父 義兄 義姉 義弟 義妹 養母 養父 継母 継父 息子 娘 実母 実父 実兄 "
	  "実姉 実弟 実妹 "
	  "いとこ 内縁 元夫 元妻 前夫 前妻 友人 知人 同居人 交際相手 彼氏 彼女 嫁 婿 ママ パパ",
    [10] = "氏名 名前 本人 対象者 相談者 利用者 依頼者 来談者 世帯主 患者 児童 本児 保護者 申請者 "
	   "届出人 出席者 参加者 "
	   "欠席者 記録者 記録 報告者 報告 担当 担当者 担任 主治医 司会 議長 書記 発言者 連絡者 "
	   "面談者 同席 同席者 "
	   "紹介者 通報者 宛名 差出人 宛 作成 作成者 受付 受付者 対応 対応者 聴取者 旧姓 通称 本名 "
	   "通名 別名 愛称 あだ名 "
	   "ニックネーム 呼び名 フリガナ ふりがな カナ 読み ヨミ 名義 姓",
    [11] = "ケアマネ 相談員 支援員 保健師 看護師 民生委員 ヘルパー ワーカー CW SW CM 職員 係長 "
	   "課長 部長 所長 主任 "
	   "主事 施設長 園長 校長 弁護士 医師 後見人 大家 管理人 店長 社長 班長 介護士 保育士 同僚 "
	   "上司 先輩 後輩 委員 福祉司 心理司 療法士 議長 書記 世話人 管理者 調査員 議員 教諭 住職 "
	   "刑事",
    [12] = "東京都 北海道 大阪府 京都府 県 市 区 町 村 郡 大字 字 丁目 番地 番 号 住所 所在地 自宅 "
	   "転居先 本籍 〒",
    [13] = "マンション アパート ハイツ コーポ 荘 団地 ビル メゾン レジデンス 病院 医院 クリニック "
	   "作業所 苑 園 ホーム "
	   "ハウス 事業所 センター 学校 小学校 中学校 高校 保育園 幼稚園 こども園 デイサービス "
	   "ステーション 薬局 学園 寮",
    [14] = "法人 社会福祉法人 NPO 株式会社 有限会社 医療法人 一般社団法人 合同会社 グループ 会社",
    [15] =
	"児童相談所 児相 特別支援学校 支援学校 支援学級 保育所 こども園 学童クラブ 一時保護所 "
	"乳児院 児童館 福祉事務所 社協 市役所 区役所 町役場 村役場 公民館 図書館 警察署 消防署 "
	"保健所 保健センター 裁判所 家庭裁判所 家裁 老健 特養 訪看 放デイ 児発 作業所 精神科病院 "
	"総合病院 大学病院 診療所 救急外来 断酒会 家族会 老人ホーム 枝番 インスタ マイナ "
	"ハローワーク 法テラス 事務局 地域連携室 "
	"包括 児相 民生 基幹 訪看 居宅 生協 役所 保育園 学校 園 "
	"奥さん 奥様 奥さま 社協さん 包括さん 役所さん 児相さん 保健師さん 大家さん 民生さん "
	"お子さん "
	"里母 里父 里親 家内 女房 旦那 内妻 内夫 曾孫 曽孫 ひ孫 息女 子息 俺 "
	"養教 生指 専務 常務 教頭 委員 書士 事務 司法書士 大家 家主 翁 社労 相談員 支援員 配達員 "
	"留学生 男性 女性 別居 別居中 同居 単身赴任 本名 旧姓 住所 番号 氏名 世帯 出席 欠席 "
	"新規 継続 終結 議題 事例 たん 爺 婆 大屋 床屋 八百屋 大工 SV",
    [16] = "ミリ センチ メートル キロ ヘクタール アール トン グラム リットル パーセント ドル "
	   "ユーロ ポンド "
	   "ヘルツ ワット カロリー mm cm km kg mg ml",
    [17] = "サマ 来所 来庁 来室 来電 入電 架電 訪問 面談 同席 欠席 不在 死亡 ライショ ライデン "
	   "ニュウデン カデン デンワ "
	   "デンワアリ レンラク ホウモン メンダン 姉弟 兄妹 名義 じいちゃん ばあちゃん じいさん "
	   "ばあさん 姉ちゃん 兄ちゃん 宛に 宛て",
    [18] = "ホンニン ハハ ハハオヤ チチ チチオヤ オット ツマ チョウナン チョウジョ ジナン ジジョ "
	   "サンナン サンジョ ソボ ソフ アネ イモウト オトウト ムスコ ムスメ ヨメ オジ オバ イトコ "
	   "ダンナ カレシ カノジョ カレ ドウキョニン ユウジン",
    [19] = "Ns NS PT OT ST SC SSW CSW FSW PSW HV Nr",
};

struct cue {
	uint32_t cp[CUE_LONGEST];
	uint8_t n, class;
	uint16_t next;
};

struct lexicon {
	uint32_t hide;
	uint64_t
	    known[(1u << KNOWN_BITS) / 64]; /* a bit for the hash of each surname and reading */
	uint16_t chain[CHAINS];             /* cues by their first character; 0: none */
	struct cue cue[CUES];
	uint16_t cues;
};

static uint32_t chain_of(uint32_t c)
{
	return (c ^ c >> 9) % CHAINS;
}

static uint32_t utf8_next(const char **p)
{
	const unsigned char *s = (const unsigned char *)*p;
	const uint32_t len = *s < 0x80 ? 1 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;
	uint32_t c = len == 1 ? *s : *s & (0x7fu >> len);

	for (uint32_t i = 1; i < len; i++)
		c = c << 6 | (s[i] & 0x3fu);
	*p += len;
	return c;
}

static void add_cues(struct lexicon *x, uint8_t class, const char *list)
{
	while (*list && x->cues + 1 < CUES) {
		struct cue *cue = &x->cue[++x->cues];
		*cue = (struct cue){.class = class};
		while (*list && *list != ' ' && cue->n < CUE_LONGEST)
			cue->cp[cue->n++] = utf8_next(&list);
		while (*list && *list != ' ')
			list++;
		while (*list == ' ')
			list++;
		cue->next = x->chain[chain_of(cue->cp[0])];
		x->chain[chain_of(cue->cp[0])] = x->cues;
	}
}

/* Hashes of names grow character by character: surnames from SURNAME, readings from READING. */
enum { SURNAME = 1, READING = 2 };

static uint32_t hash_name(uint32_t h, uint32_t c)
{
	return hash_mix(h, c);
}

static void add_known(struct lexicon *x, uint32_t h)
{
	h >>= 32 - KNOWN_BITS;
	x->known[h >> 6] |= (uint64_t)1 << (h & 63);
}

/* 0: no surname or reading for sure. */
static uint32_t may_know(const struct lexicon *x, uint32_t h)
{
	h >>= 32 - KNOWN_BITS;
	return (uint32_t)(x->known[h >> 6] >> (h & 63)) & 1;
}

/* Packed readings: seven bits for each kana, from the top. */
static void add_readings(struct lexicon *x, const uint64_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t h = READING;
		for (int k = READING_LONGEST - 1; k >= 0 && (list[i] >> 7 * k & 127); k--)
			h = hash_name(h, (uint32_t)(list[i] >> 7 * k) & 127);
		add_known(x, h);
	}
}

struct lexicon *lexicon_new(struct hub_ctx *ctx, const struct hub_host *host, uint32_t hide)
{
	struct lexicon *x = host->alloc(ctx, NULL, sizeof *x);

	if (!x)
		return NULL;
	x->hide = hide;
	for (size_t i = 0; i < sizeof jname_surnames / sizeof jname_surnames[0]; i++) {
		uint32_t h = SURNAME;
		for (int k = 0; k < 3 && jname_surnames[i][k]; k++)
			h = hash_name(h, jname_surnames[i][k]);
		add_known(x, h);
	}
	add_readings(x, jname_surname_kana,
		     sizeof jname_surname_kana / sizeof jname_surname_kana[0]);
	add_readings(x, jname_given_kana, sizeof jname_given_kana / sizeof jname_given_kana[0]);
	for (uint8_t c = 1; c < sizeof cues / sizeof cues[0]; c++)
		add_cues(x, c, cues[c]);
	return x;
}

static int hidden(const struct lexicon *x, const uint32_t *c, uint32_t n)
{
	uint32_t h = n;

	if (!x->hide)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		h = hash_mix(h, c[i]);
	return hash_end(h) % 1000 < x->hide;
}

/* The longest surname that begins at i. */
static void mark_surname(const struct lexicon *x, struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	uint32_t h[4] = {SURNAME}, most = s->n - i < 3 ? s->n - i : 3;

	for (uint32_t n = 1; n <= most; n++)
		h[n] = hash_name(h[n - 1], c[n - 1]);
	for (uint32_t n = most; n > 0; n--) {
		const unsigned kind = may_know(x, h[n]) ? jname_surname(c, n) : 0;
		if (!kind || hidden(x, c, n))
			continue;
		const uint8_t more = kind & JN_WORD ? NAME_AMBIGUOUS : 0;
		s->surname[i] = (uint8_t)((NAME_BEGIN + n) | more);
		for (uint32_t k = 1; k < n; k++)
			s->surname[i + k] = NAME_INSIDE | more;
		return;
	}
}

static uint32_t kana_index(uint32_t c)
{
	if (c >= 0x30a1 && c <= 0x30f4)
		c -= 0x60;
	if (c == 0x30fc)
		return 1;
	return c >= 0x3041 && c <= 0x3094 ? c - 0x3040 + 1 : 0;
}

static void mark_reading(const struct lexicon *x, struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	const uint8_t *type = s->type + SEQ_PAD + i; /* リの of パリの is no reading */
	uint32_t h[7] = {READING}, most = 0;

	while (most < 6 && i + most < s->n && kana_index(c[most]) && type[most] == type[0]) {
		h[most + 1] = hash_name(h[most], kana_index(c[most]));
		most++;
	}
	for (uint32_t n = most; n > 1; n--) {
		const unsigned kind = may_know(x, h[n]) ? jname_reading(c, n) : 0;
		if (!kind || hidden(x, c, n))
			continue;
		s->kana[i] = (uint8_t)((kind & JN_SURNAME ? KANA_SURNAME : 0u) |
				       (kind & JN_GIVEN ? KANA_GIVEN : 0u) | n);
		for (uint32_t k = 1; k < n; k++)
			if (!s->kana[i + k])
				s->kana[i + k] = KANA_INSIDE;
		return;
	}
}

/* Distances grow away from the cue; a stop mark ends its reach. */
static void spread(uint8_t *to, const struct seq *s, int64_t from, int step, uint32_t class)
{
	for (uint32_t d = 1; d <= NEAR_MOST && from >= 0 && from < s->n; d++, from += step) {
		const uint32_t c = s->cp[from + SEQ_PAD];
		if (c == 0x3002 || c == 0x300d || c == 0x300c)
			return;
		const uint32_t old = to[from] >> 4;
		if (!old || d <= old)
			to[from] = (uint8_t)(d << 4 | class);
	}
}

static void mark_cues(const struct lexicon *x, struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	const struct cue *behind = NULL, *before = NULL;

	for (uint16_t k = x->chain[chain_of(c[0])]; k; k = x->cue[k].next) {
		const struct cue *cue = &x->cue[k];
		const struct cue **best = cue->class > BEHIND_LAST ? &before : &behind;
		if (cue->class >= GENERIC || cue->n > s->n - i ||
		    memcmp(cue->cp, c, cue->n * sizeof *c) != 0)
			continue;
		if (!*best || (*best)->n < cue->n)
			*best = cue;
	}
	if (behind)
		spread(s->behind, s, (int64_t)i - 1, -1, behind->class);
	if (before)
		spread(s->before, s, (int64_t)i + before->n, 1, before->class);
}

void lexicon_mark(const struct lexicon *x, struct seq *s)
{
	memset(s->surname, 0, s->n);
	memset(s->kana, 0, s->n);
	memset(s->behind, 0, s->n);
	memset(s->before, 0, s->n);
	for (uint32_t i = 0; i < s->n; i++) {
		const uint8_t t = s->type[i + SEQ_PAD];
		if (t == SEQ_KANJI && !s->surname[i])
			mark_surname(x, s, i);
		if ((t == SEQ_HIRA || t == SEQ_KATA) && (!s->kana[i] || s->kana[i] == KANA_INSIDE))
			mark_reading(x, s, i);
		mark_cues(x, s, i);
	}
}

/* Class of the cue that characters [from, to) are; one of lo..hi, else 0. */
static uint32_t class_of(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to,
			 uint32_t lo, uint32_t hi)
{
	const uint32_t *c = s->cp + SEQ_PAD + from;

	for (uint16_t k = x->chain[chain_of(c[0])]; k; k = x->cue[k].next) {
		const struct cue *cue = &x->cue[k];
		if (cue->class >= lo && cue->class <= hi && cue->n == to - from &&
		    memcmp(cue->cp, c, cue->n * sizeof *c) == 0)
			return cue->class;
	}
	return 0;
}

/* Length of the longest cue of classes lo..hi that begins at i and ends at `to` at the latest; 0: none. */
static uint32_t longest_at(const struct lexicon *x, const struct seq *s, uint32_t i, uint32_t to,
			   uint32_t lo, uint32_t hi)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	uint32_t longest = 0;

	for (uint16_t k = x->chain[chain_of(c[0])]; k; k = x->cue[k].next) {
		const struct cue *cue = &x->cue[k];
		if (cue->class >= lo && cue->class <= hi && cue->n > longest && i + cue->n <= to &&
		    memcmp(cue->cp, c, cue->n * sizeof *c) == 0)
			longest = cue->n;
	}
	return longest;
}

/* 司 of 心理司 */
static int is_in_title(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	for (uint32_t back = 1; back < CUE_LONGEST && back <= from; back++)
		if (longest_at(x, s, from - back, s->n, TITLE_FIRST, TITLE_LAST) >=
		    back + to - from)
			return 1;
	return 0;
}

int lexicon_is_role(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	return is_in_title(x, s, from, to) || class_of(x, s, from, to, RELATION, RELATION) ||
	       class_of(x, s, from, to, GENERIC, GENERIC) ||
	       class_of(x, s, from, to, KIN, SHORT_TITLE) ||
	       (to - from > 1 && class_of(x, s, from, to, BUILDING, BUILDING)) ||
	       class_of(x, s, from, to, ROLE, ROLE) ||
	       class_of(x, s, from, to, TITLE_FIRST, TITLE_LAST);
}

uint32_t lexicon_honorific(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	for (uint32_t n = CUE_LONGEST; n > 0; n--)
		if (to - from > n && class_of(x, s, to - n, to, 1, GROUP))
			return n;
	return 0;
}

uint32_t lexicon_act(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	for (uint32_t i = from + 1; i < to; i++) {
		const uint32_t n = longest_at(x, s, i, s->n, ACT, ACT);
		if (n > 1 && i + n >= to)
			return to - i;
	}
	return 0;
}

int lexicon_is_kin(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	return class_of(x, s, from, to, KIN, KIN) > 0;
}

uint32_t lexicon_called(const struct lexicon *x, const struct seq *s, uint32_t from)
{
	return longest_at(x, s, from, s->n, 1, TITLE_FIRST - 1);
}

int lexicon_measures(const struct lexicon *x, const struct seq *s, uint32_t from)
{
	return longest_at(x, s, from, s->n, MEASURE, MEASURE) > 0;
}

uint32_t lexicon_title(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to,
		       uint32_t *end)
{
	for (uint32_t i = from + 1; i < to; i++) {
		const uint32_t title = longest_at(x, s, i, s->n, TITLE_FIRST, TITLE_LAST),
			       brief = longest_at(x, s, i, s->n, SHORT_TITLE, SHORT_TITLE),
			       n = title > brief ? title : brief;
		if (n > 1 && i + n >= to) {
			*end = i + n;
			return to - i;
		}
	}
	*end = to;
	return 0;
}

uint32_t lexicon_told(const struct seq *s, uint32_t i)
{
	const uint32_t far = s->before[i] >> 4, class = s->before[i] & 15;

	return (class == RELATION || class == LABEL) && far <= 2 ? far : 0;
}

int lexicon_is_building(const struct lexicon *x, const struct seq *s, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (longest_at(x, s, i, to, BUILDING, BUILDING) >= (i + 1 == to ? 1u : 2u))
			return 1;
	return 0;
}
