#include "data/pictures/tar_headers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>
#include <utility>

#include "core/common/error.hpp"

namespace pmatch::detail {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::uint64_t kMostOfNames = 1U << 20U;  ///< bytes of a long name or of pax records

struct Field {
    std::size_t offset;
    std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kSize{124, 12};
constexpr Field kChecksum{148, 8};
constexpr Field kMagic{257, 5};
constexpr Field kPrefix{345, 155};
constexpr std::size_t kType = 156;

using Block = std::array<char, kBlock>;

std::string_view field(const Block& block, Field where) {
    const std::string_view all(block.data() + where.offset, where.size);
    return all.substr(0, std::min(all.find('\0'), all.size()));
}

/// Octal digits between blanks, or GNU's binary form: the first bit set, big endian.
std::optional<std::uint64_t> number(const Block& block, Field where) {
    const char* first = block.data() + where.offset;
    std::uint64_t value = 0;
    if (static_cast<unsigned char>(*first) == 0x80U) {
        for (std::size_t i = 1; i < where.size; ++i) {
            if (value >> 56U != 0) return std::nullopt;
            value = value << 8U | static_cast<unsigned char>(first[i]);
        }
        return value;
    }
    auto digits = field(block, where);
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    digits = digits.substr(0, digits.find(' '));
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
    if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// The sum of all bytes with the checksum's own taken as blanks. Some old programs summed signed.
bool has_right_checksum(const Block& block) {
    const auto wanted = number(block, kChecksum);
    std::uint64_t plain = 0;
    std::int64_t with_sign = 0;
    for (std::size_t i = 0; i < kBlock; ++i) {
        const bool own = i >= kChecksum.offset && i < kChecksum.offset + kChecksum.size;
        const char byte = own ? ' ' : block[i];
        plain += static_cast<unsigned char>(byte);
        with_sign += static_cast<signed char>(byte);
    }
    return wanted && (*wanted == plain || static_cast<std::int64_t>(*wanted) == with_sign);
}

/// A value of pax records ("LENGTH KEY=VALUE\n", LENGTH counting all of it), the last of that key.
std::optional<std::string> pax_value(std::string_view records, std::string_view key) {
    std::optional<std::string> found;
    while (!records.empty()) {
        std::size_t length = 0;
        const auto [end, error] =
            std::from_chars(records.data(), records.data() + records.size(), length);
        const auto digits = static_cast<std::size_t>(end - records.data());
        if (error != std::errc{} || length < digits + 2 || length > records.size()) return found;
        auto record = records.substr(digits + 1, length - digits - 2);
        if (record.starts_with(key) && record.substr(key.size()).starts_with('='))
            found = record.substr(key.size() + 1);
        records.remove_prefix(length);
    }
    return found;
}

class Headers {
public:
    explicit Headers(const std::filesystem::path& archive)
        : archive_(archive), file_(archive, std::ios::binary) {
        std::error_code error;
        length_ = std::filesystem::file_size(archive, error);
        if (error || !file_) refuse("cannot be read");
    }

    std::map<std::string, TarEntry> read() {
        while (next_block()) {
            const auto size = number(block_, kSize);
            if (!size || !has_right_checksum(block_))
                refuse(fmt::format("has no tar header at byte {}", at_));
            take(TarEntry{at_ + kBlock, pax_size_.value_or(*size)});
        }
        return std::move(files_);
    }

private:
    /// False at the end: a block of zeros, or the end of the file, which some programs leave.
    bool next_block() {
        if (at_ == length_ && at_ > 0) return false;
        if (at_ + kBlock > length_) refuse(fmt::format("is cut at byte {}", length_));
        file_.seekg(static_cast<std::streamoff>(at_));
        if (!file_.read(block_.data(), kBlock)) refuse(fmt::format("cannot be read at {}", at_));
        return std::any_of(block_.begin(), block_.end(), [](char byte) { return byte != '\0'; });
    }

    void take(const TarEntry& entry) {
        if (entry.size > length_ - entry.offset) {
            refuse(fmt::format("is cut: the file at byte {} has {} bytes", at_, entry.size));
        }
        switch (block_[kType]) {
            case 'L':
                long_name_ = content(entry).c_str();
                break;  // ends at its first NUL
            case 'x': {
                const auto records = content(entry);
                if (auto path = pax_value(records, "path")) long_name_ = std::move(path);
                pax_size_ = size_in(records);
                break;
            }
            case 'g':
            case 'K':
                break;  // of all files; the target of a link
            default:
                finish(entry);
        }
        const auto padded = (entry.size + kBlock - 1) / kBlock * kBlock;
        at_ = std::min(entry.offset + padded, length_);
    }

    void finish(const TarEntry& entry) {
        const char type = block_[kType];
        auto name = long_name_ ? std::move(*long_name_) : short_name();
        long_name_.reset();
        pax_size_.reset();
        if (name.starts_with("./")) name.erase(0, 2);
        if ((type == '0' || type == '\0' || type == '7') && goes_down(name))
            files_.insert_or_assign(std::move(name), entry);
    }

    std::string short_name() const {
        const std::string name(field(block_, kName));
        const bool posix = field(block_, kMagic) == "ustar" && block_[kMagic.offset + 5] == '\0';
        const auto prefix = posix ? field(block_, kPrefix) : std::string_view{};
        return prefix.empty() ? name : fmt::format("{}/{}", prefix, name);
    }

    static bool goes_down(const std::filesystem::path& name) {
        return !name.empty() && name.is_relative() && name.has_filename() &&
               std::find(name.begin(), name.end(), "..") == name.end();
    }

    static std::optional<std::uint64_t> size_in(const std::string& records) {
        const auto text = pax_value(records, "size");
        std::uint64_t size = 0;
        if (!text) return std::nullopt;
        const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), size);
        return error == std::errc{} ? std::optional(size) : std::nullopt;
    }

    std::string content(const TarEntry& entry) {
        if (entry.size > kMostOfNames)
            refuse(fmt::format("has a name of {} bytes at byte {}", entry.size, at_));
        std::string text(entry.size, '\0');
        file_.seekg(static_cast<std::streamoff>(entry.offset));
        if (!file_.read(text.data(), static_cast<std::streamsize>(text.size())))
            refuse(fmt::format("cannot be read at {}", entry.offset));
        return text;
    }

    [[noreturn]] void refuse(const std::string& what) const {
        throw Error{"the tar archive " + what, archive_.string(),
                    "make it anew: tar cf ARCHIVE.tar FILE…, without compression"};
    }

    std::filesystem::path archive_;
    std::ifstream file_;
    std::uint64_t length_ = 0;
    std::uint64_t at_ = 0;  ///< of the current header
    Block block_{};
    std::optional<std::string> long_name_;   ///< of the next file
    std::optional<std::uint64_t> pax_size_;  ///< the same
    std::map<std::string, TarEntry> files_;
};

}  // namespace

std::map<std::string, TarEntry> read_tar_headers(const std::filesystem::path& archive) {
    return Headers(archive).read();
}

}  // namespace pmatch::detail
