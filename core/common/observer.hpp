/// Reports what a job does while it runs. Code below cli/ never prints: it calls an observer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/common/remedy.hpp"

namespace pmatch {

/// Receives the progress of a long step; made by Observer::progress(), destroyed when the step
/// ends.
class ProgressMeter {
public:
    virtual ~ProgressMeter() = default;
    virtual void update(std::int64_t done, std::string_view extra) = 0;
};

/// A note or a warning, and what to do about it.
struct Notice {
    Notice(std::string words) : text(std::move(words)) {}
    Notice(const char* words) : text(words) {}
    Notice(std::string words, Remedy what_to_do)
        : text(std::move(words)), remedy(std::move(what_to_do)) {}

    std::string text;
    Remedy remedy;

    friend bool operator==(const Notice&, const Notice&) = default;
};

/// The default ignores everything. Members may be called from many threads.
class Observer {
public:
    virtual ~Observer() = default;

    virtual void note(const Notice&) const {}       ///< a summary, a hint
    virtual void detail(std::string_view) const {}  ///< settings and costs
    virtual void warning(const Notice&) const {}    ///< the result may not be what is expected
    /// True: details are shown, so long lists need not be shortened.
    virtual bool verbose() const { return false; }
    /// nullptr: progress is not shown. `total` 0 = unknown.
    virtual std::unique_ptr<ProgressMeter> progress(const std::string&, std::int64_t) const {
        return nullptr;
    }
};

/// An observer that ignores everything.
inline const Observer& nobody() {
    static const Observer silent;
    return silent;
}

/// Reports "what: done of total" to the observer, if it shows progress.
class Progress {
public:
    Progress(const Observer& observer, const std::string& what, std::int64_t total)
        : meter_(observer.progress(what, total)) {}

    void update(std::int64_t done, std::string_view extra = {}) {
        if (meter_) meter_->update(done, extra);
    }

private:
    std::unique_ptr<ProgressMeter> meter_;
};

/// How a job is executed: its observer and number of threads. Passed by value; the observer must
/// outlive it.
struct Execution {
    const Observer& observer;
    int threads = 0;  ///< 0 = as many as the process may use
};

}  // namespace pmatch
