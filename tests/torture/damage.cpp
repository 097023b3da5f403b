/// Damages every file of a collection and of its model packages, one bit or one cut at a time, in
/// one process, and uses it as the verbs do. Right is: an Error that names the file and what to do,
/// or exactly the same result. Prints a line of figures for each kind of file; exit code 1 and the
/// first faults when something else came out. damage COLLECTION PACKAGES TRUNCATIONS FLIPS
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <map>
#include <random>

#include "cli/engine/open_index.hpp"
#include "cli/indexing/build_exact.hpp"
#include "core/common/error.hpp"
#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_space.hpp"
#include "data/indexes/index_keys.hpp"
#include "data/indexes/open_space_index.hpp"
#include "data/items/caption_reader.hpp"
#include "data/items/items.hpp"
#include "data/maintenance/doctor.hpp"
#include "models/captioner/load_captioner.hpp"
#include "models/encoder/load_encoder.hpp"
#include "models/package/package.hpp"
#include "tests/data/collection/store_support.hpp"
#include "tests/support/remedy_words.hpp"

namespace {

namespace fs = std::filesystem;
using namespace pmatch;

/// What an artefact is good for; equal hashes mean an equal result.
using Use = std::function<void(Hasher128&)>;

struct Artefact {
    std::string kind;
    fs::path file;
    bool sealed = true;  ///< a checksum covers each of its bytes
    Use use;
};

void add(Hasher128& hasher, std::string_view text) {
    hasher.update(text.data(), text.size());
}

void add_items(const Collection& collection, Hasher128& hasher) {
    const Items items(collection);
    items.for_each_id([&](std::int64_t row, std::string_view id) {
        add(hasher, id);
        for (const auto& [name, cell] : items.fields_of(row)) {
            add(hasher, name);
            add(hasher, cell);
        }
        for (const auto& picture : items.pictures_of(row))
            add(hasher, picture.string());
    });
    for (const auto& skipped : items.ledger())
        add(hasher, skipped.item + skipped.code);
}

void add_vectors(const Collection& collection, const std::string& space, Hasher128& hasher) {
    for_each_live_block(collection, space, [&](auto keys, auto vectors) {
        hasher.update(vectors.data(), vectors.size_bytes());
        for (const auto& key : keys)
            hasher.update(&key.row, sizeof key.row);
    });
}

void add_answers(const Collection& collection, const std::string& space, Hasher128& hasher) {
    const auto index = open_index(collection, space, nobody());
    std::vector<float> query(static_cast<std::size_t>(index.dim()));
    for (std::size_t i = 0; i < query.size(); ++i)
        query[i] = static_cast<float>(i % 7) - 3;
    const auto found = index.search_batch(query, 1, 20);
    for (const auto& hit : found.front()) {
        hasher.update(&hit.row, sizeof hit.row);
        hasher.update(&hit.score, sizeof hit.score);
    }
}

/// Read only where an index is older than its space.
void add_keys(const Collection& collection, const std::string& space, Hasher128& hasher) {
    const auto& entry = collection.manifest().indexes.at(space);
    for (const auto& key : index_keys(collection, entry, load_index(collection, entry)))
        hasher.update(&key.content, sizeof key.content);
}

void add_lexical(const Collection& collection, const std::string& name, Hasher128& hasher) {
    const auto index = open_lexical_index(collection, name, nobody());
    for (const auto& hit : index.search(index.prepare("red mug number 3"), 20)) {
        hasher.update(&hit.row, sizeof hit.row);
        hasher.update(&hit.score, sizeof hit.score);
    }
}

void add_identified(const Collection& collection, Hasher128& hasher) {
    for (const auto& hit : open_exact(collection, nobody()).find(0, "m03|M-05")) {
        hasher.update(&hit.row, sizeof hit.row);
        hasher.update(&hit.score, sizeof hit.score);
    }
}

void add_encoder(const fs::path& package, Hasher128& hasher) {
    LoadOptions options;
    options.device = "cpu";
    options.precision = "fp32";
    options.threads = 1;
    const auto encoder = load_encoder(package, options);
    add(hasher, encoder->info().fingerprint);
    if (!encoder->info().texts) return;
    const auto prepared = encoder->prepare("Red mug, 12 cm", TextRole::kDocument);
    const std::vector<const Prepared*> batch{&prepared};
    std::vector<float> vector(static_cast<std::size_t>(encoder->info().dim));
    encoder->encode(batch, vector);
    hasher.update(vector.data(), vector.size() * sizeof(float));
}

Use reading(const fs::path& directory,
            const std::function<void(const Collection&, Hasher128&)>& use) {
    return [=](Hasher128& hasher) { use(Collection::open(directory), hasher); };
}

std::vector<Artefact> artefacts_of(const fs::path& directory) {
    const auto collection = Collection::open(directory);
    const auto& manifest = collection.manifest();
    std::vector<Artefact> found;
    const auto put = [&](const char* kind, const std::string& file, const auto& use) {
        found.push_back({kind, collection.directory() / file, true, reading(directory, use)});
    };
    put("collection.json", kManifestName, [](const Collection& c, Hasher128& h) {
        add(h, c.manifest().dump());
        add_answers(c, "text", h);
    });
    found.back().sealed = false;  // blanks between values are not in its checksum
    put("items", manifest.items.file, add_items);
    for (const auto& entry : manifest.spaces) {
        const auto name = entry.first;
        const auto& space = entry.second;
        for (const auto& part : space.parts)
            put("part", part.file,
                [name](const Collection& c, Hasher128& h) { add_vectors(c, name, h); });
        put("view", view_file(name), [name](const Collection& c, Hasher128& h) {
            c.verify(view_file(name));
            add(h, name);
        });
    }
    for (const auto& entry : manifest.indexes) {
        const auto name = entry.first;
        const auto& index = entry.second;
        const std::array kinds{"index", "rows", "sidecar"};
        for (std::size_t i = 0; i < kinds.size(); ++i)
            put(kinds.at(i), index.files.at(i),
                [name](const Collection& c, Hasher128& h) { add_answers(c, name, h); });
        put("keys", index.files.at(kIndexKeysFile),
            [name](const Collection& c, Hasher128& h) { add_keys(c, name, h); });
    }
    for (const auto& entry : manifest.lexical) {
        const auto name = entry.first;
        put("BM25", entry.second.file,
            [name](const Collection& c, Hasher128& h) { add_lexical(c, name, h); });
    }
    if (manifest.exact) put("exact", manifest.exact->file, add_identified);
    const auto captions = manifest.captions.find("caption");
    if (captions == manifest.captions.end()) return found;
    for (const auto& part : captions->second.parts)
        put("captions", part.file, [](const Collection& c, Hasher128& h) {
            for (const auto& entry : read_captions(*c.files(), c.manifest(), Source::captions()))
                add(h, entry.caption + entry.problem.code);
        });
    return found;
}

void add_package(const fs::path& directory, const Use& use, std::vector<Artefact>& found) {
    found.push_back({"model.json", directory / "model.json", false, use});
    for (const auto& [name, file] : read_package(directory).files) {
        const auto kind = name.ends_with(".pt") ? "TorchScript" : "tokenizer.json";
        if (name.ends_with(".pt") || name == "tokenizer.json")
            found.push_back({kind, directory / name, true, use});
    }
}

struct Figures {
    int refused = 0;
    int harmless = 0;
    int wrong = 0;
};

class Damager {
public:
    Damager(fs::path collection, int cuts, int flips)
        : collection_(std::move(collection)), cuts_(cuts), flips_(flips) {}

    void torture(const Artefact& artefact) {
        const auto good = test::read_all(artefact.file);
        const auto wanted = result_of(artefact);
        for (int i = 0; i < cuts_; ++i) {
            const auto kept =
                good.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(cuts_);
            try_out(artefact, good.substr(0, kept), wanted, fmt::format("cut to {} bytes", kept));
        }
        for (int i = 0; i < flips_; ++i) {
            const auto at = std::uniform_int_distribution<std::size_t>(0, good.size() - 1)(random_);
            const auto bit = std::uniform_int_distribution<unsigned>(0, 7)(random_);
            auto content = good;
            content[at] = static_cast<char>(static_cast<unsigned char>(content[at]) ^ (1U << bit));
            try_out(artefact, content, wanted, fmt::format("bit {} of byte {}", bit, at));
        }
        test::write_file(artefact.file, good);
        if (result_of(artefact) != wanted) fault(artefact, "the file as it was", "another result");
    }

    int report() const {
        for (const auto& [kind, figures] : figures_) {
            fmt::print("{:16} {:5} refused, {:4} harmless, {} wrong\n", kind, figures.refused,
                       figures.harmless, figures.wrong);
        }
        for (const auto& line : faults_)
            fmt::print(stderr, "{}\n", line);
        return faults_.empty() ? 0 : 1;
    }

private:
    static Hash128 result_of(const Artefact& artefact) {
        Hasher128 hasher;
        artefact.use(hasher);
        return hasher.digest();
    }

    void fault(const Artefact& artefact, const std::string& damage, const std::string& what) {
        ++figures_[artefact.kind].wrong;
        if (faults_.size() < 20)
            faults_.push_back(fmt::format("{}: {}: {}", artefact.file.string(), damage, what));
    }

    void try_out(const Artefact& artefact, const std::string& content, const Hash128& wanted,
                 const std::string& damage) {
        test::write_file(artefact.file, content);
        try {
            if (result_of(artefact) != wanted) return fault(artefact, damage, "another result");
            if (artefact.sealed) return fault(artefact, damage, "it was not noticed");
            ++figures_[artefact.kind].harmless;
        } catch (const Error& error) {
            const auto named = fs::path(error.file()).lexically_normal();
            if (named != artefact.file.lexically_normal() || error.remedy().empty())
                return fault(artefact, damage,
                             fmt::format("{} ({}; {})", error.what(), error.file(),
                                         test::words_of(error.remedy())));
            ++figures_[artefact.kind].refused;
            if (++examined_ % 8 == 0) ask_doctor(artefact, damage);
        } catch (const std::exception& error) {
            fault(artefact, damage, fmt::format("not an Error of ours: {}", error.what()));
        }
    }

    /// What is refused when it is used is damage to the doctor, too.
    void ask_doctor(const Artefact& artefact, const std::string& damage) {
        const auto root = fs::absolute(collection_).lexically_normal();
        const auto relative = artefact.file.lexically_relative(root).string();
        if (relative.starts_with("..") || relative == kManifestName) return;
        for (const auto& finding : examine(Collection::open(collection_))) {
            if (finding.state == Finding::State::kDamaged && finding.file == relative &&
                !finding.remedy.empty())
                return;
        }
        fault(artefact, damage, "the doctor says nothing");
    }

    fs::path collection_;
    int cuts_;
    int flips_;
    int examined_ = 0;
    std::mt19937 random_{11};
    std::map<std::string, Figures> figures_;
    std::vector<std::string> faults_;
};

}  // namespace

int main(int argc, char** argv) try {
    if (argc != 5) return 2;
    const fs::path directory = fs::absolute(argv[1]).lexically_normal();
    const fs::path packages = fs::absolute(argv[2]).lexically_normal();
    Damager damager(directory, std::atoi(argv[3]), std::atoi(argv[4]));
    auto artefacts = artefacts_of(directory);
    for (const auto* name : {"text", "image"})
        add_package(
            packages / name, [=](Hasher128& h) { add_encoder(packages / name, h); }, artefacts);
    add_package(
        packages / "caption",
        [=](Hasher128& h) {
            CaptionerOptions options;
            options.load = {"cpu", "fp32", 1, {}};
            add(h, load_captioner(packages / "caption", options)->info().fingerprint);
        },
        artefacts);
    for (const auto& artefact : artefacts)
        damager.torture(artefact);
    return damager.report();
} catch (const Error& error) {
    fmt::print(stderr, "{} ({}; {})\n", error.what(), error.file(), test::words_of(error.remedy()));
    return 1;
}
