/* What a recipient knows rows by. */
#include "release/handle.h"
#include "release/rowctx.h"
#include "release/value.h"

static struct hub_str row_key(struct hub_arena *a, struct hub_str key,
			      const struct hub_entity *entity, int64_t n)
{
	const struct hub_str scope = hub_arena_printf(a, "key:%.*s", HUB_FMT(entity->name));
	const struct hub_str text = hub_arena_printf(a, "%lld", (long long)n);

	if (!scope.ptr || !text.ptr)
		return (struct hub_str){NULL, 0};
	return hub_pseudonym(a, key, scope, text);
}

struct hub_str hub_rowctx_key(struct hub_rowctx *x, struct hub_arena *a,
			      const struct hub_entity *entity, int64_t id)
{
	const int person = entity->subject == HUB_SUBJECT_SELF;

	if (x->handles)
		return hub_handle_make(a, hub_recipient_key(&x->to), entity->name, id);
	return row_key(a, hub_recipient_key(&x->to), entity,
		       person ? hub_people_identity(x->people, id) : id);
}

struct hub_str hub_rowctx_old_key(struct hub_arena *a, const struct hub_key *key,
				  const struct hub_entity *entity, int64_t id, int64_t identity)
{
	return row_key(a, (struct hub_str){(const char *)key->bytes, HUB_KEY_BYTES}, entity,
		       entity->subject == HUB_SUBJECT_SELF ? identity : id);
}
