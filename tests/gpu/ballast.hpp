/// Memory of the first GPU that others cannot have.
#pragma once

#include <cstddef>
#include <memory>

namespace pmatch::test {

class Ballast {
public:
    /// Takes all that is free but about `left` bytes.
    explicit Ballast(std::size_t left);
    ~Ballast();
    Ballast(const Ballast&) = delete;
    Ballast& operator=(const Ballast&) = delete;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace pmatch::test
