/// A collection in memory for the engine: items with a text and a shop, a space of made-up vectors,
/// and an encoder that needs no model.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "core/common/error.hpp"
#include "core/engine/engine.hpp"
#include "core/index/vector_index.hpp"
#include "core/retrieval/vector_retriever.hpp"

namespace pmatch::test {

inline constexpr std::size_t kDim = 16;

/// A text as a unit vector: each letter moves it a little, so texts of the same letters are near.
inline void letters_to_vector(std::span<const std::int32_t> letters, std::span<float> vector) {
    std::array<double, kDim> sums{};
    for (const auto letter : letters)
        sums[static_cast<std::size_t>(letter) % kDim] += 1 + letter / 256.0;
    double squares = 1e-9;
    for (const auto sum : sums)
        squares += sum * sum;
    for (std::size_t d = 0; d < kDim; ++d)
        vector[d] = static_cast<float>(sums[d] / std::sqrt(squares));
}

/// What encoders of one test have in common.
struct EncoderLog {
    std::mutex mutex;
    std::vector<std::size_t> batches;  ///< inputs of each call
    std::atomic<bool> hold = false;    ///< a call that has begun does not end
    std::atomic<int> running = 0;      ///< calls under way
    std::atomic<int> most = 0;

    std::size_t calls() {
        const std::lock_guard lock(mutex);
        return batches.size();
    }
};

class LetterEncoder : public Encoder {
public:
    explicit LetterEncoder(EncoderLog& log) : log_(log) {
        info_.name = "letters";
        info_.fingerprint = "letters";
        info_.dim = static_cast<int>(kDim);
        info_.normalized = true;
        info_.texts = true;
    }

    const EncoderInfo& info() const override { return info_; }
    Prepared prepare(const Image&) const override { throw Error{"no pictures", {}, "give a text"}; }
    Prepared prepare(std::string_view text, TextRole) const override {
        Prepared prepared;
        for (const char c : text)
            prepared.tokens.push_back(static_cast<unsigned char>(c));
        return prepared;
    }
    void encode(std::span<const Prepared* const> batch, std::span<float> vectors) override {
        const int now = ++log_.running;
        log_.most = std::max(log_.most.load(), now);
        {
            const std::lock_guard lock(log_.mutex);
            log_.batches.push_back(batch.size());
        }
        while (log_.hold)
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        bool refused = false;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            refused = refused || batch[i]->tokens.front() == '!';
            letters_to_vector(batch[i]->tokens, vectors.subspan(i * kDim, kDim));
        }
        --log_.running;
        if (refused) throw Error{"a text begins with '!'", {}, "leave it out"};
    }

private:
    EncoderLog& log_;
    EncoderInfo info_;
};

class MemoryItems : public ItemReader {
public:
    struct Item {
        std::string id;
        std::string text;
        std::string shop;
    };
    explicit MemoryItems(std::vector<Item> items) : items_(std::move(items)) {}

    std::int64_t count() const override { return std::ssize(items_); }
    std::string id_of(std::int64_t row) const override { return at(row).id; }
    std::optional<std::int64_t> row_of(std::string_view id) const override {
        for (std::size_t i = 0; i < items_.size(); ++i) {
            if (items_[i].id == id) return static_cast<std::int64_t>(i);
        }
        return std::nullopt;
    }
    void for_each_id(
        const std::function<void(std::int64_t, std::string_view)>& take) const override {
        for (std::size_t i = 0; i < items_.size(); ++i)
            take(static_cast<std::int64_t>(i), items_[i].id);
    }
    std::vector<std::pair<std::string, std::string>> fields_of(std::int64_t row) const override {
        return {{"text", at(row).text}, {"shop", at(row).shop}};
    }
    std::string title_of(std::int64_t row) const override { return at(row).text; }
    std::vector<std::filesystem::path> pictures_of(std::int64_t) const override { return {}; }

    const Item& at(std::int64_t row) const { return items_.at(static_cast<std::size_t>(row)); }

private:
    std::vector<Item> items_;
};

/// There are no pictures.
class NoPictures : public PictureReader {
public:
    std::variant<Image, Problem> read(const std::filesystem::path&,
                                      const std::optional<Hash128>&) const override {
        return Problem{"missing", "there are no pictures here"};
    }
};

class MemoryCollection : public CollectionSource {
public:
    MemoryCollection(std::vector<MemoryItems::Item> items, EncoderLog& log, BatchLimits limits = {})
        : items_(std::move(items)), log_(log), limits_(limits) {}

    std::string directory() const override { return "memory"; }
    std::int64_t generation() const override { return 1; }
    const ItemReader& items() const override { return items_; }
    std::vector<std::string> fields() const override { return {"text", "shop"}; }
    std::vector<std::string> text_fields() const override { return {"text"}; }
    std::vector<SpaceSummary> available(const std::string&) const override {
        return {{"text", Source::text()}};
    }
    std::unique_ptr<Retriever> open(const RetrieverId& id,
                                    const Execution& execution) const override {
        ++opened;
        execution.observer.note("opened " + id.name);
        const LetterEncoder encoder(log_);
        std::vector<float> vectors(static_cast<std::size_t>(items_.count()) * kDim);
        for (std::int64_t row = 0; row < items_.count(); ++row) {
            const auto prepared = encoder.prepare(items_.at(row).text, TextRole::kDocument);
            letters_to_vector(prepared.tokens, std::span(vectors).subspan(
                                                   static_cast<std::size_t>(row) * kDim, kDim));
        }
        const auto open_encoder = [this](const Execution&) -> SharedEncoder& {
            return encoder_.get([&] {
                ++encoders;
                return std::make_unique<SharedEncoder>(std::make_unique<LetterEncoder>(log_),
                                                       limits_);
            });
        };
        return std::make_unique<VectorRetriever>(
            VectorSpace{{id.name, Source::text(), pictures_, open_encoder},
                        LiveIndex(Index::build(vectors, static_cast<int>(kDim)))});
    }
    FilteredRows rows_where(const std::string& condition) const override {
        if (condition.find("shop = ") != 0) throw UsageError{"no condition", "compare the shop"};
        RowSet rows;
        for (std::int64_t row = 0; row < items_.count(); ++row) {
            if (items_.at(row).shop == condition.substr(7)) rows.insert(row);
        }
        return {std::move(rows), {}};
    }
    bool has_captions(const Source& /*captions*/) const override { return false; }
    std::unique_ptr<QueryDescriber> describer(const Source& /*captions*/) const override {
        return nullptr;
    }

    mutable std::atomic<int> opened = 0;
    mutable std::atomic<int> encoders = 0;

private:
    MemoryItems items_;
    EncoderLog& log_;
    BatchLimits limits_;
    NoPictures pictures_;
    mutable Lazy<SharedEncoder> encoder_;
};

inline Query text_query(std::string id, std::string text) {
    Query query;
    query.id = std::move(id);
    query.text = std::move(text);
    return query;
}

}  // namespace pmatch::test
