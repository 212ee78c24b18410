/* Addresses smaller than a city, read from left to right behind a municipality, and from a block, a room or a
 * word for living there back to the town. Prefecture and city stay; a ward is smaller than its city. */
#include "jname.h"
#include "jnum.h"
#include "jtown.h"
#include "place.h"

/* ---- behind a city ---- */

/* Where the part smaller than a city begins in a municipality that ends at end. *ward: it is a ward of a city,
 * not one of Tokyo's. */
static uint32_t small_part(const struct jtext *t, uint32_t i, uint32_t end, int *ward)
{
	const uint32_t own = jt_ends_any(t, end, W_CITY), n = jt_ends_any(t, end, W_WARD);

	*ward = n && end - i > n && jt_ends_any(t, end - n, W_CITY);
	if (*ward)
		return end - n;
	return own && jt_at(t, end - 1) == 0x533a ? end - own : end; /* 区 */
}

/* A town without any mark behind a city, where the sentence goes on: …市大平に. */
static uint32_t bare_town(const struct jtext *t, uint32_t i)
{
	uint32_t to = i;

	while (to < i + PLACE_RUN_MAX && jname_is_kanji(t, to))
		to++;
	const uint32_t next = jt_at(t, to);
	const int bounded = next == 0 || next == '\n' || next == 0x3002 || next == 0x3001 ||
			    jt_is_any(t, to, W_TOWN_BOUND);
	return to - i >= 2 && to - i <= 5 && bounded &&
		       !(to - i > 3 && (jt_ends(t, to, "中") || jt_ends(t, to, "直通")))
		   ? to
		   : i; /* 単身赴任中 */
}

static void find_city(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	int level, ward;

	if (i < s->place_end)
		return;
	uint32_t end = jplace_city(t, i, &level), small;
	if (end > i && level == 2) {
		small = small_part(t, i, end, &ward);
	} else if (end == i && !jname_is_kanji(t, i - 1) && (end += jt_is_any(t, i, W_WARD)) > i) {
		small = i;
		ward = 0;
	} else {
		return;
	}
	s->place_end = end;
	const int office = jt_is_any(t, end, W_NO_TOWN_AFTER) > 0;
	uint32_t at = end;
	if (jt_at(t, at) == 0x306e && place_town(t, at + 1) > 1) /* の */
		at++;
	small = small == end ? at : small;
	const struct place_rest r = place_read(t, at);
	if (r.known ? !(office && r.end < end + 3) : !office && (r.block || r.marked)) {
		scan_add(s, small, r.end, HUB_SPAN_ADDRESS, STRONG);
		s->place_end = r.end;
		return;
	}
	/* 町 and 村 without a prefecture are parts of longer names more often than not: 東村山 */
	if (office || (end - i < 4 && jt_at(t, end - 1) != 0x5e02 && jname_is_kanji(t, end)))
		return;
	at = end + (jt_at(t, end) == ' ');
	if (bare_town(t, at) > at)
		scan_add(s, small, bare_town(t, at), HUB_SPAN_ADDRESS,
			 has_label(t, i, W_HOME_LABEL) ? STRONG : FAIR);
	else if (ward)
		scan_add(s, small, end, HUB_SPAN_ADDRESS, LIKELY);
}

/* ---- from a block to the left ---- */

struct left {
	uint32_t from;
	int known, sure; /* a town of the table; a municipality or 字 stands in front */
};

/* 四之宮 of 四之宮の2-18: a known town of three characters and more that ends at i. */
static int town_with_no(const struct jtext *t, uint32_t i, uint32_t *from)
{
	enum { LEAST = 3, MOST = 6 };

	for (uint32_t n = MOST; n >= LEAST; n--)
		if (i >= n && jtown_is(t, i - n, i) && !place_is_char(t, i - n - 1)) {
			*from = i - n;
			return 1;
		}
	return 0;
}

/* The town in front of a block at i. */
static struct left town_before(const struct jtext *t, uint32_t i)
{
	struct left l = {.from = i};
	uint32_t edge = i - (jt_at(t, i - 1) == ' '), n;
	if (jt_at(t, i - 1) == 0x3001 && jt_at(t, i - 2) == 0x306e &&
	    jt_ends_any(t, i - 2, W_TOWN_END))
		edge = i - 2; /* みどり町の、二丁目 */
	uint32_t from = edge;

	if (jt_at(t, i - 1) == 0x306e && town_with_no(t, i - 1, &l.from)) { /* の */
		l.known = 1;
		return l;
	}
	while (from > 0 && edge - from < PLACE_RUN_MAX &&
	       (place_is_char(t, from - 1) || jt_cls(t, from - 1) == JT_HIRA))
		from--;
	/* a municipality that is not in the list: cut behind it */
	for (uint32_t k = from + 2; k + 1 < edge; k++)
		if (t->cp[k - 1] == 0x5e02 || t->cp[k - 1] == 0x90e1) { /* 市 郡 */
			l.from = from = k;
			l.sure = 1;
		}
	for (uint32_t k = from; k + 1 < edge && !l.known && !l.sure; k++)
		if (jtown_is(t, k, edge)) {
			l.known = 1;
			l.from = k;
		}
	if (!l.known && !l.sure) {
		while (from < edge && !place_is_char(t, from))
			from++;
		for (uint32_t k = from; k < edge; k++)
			if (jt_cls(t, k) == JT_HIRA)
				from = k + 1;
		while (from < edge && (n = jname_before_at(t, from)) && from + n < edge)
			from += n;
		if (jt_ends_any(t, edge, W_NO_TOWN))
			return l;
		l.from = from < edge ? from : i;
	}
	if ((n = jt_ends_any(t, l.from, W_WARD)))
		l.from -= n;
	l.sure |= n > 0 || jt_is_any(t, l.from, W_TOWN_LEAD) || jt_ends_any(t, edge, W_TOWN_END) ||
		  (l.from > 0 && t->cp[l.from - 1] == 0x5e02);
	return l;
}

/* A town written in kana in front of a block at i: こわだ3-5, コワダ三の五. Where it begins, i when there is none: nobody
 * lists readings of towns, so that what is no ordinary word counts. */
static uint32_t kana_town_before(const struct jtext *t, uint32_t i)
{
	enum { LEAST = 3, MOST = 10 };
	const uint32_t c = jt_at(t, i - 1);
	const uint32_t to = i - (c == ' ' || c == 0x306e); /* の */
	const enum jt_class cls = jt_cls(t, to - 1);
	uint32_t from = to;

	if ((cls != JT_HIRA && cls != JT_KATA) || jt_ends_any(t, to, W_NO_KANA_TOWN) ||
	    jt_ends_any(t, to, W_NO_KANA_NAME) || jt_ends_any(t, to, W_NO_TOWN))
		return i;
	while (from > 0 && to - from < MOST && jt_cls(t, from - 1) == cls)
		from--;
	if (cls == JT_HIRA) {
		if (jname_is_particle(jt_at(t, to - 1)))
			return i;
		/* the end of a word in kanji is none of the town: 今はこわだ, 食べた3-5 */
		const int open = jt_cls(t, from - 1) == JT_OTHER || jt_cls(t, from - 1) == JT_SPACE;
		uint32_t k = from + (uint32_t)open;
		while (k < to && !jname_is_particle(t->cp[k]))
			k++;
		if (k + LEAST < to)
			from = k + 1;
		else if (!open)
			return i;
	}
	return to - from >= LEAST ? from : i;
}

static int is_chome(const struct jtext *t, const struct jblock *b)
{
	int chome = 0;

	for (uint32_t k = 0; k < b->n; k++)
		chome |= jt_ends(t, b->end_of[k], "丁目") || jt_ends(t, b->end_of[k], "番地") ||
			 (k + 1 < b->n && jt_ends(t, b->end_of[k], "番") &&
			  jt_at(t, b->end_of[k]) != ' '); /* 447番18 */
	return chome;
}

static uint32_t block_confidence(const struct jblock *b, const struct left *l, uint32_t edge,
				 int chome, int label)
{
	const uint32_t town = l->from < edge ? edge - l->from : 0;

	if (label || (chome && town) || ((l->sure || l->known) && b->n >= 3))
		return STRONG;
	if (chome || (b->n >= 3 && !b->units && town >= 2))
		return LIKELY;
	if (l->known && l->sure && b->n >= 2)
		return LIKELY;
	if (town && b->n >= 2 && (b->units >= 2 || (l->known && town >= 2)))
		return FAIR;
	return town >= 2 && b->n >= 2 ? HINT : 0;
}

/* の前で, の角: where somebody waits or lives. */
static int is_spot(const struct jtext *t, uint32_t i)
{
	static const char *const spots[] = {"の前で",   "の前に", "の角",   "の隣",       "の裏",
					    "の向かい", "の家",   "のお宅", "のアパート", NULL};

	for (const char *const *w = spots; *w; w++)
		if (jt_is(t, i, *w))
			return 1;
	return 0;
}

/* インスリン 8-6-6-4, 薬 2-0-2, 血糖 120-180-150, 文書分類 3-2-14: what is given, measured or filed, and no lot of a town; begin
 * of a block is a small number, none is 0, and four small ones are doses of a day. */
static int is_no_lot(const struct jtext *t, const struct jblock *b, uint32_t edge, int listed)
{
	enum { CHOME = 99, DOSES = 4, DOSE = 40 }; /* a room has a larger number */
	uint32_t most = 0;

	if (b->units)
		return 0;
	for (uint32_t k = 0; k < b->n; k++) {
		if (!b->value[k])
			return 1;
		most = b->value[k] > most ? b->value[k] : most;
	}
	return !listed && b->n > 2 &&
	       (b->value[0] > CHOME || (b->n == DOSES && most <= DOSE) ||
		jt_ends_any(t, edge, W_PUBLIC_NUMBER) || jt_ends_any(t, edge, W_MEASURE));
}

static void find_block(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	struct jblock b;

	if (i < s->place_end || jt_is_digit(jt_at(t, i - 1)) ||
	    (jt_is_dash(jt_at(t, i - 1)) && jt_is_digit(jt_at(t, i - 2))))
		return;
	if (jt_ends_any(t, i, W_UNIT) || place_block(t, i, &b) == i)
		return; /* a block is read from its begin */
	struct left l = town_before(t, i);
	const uint32_t kana = !l.known && !l.sure ? kana_town_before(t, i) : i;
	if (kana < i)
		l.from = kana;
	if (l.from == i && jt_is(t, i, "一丁目一番地"))
		return;
	const int label = has_label(t, l.from, W_HOME_LABEL), chome = is_chome(t, &b);
	const uint32_t edge = i - (jt_at(t, i - 1) == ' '),
		       not_town = jt_ends_any(t, edge, W_NO_TOWN);
	/* 追分 ends like a time */
	if (!label && not_town && !(l.known && (chome || edge > l.from + not_town)))
		return;
	if (!label && is_no_lot(t, &b, edge, l.known || l.sure))
		return;
	const int section = jt_ends(t, b.end, "区") || jt_ends(t, b.end, "組"); /* of a town */
	if (b.n == 1 && !chome && !(section && l.known))
		return;
	uint32_t confidence = block_confidence(&b, &l, edge, chome || section, label);
	if (!confidence && b.n > 1 && is_spot(t, b.end)) /* 17-26の前で */
		confidence = FAIR;
	if (kana < i && b.n > 1 && confidence < FAIR)
		confidence = FAIR;
	if (!confidence)
		return;
	const uint32_t end = place_said(t, place_building(t, b.end));
	scan_add(s, l.from, end, HUB_SPAN_ADDRESS, confidence);
	if (confidence > HINT)
		s->place_end = end;
}

/* ---- towns, areas, buildings without a block ---- */

/* A known town at i: three characters and more that are no name say enough; others need a word of living there. */
static void town_at(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t n = place_town(t, i);
	struct jblock b;

	if (n > 2 || (n && jt_ends(t, i + n, "町"))) { /* 大平町ニ162, コーポ大平 A-5 */
		const struct place_rest r = place_read(t, i);
		if (r.block && place_block(t, i + n, &b) == i + n) {
			scan_add(s, i, r.end, HUB_SPAN_ADDRESS, LIKELY);
			s->place_end = r.end;
			return;
		}
	}
	if (jt_at(t, i + n) == 0x306e && place_is_counted(t, i + n + 1))
		return; /* 神戸の3都市 */
	if (n < 2 || jname_honorific(t, i + n) || jname_title(t, i + n))
		return;
	const uint32_t said = place_said(t, i + n);
	if (said > i + n) {
		scan_add(s, i, said, HUB_SPAN_ADDRESS, n > 2 ? LIKELY : FAIR);
		s->place_end = said;
		return;
	}
	const int lives = jt_is_any(t, i + n, W_LIVES) || jt_is_any(t, i + n, W_TOWN_AFTER) ||
			  has_label(t, i, W_HOME_LABEL);
	int place = n >= 3 && !jname_surname(t->cp + i, n) && !place_is_char(t, i + n);
	for (uint32_t k = i; k < i + n; k++)
		place &= jname_is_kanji(t, k); /* 松の木 is more often a tree */
	if (lives || place)
		scan_add(s, i, i + n, HUB_SPAN_ADDRESS, lives ? LIKELY : FAIR);
}

/* At the begin of a run, behind words that belong to no town. Few runs get further than the cheap look. */
static void find_town(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t n;

	while ((n = jt_is_any(t, i, W_BEFORE)) && place_is_char(t, i + n))
		i += n;
	if (i >= s->place_end && jt_cls(t, i) == JT_KANJI && jtown_may(t, i))
		town_at(s, i);
}

/* 大平地区, 緑が浜自治会 */
static void find_area(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i, n;

	while (from > 0 && i - from < 8 && place_is_char(t, from - 1))
		from--;
	while (from < i && (n = jt_is_any(t, from, W_BEFORE)))
		from += n;
	if (i < from + 2 || i < s->place_end || is_generic(t, from, i) ||
	    jt_ends_any(t, i, W_NO_AREA))
		return;
	scan_add(s, from, i, HUB_SPAN_ADDRESS, FAIR);
}

/* コーポ新緑101号室, 県営住宅3号棟405, しらゆり荘: a building with its room, or with a name of its own. */
static void find_room(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t word = jplace_building_word(t, i);
	uint32_t from = i, n;

	if (!word || i < s->place_end)
		return;
	while (from > 0 && i - from < 10 &&
	       (place_is_char(t, from - 1) || jt_cls(t, from - 1) == JT_LATIN))
		from--;
	from -= kana_name_before(t, from);
	while (from < i && (n = jt_is_any(t, from, W_BEFORE)))
		from += n;
	if (from == i && (jt_is(t, i, "棟") || jt_is(t, i, "号棟")))
		while (from > 0 && jt_is_digit(t->cp[from - 1]))
			from--;
	uint32_t to = jplace_building(t, i), room = to + 1;
	while (room < to + 6 && jt_is_digit(jt_at(t, room)))
		room++;
	if (jt_at(t, to) == 0x306e && room >= to + 4) /* の: 12棟の304 */
		to = room;
	const int own = jt_is_any(t, i, W_DWELLING) == word;
	const uint32_t said = own && i - from >= 2 ? place_said(t, i + word) : i + word;
	if (to > i + word &&
	    (jt_is_digit(t->cp[to - 1]) || jt_ends_any(t, to, W_KANJI_DIGIT) ||
	     jt_ends_any(t, to, W_ROOM)) &&
	    !jt_ends(t, to, "階") &&
	    (from < i || jt_cls(t, i + word) != JT_DIGIT || jt_ends_any(t, to, W_ROOM))) {
		scan_add(s, from, to, HUB_SPAN_ADDRESS, LIKELY);
		s->place_end = to;
	} else if (said > i + word) { /* ひまわり荘の、上の、二〇四 */
		scan_add(s, from, said, HUB_SPAN_ADDRESS, LIKELY);
		s->place_end = said;
	} else if (i - from >= 2 && own && !place_is_char(t, i + word) && !is_generic(t, from, i)) {
		scan_add(s, from, to > i + word ? to : i + word, HUB_SPAN_ADDRESS, FAIR);
	} else if (jt_cls(t, i + word) == JT_KANJI &&
		   (from == i ? jt_is_any(t, i, W_DWELLING_FIRST) == word
			      : own && jt_cls(t, i) == JT_KATA && jt_cls(t, from) == JT_KATA &&
				    !jt_is(t, i, "マンション") && !jt_is(t, i, "アパート"))) {
		for (n = word; place_is_char(t, i + n) && n < PLACE_RUN_MAX;)
			n++;
		if (n > word + 1 && !is_generic(t, i + word, i + n))
			scan_add(s, from, i + n, HUB_SPAN_ADDRESS, FAIR);
	}
}

/* ---- told without a town ---- */

/* 番地は447の18, 部屋はB棟の203: the number a label of this kind tells. */
static void find_told(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + jt_is_any(t, i, W_LOT_LABEL);
	const uint32_t joint = at + jt_is(t, at, "だけ"), c = jt_at(t, joint);

	if (c == 0x306f || c == 0x304c || c == ':') /* は が */
		at = jnum_skip_speech(t, joint + 1);
	else if (joint > at || jt_is(t, i, "家屋番号"))
		at = joint + (c == ' ');
	else
		return;
	const uint32_t to = place_told(t, at);
	if (to >= at + 2 && jt_cls(t, to) != JT_KANJI && jt_at(t, to) != 0x3064) /* つ */
		scan_add(s, at, to, HUB_SPAN_ADDRESS, LIKELY);
}

/* 北緯35度19分41秒, 東経139.3492 */
static void find_coordinate(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + jt_is_any(t, i, W_COORDINATE), to;
	int fine = 0;

	while (jt_at(t, at) == ':' || jt_at(t, at) == ' ')
		at++;
	for (to = at; jt_is_digit(jt_at(t, to)) || jt_is_char(t, to, ".度分秒°′″'\" "); to++)
		fine |= !jt_is_digit(t->cp[to]) && t->cp[to] != ' ' && t->cp[to] != 0x5ea6; /* 度 */
	while (to > at && jt_at(t, to - 1) == ' ')
		to--;
	if (fine && jt_is_digit(jt_at(t, at))) /* no 38度線 */
		scan_add(s, at, to, HUB_SPAN_ADDRESS, STRONG);
}

/* ---- postal code ---- */

static void find_postal(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + jt_is_any(t, i, W_POSTAL);
	struct jdigits g;
	int level;

	if (at == i && s->digits != 3)
		return;
	while (at > i && (jt_at(t, at) == ' ' || jt_at(t, at) == ':' || jt_at(t, at) == 0x306f))
		at++;
	jdigits_read(t, at,
		     (at > i ? JD_PHONE | JD_BREAK | JD_MARK : JD_PLAIN) |
			 (jt_cls(t, at) == JT_KANJI ? JD_KANJI : 0),
		     &g);
	if (g.n < 7 || (g.n > 7 && !g.first[7]) || g.first[1] || g.first[2])
		return;
	if (at == i) { /* no mark: an address follows */
		const uint32_t next =
		    g.end[6] + (jt_at(t, g.end[6]) == ' ' || jt_at(t, g.end[6]) == '\n');
		if (!g.first[3] || jt_is_digit(jt_at(t, i - 1)) || jt_is_dash(jt_at(t, i - 1)) ||
		    jplace_city(t, next, &level) == next)
			return;
	}
	scan_add(s, at, g.end[6], HUB_SPAN_ADDRESS, SURE);
}

static const char *const city_examples[] = {
    "石川県金沢市[片町二丁目3番地8]　に転居",
    "横浜市[港南区日野南4丁目5番6号]に住む",
    "仙台市[青葉区本町1-2-3 コーポ本町201号室]から",
    "東京都[杉並区高井戸東三丁目四番五号]",
    "住所は[高井戸東1-20]です",
    "大阪市[西区立売堀１－２－３]",
    "札幌市[白石区北郷2条5丁目3番地]",
    "札幌市[中央区北1条西2丁目3番地]",
    "京都市[中京区寺町通御池上る上本能寺前町488]",
    "那覇市[首里金城町1-23]",
    "高松市[上福岡町甲123番地]",
    "長野県上田市[大字古里字中原12番地]の借家",
    "金沢市[泉野出町]在住",
    "大津市[\n雄琴三丁目2-1]",
    "名古屋市[北区]に住む",
    "金沢市の[泉野出町]で暮らす",
    "金沢市役所に行く",
    "世田谷区在住",
    "金沢市内で働く",
    "那覇市単身赴任中、那覇市ポスト12、横浜市病棟直通、神戸の3都市、神奈川の4都県",
    "金沢市在住",
    NULL};
static const char *const block_examples[] = {
    "[波止浜3 - 4 - 1 サンコーポ2-B]に転居、倉敷市[連島町鶴新田千二百番地五]在住",
    "土浦市[並木\n3-8-17]、3 - 5回、土浦市\n3-5人",
    "[泉野出町3-12-5]の借家",
    "深緑川市[日の丘町4番地の7]",
    "[南町二丁目]の角の家",
    "[杉並台5-6-7 サンピア壱番館 302]へ",
    "[泉野出町3-12-5（田所方）]",
    "[泉野出町3-12、203]",
    "[泉野出町3-12-5ハイツもず102]に住む",
    "[泉野出町3-12-5のハイツの101号室]",
    "[百舌鳥梅町１丁３０番地の１ ハイツ梅102]",
    "[泉野出町3-12]、203人が集まる",
    "[みどり町の、二丁目、じゅうさんの、きゅう]、あ、[ひまわり荘の、上の、二〇四]。",
    "明日は[17-26]の前で、[追分4-7]に住む、登記は[下島447番18]、[雄琴の浜の3軒目]",
    "[若葉町1-7-3 ハイツ松の実202]です、[泉野出町三丁目四番十一]",
    "マイナンバーカード、手帳",
    "要介護1-2の利用者",
    "令和6-7年度",
    "2031-7-31に訪問",
    "支援は1-2-3の順に行う、インスリン 8-6-6-4、薬 2-0-2、血糖 120-180-150、文書分類 3-2-14",
    "週2-3回、1日3-4回",
    "今は[こわだ3-5]に住む",
    "[コワダ三の五]の実家",
    "[ひばりの一ー二]へ",
    "[昭和7丁目の、団地の、12の、よんまるいち]です、昭和9年の",
    "だいたい2-3か所",
    "ランク1-2の人",
    NULL};
static const char *const town_examples[] = {
    "[泉野出町]の借家",
    "[雄琴]に転居した",
    "雄琴という市街地",
    "山手通りを歩く",
    "[泉野出町の、ご、の、じゅうはち]、です",
    "[泉野出町の、あのー、3丁目、61の、ハイツもずの1階の奥]。今は",
    "[泉野出町の、6の15の、米屋の二階]に",
    "[泉野出町、三丁目の、六の、団地の四階]です",
    "[泉野出町の、1番地の、ええと、204]です",
    "[泉野出町、さんちょうめの、じゅうにの、に]や」、[泉野出町の四丁目の二十三の、んー、八]かな",
    "[泉野出町の市営住宅4号棟205]に",
    "[泉野出町]の、さんかく屋根の",
    "[泉野出町]の、3月の集まりに、12人",
    NULL};
static const char *const area_examples[] = {"[雄琴]地区の民生委員", "各地区の担当", NULL};
static const char *const room_examples[] = {"[コーポ新緑101号室]の隣",
					    "[さくらハイツ305号]へ訪問",
					    "[グリーンハイム緑川]の大家",
					    "リゾートマンション管理会社",
					    "[青葉台団地12号棟]の自治会長",
					    "[48棟507号]のポスト",
					    "[青葉台団地12棟の304]から",
					    "3棟の修繕",
					    "[メゾン・ド・ソレイユ五〇二]へ",
					    "[青雲荘]で一人暮らし",
					    "荘厳な建物",
					    "住宅2件を見学",
					    "ビル4階建て",
					    "避難ビルまで350m",
					    "アパートに住む",
					    NULL};
static const char *const postal_examples[] = {"〒[920-0981]、〒[920·0981]、〒[920\n0981]",
					      "郵便番号は[9200981]", "〒マーク",
					      "[920-0981] 金沢市内", NULL};

static const char *const told_examples[] = {
    "番地は[447の18]です、番地だけ[1820]と書く、番地が[さんびゃくはちじゅうさん]で、部屋は[203]、",
    "部屋は[B棟の203]、部屋は3つ、部屋は6畳、番地は不明、3人部屋は2室", NULL};
static const char *const coordinate_examples[] = {
    "北緯[35度19分41秒] 東経[139度20分57秒]で発見、緯度：[35.32814]", "北緯38度線の話", NULL};

enum { DIGITS = 1u << JT_DIGIT, KANJI = 1u << JT_KANJI };

const struct rule rules_place[] = {
    {"postal code", {W_POSTAL}, DIGITS, find_postal, postal_examples},
    {"city", {W_PREF, W_CITY, W_WARD}, 0, find_city, city_examples},
    {"block", {W_KANJI_NUMBER}, DIGITS, find_block, block_examples},
    {"town", {W_NONE}, KANJI, find_town, town_examples},
    {"area", {W_AREA}, 0, find_area, area_examples},
    {"room", {W_BUILDING}, 0, find_room, room_examples},
    {"number that is told", {W_LOT_LABEL}, 0, find_told, told_examples},
    {"coordinate", {W_COORDINATE}, 0, find_coordinate, coordinate_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
