// SPDX-License-Identifier: Apache-2.0
#include "sim/report/timeline_json.h"

#include <algorithm>
#include <cerrno>

#include <nlohmann/json.hpp>

#include "sim/base/whole_file.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t kFemtosecondsPerMicrosecond = 1'000'000'000;
constexpr std::size_t kDecimals = 9;
constexpr std::size_t kBufferBytes = 1 << 16;
/// The process of all links: no layer is on a tile of this number.
constexpr std::pair<int, int> kLinks{-1, -1};

struct Named {
  const char* category;
  const char* name;
};

Named named(StallCause cause) {
  switch (cause) {
    case StallCause::input:
      return {"stall_input", "waits for input"};
    case StallCause::partial_sum:
      return {"stall_partial_sum", "waits for other row groups"};
    case StallCause::output:
      return {"stall_output", "waits for the output buffer"};
  }
  return {"stall", "waits"};
}

std::string quoted(const std::string& text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// A lane's own, or that of a part of it.
std::string name_of(const Track& track) {
  return track.replicas == 1 ? track.name : fmt::format("{} replica {}", track.name, track.replica);
}

bool is_buffer(Track::Kind kind) {
  return kind == Track::Kind::input_buffer || kind == Track::Kind::output_buffer;
}

}  // namespace

std::string microseconds_text(std::int64_t fs) {
  std::string out = std::to_string(fs / kFemtosecondsPerMicrosecond);
  const std::int64_t rest = fs % kFemtosecondsPerMicrosecond;
  if (rest == 0) return out;
  const std::string digits = std::to_string(rest);
  out += '.';
  out.append(kDecimals - digits.size(), '0');
  out += digits;
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

TimelineJson::TimelineJson(const std::filesystem::path& file, TimelineOptions options)
    : options_(std::move(options)), file_(file), out_(file, std::ios::binary) {
  if (!out_) throw cannot_write(file_, errno);
  append("{\"displayTimeUnit\": \"ns\", \"traceEvents\": [");
}

bool TimelineJson::shows(int layer) const {
  return layer >= 0 && (options_.chosen.empty() || options_.chosen[static_cast<std::size_t>(layer)]);
}

std::string TimelineJson::layer_name(int layer) const {
  return layer < 0 ? "input of the network" : options_.layers[static_cast<std::size_t>(layer)];
}

int TimelineJson::add(const Track& track) {
  if (!shows(track.layer) && !(track.kind == Track::Kind::link && shows(track.from_layer))) return -1;
  Row row;
  row.process = process_of(track);
  row.per_image = track.per_image;
  row.category = track.category;
  row.figures = track.figures;
  if (is_buffer(track.kind)) {
    row.counter = quoted(thread_name(track));
  } else {
    row.thread = static_cast<int>(rows_.size()) + 1;
    name_it("thread_name", row.process, row.thread, thread_name(track));
    order("thread_sort_index", row.process, row.thread, row.thread);
  }
  rows_.push_back(std::move(row));
  return static_cast<int>(rows_.size()) - 1;
}

int TimelineJson::process_of(const Track& track) {
  const bool link = track.kind == Track::Kind::link;
  const auto [found, is_new] = processes_.try_emplace(link ? kLinks : std::pair{track.layer, track.tile},
                                                      static_cast<int>(processes_.size()) + 1);
  if (is_new) {
    const std::string name =
        link ? "links" : fmt::format("{} on tile {}", layer_name(track.layer), track.tile);
    name_it("process_name", found->second, 0, name);
    order("process_sort_index", found->second, 0, found->second);
  }
  return found->second;
}

std::string TimelineJson::thread_name(const Track& track) const {
  switch (track.kind) {
    case Track::Kind::lane:
    case Track::Kind::part:
      return name_of(track);
    case Track::Kind::vector_unit:
      return "vector unit";
    case Track::Kind::link:
      return fmt::format("{} to {}", layer_name(track.from_layer), layer_name(track.layer));
    case Track::Kind::input_buffer:
      return fmt::format("input buffer {}", track.index);
    case Track::Kind::output_buffer:
      return "output buffer";
  }
  return {};
}

void TimelineJson::separate() {
  append(any_ ? ",\n" : "\n");
  any_ = true;
}

void TimelineJson::name_it(const char* what, int process, int thread, const std::string& name) {
  separate();
  format(R"({{"name": "{}", "ph": "M", "pid": {}, "tid": {}, "args": {{"name": {}}}}})", what, process,
         thread, quoted(name));
  flush(kBufferBytes);
}

/// Viewers sort by name unless they are told an order.
void TimelineJson::order(const char* what, int process, int thread, int rank) {
  separate();
  format(R"({{"name": "{}", "ph": "M", "pid": {}, "tid": {}, "args": {{"sort_index": {}}}}})", what, process,
         thread, rank);
}

/// Whether an event from `from_fs` to `to_fs` is written; it is counted then.
bool TimelineJson::take(std::int64_t from_fs, std::int64_t to_fs) {
  if (from_fs >= options_.to_fs || to_fs < options_.from_fs) return false;
  // What ends where the window begins lies outside, unless it has no length.
  if (to_fs == options_.from_fs && from_fs < to_fs) return false;
  if (events_ >= options_.most_events) {
    if (stopped_at_fs_ < 0) stopped_at_fs_ = from_fs;
    return false;
  }
  ++events_;
  return true;
}

/// The event up to its arguments, if it is written at all.
bool TimelineJson::begin(const Row& row, std::string_view name, std::string_view category, std::int64_t from,
                         std::int64_t to) {
  const std::int64_t from_fs = from * options_.clock_period_fs;
  const std::int64_t to_fs = to * options_.clock_period_fs;
  if (!take(from_fs, to_fs)) return false;
  flush(kBufferBytes);
  separate();
  format(R"({{"name": "{}", "cat": "{}", "ph": "X", "ts": )", name, category);
  append_us(from_fs);
  append(R"(, "dur": )");
  append_us(to_fs - from_fs);
  format(R"(, "pid": {}, "tid": {})", row.process, row.thread);
  return true;
}

void TimelineJson::busy(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                        std::span<const Count> figures) {
  write_wave(rows_[static_cast<std::size_t>(track)], "busy", wave, from, to, figures);
}

void TimelineJson::passes(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                          std::span<const Count> figures) {
  const Row& row = rows_[static_cast<std::size_t>(track)];
  write_wave(row, row.category, wave, from, to, figures);
}

void TimelineJson::write_wave(const Row& row, std::string_view category, std::int64_t wave, std::int64_t from,
                              std::int64_t to, std::span<const Count> figures) {
  const std::int64_t image = wave / row.per_image;
  if (!begin(row, fmt::format("image {}", image), category, from, to)) return;
  format(R"(, "args": {{"image": {}, "wave": {})", image, wave % row.per_image);
  for (std::size_t i = 0; i < figures.size(); ++i) format(R"(, "{}": {})", row.figures[i], figures[i]);
  append("}}");
}

void TimelineJson::stall(int track, StallCause cause, std::int64_t from, std::int64_t to) {
  const auto [category, name] = named(cause);
  if (begin(rows_[static_cast<std::size_t>(track)], name, category, from, to)) append("}");
}

void TimelineJson::output(int track, std::int64_t pixel, std::int64_t from, std::int64_t to) {
  const Row& row = rows_[static_cast<std::size_t>(track)];
  const std::int64_t image = pixel / row.per_image;
  if (!begin(row, fmt::format("image {}", image), "output", from, to)) return;
  format(R"(, "args": {{"image": {}, "pixel": {}}}}})", image, pixel % row.per_image);
}

void TimelineJson::transfer(int track, std::int64_t pixel, std::int64_t from, std::int64_t to,
                            std::int64_t arrival) {
  const Row& row = rows_[static_cast<std::size_t>(track)];
  const std::int64_t image = pixel / row.per_image;
  if (!begin(row, fmt::format("image {}", image), "transfer", from, to)) return;
  format(R"(, "args": {{"image": {}, "pixel": {}, "arrival_us": )", image, pixel % row.per_image);
  append_us(arrival * options_.clock_period_fs);
  append("}}");
}

void TimelineJson::fill(int track, std::int64_t pixels, std::int64_t at) {
  Row& row = rows_[static_cast<std::size_t>(track)];
  if (pixels == row.pixels) return;
  if (at > row.since) write_fill(row, at);
  row.pixels = pixels;
  row.since = at;
}

/// A buffer's fill until `to`. One that begins before the window is written where the window begins.
void TimelineJson::write_fill(const Row& row, std::int64_t to) {
  const std::int64_t since_fs = row.since * options_.clock_period_fs;
  if (!take(since_fs, to * options_.clock_period_fs)) return;
  flush(kBufferBytes);
  separate();
  format(R"({{"name": {}, "ph": "C", "ts": )", row.counter);
  append_us(std::max(since_fs, options_.from_fs));
  format(R"(, "pid": {}, "tid": 0, "args": {{"pixels": {}}}}})", row.process, row.pixels);
}

void TimelineJson::flush(std::size_t least) {
  if (buffer_.size() < least) return;
  errno = 0;
  const bool was_good = static_cast<bool>(out_);
  out_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  if (was_good && !out_) error_ = errno;
  buffer_.clear();
}

void TimelineJson::finish(std::int64_t end) {
  for (const Row& row : rows_) {
    if (!row.counter.empty()) write_fill(row, end);
  }
  Json about{{"tool", "squeezebar " + options_.tool_version},
             {"workload", options_.workload},
             {"time", "ts and dur are simulated time in microseconds; 0.001 is a nanosecond"},
             {"events", events_},
             {"complete", !stopped()}};
  if (stopped()) {
    about["note"] =
        fmt::format("the most events (trace.events) were reached at {} us; later ones are missing",
                    microseconds_text(stopped_at_fs_));
  }
  append("\n], \"otherData\": ");
  // Written as text, because a double need not print the exact decimals.
  std::string text = about.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  append(text);
  format(", \"clock_period_us\": {}, \"end_us\": {}}}}}\n", microseconds_text(options_.clock_period_fs),
         microseconds_text(end * options_.clock_period_fs));
  flush(0);
  errno = 0;
  out_.close();
  if (!out_) throw cannot_write(file_, error_ != 0 ? error_ : errno);
}

}  // namespace squeezebar
