/// A shop whose catalog changes in every way a catalog can, with vectors made up from the content
/// alone, so that a collection with a history and a fresh one must answer alike.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/common/random.hpp"
#include "data/indexes/index_update.hpp"
#include "data/indexes/open_space_index.hpp"
#include "data/items/items.hpp"
#include "tests/data/collection/store_support.hpp"

namespace pmatch::test {

inline constexpr int kLifeDim = 12;
using Ranking = std::vector<std::pair<std::string, float>>;

/// Unit length, from the hash of the content.
inline std::vector<float> content_vector(const Hash128& content) {
    std::uint64_t seed = 0;
    for (const auto byte : content.bytes)
        seed = seed * 257 + byte;
    SplitMix64 random(seed);
    std::vector<float> vector;
    double squares = 0;
    for (int i = 0; i < kLifeDim; ++i) {
        vector.push_back(static_cast<float>(random.below(2001)) / 1000 - 1);
        squares += static_cast<double>(vector.back()) * vector.back();
    }
    for (auto& value : vector)
        value = static_cast<float>(value / std::sqrt(squares));
    return vector;
}

/// The sum as the index says it makes it: exact products in double, rounded once.
inline float product(const std::vector<float>& a, const std::vector<float>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += static_cast<double>(a[i]) * b[i];
    return static_cast<float>(sum);
}

/// Returns how many inputs were embedded.
inline int embed_by_content(const std::filesystem::path& directory, const std::string& source) {
    auto collection = Collection::open_for_writing(directory);
    begin_space(collection, source, fake_space(source, kLifeDim), false);
    const auto work = pending_work(collection, source, {Source::parse(source), 4});
    SpaceWriter writer(collection, source);
    int inputs = 0;
    for (auto items = work->next_window(); !items.empty(); items = work->next_window()) {
        EmbeddedWindow window;
        for (const auto& item : items) {
            const auto vector = content_vector(item.key.content);
            window.keys.push_back(item.key);
            window.vectors.insert(window.vectors.end(), vector.begin(), vector.end());
        }
        inputs += static_cast<int>(items.size());
        writer.append(std::move(window));
    }
    writer.finish();
    return inputs;
}

inline UpdatedIndex index_space(const std::filesystem::path& directory, const std::string& space,
                                const std::string& layout) {
    auto collection = Collection::open_for_writing(directory);
    IndexOptions options;
    options.layout = layout;
    return update_index(collection, space, options);
}

inline void order(Ranking& ranking) {
    std::sort(ranking.begin(), ranking.end(), [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
}

/// All items that the space's index, or what lies beside it, finds.
inline Ranking answers(const Collection& collection, const std::string& space,
                       const std::vector<float>& query) {
    const Items items(collection);
    const auto opened = open_space_index(collection, space);
    Ranking ranking;
    const auto found = opened.index.search_batch(query, 1, 1000);
    for (const auto& hit : found.front())
        ranking.emplace_back(items.id_of(hit.row), hit.score);
    order(ranking);
    return ranking;
}

struct LifeItem {
    std::string title;
    int price = 1;
    std::vector<std::string> pictures;  ///< names of files in the shop's directory
};

/// The catalog as it is meant to be, and its files.
class LifeShop {
public:
    explicit LifeShop(std::filesystem::path directory, std::uint64_t seed)
        : directory_(std::move(directory)), random_(seed) {
        std::filesystem::create_directories(directory_);
        for (int i = 0; i < 12; ++i)
            add();
    }

    SplitMix64& random() { return random_; }
    const std::map<std::string, LifeItem>& items() const { return items_; }

    /// One change; the ids it touched and the one it removed.
    void edit(std::set<std::string>& touched, std::set<std::string>& removed);

    /// Rows in an order of their own each time; only `ids`, if any are given.
    std::filesystem::path write_catalog(const std::string& name,
                                        const std::set<std::string>& ids = {});

    std::vector<std::vector<float>> vectors_of(const std::string& id,
                                               const std::string& source) const {
        const auto& item = items_.at(id);
        std::vector<std::vector<float>> vectors;
        if (source == "text") {
            vectors.push_back(
                content_vector(hash128(item.title + " " + std::to_string(item.price))));
        } else {
            for (const auto& picture : item.pictures)
                vectors.push_back(content_vector(hash128(bytes_.at(picture))));
        }
        return vectors;
    }

    /// What an exact search of the catalog as it is must say.
    Ranking truth(const std::string& source, const std::vector<float>& query) const {
        Ranking ranking;
        for (const auto& [id, item] : items_) {
            const auto vectors = vectors_of(id, source);
            float best = -2;
            for (const auto& vector : vectors)
                best = std::max(best, product(query, vector));
            if (!vectors.empty()) ranking.emplace_back(id, best);
        }
        order(ranking);
        return ranking;
    }

private:
    std::string any_id() {
        auto at = items_.begin();
        std::advance(at, random_.below(static_cast<std::uint32_t>(items_.size())));
        return at->first;
    }
    void paint(const std::string& name) {
        bytes_[name] = "picture " + std::to_string(++paintings_);
        write_file(directory_ / name, bytes_[name]);
    }
    std::string new_picture() {
        const auto name = "p" + std::to_string(++files_) + ".png";
        paint(name);
        return name;
    }
    std::string add() {
        const auto id = "i" + std::to_string(++ids_);
        auto& item = items_[id];
        item.title = "thing " + std::to_string(random_.below(1000));
        item.price = static_cast<int>(random_.below(50)) + 1;
        for (auto left = random_.below(3); left > 0; --left)
            item.pictures.push_back(new_picture());
        return id;
    }
    void rename(LifeItem& item) {
        if (item.pictures.empty()) return;
        const auto name = "r" + std::to_string(++files_) + ".png";
        auto& picture = item.pictures.front();
        std::filesystem::rename(directory_ / picture, directory_ / name);
        bytes_[name] = bytes_[picture];
        picture = name;
    }

    std::filesystem::path directory_;
    SplitMix64 random_;
    std::map<std::string, LifeItem> items_;
    std::map<std::string, LifeItem> gone_;
    std::map<std::string, std::string> bytes_;  ///< by file name
    int ids_ = 0;
    int files_ = 0;
    int paintings_ = 0;
};

inline void LifeShop::edit(std::set<std::string>& touched, std::set<std::string>& removed) {
    const auto kind = random_.below(9);
    if (kind == 0) {
        touched.insert(add());
    } else if (kind == 1 && items_.size() > 4) {
        const auto id = any_id();
        gone_.insert(items_.extract(id));
        removed.insert(id);
    } else if (kind == 2 && !gone_.empty()) {
        const auto id = gone_.begin()->first;
        items_.insert(gone_.extract(id));
        touched.insert(id);
    } else {
        const auto id = any_id();
        auto& item = items_.at(id);
        touched.insert(id);
        if (kind == 3) item.title += " new";
        if (kind == 4) ++item.price;
        if (kind == 5) rename(item);
        if (kind == 6 && !item.pictures.empty()) paint(item.pictures.back());
        if (kind == 7) item.pictures.push_back(new_picture());
        if (kind == 8) std::reverse(item.pictures.begin(), item.pictures.end());
    }
}

inline std::filesystem::path LifeShop::write_catalog(const std::string& name,
                                                     const std::set<std::string>& ids) {
    std::vector<std::string> rows;
    for (const auto& [id, item] : items_) {
        if (!ids.empty() && !ids.contains(id)) continue;
        std::string pictures;
        for (const auto& picture : item.pictures)
            pictures += (pictures.empty() ? "" : "|") + picture;
        rows.push_back(id + "," + item.title + "," + std::to_string(item.price) + "," + pictures);
    }
    for (auto i = rows.size(); i > 1; --i)
        std::swap(rows[i - 1], rows[random_.below(static_cast<std::uint32_t>(i))]);
    std::string csv = "id,title,price,image\n";
    for (const auto& row : rows)
        csv += row + "\n";
    write_file(directory_ / name, csv);
    return directory_ / name;
}

}  // namespace pmatch::test
