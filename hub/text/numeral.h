/* What one kanji numeral is worth: one table for numbers, dates and addresses. Internal to hub/text. */
#ifndef HUB_TEXT_NUMERAL_H
#define HUB_TEXT_NUMERAL_H

#include <stdint.h>

/* Where a character counts as a numeral: 陸 is 6 on a receipt, in an address it is 陸前. */
enum hub_numeral_in { HUB_IN_NUMBER = 1, HUB_IN_DATE = 2, HUB_IN_ADDRESS = 4 };

/* 0-9, 10, 100, 1000 for units, 20, 30 for 廿 卅; -1 for none. */
int hub_numeral(int32_t c, enum hub_numeral_in where);

#endif
