/* Invented people: surnames and given names from public lists (folder names of the shared data), and
 * surnames put together of parts of known ones, so that the model does not learn the lists by heart.
 * Ordinary words from the sources of IPADIC; facilities and addresses from the public lists of care
 * offices (folder social-resources). */
#include "train.h"

#include "text/encoding.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum {
	SURNAMES = 8192,
	GIVEN = 2048,
	SPELLINGS_MOST = 400,
	WORDS = 1 << 17,
	OFFICES = 1 << 15,
	NOUN_LONGEST = 8
};

/* Strings of one kind. */
struct list {
	struct hub_str *item;
	uint32_t n, most;
};

struct surname {
	struct hub_str kanji, kana, latin;
};

struct given {
	struct hub_str kana, latin, *spelling;
	uint32_t spellings;
};

struct names {
	struct surname surname[SURNAMES];
	struct given given[GIVEN];
	struct list noun, word, facility, address, foreign;
	struct list surname_of_one, given_of_one; /* of one kanji */
	struct list noun_of[NOUN_LONGEST + 1];    /* by their characters, from one on */
	uint32_t surnames, givens;
};

static int read_list(struct hub_arena *a, const char *folder, const char *file, struct hub_str *out,
		     struct hub_err *err)
{
	const struct hub_str path = hub_arena_printf(a, "%s/%s", folder, file);

	return path.ptr ? hub_file_read(a, path.ptr, 16 << 20, out, err) : hub_fail_mem(err);
}

/* kanji,number of bearers,reading,romaji */
static void add_surnames(struct names *n, struct hub_str list)
{
	struct hub_str line, cell[4];

	while (n->surnames < SURNAMES && hub_str_next(&list, '\n', &line)) {
		int k = 0;
		while (k < 4 && hub_str_next(&line, ',', &cell[k]))
			k++;
		if (k == 4 && cell[0].len && cell[2].len)
			n->surname[n->surnames++] =
			    (struct surname){cell[0], hub_str_trim(cell[2]), hub_str_trim(cell[3])};
	}
}

/* reading,romaji,spelling,spelling,... */
static int add_givens(struct names *n, struct hub_arena *a, struct hub_str list)
{
	struct hub_str line, cell;

	while (n->givens < GIVEN && hub_str_next(&list, '\n', &line)) {
		struct given *g = &n->given[n->givens];
		line = hub_str_trim(line);
		if (!hub_str_next(&line, ',', &g->kana) || !hub_str_next(&line, ',', &g->latin))
			continue;
		g->spelling = hub_alloc_array(a, SPELLINGS_MOST, sizeof *g->spelling);
		if (!g->spelling)
			return -1;
		while (g->spellings < SPELLINGS_MOST && hub_str_next(&line, ',', &cell))
			if (cell.len)
				g->spelling[g->spellings++] = cell;
		n->givens += g->spellings > 0;
	}
	return 0;
}

static int add_item(struct list *l, struct hub_arena *a, struct hub_str item)
{
	if (!l->item && !(l->item = hub_alloc_array(a, l->most, sizeof *l->item)))
		return -1;
	if (l->n < l->most)
		l->item[l->n++] = item;
	return 0;
}

/* Words from the sources of IPADIC (package mecab-ipadic, EUC-JP): what stands where a name might stand. Those of two
 * characters and more in one list; by_length: all in lists of their own, too; NULL: not wanted. */
static int add_words(struct list *l, struct list *by_length, struct hub_arena *a, const char *file,
		     size_t longest, struct hub_err *err)
{
	struct hub_str bytes, line, word;
	size_t used;
	int rc = read_list(a, "/usr/share/mecab/dic/ipadic", file, &bytes, err);

	if (rc)
		return rc;
	struct hub_str list = hub_decode_arena(a, HUB_ENC_EUCJP, bytes, &used, NULL);
	if (!list.ptr)
		return hub_fail_mem(err);
	while (hub_str_next(&list, '\n', &line)) {
		if (!hub_str_next(&line, ',', &word))
			continue;
		const size_t chars = hub_utf8_count(word);
		if (chars > longest)
			continue;
		if ((chars >= 2 && add_item(l, a, word)) ||
		    (by_length && add_item(&by_length[chars], a, word)))
			return hub_fail_mem(err);
	}
	return HUB_OK;
}

/* Care offices, kaigo_jigyosho_*.csv.gz: the fifth column is the name, the eighth the address. */
static int add_offices(struct names *n, struct hub_arena *a, const char *path, struct hub_err *err)
{
	static char line[1 << 16]; /* one thread */
	gzFile f = gzopen(path, "rb");

	if (!f)
		return hub_fail(err, HUB_REJECT, "no-names", "cannot read %s", path);
	while (gzgets(f, line, sizeof line)) {
		struct hub_str rest = hub_str_of(line), cell[8];
		int k = 0, quoted = 0;
		while (k < 8 && hub_str_next(&rest, ',', &cell[k])) {
			quoted |= hub_str_find(cell[k], HUB_STR("\""), 0) != (size_t)-1;
			k++;
		}
		if (k < 8 || quoted || !cell[4].len || !cell[7].len)
			continue;
		const struct hub_str name = hub_arena_str(a, hub_str_trim(cell[4])),
				     address = hub_arena_str(a, hub_str_trim(cell[7]));
		if (!name.ptr || !address.ptr || add_item(&n->facility, a, name) ||
		    add_item(&n->address, a, address)) {
			gzclose(f);
			return hub_fail_mem(err);
		}
	}
	gzclose(f);
	return HUB_OK;
}

static int is_offices(const struct dirent *e)
{
	return strncmp(e->d_name, "kaigo_jigyosho_", 15) == 0;
}

static int add_all_offices(struct names *n, struct hub_arena *a, const char *data,
			   struct hub_err *err)
{
	const struct hub_str folder = hub_arena_printf(a, "%s/social-resources", data);
	struct dirent **file; /* memory of lib owns: scandir */
	int rc = HUB_OK;

	if (!folder.ptr)
		return hub_fail_mem(err);
	const int files = scandir(folder.ptr, &file, is_offices, alphasort);
	for (int i = 0; i < files; i++) {
		const struct hub_str path =
		    hub_arena_printf(a, "%s/%s", folder.ptr, file[i]->d_name);
		if (!rc)
			rc = path.ptr ? add_offices(n, a, path.ptr, err) : hub_fail_mem(err);
		free(file[i]); /* lib owns */
	}
	if (files >= 0)
		free(file); /* lib owns */
	return rc;
}

static struct hub_str one_of(const struct list *l, struct rng *r)
{
	return l->item[rng_below(r, l->n)];
}

struct hub_str names_noun(const struct names *n, struct rng *r)
{
	return one_of(&n->noun, r);
}

struct hub_str names_word(const struct names *n, struct rng *r)
{
	return one_of(&n->word, r);
}

struct hub_str names_facility(const struct names *n, struct rng *r)
{
	return one_of(&n->facility, r);
}

struct hub_str names_address(const struct names *n, struct rng *r)
{
	return one_of(&n->address, r);
}

/* Names in katakana, from the sources of IPADIC. */
static int add_foreign(struct names *n, struct hub_arena *a, struct hub_err *err)
{
	struct list all = {.most = WORDS};
	const int rc = add_words(&all, NULL, a, "Noun.name.csv", 10, err);

	for (uint32_t i = 0; i < all.n && !rc; i++) {
		size_t at = 0;
		int32_t c = 0x30a1;
		while (at < all.item[i].len && c >= 0x30a1 && c <= 0x30fc)
			c = hub_utf8_next(all.item[i], &at);
		if (c >= 0x30a1 && c <= 0x30fc && add_item(&n->foreign, a, all.item[i]))
			return hub_fail_mem(err);
	}
	return rc;
}

struct hub_str names_foreign(const struct names *n, struct rng *r)
{
	return one_of(&n->foreign, r);
}

static int add_of_one(struct names *n, struct hub_arena *a)
{
	for (uint32_t i = 0; i < n->surnames; i++)
		if (hub_utf8_count(n->surname[i].kanji) == 1 &&
		    add_item(&n->surname_of_one, a, n->surname[i].kanji))
			return -1;
	for (uint32_t i = 0; i < n->givens; i++)
		for (uint32_t k = 0; k < n->given[i].spellings; k++)
			if (hub_utf8_count(n->given[i].spelling[k]) == 1 &&
			    add_item(&n->given_of_one, a, n->given[i].spelling[k]))
				return -1;
	return n->surname_of_one.n && n->given_of_one.n ? 0 : -1;
}

struct hub_str names_surname_of_one(const struct names *n, struct rng *r)
{
	return one_of(&n->surname_of_one, r);
}

struct hub_str names_given_of_one(const struct names *n, struct rng *r)
{
	return one_of(&n->given_of_one, r);
}

static int add_people(struct names *n, struct hub_arena *a, const char *folder, struct hub_err *err)
{
	static const char *const given[] = {"first_name_man_opti.csv", "first_name_woman_opti.csv"};
	struct hub_str list;
	int rc = read_list(a, folder, "last_name_org.csv", &list, err);

	if (rc)
		return rc;
	add_surnames(n, list);
	for (int i = 0; i < 2; i++) {
		if ((rc = read_list(a, folder, given[i], &list, err)))
			return rc;
		if (add_givens(n, a, list))
			return hub_fail_mem(err);
	}
	return add_of_one(n, a) ? hub_fail_mem(err) : HUB_OK;
}

int names_open(struct hub_arena *a, const char *data, struct names **out, struct hub_err *err)
{
	static const struct {
		const char *file;
		int noun;
		size_t longest;
	} lists[] = {{"Noun.csv", 1, 8},          {"Noun.verbal.csv", 1, 5},
		     {"Noun.adverbal.csv", 0, 8}, {"Noun.adjv.csv", 0, 8},
		     {"Adverb.csv", 0, 8},        {"Adj.csv", 0, 8}};
	const struct hub_str folder = hub_arena_printf(a, "%s/names", data);
	struct names *n = hub_alloc0(a, sizeof *n);
	int rc;

	if (!n || !folder.ptr)
		return hub_fail_mem(err);
	n->noun.most = n->word.most = WORDS;
	for (uint32_t k = 0; k <= NOUN_LONGEST; k++)
		n->noun_of[k].most = WORDS;
	n->facility.most = n->address.most = n->foreign.most = OFFICES;
	n->surname_of_one.most = n->given_of_one.most = OFFICES;
	if ((rc = add_people(n, a, folder.ptr, err)) || (rc = add_all_offices(n, a, data, err)) ||
	    (rc = add_foreign(n, a, err)))
		return rc;
	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
		if ((rc = add_words(lists[i].noun ? &n->noun : &n->word,
				    lists[i].noun ? n->noun_of : NULL, a, lists[i].file,
				    lists[i].longest, err)))
			return rc;
	if (!n->surnames || !n->givens || !n->noun.n || !n->word.n || !n->facility.n ||
	    !n->foreign.n)
		return hub_fail(err, HUB_REJECT, "no-names", "no names in %s", data);
	*out = n;
	return HUB_OK;
}

struct hub_str names_noun_of(const struct names *n, struct rng *r, size_t chars)
{
	return chars > 0 && chars <= NOUN_LONGEST && n->noun_of[chars].n
		   ? one_of(&n->noun_of[chars], r)
		   : (struct hub_str){NULL, 0};
}

static struct hub_str first_char(struct hub_str s)
{
	size_t at = 0;

	hub_utf8_next(s, &at);
	return hub_str_cut(s, 0, at);
}

static struct hub_str last_char(struct hub_str s)
{
	size_t at = 0, from = 0;

	while (at < s.len) {
		from = at;
		hub_utf8_next(s, &at);
	}
	return hub_str_from(s, from);
}

/* Common names come often, rare ones are not forgotten. */
static uint32_t pick(struct rng *r, uint32_t n)
{
	return rng_chance(r, 50) ? rng_below(r, n < 400 ? n : 400) : rng_below(r, n);
}

void names_person(const struct names *n, struct rng *r, struct hub_arena *a, struct person *out)
{
	const struct surname *s = &n->surname[pick(r, n->surnames)];
	const struct given *g = &n->given[rng_below(r, n->givens)];

	*out = (struct person){.surname = s->kanji,
			       .given = g->spelling[rng_below(r, g->spellings)],
			       .surname_kana = s->kana,
			       .given_kana = g->kana,
			       .surname_latin = s->latin,
			       .given_latin = g->latin};
	if (rng_chance(r, 20)) {
		const struct surname *t = &n->surname[rng_below(r, n->surnames)];
		out->surname = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(first_char(s->kanji)),
						HUB_FMT(last_char(t->kanji)));
	}
}
