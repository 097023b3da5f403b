/// XXH3-128: detects damage and changes, but not tampering; for that see sha256.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace pmatch {

/// 128 bits in XXH128's canonical (big-endian) byte order, so that equal hashes are equal
/// bytes on every machine.
struct Hash128 {
    std::array<std::uint8_t, 16> bytes{};

    /// 32 lower-case hexadecimal digits.
    std::string hex() const;
    /// Throws Error when `hex` is not 32 hexadecimal digits.
    static Hash128 from_hex(std::string_view hex);

    friend bool operator==(const Hash128&, const Hash128&) = default;
    friend bool operator<(const Hash128& a, const Hash128& b) { return a.bytes < b.bytes; }
};

Hash128 hash128(std::span<const std::byte> data);
Hash128 hash128(std::string_view text);

/// XXH3 with 64 bits, for hash tables on disk and in memory.
std::uint64_t hash64(std::string_view text);

/// Incremental XXH3-128.
class Hasher128 {
public:
    Hasher128();
    ~Hasher128();
    Hasher128(Hasher128&&) noexcept;
    Hasher128& operator=(Hasher128&&) noexcept;

    void update(const void* data, std::size_t size);
    Hash128 digest() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pmatch
