#include "feature.h"

#include "hash.h"
#include "known.h"

/* Cells of a word k characters on: its only, first, inner and last character. */
#define IN_WORD(k) CELLS_WORD *(k), CELLS_WORD *(k) + 1, CELLS_WORD *(k) + 2, CELLS_WORD *(k) + 3

const int8_t feature_cell[SIGN_KINDS][SLOTS_MOST] = {
    [SIGN_CHAR] = {3, 2, 1, 0, -1, -2, -3},
    [SIGN_CHAR2] = {2, 1, 0, -1},
    [SIGN_CHAR3] = {3, 2, 1, 0, -1},
    [SIGN_RUN] = {0, 1, 2, 3, 4, 5, 6, 7},
    [SIGN_RUN_BEFORE] = {8, 9},
    [SIGN_RUN_BEHIND] = {10, 11},
    [SIGN_RUN_TYPES] = {0, 1, 2, 3, 4, 5, 6, 7},
    [SIGN_RUN_BETWEEN] = {12},
    [SIGN_WORD] = {IN_WORD(0), IN_WORD(1), IN_WORD(-1), CELLS_WORD * 2 + 4, CELLS_WORD * -2 + 4},
    [SIGN_WORD2] = {IN_WORD(0), IN_WORD(1)},
    [SIGN_TAG_LEN] = {IN_WORD(0)},
    [SIGN_TAG2] = {IN_WORD(0), IN_WORD(1)},
    [SIGN_TAG3] = {IN_WORD(0), IN_WORD(-1), IN_WORD(1)},
    [SIGN_TAG_WORD] = {IN_WORD(0)},
    [SIGN_WORD_TAG] = {IN_WORD(0)},
    [SIGN_TAG2_WORD] = {IN_WORD(0)},
    /* all others: the character itself */
};

const uint8_t feature_slots[SIGN_KINDS] = {
    [SIGN_CHAR] = 7,        [SIGN_CHAR2] = 4,        [SIGN_CHAR3] = 5,
    [SIGN_AROUND] = 1,      [SIGN_TYPE3] = 1,        [SIGN_TYPE5] = 1,
    [SIGN_RUN] = 8,         [SIGN_RUN_BEFORE] = 2,   [SIGN_RUN_BEHIND] = 2,
    [SIGN_RUN_TYPES] = 8,   [SIGN_RUN_BETWEEN] = 1,  [SIGN_WORD] = 14,
    [SIGN_WORD2] = 8,       [SIGN_TAG_LEN] = 4,      [SIGN_TAG2] = 8,
    [SIGN_TAG3] = 12,       [SIGN_TAG_WORD] = 4,     [SIGN_WORD_TAG] = 4,
    [SIGN_TAG2_WORD] = 4,   [SIGN_SURNAME] = 1,      [SIGN_KANA] = 1,
    [SIGN_NAME_BEHIND] = 1, [SIGN_NAME_BEFORE] = 1,  [SIGN_BEHIND] = 1,
    [SIGN_BEFORE] = 1,      [SIGN_BEHIND_TAG] = 1,   [SIGN_BEFORE_TAG] = 1,
    [SIGN_BOTH] = 1,        [SIGN_ENTRY_ALONE] = 1,  [SIGN_ENTRY] = 1,
    [SIGN_ENTRY_NEXT] = 1,  [SIGN_ENTRY_BEHIND] = 1, [SIGN_ENTRY_BEFORE] = 1,
    [SIGN_BROKEN] = 1,      [SIGN_KNOWN] = 1,        [SIGN_KNOWN_LAST] = 1,
    [SIGN_KNOWN_NEXT] = 1,  [SIGN_KNOWN_ENTRY] = 1,  [SIGN_KNOWN_TAG] = 1,
    [SIGN_NAME] = 1,        [SIGN_NAME_LAST] = 1,    [SIGN_NAME_NEXT] = 1,
    [SIGN_NAME_TAG] = 1,    [SIGN_NAME_KNOWN] = 1,   [SIGN_PLACE] = 1,
    [SIGN_PLACE_LAST] = 1,  [SIGN_PLACE_NEXT] = 1,   [SIGN_PLACE_TAG] = 1,
    [SIGN_PLACE_NAME] = 1,  [SIGN_CUT] = 1,          [SIGN_CUT_NAME] = 1,
    [SIGN_GIVEN] = 1,
};

static inline void put(struct signs *l, enum sign_kind kind, uint32_t cell, uint32_t hash)
{
	l->sign[l->n++] = (struct sign){hash_end(hash), (uint16_t)cell, (uint8_t)kind};
}

static inline void put1(struct signs *l, enum sign_kind kind, uint32_t cell, uint32_t a)
{
	put(l, kind, cell, hash_mix((kind + 1u) * 0x51ed2701u, a));
}

static inline void put2(struct signs *l, enum sign_kind kind, uint32_t cell, uint32_t a, uint32_t b)
{
	put(l, kind, cell, hash_mix(hash_mix((kind + 1u) * 0x51ed2701u, a), b));
}

static inline void put3(struct signs *l, enum sign_kind kind, uint32_t cell, uint32_t a, uint32_t b,
			uint32_t c)
{
	put(l, kind, cell, hash_mix(hash_mix(hash_mix((kind + 1u) * 0x51ed2701u, a), b), c));
}

static void put_chars(struct signs *l, const struct seq *s)
{
	const uint32_t *c = s->cp + SEQ_PAD - 1;
	const uint8_t *t = s->type + SEQ_PAD;
	const uint32_t first = CELL_CHAR - 1, n = s->n + 2;

	/* one in front of the stretch and one behind it are signs, too: here it begins, here it ends */
	for (uint32_t i = 0; i < n; i++)
		put1(l, SIGN_CHAR, first + i, c[i]);
	for (uint32_t i = 0; i + 1 < n; i++)
		put2(l, SIGN_CHAR2, first + i, c[i], c[i + 1]);
	for (uint32_t i = 0; i + 2 < n; i++)
		put3(l, SIGN_CHAR3, first + i, c[i], c[i + 1], c[i + 2]);
	for (uint32_t i = 0; i < s->n; i++) {
		const uint32_t around = t[(int)i - 1] * 256u + t[i] * 16u + t[i + 1];
		put2(l, SIGN_AROUND, CELL_CHAR + i, c[i], c[i + 2]);
		put1(l, SIGN_TYPE3, CELL_CHAR + i, around);
		put2(l, SIGN_TYPE5, CELL_CHAR + i, around, t[(int)i - 2] * 16u + t[i + 2]);
	}
}

/* Runs of characters of one type. */
static void put_runs(struct signs *l, const struct seq *s)
{
	const uint8_t *t = s->type + SEQ_PAD;
	const uint32_t *c = s->cp + SEQ_PAD;

	for (uint32_t from = 0, to; from < s->n; from = to) {
		const uint32_t cell = CELL_RUN + l->runs++ * CELLS_RUN;
		for (to = from; to < s->n && t[to] == t[from]; to++) {
			const uint32_t in = to - from;
			l->cell[to][3] = (uint16_t)(cell + (in > 7 ? 7 : in));
			l->cell[to][4] = (uint16_t)(cell + 8 + (in == 0));
			l->cell[to][5] = (uint16_t)(cell + 10);
			l->cell[to][6] = (uint16_t)(cell + 12);
		}
		l->cell[to - 1][5]++;
		const uint32_t len = to - from, shape = t[from] * 32u + (len > 15 ? 15 : len);
		const uint32_t before = c[(int)from - 1], behind = c[to];
		put1(l, SIGN_RUN, cell, shape);
		put2(l, SIGN_RUN_BEFORE, cell, shape, before);
		put2(l, SIGN_RUN_BEHIND, cell, shape, behind);
		put2(l, SIGN_RUN_TYPES, cell, shape, t[(int)from - 1] * 16u + t[to]);
		put3(l, SIGN_RUN_BETWEEN, cell, t[from], before, behind);
	}
}

/* Where a character stands in its word. */
static inline uint32_t place_in(const struct seq_word *w, uint32_t i)
{
	return w->to - w->from == 1 ? 0 : i == w->from ? 1 : i + 1u == w->to ? 3 : 2;
}

static void put_words(struct signs *l, const struct seq *s)
{
	static const struct seq_word edge = {.tag = 255, .hash = 7};

	for (uint32_t k = 0; k < s->words; k++) {
		const struct seq_word *w = &s->word[k], *p = k ? w - 1 : &edge,
				      *n = k + 1 < s->words ? w + 1 : &edge,
				      *nn = k + 2 < s->words ? w + 2 : &edge;
		const uint32_t cell = CELL_WORD + k * CELLS_WORD;
		for (uint32_t i = w->from; i < w->to; i++) {
			l->cell[i][1] = (uint16_t)(cell + place_in(w, i));
			l->cell[i][2] = (uint16_t)(cell + 4);
		}
		put1(l, SIGN_WORD, cell, w->hash);
		put2(l, SIGN_WORD2, cell, w->hash, n->hash);
		put2(l, SIGN_TAG_LEN, cell, w->tag, (uint32_t)(w->to - w->from));
		put2(l, SIGN_TAG2, cell, w->tag, n->tag);
		put2(l, SIGN_TAG3, cell, p->tag * 256u + w->tag, n->tag);
		put2(l, SIGN_TAG_WORD, cell, w->tag, n->hash);
		put2(l, SIGN_WORD_TAG, cell, p->hash, w->tag);
		put2(l, SIGN_TAG2_WORD, cell, w->tag * 256u + n->tag, nn->hash);
	}
}

/* What stands in front of a character that names follow, or behind it. */
static void put_near(struct signs *l, const struct seq *s, uint32_t i)
{
	const uint8_t *t = s->type + SEQ_PAD;
	const struct seq_word *w = &s->word[s->word_of[i]];
	const uint32_t tag = w->tag * 4u + place_in(w, i), at = CELL_CHAR + i;
	const uint32_t name = s->surname[i] | s->kana[i] * 256u, behind = s->behind[i],
		       before = s->before[i];

	if (behind) {
		put2(l, SIGN_NAME_BEHIND, at, name, behind);
		put2(l, SIGN_BEHIND, at, behind, t[i]);
		put2(l, SIGN_BEHIND_TAG, at, behind, tag);
		put2(l, SIGN_ENTRY_BEHIND, at, behind, s->entry[i]);
	}
	if (before) {
		put2(l, SIGN_NAME_BEFORE, at, name, before);
		put2(l, SIGN_BEFORE, at, before, t[i]);
		put2(l, SIGN_BEFORE_TAG, at, before, tag);
		put2(l, SIGN_ENTRY_BEFORE, at, before, s->entry[i]);
	}
	if (behind && before)
		put2(l, SIGN_BOTH, at, before * 256u + behind, t[i]);
}

/* Words and names of the large dictionaries. */
static void put_known(struct signs *l, const struct seq *s, uint32_t i)
{
	const uint8_t *t = s->type + SEQ_PAD;
	const struct seq_word *w = &s->word[s->word_of[i]];
	const uint32_t at = CELL_CHAR + i, known = s->known[i], last = i ? s->known[i - 1] : 0,
		       next = i + 1 < s->n ? s->known[i + 1] : 0;

	if (known | last)
		put2(l, SIGN_KNOWN_LAST, at, known << KNOWN_WIDTH | last,
		     t[i] * 16u + t[(int)i - 1]);
	if (known | next)
		put2(l, SIGN_KNOWN_NEXT, at, known << KNOWN_WIDTH | next, t[i] * 16u + t[i + 1]);
	if (!known)
		return;
	put2(l, SIGN_KNOWN, at, known, t[i]);
	put2(l, SIGN_KNOWN_ENTRY, at, known, s->entry[i]);
	put2(l, SIGN_KNOWN_TAG, at, known, w->tag * 4u + place_in(w, i));
}

/* Other readings of the dictionary: how near it came to a person's name, to a place, to cutting here. */
static void put_readings(struct signs *l, const struct seq *s, uint32_t i)
{
	const uint8_t *t = s->type + SEQ_PAD;
	const struct seq_word *w = &s->word[s->word_of[i]];
	const uint32_t tag = w->tag * 4u + place_in(w, i), at = CELL_CHAR + i;
	const int last = i > 0, next = i + 1 < s->n;
	const uint32_t name = s->name[i], name_last = last ? s->name[i - 1] : 0,
		       name_next = next ? s->name[i + 1] : 0;
	const uint32_t place = s->place[i], place_last = last ? s->place[i - 1] : 0,
		       place_next = next ? s->place[i + 1] : 0;
	const uint32_t cut = s->cut[i] * 16u + (next ? s->cut[i + 1] : 0),
		       given = s->given[i] * 16u + (next ? s->given[i + 1] : 0);

	put2(l, SIGN_CUT, at, cut, t[i] * 16u + t[i + 1]);
	if (name | name_last)
		put2(l, SIGN_NAME_LAST, at, name * 256u + name_last, t[i]);
	if (name | name_next)
		put2(l, SIGN_NAME_NEXT, at, name * 256u + name_next, t[i]);
	if (name) {
		put2(l, SIGN_NAME, at, name, t[i]);
		put2(l, SIGN_NAME_TAG, at, name, tag);
		put2(l, SIGN_NAME_KNOWN, at, name, s->known[i]);
		put2(l, SIGN_CUT_NAME, at, cut, name);
		put2(l, SIGN_GIVEN, at, given, name);
	}
	if (place | place_last)
		put2(l, SIGN_PLACE_LAST, at, place * 256u + place_last, t[i]);
	if (place | place_next)
		put2(l, SIGN_PLACE_NEXT, at, place * 256u + place_next, t[i]);
	if (place) {
		put2(l, SIGN_PLACE, at, place, t[i]);
		put2(l, SIGN_PLACE_TAG, at, place, tag);
	}
	if (place | name)
		put2(l, SIGN_PLACE_NAME, at, place, name);
}

static void put_lists(struct signs *l, const struct seq *s)
{
	const uint8_t *t = s->type + SEQ_PAD;

	for (uint32_t i = 0; i < s->n; i++) {
		const uint32_t at = CELL_CHAR + i, last = i ? i - 1 : i, next = i + 1 < s->n;
		const uint32_t entry2 = i ? s->entry[last] : 0u,
			       entry3 = next ? s->entry[i + 1] : 0u;
		const uint32_t surname2 = i ? s->surname[last] : 0u, kana2 = i ? s->kana[last] : 0u;
		if (s->surname[i] | surname2)
			put2(l, SIGN_SURNAME, at, s->surname[i] * 256u + surname2, t[i + 1]);
		if (s->kana[i] | kana2)
			put2(l, SIGN_KANA, at, s->kana[i] * 256u + kana2, t[i + 1]);
		if (s->entry[i]) {
			put2(l, SIGN_ENTRY_ALONE, at, s->entry[i], t[i]);
		}
		if (s->entry[i] | entry2)
			put2(l, SIGN_ENTRY, at, s->entry[i] * 256u + entry2, t[i]);
		if (s->entry[i] | entry3)
			put2(l, SIGN_ENTRY_NEXT, at, s->entry[i] * 256u + entry3, t[i + 1]);
		if (s->behind[i] | s->before[i])
			put_near(l, s, i);
		put_known(l, s, i);
		put_readings(l, s, i);
		if (s->broken[i] || (next && s->broken[i + 1]))
			put2(l, SIGN_BROKEN, at, s->broken[i] * 2u + (next && s->broken[i + 1]),
			     t[i]);
	}
}

void feature_signs(const struct seq *s, struct signs *out)
{
	out->n = out->runs = 0;
	for (uint32_t i = 0; i < s->n; i++)
		out->cell[i][0] = (uint16_t)(CELL_CHAR + i);
	put_chars(out, s);
	put_runs(out, s);
	put_words(out, s);
	put_lists(out, s);
}
