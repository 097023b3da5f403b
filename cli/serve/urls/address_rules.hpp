/// Which addresses the server may connect to when it fetches a picture by its URL: those of the
/// public internet, and networks that whoever starts the server names.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/serve/urls/url_download.hpp"

namespace pmatch::cli {

/// In network order; an IPv4 address as ::ffff:a.b.c.d.
using AddressBytes = std::array<std::uint8_t, 16>;

struct Network {
    AddressBytes address{};
    int bits = 128;  ///< that its addresses share, of the 128

    bool holds(const AddressBytes& other) const;
};

/// "10.0.0.0/8", "fd00::/8", or one address; nothing for anything else, as for an address with
/// bits beyond the network's.
std::optional<Network> parse_network(const std::string& text);

class AddressRules final : public AddressFilter {
public:
    /// `also` as parse_network() takes them. Throws UsageError.
    explicit AddressRules(const std::vector<std::string>& also);

    /// An IPv4 address within an IPv6 one (mapped, or of the well-known NAT64 prefix) counts as
    /// that IPv4 address, as packets end up there. False for other families.
    bool allows(const sockaddr& address) const override;

private:
    std::vector<Network> also_;
};

}  // namespace pmatch::cli
