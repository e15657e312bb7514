// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <iosfwd>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace squeezebar {

/// Where something stands. Lines and columns start at 1; 0 means unknown.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

/// "file:line:column", without the parts that are unknown.
std::string to_string(const Place& place);

enum class Severity { warning, error };

/// One message about the user's input.
struct Diagnostic {
  Place place;
  Severity severity = Severity::error;
  std::string key;  ///< E.g. "adc.bits"; may be empty.
  std::string message;

  friend bool operator==(const Diagnostic&, const Diagnostic&) = default;
};

/// "file:line:column: error: key: message".
std::string to_string(const Diagnostic& diagnostic);

/// Collects everything that is wrong with the input, so that the user sees it all at once.
class Diagnostics {
 public:
  void error(Place place, std::string key, std::string message);
  void warning(Place place, std::string key, std::string message);

  /// Files sort in the order in which they were first named, here or in a message.
  void add_file(const std::string& file);

  bool has_errors() const { return errors_ > 0; }
  bool empty() const { return items_.empty(); }
  std::size_t error_count() const { return errors_; }

  /// Everything, sorted by place (file in load order), exact repetitions removed.
  std::vector<Diagnostic> sorted() const;
  /// One line per message in the order of sorted(), each ended by a newline.
  std::string text() const;
  void print(std::ostream& out) const;

  /// Appends everything in `other`.
  void merge(const Diagnostics& other);

 private:
  std::vector<Diagnostic> items_;
  std::map<std::string, std::size_t> file_order_;
  std::size_t errors_ = 0;
};

/// The user's input is wrong; nothing was run.
class UserError : public std::runtime_error {
 public:
  static constexpr int kExitCode = 2;

  explicit UserError(Diagnostics diagnostics);
  UserError(Place place, std::string key, std::string message);

  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  Diagnostics diagnostics_;
};

/// A run failed or broke an invariant.
class RunError : public std::runtime_error {
 public:
  static constexpr int kExitCode = 1;

  explicit RunError(const std::string& message) : std::runtime_error(message) {}
};

/// The user pressed Ctrl-C.
class Interrupted : public std::exception {
 public:
  static constexpr int kExitCode = 130;

  const char* what() const noexcept override { return "interrupted"; }
};

/// The candidate nearest to `word` (edit distance with transpositions, letter case counts half), or empty if
/// none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" for the nearest candidate, or empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// "a, b and c".
std::string join_names(const std::vector<std::string>& names);

}  // namespace squeezebar
