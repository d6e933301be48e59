// Which columns do the arguments of a table's field fill?
//
// An argument and a field of the rows that are the same thing are one column: `accounts(region:)`
// and Account.region. Asking for a value then also asks the API. An argument with a default is
// always a column of its own, for nobody would see that the default leaves rows out.

#include "core/import_arguments.hpp"

#include <algorithm>

#include "core/detect_keys.hpp"
#include "core/import_columns.hpp"
#include "core/import_names.hpp"
#include "core/import_table.hpp"

namespace gql
{

namespace
{

class ArgumentBuilder
{
public:
	ArgumentBuilder(const ImportRules &rules, TableDraft &table, std::vector<Skipped> &skipped)
		: rules_(rules), table_(table), source_(table.field->source), skipped_(skipped)
	{
	}

	void
	build()
	{
		const size_t last = source_.steps.size() - 1;

		for (step_ = 0; step_ < last; step_++)
		{
			for (const InputInfo &input : source_.steps[step_].info->arguments)
			{
				if (!is_paging_step() || table_.field->pages.arguments.count(input.name) == 0)
				{
					add(input);
				}
			}
		}
		table_.columns.insert(table_.columns.begin(), own_.begin(), own_.end());
		own_.clear();
		for (const InputInfo *input : selecting_arguments(*table_.field))
		{
			add(*input);
		}
		table_.columns.insert(table_.columns.end(), own_.begin(), own_.end());
	}

private:
	bool
	is_last() const
	{
		return step_ + 1 == source_.steps.size();
	}

	bool
	is_paging_step() const
	{
		return table_.field->paging_step == step_;
	}

	// An argument that is no column.
	void
	leave(const InputInfo &input, const std::string &reason)
	{
		if (is_required(input))
		{
			throw Unimportable{"argument \"" + input.name + "\" " + reason + ", and must be given"};
		}
		skipped_.push_back({table_.name, source_.name(step_, input.name), reason});
	}

	void
	add(const InputInfo &input)
	{
		const TypeInfo *row = is_last() ? source_.shape.row_type : nullptr;
		const FieldInfo *field =
			row == nullptr ? nullptr : matching_field(*row, source_.last().arguments, input.name);

		if (source_.spell(step_, "x").empty())
		{
			leave(input, "cannot be addressed in the path " + source_.text());
		}
		else if (input.deprecated && !rules_.deprecated && !is_required(input))
		{
			leave(input, deprecated_reason);
		}
		else if (is_leaf(input.type))
		{
			if (!merge(input, field, input.name) && !leave_order(input))
			{
				add_column(input, input.name, false);
			}
		}
		else if (list_depth(input.type) > 1)
		{
			leave(input, "is a list of lists");
		}
		else if (leave_order(input))
		{
			return;
		}
		else if (only_removes_rows(input))
		{
			leave(input, "only removes rows");
		}
		else if (input.type.list)
		{
			if (!is_key_list(input))
			{
				add_column(input, input.name, true);
			}
		}
		else if (!add_members(input))
		{
			add_column(input, input.name, false);
		}
	}

	bool
	leave_order(const InputInfo &input)
	{
		if (is_required(input) || !is_order_name(input.name) || !source_.shape.many)
		{
			return false;
		}
		leave(input, "orders rows in a way that is not known");
		return true;
	}

	// A list of keys is used by a look-up.
	bool
	is_key_list(const InputInfo &input) const
	{
		return is_last() && !is_required(input) &&
			   std::any_of(table_.field->accesses.begin(), table_.field->accesses.end(),
						   [&](const KeyAccess &access)
						   {
							   return access.method == KeyAccess::Method::list &&
									  access.parts[0].path[0] == source_.spell(step_, input.name);
						   });
	}

	// Makes the argument an option of the column that is the same thing.
	bool
	merge(const InputInfo &input, const FieldInfo *field, const std::string &spelling)
	{
		if (field == nullptr || (input.has_default && input.default_value != "null") ||
			!are_comparable(field->type, input.type))
		{
			return false;
		}
		for (ColumnDraft &column : table_.columns)
		{
			if (column.field == field->name && column.argument.empty() &&
				column.sql != SqlType::jsonb)
			{
				column.argument = source_.spell(step_, spelling);
				column.type = argument_type(input);
				// The IDs of this type are numbers.
				column.sql = input.type.name == "Int" ? SqlType::int4 : column.sql;
				return true;
			}
		}
		return false;
	}

	// Fields of an input object by which one object is found: where: {id: 1}.
	bool
	add_members(const InputInfo &input)
	{
		const TypeInfo *type = find_type(*rules_.schema, input.type.name);
		const TypeInfo *row = source_.shape.row_type;
		bool found = false;

		if (!is_last() || source_.shape.many || row == nullptr || type == nullptr)
		{
			return false;
		}
		for (const InputInfo &member : type->inputs)
		{
			if (is_required(member) && !is_leaf(member.type))
			{
				return false;
			}
		}
		for (const InputInfo &member : type->inputs)
		{
			if (is_leaf(member.type))
			{
				found = merge(member, matching_field(*row, type->inputs, member.name),
							  input.name + '.' + member.name) ||
						found;
			}
		}
		for (const InputInfo &member : type->inputs)
		{
			std::string spelling = input.name + '.' + member.name;

			if (found && is_required(member) &&
				std::none_of(table_.columns.begin(), table_.columns.end(),
							 [&](const ColumnDraft &column)
							 { return column.argument == source_.spell(step_, spelling); }))
			{
				add_column(member, spelling, false);
			}
		}
		return found;
	}

	static std::string
	argument_type(const InputInfo &input)
	{
		return input.type.text + (is_required(input) ? "!" : "");
	}

	void
	add_column(const InputInfo &input, const std::string &spelling, bool array)
	{
		ColumnDraft column;
		TypeRef type = array ? element_of(input.type) : input.type;

		column.name = (is_last() ? "" : rules_.name_of(source_.steps[step_].info->name) + '_') +
					  rules_.name_of(input.name);
		column.above = !is_last();
		column.argument = source_.spell(step_, spelling);
		column.type = argument_type(input);
		column.value_type = type;
		column.sql = rules_.sql_type(type);
		column.array = array;
		column.comment = input.description;
		if (column.above && !array)
		{
			read_above(input, spelling, column);
		}
		own_.push_back(std::move(column));
	}

	// Whose rows these are can be read of the object around them, where the argument is a field of
	// it.
	void
	read_above(const InputInfo &input, const std::string &spelling, ColumnDraft &column) const
	{
		const FieldStep &below = source_.steps[step_ + 1];
		const FieldInfo *field =
			matching_field(*below.owner, source_.steps[step_].info->arguments, spelling);

		if (field == nullptr || (input.has_default && input.default_value != "null") ||
			!is_leaf(field->type) || !are_comparable(field->type, input.type) ||
			needs_arguments(*field) || (field->deprecated && !rules_.deprecated))
		{
			return;
		}
		for (size_t level = below.index; level < source_.field.size(); level++)
		{
			column.path += "..";
		}
		column.path += field->name;
		column.above_field = field->name;
		column.sql = input.type.name == "Int" ? SqlType::int4 : rules_.sql_type(field->type);
	}

	const ImportRules &rules_;
	TableDraft &table_;
	const RowSource &source_;
	std::vector<Skipped> &skipped_;
	std::vector<ColumnDraft> own_;    // columns that are only arguments
	size_t step_ = 0;
};

}    // namespace

void
add_arguments(const ImportRules &rules, TableDraft &table, std::vector<Skipped> &skipped)
{
	ArgumentBuilder(rules, table, skipped).build();
}

}    // namespace gql
