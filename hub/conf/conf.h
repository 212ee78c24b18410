/* Configuration files: libconfig reads them, tables say what may stand in them, and every problem of
 * a file is found in one run, with its place. Used for jobs, mappings, schemas and profiles alike.
 *
 * A table of keys is a struct hub_opt table as plugins have it (hub/plugin.h), with four more types.
 * Where a value lands and how it is checked is the same; groups and lists land as a setting. */
#ifndef HUB_CONF_CONF_H
#define HUB_CONF_CONF_H

#include "conf/report.h"

#include <libconfig.h>

/* Beside enum hub_otype; the value lands as `const config_setting_t *`, NULL when absent. */
enum hub_key_type {
	HUB_KEY_GROUP = 100, /* { ... } */
	HUB_KEY_LIST,        /* ( ... ) or [ ... ] */
	HUB_KEY_ANY,         /* whatever it is */
	HUB_KEY_REAL,        /* number with a fraction: double */
};

struct hub_conf;

/* Reads path. Problems of form go to the report; *out is what could be read of it, so that its
 * content can be checked as well, or NULL when there is nothing. HUB_CONF only when *out is NULL.
 * Arena and report must outlive *out. hub_conf_free afterwards. */
int hub_conf_read(struct hub_arena *a, struct hub_report *r, const char *path,
		  struct hub_conf **out, struct hub_err *err);
/* The same from memory; the text must outlive the report. */
int hub_conf_read_text(struct hub_arena *a, struct hub_report *r, const char *name,
		       struct hub_str text, struct hub_conf **out, struct hub_err *err);
void hub_conf_free(struct hub_conf *c); /* NULL is fine */
/* "config/profiles/masked-agency.cfg" -> "masked-agency"; ptr NULL: out of memory. */
struct hub_str hub_conf_name(struct hub_arena *a, const char *path);
const config_setting_t *hub_conf_root(const struct hub_conf *c);

static inline void hub_auto_conf(struct hub_conf **c)
{
	hub_conf_free(*c);
}

/* Place of a setting's name (of the value, for an element of a list). */
struct hub_place hub_conf_place(const config_setting_t *s);
struct hub_place hub_conf_value_place(const config_setting_t *s);
/* Place of byte `at` .. `at + len` of a text value: quotes, pieces and escapes are counted in. */
struct hub_place hub_conf_inside(const config_setting_t *s, size_t at, size_t len);

/* What may stand in one group. */
struct hub_keys {
	const struct hub_opt *opts; /* ended by name == NULL */
	const char *owner;          /* for messages: "source csv", "job" */
	const char *lister;         /* command that lists them, or NULL: the message does */
	const char *skip;           /* a name that somebody else reads, or NULL */
	uint32_t hidden;            /* options with these flags may be missing (HUB_OPT_INPUT) */
};

/* Reads a group into the struct `to` by the table: defaults, then every value that is there, then
 * what is missing. group NULL: nothing was written, the defaults alone. Text is copied into the arena; relative PATHs are taken from the folder of the
 * file. given: one byte per option, set to 1 for what was there; NULL if nobody asks.
 * Returns HUB_OK, HUB_CONF (all problems are in the report), HUB_FATAL. */
int hub_conf_take(const config_setting_t *group, const struct hub_keys *keys, struct hub_arena *a,
		  void *to, uint8_t *given, struct hub_report *r);

/* Children by number, for groups whose names anybody may choose, such as jobs. */
static inline unsigned hub_conf_count(const config_setting_t *s)
{
	return s ? (unsigned)config_setting_length(s) : 0;
}
static inline const config_setting_t *hub_conf_child(const config_setting_t *s, unsigned i)
{
	return config_setting_get_elem(s, i);
}
/* Text of a string setting; ptr NULL for anything else. */
struct hub_str hub_conf_text(const config_setting_t *s);
/* path as seen from the folder of the file that s stands in. NULL when out of memory. */
const char *hub_conf_path(const config_setting_t *s, struct hub_str path, struct hub_arena *a);

#endif
