/* An entry of a thread: made once, reaches its agencies, tells those who are named. */
#include "chat.h"

static uint32_t mix(uint32_t h, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++)
		h = (h ^ p[i]) * 16777619u;
	return h;
}

static uint32_t mix_value(uint32_t h, const struct hub_val *v)
{
	if (!given(v))
		return mix(h, "-", 1);
	h = mix(h, &v->i, sizeof v->i);
	h = mix(h, &v->s.len, sizeof v->s.len);
	h = mix(h, v->s.ptr, v->s.len);
	for (uint32_t i = 0; v->item && i < v->n; i++)
		h = mix_value(h, &v->item[i]);
	return h;
}

/* FNV-1a. No more bits than tell two messages apart: it is also kept of what was masked then. */
int64_t entry_request(const struct ask *a, int64_t kind, uint32_t members, uint32_t as)
{
	uint32_t h = mix(2166136261u, &kind, sizeof kind);

	for (uint32_t i = 0; i < members; i++)
		if (i != as && i != as + 1)
			h = mix_value(h, &a->call->body[i]);
	return h ? h : 1;
}

/* HUB_END: it was there already. */
static int entry_known(const struct ask *a, const struct thread *t, struct hub_str client_id,
		       int64_t request, int64_t *seq)
{
	struct hub_result r = {0};
	int rc = chat_sql(a, S_LOCK, NULL, "i", t->id); /* the same twice at once: one waits */

	if (!rc)
		rc = chat_sql(a, S_BY_CLIENT, &r, "iit", t->id, a->call->who.account, client_id);
	if (rc || r.rows == 0)
		return rc;
	*seq = int_at(&r, 0, 0);
	if (int_at(&r, 0, 1) && int_at(&r, 0, 1) != request)
		return a->desk->refuse(a->call, 409, a->err, "client-id-used",
				       "something else was sent with this client_id");
	return HUB_END;
}

int entry_post(const struct ask *a, struct thread *t, struct hub_str client_id, int64_t request,
	       entry_make *make, int64_t *seq)
{
	int rc = thread_open_to_write(a, t);

	if (!rc)
		rc = entry_known(a, t, client_id, request, seq);
	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	if (!(rc = make(a, t, request, seq)))
		a->desk->status(a->call, 201);
	return rc;
}

static int login_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '-';
}

/* Is login named in the text: @login, not within a word (a mail address), and not longer. */
static int names_login(struct hub_str text, struct hub_str login)
{
	for (size_t i = 0; login.len && i + 1 + login.len <= text.len; i++) {
		const size_t end = i + 1 + login.len;
		size_t rest = end;
		if (text.ptr[i] != '@' || (i > 0 && login_char(text.ptr[i - 1])) ||
		    memcmp(text.ptr + i + 1, login.ptr, login.len) != 0)
			continue;
		while (rest < text.len && (text.ptr[rest] == '.' || text.ptr[rest] == '-'))
			rest++; /* punctuation behind it */
		if (end == text.len || !login_char(text.ptr[end]) ||
		    (rest > end && (rest == text.len || !login_char(text.ptr[rest]))))
			return 1;
	}
	return 0;
}

static int mention(const struct ask *a, const struct thread *t, int64_t seq, struct hub_str text)
{
	const struct receivers *to = NULL;
	struct receivers all;
	int rc =
	    memchr(text.ptr ? text.ptr : "", '@', text.len) ? receivers_of(a, t, &all) : HUB_END;

	if (rc)
		return rc == HUB_END ? HUB_OK : rc;
	to = &all;
	for (uint32_t i = 0; i < to->accounts && !rc; i++) {
		const struct hub_colleague *c = NULL;
		if (to->account[i] == a->call->who.account)
			continue;
		rc = a->desk->account(a->call, to->account[i], &c, a->err);
		if (rc == HUB_OK && names_login(text, c->login)) {
			rc = chat_sql(a, S_MENTION, NULL, "iii", t->id, seq, c->id);
			if (!rc)
				rc = chat_push(a, &c->id, 1, "mention", t->id, "seq", seq);
		} else if (rc == HUB_END) {
			rc = HUB_OK;
		}
	}
	return rc;
}

static int reach(const struct ask *a, const struct thread *t, int64_t seq,
		 const struct receivers *to)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; i < to->agencies && !rc; i++)
		rc = chat_sql(a, S_REACH, NULL, "iit", t->id, seq, to->agency[i]);
	return rc;
}

int entry_add(const struct ask *a, const struct thread *t, const struct entry *e, int64_t *seq)
{
	const struct sending *s = e->sending;
	const struct hub_str folded = chat_fold(a, e->text);
	struct hub_result r = {0};

	if (!folded.ptr)
		return chat_no_memory(a);
	int rc = chat_sql(a, S_SEQ, &r, "ii", a->call->now, t->id);
	if (rc)
		return rc;
	*seq = int_at(&r, 0, 0);
	rc = chat_sql(a, S_POST, NULL, "iiiititttiii", t->id, *seq, e->kind, a->call->who.account,
		      a->call->who.agency, a->call->now, e->client_id, e->text, folded,
		      (int64_t)s->masked, e->reply_to, e->request);
	if (!rc)
		rc = reach(a, t, *seq, s->to);
	if (!rc)
		rc = mention(a, t, *seq, e->text);
	if (!rc)
		rc = outgoing_record(a, t, *seq, 1, s);
	if (!rc && e->kind != COMMENT)
		rc = chat_push(a, s->to->account, s->to->accounts, "message", t->id, "seq", *seq);
	return rc;
}

/* ---- writing, changing, taking back ---- */

enum { B_TEXT, B_CLIENT, B_AS, B_CONFIRM, B_REPLY, B_FILES, MEMBERS };
enum { MOST_FILES = 5 };

/* The parts of a message: its text, the names of its files. */
static uint32_t parts_of(const struct hub_call *call, struct part *part)
{
	const struct hub_val *files = &call->body[B_FILES];
	const struct hub_val *text = &call->body[B_TEXT];
	uint32_t n = 0;

	part[n++] = (struct part){"text", given(text) ? text->s : str_of("")};
	for (uint32_t i = 0; given(files) && i < files->n && i < MOST_FILES; i++)
		part[n++] = (struct part){"file name", files->item[i].item[0].s};
	return n;
}

static int post_new(const struct ask *a, const struct thread *t, int64_t request, int64_t *seq)
{
	const struct hub_val *body = a->call->body;
	struct part part[1 + MOST_FILES];
	const uint32_t n = parts_of(a->call, part);
	struct receivers to;
	struct sending s = {.case_no = t->case_no,
			    .to = &to,
			    .as = &body[B_AS],
			    .confirm = &body[B_CONFIRM],
			    .files = n - 1};

	if (chat_trim(part[0].text).len == 0 && n == 1)
		return a->desk->refuse(a->call, 422, a->err, "no-text", "the message is empty");
	int rc = receivers_of(a, t, &to);
	if (!rc)
		rc = outgoing_check(a, part, n, &s);
	if (!rc) {
		const struct entry e = {.kind = MESSAGE,
					.reply_to = given(&body[B_REPLY]) ? body[B_REPLY].i : 0,
					.request = request,
					.client_id = body[B_CLIENT].s,
					.text = part[0].text,
					.sending = &s};
		rc = entry_add(a, t, &e, seq);
	}
	return rc ? rc : files_add(a, t, *seq, &body[B_FILES], part + 1);
}

int message_post(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	const int64_t request = entry_request(&a, MESSAGE, MEMBERS, B_AS);
	struct thread t;
	int64_t seq = 0;
	const int rc = entry_post(&a, &t, call->body[B_CLIENT].s, request, post_new, &seq);

	return rc ? rc : say_message(&a, &t, seq);
}

/* The asker's own message, there and not taken back. */
static int own_message(const struct ask *a, const struct thread *t, int64_t *seq, int64_t *version)
{
	struct hub_result r = {0};

	*seq = chat_number(a->call->var[1]);
	const int rc =
	    chat_sql(a, S_MESSAGE, &r, "itii", t->id, a->call->who.agency, t->from_seq, *seq);
	if (rc)
		return rc;
	if (r.rows == 0 || int_at(&r, 0, 10) != 0)
		return a->desk->refuse(a->call, 404, a->err, "no-message",
				       "there is no such message");
	if (int_at(&r, 0, 2) != a->call->who.account)
		return a->desk->refuse(a->call, 403, a->err, "not-your-message",
				       "only who wrote it may do this");
	if (int_at(&r, 0, 1) != MESSAGE)
		return a->desk->refuse(a->call, 409, a->err, "is-a-poll",
				       "a date poll is cancelled, not changed");
	*version = int_at(&r, 0, 8);
	return a->desk->version(a->call, *version, a->err);
}

/* A changed text is looked into anew, and reaches those for whom that was done now. */
int message_patch(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct part part = {"text", call->body[0].s};
	struct receivers to;
	struct thread t;
	int64_t seq, version;
	int rc = thread_open_to_write(&a, &t);

	if (!rc)
		rc = own_message(&a, &t, &seq, &version);
	if (!rc)
		rc = receivers_of(&a, &t, &to);
	struct sending s = {
	    .case_no = t.case_no, .to = &to, .as = &call->body[1], .confirm = &call->body[2]};
	if (!rc && chat_trim(part.text).len == 0)
		return a.desk->refuse(call, 422, err, "no-text", "the message is empty");
	if (!rc)
		rc = outgoing_check(&a, &part, 1, &s);
	const struct hub_str folded = rc ? part.text : chat_fold(&a, part.text);
	if (!rc && !folded.ptr)
		return chat_no_memory(&a);
	if (!rc)
		rc = chat_sql(&a, S_PAST, NULL, "ii", t.id, seq);
	if (!rc)
		rc = chat_sql(&a, S_EDIT, NULL, "ttiiii", part.text, folded, (int64_t)s.masked,
			      call->now, t.id, seq);
	if (!rc)
		rc = chat_sql(&a, S_REACH_END, NULL, "ii", t.id, seq);
	if (!rc)
		rc = reach(&a, &t, seq, &to);
	if (!rc)
		rc = outgoing_record(&a, &t, seq, version + 1, &s);
	if (!rc)
		rc = chat_push(&a, to.account, to.accounts, "message", t.id, "seq", seq);
	return rc ? rc : say_message(&a, &t, seq);
}

int message_delete(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct receivers to;
	struct thread t;
	int64_t seq, version;
	int rc = thread_open_to_write(&a, &t);

	if (!rc)
		rc = own_message(&a, &t, &seq, &version);
	if (!rc)
		rc = chat_sql(&a, S_PAST, NULL, "ii", t.id, seq);
	if (!rc)
		rc = chat_sql(&a, S_DELETE, NULL, "iii", call->now, t.id, seq);
	if (!rc)
		rc = chat_sql(&a, S_MENTION_END, NULL, "ii", t.id, seq);
	if (!rc)
		rc = receivers_of(&a, &t, &to);
	if (!rc)
		rc = chat_push(&a, to.account, to.accounts, "message", t.id, "seq", seq);
	return rc ? rc : say_message(&a, &t, seq);
}
