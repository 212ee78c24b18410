/* Names of the roster in a text: full names wherever they stand, a part of one where what stands around
 * it is no longer word. Honorifics and relations stay outside of a span. */
#include "jname.h"
#include "jwords.h"
#include "plain.h"
#include "roster.h"

/* What a name may stand beside. */
enum side {
	CUT,   /* it is the inside of a word */
	RUN,   /* kanji beside kanji: may be a name in terse notes */
	EDGE,  /* something else begins there */
	NAMED, /* a word that shows that a person was named */
};

/* Characters of the sequence as characters of the text. */
struct place {
	uint32_t i, n; /* of the sequence */
	uint32_t from, to;
};

static struct place place_of(const struct reading *x, uint32_t i, uint32_t n)
{
	return (struct place){i, n, x->seq.at[i], x->seq.at[i + n - 1] + 1};
}

/* 児凪: the child whose record it is; 子 begins too many words. */
static int is_child(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from - 1, "児") && jt_cls(t, from - 2) != JT_KANJI;
}

/* その日凪は: the day is no part of a name */
static int is_behind_day(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from - 1, "日") && jt_is_char(t, from - 2, "のる");
}

static enum side left_side(const struct jtext *t, uint32_t from)
{
	const enum jt_class c = jt_cls(t, from), before = jt_cls(t, from - 1);

	if (jname_before(t, from) || is_child(t, from))
		return NAMED;
	if (before != c || c == JT_OTHER || is_behind_day(t, from))
		return EDGE;
	if (c == JT_KANJI)
		return RUN;
	if (c == JT_HIRA && (jname_is_particle(jt_at(t, from - 1)) || jt_ends(t, from, "さん") ||
			     jt_ends(t, from, "ちゃん") || jt_ends(t, from, "くん")))
		return EDGE;
	return CUT;
}

/* Hiragana that goes on behind a name: particles, copula, plural. */
static int goes_on(const struct jtext *t, uint32_t i)
{
	static const char *const words[] = {"って",   "だ",     "です", "より", "まで", "なら",
					    "など",   "たち",   "なの", "じゃ", "でし", "しか",
					    "ばかり", "くらい", "ほど", "さえ", "すら", "または",
					    "および", "ほか",   "あて"};

	if (jname_is_particle(jt_at(t, i)))
		return 1;
	if (jt_is(t, i, "こと")) /* さくらこと伊藤さん, not まなぶことが */
		return jt_cls(t, i + 2) != JT_HIRA;
	if (jt_is(t, i, "ら")) /* はるらは, not 平らな */
		return jt_cls(t, i + 1) != JT_HIRA || jname_is_particle(jt_at(t, i + 1));
	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++)
		if (jt_is(t, i, words[k]))
			return 1;
	return 0;
}

/* ちゃん, っち; 姉 behind はな, which is no word of the family */
static int is_familiar(const struct jtext *t, uint32_t i)
{
	static const char *const words[] = {"姉",   "兄",   "ねえ", "にい",
					    "みん", "やん", "ぽん", "にゃん"};

	if (jt_is_any(t, i, W_FAMILIAR))
		return 1;
	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++)
		if (jt_is(t, i, words[k]))
			return 1;
	return 0;
}

/* 空3歳, 夏小2, 凪年少 */
static int is_aged(const struct jtext *t, uint32_t i)
{
	uint32_t v;
	const uint32_t n = jnum_small(t, i, &v);

	if (jt_is_char(t, i, "小中高") && jt_is_digit(jt_at(t, i + 1)))
		return jt_cls(t, i + 2) != JT_KANJI && !jt_is_digit(jt_at(t, i + 2));
	return jt_is(t, i, "年少") || jt_is(t, i, "年中") || jt_is(t, i, "年長") ||
	       (n && jt_is_digit(jt_at(t, i)) && jt_is_char(t, i + n, "歳才"));
}

static enum side right_side(const struct jtext *t, uint32_t to)
{
	const enum jt_class c = jt_cls(t, to - 1), next = jt_cls(t, to);

	if (jname_honorific(t, to) || is_familiar(t, to) || jname_title(t, to) ||
	    jname_group(t, to) || jt_is_any(t, to, W_ACT) || is_aged(t, to))
		return NAMED;
	if (next != c || c == JT_OTHER)
		return EDGE;
	if (c == JT_KANJI)
		return jname_relation(t, to) ? NAMED : RUN;
	return c == JT_HIRA && goes_on(t, to) ? EDGE : CUT;
}

/* A label or a relation stands before, with what may stand between: 長男の誠, 担当：森, 母（和), 名字は一. */
static int is_labelled(const struct jtext *t, uint32_t from)
{
	uint32_t i = from;

	while (i > 0 && from - i < 3 && jt_is_char(t, i - 1, " :(・の、「\n"))
		i--;
	return jt_ends(t, i, "姓") || jt_ends(t, i, "姓は") || jt_ends(t, i, "字は") ||
	       jt_ends_any(t, i, W_RELATION) || jt_ends_any(t, i, W_BEFORE) ||
	       jt_ends_any(t, i, W_NAME_LABEL) || jt_ends_any(t, i, W_TITLE) || is_child(t, i);
}

/* ---- who is meant ---- */

static const struct hub_person *person_of(const struct reading *x, int32_t person)
{
	return &x->r->people[person];
}

/* Codes of relations and the words that stand in texts for them. */
static const char *const relations[][8] = {
    {"father", "父", "父親"},
    {"mother", "母", "母親"},
    {"husband", "夫"},
    {"wife", "妻"},
    {"spouse", "夫", "妻"},
    {"eldest_son", "長男"},
    {"second_son", "次男", "二男"},
    {"third_son", "三男"},
    {"eldest_daughter", "長女"},
    {"second_daughter", "次女", "二女"},
    {"third_daughter", "三女"},
    {"son", "息子"},
    {"daughter", "娘"},
    {"elder_brother", "兄"},
    {"elder_sister", "姉"},
    {"younger_brother", "弟"},
    {"younger_sister", "妹"},
    {"grandfather", "祖父"},
    {"grandmother", "祖母"},
    {"grandchild", "孫"},
    {"uncle_aunt", "叔父", "叔母"},
    {"self", "本人"},
    {"ex_spouse", "元夫", "元妻", "前夫", "前妻", "先夫", "先妻"}};

/* The relation of this person stands before the name. */
static int is_related(const struct reading *x, int32_t person, uint32_t from)
{
	const struct jtext *t = &x->t;
	const struct hub_str relation = person_of(x, person)->relation;

	while (from > 0 && jt_is_char(t, from - 1, " (・の「"))
		from--;
	for (uint32_t i = 0; i < sizeof relations / sizeof *relations; i++)
		for (uint32_t k = 1; k < 8 && relations[i][k]; k++)
			if ((str_is(relation, relations[i][0]) ||
			     str_is(relation, relations[i][k])) &&
			    jt_ends(t, from, relations[i][k]))
				return 1;
	return 0;
}

static int is_client(const struct hub_person *p)
{
	return str_is(p->relation, "本人") || str_is(p->relation, "self");
}

static int is_staff(const struct hub_person *p)
{
	static const char *const words[] = {"職員",   "staff",      "相談員",
					    "支援員", "counsellor", "care_manager"};

	for (uint32_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_is(p->relation, words[i]))
			return 1;
	return 0;
}

/* Who a part of a name means that several people have: the one whose relation or office stands beside it,
 * the one named last, the client, the first. 山田家 and 山田夫妻 are the client's. */
static int32_t who(const struct reading *x, const struct place *p, const struct jset_item *item)
{
	int32_t best = item->person;
	int rank = 0;
	const int titled = jname_title(&x->t, p->to) > 0;
	const int house = jname_group(&x->t, p->to) > 0;

	for (const struct jset_item *it = item; it && it->len == item->len;
	     it = jset_next(&x->r->set, x->seq.sym + p->i, x->seq.n - p->i, it)) {
		if (it->kind != item->kind)
			continue;
		const struct hub_person *one = person_of(x, it->person);
		const int now = is_related(x, it->person, p->from)           ? 4
				: titled && is_staff(one)                    ? 3
				: it->person == x->last && !titled && !house ? 2
				: is_client(one)                             ? 1
									     : 0;
		if (now > rank) {
			rank = now;
			best = it->person;
		}
	}
	return best;
}

static uint32_t report(struct reading *x, const struct place *p, int32_t person,
		       uint32_t confidence)
{
	reading_found(x, p->from, p->to, HUB_SPAN_PERSON, person, confidence);
	return p->i + p->n;
}

/* ---- full names ---- */

enum { GAP_MAX = 6 };

static int is_part(const struct jset_item *it)
{
	return it->kind == ROSTER_FAMILY || it->kind == ROSTER_GIVEN;
}

/* Longest part of the name of the same person right behind place j of the sequence. */
static const struct jset_item *part_behind(const struct reading *x, uint32_t j, int32_t person,
					   uint16_t not )
{
	const struct jset_item *it = NULL;

	if (j >= x->seq.n || x->seq.at[j] - x->seq.at[j - 1] > GAP_MAX)
		return NULL;
	while ((it = jset_next(&x->r->set, x->seq.sym + j, x->seq.n - j, it))) {
		if (is_part(it) && it->person == person && it->kind != not )
			return it;
	}
	return NULL;
}

/* ITO, Sakura and sakura.ito: a mark between letters at place j of the sequence */
static uint32_t mark_between(const struct reading *x, uint32_t j)
{
	return j < x->seq.n && jt_is_char(&x->t, x->seq.at[j], ",._-/") &&
	       jt_cls(&x->t, x->seq.at[j - 1]) == JT_LATIN;
}

/* End of the name that begins with `item` at i; i when only one part stands there. */
static uint32_t full_end(const struct reading *x, uint32_t i, const struct jset_item *item)
{
	uint32_t j = i + item->len, parts = 1;
	const struct jset_item *last = item, *next;

	if (item->kind == ROSTER_WHOLE)
		return j;
	while (parts < 6 && (next = part_behind(x, j + mark_between(x, j), item->person,
						parts == 1 || last->kind == ROSTER_FAMILY
						    ? last->kind
						    : (uint16_t)ROSTER_NICK))) {
		j += mark_between(x, j) + next->len;
		last = next;
		parts++;
	}
	return parts > 1 ? j : i;
}

static int is_full(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const enum side left = left_side(t, p->from), right = right_side(t, p->to);
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);

	if (first == JT_LATIN || last == JT_LATIN)
		return left != CUT && right != CUT;
	if (first == JT_KATA && last == JT_KATA)
		return (left != CUT && right != CUT) || p->n >= 6;
	if (first == JT_HIRA && last == JT_HIRA)
		return p->n >= 5 || left != CUT || right != CUT;
	/* 林誠来所, and not 森林誠意 */
	return p->n >= 3 || left >= EDGE || right >= EDGE;
}

static uint32_t match_full(struct reading *x, uint32_t i)
{
	const struct jset_item *it = NULL;
	uint32_t best = i;
	int32_t person = -1;

	while ((it = jset_next(&x->r->set, x->seq.sym + i, x->seq.n - i, it))) {
		if (!is_part(it) && it->kind != ROSTER_WHOLE)
			continue;
		const uint32_t end = full_end(x, i, it);
		if (end <= best)
			continue;
		const struct place p = place_of(x, i, end - i);
		if (p.to - p.from > p.n + GAP_MAX || !is_full(x, &p))
			continue;
		best = end;
		person = it->person;
	}
	if (best == i)
		return 0;
	const struct place p = place_of(x, i, best - i);
	x->last = person;
	return report(x, &p, person, SURE);
}

/* ---- one character ---- */

/* Words by themselves, as often as names; and those that are hardly ever one. */
static const char ordinary_given[] =
    "心実光愛空海花月星雪夢春夏秋冬力道友歌命体手人男女子母父声学幸望";
static const char ordinary_family[] = "東西南北上中下前後左右口元今";
static const char hardly_given[] = "歌命体手人男女子母父声";
/* 特に, 常に: adverbs; the others are that where nothing follows (誠に。) */
static const char adverbs[] = "共現常主特単切";

/* What is said with the word, and of nobody. */
static int is_phrase(const struct jtext *t, uint32_t from)
{
	static const char *const phrases[] = {
	    "誠に申",   "誠に有", "誠にあり", "誠に恐", "誠に残", "誠に勝", "誠に遺", "誠にお",
	    "実は、",   "実の",   "心の健",   "心の病", "心の支", "心のケ", "心の準", "心の傷",
	    "心の声",   "心の底", "心の中",   "心の問", "心を開", "心を閉", "心を痛", "心を込",
	    "心を許",   "心が落", "心が折",   "心が痛", "心が軽", "心が晴", "心に決", "心に残",
	    "心に響",   "心から", "光が差",   "光がま", "空が晴", "空が曇", "空が暗", "愛の手帳",
	    "夢を語",   "雪かき", "空の下",   "海が見", "海の近", "海の幸", "花が咲", "花の水",
	    "花を植",   "花を生", "花を供",   "花に水", "力が入", "力を入", "力にな", "力を貸",
	    "力を合",   "力の限", "夢を見",   "夢の中", "夢に出", "道に迷", "道の駅", "道を間",
	    "道を聞",   "月の半", "月の途",   "月の生", "月の初", "月の終", "月の前", "月の後",
	    "月が替",   "月が変", "雪が降",   "雪が積", "雪の日", "雪の中", "愛を感", "愛に飢",
	    "葵の御紋", "桜が咲", "桜の花",   "桜の木", "梅の花", "梅の木", "桃の花", "桃の木",
	    "桃の節句", "楓の木", "椿の花",   "椿の木", "樹の下", "翼を広", "星が見", "星の数"};

	for (uint32_t k = 0; k < sizeof phrases / sizeof *phrases; k++)
		if (jt_is(t, from, phrases[k]))
			return 1;
	return 0;
}

/* この夏は, 今年の春に, 月に2回 */
static int is_of_time(const struct jtext *t, const struct place *p)
{
	return jt_ends(t, p->from, "この") || jt_ends(t, p->from, "その") ||
	       jt_ends(t, p->from, "あの") || jt_ends(t, p->from, "年の") ||
	       jt_ends(t, p->from, "毎") ||
	       (jt_is(t, p->to, "に") && (jt_cls(t, p->to + 1) == JT_DIGIT ||
					  jt_is_char(t, p->to + 1, "一二三四五六七八九数何")));
}

static int opens(const struct jtext *t, uint32_t from)
{
	return from == 0 || jt_is_char(t, from - 1, "\n。、・,(「『:/");
}

static int closes(const struct jtext *t, uint32_t to)
{
	return to >= t->n || jt_is_char(t, to, "\n。、・,)」』:/(") || jt_is(t, to, "です");
}

/* Marks on both sides, or と on one: a list, a speaker, a signature. */
static int is_between_marks(const struct jtext *t, uint32_t from, uint32_t to)
{
	return (opens(t, from) && (closes(t, to) || jt_at(t, to) == 0x3068)) ||
	       (closes(t, to) && jt_at(t, from - 1) == 0x3068);
}

/* 父は勇、母は節: of whom it is said */
static int is_told(const struct jtext *t, uint32_t from)
{
	return from > 0 && jt_is(t, from - 1, "は") && jname_relation_before(t, from - 1);
}

static int is_addressed(const struct jtext *t, uint32_t to)
{
	return jname_honorific(t, to) || jt_is_any(t, to, W_FAMILIAR) || jname_title(t, to) ||
	       jt_is_any(t, to, W_GROUP_OF_ONE) || jt_is_any(t, to, W_ACT) ||
	       jt_is_any(t, to, W_CALLED) || jt_is(t, to, "名義") || jt_is(t, to, "を訪") ||
	       jt_is(t, to, "以外") || jt_is(t, to, "及び") || is_aged(t, to);
}

/* 森の中, 林の奥: の behind a name, and a place behind it. */
static int is_place_of(const struct jtext *t, uint32_t i)
{
	return jt_is(t, i, "の") && jt_is_char(t, i + 1, "中上下奥前横側近方周端");
}

/* 健やか, 静か */
static int is_adjective(const struct jtext *t, uint32_t from, uint32_t to)
{
	return jt_is(t, to, "やか") ||
	       (jt_is(t, to, "か") && jt_is_char(t, from, "静豊確遥遙僅密微愚厳仄朗"));
}

/* 林家, not 宮家 and 里家庭: the house of somebody whose name is one character. */
static int is_house(const struct jtext *t, const struct place *p)
{
	return jt_is(t, p->to, "家") && !jt_is_any(t, p->to, W_NO_GROUP) &&
	       !jt_is_char(t, p->from, "一本実分生民隣国作画農商名大空借旧武公人両他婚持貸");
}

/* 面談中, 訪問後 */
static int is_during(const struct jtext *t, uint32_t from)
{
	return jt_is_char(t, from, "中後前内上下") && jt_cls(t, from - 1) == JT_KANJI &&
	       !jname_relation_before(t, from) && !jt_ends_any(t, from, W_TITLE) &&
	       !jname_honorific(t, from + 1);
}

/* How sure one character is a name; 0: it is none. */
static uint32_t sure_of_one(const struct jtext *t, const struct place *p, int family)
{
	const enum side left = left_side(t, p->from), right = right_side(t, p->to);
	const uint32_t next = jt_at(t, p->to);
	const int ordinary = jt_is_char(t, p->from, family ? ordinary_family : ordinary_given);

	if (left < EDGE || right == CUT || is_during(t, p->from))
		return 0;
	if (jname_relation(t, p->from) > 1) /* 義母さん; 奥さん may be one of the name 奥 */
		return family && jt_is(t, p->from, "奥さん") ? FAIR : 0;
	if (is_addressed(t, p->to) || (jt_is(t, p->to, "の") && jname_relation(t, p->to + 1)))
		return STRONG;
	if (family && is_house(t, p))
		return FAIR;
	if (right < EDGE)
		return 0;
	const int ends =
	    jt_cls(t, p->to) != JT_HIRA || (goes_on(t, p->to) && !is_adjective(t, p->from, p->to));
	if (!ends || jt_ends(t, p->from, "お")) /* お金, お花 */
		return 0;
	if (is_told(t, p->from) && closes(t, p->to))
		return FAIR;
	if (ordinary && is_of_time(t, p))
		return 0;
	if (is_labelled(t, p->from))
		return jt_cls(t, p->to) == JT_HIRA && ordinary ? WEAK : GOOD;
	if (is_between_marks(t, p->from, p->to))
		return !ordinary ? FAIR : jt_at(t, p->from - 1) == 0x3068 ? HINT : HINT * 2;
	if (next == 0x306b && (jt_is_char(t, p->from, adverbs) || closes(t, p->to + 1))) /* に */
		return 0;
	if (next == 0x306f && family && jt_is_char(t, p->from, "元")) /* は */
		return 0;
	if (is_phrase(t, p->from))
		return 0;
	const int subject = jt_is_char(t, p->to, "はがもとへ") || jt_is(t, p->to, "から") ||
			    jt_is(t, p->to, "より");
	if (ordinary && (family || jt_is_char(t, p->from, hardly_given)))
		return !family && subject && jt_cls(t, p->from - 1) == JT_OTHER ? HINT * 2 : 0;
	if (ordinary) /* somebody of this case is called so: the word is likelier the name */
		return jt_cls(t, p->to) == JT_HIRA ? HINT * 2 : 0;
	if (subject || (!family && jt_cls(t, p->to) == JT_HIRA))
		return WEAK;
	/* 林を待つ, 森の話 */
	return jt_cls(t, p->to) == JT_HIRA && !is_place_of(t, p->to) ? HINT * 2 : 0;
}

/* ---- parts of a name ---- */

static int is_place_end(const struct jtext *t, uint32_t i)
{
	return jt_is_char(t, i, "県府市区町村郡駅線港");
}

/* 浜田市長, 長谷川区議: who leads or sits for a place is called by name as often as by the place. */
static int is_mayor(const struct jtext *t, uint32_t i)
{
	return jt_is_char(t, i, "県市区町村") && jt_is_char(t, i + 1, "長議") &&
	       (jt_cls(t, i + 2) != JT_KANJI || jt_is(t, i + 2, "員"));
}

/* The kanji that go on behind a name end like a place: 中村橋駅, 山口南町. */
static int is_place_run(const struct jtext *t, uint32_t i)
{
	uint32_t n = 0;

	if (is_mayor(t, i))
		return 0;

	while (n < 5 && jt_cls(t, i + n) == JT_KANJI)
		n++;
	return n && (is_place_end(t, i) || jt_is_char(t, i + n - 1, "県市区町村駅線港橋川"));
}

/* A known surname of n characters or more ends right before i. */
static int surname_before(const struct jtext *t, uint32_t i)
{
	for (uint32_t k = 1; k <= 3 && k <= i; k++)
		if (jname_surname(t->cp + i - k, k))
			return 1;
	return 0;
}

/* 山田康子, when the roster has another 山田: kanji behind that look like somebody's given name. */
static int other_given(const struct jtext *t, uint32_t to)
{
	uint32_t n = 0;

	if (jt_at(t, to) == ' ')
		to++;
	while (n < 4 && jt_cls(t, to + n) == JT_KANJI && !jname_honorific(t, to + n) &&
	       !jname_title(t, to + n))
		n++;
	if (n < 2 || n > 3 || jt_cls(t, to + n) == JT_KANJI || jt_is_any(t, to, W_NO_GIVEN) ||
	    jname_before_at(t, to))
		return 0;
	return jname_given(t->cp + to, n) >= 7;
}

/* 長谷川式, 田中ビネー, 橋本病, さくら祭り: what is called by a name, or by what is a name too. A firm or a paper (朝日新聞)
 * may be the family's own. */
static int is_thing(const struct jtext *t, uint32_t to)
{
	static const char *const words[] = {
	    "ビネー",     "クレペリン", "ギルフォード", "症候群", "祭り",   "まつり", "餅",
	    "並木",       "式スケール", "式簡易",       "式認知", "式知能", "沿い",   "の鉢植え",
	    "の植え込み", "の木",       "の苗",         "の花壇", "公園",   "神社"};

	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++)
		if (jt_is(t, to, words[k]))
			return 1;
	if (jt_is(t, to, "病"))
		return !jt_is_char(t, to + 1, "院気欠状棟死床室弱没");
	return jt_is(t, to, "式") && jt_cls(t, to + 1) != JT_KANJI;
}

/* A part written with kanji. *person becomes -1 when somebody else is meant. */
static uint32_t sure_of_kanji(const struct reading *x, const struct place *p, int family,
			      int32_t *person)
{
	const struct jtext *t = &x->t;
	const enum side left = left_side(t, p->from);
	enum side right = right_side(t, p->to);
	const unsigned word = family ? jname_surname(t->cp + p->from, p->n) & JN_WORD
				     : jt_is_any(t, p->from, W_NO_GIVEN) == p->n;

	if (p->to - p->from > p->n + 3)
		return 0;
	if (right == RUN && family && is_place_run(t, p->to))
		return 0;
	if (left == RUN && family && jname_surname(t->cp + p->from - 1, p->n + 1))
		return 0; /* 小山田 */
	if (right == RUN && family && jname_surname(t->cp + p->from, p->n + 1))
		return 0; /* 長谷川 */
	if (right == RUN && !family && jt_is_any(t, p->to, W_GIVEN_END))
		return 0; /* 由美子 */
	if (left == RUN && !family) {
		/* 旧友節子さん */
		if (!surname_before(t, p->from) && (word || !jname_honorific(t, p->to)))
			return 0;
		*person = -1;
	}
	if (family && right != NAMED && other_given(t, p->to))
		*person = -1;
	if (right == RUN && jt_is_any(t, p->to, W_FACILITY_END)) {
		*person = -1;
		return WEAK;
	}
	if (left == NAMED || right == NAMED)
		return STRONG;
	if (left == RUN && right == RUN)
		return word ? 0 : WEAK;
	if (left == RUN || right == RUN)
		return !word ? FAIR : family ? WEAK : 0;
	return word ? FAIR : GOOD;
}

/* た・か・は・し and た、か、は、し: the same gap between all of them */
static int is_spelled(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const uint32_t gap = jt_at(t, p->from + 1);

	if (p->n < 3 || p->to - p->from != 2 * p->n - 1)
		return 0;
	for (uint32_t i = p->from + 1; i < p->to; i += 2)
		if (jt_at(t, i) != gap || (!fold_is_gap(gap) && gap != 0x3001))
			return 0;
	return 1;
}

/* はるか前, まいにち, なつかしい: a word that begins with a name and what could be a particle */
static int is_longer_word(const struct jtext *t, uint32_t from)
{
	static const char *const words[] = {
	    "はるか",   "まいにち", "まいばん", "まいあさ", "まいとし", "まいかい", "なつかし",
	    "れんらく", "れんきゅ", "れんしゅ", "ゆうがた", "ゆうべ",   "ゆうはん", "ゆうびん",
	    "あいだ",   "あいて",   "あいさつ", "のりもの", "ももにく", "よしと言", "たかが知"};

	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++)
		if (jt_is(t, from, words[k]))
			return 1;
	return 0;
}

/* はなが, きくは: where the word that it could be does not stand */
static int is_hira_name(const struct jtext *t, const struct place *p)
{
	static const char *const names[] = {"なお", "かな", "とも", "はな", "やす", "たか", "さき",
					    "しの", "みの", "かの", "きく", "すえ", "その"};

	for (uint32_t k = 0; k < sizeof names / sizeof *names; k++)
		if (jt_is(t, p->from, names[k]))
			return (jt_is_char(t, p->to, "がをはへ") && !jt_ends(t, p->from, "を")) ||
			       (jt_cls(t, p->to) == JT_KANJI && jt_cls(t, p->to + 1) == JT_KANJI);
	return 0;
}

static uint32_t sure_of_hira(const struct jtext *t, const struct place *p)
{
	const enum side left = left_side(t, p->from), right = right_side(t, p->to);

	if (jname_honorific(t, p->from) >= p->n) /* さん, where サン is a name */
		return 0;
	if (right == NAMED)
		return p->n > 2 || left != CUT ? STRONG : FAIR;
	if (p->n >= 5 || (p->n == 4 && (left != CUT || right != CUT)))
		return left != CUT && right != CUT ? GOOD : WEAK;
	if (right == CUT || (left == CUT && p->n < 3) || jt_is(t, p->from, "はじめ"))
		return 0;
	if (jt_cls(t, p->to) == JT_HIRA && jname_honorific(t, p->to + 1))
		return 0; /* はるかさん */
	if (p->n == 2 && is_longer_word(t, p->from))
		return 0;
	if (left == CUT)
		return WEAK;
	if (left == NAMED || is_labelled(t, p->from))
		return GOOD;
	if (p->n == 3)
		return FAIR;
	return jt_is_any(t, p->from, W_NO_HIRA_GIVEN) == p->n && !is_hira_name(t, p) ? 0 : WEAK;
}

/* Kana over a line end, before an honorific. */
static int is_broken_by_line(const struct jtext *t, const struct place *p)
{
	int lines = 0;

	for (uint32_t i = p->from; i < p->to; i++)
		lines += jt_at(t, i) == '\n';
	return p->n > 2 && lines == 1 && p->to - p->from <= p->n + 3 &&
	       right_side(t, p->to) == NAMED;
}

/* Cさん, 被害者C; not B型 and C判定 */
static uint32_t sure_of_letter(const struct jtext *t, const struct place *p)
{
	const enum side left = left_side(t, p->from), right = right_side(t, p->to);

	if (left == CUT || right == CUT)
		return 0;
	return right == NAMED ? STRONG : jname_is_particle(jt_at(t, p->to)) ? FAIR : 0;
}

/* Ken'ichiro: nothing but a mark between letters */
static int is_one_word(const struct jtext *t, const struct place *p)
{
	for (uint32_t i = p->from; i < p->to; i++)
		if (fold_is_gap(jt_at(t, i)))
			return 0;
	return 1;
}

/* ﾏﾂｼﾀﾊﾊﾖﾘ: notes in katakana alone, where no other character says that the next word begins. */
static int goes_on_in_kata(const struct jtext *t, const struct place *p)
{
	static const char *const words[] = {"ヨリ", "カラ", "ハハ", "チチ", "ツマ", "オット",
					    "タク", "ノ",   "ハ",   "ガ",   "ニ",   "ト"};

	if (p->n < 3 || left_side(t, p->from) == CUT)
		return 0;
	for (uint32_t k = 0; k < sizeof words / sizeof *words; k++) {
		const uint32_t n = jt_is(t, p->to, words[k]);
		if (n && n + p->n > 4)
			return 1;
	}
	return 0;
}

static uint32_t sure_of_part(const struct reading *x, const struct place *p, int family,
			     int32_t *person)
{
	const struct jtext *t = &x->t;
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);

	if (first == JT_KANJI && last != JT_KANJI && right_side(t, p->to) == CUT)
		return 0; /* 高はしゃぐ */
	if ((family || first != JT_KANJI) && is_thing(t, p->to))
		return 0;
	if (first == JT_KANJI || last == JT_KANJI)
		return p->n == 1 ? sure_of_one(t, p, family) : sure_of_kanji(x, p, family, person);
	const int broken = p->to - p->from != p->n;
	if (first == JT_KATA && last == JT_KATA && !broken && goes_on_in_kata(t, p))
		return FAIR;
	if (first == JT_LATIN && p->n == 1)
		return sure_of_letter(t, p);
	if (first == last && is_spelled(x, p))
		return STRONG;
	if (first != last && p->n > 3 && !broken) /* アントニオいのき */
		return left_side(t, p->from) != CUT && right_side(t, p->to) != CUT ? GOOD : 0;
	if (first != last || p->n < 2 ||
	    (broken && !is_broken_by_line(t, p) && !(first == JT_LATIN && is_one_word(t, p))))
		return 0;
	if (first == JT_HIRA)
		return sure_of_hira(t, p);
	const enum side left = left_side(t, p->from), right = right_side(t, p->to);
	if (first == JT_KATA && p->n >= 4 && (left == CUT || right == CUT))
		return WEAK; /* オブザーバーソフィア */
	if (left == CUT || right == CUT || (first == JT_LATIN && p->n < 3))
		return 0;
	if (left == NAMED || right == NAMED)
		return STRONG;
	return p->n > 2 ? GOOD : FAIR;
}

/* はなちゃん, 花ちゃん, たっくん; はなさん for はなこ */
static uint32_t sure_of_nick(const struct reading *x, const struct place *p)
{
	const struct jtext *t = &x->t;
	const enum side left = left_side(t, p->from);
	const int kanji = jt_cls(t, p->from) == JT_KANJI;

	if (p->to - p->from != p->n || left < EDGE || jname_common(t, p->to) ||
	    jname_relation(t, p->from) > p->n) /* 実兄 */
		return 0;
	/* みりん is none of 美代 */
	if (p->n == 1 && !kanji)
		return jname_honorific(t, p->to) && jt_is_any(t, p->to, W_FAMILIAR) ? STRONG : 0;
	if (is_familiar(t, p->to))
		return STRONG;
	return jt_is(t, p->to, "さん") ? FAIR : 0;
}

/* いからしさん: kana that are nearly the name, before an honorific */
static uint32_t sure_of_heard(const struct jtext *t, const struct place *p)
{
	const enum jt_class first = jt_cls(t, p->from), last = jt_cls(t, p->to - 1);
	const int mixed = (first == JT_KANJI) != (last == JT_KANJI);

	return p->to - p->from == p->n && (first == last || mixed) &&
		       left_side(t, p->from) != CUT && jname_honorific(t, p->to)
		   ? FAIR
		   : 0;
}

static int is_capital(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* M.K, M・K; MKさん. The mark behind the last is part of it. */
static uint32_t sure_of_initials(const struct jtext *t, struct place *p)
{
	const int solid = p->to - p->from == 2;

	if (p->to - p->from > 3 || !is_capital(jt_at(t, p->from)) ||
	    !is_capital(jt_at(t, p->to - 1)) || left_side(t, p->from) == CUT ||
	    jt_at(t, p->from - 1) == '.')
		return 0;
	p->to += !solid && jt_at(t, p->to) == '.';
	if (jname_honorific(t, p->to))
		return STRONG;
	if (jt_is_any(t, p->to, W_ACT))
		return FAIR;
	const enum jt_class next = jt_cls(t, p->to);
	return !solid && jt_at(t, p->from + 1) != ' ' && next != JT_LATIN && next != JT_DIGIT ? FAIR
											      : 0;
}

/* 山田●子, 山田○○: what is left out of the given name, and what is left of it */
static uint32_t hidden_end(const struct jtext *t, uint32_t to)
{
	enum { MOST = 3 };
	uint32_t end = to;

	while (end < to + MOST && jt_is_char(t, end, "●○〇◯■□*×▲"))
		end++;
	if (end == to)
		return to;
	const enum jt_class c = jt_cls(t, end);
	const int rest = c == JT_KANJI ? jt_cls(t, end + 1) != c
				       : c == JT_HIRA && !jname_is_particle(jt_at(t, end));
	if (rest && !jname_honorific(t, end))
		return end + 1;
	return end > to + 1 ? end : to; /* 佐藤×: a table */
}

uint32_t match_name(struct reading *x, uint32_t i)
{
	const struct jset_item *it = NULL;
	const uint32_t full = match_full(x, i);

	if (full)
		return full;
	while ((it = jset_next(&x->r->set, x->seq.sym + i, x->seq.n - i, it))) {
		struct place p = place_of(x, i, it->len);
		uint32_t sure = 0, end;
		int32_t person = 0;
		if (is_part(it))
			sure = sure_of_part(x, &p, it->kind == ROSTER_FAMILY, &person);
		else if (it->kind == ROSTER_NICK)
			sure = sure_of_nick(x, &p);
		else if (it->kind == ROSTER_HEARD)
			sure = sure_of_heard(&x->t, &p);
		else if (it->kind == ROSTER_INITIALS)
			sure = sure_of_initials(&x->t, &p);
		else if (it->kind >= ROSTER_TOWN && (end = match_place(x, i, it)))
			return end;
		if (!sure)
			continue;
		if (it->kind == ROSTER_FAMILY)
			p.to = hidden_end(&x->t, p.to);
		if (person >= 0) {
			person = who(x, &p, it);
			if (it->kind != ROSTER_FAMILY || is_related(x, person, p.from))
				x->last = person;
		}
		return report(x, &p, person, sure);
	}
	return 0;
}
