/* Which line of a table holds the names of its columns, under titles and above data. */
#include "intake/guess_in.h"

/* Digits with what belongs to numbers, dates and phone numbers: no header looks like that. */
static int is_data(struct hub_str s)
{
	size_t digits = 0, chars = 0;

	for (size_t at = 0; at < s.len;) {
		const int32_t cp = hub_utf8_next(s, &at);
		digits += (cp >= '0' && cp <= '9') || (cp >= 0xff10 && cp <= 0xff19);
		chars++;
	}
	return digits * 2 > chars;
}

struct header_score {
	uint32_t named, words, data, empty; /* cells: known by name, other text, numbers, nothing */
};

static struct header_score score_line(const struct hub_guess *g, const struct guess_line *l)
{
	struct header_score s = {0};
	struct guess_cand cand[1];

	for (uint32_t i = 0; i < l->n; i++) {
		if (l->cell[i].len == 0)
			s.empty++;
		else if (hub_schema_banned(g->schema, l->cell[i]) ||
			 (hub_guess_candidates(g->schema, l->cell[i], cand, 1) &&
			  cand[0].score >= 80))
			s.named++;
		else if (is_data(l->cell[i]))
			s.data++;
		else
			s.words++;
	}
	return s;
}

uint32_t hub_guess_named(const struct hub_guess *g, const struct guess_line *l)
{
	return score_line(g, l).named;
}

/* Known names decide; else a first full line of words only is taken for one. */
int hub_guess_header(const struct hub_guess *g, const struct guess_line *line, uint32_t n)
{
	int best = -1, first = -1;
	uint32_t named = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!line[i].fits)
			continue;
		const struct header_score s = score_line(g, &line[i]);
		if (first < 0)
			first = (int)i;
		if (s.named > named && s.data * 3 <= s.named + s.words) {
			named = s.named;
			best = (int)i;
		}
	}
	if (best >= 0 && (named >= 2 || line[best].n < 3 || best == first))
		return best;
	if (first < 0)
		return -1;
	const struct header_score s = score_line(g, &line[first]);
	return s.data == 0 && s.words > 0 && s.empty * 4 <= line[first].n ? first : -1;
}
