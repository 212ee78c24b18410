/* A profile: who gets what, for which purpose, and how each privacy class is shown. One libconfig file
 * in config/profiles/; it runs only in the version (hash) that somebody else than its author approved.
 *
 *	title     = "地域包括支援センターへの提供";
 *	recipient: { id = "houkatsu"; name = "緑区地域包括支援センター"; contract_to = "2027-03-31"; };
 *	purpose   = "support";
 *	show:     { identifier = "as_is"; contact = "as_is"; quasi = "generalised"; ... };
 *	entities: { activity: { fields = ["*"]; except = ["response"]; show: { body = "masked"; }; }; };
 *	masked     = "role";     # what the gate masks: role 【本人の母】 or dots ●●
 *	unattended = "withhold"; # where the gate wants a confirmation and nobody is there: mask, withhold
 *	deletions  = "none";     # list: takes lists of what to delete after a withdrawal
 *	dates      = "iso";      # iso, wareki (令和6年7月31日)
 *	unmapped   = "withheld"; # as_is: columns without a field, when a sheet leaves in its own layout
 *	statistics: { definitions = ["../../schemas/statistics/mhlw.cfg"]; exact = false; }; */
#ifndef HUB_RELEASE_PROFILE_H
#define HUB_RELEASE_PROFILE_H

#include "base/buf.h"
#include "conf/conf.h"
#include "release/stats.h"
#include "release/view.h"

enum hub_dates { HUB_DATES_ISO = 0, HUB_DATES_WAREKI };

struct hub_profile_entity {
	const struct hub_entity *entity;
	const struct hub_view_field *fields; /* in the order of the schema */
	uint32_t n;
};

/* Counts that the recipient gets beside the records, or instead of them. */
struct hub_profile_stats {
	struct hub_stat_sets sets; /* all that it ever gets: small counts are guarded across them */
	int64_t small;
	int exact; /* small counts as they are: for the municipality's own use */
};

struct hub_profile {
	struct hub_str name; /* of the file, without folder and ending */
	struct hub_str title, purpose;
	struct hub_str recipient, recipient_name, recipient_kind;
	struct hub_period contract;
	struct hub_view view; /* view.day is 0: the release sets it */
	int withhold_unattended;
	int unmapped; /* in a sheet's own layout, columns that mean no field go as they are */
	int takes_deletions;
	enum hub_dates dates;
	const struct hub_profile_entity *entities; /* in the order of the schema */
	uint32_t n;
	struct hub_profile_stats stats;
	struct hub_str canon; /* everything above but the title, one "key value" a line */
	char hash[65];        /* SHA-256 of canon, hex: same meaning, same hash */
};

/* All problems go to the report; HUB_CONF when there is any. Lives in the arena. */
int hub_profile_load(struct hub_arena *a, struct hub_report *r, const char *path,
		     const struct hub_schema *schema, struct hub_profile *out, struct hub_err *err);

/* Reads the group `statistics` of a profile, with its definitions, into *out; problems go to the report. */
int hub_profile_take_stats(struct hub_arena *a, struct hub_report *r, const config_setting_t *group,
			   const struct hub_schema *schema, struct hub_profile_stats *out,
			   struct hub_err *err);
/* Its lines of the canonical form. */
void hub_profile_stats_canon(const struct hub_profile_stats *s, struct hub_buf *b);

/* NULL when the profile leaves it out. */
const struct hub_view_field *hub_profile_field(const struct hub_profile *p,
					       const struct hub_field *f);

/* What changed from an earlier canon to this profile, in words, one line each ("氏名 is now masked (was
 * as it is)"); nothing when nothing did. Returns the number of lines. */
unsigned hub_profile_changes(const struct hub_profile *p, struct hub_str earlier,
			     const struct hub_schema *schema, struct hub_buf *out);

/* The same for a release job, whose canon is a list of its settings. */
unsigned hub_job_changes(struct hub_str canon, struct hub_str earlier, struct hub_buf *out);

/* Does it say what people of the agency see by HTTP, in a meeting or else? */
static inline int hub_profile_is_view(const struct hub_profile *p, struct hub_str agency,
				      int meeting)
{
	return hub_str_eq(p->recipient, agency) &&
	       hub_str_is(p->purpose, "meeting") == (meeting != 0);
}

#endif
