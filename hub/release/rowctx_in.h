/* Inner parts of a row's decision: whom it is about and what the gate says (rowctx_ask.c), its texts
 * (rowctx_text.c), its cells (rowctx.c). */
#ifndef HUB_RELEASE_ROWCTX_IN_H
#define HUB_RELEASE_ROWCTX_IN_H

#include "release/rowctx.h"

/* Whom a row is about, and what the gate has said so far. */
struct hub_row_subject {
	struct hub_arena *a; /* of the row */
	/* Its texts are scanned again where they are stale. NULL: only the row as a whole is asked for. */
	struct hub_source_row *source;
	const struct hub_person_facts *const *who;
	uint32_t n;
	int nobodys; /* an agency, a resource: no person's data */
	int own;     /* the recipient's agency wrote the row */
	int64_t row; /* its id in the store */
	struct hub_str case_id;
	struct hub_recipient to;
	struct hub_answer answer[HUB_CLASSES][2];
	uint8_t asked[HUB_CLASSES][2];
	int hides_other, asked_other; /* hub_row_hides_other() */
};

int hub_row_subject(struct hub_rowctx *x, struct hub_arena *a, const struct hub_entity *e,
		    const struct hub_source_row *row, struct hub_row_subject *s,
		    struct hub_err *err);
/* Under display restriction, or living with somebody who is. Of others than the row's own person nothing more is asked: who
 * is not known at all is most people that a case names. */
int hub_person_hides(const struct hub_person_facts *f);
/* *yes: only records of people of whom the recipient may not hear, or who are under display restriction, tell of a row about
 * nobody. */
int hub_row_known_by_shut(struct hub_rowctx *x, const struct hub_entity *e, int64_t id, int *yes,
			  struct hub_err *err);
/* *yes: the field is the telephone or address of somebody else (a relative, a visitor), who may be under display
 * restriction or live with somebody who is: by the reference, or by what the row says of them. */
int hub_row_hides_other(struct hub_rowctx *x, struct hub_row_subject *s, const struct hub_field *f,
			int *yes, struct hub_err *err);
/* *yes: the value is a number of somebody the row is about (client_no, atena_no ...), or holds one as a part:
 * 142075-0001234567. */
int hub_row_holds_number(struct hub_rowctx *x, const struct hub_row_subject *s,
			 struct hub_str value, int *yes, struct hub_err *err);
struct hub_question hub_row_question(const struct hub_rowctx *x, const struct hub_row_subject *s,
				     const struct hub_person_facts *f, enum hub_fclass pclass,
				     int reveals);
/* The strictest answer of everyone the row is about. */
struct hub_answer hub_row_ask_all(const struct hub_rowctx *x, const struct hub_row_subject *s,
				  enum hub_fclass pclass, int reveals);
/* Where nobody confirmed, an unattended job does what its profile says. */
struct hub_answer hub_row_settle(const struct hub_rowctx *x, struct hub_answer a);
/* Of one field; asked once for each class. */
struct hub_answer hub_row_ask(const struct hub_rowctx *x, struct hub_row_subject *s,
			      const struct hub_field *f);

/* Notes that the row shows these classes of this person, too (x->other). */
int hub_row_add_other(struct hub_rowctx *x, struct hub_arena *a, int64_t identity, unsigned classes,
		      struct hub_err *err);
/* Which of the entity's texts a narrative field is. */
uint32_t hub_row_text_index(const struct hub_field *f);
/* A text about people; *cell stays as it is unless the text may leave. */
int hub_row_text_show(struct hub_rowctx *x, const struct hub_row_subject *s,
		      const struct hub_view_field *vf, struct hub_out_cell *cell,
		      struct hub_err *err);
/* Could a short field with that value, which is shown as it is, name or reach somebody else than it is meant for? */
int hub_row_value_may_name(const struct hub_field *f, struct hub_str value);
/* Such a field: what it says of other people is shown as in a text. */
int hub_row_value_show(struct hub_rowctx *x, const struct hub_row_subject *s,
		       const struct hub_view_field *vf, struct hub_str value,
		       struct hub_out_cell *cell, struct hub_err *err);
/* Its spans as they are now, and whether the viewer gets to read it; both stay as they are when not. */
int hub_row_text_see(struct hub_rowctx *x, const struct hub_row_subject *s,
		     const struct hub_view_field *vf, struct hub_str *spans, uint8_t *open,
		     struct hub_err *err);

#endif
