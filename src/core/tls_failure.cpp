// What kept a TLS connection from coming about?

#include "core/tls_failure.hpp"

#include <string>

#include "core/json_text.hpp"

namespace gql
{

namespace
{

struct Words
{
	const char *text;    // in lower case
	TlsProblem problem;
};

// About the other side's certificate.
constexpr Words verification[] = {
	{"expired", TlsProblem::expired},
	{"expiration date", TlsProblem::expired},
	{"not yet valid", TlsProblem::not_yet_valid},
	{"activat", TlsProblem::not_yet_valid},
	{"subject name", TlsProblem::wrong_host},
	{"mismatch", TlsProblem::wrong_host},
	{"common name", TlsProblem::wrong_host},
	{"issuer", TlsProblem::unknown_authority},
	{"self-signed", TlsProblem::unknown_authority},
	{"self signed", TlsProblem::unknown_authority},
	{"first certificate", TlsProblem::unknown_authority},
	{"verification failed. cafile", TlsProblem::unknown_authority},
};

// About the beginning of the conversation.
constexpr Words handshake[] = {
	{"wrong version number", TlsProblem::not_tls},
	{"packet length too long", TlsProblem::not_tls},
	{"unknown protocol", TlsProblem::not_tls},
	{"unexpected tls packet", TlsProblem::not_tls},
	{"packet with unexpected length", TlsProblem::not_tls},
	{"unsupported protocol", TlsProblem::old_version},
	{"unsupported version", TlsProblem::old_version},
	{"protocol version", TlsProblem::old_version},
	{"handshake failure", TlsProblem::handshake_refused},
	{"handshake failed", TlsProblem::handshake_refused},
};

// About our certificate: what the other side says in an alert.
constexpr Words alerts[] = {
	{"certificate required", TlsProblem::certificate_required},
	{"certificate is required", TlsProblem::certificate_required},
	{"no certificate", TlsProblem::certificate_required},
	{"bad certificate status", TlsProblem::none},
	{"certificate", TlsProblem::certificate_refused},
	{"unknown ca", TlsProblem::certificate_refused},
	{"ca is unknown", TlsProblem::certificate_refused},
	{"access denied", TlsProblem::certificate_refused},
	{"access was denied", TlsProblem::certificate_refused},
};

template <size_t Count>
TlsProblem
find(const Words (&list)[Count], std::string_view words)
{
	for (const Words &entry : list)
	{
		if (words.find(entry.text) != std::string_view::npos)
		{
			return entry.problem;
		}
	}
	return TlsProblem::none;
}

}    // namespace

TlsProblem
tls_problem(CURLcode result, std::string_view words, bool answered, bool has_certificate)
{
	const std::string lower = lower_case(words);
	const size_t alert = lower.find("alert ");

	if (result == CURLE_PEER_FAILED_VERIFICATION || result == CURLE_SSL_ISSUER_ERROR)
	{
		return find(verification, lower);
	}
	if (answered || (result != CURLE_SSL_CONNECT_ERROR && result != CURLE_RECV_ERROR &&
					 result != CURLE_SEND_ERROR && result != CURLE_HTTP2))
	{
		return TlsProblem::none;
	}
	// With TLS 1.3 the other side judges our certificate after the handshake is over for us.
	if (alert != std::string::npos)
	{
		const TlsProblem problem = find(alerts, std::string_view(lower).substr(alert));

		if (problem != TlsProblem::none)
		{
			return has_certificate ? problem : TlsProblem::certificate_required;
		}
	}
	return result == CURLE_SSL_CONNECT_ERROR ? find(handshake, lower) : TlsProblem::none;
}

std::string_view
tls_problem_text(TlsProblem problem) noexcept
{
	switch (problem)
	{
		case TlsProblem::not_tls:
			return "what listens on this port does not speak TLS";
		case TlsProblem::old_version:
			return "it offers no version of TLS from 1.2 on";
		case TlsProblem::unknown_authority:
			return "its certificate is not signed by an authority that is trusted here";
		case TlsProblem::expired:
			return "its certificate has expired";
		case TlsProblem::not_yet_valid:
			return "its certificate is not valid yet";
		case TlsProblem::wrong_host:
			return "its certificate is for another host";
		case TlsProblem::handshake_refused:
			return "it refused the handshake";
		case TlsProblem::certificate_required:
			return "it demands a client certificate";
		case TlsProblem::certificate_refused:
			return "it does not accept the client certificate";
		case TlsProblem::none:
			break;
	}
	return {};
}

std::string_view
tls_problem_hint(TlsProblem problem) noexcept
{
	switch (problem)
	{
		case TlsProblem::not_tls:
			return "Check scheme and port of the server's option \"url\".";
		case TlsProblem::unknown_authority:
			return "The authorities of the server's option \"ca_file\" are trusted, or those of "
				   "the system when it is not set.";
		case TlsProblem::wrong_host:
			return "The host of the server's option \"url\" must be one that the certificate "
				   "names.";
		case TlsProblem::handshake_refused:
			return "It may demand a client certificate, which the server's options "
				   "\"client_cert\" and \"client_key\" give.";
		case TlsProblem::certificate_required:
			return "The server's options \"client_cert\" and \"client_key\" give one.";
		case TlsProblem::none:
		case TlsProblem::old_version:
		case TlsProblem::expired:
		case TlsProblem::not_yet_valid:
		case TlsProblem::certificate_refused:
			break;
	}
	return {};
}

}    // namespace gql
