// Is an answer usable, and if not, what went wrong?

#include "core/verdict.hpp"

#include <algorithm>
#include <climits>

#include "core/api_error.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"
#include "core/retry.hpp"

namespace gql
{

namespace
{

constexpr size_t excerpt_limit = 80;
constexpr size_t kept_errors = 64;
constexpr std::string_view batch_hint =
	"The request may be too large for the API: ask for fewer columns, or lower fetch_size or "
	"key_batch_size.";
constexpr std::string_view outcome_hint = "The mutation may or may not have been carried out.";

std::string
media_type(std::string_view content_type)
{
	std::string type = lower_case(content_type.substr(0, content_type.find(';')));

	type.erase(
		std::remove_if(type.begin(), type.end(), [](char c) { return c == ' ' || c == '\t'; }),
		type.end());
	return type;
}

bool
is_success(long status)
{
	return status >= 200 && status < 300;
}

std::string
quoted_server(const Source &source)
{
	return "GraphQL server \"" + source.server + '"';
}

// What can be said of the whole answer in DETAIL.
std::string
describe(const Source &source, std::string_view body)
{
	std::string text = source.where;
	std::string excerpt =
		clean_text(body.substr(0, std::min<size_t>(body.size(), 4 * excerpt_limit)), excerpt_limit);

	if (!source.answer.content_type.empty())
	{
		text += ", content type " + clean_text(media_type(source.answer.content_type), 60);
	}
	if (!excerpt.empty())
	{
		text += ", beginning: " + excerpt;
	}
	return text;
}

// The answer is no GraphQL response. Whatever a mutation did may have been done.
[[noreturn]] void
refuse_body(const Source &source, std::string_view body, const std::string &problem,
			Code code = Code::protocol_violation)
{
	throw Failure(source.mutation ? Code::outcome_unknown : code,
				  quoted_server(source) + ' ' + problem, describe(source, body),
				  std::string(source.mutation ? outcome_hint : ""));
}

// What a status means where the body says nothing.
Code
code_of_status(long status, bool mutation)
{
	switch (status)
	{
		case 401:
		case 407:
			return Code::unauthenticated;
		case 403:
			return Code::forbidden;
		case 404:
		case 405:
		case 406:
		case 410:
		case 415:
			return Code::endpoint_refused;
		case 413:
		case 414:
		case 431:
			return Code::limit_exceeded;
		case 429:
			return Code::rate_limited;
		default:
			break;
	}
	if (status == 408 || (status >= 500 && status < 600))
	{
		return mutation ? Code::outcome_unknown : Code::connection_lost;
	}
	if (status >= 400 && status < 500)
	{
		return Code::request_refused;
	}
	return mutation ? Code::outcome_unknown : Code::protocol_violation;
}

// "The API asks to come again in 60 s. "
std::string
waiting_time(const Answer &answer)
{
	return answer.wait_ms < 0 ? std::string()
							  : "The API asks to come again in " +
									std::to_string((answer.wait_ms + 999) / 1000) + " s. ";
}

// A request that some server on the way found too large, or that was too much for one.
Advice
advice_of_code(Code code)
{
	Advice advice;

	advice.fewer_keys = code == Code::limit_exceeded || code == Code::connection_lost;
	advice.tries = INT_MAX;
	return advice;
}

[[noreturn]] void
refuse_status(const Source &source, std::string_view body)
{
	long status = source.answer.status;
	bool waits = status == 403 && source.answer.retry_after >= 0;
	Code code = waits ? Code::rate_limited : code_of_status(status, source.mutation);
	std::string problem = "answered with HTTP status " + std::to_string(status);
	std::string detail;
	std::string_view hint;

	switch (code)
	{
		case Code::unauthenticated:
			problem = "did not accept the credentials (HTTP status " + std::to_string(status) + ')';
			hint = "Credentials belong in the options of a user mapping.";
			break;
		case Code::forbidden:
			problem = "denied access (HTTP status 403)";
			break;
		case Code::endpoint_refused:
			hint = "Check the server's option \"url\".";
			break;
		case Code::limit_exceeded:
			hint = batch_hint;
			break;
		case Code::rate_limited:
			problem = "limits the rate of requests (HTTP status " + std::to_string(status) + ')';
			detail = waiting_time(source.answer);
			break;
		case Code::outcome_unknown:
			hint = outcome_hint;
			break;
		default:
			break;
	}
	throw Failure(code, quoted_server(source) + ' ' + problem, detail + describe(source, body),
				  std::string(hint), advice_of_code(code));
}

[[noreturn]] void
refuse_redirect(const Source &source)
{
	const std::string &origin = source.answer.redirect_origin;

	throw Failure(
		Code::endpoint_refused,
		quoted_server(source) + " redirects to " +
			(origin.empty() ? "another address" : '"' + clean_text(origin, excerpt_limit) + '"') +
			", and redirects are not followed",
		source.where, "Set the server's option \"url\" to the final address.");
}

// The class of an error that came in a GraphQL response.
Code
code_of_error(const Source &source, const RemoteError &error)
{
	long status = source.answer.status;
	Code code = code_of_api_error(error);

	if (code != Code::none && code != Code::forbidden)
	{
		return code;
	}
	if (status == 403 && source.answer.retry_after >= 0)
	{
		return Code::rate_limited;
	}
	if (code == Code::forbidden)
	{
		return code;
	}
	// Executed: the status of an authoritative response says no more than that something failed.
	if (is_success(status) ||
		(is_graphql_response(source.answer.content_type) && !error.path.empty()))
	{
		return Code::remote_error;
	}
	code = code_of_status(status, source.mutation);
	// It answered as GraphQL servers do, so it is the request that it did not like.
	return code == Code::endpoint_refused ? Code::request_refused : code;
}

// The body without white space in front of it and without the byte order mark some servers send.
std::string_view
strip(std::string_view body)
{
	if (body.substr(0, 3) == "\xEF\xBB\xBF")
	{
		body.remove_prefix(3);
	}
	return body.substr(std::min(body.find_first_not_of(" \t\r\n"), body.size()));
}

// By its status and its type: is there anything to be read in the answer?
void
check_http(const Source &source, std::string_view body)
{
	const Answer &answer = source.answer;
	const std::string type = media_type(answer.content_type);
	const bool success = is_success(answer.status);

	if (answer.status >= 300 && answer.status < 400 && answer.status != 304)
	{
		refuse_redirect(source);
	}
	if (body.empty() && (success || answer.status == 304))
	{
		refuse_body(source, body, "sent an empty answer");
	}
	if (body.empty())
	{
		refuse_status(source, body);
	}
	if (!type.empty() && type != "application/json" && type != "application/graphql+json" &&
		!is_graphql_response(answer.content_type))
	{
		if (!success)
		{
			refuse_status(source, body);
		}
		refuse_body(source, body, "sent something that is not a GraphQL response");
	}
}

Envelope
open_envelope(const Source &source, std::string_view body, JsonText &text)
{
	try
	{
		text.open(const_cast<char *>(body.data()), body.size());
		return read_envelope(text);
	}
	catch (const JsonError &error)
	{
		if (!is_success(source.answer.status))
		{
			refuse_status(source, body);
		}
		refuse_body(source, body,
					std::string("sent something that is not a GraphQL response: ") + error.what(),
					error.too_deep() ? Code::too_deep : Code::protocol_violation);
	}
}

}    // namespace

Source
source_of(Transfer *transfer)
{
	const Error *error = transfer_error(transfer);

	if (error != nullptr)
	{
		throw Failure(*error);
	}
	return {transfer_answer(transfer), transfer_server(transfer), transfer_where(transfer),
			transfer_is_mutation(transfer)};
}

Error
error_of(const Source &source, const RemoteError &error, size_t count)
{
	Error err;
	Code code = code_of_error(source, error);
	std::string message = quoted_server(source);
	std::string detail;
	Advice advice = advice_of_api_error(error);

	if (!advice.fewer_keys)
	{
		advice = advice_of_code(code);
	}

	message += code == Code::request_refused ? " refused the request" : " reported an error";
	if (!error.path.empty())
	{
		message += " at " + error.path_text();
	}
	message += ": " + error.message;
	if (code == Code::rate_limited)
	{
		detail = waiting_time(source.answer);
	}
	if (!error.code.empty())
	{
		detail += "The API's error code is " + error.code + ". ";
	}
	if (count > 1)
	{
		detail += "This is the first of " + std::to_string(count) + " errors. ";
	}
	detail += source.where;
	fill_error(err, code, message, detail,
			   code == Code::outcome_unknown                        ? outcome_hint
			   : advice.fewer_keys && code != Code::connection_lost ? batch_hint
																	: std::string_view(""));
	err.advice = advice;
	return err;
}

Response
open_response(const Source &source, JsonText &text, OnError on_error,
			  const std::function<void(RemoteError &)> &visit)
{
	const bool authoritative = is_graphql_response(source.answer.content_type);
	const bool success = is_success(source.answer.status);
	const std::string_view body = strip(source.answer.body.view());
	Response response;
	bool at_fields = true;
	bool too_large = false;

	check_http(source, body);

	const Envelope envelope = open_envelope(source, body, text);

	response.data = envelope.data == "null" ? std::string_view() : envelope.data;
	response.error_count = read_errors(
		envelope.errors,
		[&](RemoteError &error)
		{
			at_fields = at_fields && !error.path.empty();
			too_large = too_large || (error.path.empty() && advice_of_api_error(error).fewer_keys);
			visit(error);
			if (response.errors.size() < kept_errors)
			{
				response.errors.push_back(std::move(error));
			}
		});

	const bool lost = on_error == OnError::by_key && response.data.empty() && at_fields;

	if (response.error_count > 0 &&
		(on_error == OnError::error || (response.data.empty() && !lost) ||
		 (on_error == OnError::by_key && too_large) || (!success && !authoritative)))
	{
		Error err = error_of(source, response.errors[0], response.error_count);

		throw Failure(err);
	}
	if (!success && !authoritative)
	{
		refuse_status(source, body);
	}
	if (lost && response.error_count > 0)
	{
		return response;
	}
	if (response.data.empty() || response.data[0] != '{')
	{
		refuse_body(source, body, "sent a response whose \"data\" is not an object");
	}
	return response;
}

}    // namespace gql
