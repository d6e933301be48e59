// Has the transaction in progress run a mutation?
#pragma once

namespace gql::pg
{

// To be called before one is sent: from here on the transaction cannot be prepared for two-phase
// commit.
void note_mutation();

void mutations_init();

}    // namespace gql::pg
