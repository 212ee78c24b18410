#include "text/kin.h"

#include "text/fold.h"

/* One step on the way from a person to a relative. */
enum step { PARENT = 'P', CHILD = 'C', SPOUSE = 'S', SIBLING = 'B' };

enum { STEPS = 12, NOBODY = -1, SEVERAL = -2, YEARS_BETWEEN = 12 };

/* The two ways that are joined; steps of the same one are as somebody wrote them. */
enum part { BACK = 1, ON = 2 };

struct way {
	uint32_t n;
	struct {
		char kind;
		int sex, age; /* of whom it leads to; age: 1 elder, -1 younger, 0 not known */
		int who;      /* member, NOBODY of them, or SEVERAL it could be */
		int likely;   /* there may be others than `who` */
		int part;
	} at[STEPS];
	int sure;
};

/* Words of the 続柄 (住民記録システム標準仕様書, and those that forms use instead) as steps: kind, sex. */
static const struct {
	const char *word, *kinds;
	int sex, age;
} words[] = {
    {"世帯主", "", 0, 0},    {"夫", "S", 1, 0},         {"妻", "S", 2, 0},
    {"夫(未届)", "S", 1, 0}, {"妻(未届)", "S", 2, 0},   {"未届の夫", "S", 1, 0},
    {"未届の妻", "S", 2, 0}, {"内縁の夫", "S", 1, 0},   {"内縁の妻", "S", 2, 0},
    {"子", "C", 0, 0},       {"子(子の夫)", "C", 1, 0}, {"子(子の妻)", "C", 2, 0},
    {"息子", "C", 1, 0},     {"長男", "C", 1, 0},       {"次男", "C", 1, 0},
    {"二男", "C", 1, 0},     {"三男", "C", 1, 0},       {"四男", "C", 1, 0},
    {"五男", "C", 1, 0},     {"娘", "C", 2, 0},         {"長女", "C", 2, 0},
    {"次女", "C", 2, 0},     {"二女", "C", 2, 0},       {"三女", "C", 2, 0},
    {"四女", "C", 2, 0},     {"五女", "C", 2, 0},       {"養子", "C", 0, 0},
    {"養女", "C", 2, 0},     {"嫁", "CS", 2, 0},        {"婿", "CS", 1, 0},
    {"父", "P", 1, 0},       {"母", "P", 2, 0},         {"養父", "P", 1, 0},
    {"養母", "P", 2, 0},     {"兄", "B", 1, 1},         {"姉", "B", 2, 1},
    {"弟", "B", 1, -1},      {"妹", "B", 2, -1},        {"孫", "CC", 0, 0},
    {"ひ孫", "CCC", 0, 0},   {"曾孫", "CCC", 0, 0},     {"曽孫", "CCC", 0, 0},
    {"祖父", "PP", 1, 0},    {"祖母", "PP", 2, 0},      {"甥", "BC", 1, 0},
    {"姪", "BC", 2, 0},
};

/* Words that say of whom the head knows only that they live here, or that they are kin. */
static const char *const vague[] = {"同居人", "縁故者"};

static int add_step(struct way *w, char kind, int sex, int age)
{
	if (w->n == STEPS)
		return -1;
	memset(&w->at[w->n], 0, sizeof w->at[0]);
	w->at[w->n].kind = kind;
	w->at[w->n].sex = sex;
	w->at[w->n].age = age;
	w->at[w->n++].who = NOBODY;
	return 0;
}

/* The longest word that the text goes on with, up to its end or a の; its length, 0: none. */
static size_t add_word(struct way *w, struct hub_str s)
{
	size_t best = HUB_COUNT(words), len = 0;

	for (size_t i = 0; i < HUB_COUNT(words); i++) {
		const struct hub_str word = hub_str_of(words[i].word);
		if (word.len > len && hub_str_starts(s, word) &&
		    (s.len == word.len ||
		     hub_str_starts(hub_str_cut(s, word.len, s.len), HUB_STR("の")))) {
			best = i;
			len = word.len;
		}
	}
	for (const char *k = len ? words[best].kinds : ""; *k; k++)
		if (add_step(w, *k, k[1] ? 0 : words[best].sex, words[best].age))
			return 0;
	return len;
}

/* 子の妻 as steps. -1: a word that says nothing. */
static int parse(struct hub_arena *a, struct hub_str relation, struct way *out)
{
	const struct hub_str s = hub_fold_width(a, hub_str_trim(relation), 0, NULL);

	*out = (struct way){.sure = 1};
	if (!s.ptr || s.len == 0)
		return -1;
	for (size_t from = 0; from < s.len;) {
		const size_t len = add_word(out, hub_str_cut(s, from, s.len));
		if (len == 0)
			return -1;
		from += len + strlen("の");
		if (from == s.len)
			return -1; /* 子の */
	}
	return 0;
}

/* Do they lead to people of one kind? */
static int same_step(const struct way *a, const struct way *b, uint32_t i)
{
	return a->at[i].kind == b->at[i].kind &&
	       !(a->at[i].sex && b->at[i].sex && a->at[i].sex != b->at[i].sex);
}

static int same_way(const struct way *a, const struct way *b, uint32_t n)
{
	if (a->n != n)
		return 0;
	for (uint32_t i = 0; i < n; i++)
		if (!same_step(a, b, i))
			return 0;
	return 1;
}

static int sex_of(const struct hub_kin_member *m)
{
	return hub_str_is(m->sex, "1") ? 1 : hub_str_is(m->sex, "2") ? 2 : 0;
}

/* A full date as a number that grows by 10,000 a year; 0: it is none. */
static int day_of(struct hub_str date)
{
	int day = 0;

	if (date.len != 10)
		return 0;
	for (size_t i = 0; i < date.len; i++)
		if (date.ptr[i] >= '0' && date.ptr[i] <= '9')
			day = 10 * day + (date.ptr[i] - '0');
		else if (date.ptr[i] != '-')
			return 0;
	return day;
}

/* Whether by their ages somebody is no parent of somebody else. */
static int too_young(const struct hub_kin_member *parent, const struct hub_kin_member *child)
{
	const int p = day_of(parent->birth_date), c = day_of(child->birth_date);

	return p && c && p + YEARS_BETWEEN * 10000 > c;
}

/* Everybody has one spouse, one father and one mother; of children and siblings some may live elsewhere. */
static int is_only(const struct way *w, uint32_t i)
{
	for (uint32_t k = 0; k <= i; k++)
		if ((w->at[k].kind != PARENT && w->at[k].kind != SPOUSE) || !w->at[k].sex)
			return 0;
	return 1;
}

/* Who the persons on the way are: a member whose own 続柄 is that part of it. A spouse is of the other sex
 * in the registry, which tells son from daughter in 子の妻. */
static void find_people(const struct way *all, const struct hub_kin_member *m, uint32_t n,
			uint32_t self, struct way *w)
{
	for (uint32_t i = 0; i + 1 < w->n; i++) {
		const int own_child = i + 2 == w->n && w->at[i + 1].kind == CHILD;
		if (w->at[i + 1].kind == SPOUSE && w->at[i + 1].sex && !w->at[i].sex)
			w->at[i].sex = 3 - w->at[i + 1].sex;
		w->at[i].likely = !is_only(w, i);
		for (uint32_t k = 0; k < n; k++) {
			if (k == self || !same_way(&all[k], w, i + 1) ||
			    (w->at[i].sex && sex_of(&m[k]) && sex_of(&m[k]) != w->at[i].sex) ||
			    (own_child && too_young(&m[k], &m[self])))
				continue;
			w->at[i].who = w->at[i].who == NOBODY ? (int)k : SEVERAL;
		}
	}
	if (w->n)
		w->at[w->n - 1].who = (int)self;
	for (uint32_t i = 0; i < w->n; i++)
		if (w->at[i].who >= 0 && !w->at[i].likely && sex_of(&m[w->at[i].who]))
			w->at[i].sex = sex_of(&m[w->at[i].who]);
}

static char inverse(char kind)
{
	return kind == PARENT ? CHILD : kind == CHILD ? PARENT : kind;
}

/* Through how many people both ways lead before they part; -1: it cannot be told. Of two sons, whose wife she is
 * stands nowhere; nor does it whether two grandchildren are of one child who lives elsewhere. */
static int together(const struct way *a, const struct way *b, int *sure)
{
	const uint32_t n = a->n < b->n ? a->n : b->n;
	uint32_t i = n;

	*sure = 1;
	while (i > 0 && (a->at[i - 1].who < 0 || a->at[i - 1].who != b->at[i - 1].who))
		i--;
	if (i > 0)
		*sure = !a->at[i - 1].likely && !b->at[i - 1].likely;
	for (; i < n && same_step(a, b, i); i++) {
		const int one = a->at[i].who, other = b->at[i].who;
		if (one == SEVERAL || other == SEVERAL)
			return -1;
		if (is_only(a, i) && is_only(b, i) && (one == NOBODY || other == NOBODY))
			continue;
		if (one == NOBODY && other == NOBODY)
			return -1;
		*sure &= !a->at[i].likely && !b->at[i].likely;
		break;
	}
	return (int)i;
}

/* Back to where the ways part, then on. -1: too long, or it cannot be told where. */
static int join(const struct way *back, const struct way *on, int head, int head_sex,
		struct way *out)
{
	*out = (struct way){.sure = 1};
	const int both = together(back, on, &out->sure);

	for (uint32_t i = back->n; both >= 0 && i-- > (uint32_t)both;) {
		int sex = i ? back->at[i - 1].sex : head_sex;
		if (i && !sex && i == (uint32_t)both)
			sex = on->at[i - 1].sex;
		if (add_step(out, inverse(back->at[i].kind), sex, -back->at[i].age))
			return -1;
		out->at[out->n - 1].who = i ? back->at[i - 1].who : head;
		out->at[out->n - 1].likely = i && back->at[i - 1].likely;
		out->at[out->n - 1].part = BACK;
	}
	for (uint32_t i = (uint32_t)both; both >= 0 && i < on->n; i++) {
		if (add_step(out, on->at[i].kind, on->at[i].sex, on->at[i].age))
			return -1;
		out->at[out->n - 1].who = on->at[i].who;
		out->at[out->n - 1].likely = on->at[i].likely;
		out->at[out->n - 1].part = ON;
	}
	return both < 0 ? -1 : 0;
}

/* Two steps that are one: a parent's child is a sibling. What is only usual is not sure: the wife of one's father
 * may be no mother, and a half-brother has another one. Where somebody wrote both steps, what is usual is not
 * meant: 妻の子 is written of a child who is not the head's. */
static const struct {
	char first, second, one;
	int sure;
} shorter[] = {
    {PARENT, CHILD, SIBLING, 1},  {SPOUSE, CHILD, CHILD, 0},      {PARENT, SPOUSE, PARENT, 0},
    {SIBLING, PARENT, PARENT, 0}, {SIBLING, SIBLING, SIBLING, 0}, {CHILD, SIBLING, CHILD, 0},
    {CHILD, PARENT, SPOUSE, 0},
};

static int shorten_once(struct way *w)
{
	for (uint32_t i = 0; i + 1 < w->n; i++)
		for (size_t k = 0; k < HUB_COUNT(shorter); k++) {
			if (w->at[i].kind != shorter[k].first ||
			    w->at[i + 1].kind != shorter[k].second ||
			    (!shorter[k].sure && w->at[i].part & w->at[i + 1].part))
				continue;
			w->at[i + 1].kind = shorter[k].one;
			w->at[i + 1].age = 0;
			w->at[i + 1].part |= w->at[i].part;
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
    {"CCCC", {"玄孫", "玄孫", "玄孫"}}, {"PPP", {"曽祖父母", "曽祖父", "曽祖母"}},
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

/* Elder or younger siblings, by full dates of birth. */
static void tell_ages(struct way *w, const struct hub_kin_member *m, uint32_t from)
{
	for (uint32_t i = 0; i < w->n; i++) {
		const int left = i ? w->at[i - 1].who : (int)from, right = w->at[i].who;
		if (w->at[i].kind != SIBLING || w->at[i].age || left < 0 || right < 0)
			continue;
		const int a = day_of(m[left].birth_date), b = day_of(m[right].birth_date);
		w->at[i].age = !a || !b ? 0 : (a > b) - (a < b);
		if (w->at[i].age && (w->at[i].likely || (i && w->at[i - 1].likely)))
			w->sure = 0;
	}
}

/* The head's sex; of one who is not among them, by a 夫 or 妻 who is. */
static int sex_of_head(const struct way *all, const struct hub_kin_member *m, uint32_t n, int head)
{
	if (head >= 0)
		return sex_of(&m[head]);
	for (uint32_t i = 0; i < n; i++)
		if (all[i].n < STEPS && all[i].at[0].kind == SPOUSE && all[i].at[0].sex)
			return 3 - all[i].at[0].sex;
	return 0;
}

/* What the head wrote of somebody who is no relative that has a place in the family. */
static struct hub_kin as_written(struct hub_str relation)
{
	for (size_t i = 0; i < HUB_COUNT(vague); i++)
		if (hub_str_is(hub_str_trim(relation), vague[i]))
			return (struct hub_kin){hub_str_of(vague[i]), 1};
	return (struct hub_kin){{"", 0}, 0};
}

struct hub_kin hub_kin_between(struct hub_arena *a, const struct hub_kin_member *members,
			       uint32_t n, uint32_t from, uint32_t to)
{
	struct way *all = hub_alloc_array(a, (size_t)n + 1, sizeof *all), w;
	const struct hub_kin none = {{"", 0}, 0};
	int head = NOBODY;

	for (uint32_t i = 0; all && i < n; i++) {
		if (parse(a, members[i].relation, &all[i]))
			all[i] = (struct way){.n = STEPS}; /* leads nowhere */
		else if (all[i].n == 0)
			head = (int)i;
	}
	if (!all || from == to || all[from].n == STEPS)
		return none;
	if (all[to].n == STEPS)
		return (int)from == head ? as_written(members[to].relation) : none;
	find_people(all, members, n, from, &all[from]);
	find_people(all, members, n, to, &all[to]);
	if (join(&all[from], &all[to], head, sex_of_head(all, members, n, head), &w))
		return none;
	while (shorten_once(&w))
		;
	if (w.n == 0)
		return none;
	tell_ages(&w, members, from);
	const struct hub_str word = word_for(a, &w);
	return (struct hub_kin){word, word.len && w.sure};
}
