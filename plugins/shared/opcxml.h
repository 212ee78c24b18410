/* A part of an office file as XML events, piece by piece: memory does not grow with the part.
 * No document type is accepted (office files have none; it is how entities and outside references come
 * in), nesting is bounded, elements of foreign namespaces are left out with all that is in them. */
#ifndef PLUGINS_SHARED_OPCXML_H
#define PLUGINS_SHARED_OPCXML_H

#include "opc.h"

#include <libxml/parser.h>

struct opcxml_attrs {
	const unsigned char **v; /* as SAX2 has them */
	int n;
};

/* Value of an attribute without a namespace; ptr NULL when it is not there. Not NUL-terminated. */
struct hub_str opcxml_attr(const struct opcxml_attrs *a, const char *name);
/* ... in whatever namespace: Word writes all of its own with a prefix. */
struct hub_str opcxml_value(const struct opcxml_attrs *a, const char *name);
/* ... of a relationship id (r:id), in the transitional or strict namespace. */
struct hub_str opcxml_rel_id(const struct opcxml_attrs *a);
/* Digits only, at most `most`; -1 for anything else. */
int64_t opcxml_number(struct hub_str s, int64_t most);
/* "1", "true", "on": as ISO 29500 writes a boolean. */
int opcxml_bool(struct hub_str s);
int opcxml_is(const char *name, const char *want);

/* Each returns HUB_OK, or an error with err filled: parsing ends there. Text comes in pieces. */
struct opcxml_ops {
	const char *const *space; /* accepted namespaces, NULL-ended */
	int through; /* look into foreign elements (drawings hold text boxes), but not into a Fallback:
			it says once more what stands beside it, for older programs */
	int (*begin)(void *arg, const char *name, const struct opcxml_attrs *a,
		     struct hub_err *err);
	int (*end)(void *arg, const char *name, struct hub_err *err);
	int (*text)(void *arg, const char *p, size_t n, struct hub_err *err);
};

struct opcxml {
	struct opc_part part;
	const struct opcxml_ops *ops;
	void *arg;
	xmlParserCtxtPtr parser;
	const unsigned char *known; /* the accepted namespace last seen: its name is interned */
	unsigned skip;              /* depth inside a foreign element */
	int rc;                     /* of a callback */
	struct hub_err *err;
};

/* On failure nothing is left open. */
int opcxml_open(struct opcxml *x, struct opc *o, int64_t index, const struct opcxml_ops *ops,
		void *arg, struct hub_err *err);
/* Takes a piece of the part. HUB_END after the last one. */
int opcxml_step(struct opcxml *x, struct hub_err *err);
void opcxml_close(struct opcxml *x);
/* Opens, takes all, closes. */
int opcxml_all(struct opc *o, int64_t index, const struct opcxml_ops *ops, void *arg,
	       struct hub_err *err);
/* Bytes of the part before what is being parsed. */
uint64_t opcxml_at(const struct opcxml *x);

struct opcxml_rel {
	struct hub_str id, type, target; /* type ends in "/worksheet", "/styles", ... */
	int outside;                     /* the target is no part of the package */
};
/* Each relationship of a part in their order; HUB_END when the part has none at all. */
int opcxml_rels(struct opc *o, const char *part,
		int (*each)(void *arg, const struct opcxml_rel *r, struct hub_err *err), void *arg,
		struct hub_err *err);
/* 1 when the type of a relationship is this one, in the transitional or strict form. */
int opcxml_rel_is(const struct opcxml_rel *r, const char *type);
/* The part a relationship names; refused when it leads out of the package. */
int opcxml_rel_part(struct opc *o, const char *part, const struct opcxml_rel *r, char out[OPC_NAME],
		    struct hub_err *err);
/* The first part that `part` has of a type ("/sharedStrings"); part "": the package itself. HUB_END when
 * there is none. */
int opcxml_related(struct opc *o, const char *part, const char *type, char out[OPC_NAME],
		   struct hub_err *err);

#endif
