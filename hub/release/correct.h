/* What people decided about the spans of a text: added, removed, of another type or person, all of it
 * looked at. Kept beside what detectors find and laid over it whenever a text is read, so that a new scan
 * and a reload of the same text lose nothing. A decision holds for the text as it was read: a changed text
 * is one that nobody has looked at. Only what was added stays on the same words, until somebody removes it there:
 * a name that no detector finds must not show because a word beside it was corrected. Decisions are ended, never deleted; each is in the audit log. */
#ifndef HUB_RELEASE_CORRECT_H
#define HUB_RELEASE_CORRECT_H

#include "release/text.h"
#include "store/db.h"

struct hub_entity;
struct hub_field;

/* One text of the store. */
struct hub_spot {
	const struct hub_entity *entity;
	const struct hub_field *field;
	int64_t row;
};

enum hub_correct { HUB_CORRECT_ADD = 1, HUB_CORRECT_REMOVE, HUB_CORRECT_RETYPE, HUB_CORRECT_SEEN };

struct hub_correction {
	int64_t id;
	enum hub_correct action;
	uint32_t start, end;     /* code points */
	enum hub_span_type type; /* ADD, RETYPE */
	struct hub_str person; /* id in the roster; REMOVE: whom the removed span was said to be */
	struct hub_str who, why;
	int64_t at;
};

/* Of one text, oldest first. */
struct hub_corrections {
	struct hub_correction *row;
	uint32_t n;
};

/* "add", "remove", "retype", "reviewed"; and back, 0 for none. Static. */
const char *hub_correct_name(enum hub_correct action);
enum hub_correct hub_correct_of(struct hub_str name);

/* What stands between two places of a text, in code points. */
struct hub_str hub_words_of(struct hub_str text, uint32_t start, uint32_t end);
/* The same of the text with that hash, which the row had before; empty when it is not kept. */
int hub_correction_words(struct hub_arena *a, struct hub_db *db, const struct hub_spot *at,
			 struct hub_str sha, uint32_t start, uint32_t end, struct hub_str *words,
			 struct hub_err *err);
/* Those in force for the text as it is; one that was added to an older text stands at each place where
 * its words do. Strings live in the arena. */
int hub_corrections_read(struct hub_arena *a, struct hub_db *db, const struct hub_spot *at,
			 struct hub_str text, struct hub_corrections *out, struct hub_err *err);
/* Lays them over spans as stored (hub_marks_read): later ones win over earlier ones and all over what was
 * found, but a removed span that now turns out to be somebody else of the roster stands again. */
int hub_corrections_apply(struct hub_arena *a, const struct hub_corrections *c,
			  struct hub_str spans, struct hub_str *out, struct hub_err *err);
/* 1 when a person has said that all of the text was looked at. */
int hub_corrections_seen(const struct hub_corrections *c);

/* Writes one decision about the text and ends earlier ones about the same place. actor is who decides. In the
 * caller's transaction or in one of its own. HUB_END: the same is in force already; nothing was written. */
int hub_correction_add(struct hub_db *db, const struct hub_spot *at, struct hub_str text,
		       const struct hub_correction *c, struct hub_str actor, struct hub_err *err);
/* Takes one back. HUB_USAGE when there is none with that id in force. */
int hub_correction_end(struct hub_db *db, int64_t id, struct hub_str actor, struct hub_str why,
		       struct hub_err *err);

#endif
