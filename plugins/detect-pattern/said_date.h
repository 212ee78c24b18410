/* Dates and numbers in kana. Internal to detect-pattern. */
#ifndef DETECT_PATTERN_SAID_DATE_H
#define DETECT_PATTERN_SAID_DATE_H

#include "jnum.h"

/* しょうわさんじゅうねんごがつみっか, from the era on; numbers also in digits and kanji. 1; 0 when month or day is not said,
 * then out->end is behind the year or month, 0 when there is none either. */
int said_date_read(const struct jtext *t, uint32_t i, struct jdate *out);

/* さんじゅうねんの、 in front of such a day at i, and no era: where it begins, i when it is not said. */
uint32_t said_year_before(const struct jtext *t, uint32_t i);

/* よんひゃくさんじゅうに, さんまるに: characters of a number in kana, of any size; 0 when there is none. */
uint32_t said_number(const struct jtext *t, uint32_t i);

/* ごがつみっか: a day of any year. */
int said_day_read(const struct jtext *t, uint32_t i, struct jdate *out);

#endif
