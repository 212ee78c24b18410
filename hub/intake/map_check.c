/* Does the kind of an expression fit what it is for? Said before a row is read, with what is missing. */
#include "intake/map.h"

struct demand {
	uint32_t kinds;
	const char *add; /* the function that makes it */
};

static struct demand demand_of(const struct hub_field *field)
{
	const uint32_t date = HUB_V_MASK(HUB_V_DATE), month = HUB_V_MASK(HUB_V_MONTH);

	switch (field->type) {
	case HUB_F_KANA:
		return (struct demand){HUB_V_MASK(HUB_V_KANA), "kana"};
	case HUB_F_CODE:
		return (struct demand){HUB_V_MASK(HUB_V_CODE), "code"};
	case HUB_F_CODES:
		return (struct demand){HUB_V_MASK(HUB_V_CODES), "codes"};
	case HUB_F_DATE:
		return (struct demand){date | month, "date"};
	case HUB_F_DATETIME:
		return (struct demand){date | HUB_V_MASK(HUB_V_DATETIME), "datetime"};
	case HUB_F_TIME:
		return (struct demand){HUB_V_MASK(HUB_V_TIME), "time"};
	case HUB_F_MONTH:
		return (struct demand){month, "month"};
	case HUB_F_INT:
		return (struct demand){HUB_V_MASK(HUB_V_INT), "int"};
	case HUB_F_YEN:
		return (struct demand){HUB_V_MASK(HUB_V_INT), "yen"};
	case HUB_F_BOOL:
		return (struct demand){HUB_V_MASK(HUB_V_BOOL), "bool"};
	case HUB_F_PHONE:
		return (struct demand){HUB_V_MASK(HUB_V_PHONE), "phone"};
	case HUB_F_POSTAL:
		return (struct demand){HUB_V_MASK(HUB_V_POSTAL), "postal"};
	case HUB_F_JSON:
		return (struct demand){HUB_V_MASK(HUB_V_CODES) | HUB_V_MASK(HUB_V_JSON), "json"};
	case HUB_F_TEXT:
	case HUB_F_NARRATIVE:
	case HUB_F_NAME:
	case HUB_F_ADDRESS:
	case HUB_F_ID:
	case HUB_F_REF:
		break;
	}
	return (struct demand){HUB_V_SCALAR, NULL};
}

int hub_map_check_field(const struct hub_op *op, const struct hub_field *field, struct hub_err *err)
{
	const struct demand d = demand_of(field);

	if (op->kind != HUB_V_NULL && !(d.kinds & HUB_V_MASK(op->kind))) {
		(void)hub_fail(err, HUB_CONF, "type-mismatch",
			       "%.*s.%.*s is of type %s, and this gives %s",
			       HUB_FMT(field->entity->name), HUB_FMT(field->name),
			       hub_ftype_name(field->type), hub_value_name(op->kind));
		if (op->kind == HUB_V_LIST)
			hub_hint(err, "Add | join('、') or | first behind it.");
		else if (d.add && field->codes)
			hub_hint(err, "Add | %s('%.*s') behind it.", d.add,
				 HUB_FMT(field->codes->name));
		else if (d.add)
			hub_hint(err, "Add | %s behind it.", d.add);
		return HUB_CONF;
	}
	if (op->codes && field->codes && op->codes != field->codes &&
	    (op->kind == HUB_V_CODE || op->kind == HUB_V_CODES)) {
		(void)hub_fail(err, HUB_CONF, "type-mismatch",
			       "%.*s.%.*s takes codes of list \"%.*s\", and these are of \"%.*s\"",
			       HUB_FMT(field->entity->name), HUB_FMT(field->name),
			       HUB_FMT(field->codes->name), HUB_FMT(op->codes->name));
		return HUB_CONF;
	}
	return HUB_OK;
}

int hub_map_check_kind(const struct hub_op *op, enum hub_value kind, struct hub_err *err)
{
	if (kind == HUB_V_NULL ? op->kind != HUB_V_LIST : op->kind == kind)
		return HUB_OK;
	(void)hub_fail(err, HUB_CONF, "type-mismatch", "%s is expected here, and this is %s",
		       kind == HUB_V_NULL ? hub_tr("a single value") : hub_value_name(kind),
		       hub_value_name(op->kind));
	if (kind == HUB_V_BOOL)
		hub_hint(err, "Compare it: %s", "column == '1'");
	else if (kind == HUB_V_LIST)
		hub_hint(err, "Add | %s behind it.", "split(';')");
	return HUB_CONF;
}
