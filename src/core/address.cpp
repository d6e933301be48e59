// Which addresses are there, and in which networks do they lie?

#include "core/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "core/error.hpp"
#include "core/list_text.hpp"

namespace gql
{

namespace
{

struct KnownNetwork
{
	unsigned char base[16];    // trailing zeroes are left out
	unsigned bits;
	AddressKind kind;
};

// IANA's registries of special-purpose addresses, and what clouds keep for their machines. The
// worst of the networks that an address lies in counts.
constexpr KnownNetwork ipv4_networks[] = {
	{{127}, 8, AddressKind::loopback},
	{{0}, 8, AddressKind::inner},
	{{10}, 8, AddressKind::inner},
	{{100, 64}, 10, AddressKind::inner},    // carrier-grade NAT
	{{172, 16}, 12, AddressKind::inner},
	{{192, 0, 0}, 24, AddressKind::inner},
	{{192, 0, 2}, 24, AddressKind::inner},    // documentation
	{{192, 168}, 16, AddressKind::inner},
	{{198, 18}, 15, AddressKind::inner},         // benchmarks
	{{198, 51, 100}, 24, AddressKind::inner},    // documentation
	{{203, 0, 113}, 24, AddressKind::inner},     // documentation
	{{240}, 4, AddressKind::inner},              // reserved
	{{0, 0, 0, 0}, 32, AddressKind::never},
	{{169, 254}, 16, AddressKind::never},              // link-local, metadata services
	{{100, 100, 100, 200}, 32, AddressKind::never},    // metadata service
	{{192, 0, 0, 192}, 32, AddressKind::never},        // metadata service
	{{168, 63, 129, 16}, 32, AddressKind::never},      // a cloud's agent service
	{{224}, 4, AddressKind::never},                    // multicast
	{{255, 255, 255, 255}, 32, AddressKind::never},
};

constexpr KnownNetwork ipv6_networks[] = {
	{{}, 96, AddressKind::inner},    // IPv4-compatible
	{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, AddressKind::loopback},
	{{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, AddressKind::inner},    // IPv4-translated
	{{0, 0x64, 0xff, 0x9b, 0, 1}, 48, AddressKind::inner},             // local NAT64
	{{1}, 64, AddressKind::inner},                                     // discard
	{{0x20, 0x01}, 23, AddressKind::inner},                            // protocols, Teredo
	{{0x20, 0x01, 0x0d, 0xb8}, 32, AddressKind::inner},                // documentation
	{{0x3f, 0xff}, 20, AddressKind::inner},                            // documentation
	{{0x5f}, 16, AddressKind::inner},                                  // segment routing
	{{0xfc}, 7, AddressKind::inner},                                   // unique local
	{{0xfe, 0xc0}, 10, AddressKind::inner},                            // site-local
	{{}, 128, AddressKind::never},
	{{0xfe, 0x80}, 10, AddressKind::never},    // link-local
	{{0xff}, 8, AddressKind::never},           // multicast
	{{0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54},
	 128,
	 AddressKind::never},    // metadata service
	{{0xfd, 0x20, 0, 0xce, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0x54},
	 128,
	 AddressKind::never},    // metadata service
};

bool
same_bits(const unsigned char *a, const unsigned char *b, unsigned bits) noexcept
{
	const unsigned whole = bits / 8;
	const unsigned rest = bits % 8;

	return memcmp(a, b, whole) == 0 &&
		   (rest == 0 || ((a[whole] ^ b[whole]) & (0xff << (8 - rest)) & 0xff) == 0);
}

template <size_t Count>
AddressKind
worst_of(const KnownNetwork (&networks)[Count], const unsigned char *bytes) noexcept
{
	AddressKind kind = AddressKind::global;

	for (const KnownNetwork &network : networks)
	{
		// ::1 lies in ::/96 as well, and is no worse for it.
		if (same_bits(bytes, network.base, network.bits))
		{
			if (network.kind == AddressKind::loopback)
			{
				return AddressKind::loopback;
			}
			kind = std::max(kind, network.kind);
		}
	}
	return kind;
}

// The IPv4 address that a gateway would take out of an IPv6 one, or nullptr.
const unsigned char *
embedded_ipv4(const unsigned char *bytes) noexcept
{
	static const unsigned char compatible[12] = {};
	static const unsigned char translated[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	static const unsigned char nat64[12] = {0, 0x64, 0xff, 0x9b};
	static const unsigned char local_nat64[6] = {0, 0x64, 0xff, 0x9b, 0, 1};
	static const unsigned char six_to_four[2] = {0x20, 0x02};

	if (memcmp(bytes, six_to_four, sizeof(six_to_four)) == 0)
	{
		return bytes + 2;
	}
	if (memcmp(bytes, compatible, 12) == 0 || memcmp(bytes, translated, 12) == 0 ||
		memcmp(bytes, nat64, 12) == 0 || memcmp(bytes, local_nat64, sizeof(local_nat64)) == 0)
	{
		return bytes + 12;
	}
	return nullptr;
}

void
read_ipv6(const unsigned char *bytes, Address &result) noexcept
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	result = Address();
	result.is_ipv4 = memcmp(bytes, mapped, sizeof(mapped)) == 0;
	if (result.is_ipv4)
	{
		memcpy(result.bytes, bytes + 12, 4);
	}
	else
	{
		memcpy(result.bytes, bytes, 16);
	}
}

[[noreturn]] void
refuse(std::string_view element, const char *problem)
{
	throw Failure(Code::invalid_option, "networks cannot be used",
				  '"' + std::string(element) + "\" " + problem);
}

Network
parse_network(std::string_view element)
{
	const size_t slash = element.find('/');
	const std::string text(element.substr(0, slash));
	const bool written_ipv4 = text.find(':') == std::string::npos;
	Network network;
	unsigned most = written_ipv4 ? 32 : 128;

	if (text.find('%') != std::string::npos || !read_address(text.c_str(), network.base))
	{
		refuse(element, "is not a network: write it as 10.1.0.0/16 or fd12::/32.");
	}
	network.bits = most;
	if (slash != std::string_view::npos &&
		(!parse_number(element.substr(slash + 1), network.bits) || network.bits > most))
	{
		refuse(element, "has a prefix length that is none.");
	}
	if (network.base.is_ipv4 && !written_ipv4)
	{
		if (network.bits < 96)
		{
			refuse(element, "is wider than the IPv4 addresses mapped into IPv6.");
		}
		network.bits -= 96;
	}
	for (unsigned bit = network.bits; bit < (network.base.is_ipv4 ? 32U : 128U); bit++)
	{
		if ((network.base.bytes[bit / 8] & (0x80 >> (bit % 8))) != 0)
		{
			refuse(element, "has bits set behind its prefix length.");
		}
	}
	return network;
}

}    // namespace

bool
read_address(const sockaddr *address, socklen_t length, Address &result) noexcept
{
	if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in))
	{
		sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		result = Address();
		result.is_ipv4 = true;
		memcpy(result.bytes, &in.sin_addr, 4);
		return true;
	}
	if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6))
	{
		sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		read_ipv6(in6.sin6_addr.s6_addr, result);
		return true;
	}
	return false;
}

bool
read_address(const char *text, Address &result) noexcept
{
	const size_t length = strcspn(text, "%");
	char plain[INET6_ADDRSTRLEN];
	unsigned char bytes[16];

	if (length >= sizeof(plain))
	{
		return false;
	}
	memcpy(plain, text, length);
	plain[length] = '\0';
	if (inet_pton(AF_INET, plain, bytes) == 1)
	{
		result = Address();
		result.is_ipv4 = true;
		memcpy(result.bytes, bytes, 4);
		return true;
	}
	if (inet_pton(AF_INET6, plain, bytes) == 1)
	{
		read_ipv6(bytes, result);
		return true;
	}
	return false;
}

AddressKind
address_kind(const Address &address) noexcept
{
	if (address.is_ipv4)
	{
		return worst_of(ipv4_networks, address.bytes);
	}

	const AddressKind own = worst_of(ipv6_networks, address.bytes);
	const unsigned char *ipv4 = embedded_ipv4(address.bytes);

	if (ipv4 == nullptr || own == AddressKind::loopback)
	{
		return own;
	}
	AddressKind inside = worst_of(ipv4_networks, ipv4);

	// A gateway would have to take it there, so it is not this machine.
	return std::max(own, inside == AddressKind::loopback ? AddressKind::inner : inside);
}

bool
contains(const Network &network, const Address &address) noexcept
{
	return network.base.is_ipv4 == address.is_ipv4 &&
		   same_bits(network.base.bytes, address.bytes, network.bits);
}

std::vector<Network>
parse_networks(std::string_view text)
{
	std::vector<Network> networks;

	for_each_element(text,
					 [&](std::string_view element) { networks.push_back(parse_network(element)); });
	return networks;
}

}    // namespace gql
