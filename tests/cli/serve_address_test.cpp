#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>
#include <string>

#include "cli/serve/urls/address_rules.hpp"
#include "core/common/error.hpp"

using namespace pmatch;
using namespace pmatch::cli;

namespace {

bool allowed(const AddressRules& rules, const std::string& text) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    if (::inet_pton(AF_INET, text.c_str(), &four.sin_addr) == 1)
        return rules.allows(reinterpret_cast<const sockaddr&>(four));
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    REQUIRE_MESSAGE(::inet_pton(AF_INET6, text.c_str(), &six.sin6_addr) == 1, text);
    return rules.allows(reinterpret_cast<const sockaddr&>(six));
}

}  // namespace

TEST_CASE("addresses of the public internet are connected to") {
    const AddressRules rules({});
    for (const char* address : {"1.1.1.1",
                                "8.8.8.8",
                                "9.255.255.255",
                                "11.0.0.0",
                                "100.63.255.255",
                                "100.128.0.0",
                                "126.255.255.255",
                                "128.0.0.0",
                                "169.253.255.255",
                                "172.15.255.255",
                                "172.32.0.0",
                                "192.167.255.255",
                                "192.169.0.0",
                                "198.17.255.255",
                                "198.20.0.0",
                                "223.255.255.255",
                                "2606:4700:4700::1111",
                                "2001:4860:4860::8888",
                                "2a00:1450::1",
                                "::ffff:8.8.8.8",
                                "64:ff9b::8.8.8.8"})
        CHECK_MESSAGE(allowed(rules, address), address);
}

TEST_CASE("addresses that are not of the public internet are not connected to") {
    const AddressRules rules({});
    for (const char* address : {"0.0.0.0",
                                "0.1.2.3",
                                "10.0.0.0",
                                "10.255.255.255",
                                "100.64.0.0",
                                "100.127.255.255",
                                "127.0.0.1",
                                "127.255.255.255",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.88.99.1",
                                "192.168.0.1",
                                "192.168.255.255",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.7",
                                "203.0.113.9",
                                "224.0.0.1",
                                "239.255.255.255",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "fe80::1",
                                "febf::1",
                                "fec0::1",
                                "fc00::1",
                                "fd12:3456::1",
                                "ff02::1",
                                "2001:db8::1",
                                "3fff::1",
                                "100::1",
                                "5f00::1"})
        CHECK_MESSAGE(!allowed(rules, address), address);
}

TEST_CASE("an IPv4 address inside an IPv6 one gets nowhere that it could not get itself") {
    const AddressRules rules({});
    for (const char* address :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0",
          "64:ff9b::127.0.0.1", "64:ff9b::192.168.1.1", "64:ff9b:1::8.8.8.8", "::127.0.0.1",
          "::8.8.8.8", "2002:7f00:1::1", "2002:808:808::1", "2001:0:808:808::1"})
        CHECK_MESSAGE(!allowed(rules, address), address);
}

TEST_CASE("networks that are named are connected to, and no others beside the public ones") {
    const AddressRules rules({"10.20.0.0/16", "fd00:20::/32", "127.0.0.1"});
    for (const char* address : {"10.20.0.0", "10.20.255.255", "::ffff:10.20.1.1", "127.0.0.1",
                                "64:ff9b::10.20.0.1", "fd00:20:ffff::1", "8.8.8.8"})
        CHECK_MESSAGE(allowed(rules, address), address);
    for (const char* address : {"10.19.255.255", "10.21.0.0", "127.0.0.2", "fd00:21::1", "::1"})
        CHECK_MESSAGE(!allowed(rules, address), address);
    CHECK(allowed(AddressRules({"0.0.0.0/0"}), "192.168.1.1"));
    CHECK_FALSE(allowed(AddressRules({"0.0.0.0/0"}), "::1"));
    CHECK(allowed(AddressRules({"::/0"}), "::1"));
}

TEST_CASE("what is no network is refused") {
    for (const char* text :
         {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x", "10.0.0.1/8", "10.0",
          "::1/129", "fd00::1/8", "example.org", "10.0.0.0/8,11.0.0.0/8", " 10.0.0.0/8"}) {
        CHECK_MESSAGE(!parse_network(text).has_value(), text);
        CHECK_THROWS_AS(AddressRules({text}), UsageError);
    }
}

TEST_CASE("a socket of another family than the internet's is not connected to") {
    sockaddr_un file{};
    file.sun_family = AF_UNIX;
    CHECK_FALSE(
        AddressRules({"0.0.0.0/0", "::/0"}).allows(reinterpret_cast<const sockaddr&>(file)));
}
