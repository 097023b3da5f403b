#include "core/lexical/bm25_writer.hpp"

#include <fmt/format.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "core/common/error.hpp"
#include "core/common/schema.hpp"

namespace pmatch {
namespace {

template <std::size_t kSize>
void copy_name(const std::string& name, std::array<char, kSize>& field, std::size_t most,
               const std::filesystem::path& target) {
    if (name.size() > most) {
        throw Error{fmt::format("'{}' has {} bytes, at most {} fit", name, name.size(), most),
                    target.string(), "use a shorter name"};
    }
    std::copy(name.begin(), name.end(), field.begin());
}

template <typename T>
void write(AtomicFile& file, const std::vector<T>& values) {
    file.write(values.data(), values.size() * sizeof(T));
}

void write(AtomicFile& file, SpoolFile& spool) {
    spool.for_each_piece(
        [&](std::span<const std::byte> piece) { file.write(piece.data(), piece.size()); });
}

}  // namespace

Bm25Writer::Bm25Writer(const std::filesystem::path& target, const Bm25Options& options,
                       const std::vector<std::uint32_t>& lengths)
    : target_(target), options_(options), lengths_(lengths), postings_(target), texts_(target) {
    length_ = std::accumulate(lengths.begin(), lengths.end(), std::uint64_t{0});
    // If no text has terms, there are no postings either, and this mean is unused.
    const double mean =
        length_ == 0 ? 1 : static_cast<double>(length_) / static_cast<double>(lengths.size());
    norms_.reserve(lengths.size());
    for (const auto length : lengths)
        norms_.push_back(options.k1 * (1 - options.b + options.b * length / mean));
}

void Bm25Writer::add(std::string_view term, const std::vector<Posting>& postings) {
    if (terms_.size() >= kMostBm25Terms) {
        throw Error{"the texts hold too many different terms", target_.string(),
                    "index one field instead, with --source"};
    }
    const auto items = lengths_.size();
    const auto held = static_cast<double>(postings.size());
    const double idf = std::log1p((static_cast<double>(items) - held + 0.5) / (held + 0.5));
    const bool dense = is_dense(postings.size(), items);
    positions_.clear();
    values_.assign(dense ? items : 0, 0.0F);
    for (const auto& [position, count] : postings) {
        const double tf = count;
        const auto value =
            static_cast<float>(idf * tf * (options_.k1 + 1) / (tf + norms_[position]));
        if (dense) {
            values_[position] = value;
        } else {
            positions_.push_back(position);
            values_.push_back(value);
        }
    }
    terms_.push_back({texts_.size(), postings_.size() / 4, static_cast<std::uint32_t>(term.size()),
                      static_cast<std::uint32_t>(postings.size())});
    hashes_.push_back(static_cast<std::uint32_t>(hash64(term)));
    count_ += postings.size();
    texts_.write(term.data(), term.size());
    postings_.write(positions_.data(), positions_.size() * sizeof(std::uint32_t));
    postings_.write(values_.data(), values_.size() * sizeof(float));
}

std::vector<std::uint32_t> Bm25Writer::hash_table() {
    std::vector<std::uint32_t> slots(std::bit_ceil(terms_.size() * 2 + 2));
    const auto mask = slots.size() - 1;
    for (std::size_t number = 0; number < terms_.size(); ++number) {
        auto slot = hashes_[number] & mask;
        while (slots[slot] != 0)
            slot = (slot + 1) & mask;
        slots[slot] = static_cast<std::uint32_t>(number + 1);
    }
    return slots;
}

Bm25Header Bm25Writer::header(const Bm25Origin& origin) const {
    Bm25Header header{};
    header.magic = kBm25Magic;
    header.version = static_cast<std::uint32_t>(kBm25Schema.current);
    header.header_size = sizeof header;
    header.items = lengths_.size();
    header.terms = terms_.size();
    header.slots = std::bit_ceil(terms_.size() * 2 + 2);
    header.postings = count_;
    header.posting_words = postings_.size() / 4;
    header.text_size = texts_.size();
    header.length = length_;
    header.file_size = sizeof header + header.items * (sizeof(std::int64_t) + 4) +
                       header.terms * sizeof(Bm25Term) + header.slots * 4 + postings_.size() +
                       texts_.size();
    header.k1 = options_.k1;
    header.b = options_.b;
    header.analyser = static_cast<std::uint32_t>(options_.analyser);
    header.analyser_version = static_cast<std::uint32_t>(kAnalyserVersion);
    header.generation = origin.generation;
    copy_name(origin.stamp, header.stamp, header.stamp.size(), target_);
    copy_name(origin.source.name(), header.source, header.source.size() - 1, target_);
    header.checksum = checksum_of(header).bytes;
    return header;
}

FileRecord Bm25Writer::finish(const Bm25Origin& origin, const std::vector<std::int64_t>& rows,
                              const std::vector<std::uint32_t>& order) {
    const auto head = header(origin);
    AtomicFile file(target_);
    file.write(&head, sizeof head);
    write(file, rows);
    write(file, terms_);
    write(file, hash_table());
    write(file, order);
    write(file, postings_);
    write(file, texts_);
    return file.publish();
}

}  // namespace pmatch
