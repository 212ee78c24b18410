/* What profiles and grounds read beside the tables of conf/conf.h. Problems go to the report. */
#ifndef HUB_RELEASE_CONF_READ_H
#define HUB_RELEASE_CONF_READ_H

#include "base/buf.h"
#include "conf/conf.h"
#include "release/day.h"

/* list: as HUB_KEY_LIST landed, NULL: no words. HUB_OK, HUB_CONF, HUB_FATAL. */
int hub_read_words(struct hub_arena *a, const config_setting_t *list, const struct hub_str **words,
		   uint32_t *n, struct hub_report *r);
/* Two dates as texts, empty: open. at: where a problem is reported. */
int hub_read_period(const config_setting_t *at, struct hub_str from, struct hub_str to,
		    struct hub_period *out, struct hub_report *r);

/* "2024-04-01..2029-03-31"; an end that is open is left out. */
void hub_period_write(struct hub_buf *b, struct hub_period p);

#endif
