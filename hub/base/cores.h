/* How many threads are usual for work that can be shared out: one a core, and a few at most, because what
 * gathers their results is one. */
#ifndef HUB_BASE_CORES_H
#define HUB_BASE_CORES_H

unsigned hub_cores_usual(void);

#endif
