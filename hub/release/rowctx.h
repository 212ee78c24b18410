/* How one row becomes what one recipient sees: subjects, gate, texts, cells. Inner part of release.c. */
#ifndef HUB_RELEASE_ROWCTX_H
#define HUB_RELEASE_ROWCTX_H

#include "plugin/detect.h"
#include "release/cursor.h"
#include "release/emergency.h"
#include "release/meeting.h"
#include "release/people.h"
#include "release/recipient.h"
#include "release/release.h"
#include "release/render.h"
#include "release/roster.h"

/* What several recipients' rows have in common; made and closed by who shares it. */
struct hub_rowctx_shared {
	struct hub_people *people;
	struct hub_detect *detect; /* may be NULL */
	const char *version;       /* of the detectors */
};

struct hub_row_other {
	int64_t identity;
	unsigned classes; /* bits, 1 << enum hub_fclass */
};

/* Everything that stays the same for all rows of a release. */
struct hub_rowctx {
	struct hub_arena *arena; /* of the release */
	struct hub_arena *cases; /* rosters and casts; emptied together with people's facts */
	struct hub_map *rosters; /* identity of the client -> struct client * */
	struct hub_map
	    *feeds; /* feed -> does it bring rows about people; NULL: none was asked for */
	struct hub_db *db;
	const struct hub_schema *schema;
	const struct hub_release_spec *spec;
	struct hub_view view;
	struct hub_people *people;
	const struct hub_refuges *refuges; /* of them */
	struct hub_recipient_facts to;
	struct hub_meeting_facts meeting;
	const struct hub_emergency *emergencies;
	uint32_t n_emergencies;
	int corrected;             /* some text of the store has been corrected or reviewed */
	struct hub_detect *detect; /* NULL: there is no detector, and no text leaves */
	char version[65];          /* of the detectors */
	struct hub_release_counts *counts;
	int64_t number; /* of the release, behind every text that leaves; 0: a preview */
	/* Of the row decided last: does it show anything, of which person (identity; 0: of nobody or of several), and which
	 * classes (bits) of that one; and of whom else it shows something: people it names, of several the row is about
	 * all. Each once; in its arena. */
	int any;
	int64_t person;
	unsigned classes;
	struct hub_row_other *other;
	uint32_t others;
	size_t room;
	int shared;  /* people and detect are another one's */
	int reading; /* the transaction may not write: a stale text ends it with HUB_IDLE */
	int handles; /* keys of rows are such that the hub finds the row by them (release/handle.h) */
};

/* One cell as it leaves, and why so. */
struct hub_out_cell {
	enum hub_cell cell;
	enum hub_shown shown;
	struct hub_str text;
	struct hub_answer answer;       /* of the gate; the profile may show less */
	const struct hub_patch *labels; /* of a text: what stands in place of spans */
	uint32_t n_labels;
};

/* On failure, too, close it. */
int hub_rowctx_open(struct hub_rowctx *x, struct hub_store *s, const struct hub_release_spec *spec,
		    struct hub_release_counts *counts, struct hub_err *err);
/* The same with what is shared, in the caller's transaction or in none; nothing is written unless the recipient has
 * no key yet. */
int hub_rowctx_open_shared(struct hub_rowctx *x, struct hub_store *s,
			   const struct hub_release_spec *spec,
			   const struct hub_rowctx_shared *shared,
			   struct hub_release_counts *counts, struct hub_err *err);
void hub_rowctx_close(struct hub_rowctx *x);
/* *yes: the row is about that person, alone or among others. */
int hub_rowctx_is_about(struct hub_rowctx *x, const struct hub_entity *e,
			const struct hub_source_row *row, int64_t identity, int *yes,
			struct hub_err *err);
/* Decides one row. cells: one per field of e. Texts that are stale are scanned again and stored. Everything in
 * arena a; x->any and what follows it tell of the row. */
int hub_rowctx_decide(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		      struct hub_source_row *row, struct hub_out_cell *cells, struct hub_err *err);
/* Of a household of the registry only 続柄 from its head are known: fills in what the row's person is to the client
 * of a case (relation_code), where that can be told, as if it stood in the row. */
int hub_rowctx_kin(struct hub_rowctx *x, const struct hub_profile_entity *e,
		   struct hub_source_row *row, int64_t client, struct hub_err *err);
/* Decides about content that nothing looks into (an attachment): a narrative that may name anybody and show any
 * place, of the person the row is about and the client of its case. Only "allow" lets it pass, whole; x->person
 * and the like as above. */
int hub_rowctx_whole(struct hub_rowctx *x, const struct hub_entity *e,
		     const struct hub_source_row *row, struct hub_answer *answer,
		     struct hub_err *err);
/* A text that is not in the store, as a question: of that person's case (facts NULL: of nobody known; then whole is
 * what the gate says of nobody's data). to is where its recipient stands. people and consents are left to the caller. */
void hub_rowctx_question(const struct hub_rowctx *x, const struct hub_person_facts *f,
			 struct hub_str case_id, struct hub_recipient *to,
			 struct hub_text_question *q, struct hub_answer *whole);
/* What of a row may be seen, for search (release/sight.h): decided by the same code, nothing is shown. */
struct hub_row_sight {
	int64_t person; /* identity it is about; 0: of nobody or of several */
	uint8_t
	    *open; /* per field of e: the value as it is; of a text: it is shown, spans masked */
	struct hub_str *spans; /* per field of e: of a text, as corrected; ptr NULL: not known */
};
int hub_rowctx_see(struct hub_rowctx *x, struct hub_arena *a, const struct hub_profile_entity *e,
		   struct hub_source_row *row, struct hub_row_sight *out, struct hub_err *err);
/* Key of a row for this recipient: the same in every release, another one for others. */
struct hub_str hub_rowctx_key(struct hub_rowctx *x, struct hub_arena *a,
			      const struct hub_entity *entity, int64_t id);
/* The same under another of the recipient's keys, for a row that left as one of a person. ptr NULL: out of
 * memory. */
struct hub_str hub_rowctx_old_key(struct hub_arena *a, const struct hub_key *key,
				  const struct hub_entity *entity, int64_t id, int64_t identity);
/* Lets go of the cases, when facts of the people are gone or there are more than `most`. */
int hub_rowctx_forget_cases(struct hub_rowctx *x, size_t most, struct hub_err *err);
/* Lets go of people and cases when there are many. Between two batches. */
int hub_rowctx_forget(struct hub_rowctx *x, struct hub_err *err);

#endif
