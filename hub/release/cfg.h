/* Reading the small libconfig files of this room (grounds, profiles): every error of a file in one
 * run, each with file:line, the line itself, cause and hint. Texts are copied into the arena. */
#ifndef HUB_RELEASE_CFG_H
#define HUB_RELEASE_CFG_H

#include "base/arena.h"
#include "base/buf.h"
#include "release/day.h"

#include <libconfig.h>

struct hub_cfg {
	config_t file;
	struct hub_arena *a;
	struct hub_buf *report; /* may be NULL */
	const char *path;
	struct hub_str text; /* of the file, for the excerpts */
	unsigned errors;
	int no_memory;
	char first[256], first_at[256];
};

/* Reads and parses. On failure nothing is left to close. */
int hub_cfg_open(struct hub_cfg *c, struct hub_arena *a, const char *path, struct hub_buf *report,
		 struct hub_err *err);
/* Frees the parse tree; HUB_CONF when anything was complained about, err says the first of it. */
int hub_cfg_close(struct hub_cfg *c, struct hub_err *err);

/* at may be NULL: the file as a whole. hint may be NULL. Both are translated here: mark them HUB_N. */
void hub_cfg_complain(struct hub_cfg *c, const config_setting_t *at, const char *hint,
		      const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Complains about every setting of the group that is not in keys (NULL-ended). */
void hub_cfg_keys(struct hub_cfg *c, const config_setting_t *group, const char *const *keys);

/* A missing setting reads as empty text, dflt, 0 items. */
struct hub_str hub_cfg_text(struct hub_cfg *c, const config_setting_t *group, const char *key);
/* Complains when it is missing or empty. */
struct hub_str hub_cfg_need(struct hub_cfg *c, const config_setting_t *group, const char *key);
int hub_cfg_bool(struct hub_cfg *c, const config_setting_t *group, const char *key, int dflt);
int hub_cfg_int(struct hub_cfg *c, const config_setting_t *group, const char *key, int min, int max,
		int dflt);
uint32_t hub_cfg_words(struct hub_cfg *c, const config_setting_t *group, const char *key,
		       const struct hub_str **out);
/* Settings <key>_from and <key>_to, dates; a missing end is open. */
struct hub_period hub_cfg_period(struct hub_cfg *c, const config_setting_t *group,
				 const char *from_key, const char *to_key);
/* Index of the word, words is NULL-ended; complains (with the list) and returns dflt otherwise. */
int hub_cfg_choice(struct hub_cfg *c, const config_setting_t *group, const char *key,
		   const char *const *words, int dflt);
/* Nearest of a NULL-ended list for "did you mean"; NULL when none is near. */
const char *hub_cfg_near(struct hub_str name, const char *const *words);

#endif
