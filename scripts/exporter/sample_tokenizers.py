"""Trains small tokenizers like those of CLIP, SigLIP and Qwen2, for models with random weights."""

from __future__ import annotations

WORDS = (
    "black leather shoes size women men running cotton shirt stainless steel water bottle wireless bluetooth headphones "
    "kitchen knife set wooden table lamp camera lens battery charger turntable belt drive system speeds safety lock "
    "torch crème brûlée organic green tea 500 750 ml kg cm inch pack of with and for the a in"
).split()
CORPUS = [" ".join(WORDS[start::step]) for step in (1, 2, 3, 5) for start in range(step)] * 4
CLIP_WORDS = r"""<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"""


def clip_like() -> tuple[bytes, int]:
    """tokenizer.json of a byte-level BPE with CLIP's splitting; <|startoftext|> is 0, <|endoftext|> 1; its size."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    start, end = "<|startoftext|>", "<|endoftext|>"
    tokenizer = Tokenizer(models.BPE(unk_token=end, continuing_subword_prefix="", end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = pre_tokenizers.Split(Regex(CLIP_WORDS), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False)])
    trainer = trainers.BpeTrainer(
        vocab_size=1200,
        special_tokens=[start, end],
        end_of_word_suffix="</w>",
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    # A byte can end a word, too: each alone is a word to learn from.
    tokenizer.train_from_iterator(CORPUS + [chr(code) for code in range(33, 0x500)], trainer)
    tokenizer.post_processor = processors.RobertaProcessing((end, 1), (start, 0), False, False)
    return tokenizer.to_str().encode(), tokenizer.get_vocab_size()

QWEN2_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2_SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<image>", "<video>")


def qwen2_like() -> tuple[bytes, dict[str, int]]:
    """tokenizer.json of a byte-level BPE with Qwen2's splitting, its special tokens last; its tokens' ids."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(QWEN2_WORDS), "isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    trainer = trainers.BpeTrainer(vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens(list(QWEN2_SPECIAL))
    return tokenizer.to_str().encode(), tokenizer.get_vocab()


def siglip_like() -> tuple[bytes, int]:
    """tokenizer.json of a Unigram with SigLIP's lower case and removed punctuation; </s> is 1, pads and ends; its size."""
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Lowercase(),
            normalizers.Replace(Regex(r"""[!"\#\$%\&'\(\)\*\+,\-\.:;=\?@\[\\\]\^_`\{\|\}\~]"""), ""),
            normalizers.Replace(Regex(r"\s+"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=300, special_tokens=["<pad>", "</s>", "<unk>"], unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer.to_str().encode(), tokenizer.get_vocab_size()
