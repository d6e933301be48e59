// May rows be read ahead of what is done with them?
//
// What session_headers send is read from settings when a request is made. Where a statement changes
// settings from row to row, rows have to be handed on one by one: read ahead, they would have
// others ask in the name of the last of them.
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// Does the statement call functions that may change a setting: volatile ones, but for a few that
// are known to do something else?
bool may_change_settings(PlannerInfo *root);

// May what the statement sends say who asks, by the session_headers of a server?
bool may_say_who_asks(EState *estate);

}    // namespace gql::pg
