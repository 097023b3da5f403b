"""Tokenizers like those of published models, trained on the spot by the tokenizers library."""
import json
import pathlib
import sys
import unicodedata

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors,
                        trainers)

sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
import charsmap  # noqa: E402

CONTRACTIONS = r"'s|'t|'re|'ve|'m|'ll|'d"
CLIP = CONTRACTIONS + r"|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
CLIP_WITH_TOKENS = r"<\|startoftext\|>|<\|endoftext\|>|" + CLIP
QWEN2 = (rf"(?i:{CONTRACTIONS})|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*"
         r"|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA3 = QWEN2.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
SIZE = 6000


def nfkc_charsmap():
    """NFKC of single characters, marks composed, blanks one blank, controls dropped: as nmt_nfkc."""
    replacements = {}
    for c in range(1, 0x110000):
        char = chr(c)
        if 0xD800 <= c < 0xE000:
            continue
        category = unicodedata.category(char)
        form = unicodedata.normalize("NFKC", char)
        if category == "Cc" and not char.isspace() or char == "\ufeff":
            form = ""
        elif char.isspace() or char in "\u200b\u2028":
            form = " "
        if form != char:
            replacements[char.encode()] = form
        parts = unicodedata.normalize("NFD", char)
        if len(parts) == 2 and unicodedata.normalize("NFC", parts) == char:
            replacements[parts.encode()] = form
    return charsmap.build(replacements)


def clip_like(texts):
    tokenizer = Tokenizer(models.BPE(continuing_subword_prefix="", end_of_word_suffix="</w>", fuse_unk=False,
                                     unk_token="<|endoftext|>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(CLIP_WITH_TOKENS), "removed", invert=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=["<|startoftext|>", "<|endoftext|>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), end_of_word_suffix="</w>")
    tokenizer.train_from_iterator(texts, trainer)
    ends = [(token, tokenizer.token_to_id(token)) for token in ("<|endoftext|>", "<|startoftext|>")]
    tokenizer.post_processor = processors.RobertaProcessing(*ends, False, False)
    return tokenizer


def qwen2_like(texts):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Split(Regex(QWEN2), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=SIZE, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.add_special_tokens(["<|endoftext|>", "<|im_start|>", "<|im_end|>"])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer


def unigram_like(texts):
    """As SigLIP's and T5's: SentencePiece's map, lower case, one word after each U+2581."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Precompiled(nfkc_charsmap()), normalizers.Lowercase(), normalizers.Replace(Regex(" {2,}"), " "),
         normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=SIZE, unk_token="<unk>", special_tokens=["<pad>", "</s>", "<unk>"], show_progress=False))
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", tokenizer.token_to_id("</s>"))])
    return tokenizer


def gemma_like(texts):
    """As SigLIP 2's: a BPE over characters, what is unknown in bytes, words not cut apart at all."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=["<pad>", "<eos>", "<bos>", "<unk>", *BYTES], limit_alphabet=300, show_progress=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<bos> $A <eos>", pair="<bos> $A <eos> $B <eos>",
        special_tokens=[(token, tokenizer.token_to_id(token)) for token in ("<bos>", "<eos>")])
    return tokenizer


def main_ones(texts):
    return {"clip-like": clip_like(texts), "qwen2-like": qwen2_like(texts), "unigram-like": unigram_like(texts),
            "gemma-like": gemma_like(texts)}


def _split(pattern, behavior, invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def _sequence(kind, key, parts):
    return {"type": "Sequence", key: parts} if kind else None


def variants(trained):
    """The trained vocabularies with other settings: name and JSON of each."""
    base = {name: json.loads(tokenizer.to_str()) for name, tokenizer in trained.items()}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    without_regex = {**byte_level, "use_regex": False}

    def changed(name, model=(), **parts):
        config = json.loads(json.dumps(base[name]))
        config.update(parts)
        config["model"].update(model)
        return config

    def pre(*parts):
        return {"type": "Sequence", "pretokenizers": list(parts)}

    def norm(*parts):
        return {"type": "Sequence", "normalizers": list(parts)}

    merges = [" ".join(pair) for pair in base["qwen2-like"]["model"]["merges"]]
    yield "gpt2", changed("qwen2-like", normalizer=None, pre_tokenizer=byte_level, post_processor=None,
                          model={"merges": ["#version: 0.2", *merges]})
    yield "gpt2 with prefix space", changed("qwen2-like", normalizer=None, pre_tokenizer={**byte_level, "add_prefix_space": True})
    yield "llama3", changed("qwen2-like", normalizer=None, model={"ignore_merges": True},
                            pre_tokenizer=pre(_split({"Regex": LLAMA3}, "Isolated"), without_regex))
    yield "clip of old", changed("clip-like", pre_tokenizer=pre(_split({"Regex": CLIP}, "Removed", True), byte_level))
    yield "clip with few bytes", changed("clip-like", model={"fuse_unk": True, "vocab": {
        piece: i for piece, i in base["clip-like"]["model"]["vocab"].items() if piece not in ("\u0120", "q", "\u00c3", "\u00e2</w>")},
        "merges": [pair for pair in base["clip-like"]["model"]["merges"] if not {"\u0120", "q", "\u00c3", "\u00e2</w>"} & set(pair)]})
    for behavior in ("Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"):
        for invert in (False, True):
            yield f"{behavior} {invert}", changed("qwen2-like", pre_tokenizer=pre(
                _split({"Regex": r"[\p{L}\s]|\p{N}{2}"}, behavior, invert), _split({"String": "a"}, behavior, invert), without_regex))
    yield "patterns for ICU", changed("qwen2-like", pre_tokenizer=pre(
        _split({"Regex": r"(?i:[a-f]+|\d{2,3})|\s*$|[^\S\n]+(?=\p{Lu})|\P{L}x"}, "Isolated"), without_regex))
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        yield form, changed("qwen2-like", normalizer=norm({"type": form}, {"type": "StripAccents"} if form == "NFKD" else {"type": form}))
    yield "prepend and strip", changed("qwen2-like", normalizer=norm(
        {"type": "Strip", "strip_left": True, "strip_right": False}, {"type": "Prepend", "prepend": "x "},
        {"type": "Replace", "pattern": {"Regex": r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"}, "content": ""},
        {"type": "Replace", "pattern": {"String": "ab"}, "content": "\u00e9"}))
    for scheme in ("always", "first", "never"):
        for split in (True, False):
            metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": split}
            yield f"metaspace {scheme} {split}", changed("unigram-like", pre_tokenizer=metaspace)
            yield f"metaspace {scheme} {split} alone", changed("unigram-like", pre_tokenizer=metaspace, normalizer=None)
    vocab = base["unigram-like"]["model"]["vocab"]
    metaspace = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    yield "unigram in bytes", changed("unigram-like", pre_tokenizer=pre({"type": "WhitespaceSplit"}, metaspace),
                                      model={"byte_fallback": True, "vocab": vocab + [[byte, -20.0] for byte in BYTES]})
    yield "unigram of equal scores", changed("unigram-like", model={"vocab": [[piece, -1.0 * len(piece)] for piece, _ in vocab]})
    # Numbers that serde_json reads one unit in the last place off.
    yield "unigram of odd scores", changed("unigram-like", model={"vocab": [[piece, -0.43561181362301915 * len(piece)] for piece, _ in vocab]})
    yield "gemma without bytes", changed("gemma-like", model={"byte_fallback": False, "fuse_unk": False})
    yield "gemma fused", changed("gemma-like", model={"byte_fallback": False})
    yield "two processors", changed("qwen2-like", post_processor={"type": "Sequence", "processors": [
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True},
        {"type": "TemplateProcessing", "special_tokens": {"<|im_start|>": {"id": "<|im_start|>", "ids": [6001, 5], "tokens": ["a", "b"]}},
         "single": [{"SpecialToken": {"id": "<|im_start|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [
             {"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}]}]})
    for name in ("clip-like", "qwen2-like", "unigram-like"):
        yield f"{name} with added tokens", with_added_tokens(changed(name))


ADDED = [("<new>", {}), ("Brand\u00c9", {"normalized": True}), ("kgx", {"single_word": True}), ("<left>", {"lstrip": True}),
         ("<right>", {"rstrip": True}), ("<ri", {}), ("shirt", {"special": True}), ("\U000105c0w", {"single_word": True}),
         ("cm\u00b2", {"normalized": True, "single_word": True, "lstrip": True, "rstrip": True})]
ADDED_TEXTS = ["a <new> b", "a<new>b", "xBrand\u00c9y BRAND\u00c9 branDe\u0301", "5 kgx 5kgx kgx, kgxs kg", "a  <left>  <left>b",
               "a <right>  <right>\t\u3000b", "<ri <right", "1 cm\u00b2 , cm\u00b2s", "12cm\u00b2 cm\u00b2 cm\u00b2", "<left>", " <left> ",
               "\u3000<left>\u00a0", "kgx", "_kgx kgx_ \u00e9kgx", "\u1c89kgx kgx\u1c8a", "shirt tshirts", "<new>  x <new> y", " <new>"]


def with_added_tokens(config):
    for i, (content, more) in enumerate(ADDED):
        token = {"id": 50000 + i, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
                 "normalized": False, "special": False}
        config["added_tokens"].append({**token, **more})
    return config


__all__ = ["ADDED", "ADDED_TEXTS", "AddedToken", "main_ones", "variants", "with_added_tokens"]
