// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/base/test_sections.h"

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

struct LinearParams {
  Energy per_conversion;
  Time step;
};

class Linear final : public Converter {
 public:
  explicit Linear(const LinearParams& p) : params_(p) {}
  Energy cost() const override { return params_.per_conversion; }

 private:
  LinearParams params_;
};

struct TableParams {
  std::vector<Energy> per_bits;
};

class Table final : public Converter {
 public:
  explicit Table(const TableParams& p) : params_(p) {
    if (p.per_bits.size() == 3) throw std::invalid_argument("three entries cannot be interpolated");
  }
  Energy cost() const override { return params_.per_bits.front(); }

 private:
  TableParams params_;
};

struct FixedParams {
  Time latency;
};

class Ideal final : public Network {
 public:
  Time latency() const override { return Time(); }
};

class Fixed final : public Network {
 public:
  explicit Fixed(const FixedParams& p) : params_(p) {}
  Time latency() const override { return params_.latency; }

 private:
  FixedParams params_;
};

Schema<Array> array_schema() {
  return Schema<Array>("A crossbar of cells.")
      .field("rows", &Array::rows, {.min = 1, .max = 1024, .doc = "Word lines."})
      .field("columns", &Array::columns, {.min = 1, .max = 1024, .doc = "Bit lines."})
      .field("read_time", &Array::read_time,
             {.min = 1_ps, .max = 1_ms, .doc = "One bit-cycle.", .affects = Affects::timing})
      .field("energy", &Array::energy, {.min = 0, .doc = "Energy of a read.", .affects = Affects::accounting})
      .field("leakage", &Array::leakage,
             {.def = 0_W, .min = 0_W, .doc = "Static power.", .affects = Affects::accounting})
      .rule([](const Array& a) { return a.rows == 13 ? "thirteen rows bring bad luck" : nullptr; })
      .rule("columns", [](const Array& a) {
        return a.columns > 10 * a.rows ? "more than ten columns per row" : std::string();
      });
}

Schema<ConverterCommon> converter_schema() {
  return Schema<ConverterCommon>("Converts column sums to codes.")
      .field("bits", &ConverterCommon::bits, {.min = 1, .max = 14, .doc = "Resolution."})
      .choice("scan", &ConverterCommon::scan,
              {{"all", Scan::all}, {"mapped", Scan::mapped}, {"occupied", Scan::occupied}},
              {.def = Scan::all, .doc = "Columns that are converted."});
}

Schema<LinearParams> linear_schema() {
  return Schema<LinearParams>("Energy proportional to bits.")
      .field("energy_per_conversion", &LinearParams::per_conversion,
             {.min = 0, .doc = "One conversion.", .affects = Affects::accounting})
      .field("conversion_time", &LinearParams::step,
             {.def = 1_ns, .above = 0_ns, .doc = "One bit.", .affects = Affects::timing});
}

Schema<TableParams> table_schema() {
  return Schema<TableParams>("Energies by bits.")
      .field("energies", &TableParams::per_bits,
             {.min = 0, .doc = "By bits.", .affects = Affects::accounting, .min_items = 1, .max_items = 4});
}

Schema<Settings> settings_schema() {
  return Schema<Settings>("How to run.")
      .field("seed", &Settings::seed, {.def = 1, .doc = "Of the random streams."})
      .field("threads", &Settings::threads,
             {.def = 1, .min = 1, .doc = "Host threads.", .hashed = false, .recorded = false})
      .field("outputs", &Settings::outputs, {.def = false, .doc = "Write outputs."})
      .field("ratio", &Settings::ratio, {.def = 0.5, .max = 1, .above = 0, .doc = "Some fraction."})
      .field("label", &Settings::label, {.def = "", .doc = "Any text."})
      .field("sizes", &Settings::sizes,
             {.def = std::vector<std::int64_t>{1, 2}, .min = 0, .doc = "Whole numbers."})
      .field("steps", &Settings::steps, {.def = std::vector<Time>{}, .doc = "Times."})
      .field("size", &Settings::size, {.def = 64_KB, .min = 0, .doc = "Of the buffer."});
}

const RegisterSection<Array> array_section{"crossbar", array_schema()};
const RegisterVariantSection<ConverterCommon, Converter> converter_section{"adc", converter_schema()};
const Register<Converter> linear{"linear", linear_schema,
                                 [](const LinearParams& p) { return std::make_unique<Linear>(p); }};
const Register<Converter> table{"table", table_schema(),
                                [](const TableParams& p) { return std::make_unique<Table>(p); }};
const RegisterVariantSection<Link, Network> network_section{
    "noc",
    Schema<Link>("Network on chip.").field("count", &Link::count, {.def = 1, .min = 0, .doc = "Links."}),
    {.default_model = "ideal", .affects = Affects::timing}};
const Register<Network> ideal{"ideal", "No delay.", [] { return std::make_unique<Ideal>(); }};
const Register<Network> fixed{"fixed",
                              Schema<FixedParams>("A fixed delay.")
                                  .field("latency", &FixedParams::latency,
                                         {.min = 0, .doc = "Of a message.", .affects = Affects::timing}),
                              [](const FixedParams& p) { return std::make_unique<Fixed>(p); }};
const RegisterSection<Settings> settings_section{"run", settings_schema()};
const RegisterSection<Input> input_section{
    "workload",
    Schema<Input>("What is computed.").field("bundle", &Input::bundle, {.doc = "The bundle's folder."})};

const RegisterRule bits_rule{[](const Config& config, Diagnostics& diagnostics) {
  if (config.get<ConverterCommon>().bits == 14 && config.get<Array>().rows > 512) {
    diagnostics.error(config.place("adc.bits"), "adc.bits", "14 bits are too slow for more than 512 rows");
  }
}};

}  // namespace

const char* const kGood = R"(version: 1
crossbar:
  rows: 128
  columns: 64
  read_time: 100 ns
  energy: 0.5 pJ
  source: "Shafiee et al., ISCA 2016"
adc: {model: linear, bits: 8, energy_per_conversion: 1.8 pJ}
workload:
  bundle: ../bundles/digits
)";

Config load(const Files& files, const std::vector<std::string>& overrides, Diagnostics& diagnostics,
            const std::string& top) {
  const ReadFile read = [&files](const std::string& path, const Place& where,
                                 Diagnostics& d) -> std::optional<std::string> {
    const auto file = files.find(path);
    if (file != files.end()) return file->second;
    d.error(where.file.empty() ? Place{path, 0, 0} : where, "", "cannot read '" + path + "'");
    return std::nullopt;
  };
  return load_config(top, overrides, diagnostics, read);
}

Config load_good(const Files& files, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  Config config = load(files, overrides, diagnostics);
  INFO(diagnostics.text());
  REQUIRE(config.valid());
  CHECK(diagnostics.empty());
  return config;
}

std::string errors(const Files& files, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  CHECK_FALSE(load(files, overrides, diagnostics).valid());
  CHECK(diagnostics.has_errors());
  return diagnostics.text();
}

std::string errors_of(const std::string& text) { return errors({{"top.yaml", text}}); }

std::string good_but(const std::string& from, const std::string& to) {
  std::string text = kGood;
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace squeezebar::test
