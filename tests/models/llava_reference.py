"""The reference library's LLaVA-OneVision: what captions and their parts must be."""
import json
import types
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers.models.llava_onevision.image_processing_pil_llava_onevision import LlavaOnevisionImageProcessorPil
from transformers.models.llava_onevision.processing_llava_onevision import LlavaOnevisionProcessor


class Reference:
    def __init__(self, model, directory):
        self.model = model
        config = model.config
        given = json.loads((Path(directory) / "preprocessor_config.json").read_text())
        self.processor = LlavaOnevisionImageProcessorPil(**{k: v for k, v in given.items() if k != "image_processor_type"})
        self.tokenizer = Tokenizer.from_file(str(Path(directory) / "tokenizer.json"))
        self.grid = config.vision_config.image_size // config.vision_config.patch_size
        self.counter = types.SimpleNamespace(
            image_processor=self.processor, num_image_tokens=self.grid**2, vision_aspect_ratio=config.vision_aspect_ratio,
            _get_unpadded_features=lambda *a: LlavaOnevisionProcessor._get_unpadded_features(self.counter, *a))

    def count(self, height, width):
        """Tokens of a picture in tiles."""
        size = self.model.config.vision_config.image_size
        return LlavaOnevisionProcessor._get_number_of_features(self.counter, height, width, size, size)

    def views(self, picture, mode):
        """Pixels and what else the model is told of them."""
        if mode == "anyres":
            given = self.processor(picture, return_tensors="pt")
            return {"pixel_values": given["pixel_values"], "image_sizes": given["image_sizes"]}
        # A picture among several is one squashed view.
        given = self.processor(picture, return_tensors="pt")
        return {"pixel_values": given["pixel_values"][:, :1], "image_sizes": given["image_sizes"],
                "batch_num_images": torch.tensor([2])}

    def features(self, picture, mode):
        with torch.no_grad():
            return self.model.get_image_features(**self.views(picture, mode)).pooler_output[0]

    def prompt(self, picture, mode, text):
        tokens = self.count(picture.height, picture.width) if mode == "anyres" else self.grid**2 + 1
        return self.tokenizer.encode(f"<|im_start|>user {'<image>' * tokens}\n{text}<|im_end|><|im_start|>assistant\n").ids

    def generate(self, picture, mode, text, new_tokens, penalty=1.0, stop=()):
        """The new ids, a stop token left out, and how far each was ahead of the second choice."""
        ids = torch.tensor([self.prompt(picture, mode, text)])
        more = {"eos_token_id": list(stop)} if stop else {"eos_token_id": None, "min_new_tokens": new_tokens}
        out = self.model.generate(
            input_ids=ids, attention_mask=torch.ones_like(ids), **self.views(picture, mode), max_new_tokens=new_tokens,
            do_sample=False, repetition_penalty=penalty, pad_token_id=0, output_scores=True, return_dict_in_generate=True, **more)
        found = out.sequences[0, ids.shape[1]:].tolist()
        gaps = [float(-np.diff(score[0].float().topk(2).values.numpy())[0]) for score in out.scores]
        if found and found[-1] in stop:
            return found[:-1], gaps
        return found, gaps

    def generate_all(self, pictures, mode, text, new_tokens, penalty):
        """The same without stop tokens: pictures of equal token counts together, so that nothing is padded.
        The gap is a picture's least."""
        by_length = {}
        for number, picture in enumerate(pictures):
            by_length.setdefault(len(self.prompt(picture, mode, text)), []).append(number)
        ids, gaps = [None] * len(pictures), [None] * len(pictures)
        for numbers in by_length.values():
            for begin in range(0, len(numbers), 8):
                self._generate_equal(pictures, numbers[begin : begin + 8], mode, text, new_tokens, penalty, ids, gaps)
        return ids, gaps

    def _generate_equal(self, pictures, numbers, mode, text, new_tokens, penalty, ids, gaps):
        given = [self.views(pictures[number], mode) for number in numbers]
        prompt = torch.tensor([self.prompt(pictures[number], mode, text) for number in numbers])
        pixels = [views["pixel_values"] for views in given]
        most = max(len(views[0]) for views in pixels)
        more = {"pixel_values": torch.cat([torch.nn.functional.pad(p, (0,) * 7 + (most - p.shape[1],)) for p in pixels]),
                "image_sizes": torch.cat([views["image_sizes"] for views in given])}
        if mode == "single":  # told to be one picture among several, for as many as there are
            more["batch_num_images"] = torch.tensor([max(len(numbers), 2)])
        out = self.model.generate(
            input_ids=prompt, attention_mask=torch.ones_like(prompt), **more, max_new_tokens=new_tokens, min_new_tokens=new_tokens,
            do_sample=False, repetition_penalty=penalty, eos_token_id=None, pad_token_id=0, output_scores=True,
            return_dict_in_generate=True)
        for row, number in enumerate(numbers):
            ids[number] = out.sequences[row, prompt.shape[1]:].tolist()
            gaps[number] = min(float(-np.diff(score[row].float().topk(2).values.numpy())[0]) for score in out.scores)
