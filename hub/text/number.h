/* Numbers as people write them in cells: full width, commas, 漢数字, 大字, 1億2千万, 3.5万円,
 * △500. Exact decimal text comes out, no floating point. Pure, no allocation. */
#ifndef HUB_TEXT_NUMBER_H
#define HUB_TEXT_NUMBER_H

#include "base/str.h"

enum hub_number_rc { HUB_NUMBER_OK = 0, HUB_NUMBER_NULL = 1, HUB_NUMBER_INVALID = -1 };

enum hub_number_flag {
	HUB_NUMBER_ABOUT = 1, /* 約, 程度, 強, 弱 */
	HUB_NUMBER_ZEROS = 2, /* leading zeros were dropped */
};

struct hub_number {
	char text[40]; /* -1234.5 */
	struct hub_str
	    unit; /* 円, 人, 歳 ... as written, part of the text given in; may be empty */
	unsigned flags;
	const char *reason; /* stable code when invalid */
};

enum hub_number_rc hub_number_parse(struct hub_str text, struct hub_number *out);
const char *hub_number_finding(unsigned flags, unsigned n);

/* A number somebody is known by that is nobody's: a word or a sign (不明, -), zeros, a row of nines or of other
 * equal digits, 1234567890, and what a spreadsheet leaves (#N/A, 1.23E+11). Two who have it need not be one. */
int hub_number_is_nobodys(struct hub_str text);

/* Is a number that somebody is known by all of the value, or one of its parts (142075-0001234567)? Zeros in front do not
 * count; a short part is anything. */
int hub_number_within(struct hub_str value, struct hub_str number);

#endif
