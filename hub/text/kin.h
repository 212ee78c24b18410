/* Who is who to whom in one household of the resident registry. Its 続柄 count from the head (世帯主); a case
 * is about somebody else: 子の妻 of the head is the wife of one son and the mother of another member. */
#ifndef HUB_TEXT_KIN_H
#define HUB_TEXT_KIN_H

#include "base/arena.h"
#include "base/str.h"

struct hub_kin_member {
	struct hub_str relation;   /* as written: 世帯主, 妻, 子の妻, 長男 */
	struct hub_str sex;        /* "1" male, "2" female, else unknown */
	struct hub_str birth_date; /* ISO; tells 兄 from 弟 */
};

struct hub_kin {
	struct hub_str word; /* 妻, 孫, 子の妻, 妻の母; empty: cannot be told */
	int sure;            /* 0: what a household usually is (the wife of one's father: 母) */
};

/* What `to` is as seen from `from`. Empty for words the registry does not have, for 縁故者 and 同居人 but as the
 * head sees them, and where a chain goes through one of several (two sons, and 子の妻). */
struct hub_kin hub_kin_between(struct hub_arena *a, const struct hub_kin_member *members,
			       uint32_t n, uint32_t from, uint32_t to);

#endif
