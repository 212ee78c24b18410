/* Days in Japan, the unit in which consents, contracts, meetings and grounds begin and end. */
#ifndef HUB_RELEASE_DAY_H
#define HUB_RELEASE_DAY_H

#include <hub/plugin.h>
#include <limits.h>

/* Days since 1970-01-01. Both ends are inclusive. */
struct hub_period {
	int32_t from, to;
};

#define HUB_DAY_FIRST INT32_MIN /* as from: open */
#define HUB_DAY_LAST  INT32_MAX /* as to: open */
#define HUB_ALWAYS    ((struct hub_period){HUB_DAY_FIRST, HUB_DAY_LAST})
#define HUB_NEVER     ((struct hub_period){HUB_DAY_LAST, HUB_DAY_FIRST})

static inline int hub_period_has(struct hub_period p, int32_t day)
{
	return p.from <= day && day <= p.to;
}

/* "2026-04-01", or an instant "2026-04-01T23:30:00Z" taken in Japan (without an offset it is local
 * time there). Seconds and their fraction may be missing, the T may be a space. 0, or -1 when it is
 * neither, or no day of the calendar. */
int hub_day_parse(struct hub_str text, int32_t *day);

#endif
