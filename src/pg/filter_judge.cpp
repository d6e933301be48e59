// Can the API compare with a value?

#include "pg/filter_judge.hpp"

#include "pg/encoding.hpp"
#include "pg/prelude.hpp"
#include "pg/scalar.hpp"

namespace gql::pg
{

namespace
{

constexpr int64 usecs_per_msec = 1000;
constexpr int64 max_exact_integer = INT64CONST(1) << 53;
constexpr int max_exact_digits = 15;

// Of a comparison with something greater, or less, than every value there is.
FilterTruth
truth_beyond(FilterOperator op, bool above)
{
	switch (op)
	{
		case FilterOperator::less:
		case FilterOperator::less_or_equal:
			return above ? FilterTruth::always : FilterTruth::never;
		case FilterOperator::greater:
		case FilterOperator::greater_or_equal:
			return above ? FilterTruth::never : FilterTruth::always;
		case FilterOperator::not_equal:
			return FilterTruth::always;
		default:
			return FilterTruth::never;    // also of an element of a list
	}
}

bool
loses_digits(const Operand *operand)
{
	return number_style(operand->graphql_type) == NumberStyle::token;
}

FilterTruth
judge_integer(const Operand *operand, Datum value)
{
	int64 number = operand->type == INT2OID   ? DatumGetInt16(value)
				   : operand->type == INT4OID ? DatumGetInt32(value)
											  : DatumGetInt64(value);

	if (operand->graphql_type == "Int" && (number < PG_INT32_MIN || number > PG_INT32_MAX))
	{
		return truth_beyond(operand->node->op, number > 0);
	}
	return (number < -max_exact_integer || number > max_exact_integer) && loses_digits(operand)
			   ? FilterTruth::unsaid
			   : FilterTruth::compared;
}

FilterTruth
judge_numeric(const Operand *operand, Datum value)
{
	Numeric number = DatumGetNumeric(value);
	int digits = 0;
	bool whole = true;

	if (numeric_is_nan(number) || numeric_is_inf(number))
	{
		return FilterTruth::unsaid;
	}
	for (const char *c = numeric_normalize(number); *c != '\0'; c++)
	{
		digits += (*c >= '0' && *c <= '9' && (*c != '0' || digits > 0)) ? 1 : 0;
		whole = whole && *c != '.';
	}
	if (operand->graphql_type == "Int" && (!whole || digits > 9))
	{
		return FilterTruth::unsaid;
	}
	return digits > max_exact_digits && loses_digits(operand) ? FilterTruth::unsaid
															  : FilterTruth::compared;
}

FilterTruth
judge_float(const Operand *operand, Datum value)
{
	double number = DatumGetFloat8(value);
	bool holds = isfinite(number) && (operand->graphql_type != "Int" ||
									  (number == trunc(number) && fabs(number) < PG_INT32_MAX));

	return holds ? FilterTruth::compared : FilterTruth::unsaid;
}

// A text can be compared with what is no text to the API, but not by the API.
FilterTruth
judge_text(const Operand *operand, const char *text)
{
	FilterOperator op = operand->node->op;
	bool pattern = op == FilterOperator::like || op == FilterOperator::ilike;
	bool part = op == FilterOperator::starts_with || op == FilterOperator::ends_with ||
				op == FilterOperator::contains;

	for (const char *c = text; pattern && *c != '\0'; c++)
	{
		// What a backslash does, and which letters are the same, differs from API to API.
		if (*c == '\\' || (op == FilterOperator::ilike && IS_HIGHBIT_SET(*c)))
		{
			return FilterTruth::unsaid;
		}
	}
	// Most are no enums, for which the schema would have to be looked at value by value.
	if (operand->graphql_type != "String" && operand->graphql_type != "ID" &&
		!query_filter_takes(operand->query, operand->index, to_utf8(text), operand->endpoint))
	{
		return pattern || part ? FilterTruth::unsaid : truth_beyond(op, true);
	}
	return FilterTruth::compared;
}

FilterTruth
judge_date(Datum value)
{
	DateADT date = DatumGetDateADT(value);
	int year;
	int month;
	int day;

	if (DATE_NOT_FINITE(date))
	{
		return FilterTruth::unsaid;
	}
	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return year < 1 || year > 9999 ? FilterTruth::unsaid : FilterTruth::compared;
}

// A bound on a point in time is a millisecond further away, see draft_time().
FilterTruth
judge_timestamp(const Operand *operand, Datum *value)
{
	TimestampTz time = DatumGetTimestampTz(*value);

	if (TIMESTAMP_NOT_FINITE(time))
	{
		return FilterTruth::unsaid;
	}
	int64 rest = time % usecs_per_msec;
	int64 whole = time - (rest < 0 ? rest + usecs_per_msec : rest);
	bool upper = operand->node->op == FilterOperator::less ||
				 operand->node->op == FilterOperator::less_or_equal;
	struct pg_tm parts;
	fsec_t fraction;

	whole += upper ? usecs_per_msec : -usecs_per_msec;
	*value = TimestampTzGetDatum(whole);
	return timestamp2tm(whole, nullptr, &parts, &fraction, nullptr, nullptr) == 0 &&
				   parts.tm_year >= 1 && parts.tm_year <= 9999
			   ? FilterTruth::compared
			   : FilterTruth::unsaid;
}

// Text that stands for something else is compared letter by letter: what has one spelling only can
// be equal, and days follow one another as their texts do.
bool
texts_compare_alike(const Operand *operand)
{
	switch (operand->type)
	{
		case TEXTOID:
		case VARCHAROID:
		case DATEOID:
			return true;
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case UUIDOID:
			return is_list(operand->node) || operand->node->op == FilterOperator::equal ||
				   operand->node->op == FilterOperator::not_equal;
		default:
			return type_is_enum(operand->type);
	}
}

}    // namespace

bool
differs_in_type(const Operand *operand)
{
	std::string_view type = operand->graphql_type;

	if (operand->type == TEXTOID || operand->type == VARCHAROID)
	{
		return type == "Int" || type == "Float" || type == "Boolean";
	}
	return number_style(type) == NumberStyle::string && !texts_compare_alike(operand);
}

bool
is_list(const FilterNode *node)
{
	return node->op == FilterOperator::in || node->op == FilterOperator::not_in;
}

FilterTruth
judge(const Operand *operand, Datum *value)
{
	if (differs_in_type(operand))
	{
		return FilterTruth::unsaid;
	}
	switch (operand->type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return judge_integer(operand, *value);
		case NUMERICOID:
			return judge_numeric(operand, *value);
		case FLOAT8OID:
			return judge_float(operand, *value);
		case TEXTOID:
		case VARCHAROID:
			return judge_text(operand, TextDatumGetCString(*value));
		case DATEOID:
			return judge_date(*value);
		case TIMESTAMPTZOID:
			return judge_timestamp(operand, value);
		case BOOLOID:
		case UUIDOID:
			return FilterTruth::compared;
		default:
		{
			char *label = DatumGetCString(DirectFunctionCall1(enum_out, *value));

			return query_filter_takes(operand->query, operand->index, to_utf8(label),
									  operand->endpoint)
					   ? FilterTruth::compared
					   : truth_beyond(operand->node->op, true);
		}
	}
}

void
raise_unsaid(const Operand *operand, const char *relation)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
			 errmsg("type \"%s\" of the API cannot hold a value of type %s that foreign table "
					"\"%s\" is filtered by",
					pnstrdup(operand->graphql_type.data(), operand->graphql_type.size()),
					format_type_be(operand->type), relation),
			 errhint("Give the column a type that fits, or take it out of option \"filter\".")));
}

}    // namespace gql::pg
