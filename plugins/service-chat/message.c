/* Reading: messages, their history, read marks, unread counts, search. */
#include "chat.h"

#include <stdio.h>

static int say_row(const struct ask *a, const struct thread *t, const struct hub_result *r,
		   uint32_t row)
{
	const struct hub_desk *d = a->desk;
	const int64_t seq = int_at(r, row, 0), deleted = int_at(r, row, 10);
	const struct hub_str ground = text_at(r, row, 11);

	d->number(a->call, "thread", t->id);
	d->number(a->call, "seq", seq);
	const int rc = say_person(a, int_at(r, row, 2), text_at(r, row, 3));
	if (rc)
		return rc;
	d->time(a->call, "at", int_at(r, row, 4));
	if (deleted == 0)
		d->text(a->call, "text", chat_readable(a, text_at(r, row, 5)));
	d->text(a->call, "as", str_of(int_at(r, row, 6) ? "masked" : "written"));
	if (ground.len)
		d->text(a->call, "ground", ground);
	if (int_at(r, row, 7))
		d->number(a->call, "reply_to", int_at(r, row, 7));
	if (int_at(r, row, 12))
		d->number(a->call, "poll", int_at(r, row, 12));
	d->number(a->call, "version", int_at(r, row, 8));
	if (int_at(r, row, 9))
		d->time(a->call, "edited_at", int_at(r, row, 9));
	if (deleted)
		d->time(a->call, "deleted_at", deleted);
	return deleted ? HUB_OK : say_files(a, t->id, seq);
}

int say_message(const struct ask *a, const struct thread *t, int64_t seq)
{
	struct hub_result r = {0};
	int rc = chat_sql(a, S_MESSAGE, &r, "itii", t->id, a->call->who.agency, t->from_seq, seq);

	if (!rc && r.rows == 0)
		return a->desk->refuse(a->call, 404, a->err, "no-message",
				       "there is no such message");
	if (!rc) /* what an ETag of it is */
		rc = a->desk->version(a->call, int_at(&r, 0, 8), a->err);
	return rc == HUB_END ? HUB_OK : rc ? rc : say_row(a, t, &r, 0);
}

/* Who read how much of which thread, before it is sent; its case, and no word of it. */
static int note_read(const struct ask *a, const struct thread *t, uint32_t messages)
{
	char note[80];

	if (messages == 0)
		return HUB_OK;
	snprintf(note, sizeof note, "thread %lld, %u messages", (long long)t->id, messages);
	return a->desk->audit(a->call, "read", t->case_no, note, a->err);
}

int message_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct thread t;
	int rc = thread_open(&a, &t);

	if (!rc)
		rc = say_message(&a, &t, chat_number(call->var[1]));
	return rc ? rc : note_read(&a, &t, 1);
}

/* Newest first, or what came after a number first. */
int messages_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int up = given(&call->query[0]) && str_same(call->query[0].s, str_of("oldest"));
	const int64_t since = given(&call->query[1]) ? call->query[1].i : 0;
	const int64_t want = call->limit;
	int64_t from, at = up ? since : INT64_MAX;
	struct hub_result r = {0};
	struct thread t;
	int rc = thread_open(&a, &t);

	if (rc || (rc = chat_place(&a, &at)))
		return rc;
	from = since > t.from_seq ? since : t.from_seq;
	rc = chat_sql(&a, up ? S_MESSAGES_UP : S_MESSAGES_DOWN, &r, "itiii", t.id, call->who.agency,
		      from, at, want + 1);
	for (uint32_t i = 0; i < r.rows && i < want && !rc; i++) {
		a.desk->open(call, NULL, 0);
		rc = say_row(&a, &t, &r, i);
		a.desk->close(call);
	}
	if (!rc && r.rows > want) {
		char next[24];
		const int n = snprintf(next, sizeof next, "%lld",
				       (long long)int_at(&r, (uint32_t)want - 1, 0));
		a.desk->next(call, (struct hub_str){next, (size_t)n});
	}
	return rc ? rc : note_read(&a, &t, r.rows < want ? r.rows : (uint32_t)want);
}

/* What a message said before: for who wrote it. */
int history_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int64_t seq = chat_number(call->var[1]);
	struct hub_result r = {0};
	struct thread t;
	int rc = thread_open(&a, &t);

	if (!rc)
		rc = chat_sql(&a, S_MESSAGE, &r, "itii", t.id, call->who.agency, t.from_seq, seq);
	if (!rc && (r.rows == 0 || int_at(&r, 0, 2) != call->who.account))
		return a.desk->refuse(call, 404, err, "no-message", "there is no such message");
	if (!rc)
		rc = chat_sql(&a, S_PAST_OF, &r, "ii", t.id, seq);
	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		a.desk->open(call, NULL, 0);
		a.desk->number(call, "version", int_at(&r, i, 0));
		a.desk->time(call, "at", int_at(&r, i, 1));
		a.desk->text(call, "text", chat_readable(&a, text_at(&r, i, 2)));
		a.desk->close(call);
	}
	return rc ? rc : note_read(&a, &t, r.rows);
}

/* Read up to here. It never goes back, and tells the others. */
int read_put(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	struct receivers to;
	struct thread t;
	int64_t messages, mentions;
	int rc = thread_open(&a, &t);

	if (rc)
		return rc;
	const int64_t upto = call->body[0].i < t.last_seq ? call->body[0].i : t.last_seq;
	rc = chat_sql(&a, S_READ, &r, "iiii", upto, t.id, call->who.account, upto);
	if (!rc && r.changed)
		rc = receivers_of(&a, &t, &to);
	if (!rc && r.changed)
		rc = chat_push(&a, to.account, to.accounts, "read", t.id, "seq", upto);
	if (!rc)
		rc = chat_unread(&a, t.id, &messages, &mentions);
	if (rc)
		return rc;
	a.desk->number(call, "read", upto > t.read_seq ? upto : t.read_seq);
	a.desk->number(call, "unread", messages);
	a.desk->number(call, "mentions", mentions);
	return HUB_OK;
}

static int case_of(const struct ask *a, int64_t thread, int *sees)
{
	struct hub_result r = {0};
	const struct hub_who *who = &a->call->who;
	int rc = chat_sql(a, S_THREAD_OF, &r, "iti", who->account, who->agency, thread);

	*sees = 0;
	if (rc || r.rows == 0)
		return rc;
	rc = chat_sees(a, who->agency, text_at(&r, 0, 1));
	*sees = rc == HUB_OK;
	return rc == HUB_END ? HUB_OK : rc;
}

int unread_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	int64_t threads = 0, messages = 0, mentions = 0;
	int sees, rc = chat_sql(&a, S_UNREAD, &r, "itii", call->who.account, call->who.agency,
				(int64_t)0, (int64_t)0);

	for (uint32_t i = 0; i < r.rows && !rc; i++) {
		rc = case_of(&a, int_at(&r, i, 0), &sees);
		if (rc || !sees)
			continue;
		threads++;
		messages += int_at(&r, i, 1);
		mentions += int_at(&r, i, 2);
	}
	if (rc)
		return rc;
	a.desk->number(call, "threads", threads);
	a.desk->number(call, "messages", messages);
	a.desk->number(call, "mentions", mentions);
	return HUB_OK;
}

/* ---- search ---- */

/* %text% with the signs of LIKE taken literally ('!' escapes). */
static struct hub_str pattern(const struct ask *a, struct hub_str text)
{
	const struct hub_str folded = chat_fold(a, chat_trim(text));
	char *p = folded.ptr ? a->desk->alloc(a->call, folded.len * 2 + 3) : NULL;
	size_t n = 0;

	if (!p)
		return (struct hub_str){0};
	p[n++] = '%';
	for (size_t i = 0; i < folded.len; i++) {
		if (folded.ptr[i] == '%' || folded.ptr[i] == '_' || folded.ptr[i] == '!')
			p[n++] = '!';
		p[n++] = folded.ptr[i];
	}
	p[n++] = '%';
	return (struct hub_str){p, n};
}

/* *hits: one more, when it may be told. */
static int say_hit(const struct ask *a, const struct hub_result *r, uint32_t i, uint32_t *hits)
{
	const struct hub_desk *d = a->desk;
	const struct hub_str text = text_at(r, i, 6);
	int rc = chat_sees(a, a->call->who.agency, text_at(r, i, 7));

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	if (chat_readable(a, text).ptr != text.ptr) /* a hit would tell that it is there */
		return HUB_OK;
	++*hits;
	d->open(a->call, NULL, 0);
	d->number(a->call, "thread", int_at(r, i, 1));
	d->text(a->call, "title", chat_readable(a, text_at(r, i, 8)));
	d->number(a->call, "seq", int_at(r, i, 2));
	rc = say_person(a, int_at(r, i, 3), text_at(r, i, 4));
	d->time(a->call, "at", int_at(r, i, 5));
	d->text(a->call, "text", text);
	d->close(a->call);
	return rc;
}

/* Looks through a bounded number of the newest messages; `next` goes on behind them. */
int search_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const struct hub_str like = pattern(&a, call->query[0].s);
	struct hub_str case_no = str_of("");
	const int64_t thread = given(&call->query[2]) ? call->query[2].i : 0;
	int64_t before = INT64_MAX;
	const int64_t depth = a.chat->conf->search_depth, want = call->limit;
	const struct hub_who *who = &call->who;
	struct hub_result r = {0}, end = {0};
	uint32_t hits = 0;
	char note[40];

	if (!like.ptr)
		return chat_no_memory(&a);
	if (like.len == 2)
		return a.desk->refuse(call, 422, err, "no-text", "there is nothing to look for");
	int rc = chat_place(&a, &before);
	if (!rc && given(&call->query[1]))
		rc = case_called(&a, call->query[1].s, &case_no);
	if (!rc)
		rc = chat_sql(&a, S_SEARCH, &r, "itiiittiti", who->account, who->agency, before,
			      thread, thread, case_no, case_no, depth, like, want + 1);
	for (uint32_t i = 0; i < r.rows && i < want && !rc; i++)
		rc = say_hit(&a, &r, i, &hits);
	int64_t next = !rc && r.rows > want ? int_at(&r, (uint32_t)want - 1, 0) : 0;
	if (!rc && !next) {
		rc = chat_sql(&a, S_SEARCH_END, &end, "itiiitti", who->account, who->agency, before,
			      thread, thread, case_no, case_no, depth);
		if (!rc && int_at(&end, 0, 0) == depth)
			next = int_at(&end, 0, 1);
	}
	if (!rc && next) {
		char text[24];
		const int n = snprintf(text, sizeof text, "%lld", (long long)next);
		a.desk->next(call, (struct hub_str){text, (size_t)n});
	}
	snprintf(note, sizeof note, "%u hits", hits); /* what was looked for may be a name */
	return rc ? rc : a.desk->audit(call, "search", case_no, note, err);
}
