#include "about.h"

#include "dict.h"
#include "hash.h"
#include "tag_in.h"
#include "unnamed.h"

#include <string.h>
#include <uchar.h>

enum { MIXED_LONGEST = 6, LIST_FAR = 4, SHORT_LONGEST = 4, THING_LONGEST = 5 };

/* What those who work in care say every day in katakana, which dictionaries have as a name, or not at all. */
static const char16_t work[] =
    u"デイ ショート ミドル ロング プラン グルホ アセス カンファ サポステ ファミサポ ハロワ "
    u"レスパイト リハ "
    u"フレイル サルコペニア ロコモ ヤングケアラー ダブルケア モラハラ ニート スマホ オヤツ ヤケド "
    u"ストレングス エンパワメント インテーク インフォーマル フォーマル エコマップ ジェノグラム "
    u"モニタ "
    u"モニタリング アウトリーチ アウトリ ネグレクト セルフネグレクト グリーフ ピアサポ "
    u"ショートステイ "
    u"トワイライトステイ ナイトケア デイケア ポータブルトイレ バイタル トランス カテーテル ストマ "
    u"バルーン パウチ ガスター インスタ ティックトック エピペン ムンテラ トロミ オムツ パット "
    u"ペースト "
    u"ミキサー リクライニング ティルト ガイヘル ピアカン ";

/* Shops, apps, toys, cars and food that are in every other note of a household, which have the sound of names. */
static const char16_t goods[] =
    u"ローソン セブン セブンイレブン ファミマ ファミリーマート ミニストップ マツキヨ ウエルシア "
    u"ツルハ コスモス "
    u"クスリノアオキ マックスバリュ ヨーカドー ライフ コープ ダイソー セリア キャンドゥ ニトリ "
    u"ユニクロ "
    u"シマムラ ドンキ コストコ カインズ コメリ コーナン ナフコ マック マクドナルド モス "
    u"ケンタッキー サイゼ "
    u"サイゼリヤ ガスト ココス デニーズ スシロー スタバ ドトール コメダ ミスド ヨドバシ ケーズ "
    u"アマゾン ヤフー "
    u"メルカリ ラクマ ジモティー ペイペイ スイカ パスモ ライン インスタ ツイッター ティックトック "
    u"ユーチューブ "
    u"フェイスブック ズーム スカイプ ディスコード タイミー ウーバー ウーバーイーツ ネトフリ "
    u"スイッチ プレステ "
    u"マイクラ マインクラフト フォートナイト スプラトゥーン "
    u""
    u"プラレール トミカ レゴ シルバニア ルービックキューブ "
    u"キャラバン プリウス ヴォクシー アルファード ムーブ タント "
    u"スペーシア ハスラー ジムニー ハイエース エヌボックス シエンタ ヤリス デミオ シニアカー "
    u"ウォーカー パジェロ "
    u"ヤクルト カルピス ポカリ ポカリスエット アクエリ アクエリアス エンシュア メイバランス "
    u"ラコール エネーボ "
    u"ハイチュウ ポッキー カップヌードル キムチ キウイ マンゴー ハーモニカ クレヨン リコーダー "
    u"ピアニカ カスタネット "
    u"タンバリン ウクレレ ギター バイオリン オセロ トランプ ジェンガ カラオケ ボッチャ モルック "
    u"ペタンク "
    u"レム ノンレム ノロ ロタ コロナ インフル ヒブ ";

/* What old systems and punched cards, all in katakana, say of people. */
static const char16_t in_kana[] =
    u"ヨウカイゴ ヨウシエン カイゴ ニンテイ クブン ドクキョ ドウキョ ベッキョ サービス リヨウ "
    u"リヨウヒョウ ホウモン "
    u"デンワ ライデン ニュウデン カデン ライショ ライチョウ ソウダン メンダン レンラク ホウコク "
    u"カクニン キボウ "
    u"ヘンコウ ヘンコウナシ イジョウナシ トクニナシ ナシ カラ ヨリ マデ ノタメ ヨテイ ジカイ "
    u"ホンジツ "
    u"コンゲツ ライゲツ センゲツ ニュウイン タイイン ツウイン ジュシン フクヤク ショクジ "
    u"ニュウヨク ハイセツ "
    u"ホコウ シンセイ コウシン テツヅキ ショルイ セイホ ネンキン シュウニュウ ヤチン タイノウ "
    u"シャッキン "
    u"ジタク シセツ ビョウイン ガッコウ シヤクショ ヤクバ シュウロウ ムショク リコン シベツ シボウ "
    u"テンシュツ テンニュウ テンキョ シュヨウ ハハヨリ チチヨリ ツマヨリ オットヨリ ムスコヨリ "
    u"ムスメヨリ "
    u"カゾク ムスコ ムスメ ホンニン チョウナン チョウジョ ジナン ジジョ イモウト オトウト ツマ "
    u"オット "
    u"ケッセキ シュッセキ ハツネツ ライシュウ コンシュウ センシュウ マイシュウ ヨウケン イライ "
    u"ジョウキョウ タイチョウ "
    u"フリョウ リョウコウ フザイ ルス キュウビョウ キュウヨウ エンキ チュウシ カイシ シュウリョウ "
    u"ケイゾク "
    u"テキヨウ フカ ヨウス アンピ ミマモリ ハイショク ソウゲイ フクシ ジムショ ミンセイイイン "
    u"ホケンシ "
    u"ツウショ キュウシ リユウ フメイ ソボ ソフ セタイヌシ タントウ シメイ ジュウショ "
    u"セイネンガッピ ";

/* The same, of two kinds of characters. */
static const char16_t mixed[] =
    u"サ担 障サ サ高住 サ責 サビ管 マイナ保険証 個ケ 個ケース会議 児家セン "
    u"児セン 支セン 包セン ケア会議 ケア会 デイ利用 放デイ ";

/* Illnesses and tests that are named after somebody whose name hardly anyone here has. */
static const char16_t illnesses[] =
    u"アスペルガー パーキンソン バセドウ アルツハイマー レビー クローン メニエール ハンチントン "
    u"トゥレット コルサコフ ウェルニッケ シェーグレン ベーチェット ギランバレー "
    u"クロイツフェルト クラインフェルター マルファン ドラベ アンジェルマン ソトス ヌーナン "
    u"クッシング "
    u"アジソン ホジキン カナー プラダーウィリ ビネー ウェクスラー ロールシャッハ バウム バーセル "
    u"グラスゴー ";

/* Medicines that such notes name most. */
static const char16_t medicines[] =
    u"アリセプト メマリー レミニール リバスタッチ イクセロン リスパダール インヴェガ ゼプリオン "
    u"ジプレキサ セロクエル ビプレッソ エビリファイ レキサルティ ラツーダ シクレスト ロナセン "
    u"クロザリル コントミン ヒルナミン レボトミン セレネース ハロマンス インプロメン グラマリール "
    u"ドグマチール ウインタミン プロピタン ルーラン デパケン バレリン テグレトール "
    u"ラミクタール "
    u"トリプタノール トフラニール アナフラニール アモキサン テトラミド ルジオミール パキシル "
    u"ジェイゾロフト レクサプロ ルボックス デプロメール サインバルタ イフェクサー トレドミン "
    u"リフレックス "
    u"レメロン レスリン デジレル トリンテリックス デパス ソラナックス ワイパックス "
    u"レキソタン "
    u"セルシン ホリゾン メイラックス セパゾン セディール ハルシオン レンドルミン サイレース "
    u"ロヒプノール ユーロジン ベンザリン ネルボン エバミール ロラメット リスミー ドラール "
    u"マイスリー "
    u"アモバン ルネスタ ロゼレム ベルソムラ デエビゴ クービビック コンサータ ストラテラ "
    u"インチュニブ "
    u"ビバンセ アキネトン アーテン ピレチア ヒベルナ ヒスロン メネシット ドパコール マドパー "
    u"ネオドパストン "
    u"レキップ ビシフロール ミラペックス ニュープロ シンメトレル トレリーフ イーケプラ "
    u"エクセグラン "
    u"フィコンパ ビムパット アレビアチン フェノバール リボトリール ランドセン マイスタン "
    u"ワーファリン ワルファリン エリキュース イグザレルト リクシアナ プラザキサ バイアスピリン "
    u"プラビックス "
    u"アムロジピン ノルバスク アダラート オルメテック ミカルディス ブロプレス ディオバン "
    u"メインテート "
    u"アーチスト ラシックス アルダクトン ダイアート サムスカ クレストール リピトール メバロチン "
    u"ジャヌビア メトグルコ アマリール トラゼンタ フォシーガ ジャディアンス ランタス ノボラピッド "
    u"ヒューマログ トレシーバ タケキャブ タケプロン ネキシウム ガスモチン ムコスタ セルベックス "
    u"マグミット "
    u"プルゼニド アミティーザ グーフィス モビコール ラキソベロン ロキソニン カロナール "
    u"タリージェ "
    u"トラムセット セレコックス ボルタレン モーラステープ フェントステープ シナール メチコバール "
    u"フェロミア エディロール アルファロール フォサマック ボンビバ プレドニン "
    u"ロキソプロフェン "
    u"アセトアミノフェン アレグラ アレロック ザイザル ムコダイン メプチン アドエア シムビコート "
    u"ノックビン シアナマイド レグテクト セリンクロ チャンピックス ベタニス ベシケア ハルナール "
    u"ウリトス バップフォー ゾフルーザ タミフル "
    u"アムロジン アジルバ イルベタン エナラプリル レニベース タナトリル コニール ペルジピン "
    u"ニトロール "
    u"ニトロペン シグマート フランドル アイトロール ジゴシン ワソラン サンリズム タンボコール "
    u"アミサリン "
    u"ネオフィリン テオドール テオロング ホクナリン スピリーバ レルベア フルティフォーム "
    u"オンブレス "
    u"アノーロ テリルジー エリプタ オルベスコ パルミコート フルタイド シングレア キプレス オノン "
    u"リウマトレックス フォリアミン アザルフィジン アクテムラ エンブレル ヒュミラ オレンシア "
    u"レミケード "
    u"ゼルヤンツ プログラフ ネオーラル リンデロン デカドロン アンテベート マイザー ロコイド "
    u"キンダベート "
    u"ヒルドイド アズノール ゲンタシン プロペト ワセリン オロナイン モーラス "
    u"ロキソプロフェンテープ "
    u"ノウリアスト コムタン エフピー アジレクト パーロデル リクシアナ エクア エクメット ルセフィ "
    u"カナグル "
    u"スーグラ デベルザ ネシーナ テネリア オングリザ グリメピリド セイブル ベイスン アクトス "
    u"ビクトーザ "
    u"トルリシティ オゼンピック リベルサス ヒューマリン レベミル ライゾデグ アピドラ ルムジェブ "
    u"ザイロリック フェブリク ユリノーム コルヒチン ザルティア アボルブ ユリーフ フリバス "
    u"ナフトピジル "
    u"トビエース ステーブラ ネスプ ミルセラ エポジン カリメート ケイキサレート アーガメイト "
    u"ホスレノール リオナ レグパラ ロカルトロール ワンアルファ ラキソ パントシン テレミンソフト "
    u"新レシカルボン リンゼス ミヤBM ビオフェルミン ラックビー ガスコン プリンペラン ナウゼリン "
    u"パリエット オメプラール ガスター アシノン リーバクト ラクツロース モニラック リフキシマ "
    u"ウルソ "
    u"オキシコンチン オキノーム アンペック フェントス デュロテップ モルヒネ コデイン ナルサス "
    u"ナルラピド "
    u"リリカ ノイロトロピン トラマール ワントラム カロナール ボルタレンサポ インテバン "
    u"バルトレックス ファムビル ゾビラックス クラビット ジスロマック フロモックス メイアクト "
    u"サワシリン "
    u"オーグメンチン バクタ ダラシン セフゾン フロリード イトリゾール ラミシール "
    u"リーマス ビプレッソ シクレスト ノバミン ピーゼットシー テトラベナジン レスミット ダイアップ "
    u"ブコラム アレジオン クラリチン ポララミン デザレックス ビラノア ルパフィン タリオン "
    u"ジルテック "
    u"ザイボックス プラルエント ゼチーア リバロ パルモディア ロスーゼット エパデール ロトリガ "
    u"チラーヂン メルカゾール プロパジール コートリル エビスタ ベネット ボノテオ アクトネル "
    u"プラリア "
    u"フォルテオ テリボン イベニティ ";

/* What stands behind a medicine or an illness, and seldom behind somebody's name. */
static const char16_t behind[] =
    u"錠 塗布 舌下 処置 を塗布 を舌下 配合 自己注 注射 併用 ワクチン を注射 を併用 の予防接種 "
    u"の注射 散 薬 点滴 貼付 静注 "
    u"皮下注 を点滴 を貼付 を静注 剤 液 軟膏 坐薬 点眼 処方 残薬 内服 服用 "
    u"頓用 頓服 追加 中止 増量 減量 漸減 漸増 "
    u"投与 "
    u"を処方 を内服 を服用 を頓服 を追加 を中止 を増量 を減量 を漸減 を投与 を飲 も内服 も中止 "
    u"も処方 "
    u"も追加 は中止 は増量 は漸減 は自己中断 の副作用 の離脱 という薬 症候群 症 テスト スケール "
    u"尺度 の疑い "
    u"の診断は の診断を の診断あ に変更 へ変更 に切替 へ切替 に切り替 へ切り替 ";

/* The unit of a dose, behind a number. */
static const char16_t doses[] =
    u"mg ㎎ μg mcg g ml mL cc L 錠 包 T C A V 単位 カプセル 滴 吸入 枚 噴霧 プッシュ 管 Fr ";

/* What has a maker or a make, and nobody who brings or does it: 湿布は, 車いすは, not 車は, 弁当は. */
static const char16_t things[] = u"機 器 具 装具 剤 湿布 テープ 軟膏 点眼 座薬 坐薬 漢方 "
				 u"インスリン パウチ バルーン カテーテル おむつ オムツ "
				 u"パッド マット ベッド シート リフト ベビーカー 車いす 車椅子 杖 "
				 u"椅子 イス 歩行器 手すり 便座 義足 義歯 "
				 u"補聴器 センサー モニター 靴 服 鞄 帽子 時計 眼鏡 メガネ カメラ "
				 u"パソコン タブレット アプリ ソフト テレビ "
				 u"ラジオ ラジカセ コピー 電池 エアコン ストーブ 洗剤 柔軟剤 "
				 u"石けん シャンプー クリーム リュック "
				 u"ランドセル ひも 瓶 缶 品種 尺度 スケール 回線 サプリ ";

/* Kanji that short words of this work are made of, the first of each longer one: 児扶手, 地活, 特障, 相支, 緊小. */
static const char16_t heads[] = u"児扶手障福特精療養育地活日自成後見補助就移継定着相談支援計画包括"
				u"訪看介護居宅入通所短期緊臨小総合償還貸付"
				u"住確困窮要対協民委社老健医年金給免申更認市区町県課係室基幹連携労"
				u"職安高齢級放発並虐防止母父子家庭婦"
				u"保生扶公営個避難改準訓算";

/* Surnames of four letters and less, as passports of China, Korea and Vietnam have them. */
static const char16_t roman[] = u"AHN AN BAE BAI BAEK BAN BANG BUI BYUN CAI CAO CHA CHEN CHO CHOI "
				u"CHOU CHU CUI DAI DANG DAO DENG DING DINH DO "
				u"DONG DU DUAN FAN FANG FENG FU GAO GE GONG GU GUO HA HAN HE HEO "
				u"HO HONG HOU HU HUH HUO HUY HWA HYUN JANG JEON "
				u"JI JIA JIN JO JUNG KANG KIM KO KONG KWAK KWON LAM LAI LE LEE LEI "
				u"LI LIAO LIM LIN LIU LONG LU LUO LUU LY MA MAI "
				u"MAO MENG MIN MO MOON NA NAM NGO NOH OH PAE PAIK PAK PAN PARK "
				u"PENG PHAM PHAN PYO QIAN QIN QIU RA REN RHEE RYU "
				u"SEO SHAO SHEN SHI SHIM SHIN SIM SO SON SONG SU SUH SUN TA TAN "
				u"TANG TAO TIAN TO TRAN UM VAN VO VU WAN WANG WEI "
				u"WEN WON WU XIA XIAO XIE XU XUE YAN YANG YAO YE YEO YI YIN YOO "
				u"YOON YOU YU YUAN YUN ZENG ZHAO ZHOU ZHU ZOU ";

/* What stands between two names that are told apart. */
static const char16_t apart[] = u"ではなく でなく じゃなく ";

enum list {
	WORK,
	GOODS,
	IN_KANA,
	MIXED,
	ILLNESSES,
	MEDICINES,
	BEHIND,
	DOSES,
	THINGS,
	ROMAN,
	APART,
	LISTS
};
static const char16_t *const lists[LISTS] = {
    [WORK] = work,           [GOODS] = goods,         [IN_KANA] = in_kana, [MIXED] = mixed,
    [ILLNESSES] = illnesses, [MEDICINES] = medicines, [BEHIND] = behind,   [DOSES] = doses,
    [THINGS] = things,       [ROMAN] = roman,         [APART] = apart,
};

/* ---- words of these lists ---- */

static uint32_t bit_of(enum list list, uint32_t first, uint32_t second)
{
	return hash_end(hash_mix(hash_mix(list, first), second)) % TAG_BEGINS;
}

/* May a word of the list begin with these two characters, or be the first? */
static int may_begin(const struct tag *t, enum list list, const uint32_t *c)
{
	const uint32_t two = bit_of(list, c[0], c[1]), one = bit_of(list, c[0], 0);

	return (t->begins[two / 64] >> two % 64 | t->begins[one / 64] >> one % 64) & 1;
}

void about_init(struct tag *t)
{
	memset(t->begins, 0, sizeof t->begins);
	for (enum list k = 0; k < LISTS; k++)
		for (const char16_t *w = lists[k]; *w; w++) {
			const uint32_t bit = bit_of(k, w[0], w[1] == ' ' ? 0 : w[1]);
			t->begins[bit / 64] |= (uint64_t)1 << bit % 64;
			while (*w != ' ')
				w++;
		}
}

/* The length of the word of a list that stands at i; 0: none. edge: what follows must be of another type. */
static uint32_t word_at(const struct tag *t, enum list list, uint32_t i, int edge)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD + i;
	const uint8_t *type = t->seq.type + SEQ_PAD + i;

	if (!may_begin(t, list, c))
		return 0;
	for (const char16_t *w = lists[list]; *w; w++) {
		uint32_t n = 0;
		while (*w != ' ' && c[n] == *w)
			n++, w++;
		if (*w == ' ' && !(edge && type[n] == type[0]))
			return n;
		while (*w != ' ')
			w++;
	}
	return 0;
}

/* The run of one type that i stands in. */
struct run {
	uint32_t from, to;
};

static struct run run_of(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	struct run r = {i, i + 1};

	while (r.from > 0 && type[r.from - 1] == type[i])
		r.from--;
	while (r.to < t->seq.n && type[r.to] == type[i])
		r.to++;
	return r;
}

/* Is the katakana [r.from, r.to) taken, or had, by what stands behind it? メマリー10mg, コンサータを処方 */
static int is_taken(const struct tag *t, struct run r)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t at = r.to;

	while (type[at] == SEQ_DIGIT || (at > r.to && t->seq.cp[SEQ_PAD + at] == '.'))
		at++;
	if (at > r.to)
		return word_at(t, DOSES, at, 0) > 0;
	return word_at(t, BEHIND, at, 0) > 0 || word_at(t, MEDICINES, r.from, 1) > 0;
}

static int is_comma(uint32_t c)
{
	return c == 0x3001 || c == TAG_DOT || c == '/' || c == 0x2192 /* → */ ||
	       c == 0x3068 /* と */;
}

/* The same of another one in its list: ハルシオン、デパス、マイスリー残薬 */
static int is_among_taken(const struct tag *t, struct run r)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;
	struct run at = r;

	for (int k = 0; k < LIST_FAR && is_comma(c[at.to]) && type[at.to + 1] == SEQ_KATA; k++) {
		at = run_of(t, at.to + 1);
		if (is_taken(t, at))
			return 1;
	}
	at = r;
	for (int k = 0; k < LIST_FAR && at.from > 1 && is_comma(c[at.from - 1]); k++) {
		uint32_t i = at.from - 2;
		while (i > 0 && type[i] != SEQ_KATA && !is_comma(c[i]) && at.from - i < 8)
			i--; /* 10mg of アリセプト10mg、 */
		if (type[i] != SEQ_KATA)
			break;
		at = run_of(t, i);
		if (is_taken(t, at))
			return 1;
	}
	return 0;
}

/* A noun of the dictionary, which comes nowhere near reading a name there: リンク, カット. Names sound like some. */
static int is_noun(const struct seq *s, struct run r)
{
	const struct seq_word *w = &s->word[s->word_of[r.from]];

	return !s->name[r.from] && w->from == r.from && w->to == r.to &&
	       (w->tag == DICT_NOUN || w->tag == DICT_NOUN_VERBAL || w->tag == DICT_NOUN_ADJECTIVE);
}

/* 車はムーヴ、, ミッフィー柄: the make of a thing, in katakana that nobody is known to have. 車はマリアが is somebody's. */
static int is_make(const struct tag *t, struct run r)
{
	const struct seq *s = &t->seq;
	const uint32_t *c = s->cp + SEQ_PAD;
	const uint8_t next = s->type[r.to + SEQ_PAD];

	if (known_whole(s, r.from) & KNOWN_NAME || (s->kana[r.from] & KANA_INSIDE) == r.to - r.from)
		return 0;
	if (tag_is_one_of(u"柄製", c[r.to]) && s->type[r.to + 1 + SEQ_PAD] != SEQ_KANJI)
		return 1;
	if (r.from < 2 || c[r.from - 1] != 0x306f /* は */ ||
	    (next < SEQ_MARK && next != SEQ_EDGE && !tag_is_one_of(u"をの製か", c[r.to])))
		return 0;
	for (uint32_t n = 1; n <= THING_LONGEST && n < r.from; n++)
		if (word_at(t, THINGS, r.from - 1 - n, 0) == n)
			return 1;
	return 0;
}

/* Beside a dot and another word in katakana it may be a name as well: ドリス・デイ. デイさん is somebody, and 妻マック is;
 * 娘のセリア is when little doubt is left: she may have something of that name. */
static enum about of_katakana(const struct tag *t, struct run r)
{
	const int joined =
	    (r.from > 0 && facility_joins(&t->seq, r.from - 1)) || facility_joins(&t->seq, r.to);
	const uint32_t told = lexicon_told(&t->seq, r.from);
	const int owned = told == 2 && t->seq.cp[SEQ_PAD + r.from - 1] == TAG_OF;

	if (lexicon_called(t->lexicon, &t->seq, r.to))
		return ABOUT_NAME;
	if (!joined && (word_at(t, MIXED, r.from, 0) || word_at(t, WORK, r.from, 1) ||
			word_at(t, IN_KANA, r.from, 1)))
		return ABOUT_WORK;
	if (!joined && (!told || owned) &&
	    (word_at(t, GOODS, r.from, 1) || word_at(t, ILLNESSES, r.from, 1) ||
	     word_at(t, MEDICINES, r.from, 1)))
		return owned ? ABOUT_THING : ABOUT_WORK;
	if (!joined && is_make(t, r))
		return ABOUT_THING;
	if (is_taken(t, r) || is_among_taken(t, r))
		return ABOUT_THING;
	return is_noun(&t->seq, r) && (!told || owned) ? ABOUT_NOUN : ABOUT_NAME;
}

/* A short word of this work in kanji, which no list has as a name: 児扶手, 地活; 就B */
static int is_short(const struct tag *t, struct run r)
{
	const struct seq *s = &t->seq;
	const uint32_t *c = s->cp + SEQ_PAD, n = r.to - r.from;

	if (n > SHORT_LONGEST || lexicon_called(t->lexicon, s, r.to) ||
	    (known_whole(s, r.from) & (KNOWN_NAME | KNOWN_GIVEN | KNOWN_MORE) &&
	     s->type[r.to + SEQ_PAD] != SEQ_DIGIT) || /* 要介2 */
	    ((s->surname[r.from] & NAME_INSIDE) > NAME_BEGIN + 1))
		return 0;
	if (n == 1 &&
	    !((c[r.to] == 'A' || c[r.to] == 'B') && !seq_is_latin(s->type[r.to + 1 + SEQ_PAD])))
		return 0;
	for (uint32_t i = r.from; i < r.to; i++)
		if (!tag_is_one_of(heads, c[i]))
			return 0;
	return 1;
}

/* A box of a form, or a holiday: 【同意】有, 有・無, 3日(祝). */
static int is_ticked(const uint32_t *c, const uint8_t *type)
{
	if (c[0] == 0x795d /* 祝 */)
		return c[-1] == '(' && c[1] == ')' && (c[-2] == 0x65e5 || type[-2] == SEQ_DIGIT);
	if (c[0] != 0x6709 /* 有 */)
		return 0;
	return c[-1] == 0x3011 /* 】 */ || (type[1] == SEQ_MARK && c[2] == 0x7121 /* 無 */);
}

/* A kanji by itself that forms, lists and speakers' lines put for a word: what lists of people have behind a name and a
 * space (欠 遅), and what stands alone between marks (相: 件: 旧) 担「). */
static int is_remark(const struct tag *t, uint32_t i)
{
	static const char16_t behind_name[] = u"欠遅早済未休拝方";
	static const char16_t alone[] = u"相件受担旧返借記抜故控写題増減着否適欄児生離宛発印"
					u"無亡可不低軽急被訂";
	const uint8_t *type = t->seq.type + SEQ_PAD + i;
	const uint32_t *c = t->seq.cp + SEQ_PAD + i;
	const int dated = c[-1] == 0x65e5 && type[-2] == SEQ_DIGIT; /* 9日生 */

	if (is_ticked(c, type))
		return 1;
	if (type[1] != SEQ_EDGE && type[1] < SEQ_MARK)
		return 0;
	return type[-1] == SEQ_SPACE ? tag_is_one_of(behind_name, *c) || tag_is_one_of(alone, *c)
				     : (dated || type[-1] == SEQ_EDGE || type[-1] == SEQ_MARK ||
					type[-1] == SEQ_DIGIT) &&
					   tag_is_one_of(alone, *c);
}

/* S: O) P; in front of what was told, seen, planned, and whoever a letter stands for: A:「はい」 */
static int is_letter_label(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD + i;
	const uint32_t *c = t->seq.cp + SEQ_PAD + i;

	return (type[-1] == SEQ_EDGE || type[-1] == SEQ_SPACE || tag_is_one_of(u"。」/", c[-1])) &&
	       tag_is_one_of(u":;)「", c[1]);
}

/* Does what stands at i end a word: a mark, a particle, not the rest of a name (JAあおば)? */
static int ends_word(const struct seq *s, uint32_t i)
{
	const uint8_t type = s->type[i + SEQ_PAD];
	const struct seq_word *w = &s->word[s->word_of[i < s->n ? i : 0]];

	return i >= s->n || type >= SEQ_DIGIT ||
	       (w->from == i && w->tag >= DICT_PARTICLE_FIRST && w->tag <= DICT_PARTICLE_LAST);
}

/* MRSA, ASD: a word of two to four capitals that no list has as a name, with nothing that says it is somebody. */
static int is_abbreviation(const struct tag *t, struct run r)
{
	const struct seq *s = &t->seq;
	const uint8_t *type = s->type + SEQ_PAD;
	const uint8_t front = type[(int)r.from - 1], next = type[r.to];

	return r.to - r.from > 1 && r.to - r.from <= SHORT_LONGEST && !known_whole(s, r.from) &&
	       !word_at(t, ROMAN, r.from, 1) && ends_word(s, r.to) && !seq_is_latin(front) &&
	       !seq_is_latin(next) && !(next == SEQ_SPACE && seq_is_latin(type[r.to + 1])) &&
	       !(front == SEQ_SPACE && seq_is_latin(type[(int)r.from - 2])) &&
	       !lexicon_called(t->lexicon, s, r.to) && !lexicon_told(s, r.from);
}

/* 申請中, 外泊前, 受給証, 夫方: a kanji behind a noun that says when, or what of it, and may be a surname by itself. */
static int is_of_act(const struct tag *t, uint32_t i)
{
	const struct seq *s = &t->seq;
	const struct seq_word *w = &s->word[s->word_of[i]];

	return i > 0 && tag_is_one_of(u"中前後時内外等済証方側用毎別", s->cp[SEQ_PAD + i]) &&
	       w->from == i && w->to == i + 1 && s->type[i + 1 + SEQ_PAD] != SEQ_KANJI &&
	       (w[-1].tag == DICT_NOUN_VERBAL || w[-1].tag == DICT_NOUN ||
		w[-1].tag == DICT_SUFFIX);
}

/* 陳旧性, 抑肝散, 半夏厚朴湯, 信玄餅: words of so many kanji and more that end so. */
static int ends_unnamed(const struct seq *s, uint32_t from, uint32_t to)
{
	const uint8_t *type = s->type + SEQ_PAD;
	const struct seq_word *next = &s->word[s->word_of[to < s->n ? to : to - 1]];
	uint32_t end = to;

	while (type[end] == SEQ_KANJI)
		end++;
	if (to - from == 1 && !(next->from == to && next->to == end))
		to = end; /* 陳|旧性, but not 陳|女性 */
	uint32_t last = s->cp[to - 1 + SEQ_PAD];
	if (s->cp[to + SEQ_PAD] == 0x6027 /* 性 */ && type[to + 1] != SEQ_KANJI)
		last = s->cp[to++ + SEQ_PAD]; /* 陳旧|性 */
	for (uint32_t i = from; i < to; i++)
		if (type[i] != SEQ_KANJI)
			return 0;
	return type[to] != SEQ_KANJI && s->word[s->word_of[to - 1]].to == to &&
	       ((to - from > 1 && tag_is_one_of(u"性圧散便率値感", last)) ||
		(to - from > 2 && last == 0x9905 /* 餅 */) ||
		(to - from > 3 && last == 0x6e6f /* 湯 */));
}

int about_unnamed(const struct seq *s, uint32_t from, uint32_t to, int sure)
{
	if (ends_unnamed(s, from, to))
		return 1;
	if (sure)
		return 0;
	for (uint32_t i = from; i < to; i++)
		if (s->type[i + SEQ_PAD] == SEQ_KANJI && tag_is_one_of(unnamed, s->cp[i + SEQ_PAD]))
			return 1;
	return 0;
}

/* H28, S9: a year; R8-123 is a number */
static int is_era(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	uint32_t to = i + 1;

	while (i > 0 && type[i] == SEQ_DIGIT)
		i--;
	while (type[to] == SEQ_DIGIT)
		to++;
	return type[i] == SEQ_UPPER && to > i + 1 && to <= i + 3 && c[to] != '-' &&
	       !seq_is_latin(type[(int)i - 1]) &&
	       (c[i] == 'M' || c[i] == 'T' || c[i] == 'S' || c[i] == 'H' || c[i] == 'R');
}

/* A number behind a person and a space, as an age in a list: 千景 43 */
static int is_number(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const struct run r = run_of(t, i);

	if (r.from < 2 || type[r.from - 1] != SEQ_SPACE ||
	    (type[r.to] != SEQ_SPACE && r.to < t->seq.n))
		return 0;
	const struct crf_row *m = &t->crf.marginal[r.from - 2];
	return m->begin[0] + m->inside[0] > 0.5f;
}

static int is_apart(const struct tag *t, uint32_t i)
{
	for (uint32_t back = 0; back < 5 && back <= i; back++)
		if (word_at(t, APART, i - back, 0) > back)
			return 1;
	return 0;
}

enum about about(const struct tag *t, uint32_t i)
{
	const uint8_t type = t->seq.type[i + SEQ_PAD];

	switch (type) {
	case SEQ_KATA:
		return of_katakana(t, run_of(t, i));
	case SEQ_KANJI:
		for (uint32_t back = 0; back < MIXED_LONGEST && back <= i; back++)
			if (word_at(t, MIXED, i - back, 0) > back)
				return ABOUT_WORK;
		if (is_of_act(t, i))
			return ABOUT_PART;
		return is_short(t, run_of(t, i)) || is_remark(t, i) ? ABOUT_WORK : ABOUT_NAME;
	case SEQ_HIRA:
		return is_apart(t, i) ? ABOUT_WORK : ABOUT_NAME;
	case SEQ_UPPER:
	case SEQ_DIGIT:
		if (is_era(t, i) || (type == SEQ_DIGIT && is_number(t, i)) ||
		    (type == SEQ_UPPER && is_letter_label(t, i)))
			return ABOUT_WORK;
		if (type == SEQ_UPPER && is_abbreviation(t, run_of(t, i)))
			return ABOUT_PART;
		return type == SEQ_UPPER && i > 0 && t->seq.type[i - 1 + SEQ_PAD] == SEQ_KANJI &&
			       run_of(t, i - 1).to - run_of(t, i - 1).from == 1 &&
			       is_short(t, run_of(t, i - 1))
			   ? ABOUT_WORK
			   : ABOUT_NAME;
	default:
		return ABOUT_NAME;
	}
}

void about_mark(struct tag *t, float least)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = 0, to; i < t->seq.n; i = to) {
		to = type[i] == SEQ_KATA ? run_of(t, i).to : i + 1;
		const int likely = tag_most_of(t, i, to) >= least;
		memset(t->about + i, (int)(likely ? about(t, i) : ABOUT_NAME), to - i);
	}
}
