// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
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
double fraction(std::uint32_t word) { return (static_cast<double>(word) + 0.5) * 0x1p-32; }

/// Two words per number: `radius` in (0, 1), and `turn`, whose top bit is the sign and whose other bits are an
/// angle. Bailey, Polar generation of random variates with the t-distribution, Math. Comp. 62 (1994), in the
/// form of Box and Muller; the Gaussian is its limit.
struct Words {
  std::array<std::uint32_t, kChunk> radius;
  std::array<std::uint32_t, kChunk> turn;

  void fill(const RandomStream& stream, std::size_t first) {
    for (std::size_t i = 0; i < kChunk; i += 2) {
      const RandomBlock block = stream.block((first + i) / 2);
      radius[i] = block[0];
      turn[i] = block[1];
      radius[i + 1] = block[2];
      turn[i + 1] = block[3];
    }
  }
};

double with_sign(double value, std::uint32_t turn) { return (turn >> 31) != 0 ? -value : value; }

double cosine(std::uint32_t turn) { return portable_cos_quarter(fraction(turn << 1)); }

double gaussian(std::uint32_t radius, std::uint32_t turn) {
  return with_sign(std::sqrt(-2.0 * portable_log(fraction(radius))) * cosine(turn), turn);
}

template <class Draw>
std::vector<double> draw_all(const RandomStream& stream, std::size_t count, Draw draw) {
  std::vector<double> out(count);
  Words words;
  std::array<double, kChunk> values;
  for (std::size_t first = 0; first < count; first += kChunk) {
    words.fill(stream, first);
    for (std::size_t i = 0; i < kChunk; ++i) values[i] = draw(words.radius[i], words.turn[i]);
    std::copy_n(values.begin(), std::min(kChunk, count - first),
                out.begin() + static_cast<std::ptrdiff_t>(first));
  }
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
  const RandomStream stream(seed, fmt::format("weight {}", name));
  switch (synthetic.distribution) {
    case WeightDistribution::gaussian:
      return draw_all(stream, count, gaussian);
    case WeightDistribution::laplace:
      return draw_all(stream, count, [](std::uint32_t radius, std::uint32_t turn) {
        return with_sign(-portable_log(fraction(radius)), turn);
      });
    case WeightDistribution::student_t:
      break;
  }
  const double n = synthetic.degrees_of_freedom;
  return draw_all(stream, count, [n, power = -2.0 / n](std::uint32_t radius, std::uint32_t turn) {
    const double length = std::sqrt(n * (portable_exp(power * portable_log(fraction(radius))) - 1.0));
    return with_sign(length * cosine(turn), turn);
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
  FeatureMap map{network.input_shape,
                 std::vector<std::uint16_t>(static_cast<std::size_t>(network.input_shape.size()))};
  const RandomStream stream(seed, fmt::format("input {}", network.input_name));
  const std::uint64_t blocks = (map.codes.size() + 1) / 2;
  const double deviation = reach(q) / kDeviations;
  const auto span = static_cast<std::uint64_t>(q.max - q.min) + 1;
  RandomBlock block{};
  for (std::size_t i = 0; i < map.codes.size(); ++i) {
    if (i % 2 == 0) block = stream.block(static_cast<std::uint64_t>(index) * blocks + i / 2);
    const std::uint32_t radius = block[2 * (i % 2)];
    const std::uint32_t turn = block[2 * (i % 2) + 1];
    std::int64_t code = 0;
    if (distribution == InputDistribution::uniform) {
      code = q.min + static_cast<std::int64_t>((radius * span) >> 32);
    } else {
      code = q.zero_point + static_cast<std::int64_t>(std::nearbyint(std::abs(gaussian(radius, turn)) * deviation));
    }
    map.codes[i] = static_cast<std::uint16_t>(std::clamp<std::int64_t>(code, q.min, q.max));
  }
  return map;
}

}  // namespace squeezebar
