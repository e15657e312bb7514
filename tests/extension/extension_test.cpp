// SPDX-License-Identifier: Apache-2.0
// An extension is one file: config, schema, bundle reader and run folder find it without another line
// anywhere.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/run/run.h"
#include "tests/catch.h"

using namespace squeezebar;
namespace fs = std::filesystem;

namespace {

const fs::path kRoot = SQUEEZEBAR_SOURCE_DIR;

class Scratch {
 public:
  Scratch() : path_(fs::temp_directory_path() / ("squeezebar-extension-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Scratch() {
    std::error_code ec;
    fs::remove_all(path_, ec);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::string read(const fs::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a new ADC model is in the config and in its schema") {
  const auto schema = json_schema();
  CHECK(schema.find("energy_per_conversion") != std::string::npos);
  const Config config =
      load_config((kRoot / "configs/chip/isaac.yaml").string(),
                  {"workload.bundle=nowhere", "adc.model=flat", "adc.energy_per_conversion=3 pJ"});
  CHECK(config.variant<AdcModel>().cost(5, Length()).energy == 3_pJ);
  CHECK(config.resolved_yaml().find("energy_per_conversion: 3 pJ") != std::string::npos);
}

TEST_CASE("a new ADC model, operator and report run end to end") {
  const Scratch scratch;
  fs::copy(kRoot / "workloads/digits/p70", scratch.path() / "bundle", fs::copy_options::recursive);
  const fs::path network = scratch.path() / "bundle/network.yaml";
  std::string text = read(network);
  // Puts the new operator between the first two layers.
  const auto second = text.find("inputs: [conv1]");
  REQUIRE(second != std::string::npos);
  text.replace(second, 15, "inputs: [cut]");
  const auto samples = text.find("\nsamples:");
  REQUIRE(samples != std::string::npos);
  text.insert(samples,
              "\n- {name: cut, op: saturate, inputs: [conv1], attributes: {limit: 200}, output: {bits: 8, "
              "signed: false, "
              "scale: 1.0, zero_point: 0, min: 0, max: 255}}");
  // The expected outputs are those of the network without the new layer.
  text.erase(text.find("\nexpected:") + 1);
  std::ofstream(network) << text;

  Diagnostics diagnostics;
  const Job job =
      load_job((kRoot / "configs/examples/digits_isaac.yaml").string(),
               {"workload.bundle=" + (scratch.path() / "bundle").string(), "adc.model=flat", "run.images=4"},
               diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  const Run run = run_job(job);
  write_run_folder(job, run, scratch.path() / "run", false);
  CHECK(run.result.adc_model == "flat");
  CHECK(read(scratch.path() / "run/name.txt") == "digits-p70\n");
}
