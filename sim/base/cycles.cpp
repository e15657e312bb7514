// SPDX-License-Identifier: Apache-2.0
#include "sim/base/cycles.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <memory>
#include <new>
#include <string>

#include <fmt/format.h>
#include <openssl/bn.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

void check(int result) {
  if (result != 1) throw std::bad_alloc();
}

/// A whole number of any size.
class Whole {
 public:
  explicit Whole(const std::string& digits) {
    BIGNUM* read = number_.get();
    if (BN_dec2bn(&read, digits.c_str()) == 0) throw std::bad_alloc();
  }
  explicit Whole(std::int64_t value) : Whole(std::to_string(value)) {}

  friend Whole operator*(const Whole& a, const Whole& b) {
    Whole product;
    check(BN_mul(product.number_.get(), a.number_.get(), b.number_.get(), context()));
    return product;
  }
  friend Whole operator+(const Whole& a, const Whole& b) {
    Whole sum;
    check(BN_add(sum.number_.get(), a.number_.get(), b.number_.get()));
    return sum;
  }
  /// a / b rounded up, as far as it fits.
  friend std::int64_t quotient_ceil(const Whole& a, const Whole& b) {
    Whole quotient;
    Whole rest;
    check(BN_div(quotient.number_.get(), rest.number_.get(), a.number_.get(), b.number_.get(), context()));
    if (!BN_is_zero(rest.number_.get())) check(BN_add_word(quotient.number_.get(), 1));
    if (BN_num_bits(quotient.number_.get()) > 63) throw RunError("a duration has too many cycles to count");
    return static_cast<std::int64_t>(BN_get_word(quotient.number_.get()));
  }

 private:
  struct Free {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
  };

  Whole() = default;
  static BIGNUM* allocate() {
    BIGNUM* number = BN_new();
    if (number == nullptr) throw std::bad_alloc();
    return number;
  }
  /// Scratch of the arithmetic.
  static BN_CTX* context() {
    thread_local const std::unique_ptr<BN_CTX, Free> scratch{BN_CTX_new()};
    if (!scratch) throw std::bad_alloc();
    return scratch.get();
  }

  std::unique_ptr<BIGNUM, Free> number_{allocate()};
};
static_assert(sizeof(BN_ULONG) == sizeof(std::int64_t));

/// A fraction that nothing rounds.
struct Exact {
  Whole over;
  Whole under;

  friend Exact operator*(const Exact& a, const Exact& b) { return {a.over * b.over, a.under * b.under}; }
  friend Exact operator/(const Exact& a, const Exact& b) { return {a.over * b.under, a.under * b.over}; }
  friend Exact operator+(const Exact& a, const Exact& b) {
    return {a.over * b.under + b.over * a.under, a.under * b.under};
  }
  [[nodiscard]] std::int64_t ceil() const { return quotient_ceil(over, under); }
};

Exact exact(std::int64_t n) { return {Whole(n), Whole(1)}; }

/// The shortest decimal number that reads back as the double: digits x 10^exponent.
Exact decimal(double value) {
  std::array<char, 64> text;
  const char* end =
      std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific).ptr;
  std::string digits;
  int exponent = 0;
  for (const char* at = text.data(); at != end; ++at) {
    if (*at == 'e') {
      const char* number = at[1] == '+' ? at + 2 : at + 1;
      int written = 0;
      std::from_chars(number, end, written);
      exponent += written;
      break;
    }
    if (*at == '.') exponent -= static_cast<int>(std::find(at, end, 'e') - at) - 1;
    if (*at != '.') digits += *at;
  }
  digits.append(static_cast<std::size_t>(std::max(0, exponent)), '0');
  std::string power = "1";
  power.append(static_cast<std::size_t>(std::max(0, -exponent)), '0');
  return {Whole(digits), Whole(power)};
}

Exact exact(Time duration) {
  if (!std::isfinite(duration.si()) || duration.si() < 0.0)
    throw RunError(fmt::format("a duration of {} s has no number of cycles", duration.si()));
  return decimal(duration.si());
}

Exact exact(Frequency frequency) {
  if (!std::isfinite(frequency.si()) || frequency.si() <= 0.0)
    throw RunError(fmt::format("cycles cannot be counted at {} Hz", frequency.si()));
  return decimal(frequency.si());
}

/// How long `n` events take.
Exact exact(std::int64_t n, const Rate& rate) {
  if (n < 0) throw RunError(fmt::format("cannot count the cycles of {} events", n));
  if (rate.times <= 0 || rate.over <= 0)
    throw RunError(fmt::format("cycles cannot be counted at {}/{} of a rate", rate.times, rate.over));
  return exact(n) * exact(rate.over) / (exact(rate.base) * exact(rate.times));
}

}  // namespace

std::int64_t cycles_ceil(Time duration, Frequency clock) { return (exact(duration) * exact(clock)).ceil(); }

std::int64_t cycles_ceil_count(std::int64_t n, const Rate& rate, Frequency clock) {
  return (exact(n, rate) * exact(clock)).ceil();
}

std::int64_t cycles_ceil_sum(Time duration, std::int64_t n, const Rate& rate, Frequency clock) {
  return ((exact(duration) + exact(n, rate)) * exact(clock)).ceil();
}

}  // namespace squeezebar
