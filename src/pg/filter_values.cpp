// What are the conditions of a filter compared with while a scan runs?
//
// A value that the API's type cannot hold is not sent: the comparison is decided without it, or
// left to a check afterwards. Which type that is shows only now.

#include "pg/filter_values.hpp"

#include <cstring>

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/scalar.hpp"
#include "pg/types.hpp"

namespace gql::pg
{

namespace
{

constexpr int64 usecs_per_msec = 1000;
constexpr int64 max_exact_integer = INT64CONST(1) << 53;
constexpr int max_exact_digits = 15;

// One value on its way to the API.
struct Operand
{
	const FilterRun *run;
	const FilterNode *node;
	Oid type;
	std::string_view graphql_type;    // "" not known
	const Query *query;
	const Endpoint *endpoint;
	size_t index;    // of the node
};

bool
is_list(const FilterNode *node)
{
	return node->op == FilterOperator::in || node->op == FilterOperator::not_in;
}

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
	bool pattern =
		operand->node->op == FilterOperator::like || operand->node->op == FilterOperator::ilike;

	for (const char *c = text; pattern && *c != '\0'; c++)
	{
		// What a backslash does, and which letters are the same, differs from API to API.
		if (*c == '\\' || (operand->node->op == FilterOperator::ilike && IS_HIGHBIT_SET(*c)))
		{
			return FilterTruth::unsaid;
		}
	}
	if (operand->graphql_type == "Int" || operand->graphql_type == "Float" ||
		operand->graphql_type == "Boolean")
	{
		return FilterTruth::unsaid;
	}
	if (!query_filter_takes(operand->query, operand->index, to_utf8(text), operand->endpoint))
	{
		return pattern ? FilterTruth::unsaid : truth_beyond(operand->node->op, true);
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

// Whether the API is asked to compare with this value. May change it to what is sent.
FilterTruth
judge(const Operand *operand, Datum *value)
{
	if (number_style(operand->graphql_type) == NumberStyle::string && !texts_compare_alike(operand))
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

// NOT IN, where the API has no word for it, is IN right behind NOT.
bool
is_negated(const Operand *operand)
{
	return operand->index > 0 && operand->node[-1].op == FilterOperator::negation;
}

FilterTruth
write_list(const Operand *operand, Datum array, Writer *writer, StringInfo out)
{
	bool negative = operand->node->op == FilterOperator::not_in;
	int16 length;
	bool by_value;
	char align;
	Datum *values;
	bool *nulls;
	int count;
	int written = 0;

	get_typlenbyvalalign(operand->type, &length, &by_value, &align);
	deconstruct_array(DatumGetArrayTypeP(array), operand->type, length, by_value, align, &values,
					  &nulls, &count);
	appendStringInfoChar(out, '[');
	for (int i = 0; i < count; i++)
	{
		FilterTruth truth = FilterTruth::never;

		if (nulls[i] && (negative || is_negated(operand)))
		{
			return FilterTruth::unknown;
		}
		if (!nulls[i])
		{
			truth = judge(operand, &values[i]);
		}
		if (truth == FilterTruth::unsaid)
		{
			return FilterTruth::unsaid;
		}
		if (truth == FilterTruth::compared)
		{
			appendStringInfoString(out, written++ > 0 ? "," : "");
			write_value(writer, values[i], out);
		}
	}
	appendStringInfoChar(out, ']');
	return written > 0 ? FilterTruth::compared
		   : negative  ? FilterTruth::always
					   : FilterTruth::never;
}

[[noreturn]] void
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

// The value as JSON at the end of `out`, as far as it is compared with.
FilterTruth
write_operand(FilterRun *run, int index, Query *query, const Endpoint *endpoint,
			  const char *relation, StringInfo out)
{
	auto node = static_cast<size_t>(run->node_of[index]);
	Operand operand = {run,
					   &run->nodes[node],
					   run->value_types[index],
					   query_filter_type(query, node, endpoint),
					   query,
					   endpoint,
					   node};
	bool isnull;
	Datum value = ExecEvalExpr(run->states[index], run->econtext, &isnull);

	if (isnull)
	{
		return FilterTruth::unknown;
	}
	Writer *writer = writer_make(operand.type, operand.graphql_type);

	FilterTruth truth =
		run->lists[index] ? write_list(&operand, value, writer, out) : judge(&operand, &value);

	if (truth == FilterTruth::compared && !run->lists[index])
	{
		write_value(writer, value, out);
	}
	if (truth == FilterTruth::unsaid && run->sole[index])
	{
		if (!run->can_recheck)
		{
			raise_unsaid(&operand, relation);
		}
		run->recheck = true;
	}
	return truth;
}

bool
tell(Query *query, const FilterValue *values)
{
	Error err;
	bool admits = query_filter(query, values, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	return admits;
}

}    // namespace

FilterRun *
filter_open(ForeignScanState *state, int bound_count)
{
	auto *plan = castNode(ForeignScan, state->ss.ps.plan);
	auto *numbers = plan_list(plan, scan_private_filter);
	auto *sole = plan_list(plan, scan_private_sole);
	auto *filter = static_cast<FilterRun *>(palloc0(sizeof(FilterRun)));
	size_t size = Max(list_length(sole), 1);

	filter->count = list_length(numbers) / 4;
	filter->nodes = static_cast<FilterNode *>(palloc0(sizeof(FilterNode) * Max(filter->count, 1)));
	filter->value_count = list_length(sole);
	filter->states = static_cast<ExprState **>(palloc0(sizeof(ExprState *) * size));
	filter->node_of = static_cast<int *>(palloc0(sizeof(int) * size));
	filter->lists = static_cast<bool *>(palloc0(sizeof(bool) * size));
	filter->value_types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
	filter->sole = static_cast<bool *>(palloc0(sizeof(bool) * size));
	filter->econtext = state->ss.ps.ps_ExprContext;
	filter->known = filter->admits = filter->count == 0;
	filter->can_recheck = plan->fdw_recheck_quals != NIL;
	for (int i = 0; i < filter->count; i++)
	{
		FilterNode *node = &filter->nodes[i];

		node->op = static_cast<FilterOperator>(list_nth_int(numbers, 4 * i));
		node->column = list_nth_int(numbers, 4 * i + 1);
		node->value = list_nth_int(numbers, 4 * i + 2);
		node->count = list_nth_int(numbers, 4 * i + 3);
		if (node->value >= 0)
		{
			auto *expr = static_cast<Expr *>(list_nth(plan->fdw_exprs, bound_count + node->value));
			Oid type = exprType(reinterpret_cast<Node *>(expr));

			filter->states[node->value] = ExecInitExpr(expr, &state->ss.ps);
			filter->node_of[node->value] = i;
			filter->lists[node->value] = is_list(node);
			filter->value_types[node->value] =
				getBaseType(is_list(node) ? get_base_element_type(type) : type);
			filter->sole[node->value] = list_nth_int(sole, node->value) != 0;
		}
	}
	return filter;
}

bool
filter_admits_any(FilterRun *filter, Query *query)
{
	auto *values =
		static_cast<FilterValue *>(palloc0(sizeof(FilterValue) * Max(filter->value_count, 1)));

	for (int i = 0; i < filter->value_count; i++)
	{
		bool isnull;

		ExecEvalExpr(filter->states[i], filter->econtext, &isnull);
		values[i] = {isnull ? FilterTruth::unknown : FilterTruth::compared, "null"};
	}
	return tell(query, values);
}

bool
filter_tell(FilterRun *filter, Query *query, const Endpoint *endpoint, const char *relation)
{
	auto *values =
		static_cast<FilterValue *>(palloc0(sizeof(FilterValue) * Max(filter->value_count, 1)));

	filter->recheck = false;
	for (int i = 0; i < filter->value_count; i++)
	{
		StringInfoData text;

		initStringInfo(&text);
		values[i].truth = write_operand(filter, i, query, endpoint, relation, &text);
		values[i].json = std::string_view(text.data, text.len);
	}
	return tell(query, values);
}

}    // namespace gql::pg
