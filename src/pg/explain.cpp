// What does EXPLAIN say about a foreign scan?
//
// Property names are stable, one per line, the same in every format: people and tests read them.

#include "pg/encoding.hpp"
#include "pg/errors.hpp"
#include "pg/filter_parts.hpp"
#include "pg/handler.hpp"
#include "pg/lookahead.hpp"
#include "pg/plan_private.hpp"
#include "pg/plan_tree.hpp"
#include "pg/prelude.hpp"
#include "pg/print.hpp"
#include "pg/scan.hpp"

namespace gql::pg
{

namespace
{

const char *
list_name(ListKind kind)
{
	switch (kind)
	{
		case ListKind::nodes:
			return "nodes";
		case ListKind::entities:
			return "entities";
		case ListKind::filter:
			return "filter";
		default:
			return "list";
	}
}

// In the words of the option batch_mode.
const char *
batch_mode_name(const ForeignScan *plan, const Fetch *fetch)
{
	switch (fetch->method)
	{
		case Method::list:
			return list_name(table_access(fetch->table, plan_int(plan, scan_private_access))->list);
		case Method::alias:
			return "alias";
		case Method::array:
			return fetch->endpoint == nullptr || limits_take_arrays(fetch_limits(fetch)) ? "array"
																						 : "alias";
		case Method::single:
			break;
	}
	return "single";
}

void
explain_text(const char *label, std::string_view text, ExplainState *es)
{
	ExplainPropertyText(label, from_utf8(text), es);
}

char *
deparse_condition(ForeignScanState *node, Node *condition, ExplainState *es)
{
	return print_in_plan(condition, node->ss.ps.plan, node->ss.ps.state->es_plannedstmt,
						 es->verbose || list_length(es->rtable) > 1, es);
}

// What is not sent of one of the plan's quals. IntList: parts, see filter_parts.hpp.
List *
unsent_parts(const ForeignScan *plan, int qual)
{
	List *unsent = plan_list(plan, scan_private_kept);
	List *parts = NIL;

	for (int i = 0; i < list_length(unsent); i += 2)
	{
		if (list_nth_int(unsent, i) == qual)
		{
			parts = lappend_int(parts, list_nth_int(unsent, i + 1));
		}
	}
	return parts;
}

// The conditions that are sent, as keys, in other arguments or in the filter. Those that are
// checked again show in core's Filter as well.
void
explain_filter(ForeignScanState *node, ExplainState *es)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	List *conditions = list_copy(plan->fdw_recheck_quals);
	ListCell *cell;

	foreach (cell, plan_list(plan, scan_private_rechecked))
	{
		int qual = lfirst_int(cell);

		conditions = lappend(
			conditions, without_parts(static_cast<Node *>(list_nth(plan->scan.plan.qual, qual)),
									  unsent_parts(plan, qual)));
	}
	if (conditions != NIL)
	{
		ExplainPropertyText(
			"Remote Filter",
			deparse_condition(node, reinterpret_cast<Node *>(make_ands_explicit(conditions)), es),
			es);
	}
}

// The conditions that only PostgreSQL checks, each with the reason.
void
explain_not_pushed(ForeignScanState *node, ExplainState *es)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	List *unsent = plan_list(plan, scan_private_kept);
	List *lines = NIL;
	ListCell *cell;

	foreach (cell, plan_list(plan, scan_private_reasons))
	{
		int i = foreach_current_index(cell);
		auto *qual =
			static_cast<Node *>(list_nth(plan->scan.plan.qual, list_nth_int(unsent, 2 * i)));
		Node *condition = find_part(qual, list_nth_int(unsent, 2 * i + 1));

		lines = lappend(lines, psprintf("%s: %s", deparse_condition(node, condition, es),
										strVal(lfirst(cell))));
	}
	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		if (lines != NIL)
		{
			ExplainPropertyList("Not Pushed", lines, es);
		}
		return;
	}
	foreach (cell, lines)
	{
		ExplainPropertyText("Not Pushed", static_cast<char *>(lfirst(cell)), es);
	}
}

// A table of a join, as the rest of EXPLAIN calls it.
void
append_relation(const ForeignScan *plan, int column, ExplainState *es, StringInfo text)
{
	auto *target = static_cast<TargetEntry *>(list_nth(plan->fdw_scan_tlist, column));
	auto varno = static_cast<Index>(castNode(Var, target->expr)->varno);
	const RangeTblEntry *rte = rt_fetch(varno, es->rtable);
	const char *name = get_rel_name(rte->relid);
	auto *alias = static_cast<char *>(list_nth(es->rtable_names, static_cast<int>(varno) - 1));

	appendStringInfoChar(text, '(');
	if (es->verbose)
	{
		appendStringInfo(text, "%s.",
						 quote_identifier(get_namespace_name(get_rel_namespace(rte->relid))));
	}
	appendStringInfoString(text, quote_identifier(name));
	if (alias != nullptr && strcmp(alias, name) != 0)
	{
		appendStringInfo(text, " %s", quote_identifier(alias));
	}
	appendStringInfoChar(text, ')');
}

// "(accounts a) INNER JOIN (account_orders o)"
void
explain_join(ForeignScanState *node, const JoinedTable *join, ExplainState *es)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	StringInfoData text;

	initStringInfo(&text);
	append_relation(plan, join->first_parent, es, &text);
	appendStringInfoString(&text, join->terms.outer ? " LEFT JOIN " : " INNER JOIN ");
	append_relation(plan, 0, es, &text);
	ExplainPropertyText("Relations", text.data, es);
}

// What the API computes instead of sending rows.
void
explain_aggregate(ForeignScanState *node, ExplainState *es)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	List *names = NIL;
	ListCell *cell;

	foreach (cell, plan->fdw_scan_tlist)
	{
		List *context = set_deparse_context_plan(es->deparse_cxt, node->ss.ps.plan, NIL);

		names = lappend(names, print_expression(reinterpret_cast<Node *>(
													static_cast<TargetEntry *>(lfirst(cell))->expr),
												context, es->verbose));
	}
	if (names != NIL)
	{
		const char *conditions = strVal(list_nth(plan->fdw_private, scan_private_conditions));

		if (conditions[0] != '\0')
		{
			ExplainPropertyText("Remote Filter", conditions, es);
		}
		ExplainPropertyList("Remote Aggregate", names, es);
	}
}

// As in ORDER BY, where they do not go without saying.
const char *
null_words(const OrderKey *key)
{
	bool first = key->nulls == NullPlace::first;

	return key->nulls == NullPlace::unknown || first == key->descending ? ""
		   : first                                                      ? " NULLS FIRST"
																		: " NULLS LAST";
}

// What the API orders rows by, and how many of them a page is asked for because they are enough.
void
explain_order_and_limit(const Fetch *fetch, ExplainState *es)
{
	StringInfoData text;

	initStringInfo(&text);
	for (size_t i = 0; i < fetch->spec.order_count; i++)
	{
		const OrderKey *key = &fetch->spec.order[i];
		AttrNumber attnum = fetch->options->attnums[key->column];

		appendStringInfo(&text, "%s%s%s%s", i == 0 ? "" : ", ",
						 quote_identifier(NameStr(TupleDescAttr(fetch->desc, attnum - 1)->attname)),
						 key->descending ? " DESC" : "", null_words(key));
	}
	if (text.len > 0)
	{
		ExplainPropertyText("Remote Order", text.data, es);
	}
	if (fetch->wanted > 0 && fetch->pages != nullptr && !fetch->pages->size_argument.empty())
	{
		ExplainPropertyInteger("Remote Limit", nullptr, static_cast<int64>(fetch->wanted), es);
	}
}

bool
has_lookahead(const Plan *plan, int channel)
{
	ListCell *cell;

	if (IsA(plan, CustomScan) &&
		reinterpret_cast<const CustomScan *>(plan)->methods == &lookahead_scan_methods &&
		list_member_int(
			static_cast<List *>(list_nth(reinterpret_cast<const CustomScan *>(plan)->custom_private,
										 lookahead_private_channels)),
			channel))
	{
		return true;
	}
	foreach (cell, plan_children(plan))
	{
		if (has_lookahead(static_cast<Plan *>(lfirst(cell)), channel))
		{
			return true;
		}
	}
	return false;
}

bool
is_fed(const PlannedStmt *statement, int channel)
{
	ListCell *cell;

	if (has_lookahead(statement->planTree, channel))
	{
		return true;
	}
	foreach (cell, statement->subplans)
	{
		auto *plan = static_cast<Plan *>(lfirst(cell));

		if (plan != nullptr && has_lookahead(plan, channel))
		{
			return true;
		}
	}
	return false;
}

// Why look-ups by changing keys stay single.
void
explain_not_batched(ForeignScanState *node, ExplainState *es)
{
	auto *plan = castNode(ForeignScan, node->ss.ps.plan);
	const PlannedStmt *statement = node->ss.ps.state->es_plannedstmt;
	int channel = plan_int(plan, scan_private_channel);

	if (channel > 0 && !is_fed(statement, channel) &&
		changes_in_statement(reinterpret_cast<Node *>(plan->fdw_exprs), &plan->scan.plan,
							 statement))
	{
		ExplainPropertyText("Not Batched",
							enable_lookahead ? "no rows to look ahead in supply the key"
											 : "graphql_fdw.enable_lookahead is off",
							es);
	}
}

// "relay (first 100)"
void
explain_pages(const char *label, const Paging *pages, int size, ExplainState *es)
{
	StringInfoData text;

	initStringInfo(&text);
	appendBinaryStringInfo(&text, pages->style.data(), static_cast<int>(pages->style.size()));
	if (!pages->size_argument.empty())
	{
		appendStringInfo(&text, " (%s %d)",
						 pnstrdup(pages->size_argument.data(), pages->size_argument.size()), size);
	}
	ExplainPropertyText(label, text.data, es);
}

void
explain_pagination(const Fetch *fetch, ExplainState *es)
{
	if (fetch->pages != nullptr)
	{
		explain_pages("Pagination", fetch->pages,
					  fetch_page_size(fetch, fetch->options->server.key_batch_size), es);
	}
	if (fetch->list_pages != nullptr)
	{
		explain_pages("List Pagination", fetch->list_pages, fetch_list_size(fetch), es);
	}
}

// The document of a full request; its length shows best with few keys.
void
explain_operation(const char *label, const Fetch *fetch, const Endpoint *endpoint, ExplainState *es)
{
	constexpr size_t keys_shown = 2;
	Error err;
	std::string_view document = query_document(
		fetch->query, fetch->method == Method::alias ? keys_shown : 1, endpoint, err);

	if (err.code != Code::none)
	{
		raise(err);
	}
	explain_text(label, document, es);
}

void
explain_counters(const Scan *scan, ExplainState *es)
{
	const FetchCounters *counters = scan->fetch->counters;

	if (scan->look_ups.channel != nullptr)
	{
		ExplainPropertyInteger("Lookups Prefetched", nullptr, counters->prefetched, es);
		ExplainPropertyInteger("Lookups Missed", nullptr, counters->missed, es);
	}
	ExplainPropertyInteger("HTTP Requests", nullptr, counters->requests, es);
	if (counters->schema_requests > 0)
	{
		ExplainPropertyInteger("Schema Requests", nullptr, counters->schema_requests, es);
	}
	ExplainPropertyInteger("Rows Received", nullptr, counters->rows, es);
	ExplainPropertyInteger("Bytes Received", nullptr, counters->bytes, es);
	ExplainPropertyInteger("Retries", nullptr, counters->retries, es);
	if (counters->splits > 0)
	{
		ExplainPropertyInteger("Requests Split", nullptr, counters->splits, es);
	}
	if (scan->look_ups.channel != nullptr && scan->fetch->endpoint != nullptr &&
		scan->fetch->method != Method::single)
	{
		LimitsOf limits = fetch_limits(scan->fetch);
		size_t learnt = limits_keys(limits);

		if (learnt < limits.most)
		{
			ExplainPropertyInteger("Batch Size Learnt", nullptr, static_cast<int64>(learnt), es);
		}
	}
}

}    // namespace

void
graphqlExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	auto *scan = static_cast<Scan *>(node->fdw_state);
	Fetch *fetch = scan->fetch;

	if (fetch->join != nullptr)
	{
		explain_join(node, fetch->join, es);
	}
	explain_text("Remote Field", query_field(fetch->query), es);
	if (fetch->bound_count > 0)
	{
		ExplainPropertyText("Batch Mode",
							batch_mode_name(castNode(ForeignScan, node->ss.ps.plan), fetch), es);
	}
	explain_pagination(fetch, es);
	explain_filter(node, es);
	explain_order_and_limit(fetch, es);
	if (fetch->told_count > 0)
	{
		explain_aggregate(node, es);
	}
	if (es->verbose)
	{
		explain_not_pushed(node, es);
	}
	explain_not_batched(node, es);
	if (fetch->missing != nullptr)
	{
		ExplainPropertyText("Missing Argument", fetch->missing, es);
	}
	if (es->analyze)
	{
		explain_counters(scan, es);
	}
	if (es->verbose)
	{
		explain_operation("Remote Operation", fetch, fetch->endpoint, es);
		if (fetch->list_pages != nullptr)
		{
			explain_operation("List Operation", fetch_open_rest(fetch), fetch->endpoint, es);
		}
	}
}

}    // namespace gql::pg
