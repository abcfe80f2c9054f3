// OpenVINO's C API and a check of the processor that must run before the first core is made.
#pragma once

#include <openvino/c/openvino.h>
#include <stdbool.h>

/// Whether this processor announces AMX tiles.
bool hype_cpu_announces_amx(void);

/// Whether this processor announces AMX tiles but hides the leaf that describes them.
///
/// oneDNN builds its tile configuration from CPUID leaf 0x1D. Some hypervisors end CPUID before it, and the first tile
/// instruction is then illegal: the process dies with SIGILL at the default precision and with every int8 model.
bool hype_cpu_amx_is_broken(void);
