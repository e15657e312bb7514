// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "sim/base/file_list.h"
#include "sim/base/whole_file.h"
#include "sim/compare/run_identity.h"
#include "sim/sweep/store.h"

namespace squeezebar::test {

inline RunIdentity sample_identity(int number) {
  return {fmt::format("accounting {}", number), "timing", "values", "workload", "1.0", "p"};
}

/// Makes the file's folder too.
inline void write_file(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::create_directories(file.parent_path());
  write_whole_file(file, content);
}

inline void write_summary(const std::filesystem::path& run, const RunIdentity& identity, double accuracy) {
  write_file(run / "summary.json",
             fmt::format(R"({{"schema_version": 1, "tool_version": "{}", "program": "{}",
 "config_hash": {{"accounting": "{}", "timing": "{}", "values": "{}"}}, "workload_hash": "{}",
 "workload": "net", "images": 4, "energy_j": 8e-3, "latency_s": null, "accuracy_top1": {}}})",
                         identity.tool_version, identity.program, identity.accounting, identity.timing,
                         identity.values, identity.workload, accuracy));
}

/// The results of a point as far as a store and a table look at them.
inline void store_point(const PointStore& store, const RunIdentity& identity, double accuracy) {
  const std::filesystem::path run = store.folder(identity.id());
  for (const char* file : {"resolved.yaml", "layers.csv", "energy.csv", "activity.json"})
    write_file(run / file, "content\n");
  write_summary(run, identity, accuracy);
  std::filesystem::remove(run / kListFile);
  FileList list("results");
  for (const std::string& name : files_in(run)) list.add(name, FileDigest::of_file(run / name));
  write_file(run / kListFile, list.json());
}

}  // namespace squeezebar::test
