/* An object or array inside a record that is one cell: yajl's events back to text, compact, numbers as they
 * were written. Each returns 1 to go on, 0 when j->rc says why not (as yajl's callbacks do). */
#ifndef PLUGINS_SHARED_JCAPTURE_H
#define PLUGINS_SHARED_JCAPTURE_H

#include "jrec.h"

int jcapture_open(struct jrec *j, int array);
int jcapture_key(struct jrec *j, struct hub_str key);
/* text.ptr NULL: null. */
int jcapture_scalar(struct jrec *j, int string, struct hub_str text);
int jcapture_close(struct jrec *j, int array);

#endif
