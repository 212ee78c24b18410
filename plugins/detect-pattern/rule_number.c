/* Mail addresses, telephone numbers, identifying numbers, dates of birth, postal codes. */
#include "jnum.h"
#include "jwords.h"
#include "scan.h"

#include <string.h>

static int is_alnum(uint32_t c)
{
	return jt_is_digit(c) || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* ---- mail ---- */

static int in_local(uint32_t c)
{
	return is_alnum(c) || (c && c < 0x80 && strchr(".!#$%&'*+-/=?^_`{|}~", (int)c) != NULL);
}

static void find_mail(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t from = i, to = i + 1, dot = 0;

	while (from > 0 && in_local(t->cp[from - 1]))
		from--;
	while (from < i && !is_alnum(t->cp[from]))
		from++;
	for (; is_alnum(jt_at(t, to)) || jt_at(t, to) == '-' || jt_at(t, to) == '.'; to++)
		dot |= jt_at(t, to) == '.' && is_alnum(jt_at(t, to + 1));
	while (to > i + 1 && !is_alnum(t->cp[to - 1]))
		to--;
	if (from < i && dot)
		scan_add(s, from, to, HUB_SPAN_EMAIL, SURE);
}

/* ---- what stands before a number ---- */

/* Goes left over one thing that may stand between a label and its number: ：はが（「第No. */
static uint32_t joint_before(const struct jtext *t, uint32_t i)
{

	return jt_ends_any(t, i, W_LABEL_JOINT);
}

/* Whether one of the labels stands before i, or further left with joints between: *at gets its end. */
static int has_label(const struct jtext *t, uint32_t i, enum jwords_list labels, uint32_t *at)
{
	uint32_t n;

	for (int k = 0; k < 5; k++, i -= n) {
		*at = i;
		if (jt_ends_any(t, i, labels))
			return 1;
		if (!(n = joint_before(t, i)))
			break;
	}
	return 0;
}

static int has_before(const struct jtext *t, uint32_t i, enum jwords_list labels)
{
	uint32_t at;

	return has_label(t, i, labels, &at);
}

/* ---- telephone ---- */

static uint32_t extension(const struct jtext *t, uint32_t i)
{
	uint32_t at = i, n = 0;

	for (int k = 0; k < 2 && jt_at(t, at) && strchr(" (,", (int)(jt_at(t, at) & 0x7f)) &&
			jt_at(t, at) < 0x80;
	     k++)
		at++;
	if (jt_at(t, at) == 0x3001) /* 、 */
		at++;
	const uint32_t word = jt_is(t, at, "内線");
	if (!word)
		return i;
	at += word;
	n = jt_is(t, at, "番号");
	at += n;
	while (jt_at(t, at) == ':' || jt_at(t, at) == ' ')
		at++;
	for (n = 0; jt_is_digit(jt_at(t, at + n)) && n < 6;)
		n++;
	return n ? at + n : i;
}

/* A local number without area code; only behind a word for telephones: ℡ 23-9876 */
static void find_local_phone(struct scan *s, uint32_t i, const struct jdigits *g)
{
	if (g->n < 6 || g->n > 8 || g->groups != 2 || !g->first[g->n - 4])
		return;
	if (has_before(&s->t, i, W_PHONE_LABEL) && !has_before(&s->t, i, W_NO_PHONE_LABEL))
		scan_add(s, i, g->end[g->n - 1], HUB_SPAN_PHONE, LIKELY);
}

static void find_phone(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t c = t->cp[i];
	uint32_t from = i;
	struct jdigits g;
	unsigned how = JD_PHONE;

	if (jt_is_digit(jt_at(t, i - 1)) ||
	    (jt_cls(t, i - 1) == JT_LATIN && jt_is_digit(c) && jt_cls(t, i - 2) == JT_LATIN &&
	     !jt_ends_any(t, i, W_PHONE_LABEL)))
		return;
	if (c == '+' || c == '(')
		from++;
	if (jt_cls(t, i) == JT_HIRA || jt_cls(t, i) == JT_KATA)
		how |= JD_SPOKEN;
	else if (!jt_is_digit(t->cp[i]) && from == i)
		how |= JD_KANJI;
	if (!jdigits_read(t, from, how, &g) || (c == '+' && memcmp(g.d, "81", 2) != 0) ||
	    (c == '(' && g.d[0] != '0'))
		return;
	const uint32_t n = c != '+' && g.d[0] != '0' ? 0 : jnum_phone_length(&g);
	if (!n) {
		find_local_phone(s, i, &g);
		return;
	}
	uint32_t groups = 0;
	for (uint32_t k = 0; k < n; k++)
		groups += g.first[k];
	if (has_before(t, i, W_NO_PHONE_LABEL))
		return;
	if (groups == 1 && jt_is_dash(jt_at(t, i - 1)))
		return;
	scan_add(s, i, extension(t, g.end[n - 1]), HUB_SPAN_PHONE,
		 groups > 1 || n == 11 ? SURE : STRONG);
}

/* ---- numbers that identify ---- */

static const struct id_label {
	const char *word;
	uint8_t least, most; /* letters and digits */
} id_labels[] = {
    {"個人番号", 12, 12},
    {"マイナンバー", 12, 12},
    {"被保険者番号", 4, 12},
    {"被保険者証", 4, 12},
    {"保険証", 4, 12},
    {"資格確認書", 4, 12},
    {"記号番号", 4, 16},
    {"受給者番号", 4, 12},
    {"受給者証", 4, 12},
    {"受給資格者番号", 4, 12},
    {"医療証", 4, 12},
    {"基礎年金番号", 10, 10},
    {"年金番号", 8, 12},
    {"年金証書", 4, 16},
    {"年金コード", 4, 16},
    {"旅券番号", 7, 10},
    {"パスポート", 7, 10},
    {"旅券", 7, 10},
    {"運転免許", 12, 12},
    {"免許証番号", 12, 12},
    {"免許証", 12, 12},
    {"免許", 12, 12},
    {"在留カード", 10, 14},
    {"在留番号", 10, 14},
    {"特別永住者証明書", 10, 14},
    {"住民票コード", 11, 11},
    {"宛名番号", 4, 15},
    {"世帯番号", 4, 15},
    {"口座番号", 4, 10},
    {"口座", 4, 10},
    {"普通預金", 4, 10},
    {"普通", 6, 8},
    {"当座", 6, 8},
    {"通帳番号", 4, 16},
    {"通帳", 5, 16},
    {"通帳記号", 4, 16},
    {"ゆうちょ", 5, 16},
    {"手帳番号", 3, 12},
    {"手帳", 5, 12},
    {"証番号", 4, 14},
    {"診察券番号", 3, 12},
    {"診察券", 4, 12},
    {"患者番号", 3, 12},
    {"カルテ番号", 3, 12},
    {"患者ID", 3, 12},
    {"会員番号", 4, 16},
    {"お客様番号", 4, 16},
    {"契約番号", 5, 16},
    {"カード番号", 8, 19},
    {"生活保護番号", 3, 12},
    {"ケース番号", 3, 12},
    {"学籍番号", 4, 12},
    {"職員番号", 4, 12},
    {"社員番号", 4, 12},
    {"利用者番号", 4, 14},
    {"利用者ID", 3, 14},
    {"整理番号", 6, 14},
    {"雇用保険", 11, 11},
    {"登録番号", 5, 14},
    {NULL, 0, 0},
};

/* Letters, digits and hyphens from i on; *n of them are letters and digits, *digits digits. */
static uint32_t id_end(const struct jtext *t, uint32_t i, uint32_t *n, uint32_t *digits)
{
	uint32_t end = i;

	*n = *digits = 0;
	for (;; i++) {
		const uint32_t c = jt_at(t, i);
		if (is_alnum(c)) {
			(*n)++;
			*digits += jt_is_digit(c) ? 1u : 0u;
			end = i + 1;
		} else if (!(jt_is_dash(c) || c == ' ') || !jt_is_digit(jt_at(t, i + 1)) ||
			   end != i) {
			return end;
		}
	}
}

/* The number behind a label: at most ten characters further, nothing but joints between. */
static void find_labelled(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;

	for (const struct id_label *l = id_labels; l->word; l++) {
		uint32_t at = i + jt_is(t, i, l->word), n, digits;
		if (at == i)
			continue;
		for (int k = 0; k < 5 && !jt_is_digit(jt_at(t, at)); k++) {
			n = jt_is_any(t, at, W_ID_JOINT);
			if (!n && is_alnum(jt_at(t, at)))
				break;
			at += n;
		}
		if (!is_alnum(jt_at(t, at)))
			continue;
		const uint32_t end = id_end(t, at, &n, &digits);
		struct jdate date;
		if (digits >= 3 && digits + 4 >= n && n >= l->least && n <= l->most &&
		    !jdate_read(t, at, &date))
			scan_add(s, at, end, HUB_SPAN_IDNUMBER, STRONG);
		/* 記号12-34 番号567 */
		const uint32_t more = end + (jt_at(t, end) == ' ' || jt_at(t, end) == 0x3001);
		n = jt_is(t, more, "番号");
		if (n && jt_is_digit(jt_at(t, more + n)) && digits) {
			const uint32_t second = more + n;
			scan_add(s, second, id_end(t, second, &n, &digits), HUB_SPAN_IDNUMBER,
				 STRONG);
		}
	}
}

/* 番号は1234567 with an account or a card named before in the same sentence. */
static void find_number_of(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + 2, n = 0, digits, k;

	for (k = 0; k < 3 && (n = jt_is_any(t, at, W_NUMBER_JOINT)); k++)
		at += n;
	if (!jt_is_digit(jt_at(t, at)))
		return;
	const uint32_t end = id_end(t, at, &n, &digits);
	if (n < 4 || n > 16)
		return;
	for (k = i; k-- > 0 && i - k < 30 && t->cp[k] != 0x3002 && t->cp[k] != '\n';)
		if (jt_is_any(t, k, W_ID_THING)) {
			scan_add(s, at, end, HUB_SPAN_IDNUMBER, LIKELY);
			return;
		}
}

/* Twelve digits are an individual number until shown otherwise; thirteen are a public 法人番号. */
static void find_mynumber(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	struct jdigits g;
	uint32_t groups = 0;

	if (jt_is_digit(jt_at(t, i - 1)) || jt_at(t, i - 1) == '.' ||
	    (jt_is_dash(jt_at(t, i - 1)) && jt_is_digit(jt_at(t, i - 2))) ||
	    jdigits_read(t, i, JD_PLAIN, &g) < 12)
		return;
	if (g.n > 12 && !g.first[12])
		return;
	for (uint32_t k = 0; k < 12; k++)
		groups += g.first[k];
	if (groups != 1 && !(groups == 3 && g.first[4] && g.first[8]))
		return;
	const uint32_t unit = jt_at(t, g.end[11]);
	if (unit == 0x5186 || unit == '.' || is_alnum(unit)) /* 円 */
		return;
	scan_add(s, i, g.end[11], HUB_SPAN_IDNUMBER, jnum_is_mynumber(g.d) ? SURE : FAIR);
}

/* AB1234567 of a passport, AB12345678CD of a residence card. */
static void find_card(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t n = 0, tail = 0;

	if (is_alnum(jt_at(t, i - 1)) || jt_cls(t, i + 1) != JT_LATIN ||
	    jt_cls(t, i + 2) != JT_DIGIT)
		return;
	while (jt_is_digit(jt_at(t, i + 2 + n)))
		n++;
	const uint32_t end = i + 2 + n;
	while (is_alnum(jt_at(t, end + tail)))
		tail++;
	if ((n == 7 && tail == 0) || (n == 8 && tail == 2 && jt_cls(t, end) == JT_LATIN))
		scan_add(s, i, end + tail, HUB_SPAN_IDNUMBER, n == 8 ? SURE : LIKELY);
}

/* ---- birth ---- */

static uint32_t born_behind(const struct jtext *t, uint32_t i)
{

	while (jt_at(t, i) == ' ' || jt_at(t, i) == '(' || jt_at(t, i) == ')' ||
	       jt_at(t, i) == 0x306b)
		i++;
	/* 昭和30年4月1日（火）生まれ */
	if (jt_cls(t, i) == JT_KANJI && jt_at(t, i + 1) == ')')
		i += 2;
	return jt_is_any(t, i, W_NO_BORN) ? 0 : jt_is_any(t, i, W_BORN);
}

static void find_birth(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	struct jdate d;
	int full;

	if (jt_is_digit(jt_at(t, i - 1)) ||
	    (jt_at(t, i - 1) == '.' && jt_is_digit(jt_at(t, i - 2))))
		return;
	if (!(full = jdate_read(t, i, &d)) && !jdate_read_day(t, i, &d))
		return;
	uint32_t label;
	if (has_label(t, i, W_BIRTH_LABEL, &label) && !jt_ends_any(t, label, W_NO_BIRTH_LABEL))
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, full ? SURE : LIKELY);
	else if (born_behind(t, d.end))
		scan_add(s, i, d.end, HUB_SPAN_BIRTHDATE, full ? SURE : FAIR);
}

/* ---- postal code ---- */

static void find_postal(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	uint32_t at = i + (jt_at(t, i) == 0x3012 ? 1 : jt_is(t, i, "郵便番号"));
	struct jdigits g;

	if (at == i)
		return;
	while (jt_at(t, at) == ' ' || jt_at(t, at) == ':' || jt_at(t, at) == 0x306f)
		at++;
	jdigits_read(t, at, JD_PLAIN | (jt_cls(t, at) == JT_KANJI ? JD_KANJI : 0), &g);
	if (g.n >= 7 && (g.n == 7 || g.first[7]) && (!g.first[1] && !g.first[2]))
		scan_add(s, at, g.end[6], HUB_SPAN_ADDRESS, SURE);
}

enum { DIGITS = 1u << JT_DIGIT, LATIN = 1u << JT_LATIN };

static const char *const mail_examples[] = {"連絡は[yamada.h+1@example.co.jp]まで。",
					    "@home で過ごす", "[ａｂｃ＠ｅｘａｍｐｌｅ．ｊｐ]へ",
					    NULL};
static const char *const phone_examples[] = {
    "携帯[090-1234-5678]へ",
    "[０９０－１２３４－５６７８]",
    "TEL[0594(23)9876]",
    "電話は[(03)1234-5678]。",
    "[+81-90-1234-5678]",
    "[0312345678]に架電",
    "[〇九〇の一二三四の五六七八]です",
    "[ゼロキュウゼロのイチニーサンヨンの、ゴーロクナナハチ]です",
    "[ぜろきゅうぜろ、いちにさんよん、ごろくななはち]ですね",
    "[03-1234-5678 内線123]",
    "℡[23-9876]",
    "期間は2024-07-31から2024-08-31まで",
    "貸付額は100000円、残高0円",
    "法人番号1234567890123",
    "事業所番号 0170500123 の事業所",
    "支援は1-2-3の順",
    NULL};
static const char *const id_examples[] = {"被保険者番号[0012345678]",
					  "マイナンバー[1234-5678-9018]",
					  "基礎年金番号は[1234-567890]です",
					  "ゆうちょ 記号[12340]番号[12345678]",
					  "普通 [1234567] 名義は本人",
					  "免許証番号 第[123456789012]号",
					  "在留カード[AB12345678CD]",
					  "旅券番号：[TK1234567]",
					  "手帳2級、受給者証を確認",
					  "口座に5万円を振込",
					  "保険証2枚、診察券3枚を確認した",
					  "普通の生活",
					  NULL};
static const char *const number_of_examples[] = {"口座を確認、番号は[7654321]とのこと。",
						 "番号は3でした。", NULL};
static const char *const mynumber_examples[] = {"[123456789018]が読み取れた",
						"[1234 5678 9018]",
						"[123456789012]",
						"1234567890123",
						"12345678901",
						"金額は123456789018円",
						NULL};
static const char *const card_examples[] = {"[TK1234567]", "[AB12345678CD]", "JIS1234567", NULL};
static const char *const birth_examples[] = {
    "生年月日：[昭和30年4月1日]", "[S30.4.1]生",
    "[1985/11/03]生まれ",         "[昭和三十年四月一日]生まれ",
    "誕生日は[5月3日]",           "生年月日 [S300401]",
    "2024年7月31日に訪問",        "昭和30年代の生まれ",
    "令和6年4月1日生活保護開始",  NULL};
static const char *const postal_examples[] = {"〒[511-0838]", "郵便番号は[5110838]", "〒マーク",
					      NULL};

const struct rule rules_number[] = {
    {"mail", {W_MAIL}, 0, find_mail, mail_examples},
    {"phone", {W_PHONE_START}, DIGITS, find_phone, phone_examples},
    {"labelled number", {W_ID_LABEL}, 0, find_labelled, id_examples},
    {"number of a thing", {W_NUMBER_WORD}, 0, find_number_of, number_of_examples},
    {"individual number", {W_NONE}, DIGITS, find_mynumber, mynumber_examples},
    {"card number", {W_NONE}, LATIN, find_card, card_examples},
    {"birth date", {W_ERA, W_KANJI_NUMBER}, DIGITS, find_birth, birth_examples},
    {"postal code", {W_POSTAL}, 0, find_postal, postal_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
