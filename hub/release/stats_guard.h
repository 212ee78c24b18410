/* Guards small cells of statistics that leave: a count of 1 .. limit-1 is hidden, and so much else that
 * all tables taken together (breakdowns beside totals, months beside the year, one measure beside
 * another that counts the same) leave at least limit-1 values possible for it, as the mark itself does.
 *
 * What a recipient is taken to know: every relation below, that counts are whole and not negative, and
 * this rule. Months are decided each by itself, so that a month given out in June looks the same when
 * the year is over; then the year is. Not covered: two outputs of different days between which records
 * changed, and recipients with different sets of tables who put them together. */
#ifndef HUB_RELEASE_STATS_GUARD_H
#define HUB_RELEASE_STATS_GUARD_H

#include "release/stats.h"

/* Two breakdowns of the same measure by bands that overlap without one being made of the other would
 * tell the difference, which nobody could hide. HUB_CONF names them. */
int hub_stats_guard_check(const struct hub_stat_set *set, uint32_t sets, struct hub_err *err);

/* s: the months of one or several 年度, each followed by its year (hub_stats_year), counted. Sets the
 * state of every cell. Periods that are not over on `today` are HUB_STAT_OPEN. small: the limit. */
int hub_stats_guard(struct hub_stats *s, int64_t small, int32_t today, struct hub_err *err);

#endif
