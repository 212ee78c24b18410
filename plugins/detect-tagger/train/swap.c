#include "train.h"

#include "../dict.h"
#include "text/fold.h"

enum { NOUNS_MOST = 64, NOUN_PERCENT = 40 };

static int is_kanji_name(struct hub_str s, size_t *chars)
{
	*chars = 0;
	for (size_t at = 0; at < s.len; ++*chars) {
		const int32_t c = hub_utf8_next(s, &at);
		if (c < 0x4e00 || c > 0x9fff)
			return 0;
	}
	return *chars >= 2 && *chars <= 5;
}

/* Another name of the same kind; .ptr NULL when it is of none that we make. */
static struct hub_str other_name(const struct swap *w, struct hub_str name)
{
	const struct hub_str foreign = foreign_name(w->foreign, w->rng, w->scratch, name);
	struct person p;
	size_t chars;

	if (foreign.ptr || !is_kanji_name(name, &chars))
		return foreign;
	names_person(w->names, w->rng, w->scratch, &p);
	if (chars == 2)
		return rng_chance(w->rng, 70) ? p.surname : p.given;
	return hub_arena_printf(w->scratch, "%.*s%.*s", HUB_FMT(p.surname), HUB_FMT(p.given));
}

int swap_names(const struct swap *w, const struct sample *s, struct sample *out)
{
	const struct hub_str text = hub_buf_text(&s->text);
	size_t done = 0;
	int swapped = 0;

	sample_reset(out);
	for (uint32_t i = 0; i < s->marks; i++) {
		const struct mark *m = &s->mark[i];
		const struct hub_str name = hub_str_cut(text, m->from, m->to);
		const struct hub_str other =
		    m->may == MAY_PERSON ? other_name(w, name) : (struct hub_str){NULL, 0};
		sample_add(out, hub_str_cut(text, done, m->from), 0);
		sample_add(out, other.ptr ? other : name, m->may);
		swapped |= other.ptr != NULL;
		done = m->to;
	}
	sample_add(out, hub_str_from(text, done), 0);
	return swapped;
}

static int is_marked(const struct sample *s, uint32_t from, uint32_t to)
{
	for (uint32_t k = 0; k < s->marks; k++)
		if (s->mark[k].from < to && from < s->mark[k].to)
			return 1;
	return 0;
}

struct noun {
	uint32_t from, to; /* bytes of the text */
};

/* Ordinary nouns that are no part of a mark, in their order; -1 when out of memory. */
static int find_nouns(const struct swap *w, const struct sample *s, struct noun noun[NOUNS_MOST])
{
	const uint32_t *byte_of;
	size_t at = 0;
	int n = 0;
	const struct hub_str norm =
	    hub_fold_width(w->scratch, hub_buf_text(&s->text), HUB_FOLD_LF, &byte_of);

	if (!norm.ptr)
		return s->text.len ? -1 : 0;
	while (seq_next(w->seq, norm, &at)) {
		words_mark(w->words, w->seq, 0);
		for (uint32_t k = 0; k < w->seq->words && n < NOUNS_MOST; k++) {
			const struct seq_word *word = &w->seq->word[k];
			const uint32_t from = byte_of[w->seq->off[word->from]],
				       to = byte_of[w->seq->end[word->to - 1]];
			if ((word->tag == DICT_NOUN || word->tag == DICT_NOUN_VERBAL) &&
			    !is_marked(s, from, to))
				noun[n++] = (struct noun){from, to};
		}
	}
	return n;
}

/* A copy on its way: what was taken over so far. */
struct copy {
	const struct sample *from;
	struct sample *out;
	size_t done;
	uint32_t mark;
};

static void copy_to(struct copy *c, size_t to)
{
	const struct hub_str text = hub_buf_text(&c->from->text);

	for (; c->mark < c->from->marks && c->from->mark[c->mark].to <= to; c->mark++) {
		const struct mark *m = &c->from->mark[c->mark];
		sample_add(c->out, hub_str_cut(text, c->done, m->from), 0);
		sample_add(c->out, hub_str_cut(text, m->from, m->to), m->may);
		c->done = m->to;
	}
	sample_add(c->out, hub_str_cut(text, c->done, to), 0);
	c->done = to;
}

/* What stands where nouns stand is no name, however rare the word. */
int swap_nouns(const struct swap *w, const struct sample *s, struct sample *out)
{
	const struct hub_str text = hub_buf_text(&s->text);
	struct copy copy = {.from = s, .out = out};
	struct noun noun[NOUNS_MOST];
	const int n = find_nouns(w, s, noun);

	sample_reset(out);
	for (int i = 0; i < n; i++) {
		const struct hub_str own = hub_str_cut(text, noun[i].from, noun[i].to);
		const struct hub_str other =
		    rng_chance(w->rng, NOUN_PERCENT)
			? names_noun_of(w->names, w->rng, hub_utf8_count(own))
			: (struct hub_str){NULL, 0};
		if (!other.ptr)
			continue;
		copy_to(&copy, noun[i].from);
		sample_add(out, other, 0);
		copy.done = noun[i].to;
	}
	copy_to(&copy, text.len);
	return n < 0 ? -1 : n > 0;
}
