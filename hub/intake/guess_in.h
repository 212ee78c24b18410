/* What guess_*.c share. */
#ifndef HUB_INTAKE_GUESS_IN_H
#define HUB_INTAKE_GUESS_IN_H

#include "intake/choice.h"
#include "intake/guess.h"
#include "intake/mapping.h"
#include "plugin/host.h"
#include "text/encoding.h"
#include "text/fold.h"

/* What a cell looks like, whatever the header says. */
enum guess_look {
	LOOK_DATE = 0,
	LOOK_DATETIME, /* a date with a time of day */
	LOOK_TIME,
	LOOK_INT,
	LOOK_PHONE,
	LOOK_POSTAL,
	LOOK_KANA,
	LOOK_EMAIL,
	LOOK_URL,
	LOOK_ADDRESS, /* begins with a prefecture or municipality */
	LOOK_LATITUDE,
	LOOK_LONGITUDE,
	LOOK_LAT_LON,  /* both in one cell */
	LOOK_LON_LAT,  /* the longitude first */
	LOOK_LONG_AGO, /* a day more than fifteen years ago */
	LOOK_TWELVE,   /* 12 digits */
	LOOK_MYNUMBER, /* ... with the check digit of an individual number */
	LOOK_BOOL,
	LOOK_ORG,       /* holds a word that organisations and facilities are named with */
	LOOK_NAME,      /* kanji or kana, in one or two words as short as names of people are */
	LOOK_FULL_NAME, /* two of them */
	LOOK_MOBILE,
	LOOK_SPAN,       /* 10:00～10:30 */
	LOOK_RUBY,       /* 山田 花子（やまだ はなこ） */
	LOOK_SERIAL,     /* a day number of Excel */
	LOOK_REIWA,      /* a date that says its era, the present one */
	LOOK_NO_YEAR,    /* 4月3日, 4/3 */
	LOOK_NO_ERA,     /* 6.4.2: a date of the present era, if it is one */
	LOOK_PHONE_HEAD, /* 0467, 090: what a number begins with */
	LOOK_HOURS,      /* 1時間15分, 0:30 */
	LOOK_SELF,       /* 本人 */
	LOOK_MARK,       /* ○, ×: nothing but a mark */
	LOOK_TAGS,       /* <div>...<br></div> */
	LOOK_INSIDE,     /* a table or an object of its own: [{"日付": ...}] */
	LOOKS,
};

/* Between the choices of one cell. */
#define GUESS_SEPARATORS ";；、・／|｜,\n"

enum {
	GUESS_HEADER_WITHIN = 20,
	GUESS_SETS = 8,
	GUESS_LISTS = 8,
	GUESS_UNITS = 4,
	GUESS_LABELS = 3,
	GUESS_SAID = 3,
	GUESS_TRIED = 3000,
	GUESS_CANDS = 24,
	GUESS_FEW = 3, /* cells: fewer contradict no word of a header */
	ADDRESSES = 100,
	LONG_AGO = 15 * 365 /* days */
};

/* Which contents a key had, to see whether it names one record only. */
struct guess_unique {
	uint64_t *slot; /* pairs of key and content; heap */
	size_t cap, n;
	uint64_t
	    clashes; /* keys that came again with another content; no longer counted without slots */
	uint8_t broken; /* there were any */
};

struct guess_col {
	struct hub_str name, ref; /* as in the header; as an expression writes it */
	uint64_t filled, tried, many_lines, max_chars, refused; /* refused: by the trial */
	uint32_t look[LOOKS];
	/* of days without a year: a bit for each month; a month later or earlier than the one above, or half a year */
	uint32_t months, later, earlier, leaps, falls;
	int32_t month;                             /* of the last one */
	const struct hub_codes *list[GUESS_LISTS]; /* of fields it may mean */
	uint32_t list_hits[GUESS_LISTS],
	    part_hits[GUESS_LISTS]; /* part: all of several in a cell */
	uint32_t lists;
	const struct hub_field
	    *label[GUESS_LABELS];         /* different ones that its cells are the names of */
	uint32_t labels, labelled;        /* of them; cells that are such names */
	int names_name;                   /* one of them is that of a person's name */
	struct hub_str unit[GUESS_UNITS]; /* behind numbers: 人, 歳 */
	uint32_t units;
	struct guess_unique unique;
	uint64_t odd_filled;    /* in sparse lines */
	uint64_t last, counted; /* counted: cells that are one more than the one above, from 1 on */
	struct hub_str said[GUESS_SAID]; /* in lines that are the header again */
	uint32_t again;
	struct hub_str total[GUESS_SAID]; /* 合計, 小計: lines that begin with it */
	uint32_t totals;
	uint8_t sums; /* 健康課 計: lines that end with it */
	uint8_t forbidden, dropped;
	/* the decision */
	const struct hub_field *field,
	    *also;                      /* also: the same column in a second entity, or field */
	const struct hub_field *others; /* what it would be, of somebody else */
	const struct hub_field *means;  /* what it is, without being mapped; field is NULL then */
	uint32_t part_of;               /* column of the same field it is appended to */
	int confidence;
	const char *reason;             /* translated */
	struct hub_str expr, also_expr; /* conversion included; also_expr: of `also` */
	struct hub_str written;         /* a date of several columns, before it is read */
	struct hub_str staff;           /* the kind of staff whose working time it is */
	uint8_t is_time;
	uint8_t lenient;                   /* invalid = "null": not all cells can be read */
	uint8_t choice;                    /* one of several that fill a field together */
	uint8_t drop, keep_numbers, until; /* until: the end of the time its part begins */
	uint8_t hyphen, note;              /* a part of it begins with a hyphen, or 備考 */
};

#define GUESS_NO_PART UINT32_MAX

/* The year that a title or a name speaks of; 0: none. */
struct guess_year {
	int number, fiscal, month; /* month: 0, if it says none */
};

/* A line that may be the header. */
struct guess_line {
	const struct hub_str *cell; /* trimmed; of all lines from the same column on */
	uint32_t n;
	uint64_t at; /* its number in the file */
	int fits;    /* it is as wide as the data */
};

struct guess_tries {
	struct hub_err last, trouble;
};

struct hub_guess {
	struct hub_arena *arena;
	struct guess_tries *tries; /* hub_guess_try() */
	const struct hub_guess_task *task;
	const struct hub_mapping *
	    *shelf; /* the mappings of the task; NULL: one that cannot be read */
	const struct hub_schema *schema;
	const struct hub_plugins *plugins;
	const struct hub_plugin *source; /* delimited: csv or one like it */
	uint32_t delimited;
	const char *path;
	struct hub_str name, file;
	struct hub_guess_result result;
	enum hub_enc enc;
	char delimiter;
	uint32_t skip, has_header, tolerant;
	int ascii; /* delimited: what was looked at says nothing about the encoding */
	/* options of a source that is not delimited text: how its sheets are laid out */
	struct {
		const char *name;
		struct hub_str value;
	} set[GUESS_SETS];
	/* of the header found last: rows it has, names that are known, rows below it */
	uint32_t header_rows, header_merit, header_below;
	struct hub_str title;   /* what stands above the header */
	struct guess_year year; /* that it says, or the file's name */
	struct guess_line head; /* of a sheet: its last row */
	uint32_t around;        /* columns, the first ones, that stand above the table */
	int prose;              /* a document that is one record, all of its text */
	int is_form;            /* labels and boxes, a sheet or a document a record */
	uint32_t unread;        /* texts of it that no column holds */
	uint32_t inner;         /* its last columns: of a table inside, kept but not mapped */
	struct hub_str sheet;   /* number of the one that was looked at */
	uint64_t next_line;     /* of delimited text: where another table begins below; 0: none */
	size_t
	    line_length; /* ... all of whose lines are as long, in bytes, and have one cell; else 0 */
	struct hub_str until; /* of a sheet: what the next table below begins with */
	struct hub_str table; /* in the records: its rows are read; empty: none */
	uint32_t sets, told;  /* told: the source has said what it had to say about the file */
	int32_t long_ago;     /* day before which a date is rather one of birth */
	uint64_t rows, sparse, headers, totals; /* the last three: lines that are no records */
	uint64_t tail;  /* of the sparse ones: below the last record, of one cell at most */
	int leave_odd;  /* they are few: they count for nothing */
	int certified;  /* certifications of an insurer or a municipality */
	int restricted; /* people under display restriction */
	struct guess_col *col;
	uint32_t cols;
	struct hub_str mapping;
};

/* guess_form.c: how the file is written. */
int hub_guess_form(struct hub_guess *g, struct hub_err *err);
/* Is the line of another table below? Then it says nothing of this one. */
static inline int hub_guess_beyond(const struct hub_guess *g, uint64_t line)
{
	return g->next_line && line >= g->next_line;
}
/* guess_known.c: a mapping that is there already and knows the file: result.known. */
int hub_guess_known(struct hub_guess *g, struct hub_err *err);
/* Else those that expect the same columns: result.fitting. */
void hub_guess_fitting(struct hub_guess *g);
/* And one of the site that reads it, or nearly: result.like. */
void hub_guess_like(struct hub_guess *g);
/* guess_sheet.c: the same for sheets of a workbook. */
int hub_guess_sheet(struct hub_guess *g, struct hub_err *err);
/* Those that hold something and are not read: result.sheets_left. */
void hub_guess_sheets_left(struct hub_guess *g);
int hub_guess_is_full_name(struct hub_str s); /* guess_scan.c */
/* The option that says in how many lines the names stand; none where it is one. */
void hub_guess_header_rows(struct hub_guess *g);
/* guess_header.c: which of the first lines holds the names of columns; -1: none. *rows: how many lines
 * they stand in, from that one on. */
int hub_guess_header(const struct hub_guess *g, const struct guess_line *line, uint32_t n,
		     uint32_t *rows);
/* How many of its cells say something. */
uint32_t hub_guess_said(const struct guess_line *l);
/* How many of its cells the schema knows by name. */
uint32_t hub_guess_named(const struct hub_guess *g, const struct guess_line *l);
/* guess_across.c: refuses a table that lies on its side: a person a column, a field a line. */
int hub_guess_refuse_across(const struct hub_guess *g, const struct guess_line *line, uint32_t n,
			    struct hub_err *err);
/* The same for the first lines of a sheet, by number. */
int hub_guess_sheet_across(struct hub_guess *g, struct hub_str sheet, struct hub_err *err);
/* guess_around.c: what stands above the table: labels with the values of all its records. */
int hub_guess_around(struct hub_guess *g, struct hub_err *err);
/* Does a line above a table of delimited text, which nothing reads, say whose it is? */
int hub_guess_whose_above(const struct hub_guess *g, const struct guess_line *l);
/* 利用者名：甲野 太郎: label and value in one cell. *label: what stands in front of the colon. */
int hub_guess_in_one_cell(struct hub_str text, struct hub_str *label);
/* guess_boxes.c: forms. *found: it is one, and the options say how it is read. */
int hub_guess_boxes(struct hub_guess *g, int *found, struct hub_err *err);
/* A document without a table whose lines begin with a date; 1: the options say so. */
int hub_guess_log(struct hub_guess *g);
/* guess_prose.c: minutes, letters: 1: the options say so. */
int hub_guess_prose(struct hub_guess *g);
/* The i-th label that stands before the day of such a document; NULL behind the last. */
const char *hub_guess_day_label(size_t i);
/* guess_tables.c: a table in the records of an app. */
int hub_guess_tables(struct hub_guess *g, struct hub_err *err);
int hub_guess_in_table(const struct hub_guess *g, const struct guess_col *c);
struct hub_str hub_guess_table_key(const struct hub_guess *g);
/* guess_scan.c: what stands in the columns. */
int hub_guess_open(struct hub_guess *g, struct hub_instance **out, struct hub_err *err);
/* The first rows as the options say now, into a batch that may be NULL without memory; warnings are for the reading that
 * is told. HUB_END: there are none. */
int hub_guess_read(struct hub_guess *g, struct hub_batch *b, struct hub_err *err);
/* For the error of a trial. That the file is not what was tried is forgotten; that there was no memory or that it
 * could not be read is not: guess() ends with it, for what was thought instead may be wrong. */
struct hub_err *hub_guess_try(const struct hub_guess *g);
int hub_guess_scan(struct hub_guess *g, struct hub_err *err);
/* guess_odd.c: lines that are no records. */
enum guess_odd { GUESS_RECORD = 0, GUESS_SPARSE, GUESS_HEADER_AGAIN, GUESS_TOTAL };
enum guess_odd hub_guess_odd(const struct hub_guess *g, const struct hub_batch *b, uint32_t r);
/* Cells of a line that hold something. */
uint32_t hub_guess_filled(const struct hub_guess *g, const struct hub_batch *b, uint32_t r);
/* Counts which columns such a line fills. 0, or -1: out of memory. */
int hub_guess_odd_note(struct hub_guess *g, const struct hub_batch *b, uint32_t r,
		       enum guess_odd odd);
/* The condition that leaves them out; empty: there are none, or no column tells. */
struct hub_str hub_guess_scope(const struct hub_guess *g);
/* guess_match.c: what the columns mean. */
int hub_guess_match(struct hub_guess *g, struct hub_err *err);
/* The column that fills a field; NULL: none does. */
struct guess_col *hub_guess_filler(const struct hub_guess *g, const char *entity,
				   const char *field);
struct guess_col *hub_guess_filler_of(const struct hub_guess *g, const struct hub_field *f);
void hub_guess_decide(struct guess_col *c, const struct hub_field *f, int confidence,
		      const char *reason);
/* What it is, though the mapping that is written has no place for it: a person must say how. */
void hub_guess_mean(struct guess_col *c, const struct hub_field *f, int confidence,
		    const char *reason);
/* guess_fit.c: percent of the cells that look like that. */
int hub_guess_share(const struct guess_col *c, enum guess_look look);
/* Percent of the cells that fit a field; 100 for a free text, -1 when there is nothing to see. */
int hub_guess_fit(const struct guess_col *c, const struct hub_field *f);
/* guess_key.c: what names a record. */
int hub_guess_key(struct hub_guess *g, struct hub_err *err);
/* How a mapping writes the number of something as a key: one in full-width digits is the same number. */
struct hub_str hub_guess_number(const struct hub_guess *g, struct hub_str expr);
/* №: 1, 2, 3 ... down the list. It is another one as soon as a line comes in between. */
int hub_guess_running(const struct guess_col *c);
/* Key of the person of a row of a log that has names and no numbers: the name, and the birth date where there is one.
 * Empty: it has numbers, or each row is somebody else. */
struct hub_str hub_guess_by_name(struct hub_guess *g, const struct guess_col **name);
/* guess_cert.c: lists of certifications, which are looked up like the registry. */
int hub_guess_certify(struct hub_guess *g, struct hub_err *err);
/* Key of the person of a row; empty: the file says no number. */
struct hub_str hub_guess_certified_person(const struct hub_guess *g);
/* guess_staff.c: a column of working time for each kind of staff. */
void hub_guess_staff(struct hub_guess *g, const struct hub_entity *main);
/* Fields a header may mean, best first; how many. */
struct guess_cand {
	const struct hub_field *field;
	int score; /* 90 the word itself, 80 without a known prefix, 60 its end */
};
uint32_t hub_guess_candidates(const struct hub_schema *s, struct hub_str header,
			      struct guess_cand *out, uint32_t cap);
/* Those of a column. */
struct guess_words {
	struct guess_cand cand[GUESS_CANDS];
	uint32_t n;
};
/* guess_group.c: kinds of files. */
enum guess_group {
	GUESS_PEOPLE = 0,
	GUESS_REGISTRY,
	GUESS_RESOURCES,
	GUESS_CERTIFIED,
	GUESS_STAFF,
	GUESS_AGENCIES,
	GUESS_SCHEMES,
	GUESS_WORKLOAD,
	GUESS_GROUPS,
};
enum guess_group hub_guess_group(const struct hub_guess *g, const struct guess_words *words);
int hub_guess_in_group(enum guess_group group, const struct hub_entity *e);
/* How many headers speak of an entity. */
uint32_t hub_guess_hits(const struct hub_guess *g, const struct guess_words *words,
			const struct hub_entity *e);
/* The entity of a group of which most headers speak. */
const struct hub_entity *hub_guess_main(const struct hub_guess *g, const struct guess_words *words,
					enum guess_group group);
/* guess_restricted.c: a list of people under display restriction? Then what its columns are. */
int hub_guess_is_restricted(const struct hub_guess *g, const struct guess_words *words);
int hub_guess_restrict(struct hub_guess *g, const struct guess_words *words, struct hub_err *err);
/* guess_whose.c: whose the things are that a header or a heading begins with: who came, the client, or
 * nobody that is known. */
enum guess_whose { WHOSE_NOBODY = 0, WHOSE_VISITOR, WHOSE_CLIENT };
enum guess_whose hub_guess_whose(struct hub_str s);
/* Identifies or reaches the client. */
int hub_guess_is_of_self(const struct hub_field *f);
/* What the words of the columns say is theirs, where the header says that it is somebody else's. */
void hub_guess_part_visitor(struct hub_guess *g, struct guess_words *words);
void hub_guess_part_others(struct hub_guess *g, struct guess_words *words);
void hub_guess_part_relative(struct hub_guess *g, struct guess_words *words);
/* 児童姓, 児童名: a name in two columns. 児童名 alone may be all of it. */
void hub_guess_part_names(struct hub_guess *g, struct guess_words *words);
/* A mapping can read the first of them only. */
int hub_guess_refuse_beside(const struct hub_guess *g, const struct guess_words *words,
			    struct hub_err *err);
int hub_guess_same_stem(struct hub_str a, struct hub_str b);
/* guess_bare.c: what only the cells tell. Places of which latitude and longitude stand in one cell. */
int hub_guess_places(struct hub_guess *g, const struct hub_entity *main, struct hub_err *err);
/* Without a header: is it a list of people? Then what its columns are. */
int hub_guess_about_people(const struct hub_guess *g);
void hub_guess_people(struct hub_guess *g);
/* ... or of whom one knows at other organisations? */
int hub_guess_about_contacts(const struct hub_guess *g);
void hub_guess_contacts(struct hub_guess *g);
/* A column whose header says nothing, by what its cells are like, for fields still free. */
void hub_guess_looks(struct hub_guess *g, struct guess_col *c, const struct hub_entity *main);
/* A list of things needs their name: the first column of differing words, if no header says so. */
void hub_guess_list_name(struct hub_guess *g, const struct hub_entity *main);
/* guess_together.c: columns that only together are something. */
int hub_guess_options(struct hub_guess *g, struct hub_err *err);
/* 支援区分[障害] beside 支援区分[生活困窮], with a mark or nothing in their cells: a choice, and not what its header ends
 * with. */
int hub_guess_is_option(const struct hub_guess *g, uint32_t at);
/* guess_cells.c: ○, レ, ☑: a cell that says yes or no and nothing else. */
int hub_guess_is_mark(struct hub_str s);
void hub_guess_times(struct hub_guess *g);
/* guess_cells.c: one column that is two things, or written in two ways. */
void hub_guess_cell(struct guess_col *c, struct hub_str s);
int hub_guess_this_year(void);
int hub_guess_spans(struct hub_guess *g, struct hub_err *err);
int hub_guess_rubies(struct hub_guess *g, struct hub_err *err);
void hub_guess_phones(struct hub_guess *g);
/* How the days of a column are read; options of date(). Empty: as they stand. */
const char *hub_guess_days(const struct guess_col *c);
/* 年, 月 and 日 in three columns: the third one is the day, with an expression of its own. Before the words are
 * matched; the header that it is matched by, or an empty text. */
struct hub_str hub_guess_ymd(struct hub_guess *g, uint32_t at);
/* guess_era.c: the era in that column, in words, where it is a number and the years behind it tell of which list;
 * empty: they do not. */
struct hub_str hub_guess_era(struct hub_guess *g, uint32_t era);
int hub_guess_clock(struct hub_guess *g, struct hub_err *err);
/* guess_year.c: days without a year. */
void hub_guess_month(struct guess_col *c, struct hub_str s);
int hub_guess_years(struct hub_guess *g, struct hub_err *err);
/* guess_settle.c: columns that have no record to go into, once it is known what all of them mean. */
void hub_guess_settle(struct hub_guess *g);
/* What a column is by the columns beside it, as soon as all headers are matched. */
void hub_guess_beside(struct hub_guess *g);
/* The column that fills a field of an entity, also or only; NULL: none does. */
const struct guess_col *hub_guess_column_of(const struct hub_guess *g, const struct hub_entity *e,
					    const char *field);
/* The column that names the rows of an entity that several records share; NULL: the record's key. A
 * name tells the staff of a list apart, not the cases that somebody works on. */
const struct guess_col *hub_guess_names_rows(const struct hub_guess *g, const struct hub_entity *e);
int hub_guess_fills(const struct guess_col *c, const struct hub_entity *e);
/* How many columns fill an entity. */
int hub_guess_is_filled(const struct hub_guess *g, const struct hub_field *f);
uint32_t hub_guess_filled_of(const struct hub_guess *g, const struct hub_entity *e);
/* A dump of the resident registry holds everybody who lives here, with their history: it is looked up, not copied. */
int hub_guess_is_registry(const struct hub_guess *g);
const struct guess_col *hub_guess_registry(const struct hub_guess *g, const char *field);
/* guess_write.c */
int hub_guess_write(struct hub_guess *g, struct hub_err *err);
/* A text in quotes, as a mapping holds it. */
void hub_guess_quote(struct hub_buf *b, struct hub_str s);
int hub_guess_unique_add(struct guess_unique *u, uint64_t key, uint64_t content);
void hub_guess_unique_free(struct guess_unique *u);
/* A number that was given twice by mistake: one in a hundred at most. */
int hub_guess_unique_nearly(const struct guess_unique *u);

#endif
