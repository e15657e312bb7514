// SPDX-License-Identifier: Apache-2.0
// Links only if SC_CPLUSPLUS matches the standard of the installed SystemC library (see SystemC.cmake).
#include <systemc>

namespace {

class Counter : public sc_core::sc_module {
 public:
  explicit Counter(const sc_core::sc_module_name& name) : sc_core::sc_module(name) {
    SC_HAS_PROCESS(Counter);
    SC_METHOD(tick);
  }
  int ticks() const { return ticks_; }

 private:
  void tick() {
    if (++ticks_ < 3) next_trigger(1, sc_core::SC_NS);
  }
  int ticks_ = 0;
};

}  // namespace

int sc_main(int, char*[]) {
  sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
  const Counter counter("counter");
  sc_core::sc_start();
  return counter.ticks() == 3 && sc_core::sc_time_stamp() == sc_core::sc_time(2, sc_core::SC_NS) ? 0 : 1;
}

int main(int argc, char* argv[]) { return sc_core::sc_elab_and_sim(argc, argv); }
