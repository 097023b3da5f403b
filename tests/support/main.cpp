#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#define DOCTEST_CONFIG_IMPLEMENT  // for a header that was read before this line, precompiled
#include <doctest/doctest.h>
