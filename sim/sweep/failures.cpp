// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/failures.h"

#include <nlohmann/json.hpp>

#include "sim/base/version.h"
#include "sim/base/whole_file.h"
#include "sim/base/yaml.h"

namespace squeezebar {

using Json = nlohmann::ordered_json;

namespace {

/// Empty if it is not there or no text: a damaged record still says that the point failed.
std::string text_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::optional<Failure> FailureLog::find(const std::string& id) const {
  std::error_code error;
  if (!std::filesystem::exists(file(id), error)) return std::nullopt;
  Diagnostics ignored;
  const std::optional<std::string> text = read_text_file(file(id), ignored);
  if (!text) return std::nullopt;
  const Json json = Json::parse(*text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  // Another program may not fail.
  if (const std::string program = text_of(json, "program"); !program.empty() && program != program_digest())
    return std::nullopt;
  return Failure{text_of(json, "reason"), text_of(json, "log")};
}

void FailureLog::add(const std::string& id, const Failure& failure) const {
  const Json json{{"reason", failure.reason}, {"program", program_digest()}, {"log", failure.log}};
  std::error_code told_by_the_write;
  std::filesystem::create_directories(folder_, told_by_the_write);
  write_whole_file(file(id), json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void FailureLog::forget(const std::string& id) const {
  std::error_code ignored;
  std::filesystem::remove(file(id), ignored);
}

}  // namespace squeezebar
