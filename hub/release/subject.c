#include "release/subject.h"

int hub_subject_ids(struct hub_people *people, struct hub_db *db, const struct hub_entity *e,
		    const struct hub_source_row *row, int64_t *one, const int64_t **ids,
		    uint32_t *n, struct hub_err *err)
{
	int rc = HUB_OK;

	*ids = one;
	*one = 0;
	switch (e->subject) {
	case HUB_SUBJECT_NONE:
		break;
	case HUB_SUBJECT_SELF:
		*one = row->id;
		break;
	case HUB_SUBJECT_REF:
		*one = row->person;
		if (!*one)
			rc = hub_people_of_case(people, db, row->case_id, one, err);
		break;
	case HUB_SUBJECT_CASE:
		rc = hub_people_of_case(people, db, e->case_ref ? row->case_id : row->id, one, err);
		break;
	case HUB_SUBJECT_MEMBERS:
		return hub_people_household(people, row->id, ids, n, err);
	}
	*n = *one ? 1 : 0;
	return rc;
}
