#include "text/phone.h"

#include "text/chars.h"
#include "text/numeral.h"
#include "text/phone_areas.h"

enum { MAX_DIGITS = 16 };

/* Numbers that are not fixed lines, by their first digits. `groups`: hyphens, "344" = 3-4-4. */
static const struct plan {
	const char *head;
	unsigned length;
	enum hub_phone_type type;
	const char *groups;
} plans[] = {
    {"0120", 10, HUB_PHONE_FREE, "433"},  {"0800", 11, HUB_PHONE_FREE, "434"},
    {"0570", 10, HUB_PHONE_NAVI, "433"},  {"0180", 10, HUB_PHONE_NAVI, "433"},
    {"0990", 10, HUB_PHONE_NAVI, "433"},  {"060", 11, HUB_PHONE_MOBILE, "344"},
    {"070", 11, HUB_PHONE_MOBILE, "344"}, {"080", 11, HUB_PHONE_MOBILE, "344"},
    {"090", 11, HUB_PHONE_MOBILE, "344"}, {"050", 11, HUB_PHONE_VOIP, "344"},
    {"020", 11, HUB_PHONE_M2M, "344"},
};

static const struct plan *plan_of(const char *digits)
{
	for (size_t i = 0; i < HUB_COUNT(plans); i++)
		if (strncmp(digits, plans[i].head, strlen(plans[i].head)) == 0)
			return &plans[i];
	return NULL;
}

/* Digits of the area code behind the zero; 0 when the number is not assigned. */
static unsigned area_digits(const char *digits)
{
	uint32_t five = 0;
	size_t lo = 0, hi = HUB_COUNT(phone_areas);

	for (int i = 1; i <= 5; i++)
		five = five * 10 + (uint32_t)(digits[i] - '0');
	while (hi - lo > 1) {
		const size_t mid = lo + (hi - lo) / 2;
		if (phone_areas[mid].from <= five)
			lo = mid;
		else
			hi = mid;
	}
	return phone_areas[lo].digits;
}

static void hyphenate(struct hub_phone *p, const char *groups)
{
	char *o = p->national;
	const char *d = p->digits;

	for (; *groups; groups++) {
		if (o != p->national)
			*o++ = '-';
		for (int n = *groups - '0'; n > 0 && *d; n--)
			*o++ = *d++;
	}
	*o = '\0';
}

/* p->digits begins with 0 and is complete: fills type, national, e164 or says what is wrong. */
static const char *classify(struct hub_phone *p)
{
	const size_t n = strlen(p->digits);
	const struct plan *plan = plan_of(p->digits);
	char groups[4] = "";

	if (n != (plan ? plan->length : 10))
		return "wrong-length";
	if (plan) {
		p->type = plan->type;
		hyphenate(p, plan->groups);
	} else {
		const unsigned area = area_digits(p->digits);
		if (!area)
			return "unknown-area";
		groups[0] = (char)('1' + area);
		groups[1] = (char)('5' - area);
		groups[2] = '4';
		p->type = HUB_PHONE_FIXED;
		hyphenate(p, groups);
	}
	memcpy(p->e164, "+81", 3);
	memcpy(p->e164 + 3, p->digits + 1, n); /* with its NUL */
	return NULL;
}

static int is_short(const char *d)
{
	/* 番号案内, 警察, 故障, 話中, 電報, 料金, 時報, 海上保安庁, 消防, 災害伝言, 天気, 消費者, 児童虐待 */
	static const char list[] = " 104 110 113 114 115 116 117 118 119 171 177 188 189 ";
	char key[8] = " ";

	if (strlen(d) != 3)
		return 0;
	memcpy(key + 1, d, 3);
	key[4] = ' ';
	return strstr(list, key) != NULL;
}

/* One number cut out of the text: its digits and how it was introduced. */
struct run {
	char digits[MAX_DIGITS + 4];
	unsigned n;
	int plus, hash, overflow;
};

/* Makes a phone number of a run of digits, or gives the reason why not. */
static const char *judge(const struct run *r, struct hub_phone *p)
{
	const char *d = r->digits;

	*p = (struct hub_phone){.type = HUB_PHONE_NONE};
	if (r->overflow)
		return "wrong-length";
	const int country = strncmp(d, "81", 2) == 0;
	if (r->plus && !country) {
		if (r->n < 8 || r->n > 15)
			return "wrong-length";
		p->type = HUB_PHONE_FOREIGN;
		memcpy(p->digits, d, r->n + 1);
		p->e164[0] = '+';
		memcpy(p->e164 + 1, d, r->n + 1);
		return NULL;
	}
	if (r->hash ? r->n == 4 : is_short(d)) {
		p->type = HUB_PHONE_SHORT;
		p->digits[0] = '#';
		memcpy(p->digits + (r->hash != 0), d, r->n + 1);
		memcpy(p->national, p->digits, sizeof p->digits);
		return NULL;
	}
	if (r->plus || (country && (r->n == 11 || r->n == 12))) {
		d += 2;
		if (*d == '0')
			d++;
	} else if (*d == '0') {
		d++;
	} else if (r->n == 9 || r->n == 10) {
		p->flags |= HUB_PHONE_ZERO;
	} else {
		return r->n >= 5 && r->n <= 8 ? "area-missing" : "wrong-length";
	}
	if (r->n - (size_t)(d - r->digits) > MAX_DIGITS)
		return "wrong-length";
	p->digits[0] = '0';
	memcpy(p->digits + 1, d, strlen(d) + 1);
	const char *why = classify(p);
	if (why)
		*p = (struct hub_phone){.type = HUB_PHONE_NONE};
	return why;
}

/* How many digits a number that begins like this has; 0 = ends where the writing ends. */
static unsigned wanted(const struct run *r)
{
	if (r->plus || r->hash || r->digits[0] != '0' || r->n < 4)
		return 0;
	const struct plan *plan = plan_of(r->digits);
	return plan ? plan->length : 10;
}

static int is_digit(int32_t c)
{
	return c >= '0' && c <= '9';
}

/* 〇, 一 ... 九 as ASCII; anything else as hub_char_plain() has it. */
static int32_t plain_of_kanji(int32_t c)
{
	const int value = hub_numeral(c, HUB_IN_DATE);

	return value >= 0 && value <= 9 ? '0' + value : hub_char_plain(c);
}

/* 〇九〇: a number all in kanji begins with a zero. Other numerals are in names: 八木, 三男. */
static int begins_in_kanji(struct hub_str s, size_t at)
{
	const int zero = hub_numeral(hub_utf8_next(s, &at), HUB_IN_DATE) == 0;

	return zero && at < s.len && hub_numeral(hub_utf8_next(s, &at), HUB_IN_DATE) >= 0;
}

/* Reads one run that begins at *at (a digit, + or #); stops where the number is complete. kanji: its digits are, and
 * what stands behind a blank is a name. */
static void read_run(struct hub_str s, size_t *at, int kanji, struct run *r)
{
	size_t end = *at;

	*r = (struct run){.n = 0};
	while (end < s.len) {
		size_t next = end;
		const int32_t raw = hub_utf8_next(s, &next);
		const int32_t c = kanji ? plain_of_kanji(raw) : hub_char_plain(raw);
		if (is_digit(c)) {
			if (r->n < MAX_DIGITS)
				r->digits[r->n++] = (char)c;
			else
				r->overflow = 1;
			end = next;
			*at = end;
			continue;
		}
		if (r->n == 0 && (c == '+' || c == '#')) {
			r->plus |= c == '+';
			r->hash |= c == '#';
			end = next;
			*at = end;
			continue;
		}
		/* joints inside a number, until it is complete; what follows is another one */
		const int joint =
		    c == '-' || c == '(' || c == ')' || c == '.' ||
		    (c == ' ' && !kanji && (r->plus || r->digits[0] == '0' || r->n < 3));
		if (!joint || (wanted(r) && r->n >= wanted(r)))
			return;
		end = next;
	}
}

static int has(struct hub_str s, const char *word)
{
	return hub_str_find(s, hub_str_of(word), 0) != (size_t)-1;
}

/* 内線12, (内)12, ext.12 at *at: takes the digits into ext. */
static int read_extension(struct hub_str s, size_t *at, struct hub_phone *p)
{
	static const char *const words[] = {"内線番号", "内線", "(内)", "（内）",
					    "ext",      "EXT",  "Ext"};
	const struct hub_str rest = hub_str_from(s, *at);
	size_t w = 0, n = 0;

	while (w < HUB_COUNT(words) && !hub_str_starts(rest, hub_str_of(words[w])))
		w++;
	if (w == HUB_COUNT(words))
		return 0;
	size_t i = *at + strlen(words[w]);
	while (i < s.len) {
		size_t next = i;
		const int32_t c = hub_char_plain(hub_utf8_next(s, &next));
		if (is_digit(c) && n + 1 < sizeof p->ext)
			p->ext[n++] = (char)c;
		else if (n ||
			 !(c == ' ' || c == ':' || c == '.' || c == '-' || c == '(' || c == ')'))
			break;
		i = next;
	}
	p->ext[n] = '\0';
	*at = i;
	return 1;
}

static int only_filler(struct hub_str s)
{
	size_t at = 0;

	while (at < s.len) {
		const int32_t c = hub_char_plain(hub_utf8_next(s, &at));
		if (c != '-' && c != '0' && c != ' ' && c != '(' && c != ')')
			return 0;
	}
	return 1;
}

struct found {
	struct hub_phone first;
	int valid, other; /* numbers read; different ones among them */
	const char *reason;
	unsigned reason_digits;
	int text;
};

static void add_run(struct found *f, const struct run *r)
{
	struct hub_phone p;
	const char *why = judge(r, &p);

	if (why) {
		if (r->n > f->reason_digits || !f->reason) {
			f->reason = why;
			f->reason_digits = r->n;
		}
		f->text = 1;
	} else if (!f->valid++) {
		memcpy(p.ext, f->first.ext, sizeof p.ext);
		f->first = p;
	} else if (strcmp(p.digits, f->first.digits) != 0) {
		/* three digits beside a whole number are a time or a room, not 110 */
		if (p.type != HUB_PHONE_SHORT)
			f->other++;
		else
			f->text = 1;
	}
}

static void scan(struct hub_str s, struct found *f)
{
	size_t at = 0;

	while (at < s.len) {
		size_t next = at;
		const int32_t raw = hub_utf8_next(s, &next), c = hub_char_plain(raw);
		if (read_extension(s, &at, &f->first))
			continue;
		size_t after = next;
		const int32_t follow = next < s.len ? hub_char_plain(hub_utf8_next(s, &after)) : 0;
		const int kanji = begins_in_kanji(s, at);
		if (is_digit(c) || kanji ||
		    ((c == '+' || c == '#') && (is_digit(follow) || follow == ' '))) {
			struct run r;
			read_run(s, &at, kanji, &r);
			add_run(f, &r);
			continue;
		}
		if (c != ' ' && c != '-' && c != '(' && c != ')' && c != ',' && c != '/')
			f->text = 1;
		at = next;
	}
}

enum hub_phone_rc hub_phone_parse(struct hub_str text, struct hub_phone *out)
{
	static const char *const no_call[] = {"かけない", "架電不可", "架電禁止", "連絡不可",
					      "電話不可", "電話禁止", "かけるな"};
	struct found f = {.valid = 0};

	*out = (struct hub_phone){.type = HUB_PHONE_NONE};
	text = hub_str_trim(text);
	if (only_filler(text))
		return HUB_PHONE_NULL;
	scan(text, &f);
	if (!f.valid) {
		out->reason = f.reason ? f.reason : "not-a-number";
		return HUB_PHONE_INVALID;
	}
	*out = f.first;
	if (out->ext[0])
		out->flags |= HUB_PHONE_EXTENSION;
	if (f.text)
		out->flags |= HUB_PHONE_NOTE;
	for (size_t i = 0; f.text && i < HUB_COUNT(no_call); i++)
		if (has(text, no_call[i]))
			out->flags |= HUB_PHONE_NO_CALL;
	if (!f.other)
		return HUB_PHONE_OK;
	out->reason = "several-numbers";
	return HUB_PHONE_INVALID;
}

const char *hub_phone_type_name(enum hub_phone_type t)
{
	static const char *const names[] = {"none", "fixed", "mobile", "voip",   "m2m",
					    "free", "navi",  "short",  "foreign"};

	return names[t];
}

const char *hub_phone_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"zero-restored", "note", "do-not-call", "extension"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}
