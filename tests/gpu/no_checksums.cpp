// In place of core/files/hash.cpp where xxHash is not there: AtomicFile counts a checksum that
// nobody reads when only models are looked at.
#include "core/files/hash.hpp"

namespace pmatch {

struct Hasher128::State {};

Hasher128::Hasher128() = default;
Hasher128::~Hasher128() = default;
Hasher128::Hasher128(Hasher128&&) noexcept = default;
Hasher128& Hasher128::operator=(Hasher128&&) noexcept = default;

void Hasher128::update(const void* /*data*/, std::size_t /*size*/) {}

Hash128 Hasher128::digest() const {
    return {};
}

std::string Hash128::hex() const {
    return "not computed in this build";
}

}  // namespace pmatch
