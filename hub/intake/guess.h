/* A first mapping for a file nobody has described: encoding, delimiter, title rows, header, what each
 * column means, and which column names a record. The mapping that comes out works: it was tried on the
 * whole file. What is not certain is said, with the reason; values never appear. */
#ifndef HUB_INTAKE_GUESS_H
#define HUB_INTAKE_GUESS_H

#include "base/table.h"
#include "plugin/load.h"
#include "store/schema.h"

struct hub_guess;

struct hub_guess_mapping {
	struct hub_str name;
	const char *path;
	int beside; /* of the site, in the folder that the new one goes into */
};
struct hub_guess_task {
	const char *path;
	struct hub_str name; /* of the mapping; empty: from the file's name */
	const struct hub_schema *schema;
	const struct hub_plugins *plugins;
	const struct hub_guess_mapping *mapping; /* those that are there already */
	uint32_t mappings;
};
/* Reads the file twice or three times, at any size. The task must outlive *out. */
int hub_guess_file(struct hub_arena *a, const struct hub_guess_task *task, struct hub_guess **out,
		   struct hub_err *err);

struct hub_guess_result {
	struct hub_str source;              /* plugin: "csv", "json", ... */
	int delimited;                      /* it reads delimited text: the next two are meant */
	struct hub_str encoding, delimiter; /* "cp932", "," or "tab" */
	uint64_t header_line;               /* physical line of the header; 0: there is none */
	uint64_t records, rejected;         /* of the trial with the mapping */
	uint64_t reject_line; /* of the first of them, 0: the source has no lines; and why */
	const char *reject_code;
	uint64_t aside; /* lines that are no records: notes, totals */
	uint32_t columns, mapped;
	struct hub_str key;         /* expression */
	uint64_t clashes;           /* records with the key of another one: they will be rejected */
	uint64_t unowned;           /* entries of a log that do not say whose they are */
	int nobody;                 /* a log that does not say whose its entries are */
	int nameless;               /* people of whom it says neither name nor number */
	int sheets_named;           /* the names of its sheets are those of people */
	int another_below;          /* another table begins below and is not read */
	struct hub_str sheets_left; /* sheets that hold something and are not read: "1, 3" */
	int year,
	    fiscal; /* taken for days that say none; 0: there are none, or no year was found */
	struct hub_str no_year; /* the column of those that are left out for it */
	int no_day;             /* a log that does not say when */
	int whose_above; /* lines above the header say whose the entries are, and are not read */
	int by_name;     /* people are told apart by their names alone */
	int registry;    /* of residents: looked up for the people of cases */
	struct hub_str known,
	    known_title;         /* the mapping that was there already and knows the file */
	int in_another_encoding; /* ... than it says */
	int keyless;             /* it needs for its keys what the file does not say */
	struct hub_str
	    *fitting; /* others that are there: they read the file, too, or expect its columns */
	uint32_t fittings;
	/* a mapping of the site that reads the file, or one of nearly these columns: under another name and system the
	 * same people would come in once more */
	struct hub_str like, like_name, like_system;
	int like_reads;
};
const struct hub_guess_result *hub_guess_result(const struct hub_guess *g);

/* The mapping file. */
struct hub_str hub_guess_mapping(const struct hub_guess *g);
/* One row per column: number, column, field, confidence in percent, reason. NULL: out of memory. */
struct hub_table *hub_guess_table(const struct hub_guess *g, struct hub_arena *a);
/* How it is read, what the trial gave and what a person must know or do: a line each. */
void hub_guess_say(const struct hub_guess *g, struct hub_buf *out);
/* All of this as a page that prints on A4, with the mapping file below. */
void hub_guess_html(const struct hub_guess *g, struct hub_buf *out);

#endif
