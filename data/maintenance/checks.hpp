/// Internal to data/: the interface of the checks made by examine().
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/common/error.hpp"
#include "data/collection/collection.hpp"
#include "data/maintenance/doctor.hpp"

namespace pmatch {

class Examination {
public:
    explicit Examination(const Collection& collection) : collection_(collection) {}

    const Collection& collection() const { return collection_; }
    const Manifest& manifest() const { return collection_.manifest(); }

    void good(std::string subject, std::string name, std::string detail) {
        findings_.push_back({std::move(subject),
                             std::move(name),
                             Finding::State::kGood,
                             {},
                             std::move(detail),
                             {}});
    }
    void add(Finding finding) { findings_.push_back(std::move(finding)); }

    /// Runs a check that returns a summary; an Error is reported as damage to `file`, or to the
    /// file that the Error names.
    bool check(const std::string& subject, const std::string& name, const std::string& file,
               const std::function<std::string()>& job);

    /// The same, without a finding if the check succeeds.
    bool check_silently(const std::string& subject, const std::string& name,
                        const std::string& file, const std::function<void()>& job);

    /// The command that repairs or creates the file, a path relative to the collection.
    Remedy mend(const std::string& file) const;

    std::vector<Finding> take() { return std::move(findings_); }

private:
    std::string relative(const std::string& file) const;

    const Collection& collection_;
    std::vector<Finding> findings_;
};

/// Leftover files, the link to the items, and missing files of the manifest.
void examine_files(Examination& examination);
/// Returns true if the items can be read, which most other checks require.
bool examine_items(Examination& examination);
void examine_captions(Examination& examination, const Source& captions);
/// Finding::name of a finding about these captions: empty for descriptions.
std::string finding_name(const Source& captions);
/// Returns true if all parts can be read.
bool examine_parts(Examination& examination, const std::string& space);
/// Compares the number of live vectors with the manifest, and the view with the parts.
void examine_view(Examination& examination, const std::string& space);
void examine_index(Examination& examination, const std::string& space, bool has_vectors);
void examine_lexical(Examination& examination, const std::string& name);
void examine_identifiers(Examination& examination);

}  // namespace pmatch
