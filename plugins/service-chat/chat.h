/* Parts of the module chat. One request is a struct ask; what a handler hands out lives until the call is over.
 *
 * Who reads what. A message reaches agencies (chat_reach): those for which its text was looked into. A member
 * reads what reached its agency after it came in (from_seq). On each request the agency is asked anew whether it
 * may see the case: an agency that may not does not find the thread, and nothing reaches it meanwhile. */
#ifndef CHAT_H
#define CHAT_H

#include "plain.h"
#include <hub/plugin.h>

#include <string.h>

struct chat_conf {
	struct hub_str retention, domain;
	int64_t file_max, search_depth;
};

struct chat {
	const struct hub_host *host;
	const struct hub_desk *desk;
	const struct chat_conf *conf;
};

struct ask {
	const struct chat *chat;
	const struct hub_desk *desk;
	struct hub_call *call;
	struct hub_err *err;
};

static inline struct ask ask_of(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct chat *c = self;

	return (struct ask){c, c->desk, call, err};
}

/* ---- statements (sql.c) ---- */

enum statement {
	S_THREAD_ADD,
	S_THREAD_OF,
	S_THREADS,
	S_DIRECT,
	S_THREAD_SET,
	S_ARCHIVE,
	S_CASE_MEMBERS,
	S_MEMBERS,
	S_MEMBER_ADD,
	S_MEMBER_END,
	S_OWNERS,
	S_OWNER_NEXT,
	S_LOCK,
	S_BY_CLIENT,
	S_SEQ,
	S_POST,
	S_REACH,
	S_REACH_END,
	S_MENTION,
	S_MENTION_END,
	S_CONFIRM,
	S_PAST,
	S_PAST_OF,
	S_EDIT,
	S_DELETE,
	S_MESSAGE,
	S_MESSAGES_UP,
	S_MESSAGES_DOWN,
	S_TO_OPEN,
	S_UNREAD,
	S_READ,
	S_SEARCH,
	S_SEARCH_END,
	S_FILE_ADD,
	S_FILES,
	S_FILE,
	S_POLL_ADD,
	S_POLL,
	S_POLLS,
	S_CHOICE_ADD,
	S_CHOICES,
	S_ANSWER,
	S_ANSWERS,
	S_COMMENT,
	S_COMMENTS,
	S_POLL_SET,
	S_POLLS_DUE,
	S_POLL_TOLD,
	STATEMENTS,
};
extern const char *const chat_statements[STATEMENTS];
enum { CHAT_MIGRATIONS = 2, CHAT_ROUTES = 26 };
extern const struct hub_migration chat_migrations[CHAT_MIGRATIONS];

/* args, one letter per placeholder: i int64_t, t struct hub_str. r may be NULL. */
int chat_sql(const struct ask *a, enum statement s, struct hub_result *r, const char *args, ...);

static inline int64_t int_at(const struct hub_result *r, uint32_t row, uint32_t col)
{
	return r->val[(size_t)row * r->cols + col].i;
}
static inline struct hub_str text_at(const struct hub_result *r, uint32_t row, uint32_t col)
{
	return r->val[(size_t)row * r->cols + col].s;
}

/* ---- small things (util.c) ---- */

int chat_no_memory(const struct ask *a);
/* A number of a path or a cursor: digits only, up to 2^53; -1 for anything else. */
int64_t chat_number(struct hub_str s);
/* Where the page before ended: a number, or "number.number"; left alone on the first page. */
int chat_place(const struct ask *a, int64_t *at);
int chat_places(const struct ask *a, int64_t *at, int64_t *id);
/* The text without blanks at its ends. */
struct hub_str chat_trim(struct hub_str s);
/* How a text is searched: widths, kana and case made one. ptr NULL: out of memory. */
/* What was written earlier, as it may be read now. */
struct hub_str chat_readable(const struct ask *a, struct hub_str text);
struct hub_str chat_fold(const struct ask *a, struct hub_str text);
/* Refuses whoever may only look. */
int chat_may_write(const struct ask *a);
/* Is value number i of a body there? */
static inline int given(const struct hub_val *v)
{
	return v->type != HUB_VAL_NONE && v->type != HUB_VAL_NULL;
}

/* ---- threads and members (thread.c, member.c) ---- */

enum { DIRECT = 1, GROUP = 2 };
enum { OPEN = 0, CLOSED = 1 };

struct thread {
	int64_t id, kind, state, last_seq, last_at, version, created_at;
	struct hub_str case_no, title; /* case_no: its number, shown to nobody as it is */
	int64_t from_seq, read_seq, owner, archived; /* of the asker */
};
/* The thread that the path names, if the asker is a member and its agency may see the case; else 404. */
int thread_open(const struct ask *a, struct thread *t);
/* The same, to write into it: 403 for whoever may only look, 409 when it is closed. */
int thread_open_to_write(const struct ask *a, struct thread *t);
/* 403 for whoever does not own it. */
int thread_owned(const struct ask *a, const struct thread *t);
/* HUB_OK, or HUB_END: that agency sees nothing of the case (no case: of anything) today. */
int chat_sees(const struct ask *a, struct hub_str agency, struct hub_str case_no);

/* The number of a case as the asker calls it, or 404. */
int case_called(const struct ask *a, struct hub_str name, struct hub_str *number);

/* Whoever reads what is written now: members whose agency may see the case. */
struct receivers {
	const struct hub_str *agency; /* each once */
	uint32_t agencies;
	const int64_t *account;
	uint32_t accounts;
};
int receivers_of(const struct ask *a, const struct thread *t, struct receivers *to);
/* Tells their open pages; name "message", number a second figure beside the thread's ("seq"). */
int chat_push(const struct ask *a, const int64_t *account, uint32_t n, const char *name,
	      int64_t thread, const char *what, int64_t number);
/* Says who an account is, as members account, name, agency. */
int say_person(const struct ask *a, int64_t account, struct hub_str agency);
int say_members(const struct ask *a, const struct thread *t);
/* Takes an account into a thread; it sees messages behind from_seq. */
int member_add(const struct ask *a, int64_t thread, const struct hub_colleague *who, int owner,
	       int64_t from_seq);

/* ---- what leaves (outgoing.c) ---- */

/* One text on its way: "text", "title", "place", "file name". */
struct part {
	const char *name;
	struct hub_str text; /* as written; afterwards as it is sent */
};
struct sending {
	struct hub_str case_no;
	const struct receivers *to;
	const struct hub_val *as, *confirm; /* of the body; confirm NULL: cannot be confirmed */
	uint32_t files;
	/* out */
	int masked;                    /* something was masked */
	struct hub_str ground, reason; /* confirmed: ptr set */
	struct hub_str shown;          /* what was shown by that, JSON without values */
};
/* Looks into all parts. HUB_OK: they may be sent as they are now. Otherwise the request is refused with all
 * that is held. */
int outgoing_check(const struct ask *a, struct part *part, uint32_t n, struct sending *s);
/* Is anything of the text held from the agencies? HUB_OK no, HUB_END yes. */
int outgoing_clean(const struct ask *a, struct hub_str text, struct hub_str case_no,
		   const struct hub_str *agency, uint32_t agencies);
/* Keeps the confirmation of a message, if there was one, and puts it on the audit log. */
int outgoing_record(const struct ask *a, const struct thread *t, int64_t seq, int64_t version,
		    const struct sending *s);

/* ---- messages (message.c, post.c) ---- */

enum { MESSAGE = 0, POLL = 1, COMMENT = 2 };

/* A new entry of a thread: text is looked into before (outgoing_check). */
struct entry {
	int64_t kind, reply_to, request;
	struct hub_str client_id, text;
	const struct sending *sending;
};
/* What the body asks for: the same again gives the same number. How it may leave does not count: `as` is the number of
 * that member, `confirm` the one behind it. */
int64_t entry_request(const struct ask *a, int64_t kind, uint32_t members, uint32_t as);
/* Opens the thread and makes the entry, unless this client_id was there already with the same request; with another one
 * it is refused. *seq is its number. */
typedef int entry_make(const struct ask *a, const struct thread *t, int64_t request, int64_t *seq);
int entry_post(const struct ask *a, struct thread *t, struct hub_str client_id, int64_t request,
	       entry_make *make, int64_t *seq);
int entry_add(const struct ask *a, const struct thread *t, const struct entry *e, int64_t *seq);
/* Says message seq of the thread, or refuses with 404. */
int say_message(const struct ask *a, const struct thread *t, int64_t seq);
int chat_unread(const struct ask *a, int64_t thread, int64_t *messages, int64_t *mentions);

/* ---- files (file.c) ---- */

/* Decodes and stores the files of a body (LIST of name, type, content). name: as it may be sent. */
int files_add(const struct ask *a, const struct thread *t, int64_t seq, const struct hub_val *files,
	      const struct part *name);
int say_files(const struct ask *a, int64_t thread, int64_t seq);

/* ---- calendar (calendar.c) ---- */

struct meeting {
	int64_t thread, poll, created_at, changed_at, sequence, starts, ends; /* times in ms */
	int cancelled;
	struct hub_str kind, place, domain;
	struct hub_str organiser_mail, organiser_agency;
	const struct hub_str *attendee; /* mail addresses */
	uint32_t attendees;
};
/* An iCalendar object (RFC 5545, 5546). No case and no person is in it. */
int calendar_write(const struct ask *a, const struct meeting *m, struct hub_str *out);

/* ---- handlers, and what they take and give (routes.c) ---- */

typedef int chat_handler(void *self, struct hub_call *call, struct hub_err *err);
chat_handler threads_get, thread_get, thread_post, thread_patch, archived_put;
chat_handler people_get;
chat_handler member_post, member_delete, leave_post;
chat_handler messages_get, message_get, message_post, message_patch, message_delete, history_get;
chat_handler read_put, unread_get, search_get, file_get;
chat_handler polls_get, poll_get, poll_post, answers_put, decide_post, cancel_post, calendar_get;
int polls_tick(void *self, struct hub_call *call, struct hub_err *err);
int chat_event(void *self, struct hub_call *call, const struct hub_event *event,
	       struct hub_err *err);

extern const struct hub_route chat_routes[CHAT_ROUTES];
/* Words by their numbers; NULL-ended. */
extern const char *const chat_kinds[], *const chat_answers[], *const chat_poll_states[];
extern const char *const chat_meetings[], *const chat_meeting_names[];

#endif
