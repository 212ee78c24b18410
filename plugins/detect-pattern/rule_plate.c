/* Plates of cars and scooters, and what people remember of them. */
#include "jname.h"
#include "said_date.h"
#include "scan.h"

/* 松本市 あ 1234 of a scooter, where one is spoken of. */
static void find_small_plate(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i - (jt_at(t, i - 1) == ' '), to = i;

	if (jt_cls(t, from - 1) != JT_HIRA)
		return;
	from -= jt_at(t, from - 2) == ' ' ? 2 : 1;
	const uint32_t city = from;
	while (from > 0 && city - from < 6 &&
	       (jt_cls(t, from - 1) == JT_KANJI || jt_at(t, from - 1) == 0x30f6)) /* ヶ */
		from--;
	if (city - from < 2 || !jt_ends_any(t, city, W_CITY_END))
		return;
	while (jt_is_digit(jt_at(t, to)) || (jt_is_dash(jt_at(t, to)) && to == i + 2))
		to++;
	if (to - i > 5 || counts_things(t, to))
		return;
	int plate = jt_at(t, to) == '(' && jt_is_any(t, to + 1, W_PLATE); /* (原付) */
	for (uint32_t k = from; !plate && k-- > 0 && from - k < 12;)
		plate = jt_is_any(t, k, W_PLATE) > 0;
	if (plate)
		scan_add(s, from, to, HUB_SPAN_IDNUMBER, LIKELY);
}

/* 軽トラ（77-16）, 軽トラた41-88, バイクの12-34: behind a word for a car. */
static void find_behind_car(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t word = jt_is_any(t, i, W_CAR);
	uint32_t at = i + word, digits = 0, to;

	at += jt_at(t, at) == '(' || (jt_at(t, at) == ' ' && word > 1); /* 車 12-30 is a time */
	const uint32_t from = at;
	at += jt_cls(t, at) == JT_HIRA && jt_at(t, at) != 0x306e;
	at += jt_at(t, at) == ' ';
	for (to = at; jt_is_digit(jt_at(t, to)) || (jt_is_dash(jt_at(t, to)) && to == at + 2); to++)
		digits += jt_is_digit(t->cp[to]) ? 1 : 0;
	const enum jt_class next = jt_cls(t, to);
	if (digits == 4 && to == at + 5 && next != JT_KANJI && next != JT_LATIN)
		scan_add(s, from, to, HUB_SPAN_IDNUMBER, FAIR);
}

/* ナンバーは、さんさんいちの、そ、はちさんいち, にじゅういちのきゅうじゅう: numbers in kana with little between, at `at` or soon behind;
 * 1 when they are there. */
static int find_said_plate(struct scan *s, uint32_t at)
{
	enum { PIECE = 3, FAR = 8, PIECES = 2 };
	const struct jtext *t = &s->t;
	uint32_t from = at, end = at, pieces = 0, n;

	for (uint32_t i = at; i < end + FAR && i < t->n && is_one_sentence(t, end, i);) {
		if ((n = said_number(t, i)) < PIECE) {
			i++;
			continue;
		}
		from = pieces++ ? from : i;
		i = end = i + n;
	}
	if (pieces < PIECES)
		return 0;
	scan_add(s, from, end, HUB_SPAN_IDNUMBER, FAIR);
	return 1;
}

/* ナンバー 1234, ナンバーは12-34: what people remember of a car. */
static void find_plate_number(struct scan *s, uint32_t i)
{
	enum { FAR = 12 };
	const struct jtext *t = &s->t;
	uint32_t at = i + jt_is_any(t, i, W_PLATE), n, digits = 0;

	if (!jt_is(t, i, "車番") && (jt_cls(t, i - 1) == JT_KATA || !jt_is(t, i, "ナンバー")))
		return;
	const uint32_t far = at + FAR;
	at = skip_joints(t, at);
	if (find_said_plate(s, at))
		return;
	while (at < far && !jt_is_digit(jt_at(t, at)) && is_one_sentence(t, at, at + 1))
		at++;                                  /* ナンバーを聞くと、12-34 */
	const int dotted = jt_at(t, at - 1) == 0x30fb; /* ・804 */
	for (n = at; jt_is_digit(jt_at(t, n)) || (jt_is_dash(jt_at(t, n)) && n == at + 2); n++)
		digits += jt_is_digit(t->cp[n]) ? 1 : 0;
	if ((digits == 4 || (dotted && digits > 0 && digits < 4)) && !counts_things(t, n) &&
	    !is_alnum(jt_at(t, n)))
		scan_add(s, at - (uint32_t)dotted, n, HUB_SPAN_IDNUMBER, FAIR);
}

/* Goes over what parts a plate: a space, a dash, の and 、 where it is said. */
static uint32_t plate_gap(const struct jtext *t, uint32_t i)
{
	const uint32_t most = i + 2;

	while (i < most && (jt_at(t, i) == ' ' || jt_at(t, i) == 0x306e || jt_at(t, i) == 0x3001 ||
			    jt_is_dash(jt_at(t, i))))
		i++;
	return i;
}

static int is_plate_digit(const struct jtext *t, uint32_t i)
{
	return jt_is_digit(jt_at(t, i)) || jt_is_any(t, i, W_KANJI_DIGIT);
}

/* The end of 1234, 12-34, 12の34, ・・12, ・1 23 at i; *digits gets how many they are. */
static uint32_t plate_number(const struct jtext *t, uint32_t i, uint32_t *digits)
{
	const uint32_t from = i;

	*digits = 0;
	while (jt_at(t, i) == 0x30fb || jt_at(t, i) == '.')
		i++;
	const int dotted = i > from;
	for (;; i++) {
		const uint32_t c = jt_at(t, i);
		if (is_plate_digit(t, i))
			++*digits;
		else if ((!jt_is_dash(c) && c != 0x306e && !(dotted && c == ' ')) || *digits < 1 ||
			 *digits > 2 || !is_plate_digit(t, i + 1))
			return i;
	}
}

/* 330つ4107, 三三〇さ一二三四: a plate whose place is left out; the kana is no particle. */
static int is_bare_plate(const struct jtext *t, uint32_t kana, uint32_t grade)
{
	uint32_t n = 0;

	while (is_plate_digit(t, kana + 1 + n))
		n++;
	return grade == 3 && n == 4 && !jname_is_particle(jt_at(t, kana)) &&
	       !jt_is_char(t, kana, "ぶほやよ");
}

/* 松本 330 さ 12-34 of a car: place, class, one kana, number. */
static void find_plate(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i, at = i, digits;

	while ((is_alnum(jt_at(t, at)) || is_plate_digit(t, at)) && at < i + 3)
		at++;
	if (at - i < 2 || jt_at(t, i) == '0' || jt_at(t, i) == 0x3007 || /* 〇 */
	    is_alnum(jt_at(t, at)) || is_plate_digit(t, at) || is_plate_digit(t, i - 1))
		return;
	const uint32_t grade = at - i;
	from -= jt_at(t, i - 1) == ' ' || jt_at(t, i - 1) == 0x306e;
	const uint32_t edge = from;
	while (from > 0 && edge - from < 4 &&
	       (jt_cls(t, from - 1) == JT_KANJI || jt_at(t, from - 1) == 0x30f6)) /* ヶ */
		from--;
	if (from == edge)
		from -= jt_ends_any(t, edge, W_PLATE_PLACE); /* なにわ */
	uint32_t kana = plate_gap(t, at);
	kana -= jt_at(t, kana - 1) == 0x306e && jt_cls(t, kana) != JT_HIRA; /* 500の12-34 */
	if (jt_cls(t, kana) != JT_HIRA)
		return;
	if (edge - from < 2) {
		if (!is_bare_plate(t, kana, grade))
			return;
		from = i;
	}
	at = plate_gap(t, kana + 1);
	const int apart = jt_at(t, kana - 1) == ' ' && jt_at(t, kana + 1) == ' ';
	const int marked = jt_at(t, at) == 0x30fb || jt_is_dash(jt_at(t, at + 2)) ||
			   (apart && jt_is_dash(jt_at(t, at + 1)));
	at = plate_number(t, at, &digits);
	if (jname_is_particle(jt_at(t, kana)) && !marked && !has_label(t, from, W_PLATE) &&
	    (grade < 3 || digits < 4 || jt_ends_any(t, edge, W_NO_TOWN) || jt_ends(t, edge, "額") ||
	     jt_ends(t, edge, "数"))) /* 第30の12, 予算額330に1234 */
		return;
	if (digits >= 1 && digits <= 4 && is_plate_digit(t, at - 1) && !counts_things(t, at))
		scan_add(s, from, at, HUB_SPAN_IDNUMBER, STRONG);
}

static const char *const plate_examples[] = {
    "白い軽([松本330さ12-34])が停車",
    "[富士山 500 え ・・12]、[富士山 500 え ・8 31]",
    "全部で30め12",
    "ナンバー[松本33は1]",
    "[松本 330 さ 1-23]、[松本 33 ぬ ・1-23]、[松本501-め-2718]、[松本330に1234]、条例30に1234",
    "[松本 330 を 3-52]、予算額330に1234、件数330に1234",
    "[松本の三三〇、さの、一二の三四]、[松本三三〇さ一二三四]、第三十のさの十二",
    "[松本330の、さの、12の34]、[松本330の1234]、第30のさの12",
    "[なにわ 500 あ 12-34]、[袖ヶ浦530す8765]",
    NULL};
static const char *const plate_number_examples[] = {
    "ナンバーは[にじゅういちのきゅうじゅう]、ナンバーは仙台の[さんさんいちの、そ、はちさんいち]"
    "です",
    "ナンバーはにんげんにはいちばん、ナンバーは三つ",
    "車のナンバーは[12-34]、ナンバー [5678]の白い軽",
    "ナンバーを聞くと、[12-34]",
    "ナンバー1の店、ナンバー2026年式、ナンバー[12345]",
    NULL};
static const char *const car_examples[] = {
    "軽トラ（[77-16]）が動いていない、軽トラ[た41-88]がない、バイク([12-34])、車は10-15年落ち",
    "黒の[330つ4107]、[三三〇さ一二三四]、120や1234、昼の120ぶん1234、軽トラ 12-34枚", NULL};
static const char *const small_plate_examples[] = {
    "バイクは[松本市 あ 1234]", "原付1[松本市に56-78]で転倒", "松本市に1234人",
    "原付 [茅ヶ崎市 あ 1234]",  "[松本市 あ 1234]（原付）",   NULL};

enum { DIGITS = 1u << JT_DIGIT };

const struct rule rules_plate[] = {
    {"number plate", {W_KANJI_DIGIT}, DIGITS, find_plate, plate_examples},
    {"number of a plate", {W_PLATE}, 0, find_plate_number, plate_number_examples},
    {"plate behind a car", {W_CAR}, 0, find_behind_car, car_examples},
    {"small plate", {W_NONE}, DIGITS, find_small_plate, small_plate_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
