// How are connections of an endpoint set up in libcurl?

#include <curl/curl.h>

#include "core/curl_option.hpp"
#include "core/endpoint.hpp"

namespace gql
{

namespace
{

constexpr long max_idle_seconds = 60;

// libcurl 7.88 fails whatever comes second on a connection of HTTP/2 with prior knowledge.
bool
can_share_connections(const Endpoint &endpoint)
{
	return endpoint.http_version != CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE ||
		   curl_version_info(CURLVERSION_NOW)->version_num >= 0x080000;
}

void
set_proxy(CURL *easy, const Endpoint &endpoint)
{
	// Set even where there is none: the environment of the postmaster would choose one.
	set(easy, CURLOPT_PROXY, endpoint.proxy.c_str());
	set(easy, CURLOPT_NOPROXY, endpoint.proxy.empty() ? "*" : "");
	// What a proxy is told on the way is host and port; headers are for the API.
	set(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
	set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
}

void
set_tls(CURL *easy, const Endpoint &endpoint)
{
	set(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
	set(easy, CURLOPT_SSL_VERIFYPEER, endpoint.tls_verify ? 1L : 0L);
	set(easy, CURLOPT_SSL_VERIFYHOST, endpoint.tls_verify ? 2L : 0L);
	if (!endpoint.ca_file.empty())
	{
		set(easy, CURLOPT_CAINFO, endpoint.ca_file.c_str());
		// Instead of the system's authorities, not beside them. Not every TLS library has it.
		curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
	}
	if (!endpoint.client_cert.empty())
	{
		set(easy, CURLOPT_SSLCERT, endpoint.client_cert.c_str());
		set(easy, CURLOPT_SSLKEY, endpoint.client_key.c_str());
		set(easy, CURLOPT_KEYPASSWD, "");    // else OpenSSL would ask for it on a terminal
	}
}

}    // namespace

void
Endpoint::set_connection(CURL *easy) const
{
	const bool may_multiplex = http_version != CURL_HTTP_VERSION_1_1;

	set(easy, CURLOPT_URL, url.text.c_str());
	set(easy, CURLOPT_PROTOCOLS_STR, url.secure ? "https" : "http");
	set(easy, CURLOPT_FOLLOWLOCATION, 0L);
	set_proxy(easy, *this);
	set(easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
	set(easy, CURLOPT_NOSIGNAL, 1L);
	set(easy, CURLOPT_QUICK_EXIT, 1L);    // closing never waits for a name to be resolved
	set(easy, CURLOPT_HTTP_VERSION, http_version);
	// Where several requests may share a connection, wait for it instead of opening more.
	set(easy, CURLOPT_PIPEWAIT, may_multiplex ? 1L : 0L);
	set(easy, CURLOPT_FRESH_CONNECT, can_share_connections(*this) ? 0L : 1L);
	set(easy, CURLOPT_FORBID_REUSE, can_share_connections(*this) ? 0L : 1L);
	set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_timeout_ms));
	set(easy, CURLOPT_MAXAGE_CONN, max_idle_seconds);
	set(easy, CURLOPT_TCP_KEEPALIVE, 1L);
	set_tls(easy, *this);
}

}    // namespace gql
