#include "cli/serve/microhttpd/exchange.hpp"

namespace pmatch::cli {

bool Exchange::reply(HttpResponse response) {
    const std::lock_guard lock(mutex_);
    if (response_) return false;
    response_ = std::move(response);
    if (suspended_ && connection_ != nullptr) MHD_resume_connection(connection_);
    suspended_ = false;
    return true;
}

bool Exchange::wait_for_reply() {
    const std::lock_guard lock(mutex_);
    if (response_) return false;
    MHD_suspend_connection(connection_);
    suspended_ = true;
    return true;
}

const HttpResponse* Exchange::response() {
    const std::lock_guard lock(mutex_);
    return response_ ? &*response_ : nullptr;
}

void Exchange::detach() {
    const std::lock_guard lock(mutex_);
    connection_ = nullptr;
    abandoned_.request_stop();
}

}  // namespace pmatch::cli
