/* Files of messages: they come as base64, and go out to those whom the message reached. */
#include "chat.h"

static int value_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* RFC 4648 §4, padded, no line ends. 0: it is none. */
static int base64(struct hub_str in, unsigned char *out, size_t *n)
{
	size_t end = in.len;

	*n = 0;
	if (in.len == 0 || in.len % 4 != 0)
		return 0;
	while (end > in.len - 2 && in.ptr[end - 1] == '=')
		end--;
	uint32_t bits = 0, have = 0;
	for (size_t i = 0; i < end; i++) {
		const int v = value_of(in.ptr[i]);
		if (v < 0)
			return 0;
		bits = (bits << 6 | (uint32_t)v) & 0xffffffu;
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[(*n)++] = (unsigned char)(bits >> have);
		}
	}
	return (bits & ((1u << have) - 1)) == 0; /* one spelling only */
}

/* "application/pdf": what is no media type is bytes. */
static struct hub_str media_type(struct hub_str s)
{
	size_t slash = 0;

	for (size_t i = 0; i < s.len; i++) {
		const char c = s.ptr[i];
		const int word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
				 c == '+' || c == '-';
		if (c == '/' && i > 0 && i + 1 < s.len && slash == 0)
			slash = i;
		else if (!word)
			return str_of("application/octet-stream");
	}
	return slash ? s : str_of("application/octet-stream");
}

static int file_add(const struct ask *a, const struct thread *t, int64_t seq,
		    const struct hub_val *item, struct hub_str name)
{
	const struct hub_str coded = item[2].s;
	unsigned char *bytes = a->desk->alloc(a->call, coded.len / 4 * 3 + 1);
	struct hub_file f = {.name = name,
			     .type = media_type(item[1].type == HUB_VAL_TEXT ? item[1].s : name)};
	size_t n;
	int64_t id = 0;

	if (!bytes)
		return chat_no_memory(a);
	if (!base64(coded, bytes, &n))
		return a->desk->refuse(a->call, 422, a->err, "not-base64",
				       "the content of a file is not base64");
	if ((int64_t)n > a->chat->conf->file_max)
		return a->desk->refuse(a->call, 413, a->err, "file-too-large",
				       "a file may have %lld bytes at most",
				       (long long)a->chat->conf->file_max);
	f.content = (struct hub_str){(const char *)bytes, n};
	const int rc = a->desk->file_put(a->call, t->case_no, &f, &id, a->err);
	return rc ? rc
		  : chat_sql(a, S_FILE_ADD, NULL, "iiitti", t->id, seq, id, f.name, f.type,
			     (int64_t)n);
}

int files_add(const struct ask *a, const struct thread *t, int64_t seq, const struct hub_val *files,
	      const struct part *name)
{
	int rc = HUB_OK;

	for (uint32_t i = 0; given(files) && i < files->n && !rc; i++)
		rc = file_add(a, t, seq, files->item[i].item, name[i].text);
	return rc;
}

int say_files(const struct ask *a, int64_t thread, int64_t seq)
{
	const struct hub_desk *d = a->desk;
	struct hub_result r = {0};
	const int rc = chat_sql(a, S_FILES, &r, "ii", thread, seq);

	if (rc || r.rows == 0)
		return rc;
	d->open(a->call, "files", 1);
	for (uint32_t i = 0; i < r.rows; i++) {
		d->open(a->call, NULL, 0);
		d->number(a->call, "file", int_at(&r, i, 0));
		d->text(a->call, "name", chat_readable(a, text_at(&r, i, 1)));
		d->text(a->call, "type", text_at(&r, i, 2));
		d->number(a->call, "bytes", int_at(&r, i, 3));
		d->close(a->call);
	}
	d->close(a->call);
	return HUB_OK;
}

int file_get(void *self, struct hub_call *call, struct hub_err *err)
{
	const struct ask a = ask_of(self, call, err);
	struct hub_result r = {0};
	struct hub_file f = {0};
	struct thread t;
	int rc = thread_open(&a, &t);

	if (!rc)
		rc = chat_sql(&a, S_FILE, &r, "itii", t.id, call->who.agency, t.from_seq,
			      chat_number(call->var[1]));
	if (!rc && r.rows == 0)
		return a.desk->refuse(call, 404, err, "no-file", "there is no such file");
	/* since it was sent, somebody of the case may have come under a display restriction */
	if (!rc && t.case_no.len && (rc = a.desk->unrestricted(call, t.case_no, err)) == HUB_END)
		return a.desk->refuse(call, 404, err, "no-file", "there is no such file");
	if (!rc)
		rc = a.desk->file_get(call, int_at(&r, 0, 0), &f, err);
	if (!rc)
		rc = a.desk->audit(call, "file", t.case_no, "a file of a message was handed out",
				   err);
	if (rc)
		return rc;
	f.name = text_at(&r, 0, 1);
	f.type = text_at(&r, 0, 2);
	a.desk->file(call, &f);
	return HUB_OK;
}
