/* Characters that XML cannot hold, as Excel writes them: _x000D_ (ISO/IEC 29500-1, 22.9.2.19). */
#ifndef SOURCE_XLSX_ESCAPE_H
#define SOURCE_XLSX_ESCAPE_H

#include <stddef.h>

/* Resolves the escapes in place; returns the new length. */
size_t escape_undo(char *p, size_t n);

#endif
