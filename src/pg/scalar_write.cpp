// How does a single PostgreSQL value become a JSON value for a GraphQL variable?
//
// The same value is written in the same way whatever DateStyle, IntervalStyle, TimeZone,
// bytea_output or extra_float_digits say: none of them changes what the API is asked.

#include "pg/scalar.hpp"

#include <cmath>
#include <cstring>

#include "core/door/query.hpp"

#include "pg/encoding.hpp"

namespace gql::pg
{
namespace
{

// Up to here every whole number is a double, which is what JSON parsers usually make of numbers.
constexpr int64 MAX_EXACT_INTEGER = INT64CONST(1) << 53;
// So many decimal digits always survive the way through a double.
constexpr int MAX_EXACT_DIGITS = 15;

[[noreturn]] void
refuse_not_finite(const ScalarWriter *writer, const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("%s of type %s cannot be sent as JSON", value, format_type_be(writer->type))));
	pg_unreachable();
}

// `token` is a JSON number. `exact`: a double can hold it.
void
write_number(const ScalarWriter *writer, const char *token, bool exact, StringInfo out)
{
	const bool quoted =
		writer->style == NumberStyle::string || (writer->style == NumberStyle::exact && !exact);

	appendStringInfo(out, quoted ? "\"%s\"" : "%s", token);
}

int64
integer_of_datum(const ScalarWriter *writer, Datum value)
{
	switch (writer->type)
	{
		case INT2OID:
			return DatumGetInt16(value);
		case INT4OID:
			return DatumGetInt32(value);
		case OIDOID:
			return DatumGetObjectId(value);
		default:
			return DatumGetInt64(value);
	}
}

void
write_integer(ScalarWriter *writer, Datum value, StringInfo out)
{
	const int64 integer = integer_of_datum(writer, value);
	char token[MAXINT8LEN + 1];

	pg_lltoa(integer, token);
	write_number(writer, token, integer >= -MAX_EXACT_INTEGER && integer <= MAX_EXACT_INTEGER, out);
}

int
significant_digits(const char *token)
{
	int digits = 0;

	for (; *token != '\0'; token++)
	{
		if (*token >= '0' && *token <= '9' && (*token != '0' || digits > 0))
		{
			digits++;
		}
	}
	return digits;
}

// 42.00 is written as 42: equal values are sent as equal texts.
void
write_numeric(ScalarWriter *writer, Datum value, StringInfo out)
{
	Numeric numeric = DatumGetNumeric(value);
	const char *token = numeric_normalize(numeric);

	if (numeric_is_nan(numeric) || numeric_is_inf(numeric))
	{
		refuse_not_finite(writer, token);
	}
	write_number(writer, token, significant_digits(token) <= MAX_EXACT_DIGITS, out);
}

void
check_finite(const ScalarWriter *writer, double number)
{
	if (std::isnan(number))
	{
		refuse_not_finite(writer, "NaN");
	}
	if (std::isinf(number))
	{
		refuse_not_finite(writer, number > 0 ? "Infinity" : "-Infinity");
	}
}

// Floats are written as the shortest decimal that is read back as the same float.
void
write_float4(ScalarWriter *writer, Datum value, StringInfo out)
{
	char token[FLOAT_SHORTEST_DECIMAL_LEN];

	check_finite(writer, DatumGetFloat4(value));
	float_to_shortest_decimal_buf(DatumGetFloat4(value), token);
	write_number(writer, token, true, out);
}

void
write_float8(ScalarWriter *writer, Datum value, StringInfo out)
{
	char token[DOUBLE_SHORTEST_DECIMAL_LEN];

	check_finite(writer, DatumGetFloat8(value));
	double_to_shortest_decimal_buf(DatumGetFloat8(value), token);
	write_number(writer, token, true, out);
}

void
write_boolean(ScalarWriter *, Datum value, StringInfo out)
{
	appendStringInfoString(out, DatumGetBool(value) ? "true" : "false");
}

void
write_string(const ScalarWriter *writer, const char *text, StringInfo out)
{
	if (writer->number_expected && is_json_number(text))
	{
		appendStringInfoString(out, text);
	}
	else
	{
		escape_json(out, to_utf8(text));
	}
}

void
write_text(ScalarWriter *writer, Datum value, StringInfo out)
{
	write_string(writer, TextDatumGetCString(value), out);
}

// The blanks that pad a char(n) are not part of its value.
void
write_bpchar(ScalarWriter *writer, Datum value, StringInfo out)
{
	char *padded = TextDatumGetCString(value);
	size_t length = strlen(padded);

	while (length > 0 && padded[length - 1] == ' ')
	{
		length--;
	}
	padded[length] = '\0';
	write_string(writer, padded, out);
}

// ISO 8601; points in time in UTC.
void
write_datetime(ScalarWriter *writer, Datum value, StringInfo out)
{
	const int utc = 0;
	char text[MAXDATELEN + 1];

	JsonEncodeDateTime(text, value, writer->type, &utc);
	appendStringInfo(out, "\"%s\"", text);
}

void
write_interval(ScalarWriter *writer, Datum value, StringInfo out)
{
	const Interval *interval = DatumGetIntervalP(value);
	struct pg_itm parts;
	char text[MAXDATELEN + 1];

	if (INTERVAL_NOT_FINITE(interval))
	{
		refuse_not_finite(writer, "infinity");
	}
	interval2itm(*interval, &parts);
	EncodeInterval(&parts, INTSTYLE_ISO_8601, text);
	appendStringInfo(out, "\"%s\"", text);
}

// Base64 without the line breaks encode() puts in.
void
write_bytea(ScalarWriter *, Datum value, StringInfo out)
{
	const Datum encoded =
		DirectFunctionCall2(binary_encode, value, PointerGetDatum(cstring_to_text("base64")));

	appendStringInfoChar(out, '"');
	for (const char *c = TextDatumGetCString(encoded); *c != '\0'; c++)
	{
		if (*c != '\n')
		{
			appendStringInfoChar(out, *c);
		}
	}
	appendStringInfoChar(out, '"');
}

void
write_json(ScalarWriter *writer, Datum value, StringInfo out)
{
	appendStringInfoString(out, to_utf8(OutputFunctionCall(&writer->output, value)));
}

void
write_other(ScalarWriter *writer, Datum value, StringInfo out)
{
	write_string(writer, OutputFunctionCall(&writer->output, value), out);
}

auto
write_function(Oid type) -> void (*)(ScalarWriter *, Datum, StringInfo)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case OIDOID:
			return write_integer;
		case NUMERICOID:
			return write_numeric;
		case FLOAT4OID:
			return write_float4;
		case FLOAT8OID:
			return write_float8;
		case BOOLOID:
			return write_boolean;
		case TEXTOID:
		case VARCHAROID:
			return write_text;
		case BPCHAROID:
			return write_bpchar;
		case JSONOID:
		case JSONBOID:
			return write_json;
		case DATEOID:
		case TIMEOID:
		case TIMETZOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return write_datetime;
		case INTERVALOID:
			return write_interval;
		case BYTEAOID:
			return write_bytea;
		default:
			return write_other;
	}
}

}    // namespace

NumberStyle
number_style(std::string_view graphql_type)
{
	static constexpr std::string_view exact_types[] = {
		"bigint", "biginteger", "long", "int64", "bigfloat", "bigdecimal", "decimal", "numeric"};

	if (graphql_type == "ID" || graphql_type == "String")
	{
		return NumberStyle::string;
	}
	for (std::string_view exact : exact_types)
	{
		if (exact.size() == graphql_type.size() &&
			pg_strncasecmp(exact.data(), graphql_type.data(), exact.size()) == 0)
		{
			return NumberStyle::exact;
		}
	}
	return NumberStyle::token;
}

void
scalar_writer_init(ScalarWriter *writer, Oid type, std::string_view graphql_type)
{
	Oid function;
	bool varlena;

	writer->write = write_function(type);
	writer->type = type;
	writer->style = number_style(graphql_type);
	writer->number_expected = graphql_type == "Int" || graphql_type == "Float";
	getTypeOutputInfo(type, &function, &varlena);
	fmgr_info(function, &writer->output);
}

}    // namespace gql::pg
