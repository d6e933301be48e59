// What does the server's configuration allow, whatever the options of foreign servers say?
//
// All settings can only be changed in the configuration (PGC_SIGHUP): no session weakens them. A
// session that came with values of its own, from before the library was loaded, reaches no server.
#pragma once

#include "core/door/transport.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

// Defines the settings. Called once from _PG_init.
void policy_init();

// Another number whenever a setting that endpoints depend on has changed.
uint32 policy_generation();

// graphql_fdw.secrets_directory; "" when it is not set.
const char *policy_secrets_directory();

// A server's options cut to the ceilings.
int policy_concurrency(int wanted);
void policy_apply(EndpointSettings *settings);

}    // namespace gql::pg
