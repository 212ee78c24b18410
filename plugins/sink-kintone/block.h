/* A block of rows against the records that an app has of them. */
#ifndef SINK_KINTONE_BLOCK_H
#define SINK_KINTONE_BLOCK_H

#include "ktrest.h"

#include <stdio.h>

enum { BLOCK_ROWS = 100 }; /* what kintone takes in one call */

struct block_field {
	const char *code;
	struct hub_str column;
	uint32_t col; /* of the batch at hand */
};

struct block {
	struct rest rest;
	int64_t app, space;
	struct block_field *field;
	uint32_t fields;
	const char *key_field, *mark_field;
	int checked; /* the app was asked for its fields */
};

/* Rows from..to of the batch: every one that was pending gets its verdict, or the call fails. */
int block_write(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		struct hub_err *err);
/* The call that would add all of these rows, one line, into a file; nothing is looked up or sent. */
int block_save(const struct block *k, struct hub_batch *b, uint32_t from, uint32_t to, FILE *file,
	       struct hub_err *err);
/* Takes the records of these rows (column 0: their keys) out of the app. */
int block_remove(struct block *k, struct hub_batch *b, uint32_t from, uint32_t to,
		 struct hub_err *err);
void block_reject(struct hub_batch *b, uint32_t r, const char *code, const char *reason);

#endif
