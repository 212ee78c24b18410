/* XML Schema 1.0 of what sink-xml writes, and the patterns of normal forms that JSON Schema shares. */
#include "store/schema_out.h"

#include <stdio.h>

#define DAY  "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
#define TIME "([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"

const char *hub_ftype_pattern(enum hub_ftype type)
{
	switch (type) {
	case HUB_F_DATE: /* known as far as it goes, or a range; non-calendar days exist in registries */
		return DAY "(/" DAY ")?";
	case HUB_F_DATETIME:
		return DAY "(T" TIME "(Z|[+-][0-9]{2}:[0-9]{2})?)?";
	case HUB_F_TIME:
		return TIME;
	case HUB_F_MONTH:
		return "[0-9]{4}-(0[1-9]|1[0-2])";
	case HUB_F_INT:
	case HUB_F_YEN:
		return "-?[0-9]+";
	case HUB_F_BOOL:
		return "0|1|true|false";
	case HUB_F_POSTAL:
		return "[0-9]{3}-?[0-9]{4}";
	default:
		return NULL;
	}
}

/* The five that XML text and attributes cannot hold. */
static void put_xml(struct hub_buf *out, struct hub_str s)
{
	for (size_t i = 0; i < s.len; i++)
		switch (s.ptr[i]) {
		case '<':
			hub_buf_puts(out, "&lt;");
			break;
		case '>':
			hub_buf_puts(out, "&gt;");
			break;
		case '&':
			hub_buf_puts(out, "&amp;");
			break;
		case '"':
			hub_buf_puts(out, "&quot;");
			break;
		default:
			hub_buf_putc(out, s.ptr[i]);
		}
}

/* A strict value, or what the gate shows instead; and the element that carries either. */
static void put_cell_type(struct hub_buf *out, const char *name, const char *members)
{
	hub_buf_printf(out,
		       "  <xs:simpleType name=\"%s-or-shown\"><xs:union memberTypes=\"%s\"/>"
		       "</xs:simpleType>\n"
		       "  <xs:complexType name=\"%s\"><xs:simpleContent>\n"
		       "    <xs:extension base=\"cc:%s-or-shown\"><xs:attribute name=\"status\" "
		       "type=\"cc:status\"/></xs:extension>\n"
		       "  </xs:simpleContent></xs:complexType>\n",
		       name, members, name, name);
}

static void put_basics(struct hub_buf *out)
{
	static const enum hub_ftype typed[] = {HUB_F_DATE,  HUB_F_DATETIME, HUB_F_TIME,
					       HUB_F_MONTH, HUB_F_INT,      HUB_F_YEN,
					       HUB_F_BOOL,  HUB_F_POSTAL};
	char members[96];

	hub_buf_puts(out, "  <xs:simpleType name=\"status\"><xs:restriction base=\"xs:string\">\n");
	for (const char *const *w =
		 (const char *const[]){"masked", "pseudonym", "generalised", "withheld", NULL};
	     *w; w++)
		hub_buf_printf(out, "    <xs:enumeration value=\"%s\"/>\n", *w);
	hub_buf_puts(out,
		     "  </xs:restriction></xs:simpleType>\n"
		     "  <!-- instead of a value: nothing, asterisks, or text that is not ASCII "
		     "(40代, ○○) -->\n"
		     "  <xs:simpleType name=\"shown\"><xs:restriction base=\"xs:string\">\n"
		     "    <xs:pattern value=\"(" HUB_SHOWN_PATTERN ")?\"/>\n"
		     "  </xs:restriction></xs:simpleType>\n");
	put_cell_type(out, "text", "xs:string");
	for (size_t i = 0; i < HUB_COUNT(typed); i++) {
		const char *name = hub_ftype_name(typed[i]);

		hub_buf_printf(out,
			       "  <xs:simpleType name=\"%s-value\"><xs:restriction "
			       "base=\"xs:string\">\n    <xs:pattern value=\"%s\"/>\n"
			       "  </xs:restriction></xs:simpleType>\n",
			       name, hub_ftype_pattern(typed[i]));
		snprintf(members, sizeof members, "cc:%s-value cc:shown", name);
		put_cell_type(out, name, members);
	}
}

static void put_list(struct hub_buf *out, const struct hub_codes *list)
{
	char name[80], members[180];

	snprintf(name, sizeof name, "code.%s", list->name.ptr);
	hub_buf_printf(out, "  <!-- %s -->\n  <xs:simpleType name=\"%s-value\">", list->label.ptr,
		       name);
	hub_buf_puts(out, "<xs:restriction base=\"xs:string\">\n");
	for (uint32_t i = 0; i < list->count; i++) {
		hub_buf_puts(out, "    <xs:enumeration value=\"");
		put_xml(out, list->items[i].code);
		hub_buf_puts(out, "\"><xs:annotation><xs:documentation>");
		put_xml(out, list->items[i].label);
		hub_buf_puts(out, "</xs:documentation></xs:annotation></xs:enumeration>\n");
	}
	hub_buf_puts(out, "  </xs:restriction></xs:simpleType>\n");
	snprintf(members, sizeof members, "cc:%s-value cc:shown", name);
	put_cell_type(out, name, members);
}

static void put_field(struct hub_buf *out, const struct hub_field *f)
{
	hub_buf_printf(out,
		       "      <xs:element name=\"%s\" minOccurs=\"0\" type=\"cc:", f->name.ptr);
	if (f->type == HUB_F_CODE)
		hub_buf_printf(out, "code.%s", f->codes->name.ptr);
	else
		hub_buf_puts(out, hub_ftype_pattern(f->type) ? hub_ftype_name(f->type) : "text");
	hub_buf_puts(out, "\"><xs:annotation><xs:documentation>");
	put_xml(out, f->label);
	if (f->flags & HUB_FF_UNOFFICIAL)
		hub_buf_puts(out, "（項目案・公式様式未確認）");
	hub_buf_puts(out, "</xs:documentation></xs:annotation></xs:element>\n");
}

void hub_schema_xsd(const struct hub_schema *s, struct hub_buf *out)
{
	hub_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			  "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" "
			  "xmlns:cc=\"" HUB_SCHEMA_URN "\" targetNamespace=\"" HUB_SCHEMA_URN
			  "\" elementFormDefault=\"qualified\">\n");
	hub_buf_printf(out, "  <!-- %s %s, schema hash %s. ", s->title.ptr, s->version.ptr,
		       s->hash);
	hub_buf_puts(out,
		     "Every element may be missing: a release profile leaves fields out, and the"
		     " gate may. -->\n");
	put_basics(out);
	for (uint32_t i = 0; i < s->n_lists; i++)
		put_list(out, &s->lists[i]);
	for (uint32_t i = 0; i < s->n_entities; i++) {
		const struct hub_entity *e = &s->entities[i];

		hub_buf_printf(out, "  <xs:complexType name=\"entity.%s\">\n    <xs:all>\n",
			       e->name.ptr);
		hub_buf_puts(out,
			     "      <xs:element name=\"key\" minOccurs=\"0\" type=\"cc:text\"/>\n");
		for (uint32_t k = 0; k < e->count; k++)
			put_field(out, &e->fields[k]);
		hub_buf_puts(out, "    </xs:all>\n  </xs:complexType>\n");
	}
	hub_buf_puts(out, "  <xs:element name=\"case-records\"><xs:complexType>\n"
			  "    <xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">\n");
	for (uint32_t i = 0; i < s->n_entities; i++)
		hub_buf_printf(out, "      <xs:element name=\"%s\" type=\"cc:entity.%s\"/>\n",
			       s->entities[i].name.ptr, s->entities[i].name.ptr);
	hub_buf_puts(out, "    </xs:choice>\n  </xs:complexType></xs:element>\n</xs:schema>\n");
}
