/* The table of known.h: ordinary words of EDICT and names of ENAMDICT (packages edict, enamdict; EUC-JP), and words of
 * the work. A line of both: SPELLING [READING] /(kind,kind) .../ */
#include "train.h"

#include "jname.h"
#include "text/encoding.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	ENTRIES_MOST = 1 << 22,
	/* lists of words in Latin letters: explains another, is how a name is spelled */
	EXPLAINS = 16,
	SPELLS = 32,
	EXPLAINS_LEAST = 2 /* times, to be kept */
};

struct entry_key {
	uint64_t hash;
	uint32_t lists;
};

struct dictionary {
	struct hub_arena *a;
	struct entry_key *key;
	uint32_t n;
};

static enum seq_type type_of(uint32_t c)
{
	if (c >= 0x3041 && c <= 0x309f)
		return SEQ_HIRA;
	if (c >= 0x30a1 && c <= 0x30ff && c != 0x30fb)
		return SEQ_KATA;
	return (c >= 0x4e00 && c <= 0x9fff) || c == 0x3005 ? SEQ_KANJI : SEQ_MARK;
}

/* A spelling in one kind of letters, of two characters and more; SEQ_MARK for others. */
static enum seq_type read_word(struct hub_str word, uint32_t *chars, uint64_t *hash)
{
	enum seq_type type = SEQ_MARK;
	uint64_t h = 0;
	size_t at = 0;

	for (*chars = 0; at < word.len; ++*chars) {
		const int32_t c = hub_utf8_next(word, &at);
		const enum seq_type one = c < 0 ? SEQ_MARK : type_of((uint32_t)c);
		/* ー goes with what it stands behind */
		if (one == SEQ_MARK || (*chars && one != type && c != 0x30fc))
			return SEQ_MARK;
		type = *chars ? type : one;
		h = known_add(h, jname_fold((uint32_t)c));
	}
	*hash = known_end(h);
	return *chars >= KNOWN_SHORTEST && *chars <= known_longest(type) ? type : SEQ_MARK;
}

static int add_key(struct dictionary *d, uint64_t hash, uint32_t lists)
{
	if (d->n == ENTRIES_MOST)
		return -1;
	d->key[d->n++] = (struct entry_key){hash, lists};
	return 0;
}

/* A line: SPELLING [READING] /(kind,kind) .../ */
struct line {
	struct hub_str word, kinds, meaning;
};

/* The words of what a word means; brackets aside. small: those in small letters only. */
static int add_latin(struct dictionary *d, struct hub_str meaning, int small, uint32_t list)
{
	uint32_t depth = 0, n = 0;
	uint64_t h = 0;
	int capital = 0;

	for (size_t i = 0; i <= meaning.len; i++) {
		const char c = i < meaning.len ? meaning.ptr[i] : ' ';
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
			capital |= c < 'a';
			h = known_add(h, (uint32_t)c | 32);
			n++;
			continue;
		}
		if (n >= KNOWN_LATIN && !depth && !(small && capital) &&
		    add_key(d, known_end(h), list))
			return -1;
		depth += c == '(';
		depth -= c == ')' && depth;
		h = n = 0;
		capital = c >= '0' && c <= '9';
	}
	return 0;
}

/* コーポレート・ガバナンス, ディートリッヒ・ボンヘッファー: each part is a word, or a name. */
static int add_parts(struct dictionary *d, struct hub_str word, uint32_t list, uint32_t least)
{
	const struct hub_str dot = HUB_STR("・");
	uint32_t chars;
	uint64_t hash;

	for (size_t from = 0, to; from < word.len; from = to + dot.len) {
		to = hub_str_find(word, dot, from);
		to = to < word.len ? to : word.len;
		if (from == 0 && to == word.len)
			return 0;
		if (read_word(hub_str_cut(word, from, to), &chars, &hash) == SEQ_KATA &&
		    chars >= least && add_key(d, hash, list))
			return -1;
	}
	return 0;
}

static int add_word(struct dictionary *d, const struct line *l)
{
	uint32_t chars;
	uint64_t hash;
	const enum seq_type type = read_word(l->word, &chars, &hash);

	if (add_latin(d, l->meaning, 1, EXPLAINS) || add_parts(d, l->word, KNOWN_WORD, KNOWN_PIECE))
		return -1;
	if (type == SEQ_MARK || (type == SEQ_KANJI && chars > 4))
		return 0;
	const int common = hub_str_find(l->meaning, HUB_STR("/(P)/"), 0) < l->meaning.len;
	return add_key(d, hash, KNOWN_WORD | (type == SEQ_KATA && common ? KNOWN_COMMON : 0u));
}

static int has_kind(struct hub_str kinds, const char *kind)
{
	struct hub_str one;

	while (hub_str_next(&kinds, ',', &one))
		if (hub_str_is(one, kind))
			return 1;
	return 0;
}

/* Kinds: s surname, f m g given name, u name of a person or a place, h whole name of a person, p place. */
static int add_name(struct dictionary *d, const struct line *l)
{
	const int surname = has_kind(l->kinds, "s"), unknown = has_kind(l->kinds, "u"),
		  given =
		      has_kind(l->kinds, "f") || has_kind(l->kinds, "m") || has_kind(l->kinds, "g");
	uint32_t chars, lists = 0;
	uint64_t hash;
	const enum seq_type type = read_word(l->word, &chars, &hash);

	if (type == SEQ_KANJI)
		lists = (surname && chars <= 3 ? KNOWN_NAME : 0u) |
			(given && chars <= 3 ? KNOWN_GIVEN : 0u) |
			(has_kind(l->kinds, "h") ? KNOWN_MORE : 0u);
	else if (type == SEQ_KATA)
		lists = (surname || given || unknown ? KNOWN_NAME : 0u) |
			(has_kind(l->kinds, "p") ? KNOWN_MORE : 0u);
	else if (type == SEQ_HIRA)
		lists = given ? KNOWN_NAME : 0;
	return lists ? add_key(d, hash, lists) : 0;
}

static int add_person(struct dictionary *d, const struct line *l)
{
	const int person = has_kind(l->kinds, "h") || has_kind(l->kinds, "s") ||
			   has_kind(l->kinds, "f") || has_kind(l->kinds, "m") ||
			   has_kind(l->kinds, "g") || has_kind(l->kinds, "u");

	if (has_kind(l->kinds, "h") && add_parts(d, l->word, KNOWN_NAME, KNOWN_SHORTEST))
		return -1;
	if (person && add_latin(d, l->meaning, 0, SPELLS))
		return -1;
	return add_name(d, l);
}

static int read_all(struct dictionary *d, const char *path,
		    int (*add)(struct dictionary *, const struct line *), struct hub_err *err)
{
	struct hub_str bytes, line;
	int rc = hub_file_read(d->a, path, 64 << 20, &bytes, err);

	while (!rc && hub_str_next(&bytes, '\n', &line)) {
		size_t used;
		const struct hub_str text =
		    hub_decode_arena(d->a, HUB_ENC_EUCJP, line, &used, NULL);
		const size_t space = hub_str_find(text, HUB_STR(" "), 0),
			     open = hub_str_find(text, HUB_STR("/("), 0),
			     close = hub_str_find(text, HUB_STR(")"), 0);
		if (used < line.len || space >= text.len || open >= close)
			continue; /* a character that UTF-8 has only as two; a line of the head */
		const struct line l = {hub_str_cut(text, 0, space),
				       hub_str_cut(text, open + 2, close),
				       hub_str_from(text, close + 1)};
		if (add(d, &l))
			rc = hub_fail_mem(err);
	}
	return rc;
}

static int by_hash(const void *x, const void *y)
{
	const struct entry_key *a = x, *b = y;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	return (a->lists > b->lists) - (a->lists < b->lists);
}

/* Of words in Latin letters, those that explain more than one, and which of them spell a name; equal keys become one. */
static void settle(struct dictionary *d)
{
	uint32_t kept = 0;

	for (uint32_t i = 0, to; i < d->n; i = to) {
		uint32_t lists = 0, explains = 0;
		for (to = i; to < d->n && d->key[to].hash == d->key[i].hash; to++) {
			lists |= d->key[to].lists;
			explains += d->key[to].lists == EXPLAINS;
		}
		if (explains >= EXPLAINS_LEAST)
			lists |= KNOWN_WORD | (lists & SPELLS ? KNOWN_NAME : 0u);
		lists &= KNOWN_INSIDE - 1;
		if (lists)
			d->key[kept++] = (struct entry_key){d->key[i].hash, lists};
	}
	d->n = kept;
}

static void fill(const struct dictionary *d, uint16_t *slot, uint32_t slots)
{
	for (uint32_t i = 0; i < d->n; i++) {
		const uint16_t mark = d->key[i].hash & KNOWN_MARK;
		uint32_t at = known_place(d->key[i].hash, slots);
		while (slot[at] && (slot[at] & KNOWN_MARK) != mark)
			at = at + 1 < slots ? at + 1 : 0;
		slot[at] |= (uint16_t)(mark | d->key[i].lists);
	}
}

static int add_terms(struct dictionary *d, const char *templates, struct hub_err *err)
{
	const struct hub_str path = hub_arena_printf(d->a, "%s/terms.txt", templates);
	struct hub_str words, word;
	uint32_t chars;
	uint64_t hash;
	int rc = path.ptr ? hub_file_read(d->a, path.ptr, 1 << 20, &words, err) : hub_fail_mem(err);

	while (!rc && hub_str_next(&words, '\n', &word))
		if (read_word(word, &chars, &hash) != SEQ_MARK && add_key(d, hash, KNOWN_WORD))
			rc = hub_fail_mem(err);
	return rc;
}

int known_make(struct hub_arena *a, const char *templates, struct known *out, struct hub_err *err)
{
	struct dictionary d = {.a = a, .key = hub_alloc_array(a, ENTRIES_MOST, sizeof *d.key)};
	int rc;

	if (!d.key)
		return hub_fail_mem(err);
	if ((rc = read_all(&d, "/usr/share/edict/edict", add_word, err)) ||
	    (rc = read_all(&d, "/usr/share/edict/enamdict", add_person, err)) ||
	    (templates && (rc = add_terms(&d, templates, err))))
		return rc;
	qsort(d.key, d.n, sizeof *d.key, by_hash);
	settle(&d);
	const uint32_t slots = d.n / 3 * 4 + 64;
	uint16_t *slot = hub_alloc_array(a, slots, sizeof *slot);
	if (!slot)
		return hub_fail_mem(err);
	fill(&d, slot, slots);
	fprintf(stderr, "%u words and names in %u slots\n", d.n, slots);
	*out = (struct known){slot, slots};
	return HUB_OK;
}
