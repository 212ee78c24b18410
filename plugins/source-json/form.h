/* How a JSON file is written: one document or a value per line, and where its records stand. */
#ifndef SOURCE_JSON_FORM_H
#define SOURCE_JSON_FORM_H

#include "infile.h"

enum { FORM_POINTER = 512 };

/* 1 when the first line of head is a whole value and something follows it. */
int form_is_lines(struct hub_str head);
/* Pointer to the first array of objects in a document, at most four levels down; "" when the document
 * is an array itself or has none. Reads the file from its beginning, no further than that array. */
int form_records(struct input *in, char *buf, size_t n, char pointer[FORM_POINTER],
		 struct hub_err *err);

#endif
