// What are the conditions of a filter compared with while a scan runs?

#include "pg/filter_values.hpp"

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/filter_judge.hpp"
#include "pg/plan_private.hpp"
#include "pg/prelude.hpp"
#include "pg/scalar.hpp"
#include "pg/types.hpp"

namespace gql::pg
{

namespace
{

// NOT IN, where the API has no word for it, is IN right behind NOT.
bool
is_negated(const Operand *operand)
{
	return operand->index > 0 && operand->node[-1].op == FilterOperator::negation;
}

// As which type a value is compared with a column: times become what the column has.
Oid
compared_as(Oid value, Oid column)
{
	return column == DATEOID || column == TIMESTAMPTZOID ? column : value;
}

// False when there is no such time.
bool
convert(Oid from, Oid to, Datum *value)
{
	int overflow = 0;

	if (from == to)
	{
		return true;
	}
	if (from == DATEOID)
	{
		*value =
			TimestampTzGetDatum(date2timestamptz_opt_overflow(DatumGetDateADT(*value), &overflow));
	}
	else if (to == DATEOID)
	{
		*value =
			DirectFunctionCall1(from == TIMESTAMPOID ? timestamp_date : timestamptz_date, *value);
	}
	else
	{
		*value = TimestampTzGetDatum(
			timestamp2timestamptz_opt_overflow(DatumGetTimestamp(*value), &overflow));
	}
	return overflow == 0;
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

// The value as JSON at the end of `out`, as far as it is compared with.
FilterTruth
write_operand(FilterRun *run, int index, Query *query, const Endpoint *endpoint,
			  const char *relation, StringInfo out)
{
	auto node = static_cast<size_t>(run->node_of[index]);
	Operand operand = {&run->nodes[node],
					   run->types[index],
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
	if (!convert(run->value_types[index], operand.type, &value))
	{
		return FilterTruth::unsaid;
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
filter_open(ForeignScanState *state, const TableOptions *options, int bound_count)
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
	filter->types = static_cast<Oid *>(palloc0(sizeof(Oid) * size));
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
			filter->types[node->value] = compared_as(filter->value_types[node->value],
													 getBaseType(options->types[node->column]));
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
