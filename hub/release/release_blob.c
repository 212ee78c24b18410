/* An attachment leaves: whole, or not at all. */
#include "release/release_in.h"

#include "release/blob.h"
#include "release/strip.h"
#include "store/db.h"

struct leaving {
	struct hub_releasing *r;
	struct hub_strip *strip;
	struct hub_buf out;
};

static int refuse(struct hub_err *err, const char *what, const char *hint)
{
	const int rc = hub_fail(err, HUB_REFUSED, "attachment-withheld", what, "");

	hub_hint(err, hint, "");
	return rc;
}

/* The field that stands for the content. */
static const struct hub_profile_entity *find_entity(const struct hub_releasing *r, uint32_t *blob)
{
	const struct hub_profile *p = r->spec->profile;

	for (uint32_t i = 0; i < p->n; i++) {
		if (!hub_str_is(p->entities[i].entity->name, "attachment"))
			continue;
		for (uint32_t c = 0; c < p->entities[i].n; c++) {
			const struct hub_view_field *f = &p->entities[i].fields[c];
			*blob = c;
			if (hub_str_is(f->field->name, "blob_ref") && f->show == HUB_SHOW_AS_IS)
				return &p->entities[i];
		}
	}
	return NULL;
}

/* The profile must give contents, and texts unmasked: nothing in a picture can be masked. */
static int check_profile(const struct hub_releasing *r, const struct hub_profile_entity **e,
			 uint32_t *blob, struct hub_err *err)
{
	*e = find_entity(r, blob);
	if (!*e)
		return refuse(
		    err, HUB_N("the profile does not give the content of attachments"),
		    HUB_N("Add blob_ref to the fields of attachment, and have it approved."));
	if (r->spec->profile->view.by_class[HUB_C_NARRATIVE] != HUB_SHOW_AS_IS)
		return refuse(err, "the profile shows texts masked, and a picture cannot be masked",
			      "Use a profile with narrative = \"as_is\".");
	return HUB_OK;
}

static int ask_gate(struct hub_releasing *r, const struct hub_entity *e,
		    const struct hub_source_row *row, struct hub_err *err)
{
	struct hub_answer answer = {0};
	int rc = hub_rowctx_whole(&r->x, e, row, &answer, err);

	if (rc || answer.decision == HUB_ALLOW)
		return rc;
	rc = hub_fail(err, HUB_REFUSED, "attachment-withheld",
		      "this recipient may not have the attachment: %s",
		      hub_tr(hub_reason_text(answer.reason)));
	hub_hint(err, "Nobody can look into a picture: it leaves only where the text of its "
		      "people may leave whole.");
	return rc;
}

static int find_blob(struct hub_releasing *r, struct hub_store *s, struct hub_str ref,
		     struct hub_blob *b, struct hub_err *err)
{
	int64_t id;
	int rc;

	if (hub_parse_i64(ref, 1, INT64_MAX, &id))
		return hub_fail(err, HUB_USAGE, "no-content",
				"this attachment has no content here");
	if ((rc = hub_blob_info(r->arena, s, id, b, err)) || !b->telltale)
		return rc;
	if (hub_str_is(b->type, "application/pdf"))
		return refuse(err,
			      HUB_N("the PDF says who made it, or what about (properties of the "
				    "document), which cannot be taken out"),
			      HUB_N("Print it to a new PDF without properties, attach that, and "
				    "remove this one."));
	return refuse(err,
		      HUB_N("the picture says where or when it was taken, in a way that cannot be "
			    "taken out of this kind of file"),
		      HUB_N("Save it as JPEG or PNG, attach that, and remove this one."));
}

static int take(void *to, struct hub_str piece, struct hub_err *err)
{
	struct leaving *l = to;

	hub_buf_reset(&l->out);
	hub_strip_add(l->strip, piece, &l->out);
	if (!hub_buf_ok(&l->out))
		return hub_fail_mem(err);
	hub_sha_add(l->r->sha, l->out.ptr, l->out.len);
	return hub_out_add(l->r->file, hub_buf_text(&l->out), err);
}

static int copy(struct hub_releasing *r, struct hub_store *s, const struct hub_blob *b,
		struct hub_err *err)
{
	struct leaving l = {.r = r, .strip = hub_strip_new(r->arena, b->type)};

	if (!l.strip)
		return hub_fail_mem(err);
	hub_buf_init(&l.out, 4 * HUB_BLOB_PIECE);
	int rc = hub_blob_get(s, r->spec->keys, b->id, take, &l, err);
	if (!rc && hub_strip_end(l.strip))
		rc = hub_fail(err, HUB_INTEGRITY, "file-broken", "the file is cut off or damaged");
	hub_buf_free(&l.out);
	return rc;
}

static int write_receipt(struct hub_releasing *r, const struct hub_source_row *row,
			 const struct hub_blob *b, struct hub_err *err)
{
	const struct hub_hash h = hub_hash128(hub_str_of(b->sha), (struct hub_hash){0, 0});
	int rc = hub_db_begin(r->db, err);

	if (rc)
		return rc;
	rc = hub_db_run(r->db, err,
			"INSERT INTO release_item (release_id, entity, row_id, person_id,"
			" decision, classes, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
			"itiizib", r->out->id, HUB_STR("attachment"), row->id, r->x.person,
			"open 1 masked 0 withheld 0", (int64_t)1 << HUB_C_NARRATIVE,
			(struct hub_str){(const char *)&h, sizeof h});
	return hub_db_end(r->db, rc, err);
}

int hub_release_blob(struct hub_releasing *r, struct hub_store *s, struct hub_err *err)
{
	const struct hub_profile_entity *e;
	struct hub_source_row row;
	struct hub_blob b;
	uint32_t blob = 0;
	int rc = check_profile(r, &e, &blob, err);

	if (rc)
		return rc;
	rc = hub_cursor_row(r->arena, r->db, e, r->spec->attachment, &row, err);
	if (rc == HUB_END)
		return hub_fail(err, HUB_USAGE, "no-such-attachment", "there is no attachment %lld",
				(long long)r->spec->attachment);
	if (rc || (rc = hub_release_within(r, e->entity, &row, err)) ||
	    (rc = ask_gate(r, e->entity, &row, err)) ||
	    (rc = find_blob(r, s, row.value[blob], &b, err)) ||
	    (rc = hub_out_open(r->spec->target.ptr, &r->file, err)) || (rc = copy(r, s, &b, err)))
		return rc;
	r->out->counts.rows = r->out->counts.written = r->out->counts.as_is = 1;
	return write_receipt(r, &row, &b, err);
}
