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
#define ONE_WORD(n, w, h)                                            \
	{                                                            \
		.name = n, .type = HUB_M_WORD, .words = w, .help = h \
	}
#define ID(n, h)                                                                    \
	{                                                                           \
		.name = n, .type = HUB_M_INT, .min = 1, .max = INT64_MAX, .help = h \
	}
#define COUNT(n, h)                                     \
	{                                               \
		.name = n, .type = HUB_M_INT, .help = h \
	}
#define FLAG(n, h)                                       \
	{                                                \
		.name = n, .type = HUB_M_BOOL, .help = h \
	}
#define TIME(n, h)                                       \
	{                                                \
		.name = n, .type = HUB_M_TIME, .help = h \
	}
#define SHORT(n, h)                                                   \
	{                                                             \
		.name = n, .type = HUB_M_TEXT, .max = NAME, .help = h \
	}
#define LONG(n, h)                                                                             \
	{                                                                                      \
		.name = n, .type = HUB_M_TEXT, .flags = HUB_M_PERSONAL, .max = TEXT, .help = h \
	}
#define LIST_OF(n, o, m, h)                                                               \
	{                                                                                 \
		.name = n, .type = HUB_M_OBJECT, .flags = HUB_M_LIST, .most = m, .of = o, \
		.help = h                                                                 \
	}
#define END                  \
	{                    \
		.name = NULL \
	}

/* ---- shared parts ---- */

static const struct hub_member confirm[] = {
    {.name = "ground",
     .type = HUB_M_WORD,
     .flags = HUB_M_REQUIRED,
     .words = grounds,
     .help = HUB_N("legal ground of article 69")},
    {.name = "reason",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED,
     .min = 5,
     .max = 1000,
     .help = HUB_N("why it has to be shared as it is; kept on record")},
    END,
};
#define AS ONE_WORD("as", as_words, HUB_N("masked: as it may be sent, names replaced"))
#define CONFIRM                                                                \
	{                                                                      \
		.name = "confirm", .type = HUB_M_OBJECT, .of = confirm,        \
		.help = HUB_N("send what is held as it is, on a legal ground") \
	}

static const struct hub_member held[] = {
    SHORT("part", HUB_N("text, title, place, comment, file name, file")),
    COUNT("start", HUB_N("first character, counted in code points from 0")),
    COUNT("end", HUB_N("behind the last character")),
    SHORT("type", HUB_N("kind of what was found")),
    SHORT("label", HUB_N("what stands there when it is masked")),
    SHORT("reason", HUB_N("word of the gate")),
    SHORT("agency", HUB_N("whom it is held from")),
    FLAG("confirmable", HUB_N("may be sent on a legal ground")),
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
    {.name = "name", .type = HUB_M_TEXT, .flags = HUB_M_NULLABLE, .max = NAME},
    SHORT("agency", HUB_N("id of an agency")),
    SHORT("login", HUB_N("for @login in a message")),
    FLAG("owner", HUB_N("may rename, close, add and remove")),
    COUNT("read", HUB_N("number of the last message read")),
    END,
};
#define SUMMARY                                                                              \
	ID("thread", HUB_N("number of the thread")),                                         \
	    ONE_WORD("kind", chat_kinds, HUB_N("of two, or of many")),                       \
	    {.name = "case_no",                                                              \
	     .type = HUB_M_TEXT,                                                             \
	     .flags = HUB_M_NULLABLE,                                                        \
	     .max = NAME,                                                                    \
	     .help = HUB_N("case number; null: a free thread")},                             \
	    SHORT("title", HUB_N("title")), FLAG("closed", HUB_N("takes no more messages")), \
	    FLAG("archived", HUB_N("put away, for the asker alone")),                        \
	    TIME("created_at", HUB_N("when it was made")),                                   \
	    TIME("last_at", HUB_N("time of the last message")),                              \
	    COUNT("last", HUB_N("number of the last message")),                              \
	    COUNT("read", HUB_N("number of the last message read")),                         \
	    COUNT("unread", HUB_N("messages not read yet")),                                 \
	    COUNT("mentions", HUB_N("of these, those that name the asker")),                 \
	    COUNT("version", HUB_N("for If-Match"))

static const struct hub_member summary[] = {SUMMARY, END};
static const struct hub_member thread_reply[] = {
    SUMMARY,
    LIST_OF("members", members, 1000, HUB_N("members of the thread")),
    {.name = "retention", .type = HUB_M_TEXT, .help = HUB_N("how long messages are kept here")},
    HELD,
    END,
};
static const struct hub_member threads_query[] = {
    SHORT("case_no", HUB_N("threads of this case only")),
    FLAG("archived", HUB_N("those put away")),
    END,
};
static const struct hub_member thread_body[] = {
    {.name = "kind",
     .type = HUB_M_WORD,
     .flags = HUB_M_REQUIRED,
     .words = chat_kinds,
     .help = HUB_N("of two, or of many")},
    SHORT("case_no", HUB_N("case number; none: a free thread")),
    {.name = "title", .type = HUB_M_TEXT, .max = TITLE, .help = HUB_N("title")},
    AS,
    {.name = "members",
     .type = HUB_M_INT,
     .flags = HUB_M_LIST,
     .most = 500,
     .help = HUB_N("numbers of accounts")},
    {.name = "agencies",
     .type = HUB_M_TEXT,
     .flags = HUB_M_LIST,
     .max = NAME,
     .most = 50,
     .help = HUB_N("ids of agencies: everyone of them")},
    END,
};
static const struct hub_member thread_change[] = {
    {.name = "title", .type = HUB_M_TEXT, .max = TITLE, .help = HUB_N("title")},
    AS,
    FLAG("closed", HUB_N("takes no more messages")),
    END,
};
static const struct hub_member archived_body[] = {
    {.name = "archived",
     .type = HUB_M_BOOL,
     .flags = HUB_M_REQUIRED,
     .help = HUB_N("put away, for the asker alone")},
    END,
};
static const struct hub_member member_body[] = {
    ID("account", HUB_N("number of an account")),
    SHORT("agency", HUB_N("everyone of this agency")),
    FLAG("history",
	 HUB_N("show what was written before, as far as nothing of it is held from the agency")),
    END,
};
static const struct hub_member member_reply[] = {
    COUNT("added", HUB_N("members that came in")),
    COUNT("held", HUB_N("earlier messages that stay hidden from them")),
    END,
};

/* ---- messages ---- */

static const struct hub_member file_reply[] = {
    ID("file", HUB_N("number of the file")),
    {.name = "name", .type = HUB_M_TEXT, .flags = HUB_M_PERSONAL, .max = NAME},
    SHORT("type", HUB_N("media type")),
    COUNT("bytes", HUB_N("length")),
    END,
};
#define AUTHOR                                                                          \
	ID("account", HUB_N("number of an account")),                                   \
	    {.name = "name", .type = HUB_M_TEXT, .flags = HUB_M_NULLABLE, .max = NAME}, \
	    SHORT("agency", HUB_N("id of an agency"))
static const struct hub_member message_reply[] = {
    ID("thread", HUB_N("number of the thread")),
    ID("seq", HUB_N("number of the message in its thread")),
    AUTHOR,
    TIME("at", HUB_N("when it was sent")),
    LONG("text", HUB_N("as it was sent; not there when it was taken back")),
    ONE_WORD("as", as_words, HUB_N("masked: something in it was masked by the sender")),
    SHORT("ground", HUB_N("legal ground on which it was sent as it is")),
    ID("reply_to", HUB_N("number of the message that it answers")),
    ID("poll", HUB_N("it is this date poll")),
    COUNT("version", HUB_N("for If-Match")),
    TIME("edited_at", HUB_N("when it was changed")),
    TIME("deleted_at", HUB_N("when it was taken back")),
    LIST_OF("files", file_reply, 5, HUB_N("files")),
    HELD,
    END,
};
static const struct hub_member messages_query[] = {
    ONE_WORD("order", orders, HUB_N("newest first (default), or oldest")),
    COUNT("since", HUB_N("only those with a higher number")),
    END,
};
static const struct hub_member file_body[] = {
    {.name = "name",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED | HUB_M_PERSONAL,
     .min = 1,
     .max = NAME,
     .help = HUB_N("file name")},
    SHORT("type", HUB_N("media type")),
    {.name = "content",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED | HUB_M_PERSONAL,
     .max = 14 << 20,
     .help = HUB_N("base64")},
    END,
};
#define TEXT_BODY                                                                         \
	{                                                                                 \
		.name = "text", .type = HUB_M_TEXT, .flags = HUB_M_PERSONAL, .max = TEXT, \
		.help = HUB_N("the message; @login names a member")                       \
	}
#define CLIENT_ID                                                                            \
	{                                                                                    \
		.name = "client_id", .type = HUB_M_TEXT, .flags = HUB_M_REQUIRED, .min = 8,  \
		.max = 64, .help = HUB_N("made by the client: sent twice, it is there once") \
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
    {.name = "text",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED | HUB_M_PERSONAL,
     .max = TEXT,
     .help = HUB_N("the message; @login names a member")},
    AS,
    CONFIRM,
    END,
};
static const struct hub_member history_reply[] = {
    COUNT("version", HUB_N("number of the version")),
    TIME("at", HUB_N("when it was sent")),
    LONG("text", HUB_N("as it was sent")),
    END,
};
static const struct hub_member read_body[] = {
    {.name = "seq",
     .type = HUB_M_INT,
     .flags = HUB_M_REQUIRED,
     .min = 0,
     .max = INT64_MAX,
     .help = HUB_N("number of the last message read")},
    END,
};
static const struct hub_member read_reply[] = {
    COUNT("read", HUB_N("number of the last message read")),
    COUNT("unread", HUB_N("messages not read yet")),
    COUNT("mentions", HUB_N("of these, those that name the asker")),
    END,
};
static const struct hub_member unread_reply[] = {
    COUNT("threads", HUB_N("threads with messages not read yet")),
    COUNT("messages", HUB_N("messages not read yet")),
    COUNT("mentions", HUB_N("of these, those that name the asker")),
    END,
};
static const struct hub_member search_query[] = {
    {.name = "q",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED | HUB_M_PERSONAL,
     .min = 1,
     .max = 100,
     .help = HUB_N("text to look for; width, kana and case do not matter")},
    SHORT("case_no", HUB_N("threads of this case only")),
    ID("thread", HUB_N("this thread only")),
    END,
};
static const struct hub_member search_reply[] = {
    ID("thread", HUB_N("number of the thread")),
    SHORT("title", HUB_N("title")),
    ID("seq", HUB_N("number of the message in its thread")),
    AUTHOR,
    TIME("at", HUB_N("when it was sent")),
    LONG("text", HUB_N("as it was sent")),
    END,
};

/* ---- people ---- */

static const struct hub_member people_query[] = {
    {.name = "q",
     .type = HUB_M_TEXT,
     .max = 100,
     .help = HUB_N("part of the name or login; width, kana and case do not matter")},
    SHORT("agency", HUB_N("those of this agency only")),
    SHORT("case_no", HUB_N("those whose agency may see this case")),
    END,
};
static const struct hub_member people_reply[] = {
    ID("account", HUB_N("number of an account")),     SHORT("name", HUB_N("name of the person")),
    SHORT("login", HUB_N("for @login in a message")), SHORT("agency", HUB_N("id of an agency")),
    FLAG("view_only", HUB_N("may look, not write")),  END,
};

/* ---- date polls ---- */

static const struct hub_member answer[] = {
    AUTHOR,
    ONE_WORD("answer", chat_answers, HUB_N("yes, maybe or no")),
    END,
};
static const struct hub_member candidate[] = {
    ID("candidate", HUB_N("number of the candidate")),
    TIME("starts", HUB_N("begin")),
    TIME("ends", HUB_N("end")),
    COUNT("yes", HUB_N("who can")),
    COUNT("maybe", HUB_N("who might")),
    COUNT("no", HUB_N("who cannot")),
    LIST_OF("answers", answer, 1000, HUB_N("who said what")),
    END,
};
static const struct hub_member comment[] = {
    AUTHOR,
    LONG("text", HUB_N("comment")),
    TIME("at", HUB_N("when it was sent")),
    END,
};
#define POLL_SHORT                                                                            \
	ID("poll", HUB_N("number of the poll")), ID("thread", HUB_N("number of the thread")), \
	    ID("seq", HUB_N("number of the message in its thread")),                          \
	    LONG("title", HUB_N("title")),                                                    \
	    ONE_WORD("meeting", chat_meetings, HUB_N("which kind of meeting")),               \
	    LONG("place", HUB_N("where it takes place")),                                     \
	    ID("organiser", HUB_N("number of an account")),                                   \
	    TIME("deadline", HUB_N("answers are taken until then")),                          \
	    ONE_WORD("state", chat_poll_states, HUB_N("open, decided or cancelled")),         \
	    ID("decided", HUB_N("candidate that was decided")),                               \
	    COUNT("sequence", HUB_N("how often it was decided or cancelled")),                \
	    COUNT("version", HUB_N("for If-Match"))
static const struct hub_member poll_short[] = {POLL_SHORT, END};
static const struct hub_member poll_reply[] = {
    POLL_SHORT,
    LIST_OF("candidates", candidate, 50, HUB_N("possible dates")),
    LIST_OF("comments", comment, 1000, HUB_N("one of each member")),
    HELD,
    END,
};
static const struct hub_member candidate_body[] = {
    {.name = "starts", .type = HUB_M_TIME, .flags = HUB_M_REQUIRED, .help = HUB_N("begin")},
    {.name = "ends", .type = HUB_M_TIME, .flags = HUB_M_REQUIRED, .help = HUB_N("end")},
    END,
};
static const struct hub_member poll_body[] = {
    {.name = "title",
     .type = HUB_M_TEXT,
     .flags = HUB_M_REQUIRED | HUB_M_PERSONAL,
     .min = 1,
     .max = TITLE,
     .help = HUB_N("title")},
    CLIENT_ID,
    {.name = "meeting",
     .type = HUB_M_WORD,
     .flags = HUB_M_REQUIRED,
     .words = chat_meetings,
     .help = HUB_N("which kind of meeting")},
    {.name = "place",
     .type = HUB_M_TEXT,
     .flags = HUB_M_PERSONAL,
     .max = TITLE,
     .help = HUB_N("where it takes place")},
    {.name = "deadline",
     .type = HUB_M_TIME,
     .flags = HUB_M_REQUIRED,
     .help = HUB_N("answers are taken until then")},
    {.name = "candidates",
     .type = HUB_M_OBJECT,
     .flags = HUB_M_REQUIRED | HUB_M_LIST,
     .most = 50,
     .of = candidate_body,
     .help = HUB_N("possible dates")},
    AS,
    CONFIRM,
    END,
};
static const struct hub_member answer_body[] = {
    {.name = "candidate",
     .type = HUB_M_INT,
     .flags = HUB_M_REQUIRED,
     .help = HUB_N("number of the candidate")},
    {.name = "answer",
     .type = HUB_M_WORD,
     .flags = HUB_M_REQUIRED,
     .words = chat_answers,
     .help = HUB_N("yes, maybe or no")},
    END,
};
static const struct hub_member answers_body[] = {
    {.name = "answers",
     .type = HUB_M_OBJECT,
     .flags = HUB_M_REQUIRED | HUB_M_LIST,
     .most = 50,
     .of = answer_body,
     .help = HUB_N("who said what")},
    LONG("comment", HUB_N("comment")),
    AS,
    CONFIRM,
    END,
};
static const struct hub_member decide_body[] = {
    {.name = "candidate",
     .type = HUB_M_INT,
     .flags = HUB_M_REQUIRED,
     .help = HUB_N("number of the candidate")},
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
