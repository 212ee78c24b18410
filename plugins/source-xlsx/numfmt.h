/* Number formats of cells: what the sheet shows for a number it stores (ISO/IEC 29500-1, 18.8.30/31).
 *
 * A date comes out as a date, however it is shown: 2024-10-01 for R6.10.1, 令和6年10月1日 and 10/1 alike;
 * 2024-10 or 2024 when the format shows no more; 09:30, 2024-10-01 09:30, 26:30:00 for times. A number
 * comes out as the sheet shows it (000-0000, 1,200, 12%), but never in the short form that loses digits
 * of whole numbers (1.23457E+11 for General). */
#ifndef SOURCE_XLSX_NUMFMT_H
#define SOURCE_XLSX_NUMFMT_H

#include <hub/plugin.h>

enum numfmt_kind { NUMFMT_GENERAL = 0, NUMFMT_TEXT, NUMFMT_NUMBER, NUMFMT_DATE };

/* What a date format shows. */
enum numfmt_part {
	NUMFMT_YEAR = 1,
	NUMFMT_MONTH = 2,
	NUMFMT_DAY = 4,
	NUMFMT_HOUR = 8, /* or minute */
	NUMFMT_SECOND = 16,
	NUMFMT_ELAPSED = 32,
};

struct numfmt {
	uint8_t kind, parts;
	struct hub_str code; /* NUMBER: its sections */
};

enum { NUMFMT_MOST = 128 }; /* bytes that numfmt_show() writes at most */

/* code must stay where it is. */
struct numfmt numfmt_read(struct hub_str code);
/* Code of a built-in format, in a Japanese office; NULL: General. */
const char *numfmt_builtin(int64_t id);
/* stored: the number as it stands in the file. Returns the length written to out (NUMFMT_MOST), or 0
 * when stored is no number. *is_date: it came out as a date or time. */
size_t numfmt_show(const struct numfmt *f, struct hub_str stored, int date1904, char *out,
		   int *is_date);
/* A whole number up to 15 digits as it stands; everything else as numfmt_show() with General. */
int numfmt_is_plain(struct hub_str stored);

#endif
