// Which addresses are there, and in which networks do they lie?
//
// Addresses are judged in binary, as they are about to be connected to: however a URL spells one,
// and whatever a name resolves to, there is only one form of it here.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace gql
{

// In network order. An IPv4 address that is mapped into IPv6 (::ffff:10.0.0.1) is an IPv4 address.
struct Address
{
	bool is_ipv4 = false;
	unsigned char bytes[16] = {};    // the first 4 of an IPv4 address
};

// False for anything but an IPv4 or IPv6 address.
bool read_address(const sockaddr *address, socklen_t length, Address &result) noexcept;
// "10.0.0.1", "fd00::1", "fe80::1%eth0": the standard spellings only.
bool read_address(const char *text, Address &result) noexcept;

// The worse, the higher.
enum class AddressKind : uint8_t
{
	global,
	loopback,    // this machine
	inner,       // private networks, and whatever else is not reachable from everywhere
	never,       // link-local, metadata services, multicast, broadcast, unspecified
};

AddressKind address_kind(const Address &address) noexcept;

struct Network
{
	Address base;
	unsigned bits = 0;
};

bool contains(const Network &network, const Address &address) noexcept;

// "10.1.0.0/16, fd12::/32, 192.0.2.7": networks in CIDR notation and single addresses. Throws
// Failure (invalid_option).
std::vector<Network> parse_networks(std::string_view text);

}    // namespace gql
