// How do texts of the database get to the core, which speaks UTF-8 only, and back?
#pragma once

#include <cstring>
#include <string_view>

#include "pg/prelude.hpp"

namespace gql::pg
{

// `text` in UTF-8, ended by NUL as well. It is `text` itself where nothing needs converting. Raises
// 22021 when a SQL_ASCII database holds something else than UTF-8.
inline const char *
to_utf8(const char *text)
{
	return pg_server_to_any(text, static_cast<int>(strlen(text)), PG_UTF8);
}

// Text of an API's schema in the database's encoding, palloc'd. Names are ASCII; of descriptions
// what the encoding lacks becomes '?', since nobody can do anything about it.
char *from_utf8(std::string_view text);

}    // namespace gql::pg
