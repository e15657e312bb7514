// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/draw.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <string>

#include <fmt/format.h>

#include "sim/base/portable_math.h"
#include "sim/base/random_stream.h"
#include "sim/workload/s_window.h"

namespace squeezebar {
namespace {

constexpr std::size_t kChunk = 1024;
/// Standard deviations from the zero point to the farther end of a range; a Gaussian passes it rarely.
constexpr double kDeviations = 4.0;

/// (word + 1/2) / 2^32, exact.
double fraction(std::uint32_t word) { return (portable_double(word) + 0.5) * 0x1p-32; }

/// The top bit of `turn` is the sign.
double with_sign(double value, std::uint32_t turn) {
  const std::uint64_t sign = std::uint64_t{turn & 0x80000000U} << 32;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) ^ sign);
}

/// |cos| of an angle whose quarter turn is in the lower bits of `turn`.
double cosine(std::uint32_t turn) { return portable_cos_quarter(fraction(turn << 1)); }

/// Draws in chunks, one step at a time for all of a chunk, so that every loop is short enough for vectors. A
/// number takes two words of the stream: a radius in (0, 1), and a sign with an angle.
class Drawer {
 public:
  explicit Drawer(RandomStream stream) : stream_(stream) {}

  void gaussian(std::size_t first, std::span<double> out) {
    fill(first);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = with_sign(std::sqrt(-2.0 * value_[i]) * cosine(turn_[i]), turn_[i]);
  }

  void laplace(std::size_t first, std::span<double> out) {
    fill(first);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = with_sign(-value_[i], turn_[i]);
  }

  /// Bailey, Polar generation of random variates with the t-distribution, Math. Comp. 62 (1994), in the form
  /// of Box and Muller, whose Gaussian is its limit.
  void student_t(double n, std::size_t first, std::span<double> out) {
    fill(first);
    for (std::size_t i = 0; i < kChunk; ++i) value_[i] = portable_exp(-2.0 / n * value_[i]);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = with_sign(std::sqrt(n * (value_[i] - 1.0)) * cosine(turn_[i]), turn_[i]);
  }

 private:
  /// The logarithms of the radii and the words of the angles.
  void fill(std::size_t first) {
    for (std::size_t i = 0; i < kChunk; i += 2) {
      const RandomBlock block = stream_.block((first + i) / 2);
      radius_[i] = block[0];
      turn_[i] = block[1];
      radius_[i + 1] = block[2];
      turn_[i + 1] = block[3];
    }
    for (std::size_t i = 0; i < kChunk; ++i) value_[i] = portable_log(fraction(radius_[i]));
  }

  RandomStream stream_;
  std::array<std::uint32_t, kChunk> radius_{};
  std::array<std::uint32_t, kChunk> turn_{};
  std::array<double, kChunk> value_{};
};

/// Calls draw(first, part) for all parts of `count` numbers.
template <class Draw>
std::vector<double> draw_all(std::size_t count, Draw draw) {
  std::vector<double> out(count);
  for (std::size_t first = 0; first < count; first += kChunk)
    draw(first, std::span<double>(out).subspan(first, std::min(kChunk, count - first)));
  return out;
}

/// From the zero point to the farther end, at least 1.
double reach(const Quantisation& q) { return std::max({1, q.max - q.zero_point, q.zero_point - q.min}); }

/// Root of the mean square of (code - zero point) that a feature map is taken to have.
double expected_rms(const Quantisation& q) {
  const bool one_sided = q.min >= q.zero_point || q.max <= q.zero_point;
  const double deviation = reach(q) / kDeviations;
  return one_sided ? std::sqrt(deviation * deviation / 2.0) : deviation;
}

double input_rms(InputDistribution distribution, const Quantisation& q) {
  if (distribution == InputDistribution::half_normal) return reach(q) / kDeviations;
  const double below = static_cast<double>(q.min) - q.zero_point;
  const double above = static_cast<double>(q.max) - q.zero_point;
  return std::sqrt((below * below + below * above + above * above) / 3.0);
}

/// sum of q * w over the rows has a variance of rows * mean square of w * mean square of q.
double multiplier(const WeightMatrix& weights, double rms_of_input, const Quantisation& output) {
  std::int64_t squares = 0;
  for (const std::int16_t w : weights.values) squares += std::int64_t{w} * w;
  if (squares == 0) return 1.0;
  const double deviation = std::sqrt(static_cast<double>(squares) / weights.columns) * rms_of_input;
  return reach(output) / kDeviations / deviation;
}

/// -zero point * sum of the channel's weights; false if it has more than 32 bits.
bool fill_bias(int zero_point, Layer& layer) {
  const auto rows = static_cast<std::size_t>(layer.weights.rows);
  for (std::size_t channel = 0; channel < static_cast<std::size_t>(layer.weights.columns); ++channel) {
    std::int64_t sum = 0;
    for (std::size_t r = 0; r < rows; ++r) sum += layer.weights.values[channel * rows + r];
    const std::int64_t bias = -zero_point * sum;
    if (bias != static_cast<std::int32_t>(bias)) return false;
    layer.bias.push_back(static_cast<std::int32_t>(bias));
  }
  return true;
}

}  // namespace

std::vector<double> draw_reals(const Synthetic& synthetic, std::uint64_t seed, std::string_view name,
                               std::size_t count) {
  Drawer drawer(RandomStream(seed, fmt::format("weight {}", name)));
  switch (synthetic.distribution) {
    case WeightDistribution::gaussian:
      return draw_all(count,
                      [&](std::size_t first, std::span<double> part) { drawer.gaussian(first, part); });
    case WeightDistribution::laplace:
      return draw_all(count, [&](std::size_t first, std::span<double> part) { drawer.laplace(first, part); });
    case WeightDistribution::student_t:
      break;
  }
  return draw_all(count, [&](std::size_t first, std::span<double> part) {
    drawer.student_t(synthetic.degrees_of_freedom, first, part);
  });
}

std::vector<std::int16_t> quantise_weights(const Synthetic& synthetic, int magnitude_bits,
                                           const std::vector<double>& weights) {
  double largest = 0;
  for (const double weight : weights) largest = std::max(largest, std::abs(weight));
  if (synthetic.scheme == WeightScheme::s_window) {
    const SWindow pattern{magnitude_bits, std::min(synthetic.window, magnitude_bits)};
    return s_window_codes(weights, pattern, pattern.scale(largest));
  }
  const double step = largest / ((1 << magnitude_bits) - 1);
  std::vector<std::int16_t> out(weights.size());
  if (step == 0) return out;
  std::transform(weights.begin(), weights.end(), out.begin(),
                 [step](double weight) { return static_cast<std::int16_t>(std::nearbyint(weight / step)); });
  return out;
}

bool draw_weights(const Synthetic& synthetic, std::uint64_t seed, Network& network, std::string& bad_layer) {
  for (Layer& layer : network.layers) {
    if (!layer.on_crossbars()) continue;
    WeightMatrix& weights = layer.weights;
    const auto count = static_cast<std::size_t>(weights.rows) * static_cast<std::size_t>(weights.columns);
    weights.values =
        quantise_weights(synthetic, weights.magnitude_bits, draw_reals(synthetic, seed, layer.name, count));
    const int input = layer.inputs[0];
    const Quantisation& q = network.quantisation(input);
    const double rms = input == 0 ? input_rms(synthetic.inputs, q) : expected_rms(q);
    layer.multiplier.assign(static_cast<std::size_t>(weights.columns),
                            multiplier(weights, rms, layer.quantisation));
    if (fill_bias(q.zero_point, layer)) continue;
    bad_layer = layer.name;
    return false;
  }
  return true;
}

FeatureMap draw_input(InputDistribution distribution, std::uint64_t seed, const Network& network, int index) {
  const Quantisation& q = network.input;
  const auto size = static_cast<std::size_t>(network.input_shape.size());
  FeatureMap map{network.input_shape, std::vector<std::uint16_t>(size)};
  const RandomStream stream(seed, fmt::format("input {} {}", network.input_name, index));
  const auto store = [&](std::size_t i, std::int64_t code) {
    map.codes[i] = static_cast<std::uint16_t>(std::clamp<std::int64_t>(code, q.min, q.max));
  };
  if (distribution == InputDistribution::half_normal) {
    Drawer drawer(stream);
    const double deviation = reach(q) / kDeviations;
    const auto values =
        draw_all(size, [&](std::size_t first, std::span<double> part) { drawer.gaussian(first, part); });
    for (std::size_t i = 0; i < size; ++i)
      store(i, q.zero_point + static_cast<std::int64_t>(std::nearbyint(std::abs(values[i]) * deviation)));
    return map;
  }
  const auto span = static_cast<std::uint64_t>(q.max - q.min) + 1;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t word = stream.block(i / 4)[i % 4];
    store(i, q.min + static_cast<std::int64_t>((word * span) >> 32));
  }
  return map;
}

}  // namespace squeezebar
