/* Members of requests and replies (struct hub_member): checked as tables, read from query and body, described. */
#ifndef HUB_SERVE_MEMBER_H
#define HUB_SERVE_MEMBER_H

#include "serve/http.h"

enum {
	HUB_TEXT_MOST = 1000,  /* code points of a text that says no max */
	HUB_LIST_MOST = 100,   /* elements of a list that says no most */
	HUB_JSON_MOST = 65536, /* bytes of HUB_M_JSON that says no max */
	HUB_MEMBERS_MOST = 64, /* members of one object */
	HUB_MEMBERS_DEEP = 8,  /* objects in objects */
	HUB_JSON_DEEP = 32,    /* [ and { inside each other, in what comes in */
	HUB_BODY_MOST = 16 << 20,
	HUB_PAGE = 50, /* rows of a page, and the most of them */
	HUB_PAGE_MOST = 200,
};

static inline size_t hub_members_count(const struct hub_member *m)
{
	size_t n = 0;

	while (m && m[n].name)
		n++;
	return n;
}
static inline uint32_t hub_member_most(const struct hub_member *m)
{
	return m->most ? m->most : HUB_LIST_MOST;
}
static inline int64_t hub_member_longest(const struct hub_member *m)
{
	return m->max ? m->max : m->type == HUB_M_JSON ? HUB_JSON_MOST : HUB_TEXT_MOST;
}

/* Can this table be used? where: for the message. NULL is an empty table. query: scalars and lists of them only. */
int hub_members_check(const struct hub_member *m, const char *where, int query,
		      struct hub_err *err);
/* Does it, or an object in it, hold personal values? */
int hub_members_personal(const struct hub_member *m);
/* Bytes that a body of these members can have, written as wastefully as JSON allows. */
size_t hub_members_room(const struct hub_member *m);

/* Values of the query, one per member, those of `also` (what every page has; may be NULL) behind them; anything else is
 * refused. Fills r->status and r->member with the error. */
int hub_members_read_query(const struct hub_http_request *q, struct hub_http_reply *r,
			   const struct hub_member *own, const struct hub_member *also,
			   const struct hub_val **out, struct hub_err *err);
/* Values of the JSON body, one per member. */
int hub_members_read_body(const struct hub_http_request *q, struct hub_http_reply *r,
			  const struct hub_member *m, const struct hub_val **out,
			  struct hub_err *err);

/* Is the JSON an object of these members, all that are required and none else? HUB_REJECT when it is not. */
int hub_members_fit(struct hub_arena *a, const struct hub_member *m, struct hub_str json,
		    struct hub_err *err);

/* Text of a value that is one: DATE, WORD, length, JSON. NULL: it fits; else what it should be (untranslated). */
const char *hub_member_misfit(const struct hub_member *m, struct hub_str text);

/* "2026-11-21T10:36:19.250+09:00" with any zone, to ms since 1970. -1: it is no such time. */
int hub_instant_parse(struct hub_str s, int64_t *ms);
/* In Japanese time; out has room for 30. */
void hub_instant_print(int64_t ms, char out[30]);

#endif
