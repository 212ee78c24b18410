/* Who acts in a test, known by a name only. */
#ifndef TEST_WHO_H
#define TEST_WHO_H

#include "release/actor.h"

#define WHO(text) (&(struct hub_actor){.name = HUB_STR(text)})

#endif
