// Do the fields and arguments that reach a table's rows still exist, and do they take what is sent?

#include "core/check.hpp"

#include <algorithm>

namespace gql
{

namespace
{

using Kind = Template::Kind;

bool
is_filled(const InputInfo &input)
{
	return input.has_default || !input.type.required;
}

// Numbers and booleans are written as such only where the column holds them.
bool
can_send(ColumnKind kind, const std::string &type)
{
	if (type == "Int" || type == "Float")
	{
		return kind != ColumnKind::text && kind != ColumnKind::boolean &&
			   kind != ColumnKind::enumeration;
	}
	return type != "Boolean" || kind == ColumnKind::boolean || kind == ColumnKind::other;
}

}    // namespace

const FieldInfo *
AccessCheck::run()
{
	const TypeInfo *owner = context_.type(context_.schema.query_type);
	const FieldInfo *field = nullptr;

	for (size_t i = 0; i < plan_.field.size(); i++)
	{
		const std::string &name = plan_.field[i];

		field = owner == nullptr ? nullptr : find_field(*owner, name);
		if (field == nullptr)
		{
			report_gone_field(i, owner);
			return nullptr;
		}
		if (field->deprecated)
		{
			add(Severity::notice, -1,
				"field " + in_quotes(name) + " is deprecated" + reason(field->deprecation), {});
		}
		place_ = "field " + in_quotes(name);
		element_ = i;
		path_.clear();
		check_members(plan_.arguments[i], field->arguments);
		owner = context_.type(field->type.name);
	}
	return field;
}

// Nothing but a look-up can go without the table losing its rows.
void
AccessCheck::add(Severity severity, int column, std::string message, std::vector<Repair> repairs)
{
	if (is_lookup())
	{
		if (severity == Severity::error && !dropped_)
		{
			dropped_ = true;
			context_.drop_lookup(lookup_, std::move(message));
		}
		return;
	}
	context_.out.add(severity, column, std::move(message), std::move(repairs));
}

void
AccessCheck::report_gone_field(size_t element, const TypeInfo *owner)
{
	std::string type = owner == nullptr ? context_.schema.query_type : owner->name;
	std::string message =
		"field " + in_quotes(plan_.field[element]) + " is gone from type " + in_quotes(type);
	const FieldInfo *heir = owner == nullptr || is_lookup()
								? nullptr
								: context_.find_heir(*owner, plan_.field[element]);
	std::vector<Repair> repairs;

	if (heir != nullptr)
	{
		std::string path;

		for (size_t i = 0; i < plan_.field.size(); i++)
		{
			path += (i == 0 ? "" : ".") + (i == element ? heir->name : plan_.field[i]);
		}
		message += "; " + in_quotes(heir->name) + " may be its new name";
		repairs.push_back(
			{Repair::Kind::set_table_option, -1, "field", context_.out.keep(std::move(path)), {}});
	}
	add(Severity::error, -1, std::move(message), std::move(repairs));
}

void
AccessCheck::check_members(const Template &object, const std::vector<InputInfo> &inputs)
{
	for (const Template::Member &member : object.members)
	{
		const InputInfo *input = find_input(inputs, member.first);

		path_.push_back(member.first);
		if (input == nullptr)
		{
			report_gone_argument(member.second);
		}
		else
		{
			if (input->deprecated)
			{
				add(Severity::notice, column_of(member.second),
					argument_name() + " is deprecated" + reason(input->deprecation), {});
			}
			check_value(member.second, input->type, is_filled(*input));
		}
		path_.pop_back();
	}
	for (const InputInfo &input : inputs)
	{
		if (!is_filled(input) && std::none_of(object.members.begin(), object.members.end(),
											  [&](const Template::Member &member)
											  { return member.first == input.name; }))
		{
			path_.push_back(input.name);
			report_required(input);
			path_.pop_back();
		}
	}
}

void
AccessCheck::check_value(const Template &value, const TypeRef &type, bool optional)
{
	const TypeInfo *info = context_.type(type.name);

	switch (value.kind)
	{
		case Kind::column:
			check_column(value.column, type, optional);
			break;
		case Kind::list:
			if (!type.list)
			{
				add(Severity::error, column_of(value), argument_name() + " takes no list any more",
					{});
				break;
			}
			for (const Template &item : value.items)
			{
				check_value(item, element_of(type), false);
			}
			break;
		case Kind::object:
			if (value.is_representation() && (info == nullptr || info->kind == TypeKind::scalar))
			{
				check_representation(value);
				break;
			}
			if (info == nullptr || info->kind != TypeKind::input_object)
			{
				add(Severity::error, column_of(value),
					argument_name() + " is no input object any more", {});
				break;
			}
			check_members(value, info->inputs);
			break;
		case Kind::string:
			if (info != nullptr && info->kind == TypeKind::enumeration &&
				!has_value(*info, value.text))
			{
				add(Severity::error, -1,
					"value " + in_quotes(value.text) + " of enum " + in_quotes(type.name) +
						", sent as " + argument_name() + ", is gone",
					{});
			}
			break;
		case Kind::literal:
		case Kind::page_size:
		case Kind::page_position:
		case Kind::list_size:
		case Kind::filter:
			break;
	}
}

// What is inside is for the API's entities: their fields are what an object is found by.
void
AccessCheck::check_representation(const Template &value)
{
	const TypeInfo *entity = nullptr;

	for (const Template::Member &member : value.members)
	{
		if (member.first == "__typename")
		{
			entity = context_.type(member.second.text);
		}
	}
	for (const Template::Member &member : value.members)
	{
		if (member.first != "__typename" && entity != nullptr &&
			find_field(*entity, member.first) == nullptr)
		{
			add(Severity::error, -1,
				"field " + in_quotes(member.first) + " is gone from type " +
					in_quotes(entity->name),
				{});
		}
	}
}

void
AccessCheck::check_column(int column, const TypeRef &type, bool optional)
{
	std::string &declared = context_.declared[column];
	std::string name = argument_name();

	if (!declared.empty())
	{
		TypeText text = parse_type(declared);
		bool other_type = text.name != type.name || text.list != type.list;
		bool required = !optional && type.required && !text.required;

		if ((other_type || required) && (!is_lookup() || other_type))
		{
			std::string now = type_text(type);

			add(Severity::error, column,
				name + (other_type ? " is of type " + in_quotes(now) + " now, declared as " +
										 in_quotes(declared)
								   : " is required now"),
				{{Repair::Kind::set_column_option, column, "type", context_.out.keep(now), {}}});
			declared = is_lookup() ? declared : now;
		}
	}
	if (!can_send(context_.columns[column].kind, type.name))
	{
		add(Severity::warning, column,
			name + " takes " + type.name + ", which the column's values may not be", {});
	}
	check_labels(column, type, optional);
}

// Labels of the column's enum type that the API does not know: comparing with one is refused there.
void
AccessCheck::check_labels(int column, const TypeRef &type, bool optional)
{
	const TypeInfo *info = context_.type(type.name);
	const CheckColumn &sql = context_.columns[column];

	if (sql.kind != ColumnKind::enumeration || info == nullptr ||
		info->kind != TypeKind::enumeration || is_lookup())
	{
		return;
	}
	for (size_t i = 0; i < sql.label_count; i++)
	{
		if (!has_value(*info, sql.labels[i]))
		{
			add(Severity::warning, column,
				"value " + in_quotes(sql.labels[i]) + " of enum " + in_quotes(type.name) +
					" is gone: comparing with it is refused by the API as long as it is sent as " +
					argument_name(),
				optional ? context_.drop_argument(column) : std::vector<Repair>());
		}
	}
}

void
AccessCheck::report_gone_argument(const Template &value)
{
	int column = column_of(value);

	add(Severity::error, column, argument_name() + " is gone",
		column < 0 ? std::vector<Repair>() : context_.drop_argument(column));
}

void
AccessCheck::report_required(const InputInfo &input)
{
	const TypeInfo *info = context_.type(input.type.name);
	bool leaf = info == nullptr || info->kind != TypeKind::input_object;
	std::vector<Repair> repairs;

	if (!is_lookup() && leaf && !input.type.list && path_.size() == 1)
	{
		std::string argument = element_ == argument_element(plan_.field, ArgumentPath())
								   ? input.name
								   : plan_.field[element_] + '(' + input.name + ')';

		repairs.push_back({Repair::Kind::add_column, -1, context_.out.keep(std::move(argument)),
						   context_.out.keep(input.name),
						   context_.out.keep(type_text(input.type))});
	}
	add(Severity::error, -1, argument_name() + " is required now", std::move(repairs));
}

int
AccessCheck::column_of(const Template &value) const
{
	if (value.kind == Kind::column)
	{
		return value.column;
	}
	return value.takes_many() ? value.find_column()->column : -1;
}

std::string
AccessCheck::argument_name() const
{
	std::string name;

	for (const std::string &part : path_)
	{
		name += (name.empty() ? "" : ".") + part;
	}
	return "argument " + in_quotes(name) + " of " + place_;
}

}    // namespace gql
