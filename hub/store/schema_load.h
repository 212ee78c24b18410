/* Inside of the schema loader, shared by schema_read.c (settings), schema_codes.c (lists and banned
 * items) and schema_load.c (fields, entities, files). Not for anybody else. */
#ifndef HUB_STORE_SCHEMA_LOAD_H
#define HUB_STORE_SCHEMA_LOAD_H

#include "base/err.h"
#include "store/schema.h"

#include <libconfig.h>

/* What is filled here is handed out as const when all is read. */
struct hub_load {
	struct hub_arena *a;
	struct hub_buf *report;
	struct hub_schema *s;
	struct hub_entity *entities;
	struct hub_codes *lists;
	struct hub_banned *banned;
	const char *path; /* file being read */
	size_t folder;    /* length of its folder in path, with the slash */
	int local;        /* 1 while the site's file is read */
	int errors, no_memory;
	char first[256], first_at[256];
};

/* Reports one error; fmt comes through hub_tr(). at NULL: no line to show. */
void hub_load_complain(struct hub_load *l, const config_setting_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void hub_load_file(struct hub_load *l, const char *path);
/* Zeroed array and copied text in the arena; NULL and no_memory set when there is none. */
void *hub_load_array(struct hub_load *l, size_t count, size_t size);
struct hub_str hub_load_keep(struct hub_load *l, const char *z);

/* Settings of a group that nobody reads are typing errors; keys ends in NULL. */
void hub_load_keys(struct hub_load *l, const config_setting_t *group, const char *const *keys);
int hub_load_name(struct hub_load *l, const config_setting_t *at); /* 1 when well formed */
/* "" when there is none. */
struct hub_str hub_load_text(struct hub_load *l, const config_setting_t *group, const char *key);
int hub_load_bool(struct hub_load *l, const config_setting_t *group, const char *key, int dflt);
char hub_load_source(struct hub_load *l, const config_setting_t *at, struct hub_str s, char dflt);
/* A list of texts from place `from` on, appended to what is there (the local file adds spellings). */
void hub_load_words(struct hub_load *l, const config_setting_t *list, unsigned from,
		    const struct hub_str **words, uint32_t *n_words);
void hub_load_aliases(struct hub_load *l, const config_setting_t *group,
		      const struct hub_str **words, uint32_t *n);
const config_setting_t *hub_load_group(struct hub_load *l, const config_setting_t *parent,
				       const char *key);
static inline unsigned hub_load_count(const config_setting_t *group) /* NULL: none */
{
	return group ? (unsigned)config_setting_length(group) : 0;
}
/* 1 when text now means i in the map, 0 when it already means something else. */
int hub_load_claim(struct hub_load *l, struct hub_map *m, struct hub_str text, uint64_t i);

void hub_load_lists(struct hub_load *l, const config_setting_t *root);
void hub_load_banned(struct hub_load *l, const config_setting_t *root, const char *key,
		     enum hub_ban ban);
/* Fills s->hash from everything that can change a result. 0, or -1. */
int hub_schema_seal(struct hub_schema *s);

#endif
