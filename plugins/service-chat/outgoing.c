/* What may not be read by all who would get it is held back with the reason, until the sender masks it or
 * confirms with a legal ground of 個人情報保護法69条. Confirming opens no door that the gate has shut: a
 * display restriction, a barred agency and an ended contract stay, and a no of the person gives way to a
 * law alone. */
#include "chat.h"

#include <stdarg.h>
#include <stdio.h>

/* Which words of the gate may be confirmed, and with which ground; words that are not here: with none. */
static const struct {
	const char *reason;
	int law_only;
} confirmable[] = {
    {"no-consent", 0},
    {"third-party", 0},
    {"view", 0}, /* the gate lets it out, the receiver's profile shows less */
    {"consent-not-asked", 0},
    {"consent-refused", 1},
    {"consent-withdrawn", 1},
    {"file-unseen", 0},
};

static int may_confirm(struct hub_str reason, struct hub_str ground)
{
	for (size_t i = 0; i < sizeof confirmable / sizeof confirmable[0]; i++)
		if (str_same(reason, str_of(confirmable[i].reason)))
			return !confirmable[i].law_only || !ground.ptr ||
			       str_same(ground, str_of("LAW"));
	return 0;
}

static const char *const span_types[] = {
    [HUB_SPAN_PERSON] = "PERSON",       [HUB_SPAN_ADDRESS] = "ADDRESS",
    [HUB_SPAN_PHONE] = "PHONE",         [HUB_SPAN_EMAIL] = "EMAIL",
    [HUB_SPAN_BIRTHDATE] = "BIRTHDATE", [HUB_SPAN_IDNUMBER] = "IDNUMBER",
    [HUB_SPAN_FACILITY] = "FACILITY",   [HUB_SPAN_ORG] = "ORG",
};

/* What was found in one part. */
struct finding {
	const struct hub_held *held;
	uint32_t n;
	struct hub_str masked;
};

static int64_t points(struct hub_str text, uint32_t bytes)
{
	int64_t n = 0;

	for (size_t i = 0; i < bytes && i < text.len; i++)
		n += ((unsigned char)text.ptr[i] & 0xc0) != 0x80;
	return n;
}

static int inspect(const struct ask *a, struct hub_str text, struct hub_str case_no,
		   const struct hub_str *agency, uint32_t agencies, struct finding *f)
{
	struct hub_outgoing out = {.text = text, .agency = agency, .agencies = agencies};

	*f = (struct finding){.masked = text};
	if (text.len == 0 || agencies == 0)
		return HUB_OK;
	/* as the sender knows the case: by a number that the sender may not read nobody is known */
	const int rc =
	    case_no.len ? a->desk->case_name(a->call, case_no, &out.case_no, a->err) : HUB_OK;
	if (rc < 0)
		return rc;
	return a->desk->inspect(a->call, &out, &f->held, &f->n, &f->masked, a->err);
}

/* Is the place a member that is named by @login? Members know each other; the detectors take "@cho さん" for somebody. */
static int is_mention(const struct ask *a, const struct sending *s, struct hub_str text,
		      const struct hub_held *h)
{
	const size_t from = h->start > 0 && text.ptr[h->start] != '@' ? h->start - 1 : h->start;
	const struct hub_str at = {text.ptr + from, h->end - from};

	if (h->type != HUB_SPAN_PERSON || at.len < 2 || at.ptr[0] != '@')
		return 0;
	for (uint32_t i = 0; i < s->to->accounts; i++) {
		const struct hub_colleague *c = NULL;
		if (a->desk->account(a->call, s->to->account[i], &c, a->err) == HUB_OK &&
		    str_same(c->login, (struct hub_str){at.ptr + 1, at.len - 1}))
			return 1;
	}
	return 0;
}

/* The text with its held places replaced. ptr NULL: out of memory. */
static struct hub_str mask(const struct ask *a, struct hub_str text, const struct hub_held *h,
			   uint32_t n)
{
	size_t room = text.len + 1, len = 0, at = 0;

	for (uint32_t i = 0; i < n; i++)
		room += h[i].label.len;
	char *out = a->desk->alloc(a->call, room);
	for (uint32_t i = 0; out && i <= n; i++) {
		const size_t to = i < n ? h[i].start : text.len;
		if (to > at)
			memcpy(out + len, text.ptr + at, to - at);
		len += to > at ? to - at : 0;
		if (i == n)
			break;
		memcpy(out + len, h[i].label.ptr, h[i].label.len);
		len += h[i].label.len;
		at = h[i].end;
	}
	return (struct hub_str){out, len};
}

static int drop_mentions(const struct ask *a, const struct sending *s, struct hub_str text,
			 struct finding *f)
{
	struct hub_held *kept = a->desk->alloc(a->call, (f->n + 1) * sizeof *kept);
	uint32_t n = 0;

	if (!kept)
		return chat_no_memory(a);
	for (uint32_t i = 0; i < f->n; i++)
		if (!is_mention(a, s, text, &f->held[i]))
			kept[n++] = f->held[i];
	if (n == f->n)
		return HUB_OK;
	f->held = kept;
	f->n = n;
	f->masked = mask(a, text, kept, n);
	return f->masked.ptr ? HUB_OK : chat_no_memory(a);
}

int outgoing_clean(const struct ask *a, struct hub_str text, struct hub_str case_no,
		   const struct hub_str *agency, uint32_t agencies)
{
	struct finding f;
	const int rc = inspect(a, text, case_no, agency, agencies, &f);

	return rc ? rc : f.n ? HUB_END : HUB_OK;
}

/* ---- the refusal that says what is held ---- */

static void say_held(const struct ask *a, const struct part *p, const struct finding *f)
{
	const struct hub_desk *d = a->desk;

	for (uint32_t i = 0; i < f->n; i++) {
		const struct hub_held *h = &f->held[i];
		d->open(a->call, NULL, 0);
		d->text(a->call, "part", str_of(p->name));
		d->number(a->call, "start", points(p->text, h->start));
		d->number(a->call, "end", points(p->text, h->end));
		d->text(a->call, "type",
			str_of(h->type <= HUB_SPAN_ORG && span_types[h->type] ? span_types[h->type]
									      : "TEXT"));
		d->text(a->call, "label", h->label);
		d->text(a->call, "reason", h->reason);
		d->text(a->call, "agency", h->agency);
		d->truth(a->call, "confirmable", may_confirm(h->reason, (struct hub_str){0}));
		d->close(a->call);
	}
}

static int refuse_held(const struct ask *a, const struct part *part, const struct finding *f,
		       uint32_t n, const struct sending *s)
{
	const struct hub_desk *d = a->desk;

	d->open(a->call, "held", 1);
	for (uint32_t i = 0; i < n; i++)
		say_held(a, &part[i], &f[i]);
	for (uint32_t i = 0; i < s->files; i++) {
		d->open(a->call, NULL, 0);
		d->text(a->call, "part", str_of("file"));
		d->number(a->call, "start", i);
		d->number(a->call, "end", (int64_t)i + 1);
		d->text(a->call, "type", str_of("FILE"));
		d->text(a->call, "label", str_of(""));
		d->text(a->call, "reason", str_of("file-unseen"));
		d->text(a->call, "agency", s->to->agencies ? s->to->agency[0] : str_of(""));
		d->truth(a->call, "confirmable", 1);
		d->close(a->call);
	}
	d->close(a->call);
	d->open(a->call, "masked", 1);
	for (uint32_t i = 0; i < n; i++) {
		if (f[i].n == 0)
			continue;
		d->open(a->call, NULL, 0);
		d->text(a->call, "part", str_of(part[i].name));
		d->text(a->call, "text", f[i].masked);
		d->close(a->call);
	}
	d->close(a->call);
	if (s->ground.ptr)
		return d->refuse(a->call, 409, a->err, "not-confirmable",
				 "some of this may not be sent on that legal ground; mask it");
	return d->refuse(a->call, 409, a->err, "held",
			 "the receivers may not see all of this; mask it, or confirm with a legal "
			 "ground");
}

/* ---- what was shown by a confirmation: [{"part":..,"type":..,"label":..,"reason":..,"agency":..}] ---- */

static void add(char *to, size_t cap, size_t *n, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void add(char *to, size_t cap, size_t *n, const char *fmt, ...)
{
	va_list ap;

	if (*n >= cap)
		return;
	va_start(ap, fmt);
	const int more = vsnprintf(to + *n, cap - *n, fmt, ap);
	va_end(ap);
	*n += more > 0 ? (size_t)more : 0;
}

/* Quotes and control characters are left out: labels, words and ids of the hub have none. */
static void add_text(char *to, size_t cap, size_t *n, const char *name, struct hub_str s)
{
	add(to, cap, n, "\"%s\":\"", name);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] != '"' && s.ptr[i] != '\\' && (unsigned char)s.ptr[i] >= ' ')
			add(to, cap, n, "%c", s.ptr[i]);
	add(to, cap, n, "\"");
}

static int shown(const struct ask *a, const struct part *part, const struct finding *f, uint32_t n,
		 struct sending *s)
{
	size_t cap = 64, len = 0;

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < f[i].n; k++)
			cap += 96 + strlen(part[i].name) + f[i].held[k].label.len +
			       f[i].held[k].reason.len + f[i].held[k].agency.len;
	char *to = a->desk->alloc(a->call, cap);
	if (!to)
		return chat_no_memory(a);
	add(to, cap, &len, "[");
	for (uint32_t i = 0; i < n; i++) {
		for (uint32_t k = 0; k < f[i].n; k++) {
			const struct hub_held *h = &f[i].held[k];
			add(to, cap, &len, "%s{", len > 1 ? "," : "");
			add_text(to, cap, &len, "part", str_of(part[i].name));
			add(to, cap, &len, ",");
			add_text(to, cap, &len, "type",
				 str_of(h->type <= HUB_SPAN_ORG && span_types[h->type]
					    ? span_types[h->type]
					    : "TEXT"));
			add(to, cap, &len, ",");
			add_text(to, cap, &len, "label", h->label);
			add(to, cap, &len, ",");
			add_text(to, cap, &len, "reason", h->reason);
			add(to, cap, &len, ",");
			add_text(to, cap, &len, "agency", h->agency);
			add(to, cap, &len, "}");
		}
	}
	add(to, cap, &len, "%s{\"files\":%u}]", len > 1 ? "," : "", s->files);
	s->shown = (struct hub_str){to, len < cap ? len : cap - 1};
	return HUB_OK;
}

/* ---- deciding ---- */

/* Files go to nobody while the case hides somebody; the reason is not said. */
static int files_may_go(const struct ask *a, const struct sending *s)
{
	int rc = HUB_OK;

	if (s->files == 0 || s->case_no.len == 0)
		return HUB_OK;
	rc = a->desk->unrestricted(a->call, s->case_no, a->err);
	if (rc == HUB_END)
		return a->desk->refuse(a->call, 403, a->err, "files-refused",
				       "files cannot be sent in this case");
	return rc;
}

static int is_given(struct sending *s)
{
	if (!given(s->confirm))
		return 0;
	s->ground = s->confirm->item[0].s;
	s->reason = chat_trim(s->confirm->item[1].s);
	return 1;
}

int outgoing_check(const struct ask *a, struct part *part, uint32_t n, struct sending *s)
{
	const int as_masked = given(s->as) && str_same(s->as->s, str_of("masked"));
	struct finding *f = a->desk->alloc(a->call, (n ? n : 1) * sizeof *f);
	uint32_t held = 0, shut = 0;
	int rc = f ? files_may_go(a, s) : chat_no_memory(a);

	const int confirmed = is_given(s);
	for (uint32_t i = 0; i < n && !rc; i++) {
		rc = inspect(a, part[i].text, s->case_no, s->to->agency, s->to->agencies, &f[i]);
		if (!rc)
			rc = drop_mentions(a, s, part[i].text, &f[i]);
		if (rc)
			break;
		held += f[i].n;
		for (uint32_t k = 0; k < f[i].n; k++)
			shut += !may_confirm(f[i].held[k].reason, s->ground);
		s->masked |= as_masked && f[i].n > 0;
	}
	if (rc)
		return rc;
	if ((held && !as_masked && (!confirmed || shut)) || (s->files && !confirmed))
		return refuse_held(a, part, f, n, s);
	for (uint32_t i = 0; i < n && as_masked; i++) {
		part[i].text = f[i].masked;
		f[i].n = 0; /* nothing of it is shown */
	}
	if (confirmed && (s->files || (held && !as_masked)))
		return shown(a, part, f, n, s);
	s->ground = s->reason = (struct hub_str){0}; /* there was nothing to confirm */
	return HUB_OK;
}

int outgoing_record(const struct ask *a, const struct thread *t, int64_t seq, int64_t version,
		    const struct sending *s)
{
	char note[200];
	size_t n = 0;

	if (!s->ground.ptr)
		return HUB_OK;
	const int rc = chat_sql(a, S_CONFIRM, NULL, "iiiiittt", t->id, seq, version,
				a->call->who.account, a->call->now, s->ground, s->reason, s->shown);
	add(note, sizeof note, &n, "thread %lld, message %lld, version %lld: %.*s, %u files, to",
	    (long long)t->id, (long long)seq, (long long)version, (int)s->ground.len, s->ground.ptr,
	    s->files);
	for (uint32_t i = 0; i < s->to->agencies; i++)
		add(note, sizeof note, &n, " %.*s", (int)s->to->agency[i].len,
		    s->to->agency[i].ptr);
	return rc ? rc : a->desk->audit(a->call, "confirm", t->case_no, note, a->err);
}
