#include "core/identifiers/identifier_list.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>

#include "core/common/error.hpp"
#include "core/identifiers/identifier_file.hpp"
#include "tests/support/temp_dir.hpp"

using namespace pmatch;
using namespace pmatch::test;

namespace {

struct Shop {
    explicit Shop(const std::string& name) : dir(name) {
        IdentifierListBuilder builder({"gtin", "mpn"});
        builder.add(1, 0, "4006381333931");
        builder.add(2, 0, "96385074|614141000036");
        builder.add(3, 0, "4006381333932");  // a wrong check digit
        builder.add(1, 1, "DSC-W55");
        builder.add(4, 1, "dscw55");
        builder.add(5, 1, "96385074");
        builder.add(6, 1, "n/a");
        left_out = builder.finish();
        record = builder.write(dir / "a.exact", std::string(32, 's'));
    }
    std::vector<Neighbour> find(std::size_t column, const char* cell) const {
        auto found = IdentifierList::open(dir / "a.exact", record).find(column, cell);
        std::sort(found.begin(), found.end(), better_neighbour);
        return found;
    }
    std::string bytes() const {
        std::ifstream file(dir / "a.exact", std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    /// The message for the file with these bytes, whose checksum the manifest has.
    std::string refused(const std::string& bytes) const {
        std::ofstream(dir / "b.exact", std::ios::binary) << bytes;
        try {
            IdentifierList::open(dir / "b.exact", measure_file(dir / "b.exact"));
        } catch (const Error& error) {
            CHECK(error.file() == (dir / "b.exact").string());
            return error.what();
        }
        return "no error";
    }

    TempDir dir;
    std::int64_t left_out = 0;
    FileRecord record;
};

std::string with_checksum(std::string bytes) {
    IdentifierHeader header{};
    std::memcpy(&header, bytes.data(), sizeof header);
    header.checksum = checksum_of(header).bytes;
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
}

}  // namespace

TEST_CASE("items are found by a trade number of any length and column") {
    const Shop shop("identifiers-trade");
    CHECK(shop.find(0, "04006381333931") == std::vector<Neighbour>{{1, 1}});
    CHECK(shop.find(0, "4006381333931; 7") == std::vector<Neighbour>{{1, 1}});
    CHECK(shop.find(1, "96385074") == std::vector<Neighbour>{{2, 1}, {5, 0.5F}});
    CHECK(shop.find(0, "0614141000036") == std::vector<Neighbour>{{2, 1}});
    CHECK(shop.find(0, "4006381333948").empty());
}

TEST_CASE("a wrong check digit is no identifier where most are right") {
    const Shop shop("identifiers-unchecked");
    CHECK(shop.left_out == 1);
    CHECK(shop.find(0, "4006381333932").empty());
    IdentifierListBuilder parts({"mpn"});
    parts.add(7, 0, "10012345");
    CHECK(parts.finish() == 0);
    CHECK(parts.entries() == 1);
}

TEST_CASE("a part number is one of its column") {
    const Shop shop("identifiers-parts");
    CHECK(shop.find(1, "dsc w55") == std::vector<Neighbour>{{1, 0.5F}, {4, 0.5F}});
    CHECK(shop.find(0, "dsc w55").empty());
    CHECK(shop.find(1, "N/A").empty());
}

TEST_CASE("the file says what it was made of") {
    const Shop shop("identifiers-info");
    const auto list = IdentifierList::open(shop.dir / "a.exact", shop.record);
    CHECK(list.info().columns == std::vector<std::string>{"gtin", "mpn"});
    CHECK(list.info().stamp == std::string(32, 's'));
    CHECK(list.info().entries == 6);
    CHECK(list.entries().size() == 6);
}

TEST_CASE("exact_list_of_another_size_or_checksum") {
    const Shop shop("identifiers-checksum");
    auto other = shop.record;
    ++other.size;
    CHECK_THROWS_AS(IdentifierList::open(shop.dir / "a.exact", other), Error);
    other = shop.record;
    other.checksum.bytes[0] ^= 1U;
    CHECK_THROWS_AS(IdentifierList::open(shop.dir / "a.exact", other), Error);
}

TEST_CASE("exact_list_truncated") {
    const Shop shop("identifiers-truncated");
    const auto bytes = shop.bytes();
    for (std::size_t size = 0; size < bytes.size(); ++size)
        CHECK(shop.refused(bytes.substr(0, size)) != "no error");
    CHECK(shop.refused(bytes + "x").find("its header says") != std::string::npos);
}

TEST_CASE("exact_list_with_any_byte_changed_in_its_header") {
    const Shop shop("identifiers-header");
    const auto bytes = shop.bytes();
    for (std::size_t at = 0; at < sizeof(IdentifierHeader); ++at) {
        auto changed = bytes;
        changed[at] = static_cast<char>(changed[at] ^ 0x10);
        CHECK(shop.refused(changed) != "no error");
    }
}

TEST_CASE("exact_list_whose_sections_contradict_its_header") {
    const Shop shop("identifiers-sections");
    const auto bytes = shop.bytes();
    const auto change = [&](auto member, auto value) {
        auto changed = bytes;
        IdentifierHeader header{};
        std::memcpy(&header, changed.data(), sizeof header);
        header.*member = value;
        std::memcpy(changed.data(), &header, sizeof header);
        return shop.refused(with_checksum(changed));
    };
    CHECK(change(&IdentifierHeader::entries, std::uint64_t{7}).find("other sizes") !=
          std::string::npos);
    CHECK(change(&IdentifierHeader::entries, ~std::uint64_t{0}).find("other sizes") !=
          std::string::npos);
    CHECK(change(&IdentifierHeader::columns, 3U).find("number of columns") != std::string::npos);
    CHECK(change(&IdentifierHeader::columns, 0U).find("no columns") != std::string::npos);
    CHECK(change(&IdentifierHeader::version, 2U).find("newer") != std::string::npos);
}

TEST_CASE("exact_list_with_entries_out_of_order_or_out_of_range") {
    const Shop shop("identifiers-entries");
    const auto bytes = shop.bytes();
    auto swapped = bytes;
    std::swap_ranges(swapped.begin() + sizeof(IdentifierHeader),
                     swapped.begin() + sizeof(IdentifierHeader) + sizeof(IdentifierEntry),
                     swapped.begin() + sizeof(IdentifierHeader) + sizeof(IdentifierEntry));
    CHECK(shop.refused(swapped).find("do not ascend") != std::string::npos);
    auto column = bytes;
    column[sizeof(IdentifierHeader) + offsetof(IdentifierEntry, column)] = 9;
    CHECK(shop.refused(column).find("what is not there") != std::string::npos);
}
