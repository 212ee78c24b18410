/* Office files (.xlsx, .docx) as packages: a zip archive of parts that refer to each other.
 * ISO/IEC 29500-2. What is no such package, or a hostile one, is refused here, by name and with what to
 * do: legacy and encrypted files, archives that are cut off, lead out of themselves or unpack without
 * end. Nothing is ever written to disk. */
#ifndef PLUGINS_SHARED_OPC_H
#define PLUGINS_SHARED_OPC_H

#include <hub/plugin.h>
#include <zip.h>

enum { OPC_NAME = 512 };

struct opc {
	struct hub_ctx *ctx;
	const struct hub_host *host;
	const char *path; /* of the file */
	const char *want; /* extension for messages: "xlsx" */
	zip_t *zip;
	uint64_t limit, used; /* bytes unpacked, of all parts together */
};

/* path: copied. want: "xlsx" or "docx". limit: most bytes that may be unpacked. On failure nothing is
 * left open. */
int opc_open(struct opc *o, struct hub_ctx *ctx, const struct hub_host *host, struct hub_str path,
	     const char *want, uint64_t limit, struct hub_err *err);
void opc_close(struct opc *o);
/* Index of a part, or -1. Names compare as ISO 29500-2 has it: without case; a leading slash and
 * backslashes, which some writers use, make no difference. */
int64_t opc_find(const struct opc *o, const char *name);
/* The part that a relationship of `base` ("xl/workbook.xml") names: "worksheets/sheet1.xml" or "/xl/...".
 * -1 when it leads out of the package. */
int opc_resolve(const char *base, struct hub_str target, char out[OPC_NAME]);
/* "xl/workbook.xml" -> "xl/_rels/workbook.xml.rels"; -1 when too long. */
int opc_rels_name(const char *part, char out[OPC_NAME]);

struct opc_part {
	struct opc *o;
	zip_file_t *file;
	uint64_t size, packed, place; /* place: bytes of the archive before it, about */
	uint64_t done;                /* bytes unpacked so far */
};

/* Refuses parts that unpack to absurd sizes before unpacking them. */
int opc_part_open(struct opc_part *p, struct opc *o, int64_t index, struct hub_err *err);
/* *got 0: the end, whose checksum was right. */
int opc_part_read(struct opc_part *p, void *to, size_t n, size_t *got, struct hub_err *err);
void opc_part_close(struct opc_part *p);
/* Place in the file as it is packed of byte `at` of the part: about, but behind `before`. */
uint64_t opc_part_place(const struct opc_part *p, uint64_t at, uint64_t before);

#endif
