// SPDX-License-Identifier: Apache-2.0
#include "sim/run/values_file.h"

#include <algorithm>

#include "sim/base/diag.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace squeezebar::test {
namespace {

const std::string kId(24, 'a');
constexpr std::uint64_t kPlenty = 1 << 24;

ImageValues sample_image(int number) {
  ImageValues out;
  out.top1 = number;
  out.reference_top1 = number + 1;
  out.signal = 0.1 * number;
  out.noise = -0.0;
  // One lane of three waves, no lanes, and two lanes that have some counters fixed and columns of every
  // width.
  static const auto one = std::make_shared<const WorkLayout>(std::vector<Counter>{{"steps", 9}}, 1, 3);
  static const std::vector<FixedCount> fixed{{1, 0, 7}, {3, 1, 5'000'000'000}};
  static const auto two = std::make_shared<const WorkLayout>(
      std::vector<Counter>{{"byte", 200}, {"half", 40'000}, {"whole", 5'000'000'000}, {"four", 70'000}}, 2, 2,
      fixed);
  const auto n = static_cast<Count>(number);
  WorkTable& first = out.work.emplace_back(one);
  for (int wave = 0; wave < 3; ++wave) first.set(1, 0, wave, n + static_cast<Count>(wave));
  out.work.emplace_back();
  WorkTable& second = out.work.emplace_back(two);
  second.set(1, 1, 1, 200 - n);
  second.set(2, 0, 0, 40'000 - n);
  second.set(3, 0, 1, 5'000'000'000 - n);
  second.set(4, 1, 0, 70'000);
  return out;
}

bool same(const WorkTable& a, const WorkTable& b) {
  if (a.layout().counters() != b.layout().counters() || a.layout().lanes() != b.layout().lanes())
    return false;
  for (int counter = 0; counter < static_cast<int>(a.layout().counters().size()); ++counter) {
    for (int lane = 0; lane < a.layout().lanes(); ++lane) {
      for (int wave = 0; wave < a.layout().waves(); ++wave) {
        if (a.at(counter, lane, wave) != b.at(counter, lane, wave)) return false;
      }
    }
  }
  return a.layout().waves() == b.layout().waves();
}

bool same(const ImageValues& a, const ImageValues& b) {
  return std::equal(a.work.begin(), a.work.end(), b.work.begin(), b.work.end(),
                    [](const WorkTable& x, const WorkTable& y) { return same(x, y); }) &&
         a.top1 == b.top1 && a.reference_top1 == b.reference_top1 && a.signal == b.signal &&
         a.noise == b.noise;
}

TEST_CASE("values come back as they were", "[run]") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / kValuesFile;
  ValuesWriter writer(file, kId, 5, kPlenty);
  for (int i = 0; i < 5; ++i) writer.add(sample_image(i));
  writer.finish();
  CHECK(StoredValues::fault(file, kId, 5).empty());
  CHECK_FALSE(StoredValues::fault(file, kId, 4).empty());
  CHECK_FALSE(StoredValues::fault(file, std::string(24, 'b'), 5).empty());
  StoredValues stored(file);
  const std::vector<ImageValues> first = stored.values(0, 2, 1);
  const std::vector<ImageValues> rest = stored.values(2, 5, 3);
  REQUIRE((first.size() == 2 && rest.size() == 3));
  for (int i = 0; i < 5; ++i)
    CHECK(same(i < 2 ? first[static_cast<std::size_t>(i)] : rest[static_cast<std::size_t>(i - 2)],
               sample_image(i)));
  CHECK_THROWS_AS(stored.values(0, 1, 1), RunError);
}

TEST_CASE("a file that would get too large is not left", "[run]") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / kValuesFile;
  for (const std::uint64_t limit : {std::uint64_t{10}, std::uint64_t{150}}) {
    ValuesWriter writer(file, kId, 5, limit);
    for (int i = 0; i < 5; ++i) writer.add(sample_image(i));
    writer.finish();
    CHECK_FALSE(std::filesystem::exists(file));
  }
}

TEST_CASE("a file that is cut off anywhere is told so", "[run]") {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.path() / kValuesFile;
  ValuesWriter writer(file, kId, 2, kPlenty);
  for (int i = 0; i < 2; ++i) writer.add(sample_image(i));
  writer.finish();
  for (std::uintmax_t size = std::filesystem::file_size(file); size-- > 0;) {
    std::filesystem::resize_file(file, size);
    CHECK_FALSE(StoredValues::fault(file, kId, 2).empty());
  }
}

}  // namespace
}  // namespace squeezebar::test
