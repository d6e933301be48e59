// Where may requests go?

#include "core/policy.hpp"

#include <algorithm>
#include <string>

#include "core/error.hpp"

namespace gql
{

namespace
{

// A setting's value was checked when it was set, but not if that was before the library was loaded.
template <typename Parse>
auto
parse_setting(const char *name, std::string_view value, Parse parse) -> decltype(parse(value))
{
	try
	{
		return parse(value);
	}
	catch (const Failure &failure)
	{
		Error err;

		failure.copy_to(err);
		throw Failure(Code::forbidden, std::string("setting \"") + name + "\" cannot be used",
					  err.detail, "Until it is corrected no server is reached.");
	}
}

}    // namespace

Policy::Policy(const NetworkPolicy &settings)
	: hosts_(
		  parse_setting("graphql_fdw.allowed_hosts", settings.allowed_hosts, parse_host_patterns)),
	  networks_(
		  parse_setting("graphql_fdw.allowed_networks", settings.allowed_networks, parse_networks)),
	  allow_http_(settings.allow_http), inner_networks_(settings.inner_networks)
{
}

bool
Policy::allows_host(const Url &url) const
{
	return hosts_.empty() || std::any_of(hosts_.begin(), hosts_.end(),
										 [&](const HostPattern &pattern)
										 { return matches(pattern, url.host, url.port); });
}

Denial
Policy::judge(const Address &address, bool clear_text) const noexcept
{
	const AddressKind kind = address_kind(address);

	if (kind == AddressKind::never)
	{
		return Denial::never;
	}
	if (kind != AddressKind::global && !inner_networks_ &&
		std::none_of(networks_.begin(), networks_.end(),
					 [&](const Network &network) { return contains(network, address); }))
	{
		return Denial::inner;
	}
	if (clear_text && !allow_http_ && kind != AddressKind::loopback)
	{
		return Denial::clear_text;
	}
	return Denial::none;
}

Denial
Policy::judge(const sockaddr *address, socklen_t length, bool clear_text) const noexcept
{
	Address known;

	return read_address(address, length, known) ? judge(known, clear_text) : Denial::never;
}

Denial
Policy::judge(const char *address, bool clear_text) const noexcept
{
	Address known;

	return read_address(address, known) ? judge(known, clear_text) : Denial::never;
}

std::string_view
denial_hint(Denial denial) noexcept
{
	switch (denial)
	{
		case Denial::clear_text:
			return "A URL with http reaches loopback addresses only, unless the setting "
				   "graphql_fdw.allow_http is on.";
		case Denial::inner:
			return "Loopback and private addresses are for servers that a superuser owns, and for "
				   "networks in the setting graphql_fdw.allowed_networks.";
		case Denial::never:
			return "Link-local, metadata, multicast and unspecified addresses are never reached, "
				   "whatever graphql_fdw.allowed_networks says.";
		case Denial::none:
			break;
	}
	return {};
}

bool
check_allowed_hosts(std::string_view hosts, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_host_patterns(hosts);
					   return true;
				   });
}

bool
check_allowed_networks(std::string_view networks, Error &err) noexcept
{
	return guarded(err,
				   [&]
				   {
					   parse_networks(networks);
					   return true;
				   });
}

}    // namespace gql
