/* The detector as it is shipped: names are found at their places in the text as written, ordinary words
 * are left, and what it cannot work without is told. The figures of the model are measured elsewhere. */
#include "test.h"

#include "base/buf.h"
#include "base/io.h"
#include "plugin/host.h"
#include "plugin/option.h"
#include "text/fold.h"

#include "facility.h"
#include "model.h"
#include "seq.h"
#include "spread.h"
#include "words.h"

#include <stdlib.h>
#include <unistd.h>

static struct hub_arena *arena;

static struct hub_instance *open_with(const char *dictionary, struct hub_err *err, int *rc)
{
	const struct hub_plugin *p = hub_plugin_get(0);
	struct hub_instance *inst = NULL;
	struct hub_options o;

	assert_int_equal(hub_options_init(&o, arena, p, err), HUB_OK);
	if (dictionary)
		assert_int_equal(
		    hub_options_set(&o, HUB_STR("dictionary"), hub_str_of(dictionary), err),
		    HUB_OK);
	assert_int_equal(hub_options_finish(&o, err), HUB_OK);
	*rc = hub_instance_open(p, o.conf, HUB_STR(""), &inst, err);
	return inst;
}

static int set_up(void **state)
{
	(void)state;
	arena = hub_arena_new(0);
	return arena ? 0 : -1;
}

static int tear_down(void **state)
{
	(void)state;
	hub_arena_free(arena);
	return 0;
}

/* The text with [ ] around what is found. */
static struct hub_str marked(struct hub_instance *inst, const char *text)
{
	struct hub_doc doc = {.text = hub_str_of(text)};
	const struct hub_span *s;
	struct hub_err err = {0};
	size_t n, at = 0;
	struct hub_str out = HUB_STR("");

	doc.norm = hub_fold_width(arena, doc.text, HUB_FOLD_LF, &doc.at);
	assert_non_null(doc.norm.ptr);
	assert_int_equal(hub_detector_detect(inst, &doc, 1, &s, &n, &err), HUB_OK);
	for (size_t i = 0; i < n; i++) {
		out = hub_arena_printf(arena, "%.*s%.*s[%.*s]", HUB_FMT(out),
				       HUB_FMT(hub_str_cut(doc.text, at, s[i].start)),
				       HUB_FMT(hub_str_cut(doc.text, s[i].start, s[i].end)));
		at = s[i].end;
	}
	return hub_arena_printf(arena, "%.*s%.*s", HUB_FMT(out),
				HUB_FMT(hub_str_from(doc.text, at)));
}

static void names_at_their_places(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", ""},
	    {"担当の中村和子さんが訪問した。", "担当の[中村和子]さんが訪問した。"},
	    /* spelled, called, quoted */
	    {"た・か・は・し、と一字ずつ言う。", "[た・か・は・し]、と一字ずつ言う。"},
	    {"お名前、あ・べさんで。", "お名前、[あ・べ]さんで。"},
	    {"や ま も と です。", "[や ま も と] です。"},
	    {"え、あ、う、と言葉に詰まる。", "え、あ、う、と言葉に詰まる。"},
	    {"みんなから「まーくん」と呼ばれている。", "みんなから「[まー]くん」と呼ばれている。"},
	    {"母は「ひきこもり」と呼ばれる。", "母は「ひきこもり」と呼ばれる。"},
	    {"「いわてアートサポートセンター」に行く。",
	     "「[いわてアートサポートセンター]」に行く。"},
	    {"MARIA CRISTINA DELA CRUZ（定住者）", "[MARIA CRISTINA DELA CRUZ]（定住者）"},
	    /* の inside of a name, the names of a list, & */
	    {"「聖母の園」と「コナンの里」に行った。",
	     "「[聖母の園]」と「[コナンの里]」に行った。"},
	    {"南北線や三田線とは異なる。", "[南北線]や[三田線]とは異なる。"},
	    {"D&Mショールームに寄る。", "[D&Mショールーム]に寄る。"},
	    {"実家は遠方で、今は空き家。", "実家は遠方で、今は空き家。"},
	    /* a kind is no name, unless it stands with one */
	    {"精神保健福祉センターと認知症疾患医療センターへ。",
	     "精神保健福祉センターと認知症疾患医療センターへ。"},
	    {"母子ホームこぶしに空きを確認した。", "[母子ホーム][こぶし]に空きを確認した。"},
	    {"しらゆり会のケアハウスに入居。", "[しらゆり会の][ケアハウス]に入居。"},
	    {"何かあったら、3.何さんに電話。", "何かあったら、3.[何]さんに電話。"},
	    /* nouns in katakana that are names, too */
	    {"シェフも要るとのこと。", "シェフも要るとのこと。"},
	    {"午後はエースの話が続いた。", "午後はエースの話が続いた。"},
	    {"エースさんが来所。", "[エース]さんが来所。"},
	    /* half-width kana is longer when written than when folded */
	    {"氏名:ﾀﾅｶ ﾊﾅｺ 様", "氏名:[ﾀﾅｶ ﾊﾅｺ] 様"},
	    /* a variation selector belongs to the character before it */
	    {"担当の渡邉\xf3\xa0\x84\x80花子さんが訪問した。",
	     "担当の[渡邉\xf3\xa0\x84\x80花子]さんが訪問した。"},
	    /* a name that a line end cuts */
	    {"民生委員より連絡あり、担当の中\n村さんが訪問した。",
	     "民生委員より連絡あり、担当の[中\n村]さんが訪問した。"},
	    /* found once, it is known again where nothing says that it is a name */
	    {"望さんは来所。望んでいるのは復職。", "[望]さんは来所。望んでいるのは復職。"},
	    {"豊さんは不在。豊かな暮らし。", "[豊]さんは不在。豊かな暮らし。"},
	    {"担当の中村和子さんが訪問した。翌日は中村、和子が電話。",
	     "担当の[中村和子]さんが訪問した。翌日は[中村]、[和子]が電話。"},
	    {"生活保護の申請を行う。", "生活保護の申請を行う。"},
	    /* rare nouns are no names, nor are parts of a country */
	    {"待期は7日、督促の後に換価する。", "待期は7日、督促の後に換価する。"},
	    {"台湾近海と愛知県内で操業。", "台湾近海と愛知県内で操業。"},
	    /* a title is not masked with the name, whatever is thought of its first kana */
	    {"訪問介護の清水ヘルパーによると、", "訪問介護の[清水]ヘルパーによると、"},
	    {"児童相談所の北川心理司が来所。", "児童相談所の[北川]心理司が来所。"},
	    /* a word of relation and a form of company are nobody, alone */
	    {"母（節子）の通院に付き添う。", "母（[節子]）の通院に付き添う。"},
	    /* a facility is named by more than its kind */
	    {"近くの公立小学校に通う。", "近くの公立小学校に通う。"},
	    {"次男は柳沢第三工場に勤めている。", "次男は[柳沢第三工場]に勤めている。"},
	    /* what somebody is called, in marks of its own */
	    {"皆に“カオルくん”と呼ばれている。", "皆に“[カオルくん]”と呼ばれている。"},
	    /* how much it was is not where */
	    {"雨量は宇都宮230.5ミリ、浜松164ミリ。", "雨量は[宇都宮]230.5ミリ、[浜松]164ミリ。"},
	    {"みっちゃんは欠席。", "[みっ]ちゃんは欠席。"},
	    {"おばちゃんと赤ちゃんは欠席。", "おばちゃんと赤ちゃんは欠席。"},
	    {"結ちゃんの体重、皆さんとお客様。", "[結]ちゃんの体重、皆さんとお客様。"},
	    /* what only looks like an honorific */
	    {"どこへ行くんですか。一緒に来たんです。", "どこへ行くんですか。一緒に来たんです。"},
	    {"それと同様に、この模様だ。", "それと同様に、この模様だ。"},
	    {"歩くんは元気。毎日歩くんです。", "[歩]くんは元気。毎日[歩]くんです。"},
	    {"築くんの件。", "[築]くんの件。"},
	    {"両先生と同先生。妹さんの和様。", "両先生と同先生。妹さんの[和]様。"},
	    /* a surname and a given name with a space between, initials with their points */
	    {"連絡先は叔父安心院 守への", "連絡先は叔父[安心院 守]への"},
	    {"夫K.T.は不在。", "夫[K.T.]は不在。"},
	    /* a post, and who has it */
	    {"社協さんと奥さんに話す。", "社協さんと奥さんに話す。"},
	    /* of the lists of shops and goods, and somebody */
	    {"娘セリアが泣く。セリアで買い物。", "娘[セリア]が泣く。[セリア]で買い物。"},
	    {"百均のセリアで買い物。", "百均のセリアで買い物。"},
	    /* what those who work in care say every day; a surname, too */
	    {"デイから電話。今日はデイ。", "デイから電話。今日はデイ。"},
	    {"児扶手の現況届。就B見学。地活は水曜。", "児扶手の現況届。就B見学。地活は水曜。"},
	    {"ドルミカゾン10mgを追加、ハルシオンは中止",
	     "ドルミカゾン10mgを追加、ハルシオンは中止"},
	    {"アスペルガーの診断あり。", "アスペルガーの診断あり。"},
	    {"茜 欠。葵 遅。", "[茜] 欠。[葵] 遅。"},
	    {"夫昇、H28没。", "夫[昇]、H28没。"},
	    {"担任吾妻、学年主任鷲見、養護四方", "担任[吾妻]、学年主任[鷲見]、養護[四方]"},
	    {"ひまり、めい、あおいの3人", "[ひまり]、[めい]、[あおい]の3人"},
	    {"ことね：「別に」", "[ことね]：「別に」"},
	    {"いちごという名で参加", "[いちご]という名で参加"},
	    {"ホンニン ハシモト キミエ チョウジョ サトミ",
	     "ホンニン [ハシモト キミエ] チョウジョ [サトミ]"},
	    {"長男勲と同居。勲は就B。", "長男[勲]と同居。[勲]は就B。"},
	    {"サワダ シズエ ヨウカイゴ ドクキョ", "[サワダ シズエ] ヨウカイゴ ドクキョ"},
	    {"ひまりは欠席。めいは早退。", "[ひまり]は欠席。[めい]は早退。"},
	    {"孫 美玲、帰化申請中。", "[孫 美玲]、帰化申請中。"},
	    {"まこと。男児。", "[まこと]。男児。"},
	    {"李 雨桐(り うとん)", "[李 雨桐]([り うとん])"},
	    {"石動さん(いするぎ)同席", "[石動]さん([いするぎ])同席"},
	    {"石動さん(いとこ)同席", "[石動]さん(いとこ)同席"},
	    {"旭、東、南の三兄弟。", "[旭]、[東]、[南]の三兄弟。"},
	    {"ドリス・デイの映画。", "[ドリス・デイ]の映画。"},
	    /* a floor is nobody, as long as no honorific says otherwise */
	    {"上の階を訪ねない。上の階の人、1階のトイレ。",
	     "上の階を訪ねない。上の階の人、1階のトイレ。"},
	    {"二階に住む。", "二階に住む。"},
	    {"担当は二階さん。", "担当は[二階]さん。"},
	    {"パーキンソン病が進行している。", "パーキンソン病が進行している。"},
	    /* half a name in Latin letters is none */
	    {"来週 Kaito Vandermeer と面談予定", "来週 [Kaito Vandermeer] と面談予定"},
	    {"封筒に P. Vandermeer とある。", "封筒に [P. Vandermeer] とある。"},
	    {"窓口にPetra Okonjoあり。", "窓口に[Petra Okonjo]あり。"},
	    {"Rosa ADL 自立", "[Rosa] ADL 自立"},
	    {"来週 Maria CM と面談予定", "来週 [Maria] CM と面談予定"},
	    /* a long word that no dictionary has is sooner a name than one that all have */
	    {"手紙はグェンダリナ宛。", "手紙は[グェンダリナ]宛。"},
	    {"隣室のOkonjoとは話さない。", "隣室の[Okonjo]とは話さない。"},
	    /* what stands between names is one, unless it says who somebody is */
	    {"参加者は古閑・凪・雫石の3名", "参加者は[古閑]・[凪]・[雫石]の3名"},
	    {"田中・職員・佐藤が同席。", "[田中]・職員・[佐藤]が同席。"},
	    /* a post glued to a name is none of it, unless a surname begins so */
	    {"施設長渋谷より通帳を預かる。", "施設長[渋谷]より通帳を預かる。"},
	    {"主任CM萩、福祉用具岡田、訪看清塚が出席。",
	     "主任CM[萩]、福祉用具[岡田]、訪看[清塚]が出席。"},
	    {"奥様美津江様から同意を得た。", "奥様[美津江]様から同意を得た。"},
	    {"保険証は祖父江と同居。", "保険証は[祖父江]と同居。"},
	    /* little believed where things stand */
	    {"庭を歩く。林の奥に小屋がある。", "庭を歩く。林の奥に小屋がある。"},
	    {"散歩に出た。坂の途中で休む。", "散歩に出た。坂の途中で休む。"},
	    {"やはり谷の田が荒れた。", "やはり谷の田が荒れた。"},
	    {"畑の米を分ける。林さんの米。", "畑の米を分ける。[林]さんの米。"},
	    {"夫はアンナ・ド・ボーダーという。", "夫は[アンナ・ド・ボーダー]という。"},
	    /* English words, and katakana that words make */
	    {"英語ではRapid Transitという。", "英語ではRapid Transitという。"},
	    {"英名はFile Allocation Tableである。", "英名はFile Allocation Tableである。"},
	    {"窓口にGrace Youngさんが来た。", "窓口に[Grace Young]さんが来た。"},
	    {"ブレーキローターとドアノブを見る。", "ブレーキローターとドアノブを見る。"},
	    {"ドイツ音楽とイギリス王室の番組を見る。", "ドイツ音楽とイギリス王室の番組を見る。"},
	    /* what stands behind a name in a terse note, in kana too */
	    {"11:20 三沢来所　家賃滞納4ヶ月", "11:20 [三沢]来所　家賃滞納4ヶ月"},
	    {"ﾏﾙﾔﾏ ｶｽﾞｵ ｻﾏ ﾃﾞﾝﾜｱﾘ", "[ﾏﾙﾔﾏ ｶｽﾞｵ] ｻﾏ ﾃﾞﾝﾜｱﾘ"},
	    {"んー、かおるが、あ、娘です。", "んー、[かおる]が、あ、娘です。"},
	    {"担当は足利　尊氏で、", "担当は[足利　尊氏]で、"},
	    /* a date that nothing but the name in front of it tells, and one of a visit */
	    {"祖母吉村アサノ（1951/7/30、要介護1）", "祖母[吉村][アサノ]（[1951/7/30]、要介護1）"},
	    {"児 吉村 紬希（R5.11.3）", "児 [吉村 紬希]（[R5.11.3]）"},
	    {"本人 吉村 勲 S34.10.1 被保険者番号", "本人 [吉村 勲] [S34.10.1] 被保険者番号"},
	    {"担当 石橋（R8.4.1）更新", "担当 [石橋]（R8.4.1）更新"},
	    {"吉村 進 H20.4.1入所", "[吉村 進] H20.4.1入所"},
	    /* what no name is made of, or ends in */
	    {"清拭拒否あり。膀洗は不要。", "清拭拒否あり。膀洗は不要。"},
	    {"陳旧性の骨折。半夏厚朴湯と抑肝散。", "陳旧性の骨折。半夏厚朴湯と抑肝散。"},
	    {"S：眠れた。O：浮腫なし。MRSA(−)、HCV(＋)。",
	     "S：眠れた。O：浮腫なし。MRSA(−)、HCV(＋)。"},
	    {"転院打診中。夫方の親族。", "転院打診中。夫方の親族。"},
	    {"支援員KIMより。夫PARKと同居。", "支援員[KIM]より。夫[PARK]と同居。"},
	    /* the make of a thing, and who has a post */
	    {"田植機はヤンマー、電池はエボルタ。", "田植機はヤンマー、電池はエボルタ。"},
	    {"薬はデニズ、車はファティマ、", "薬は[デニズ]、車は[ファティマ]、"},
	    {"【同意】有（口頭）", "【同意】有（口頭）"},
	    {"通訳はケビン、", "通訳は[ケビン]、"},
	    /* all in kana, with spaces; letters with spaces between each; pet names */
	    {"といれと　ごはんと　おくすりです。", "といれと　ごはんと　おくすりです。"},
	    {"氏 名  栗 山  昭 二", "氏 名  [栗 山  昭 二]"},
	    {"おにいちゃんとけんか。あっくんは発熱。", "おにいちゃんとけんか。[あっ]くんは発熱。"},
	    {"タカ兄に殴られた。", "[タカ]兄に殴られた。"},
	    {"父は大阪に戻る。", "父は大阪に戻る。"},
	    /* words of one kanji in forms and in front of what somebody says */
	    {"相:はい。\n林:では。\n児:うん。", "相:はい。\n[林]:では。\n児:うん。"},
	};
	struct hub_err err = {0};
	int rc;
	struct hub_instance *inst = open_with(NULL, &err, &rc);

	(void)state;
	if (rc)
		fail_msg("%s", err.what);
	/* twice: a text that is known is answered from memory, and the same */
	for (size_t k = 0; k < 2 * HUB_COUNT(cases); k++) {
		const size_t i = k % HUB_COUNT(cases);
		const struct hub_str got = marked(inst, cases[i].text);
		if (!hub_str_is(got, cases[i].want))
			fail_msg("got %.*s\nwant %s", HUB_FMT(got), cases[i].want);
	}
	hub_instance_close(inst);
}

static void without_a_dictionary(void **state)
{
	struct hub_err err = {0};
	int rc;

	(void)state;
	assert_null(open_with("/nonexistent", &err, &rc));
	assert_int_equal(rc, HUB_RETRY);
	assert_string_equal(err.code, "dictionary-missing");
	assert_non_null(strstr(err.hint, "mecab-ipadic-utf8"));
}

static void a_folder_with_other_files(void **state)
{
	static const char *const names[] = {"sys.dic", "unk.dic", "matrix.bin", "char.bin"};
	static const char rubbish[4096] = "no dictionary";
	char folder[] = "/tmp/tagger_XXXXXX";
	struct hub_err err = {0};
	int rc;

	(void)state;
	assert_non_null(mkdtemp(folder));
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		assert_int_equal(
		    hub_file_write(hub_arena_printf(arena, "%s/%s", folder, names[i]).ptr,
				   (struct hub_str){rubbish, sizeof rubbish}, &err),
		    HUB_OK);
	assert_null(open_with(folder, &err, &rc));
	assert_int_equal(rc, HUB_RETRY);
	assert_string_equal(err.code, "dictionary-unusable");
	for (size_t i = 0; i < HUB_COUNT(names); i++)
		unlink(hub_arena_printf(arena, "%s/%s", folder, names[i]).ptr);
	rmdir(folder);
}

static void a_model_of_another_format(void **state)
{
	const struct hub_str whole = model_builtin();
	static struct model m;

	(void)state;
	assert_int_equal(model_read(&m, whole), 0);
	assert_int_equal(model_read(&m, hub_str_cut(whole, 0, whole.len - 1)), -1);
	assert_int_equal(model_read(&m, hub_str_cut(whole, 0, 100)), -1);
	char *other = hub_arena_cstr(arena, whole);
	other[0] = 'X';
	assert_int_equal(model_read(&m, (struct hub_str){other, whole.len}), -1);
	assert_true(whole.len <= 3000000);
}

/* A model of two signs, as a file has it. */
struct small_model {
	struct model_head head;
	int8_t weight[2][WEIGHTS];
	uint8_t count[MODEL_UPPER];
	uint16_t lower[2], slots[2], row[3];
};

static int read_small(struct model *m, const struct small_model *s)
{
	return model_read(m, (struct hub_str){(const char *)s, sizeof *s});
}

/* Each sign is found with the rows it uses; what leads out of the file is refused. */
static void signs_of_a_model(void **state)
{
	static struct model m;
	static struct small_model s = {
	    .head = {.magic = MODEL_MAGIC, .signs = 2, .uses = 3, .rows = 2, .labels = LABELS},
	    .weight = {{1}, {2}},
	    .count = {[7] = 2},
	    .lower = {5, 9},
	    .slots = {1, 6},
	    .row = {1, 0, 1}};

	(void)state;
	assert_int_equal(read_small(&m, &s), 0);
	assert_int_equal(model_use(&m, 7 << 16 | 5), 0u << MODEL_SLOT_BITS | 1);
	assert_int_equal(model_use(&m, 7 << 16 | 9), 1u << MODEL_SLOT_BITS | 6);
	assert_int_equal(model_use(&m, 7 << 16 | 6), 0);
	assert_int_equal(m.weight[m.row[2] * WEIGHTS], 2);
	s.row[2] = 2; /* no such row */
	assert_int_equal(read_small(&m, &s), -1);
	s.row[2] = 1;
	s.slots[1] = 14; /* more uses than there are */
	assert_int_equal(read_small(&m, &s), -1);
	s.slots[1] = 6;
	s.lower[1] = 5; /* a sign twice */
	assert_int_equal(read_small(&m, &s), -1);
	s.lower[1] = 9;
	s.count[8] = 1; /* more signs than there are */
	assert_int_equal(read_small(&m, &s), -1);
	s.count[8] = 0;
	assert_int_equal(read_small(&m, &s), 0);
}

static int count_span(void *self, const struct tag_span *s)
{
	struct tag_span *last = self;

	last->confidence++;
	last->from = s->from;
	last->to = s->to;
	return 0;
}

/* 佐藤健一 was found: 佐藤 is known, alone, but not inside of 佐藤錦. */
static void a_name_is_known_again(void **state)
{
	static struct spread p;
	const struct hub_str text = HUB_STR("佐藤健一が来た。佐藤錦を手に、佐藤は帰る。");
	const struct tag_span found = {
	    .from = 0, .to = 12, .type = HUB_SPAN_PERSON, .confidence = 900};
	struct tag_span got = {0};

	(void)state;
	spread_reset(&p);
	spread_add(&p, text, &found);
	assert_int_equal(spread_run(&p, text, count_span, &got), 0);
	assert_int_equal(got.confidence, 1);
	assert_int_equal(got.from, strlen("佐藤健一が来た。佐藤錦を手に、"));
	assert_int_equal(got.to - got.from, 6);
}

static void *alloc(struct hub_ctx *ctx, struct hub_batch *batch, size_t n)
{
	(void)ctx;
	(void)batch;
	return hub_alloc0(arena, n);
}

/* The words are MeCab's: `mecab -d` with IPADIC cuts these sentences so. */
static void words_as_mecab_has_them(void **state)
{
	static const char *const cases[] = {
	    "すもも|も|もも|も|もも|の|うち",
	    "保健|師|が|鈴木| |花子|さん|宅|へ|電話",
	    "Nguyen| |Thi| |様|、|ギョザラッピ|と|面談", /* runs nobody has heard of */
	    "外国|人参|政権|について| ",
	};
	const struct hub_host host = {
	    .size = sizeof host, .alloc = alloc, .fail = hub_fail_at, .hint = hub_hint};
	struct hub_err err = {0};
	static struct seq s;
	struct words *w;
	char text[256];

	(void)state;
	assert_int_equal(words_open(NULL, &host, HUB_STR(""), &w, &err), HUB_OK);
	for (size_t k = 0; k < HUB_COUNT(cases); k++) {
		const struct hub_str want = hub_str_of(cases[k]);
		size_t n = 0, at = 0;
		for (size_t i = 0; i < want.len; i++)
			if (want.ptr[i] != '|')
				text[n++] = want.ptr[i];
		assert_true(seq_next(&s, (struct hub_str){text, n}, &at));
		words_mark(w, &s, 0);
		struct hub_str got = HUB_STR("");
		for (uint32_t i = 0; i < s.words; i++)
			got = hub_arena_printf(arena, "%.*s%s%.*s", HUB_FMT(got), i ? "|" : "",
					       (int)(s.byte[s.word[i].to] - s.byte[s.word[i].from]),
					       s.text + s.byte[s.word[i].from]);
		if (!hub_str_eq(got, want))
			fail_msg("got %.*s\nwant %s", HUB_FMT(got), cases[k]);
	}
	words_close(w);
}

/* The dictionary reads none of these as a name; of some it says how near it was. */
static void other_readings(void **state)
{
	static const struct {
		const char *text;
		uint32_t at;
		int name, place, cut;
	} cases[] = {
	    {"林の中を歩く", 0, 1, 1, 1}, /* 林: a wood, a surname, a village */
	    {"東の空", 0, 1, 1, 1},
	    {"椅子の上", 0, 0, 0, 1},
	    {"電話した", 1, 0, 0, 0}, /* nothing begins inside of 電話 that is near */
	};
	const struct hub_host host = {
	    .size = sizeof host, .alloc = alloc, .fail = hub_fail_at, .hint = hub_hint};
	struct hub_err err = {0};
	static struct seq s;
	struct words *w;

	(void)state;
	assert_int_equal(words_open(NULL, &host, HUB_STR(""), &w, &err), HUB_OK);
	for (size_t k = 0; k < HUB_COUNT(cases); k++) {
		const uint32_t i = cases[k].at;
		size_t at = 0;
		assert_true(seq_next(&s, hub_str_of(cases[k].text), &at));
		words_mark(w, &s, 0);
		if ((s.name[i] > 0) != cases[k].name || (s.place[i] > 0) != cases[k].place ||
		    (s.cut[i] > 5) != cases[k].cut)
			fail_msg("%s: name %u, place %u, cut %u", cases[k].text, s.name[i],
				 s.place[i], s.cut[i]);
	}
	words_close(w);
}

/* The longest name of a facility in a stretch; .ptr NULL when there is none. */
static struct hub_str facility_in(struct words *w, const struct facility *f, const char *text)
{
	static const uint8_t nothing_found[SEQ_MAX];
	static struct seq s;
	struct facility_name name;
	size_t at = 0;

	assert_true(seq_next(&s, hub_str_of(text), &at));
	words_mark(w, &s, 0);
	for (uint32_t k = s.words; k-- > 0;)
		if (facility_find(f, &s, k, nothing_found, &name) && facility_strip(f, &s, &name))
			return hub_str_cut(hub_str_of(text), s.off[name.from], s.end[name.to - 1]);
	return (struct hub_str){NULL, 0};
}

static void facilities_by_their_ends(void **state)
{
	static const struct {
		const char *text, *name;
	} cases[] = {
	    {"昨年まで湯河原第二工場で働いた", "湯河原第二工場"},
	    {"マリナ・シーサイドホテルに泊まる", "マリナ・シーサイドホテル"},
	    {"市立桜ケ丘小学校の三年生", "桜ケ丘小学校"},
	    {"柳沢駅に、迎えに行く", "柳沢駅"},
	    {"青葉地方裁判所へ行く", "青葉地方裁判所"},
	    {"柳沢学習塾に通う", "柳沢学習塾"},
	    /* whose branch it is is another name */
	    {"口座は青葉銀行本店にある", NULL},
	    /* words that end like one */
	    {"高橋が話す東部戦線の話", NULL},
	    {"老人ホームと地域の公立小学校", NULL},
	    {"NEMICの予算", NULL},
	};
	static struct facility f;
	const struct hub_host host = {
	    .size = sizeof host, .alloc = alloc, .fail = hub_fail_at, .hint = hub_hint};
	struct hub_err err = {0};
	struct words *w;

	(void)state;
	assert_int_equal(words_open(NULL, &host, HUB_STR(""), &w, &err), HUB_OK);
	facility_init(&f);
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_str got = facility_in(w, &f, cases[i].text);
		if (cases[i].name ? !hub_str_is(got, cases[i].name) : got.ptr != NULL)
			fail_msg("%s: got %.*s", cases[i].text, HUB_FMT(got));
	}
	words_close(w);
}

/* What the large dictionaries have: 接置詞 is a word, ゴールドウォーター a name, と nothing. */
static void words_of_the_dictionaries(void **state)
{
	static struct model m;
	static struct seq s;

	(void)state;
	assert_int_equal(model_read(&m, model_builtin()), 0);
	size_t at = 0;
	assert_true(seq_next(&s, HUB_STR("接置詞とゴールドウォーター"), &at));
	known_mark(&m.known, &s, 0);
	assert_int_equal(s.known[0] & (KNOWN_WORD * (1 + KNOWN_WHOLE)),
			 KNOWN_WORD * (1 + KNOWN_WHOLE));
	assert_int_equal(s.known[1] & (KNOWN_WORD * KNOWN_INSIDE), KNOWN_WORD * KNOWN_INSIDE);
	assert_int_equal(s.known[3], 0);
	assert_int_equal(s.known[4] & (KNOWN_NAME * (1 + KNOWN_WHOLE)),
			 KNOWN_NAME * (1 + KNOWN_WHOLE));
	/* while learning, part of the names is hidden, and no word */
	known_mark(&m.known, &s, 1000);
	assert_int_equal(s.known[0] & KNOWN_WORD, KNOWN_WORD);
	assert_int_equal(s.known[4] & KNOWN_NAME, 0);
	/* テレビ is in everybody's mouth; the lists say nothing of it */
	at = 0;
	assert_true(seq_next(&s, HUB_STR("テレビとゴールドウォーター"), &at));
	known_mark(&m.known, &s, 0);
	assert_true(s.known[0] & KNOWN_USUAL && s.known[2] & KNOWN_USUAL);
	assert_int_equal(known_whole(&s, 0) & KNOWN_COMMON, 0);
	assert_int_equal(s.known[4] & KNOWN_USUAL, 0);
}

/* ， and ． of some hands, folded, are 、 and 。 behind Japanese, and stay in numbers and Latin words. */
static void marks_of_other_hands(void **state)
{
	static struct seq s;
	size_t at = 0;

	(void)state;
	assert_true(seq_next(&s, HUB_STR("金沢,氷見(株),1,000円.A.B"), &at));
	assert_string_equal(s.text, "金沢、氷見(株)、1,000円。A.B");
}

/* Every character of a text comes in exactly one stretch. */
static void nothing_is_cut_off(void **state)
{
	static struct seq s;
	struct hub_buf b;
	size_t at = 0, chars = 0;

	(void)state;
	hub_buf_init(&b, 1 << 20);
	for (int i = 0; i < 500; i++)
		hub_buf_puts(&b, i % 7 ? "田中あ" : i % 3 ? "。x" : "\n\n");
	const struct hub_str text = hub_buf_text(&b);
	while (seq_next(&s, text, &at)) {
		assert_true(s.n > 0 && s.n <= SEQ_MAX);
		for (uint32_t i = 0; i < s.n; i++)
			assert_true(s.end[i] > s.off[i] && s.end[i] <= text.len);
		chars += s.n;
	}
	size_t breaks = 0;
	for (size_t i = 0; i < text.len; i++)
		breaks += text.ptr[i] == '\n';
	assert_int_equal(chars + breaks, hub_utf8_count(text));
	hub_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(names_at_their_places, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_a_dictionary, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_folder_with_other_files, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_model_of_another_format, set_up, tear_down),
	    cmocka_unit_test(signs_of_a_model),
	    cmocka_unit_test(a_name_is_known_again),
	    cmocka_unit_test_setup_teardown(words_as_mecab_has_them, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(facilities_by_their_ends, set_up, tear_down),
	    cmocka_unit_test(words_of_the_dictionaries),
	    cmocka_unit_test_setup_teardown(other_readings, set_up, tear_down),
	    cmocka_unit_test(marks_of_other_hands),
	    cmocka_unit_test(nothing_is_cut_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
