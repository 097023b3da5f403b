/// What the rewriting of TorchScript graphs shares. Only for files that see torch's headers.
#pragma once

#include <ATen/core/Tensor.h>
#include <torch/csrc/jit/ir/ir.h>

#include <functional>
#include <optional>

namespace pmatch::graph {

/// The operator aten::`name`.
c10::Symbol aten(const char* name);

/// Visits every node, those of inner blocks before the node that holds them. The visitor may
/// insert nodes and destroy the one it is given.
void for_each_node(torch::jit::Block* block, const std::function<void(torch::jit::Node*)>& visit);

bool is_none(const torch::jit::Value* value);

/// The tensor a value always is, if it is one.
std::optional<at::Tensor> constant_tensor(const torch::jit::Value* value);

/// Whether some tensor of the graph is changed in place: then it must be read where it is needed.
bool changes_in_place(torch::jit::Graph& graph);

/// The place right behind where a value is made: in front of all its users.
torch::jit::Node* behind(torch::jit::Value* value);

}  // namespace pmatch::graph
