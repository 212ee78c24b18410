#include "release/release_in.h"

#include "base/clock.h"
#include "release/recall.h"
#include "store/db.h"

/* "confirmed":{"person.name":12}: what was shown masked because somebody confirmed it, and how often. */
static void put_confirmed(const struct hub_releasing *r, struct hub_buf *b)
{
	const struct hub_profile *p = r->spec->profile;
	char name[256];

	hub_json_key(b, "confirmed");
	hub_buf_putc(b, '{');
	for (uint32_t i = 0; i < p->n; i++)
		for (uint32_t c = 0; c < p->entities[i].n; c++) {
			const struct hub_field *f = p->entities[i].fields[c].field;
			const uint64_t n = r->confirmed[f->entity->index][f->index];
			snprintf(name, sizeof name, "%.*s.%.*s", HUB_FMT(f->entity->name),
				 HUB_FMT(f->name));
			if (n)
				hub_json_int(b, name, (int64_t)n);
		}
	hub_buf_putc(b, '}');
}

static int put_counts(const struct hub_releasing *r, struct hub_buf *b)
{
	const struct hub_release_counts *c = &r->out->counts;

	hub_buf_putc(b, '{');
	hub_json_field(b, "profile", r->spec->profile->name);
	hub_json_field(b, "version", hub_str_of(r->spec->profile->hash));
	if (r->spec->job) {
		hub_json_field(b, "job", r->spec->job->name);
		hub_json_field(b, "job_version", hub_str_of(r->spec->job->hash));
	}
	hub_json_field(b, "recipient", r->spec->profile->recipient);
	hub_json_field(b, "purpose", r->spec->profile->purpose);
	if (r->spec->meeting.len)
		hub_json_field(b, "meeting", r->spec->meeting);
	if (r->circle.case_id)
		hub_json_int(b, "case", r->circle.case_id);
	if (r->spec->attachment)
		hub_json_int(b, "attachment", r->spec->attachment);
	if (r->spec->reason.len)
		hub_json_field(b, "confirmed_because", r->spec->reason);
	hub_actor_json(b, &r->spec->who);
	hub_json_field(b, "approved_by",
		       r->out->by_names ? HUB_STR("login-names") : HUB_STR("accounts"));
	hub_json_field(b, "content", hub_str_of(r->out->content));
	const struct {
		const char *name;
		uint64_t n;
	} numbers[] = {{"rows", c->rows},
		       {"written", c->written},
		       {"withheld_rows", c->withheld_rows},
		       {"rejected", c->rejected},
		       {"cells_open", c->as_is},
		       {"cells_masked", c->masked},
		       {"cells_withheld", c->withheld},
		       {"confirm", c->confirm},
		       {"deletions", c->deletions},
		       {"texts", c->texts},
		       {"texts_rescanned", c->rescanned},
		       {"texts_withheld", c->texts_withheld}};
	for (size_t i = 0; i < HUB_COUNT(numbers); i++)
		hub_json_int(b, numbers[i].name, (int64_t)numbers[i].n);
	if (c->figures) {
		hub_json_int(b, "figures", (int64_t)c->figures);
		hub_json_int(b, "figures_hidden", (int64_t)c->figures_hidden);
		hub_json_field(b, "figures_are",
			       r->spec->profile->stats.exact ? HUB_STR("exact")
							     : HUB_STR("guarded"));
	}
	if (r->spec->reason.len && r->confirmed)
		put_confirmed(r, b);
	hub_buf_putc(b, '}');
	return hub_buf_ok(b) ? 0 : -1;
}

static struct hub_str number_text(struct hub_releasing *r)
{
	return hub_arena_printf(r->arena, "release %lld", (long long)r->out->id);
}

int hub_release_log_insert(struct hub_releasing *r, struct hub_err *err)
{
	const struct hub_profile *p = r->spec->profile;
	int rc = hub_db_run(r->db, err,
			    "INSERT INTO release (profile, profile_hash, recipient, purpose, "
			    "actor, at, state, target,"
			    " reason, day) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			    "tztttiitti", p->name, p->hash, p->recipient, p->purpose,
			    r->spec->who.name, hub_now(), (int64_t)HUB_RELEASE_ACTIVE,
			    r->spec->target, r->spec->reason, (int64_t)r->spec->day);

	return rc ? rc : hub_db_one(r->db, &r->out->id, err, "SELECT max(id) FROM release", "");
}

static int set_state(struct hub_releasing *r, enum hub_release_state state, struct hub_str counts,
		     struct hub_err *err)
{
	return hub_db_run(r->db, err,
			  "UPDATE release SET state = ?, ended_at = ?, rows = ?, content = ?,"
			  " counts = ?, key_number = ? WHERE id = ?",
			  "iiiztii", (int64_t)state, hub_now(), (int64_t)r->out->counts.written,
			  r->out->content, counts, r->x.to.key_number, r->out->id);
}

int hub_release_log_end(struct hub_releasing *r, enum hub_release_state state, struct hub_err *err)
{
	static const char *const actions[] = {[HUB_RELEASE_DONE] = "release",
					      [HUB_RELEASE_FAILED] = "release-failed",
					      [HUB_RELEASE_REFUSED] = "release-refused"};
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_str object = number_text(r);

	hub_buf_init(&b, 1 << 16);
	if (put_counts(r, &b) || !object.ptr)
		return hub_fail_mem(err);
	int rc = set_state(r, state, hub_buf_text(&b), err);
	if (!rc)
		rc = hub_recipient_keep_key(r->arena, r->db, &r->x.to, err);
	if (!rc)
		rc = hub_audit_add(r->db, r->spec->who.name, actions[state], object,
				   hub_buf_text(&b), err);
	return rc;
}

int hub_release_log_sent(struct hub_releasing *r, struct hub_err *err)
{
	int rc = r->n_sent ? hub_db_begin(r->db, err) : HUB_OK;

	if (rc || !r->n_sent)
		return rc;
	for (uint32_t i = 0; i < r->n_sent && !rc; i++)
		rc = hub_recall_sent(r->db, r->sent[i], r->out->id, err);
	return hub_db_end(r->db, rc, err);
}

int hub_release_log_begin(struct hub_releasing *r, struct hub_err *err)
{
	HUB_AUTO(buf) struct hub_buf b;
	const struct hub_str object = number_text(r);

	hub_audit_begin(&b);
	hub_json_field(&b, "profile", r->spec->profile->name);
	hub_json_field(&b, "version", hub_str_of(r->spec->profile->hash));
	hub_json_field(&b, "recipient", r->spec->profile->recipient);
	if (!object.ptr)
		return hub_fail_mem(err);
	return hub_audit_end(r->db, r->spec->who.name, "release-begun", object, &b, err);
}

void hub_release_log_refusal(struct hub_releasing *r, const struct hub_err *why)
{
	struct hub_err second;
	char detail[96];
	const int n = snprintf(detail, sizeof detail, "{\"code\":\"%.60s\"}", why ? why->code : "");

	(void)hub_audit_add(r->db, r->spec->who.name, "release-refused", r->spec->profile->name,
			    (struct hub_str){detail, (size_t)n}, &second);
}
