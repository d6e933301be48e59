// How does a single GraphQL value become a PostgreSQL value?
//
// Numbers are made from the token the API sent, so no digit is lost on the way. What is not handled
// here goes through the type's own input function, as a literal would.

#include "pg/scalar.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>

namespace gql::pg
{
namespace
{

// Numbers are short in messages, however many digits an API sends.
[[noreturn]] void
refuse_number(Oid type, const Value &value, bool out_of_range)
{
	const int shown = static_cast<int>(Min(value.text.size(), size_t{40}));
	const char *rest = value.text.size() > 40 ? "..." : "";

	if (out_of_range)
	{
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("value %.*s%s is out of range for type %s", shown, value.text.data(),
							   rest, format_type_be(type))));
	}
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("value %.*s%s cannot be read as type %s", shown, value.text.data(), rest,
						   format_type_be(type))));
	pg_unreachable();
}

const char *
kind_name(Kind kind)
{
	switch (kind)
	{
		case Kind::boolean:
			return "a boolean";
		case Kind::number:
			return "a number";
		case Kind::string:
			return "a string";
		case Kind::list:
			return "a list";
		case Kind::object:
			return "an object";
		case Kind::null:
		case Kind::json:
			break;
	}
	return "a JSON value";
}

// The text in the database's encoding; not ended by NUL unless it was converted. That it is valid
// UTF-8 is known.
std::string_view
server_text(const Value &value)
{
	const std::string_view text = value.text;

	if (text.size() >= MaxAllocSize - VARHDRSZ)
	{
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("value of %zu bytes is too large", text.size())));
	}
	if (memchr(text.data(), '\0', text.size()) != nullptr)
	{
		ereport(ERROR, (errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
						errmsg("string with the character U+0000 cannot be stored"),
						errdetail("PostgreSQL has no such character in its texts.")));
	}
	if (GetDatabaseEncoding() == PG_UTF8)
	{
		return text;
	}
	const char *converted = pg_any_to_server(text.data(), static_cast<int>(text.size()), PG_UTF8);

	return converted == text.data() ? text : std::string_view(converted);
}

// 1.0 and 1e2 are whole numbers as well; numeric tells them from 1.5 without rounding.
int64
whole_number(Oid type, const Value &value)
{
	const Datum number = DirectFunctionCall3(numeric_in, CStringGetDatum(server_cstring(value)),
											 ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	const Datum whole = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(0));

	if (!DatumGetBool(DirectFunctionCall2(numeric_eq, number, whole)))
	{
		refuse_number(type, value, false);
	}
	return DatumGetInt64(DirectFunctionCall1(numeric_int8, whole));
}

int64
integer_between(Oid type, const Value &value, int64 min, int64 max)
{
	const char *end = value.text.data() + value.text.size();
	int64_t integer = 0;
	const std::from_chars_result digits = std::from_chars(value.text.data(), end, integer);

	if (digits.ptr != end)
	{
		integer = whole_number(type, value);
	}
	else if (digits.ec != std::errc())
	{
		refuse_number(type, value, true);
	}
	if (integer < min || integer > max)
	{
		refuse_number(type, value, true);
	}
	return integer;
}

// For the number types: true when there is a token to read, false when there is a string, which is
// for the input function. IDs and big numbers often come as strings.
bool
is_token(const ScalarReader *reader, const Value &value)
{
	if (value.kind != Kind::number && value.kind != Kind::string)
	{
		refuse_kind(reader->type, value.kind);
	}
	return value.kind == Kind::number;
}

Datum
read_int2(ScalarReader *reader, const Value &value)
{
	if (!is_token(reader, value))
	{
		return read_by_input(reader, value);
	}
	return Int16GetDatum(
		static_cast<int16>(integer_between(INT2OID, value, PG_INT16_MIN, PG_INT16_MAX)));
}

Datum
read_int4(ScalarReader *reader, const Value &value)
{
	if (!is_token(reader, value))
	{
		return read_by_input(reader, value);
	}
	return Int32GetDatum(
		static_cast<int32>(integer_between(INT4OID, value, PG_INT32_MIN, PG_INT32_MAX)));
}

Datum
read_int8(ScalarReader *reader, const Value &value)
{
	if (!is_token(reader, value))
	{
		return read_by_input(reader, value);
	}
	return Int64GetDatum(integer_between(INT8OID, value, PG_INT64_MIN, PG_INT64_MAX));
}

// Floats are the nearest to the token; what is too small to tell from zero is zero. LC_NUMERIC is
// always "C" in a backend, so strtod() reads what JSON writes.
Datum
read_float4(ScalarReader *reader, const Value &value)
{
	float number;

	if (!is_token(reader, value))
	{
		return read_by_input(reader, value);
	}
	number = strtof(server_cstring(value), nullptr);
	if (std::isinf(number))
	{
		refuse_number(reader->type, value, true);
	}
	return Float4GetDatum(number);
}

Datum
read_float8(ScalarReader *reader, const Value &value)
{
	double number;

	if (!is_token(reader, value))
	{
		return read_by_input(reader, value);
	}
	number = strtod(server_cstring(value), nullptr);
	if (std::isinf(number))
	{
		refuse_number(reader->type, value, true);
	}
	return Float8GetDatum(number);
}

// Is it a number like -12.50 whose digits an int64 holds? `scale`: how many are behind the point.
bool
is_short_decimal(std::string_view text, int64 *digits, int *scale)
{
	const bool negative = !text.empty() && text[0] == '-';
	const std::string_view number = text.substr(negative ? 1 : 0);
	size_t point = number.size();

	*digits = 0;
	if (number.empty() || number.size() > 18)
	{
		return false;
	}
	for (size_t i = 0; i < number.size(); i++)
	{
		if (number[i] >= '0' && number[i] <= '9')
		{
			*digits = *digits * 10 + (number[i] - '0');
		}
		else if (number[i] == '.' && i > 0 && point == number.size())
		{
			point = i;
		}
		else
		{
			return false;
		}
	}
	*digits *= negative ? -1 : 1;
	*scale = point == number.size() ? 0 : static_cast<int>(number.size() - point - 1);
	return point + 1 != number.size();
}

// Most decimals are short, and made from whole numbers in half the time that numeric_in() takes.
Datum
read_numeric(ScalarReader *reader, const Value &value)
{
	int64 digits;
	int scale;

	if (value.kind != Kind::number && value.kind != Kind::string)
	{
		refuse_kind(reader->type, value.kind);
	}
	if (!is_short_decimal(value.text, &digits, &scale))
	{
		return read_by_input(reader, value);
	}
	const Datum number = NumericGetDatum(int64_div_fast_to_numeric(digits, scale));

	return reader->typmod < 0 ? number
							  : DirectFunctionCall2(numeric, number, Int32GetDatum(reader->typmod));
}

Datum
read_boolean(ScalarReader *reader, const Value &value)
{
	if (value.kind != Kind::boolean && value.kind != Kind::string)
	{
		refuse_kind(reader->type, value.kind);
	}
	if (value.text != "true" && value.text != "false")
	{
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type boolean: \"%s\"", server_cstring(value))));
	}
	return BoolGetDatum(value.text == "true");
}

void
refuse_containers(const ScalarReader *reader, const Value &value)
{
	if (value.kind == Kind::list || value.kind == Kind::object || value.kind == Kind::json)
	{
		refuse_kind(reader->type, value.kind);
	}
}

Datum
text_datum(const Value &value)
{
	const std::string_view text = server_text(value);

	return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
}

// text, and varchar without a length. An ID may come as a number: its token is the text.
Datum
read_text(ScalarReader *reader, const Value &value)
{
	refuse_containers(reader, value);
	return text_datum(value);
}

Datum
read_bytea(ScalarReader *reader, const Value &value)
{
	if (value.kind != Kind::string)
	{
		refuse_kind(reader->type, value.kind);
	}
	return DirectFunctionCall2(binary_decode, text_datum(value),
							   PointerGetDatum(cstring_to_text("base64")));
}

Datum
read_json(ScalarReader *reader, const Value &value)
{
	if (value.kind != Kind::json)
	{
		refuse_kind(reader->type, value.kind);
	}
	return read_by_input(reader, value);
}

Datum
read_other(ScalarReader *reader, const Value &value)
{
	refuse_containers(reader, value);
	return read_by_input(reader, value);
}

auto
read_function(Oid type, int32 typmod) -> Datum (*)(ScalarReader *, const Value &)
{
	switch (type)
	{
		case INT2OID:
			return read_int2;
		case INT4OID:
			return read_int4;
		case INT8OID:
			return read_int8;
		case FLOAT4OID:
			return read_float4;
		case FLOAT8OID:
			return read_float8;
		case NUMERICOID:
			return read_numeric;
		case BOOLOID:
			return read_boolean;
		case TEXTOID:
			return read_text;
		case VARCHAROID:
			return typmod < 0 ? read_text : read_other;
		case BYTEAOID:
			return read_bytea;
		case JSONOID:
		case JSONBOID:
			return read_json;
		case DATEOID:
			return read_date;
		case TIMEOID:
		case TIMETZOID:
			return read_time;
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return read_timestamp;
		default:
			return read_other;
	}
}

}    // namespace

bool
is_json(Oid type)
{
	return type == JSONOID || type == JSONBOID;
}

char *
server_cstring(const Value &value)
{
	const std::string_view text = server_text(value);

	return pnstrdup(text.data(), text.size());
}

Datum
read_by_input(ScalarReader *reader, const Value &value)
{
	return InputFunctionCall(&reader->input, server_cstring(value), reader->input_param,
							 reader->typmod);
}

void
refuse_kind(Oid type, Kind kind)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
					errmsg("%s cannot be read as type %s", kind_name(kind), format_type_be(type))));
	pg_unreachable();
}

void
scalar_reader_init(ScalarReader *reader, Oid type, int32 typmod)
{
	Oid function;

	reader->read = read_function(type, typmod);
	reader->type = type;
	reader->typmod = typmod;
	getTypeInputInfo(type, &function, &reader->input_param);
	fmgr_info(function, &reader->input);
}

}    // namespace gql::pg
