// Which conditions of a query fill an argument of the API?

#include "pg/keys.hpp"

#include "pg/key_table.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

enum class TypeFamily
{
	integer,
	text,
	other,
};

TypeFamily
type_family(Oid type)
{
	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return TypeFamily::integer;
		case TEXTOID:
		case VARCHAROID:
			return TypeFamily::text;
		default:
			return TypeFamily::other;
	}
}

// Values of both types are compared exactly, and turning one into the other loses nothing (integers
// out of range find no rows).
bool
types_agree(Oid column_type, Oid value_type)
{
	if (column_type == value_type)
	{
		return true;
	}
	return type_family(column_type) != TypeFamily::other &&
		   type_family(column_type) == type_family(value_type);
}

bool
is_equality(Oid operator_id, Oid column_type)
{
	TypeCacheEntry *entry = lookup_type_cache(column_type, TYPECACHE_BTREE_OPFAMILY);

	return OidIsValid(entry->btree_opf) &&
		   get_op_opfamily_strategy(operator_id, entry->btree_opf) == BTEqualStrategyNumber;
}

bool
is_column(Node *node, RelOptInfo *rel, AttrNumber attnum)
{
	while (node != nullptr && IsA(node, RelabelType))
	{
		node = reinterpret_cast<Node *>(reinterpret_cast<RelabelType *>(node)->arg);
	}
	if (node == nullptr || !IsA(node, Var))
	{
		return false;
	}
	auto *var = reinterpret_cast<Var *>(node);

	return var->varno == static_cast<int>(rel->relid) && var->varattno == attnum &&
		   var->varlevelsup == 0;
}

// Subqueries are left out: a look-ahead would run them a second time.
bool
is_value(PlannerInfo *root, RelOptInfo *rel, Node *node)
{
	return !bms_is_member(rel->relid, pull_varnos(root, node)) &&
		   !contain_volatile_functions(node) && !contain_subplans(node);
}

Expr *
without_relabel(Expr *expr)
{
	while (IsA(expr, RelabelType))
	{
		expr = reinterpret_cast<RelabelType *>(expr)->arg;
	}
	return expr;
}

// A boolean column by itself, or negated, is a comparison with a constant.
bool
match_boolean(RelOptInfo *rel, Node *clause, AttrNumber attnum, KeyMatch *match)
{
	bool value = true;

	if (is_notclause(clause))
	{
		value = false;
		clause = reinterpret_cast<Node *>(get_notclausearg(clause));
	}
	if (!is_column(clause, rel, attnum) || exprType(clause) != BOOLOID)
	{
		return false;
	}
	match->value = reinterpret_cast<Expr *>(makeBoolConst(value, false));
	match->list = false;
	return true;
}

bool
match_operator(PlannerInfo *root, RelOptInfo *rel, OpExpr *op, AttrNumber attnum, Oid column_type,
			   KeyMatch *match)
{
	if (list_length(op->args) != 2 || !is_equality(op->opno, column_type))
	{
		return false;
	}
	for (int side = 0; side < 2; side++)
	{
		auto *column = static_cast<Node *>(list_nth(op->args, side));
		auto *value = static_cast<Node *>(list_nth(op->args, 1 - side));

		if (is_column(column, rel, attnum) && is_value(root, rel, value) &&
			types_agree(column_type, getBaseType(exprType(value))) &&
			(!OidIsValid(op->inputcollid) || get_collation_isdeterministic(op->inputcollid)))
		{
			match->value = without_relabel(reinterpret_cast<Expr *>(value));
			match->list = false;
			return true;
		}
	}
	return false;
}

bool
match_array(PlannerInfo *root, RelOptInfo *rel, ScalarArrayOpExpr *op, AttrNumber attnum,
			Oid column_type, KeyMatch *match)
{
	auto *value = static_cast<Node *>(lsecond(op->args));
	Oid element = get_base_element_type(exprType(value));

	if (!op->useOr || !is_equality(op->opno, column_type) ||
		!is_column(static_cast<Node *>(linitial(op->args)), rel, attnum) ||
		!is_value(root, rel, value) || !OidIsValid(element) ||
		!types_agree(column_type, getBaseType(element)) ||
		(OidIsValid(op->inputcollid) && !get_collation_isdeterministic(op->inputcollid)))
	{
		return false;
	}
	match->value = without_relabel(reinterpret_cast<Expr *>(value));
	match->list = true;
	return true;
}

// Conditions of other users (security barriers) come first; ours may be sent before them only when
// it cannot leak.
bool
is_safe_to_send(RelOptInfo *rel, RestrictInfo *clause)
{
	return clause->security_level <= rel->baserestrict_min_security || clause->leakproof;
}

bool
is_argument_only(const RelationPlan *plan, int column)
{
	return plan->options->spec.columns[column].path.empty();
}

bool
clause_mentions(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum)
{
	Bitmapset *attributes = nullptr;

	pull_varattnos(reinterpret_cast<Node *>(clause->clause), rel->relid, &attributes);
	return bms_is_member(attnum - FirstLowInvalidHeapAttributeNumber, attributes);
}

bool
is_null_test(RelOptInfo *rel, RestrictInfo *clause, AttrNumber attnum)
{
	if (!IsA(clause->clause, NullTest))
	{
		return false;
	}
	auto *test = reinterpret_cast<NullTest *>(clause->clause);

	return test->nulltesttype == IS_NULL && !test->argisrow &&
		   is_column(reinterpret_cast<Node *>(test->arg), rel, attnum);
}

// What the clauses say about one column.
struct ColumnCondition
{
	bool matched;
	KeyMatch match;
	RestrictInfo *clause;
};

ColumnCondition
find_condition(PlannerInfo *root, RelOptInfo *rel, List *clauses, int column)
{
	ColumnCondition condition = {};
	ListCell *cell;

	foreach (cell, clauses)
	{
		auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
		KeyMatch match;

		// One value beats a list: it is the narrower condition.
		if (match_key_clause(root, rel, clause, column, &match) &&
			(!condition.matched || (condition.match.list && !match.list)))
		{
			condition = {true, match, clause};
		}
	}
	return condition;
}

bool
access_names(const Access *access, int column)
{
	for (size_t i = 0; i < access->argument_count; i++)
	{
		if (access->arguments[i].column == column)
		{
			return true;
		}
	}
	return false;
}

// The first argument of the access that must have a value and gets none, or -1.
int
open_argument(const Access *access, const ColumnCondition *conditions, bool unknown_too)
{
	for (size_t i = 0; i < access->argument_count; i++)
	{
		const AccessArgument *argument = &access->arguments[i];

		if (!conditions[argument->column].matched &&
			(argument->need == Need::required || (unknown_too && argument->need == Need::unknown)))
		{
			return argument->column;
		}
	}
	return -1;
}

// A condition on an argument-only column must be sent, for it cannot be checked afterwards.
int
unsent_condition(const RelationPlan *plan, const Access *access, const ColumnCondition *conditions)
{
	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		int column = static_cast<int>(i);

		if (conditions[column].matched && is_argument_only(plan, column) &&
			!access_names(access, column))
		{
			return column;
		}
	}
	return -1;
}

ColumnCondition *
find_conditions(PlannerInfo *root, RelOptInfo *rel, const RelationPlan *plan, List *clauses)
{
	size_t count = plan->options->spec.column_count;
	auto *conditions =
		static_cast<ColumnCondition *>(palloc0(sizeof(ColumnCondition) * Max(count, 1)));

	for (size_t i = 0; i < count; i++)
	{
		conditions[i] = find_condition(root, rel, clauses, static_cast<int>(i));
	}
	return conditions;
}

bool
covers_key(const TableOptions *options, const Binding *binding)
{
	for (int i = 0; i < options->key_count; i++)
	{
		bool found = false;

		for (int j = 0; j < binding->count; j++)
		{
			found = found || binding->columns[j] == options->key[i];
		}
		if (!found)
		{
			return false;
		}
	}
	return options->key_count > 0;
}

// A list request finds its keys again by the value that comes back, so the column must come back.
bool
can_list(const RelationPlan *plan, const Access *access)
{
	return access->list_column >= 0 && !is_argument_only(plan, access->list_column);
}

Binding *
make_binding(const RelationPlan *plan, int index, const ColumnCondition *conditions)
{
	const Access *access = table_access(plan->table, index);
	const TableOptions *options = plan->options;
	auto *binding = static_cast<Binding *>(palloc0(sizeof(Binding)));
	size_t size = Max(access->argument_count, 1);

	binding->access = index;
	binding->columns = static_cast<int *>(palloc0(sizeof(int) * size));
	binding->values = static_cast<Expr **>(palloc0(sizeof(Expr *) * size));
	binding->lists = static_cast<bool *>(palloc0(sizeof(bool) * size));
	binding->clauses = static_cast<RestrictInfo **>(palloc0(sizeof(RestrictInfo *) * size));
	for (size_t i = 0; i < access->argument_count; i++)
	{
		int column = access->arguments[i].column;

		if (conditions[column].matched)
		{
			int at = binding->count++;

			binding->columns[at] = column;
			binding->values[at] = conditions[column].match.value;
			binding->lists[at] = conditions[column].match.list;
			binding->clauses[at] = conditions[column].clause;
		}
	}
	switch (options->server.batch_mode)
	{
		case BatchMode::single:
			binding->method = Method::single;
			break;
		case BatchMode::alias:
			binding->method = Method::alias;
			break;
		case BatchMode::list:
		case BatchMode::automatic:
			binding->method = can_list(plan, access) ? Method::list : Method::alias;
			break;
	}
	if (binding->count == 0)
	{
		binding->method = Method::single;
	}
	binding->unique = covers_key(options, binding);
	return binding;
}

// Is this the kind of access the table's batch_mode asks for? Others are used only when nothing of
// that kind fits.
bool
suits_mode(const RelationPlan *plan, const Access *access)
{
	switch (plan->options->server.batch_mode)
	{
		case BatchMode::list:
			return can_list(plan, access);
		case BatchMode::alias:
		case BatchMode::single:
			return access->list_column < 0;
		case BatchMode::automatic:
			break;
	}
	return true;
}

}    // namespace

bool
match_key_clause(PlannerInfo *root, RelOptInfo *rel, RestrictInfo *clause, int column,
				 KeyMatch *match)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	Oid type = getBaseType(plan->options->types[column]);
	AttrNumber attnum = plan->options->attnums[column];
	auto *expr = reinterpret_cast<Node *>(clause->clause);

	if (!is_key_type(type) || clause->pseudoconstant || !is_safe_to_send(rel, clause))
	{
		return false;
	}
	if (IsA(expr, OpExpr))
	{
		return match_operator(root, rel, reinterpret_cast<OpExpr *>(expr), attnum, type, match);
	}
	if (IsA(expr, ScalarArrayOpExpr))
	{
		return match_array(root, rel, reinterpret_cast<ScalarArrayOpExpr *>(expr), attnum, type,
						   match);
	}
	return type == BOOLOID && match_boolean(rel, expr, attnum, match);
}

Binding *
bind_clauses(PlannerInfo *root, RelOptInfo *rel, List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	ColumnCondition *conditions = find_conditions(root, rel, plan, clauses);
	Binding *second_best = nullptr;

	for (size_t i = 0; i < table_access_count(plan->table); i++)
	{
		const Access *access = table_access(plan->table, i);

		if (open_argument(access, conditions, false) >= 0 ||
			unsent_condition(plan, access, conditions) >= 0)
		{
			continue;
		}
		Binding *binding = make_binding(plan, static_cast<int>(i), conditions);

		if (binding->count == 0)
		{
			continue;
		}
		if (suits_mode(plan, access))
		{
			return binding;
		}
		if (second_best == nullptr)
		{
			second_best = binding;
		}
	}
	return second_best;
}

const char *
missing_argument(PlannerInfo *root, RelOptInfo *rel, List *clauses)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	size_t own = table_access_count(plan->table) - 1;
	const Access *access = table_access(plan->table, own);
	ColumnCondition *conditions = find_conditions(root, rel, plan, clauses);
	int column = open_argument(access, conditions, false);
	ListCell *cell;

	// A join condition on an argument-only column that this scan does not fill would compare NULLs.
	for (size_t i = 0; column < 0 && i < plan->options->spec.column_count; i++)
	{
		int candidate = static_cast<int>(i);

		if (!is_argument_only(plan, candidate) || conditions[i].matched)
		{
			continue;
		}
		foreach (cell, rel->joininfo)
		{
			auto *clause = static_cast<RestrictInfo *>(lfirst(cell));

			if (clause_mentions(rel, clause, plan->options->attnums[i]))
			{
				column = candidate;
			}
		}
		foreach (cell, root->eq_classes)
		{
			auto *ec = static_cast<EquivalenceClass *>(lfirst(cell));
			ListCell *member;

			foreach (member, ec->ec_members)
			{
				auto *em = static_cast<EquivalenceMember *>(lfirst(member));

				if (list_length(ec->ec_members) > 1 &&
					is_column(reinterpret_cast<Node *>(em->em_expr), rel,
							  plan->options->attnums[i]))
				{
					column = candidate;
				}
			}
		}
	}
	if (column < 0)
	{
		column = unsent_condition(plan, access, conditions);
	}
	return column < 0 ? nullptr : plan->options->spec.columns[column].name.data();
}

void
check_argument_conditions(PlannerInfo *root, RelOptInfo *rel)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	List *clauses = list_concat_copy(rel->baserestrictinfo, rel->joininfo);

	for (size_t i = 0; i < plan->options->spec.column_count; i++)
	{
		ListCell *cell;
		AttrNumber attnum = plan->options->attnums[i];

		if (!is_argument_only(plan, static_cast<int>(i)))
		{
			continue;
		}
		foreach (cell, clauses)
		{
			auto *clause = static_cast<RestrictInfo *>(lfirst(cell));
			KeyMatch match;

			if (clause_mentions(rel, clause, attnum) && !is_null_test(rel, clause, attnum) &&
				!match_key_clause(root, rel, clause, static_cast<int>(i), &match))
			{
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("column \"%s\" is an argument and can only be compared with =, IN "
								"or IS NULL",
								plan->options->spec.columns[i].name.data())));
			}
		}
	}
}

}    // namespace gql::pg
