/* Whether a field named from outside reveals an address. */
#ifndef HUB_RELEASE_FIELD_H
#define HUB_RELEASE_FIELD_H

#include "store/schema.h"

/* field: "person.address", a bare name ("address"), or a label or alias as in a header ("住所"). With
 * several fields of that name one that reveals is enough. Fields of entities that are nobody's data
 * (an agency's own address) do not count. A name that the schema does not know reveals. */
int hub_field_reveals(const struct hub_schema *s, struct hub_str field);

#endif
