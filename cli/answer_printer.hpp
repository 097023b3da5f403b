/// Answers to queries on stdout, in the format that was asked for.
#pragma once

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "cli/query_engine.hpp"

namespace pmatch::cli {

/// The names --format takes.
inline const std::vector<std::string> kAnswerFormats{"table", "tsv", "jsonl", "trec"};

class AnswerPrinter {
public:
    virtual ~AnswerPrinter() = default;
    /// Prints and flushes, so that a program at the other end of a pipe can go on.
    virtual void print(const std::vector<AnsweredQuery>& answered) = 0;
};

/// What a person wants to read beside an item's id: its name.
using TitleOf = std::function<std::string(const std::string& id)>;

/// `table` for people; `tsv`: query, rank, item, score; `jsonl`: one object per query; `trec`:
/// a TREC run, with scores made strictly decreasing. In tsv a tab, line break or backslash in an
/// id is written \t, \n, \r, \\.
std::unique_ptr<AnswerPrinter> make_answer_printer(const std::string& format, std::ostream& out,
                                                   TitleOf title_of);

}  // namespace pmatch::cli
