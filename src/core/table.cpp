// How do the options of a foreign table become the accesses of a RemoteTable?

#include "core/table.hpp"

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

std::string
quoted(std::string_view text)
{
	return '"' + std::string(text) + '"';
}

Column
make_column(const ColumnSpec &spec)
{
	Column column;

	column.name = spec.name;
	column.path_text = spec.path;
	column.self = spec.path == ".";
	column.argument_text = spec.argument;
	column.default_type = spec.default_type;
	column.leaf = spec.leaf;
	column.array = spec.array;
	if (!column.self && !spec.path.empty())
	{
		column.paths = parse_column_path(spec.path);
	}
	if (!spec.argument.empty())
	{
		column.argument = parse_argument(spec.argument);
	}
	if (!spec.type.empty())
	{
		column.type = parse_type(spec.type);
	}
	for (size_t i = 0; spec.leaf == Leaf::composite && i < spec.member_count; i++)
	{
		column.members.push_back(make_column(spec.members[i]));
		if (!is_name(spec.members[i].name))
		{
			throw Failure(Code::invalid_option, "attribute " + quoted(spec.members[i].name) +
													" of column " + quoted(spec.name) +
													" is not a GraphQL name");
		}
	}
	if (column.self && spec.leaf == Leaf::composite)
	{
		throw Failure(Code::invalid_option,
					  "column " + quoted(spec.name) +
						  " has the path \".\" and a composite type: the row's own value needs a "
						  "scalar type or jsonb");
	}
	return column;
}

// Builds one access: puts arguments where they belong and resolves the columns they name.
class AccessBuilder
{
public:
	AccessBuilder(const RemoteTable &table, std::string_view field, std::string_view option)
		: table_(table), option_(option)
	{
		plan_.field = parse_field(field);
		plan_.text = field;
		plan_.arguments.resize(plan_.field.size());
	}

	void
	add_template(Template arguments)
	{
		for (Template::Member &member : arguments.members)
		{
			resolve(member.second);
			note_columns(member.second);
			place(member.first, std::move(member.second));
		}
	}

	// The `argument` options of columns.
	void
	add_columns()
	{
		for (size_t i = 0; i < table_.columns.size(); i++)
		{
			const Column &column = table_.columns[i];
			Template node;

			if (column.argument)
			{
				node.kind = Template::Kind::column;
				node.text = column.name;
				node.column = static_cast<int>(i);
				note(node.column,
					 !column.type            ? Need::unknown
					 : column.type->required ? Need::required
											 : Need::optional,
					 false);
				place(column.argument_text, std::move(node));
			}
		}
	}

	// Is this the field, as far as its pages go, of a table whose field is `field`?
	bool
	shares_pages(const std::vector<std::string> &field, const Pagination &pages) const
	{
		ArgumentPath position = parse_argument(pages.position);
		size_t paged = argument_element(field, position);

		return plan_.field.size() > paged &&
			   std::equal(field.begin(), field.begin() + static_cast<long>(paged) + 1,
						  plan_.field.begin()) &&
			   argument_element(plan_.field, position) == paged;
	}

	// Puts the arguments that ask for pages where they belong.
	void
	add_pages(Pagination pages)
	{
		Template node;

		plan_.paged = argument_element(plan_.field, parse_argument(pages.position));
		if (!pages.size.empty())
		{
			if (argument_element(plan_.field, parse_argument(pages.size)) != plan_.paged)
			{
				refuse("has pages whose size and position are arguments of different fields");
			}
			node.kind = Template::Kind::page_size;
			place(pages.size, node);
		}
		node.kind = Template::Kind::page_position;
		place(pages.position, std::move(node));
		check_beside_rows(pages.next);
		check_beside_rows(pages.more);
		plan_.page_info = page_info_text(pages);
		plan_.pages = std::move(pages);
	}

	AccessPlan
	finish()
	{
		size_t lists = static_cast<size_t>(std::count_if(plan_.columns.begin(), plan_.columns.end(),
														 [](const AccessArgument &argument)
														 { return argument.list; }));

		if (lists > 1)
		{
			refuse("puts several columns into lists: one request can take many values of one "
				   "column only");
		}
		return std::move(plan_);
	}

private:
	[[noreturn]] void
	refuse(const std::string &problem) const
	{
		throw Failure(Code::invalid_option, "option " + quoted(option_) + " of foreign table " +
												quoted(table_.name) + ' ' + problem);
	}

	// What is said of a page is read while rows are looked for, not inside them.
	void
	check_beside_rows(const std::vector<std::string> &path) const
	{
		auto rows = plan_.field.begin() + static_cast<long>(plan_.paged) + 1;
		auto length = static_cast<size_t>(plan_.field.end() - rows);

		if (!path.empty() && path.size() >= length &&
			std::equal(rows, plan_.field.end(), path.begin()))
		{
			refuse("reads " + quoted(path.back()) + " of pages inside the rows of field " +
				   quoted(plan_.text) + ": it must stand beside them");
		}
	}

	// Finds the columns that `node` names.
	void
	resolve(Template &node) const
	{
		if (node.kind == Template::Kind::column)
		{
			for (size_t i = 0; i < table_.columns.size(); i++)
			{
				node.column =
					table_.columns[i].name == node.text ? static_cast<int>(i) : node.column;
			}
			if (node.column < 0)
			{
				refuse("names column " + quoted(node.text) + ", which does not exist");
			}
		}
		for (Template &item : node.items)
		{
			resolve(item);
		}
		for (Template::Member &member : node.members)
		{
			resolve(member.second);
		}
	}

	void
	note_columns(const Template &node)
	{
		if (node.kind == Template::Kind::column)
		{
			note(node.column, Need::required, false);
		}
		else if (node.takes_many())
		{
			note(node.items[0].column, Need::required, true);
		}
		else
		{
			for (const Template &item : node.items)
			{
				note_columns(item);
			}
			for (const Template::Member &member : node.members)
			{
				note_columns(member.second);
			}
		}
	}

	void
	note(int column, Need need, bool list)
	{
		for (AccessArgument &known : plan_.columns)
		{
			if (known.column == column)
			{
				if (known.list || list)
				{
					refuse("uses column " + quoted(table_.columns[column].name) +
						   " in a list and in another place");
				}
				known.need = known.need == Need::required ? known.need : need;
				return;
			}
		}
		plan_.columns.push_back({column, need, list});
	}

	void
	place(std::string_view spelling, Template node)
	{
		ArgumentPath argument = parse_argument(spelling);
		Template *at = &plan_.arguments[argument_element(plan_.field, argument)];

		for (size_t i = argument.names.size(); i > 1; i--)
		{
			Template outer;

			outer.members.emplace_back(argument.names[i - 1], std::move(node));
			node = std::move(outer);
		}
		merge(*at, argument.names[0], std::move(node), spelling);
	}

	void
	merge(Template &object, const std::string &name, Template node, std::string_view spelling)
	{
		Template *present = object.find(name);

		if (present == nullptr)
		{
			object.members.emplace_back(name, std::move(node));
			return;
		}
		if (present->kind != Template::Kind::object || node.kind != Template::Kind::object)
		{
			throw Failure(Code::invalid_option, "argument " + quoted(spelling) +
													" of foreign table " + quoted(table_.name) +
													" is given twice");
		}
		for (Template::Member &member : node.members)
		{
			merge(*present, member.first, std::move(member.second), spelling);
		}
	}

	const RemoteTable &table_;
	std::string_view option_;
	AccessPlan plan_;
};

// The row's own value is read once: as a list, or not.
void
check_self(const RemoteTable &table)
{
	const Column *first = nullptr;

	for (const Column &column : table.columns)
	{
		if (column.self && first != nullptr &&
			(column.array != first->array || (column.array && column.leaf != first->leaf)))
		{
			throw Failure(Code::invalid_option, "columns " + quoted(first->name) + " and " +
													quoted(column.name) + " of foreign table " +
													quoted(table.name) +
													" have the path \".\" and different types");
		}
		first = column.self ? &column : first;
	}
}

void
add_accesses(RemoteTable &table, const TableSpec &spec)
{
	std::optional<Pagination> pages;

	if (!spec.pagination.empty())
	{
		pages = parse_pagination(spec.pagination);
	}
	if (!spec.lookups.empty())
	{
		for (LookupTemplate &lookup : parse_lookups(spec.lookups))
		{
			AccessBuilder builder(table, lookup.field, "lookups");

			builder.add_template(std::move(lookup.arguments));
			if (lookup.pagination)
			{
				builder.add_pages(read_pagination(*lookup.pagination, "lookups"));
			}
			else if (pages && builder.shares_pages(parse_field(spec.field), *pages))
			{
				builder.add_pages(*pages);
			}
			table.accesses.push_back(builder.finish());
		}
	}

	AccessBuilder builder(table, spec.field, "arguments");

	if (!spec.arguments.empty())
	{
		builder.add_template(parse_template(spec.arguments, "arguments"));
	}
	builder.add_columns();
	if (pages)
	{
		builder.add_pages(std::move(*pages));
	}
	table.accesses.push_back(builder.finish());

	// Only now, since the vector moves its elements while it grows.
	for (AccessPlan &plan : table.accesses)
	{
		plan.door = {plan.text,
					 &plan == &table.accesses.back(),
					 -1,
					 plan.columns.data(),
					 plan.columns.size(),
					 nullptr};
		if (plan.pages)
		{
			plan.door_pages = {style_name(plan.pages->style), plan.pages->size, plan.pages->max};
			plan.door.pages = &plan.door_pages;
		}
		for (const AccessArgument &argument : plan.columns)
		{
			plan.door.list_column = argument.list ? argument.column : plan.door.list_column;
		}
	}
}

template <typename F>
bool
check(Error &err, F parse) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse();
					   return true;
				   });
}

}    // namespace

RemoteTable *
table_open(const TableSpec &spec, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   auto table = std::make_unique<RemoteTable>();

					   table->name = spec.name;
					   for (size_t i = 0; i < spec.column_count; i++)
					   {
						   table->columns.push_back(make_column(spec.columns[i]));
					   }
					   check_self(*table);
					   add_accesses(*table, spec);
					   return table.release();
				   });
}

void
table_close(RemoteTable *table) noexcept
{
	delete table;
}

size_t
table_access_count(const RemoteTable *table) noexcept
{
	return table->accesses.size();
}

const Access *
table_access(const RemoteTable *table, size_t index) noexcept
{
	return &table->accesses[index].door;
}

bool
check_field(std::string_view field, Error &err) noexcept
{
	return check(err, [&] { parse_field(field); });
}

bool
check_arguments(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_template(json, "arguments"); });
}

bool
check_lookups(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_lookups(json); });
}

bool
check_pagination(std::string_view json, Error &err) noexcept
{
	return check(err, [&] { parse_pagination(json); });
}

bool
check_path(std::string_view path, Error &err) noexcept
{
	return check(err,
				 [&]
				 {
					 if (!path.empty() && path != ".")
					 {
						 parse_column_path(path);
					 }
				 });
}

bool
check_argument(std::string_view argument, Error &err) noexcept
{
	return check(err, [&] { parse_argument(argument); });
}

bool
check_type(std::string_view type, Error &err) noexcept
{
	return check(err, [&] { parse_type(type); });
}

}    // namespace gql
