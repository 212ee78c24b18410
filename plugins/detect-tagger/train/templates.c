/* Sentences with slots. A file of templates has one a line; "#" begins a comment, "#copies N" says how
 * often the lines below are used. In a line:
 *   {P} {S1} {rel}   a slot: a person's name in some form, or a word of words.txt. A digit behind a
 *                    person slot names the same person each time.
 *   {noun} {word}    an ordinary noun; any other ordinary word
 *   {coined}         a word in katakana that does not exist
 *   {office} {street} a facility and an address that exist
 *   {d3}             a number of three digits
 *   <a|b|>           one of these
 *   \n               a line end
 * words.txt: `key = word|word|...`, words may hold slots. A key that begins with a capital makes a name:
 * F a facility, O an organisation, L T C R Q a place. terms.txt has no templates: dictionary.c reads it. */
#include "train.h"

#include "text/fold.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

enum { LINES_MAX = 20000, KEYS_MAX = 256, PEOPLE = 10, DEEPEST = 6 };

struct key {
	struct hub_str name, *word;
	uint32_t words;
};

struct line {
	struct hub_str text;
	uint32_t copies;
};

struct templates {
	const struct names *names;
	struct line *line;
	uint32_t lines;
	struct key key[KEYS_MAX];
	uint32_t keys;
};

/* One template while it is written out. */
struct writing {
	const struct templates *t;
	struct rng *r;
	struct hub_arena *a;
	struct sample *out;
	struct person person[PEOPLE];
	int known[PEOPLE];
};

/* ---- reading ---- */

static int add_key(struct templates *t, struct hub_arena *a, struct hub_str line)
{
	const size_t eq = hub_str_find(line, HUB_STR("="), 0);
	struct hub_str words, word;

	if (eq == (size_t)-1 || t->keys == KEYS_MAX)
		return -1;
	struct key *k = &t->key[t->keys++];
	*k = (struct key){.name = hub_str_trim(hub_str_cut(line, 0, eq))};
	uint32_t most = 1;
	for (size_t i = 0; i < line.len; i++)
		most += line.ptr[i] == '|';
	k->word = hub_alloc_array(a, most, sizeof *k->word);
	words = hub_str_trim(hub_str_from(line, eq + 1));
	while (k->word && hub_str_next(&words, '|', &word))
		k->word[k->words++] = word;
	return k->words ? 0 : -1;
}

static int read_file(struct templates *t, struct hub_arena *a, const char *folder, const char *file,
		     struct hub_err *err)
{
	const struct hub_str path = hub_arena_printf(a, "%s/%s", folder, file);
	const int words = strcmp(file, "words.txt") == 0;
	struct hub_str content, line;
	int64_t copies = 1;
	int rc;

	if (!path.ptr)
		return hub_fail_mem(err);
	if ((rc = hub_file_read(a, path.ptr, 16 << 20, &content, err)))
		return rc;
	while (hub_str_next(&content, '\n', &line)) {
		if (hub_str_starts(line, HUB_STR("#copies ")) &&
		    hub_parse_i64(hub_str_trim(hub_str_from(line, 8)), 1, 1000, &copies))
			return hub_fail(err, HUB_REJECT, "bad-template", "%s: bad #copies", file);
		if (!line.len || line.ptr[0] == '#')
			continue;
		if (words ? add_key(t, a, line) : t->lines == LINES_MAX)
			return hub_fail(err, HUB_REJECT, "bad-template",
					"%s: bad or too many lines", file);
		if (!words)
			t->line[t->lines++] = (struct line){line, (uint32_t)copies};
	}
	return HUB_OK;
}

static int is_text(const struct dirent *e)
{
	return hub_str_ends(hub_str_of(e->d_name), HUB_STR(".txt")) &&
	       strcmp(e->d_name, "terms.txt") != 0;
}

int templates_open(struct hub_arena *a, const char *folder, const struct names *names,
		   struct templates **out, struct hub_err *err)
{
	struct templates *t = hub_alloc0(a, sizeof *t);
	struct dirent **file; /* memory of lib owns: scandir */
	int rc = HUB_OK;

	if (!t || !(t->line = hub_alloc_array(a, LINES_MAX, sizeof *t->line)))
		return hub_fail_mem(err);
	t->names = names;
	const int n = scandir(folder, &file, is_text, alphasort);
	if (n < 0)
		return hub_fail(err, HUB_REJECT, "no-templates", "cannot read %s", folder);
	for (int i = 0; i < n; i++) {
		if (!rc)
			rc = read_file(t, a, folder, file[i]->d_name, err);
		free(file[i]); /* lib owns */
	}
	free(file); /* lib owns */
	*out = t;
	return rc;
}

size_t templates_count(const struct templates *t)
{
	return t->lines;
}

uint32_t templates_copies(const struct templates *t, size_t i)
{
	return t->line[i].copies;
}

/* ---- writing ---- */

static const struct key *key_of(const struct templates *t, struct hub_str name)
{
	for (uint32_t i = 0; i < t->keys; i++)
		if (hub_str_eq(t->key[i].name, name))
			return &t->key[i];
	return NULL;
}

static struct hub_str kata(struct hub_arena *a, struct hub_str s)
{
	return hub_kana_convert(a, s, HUB_KANA_TO_KATA);
}

static struct hub_str join(struct writing *w, struct hub_str x, struct hub_str y, uint32_t spaced)
{
	const char *gap = !rng_chance(w->r, spaced) ? "" : rng_chance(w->r, 50) ? " " : "　";

	return hub_arena_printf(w->a, "%.*s%s%.*s", HUB_FMT(x), gap, HUB_FMT(y));
}

/* hanako, Hanako or HANAKO */
static struct hub_str cased(struct writing *w, struct hub_str latin, uint32_t capitals)
{
	const struct hub_str out = hub_arena_str(w->a, latin);
	char *c = (char *)(uintptr_t)out.ptr; /* ours */

	for (size_t i = 0; i < out.len && i < capitals; i++)
		c[i] = (char)(c[i] >= 'a' && c[i] <= 'z' ? c[i] - 32 : c[i]);
	return out;
}

/* Tanaka Hanako, TANAKA Hanako, Hanako Tanaka, Hanako, H. Tanaka */
static struct hub_str latin_name(struct writing *w, const struct person *p)
{
	const struct hub_str s = cased(w, p->surname_latin, 1), g = cased(w, p->given_latin, 1);

	switch (rng_below(w->r, 8)) {
	case 0:
		return hub_arena_printf(w->a, "%.*s %.*s", HUB_FMT(cased(w, s, 99)),
					HUB_FMT(cased(w, g, 99)));
	case 1:
		return hub_arena_printf(w->a, "%.*s %.*s", HUB_FMT(cased(w, s, 99)), HUB_FMT(g));
	case 2:
		return hub_arena_printf(w->a, "%.*s %.*s", HUB_FMT(g), HUB_FMT(s));
	case 3:
		return g;
	case 4:
		return s;
	case 5:
		return hub_arena_printf(w->a, "%c. %.*s", g.ptr[0], HUB_FMT(s));
	default:
		return hub_arena_printf(w->a, "%.*s %.*s", HUB_FMT(s), HUB_FMT(g));
	}
}

/* 佐 藤, 佐　藤　一　郎: as forms have it */
static struct hub_str spaced(struct writing *w, struct hub_str name)
{
	const char *gap = rng_chance(w->r, 50) ? " " : "　";
	struct hub_str out = {NULL, 0};
	size_t at = 0, from;

	while ((from = at) < name.len) {
		hub_utf8_next(name, &at);
		out = hub_arena_printf(w->a, "%.*s%s%.*s", HUB_FMT(out), from ? gap : "",
				       HUB_FMT(hub_str_cut(name, from, at)));
	}
	return out;
}

static struct hub_str initials(struct writing *w)
{
	static const char *const people[] = {"子", "男", "美", "太", "雄"};
	const char a = (char)('A' + rng_below(w->r, 26)), b = (char)('A' + rng_below(w->r, 26));

	switch (rng_below(w->r, 7)) {
	case 5:
		return hub_arena_printf(w->a, "%c%s", a,
					people[rng_below(w->r, HUB_COUNT(people))]);
	case 6:
		return hub_arena_printf(w->a, "%c.%c.", a, b);
	case 0:
		return hub_arena_printf(w->a, "%c.%c", a, b);
	case 1:
		return hub_arena_printf(w->a, "%c・%c", a, b);
	case 2:
		return hub_arena_printf(w->a, "%c%c", a, b);
	default:
		return hub_arena_printf(w->a, "%c", a);
	}
}

/* The first two or three kana of a given name: みゆ, たかち */
static struct hub_str nickname(struct writing *w, const struct person *p)
{
	static const char *const tails[] = {"", "", "", "っち", "ぴ", "ぽん", "りん", "ー", "すけ"};
	size_t at = 0;

	for (uint32_t n = 2 + rng_below(w->r, 2); n > 0 && at < p->given_kana.len; n--)
		hub_utf8_next(p->given_kana, &at);
	const struct hub_str head = hub_str_cut(p->given_kana, 0, at);
	return hub_arena_printf(w->a, "%.*s%s",
				HUB_FMT(rng_chance(w->r, 30) ? kata(w->a, head) : head),
				tails[rng_below(w->r, HUB_COUNT(tails))]);
}

/* A name that parents of today make of kana, or what children call each other: るあ, のんの, ゆーゆ */
static struct hub_str newborn(struct writing *w)
{
	static const char *const parts[] = {
	    "あ",   "い",   "う",   "え",   "お",   "か",   "き",   "く",   "こ",   "さ",
	    "し",   "す",   "せ",   "そ",   "た",   "つ",   "と",   "な",   "ね",   "の",
	    "は",   "ひ",   "ほ",   "ま",   "み",   "む",   "め",   "も",   "や",   "ゆ",
	    "よ",   "ら",   "り",   "る",   "れ",   "ろ",   "じゅ", "しゅ", "りゅ", "りょ",
	    "じょ", "ちか", "りあ", "のん", "ここ", "ゆめ", "ひな", "そら", "ーな", "ーや"};
	struct hub_str out = hub_str_of(parts[rng_below(w->r, HUB_COUNT(parts) - 2)]);

	for (uint32_t n = 1 + rng_below(w->r, 4) / 3; n > 0; n--)
		out = hub_arena_printf(w->a, "%.*s%s", HUB_FMT(out),
				       parts[rng_below(w->r, HUB_COUNT(parts))]);
	return out;
}

static const struct {
	const char *name;
	uint32_t share; /* of {A} */
} forms[] = {
    {"S", 32}, {"P", 26}, {"G", 13}, {"H", 8},  {"K", 4}, {"KG", 4}, {"KS", 2}, {"HS", 2},
    {"HP", 2}, {"X", 3},  {"XG", 2}, {"U", 2},  {"N", 0}, {"I", 0},  {"GK", 0}, {"A", 0},
    {"M", 0},  {"E", 0},  {"Z", 0},  {"XL", 0}, {"V", 0}, {"B", 0},
};

static struct hub_str any_word(struct writing *w, const char *key)
{
	const struct key *k = key_of(w->t, hub_str_of(key));

	return k ? k->word[rng_below(w->r, k->words)] : HUB_STR("?");
}

static struct hub_str foreign_part(struct writing *w)
{
	return rng_chance(w->r, 50) ? any_word(w, "foreign") : names_foreign(w->t->names, w->r);
}

/* A name in a form; .ptr NULL when there is no such form. */
static struct hub_str name_of(struct writing *w, struct hub_str form, const struct person *p)
{
	uint32_t k = 0;

	if (hub_str_is(form, "A")) {
		int64_t at = rng_below(w->r, 100);
		while ((at -= forms[k].share) >= 0)
			k++;
		form = hub_str_of(forms[k].name);
	}
	if (hub_str_is(form, "P"))
		return join(w, p->surname, p->given, 20);
	if (hub_str_is(form, "S"))
		return p->surname;
	if (hub_str_is(form, "GK"))
		return p->given;
	if (hub_str_is(form, "G"))
		return rng_chance(w->r, 70)   ? p->given
		       : rng_chance(w->r, 70) ? p->given_kana
					      : kata(w->a, p->given_kana);
	if (hub_str_is(form, "H"))
		return p->given_kana;
	if (hub_str_is(form, "HS"))
		return p->surname_kana;
	if (hub_str_is(form, "HP"))
		return join(w, p->surname_kana, p->given_kana, 50);
	if (hub_str_is(form, "K"))
		return join(w, kata(w->a, p->surname_kana), kata(w->a, p->given_kana), 60);
	if (hub_str_is(form, "KG"))
		return kata(w->a, p->given_kana);
	if (hub_str_is(form, "KS"))
		return kata(w->a, p->surname_kana);
	if (hub_str_is(form, "N"))
		return nickname(w, p);
	if (hub_str_is(form, "I"))
		return initials(w);
	if (hub_str_is(form, "M")) /* half of it in kana */
		return rng_chance(w->r, 70)
			   ? join(w, p->surname,
				  rng_chance(w->r, 60) ? p->given_kana : kata(w->a, p->given_kana),
				  20)
			   : join(w, p->surname_kana, p->given, 20);
	if (hub_str_is(form, "E"))
		return latin_name(w, p);
	if (hub_str_is(form, "Z"))
		return spaced(w, rng_chance(w->r, 50)
				     ? p->surname
				     : hub_arena_printf(w->a, "%.*s%.*s", HUB_FMT(p->surname),
							HUB_FMT(p->given)));
	if (hub_str_is(form, "XL"))
		return hub_arena_printf(w->a, "%.*s %.*s", HUB_FMT(any_word(w, "latin")),
					HUB_FMT(any_word(w, "latin")));
	if (hub_str_is(form, "U"))
		return rng_chance(w->r, 50) ? any_word(w, "one")
					    : names_surname_of_one(w->t->names, w->r);
	if (hub_str_is(form, "V"))
		return names_given_of_one(w->t->names, w->r);
	if (hub_str_is(form, "B"))
		return rng_chance(w->r, 40)   ? p->given_kana
		       : rng_chance(w->r, 85) ? newborn(w)
					      : kata(w->a, newborn(w));
	if (hub_str_is(form, "XG"))
		return foreign_part(w);
	if (hub_str_is(form, "X"))
		return hub_arena_printf(w->a, "%.*s%s%.*s", HUB_FMT(foreign_part(w)),
					rng_chance(w->r, 60) ? "・" : " ",
					HUB_FMT(foreign_part(w)));
	return (struct hub_str){NULL, 0};
}

static int is_form(struct hub_str form)
{
	for (size_t i = 0; i < HUB_COUNT(forms); i++)
		if (hub_str_is(form, forms[i].name))
			return 1;
	return 0;
}

/* A word nobody knows, in katakana: as medicines, devices and services are called. */
static struct hub_str coined(struct writing *w)
{
	static const char *const parts[] = {
	    "ア",   "イ",   "ウ",     "エ",   "オ",   "カ",     "キ",   "ク",   "コ",   "サ",
	    "シ",   "ス",   "セ",     "タ",   "テ",   "ト",     "ナ",   "ニ",   "ネ",   "ノ",
	    "ハ",   "ビ",   "フ",     "ベ",   "ホ",   "マ",     "ミ",   "メ",   "モ",   "ラ",
	    "リ",   "ル",   "レ",     "ロ",   "ワ",   "ジ",     "ド",   "プ",   "パ",   "ピ",
	    "ポ",   "ガ",   "グ",     "ゾ",   "ン",   "ー",     "ン",   "ー",   "ッ",   "チン",
	    "ミン", "ロン", "トール", "パム", "リン", "ゾール", "ティ", "フィ", "シャ", "チェ"};
	struct hub_str out = {NULL, 0};

	for (uint32_t n = 3 + rng_below(w->r, 4), i = 0; i < n; i++) {
		const uint32_t k = rng_below(w->r, HUB_COUNT(parts));
		out = hub_arena_printf(w->a, "%.*s%s", HUB_FMT(out),
				       i == 0 && k >= 44 && k <= 48 ? "ア" : parts[k]);
	}
	return out;
}

/* {d3}: a number of so many digits */
static struct hub_str digits(struct writing *w, struct hub_str slot)
{
	const uint32_t n = (uint32_t)(slot.ptr[1] - '0');
	uint32_t low = 1;

	for (uint32_t i = 1; i < n; i++)
		low *= 10;
	return hub_arena_printf(w->a, "%u", low + rng_below(w->r, low * 9));
}

/* A word of a list that is no template's; .ptr NULL: not such a slot. */
static struct hub_str listed(struct writing *w, struct hub_str slot)
{
	const struct names *n = w->t->names;

	if (hub_str_is(slot, "noun"))
		return names_noun(n, w->r);
	if (hub_str_is(slot, "word"))
		return names_word(n, w->r);
	if (hub_str_is(slot, "office"))
		return names_facility(n, w->r);
	if (hub_str_is(slot, "street"))
		return names_address(n, w->r);
	if (hub_str_is(slot, "coined"))
		return coined(w);
	return (struct hub_str){NULL, 0};
}

static uint32_t may_of(struct hub_str key)
{
	switch (key.ptr[0]) {
	case 'F':
		return MAY_FACILITY;
	case 'O':
		return MAY_ORG;
	case 'L':
	case 'T':
	case 'C':
	case 'R':
	case 'Q':
		return MAY_LOCATION;
	default:
		return 0;
	}
}

static void expand(struct writing *w, struct hub_str text, int marks, int depth);

static void expand_slot(struct writing *w, struct hub_str slot, int marks, int depth)
{
	struct hub_str form = slot;
	struct person fresh;
	uint32_t who = 0;

	if (slot.len == 2 && slot.ptr[0] == 'd') {
		sample_add(w->out, digits(w, slot), 0);
		return;
	}
	if (slot.len > 1 && slot.ptr[slot.len - 1] >= '0' && slot.ptr[slot.len - 1] <= '9') {
		who = (uint32_t)(slot.ptr[slot.len - 1] - '0');
		form.len--;
	}
	if (is_form(form)) {
		struct person *p = who ? &w->person[who] : &fresh;
		if (!who || !w->known[who])
			names_person(w->t->names, w->r, w->a, p);
		w->known[who] = 1;
		sample_add(w->out, name_of(w, form, p), marks ? MAY_PERSON : 0);
		return;
	}
	const struct hub_str word = listed(w, slot);
	if (word.ptr) {
		sample_add(w->out, word, 0);
		return;
	}
	const struct key *k = key_of(w->t, slot);
	if (!k || depth > DEEPEST) {
		fprintf(stderr, "template: unknown slot {%.*s}\n", HUB_FMT(slot));
		return;
	}
	const uint32_t may = marks ? may_of(slot) : 0, from = (uint32_t)w->out->text.len;
	expand(w, k->word[rng_below(w->r, k->words)], marks && !may, depth + 1);
	if (may && w->out->marks < MARKS_MAX)
		w->out->mark[w->out->marks++] =
		    (struct mark){from, (uint32_t)w->out->text.len, may};
}

static void expand_choice(struct writing *w, struct hub_str list, int marks, int depth)
{
	uint32_t n = 1, k;
	struct hub_str one;

	for (size_t i = 0; i < list.len; i++)
		n += list.ptr[i] == '|';
	k = rng_below(w->r, n);
	for (size_t from = 0;; k--) {
		size_t to = hub_str_find(list, HUB_STR("|"), from);
		to = to == (size_t)-1 ? list.len : to;
		one = hub_str_cut(list, from, to);
		from = to + 1;
		if (k == 0)
			break;
	}
	expand(w, one, marks, depth + 1);
}

static void expand(struct writing *w, struct hub_str text, int marks, int depth)
{
	size_t done = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char c = text.ptr[i];
		if (c != '{' && c != '<' &&
		    !(c == '\\' && i + 1 < text.len && text.ptr[i + 1] == 'n'))
			continue;
		sample_add(w->out, hub_str_cut(text, done, i), 0);
		if (c == '\\') {
			sample_add(w->out, HUB_STR("\n"), 0);
			i++;
		} else {
			const size_t end =
			    hub_str_find(text, c == '{' ? HUB_STR("}") : HUB_STR(">"), i);
			if (end == (size_t)-1) {
				fprintf(stderr, "template: open slot in %.*s\n", HUB_FMT(text));
				return;
			}
			const struct hub_str inner = hub_str_cut(text, i + 1, end);
			if (c == '{')
				expand_slot(w, inner, marks, depth);
			else
				expand_choice(w, inner, marks, depth);
			i = end;
		}
		done = i + 1;
	}
	sample_add(w->out, hub_str_from(text, done), 0);
}

void templates_expand(const struct templates *t, size_t i, struct rng *r, struct hub_arena *scratch,
		      struct sample *out)
{
	struct writing w = {.t = t, .r = r, .a = scratch, .out = out};

	expand(&w, t->line[i].text, 1, 0);
}
