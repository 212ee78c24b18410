/* WebVTT and SRT: cues into a talk. What is no well-formed cue is left out and counted. */
#ifndef SOURCE_VOICE_CUES_H
#define SOURCE_VOICE_CUES_H

#include "talk.h"

struct cues_report {
	uint64_t cues, broken; /* broken: timing lines that cannot be read */
};

/* Does it begin like one, or hold a line that times a cue? */
int cues_claim(struct hub_str head);
/* text: the whole file in UTF-8. 0, or -1: out of memory. */
int cues_read(struct talk *t, struct hub_str text, struct cues_report *report);

#endif
