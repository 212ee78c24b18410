/* Days since 1970-01-01 of the proleptic Gregorian calendar, as services count them. */
#ifndef PLUGINS_DESKDAY_H
#define PLUGINS_DESKDAY_H

#include <hub/plugin.h>

int32_t desk_days_of(int32_t y, int32_t m, int32_t d);
void desk_days_to(int32_t day, int32_t *y, int32_t *m, int32_t *d);
int32_t desk_month_length(int32_t y, int32_t m);
/* "2026-04-01". -1: it is no day; out has room for 11. */
int desk_day_read(struct hub_str s, int32_t *day);
void desk_day_write(int32_t day, char out[11]);

#endif
