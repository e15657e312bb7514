// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/base/config.h"

namespace squeezebar::test {

struct Array {
  std::int64_t rows = 0;
  int columns = 0;
  Time read_time;
  Energy energy;
  Power leakage;
};

enum class Scan { all, mapped, occupied };

struct ConverterCommon {
  int bits = 0;
  Scan scan = Scan::all;
};

/// Interface of the test variants.
class Converter {
 public:
  virtual ~Converter() = default;
  virtual Energy cost() const = 0;
};

struct Link {
  int count = 0;
};

class Network {
 public:
  virtual ~Network() = default;
  virtual Time latency() const = 0;
};

struct Settings {
  std::int64_t seed = 0;
  int threads = 0;
  bool outputs = false;
  double ratio = 0.0;
  std::string label;
  std::vector<std::int64_t> sizes;
  std::vector<Time> steps;
  Capacity size;
};

struct Input {
  Path bundle;
};

using Files = std::map<std::string, std::string>;

/// A complete config for the sections declared in test_sections.cpp.
extern const char* const kGood;

Config load(const Files& files, const std::vector<std::string>& overrides, Diagnostics& diagnostics,
            const std::string& top = "top.yaml");
/// Fails the test case if there are errors.
Config load_good(const Files& files, const std::vector<std::string>& overrides = {});
/// The messages for a config.
std::string errors(const Files& files, const std::vector<std::string>& overrides = {});
std::string errors_of(const std::string& text);

/// kGood with the first `from` replaced.
std::string good_but(const std::string& from, const std::string& to);

}  // namespace squeezebar::test
