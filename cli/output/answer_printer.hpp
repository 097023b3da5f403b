/// Answers to queries on stdout, in the format that was asked for.
#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "core/engine/item_reader.hpp"
#include "core/engine/request.hpp"

namespace pmatch::cli {

/// The names --format takes.
inline const std::vector<std::string> kAnswerFormats{"table", "tsv", "jsonl", "trec", "html"};

class AnswerPrinter {
public:
    virtual ~AnswerPrinter() = default;
    /// Prints and flushes, so that a program at the other end of a pipe can go on.
    /// `answered[i]` belongs to `queries[i]`.
    virtual void print(const std::vector<Query>& queries,
                       const std::vector<AnsweredQuery>& answered) = 0;
    /// After the last of them.
    virtual void finish() {}
};

/// What a printer may want beside ids and scores.
struct AnswerDetails {
    const ItemReader* items = nullptr;  ///< for titles and pictures
    bool explain = false;               ///< what each list did for an item
};

/// `table` for people; `tsv`: query, rank, item, score; `jsonl`: one object per query; `trec`:
/// a TREC run, with scores made strictly decreasing; `html`: a page (html_printer.hpp). In tsv a
/// tab, line break or backslash in an id is written \t, \n, \r, \\.
std::unique_ptr<AnswerPrinter> make_answer_printer(const std::string& format, std::ostream& out,
                                                   const AnswerDetails& details);

}  // namespace pmatch::cli
