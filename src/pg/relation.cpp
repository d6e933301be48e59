// What does the planner know about a foreign table?

#include "pg/relation.hpp"

#include "pg/filter_plan.hpp"
#include "pg/handler.hpp"
#include "pg/owned.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

RelationPlan *
relation_plan(RelOptInfo *rel, Oid relation_id)
{
	if (rel->fdw_private == nullptr)
	{
		auto *plan = static_cast<RelationPlan *>(palloc0(sizeof(RelationPlan)));

		plan->options = table_options(relation_id);
		plan->table = own<table_close>(CurrentMemoryContext, [&](Error &err)
									   { return table_open(plan->options->spec, err); });
		rel->fdw_private = plan;
	}
	return static_cast<RelationPlan *>(rel->fdw_private);
}

double
tuples_or_default(double known)
{
	// Enough rows that a full scan is not taken lightly.
	constexpr double default_tuples = 100000;

	return known < 0 ? default_tuples : known;
}

const char *
argument_name(const TableOptions *options, int column)
{
	const ColumnSpec *spec = &options->spec.columns[column];

	// A column that only a template names has no argument of its own.
	return spec->argument.empty() ? spec->name.data() : spec->argument.data();
}

bool
is_argument(const RelationPlan *plan, int column)
{
	for (size_t i = 0; i < table_access_count(plan->table); i++)
	{
		const Access *access = table_access(plan->table, i);

		for (size_t j = 0; j < access->argument_count; j++)
		{
			if (access->arguments[j].column == column)
			{
				return true;
			}
		}
	}
	return false;
}

bool
is_rounded(const TableOptions *options, int column)
{
	int32 typmod = options->typmods[column];

	switch (getBaseTypeAndTypmod(options->types[column], &typmod))
	{
		case FLOAT4OID:
		case BPCHAROID:
			return true;
		case NUMERICOID:
		case TIMEOID:
		case TIMESTAMPOID:
		case TIMESTAMPTZOID:
			return typmod >= 0;
		default:
			return false;
	}
}

bool
compares_like_api(const TableOptions *options, int column)
{
	Oid type = getBaseType(options->types[column]);

	switch (type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case NUMERICOID:
		case FLOAT8OID:
		case BOOLOID:
		case UUIDOID:
		case TEXTOID:
		case VARCHAROID:
		case DATEOID:
			return !is_rounded(options, column);
		default:
			return type_is_enum(type);
	}
}

bool
is_graphql_relation(const RelOptInfo *rel)
{
	return rel->fdwroutine != nullptr && rel->fdwroutine->GetForeignPaths == graphqlGetForeignPaths;
}

bool
is_scanned_alone(const PlannerInfo *root, RelOptInfo *rel)
{
	return rel->reloptkind == RELOPT_BASEREL && is_graphql_relation(rel) && !IS_DUMMY_REL(rel) &&
		   !root->simple_rte_array[rel->relid]->inh && bms_is_empty(rel->lateral_relids);
}

int
bound_by(const Binding *binding, const RestrictInfo *clause)
{
	for (int i = 0; i < binding->count; i++)
	{
		if (binding->clauses[i] == clause)
		{
			return i;
		}
	}
	return -1;
}

Binding *
path_binding(Path *path)
{
	if (!IsA(path, ForeignPath) || !IS_SIMPLE_REL(path->parent) ||
		!is_graphql_relation(path->parent))
	{
		return nullptr;
	}
	List *fdw_private = reinterpret_cast<ForeignPath *>(path)->fdw_private;
	auto *plan = static_cast<RelationPlan *>(path->parent->fdw_private);

	return static_cast<Binding *>(list_nth(plan->bindings, intVal(lsecond(fdw_private))));
}

List *
remember_binding(RelOptInfo *rel, Binding *binding)
{
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);

	plan->bindings = lappend(plan->bindings, binding);
	return list_make2(makeInteger(rel->relid), makeInteger(list_length(plan->bindings) - 1));
}

List *
graphqlReparameterizeForeignPathByChild(PlannerInfo *root, List *fdw_private, RelOptInfo *child_rel)
{
	RelOptInfo *rel = find_base_rel(root, intVal(linitial(fdw_private)));
	auto *plan = static_cast<RelationPlan *>(rel->fdw_private);
	auto *parent = static_cast<Binding *>(list_nth(plan->bindings, intVal(lsecond(fdw_private))));
	auto *binding = static_cast<Binding *>(palloc(sizeof(Binding)));

	*binding = *parent;
	binding->values = static_cast<Expr **>(palloc0(sizeof(Expr *) * Max(binding->count, 1)));
	for (int i = 0; i < binding->count; i++)
	{
		binding->values[i] = reinterpret_cast<Expr *>(
			translate_to_child(root, reinterpret_cast<Node *>(parent->values[i]), child_rel));
	}
	binding->filter = static_cast<FilterPlan *>(palloc(sizeof(FilterPlan)));
	*binding->filter = *parent->filter;
	for (List *FilterPlan::*list : {&FilterPlan::values, &FilterPlan::exact, &FilterPlan::rechecked,
									&FilterPlan::kept, &FilterPlan::cut})
	{
		binding->filter->*list = reinterpret_cast<List *>(
			translate_to_child(root, reinterpret_cast<Node *>(parent->filter->*list), child_rel));
	}
	return remember_binding(rel, binding);
}

double
request_cost(const RelationPlan *plan)
{
	return plan->options->server.startup_cost;
}

int
keys_per_request(const RelationPlan *plan, const Binding *binding)
{
	return binding->method == Method::single ? 1 : plan->options->server.key_batch_size;
}

}    // namespace gql::pg
