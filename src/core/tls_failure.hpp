// What kept a TLS connection from coming about?
//
// libcurl has few result codes for it and the words of whichever TLS library it was built with;
// those of OpenSSL and GnuTLS are understood.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <string_view>

namespace gql
{

enum class TlsProblem : uint8_t
{
	none,                 // or unknown: the words are all there is
	not_tls,              // the other side speaks something else
	old_version,          // it has nothing from TLS 1.2 on
	unknown_authority,    // of its certificate
	expired,
	not_yet_valid,
	wrong_host,
	handshake_refused,       // by the other side, for reasons of its own
	certificate_required,    // it wants one of us
	certificate_refused,     // it does not accept ours
};

// `answered`: something of an answer has arrived, so that TLS had come about.
// `has_certificate`: a client certificate is configured.
TlsProblem tls_problem(CURLcode result, std::string_view words, bool answered,
					   bool has_certificate);

// "its certificate has expired"
std::string_view tls_problem_text(TlsProblem problem) noexcept;
std::string_view tls_problem_hint(TlsProblem problem) noexcept;

}    // namespace gql
