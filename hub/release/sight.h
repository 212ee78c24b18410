/* What one viewer may find (検索): the rows with texts it may read, and of each case what it may be counted by,
 * decided by the code that releases them (release/rowctx.h). Made once for a state of the facts, then any number of
 * questions are answered from it: what is not in it does not exist, for hits, counts and facets alike, and a
 * question costs the same whether or not something is hidden.
 *
 * Making it also brings the text index (store/fulltext.h) up to date for the entities of the view: texts are put in without
 * their spans, changed ones again, those that are gone out; stale ones are scanned first. */
#ifndef HUB_RELEASE_SIGHT_H
#define HUB_RELEASE_SIGHT_H

#include "release/kin.h"
#include "release/rowctx.h"

#include <pthread.h>

/* Values of a facet of a case, as places in sight->word[facet]. */
struct hub_seen_values {
	uint32_t *at;
	uint32_t n;
};

static inline int hub_seen_has(const struct hub_seen_values *v, uint32_t at)
{
	for (uint32_t i = 0; i < v->n; i++)
		if (v->at[i] == at)
			return 1;
	return 0;
}

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
	/* What it was made of (sight_since.c): what counts for all; the sums of the groups, HUB_SEEN_ of each; the rows of
	 * each entity of the profile that has texts. decided: rows that were decided for it, not taken over. */
	struct hub_hash ground;
	struct hub_map *groups;
	struct hub_seen_ids *ids;
	uint64_t decided;
	int doubtful;
};

struct hub_seen_ids {
	const int64_t *id;
	size_t n;
};

/* TRUSTED: taken over, or the store was the same before and behind the deciding. */
enum { HUB_SEEN_TRUSTED = 1, HUB_SEEN_DECIDED };

/* x: open, with the facts as they are; kin: read after them. What `before`, an older sight of the same view, knows of groups
 * that are as they were is taken over (NULL: nothing). Writes what the index lacks, in short transactions unless there
 * is one. */
int hub_sight_make(struct hub_rowctx *x, const struct hub_kin *kin, const struct hub_sight *before,
		   struct hub_sight **out, struct hub_err *err);
/* The store has changed while s was made; kin: read afterwards. What it knows of groups that are the same in there can be
 * taken over by the next one, the others are decided again. */
int hub_sight_doubt(struct hub_sight *s, const struct hub_kin *kin, struct hub_err *err);
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

/* Inner part: sight_case.c fills what is known of the cases, sight_since.c what holds still. */
struct hub_since {
	struct hub_sight *s;
	const struct hub_kin *kin;
	const struct hub_sight *from; /* NULL: nothing is taken over */
	uint8_t *same;                /* by group */
	uint32_t *moved;              /* rows of from -> rows of s; UINT32_MAX: not taken over */
	size_t at;                    /* first row of from that is not behind */
};
int hub_since_begin(struct hub_since *w, struct hub_rowctx *x, struct hub_err *err);
/* Nothing has changed of all that decides about the row. */
int hub_since_same(const struct hub_since *w, const struct hub_entity *e, int64_t row);
/* Takes the row over, if from shows it. Rows are asked for in the order of from. */
int hub_since_take(struct hub_since *w, const struct hub_profile_entity *e, int64_t row,
		   struct hub_err *err);
int hub_since_texts(struct hub_since *w, struct hub_err *err);
int hub_since_cases(const struct hub_since *w, struct hub_err *err);
int hub_sight_cases(struct hub_sight *s, const struct hub_since *since, struct hub_rowctx *x,
		    struct hub_err *err);
/* Cases by rising identity, however they were met. */
int hub_sight_order(struct hub_sight *s, struct hub_err *err);
/* Room for one more in a list of n. 0, or -1 when memory is out. */
int hub_sight_grow(struct hub_arena *a, void *list, size_t n, size_t size);
/* Place of the case of an identity, made when it is new; UINT32_MAX: out of memory. */
uint32_t hub_sight_case(struct hub_sight *s, int64_t identity);
/* Lets go of what was remembered of many cases. */
int hub_sight_forget(struct hub_rowctx *x, struct hub_err *err);
uint32_t hub_sight_word(struct hub_sight *s, enum hub_facet f, struct hub_str word);

#endif
