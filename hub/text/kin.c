#include "text/kin.h"

#include "text/fold.h"

/* One step on the way from a person to a relative. */
enum step { PARENT = 'P', CHILD = 'C', SPOUSE = 'S', SIBLING = 'B' };

enum { STEPS = 12, NOBODY = -1, SEVERAL = -2 };

struct way {
	uint32_t n;
	struct {
		char kind;
		int sex, age; /* of whom it leads to; age: 1 elder, -1 younger, 0 not known */
		int who;      /* member, NOBODY of them, or SEVERAL it could be */
	} at[STEPS];
	int sure;
};

/* Words of the 続柄 (住民記録システム標準仕様書, and those that forms use instead) as steps: kind, sex. */
static const struct {
	const char *word, *kinds;
	int sex, age;
} words[] = {
    {"世帯主", "", 0, 0},      {"夫", "S", 1, 0},       {"妻", "S", 2, 0},
    {"夫(未届)", "S", 1, 0},   {"妻(未届)", "S", 2, 0}, {"内縁の夫", "S", 1, 0},
    {"内縁の妻", "S", 2, 0},   {"子", "C", 0, 0},       {"子(子の夫)", "C", 1, 0},
    {"子(子の妻)", "C", 2, 0}, {"長男", "C", 1, 0},     {"次男", "C", 1, 0},
    {"二男", "C", 1, 0},       {"三男", "C", 1, 0},     {"四男", "C", 1, 0},
    {"長女", "C", 2, 0},       {"次女", "C", 2, 0},     {"二女", "C", 2, 0},
    {"三女", "C", 2, 0},       {"四女", "C", 2, 0},     {"養子", "C", 0, 0},
    {"父", "P", 1, 0},         {"母", "P", 2, 0},       {"兄", "B", 1, 1},
    {"姉", "B", 2, 1},         {"弟", "B", 1, -1},      {"妹", "B", 2, -1},
    {"孫", "CC", 0, 0},        {"ひ孫", "CCC", 0, 0},   {"祖父", "PP", 1, 0},
    {"祖母", "PP", 2, 0},
};

static int add_step(struct way *w, char kind, int sex, int age, int who)
{
	if (w->n == STEPS)
		return -1;
	w->at[w->n].kind = kind;
	w->at[w->n].sex = sex;
	w->at[w->n].age = age;
	w->at[w->n++].who = who;
	return 0;
}

static int add_word(struct way *w, struct hub_str word)
{
	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		if (!hub_str_is(word, words[i].word))
			continue;
		for (const char *k = words[i].kinds; *k; k++)
			if (add_step(w, *k, k[1] ? 0 : words[i].sex, words[i].age, NOBODY))
				return -1;
		return 0;
	}
	return -1;
}

/* 子の妻 as steps; brackets hold a の of their own. -1: a word that says nothing. */
static int parse(struct hub_arena *a, struct hub_str relation, struct way *out)
{
	const struct hub_str s = hub_fold_width(a, hub_str_trim(relation), 0, NULL);

	*out = (struct way){.sure = 1};
	if (!s.ptr || s.len == 0)
		return -1;
	if (add_word(out, s) == 0)
		return 0;
	for (size_t from = 0; from < s.len;) {
		size_t end = hub_str_find(s, HUB_STR("の"), from);
		if (end == (size_t)-1)
			end = s.len;
		if (add_word(out, hub_str_cut(s, from, end)))
			return -1;
		from = end + strlen("の");
	}
	return 0;
}

static int same_way(const struct way *a, const struct way *b, uint32_t n)
{
	if (a->n != n)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		if (a->at[i].kind != b->at[i].kind ||
		    (a->at[i].sex && b->at[i].sex && a->at[i].sex != b->at[i].sex))
			return 0;
	return 1;
}

static int sex_of(const struct hub_kin_member *m)
{
	return hub_str_is(m->sex, "1") ? 1 : hub_str_is(m->sex, "2") ? 2 : 0;
}

/* Who the persons on the way are: a member whose own 続柄 is that part of it. A spouse is of the other sex
 * in the registry, which tells son from daughter in 子の妻. */
static void find_people(const struct way *all, const struct hub_kin_member *m, uint32_t n,
			uint32_t self, struct way *w)
{
	for (uint32_t i = 0; i + 1 < w->n; i++) {
		if (w->at[i + 1].kind == SPOUSE && w->at[i + 1].sex && !w->at[i].sex)
			w->at[i].sex = 3 - w->at[i + 1].sex;
		for (uint32_t k = 0; k < n; k++) {
			if (k == self || !same_way(&all[k], w, i + 1) ||
			    (w->at[i].sex && sex_of(&m[k]) && sex_of(&m[k]) != w->at[i].sex))
				continue;
			w->at[i].who = w->at[i].who == NOBODY ? (int)k : SEVERAL;
		}
	}
	if (w->n)
		w->at[w->n - 1].who = (int)self;
	for (uint32_t i = 0; i < w->n; i++)
		if (w->at[i].who >= 0 && sex_of(&m[w->at[i].who]))
			w->at[i].sex = sex_of(&m[w->at[i].who]);
}

static char inverse(char kind)
{
	return kind == PARENT ? CHILD : kind == CHILD ? PARENT : kind;
}

/* Whether a goes through one of several persons where b goes through one of the same kind: of two sons,
 * whose wife she is stands nowhere. */
static int unclear(const struct way *a, const struct way *b)
{
	for (uint32_t i = 0; i < a->n && i < b->n && a->at[i].kind == b->at[i].kind; i++)
		if (a->at[i].who == SEVERAL)
			return 1;
	return 0;
}

/* Back to the head, then on; a loop over somebody who is met twice is cut out. -1: too long. */
static int join(const struct way *to_from, const struct way *to_to,
		const struct hub_kin_member *head, uint32_t head_at, int from, struct way *out)
{
	*out = (struct way){.sure = 1};
	for (uint32_t i = to_from->n; i-- > 0;) {
		const int first = i == 0;
		if (add_step(out, inverse(to_from->at[i].kind),
			     first ? (head ? sex_of(head) : 0) : to_from->at[i - 1].sex,
			     -to_from->at[i].age, first ? (int)head_at : to_from->at[i - 1].who))
			return -1;
	}
	for (uint32_t i = 0; i < to_to->n; i++)
		if (add_step(out, to_to->at[i].kind, to_to->at[i].sex, to_to->at[i].age,
			     to_to->at[i].who))
			return -1;
	for (uint32_t i = 0; i <= out->n; i++) {
		const int who = i == 0 ? from : out->at[i - 1].who;
		for (uint32_t k = out->n; who >= 0 && k > i; k--) {
			if (out->at[k - 1].who != who)
				continue;
			memmove(&out->at[i], &out->at[k], (out->n - k) * sizeof out->at[0]);
			out->n -= k - i;
			break;
		}
	}
	return 0;
}

/* Two steps that are one: a parent's child is a sibling. What is only usual is not sure: the wife of
 * one's father may be no mother. */
static const struct {
	char first, second, one;
	int sure;
} shorter[] = {
    {PARENT, CHILD, SIBLING, 1},  {SPOUSE, CHILD, CHILD, 0},      {PARENT, SPOUSE, PARENT, 0},
    {SIBLING, PARENT, PARENT, 1}, {SIBLING, SIBLING, SIBLING, 1}, {CHILD, SIBLING, CHILD, 1},
    {CHILD, PARENT, SPOUSE, 0},
};

static int shorten_once(struct way *w)
{
	for (uint32_t i = 0; i + 1 < w->n; i++)
		for (size_t k = 0; k < HUB_COUNT(shorter); k++) {
			if (w->at[i].kind != shorter[k].first ||
			    w->at[i + 1].kind != shorter[k].second)
				continue;
			w->at[i + 1].kind = shorter[k].one;
			w->at[i + 1].age = 0;
			w->sure &= shorter[k].sure;
			memmove(&w->at[i], &w->at[i + 1], (w->n - i - 1) * sizeof w->at[0]);
			w->n--;
			return 1;
		}
	return 0;
}

static const char *word_of(char kind, int sex, int age)
{
	static const char *const parent[] = {"親", "父", "母"};
	static const char *const spouse[] = {"配偶者", "夫", "妻"};
	static const char *const elder[] = {"兄弟姉妹", "兄", "姉"};
	static const char *const younger[] = {"兄弟姉妹", "弟", "妹"};

	switch (kind) {
	case PARENT:
		return parent[sex];
	case SPOUSE:
		return spouse[sex];
	case SIBLING:
		return age > 0 ? elder[sex] : age < 0 ? younger[sex] : elder[0];
	default:
		return "子";
	}
}

/* Ways that have a word of their own, by sex of whom they lead to. */
static const struct {
	const char *kinds, *word[3];
} known[] = {
    {"CC", {"孫", "孫", "孫"}},         {"CCC", {"ひ孫", "ひ孫", "ひ孫"}},
    {"PP", {"祖父母", "祖父", "祖母"}}, {"PB", {"おじ・おば", "おじ", "おば"}},
    {"BC", {"甥・姪", "甥", "姪"}},     {"PBC", {"いとこ", "いとこ", "いとこ"}},
};

static struct hub_str word_for(struct hub_arena *a, const struct way *w)
{
	char kinds[STEPS + 1] = "";
	struct hub_str out = {"", 0};

	for (uint32_t i = 0; i < w->n; i++)
		kinds[i] = w->at[i].kind;
	for (size_t i = 0; i < HUB_COUNT(known); i++)
		if (strcmp(known[i].kinds, kinds) == 0)
			return hub_str_of(known[i].word[w->at[w->n - 1].sex]);
	if (w->n > 4)
		return out;
	for (uint32_t i = 0; i < w->n && out.ptr; i++)
		out = hub_arena_printf(a, "%.*s%s%s", HUB_FMT(out), i ? "の" : "",
				       word_of(w->at[i].kind, w->at[i].sex, w->at[i].age));
	return out;
}

/* Elder or younger, by full dates of birth. */
static int age_between(struct hub_str from, struct hub_str to)
{
	if (from.len != 10 || to.len != 10)
		return 0;
	const int order = memcmp(from.ptr, to.ptr, 10);
	return order > 0 ? 1 : order < 0 ? -1 : 0;
}

static void tell_ages(struct way *w, const struct hub_kin_member *m, uint32_t n, uint32_t from)
{
	for (uint32_t i = 0; i < w->n; i++) {
		const int left = i ? w->at[i - 1].who : (int)from, right = w->at[i].who;
		if (w->at[i].kind == SIBLING && w->at[i].age == 0 && left >= 0 && right >= 0 &&
		    (uint32_t)left < n && (uint32_t)right < n)
			w->at[i].age = age_between(m[left].birth_date, m[right].birth_date);
	}
}

struct hub_kin hub_kin_between(struct hub_arena *a, const struct hub_kin_member *members,
			       uint32_t n, uint32_t from, uint32_t to)
{
	struct way *all = hub_alloc_array(a, (size_t)n + 1, sizeof *all), w;
	const struct hub_kin none = {{"", 0}, 0};
	uint32_t head = n;

	for (uint32_t i = 0; all && i < n; i++) {
		if (parse(a, members[i].relation, &all[i]))
			all[i] = (struct way){.n = STEPS}; /* leads nowhere */
		else if (all[i].n == 0)
			head = i;
	}
	if (!all || from == to || all[from].n == STEPS || all[to].n == STEPS)
		return none;
	find_people(all, members, n, from, &all[from]);
	find_people(all, members, n, to, &all[to]);
	if (unclear(&all[from], &all[to]) || unclear(&all[to], &all[from]) ||
	    join(&all[from], &all[to], head < n ? &members[head] : NULL, head, (int)from, &w))
		return none;
	while (shorten_once(&w))
		;
	if (w.n == 0)
		return none;
	tell_ages(&w, members, n, from);
	return (struct hub_kin){word_for(a, &w), w.sure};
}
