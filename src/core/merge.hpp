// What does a Merge hold, and how is one document written for several calls? (Inside the core; the
// door is core/door/merge.hpp.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/door/merge.hpp"
#include "core/merge_source.hpp"
#include "core/verdict.hpp"

namespace gql
{

struct Merge
{
	MergeSource source;
	std::string operation;    // as the caller named it

	std::string body;        // of the last request
	std::string document;    // of `slots` copies, quoted
	size_t slots = 0;
	std::vector<bool> differing;    // by variable: each copy has one of its own
};

// The document of `slots` copies.
std::string merged_document(const MergeSource &source, size_t slots,
							const std::vector<bool> &differing);

struct MergedReply
{
	// Takes the answer apart. Never throws Failure: it becomes `failure`.
	MergedReply(Transfer *transfer, size_t count);
	MergedReply(const Source &source, size_t count);

	struct Call
	{
		std::string data;
		Error first;
		size_t errors = 0;
		bool alone = false;    // must be asked for by itself
	};

	std::vector<Call> calls;
	Error failure;
	bool smaller = false;

private:
	void read(const Source &source);
	void read_data(JsonText &text);
	void blame(const Source &source, std::vector<RemoteError> &errors);
};

}    // namespace gql
