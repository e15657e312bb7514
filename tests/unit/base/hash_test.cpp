// SPDX-License-Identifier: Apache-2.0
#include "sim/base/hash.h"

#include <csignal>
#include <filesystem>
#include <fstream>

#include "sim/base/diag.h"
#include "sim/base/interrupt.h"
#include "sim/base/log.h"
#include "tests/catch.h"

namespace squeezebar {
namespace {

constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST_CASE("SHA-256 gives the published digests") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == kAbc);
  Sha256 hash;
  hash.update("a");
  hash.update("bc");
  CHECK(hash.hex() == kAbc);
}

TEST_CASE("a file's digest is that of its bytes") {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "squeezebar_unit_base_hash.bin";
  const std::string bytes(200'000, 'x');
  std::ofstream(path, std::ios::binary) << bytes;
  CHECK(sha256_hex_of_file(path) == sha256_hex(bytes));
  std::filesystem::remove(path);
  CHECK_FALSE(sha256_hex_of_file(path).has_value());
}

TEST_CASE("an interrupt is seen at the next check") {
  clear_interrupt();
  CHECK_NOTHROW(throw_if_interrupted());
  watch_interrupts([] {});
  std::raise(SIGINT);
  end_watch();
  CHECK(interrupt_requested());
  CHECK_THROWS_AS(throw_if_interrupted(), Interrupted);
  clear_interrupt();
  request_interrupt();
  CHECK(interrupt_requested());
  clear_interrupt();
  CHECK_FALSE(interrupt_requested());
}

TEST_CASE("log messages may hold braces") {
  setup_logging(LogLevel::quiet);
  CHECK_NOTHROW(log_error("{} {unbalanced"));
  CHECK_NOTHROW(log_warning("{}"));
  CHECK_NOTHROW(log_info("{}"));
  CHECK_NOTHROW(log_debug("{}"));
  setup_logging(LogLevel::warning);
}

}  // namespace
}  // namespace squeezebar
