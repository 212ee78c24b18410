#include "text/encoding.h"

/* Names without case, '-', '_' and ' '. The first one of an encoding is not its canonical name. */
static const struct alias {
	const char *name;
	enum hub_enc enc;
} aliases[] = {
    {"utf8", HUB_ENC_UTF8},
    {"utf8sig", HUB_ENC_UTF8},
    {"utf8bom", HUB_ENC_UTF8},
    {"ascii", HUB_ENC_UTF8},
    {"usascii", HUB_ENC_UTF8},
    {"cp932", HUB_ENC_CP932},
    {"932", HUB_ENC_CP932},
    {"ms932", HUB_ENC_CP932},
    {"mskanji", HUB_ENC_CP932},
    {"windows932", HUB_ENC_CP932},
    {"windows31j", HUB_ENC_CP932},
    {"win31j", HUB_ENC_CP932},
    {"cswindows31j", HUB_ENC_CP932},
    {"sjis", HUB_ENC_CP932},
    {"xsjis", HUB_ENC_CP932},
    {"sjiswin", HUB_ENC_CP932},
    {"shiftjis", HUB_ENC_CP932},
    {"csshiftjis", HUB_ENC_CP932},
    {"eucjp", HUB_ENC_EUCJP},
    {"xeucjp", HUB_ENC_EUCJP},
    {"euc", HUB_ENC_EUCJP},
    {"ujis", HUB_ENC_EUCJP},
    {"eucjpms", HUB_ENC_EUCJP},
    {"eucjpwin", HUB_ENC_EUCJP},
    {"cp51932", HUB_ENC_EUCJP},
    {"iso2022jp", HUB_ENC_ISO2022JP},
    {"iso2022jp1", HUB_ENC_ISO2022JP},
    {"csiso2022jp", HUB_ENC_ISO2022JP},
    {"jis", HUB_ENC_ISO2022JP},
    {"cp50220", HUB_ENC_ISO2022JP},
    {"cp50221", HUB_ENC_ISO2022JP},
    {"utf16", HUB_ENC_UTF16LE},
    {"utf16le", HUB_ENC_UTF16LE},
    {"utf16be", HUB_ENC_UTF16BE},
    {"unicode", HUB_ENC_UTF16LE}, /* Excel and Notepad call it so */
};

enum hub_enc hub_enc_of(struct hub_str name)
{
	char key[24];
	size_t n = 0;

	for (size_t i = 0; i < name.len; i++) {
		const char c = name.ptr[i];
		if (c == '-' || c == '_' || c == ' ')
			continue;
		if (n == sizeof key)
			return HUB_ENC_NONE;
		key[n++] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
	}
	for (size_t i = 0; i < HUB_COUNT(aliases); i++)
		if (hub_str_is((struct hub_str){key, n}, aliases[i].name))
			return aliases[i].enc;
	return HUB_ENC_NONE;
}

const char *hub_enc_name(enum hub_enc enc)
{
	switch (enc) {
	case HUB_ENC_UTF8:
		return "utf-8";
	case HUB_ENC_CP932:
		return "cp932";
	case HUB_ENC_EUCJP:
		return "euc-jp";
	case HUB_ENC_ISO2022JP:
		return "iso-2022-jp";
	case HUB_ENC_UTF16LE:
		return "utf-16le";
	case HUB_ENC_UTF16BE:
		return "utf-16be";
	case HUB_ENC_NONE:
		break;
	}
	return "";
}

int hub_enc_byte_safe_for(enum hub_enc enc, unsigned char c)
{
	switch (enc) {
	case HUB_ENC_UTF8:
	case HUB_ENC_EUCJP:
		return c < 0x80;
	case HUB_ENC_CP932:
		return c < 0x40 || c == 0x7f;
	default:
		return 0;
	}
}

int hub_enc_byte_safe(enum hub_enc enc)
{
	return hub_enc_byte_safe_for(enc, ',') && hub_enc_byte_safe_for(enc, ';');
}
