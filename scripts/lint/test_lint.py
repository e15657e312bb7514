# SPDX-License-Identifier: Apache-2.0
"""The checks find what they are for, and leave good code alone."""

import pathlib
import unittest

import layering
import style


def violations(**texts):
    """Messages for a tree of files; `sim__base__units_h` stands for sim/base/units.h."""
    tree = layering.Tree({name.replace("__", "/")[::-1].replace("_", ".", 1)[::-1]: text for name, text in texts.items()})
    return [text for _, _, text in tree.violations()]


class Layering(unittest.TestCase):
    def test_downward_includes_are_fine(self):
        self.assertEqual(violations(sim__run__run_cpp='#include "sim/base/units.h"\n#include <vector>\n',
                                    models__adc__isaac_cpp='#include "models/adc/adc.h"\n#include "sim/base/schema.h"\n'), [])

    def test_a_reversed_arrow_is_found(self):
        self.assertEqual(violations(sim__base__units_h='#include "sim/run/run.h"\n'), ['base may not include run ("sim/run/run.h")'])
        self.assertEqual(len(violations(sim__numerics__kernel_cpp='#include "models/adc/adc.h"\n')), 1)
        self.assertEqual(len(violations(models__adc__isaac_cpp='#include "models/adc/adc_module.h"\n')), 1)

    def test_paths_start_at_the_root(self):
        self.assertEqual(len(violations(sim__base__units_cpp='#include "units.h"\n')), 1)
        self.assertEqual(len(violations(sim__base__units_cpp='#include "tests/catch.h"\n')), 1)

    def test_an_unknown_room_is_found(self):
        self.assertEqual(len(violations(sim__attic__old_cpp='#include "sim/base/units.h"\n')), 1)

    def test_systemc_is_allowed_in_modules_and_elaboration(self):
        self.assertEqual(violations(models__adc__adc_module_h="#include <systemc>\n",
                                    sim__run__elaborate_cpp='#include "models/adc/adc_module.h"\n'), [])

    def test_systemc_is_found_elsewhere_also_through_other_headers(self):
        self.assertEqual(len(violations(models__adc__isaac_cpp="  #  include <systemc.h>\n")), 1)
        found = violations(models__adc__adc_module_h="#include <systemc>\n",
                           sim__run__elaborate_h='#include "models/adc/adc_module.h"\n',
                           sim__run__run_cpp='#include "sim/run/elaborate.h"\n')
        self.assertEqual(len(found), 1)
        self.assertIn("sim/run/elaborate.h -> models/adc/adc_module.h -> <systemc>", found[0])


class Style(unittest.TestCase):
    LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"

    def problems(self, name, text):
        return [problem for _, problem in style.check(pathlib.PurePosixPath(name), text)]

    def test_good_files(self):
        self.assertEqual(self.problems("sim/base/a.h", self.LICENCE + "#pragma once\n"), [])
        self.assertEqual(self.problems("scripts/run", "#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\n"), [])
        self.assertEqual(self.problems("image.png", "TODO\t"), [])

    def test_each_problem(self):
        for text in ("int a;\n", self.LICENCE + "\tint a;\n", self.LICENCE + "int a; \n", self.LICENCE + "int a;\r\n",
                     self.LICENCE + "int a;", self.LICENCE + "// " + 110 * "x" + "\n", self.LICENCE + "// TODO\n",
                     self.LICENCE + 'open("/home/me/a");\n', self.LICENCE + "\n" * 500, self.LICENCE + "// issue #12\n"):
            with self.subTest(text=text[:60]):
                self.assertEqual(len(self.problems("sim/base/a.cpp", text)), 1)
        self.assertEqual(len(self.problems("sim/base/a.h", self.LICENCE)), 1)


if __name__ == "__main__":
    unittest.main()
