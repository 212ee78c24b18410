#include "cli/page.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "plugin/detect.h"

static struct hub_str label_of(struct hub_str ja, struct hub_str en)
{
	return !hub_tr_is_ja() && en.len ? en : ja;
}

struct hub_str hub_page_entity(const struct hub_entity *e)
{
	return label_of(e->label, e->label_en);
}

struct hub_str hub_page_field(const struct hub_field *f)
{
	return label_of(f->label, f->label_en);
}

static void put_code(struct hub_buf *b, const struct hub_codes *list, struct hub_str text)
{
	const struct hub_code *code = hub_code_find(list, text);

	if (code)
		hub_buf_printf(b, "%.*s (%.*s)", HUB_FMT(code->label), HUB_FMT(code->code));
	else
		hub_buf_str(b, text);
}

struct hub_str hub_page_value(struct hub_arena *a, const struct hub_field *f, struct hub_str text)
{
	HUB_AUTO(buf) struct hub_buf out;
	json_error_t e;
	json_t *all;

	hub_buf_init(&out, 1 << 20);
	if (!f->codes || !text.len)
		return text;
	all = f->type == HUB_F_CODES ? hub_json_read(text, 0, &e) : NULL;
	if (!all && f->type == HUB_F_CODES && errno == ENOMEM)
		return (struct hub_str){NULL, 0};
	if (!all)
		put_code(&out, f->codes, text);
	for (size_t i = 0; i < json_array_size(all); i++) {
		const char *one = json_string_value(json_array_get(all, i));
		hub_buf_puts(&out, i ? "、" : "");
		put_code(&out, f->codes, hub_str_of(one ? one : ""));
	}
	json_decref(all);
	return hub_buf_keep(&out, a);
}

const char *hub_page_span(const char *type)
{
	static const char *const words[] = {
	    [0] = HUB_N("personal information"),    [HUB_SPAN_PERSON] = HUB_N("name"),
	    [HUB_SPAN_ADDRESS] = HUB_N("address"),  [HUB_SPAN_PHONE] = HUB_N("phone"),
	    [HUB_SPAN_EMAIL] = HUB_N("mail"),       [HUB_SPAN_BIRTHDATE] = HUB_N("birth date"),
	    [HUB_SPAN_IDNUMBER] = HUB_N("number"),  [HUB_SPAN_FACILITY] = HUB_N("facility"),
	    [HUB_SPAN_ORG] = HUB_N("organisation"),
	};
	const uint32_t t = type ? hub_span_type(hub_str_of(type)) : 0;

	return hub_tr(words[t < HUB_COUNT(words) ? t : 0]);
}
