/* What the files of this plugin share: the columns, the record at hand, and what its lines put into it. */
#ifndef SOURCE_GEDCOM_GEDCOM_H
#define SOURCE_GEDCOM_GEDCOM_H

#include "sheet.h"
#include "tree.h"

enum { TIES_MOST = 64 };

/* Columns, in the order of names[]. */
enum column {
	KIND = 0,
	CASE,
	NUMBER,
	OTHER,
	RELATION,
	CLIENT,
	NAME,
	FAMILY,
	GIVEN,
	KANA,
	OTHER_NAMES,
	SEX,
	BIRTH,
	DEAD,
	DEATH,
	FROM,
	TO,
	STATE,
	NOTE,
	COLUMNS
};

struct gedcom_conf {
	struct hub_str path, client, family;
	int64_t encoding, text_limit, batch_rows;
};

/* What a couple's events say; the last of them counts. */
struct bond {
	struct hub_str from, to;
	const char *state;
};

/* Somebody a person is associated with (godparent, witness, neighbour), and as what. */
struct tie {
	struct hub_str other, role;
};

struct gedcom {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const struct gedcom_conf *conf;
	struct input in;
	struct room room;
	struct lines lines;
	struct tree tree;
	struct sheet sheet;
	struct line_at at;
	struct line head; /* of the record at hand */
	struct hub_str tag[4];
	int names; /* NAME lines of this person so far */
	struct bond bond;
	enum column last; /* where CONT and CONC go on; COLUMNS: nowhere */
	const char *bad;  /* why the record is refused */
	uint32_t edge;    /* of the tree, that comes next */
	struct tie tie[TIES_MOST];
	uint32_t ties;
	uint64_t row, skip;
	int loaded, ended;
};

/* person.c. Values go into the row at hand, behind what the column has already; an empty one is no value. */
int ged_put(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err);
/* The number of a record, without its @. */
int ged_put_number(struct gedcom *g, enum column c, struct hub_str xref, struct hub_err *err);
/* Without its escapes. */
int ged_put_value(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err);
int ged_put_date(struct gedcom *g, enum column c, struct hub_str v, struct hub_err *err);
/* A line below INDI; below FAM. */
int ged_read_person(struct gedcom *g, const struct line *line, struct hub_err *err);
void ged_read_couple(struct gedcom *g, const struct line *line);

#endif
