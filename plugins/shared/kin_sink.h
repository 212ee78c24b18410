/* A sink that draws one case: the family map (genogram) and the map of relations (ecomap).
 *
 * Rows of person, case, household_member, relationship and agency are taken in as the gate shows them; the
 * picture is drawn at commit. Everything in it comes from those rows: a name that was masked is not in the
 * file, the word for what somebody is to the client stands in its place, and a masked birth or death is not
 * drawn. Rows of a second case are refused; of other entities nothing is drawn. */
#ifndef PLUGINS_SHARED_KIN_SINK_H
#define PLUGINS_SHARED_KIN_SINK_H

#include <hub/plugin.h>

struct kin_sink_conf {
	struct hub_str path;
	int64_t draw;
};

extern const struct hub_opt kin_sink_opts[];
extern const struct hub_ops kin_sink_ops;

#endif
