// How do objects of the C++ core live exactly as long as a PostgreSQL memory context?
#pragma once

#include "core/door/error.hpp"

#include "pg/errors.hpp"
#include "pg/prelude.hpp"

namespace gql::pg
{

// Like own(), but returns nullptr and err instead of raising.
template <auto Close, typename Open>
auto
try_own(MemoryContext context, Open open, Error *err)
{
	auto *callback = static_cast<MemoryContextCallback *>(
		MemoryContextAllocZero(context, sizeof(MemoryContextCallback)));
	auto *object = open(*err);

	if (object != nullptr)
	{
		callback->func = [](void *arg) { Close(static_cast<decltype(object)>(arg)); };
		callback->arg = object;
		MemoryContextRegisterResetCallback(context, callback);
	}
	return object;
}

// Opens a core object and closes it when `context` is reset or deleted, which is also what happens
// when a statement fails. The callback is allocated first, so nothing can fail once the object
// exists. Raises what open() reports.
//
//     Reply *reply = own<reply_close>(context, [&](Error &err) { return reply_open(..., err); });
template <auto Close, typename Open>
auto
own(MemoryContext context, Open open)
{
	Error err;
	auto *object = try_own<Close>(context, open, &err);

	if (object == nullptr)
	{
		raise(err);
	}
	return object;
}

}    // namespace gql::pg
