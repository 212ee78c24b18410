/* Dates and times that a sheet stores as numbers of days. */
#ifndef SOURCE_XLSX_SERIAL_H
#define SOURCE_XLSX_SERIAL_H

#include <hub/plugin.h>

/* v: days since the workbook's epoch; parts: mask of enum numfmt_part, what the format shows. Writes
 * 2024-10-01, 2024-10, 2024, 09:30, 2024-10-01 09:30:15, 26:30; returns the length, 0 when a sheet shows
 * no date for v. 1900-02-29 and 1900-01-00, which sheets show and no calendar has, come out as they are
 * shown: whoever reads them refuses them. */
size_t serial_show(double v, unsigned parts, int date1904, char *out);

#endif
