#include "about.h"
#include "tag_in.h"

#include "dict.h"

#include <string.h>

/* Part of the threshold that is enough where an end of facilities' names follows, and no part of the name was found. */
static const float FACILITY_HINT = 0.2f;

/* The same of の between two parts of a name. */
static const float NAME_OF = 0.1f;

enum {
	HEAD_OF = 0x9577,    /* 長 */
	GENERATION = 0x4e16, /* 世 */
	REST_LONGEST = 8,
	NAME_SHORT = 4,
	GIVEN_LONGEST = 3
};

/* ---- names ---- */

/* Where the word in katakana or in Latin letters that begins at a character ends; from: none begins there. */
static uint32_t word_end(const struct tag *t, uint32_t from)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t to = from;

	while (to < t->seq.n &&
	       (are_of_word(type[from], type[to]) ||
		(t->seq.cp[SEQ_PAD + to] == '&' && to > from && type[to + 1] == SEQ_UPPER)))
		to++;
	return to;
}

/* The one type that is found in [from, to), all of it or a part, an organisation if nothing else; 0: nothing, or several. */
static uint32_t found_in(const struct tag *t, uint32_t from, uint32_t to)
{
	uint32_t what = 0;

	for (uint32_t i = from; i < to; i++) {
		if (!t->type[i] || (what && t->type[i] == HUB_SPAN_ORG))
			continue;
		if (what && what != t->type[i] && what != HUB_SPAN_ORG)
			return 0;
		what = t->type[i];
	}
	return what;
}

/* A word of which the model has found a part is masked whole: the rest would tell it. What ends as a facility is one:
 * D&M of D&Mショールーム. */
static void find_rest(struct tag *t)
{
	for (uint32_t from = 0, to; from<t->seq.n; from = to> from ? to : from + 1) {
		to = word_end(t, from);
		uint32_t what = to - from <= REST_LONGEST ? found_in(t, from, to) : 0;
		if (!what && to > from && t->type[to - 1] == HUB_SPAN_FACILITY)
			what = HUB_SPAN_FACILITY;
		if (what && what != HUB_SPAN_ORG)
			tag_widen(t, from, to, what);
	}
}

/* Are names of people parted by this mark on both sides of [from, to), or two in front of it? 田中・林・佐藤 */
static int is_in_list(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD, mark = c[(int)from - 1];
	uint32_t at = from - 1;

	if (c[to] == mark && to + 1 < t->seq.n && t->type[to + 1] == HUB_SPAN_PERSON)
		return 1;
	while (at > 0 && t->type[at - 1] == HUB_SPAN_PERSON)
		at--;
	return at > 1 && c[at - 1] == mark && t->type[at - 2] == HUB_SPAN_PERSON;
}

static void find_listed(struct tag *t)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	const uint32_t *c = t->seq.cp + SEQ_PAD;

	for (uint32_t from = 2, to; from < t->seq.n; from++) {
		if ((c[from - 1] != TAG_DOT && c[from - 1] != '-') ||
		    t->type[from - 2] != HUB_SPAN_PERSON || type[from] >= SEQ_MARK)
			continue;
		for (to = from + 1; type[to] == type[from] || are_of_word(type[from], type[to]);)
			to++;
		to -= tag_tail_of(t, from, to);
		if (to - from <= REST_LONGEST && !found_in(t, from, to) &&
		    known_whole(&t->seq, from) != KNOWN_WORD && is_in_list(t, from, to) &&
		    !lexicon_is_role(t->lexicon, &t->seq, from, to))
			tag_paint(t, from, to, HUB_SPAN_PERSON);
	}
}

static int is_list_mark(uint32_t c)
{
	return c == 0x3001 || c == TAG_DOT;
}

/* The item of a list with commas that begins at from: its end. */
static uint32_t item_end(const struct tag *t, uint32_t from)
{
	uint32_t to = from;

	while (to < t->seq.n && t->seq.type[to + SEQ_PAD] < SEQ_MARK)
		to++;
	return to;
}

/* A surname of our list that is all of [from, to), in words of its own. */
static int is_surname(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq *s = &t->seq;

	return to > from && (s->surname[from] & ~NAME_AMBIGUOUS) == NAME_BEGIN + (int)(to - from) &&
	       s->word[s->word_of[from]].from == from;
}

/* A given name in kana that is all of [from, to), and no adverb or the like. */
static int is_kana_given(const struct tag *t, uint32_t from, uint32_t to)
{
	const struct seq *s = &t->seq;
	const struct seq_word *w = &s->word[s->word_of[from]];
	const uint32_t tag = w->tag % TAG_UNKNOWN;

	return s->kana[from] & KANA_GIVEN && (s->kana[from] & KANA_INSIDE) == to - from &&
	       w->from == from &&
	       (w->to < to || (tag >= DICT_NOUN_VERBAL && tag <= DICT_COUNTRY) || tag == DICT_NOUN);
}

/* Is [from, to), an item of a list, a name for what stands beside it: a surname or a kana name by itself, or a
 * surname behind an office when others are written so? 担任吾妻、養護四方 */
static uint32_t name_in_item(const struct tag *t, uint32_t from, uint32_t to, int with_office)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t at = to;

	if (to == from || t->type[to - 1])
		return to;
	if (type[from] == SEQ_HIRA)
		return is_kana_given(t, from, to) ? from : to;
	while (at > from && type[at - 1] == SEQ_KANJI)
		at--;
	if (at == from && is_surname(t, from, to))
		return from;
	for (at = to - 1; with_office && at > from + 1 && to - at <= 3; at--)
		if (type[at] == SEQ_KANJI && is_surname(t, at, to))
			return at;
	return to;
}

/* の3人, の二人, の三兄弟, の双子 behind the last of a list */
static int counts_people(const uint32_t *c)
{
	static const char16_t numbers[] = u"23456789二三四五";
	const int number = tag_is_one_of(numbers, c[1]);
	const uint32_t *of = c + 1 + number;

	if (c[0] != TAG_OF)
		return 0;
	return number && (of[0] == 0x4eba || of[0] == 0x540d) /* 人 名 */
		   ? 1
		   : (tag_is_one_of(u"兄姉", of[0]) && tag_is_one_of(u"弟妹", of[1])) ||
			 (of[0] == 0x53cc && of[1] == 0x5b50 /* 双子 */);
}

/* ひまり、めい、あおいの3人; 旭、東、南の三兄弟: people, when one of them was found. */
static void find_counted(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t of = 1, from, to; of + 2 < t->seq.n; of++) {
		uint32_t person = 0;
		if (!counts_people(c + of))
			continue;
		for (from = of;
		     from > 0 && (type[from - 1] < SEQ_MARK || is_list_mark(c[from - 1])) &&
		     !(type[from - 1] == SEQ_DIGIT);
		     from--)
			person |= t->type[from - 1] == HUB_SPAN_PERSON;
		for (; person && from < of; from = to + 1) {
			for (to = from; to < of && !is_list_mark(c[to]);)
				to++;
			const uint32_t least = type[from] == SEQ_KANJI ? 1 : 2;
			if (to - from >= least && to - from <= NAME_SHORT &&
			    !found_in(t, from, to) && known_whole(&t->seq, from) != KNOWN_WORD &&
			    !lexicon_is_role(t->lexicon, &t->seq, from, to))
				tag_paint(t, from, to, HUB_SPAN_PERSON);
		}
	}
}

/* まこと。: a given name in kana that is a sentence of its own, or a line. */
static void find_alone(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t from = 0, to; from < t->seq.n; from++) {
		if (type[from] != SEQ_HIRA || (from > 0 && c[from - 1] != 0x3002))
			continue;
		for (to = from; type[to] == SEQ_HIRA;)
			to++;
		if ((to == t->seq.n || c[to] == 0x3002) && !t->type[from] &&
		    is_kana_given(t, from, to))
			tag_paint(t, from, to, HUB_SPAN_PERSON);
	}
}

/* 孫 美玲: a surname by itself in front of a space and a name, though it may be another word. */
static void find_before_gap(struct tag *t)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t gap = 1, from; gap + 1 < t->seq.n; gap++) {
		if (type[gap] != SEQ_SPACE || t->type[gap + 1] != HUB_SPAN_PERSON ||
		    t->type[gap - 1] || type[gap - 1] != SEQ_KANJI || type[gap + 1] != SEQ_KANJI)
			continue;
		for (from = gap; from > 0 && type[from - 1] == SEQ_KANJI;)
			from--;
		if (is_surname(t, from, gap) && (from == 0 || type[from - 1] >= SEQ_MARK))
			tag_widen(t, from, gap + 2, HUB_SPAN_PERSON);
	}
}

/* Where the given name behind a surname and a space ends: one run of kanji, or of kana that are read as a name or were
 * found; at: it is none. */
static uint32_t given_end(const struct tag *t, uint32_t at)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;
	uint32_t to = at;

	while (t->type[to] == HUB_SPAN_PERSON && type[to] < SEQ_MARK && (to == at || !t->head[to]))
		to++;
	if (to > at)
		return to;
	if (type[at] == SEQ_HIRA)
		return t->seq.kana[at] & KANA_GIVEN ? at + (t->seq.kana[at] & KANA_INSIDE) : at;
	while (type[to] == type[at] && (type[at] == SEQ_KANJI || type[at] == SEQ_KATA))
		to++;
	const uint32_t lists = known_whole(&t->seq, at);
	const int given =
	    type[at] == SEQ_KATA ? lists != KNOWN_WORD : lists & KNOWN_GIVEN || to == at + 1;
	return given && to - at <= GIVEN_LONGEST && !lexicon_is_role(t->lexicon, &t->seq, at, to)
		   ? to
		   : at;
}

/* 八尋 光, 末永 ひかり: a surname and a given name with a space between are one name; a second surname is another one's. */
static void find_over_gap(struct tag *t)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t gap = 1, from, to; gap + 1 < t->seq.n; gap++) {
		if (type[gap] != SEQ_SPACE || t->type[gap - 1] != HUB_SPAN_PERSON || t->type[gap] ||
		    seq_is_latin(type[gap - 1]))
			continue;
		for (from = gap;
		     from > 0 && t->type[from - 1] == HUB_SPAN_PERSON && !t->head[from];)
			from--;
		to = given_end(t, gap + 1);
		const int sure = t->type[gap + 1] == HUB_SPAN_PERSON ||
				 (type[from] == SEQ_KANJI && is_surname(t, from, gap));
		if (sure && to > gap + 1 && !(is_surname(t, gap + 1, to) && to > gap + 2))
			tag_widen(t, gap - 1, to, HUB_SPAN_PERSON);
	}
}

/* Initials with their points, and one in front of a name: K.T., K.田中 */
static void find_initials(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t i = 0; i + 2 < t->seq.n; i++) {
		if (type[i] != SEQ_UPPER || c[i + 1] != '.' || seq_is_latin(type[(int)i - 1]) ||
		    c[(int)i - 1] == '.')
			continue;
		if (type[i + 2] == SEQ_UPPER && !seq_is_latin(type[i + 3]) &&
		    !(c[i + 3] == '.' && seq_is_latin(type[i + 4])))
			tag_paint(t, i, i + 3 + (c[i + 3] == '.'), HUB_SPAN_PERSON);
		else if (type[i + 2] == SEQ_KANJI && t->type[i + 2] == HUB_SPAN_PERSON)
			tag_widen(t, i, i + 3, HUB_SPAN_PERSON);
	}
}

/* Kana of the length of a name, and nothing else, between two names of a list: さくら、そら、ひかり */
static int is_between_names(const struct tag *t, uint32_t from, uint32_t to)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	const struct seq_word *w = &t->seq.word[t->seq.word_of[from]];

	if (t->seq.cp[to + SEQ_PAD] != 0x3001 || to + 1 >= t->seq.n ||
	    t->type[to + 1] != HUB_SPAN_PERSON || to - from < 2 || to - from > NAME_SHORT ||
	    (w->to == to && w->tag < DICT_NOUN_VERBAL && !t->seq.kana[from])) /* えっと */
		return 0;
	while (from < to && (type[from] == SEQ_HIRA || type[from] == SEQ_KATA))
		from++;
	return from == to;
}

/* Names in a list with commas, beside one that was found. */
static void find_in_commas(struct tag *t)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD;
	uint32_t last = 0, from = 0; /* the item before, and this one */

	for (uint32_t to; from < t->seq.n; last = from, from = to + 1) {
		to = item_end(t, from);
		if (from == to || from < 2 || c[from - 1] != 0x3001)
			continue;
		const int person = t->type[from - 2] == HUB_SPAN_PERSON;
		const int office = person && !t->type[last] && last + 2 < from;
		uint32_t at = person ? name_in_item(t, from, to, office) : to;
		if (person && is_between_names(t, from, to))
			at = from;
		if (at < to)
			tag_paint(t, at, to, HUB_SPAN_PERSON);
	}
	for (from = t->seq.n; from > 1; from--) { /* and in front of one */
		if (c[from - 1] != 0x3001 || t->type[from] != HUB_SPAN_PERSON)
			continue;
		uint32_t begin = from - 1;
		while (begin > 0 && t->seq.type[begin - 1 + SEQ_PAD] < SEQ_MARK)
			begin--;
		if (name_in_item(t, begin, from - 1, 0) == begin)
			tag_paint(t, begin, from - 1, HUB_SPAN_PERSON);
	}
}

/* The second of that name: フィリップ2世. */
static void find_generation(struct tag *t)
{
	const uint8_t *type = t->seq.type + SEQ_PAD;

	for (uint32_t from = 1, to; from < t->seq.n; from++) {
		for (to = from; type[to] == SEQ_DIGIT; to++)
			;
		if (to > from && t->seq.cp[to + SEQ_PAD] == GENERATION &&
		    t->type[from - 1] == HUB_SPAN_PERSON)
			tag_widen(t, from - 1, to + 1, HUB_SPAN_PERSON);
	}
}

/* How many spaces and marks part a word from the one behind it: Tanaka Ken, T. Ken, ヴァン・チュン; 0: they are not of
 * one name. */
static uint32_t gap_at(const struct seq *s, uint32_t i)
{
	const uint32_t *c = s->cp + SEQ_PAD + i;
	const uint32_t mark = c[0] == '.' || c[0] == '-' || c[0] == TAG_DOT;

	if (s->type[SEQ_PAD + i - 1] == SEQ_KATA)
		return (uint32_t)facility_joins(s, i);
	if (s->type[SEQ_PAD + i] == SEQ_SPACE || (mark && c[1] != ' '))
		return 1;
	return mark && c[0] == '.' ? 2 : 0;
}

/* A word of a name in katakana or Latin letters. */
struct part {
	uint16_t from, to;
};

static int is_loud(const struct seq *s, const struct part *w)
{
	for (uint32_t i = w->from; i < w->to; i++)
		if (s->type[i + SEQ_PAD] != SEQ_UPPER)
			return 0;
	return 1;
}

/* Has the name another part on its other side? Then a word that any dictionary has is the rest of it, too:
 * ジョルジュ・ド・ボールガール. */
static int is_of_parts(const struct tag *t, const struct part *name, const struct part *w)
{
	const int32_t far = name->from < w->from ? (int32_t)name->from - 1 : (int32_t)name->to;

	return far > 0 && (uint32_t)far + 1 < t->seq.n && facility_joins(&t->seq, (uint32_t)far) &&
	       t->type[far - 1] == HUB_SPAN_PERSON && t->type[far + 1] == HUB_SPAN_PERSON;
}

/* Can it be the rest of a name? Not in small letters, nor a title, nor what looks like an abbreviation beside the name
 * (Maria ADL); in katakana what is no word by itself (ショパン・コンクール). */
static int may_be_rest(const struct tag *t, const struct part *name, const struct part *w)
{
	const struct seq *s = &t->seq;
	if (about(t, w->from) == ABOUT_WORK) /* サワダ シズエ ドクキョ */
		return 0;
	const int short_and_loud = w->to - w->from > 1 && w->to - w->from < 4 && is_loud(s, w);

	if (s->type[w->from + SEQ_PAD] == SEQ_KATA)
		return known_whole(s, w->from) != KNOWN_WORD || is_of_parts(t, name, w);
	return s->type[w->from + SEQ_PAD] == SEQ_UPPER && !(short_and_loud && !is_loud(s, name)) &&
	       !lexicon_called(t->lexicon, s, w->from);
}

/* A word beside one that names a person is the rest of the name: SOO YUNG, and of T. Ken what parts it from another. */
static void join_word(struct tag *t, const struct part *name, const struct part *w)
{
	const struct part *first = name->from < w->from ? name : w;
	const uint32_t found = found_in(t, w->from, w->to);
	const uint32_t gap = first->to + SEQ_PAD;
	const int parted = t->seq.cp[gap] == '.' || t->seq.type[gap] == SEQ_SPACE;

	if (t->type[name->from] == HUB_SPAN_FACILITY && !found &&
	    !seq_is_latin(t->seq.type[name->from + SEQ_PAD]) &&
	    facility_joins(&t->seq, first->to) && known_whole(&t->seq, w->from) != KNOWN_WORD)
		tag_widen(t, first->from, name->to > w->to ? name->to : w->to, HUB_SPAN_FACILITY);
	if (t->type[name->from] != HUB_SPAN_PERSON)
		return;
	if (found
		? parted && found == HUB_SPAN_PERSON
		: may_be_rest(t, name, w) && !lexicon_is_role(t->lexicon, &t->seq, w->from, w->to))
		tag_widen(t, first->from, name->to > w->to ? name->to : w->to, HUB_SPAN_PERSON);
}

/* Two kinds of letters are of one name where a mark parts them: J.スミス */
static int are_beside(const struct seq *s, const struct part *w, const struct part *next)
{
	const uint32_t gap = gap_at(s, w->to);
	const int alike = are_of_word(s->type[w->from + SEQ_PAD], s->type[next->from + SEQ_PAD]);

	return gap && w->to + gap == next->from && (alike || s->type[w->to + SEQ_PAD] != SEQ_SPACE);
}

/* What the model takes for something else inside of a name: DELA of MARIA CRISTINA DELA CRUZ. */
static int is_inside(const struct tag *t, const struct part *w)
{
	const uint32_t far = (uint32_t)w->to + 1;

	return w->from > 1 && far < t->seq.n && t->seq.type[w->from + SEQ_PAD] == SEQ_UPPER &&
	       t->seq.type[w->to + SEQ_PAD] == SEQ_SPACE &&
	       t->seq.type[w->from - 1 + SEQ_PAD] == SEQ_SPACE &&
	       t->type[w->from - 2] == HUB_SPAN_PERSON && t->type[far] == HUB_SPAN_PERSON;
}

static void find_parts(struct tag *t)
{
	struct part word[SEQ_MAX];
	uint32_t n = 0;

	for (uint32_t from = 0, to; from<t->seq.n; from = to> from ? to : from + 1) {
		to = word_end(t, from);
		if (to > from)
			word[n++] = (struct part){(uint16_t)from, (uint16_t)to};
	}
	for (uint32_t k = 1; k < n; k++)
		if (are_beside(&t->seq, &word[k - 1], &word[k]))
			join_word(t, &word[k - 1], &word[k]);
	for (uint32_t k = n; k-- > 1;)
		if (are_beside(&t->seq, &word[k - 1], &word[k]))
			join_word(t, &word[k], &word[k - 1]);
	for (uint32_t k = 1; k + 1 < n; k++)
		if (is_inside(t, &word[k]) && are_beside(&t->seq, &word[k - 1], &word[k]) &&
		    are_beside(&t->seq, &word[k], &word[k + 1]))
			tag_widen(t, word[k - 1].from, word[k + 1].to, HUB_SPAN_PERSON);
}

/* ---- facilities ---- */

/* A name of which the model has found a part, or one it has not quite believed in; from there to its end. 0: neither. */
static int is_believed(const struct tag *t, struct facility_name *name)
{
	const uint32_t body = name->to - name->end;

	for (uint32_t i = name->from; i < body; i++)
		if (1.0f - t->crf.marginal[i].o >= t->least) {
			name->from = i;
			return 1;
		}
	return facility_strip(&t->facility, &t->seq, name) &&
	       tag_most_of(t, name->from, name->to - name->end) >= t->least * FACILITY_HINT;
}

/* Is all of it masked, and more than an organisation? */
static int is_masked(const struct tag *t, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		if (!t->type[i] || t->type[i] == HUB_SPAN_ORG)
			return 0;
	return 1;
}

/* A person in front of a title, not a facility: 田中センター長. */
static int has_head(const struct tag *t, const struct facility_name *name)
{
	return name->to < t->seq.n && t->seq.cp[name->to + SEQ_PAD] == HEAD_OF &&
	       t->type[name->from] == HUB_SPAN_PERSON;
}

/* 、 or や between the names of a list. */
static int parts_list(uint32_t c)
{
	return c == 0x3001 || c == 0x3084 || c == TAG_DOT || c == 0x3068 /* と */;
}

/* Is it a name behind or in front of another one of its kind in a list? 南北線や三田線, 西病院、東病院 */
static int is_of_list(const struct tag *t, struct facility_name *name)
{
	const uint32_t *c = t->seq.cp + SEQ_PAD, n = name->end;
	const uint32_t far = name->to + 1;
	uint32_t to = far;

	if (!facility_strip(&t->facility, &t->seq, name))
		return 0;
	if (name->from > n && parts_list(c[name->from - 1]) &&
	    is_masked(t, name->from - 2, name->from - 1) &&
	    facility_end(&t->facility, &t->seq, name->from - 1) == n &&
	    memcmp(c + name->from - 1 - n, c + name->to - n, n * sizeof *c) == 0)
		return 1;
	while (to < t->seq.n && is_masked(t, to, to + 1) && (to == far || !t->head[to]))
		to++;
	return parts_list(c[name->to]) && to > far + n &&
	       facility_end(&t->facility, &t->seq, to) == n &&
	       memcmp(c + to - n, c + name->to - n, n * sizeof *c) == 0;
}

static void find_facilities(struct tag *t)
{
	struct facility_name name;
	uint32_t done = t->seq.n;

	for (uint32_t k = t->seq.words; k-- > 0;) {
		if (t->seq.word[k].to > done ||
		    !facility_find(&t->facility, &t->seq, k, t->type, &name) ||
		    !(is_believed(t, &name) || is_of_list(t, &name)) ||
		    is_masked(t, name.from, name.to) || has_head(t, &name))
			continue;
		done = name.from;
		while (name.from > 0 && !t->head[name.from] && t->type[name.from] &&
		       t->type[name.from - 1] == t->type[name.from] &&
		       t->type[name.from] != HUB_SPAN_ORG)
			name.from--;
		tag_paint(t, name.from, name.to, HUB_SPAN_FACILITY);
	}
}

/* の between two parts that were found, when the model does not rule out that it is of a name: 聖母の園. */
static void find_of(struct tag *t)
{
	for (uint32_t i = 1; i + 1 < t->seq.n; i++)
		if (t->seq.cp[i + SEQ_PAD] == TAG_OF && !t->type[i] && is_masked(t, i - 1, i) &&
		    is_masked(t, i + 1, i + 2) && 1.0f - t->crf.marginal[i].o >= t->least * NAME_OF)
			tag_widen(t, i, i + 1, t->type[i + 1]);
}

void tag_find_whole(struct tag *t)
{
	find_rest(t);
	find_parts(t);
	find_listed(t);
	find_before_gap(t);
	find_over_gap(t);
	find_initials(t);
	find_alone(t);
	find_in_commas(t);
	find_counted(t);
	find_generation(t);
	find_facilities(t);
	find_rest(t);
	find_of(t);
}
