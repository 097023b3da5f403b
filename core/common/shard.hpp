/// A share of a job that several processes or machines do side by side.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pmatch {

/// One of `count` shares of a job's windows: window w belongs to share w mod count.
struct Shard {
    int index = 0;  ///< from 0 to count - 1
    int count = 1;

    bool takes(std::int64_t window) const { return window % count == index; }
    /// "2/8"
    std::string text() const;
    /// The inverse. Throws UsageError unless 0 <= index < count <= 1,000,000.
    static Shard parse(std::string_view text);

    friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace pmatch
