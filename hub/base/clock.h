/* Stamps come from hub_now(), durations from hub_ticks_ms(), so that a test can set the date
 * (TSUNAGI_NOW=2026-04-01T09:00:00+09:00) without bending durations. Days are days in Japan. */
#ifndef HUB_BASE_CLOCK_H
#define HUB_BASE_CLOCK_H

#include <stdint.h>

int64_t hub_now(void);      /* seconds since 1970 UTC */
int hub_now_is_given(void); /* by TSUNAGI_NOW */
int64_t hub_now_ms(
    void); /* the same in milliseconds; as long as TSUNAGI_NOW is set, whole seconds */
int64_t hub_ticks_ms(void); /* monotonic */
/* "2026-11-21T10:36:19+09:00"; out has room for 26. */
void hub_time_jst(int64_t t, char out[26]);
/* Days are counted since 1970-01-01: that of a stamp in Japan, the second it begins in, the one that it is. */
int64_t hub_day_at(int64_t t);
int64_t hub_day_start(int64_t day);
int32_t hub_today(void);
/* "2026-11-21"; out has room for 11. */
void hub_day_text(int64_t day, char out[11]);
/* That of a Gregorian date, and back. */
int64_t hub_days_of(int64_t y, unsigned m, unsigned d);
void hub_days_to(int64_t days, int64_t *y, unsigned *m, unsigned *d);

#endif
