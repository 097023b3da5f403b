/// The access log: a line of JSON for each request, without what was asked.
#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

#include "cli/serve/http/http_message.hpp"

namespace pmatch::cli {

/// Thread-safe.
class AccessLog {
public:
    /// Appends to the file; empty = no log. Throws Error if it cannot be written.
    explicit AccessLog(std::filesystem::path file);

    void write(const HttpRequest& request, const std::string& route, const HttpResponse* response,
               double milliseconds);
    /// For log rotation: a file that was moved away is begun anew.
    void reopen();

private:
    std::filesystem::path file_;
    std::mutex mutex_;
    std::ofstream out_;
};

}  // namespace pmatch::cli
