/* Invented people: surnames and given names from public lists (folder names of the shared data), and
 * surnames put together of parts of known ones, so that the model does not learn the lists by heart. */
#include "train.h"

#include "text/encoding.h"

#include <stdio.h>

enum { SURNAMES = 8192, GIVEN = 2048, SPELLINGS_MOST = 400, NOUNS = 1 << 17 };

struct surname {
	struct hub_str kanji, kana;
};

struct given {
	struct hub_str kana, *spelling;
	uint32_t spellings;
};

struct names {
	struct surname surname[SURNAMES];
	struct given given[GIVEN];
	struct hub_str noun[NOUNS];
	uint32_t surnames, givens, nouns;
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
	struct hub_str line, cell[3];

	while (n->surnames < SURNAMES && hub_str_next(&list, '\n', &line)) {
		int k = 0;
		while (k < 3 && hub_str_next(&line, ',', &cell[k]))
			k++;
		if (k == 3 && cell[0].len && cell[2].len)
			n->surname[n->surnames++] =
			    (struct surname){cell[0], hub_str_trim(cell[2])};
	}
}

/* reading,romaji,spelling,spelling,... */
static int add_givens(struct names *n, struct hub_arena *a, struct hub_str list)
{
	struct hub_str line, cell;

	while (n->givens < GIVEN && hub_str_next(&list, '\n', &line)) {
		struct given *g = &n->given[n->givens];
		line = hub_str_trim(line);
		if (!hub_str_next(&line, ',', &g->kana) || !hub_str_next(&line, ',', &cell))
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

/* Ordinary nouns of two to five characters, from the sources of IPADIC (package mecab-ipadic, EUC-JP):
 * what stands where a name might stand. */
static int add_nouns(struct names *n, struct hub_arena *a, const char *file, struct hub_err *err)
{
	struct hub_str bytes, line, word;
	size_t used;
	int rc = read_list(a, "/usr/share/mecab/dic/ipadic", file, &bytes, err);

	if (rc)
		return rc;
	struct hub_str list = hub_decode_arena(a, HUB_ENC_EUCJP, bytes, &used, NULL);
	if (!list.ptr)
		return hub_fail_mem(err);
	while (n->nouns < NOUNS && hub_str_next(&list, '\n', &line)) {
		if (!hub_str_next(&line, ',', &word))
			continue;
		const size_t chars = hub_utf8_count(word);
		if (chars >= 2 && chars <= 5)
			n->noun[n->nouns++] = word;
	}
	return HUB_OK;
}

struct hub_str names_noun(const struct names *n, struct rng *r)
{
	return n->noun[rng_below(r, n->nouns)];
}

int names_open(struct hub_arena *a, const char *folder, struct names **out, struct hub_err *err)
{
	struct names *n = hub_alloc0(a, sizeof *n);
	struct hub_str list;
	int rc;

	if (!n)
		return hub_fail_mem(err);
	if ((rc = read_list(a, folder, "last_name_org.csv", &list, err)))
		return rc;
	add_surnames(n, list);
	if ((rc = read_list(a, folder, "first_name_man_opti.csv", &list, err)))
		return rc;
	if (add_givens(n, a, list))
		return hub_fail_mem(err);
	if ((rc = read_list(a, folder, "first_name_woman_opti.csv", &list, err)))
		return rc;
	if (add_givens(n, a, list))
		return hub_fail_mem(err);
	if ((rc = add_nouns(n, a, "Noun.csv", err)) ||
	    (rc = add_nouns(n, a, "Noun.verbal.csv", err)))
		return rc;
	if (!n->surnames || !n->givens || !n->nouns)
		return hub_fail(err, HUB_REJECT, "no-names", "no names in %s", folder);
	*out = n;
	return HUB_OK;
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
			       .given_kana = g->kana};
	if (rng_chance(r, 20)) {
		const struct surname *t = &n->surname[rng_below(r, n->surnames)];
		out->surname = hub_arena_printf(a, "%.*s%.*s", HUB_FMT(first_char(s->kanji)),
						HUB_FMT(last_char(t->kanji)));
	}
}
