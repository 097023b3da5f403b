/// Who is told what a job does while it runs. Nothing below cli/ prints: it tells an observer.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/common/remedy.hpp"

namespace pmatch {

/// Hears how far a long step has come; made by Observer::progress(), gone when the step is over.
class ProgressMeter {
public:
    virtual ~ProgressMeter() = default;
    virtual void update(std::int64_t done, std::string_view extra) = 0;
};

/// What a note or a warning says, and what to do about it.
struct Notice {
    Notice(std::string words) : text(std::move(words)) {}
    Notice(const char* words) : text(words) {}
    Notice(std::string words, Remedy what_to_do)
        : text(std::move(words)), remedy(std::move(what_to_do)) {}

    std::string text;
    Remedy remedy;

    friend bool operator==(const Notice&, const Notice&) = default;
};

/// Hears nothing unless a subclass listens. Its members may be called from many threads.
class Observer {
public:
    virtual ~Observer() = default;

    virtual void note(const Notice&) const {}       ///< a summary, a hint
    virtual void detail(std::string_view) const {}  ///< settings and costs
    virtual void warning(const Notice&) const {}    ///< the result may not be what is expected
    /// Details are listened to; long lists need not be cut short.
    virtual bool verbose() const { return false; }
    /// nullptr: nobody watches. `total` 0 = unknown.
    virtual std::unique_ptr<ProgressMeter> progress(const std::string&, std::int64_t) const {
        return nullptr;
    }
};

/// Hears nothing.
inline const Observer& nobody() {
    static const Observer silent;
    return silent;
}

/// "what: done of total", told to whoever watches.
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

/// How a job is carried out: who hears of it, and on how many threads. Handed on by value; the
/// observer must outlive it.
struct Execution {
    const Observer& observer;
    int threads = 0;  ///< 0 = as many as the process may use
};

}  // namespace pmatch
