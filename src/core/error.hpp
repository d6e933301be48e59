// How do failures travel inside the core, and how do they leave it?
//
// Inside, code throws Failure. guarded() is the one place where exceptions end: every door function
// runs its body through it, so nothing is ever thrown into PostgreSQL.
#pragma once

#include <new>
#include <string>
#include <string_view>
#include <utility>

#include "core/door/error.hpp"

namespace gql
{

class Failure : public std::exception
{
public:
	Failure(Code code, std::string message, std::string detail = {}, std::string hint = {},
			const Advice &advice = {})
		: code_(code), message_(std::move(message)), detail_(std::move(detail)),
		  hint_(std::move(hint)), advice_(advice)
	{
	}
	explicit Failure(const Error &err)
		: Failure(err.code, err.message, err.detail, err.hint, err.advice)
	{
	}

	const char *
	what() const noexcept override
	{
		return message_.c_str();
	}
	Code
	code() const noexcept
	{
		return code_;
	}
	void
	advise_against_arrays() noexcept
	{
		advice_.no_arrays = true;
	}
	void copy_to(Error &err) const noexcept;

private:
	Code code_;
	std::string message_;
	std::string detail_;
	std::string hint_;
	Advice advice_;
};

// Copies `text` into a fixed buffer, ends it with NUL, cuts it at a UTF-8 character boundary.
void copy_text(char *buffer, size_t size, std::string_view text) noexcept;

void fill_error(Error &err, Code code, std::string_view message, std::string_view detail = {},
				std::string_view hint = {}) noexcept;

// Runs `body`; when it throws, fills err and returns a value-initialised result (nullptr, false,
// 0).
template <typename F>
auto
guarded(Error &err, F body) noexcept -> decltype(body())
{
	try
	{
		return body();
	}
	catch (const std::bad_alloc &)
	{
		fill_error(err, Code::out_of_memory, "out of memory");
	}
	catch (const Failure &failure)
	{
		failure.copy_to(err);
	}
	catch (const std::exception &problem)
	{
		fill_error(err, Code::internal, problem.what());
	}
	catch (...)
	{
		fill_error(err, Code::internal, "unknown exception");
	}
	return decltype(body())();
}

}    // namespace gql
