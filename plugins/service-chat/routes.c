/* What the module serves: members of requests and replies, routes. The handlers take body and query members by
 * their place in these tables. */
#include "chat.h"

const char *const chat_kinds[] = {"direct", "group", NULL};
static const char *const orders[] = {"newest", "oldest", NULL};
const char *const chat_answers[] = {"no", "maybe", "yes", NULL};
const char *const chat_meetings[] = {"support_meeting", "multilayer_meeting", "meeting", NULL};
const char *const chat_meeting_names[] = {
    "\xe6\x94\xaf\xe6\x8f\xb4\xe4\xbc\x9a\xe8\xad\xb0", /* 支援会議 */
    "\xe9\x87\x8d\xe5\xb1\xa4\xe7\x9a\x84\xe6\x94\xaf\xe6\x8f\xb4\xe4\xbc\x9a\xe8\xad\xb0",
    "\xe4\xbc\x9a\xe8\xad\xb0", /* 会議 */
    NULL,
};
const char *const chat_poll_states[] = {"open", "decided", "cancelled", NULL};
static const char *const as_words[] = {"written", "masked", NULL};
/* 個人情報保護法69条1項, 2項1号..4号 */
static const char *const grounds[] = {"LAW", "CONSENT", "INTERNAL", "PUBLIC_BODY", "SPECIAL", NULL};

enum { TITLE = 200, TEXT = 10000, NAME = 200 };
#define ID(n, h)                                                     \
	{                                                            \
		HUB_MEMBER(n, INT, 0, h, .min = 1, .max = INT64_MAX) \
	}
#define SHORT(n, h)                                    \
	{                                              \
		HUB_MEMBER(n, TEXT, 0, h, .max = NAME) \
	}
#define LONG(n, h)                                                  \
	{                                                           \
		HUB_MEMBER(n, TEXT, HUB_M_PERSONAL, h, .max = TEXT) \
	}
#define LIST_OF(n, o, m, h)                                              \
	{                                                                \
		HUB_MEMBER(n, OBJECT, HUB_M_LIST, h, .most = m, .of = o) \
	}
#define END                  \
	{                    \
		.name = NULL \
	}

/* ---- shared parts ---- */

static const struct hub_member confirm[] = {
    {HUB_MEMBER("ground", WORD, HUB_M_REQUIRED, HUB_N("legal ground of article 69"),
		.words = grounds)},
    {HUB_MEMBER("reason", TEXT, HUB_M_REQUIRED,
		HUB_N("why it has to be shared as it is; kept on record"), .min = 5, .max = 1000)},
    END,
};
#define AS                                                                                    \
	{                                                                                     \
		HUB_MEMBER("as", WORD, 0, HUB_N("masked: as it may be sent, names replaced"), \
			   .words = as_words)                                                 \
	}
#define CONFIRM                                                                                   \
	{                                                                                         \
		HUB_MEMBER("confirm", OBJECT, 0,                                                  \
			   HUB_N("send what is held as it is, on a legal ground"), .of = confirm) \
	}

static const struct hub_member held[] = {
    SHORT("part", HUB_N("text, title, place, comment, file name, file")),
    {HUB_MEMBER("start", INT, 0, HUB_N("first character, counted in code points from 0"))},
    {HUB_MEMBER("end", INT, 0, HUB_N("behind the last character"))},
    SHORT("type", HUB_N("kind of what was found")),
    SHORT("label", HUB_N("what stands there when it is masked")),
    SHORT("reason", HUB_N("word of the gate")),
    SHORT("agency", HUB_N("whom it is held from")),
    {HUB_MEMBER("confirmable", BOOL, 0, HUB_N("may be sent on a legal ground"))},
    END,
};
static const struct hub_member proposal[] = {
    SHORT("part", HUB_N("text, title, place, comment, file name, file")),
    LONG("text", HUB_N("as it may be sent")),
    END,
};
/* Of the problem document when something is held (409). */
#define HELD                                                                             \
	LIST_OF("held", held, 10000, HUB_N("409 only: what the receivers may not see")), \
	    LIST_OF("masked", proposal, 10, HUB_N("409 only: as it may be sent"))

/* ---- threads ---- */

static const struct hub_member members[] = {
    ID("account", HUB_N("number of an account")),
    {HUB_MEMBER("name", TEXT, HUB_M_NULLABLE, NULL, .max = NAME)},
    SHORT("agency", HUB_N("id of an agency")),
    SHORT("login", HUB_N("for @login in a message")),
    {HUB_MEMBER("owner", BOOL, 0, HUB_N("may rename, close, add and remove"))},
    {HUB_MEMBER("read", INT, 0, HUB_N("number of the last message read"))},
    END,
};
#define SUMMARY                                                                              \
	ID("thread", HUB_N("number of the thread")),                                         \
	    {HUB_MEMBER("kind", WORD, 0, HUB_N("of two, or of many"), .words = chat_kinds)}, \
	    {HUB_MEMBER("case_no", TEXT, HUB_M_NULLABLE,                                     \
			HUB_N("case number; null: a free thread"), .max = NAME)},            \
	    SHORT("title", HUB_N("title")),                                                  \
	    {HUB_MEMBER("closed", BOOL, 0, HUB_N("takes no more messages"))},                \
	    {HUB_MEMBER("archived", BOOL, 0, HUB_N("put away, for the asker alone"))},       \
	    {HUB_MEMBER("created_at", TIME, 0, HUB_N("when it was made"))},                  \
	    {HUB_MEMBER("last_at", TIME, 0, HUB_N("time of the last message"))},             \
	    {HUB_MEMBER("last", INT, 0, HUB_N("number of the last message"))},               \
	    {HUB_MEMBER("read", INT, 0, HUB_N("number of the last message read"))},          \
	    {HUB_MEMBER("unread", INT, 0, HUB_N("messages not read yet"))},                  \
	    {HUB_MEMBER("mentions", INT, 0, HUB_N("of these, those that name the asker"))},  \
	{                                                                                    \
		HUB_MEMBER("version", INT, 0, HUB_N("for If-Match"))                         \
	}

static const struct hub_member summary[] = {SUMMARY, END};
static const struct hub_member thread_reply[] = {
    SUMMARY,
    LIST_OF("members", members, 1000, HUB_N("members of the thread")),
    {HUB_MEMBER("retention", TEXT, 0, HUB_N("how long messages are kept here"))},
    HELD,
    END,
};
static const struct hub_member threads_query[] = {
    SHORT("case_no", HUB_N("threads of this case only")),
    {HUB_MEMBER("archived", BOOL, 0, HUB_N("those put away"))},
    END,
};
static const struct hub_member thread_body[] = {
    {HUB_MEMBER("kind", WORD, HUB_M_REQUIRED, HUB_N("of two, or of many"), .words = chat_kinds)},
    SHORT("case_no", HUB_N("case number; none: a free thread")),
    {HUB_MEMBER("title", TEXT, 0, HUB_N("title"), .max = TITLE)},
    AS,
    {HUB_MEMBER("members", INT, HUB_M_LIST, HUB_N("numbers of accounts"), .most = 500)},
    {HUB_MEMBER("agencies", TEXT, HUB_M_LIST, HUB_N("ids of agencies: everyone of them"),
		.max = NAME, .most = 50)},
    END,
};
static const struct hub_member thread_change[] = {
    {HUB_MEMBER("title", TEXT, 0, HUB_N("title"), .max = TITLE)},
    AS,
    {HUB_MEMBER("closed", BOOL, 0, HUB_N("takes no more messages"))},
    END,
};
static const struct hub_member archived_body[] = {
    {HUB_MEMBER("archived", BOOL, HUB_M_REQUIRED, HUB_N("put away, for the asker alone"))},
    END,
};
static const struct hub_member member_body[] = {
    ID("account", HUB_N("number of an account")),
    SHORT("agency", HUB_N("everyone of this agency")),
    {HUB_MEMBER(
	"history", BOOL, 0,
	HUB_N("show what was written before, as far as nothing of it is held from the agency"))},
    END,
};
static const struct hub_member member_reply[] = {
    {HUB_MEMBER("added", INT, 0, HUB_N("members that came in"))},
    {HUB_MEMBER("held", INT, 0, HUB_N("earlier messages that stay hidden from them"))},
    END,
};

/* ---- messages ---- */

static const struct hub_member file_reply[] = {
    ID("file", HUB_N("number of the file")),
    {HUB_MEMBER("name", TEXT, HUB_M_PERSONAL, NULL, .max = NAME)},
    SHORT("type", HUB_N("media type")),
    {HUB_MEMBER("bytes", INT, 0, HUB_N("length"))},
    END,
};
#define AUTHOR                                                             \
	ID("account", HUB_N("number of an account")),                      \
	    {HUB_MEMBER("name", TEXT, HUB_M_NULLABLE, NULL, .max = NAME)}, \
	    SHORT("agency", HUB_N("id of an agency"))
static const struct hub_member message_reply[] = {
    ID("thread", HUB_N("number of the thread")),
    ID("seq", HUB_N("number of the message in its thread")),
    AUTHOR,
    {HUB_MEMBER("at", TIME, 0, HUB_N("when it was sent"))},
    LONG("text", HUB_N("as it was sent; not there when it was taken back")),
    {HUB_MEMBER("as", WORD, 0, HUB_N("masked: something in it was masked by the sender"),
		.words = as_words)},
    SHORT("ground", HUB_N("legal ground on which it was sent as it is")),
    ID("reply_to", HUB_N("number of the message that it answers")),
    ID("poll", HUB_N("it is this date poll")),
    {HUB_MEMBER("version", INT, 0, HUB_N("for If-Match"))},
    {HUB_MEMBER("edited_at", TIME, 0, HUB_N("when it was changed"))},
    {HUB_MEMBER("deleted_at", TIME, 0, HUB_N("when it was taken back"))},
    LIST_OF("files", file_reply, 5, HUB_N("files")),
    HELD,
    END,
};
static const struct hub_member messages_query[] = {
    {HUB_MEMBER("order", WORD, 0, HUB_N("newest first (default), or oldest"), .words = orders)},
    {HUB_MEMBER("since", INT, 0, HUB_N("only those with a higher number"))},
    END,
};
static const struct hub_member file_body[] = {
    {HUB_MEMBER("name", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("file name"), .min = 1,
		.max = NAME)},
    SHORT("type", HUB_N("media type")),
    {HUB_MEMBER("content", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("base64"),
		.max = 14 << 20)},
    END,
};
#define TEXT_BODY                                                                    \
	{                                                                            \
		HUB_MEMBER("text", TEXT, HUB_M_PERSONAL,                             \
			   HUB_N("the message; @login names a member"), .max = TEXT) \
	}
#define CLIENT_ID                                                                               \
	{                                                                                       \
		HUB_MEMBER("client_id", TEXT, HUB_M_REQUIRED,                                   \
			   HUB_N("made by the client: sent twice, it is there once"), .min = 8, \
			   .max = 64)                                                           \
	}
static const struct hub_member message_body[] = {
    TEXT_BODY,
    CLIENT_ID,
    AS,
    CONFIRM,
    ID("reply_to", HUB_N("number of the message that it answers")),
    LIST_OF("files", file_body, 5, HUB_N("files; they need a confirmation")),
    END,
};
static const struct hub_member message_change[] = {
    {HUB_MEMBER("text", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL,
		HUB_N("the message; @login names a member"), .max = TEXT)},
    AS,
    CONFIRM,
    END,
};
static const struct hub_member history_reply[] = {
    {HUB_MEMBER("version", INT, 0, HUB_N("number of the version"))},
    {HUB_MEMBER("at", TIME, 0, HUB_N("when it was sent"))},
    LONG("text", HUB_N("as it was sent")),
    END,
};
static const struct hub_member read_body[] = {
    {HUB_MEMBER("seq", INT, HUB_M_REQUIRED, HUB_N("number of the last message read"), .min = 0,
		.max = INT64_MAX)},
    END,
};
static const struct hub_member read_reply[] = {
    {HUB_MEMBER("read", INT, 0, HUB_N("number of the last message read"))},
    {HUB_MEMBER("unread", INT, 0, HUB_N("messages not read yet"))},
    {HUB_MEMBER("mentions", INT, 0, HUB_N("of these, those that name the asker"))},
    END,
};
static const struct hub_member unread_reply[] = {
    {HUB_MEMBER("threads", INT, 0, HUB_N("threads with messages not read yet"))},
    {HUB_MEMBER("messages", INT, 0, HUB_N("messages not read yet"))},
    {HUB_MEMBER("mentions", INT, 0, HUB_N("of these, those that name the asker"))},
    END,
};
static const struct hub_member search_query[] = {
    {HUB_MEMBER("q", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL,
		HUB_N("text to look for; width, kana and case do not matter"), .min = 1,
		.max = 100)},
    SHORT("case_no", HUB_N("threads of this case only")),
    ID("thread", HUB_N("this thread only")),
    END,
};
static const struct hub_member search_reply[] = {
    ID("thread", HUB_N("number of the thread")),
    SHORT("title", HUB_N("title")),
    ID("seq", HUB_N("number of the message in its thread")),
    AUTHOR,
    {HUB_MEMBER("at", TIME, 0, HUB_N("when it was sent"))},
    LONG("text", HUB_N("as it was sent")),
    END,
};

/* ---- people ---- */

static const struct hub_member people_query[] = {
    {HUB_MEMBER("q", TEXT, 0,
		HUB_N("part of the name or login; width, kana and case do not matter"),
		.max = 100)},
    SHORT("agency", HUB_N("those of this agency only")),
    SHORT("case_no", HUB_N("those whose agency may see this case")),
    END,
};
static const struct hub_member people_reply[] = {
    ID("account", HUB_N("number of an account")),
    SHORT("name", HUB_N("name of the person")),
    SHORT("login", HUB_N("for @login in a message")),
    SHORT("agency", HUB_N("id of an agency")),
    {HUB_MEMBER("view_only", BOOL, 0, HUB_N("may look, not write"))},
    END,
};

/* ---- date polls ---- */

static const struct hub_member answer[] = {
    AUTHOR,
    {HUB_MEMBER("answer", WORD, 0, HUB_N("yes, maybe or no"), .words = chat_answers)},
    END,
};
static const struct hub_member candidate[] = {
    ID("candidate", HUB_N("number of the candidate")),
    {HUB_MEMBER("starts", TIME, 0, HUB_N("begin"))},
    {HUB_MEMBER("ends", TIME, 0, HUB_N("end"))},
    {HUB_MEMBER("yes", INT, 0, HUB_N("who can"))},
    {HUB_MEMBER("maybe", INT, 0, HUB_N("who might"))},
    {HUB_MEMBER("no", INT, 0, HUB_N("who cannot"))},
    LIST_OF("answers", answer, 1000, HUB_N("who said what")),
    END,
};
static const struct hub_member comment[] = {
    AUTHOR,
    LONG("text", HUB_N("comment")),
    {HUB_MEMBER("at", TIME, 0, HUB_N("when it was sent"))},
    END,
};
#define POLL_SHORT                                                                            \
	ID("poll", HUB_N("number of the poll")), ID("thread", HUB_N("number of the thread")), \
	    ID("seq", HUB_N("number of the message in its thread")),                          \
	    LONG("title", HUB_N("title")),                                                    \
	    {HUB_MEMBER("meeting", WORD, 0, HUB_N("which kind of meeting"),                   \
			.words = chat_meetings)},                                             \
	    LONG("place", HUB_N("where it takes place")),                                     \
	    ID("organiser", HUB_N("number of an account")),                                   \
	    {HUB_MEMBER("deadline", TIME, 0, HUB_N("answers are taken until then"))},         \
	    {HUB_MEMBER("state", WORD, 0, HUB_N("open, decided or cancelled"),                \
			.words = chat_poll_states)},                                          \
	    ID("decided", HUB_N("candidate that was decided")),                               \
	    {HUB_MEMBER("sequence", INT, 0, HUB_N("how often it was decided or cancelled"))}, \
	{                                                                                     \
		HUB_MEMBER("version", INT, 0, HUB_N("for If-Match"))                          \
	}
static const struct hub_member poll_short[] = {POLL_SHORT, END};
static const struct hub_member poll_reply[] = {
    POLL_SHORT,
    LIST_OF("candidates", candidate, 50, HUB_N("possible dates")),
    LIST_OF("comments", comment, 1000, HUB_N("one of each member")),
    HELD,
    END,
};
static const struct hub_member candidate_body[] = {
    {HUB_MEMBER("starts", TIME, HUB_M_REQUIRED, HUB_N("begin"))},
    {HUB_MEMBER("ends", TIME, HUB_M_REQUIRED, HUB_N("end"))},
    END,
};
static const struct hub_member poll_body[] = {
    {HUB_MEMBER("title", TEXT, HUB_M_REQUIRED | HUB_M_PERSONAL, HUB_N("title"), .min = 1,
		.max = TITLE)},
    CLIENT_ID,
    {HUB_MEMBER("meeting", WORD, HUB_M_REQUIRED, HUB_N("which kind of meeting"),
		.words = chat_meetings)},
    {HUB_MEMBER("place", TEXT, HUB_M_PERSONAL, HUB_N("where it takes place"), .max = TITLE)},
    {HUB_MEMBER("deadline", TIME, HUB_M_REQUIRED, HUB_N("answers are taken until then"))},
    {HUB_MEMBER("candidates", OBJECT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("possible dates"),
		.most = 50, .of = candidate_body)},
    AS,
    CONFIRM,
    END,
};
static const struct hub_member answer_body[] = {
    {HUB_MEMBER("candidate", INT, HUB_M_REQUIRED, HUB_N("number of the candidate"))},
    {HUB_MEMBER("answer", WORD, HUB_M_REQUIRED, HUB_N("yes, maybe or no"), .words = chat_answers)},
    END,
};
static const struct hub_member answers_body[] = {
    {HUB_MEMBER("answers", OBJECT, HUB_M_REQUIRED | HUB_M_LIST, HUB_N("who said what"), .most = 50,
		.of = answer_body)},
    LONG("comment", HUB_N("comment")),
    AS,
    CONFIRM,
    END,
};
static const struct hub_member decide_body[] = {
    {HUB_MEMBER("candidate", INT, HUB_M_REQUIRED, HUB_N("number of the candidate"))},
    END,
};

/* ---- routes ---- */

#define READ  "chat.read"
#define WRITE "chat.write"
#define PAGED (HUB_ROUTE_LIST | HUB_ROUTE_PAGED)

const struct hub_route chat_routes[CHAT_ROUTES] = {
    {"GET", "/threads", READ, PAGED, threads_query, NULL, summary,
     HUB_N("threads of the asker, the last active first"), threads_get},
    {"POST", "/threads", WRITE, 0, NULL, thread_body, thread_reply, HUB_N("begins a thread"),
     thread_post},
    {"GET", "/threads/{thread}", READ, 0, NULL, NULL, thread_reply,
     HUB_N("a thread and its members"), thread_get},
    {"PATCH", "/threads/{thread}", WRITE, 0, NULL, thread_change, thread_reply,
     HUB_N("renames or closes a thread: its owner"), thread_patch},
    {"PUT", "/threads/{thread}/archived", READ, 0, NULL, archived_body, thread_reply,
     HUB_N("puts a thread away, or takes it back"), archived_put},
    {"POST", "/threads/{thread}/leave", READ, 0, NULL, NULL, NULL, HUB_N("leaves a thread"),
     leave_post},
    {"POST", "/threads/{thread}/members", WRITE, 0, NULL, member_body, member_reply,
     HUB_N("adds members; they see what is written from then on"), member_post},
    {"DELETE", "/threads/{thread}/members/{account}", WRITE, 0, NULL, NULL, NULL,
     HUB_N("removes a member: the owner of the thread"), member_delete},
    {"GET", "/threads/{thread}/messages", READ, PAGED, messages_query, NULL, message_reply,
     HUB_N("messages of a thread"), messages_get},
    {"POST", "/threads/{thread}/messages", WRITE, 0, NULL, message_body, message_reply,
     HUB_N("sends a message; what receivers may not see is held back"), message_post},
    {"GET", "/threads/{thread}/messages/{seq}", READ, 0, NULL, NULL, message_reply,
     HUB_N("one message"), message_get},
    {"PATCH", "/threads/{thread}/messages/{seq}", WRITE, 0, NULL, message_change, message_reply,
     HUB_N("changes one's own message"), message_patch},
    {"DELETE", "/threads/{thread}/messages/{seq}", WRITE, 0, NULL, NULL, message_reply,
     HUB_N("takes one's own message back"), message_delete},
    {"GET", "/threads/{thread}/messages/{seq}/history", READ, HUB_ROUTE_LIST, NULL, NULL,
     history_reply, HUB_N("what one's own message said before"), history_get},
    {"GET", "/threads/{thread}/files/{file}", READ, HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("a file of a message"), file_get},
    {"PUT", "/threads/{thread}/read", READ, 0, NULL, read_body, read_reply,
     HUB_N("marks messages as read"), read_put},
    {"GET", "/people", WRITE, PAGED, people_query, NULL, people_reply,
     HUB_N("who can be written to, of all agencies"), people_get},
    {"GET", "/unread", READ, 0, NULL, NULL, unread_reply, HUB_N("what is not read yet"),
     unread_get},
    {"GET", "/search", READ, PAGED, search_query, NULL, search_reply,
     HUB_N("looks through the threads of the asker"), search_get},
    {"GET", "/threads/{thread}/polls", READ, PAGED, NULL, NULL, poll_short,
     HUB_N("date polls of a thread"), polls_get},
    {"POST", "/threads/{thread}/polls", WRITE, 0, NULL, poll_body, poll_reply,
     HUB_N("begins a date poll"), poll_post},
    {"GET", "/threads/{thread}/polls/{poll}", READ, 0, NULL, NULL, poll_reply,
     HUB_N("a date poll with its answers"), poll_get},
    {"PUT", "/threads/{thread}/polls/{poll}/answers", WRITE, 0, NULL, answers_body, poll_reply,
     HUB_N("answers a date poll"), answers_put},
    {"POST", "/threads/{thread}/polls/{poll}/decide", WRITE, 0, NULL, decide_body, poll_reply,
     HUB_N("decides on a date: its organiser alone"), decide_post},
    {"POST", "/threads/{thread}/polls/{poll}/cancel", WRITE, 0, NULL, NULL, poll_reply,
     HUB_N("cancels a date poll: its organiser alone"), cancel_post},
    {"GET", "/threads/{thread}/polls/{poll}/calendar", READ, HUB_ROUTE_RAW, NULL, NULL, NULL,
     HUB_N("the decided date as iCalendar"), calendar_get},
};
