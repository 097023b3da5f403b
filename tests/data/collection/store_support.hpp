/// Catalogs and encoders made up for tests of the collection.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "data/catalog/catalog.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/embeddings/pending_inputs.hpp"
#include "data/ingest/ingest.hpp"

namespace pmatch::test {

inline void write_file(const std::filesystem::path& file, const std::string& content) {
    std::ofstream(file, std::ios::binary) << content;
}

inline std::string read_all(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

inline void flip_bit(const std::filesystem::path& file, std::size_t at) {
    auto content = read_all(file);
    content.at(at) = static_cast<char>(content.at(at) ^ 1);
    write_file(file, content);
}

inline IngestReport ingest_file(const std::filesystem::path& directory,
                                const std::filesystem::path& source,
                                const CatalogOptions& catalog = {}) {
    auto collection = Collection::create_or_open(directory);
    IngestOptions options;
    options.source = source.string();
    options.max_loss = 1;  // these catalogs are not about losses
    return ingest(
        collection, [&] { return open_catalog(source, catalog); }, options);
}

/// A vector anybody can compute again: the content hash's first bytes and the row.
inline std::vector<float> fake_vector(const InputKey& key, int dim) {
    std::vector<float> vector(static_cast<std::size_t>(dim));
    for (std::size_t i = 0; i < vector.size(); ++i) {
        vector[i] = static_cast<float>(key.content.bytes.at(i % 16)) + static_cast<float>(key.row);
    }
    return vector;
}

inline SpaceRecord fake_space(const std::string& source, int dim = 4) {
    SpaceRecord record;
    record.source = Source::parse(source);
    record.package = "/packages/fake";
    record.model = "fake";
    record.fingerprint = "f1";
    record.precision = "fp32";
    record.dim = dim;
    return record;
}

/// A space of bytes with any number of vectors per input: as many as the row's last digit says.
inline SpaceRecord ragged_space(const std::string& source, int dim) {
    auto record = fake_space(source, dim);
    record.vectors_per_input = VectorsPerInput::kVariable;
    record.bytes = true;
    return record;
}

inline std::vector<float> ragged_vectors(const InputKey& key, int dim) {
    std::vector<float> values(static_cast<std::size_t>(key.row % 10 * dim));
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>((key.content.bytes.at(i % 16) + i) % 256);
    return values;
}

inline EmbeddedWindow fake_embed(const std::vector<EmbeddingInput>& items, int dim,
                                 const std::string& fails = "broken", bool ragged = false) {
    EmbeddedWindow window;
    for (const auto& item : items) {
        if (item.text.find(fails) != std::string::npos) {
            window.skipped.push_back({item.key, {"corrupt", "made up for the test"}});
            continue;
        }
        const auto vectors = ragged ? ragged_vectors(item.key, dim) : fake_vector(item.key, dim);
        window.keys.push_back(item.key);
        window.vectors.insert(window.vectors.end(), vectors.begin(), vectors.end());
        if (ragged) window.ends.push_back(window.vectors.size() / static_cast<std::size_t>(dim));
    }
    return window;
}

/// Embeds what is pending; returns how many inputs that were. With `windows` it stops there,
/// as a kill would, but with the finished part sealed.
inline int embed_space(const std::filesystem::path& directory, const std::string& space,
                       const SpaceRecord& record, int window_rows = 4, int windows = -1,
                       bool replace = false) {
    auto collection = Collection::open_for_writing(directory);
    begin_space(collection, space, record, replace);
    const auto work = pending_work(collection, space, {record.source, window_rows});
    SpaceWriter writer(collection, space);
    int inputs = 0;
    for (auto window = work->next_window(); !window.empty() && windows != 0;
         window = work->next_window(), --windows) {
        inputs += static_cast<int>(window.size());
        writer.append(fake_embed(window, record.dim, "broken", !record.indexable()));
    }
    writer.finish();
    return inputs;
}

/// The live vectors as the library reads them.
inline std::vector<std::pair<InputKey, std::vector<float>>> live_vectors(
    const std::filesystem::path& directory, const std::string& space) {
    const auto collection = Collection::open(directory);
    const auto dim = static_cast<std::size_t>(collection.space(space).dim);
    std::vector<std::pair<InputKey, std::vector<float>>> result;
    for_each_live_block(collection, space, [&](auto keys, auto vectors) {
        for (std::size_t i = 0; i < keys.size(); ++i) {
            const auto vector = vectors.subspan(i * dim, dim);
            result.emplace_back(keys[i], std::vector<float>(vector.begin(), vector.end()));
        }
    });
    return result;
}

/// Runs `job` in a child process that dies at the given step of a commit, without destructors,
/// as SIGKILL would do it. False when it never came there.
template <typename Job>
bool killed_at(const std::string& step, Job job) {
    std::fflush(nullptr);
    const auto child = ::fork();
    if (child == 0) {
        set_commit_hook([&](const char* at) {
            if (at == step) ::_exit(9);
        });
        try {
            job();
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

}  // namespace pmatch::test
