#include "test_outfile.h"

#include "store/schema.h"
#include "store/schema_out.h"

#include <libxml/xmlschemas.h>

static void writes_these_bytes(void **state)
{
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out.xml", NULL);
	sink_fill(&s, "person", 4, (const char *const[]){"name", "phone", "note", "email"}, 2,
		  (const char *const[]){"髙<&>\"'\n\t\r", "", cell_null, cell_absent, "***", "x",
					cell_invalid, "y"});
	sink_shown(&s, 0, 1, HUB_MASKED);
	sink_shown(&s, 1, 1, HUB_WITHHELD); /* a value that should not be here */
	sink_shown(&s, 3, 1, HUB_PSEUDONYM);
	assert_int_equal(sink_write(&s), HUB_OK);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_str(sink_read(&s, "out.xml"), "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
					     "<case-records xmlns=\"urn:tsunagi:common-case:1\">\n"
					     " <person>\n"
					     "  <name>髙&lt;&amp;&gt;&quot;'\n\t&#13;</name>\n"
					     "  <phone/>\n"
					     " </person>\n"
					     " <person>\n"
					     "  <name status=\"masked\">***</name>\n"
					     "  <phone status=\"withheld\"/>\n"
					     "  <email status=\"pseudonym\">y</email>\n"
					     " </person>\n"
					     "</case-records>\n");
	sink_free(&s);
}

/* Rejected, not replaced; the rows around them are there and the file is well-formed. */
static void what_xml_cannot_hold_is_rejected(void **state)
{
	static const char *const cells[] = {
	    "a", "\x01", "\x1f", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xe3\x81", "\x80", "\x7f", "b"};
	struct sink s;

	(void)state;
	sink_init(&s);
	sink_open(&s, "out.xml", NULL);
	sink_fill(&s, "activity", 1, (const char *const[]){"body"}, HUB_COUNT(cells), cells);
	s.b->col[0].text[6] = HUB_STR("x\0y");
	assert_int_equal(sink_write(&s), HUB_OK);
	for (uint32_t r = 1; r < 7; r++) {
		assert_int_equal(s.b->verdict[r], HUB_ROW_REJECT);
		assert_string_equal(s.b->code[r], r == 5 ? "not-in-encoding" : "not-in-xml");
		assert_str(s.b->reason[r], "body");
	}
	assert_int_equal(sink_commit(&s), HUB_OK);
	const struct hub_str xml = sink_read(&s, "out.xml");
	xmlDocPtr doc = xmlReadMemory(xml.ptr, (int)xml.len, NULL, NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	assert_int_equal(xmlChildElementCount(xmlDocGetRootElement(doc)), 3);
	xmlFreeDoc(doc);
	sink_free(&s);
}

/* ---- against the derived schema ---- */

/* A value that the field's type may hold. */
static const char *sample_of(const struct hub_field *f)
{
	switch (f->type) {
	case HUB_F_CODE:
		return f->codes->items[0].code.ptr;
	case HUB_F_DATE:
		return "2024-07-31";
	case HUB_F_DATETIME:
		return "2024-07-31T09:30:00+09:00";
	case HUB_F_TIME:
		return "09:30";
	case HUB_F_MONTH:
		return "2024-07";
	case HUB_F_INT:
	case HUB_F_YEN:
		return "-1200";
	case HUB_F_BOOL:
		return "1";
	case HUB_F_POSTAL:
		return "160-0022";
	default:
		return "東京 <&> text";
	}
}

/* One row for each thing the gate can do to a cell, with every field of the entity. */
static void write_entity(struct sink *s, const struct hub_entity *e)
{
	static const char *const instead[] = {NULL, "***", "●●", "40代", NULL};
	const char **names = hub_alloc_array(s->arena, e->count, sizeof *names);
	const char **cells = hub_alloc_array(s->arena, 5 * e->count, sizeof *cells);

	for (uint32_t i = 0; i < e->count; i++) {
		names[i] = e->fields[i].name.ptr;
		for (uint32_t r = 0; r < 5; r++)
			cells[r * e->count + i] = instead[r]          ? instead[r]
						  : r == HUB_WITHHELD ? cell_null
								      : sample_of(&e->fields[i]);
	}
	sink_fill(s, e->name.ptr, e->count, names, 5, cells);
	for (uint32_t i = 0; i < e->count; i++)
		for (uint8_t r = 0; r < 5; r++)
			sink_shown(s, i, r, r);
	assert_int_equal(sink_write(s), HUB_OK);
	for (uint32_t r = 0; r < 5; r++)
		assert_int_equal(s->b->verdict[r], HUB_ROW_DONE);
}

static xmlSchemaPtr compile_xsd(const struct hub_schema *schema)
{
	HUB_AUTO(buf) struct hub_buf xsd;

	hub_buf_init(&xsd, 16 << 20);
	hub_schema_xsd(schema, &xsd);
	assert_true(hub_buf_ok(&xsd));
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(xsd.ptr, (int)xsd.len);
	xmlSchemaPtr compiled = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	assert_non_null(compiled);
	return compiled;
}

/* 0: valid. */
static int validate(xmlSchemaPtr xsd, struct hub_str xml)
{
	xmlSchemaValidCtxtPtr v = xmlSchemaNewValidCtxt(xsd);
	xmlDocPtr doc = xmlReadMemory(xml.ptr, (int)xml.len, NULL, NULL, XML_PARSE_NONET);

	assert_non_null(doc);
	const int rc = xmlSchemaValidateDoc(v, doc);
	xmlFreeDoc(doc);
	xmlSchemaFreeValidCtxt(v);
	return rc;
}

static void valid_for_every_entity_and_state(void **state)
{
	const struct hub_schema *schema;
	struct sink s;

	(void)state;
	sink_init(&s);
	if (hub_schema_load(s.arena, "schemas/common-case.cfg", NULL, &schema, NULL, &s.err))
		fail_msg("%s", s.err.what);
	xmlSchemaPtr xsd = compile_xsd(schema);
	sink_open(&s, "out.xml", NULL);
	for (uint32_t e = 0; e < schema->n_entities; e++)
		write_entity(&s, &schema->entities[e]);
	assert_int_equal(sink_commit(&s), HUB_OK);
	assert_int_equal(validate(xsd, sink_read(&s, "out.xml")), 0);
	sink_free(&s);

	/* the schema can say no: a field and an entity that it does not have */
	assert_int_not_equal(
	    validate(xsd, HUB_STR("<case-records xmlns=\"urn:tsunagi:common-case:1\"><person>"
				  "<nobody>1</nobody></person></case-records>")),
	    0);
	xmlSchemaFree(xsd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_these_bytes),
	    cmocka_unit_test(what_xml_cannot_hold_is_rejected),
	    cmocka_unit_test(valid_for_every_entity_and_state),
	    OUTFILE_TESTS,
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
