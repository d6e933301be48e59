// Which tables does a schema make?
//
// One for every field of the query root that yields rows. Another object type than the root has no
// rows of its own: importing it makes the tables, among those of the query root, whose rows are of
// that type; and where there is none, tables of the fields that lead to it from the rows of others.

#include "core/import_tables.hpp"

#include <algorithm>

#include "core/detect_keys.hpp"
#include "core/error.hpp"
#include "core/import_columns.hpp"
#include "core/import_table.hpp"

namespace gql
{

namespace
{

class Planner
{
public:
	explicit Planner(const ImportRules &rules)
		: rules_(rules), schema_(*rules.schema), root_(find_type(schema_, schema_.query_type))
	{
	}

	ImportPlan
	plan()
	{
		bool whole = rules_.object_type == "Query" || rules_.object_type == schema_.query_type;

		if (root_ == nullptr || (!whole && !is_object(rules_.object_type)))
		{
			throw Failure(Code::object_missing,
						  "the API has no object type \"" + rules_.object_type + '"', {},
						  "\"Query\" stands for the query root.");
		}
		find_fields();
		find_children();
		make_tables();
		if (!whole)
		{
			keep_type();
		}
		return std::move(plan_);
	}

private:
	struct Named
	{
		FieldDraft *field;
		std::string name;
		std::vector<std::string> children;
	};

	bool
	is_object(const std::string &name) const
	{
		const TypeInfo *type = find_type(schema_, name);

		return type != nullptr &&
			   (type->kind == TypeKind::object || type->kind == TypeKind::interface ||
				type->kind == TypeKind::union_type);
	}

	void
	skip(const FieldInfo &field, const std::string &reason)
	{
		plan_.skipped.push_back({"", root_->name + '.' + field.name, reason});
	}

	void
	find_fields()
	{
		for (const FieldInfo &field : root_->fields)
		{
			if (field.deprecated && !rules_.deprecated)
			{
				skip(field, deprecated_reason);
			}
			else if (field.name == "_service" || field.name == "_entities")
			{
				skip(field, "is for the gateways of a federation");
			}
			else if (field.type.name == schema_.query_type)
			{
				skip(field, "is the query root again");
			}
			else if (!field.type.is_composite() && list_depth(field.type) > 1)
			{
				skip(field, "is a list of lists");
			}
			else if (!find_bundle(field))
			{
				add_field(plan_.fields, make_source(schema_, *root_, field),
						  rules_.name_of(field.name));
			}
		}
	}

	FieldDraft &
	add_field(FieldDrafts &fields, RowSource source, const std::string &name)
	{
		fields.push_back(std::make_unique<FieldDraft>(detect_field(schema_, std::move(source))));
		named_.push_back({fields.back().get(), plan_.names.take(rules_.prefix + name), {}});
		return *fields.back();
	}

	// Page(page, perPage) { pageInfo media(...) users(...) }: one page around many lists.
	bool
	find_bundle(const FieldInfo &field)
	{
		const TypeInfo *type = field.type.list ? nullptr : find_type(schema_, field.type.name);
		RowSource outer = make_source(schema_, *root_, field);
		std::vector<const FieldInfo *> lists;

		if (type == nullptr || outer.shape.kind != RowKind::single ||
			find_field(*type, "pageInfo") == nullptr)
		{
			return false;
		}
		for (const FieldInfo &inner : type->fields)
		{
			if (inner.type.list && inner.type.is_composite())
			{
				lists.push_back(&inner);
			}
		}
		for (const FieldInfo *inner : lists)
		{
			RowSource source = make_source(schema_, outer, *inner);

			if (detect_pages(schema_, source, 0).state != Pages::State::followed)
			{
				return false;
			}

			FieldDraft &draft =
				add_field(plan_.children, source,
						  rules_.name_of(field.name) + '_' + rules_.name_of(inner->name));

			draft.pages = detect_pages(schema_, source, 0);
			draft.paging_step = 0;
		}
		return !lists.empty();
	}

	// Whether objects of a type can be looked up by key.
	bool
	has_key(const TypeInfo *type) const
	{
		return std::any_of(plan_.fields.begin(), plan_.fields.end(),
						   [&](const auto &field)
						   { return field->has_key && field->source.shape.row_type == type; });
	}

	void
	find_children()
	{
		bool direct = rules_.object_type == "Query" || rules_.object_type == schema_.query_type ||
					  std::any_of(plan_.fields.begin(), plan_.fields.end(),
								  [&](const auto &field) { return yields(*field); });

		for (size_t i = 0, count = named_.size(); i < count && (rules_.children || !direct); i++)
		{
			const RowSource &parent = named_[i].field->source;
			const TypeInfo *type = parent.shape.row_type;
			bool unnests = parent.shape.many;

			if (type == nullptr || type->kind != TypeKind::object || parent.steps.size() > 1 ||
				(unnests && (has_key(type) || parent.shape.is_page() ||
							 named_[i].field->pages.state != Pages::State::none)))
			{
				continue;
			}
			for (const FieldInfo &field : type->fields)
			{
				RowSource source = make_source(schema_, parent, field);

				// One request cannot page the lists of several objects.
				if (!field.type.is_composite() || (field.deprecated && !rules_.deprecated) ||
					(direct ? !source.shape.many
							: source.shape.row_type == nullptr ||
								  source.shape.row_type->name != rules_.object_type) ||
					(unnests && (source.shape.is_page() ||
								 detect_pages(schema_, source, 1).state != Pages::State::none)))
				{
					continue;
				}
				add_child(i, std::move(source), field);
			}
		}
	}

	void
	add_child(size_t parent, RowSource source, const FieldInfo &field)
	{
		// Names of the fields of the root are taken before, those of children follow them.
		std::string name =
			named_[parent].name.substr(rules_.prefix.size()) + '_' + rules_.name_of(field.name);

		if (source.shape.many)
		{
			named_[parent].children.push_back(field.name);
		}
		add_field(plan_.children, std::move(source), name);
	}

	bool
	yields(const FieldDraft &field) const
	{
		return field.source.shape.row_type != nullptr &&
			   field.source.shape.row_type->name == rules_.object_type;
	}

	void
	make_table(TableDraft &table)
	{
		std::vector<Skipped> skipped;

		try
		{
			build_table(rules_, plan_.fields, table, skipped);
			plan_.skipped.insert(plan_.skipped.end(), skipped.begin(), skipped.end());
		}
		catch (const Unimportable &unimportable)
		{
			const RowSource &source = table.field->source;

			plan_.skipped.push_back(
				{"", source.name(source.steps.size() - 1), unimportable.reason});
			table.field = nullptr;
		}
	}

	// Fields that do nothing but find keys of a list come last: they are tables where no other
	// table finds rows through them.
	void
	make_tables()
	{
		std::vector<TableDraft> tables(named_.size());

		for (bool lists : {false, true})
		{
			for (size_t i = 0; i < named_.size(); i++)
			{
				if (named_[i].field->only_lists == lists && !(lists && named_[i].field->serves))
				{
					tables[i].name = named_[i].name;
					tables[i].field = named_[i].field;
					tables[i].children = named_[i].children;
					make_table(tables[i]);
				}
			}
		}
		for (TableDraft &table : tables)
		{
			if (table.field != nullptr)
			{
				plan_.tables.push_back(std::move(table));
			}
		}
	}

	void
	keep_type()
	{
		auto other = [&](const TableDraft &table) { return !yields(*table.field); };
		auto gone = [&](const Skipped &skipped)
		{
			return std::none_of(plan_.tables.begin(), plan_.tables.end(),
								[&](const TableDraft &table)
								{ return table.name == skipped.table; });
		};

		plan_.tables.erase(std::remove_if(plan_.tables.begin(), plan_.tables.end(), other),
						   plan_.tables.end());
		plan_.skipped.erase(std::remove_if(plan_.skipped.begin(), plan_.skipped.end(), gone),
							plan_.skipped.end());
		if (plan_.tables.empty())
		{
			plan_.skipped.push_back(
				{"", rules_.object_type, "is not what any field of the query root yields"});
		}
	}

	const ImportRules &rules_;
	const SchemaTypes &schema_;
	const TypeInfo *root_;
	ImportPlan plan_;
	std::vector<Named> named_;
};

}    // namespace

ImportPlan
plan_import(const ImportRules &rules)
{
	return Planner(rules).plan();
}

}    // namespace gql
