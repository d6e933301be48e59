// How do the tests of the GraphQL side get tables, queries and answers?
#pragma once

#include <gtest/gtest.h>

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/query.hpp"
#include "core/reply.hpp"
#include "core/schema_learn.hpp"

namespace gql::test
{

inline ColumnSpec
column(std::string_view name, std::string_view path, Leaf leaf = Leaf::scalar, bool array = false)
{
	ColumnSpec spec;

	spec.name = name;
	spec.path = path;
	spec.default_type = "String";
	spec.leaf = leaf;
	spec.array = array;
	return spec;
}

inline ColumnSpec
argument(std::string_view name, std::string_view argument, std::string_view type = {},
		 std::string_view default_type = "Int")
{
	ColumnSpec spec = column(name, name);

	spec.argument = argument;
	spec.type = type;
	spec.default_type = default_type;
	return spec;
}

using TablePointer = std::unique_ptr<RemoteTable, decltype(&table_close)>;
using QueryPointer = std::unique_ptr<Query, decltype(&query_close)>;

struct Options
{
	std::string_view field;
	std::string_view arguments = {};
	std::string_view lookups = {};
	std::string_view pagination = {};
	std::string_view filter = {};
	std::string_view count = {};
	std::string_view order = {};
	std::string_view aggregates = {};
};

// A table named "account"; null and `err` when its options are refused.
inline TablePointer
try_table(const Options &options, const std::vector<ColumnSpec> &columns, Error &err)
{
	TableSpec spec;

	spec.name = "account";
	spec.field = options.field;
	spec.arguments = options.arguments;
	spec.lookups = options.lookups;
	spec.pagination = options.pagination;
	spec.filter = options.filter;
	spec.count = options.count;
	spec.order = options.order;
	spec.aggregates = options.aggregates;
	spec.columns = columns.data();
	spec.column_count = columns.size();
	return {table_open(spec, err), &table_close};
}

inline TablePointer
make_table(const Options &options, const std::vector<ColumnSpec> &columns)
{
	Error err;
	TablePointer table = try_table(options, columns, err);

	EXPECT_NE(table, nullptr) << err.message;
	return table;
}

inline QueryPointer
make_query(const TablePointer &table, Method method, const std::vector<int> &selected,
		   const std::vector<int> &bound = {}, size_t access = 0,
		   const std::vector<FilterNode> &filter = {})
{
	Error err;
	QuerySpec spec;

	spec.access = access;
	spec.method = method;
	spec.selected = selected.data();
	spec.selected_count = selected.size();
	spec.bound = bound.data();
	spec.bound_count = bound.size();
	spec.filter = filter.data();
	spec.filter_count = filter.size();

	QueryPointer query(query_open(table.get(), spec, err), &query_close);

	EXPECT_NE(query, nullptr) << err.message;
	return query;
}

// {"kind":...} as introspection tells "[ID!]!"; `kind` is that of the named type.
inline std::string
introspected(std::string type, const std::string &kind = "SCALAR")
{
	std::string wrapper;

	if (type.back() == '!')
	{
		wrapper = "NON_NULL";
		type.pop_back();
	}
	else if (type.front() == '[')
	{
		wrapper = "LIST";
		type = type.substr(1, type.size() - 2);
	}
	return wrapper.empty() ? "{\"kind\":\"" + kind + "\",\"name\":\"" + type + "\",\"ofType\":null}"
						   : "{\"kind\":\"" + wrapper +
								 "\",\"name\":null,\"ofType\":" + introspected(type, kind) + "}";
}

// {"name":...,"type":...,"defaultValue":...}
inline std::string
introspected_input(const std::string &name, const std::string &type,
				   const std::string &kind = "SCALAR", const std::string &default_value = "null")
{
	return "{\"name\":\"" + name + "\",\"type\":" + introspected(type, kind) +
		   ",\"defaultValue\":" + default_value + "}";
}

// {"name":...,"args":[...],"type":...}
inline std::string
introspected_field(const std::string &name, const std::string &arguments, const std::string &type,
				   const std::string &kind = "OBJECT")
{
	return "{\"name\":\"" + name + "\",\"args\":[" + arguments +
		   "],\"type\":" + introspected(type, kind) + "}";
}

// `data` of the answer to the first question.
inline std::string
introspected_root(const std::string &fields)
{
	return "{\"__schema\":{\"queryType\":{\"name\":\"Query\",\"fields\":[" + fields + "]}}}";
}

// A schema whose query root is described by the JSON of introspected types.
inline Schema
make_schema(const std::string &data)
{
	Schema schema;

	schema_read(schema, data);
	return schema;
}

inline Answer
make_answer(std::string_view body, long status = 200,
			std::string_view content_type = "application/json")
{
	Answer answer;

	answer.status = status;
	answer.content_type = content_type;
	EXPECT_TRUE(answer.body.append(body.data(), body.size()));
	return answer;
}

// Runs `body` and returns the error it fails with; code none when it does not fail.
template <typename F>
Error
error_from(F body)
{
	Error err;

	guarded(err,
			[&]
			{
				body();
				return true;
			});
	return err;
}

}    // namespace gql::test
