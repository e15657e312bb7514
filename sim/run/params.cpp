// SPDX-License-Identifier: Apache-2.0
#include "sim/run/params.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<RunParams> run_schema() {
  Schema<RunParams> s("What to simulate and how.");
  s.field("seed", &RunParams::seed, {.def = 1, .min = 0, .doc = "Seed of every random draw."})
      .field("first_image", &RunParams::first_image,
             {.def = 0,
              .min = 0,
              .doc = "Image to begin with, counted from 0; leave out those that calibrated the ADCs."})
      .field("images", &RunParams::images,
             {.def = 0,
              .min = 0,
              .doc = "Images to run, from first_image on; 0 runs all that the bundle has, or one if they are "
                     "drawn."})
      .field(
          "threads", &RunParams::threads,
          {.def = 1,
           .min = 1,
           .max = 1024,
           .doc = "Threads that compute values, at most those of the machine; results do not depend on it.",
           .hashed = false,
           .recorded = false})
      .field("lookahead", &RunParams::lookahead,
             {.def = 16,
              .min = 1,
              .max = 65536,
              .doc = "Images whose values are computed ahead of their timing; more of them take more memory.",
              .hashed = false,
              .recorded = false})
      .choice(
          "schedule", &RunParams::schedule,
          {{"pipelined", Schedule::pipelined}, {"layer_serial", Schedule::layer_serial}},
          {.def = Schedule::pipelined,
           .doc = "Layers start as soon as a receptive field is there, or one layer of one image at a time.",
           .affects = Affects::timing})
      .choice("function", &RunParams::function,
              {{"exact", RunFunction::exact}, {"values", RunFunction::values}},
              {.def = RunFunction::exact,
               .doc = "Values, cycles and joules, or values alone (accuracy without timing).",
               .affects = Affects::timing})
      .field("outputs", &RunParams::outputs,
             {.def = false, .doc = "Also write the network's outputs.", .affects = Affects::accounting});
  return s;
}

Schema<WorkloadParams> workload_schema() {
  Schema<WorkloadParams> s("The network and its samples.");
  s.field("bundle", &WorkloadParams::bundle, {.doc = "Folder that the front end exported."})
      .field("recipe", &WorkloadParams::recipe,
             {.def = "",
              .doc = "Command that makes the bundle, told to whoever lacks it.",
              .affects = Affects::accounting,
              .hashed = false,
              .recorded = false})
      .choice("inputs", &WorkloadParams::inputs,
              {{"bundle", WorkloadInputs::bundle},
               {"uniform", WorkloadInputs::uniform},
               {"half_normal", WorkloadInputs::half_normal}},
              {.def = WorkloadInputs::bundle,
               .doc = "The bundle's own images, or synthetic ones drawn from a distribution of codes."});
  return s;
}

const RegisterSection<RunParams> run_section{"run", run_schema()};
const RegisterSection<WorkloadParams> workload_section{"workload", workload_schema()};

}  // namespace
}  // namespace squeezebar
