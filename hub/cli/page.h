/* What the pages for people call a field and show for a value: words of the form, not of the store. */
#ifndef HUB_CLI_PAGE_H
#define HUB_CLI_PAGE_H

#include "base/arena.h"
#include "store/schema.h"

/* Label in the language of the messages. */
struct hub_str hub_page_entity(const struct hub_entity *e);
struct hub_str hub_page_field(const struct hub_field *f);
/* A code as "女性 (2)", several of them with 、 between; every other text as it is. .ptr NULL when out
 * of memory. */
struct hub_str hub_page_value(struct hub_arena *a, const struct hub_field *f, struct hub_str text);
/* What stands in place of a span of a text: "PERSON" -> 氏名. Static. */
const char *hub_page_span(const char *type);

#endif
