/// Prints answers to stdout in the requested format.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/engine/item_reader.hpp"
#include "core/engine/request.hpp"

namespace pmatch::cli {

class AnswerPrinter {
public:
    virtual ~AnswerPrinter() = default;
    /// Prints and flushes, so that a reading program at the other end of a pipe can proceed.
    /// `answered[i]` belongs to `queries[i]`.
    virtual void print(const std::vector<Query>& queries,
                       const std::vector<AnsweredQuery>& answered) = 0;
    /// Call after the last query.
    virtual void finish() {}
};

/// Additional information for printers.
struct AnswerDetails {
    const ItemReader* items = nullptr;  ///< for titles and pictures
    bool explain = false;               ///< print the contribution of each list
};

/// The values of --format.
std::vector<std::string> answer_formats();

/// Throws UsageError, naming those that have, if the format has no room for --explain.
void check_format_explains(const std::string& format);

/// `table` for people; `tsv`: query, rank, item, score; `jsonl`: one object per query; `trec`:
/// a TREC run, with scores made strictly decreasing; `html`: a page (html_printer.hpp). In tsv a
/// tab, line break or backslash in an id is written \t, \n, \r, \\.
std::unique_ptr<AnswerPrinter> make_answer_printer(const std::string& format, std::ostream& out,
                                                   const AnswerDetails& details);

}  // namespace pmatch::cli
