/* Tables and statements. Text columns are never null; 0 stands for "never" in times. */
#include "chat.h"

#include <stdarg.h>

/* case_no: empty for a free thread. left_at 0: a member. body of a deleted message: empty, kept in chat_past. */
static const char tables[] =
    "CREATE TABLE chat_thread (id INTEGER PRIMARY KEY, case_no TEXT NOT NULL, title TEXT NOT NULL,"
    " kind INTEGER NOT NULL, state INTEGER NOT NULL, created_by INTEGER NOT NULL,"
    " created_at INTEGER NOT NULL, last_at INTEGER NOT NULL, last_seq INTEGER NOT NULL,"
    " version INTEGER NOT NULL);"
    "CREATE INDEX chat_thread_case ON chat_thread (case_no);"
    "CREATE TABLE chat_member (thread INTEGER NOT NULL, account INTEGER NOT NULL,"
    " agency TEXT NOT NULL, owner INTEGER NOT NULL, from_seq INTEGER NOT NULL,"
    " read_seq INTEGER NOT NULL, joined_at INTEGER NOT NULL, left_at INTEGER NOT NULL,"
    " archived INTEGER NOT NULL, PRIMARY KEY (thread, account));"
    "CREATE INDEX chat_member_account ON chat_member (account);"
    "CREATE TABLE chat_message (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, kind INTEGER NOT NULL, account INTEGER NOT NULL, agency TEXT NOT NULL,"
    " at INTEGER NOT NULL, client_id TEXT NOT NULL, body TEXT NOT NULL, folded TEXT NOT NULL,"
    " masked INTEGER NOT NULL, reply_to INTEGER NOT NULL, version INTEGER NOT NULL,"
    " edited_at INTEGER NOT NULL, deleted_at INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX chat_message_seq ON chat_message (thread, seq);"
    "CREATE UNIQUE INDEX chat_message_client ON chat_message (thread, account, client_id);"
    "CREATE TABLE chat_reach (thread INTEGER NOT NULL, seq INTEGER NOT NULL, agency TEXT NOT NULL,"
    " PRIMARY KEY (thread, seq, agency));"
    "CREATE TABLE chat_mention (thread INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " account INTEGER NOT NULL, PRIMARY KEY (thread, seq, account));"
    "CREATE TABLE chat_past (thread INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " version INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (thread, seq, version));"
    "CREATE TABLE chat_confirm (thread INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " version INTEGER NOT NULL, account INTEGER NOT NULL, at INTEGER NOT NULL,"
    " legal_ground TEXT NOT NULL, reason TEXT NOT NULL, shown TEXT NOT NULL,"
    " PRIMARY KEY (thread, seq, version));"
    "CREATE TABLE chat_file (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " file INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, bytes INTEGER NOT NULL);"
    "CREATE INDEX chat_file_seq ON chat_file (thread, seq);"
    "CREATE TABLE chat_poll (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, seq INTEGER NOT NULL,"
    " meeting TEXT NOT NULL, place TEXT NOT NULL, deadline INTEGER NOT NULL,"
    " organiser INTEGER NOT NULL, state INTEGER NOT NULL, decided INTEGER NOT NULL,"
    " sequence INTEGER NOT NULL, version INTEGER NOT NULL, created_at INTEGER NOT NULL,"
    " changed_at INTEGER NOT NULL, told INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX chat_poll_seq ON chat_poll (thread, seq);"
    "CREATE TABLE chat_choice (poll INTEGER NOT NULL, n INTEGER NOT NULL, starts INTEGER NOT NULL,"
    " ends INTEGER NOT NULL, PRIMARY KEY (poll, n));"
    "CREATE TABLE chat_answer (poll INTEGER NOT NULL, n INTEGER NOT NULL, account INTEGER NOT NULL,"
    " agency TEXT NOT NULL, answer INTEGER NOT NULL, at INTEGER NOT NULL,"
    " PRIMARY KEY (poll, n, account));"
    "CREATE TABLE chat_comment (poll INTEGER NOT NULL, account INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, PRIMARY KEY (poll, account));";

/* request: entry_request of what was asked for; 0: nobody kept it. */
const struct hub_migration chat_migrations[CHAT_MIGRATIONS] = {
    {1, tables},
    {2, "ALTER TABLE chat_message ADD COLUMN request INTEGER NOT NULL DEFAULT 0"},
};

#define THREAD                                                                      \
	"SELECT t.id, t.case_no, t.title, t.kind, t.state, t.last_seq, t.last_at, " \
	"t.version, t.created_at, b.from_seq, b.read_seq, b.owner, "                \
	"b.archived FROM chat_thread t JOIN chat_member b ON b.thread = t.id "      \
	"WHERE b.account = ? AND b.agency = ? AND b.left_at = 0"
/* Of messages m that reached the agency: thread, agency, from_seq follow. */
#define MESSAGES                                                                          \
	"SELECT m.seq, m.kind, m.account, m.agency, m.at, m.body, m.masked, m.reply_to, " \
	"m.version, m.edited_at, m.deleted_at, COALESCE(c.legal_ground, ''), "            \
	"COALESCE(p.id, 0) FROM chat_message m "                                          \
	"JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq "                     \
	"LEFT JOIN chat_confirm c ON c.thread = m.thread AND c.seq = m.seq "              \
	"AND c.version = m.version "                                                      \
	"LEFT JOIN chat_poll p ON p.thread = m.thread AND p.seq = m.seq "                 \
	"WHERE m.thread = ? AND r.agency = ? AND m.seq > ? AND m.kind <> 2"
/* Newest messages of all threads that an account reads, a bounded number of them. */
#define RECENT                                                                                    \
	"(SELECT m.id AS id, m.thread AS thread, m.seq AS seq, m.account AS account, "            \
	"m.agency AS agency, m.at AS at, m.body AS body, m.folded AS folded, "                    \
	"t.case_no AS case_no, t.title AS title "                                                 \
	"FROM chat_member b JOIN chat_thread t ON t.id = b.thread "                               \
	"JOIN chat_message m ON m.thread = b.thread AND m.seq > b.from_seq "                      \
	"JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq AND r.agency = b.agency "     \
	"WHERE b.account = ? AND b.agency = ? AND b.left_at = 0 AND m.deleted_at = 0 AND m.kind " \
	"<> 2 "                                                                                   \
	"AND m.id < ? AND (? = 0 OR m.thread = ?) AND (? = '' OR t.case_no = ?) "                 \
	"ORDER BY m.id DESC LIMIT ?) AS recent "
#define POLL_COLUMNS                                                                      \
	"SELECT p.id, p.seq, p.meeting, p.place, p.deadline, p.organiser, p.state, "      \
	"p.decided, p.sequence, p.version, p.created_at, p.changed_at, m.body, m.agency " \
	"FROM chat_poll p JOIN chat_message m ON m.thread = p.thread AND m.seq = p.seq "  \
	"JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq "                     \
	"WHERE p.thread = ? AND r.agency = ? AND m.seq > ?"

const char *const chat_statements[STATEMENTS] = {
    [S_THREAD_ADD] = "INSERT INTO chat_thread (case_no, title, kind, state, created_by, "
		     "created_at, last_at, last_seq, version) VALUES (?, ?, ?, 0, ?, ?, ?, 0, 1) "
		     "RETURNING id",
    [S_THREAD_OF] = THREAD " AND t.id = ?",
    [S_THREADS] = THREAD " AND b.archived = ? AND (? = '' OR t.case_no = ?) "
			 "AND (t.last_at < ? OR (t.last_at = ? AND t.id < ?)) "
			 "ORDER BY t.last_at DESC, t.id DESC LIMIT ?",
    [S_DIRECT] = "SELECT t.id FROM chat_thread t "
		 "JOIN chat_member a ON a.thread = t.id JOIN chat_member b ON b.thread = t.id "
		 "WHERE t.kind = 1 AND t.state = 0 AND t.case_no = ? AND a.account = ? AND "
		 "a.agency = ? AND a.left_at = 0 AND b.account = ? AND b.agency = ? "
		 "AND b.left_at = 0 ORDER BY t.id LIMIT 1",
    [S_THREAD_SET] = "UPDATE chat_thread SET title = ?, state = ?, version = version + 1 "
		     "WHERE id = ?",
    [S_ARCHIVE] = "UPDATE chat_member SET archived = ? WHERE thread = ? AND account = ?",
    [S_CASE_MEMBERS] = "SELECT b.account, t.id FROM chat_thread t JOIN chat_member b ON "
		       "b.thread = t.id WHERE t.case_no = ? AND b.left_at = 0 ORDER BY t.id",
    [S_MEMBERS] = "SELECT account, agency, owner, joined_at, read_seq FROM chat_member "
		  "WHERE thread = ? AND left_at = 0 ORDER BY joined_at, account",
    [S_MEMBER_ADD] =
	"INSERT INTO chat_member (thread, account, agency, owner, from_seq, read_seq, joined_at, "
	"left_at, archived) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0) ON CONFLICT (thread, account) DO "
	"UPDATE SET agency = excluded.agency, owner = excluded.owner, from_seq = "
	"excluded.from_seq, read_seq = excluded.read_seq, joined_at = excluded.joined_at, "
	"left_at = 0, archived = 0",
    [S_MEMBER_END] = "UPDATE chat_member SET left_at = ?, owner = 0 WHERE thread = ? AND "
		     "account = ? AND left_at = 0",
    [S_OWNERS] = "SELECT COUNT(*) FROM chat_member WHERE thread = ? AND left_at = 0 AND owner = 1",
    [S_OWNER_NEXT] =
	"UPDATE chat_member SET owner = 1 WHERE thread = ? AND account = (SELECT account FROM "
	"chat_member WHERE thread = ? AND left_at = 0 ORDER BY joined_at, account LIMIT 1)",
    [S_LOCK] = "UPDATE chat_thread SET last_seq = last_seq WHERE id = ?",
    [S_BY_CLIENT] = "SELECT seq, request FROM chat_message WHERE thread = ? AND account = ? "
		    "AND client_id = ?",
    [S_SEQ] = "UPDATE chat_thread SET last_seq = last_seq + 1, last_at = ? WHERE id = ? "
	      "RETURNING last_seq",
    [S_POST] = "INSERT INTO chat_message (thread, seq, kind, account, agency, at, client_id, body, "
	       "folded, masked, reply_to, request, version, edited_at, deleted_at) VALUES "
	       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0, 0)",
    [S_REACH] = "INSERT INTO chat_reach (thread, seq, agency) VALUES (?, ?, ?) "
		"ON CONFLICT (thread, seq, agency) DO NOTHING",
    [S_REACH_END] = "DELETE FROM chat_reach WHERE thread = ? AND seq = ?",
    [S_MENTION] = "INSERT INTO chat_mention (thread, seq, account) VALUES (?, ?, ?) "
		  "ON CONFLICT (thread, seq, account) DO NOTHING",
    [S_MENTION_END] = "DELETE FROM chat_mention WHERE thread = ? AND seq = ?",
    [S_CONFIRM] = "INSERT INTO chat_confirm (thread, seq, version, account, at, legal_ground, "
		  "reason, shown) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    [S_PAST] = "INSERT INTO chat_past (thread, seq, version, at, body) SELECT thread, seq, "
	       "version, CASE WHEN edited_at > 0 THEN edited_at ELSE at END, body "
	       "FROM chat_message WHERE thread = ? AND seq = ?",
    [S_PAST_OF] = "SELECT version, at, body FROM chat_past WHERE thread = ? AND seq = ? "
		  "ORDER BY version",
    [S_EDIT] = "UPDATE chat_message SET body = ?, folded = ?, masked = ?, edited_at = ?, "
	       "version = version + 1 WHERE thread = ? AND seq = ?",
    [S_DELETE] = "UPDATE chat_message SET body = '', folded = '', deleted_at = ?, "
		 "version = version + 1 WHERE thread = ? AND seq = ?",
    [S_MESSAGE] = MESSAGES " AND m.seq = ?",
    [S_MESSAGES_UP] = MESSAGES " AND m.seq > ? ORDER BY m.seq LIMIT ?",
    [S_MESSAGES_DOWN] = MESSAGES " AND m.seq < ? ORDER BY m.seq DESC LIMIT ?",
    [S_TO_OPEN] = "SELECT m.seq, m.body, COALESCE(p.place, '') FROM chat_message m LEFT JOIN "
		  "chat_poll p ON p.thread = m.thread AND p.seq = m.seq WHERE m.thread = ? AND "
		  "m.deleted_at = 0 AND NOT EXISTS (SELECT 1 FROM chat_file f WHERE f.thread = "
		  "m.thread AND f.seq = m.seq) "
		  "AND NOT EXISTS (SELECT 1 FROM chat_reach r WHERE r.thread = "
		  "m.thread AND r.seq = m.seq AND r.agency = ?) ORDER BY m.seq DESC LIMIT 501",
    [S_UNREAD] =
	"SELECT m.thread, COUNT(*), COUNT(n.account) FROM chat_member b "
	"JOIN chat_message m ON m.thread = b.thread AND m.seq > b.read_seq AND m.seq > b.from_seq "
	"JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq AND r.agency = b.agency "
	"LEFT JOIN chat_mention n ON n.thread = m.thread AND n.seq = m.seq AND n.account = "
	"b.account WHERE b.account = ? AND b.agency = ? AND b.left_at = 0 AND m.account <> "
	"b.account AND m.deleted_at = 0 AND m.kind <> 2 AND (? = 0 OR b.thread = ?) "
	"GROUP BY m.thread",
    [S_READ] = "UPDATE chat_member SET read_seq = ? WHERE thread = ? AND account = ? AND "
	       "read_seq < ?",
    [S_SEARCH] = "SELECT id, thread, seq, account, agency, at, body, case_no, title FROM " RECENT
		 "WHERE folded LIKE ? ESCAPE '!' ORDER BY id DESC LIMIT ?",
    [S_SEARCH_END] = "SELECT COUNT(*), COALESCE(MIN(id), 0) FROM " RECENT,
    [S_FILE_ADD] = "INSERT INTO chat_file (thread, seq, file, name, type, bytes) VALUES "
		   "(?, ?, ?, ?, ?, ?)",
    [S_FILES] = "SELECT id, name, type, bytes FROM chat_file WHERE thread = ? AND seq = ? "
		"ORDER BY id",
    [S_FILE] =
	"SELECT f.file, f.name, f.type, f.seq FROM chat_file f "
	"JOIN chat_message m ON m.thread = f.thread AND m.seq = f.seq "
	"JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq "
	"WHERE f.thread = ? AND r.agency = ? AND m.seq > ? AND m.deleted_at = 0 AND f.id = ?",
    [S_POLL_ADD] = "INSERT INTO chat_poll (thread, seq, meeting, place, deadline, organiser, "
		   "state, decided, sequence, version, created_at, changed_at, told) VALUES "
		   "(?, ?, ?, ?, ?, ?, 0, 0, 0, 1, ?, ?, 0) RETURNING id",
    [S_POLL] = POLL_COLUMNS " AND p.id = ?",
    [S_POLLS] = POLL_COLUMNS " AND p.id < ? ORDER BY p.id DESC LIMIT ?",
    [S_CHOICE_ADD] = "INSERT INTO chat_choice (poll, n, starts, ends) VALUES (?, ?, ?, ?)",
    [S_CHOICES] = "SELECT n, starts, ends FROM chat_choice WHERE poll = ? ORDER BY n",
    [S_ANSWER] =
	"INSERT INTO chat_answer (poll, n, account, agency, answer, at) VALUES (?, ?, ?, ?, ?, ?) "
	"ON CONFLICT (poll, n, account) DO UPDATE SET agency = excluded.agency, "
	"answer = excluded.answer, at = excluded.at",
    [S_ANSWERS] = "SELECT n, account, agency, answer FROM chat_answer WHERE poll = ? "
		  "ORDER BY n, at, account",
    [S_COMMENT] = "INSERT INTO chat_comment (poll, account, seq) VALUES (?, ?, ?) "
		  "ON CONFLICT (poll, account) DO UPDATE SET seq = excluded.seq",
    [S_COMMENTS] = "SELECT m.account, m.agency, m.body, m.at FROM chat_comment c "
		   "JOIN chat_message m ON m.thread = ? AND m.seq = c.seq "
		   "JOIN chat_reach r ON r.thread = m.thread AND r.seq = m.seq "
		   "WHERE c.poll = ? AND r.agency = ? AND m.seq > ? ORDER BY m.seq",
    [S_POLL_SET] = "UPDATE chat_poll SET state = ?, decided = ?, sequence = sequence + 1, "
		   "version = version + 1, changed_at = ? WHERE id = ?",
    [S_POLLS_DUE] = "SELECT id, thread, organiser FROM chat_poll WHERE state = 0 AND told = 0 AND "
		    "deadline <= ? ORDER BY id LIMIT 500",
    [S_POLL_TOLD] = "UPDATE chat_poll SET told = 1 WHERE id = ?",
};

int chat_sql(const struct ask *a, enum statement s, struct hub_result *r, const char *args, ...)
{
	struct hub_val val[16];
	uint32_t n = 0;
	va_list ap;

	va_start(ap, args);
	for (; args[n]; n++) {
		if (args[n] == 'i')
			val[n] = (struct hub_val){.type = HUB_VAL_INT, .i = va_arg(ap, int64_t)};
		else
			val[n] =
			    (struct hub_val){.type = HUB_VAL_TEXT, .s = va_arg(ap, struct hub_str)};
	}
	va_end(ap);
	return a->desk->sql(a->call, s, val, n, r, a->err);
}
