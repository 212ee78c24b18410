/* A kintone field as text: {"type": ..., "value": ...}. */
#ifndef SOURCE_KINTONE_VALUE_H
#define SOURCE_KINTONE_VALUE_H

#include "sheet.h"

#include <jansson.h>

enum value_people { PEOPLE_BY_CODE = 0, PEOPLE_BY_NAME };

/* Puts the field's value into a cell: people by their code or name, several values one per line, files by their
 * names, a table as JSON of its rows. HUB_OK or HUB_FATAL. */
int value_put(struct sheet *s, uint32_t col, const json_t *field, enum value_people by,
	      struct hub_err *err);

#endif
