#include "text/address.h"

#include "text/address_known.h"
#include "text/addrlex.h"
#include "text/chars.h"
#include "text/fold.h"

#include <stdio.h>

enum { LAST_CHOME = 45 }; /* no town in Japan is divided into more */

/* ---- town ---- */

static const char *const units_of_block[] = {"番地", "番", "号", "丁目", NULL};

/* Words that make a number in front of them part of a name. */
static const char *const names_behind[] = {"条", "線", "地割", "番町", "番丁",
					   "区", "字", "軒",   "本松", NULL};

static size_t any_word(struct hub_str s, size_t at, const char *const *words)
{
	size_t end = 0;

	while (*words && !(end = hub_addr_word(s, at, *words)))
		words++;
	return end;
}

/* Does the numbering begin here? 1-2-3, 12番地, 三番; not 二十四軒, 第35地割, 四番町. */
static int block_here(struct hub_str s, size_t at, struct hub_addr_num *n)
{
	if (!hub_addr_number(s, at, n) || any_word(s, n->end, names_behind))
		return 0;
	if (n->arabic)
		return 1;
	if (any_word(s, n->end, units_of_block) || n->end == s.len || s.ptr[n->end] == ' ')
		return 1;
	struct hub_addr_num m;
	const size_t joint = hub_addr_joint(s, n->end);
	return joint && hub_addr_number(s, joint, &m);
}

/* Words that are in buildings, not in names of land. */
static int is_building(struct hub_str s)
{
	static const char *const words[] = {"ビル",   "マンション", "荘",   "ハイツ", "階",
					    "館",     "センター",   "学校", "病院",   "アパート",
					    "コーポ", "住宅",       "団地", "ホーム", "様方",
					    "園",     "寮",         "号室"};

	for (size_t i = 0; i < HUB_COUNT(words); i++)
		if (hub_str_find(s, hub_str_of(words[i]), 0) != (size_t)-1)
			return 1;
	return 0;
}

/* Where the numbering begins at or after `from`; s.len when there is none. */
static size_t find_block(struct hub_str s, size_t from)
{
	struct hub_addr_num n;
	size_t next;
	int32_t before = 0;

	for (size_t at = from; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		if (before != 0x7b2c /* 第 */ && block_here(s, at, &n))
			return at;
		if (hub_addr_number(s, at, &n))
			next = n.end;
		before = c;
	}
	return s.len;
}

/* Smaller names between the town and the numbers: 字, 小字, 甲乙, 亥. Offset behind them. */
static size_t skip_small_names(struct hub_str s, size_t at, size_t least_free)
{
	const size_t start = hub_addr_spaces(s, at), end = find_block(s, start);
	size_t stop = end;

	while (stop > start && s.ptr[stop - 1] == ' ')
		stop--;
	const struct hub_str between = hub_str_cut(s, start, stop);
	const size_t chars = hub_utf8_count(between);
	if (!chars || chars > 20 || is_building(between))
		return at;
	if (end == s.len && !hub_str_starts(between, HUB_STR("字")) && !least_free)
		return at;
	/* behind a space only short names are land: 藤橋町 亥 45 */
	if ((start > at && chars > 3) || memchr(between.ptr, ' ', between.len))
		return at;
	return stop;
}

static int put_town(struct hub_addr_work *w, size_t from, size_t name_at, struct hub_str name,
		    size_t end)
{
	const struct hub_str head = hub_str_cut(w->text, from, name_at);
	const size_t tail_end = skip_small_names(w->text, end, 0);
	struct hub_str tail = hub_str_cut(w->text, end, tail_end);

	if (tail.len) {
		tail = hub_str_trim(tail);
		w->chome = 0;
	}
	w->out->town =
	    hub_arena_printf(w->arena, "%.*s%.*s%.*s", HUB_FMT(head), HUB_FMT(name), HUB_FMT(tail));
	w->at = tail_end;
	return w->out->town.ptr ? 0 : -1;
}

static int read_town(struct hub_addr_work *w)
{
	const struct hub_str s = w->text;
	const size_t from = w->at;
	struct hub_str name;

	size_t name_at;
	const size_t end = hub_addr_find_town(w, &name, &name_at);
	if (end)
		return put_town(w, from, name_at, name, end);

	/* by rule: what stands in front of the numbers is the town */
	const size_t stop = find_block(s, from) == s.len ? from : skip_small_names(s, from, 1);
	if (stop > from) {
		w->out->town = hub_str_trim(hub_str_cut(s, from, stop));
		w->out->flags |= HUB_ADDRESS_TOWN_UNKNOWN;
		w->at = stop;
	}
	return 0;
}

/* 1丁目 behind the town, or the first of 1-2-3 when the town is known to have 丁目. */
static int read_chome(struct hub_addr_work *w)
{
	const struct hub_str s = w->text;
	const size_t start = hub_addr_spaces(s, w->at);
	struct hub_addr_num n, m;
	const char *unit = NULL;
	char kanji[24];

	if (!w->out->town.len || !hub_addr_number(s, start, &n) || n.value == 0 || n.value > 999)
		return 0;
	size_t end = hub_addr_word(s, n.end, "丁目");
	if (end) {
		unit = "丁目";
	} else if ((end = hub_addr_word(s, n.end, "丁")) != 0) {
		/* 堺市 counts in 丁 */
		const size_t j = hub_addr_joint(s, end);
		if (!hub_addr_number(s, j ? j : end, &m) && end != s.len)
			return 0;
		unit = "丁";
	} else if (w->chome && n.value <= LAST_CHOME && (end = hub_addr_joint(s, n.end)) != 0 &&
		   hub_addr_number(s, end, &m)) {
		unit = w->place && strcmp(w->place->city, "堺市") == 0 ? "丁" : "丁目";
	} else {
		return 0;
	}
	const struct hub_str k = {kanji, hub_addr_kanji(n.value, kanji)};
	w->out->town =
	    hub_arena_printf(w->arena, "%.*s%.*s%s", HUB_FMT(w->out->town), HUB_FMT(k), unit);
	const size_t joint = hub_addr_joint(s, end);
	w->at = joint && hub_addr_number(s, joint, &m) ? joint : end;
	return w->out->town.ptr ? 0 : -1;
}

/* ---- numbers and the rest ---- */

/* 2F, 3階, 101号室 and the like are not part of the numbering. */
static int is_floor(struct hub_str s, size_t at)
{
	static const char *const words[] = {"F", "階", "号室", "号棟", "棟", "室", "号館", NULL};
	const size_t end = any_word(s, at, words);
	size_t next;

	if (!end)
		return 0;
	const int32_t c = hub_addr_peek(s, end, &next);
	return s.ptr[at] != 'F' || !(c >= 'A' && c <= 'z');
}

/* A letter or kana in front of a number behind a dash: 14-イ22, 3-A5. Its length or 0. */
static size_t branch_letter(struct hub_str s, size_t at)
{
	size_t next;
	struct hub_addr_num n;
	const int32_t c = hub_addr_peek(s, at, &next);
	const int letter = (c >= 'A' && c <= 'Z') || (c >= 0x30a1 && c <= 0x30fa);

	return letter && hub_addr_number(s, next, &n) ? next - at : 0;
}

/* The joint behind a number: -, の, 番地の, 番, 丁目 ... Offset of the next number, or 0 when the
 * numbering ends; *end is then behind the unit. */
static size_t next_number(struct hub_str s, const struct hub_addr_num *n, size_t *end)
{
	struct hub_addr_num m;
	size_t at = n->end, unit = any_word(s, at, units_of_block);

	*end = unit ? unit : at;
	at = *end;
	const size_t joint = hub_addr_joint(s, at);
	const size_t next = joint ? joint : at;
	if (!joint && !unit) {
		/* 1一3: a kanji one typed for a dash */
		const size_t one = n->arabic ? hub_addr_word(s, at, "一") : 0;
		return one && hub_addr_number(s, one, &m) && m.arabic ? one : 0;
	}
	if (branch_letter(s, next) && joint)
		return next;
	return hub_addr_number(s, next, &m) &&
		       (joint || m.arabic || any_word(s, m.end, units_of_block)) &&
		       !is_floor(s, m.end)
		   ? next
		   : 0;
}

static int read_block(struct hub_addr_work *w)
{
	const struct hub_str s = w->text;
	struct hub_addr_num n;
	size_t at = hub_addr_spaces(s, w->at), len = 0, end = at;

	if (!block_here(s, at, &n) || is_floor(s, n.end))
		return 0;
	char *out = hub_alloc(w->arena, 3 * (s.len - at) + 16);
	if (!out)
		return -1;
	for (int first = 1; at; first = 0) {
		const size_t letter = first ? 0 : branch_letter(s, at);
		if (!first)
			out[len++] = '-';
		memcpy(out + len, s.ptr + at, letter);
		len += letter;
		hub_addr_number(s, at + letter, &n);
		if (n.arabic) {
			memcpy(out + len, s.ptr + at + letter, n.end - at - letter);
			len += n.end - at - letter;
		} else {
			len += (size_t)snprintf(out + len, 12, "%u", (unsigned)n.value);
		}
		at = next_number(s, &n, &end);
	}
	w->out->block = (struct hub_str){out, len};
	const size_t joint = hub_addr_joint(s, end);
	w->at = joint && hub_addr_number(s, joint, &n) && is_floor(s, n.end) ? joint : end;
	return 0;
}

/* What is left; dashes between digits become '-'. */
static int read_rest(struct hub_addr_work *w)
{
	const struct hub_str s = hub_str_trim(hub_str_from(w->text, w->at));
	char *out = hub_alloc(w->arena, s.len + 1);
	size_t n = 0, next;

	if (!out)
		return -1;
	for (size_t at = 0; at < s.len; at = next) {
		const int32_t c = hub_addr_peek(s, at, &next);
		const int digits = at && s.ptr[at - 1] >= '0' && s.ptr[at - 1] <= '9' &&
				   next < s.len && s.ptr[next] >= '0' && s.ptr[next] <= '9';
		if (digits && hub_char_is_dash(c)) {
			out[n++] = '-';
			continue;
		}
		memcpy(out + n, s.ptr + at, next - at);
		n += next - at;
	}
	w->out->rest = (struct hub_str){out, n};
	return 0;
}

/* ---- the whole ---- */

/* NFKC, no hidden characters, single spaces, no postal code in front. .ptr NULL: out of memory. */
static struct hub_str fold(struct hub_arena *a, struct hub_str text, unsigned *flags)
{
	struct hub_str s = hub_key_strip(a, text);
	if (s.ptr)
		s = hub_fold_width(a, s, 0, NULL);
	char *out = s.ptr ? hub_alloc(a, s.len + 1) : NULL;
	if (!out)
		return (struct hub_str){NULL, 0};

	s = hub_str_trim(s);
	const size_t mark = hub_addr_word(s, 0, "〒");
	if (mark) {
		size_t at = hub_addr_spaces(s, mark);
		while (at < s.len && ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || s.ptr[at] == '-'))
			at++;
		s = hub_str_trim(hub_str_from(s, at));
		*flags |= HUB_ADDRESS_POSTAL;
	}
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char c =
		    s.ptr[i] == '\t' || s.ptr[i] == '\n' || s.ptr[i] == '\r' ? ' ' : s.ptr[i];
		if (c != ' ' || (n && out[n - 1] != ' '))
			out[n++] = c;
	}
	return (struct hub_str){out, n};
}

static const char *special_value(struct hub_str s)
{
	static const struct {
		const char *text, *reason;
	} values[] = {{"不明", "address-unknown"},      {"不詳", "address-unknown"},
		      {"住所不明", "address-unknown"},  {"住所不定", "no-fixed-address"},
		      {"住居なし", "no-fixed-address"}, {"不定", "no-fixed-address"},
		      {"同上", "same-as-above"},        {"〃", "same-as-above"},
		      {"同左", "same-as-above"}};

	for (size_t i = 0; i < HUB_COUNT(values); i++)
		if (hub_str_is(s, values[i].text))
			return values[i].reason;
	return NULL;
}

static int compose(struct hub_addr_work *w, const struct hub_pref *pref)
{
	struct hub_address *o = w->out;
	const struct hub_place *p = w->place;

	o->pref = hub_str_of(p ? p->pref : pref ? pref->name : "");
	if (p) {
		o->code = p->code;
		o->city = hub_arena_printf(w->arena, "%s%s%s", p->county, p->city,
					   w->ward ? p->ward : "");
	}
	const char *gap = o->block.len && o->rest.len ? " " : "";
	o->out =
	    hub_arena_printf(w->arena, "%.*s%.*s%.*s%.*s%s%.*s", HUB_FMT(o->pref), HUB_FMT(o->city),
			     HUB_FMT(o->town), HUB_FMT(o->block), gap, HUB_FMT(o->rest));
	o->level = o->block.len  ? HUB_ADDRESS_BLOCK
		   : o->town.len ? HUB_ADDRESS_TOWN
		   : p           ? HUB_ADDRESS_CITY
		   : pref        ? HUB_ADDRESS_PREF
				 : HUB_ADDRESS_NOWHERE;
	return o->out.ptr && (!p || o->city.ptr) ? 0 : -1;
}

static int split(struct hub_addr_work *w, const struct hub_address_opt *opt)
{
	const struct hub_pref *pref = hub_addr_find_pref(w);
	const int city = hub_addr_find_city(w, pref, opt);

	if (city && (read_town(w) || read_chome(w) || read_block(w)))
		return -1;
	return read_rest(w) || compose(w, pref) ? -1 : 0;
}

enum hub_address_rc hub_address_parse(struct hub_arena *a, struct hub_str text,
				      const struct hub_address_opt *opt, struct hub_address *out)
{
	*out = (struct hub_address){.reason = NULL};
	const struct hub_str s = fold(a, text, &out->flags);
	struct hub_addr_work w = {.arena = a, .text = s, .out = out};

	out->reason = "out-of-memory";
	if (!s.ptr)
		return HUB_ADDRESS_INVALID;
	out->reason = special_value(s);
	out->out = s;
	if (!s.len)
		return HUB_ADDRESS_NULL;
	if (out->reason)
		return HUB_ADDRESS_INVALID;
	int rc = split(&w, opt);
	if (!rc && out->level == HUB_ADDRESS_NOWHERE && opt && opt->home.len) {
		const struct hub_address_opt once = {.infer = 0};
		*out = (struct hub_address){.flags = out->flags};
		w = (struct hub_addr_work){.arena = a, .out = out};
		w.text = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(opt->home), HUB_FMT(s));
		rc = w.text.ptr ? split(&w, &once) : -1;
	}
	if (rc)
		out->reason = "out-of-memory";
	else if (out->level == HUB_ADDRESS_NOWHERE && !out->reason)
		out->reason = "no-place";
	return rc || out->level == HUB_ADDRESS_NOWHERE ? HUB_ADDRESS_INVALID : HUB_ADDRESS_OK;
}

const char *hub_address_finding(unsigned flags, unsigned n)
{
	static const char *const names[] = {"prefecture-added", "city-inferred", "town-unknown",
					    "postal-code"};

	for (size_t i = 0; i < HUB_COUNT(names); i++)
		if (flags & 1u << i && n-- == 0)
			return names[i];
	return NULL;
}
