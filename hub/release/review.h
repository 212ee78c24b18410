/* Texts as a reviewer sees them: what a release would mask, what only the strict setting finds, and what
 * was decided elsewhere in the case for the same words. The decisions themselves are in correct.h. */
#ifndef HUB_RELEASE_REVIEW_H
#define HUB_RELEASE_REVIEW_H

#include "plugin/load.h"
#include "release/correct.h"
#include "release/people.h"
#include "release/roster.h"

struct hub_review;

enum hub_review_state {
	HUB_REVIEW_FOUND = 1, /* masked as things stand */
	HUB_REVIEW_DECIDED,   /* the same, because somebody said so */
	HUB_REVIEW_DOUBTFUL,  /* only the strict setting finds it: shows, unless it is added */
	HUB_REVIEW_ADD,       /* the same words were marked elsewhere in the case */
	HUB_REVIEW_REMOVE,    /* masked; elsewhere in the case the same words were set free */
};

struct hub_review_mark {
	uint32_t start, end; /* code points */
	enum hub_span_type type;
	struct hub_str person, origin;
	uint32_t confidence;
	enum hub_review_state state;
};

struct hub_review_text {
	struct hub_spot at;
	struct hub_str id; /* "activity:345:body" */
	struct hub_str text;
	int64_t client;                  /* identity of the person it is about */
	const struct hub_roster *roster; /* of that person's case */
	struct hub_review_mark *mark;    /* in order of place */
	uint32_t n, doubtful, proposed;
	struct hub_corrections said; /* in force */
	int seen;                    /* somebody has looked at all of it */
	int guarded; /* somebody of the household is not clear: nothing of it leaves before it was seen */
	int stale; /* the case's people changed since it was scanned: marks are of a new scan */
};

/* keys: file of the keys, the caller's; names of attached files open with it. day, feed_days: for the states of
 * protection (hub_people_open). HUB_CONF without a detector. */
int hub_review_open(struct hub_store *s, const struct hub_plugins *plugins, struct hub_str keys,
		    int32_t day, int32_t feed_days, struct hub_review **out, struct hub_err *err);
void hub_review_close(struct hub_review *r); /* NULL is fine */
static inline void hub_auto_review(struct hub_review **r)
{
	hub_review_close(*r);
}

/* Which text it is: behind its id (activity:345:body:1f0c22d7) it is that one or none. -1: out of memory. Only for who reads
 * the text: of a short one it could be found out by trying. */
enum { HUB_REVIEW_VERSION = 9 };
int hub_review_version(struct hub_str text, char out[HUB_REVIEW_VERSION]);
/* The text with that id. HUB_USAGE when there is none, or it is about nobody or several people; HUB_REJECT, "text-changed",
 * when it is another than the id says. Valid until the next call. */
int hub_review_get(struct hub_review *r, struct hub_str id, struct hub_review_text *out,
		   struct hub_err *err);
/* Every text of the store (person 0), or those about one person (any of its rows). Stops at the first
 * result that is not 0, and returns it. A text is valid until the callback returns. */
int hub_review_walk(struct hub_review *r, int64_t person,
		    int (*each)(void *self, const struct hub_review_text *t, struct hub_err *err),
		    void *self, struct hub_err *err);

/* Doubt, proposals, or a text that waits for somebody's look. */
int hub_review_needs(const struct hub_review_text *t);
/* "found", "decided", "doubtful", "add", "remove". Static. */
const char *hub_review_state_name(enum hub_review_state state);

#endif
