// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/synthetic.h"

#include <fmt/format.h>

namespace squeezebar {
namespace {

constexpr int kLargestWindow = 15;

Schema<Synthetic> make_schema() {
  Schema<Synthetic> s("How weights and inputs that are not in the bundle are drawn.");
  s.choice("distribution", &Synthetic::distribution,
           {{"gaussian", WeightDistribution::gaussian},
            {"laplace", WeightDistribution::laplace},
            {"student_t", WeightDistribution::student_t}},
           {.doc = "Distribution of the weights of a layer."})
      .field("degrees_of_freedom", &Synthetic::degrees_of_freedom,
             {.def = 0, .min = 0, .max = 1000, .doc = "Of student_t, at least 1: fewer make heavier tails."})
      .choice("scheme", &Synthetic::scheme,
              {{"s_window", WeightScheme::s_window}, {"uniform", WeightScheme::uniform}},
              {.doc = "How real weights become integers."})
      .field("window", &Synthetic::window,
             {.def = 0, .min = 0, .max = kLargestWindow, .doc = "Bits of s_window: S of SME, equation 2."})
      .field("seed", &Synthetic::seed,
             {.def = 1, .min = 0, .doc = "Seed of the draws, together with run.seed."})
      .choice("inputs", &Synthetic::inputs,
              {{"uniform", InputDistribution::uniform}, {"half_normal", InputDistribution::half_normal}},
              {.def = InputDistribution::uniform, .doc = "Distribution of the codes of the images."});
  s.rule("degrees_of_freedom", [](const Synthetic& p) {
    if (p.distribution != WeightDistribution::student_t)
      return p.degrees_of_freedom == 0 ? "" : "only student_t has degrees of freedom";
    return p.degrees_of_freedom >= 1 ? "" : "student_t needs degrees_of_freedom of at least 1";
  });
  s.rule("window", [](const Synthetic& p) {
    if (p.scheme != WeightScheme::s_window) return p.window == 0 ? "" : "only s_window has a window";
    return p.window >= 1 ? "" : "s_window needs a window of at least 1";
  });
  return s;
}

}  // namespace

const Schema<Synthetic>& synthetic_schema() {
  static const auto schema = make_schema();
  return schema;
}

std::string weights_text(const Synthetic& synthetic) {
  const auto choice = [&](const char* name) {
    return synthetic_schema().find(name)->get(&synthetic, nullptr);
  };
  std::string out = fmt::format("drawn from {}", choice("distribution"));
  if (synthetic.degrees_of_freedom > 0)
    out += fmt::format(" ({} degrees of freedom)", choice("degrees_of_freedom"));
  out += fmt::format(", quantised by {}", choice("scheme"));
  if (synthetic.window > 0) out += fmt::format(" ({} bits)", synthetic.window);
  return out + fmt::format(", bundle seed {}", synthetic.seed);
}

std::string inputs_text(InputDistribution inputs) {
  return inputs == InputDistribution::uniform ? "uniform" : "half_normal";
}

}  // namespace squeezebar
