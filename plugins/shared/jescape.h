/* Finds escapes of half a character (RFC 8259 section 8.2) while a JSON text goes by. */
#ifndef PLUGINS_SHARED_JESCAPE_H
#define PLUGINS_SHARED_JESCAPE_H

#include "jrec.h"

/* at: place of p[0] in the text. More than JREC_BAD of them: n says so. */
void jescape_scan(struct jrec_escapes *e, const char *p, size_t n, uint64_t at);
/* 1 when one stands behind `from` and not behind `to`; forgets all up to `to`. */
int jescape_between(struct jrec_escapes *e, uint64_t from, uint64_t to);

#endif
