/* Holidays of Japan (国民の祝日と休日): for the audit, and for whatever runs on working days only.
 *
 * The list is data: schemas/holidays.csv has the form of the Cabinet Office's own file (syukujitsu.csv of
 * https://www8.cao.go.jp/chosei/shukujitsu/gaiyou.html), so that a site can put a newer one in its place as
 * it is downloaded. For the years it does not cover the rules of the law as of 2022 count
 * (国民の祝日に関する法律 2条, 3条2項, 3項; equinoxes computed, right for 1980-2099): the government
 * announces the equinoxes a year ahead, and a special law may move a day. */
#ifndef HUB_TEXT_HOLIDAY_H
#define HUB_TEXT_HOLIDAY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct hub_holidays;

/* UTF-8 or CP932. HUB_CONF names the line that is no date. In the arena. */
int hub_holidays_load(struct hub_arena *a, const char *path, const struct hub_holidays **out,
		      struct hub_err *err);
/* Name of the holiday on a day (since 1970-01-01); ptr NULL: none. h NULL: by the rules alone. */
struct hub_str hub_holiday_name(const struct hub_holidays *h, int32_t day);
/* Does the list cover a year? Otherwise the rules count. */
int hub_holidays_cover(const struct hub_holidays *h, int64_t year);
/* 0 Monday ... 6 Sunday. */
unsigned hub_weekday(int32_t day);
/* Neither Saturday, Sunday, holiday nor 12/29-1/3 (the closing days of offices, 地方自治法4条の2 and the
 * municipality's own 条例). */
int hub_is_working_day(const struct hub_holidays *h, int32_t day);

#endif
