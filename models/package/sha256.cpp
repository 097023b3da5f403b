#include "models/package/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>

#include "core/common/error.hpp"
#include "core/files/regular_file.hpp"

namespace pmatch {
namespace {

class Hasher256 {
public:
    Hasher256() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
        check(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
    }

    void update(const char* data, std::size_t size) {
        check(EVP_DigestUpdate(context_.get(), data, size) == 1);
    }

    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        check(EVP_DigestFinal_ex(context_.get(), digest.data(), &size) == 1);
        constexpr std::string_view kDigits = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            text += kDigits[digest[i] >> 4U];
            text += kDigits[digest[i] & 15U];
        }
        return text;
    }

private:
    static void check(bool good) {
        if (!good) {
            throw Error{"OpenSSL cannot compute SHA-256", {}, "check the OpenSSL installation"};
        }
    }

    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

std::string sha256(std::string_view data) {
    Hasher256 hasher;
    hasher.update(data.data(), data.size());
    return hasher.hex();
}

std::string sha256_of_file(const std::filesystem::path& file) {
    Hasher256 hasher;
    RegularFile(file).for_each_piece(
        [&](std::string_view piece) { hasher.update(piece.data(), piece.size()); });
    return hasher.hex();
}

}  // namespace pmatch
