/* Names of accounts of social networks and the like, and pages that are somebody's. */
#include "jnum.h"
#include "scan.h"

#include <string.h>

/* Where a name of an account that begins at i ends, live:sora and sora#1211 too, or a number of nine digits and
 * more; i: none does. */
static uint32_t account_end(const struct jtext *t, uint32_t i)
{
	enum { LEAST = 4, NUMBER = 9 };
	uint32_t to = i, letters = 0;

	if (jt_is(t, i, "live:") && jt_at(t, i + 5) != ' ')
		to += 5;
	for (; is_alnum(jt_at(t, to)) || jt_at(t, to) == '_' || jt_at(t, to) == '.' ||
	       jt_at(t, to) == '-' || (jt_at(t, to) == '#' && jt_is_digit(jt_at(t, to + 1)));
	     to++)
		letters += jt_cls(t, to) == JT_LATIN;
	while (to > i && !is_alnum(t->cp[to - 1]) && t->cp[to - 1] != '_')
		to--;
	return to >= i + (letters ? LEAST : NUMBER) ? to : i;
}

/* ID: sora.1211, of whatever it is: more than a word. */
static int named_account(struct scan *s, uint32_t at)
{
	const struct jtext *t = &s->t;
	const uint32_t from = at + (jt_at(t, at) == '@'), to = account_end(t, from);

	for (uint32_t k = from; k < to; k++)
		if (jt_cls(t, k) != JT_LATIN) {
			scan_add(s, at, to, HUB_SPAN_IDNUMBER, LIKELY);
			return 1;
		}
	return 0;
}

/* LINE ID: sora_1211, IDsora_1211 */
static void find_account(struct scan *s, uint32_t i)
{
	const struct jtext *t = &s->t;
	const uint32_t at = skip_joints(t, i + jt_is_any(t, i, W_ACCOUNT_WORD));

	if (jt_is(t, i, "ID") && !is_alnum(jt_at(t, i - 1)) &&
	    (jt_at(t, i + 2) == ':' || jt_cls(t, i + 2) == JT_LATIN)) {
		(void)named_account(s, at);
		return;
	}
	i -= jt_at(t, i - 1) == ' ' || jt_at(t, i - 1) == 0x306e; /* の */
	if (!jt_ends_any(t, i, W_ACCOUNT) && !jt_ends(t, at, "表示名「"))
		return;
	const uint32_t quoted = jt_at(t, at - 1) == 0x300c ? quote_end(t, at - 1) : at; /* 「 */
	scan_add(s, at, quoted > at ? quoted : account_end(t, at + (jt_at(t, at) == '@')),
		 HUB_SPAN_IDNUMBER, LIKELY);
}

static int handle_joint(const struct jtext *t, uint32_t i)
{
	const uint32_t c = jt_at(t, i);

	return c == ':' || c == ' ' || c == '/' || c == 0x306f || c == 0x2192 || c == 0x300c ||
	       c == 0x3001 || (c == 0x306e && jt_at(t, i + 1) == '@'); /* は → 「 、 の */
}

/* What opens something is said behind it, be it an ordinary word. */
static int is_key_word(const struct jtext *t, uint32_t i)
{
	static const char *const keys[] = {"パス", "パスワード", "パスコード", "pass",
					   "Pass", "PASS",       NULL};
	const uint32_t n = jt_is_any(t, i, W_ACCOUNT);

	for (const char *const *k = keys; *k; k++)
		if (jt_is(t, i, *k) == n)
			return 1;
	return 0;
}

/* LINE：sora_1211, インスタは@sora: what follows at once and is more than a word. */
static void find_handle(struct scan *s, uint32_t i)
{
	enum { SOLID = 7, LONG = 6 };
	const struct jtext *t = &s->t;
	uint32_t at = i + jt_is_any(t, i, W_ACCOUNT), more = 0;
	const int clear = at >= i + LONG; /* WeChatsora_1211, not lineup2 */

	if (jt_cls(t, i) == JT_LATIN &&
	    (is_alnum(jt_at(t, i - 1)) ||
	     (jt_cls(t, at - 1) == JT_LATIN && is_alnum(jt_at(t, at)) && !clear)))
		return;
	if (jt_at(t, at) == '(' && named_account(s, at + 1)) /* LINE(sora1211) */
		return;
	if (jt_at(t, at) == '(') {
		while (jt_at(t, at) && jt_at(t, at++) != ')')
			;
		at += jt_is_any(t, at, W_ACCOUNT_WORD); /* X(Twitter)ID */
	}
	const uint32_t from = at;
	while (at < from + 3 && handle_joint(t, at))
		at++;
	const int sign = jt_at(t, at) == '@';
	/* アカウントsora1211 has nothing between, lineup2 would */
	const int parted = at > from || clear || jt_cls(t, at - 1) != JT_LATIN;
	const uint32_t to = account_end(t, at + (uint32_t)sign);
	struct jdate date;
	for (uint32_t k = at; k < to; k++)
		more |= jt_cls(t, k) != JT_LATIN;
	more |= parted && is_key_word(t, i);                             /* パス hanako */
	const int letter = jt_cls(t, at) == JT_LATIN || to > at + SOLID; /* not 15.5cm */
	if ((sign || (parted && letter)) && to > at + 1 && more && !jdate_read(t, at, &date))
		scan_add(s, at, to, HUB_SPAN_IDNUMBER, LIKELY);
}

/* A word for accounts stands in [from, to). */
static int names_accounts(const struct jtext *t, uint32_t from, uint32_t to)
{
	for (uint32_t k = from; k < to && t->cp[k] != '\n'; k++) {
		const uint32_t n = jt_is_any(t, k, W_ACCOUNT);
		const enum jt_class c = jt_cls(t, k);
		/* no X of a longer word, no ライン of オンライン */
		if (n && c != jt_cls(t, k - 1) && (c != JT_LATIN || jt_cls(t, k + n) != c))
			return 1;
	}
	return 0;
}

/* インスタやってて sora_1211, sora.k12（LINE）: small letters with digits or a low stroke, no version (v1.2), and what it is an
 * account of said near. */
static void find_handle_near(struct scan *s, uint32_t i)
{
	enum { FAR = 16, LEAST = 5 };
	const struct jtext *t = &s->t;
	const uint32_t to = account_end(t, i), from = i > FAR ? i - FAR : 0;
	uint32_t digits = 0, low = 0;

	if (to < i + LEAST || t->cp[i] < 'a' || is_alnum(jt_at(t, i - 1)) ||
	    jt_at(t, i - 1) == '.' || jt_at(t, i - 1) == '/' || jt_at(t, to) == '@')
		return;
	for (uint32_t k = i; k < to; k++) {
		const uint32_t c = t->cp[k];
		if ((c >= 'A' && c <= 'Z') || (c == '.' && jt_is_digit(t->cp[k - 1])))
			return;
		digits += jt_is_digit(c) ? 1 : 0;
		low |= c == '_';
	}
	if ((low || digits > 1) && (names_accounts(t, from, i) ||
				    names_accounts(t, to, to + FAR < t->n ? to + FAR : t->n)))
		scan_add(s, i, to, HUB_SPAN_IDNUMBER, FAIR);
}

/* May a link go on with it? */
static int in_link(uint32_t c)
{
	return is_alnum(c) || (c && c < 0x80 && strchr("./-_?=&%@#+:~", (int)c) != NULL);
}

/* https://www.instagram.com/sora_1211/: somebody's page, or the meeting of a call. */
static void find_page(struct scan *s, uint32_t i)
{
	enum { LEAST = 3, LONG = 6 };
	const struct jtext *t = &s->t;
	const uint32_t name = i + jt_is_any(t, i, W_PAGE);
	uint32_t from = i, to = name;

	const int glued = is_alnum(jt_at(t, i - 1)); /* Messengerm.me/sora */
	if (glued && jt_ends_any(t, i, W_ACCOUNT) < LONG)
		return;
	while (!glued && from > 0 && in_link(t->cp[from - 1]))
		from--;
	while (from < i && !is_alnum(t->cp[from]))
		from++;
	while (in_link(jt_at(t, to)))
		to++;
	while (to > name && !is_alnum(t->cp[to - 1]) && t->cp[to - 1] != '/')
		to--;
	if (to >= name + LEAST)
		scan_add(s, from, to, HUB_SPAN_IDNUMBER, LIKELY);
}

static const char *const account_examples[] = {"LINE IDは[sora_1211]です", "LINEで連絡",
					       "ID: [sora.1211]、忘れた。ID: password", NULL};
static const char *const handle_examples[] = {
    "LINE：[sora1211]、インスタは[@sora.k]",
    "パスワード [hanako0503]",
    "X（旧Twitter）[@sora_1211]、X(Twitter)ID [@sora_1211]",
    "Skype:[live:sora_1211]、スカイプは[live:.cid.12ab34cd]",
    "Discord [sora#1234]、旧ツイッターの[@sora_1211]",
    "LINEのアカウント[sora1211]、FB：[sora.k.125]、Zalo [0901234567]",
    "WeChat ID：[sora_1211]、カカオのIDは[sora1211]、PayPay [sora1211]",
    "SSID [aterm-3f88a1-g]、LINE→[sora1211]、instagram: [sora.1211_]",
    "インスタのstory2本、Skype: live: 19時から、LINE 20310401",
    "LINEはOKとのこと、LINE: good、LINEでiPhone15の写真",
    "インスタやってて [sora_k12] "
    "です、ID[sora-k12]、IDカード、ロット番号12345678",
    "個人票コード [12345678901]、サービスコード 112233",
    "OUTLINE: 1.2.a、X: 15.5cm",
    "LINE([sora1211])、LINE(既読)、LINE(3回)",
    "WeChat[sora_1211]、lineup2",
    "LINE名「[そら☆12]」、母の表示名「[そら☆12]」、パス [hanako]、パスを渡す",
    "TikTok「[sora.k12]」、パス[sora1211]、パスポート、LINE「OK」",
    NULL};
static const char *const near_examples[] = {"[sora_k12]（LINE）、[sora.k12]というインスタの人",
					    "オンラインで ver1.2、EXCEL book1.x、LINEでiPhone15",
					    NULL};
static const char *const page_examples[] = {
    "[https://www.instagram.com/sora_1211/]を見せる",
    "ツイッター（[x.com/sora1211]）、[https://us02web.zoom.us/j/12345678901]",
    "Messenger[m.me/sora.k.7]、https://www.city.example.jp/x.html、fax.com/a、facebook.com/ "
    "のページ",
    NULL};

enum { LATIN = 1u << JT_LATIN };

const struct rule rules_account[] = {
    {"account name", {W_ACCOUNT_WORD}, 0, find_account, account_examples},
    {"handle", {W_ACCOUNT}, 0, find_handle, handle_examples},
    {"handle near its word", {W_NONE}, LATIN, find_handle_near, near_examples},
    {"page", {W_PAGE}, 0, find_page, page_examples},
    {NULL, {W_NONE}, 0, NULL, NULL},
};
