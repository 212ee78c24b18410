/* Records of an XML document, on libxml2's streaming reader: nothing is held but the record at hand.
 * Nothing outside the document is ever opened, no entity of its own is expanded. */
#ifndef SOURCE_XML_XREC_H
#define SOURCE_XML_XREC_H

#include "infile.h"
#include "jpath.h"

#include <libxml/xmlreader.h>

enum { XREC_DEPTH = 256, XREC_TOKENS = 32, XREC_ABOVE = 32, XREC_POINTER = 1024 };

struct xrec_level {
	uint32_t node; /* in the record's tree; JPATH_NONE outside or not wanted */
	int32_t matched;
};

/* Attribute of an element around the record. */
struct xrec_above {
	uint32_t col, up; /* up: levels above the record */
	struct hub_str name;
};

struct xrec {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	struct input *in;
	struct sheet *sheet;
	xmlTextReaderPtr reader;
	const char *encoding; /* instead of what the document says; NULL: as it says */
	struct hub_err *err;  /* of the call at hand */
	int io_rc;            /* failure of reading the file */
	/* settings */
	struct hub_str token[XREC_TOKENS]; /* of the records' path; "*": any element */
	int32_t tokens;
	uint32_t depth_limit;
	int discover;
	struct xrec_above above[XREC_ABOVE];
	uint32_t n_above;
	int (*record)(void *arg, struct hub_err *err);
	void *arg;
	/* state */
	struct jtree tree;
	struct xrec_level *level; /* XREC_DEPTH */
	uint32_t depth, record_depth;
	uint8_t in_record;
	uint64_t began_line;
	int fault, fault_line; /* of libxml2 */
};

/* records: "/a/b/item", "*" for any name. */
int xrec_init(struct xrec *x, struct input *in, struct sheet *sheet, struct hub_str records,
	      int64_t depth_limit, struct hub_err *err);
void xrec_close(struct xrec *x);
/* "a/b", "a/@id", "@id", "." within a record; "../@id" of the element around it. */
int xrec_column(struct xrec *x, struct hub_str name, struct hub_str path, struct hub_err *err);
/* From now on what comes makes columns and no records; 0 ends it. */
int xrec_discover(struct xrec *x, int on, struct hub_err *err);
/* Begins at the first byte. */
int xrec_restart(struct xrec *x, struct hub_err *err);
/* Up to the end of the next record: HUB_OK; HUB_END behind the document; else why it is refused. */
int xrec_step(struct xrec *x, struct hub_err *err);
/* Path of the records nobody has named: the first element that repeats, at the least depth; the root
 * when none does. */
int xrec_guess(struct xrec *x, char pointer[XREC_POINTER], struct hub_err *err);

#endif
