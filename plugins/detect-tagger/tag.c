/* From the probabilities of characters to names. */
#include "tag_in.h"

#include "about.h"
#include "dict.h"
#include "head.h"
#include "said.h"
#include "where.h"

#include <math.h>
#include <string.h>

/* Part of the threshold that is enough for what may be a facility: their names are of words that stand in every text,
 * and few are sure. */
static const float FACILITY_DOUBT = 0.45f;

/* The same of a run of kanji or katakana that is a word and no name: it says what there is, and not which (学習塾). */
static const float WORD_FACILITY = 3.0f;

/* More than this is a name, whatever it is made of. */
static const float CERTAIN = 0.97f;

/* A new name begins at this character, whatever its type. */
static int begins(const struct crf_row *m)
{
	return crf_sum4(m->begin) > (1.0f - m->o) * 0.5f;
}

/* A whole run of hiragana that is one particle, の aside: what is said between two names. */
static int is_between(const struct tag *t, uint32_t i)
{
	const struct seq_word *w = &t->seq.word[t->seq.word_of[i]];
	const uint8_t *type = t->seq.type + SEQ_PAD;

	return type[i] == SEQ_HIRA && w->tag >= DICT_PARTICLE_FIRST &&
	       w->tag <= DICT_PARTICLE_LAST && w->tag != DICT_PARTICLE_OF &&
	       type[w->from - 1] != SEQ_HIRA && type[w->to] != SEQ_HIRA;
}

float tag_most_of(const struct tag *t, uint32_t from, uint32_t to)
{
	float most = 0;

	for (uint32_t i = from; i < to; i++)
		most = fmaxf(most, 1.0f - t->crf.marginal[i].o);
	return most;
}

int tag_likes_facility(const struct tag *t, uint32_t from, uint32_t to)
{
	float sum = 0;

	for (uint32_t i = from; i < to; i++) {
		const struct crf_row *m = &t->crf.marginal[i];
		sum +=
		    m->begin[FACILITY] + m->inside[FACILITY] - m->begin[PERSON] - m->inside[PERSON];
	}
	return sum > 0;
}

void tag_paint(struct tag *t, uint32_t from, uint32_t to, uint32_t type)
{
	memset(t->type + from, (int)type, to - from);
	memset(t->head + from, 0, to - from);
	t->head[from] = 1;
	if (to < t->seq.n)
		t->head[to] = 1;
}

void tag_widen(struct tag *t, uint32_t from, uint32_t to, uint32_t type)
{
	for (uint32_t i = from; i < to; i++) {
		t->head[i] = i == from ? t->head[i] || !i || t->type[i - 1] != type : 0;
		t->type[i] = (uint8_t)type;
	}
}

/* Two or three capitals and nothing else: GH, SC. */
static int is_abbreviated(const struct tag *t, uint32_t i)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t to = i;

	while (i > 0 && type[i - 1] == SEQ_UPPER)
		i--;
	while (type[to] == SEQ_UPPER)
		to++;
	return to - i < TAG_LATIN_LEAST && !seq_is_latin(type[to]) &&
	       !seq_is_latin(type[(int)i - 1]);
}

/* Is a facility at least so likely that what ends like one is taken for it? */
static int is_maybe_facility(const struct tag *t, uint32_t i)
{
	const struct crf_row *m = &t->crf.marginal[i];
	const int word =
	    t->seq.type[i + SEQ_PAD] != SEQ_HIRA && known_whole(&t->seq, i) == KNOWN_WORD;

	return m->begin[FACILITY] + m->inside[FACILITY] >=
	       t->least * (word ? WORD_FACILITY : FACILITY_DOUBT);
}

/* Is a character masked? */
static int is_named(const struct tag *t, uint32_t i)
{
	const struct crf_row *m = &t->crf.marginal[i];

	if (is_between(t, i))
		return m->o < 0.5f;
	/* a facility whose name is of English words or an abbreviation is told by more than the doubt */
	return tag_is_likely(t, i) || (!(seq_is_latin(t->seq.type[i + SEQ_PAD]) &&
					 (known_whole(&t->seq, i) || is_abbreviated(t, i))) &&
				       is_maybe_facility(t, i) && about(t, i) != ABOUT_WORK);
}

/* を, の or へ behind the name of a facility in kana: none ends so. */
static uint32_t particle_behind(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t c = t->seq.cp[SEQ_PAD + to - 1];

	return to - from > 2 && (c == 0x3092 || c == TAG_OF || c == 0x3078) &&
	       (to == t->seq.n || !is_named(t, to));
}

/* Where a word of relation or of the work in katakana stands between spaces of [from, to), or at its begin in front of one:
 * ホンニン ハシモト キミエ チョウジョ サトミ. to: nowhere; else its begin, and *end where it ends. */
static uint32_t find_kin(const struct tag *t, uint32_t from, uint32_t to, uint32_t *end)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = from; i < to; i = *end + 1) {
		for (*end = i; *end < to && type[*end] != SEQ_SPACE;)
			++*end;
		if ((i > from || *end < to) && (lexicon_is_kin(t->lexicon, &t->seq, i, *end) ||
						(type[i] == SEQ_KATA && about(t, i) == ABOUT_WORK)))
			return i;
	}
	return to;
}

/* Found, but made of what no name is made of, or too little believed for where it stands. */
static int is_nobody(const struct tag *t, uint32_t from, uint32_t to)
{
	const float most = tag_most_of(t, from, to);

	return about_unnamed(&t->seq, from, to, most >= CERTAIN) || most < where_least(t, from, to);
}

static void find_names(struct tag *t)
{
	memset(t->type, 0, t->seq.n);
	memset(t->head, 0, t->seq.n);
	for (uint32_t i = 0; i < t->seq.n; i++) {
		if (!is_named(t, i) || t->seq.type[i + SEQ_PAD] == SEQ_SPACE)
			continue;
		uint32_t to = i + 1;
		while (to < t->seq.n && is_named(t, to) && !begins(&t->crf.marginal[to]))
			to++;
		uint32_t next = to, end, from = i;
		const uint32_t kin = find_kin(t, i, to, &end);
		if (kin < to) {
			to = kin;
			next = end;
		}
		while (to > i + 1 && t->seq.type[to - 1 + SEQ_PAD] == SEQ_SPACE)
			to--;
		if (lexicon_title(t->lexicon, &t->seq, i, to, &end) && end > next)
			next = end; /* the rest of a title is nobody, either */
		if (from < to)
			tag_pare(t, &from, &to);
		uint32_t type = from < to ? tag_type_of(t, from, to) : 0;
		if (type == HUB_SPAN_PERSON)
			from += head_of(t, from, to);
		if (type == HUB_SPAN_PERSON && is_nobody(t, from, to))
			type = 0;
		if (type == HUB_SPAN_FACILITY)
			to -= particle_behind(t, from, to);
		if (type)
			tag_paint(t, from, to, type);
		i = (next > i ? next : i + 1) - 1;
	}
}

/* ---- reporting ---- */

static int report(struct tag *t, int (*found)(void *, const struct tag_span *), void *self)
{
	int rc = 0;

	for (uint32_t from = 0, to; from < t->seq.n && !rc; from = to) {
		float sum = 0;
		for (to = from;
		     to < t->seq.n && t->type[to] == t->type[from] && (to == from || !t->head[to]);
		     to++)
			sum += 1.0f - t->crf.marginal[to].o;
		if (!t->type[from])
			continue;
		sum = fmaxf(sum / (float)(to - from), t->least);
		rc = found(self, &(struct tag_span){.from = t->seq.off[from],
						    .to = t->seq.end[to - 1],
						    .type = t->type[from],
						    .confidence = (uint32_t)(sum * 1000.0f)});
	}
	return rc;
}

int tag_text(struct tag *t, struct hub_str norm, int (*found)(void *, const struct tag_span *),
	     void *self)
{
	size_t at = 0;
	int rc = 0;

	while (!rc && seq_next(&t->seq, norm, &at)) {
		words_mark(t->words, &t->seq, 0);
		lexicon_mark(t->lexicon, &t->seq);
		known_mark(&t->model.known, &t->seq, 0);
		tag_score(t);
		about_mark(t, t->least * TAG_LEAST_OF_ALL);
		find_names(t);
		tag_find_whole(t);
		said_find(t);
		rc = report(t, found, self);
	}
	return rc;
}
