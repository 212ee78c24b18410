/* Cuts CSV text into records and fields; pure, no I/O, no allocation. Fields point into the text.
 * The text is in an encoding in which the delimiter, the quote and the line ends can be told byte
 * by byte (the reader decodes first where they cannot). Rules: RFC 4180; what is left open there
 * (bare CR, blank lines) is decided in README.md. */
#ifndef SOURCE_CSV_SPLIT_H
#define SOURCE_CSV_SPLIT_H

#include <hub/plugin.h>

enum split_rc {
	SPLIT_OK = 0,
	SPLIT_MORE, /* the text ends inside the record, and more may come */
	SPLIT_BAD,  /* see split_record.fault */
};

enum split_fault {
	SPLIT_FINE = 0,
	SPLIT_QUOTE_IN_TEXT,    /* a"b */
	SPLIT_TEXT_AFTER_QUOTE, /* "a"b */
	SPLIT_UNCLOSED,         /* a quote that is open at the end, or closes in another record */
	SPLIT_NUL,
	SPLIT_TOO_LONG,
	SPLIT_TOO_MANY, /* more fields than split_record.cap */
};

/* How the text is written. Filled by split_dialect_init(), except the flags. */
struct split_dialect {
	char delimiter[4], comment[4];       /* one character in the text's encoding */
	uint32_t delimiter_len, comment_len; /* comment_len 0: no comments */
	int quote;                           /* byte, -1: quotes mean nothing */
	uint8_t tolerant, trim, cr_ends;     /* cr_ends: a bare CR ends a record */
	uint8_t below; /* all bytes with a meaning are smaller; 0: one is not ASCII */
	uint8_t meaning[256];
	uint64_t limit; /* longest field in bytes */
};

struct split_text {
	const char *base;
	size_t len;
	uint8_t last; /* nothing comes after it */
	uint8_t full; /* the reader cannot hold more: what is not complete now never will be */
};

struct split_field {
	const char *ptr;
	uint32_t len;
	uint8_t cell;    /* HUB_NULL (nothing between delimiters) or HUB_VALUE */
	uint8_t doubled; /* holds quotes to be undone: split_undouble() */
};

struct split_record {
	struct split_field *field; /* caller's memory: cap fields */
	uint32_t cap, n;
	uint32_t quoted;         /* fields in quotes */
	size_t start, stop, end; /* stop: without the line end; end: start of the next record */
	enum split_fault fault;
	size_t fault_at, quote_at; /* quote_at: where the last quoted field opened */
};

void split_dialect_init(struct split_dialect *d, struct hub_str delimiter, int quote,
			struct hub_str comment);
/* The record that starts at `at` (< t->len). When BAD, n counts the fields before the fault. */
int split_record(const struct split_dialect *d, const struct split_text *t, size_t at,
		 struct split_record *r);
/* 1 when a line with nothing in it. */
int split_is_blank(const struct split_record *r);
/* Width of the comment line at `at` with its line end, 0 when it is none; SPLIT_MORE in *more when
 * the text ends inside it. */
size_t split_comment(const struct split_dialect *d, const struct split_text *t, size_t at,
		     int *more);
/* Start of the physical line after `at`, t->len when there is none. */
size_t split_next_line(const struct split_dialect *d, const struct split_text *t, size_t at);
/* Line ends between two places. */
uint64_t split_lines(const struct split_dialect *d, const struct split_text *t, size_t from,
		     size_t to);
/* After a broken record: the first physical line from the one at `at` on, before `stop`, on which a
 * record of `width` fields begins (0: of any width); `stop` itself when there is none. SPLIT_MORE:
 * the text ends too early to tell about the line *found. r is scratch. */
int split_footing(const struct split_dialect *d, const struct split_text *t, size_t at, size_t stop,
		  uint32_t width, struct split_record *r, size_t *found);
/* 1 when a complete record of several lines has swallowed others: every line inside it reads as a
 * record of `width` fields. r is scratch. */
int split_swallows(const struct split_dialect *d, const struct split_text *t, size_t start,
		   size_t end, uint32_t width, struct split_record *r);
/* Writes the field without doubled quotes; out has room for f->len. Returns the length. */
size_t split_undouble(const struct split_dialect *d, const struct split_field *f, char *out);
/* 1 when the text was written with bare CR as line end (Mac OS 9): no LF at all, and at least two
 * records of the same width, two or more, appear when CR ends them. r is scratch. */
int split_is_old_mac(const struct split_dialect *d, const struct split_text *t,
		     struct split_record *r);

#endif
