/// Internal to data/: what the checks of examine() are written against.
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

    /// Runs a check that returns what is good about it; an Error is damage to `file`, or to the
    /// file that the Error names.
    bool check(const std::string& subject, const std::string& name, const std::string& file,
               const std::function<std::string()>& job);

    /// The same without a line when all is well.
    bool check_silently(const std::string& subject, const std::string& name,
                        const std::string& file, const std::function<void()>& job);

    /// The command that mends or makes the file, relative to the collection.
    Remedy mend(const std::string& file) const;

    std::vector<Finding> take() { return std::move(findings_); }

private:
    std::string relative(const std::string& file) const;

    const Collection& collection_;
    std::vector<Finding> findings_;
};

/// Names of ours that nobody uses, the link to the items, what the manifest names in vain.
void examine_files(Examination& examination);
/// True when the items can be read, without which little else can be told.
bool examine_items(Examination& examination);
void examine_captions(Examination& examination);
/// True when all parts can be read.
bool examine_parts(Examination& examination, const std::string& space);
/// Live vectors as the manifest counts them, and the view beside them.
void examine_view(Examination& examination, const std::string& space);
void examine_index(Examination& examination, const std::string& space, bool has_vectors);
void examine_lexical(Examination& examination, const std::string& name);

}  // namespace pmatch
