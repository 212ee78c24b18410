/* hub/plugin.h - the whole contract between the hub and a plugin.
 *
 * A plugin is one shared object that exports hub_plugin_get(), sees this header and no other of the
 * hub, and uses no symbol of the hub: every service comes in struct hub_host, so that the same .so
 * runs under the hub, in a child process, or in a test with a fake host.
 *
 * Growing without breaking: fields are only ever appended. Each struct that crosses the border and
 * may grow starts with (or holds) its size; the reader copies min(size, its own sizeof) into a
 * zeroed struct, so that an absent field reads as 0 = "not supported". HUB_ABI_MINOR rises when a
 * field is appended, HUB_ABI_MAJOR when an old plugin must be refused.
 *
 * Text is UTF-8 (struct hub_str: pointer + length, may hold NUL, need not end in one), except the
 * cells of a batch whose `encoding` names another one: the hub decodes those.
 * Personal values never appear in hub_err or in a log line: name column, row and place instead. */
#ifndef HUB_PLUGIN_H
#define HUB_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HUB_ABI_MAJOR 2u
#define HUB_ABI_MINOR 0u

enum hub_kind {
	HUB_SOURCE = 1, /* reads records of a foreign system into batches */
	HUB_DETECTOR,   /* finds personal information in free text */
	HUB_FILTER,     /* rewrites a batch in place: what a site adds */
	HUB_SINK,       /* writes released rows; sees only what the gate let pass */
	HUB_SERVICE,    /* module behind the gate: routes, tables, events, timers */
};

/* What a call returns. Not errors: OK, END, IDLE. Errors fill struct hub_err. */
enum hub_rc {
	HUB_OK = 0,
	HUB_END = 1,
	HUB_IDLE = 2,         /* source: nothing now, ask again */
	HUB_RETRY = -1,       /* source or target unavailable, may work later (exit 7) */
	HUB_REJECT = -2,      /* this input is refused (exit 4) */
	HUB_FATAL = -3,       /* internal fault (exit 1) */
	HUB_USAGE = -4,       /* wrong call (exit 2) */
	HUB_CONF = -5,        /* wrong configuration (exit 3) */
	HUB_REFUSED = -6,     /* the gate says no (exit 6) */
	HUB_INTERRUPTED = -7, /* stopped, can be resumed (exit 8) */
	HUB_LOCKED = -8,      /* another run holds it (exit 9) */
	HUB_DRIFT = -9,       /* the layout is not the expected one (exit 10) */
	HUB_INTEGRITY = -10,  /* ledger or audit chain broken (exit 11) */
};

enum hub_verdict { HUB_ROW_PENDING = 0, HUB_ROW_DONE, HUB_ROW_DROP, HUB_ROW_REJECT };

/* Four different things, from reader to sink: no such column in this record; column there, nothing
 * in it; a value; something that could not be read (the raw text is kept). */
enum hub_cell { HUB_ABSENT = 0, HUB_NULL, HUB_VALUE, HUB_INVALID };

/* Text values are followed by a NUL byte that their length does not count. */
enum hub_otype {
	HUB_O_TEXT = 1, /* struct hub_str */
	HUB_O_INT,      /* int64_t, min..max */
	HUB_O_BOOL,     /* int64_t 0 or 1 */
	HUB_O_SIZE,     /* int64_t bytes; "64k", "10M" */
	HUB_O_MSEC,     /* int64_t milliseconds; "500ms", "30s", "5m" */
	HUB_O_ENUM,     /* int64_t index into words[] */
	HUB_O_PATH,     /* struct hub_str; read-only unless HUB_OPT_WRITES */
	HUB_O_URL,      /* struct hub_str; user:password is masked in messages */
};

enum hub_optf {
	HUB_OPT_REQUIRED = 1,
	HUB_OPT_SECRET = 2, /* never shown, not even in --help output of a running job */
	HUB_OPT_WRITES = 4, /* PATH: opened for writing; URL: where a sink writes to */
	HUB_OPT_INPUT = 8,  /* PATH: the input file of a source; the command line fills it */
};

enum hub_cap {
	HUB_CAP_PURE = 1,     /* no I/O: result depends on the batch alone */
	HUB_CAP_PARALLEL = 2, /* many instances may run side by side */
	HUB_CAP_SEEK = 4,     /* source: open() can start from any `pos` it handed out */
	HUB_CAP_NET = 8,      /* uses the network */
	/* sink: writes one case as pages to be handed out, with the options path, title, number and note */
	HUB_CAP_PAPER = 16,
	/* source: delimited text, with the options path, encoding, delimiter and tolerant; what the hub writes
	 * for people to correct comes back through it */
	HUB_CAP_DELIMITED = 32,
};

enum hub_colf {
	HUB_COL_PERSONAL = 1, /* masked in every preview and log */
	HUB_COL_KEY = 2,
};

/* What the gate made of a cell before a sink gets it. MASKED and the like: text is what may be shown;
 * WITHHELD: the cell is NULL. */
enum hub_shown { HUB_AS_IS = 0, HUB_MASKED, HUB_PSEUDONYM, HUB_GENERALISED, HUB_WITHHELD };

/* For host->log(); the numbers of syslog. */
enum hub_level { HUB_LOG_ERROR = 3, HUB_LOG_WARN = 4, HUB_LOG_INFO = 6 };

struct hub_str {
	const char *ptr; /* borrowed; not NUL-terminated */
	size_t len;      /* bytes */
};

struct hub_ctx; /* opaque: one running instance, made by the hub */

/* Caller's memory; a message never needs malloc, so that "out of memory" can be reported.
 * what: lower case, no full stop, names object and cause. hint: what the operator can do. */
struct hub_err {
	int32_t rc;       /* enum hub_rc */
	uint32_t line;    /* of the source that failed, set by HUB_FAIL */
	const char *file; /* static string */
	char code[32];    /* stable, lower case with hyphens: "unclosed-quote" */
	char what[320];
	char where[320]; /* file:line, row, column; empty if it makes no sense */
	char hint[320];
};

/* One row per option: drives checking, --help, docs/reference, hiding of secrets, sandbox. */
struct hub_opt {
	const char *name;         /* NULL ends the table */
	uint32_t type, flags;     /* enum hub_otype, mask of enum hub_optf */
	const char *dflt;         /* text, parsed like the configuration; NULL: zero value */
	int64_t min, max;         /* INT, SIZE, MSEC: range, inclusive; both 0: no limit */
	const char *const *words; /* ENUM: allowed words, NULL-ended */
	size_t offset;            /* where the value lands in the conf struct */
	const char *help;         /* one line in English (translated by the hub) */
};
/* A row of such a table; what else an option needs stands behind its help:
 * {HUB_OPTION("side", ENUM, 0, HUB_N("where blanks are removed"), .words = sides, .offset = ...)} */
#define HUB_OPTION(NAME, TYPE, FLAGS, ...) \
	.name = (NAME), .type = HUB_O_##TYPE, .flags = (FLAGS), .help = __VA_ARGS__

/* Where a row came from. row counts records from 1 (a header is a record like any other), line
 * counts physical lines from 1, byte/len are the record's place in the input as stored. */
struct hub_prov {
	uint64_t row, line, byte;
	uint32_t len;
	uint32_t part; /* sheet or member number; 0 when there is one only */
};

struct hub_col {
	struct hub_str name;  /* in the batch's encoding */
	uint32_t flags;       /* mask of enum hub_colf */
	uint8_t *cell;        /* rows x enum hub_cell */
	struct hub_str *text; /* rows; meaningful for VALUE and INVALID */
	struct hub_str label; /* sink: the column's name for people, UTF-8; may be empty */
	uint8_t *shown;       /* sink: rows x enum hub_shown; NULL: everything as it is */
};

/* A table of rows, column by column. Everything below lives in the batch's arena and dies with it. */
struct hub_batch {
	size_t size;
	uint32_t rows, cols;
	struct hub_col *col;
	struct hub_prov *prov;   /* rows */
	struct hub_str *raw;     /* rows: the record's bytes without its line end; may be NULL */
	uint8_t *verdict;        /* rows x enum hub_verdict */
	const char **code;       /* rows: stable code of DROP, REJECT (static) */
	struct hub_str *reason;  /* rows: why, UTF-8, never a value */
	struct hub_str encoding; /* of names, cells and raw; empty: UTF-8 */
	struct hub_str pos;      /* resume point after this batch; opaque to the hub */
	struct hub_str table; /* sink: entity the rows belong to ("activity"); a batch holds one */
	struct hub_str table_label; /* sink: its name for people */
	void *hub;                  /* the hub's own */
};

/* Person of a case's roster, as a detector gets it. Strings as written in the records. */
struct hub_person {
	struct hub_str id, relation, name, name_kana, address, phone, birth_date;
	const struct hub_str *other; /* nicknames, former and registered names, further phones */
	uint32_t others;
};

enum hub_span_type {
	HUB_SPAN_PERSON = 1,
	HUB_SPAN_ADDRESS,
	HUB_SPAN_PHONE,
	HUB_SPAN_EMAIL,
	HUB_SPAN_BIRTHDATE,
	HUB_SPAN_IDNUMBER,
	HUB_SPAN_FACILITY,
	HUB_SPAN_ORG,
};

/* A text to search. norm is text after width folding (NFKC-like; half-width kana composed, full-width
 * digits and letters to ASCII, line ends to LF); at[i] is the byte offset in text of byte i of norm,
 * at[norm.len] == text.len. Detectors search norm and report offsets of text through at[]. */
struct hub_doc {
	struct hub_str text, norm;
	const uint32_t *at;
	const struct hub_person *roster;
	uint32_t persons;
};

struct hub_span {
	uint32_t doc;        /* index of the document */
	uint32_t start, end; /* bytes of text, end exclusive, on code point borders */
	uint32_t type;       /* enum hub_span_type */
	int32_t person;      /* index in the roster, -1 unknown */
	uint32_t confidence; /* 0..1000 */
	const char *origin;  /* static: "roster", "pattern", "tagger" */
};

enum hub_fold { HUB_FOLD_WIDTH = 1, HUB_FOLD_KANA, HUB_FOLD_NAME };

/* Services given to the plugin; a test passes a fake. Host calls never call back into the plugin and
 * may be used only inside a call of the hub, on the thread of that call. */
struct hub_host {
	size_t size;
	uint32_t abi_major, abi_minor;
	/* Zeroed memory, 16-byte aligned; NULL when there is none. It dies with the batch; batch NULL:
	 * with the instance, but what detect() or a handler of a service gets dies when that returns. */
	void *(*alloc)(struct hub_ctx *, struct hub_batch *, size_t n);
	/* Appends a column and returns its index in *idx; existing rows read ABSENT. */
	int (*column)(struct hub_ctx *, struct hub_batch *, struct hub_str name, uint32_t *idx);
	/* Makes room for and sets the number of rows: cells ABSENT, verdicts PENDING. */
	int (*rows)(struct hub_ctx *, struct hub_batch *, uint32_t rows);
	void (*log)(struct hub_ctx *, int level, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
	void (*count)(struct hub_ctx *, const char *metric, int64_t add);
	/* Fills err (what is translated) and returns rc. */
	int (*fail)(struct hub_err *, int rc, const char *code, const char *file, int line,
		    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
	void (*hint)(struct hub_err *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
	int64_t (*left_ms)(struct hub_ctx *); /* time left in this call; <= 0: give up */
	/* Name of the encoding of bytes ("utf-8", "cp932", "utf-16le", ...); *bom is the length of a BOM. */
	const char *(*encoding)(const char *bytes, size_t n, size_t *bom);
	/* 1 if separator and quote bytes of a text in this encoding can be told without decoding. */
	int (*byte_safe)(struct hub_str encoding);
	/* Decodes a whole buffer to UTF-8 in the batch's arena. Stops at the first undecodable byte:
	 * *used says how far it came (== in.len when all is well). An incomplete last sequence is left. */
	int (*decode)(struct hub_ctx *, struct hub_batch *, struct hub_str encoding,
		      struct hub_str in, struct hub_str *out, size_t *used, struct hub_err *);
	/* Folds a string for comparison; the result lives as long as memory of alloc(). */
	int (*fold)(struct hub_ctx *, struct hub_batch *, uint32_t how, struct hub_str in,
		    struct hub_str *out);
	/* Detector: reports one span. */
	int (*span)(struct hub_ctx *, const struct hub_span *);
	/* Encodes UTF-8 for writing. A character the encoding does not have becomes U+3013 (geta) and is
	 * counted in *lost: the caller decides whether that is a reject. */
	int (*encode)(struct hub_ctx *, struct hub_batch *, struct hub_str encoding,
		      struct hub_str in, struct hub_str *out, uint64_t *lost, struct hub_err *);
	/* What a service may ask for; NULL for the other kinds. */
	const struct hub_desk *desk;
};

/* --- services ----------------------------------------------------------------------------------------
 * A service is a module for people's front ends: chat, alerts, search. It declares its tables, statements,
 * routes, events and timers as const tables; the hub checks all of them before it lets the module in, makes the
 * tables, serves the routes below /v1/<area>/, describes them (OpenAPI) and refuses what they do not describe,
 * in both directions. Of the records it sees what the gate lets the person see who asks, and by itself (timers, events)
 * operational fields only. Without the module in the configuration nothing of it is there.
 *
 * A handler runs inside one transaction of the store when its method is not GET: committed when it returns
 * HUB_OK, gone otherwise; pushes and audit entries leave after that. One call at a time per instance; the hub opens as many
 * instances as it has threads, so what lasts longer than a call belongs into a table. */

/* A value of a request, a reply, a statement. */
enum hub_vtype {
	HUB_VAL_NONE = 0, /* not there */
	HUB_VAL_NULL,
	HUB_VAL_INT,  /* i */
	HUB_VAL_BOOL, /* i: 0 or 1 */
	HUB_VAL_TEXT, /* s */
	HUB_VAL_LIST, /* item[0..n): the values; of objects, lists of their members in the order declared */
};
struct hub_val {
	uint32_t type, n;
	int64_t i;
	struct hub_str s;
	const struct hub_val *item;
};

/* One member of a query string, of a body or of a reply; a table of them ends with name NULL. The hub
 * checks what comes in, and what goes out: a member that is not declared never leaves. */
enum hub_mtype {
	HUB_M_TEXT = 1, /* min..max: code points; max 0: 1000 */
	HUB_M_INT,      /* min..max inclusive; both 0: any */
	HUB_M_BOOL,
	HUB_M_DATE,   /* "2024-07-31", a day in Japan; HUB_VAL_TEXT */
	HUB_M_TIME,   /* RFC 3339; as HUB_VAL_INT: milliseconds since 1970 */
	HUB_M_WORD,   /* one of words */
	HUB_M_OBJECT, /* of */
	HUB_M_JSON,   /* anything, as text; at most max bytes */
};
enum hub_mflag {
	HUB_M_REQUIRED = 1,
	HUB_M_NULLABLE = 2,
	HUB_M_LIST = 4, /* a list of those: at most `most` */
	HUB_M_PERSONAL =
	    8, /* may hold personal values: the reply is not to be kept by anybody (no-store) */
};
struct hub_member {
	const char *name;
	uint32_t type, flags;
	int64_t min, max;
	uint32_t most;
	const char *const *words;
	const struct hub_member *of;
	const char *help; /* one line, English, translated */
};
/* A row of such a table; what else a member needs stands behind its help:
 * {HUB_MEMBER("title", TEXT, HUB_M_REQUIRED, HUB_N("of the thread"), .max = 200)} */
#define HUB_MEMBER(NAME, TYPE, FLAGS, ...) \
	.name = (NAME), .type = HUB_M_##TYPE, .flags = (FLAGS), .help = __VA_ARGS__

/* Who asks. account 0: nobody, a timer or an event of the hub itself. */
struct hub_who {
	int64_t account;
	struct hub_str login, name;
	struct hub_str agency; /* id of the recipient whose eyes the gate takes */
	uint32_t view_only;
};

/* One request, tick or event. Everything in it lives until the call is over. */
struct hub_call {
	size_t size;
	struct hub_ctx *ctx;
	struct hub_who who;
	const struct hub_str *var;   /* {names} of the path in their order */
	const struct hub_val *query; /* per member of route->query */
	const struct hub_val *body;  /* per member of route->body */
	struct hub_str after; /* paged routes: where the page before ended; empty: the start */
	uint32_t limit;       /* paged routes: rows of a page */
	int64_t now;          /* milliseconds since 1970 */
	int32_t today;        /* day in Japan, days since 1970 */
	void *hub;
};

enum hub_rflag {
	HUB_ROUTE_PAGED =
	    1, /* ?after= and ?limit= (1..200, 50); the reply gets "next" (desk->next) */
	HUB_ROUTE_LIST = 2, /* the reply is {"items":[...]} of objects of `reply` */
	HUB_ROUTE_RAW = 4,  /* the reply is a file (desk->file), not JSON */
};
struct hub_route {
	const char *method;     /* GET POST PUT PATCH DELETE */
	const char *path;       /* below /v1/<area>: "/threads/{thread}" */
	const char *permission; /* "chat.write"; "": anybody who is signed in */
	uint32_t flags;
	const struct hub_member *query, *body, *reply; /* NULL: none */
	const char *summary;                           /* English, translated */
	int (*handle)(void *self, struct hub_call *, struct hub_err *);
};

/* Portable SQL: types as SQLite names them, ? placeholders, every subquery in FROM with a name. Tables are the service's
 * own, all named <area>_..., and no others may be named. Numbers rise by one; what was shipped stays as it is. */
struct hub_migration {
	uint32_t number;
	const char *sql;
};
struct hub_result {
	uint32_t rows, cols;
	const struct hub_val *val; /* rows x cols */
	int64_t changed;           /* rows that an INSERT, UPDATE, DELETE touched */
};

enum hub_event_type {
	HUB_EVENT_RUN = 1,        /* a run brought, changed or took away records: run, entity */
	HUB_EVENT_RUN_FAILED = 2, /* of a job: name */
	HUB_EVENT_CONSENT = 4,    /* given, withdrawn, ended: case_no */
	HUB_EVENT_PROTECTION = 8, /* newly set: case_no */
	HUB_EVENT_RESIDENT = 16,  /* moved, died ...: name is the kind, case_no */
	HUB_EVENT_TASK = 32,      /* a task was made or done by another module: case_no */
	HUB_EVENT_OVERDUE = 64,   /* a job got nothing new in its time: name */
	HUB_EVENT_ARRIVED = 128,  /* and then it did: name */
};
struct hub_event {
	uint32_t type;
	int64_t run;
	struct hub_str entity, name, case_no;
	int64_t at; /* milliseconds since 1970 */
};
/* Called about every `every` milliseconds, or by a cron expression as in schedules; one of the two. Only one
 * process of a site calls it at a time. */
struct hub_timer {
	const char *name;
	int64_t every;
	const char *cron;
	int (*tick)(void *self, struct hub_call *, struct hub_err *);
};

/* An event that the module pushes (desk->push), and the members of its data: numbers, truths, days, times, words, and
 * texts of at most 40 letters, digits and _.:+- (keys). What is not declared here is not pushed. */
struct hub_pushed {
	const char *name; /* without the area */
	const struct hub_member *data;
};

struct hub_service {
	size_t size;
	const char *area; /* lower case: of its paths, tables and permissions ("<area>.write") */
	const struct hub_migration *migration;
	uint32_t migrations;
	const char *const *statement; /* what desk->sql names by its place */
	uint32_t statements;
	const struct hub_route *route;
	uint32_t routes;
	const struct hub_timer *timer;
	uint32_t timers;
	uint32_t events; /* mask of enum hub_event_type */
	int (*event)(void *self, struct hub_call *, const struct hub_event *, struct hub_err *);
	const struct hub_pushed *pushed;
	uint32_t pushes;
	/* 1 + the place of a statement, a SELECT of what names a role (as people know it) and of that role: `tsunagi
	 * check` tells of roles that the site has no more. 0: none. */
	uint32_t roles;
};

/* Records as the caller may see them: one entity, decided cell by cell. Keys and references are handles; for the hub
 * itself (timers, events) agencies go by their ids. */
struct hub_look {
	const char *entity;
	struct hub_str case_no; /* empty: of all cases the caller sees */
	struct hub_str key;     /* one row, by the key that an earlier look gave; empty: all */
	/* NULL-ended; NULL: all that the view has. "loaded_on", of what is about nobody (resource, scheme): when the
	 * list that it stands in was last loaded with it. */
	const char *const *field;
	struct hub_str after; /* of *next of the look before */
	uint32_t limit;       /* 0: 50 */
	uint32_t labels;      /* codes as their labels */
	/* A date field: of each case only the row with the latest day, as a last contact. NULL: all rows. */
	const char *newest;
};
/* A text on its way to others. */
struct hub_outgoing {
	struct hub_str text, case_no; /* no case: names of nobody are known */
	const struct hub_str *agency; /* who will read it */
	uint32_t agencies;
};
struct hub_held {
	uint32_t start, end;           /* bytes of the text */
	uint32_t type;                 /* enum hub_span_type */
	struct hub_str label;          /* what stands there when it is masked: 【本人の母】 */
	struct hub_str reason, agency; /* stable word of the gate; whom it is held from first */
};
/* A file that came with a message, or goes out. */
struct hub_file {
	struct hub_str name, type; /* type: of its content ("application/pdf") */
	struct hub_str content;
};
struct hub_colleague {
	int64_t id;
	struct hub_str login, name, agency, staff, mail; /* mail: may be empty */
	uint32_t view_only;
	const struct hub_str *role; /* for that agency, today: names of roles */
	uint32_t roles;
};
/* Statistics as the caller's agency may have them: those of its view's profile. */
struct hub_counting {
	int64_t year;       /* 年度: its months and itself */
	int64_t month;      /* 1..12: that month of it only; 0: all */
	struct hub_str set; /* a definition; empty: all that the profile names */
};

/* Search over what the caller may read: texts (without what is masked in any of them), and names of clients for
 * those who may read them. What may not be read is not found, not counted, not in a facet. */
enum hub_facet {
	HUB_FACET_ENTITY = 0, /* activity, plan ...: of the row */
	HUB_FACET_AGENCY,     /* who wrote the row: its key */
	HUB_FACET_CATEGORY,   /* of the case: codes of consult_topic */
	HUB_FACET_AGE,        /* of the client: 80代 */
	HUB_FACET_HOUSEHOLD,  /* codes of household_kind, and patterns: 8050 elderly children */
	HUB_FACET_TOWN,
	HUB_FACET_KIND, /* of agencies that take part: codes of agency_type */
	HUB_FACETS,
};
struct hub_find {
	/* a b: both; a OR b; -a: not; "a b": side by side. Empty: everything */
	struct hub_str words;
	struct hub_str from, to;          /* ISO days of the row, inclusive; empty: open */
	struct hub_str facet[HUB_FACETS]; /* a value, as hits give it; empty: any */
	struct hub_str case_no;           /* number or key; empty: all */
	struct hub_str after;             /* of the answer before */
	uint32_t limit;                   /* 0: 50 */
	uint32_t counts;                  /* facets are wanted, too */
};
struct hub_hit {
	struct hub_str entity, entity_label, key; /* key: for struct hub_look */
	struct hub_str case_key, case_no;         /* empty: not to be seen */
	struct hub_str day, agency;               /* agency: value of its facet */
	struct hub_str field;                     /* of the snippet */
	struct hub_str snippet;                   /* as the gate shows it */
	const uint32_t *mark; /* 2 x marks: bytes of the snippet, from and behind */
	uint32_t marks;
};
struct hub_facet_count {
	uint32_t facet; /* enum hub_facet */
	struct hub_str value, label;
	int64_t count; /* rows; -1: few */
};
struct hub_hits {
	const struct hub_hit *hit;
	const struct hub_facet_count *facet;
	uint32_t n, facets;
	int64_t total;
	struct hub_str next; /* ptr NULL: no more */
};
/* Cases like one that the caller may see, by topics, household and age; never by names. */
struct hub_alike_why {
	const char *what;            /* "theme", "category", "household", "age", "words" */
	struct hub_str value, label; /* of words: empty */
};
struct hub_alike {
	struct hub_str case_key, case_no; /* case_no: empty when it may not be seen */
	int64_t score;                    /* 1..1000 */
	const struct hub_alike_why *why;
	uint32_t whys;
	const struct hub_facet_count *kind; /* agencies that took part; count is 0 */
	uint32_t kinds;
};

/* Services of the hub for services. All memory they hand out lives until the call is over. */
struct hub_desk {
	size_t size;
	void *(*alloc)(struct hub_call *, size_t n); /* zeroed; NULL when there is none */

	/* The reply, in order. name NULL inside a list. Names must be those of route->reply; the call fails
	 * otherwise. */
	void (*say)(struct hub_call *, const char *name, const struct hub_val *);
	void (*text)(struct hub_call *, const char *name, struct hub_str); /* ptr NULL: null */
	void (*number)(struct hub_call *, const char *name, int64_t);
	void (*truth)(struct hub_call *, const char *name, int);
	void (*time)(struct hub_call *, const char *name, int64_t ms); /* 0: null */
	void (*open)(struct hub_call *, const char *name, int list);
	void (*close)(struct hub_call *);
	/* Paged: there is more behind; `after` of the next request. */
	void (*next)(struct hub_call *, struct hub_str after);
	/* The version of what is read or written; the ETag has it, of a GET together with what the asker is shown.
	 * Not of a GET: HUB_REFUSED ("changed-meanwhile", 412) when If-Match names another. */
	int (*version)(struct hub_call *, int64_t version, struct hub_err *);
	void (*file)(struct hub_call *, const struct hub_file *);
	/* Ends the request with this HTTP status (400..499) and a problem document; returns HUB_REFUSED. What was
	 * said before goes along as further members of it (409: what is held, and why). */
	int (*refuse)(struct hub_call *, int status, struct hub_err *, const char *code,
		      const char *fmt, ...) __attribute__((format(printf, 5, 6)));
	void (*status)(struct hub_call *,
		       int status); /* 201, 202; 204 is taken when nothing is said */

	/* One of the service's statements. result may be NULL; more than 10,000 rows are an error. */
	int (*sql)(struct hub_call *, uint32_t statement, const struct hub_val *args, uint32_t n,
		   struct hub_result *, struct hub_err *);

	/* What the caller may see (audited). *next: for `after`, ptr NULL at the end; may be NULL. */
	int (*look)(struct hub_call *, const struct hub_look *, const struct hub_batch **,
		    struct hub_str *next, struct hub_err *);
	/* May that agency see anything of the case today? HUB_OK, or HUB_END. No case: is the agency known, its
	 * contract in force, and is it not barred? */
	int (*sees_case)(struct hub_call *, struct hub_str agency, struct hub_str case_no,
			 struct hub_err *);
	/* What of a text may not be read by one of the receivers. masked: the text as it may be sent. */
	int (*inspect)(struct hub_call *, const struct hub_outgoing *, const struct hub_held **,
		       uint32_t *n, struct hub_str *masked, struct hub_err *);

	/* Accounts: of an agency (ptr NULL: of all), or one; for those who may see them. HUB_END: there is none. */
	int (*accounts)(struct hub_call *, struct hub_str agency, const struct hub_colleague **,
			uint32_t *n, struct hub_err *);
	int (*account)(struct hub_call *, int64_t id, const struct hub_colleague **,
		       struct hub_err *);
	/* Tells every open session of these accounts (GET /v1/events), as event <area>.<name>; data is JSON as
	 * the service declares it (pushed), never personal values. */
	int (*push)(struct hub_call *, const int64_t *account, uint32_t n, const char *name,
		    struct hub_str data, struct hub_err *);
	/* An entry in the audit log: action "<area>.<verb>", the case, a note without values. */
	int (*audit)(struct hub_call *, const char *verb, struct hub_str case_no, const char *note,
		     struct hub_err *);
	/* Tells the other modules. */
	int (*tell)(struct hub_call *, const struct hub_event *, struct hub_err *);
	/* Files, stored encrypted with the key of their case (no case: of the site). */
	int (*file_put)(struct hub_call *, struct hub_str case_no, const struct hub_file *,
			int64_t *id, struct hub_err *);
	int (*file_get)(struct hub_call *, int64_t id, struct hub_file *, struct hub_err *);

	/* 1: a day (since 1970) on which offices work: no weekend, holiday, 12/29-1/3. */
	int (*working_day)(struct hub_call *, int32_t day);
	/* Commits what was done so far, whatever comes after; pushes and audit entries leave. For a timer, before it
	 * does something slow (a mail): nobody who wants to write waits for that. The time of a timer or
	 * event begins anew. */
	int (*keep)(struct hub_call *, struct hub_err *);
	/* Figures as one batch, small ones guarded unless the profile says otherwise: columns definition measure
	 * label unit breakdown breakdown_label code category period from to count state note. HUB_REFUSED: the
	 * agency's profile gives none. */
	int (*counts)(struct hub_call *, const struct hub_counting *, const struct hub_batch **,
		      struct hub_err *);
	/* HUB_OK: nobody of the case's household is under a display restriction, as far as known; else
	 * HUB_END. What cannot be looked into (a file) goes out only then. */
	int (*unrestricted)(struct hub_call *, struct hub_str case_no, struct hub_err *);
	/* Each agency calls a case by a name of its own, its number or a handle. What a module keeps of it, and passes
	 * as case_no, is the number. number: of what the caller calls it; HUB_END: the caller sees no such case.
	 * name: what the caller may call it. */
	int (*case_number)(struct hub_call *, struct hub_str name, struct hub_str *number,
			   struct hub_err *);
	int (*case_name)(struct hub_call *, struct hub_str number, struct hub_str *name,
			 struct hub_err *);
	/* Search (audited, without the words). HUB_USAGE: words that cannot be read. */
	int (*find)(struct hub_call *, const struct hub_find *, const struct hub_hits **,
		    struct hub_err *);
	/* Best first, at most 50. HUB_END: there is no such case. */
	int (*alike)(struct hub_call *, struct hub_str case_no, uint32_t most,
		     const struct hub_alike **, uint32_t *n, struct hub_err *);
	/* Brings the text index up to date, so that nobody who searches waits for it. For a timer. */
	int (*find_prepare)(struct hub_call *, struct hub_err *);
	/* What somebody wrote earlier (inspected then), for who reads it now: the same text, or another one where it says
	 * where somebody lives who is under a display restriction by now. */
	struct hub_str (*readable)(struct hub_call *, struct hub_str text);
	/* Can somebody have that role here? HUB_USAGE ("unknown-role"): no, and which ones there are. */
	int (*role)(struct hub_call *, struct hub_str name, struct hub_err *);
};

/* NULL = not supported. Required: source open next close; detector open detect close;
 * filter open apply close; sink open write commit close; service open close. */
struct hub_ops {
	size_t size;
	int (*open)(struct hub_ctx *, const struct hub_host *, const void *conf, struct hub_str pos,
		    void **self, struct hub_err *);
	int (*next)(void *self, struct hub_batch *,
		    struct hub_err *); /* source: fill; END after the last */
	int (*apply)(void *self, struct hub_batch *,
		     struct hub_err *); /* filter: rewrite in place */
	int (*write)(void *self, struct hub_batch *,
		     struct hub_err *);              /* sink: set verdict[] of every row */
	int (*commit)(void *self, struct hub_err *); /* sink: what was written is durable */
	int (*detect)(void *self, const struct hub_doc *, uint32_t docs,
		      struct hub_err *); /* host->span() each */
	void (*close)(void *self); /* called once after open == OK, never after a failed open */
};

struct hub_plugin {
	uint32_t abi_major, abi_minor; /* first three fields: readable by any hub, for ever */
	size_t size;
	uint32_t kind, caps; /* enum hub_kind, mask of enum hub_cap */
	const char *name, *version, *license, *summary;
	const struct hub_opt *opts;
	size_t conf_size;
	int (*check)(const void *conf, const struct hub_host *,
		     struct hub_err *); /* rules across options; no I/O */
	const struct hub_ops *ops;
	/* Source of files: how sure it is that it can read this one: 0 no, 1 for want of a better
	 * one, 100 certainly. name: without its folder; head: the first bytes, up to HUB_CLAIM_HEAD.
	 * NULL: the source is taken only by name. */
	uint32_t (*claim)(struct hub_str name, struct hub_str head);
	/* Of a service; NULL for the other kinds. */
	const struct hub_service *service;
};

enum { HUB_CLAIM_HEAD = 1 << 16 };

#define HUB_PLUGIN_HEAD \
	.abi_major = HUB_ABI_MAJOR, .abi_minor = HUB_ABI_MINOR, .size = sizeof(struct hub_plugin)
#define HUB_FAIL(host, err, rc, code, ...) \
	((host)->fail)((err), (rc), (code), __FILE__, __LINE__, __VA_ARGS__)
/* Marks a text of a table (help, summary) for translation; the hub looks it up where it shows it. */
#define HUB_N(msgid) msgid
#define HUB_EXPORT   __attribute__((visibility("default")))

/* The only exported symbol. Index 0, 1, ... ; NULL ends. The result is static. */
HUB_EXPORT const struct hub_plugin *hub_plugin_get(uint32_t index);

#ifdef __cplusplus
}
#endif
#endif
