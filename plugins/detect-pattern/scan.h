/* One text while the rules go over it. Internal to detect-pattern. */
#ifndef DETECT_PATTERN_SCAN_H
#define DETECT_PATTERN_SCAN_H

#include "jwords.h"

/* How sure a rule is, in thousandths: about the share of right ones on notes. Settings cut at 50, 100
 * and 300. */
enum {
	SURE = 990,
	STRONG = 930,
	LIKELY = 800,
	FAIR = 600,
	WEAK = 350,
	HINT = 80, /* only the strict setting */
};

struct found {
	uint32_t from, to; /* characters */
	uint32_t given;    /* PERSON: where the given name begins, 0 unknown */
	uint16_t type, confidence;
};

struct scan {
	struct jtext t;
	struct jpool *pool;
	struct found *found;
	uint32_t n, cap;
	uint32_t place_end; /* what lies before is part of an address that was read */
	uint32_t date_end;  /* the same of a date with year, month and day */
	/* while rules are tried at the begin of a run of digits: how many they are; 0 elsewhere */
	uint32_t digits;
	/* by their last four digits: where the first of the telephones among found[0..tailed) ends that ends in them; 0
	 * none */
	uint32_t *tail, tailed;
	int failed; /* out of memory */
};

/* Remembers a range; what is there already with the same range keeps the higher confidence. */
void scan_add(struct scan *s, uint32_t from, uint32_t to, uint32_t type, uint32_t confidence);
void scan_add_person(struct scan *s, uint32_t from, uint32_t to, uint32_t given,
		     uint32_t confidence);

/* One kind of place where something is looked for. Tried wherever a word of one of the lists begins, and at the
 * first character of a run of one of the classes. */
struct rule {
	const char *name;
	uint8_t words[4]; /* enum jwords_list, W_NONE behind the last */
	unsigned runs;    /* mask of 1u << enum jt_class */
	void (*find)(struct scan *, uint32_t i);
	/* Texts that show what the rule is for and what it must leave; [ ] marks what is found by all
	 * rules together. NULL-ended; the unit test runs them. */
	const char *const *examples;
};

/* ended by name NULL */
extern const struct rule rules_contact[], rules_id[], rules_account[], rules_plate[], rules_birth[],
    rules_place[], rules_facility[], rules_shop[], rules_person[], rules_spelled[], rules_rest[];

/* Whether one of the labels (enum jwords_list) stands before i, or further left with joints (：はが（「第No.)
 * between, or heads the column of the cell that begins at i: *at gets its end. */
int label_before(const struct jtext *t, uint32_t i, enum jwords_list labels, uint32_t *at);
int has_label(const struct jtext *t, uint32_t i, enum jwords_list labels);
/* The same without the column. */
int stands_before(const struct jtext *t, uint32_t i, enum jwords_list labels, uint32_t *at);
/* Where the cell that heads the column of i ends, when i begins a cell of a table with a row of headings; 0 when not. */
uint32_t heading_end(const struct jtext *t, uint32_t i);
/* Goes over what may stand between such a label and its value at i, seen from the label: ：は「第No. えーと (自立支援) */
uint32_t skip_joints(const struct jtext *t, uint32_t i);
/* Behind a number: what makes an amount, an age or a date of it. */
int counts_things(const struct jtext *t, uint32_t i);
/* No sentence ends in [from, to). */
int is_one_sentence(const struct jtext *t, uint32_t from, uint32_t to);
/* 0-9 A-Z a-z */
int is_alnum(uint32_t c);

/* No number of several groups goes on at i: there stand kanji that are no digit, a letter, or nothing. */
int ends_digits(const struct jtext *t, uint32_t i);

/* Length of a kana word of which names of facilities and buildings are made (ひまわり) before i. */
uint32_t kana_name_before(const struct jtext *t, uint32_t i);

/* Whether [from, to) can be taken apart into words that every town has (rule_facility.c). */
int is_generic(const struct jtext *t, uint32_t from, uint32_t to);

/* Where the name of a facility begins whose kind stands at i, without words that only stand before it. */
uint32_t facility_begin(const struct jtext *t, uint32_t i);
/* End of the quoted name whose 「 stands at i; i when there is none. */
uint32_t quote_end(const struct jtext *t, uint32_t i);
/* 葵 behind a kind: one kanji that names are made of, and what shows that no more follows. */
int is_one_kanji(const struct jtext *t, uint32_t i);
int is_who(const struct jtext *t, uint32_t kind, uint32_t at, uint32_t to);
/* たのしかった, いきたい before to: something is said, not called so. */
int is_said(const struct jtext *t, uint32_t to);
/* The run of kana [i, end) without the particle at its end. closed: nothing is joined to it, so that か, も, と and や
 * belong to the name (あすか). */
uint32_t without_particle(const struct jtext *t, uint32_t i, uint32_t end, int closed);

/* After all rules: digits that nothing shows to be anything else. */
void rest_find(struct scan *s);
/* After all rules: 第 and 号 around a number belong to it. */
void id_spread(struct scan *s);
/* After all rules: lists of names, and other places where a name of this text stands. */
void person_spread(struct scan *s);

#endif
