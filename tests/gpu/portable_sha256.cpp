// In place of models/package/sha256.cpp where OpenSSL is not there: FIPS 180-4 as it is written,
// several times slower.
#include <array>
#include <bit>
#include <cstring>

#include "core/files/regular_file.hpp"
#include "models/package/sha256.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kBlock = 64;

constexpr std::array<std::uint32_t, 64> kRounds{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

class Hasher {
public:
    void update(const unsigned char* data, std::size_t size) {
        total_ += size;
        while (size > 0) {
            const auto taken = std::min(size, kBlock - filled_);
            std::memcpy(block_.data() + filled_, data, taken);
            filled_ += taken;
            data += taken;
            size -= taken;
            if (filled_ == kBlock) mix();
        }
    }

    std::string hex() {
        const std::uint64_t bits = total_ * 8;
        constexpr unsigned char kOne = 0x80;
        constexpr unsigned char kZero = 0;
        update(&kOne, 1);
        while (filled_ != kBlock - sizeof bits)
            update(&kZero, 1);
        for (int shift = 56; shift >= 0; shift -= 8) {
            const auto byte = static_cast<unsigned char>(bits >> static_cast<unsigned>(shift));
            update(&byte, 1);
        }
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text;
        for (const auto word : state_) {
            for (int shift = 28; shift >= 0; shift -= 4)
                text += kDigits[(word >> static_cast<unsigned>(shift)) & 15U];
        }
        return text;
    }

private:
    void mix() {
        std::array<std::uint32_t, 64> w{};
        for (std::size_t i = 0; i < 16; ++i) {
            for (std::size_t k = 0; k < 4; ++k)
                w[i] = w[i] << 8U | block_[4 * i + k];
        }
        for (std::size_t i = 16; i < w.size(); ++i) {
            const auto a = w[i - 15];
            const auto b = w[i - 2];
            w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3U) + w[i - 7] +
                   (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10U);
        }
        auto s = state_;
        for (std::size_t i = 0; i < w.size(); ++i) {
            const auto e = s[4];
            const auto a = s[0];
            const auto first = s[7] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                               ((e & s[5]) ^ (~e & s[6])) + kRounds[i] + w[i];
            const auto second = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) +
                                ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
            s = {first + second, s[0], s[1], s[2], s[3] + first, s[4], s[5], s[6]};
        }
        for (std::size_t i = 0; i < s.size(); ++i)
            state_[i] += s[i];
        filled_ = 0;
    }

    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    std::array<unsigned char, kBlock> block_{};
    std::size_t filled_ = 0;
    std::uint64_t total_ = 0;
};

}  // namespace

std::string sha256(std::string_view data) {
    Hasher hasher;
    hasher.update(reinterpret_cast<const unsigned char*>(data.data()), data.size());
    return hasher.hex();
}

std::string sha256_of_file(const std::filesystem::path& file) {
    Hasher hasher;
    RegularFile(file).for_each_piece([&](std::string_view piece) {
        hasher.update(reinterpret_cast<const unsigned char*>(piece.data()), piece.size());
    });
    return hasher.hex();
}

}  // namespace pmatch
