#include "core/files/hash.hpp"

#include <xxhash.h>

#include "core/common/error.hpp"

namespace pmatch {
namespace {

Hash128 canonical(XXH128_hash_t hash) {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, hash);
    Hash128 result;
    std::copy(std::begin(bytes.digest), std::end(bytes.digest), result.bytes.begin());
    return result;
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

}  // namespace

std::string Hash128::hex() const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const auto byte : bytes) {
        text += kDigits[byte >> 4U];
        text += kDigits[byte & 15U];
    }
    return text;
}

Hash128 Hash128::from_hex(std::string_view hex) {
    Hash128 result;
    const auto bad = [&] {
        return Error{std::string("'").append(hex).append("' is not an XXH3-128 checksum"),
                     {},
                     "the file that holds it is damaged; make it again"};
    };
    if (hex.size() != result.bytes.size() * 2) throw bad();
    for (std::size_t i = 0; i < result.bytes.size(); ++i) {
        const int high = hex_value(hex[2 * i]);
        const int low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0) throw bad();
        result.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
    }
    return result;
}

Hash128 hash128(std::span<const std::byte> data) {
    return canonical(XXH3_128bits(data.data(), data.size()));
}

Hash128 hash128(std::string_view text) {
    return canonical(XXH3_128bits(text.data(), text.size()));
}

std::uint64_t hash64(std::string_view text) {
    return XXH3_64bits(text.data(), text.size());
}

struct Hasher128::State {
    XXH3_state_t* xxh = XXH3_createState();
    State() { XXH3_128bits_reset(xxh); }
    ~State() { XXH3_freeState(xxh); }
    State(const State&) = delete;
    State& operator=(const State&) = delete;
};

Hasher128::Hasher128() : state_(std::make_unique<State>()) {}
Hasher128::~Hasher128() = default;
Hasher128::Hasher128(Hasher128&&) noexcept = default;
Hasher128& Hasher128::operator=(Hasher128&&) noexcept = default;

void Hasher128::update(const void* data, std::size_t size) {
    XXH3_128bits_update(state_->xxh, data, size);
}

Hash128 Hasher128::digest() const {
    return canonical(XXH3_128bits_digest(state_->xxh));
}

}  // namespace pmatch
