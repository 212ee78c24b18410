/* Inside of service-search. */
#ifndef SERVICE_SEARCH_H
#define SERVICE_SEARCH_H

#include "deskrow.h"

struct search {
	const struct hub_host *host;
	const struct hub_desk *desk;
	int64_t stale_months; /* 0: nothing grows old */
};

enum { SEARCH_LIST, SEARCH_ADD, SEARCH_REMOVE, SEARCH_COUNT };
enum { SEARCH_MOST_SAVED = 50 };

/* Empty when the member is not there. */
static inline struct hub_str search_text(const struct hub_val *v)
{
	return v->type == HUB_VAL_TEXT ? v->s : (struct hub_str){"", 0};
}

/* notes.c */
extern const struct hub_member search_notes_query[], search_notes_reply[];
extern const struct hub_member search_alike_query[], search_alike_reply[];
int search_notes(void *self, struct hub_call *c, struct hub_err *err);
int search_alike(void *self, struct hub_call *c, struct hub_err *err);
int search_prepare(void *self, struct hub_call *c, struct hub_err *err);

/* places.c */
extern const struct hub_member search_resources_query[], search_resources_reply[];
extern const struct hub_member search_schemes_query[], search_schemes_reply[];
int search_resources(void *self, struct hub_call *c, struct hub_err *err);
int search_schemes(void *self, struct hub_call *c, struct hub_err *err);
/* Metres between two places on the earth. */
double search_distance(double lat1, double lon1, double lat2, double lon2);
/* Is a facility open on that day of the week (0 Monday)? 1, 0, -1: the text does not say. */
int search_open_on(struct hub_str days, int weekday);

/* fresh.c: how old what is known of an entry is. */
struct search_age {
	int32_t confirmed, loaded; /* DESKROW_NO_DAY: not known */
};
struct search_age search_age_of(const struct deskrow *row);
/* Not known to have been so since that day (the query's; any: everything is). */
int search_is_before(const struct search_age *a, const struct hub_val *since);
void search_say_age(const struct search *s, struct hub_call *c, const struct search_age *a);

/* saved.c */
extern const struct hub_member search_saved_body[], search_saved_reply[];
int search_saved(void *self, struct hub_call *c, struct hub_err *err);
int search_save(void *self, struct hub_call *c, struct hub_err *err);
int search_forget(void *self, struct hub_call *c, struct hub_err *err);

#endif
