/* The trainer of the tagger: reads corpora and templates, learns the weights, writes the model. One
 * thread, one seed: the same data and packages give the same bytes. */
#ifndef TAGGER_TRAIN_H
#define TAGGER_TRAIN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/str.h"

#include "../crf.h"
#include "../known.h"
#include "../lexicon.h"
#include "../words.h"

/* ---- random numbers: xorshift64*, so that no library changes them ---- */

struct rng {
	uint64_t state;
};
uint32_t rng_below(struct rng *r, uint32_t n); /* 0..n-1; n > 0 */
static inline int rng_chance(struct rng *r, uint32_t percent)
{
	return rng_below(r, 100) < percent;
}

/* ---- labelled texts ---- */

/* What a stretch may be labelled as: one type, or several where a corpus does not tell them apart. */
enum { MAY_PERSON = 1, MAY_LOCATION = 2, MAY_FACILITY = 4, MAY_ORG = 8, MAY_ANY = 16 };

struct mark {
	uint32_t from, to; /* bytes of the text */
	uint32_t may;
};

enum { MARKS_MAX = 96 };

struct sample {
	struct hub_buf text;
	struct mark mark[MARKS_MAX];
	uint32_t marks;
};

void sample_reset(struct sample *s);
/* Appends text; may 0: nothing to be found in it. */
void sample_add(struct sample *s, struct hub_str text, uint32_t may);
/* Breaks the line at a place inside of the text, marks move along. */
void sample_break(struct sample *s, struct rng *r);

/* ---- lists of names ---- */

struct person { /* one invented person: all forms fit together */
	struct hub_str surname, given, surname_kana, given_kana; /* kana: hiragana */
	struct hub_str surname_latin, given_latin;               /* capitals */
};

struct names;
/* data: the folder that holds names/ and social-resources/. */
int names_open(struct hub_arena *a, const char *data, struct names **out, struct hub_err *err);
void names_person(const struct names *n, struct rng *r, struct hub_arena *a, struct person *out);

/* An ordinary noun; any other ordinary word; a facility and an address that exist. */
struct hub_str names_noun(const struct names *n, struct rng *r);
struct hub_str names_noun_of(const struct names *n, struct rng *r,
			     size_t chars); /* .ptr NULL: none of so many characters */
struct hub_str names_word(const struct names *n, struct rng *r);
/* Of one kanji. */
struct hub_str names_surname_of_one(const struct names *n, struct rng *r);
struct hub_str names_given_of_one(const struct names *n, struct rng *r);
struct hub_str names_foreign(const struct names *n, struct rng *r); /* in katakana */
struct hub_str names_facility(const struct names *n, struct rng *r);
struct hub_str names_address(const struct names *n, struct rng *r);

/* Foreign names, as they stand in the corpora: remembers the parts of a name in katakana or Latin letters,
 * and puts a new one of the same shape together from parts and halves of parts. */
enum { PARTS_MAX = 8192 };

struct foreign {
	struct hub_str part[2][PARTS_MAX]; /* katakana, Latin */
	uint32_t parts[2];
};
int foreign_add(struct foreign *f, struct hub_arena *a, struct hub_str name);
/* .ptr NULL: name is not of that kind. */
struct hub_str foreign_name(const struct foreign *f, struct rng *r, struct hub_arena *a,
			    struct hub_str name);

/* ---- templates ---- */

struct templates;
int templates_open(struct hub_arena *a, const char *folder, const struct names *names,
		   struct templates **out, struct hub_err *err);
size_t templates_count(const struct templates *t);
/* How often template i is used in one training, and one use of it. */
uint32_t templates_copies(const struct templates *t, size_t i);
void templates_expand(const struct templates *t, size_t i, struct rng *r, struct hub_arena *scratch,
		      struct sample *out);

/* ---- copies of real sentences ---- */

/* With other names, or other nouns, in the place of their own. Everything is borrowed and outlives it. */
struct swap {
	struct hub_arena *scratch; /* the caller resets it between sentences */
	struct names *names;
	const struct foreign *foreign;
	struct words *words;
	struct rng *rng;
	struct seq *seq;
};
/* 1; 0: it has none of those, and out is not to be used; -1: no memory. */
int swap_names(const struct swap *w, const struct sample *s, struct sample *out);
int swap_nouns(const struct swap *w, const struct sample *s, struct sample *out);

/* ---- learning ---- */

struct learn_conf {
	uint32_t epochs,
	    all; /* all: epochs with all features; the rest is learned with those that are kept */
	uint32_t drop;  /* percent of features left out at a time */
	uint32_t least; /* a feature counts from so many places on */
	float rate, l1, l2;
	uint32_t most; /* features kept */
};

enum { HIDDEN_PER_1000 = 300 }; /* entries of lists that are taken for unknown now and then */

/* The table of known.h, of the dictionaries of the packages edict and enamdict, and of terms.txt of the templates, unless
 * that is NULL: words of the work that those do not have, one a line. */
int known_make(struct hub_arena *a, const char *templates, struct known *out, struct hub_err *err);

struct learn;
struct learn *learn_new(struct hub_arena *a, struct words *words, const struct lexicon *full,
			const struct lexicon *hiding, const struct known *known);
/* Adds a sample; hiding: with part of the lists taken away. -1 when out of memory. */
int learn_add(struct learn *l, const struct sample *s, int hiding);
int learn_run(struct learn *l, const struct learn_conf *conf, struct rng *r);
/* Quantised, in the form of model.h. */
int learn_write(const struct learn *l, const char *path, struct hub_err *err);

/* ---- corpora ---- */

/* Calls use() with every sentence of FOLDER/NAME-dev.jsonl. irex: the corpus knows no facilities. */
int corpus_read(struct hub_arena *a, const char *path, int irex,
		int (*use)(void *self, const struct sample *), void *self, struct hub_err *err);

#endif
