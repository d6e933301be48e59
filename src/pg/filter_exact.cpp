// Will values arrive at the API as they are?

#include "pg/filter_exact.hpp"

#include "pg/prelude.hpp"
#include "pg/types.hpp"

namespace gql::pg
{

namespace
{

// Numbers of so many digits survive whatever an API makes of numbers in JSON.
constexpr int max_exact_digits = 15;

bool
is_plain_numeric(Numeric value)
{
	int digits = 0;

	if (numeric_is_nan(value) || numeric_is_inf(value))
	{
		return false;
	}
	for (const char *c = numeric_normalize(value); *c != '\0'; c++)
	{
		digits += (*c >= '0' && *c <= '9' && (*c != '0' || digits > 0)) ? 1 : 0;
	}
	return digits <= max_exact_digits;
}

bool
is_plain_element(Oid type, Datum value)
{
	switch (type)
	{
		case INT8OID:
			return integer_value(type, value) >= PG_INT32_MIN &&
				   integer_value(type, value) <= PG_INT32_MAX;
		case NUMERICOID:
			return is_plain_numeric(DatumGetNumeric(value));
		case FLOAT8OID:
			return isfinite(DatumGetFloat8(value));
		default:
			return true;
	}
}

bool
is_plain_array(Oid element, Datum array)
{
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int count;

	get_typlenbyvalalign(element, &length, &by_value, &align);
	deconstruct_array(DatumGetArrayTypeP(array), element, length, by_value, align, &values, &nulls,
					  &count);
	for (int i = 0; i < count; i++)
	{
		if (!nulls[i] && !is_plain_element(element, values[i]))
		{
			return false;
		}
	}
	return true;
}

}    // namespace

bool
arrives_whole(Oid type, Expr *value)
{
	if (type != INT8OID && type != NUMERICOID && type != FLOAT8OID)
	{
		return true;
	}
	if (!IsA(value, Const) || reinterpret_cast<Const *>(value)->constisnull)
	{
		return false;
	}
	auto *constant = reinterpret_cast<Const *>(value);

	return OidIsValid(get_element_type(constant->consttype))
			   ? is_plain_array(type, constant->constvalue)
			   : is_plain_element(type, constant->constvalue);
}

}    // namespace gql::pg
