// What does the planner know about a foreign table, and how is one way to scan it described?
#pragma once

#include "core/door/query.hpp"
#include "core/door/table.hpp"

#include "pg/options.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

struct FilterPlan;
struct JoinPlan;
struct OrderPlan;

// One way to fill an access's arguments: the heart of a foreign path. Lives in the planner's
// context; what the executor needs of it goes into the plan as nodes (plan_private.hpp).
struct Binding
{
	int channel;               // > 0: keys change while the statement runs and are cached
	int access;                // index for table_access()
	Method method;             // how several keys are put into one request
	int count;                 // bound columns
	int *columns;              // their indexes into TableSpec::columns
	Expr **values;             // what they are compared with
	bool *lists;               // the value is an array, each element a key (= ANY, IN)
	RestrictInfo **clauses;    // the clause each value came from
	bool unique;               // at most one row per key, by the declared key
	bool stops_early;          // the plan may not want all rows
	const char *missing;       // an argument nothing can fill: the scan fails when it is run
	FilterPlan *filter;        // what becomes of the other conditions (filter_plan.hpp)
	OrderPlan *order;          // what rows come in, nullptr: nobody knows (order_plan.hpp)
	double wanted;             // rows of a key that are enough: 0 all, -1 some
};

// RelOptInfo::fdw_private of our foreign tables, and of joins of two of them.
struct RelationPlan
{
	TableOptions *options;
	RemoteTable *table;
	bool analyzed;     // it is known how many rows the table has
	List *bindings;    // of Binding, referred to by the paths' fdw_private
	JoinPlan *join;    // nullptr: a foreign table (join_plan.hpp)
};

// Reads the options on first use. Also called before GetForeignRelSize, from the hook that declares
// keys.
RelationPlan *relation_plan(RelOptInfo *rel, Oid relation_id);

// How many rows the table is taken to have; `known`: by ANALYZE, -1 when it has not run.
double tuples_or_default(double known);

// What to call the argument that the column fills, in messages.
const char *argument_name(const TableOptions *options, int column);

// Is the column an argument of any access?
bool is_argument(const RelationPlan *plan, int column);

// Does the column keep less of a value than the API has? As numeric(10,1), timestamptz(0), real and
// char(4) do: what is equal then was not.
bool is_rounded(const TableOptions *options, int column);

// Does an API that is asked for a list of values find all rows whose column equals one of them?
// Points in time may be cut to milliseconds there.
bool compares_like_api(const TableOptions *options, int column);

// Is this one of our foreign tables?
bool is_graphql_relation(const RelOptInfo *rel);

// Is this one of our foreign tables and nothing else? Not a table whose children's rows count as
// well, nor one that conditions show to be empty, which has not been planned.
bool is_scanned_alone(const PlannerInfo *root, RelOptInfo *rel);

// Which of the bound columns the clause gives a value to: an index into Binding::columns, or -1.
int bound_by(const Binding *binding, const RestrictInfo *clause);

// Is this one of our foreign scans? Then its binding.
Binding *path_binding(Path *path);

// List for a ForeignPath's fdw_private: where the binding is to be found again.
List *remember_binding(RelOptInfo *rel, Binding *binding);

// What one request costs the planner, and how many keys it may carry.
double request_cost(const RelationPlan *plan);
int keys_per_request(const RelationPlan *plan, const Binding *binding);

}    // namespace gql::pg
