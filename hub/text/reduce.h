/* 縮退: what to write for a character that the other side does not have. A proposal, never done to what is
 * stored. */
#ifndef HUB_TEXT_REDUCE_H
#define HUB_TEXT_REDUCE_H

#include "base/arena.h"
#include "base/str.h"

enum hub_reduce {
	HUB_REDUCE_NONE = 0,   /* CP932 has it: written as it is */
	HUB_REDUCE_VARIANT,    /* the usual form of a variant: 𠮷 吉 */
	HUB_REDUCE_COMPATIBLE, /* a compatible form: ⑴ (1) */
	HUB_REDUCE_BASE,       /* a variation selector: the character in front of it alone */
	HUB_REDUCE_TABLE,      /* private use: only the site's own table knows; 〓 until then */
	HUB_REDUCE_UNKNOWN,    /* 〓 */
};

/* Text in the arena or static; .ptr NULL when the arena is full. */
struct hub_str hub_reduce_char(struct hub_arena *a, uint32_t cp, enum hub_reduce *how);

#endif
