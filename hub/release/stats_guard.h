/* Guards small cells of statistics that leave: a count of 1 .. limit-1 is hidden, and so much else that
 * all tables taken together (breakdowns beside totals, months beside the year, one measure beside
 * another that counts the same) leave at least limit-1 values possible for it, as the mark itself does.
 *
 * What a recipient is taken to know: every relation below, that counts are whole and not negative, and
 * this rule. Months are decided each by itself, so that a month given out in June looks the same when
 * the year is over; then the year is.
 *
 * What was given to the same recipient before counts as well (release/stats_given.h): a cell that was shown and counts
 * the same is known and stays shown; one that was hidden stays hidden until it has changed by the limit at least; one that
 * was shown and has changed by less is hidden, for the difference is a small count. None of these may be told from
 * the others. Not covered: recipients who put together what each of them got. */
#ifndef HUB_RELEASE_STATS_GUARD_H
#define HUB_RELEASE_STATS_GUARD_H

#include "release/stats.h"

/* Two breakdowns of the same measure by bands that overlap without one being made of the other would
 * tell the difference, which nobody could hide. HUB_CONF names them. */
int hub_stats_guard_check(struct hub_stat_sets sets, struct hub_err *err);

/* What the recipient was given of a cell before. */
struct hub_stats_prior {
	int64_t count; /* then */
	int64_t shown; /* last number it saw, if it saw one */
	uint8_t given, seen;
};

/* s: the months of one or several 年度, each followed by its year (hub_stats_year), counted. Sets the
 * state of every cell. Periods that are not over on `today` are HUB_STAT_OPEN. small: the limit. */
int hub_stats_guard(struct hub_stats *s, int64_t small, int32_t today, struct hub_err *err);
/* The same beside what was given before. prior: of every cell and period. Only the first `own` cells are given now;
 * the others are what earlier tables had. Sets s->near. */
int hub_stats_guard_again(struct hub_stats *s, int64_t small, int32_t today,
			  const struct hub_stats_prior *prior, uint32_t own, struct hub_err *err);

#endif
