// SPDX-License-Identifier: Apache-2.0
#include "models/probe/waveforms_module.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {
namespace {

constexpr int kPixelBits = 32;

}  // namespace

bool Waveforms::wants(const std::string& layer, const std::string& name) const {
  return std::any_of(options_.modules.begin(), options_.modules.end(), [&](const std::string& wanted) {
    return wanted == layer || (!name.empty() && wanted == layer + "." + name);
  });
}

LaneProbe& Waveforms::lane(const std::string& shown, const SimClock& clock) {
  lanes_.push_back(
      std::make_unique<LaneProbe>(fmt::format("probe_{}", lanes_.size()).c_str(), shown, clock, budget_));
  return *lanes_.back();
}

ProbedValue& Waveforms::pixels(const std::string& shown) {
  pixels_.push_back(std::make_unique<ProbedValue>(budget_, shown + ".pixels", kPixelBits));
  return *pixels_.back();
}

void Waveforms::open() {
  file_ = sc_core::sc_create_vcd_trace_file(options_.file.c_str());
  file_->set_time_unit(1, sc_core::SC_FS);
  for (const auto& lane : lanes_) lane->show_in(file_);
  for (const auto& pixels : pixels_) pixels->show_in(file_);
  budget_.record();
  opened_ = true;
}

void Waveforms::close(std::int64_t at_fs) {
  if (file_ == nullptr) return;
  end_fs_ = at_fs;
  finish();
}

void Waveforms::finish() {
  if (file_ == nullptr) return;
  sc_core::sc_close_vcd_trace_file(file_);
  file_ = nullptr;
}

}  // namespace squeezebar
