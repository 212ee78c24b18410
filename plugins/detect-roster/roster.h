/* The people of a case as detect-roster looks for them: every part of a name, an address, a telephone or
 * other number and a birth date, folded. Built once for each roster. Internal to detect-roster. */
#ifndef DETECT_ROSTER_ROSTER_H
#define DETECT_ROSTER_ROSTER_H

#include "fold.h"
#include "jnum.h"
#include "jplace.h"
#include "jset.h"
#include "jwords.h"
#include "marks.h"

/* What an item of the set is. Items of people come first. */
enum roster_kind {
	ROSTER_WHOLE = 1, /* a full name whose parts are not known, or are guessed */
	ROSTER_FAMILY,
	ROSTER_GIVEN,
	ROSTER_NICK,     /* beginning of a name: only before ちゃん and the like */
	ROSTER_HEARD,    /* a reading as it is misheard: only before さん and the like */
	ROSTER_INITIALS, /* M.K */
	ROSTER_TOWN, /* part of an address behind the city, before its numbers; person: index of the block */
	ROSTER_QUARTER, /* end or begin of that, only with the numbers; person: the same */
	ROSTER_BUILDING,
};

struct roster_number {
	char digits[JDIGITS_MAX + 1];
	uint32_t n, type; /* enum hub_span_type */
	int32_t person;
};

struct roster_block {
	struct jblock block;
	int32_t person;
};

struct roster_birth {
	struct jdate date;
	int32_t person;
};

/* A name as it was given, for telling the parts of the next one: 山田花子, and 花子 behind it. */
struct roster_name {
	const uint32_t *sym;
	uint32_t n;
};

enum { ROSTER_NAMES_MAX = 16, ROSTER_DIGITS = 5 }; /* shorter numbers are not looked for */

struct roster {
	struct jpool *pool;
	const struct fold *fold;
	const struct marks *marks; /* what cannot stand in the texts is left out */
	struct hub_ctx *ctx;
	const struct hub_person *people;
	uint32_t persons;
	struct jset set;
	struct roster_number *number;
	struct roster_block *block;
	struct roster_birth *birth;
	uint32_t numbers, blocks, births, cap; /* cap: of each */
	uint64_t digits
	    [2]; /* bit ab: a number that is looked for begins with the digits a and b, in some spelling */
	int latin,
	    nicks; /* whether letters, and what stands behind a nickname, may be in the texts */

	/* while a person is read */
	int32_t person;
	struct roster_name name[ROSTER_NAMES_MAX];
	uint32_t names;
	struct roster_name kanji[2];            /* family and given name, when they are kanji */
	struct roster_name written[2], read[2]; /* both as written, and their kana */
	uint32_t two[2];                        /* characters of the first two morae of read[] */
	uint32_t initial[2];                    /* their first letters; 0: not known */
};

/* What r->marks has not is left out. Everything lives in the pool. 0, or -1 when out of memory. */
int roster_build(struct roster *r, const struct hub_person *people, uint32_t n);

/* One form that may stand in the texts. 0, or -1 when out of memory. */
static inline int roster_add(struct roster *r, const uint32_t *sym, uint32_t n,
			     enum roster_kind kind, int32_t person)
{
	return n && marks_may(r->marks, sym, n) ? jset_add(&r->set, sym, n, (uint16_t)kind, person)
						: 0;
}

/* A name in any form: 山田 花子, 山田花子（旧姓 佐藤）, ヤマダハナコ, KIM CHULSOO（金山 太郎）, はなちゃん.
 * 0 or -1. */
int roster_add_name(struct roster *r, const struct jtext *t);
/* M.K, 佐藤(健) and さとけん of the names that were added for this person. 0 or -1. */
int roster_add_short(struct roster *r);
/* Town and numbers behind the city, and the building behind those. 0 or -1. */
int roster_add_address(struct roster *r, const struct jtext *t);

/* Where numbers and dates may begin. Lives as long as the plugin's instance. */
struct starts {
	struct jwords_filter words; /* characters other than digits and letters */
	/* of all of these, folded: bits as those of struct jset */
	uint64_t first[16];
};

/* One text while it is searched. */
struct reading {
	const struct roster *r;
	const struct starts *starts;
	struct jtext t;
	struct fold_seq seq;
	uint32_t doc;
	uint32_t least; /* confidence that is reported */
	int32_t last;   /* person named last without doubt; -1 */
	int failed;
};

/* How sure a match is, in thousandths. */
enum { SURE = 990, STRONG = 950, GOOD = 900, FAIR = 600, WEAK = 350, HINT = 80 };

/* Reports the characters [from, to) of the text. */
void reading_found(struct reading *x, uint32_t from, uint32_t to, uint32_t type, int32_t person,
		   uint32_t confidence);

/* The place of the sequence at or behind place `to` of the text, from i on. */
uint32_t reading_behind(const struct reading *x, uint32_t i, uint32_t to);

/* The numbers of two addresses are the same, from the first on, as far as both have them. */
static inline int roster_same_block(const struct jblock *a, const struct jblock *b)
{
	const uint32_t n = a->n < b->n ? a->n : b->n;

	for (uint32_t k = 0; k < n; k++)
		if (a->value[k] != b->value[k])
			return 0;
	return n > 0;
}

/* Each looks at place i of the sequence, reports what it finds and returns the place behind it, 0 when
 * there is nothing. */
uint32_t match_name(struct reading *x, uint32_t i);
uint32_t match_place(struct reading *x, uint32_t i, const struct jset_item *item);
/* The same at a character of the text: telephones, other numbers, births, blocks without their town. */
uint32_t match_number(struct reading *x, uint32_t i);

#endif
