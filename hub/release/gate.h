/* The gate (提供可否判定): whether one field of one person may leave to one recipient.
 *
 * A fixed table (design §6), a pure function: no I/O, no allocation, no clock. Whoever asks brings
 * everything that counts; the same question has the same answer for ever, so that a past release can
 * be replayed. All enums are ordered so that a zeroed struct is the strictest one.
 *
 *  step  when                                                          decision  confirm  reason
 *   0    the question cannot be understood                             withhold  no  malformed-request
 *   1    recipient not known                                           withhold  no  recipient-unknown
 *        contract not in force on the day                              withhold  no  recipient-no-contract
 *        recipient barred (a perpetrator's side)                       withhold  no  recipient-barred
 *        person not of the household given                             withhold  no  person-unknown
 *   2    field reveals an address, anyone of the household not clear   withhold  no  address-restricted
 *   3    statutory ground in force (invited, in time, case, purpose)   allow     no  legal-ground
 *        emergency override in force (two accounts, for a time)        allow     no  emergency
 *   4    most specific consents in force: all given                    allow     no  consent-given
 *        one of them withdrawn / refused / not asked                   mask      no  consent-withdrawn ...
 *   5    nothing of all this                                           mask      YES no-consent
 *
 * confirm belongs to step 5 alone: there the person has said nothing for this recipient, and a worker
 * may share masked data after saying who and why. After a no (step 4) there is nothing to ask.
 * The three states of protection that are not clear give one reason: that a person is protected is
 * itself a secret. */
#ifndef HUB_RELEASE_GATE_H
#define HUB_RELEASE_GATE_H

#include "release/day.h"

enum hub_decision { HUB_WITHHOLD = 0, HUB_MASK, HUB_ALLOW };

enum hub_protection {
	HUB_PROT_UNKNOWN = 0, /* no fresh feed and nobody confirmed */
	HUB_PROT_PROTECTED,   /* 支援措置 */
	HUB_PROT_SUSPECTED,   /* not linked, but shares kana + birth date, address or phone */
	HUB_PROT_CLEAR,
};

enum hub_consent_status {
	HUB_CONSENT_NOT_ASKED = 0,
	HUB_CONSENT_REFUSED,
	HUB_CONSENT_WITHDRAWN, /* period.from is the day of the withdrawal; period.to is not looked at */
	HUB_CONSENT_GIVEN,
	HUB_CONSENT_EXPIRED, /* counts for nothing */
};

enum hub_reason {
	HUB_WHY_MALFORMED = 0,
	HUB_WHY_RECIPIENT_UNKNOWN,
	HUB_WHY_NO_CONTRACT,
	HUB_WHY_BARRED,
	HUB_WHY_PERSON_UNKNOWN,
	HUB_WHY_ADDRESS,
	HUB_WHY_GROUND,
	HUB_WHY_EMERGENCY,
	HUB_WHY_GIVEN,
	HUB_WHY_WITHDRAWN,
	HUB_WHY_REFUSED,
	HUB_WHY_NOT_ASKED,
	HUB_WHY_NO_CONSENT,
	/* of texts only, see release/text.h */
	HUB_WHY_STALE,
	HUB_WHY_UNREVIEWED,
	HUB_WHY_THIRD_PARTY,
	HUB_WHYS,
};

/* Whoever would receive it, as the hub knows it. */
struct hub_recipient {
	struct hub_str id;
	int known; /* in the register of agencies */
	int barred;
	struct hub_period contract;
};

struct hub_household_person {
	struct hub_str id;
	enum hub_protection protection;
};

/* recipient, category and purpose: exact text, or "*" for any. An empty one could not be read: it
 * never gives anything and never takes a refusal away. */
struct hub_consent {
	struct hub_str person, recipient, category, purpose;
	enum hub_consent_status status;
	struct hub_period period;
};

struct hub_meeting {
	struct hub_str id, kind;
	const struct hub_str *members; /* ids of the invited recipients */
	uint32_t n_members;
	struct hub_period period; /* HUB_NEVER when a date is missing: a meeting has its dates */
	struct hub_str case_id;
};

/* One agency may see one person, whatever was said: named ground, reason, two accounts, a time that has
 * not run out (release/emergency.h). It opens no address: step 2 comes first. */
struct hub_emergency {
	struct hub_str recipient, person;
};

/* A row of the table of grounds (schemas/grounds.cfg, release/grounds.h). */
struct hub_ground {
	struct hub_str id, law, article, note;
	const struct hub_str *kinds; /* spellings of the meeting kind; the first is the usual one */
	uint32_t n_kinds;
	struct hub_str purpose; /* of the request */
	int needs_consent;      /* then it is no ground by itself */
	int active;             /* the site has switched it on */
	int emergency;          /* may be named for an emergency override */
	struct hub_period valid;
	char source; /* label of the facts: S seen, K known, I inferred */
};

/* One question. Everything is borrowed. */
struct hub_question {
	const struct hub_recipient *recipient;
	struct hub_str person, category, purpose;
	struct hub_str
	    case_id;         /* must equal the meeting's; both empty in a question without a case */
	int32_t day;         /* in Japan */
	int reveals_address; /* flag of the field in the schema; a field nobody knows reveals */
	const struct hub_household_person *household; /* the person and everyone living with it */
	uint32_t n_household;
	const struct hub_consent *consents; /* of anybody; others' are left alone */
	uint32_t n_consents;
	const struct hub_meeting *meeting; /* NULL: none */
	const struct hub_ground *grounds;
	uint32_t n_grounds;
	const struct hub_emergency *emergencies; /* those in force */
	uint32_t n_emergencies;
};

struct hub_answer {
	enum hub_decision decision;
	enum hub_reason reason;
	int confirm;
};

struct hub_answer hub_gate_decide(const struct hub_question *q);
/* Of two answers about the same thing; whoever must be asked must be asked, whichever of the two shows. */
struct hub_answer hub_gate_stricter(struct hub_answer a, struct hub_answer b);
/* Nobody of the household is, or may be, under display restriction. */
int hub_gate_is_clear(const struct hub_question *q);

/* Stable words: "allow", "mask", "withhold"; "no-consent". Static. */
const char *hub_decision_name(enum hub_decision d);
const char *hub_reason_name(enum hub_reason r);
/* One sentence for people, English; translate where it is printed. Static. */
const char *hub_reason_text(enum hub_reason r);

#endif
