// Which SQL type holds a GraphQL scalar?

#include "core/import_types.hpp"

#include <algorithm>
#include <array>

#include "core/import_names.hpp"

namespace gql
{

namespace
{

struct ScalarName
{
	std::string_view name;
	SqlType type;
};

// As APIs spell them where case matters: Hasura's `timestamp` has no time zone, and its `bigint` is
// PostgreSQL's; what others call Timestamp may be a number.
constexpr std::array<ScalarName, 6> exact_names = {{
	{"timestamp", SqlType::timestamp},
	{"bigint", SqlType::int8},
	{"Timestamp", SqlType::text},
	{"interval", SqlType::interval},
	{"Duration", SqlType::interval},
	{"Interval", SqlType::interval},
}};

// Case and underscores aside.
constexpr std::array<ScalarName, 57> plain_names = {{
	{"int", SqlType::int4},
	{"float", SqlType::float8},
	{"boolean", SqlType::boolean},

	{"smallint", SqlType::int4},
	{"int2", SqlType::int4},
	{"int4", SqlType::int4},
	{"integer", SqlType::int4},
	{"int16", SqlType::int4},
	{"int32", SqlType::int4},
	{"positiveint", SqlType::int4},
	{"nonnegativeint", SqlType::int4},
	{"int8", SqlType::int8},
	{"int64", SqlType::int8},
	{"float4", SqlType::float8},
	{"float8", SqlType::float8},
	{"double", SqlType::float8},
	{"real", SqlType::float8},

	// Integers wider than Int may be wider than 64 bits, too.
	{"bigint", SqlType::numeric},
	{"biginteger", SqlType::numeric},
	{"long", SqlType::numeric},
	{"unsignedint64", SqlType::numeric},
	{"uint64", SqlType::numeric},
	{"decimal", SqlType::numeric},
	{"bigdecimal", SqlType::numeric},
	{"bigfloat", SqlType::numeric},
	{"numeric", SqlType::numeric},
	{"positivedecimal", SqlType::numeric},

	{"datetime", SqlType::timestamptz},
	{"datetimeiso", SqlType::timestamptz},
	{"iso8601datetime", SqlType::timestamptz},
	{"isodatetime", SqlType::timestamptz},
	{"timestamptz", SqlType::timestamptz},
	{"datetimeoffset", SqlType::timestamptz},
	{"offsetdatetime", SqlType::timestamptz},
	{"zoneddatetime", SqlType::timestamptz},
	{"utcdatetime", SqlType::timestamptz},
	{"instant", SqlType::timestamptz},
	{"awsdatetime", SqlType::timestamptz},
	{"localdatetime", SqlType::timestamp},
	{"naivedatetime", SqlType::timestamp},
	{"date", SqlType::date},
	{"localdate", SqlType::date},
	{"isodate", SqlType::date},
	{"iso8601date", SqlType::date},
	{"timelessdate", SqlType::date},
	{"time", SqlType::time},
	{"localtime", SqlType::time},

	{"uuid", SqlType::uuid},
	{"guid", SqlType::uuid},

	{"json", SqlType::jsonb},
	{"jsonb", SqlType::jsonb},
	{"jsonobject", SqlType::jsonb},
	{"jsonvalue", SqlType::jsonb},
	{"genericscalar", SqlType::jsonb},
	{"metadata", SqlType::jsonb},
	{"any", SqlType::jsonb},
	{"map", SqlType::jsonb},
}};

template <size_t N>
const ScalarName *
find(const std::array<ScalarName, N> &names, std::string_view name)
{
	auto found = std::find_if(names.begin(), names.end(),
							  [&](const ScalarName &entry) { return entry.name == name; });

	return found == names.end() ? nullptr : &*found;
}

}    // namespace

SqlType
sql_type_of(std::string_view scalar)
{
	const ScalarName *entry = find(exact_names, scalar);

	if (entry == nullptr)
	{
		entry = find(plain_names, plain_name(scalar));
	}
	return entry == nullptr ? SqlType::text : entry->type;
}

}    // namespace gql
