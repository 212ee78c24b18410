#include "test.h"

#include "text/kin.h"

#define TEXT(s)                  \
	{                        \
		s, sizeof(s) - 1 \
	}
#define MEMBER(rel, sex, born)                   \
	{                                        \
		TEXT(rel), TEXT(sex), TEXT(born) \
	}

/* A household: 続柄, sex, birth date of each member. */
static const struct hub_kin_member three_generations[] = {
    MEMBER("世帯主", "1", "1950-01-01"), MEMBER("妻", "2", "1952-01-01"),
    MEMBER("妻の母", "2", "1930-01-01"), MEMBER("子", "1", "1978-01-01"),
    MEMBER("子の妻", "2", "1980-01-01"), MEMBER("子の子", "2", "2010-01-01"),
    MEMBER("子の子", "1", "2014-01-01"), MEMBER("子", "2", "1982-01-01"),
    MEMBER("弟", "1", "1955-01-01"),     MEMBER("同居人", "1", "1990-01-01"),
};
enum { HEAD, WIFE, HER_MOTHER, SON, SONS_WIFE, GIRL, BOY, DAUGHTER, BROTHER, LODGER, N };

static void every_one_as_seen_from_the_client(void **state)
{
	static const struct {
		uint32_t from, to;
		const char *word;
		int sure;
	} cases[] = {
	    {HEAD, WIFE, "妻", 1},
	    {HEAD, HER_MOTHER, "妻の母", 1},
	    {HEAD, SONS_WIFE, "子の妻", 1},
	    {HEAD, GIRL, "孫", 1},
	    {HEAD, BROTHER, "弟", 1},
	    {WIFE, HEAD, "夫", 1},
	    {WIFE, HER_MOTHER, "母", 1},
	    {WIFE, SON, "子", 0},
	    {WIFE, SONS_WIFE, "子の妻", 0},
	    {WIFE, BROTHER, "夫の弟", 1},
	    {HER_MOTHER, WIFE, "子", 1},
	    {HER_MOTHER, HEAD, "子の夫", 1},
	    {HER_MOTHER, SON, "孫", 0},
	    {SON, HEAD, "父", 1},
	    {SON, WIFE, "母", 0},
	    {SON, HER_MOTHER, "祖母", 0},
	    {SON, SONS_WIFE, "妻", 0},
	    {SON, GIRL, "", 0},
	    {SON, DAUGHTER, "妹", 1},
	    {SON, BROTHER, "おじ", 1},
	    {SONS_WIFE, SON, "夫", 0},
	    {SONS_WIFE, HEAD, "夫の父", 1},
	    {SONS_WIFE, WIFE, "夫の母", 0},
	    {SONS_WIFE, GIRL, "", 0},
	    {SONS_WIFE, DAUGHTER, "夫の妹", 0},
	    {GIRL, HEAD, "祖父", 1},
	    {GIRL, BOY, "", 0},
	    {DAUGHTER, SON, "兄", 1},
	    {BROTHER, HEAD, "兄", 1},
	    {BROTHER, SON, "甥", 1},
	    {HEAD, LODGER, "同居人", 1},
	    {LODGER, HEAD, "", 0},
	    {HEAD, HEAD, "", 0},
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_kin k =
		    hub_kin_between(a, three_generations, N, cases[i].from, cases[i].to);
		const struct hub_str got = hub_arena_printf(a, "%u-%u %.*s %d", cases[i].from,
							    cases[i].to, HUB_FMT(k.word), k.sure);
		const struct hub_str want = hub_arena_printf(
		    a, "%u-%u %s %d", cases[i].from, cases[i].to, cases[i].word, cases[i].sure);
		assert_string_equal(got.ptr, want.ptr);
	}
}

/* With one child only, the way goes through it. */
static void a_chain_through_the_only_one(void **state)
{
	static const struct hub_kin_member m[] = {
	    MEMBER("世帯主", "2", "1950-01-01"), MEMBER("長女", "2", "1978-01-01"),
	    MEMBER("子の子", "1", "2010-01-01"), MEMBER("子（子の夫）", "1", "1975-01-01"),
	    MEMBER("いとこ", "1", ""),
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	assert_string_equal(hub_kin_between(a, m, 3, 2, 0).word.ptr, "祖母");
	assert_string_equal(hub_kin_between(a, m, 3, 2, 1).word.ptr, "母");
	/* two who could be the parent: not said */
	assert_int_equal(hub_kin_between(a, m, 5, 2, 1).word.len, 0);
	assert_string_equal(hub_kin_between(a, m, 5, 3, 0).word.ptr, "母");
	assert_int_equal(hub_kin_between(a, m, 5, 0, 4).word.len, 0);
}

/* What a chain says is what it says: 妻の子 is not written of the head's own child. */
static void chains_that_say_what_is_not_usual(void **state)
{
	static const struct hub_kin_member m[] = {
	    MEMBER("世帯主", "1", "1970-01-01"),
	    MEMBER("未届の妻", "2", "1972-01-01"),
	    MEMBER("妻（未届）の子", "2", "2000-01-01"),
	    MEMBER("子", "1", "2005-01-01"),
	    MEMBER("父", "1", "1940-01-01"),
	    MEMBER("父の妻", "2", "1950-01-01"),
	    MEMBER("弟の妻", "2", "1980-01-01"),
	    MEMBER("弟の子", "1", "2010-01-01"),
	    MEMBER("妻の弟", "1", "1975-01-01"),
	    MEMBER("縁故者", "2", "1960-01-01"),
	    MEMBER("子の子の子の子", "2", ""),
	    MEMBER("子の", "2", ""),
	    MEMBER("友人の山田", "2", ""),
	};
	static const struct {
		uint32_t from, to;
		const char *word;
		int sure;
	} cases[] = {
	    {0, 1, "妻", 1},     {0, 2, "妻の子", 1},
	    {2, 0, "母の夫", 1}, {2, 1, "母", 1},
	    {2, 3, "弟", 0},     {3, 2, "姉", 0},
	    {0, 5, "父の妻", 1}, {5, 0, "夫の子", 1},
	    {4, 5, "妻", 1},     {3, 5, "父の父の妻", 1},
	    {0, 7, "甥", 1},     {6, 7, "", 0}, /* her own, or of another brother */
	    {1, 8, "弟", 1},     {8, 1, "姉", 1},
	    {3, 8, "おじ", 0},   {0, 9, "縁故者", 1},
	    {9, 0, "", 0},       {3, 9, "", 0},
	    {0, 10, "玄孫", 1},  {10, 0, "親の親の親の父", 1},
	    {0, 11, "", 0},      {0, 12, "", 0},
	};
	HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);

	(void)state;
	for (size_t i = 0; i < HUB_COUNT(cases); i++) {
		const struct hub_kin k =
		    hub_kin_between(a, m, HUB_COUNT(m), cases[i].from, cases[i].to);
		const struct hub_str got = hub_arena_printf(a, "%u-%u %.*s %d", cases[i].from,
							    cases[i].to, HUB_FMT(k.word), k.sure);
		const struct hub_str want = hub_arena_printf(
		    a, "%u-%u %s %d", cases[i].from, cases[i].to, cases[i].word, cases[i].sure);
		assert_string_equal(got.ptr, want.ptr);
	}
}

/* --- families of which the truth is known ------------------------------------------------------------- */

enum { PEOPLE = 24, FAMILIES = 400, MOST_WORDS = 4 };

/* Everybody has parents who are known or nobody; who once lived with whom stays out of it. */
struct one {
	int sex, born, father, mother, spouse, lives_here;
};

struct family {
	struct one of[PEOPLE];
	int n;
	unsigned seed;
};

static unsigned any(struct family *f, unsigned below)
{
	f->seed = f->seed * 1664525u + 1013904223u;
	return (f->seed >> 12) % below;
}

static int born(struct family *f, int sex, int year, int father, int mother)
{
	if (f->n == PEOPLE)
		return -1;
	f->of[f->n] = (struct one){sex, year, father, mother, -1, any(f, 3) > 0};
	return f->n++;
}

static void have_children(struct family *f, int who, unsigned most)
{
	const int other = f->of[who].spouse;

	for (unsigned k = any(f, most + 1); k > 0; k--) {
		/* one in five is of somebody who is not there any more */
		const int both = any(f, 5) > 0;
		const int father = f->of[who].sex == 1 ? who : both ? other : -1;
		const int mother = f->of[who].sex == 2 ? who : both ? other : -1;
		born(f, 1 + (int)any(f, 2), f->of[who].born + 20 + (int)any(f, 18), father, mother);
	}
}

static void marry(struct family *f, int who)
{
	const int other =
	    f->of[who].spouse >= 0 || any(f, 4) == 0
		? -1
		: born(f, 3 - f->of[who].sex, f->of[who].born + (int)any(f, 9) - 4, -1, -1);

	if (other < 0)
		return;
	f->of[who].spouse = other;
	f->of[other].spouse = who;
	if (any(f, 4) == 0) /* her mother */
		f->of[other].mother = born(f, 2, f->of[other].born - 25, -1, -1);
	if (any(f, 4) == 0) /* a child of hers */
		have_children(f, other, 1);
}

static void make_family(struct family *f, unsigned seed)
{
	*f = (struct family){.seed = seed * 2654435761u + 1};
	born(f, 1 + (int)any(f, 2), 1930, -1, -1);
	for (int i = 0; i < f->n && f->n < PEOPLE - 4; i++) {
		if (f->of[i].born > 1995)
			continue;
		marry(f, i);
		have_children(f, i, 2);
	}
}

static int parent_of(const struct family *f, int p, int child)
{
	return p >= 0 && (f->of[child].father == p || f->of[child].mother == p);
}

static int siblings(const struct family *f, int a, int b)
{
	return a != b && (parent_of(f, f->of[a].father, b) || parent_of(f, f->of[a].mother, b));
}

/* Whether b is a's parent, child, spouse or sibling; the rule that chains are written and read by. */
static int leads(const struct family *f, char kind, int a, int b)
{
	switch (kind) {
	case 'P':
		return parent_of(f, b, a);
	case 'C':
		return parent_of(f, a, b);
	case 'S':
		return f->of[a].spouse == b;
	default:
		return siblings(f, a, b);
	}
}

static int older(const struct family *f, int a, int b)
{
	return f->of[a].born < f->of[b].born || (f->of[a].born == f->of[b].born && a < b);
}

static const char *base_word(const struct family *f, char kind, int from, int to)
{
	const int s = f->of[to].sex, elder = older(f, to, from);

	switch (kind) {
	case 'P':
		return s == 1 ? "父" : "母";
	case 'C':
		return "子";
	case 'S':
		return s == 1 ? "夫" : "妻";
	default:
		return elder ? (s == 1 ? "兄" : "姉") : s == 1 ? "弟" : "妹";
	}
}

/* The shortest chain of the registry's words from the head; of four at most. Empty: 同居人. */
static struct hub_str written(struct hub_arena *a, const struct family *f, int head, int who)
{
	struct hub_str word[PEOPLE] = {{NULL, 0}}, before[PEOPLE];

	word[head] = HUB_STR("世帯主");
	for (int len = 1; len <= MOST_WORDS && !word[who].ptr; len++) {
		memcpy(before, word, sizeof word);
		for (int i = 0; i < f->n; i++)
			for (int k = 0; k < 4 * f->n && before[i].ptr; k++) {
				const int to = k % f->n;
				const char kind = "SCPB"[k / f->n];
				if (word[to].ptr || !leads(f, kind, i, to))
					continue;
				word[to] = i == head
					       ? hub_str_of(base_word(f, kind, i, to))
					       : hub_arena_printf(a, "%.*sの%s", HUB_FMT(before[i]),
								  base_word(f, kind, i, to));
			}
	}
	return word[who].ptr ? word[who] : HUB_STR("同居人");
}

/* Words of the answer, as kinds; sex of whom it leads to and age beside. */
static const struct {
	const char *word, *kinds;
	int sex, age;
} spoken[] = {
    {"配偶者", "S", 0, 0},      {"夫", "S", 1, 0},       {"妻", "S", 2, 0},
    {"子", "C", 0, 0},          {"親", "P", 0, 0},       {"父", "P", 1, 0},
    {"母", "P", 2, 0},          {"兄弟姉妹", "B", 0, 0}, {"兄", "B", 1, 1},
    {"姉", "B", 2, 1},          {"弟", "B", 1, -1},      {"妹", "B", 2, -1},
    {"孫", "CC", 0, 0},         {"ひ孫", "CCC", 0, 0},   {"玄孫", "CCCC", 0, 0},
    {"祖父母", "PP", 0, 0},     {"祖父", "PP", 1, 0},    {"祖母", "PP", 2, 0},
    {"曽祖父母", "PPP", 0, 0},  {"曽祖父", "PPP", 1, 0}, {"曽祖母", "PPP", 2, 0},
    {"おじ・おば", "PB", 0, 0}, {"おじ", "PB", 1, 0},    {"おば", "PB", 2, 0},
    {"甥・姪", "BC", 0, 0},     {"甥", "BC", 1, 0},      {"姪", "BC", 2, 0},
    {"いとこ", "PBC", 0, 0},
};

/* Whom of the family the word may mean, as seen from each of those in `set`. */
static uint32_t follow(const struct family *f, uint32_t set, size_t word)
{
	for (const char *k = spoken[word].kinds; *k; k++) {
		uint32_t next = 0;
		for (int i = 0; i < f->n; i++)
			for (int j = 0; j < f->n; j++)
				if (set >> i & 1 && leads(f, *k, i, j) &&
				    (k[1] || !spoken[word].sex ||
				     spoken[word].sex == f->of[j].sex) &&
				    (k[1] || !spoken[word].age ||
				     older(f, j, i) == (spoken[word].age > 0)))
					next |= 1u << j;
		set = next;
	}
	return set;
}

static int is_true(const struct family *f, int from, int to, struct hub_str said)
{
	uint32_t set = 1u << from;

	for (size_t at = 0; at < said.len;) {
		size_t end = hub_str_find(said, HUB_STR("の"), at), i = 0;
		if (end == (size_t)-1)
			end = said.len;
		while (i < HUB_COUNT(spoken) &&
		       !hub_str_is(hub_str_cut(said, at, end), spoken[i].word))
			i++;
		assert_true(i < HUB_COUNT(spoken));
		set = follow(f, set, i);
		at = end + strlen("の");
	}
	return set >> to & 1;
}

/* Whoever is the head and whoever lives elsewhere: what is said to be certain is true, the head is told to
 * everybody who is kin, and what is usual is so mostly. */
static void what_is_certain_is_true(void **state)
{
	unsigned certain = 0, usual = 0, usual_true = 0, silent = 0;

	(void)state;
	for (unsigned seed = 1; seed <= FAMILIES; seed++) {
		HUB_AUTO(arena) struct hub_arena *a = hub_arena_new(0);
		struct hub_kin_member m[PEOPLE];
		int who[PEOPLE];
		uint32_t n = 0;
		struct family f;
		make_family(&f, seed);
		const int head = (int)any(&f, (unsigned)f.n);
		f.of[head].lives_here = 1;
		for (int i = 0; i < f.n; i++) {
			if (!f.of[i].lives_here)
				continue;
			who[n] = i;
			m[n].relation = written(a, &f, head, i);
			m[n].sex = f.of[i].sex == 1 ? HUB_STR("1") : HUB_STR("2");
			m[n++].birth_date =
			    hub_arena_printf(a, "%04d-05-%02d", f.of[i].born, i + 1);
		}
		for (uint32_t k = 0; k < n * n; k++) {
			const uint32_t from = k / n, to = k % n;
			const struct hub_kin kin = hub_kin_between(a, m, n, from, to);
			const int lodger = hub_str_is(m[from].relation, "同居人") ||
					   hub_str_is(m[to].relation, "同居人");
			if (from == to || lodger)
				continue;
			const int right = kin.word.len && is_true(&f, who[from], who[to], kin.word);
			if (kin.sure && !right)
				fail_msg("family %u, head %d: %.*s to %.*s is no %.*s", seed, head,
					 HUB_FMT(m[from].relation), HUB_FMT(m[to].relation),
					 HUB_FMT(kin.word));
			if (who[from] == head || who[to] == head)
				assert_true(kin.word.len && kin.sure);
			certain += kin.sure != 0;
			usual += kin.word.len && !kin.sure;
			usual_true += right && !kin.sure;
			silent += kin.word.len == 0;
		}
	}
	assert_true(certain > 10000 && usual > 1000);
	if (usual_true * 100 < usual * 85 || silent * 3 > certain + usual)
		fail_msg("%u certain, %u usual of which %u are so, %u not said", certain, usual,
			 usual_true, silent);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_one_as_seen_from_the_client),
	    cmocka_unit_test(a_chain_through_the_only_one),
	    cmocka_unit_test(chains_that_say_what_is_not_usual),
	    cmocka_unit_test(what_is_certain_is_true),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
