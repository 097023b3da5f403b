/// PMATCH_FOR_EACH_CPU before a function: one build runs on every x86-64 and still uses the
/// processor's instructions. Sanitizers do not support the dispatch.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define PMATCH_FOR_EACH_CPU __attribute__((target_clones("avx2", "default")))
#else
#define PMATCH_FOR_EACH_CPU
#endif
