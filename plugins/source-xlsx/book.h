/* What a workbook says about its sheets: their names and parts, the formats of cells, the strings that
 * cells share. */
#ifndef SOURCE_XLSX_BOOK_H
#define SOURCE_XLSX_BOOK_H

#include "numfmt.h"
#include "opcxml.h"
#include "room.h"

enum { BOOK_SHEETS = 10000, BOOK_FORMATS = 65536 };

struct book_sheet {
	struct hub_str name, rel; /* rel: id of its relationship */
	int64_t part;             /* of the package; -1: a chart or dialog, no cells */
	uint8_t hidden, chosen;
};

struct book {
	struct opc opc;
	char part[OPC_NAME]; /* the workbook's */
	int date1904;
	struct book_sheet *sheet; /* in the order of the tabs */
	uint32_t sheets, cap;
	struct room format; /* struct numfmt, by the style number of a cell */
	struct room string; /* struct hub_str, by the number of a shared string */
	struct room text;   /* what they point to */
};

/* Accepted by parts of a workbook: transitional and strict (ISO/IEC 29500). */
extern const char *const book_space[];

/* limit: bytes that may be unpacked; strings: bytes of shared strings. On failure nothing is left open. */
int book_open(struct book *b, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	      uint64_t limit, uint64_t strings, struct hub_err *err);
void book_close(struct book *b);
/* Format of a style; General for a number that the workbook does not have. */
const struct numfmt *book_format(const struct book *b, int64_t style);
/* Shared string, or NULL. */
const struct hub_str *book_string(const struct book *b, int64_t index);
/* Marks the sheets that the option `sheets` names: first, all, 2, 3-5, names with * and ?, in a list.
 * Hidden sheets only when they are named. */
int book_choose(struct book *b, struct hub_str sheets, struct hub_err *err);

#endif
