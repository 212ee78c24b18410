/* The common case format as data: schemas/common-case.cfg, its code lists and a site's local file,
 * read once into an immutable struct. Everything that knows an entity, a field or a code asks here;
 * tables, XSD, JSON Schema and documents are derived from it (store/schema_out.h).
 *
 * Memory: everything hangs in the arena given to hub_schema_load() and dies with it. After loading
 * nothing changes, so any number of threads may read. Strings are UTF-8 and NUL-terminated behind
 * their length (s.ptr may be handed to libc); an optional text that was not given has len 0.
 * Names (entity, field, list) are ASCII: lower-case letter first, then [a-z0-9_]. */
#ifndef HUB_STORE_SCHEMA_H
#define HUB_STORE_SCHEMA_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/str.h"

/* How a field's text is read, checked and stored. Column type: INTEGER for INT, YEN and BOOL (0/1),
 * INTEGER <name>_id for REF, TEXT for all others. */
enum hub_ftype {
	HUB_F_TEXT = 1, /* short free text, one line */
	HUB_F_NARRATIVE, /* long free text about people: searched for personal information, has <name>_spans */
	HUB_F_NAME,  /* name of a person, stored as written */
	HUB_F_KANA,  /* reading in full-width katakana */
	HUB_F_CODE,  /* one code of field->codes */
	HUB_F_CODES, /* several codes, stored as JSON array of texts in the order of the source */
	HUB_F_DATE,  /* ISO at the precision known: 2024-07-31, 2024-07, 2024, or FROM/TO */
	HUB_F_DATETIME, /* 2024-07-31T09:30:00, in Japan; a date alone when the time is not known */
	HUB_F_TIME,     /* 09:30 or 09:30:15 */
	HUB_F_MONTH,    /* 2024-07 */
	HUB_F_INT,
	HUB_F_YEN,
	HUB_F_BOOL, /* 有/無, はい/いいえ; 不明 is a null with a state, not false */
	HUB_F_PHONE,
	HUB_F_POSTAL, /* NNN-NNNN */
	HUB_F_ADDRESS,
	HUB_F_ID,   /* number or code of another system: text, keeps its zeros */
	HUB_F_REF,  /* another entity: field->to */
	HUB_F_JSON, /* structure that nothing searches; never free text about people */
};

/* Privacy class of a field; the same words are the categories of a consent. */
enum hub_fclass {
	HUB_C_IDENTIFIER = 1, /* who it is: names, numbers that single a person out */
	HUB_C_CONTACT,        /* how to reach the person: address, phone, mail */
	HUB_C_QUASI,     /* narrows down in combination: birth date, sex, household, nationality */
	HUB_C_SENSITIVE, /* 要配慮個人情報 and what is handled like it */
	HUB_C_NARRATIVE, /* free text: many subjects, see design §6 */
	HUB_C_OPERATIONAL, /* running of the work: dates of contact, staff, agency, method */
};

enum hub_fflag {
	HUB_FF_REQUIRED = 1, /* R in the form: a missing one is a finding, never a reject */
	HUB_FF_NATIONAL = 2, /* 国への報告事項 (太枠), to be verified for sources K and I */
	HUB_FF_REVEALS = 4,  /* reveals an address (privacy-rules §4): withheld under protection */
	HUB_FF_UNOFFICIAL = 8, /* source K or I: show 項目案・公式様式未確認 with it */
	HUB_FF_LOCAL = 16,     /* comes from the site's local file */
	HUB_FF_THIRD = 32, /* about somebody else than the row's subject: their consent opens it,
	                         * not the subject's */
};

/* Whose data an entity's row is: the gate decides per person. */
enum hub_subject {
	HUB_SUBJECT_NONE = 0, /* nobody's: agency, staff, resource, scheme, workload */
	HUB_SUBJECT_SELF,     /* the row is a person */
	HUB_SUBJECT_REF, /* entity->subject_ref; when that is NULL in a row, the person of its case */
	HUB_SUBJECT_CASE,    /* the person of its case (entity->case_ref, or the row is the case) */
	HUB_SUBJECT_MEMBERS, /* household: everyone in it; the strictest decision holds */
};

struct hub_code {
	struct hub_str code;  /* what is stored */
	struct hub_str label; /* Japanese */
	const struct hub_str *aliases;
	uint32_t n_aliases;
	char source; /* S P V K I, L = local */
};

struct hub_codes {
	struct hub_str name, label, note;
	const struct hub_code *items; /* in the order of the form */
	uint32_t count, index;
	char source;
	const struct hub_map
	    *find; /* text as written, and folded, of code, label, aliases -> item */
};

struct hub_entity;

struct hub_field {
	struct hub_str name;     /* what mappings and profiles call it */
	struct hub_str column;   /* of table cc_<entity>: name, or name_id of a REF */
	struct hub_str spans;    /* NARRATIVE: name_spans; else empty */
	struct hub_str label;    /* Japanese, as on the form */
	struct hub_str label_en; /* may be empty */
	struct hub_str form; /* form and item it comes from: "相談受付・申込票 受付日" */
	struct hub_str note;
	struct hub_str was;            /* former name: schema apply renames the column */
	const struct hub_str *aliases; /* header spellings and catalogue ids seen */
	uint32_t n_aliases;
	uint32_t index; /* place in entity->fields */
	enum hub_ftype type;
	enum hub_fclass pclass;
	uint32_t flags; /* mask of enum hub_fflag */
	char source;    /* S seen, P seen in a sister form, V vendor, K/I unverified, L local */
	const struct hub_codes *codes;   /* CODE, CODES; else NULL */
	const struct hub_entity *to;     /* REF; else NULL */
	const struct hub_entity *entity; /* the one it belongs to */
};

struct hub_entity {
	struct hub_str name, label, label_en, note;
	const struct hub_field *fields;
	uint32_t count, index;
	uint32_t narratives; /* how many fields are NARRATIVE */
	int identified;      /* 1: shared by several records, has columns system_id and key */
	enum hub_subject subject;
	const struct hub_field *subject_ref; /* REF to person, with SUBJECT_REF */
	const struct hub_field *case_ref;    /* REF to case; NULL when it has none */
	const struct hub_map *find;          /* field name -> index */
};

/* What must not come in. FORBIDDEN: nowhere, whatever a mapping says (個人番号 ...). DROPPED: not
 * needed; left out of extras, but a mapping that names the column on purpose may use it. */
enum hub_ban { HUB_BAN_NONE = 0, HUB_BAN_FORBIDDEN, HUB_BAN_DROPPED };

struct hub_banned {
	struct hub_str name, label, why;
	const struct hub_str *aliases;
	uint32_t n_aliases;
	const struct hub_str *folded; /* name, label and aliases as headers are compared */
	uint32_t n_folded;
	enum hub_ban ban;
	char source;
};

struct hub_schema {
	struct hub_str version, title, note;
	const struct hub_entity *entities; /* in the order of the file */
	uint32_t n_entities;
	const struct hub_codes *lists;
	uint32_t n_lists;
	const struct hub_banned *banned;
	uint32_t n_banned;
	char hash[65];              /* SHA-256 of the canonical form, hex */
	const struct hub_map *find; /* entity name -> index */
	const struct hub_map *find_list;
	const struct hub_map *find_alias; /* folded header -> first of aliases[] */
	const struct hub_alias *aliases;
};

/* One spelling of a header can mean several fields (氏名: person, staff, ...): they are chained, in
 * the order of the file. */
struct hub_alias {
	const struct hub_field *field;
	uint32_t next; /* 1 + index in schema->aliases of the next one; 0: last */
};

struct hub_report;

/* Reads the schema, and local unless NULL. All errors of both files go to the report; without one
 * err is the first of them. HUB_CONF on any error. @include in the file is looked up beside it. */
int hub_schema_load(struct hub_arena *a, const char *path, const char *local,
		    const struct hub_schema **out, struct hub_report *report, struct hub_err *err);

/* NULL when there is none. */
const struct hub_entity *hub_schema_entity(const struct hub_schema *s, struct hub_str name);
const struct hub_field *hub_schema_field(const struct hub_entity *e, struct hub_str name);
const struct hub_codes *hub_schema_codes(const struct hub_schema *s, struct hub_str name);
/* "person.name", for profiles and the command line. */
const struct hub_field *hub_schema_path(const struct hub_schema *s, struct hub_str path);
/* The code a text stands for: the code itself, its label or an alias, width and case folded, blanks
 * ignored. NULL when it is none of them; an empty text is never a code. */
const struct hub_code *hub_code_find(const struct hub_codes *list, struct hub_str text);
/* First field that a header cell may mean by name, label or alias; go on with .next. NULL: none. */
const struct hub_alias *hub_schema_alias(const struct hub_schema *s, struct hub_str header);
const struct hub_alias *hub_alias_next(const struct hub_schema *s, const struct hub_alias *at);
/* Whether a column may come in. A forbidden item is found inside a longer header, too
 * ("世帯主_個人番号"): losing a column by mistake is repaired, storing one is not. */
const struct hub_banned *hub_schema_banned(const struct hub_schema *s, struct hub_str header);

/* Words of the file for types and classes: "narrative", "sensitive"; static, never NULL. */
const char *hub_ftype_name(enum hub_ftype type);
const char *hub_fclass_name(enum hub_fclass pclass);

/* Folds a header or a code for comparison (NFKC, case, blanks out; for headers also separators such
 * as _ and brackets). Writes at most cap bytes, returns the length; 0 when empty or too long. */
size_t hub_schema_fold(struct hub_str text, int header, char *out, size_t cap);

#endif
