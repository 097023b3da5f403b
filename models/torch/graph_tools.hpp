/// Helpers for rewriting TorchScript graphs. Only for files that include torch's headers.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <optional>

namespace pmatch::graph {

/// The operator aten::`name`.
c10::Symbol aten(const char* name);

/// Visits every node, those of inner blocks before the containing node. The visitor may insert
/// nodes and destroy the current one.
void for_each_node(torch::jit::Block* block, const std::function<void(torch::jit::Node*)>& visit);

bool is_none(const torch::jit::Value* value);

/// The tensor, if the value is a constant one.
std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value);

/// Whether a tensor of the graph is modified in place: then the order of reads matters.
bool changes_in_place(torch::jit::Graph& graph);

/// The insertion point directly after the value is computed, before all its users.
torch::jit::Node* behind(torch::jit::Value* value);

}  // namespace pmatch::graph
