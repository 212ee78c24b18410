/* Reading JSON with jansson. */
#ifndef HUB_BASE_JSON_H
#define HUB_BASE_JSON_H

#include "base/str.h"

#include <errno.h>
#include <jansson.h>

/* Before anything is read, once. */
void hub_json_init(void);
/* As json_loadb; the caller gives it back with json_decref. NULL, and why (which may be NULL), when the text is
 * no JSON: errno is 0; or when memory ran out, which says nothing about the text: errno is ENOMEM. */
json_t *hub_json_read(struct hub_str text, size_t flags, json_error_t *why);
/* A member of an object as a C string, cut to size; what is no text is empty. */
void hub_json_text(const json_t *object, const char *name, char *to, size_t size);
/* The same as a whole number; 0 when it is none. */
static inline int64_t hub_json_number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}
/* For plugins, which call jansson themselves: has memory failed for JSON in this thread since it was watched? */
void hub_json_watch(void);
int hub_json_starved(void);

#endif
