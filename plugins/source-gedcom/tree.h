/* Who is whose parent, who are a couple, and what everyone is to the client (本人). */
#ifndef SOURCE_GEDCOM_TREE_H
#define SOURCE_GEDCOM_TREE_H

#include "lines.h"

#define TREE_NOBODY UINT32_MAX

enum tree_sex { TREE_UNKNOWN = 0, TREE_MALE, TREE_FEMALE };
enum tree_bond { TREE_BIRTH = 0, TREE_ADOPTED, TREE_FOSTER, TREE_STEP };

struct tree_person {
	struct hub_str xref;
	struct hub_str birth; /* as written */
	enum tree_sex sex;
	char path
	    [8]; /* from the client: U to a parent, D to a child, S to a spouse; "": the client */
	int reached;
	int ended; /* the S of a path is of a couple that came apart */
};

struct tree_edge {
	struct hub_str a, b, family; /* child and parent, or a couple */
	uint32_t ia, ib;             /* persons, TREE_NOBODY when there is no such record */
	uint64_t line; /* of the family record; edges stand in the order of the file */
	int couple, ended;
	enum tree_bond bond;
};

struct tree {
	struct tree_person *person; /* sorted by xref once it is read */
	uint32_t persons;
	struct tree_edge *edge;
	uint32_t edges;
	uint32_t client; /* TREE_NOBODY: the file has no person */
	struct room rooms[3];
};

/* Reads all families. client: the xref, with or without @; empty: the first person of the file. */
int tree_read(struct tree *t, const struct lines *l, struct hub_str client, struct hub_err *err);
void tree_close(struct tree *t);
uint32_t tree_find(const struct tree *t, struct hub_str xref);
/* The person's word for what it is to the client ("母", "兄"); "": the client itself, or nothing is known. */
const char *tree_relation(const struct tree *t, uint32_t person);
/* What a parent is called by its child. */
const char *tree_parent_word(enum tree_sex sex, enum tree_bond bond);
const char *tree_spouse_word(enum tree_sex sex, int ended);

#endif
