/* What one viewer may find (検索): the rows with texts it may read, and of each case what it may be counted by,
 * decided by the code that releases them (release/rowctx.h). Made once for a state of the facts, then any number of
 * questions are answered from it: what is not in it does not exist, for hits, counts and facets alike, and a
 * question costs the same whether or not something is hidden.
 *
 * Making it also brings the text index (store/fulltext.h) up to date for the entities of the view: texts are put in without
 * their spans, changed ones again, those that are gone out; stale ones are scanned first. */
#ifndef HUB_RELEASE_SIGHT_H
#define HUB_RELEASE_SIGHT_H

#include "release/rowctx.h"

#include <pthread.h>

/* Values of a facet of a case, as places in sight->word[facet]. */
struct hub_seen_values {
	uint32_t *at;
	uint32_t n;
};

/* Everything of one client: a case as people search for it. */
struct hub_seen_case {
	int64_t identity;
	int64_t case_id;        /* the latest one that may be seen; 0: none */
	struct hub_str case_no; /* may be empty */
	struct hub_str name,
	    kana; /* keys of the names that may be read, one behind the other; may be empty */
	struct hub_seen_values value[HUB_FACETS];
};

/* What the view shows of an agency; empty: nothing. */
struct hub_seen_agency {
	struct hub_str name, kind;
};

struct hub_seen_row {
	const struct hub_profile_entity *e;
	int64_t id, case_id;
	int32_t day;     /* INT32_MIN: none that may be read */
	uint32_t who;    /* place in sight->cases; UINT32_MAX: nobody's */
	uint32_t agency; /* place in word[HUB_FACET_AGENCY]; UINT32_MAX: none */
};

/* A text of the index that may be read; by rising id. */
struct hub_seen_text {
	int64_t doc;
	uint32_t row, field; /* field: place in e->fields */
};

struct hub_sight {
	struct hub_arena *arena;
	const struct hub_profile *profile;
	struct hub_seen_row *row;
	struct hub_seen_text *text;
	struct hub_seen_case *cases;
	size_t rows, texts, n_cases;
	struct hub_map *who;            /* identity -> place in cases */
	struct hub_seen_agency *agency; /* by place in word[HUB_FACET_AGENCY]; agencies of them */
	size_t agencies;
	struct hub_map *word[HUB_FACETS]; /* value -> place, in the order they were met */
	pthread_mutex_t lock;             /* of theme; all else stays as it was made */
	uint32_t
	    *theme; /* alike.c: per theme and case, rows that speak of it; NULL: not asked yet */
	uint64_t put, removed; /* texts that went into the index, or out of it */
	unsigned holders;      /* release/sights.c */
};

/* x: open, with the facts as they are. Writes what the index lacks, in short transactions unless there is one. */
int hub_sight_make(struct hub_rowctx *x, struct hub_sight **out, struct hub_err *err);
void hub_sight_free(struct hub_sight *s); /* NULL is fine */
static inline void hub_auto_sight(struct hub_sight **s)
{
	hub_sight_free(*s);
}

/* Text with its spans cut out, folded, as it stands in the index. ptr NULL without failure: the spans cannot be
 * read. */
int hub_sight_fold(struct hub_arena *a, struct hub_str text, struct hub_str spans,
		   struct hub_str *out, struct hub_err *err);
/* Which of the entity's texts a narrative field is. */
uint32_t hub_sight_text_place(const struct hub_field *f);

/* Inner part: sight_case.c fills what is known of the cases. */
int hub_sight_cases(struct hub_sight *s, struct hub_rowctx *x, struct hub_err *err);
/* Place of the case of an identity, made when it is new; UINT32_MAX: out of memory. */
uint32_t hub_sight_case(struct hub_sight *s, int64_t identity);
/* Lets go of what was remembered of many cases. */
int hub_sight_forget(struct hub_rowctx *x, struct hub_err *err);
uint32_t hub_sight_word(struct hub_sight *s, enum hub_facet f, struct hub_str word);

#endif
