// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/progress.h"

#include <cstdio>

#include <fmt/format.h>

namespace squeezebar {
namespace {

constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr const char* kWipe = "\r\x1b[K";

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 60.0) return fmt::format("{:.0f} s", seconds);
  const auto whole = static_cast<std::int64_t>(seconds);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string progress_text(const Counted& counted, double elapsed_s) {
  const auto [things, done, all, failed] = counted;
  std::string out = fmt::format("{} of {} {}", done, all, things);
  if (failed > 0) out += fmt::format(", {} failed", failed);
  if (done <= 0 || all <= 0 || !(elapsed_s > 0.0)) return out;
  const double rate = static_cast<double>(done) / elapsed_s;
  out += fmt::format(" ({} %), {:.3g} {}/s", done * 100 / all, rate, things);
  if (done < all) out += fmt::format(", {} left", duration_text(static_cast<double>(all - done) / rate));
  return out;
}

std::optional<std::string> ProgressLog::line(const Counted& counted, double elapsed_s) {
  constexpr std::int64_t kTenths = 10;
  constexpr double kSilent_s = 60.0;
  const std::int64_t tenths = counted.all > 0 ? counted.done * kTenths / counted.all : 0;
  if (tenths == tenths_ && elapsed_s - told_s_ < kSilent_s) return std::nullopt;
  tenths_ = tenths;
  told_s_ = elapsed_s;
  return progress_text(counted, elapsed_s);
}

ProgressLine::ProgressLine(bool shown) : shown_(shown), at_stake_({.clear = [this] { wipe(); }}) {}

ProgressLine::~ProgressLine() { wipe(); }

void ProgressLine::wipe() const {
  if (drawn_) std::fputs(kWipe, stderr);
}

void ProgressLine::update(const Counted& counted) {
  if (!shown_) return;
  const Clock::time_point now = Clock::now();
  if (drawn_ && now - last_ < kRedraw) return;
  last_ = now;
  drawn_ = true;
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  std::fputs((kWipe + progress_text(counted, elapsed)).c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace squeezebar
