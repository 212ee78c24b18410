/* Inside of the schema loader, shared by schema_read.c (settings), schema_codes.c (lists and banned
 * items) and schema_load.c (fields, entities, files). Not for anybody else. */
#ifndef HUB_STORE_SCHEMA_LOAD_H
#define HUB_STORE_SCHEMA_LOAD_H

#include "conf/conf.h"
#include "store/schema.h"

/* What is filled here is handed out as const when all is read. */
struct hub_load {
	struct hub_arena *a;
	struct hub_report *report;
	struct hub_schema *s;
	struct hub_entity *entities;
	const config_setting_t ***at; /* where field i of entity e stands: at[e][i] */
	struct hub_codes *lists;
	struct hub_banned *banned;
	int local; /* 1 while the site's file is read */
	int no_memory;
};

/* The words of the file for types and classes, by enum, from 1; NULL ends. */
extern const char *const hub_ftype_words[], *const hub_fclass_words[];

/* Reports one error at a setting; fmt comes through hub_tr(). */
void hub_load_complain(struct hub_load *l, const config_setting_t *at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A group into the struct `to` by a table, as hub_conf_take(). */
void hub_load_take(struct hub_load *l, const config_setting_t *group, const struct hub_opt *opts,
		   const char *owner, void *to, uint8_t *given);
/* Zeroed array and copied text in the arena; NULL and no_memory set when there is none. */
void *hub_load_array(struct hub_load *l, size_t count, size_t size);
struct hub_str hub_load_keep(struct hub_load *l, const char *z);

/* 1 when it is a group with a well formed name. */
int hub_load_named_group(struct hub_load *l, const config_setting_t *at);
char hub_load_source(struct hub_load *l, const config_setting_t *at, struct hub_str s, char dflt);
/* A list of texts (NULL: none) from place `from` on, appended to what is there: the local file adds
 * spellings. */
void hub_load_words(struct hub_load *l, const config_setting_t *list, unsigned from,
		    const struct hub_str **words, uint32_t *n_words);
/* 1 when text now means i in the map, 0 when it already means something else. */
int hub_load_claim(struct hub_load *l, struct hub_map *m, struct hub_str text, uint64_t i);

/* group NULL: none */
void hub_load_lists(struct hub_load *l, const config_setting_t *group);
void hub_load_banned(struct hub_load *l, const config_setting_t *group, enum hub_ban ban);
/* Fills s->hash from everything that can change a result. 0, or -1. */
int hub_schema_seal(struct hub_schema *s);

#endif
