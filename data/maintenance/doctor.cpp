#include "data/maintenance/doctor.hpp"
#include "data/collection/outdated_lists.hpp"

#include <algorithm>
#include <exception>
#include <new>
#include <set>

#include "data/collection/collection_files.hpp"
#include "data/embeddings/embedding_view.hpp"
#include "data/maintenance/checks.hpp"

namespace pmatch {

const char* name_of(Finding::State state) {
    switch (state) {
        case Finding::State::kGood:
            return "good";
        case Finding::State::kStale:
            return "stale";
        case Finding::State::kLeftover:
            return "leftover";
        case Finding::State::kDamaged:
            break;
    }
    return "damaged";
}

Remedy Examination::mend(const std::string& file) const {
    return mending_remedy(collection_.directory(), manifest(), file).commands;
}

std::string Examination::relative(const std::string& file) const {
    const auto path = std::filesystem::path(file).lexically_relative(collection_.directory());
    const bool inside = !path.empty() && path.begin()->string() != "..";
    return inside ? path.string() : file;
}

bool Examination::check_silently(const std::string& subject, const std::string& name,
                                 const std::string& file, const std::function<void()>& job) {
    Finding finding{subject, name, Finding::State::kDamaged, file, {}, mend(file)};
    try {
        job();
        return true;
    } catch (const SystemError&) {
        throw;  // an unreadable disk is no finding about its content
    } catch (const Error& error) {
        finding.detail = error.what();
        if (!error.file().empty()) finding.file = relative(error.file());
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        finding.detail = error.what();
    }
    add(std::move(finding));
    return false;
}

bool Examination::check(const std::string& subject, const std::string& name,
                        const std::string& file, const std::function<std::string()>& job) {
    std::string detail;
    if (!check_silently(subject, name, file, [&] { detail = job(); })) return false;
    good(subject, name, detail);
    return true;
}

std::vector<Finding> examine(const Collection& collection) {
    Examination examination(collection);
    examine_files(examination);
    const bool items = examine_items(examination);
    for (const auto& [name, record] : collection.manifest().captions) {
        if (items) examine_captions(examination, Source::captions(name));
    }
    for (const auto& [space, record] : collection.manifest().spaces) {
        const bool parts = examine_parts(examination, space);
        if (items && parts) examine_view(examination, space);
        if (record.indexable()) examine_index(examination, space, items && parts);
    }
    if (!items) return examination.take();
    for (const auto& [name, record] : collection.manifest().lexical)
        examine_lexical(examination, name);
    examine_identifiers(examination);
    return examination.take();
}

namespace {

bool names_damage(const std::vector<Finding>& findings, const std::string& subject,
                  const std::string& name, const std::string& file) {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
        return finding.state == Finding::State::kDamaged && finding.subject == subject &&
               finding.name == name && (file.empty() || finding.file == file);
    });
}

/// Removes damaged `parts` from the manifest; returns whether there were any.
bool drop(std::vector<PartRecord>& parts, Manifest& next, const std::vector<Finding>& findings,
          const std::string& subject, const std::string& name) {
    return std::erase_if(parts, [&](const PartRecord& part) {
               if (!names_damage(findings, subject, name, part.file)) return false;
               next.files.erase(part.file);
               return true;
           }) > 0;
}

/// Removes damaged parts of captions; returns the captions that had any.
std::vector<Source> drop_captions(Manifest& next, const std::vector<Finding>& findings) {
    std::vector<Source> damaged;
    for (auto& [name, record] : next.captions) {
        const auto captions = Source::captions(name);
        if (drop(record.parts, next, findings, "captions", finding_name(captions)))
            damaged.push_back(captions);
    }
    return damaged;
}

/// Damaged indexes are dropped completely: they can be rebuilt.
void drop_indexes(Manifest& next, const std::vector<Finding>& findings) {
    std::erase_if(next.indexes, [&](const auto& entry) {
        if (!names_damage(findings, "index", entry.first, {})) return false;
        for (const auto& file : entry.second.files)
            next.files.erase(file);
        return true;
    });
    std::erase_if(next.lexical, [&](const auto& entry) {
        if (!names_damage(findings, "lexical", entry.first, {})) return false;
        next.files.erase(entry.second.file);
        return true;
    });
    if (next.exact && names_damage(findings, "identifiers", {}, {})) {
        next.files.erase(next.exact->file);
        next.exact.reset();
    }
}

}  // namespace

std::vector<Finding> repair(Collection& collection, const std::vector<Finding>& findings) {
    std::vector<Finding> done;
    if (names_damage(findings, "items", {}, {})) return done;  // everything else depends on them
    for (const auto& finding : findings) {
        if (finding.state == Finding::State::kDamaged) done.push_back(finding);
    }
    if (done.empty()) return done;
    auto next = collection.manifest();
    drop_indexes(next, findings);
    const auto captions = drop_captions(next, findings);
    const auto from_damaged = [&](const Source& source) {
        return std::find(captions.begin(), captions.end(), source) != captions.end();
    };
    std::vector<StagedFile> views;
    for (auto& [name, space] : next.spaces) {
        const bool parts = drop(space.parts, next, findings, "vectors", name);
        if (parts || from_damaged(space.source) || names_damage(findings, "view", name, {}))
            views.push_back(stage_view(collection, next, name));
    }
    for (const auto& source : captions)
        outdate_lists(next, source);
    collection.commit(std::move(next), views);
    return done;
}

}  // namespace pmatch
