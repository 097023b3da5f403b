#include "cli/serve/urls/address_rules.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <span>
#include <string_view>

#include "core/common/error.hpp"

namespace pmatch::cli {
namespace {

constexpr int kMappedBits = 96;  // before the IPv4 address in ::ffff:a.b.c.d
constexpr int kAllBits = 128;

/// What IANA's registries of special-purpose addresses (RFC 6890 and later) keep from the public
/// internet, and multicast.
constexpr std::array kSpecialFour{
    "0.0.0.0/8",        // this network
    "10.0.0.0/8",       // private
    "100.64.0.0/10",    // of providers
    "127.0.0.0/8",      // loopback
    "169.254.0.0/16",   // link-local, where clouds answer what a machine may know
    "172.16.0.0/12",    // private
    "192.0.0.0/24",     // protocols
    "192.0.2.0/24",     // documentation
    "192.88.99.0/24",   // 6to4 relays
    "192.168.0.0/16",   // private
    "198.18.0.0/15",    // measurements
    "198.51.100.0/24",  // documentation
    "203.0.113.0/24",   // documentation
    "224.0.0.0/4",      // multicast
    "240.0.0.0/4",      // reserved, broadcast
};

/// Of IPv6 only 2000::/3 is public: not loopback, link-local, unique-local or multicast addresses.
constexpr const char* kPublicSix = "2000::/3";
constexpr std::array kSpecialSix{
    "2001::/23",      // protocols; Teredo, which holds IPv4 addresses
    "2001:db8::/32",  // documentation
    "2002::/16",      // 6to4, which holds IPv4 addresses
    "3fff::/20",      // documentation
};
constexpr const char* kMapped = "::ffff:0:0/96";
constexpr const char* kNat64 = "64:ff9b::/96";

AddressBytes mapped(const void* four) {
    AddressBytes bytes{};
    bytes[10] = bytes[11] = 0xff;
    std::memcpy(&bytes[12], four, 4);
    return bytes;
}

std::vector<Network> networks(std::span<const char* const> texts) {
    std::vector<Network> result;
    for (const char* text : texts)
        result.push_back(parse_network(text).value());
    return result;
}

bool any_holds(const std::vector<Network>& list, const AddressBytes& address) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Network& network) { return network.holds(address); });
}

bool is_public(const AddressBytes& address) {
    static const auto four = networks(kSpecialFour);
    static const auto six = networks(kSpecialSix);
    static const auto mapped_four = parse_network(kMapped).value();
    static const auto public_six = parse_network(kPublicSix).value();
    if (mapped_four.holds(address)) return !any_holds(four, address);
    return public_six.holds(address) && !any_holds(six, address);
}

/// nothing for a family without addresses of the internet.
std::optional<AddressBytes> bytes_of(const sockaddr& address) {
    static const auto nat64 = parse_network(kNat64).value();
    if (address.sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        return mapped(&four.sin_addr);
    }
    if (address.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    AddressBytes bytes{};
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return nat64.holds(bytes) ? mapped(&bytes[12]) : bytes;
}

/// The bit from the left.
bool bit(const AddressBytes& address, int number) {
    const auto index = static_cast<std::size_t>(number);
    return ((address.at(index / 8) >> (7 - index % 8)) & 1U) != 0;
}

}  // namespace

bool Network::holds(const AddressBytes& other) const {
    for (int i = 0; i < bits; ++i) {
        if (bit(address, i) != bit(other, i)) return false;
    }
    return true;
}

std::optional<Network> parse_network(const std::string& text) {
    const auto slash = text.find('/');
    const auto host = text.substr(0, slash);
    Network network;
    in_addr four{};
    const bool is_four = ::inet_pton(AF_INET, host.c_str(), &four) == 1;
    if (is_four) {
        network.address = mapped(&four);
    } else if (::inet_pton(AF_INET6, host.c_str(), network.address.data()) != 1) {
        return std::nullopt;
    }
    if (slash != std::string::npos) {
        const auto bits = std::string_view(text).substr(slash + 1);
        const auto* last = bits.data() + bits.size();
        const auto [end, error] = std::from_chars(bits.data(), last, network.bits);
        if (error != std::errc() || end != last || network.bits < 0) return std::nullopt;
        if (is_four) network.bits += kMappedBits;
    }
    if (network.bits > kAllBits) return std::nullopt;
    for (int i = network.bits; i < kAllBits; ++i) {
        if (bit(network.address, i)) return std::nullopt;
    }
    return network;
}

AddressRules::AddressRules(const std::vector<std::string>& also) {
    for (const auto& text : also) {
        const auto network = parse_network(text);
        if (!network)
            throw UsageError{fmt::format("'{}' is not a network", text),
                             "give its first address and how many bits its addresses share, such "
                             "as 10.20.0.0/16 or fd00:20::/32, or one address"};
        also_.push_back(*network);
    }
}

bool AddressRules::allows(const sockaddr& address) const {
    const auto bytes = bytes_of(address);
    return bytes && (is_public(*bytes) || any_holds(also_, *bytes));
}

}  // namespace pmatch::cli
