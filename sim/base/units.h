// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace squeezebar {

/// What a number measures. `none` is a plain number.
enum class Dimension { none, time, frequency, energy, power, area, length, capacity, bandwidth };

/// A double in SI base units (s, Hz, J, W, m^2, m; bytes and bytes/s) that cannot be mixed with another
/// dimension.
template <Dimension D>
class Quantity {
 public:
  static constexpr Dimension kDimension = D;

  constexpr Quantity() = default;
  /// `si` is the value in SI base units.
  constexpr explicit Quantity(double si) : si_(si) {}
  static constexpr Quantity from_si(double si) { return Quantity(si); }

  constexpr double si() const { return si_; }

  friend constexpr auto operator<=>(const Quantity&, const Quantity&) = default;
  friend constexpr bool operator==(const Quantity&, const Quantity&) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return Quantity(a.si_ + b.si_); }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return Quantity(a.si_ - b.si_); }
  friend constexpr Quantity operator-(Quantity a) { return Quantity(-a.si_); }
  friend constexpr Quantity operator*(Quantity a, double k) { return Quantity(a.si_ * k); }
  friend constexpr Quantity operator*(double k, Quantity a) { return Quantity(k * a.si_); }
  friend constexpr Quantity operator/(Quantity a, double k) { return Quantity(a.si_ / k); }
  friend constexpr double operator/(Quantity a, Quantity b) { return a.si_ / b.si_; }
  constexpr Quantity& operator+=(Quantity b) { return *this = *this + b; }
  constexpr Quantity& operator-=(Quantity b) { return *this = *this - b; }
  constexpr Quantity& operator*=(double k) { return *this = *this * k; }

 private:
  double si_ = 0.0;
};

using Time = Quantity<Dimension::time>;            ///< seconds
using Frequency = Quantity<Dimension::frequency>;  ///< hertz
using Energy = Quantity<Dimension::energy>;        ///< joules
using Power = Quantity<Dimension::power>;          ///< watts
using Area = Quantity<Dimension::area>;            ///< square metres
using Length = Quantity<Dimension::length>;        ///< metres
using Capacity = Quantity<Dimension::capacity>;    ///< bytes; KB, MB, GB and KiB, MiB, GiB are powers of 1024
using Bandwidth = Quantity<Dimension::bandwidth>;  ///< bytes per second; KB/s is 1000 B/s, KiB/s 1024 B/s

constexpr Energy operator*(Power p, Time t) { return Energy(p.si() * t.si()); }
constexpr Energy operator*(Time t, Power p) { return Energy(t.si() * p.si()); }
constexpr Power operator*(Energy e, Frequency f) { return Power(e.si() * f.si()); }
constexpr Power operator*(Frequency f, Energy e) { return Power(f.si() * e.si()); }
constexpr Power operator/(Energy e, Time t) { return Power(e.si() / t.si()); }
constexpr Time operator/(Energy e, Power p) { return Time(e.si() / p.si()); }
constexpr Energy operator/(Power p, Frequency f) { return Energy(p.si() / f.si()); }
constexpr double operator*(Time t, Frequency f) { return t.si() * f.si(); }
constexpr double operator*(Frequency f, Time t) { return f.si() * t.si(); }
constexpr Time operator/(double n, Frequency f) { return Time(n / f.si()); }
constexpr Frequency operator/(double n, Time t) { return Frequency(n / t.si()); }
constexpr Time operator/(Capacity c, Bandwidth b) { return Time(c.si() / b.si()); }
constexpr Bandwidth operator/(Capacity c, Time t) { return Bandwidth(c.si() / t.si()); }
constexpr Area operator*(Length a, Length b) { return Area(a.si() * b.si()); }

/// A number read from text, or why it could not be read.
struct ParsedNumber {
  double value = 0.0;
  std::string error;  ///< Empty when `value` is good.

  bool ok() const { return error.empty(); }
};

/// Reads a plain finite number: -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?, independent of the locale.
ParsedNumber parse_number(std::string_view text);

/// Reads number and unit ("1.28 GHz", "0.5pJ") into SI. The unit is required and must fit `dimension`.
///
/// Decimal units are joined to the number's exponent before the text becomes a double, so "100 ns" is exactly
/// 1e-7.
ParsedNumber parse_quantity(std::string_view text, Dimension dimension);

/// Reads a quantity; throws std::invalid_argument with the reason.
template <class Q>
Q quantity(std::string_view text);

/// Text of a plain number: shortest form that reads back to the same double.
std::string format_number(double value);

/// Text with a unit of readable magnitude that parse_quantity reads back to the identical double.
std::string format_quantity(double si, Dimension dimension);

template <Dimension D>
std::string format_quantity(Quantity<D> value) {
  return format_quantity(value.si(), D);
}

/// Text for people: as format_quantity, rounded to `digits` significant digits.
std::string format_rounded(double si, Dimension dimension, int digits = 4);

template <Dimension D>
std::string format_rounded(Quantity<D> value, int digits = 4) {
  return format_rounded(value.si(), D, digits);
}

/// "time", "energy", ...; "number" for none.
std::string_view dimension_name(Dimension dimension);

/// A well-formed value of the dimension for error texts, e.g. "1.2 ns".
std::string_view example_quantity(Dimension dimension);

/// The SI base unit, e.g. "s", "J", "m2"; empty for none.
std::string_view si_unit(Dimension dimension);

/// Regular expression (ECMA 262) of the texts that parse_quantity accepts, for JSON Schema.
std::string quantity_pattern(Dimension dimension);

namespace detail {
double checked_quantity(std::string_view text, Dimension dimension);
double literal_quantity(std::string_view digits, std::string_view unit, Dimension dimension);
}  // namespace detail

template <class Q>
Q quantity(std::string_view text) {
  return Q(detail::checked_quantity(text, Q::kDimension));
}

/// Literals that mean exactly what the same text means in a config: 100_ns == quantity<Time>("100 ns").
inline namespace literals {
#define SQUEEZEBAR_LITERAL(Type, unit, suffix)                             \
  inline Type operator""_##suffix(const char* digits) {                    \
    return Type(detail::literal_quantity(digits, unit, Type::kDimension)); \
  }
SQUEEZEBAR_LITERAL(Time, "fs", fs)
SQUEEZEBAR_LITERAL(Time, "ps", ps)
SQUEEZEBAR_LITERAL(Time, "ns", ns)
SQUEEZEBAR_LITERAL(Time, "us", us)
SQUEEZEBAR_LITERAL(Time, "ms", ms)
SQUEEZEBAR_LITERAL(Time, "s", s)
SQUEEZEBAR_LITERAL(Frequency, "Hz", Hz)
SQUEEZEBAR_LITERAL(Frequency, "kHz", kHz)
SQUEEZEBAR_LITERAL(Frequency, "MHz", MHz)
SQUEEZEBAR_LITERAL(Frequency, "GHz", GHz)
SQUEEZEBAR_LITERAL(Energy, "aJ", aJ)
SQUEEZEBAR_LITERAL(Energy, "fJ", fJ)
SQUEEZEBAR_LITERAL(Energy, "pJ", pJ)
SQUEEZEBAR_LITERAL(Energy, "nJ", nJ)
SQUEEZEBAR_LITERAL(Energy, "uJ", uJ)
SQUEEZEBAR_LITERAL(Energy, "mJ", mJ)
SQUEEZEBAR_LITERAL(Energy, "J", J)
SQUEEZEBAR_LITERAL(Energy, "kJ", kJ)
SQUEEZEBAR_LITERAL(Power, "pW", pW)
SQUEEZEBAR_LITERAL(Power, "nW", nW)
SQUEEZEBAR_LITERAL(Power, "uW", uW)
SQUEEZEBAR_LITERAL(Power, "mW", mW)
SQUEEZEBAR_LITERAL(Power, "W", W)
SQUEEZEBAR_LITERAL(Power, "kW", kW)
SQUEEZEBAR_LITERAL(Area, "um2", um2)
SQUEEZEBAR_LITERAL(Area, "mm2", mm2)
SQUEEZEBAR_LITERAL(Length, "nm", nm)
SQUEEZEBAR_LITERAL(Length, "um", um)
SQUEEZEBAR_LITERAL(Length, "mm", mm)
SQUEEZEBAR_LITERAL(Capacity, "B", B)
SQUEEZEBAR_LITERAL(Capacity, "KB", KB)
SQUEEZEBAR_LITERAL(Capacity, "KiB", KiB)
SQUEEZEBAR_LITERAL(Capacity, "MB", MB)
SQUEEZEBAR_LITERAL(Capacity, "MiB", MiB)
SQUEEZEBAR_LITERAL(Capacity, "GB", GB)
SQUEEZEBAR_LITERAL(Capacity, "GiB", GiB)
SQUEEZEBAR_LITERAL(Bandwidth, "B/s", Bps)
SQUEEZEBAR_LITERAL(Bandwidth, "KB/s", KBps)
SQUEEZEBAR_LITERAL(Bandwidth, "KiB/s", KiBps)
SQUEEZEBAR_LITERAL(Bandwidth, "MB/s", MBps)
SQUEEZEBAR_LITERAL(Bandwidth, "MiB/s", MiBps)
SQUEEZEBAR_LITERAL(Bandwidth, "GB/s", GBps)
SQUEEZEBAR_LITERAL(Bandwidth, "GiB/s", GiBps)
#undef SQUEEZEBAR_LITERAL
}  // namespace literals

}  // namespace squeezebar
