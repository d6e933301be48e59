// How do libcurl's results become errors people can act on?

#include "core/transfer_failure.hpp"

#include <cstring>
#include <string>

#include "core/endpoint.hpp"
#include "core/error.hpp"
#include "core/json_text.hpp"

namespace gql
{

namespace
{

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
			return address_denied(transfer) ? Code::forbidden : Code::unreachable;
	}
}

Code
code_after_sending(const Transfer &transfer, CURLcode result)
{
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
is_tls_failure(CURLcode result)
{
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

// Why, in libcurl's words where it has any.
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
		case Transfer::Stop::none:
			break;
	}
	if (address_denied(transfer))
	{
		return "address denied by policy";
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
	return clean_text(transfer.curl_text[0] != '\0' ? transfer.curl_text
													: curl_easy_strerror(result),
					  CURL_ERROR_SIZE);
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
			return (is_tls_failure(result) ? "could not establish TLS with "
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
hint(Code code, const Transfer &transfer, CURLcode result)
{
	switch (code)
	{
		case Code::forbidden:
			return transfer.endpoint->url.secure
					   ? "Link-local and metadata addresses are never allowed."
					   : "A URL with http reaches loopback addresses only; others need https.";
		case Code::outcome_unknown:
			return "The mutation may or may not have been carried out. It was not sent again.";
		case Code::limit_exceeded:
			return transfer.stop == Transfer::Stop::body_too_large
					   ? "Fetch fewer rows or columns at once, or raise max_response_bytes."
					   : "";
		case Code::unreachable:
			return result == CURLE_PEER_FAILED_VERIFICATION
					   ? "The certificate must name the host of url and be signed by an authority "
						 "of ca_file, or of the system when that is not set."
					   : "";
		default:
			return {};
	}
}

}    // namespace

bool
address_denied(const Transfer &transfer) noexcept
{
	return transfer.addresses_denied > 0 && transfer.sockets_opened == 0;
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

void
describe_failure(Transfer &transfer, CURLcode result)
{
	const Code code = transfer.sent > 0 ? code_after_sending(transfer, result)
										: code_before_sending(transfer, result);

	fill_error(transfer.error, code, message(code, transfer, result), transfer_where(&transfer),
			   hint(code, transfer, result));
}

}    // namespace gql
