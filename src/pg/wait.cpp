// How does a backend wait for the network without becoming deaf?
//
// One loop, the only place that waits. The transport gives one descriptor for all sockets and
// timers; the latch brings everything PostgreSQL has to say.

#include "pg/wait.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

void
wait_for(const Transfer *transfer)
{
	Error err;
	int fd = transport_fd(err);

	if (fd < 0)
	{
		raise(err);
	}
	for (;;)
	{
		transport_drive();
		if (transfer_done(transfer))
		{
			return;
		}
		int events =
			WaitLatchOrSocket(MyLatch, WL_LATCH_SET | WL_SOCKET_READABLE | WL_EXIT_ON_PM_DEATH, fd,
							  -1, wait_event_remote_reply());

		if (events & WL_LATCH_SET)
		{
			ResetLatch(MyLatch);
			CHECK_FOR_INTERRUPTS();
		}
	}
}

}    // namespace gql::pg
