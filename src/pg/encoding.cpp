// How do texts of the database get to the core, which speaks UTF-8 only, and back?

#include "pg/encoding.hpp"

namespace gql::pg
{

namespace
{

// Appends one character of UTF-8.
void
append_character(StringInfo out, const char *character, int length, Oid conversion)
{
	char converted[MAX_CONVERSION_GROWTH * 4 + 1];

	if (!pg_verify_mbstr(PG_UTF8, character, length, true))
	{
		appendStringInfoChar(out, '?');
	}
	else if (!OidIsValid(conversion))
	{
		appendBinaryStringInfo(out, character, length);
	}
	else if (pg_do_encoding_conversion_buf(
				 conversion, PG_UTF8, GetDatabaseEncoding(),
				 reinterpret_cast<unsigned char *>(const_cast<char *>(character)), length,
				 reinterpret_cast<unsigned char *>(converted), sizeof(converted), true) == length)
	{
		appendStringInfoString(out, converted);
	}
	else
	{
		appendStringInfoChar(out, '?');
	}
}

}    // namespace

char *
from_utf8(std::string_view text)
{
	const int encoding = GetDatabaseEncoding();
	const bool converts = encoding != PG_UTF8 && encoding != PG_SQL_ASCII;
	const Oid conversion = converts ? FindDefaultConversionProc(PG_UTF8, encoding) : InvalidOid;
	StringInfoData out;

	initStringInfo(&out);
	while (!text.empty())
	{
		const auto *start = reinterpret_cast<const unsigned char *>(text.data());
		const size_t length =
			Min(static_cast<size_t>(pg_encoding_mblen(PG_UTF8, text.data())), text.size());

		if (*start < 0x80)
		{
			appendStringInfoChar(&out, *start == '\0' ? '?' : text[0]);
		}
		else
		{
			append_character(&out, text.data(), static_cast<int>(length), conversion);
		}
		text.remove_prefix(length);
	}
	return out.data;
}

}    // namespace gql::pg
