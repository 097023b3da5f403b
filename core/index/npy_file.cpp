#include "core/index/npy_file.hpp"

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <string>

#include "core/common/error.hpp"
#include "core/index/index_sidecar.hpp"

namespace pmatch {
namespace {

static_assert(std::endian::native == std::endian::little, "arrays are written as they lie");

constexpr std::string_view kMagic{"\x93NUMPY\x01\x00", 8};
constexpr std::size_t kLengthAt = kMagic.size();

/// Magic, header length (2 bytes, little endian), a Python literal, padded so that the numbers
/// start at a multiple of 64 bytes.
std::string header_of(std::string_view descr, std::size_t count) {
    auto literal =
        fmt::format("{{'descr': {}, 'fortran_order': False, 'shape': ({},), }}", descr, count);
    const auto used = kMagic.size() + 2 + literal.size() + 1;
    literal.append((64 - used % 64) % 64, ' ');
    literal += '\n';
    std::string header(kMagic);
    header += static_cast<char>(literal.size() & 255U);
    header += static_cast<char>(literal.size() >> 8U);
    return header + literal;
}

}  // namespace

FileRecord write_npy(const std::filesystem::path& file, std::string_view descr, std::size_t count,
                     std::span<const std::byte> data) {
    AtomicFile out(file);
    out.write(header_of(descr, count));
    out.write(data.data(), data.size());
    return out.publish();
}

void read_npy(const std::filesystem::path& file, const FileRecord& expected, std::string_view descr,
              std::size_t count, std::span<std::byte> data) {
    verify_file(file, expected, index_remedy());
    const auto content = read_file(file, expected.size);
    const auto bad = [&](const std::string& what) {
        return Error{what, file.string(), index_remedy()};
    };
    if (!content.starts_with(kMagic) || content.size() < kLengthAt + 2) {
        throw bad("this is not a NumPy file of format 1.0");
    }
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(content[at]); };
    const std::size_t start = kLengthAt + 2 + byte(kLengthAt) + (byte(kLengthAt + 1) << 8U);
    if (content.substr(0, start).find(descr) == std::string::npos) {
        throw bad(fmt::format("its elements are not {}", descr));
    }
    if (content.size() < start || content.size() - start != data.size()) {
        throw bad(fmt::format("the file has {} bytes, the {} rows its sidecar says need {}",
                              content.size(), count, start + data.size()));
    }
    if (!data.empty()) std::memcpy(data.data(), content.data() + start, data.size());
}

}  // namespace pmatch
