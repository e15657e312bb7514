// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// Femtoseconds as decimal microseconds, exactly and without needless zeros: 833333 is "0.000833333".
std::string microseconds_text(std::int64_t fs);

/// What a timeline holds. Times are femtoseconds of simulated time.
struct TimelineOptions {
  std::int64_t clock_period_fs = 1;
  std::int64_t from_fs = 0;
  std::int64_t to_fs = std::numeric_limits<std::int64_t>::max();
  std::int64_t most_events = std::numeric_limits<std::int64_t>::max();
  std::vector<std::string> layers;  ///< names in topological order
  std::vector<bool> chosen;         ///< [layer] whether it is shown; empty: all are
  std::string tool_version;
  std::string workload;
};

/// Writes trace.json: what the hardware did when, in the Chrome trace event format, which Perfetto reads too.
/// A process is a layer on a tile, a thread is one of its lanes; links are one more process. The events go to
/// the file as they come, so that memory does not grow with them.
class TimelineJson final : public TimelineObserver {
 public:
  /// Throws UserError if the file cannot be written, as the others do.
  TimelineJson(const std::filesystem::path& file, TimelineOptions options);

  int add(const Track& track) override;
  void busy(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
            std::span<const Count> figures) override;
  void passes(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
              std::span<const Count> figures) override;
  void stall(int track, StallCause cause, std::int64_t from, std::int64_t to) override;
  void output(int track, std::int64_t pixel, std::int64_t from, std::int64_t to) override;
  void transfer(int track, std::int64_t pixel, std::int64_t from, std::int64_t to,
                std::int64_t arrival) override;
  void fill(int track, std::int64_t pixels, std::int64_t at) override;

  /// Completes the file of a simulation that ended at this chip cycle. Throws RunError if it could not be
  /// written.
  void finish(std::int64_t end);

  /// Events so far, names of tracks not counted.
  [[nodiscard]] std::int64_t events() const { return events_; }
  /// Whether events were left out because the most events were reached.
  [[nodiscard]] bool stopped() const { return stopped_at_fs_ >= 0; }

 private:
  struct Row {
    int process = 0;
    int thread = 0;
    std::int64_t per_image = 1;
    std::string counter;  ///< name, of a buffer
    std::string category;
    std::vector<std::string> figures;
    // The buffer's last fill, written when the next one ends it.
    std::int64_t pixels = 0;
    std::int64_t since = 0;  ///< chip cycle
  };

  [[nodiscard]] bool shows(int layer) const;
  int process_of(const Track& track);
  [[nodiscard]] std::string layer_name(int layer) const;
  [[nodiscard]] std::string thread_name(const Track& track) const;
  void name_it(const char* what, int process, int thread, const std::string& name);
  void order(const char* what, int process, int thread, int rank);
  void write_wave(const Row& row, std::string_view category, std::int64_t wave, std::int64_t from,
                  std::int64_t to, std::span<const Count> figures);
  bool begin(const Row& row, std::string_view name, std::string_view category, std::int64_t from,
             std::int64_t to);
  bool take(std::int64_t from_fs, std::int64_t to_fs);
  void write_fill(const Row& row, std::int64_t to);
  void separate();
  void append(std::string_view text) { buffer_.append(text.data(), text.data() + text.size()); }
  void append_us(std::int64_t fs) { append(microseconds_text(fs)); }
  template <class... A>
  void format(fmt::format_string<A...> text, A&&... arguments) {
    fmt::format_to(fmt::appender(buffer_), text, std::forward<A>(arguments)...);
  }
  void flush(std::size_t least);

  TimelineOptions options_;
  std::filesystem::path file_;
  std::ofstream out_;
  int error_ = 0;  ///< why the first write that failed did
  fmt::memory_buffer buffer_;
  bool any_ = false;  ///< something stands in the list of events
  std::vector<Row> rows_;
  std::map<std::pair<int, int>, int> processes_;  ///< (layer, tile) -> number
  std::int64_t events_ = 0;
  std::int64_t stopped_at_fs_ = -1;
};

}  // namespace squeezebar
