// How do libcurl's results become errors people can act on?

#include "core/transfer_failure.hpp"

#include <climits>
#include <cstring>
#include <string>

#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

bool
is_identity_problem(const Transfer &transfer)
{
	return transfer.tls_problem == TlsProblem::certificate_required ||
		   transfer.tls_problem == TlsProblem::certificate_refused || transfer.proxy_status == 407;
}

// What is known beyond libcurl's result decides; else it is `otherwise`.
Code
code_of_reason(const Transfer &transfer, Code otherwise)
{
	if (address_denied(transfer))
	{
		return Code::forbidden;
	}
	return is_identity_problem(transfer) ? Code::unauthenticated : otherwise;
}

Code
code_before_sending(const Transfer &transfer, CURLcode result)
{
	switch (result)
	{
		case CURLE_OUT_OF_MEMORY:
			return Code::out_of_memory;
		case CURLE_UNSUPPORTED_PROTOCOL:
		case CURLE_URL_MALFORMAT:
			return Code::invalid_option;
		case CURLE_NOT_BUILT_IN:
		case CURLE_BAD_FUNCTION_ARGUMENT:
		case CURLE_UNKNOWN_OPTION:
			return Code::internal;
		default:
			return code_of_reason(transfer, Code::unreachable);
	}
}

Code
code_after_sending(const Transfer &transfer, CURLcode result)
{
	// A request that reached a server which did not accept our certificate was never looked at.
	if (is_identity_problem(transfer))
	{
		return Code::unauthenticated;
	}
	if (transfer.mutation)
	{
		return Code::outcome_unknown;
	}
	// The connection was an old one, it died, and the host's name has moved since.
	if (address_denied(transfer))
	{
		return Code::forbidden;
	}
	switch (transfer.stop)
	{
		case Transfer::Stop::body_too_large:
		case Transfer::Stop::headers_too_large:
			return Code::limit_exceeded;
		case Transfer::Stop::out_of_memory:
			return Code::out_of_memory;
		case Transfer::Stop::resend:
		case Transfer::Stop::peer:
		case Transfer::Stop::none:
			break;
	}
	switch (result)
	{
		case CURLE_OUT_OF_MEMORY:
			return Code::out_of_memory;
		case CURLE_UNSUPPORTED_PROTOCOL:    // HTTP/0.9, or not HTTP at all
		case CURLE_WEIRD_SERVER_REPLY:
		case CURLE_BAD_CONTENT_ENCODING:
		case CURLE_WRITE_ERROR:
			return Code::protocol_violation;
		default:
			return Code::connection_lost;
	}
}

bool
is_tls_failure(const Transfer &transfer, CURLcode result)
{
	if (transfer.tls_problem != TlsProblem::none)
	{
		return true;
	}
	switch (result)
	{
		case CURLE_SSL_CONNECT_ERROR:
		case CURLE_SSL_ENGINE_NOTFOUND:
		case CURLE_SSL_ENGINE_SETFAILED:
		case CURLE_SSL_CERTPROBLEM:
		case CURLE_SSL_CIPHER:
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_SSL_ENGINE_INITFAILED:
		case CURLE_SSL_CACERT_BADFILE:
		case CURLE_SSL_CRL_BADFILE:
		case CURLE_SSL_ISSUER_ERROR:
		case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		case CURLE_SSL_INVALIDCERTSTATUS:
			return true;
		default:
			return false;
	}
}

// libcurl's own.
std::string
words(const Transfer &transfer, CURLcode result)
{
	return clean_text(transfer.curl_text[0] != '\0' ? transfer.curl_text
													: curl_easy_strerror(result),
					  CURL_ERROR_SIZE);
}

// Why, in libcurl's words where there are no better ones.
std::string
reason(const Transfer &transfer, CURLcode result)
{
	switch (transfer.stop)
	{
		case Transfer::Stop::body_too_large:
			return "the answer exceeds max_response_bytes (" +
				   std::to_string(transfer.endpoint->max_response_bytes) + ")";
		case Transfer::Stop::headers_too_large:
			return "the answer's headers are too large";
		case Transfer::Stop::out_of_memory:
			return "out of memory";
		case Transfer::Stop::resend:
			return "the connection was closed before the answer came";
		case Transfer::Stop::peer:
		case Transfer::Stop::none:
			break;
	}
	if (address_denied(transfer))
	{
		return "address denied by policy";
	}
	if (transfer.tls_problem != TlsProblem::none)
	{
		return std::string(tls_problem_text(transfer.tls_problem));
	}
	if (transfer.proxy_status != 0)
	{
		return "the proxy answered with HTTP status " + std::to_string(transfer.proxy_status);
	}
	if (transfer.socket_error != 0 && transfer.sockets_opened == 0)
	{
		return clean_text(strerror(transfer.socket_error), CURL_ERROR_SIZE);
	}
	if (result == CURLE_OPERATION_TIMEDOUT && transfer.deadline <= transfer.finished)
	{
		return "no complete answer within " +
			   std::to_string(transfer.endpoint->request_timeout_ms) + " ms";
	}
	return words(transfer, result);
}

std::string
message(Code code, const Transfer &transfer, CURLcode result)
{
	const std::string server = "GraphQL server \"" + transfer.endpoint->server + "\"";
	const std::string why = ": " + reason(transfer, result);

	switch (code)
	{
		case Code::unreachable:
		case Code::forbidden:
		case Code::unauthenticated:
			return (is_tls_failure(transfer, result) ? "could not establish TLS with "
													 : "could not connect to ") +
				   server + why;
		case Code::outcome_unknown:
			return "could not get the outcome of a mutation from " + server + why;
		case Code::connection_lost:
			return (result == CURLE_OPERATION_TIMEDOUT ? "timed out waiting for "
													   : "lost connection to ") +
				   server + why;
		case Code::protocol_violation:
			return "could not understand the answer of " + server + why;
		case Code::limit_exceeded:
		case Code::out_of_memory:
			return "could not take the answer of " + server + why;
		default:
			return "could not send a request to " + server + why;
	}
}

std::string
detail(const Transfer &transfer, CURLcode result)
{
	return transfer_where(&transfer) +
		   (transfer.tls_problem != TlsProblem::none ? " (" + words(transfer, result) + ')' : "");
}

std::string
hint(Code code, const Transfer &transfer)
{
	switch (code)
	{
		case Code::forbidden:
			return std::string(denial_hint(transfer.denied));
		case Code::outcome_unknown:
			return "The mutation may or may not have been carried out. It was not sent again.";
		case Code::limit_exceeded:
			return transfer.stop == Transfer::Stop::body_too_large
					   ? "Fetch fewer rows or columns at once, or raise max_response_bytes, of "
						 "which the setting graphql_fdw.max_response_bytes is the ceiling."
					   : "";
		case Code::unreachable:
		case Code::unauthenticated:
			return std::string(tls_problem_hint(transfer.tls_problem));
		default:
			return {};
	}
}

// Large answers are met by asking for less, lost connections and time-outs perhaps. A time-out has
// been paid for with the patience of a whole request, so few more are tried.
Advice
advice(Code code, const Transfer &transfer, CURLcode result)
{
	constexpr int tries_after_time_out = 2;
	Advice advice;

	advice.fewer_keys = code == Code::connection_lost ||
						(code == Code::limit_exceeded &&
						 transfer.stop == Transfer::Stop::body_too_large && !transfer.mutation);
	advice.tries = result == CURLE_OPERATION_TIMEDOUT ? tries_after_time_out : INT_MAX;
	return advice;
}

void
recognise_limits(Transfer &transfer, CURLcode result) noexcept
{
	if (transfer.stop != Transfer::Stop::none)
	{
		return;
	}
	if (result == CURLE_FILESIZE_EXCEEDED)
	{
		transfer.stop = Transfer::Stop::body_too_large;
	}
	// A single header line that libcurl finds too long is "out of memory" to it.
	if (result == CURLE_OUT_OF_MEMORY && transfer.header_bytes > 0 && !transfer.headers_complete)
	{
		transfer.stop = Transfer::Stop::headers_too_large;
	}
#if LIBCURL_VERSION_NUM >= 0x080600
	if (result == CURLE_TOO_LARGE)
	{
		transfer.stop = Transfer::Stop::headers_too_large;
	}
#endif
}

}    // namespace

bool
address_denied(const Transfer &transfer) noexcept
{
	return transfer.stop == Transfer::Stop::peer ||
		   (transfer.denied != Denial::none && transfer.sockets_opened == 0);
}

bool
is_lasting(const Transfer &transfer) noexcept
{
	return address_denied(transfer) || transfer.tls_problem != TlsProblem::none ||
		   (transfer.proxy_status >= 400 && transfer.proxy_status < 500);
}

void
recognise_failure(Transfer &transfer, CURLcode result)
{
	long proxy_status = 0;

	recognise_limits(transfer, result);
	if (result == CURLE_OK)
	{
		return;
	}
	transfer.tls_problem = tls_problem(result, transfer.curl_text, transfer.header_bytes > 0,
									   !transfer.endpoint->client_cert.empty());
	curl_easy_getinfo(transfer.easy, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
	transfer.proxy_status = proxy_status >= 300 ? proxy_status : 0;
}

void
describe_failure(Transfer &transfer, CURLcode result)
{
	const Code code = transfer.sent > 0 ? code_after_sending(transfer, result)
										: code_before_sending(transfer, result);

	fill_error(transfer.error, code, message(code, transfer, result), detail(transfer, result),
			   hint(code, transfer));
	transfer.error.advice = advice(code, transfer, result);
}

}    // namespace gql
