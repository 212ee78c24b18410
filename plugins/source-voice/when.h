/* Times and shares as recognisers write them, in whole numbers: "0.94", "1.200s", "PT1.2S", 700000.0. */
#ifndef SOURCE_VOICE_WHEN_H
#define SOURCE_VOICE_WHEN_H

#include <hub/plugin.h>

enum when_unit { WHEN_MS = 0, WHEN_S, WHEN_TICKS }; /* tick: 100 ns */

/* Milliseconds, rounded; a text with its own unit (1.2s, PT1M2S) ignores `unit`. 0, or -1. */
int when_ms(struct hub_str s, enum when_unit unit, int64_t *ms);
/* 0.8986 -> 899. 0, or -1. */
int when_share(struct hub_str s, int32_t *thousandths);
/* [hh:]mm:ss.mmm with '.' or ',': 0 and the length read in *n, or -1. loose: as tools write SRT, hours of one
 * digit and times without thousandths too. */
int when_cue(const char *p, size_t len, int loose, size_t *n, int64_t *ms);

#endif
