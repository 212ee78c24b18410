/* The features of a character: hashes of what stands at it and around it. */
#ifndef TAGGER_FEATURE_H
#define TAGGER_FEATURE_H

#include "seq.h"

enum { FEATURES = 48 };

enum { /* BIO; order is part of the model */
       LABEL_O = 0,
       LABEL_PERSON, /* B, then I */
       LABEL_LOCATION = 3,
       LABEL_FACILITY = 5,
       LABEL_ORG = 7,
       LABELS = 9
};

/* Hashes of character i into out. */
void feature_list(const struct seq *s, uint32_t i, uint32_t out[FEATURES]);

#endif
