// Does every column still find, in the rows, what it was declared to read?

#include "core/check.hpp"

#include <algorithm>

namespace gql
{

namespace
{

// How well values of a GraphQL type can be read by a column.
enum class Fit
{
	yes,
	some,    // some values cannot be read
	no,
};

Fit
fit_builtin(const std::string &type, ColumnKind kind)
{
	bool number = kind == ColumnKind::integer || kind == ColumnKind::fractional;

	if (kind == ColumnKind::text || kind == ColumnKind::other)
	{
		return Fit::yes;
	}
	if (type == "Int")
	{
		return number ? Fit::yes : Fit::no;
	}
	if (type == "Float")
	{
		return kind == ColumnKind::fractional ? Fit::yes
			   : kind == ColumnKind::integer  ? Fit::some
											  : Fit::no;
	}
	if (type == "Boolean")
	{
		return kind == ColumnKind::boolean ? Fit::yes : Fit::no;
	}
	if (type == "ID")
	{
		return kind == ColumnKind::integer ? Fit::yes : Fit::some;
	}
	return type == "String" ? Fit::some : Fit::yes;    // nothing is known of custom scalars
}

Fit
fit_type(const TypeInfo *info, const std::string &type, ColumnKind kind)
{
	if (info != nullptr && info->kind == TypeKind::enumeration)
	{
		return kind == ColumnKind::text || kind == ColumnKind::enumeration ||
					   kind == ColumnKind::other
				   ? Fit::yes
				   : Fit::no;
	}
	return fit_builtin(type, kind);
}

TypeRef
type_of_typename()
{
	TypeRef type;

	static_cast<TypeText &>(type) = parse_type("String!");
	return type;
}

// ".." for each level.
std::string
above(size_t levels)
{
	std::string text;

	for (size_t i = 0; i < levels; i++)
	{
		text += "..";
	}
	return text;
}

// The type of the objects so many levels above the rows of the table's own field; nullptr when it
// is gone.
const TypeInfo *
enclosing_type(const CheckContext &context, size_t levels)
{
	const std::vector<std::string> &field = context.table.accesses.back().field;
	const TypeInfo *type = context.type(context.schema.query_type);

	for (size_t i = 0; type != nullptr && i < field.size() - levels; i++)
	{
		const FieldInfo *info = find_field(*type, field[i]);

		type = info == nullptr ? nullptr : context.type(info->type.name);
	}
	return type;
}

class ColumnCheck
{
public:
	ColumnCheck(CheckContext &context, int column, const TypeInfo *row)
		: context_(context), column_(column), plan_(context.table.columns[column]), row_(row)
	{
	}

	void
	run()
	{
		size_t found = 0;

		for (const ColumnPath &path : plan_.paths)
		{
			found += check_path(path) ? 1 : 0;
		}
		if (found == 0)
		{
			report_gone();
		}
		else if (found < plan_.paths.size())
		{
			report_alternatives();
		}
	}

	void
	check_leaf(const TypeRef &type, bool nullable, bool in_list)
	{
		const TypeInfo *info = context_.type(type.name);
		const CheckColumn &sql = context_.columns[column_];
		bool list = type.list || in_list;

		if (type.is_composite() ? plan_.leaf == Leaf::scalar : plan_.leaf == Leaf::composite)
		{
			misfit(type.is_composite() ? "is an object now" : "is no object any more", type, list);
		}
		else if (plan_.leaf != Leaf::json && list != plan_.array)
		{
			misfit(list ? "is a list now" : "is no list any more", type, list);
		}
		else if (plan_.leaf == Leaf::scalar)
		{
			check_fit(fit_type(info, type.name, sql.kind), type, list);
			check_labels(info);
		}
		if (nullable && sql.not_null)
		{
			add(Severity::warning, "may be null, and the column is NOT NULL",
				{{Repair::Kind::drop_not_null, column_, {}, {}, {}}});
		}
	}

private:
	void
	add(Severity severity, const std::string &what, std::vector<Repair> repairs)
	{
		context_.out.add(severity, column_, subject_ + ' ' + what, std::move(repairs));
	}

	// Null from now on: the only thing that a view on top does not mind.
	std::vector<Repair>
	blank() const
	{
		std::vector<Repair> repairs;

		if (context_.columns[column_].not_null)
		{
			repairs.push_back({Repair::Kind::drop_not_null, column_, {}, {}, {}});
		}
		repairs.push_back({Repair::Kind::set_column_option, column_, "path", "", {}});
		return repairs;
	}

	void
	misfit(const std::string &what, const TypeRef &type, bool list)
	{
		std::vector<Repair> repairs = blank();

		if (!type.is_composite())
		{
			repairs.push_back({Repair::Kind::change_type,
							   column_,
							   {},
							   {},
							   context_.out.keep(list ? '[' + type.name + ']' : type.name)});
		}
		add(Severity::error, what, std::move(repairs));
	}

	void
	check_fit(Fit fit, const TypeRef &type, bool list)
	{
		if (fit == Fit::no)
		{
			misfit("is of type " + in_quotes(type.name) + " now, which the column cannot hold",
				   type, list);
		}
		else if (fit == Fit::some && type.name == "Float")
		{
			add(Severity::warning, "is of type \"Float\": fractions do not fit the column", {});
		}
	}

	void
	check_labels(const TypeInfo *info)
	{
		const CheckColumn &sql = context_.columns[column_];

		if (sql.kind != ColumnKind::enumeration || info == nullptr ||
			info->kind != TypeKind::enumeration)
		{
			return;
		}
		for (const EnumValueInfo &value : info->values)
		{
			if (std::find(sql.labels, sql.labels + sql.label_count, value.name) ==
				sql.labels + sql.label_count)
			{
				add(Severity::warning,
					"can have the value " + in_quotes(value.name) +
						", which the column's type lacks",
					{{Repair::Kind::add_label, column_, {}, value.name, {}}});
			}
		}
	}

	// Follows one alternative; false when it leads nowhere any more.
	bool
	check_path(const ColumnPath &path)
	{
		const TypeInfo *owner = row_;
		TypeRef type;
		bool nullable = false;
		bool list = false;

		for (size_t i = 0; i < path.size(); i++)
		{
			const PathStep &step = path[i];

			list = list || (i > 0 && type.list);
			if (!step.condition.empty())
			{
				owner = context_.type(step.condition);
				nullable = true;
			}
			const FieldInfo *field = owner == nullptr ? nullptr : find_field(*owner, step.field);

			subject_ = "field " + in_quotes(step.field) +
					   (owner == nullptr ? "" : " of type " + in_quotes(owner->name));
			if (field == nullptr && step.field != "__typename")
			{
				gone_owner_ = owner;
				gone_step_ = i;
				return false;
			}
			type = field == nullptr ? type_of_typename() : field->type;
			nullable = nullable || !type.required;
			if (field != nullptr)
			{
				check_field(*field);
			}
			owner = context_.type(type.name);
		}
		check_leaf(type, nullable, list);
		return true;
	}

	void
	check_field(const FieldInfo &field)
	{
		if (field.deprecated)
		{
			add(Severity::notice, "is deprecated" + reason(field.deprecation), {});
		}
		for (const InputInfo &input : field.arguments)
		{
			if (input.type.required && !input.has_default)
			{
				add(Severity::error, "needs a value for argument " + in_quotes(input.name),
					blank());
			}
		}
	}

	void
	report_gone()
	{
		const FieldInfo *heir = nullptr;
		const ColumnPath &path = plan_.paths.front();

		if (plan_.paths.size() == 1 && gone_owner_ != nullptr)
		{
			heir = find_unread(*gone_owner_, path[gone_step_].field);
		}
		if (heir == nullptr)
		{
			add(Severity::error, "is gone", blank());
			return;
		}

		std::string renamed;

		for (size_t i = 0; i < path.size(); i++)
		{
			renamed += i == 0 ? above(plan_.levels) : ".";
			renamed += path[i].condition.empty() ? "" : "on " + path[i].condition + '.';
			renamed += i == gone_step_ ? heir->name : path[i].field;
		}
		add(Severity::error, "is gone; " + in_quotes(heir->name) + " may be its new name",
			{{Repair::Kind::set_column_option,
			  column_,
			  "path",
			  context_.out.keep(std::move(renamed)),
			  {}}});
	}

	// A field of the right kind that may be the old one under a new name, and that no column reads.
	const FieldInfo *
	find_unread(const TypeInfo &owner, const std::string &name) const
	{
		const FieldInfo *heir = context_.find_heir(owner, name);
		const CheckColumn &sql = context_.columns[column_];

		if (heir == nullptr || heir->type.is_composite() != (plan_.leaf != Leaf::scalar) ||
			(plan_.leaf == Leaf::scalar &&
			 (fit_type(context_.type(heir->type.name), heir->type.name, sql.kind) == Fit::no ||
			  heir->type.list != plan_.array)))
		{
			return nullptr;
		}
		for (const Column &column : context_.table.columns)
		{
			for (const ColumnPath &path : column.paths)
			{
				if (column.levels == plan_.levels && path.size() > gone_step_ &&
					path[gone_step_].field == heir->name)
				{
					return nullptr;
				}
			}
		}
		return heir;
	}

	// Some alternatives are left.
	void
	report_alternatives()
	{
		context_.out.add(Severity::warning, column_,
						 "an alternative of path " + in_quotes(plan_.path_text) + " is gone", {});
	}

	CheckContext &context_;
	const int column_;
	const Column &plan_;
	const TypeInfo *row_;
	std::string subject_;
	const TypeInfo *gone_owner_ = nullptr;
	size_t gone_step_ = 0;
};

}    // namespace

void
check_columns(CheckContext &context, const FieldInfo &row)
{
	const TypeInfo *info = row.type.is_composite() ? context.type(row.type.name) : nullptr;

	for (size_t i = 0; i < context.table.columns.size(); i++)
	{
		const Column &column = context.table.columns[i];
		ColumnCheck check(context, static_cast<int>(i),
						  column.levels == 0 ? info : enclosing_type(context, column.levels));

		if (!column.paths.empty())
		{
			check.run();
		}
	}
}

}    // namespace gql
