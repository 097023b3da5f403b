"""Writes checkpoint directories of LLaVA-OneVision with seeded random weights, in the form of `save_pretrained`.

A plain random model repeats a single token. Large embeddings, random signs in the last norm and large biases
give captions of many different tokens with clear margins between the first and second choice.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import torch

from . import sample_tokenizers

PROJECTION, BIAS, WIDTH = 0.3, 0.3, 64  # the spread of weights is that of a model 64 wide
TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + ' ' }}"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ '\\n' + part['text'] }}{% endif %}{% endfor %}"
    "{{ '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def pinpoints(size: int, most: int = 6) -> list[list[int]]:
    return [[size * rows, size * columns] for rows in range(1, most + 1) for columns in range(1, most + 1)]


def write_checkpoint(given: dict, seed: int, directory: Path) -> None:
    from transformers import LlavaOnevisionConfig, LlavaOnevisionForConditionalGeneration

    tokenizer, ids = sample_tokenizers.qwen2_like()
    text = {"vocab_size": len(ids) + 8, **given["text_config"]}  # as published: more rows than tokens
    config = LlavaOnevisionConfig(
        **{**given, "text_config": text},
        image_token_index=ids["<image>"],
        video_token_index=ids["<video>"],
        image_grid_pinpoints=pinpoints(given["vision_config"]["image_size"]),
    )
    model = LlavaOnevisionForConditionalGeneration(config)
    randomise(model, seed)
    stop = [ids["<|im_end|>"], ids["<|endoftext|>"]]
    model.generation_config.eos_token_id, model.generation_config.pad_token_id = stop, stop[1]
    model.save_pretrained(directory)
    size = given["vision_config"]["image_size"]
    processor = {
        "image_processor_type": "LlavaOnevisionImageProcessor",
        "size": {"height": size, "width": size},
        "image_grid_pinpoints": config.image_grid_pinpoints,
        "image_mean": [0.5] * 3,
        "image_std": [0.5] * 3,
        "rescale_factor": 1 / 255,
        "resample": 3,
    }
    (directory / "preprocessor_config.json").write_text(json.dumps(processor))
    (directory / "tokenizer.json").write_bytes(tokenizer)
    (directory / "chat_template.json").write_text(json.dumps({"chat_template": TEMPLATE}))


@torch.no_grad()
def randomise(model: torch.nn.Module, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in sorted(model.named_parameters()):
        noise = torch.randn(parameter.shape, generator=generator)
        if name.endswith("language_model.norm.weight"):
            parameter.copy_(noise.sign())
        elif "embed_tokens" in name or "lm_head" in name:
            parameter.copy_(noise)
        elif "norm" in name:
            parameter.copy_(0.1 * noise if name.endswith("bias") else 1 + 0.1 * noise)
        elif parameter.dim() == 1:
            parameter.copy_(BIAS * noise)
        else:
            inputs = parameter[0].numel() if parameter.dim() > 1 else 1
            parameter.copy_(PROJECTION * math.sqrt(WIDTH / inputs) * noise)
