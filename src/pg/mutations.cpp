// Has the transaction in progress run a mutation?
//
// The API carries a mutation out at once. PREPARE TRANSACTION promises that nothing has happened
// until COMMIT PREPARED, so it is refused then, as postgres_fdw does. That a subtransaction is
// rolled back changes nothing: the mutation has been carried out all the same.

#include "pg/mutations.hpp"

#include "pg/prelude.hpp"

namespace gql::pg
{

namespace
{

bool mutated = false;

void
refuse_prepare(XactEvent event, void *)
{
	switch (event)
	{
		case XACT_EVENT_PRE_PREPARE:
			if (mutated)
			{
				ereport(ERROR,
						(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
						 errmsg("cannot PREPARE a transaction that has run a GraphQL mutation")));
			}
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PREPARE:
			mutated = false;
			break;
		default:
			break;
	}
}

}    // namespace

void
note_mutation()
{
	mutated = true;
}

void
mutations_init()
{
	RegisterXactCallback(refuse_prepare, nullptr);
}

}    // namespace gql::pg
