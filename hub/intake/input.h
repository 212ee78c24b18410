/* The input of a run: which source plugin with which options, what it is called, how it is laid out. */
#ifndef HUB_INTAKE_INPUT_H
#define HUB_INTAKE_INPUT_H

#include "intake/pipeline.h"
#include "plugin/host.h"

/* Opens the source. Options: the mapping's, then the call's, then the input file, which must still be the one that
 * was hashed, if it was. */
int hub_input_open(struct hub_arena *a, const struct hub_intake *in, struct hub_str pos,
		   struct hub_instance **out, struct hub_err *err);
/* Column names of a batch in UTF-8. */
int hub_input_names(struct hub_arena *a, const struct hub_batch *b, struct hub_str **out,
		    struct hub_err *err);
/* Content hash, size and names of in->spec, in->version and in->seen; the mapping's hash covers detectors as well. */
int hub_input_specify(struct hub_arena *a, struct hub_intake *in, struct hub_err *err);

/* Another header than the expected one: is it only read in the wrong encoding? Then says that instead
 * of a difference nobody can read. Returns the rc of err. */
int hub_input_drift(const struct hub_batch *b, struct hub_buf *drift, struct hub_err *err);
/* For a lookup the mapping's hash covers the case set as well. */
int hub_input_case_set(struct hub_arena *a, const char *hash, struct hub_run_spec *spec,
		       struct hub_err *err);

/* Layout by options, header and encoding of the first batch. name: of the columns, kept by pointer. */
void hub_input_layout(const struct hub_intake *in, const struct hub_batch *first,
		      const struct hub_str *name, struct hub_layout *out);
/* A later batch: the encoding of a file may show only at its first byte that is not ASCII. */
void hub_input_seen(const struct hub_batch *b, struct hub_layout *l);
/* For a part of an input: the places where its records stood at first. */
void hub_input_place(const struct hub_intake *in, struct hub_batch *b);

#endif
