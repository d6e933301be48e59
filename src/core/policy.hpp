// Where may requests go?
//
// Hosts are judged by name when an endpoint is opened. What they resolve to is judged address by
// address when a socket is opened, and once more when a request is about to be written to it.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/address.hpp"
#include "core/door/transport.hpp"
#include "core/host_pattern.hpp"
#include "core/url.hpp"

namespace gql
{

// Why an address is not connected to. The more lasting, the higher.
enum class Denial : uint8_t
{
	none,
	clear_text,    // without TLS beyond this machine
	inner,         // this machine and private networks are not for everybody's servers
	never,
};

class Policy
{
public:
	// Throws Failure (forbidden) when a setting cannot be used: what it was meant to keep closed
	// stays closed.
	explicit Policy(const NetworkPolicy &settings);

	bool allows_host(const Url &url) const;

	bool
	allows_clear_text() const noexcept
	{
		return allow_http_;
	}

	// `clear_text`: the request would travel without TLS.
	Denial judge(const Address &address, bool clear_text) const noexcept;
	Denial judge(const sockaddr *address, socklen_t length, bool clear_text) const noexcept;
	Denial judge(const char *address, bool clear_text) const noexcept;

private:
	std::vector<HostPattern> hosts_;
	std::vector<Network> networks_;
	bool allow_http_;
	bool inner_networks_;
};

// What the DBA or the server's owner can do about it.
std::string_view denial_hint(Denial denial) noexcept;

}    // namespace gql
