/* A family as released rows tell it: people, parents, couples, and who else is around the client. Rows of
 * person, case, household_member, relationship and agency come in in any order; kin_settle() then knows who is
 * who. What the gate has masked has no name here: the word for what somebody is to the client stands for it. */
#ifndef PLUGINS_SHARED_KIN_H
#define PLUGINS_SHARED_KIN_H

#include "room.h"

enum { KIN_PEOPLE = 400, KIN_TIES = 2000, KIN_LINKS = 80, KIN_UNIONS = 400 };
#define KIN_NONE UINT32_MAX

enum kin_sex { KIN_UNKNOWN = 0, KIN_MALE, KIN_FEMALE };
enum kin_tie_kind { KIN_PARENT = 1, KIN_COUPLE, KIN_SIBLING, KIN_LOOSE, KIN_NO_KIN };
enum kin_strength { KIN_NORMAL = 0, KIN_STRONG, KIN_WEAK, KIN_STRESS, KIN_BROKEN };

struct kin_person {
	struct hub_str key;
	struct hub_str name;  /* empty: may not be shown */
	struct hub_str birth; /* "1980" or "40代"; empty: may not be shown, or not known */
	struct hub_str word;  /* what it is to the client; empty: not known */
	enum kin_sex sex;
	int dead, client, together; /* together: of the client's household */
	int drawn;                  /* is in the family map */
	int generation;             /* of the client's 0; parents -1 */
	double x, y;
};

/* a: child, b: parent; or a couple; or a: client, b: somebody whose way to it is not known. */
struct kin_tie {
	uint32_t a, b;
	enum kin_tie_kind kind;
	int dashed;       /* not by birth; not married */
	int ended, apart; /* couple: divorced; living apart */
	int generation;   /* KIN_LOOSE: of b, seen from a */
};

/* A couple, or one parent (b KIN_NONE), or nobody known (both), with their children. */
struct kin_union {
	uint32_t a, b;
	int dashed, ended, apart;
	uint32_t first, n; /* of child[] */
	double mid, bus;   /* where the line of the children leaves, and its height */
};

/* Somebody or something outside of the family, or a relation whose strength is told. */
struct kin_link {
	struct hub_str label, note;
	enum kin_strength strength;
};

struct kin_child {
	uint32_t person;
	int dashed;
};

struct kin {
	struct room room;
	struct kin_person *person;
	uint32_t people;
	struct kin_tie *tie;
	uint32_t ties;
	struct kin_link *link;
	uint32_t links;
	struct kin_union *un;
	uint32_t unions;
	struct kin_child *child;
	uint32_t children;
	struct kin_row *row; /* relationships as they came, for kin_settle() */
	uint32_t rows;
	struct hub_str *agency; /* key, name, key, name ... */
	uint32_t agencies;
	struct hub_str client; /* key */
	uint32_t cases;
	double width, height; /* of the family map */
};

enum kin_rc { KIN_OK = 0, KIN_FULL = -1, KIN_MEMORY = -2 };

int kin_open(struct kin *k); /* 0, or -1 when out of memory */
void kin_close(struct kin *k);
/* Takes over what it needs of the rows of any entity; enum kin_rc. */
int kin_take(struct kin *k, const struct hub_batch *b);
/* All rows are there: people, ties, links. */
int kin_settle(struct kin *k);
/* Generations, unions, places. */
void kin_layout(struct kin *k);
const struct kin_person *kin_client(const struct kin *k);

#endif
