#include "data/engines/vector_sender.hpp"

namespace pmatch {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18U;        // bytes that libpq gets at once
constexpr std::size_t kTransaction = std::size_t{1} << 26U;  // bytes that are lost at most

}  // namespace

VectorSender::VectorSender(PostgresConnection& session, const SpaceSql& sql, int dim,
                           VectorElement element, bool keyed)
    : session_(session),
      sql_(sql),
      dim_(dim),
      element_(element),
      keyed_(keyed),
      writer_(dim, element) {}

void VectorSender::begin() {
    if (keyed_) session_.run("BEGIN; " + sql_.create_staging());
    session_.begin_copy(keyed_ ? sql_.copy_staging() : sql_.copy());
    writer_ = CopyWriter(dim_, element_);
    open_ = true;
    rows_ = 0;
    bytes_ = 0;
}

void VectorSender::add(const InputKey& key, std::span<const float> vector) {
    if (!open_) begin();
    writer_.add(key, vector);
    ++rows_;
    if (writer_.bytes().size() >= kPiece) flush();
    if (bytes_ >= kTransaction) commit();
}

void VectorSender::flush() {
    session_.put(writer_.bytes());
    bytes_ += writer_.bytes().size();
    writer_.clear();
}

void VectorSender::commit() {
    if (!open_) return;
    writer_.finish();
    flush();
    session_.end_copy();
    if (keyed_) session_.run(sql_.upsert() + "; COMMIT");
    open_ = false;
    sent_ += rows_;
}

}  // namespace pmatch
