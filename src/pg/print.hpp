// How is an expression shown where nobody says what is above it in the plan?
#pragma once

#include "pg/prelude.hpp"

namespace gql::pg
{

// As deparse_expression() with this context; parameters print as their number.
char *print_expression(Node *expression, List *context, bool prefix);

}    // namespace gql::pg
