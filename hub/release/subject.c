#include "release/subject.h"

int hub_subjects_read(struct hub_people *people, struct hub_db *db, const struct hub_entity *e,
		      const struct hub_source_row *row, struct hub_subjects *out,
		      struct hub_err *err)
{
	int64_t *const one = &out->one;
	int rc = HUB_OK;

	*out = (struct hub_subjects){.id = one};
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
		return hub_people_household(people, row->id, &out->id, &out->n, err);
	}
	out->n = *one ? 1 : 0;
	return rc;
}
