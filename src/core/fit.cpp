// Which values does a foreign table need before its rows can be asked for, and of which types?

#include "core/door/fit.hpp"

#include <algorithm>
#include <memory>

#include "core/arguments.hpp"
#include "core/error.hpp"
#include "core/remote_schema.hpp"

namespace gql
{

struct Fit
{
	const RemoteTable *table;
	std::unique_ptr<Schema> schema;
	std::vector<FilterNode> filter;    // none
};

namespace
{

ArgumentWriter
make_writer(const Fit &fit, const AccessPlan &plan, const std::vector<int> &bound)
{
	return ArgumentWriter(*fit.table, plan, bound, fit.filter, fit.schema.get(), false);
}

bool
names(const AccessPlan &plan, int column)
{
	return std::any_of(plan.columns.begin(), plan.columns.end(),
					   [=](const AccessArgument &argument) { return argument.column == column; });
}

}    // namespace

Fit *
fit_open(const RemoteTable *table, const RemoteSchema *schema, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto fit = std::make_unique<Fit>();

					   fit->table = table;
					   if (schema != nullptr)
					   {
						   fit->schema = std::make_unique<Schema>();
						   static_cast<SchemaTypes &>(*fit->schema) = schema->types;
						   fit->schema->complete = true;
					   }
					   return fit.release();
				   });
}

void
fit_close(Fit *fit) noexcept
{
	delete fit;
}

std::string_view
fit_argument_type(const Fit *fit, int column, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   {
					   for (const AccessPlan &plan : fit->table->accesses)
					   {
						   std::string_view type =
							   names(plan, column) ? make_writer(*fit, plan, {}).column_type(column)
												   : std::string_view();

						   if (!type.empty())
						   {
							   return type;
						   }
					   }
					   return {};
				   });
}

bool
fit_sends(const Fit *fit, int column) noexcept
{
	return std::any_of(fit->table->accesses.begin(), fit->table->accesses.end(),
					   [=](const AccessPlan &plan) { return names(plan, column); });
}

std::string_view
fit_missing_argument(const Fit *fit, const int *columns, size_t count, Error &err) noexcept
{
	return guarded(err,
				   [&]() -> std::string_view
				   {
					   const std::vector<int> bound(columns, columns + count);
					   std::string_view missing;

					   for (const AccessPlan &plan : fit->table->accesses)
					   {
						   missing = make_writer(*fit, plan, bound).missing_argument();
						   if (missing.empty())
						   {
							   break;
						   }
					   }
					   return missing;
				   });
}

}    // namespace gql
